"""Why a mutation was refused, as tests compare it."""

ERRORS = "userErrors { code path message }"


def codes(payload):
    """Each refusal's code and path."""
    return [(error["code"], error["path"]) for error in payload["userErrors"]]

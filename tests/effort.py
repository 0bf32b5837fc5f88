"""How much the generated tests try: all of it in `make check`, a share of it in `make test`.

FIELDGRAPH_SEED chooses the share, and what is drawn at random.
"""

import os
import random

THOROUGH = os.environ.get("FIELDGRAPH_THOROUGH") == "1"
SEED = int(os.environ.get("FIELDGRAPH_SEED", "1"))


def tries(*, few, all):
    """How often something random is tried."""
    return all if THOROUGH else few


def some(cases):
    """The cases to try, in their order: in `make test` one of ten."""
    cases = list(cases)
    if THOROUGH:
        return cases
    chosen = random.Random(SEED).sample(range(len(cases)), max(1, len(cases) // 10))
    return [cases[place] for place in sorted(chosen)]

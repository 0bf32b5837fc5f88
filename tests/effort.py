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


def some(cases, share=1 / 3):
    """The cases to try, in their order."""
    cases = list(cases)
    if THOROUGH:
        return cases
    chosen = random.Random(SEED).sample(range(len(cases)), max(1, round(len(cases) * share)))
    return [cases[place] for place in sorted(chosen)]

"""How many examples a property is shown: few with every change, more where nobody waits, as in ``EXAMPLES=10 make test``."""

from __future__ import annotations

import os

_TIMES = max(1, int(os.environ.get("EXAMPLES") or 1))


def many(few: int) -> int:
    """So many examples, or as many times more as the environment asks for."""
    return few * _TIMES

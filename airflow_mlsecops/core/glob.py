"""Globs over the names that a policy speaks of."""

from __future__ import annotations

import re
from functools import lru_cache


def matches(pattern: str, identity: str) -> bool:
    """True if a glob matches a whole identity: ``*`` stays within a path segment, ``**`` crosses segments.

    A trailing ``/**`` stands for a folder and all that is in it.
    """
    return _glob(pattern).fullmatch(identity) is not None


@lru_cache(maxsize=1024)
def _glob(pattern: str) -> re.Pattern[str]:
    folder = pattern.endswith("/**")
    pieces = [_segment_glob(piece) for piece in re.split(r"\*\*", pattern.removesuffix("/**") if folder else pattern)]
    return re.compile(".*".join(pieces) + ("(?:/.*)?" if folder else ""), re.DOTALL)


def _segment_glob(piece: str) -> str:
    return "[^/]*".join(re.escape(text) for text in piece.split("*"))

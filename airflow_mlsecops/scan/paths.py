"""Paths as they may be shown: a key of JSON that hardly any object has is data, not the name of a field."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from airflow_mlsecops.scan.nested import ANY_KEY, KEYS

if TYPE_CHECKING:
    from airflow_mlsecops.scan.tally import LeafTally

# {"Ann Lee": 3}: few objects have a key that is a person, and most have one that is a field. A field that few have is
# shown without its name too, and judged by it all the same.
_SHARE, _LEAST = 1 / 3, 2
_STEP = re.compile(r"(\[\]|\.)")


def name_of(path: str) -> str:
    """What a path says of its values: that of keys speaks of what stands under them."""
    return "" if path.endswith(f".{KEYS}") else path


def shown_paths(leaves: Sequence[LeafTally], of_data: frozenset[tuple[str, str]]) -> dict[int, str]:
    """For each leaf, by its id, the path without keys that are data.

    :param of_data: columns and paths of objects none of whose keys is a field
    """
    opened = {(leaf.column, leaf.path): leaf.opened for leaf in leaves if not leaf.loose}
    rows: dict[tuple[str, str], int] = defaultdict(int)
    for leaf in leaves:
        for path in _paths(leaf.path) if leaf.loose else ():
            rows[leaf.column, path] = max(rows[leaf.column, path], leaf.rows)
    return {id(leaf): _masked(leaf, opened, rows, of_data) if leaf.loose else leaf.path for leaf in leaves}


def _paths(path: str) -> Iterator[str]:
    """The path itself and all above it, from the top."""
    return accumulate(filter(None, _STEP.split(path)))


def _masked(
    leaf: LeafTally,
    opened: Mapping[tuple[str, str], int],
    rows: Mapping[tuple[str, str], int],
    of_data: frozenset[tuple[str, str]],
) -> str:
    shown, least = "", 0.0
    for step, path in zip(filter(None, _STEP.split(leaf.path)), _paths(leaf.path), strict=True):
        if (leaf.column, path) in opened:
            shown, least = path, max(_LEAST, _SHARE * opened[leaf.column, path])
        else:
            rare = rows[leaf.column, path] < least or (leaf.column, path.removesuffix(f".{step}")) in of_data
            key = step not in (".", "[]") and not step.startswith("{") and len(path) > len(leaf.column)
            shown += ANY_KEY if key and rare else step
    return shown

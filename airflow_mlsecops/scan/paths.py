"""Paths as they may be shown: a key of JSON that hardly any object has is data, not the name of a field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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


def shown_paths(leaves: Sequence[LeafTally]) -> dict[int, str]:
    """For each leaf, by its id, the path without keys that are data."""
    roots = [leaf for leaf in leaves if not leaf.loose]
    loose = [leaf for leaf in leaves if leaf.loose]
    return {id(leaf): leaf.path for leaf in roots} | {id(leaf): _masked(leaf, roots, loose) for leaf in loose}


def _masked(leaf: LeafTally, roots: Iterable[LeafTally], loose: Iterable[LeafTally]) -> str:
    above = [root for root in roots if _below(leaf.path, root.path)]
    root = max(above, key=lambda one: len(one.path), default=None)
    path, opened = (root.path, root.opened) if root else ("", leaf.rows)
    least = max(_LEAST, _SHARE * opened)
    shown, real = path, path
    for step in filter(None, _STEP.split(leaf.path[len(path) :])):
        real += step
        rare = step not in (".", "[]") and max(one.rows for one in loose if _below(one.path, real)) < least
        shown += ANY_KEY if rare and not step.startswith("{") else step
    return shown


def _below(path: str, above: str) -> bool:
    return path == above or path.startswith((f"{above}.", f"{above}[]"))

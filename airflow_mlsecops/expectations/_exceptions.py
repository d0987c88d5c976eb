"""Classes of exceptions, read from what Great Expectations keeps of them; knows no Great Expectations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

# Where a trace names an exception, nothing stands before it.
_NAMED = re.compile(r"^([A-Za-z_][\w.]*)(?::|$)", re.MULTILINE)
_UNNAMED = "Exception"


def class_of(kept: Mapping[str, Any] | None) -> str:
    """The class of what was raised first, or empty if nothing was.

    The text of an exception may hold anything, line breaks too: a name counts only if an exception is called so.

    :param kept: ``exception_info``: of the expectation, or by the metrics that failed
    """
    for info in _infos(kept or {}):
        if info.get("raised_exception"):
            known = {kind.__name__ for kind in _kinds(BaseException)}
            named = (name.rpartition(".")[2] for name in _NAMED.findall(str(info.get("exception_traceback") or "")))
            return next((name for name in named if name in known), _UNNAMED)
    return ""


def _infos(kept: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "raised_exception" in kept:
        yield kept
    else:
        yield from (info for info in kept.values() if isinstance(info, Mapping))


def _kinds(base: type[BaseException]) -> Iterator[type[BaseException]]:
    yield base
    for kind in base.__subclasses__():
        yield from _kinds(kind)

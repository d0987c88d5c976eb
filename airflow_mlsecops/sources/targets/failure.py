"""What writing raises becomes errors that hold no data."""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import TypeVar

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.failure import driver_errors, expected, explain, sqlstate

T = TypeVar("T")

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# PostgreSQL's appendix A; SQLite's result codes.
_FULL_STATES = ("53100", "SQLITE_FULL")
_KEPT = ("UNREACHABLE", "TOO_LARGE")
_REMEDIES = {
    "TARGET_FULL": "free space, raise the quota, or name another place",
    "TARGET_UNWRITABLE": "give the worker's identity the right to write there, or name another place",
    "UNREACHABLE": "check the connection's host and the network between the worker and it",
    "TOO_LARGE": "give the task more memory, or write smaller rows",
}


def attempt_write(act: Callable[[], T], place: str, *also: type[BaseException]) -> T:
    """Run something that writes; whatever it raises becomes a :class:`SourceError` that names the place.

    Raised only after the old exception is no longer being handled: drivers put rows into theirs.

    :param place: what was being written, for people
    :param also: further exceptions to expect, such as a driver's own
    """
    try:
        return act()
    except SourceError as error:
        failure = SourceError(str(error), code=error.code)
    except expected(*driver_errors(), *also) as error:
        failure = explain_write(error, place)
    raise failure


def explain_write(error: BaseException, place: str) -> SourceError:
    """The error without anything of its text: its class, where, and what to do."""
    code = _code(error, place)
    state = _state(error)
    detail = f"{type(error).__name__}, {state}" if state else type(error).__name__
    return SourceError(f"{place} could not be written ({detail}): {_REMEDIES[code]}", code=code)


def _code(error: BaseException, place: str) -> str:
    if getattr(error, "errno", None) in _FULL or _state(error).removeprefix("SQLSTATE ") in _FULL_STATES:
        return "TARGET_FULL"
    read = explain(error, place).code
    return read if read in _KEPT else "TARGET_UNWRITABLE"


def _state(error: BaseException) -> str:
    """The database's own code, from a fixed list and so free of values; or empty."""
    if state := sqlstate(error):
        return f"SQLSTATE {state}"
    name = getattr(error, "sqlite_errorname", None)
    return name if isinstance(name, str) else ""

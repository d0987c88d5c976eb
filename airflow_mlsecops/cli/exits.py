"""How a command ends, as scripts see it."""

from __future__ import annotations

from enum import IntEnum

from airflow_mlsecops.core.verdict import Outcome


class Exit(IntEnum):
    """The exit code of a command.

    UNKNOWN is never 0: a command that could not look has proven nothing. A command line that was written wrongly ends
    with 64 (``EX_USAGE`` of sysexits.h), so that no script takes a misspelt option for UNKNOWN.
    """

    PASS = 0
    FAIL = 1
    UNKNOWN = 2
    USAGE = 64
    INTERRUPTED = 130
    NO_READER = 141


class UsageError(Exception):
    """The command line is wrong: whoever wrote it must write it otherwise."""


OF_OUTCOME = {Outcome.PASS: Exit.PASS, Outcome.FAIL: Exit.FAIL, Outcome.UNKNOWN: Exit.UNKNOWN}

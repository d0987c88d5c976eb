"""The command line: ``airflow-mlsecops``."""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
import warnings
from collections.abc import Sequence
from typing import NoReturn

from airflow_mlsecops import __version__
from airflow_mlsecops.cli import (
    accept,
    detectors,
    doctor,
    evaluate,
    explain,
    isolation,
    ledger,
    policy,
    scan,
    trial,
    waivers,
    who_can_read,
)
from airflow_mlsecops.cli.exits import Exit, UsageError
from airflow_mlsecops.cli.screen import say
from airflow_mlsecops.core.errors import LedgerTampered, MlsecopsError, PolicyError

_EPILOG = """
exit codes:
  0    pass: everything was looked at, and nothing stands against it
  1    fail
  2    unknown: something could not be looked at, so nothing was proven
  64   the command line is wrong
  130  interrupted
"""
_OPTION = re.compile("--[a-z]+(?:-[a-z]+)*")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        say(f"{self.prog}: {_without_values(message)}")
        raise SystemExit(Exit.USAGE)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; whatever happens becomes one line and an exit code, never a traceback.

    :param argv: without the program's name; those of this process if not given
    :returns: 0 pass, 1 fail, 2 unknown, 64 wrong command line, 130 interrupted
    """
    _let_any_name_be_written()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = _run(argv)
        sys.stdout.flush()
    except KeyboardInterrupt:
        say("interrupted: nothing was proven")
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # Python flushes stdout once more at exit, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.NO_READER
    # BaseException: a panic in polars is no Exception, and a library that exits has looked at nothing either. Its text
    # may hold values: only its class is told.
    except BaseException as error:  # noqa: BLE001
        kind = type(error)
        say(f"UNKNOWN: unexpected {kind.__module__}.{kind.__name__}: nothing was proven; please report it as a bug")
        return Exit.UNKNOWN
    return code


def _without_values(message: str) -> str:
    """A message of argparse; of unknown arguments only names of options, since values may begin with hyphens too."""
    said, unknown, rest = message.partition("unrecognized arguments: ")
    options = [option for word in rest.split(" ") if _OPTION.fullmatch(option := word.partition("=")[0])]
    return (
        f"{said}{unknown}{' '.join(options) or 'write -- before values that begin with a hyphen'}" if rest else message
    )


def _run(argv: Sequence[str] | None) -> int:
    try:
        arguments = parser().parse_args(argv)
    except SystemExit as end:  # --help, or a mistake that argparse has told
        return end.code if isinstance(end.code, int) else Exit.USAGE
    try:
        return int(arguments.run(arguments))
    except UsageError as error:
        say(f"airflow-mlsecops: {error}")
        return Exit.USAGE
    except MlsecopsError as error:
        _explain(error)
        return Exit.FAIL if isinstance(error, LedgerTampered) else Exit.UNKNOWN


def parser() -> argparse.ArgumentParser:
    """The whole command line, as ``--help`` shows it."""
    whole = _Parser(
        prog="airflow-mlsecops",
        description="Ask what the gates of this deployment would ask, from a terminal.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whole.add_argument("--version", action="version", version=f"airflow-mlsecops {__version__}")
    commands = whole.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in (
        scan,
        explain,
        trial,
        evaluate,
        detectors,
        isolation,
        policy,
        who_can_read,
        accept,
        waivers,
        ledger,
        doctor,
    ):
        module.add(commands)
    return whole


def _explain(error: MlsecopsError) -> None:
    # Only a policy's mistakes come on lines of their own; names in any other message must not begin one.
    lines = str(error).splitlines() if isinstance(error, PolicyError) else [str(error)]
    word = "FAIL" if isinstance(error, LedgerTampered) else "UNKNOWN"
    say(f"{word} {error.code}: {lines[0]}")
    for line in lines[1:]:
        say(f"  {line}")


def _let_any_name_be_written() -> None:
    # A terminal that knows no UTF-8 must not turn a verdict into an encoding error.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")

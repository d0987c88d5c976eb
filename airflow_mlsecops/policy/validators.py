"""Check digits that a detector of a policy folder may ask for by name."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from airflow_mlsecops.core.detector import Span, spelling

NAMES = ("damm", "luhn", "mod97", "verhoeff")
STDNUM = "stdnum:"
# No number with a check digit is longer; arithmetic on a million digits would not be linear.
LONGEST = 200

_MODULE = re.compile(r"[a-z0-9_]{1,20}(?:\.[a-z0-9_]{1,20}){0,2}")
_HOMES = {"damm": "damm", "luhn": "luhn", "mod97": "iso7064.mod_97_10", "verhoeff": "verhoeff"}


@dataclass(frozen=True)
class Validator:
    """True of a text whose check digits are right; equal to another of the same name.

    :param name: ``luhn``, ``verhoeff`` and ``damm`` look at the digits alone, ``mod97`` (ISO 7064) at letters and
        digits, ``stdnum:de.idnr`` at whatever that module of python-stdnum does
    """

    name: str

    def __call__(self, text: str) -> bool:
        """Look at a text."""
        return len(text) <= LONGEST and _check(self.name)(text)


@dataclass(frozen=True)
class ValidRun:
    """The whole candidate, if its check digits are right."""

    validator: Validator

    def __call__(self, run: str) -> Iterator[Span]:
        """Look at a candidate."""
        if self.validator(run):
            yield 0, len(run), spelling(run)


@dataclass(frozen=True)
class ValidCell:
    """A cell in one spelling, or nothing if its check digits are wrong."""

    validator: Validator

    def __call__(self, cell: str) -> str:
        """Look at a cell."""
        return spelling(cell) if self.validator(cell) else ""


def known(name: str) -> bool:
    """True if there is a validator of that name."""
    if not name.startswith(STDNUM):
        return name in NAMES
    try:
        return callable(_check(name))
    except (ImportError, AttributeError, ValueError):
        return False


@cache
def _check(name: str) -> Callable[[str], bool]:
    of_stdnum = name.removeprefix(STDNUM)
    if of_stdnum != name:
        return _is_valid(of_stdnum)
    check, strip = _is_valid(_HOMES[name]), _letters_and_digits if name == "mod97" else _digits
    return lambda text: check(strip(text))


def _is_valid(module: str) -> Callable[[str], bool]:
    if not _MODULE.fullmatch(module):
        raise ValueError(f"{module!r} is no module of python-stdnum")
    found: Callable[[str], bool] = importlib.import_module(f"stdnum.{module}").is_valid
    return found


def _digits(text: str) -> str:
    return "".join(sign for sign in text if "0" <= sign <= "9")


def _letters_and_digits(text: str) -> str:
    return "".join(sign for sign in text.upper() if sign.isascii() and sign.isalnum())

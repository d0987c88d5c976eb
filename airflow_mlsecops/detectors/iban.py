"""International bank account numbers: a country's own structure with check digits modulo 97 (ISO 13616).

Structures come from python-stdnum's copy of the IBAN registry. Made-up numbers of test tables fail the check: they
count where the column's name says what it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._bulk import decided, mod97
from airflow_mlsecops.detectors._hints import FLAGS, words
from airflow_mlsecops.detectors._runs import UUID, alone

if TYPE_CHECKING:
    import polars as pl

# Every country of the registry, so that few words and no random text are looked at.
_COUNTRIES = (
    "A[DELTZ]|B[AEGHIRY]|C[HRYZ]|D[EJKO]|E[EGS]|F[IKOR]|G[BEILRT]|H[NRU]|I[ELQST]|JO|K[WZ]|L[BCITUVY]|M[CDEKNRTU]"
    "|N[ILO]|OM|P[KLST]|QA|R[OSU]|S[ACDEIKMOTV]|T[LNR]|UA|V[AG]|XK|YE"
)
_START = re.compile(r"(?=[A-Za-z]{2}[0-9]{2})")  # a look-ahead, so that every place is tried
_FIELD = re.compile(r"([0-9]+)!([nac])")
_VALUES = {ord(letter): str(value) for value, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", start=10)}
_SEPARATORS = str.maketrans("", "", " -.")
_CLASSES = {"n": "[0-9]", "a": "[A-Za-z]", "c": "[0-9A-Za-z]"}


def _numbers(run: str) -> Iterator[Span]:
    # From every place where one may start, since the run goes on over the words around it.
    run = UUID.sub(" " * 36, run) if "-" in run else run
    for match in _START.finditer(run):
        yield from _number(run, match.start())


def _number(run: str, start: int) -> Iterator[Span]:
    structure = _structure(run[start : start + 2].upper())
    match = structure.match(run, start) if structure else None
    if match is None:
        return
    number = match[0].translate(_SEPARATORS).upper()
    if _remainder(number) == 1 and alone(run, start, match.end()):
        yield start, match.end(), number


def _bulk(texts: pl.Series) -> pl.Series:
    """Numbers in capitals without anything around them; null for whatever else a cell may be."""
    return decided(texts, (("^[0-9]*$", False), ("^[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}$", _valid)))


def _valid(numbers: pl.Series) -> pl.Series:
    # What is no number of the country it begins with may still hold one further on: null.
    shaped = numbers.str.contains(_shapes(tuple(sorted(numbers.str.slice(0, 2).unique()))))
    good = mod97(numbers.filter(shaped)).replace(False, None)
    return shaped.replace({True: None, False: None}).scatter(shaped.arg_true(), good)


@lru_cache(maxsize=64)
def _shapes(countries: tuple[str, ...]) -> str:
    structures = ((country, _structure(country)) for country in countries)
    # Each under its own letters: in the length of another country it would be no number.
    shapes = [one.pattern.replace("[ -]?", "").replace("[A-Za-z]{2}", country, 1) for country, one in structures if one]
    return f"^(?:{'|'.join(shapes) or '[^ -~]{99}'})$"


def _looks(cell: str) -> str:
    number = cell.translate(_SEPARATORS).upper().removeprefix("IBAN").lstrip(": ")
    return number if 12 <= len(number) <= 36 and number[:2].isalpha() else ""


def _is_iban(cell: str) -> bool:
    number = _looks(cell)
    structure = _structure(number[:2]) if number else None
    return structure is not None and structure.fullmatch(number) is not None and _remainder(number) == 1


def _remainder(number: str) -> int:
    return int((number[4:] + number[:4]).translate(_VALUES)) % 97


@cache
def _structure(country: str) -> re.Pattern[str] | None:
    """What an IBAN of a country looks like, with a space or hyphen allowed between any two characters."""
    from stdnum import numdb

    properties = numdb.get("iban").info(country)[0][1]
    fields = _FIELD.findall(properties.get("bban", ""))
    if not fields:
        return None
    body = "".join(f"(?:[ -]?{_CLASSES[kind]}){{{length}}}" for length, kind in fields)
    return re.compile(rf"[A-Za-z]{{2}}[ -]?[0-9][0-9]{body}")


DETECTOR = Detector(
    entity=Entity(
        name="IBAN_CODE",
        title="bank account number (IBAN)",
        role=Role.FINANCIAL,
        level=Level.CONFIDENTIAL,
        tags=("GDPR", "GLBA"),
    ),
    # Without gaps in any case, or in the groups of four that it is printed in.
    pattern=rf"[0-9A-Za-z\-]*(?i:{_COUNTRIES})[0-9]{{2}}[0-9A-Za-z]{{11,}}[0-9A-Za-z \-]*"
    rf"|[0-9A-Za-z\-]*(?i:{_COUNTRIES}) ?[0-9]{{2}}(?:[ \-][0-9A-Za-z]{{4}}){{2,}}[0-9A-Za-z \-]*",
    find=_numbers,
    bulk=_bulk,
    checked=True,
    cell_pattern=r"^(?:(?i:iban)[: ]{0,2})?[A-Za-z]{2} ?[0-9]{2}[0-9A-Za-z .\-]{8,40}$",
    cell=_looks,
    known=_is_iban,
    common=0.0001,
    names=words("""
        iban ibans iban_number iban_code iban_no international_bank_account_number
        ibannr iban_nr ибан الآيبان آيبان رقم_الآيبان شبا شماره_شبا sheba_number shaba
    """),
    hints=words("account acct bank konto compte cuenta conta conto rekening hesap 账号 счет"),
    not_names=FLAGS,
    near=("SWIFT_CODE", "PERSON"),
)

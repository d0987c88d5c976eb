"""What the files on official numbers share: check digits, dates, and the one form of their detectors.

In free text a number counts in a written form that proves it with its check digits (``proof``), or after words that
announce it (``context``: "BSN 111222333"). Bare digits count in columns only: one in ten passes any check by chance.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import import_module
from operator import mul
from types import ModuleType

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._documents import DATE
from airflow_mlsecops.detectors._hints import FLAGS, words

Check = Callable[[str], bool]
"""True if a number, in capitals and without separators, is as the issuing body makes them."""

HINTS = words("""
    national_id national_number national_identifier id_number id_no id_num idno personal_id personal_number personal_no
    identity identity_number identity_no identification identification_number citizen_id person_number ssn nin tin
    tax_id tax_no tax_number taxpayer_id fiscal_number social_security social_security_number insurance_number
    document document_number doc_no doc_number document_id documento id_card cedula personnummer personnr
""")
ELSEWHERE = words("""
    isbn issn ean gtin upc sku barcode asin imei imsi iccid phone tel telephone mobile fax msisdn tracking shipment
    invoice order transaction timestamp epoch unix time datetime siren siret company vendor supplier business corporate
    epci numepci price amount qty quantity revenue sales population
""")
"""Names of columns that hold other numbers of as many digits, some with the same kind of check digit."""

_SEPARATOR = re.compile("[^0-9A-Z]")
_WAS_FLOAT = re.compile(r"[0-9]+\.0+")
# A share or a mean, of a column whose name has three letters of an official number's.
_FRACTION = re.compile(r"[0-9]\.[0-9]+")
# The neighbours of a written form: with a further digit or letter among them it is part of something longer.
_AROUND = r"[0-9A-Za-z.\-/]*"
_BEFORE, _AFTER = r"(?<![0-9A-Za-z])(?<![0-9][.\-/])", r"(?![0-9A-Za-z])(?![.\-/][0-9])"
_GAP = r"(?:[^0-9A-Za-z][^0-9]{0,12})?"
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def official(
    *,
    name: str,
    title: str,
    form: str,
    check: Check,
    names: str,
    proof: str = "",
    context: str = "",
    digits: int = 0,
    known: Check | None = None,
    written: Callable[[str], object] | None = None,
    common: float = 0.0003,
    not_names: str = "",
    tags: tuple[str, ...] = ("GDPR",),
) -> Detector:
    """The detector of one kind of official number.

    :param form: how it is written, bare or with separators
    :param check: what it must pass in free text, and (unless ``known`` is stricter) in columns of any other name
    :param proof: the written form that needs no words before it
    :param context: words that announce it, parted by ``|``
    :param written: what a cell in capitals must be to be known without a right check: a form that nothing else fills
        columns with, since test data is made up and people mistype
    :param digits: how many it has, if it has nothing else: columns of numbers lose leading zeros
    """

    def compact(text: str) -> str:
        bare = text.partition(".")[0] if _WAS_FLOAT.fullmatch(text) else text
        return _SEPARATOR.sub("", bare.upper()).zfill(digits)

    def cell(text: str) -> str:
        number = compact(text)
        other = DATE.fullmatch(text) or (_FRACTION.fullmatch(text) and not _WAS_FLOAT.fullmatch(text))
        return number.casefold() if len(set(number)) > 1 and not other else ""

    def passes(number: str, judge: Check = check) -> bool:
        whole_number = not digits or (len(number) == digits and number.isdecimal())
        return whole_number and len(set(number)) > 1 and judge(number)

    announced = _announced(context)
    ways = [f"{_BEFORE}(?:{proof}){_AFTER}"] if proof else []
    ways += [f"(?:{announced}){_GAP}(?:(?<![A-Za-z])|(?=[0-9]))((?i:{form})){_AFTER}"] if context else []
    searches = [re.compile(way) for way in ways]

    bare = rf"|[0-9]{{{digits - 2},{digits}}}" if digits else ""
    as_issued = re.compile(rf"(?:(?i:{form}){bare})(?:\.0+)?")

    def is_known(text: str) -> bool:
        # Of numbers parted in other ways, one in ten has the right check digit too.
        right = as_issued.fullmatch(text) is not None and passes(compact(text), known or check)
        return right or (written is not None and bool(written(text.upper())))

    def find(run: str) -> Iterator[Span]:
        spans = {match.span(match.lastindex or 0) for search in searches for match in search.finditer(run)}
        for start, end in sorted(spans):
            number = compact(run[start:end])
            if passes(number):
                yield start, end, number.casefold()

    runs = [f"{_AROUND}(?:{proof}){_AROUND}"] if proof else []
    runs += [rf"(?:{announced}){_GAP}(?i:{form}){_AROUND}"] if context else []
    # Mistyped: with a digit too few or too many, or parted where none parts it.
    mistyped = rf"|^[0-9](?:[ ./\-]?[0-9]){{{digits - 3},{digits}}}(?:\.0+)?$" if digits else ""
    return Detector(
        entity=Entity(name=name, title=title, role=Role.DIRECT, level=Level.RESTRICTED, tags=tags),
        pattern="|".join(runs) or None,
        find=find,
        checked=True,
        cell_pattern=rf"^(?i:{form})(?:\.0+)?${mistyped}",
        cell=cell,
        known=is_known,
        common=common,
        names=words(names),
        hints=HINTS,
        not_names=FLAGS + ELSEWHERE + words(not_names),
        near=("PERSON", "DATE_OF_BIRTH"),
    )


def _announced(context: str) -> str:
    """The words, in any case; words in the Latin alphabet begin at a boundary (``PAN`` is not in ``Japan``)."""
    latin = "|".join(word for word in context.split("|") if word[:1].isascii())
    other = "|".join(word for word in context.split("|") if word and not word[:1].isascii())
    return "|".join(part for part in (latin and rf"\b(?i:{latin})", other and f"(?i:{other})") if part)


def stdnum(module: str) -> Check:
    """What python-stdnum says, which is imported when it is first asked."""

    @cache
    def library() -> ModuleType:
        return import_module(f"stdnum.{module}")

    return lambda number: bool(library().is_valid(number))


def weighted(number: str, weights: Sequence[int]) -> int:
    """The sum of the digits, each by its weight; digits beyond the weights do not count."""
    return sum(map(mul, map(int, number), weights))


def luhn(number: str) -> bool:
    """True if the last digit is right after ISO/IEC 7812."""
    odd, even = number[-1::-2], number[-2::-2]
    return (sum(map(int, odd)) + sum(int("0246813579"[int(digit)]) for digit in even)) % 10 == 0


def shaped(pattern: str) -> Callable[[str], re.Match[str] | None]:
    """A whole number against a pattern."""
    return re.compile(pattern).fullmatch


def is_day(year: int | str, month: int | str, day: int | str) -> bool:
    """True if there is such a day; two digits of a year say enough."""
    year, month, day = int(year), int(month), int(day)
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1] and (month != 2 or day < 29 or year % 4 == 0)

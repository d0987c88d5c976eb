"""International bank account numbers: a country's own structure with check digits modulo 97 (ISO 13616).

Structures come from python-stdnum's copy of the IBAN registry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._runs import UUID, alone, holds

# Every country of the registry, so that few words and no random text are looked at.
_COUNTRIES = (
    "A[DELTZ]|B[AEGHIRY]|C[HRYZ]|D[EJKO]|E[EGS]|F[IKOR]|G[BEILRT]|H[NRU]|I[ELQST]|JO|K[WZ]|L[BCITUVY]|M[CDEKNRTU]"
    "|N[ILO]|OM|P[KLST]|QA|R[OSU]|S[ACDEIKMOTV]|T[LNR]|UA|V[AG]|XK|YE"
)
_START = re.compile(r"(?=[A-Za-z]{2}[0-9]{2})")  # a look-ahead, so that every place is tried
_FIELD = re.compile(r"([0-9]+)!([nac])")
_VALUES = {ord(letter): str(value) for value, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", start=10)}
_CLASSES = {"n": "[0-9]", "a": "[A-Za-z]", "c": "[0-9A-Za-z]"}


def _numbers(run: str) -> Iterator[str]:
    # From every place where one may start, since the run goes on over the words around it.
    run = UUID.sub(" ", run) if "-" in run else run
    for match in _START.finditer(run):
        yield from _number(run, match.start())


def _number(run: str, start: int) -> Iterator[str]:
    structure = _structure(run[start : start + 2].upper())
    match = structure.match(run, start) if structure else None
    if match is None:
        return
    number = match[0].replace(" ", "").replace("-", "").upper()
    if _remainder(number) == 1 and alone(run, start, match.end()):
        yield number


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
    pattern=rf"[0-9A-Za-z\-]*(?i:{_COUNTRIES})[0-9]{{2}}(?:[ \-]?[0-9A-Za-z]){{11,}}",
    validate=holds(_numbers),
    values=_numbers,
    checked=True,
)

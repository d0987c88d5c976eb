"""Numbers of mobile devices (IMEI, 3GPP TS 23.003, section 6.2): fifteen digits, the last of them Luhn's check.

Fifteen digits that pass are one in ten of all numbers that long, so text needs the word before. American Express cards
and others pass as well: a column without a telling name also needs the first two digits to be a reporting body's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

_NUMBER = re.compile(r"(?<![0-9])[0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{6}[ -]?[0-9](?![0-9])")
# Reporting body identifiers of the GSMA that are in use: 01 (PTCRB), 35 (BABT), 86 (TAF), 91 (MSAI) and the rarer ones.
_BODIES = ("01", "35", "86", "91", "99", "45", "49", "50", "51", "52", "53", "54", "98", "44")
_COMMON_BODIES = ("01", "35", "86", "91")


def _numbers(run: str) -> Iterator[Span]:
    for match in _NUMBER.finditer(run):
        digits = _digits(match[0])
        if digits[:2] in _BODIES and _passes(digits):
            yield *match.span(), digits


def _digits(cell: str) -> str:
    digits = "".join(c for c in cell if c.isdigit())
    return digits if len(set(digits)) > 3 else ""


def _passes(digits: str) -> bool:
    from stdnum import luhn

    return len(set(digits)) > 3 and luhn.is_valid(digits)


def _known(cell: str) -> bool:
    digits = _digits(cell)
    return len(digits) == 15 and digits[:2] in _COMMON_BODIES and _passes(digits)


DETECTOR = Detector(
    entity=Entity(
        name="IMEI", title="mobile device number", role=Role.QUASI, level=Level.CONFIDENTIAL, tags=("GDPR", "HIPAA")
    ),
    pattern=r"(?i:\bimei)[^0-9\n]{0,12}[0-9][0-9 \-]*[0-9]",
    find=_numbers,
    checked=True,
    # Fourteen digits: without the check digit; sixteen: with the software version instead (IMEISV).
    cell_pattern=r"^[0-9]{2}[ \-]?[0-9]{6}[ \-]?[0-9]{6}(?:[ \-]?[0-9]{1,2})?$|^[0-9A-F]{14}$",
    cell=_digits,
    known=_known,
    common=0.0003,
    names=words("""
        imei imei_number imei_no imeisv meid device_imei
        имей имэй имеи 手机串号 串号 手機序號 手机序列号 단말기번호 단말기고유번호 เลขอีมี่ سریال_گوشی رقم_imei
    """),
    hints=words("device_id serial_number serial_no serial handset phone_id device"),
    not_names=FLAGS + words("card credit cc pan model"),
)

"""Payment card numbers: issuer ranges of ISO/IEC 7812 with a Luhn check digit.

14 to 16 digits bare or grouped, 17 to 19 only grouped: nineteen bare digits are far more often a 64-bit identifier.
Thirteen-digit Visa numbers are retired, while article numbers (EAN-13) of the same shape are everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._runs import UUID, alone, holds

# A digit after "0." or "7." is a decimal place. A look-ahead, so that overlapping groups are all tried.
_SHAPE = re.compile(
    r"(?<![0-9])(?<![0-9]\.)(?="
    r"([0-9]{14,16}(?![0-9])"
    r"|[0-9]{4}([ -])[0-9]{4}\2[0-9]{4}\2[0-9]{1,4}(?:\2[0-9]{3})?(?![0-9])"
    r"|[0-9]{4}([ -])[0-9]{6}\3[0-9]{4,5}(?![0-9])"
    r"|[0-9]{6}([ -])[0-9]{13}(?![0-9])))"
)
_ISSUERS = {
    "4": (16, 19),  # Visa
    "5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720": (16,),  # Mastercard
    "3[47]": (15,),  # American Express
    "6011|64[4-9]|65": (16, 19),  # Discover
    "30[0-5]|3095|36|38|39": (14, 16, 19),  # Diners Club
    "35(?:2[89]|[3-8])": (16, 17, 18, 19),  # JCB
    "62|81": (16, 17, 18, 19),  # UnionPay
    "220[0-4]": (16, 17, 18, 19),  # Mir
    "508[5-9]|60|82": (16,),  # RuPay
    "5018|5020|5038|5893|6304|6759|676[1-3]": (14, 15, 16, 17, 18, 19),  # Maestro
}
_ISSUED = re.compile(
    "|".join(
        rf"(?=(?:{'|'.join(f'[0-9]{{{n}}}' for n in lengths)})\Z)(?:{prefix})" for prefix, lengths in _ISSUERS.items()
    )
)
_DOUBLED = bytes.maketrans(b"0123456789", bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))
_PLAIN = bytes.maketrans(b"0123456789", bytes(range(10)))


def _cards(run: str) -> Iterator[str]:
    if run.isascii() and run.isdigit():
        if 14 <= len(run) <= 16 and _ISSUED.match(run) and _luhn(run):
            yield run
        return
    run = UUID.sub(" ", run) if "-" in run else run
    for match in _SHAPE.finditer(run):
        digits = match[1].replace(" ", "").replace("-", "")
        if _ISSUED.match(digits) and _luhn(digits) and alone(run, match.start(), match.end(1)):
            yield digits


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B, which one repeated digit may pass too: that is a placeholder."""
    data = digits.encode()
    total = sum(data[::-2].translate(_PLAIN)) + sum(data[-2::-2].translate(_DOUBLED))
    return total % 10 == 0 and len(set(data)) > 1


DETECTOR = Detector(
    entity=Entity(
        name="CREDIT_CARD",
        title="payment card number",
        role=Role.FINANCIAL,
        level=Level.RESTRICTED,
        tags=("PCI-DSS", "GDPR", "CCPA"),
    ),
    pattern=r"[0-9A-Za-z.\-]*[0-9](?:[ \-]?[0-9]){13,}[0-9A-Za-z\-]*",
    validate=holds(_cards),
    values=_cards,
    checked=True,
)

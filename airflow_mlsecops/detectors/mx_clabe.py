"""Mexican account numbers (CLABE): 18 digits, of which the last checks the rest with weights 3, 7, 1 (ABM).

One random number in ten passes: single cells count only after the word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

_EIGHTEEN = re.compile(r"(?<![0-9])[0-9]{18}(?![0-9])")


def _numbers(run: str) -> Iterator[Span]:
    for match in _EIGHTEEN.finditer(run):
        if _is_clabe(match[0]):
            yield *match.span(), match[0]


def _number(cell: str) -> str:
    return cell.replace(" ", "").replace("-", "").zfill(18)


def _is_clabe(cell: str) -> bool:
    digits = _number(cell)
    if len(digits) != 18 or not digits.isdecimal():
        return False
    check = sum(int(digit) * weight % 10 for digit, weight in zip(digits[:17], (3, 7, 1) * 6, strict=False))
    # Banks are 002 and above, places 010 to 999.
    return -check % 10 == int(digits[17]) and digits[:3] > "001" and digits[3:6] > "009"


DETECTOR = Detector(
    entity=Entity(
        name="MX_CLABE",
        title="Mexican bank account number (CLABE)",
        role=Role.FINANCIAL,
        level=Level.CONFIDENTIAL,
        tags=("GLBA", "LFPDPPP"),
    ),
    pattern=r"\b(?i:clabe)[ :=#A-Za-z]{1,20}[0-9]{18,}",
    find=_numbers,
    checked=True,
    cell_pattern=r"^[0-9]{17,18}$|^[0-9]{3}[ \-][0-9]{3}[ \-][0-9]{11}[ \-][0-9]$",
    cell=_number,
    known=_is_clabe,
    common=0.001,
    names=words("clabe clabe_interbancaria cuenta_clabe"),
    hints=words("cuenta account bank_account account_number cuenta_bancaria"),
    not_names=FLAGS,
)

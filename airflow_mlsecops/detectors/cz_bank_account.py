"""Bank accounts of Czechia and Slovakia as they are written at home: prefix, number and the code of the bank.

Prefix and number have each a check of their own, modulo 11 (Czech National Bank, decree 169/2011).
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector, spelling
from airflow_mlsecops.detectors.bank_account import DETECTOR as BANK_ACCOUNT

_ACCOUNT = re.compile("(?:([0-9]{1,6})-)?([0-9]{2,10})/[0-9]{4}")
_WEIGHTS = (6, 3, 7, 9, 10, 5, 8, 4, 2, 1)


def _is_known(cell: str) -> bool:
    match = _ACCOUNT.fullmatch(cell.replace(" ", ""))
    # Shorter ones pass too often: years of schools and files of courts are written so.
    return match is not None and len(match[2]) > 5 and all(_is_checked(part or "0") for part in match.groups())


def _is_checked(number: str) -> bool:
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number.zfill(10), strict=True)) % 11 == 0


DETECTOR = Detector(
    entity=BANK_ACCOUNT.entity,
    cell_pattern=r"^(?:[0-9]{1,7} ?- ?)?[0-9]{2,10}(?:-[0-9]{1,3})? ?/ ?[0-9]{4}$",
    cell=spelling,
    known=_is_known,
    common=0.001,
    names=("ucet", "ucty", "cislo_uctu"),
    not_names=BANK_ACCOUNT.not_names,
    near=BANK_ACCOUNT.near,
)

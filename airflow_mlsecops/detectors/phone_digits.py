"""Columns of telephone numbers that lost their plus or their zero, as tables make of them: bare digits.

Unix timestamps, ISBNs, orders and codes of articles have as many digits, so that a cell proves nothing; but hardly any
other column holds numbers of which most could be dialled, and fewer stand beside names and addresses. Nor do numbers
with the code of a German or Italian town, which people part as they please: ``0621-17 88 600``, ``035/981233``.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors._dialling import plan
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._national_phones import is_checked
from airflow_mlsecops.detectors.phone_number import DETECTOR as PHONE_NUMBER

# Mobiles of the countries that write most of them: 9 or 10 digits in the country, and after its calling code.
_ABROAD = re.compile(
    r"20 1[0125]\d{8}|212 [67]\d{8}|234 [789]\d{9}|254 [17]\d{8}|27 [678]\d{8}|31 6\d{8}|32 4\d{8}|33 [67]\d{8}"
    r"|34 [67]\d{8}|351 9[1236]\d{7}|380 [3-9]\d{8}|39 3\d{9}|40 7\d{8}|41 7[5-9]\d{7}|420 [67]\d{8}|43 6[5-9]\d{7,9}"
    r"|44 7[1-9]\d{8}|45 [2-9]\d{7}|46 7[02369]\d{7}|47 [49]\d{7}|48 [5-8]\d{8}|49 1[567]\d{8,9}|52 1?[2-9]\d{9}"
    r"|54 9?[1-3]\d{9}|55 [1-9][1-9]9\d{8}|56 9\d{8}|57 3\d{9}|51 9\d{8}|60 1\d{8,9}|61 4\d{8}|62 8\d{8,10}"
    r"|63 9\d{9}|66 [689]\d{8}|7 [3-9]\d{9}|81 [789]0\d{8}|82 10\d{8}|84 [35789]\d{8}|86 1[3-9]\d{9}|880 1[3-9]\d{8}"
    r"|90 5\d{9}|91 [6-9]\d{9}|92 3\d{9}|94 7\d{8}|966 5\d{8}|971 5\d{8}|972 5\d{8}|977 9[678]\d{8}|98 9\d{9}".replace(
        " ", ""
    ),
    re.ASCII,
)
_AT_HOME = re.compile(
    r"1[3-9]\d{9}|[6-9]\d{9}|8[1-9]\d{9,10}|5[0-5]\d{8}|3[1-9]\d{8}|[1-9][1-9]9\d{8}|01[0125]\d{8}|1[0125]\d{8}"
    r"|(?:5[0137]|6[0-9]|7[0-9]|88|9[1236])\d{7}",
    re.ASCII,
)
# The code of a town with its zero, and what is dialled in it, in any groups; nine digits in threes.
_TOWN = re.compile(
    r"0[1-9][0-9]{6,10}|\(?0[1-9][0-9]{0,3}\)?(?: ?[/\-.] ?| )[1-9][0-9]{1,8}(?:[ \-.]{1,3}[0-9]{1,6}){0,4}", re.ASCII
)
_TOWNS = ("39", "49", "43", "32", "353", "359", "381", "385", "386", "60")
_THREES = re.compile(r"[2-9][0-9]{2}([ \-])[0-9]{3}\1[0-9]{3}", re.ASCII)
_THREE_CODES = ("420", "351", "34", "48")
# With the calling codes of Europe, without the plus.
_CODED = re.compile("3[0-9]{9,12}|4[0-9]{9,12}", re.ASCII)
_EUROPEAN = words("30 31 32 33 34 351 352 353 358 36 370 371 372 385 386 39 40 41 420 421 43 44 45 46 47 48 49")
_ROUND = re.compile("0{4}$|([0-9])\\1{5}|^0?1234567|^0?2345678")
_ANY_NUMBER = frozenset(words("number no num nr numero nummer"))


def _digits(cell: str) -> str:
    return PHONE_NUMBER.cell(cell.removesuffix(".0"))


def _in_town(cell: str) -> bool:
    digits = "".join(filter(str.isdigit, cell))
    if _TOWN.fullmatch(cell) is None or not 8 <= len(digits) <= 12:
        return False
    # The zero is a part of numbers of Italy.
    return any(plan(code).fullmatch(digits if code == "39" else digits[1:]) for code in _TOWNS)


def _is_european(digits: str) -> bool:
    codes = [code for code in _EUROPEAN if digits.startswith(code)]
    return any(plan(code).fullmatch(digits.removeprefix(code)) for code in codes)


def _in_threes(cell: str) -> bool:
    digits = "".join(filter(str.isdigit, cell))
    return _THREES.fullmatch(cell) is not None and any(plan(code).fullmatch(digits) for code in _THREE_CODES)


def _dialled(cell: str) -> bool:
    digits = cell.removesuffix(".0")
    if not cell.isdigit() or not is_checked(cell):
        european = _CODED.fullmatch(digits) is not None and _is_european(digits)
        if european or _in_threes(cell) or (cell.startswith(("0", "(0")) and _in_town(cell)):
            return True
    if _ROUND.search(digits):
        return False
    if _ABROAD.fullmatch(digits) or _AT_HOME.fullmatch(digits):
        return True
    national = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    return len(national) == 10 and plan("1").fullmatch(national) is not None


DETECTOR = Detector(
    entity=PHONE_NUMBER.entity,
    cell_pattern=r"^[0-9]{9,13}(?:\.0)?$|^\(?0[0-9 ()/\-.]{6,20}[0-9]$|^[2-9][0-9]{2}[ \-][0-9]{3}[ \-][0-9]{3}$",
    cell=_digits,
    known=_dialled,
    common=0.03,
    hints=PHONE_NUMBER.names
    + tuple(hint for hint in PHONE_NUMBER.hints if hint not in _ANY_NUMBER)
    + words("from to caller callee peer party sender receiver destination von an de para da per od do от кому"),
    not_names=PHONE_NUMBER.not_names + words("account key code timestamp epoch barcode ean upc gtin order tracking"),
    near=PHONE_NUMBER.near,
)

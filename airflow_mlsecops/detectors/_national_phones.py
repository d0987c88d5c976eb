"""Telephone numbers as their countries write them: groups of digits, trunk zeros, calling codes."""

from __future__ import annotations

import re

from airflow_mlsecops.detectors._dialling import plan

# How a country's numbers are grouped: calling codes with the lengths of the groups and what parts them. Proof in any
# text, with a trunk zero and a number that may be issued: rarer for other numbers than for telephones.
_PROOF_BY_CODE = {
    "27": "3 3 4|3-3-4|(3) 3 4",
    "31": "(3) 7|(4) 6",
    "32": "2 3 2 2|3 2 2 2|4 2 2 2",
    "33": "2 2 2 2 2|2.2.2.2.2|2-2-2-2-2",
    "41": "3 3 2 2",
    "44": "3 4 4|4 3 4|5 3 3|5 6|3 3 4|(3) 3 4|(3) 4 4|(4) 3 4|(5) 6|(3) 8|(4) 6|(4) 7",
    "46": "2-3 3 2|2-3 2 2|3-3 2 2|3-2 2 2|4-2 2 2|3-3 3 2",
    "49": "(3) 3 4|(3) 4 4|(4) 3 4|(5) 6|(3) 6|(3) 7|(3) 8|(4) 6|(4) 7|(5) 5|(3)7|(3)8|(4)6|(3) 2 2 2 2",
    "55": "(2) 5-4|(2) 4-4|(2)5-4|(2)4-4|2 5-4|(2) 5 4",
    "61": "4 3 3|2 4 4|(2) 4 4|(2)4 4",
    "64": "3 3 4",
    "7": "1-3-3-2-2|1 3 3-2-2|1 (3) 3-2-2|1(3)3-2-2|1 (3) 3 2 2",
    "81": "2-4-4|3-4-4|3-3-4|4-2-4|4-3-3",
    "82": "3-4-4|2-4-4|3-3-4|2-3-4|3 4 4",
    "90": "4 3 2 2|(4) 3 2 2|1 (3) 3 2 2|1 3 3 2 2",
}
# No proof in one cell, but if most cells of a column are so.
_HABIT_BY_CODE = {
    "1": "(3) 7|(3)7",
    "31": "2-8|2 8|3-7|3 7|4-6|4 6",
    "30": "3 3 4|3-3-4|2 4 4|2-4-4",
    "34": "2 3 2 2|3 2 2 2|3-2-2-2",
    "352": "2 2 2 2",
    "36": "(2) 3-3|(2) 3 3|2 3 4|2-3-4|2/3-4|2 2 3 4|2-2-3-4|2 2 3 2 2|2 1 3 4|2-1-3-4",
    "39": "4 6|4 7|3 7|4-6|4-7|3-7",
    "44": "4 7",
    "45": "2 2 2 2|4 4",
    "46": "3-7|3 3 2 2|3 7|2 3 3 2|2 3 2 2",
    "47": "2 2 2 2|3 2 3|3-2-3",
    "48": "2 3 2 2|(2) 3 2 2|(2)3 2 2",
    "49": "3-7|3-8|4-7|4-8|3/7|3/8|4/6|4/7|5/6|3 7|3 8|4 6|4 7",
    "52": "2 4 4",
    "55": "2 4 4|2-4-4|2-5-4|2 5 4",
    "56": "2 3 4|(2) 3 4|(1) 4 4",
    "57": "3 7|3-7",
    "65": "4 4",
    "66": "3 3 4|3-3-4",
    "7": "1 3 3 2 2|1 4 2 2 2|1-4-2-2-2",
    "86": "3 4 4|3-4-4|3-8|4-7|4-8",
    "91": "5 5|5-5|3-8",
    "92": "4-7",
    "358": "3 3 4|3-3 4|3 7|3-7|2 3 4|2-3 4|2-7|4 3 3",
    "421": "4 3 3|4/3 3|4/3-3|2/3 3 2",
    "852": "4 4",
}
# Told by their first digits where the shape could be anyone's: mobiles of Germany, Austria, the Netherlands and Swiss.
_MOBILE = re.compile(r"01[567][0-9]{1,2}[ /\-][0-9]{6,8}|06[ \-][0-9]{8}|06[5-9][0-9][ /\-][0-9]{6,8}|07[5-9] [0-9]{7}")
_MOBILE_CODES = ("31", "41", "43", "49")
# No trunk zero is written there, or (Italy) it is part of the number.
_WITHOUT_TRUNK = frozenset(
    ("1", "30", "34", "36", "352", "39", "45", "47", "48", "52", "55", "56", "57", "65", "86", "91", "852")
)


def _by_shape(*tables: dict[str, str]) -> dict[str, tuple[str, ...]]:
    pairs = [(shape, code) for table in tables for code, shapes in table.items() for shape in shapes.split("|")]
    return {shape: tuple(code for other, code in pairs if other == shape) for shape, _ in pairs}


PROOF = _by_shape(_PROOF_BY_CODE)
HABIT = _by_shape(_PROOF_BY_CODE, _HABIT_BY_CODE)

_GROUP = re.compile(r"[0-9]+")
NO_DIGITS = re.compile("[^0-9]")
# Where a star stands: degrees, minutes and seconds.
_DEGREES = re.compile(r"[+-][0-9]{2}[ :][0-5][0-9][ :][0-5][0-9](?:\.[0-9]*)?")
DATE = re.compile(
    r"(?:19|20)[0-9]{2}([-/. ]?)(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12][0-9]|3[01])(?:[^0-9].*)?"
    r"|[0-3]?[0-9]([-/. ])[0-3]?[0-9]\2(?:19|20)[0-9]{2}(?:[^0-9].*)?"
)


def international(text: str) -> tuple[int, str]:
    """The longest number that ends with one of the groups: what follows may be another number."""
    groups = [] if _DEGREES.fullmatch(text.strip()) else list(_GROUP.finditer(text[:40]))
    for last in range(len(groups), 0, -1):
        found = national("".join(group[0] for group in groups[:last]))
        if found:
            return groups[last - 1].end(), found
    return 0, ""


def national(digits: str) -> str:
    """The national significant number: the same in every way of writing one."""
    digits = digits.removeprefix("00")
    if not 8 <= len(digits) <= 16:
        return ""
    for length in (1, 2, 3):
        code, rest = digits[:length], digits[length:]
        # +44 (0)20 …: the trunk prefix is written, and not dialled.
        for significant in (rest, rest[1:] if rest.startswith("0") else ""):
            if significant and plan(code).fullmatch(significant):
                return significant
    return ""


def grouped(text: str, shapes: dict[str, tuple[str, ...]]) -> str:
    """The significant number of a national one that is written as its country does, and could be issued there."""
    shape = _GROUP.sub(lambda group: str(len(group[0])), text)
    codes = shapes.get(shape, _MOBILE_CODES if _MOBILE.fullmatch(text) else ())
    if not codes or DATE.fullmatch(text) or _drawn(_GROUP.findall(text)):
        return ""
    digits = NO_DIGITS.sub("", text)
    # Belgian enterprises have numbers like Australian mobiles, with a check.
    if shape == "4 3 3" and int(digits[:8]) % 97 + int(digits[8:]) == 97:
        return ""
    return next(filter(None, (_dialled(digits, code) for code in codes)), "")


def _drawn(groups: list[str]) -> bool:
    """True for pairs that rise, as lottery numbers do."""
    return all(len(group) == 2 for group in groups) and groups == sorted(set(groups))


def _dialled(digits: str, code: str) -> str:
    if code == "7":
        significant = digits[1:] if digits.startswith("8") else ""
    elif code == "36" and digits.startswith("06"):
        significant = digits[2:]
    elif code in _WITHOUT_TRUNK:
        significant = digits if code == "39" else digits.removeprefix("0")
    else:
        significant = digits[1:] if digits.startswith("0") else ""
    return significant if plan(code).fullmatch(significant) else ""


# Mobiles as they are dialled in countries that hardly part the digits: Indonesia, Vietnam, Malaysia, the Philippines,
# Thailand, Bangladesh, Pakistan, Nigeria, Kenya, Egypt, Iran, Taiwan, the Maghreb, Romania, Ukraine, Saudi Arabia.
_TRUNK_MOBILE = re.compile(
    r"08[1-9][0-9]{7,10}|0[35789][0-9]{8}|01[0-9]{8,9}|09[0-9]{9}|0[68][0-9]{8}|03[0-6][0-9]{8}|0[789][01][0-9]{8}"
)


def trunk(digits: str) -> bool:
    """Bare digits with one leading zero, valid in a large country; neither an ISBN nor a barcode."""
    if not re.fullmatch("0[1-9][0-9]{8,11}", digits) or is_checked(digits):
        return False
    return _TRUNK_MOBILE.fullmatch(digits) is not None or any(
        _dialled(digits, code) for code in ("27", "33", "44", "61", "81", "82", "90")
    )


def dialled_abroad(digits: str) -> bool:
    """Two zeros and a calling code; barcodes that were filled up with zeros have a check."""
    return digits.startswith("00") and digits[2:3] != "0" and not is_checked(digits) and bool(national(digits))


def is_checked(digits: str) -> bool:
    """True if the last digit is the check of an ISBN of ten digits, or of a barcode (UPC-A, EAN-13)."""
    if len(digits) == 10:
        return sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11 == 0
    weighed = sum(int(digit) * (1 + 2 * (place % 2)) for place, digit in enumerate(reversed(digits)))
    return len(digits) > 11 and weighed % 10 == 0

"""Dates of other calendars, also as East Asia shortens them, in Gregorian years.

Only for columns named so: ``1370/05/15`` is a day of the Persian calendar there, and ``S45.3.2`` one of the Shōwa era.
What is told is the year and a day that may be off by a month: enough to tell values apart, and to know that it is one.
"""

from __future__ import annotations

import re

_JAPANESE = {
    **{"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018},
    **{"m": 1867, "t": 1911, "s": 1925, "h": 1988, "r": 2018},
}
_ERA = re.compile(
    r"(明治|大正|昭和|平成|令和|[MTSHRmtshr])[ .]?(元|[0-9]{1,2}) ?[年.\-/] ?([0-9]{1,2}) ?[月.\-/] ?([0-9]{1,2})日?"
)
_TAIWAN = re.compile(r"(?:民[國国])? ?(0?[0-9]{2}|1[01][0-9]) ?[年./\-] ?([0-9]{1,2}) ?[月./\-] ?([0-9]{1,2}) ?日?")
_SEVEN = re.compile(r"(0[0-9]{2}|1[01][0-9])([01][0-9])([0-3][0-9])")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.]?)([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ](?:พ\.ศ\. ?)?([0-9]{4})")
_THAI = re.compile(r"(?:วันที่ )?([0-9]{1,2}) ?([\u0e01-\u0e4e.]{3,14}) ?(?:พ\.ศ\. ?)?(2[45][0-9]{2})")
_THAI_YEAR = re.compile(r"(?:พ\.ศ\. ?)?(2[45][0-9]{2})")
# By which a year of another calendar is ahead of, or behind, the Gregorian one.
_OTHERS = ((range(1280, 1450), -621), (range(2430, 2600), 543))
_TAIWAN_BEFORE = 1911


def gregorian(text: str) -> str:
    """A day of the Persian, Islamic, Thai, Taiwanese or Japanese calendar in one spelling; nothing for any other text.

    >>> gregorian("1370/05/15"), gregorian("昭和45年3月2日"), gregorian("15/05/2540"), gregorian("1990-05-15")
    ('1991-05-15', '1970-03-02', '1997-05-15', '')
    """
    era, thai, year = _ERA.fullmatch(text), _THAI.fullmatch(text), _THAI_YEAR.fullmatch(text)
    if era:
        return _day(_JAPANESE[era[1].lower()] + int(era[2].replace("元", "1")), era[3], era[4])
    if thai:
        return f"{int(thai[3]) - 543}-{thai[2]}-{thai[1]}"
    return str(int(year[1]) - 543) if year else _elsewhere(text)


def _elsewhere(text: str) -> str:
    first, last = _YEAR_FIRST.fullmatch(text), _YEAR_LAST.fullmatch(text)
    year, month, day = first.group(1, 3, 4) if first else last.group(3, 2, 1) if last else ("0", "0", "0")
    ahead = next((ahead for years, ahead in _OTHERS if int(year) in years), 0)
    if ahead:
        return _day(int(year) - ahead, month, day)
    taiwan = _TAIWAN.fullmatch(text) or _SEVEN.fullmatch(text)
    return _day(_TAIWAN_BEFORE + int(taiwan[1]), taiwan[2], taiwan[3]) if taiwan else ""


def _day(year: int, month: str, day: str) -> str:
    # The second month of the Persian calendar has 31 days.
    known = 1 <= int(month) <= 12 and 1 <= int(day) <= 31
    return f"{year}-{int(month):02}-{int(day):02}" if known else ""

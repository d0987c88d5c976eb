"""Telephone numbers written as such, anywhere: ``+CC …`` (ITU-T E.164) or North America's ``(212) 555-0187``.

Numbering plans come from ``phonenumbers``. Only their patterns are used, compiled once: parsing every number through
the library takes forty times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._runs import holds

_PLUS = re.compile(r"\+[0-9 ().\-/]+")
_GROUP = re.compile(r"[0-9]+")
# Joined to further digits by a point or hyphen it is part of something longer: a decimal, an order number, a UUID.
_AMERICAN = re.compile(
    r"(?<![0-9+])(?<![0-9][.\-])(?:1[ .\-])?"
    r"(?:\(([2-9][0-9]{2})\)[ .\-]{0,2}|([2-9][0-9]{2})[ .\-])([2-9][0-9]{2})[ .\-]([0-9]{4})(?![0-9]|[.\-][0-9])"
)
_KINDS = (
    *("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost"),
    *("personal_number", "voip", "pager", "uan", "voicemail"),
)


def _numbers(run: str) -> Iterator[str]:
    """National significant numbers: the same in every way of writing one."""
    for match in _PLUS.finditer(run) if "+" in run else ():
        yield from _international(match[0])
    for match in _AMERICAN.finditer(run):
        national = (match[1] or match[2]) + match[3] + match[4]
        if _plan("1").fullmatch(national):
            yield national


def _international(text: str) -> Iterator[str]:
    """The longest number that ends with one of the groups: what follows may be another number."""
    groups = _GROUP.findall(text[:40])
    for end in range(len(groups), 0, -1):
        national = _national("".join(groups[:end]))
        if national:
            yield national
            return


def _national(digits: str) -> str:
    if not 8 <= len(digits) <= 16:
        return ""
    for length in (1, 2, 3):
        code, rest = digits[:length], digits[length:]
        # +44 (0)20 …: the trunk prefix is written, and not dialled.
        for national in (rest, rest[1:] if rest.startswith("0") else ""):
            if national and _plan(code).fullmatch(national):
                return national
    return ""


@cache
def _plan(code: str) -> re.Pattern[str]:
    """Every number that may be issued under a country calling code."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    plans = [
        PhoneMetadata.metadata_for_region_or_calling_code(int(code), region)
        for region in COUNTRY_CODE_TO_REGION_CODE.get(int(code), ())
    ]
    kinds = [getattr(plan, kind) for plan in plans if plan is not None for kind in _KINDS]
    patterns = {kind.national_number_pattern for kind in kinds if kind is not None and kind.national_number_pattern}
    return re.compile("|".join(f"(?:{pattern})" for pattern in sorted(patterns)) or r"(?!)")


ENTITY = Entity(
    name="PHONE_NUMBER",
    title="telephone number",
    role=Role.DIRECT,
    level=Level.CONFIDENTIAL,
    tags=("GDPR", "HIPAA", "CCPA"),
)

DETECTOR = Detector(
    entity=ENTITY,
    pattern=r"\+[0-9 (](?:[ ().\-/]{0,3}[0-9]){6,}"
    r"|[0-9().\- ]*[2-9][0-9]{2}[) .\-]{1,3}[2-9][0-9]{2}[ .\-][0-9]{4}[0-9.\-]*",
    validate=holds(_numbers),
    values=_numbers,
    checked=True,
)

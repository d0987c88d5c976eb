"""ORCID iDs of researchers: sixteen digits in groups of four, the last a check (ISO 7064, MOD 11-2).

https://support.orcid.org/hc/articles/360006897674. ISNI writes all contributors' numbers alike; ORCID has the block
from 0000-0001-5000-0007 to 0000-0003-5000-0001 and from 0009 on, and writes hyphens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

_NUMBER = re.compile(r"(?<![0-9-])000(?:0-000[1-3]|9-00[0-9]{2})-[0-9]{4}-[0-9]{3}[0-9Xx](?![0-9A-Za-z-])")


def _numbers(run: str) -> Iterator[Span]:
    for match in _NUMBER.finditer(run):
        digits = match[0].replace("-", "").upper()
        if _passes(digits):
            yield *match.span(), digits


def _number(cell: str) -> str:
    return cell[-19:].replace("-", "").upper()


def _passes(digits: str) -> bool:
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    return digits[-1] == "0123456789X"[(12 - total % 11) % 11]


DETECTOR = Detector(
    entity=Entity(
        name="ORCID", title="researcher's ORCID iD", role=Role.DIRECT, level=Level.CONFIDENTIAL, tags=("GDPR",)
    ),
    pattern=r"[0-9\-]*\b000(?:0-000[1-3]|9-00[0-9]{2})-[0-9]{4}-[0-9]{3}[0-9Xx][0-9A-Za-z\-]*",
    find=_numbers,
    checked=True,
    cell_pattern=r"^(?:https?://orcid\.org/)?(?:[0-9]{4}-?){3}[0-9]{3}[0-9Xx]$",
    cell=_number,
    names=words("orcid orc_id orcid_id author_orcid"),
    not_names=FLAGS,
)

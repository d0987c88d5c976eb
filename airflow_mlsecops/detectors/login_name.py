"""Logins made of a person's name, by their values: ``hannahdouglas``, ``karen44``, ``mossnorman``.

Words that run together are also domains, brands and tags: a given name must begin or end it, and a family name or
digits make up the rest.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors._gazetteer import cities, common_words, family_names, given_names
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors.username import DETECTOR as USERNAME

_LOGIN = re.compile("([a-z]{4,24})([0-9]{0,4})")
_SHORTEST = 3


def _is_made(cell: str) -> bool:
    match = _LOGIN.fullmatch(cell)
    if match is None or match[1] in common_words() or match[1] in cities():
        return False
    word = match[1]
    if match[2] and word in given_names():
        return True
    splits = range(_SHORTEST, len(word) - _SHORTEST + 1)
    return any(_is_pair(word[:at], word[at:]) or _is_pair(word[at:], word[:at]) for at in splits) or _is_initialled(
        word
    )


def _is_pair(given: str, family: str) -> bool:
    rare = given not in common_words() or family not in common_words()
    return rare and given in given_names() and family in family_names()


def _is_initialled(word: str) -> bool:
    """``tyoung``, ``bherbert``: one letter before a family name."""
    return len(word) > 5 and word[1:] in family_names() and word not in given_names() and word not in family_names()


DETECTOR = Detector(
    entity=USERNAME.entity,
    cell_pattern=r"^[a-z]{4,24}[0-9]{0,4}$",
    known=_is_made,
    common=0.008,
    hints=USERNAME.names + USERNAME.hints,
    not_names=USERNAME.not_names + words("domain host slug tag package"),
    near=("PERSON", "EMAIL_ADDRESS", "PASSWORD", "IP_ADDRESS", "MAC_ADDRESS", "DEVICE_ID"),
)

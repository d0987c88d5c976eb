"""Whether a cell is one name alone, a family's or a given one, in any script."""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import spelling
from airflow_mlsecops.detectors._eastern_names import is_chinese, is_eastern, is_korean
from airflow_mlsecops.detectors._frequent_names import FREQUENT
from airflow_mlsecops.detectors._gazetteer import common_words, family_names, given_names, is_place, regions
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._kana import romaji
from airflow_mlsecops.detectors._person_names import LANGUAGE, is_alone, is_family, is_given, is_rare, plain
from airflow_mlsecops.detectors._person_words import ORGANISATION, PARTICLES, SAINTS, TITLES

_PARTS = re.compile(r"[\s.]+")
_EASTERN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")
# Before these stands no family name, or a town's as often: Los Angeles, La Paz, El Paso.
_OF_TOWNS = frozenset(words("la las los el al y e i"))
_BEFORE_FAMILIES = (PARTICLES - _OF_TOWNS) | frozenset(words("le du des dal dei degli"))
_NEVER = ORGANISATION | TITLES | SAINTS | frozenset(words("san santa sao"))
# Endings of family names that hardly any other word has, as ``plain`` spells them.
_SURE = re.compile(
    "(?:[еє]нко|[чщ]ук|швили|дзе|иянц|[оеё]в(?:ич|на)?|[оеё]ва|[иы]ч"
    "|οπουλοσ|οπουλου|[ιί]δησ|[ιί]δου|[άα]κησ|[άα]κη|[άα]δησ|[άα]δου|ό?πουλο[συ]|όπουλοσ|οπούλου)$"
)
# Endings that other words have as well: of adjectives, and of the case that says whose.
_POSSIBLE = re.compile("(?:ск[иі]й|ськ(?:ий|а)|ская|[иы]н|[иы]на|ян|ου|ησ|^ال.{3,8}ي)$")
_SHORTEST = 5


def could_be(cell: str) -> str:
    """A cell that may be nothing but a family name or a given one, in one spelling."""
    parts = _names(cell)
    other = LANGUAGE.fullmatch(cell) is not None
    return spelling(cell) if parts and not other and all(map(_may_be, parts)) else ""


def is_name(cell: str) -> bool:
    """True if it is hardly anything else."""
    parts, before = _names(cell), _PARTS.split(cell.strip())[0]
    if len(parts) == 1 and plain(before) in _BEFORE_FAMILIES and " " in cell:
        return len(parts[0]) > 2 and is_family(parts[0]) and not is_place(plain(cell))
    sure = any if len(parts) > 1 and all(map(is_given, parts)) else all
    return bool(parts) and sure(map(_is_sure, parts)) and not (len(parts) > 1 and is_place(" ".join(parts)))


def _names(cell: str) -> list[str]:
    """The names in a cell without particles; nothing where there are more than three, or words of an organisation."""
    every = [plain(part) for part in _PARTS.split(cell) if part]
    names = [part for part in every if part not in _BEFORE_FAMILIES] or every
    whole = len({part[0] == part[0].lower() for part in cell.split() if plain(part) not in PARTICLES}) < 2
    fit = len(names) <= 3 and whole and not _NEVER.intersection(every)
    return names if fit else []


def _may_be(part: str) -> bool:
    if _EASTERN.fullmatch(part):
        return _is_listed(part) or is_korean(f"김{part}") or is_chinese(part) or is_eastern(part)
    return is_given(part) or is_family(part) or _ends(part, _SURE) or _ends(part, _POSSIBLE)


def _is_sure(part: str) -> bool:
    if _EASTERN.fullmatch(part):
        sure = _is_listed(part) or is_eastern(part) or is_chinese(part)
        return sure and not is_place(part) and part not in common_words() and part not in _LETTERS
    if part in _TRADES or (part in regions() and part not in FREQUENT):
        return False
    if is_alone(part):
        return True
    return is_rare(part) and not is_place(part) and (_ends(part, _SURE) or (is_family(part) and "-" not in part))


def _is_listed(part: str) -> bool:
    """True if lists have it as a family's or a given name, or its reading in kana."""
    return any(word in family_names() or word in given_names() for word in (part, romaji(part)))


def _ends(part: str, ending: re.Pattern[str]) -> bool:
    return len(part) >= _SHORTEST and ending.search(part) is not None


# Family names that stand as often in a list of trades.
_TRADES = frozenset(
    words("""
    muller schneider fischer weber koch richter bauer zimmermann ziegler schreiner fleischer metzger maurer gartner
    jager schafer schmied kramer baker miller taylor cooper carter turner parker mason smith
    """)
)
# Family names of one letter that are words of tables as well: elements, colours, days, points of the compass.
_LETTERS = frozenset("金木水火土红黄白黑蓝青高东西南北中左右男女是否月日年수목금화토일남여동서북중상하")

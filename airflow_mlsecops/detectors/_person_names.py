"""Whether words are the name of a person, after lists of names (``_gazetteer``) and the ways of writing one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from airflow_mlsecops.core.detector import spelling
from airflow_mlsecops.detectors._degrees import without_degrees
from airflow_mlsecops.detectors._eastern_names import EASTERN, is_eastern_full, is_eastern_name
from airflow_mlsecops.detectors._frequent_names import FREQUENT
from airflow_mlsecops.detectors._gazetteer import (
    common_words,
    countries,
    family_names,
    given_names,
    is_place,
    nationalities,
    regions,
    spellings,
)
from airflow_mlsecops.detectors._indic import romanised
from airflow_mlsecops.detectors._indonesian_names import is_indonesian
from airflow_mlsecops.detectors._person_words import (
    FIRMS,
    NOBODY,
    ORGANISATION,
    PARTICLES,
    RANKS,
    RATHER_NAMES,
    SAINTS,
    SUFFIXES,
    SURE_TITLES,
    TITLES,
    UNCAPPED,
)
from airflow_mlsecops.detectors._pinyin import is_pinyin

_ASIDE = re.compile(r'\([^()]*\)|"[^"]*"|“[^”]*”')
# What tables on the web put after a name: notes, parties, marks.
_NOTED = re.compile(r"(?:\s*\[[^\[\]]{0,40}\]|\s*[*†‡§¹²³]+)+$")
_ET_AL = re.compile(r",?\s+et\.? al\.?$")
_SEVERAL = re.compile(r"\s*[;/|&\n]\s*|\s+(?:and|und|et|y|e)\s+", re.IGNORECASE)
# A list as Python writes it.
_QUOTED = re.compile(r"""u?(?:'([^']+)'|"([^"]+)")""")
# Family names as partners in a firm.
_FIRM = re.compile(r"[^\s,]+, [^\s,]+ and [^\s,]+|[^\s,]+ (?:and|&) [^\s,]+")
_TWICE = re.compile(r"[A-Za-z][A-Za-z.,' -]+ ?\(?[\u3400-\u9fff\uac00-\ud7a3]{2,5}\)?")
_BREAKS = re.compile(r"[\s.,()]+")
_PARTS = re.compile(r"[\s.,’'`´\-‐·・()\"“”]+")
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0900-\u0eff\u1000-\u109f\u200c\u200d"
# Synthetic patients (Synthea) have digits after their names.
_LETTERS = re.compile(rf"(?:[^\W\d_]|[{_MARKS}]){{2,}}[0-9]{{1,4}}|(?:[^\W\d_]|[{_MARKS}])+|[23](?:nd|rd)")
# Family names of the north and east, of which no list has all.
ENDING = re.compile(
    "(?:sson|d[oó]ttir|sk[iay]|skaya|wicz|czyk|enko|shvili|poulos|poulou|[iy]dis|[oe]va?|ov[aá]|nen|uk|ić|oglu)$"
)
_PERSONS, _NAMES, _WORDS = 12, 7, 5
# Languages of pages (BCP 47): ``en-US``, ``zh-Hans-CN``; their halves are names that hyphens join.
LANGUAGE = re.compile("[a-z]{2,3}-(?:Hans|Hant|Latn|Cyrl)?-?(?:[A-Z]{2})?")


def name_in(cell: str) -> str:
    """A cell that could be names, in one spelling."""
    cell = _without_notes(cell)
    if cell.casefold().strip(" .-") in NOBODY or LANGUAGE.fullmatch(cell):
        return ""
    parts = _persons(cell)
    return spelling(cell) if parts and all(map(_could_be, parts)) else ""


def _persons(cell: str) -> list[str]:
    if cell.startswith("["):
        return [single or double for single, double in _QUOTED.findall(cell[:400])][:_PERSONS]
    if cell.replace(" ", "").isalpha() and cell.isascii() and " and " not in cell:
        return [cell]
    parts = [part for part in _SEVERAL.split(_ASIDE.sub(" ", cell[:400])) if part.strip()]
    # "Last, First M." is one person, "First Last, First Last" are two.
    listed = (
        len(parts) == 1 and "," in parts[0] and (parts[0].count(",") > 1 or " " in parts[0].partition(",")[0].strip())
    )
    names = parts[0].split(",") if listed else parts
    return [name for name in names if name.strip() and name.strip(" .").casefold() not in SUFFIXES][:_PERSONS]


def _could_be(text: str) -> bool:
    parts = [part for part in _PARTS.split(text) if part]
    named = 0 < len(parts) <= _NAMES and max(map(len, parts)) <= 40
    return named and all(map(_LETTERS.fullmatch, parts)) and not (len(parts) > 1 and parts[-1].casefold() in FIRMS)


def _without_notes(cell: str) -> str:
    bare = _NOTED.sub("", cell) if cell[-1:] in "]*†‡§¹²³" and cell[:1] != "[" else cell
    return without_degrees(_ET_AL.sub("", bare) if bare.endswith(("al", "al.")) else bare)


def is_known(cell: str) -> bool:
    cell = _without_notes(cell)
    if _FIRM.fullmatch(cell):
        return False
    parts = _persons(cell)
    known = sum(map(_is_person, parts))
    return known > 0 and known * 3 >= len(parts) * 2


def is_full(cell: str) -> bool:
    """One person's given and family name: two words or more, or three letters and more in Chinese or Korean."""
    cell = _ASIDE.sub(" ", _without_notes(cell)).strip()
    if _FIRM.fullmatch(cell) or _SEVERAL.search(cell):
        return False
    if EASTERN.search(cell):
        return is_eastern_full(cell)
    return len([word for word in _BREAKS.split(cell) if word]) > 1 and _is_person(cell)


def _is_person(text: str) -> bool:
    if EASTERN.search(text):
        latin = EASTERN.sub("", text)
        # "Wong, Charles 黃德": one name in two scripts.
        both = len(latin) > 3 and _TWICE.fullmatch(text)
        return _is_person(latin) if both else is_eastern_name(text)
    if _INITIALLED.fullmatch(text) or _is_abbreviated(text):
        return True
    last, comma, first = text.partition(",")
    return _are_names([word for word in _BREAKS.split(f"{first} {last}" if comma else text) if word])


# "Иванов П. С.", "П.С. Иванов", "Смирнова Анна Викторовна": two initials or a patronymic are of persons only.
_INITIALLED = re.compile(
    r"(?:[А-ЯЁЄІЇҐ][а-яёєіїґ’'-]+(?:-[А-ЯЁ][а-яё]+)?),? [А-ЯЁЄІЇҐ]\. ?[А-ЯЁЄІЇҐ]\.?"
    r"|[А-ЯЁЄІЇҐ]\. ?[А-ЯЁЄІЇҐ]\. ?[А-ЯЁЄІЇҐ][а-яёєіїґ’'-]+(?:-[А-ЯЁ][а-яё]+)?"
    r"|(?:[\w’'-]+ ){1,2}[А-ЯЁЄІЇҐа-яёєіїґ]+(?:[оеё]вич|[оеё]вна|[иі]чна|ївна|йович|инична|оглы|кызы)(?: [\w’'-]+)?"
    r"|(?:[\w’'-]+ ){1,2}[А-ЯЁЄІЇҐ]+(?:[ОЕЁ]ВИЧ|[ОЕЁ]ВНА|[ИІ]ЧНА|ЇВНА|ЙОВИЧ|ИНИЧНА|ОГЛЫ|КЫЗЫ)"
)


_COMPASS = frozenset("nsew")
# "E.A. Maas", "K. De Bruyne", "G. van Enst": no list holds all family names, and species are small ("E. coli").
_ABBREVIATED = re.compile(
    r"(?P<initials>(?:[A-ZÀ-ÞĀ-Ž]\. ?){1,4})"
    r"(?:(?:van|von|vom|zu|de|der|den|ten|ter|te|del|della|di|da|dos|du|la|le|el|al|af|av) ){0,2}"
    r"(?P<family>(?:(?:De|Van|Von|Di|La|Le|El|Al) )?[A-ZÀ-ÞĀ-Ž][\w’'-]{2,})"
)


def _is_abbreviated(text: str) -> bool:
    """Initials before a family name: one alone may also be a point of the compass (``S. Korea``)."""
    match = _ABBREVIATED.fullmatch(text)
    if match is None:
        return False
    family = plain(match["family"])
    alone = match["initials"].count(".") == 1
    return not alone or (match["initials"][0].lower() not in _COMPASS and is_rare(family) and not is_place(family))


def _are_names(written: Sequence[str]) -> bool:
    """True if these words are one person's name: known words, consistent capitals, nothing of an organisation."""
    parts = [plain(_SERIAL.sub("", word) if word[-1].isdigit() and word[0].isupper() else word) for word in written]
    bare = [part for part in parts if part not in TITLES and part not in SUFFIXES and part not in PARTICLES]
    while len(bare) > 2 and bare[0] in RANKS and any(map(is_rare, bare[1:])):
        bare = bare[1:]
    if not 0 < len(bare) <= _WORDS or not (_capitals(written) or _all_names(bare)):
        return False
    if any(part in ORGANISATION for part in parts) or (len(parts) > 1 and is_place(" ".join(parts))):
        return False
    if len(parts) > 1 and parts[0] in SAINTS:
        return False
    if len(parts) > 1 and parts[0] in SURE_TITLES and not _is_degree(written):
        return True
    if len(bare) == 1:
        # "California" and "Nevada" are somebody's names, and sooner a column of states.
        return is_alone(bare[0]) and (bare[0] not in regions() or bare[0] in FREQUENT)
    turned = (*bare[1:], bare[0])
    return in_order(bare) or in_order(turned) or _both_families(bare) or _is_initialled(bare) or is_pinyin(bare)


def _all_names(bare: Sequence[str]) -> bool:
    """Names of persons whatever their capitals: ``Hamzah saepudin``."""
    return len(bare) > 1 and any(map(is_rare, bare)) and all(is_given(part) or is_family(part) for part in bare)


def _is_initialled(bare: Sequence[str]) -> bool:
    """A given name before the initials of a village and a father: ``Karthik R``, ``Lakshmi K S``."""
    names = [part for part in bare if len(part) > 1]
    initials = len(bare) - len(names)
    return len(names) < 3 and 0 < initials < 3 and all(is_given(part) and is_rare(part) for part in bare[:-initials])


def _is_degree(written: Sequence[str]) -> bool:
    """``MS Analytics``: in capitals before words that are not, a title is a degree or a make."""
    return written[0].isupper() and not written[1].isupper()


# Of synthetic patients only; a small letter begins a login.
_SERIAL = re.compile("(?<=[^0-9][^0-9][^0-9])[0-9]{1,4}$")


def plain(word: str) -> str:
    """As the gazetteer spells it without accents."""
    return word.casefold() if word.isascii() else spellings(word)[-1]


def _capitals(written: Sequence[str]) -> bool:
    """True if all words are written with a capital, or all without: not ``Rosa canina``."""
    return len({word[0] == word[0].lower() for word in written if word.casefold() not in UNCAPPED}) == 1


def is_alone(word: str) -> bool:
    """A given name, or a family name that is no town and not two that a hyphen joins, as firms are called."""
    if word in FREQUENT:
        return True
    if len(word) < 2 or not is_rare(word):
        return False
    return is_given(word) or (is_family(word) and "-" not in word and not is_place(word))


def in_order(bare: Sequence[str]) -> bool:
    """A given name or initial before a family name, of which one at least is no other word."""
    first, last = bare[0], bare[-1]
    if len(last) == 1 or not (is_rare(first) or is_rare(last)):
        return False
    if len(first) == 1:
        return is_family(last) and is_rare(last) and not (first in _COMPASS and is_place(last))
    # No list holds all family names: after a given name that is no other word, any unknown one will do.
    return is_given(first) and (is_family(last) or is_given(last) or (is_rare(first) and is_rare(last)))


def _both_families(bare: Sequence[str]) -> bool:
    """Two family names before one or two given ones: ``Aguilar Góngora Efraín Ernesto``."""
    return (
        len(bare) > 2 and all(map(is_family, bare[:2])) and all(map(is_given, bare[2:])) and any(map(is_rare, bare[2:]))
    )


def is_rare(word: str) -> bool:
    other = (word in common_words() and word not in RATHER_NAMES) or word in countries() or word in nationalities()
    return len(word) > 1 and not other


def is_given(word: str) -> bool:
    known = word in given_names() or is_indonesian(word) or ("-" in word and word.partition("-")[0] in given_names())
    return known or any(spelt in given_names() for spelt in romanised(word))


def is_family(word: str) -> bool:
    names = family_names()
    if len(word) > 6 and ENDING.search(word) and word not in common_words():
        return True
    known = word in names or word.replace("'", "") in names or ("-" in word and word.rpartition("-")[2] in names)
    return known or any(spelt in names for spelt in romanised(word))

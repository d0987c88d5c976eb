"""Names of persons, after lists of given and family names (``_gazetteer``) and the ways in which names are written.

A name alone proves nothing (``Rose``, ``April``, ``Morgan Stanley``): most cells of a column have to be names, or the
column's name has to say whose they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from airflow_mlsecops.core.detector import Detector, Span, spelling
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._gazetteer import common_words, given_names, is_place, street_words
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._person_headers import DENIES, HINTS, SAYS
from airflow_mlsecops.detectors._person_names import (
    ENDING,
    in_order,
    is_alone,
    is_family,
    is_given,
    is_known,
    is_rare,
    name_in,
    plain,
)
from airflow_mlsecops.detectors._person_words import (
    BEFORE_PLACES,
    ORGANISATION,
    PARTICLES,
    RATHER_NAMES,
    SURE_TITLES,
    TITLES,
)

_UPPER = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0100-\u017d\u0386-\u03ab\u0400-\u042f"
_ANY = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f\u0370-\u03ff\u0400-\u045f"
_TOKEN = rf"(?:[{_UPPER}][{_ANY}]*(?:['’\-][{_ANY}]{{2,}})*\.?)"
_JOIN = r"(?: (?:(?:de|da|do|dos|del|la|las|los|van|von|der|den|bin|ibn|al|el|ter|di|y) ){0,3}|(?<=\.)|, (?=[JS]r\b))"
_SEQUENCE = re.compile(rf"(?<![^\W_]){_TOKEN}(?:{_JOIN}{_TOKEN}){{0,7}}")
_TOKENS = re.compile(rf"(?<![^\W_]){_TOKEN}")
_CUE = re.compile(
    r"(?:\b(?:my name is|named|called|i am|i'm|dear|hi|hello|this is|calls? me|named him|named her|says"
    r"|regards|sincerely|cheers|signed|ask for|contact"
    r"|ich hei(?:ß|ss)e|je m'appelle|me llamo|mi chiamo),?|\bname ?:)\s{1,2}$",
    re.IGNORECASE,
)
_ASKED = ("my name is", "name", "ich hei", "je m'", "me llamo", "mi chiamo")
_HOUSE = re.compile(
    r"[0-9][A-Za-z]?,? (?:(?:rue|via|ul\.|u\.|av\.|calle|rua) )?$|\b(?:rue|via|ul\.|calle|rua) $", re.IGNORECASE
)
_NUMBERED = re.compile(
    r",? [0-9]{1,5}\b(?![:/])| (?:st|str|street|u|utca|straße|weg)\b|(?:'s)? (?:syndrome|disease|prosthesis|tendon)",
    re.IGNORECASE,
)
_SOMEWHERE = re.compile(r"\b(?:in|at|from|near|of|to|on|the|via|than)\s$", re.IGNORECASE)
_STOP = frozenset(
    words("""
    the a an in on at of to for from by with and or but not no so as if is it its he she we you they this
    that these those
    my your his her our their i me him us them who what when where why how all any can could may might must shall should
    will would do did does be am are was were been have has had new old one two first last more most other
    some such only
    own same than too very just now here there then once again please let great best about after before do don hi hello
    dear yes ok thanks thank regards love good mr mrs ms dr miss
    """)
)


def _named(text: str) -> Iterator[Span]:
    """Persons in a sentence: after a title or a greeting, as a given with a family name, or a given name alone."""
    for sequence in _SEQUENCE.finditer(text):
        tokens = list(_TOKENS.finditer(text, *sequence.span()))
        # A number before or after it is a house's.
        housed = _HOUSE.search(text, max(0, sequence.start() - 12), sequence.start()) is not None
        if housed or _NUMBERED.match(text, sequence.end()):
            continue
        place = 0
        while place < len(tokens):
            first, end = _longest(text, tokens, place)
            if end > first:
                start, stop = tokens[first].start(), tokens[end - 1].end()
                name = text[start:stop].rstrip(".")
                yield start, start + len(name), spelling(name)
            place = max(end, place + 1)


def _longest(text: str, tokens: list[re.Match[str]], place: int) -> tuple[int, int]:
    """The first and the end of the longest name that begins at a token, or the same twice."""
    parts = [plain(token[0].rstrip(".")) for token in tokens[place : place + 6]]
    if parts[0] in TITLES and len(parts) > 1:
        return place + 1, place + 1 + _followers(parts[1:], sure=parts[0] in SURE_TITLES)
    if place and plain(tokens[place - 1][0].rstrip(".")) in BEFORE_PLACES:
        return place, place
    for length in range(min(4, len(parts)), 1, -1):
        # "Alexa XT" is a camera: initials after a name are those of a thing.
        last = tokens[place + length - 1][0]
        model = last.isupper() and len(last) < 4 and "." not in last and not tokens[place][0].isupper()
        if not model and _is_told(parts[:length]) and not any(map(_goes_on, parts[length : length + 2])):
            return place, place + length
    alone = not any(map(_goes_on, parts[1:3]))
    return place, place + (alone and _is_single(text, tokens, place, parts[0]))


def _is_single(text: str, tokens: list[re.Match[str]], place: int, part: str) -> bool:
    """One word alone: asked for, or a given name that is nothing else."""
    start = tokens[place].start()
    if len(part) < 2 or part in _STOP or part in ORGANISATION:
        return False
    cue = _CUE.search(text, max(0, start - 20), start)
    if cue:
        return is_alone(part) or (cue[0].casefold().startswith(_ASKED) and part not in common_words())
    shouted = tokens[place][0].isupper()
    somewhere = _SOMEWHERE.search(text, max(0, start - 8), start)
    rare = len(part) > 3 and part in given_names() and is_rare(part) and not is_place(part)
    return rare and len(tokens) == 1 and not shouted and not somewhere


def _followers(parts: Sequence[str], *, sure: bool) -> int:
    """How many of the words after a title belong to the name."""
    count = 0
    for part in parts[:3]:
        named = part not in _STOP and part not in ORGANISATION and (len(part) == 1 or is_given(part) or is_family(part))
        rare = sure and count == 0 and part not in _STOP and part not in common_words()
        if not (named or rare):
            break
        count += 1
    return count


def _is_told(parts: Sequence[str]) -> bool:
    middle = parts[1:-1]
    others = (
        parts[0] in _STOP
        or parts[0] in BEFORE_PLACES
        or parts[-1] in _STOP
        or any(part in ORGANISATION for part in parts)
    )
    if others or not all(len(part) == 1 or "." in part or is_given(part) or is_family(part) for part in middle):
        return False
    if is_place(" ".join(parts)) or (is_place(parts[-1]) and not is_family(parts[-1])):
        return False
    first, last = parts[0], parts[-1]
    # "Vienna Game", "Paris Agreement".
    if is_place(first) and last in common_words() and last not in RATHER_NAMES:
        return False
    if first in street_words() or last in street_words():
        return False
    if "." in first:
        return is_family(last) and is_rare(last)
    if len(parts) == 3 and len(parts[1]) == 1 and len(first) > 1 < len(last):
        return is_rare(first) and is_rare(last) and (is_given(first) or is_family(last))
    if len(parts) == 2 and len(first) > 3 and is_rare(first) and not is_place(first) and ENDING.search(last):
        return is_rare(last) and len(last) > 5 and not is_place(last)
    # The first word of a sentence has a capital too.
    return (
        first not in PARTICLES
        and in_order(parts)
        and (is_rare(first) or len(first) == 1 or (is_rare(last) and is_family(last)))
    )


def _goes_on(part: str) -> bool:
    """True if the word after a name makes it another thing's: ``Johnson University``, ``Martin Luther Street``."""
    return part in ORGANISATION or part in street_words()


DETECTOR = Detector(
    entity=Entity(
        name="PERSON",
        title="name of a person",
        role=Role.DIRECT,
        level=Level.CONFIDENTIAL,
        tags=("GDPR", "HIPAA", "CCPA"),
    ),
    cell_pattern=r"^[^0-9@_\\#$%*+=<>{}\[\]~^!?:][^@_\\#$%*+=<>{}\[\]~^!?:]*(?: ?(?:\[[^\[\]]{0,40}\]|\*)){0,3}$"
    r"|^\[u?['\"][^0-9\[\]{}]*\]$",
    cell=name_in,
    known=is_known,
    common=0.0025,
    names=SAYS,
    hints=HINTS,
    not_names=DENIES,
    near=("PERSON", "EMAIL_ADDRESS", "DATE_OF_BIRTH", "PHONE_NUMBER", "STREET_ADDRESS", "AGE", "GENDER", "USERNAME"),
    prose=_named,
)

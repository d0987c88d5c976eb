"""What a column's name tells."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache

from airflow_mlsecops.core.clue import Fit
from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors._gazetteer import common_words, countries
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.scan.pattern import linear, quick

# An acronym before a word (IBANCode), a word with or without a capital, an acronym alone, a number.
# Vowel signs of Hebrew to Khmer are marks, which no word character is, but parts of their words.
_WORD = re.compile(
    r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?(?:[^\W\d_A-Z]|[\u0591-\u07ff\u0900-\u0eff\u1000-\u109f\u1780-\u17ff])+|[A-Z]+|\d+"
)
_DIGIT = re.compile("[0-9]")
# Letters whose stroke is no mark to Unicode, as keyboards without them write them; Arabic ones that people mix up.
_STROKED = str.maketrans("øØłŁđĐıðÐħəƏةىکی", "oOlLdDidDheEهيكي", "ـ")
_ARABIC_MARKS = range(0x64B, 0x656)
_UNPARTED = re.compile("[\u2e80-\u9fff\u3040-\u30ff]{2,}")
_HANGUL, _THAI = re.compile("[\uac00-\ud7a3]{3,}"), re.compile("[\u0e01-\u0e4e]{7,}")
# Heads of Korean compounds that are short, and say what they are whatever stands before them.
_HEADS = frozenset(words("주소 이름 성명 메일 계좌 생일 전화 비번"))
_LONG_HEAD = 3
# Ids of goods as well as of people.
_LOOSE_HEADS = frozenset(words("아이디 사용자"))
_THAI_HEAD = 5
# As short as that, kana stand within too many other words.
_SHORT_KANA = re.compile("[\u3040-\u30ff]{2}")
_MUTE = frozenset(
    words("""
        c col cols column columns f feat feature features field fields v val value values var variable x y z data datum
        attr attribute attributes unnamed text string str item items element list key content raw input output result
    """)
)
_TABLE_WORDS = """
    account address alternative amount area bank billing birth book branch card cell child city client code company
    contact cost country credit cust customer date dateof day department description driver email emp employee end
    family file first flag full group guest holder home host house id item job key last latin leben level line list
    local location login mail main member middle mobile model month name nick note number office old order owner
    page parent part patient pay payment person phone place plan post price primary product project region report
    room sales school seller sender ship shipping start state status street student supplier system table tax team
    text time title total type unit update url user value vendor version visit web work year zip
"""
_NAMES = frozenset(words("name names nom noms nombre nombres nome nomi naam namen navn namn nume"))
_OF = frozenset(words("of the des der du de la le les l del della dello di do da dos das el los las van het den d"))
# Written out where two words run together; shorter ones would be found in everything.
_SHORT = frozenset(("id", "no", "nr", "ip", "dt", "cd", "nm", "tel", "zip", "dob", "ssn", "pan", "tax", "cc"))
_SHORTEST = 3
_SHORTENED = 5
# So long a word is known by itself after a letter of who knows what: bwynagrodzenie.
_LETTERED = 8
# A word of a dictionary (trivia, export) is made of others only if these are long: telefon and nummer.
_PART, _LONG_PART = 4, 6
# A word of a dictionary lacks no more letters than a form of it has: beschwerden, while north is no northing.
_ENDING = 2


class Names:
    """What column names tell some detectors; made once for a set of them."""

    def __init__(self, detectors: tuple[Detector, ...]) -> None:
        hinted = {hints for one in detectors for hints in (one.names, one.hints, one.not_names)}
        self._vocabulary = frozenset(_TABLE_WORDS.split()).union(*map(_words_in, hinted))
        self._places = {id(detector): place for place, detector in enumerate(detectors)}
        self._detectors = detectors  # kept, so that no other detector ever gets the id of one of them
        # By the word a hint begins with, so that a name asks few of all hints there are; "" where words are not parted.
        self._begin: dict[str, list[tuple[str, int, Fit]]] = defaultdict(list)
        for place, detector in enumerate(detectors):
            for fit, hints in (
                (Fit.DENIES, detector.not_names),
                (Fit.SAYS, detector.names),
                (Fit.HINTS, detector.hints),
            ):
                for hint in _framed(hints):
                    self._begin[hint.split("_")[1] if hint.startswith("_") else ""].append((hint, place, fit))
        self._fits: dict[str, tuple[Fit, dict[int, Fit]]] = {}
        self._said: dict[str, tuple[Detector, ...]] = {}

    def fit(self, detector: Detector, name: str) -> Fit:
        """What a column's name tells a detector."""
        place = self._places.get(id(detector))
        if place is None:
            return (
                names_of((detector,)).fit(detector, name)
                if detector not in self._detectors
                else self._equal(detector, name)
            )
        if name not in self._fits:
            self._fits[name] = self._look_up(self.words(name))
        otherwise, known = self._fits[name]
        if otherwise is Fit.OTHER and place not in known and _is_value(detector, name):
            known[place] = Fit.MUTE
        return known.get(place, otherwise)

    def said(self, name: str) -> tuple[Detector, ...]:
        """The detectors to which a column's name says what it holds."""
        if name not in self._said:
            self._said[name] = tuple(one for one in self._detectors if self.fit(one, name) is Fit.SAYS)
        return self._said[name]

    def _equal(self, detector: Detector, name: str) -> Fit:
        """The same for a detector that is equal to one of them."""
        return self.fit(next(one for one in self._detectors if one == detector), name)

    def words(self, name: str) -> str:
        """The words of a column's name, framed by underscores: ``contactEMail`` is ``_contact_e_mail_``.

        Words that run together are parted where all of them are known: ``custfname`` is ``_cust_fname_``.
        """
        return "_" + "".join(f"{word}_" for word in _turned(_words_of(name, self._vocabulary)))

    def _look_up(self, words: str) -> tuple[Fit, dict[int, Fit]]:
        """What the words tell in general, and each detector that has a hint for them."""
        found: dict[int, Fit] = {}
        for word in {"", *words.split("_")}:
            for hint, place, fit in self._begin.get(word, ()):
                if hint in words and _RANK[fit] < _RANK[found.get(place, Fit.OTHER)]:
                    found[place] = fit
        return (Fit.MUTE if _is_mute(words) else Fit.OTHER), found


def _is_value(detector: Detector, name: str) -> bool:
    """True if a name is known to be a value of the kind: the first row of a file without header was taken for one."""
    if detector.cell_pattern is None or detector.known is None or detector.common >= 1:
        return False
    cell = name.strip()
    matches = (linear if detector.everything else quick)(detector.cell_pattern).search
    return bool(matches(cell) and detector.cell(cell) and detector.known(cell))


_RANK = {Fit.DENIES: 0, Fit.SAYS: 1, Fit.HINTS: 2, Fit.MUTE: 3, Fit.OTHER: 3}


@lru_cache(maxsize=16)
def names_of(detectors: tuple[Detector, ...]) -> Names:
    """The names that some detectors know."""
    return Names(detectors)


def _is_mute(words: str) -> bool:
    return all(word in _MUTE or word.isdigit() or len(word) == 1 for word in words.strip("_").split("_") if word)


@lru_cache(maxsize=8192)
def _words_of(name: str, vocabulary: frozenset[str]) -> tuple[str, ...]:
    bare = _bare(name)
    if bare.isupper() and any(letter.isupper() and not letter.isascii() for letter in bare):
        bare = bare.lower()  # a capital beyond ASCII (\u0110, \u00d8) would part a word from its other capitals
    whole = "".join(_WORD.findall(bare)).lower()
    words = [word.lower() for word in _WORD.findall(bare)]
    if whole in vocabulary:
        # eMail, PassWord, DoB: the humps part a word that is known as one.
        return (*words, whole) if len(words) > 1 else (whole,)
    return tuple(part for word in words for part in _parted(word, vocabulary))


def _turned(words: tuple[str, ...]) -> tuple[str, ...]:
    """With ``student_name`` and ``name_student`` after ``name_of_the_student``, as lists of hints have them."""
    if len(words) < 3 or words[0] not in _NAMES or words[1] not in _OF:
        return words
    whose = tuple(word for word in words[2:] if word not in _OF)
    return (*words, *whose, words[0], *whose)


def _parted(word: str, vocabulary: frozenset[str]) -> tuple[str, ...]:
    if word in vocabulary or word.isdigit():
        return (word,)
    singular = _singular(word, vocabulary)
    if singular:
        return (singular,)
    if word in countries():
        return (word,)
    ordinary = word in common_words()
    if len(word) > _LETTERED and word[1:] in vocabulary and not ordinary:
        return (word[0], word[1:])
    parts = _segments(word, vocabulary)
    if parts and not (ordinary and _are_chance(parts)):
        return parts
    compound = _headed(word, vocabulary)
    if compound:
        return compound
    longer = _shortened(word, vocabulary)
    return (word if not longer or (ordinary and len(longer) > len(word) + _ENDING) else longer,)


def _are_chance(parts: tuple[str, ...]) -> bool:
    """True if parts are so short that many a word holds them: ``export`` has ``ort``."""
    return min(map(len, parts)) < _PART or max(map(len, parts)) < _LONG_PART


def _headed(word: str, vocabulary: frozenset[str]) -> tuple[str, ...]:
    """A compound parted from what it is: Korean ends with it (``기본주소`` is an address), Thai begins with it."""
    if _HANGUL.fullmatch(word):
        tails = ((word[:place], word[place:]) for place in range(1, len(word) - 1))
        return next((parts for parts in tails if _is_head(parts[1], vocabulary)), ())
    if _THAI.fullmatch(word):
        heads = ((word[:place], word[place:]) for place in range(len(word) - 1, _THAI_HEAD - 1, -1))
        return next(((head, rest) for head, rest in heads if head in vocabulary), ())
    return ()


def _is_head(tail: str, vocabulary: frozenset[str]) -> bool:
    return tail in _HEADS or (len(tail) >= _LONG_HEAD and tail in vocabulary and tail not in _LOOSE_HEADS)


def _shortened(word: str, vocabulary: frozenset[str]) -> str:
    """The one known word that this is the beginning of: ``naiss``, ``telef``; nothing if it could be several."""
    if len(word) < _SHORTENED:
        return ""
    longer = {known for known in vocabulary if known.startswith(word)}
    shortest = min(longer, key=len, default="")
    return shortest if shortest and all(known.startswith(shortest) for known in longer) else ""


def _singular(word: str, vocabulary: frozenset[str]) -> str:
    for ending, instead in (("ies", "y"), ("es", ""), ("s", "")):
        if word.endswith(ending) and word.removesuffix(ending) + instead in vocabulary:
            return word.removesuffix(ending) + instead
    return ""


def _segments(word: str, vocabulary: frozenset[str]) -> tuple[str, ...]:
    """The fewest known words that make up the whole word; nothing if a letter is left over."""
    best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 20), end):
            before, part = best[start], word[start:end]
            if before is None or not _may_stand(part, vocabulary):
                continue
            known = best[end]
            if known is None or len(before) + 1 < len(known):
                best[end] = (*before, part)
    return best[len(word)] or ()


def _may_stand(part: str, vocabulary: frozenset[str]) -> bool:
    return part in _SHORT or (len(part) >= _SHORTEST and part in vocabulary) or (part.isdigit() and len(part) < 3)


@lru_cache(maxsize=1024)
def _words_in(hints: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for hint in hints for word in _bare(hint).lower().split("_"))


@lru_cache(maxsize=1024)
def _framed(hints: tuple[str, ...]) -> tuple[str, ...]:
    """Hints as whole words, also with digits parted (``ipv4``) as names are; Chinese and Japanese part no words."""
    bare = {_bare(hint).lower() for hint in hints}
    parted = bare | {"_".join(_WORD.findall(hint)) for hint in bare if _DIGIT.search(hint)}
    return tuple(hint.replace("_", "") if _is_unparted(hint) else f"_{hint}_" for hint in sorted(parted))


def _is_unparted(hint: str) -> bool:
    return _UNPARTED.search(hint) is not None and _SHORT_KANA.fullmatch(hint) is None


def _bare(name: str) -> str:
    """The name without accents and invisible characters; full-width letters and the like as ordinary ones."""
    if name.isascii():
        return name
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not _vanishes(c)).translate(_STROKED)
    # NFKD parts letters and marks of some scripts (Hangul, voiced kana), which are put together again.
    return unicodedata.normalize("NFC", bare)


def _vanishes(letter: str) -> bool:
    accent = bool(unicodedata.combining(letter)) and (ord(letter) < 0x370 or ord(letter) in _ARABIC_MARKS)
    return accent or unicodedata.category(letter) == "Cf"

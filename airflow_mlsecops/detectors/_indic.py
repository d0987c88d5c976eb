"""Words in Indic scripts, spelt in Latin letters as lists of names have them.

Unicode gives Devanagari, Bengali, Gurmukhi, Gujarati, Oriya, Tamil, Telugu, Kannada and Malayalam the same order, so
that one table spells them all.
"""

from __future__ import annotations

import re
from functools import lru_cache

from airflow_mlsecops.detectors._hints import words

# Two signs are as often the name of a Latin letter: एम ए is a Master of Arts.
_INDIC = re.compile("[\u0900-\u0d7f]{3,24}")
OFFICES = frozenset(
    words("""
    नगरपालिका गाउँपालिका महानगरपालिका उपमहानगरपालिका वडा वार्ड टोल जिल्ला जिला प्रदेश ग्राम गाँव नगर पार्टी काँग्रेस कांग्रेस
    समिति समूह मन्त्रालय मंत्रालय विभाग विद्यालय महाविद्यालय क्याम्पस विश्वविद्यालय
    कार्यालय अस्पताल बैंक लिमिटेड कंपनी संस्था संघ सरकार
    রোড গ্রাম জেলা উপজেলা বিভাগ মন্ত্রণালয় বিদ্যালয় কলেজ ব্যাংক লিমিটেড দল সমিতি
    """)
)
"""Words that make what stands before them no person: of towns, offices, schools, parties and firms."""
_VOWELS = dict(zip(range(0x05, 0x15), words("a a i i u u ri l e e e ai o o o au"), strict=True))
_SOUNDS = words("k kh g gh n ch chh j jh n t th d dh n t th d dh n n p ph b bh m y r r l l l v sh sh s h")
_CONSONANTS = dict(zip(range(0x15, 0x3A), _SOUNDS, strict=True))
_SIGNS = dict(zip(range(0x3E, 0x4D), words("a i i u u ri ri e e e ai o o o au"), strict=True))
_NASAL, _BREATH, _NONE = (0x01, 0x02), 0x03, 0x4D
# Letters with a dot below: ड़ is heard as r, फ़ as f.
_DOTTED = {0x58: "k", 0x59: "kh", 0x5A: "g", 0x5B: "z", 0x5C: "r", 0x5D: "rh", 0x5E: "f", 0x5F: "y"}
_SILENT = re.compile("(?<=[aeiou])([bcdfghjklmnpqrstvyz]{1,2})a(?=[bdfgjklmnprstvy]h?[aeiou])")


@lru_cache(maxsize=4096)
def romanised(word: str) -> tuple[str, ...]:
    """How a word may be spelt in Latin letters; nothing for a word in any other script.

    >>> "sharma" in romanised("शर्मा"), "kumar" in romanised("কুমার"), romanised("Sharma")
    (True, True, ())
    """
    if not _INDIC.fullmatch(word):
        return ()
    spelt = _spelt(word)
    if len(spelt) > 2 and spelt[-1] == "a" and spelt[-2] not in "aeiou" and not _ends_in_vowel(word):
        spelt = spelt[:-1]
    ways = (spelt, _SILENT.sub(r"\1", spelt), spelt.replace("nh", "ngh"))
    others = (("v", "w"), ("v", "b"), ("chh", "ch"), ("sh", "s"), ("j", "z"), ("u", "oo"), ("i", "ee"))
    return tuple(dict.fromkeys((*ways, *(way.replace(*pair) for way in ways for pair in others))))


def _spelt(word: str) -> str:
    letters: list[str] = []
    for place, letter in enumerate(word):
        offset = ord(letter) & 0x7F
        sound = _CONSONANTS.get(offset) or _DOTTED.get(offset)
        if sound:
            letters.append(sound + ("" if _is_muted(word[place + 1 : place + 2]) else "a"))
        elif offset in _NASAL:
            letters.append("n")
        else:
            letters.append(_VOWELS.get(offset) or _SIGNS.get(offset) or ("h" if offset == _BREATH else ""))
    return "".join(letters)


def _is_muted(following: str) -> bool:
    """True if a sign after a consonant takes its own vowel away."""
    return bool(following) and (ord(following) & 0x7F in _SIGNS or ord(following) & 0x7F == _NONE)


def _ends_in_vowel(word: str) -> bool:
    return ord(word[-1]) & 0x7F in _SIGNS or ord(word[-1]) & 0x7F in _VOWELS

"""Terms in many languages, compared without case, accents or punctuation."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

_BREAKS = re.compile(r"[\W_]+")
_PARTS = re.compile(r"[|\n]")
# More words than this are a text, which a list of terms says little about.
_WORDS = 24


# A dozen detectors fold the same thousand cells one after the other.
@lru_cache(maxsize=2048)
def folded(text: str) -> str:
    """The words of a text without case, accents and punctuation, parted by single spaces."""
    text = text.casefold()
    if not text.isascii():
        text = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return _BREAKS.sub(" ", text).strip()


def vocabulary(terms: str) -> frozenset[str]:
    """The terms of a text in which bars and ends of line part them."""
    return frozenset(map(folded, _PARTS.split(terms))) - {""}


def mentions(text: str, terms: frozenset[str], longest: int = 4) -> bool:
    """True if one of the terms stands in a text as whole words, at most ``longest`` of them."""
    words = folded(text).split()[:_WORDS]
    starts = (start for start, word in enumerate(words) if word in _beginnings(terms))
    return any(" ".join(words[start : start + length]) in terms for start in starts for length in range(1, longest + 1))


@cache
def _beginnings(terms: frozenset[str]) -> frozenset[str]:
    return frozenset(term.split()[0] for term in terms)


FLAG_VALUES = vocabulary("""
    0|1|y|n|yes|no|true|false|t|f|none|unknown|never|current|former|ja|nein|oui|non|si|sim|nao|da|net|ano|ne|tak|nie
    evet|hayir|on|off|x|na|да|нет|是|否|有|无|はい|いいえ|نعم|لا|हाँ|नहीं
""")
"""What a column of answers holds: ``yes``, ``0``, ``nein``."""


def lettered(cell: str) -> str:
    """A cell in one spelling if it has two letters or more, or one beyond ASCII; ``""`` otherwise."""
    spelt = folded(cell)
    letters = [letter for letter in spelt if letter.isalpha()]
    return spelt if len(letters) > 1 or (letters and not letters[0].isascii()) else ""


def answered(cell: str) -> str:
    """A cell in one spelling if it is an answer such as ``yes`` or ``1``, or words; ``""`` for other numbers."""
    spelt = folded(cell)
    return spelt if spelt in FLAG_VALUES else lettered(cell)

"""Which hints a column's name fits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from airflow_mlsecops.core.detector import Detector

# An acronym before a word (IBANCode), a word with or without a capital, an acronym alone, a number.
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]+|\d+")


def fits(detector: Detector, column: str) -> bool:
    """True if a column's name fits one of a detector's hints, unless a word of it denies them."""
    words = words_of(column)
    return _any(detector.names, words) and not _any(detector.not_names, words)


def denies(detector: Detector, column: str) -> bool:
    """True if a detector without hints has a word that keeps it from a column altogether (``version`` holds no IP)."""
    return not detector.names and _any(detector.not_names, words_of(column))


@lru_cache(maxsize=4096)
def words_of(name: str) -> str:
    """The words of a column's name, framed by underscores: ``contactEMail`` is ``_contact_e_mail_``.

    Case, camel humps, punctuation, digits, accents and invisible characters part words or vanish.
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not _vanishes(c))
    return "_" + "".join(f"{word.lower()}_" for word in _WORD.findall(bare))


def _vanishes(letter: str) -> bool:
    return bool(unicodedata.combining(letter)) or unicodedata.category(letter) == "Cf"


def _any(hints: Sequence[str], words: str) -> bool:
    return any(f"_{hint}_" in words for hint in hints)

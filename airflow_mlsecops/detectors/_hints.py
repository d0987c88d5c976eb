"""Words in column names, shared by detectors."""

from __future__ import annotations


def words(text: str) -> tuple[str, ...]:
    """The words of a text, as the tuple that a detector's ``names``, ``hints`` and ``not_names`` are."""
    return tuple(text.split())


FLAGS = words("""
    verified valid validated confirmed flag type kind status count counts cnt num_of number_of total
    length len hash hashed md5 sha1 sha256 masked enabled allowed opt optin opted required missing null format
    updated changed expires expiry rate ratio pct percent percentage avg average mean median std score rank missing
""")
"""Words after which a column tells *about* the data and does not hold it: ``email_verified``, ``phone_count``."""

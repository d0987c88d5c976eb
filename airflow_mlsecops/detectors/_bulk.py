"""Answers for many cells at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Rule = tuple[str, Callable[[pl.Series], pl.Series] | bool]


def decided(texts: pl.Series, rules: Sequence[Rule]) -> pl.Series:
    """For each text, what the first rule says whose pattern matches in it; null where none does.

    :param rules: a pattern with an answer, or with what gives one for each of some texts (null if it cannot tell)
    """
    import polars as pl

    answer = pl.Series([None], dtype=pl.Boolean).new_from_index(0, len(texts))
    place = pl.int_range(len(texts), dtype=pl.UInt32, eager=True)
    for pattern, judge in rules:
        if not len(texts):
            break
        matched = texts.str.contains(pattern)
        if matched.any():
            answer = answer.scatter(
                place.filter(matched), judge if isinstance(judge, bool) else judge(texts.filter(matched))
            )
            texts, place = texts.filter(~matched), place.filter(~matched)
    return answer


def without(texts: pl.Series, signs: bytes) -> pl.Series:
    """Texts of one line each without some ASCII characters: all at once, ten times as fast as one by one."""
    import polars as pl

    joined = str(texts.str.join("\n").item()) if len(texts) else ""
    return pl.Series(joined.encode().translate(None, signs).decode().split("\n") if len(texts) else [], dtype=pl.String)


def luhn(numbers: pl.Series) -> pl.Series:
    """For texts of ASCII digits, whether their last digit is right (ISO/IEC 7812-1 annex B) and they vary at all."""
    return by_length(numbers, _luhn)


def mod97(numbers: pl.Series) -> pl.Series:
    """For texts of digits and capital letters, whether their check digits are right modulo 97 (ISO/IEC 7064)."""
    return by_length(numbers, _mod97)


def _luhn(codes: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    import numpy as np

    digits = codes - ord("0")
    doubled = digits[:, -2::-2] << 1
    doubled -= (doubled > 9) * np.uint8(9)
    total = digits[:, ::-2].sum(1, dtype=np.uint16) + doubled.sum(1, dtype=np.uint16)
    good: np.ndarray[Any, Any] = (total % 10 == 0) & (digits != digits[:, :1]).any(1)
    return good


def _mod97(codes: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    import numpy as np

    turned = np.concatenate([codes[:, 4:], codes[:, :4]], 1)
    letters = turned > ord("9")
    remainder = np.zeros(len(codes), np.int64)
    for place in range(turned.shape[1]):
        value = turned[:, place].astype(np.int64) - np.where(letters[:, place], ord("A") - 10, ord("0"))
        remainder = (remainder * np.where(letters[:, place], 100, 10) + value) % 97
    good: np.ndarray[Any, Any] = remainder == 1
    return good


def by_length(numbers: pl.Series, check: Callable[[np.ndarray[Any, Any]], np.ndarray[Any, Any]]) -> pl.Series:
    """Apply a check to texts of ASCII, those of each length laid out as a matrix of bytes."""
    import numpy as np
    import polars as pl

    lengths = numbers.str.len_bytes().to_numpy()
    good = np.zeros(len(numbers), bool)
    for length in np.unique(lengths):
        place = np.flatnonzero(lengths == length)
        joined = numbers.gather(place).str.join("").item() if length else ""
        if length > 1:
            good[place] = check(np.frombuffer(joined.encode(), np.uint8).reshape(len(place), length))
    return pl.Series(good, dtype=pl.Boolean)

"""Check digits of many numbers at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import polars as pl


def luhn(numbers: pl.Series) -> pl.Series:
    """For texts of ASCII digits, whether their last digit is right (ISO/IEC 7812-1 annex B) and they vary at all."""
    return _by_length(numbers, _luhn)


def mod97(numbers: pl.Series) -> pl.Series:
    """For texts of digits and capital letters, whether their check digits are right modulo 97 (ISO/IEC 7064)."""
    return _by_length(numbers, _mod97)


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


def _by_length(numbers: pl.Series, check: Callable[[np.ndarray[Any, Any]], np.ndarray[Any, Any]]) -> pl.Series:
    """Apply a check to the numbers of each length, laid out as a matrix of bytes."""
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

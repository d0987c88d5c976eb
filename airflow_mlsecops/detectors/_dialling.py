"""Which telephone numbers may be issued, one by one and many at once, after the plans of ``phonenumbers``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from re import _parser as _syntax  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.detectors._bulk import by_length, decided, without

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from airflow_mlsecops.detectors._bulk import Rule

_KINDS: tuple[str, ...] = ("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost")
_KINDS += ("personal_number", "voip", "pager", "uan", "voicemail")
_SEEN_MOST = ("1", "33", "34", "39", "44", "49", "55", "61", "81", "86", "91")
_DIGITS = frozenset(range(10))
_FIRST = 5


@cache
def plan(code: str) -> re.Pattern[str]:
    """Every number that may be issued under a country calling code."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    plans = [
        PhoneMetadata.metadata_for_region_or_calling_code(int(code), region)
        for region in COUNTRY_CODE_TO_REGION_CODE.get(int(code), ())
    ]
    kinds = [getattr(plan, kind) for plan in plans if plan is not None for kind in _KINDS]
    patterns = {kind.national_number_pattern for kind in kinds if kind is not None and kind.national_number_pattern}
    return re.compile("|".join(f"(?:{pattern})" for pattern in sorted(patterns)) or r"(?!)")


def issued(texts: pl.Series) -> pl.Series:
    """True for cells that are a North American number or one after a plus; null for whatever else a cell may be."""
    return decided(texts, _RULES)


def _american(texts: pl.Series) -> pl.Series:
    return _under("1", without(texts, b"+ .-()").str.slice(-10))


def _abroad(texts: pl.Series) -> pl.Series:
    import polars as pl

    digits = without(texts, b"+ .-()")
    answer = pl.Series([None], dtype=pl.Boolean).new_from_index(0, len(texts))
    for code in _SEEN_MOST:
        of_it = digits.str.starts_with(code)
        if of_it.any():
            answer = answer.scatter(of_it.arg_true(), _under(code, digits.filter(of_it).str.slice(len(code))))
    return answer


_RULES: tuple[Rule, ...] = (
    (r"^ ?\+[0-9](?:[ .\-]?\(?[0-9]\)?){7,14}$", _abroad),
    (r"^ ?(?:1[ .\-])?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[ .\-])[2-9][0-9]{2}[ .\-][0-9]{4}$", _american),
)


def _under(code: str, numbers: pl.Series) -> pl.Series:
    """True for national numbers that may be issued; null where their first digits do not tell."""
    return by_length(numbers, partial(_told_by_first, code)).replace(False, None)


def _told_by_first(code: str, characters: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    import numpy as np

    table = _tables(code).get(characters.shape[1])
    if table is None:
        return np.zeros(len(characters), bool)
    told: np.ndarray[Any, Any] = table[tuple(characters[:, :_FIRST].T - ord("0"))]
    return told


@cache
def _tables(code: str) -> dict[int, np.ndarray[Any, Any]]:
    """For each length, the first digits after which any others make a number that may be issued."""
    import numpy as np

    tables: dict[int, np.ndarray[Any, Any]] = {}
    for number in _numbers(tuple(_syntax.parse(plan(code).pattern, re.ASCII))):
        if len(number) > _FIRST and all(digits == _DIGITS for digits in number[_FIRST:]):
            table = tables.setdefault(len(number), np.zeros((10,) * _FIRST, bool))
            table[np.ix_(*map(sorted, number[:_FIRST]))] = True
    return tables


def _numbers(nodes: Sequence[Any]) -> Iterator[tuple[frozenset[int], ...]]:
    """Every number that a plan describes, as the digits that may stand in each place."""
    if not nodes:
        yield ()
        return
    (kind, value), rest = nodes[0], tuple(_numbers(nodes[1:]))
    for first in _numbers_of(str(kind), value):
        yield from ((*first, *others) for others in rest)


def _numbers_of(kind: str, value: Any) -> Iterable[tuple[frozenset[int], ...]]:
    if kind == "SUBPATTERN":
        return _numbers(tuple(value[-1]))
    if kind == "BRANCH":
        return (number for branch in value[1] for number in _numbers(tuple(branch)))
    if kind == "MAX_REPEAT":
        least, most, inner = value
        return (number for count in range(least, most + 1) for number in _numbers(tuple(inner) * count))
    if kind == "LITERAL":
        return [(frozenset((value - ord("0"),)),)]
    return [(_digits(value),)]


def _digits(items: Iterable[Any]) -> frozenset[int]:
    found: set[int] = set()
    for item, what in items:
        if str(item) == "CATEGORY":
            found |= _DIGITS
        else:
            first, last = what if str(item) == "RANGE" else (what, what)
            found |= set(range(first - ord("0"), last - ord("0") + 1))
    return frozenset(found)

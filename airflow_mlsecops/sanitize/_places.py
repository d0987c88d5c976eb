"""Sensitive data inside texts: found, replaced, and looked for once more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.sanitize._cells import by_value, exact
from airflow_mlsecops.sanitize._errors import SanitizeError
from airflow_mlsecops.sanitize._transformation import Means
from airflow_mlsecops.scan import Occurrence, occurrences
from airflow_mlsecops.scan.naming import names_of
from airflow_mlsecops.scan.search import proven
from airflow_mlsecops.scan.view import View, views_of

if TYPE_CHECKING:
    import polars as pl

# Of a column with more paths than it may have, the upper half of a row's number tells the path.
_ROW = 0xFFFFFFFF

Instead = Callable[[Sequence[Occurrence], Sequence[str]], Sequence[str]]
"""What is to stand in the places of some texts: told both, says one text for each."""


def label(entity: str) -> str:
    """What stands where something was taken out."""
    return f"<{entity}>"


def labels(found: Sequence[Occurrence], texts: Sequence[str]) -> list[str]:
    """The names of what stood in the places."""
    return [label(one.entity) for one in found]


def inside(cells: pl.Series, means: Means, instead: Instead, *, look_again: bool) -> pl.Series:
    """Texts of a column with what is to be removed replaced, wherever it stands; all that is found if none is named.

    Where a whole column tells one of the entities and nothing finds it inside texts, no text stays: it may be anywhere.

    :raises SanitizeError: if there is neither an entity nor anything that finds one
    """
    import polars as pl

    text = exact(cells)
    able = tuple(one for one in means.detectors if one.pattern or one.prose)
    blind = sorted(means.entities - {one.entity.name for one in able})
    if blind:
        return text.set(text.is_not_null(), label(blind[0]))
    if not able:
        raise SanitizeError(
            "something is to be removed from inside texts, but no entity is named, and no detector is there to find "
            "any: give the detectors, or a rule for whole cells, such as drop or pseudonymise",
            code="NOTHING_TO_FIND",
        )
    looking = tuple(one for one in able if not means.entities or one.entity.name in means.entities)

    def made(texts: pl.Series) -> pl.Series:
        return pl.Series(replaced(texts.to_list(), looking, instead, look_again=look_again), dtype=pl.String)

    return by_value(text, made)


def replaced(texts: Sequence[str], detectors: tuple[Detector, ...], instead: Instead, *, look_again: bool) -> list[str]:
    """Texts with every occurrence replaced.

    Where the scan still finds something afterwards, as in spellings that have no place in the text (``%40`` for ``@``),
    or across what was replaced, the whole text becomes the name of what it finds.

    :param instead: what to put there
    :param look_again: also look at what was put there; what is made up would be found, and is not meant to go
    """
    made = list(texts)
    seen = _seen(texts, detectors)
    concerned = sorted(seen)
    found = _found(texts, seen)
    named = [_with(texts[place], found[place], labels(found[place], ())) for place in concerned]
    pieces = [(one, texts[place][one.start : one.end]) for place in concerned for one in found[place]]
    put = iter(instead([one for one, _ in pieces], [text for _, text in pieces]))
    for place in concerned:
        made[place] = _with(texts[place], found[place], [next(put) for _ in found[place]])
    left = _seen(named, detectors)
    if look_again:
        left |= _seen([made[place] for place in concerned], detectors)
    for place, by in left.items():
        made[concerned[place]] = label(min(one.entity.name for one in by))
    return made


def _with(text: str, found: Sequence[Occurrence], put: Sequence[str]) -> str:
    """The text with its occurrences replaced."""
    pieces, end = [], 0
    for one, new in zip(found, put, strict=True):
        pieces += [text[end : one.start], new]
        end = one.end
    return "".join((*pieces, text[end:]))


def _found(texts: Sequence[str], seen: dict[int, set[Detector]]) -> dict[int, list[Occurrence]]:
    """Where each text has what was seen in it; what overlaps is one occurrence."""
    places: dict[Detector, list[int]] = defaultdict(list)
    for place in sorted(seen):
        for detector in seen[place]:
            places[detector].append(place)
    found: dict[int, list[Occurrence]] = {place: [] for place in seen}
    for detector, some in places.items():
        # One by one: of several, only the better proven of those that overlap would be told, and not all of the other.
        for place, told in zip(some, occurrences([texts[place] for place in some], (detector,)), strict=True):
            found[place] += told
    return {place: list(_together(told)) for place, told in found.items()}


def _together(found: Iterable[Occurrence]) -> Iterator[Occurrence]:
    last: Occurrence | None = None
    for one in sorted(found):
        if last is None or one.start >= last.end:
            if last is not None:
                yield last
            last = one
        else:
            longer = max(last, one, key=lambda each: each.end - each.start)
            last = Occurrence(last.start, max(last.end, one.end), longer.entity)
    if last is not None:
        yield last


def _seen(texts: Sequence[str], detectors: tuple[Detector, ...]) -> dict[int, set[Detector]]:
    """The places of texts in which the scan finds something, with what finds it."""
    import polars as pl

    of_row: dict[int, set[Detector]] = defaultdict(set)
    distinct = list(dict.fromkeys(texts))
    reading = any(one.prose for one in detectors)
    # As they stand, where places are counted in them; and as the scan reads them, in JSON leaf by leaf.
    sentences: set[tuple[int, str]] = set(enumerate(distinct)) if reading else set()
    # A column without a name, so that no name keeps a detector from it.
    for view in views_of(0, pl.Series("", distinct, dtype=pl.String)):
        for one in proven(view, detectors, names_of(detectors), gather=False):
            for row in _rows(view, one.places):
                of_row[row].add(one.detector)
        if reading:
            cells = view.all_cells()
            sentences.update(zip(_rows(view, cells["place"]), cells["text"].to_list(), strict=True))
    for row, text in sentences:
        of_row[row].update(one for one in detectors if one.prose and any(True for _ in one.prose(text)))
    rows = {text: row for row, text in enumerate(distinct)}
    return {place: found for place, text in enumerate(texts) if (found := of_row.get(rows[text]))}


def _rows(view: View, places: pl.Series) -> list[int]:
    rows = places if view.row is None else view.row.gather(places)
    return [row & _ROW for row in rows.to_list()]

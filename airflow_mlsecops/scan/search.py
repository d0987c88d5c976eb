"""What patterns prove, and what cells look like, in one leaf of one batch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from airflow_mlsecops.core.clue import Fit
from airflow_mlsecops.core.detector import Detector, whole
from airflow_mlsecops.scan.buffer import Buffer
from airflow_mlsecops.scan.naming import Names
from airflow_mlsecops.scan.paths import name_of
from airflow_mlsecops.scan.pattern import ascii_pattern, linear, shortest_number
from airflow_mlsecops.scan.sieve import FEW, Sieve, containing, sieve_of
from airflow_mlsecops.scan.view import View

if TYPE_CHECKING:
    import polars as pl

_UUID = r"^[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$"
_IS_UUID = re.compile(_UUID).search
_PROBE = 64
# From so many distinct candidates on, deciding them together pays.
_MANY = 256


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """Where one detector found what.

    It has no repr: values are from the data.

    :param places: of the cells, each once
    :param values: distinct values in one spelling; empty unless they were asked for
    """

    detector: Detector
    places: pl.Series
    values: tuple[str, ...] = ()


def proven(
    view: View,
    detectors: tuple[Detector, ...],
    names: Names,
    *,
    gather: bool,
    usual: dict[str, set[str]] | None = None,
) -> Iterator[Found]:
    """What patterns find anywhere in the cells.

    :param gather: keep the values
    :param names: what denies a detector a column; keys of JSON may be data, and deny nothing here
    :param usual: remembers what columns are full of, by path: it spares work and decides nothing
    """
    for some, cells in _searched(view, detectors):
        sieve = sieve_of(some)
        if sieve is not None and len(cells):
            yield from _proven(view, sieve, cells, names, usual if usual is not None else {}, gather=gather)


def _proven(
    view: View, sieve: Sieve, cells: pl.DataFrame, names: Names, usual: dict[str, set[str]], *, gather: bool
) -> Iterator[Found]:
    # Numbers are not read as text where they are too short to matter.
    buffer = None if view.cells.dtype.is_numeric() else view.buffer
    if view.path not in usual:
        usual[view.path] = sieve.usual(cells) if len(cells) > FEW else set()
    for detector, passed in _sifted(sieve, cells, usual[view.path], buffer):
        if view.loose or not denied(detector, names, view.path):
            places, values = _accepted(detector, passed, gather=gather)
            if len(places):
                yield Found(detector, places, values)


def _sifted(
    sieve: Sieve, cells: pl.DataFrame, usual: set[str], buffer: Buffer | None
) -> Iterator[tuple[Detector, pl.DataFrame]]:
    """What the sieve gives, UUIDs apart where a column is full of them: no built-in detector finds anything in one."""
    if sum(map(bool, map(_IS_UUID, cells["text"].head(_PROBE).to_list()))) * 2 > _PROBE:
        uuids = cells["text"].str.contains(_UUID)
        wide = sieve.wide
        if wide.clauses:
            yield from wide.sift(cells.filter(uuids), set())
        cells, buffer = cells.clear() if uuids.all() else cells.filter(~uuids), None
    yield from sieve.sift(cells, usual, buffer)


def alike(view: View, detector: Detector, found: Iterable[Found] = (), *, gather: bool) -> Found:
    """The cells whose whole text looks like the entity: by the pattern alone, unless their values are asked for.

    :param found: what was proven, which need not be looked at again
    """
    cells = view.all_cells() if gather else _others(view.all_cells(), detector, found)
    # What was written of a number has no space around it.
    cells = cells if view.cells.dtype.is_numeric() else stripped(cells)
    cells = containing(cells, ascii_pattern(detector.cell_pattern or ""))
    if not gather:
        return Found(detector, cells["place"])
    values = {text: detector.cell(text) for text in cells["text"].unique().to_list()}
    return Found(detector, cells["place"], tuple(sorted(set(filter(None, values.values())))))


def _others(cells: pl.DataFrame, detector: Detector, found: Iterable[Found]) -> pl.DataFrame:
    import polars as pl

    proven = next((one.places for one in found if one.detector is detector), None)
    if proven is None or len(proven) * 2 < len(cells):
        return cells
    return cells.clear() if len(proven) == len(cells) else cells.filter(~pl.col("place").is_in(proven.implode()))


def stripped(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells without space around them, which CHAR columns and ``a, b`` in CSV bring, and whole cells must not."""
    import polars as pl

    return cells.with_columns(pl.col("text").str.strip_chars())


def _searched(view: View, detectors: tuple[Detector, ...]) -> Iterator[tuple[tuple[Detector, ...], pl.DataFrame]]:
    """Detectors with the cells that could hold anything for them."""
    import polars as pl

    dtype = view.cells.dtype
    wide = tuple(detector for detector in detectors if detector.everything)
    if dtype.is_numeric() and not dtype.is_decimal():
        digits = _digits(detectors)
        yield (
            tuple(detector for detector in detectors if not detector.everything),
            (view.long_numbers(digits) if digits else _nothing()),
        )
    elif not (dtype.is_temporal() or dtype == pl.Boolean):
        yield detectors, view.all_cells()
        return
    # Dates and truth values hold nothing that a built-in pattern proves by itself.
    if wide:
        yield wide, view.all_cells()


def _nothing() -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(schema={"place": pl.UInt32, "text": pl.String})


@lru_cache(maxsize=32)
def _digits(detectors: tuple[Detector, ...]) -> int | None:
    lengths = [shortest_number(detector.pattern) for detector in detectors if detector.pattern is not None]
    return min((max(1, length) for length in lengths if length is not None), default=None)


def denied(detector: Detector, names: Names, path: str) -> bool:
    """True if a detector without names has a word that keeps it from a column altogether (``version`` holds no IP)."""
    return not detector.names and bool(detector.not_names) and names.fit(detector, name_of(path)) is Fit.DENIES


def _accepted(detector: Detector, cells: pl.DataFrame, *, gather: bool) -> tuple[pl.Series, tuple[str, ...]]:
    import polars as pl

    if len(cells) <= FEW:
        return _each(detector, cells)
    pattern = ascii_pattern(detector.pattern or "")
    if gather:
        found = _candidates(cells, pattern)
        values = {run: _values(detector, run) for run in found["run"].unique().to_list()}
        good = pl.Series([run for run, inside in values.items() if inside], dtype=pl.String)
        return _places(found, good), tuple(sorted({value for inside in values.values() for value in inside}))
    if detector.find is whole:
        return containing(cells, pattern)["place"], ()
    if detector.sure is None:
        return _validated(detector, cells, pattern), ()
    sure = cells["text"].str.contains(ascii_pattern(detector.sure))
    doubtful = cells.filter(~sure)
    return pl.concat([cells["place"].filter(sure), _validated(detector, doubtful, pattern)]), ()


def _each(detector: Detector, cells: pl.DataFrame) -> tuple[pl.Series, tuple[str, ...]]:
    """Places and values of few cells, asked one by one."""
    import polars as pl

    runs = linear(detector.pattern or "").finditer
    found = [
        (place, values)
        for place, text in cells.iter_rows()
        if (values := {value for run in runs(text) for _, _, value in detector.find(run[0])})
    ]
    places = pl.Series([place for place, _ in found], dtype=pl.UInt32)
    return places, tuple(sorted({value for _, values in found for value in values}))


def _validated(detector: Detector, cells: pl.DataFrame, pattern: str) -> pl.Series:
    """Places of the cells with an accepted candidate: many cells are decided together, the rest one by one."""
    import polars as pl

    if detector.bulk is None or len(cells) < _MANY:
        return _asked(detector, cells, pattern)
    known: pl.Series = detector.bulk(cells["text"])
    return pl.concat([cells["place"].filter(known), _asked(detector, cells.filter(known.is_null()), pattern)])


def _asked(detector: Detector, cells: pl.DataFrame, pattern: str) -> pl.Series:
    """Places of the cells with an accepted candidate; each distinct candidate is looked at once, never each row."""
    import polars as pl

    found = _candidates(cells, pattern)
    if not len(found):
        return found["place"]
    runs = found["run"].unique()
    good = pl.Series([_holds(detector, run) for run in runs.to_list()], dtype=pl.Boolean)
    return found["place"].unique() if good.all() else _places(found, runs.filter(good))


def _holds(detector: Detector, run: str) -> bool:
    return next(iter(detector.find(run)), None) is not None


def _values(detector: Detector, run: str) -> tuple[str, ...]:
    return tuple(value for _, _, value in detector.find(run))


def _candidates(cells: pl.DataFrame, pattern: str) -> pl.DataFrame:
    import polars as pl

    runs = cells.lazy().select("place", pl.col("text").str.extract_all(pattern).alias("run"))
    return runs.explode("run").drop_nulls("run").collect()


def _places(found: pl.DataFrame, good: pl.Series) -> pl.Series:
    return found.join(good.alias("run").to_frame(), on="run", how="semi")["place"].unique()


def values_of(found: Iterable[Found]) -> set[str]:
    """Every value of several finds."""
    return {value for one in found for value in one.values}

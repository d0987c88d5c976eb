"""What detectors find in one column of one batch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from airflow_mlsecops.core.classification import How
from airflow_mlsecops.core.detector import Detector, anything
from airflow_mlsecops.scan.naming import denies, fits
from airflow_mlsecops.scan.pattern import ascii_pattern
from airflow_mlsecops.scan.sieve import containing, sieve_of
from airflow_mlsecops.scan.view import View

if TYPE_CHECKING:
    import polars as pl

STRENGTH = {how: rank for rank, how in enumerate(How)}


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """Where one pattern of one detector found what.

    It has no repr: candidates are values from the data.

    :param rows: positions of the rows, each once
    :param candidates: distinct candidates that were accepted; empty unless they were asked for
    """

    detector: Detector
    how: How
    rows: pl.Series
    candidates: tuple[str, ...]


def find(view: View, detectors: tuple[Detector, ...], *, gather: bool, everywhere: bool = False) -> Iterator[Found]:
    """Everything that detectors find in a column.

    :param gather: keep the accepted candidates
    :param everywhere: search every column as if its name fitted
    """
    plain = list(_plain(view, detectors, gather=gather))
    yield from plain
    for detector in detectors:
        if detector.named_pattern is not None and (everywhere or fits(detector, view.name)):
            cells = view.cells() if gather else _unproven(view.cells(), detector, plain)
            cells = containing(_stripped(cells), ascii_pattern(detector.named_pattern))
            yield from _search(detector, cells, detector.named_pattern, named=True, gather=gather)


def _plain(view: View, detectors: tuple[Detector, ...], *, gather: bool) -> Iterator[Found]:
    sieve = sieve_of(detectors)
    for detector, cells in sieve.sift(view.candidates()) if sieve else ():
        if detector.pattern is not None and not denies(detector, view.name):
            yield from _search(detector, cells, detector.pattern, named=False, gather=gather)


def _unproven(cells: pl.DataFrame, detector: Detector, found: list[Found]) -> pl.DataFrame:
    """The cells for which nothing as strong as this detector's named pattern has shown the same entity."""
    import polars as pl

    proven = [
        one.rows
        for one in found
        if one.detector.entity.name == detector.entity.name
        and STRENGTH[one.how] <= STRENGTH[_how(detector, named=True)]
    ]
    return cells.filter(~pl.col("row").is_in(pl.concat(proven).implode())) if proven else cells


def _stripped(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells without space around them, which CHAR columns and ``a, b`` in CSV bring, and whole cells must not."""
    import polars as pl

    return cells.with_columns(pl.col("text").str.strip_chars())


def _search(detector: Detector, cells: pl.DataFrame, pattern: str, *, named: bool, gather: bool) -> Iterator[Found]:
    if gather:
        accepted = _accepted(_candidates(cells, ascii_pattern(pattern)), detector)
        rows, candidates = accepted["row"].unique(), tuple(accepted["text"].unique())
    else:
        rows, candidates = _rows(cells, ascii_pattern(pattern), detector), ()
    if len(rows):
        yield Found(detector, _how(detector, named=named), rows, candidates)


def _rows(cells: pl.DataFrame, pattern: str, detector: Detector) -> pl.Series:
    """Rows with an accepted candidate, where nobody asks for the candidates."""
    import polars as pl

    if detector.validate is anything:
        return cells["row"]
    if detector.sure is None:
        return _accepted(_candidates(cells, pattern), detector)["row"].unique()
    sure = cells["text"].str.contains(ascii_pattern(detector.sure))
    doubtful = _accepted(_candidates(cells.filter(~sure), pattern), detector)["row"].unique()
    return pl.concat([cells["row"].filter(sure), doubtful])


def _how(detector: Detector, *, named: bool) -> How:
    if detector.checked:
        return How.VALIDATED
    return How.NAME if named else How.PATTERN


def _candidates(cells: pl.DataFrame, pattern: str) -> pl.DataFrame:
    import polars as pl

    return cells.with_columns(pl.col("text").str.extract_all(pattern)).explode("text").drop_nulls("text")


def _accepted(found: pl.DataFrame, detector: Detector) -> pl.DataFrame:
    """Validate each distinct candidate once, never each row."""
    import polars as pl

    if detector.validate is anything:
        return found
    distinct = found["text"].unique()
    accepted = pl.Series([detector.validate(text) for text in distinct.to_list()], dtype=pl.Boolean)
    if accepted.all():
        return found
    return found.join(distinct.filter(accepted).to_frame(), on="text", how="semi")

"""A column of a batch as the scan sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.scan.sieve import sieve_of
from airflow_mlsecops.scan.text import text_of

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, repr=False)
class View:
    """One column of one batch; it has no repr, since it holds the data.

    :param position: counted from 0
    :param type: name of its type, without what some types say of their values (an Enum lists them)
    :param text: what its cells are read as; ``None`` if none can be
    :param passing: true for the cells that pass the sieve
    """

    position: int
    name: str
    type: str
    rows: int
    nulls: int
    text: pl.Series | None
    passing: pl.Series | None

    def cells(self) -> pl.DataFrame:
        """Rows and texts of every cell that was read."""
        return _frame(self.text, self.text.is_not_null()) if self.text is not None else _frame(None, None)

    def candidates(self) -> pl.DataFrame:
        """Rows and texts of the cells that pass the sieve."""
        return _frame(self.text, self.passing)

    @property
    def unreadable(self) -> int:
        """Cells that hold something which could not be read."""
        return self.rows - self.nulls if self.text is None else self.text.null_count() - self.nulls


def views(batch: pl.DataFrame, detectors: tuple[Detector, ...]) -> Iterator[View]:
    """Every column of a batch, all sifted in one pass."""
    import polars as pl

    texts = {str(position): text_of(column) for position, column in enumerate(batch.iter_columns())}
    readable = pl.DataFrame({position: text for position, text in texts.items() if text is not None})
    sieve = sieve_of(detectors)
    passing = readable.select(pl.all().str.contains(sieve.pattern).fill_null(False) if sieve else pl.lit(False))
    for position, column in enumerate(batch.iter_columns()):
        key = str(position)
        yield View(
            position=position,
            name=column.name,
            type=column.dtype.base_type().__name__,
            rows=len(column),
            nulls=column.null_count(),
            text=texts[key],
            passing=passing[key] if sieve and texts[key] is not None else None,
        )


def _frame(text: pl.Series | None, kept: pl.Series | None) -> pl.DataFrame:
    import polars as pl

    if text is None or kept is None:
        return pl.DataFrame(schema={"row": pl.UInt32, "text": pl.String})
    return pl.DataFrame({"row": kept.arg_true().cast(pl.UInt32), "text": text.filter(kept)})

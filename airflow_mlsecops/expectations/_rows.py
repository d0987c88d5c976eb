"""What the rows of a batch can be asked, whatever reads them; knows no Great Expectations."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from airflow_mlsecops.core.anonymity import Anonymity
from airflow_mlsecops.core.classification import Skipped
from airflow_mlsecops.core.errors import MlsecopsError

if TYPE_CHECKING:
    import polars as pl

T = TypeVar("T")

PLACE = "this batch"
PSEUDONYM = "^[0-9a-f]{32}$"
"""What :mod:`airflow_mlsecops.sanitize` writes for a value; here ``$`` is the end of the text and nothing before it."""


@dataclass(frozen=True)
class Trouble:
    """Why nothing can be said: whoever is told it fails.

    :param code: stable, for machines
    :param reason: one value-free sentence for people
    """

    code: str
    reason: str


@dataclass(frozen=True)
class Shaped:
    """How many cells of a column look as they should.

    :param rows: rows of the batch
    :param nulls: rows without a cell
    :param misshapen: rows whose cell does not look so
    """

    rows: int
    nulls: int
    misshapen: int


class Rows(Protocol):
    """The rows of one batch, and what their engine can say of them without handing them out."""

    @property
    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """The columns, in their order; a name may come twice."""

    @property
    @abstractmethod
    def skipped(self) -> tuple[Skipped, ...]:
        """What :meth:`frames` could not look at; complete once it is exhausted."""

    @abstractmethod
    def count(self) -> int:
        """Rows there."""

    @abstractmethod
    def frames(self, columns: Sequence[str] = ()) -> Iterator[pl.DataFrame]:
        """Every row, in frames of bounded size, of which there is at least one.

        :param columns: which columns; every one if none is given
        """

    @abstractmethod
    def pseudonyms(self, column: str) -> Shaped:
        """How many cells of a column are pseudonyms."""

    @abstractmethod
    def groups(self, columns: Sequence[str], k: int, sensitive: str | None, l: int | None) -> Anonymity:  # noqa: E741
        """How well the rows hide among each other."""


def told(ask: Callable[[], T]) -> T | Trouble:
    """The answer, or why there is none.

    Great Expectations writes the text and the trace of what is raised into results, logs and Data Docs, and both hold
    cells as often as not: nothing is raised here.
    """
    try:
        return ask()
    except MlsecopsError as error:
        return Trouble(error.code, str(error))
    except Exception as error:  # noqa: BLE001 - the outer edge: its class is told, its text may hold cells
        kind = type(error).__name__
        return Trouble("UNEXPECTED", f"{PLACE} could not be looked at ({kind}): see where it comes from")


def shaped(rows: Rows, column: str) -> Shaped:
    """Pseudonyms counted by reading every cell of a column."""
    import polars as pl

    done = nulls = good = 0
    for frame in rows.frames([column]):
        cells = frame.to_series(0)
        done, nulls = done + len(cells), nulls + cells.null_count()
        if cells.dtype == pl.String:
            good += int(cells.str.contains(PSEUDONYM).sum())
    return Shaped(rows=done, nulls=nulls, misshapen=done - nulls - good)


def grouped(rows: Rows, columns: Sequence[str], k: int, sensitive: str | None, l: int | None) -> Anonymity:  # noqa: E741
    """Rows counted by reading every cell of some columns."""
    from airflow_mlsecops.scan.anonymity import Groups

    groups = Groups(columns, sensitive=sensitive)
    for frame in rows.frames([*columns, *([sensitive] if sensitive else [])]):
        groups.see(frame)
    return groups.result(k, l)


def anonymity_of(
    columns: Sequence[str],
    k: int,
    sensitive: str | None,
    l: int | None,  # noqa: E741
    found: Sequence[int],
) -> Anonymity:
    """What an engine counted: groups, rows, the smallest, rows and groups below k, and the same of diversity."""
    groups, rows, smallest, rows_below, groups_below, least_diverse, rows_undiverse, groups_undiverse = found
    diverse = sensitive is not None
    return Anonymity(
        columns=tuple(columns),
        rows=rows,
        groups=groups,
        smallest=smallest,
        k=k,
        rows_below=rows_below,
        groups_below=groups_below,
        sensitive=sensitive,
        l=l,
        least_diverse=least_diverse if diverse else None,
        rows_undiverse=rows_undiverse if diverse else 0,
        groups_undiverse=groups_undiverse if diverse else 0,
    )

"""Dates without their day."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from airflow_mlsecops.sanitize._cells import exact, nulls
from airflow_mlsecops.sanitize._transformation import Means, Transformation

if TYPE_CHECKING:
    import polars as pl

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
# The name in full or its first three letters: "mayor 5, 1987" is no date.
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_ZONE = "(?: ?(?:z|utc|gmt|[+-][0-9]{2}:?(?:[0-9]{2})?))?"
_TIME = rf"(?:[t ]+[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:[.,][0-9]{{1,9}})?)?(?: ?[ap]m)?{_ZONE})?"
_DAY = r"([0-9]{1,2})(?:st|nd|rd|th)?"
# Year, month and day by the group that they stand in; without a day it is the first.
_Order = tuple[int, int, int]


class DatePeriod(Transformation):
    """Leave year, quarter or month of a date: ``1987``, ``1987-Q3``, ``1987-08``.

    Safe Harbor of HIPAA keeps the year alone (45 CFR 164.514(b)(2)(i)(C)), and not that of birth of whoever is older
    than 89.

    Read are dates and moments (in their own zone), ISO 8601, ``19870805``, ``5 Aug 1987``, ``Aug 5, 1987``,
    ``8/5/1987`` and ``5.8.1987``. A year of two digits, a date that no calendar has, and what is no date become null.

    :param to: ``year``, ``quarter`` or ``month``
    :param day_first: read ``3/4/1987`` and ``3-4-1987`` as the third of April rather than the fourth of March; with
        points the day is always first
    """

    strength: ClassVar[int] = 45
    recognisable: ClassVar[bool] = True
    coarser: ClassVar[bool] = True

    to: Literal["year", "quarter", "month"]
    day_first: bool = False

    def apply(self, cells: pl.Series, means: Means) -> pl.Series:
        """The periods, as text."""
        import polars as pl

        if cells.dtype in (pl.Time, pl.Duration):
            cells = pl.Series(cells.name, [None], dtype=pl.Date).new_from_index(0, len(cells))
        dates = cells if cells.dtype in (pl.Date, pl.Datetime) else self._read(exact(cells))
        return self._written(dates.alias("cell").to_frame()).alias(cells.name)

    def shape(self) -> str:
        """A year, alone or with the number of the quarter or month."""
        return {"year": "^[0-9]{4}$", "quarter": "^[0-9]{4}-Q[1-4]$", "month": "^[0-9]{4}-(?:0[1-9]|1[0-2])$"}[self.to]

    def _written(self, dates: pl.DataFrame) -> pl.Series:
        import polars as pl

        date = pl.col("cell").dt
        year = date.year().cast(pl.String).str.zfill(4)
        rest = {
            "year": pl.lit(""),
            "quarter": pl.lit("-Q") + date.quarter().cast(pl.String),
            "month": pl.lit("-") + date.month().cast(pl.String).str.zfill(2),
        }[self.to]
        return dates.select(pl.when(date.year().is_between(1, 9999)).then(year + rest)).to_series()

    def _read(self, text: pl.Series) -> pl.Series:
        """Dates, where the texts are any; each form is looked for where none before it was found."""
        import polars as pl

        texts = text.str.strip_chars().str.to_lowercase()
        dates = pl.Series([None], dtype=pl.Date).new_from_index(0, len(texts))
        for pattern, order in self._forms():
            rest = (dates.is_null() & texts.is_not_null()).arg_true()
            if not len(rest):
                break
            some = texts if len(rest) == len(texts) else texts.gather(rest)
            found = _plain(some, pattern, order) if isinstance(order, str) else _dates(some, pattern, order)
            dates = found if len(rest) == len(texts) else dates.scatter(rest, found)
        return dates

    def _forms(self) -> list[tuple[str, _Order | str]]:
        numeric: _Order = (3, 2, 1) if self.day_first else (3, 1, 2)
        slashes = "%d/%m/%Y" if self.day_first else "%m/%d/%Y"
        forms: list[tuple[str, _Order | str]] = [
            # First what is written in ten characters, as most are: that takes a fifth of the time.
            (rf"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{_TIME}$", "%Y-%m-%d"),
            (rf"^[0-9]{{2}}/[0-9]{{2}}/[0-9]{{4}}{_TIME}$", slashes),
            (rf"^[0-9]{{2}}\.[0-9]{{2}}\.[0-9]{{4}}{_TIME}$", "%d.%m.%Y"),
            (rf"^([0-9]{{4}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{1,2}}){_TIME}$", (1, 2, 3)),
            (rf"^([0-9]{{4}})([0-9]{{2}})([0-9]{{2}}){_TIME}$", (1, 2, 3)),
            (rf"^([0-9]{{1,2}})\.([0-9]{{1,2}})\.([0-9]{{4}}){_TIME}$", (3, 2, 1)),
            (rf"^([0-9]{{1,2}})[-/]([0-9]{{1,2}})[-/]([0-9]{{4}}){_TIME}$", numeric),
            (rf"^(?:[a-z]{{3,9}},? +)?{_DAY}[ -]+(?:of )?{_MONTH}\.?[ ,-]+([0-9]{{4}}){_TIME}$", (3, 2, 1)),
            (rf"^(?:[a-z]{{3,9}},? +)?{_MONTH}\.?[ -]+{_DAY},?[ -]+([0-9]{{4}}){_TIME}$", (3, 1, 2)),
            (r"^([0-9]{4})[-/]([0-9]{1,2})$", (1, 2, 0)),
            (rf"^{_MONTH}\.?,?[ -]+([0-9]{{4}})$", (2, 1, 0)),
        ]
        # A year alone has neither quarter nor month.
        return [*forms, ("^([0-9]{4})$", (1, 0, 0))] if self.to == "year" else forms


def _plain(texts: pl.Series, pattern: str, written: str) -> pl.Series:
    """Dates of texts that begin with ten characters of one format."""
    return texts.set(~texts.str.contains(pattern), None).str.head(10).str.to_date(written, strict=False)


def _dates(texts: pl.Series, pattern: str, order: _Order) -> pl.Series:
    import polars as pl

    fits = texts.str.contains(pattern)
    groups = texts.set(~fits, None).str.extract_groups(pattern).struct
    year, month, day = (
        groups.field(str(place)) if place else nulls(texts, pl.String).set(fits, "1") for place in order
    )
    number = month.str.head(3).replace(list(_MONTHS), [str(number) for number in _MONTHS.values()])
    parts = pl.concat_str(pl.lit(year), pl.lit(number).str.zfill(2), pl.lit(day).str.zfill(2), separator="-")
    return pl.select(parts.str.to_date("%Y-%m-%d", strict=False)).to_series()


TRANSFORMATION = DatePeriod

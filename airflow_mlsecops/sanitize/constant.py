"""One text for all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field, field_validator

from airflow_mlsecops.sanitize._cells import nulls
from airflow_mlsecops.sanitize._transformation import Means, Transformation

if TYPE_CHECKING:
    import polars as pl


class Constant(Transformation):
    """Put the same text into every cell; which cells were null is all that stays.

    :param value: the text, of one line
    """

    strength: ClassVar[int] = 90

    value: str = Field(max_length=200)

    @field_validator("value")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("it has line feeds or other characters that nobody sees: write one line of plain text")
        return value

    def apply(self, cells: pl.Series, means: Means) -> pl.Series:
        """The text, wherever there is something."""
        import polars as pl

        return nulls(cells, pl.String).set(cells.is_not_null(), self.value)

    def shape(self) -> str:
        """The text itself."""
        return f"^{re.escape(self.value)}$"


TRANSFORMATION = Constant

"""Sensitive data taken out of texts, which stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from airflow_mlsecops.sanitize._cells import by_value, exact
from airflow_mlsecops.sanitize._places import labels, looking, replaced
from airflow_mlsecops.sanitize._transformation import Means, Transformation

if TYPE_CHECKING:
    import polars as pl


class Redact(Transformation):
    """Replace what was found inside each text by its name: ``write to <EMAIL_ADDRESS>``.

    The scan looks at each text once more: if it still finds something, the whole cell becomes its name. What only a
    whole column tells (a list of first names, of ages) is not found inside texts: such a column needs another rule.
    """

    strength: ClassVar[int] = 40

    @property
    def partial(self) -> bool:
        """True: the text around what was found stays."""
        return True

    def apply(self, cells: pl.Series, means: Means) -> pl.Series:
        """The texts without what is to be removed from them.

        :raises SanitizeError: if nothing finds one of the entities inside texts
        """
        import polars as pl

        detectors = looking(means)

        def redacted(texts: pl.Series) -> pl.Series:
            made = replaced(texts.to_list(), detectors, labels, look_again=False)
            return pl.Series(made, dtype=pl.String)

        return by_value(exact(cells), redacted)


TRANSFORMATION = Redact

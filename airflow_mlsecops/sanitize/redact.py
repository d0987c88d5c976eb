"""Sensitive data taken out of texts, which stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from airflow_mlsecops.sanitize._places import inside, labels
from airflow_mlsecops.sanitize._transformation import Means, Transformation

if TYPE_CHECKING:
    import polars as pl


class Redact(Transformation):
    """Replace what was found inside each text by its name: ``write to <EMAIL_ADDRESS>``.

    The scan looks at each text once more: if it still finds something, the whole cell becomes its name. So does every
    cell where only a whole column tells what it is, as with passwords, and nothing finds it inside texts.
    """

    strength: ClassVar[int] = 40

    @property
    def partial(self) -> bool:
        """True: the text around what was found stays."""
        return True

    def apply(self, cells: pl.Series, means: Means) -> pl.Series:
        """The texts without what is to be removed from them.

        :raises SanitizeError: if there is neither an entity nor anything that finds one
        """
        return inside(cells, means, labels, look_again=False)


TRANSFORMATION = Redact

"""A transformation done to what stands inside texts, rather than to whole cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from airflow_mlsecops.sanitize._places import inside, labels
from airflow_mlsecops.sanitize._transformation import Means, Transformation
from airflow_mlsecops.scan import Occurrence

if TYPE_CHECKING:
    import polars as pl


class Within(Transformation):
    """Replace each occurrence by what another transformation makes of it, and keep the text around it.

    As with ``redact``, a text in which the scan still finds something becomes the name of what it finds; what the
    other cannot read becomes its name, too.

    :param inner: what is done to each occurrence
    """

    strength: ClassVar[int] = 45

    inner: Transformation

    @property
    def partial(self) -> bool:
        """True: the text around what was found stays."""
        return True

    def apply(self, cells: pl.Series, means: Means) -> pl.Series:
        """The texts with their occurrences transformed.

        :raises SanitizeError: if there is neither an entity nor anything that finds one
        """
        import polars as pl

        def instead(found: Sequence[Occurrence], values: Sequence[str]) -> list[str]:
            made = self.inner.apply(pl.Series(values, dtype=pl.String), means).to_list()
            return [name if new is None else str(new) for name, new in zip(labels(found, values), made, strict=True)]

        return inside(cells, means, instead, look_again=not self.inner.recognisable)

    def key_id(self, means: Means) -> str:
        """Id of the key that the other uses."""
        return self.inner.key_id(means)

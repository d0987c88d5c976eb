"""How many rows of a large dataset must be looked at, and what that proves.

If a share p of the rows holds something, n rows drawn uniformly miss all of it with probability (1 - p)^n at most: from
n = ln(1 - confidence) / ln(1 - p) on that is rarer than 1 - confidence (the exact form of the rule of three; Hanley and
Lippman-Hand, 1983).
"""

from __future__ import annotations

from math import ceil, log1p

from pydantic import Field, PositiveInt

from airflow_mlsecops.core.frozen import Frozen


class Sample(Frozen):
    """A uniform sample of rows that was looked at instead of all.

    :param rows: rows drawn
    :param of: rows that were there
    :param max_undetected: what stands in at least this share of the rows was found with this ``confidence``
    """

    rows: PositiveInt
    of: PositiveInt
    max_undetected: float = Field(gt=0, lt=1)
    confidence: float = Field(gt=0, lt=1)

    def __str__(self) -> str:
        return (
            f"uniform sample: what stands in {self.max_undetected * 100:g} % of them or more was found with "
            f"{self.confidence * 100:g} % confidence"
        )


class Sampling(Frozen):
    """The policy's leave to look at a sample.

    :param full_scan_up_to: datasets of up to so many rows are read to the last one
    """

    full_scan_up_to: PositiveInt
    max_undetected: float = Field(gt=0, lt=1)
    confidence: float = Field(gt=0, lt=1)

    @property
    def rows(self) -> int:
        """Rows that a sample must have."""
        return ceil(log1p(-self.confidence) / log1p(-self.max_undetected))

    def met_by(self, sample: Sample, present: int, read: int) -> bool:
        """True if a sample of a dataset is one that this allows, or a larger one."""
        drawn = sample.of == present and sample.rows == read
        return drawn and self.full_scan_up_to < present and self.rows <= read

    def sample(self, present: int | None) -> Sample | None:
        """The sample to draw; ``None`` where all rows are to be read: the dataset is small, or nobody knows how large.

        Half of the rows or more are no sample worth the doubt.
        """
        if present is None or present <= self.full_scan_up_to or 2 * self.rows >= present:
            return None
        return Sample(rows=self.rows, of=present, max_undetected=self.max_undetected, confidence=self.confidence)

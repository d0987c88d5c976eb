"""How well the rows of a table hide among each other."""

from __future__ import annotations

from typing import Self

from pydantic import Field, NonNegativeInt, PositiveInt, model_validator

from airflow_mlsecops.core.frozen import Frozen


class Anonymity(Frozen):
    """What identifies people among rows: counts and names of columns, never a value.

    k-anonymity: Samarati and Sweeney 1998; distinct l-diversity: Machanavajjhala et al. 2007.

    :param columns: the quasi-identifiers; rows that are equal in all of them are one group
    :param smallest: rows in the smallest group; 0 for an empty table
    :param k: the rows that were asked of each group
    :param rows_below: rows in groups of fewer than ``k`` rows; ``groups_below`` those groups
    :param smallest_combinations: the fewest of the columns that leave a group of fewer than ``k`` rows on their own,
        in every choice of so many; empty where no group is below, or where to look would take too long
    :param sensitive: the column whose values a group should not give away
    :param l: the distinct values of ``sensitive`` that were asked of each group
    :param least_diverse: the fewest that a group has; ``None`` without ``sensitive``, 0 for an empty table
    :param rows_undiverse: rows in groups with fewer than ``l``; ``groups_undiverse`` those groups
    """

    columns: tuple[str, ...] = Field(min_length=1)
    rows: NonNegativeInt
    groups: NonNegativeInt
    smallest: NonNegativeInt
    k: PositiveInt
    rows_below: NonNegativeInt
    groups_below: NonNegativeInt
    smallest_combinations: tuple[tuple[str, ...], ...] = ()
    sensitive: str | None = None
    l: PositiveInt | None = None  # noqa: E741 - its name in the literature
    least_diverse: NonNegativeInt | None = None
    rows_undiverse: NonNegativeInt = 0
    groups_undiverse: NonNegativeInt = 0

    @model_validator(mode="after")
    def _speaks_of_a_column(self) -> Self:
        if self.l is not None and self.sensitive is None:
            raise ValueError("l-diversity is that of a sensitive column: name it")
        return self

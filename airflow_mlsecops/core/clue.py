"""What was counted of one kind of sensitive data in one column: sums only, so that rows may come in any order."""

from __future__ import annotations

from enum import StrEnum

from pydantic import NonNegativeInt

from airflow_mlsecops.core.frozen import Frozen


class Fit(StrEnum):
    """What a column's name tells of one kind of data."""

    SAYS = "says so"
    HINTS = "hints at it"
    MUTE = "says nothing"
    OTHER = "says something else"
    DENIES = "denies it"


class Clue(Frozen):
    """The evidence of one detector in one column.

    Rows are counted over every row; cells over a uniform sample of the column's distinct values, without placeholders
    such as ``n/a``.

    :param detector: name of the detector
    :param entity: what it recognises
    :param fit: what the column's name tells of it
    :param validated: rows that hold it with a check passed
    :param proven: rows in which its pattern was accepted, with or without a check
    :param lucky: rows that pass its check no more often than numbers do by chance, and prove nothing
    :param alike: rows that hold it or whose whole cell looks like it; counted only where the name says so
    :param cells: distinct cells that were looked at
    :param looks: of those, how many look like it
    :param known: of those, how many are known to be it
    :param repeated: of those, how many repeat a part of another column's values
    :param texts: sentences that were read
    :param told: of those, how many name it
    """

    detector: str
    entity: str
    fit: Fit
    validated: NonNegativeInt = 0
    proven: NonNegativeInt = 0
    lucky: NonNegativeInt = 0
    alike: NonNegativeInt = 0
    cells: NonNegativeInt = 0
    looks: NonNegativeInt = 0
    known: NonNegativeInt = 0
    repeated: NonNegativeInt = 0
    texts: NonNegativeInt = 0
    told: NonNegativeInt = 0

"""What a dataset holds: a commutative monoid, so that batches and partitions may be scanned in any order."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from pydantic import Field, NonNegativeInt

from airflow_mlsecops.core.fingerprint import Fingerprint
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.sampling import Sample


class How(StrEnum):
    """How an entity was recognised, from the strongest proof to the weakest."""

    VALIDATED = "validated"
    PATTERN = "pattern"
    NAME = "name and values"
    VALUES = "values alike"


class Column(Frozen):
    """A column that was looked at.

    :param name: as shown to people; replaced by ``column[3]`` where the name itself held sensitive data
    :param type: the source's name of its type
    :param rows: rows of it that were read; of a path inside lists or JSON, rows in which it occurs
    :param nulls: rows of it that were null
    :param distinct: distinct values, estimated above some hundreds; ``None`` if they were not counted
    :param prose: true if its cells are sentences rather than values
    """

    name: str
    type: str
    rows: NonNegativeInt = 0
    nulls: NonNegativeInt = 0
    distinct: NonNegativeInt | None = None
    prose: bool = False


class Sighting(Frozen):
    """One entity in one column: how many rows hold it, and how that is known.

    :param rows: rows that hold it
    :param estimated: true if ``rows`` is an estimate from a sample of the column's values, not a count
    :param score: how likely it is, 0 to 1 (:mod:`airflow_mlsecops.core.recognise`)
    """

    column: str
    entity: str
    rows: NonNegativeInt
    how: How
    estimated: bool = False
    score: float = 1.0


class Allowed(Frozen):
    """What was found and does not count, since the policy allows it.

    :param rows: rows that hold nothing else of the entity
    :param rule: which of the policy's allow rules, counted from 0
    """

    column: str
    entity: str
    rows: NonNegativeInt
    rule: NonNegativeInt


class Skipped(Frozen):
    """Something that was not looked at, and why; in a security tool silence must never look like success.

    :param code: ``UNREADABLE_CELLS``, ``HEADER_HOLDS_DATA``…: stable, for machines
    :param detail: one value-free sentence for people: what, where, how many
    :param column: its column, where it is one
    :param rows: rows concerned, where they could be counted
    """

    code: str = Field(pattern=r"^[A-Z][A-Z0-9_]+$")
    detail: str
    column: str | None = None
    rows: NonNegativeInt | None = None


class Classification(Frozen):
    """What a dataset holds.

    :param columns: every column looked at, in name order
    :param sightings: every (column, entity) with at least one row, in name order
    :param allowed: what is no sighting, since the policy allows it
    :param sampled: the uniform sample that the rows are, where not all were looked at
    :param rows_scanned: rows read to their last cell
    :param rows_present: rows there, as the source says; ``None`` if it cannot say before reading
    :param bytes_read: size of what was read, as the source counts it
    :param skipped: what was not looked at; a classification is complete only without any
    :param fingerprint: of what was read; ``None`` for the empty classification only
    :param ruleset: digest of the detectors that looked
    """

    columns: tuple[Column, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    allowed: tuple[Allowed, ...] = ()
    sampled: Sample | None = None
    rows_scanned: NonNegativeInt = 0
    rows_present: NonNegativeInt | None = None
    bytes_read: NonNegativeInt = 0
    skipped: tuple[Skipped, ...] = ()
    fingerprint: Fingerprint | None = None
    ruleset: str = ""

    @property
    def complete(self) -> bool:
        """True if every row that is there was read, nothing was skipped, and there was something to read.

        A sample is never complete, however large.
        """
        all_read = self.rows_present is None or self.rows_present == self.rows_scanned
        return bool(self.columns) and self.rows_scanned > 0 and all_read and not self.skipped

    def column(self, name: str) -> Column | None:
        """The column of that name, if it was looked at."""
        return next((column for column in self.columns if column.name == name), None)

    def merge(self, other: Classification) -> Classification:
        """Both together: counts add, sets unite, the weaker proof of an entity is kept.

        :raises ValueError: if the two were made by different rulesets: their zeros do not mean the same
        """
        if self.ruleset and other.ruleset and self.ruleset != other.ruleset:
            raise ValueError("classifications by different rulesets cannot be merged: scan both again")
        return Classification(
            columns=together(self.columns + other.columns),
            sightings=_merge_sightings(self.sightings + other.sightings),
            allowed=_merge_allowed(self.allowed + other.allowed),
            sampled=_still_sampled(self, other),
            rows_scanned=self.rows_scanned + other.rows_scanned,
            rows_present=_add(self, other),
            bytes_read=self.bytes_read + other.bytes_read,
            skipped=_merge_skipped(self.skipped + other.skipped),
            fingerprint=_merge_fingerprints(self.fingerprint, other.fingerprint),
            ruleset=self.ruleset or other.ruleset,
        )


EMPTY = Classification(rows_present=0)
_STRENGTH = {how: rank for rank, how in enumerate(How)}


def together(columns: Iterable[Column]) -> tuple[Column, ...]:
    """Columns in name order, those of one name and type as one."""
    merged: dict[tuple[str, str], Column] = {}
    for column in columns:
        key = (column.name, column.type)
        known = merged.get(key)
        merged[key] = (
            column
            if known is None
            else known.model_copy(
                update={
                    "rows": known.rows + column.rows,
                    "nulls": known.nulls + column.nulls,
                    # Which values both hold is not known here: at least as many as the richer of the two.
                    "distinct": max((n for n in (known.distinct, column.distinct) if n is not None), default=None),
                    "prose": known.prose or column.prose,
                }
            )
        )
    return tuple(merged[key] for key in sorted(merged))


def _merge_sightings(sightings: tuple[Sighting, ...]) -> tuple[Sighting, ...]:
    merged: dict[tuple[str, str], Sighting] = {}
    for sighting in sightings:
        key = (sighting.column, sighting.entity)
        known = merged.get(key)
        merged[key] = (
            sighting
            if known is None
            else known.model_copy(
                update={
                    "rows": known.rows + sighting.rows,
                    "how": max(known.how, sighting.how, key=_STRENGTH.__getitem__),
                    "estimated": known.estimated or sighting.estimated,
                    "score": max(known.score, sighting.score),
                }
            )
        )
    return tuple(merged[key] for key in sorted(merged))


def _merge_allowed(allowed: tuple[Allowed, ...]) -> tuple[Allowed, ...]:
    merged: dict[tuple[str, str, int], Allowed] = {}
    for one in allowed:
        key = (one.column, one.entity, one.rule)
        known = merged.get(key)
        merged[key] = one.model_copy(update={"rows": known.rows + one.rows}) if known else one
    return tuple(merged[key] for key in sorted(merged))


def _merge_skipped(skipped: tuple[Skipped, ...]) -> tuple[Skipped, ...]:
    merged: dict[tuple[str, str, str], Skipped] = {}
    for one in skipped:
        key = (one.code, one.column or "", one.detail)
        known = merged.get(key)
        if known is not None:
            uncounted = known.rows is None or one.rows is None
            one = one.model_copy(update={"rows": None if uncounted else (known.rows or 0) + (one.rows or 0)})
        merged[key] = one
    return tuple(merged[key] for key in sorted(merged))


def _add(one: Classification, two: Classification) -> int | None:
    if one.rows_present is None or two.rows_present is None:
        return None
    return one.rows_present + two.rows_present


def _still_sampled(one: Classification, two: Classification) -> Sample | None:
    """The sample of one where the other holds nothing: two together are no uniform sample of both."""
    return one.sampled if two.rows_present == 0 else two.sampled if one.rows_present == 0 else None


def _merge_fingerprints(one: Fingerprint | None, two: Fingerprint | None) -> Fingerprint | None:
    return one.merge(two) if one and two else one or two

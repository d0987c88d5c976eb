"""How often a classification is right: precision, recall and F1 of each entity, by column (van Rijsbergen, 1979)."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import NamedTuple

from airflow_mlsecops.core.frozen import Frozen


class Place(NamedTuple):
    """A column of a table."""

    table: str
    column: str


class Claim(NamedTuple):
    """That a column holds an entity: by the labels, or by the scan."""

    place: Place
    entity: str


class Scores(Frozen):
    """Claims counted, and what follows from the counts; ``None`` where there is nothing to divide by.

    :param tp: in the labels and found
    :param fp: found, though the labels do not say so
    :param fn: in the labels, yet not found
    """

    tp: int
    fp: int
    fn: int

    @property
    def precision(self) -> float | None:
        """Of what was found, the share that is right."""
        return _ratio(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> float | None:
        """Of what the labels name, the share that was found."""
        return _ratio(self.tp, self.tp + self.fn)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both."""
        return _ratio(2 * self.tp, 2 * self.tp + self.fp + self.fn)


class Accuracy(Frozen):
    """What the labels say against what the scan says.

    :param labelled: what the labels say
    :param found: what the scan says
    :param quiet: columns that hold nothing by the labels
    """

    labelled: frozenset[Claim]
    found: frozenset[Claim]
    quiet: frozenset[Place]

    @property
    def entities(self) -> tuple[str, ...]:
        """Every entity that either names."""
        return tuple(sorted({claim.entity for claim in self.labelled | self.found}))

    @property
    def named(self) -> tuple[str, ...]:
        """The entities that the labels name."""
        return tuple(sorted({claim.entity for claim in self.labelled}))

    @property
    def micro(self) -> Scores:
        """All claims together."""
        return _scores(self.labelled, self.found)

    @property
    def macro(self) -> float | None:
        """The mean F1 of the entities that the labels name: a rare one weighs as much as a frequent one."""
        scores = [self.of(entity).f1 or 0.0 for entity in self.named]
        return sum(scores) / len(scores) if scores else None

    @property
    def missed(self) -> tuple[Claim, ...]:
        """What the labels say and the scan does not."""
        return tuple(sorted(self.labelled - self.found))

    @property
    def mistaken(self) -> tuple[Claim, ...]:
        """What was found too much in columns that hold something else."""
        return tuple(sorted(claim for claim in self.found - self.labelled if claim.place not in self.quiet))

    @property
    def alarms(self) -> tuple[Claim, ...]:
        """What was found in columns that hold nothing by the labels."""
        return tuple(sorted(claim for claim in self.found if claim.place in self.quiet))

    @property
    def false_positives(self) -> int:
        """How many columns that hold nothing were said to hold something."""
        return len({claim.place for claim in self.alarms})

    def of(self, entity: str) -> Scores:
        """The scores of one entity."""
        return _scores(_about(self.labelled, entity), _about(self.found, entity))


def _scores(labelled: Set[Claim], found: Set[Claim]) -> Scores:
    return Scores(tp=len(labelled & found), fp=len(found - labelled), fn=len(labelled - found))


def _about(claims: Iterable[Claim], entity: str) -> frozenset[Claim]:
    return frozenset(claim for claim in claims if claim.entity == entity)


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None

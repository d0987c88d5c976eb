"""What is known and accepted of a dataset in one environment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from airflow_mlsecops.core.finding import Novelty
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.record import Record
from airflow_mlsecops.core.verdict import Gate, Outcome

Pair = tuple[str, str]


class Baseline(Frozen):
    """A set of (column, entity), so that retries, order and backfills do not matter.

    :param pairs: what is accepted
    :param records: how many passing records it was built from; with no pair declared, zero means there is no baseline
    """

    pairs: frozenset[Pair] = frozenset()
    records: int = 0

    def novelty(self, column: str, entity: str) -> Novelty:
        """KNOWN, NEW, or FIRST SEEN where there is nothing to compare with."""
        if (column, entity) in self.pairs:
            return Novelty.KNOWN
        return Novelty.NEW if self.records or self.pairs else Novelty.FIRST_SEEN


def baseline(
    records: Iterable[Record],
    declared: Mapping[str, tuple[str, ...]],
    *,
    dataset: str,
    environment: str,
    now: datetime,
    days: int,
) -> Baseline:
    """Gather what enforcing PASS records of the last ``days`` days held, with what the policy declares.

    :param records: of any gate, dataset and environment, in any order; those that do not count are left out
    :param declared: the policy's ``known`` of this dataset: entities by column
    """
    since = now - timedelta(days=days)
    counting = [
        record
        for record in records
        if _seeds(record)
        and record.verdict.dataset == dataset
        and record.environment == environment
        and since <= record.time <= now
    ]
    seen = {pair for record in counting for pair in _accepted(record)}
    said = {(column, entity) for column, entities in declared.items() for entity in entities}
    return Baseline(pairs=frozenset(seen | said), records=len(counting))


def _seeds(record: Record) -> bool:
    verdict = record.verdict
    return verdict.gate is Gate.CLASSIFY and verdict.outcome is Outcome.PASS and verdict.enforced


def _accepted(record: Record) -> set[Pair]:
    # A waiver is time-boxed: what it let through once must not become known for good.
    waived = {(finding.subject, finding.entity) for finding in record.verdict.waived}
    return {(s.column, s.entity) for s in record.verdict.sightings} - waived

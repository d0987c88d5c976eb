"""One dataset made harmless on its way to another: scanned, planned, written aside, proven, and only then published."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.core.classification import Classification, Skipped
from airflow_mlsecops.core.clean import clean_columns
from airflow_mlsecops.core.dataset import Dataset
from airflow_mlsecops.core.errors import MlsecopsError
from airflow_mlsecops.core.finding import Finding, Severity, Status
from airflow_mlsecops.core.judge import judge_completeness, judge_rows
from airflow_mlsecops.core.judge_anonymity import quasi_identifiers
from airflow_mlsecops.core.judge_sanitize import Plan, plan, told
from airflow_mlsecops.core.treatment import Rule, Treatment
from airflow_mlsecops.core.verdict import Outcome, Verdict, in_order, outcome_of
from airflow_mlsecops.operators.attempt import Attempt
from airflow_mlsecops.operators.look import waived
from airflow_mlsecops.operators.proof import Proof, Proven
from airflow_mlsecops.sanitize import PseudonymKey, Sanitizer, transformation_of
from airflow_mlsecops.sources import Source, look, open_source, open_target, refuse_overlap, typed

if TYPE_CHECKING:
    import polars as pl


class Treat:
    """One dataset on its way to another.

    :param source: what is read; ``partition``: what of it
    :param rules: the operator's own
    :param quasi_identifiers: columns that identify somebody together, besides those that are recognised
    :param sensitive: the column that must stay diverse, or empty
    :param format: of the target, where its name does not say
    """

    def __init__(
        self,
        attempt: Attempt,
        *,
        source: Dataset,
        partition: str,
        rules: Mapping[str, Rule],
        quasi_identifiers: Sequence[str] = (),
        sensitive: str = "",
        format: str = "",
    ) -> None:
        self.attempt = attempt
        self.clients = attempt.hook.clients(attempt.context)
        self.dataset = source
        self.partition = partition
        self.rules = rules
        self.quasi_identifiers = tuple(quasi_identifiers)
        self.sensitive = sensitive
        self.format = format

    def verdict(self) -> Verdict:
        """Plan; if nothing forbids to begin, write, prove and publish."""
        attempt = self.attempt
        refuse_overlap(self.dataset, self.partition, attempt.dataset, attempt.partition, self.clients)
        source = open_source(self.dataset, self.partition, self.clients)
        found = self._scan(source)
        planned = self._plan(found)
        unread = (*judge_completeness(found), *judge_rows(found, attempt.identity, attempt.policy))
        forbidding = waived(attempt, (*unread, *planned.findings))
        if any(finding.blocks for finding in forbidding):
            return self._stopped(found, forbidding)
        proven = self._write(source, found, planned.treatments)
        return self._verdict(proven, waived(attempt, (*planned.findings, *proven.findings)))

    def _scan(self, source: Source) -> Classification:
        """What the source holds; what the policy allows in the target may stay, so it is no finding here either."""
        hook = self.attempt.hook
        return look(source, hook.fingerprint_key, hook.policy.detectors, allowances=self.attempt.allowances)

    def _plan(self, found: Classification) -> Plan:
        return plan(
            found,
            identity=self.attempt.identity,
            policy=self.attempt.policy,
            entities=self.attempt.hook.policy.entities,
            added=self.rules,
            keeps=lambda rule: transformation_of(rule).keeps,
            in_sentences={detector.entity.name for detector in self.attempt.hook.policy.detectors if detector.prose},
        )

    def _write(self, source: Source, found: Classification, treatments: Sequence[Treatment]) -> Proven:
        """Write to a place that nobody reads, prove it there, and put it in the target's place or aside."""
        attempt = self.attempt
        target = open_target(
            attempt.dataset, attempt.partition, self.clients, run=attempt.run_token, format=self.format or None
        )
        sanitizer = self._sanitizer(treatments)
        # What a scan reads as text is written with the types that the database declares.
        rows = typed(source)
        with target.staging() as staging:
            for batch in _rows(rows):
                staging.write(sanitizer.apply(batch))
            sanitizer.require_met()
            staging.finish()
            proof = Proof(
                attempt, sanitizer, treatments, self._grouped(found, sanitizer), self.quasi_identifiers, self.sensitive
            )
            proven = proof.of(staging.source(), (*rows.skipped, *self._changed(source, found)))
            proven = proven.adding(told(sanitizer.treated))
            if self._may_stay(proven):
                staging.publish()
                return proof.published(open_source(attempt.dataset, attempt.partition, self.clients), proven)
            return proven.adding((_set_aside(staging.set_aside()),))

    def _may_stay(self, proven: Proven) -> bool:
        """True if it passed; in observe mode nothing is held back, and the record says what would have been."""
        return outcome_of(waived(self.attempt, proven.findings)) is Outcome.PASS or not self.attempt.enforced

    def _sanitizer(self, treatments: Sequence[Treatment]) -> Sanitizer:
        hook = self.attempt.hook
        keyed = any(transformation_of(treatment.rule).keyed for treatment in treatments)
        return Sanitizer(
            treatments,
            # Where nothing depends on it, nobody has to set one.
            key=hook.pseudonym_key if keyed else PseudonymKey(os.urandom(32)),
            previous=hook.previous_pseudonym_key,
            detectors=hook.policy.detectors,
        )

    def _grouped(self, found: Classification, sanitizer: Sanitizer) -> tuple[str, ...]:
        """The columns of the target that may identify somebody together."""
        recognised = quasi_identifiers(found.sightings, self.attempt.hook.policy.entities)
        grouped = ({column for column, _ in recognised} | set(self.quasi_identifiers)) - sanitizer.dropped
        if self.sensitive in grouped:
            raise MlsecopsError(
                f"sensitive={self.sensitive} is one of the columns that identify somebody: name what a group of people "
                "should not give away",
                code="SENSITIVE_IDENTIFIES",
            )
        return tuple(sorted(grouped))

    def _changed(self, source: Source, found: Classification) -> tuple[Skipped, ...]:
        """Rows that were written are those that were scanned, unless the source changed in between."""
        if source.fingerprint(self.attempt.hook.fingerprint_key) == found.fingerprint:
            return ()
        detail = "the source changed while it was sanitized: let whoever writes it finish first"
        return (Skipped(code="CHANGED_DURING_SCAN", detail=detail),)

    def _stopped(self, found: Classification, findings: tuple[Finding, ...]) -> Verdict:
        return self.attempt.verdict(
            in_order(findings),
            outcome_of(findings),
            asked=self._asked(),
            not_looked_at=found.skipped,
            columns=len(found.columns),
            rows_scanned=found.rows_scanned,
            rows_present=found.rows_present,
            bytes_read=found.bytes_read,
        )

    def _verdict(self, proven: Proven, findings: tuple[Finding, ...]) -> Verdict:
        left = proven.left
        seen = left.fingerprint
        facts: dict[str, Any] = {} if seen is None else {"fingerprint": seen.root, "parts": seen.count}
        return self.attempt.verdict(
            in_order(findings),
            outcome_of(findings),
            asked=self._asked(),
            not_looked_at=left.skipped,
            sightings=left.sightings,
            treated=proven.treated,
            rows_scanned=left.rows_scanned,
            rows_present=left.rows_present,
            bytes_read=left.bytes_read,
            columns=len(left.columns),
            clean_columns=clean_columns(left),
            ruleset=left.ruleset,
            **facts,
        )

    def _asked(self) -> str:
        return f"from {self.dataset.uri} {self.partition}".rstrip()


def _rows(source: Source) -> Iterator[pl.DataFrame]:
    """The rows of a source, closed whatever happens while they are written."""
    with closing(source.batches()) as batches:  # type: ignore[type-var]
        yield from batches


def _set_aside(place: str) -> Finding:
    return Finding(
        status=Status.PASS,
        code="SET_ASIDE",
        subject="target",
        required=False,
        severity=Severity.HIGH,
        reason=f"what was written stands in {place}, and the target is as it was before",
        remedy="look at it there, then delete it",
    )

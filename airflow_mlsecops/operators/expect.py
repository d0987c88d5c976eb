"""What people and the policy expect of one dataset, asked through Great Expectations."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.core.errors import MlsecopsError
from airflow_mlsecops.core.finding import Finding
from airflow_mlsecops.core.fingerprint import Fingerprint
from airflow_mlsecops.core.gate import SCANS, Gate
from airflow_mlsecops.core.judge_anonymity import quasi_identifiers
from airflow_mlsecops.core.judge_sanitize import proven_pairs
from airflow_mlsecops.core.judge_validate import judge_expectations
from airflow_mlsecops.core.record import Record
from airflow_mlsecops.core.verdict import Verdict, in_order, outcome_of
from airflow_mlsecops.operators.attempt import Attempt
from airflow_mlsecops.operators.look import known_of, waived
from airflow_mlsecops.sources import Source, open_source

if TYPE_CHECKING:
    from airflow_mlsecops.expectations import Outcome
    from airflow_mlsecops.operators.validate import ValidateDatasetOperator

# Great Expectations reports its use to its makers unless it is told not to: no task of ours talks to anybody unasked.
_SILENT = {"GX_ANALYTICS_ENABLED": "False"}


class Expect:
    """One validation.

    :param asked: the operator, for what it was told
    """

    def __init__(self, attempt: Attempt, asked: ValidateDatasetOperator) -> None:
        self.attempt = attempt
        self.asked = asked
        self.clients = attempt.hook.clients(attempt.context)

    def verdict(self) -> Verdict:
        """Run what is expected of the data as it is now."""
        source = open_source(self.attempt.dataset, self.attempt.partition, self.clients)
        key = self.attempt.hook.fingerprint_key
        before = source.fingerprint(key)
        with _quiet(), self._looking():
            outcomes = [*self._by_suites(source, before), *self._by_checkpoint()]
        findings = judge_expectations(outcomes, self._proven(before), changed=source.fingerprint(key) != before)
        return self._verdict(waived(self.attempt, findings), before)

    def _by_suites(self, source: Source, seen: Fingerprint) -> list[Outcome]:
        # The policy's first: a suite of somebody else's may bring classes of the same name, which take ours' place.
        policys = list(self._policy_suite(seen))
        suites = [*policys, *self._own_suite()]
        if not suites:
            return []
        from airflow_mlsecops.operators.gx import Batch, run_suites

        batch = Batch.of(source, self.attempt, self.clients)
        outcomes = run_suites(
            suites,
            batch,
            result_format=self.asked.result_format,
            show_values_of=self.attempt.policy.show_values_of,
            data_docs=self._data_docs(),
        )
        _require_ours(outcomes, {suite.name for suite in policys})
        return outcomes

    def _own_suite(self) -> Iterator[Any]:
        from airflow_mlsecops.operators.gx import named_suite

        suite = self.asked.suite
        if isinstance(suite, str):
            yield named_suite(self.asked.context, suite)
        elif suite is not None:
            yield _called("suite=", suite)

    def _policy_suite(self, seen: Fingerprint) -> Iterator[Any]:
        from airflow_mlsecops.expectations import suite_for

        if self.asked.policy_suite:
            yield suite_for(
                f"policy of {self.attempt.stage}",
                self.attempt.policy,
                self.attempt.identity,
                self.attempt.hook.policy.entities,
                baseline=known_of(self.attempt),
                quasi=sorted({*self.asked.quasi_identifiers, *self._recognised(seen)}),
                sensitive=self.asked.sensitive or None,
            )

    def _by_checkpoint(self) -> list[Outcome]:
        checkpoint = self.asked.checkpoint
        if checkpoint is None:
            return []
        from airflow_mlsecops.operators.gx import run_checkpoint

        return run_checkpoint(self.asked.context, checkpoint, show_values_of=self.attempt.policy.show_values_of)

    def _recognised(self, seen: Fingerprint) -> tuple[str, ...]:
        """The quasi-identifiers that the newest scan of this very data found."""
        entities = self.attempt.hook.policy.entities
        for record in self._scans():
            if record.verdict.fingerprint == seen.root:
                return tuple(sorted({column for column, _ in quasi_identifiers(record.verdict.sightings, entities)}))
        return ()

    def _proven(self, seen: Fingerprint) -> frozenset[tuple[str, str | None]]:
        """What a sanitizing gate has proven, of this very data, to be coarser or made up."""
        newest = self._newest(Gate.SANITIZE)
        return proven_pairs(newest, fingerprint=seen.root, policy=self.attempt.policy.digest)

    def _scans(self) -> list[Record]:
        found = [record for gate in SCANS if (record := self._newest(gate))]
        return sorted(found, key=lambda record: record.time, reverse=True)

    def _newest(self, gate: Gate) -> Record | None:
        entry = self.attempt.ledger.latest(self.attempt.identity, self.attempt.hook.settings.environment, gate)
        same = entry is not None and entry.record.verdict.partition == self.attempt.partition
        return entry.record if entry and same else None

    @contextmanager
    def _looking(self) -> Iterator[None]:
        from airflow_mlsecops.expectations import looking_for

        attempt = self.attempt
        levels = attempt.policy.levels
        with looking_for(attempt.hook.policy.detectors, allowances=attempt.allowances, levels=levels):
            yield

    def _data_docs(self) -> Path:
        from airflow_mlsecops.hook import home

        if self.asked.data_docs:
            return Path(self.asked.data_docs.removeprefix("file://"))
        return home() / "data_docs" / self.attempt.run_token

    def _verdict(self, findings: tuple[Finding, ...], seen: Fingerprint) -> Verdict:
        return self.attempt.verdict(
            in_order(findings),
            outcome_of(findings),
            asked=", ".join(self._what_was_asked()),
            fingerprint=seen.root,
            parts=seen.count,
        )

    def _what_was_asked(self) -> Iterator[str]:
        if self.asked.suite is not None:
            yield "a suite"
        if self.asked.checkpoint is not None:
            yield "a checkpoint, on data of its own"
        if self.asked.policy_suite:
            yield "the policy's suite"


@contextmanager
def _quiet() -> Iterator[None]:
    """Great Expectations logs hundreds of lines when it is imported, and the text of exceptions, cells and all."""
    os.environ.update(_SILENT)
    logger = logging.getLogger("great_expectations")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)


def _require_ours(outcomes: Iterable[Outcome], suites: set[str]) -> None:
    """Refuse answers to the policy's questions that a class of somebody else's gave.

    :raises MlsecopsError: ``EXPECTATION_REPLACED``
    """
    strangers = sorted({one.expectation for one in outcomes if one.suite in suites and not one.ours})
    if strangers:
        raise MlsecopsError(
            f"{', '.join(strangers)} of the policy's suite was answered by another class of that name: give the class "
            "another name, and the suite a name of its own",
            code="EXPECTATION_REPLACED",
        )


def _called(field: str, make: Callable[..., Any], *given: Any) -> Any:
    """What a function of the DAG's author returns.

    :raises MlsecopsError: ``SUITE_UNAVAILABLE``, without the text of what it raised
    """
    try:
        return make(*given)
    except Exception as error:  # noqa: BLE001 - somebody else's code: its class is told, its text may hold cells
        kind = type(error).__name__
    raise MlsecopsError(f"the function given as {field} raised {kind}: call it by hand", code="SUITE_UNAVAILABLE")

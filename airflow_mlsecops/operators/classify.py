"""The gate that asks what a dataset holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import Asset, AssetAlias

from airflow_mlsecops.core.baseline import Baseline, baseline
from airflow_mlsecops.core.classification import Classification, Skipped
from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.core.finding import Finding, Origin, Status
from airflow_mlsecops.core.judge import apply_waivers, judge_classification
from airflow_mlsecops.core.verdict import Gate, Outcome, Verdict, in_order, outcome_of
from airflow_mlsecops.operators.attempt import Attempt
from airflow_mlsecops.operators.gate import GateOperator, uri_of

if TYPE_CHECKING:
    from airflow.sdk import Context

    from airflow_mlsecops.core.record import Entry
    from airflow_mlsecops.scan import Hits


class ClassifyDatasetOperator(GateOperator):
    """Ask what a dataset holds, whether that is new, and which parent brought it.

    PASS emits an event of ``verified(dataset)``, so that a DAG can be scheduled on proven data only.

    :param dataset: a stable URI or an Asset, never templated
    :param partition: what this run looks at within it (templated)
    :param parents: datasets that this one was joined from; a class that may not be here is traced to them
    """

    gate: ClassVar[Gate] = Gate.CLASSIFY

    def __init__(
        self, *, dataset: str | Asset, partition: str = "", parents: Sequence[str | Asset] = (), **kwargs: Any
    ) -> None:
        # An alias, resolved on PASS only: a static outlet would also speak for a run that was merely observed.
        kwargs["outlets"] = [*(kwargs.get("outlets") or []), AssetAlias(name=verified(dataset).name)]
        super().__init__(dataset=dataset, partition=partition, **kwargs)
        self.parents = tuple(uri_of(parent) for parent in parents)
        for parent in self.parents:
            parse(parent)

    def judge(self, attempt: Attempt) -> Verdict:
        """Scan the dataset, compare with what is known, trace what may not be here."""
        from airflow_mlsecops.scan import Hits

        hits = Hits() if self.parents else None
        found = self._look(attempt, hits)
        known = self._known(attempt)
        findings = self._findings(attempt, found, known, {})
        if hits is not None and any(finding.status is Status.FAIL for finding in findings):
            origins, unread = self._trace(attempt, hits)
            found = found.model_copy(update={"skipped": (*found.skipped, *unread)})
            findings = self._findings(attempt, found, known, origins)
        return self._verdict(attempt, found, findings)

    def passed(self, entry: Entry, context: Context) -> None:
        """Tell Airflow that the dataset is proven, unless the verdict was merely observed."""
        verdict = entry.record.verdict
        if verdict.outcome is Outcome.PASS and verdict.enforced:
            asset = verified(self.dataset)
            context["outlet_events"][AssetAlias(name=asset.name)].add(asset, extra={"record": entry.record.id})

    def _look(self, attempt: Attempt, hits: Hits | None) -> Classification:
        from airflow_mlsecops.detectors import all_detectors
        from airflow_mlsecops.scan import classify
        from airflow_mlsecops.sources import open_source

        source = open_source(self.target, self.partition, attempt.hook.clients(attempt.context))
        key = attempt.hook.fingerprint_key
        before = source.fingerprint(key)
        found = classify(source.batches(), all_detectors(), rows_present=source.rows_present(), hits=hits)
        skipped = (*found.skipped, *source.skipped)
        if source.fingerprint(key) != before:
            skipped = (*skipped, _changed())
        return found.model_copy(
            update={"fingerprint": before, "bytes_read": source.bytes_present(), "skipped": skipped}
        )

    def _known(self, attempt: Attempt) -> Baseline:
        policy = attempt.policy
        rule, _ = policy.rule_for(attempt.identity)
        environment = attempt.hook.settings.environment
        passed = attempt.ledger.history(
            dataset=attempt.identity,
            environment=environment,
            gate=Gate.CLASSIFY,
            outcome=Outcome.PASS,
            since=attempt.now - timedelta(days=policy.baseline_days),
            limit=10_000,
        )
        return baseline(
            (entry.record for entry in passed),
            rule.known,
            dataset=attempt.identity,
            environment=environment,
            now=attempt.now,
            days=policy.baseline_days,
        )

    def _findings(
        self,
        attempt: Attempt,
        found: Classification,
        known: Baseline,
        origins: Mapping[tuple[str, str], Origin],
    ) -> tuple[Finding, ...]:
        from airflow_mlsecops.detectors import entities

        findings = judge_classification(
            found,
            identity=attempt.identity,
            policy=attempt.policy,
            entities=entities(),
            baseline=known,
            origins=origins,
        )
        return apply_waivers(findings, identity=attempt.identity, policy=attempt.policy, today=attempt.now.date())

    def _trace(self, attempt: Attempt, hits: Hits) -> tuple[dict[tuple[str, str], Origin], tuple[Skipped, ...]]:
        best: dict[tuple[str, str], Origin] = {}
        unread: list[Skipped] = []
        for parent in self.parents:
            try:
                origins = self._trace_parent(attempt, hits, parent)
            except SourceError as error:
                unread.append(Skipped(code="PARENT_UNREADABLE", detail=f"parent {parent}: {error.code}: {error}"))
                continue
            for pair, origin in origins.items():
                best[pair] = max(best.get(pair, origin), origin, key=lambda known: known.share)
        return best, tuple(unread)

    def _trace_parent(self, attempt: Attempt, hits: Hits, parent: str) -> dict[tuple[str, str], Origin]:
        from airflow_mlsecops.detectors import all_detectors
        from airflow_mlsecops.scan import trace
        from airflow_mlsecops.sources import open_source

        source = open_source(parse(parent), "", attempt.hook.clients(attempt.context))
        traces = trace(hits, source.batches(), all_detectors())
        return {
            (found.column, found.entity): Origin(
                parent=source.identity, column=found.parent_column, share=found.share, compared=found.compared
            )
            for found in traces
            if found.share > 0
        }

    def _verdict(self, attempt: Attempt, found: Classification, findings: tuple[Finding, ...]) -> Verdict:
        print_ = found.fingerprint
        return attempt.verdict(
            in_order(findings),
            outcome_of(findings),
            not_looked_at=found.skipped,
            sightings=found.sightings,
            rows_scanned=found.rows_scanned,
            rows_present=found.rows_present,
            bytes_read=found.bytes_read,
            columns=len(found.columns),
            ruleset=found.ruleset,
            fingerprint=print_.root if print_ else "",
            parts=print_.count if print_ else 0,
        )


def verified(dataset: str | Asset) -> Asset:
    """The Asset that has an event for each enforced PASS of a dataset: schedule a DAG on proven data only."""
    uri = uri_of(dataset)
    return Asset(name=f"verified {uri}", uri=f"x-mlsecops:{uri}")


def _changed() -> Skipped:
    return Skipped(
        code="CHANGED_DURING_SCAN",
        detail="the dataset changed while it was looked at: let whoever writes it finish first",
    )

"""One look at a dataset: scan it, compare it with what is known, trace what may not be there to its parents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from airflow_mlsecops.core.baseline import Baseline, baseline
from airflow_mlsecops.core.classification import Classification, Skipped
from airflow_mlsecops.core.clean import clean_columns
from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.core.finding import Finding, Origin, Status
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.judge import judge_classification
from airflow_mlsecops.core.judge_allow import judge_allowed
from airflow_mlsecops.core.judge_anonymity import judge_combination, quasi_identifiers
from airflow_mlsecops.core.judge_sanitize import replaced
from airflow_mlsecops.core.verdict import Outcome, Verdict, in_order, outcome_of
from airflow_mlsecops.operators.aside import Aside
from airflow_mlsecops.operators.attempt import Attempt
from airflow_mlsecops.scan import Hits, trace
from airflow_mlsecops.scan.anonymity import Groups
from airflow_mlsecops.sources import Source, look, open_source, under_other_rules

Origins = Mapping[tuple[str, str], Origin]


class Look:
    """One look at one dataset.

    :param parents: datasets that it was joined from, each with its partition
    :param quarantine: move files that may not be there aside, and judge what stays
    """

    def __init__(self, attempt: Attempt, parents: Mapping[str, str], *, quarantine: bool = False) -> None:
        self.attempt = attempt
        self.parents = parents
        # Who merely observes changes nothing.
        self.quarantine = quarantine and attempt.enforced
        self.hits: Hits | None = None

    def verdict(self) -> Verdict:
        """Scan and judge; move aside what may not be here, if that is wanted, and judge the rest."""
        found, findings = self._look()
        if self.quarantine and outcome_of(findings) is Outcome.FAIL:
            aside = Aside(self.attempt, self._judged)
            moved = aside.move(self._source())
            if moved and aside.left:
                found, findings = self._look()
            findings = (*findings, *moved)
        return self._verdict(found, findings)

    def _judged(self, source: Source) -> tuple[Finding, ...]:
        """What is found in one file, which is a part of the dataset and judged as such."""
        found = self._scan(source)
        return waived(self.attempt, findings_of(self.attempt, found, known_of(self.attempt), {}))

    def _look(self) -> tuple[Classification, tuple[Finding, ...]]:
        """Scan, judge, and only if something may not be here, alone or together, read the parents too."""
        self.hits = Hits() if self.parents else None
        attempt, found = self.attempt, self._scan(self._source())
        known = known_of(attempt)
        findings = findings_of(attempt, found, known, {})
        together = self._quasi_identifiers(found)
        failed = any(finding.status is Status.FAIL for finding in waived(attempt, findings))
        if self.hits is not None and (failed or together):
            origins, unread = self._trace(self.hits)
            found = found.model_copy(update={"skipped": (*found.skipped, *unread)})
            findings = findings_of(attempt, found, known, origins) + self._joined(together, origins)
            findings = findings if unread else from_no_parent(findings, self.hits, len(self.parents))
        return found, waived(attempt, findings)

    def _scan(self, source: Source) -> Classification:
        attempt = self.attempt
        found = look(
            source,
            attempt.hook.fingerprint_key,
            attempt.hook.policy.detectors,
            hits=self.hits,
            allowances=attempt.allowances,
            sampling=attempt.policy.sampling(attempt.identity),
        )
        return found.model_copy(update={"skipped": (*found.skipped, *under_other_rules(source, attempt.policy))})

    def _quasi_identifiers(self, found: Classification) -> frozenset[tuple[str, str]]:
        """Columns that may identify somebody together, where the policy asks that they do not."""
        quasi = quasi_identifiers(found.sightings, self.attempt.hook.policy.entities)
        asked = self.attempt.policy.stage(self.attempt.stage).k_anonymity is not None
        return quasi if asked and len({column for column, _ in quasi}) > 1 else frozenset()

    def _joined(self, together: frozenset[tuple[str, str]], origins: Origins) -> tuple[Finding, ...]:
        """Whether columns of different parents single people out now that they stand side by side."""
        known = sorted(together & origins.keys(), key=lambda pair: origins[pair].share)
        parents = {column: origins[column, entity].parent for column, entity in known}
        asked = self.attempt.policy.stage(self.attempt.stage).k_anonymity
        if asked is None or len(set(parents.values())) < 2:
            return ()
        groups = Groups(sorted(parents))
        for batch in self._source().batches():
            groups.see(batch)
        where = self.attempt.policy.where(f"stages.{self.attempt.stage}.k_anonymity")
        return judge_combination(groups.result(asked), parents, where=where)

    def _source(self) -> Source:
        attempt = self.attempt
        return open_source(attempt.dataset, attempt.partition, attempt.hook.clients(attempt.context))

    def _trace(self, hits: Hits) -> tuple[dict[tuple[str, str], Origin], tuple[Skipped, ...]]:
        best: dict[tuple[str, str], Origin] = {}
        unread: list[Skipped] = []
        for parent, partition in self.parents.items():
            try:
                origins = self._trace_parent(hits, parent, partition)
            except SourceError as error:
                unread.append(Skipped(code="PARENT_UNREADABLE", detail=f"parent {parent}: {error.code}: {error}"))
                continue
            for pair, origin in origins.items():
                best[pair] = max(best.get(pair, origin), origin, key=lambda one: (one.share, one.column == pair[0]))
        return best, tuple(unread)

    def _trace_parent(self, hits: Hits, parent: str, partition: str) -> dict[tuple[str, str], Origin]:
        source = open_source(parse(parent), partition, self.attempt.hook.clients(self.attempt.context))
        traces = trace(hits, source.batches(), self.attempt.hook.policy.detectors)
        return {
            (found.column, found.entity): Origin(
                parent=source.identity, column=found.parent_column, share=found.share, compared=found.compared
            )
            for found in traces
            if found.share > 0
        }

    def _verdict(self, found: Classification, findings: tuple[Finding, ...]) -> Verdict:
        seen = found.fingerprint
        return self.attempt.verdict(
            in_order(findings),
            outcome_of(findings),
            not_looked_at=found.skipped,
            sightings=found.sightings,
            rows_scanned=found.rows_scanned,
            rows_present=found.rows_present,
            sampled=found.sampled,
            bytes_read=found.bytes_read,
            columns=len(found.columns),
            clean_columns=clean_columns(found),
            ruleset=found.ruleset,
            fingerprint=seen.root if seen else "",
            parts=seen.count if seen else 0,
        )


def known_of(attempt: Attempt) -> Baseline:
    """What is known of the gate's dataset: from the ledger, and from the policy."""
    policy = attempt.policy
    rule, _ = policy.rule_for(attempt.identity)
    environment = attempt.hook.settings.environment
    # A record that an edited column hides would make what is new look first seen: this notices the newest.
    attempt.ledger.latest(attempt.identity, environment, Gate.CLASSIFY)
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


def from_no_parent(findings: tuple[Finding, ...], hits: Hits, parents: int) -> tuple[Finding, ...]:
    """Say of what may not be here, and is in no parent that was read, that it is not: it came from somewhere else.

    :param parents: how many were read, each to its end
    """
    compared = {pair: len(digests) for pair, digests in hits.known().items()}

    def told(finding: Finding) -> Finding:
        count = compared.get((finding.subject, finding.entity or ""), 0)
        if finding.status is not Status.FAIL or finding.origin or not count:
            return finding
        where = "the parent" if parents == 1 else f"any of the {parents:,} parents"
        reason = f"{finding.reason}; none of it is in {where} (different values compared: {count:,})"
        return finding.model_copy(update={"reason": reason})

    return tuple(map(told, findings))


def findings_of(attempt: Attempt, found: Classification, known: Baseline, origins: Origins) -> tuple[Finding, ...]:
    """What the policy says of what the gate's dataset holds, waivers not yet applied."""
    findings = judge_classification(
        found,
        identity=attempt.identity,
        policy=attempt.policy,
        entities=attempt.hook.policy.entities,
        baseline=known,
        origins=origins,
    )
    if attempt.gate is Gate.CLASSIFY:
        findings = _as_proven(attempt, found, findings)
    return findings + judge_allowed(
        found,
        identity=attempt.identity,
        policy=attempt.policy,
        entities=attempt.hook.policy.entities,
        today=attempt.now.date(),
        key=attempt.hook.fingerprint_key,
    )


def _as_proven(attempt: Attempt, found: Classification, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What a gate before this one has proven of this very data, where something would fail without."""
    if not any(finding.status is Status.FAIL for finding in findings):
        return findings
    environment = attempt.hook.settings.environment
    newest = attempt.ledger.latest(attempt.identity, environment, Gate.SANITIZE)
    root = found.fingerprint.root if found.fingerprint else ""
    proof = newest.record if newest and newest.record.verdict.partition == attempt.partition else None
    return replaced(findings, proof, fingerprint=root, policy=attempt.policy.digest)


def waived(attempt: Attempt, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings with the waivers that cover them."""
    return attempt.waived(findings)

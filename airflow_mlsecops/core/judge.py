"""Judgement of what a dataset holds: the same evidence and policy give the same findings next year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from airflow_mlsecops.core.baseline import Baseline
from airflow_mlsecops.core.classification import Classification, Sighting
from airflow_mlsecops.core.entity import Entity
from airflow_mlsecops.core.finding import Finding, Novelty, Origin, Severity, Status
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.policy import STRICTEST, Policy
from airflow_mlsecops.core.words import share

Origins = Mapping[tuple[str, str], Origin]

_SEVERITY = {
    Level.RESTRICTED: Severity.CRITICAL,
    Level.CONFIDENTIAL: Severity.HIGH,
    Level.INTERNAL: Severity.MEDIUM,
    Level.PUBLIC: Severity.LOW,
}


def judge_classification(
    classification: Classification,
    *,
    identity: str,
    policy: Policy,
    entities: Mapping[str, Entity],
    baseline: Baseline,
    origins: Origins,
) -> tuple[Finding, ...]:
    """Judge what was found against what the dataset's stage may hold and what is known of it.

    :param identity: of the dataset, as the policy's globs see it
    :param entities: every entity a detector can name
    :param origins: where classes came from, by (column, entity), where a parent was compared
    :returns: one finding per sighting, one per thing not looked at, and at least one
    """
    judged = [
        _judge_sighting(sighting, classification, identity, policy, entities, baseline, origins)
        for sighting in classification.sightings
    ]
    rows = judge_rows(classification, identity, policy)
    unread = judge_completeness(classification) + _judge_fingerprint(classification, policy, entities)
    blind = unread or any(finding.status is Status.UNKNOWN for finding in rows)
    clean = [] if judged or blind else [_nothing_found(classification, identity)]
    return (*judged, *unread, *rows, *clean)


def highest_level(sightings: Iterable[Sighting], policy: Policy, entities: Mapping[str, Entity]) -> Level:
    """The highest level among what was found; PUBLIC where nothing was.

    What nobody knows any more, since its detector was removed from the policy, counts as the highest there is.
    """
    known = (entities.get(sighting.entity) for sighting in sightings)
    levels = (policy.level_of(entity) if entity else Level.RESTRICTED for entity in known)
    return max(levels, default=Level.PUBLIC, key=lambda level: level.rank)


def _judge_sighting(
    sighting: Sighting,
    classification: Classification,
    identity: str,
    policy: Policy,
    entities: Mapping[str, Entity],
    baseline: Baseline,
    origins: Origins,
) -> Finding:
    entity = entities.get(sighting.entity)
    if entity is None:
        return _unknown_entity(sighting)
    level = policy.level_of(entity)
    rule, place = policy.rule_for(identity)
    column = classification.column(sighting.column)
    found = Finding(
        status=Status.PASS,
        code="ENTITY_ALLOWED",
        subject=sighting.column,
        reason=f"stage {rule.stage} may hold it",
        severity=_SEVERITY[level],
        entity=entity.name,
        level=level,
        rows=sighting.rows,
        of=column.rows if column else classification.rows_scanned,
        how=sighting.how.value,
        novelty=baseline.novelty(sighting.column, entity.name),
        origin=origins.get((sighting.column, entity.name)),
        rule=place if rule is STRICTEST else policy.where(f"stages.{rule.stage}"),
    )
    tolerated = (found.share or 0.0) <= rule.tolerate.get(entity.name, -1.0)
    if not policy.allows(rule.stage, entity) and not tolerated:
        return _not_allowed(found, rule.stage, declared=rule is not STRICTEST)
    if found.novelty is Novelty.NEW and level >= policy.tier(rule.tier).new_blocks_from:
        return _new(found, policy.baseline_days, place)
    return found


def _unknown_entity(sighting: Sighting) -> Finding:
    reason = f"neither this version nor the policy knows {sighting.entity} any more: what it means cannot be judged"
    remedy = "put its detector back into the policy folder, or scan again"
    return _unknown("ENTITY_UNKNOWN", sighting.column, reason, sighting.rows, remedy=remedy).model_copy(
        update={"entity": sighting.entity}
    )


def _not_allowed(found: Finding, stage: str, *, declared: bool) -> Finding:
    reason = f"not allowed in stage {stage}" if declared else "no line of the policy declares this dataset"
    remedy = "drop or pseudonymise the column before this step, or ask for a waiver"
    if not declared:
        remedy = "declare the dataset under datasets: in policy.yaml, or drop the column"
    if found.origin is None:
        return found.model_copy(
            update={"status": Status.FAIL, "code": "ENTITY_NOT_ALLOWED", "reason": reason, "remedy": remedy}
        )
    origin = found.origin
    return found.model_copy(
        update={
            "status": Status.FAIL,
            "code": "ENTITY_FROM_PARENT",
            "reason": f"{reason}; {share(origin.share)} of it stands in {origin.parent} column {origin.column}",
            "remedy": f"leave out {origin.column} of {origin.parent} where the two are joined, or pseudonymise it",
        }
    )


def _new(found: Finding, days: int, place: str) -> Finding:
    return found.model_copy(
        update={
            "status": Status.FAIL,
            "code": "ENTITY_NEW",
            "reason": f"allowed here, but no passing run of the last {days} days had it in this column",
            "remedy": "find out why it is there; to accept it, add the line that "
            "`airflow-mlsecops accept RECORD` prints to the policy",
            "rule": place,
        }
    )


def judge_completeness(classification: Classification) -> list[Finding]:
    """UNKNOWN for each thing that was not looked at, and where there was nothing to look at."""
    unread = [
        _unknown(skipped.code, skipped.column or "dataset", skipped.detail, skipped.rows)
        for skipped in classification.skipped
    ]
    if not classification.columns:
        unread.append(_unknown("NO_COLUMNS", "dataset", "there is no column to look at", remedy=_FILL))
    elif classification.rows_scanned == 0:
        unread.append(_unknown("NO_ROWS", "dataset", "there is no row to look at: nothing was proven", remedy=_FILL))
    return unread


def judge_rows(classification: Classification, identity: str, policy: Policy) -> list[Finding]:
    """UNKNOWN unless all rows were read, or as many as the policy asks for."""
    present, read = classification.rows_present, classification.rows_scanned
    if present is None or present == read:
        return []
    sample, leave = classification.sampled, policy.sampling(identity)
    if sample is None or leave is None or not leave.met_by(sample, present, read):
        told = "" if sample is None else ", a sample that the policy does not accept for this dataset"
        reason = f"{read:,} of {present:,} rows were read{told}"
        return [_unknown("NOT_ALL_ROWS", "dataset", reason, abs(present - read))]
    rule, _ = policy.rule_for(identity)
    sampled = Finding(
        status=Status.PASS,
        code="SAMPLED",
        subject="dataset",
        reason=f"{read:,} of {present:,} rows, {sample}",
        severity=Severity.LOW,
        rule=policy.where(f"tiers.{rule.tier}.full_scan_up_to"),
    )
    return [sampled]


def _judge_fingerprint(classification: Classification, policy: Policy, entities: Mapping[str, Entity]) -> list[Finding]:
    fingerprint = classification.fingerprint
    if fingerprint is None or not fingerprint.weak:
        return []
    if highest_level(classification.sightings, policy, entities) < Level.RESTRICTED:
        return []
    return [_unknown("WEAK_FINGERPRINT", "dataset", "restricted data whose later changes could go unnoticed")]


_FILL = "see why the task that writes it wrote nothing, then run the gate again"
_READ = "make it readable and run the gate again: what was not read is not clean"


def _unknown(code: str, subject: str, reason: str, rows: int | None = None, *, remedy: str = _READ) -> Finding:
    return Finding(
        status=Status.UNKNOWN,
        code=code,
        subject=subject,
        reason=reason,
        rows=rows,
        remedy=remedy,
    )


def _nothing_found(classification: Classification, identity: str) -> Finding:
    return Finding(
        status=Status.PASS,
        code="NOTHING_SENSITIVE",
        subject=identity,
        reason=f"nothing sensitive in {len(classification.columns):,} columns",
        severity=Severity.LOW,
        rows=0,
        of=classification.rows_scanned,
    )

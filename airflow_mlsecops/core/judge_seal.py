"""Judgement of a seal: the parts that passed in this run must be the parts that are there now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from airflow_mlsecops.core.finding import Finding, Severity, Status
from airflow_mlsecops.core.fingerprint import Fingerprint
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.gate import OF_DATA, SCANS
from airflow_mlsecops.core.policy import Policy
from airflow_mlsecops.core.record import Record
from airflow_mlsecops.core.verdict import Gate, Outcome


class Sealed(Frozen):
    """What is about to be used, as it stands now.

    :param identity: of the dataset; ``partition``: what of it
    :param fingerprint: recomputed on the worker that is about to use it
    :param job: digest of the job about to be submitted, or empty
    """

    identity: str
    partition: str
    environment: str
    fingerprint: Fingerprint
    job: str = ""


def judge_seal(
    sealed: Sealed, records: Mapping[str, Record | None], *, policy: Policy, now: datetime
) -> tuple[Finding, ...]:
    """Judge this run's newest record of each required gate; task states and XCom are never looked at.

    :param records: by task id of the required gate; ``None`` where this run has no record of it
    """
    rule, _ = policy.rule_for(sealed.identity)
    oldest = now - timedelta(hours=policy.tier(rule.tier).max_scan_age_hours)
    judged = [_judge(task_id, record, sealed, policy, oldest) for task_id, record in sorted(records.items())]
    # A record that is missing is named already: whether its gate would have classified the dataset, nobody can tell.
    if all(records.values()) and not any(record and _classifies(record, sealed) for record in records.values()):
        judged.append(_not_classified(sealed))
    return tuple(judged)


def _judge(task_id: str, record: Record | None, sealed: Sealed, policy: Policy, oldest: datetime) -> Finding:
    if record is None:
        return _broken(
            task_id, "SEAL_NO_RECORD", "this run has no record of it: its task state and XCom prove nothing",
            "a record of this run", "none", f"clear {task_id} and let it run",
        )  # fmt: skip
    verdict = record.verdict
    if verdict.outcome is not Outcome.PASS or not verdict.enforced or verdict.gate is Gate.APPROVAL:
        said = verdict.outcome.value if verdict.enforced else f"{verdict.outcome.value}, observed only"
        return _broken(
            task_id, "SEAL_GATE_NOT_PASSED", "its newest record does not let this through",
            "an enforced pass", said, f"fix what {task_id} found, then clear it",
        )  # fmt: skip
    compared = (
        ("SEAL_OTHER_POLICY", "it passed under another policy", policy.digest[:12], verdict.policy[:12]),
        ("SEAL_OTHER_ENVIRONMENT", "it passed in another environment", sealed.environment, record.environment),
        *_about_the_data(record, sealed),
        *_about_the_job(record, sealed),
    )
    for code, reason, expected, got in compared:
        if expected != got:
            remedy = f"clear {task_id} so that it looks again"
            if code in _SAME_IN_BOTH:
                remedy = f"give {task_id} and the seal the same {_SAME_IN_BOTH[code]}; if they have it, {remedy}"
            return _broken(task_id, code, reason, expected or "all of it", got or "all of it", remedy)
    if record.time < oldest:
        return _broken(
            task_id, "SEAL_TOO_OLD", "its record is older than the policy lets a proof be",
            f"not before {oldest:%Y-%m-%d %H:%M:%S}", f"{record.time:%Y-%m-%d %H:%M:%S}",
            f"clear {task_id} so that it looks again",
        )  # fmt: skip
    return Finding(status=Status.PASS, code="SEAL_HOLDS", subject=task_id, reason="passed on this very data")


# What differs because the DAG says two things, rather than because something happened since.
_SAME_IN_BOTH = {
    "SEAL_OTHER_DATASET": "dataset=",
    "SEAL_OTHER_PARTITION": "partition=",
    "SEAL_JOB_CHANGED": "job (job=job_of(task)), connection and region",
}
_OTHER_JOB = "it judged another job than the task submits, or the same job in another region"


def _about_the_data(record: Record, sealed: Sealed) -> tuple[tuple[str, str, str, str], ...]:
    verdict = record.verdict
    if verdict.gate is Gate.ACCESS:  # leave to use one dataset is no leave to use another
        return (
            ("SEAL_OTHER_DATASET", "it decided about another dataset", sealed.identity, verdict.dataset),
            ("SEAL_OTHER_PARTITION", "it decided about another partition", sealed.partition, verdict.partition),
        )
    if verdict.gate is Gate.ISOLATION:  # a closed place for one dataset says nothing of where another lies
        covered = verdict.partition or sealed.partition  # the whole dataset covers each of its partitions
        return (
            ("SEAL_OTHER_DATASET", "it looked at where another dataset lies", sealed.identity, verdict.dataset),
            ("SEAL_OTHER_PARTITION", "it looked at another partition", sealed.partition, covered),
        )
    if verdict.gate not in OF_DATA or verdict.dataset != sealed.identity:
        return ()
    return (
        ("SEAL_OTHER_PARTITION", "it looked at another partition", sealed.partition, verdict.partition),
        ("SEAL_DATA_CHANGED", "the data changed after it passed", sealed.fingerprint.root, verdict.fingerprint),
    )


def _about_the_job(record: Record, sealed: Sealed) -> tuple[tuple[str, str, str, str], ...]:
    if record.verdict.gate is not Gate.ISOLATION or not (record.verdict.job or sealed.job):
        return ()
    return (("SEAL_JOB_CHANGED", _OTHER_JOB, sealed.job[:12] or "none", record.verdict.job[:12] or "none"),)


def _classifies(record: Record, sealed: Sealed) -> bool:
    return record.verdict.gate in SCANS and record.verdict.dataset == sealed.identity


def _not_classified(sealed: Sealed) -> Finding:
    return _broken(
        sealed.identity, "SEAL_NOT_CLASSIFIED", "no required gate classified this dataset",
        "a ClassifyDatasetOperator or SanitizeDatasetOperator of this dataset among requires=", "none",
        "add the gate that classifies this dataset to requires=",
    )  # fmt: skip


def judge_after(sealed: Sealed, before: Record | None) -> Finding:
    """Judge the data once more, when the task has used it: what it read must be what was sealed.

    :param before: the record of the seal under which the task began
    """
    if before is None or not before.verdict.fingerprint:
        return Finding(
            status=Status.UNKNOWN, code="CHANGED_DURING_TRAINING", subject=sealed.identity, severity=Severity.CRITICAL,
            reason="the seal under which the task began left no fingerprint to compare with",
            remedy="do not use what the task made; clear it and let it run again",
        )  # fmt: skip
    if before.verdict.fingerprint == sealed.fingerprint.root:
        return Finding(
            status=Status.PASS, code="SEAL_HELD", subject=sealed.identity,
            reason="the data is still what it was when the task began",
        )  # fmt: skip
    return Finding(
        status=Status.FAIL, code="CHANGED_DURING_TRAINING", subject=sealed.identity, severity=Severity.CRITICAL,
        reason="the data changed while the task used it: nobody knows which of it was used",
        expected="the parts that passed", got="other parts",
        remedy="do not use what the task made; let the data rest, then clear the gates and the task",
    )  # fmt: skip


def without_connection(task_id: str) -> Finding:
    """What is said of a task that asks AWS by no connection: nobody knows who it is there."""
    return _broken(
        task_id, "SEAL_NO_CONNECTION", "it names no connection to AWS: nobody asked who it is there",
        "aws_conn_id=", "none",
        "give the task aws_conn_id=: a connection without login and password uses the worker's own role",
    )  # fmt: skip


def _broken(subject: str, code: str, reason: str, expected: str, got: str, remedy: str) -> Finding:
    if code == "SEAL_DATA_CHANGED":
        # Roots are keyed, yet nothing is gained by printing them.
        expected, got = "the parts that passed", "other parts"
    return Finding(
        status=Status.FAIL, code=code, subject=subject, severity=Severity.CRITICAL,
        reason=reason, expected=expected, got=got, remedy=remedy,
    )  # fmt: skip

"""What a gate would say of a dataset, without the ledger's memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import AwareDatetime

from airflow_mlsecops.cli.exits import UsageError
from airflow_mlsecops.core.baseline import baseline
from airflow_mlsecops.core.classification import Classification, Column
from airflow_mlsecops.core.clean import clean_columns
from airflow_mlsecops.core.dataset import Dataset
from airflow_mlsecops.core.errors import MlsecopsError, PolicyError
from airflow_mlsecops.core.finding import Finding, Severity, Status
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.judge import judge_classification
from airflow_mlsecops.core.judge_allow import judge_allowed
from airflow_mlsecops.core.policy import STRICTEST, Policy
from airflow_mlsecops.core.verdict import Gate, Outcome, Verdict, in_order, outcome_of
from airflow_mlsecops.core.waive import apply_waivers

if TYPE_CHECKING:
    from airflow_mlsecops.policy import PolicyFolder

WHOLE = "dataset"  # what a finding is about that concerns no single column


class Question(Frozen):
    """What was asked on the command line.

    :param stage: what if the dataset stood in this stage? Empty: the stage that the policy says
    """

    dataset: Dataset
    partition: str = ""
    stage: str = ""
    now: AwareDatetime


class Stage(Frozen):
    """The stage a dataset was judged in.

    :param declared: the stage that the policy gives the dataset; empty if no line of it matches
    :param asked: true if the stage was asked for: the answer is a what-if
    """

    name: str
    declared: str = ""
    asked: bool = False


class Preview(Frozen):
    """A verdict that is not recorded, with what it was judged by.

    :param columns: what was looked at
    :param stage: ``None`` if it did not come to a judgement
    :param policy: where the policy folder is
    :param titles: what people call what was found, by its name
    """

    verdict: Verdict
    columns: tuple[Column, ...] = ()
    stage: Stage | None = None
    policy: str = ""
    titles: dict[str, str] = {}

    def after(self, seconds: float) -> Preview:
        """The same, having taken that long."""
        return self.model_copy(update={"verdict": self.verdict.model_copy(update={"seconds": seconds})})


def judge(
    question: Question,
    found: Classification,
    identity: str,
    folder: PolicyFolder,
    *,
    allow_key: bytes | None = None,
) -> Preview:
    """Judge a classification by a policy folder.

    :param allow_key: the secret that allowed values were compared under

    :raises UsageError: if the policy has no stage of the name that was asked for
    """
    policy = _what_if(folder.policy, question.stage, identity)
    rule, _ = policy.rule_for(identity)
    findings = judge_classification(
        found,
        identity=identity,
        policy=policy,
        entities=folder.entities,
        baseline=baseline(
            (), rule.known, dataset=identity, environment="", now=question.now, days=policy.baseline_days
        ),
        origins={},
    )
    today = question.now.date()
    findings += judge_allowed(
        found, identity=identity, policy=policy, entities=folder.entities, today=today, key=allow_key
    )
    findings = apply_waivers(findings, identity=identity, policy=policy, today=today)
    return Preview(
        verdict=_verdict(question, found, identity, policy, findings),
        columns=found.columns,
        stage=_stage(folder.policy, question.stage, identity),
        policy=folder.location,
        titles={finding.entity: _title(finding.entity, folder) for finding in findings if finding.entity},
    )


def _title(entity: str, folder: PolicyFolder) -> str:
    known = folder.entities.get(entity)
    return known.title if known else entity


def unknown(question: Question, error: MlsecopsError) -> Preview:
    """The verdict where somebody could not look."""
    # Only a policy's mistakes come on lines of their own; a line feed in any other message belongs to a name.
    reason, more, _ = str(error).partition("\n") if isinstance(error, PolicyError) else (str(error), "", "")
    finding = Finding(
        status=Status.UNKNOWN,
        code=error.code,
        subject=WHOLE,
        severity=Severity.CRITICAL,
        reason=reason,
        remedy="`airflow-mlsecops policy check` names every mistake" if more else None,
    )
    return Preview(
        verdict=Verdict(
            gate=Gate.CLASSIFY,
            outcome=Outcome.UNKNOWN,
            dataset=question.dataset.uri,
            uri=question.dataset.uri,
            partition=question.partition,
            findings=(finding,),
        )
    )


def _what_if(policy: Policy, stage: str, identity: str) -> Policy:
    if not stage:
        return policy
    if stage not in policy.stages:
        raise UsageError(f"the policy has no stage {stage}, it has {', '.join(sorted(policy.stages))}")
    rule = policy.rule_for(identity)[0].model_copy(update={"match": "**", "stage": stage})
    # The line of another rule must not be named as this one's.
    lines = {path: line for path, line in policy.lines.items() if not path.startswith("datasets.")}
    return policy.model_copy(update={"datasets": (rule,), "lines": lines})


def _stage(policy: Policy, asked: str, identity: str) -> Stage:
    rule, _ = policy.rule_for(identity)
    declared = "" if rule is STRICTEST else rule.stage
    return Stage(name=asked or rule.stage, declared=declared, asked=bool(asked))


def _verdict(
    question: Question, found: Classification, identity: str, policy: Policy, findings: tuple[Finding, ...]
) -> Verdict:
    return Verdict(
        gate=Gate.CLASSIFY,
        outcome=outcome_of(findings),
        dataset=identity,
        uri=question.dataset.uri,
        partition=question.partition,
        findings=in_order(findings),
        not_looked_at=found.skipped,
        sightings=found.sightings,
        rows_scanned=found.rows_scanned,
        rows_present=found.rows_present,
        sampled=found.sampled,
        bytes_read=found.bytes_read,
        columns=len(found.columns),
        clean_columns=clean_columns(found),
        policy=policy.digest,
        ruleset=found.ruleset,
    )

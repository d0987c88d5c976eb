"""What another policy folder would have answered: the cases of both, and the decisions that records hold.

A record holds what was asked and what was answered; what the rules were told besides is taken from the other records of
its run. So a decision is replayed only where the old folder, told that, gives the answer that was recorded. Scans and
checks of the environment count as they were recorded: a new folder may judge them otherwise too. Waivers count as on
the day of the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from airflow_mlsecops.core.access import AccessRequest
from airflow_mlsecops.core.finding import Finding
from airflow_mlsecops.core.gate import OF_DATA, SCANS, Gate
from airflow_mlsecops.core.judge_access import judge_access
from airflow_mlsecops.core.record import Record
from airflow_mlsecops.core.request import request_of
from airflow_mlsecops.core.verdict import Outcome, outcome_of
from airflow_mlsecops.core.waive import apply_waivers
from airflow_mlsecops.policy.cases import Case, HoldsCase, judge_case
from airflow_mlsecops.policy.folder import PolicyFolder
from airflow_mlsecops.policy.snapshot import ACCESS
from airflow_mlsecops.policy.turns import ACTIONS

# Who was at a keyboard is not recorded: an answer counts only where it is the same for both.
_UNTOLD = (("user", "the operating-system user"), ("owner", "the owner of the task"))
_KINDS = ("airflow-task", "human")


class Answer(NamedTuple):
    """What a folder says.

    :param allowed: whether the gate lets it through, by a waiver perhaps
    :param by: ids of rules or stages, and of waivers
    """

    allowed: bool
    by: tuple[str, ...]

    def __str__(self) -> str:
        word = "allow" if self.allowed else "deny"
        return f"{word} ({', '.join(self.by)})" if self.by else word


@dataclass(frozen=True, slots=True)
class Compared:
    """One question, put to both folders.

    :param what: the case's name, or who asked what
    :param unknown: why it could not be put to both; empty if it was
    """

    what: str
    old: Answer | None = None
    new: Answer | None = None
    unknown: str = ""

    @property
    def changed(self) -> str:
        """``opens``, ``closes`` or, where other rules give the same answer, ``reasons``; empty if nothing changed."""
        if self.old is None or self.new is None or self.old == self.new:
            return ""
        if self.old.allowed is self.new.allowed:
            return "reasons"
        return "opens" if self.new.allowed else "closes"


def compare_cases(old: PolicyFolder, new: PolicyFolder) -> tuple[Compared, ...]:
    """Put the cases of both folders to both; one that both hold is put once."""
    known = {case.said for case in new.cases}
    cases = (*new.cases, *(case for case in old.cases if case.said not in known))
    return tuple(_case(case, old, new) for case in cases)


def compare_decision(record: Record, others: Iterable[Record], old: PolicyFolder, new: PolicyFolder) -> Compared | None:
    """Put what an access gate was asked to both folders; ``None`` if no rule had been asked.

    :param record: what the access gate wrote
    :param others: what its run had written before
    """
    if not any((finding.rule or "").startswith(ACCESS) for finding in record.verdict.findings):
        return None
    what = f"{record.run.dag_id}.{record.run.task_id}: {record.verdict.asked}, {record.verdict.dataset}"
    evidence = [one for one in others if _speaks_of(one, record)]
    why = _lacking(record, evidence) or _beyond(old, new)
    if why:
        return Compared(what, unknown=why)
    kinds = [kind for kind in _KINDS if _codes(_judged(record, evidence, kind, old)) == _codes(record.verdict.findings)]
    if not kinds:
        return Compared(what, unknown=_not_reproduced(record, old))
    pairs = {(_answer(record, evidence, kind, old), _answer(record, evidence, kind, new)) for kind in kinds}
    if len(pairs) > 1:
        return Compared(what, unknown="it depends on whether a person was at a keyboard, which no record holds")
    return Compared(what, *pairs.pop())


def _case(case: Case, old: PolicyFolder, new: PolicyFolder) -> Compared:
    named = (case.said.entity,) if isinstance(case.said, HoldsCase) else case.said.entities
    for word, folder in (("old", old), ("new", new)):
        strangers = [name for name in named if name not in folder.entities]
        if strangers:
            return Compared(case.said.name, unknown=f"the {word} folder knows no entity {', '.join(strangers)}")
        if not folder.policy.environments:
            return Compared(case.said.name, unknown=f"the {word} folder declares no environment")
    return Compared(case.said.name, _said(case, old), _said(case, new))


def _said(case: Case, folder: PolicyFolder) -> Answer:
    result = judge_case(case, folder.policy, folder.access)
    return Answer(result.allowed, result.by)


def _speaks_of(one: Record, record: Record) -> bool:
    """As the gate itself reads the records of its run (``operators/ask.py``)."""
    verdict, asked = one.verdict, record.verdict
    if one.run.run_id != record.run.run_id or one.run.dag_id != record.run.dag_id:
        return False
    if verdict.policy != asked.policy or verdict.dataset != asked.dataset:
        return False
    return verdict.gate is Gate.ISOLATION or (verdict.gate in OF_DATA and verdict.partition == asked.partition)


def _lacking(record: Record, evidence: Sequence[Record]) -> str:
    if record.verdict.asked.partition(" for ")[0] not in ACTIONS:
        return "its record does not hold what was asked"
    gates = {one.verdict.gate for one in evidence}
    if not gates & SCANS:
        return "the ledger does not hold the scan that it relied on"
    return "" if Gate.ISOLATION in gates else "the ledger does not hold the check of its environment"


def _beyond(old: PolicyFolder, new: PolicyFolder) -> str:
    asked = old.access.asks | new.access.asks
    return next((f"a rule asks for {what}, which no record holds" for name, what in _UNTOLD if name in asked), "")


def _not_reproduced(record: Record, old: PolicyFolder) -> str:
    if record.verdict.policy != old.policy.digest:
        return f"policy {record.verdict.policy[:12]} judged it, and the old folder answers otherwise"
    return "what the ledger holds of its run does not lead to the answer that was given"


def _answer(record: Record, evidence: Sequence[Record], kind: str, folder: PolicyFolder) -> Answer:
    findings = _judged(record, evidence, kind, folder)
    by = [*_decision_ids(record, evidence, kind, folder), *(one.waiver.id for one in findings if one.waiver)]
    return Answer(outcome_of(findings) is Outcome.PASS, tuple(by))


def _decision_ids(record: Record, evidence: Sequence[Record], kind: str, folder: PolicyFolder) -> tuple[str, ...]:
    decision = folder.access.decide(_request(record, evidence, kind, folder))
    return (*(reason.id for reason in decision.reasons), *decision.errors)


def _judged(record: Record, evidence: Sequence[Record], kind: str, folder: PolicyFolder) -> tuple[Finding, ...]:
    request = _request(record, evidence, kind, folder)
    return apply_waivers(
        judge_access(request, folder.access.decide(request)),
        identity=request.dataset,
        policy=folder.policy,
        today=record.time.date(),
    )


def _codes(findings: Iterable[Finding]) -> set[tuple[str, str]]:
    """What the rules said and what was waived of it; whom the DAG's author expected to ask is no rule's matter."""
    return {
        (finding.code, finding.waiver.id if finding.waiver else "")
        for finding in findings
        if (finding.rule or "").startswith(ACCESS)
    }


def _request(record: Record, evidence: Sequence[Record], kind: str, folder: PolicyFolder) -> AccessRequest:
    action, _, purpose = record.verdict.asked.partition(" for ")
    return request_of(
        action,
        purpose,
        dataset=record.verdict.dataset,
        run=record.run,
        environment=record.environment,
        kind=kind,
        records=evidence,
        about=evidence,
        policy=folder.policy,
        entities=folder.entities,
        codes=folder.access.codes,
        now=record.time,
    )

"""The policy's own tests: what it must allow, what it must deny, and by which rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AwareDatetime, Field, NonNegativeInt

from airflow_mlsecops.core.access import AccessRequest, Evidence
from airflow_mlsecops.core.entity import Entity
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.policy import Policy
from airflow_mlsecops.core.request import counting_waivers
from airflow_mlsecops.policy.cedar import AccessRules
from airflow_mlsecops.policy.mistakes import Mistake, nearest, quoted
from airflow_mlsecops.policy.shape import shaped
from airflow_mlsecops.policy.tree import Node

if TYPE_CHECKING:
    from airflow_mlsecops.policy.folder import PolicyFolder

Name = Annotated[str, Field(min_length=1)]
Share = Annotated[float, Field(ge=0, le=1)]


class HoldsCase(Frozen):
    """A test of what a dataset may hold.

    :param name: what people read when it fails
    :param kind: ``holds``
    :param dataset: an identity, as the policy's globs see it
    :param entity: what is found in it
    :param share: share of rows that hold it, 0 to 1
    :param expect: ``allow`` or ``deny``
    :param because: the stage that the dataset must fall into; empty: any
    """

    name: Name
    kind: Literal["holds"]
    dataset: Name
    entity: Name
    share: Share = 1.0
    expect: Literal["allow", "deny"]
    because: str = ""


class AccessCase(Frozen):
    """A test of who may use a dataset; what it does not say comes from the policy's rule for the dataset.

    :param name: what people read when it fails
    :param kind: ``access``
    :param dataset: an identity, as the policy's globs see it
    :param action: ``read``, ``join``, ``train``, ``export`` or ``serve``
    :param purpose: what for
    :param dag_id: who asks
    :param task_id: with which of its tasks
    :param role: whom the database or AWS says the task is: a user, or the ARN of a role without its path
    :param dag_owner: the task's owner, as its DAG says
    :param who: ``airflow-task``, or ``human`` for a person at a keyboard
    :param environment: where it asks; empty: the first environment of the policy
    :param entities: what this run's scan found
    :param level: the highest level found; without it, that of ``entities``
    :param stage: instead of the policy's
    :param purposes: instead of the policy's
    :param applications: instead of the policy's
    :param dataset_environment: instead of the policy's
    :param waivers: ids of the waivers in force, instead of the policy's
    :param approvals: who approved them, instead of the policy's
    :param scan: outcome of this run's scan: ``pass``, ``fail`` or ``unknown``
    :param scan_age_hours: its age
    :param isolation: outcome of this run's check of its environment
    :param isolation_age_hours: its age
    :param now: when it asks
    :param expect: ``allow`` or ``deny``
    :param because: ``@id`` of a rule that must be among those that decided; empty: any
    """

    name: Name
    kind: Literal["access"]
    dataset: Name
    action: Literal["read", "join", "train", "export", "serve"]
    purpose: str = ""
    dag_id: str = "some_application"
    task_id: str = "some_task"
    role: str = ""
    dag_owner: str = ""
    who: Literal["airflow-task", "human"] = "airflow-task"
    environment: str = ""
    entities: tuple[str, ...] = ()
    level: Level | None = None
    stage: str | None = None
    purposes: tuple[str, ...] | None = None
    applications: tuple[str, ...] | None = None
    dataset_environment: str | None = None
    waivers: tuple[str, ...] | None = None
    approvals: tuple[str, ...] | None = None
    scan: Literal["pass", "fail", "unknown"] = "pass"
    scan_age_hours: NonNegativeInt = 0
    isolation: Literal["pass", "fail", "unknown"] = "pass"
    isolation_age_hours: NonNegativeInt = 0
    now: AwareDatetime = datetime(2026, 1, 1, 12, tzinfo=UTC)
    expect: Literal["allow", "deny"]
    because: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One test and its line in ``cases.yaml``."""

    said: HoldsCase | AccessCase
    line: int


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What one test came to.

    :param expected: ``allow`` or ``deny``, and by what
    :param got: the same of what happened
    :param line: in ``cases.yaml``
    :param allowed: whether it was allowed
    :param by: stage, or ids of the rules that decided
    :param guards: those rules without which the case would fail: one that ``because`` names, or one that decided alone
    """

    name: str
    ok: bool
    expected: str
    got: str
    line: int
    allowed: bool = False
    by: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()


def read_cases(file: str, root: Node, entities: Mapping[str, Entity]) -> tuple[tuple[Case, ...], list[Mistake]]:
    """Read ``cases.yaml``: a list of mappings, each of kind ``holds`` or ``access``."""
    if root.items is None:
        return (), [Mistake(file, root.line, "expected a list of cases, each after a dash")]
    read = [_case(file, item, entities) for item in root.items]
    cases = tuple(case for case, _ in read if case)
    return cases, [mistake for _, wrong in read for mistake in wrong] + _twins(file, cases)


def judge_case(case: Case, policy: Policy, access: AccessRules) -> CaseResult:
    """Ask the policy what a case asks."""
    said = case.said
    allowed, why = _holds(said, policy, access) if isinstance(said, HoldsCase) else _access(said, policy, access)
    got = "allow" if allowed else "deny"
    ok = got == said.expect and (not said.because or said.because in why)
    deciding = why if said.kind == "access" and ok else ()
    return CaseResult(
        name=said.name,
        ok=ok,
        expected=_because(said.expect, (said.because,) if said.because else ()),
        got=_because(got, why),
        line=case.line,
        allowed=allowed,
        by=why,
        guards=tuple(one for one in deciding if one == said.because or len(deciding) == 1),
    )


def run_cases(folder: PolicyFolder) -> tuple[CaseResult, ...]:
    """Run a policy folder's own tests, in their order."""
    return tuple(judge_case(case, folder.policy, folder.access) for case in folder.cases)


def _case(file: str, node: Node, entities: Mapping[str, Entity]) -> tuple[Case | None, list[Mistake]]:
    kind = node.child("kind")
    if kind is None or kind.value not in ("access", "holds"):
        return None, [Mistake(file, (kind or node).line, "a case needs kind: access or kind: holds")]
    model: type[HoldsCase | AccessCase] = AccessCase if kind.value == "access" else HoldsCase
    said, wrong = shaped(file, node, model)
    if said is None:
        return None, wrong
    named = (said.entity,) if isinstance(said, HoldsCase) else said.entities
    strangers = [name for name in named if name not in entities]
    return Case(said, node.line), [
        Mistake(file, node.line, f"no detector finds {quoted(name)}{nearest(name, entities)}") for name in strangers
    ]


def _twins(file: str, cases: tuple[Case, ...]) -> list[Mistake]:
    first: dict[str, int] = {}
    return [
        Mistake(file, case.line, f"case {quoted(case.said.name)} is named as the one on line {first[case.said.name]}")
        for case in cases
        if first.setdefault(case.said.name, case.line) != case.line
    ]


def _holds(case: HoldsCase, policy: Policy, access: AccessRules) -> tuple[bool, tuple[str, ...]]:
    rule, _ = policy.rule_for(case.dataset)
    tolerated = case.share <= rule.tolerate.get(case.entity, -1.0)
    return tolerated or policy.allows(rule.stage, access.known[case.entity]), (rule.stage,)


def _access(case: AccessCase, policy: Policy, access: AccessRules) -> tuple[bool, tuple[str, ...]]:
    decision = access.decide(request_of(case, policy, access))
    return decision.allowed, (*(reason.id for reason in decision.reasons), *decision.errors)


def request_of(case: AccessCase, policy: Policy, access: AccessRules) -> AccessRequest:
    """What a case asks, with what it leaves out filled in from the policy."""
    rule, _ = policy.rule_for(case.dataset)
    environment = case.environment or next(iter(policy.environments))
    levels = [policy.level_of(access.known[name]) for name in case.entities]
    principal = f"{case.dag_id}.{case.task_id}"
    waivers = counting_waivers(policy, case.dataset, principal=principal, codes=access.codes, today=case.now.date())
    return AccessRequest(
        dag_id=case.dag_id,
        task_id=case.task_id,
        role=case.role,
        dag_owner=case.dag_owner,
        environment=environment,
        kind=case.who,
        action=case.action,
        purpose=case.purpose,
        dataset=case.dataset,
        dataset_environment=_or(case.dataset_environment, rule.environment or environment),
        level=case.level or max(levels, default=Level.PUBLIC, key=lambda level: level.rank),
        entities=case.entities,
        stage=_or(case.stage, rule.stage),
        owner=rule.owner,
        allowed_purposes=rule.purposes if case.purposes is None else case.purposes,
        applications=rule.applications if case.applications is None else case.applications,
        waivers=tuple(one.id for one in waivers) if case.waivers is None else case.waivers,
        approvals=tuple({one.approved_by: 0 for one in waivers}) if case.approvals is None else case.approvals,
        now=case.now,
        scan=Evidence(outcome=case.scan, age_seconds=case.scan_age_hours * 3600),
        isolation=Evidence(outcome=case.isolation, age_seconds=case.isolation_age_hours * 3600),
        max_scan_age_seconds=policy.tier(rule.tier).max_scan_age_hours * 3600,
    )


def _or(said: str | None, otherwise: str) -> str:
    return otherwise if said is None else said


def _because(effect: str, why: tuple[str, ...]) -> str:
    return f"{effect} ({', '.join(why)})" if why else effect

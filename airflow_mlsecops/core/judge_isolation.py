"""Judgement of an environment: the one demanded, the one claimed and the facts must agree."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from fnmatch import fnmatchcase

from airflow_mlsecops.core.aws import Call
from airflow_mlsecops.core.check import Check, Demand
from airflow_mlsecops.core.environment import Environment
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Finding, Severity, Status
from airflow_mlsecops.core.gaps import weigh
from airflow_mlsecops.core.policy import Policy


def judge_isolation(
    facts: Facts,
    *,
    environment: str,
    policy: Policy,
    checks: Mapping[str, Check],
    today: date,
    also: Collection[str] = (),
    of_the_task: bool = False,
) -> tuple[Finding, ...]:
    """Ask every check of the facts; those that the policy requires may block.

    :param environment: the environment the DAG demands
    :param checks: every check there is, by id
    :param also: ids of further checks that the DAG's author wants to block; it can only add
    :param of_the_task: true: only what is asked of the task's own process, as a seal asks it again
    """
    profile = policy.environments.get(environment)
    if profile is None:
        return (_not_in_policy(environment, policy),)
    required, missing = chosen((*profile.requires, *also), checks)
    unknown = [_no_such_check(check_id, environment) for check_id in missing]
    if not required and not missing:
        unknown = [_nothing_required(environment, policy)]
    demand = _demand(environment, profile, facts.dataset, policy)
    place = policy.where(f"environments.{environment}.requires")
    asked = [
        _weigh(finding, profile, required, place, today)
        for check in to_ask(checks, required)
        if check.of_the_task or not of_the_task
        for finding in check.inspect(facts, demand)
    ]
    return (*unknown, *asked)


def chosen(wanted: Collection[str], checks: Collection[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Ids of the checks that are meant, and what of the wanted means none.

    :param wanted: ids, in which ``*`` stands for any run of characters
    """
    meant = {one: [check for check in checks if fnmatchcase(check, one)] for one in wanted}
    found = frozenset(check for checks_of_one in meant.values() for check in checks_of_one)
    return found, tuple(sorted(one for one, checks_of_one in meant.items() if not checks_of_one))


def to_ask(checks: Mapping[str, Check], required: Collection[str]) -> tuple[Check, ...]:
    """Checks that are asked: the required ones, and those that cost nothing to ask."""
    return tuple(check for _, check in sorted(checks.items()) if check.id in required or not check.on_demand)


def wanted(
    facts: Facts,
    *,
    environment: str,
    policy: Policy,
    checks: Mapping[str, Check],
    also: Collection[str] = (),
    of_the_task: bool = False,
) -> tuple[Call, ...]:
    """Calls to AWS that would tell the required checks more; none once they know all they can."""
    profile = policy.environments.get(environment)
    if profile is None:
        return ()
    required, _ = chosen((*profile.requires, *also), checks)
    demand = _demand(environment, profile, facts.dataset, policy)
    asked = (check for check in to_ask(checks, required) if check.of_the_task or not of_the_task)
    answers = (answer for check in asked for answer in check.answers(facts, demand))
    calls = {call.key: call for answer in answers for call in answer.wants}
    return tuple(calls[key] for key in sorted(calls))


def _demand(environment: str, profile: Environment, dataset: str, policy: Policy) -> Demand:
    """What is asked, with the readers that the dataset's own line names, where it names some."""
    readers = policy.allowed(dataset, environment).readers
    return Demand(environment=environment, profile=profile.model_copy(update={"readers": readers}))


def _weigh(finding: Finding, profile: Environment, required: Collection[str], place: str, today: date) -> Finding:
    finding = finding.model_copy(update={"required": finding.code in required, "rule": place})
    return weigh(finding, profile.not_observable, today)


def _not_in_policy(environment: str, policy: Policy) -> Finding:
    known = ", ".join(sorted(policy.environments)) or "none"
    return Finding(
        status=Status.FAIL,
        code="ENV_NOT_IN_POLICY",
        subject=environment,
        severity=Severity.CRITICAL,
        reason="the policy describes no such environment",
        expected=f"one of {known}",
        got=environment,
        remedy="demand an environment that the policy describes, or have it described under environments:",
        rule=policy.where("environments"),
    )


def _no_such_check(check_id: str, environment: str) -> Finding:
    return Finding(
        status=Status.UNKNOWN,
        code="CHECK_MISSING",
        subject=check_id,
        severity=Severity.CRITICAL,
        reason=f"environment {environment} requires a check that this version does not have",
        remedy="install the version that has it, or correct its id in policy.yaml",
    )


def _nothing_required(environment: str, policy: Policy) -> Finding:
    return Finding(
        status=Status.UNKNOWN,
        code="NOTHING_REQUIRED",
        subject=environment,
        severity=Severity.CRITICAL,
        reason="the policy requires no check of this environment: a gate that asks nothing proves nothing",
        remedy="list the ids of checks under requires: of this environment",
        rule=policy.where(f"environments.{environment}"),
    )

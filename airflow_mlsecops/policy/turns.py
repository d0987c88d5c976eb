"""What would turn an answer of the access rules: one change, weighed by the very rules that gave the answer.

Changes are of the request, of what this run has proven, or of the dataset's line or the waivers in ``policy.yaml``;
never of a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

from airflow_mlsecops.core.access import AccessDecision, AccessRequest, Evidence
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.policy import STRICTEST, DatasetRule, Policy, matches
from airflow_mlsecops.policy.cases import AccessCase
from airflow_mlsecops.policy.cedar import AccessRules

Place = Literal["request", "proof", "policy", "waiver"]
ACTIONS: tuple[str, ...] = get_args(AccessCase.model_fields["action"].annotation)
_Found = Iterator[tuple[str, dict[str, Any]]]
_MOST_WORDS = 20
# What rules may ask of whoever asks, where it is in the request, and what people read of it.
_NAMES = (
    ("principal.role", "role", "a task that works as"),
    ("principal.dag_id", "dag_id", "the DAG"),
    ("principal.task_id", "task_id", "the task"),
    ("principal.owner", "dag_owner", "a task owned by"),
)
_OUTCOMES = ("pass", "fail", "unknown")


class Change(NamedTuple):
    """One thing that would be otherwise.

    :param place: ``request``, ``proof`` (of what the data holds or where the task runs), ``policy`` or ``waiver``
    :param what: what it would be, for people
    """

    place: Place
    what: str
    request: AccessRequest


@dataclass(frozen=True, slots=True)
class Explanation:
    """An answer, and what would turn it.

    :param turns: single changes under which the answer would be the opposite
    :param lifts: where none does: by the id of each rule that denies, single changes under which it no longer would
    """

    decision: AccessDecision
    turns: tuple[Change, ...]
    lifts: Mapping[str, tuple[Change, ...]]


def explain(request: AccessRequest, policy: Policy, access: AccessRules) -> Explanation:
    """Ask the rules, and ask them again under each single change."""
    decision = access.decide(request)
    tried = [(change, access.decide(change.request)) for change in changes(request, policy, access)]
    sound = [(change, after) for change, after in tried if not after.errors]
    turns = tuple(change for change, after in sound if after.allowed is not decision.allowed)
    lifts = {
        reason.id: tuple(change for change, after in sound if reason not in after.reasons)
        for reason in (() if decision.allowed or turns else decision.reasons)
    }
    return Explanation(decision, () if decision.errors else turns, lifts)


def scanned(policy: Policy, known: Mapping[str, Entity], stage: str, held: Iterable[str]) -> Literal["pass", "fail"]:
    """What a scan that finds these entities in a dataset of that stage comes to; a share it tolerates is not known."""
    return "pass" if all(name in known and policy.allows(stage, known[name]) for name in held) else "fail"


def changes(request: AccessRequest, policy: Policy, access: AccessRules) -> Iterator[Change]:
    """Every single change that is considered."""
    known = access.known
    rule, _ = policy.rule_for(request.dataset)
    groups: tuple[tuple[Place, _Found], ...] = (
        ("request", _asked(request, policy, access, rule)),
        ("proof", _proven(request, policy, known)),
        ("proof", _held(request, policy, known)),
        ("policy", _declared(request, policy, known, rule)),
        ("waiver", _approved(request, access)),
    )
    for place, found in groups:
        for what, update in found:
            changed = request.model_copy(update=update)
            if changed != request:
                yield Change(place, what, changed)


def _asked(request: AccessRequest, policy: Policy, access: AccessRules, rule: DatasetRule) -> _Found:
    for action in ACTIONS:
        yield f"action {action}", {"action": action}
    for purpose in dict.fromkeys((*request.allowed_purposes, *_spoken_of(access, "context.purpose"))):
        yield f"purpose {purpose}", {"purpose": purpose}
    yield "no purpose", {"purpose": ""}
    for pattern in request.applications:
        name = pattern.replace("*", "x")
        if matches(pattern, name) and not _listed(request, request.dag_id):
            yield f"a DAG that the line lists: {pattern}", {"dag_id": name}
    if request.applications and not _listed(request, "-"):
        yield "a DAG that the line does not list", {"dag_id": "-"}
    for attribute, field, what in _NAMES:
        for name in _spoken_of(access, attribute):
            yield f"{what} {name}", {field: name}
    other = "airflow-task" if request.kind == "human" else "human"
    yield "a person at a keyboard" if other == "human" else "a scheduled task, nobody at a keyboard", {"kind": other}
    for environment in dict.fromkeys((*filter(None, [rule.environment]), *policy.environments)):
        place = {"environment": environment, "dataset_environment": rule.environment or environment}
        yield f"environment {environment}", place


def _proven(request: AccessRequest, policy: Policy, known: Mapping[str, Entity]) -> _Found:
    # No scan passes what the stage may not hold.
    never = {"scan"} if scanned(policy, known, request.stage, request.entities) == "fail" else set()
    for name, words in (("scan", "scan of the dataset"), ("isolation", "check of its environment")):
        said: Evidence = getattr(request, name)
        for outcome in _OUTCOMES[name in never :]:
            yield f"a {words} that says {outcome}", {name: said.model_copy(update={"outcome": outcome})}
        most = request.max_scan_age_seconds
        if said.age_seconds > most:
            yield f"a {words} of now", {name: said.model_copy(update={"age_seconds": 0})}
        else:
            late = said.model_copy(update={"age_seconds": most + 1})
            yield f"a {words} more than {most // 3600:,} h old", {name: late}


def _held(request: AccessRequest, policy: Policy, known: Mapping[str, Entity]) -> _Found:
    for name in request.entities:
        rest = tuple(one for one in request.entities if one != name)
        yield f"data without {name}", _holding(request, policy, known, rest)
    if len(request.entities) > 1:
        yield f"data without any of {', '.join(request.entities)}", _holding(request, policy, known, ())
    if not request.entities:
        for level in Level:
            yield f"data that is {level.value}", {"level": level}
    for role in Role:
        example = next((name for name in sorted(known) if known[name].role is role), None)
        if example and not any(known[name].role is role for name in request.entities if name in known):
            more = _holding(request, policy, known, tuple(sorted({*request.entities, example})))
            yield f"data with {example} ({role.value})", more


def _holding(
    request: AccessRequest, policy: Policy, known: Mapping[str, Entity], held: tuple[str, ...]
) -> dict[str, Any]:
    levels = [policy.level_of(known[name]) if name in known else Level.RESTRICTED for name in held]
    level = max(levels, default=Level.PUBLIC, key=lambda one: one.rank)
    return {"entities": held, "level": level, "scan": _scan(request, policy, known, request.stage, held)}


def _scan(
    request: AccessRequest, policy: Policy, known: Mapping[str, Entity], stage: str, held: tuple[str, ...]
) -> Evidence:
    """What the scan would say: what a stage may not hold fails it, and ceases to where it may or is gone."""
    if scanned(policy, known, stage, held) == "fail":
        return request.scan.model_copy(update={"outcome": "fail"})
    because = scanned(policy, known, request.stage, request.entities) == "fail" and request.scan.outcome == "fail"
    return request.scan.model_copy(update={"outcome": "pass"}) if because else request.scan


def _declared(request: AccessRequest, policy: Policy, known: Mapping[str, Entity], rule: DatasetRule) -> _Found:
    if rule is STRICTEST:
        yield from _new_lines(request, policy, known)
        return
    purposes = request.allowed_purposes
    if request.purpose in purposes:
        left = tuple(one for one in purposes if one != request.purpose)
        yield f"purposes: {_list(left)}", {"allowed_purposes": left}
    elif request.purpose:
        yield f"purposes: {_list((*purposes, request.purpose))}", {"allowed_purposes": (*purposes, request.purpose)}
    if not _listed(request, request.dag_id):
        more = (*request.applications, request.dag_id)
        yield f"applications: {_list(more)}", {"applications": more}
    else:
        yield "applications: others than this one", {"applications": ("-",)}
    for environment in dict.fromkeys((request.environment, *policy.environments)):
        yield f"environment: {environment}", {"dataset_environment": environment}
    for stage in policy.stages:
        scan = _scan(request, policy, known, stage, request.entities)
        yield f"stage: {stage}", {"stage": stage, "scan": scan}
    for name, tier in policy.tiers.items():
        yield f"tier: {name}", {"max_scan_age_seconds": tier.max_scan_age_hours * 3600}


def _approved(request: AccessRequest, access: AccessRules) -> _Found:
    for name in _spoken_of(access, "context.approvals"):
        yield f"one approved by {name}", {"approvals": tuple(dict.fromkeys((*request.approvals, name)))}
    for name in _spoken_of(access, "context.waivers"):
        yield f"one called {name}", {"waivers": tuple(dict.fromkeys((*request.waivers, name)))}
    if request.approvals or request.waivers:
        yield "none of them", {"approvals": (), "waivers": ()}


def _spoken_of(access: AccessRules, attribute: str) -> list[str]:
    """What the rules compare an attribute with; the first ones of many."""
    return sorted(word for path, word in access.words if path == attribute)[:_MOST_WORDS]


def _new_lines(request: AccessRequest, policy: Policy, known: Mapping[str, Entity]) -> _Found:
    care = policy.tier(DatasetRule(match="", stage="").tier).max_scan_age_hours * 3600
    for stage in policy.stages:
        what = f"a line of its own: {{match: {request.dataset}, stage: {stage}, purposes: {_list((request.purpose,))}}}"
        yield (
            what,
            {
                "stage": stage,
                "allowed_purposes": (request.purpose,),
                "max_scan_age_seconds": care,
                "scan": _scan(request, policy, known, stage, request.entities),
            },
        )


def _listed(request: AccessRequest, dag_id: str) -> bool:
    return not request.applications or any(matches(pattern, dag_id) for pattern in request.applications)


def _list(names: Iterable[str]) -> str:
    return f"[{', '.join(names)}]"

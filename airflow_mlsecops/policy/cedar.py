"""Cedar decides access: the rules are proven sound when they are loaded, and any doubt while deciding denies."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from airflow_mlsecops.core.access import AccessDecision, AccessRequest, Reason
from airflow_mlsecops.core.entity import Entity
from airflow_mlsecops.core.judge_access import CODES, code_of
from airflow_mlsecops.core.policy import matches
from airflow_mlsecops.policy.cedar_text import Statement, statements
from airflow_mlsecops.policy.mistakes import Mistake, quoted
from airflow_mlsecops.policy.permits import Permit, Permits
from airflow_mlsecops.policy.terms import asked_of_principal, doubts, meant, said

_ID = re.compile(r"[a-z][a-z0-9-]{1,63}")
_NAMESPACE = "MLSecOps::"
_NOWHERE = "unable to find an applicable action"


@dataclass(frozen=True, slots=True)
class Rule:
    """One statement of ``access.cedar``.

    :param effect: ``permit`` or ``forbid``
    :param line: where it begins
    """

    id: str
    reason: str
    effect: str
    line: int


@dataclass(frozen=True, slots=True)
class AccessRules:
    """The rules of one ``access.cedar``, parsed and validated against the schema.

    :param rules: in the order of the file
    :param words: each text that a rule compares an attribute with, as ``context.purpose`` and ``churn``
    :param asks: attributes of whoever asks that some rule speaks of, or may speak of
    :param known: every entity a scan can name, since rules speak of their roles and tags
    """

    rules: tuple[Rule, ...]
    known: Mapping[str, Entity] = field(repr=False)
    words: frozenset[tuple[str, str]] = field(repr=False)
    asks: frozenset[str] = field(repr=False)
    _policies: Any = field(repr=False)
    _permits: Permits = field(repr=False)

    @property
    def codes(self) -> frozenset[str]:
        """What findings of these rules are called."""
        return CODES | {code_of(rule.id) for rule in self.rules}

    def decide(self, request: AccessRequest) -> AccessDecision:
        """Ask the rules; allowed only where a permit matched, no forbid did, and nothing at all went wrong.

        Cedar skips a rule that fails to evaluate, a forbid too, and then allows: here any diagnostic denies.
        """
        from cedarpy import Decision, Entities, is_authorized

        strangers = sorted(set(request.entities) - self.known.keys())
        if strangers:
            return _denied(f"this version knows no entity {', '.join(strangers)}: what it means cannot be judged")
        try:
            there = Entities.from_json_str(json.dumps(_entities(request, self.known)), schema())
            question = _question(request)
            result = is_authorized(question, self._policies, there, schema())
            decision, errors = result.decision, result.diagnostics.errors
            ids = [result.diagnostics.id_annotations_by_reason[name] for name in result.diagnostics.reasons]
        except (ValueError, TypeError, KeyError) as error:
            # Its text may repeat what it was given.
            return _denied(f"the request does not fit the schema of access rules ({type(error).__name__})")
        if decision is Decision.NoDecision or errors:
            return AccessDecision(allowed=False, errors=self._troubles(errors))
        reasons = self._reasons(ids)
        if not reasons:
            permits, more = self._permits.unmet(request.action, question, there, schema())
            return AccessDecision(allowed=False, permits=permits, more_permits=more)
        return AccessDecision(allowed=decision is Decision.Allow, reasons=reasons)

    def _reasons(self, ids: list[str]) -> tuple[Reason, ...]:
        return tuple(Reason(id=rule.id, reason=rule.reason) for rule in self.rules if rule.id in ids)

    def _troubles(self, errors: list[str]) -> tuple[str, ...]:
        # Cedar numbers policies in the order of the file; the rest of its text may repeat what it was given.
        numbers = [int(number) for error in errors for number in re.findall(r"evaluating policy `policy(\d+)`", error)]
        named = [rule for index, rule in enumerate(self.rules) if index in numbers]
        if not named:
            return ("the request does not fit the schema of access rules",)
        return tuple(f"rule {rule.id} (access.cedar:{rule.line}) could not be evaluated" for rule in named)


def access_rules(file: str, text: str, entities: Mapping[str, Entity]) -> tuple[AccessRules | None, list[Mistake]]:
    """Read ``access.cedar``: the rules, or at least one mistake.

    :param entities: every entity a scan can name
    """
    from cedarpy import PolicySet

    found, mistakes = statements(file, text)
    if mistakes:
        return None, mistakes
    read = [_rule(file, statement, entities) for statement in found]
    mistakes = [mistake for one in read for mistake in one.wrong]
    rules = tuple(one.rule for one in read if one.rule)
    mistakes += _together(file, rules)
    if mistakes:
        return None, mistakes
    policies = PolicySet.from_str(text)
    if len(policies) != len(rules):
        return None, [Mistake(file, 0, f"holds {len(policies)} rules to Cedar, yet {len(rules)} statements")]
    return AccessRules(
        rules,
        entities,
        words=frozenset(pair for one in read for pair in said(one.json)),
        asks=frozenset(name for one in read for name in asked_of_principal(one.json)),
        _policies=policies,
        _permits=Permits(tuple(filter(None, map(_permit, found, read)))),
    ), []


@cache
def schema() -> Any:
    """What rules may speak of, as Cedar's handle."""
    from cedarpy import Schema

    return Schema.from_str(schema_text())


def schema_text() -> str:
    """What rules may speak of, to be read."""
    return Path(__file__).with_name("schema.cedarschema").read_text(encoding="utf-8")


class _Read(NamedTuple):
    """What one statement came to.

    :param json: the policy as Cedar reads it
    """

    wrong: list[Mistake]
    rule: Rule | None = None
    json: Any = None


def _rule(file: str, statement: Statement, entities: Mapping[str, Entity]) -> _Read:
    from cedarpy import policies_to_json_str

    try:
        read = json.loads(policies_to_json_str(statement.text))
    except ValueError as error:
        return _Read([Mistake(file, statement.line_of(str(error)), f"is not Cedar: {meant(str(error))}")])
    except RecursionError:
        return _Read([Mistake(file, statement.line, "chains more operators than can be followed: cut it into several")])
    policies = list(read["staticPolicies"].values())
    if read["templates"]:
        return _Read([Mistake(file, statement.line, "is a template (?): nothing fills it in, so it would never apply")])
    if len(policies) != 1:
        return _Read([Mistake(file, statement.line, f"holds {len(policies)} rules before one semicolon")])
    rule, noted = policies[0], policies[0].get("annotations", {})
    wrong = _validated(file, statement, rule, entities)
    wrong += [Mistake(file, statement.line, text) for text in _annotated(noted)]
    read = Rule(noted.get("id") or "", noted.get("reason") or "", rule["effect"], statement.line)
    return _Read(wrong, read, rule)


def _validated(file: str, statement: Statement, rule: Any, entities: Mapping[str, Entity]) -> list[Mistake]:
    from cedarpy import validate_policies

    result = validate_policies(statement.text, schema())
    wrong = sorted({_invalid(file, statement, error.error) for error in result.errors})
    if not result.validation_passed and not wrong:
        wrong = [Mistake(file, statement.line, "does not fit the schema of access rules")]
    # Once a type or an action is unknown, no action is left to apply to; that is no second mistake.
    told = [one for one in wrong if _NOWHERE not in one.text] or wrong
    return told + [Mistake(file, statement.line_of(text), text) for text in doubts(rule, entities)]


def _permit(statement: Statement, read: _Read) -> Permit | None:
    rule = read.rule
    if rule is None or rule.effect != "permit":
        return None
    scope = read.json["action"]
    named = scope.get("entities") or ([scope["entity"]] if "entity" in scope else [])
    return Permit(rule.id, rule.line, frozenset(one["id"] for one in named), statement.text)


def _invalid(file: str, statement: Statement, error: str) -> Mistake:
    text = re.sub(r"^for policy `policy\d+`, ", "", " ".join(error.split()))
    # Cedar says it once for each action that the rule may meet.
    text = re.sub(r' in context for MLSecOps::Action::"\w+"', " in context", text)
    return Mistake(file, statement.line_of(text), meant(text))


def _annotated(noted: Mapping[str, str | None]) -> list[str]:
    wrong = []
    if not _ID.fullmatch(noted.get("id") or ""):
        wrong.append('needs @id("…") of two or more lower-case letters, digits or hyphens: denials are named by it')
    if not (noted.get("reason") or "").strip():
        wrong.append('needs @reason("…"): it is what a denied application reads')
    return wrong


def _together(file: str, rules: tuple[Rule, ...]) -> list[Mistake]:
    first: dict[str, Rule] = {}
    wrong = []
    for rule in rules:
        known = first.setdefault(rule.id, rule)
        if known is not rule and rule.id:
            wrong.append(Mistake(file, rule.line, f"@id {quoted(rule.id)} is taken by the rule on line {known.line}"))
    if not any(rule.effect == "permit" for rule in rules):
        wrong.append(Mistake(file, 0, "permits nothing: without a permit nobody may do anything"))
    return wrong


def _denied(error: str) -> AccessDecision:
    return AccessDecision(allowed=False, errors=(error,))


def _question(request: AccessRequest) -> dict[str, Any]:
    # Names travel as JSON, never as Cedar text: a dataset called `x" || true` is only a name.
    return {
        "principal": _uid("Workload", f"{request.dag_id}.{request.task_id}"),
        "action": _uid("Action", request.action),
        "resource": _uid("Dataset", request.dataset),
        "context": {
            "purpose": request.purpose,
            "now": _extension("datetime", f"{request.now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"),
            "listed": _listed(request),
            "scan": {"outcome": request.scan.outcome, "age": _seconds(request.scan.age_seconds)},
            "isolation": {"outcome": request.isolation.outcome, "age": _seconds(request.isolation.age_seconds)},
            "waivers": list(request.waivers),
            "approvals": list(request.approvals),
            "max_scan_age": _seconds(request.max_scan_age_seconds),
        },
    }


def _entities(request: AccessRequest, known: Mapping[str, Entity]) -> list[dict[str, Any]]:
    held = [known[name] for name in request.entities]
    named = ("kind", "user", "role", "dag_id", "task_id", "environment")
    workload = {**{name: getattr(request, name) for name in named}, "owner": request.dag_owner}
    dataset = {
        "environment": request.dataset_environment,
        "stage": request.stage,
        "owner": request.owner,
        "purposes": list(request.allowed_purposes),
        "applications": list(request.applications),
        "level": request.level.rank,
        "entities": list(request.entities),
        "roles": sorted({entity.role.value for entity in held}),
        "tags": sorted({tag for entity in held for tag in entity.tags}),
    }
    return [
        {"uid": _uid("Workload", f"{request.dag_id}.{request.task_id}"), "attrs": workload, "parents": []},
        {"uid": _uid("Dataset", request.dataset), "attrs": dataset, "parents": []},
    ]


def _listed(request: AccessRequest) -> bool:
    return not request.applications or any(matches(pattern, request.dag_id) for pattern in request.applications)


def _uid(kind: str, name: str) -> dict[str, str]:
    return {"type": f"{_NAMESPACE}{kind}", "id": name}


def _seconds(count: int) -> dict[str, Any]:
    return _extension("duration", f"{count}s")


def _extension(name: str, text: str) -> dict[str, Any]:
    return {"__extn": {"fn": name, "arg": text}}

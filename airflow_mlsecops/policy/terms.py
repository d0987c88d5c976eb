"""The words that ``access.cedar`` may use, and what was meant by one that it may not.

Cedar's validator finds a misspelt attribute, action or type, and says no more. It accepts a misspelt word (``roles
contains "secrt"``) and a ``has`` of what is never there: such a forbid never applies, and everybody is let through.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.words import printable
from airflow_mlsecops.policy.mistakes import nearest

_BLOCK = re.compile(r"(?:entity (\w+) =|type (\w+) =|(context):) \{(.*?)\n *\}", re.DOTALL)
_FIELD = re.compile(r"^ +(\w+): (\w+)", re.MULTILINE)
_ACTIONS = re.compile(r"action (.*?) appliesTo")
_VARIABLES = {"principal": "Workload", "resource": "Dataset", "context": "context"}
_METHODS = (
    *("contains", "containsAll", "containsAny", "isEmpty", "lessThan", "lessThanOrEqual", "greaterThan"),
    *("greaterThanOrEqual", "offset", "durationSince", "toDate", "toTime", "toMilliseconds", "toSeconds", "toMinutes"),
    *("toHours", "toDays", "isIpv4", "isIpv6", "isLoopback", "isMulticast", "isInRange"),
)  # https://docs.cedarpolicy.com/policies/syntax-operators.html
_FUNCTIONS = ("datetime", "duration", "decimal", "ip")
# What others call it.
_OTHERWISE = {
    "sensitivity": "level",
    "classification": "level",
    "labels": "entities",
    "allowed_purposes": "purposes",
    "role_arn": "role",
    "verdict": "outcome",
}
_OUTCOMES = ("pass", "fail", "unknown")


def schema_of(text: str) -> tuple[Mapping[str, Mapping[str, str]], tuple[str, ...]]:
    """What a schema holds: the attributes of each type and of the context with their own types, and the actions."""
    blocks = {
        next(name for name in found.groups()[:3] if name): dict(_FIELD.findall(found[4]))
        for found in _BLOCK.finditer(text)
    }
    actions = _ACTIONS.search(text)
    return blocks, tuple(re.findall(r'"(\w+)"', actions[1])) if actions else ()


@cache
def _schema() -> tuple[Mapping[str, Mapping[str, str]], tuple[str, ...]]:
    from airflow_mlsecops.policy.cedar import schema_text

    return schema_of(schema_text())


def meant(error: str) -> str:
    """An error of Cedar's, with what was meant by the name that it speaks of."""
    for pattern, known in _ERRORS:
        found = pattern.search(error)
        if found:
            return f"{error}{known(found)}"
    return error


def doubts(rule: Any, entities: Mapping[str, Entity]) -> Iterator[str]:
    """What of a rule Cedar lets pass, although it can never hold.

    :param rule: one policy in Cedar's JSON
    :param entities: every entity a scan can name
    """
    known = _words(entities)
    for path, word in said(rule):
        if path in known and word not in known[path]:
            yield f"{path} is never `{printable(word, 80)}`{nearest(word, known[path])}"
    for node in _nodes(rule):
        if "has" in node:
            yield from _never_there(node["has"])


def said(rule: Any) -> Iterator[tuple[str, str]]:
    """Each text that a rule compares an attribute with, as ``context.purpose`` and ``churn``.

    :param rule: one policy in Cedar's JSON
    """
    for node in _nodes(rule):
        for name in ("==", "!=", "contains", "containsAll", "containsAny"):
            sides = node.get(name)
            if isinstance(sides, dict):
                left, right = sides["left"], sides["right"]
                for path, words in ((_path(left), _texts(right)), (_path(right), _texts(left))):
                    yield from ((path, word) for word in words if path)


def asked_of_principal(rule: Any) -> Iterator[str]:
    """Attributes that a rule asks of whoever asks; of what is not evident, all that it may be.

    :param rule: one policy in Cedar's JSON
    """
    for node in _nodes(rule):
        if "." in node and isinstance(node["."], dict):
            left = node["."].get("left")
            if not (isinstance(left, dict) and left.get("Var") in ("resource", "context")):
                yield str(node["."].get("attr"))


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in a tree; not by recursion, for a chain of operators is as deep as it is long."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
        waiting += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()


def _path(node: Any) -> str:
    """``context.scan.outcome``; empty for what is no attribute."""
    steps: list[str] = []
    while isinstance(node, dict) and "." in node:
        steps.insert(0, node["."]["attr"])
        node = node["."]["left"]
    variable = node.get("Var") if isinstance(node, dict) else None
    return ".".join((variable, *steps)) if variable and steps else ""


def _texts(node: Any) -> list[str]:
    if not isinstance(node, dict):
        return []
    values = [one.get("Value") for one in node.get("Set", [node]) if isinstance(one, dict)]
    return [value for value in values if isinstance(value, str)]


def _words(entities: Mapping[str, Entity]) -> dict[str, set[str]]:
    return {
        "principal.kind": {"airflow-task", "human"},
        "context.scan.outcome": set(_OUTCOMES),
        "context.isolation.outcome": set(_OUTCOMES),
        "resource.entities": set(entities),
        "resource.roles": {role.value for role in Role},
        "resource.tags": {tag for entity in entities.values() for tag in entity.tags},
    }


def _never_there(has: Any) -> Iterator[str]:
    """What a ``has`` asks for that no request holds: all attributes are always there, others never are."""
    blocks, _ = _schema()
    attribute = has["attr"]
    steps = _path({".": {"left": has["left"], "attr": attribute}}).split(".")
    fields: Iterable[str] = blocks[_VARIABLES[steps[0]]] if steps[0] in _VARIABLES and len(steps) == 2 else ()
    fields = fields or {name for block in blocks.values() for name in block}
    if attribute not in fields:
        yield f"has `{attribute}`: it is never there, so the rule would never apply{nearest(attribute, fields)}"


def _attribute_of_type(found: re.Match[str]) -> str:
    return _attribute(found[1], found[2])


def _attribute_of_context(found: re.Match[str]) -> str:
    blocks, _ = _schema()
    *before, last = found[1].split(".")
    kind = "context"
    for step in before:
        kind = blocks.get(kind, {}).get(step, "")
    return _attribute(last, kind)


def _attribute(name: str, kind: str) -> str:
    blocks, _ = _schema()
    fields = blocks.get(kind, {})
    elsewhere = [f"{variable}.{name}" for variable, other in _VARIABLES.items() if name in blocks[other]]
    if elsewhere:
        return f": did you mean {elsewhere[0]!r}?"
    told = nearest(name, {*fields, *(word for word, meant in _OTHERWISE.items() if meant in fields)})
    for word, field in _OTHERWISE.items():
        told = told.replace(f"mean {word!r}?", f"mean {field!r}?")
    return told if "did you mean" in told else nearest(name, fields)


def _type(found: re.Match[str]) -> str:
    return _spelt(found[1].rpartition("::")[2], ("Workload", "Dataset"), "MLSecOps::{}")


def _action(found: re.Match[str]) -> str:
    return _spelt(found[1], _schema()[1], 'MLSecOps::Action::"{}"')


def _spelt(name: str, known: Iterable[str], form: str) -> str:
    """The same with each name as it is written in a rule."""
    told = nearest(name, known)
    for one in known:
        told = re.sub(rf"'{one}'|\b{one}\b(?=,|$)", form.format(one), told)
    return told


def _one_of(known: Iterable[str]) -> Callable[[re.Match[str]], str]:
    return lambda found: nearest(found[1], known)


def _nowhere(_: re.Match[str]) -> str:
    return ": a principal is MLSecOps::Workload, a resource MLSecOps::Dataset"


_ERRORS = tuple(
    (re.compile(pattern), told)
    for pattern, told in (
        (r"attribute `(\w+)` on entity type `MLSecOps::(\w+)` not found", _attribute_of_type),
        (r"attribute `([\w.]+)` in context not found", _attribute_of_context),
        (r"unrecognized entity type `([\w:]+)`", _type),
        (r'unrecognized action `[\w:]+::"([^"`]*)"`', _action),
        (r'expected an entity uid, found literal `"([^"`]*)"`', _action),
        (r"`(\w+)` is not a valid method", _one_of(_METHODS)),
        (r"`(\w+)` is not a valid function", _one_of(_FUNCTIONS)),
        (r"`(\w+)` has no fields or methods", _one_of(_VARIABLES)),
        (r"invalid variable in the policy scope: (\w+)", _one_of((*_VARIABLES, "action"))),
        (r"unable to find an applicable action", _nowhere),
    )
)

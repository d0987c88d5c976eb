"""``airflow-mlsecops policy explain``: who may use a dataset for what, by which rules, and what would turn it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from airflow_mlsecops import __version__
from airflow_mlsecops.cli.deployment import offline_policy_folder
from airflow_mlsecops.cli.exits import OF_OUTCOME, UsageError
from airflow_mlsecops.cli.reading import clients_for, dataset_of
from airflow_mlsecops.cli.screen import Screen

if TYPE_CHECKING:
    from airflow_mlsecops.core.access import AccessRequest
    from airflow_mlsecops.core.finding import Finding
    from airflow_mlsecops.core.verdict import Outcome
    from airflow_mlsecops.policy import PolicyFolder
    from airflow_mlsecops.policy.turns import Change, Explanation

SCHEMA = "airflow-mlsecops/policy-explain/1"
_PLACES = {
    "request": "the request",
    "proof": "what this run has proven",
    "policy": "the dataset's line in policy.yaml",
    "waiver": "the waivers of policy.yaml",
}
_DESCRIPTION = """\
Ask the rules of a policy folder what the access gate would ask, with evidence that you suppose: a scan and a check of
the environment that passed just now, unless you say otherwise. No run is looked at and nothing is recorded."""


def add(actions: Any) -> None:
    """Add the command to ``policy``."""
    command = actions.add_parser(
        "explain",
        help="say why a DAG may use a dataset, or why not, and what would turn it",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("who", metavar="DAG_ID", help="who asks")
    command.add_argument("action", metavar="ACTION", help="read, join, train, export or serve")
    command.add_argument("dataset", metavar="DATASET", help="as a gate takes it, or its identity")
    command.add_argument("purpose", metavar="PURPOSE", nargs="?", default="", help="what for; none if not given")
    command.add_argument("--task", default="some_task", metavar="TASK_ID", help="the task of the DAG that asks")
    command.add_argument("--role", default="", metavar="NAME", help="database user, or ARN, that the task works as")
    command.add_argument("--owner", default="", metavar="NAME", help="the task's owner, as its DAG says")
    command.add_argument("--person", action="store_true", help="a person at a keyboard asks, as that DAG")
    command.add_argument("--environment", default="", metavar="NAME", help="where; the dataset's own if not given")
    command.add_argument("--found", action="append", default=[], metavar="ENTITY", help="what the scan found")
    for name, what in (("scan", "the scan of the dataset"), ("isolation", "the check of the environment")):
        command.add_argument(f"--{name}", choices=("pass", "fail", "unknown"), help=f"what {what} came to")
        command.add_argument(f"--{name}-age", type=_hours, default=0, metavar="HOURS", help="its age; 0 if not given")
    for name, what in (("waiver", "a waiver's id"), ("approval", "who approved one")):
        said = f"{what}, instead of the policy's own"
        command.add_argument(f"--{name}", action="append", default=None, metavar="NAME", help=said)
    command.add_argument("--at", type=_moment, metavar="MOMENT", help="when, with its offset; now if not given")
    command.add_argument("--policy", metavar="FOLDER", help="policy folder; the deployment's own if not given")
    command.add_argument("--json", action="store_true", help="print one JSON document")
    command.add_argument("--no-color", action="store_true", help="no colour, even on a terminal")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Explain; 0 allowed, 1 denied, as the gate would say."""
    from airflow_mlsecops.core.judge_access import judge_access
    from airflow_mlsecops.core.verdict import outcome_of
    from airflow_mlsecops.core.waive import apply_waivers
    from airflow_mlsecops.policy.turns import explain

    folder = offline_policy_folder(arguments.policy)
    request = _request(arguments, folder)
    told = explain(request, folder.policy, folder.access)
    findings = apply_waivers(
        judge_access(request, told.decision),
        identity=request.dataset,
        policy=folder.policy,
        today=request.now.date(),
    )
    outcome = outcome_of(findings)
    if arguments.json:
        print(json.dumps(_document(request, told, outcome, findings, folder), indent=2, ensure_ascii=True))
    else:
        _print(Screen(color=not arguments.no_color), request, told, outcome, findings, folder)
    return OF_OUTCOME[outcome]


def _request(arguments: argparse.Namespace, folder: PolicyFolder) -> AccessRequest:
    from airflow_mlsecops.policy.cases import AccessCase, request_of
    from airflow_mlsecops.policy.turns import ACTIONS, scanned

    policy, known = folder.policy, folder.entities
    dataset = _identity(arguments.dataset)
    rule, _ = policy.rule_for(dataset)
    environment = arguments.environment or rule.environment or next(iter(policy.environments))
    _require("action", [arguments.action], ACTIONS)
    _require("environment", [environment], policy.environments)
    _require("entity", arguments.found, known)
    _require_spoken("waiver", arguments.waiver, (waiver.id for waiver in policy.waivers), folder)
    _require_spoken("approval", arguments.approval, policy.approvers, folder)
    found = tuple(sorted(set(arguments.found)))
    case = AccessCase(
        name="asked",
        kind="access",
        dataset=dataset,
        action=arguments.action,
        purpose=arguments.purpose,
        dag_id=arguments.who,
        task_id=arguments.task,
        role=arguments.role,
        dag_owner=arguments.owner,
        who="human" if arguments.person else "airflow-task",
        environment=environment,
        entities=found,
        scan=arguments.scan or scanned(policy, known, rule.stage, found),
        scan_age_hours=arguments.scan_age,
        isolation=arguments.isolation or "pass",
        isolation_age_hours=arguments.isolation_age,
        waivers=None if arguments.waiver is None else tuple(arguments.waiver),
        approvals=None if arguments.approval is None else tuple(arguments.approval),
        now=arguments.at or datetime.now(UTC),
        expect="allow",
    )
    return request_of(case, policy, folder.access)


def _identity(text: str) -> str:
    """The dataset as the policy's globs see it; only a table's name has to be asked of its connection."""
    from airflow_mlsecops.sources import LocalClients, identity_of

    dataset = dataset_of(text)
    if dataset.scheme != "sql":
        return identity_of(dataset, LocalClients())
    with clients_for(dataset) as clients:
        return identity_of(dataset, clients)


def _require_spoken(what: str, names: Sequence[str] | None, known: Iterable[str], folder: PolicyFolder) -> None:
    """What policy.yaml holds, or a rule speaks of; a name that neither knows would change nothing."""
    spoken = {word for path, word in folder.access.words if path == f"context.{what}s"}
    _require(what, names or (), {*known, *spoken})


def _require(what: str, names: Iterable[str], known: Iterable[str]) -> None:
    from airflow_mlsecops.policy.mistakes import nearest, quoted

    for name in names:
        if name not in known:
            raise UsageError(f"the policy knows no {what} {quoted(name)}{nearest(name, known)}")


def _print(
    screen: Screen,
    request: AccessRequest,
    told: Explanation,
    outcome: Outcome,
    findings: Sequence[Finding],
    folder: PolicyFolder,
) -> None:
    may = "may" if outcome.value == "pass" else "may not"
    screen.verdict(outcome.name, f"  {request.dag_id} {may} {_what(request)}")
    for line in _rules(request.action, told, findings, folder):
        screen.line(f"  {line}")
    screen.line()
    for line in _given(request, folder):
        screen.line(line, style="dim")
    screen.line()
    _print_turns(screen, told, waived=any(finding.waiver for finding in findings))


def _print_turns(screen: Screen, told: Explanation, *, waived: bool) -> None:
    word = "denied" if told.decision.allowed else "allowed without the waiver" if waived else "allowed"
    if told.turns:
        screen.line(f"{word} with any one of:")
        _print_changes(screen, told.turns, "  ")
        return
    needed = ": each of these is needed" if told.lifts else ""
    needed = ": all that one of the permits needs must hold" if told.decision.permits else needed
    screen.line(f"no single change would make it {word}{needed}")
    for rule, changes in told.lifts.items():
        screen.line(f"  against {rule}, any one of:" if changes else f"  against {rule}: nothing of these")
        _print_changes(screen, changes, "    ")


def _print_changes(screen: Screen, changes: Sequence[Change], indent: str) -> None:
    for place, title in _PLACES.items():
        here = [change.what for change in changes if change.place == place]
        if here:
            screen.line(f"{indent}{title}")
        for what in here:
            screen.line(f"{indent}  {what}")


def _rules(action: str, told: Explanation, findings: Sequence[Finding], folder: PolicyFolder) -> Iterator[str]:
    from airflow_mlsecops.core.judge_access import unmet

    lines = {rule.id: (rule.effect, rule.line) for rule in folder.access.rules}
    for reason in told.decision.reasons:
        effect, line = lines[reason.id]
        yield f"{effect} {reason.id} (access.cedar:{line}): {reason.reason}"
    yield from told.decision.errors
    if not told.decision.reasons and not told.decision.errors:
        yield "no rule permits it" if told.decision.permits else f"no rule permits anybody to {action}"
        yield from map(unmet, told.decision.permits)
        if told.decision.more_permits:
            yield f"{told.decision.more_permits:,} more permits do not match either"
    for finding in findings:
        if finding.waiver:
            yield f"{finding.code} is waived by {finding.waiver.id} until {finding.waiver.until}"


def _given(request: AccessRequest, folder: PolicyFolder) -> Iterator[str]:
    rule, where = folder.policy.rule_for(request.dataset)
    declared = f"purposes {_names(rule.purposes, 'none')}, applications {_names(rule.applications, 'any')}"
    if request.stage == "undeclared":
        yield "declared: nothing, for no line of policy.yaml matches the dataset"
    else:
        yield f"declared: {where} ({rule.match}): stage {rule.stage}, tier {rule.tier}, {declared}"
    who = "a person at a keyboard" if request.kind == "human" else "a scheduled task"
    found = f"{_names(request.entities, 'nothing')} found ({request.level.value})"
    names = ((" as", request.role), (", owned by", request.dag_owner))
    who += "".join(f"{word} {name}" for word, name in names if name)
    found += f"; approved by {', '.join(request.approvals)}" if request.approvals else ""
    scan, isolation = request.scan, request.isolation
    yield (
        f"supposed: {who} in environment {request.environment}; {found}; scan {scan.outcome}, "
        f"{scan.age_seconds // 3600:,} h old; isolation {isolation.outcome}, {isolation.age_seconds // 3600:,} h old"
    )


def _document(
    request: AccessRequest, told: Explanation, outcome: Outcome, findings: Sequence[Finding], folder: PolicyFolder
) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "producer": f"airflow-mlsecops {__version__}",
        "policy": folder.policy.digest,
        "outcome": outcome.value,
        "request": request.model_dump(mode="json"),
        "decision": told.decision.model_dump(mode="json"),
        "waivers": [finding.waiver.id for finding in findings if finding.waiver],
        "turns": [_change(change) for change in told.turns],
        "lifts": {rule: [_change(change) for change in changes] for rule, changes in told.lifts.items()},
    }


def _change(change: Change) -> dict[str, str]:
    return {"place": change.place, "what": change.what}


def _what(request: AccessRequest) -> str:
    purpose = f"for {request.purpose}" if request.purpose else "for no purpose"
    return f"{request.action} {request.dataset} {purpose}"


def _names(names: Iterable[str], otherwise: str) -> str:
    return ", ".join(names) or otherwise


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.min
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError(
            f"expected a moment with its offset, as 2026-12-31T06:00+00:00, got {text[:40]!r}"
        )
    return moment


def _hours(text: str) -> int:
    if not (text.isdecimal() and text.isascii() and len(text) < 6 and int(text) <= 24 * 366):
        raise argparse.ArgumentTypeError(f"expected whole hours, 0 to {24 * 366}, got {text[:40]!r}")
    return int(text)

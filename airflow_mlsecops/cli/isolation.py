"""``airflow-mlsecops isolation``: what is asked of an environment, why, and the permissions that asking takes."""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from airflow_mlsecops import __version__
from airflow_mlsecops.cli import isolation_check
from airflow_mlsecops.cli.deployment import offline_policy_folder
from airflow_mlsecops.cli.exits import Exit, UsageError
from airflow_mlsecops.cli.reading import guess
from airflow_mlsecops.cli.screen import Cell, Screen, say

if TYPE_CHECKING:
    from airflow_mlsecops.cli.controls import Control

SCHEMA = "airflow-mlsecops/checks/1"
_HEADS = ("check", "question", "severity", "from", "IAM actions", "answers to")

_LEGEND = (
    "from facts: asked in every run; from AWS, or a probe that tries what must not work: asked where required",
    "`airflow-mlsecops isolation explain CHECK` says why, what to do and which IAM actions it takes",
)


def add(commands: Any) -> None:
    """Add the commands to the command line."""
    whole = commands.add_parser("isolation", help="list and explain what is asked of an environment")
    actions = whole.add_subparsers(title="commands", metavar="COMMAND", required=True)
    listing = actions.add_parser("list", help="list every check")
    listing.add_argument("--json", action="store_true", help="print one JSON document")
    listing.set_defaults(run=run_list)
    explain = actions.add_parser("explain", help="say why a check asks, and what to do where it fails")
    explain.add_argument("check", metavar="CHECK", help="id of a check, for instance DATABASE_TLS")
    explain.set_defaults(run=run_explain)
    for action in (listing, explain):
        action.add_argument("--no-color", action="store_true", help="no colour, even on a terminal")
    _add_iam_policy(actions)
    isolation_check.add(actions)


def _add_iam_policy(actions: Any) -> None:
    iam = actions.add_parser(
        "iam-policy",
        help="print the IAM policy that checks need to look, and nothing more",
        description="Print the IAM policy of the role that looks (the connection aws.auditor of the environment).",
    )
    iam.add_argument("check", metavar="CHECK", nargs="*", help="ids, in which * stands for any run; every one if none")
    iam.add_argument("--environment", metavar="NAME", help="the checks that the policy requires of this environment")
    iam.add_argument("--policy", metavar="FOLDER", help="policy folder; the deployment's own if not given")
    iam.add_argument(
        "--readers",
        action="store_true",
        help="what it takes to tell who can read a dataset in S3; alone if no check and no environment is named",
    )
    iam.add_argument("--task", action="store_true", help="what the task's own role needs, instead of the auditor's")
    iam.set_defaults(run=run_iam_policy)


def run_list(arguments: argparse.Namespace) -> int:
    """List them."""
    every = _every()
    if arguments.json:
        document = {
            "schema": SCHEMA,
            "producer": f"airflow-mlsecops {__version__}",
            "checks": [one.model_dump(mode="json") for one in every],
        }
        print(json.dumps(document, indent=2, ensure_ascii=True))
        return Exit.PASS
    screen = Screen(color=not arguments.no_color)
    screen.table(_HEADS, map(_row, every), numbers=("IAM actions",))
    screen.line()
    screen.line(f"{len(every):,} checks, {sum(one.asks != 'facts' for one in every):,} of them asked where required.")
    for line in _LEGEND:
        screen.line(line, style="dim")
    return Exit.PASS


def run_explain(arguments: argparse.Namespace) -> int:
    """Say all there is to say of one."""
    wanted = arguments.check.upper()
    one = {one.id: one for one in _every()}.get(wanted)
    if one is None:
        raise UsageError(_no_such_check(wanted, [every.id for every in _every()]))
    screen = Screen(color=not arguments.no_color)
    screen.line(f"{one.id}: {one.question}", style="bold")
    for paragraph in one.about.split("\n\n"):
        screen.line()
        screen.line(" ".join(paragraph.split()))
    screen.table(("", ""), _facts(one))
    return Exit.PASS


def run_iam_policy(arguments: argparse.Namespace) -> int:
    """Print the policy of the checks chosen; a line on stderr says what it leaves to another role."""
    from airflow_mlsecops.cli.controls import iam_policy

    readers = arguments.readers
    chosen = _chosen(arguments) if arguments.check or arguments.environment is not None or not readers else []
    auditor = {*(action for one in chosen for action in one.auditor), *(_of_readers() if readers else ())}
    task = {action for one in chosen for action in one.task}
    actions = task if arguments.task else auditor
    print(json.dumps(iam_policy(actions), indent=2))
    if not actions:
        say("Nothing that AWS would have to permit is asked: there is no such policy to attach.")
    if task and not arguments.task:
        say(f"The task's own role needs {', '.join(sorted(task))} besides: --task prints its policy.")
    probes = [one.id for one in chosen if one.asks == "probe"]
    if probes:
        say(f"What {', '.join(probes)} try as the task must be refused: no policy allows it.")
    return Exit.PASS


def _every() -> tuple[Control, ...]:
    from airflow_mlsecops.checks import all_checks
    from airflow_mlsecops.cli.controls import controls

    return controls(all_checks().values())


def _chosen(arguments: argparse.Namespace) -> list[Control]:
    from airflow_mlsecops.core.judge_isolation import chosen

    every = {one.id: one for one in _every()}
    wanted = [one.upper() for one in arguments.check]
    if arguments.environment is not None:
        wanted += _required(arguments.environment, arguments.policy)
    elif not wanted:
        return list(every.values())
    found, missing = chosen(wanted, every)
    if missing:
        raise UsageError(_no_such_check(missing[0], every))
    return [every[check_id] for check_id in sorted(found)]


def _of_readers() -> tuple[str, ...]:
    from airflow_mlsecops.checks.grants import bucket, lake
    from airflow_mlsecops.cli.controls import actions

    return actions((*bucket.READS, *lake.READS))


def _required(environment: str, place: str | None) -> tuple[str, ...]:
    environments = offline_policy_folder(place).policy.environments
    if environment not in environments:
        known = ", ".join(sorted(environments)) or "none"
        raise UsageError(f"the policy describes no environment {environment}: expected one of {known}")
    return environments[environment].requires


def _no_such_check(name: str, known: Collection[str]) -> str:
    return f"there is no check {name}{guess(name, known)}"


def _row(one: Control) -> tuple[Cell, ...]:
    return (one.id, one.question, one.severity, one.asks, f"{len(one.actions):,}", "; ".join(one.standards))


def _facts(one: Control) -> Iterator[Sequence[Cell]]:
    yield "why", one.why
    yield "remedy", one.remedy
    yield "severity", one.severity
    yield "from", one.asks
    yield "IAM actions", ", ".join(one.auditor) or "none"
    if one.task:
        yield "as the task", ", ".join(one.task)
    yield "answers to", "; ".join(one.standards)

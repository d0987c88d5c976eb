"""``airflow-mlsecops isolation check`` and ``judge``: what the gate would say, before a DAG asks it."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow_mlsecops import __version__
from airflow_mlsecops.cli.deployment import deployment, offline_policy_folder
from airflow_mlsecops.cli.exits import Exit, UsageError
from airflow_mlsecops.cli.screen import say

if TYPE_CHECKING:
    from airflow_mlsecops.core.facts import Facts
    from airflow_mlsecops.core.policy import Policy
    from airflow_mlsecops.core.verdict import Verdict

SCHEMA = "airflow-mlsecops/facts/1"


def add(actions: Any) -> None:
    """Add the two commands to ``isolation``."""
    check = actions.add_parser(
        "check",
        help="ask from here what the gate would ask, and keep what was seen",
        description="Ask what the gate would ask, of this deployment's connections and of the machine you are on.",
    )
    check.add_argument("dataset", metavar="DATASET", help="as a gate takes it: s3://CONN_ID@bucket/prefix, a path…")
    check.add_argument("--partition", default="", help="what of the dataset")
    check.add_argument("--job", metavar="FILE", help="the job that will be submitted, as JSON; - reads it from stdin")
    check.add_argument("--aws-conn-id", default="", metavar="ID", help="connection that the task will use")
    check.add_argument("--save", metavar="FILE", help="keep what was seen, to be judged again")
    check.set_defaults(run=run_check)
    judge = actions.add_parser("judge", help="judge once more what was seen, by another policy perhaps")
    judge.add_argument("facts", metavar="FACTS", help="file that `isolation check --save` wrote")
    judge.add_argument("--policy", metavar="FOLDER", help="policy folder; the deployment's own if not given")
    judge.set_defaults(run=run_judge)
    for action in (check, judge):
        action.add_argument("--environment", required=True, metavar="NAME", help="environment that it must be")
        action.add_argument("--check", action="append", default=[], metavar="ID", help="require this check too")
        action.add_argument("--json", action="store_true", help="print the verdict as one JSON document")


def run_check(arguments: argparse.Namespace) -> int:
    """Observe, keep, judge."""
    from airflow_mlsecops.core.dataset import parse

    job = _job(arguments.job)
    try:
        dataset = parse(arguments.dataset)
    except ValueError as error:
        raise UsageError(str(error)) from None
    with deployment():
        from airflow_mlsecops.core.gate import Gate
        from airflow_mlsecops.operators.attempt import Attempt
        from airflow_mlsecops.operators.demanded import Demanded, observed

        attempt = Attempt({}, gate=Gate.ISOLATION, dataset=dataset, partition=arguments.partition, log=None)
        demanded = Demanded(
            environment=arguments.environment, job=job, also=tuple(arguments.check), aws_conn_id=arguments.aws_conn_id
        )
        facts, policy = observed(attempt, demanded), attempt.policy
    if arguments.save:
        _save(Path(arguments.save), facts)
    return _told(_verdict(facts, policy, arguments), arguments)


def run_judge(arguments: argparse.Namespace) -> int:
    """Judge what was kept."""
    facts = _kept(Path(arguments.facts))
    return _told(_verdict(facts, offline_policy_folder(arguments.policy).policy, arguments), arguments)


def _verdict(facts: Facts, policy: Policy, arguments: argparse.Namespace) -> Verdict:
    from airflow_mlsecops.checks import all_checks
    from airflow_mlsecops.core.gate import Gate
    from airflow_mlsecops.core.judge_isolation import judge_isolation
    from airflow_mlsecops.core.verdict import Verdict, in_order, outcome_of
    from airflow_mlsecops.core.waive import apply_waivers

    today = datetime.now(UTC).date()
    findings = judge_isolation(
        facts, environment=arguments.environment, policy=policy, checks=all_checks(), today=today, also=arguments.check
    )
    findings = apply_waivers(findings, identity=facts.dataset, policy=policy, today=today)
    return Verdict(
        gate=Gate.ISOLATION, outcome=outcome_of(findings), dataset=facts.dataset, uri=facts.dataset,
        findings=in_order(findings), policy=policy.digest, asked=arguments.environment,
    )  # fmt: skip


def _told(verdict: Verdict, arguments: argparse.Namespace) -> int:
    from airflow_mlsecops.core.words import render

    print(verdict.model_dump_json(indent=2) if arguments.json else render(verdict, {}))
    return {"pass": Exit.PASS, "fail": Exit.FAIL}.get(verdict.outcome.value, Exit.UNKNOWN)


def _job(place: str | None) -> Mapping[str, Any] | None:
    """The job in a file; its mistakes are told without its text, which may hold secrets."""
    if place is None:
        return None
    try:
        job = json.loads(_text(place))
    except OSError as error:
        raise UsageError(f"the job could not be read ({type(error).__name__})") from None
    except ValueError:
        raise UsageError("the job is no JSON") from None
    if not isinstance(job, dict):
        raise UsageError("the job is no JSON object: write what the operator submits, as one object")
    return job


def _text(place: str) -> str:
    if place == "-":
        import sys

        return sys.stdin.read()
    return Path(place).read_text(encoding="utf-8")


def _save(place: Path, facts: Facts) -> None:
    """Keep what was seen where only its owner reads it: it describes who can reach what."""
    document = {
        "schema": SCHEMA,
        "producer": f"airflow-mlsecops {__version__}",
        "taken": datetime.now(UTC).isoformat(timespec="seconds"),
        "facts": facts.model_dump(mode="json"),
    }
    try:
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(document, file, indent=1)
    except FileExistsError:
        raise UsageError(f"{place} is there already: name another file") from None
    except OSError as error:
        raise UsageError(f"{place} could not be written ({type(error).__name__})") from None
    say(f"What was seen is in {place}: `airflow-mlsecops isolation judge {place} --environment …` judges it again.")


def _kept(place: Path) -> Facts:
    from pydantic import ValidationError

    from airflow_mlsecops.core.facts import Facts

    try:
        document = json.loads(place.read_text(encoding="utf-8"))
        if document["schema"] != SCHEMA:
            raise ValueError
        return Facts.model_validate(document["facts"])
    except OSError as error:
        reason = type(error).__name__
    except (ValidationError, ValueError, KeyError, TypeError):
        reason = f"expected schema {SCHEMA}, as `isolation check --save` writes it"
    raise UsageError(f"{place} could not be read as facts ({reason})")

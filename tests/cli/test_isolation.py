"""``isolation``, and the page of the same list."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from airflow_mlsecops.checks import all_checks
from airflow_mlsecops.checks.grants import bucket, lake
from airflow_mlsecops.cli.controls import controls, iam_policy, markdown
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Answer, Check
from airflow_mlsecops.core.finding import Severity, Status
from tests.cli.conftest import Run

# Reads without a write in their names, as IAM spells them.
READS = re.compile(r"[a-z0-9-]+:(?:Get|List|Describe|BatchGet|Lookup|Search)[A-Za-z]*")


def operation(name: str, action: str, *, as_task: bool = False) -> Operation[Any]:
    return Operation(service="s3", name=name, shape=Shape, action=action, as_task=as_task)


def check(*reads: Operation[Any], probes: bool = False) -> Check:
    return Check(
        id="X", question="?", why="", remedy="", severity=Severity.LOW, standards=(), reads=reads, probes=probes,
        ask=lambda facts, demand: Answer(status=Status.PASS, subject="", reason=""),
    )  # fmt: skip


LOOK = operation("get_bucket_policy", "s3:GetBucketPolicy")
FREE = operation("get_caller_identity", "")
TRY = operation("head_bucket", "s3:ListBucket", as_task=True)


def test_every_check_is_listed(run: Run) -> None:
    answer = run("isolation", "list")
    assert (answer.code, answer.err) == (0, "")
    # A long id is folded, never cut.
    listed = "".join(line.partition(" ")[0] for line in answer.out.splitlines())
    assert [one for one in all_checks() if one not in listed] == []
    assert f"{len(all_checks())} checks, " in answer.out


def test_the_document(run: Run) -> None:
    told = {one["id"]: one for one in json.loads(run("isolation", "list", "--json").out)["checks"]}
    assert list(told) == list(all_checks())
    assert told["ENV_MISMATCH"]["asks"] == "facts"
    assert told["ENV_MISMATCH"]["auditor"] == []
    assert all(one["about"] and one["question"].endswith("?") for one in told.values())


@pytest.mark.parametrize("name", ["DATABASE_TLS", "database_tls"])
def test_explain_says_all_of_it(run: Run, name: str) -> None:
    answer = run("isolation", "explain", name)
    assert answer.code == 0
    said, one = " ".join(answer.out.split()), all_checks()["DATABASE_TLS"]
    assert f"DATABASE_TLS: {one.question} The session with the dataset's database is encrypted." in said
    assert all(text in said for text in ("why rows that cross a network", "remedy set", *one.standards))


@pytest.mark.parametrize("command", ["explain", "iam-policy"])
def test_an_unknown_check_is_wrong_usage_and_names_the_nearest(run: Run, command: str) -> None:
    answer = run("isolation", command, "DATABASE_TSL")
    assert (answer.code, answer.out) == (64, "")
    assert "did you mean `DATABASE_TLS`" in answer.err


def test_a_glob_that_no_check_fits_is_wrong_usage(run: Run) -> None:
    assert run("isolation", "iam-policy", "NOTHING_*").code == 64


def test_the_policy_reads_and_nothing_else(run: Run) -> None:
    answer = run("isolation", "iam-policy")
    assert answer.code == 0
    document = json.loads(answer.out)
    actions = [action for statement in document["Statement"] for action in statement["Action"]]
    assert [action for action in actions if not READS.fullmatch(action)] == []
    wanted = {
        operation.action
        for one in all_checks().values()
        for operation in one.reads
        if operation.action and not operation.as_task
    }
    assert actions == sorted(wanted)


def test_one_statement_for_each_service_in_order() -> None:
    document = iam_policy(["s3:GetBucketPolicy", "iam:GetRole", "s3:GetBucketAcl", "s3:GetBucketAcl"])
    assert document == {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "Iam", "Effect": "Allow", "Action": ["iam:GetRole"], "Resource": "*"},
            {"Sid": "S3", "Effect": "Allow", "Action": ["s3:GetBucketAcl", "s3:GetBucketPolicy"], "Resource": "*"},
        ],
    }


def test_a_sid_is_of_letters_and_digits() -> None:
    (statement,) = iam_policy(["access-analyzer:ListFindings"])["Statement"]
    assert statement["Sid"] == "AccessAnalyzer"


def test_who_needs_what() -> None:
    (looks,) = controls([check(LOOK, FREE, TRY)])
    assert (looks.asks, looks.auditor, looks.task) == ("AWS", ("s3:GetBucketPolicy",), ("s3:ListBucket",))
    assert looks.actions == ("s3:GetBucketPolicy", "s3:ListBucket")


def test_no_policy_allows_what_a_probe_hopes_to_be_refused() -> None:
    (probe,) = controls([check(LOOK, TRY, probes=True)])
    assert (probe.asks, probe.auditor, probe.task) == ("probe", ("s3:GetBucketPolicy",), ())


def test_the_checks_of_an_environment(run: Run, policy: Path) -> None:
    text = (policy / "policy.yaml").read_text()
    (policy / "policy.yaml").write_text(text.replace("requires: []", "requires: [DATABASE_TLS]"))
    answer = run("isolation", "iam-policy", "--policy", policy, "--environment", "local")
    assert (answer.code, json.loads(answer.out)["Statement"]) == (0, [])
    assert "no such policy to attach" in answer.err


def actions(said: str) -> set[str]:
    return {action for statement in json.loads(said)["Statement"] for action in statement["Action"]}


def test_what_it_takes_to_tell_who_reads_a_dataset(run: Run) -> None:
    answer = run("isolation", "iam-policy", "--readers")
    asked = actions(answer.out)
    assert (answer.code, answer.err) == (0, "")
    assert {"s3:GetBucketPolicy", "iam:GetAccountAuthorizationDetails", "lakeformation:ListPermissions"} <= asked
    assert [one for one in asked if not READS.fullmatch(one)] == []
    both = actions(run("isolation", "iam-policy", "S3_TLS", "--readers").out)
    assert both == asked | actions(run("isolation", "iam-policy", "S3_TLS").out)


@pytest.mark.parametrize("place", [bucket, lake])
def test_nothing_that_a_place_asks_is_left_out(place: ModuleType) -> None:
    """By the source: each operation that a module of the place names is in its READS."""
    own = {"bucket": ("_bucket", "_identities", "_key", "_organisation", "_side_doors"), "lake": ("_lake",)}
    name = place.__name__.rpartition(".")[2]
    files = [one for one in Path(str(place.__file__)).parent.glob("*.py") if one.stem.startswith((name, *own[name]))]
    modules = [importlib.import_module(f"{place.__package__}.{file.stem}") for file in files]
    named = [one for module in modules for one in vars(module).values() if isinstance(one, Operation)]
    assert len(named) > 10
    assert [one.name for one in named if one not in place.READS] == []


def test_an_unknown_environment_is_wrong_usage(run: Run, policy: Path) -> None:
    answer = run("isolation", "iam-policy", "--policy", policy, "--environment", "moon")
    assert (answer.code, answer.out) == (64, "")
    assert "no environment moon: expected one of local" in answer.err


def test_the_page_lists_every_check_once() -> None:
    lines = markdown(all_checks().values()).splitlines()
    assert [line.split("`")[1] for line in lines if line.startswith("| `")] == list(all_checks())
    assert {line.count("|") for line in lines if line.startswith("|")} == {7}

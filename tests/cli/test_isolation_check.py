"""What the gate would say is asked from a terminal, kept, and judged again elsewhere."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from airflow_mlsecops.cli import main
from airflow_mlsecops.core.facts import Facts
from dags_examples.estate.build import build
from dags_examples.estate.emulator import adopt_policy, clients, emulator, settings
from dags_examples.estate.names import DATA, ENVIRONMENT
from tests.isolation.world import training_job

SECRET = "hunter2-" + "x" * 24
DATASET = "s3://aws_default@ml-prod-data/churn/features"


@pytest.fixture
def table(deployment: Path) -> Path:
    folder = deployment / "lake"
    folder.mkdir(mode=0o700)
    file = folder / "prices.csv"
    file.write_text("day,price\n1,2\n")
    file.chmod(0o600)
    return file


def asked(*words: object) -> int:
    return main(["isolation", *map(str, words)])


def test_what_is_closed_passes_and_another_environment_fails(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("check", table, "--environment", "local") == 0
    assert capsys.readouterr().out.startswith("PASS  file://")
    assert asked("check", table, "--environment", "nowhere") == 1
    assert "ENV_NOT_IN_POLICY" in capsys.readouterr().out


def test_what_nobody_can_answer_is_unknown(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("check", table, "--environment", "local", "--check", "EGRESS") == 2
    assert "EGRESS" in capsys.readouterr().out


def test_what_was_seen_is_kept_for_its_owner_alone_and_judged_again(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "facts.json"
    assert asked("check", table, "--environment", "local", "--save", kept, "--json") == 0
    first = json.loads(capsys.readouterr().out)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    table.chmod(0o666)  # what was seen stays as it was seen
    assert asked("judge", kept, "--environment", "local", "--json") == 0
    assert json.loads(capsys.readouterr().out)["findings"] == first["findings"]
    assert asked("judge", kept, "--environment", "prod") == 1


MISTAKES: list[tuple[str, Callable[[Path], list[object]]]] = [
    ("no environment", lambda table: ["check", table]),
    ("a relative dataset", lambda table: ["check", "lake/prices.csv", "--environment", "local"]),
    ("a job that is not there", lambda table: ["check", table, "--environment", "local", "--job", "/nowhere.json"]),
    ("a job that is no JSON", lambda table: ["check", table, "--environment", "local", "--job", table]),
    ("facts that are none", lambda table: ["judge", table, "--environment", "local"]),
    ("facts that are not there", lambda table: ["judge", "/nowhere.json", "--environment", "local"]),
    ("a file that would be lost", lambda table: ["check", table, "--environment", "local", "--save", table]),
]


@pytest.mark.parametrize("words", [row[1] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_a_mistake_is_told_without_what_was_in_the_file(
    table: Path, words: Callable[[Path], list[object]], capsys: pytest.CaptureFixture[str]
) -> None:
    table.write_text(f"{SECRET}\n")
    assert asked(*words(table)) == 64
    told = capsys.readouterr()
    assert told.err
    assert SECRET not in told.out + told.err
    assert table.read_text() == f"{SECRET}\n"


def test_a_list_is_no_job(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "job.json").write_text(f'["{SECRET}"]')
    assert asked("check", table, "--environment", "local", "--job", tmp_path / "job.json") == 64
    assert SECRET not in capsys.readouterr().err


@pytest.fixture(scope="module")
def estate() -> Iterator[Any]:
    with emulator() as url:
        made = clients(url)
        yield url, made, build(made)


def test_an_account_is_asked_and_judged_offline(
    estate: Any, deployment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url, made, built = estate
    policy = adopt_policy(built, deployment / "policy")
    for name, value in settings(url, built, policy).items():
        monkeypatch.setenv(name, value)
    job = training_job(built)
    job["Environment"] = {"DB_PASSWORD": SECRET}
    (tmp_path / "job.json").write_text(json.dumps(job))
    kept = tmp_path / "facts.json"
    made("s3").put_bucket_versioning(Bucket=DATA, VersioningConfiguration={"Status": "Suspended"})
    words = ["--environment", ENVIRONMENT, "--json"]
    assert asked("check", DATASET, "--job", tmp_path / "job.json", "--save", kept, *words) == 1
    verdict = json.loads(capsys.readouterr().out)
    wrong = {one["code"] for one in verdict["findings"] if one["required"] and one["status"] == "fail"}
    assert wrong == {"S3_VERSIONING", "JOB_SECRETS"}
    assert SECRET not in kept.read_text()
    Facts.model_validate(json.loads(kept.read_text())["facts"])
    monkeypatch.delenv("AIRFLOW_CONN_AWS_DEFAULT")  # nothing is asked of anybody
    assert asked("judge", kept, "--policy", policy, *words) == 1
    assert json.loads(capsys.readouterr().out)["findings"] == verdict["findings"]


def test_the_doctor_says_who_looks_at_aws(
    estate: Any, deployment: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url, _, built = estate
    policy = adopt_policy(built, deployment / "policy")
    for name, value in settings(url, built, policy).items():
        monkeypatch.setenv(name, value)
    main(["doctor", "--no-color"])
    told = " ".join(capsys.readouterr().out.split())
    assert "aws_audit looks as arn:aws:sts::222222222222:assumed-role/" in told
    monkeypatch.delenv("AIRFLOW_CONN_AWS_AUDIT")
    assert main(["doctor", "--no-color"]) == 1
    assert "nobody looks: connection aws_audit is not there" in " ".join(capsys.readouterr().out.split())

"""The Security tab of a Dag as a browser gets it, from a real ledger through Airflow's own app."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from airflow_mlsecops.core.answer import Answer, Reply
from airflow_mlsecops.core.verdict import Gate, Outcome
from airflow_mlsecops.core.waiver import Waiver
from airflow_mlsecops.ledger import Ledger
from airflow_mlsecops.web.dag_structure import Structure, Task
from tests.web import scene
from tests.web.fence import FENCED
from tests.web.test_run_page import ATTRIBUTES, HOSTILE, PREFIX, TAGS, page
from tests.web.test_task_page import NOW, add

TAB = f"{PREFIX}/dag/{scene.DAG}"


def task(task_id: str, *upstream: str, gate: bool = False, reads: tuple[str, ...] = ()) -> Task:
    """A task of a Dag's structure."""
    return Task(task_id=task_id, gate=gate, upstream=frozenset(upstream), reads=reads)


CHURN = Structure(
    tasks=(
        task("extract"),
        task("classify_raw", "extract", gate=True, reads=("s3://lake/raw",)),
        task("build_features", "classify_raw", reads=("s3://aws_default@lake/raw/2026",)),
        task("classify_features", "build_features", gate=True),
        task("check_isolation", "build_features", gate=True),
        task("may_train", "classify_features", "check_isolation", gate=True),
        task("never_ran", "may_train", gate=True),
        task("retrain", "may_train", reads=("s3://lake/sealed",)),
        task("backtest", "extract", reads=("s3://lake/raw", "s3://lake/labels")),
    )
)


@pytest.fixture(autouse=True)
def on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Titles, the time and the structure as they were."""
    from airflow_mlsecops.web import depends
    from airflow_mlsecops.web.routes import dag

    monkeypatch.setattr(depends, "titles", lambda: scene.TITLES)
    monkeypatch.setattr(depends, "now", lambda: NOW)
    monkeypatch.setattr(dag, "structure_of", {scene.DAG: CHURN}.get)


@pytest.fixture
def month(ledger: Ledger) -> Ledger:
    """Three runs: one that passed with a waiver, one that passed, and the one that was stopped."""
    waived = scene.verdict(Gate.CLASSIFY, scene.PHONE, scene.POSTCODE, **scene.read())
    for ago, first in ((2, waived), (1, scene.CLEAN)):
        for number, (task_id, said) in enumerate((("classify_features", first), *scene.PASSED[1:])):
            at = scene.START - timedelta(days=ago) + timedelta(seconds=number)
            add(ledger, said, task_id=task_id, at=at, run_id=f"run-{ago}")
    for number, (task_id, said) in enumerate(scene.STOPPED):
        add(ledger, said, task_id=task_id, at=scene.START + timedelta(seconds=number))
    return ledger


SAID = (
    "Last run Fail",
    "Stopped runs, 30 days 1 of 3",
    "Waivers in force 1",
    "Sealed tasks 1 of 9 tasks",
    "Added per run 3.9 s",
    "Environment prod-train",
    "classify_raw What is in it? postgres://crm:5432/crm.public.customers Pass",
    "classify_features What is in it? s3://ml-prod/features/churn Fail The last 3 runs, oldest first: 2 passed, 1 failed.",
    "check_isolation Is this the right environment, and is the job closed? prod-train Pass",
    "retrain Sealed: asks the ledger s3://ml-prod/features/churn Did not run",
    "referrer_note, phone number",
    "2027-01-31 crm-security",
    "1 task reads a dataset without a gate. backtest reads s3://lake/raw, s3://lake/labels.",
    "1 task does not say what it reads",
)


@pytest.mark.parametrize("words", SAID)
def test_words_of_a_dag(viewer: Any, month: Ledger, words: str) -> None:
    assert words in page(viewer, TAB).words


def test_the_way_to_training_leads_from_gate_to_seal(viewer: Any, month: Ledger) -> None:
    found = page(viewer, TAB)
    way = found.words.split("The way to training")[1].split("Gates and sealed tasks, in order")[0]
    names = ["extract", "classify_raw", "build_features", "classify_features", "may_train", "retrain"]
    assert [way.index(name) for name in names] == sorted(way.index(name) for name in names)
    assert "Has not spokennever_ran" in way
    assert "backtest" not in way
    run = quote(scene.RUN, safe="")
    assert f"/dags/churn/runs/{run}/tasks/classify_features/plugin/mlsecops-task" in found.links


def test_gates_stand_in_the_order_of_the_dag(viewer: Any, month: Ledger) -> None:
    table = page(viewer, TAB).words.split("Gates and sealed tasks, in order")[1]
    order = ["classify_raw", "classify_features", "may_train", "retrain"]
    assert [table.index(name) for name in order] == sorted(table.index(name) for name in order)


def test_a_task_that_is_gone_is_told_as_gone(viewer: Any, month: Ledger) -> None:
    add(month, scene.CLEAN, task_id="renamed", at=scene.START + timedelta(minutes=1))
    assert "renamed no task of this Dag any more" in page(viewer, TAB).words


def test_a_structure_that_is_not_known_is_said_and_never_guessed(
    viewer: Any, month: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow_mlsecops.web.routes import dag

    monkeypatch.setattr(dag, "structure_of", lambda _: None)
    words = page(viewer, TAB).words
    assert "Not known: Airflow does not say which tasks this Dag has." in words
    assert "Not covered Not known." in words
    assert "has a gate before it" not in words
    assert "any more" not in words


def test_a_retry_that_passed_leaves_the_run_stopped_and_the_mark_passed(viewer: Any, ledger: Ledger) -> None:
    add(ledger, scene.CLASSIFY_FEATURES)
    add(ledger, scene.CLEAN, at=scene.START + timedelta(minutes=5), try_number=2)
    words = page(viewer, TAB).words
    assert "Last run Pass" in words
    assert "Stopped runs, 30 days 1 of 1" in words
    assert "The only run: 1 passed." in words


def test_the_worst_instance_speaks_for_a_mapped_task(viewer: Any, ledger: Ledger) -> None:
    for index in range(9):
        add(ledger, scene.CLASSIFY_FEATURES if index == 4 else scene.CLEAN, map_index=index)
    found = page(viewer, TAB)
    assert "Last run Fail" in found.words
    assert any(link.endswith("/tasks/classify_features/mapped/4/plugin/mlsecops-task") for link in found.links)


def test_what_only_observes_stopped_nothing(viewer: Any, ledger: Ledger) -> None:
    scene.write(ledger, scene.OBSERVED)
    words = page(viewer, TAB).words
    assert "Stopped runs, 30 days 0 of 1" in words
    assert "Observed only" in words


def test_a_seal_whose_data_changed_is_a_failure_in_the_strip(viewer: Any, ledger: Ledger) -> None:
    from airflow_mlsecops.core.finding import Status

    changed = scene.check("CHANGED_DURING_TRAINING", Status.FAIL, subject="data", reason="it changed")
    add(ledger, scene.verdict(Gate.SEAL, changed, seconds=0.1), task_id="retrain")
    assert "The only run: 1 failed." in page(viewer, TAB).words


def test_a_waiver_that_was_granted_stands_there_before_it_is_applied(viewer: Any, ledger: Ledger) -> None:
    add(ledger, scene.CLASSIFY_FEATURES)
    waiver = Waiver(
        id="0" * 12 + "-1",
        dataset=scene.FEATURES,
        code=scene.EMAIL.code,
        subject="contact_hint",
        entity="EMAIL_ADDRESS",
        requested_by="dag-author",
        approved_by="crm-lead",
        reason="migration",
        until=date(2026, 12, 1),
    )
    answer = Answer(reply=Reply.GRANTED, stopped="0" * 32, answered_by="crm-lead", waivers=(waiver,))
    said = scene.verdict(Gate.APPROVAL, scene.EMAIL, outcome=Outcome.FAIL, answer=answer)
    add(ledger, said)
    add(ledger, said.model_copy(update={"answer": answer.model_copy(update={"waivers": (waiver.model_copy(
        update={"id": "1-1", "until": date(2026, 11, 22), "subject": "ended_one"}),)})}))  # fmt: skip
    words = page(viewer, TAB).words
    assert "contact_hint, e-mail address (granted, not applied yet)" in words
    assert "2026-12-01 crm-lead asked by dag-author" in words
    assert "ended_one" not in words
    assert "Last run Fail" in words


def test_a_newest_record_that_does_not_verify_is_told_as_such(viewer: Any, month: Ledger, in_memory: Path) -> None:
    with sqlite3.connect(in_memory / "ledger.db") as database:
        database.execute("DROP TRIGGER mlsecops_record_update")
        database.execute(
            "UPDATE mlsecops_record SET payload = replace(payload, '3.1', '3.2') "
            "WHERE sequence = (SELECT max(sequence) FROM mlsecops_record WHERE task_id = 'classify_raw')"
        )
    html = viewer.get(TAB).text
    assert "classify_raw What is in it? Not verified" in page(viewer, TAB).words
    assert re.findall(r'"badge (\w+)">(?:<svg.*?</svg>)Not verified', html)[-1] == "fail"


def test_a_dag_without_a_gate_says_what_to_paste(viewer: Any) -> None:
    words = page(viewer, TAB).words
    assert "No gate of this Dag has spoken" in words
    assert 'ClassifyDatasetOperator(task_id="classify_features", dataset=features)' in words


# The fence


def test_a_viewer_is_kept_from_a_dag_that_is_not_theirs(client: Callable[..., Any], ledger: Ledger) -> None:
    add(ledger, scene.CLASSIFY_FEATURES, dag_id=FENCED)
    assert client("viewer").get(f"{PREFIX}/dag/{FENCED}").status_code == 403
    assert client("viewer").get(f"{PREFIX}/dag/{FENCED}?dag_id=churn").status_code == 403
    assert client("admin").get(f"{PREFIX}/dag/{FENCED}").status_code == 200


def test_other_dags_change_nothing_of_a_page(viewer: Any, month: Ledger) -> None:
    before = viewer.get(TAB).text
    other = scene.PHONE.model_copy(update={"subject": "secret_column"})
    for number in range(3):
        said = scene.verdict(Gate.CLASSIFY, other, scene.EMAIL, **scene.read())
        add(month, said, dag_id=FENCED, run_id=f"secret-{number}", at=scene.START + timedelta(hours=number))
    assert viewer.get(TAB).text == before


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_stay_names(viewer: Any, ledger: Ledger, hostile: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow_mlsecops.web.routes import dag

    tasks = (task(hostile, gate=True), task("t", reads=(hostile, f"s3://{hostile}")))
    monkeypatch.setattr(dag, "structure_of", lambda _: Structure(tasks=tasks))
    waived = scene.PHONE.model_copy(update={"subject": hostile})
    said = scene.verdict(Gate.CLASSIFY, waived, **scene.read(), dataset=hostile)
    add(ledger, said, task_id=hostile, run_id=hostile[:200])
    answer = scene.verdict(Gate.ISOLATION, *scene.ISOLATION.findings, asked=hostile)
    add(ledger, answer, task_id="other", run_id=hostile[:200])
    html = viewer.get(TAB).text
    found = page(viewer, TAB)
    assert found.tags <= TAGS
    assert found.attributes <= ATTRIBUTES
    assert all(link.startswith(("#", "/")) for link in found.links)
    assert "\u202e" not in html
    assert "\x1b" not in html


def test_a_dag_with_very_many_records_is_counted_by_its_newest(
    viewer: Any, month: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow_mlsecops.ledger import dag_runs
    from airflow_mlsecops.web.routes import dag

    monkeypatch.setattr(dag, "MOST", 6)
    monkeypatch.setattr(Ledger, "spoken", lambda self, dag_id, **_: self._database.read(
        lambda connection: dag_runs.spoken(connection, dag_id, run_id=None, task_id=None, limit=6)))  # fmt: skip
    words = page(viewer, TAB).words
    assert "This Dag has more records than one page counts: the newest are counted." in words
    assert "of the newest that are counted" in words

"""Against a live Airflow: assets, seals that people try to open, the Security tab."""

from __future__ import annotations

import sqlite3
import time

import pytest

from airflow_mlsecops.policy import default_folder
from tests.e2e.conftest import Live

pytestmark = [pytest.mark.airflow, pytest.mark.timeout(600)]

POLICY_LINES = """
  - match: "**/lake/features/**"
    stage: features
    tier: standard
    purposes: [churn]
    applications: [producer]
"""


@pytest.fixture(scope="module", autouse=True)
def policy(live: Live) -> None:
    """The shipped policy with one dataset declared, where embedded defaults look for it."""
    folder = live.home / "mlsecops" / "policy"
    folder.mkdir(parents=True, mode=0o700)
    for file in default_folder().iterdir():
        if file.is_file():
            (folder / file.name).write_bytes(file.read_bytes())
    said = (folder / "policy.yaml").read_text()
    assert "\ndatasets:\n" in said
    (folder / "policy.yaml").write_text(said.replace("\ndatasets:\n", "\ndatasets:" + POLICY_LINES, 1))
    live.wait(lambda: live.call("GET", "/api/v2/dags/on_verified").status_code == 200)
    assert live.call("GET", "/api/v2/importErrors").json()["total_entries"] == 0
    assert live.call("GET", "/api/v2/plugins/importErrors").json()["total_entries"] == 0


def records(live: Live, run_id: str) -> list[tuple[str, str]]:
    with sqlite3.connect(f"file:{live.home}/mlsecops/ledger.db?mode=ro", uri=True) as ledger:
        rows = ledger.execute(
            "SELECT task_id, outcome FROM mlsecops_record WHERE run_id=? ORDER BY sequence", (run_id,)
        )
        return [(str(task), str(outcome)) for task, outcome in rows]


def trained(live: Live) -> float:
    file = live.home / "trained"
    return file.stat().st_mtime if file.exists() else 0.0


def settled(live: Live, dag_id: str) -> int:
    """How many runs a DAG has once nothing new comes."""
    count = -1
    while count != (count := len(live.runs(dag_id))):
        time.sleep(12)
    return count


@pytest.fixture(scope="module")
def clean(live: Live, policy: None) -> str:
    live.trigger("producer", "clean")
    assert live.finished("producer", "clean") == "success", live.tasks("producer", "clean")
    return "clean"


@pytest.fixture(scope="module")
def dirty(live: Live, clean: str) -> str:
    live.trigger("producer", "dirty", {"plant": "c51,ada.lovelace@example.com"})
    assert live.finished("producer", "dirty") == "failed"
    return "dirty"


def test_a_clean_run_trains_and_leaves_a_record_of_each_gate(live: Live, clean: str) -> None:
    assert trained(live)
    assert dict(records(live, clean)) == {"classify": "pass", "isolate": "pass", "may_train": "pass", "train": "pass"}


def test_a_dirty_run_is_stopped_at_once_and_does_not_train(live: Live, dirty: str) -> None:
    assert dict(records(live, dirty))["classify"] == "fail"
    assert live.tasks("producer", dirty)["classify"] == "failed"
    assert live.tasks("producer", dirty)["train"] == "upstream_failed"
    assert [task for task, _ in records(live, dirty)].count("classify") == 1


def test_asset_consumers_run_once_per_event_and_verified_only_after_a_pass(live: Live, dirty: str) -> None:
    assert settled(live, "on_asset") == 2  # the clean build and the dirty build, not the gates
    assert settled(live, "on_verified") == 1  # only the clean one was proven


def test_marking_a_gate_as_success_does_not_open_the_seal(live: Live, dirty: str) -> None:
    before = trained(live)
    # The later one first: Airflow lets what failed behind a gate that is called a success run again at once.
    for task in ("may_train", "classify"):
        said = live.call(
            "PATCH", f"/api/v2/dags/producer/dagRuns/{dirty}/taskInstances/{task}", user="alice",
            json={"new_state": "success"},
        )  # fmt: skip
        assert said.status_code == 200, said.text
    again = {"dry_run": False, "task_ids": ["train"], "dag_run_id": dirty, "reset_dag_runs": True, "only_failed": False}
    assert live.call("POST", "/api/v2/dags/producer/clearTaskInstances", json=again).status_code == 200
    live.wait(lambda: ("train", "fail") in records(live, dirty))
    live.finished("producer", dirty)
    assert live.tasks("producer", dirty)["train"] == "failed"
    assert trained(live) == before


def test_a_forged_xcom_does_not_open_the_seal(live: Live, dirty: str) -> None:
    where = f"/api/v2/dags/producer/dagRuns/{dirty}/taskInstances/classify/xcomEntries"
    entry = live.call("GET", f"{where}/verdict").json()["value"]
    assert "fail" in str(entry)
    live.call("PATCH", f"{where}/verdict", user="alice", json={"value": '{"outcome": "pass"}', "map_index": -1})
    before = trained(live)
    again = {"dry_run": False, "task_ids": ["train"], "dag_run_id": dirty, "reset_dag_runs": True, "only_failed": False}
    count = len(records(live, dirty))
    live.call("POST", "/api/v2/dags/producer/clearTaskInstances", json=again)
    live.wait(lambda: len(records(live, dirty)) > count)
    assert records(live, dirty)[-1] == ("train", "fail")
    assert trained(live) == before


def test_the_security_tab_answers_only_who_is_logged_in(live: Live, dirty: str) -> None:
    import httpx

    page = f"/mlsecops/run/producer/{dirty}"
    assert httpx.get(f"{live.url}{page}").status_code == 401
    said = live.call("GET", page, user="viewer")
    assert said.status_code == 200
    assert "e-mail address" in said.text.lower()
    assert "ada.lovelace" not in said.text


@pytest.mark.parametrize("task", ["classify", "train"])
def test_each_gate_and_sealed_task_has_a_link_to_the_security_tab(live: Live, dirty: str, task: str) -> None:
    links = live.call("GET", f"/api/v2/dags/producer/dagRuns/{dirty}/taskInstances/{task}/links").json()
    (link,) = links["extra_links"].values()
    assert link.endswith(f"/tasks/{task}/plugin/mlsecops-task")


def test_no_value_is_in_logs_or_airflows_database(live: Live, dirty: str) -> None:
    planted = b"ada.lovelace@example.com"
    held = [
        str(file.relative_to(live.home))
        for file in live.home.rglob("*")
        if file.is_file() and planted in file.read_bytes()
    ]
    # The run's own conf and the data itself hold it; nothing that a gate wrote may.
    with sqlite3.connect(f"file:{live.home}/airflow.db?mode=ro", uri=True) as database:
        for table, column in (
            ("xcom", "value"),
            ("rendered_task_instance_fields", "rendered_fields"),
            ("asset_event", "extra"),
        ):
            rows = database.execute(
                f"SELECT count(*) FROM {table} WHERE instr(CAST({column} AS TEXT), ?)", (planted.decode(),)
            )
            assert rows.fetchone()[0] == 0, table
    assert not [name for name in held if name.startswith(("mlsecops/", "logs/")) or name.endswith("standalone.log")]

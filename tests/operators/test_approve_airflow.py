"""A gate that asks people, in a real run: parked without a worker, answered over Airflow's own API by a real user."""

from __future__ import annotations

import _thread
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from airflow.sdk import exceptions

from airflow_mlsecops.hook import MlsecopsHook
from tests.operators.lake import CLEAN, MAILS, Lake

EXAMPLES = Path(__file__).parent.parent.parent / "dags_examples"
pytestmark = [
    pytest.mark.airflow,
    pytest.mark.skipif(
        not hasattr(exceptions, "TaskAwaitingInput"), reason="dag.test() of Airflow 3.2 hands nobody's answer on"
    ),
]
HINTS = CLEAN.with_columns(pl.Series("hint", [*MAILS[:3], *["none"] * 97]))


class Person:
    """Somebody who answers while a run waits."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def headers(self, name: str) -> dict[str, str]:
        from airflow.api_fastapi.app import get_auth_manager
        from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

        token = get_auth_manager().generate_jwt(SimpleAuthManagerUser(username=name, role="user"))
        return {"Authorization": f"Bearer {token}"}

    def waiting(self, dag_id: str) -> dict[str, Any]:
        """The question that waits, when there is one that was not answered yet."""
        until = time.monotonic() + 240
        while time.monotonic() < until:
            place = f"/api/v2/dags/{dag_id}/dagRuns/~/hitlDetails"
            details = self.client.get(place, headers=self.headers("bob")).json().get("hitl_details", [])
            parked = [one for one in details if one["task_instance"]["state"] == "awaiting_input"]
            if parked:
                return dict(parked[0])
            time.sleep(0.3)
        raise AssertionError("no question waits")

    def answer(self, detail: dict[str, Any], name: str, option: str = "Approve", **fields: str) -> int:
        instance = detail["task_instance"]
        place = f"/api/v2/dags/{instance['dag_id']}/dagRuns/{instance['dag_run_id']}/taskInstances"
        said = self.client.patch(
            f"{place}/{instance['task_id']}/{instance['map_index']}/hitlDetails",
            headers=self.headers(name),
            json={"chosen_options": [option], "params_input": fields},
        )
        return int(said.status_code)


@pytest.fixture
def asking(lake: Lake) -> Lake:
    lake.edit("approvers: []", "approvers: [bob, carol]")
    lake.edit("    applications: [churn]\n", "    authors: [alice]\n")
    lake.edit('\n    never: ["role:direct identifier", "role:special category", "role:health", "role:secret"]', "")
    lake.write("features", HINTS)
    return lake


@pytest.fixture(scope="module")
def person(airflow_db: Path) -> Iterator[Person]:
    from airflow.api_fastapi.app import create_app
    from fastapi.testclient import TestClient

    with closing(TestClient(create_app(apps="core"), base_url="http://testserver")) as client:
        yield Person(client)


def _dag(lake: Lake, dag_id: str) -> Any:
    """One gate that asks, and a sealed task after it."""
    file = lake.home / f"{dag_id}.py"
    file.write_text(
        f"""
from pathlib import Path
from airflow.sdk import DAG, task
from airflow_mlsecops.dag import sealed
from airflow_mlsecops.operators import ClassifyDatasetOperator

with DAG({dag_id!r}, schedule=None):
    dataset = {lake.features!r}
    scan = ClassifyDatasetOperator(task_id="classify", dataset=dataset, on_violation="approve")

    @task
    def train():
        Path({str(lake.trace)!r}).write_text("trained")

    scan >> sealed(train(), dataset=dataset, requires=[scan])
"""
    )
    return _synced(file, dag_id)


def _synced(file: Path, dag_id: str) -> Any:
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db

    bag = DagBag(str(file))
    assert bag.import_errors == {}
    DagBundlesManager().sync_bundles_to_db()
    sync_bag_to_db(bag, "dags-folder", None)
    return bag.dags[dag_id]


def _run(dag: Any, meanwhile: Callable[[], None]) -> str:
    """Run a DAG while somebody does something; what goes wrong for them is raised here."""
    trouble: list[BaseException] = []

    def act() -> None:
        try:
            meanwhile()
        except BaseException as error:
            trouble.append(error)
            _thread.interrupt_main()  # the run would wait for an answer for ever

    thread = threading.Thread(target=act, daemon=True)
    thread.start()
    state = ""
    with suppress(KeyboardInterrupt):
        state = str(dag.test().state)
    thread.join(10)
    if trouble:
        raise trouble[0]
    return state


def _told() -> list[tuple[str, str, str]]:
    ledger = MlsecopsHook().ledger()
    try:
        entries = reversed(ledger.history())
        return [
            (one.record.run.task_id, one.record.verdict.outcome.value,
             one.record.verdict.answer.reply.value if one.record.verdict.answer else one.record.verdict.gate.value)
            for one in entries
        ]  # fmt: skip
    finally:
        ledger.close()


def test_a_run_waits_for_people_and_goes_on(asking: Lake, person: Person) -> None:
    dag = _dag(asking, "approve_and_train")
    refused: list[int] = []

    def answer() -> None:
        detail = person.waiting(dag.dag_id)
        assert [one["id"] for one in detail["assigned_users"]] == ["bob", "carol"]
        assert "hint" in detail["body"]
        assert not any(mail in detail["body"] for mail in MAILS[:3])
        refused.append(person.answer(detail, "mallory", justification="let me", until="5"))
        assert person.answer(detail, "bob", justification="for the pilot", until="2999-01-01") == 200
        again = person.waiting(dag.dag_id)
        assert again["body"] == detail["body"]
        assert person.answer(again, "bob", justification="for the pilot", until="5") == 200

    assert _run(dag, answer) == "success"
    assert refused == [403]
    assert asking.trace.read_text() == "trained"
    asked = [("classify", "fail", one) for one in ("classify", "asked", "refused", "asked", "granted")]
    passed = [("classify", "pass", "classify"), ("train", "pass", "seal"), ("train", "pass", "seal")]
    assert _told() == [*asked, *passed]
    assert _run(dag, lambda: None) == "success"
    assert _told()[len(asked) + len(passed) :] == passed


def test_a_denial_ends_the_run_and_is_not_tried_again(asking: Lake, person: Person) -> None:
    dag = _dag(asking, "approve_and_stop")
    dag.task_dict["classify"].retries = 2

    def answer() -> None:
        detail = person.waiting(dag.dag_id)
        assert person.answer(detail, "carol", "Deny", justification="not before the audit", until="") == 200

    assert _run(dag, answer) == "failed"
    assert _told() == [("classify", "fail", one) for one in ("classify", "asked", "denied")]
    assert not asking.trace.exists()


def test_the_example_waits_for_the_approver_of_its_dataset(deployment: Path, airflow_db: Path, person: Person) -> None:
    os.umask(0o077)
    shutil.copytree(EXAMPLES / "policy", deployment / "mlsecops" / "policy")
    dag = _synced(EXAMPLES / "approve.py", "approve")

    def answer() -> None:
        detail = person.waiting(dag.dag_id)
        assert [one["id"] for one in detail["assigned_users"]] == ["privacy-officer"]
        assert person.answer(detail, "privacy-officer", justification="only averages are kept", until="30") == 200

    assert _run(dag, answer) == "success"
    os.umask(0o022)

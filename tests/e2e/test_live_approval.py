"""Against a live Airflow: a run waits for people, and goes on when the right one has answered within the bounds."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest

from tests.e2e.conftest import WAITS, Live

pytestmark = [pytest.mark.airflow, pytest.mark.timeout(600)]
HITL = "/api/v2/dags/asking/dagRuns/{run}/taskInstances/classify/-1/hitlDetails"


def waiting(live: Live, run: str) -> bool:
    return live.tasks("asking", run).get("classify") in WAITS


def answer(live: Live, user: str, run: str, until: str, option: str = "Approve") -> int:
    said = {"justification": "for the pilot, ticket SEC-4711", "until": until}
    body = {"chosen_options": [option], "params_input": said}
    return live.call("PATCH", HITL.format(run=run), user, json=body).status_code


def trigger(live: Live, run: str) -> None:
    said = live.call("POST", "/api/v2/dags/asking/dagRuns", "alice", json={"logical_date": None, "dag_run_id": run})
    assert said.status_code == 200, said.text


def records(live: Live, run: str) -> list[dict[str, Any]]:
    with sqlite3.connect(f"file:{live.home}/mlsecops/ledger.db?mode=ro", uri=True) as ledger:
        rows = ledger.execute("SELECT payload FROM mlsecops_record WHERE run_id=? ORDER BY sequence", (run,))
        return [json.loads(payload) for (payload,) in rows]


def told(live: Live, run: str) -> list[tuple[str, str, str]]:
    return [
        (one["run"]["task_id"], one["verdict"]["outcome"],
         one["verdict"]["answer"]["reply"] if one["verdict"]["answer"] else one["verdict"]["gate"])
        for one in records(live, run)
    ]  # fmt: skip


def test_a_run_waits_until_the_right_person_answers_within_the_bounds(asking: Live) -> None:
    trigger(asking, "a1")
    asking.wait(lambda: asking.parked("asking", "a1", "classify"))
    detail = asking.call("GET", HITL.format(run="a1"), "bob").json()
    assert [user["id"] for user in detail["assigned_users"]] == ["bob"]
    assert "`annual_income`" in detail["body"]
    assert answer(asking, "admin", "a1", "5") == 403
    assert answer(asking, "alice", "a1", "5") == 403  # an approver, but it was she who asked
    assert answer(asking, "bob", "a1", "2999-01-01") == 200
    asking.wait(lambda: asking.parked("asking", "a1", "classify", times=2))
    assert [reply for *_, reply in told(asking, "a1")][-2:] == ["refused", "asked"]
    assert not (asking.home / "asking" / "trained").exists()
    assert answer(asking, "bob", "a1", "5") == 200
    assert asking.finished("asking", "a1") == "success"
    assert (asking.home / "asking" / "trained").exists()
    asked = [("classify", "fail", one) for one in ("classify", "asked", "refused", "asked", "granted")]
    assert told(asking, "a1") == [*asked, ("classify", "pass", "classify"), *[("train", "pass", "seal")] * 2]
    granted = next(one for one in records(asking, "a1") if (one["verdict"]["answer"] or {}).get("reply") == "granted")
    (waiver,) = granted["verdict"]["answer"]["waivers"]
    assert (waiver["approved_by"], waiver["requested_by"], waiver["max_share"]) == ("bob", "alice", 1.0)
    assert "48213" not in json.dumps([detail, records(asking, "a1")])


def test_the_next_run_passes_without_asking(asking: Live) -> None:
    trigger(asking, "a2")
    assert asking.finished("asking", "a2") == "success"
    assert told(asking, "a2") == [("classify", "pass", "classify"), *[("train", "pass", "seal")] * 2]


def test_marking_the_parked_task_as_success_opens_nothing(asking: Live) -> None:
    data = asking.home / "asking" / "incomes.csv"
    head, *rows = data.read_text().splitlines()
    data.write_text("\n".join([f"{head},salary", *(f"{row},{52_000 + 13 * n}" for n, row in enumerate(rows))]) + "\n")
    trigger(asking, "a3")
    asking.wait(lambda: waiting(asking, "a3"))
    place = "/api/v2/dags/asking/dagRuns/a3/taskInstances/classify"
    assert asking.call("PATCH", place, "alice", json={"new_state": "success"}).status_code == 200
    assert asking.finished("asking", "a3") == "failed"
    assert asking.tasks("asking", "a3")["train"] == "failed"
    assert told(asking, "a3")[:2] == [("classify", "fail", "classify"), ("classify", "fail", "asked")]

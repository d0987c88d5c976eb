"""What the access rules are told of waivers and of whom the task works as."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from airflow_mlsecops.core.finding import AppliedWaiver, Finding, Status
from airflow_mlsecops.core.policy import DatasetRule, Waiver
from airflow_mlsecops.core.record import Record, Run
from airflow_mlsecops.core.request import request_of
from airflow_mlsecops.core.verdict import Gate, Outcome
from tests.core.make import DATASET, ENTITIES, NOW, policy, verdict

TODAY = NOW.date()
RUN = Run(dag_id="churn", run_id="r", task_id="may_train")
CODES = frozenset({"PURPOSE_NOT_DECLARED"})
WAIVER: dict[str, Any] = {
    "id": "W-1", "dataset": "**/features/**", "code": "ENTITY_NOT_ALLOWED", "subject": "email", "requested_by": "alice",
    "approved_by": "privacy-officer", "reason": "r", "until": TODAY,
}  # fmt: skip


def record(gate: Gate, **said: Any) -> Record:
    return Record(id="0" * 32, time=NOW, environment="prod", producer="p", run=RUN, verdict=verdict(gate=gate, **said))


def asked(*waivers: dict[str, Any], isolation: tuple[str, ...] = ("",), applied: tuple[str, ...] = ()) -> Any:
    used = tuple(
        Finding(status=Status.FAIL, code="X_1", subject="s", reason="r",
                waiver=AppliedWaiver(id=one, approved_by="a", until=TODAY, reason="r"))
        for one in applied
    )  # fmt: skip
    about = [record(Gate.CLASSIFY, findings=used), *(record(Gate.ISOLATION, identity=name) for name in isolation)]
    return request_of(
        "train", "churn", dataset=DATASET, run=RUN, environment="prod", kind="airflow-task", records=about, about=about,
        policy=policy(waivers=tuple(Waiver(**{**WAIVER, **one}) for one in waivers)), entities=ENTITIES, codes=CODES,
        now=NOW,
    )  # fmt: skip


ABOUT_ANOTHER = {"code": "PURPOSE_NOT_DECLARED", "subject": "scoring.may_serve"}
TABLE: list[tuple[str, dict[str, Any], tuple[str, ...], bool]] = [
    ("on its last day", {}, (), True),
    ("near miss: the day after", {"until": TODAY - timedelta(days=1)}, (), False),
    ("near miss: another dataset", {"dataset": "**/raw/**"}, (), False),
    ("near miss: approved by who asked for it", {"requested_by": "privacy-officer"}, (), False),
    ("of this application", {"code": "PURPOSE_NOT_DECLARED", "subject": "churn.may_train"}, (), True),
    ("near miss: of another application", ABOUT_ANOTHER, (), False),
    ("near miss: of the whole DAG", {"code": "PURPOSE_NOT_DECLARED", "subject": "churn"}, (), False),
    ("up to a share that this run confirms", {"max_share": 0.1}, ("W-1",), True),
    ("near miss: up to a share that nothing confirms", {"max_share": 0.1}, (), False),
    ("near miss: up to a share, another was confirmed", {"max_share": 0.1}, ("W-2",), False),
]


@pytest.mark.parametrize(("waiver", "applied", "counts"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_waivers_that_count(waiver: dict[str, Any], applied: tuple[str, ...], counts: bool) -> None:
    request = asked(waiver, applied=applied)
    assert (request.waivers, request.approvals) == ((("W-1",), ("privacy-officer",)) if counts else ((), ()))


def test_several_waivers_name_each_approver_once() -> None:
    request = asked({}, {"id": "W-2"}, {"id": "W-3", "approved_by": "ciso"}, {"id": "W-4", "until": date(2026, 1, 1)})
    assert request.waivers == ("W-1", "W-2", "W-3")
    assert request.approvals == ("ciso", "privacy-officer")


@pytest.mark.parametrize(
    ("told", "role"),
    [((), ""), (("",), ""), (("ml_train",), "ml_train"), (("ml_train", "ml_train"), "ml_train"),
     (("ml_train", "postgres"), ""), (("ml_train", ""), "")],
)  # fmt: skip
def test_a_role_is_told_where_every_check_was_told_the_same(told: tuple[str, ...], role: str) -> None:
    assert asked(isolation=told or ("",)).role == role


def test_only_a_check_of_the_environment_tells_the_role() -> None:
    about = [record(Gate.CLASSIFY, identity="postgres"), record(Gate.ISOLATION, identity="ml_train")]
    request = request_of(
        "train", "churn", dataset=DATASET, run=RUN, environment="prod", kind="airflow-task", records=about, about=about,
        policy=policy(), entities=ENTITIES, codes=CODES, now=NOW, dag_owner="growth",
    )  # fmt: skip
    assert (request.role, request.dag_owner) == ("ml_train", "growth")


@pytest.mark.parametrize(
    ("outcomes", "worst"),
    [
        ((Outcome.PASS, Outcome.PASS), "pass"),
        ((Outcome.PASS, Outcome.UNKNOWN), "unknown"),
        ((Outcome.UNKNOWN, Outcome.FAIL), "fail"),
    ],
)
def test_of_several_scans_the_worst_and_the_oldest_speak(outcomes: tuple[Outcome, ...], worst: str) -> None:
    scans = [
        record(Gate.CLASSIFY, outcome=outcome).model_copy(update={"time": NOW - timedelta(seconds=age)})
        for outcome, age in zip(outcomes, (10, 500), strict=True)
    ]
    about = [*scans, record(Gate.ISOLATION)]
    request = request_of(
        "train", "churn", dataset=DATASET, run=RUN, environment="prod", kind="airflow-task", records=about, about=about,
        policy=policy(datasets=(DatasetRule(match="**", stage="features", environment="vault"),)), entities=ENTITIES,
        codes=CODES, now=NOW,
    )  # fmt: skip
    assert (request.scan.outcome, request.scan.age_seconds) == (worst, 500)
    assert (request.isolation.outcome, request.isolation.age_seconds) == ("pass", 0)
    assert (request.environment, request.dataset_environment) == ("prod", "vault")

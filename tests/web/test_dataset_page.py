"""The page of one dataset as a browser gets it, from a real ledger through Airflow's own app: within what may be seen."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from airflow_mlsecops.core.finding import Finding, Status
from airflow_mlsecops.core.policy import Policy
from airflow_mlsecops.core.verdict import Gate, Outcome
from airflow_mlsecops.ledger import Ledger
from tests.web import fence, scene
from tests.web.test_overview_page import FORM_ATTRIBUTES, FORM_TAGS
from tests.web.test_run_page import ATTRIBUTES, HOSTILE, TAGS, Page, page

BEFORE = "scheduled__2026-11-22T06:00:00+00:00"
KINDS = ("", ".json", ".csv", ".cdx.json")


def address(name: str = scene.FEATURES, kind: str = "", env: str = "prod-train", **more: str) -> str:
    return f"/mlsecops/dataset{kind}?{urlencode({'name': name, 'env': env, **more})}"


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow_mlsecops.web import depends

    policy = Policy.model_validate(scene.POLICY)
    monkeypatch.setattr(depends, "titles", lambda: scene.TITLES)
    monkeypatch.setattr(depends, "policy", lambda: policy)
    monkeypatch.setattr(depends, "now", lambda: datetime(2026, 11, 23, 6, 40, tzinfo=UTC))


@pytest.fixture
def estate(ledger: Ledger, known_dags: Callable[..., None]) -> Ledger:
    """The scene of the design: yesterday's scan, and the run that was stopped; and what another Dag alone has seen."""
    known_dags(scene.DAG, fence.FENCED)
    scene.write(ledger, (("classify_features", scene.YESTERDAY),), run_id=BEFORE)
    scene.write(ledger, scene.STOPPED, start=10)
    secret = scene.CLEAN.model_copy(update={"dataset": "s3://covert/salaries"})
    covert = scene.verdict(
        Gate.CLASSIFY, scene.EMAIL.model_copy(update={"subject": "covert_column", "origin": None}),
        **scene.read(partition="covert/", clean_columns=("covert_clean",)),
    )  # fmt: skip
    readers = scene.verdict(Gate.ACCESS, *scene.strangers(2), seconds=1)
    sealed = scene.verdict(Gate.SEAL, scene.check("SEAL_HOLDS", subject="x"), makes=("s3://covert/model",))
    tasks = (("covert", secret), ("covert_too", covert), ("covert_may", readers), ("covert_train", sealed))
    scene.write(ledger, tasks, start=20, dag_id=fence.FENCED, run_id="covert_run")
    return ledger


# --- what it says ----------------------------------------------------------------------------------------------------

SAID = (
    "s3://ml-prod/features/churn Fail",
    "Level Restricted Environment prod-train Stage features Rows scanned 1,048,576 of 1,048,576",
    "Partition 2026-11-23/ Owner growth-ml Policy policy.yaml:14",
    "Column contact_hint holds e-mail addresses. This dataset may not hold them.",
    "97 % of these values are also in postgres://crm:5432/crm.public.customers column email.",
    "of Dag churn was stopped. The verdict there says what to do.",
    "Fail contact_hint not allowed in stage features",
    "E-mail address New 0.098 %, 1,031 rows Certain exact rule, every hit checked 2026-11-23 today, first time",
    "Pass (waived) referrer_note Waived until 2027-01-31 by crm-security.",
    "3 of 68 columns.",
    "12 cells longer than 1 MiB",
    "The level is restricted, it was internal",
    "contact_hint now holds e-mail addresses 0 1,031 New",
    "postcode has more postcodes 1,035,210 1,036,000 + 0.076 %",
    "legacy_phone: phone numbers were not seen, but not everything was read",
    "Compared in memory, kept nowhere.",
    "Not asked: no access gate that you may see has looked at who can read it.",
    "referrer_note, phone number migration policy.yaml:60 2027-01-31 crm-security asked by author-1 1 run",
    "churn / retrain 0 runs let through, 1 stopped",
    "Detection rules b71e02. Policy 4f2c9a. Fingerprint 9c41d7… of 4 parts.",
)


def test_what_it_says(viewer: Any, estate: Ledger) -> None:
    words = page(viewer, address()).words
    assert [said for said in SAID if said not in words] == []


def test_it_leads_on(viewer: Any, estate: Ledger) -> None:
    links = page(viewer, address()).links
    assert f"/dags/churn/runs/{quote(scene.RUN, safe='')}/plugin/mlsecops-run" in links
    assert f"/mlsecops/dataset?{urlencode({'name': scene.CRM})}" in links
    assert any(link.endswith("/verify") for link in links)
    for link in links:
        if "/record/" in link or "dataset." in link or link.startswith("/mlsecops/dataset"):
            assert viewer.get(link).status_code == 200, link


def test_the_overview_and_the_run_lead_here(viewer: Any, estate: Ledger) -> None:
    here = f"/mlsecops/dataset?{urlencode({'name': scene.FEATURES, 'env': 'prod-train'})}"
    assert here in page(viewer, "/mlsecops/overview").links
    assert here in page(viewer, f"/mlsecops/run/churn/{quote(scene.RUN, safe='')}").links


def test_clean_columns_are_named(viewer: Any, ledger: Ledger, known_dags: Callable[..., None]) -> None:
    known_dags(scene.DAG)
    said = scene.CLEAN.model_copy(update={"columns": 3, "clean_columns": ("user_id", "visits")})
    scene.write(ledger, (("classify", said),))
    words = page(viewer, address()).words
    assert "Pass" in words
    assert "Show the 2 columns with nothing found Every row of them was read" in words
    assert "user_id visits" in words
    assert "There is no earlier scan to compare with." in words
    assert "not named here" not in words


def test_another_scan_can_be_compared_with(viewer: Any, ledger: Ledger, known_dags: Callable[..., None]) -> None:
    known_dags(scene.DAG)
    for number, rows in enumerate((10, 20, 30)):
        said = scene.verdict(Gate.CLASSIFY, scene.POSTCODE.model_copy(update={"rows": rows}), **scene.read())
        (first, *_) = scene.write(ledger, (("c", said),), start=number, run_id=f"run_{number}")
        if number == 0:
            oldest = first.record.id
    assert "postcode has more postcodes 20 30 + 50 %" in page(viewer, address()).words
    assert "postcode has more postcodes 10 30 + 200 %" in page(viewer, address(scan=oldest)).words
    assert "20 30" in page(viewer, address(scan="0" * 32)).words


def test_many_partitions_are_told_together_and_alone(
    viewer: Any, ledger: Ledger, known_dags: Callable[..., None]
) -> None:
    known_dags(scene.DAG)
    for number in range(3):
        bad = scene.CLASSIFY_FEATURES if number == 1 else scene.CLEAN
        said = bad.model_copy(update={"partition": f"part={number}/", "not_looked_at": ()})
        scene.write(ledger, (("c", said),), start=number, map_index=number)
    words = page(viewer, address()).words
    assert "This speaks of 3 partitions together" in words
    assert "99 %, 3,108,000 rows" in words
    assert "Rows scanned 3,145,728 of 3,145,728" in words
    alone = page(viewer, address(partition="part=0/")).words
    assert "99 %, 1,036,000 rows" in alone
    assert "contact_hint" not in alone.split("Columns", 1)[1]


def test_who_can_read_it(viewer: Any, estate: Ledger) -> None:
    unseen = Finding(status=Status.UNKNOWN, code="READERS_NOT_SEEN", subject="x", reason="lacks `s3:GetBucketPolicy`")
    scene.write(
        estate, (("may", scene.verdict(Gate.ACCESS, *scene.strangers(2, "END ALL"), unseen, seconds=1)),), start=40
    )
    words = page(viewer, address()).words
    assert "Who can read it Asked 2026-11-23 06:08:55 Record" in words
    assert "5 principals can read it, or may; the policy does not list 2 of them." in words
    assert "Not allowed role_0 A person can read it: superuser." in words
    assert "Not observed Lacks s3:GetBucketPolicy." in words
    assert "Not asked" not in words


def test_a_newer_scan_that_read_nothing_is_said(viewer: Any, estate: Ledger) -> None:
    nothing = Finding(status=Status.UNKNOWN, code="SOURCE_UNREACHABLE", subject="x", reason="it could not be opened")
    scene.write(estate, (("classify_features", scene.verdict(Gate.CLASSIFY, nothing)),), start=40, run_id="later")
    words = page(viewer, address()).words
    assert "s3://ml-prod/features/churn Unknown" in words
    assert "A newer scan read nothing. What follows is from the scan before it, of 2026-11-23 06:04:15." in words


# --- who may see it --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_sees_it_without_login(client: Callable[..., Any], estate: Ledger, kind: str) -> None:
    assert client().get(address(kind=kind)).status_code == 401


@pytest.mark.parametrize("kind", KINDS)
def test_what_unseen_dags_said_is_nowhere(client: Callable[..., Any], estate: Ledger, kind: str) -> None:
    for more in ({}, {"partition": "covert/"}, {"dag": fence.FENCED}, {"scan": estate.history(limit=1)[0].record.id}):
        answer = client("viewer").get(address(kind=kind, **more))
        text = answer.text.replace("partition=covert%2F", "").replace('value="covert/"', "").replace(">covert/<", "")
        text = text.replace('"partition": "covert/"', "")
        assert "covert" not in text, more
        assert "role_0" not in text
    shown = client("admin").get(address(kind=kind)).text.replace("<wbr>", "")
    assert "covert_column" in shown


@pytest.mark.parametrize("kind", KINDS)
def test_a_dataset_of_unseen_dags_is_as_one_that_is_not_there(
    client: Callable[..., Any], estate: Ledger, kind: str
) -> None:
    hidden, absent = (client("viewer").get(address(f"s3://covert/{name}", kind)) for name in ("salaries", "nonsense"))
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.text.replace("salaries", "nonsense") == absent.text
    assert client("admin").get(address("s3://covert/salaries", kind)).status_code == 200


@pytest.mark.parametrize("query", ["", "name=", "name=%00", f"name={'x' * 30_000}", "name=x&env=%00", "env=prod-train"])
def test_nonsense_is_not_there(viewer: Any, estate: Ledger, query: str) -> None:
    assert viewer.get(f"/mlsecops/dataset?{query}").status_code == 404


def test_another_environment_is_not_there(viewer: Any, estate: Ledger) -> None:
    assert viewer.get(address(env="stage")).status_code == 404
    assert viewer.get(address(env="")).status_code == 200


def test_environments_lead_to_one_another(viewer: Any, estate: Ledger) -> None:
    record = scene.record("c", scene.CLEAN, number=60)
    estate.append(record.model_copy(update={"environment": "stage"}))
    assert f"/mlsecops/{address(env='stage').removeprefix('/mlsecops/')}" in page(viewer, address()).links
    assert "s3://ml-prod/features/churn Pass" in page(viewer, address(env="stage")).words
    # Without one, that in which it stands worst.
    assert "s3://ml-prod/features/churn Fail" in page(viewer, address(env="")).words


# --- what is not as it was written -----------------------------------------------------------------------------------


def edit(folder: Path, statement: str, *values: object) -> None:
    with sqlite3.connect(folder / "ledger.db") as connection:
        connection.execute("DROP TRIGGER IF EXISTS mlsecops_record_update")
        connection.execute(statement, values)


EDITS = (
    "UPDATE mlsecops_record SET payload = replace(payload, '1031', '1') WHERE gate = 'classify' AND sequence = 4",
    "UPDATE mlsecops_record SET dataset = 'elsewhere' WHERE sequence = 4",
    "UPDATE mlsecops_record SET outcome = 'pass' WHERE sequence = 4",
)


@pytest.mark.parametrize("statement", EDITS)
def test_what_does_not_verify_is_no_pass(viewer: Any, estate: Ledger, in_memory: Path, statement: str) -> None:
    edit(in_memory, statement)
    words = page(viewer, address()).words
    assert "s3://ml-prod/features/churn Not verified" in words
    assert "how it stands is not known" in words
    report = viewer.get(address(kind=".json")).json()
    assert (report["verified"], report["verdict"]) == (False, "fail")


@pytest.mark.parametrize("edited", ["payload = replace(payload, 'beside', 'inside')", "dataset = 'elsewhere'"])
def test_a_scan_that_no_line_and_no_trace_tells_of_has_to_verify_too(
    viewer: Any, estate: Ledger, known_dags: Callable[..., None], in_memory: Path, edited: str
) -> None:
    """It found nothing, and another Dag's stands worse."""
    known_dags("beside")
    scene.write(estate, (("c", scene.verdict(Gate.CLASSIFY, **scene.read())),), start=50, dag_id="beside")
    assert viewer.get(address(kind=".json")).json()["verified"]
    edit(in_memory, f"UPDATE mlsecops_record SET {edited} WHERE dag_id = 'beside'")
    assert "s3://ml-prod/features/churn Not verified" in page(viewer, address()).words
    assert not viewer.get(address(kind=".json")).json()["verified"]


def test_hostile_names_are_harmless(viewer: Any, ledger: Ledger, known_dags: Callable[..., None]) -> None:
    known_dags(scene.DAG)
    name = "s3://x/" + "".join(letter for letter in "".join(HOSTILE[:8]) if letter != "\0") + "y" * 3_000
    found = tuple(
        scene.EMAIL.model_copy(
            update={"subject": one, "origin": scene.EMAIL.origin and scene.EMAIL.origin.model_copy(update={"parent": one})}
        )
        for one in HOSTILE
    )  # fmt: skip
    said = scene.verdict(
        Gate.CLASSIFY, *found, **scene.read(clean_columns=HOSTILE, partition=HOSTILE[1]), dataset=name, uri=HOSTILE[2],
    )  # fmt: skip
    scene.write(ledger, (("c", said),))
    for kind in KINDS:
        assert viewer.get(address(name, kind)).status_code == 200
    shown = page(viewer, address(name))
    assert shown.tags <= TAGS | FORM_TAGS | {"nav"}
    assert shown.attributes <= ATTRIBUTES | FORM_ATTRIBUTES
    assert "7 * 7" in shown.text


def test_the_page_is_strict(viewer: Any, estate: Ledger) -> None:
    answer = viewer.get(address())
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert Page(answer.text).attributes <= ATTRIBUTES | FORM_ATTRIBUTES


def test_outcomes_are_known() -> None:
    """The order in which scans are read goes by these words."""
    from airflow_mlsecops.ledger.dataset_scans import _RANK

    assert set(_RANK) == {outcome.value for outcome in Outcome}

"""What the page of one dataset says, by the records it is told by."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from airflow_mlsecops.core.finding import AppliedWaiver, Finding, Status
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.policy import Policy
from airflow_mlsecops.core.verdict import Gate, Outcome, Verdict
from airflow_mlsecops.ledger.dataset import Found, Scans, Wanted
from airflow_mlsecops.ledger.dataset_scans import Glimpse, before, blank, newest_of_each_dag, of_runs, runs_of, scans_of
from airflow_mlsecops.ledger.overview import Line
from airflow_mlsecops.ledger.standing import Mark
from airflow_mlsecops.web.dataset_columns import columns_of
from airflow_mlsecops.web.dataset_report import DatasetReport, report_of
from airflow_mlsecops.web.dataset_view import dataset_view, seen_since
from airflow_mlsecops.web.line import plain
from airflow_mlsecops.web.traced import Spell, Traces
from tests.web import scene

POLICY = Policy.model_validate(scene.POLICY)
WANTED = Wanted(dags=frozenset({scene.DAG}), today=date(2026, 11, 23), dataset=scene.FEATURES, environment="prod-train")
MARKS = {Outcome.FAIL: Mark.FAIL, Outcome.UNKNOWN: Mark.UNKNOWN, Outcome.PASS: Mark.PASS}


def found(*said: Verdict, **more: Any) -> Found:
    entries = tuple(scene.entry(number, "classify", one) for number, one in enumerate(said, start=1))
    newest = entries[-1]
    line = Line(
        dataset=newest.record.verdict.dataset, environment="prod-train", dag_id=scene.DAG, others=0,
        mark=MARKS[newest.record.verdict.outcome], observed=False, until="", level=Level.PUBLIC, seen=(),
        time=newest.record.time.isoformat(), scanned=newest.record.time.isoformat(), strip=(), entry=newest,
    )  # fmt: skip
    known = {
        "current": True, "hidden": False, "environment": "prod-train", "environments": ("prod-train",), "line": line,
        "now": Scans(entries=entries), "blank": False, "runs": (), "before_run": None, "before": Scans(),
        "partitions": (), "access": Scans(), **more,
    }  # fmt: skip
    return Found(**known)


def report(*said: Verdict, policy: Policy | None = POLICY, traces: Traces | None = None, **more: Any) -> DatasetReport:
    return report_of(found(*said, **more), WANTED, traces or Traces(), policy=policy, titles=scene.TITLES)


def test_the_worst_column_comes_first() -> None:
    lines = report(scene.CLASSIFY_FEATURES).columns.lines
    assert [(line.verdict, line.column) for line in lines] == [
        ("fail", "contact_hint"), ("waived", "referrer_note"), ("pass", "postcode"),
    ]  # fmt: skip


def test_partitions_add_up_and_the_worst_counts() -> None:
    bad = scene.POSTCODE.model_copy(update={"status": Status.FAIL, "rows": 10, "of": 100, "code": "ENTITY_NEW"})
    good = scene.POSTCODE.model_copy(update={"rows": 30, "of": 100})
    said = [
        scene.verdict(Gate.CLASSIFY, one, **scene.read(partition=place)) for one, place in ((bad, "a/"), (good, "b/"))
    ]
    (line,) = report(*said).columns.lines
    assert (line.verdict, line.rows, line.of, line.partitions) == ("fail", 40, 200, 2)


def test_two_scans_of_one_partition_count_once() -> None:
    (line,) = report(scene.CLEAN, scene.CLEAN).columns.lines
    assert (line.rows, line.partitions) == (1_036_000, 1)


def test_what_one_scan_found_clean_another_may_not_have_read() -> None:
    clean = scene.CLEAN.model_copy(update={"clean_columns": ("a", "b"), "partition": "1/"})
    half = scene.CLEAN.model_copy(update={"clean_columns": ("b",), "partition": "2/"})
    assert report(clean, half).columns.clean == ("b",)
    assert report(clean, scene.CLEAN).columns.clean == ()


def test_a_column_that_was_not_read_is_unknown() -> None:
    unread = scene.CLASSIFY_FEATURES.not_looked_at[0].model_copy(update={"column": "notes"})
    said = scene.CLEAN.model_copy(update={"not_looked_at": (unread,), "clean_columns": ("notes",)})
    columns = report(said).columns
    assert (columns.lines[0].verdict, columns.lines[0].column, columns.clean) == ("unknown", "notes", ())


def test_what_was_seen_and_not_judged_is_unknown() -> None:
    said = scene.CLEAN.model_copy(update={"sightings": scene.sightings(("x", "EMAIL_ADDRESS"))})
    assert report(said).columns.lines[0].code == "NOT_JUDGED"


def test_a_waiver_that_ended_is_expired() -> None:
    ended = AppliedWaiver(id="W", approved_by="sec", until=date(2026, 11, 1), reason="so")
    said = scene.verdict(Gate.CLASSIFY, scene.EMAIL.model_copy(update={"ended": ended}), **scene.read())
    (line,) = report(said).columns.lines
    assert (line.verdict, line.expired, line.waived_until) == ("fail", True, "2026-11-01")


def test_since_when_is_told_by_the_traces() -> None:
    spell = Spell(first="2026-03-01T00:00:00+00:00", last="2026-11-23T00:00:00+00:00")
    columns = columns_of([scene.entry(1, "c", scene.CLEAN)], titles={}, seen={("postcode", "POSTCODE"): spell})
    assert columns.lines[0].first_seen == spell.first


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("", "", ("", "")),
        ("nonsense", "nonsense", ("", "")),
        ("2026-11-23T01:00:00+00:00", "2026-11-23T06:00:00+00:00", ("2026-11-23", "today, first time")),
        ("2026-11-01T01:00:00+00:00", "2026-11-23T06:00:00+00:00", ("2026-11-01", "to today")),
        ("2026-11-01T01:00:00+00:00", "2026-11-02T06:00:00+00:00", ("2026-11-01", "to 2026-11-02")),
        ("2026-11-01T01:00:00+00:00", "2026-11-01T06:00:00+00:00", ("2026-11-01", "seen on that day alone")),
    ],
)
def test_seen_since(first: str, last: str, said: tuple[str, str]) -> None:
    assert seen_since(first, last, "2026-11-23") == said


UNVERIFIED: tuple[dict[str, Any], ...] = (
    {"hidden": True},
    {"now": Scans(entries=(scene.entry(1, "c", scene.CLEAN),), unverified=1)},
    {"traces": Traces(verified=False)},
)


@pytest.mark.parametrize("more", UNVERIFIED)
def test_what_does_not_verify_is_never_a_pass(more: dict[str, Any]) -> None:
    said = report(scene.CLEAN, **more)
    assert (said.verdict, said.verdict_says, said.verified) == ("fail", "Not verified", False)


def test_a_line_without_its_record_is_not_verified() -> None:
    line = found(scene.CLEAN).line.model_copy(update={"entry": None})
    assert report(scene.CLEAN, line=line).verified is False
    assert report(scene.CLEAN).verified is True


def test_without_a_policy_it_says_so() -> None:
    said = report(scene.CLEAN, policy=None)
    assert (said.stage, said.owner, said.rule, said.waivers) == ("", "", "", ())


def test_a_page_leads_with_what_is_wrong() -> None:
    view = dataset_view(found(scene.CLASSIFY_FEATURES), WANTED, Traces(), policy=POLICY, titles=scene.TITLES)
    assert plain(view.lead.head) == "Column contact_hint holds e-mail addresses. This dataset may not hold them."
    passing = dataset_view(found(scene.CLEAN), WANTED, Traces(), policy=POLICY, titles=scene.TITLES)
    assert (passing.lead.kind, plain(passing.lead.run)) == ("pass", f"Run {scene.RUN} of Dag churn passed.")


def test_readers_that_are_all_allowed_are_told() -> None:
    everybody = Finding(
        status=Status.PASS, code="READERS", subject="x", reason="2 principals can read it, and the policy lists each",
        got="role/a, role/b",
    )  # fmt: skip
    access = Scans(entries=(scene.entry(9, "may", scene.verdict(Gate.ACCESS, everybody, seconds=1)),))
    readers = report(scene.CLEAN, access=access).readers
    assert [(one.mark, one.word, one.who) for one in readers.readers] == [("pass", "Allowed", "role/a, role/b")]
    assert report(scene.CLEAN, access=Scans(unverified=1)).readers.unverified


# --- which records it goes by ----------------------------------------------------------------------------------------


def glimpse(sequence: int, run: str = "r1", task: str = "c", **more: Any) -> Glimpse:
    known = {
        "sequence": sequence, "id": f"{sequence:032x}", "time": f"2026-11-{sequence:02}T00:00:00+00:00", "dag_id": "d",
        "run_id": run, "task_id": task, "map_index": -1, "gate": "classify", "outcome": "pass", "partition": "",
        "read": True,
    }  # fmt: skip
    return Glimpse(**{**known, **more})


def test_a_retry_replaces_what_it_retries() -> None:
    assert [one.sequence for one in scans_of([glimpse(1), glimpse(2), glimpse(3, task="other")], None)] == [3, 2]


def test_what_read_nothing_is_no_scan_but_is_said() -> None:
    some = [glimpse(1), glimpse(2, run="r2", read=False)]
    runs = newest_of_each_dag(runs_of(scans_of(some, None)))
    assert [run.run_id for run in runs] == ["r1"]
    assert blank(some, runs, None)
    assert not blank([glimpse(1, read=False), glimpse(2)], runs_of([glimpse(2)]), None)


def test_it_is_compared_with_the_scan_before_of_the_same_dag() -> None:
    scans = scans_of([glimpse(n, run=f"r{n}", dag_id="e" if n == 4 else "d") for n in (1, 3, 4, 5)], None)
    runs = runs_of(scans)
    assert [before(runs, scans, WANTED.model_copy(update={"scan": scan})).run_id for scan in ("", f"{1:032x}", "x")] == [  # type: ignore[union-attr]
        "r3", "r1", "r3",
    ]  # fmt: skip


def test_the_worst_scans_are_read_first() -> None:
    scans = [glimpse(n, map_index=n, outcome="fail" if n == 7 else "pass") for n in range(1, 151)]
    chosen = of_runs(scans, runs_of(sorted(scans, reverse=True)))
    assert (chosen.sequences[:2], len(chosen.sequences), chosen.left_out) == ((7, 150), 100, 50)

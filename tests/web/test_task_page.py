"""The Security tab of a task as a browser gets it, from a real ledger through Airflow's own app."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from airflow_mlsecops.core.answer import Answer, Reply
from airflow_mlsecops.core.record import Entry, record_id
from airflow_mlsecops.core.verdict import Gate, Outcome, Verdict
from airflow_mlsecops.ledger import Ledger
from tests.web import scene
from tests.web.fence import FENCED
from tests.web.test_run_page import ATTRIBUTES, HOSTILE, PREFIX, TAGS, Page, page

NOW = scene.START + timedelta(hours=1)


@pytest.fixture(autouse=True)
def on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Titles, owners and the time as they were."""
    from airflow_mlsecops.web import depends

    monkeypatch.setattr(depends, "titles", lambda: scene.TITLES)
    monkeypatch.setattr(depends, "owner_and_end", lambda: (lambda _: "growth-ml", None))
    monkeypatch.setattr(depends, "now", lambda: NOW)


def tab(task_id: str = "classify_features", *, run_id: str = scene.RUN, dag_id: str = scene.DAG, **more: Any) -> str:
    """The address as Airflow fills it in; a task that is not mapped keeps the words of its index."""
    asked = urlencode({"task_id": task_id, "map_index": "{MAP_INDEX}", **more})
    return f"{PREFIX}/task/{quote(dag_id, safe='')}/{quote(run_id, safe='')}?{asked}"


def add(
    ledger: Ledger, said: Verdict, *, task_id: str = "classify_features", at: datetime = scene.START, **run: Any
) -> Entry:
    """Append a verdict of that moment."""
    written = scene.record(task_id, said, **run)
    identity = record_id(at, (ledger.head().sequence + 1).to_bytes(10, "big"))
    return ledger.append(written.model_copy(update={"time": at, "id": identity}))


def approval(reply: Reply, **more: Any) -> Verdict:
    """What a person was asked, or answered."""
    asked = {"stopped": "0" * 32, "requested_by": ("dag-author",), "approvers": ("crm-security", "lead"), **more}
    return scene.verdict(
        Gate.APPROVAL, scene.EMAIL, outcome=Outcome.FAIL, answer=Answer(reply=reply, **asked), seconds=0.1
    )


SAID = (
    "Column contact_hint holds e-mail addresses. This dataset may not hold them. 2.1 s Fail",
    "Found in 1,031 rows 0.098 % of 1,048,576",
    "How sure Certain every one checked",
    "New Yes no recent passing run had it here",
    "Level Restricted EMAIL_ADDRESS",
    "Comes from email of postgres://crm:5432/crm.public.customers: 97 % of them are also there",
    "Dataset s3://ml-prod/features/churn partition 2026-11-23/",
    "What to do Leave out email of postgres://crm:5432/crm.public.customers where the two are joined",
    "Why this stops the run Rule Not allowed in stage features: policy.yaml:14. Owner growth-ml",
    "Not looked at 12 cells longer than 1 MiB",
    "Other findings of this gate",
    "Waived referrer_note Phone number 0.40 %, 4,194 rows Until 2027-01-31, approved by crm-security: migration.",
    "signed by a local key",
    "1 (this one counts) Fail",
)


@pytest.mark.parametrize("words", SAID)
def test_words_of_a_gate_that_failed(viewer: Any, ledger: Ledger, words: str) -> None:
    scene.write(ledger, scene.STOPPED)
    assert words in page(viewer, tab()).words


def test_it_tells_this_task_of_this_run_alone(viewer: Any, ledger: Ledger) -> None:
    scene.write(ledger, scene.STOPPED)
    scene.write(ledger, scene.PASSED, start=9, run_id="another")
    words = page(viewer, tab("may_train")).words
    assert "Could not tell: who else can read this bucket was not observed" in words
    assert "contact_hint" not in words
    assert "may train for churn" not in words


def test_an_unknown_says_its_check_and_why_it_stops(viewer: Any, ledger: Ledger) -> None:
    scene.write(ledger, scene.STOPPED)
    words = page(viewer, tab("may_train")).words
    assert "About ml-prod Check GRANT_BUCKET_POLICY could not be told" in words
    assert "Why it stops The policy requires this answer: policy.yaml:61." in words


def test_a_pass_says_what_was_read(viewer: Any, ledger: Ledger) -> None:
    scene.write(ledger, scene.STOPPED)
    words = page(viewer, tab("classify_raw")).words
    assert "Every column holds what the policy expects. 2 classes in 9 columns, none new." in words
    assert "Read 2,310,447 rows Columns 9 Classes 2 Took 3.1 s" in words
    assert "Why this" not in words


def test_what_only_observes_would_have_stopped(viewer: Any, ledger: Ledger) -> None:
    scene.write(ledger, scene.OBSERVED)
    words = page(viewer, tab()).words
    assert "Observed only" in words
    assert "Why this would have stopped the run" in words


def test_a_sealed_task_shows_its_seals_verdict(viewer: Any, ledger: Ledger) -> None:
    scene.write(ledger, scene.STOPPED)
    words = page(viewer, tab("retrain")).words
    assert "Waits for classify_features, check_grants." in words
    assert "Why it does not run classify_features Its newest record does not let this through." in words
    assert "Did not run" in words


def test_a_task_that_is_sealed_on_two_datasets_shows_both(viewer: Any, ledger: Ledger) -> None:
    held = scene.verdict(Gate.SEAL, scene.check("SEAL_HOLDS", subject="other"), dataset=scene.CRM, seconds=0.1)
    add(ledger, scene.RETRAIN, task_id="retrain")
    add(ledger, held, task_id="retrain")
    words = page(viewer, tab("retrain")).words
    assert words.index("Waits for classify_features") < words.index("The ledger says that every gate")
    assert words.count("(this one counts)") == 2


# Attempts


def test_attempts_tell_which_counts_and_which_left_no_record(viewer: Any, ledger: Ledger) -> None:
    add(ledger, scene.CLASSIFY_FEATURES, try_number=2)
    add(ledger, scene.CLEAN, at=scene.START + timedelta(minutes=5), try_number=4)
    words = page(viewer, tab()).words
    assert "Nothing left out." in words
    assert "4 (this one counts) Pass 2026-11-23 06:07:15 2.1 s" in words
    assert "3 No record The worker was killed, or could not reach the ledger, before it could decide 2 Fail" in words
    assert words.count("No record") == 2


def test_an_absurd_number_of_attempts_is_cut(viewer: Any, ledger: Ledger) -> None:
    add(ledger, scene.CLEAN, try_number=2_000_000_000)
    words = page(viewer, tab()).words
    assert "2000000000 (this one counts)" in words
    assert "more before these" in words


# Answers


def test_a_question_that_waits_leads_to_airflows_required_action(viewer: Any, ledger: Ledger) -> None:
    add(ledger, scene.CLASSIFY_FEATURES)
    add(ledger, approval(Reply.ASKED, deadline=scene.START + timedelta(days=1)))
    found = page(viewer, tab())
    assert "Waits for an answer of crm-security, lead. Without one by 2026-11-24 06:02 UTC" in found.words
    assert "Asked crm-security, lead to approve it by 2026-11-24 06:02 UTC." in found.words
    run = quote(scene.RUN, safe="")
    assert f"/dags/churn/runs/{run}/tasks/classify_features/required_actions" in found.links
    assert "Column contact_hint holds e-mail addresses." in found.words


def test_a_question_whose_time_is_over_says_so(viewer: Any, ledger: Ledger) -> None:
    add(ledger, scene.CLASSIFY_FEATURES)
    add(ledger, approval(Reply.ASKED, deadline=scene.START))
    assert "Its time is over: it counts as denied" in page(viewer, tab()).words


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            approval(
                Reply.GRANTED,
                answered_by="crm-security",
                reason="until the migration",
                until=datetime(2026, 12, 1).date(),
            ),
            "Approved by crm-security until 2026-12-01, because: until the migration",
        ),
        (approval(Reply.DENIED, answered_by="lead", reason="drop it"), "Denied by lead, because: drop it"),
        (
            approval(Reply.REFUSED, answered_by="lead", reason="the reason is missing"),
            "Refused an answer by lead, because: the reason is missing",
        ),
        (
            approval(Reply.TIMED_OUT, deadline=scene.START),
            "Counts as denied",
        ),
    ],
)
def test_answers_are_sentences_and_never_the_verdict(viewer: Any, ledger: Ledger, answer: Verdict, said: str) -> None:
    add(ledger, scene.CLASSIFY_FEATURES)
    add(ledger, approval(Reply.ASKED))
    add(ledger, answer)
    words = page(viewer, tab()).words
    assert said in words
    assert "Waits for an answer" not in words
    assert "Column contact_hint holds e-mail addresses. This dataset may not hold them. 2.1 s Fail" in words
    assert words.count("(this one counts)") == 1


def test_answers_of_others_stay_out(viewer: Any, ledger: Ledger) -> None:
    add(ledger, scene.CLASSIFY_FEATURES)
    for other in ({"task_id": "may_train"}, {"run_id": "another"}, {"dag_id": FENCED}):
        add(ledger, approval(Reply.DENIED, answered_by="somebody-else"), **{"task_id": "classify_features", **other})
    words = page(viewer, tab()).words
    assert "somebody-else" not in words
    assert "Asked and answered" not in words


# History


def history(ledger: Ledger, *shares: int) -> None:
    """One run a day with so many rows of what may not be there, the last of them the run of the scene."""
    for number, rows in enumerate(shares):
        last = number == len(shares) - 1
        at = scene.START - timedelta(days=len(shares) - 1 - number)
        found = scene.EMAIL.model_copy(update={"rows": rows})
        said = scene.verdict(Gate.CLASSIFY, found, **scene.read()) if rows else scene.CLEAN
        add(ledger, said, at=at, run_id=scene.RUN if last else f"run-{number}")


def test_history_says_what_changed_and_draws_it(viewer: Any, ledger: Ledger) -> None:
    history(ledger, *[0] * 13, 1_031)
    found = page(viewer, tab())
    assert "contact_hint held no e-mail addresses in 13 runs, then in 0.098 % of the rows." in found.words
    assert "The last 14 runs, oldest first: 13 passed, 1 failed. The newest: failed." in found.text
    assert "11-23 06:02: 0.0983 % of the rows" in found.text
    assert "Fail 2026-11-23 06:02:15" in found.words


def test_history_is_of_fourteen_runs_up_to_this_one(viewer: Any, ledger: Ledger) -> None:
    history(ledger, *[10] * 20, 1_031)
    add(ledger, scene.CLEAN, at=scene.START + timedelta(days=1), run_id="later")
    found = page(viewer, tab())
    assert "Last 14 runs of this gate contact_hint held e-mail addresses in 13 of 13 earlier runs" in found.words
    assert "later" not in found.words
    assert "run-6" not in found.text.split()
    assert "run-7" in found.text.split()


def test_a_run_that_does_not_verify_is_no_pass_in_the_history(viewer: Any, ledger: Ledger, in_memory: Path) -> None:
    history(ledger, 0, 0, 1_031)
    with sqlite3.connect(in_memory / "ledger.db") as database:
        database.execute("DROP TRIGGER mlsecops_record_update")
        database.execute("UPDATE mlsecops_record SET payload = replace(payload, '2.1', '2.2') WHERE sequence = 2")
    words = page(viewer, tab()).words
    assert "The last 3 runs, oldest first: 1 passed, 2 failed." in words
    assert "Not verified 2026-11-22" in words
    assert "not all earlier runs say in how many" in words


def test_a_record_of_this_task_that_does_not_verify_is_not_told(viewer: Any, ledger: Ledger, in_memory: Path) -> None:
    add(ledger, scene.CLASSIFY_FEATURES)
    add(ledger, scene.CLEAN, try_number=2)
    with sqlite3.connect(in_memory / "ledger.db") as database:
        database.execute("DROP TRIGGER mlsecops_record_update")
        database.execute("UPDATE mlsecops_record SET payload = replace(payload, '2.1', '2.2') WHERE sequence = 1")
    assert "The ledger does not verify" in page(viewer, tab(), status=503).words


# Mapped tasks


def mapped(ledger: Ledger, count: int) -> None:
    """A mapped task of which index 3 failed and index 7 could not tell."""
    for index in range(count):
        said = {3: scene.CLASSIFY_FEATURES, 7: scene.MAY_TRAIN}.get(index, scene.CLEAN)
        add(ledger, said, map_index=index)


def test_a_mapped_task_lists_its_instances_worst_first(viewer: Any, ledger: Ledger) -> None:
    mapped(ledger, 120)
    add(ledger, scene.CLEAN, map_index=50, try_number=2)
    found = page(viewer, tab())
    assert "120 instances: 1 failed, 1 could not tell, 118 passed." in found.words
    assert "1 to 50 of 120." in found.words
    assert found.words.index("Column contact_hint holds") < found.words.index("Could not tell:")
    run = quote(scene.RUN, safe="")
    assert f"/dags/churn/runs/{run}/tasks/classify_features/mapped/3/plugin/mlsecops-task" in found.links
    (onward,) = [link for link in found.links if "page=2" in link]
    assert "51 to 100 of 120." in page(viewer, onward).words
    assert "There are none on this page." in page(viewer, tab(page="9")).words


def test_one_instance_is_told_alone(viewer: Any, ledger: Ledger) -> None:
    mapped(ledger, 9)
    assert "Column contact_hint holds e-mail addresses." in page(viewer, tab(map_index="3")).words
    words = page(viewer, tab(map_index="4")).words
    assert "contact_hint" not in words
    assert "Nothing left out." in words
    assert "has not spoken in this run" in page(viewer, tab(map_index="9")).words


def test_an_instance_that_does_not_verify_is_listed_as_such(viewer: Any, ledger: Ledger, in_memory: Path) -> None:
    mapped(ledger, 3)
    with sqlite3.connect(in_memory / "ledger.db") as database:
        database.execute("DROP TRIGGER mlsecops_record_update")
        database.execute("UPDATE mlsecops_record SET payload = replace(payload, '2.1', '2.2') WHERE sequence = 2")
    assert "1 Not verified Its record does not verify" in page(viewer, tab()).words


@pytest.mark.parametrize("index", ["", "-1", "{MAP_INDEX}", "x", "1e3", "٣", "9" * 30, "\0"])
def test_any_index_is_answered(viewer: Any, ledger: Ledger, index: str) -> None:
    add(ledger, scene.CLASSIFY_FEATURES)
    assert "Column contact_hint holds e-mail addresses." in page(viewer, tab(map_index=index)).words


# Nothing to tell


def test_a_task_without_a_gate_says_what_to_paste(viewer: Any, ledger: Ledger) -> None:
    scene.write(ledger, scene.STOPPED)
    words = page(viewer, tab("build_features")).words
    assert "There is no verdict of this task" in words
    assert 'ClassifyDatasetOperator(task_id="classify_features", dataset=features)' in words
    assert "There is no verdict of this task" in page(viewer, f"{PREFIX}/task/churn/r").words


def test_a_gate_that_has_not_spoken_yet_says_so(viewer: Any, ledger: Ledger) -> None:
    scene.write(ledger, scene.STOPPED, run_id="yesterday")
    words = page(viewer, tab()).words
    assert "classify_features has not spoken in this run" in words
    assert "paste" not in words.lower()


# Who may see it, and hostile names


def test_a_viewer_is_kept_from_a_dag_that_is_not_theirs(client: Callable[..., Any], ledger: Ledger) -> None:
    add(ledger, scene.CLASSIFY_FEATURES, dag_id=FENCED)
    assert client("viewer").get(tab(dag_id=FENCED)).status_code == 403
    assert client("viewer").get(f"{tab(dag_id=FENCED)}&dag_id=churn").status_code == 403
    assert client("admin").get(tab(dag_id=FENCED)).status_code == 200


def test_other_dags_add_nothing_to_the_history(viewer: Any, ledger: Ledger) -> None:
    add(ledger, scene.CLASSIFY_FEATURES, dag_id=FENCED, run_id="secret-run", at=scene.START - timedelta(days=1))
    add(ledger, scene.CLASSIFY_FEATURES)
    found = page(viewer, tab())
    assert "Last" not in found.words.split("Not looked at")[0]
    assert "secret-run" not in found.text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_stay_names(viewer: Any, ledger: Ledger, hostile: str) -> None:
    finding = scene.EMAIL.model_copy(update={"subject": hostile, "reason": hostile, "remedy": hostile, "rule": hostile})
    said = scene.verdict(Gate.CLASSIFY, finding, **scene.read(), dataset=hostile)
    add(ledger, said, at=scene.START - timedelta(days=1), run_id=f"old {hostile[:60]}")
    add(ledger, said)
    add(ledger, approval(Reply.ASKED, approvers=(hostile, "b"), requested_by=(hostile,)))
    for number, reply in enumerate((Reply.GRANTED, Reply.DENIED, Reply.REFUSED)):
        add(ledger, approval(reply, answered_by=hostile, reason=hostile), try_number=number + 1)
    html = viewer.get(tab()).text
    found = Page(html)
    assert found.tags <= TAGS
    assert found.attributes <= ATTRIBUTES | {"rel"}
    assert all(link.startswith(("#", "/")) for link in found.links)
    assert "\u202e" not in html
    assert "\x1b" not in html


@pytest.mark.parametrize(
    "hostile", [*(name.replace("\0", "") for name in HOSTILE[:8]), "task.with.dots", "a/b", "?x#y", "100%", "über"]
)
def test_any_task_id_is_answered(viewer: Any, ledger: Ledger, hostile: str) -> None:
    add(ledger, scene.CLASSIFY_FEATURES, task_id=hostile)
    found = page(viewer, tab(hostile))
    assert found.tags <= TAGS
    (verify, *_) = [link for link in found.links if "/verify?" in link]
    back = page(viewer, verify)
    assert "Verified. This record is as it was written." in back.words
    (task,) = [link for link in back.links if link.startswith(f"{PREFIX}/task/")]
    assert "Column contact_hint holds e-mail addresses." in page(viewer, task).words

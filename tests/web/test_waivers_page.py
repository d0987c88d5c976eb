"""The page of waivers as a browser gets it, from a real ledger through Airflow's own app: within what the user may see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from airflow_mlsecops.core.answer import Answer, Reply
from airflow_mlsecops.core.errors import LedgerError, PolicyError
from airflow_mlsecops.core.finding import AppliedWaiver, Finding
from airflow_mlsecops.core.policy import Policy
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.core.verdict import Gate, Outcome
from airflow_mlsecops.core.waiver import Waiver
from airflow_mlsecops.ledger import Ledger
from tests.web import fence, scene
from tests.web.test_run_page import ATTRIBUTES, HOSTILE, TAGS, Page, page

WAIVERS = "/mlsecops/waivers"
NOW = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
FRAUD, VOICE, TICKETS = (
    "s3://ml-prod/features/fraud",
    "s3://ml-prod/raw/voice",
    "postgres://crm-db:5432/crm.public.tickets",
)


def waiver(number: int, until: date, **changes: Any) -> Waiver:
    told = {
        "id": f"W-{number}", "dataset": FRAUD, "code": "ENTITY_NOT_ALLOWED", "subject": f"column_{number}",
        "entity": "PHONE_NUMBER", "requested_by": "author-1", "approved_by": "approver-1",
        "reason": f"until form {number} is replaced", "until": until, "max_share": 0.008,
    }  # fmt: skip
    return Waiver(**{**told, **changes})


def found(of: Waiver, *, ended: bool = False, rows: int = 4_194) -> Finding:
    """What a gate found that a waiver covers, or covered once."""
    applied = AppliedWaiver(
        id=of.id, approved_by=of.approved_by, requested_by=of.requested_by, until=of.until, reason=of.reason
    )
    return scene.PHONE.model_copy(
        update={
            "subject": of.subject, "entity": of.entity, "code": of.code, "rows": rows,
            "waiver": None if ended else applied, "ended": applied if ended else None,
        }
    )  # fmt: skip


SOON, LATER = date(2026, 11, 26), date(2027, 1, 31)
ENDING = waiver(1, SOON)
ACTIVE = waiver(2, LATER, dataset="s3://ml-prod/**", max_share=None)
UNUSED = waiver(3, LATER, dataset=scene.FEATURES)
ELSEWHERE = waiver(4, LATER, dataset="s3://elsewhere/**", reason="covert reason")
ENDED = waiver(5, date(2026, 11, 22), dataset=TICKETS, entity="PERSON")
POLICY = Policy(
    stages={}, environments={}, waivers=(ENDING, ACTIVE, UNUSED, ELSEWHERE, ENDED), approvers=("approver-1",),
    lines={f"waivers.{n}": 100 + n for n in range(5)},
)  # fmt: skip


def approval(reply: Reply, *findings: Finding, dataset: str = scene.FEATURES, **told: Any) -> Any:
    """What was asked, or answered."""
    answer = Answer(
        reply=reply, stopped="0" * 32, requested_by=("author-1",), approvers=("crm-security",), until=LATER,
        deadline=NOW + timedelta(hours=8), **told,
    )  # fmt: skip
    return scene.verdict(Gate.APPROVAL, *findings, outcome=Outcome.FAIL, dataset=dataset, answer=answer)


def scan(*findings: Finding, dataset: str = FRAUD) -> Any:
    return scene.verdict(Gate.CLASSIFY, *findings, scene.POSTCODE, **scene.read(), dataset=dataset)


@pytest.fixture(autouse=True)
def that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are opened on the day of the scene, under its policy."""
    from airflow_mlsecops.web import depends

    def holds(entry: Entry) -> tuple[Waiver, ...]:
        answer = entry.record.verdict.answer
        return tuple(one for one in answer.waivers if one.approved_by in POLICY.approvers) if answer else ()

    monkeypatch.setattr(depends, "titles", lambda: scene.TITLES)
    monkeypatch.setattr(depends, "now", lambda: NOW)
    monkeypatch.setattr(depends, "policy_and_approvals", lambda: (POLICY, holds))


@pytest.fixture
def estate(ledger: Ledger, known_dags: Callable[..., None]) -> Ledger:
    """A waiver of each state, of Dags that everybody may see."""
    known_dags(scene.DAG, "fraud_daily", "voice_intents")
    scene.write(ledger, (("classify", scan(found(ENDING), found(ACTIVE))),), dag_id="fraud_daily", run_id="r1")
    scene.write(
        ledger, (("classify", scan(found(ACTIVE), dataset=VOICE)),), start=1, dag_id="voice_intents", run_id="r1"
    )
    scene.write(ledger, (("classify", scan(found(ENDED, ended=True), dataset=TICKETS)),), start=2)
    asked = approval(Reply.ASKED, scene.EMAIL, scene.EMAIL.model_copy(update={"subject": "other"}))
    scene.write(ledger, (("classify_features", scene.CLASSIFY_FEATURES), ("classify_features", asked)), start=3)
    granted = (
        waiver(8, LATER, id="0123456789ab-1", dataset=VOICE),
        waiver(9, LATER, id="0123456789ab-2", approved_by="left"),
    )
    scene.write(ledger, (("gate", approval(Reply.GRANTED, scene.PHONE, dataset=VOICE, waivers=granted)),), start=5)
    scene.write(ledger, (("denied", approval(Reply.DENIED, scene.PHONE, answered_by="crm-security")),), start=6)
    return ledger


SAID = (
    "1 Waiting for an answer 1 Ended, still found 1 Not allowed 1 End in 14 days 2 Active 1 Not used",
    "Waiting 3 h contact_hint, e-mail address and 1 more s3://ml-prod/features/churn",
    "crm-security decides author-1 asked",
    "Answer in Airflow",
    "Ended, and still found These stop their Dags now.",
    "1 day ago column_5, person name postgres://crm-db:5432/crm.public.tickets",
    "Hold no longer Today's policy would not allow them",
    "1 Dag will be stopped if nothing is done: fraud_daily from 27 November. Remove the data, or ask again in time.",
    "3 days column_1, phone number s3://ml-prod/features/fraud until form 1 is replaced approver-1 approved author-1 asked "
    "policy.yaml:100 2026-11-26 0.40 % of rows up to 0.80 % 1 run fraud_daily",
    "Active column_2, phone number s3://ml-prod/** used on 2 datasets",
    "2 runs fraud_daily voice_intents",
    "Not used column_3, phone number s3://ml-prod/features/churn",
    "Denied referrer_note, phone number",
    "crm-security denied it",
    "You see waivers of the",
)


@pytest.mark.parametrize("words", SAID)
def test_words_of_the_page(viewer: Any, estate: Ledger, words: str) -> None:
    assert words in page(viewer, WAIVERS).words


def test_what_needs_somebody_is_first(viewer: Any, estate: Ledger) -> None:
    html = viewer.get(WAIVERS).text
    order = ("pending", "still-found", "void", "ending", "active", "unused", "denied")
    places = [html.index(f'<section id="{state}">') for state in order]
    assert places == sorted(places)


def test_links_lead_to_airflows_form_the_dataset_and_the_run(viewer: Any, estate: Ledger) -> None:
    links = page(viewer, WAIVERS).links
    run = quote(scene.RUN, safe="")
    assert f"/dags/churn/runs/{run}/tasks/classify_features/required_actions" in links
    assert f"/mlsecops/dataset?name={quote(FRAUD, safe='')}&env=prod-train" in links
    assert f"/dags/churn/runs/{run}/plugin/mlsecops-run" in links
    assert {"/mlsecops/overview", "/mlsecops/waivers", "/mlsecops/blast"} <= set(links)


def test_a_mapped_task_is_answered_at_its_index(viewer: Any, ledger: Ledger, known_dags: Callable[..., None]) -> None:
    known_dags(scene.DAG)
    scene.write(ledger, (("each", approval(Reply.ASKED, scene.EMAIL)),), run_id="r1", map_index=4)
    assert "/dags/churn/runs/r1/tasks/each/mapped/4/required_actions" in page(viewer, WAIVERS).links


def test_a_question_after_which_the_gate_has_spoken_waits_no_more(viewer: Any, estate: Ledger) -> None:
    scene.write(estate, (("classify_features", scene.CLEAN),), start=20)
    words = page(viewer, WAIVERS).words
    assert "0 Waiting for an answer" in words
    assert "Answer in Airflow" not in words


def test_what_is_found_no_more_stops_nobody(viewer: Any, estate: Ledger) -> None:
    scene.write(estate, (("classify", scan(dataset=TICKETS)),), start=20)
    words = page(viewer, WAIVERS).words
    assert "0 Ended, still found" in words
    assert "What they let through is found no more. Ended State Finding" in words


def test_unknown_says_nothing_of_what_is_still_found(viewer: Any, estate: Ledger) -> None:
    unknown = scene.verdict(Gate.CLASSIFY, scene.BUCKET, dataset=TICKETS)
    scene.write(estate, (("classify", unknown),), start=20)
    assert "1 Ended, still found" in page(viewer, WAIVERS).words


def test_one_state_and_its_pages(viewer: Any, estate: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow_mlsecops.web import depends

    many = tuple(waiver(n, LATER, dataset=FRAUD) for n in range(1, 3_001))
    monkeypatch.setattr(
        depends, "policy_and_approvals", lambda: (POLICY.model_copy(update={"waivers": many}), lambda _: ())
    )
    first = page(viewer, WAIVERS)
    assert "10 of 2,996. Show all" in first.words
    assert len(viewer.get(WAIVERS).text) < 150_000
    unused = page(viewer, f"{WAIVERS}?state=unused&page=60")
    assert unused.words.count("until form") == 46
    assert f"{WAIVERS}?state=unused&page=59" in unused.links
    assert f"{WAIVERS}?state=unused&page=61" not in unused.links
    assert "There is none on this page." in page(viewer, f"{WAIVERS}?state=unused&page=61").words


@pytest.mark.parametrize(
    "query", ["?state=x", "?state=active&page=x", "?state=active&page=0", "?page=9", f"?page={'9' * 99}"]
)
def test_what_is_asked_wrongly_shows_the_first(viewer: Any, estate: Ledger, query: str) -> None:
    assert "column_2" in page(viewer, WAIVERS + query).words


def test_without_a_waiver_it_says_what_one_is(
    viewer: Any, ledger: Ledger, known_dags: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    from airflow_mlsecops.web import depends

    monkeypatch.setattr(
        depends, "policy_and_approvals", lambda: (POLICY.model_copy(update={"waivers": ()}), lambda _: ())
    )
    words = page(viewer, WAIVERS).words
    assert "There is no waiver" in words
    assert 'on_violation="approve"' in words
    assert "approved_by: approver-1" in words


def test_the_lines_to_paste_are_a_waiver() -> None:
    from ruamel.yaml import YAML

    from airflow_mlsecops.web.examples import WAIVER

    (line,) = YAML(typ="safe").load(WAIVER)["waivers"]
    assert Waiver(**line).approved_by == "approver-1"


# --- who sees what ---------------------------------------------------------------------------------------------------


def test_nobody_sees_anything_without_login(client: Callable[..., Any], estate: Ledger) -> None:
    assert client().get(WAIVERS).status_code == 401


@pytest.fixture
def fenced(ledger: Ledger, known_dags: Callable[..., None]) -> Ledger:
    """The same words in a Dag that viewers may not see, and one waiver that both use."""
    known_dags(scene.DAG, fence.FENCED)
    covert = waiver(
        6, SOON, id="aaaaaaaaaaaa-1", subject="covert_column", dataset="s3://covert", reason="covert reason"
    )
    shared = waiver(7, LATER, id="bbbbbbbbbbbb-1", dataset=scene.FEATURES, reason="shared reason", max_share=0.123)
    granted = approval(Reply.GRANTED, scene.PHONE, waivers=(covert, shared))
    asked = approval(Reply.ASKED, scene.EMAIL.model_copy(update={"subject": "covert_asked"}), dataset="s3://covert")
    tasks = (
        ("grant", granted),
        ("ask", asked),
        ("scan", scan(found(covert), found(ELSEWHERE), dataset="s3://elsewhere/x")),
    )
    scene.write(ledger, tasks, dag_id=fence.FENCED, run_id="covert_run")
    scene.write(ledger, (("classify", scan(found(shared), dataset=scene.FEATURES)),), start=9)
    return ledger


def test_nothing_shows_of_a_dag_that_may_not_be_seen(client: Callable[..., Any], fenced: Ledger) -> None:
    for query in ("", "?state=pending", "?state=ending", "?state=active", "?state=unused", "?state=ended"):
        html = client("viewer").get(WAIVERS + query).text
        for word in ("covert", fence.FENCED, "elsewhere", "column_4"):
            assert word not in html, (query, word)
    words = page(client("viewer"), WAIVERS).words
    assert "0 Waiting for an answer" in words
    assert "0 End in 14 days" in words
    everything = page(client("admin"), WAIVERS).words
    for word in ("covert_column", "covert_asked", "column_4", "s3://elsewhere/x"):
        assert word in everything


def test_a_waiver_that_another_dag_was_granted_is_told_as_far_as_ones_own_records_do(
    client: Callable[..., Any], fenced: Ledger
) -> None:
    words = page(client("viewer"), WAIVERS).words
    assert (
        "column_7, phone number s3://ml-prod/features/churn shared reason approver-1 approved author-1 asked" in words
    )
    assert "up to 12.30 %" not in words
    assert "bbbbbbbbbbbb" not in words
    assert "up to 12 %" in page(client("admin"), WAIVERS).words


def test_a_waiver_of_the_policy_is_told_of_where_it_covers_what_may_be_seen(
    client: Callable[..., Any], fenced: Ledger
) -> None:
    words = page(client("viewer"), WAIVERS).words
    assert "column_3" in words  # it covers the dataset of a Dag that may be seen, though nothing used it
    assert "column_5" not in words


def test_one_who_may_see_no_dag_sees_nothing(
    client: Callable[..., Any], fenced: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow_mlsecops.web import auth

    monkeypatch.setattr(auth, "_listed", lambda user: set())
    words = page(client("viewer"), WAIVERS).words
    assert "There is no waiver, for you may see no Dag" in words


# --- what is hostile, and what goes wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["subject", "dataset", "reason", "who", "run", "entity", "environment"])
def test_hostile_names_are_text(viewer: Any, ledger: Ledger, known_dags: Callable[..., None], where: str) -> None:
    known_dags(scene.DAG)
    for number, text in enumerate(HOSTILE):
        one = waiver(
            number, SOON, id=f"0123456789ab-{number}", subject=text if where == "subject" else f"c{number}",
            dataset=text if where == "dataset" else "s3://x", reason=text if where == "reason" else "why",
            approved_by=text if where == "who" else "approver-1", requested_by=text if where == "who" else "author-1",
            entity=text if where == "entity" else "PHONE_NUMBER",
        )  # fmt: skip
        said = approval(Reply.GRANTED, found(one, ended=True), waivers=(one,), dataset=one.dataset)
        asked = approval(Reply.ASKED, found(one, ended=True), dataset=one.dataset)
        for place, verdict in enumerate((said, scan(found(one), dataset=one.dataset), asked)):
            record = scene.record(
                f"t{number}", verdict, number=number * 3 + place, run_id=text if where == "run" else "r"
            )
            ledger.append(record.model_copy(update={"environment": text if where == "environment" else "prod"}))
    for query in ("", "?state=ending", "?state=pending"):
        html = viewer.get(WAIVERS + query).text
        shown = Page(html)
        assert shown.tags <= TAGS | {"nav"}
        assert shown.attributes <= ATTRIBUTES | {"aria-label", "aria-current", "rel"}
        assert [script["src"] for script in shown.scripts] == ["/mlsecops/static/mlsecops.js"]
        assert not [link for link in shown.links if not link.startswith(("/", "#"))]
        assert "\u202e" not in html
        assert len(html) < 400_000


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["state", "page"])
def test_hostile_questions_are_text(viewer: Any, estate: Ledger, name: str, text: str) -> None:
    shown = Page(viewer.get(WAIVERS, params={name: text[:2_000]}).text)
    assert shown.tags <= TAGS | {"nav"}
    assert shown.attributes <= ATTRIBUTES | {"aria-label", "aria-current", "rel"}


def test_a_policy_that_cannot_be_read_shows_no_waiver(
    viewer: Any, estate: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow_mlsecops.web import depends

    def fails() -> Any:
        raise PolicyError("line 3: secret")

    monkeypatch.setattr(depends, "policy_and_approvals", fails)
    words = page(viewer, WAIVERS, status=503).words
    assert "POLICY_INVALID" in words
    assert "column_1" not in words
    assert "secret" not in words


def test_a_ledger_that_does_not_answer_shows_no_waiver(
    viewer: Any, estate: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> Any:
        raise LedgerError("password")

    monkeypatch.setattr(Ledger, "waiver_uses", fails)
    words = page(viewer, WAIVERS, status=503).words
    assert "LEDGER_UNAVAILABLE" in words
    assert "column_1" not in words


def test_records_that_are_not_counted_yet_are_told_of(
    viewer: Any, estate: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ledger, "traces_current", lambda _: False)
    assert "Not all waivers are on this page." in page(viewer, WAIVERS).words

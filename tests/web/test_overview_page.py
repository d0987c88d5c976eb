"""The overview as a browser gets it, from a real ledger through Airflow's own app: within what the user may see."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from airflow_mlsecops.core.classification import How, Sighting
from airflow_mlsecops.core.errors import LedgerError, PolicyError
from airflow_mlsecops.core.finding import AppliedWaiver, Status
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.verdict import Gate, Verdict
from airflow_mlsecops.ledger import Ledger
from tests.web import fence, scene
from tests.web.test_run_page import ATTRIBUTES, HOSTILE, TAGS, Page, page

OVERVIEW = "/mlsecops/overview"
MINE = tuple(f"mine_{number:02}" for number in range(10))
SECRET = tuple(f"covert_{number:02}" for number in range(10))
FORM_TAGS = {"nav", "form", "label", "input", "select", "option"}
FORM_ATTRIBUTES = {"method", "action", "value", "maxlength", "selected", "aria-label", "aria-current", "role", "rel"}


@pytest.fixture(autouse=True)
def policy(monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow_mlsecops.web import depends

    monkeypatch.setattr(depends, "titles", lambda: scene.TITLES)
    monkeypatch.setattr(
        depends, "owner_and_end", lambda: (lambda dataset: f"team of {dataset[-5:]}", date(2026, 12, 14))
    )


@pytest.fixture
def estate(ledger: Ledger, known_dags: Callable[..., None]) -> Ledger:
    """The scene of the design, of one Dag that everybody may see."""
    known_dags(scene.DAG)
    scene.write(ledger, scene.STOPPED)
    return ledger


# --- what it says ----------------------------------------------------------------------------------------------------

SAID = (
    "1 Failing",
    "0 Unknown",
    "1 Passing",
    "Needs you Failing first, then unknown, then ending soon.",
    "Fail s3://ml-prod/features/churn contact_hint holds e-mail addresses. New since 2026-11-23.",
    "Restricted New: E-mail address Phone number Postcode",
    "The only run: 1 failed. The newest: failed.",
    "scanned 2026-11-23 06:02 churn team of churn",
    "Added to a run 6.0 s on average",
    "Gates 2 passed, 2 failed, 1 unknown",
    "All datasets, by risk",
    "Pass postgres://crm:5432/crm.public.customers",
    "1 to 2 of 2. You see the datasets of the",
    "a tall red cross failed, a tall question mark is unknown",
)


@pytest.fixture
def on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are opened on the day of the scene."""
    from airflow_mlsecops.web import depends

    monkeypatch.setattr(depends, "now", lambda: datetime(2026, 11, 23, 6, 40, tzinfo=UTC))


@pytest.mark.parametrize("words", SAID)
def test_words_of_the_overview(viewer: Any, estate: Ledger, on_that_day: None, words: str) -> None:
    assert words in page(viewer, OVERVIEW).words


def test_names_lead_to_the_run_and_the_dag(viewer: Any, estate: Ledger) -> None:
    links = page(viewer, OVERVIEW).links
    assert f"/dags/churn/runs/{quote(scene.RUN, safe='')}/plugin/mlsecops-run" in links
    assert "/dags/churn" in links


def test_without_records_it_says_what_to_paste(viewer: Any, known_dags: Callable[..., None]) -> None:
    known_dags(scene.DAG)
    words = page(viewer, OVERVIEW).words
    assert "No gate has run yet" in words
    assert 'ClassifyDatasetOperator(task_id="classify_features", dataset=features)' in words
    assert "Pass" not in words


def test_nothing_in_trouble_is_said(viewer: Any, ledger: Ledger, known_dags: Callable[..., None]) -> None:
    known_dags(scene.DAG)
    scene.write(ledger, scene.PASSED)
    words = page(viewer, OVERVIEW).words
    assert "Nothing needs you." in words
    assert "Needs you Failing" not in words


def test_observed_only_is_told(viewer: Any, ledger: Ledger, known_dags: Callable[..., None], on_that_day: None) -> None:
    known_dags(scene.DAG)
    scene.write(ledger, scene.OBSERVED)
    words = page(viewer, OVERVIEW).words
    assert "1 Would have stopped" in words
    assert "Observing only: prod-train 3 verdicts of the last 7 days would have stopped a run." in words
    assert "The policy lets gates only observe until 2026-12-14." in words
    assert "Fail Observed only" in words


def waived(until: date) -> Verdict:
    waiver = AppliedWaiver(id="W-7", approved_by="sec", until=until, reason="migration")
    finding = scene.EMAIL.model_copy(update={"waiver": waiver, "subject": "device_note"})
    return scene.verdict(Gate.CLASSIFY, finding, scene.POSTCODE, **scene.read())


ENDING = (
    (-1, "Ended s3://ml-prod/features/churn The waiver ended on 2026-11-22: device_note stops the next run."),
    (0, "Ends today s3://ml-prod/features/churn After 2026-11-23, device_note stops the run again."),
    (1, "Ends in 1 day "),
    (14, "Ends in 14 days "),
    (15, "Pass (1 waived) "),
)


@pytest.mark.parametrize(("days", "words"), ENDING)
def test_waivers_that_end(
    viewer: Any, ledger: Ledger, known_dags: Callable[..., None], on_that_day: None, days: int, words: str
) -> None:
    known_dags(scene.DAG)
    scene.write(ledger, (("classify", waived(date(2026, 11, 23) + timedelta(days=days))),))
    shown = page(viewer, OVERVIEW).words
    assert words in shown
    assert ("Needs you" in shown) == (days <= 14)


def test_an_unknown_says_what_could_not_be_told(viewer: Any, ledger: Ledger, known_dags: Callable[..., None]) -> None:
    known_dags(scene.DAG)
    scene.write(ledger, (("may", scene.MAY_TRAIN),))
    words = page(viewer, OVERVIEW).words
    assert (
        "Could not tell: who else can read this bucket was not observed: the role airflow-gates lacks s3:Get" in words
    )
    assert "Not scanned" in words
    assert "asked 2026-11-23 06:02" in words


FILTERS = (
    ("q=CONTACT_hint", ["s3://ml-prod/features/churn"]),
    ("q=customers", ["postgres://crm:5432/crm.public.customers"]),
    ("verdict=fail", ["s3://ml-prod/features/churn"]),
    ("verdict=pass", ["postgres://crm:5432/crm.public.customers"]),
    ("verdict=unknown", []),
    ("verdict=observed", []),
    ("level=restricted&class=PHONE_NUMBER", ["s3://ml-prod/features/churn"]),
    ("class=POSTCODE&verdict=pass", ["postgres://crm:5432/crm.public.customers"]),
    ("dag=elsewhere", []),
    ("env=stage", []),
    ("q=%25", []),
    ("q=%00", ["s3://ml-prod/features/churn", "postgres://crm:5432/crm.public.customers"]),
    (
        "verdict=nonsense&level=x&page=-1&page=abc",
        ["s3://ml-prod/features/churn", "postgres://crm:5432/crm.public.customers"],
    ),
    ("page=99999999999999999999", []),
)


def datasets(html: str) -> list[str]:
    """Names in the last table, in order."""
    rows = re.findall(r'title="([^"]+)"><bdi', html.rpartition('id="all"')[2])
    return [row for row in rows if "://" in row]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
def test_filters(viewer: Any, estate: Ledger, query: str, expected: list[str]) -> None:
    answer = viewer.get(f"{OVERVIEW}?{query}")
    assert answer.status_code == 200
    assert datasets(answer.text) == expected
    if not expected:
        assert "Show all" in answer.text or "Show the first" in answer.text


def test_pages_lead_on_and_keep_what_is_asked(viewer: Any, ledger: Ledger, known_dags: Callable[..., None]) -> None:
    known_dags(scene.DAG)
    for number in range(30):
        said = scene.CLEAN.model_copy(update={"dataset": f"s3://ml/{number:02}"})
        scene.write(ledger, (("classify", said),), start=number)
    first = page(viewer, f"{OVERVIEW}?q=ML&verdict=pass")
    assert "1 to 25 of 30." in first.words
    (following,) = [link for link in first.links if "page=2" in link]
    assert "q=ML" in following
    second = page(viewer, following)
    assert "26 to 30 of 30." in second.words
    assert any("page=1" in link for link in second.links)
    assert not any("page=3" in link for link in second.links)


# --- who may see it --------------------------------------------------------------------------------------------------


@pytest.fixture
def fifty(ledger: Ledger, known_dags: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """Fifty datasets over twenty Dags, of which viewers may see ten."""
    known_dags(*MINE, *SECRET)
    monkeypatch.setattr(fence, "ALSO_FENCED", frozenset(SECRET))
    for number in range(50):
        dag_id = (*MINE, *SECRET)[number % 20]
        kind = "mine" if dag_id in MINE else "covert"
        column = f"{kind}_column"
        sighting = Sighting(column=column, entity=f"{kind.upper()}_CLASS", rows=1, how=How.PATTERN)
        finding = scene.EMAIL.model_copy(
            update={
                "subject": column,
                "entity": f"{kind.upper()}_CLASS",
                "level": Level.INTERNAL if kind == "mine" else Level.RESTRICTED,
                "status": Status.PASS if kind == "mine" else Status.FAIL,
                "origin": None,
            }
        )
        said = scene.verdict(
            Gate.CLASSIFY, finding, dataset=f"s3://{kind}/{number:02}", sightings=(sighting,), enforced=kind == "mine", seconds=1.0 if kind == "mine" else 1000.0, bytes_read=10 if kind == "mine" else 2**40
        )  # fmt: skip
        record = scene.record("classify", said, number=number, dag_id=dag_id, run_id=f"{kind}_run")
        ledger.append(record.model_copy(update={"environment": f"{kind}-env"}))
    # One dataset that both look at: it fails for the Dag that viewers may not see.
    for start, (dag_id, said) in enumerate([(MINE[0], scene.CLEAN), (SECRET[0], scene.CLASSIFY_FEATURES)]):
        shared = said.model_copy(update={"dataset": "s3://shared/data"})
        record = scene.record("classify", shared, number=100 + start, dag_id=dag_id, run_id="shared_run")
        ledger.append(record.model_copy(update={"environment": "mine-env"}))
    return ledger


ASKED = (
    "",
    "?page=1",
    "?page=2",
    "?page=3",
    *(f"?verdict={verdict}" for verdict in ("fail", "unknown", "ending", "waived", "pass", "observed")),
    *(f"?level={level.value}" for level in Level),
    "?q=covert",
    "?q=shared",
    "?q=s3",
    "?q=contact_hint",
    "?class=COVERT_CLASS",
    "?class=EMAIL_ADDRESS",
    "?dag=covert_00",
    "?dag=mine_00",
    "?dag_id=mine_00",
    "?env=covert-env",
    "?env=mine-env&q=s3",
    "?q=covert&dag=covert_01&env=covert-env&verdict=fail",
)


def body(browser: Any, query: str) -> str:
    answer = browser.get(OVERVIEW + query)
    assert answer.status_code == 200, (query, answer.status_code)
    return _but_for_echo(answer.text)


def _but_for_echo(html: str) -> str:
    """The page without what the user typed: it comes back in the search field, chosen options, and links to other pages."""
    html = re.sub(r'<input type="search"[^>]*>', "", html)
    html = re.sub(r'<option value="[^"]*" selected>[^<]*</option>', "", html)
    return re.sub(r'href="[^"]*/overview[^"]*"', "", html)


@pytest.mark.parametrize("query", ASKED)
def test_nothing_shows_of_a_dag_that_may_not_be_seen(client: Callable[..., Any], fifty: Ledger, query: str) -> None:
    shown = body(client("viewer"), query)
    for word in (
        "covert",
        "COVERT",
        "contact_hint",
        "TiB",
        "1 other Dag",
        "shared_run-",
        "Would have stopped</option> <",
    ):
        assert word not in shown, word


def test_counts_and_costs_are_of_the_dags_that_may_be_seen(client: Callable[..., Any], fifty: Ledger) -> None:
    mine, all_ = (page(client(role), OVERVIEW).words for role in ("viewer", "admin"))
    assert ("31 Passing" in mine, "0 Failing" in mine, "Would have stopped 1" in mine) == (True, True, False)
    assert "of 31. You see the datasets of the" in mine
    assert ("21 Failing" in all_, "of 51." in all_) == (True, True)


def test_pages_are_as_if_the_others_were_not_there(
    client: Callable[..., Any], fifty: Ledger, known_dags: Callable[..., None]
) -> None:
    viewer = client("viewer")
    seen = [name for number in (1, 2, 3) for name in datasets(viewer.get(f"{OVERVIEW}?page={number}").text)]
    assert len(seen) == len(set(seen)) == 31
    assert all(name.startswith(("s3://mine/", "s3://shared/")) for name in seen)


def test_one_who_may_see_no_dag_sees_nothing(
    client: Callable[..., Any], fifty: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow_mlsecops.web import auth

    monkeypatch.setattr(auth, "_listed", lambda user: set())
    words = page(client("viewer"), f"{OVERVIEW}?q=s3").words
    assert "You may see no Dag" in words
    assert "s3://" not in words


@pytest.mark.parametrize("listed", [None, "all", ["mine_00"], {1}, RuntimeError("token"), LedgerError("x")])
def test_dags_that_are_not_determined_show_nothing(
    client: Callable[..., Any], fifty: Ledger, monkeypatch: pytest.MonkeyPatch, listed: Any
) -> None:
    from airflow_mlsecops.web import auth

    def answer(user: Any) -> Any:
        if isinstance(listed, Exception):
            raise listed
        return listed

    monkeypatch.setattr(auth, "_listed", answer)
    words = page(client("admin"), OVERVIEW, status=503).words
    assert "Airflow did not say which Dags you may see" in words
    assert "DAGS_NOT_DETERMINED" in words
    assert "s3://" not in words
    assert "token" not in words


def test_airflow_itself_lists_the_dags(client: Callable[..., Any], fifty: Ledger) -> None:
    """Where Airflow changes how it lists Dags, this fails before a page shows too much."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    from airflow_mlsecops.web.auth import dags_to_see

    get_auth_manager()
    seen = dags_to_see(SimpleAuthManagerUser(username="v", role="viewer"))
    assert set(MINE) <= seen
    assert not seen & set(SECRET)


# --- what is hostile, and what goes wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["column", "dataset", "run", "environment", "reason", "entity", "dag"])
def test_hostile_names_are_text(viewer: Any, ledger: Ledger, known_dags: Callable[..., None], where: str) -> None:
    if where == "dag":
        known_dags(*(text[:250] for text in HOSTILE))  # Airflow's own limit
    known_dags(scene.DAG)
    for number, text in enumerate(HOSTILE):
        finding = scene.EMAIL.model_copy(
            update={
                "subject": text if where == "column" else "c",
                "entity": text if where == "entity" else None if where == "reason" else "EMAIL_ADDRESS",
                "reason": text if where == "reason" else "it is so",
            }
        )
        said = scene.verdict(Gate.CLASSIFY, finding, dataset=text if where == "dataset" else f"s3://ml/{number}")
        record = scene.record(
            "classify",
            said,
            number=number,
            run_id=text if where == "run" else "r",
            dag_id=text[:250] if where == "dag" else scene.DAG,
        )
        ledger.append(record.model_copy(update={"environment": text if where == "environment" else "prod"}))
    shown = page(viewer, OVERVIEW)
    assert shown.tags <= TAGS | FORM_TAGS
    assert shown.attributes <= ATTRIBUTES | FORM_ATTRIBUTES
    assert [script["src"] for script in shown.scripts] == ["/mlsecops/static/mlsecops.js"]
    assert not [link for link in shown.links if not link.startswith(("/", "#"))]
    html = viewer.get(OVERVIEW).text
    assert "\u202e" not in html.replace("&#8238;", "") or where in ("environment", "dag", "entity")  # values of filters
    assert len(html) < 400_000


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["q", "verdict", "level", "class", "dag", "env", "page", "dag_id"])
def test_hostile_questions_are_text(viewer: Any, estate: Ledger, name: str, text: str) -> None:
    answer = viewer.get(OVERVIEW, params={name: text[:2_000]})
    assert answer.status_code == 200
    shown = Page(answer.text)
    assert shown.tags <= TAGS | FORM_TAGS
    assert shown.attributes <= ATTRIBUTES | FORM_ATTRIBUTES


@pytest.mark.parametrize("text", ["x", "9", "%", "_", "\0", "<b>", "\u202e"])
@pytest.mark.parametrize("name", ["q", "verdict", "level", "class", "dag", "env", "page"])
def test_questions_of_any_length_are_answered(viewer: Any, estate: Ledger, name: str, text: str) -> None:
    answer = viewer.get(
        OVERVIEW, params={name: text * (64_000 // len(quote(text)))}
    )  # a longer address no browser sends
    assert answer.status_code == 200
    assert len(answer.text) < 60_000


@pytest.mark.parametrize("page", ["-1", "0", "-99999999999999999999", "1e9", "٣", "0x10", "1 2", "999999", "9" * 5_000])
def test_any_number_of_a_page_is_answered(viewer: Any, estate: Ledger, page: str) -> None:
    answer = viewer.get(OVERVIEW, params={"page": page})
    assert answer.status_code == 200
    assert "s3://ml-prod/features/churn" in answer.text or "There is nothing on this page." in answer.text


def test_a_line_that_was_changed_is_not_verified(viewer: Any, estate: Ledger, in_memory: Any) -> None:
    import sqlite3

    with sqlite3.connect(in_memory / "ledger.db") as connection:
        connection.execute("UPDATE mlsecops_standing SET mark = 3, level = 0, until = 'x' WHERE mark = 0")
    words = page(viewer, OVERVIEW).words
    assert "Not verified s3://ml-prod/features/churn" in words
    assert "Pass s3://ml-prod/features/churn" not in words


def test_the_page_runs_nothing_of_its_own(viewer: Any, estate: Ledger) -> None:
    answer = viewer.get(OVERVIEW)
    rules = answer.headers["content-security-policy"]
    assert "default-src 'none'" in rules
    assert "form-action 'self'" in rules
    assert "unsafe" not in rules
    assert not re.search(r"<[^>]* (style|on\w+)=", answer.text)


def test_a_record_that_does_not_verify_is_told(viewer: Any, estate: Ledger, in_memory: Any) -> None:
    import sqlite3

    with sqlite3.connect(in_memory / "ledger.db") as connection:
        connection.execute("DROP TRIGGER mlsecops_record_update")
        connection.execute("UPDATE mlsecops_record SET outcome = 'pass' WHERE outcome = 'fail'")
    words = page(viewer, OVERVIEW).words
    assert "Not verified s3://ml-prod/features/churn The record that says so does not verify" in words
    assert "contact_hint holds" not in words


def test_records_of_older_versions_are_counted_when_the_page_is_opened(
    viewer: Any, estate: Ledger, in_memory: Any
) -> None:
    import sqlite3

    with sqlite3.connect(in_memory / "ledger.db") as connection:
        for statement in (
            "DELETE FROM mlsecops_standing",
            "DELETE FROM mlsecops_state",
            "DELETE FROM mlsecops_day",
            "UPDATE mlsecops_indexed SET sequence = 0",
        ):
            connection.execute(statement)
    words = page(viewer, OVERVIEW).words
    assert "1 Failing" in words
    assert "not on this page yet" not in words


def test_an_index_that_cannot_keep_up_is_told(
    viewer: Any, estate: Ledger, monkeypatch: pytest.MonkeyPatch, in_memory: Any
) -> None:
    import sqlite3

    def locked(self: Ledger, most: int) -> int:
        raise LedgerError("x", code="LEDGER_LOCKED")

    monkeypatch.setattr(Ledger, "bring_index_on", locked)
    with sqlite3.connect(in_memory / "ledger.db") as connection:
        connection.execute("UPDATE mlsecops_indexed SET sequence = 0")
    assert "The newest records are not on this page yet." in page(viewer, OVERVIEW).words


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (LedgerError("secret-host", code="INDEX_ABSENT"), "The overview has nothing to count from yet"),
        (LedgerError("secret-host"), "The ledger does not answer"),
        (PolicyError("secret-host"), "The MLSecOps settings cannot be used"),
    ],
)
def test_errors_say_what_went_wrong(
    viewer: Any, estate: Ledger, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def fail(self: Ledger, asked: Any) -> Any:
        raise error

    monkeypatch.setattr(Ledger, "overview", fail)
    shown = page(viewer, OVERVIEW, status=503).words
    assert words in shown
    assert "secret-host" not in shown


def test_a_stranger_is_refused_whatever_is_asked(client: Callable[..., Any], ledger: Ledger) -> None:
    assert client().get(OVERVIEW).status_code == 401
    assert client().get(f"{OVERVIEW}?dag_id=churn&q=x").status_code == 401

"""How far data went, as a browser gets it from a real ledger through Airflow's own app: within what the user may see."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from airflow_mlsecops.core.finding import Status
from airflow_mlsecops.core.verdict import Gate
from airflow_mlsecops.ledger import Ledger
from airflow_mlsecops.web import blast as walk
from tests.ledger.make import attacker
from tests.web import blast_scene, fence, scene
from tests.web.blast_scene import CHURN, CRM, EXPORT, MODEL, WIDE, email, said, sealed, waived
from tests.web.test_overview_page import FORM_ATTRIBUTES, FORM_TAGS
from tests.web.test_run_page import ATTRIBUTES, HOSTILE, TAGS, Page, page

BLAST = "/mlsecops/blast"
COVERT = "covert"


@pytest.fixture(autouse=True)
def moment(monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow_mlsecops.web import depends

    monkeypatch.setattr(depends, "titles", lambda: scene.TITLES)
    monkeypatch.setattr(depends, "now", lambda: datetime(2026, 11, 23, 9, tzinfo=UTC))


@pytest.fixture
def estate(ledger: Ledger, known_dags: Callable[..., None]) -> Ledger:
    known_dags(scene.DAG)
    blast_scene.went(ledger)
    return ledger


def asked(**query: str) -> str:
    return f"{BLAST}?{urlencode({'dataset': CRM, 'column': 'email', 'class': 'EMAIL_ADDRESS'} | query)}"


def table(browser: Any, address: str) -> list[dict[str, str]]:
    answer = browser.get(address.replace(BLAST, f"{BLAST}.csv"))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(answer.text)))


# --- what it says ----------------------------------------------------------------------------------------------------

SAID = (
    "E-mail addresses from column email of postgres://crm:5432/crm.public.customers reached 3 datasets, 4 runs and "
    "2 sealed tasks between 24 October and 23 November 2026.",
    f"1 place was written by sealed tasks that ran on them: {MODEL}.",
    "What 1 sealed task made is not recorded.",
    "source, allowed here, 1,031 rows",
    f"{CHURN}, contact_hint New: E-mail address 1,031 rows, 97 % the same values",
    "churn, run of 23 November Stopped",
    "retrain did not run",
    f"{WIDE}, mail_domain_raw E-mail address 88 rows, 97 % the same values, waived until 2026-12-04",
    "churn, 2 runs, 28 October to 31 October Pass (2 waived)",
    "retrain, 2 times, last on 31 October",
    f"{EXPORT}, note E-mail address Readable by others",
    "what it made: not recorded",
    f"Close {EXPORT} to readers whom the policy does not list. Withdraw what retrain made: {MODEL}. "
    f"Drop contact_hint in the task that writes {CHURN}.",
    "Copies made outside Airflow",
    "Dags that you may not read: they are left out",
)


@pytest.mark.usefixtures("estate")
@pytest.mark.parametrize("text", SAID)
def test_the_page_says(viewer: Any, text: str) -> None:
    assert text in page(viewer, asked()).words


@pytest.mark.usefixtures("estate")
def test_nothing_is_asked_before_a_dataset_is_chosen(viewer: Any) -> None:
    found = page(viewer, BLAST)
    assert "Choose the dataset in which it began." in found.words
    assert "The way it went" not in found.words
    answer = viewer.get(BLAST).text
    assert f'<option value="{CHURN}">' in answer
    assert table(viewer, BLAST) == []


@pytest.mark.usefixtures("estate")
def test_where_nothing_is_found_it_says_where_it_looked_and_promises_nothing(viewer: Any) -> None:
    answer = viewer.get(asked(column="nope"))
    found = Page(answer.text)
    assert "Nothing was found: e-mail addresses from column nope of postgres" in found.words
    assert "were looked for in the 4 datasets that you may see, between 24 October and 23 November 2026." in found.words
    assert "note pass" not in answer.text


@pytest.mark.usefixtures("estate")
def test_without_a_class_it_tells_of_all_that_the_column_holds(viewer: Any) -> None:
    found = page(viewer, asked(**{"class": ""})).words
    assert "What column email of postgres://crm:5432/crm.public.customers holds reached 3 datasets" in found


@pytest.mark.usefixtures("estate")
def test_days_narrow_what_is_counted(viewer: Any) -> None:
    found = page(viewer, asked(**{"from": "2026-10-30", "to": "2026-10-31"})).words
    assert "reached 1 dataset, 1 run and 1 sealed task between 30 October and 31 October 2026." in found
    assert page(viewer, asked(**{"from": "2026-10-31", "to": "2026-10-30"})).words == found
    assert f"{CHURN}," not in found.partition("The way it went")[2]


@pytest.mark.usefixtures("estate")
@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "0000-00-00", "9" * 5_000])
def test_a_day_that_is_none_is_the_last_thirty(viewer: Any, day: str) -> None:
    assert "between 24 October and 23 November" in page(viewer, asked(**{"from": day})).words


def test_a_source_that_no_gate_saw_is_followed_by_what_names_it(
    viewer: Any, ledger: Ledger, known_dags: Callable[..., None]
) -> None:  # fmt: skip
    known_dags(scene.DAG)
    ledger.append(said("scan", email("contact_hint"), dataset=CHURN))
    assert "reached 1 dataset, 1 run" in page(viewer, asked()).words


def test_steps_are_followed_and_circles_end(viewer: Any, ledger: Ledger, known_dags: Callable[..., None]) -> None:
    known_dags(scene.DAG)
    ways = ((CRM, "email", WIDE, "b"), (CHURN, "a", CRM, "email"), (WIDE, "b", CHURN, "a"), (EXPORT, "c", CHURN, "z"))
    for dataset, column, parent, of in ways:
        ledger.append(said("scan", email(column, parent=parent, of=of), dataset=dataset, run_id=dataset))
    rows = table(viewer, asked())
    assert [(row["dataset"], row["column"]) for row in rows] == [(CRM, "email"), (CHURN, "a"), (WIDE, "b")]
    assert page(viewer, asked()).words.count(f"{WIDE}, b") == 1


def test_what_is_only_called_alike_is_told_apart_and_not_counted(
    viewer: Any, ledger: Ledger, known_dags: Callable[..., None]
) -> None:  # fmt: skip
    known_dags(scene.DAG)
    for dataset, column in ((CRM, "email"), (CHURN, "email"), (WIDE, "mail")):
        ledger.append(said("scan", email(column, parent=""), dataset=dataset, run_id=dataset))
    found = page(viewer, asked()).words
    assert "reached no other dataset that is known, 1 run" in found
    assert "1 more dataset holds the same class in a column called alike; no value was compared." in found
    assert {row["dataset"]: row["how"] for row in table(viewer, asked())} == {
        CRM: "source",
        CHURN: "same class, no value compared",
    }


def test_what_is_cut_is_said(viewer: Any, estate: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MOST_RECORDS", 3)
    found = page(viewer, asked()).words
    assert "at least" in found
    assert "there is more than this page follows" in found
    assert {row["dataset"] for row in table(viewer, asked())} == {CRM, CHURN, WIDE, EXPORT}


def test_no_more_than_so_many_datasets_are_followed(
    viewer: Any, ledger: Ledger, known_dags: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    known_dags(scene.DAG)
    monkeypatch.setattr(walk, "MOST_DATASETS", 5)
    for number in range(12):
        parent = f"s3://ml/{number - 1}" if number else CRM
        finding = email("c", parent=parent, of="c" if number else "email")
        ledger.append(said("scan", finding, dataset=f"s3://ml/{number}", run_id=f"r{number}"))
    assert len(table(viewer, asked())) == 6
    assert "there is more than this page follows" in page(viewer, asked()).words


# --- who may see it --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [BLAST, f"{BLAST}.csv", asked(), asked().replace("blast", "blast.csv")])
def test_strangers_see_nothing(client: Callable[..., Any], estate: Ledger, address: str) -> None:
    assert client().get(address).status_code == 401


@pytest.fixture
def fenced(
    estate: Ledger, known_dags: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> Ledger:  # fmt: skip
    """The same data went through a Dag that viewers may not see, further and with worse names."""
    known_dags(COVERT)
    monkeypatch.setattr(fence, "ALSO_FENCED", frozenset({COVERT}))
    for number in range(40):
        covert = email("covert_column", novelty=None)
        estate.append(said("covert_scan", covert, days=number % 9, dataset=f"s3://covert/{number}", dag_id=COVERT,
                           run_id=f"covert{number}"))  # fmt: skip
        estate.append(sealed("covert_train", days=number % 9, dataset=f"s3://covert/{number}", dag_id=COVERT,
                             run_id=f"covert{number}", makes=("s3://covert/model",)))  # fmt: skip
    again = waived("mail_domain_raw").model_copy(update={"status": Status.FAIL, "waiver": None, "rows": 777_777})
    estate.append(said("covert_scan", again, dataset=WIDE, dag_id=COVERT, run_id="covert"))
    estate.append(said("covert_scan", email("email", parent="").model_copy(update={"entity": "COVERT_CLASS"}),
                       dataset=CRM, dag_id=COVERT, run_id="covert"))  # fmt: skip
    estate.append(said("covert_may", *scene.strangers(3), dataset=WIDE, gate=Gate.ACCESS, dag_id=COVERT))
    return estate


ASKED = (
    BLAST,
    asked(),
    asked(column=""),
    asked(**{"class": ""}),
    asked(**{"class": "COVERT_CLASS"}),
    asked(dataset="s3://covert/1", column="", **{"class": ""}),
    asked(dataset="s3://covert/1", column="covert_column"),
    asked(dataset=WIDE, column="mail_domain_raw"),
    f"{asked()}&dag=covert&env=prod-train",
)


@pytest.mark.parametrize("address", ASKED)
def test_nothing_is_told_of_a_dag_that_may_not_be_seen(viewer: Any, fenced: Ledger, address: str) -> None:
    asking = viewer.get(address).text
    for word in ("covert_scan", "covert_train", "s3://covert/model", "777,777", "COVERT", "covert_may"):
        named = address.partition("COVERT_CLASS")[1]
        assert word not in asking or (named and word == "COVERT"), word
    rows = table(viewer, address)
    assert {row["dag"] for row in rows} <= {scene.DAG}
    assert not any("covert" in " ".join(row.values()).lower() for row in rows)
    if "covert" not in address.lower():
        assert "covert" not in asking.lower()


def test_a_page_is_the_same_whether_unseen_dags_exist_or_not(viewer: Any, estate: Ledger, request: Any) -> None:
    before = [viewer.get(address).text for address in ASKED]
    request.getfixturevalue("fenced")
    assert [viewer.get(address).text for address in ASKED] == before


def test_who_may_see_more_is_told_more(client: Callable[..., Any], fenced: Ledger) -> None:
    found = page(client("admin"), asked()).words
    assert "reached 43 datasets" in found
    assert "s3://covert/model" in found


# --- what is hostile, and what goes wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["column", "dataset", "task", "run", "makes", "entity"])
def test_hostile_names_are_text(
    viewer: Any, ledger: Ledger, known_dags: Callable[..., None], where: str
) -> None:  # fmt: skip
    known_dags(scene.DAG)
    for number, text in enumerate(HOSTILE):
        column = text if where == "column" else "c"
        entity = text if where == "entity" else "EMAIL_ADDRESS"
        finding = email(column).model_copy(update={"entity": entity})
        dataset = text.replace("\0", "") if where == "dataset" else f"s3://ml/{number}"
        run_id = text.replace("\0", "")[:250] + str(number) if where == "run" else f"r{number}"
        ledger.append(said("scan", finding, dataset=dataset, run_id=run_id))
        makes = (text,) if where == "makes" else ()
        task_id = text.replace("\0", "") if where == "task" else "train"
        ledger.append(sealed(task_id, dataset=dataset, run_id=run_id, makes=makes))
    answer = viewer.get(asked(**{"class": ""}))
    assert answer.status_code == 200
    found = Page(answer.text)
    assert found.tags <= TAGS | FORM_TAGS | {"datalist", "nav", "ellipse"}
    assert found.attributes <= ATTRIBUTES | FORM_ATTRIBUTES | {"list", "required"}
    assert not any(link.lower().startswith("javascript:") for link in found.links)
    assert len(table(viewer, asked(**{"class": ""}))) == len(HOSTILE)
    for text in HOSTILE:
        assert viewer.get(f"{BLAST}?dataset={quote(text[:1_000])}&column={quote(text[:1_000])}").status_code == 200


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", "\r=", " =", "\n+", "\u00a0@"])
def test_no_cell_is_a_formula(viewer: Any, ledger: Ledger, known_dags: Callable[..., None], begin: str) -> None:
    known_dags(scene.DAG)
    formula = f'{begin}HYPERLINK("http://evil","x"),1'
    ledger.append(said("scan", email(formula), dataset=CHURN))
    (row,) = table(viewer, asked())
    assert row["column"].startswith("'")
    assert row["column"].endswith('HYPERLINK("http://evil","x"),1')


CHANGED = (
    "UPDATE mlsecops_trail SET last_sequence = 1 WHERE last_sequence > 1",
    "UPDATE mlsecops_trail SET parent = 'x' WHERE parent IS NOT NULL",
    "UPDATE mlsecops_record SET outcome = 'unknown'",
)


@pytest.mark.parametrize("statement", CHANGED)
def test_what_does_not_verify_is_not_shown(viewer: Any, estate: Ledger, statement: str) -> None:
    with attacker(estate._database._url.render_as_string()) as connection:
        connection.execute(statement)
    for address in (asked(dataset=WIDE, column="mail_domain_raw"), asked().replace("blast", "blast.csv")):
        answer = viewer.get(address)
        shown = statement.startswith("UPDATE mlsecops_trail SET parent") and "csv" in address
        assert answer.status_code == (200 if shown else 503)  # a row that names another parent is not found by its own
        assert "s3://ml-models" not in answer.text


def test_records_that_are_not_traced_yet_are_said_to_be_missing(
    viewer: Any, estate: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    with attacker(estate._database._url.render_as_string()) as connection:
        connection.execute("UPDATE mlsecops_traced SET sequence = 9000000")
    assert "The newest records: they are not in the trace yet." in page(viewer, asked()).words


def test_a_page_load_brings_the_trace_on(viewer: Any, estate: Ledger) -> None:
    with attacker(estate._database._url.render_as_string()) as connection:
        connection.execute("DELETE FROM mlsecops_trail")
        connection.execute("UPDATE mlsecops_traced SET sequence = 0")
    assert "reached 3 datasets, 4 runs and 2 sealed tasks" in page(viewer, asked()).words
    assert estate.traces_current()


def test_a_year_is_not_too_much(viewer: Any, estate: Ledger) -> None:
    estate.append(said("scan", email("contact_hint"), days=400, dataset=CHURN))
    early = (datetime(2026, 11, 23, tzinfo=UTC) - timedelta(days=500)).date().isoformat()
    assert "2025 and 23 November 2026" in page(viewer, asked(**{"from": early})).words

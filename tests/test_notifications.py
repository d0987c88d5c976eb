"""What leaves Airflow about a verdict: to whom it matters, from the ledger, and without a value."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from airflow.providers.smtp.notifications.smtp import SmtpNotifier
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, BaseNotifier

from airflow_mlsecops.core.answer import Answer, Reply
from airflow_mlsecops.core.errors import LedgerError
from airflow_mlsecops.core.finding import AppliedWaiver, Finding
from airflow_mlsecops.core.record import Record
from airflow_mlsecops.core.verdict import Gate, Outcome, Verdict
from airflow_mlsecops.hook import MlsecopsHook
from airflow_mlsecops.notifications import MlsecopsNotifier, message
from airflow_mlsecops.notifications.notifier import filled
from airflow_mlsecops.operators import ClassifyDatasetOperator
from airflow_mlsecops.provider import get_provider_info
from tests import canary
from tests.operators.fakes import FakeInstance
from tests.web import scene
from tests.web.test_run_page import HOSTILE

TODAY = datetime.now(UTC).date()
HERE = f"{__name__}.Kept"
GATE = ClassifyDatasetOperator(task_id="classify", dataset="file:///lake/x")


class Kept(BaseNotifier):
    """Keeps what it was told to send."""

    template_fields = ("text", "subject", "channel")
    sent: list[dict[str, str]] = []

    def __init__(self, *, channel: str = "", text: str = "", subject: str = "") -> None:
        super().__init__()
        self.channel, self.text, self.subject = channel, text, subject

    def notify(self, context: Any) -> None:
        self.sent.append({"channel": self.channel, "text": self.text, "subject": self.subject})


class Alone(Kept):
    """One that does not render what it sends."""

    template_fields = ("channel",)


class Later(Kept):
    """One that the triggerer can run."""

    async def async_notify(self, context: Any) -> None:
        self.notify(context)


class Broken(Kept):
    """One whose server is gone."""

    def notify(self, context: Any) -> None:
        raise RuntimeError("secret text of a server")


@pytest.fixture(autouse=True)
def sent(deployment: Path) -> Iterator[list[dict[str, str]]]:
    Kept.sent.clear()
    yield Kept.sent
    Kept.sent.clear()


def keep(*said: Verdict, start: int = 0, **run: Any) -> list[Record]:
    """Write records of the task that is called back about."""
    made = [
        scene.record("classify", one, number=start + n, dag_id="churn", run_id="r1", **run)
        for n, one in enumerate(said)
    ]
    with MlsecopsHook().ledger() as ledger:
        for record in made:
            ledger.append(record)
    return made


def called(task: Any = GATE, **instance: Any) -> dict[str, Any]:
    """The context that Airflow calls back with."""
    return {"ti": FakeInstance(task=task, task_id="classify", **instance), "task": task}


def notify(context: dict[str, Any] | None = None, through: Any = Kept, **arguments: Any) -> dict[str, str]:
    """Call back, and give back what was sent; nothing at all is an empty dictionary."""
    MlsecopsNotifier(through, **arguments)(called() if context is None else context)
    return Kept.sent[-1] if Kept.sent else {}


def ends(days: int, **changes: Any) -> Finding:
    waiver = AppliedWaiver(id="W-7", approved_by="sec", until=TODAY + timedelta(days=days), reason="migration")
    return scene.PHONE.model_copy(update={"waiver": waiver, **changes})


FAIL = scene.CLASSIFY_FEATURES
PASS = scene.CLEAN

# --- when, and what --------------------------------------------------------------------------------------------------


def test_fail_says_where_what_and_what_to_do() -> None:
    (record,) = keep(FAIL)
    said = notify()
    assert said["subject"] == "MLSecOps FAIL: churn.classify, s3://ml-prod/features/churn"
    assert said["text"].splitlines()[0] == "FAIL  s3://ml-prod/features/churn  2026-11-23/"
    assert "contact_hint: e-mail address, 1,031 rows (0.098 %) (ENTITY_FROM_PARENT)" in said["text"].lower().replace(
        "entity_from_parent", "ENTITY_FROM_PARENT"
    )
    assert f"→ {scene.EMAIL.remedy}" in said["text"]
    assert f"Record {record.id}" in said["text"]
    assert "Task churn.classify, run r1, try 1" in said["text"]


def test_unknown_is_told() -> None:
    keep(scene.MAY_TRAIN)
    said = notify()
    assert said["subject"].startswith("MLSecOps UNKNOWN: ")
    assert "ml-prod: GRANT_BUCKET_POLICY, who else can read this bucket was not observed" in said["text"]


@pytest.mark.parametrize("quiet", [PASS, scene.verdict(Gate.CLASSIFY, ends(15), scene.POSTCODE)])
def test_a_pass_is_silent_and_so_is_a_waiver_that_holds_on(quiet: Verdict) -> None:
    keep(quiet)
    assert notify() == {}


@pytest.mark.parametrize(
    ("days", "words"),
    [(14, "its waiver ends in 14 days"), (1, "its waiver ends in 1 day, "), (0, "its waiver ends today")],
)
def test_a_pass_by_a_waiver_that_ends_is_told(days: int, words: str) -> None:
    keep(scene.verdict(Gate.CLASSIFY, ends(days), scene.POSTCODE))
    said = notify()
    assert "PASS (1 waived)" in said["text"]
    assert words in said["text"]


def test_an_ended_waiver_is_told_as_expired() -> None:
    ended = AppliedWaiver(id="W-7", approved_by="sec", until=date(2026, 11, 1), reason="migration")
    keep(scene.verdict(Gate.CLASSIFY, scene.PHONE.model_copy(update={"waiver": None, "ended": ended})))
    assert "EXPIRED: waiver W-7 held until 2026-11-01" in notify()["text"]


def test_what_is_only_observed_is_told_as_that() -> None:
    keep(FAIL.model_copy(update={"enforced": False}))
    assert "Observed only: nothing was stopped." in notify()["text"]


def test_a_denied_waiver_is_told() -> None:
    answer = Answer(reply=Reply.DENIED, stopped="0" * 32, answered_by="bob")
    keep(FAIL, scene.verdict(Gate.APPROVAL, scene.EMAIL, outcome=Outcome.FAIL, answer=answer))
    assert "A waiver was asked for: denied by bob." in notify()["text"]


def test_many_findings_are_cut_and_counted() -> None:
    keep(scene.verdict(Gate.CLASSIFY, *(scene.EMAIL.model_copy(update={"subject": f"c{n}"}) for n in range(25))))
    assert "and 15 more to fix" in notify()["text"]


def test_the_link_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "https://airflow.example.org/af/")
    keep(FAIL)
    assert "https://airflow.example.org/af/dags/churn/runs/r1/plugin/mlsecops-run" in notify()["text"]


@pytest.mark.parametrize("base", ["", "javascript:alert(1)"])
def test_without_an_address_there_is_no_link(monkeypatch: pytest.MonkeyPatch, base: str) -> None:
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", base)
    keep(FAIL)
    assert "Security tab" not in notify()["text"]


# --- what is believed ------------------------------------------------------------------------------------------------


def test_xcom_is_not_asked() -> None:
    keep(FAIL)
    context = called(pulled={"classify": {"outcome": "pass", "record": "0" * 32}})
    assert notify(context)["subject"].startswith("MLSecOps FAIL")


@pytest.mark.parametrize(
    "other",
    [{"try_number": 2}, {"run_id": "r2"}, {"task_id": "x"}, {"dag_id": "other"}, {"map_index": 3}],
    ids=lambda other: next(iter(other)),
)
def test_the_record_of_another_says_nothing_of_this_one(other: dict[str, Any]) -> None:
    keep(PASS)
    context = called()
    for name, value in other.items():
        setattr(context["ti"], name, value)
    said = notify(context)
    assert said["subject"].startswith("MLSecOps UNKNOWN")
    assert "NO_RECORD: this try left no record" in said["text"]


def test_the_newest_record_of_the_try_counts() -> None:
    keep(FAIL, PASS)
    assert notify() == {}


def test_a_ledger_that_does_not_answer_is_unknown_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Any) -> str:
        raise LedgerError("password of the database")

    monkeypatch.setattr(MlsecopsHook, "ledger_url", property(fails))
    said = notify()
    assert said["subject"].startswith("MLSecOps UNKNOWN: Dag churn, run r1")
    assert "LEDGER_UNAVAILABLE: what its gates said could not be read" in said["text"]
    assert "password" not in str(said)


def test_a_record_that_was_changed_is_unknown_and_is_told(deployment: Path) -> None:
    import sqlite3

    keep(FAIL)
    with sqlite3.connect(deployment / "mlsecops" / "ledger.db") as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("UPDATE mlsecops_record SET payload = replace(payload, 'fail', 'pass')")
    assert "LEDGER_TAMPERED" in notify()["text"]


def test_a_task_that_is_no_gate_and_left_no_record_is_nobodys_business() -> None:
    keep(PASS)
    assert notify(called(task=object(), run_id="r2")) == {}


def test_a_context_that_names_nothing_is_unknown_and_is_told() -> None:
    assert "CONTEXT_EMPTY" in notify({})["text"]


# --- whole runs ------------------------------------------------------------------------------------------------------


@pytest.fixture
def dag() -> DAG:
    """A Dag of two gates and a task that is none."""
    with DAG("churn", schedule=None) as made:
        for task_id in ("classify", "never_ran"):
            ClassifyDatasetOperator(task_id=task_id, dataset="file:///lake/x")
        EmptyOperator(task_id="plain")
    return made


def test_a_run_is_told_by_its_newest_records_the_worst_first(dag: DAG) -> None:
    with MlsecopsHook().ledger() as ledger:
        scene.write(ledger, (("may_train", scene.MAY_TRAIN), ("other", PASS), *(("classify", one) for one in (PASS, FAIL))),
                    dag_id="churn", run_id="r1")  # fmt: skip
    said = notify({"reason": "task_failure", "dag": dag, "run_id": "r1"})
    assert said["subject"] == "MLSecOps FAIL: Dag churn, run r1"
    heads = [line.split("  ")[0] for line in said["text"].splitlines() if line[:1].isupper() and "  " in line]
    assert heads == ["FAIL", "UNKNOWN", "UNKNOWN"]
    assert "UNKNOWN  No record of never_ran" in said["text"]
    assert "other" not in said["text"]


def test_a_run_that_succeeds_is_silent(dag: DAG) -> None:
    keep(PASS)
    assert notify({"reason": "success", "dag": dag, "run_id": "r1"}) == {}


# --- what a hostile name can do --------------------------------------------------------------------------------------


def hostile(name: str) -> Verdict:
    finding = scene.EMAIL.model_copy(update={"subject": name, "remedy": name, "reason": name})
    return scene.verdict(Gate.CLASSIFY, finding, dataset=f"file:///{name}"[:500], partition=name)


@pytest.mark.parametrize("name", [*HOSTILE, "{{ 1 // 0 }}", "{% raw %}", "x\r\nBcc: all@example.org", "<!channel>"])
def test_hostile_names_stay_names(name: str) -> None:
    keep(hostile(name))
    said = notify()
    assert said["subject"].isprintable()
    assert len(said["subject"]) <= 100
    assert all(line.isprintable() for line in said["text"].splitlines())
    assert len(said["text"]) < 3_000


def test_a_name_is_no_template() -> None:
    keep(hostile("{{ 6 * 7 }}"))
    said = notify(channel="{{ ti.task_id }}")
    assert "{{ 6 * 7 }}" in said["text"]
    assert said["channel"] == "classify"


def test_html_and_slack_show_names_as_they_are() -> None:
    (record,) = keep(hostile("<img src=x onerror=alert(1)> & <!channel> <https://x|y>"))
    with MlsecopsHook().ledger() as ledger:
        entry = ledger.entry(record.id)
    assert entry
    forms = message.of_task(entry, {}, TODAY, 'https://a/"><b>').forms()
    assert "<img" not in forms["html"]
    assert "&lt;img src=x onerror=alert(1)&gt; &amp;" in forms["html"]
    assert '<a href="https://a/&quot;&gt;&lt;b&gt;">' in forms["html"]
    assert "<!channel>" not in forms["slack"]
    assert "&lt;!channel&gt;" in forms["slack"]
    assert forms["slack"].count("<") == forms["slack"].count("|Open the Security tab") == 1


# --- how it is sent --------------------------------------------------------------------------------------------------


def test_a_sender_that_fails_changes_nothing_and_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    keep(FAIL)
    MlsecopsNotifier(Broken)(called())
    assert "the notification was not sent (builtins.RuntimeError)" in capsys.readouterr().out


def test_a_sender_by_its_path(sent: list[dict[str, str]]) -> None:
    keep(FAIL)
    assert notify(through=HERE)["subject"].startswith("MLSecOps FAIL")


def test_a_path_that_leads_nowhere_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    keep(FAIL)
    assert notify(through="nowhere.at.All") == {}
    assert "the notification was not sent (builtins.ModuleNotFoundError)" in capsys.readouterr().out


def test_what_is_given_is_kept() -> None:
    keep(FAIL)
    assert notify(subject="{{ mlsecops.subject }}!", text="see {{ ti.task_id }}")["text"] == "see classify"
    assert Kept.sent[-1]["subject"].endswith("churn!")


def test_a_sender_that_renders_nothing_is_given_the_words() -> None:
    keep(hostile("{{ 6 * 7 }}"))
    assert "{{ 6 * 7 }}" in notify(through=Alone)["text"]


@pytest.mark.parametrize("through", [Kept, Later])
def test_the_triggerer_can_send(through: Any) -> None:
    keep(FAIL)

    async def send() -> None:
        await MlsecopsNotifier(through, context=called())  # type: ignore[arg-type]

    asyncio.run(send())
    assert [said["subject"][:13] for said in Kept.sent] == ["MLSecOps FAIL"]


def test_a_sender_without_a_message_is_an_error_of_the_dag() -> None:
    class Bare(BaseNotifier):
        def __init__(self, payload: object = None) -> None:
            super().__init__()

    with pytest.raises(ValueError, match="has no argument"):
        MlsecopsNotifier(Bare)
    MlsecopsNotifier(Bare, payload={"text": "{{ mlsecops.text }}"})


def test_each_sender_gets_the_form_that_it_draws() -> None:
    class Slack(Kept):
        __module__ = "airflow.providers.slack.notifications.slack"

    assert filled(SmtpNotifier, {"to": "a"})["html_content"] == "{{ mlsecops.html }}"
    assert filled(Slack, {})["text"] == "{{ mlsecops.slack }}"
    assert filled(Kept, {}) == {"text": "{{ mlsecops.text }}", "subject": "{{ mlsecops.subject }}"}


def test_airflow_is_told_of_it() -> None:
    from pkgutil import resolve_name

    (path,) = get_provider_info()["notifications"]
    assert resolve_name(path) is MlsecopsNotifier


# --- as mail, from a real run ----------------------------------------------------------------------------------------


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[EmailMessage]]:
    """A mail server on this machine, and Airflow's connection to it."""
    from aiosmtpd.controller import Controller
    from aiosmtpd.handlers import Message

    class Keeps(Message):
        def handle_message(self, mail: Any) -> None:
            mails.append(message_from_bytes(mail.as_bytes(), policy=default))

    mails: list[Any] = []
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(Keeps(EmailMessage), hostname="127.0.0.1", port=port)
    server.start()
    extra = {"disable_ssl": True, "disable_tls": True, "from_email": "airflow@example.org"}
    connection = {"conn_type": "smtp", "host": "127.0.0.1", "port": port, "extra": extra}
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps(connection))
    yield mails
    server.stop()


Ran = Callable[..., str]


@pytest.fixture
def ran(deployment: Path, airflow_db: Path, tmp_path: Path) -> Ran:
    """Run a Dag of one gate and, if asked for, callbacks of the Dag itself; gives back the state of the run."""

    def run(**of_dag: Any) -> str:
        from airflow.dag_processing.bundles.manager import DagBundlesManager
        from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db

        file = tmp_path / "told.py"
        file.write_text(_DAG.format(dataset=tmp_path / "lake", dag=", ".join(f"{k}={v}" for k, v in of_dag.items())))
        bag = DagBag(str(file))
        assert bag.import_errors == {}
        DagBundlesManager().sync_bundles_to_db()
        sync_bag_to_db(bag, "dags-folder", None)
        return str(bag.dags["told"].test().state)

    return run


_DAG = """
from airflow.sdk import DAG
from airflow_mlsecops.notifications import MlsecopsNotifier
from airflow_mlsecops.operators import ClassifyDatasetOperator

mail = MlsecopsNotifier("airflow.providers.smtp.notifications.smtp.SmtpNotifier", to="security@example.org")
with DAG("told", schedule=None, {dag}):
    ClassifyDatasetOperator(
        task_id="classify", dataset="file://{dataset}", on_failure_callback=mail, on_success_callback=mail)
"""


def plant(folder: Path) -> None:
    os.umask(0o077)
    folder.mkdir()
    cells = canary.columns()
    height = max(map(len, cells.values()))
    pl.DataFrame({name: held + [None] * (height - len(held)) for name, held in cells.items()}).write_parquet(
        folder / "x.parquet"
    )


@pytest.mark.airflow
def test_a_failing_gate_sends_one_mail_without_a_value(mailbox: list[EmailMessage], ran: Ran, tmp_path: Path) -> None:
    plant(tmp_path / "lake")
    assert ran() == "failed"
    (mail,) = mailbox
    assert mail["To"] == "security@example.org"
    assert mail["Subject"].startswith("MLSecOps FAIL: told.classify, file://")
    (body,) = [part.get_payload(decode=True) for part in mail.walk() if part.get_content_type() == "text/html"]
    assert b"<p><strong>FAIL  file://" in body
    assert b"more to fix" in body
    assert canary.leaks([("mail", mail.as_bytes()), ("body", body)]) == []


@pytest.mark.airflow
def test_the_run_itself_tells_too(mailbox: list[EmailMessage], ran: Ran, tmp_path: Path) -> None:
    plant(tmp_path / "lake")
    assert ran(on_failure_callback="mail") == "failed"
    assert sorted(mail["Subject"].partition(",")[0] for mail in mailbox) == [
        "MLSecOps FAIL: Dag told",
        "MLSecOps FAIL: told.classify",
    ]
    assert canary.leaks((str(n), mail.as_bytes()) for n, mail in enumerate(mailbox)) == []


@pytest.mark.airflow
def test_a_passing_gate_sends_none(mailbox: list[EmailMessage], ran: Ran, tmp_path: Path) -> None:
    os.umask(0o077)
    (tmp_path / "lake").mkdir()
    pl.DataFrame({"usage": range(50)}).write_parquet(tmp_path / "lake" / "x.parquet")
    assert ran() == "success"
    assert mailbox == []


@pytest.mark.airflow
def test_without_a_mail_server_the_task_fails_for_its_verdict_alone(
    ran: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = {"conn_type": "smtp", "host": "127.0.0.1", "port": 1, "extra": {"disable_ssl": True, "retry_limit": 1}}
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps(gone))
    plant(tmp_path / "lake")
    assert ran() == "failed"
    with MlsecopsHook().ledger() as ledger:
        assert [entry.record.verdict.outcome for entry in ledger.history()] == [Outcome.FAIL]

"""The access gate on a real PostgreSQL: it lists exactly those who read, by which way, and passes after its commands."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from airflow_mlsecops.checks.grants.postgres import readers
from airflow_mlsecops.core.database_grants import DatabaseGrants
from airflow_mlsecops.core.finding import Finding, Status
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.grant import Allowed
from airflow_mlsecops.core.verdict import Outcome, Verdict
from airflow_mlsecops.hook import MlsecopsHook
from airflow_mlsecops.observe import grants
from tests._postgres import as_connection, forget, plain, works

EXAMPLES = Path(__file__).parent.parent.parent / "dags_examples"
ALLOWED = {"training", "scoring"}
# How each gets at rows when it connects and tries, and the words of the finding that say so.
STRANGERS = {
    "admin": ("itself: churn.customers", "superuser"),
    "analyst": ("itself: churn.customers", "SELECT on TABLE churn.customers, granted to churn_analyst by churn_owner"),
    "auditor": ("itself: churn.customers", "member of pg_read_all_data, reads every table"),
    "backup": ("itself: files of the server", "member of pg_read_server_files, reads the server's files"),
    "caller": (
        "itself: reports.one_customer",
        "EXECUTE on ROUTINE reports.one_customer(integer), granted to churn_caller by churn_owner, acts as churn_owner",
    ),
    "contractor": ("SET ROLE churn_team: churn.customers", "SET ROLE churn_team, SELECT on TABLE churn.customers"),
    "guest": (
        "itself: portal.everybodys",
        "SELECT on TABLE portal.everybodys, granted to PUBLIC by churn_owner, view, as churn_owner",
    ),
    "intern": (
        "itself: churn.customers",
        "member of churn_team, SELECT on TABLE churn.customers, granted to churn_team",
    ),
    "lead": (
        "grants itself churn_team: churn.customers",
        "grants itself churn_team (ADMIN OPTION), SELECT on TABLE churn",
    ),
    "marketing": ("itself: churn.customers (last_ip)", "SELECT (last_ip) on TABLE churn.customers, granted to churn_m"),
    "newcomer": (
        "itself: churn.customers",
        "SELECT on TABLE churn.customers, granted to churn_newcomer by churn_owner",
    ),
    "owner": ("itself: churn.customers", "owner of TABLE churn.customers"),
    "replica": ("itself: a copy of the cluster", "copies the cluster (REPLICATION)"),
    "support": (
        "itself: churn.customers_new",
        "SELECT on TABLE churn.customers_new, granted to churn_support by churn_o",
    ),
    "viewer": (
        "itself: reports.of_the_analyst",
        "SELECT on TABLE reports.of_the_analyst, granted to churn_viewer by churn_analyst, view, as churn_analyst",
    ),
}
NOBODY = {"outsider", "former", "blocked"}


class Place:
    """The database, as the hook hands it down."""

    dialect, place, local = "postgres", "db:5432/crm", False

    def __init__(self, connect: Callable[[], Any]) -> None:
        self.connect = connect


@pytest.fixture
def crm(deployment: Path, airflow_db: Path, postgres_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The table and all who came to read it; Airflow reaches it as the training does."""
    url = plain(postgres_database)
    monkeypatch.setenv("AIRFLOW_CONN_CRM", as_connection(url, "churn_training"))
    extra = {"conn_type": "mlsecops", "extra": {"environment": "warehouse"}}
    monkeypatch.setenv("AIRFLOW_CONN_MLSECOPS_DEFAULT", json.dumps(extra))
    shutil.copytree(EXAMPLES / "policy", deployment / "mlsecops" / "policy")
    with closing(psycopg.connect(url, autocommit=True)) as admin:
        admin.execute((EXAMPLES / "who_can_read.sql").read_text())
    yield url
    with closing(psycopg.connect(url, autocommit=True)) as admin:
        admin.execute("DROP PUBLICATION IF EXISTS churn_feed")
        forget(admin, "churn_")


def tried(url: str) -> dict[str, set[str]]:
    """What every role that can log in reads when it connects and tries, and as whom."""
    with closing(psycopg.connect(url)) as admin:
        asked = "SELECT rolname FROM pg_roles WHERE starts_with(rolname, 'churn_') ORDER BY 1"
        roles = [name for (name,) in admin.execute(asked)]
        ((folder,),) = admin.execute("SHOW data_directory").fetchall()
    return {role.removeprefix("churn_"): {*_copied(url, role), *_read(url, role, roles, folder)} for role in roles}


def _copied(url: str, role: str) -> Iterator[str]:
    with (
        suppress(psycopg.Error),
        closing(psycopg.connect(url, user=role, replication="true", autocommit=True)) as walker,
    ):
        walker.execute("IDENTIFY_SYSTEM")
        yield "itself: a copy of the cluster"


def _read(url: str, role: str, others: list[str], folder: str) -> Iterator[str]:
    with suppress(psycopg.OperationalError), closing(psycopg.connect(url, user=role, autocommit=True)) as session:
        yield from (f"itself: {thing}" for thing in _things(session, folder))
        for other in {*others} - {role}:
            for how, become in (
                (f"SET ROLE {other}", f"SET ROLE {other}"),
                (f"grants itself {other}", f"GRANT {other} TO {role}; SET ROLE {other}"),
            ):
                session.execute("BEGIN")
                with suppress(psycopg.Error):
                    session.execute(become)
                    yield from (f"{how}: {thing}" for thing in _things(session, folder))
                session.execute("ROLLBACK")


def _things(session: psycopg.Connection[Any], folder: str) -> Iterator[str]:
    for table in ("churn.customers", "churn.customers_old", "churn.customers_new"):
        if works(session, f"SELECT * FROM {table}"):
            yield table
        elif works(session, f"SELECT last_ip FROM {table}"):
            yield f"{table} (last_ip)"
    for view in ("reports.of_the_analyst", "portal.everybodys"):
        yield from [view] if works(session, f"SELECT id FROM {view}") else ()
    if works(session, "SELECT * FROM reports.one_customer(1)"):
        yield "reports.one_customer"
    if works(session, f"CREATE TEMP TABLE version (v text); COPY version FROM '{folder}/PG_VERSION'"):
        yield "files of the server"


def run() -> str:
    """State of a run of the example, each task as Airflow runs it."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db

    bag = DagBag(str(EXAMPLES / "who_can_read.py"))
    assert bag.import_errors == {}
    DagBundlesManager().sync_bundles_to_db()
    sync_bag_to_db(bag, "dags-folder", None)
    return str(bag.dags["who_can_read"].test().state)


def verdict() -> Verdict:
    """What the access gate said last."""
    ledger = MlsecopsHook().ledger()
    found = ledger.history(gate=Gate.ACCESS)[0].record.verdict
    ledger.close()
    return found


def ways(url: str) -> dict[str, list[str]]:
    """Every chain of everybody, as an ordinary role sees them."""
    facts = grants.observe(Place(lambda: psycopg.connect(url, user="churn_training")), ("churn", "customers"))
    assert isinstance(facts, DatabaseGrants)
    found: dict[str, list[str]] = defaultdict(list)
    for grant in readers(facts, Allowed()).grants:
        found[grant.principal].append(", ".join(grant.how))
    return found


def named(findings: tuple[Finding, ...], code: str) -> dict[str, Finding]:
    return {one.subject.removeprefix("churn_"): one for one in findings if one.code == code}


@pytest.mark.airflow
@pytest.mark.slow
def test_the_gate_lists_exactly_who_reads_and_passes_after_its_commands(crm: str) -> None:
    truth = tried(crm)
    assert {role for role, ways in truth.items() if ways} == STRANGERS.keys() | ALLOWED
    assert truth.keys() > NOBODY

    assert run() == "failed"
    told = verdict()
    assert told.outcome is Outcome.FAIL
    strangers = named(told.findings, "READER_NOT_ALLOWED")
    assert strangers.keys() == STRANGERS.keys()
    chains = ways(crm)
    for role, (way, words) in STRANGERS.items():
        assert way in truth[role], role
        assert any(chain.startswith(words) for chain in chains[f"churn_{role}"]), (role, chains[f"churn_{role}"])
        assert any(chain in strangers[role].reason for chain in chains[f"churn_{role}"])
    assert [one.subject for one in told.findings if one.code == "READER_POSSIBLE"] == ["publication:churn_feed"]
    people = {role for role, one in strangers.items() if one.reason.startswith("a person can read it")}
    assert people == {"admin", "analyst", "intern", "contractor", "lead", "newcomer"}

    (whole,) = (one for one in told.findings if one.code == "READERS")
    with closing(psycopg.connect(crm, autocommit=True)) as admin:
        for command in whole.commands:
            admin.execute(command)
    left = tried(crm)
    assert {role for role, ways in left.items() if ways} == ALLOWED
    assert left["training"] == truth["training"] == {"itself: churn.customers"}
    assert "itself: churn.customers" in left["scoring"]

    assert run() == "success"
    after = verdict()
    assert after.outcome is Outcome.PASS
    assert [one.status for one in after.findings if one.code == "READERS"] == [Status.PASS]
    assert not named(after.findings, "READER_NOT_ALLOWED")
    with closing(psycopg.connect(crm)) as admin:
        assert admin.execute("SELECT count(*) FROM pg_publication_tables").fetchone() == (0,)


@pytest.mark.airflow
@pytest.mark.slow
def test_what_is_made_anew_lets_nobody_in_either(crm: str) -> None:
    assert run() == "failed"
    (whole,) = (one for one in verdict().findings if one.code == "READERS")
    again = """CREATE TABLE churn.customers (id int, joined int, last_ip inet, stayed boolean);
    INSERT INTO churn.customers VALUES (1, 2020, '198.51.100.7', true); ALTER TABLE churn.customers OWNER TO churn_owner"""
    with closing(psycopg.connect(crm, autocommit=True)) as admin:
        for command in whole.commands:
            admin.execute(command)
        admin.execute(f"DROP TABLE churn.customers CASCADE; SET ROLE churn_owner; {again}; RESET ROLE")
    assert {role for role, ways in tried(crm).items() if ways} == set(), (
        "not even the allowed, who were let at the old one"
    )

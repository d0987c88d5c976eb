"""A ledger that cannot acknowledge says so, soon, in its own words."""

from __future__ import annotations

import contextlib
import gc
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from airflow_mlsecops.core.errors import LedgerError
from airflow_mlsecops.ledger import Ledger, open_ledger
from airflow_mlsecops.ledger.keys import Keyring, PrivateKeySigner
from tests._postgres import plain
from tests.ledger.make import a_record, file_of

TIMEOUT = 1.0
HANGS = 60.0  # no measure of speed: what answers at all answers by then
SECRET = "hunter2"


@contextmanager
def refused(*codes: str) -> Iterator[None]:
    start = time.monotonic()
    with pytest.raises(LedgerError) as caught:
        yield
    assert time.monotonic() - start < HANGS
    assert caught.value.code in codes
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    for word in (SECRET, "SELECT", "INSERT", "sqlalche.me", "Traceback", "churn"):
        assert word not in str(caught.value)


@pytest.fixture
def open_it(signer: PrivateKeySigner, keyring: Keyring) -> Any:
    return lambda url, timeout=TIMEOUT: open_ledger(url, signer=signer, keyring=keyring, timeout=timeout)


URLS = [
    "",
    "ledger.db",
    "/ledger.db",
    "sqlite://",
    "sqlite:///:memory:",
    "sqlite:///file:x?mode=memory&uri=true",
    "sqlite+aiosqlite:///x",
    "sqlite+pysqlcipher:///x",
    f"mysql://u:{SECRET}@h/d",
    f"postgresql+asyncpg://u:{SECRET}@h/d",
    f"postgresql://u:{SECRET}@h:port/d",
    f"http://u:{SECRET}@h/",
]


@pytest.mark.parametrize("url", URLS)
def test_a_url_that_cannot_be_used_is_refused(open_it: Any, url: str) -> None:
    with refused("LEDGER_URL_INVALID"):
        open_it(url)


def test_a_place_that_cannot_be_made(open_it: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file" / "l.db", tmp_path / "file" / "folder" / "l.db", tmp_path, Path("/proc/none/l.db")):
        with refused("LEDGER_UNAVAILABLE"):
            open_it(f"sqlite:///{place}")


def test_a_file_that_is_no_database(open_it: Any, tmp_path: Path) -> None:
    (tmp_path / "l.db").write_text("something else entirely " * 100)
    with refused("LEDGER_DAMAGED"):
        open_it(f"sqlite:///{tmp_path}/l.db")


def test_a_read_only_file_is_read_and_not_appended_to(open_it: Any, sqlite_url: str) -> None:
    with open_it(sqlite_url) as ledger:
        entry = ledger.append(a_record())
    with open_it(f"sqlite:///file:{file_of(sqlite_url)}?mode=ro&uri=true") as ledger:
        assert ledger.history() == (entry,)
        with refused("LEDGER_READ_ONLY"):
            ledger.append(a_record())


def test_a_full_disk(open_it: Any, sqlite_url: str) -> None:
    with open_it(sqlite_url) as ledger:
        ledger.append(a_record())

        def small(connection: Any, _: object) -> None:
            connection.execute("PRAGMA max_page_count = 20")

        event.listen(Engine, "connect", small)
        try:
            with refused("LEDGER_FULL"):
                for _ in range(1000):
                    ledger.append(a_record())
        finally:
            event.remove(Engine, "connect", small)
        assert ledger.verify().ok


def test_a_file_that_another_holds(open_it: Any, sqlite_url: str) -> None:
    with open_it(sqlite_url) as ledger, closing(sqlite3.connect(file_of(sqlite_url), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with refused("LEDGER_LOCKED"):
            ledger.append(a_record())
        assert ledger.verify().ok  # readers go on
        other.execute("ROLLBACK")
        ledger.append(a_record())


def test_a_head_row_that_another_holds(open_it: Any, emptied_database: str) -> None:
    with open_it(emptied_database) as ledger, psycopg.connect(plain(emptied_database)) as other:
        other.execute("SELECT * FROM mlsecops_head FOR UPDATE")
        with refused("LEDGER_LOCKED"):
            ledger.append(a_record())
        assert ledger.verify().ok
        other.rollback()
        ledger.append(a_record())


def test_a_read_only_server(open_it: Any, postgres_database: str) -> None:
    open_it(postgres_database).close()
    with psycopg.connect(plain(postgres_database), autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")  # type: ignore[call-overload]
    with open_it(postgres_database) as ledger:
        assert ledger.history() == ()
        with refused("LEDGER_READ_ONLY"):
            ledger.append(a_record())


def test_a_role_without_rights(open_it: Any, emptied_database: str) -> None:
    open_it(emptied_database).close()
    with psycopg.connect(plain(emptied_database), autocommit=True) as connection:
        connection.execute("CREATE ROLE stranger LOGIN")
        try:
            with open_it(emptied_database.replace("postgres:@", "stranger:@")) as ledger:
                with refused("LEDGER_DENIED"):
                    ledger.append(a_record())
                with refused("LEDGER_DENIED"):
                    ledger.verify()
            connection.execute("REVOKE USAGE ON SCHEMA public FROM PUBLIC")
            with refused("LEDGER_DENIED"):
                open_it(emptied_database.replace("postgres:@", "stranger:@"))
        finally:
            connection.execute("DROP ROLE stranger")


def test_no_such_database_or_server(open_it: Any, postgres_url: str) -> None:
    with refused("LEDGER_UNAVAILABLE"):
        open_it(postgres_url.replace("/postgres?", "/nowhere?"))
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        with refused("LEDGER_UNAVAILABLE"):
            open_it(f"postgresql://u:{SECRET}@127.0.0.1:{unused.getsockname()[1]}/d")


@pytest.mark.parametrize("driver", ["", "+psycopg", "+psycopg2"])
def test_a_server_that_accepts_and_never_answers(open_it: Any, driver: str) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent, refused("LEDGER_TIMEOUT", "LEDGER_UNAVAILABLE"):
        open_it(f"postgresql{driver}://u:{SECRET}@127.0.0.1:{silent.getsockname()[1]}/d")


class Relay:
    """Between a client and the server's socket; frozen, it holds its breath."""

    def __init__(self, path: str) -> None:
        self._path, self._listening = path, socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.flowing = threading.Event()
        self.flowing.set()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            client, _ = self._listening.accept()
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._path)
            for one, two in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(one, two), daemon=True).start()

    def _pump(self, one: socket.socket, two: socket.socket) -> None:
        with contextlib.suppress(OSError), one, two:
            while data := one.recv(65536):
                self.flowing.wait()
                two.sendall(data)


class Muting(Keyring):
    """A keyring that freezes a relay when it is asked."""

    def __init__(self, keys: Any, relay: Relay) -> None:
        super().__init__(keys)
        object.__setattr__(self, "relay", relay)

    def trusted(self, key_id: str, at: Any) -> Any:
        self.relay.flowing.clear()  # type: ignore[attr-defined]
        return super().trusted(key_id, at)


def test_a_server_that_falls_silent(open_it: Any, emptied_database: str, keyring: Keyring) -> None:
    before, _, folder = emptied_database.partition("?host=")
    relay = Relay(f"{folder}/.s.PGSQL.5432")
    url = before.replace(":@/", f":{SECRET}@127.0.0.1:{relay.port}/") + "?sslmode=disable"
    with open_it(url) as ledger:
        ledger.append(a_record())
        mute = open_ledger(url, signer=None, keyring=Muting(keyring.keys, relay), timeout=TIMEOUT)
        with refused("LEDGER_TIMEOUT"):
            mute.verify()  # it falls silent between two pages of the chain
        for work in (lambda: ledger.append(a_record()), ledger.verify, ledger.head):
            with refused("LEDGER_TIMEOUT"):
                work()
        relay.flowing.set()
        deadline = time.monotonic() + HANGS
        while time.monotonic() < deadline:
            try:
                found = ledger.verify()
                break
            except LedgerError:
                time.sleep(0.1)
        assert found.ok


class StuckSigner:
    """A key that lives far away, behind a line that is cut."""

    def __init__(self, signer: PrivateKeySigner) -> None:
        self._signer, self.free = signer, threading.Event()
        self.key_id, self.public_pem = signer.key_id, signer.public_pem

    def sign(self, data: bytes) -> bytes:
        self.free.wait(20)
        return self._signer.sign(data)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_writer_stuck_in_mid_append_frees_the_head(
    open_it: Any, emptied_database: str, signer: PrivateKeySigner, keyring: Keyring
) -> None:
    stuck = StuckSigner(signer)
    with open_it(emptied_database, 10.0) as ledger:
        with open_ledger(emptied_database, signer=stuck, keyring=keyring, timeout=TIMEOUT) as other:
            with refused("LEDGER_TIMEOUT"):
                other.append(a_record())
            assert ledger.append(a_record()).sequence == 1
            stuck.free.set()
        assert ledger.verify().entries == 1
        gc.collect()  # the connection that the server closed, before anybody else is blamed for it


def test_a_closed_ledger_opens_its_connections_again(open_it: Any, url: str) -> None:
    ledger: Ledger = open_it(url)
    ledger.append(a_record())
    ledger.close()
    assert ledger.head().sequence == 1
    ledger.close()

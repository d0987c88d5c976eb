"""Whoever owns the tables may change them; it shows."""

from __future__ import annotations

import base64
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from upath import UPath

from airflow_mlsecops.core.errors import LedgerError, LedgerTampered
from airflow_mlsecops.core.record import GENESIS, Record, canonical, chain_hash
from airflow_mlsecops.core.verdict import Gate, Outcome
from airflow_mlsecops.ledger import Anchor, Ledger, open_ledger
from airflow_mlsecops.ledger.keys import Keyring, PrivateKeySigner
from tests.ledger.make import DATASET, PROD, a_record, a_signer, attacker, file_of
from tests.many import many

GATES = (Gate.CLASSIFY, Gate.ISOLATION, Gate.ACCESS, Gate.SEAL)
TRIGGERS = "NOT_APPEND_ONLY"


def fill(ledger: Ledger, count: int) -> None:
    for number in range(count):
        ledger.append(
            a_record(
                Outcome.FAIL if number % 3 else Outcome.PASS,
                gate=GATES[number % 4],
                environment=(PROD, "dev")[number % 2],
                parts=number,
            )
        )


def codes(ledger: Ledger) -> set[str]:
    """What is wrong, but for the triggers that every attacker here has taken away."""
    return {problem.code for problem in ledger.verify().problems} - {TRIGGERS}


TABLE = [  # statement, what verify says
    ("UPDATE mlsecops_record SET outcome = 'pass' WHERE sequence = 3", {"COLUMN_MISMATCH"}),
    ("UPDATE mlsecops_record SET enforced = 2 WHERE sequence = 3", {"COLUMN_MISMATCH"}),
    ("UPDATE mlsecops_record SET dataset = 'x' WHERE sequence = 12", {"COLUMN_MISMATCH"}),
    ("UPDATE mlsecops_record SET time = '2020-01-01' WHERE sequence = 3", {"COLUMN_MISMATCH"}),
    ("UPDATE mlsecops_record SET map_index = 0 WHERE sequence = 3", {"COLUMN_MISMATCH"}),
    ("UPDATE mlsecops_record SET payload = replace(payload, 'fail', 'pass') WHERE sequence = 3",
     {"HASH_MISMATCH", "COLUMN_MISMATCH"}),
    ("UPDATE mlsecops_record SET payload = payload || ' ' WHERE sequence = 3", {"HASH_MISMATCH"}),
    ("UPDATE mlsecops_record SET payload = '' WHERE sequence = 3", {"HASH_MISMATCH", "PAYLOAD_UNREADABLE"}),
    ("UPDATE mlsecops_record SET payload = '[]' WHERE sequence = 3", {"HASH_MISMATCH", "PAYLOAD_UNREADABLE"}),
    ("UPDATE mlsecops_record SET key_id = 'prod-2' WHERE sequence = 3", {"HASH_MISMATCH", "KEY_NOT_TRUSTED"}),
    ("UPDATE mlsecops_record SET signature = '' WHERE sequence = 3", {"SIGNATURE_INVALID"}),
    ("UPDATE mlsecops_record SET signature = signature || '=' WHERE sequence = 3", {"SIGNATURE_INVALID"}),
    ("UPDATE mlsecops_record SET hash = upper(hash) WHERE sequence = 3",
     {"HASH_MISMATCH", "SIGNATURE_INVALID", "PREVIOUS_MISMATCH"}),
    ("UPDATE mlsecops_record SET previous = hash WHERE sequence = 3", {"HASH_MISMATCH", "PREVIOUS_MISMATCH"}),
    ("DELETE FROM mlsecops_record WHERE sequence = 1", {"SEQUENCE_GAP", "PREVIOUS_MISMATCH"}),
    ("DELETE FROM mlsecops_record WHERE sequence = 6", {"SEQUENCE_GAP", "PREVIOUS_MISMATCH"}),
    ("DELETE FROM mlsecops_record WHERE sequence = 12", {"HEAD_MISMATCH", "CURRENT_MISMATCH"}),
    ("DELETE FROM mlsecops_record", {"HEAD_MISMATCH", "CURRENT_MISMATCH"}),
    ("UPDATE mlsecops_record SET sequence = 13 WHERE sequence = 12",
     {"HASH_MISMATCH", "SEQUENCE_GAP", "HEAD_MISMATCH", "CURRENT_MISMATCH"}),
    ("UPDATE mlsecops_record SET sequence = -1 WHERE sequence = 1", {"SEQUENCE_GAP", "ROW_INVALID"}),
    ("UPDATE mlsecops_head SET sequence = 11", {"HEAD_MISMATCH"}),
    ("UPDATE mlsecops_head SET hash = ''", {"HEAD_MISMATCH"}),
    ("DELETE FROM mlsecops_head", {"HEAD_MISMATCH"}),
    ("DELETE FROM mlsecops_current WHERE gate = 'seal'", {"CURRENT_MISMATCH"}),
    ("UPDATE mlsecops_current SET sequence = 1 WHERE gate = 'seal'", {"CURRENT_MISMATCH"}),
    ("INSERT INTO mlsecops_current VALUES ('x', 'prod', 'seal', 3)", {"CURRENT_MISMATCH"}),
    ("UPDATE mlsecops_head SET hash = hash", set()),
]  # fmt: skip


def test_verify_names_every_change(url: str, ledger: Ledger) -> None:
    fill(ledger, 12)
    for statement, expected in TABLE:
        with attacker(url) as connection:
            connection.execute("BEGIN")
            before = dump(connection)
            connection.execute(statement)
            connection.execute("COMMIT")
            assert (codes(ledger), statement) == (expected, statement)
            restore(connection, before)
    assert codes(ledger) == set()


def test_missing_triggers_are_named(url: str, ledger: Ledger) -> None:
    assert ledger.verify().ok
    with attacker(url):
        pass
    problems = ledger.verify().problems
    assert {problem.code for problem in problems} == {TRIGGERS}
    assert len(problems) == (7 if url.startswith("sqlite") else 9)


EDITED = {  # column of the newest record → what is put there
    "outcome": "pass",
    "enforced": 0,
    "dataset": "file:///elsewhere",
    "environment": "dev",
    "gate": "seal",
    "run_id": "r9",
    "dag_id": "other",
    "task_id": "other",
    "time": "2020-01-01T00:00:00.000000+00:00",
    "fingerprint": "f",
    "parts": 7,
    "policy": "q",
    "ruleset": "q",
    "job": "q",
    "producer": "q",
    "partition": "q",
    "map_index": 3,
    "try_number": 3,
    "signature": "AAAA",
    "hash": "0" * 64,
    "previous": "1" * 64,
    "key_id": "prod-2",
    "payload": "{}",
}


def test_reads_believe_no_edited_column(url: str, ledger: Ledger) -> None:
    ledger.append(a_record(Outcome.PASS))
    entry = ledger.append(a_record(Outcome.FAIL))
    reads = {
        "latest of the gate": lambda: ledger.latest(DATASET, PROD, Gate.CLASSIFY),
        "latest": lambda: ledger.latest(DATASET, PROD),
        "history": ledger.history,
        "entry": lambda: ledger.entry(entry.record.id),
    }
    mark = "?" if url.startswith("sqlite") else "%s"
    believed = []
    for column, value in EDITED.items():
        with attacker(url) as connection:
            before = dump(connection)
            connection.execute(f"UPDATE mlsecops_record SET {column} = {mark} WHERE sequence = 2", (value,))
            believed += [(column, name) for name, read in reads.items() if not tampered(read)]
            restore(connection, before)
    assert believed == []
    assert not any(tampered(read) for read in reads.values())


def tampered(read: Callable[[], object]) -> bool:
    try:
        read()
    except LedgerTampered:
        return True
    return False


HIDDEN = [
    "DELETE FROM mlsecops_record WHERE sequence = 2",
    "DELETE FROM mlsecops_current",
    "UPDATE mlsecops_current SET sequence = 1",
    "UPDATE mlsecops_current SET environment = 'dev'",
]


@pytest.mark.parametrize("statement", HIDDEN)
def test_latest_notices_that_the_newest_is_hidden(url: str, ledger: Ledger, statement: str) -> None:
    ledger.append(a_record(Outcome.PASS))
    ledger.append(a_record(Outcome.FAIL))
    with attacker(url) as connection:
        connection.execute(statement)
    with pytest.raises(LedgerTampered, match="current"):
        ledger.latest(DATASET, PROD, Gate.CLASSIFY)


BROKEN_TAILS = [
    "DELETE FROM mlsecops_record WHERE sequence = 2",
    "UPDATE mlsecops_record SET hash = previous WHERE sequence = 2",
    "UPDATE mlsecops_head SET sequence = 1",
    "UPDATE mlsecops_head SET hash = 'x'",
    "DELETE FROM mlsecops_head",
]


@pytest.mark.parametrize("statement", BROKEN_TAILS)
def test_nothing_is_built_on_a_broken_tail(url: str, ledger: Ledger, statement: str) -> None:
    ledger.append(a_record())
    ledger.append(a_record())
    with attacker(url) as connection:
        connection.execute(statement)
    with pytest.raises(LedgerTampered, match="head"):
        ledger.append(a_record())


@pytest.mark.parametrize(("key_id", "code"), [("evil", "KEY_NOT_TRUSTED"), ("prod-1", "LEDGER_TAMPERED")])
def test_a_record_signed_anew_by_another_key_is_not_believed(url: str, ledger: Ledger, key_id: str, code: str) -> None:
    entry = ledger.append(a_record(Outcome.FAIL))
    forged = forge(entry.record, a_signer(key_id))
    with attacker(url) as connection:
        mark = "?" if url.startswith("sqlite") else "%s"
        places = ", ".join(f"{column} = {mark}" for column in forged)
        connection.execute(f"UPDATE mlsecops_record SET {places}", tuple(forged.values()))
        connection.execute(f"UPDATE mlsecops_head SET hash = {mark}", (forged["hash"],))
    with pytest.raises(LedgerTampered) as caught:
        ledger.latest(DATASET, PROD)
    assert caught.value.code == code
    assert codes(ledger) == {"KEY_NOT_TRUSTED" if key_id == "evil" else "SIGNATURE_INVALID"}


def forge(record: Record, signer: PrivateKeySigner) -> dict[str, str]:
    payload = canonical(record).replace(b'"fail"', b'"pass"')
    digest = chain_hash(1, GENESIS, signer.key_id, payload)
    signature = base64.b64encode(signer.sign(digest.encode())).decode()
    return {
        "payload": payload.decode(),
        "outcome": "pass",
        "hash": digest,
        "key_id": signer.key_id,
        "signature": signature,
    }


def test_a_cut_tail_with_a_rewritten_head_shows_by_a_head_seen_before(url: str, ledger: Ledger) -> None:
    ledger.append(a_record(Outcome.PASS))
    early = ledger.head()
    ledger.append(a_record(Outcome.FAIL))
    late = ledger.head()
    with attacker(url) as connection:
        connection.execute("DELETE FROM mlsecops_record WHERE sequence = 2")
        connection.execute(f"UPDATE mlsecops_head SET sequence = 1, hash = '{early.hash}'")
        connection.execute("UPDATE mlsecops_current SET sequence = 1")
    assert codes(ledger) == {"INDEX_MISMATCH"}  # what the overview counts remembers more, until it is emptied too
    with pytest.raises(LedgerTampered, match="knows of entry 2, and the chain ends at 1") as caught:
        ledger.begin_index_anew()
    assert caught.value.code == "INDEX_AHEAD"
    assert codes(ledger) == {"INDEX_MISMATCH"}
    with attacker(url) as connection:
        connection.execute("UPDATE mlsecops_indexed SET sequence = 0")
        connection.execute("DELETE FROM mlsecops_standing")
        connection.execute("DELETE FROM mlsecops_state")
        connection.execute("DELETE FROM mlsecops_day")
    assert codes(ledger) == set()  # nothing inside the ledger can tell
    assert {p.code for p in ledger.verify(early).problems} == {TRIGGERS}
    assert {(p.code, p.sequence) for p in ledger.verify(late).problems} >= {("ANCHOR_MISMATCH", 2)}


@pytest.mark.parametrize("store", ["folder", "object store"])
def test_the_anchor_keeps_every_head(
    url: str, signer: PrivateKeySigner, keyring: Keyring, tmp_path: Path, store: str
) -> None:
    anchor = Anchor((tmp_path if store == "folder" else UPath(f"memory://{tmp_path.name}")) / "anchor" / "heads")
    assert anchor.newest() is None
    with open_ledger(url, signer=signer, keyring=keyring, anchor=anchor) as ledger:
        entries = [ledger.append(a_record()) for _ in range(3)]
        assert [(head.sequence, head.hash) for head in anchor.heads()] == [(e.sequence, e.hash) for e in entries]
        assert anchor.newest() == ledger.head()
        assert ledger.verify().ok
        with attacker(url) as connection:
            connection.execute("DELETE FROM mlsecops_record")
            connection.execute("DELETE FROM mlsecops_current")
            connection.execute(f"UPDATE mlsecops_head SET sequence = 0, hash = '{GENESIS}'")
        assert codes(ledger) == {"ANCHOR_MISMATCH", "INDEX_MISMATCH"}
        ledger.append(a_record())  # a chain begun anew does not replace what was kept
        assert {(p.code, p.sequence) for p in ledger.verify().problems} >= {("ANCHOR_MISMATCH", n) for n in (1, 2, 3)}
        assert len(anchor.heads()) == 4


def test_a_tail_that_was_cut_after_an_entry_shows_by_the_anchor(
    url: str, signer: PrivateKeySigner, keyring: Keyring, tmp_path: Path
) -> None:
    anchor = Anchor(tmp_path / "heads")
    with open_ledger(url, signer=signer, keyring=keyring, anchor=anchor) as ledger:
        passed = ledger.append(a_record(Outcome.PASS))
        ledger.require_unbroken(passed)
        ledger.append(a_record(Outcome.FAIL))
        ledger.require_unbroken(passed)
        with attacker(url) as connection:
            connection.execute("DELETE FROM mlsecops_record WHERE sequence = 2")
            connection.execute(f"UPDATE mlsecops_head SET sequence = 1, hash = '{passed.hash}'")
        with pytest.raises(LedgerTampered, match="entry 2: an anchor has seen"):
            ledger.require_unbroken(passed)


def test_an_anchor_that_cannot_be_written_is_said(tmp_path: Path, signer: PrivateKeySigner, keyring: Keyring) -> None:
    (tmp_path / "file").write_text("")
    url, anchor = f"sqlite:///{tmp_path}/l/ledger.db", Anchor(tmp_path / "file" / "heads")
    with open_ledger(url, signer=signer, keyring=keyring, anchor=anchor) as ledger:
        record = a_record()
        with pytest.raises(LedgerError) as caught:
            ledger.append(record)
        assert caught.value.code == "ANCHOR_UNAVAILABLE"
        assert ledger.entry(record.id) is not None


def test_text_that_is_no_utf8_is_named_not_stumbled_over(
    sqlite_url: str, signer: PrivateKeySigner, keyring: Keyring
) -> None:
    with open_ledger(sqlite_url, signer=signer, keyring=keyring) as ledger:
        ledger.append(a_record())
        for column in EDITED:
            with attacker(sqlite_url) as connection:
                before = dump(connection)
                connection.execute(f"UPDATE mlsecops_record SET {column} = CAST(X'FF00FE' AS TEXT)")
                with pytest.raises(LedgerTampered):
                    ledger.history()
                assert codes(ledger)
                connection.execute(f"UPDATE mlsecops_record SET {column} = X'FF00FE'")
                with pytest.raises(LedgerTampered):
                    ledger.history()
                assert codes(ledger)
                restore(connection, before)
        assert codes(ledger) == set()


# A thousand changes, each made by one who owns the file, each noticed.

Mutation = Callable[[sqlite3.Connection, random.Random], None]
COUNT = 16


def edit(connection: sqlite3.Connection, chance: random.Random) -> None:
    """Another value in any one column of any one row."""
    table = chance.choices(["mlsecops_record", "mlsecops_head", "mlsecops_current"], [8, 1, 1])[0]
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    column = chance.choice(columns)
    rowid = chance.choice([row for (row,) in connection.execute(f"SELECT rowid FROM {table}")])
    (old,) = connection.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (rowid,)).fetchone()
    connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (changed(old, chance), rowid))


def changed(old: Any, chance: random.Random) -> Any:
    if isinstance(old, int):
        return chance.choice([old + 1, old - 1, -old - 1, chance.randrange(2**40), "x", 0.5])
    place = chance.randrange(len(old) + 1)
    letter = chance.choice('0aA "{}x=/\n')
    return chance.choice(
        [
            old[:place] + letter + old[place:],
            old[:place] + letter + old[place + 1 :],
            old[:place] + old[place + 1 :],
            old[:place],
            old.swapcase(),
            old.encode(),
        ]
    )


def copy(connection: sqlite3.Connection, chance: random.Random) -> None:
    """One column of one record, taken from another."""
    columns = [row[1] for row in connection.execute("PRAGMA table_info(mlsecops_record)")][2:]
    column, (to, source) = chance.choice(columns), chance.sample(range(1, COUNT + 1), 2)
    connection.execute(
        f"UPDATE mlsecops_record SET {column} = (SELECT {column} FROM mlsecops_record WHERE sequence = ?) "
        "WHERE sequence = ?", (source, to),
    )  # fmt: skip


def swap(connection: sqlite3.Connection, chance: random.Random) -> None:
    """Two records, each in the other's place."""
    one, two = chance.sample(range(1, COUNT + 1), 2)
    for old, new in ((one, -1), (two, one), (-1, two)):
        connection.execute("UPDATE mlsecops_record SET sequence = ? WHERE sequence = ?", (new, old))


def delete(connection: sqlite3.Connection, chance: random.Random) -> None:
    """Rows gone."""
    table = chance.choices(["mlsecops_record", "mlsecops_head", "mlsecops_current"], [8, 1, 2])[0]
    rowids = [row for (row,) in connection.execute(f"SELECT rowid FROM {table}")]
    for rowid in chance.sample(rowids, chance.randint(1, len(rowids))):
        connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (rowid,))


def reinsert(connection: sqlite3.Connection, chance: random.Random) -> None:
    """A record once more, at the end or elsewhere; its own place sometimes left empty."""
    columns = [row[1] for row in connection.execute("PRAGMA table_info(mlsecops_record)")]
    rowid = chance.randint(1, COUNT)
    row = dict(
        zip(
            columns,
            connection.execute("SELECT * FROM mlsecops_record WHERE sequence = ?", (rowid,)).fetchone(),
            strict=True,
        )
    )
    if chance.random() < 0.5:
        connection.execute("DELETE FROM mlsecops_record WHERE sequence = ?", (rowid,))
    else:
        row["id"] = f"{chance.getrandbits(128):032x}"
    row["sequence"] = COUNT + chance.randint(1, 3)
    marks = ", ".join("?" * len(columns))
    connection.execute(f"INSERT INTO mlsecops_record VALUES ({marks})", tuple(row.values()))
    if chance.random() < 0.5:
        connection.execute("UPDATE mlsecops_head SET sequence = ?, hash = ?", (row["sequence"], row["hash"]))


def point(connection: sqlite3.Connection, chance: random.Random) -> None:
    """The head or a current row, at another record."""
    if chance.random() < 0.5:
        sequence = chance.randint(1, COUNT - 1)
        (digest,) = connection.execute("SELECT hash FROM mlsecops_record WHERE sequence = ?", (sequence,)).fetchone()
        connection.execute("UPDATE mlsecops_head SET sequence = ?, hash = ?", (sequence, digest))
        return
    rowid = chance.choice([row for (row,) in connection.execute("SELECT rowid FROM mlsecops_current")])
    connection.execute("UPDATE mlsecops_current SET sequence = ? WHERE rowid = ?", (chance.randint(1, COUNT), rowid))


MUTATIONS: tuple[Mutation, ...] = (edit, edit, edit, edit, copy, swap, delete, reinsert, point)


def test_each_of_many_changes_is_a_finding(
    sqlite_url: str, signer: PrivateKeySigner, keyring: Keyring, tmp_path: Path
) -> None:
    chance, unnoticed, done = random.Random(20261123), [], 0
    with open_ledger(sqlite_url, signer=signer, keyring=keyring) as ledger:
        fill(ledger, COUNT)
        with attacker(sqlite_url) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
            pristine = dump(connection)
        shutil.copy(file_of(sqlite_url), tmp_path / "pristine.db")
        assert codes(ledger) == set()
        while done < many(250):
            mutation = chance.choice(MUTATIONS)
            if not mutated(file_of(sqlite_url), tmp_path / "pristine.db", mutation, chance, pristine):
                continue
            done += 1
            if not codes(ledger):
                unnoticed.append((done, mutation.__name__))
    assert unnoticed == []


def mutated(file: Path, pristine_file: Path, mutation: Mutation, chance: random.Random, pristine: Any) -> bool:
    """Change a fresh copy; true if that left it different."""
    shutil.copy(pristine_file, file)
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        mutation(connection, chance)
        connection.execute("COMMIT")
        return bool(dump(connection) != pristine)
    except sqlite3.IntegrityError:  # the schema's own constraints refused it
        return False
    finally:
        connection.close()


def tables_of(connection: Any) -> Iterator[tuple[str, list[Any]]]:
    for table in ("mlsecops_record", "mlsecops_head", "mlsecops_current"):
        yield table, sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr)


def dump(connection: Any) -> dict[str, list[Any]]:
    return dict(tables_of(connection))


def restore(connection: Any, before: dict[str, list[Any]]) -> None:
    mark = "?" if isinstance(connection, sqlite3.Connection) else "%s"
    connection.execute("BEGIN")
    for table, found in before.items():
        connection.execute(f"DELETE FROM {table}")
        for row in found:
            connection.execute(f"INSERT INTO {table} VALUES ({', '.join([mark] * len(row))})", row)
    connection.execute("COMMIT")

"""An index that was changed, broken or locked, Dags called alike: no gate is stopped, no line lies, nothing else is seen."""

from __future__ import annotations

import time
from typing import Any

import pytest

from airflow_mlsecops.core.errors import LedgerError
from airflow_mlsecops.core.verdict import Outcome
from airflow_mlsecops.ledger import Ledger, open_ledger
from airflow_mlsecops.ledger.keys import Keyring, PrivateKeySigner
from airflow_mlsecops.ledger.standing import Mark
from tests.ledger.make import attacker
from tests.ledger.test_overview import holds, look, only, run, said

# --- what must not stop or delay a gate ------------------------------------------------------------------------------

BROKEN = (
    "DROP TABLE mlsecops_state",
    "ALTER TABLE mlsecops_standing RENAME TO elsewhere",
    "DELETE FROM mlsecops_indexed",
    "UPDATE mlsecops_indexed SET sequence = 9000000000000000000",
)


@pytest.mark.parametrize("statement", BROKEN)
def test_a_gate_is_never_stopped_by_an_index_that_fails(url: str, ledger: Ledger, statement: str) -> None:
    ledger.append(said(Outcome.FAIL, number=1))
    run(url, statement)
    entry = ledger.append(said(number=2))
    assert ledger.entry(entry.record.id) == entry
    assert ledger.head().sequence == 2


def test_an_index_that_does_not_say_how_far_it_came_counts_nothing_twice(url: str, ledger: Ledger) -> None:
    ledger.append(said(number=1))
    run(url, "DELETE FROM mlsecops_indexed")
    ledger.append(said(number=2))
    found = look(ledger)
    assert ([day.passed for day in found.days], found.current) == ([1], False)


def test_what_undoes_the_whole_append_is_said(sqlite_url: str, signer: PrivateKeySigner, keyring: Keyring) -> None:
    """SQLite may undo a transaction by itself; a commit of nothing would then look like an append."""
    with open_ledger(sqlite_url, signer=signer, keyring=keyring) as ledger:
        ledger.append(said(number=1))
        with attacker(sqlite_url) as connection:
            connection.execute(
                "CREATE TRIGGER x BEFORE UPDATE ON mlsecops_standing BEGIN SELECT RAISE(ROLLBACK, 'x'); END"
            )
        with pytest.raises(LedgerError):
            ledger.append(said(number=2))
        assert ledger.head().sequence == 1


@pytest.mark.parametrize("lock", ["LOCK TABLE mlsecops_standing", "SELECT * FROM mlsecops_indexed FOR UPDATE"])
def test_a_gate_does_not_wait_for_an_index_that_is_locked(
    emptied_database: str, signer: PrivateKeySigner, keyring: Keyring, lock: str
) -> None:
    import psycopg

    from tests._postgres import plain

    with open_ledger(emptied_database, signer=signer, keyring=keyring, timeout=200) as ledger:
        ledger.append(said(number=1))
        with psycopg.connect(plain(emptied_database)) as other:
            other.execute(lock)
            began = time.monotonic()
            entry = ledger.append(said(number=2))
            assert time.monotonic() - began < 100  # half of what it would wait for the record itself
        assert ledger.entry(entry.record.id) == entry
        ledger.append(said(number=3))
        assert look(ledger).current
        assert ledger.verify().ok


@pytest.mark.parametrize("amount", [{"seconds": 1e300}, {"bytes_read": 2**63 - 1}])
def test_no_amount_is_too_large_to_count(ledger: Ledger, amount: dict[str, Any]) -> None:
    for number in range(3):
        ledger.append(said(number=number, **amount))
    assert look(ledger).current
    assert ledger.verify().ok


def test_a_late_word_on_an_older_run_does_not_speak_for_the_newest(ledger: Ledger) -> None:
    ledger.append(said(number=1, run_id="r1"))
    newest = ledger.append(said(number=2, run_id="r2"))
    ledger.append(said(Outcome.FAIL, number=3, run_id="r1"))
    line = only(ledger)
    assert (line.mark, line.entry) == (Mark.PASS, newest)
    assert [run.mark for run in line.strip] == [Mark.FAIL, Mark.PASS]


CHANGED = (
    "mark = 3",
    "mark = 1",
    "observed = 1",
    "level = 3",
    "level = -1",
    "until = '2026-12-01'",
    "classes = '|IBAN|'",
    "words = 'x'",
    "time = '2030-01-01T00:00:00.000000+00:00'",
    "sequence = 7",
    "telling = 1",
    "telling = 3",
    "environment = 'stage'",
    "dataset = 's3://ml/other'",
    "dag_id = 'fraud'",
)


@pytest.mark.parametrize("change", CHANGED)
def test_a_line_that_was_changed_is_told_by_no_record(url: str, ledger: Ledger, change: str) -> None:
    ledger.append(said(number=1))
    ledger.append(said(Outcome.FAIL, number=2))
    ledger.append(said(number=3, dataset="s3://ml/other", dag_id="fraud"))
    run(url, f"UPDATE mlsecops_standing SET {change} WHERE dag_id = 'churn'")
    told = {line.entry for line in look(ledger).lines if line.entry is None or line.entry.sequence != 3}
    assert told == {None}


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ("mark = 1", "[0,2,true,"),
        ("mark = 3", "[0,2,true,"),
        ("observed = 1", "[0,2,true,"),
        ("telling = 1", ",2,true,"),
    ],
)
def test_a_line_whose_state_was_changed_with_it_is_held_against_its_record(
    url: str, ledger: Ledger, change: str, state: str
) -> None:
    ledger.append(said(number=1))
    ledger.append(said(Outcome.FAIL, number=2))
    name, _, value = change.partition(" = ")
    other = {"mark": f"[{value},2,true,", "observed": "[0,2,false,", "telling": ",1,true,"}[name]
    run(url, f"UPDATE mlsecops_standing SET {change}")
    run(url, f"UPDATE mlsecops_state SET state = replace(state, '{state}', '{other}')")
    assert only(ledger).entry is None


# --- Dags that are called alike --------------------------------------------------------------------------------------

ALIKE = ("pay", "payroll", "pay%", "pay_oll", "PAYROLL", "%", "_", "payroll.x", "pay'; --", '["payroll"]')


@pytest.mark.parametrize("mine", ALIKE)
def test_only_the_very_dag_is_seen(ledger: Ledger, mine: str) -> None:
    for number, dag_id in enumerate(ALIKE):
        ledger.append(said(Outcome.FAIL, number=number, dag_id=dag_id, findings=(holds(f"OF_{number}"),)))
    found = look(ledger, frozenset({mine}))
    assert (found.counts.total, found.counts.fail, found.days[0].failed) == (1, 1, 1)
    assert (found.lines[0].dag_id, found.lines[0].others, found.choices.dags) == (mine, 0, (mine,))
    assert found.choices.entities == (f"OF_{ALIKE.index(mine)}",)
    for other in set(ALIKE) - {mine}:
        assert look(ledger, frozenset({mine}), dag_id=other).lines == ()


@pytest.mark.parametrize("text", ["%", "_", "\\", "/", "ch_rn", "churn%", "[c]hurn", "'", "\ue000", "x" * 300, "İ"])
def test_what_is_searched_for_is_text(ledger: Ledger, text: str) -> None:
    ledger.append(said(number=1, dataset="churn", findings=(holds("IBAN"),)))
    assert look(ledger, text=text).found == 0
    assert look(ledger, entity=text).found == 0


def test_of_many_the_first_are_the_worst(ledger: Ledger) -> None:
    outcomes = (Outcome.UNKNOWN,) * 8 + (Outcome.FAIL,) * 6 + (Outcome.PASS,) * 3
    for number, outcome in enumerate(outcomes):
        ledger.append(said(outcome, number=number, dataset=f"s3://ml/{number:02}"))
    found = look(ledger)
    assert [line.mark for line in found.first] == [Mark.FAIL] * 6 + [Mark.UNKNOWN] * 4
    assert [line.mark for line in found.lines] == [Mark.FAIL] * 6 + [Mark.UNKNOWN] * 8 + [Mark.PASS] * 3


def test_a_record_of_another_dataset_or_dag_tells_no_line(url: str, ledger: Ledger) -> None:
    """One row and its state are put under another name: what they say of it is no record's word."""
    ledger.append(said(number=1, dag_id="fraud"))
    ledger.append(said(number=2, dataset="s3://ml/other"))
    for table in ("standing", "state"):
        run(url, f"UPDATE mlsecops_{table} SET dag_id = 'payroll' WHERE dag_id = 'fraud'")
    run(url, "UPDATE mlsecops_standing SET words = replace(words, 'fraud', 'payroll')")
    (line,) = look(ledger, frozenset({"payroll"})).lines
    assert (line.dag_id, line.entry) == ("payroll", None)

"""Where data went: what the trace says is what the records say, within the Dags that may be seen."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_mlsecops.core.answer import Answer, Reply
from airflow_mlsecops.core.classification import How, Sighting
from airflow_mlsecops.core.errors import LedgerError, LedgerTampered
from airflow_mlsecops.core.finding import AppliedWaiver, Finding, Origin, Status
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.record import Entry, Record
from airflow_mlsecops.core.verdict import Gate, Outcome
from airflow_mlsecops.core.waiver import WaiverUse
from airflow_mlsecops.ledger import Ledger, open_ledger
from airflow_mlsecops.ledger.chain import moment
from airflow_mlsecops.ledger.keys import Keyring, PrivateKeySigner
from airflow_mlsecops.ledger.overview import Asked
from airflow_mlsecops.ledger.traces import Consumed, Sighted
from tests import memory
from tests.ledger.test_overview import ALL, holds, run, said

CRM = "postgres://crm:5432/crm.public.customers"


def from_crm(column: str = "email", **more: Any) -> Finding:
    return holds(origin=Origin(parent=CRM, column=column, share=0.97, compared=1_000), **more)


def sealed(outcome: Outcome = Outcome.PASS, *, number: int, **more: Any) -> Record:
    return said(outcome, **{"number": number, "task_id": "train", "gate": Gate.SEAL} | more)


def applied(until: date = date(2026, 12, 1)) -> AppliedWaiver:
    return AppliedWaiver(id="W-1", approved_by="sec", until=until, reason="migration")


def only(found: tuple[Any, ...]) -> Any:
    (one,) = found
    return one


def test_an_empty_ledger_has_no_trace(ledger: Ledger) -> None:
    assert ledger.traces_current()
    assert not (*ledger.sighted(None), *ledger.consumed(None), *ledger.waiver_uses(None), *ledger.answers(None))


def test_a_class_in_a_column_is_told_from_first_to_last(ledger: Ledger) -> None:
    first = ledger.append(said(number=1, run_id="r1", findings=(from_crm(rows=3, of=10),)))
    ledger.append(said(number=2, run_id="r1", findings=(holds(rows=4, of=10),)))
    last = ledger.append(said(number=3, run_id="r2", findings=(holds(rows=5, of=10),)))
    assert ledger.sighted(ALL) == (
        Sighted(
            dataset="s3://ml/churn", environment="prod", dag_id="churn", column="contact", entity="EMAIL_ADDRESS",
            level=Level.RESTRICTED, first=moment(first.record.time), last=moment(last.record.time), first_sequence=1,
            last_sequence=3, runs=2, rows=5, of=10, parent=CRM, parent_column="email",
        ),
    )  # fmt: skip


def test_what_only_a_sighting_says_is_followed_too(ledger: Ledger) -> None:
    email = Sighting(column="mail", entity="EMAIL_ADDRESS", rows=7, how=How.VALIDATED)
    ledger.append(said(number=1, sightings=(email,), rows_scanned=9))
    found = only(ledger.sighted(ALL))
    assert (found.column, found.rows, found.of, found.level) == ("mail", 7, 9, None)


@pytest.mark.parametrize("code", ["NO_RULE", "RULE_KEEPS", "ALLOW_LISTED", "ENTITY_REPLACED"])
def test_what_is_not_in_the_dataset_is_not_followed(ledger: Ledger, code: str) -> None:
    seen = Sighting(column="contact", entity="EMAIL_ADDRESS", rows=7, how=How.NAME)
    sightings = (seen,) if code == "ENTITY_REPLACED" else ()
    ledger.append(said(number=1, gate=Gate.SANITIZE, findings=(holds(code=code),), sightings=sightings))
    assert ledger.sighted(ALL) == ()


@pytest.mark.parametrize("gate", [gate for gate in Gate if gate not in (Gate.CLASSIFY, Gate.SANITIZE)])
def test_gates_that_scan_nothing_see_no_class(ledger: Ledger, gate: Gate) -> None:
    ledger.append(said(number=1, gate=gate, findings=(holds(),)))
    assert ledger.sighted(ALL) == ()


def test_a_sealed_task_is_counted_once_a_run_however_often_its_seal_speaks(ledger: Ledger) -> None:
    held = Finding(status=Status.PASS, code="SEAL_HELD", subject="x", reason="so")
    changed = held.model_copy(update={"status": Status.FAIL, "code": "CHANGED_DURING_TRAINING"})
    ledger.append(sealed(number=1, run_id="r1", makes=("s3://ml/old",)))
    ledger.append(sealed(number=2, run_id="r1", findings=(held,)))
    ledger.append(sealed(Outcome.FAIL, number=3, run_id="r2"))
    ledger.append(sealed(Outcome.FAIL, number=4, run_id="r2"))
    ledger.append(sealed(Outcome.FAIL, number=5, run_id="r3", makes=("s3://ml/never",)))
    ledger.append(sealed(number=6, run_id="r3", makes=("s3://ml/new",)))
    ledger.append(sealed(Outcome.FAIL, number=7, run_id="r3", findings=(changed,)))
    ledger.append(sealed(Outcome.FAIL, number=8, run_id="r4", findings=(changed,)))
    ledger.append(sealed(Outcome.FAIL, number=9, run_id="r5", enforced=False))
    found = only(ledger.consumed(ALL))
    assert (found.task_id, found.runs, found.stopped, found.makes) == ("train", 4, 1, ("s3://ml/new",))
    assert (found.last_sequence, found.first) == (9, moment(ledger.history(run_id="r1")[-1].record.time))


def test_waivers_are_counted_by_the_runs_they_covered_and_those_they_covered_no_more(ledger: Ledger) -> None:
    for number, more in enumerate([{"waiver": applied()}, {"waiver": applied()}, {"ended": applied()}]):
        finding = holds(status=Status.FAIL, code="ENTITY_NOT_ALLOWED", rows=number, of=9, **more)
        ledger.append(said(number=number, run_id=f"r{number}", findings=(finding,)))
    found = only(ledger.waiver_uses(ALL))
    assert (found.waiver, found.code, found.subject, found.entity) == (
        "W-1",
        "ENTITY_NOT_ALLOWED",
        "contact",
        "EMAIL_ADDRESS",
    )
    assert (found.runs, found.ended_runs, found.rows, found.of, found.last_sequence) == (2, 1, 2, 9, 3)


def answered(number: int, **more: Any) -> Record:
    answer = Answer(reply=Reply.ASKED, stopped="0" * 32)
    findings = (holds(status=Status.FAIL, code="ENTITY_NOT_ALLOWED", waiver=applied()),)
    return said(Outcome.FAIL, number=number, gate=Gate.APPROVAL, answer=answer, findings=findings, **more)


def test_answers_are_found_and_count_nowhere_else(ledger: Ledger) -> None:
    ledger.append(answered(1))
    newer = ledger.append(answered(2, dag_id="fraud", dataset="s3://ml/fraud"))
    assert [entry.sequence for entry in ledger.answers(None)] == [2, 1]
    assert [entry.sequence for entry in ledger.answers(frozenset({"churn"}))] == [1]
    assert ledger.answers(ALL, dataset="s3://ml/fraud") == (newer,)
    assert ledger.answers(ALL, since=newer.record.time) == (newer,)
    assert ledger.answers(ALL, limit=1) == (newer,)
    assert not (*ledger.sighted(None), *ledger.consumed(None), *ledger.waiver_uses(None))


def test_nothing_of_a_dag_that_may_not_be_seen_is_found(ledger: Ledger) -> None:
    waived = holds(status=Status.FAIL, waiver=applied())
    for number, dag_id in enumerate(("churn", "payroll")):
        ledger.append(said(number=number * 2, dag_id=dag_id, findings=(waived,), run_id=dag_id))
        ledger.append(sealed(number=number * 2 + 1, dag_id=dag_id, run_id=dag_id))
    own = frozenset({"churn"})
    for found in (ledger.sighted(own), ledger.consumed(own), ledger.waiver_uses(own)):
        assert [(one.dag_id, one.runs) for one in found] == [("churn", 1)]
    for found in (ledger.sighted(None), ledger.consumed(None), ledger.waiver_uses(None)):
        assert [one.dag_id for one in found] == ["payroll", "churn"]
    assert not ledger.sighted(frozenset())


FILTERS: list[tuple[dict[str, Any], set[str]]] = [
    ({}, {"a", "b", "c"}),
    ({"dataset": "s3://ml/a"}, {"a"}),
    ({"dataset": "s3://ml/"}, set()),
    ({"environment": "stage"}, {"c"}),
    ({"entity": "IBAN"}, {"b"}),
    ({"entity": "IB%"}, set()),
    ({"column": "konto"}, {"b"}),
    ({"column": "Konto"}, set()),
    ({"parent": CRM}, {"c"}),
    ({"parent": ""}, set()),
    ({"since": date(2026, 11, 24)}, {"b", "c"}),
    ({"until": date(2026, 11, 24)}, {"a", "b"}),
    ({"until": date(2026, 11, 23)}, {"a"}),
    ({"since": date(2026, 11, 24), "until": date(2026, 11, 24)}, {"b"}),
    ({"since": datetime(2026, 11, 25, 5, 59, tzinfo=UTC)}, {"c"}),
    ({"since": datetime(2026, 11, 25, 6, 1, tzinfo=UTC)}, set()),
    ({"limit": 1}, {"c"}),
]


def test_filters_find_what_fits(ledger: Ledger) -> None:
    for number, (name, finding, environment) in enumerate(
        [("a", holds(), "prod"), ("b", holds("IBAN", subject="konto"), "prod"), ("c", from_crm(), "stage")]
    ):
        ledger.append(
            said(number=86_400 * number, dataset=f"s3://ml/{name}", environment=environment, findings=(finding,))
        )
    for asked, expected in FILTERS:
        assert ({one.dataset[-1] for one in ledger.sighted(ALL, **asked)}, asked) == (expected, asked)


@pytest.mark.parametrize("name", ["\0", "<img src=x>", "\u202e", "x" * 10_000, "😀", "a|b", ""])
def test_hostile_names_are_followed(ledger: Ledger, name: str) -> None:
    finding = holds(subject=name, status=Status.FAIL, waiver=applied())
    ledger.append(said(number=1, findings=(finding, finding.model_copy(update={"subject": name + "2"}))))
    assert {one.column for one in ledger.sighted(ALL)} == {name, name + "2"}
    assert only(ledger.sighted(ALL, column=name)).column == name
    assert {one.subject for one in ledger.waiver_uses(ALL)} == {name, name + "2"}
    assert ledger.verify().ok


# --- held against a walk over all records ----------------------------------------------------------------------------


def at_random(chance: random.Random, number: int) -> Record:
    gate = chance.choice(list(Gate))
    findings = []
    for column in chance.sample("abcd", chance.randrange(3)):
        more = chance.choice([{}, {"waiver": applied()}, {"ended": applied()}])
        origin = Origin(parent=CRM, column=chance.choice("xy"), share=1, compared=3) if chance.random() < 0.3 else None
        entity = chance.choice(["EMAIL_ADDRESS", "IBAN"])
        findings.append(holds(entity, subject=column, rows=chance.randrange(9), of=9, origin=origin, **more))
    return said(
        chance.choice(list(Outcome)),
        number=number * 600,
        dataset=f"s3://ml/{chance.randrange(4)}",
        environment=chance.choice(["prod", "stage"]),
        dag_id=chance.choice(sorted(ALL)),
        run_id=f"r{number // 12}",
        task_id=chance.choice(["t", "u"]),
        gate=gate,
        enforced=chance.random() < 0.7,
        findings=tuple(findings),
        makes=chance.choice([(), ("s3://ml/model",)]) if gate is Gate.SEAL else (),
        answer=Answer(reply=Reply.ASKED, stopped="0" * 32) if gate is Gate.APPROVAL else None,
    )


def walked(entries: list[Entry]) -> tuple[list[Any], list[Any], list[Any]]:
    """What the trace should say, by a plain walk with sets."""
    sighted: defaultdict[Any, list[Any]] = defaultdict(list)
    sealed: defaultdict[Any, list[Any]] = defaultdict(list)
    waived: defaultdict[Any, list[Any]] = defaultdict(list)
    for entry in entries:
        record, verdict = entry.record, entry.record.verdict
        place = verdict.dataset, record.environment, record.run.dag_id
        if verdict.gate is Gate.APPROVAL:
            continue
        for finding in verdict.findings:
            if verdict.gate in (Gate.CLASSIFY, Gate.SANITIZE):
                sighted[place, finding.subject, finding.entity].append((entry, finding))
            if finding.waiver or finding.ended:
                waived[place, finding.subject, finding.entity].append((entry, finding))
        if verdict.gate is Gate.SEAL:
            sealed[place, record.run.task_id].append(entry)
    return (
        [_as_sighted(*key, told) for key, told in sighted.items()],
        [_as_consumed(*key, told) for key, told in sealed.items()],
        [_as_use(*key, told) for key, told in waived.items()],
    )


def _common(place: tuple[str, str, str], entries: list[Entry]) -> dict[str, Any]:
    first, last = moment(entries[0].record.time), moment(entries[-1].record.time)
    named = dict(zip(("dataset", "environment", "dag_id"), place, strict=True))
    return {**named, "first": first, "last": last, "last_sequence": entries[-1].sequence}


def _runs(entries: Any) -> set[str]:
    return {entry.record.run.run_id for entry in entries}


def _as_sighted(place: Any, column: str, entity: str, told: list[Any]) -> Sighted:
    entries, finding = [entry for entry, _ in told], told[-1][1]
    origin = next((finding.origin for _, finding in reversed(told) if finding.origin), None)
    return Sighted(
        **_common(place, entries), column=column, entity=entity, level=finding.level, rows=finding.rows, of=finding.of,
        first_sequence=entries[0].sequence, runs=len(_runs(entries)), parent=origin.parent if origin else "",
        parent_column=origin.column if origin else "",
    )  # fmt: skip


def _as_consumed(place: Any, task_id: str, entries: list[Entry]) -> Consumed:
    through = [entry for entry in entries if not entry.record.verdict.stops]
    makes = next((entry.record.verdict.makes for entry in reversed(through) if entry.record.verdict.makes), ())
    stopped = len(_runs(entries) - _runs(through))
    return Consumed(
        **_common(place, entries), task_id=task_id, runs=len(_runs(through)), stopped=stopped, makes=makes
    )  # fmt: skip


def _as_use(place: Any, subject: str, entity: str, told: list[Any]) -> WaiverUse:
    entries, finding = [entry for entry, _ in told], told[-1][1]
    return WaiverUse(
        **_common(place, entries), waiver="W-1", code=finding.code, subject=subject, entity=entity, rows=finding.rows,
        of=finding.of, runs=len(_runs(entry for entry, one in told if one.waiver)),
        ended_runs=len(_runs(entry for entry, one in told if one.ended)),
    )  # fmt: skip


def test_the_trace_says_what_a_walk_over_all_records_says(url: str, ledger: Ledger) -> None:
    chance, many = random.Random(1), 300 if url.startswith("sqlite") else 150
    entries = [ledger.append(at_random(chance, number)) for number in range(many)]
    for dags in (None, frozenset({"churn", "fraud"})):
        seen = [entry for entry in entries if dags is None or entry.record.run.dag_id in dags]
        expected = walked(seen)
        found = ledger.sighted(dags), ledger.consumed(dags), ledger.waiver_uses(dags)
        for one, other in zip(found, expected, strict=True):
            assert sorted(one, key=repr) == sorted(other, key=repr)
        approvals = [entry for entry in reversed(seen) if entry.record.verdict.gate is Gate.APPROVAL]
        assert list(ledger.answers(dags)) == approvals
    assert ledger.traces_current()
    assert ledger.verify().ok


# --- made again, changed, absent, locked -----------------------------------------------------------------------------

EMPTIED = "UPDATE mlsecops_traced SET sequence = 0; DELETE FROM mlsecops_trail; DELETE FROM mlsecops_answer"
DROPPED = "DROP TABLE mlsecops_trail; DROP TABLE mlsecops_answer; DROP TABLE mlsecops_traced"


def everything(ledger: Ledger) -> tuple[Any, ...]:
    return ledger.sighted(None), ledger.consumed(None), ledger.waiver_uses(None), ledger.answers(None)


def fill(ledger: Ledger, many: int, seed: int = 1) -> None:
    chance = random.Random(seed)
    for number in range(many):
        ledger.append(at_random(chance, number))


@pytest.fixture(scope="module")
def filled() -> Any:
    """A ledger for many looks, with all that its trace says."""
    from tests.ledger.make import a_signer

    signer = a_signer()
    keyring = Keyring.of({"prod-1.pub": signer.public_pem})
    with memory.held("trace-") as folder:
        url = f"sqlite:///{folder}/ledger/ledger.db"
        with open_ledger(url, signer=signer, keyring=keyring) as ledger:
            fill(ledger, 150)
            yield url, ledger, everything(ledger)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sizes=st.lists(st.integers(1, 60), min_size=1, max_size=8))
def test_batches_of_any_size_come_to_the_same(filled: Any, sizes: list[int]) -> None:
    url, ledger, expected = filled
    run(url, EMPTIED)
    turn = 0
    while ledger.bring_index_on(sizes[turn % len(sizes)]):
        turn += 1
    assert everything(ledger) == expected
    assert {problem.code for problem in ledger.verify().problems} <= {"NOT_APPEND_ONLY"}


def test_an_old_ledger_gets_a_trace_as_it_is_used(
    url: str, ledger: Ledger, signer: PrivateKeySigner, keyring: Keyring
) -> None:
    fill(ledger, 80)
    expected = everything(ledger)
    run(url, DROPPED)
    with open_ledger(url, signer=signer, keyring=keyring) as again:
        assert not again.traces_current()
        assert everything(again) == ((), (), (), ())
        again.append(said(number=10_000_000, gate=Gate.ACCESS))  # says nothing that is followed
        while again.bring_index_on(30):
            pass
        assert again.traces_current()
        assert everything(again) == expected
        assert {problem.code for problem in again.verify().problems} <= {"NOT_APPEND_ONLY"}


def test_the_overview_does_not_wait_for_a_trace_that_lags(url: str, ledger: Ledger) -> None:
    fill(ledger, 80)
    run(url, EMPTIED)
    ledger.append(said(number=10_000_000))
    assert ledger.overview(Asked(dags=ALL, today=date(2026, 11, 23))).current
    assert not ledger.traces_current()


def test_nothing_is_followed_twice_for_an_index_that_lags(url: str, ledger: Ledger) -> None:
    fill(ledger, 80)
    run(url, "UPDATE mlsecops_indexed SET sequence = 0; " + "; ".join(
        f"DELETE FROM mlsecops_{table}" for table in ("standing", "state", "day")))  # fmt: skip
    expected = everything(ledger)
    ledger.append(said(number=10_000_000, gate=Gate.ACCESS))  # says nothing that is followed
    assert ledger.traces_current()
    while ledger.bring_index_on(30):
        pass
    assert everything(ledger) == expected
    assert {problem.code for problem in ledger.verify().problems} <= {"NOT_APPEND_ONLY"}


def test_without_a_trace_nothing_is_said_and_nothing_stopped(url: str, ledger: Ledger) -> None:
    run(url, DROPPED)
    entry = ledger.append(said(number=1, findings=(holds(),)))
    assert ledger.entry(entry.record.id) == entry
    for ask in (ledger.sighted, ledger.consumed, ledger.waiver_uses, ledger.answers):
        with pytest.raises(LedgerError) as caught:
            ask(None)
        assert caught.value.code == "INDEX_ABSENT"
    assert not ledger.traces_current()


def test_a_record_that_does_not_verify_counts_for_nothing(url: str, ledger: Ledger) -> None:
    ledger.append(said(number=1, findings=(holds(),)))
    ledger.append(said(number=2, findings=(holds("IBAN"),)))
    run(url, f"UPDATE mlsecops_record SET outcome = 'fail' WHERE sequence = 2; {EMPTIED}")
    while ledger.bring_index_on():
        pass
    assert [one.entity for one in ledger.sighted(ALL)] == ["EMAIL_ADDRESS"]


CHANGED = (
    "dataset = 's3://ml/other'",
    "environment = 'stage'",
    "dag_id = 'fraud'",
    "entity = 'IBAN'",
    "called = 'x'",
    "trace = 'x'",
    "place = 'x'",
    "first = '2030-01-01T00:00:00.000000+00:00'",
    "last = '2030-01-01T00:00:00.000000+00:00'",
    "first_sequence = 2",
    "first_sequence = 99",
    "last_sequence = 1",
    "last_sequence = 3",
    "last_sequence = 99",
    "telling = 0",
    "telling = 1",
    "telling = 3",
    "parent = NULL",
    "parent = 'x'",
    "runs = -1",
    "recent = 'é'",
)


@pytest.mark.parametrize("change", CHANGED)
def test_a_row_that_was_changed_is_told_by_no_record(url: str, ledger: Ledger, change: str) -> None:
    ledger.append(said(number=1, findings=(from_crm(),), run_id="r1"))
    ledger.append(said(number=2, findings=(from_crm("mail"),), run_id="r2"))
    ledger.append(said(number=3, gate=Gate.ACCESS, dag_id="fraud"))
    run(url, f"UPDATE mlsecops_trail SET {change}")
    with pytest.raises(LedgerTampered) as caught:
        ledger.sighted(None)
    assert caught.value.code == "INDEX_MISMATCH"
    assert "INDEX_MISMATCH" in {problem.code for problem in ledger.verify().problems}


@pytest.mark.parametrize("change", ["runs = 7", "off = 7", "recent = ''"])
def test_counts_that_were_changed_show_in_verify(url: str, ledger: Ledger, change: str) -> None:
    ledger.append(said(number=1, findings=(holds(),)))
    run(url, f"UPDATE mlsecops_trail SET {change}")
    assert "INDEX_MISMATCH" in {problem.code for problem in ledger.verify().problems}
    ledger.begin_index_anew()
    assert ledger.bring_index_on() == 1
    assert "INDEX_MISMATCH" not in {problem.code for problem in ledger.verify().problems}


@pytest.mark.parametrize("table", ["trail", "answer"])
def test_rows_that_were_taken_out_show_in_verify(url: str, ledger: Ledger, table: str) -> None:
    ledger.append(said(number=1, findings=(holds(),)))
    ledger.append(answered(2))
    run(url, f"DELETE FROM mlsecops_{table}")
    assert "INDEX_MISMATCH" in {problem.code for problem in ledger.verify().problems}


@pytest.mark.parametrize("change", ["sequence = 1", "place = 'x'", "dag_id = 'fraud'", "time = 'x'"])
def test_an_answer_that_was_moved_is_not_shown(url: str, ledger: Ledger, change: str) -> None:
    ledger.append(said(number=1))
    ledger.append(answered(2))
    run(url, f"UPDATE mlsecops_answer SET {change}")
    with pytest.raises(LedgerTampered):
        ledger.answers(None)


def test_a_record_that_was_changed_is_not_told_by_the_trace(url: str, ledger: Ledger) -> None:
    ledger.append(said(number=1, findings=(holds(),)))
    run(url, "UPDATE mlsecops_record SET outcome = 'fail'")
    with pytest.raises(LedgerTampered):
        ledger.sighted(ALL)
    assert ledger.sighted(frozenset({"fraud"})) == ()  # nobody else is told of it


BROKEN = (
    "DROP TABLE mlsecops_answer; DROP TABLE mlsecops_trail",
    "DELETE FROM mlsecops_traced",
    "UPDATE mlsecops_traced SET sequence = 9000000000000000000",
    "UPDATE mlsecops_trail SET runs = -5, recent = 'x y z'",
    "UPDATE mlsecops_trail SET runs = 9000000000000000000",
    "UPDATE mlsecops_trail SET first = 'é', parent = 'é'",
)


@pytest.mark.parametrize("statement", BROKEN)
def test_a_gate_is_never_stopped_by_a_trace_that_fails(url: str, ledger: Ledger, statement: str) -> None:
    ledger.append(said(number=1, findings=(holds(),)))
    run(url, statement)
    entry = ledger.append(said(number=2, findings=(holds(),)))
    assert ledger.entry(entry.record.id) == entry
    assert ledger.head().sequence == 2


@pytest.mark.parametrize("change", ["runs = 'x'", "first = x'ff'", "recent = x'ff'", "last_sequence = 1.5"])
def test_a_gate_is_never_stopped_by_what_sqlite_lets_stand_in_a_row(
    sqlite_url: str, signer: PrivateKeySigner, keyring: Keyring, change: str
) -> None:
    with open_ledger(sqlite_url, signer=signer, keyring=keyring) as ledger:
        ledger.append(said(number=1, findings=(holds(),)))
        run(sqlite_url, f"UPDATE mlsecops_trail SET {change}")
        with pytest.raises(LedgerTampered):
            ledger.sighted(None)
        ledger.append(said(number=2, findings=(holds(),)))
        assert only(ledger.sighted(None)).runs == 1


def test_a_run_that_speaks_among_many_is_counted_once(ledger: Ledger) -> None:
    for number in range(64):
        ledger.append(said(number=number, run_id=f"r{number % 30}", findings=(holds(),)))
    assert only(ledger.sighted(ALL)).runs == 30


def test_a_role_that_may_only_add_keeps_the_trace_or_leaves_it(
    emptied_database: str, signer: PrivateKeySigner, keyring: Keyring
) -> None:
    import psycopg
    from sqlalchemy.engine import make_url

    from tests._postgres import plain
    from tests.ledger.test_grants import as_role

    open_ledger(emptied_database, signer=signer, keyring=keyring).close()
    theirs = make_url(emptied_database).set(username="adder").render_as_string(hide_password=False)
    with as_role(emptied_database, "adder"):
        with open_ledger(theirs, signer=signer, keyring=keyring) as ledger:
            ledger.append(said(number=1, findings=(holds(),)))
            assert ledger.traces_current()
        with psycopg.connect(plain(emptied_database), autocommit=True) as connection:
            connection.execute("REVOKE ALL ON mlsecops_trail FROM adder")
        with open_ledger(theirs, signer=signer, keyring=keyring) as ledger:
            ledger.append(said(number=2, findings=(holds(),)))
            assert ledger.overview(Asked(dags=ALL, today=date(2026, 11, 23))).current
    with open_ledger(emptied_database, signer=None, keyring=keyring) as ledger:
        assert not ledger.traces_current()
        assert ledger.bring_index_on() == 1
        assert only(ledger.sighted(ALL)).last_sequence == 2


def test_what_can_be_asked_for_is_what_may_be_seen(ledger: Ledger) -> None:
    for number, dag_id in enumerate(("churn", "payroll")):
        ledger.append(said(number=number, dag_id=dag_id, dataset=f"s3://{dag_id}", findings=(holds(dag_id.upper()),)))
    found = ledger.places(frozenset({"churn"}))
    assert (found.datasets, found.count, found.entities) == (("s3://churn",), 1, ("CHURN",))
    assert ledger.places(ALL).datasets == ("s3://payroll", "s3://churn")

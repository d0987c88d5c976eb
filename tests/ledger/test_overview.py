"""How datasets stand: counted as their records say, within the Dags that may be seen, on ledgers old and new."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from airflow_mlsecops.core.answer import Answer, Reply
from airflow_mlsecops.core.classification import How, Sighting
from airflow_mlsecops.core.errors import LedgerError
from airflow_mlsecops.core.finding import AppliedWaiver, Finding, Novelty, Status
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.record import Record, Run, record_id
from airflow_mlsecops.core.verdict import Gate, Outcome, Verdict
from airflow_mlsecops.ledger import Ledger, open_ledger
from airflow_mlsecops.ledger.keys import Keyring, PrivateKeySigner
from airflow_mlsecops.ledger.overview import Asked, Line, Overview
from airflow_mlsecops.ledger.standing import Mark, Standing
from tests.ledger.make import attacker

TODAY = date(2026, 11, 23)
START = datetime(2026, 11, 23, 6, tzinfo=UTC)
ALL = frozenset({"churn", "fraud", "payroll"})


def said(
    outcome: Outcome = Outcome.PASS,
    *,
    number: int,
    dataset: str = "s3://ml/churn",
    dag_id: str = "churn",
    run_id: str = "r1",
    task_id: str = "classify",
    map_index: int = -1,
    gate: Gate = Gate.CLASSIFY,
    environment: str = "prod",
    findings: tuple[Finding, ...] = (),
    **verdict: Any,
) -> Record:
    time = START + timedelta(seconds=number)
    return Record(
        id=record_id(time, (number % 2**64).to_bytes(10, "big")),
        time=time,
        environment=environment,
        producer="tests/1",
        run=Run(dag_id=dag_id, run_id=run_id, task_id=task_id, map_index=map_index),
        verdict=Verdict(gate=gate, outcome=outcome, dataset=dataset, uri=dataset, findings=findings, **verdict),
    )


def holds(entity: str = "EMAIL_ADDRESS", level: Level = Level.RESTRICTED, **more: Any) -> Finding:
    found = {"status": Status.PASS, "code": "ENTITY_ALLOWED", "subject": "contact", "reason": "it may", **more}
    return Finding(entity=entity, level=level, **found)


def waived(until: date) -> Finding:
    waiver = AppliedWaiver(id="W", approved_by="sec", until=until, reason="migration")
    return holds(status=Status.FAIL, code="ENTITY_NOT_ALLOWED", waiver=waiver)


def look(ledger: Ledger, dags: frozenset[str] = ALL, **asked: Any) -> Overview:
    return ledger.overview(Asked(dags=dags, today=TODAY, **asked))


def only(ledger: Ledger, **asked: Any) -> Line:
    (line,) = look(ledger, **asked).lines
    return line


def test_an_empty_ledger_has_nothing(ledger: Ledger) -> None:
    found = look(ledger)
    assert (found.counts.total, found.lines, found.days, found.current) == (0, (), (), True)


def test_a_line_is_told_by_the_worst_gate_of_the_newest_run(ledger: Ledger) -> None:
    ledger.append(said(Outcome.FAIL, number=1, run_id="r0"))
    ledger.append(said(number=2))
    failed = ledger.append(said(Outcome.UNKNOWN, number=3, task_id="may", gate=Gate.ACCESS))
    ledger.append(said(Outcome.FAIL, number=4, task_id="train", gate=Gate.SEAL))
    line = only(ledger)
    assert (line.mark, [run.mark for run in line.strip]) == (Mark.FAIL, [Mark.FAIL, Mark.FAIL])
    ledger.append(said(number=5, task_id="train", gate=Gate.SEAL))
    line = only(ledger)
    assert (line.mark, line.entry) == (Mark.UNKNOWN, failed)


def test_a_gate_is_told_before_the_seal_that_waits_for_it(ledger: Ledger) -> None:
    ledger.append(said(Outcome.FAIL, number=1, task_id="train", gate=Gate.SEAL))
    gate = ledger.append(said(Outcome.FAIL, number=2))
    assert only(ledger).entry == gate


def test_another_attempt_replaces_a_verdict_another_partition_does_not(ledger: Ledger) -> None:
    ledger.append(said(Outcome.FAIL, number=1, map_index=0))
    ledger.append(said(number=2, map_index=1))
    assert only(ledger).mark == Mark.FAIL
    ledger.append(said(number=3, map_index=0))
    assert only(ledger).mark == Mark.PASS


def test_a_gate_that_waits_for_people_stands_as_failed_until_it_passes(ledger: Ledger) -> None:
    failed = ledger.append(said(Outcome.FAIL, number=1, findings=(holds(status=Status.FAIL, code="ENTITY_NEW"),)))
    for number, reply in enumerate((Reply.ASKED, Reply.REFUSED, Reply.ASKED, Reply.GRANTED), start=2):
        answer = Answer(reply=reply, stopped=failed.record.id)
        ledger.append(said(Outcome.FAIL, number=number, gate=Gate.APPROVAL, answer=answer))
        assert (only(ledger).mark, only(ledger).entry.sequence) == (Mark.FAIL, failed.sequence)
    ledger.append(said(number=6, findings=(waived(TODAY + timedelta(days=60)),)))
    assert only(ledger).mark is Mark.WAIVED
    assert ledger.verify().ok


def test_a_question_of_a_run_that_is_not_kept_is_a_failure(ledger: Ledger) -> None:
    answer = Answer(reply=Reply.ASKED, stopped="0" * 32)
    ledger.append(said(Outcome.FAIL, number=1, gate=Gate.APPROVAL, answer=answer))
    assert only(ledger).mark is Mark.FAIL


def test_of_more_tasks_than_are_kept_the_worst_stays(ledger: Ledger) -> None:
    standing = Standing()
    for number in range(100):
        standing.take(said(Outcome.UNKNOWN, number=number, map_index=number), number + 1)
    standing.take(said(Outcome.FAIL, number=100, map_index=100), 101)
    for number in range(101):
        standing.take(said(number=200 + number, map_index=number), 200 + number)
    assert standing.newest.mark == Mark.FAIL
    assert len(standing.dump()) < 10_000


def test_only_the_last_runs_are_kept(ledger: Ledger) -> None:
    for number in range(20):
        ledger.append(said(Outcome.FAIL if number < 19 else Outcome.PASS, number=number, run_id=f"r{number}"))
    assert [run.mark for run in only(ledger).strip] == [Mark.FAIL] * 13 + [Mark.PASS]


def test_classes_are_those_of_the_newest_scan_with_the_day_they_came(ledger: Ledger) -> None:
    email, phone = holds(), holds("PHONE_NUMBER", Level.CONFIDENTIAL, novelty=Novelty.NEW)
    ledger.append(said(number=-86_400 * 3, findings=(email,), run_id="r0"))
    ledger.append(said(Outcome.FAIL, number=2, findings=(email, phone)))
    line = only(ledger)
    assert [(seen.entity, seen.new, seen.since) for seen in line.seen] == [
        ("PHONE_NUMBER", True, "2026-11-23"),
        ("EMAIL_ADDRESS", False, "2026-11-20"),
    ]
    assert line.level == Level.RESTRICTED
    ledger.append(said(number=3, run_id="r2", sightings=(Sighting(column="x", entity="IP", rows=1, how=How.PATTERN),)))
    assert [seen.entity for seen in only(ledger).seen] == ["IP"]
    ledger.append(said(number=4, run_id="r3"))
    assert (only(ledger).seen, only(ledger).level) == ((), Level.PUBLIC)
    ledger.append(said(number=5, gate=Gate.ACCESS, dataset="s3://ml/unscanned"))
    assert only(ledger, text="unscanned").level is None


def test_a_waiver_that_ends_soon_is_ending(ledger: Ledger) -> None:
    for days, name in ((15, "later"), (14, "soon"), (-1, "over")):
        finding = waived(TODAY + timedelta(days=days))
        ledger.append(said(number=days + 5, dataset=f"s3://ml/{name}", findings=(finding,)))
    found = look(ledger)
    assert (found.counts.ending, found.counts.passing, found.counts.fail) == (2, 3, 0)
    assert {line.dataset for line in found.first} == {"s3://ml/soon", "s3://ml/over"}
    assert {line.dataset for line in look(ledger, shown="ending").lines} == {"s3://ml/soon", "s3://ml/over"}
    assert look(ledger, shown="waived").found == 3


def test_what_needs_somebody_comes_first_then_risk(ledger: Ledger) -> None:
    for number, (outcome, level) in enumerate(
        [
            (Outcome.PASS, Level.RESTRICTED),
            (Outcome.UNKNOWN, Level.RESTRICTED),
            (Outcome.FAIL, Level.INTERNAL),
            (Outcome.FAIL, Level.CONFIDENTIAL),
            (Outcome.PASS, Level.PUBLIC),
        ]
    ):
        ledger.append(said(outcome, number=number, dataset=f"s3://ml/{number}", findings=(holds(level=level),)))
    found = look(ledger)
    assert [line.dataset[-1] for line in found.first] == ["3", "2", "1"]
    assert [line.dataset[-1] for line in found.lines] == ["1", "0", "3", "2", "4"]


def test_pages_are_cut_without_loss(ledger: Ledger) -> None:
    for number in range(7):
        ledger.append(said(number=number, dataset=f"s3://ml/{number}"))
    pages = [look(ledger, page=page, size=3) for page in (1, 2, 3, 4)]
    assert [len(page.lines) for page in pages] == [3, 3, 1, 0]
    assert len({line.dataset for page in pages for line in page.lines}) == 7
    assert {page.found for page in pages} == {7}


FILTERS: list[tuple[dict[str, Any], set[str]]] = [
    ({"text": "CHURN"}, {"s3://ml/churn"}),
    ({"text": "amount"}, {"s3://ml/fraud"}),
    ({"text": "fraud"}, {"s3://ml/fraud"}),
    ({"text": "%"}, set()),
    ({"text": "_l/c"}, set()),
    ({"text": "nothing"}, set()),
    ({"shown": "fail"}, {"s3://ml/fraud"}),
    ({"shown": "unknown"}, set()),
    ({"shown": "pass"}, {"s3://ml/churn"}),
    ({"shown": "observed"}, {"s3://ml/fraud"}),
    ({"level": "restricted"}, {"s3://ml/churn"}),
    ({"level": "public"}, set()),
    ({"entity": "EMAIL_ADDRESS"}, {"s3://ml/churn"}),
    ({"entity": "EMAIL"}, set()),
    ({"dag_id": "fraud"}, {"s3://ml/fraud"}),
    ({"dag_id": "frau"}, set()),
    ({"environment": "stage"}, {"s3://ml/fraud"}),
    ({"environment": "stage", "shown": "pass"}, set()),
]


@pytest.mark.parametrize("size", [1, 25])
def test_filters_find_what_fits(ledger: Ledger, size: int) -> None:
    ledger.append(said(number=1, findings=(holds(),)))
    ledger.append(
        said(
            Outcome.FAIL,
            number=2,
            dataset="s3://ml/fraud",
            dag_id="fraud",
            environment="stage",
            enforced=False,
            findings=(holds("IBAN", Level.CONFIDENTIAL, subject="amount"),),
        )
    )
    for asked, expected in FILTERS:
        found = look(ledger, size=size, **asked)
        assert ({line.dataset for line in found.lines}, found.found, asked) == (expected, len(expected), asked)
        assert found.counts.total == 2
    assert look(ledger).observing == {"stage": 1}


def test_the_worst_of_several_dags_counts_and_each_sees_its_own(ledger: Ledger) -> None:
    ledger.append(said(Outcome.FAIL, number=1, dag_id="payroll", findings=(holds("SALARY"),)))
    ledger.append(said(number=2, dag_id="churn", findings=(holds(level=Level.INTERNAL),)))
    both, own = look(ledger), look(ledger, frozenset({"churn"}))
    assert [(line.mark, line.dag_id, line.others) for line in both.lines] == [(Mark.FAIL, "payroll", 1)]
    # The newer pass of another Dag is not drawn beside the failure, and so is its moment.
    assert [(run.mark, run.time) for line in both.lines for run in line.strip] == [(Mark.FAIL, both.lines[0].scanned)]
    assert both.lines[0].time == both.lines[0].scanned < own.lines[0].scanned
    (line,) = own.lines
    assert (line.mark, line.dag_id, line.others, line.level) == (Mark.PASS, "churn", 0, Level.INTERNAL)
    assert [seen.entity for seen in line.seen] == ["EMAIL_ADDRESS"]
    assert len(line.strip) == 1
    assert (own.counts.fail, own.days[0].failed, own.choices.dags) == (0, 0, ("churn",))
    assert own.choices.entities == ("EMAIL_ADDRESS",)
    assert look(ledger, frozenset({"churn"}), dag_id="payroll").found == 0
    assert look(ledger, frozenset({"churn"}), text="payroll").found == 0
    assert look(ledger, frozenset()).counts.total == 0


def test_observed_is_only_what_nothing_stops(ledger: Ledger) -> None:
    ledger.append(said(Outcome.FAIL, number=1, dag_id="payroll", enforced=False))
    assert only(ledger).observed
    ledger.append(said(Outcome.FAIL, number=2, dag_id="churn"))
    assert not only(ledger).observed
    assert look(ledger).counts.observed == 0


def test_days_say_what_gates_said_and_took(ledger: Ledger) -> None:
    ledger.append(said(number=-86_400 * 31, run_id="old"))
    ledger.append(said(number=1, seconds=1.5, bytes_read=100))
    ledger.append(said(Outcome.FAIL, number=2, task_id="may", gate=Gate.ACCESS, seconds=0.25))
    ledger.append(said(Outcome.UNKNOWN, number=3, run_id="r2", enforced=False))
    (day,) = look(ledger).days
    assert (day.runs, day.passed, day.failed, day.unknown, day.observed) == (2, 1, 1, 1, 1)
    assert (day.bytes, day.milliseconds) == (100, 1750)


# --- ledgers that were made before, or by others ---------------------------------------------------------------------

OLD = "DROP TABLE mlsecops_standing; DROP TABLE mlsecops_state; DROP TABLE mlsecops_day; DROP TABLE mlsecops_indexed"


def fill(ledger: Ledger, many: int, seed: int = 1) -> None:
    chance = random.Random(seed)
    for number in range(many):
        ledger.append(
            said(
                chance.choice(list(Outcome)),
                number=number * 5_000,
                dataset=f"s3://ml/{chance.randrange(5)}",
                dag_id=chance.choice(sorted(ALL)),
                run_id=f"r{number // 6}",
                task_id=chance.choice("abc"),
                gate=chance.choice(list(Gate)),
                enforced=chance.random() < 0.7,
                findings=chance.choice([(), (holds(),), (waived(TODAY),)]),
                seconds=chance.random(),
                bytes_read=chance.randrange(1000),
            )
        )


def run(url: str, statements: str) -> None:
    with attacker(url) as connection:
        for statement in statements.split(";"):
            connection.execute(statement)


@pytest.fixture
def opened_again(url: str, ledger: Ledger, signer: PrivateKeySigner, keyring: Keyring) -> Any:
    """Opens the ledger once more, after something was done to its tables."""

    def again(statements: str = "", **more: Any) -> Ledger:
        if statements:
            run(url, statements)
        return open_ledger(url, **({"signer": signer, "keyring": keyring} | more))

    return again


def test_an_old_ledger_gets_an_index_as_it_is_used(ledger: Ledger, opened_again: Any) -> None:
    fill(ledger, 120)
    expected = look(ledger)
    with opened_again(OLD) as old:
        assert (look(old).counts.total, look(old).current) == (0, False)
        old.append(said(number=10_000_000, dataset="s3://ml/0", run_id="new"))
        assert not look(old).current
        while old.bring_index_on(30):
            pass
        assert look(old).current
        assert look(old, text="s3://ml/1").lines == look(ledger, text="s3://ml/1").lines
        assert look(old).counts.total == expected.counts.total


def test_index_and_chain_agree_however_it_was_made(ledger: Ledger, opened_again: Any) -> None:
    fill(ledger, 60)
    codes = {problem.code for problem in ledger.verify().problems}
    assert codes == set()
    with opened_again(
        "UPDATE mlsecops_indexed SET sequence = 0; DELETE FROM mlsecops_standing; DELETE FROM mlsecops_state; DELETE FROM mlsecops_day"
    ) as again:
        while again.bring_index_on(7):
            assert {problem.code for problem in again.verify().problems} <= {"NOT_APPEND_ONLY"}


TAMPERED = (
    "UPDATE mlsecops_standing SET mark = 3 WHERE mark = 0",
    "DELETE FROM mlsecops_standing WHERE dag_id = 'payroll'",
    "UPDATE mlsecops_state SET state = 'x'",
    "UPDATE mlsecops_day SET failed = 0",
    "DELETE FROM mlsecops_day",
)


@pytest.mark.parametrize("statement", TAMPERED)
def test_verify_names_an_index_that_was_changed(url: str, ledger: Ledger, statement: str) -> None:
    fill(ledger, 40)
    run(url, statement)
    told = {problem.code: problem.detail for problem in ledger.verify().problems}
    assert "ledger index --anew" in told["INDEX_MISMATCH"]
    ledger.begin_index_anew()
    while ledger.bring_index_on(most=7):
        pass
    assert "INDEX_MISMATCH" not in {problem.code for problem in ledger.verify().problems}
    assert look(ledger).current


def test_a_gate_is_never_stopped_by_an_index_that_was_changed(url: str, ledger: Ledger) -> None:
    ledger.append(said(Outcome.FAIL, number=1))
    for state in (
        "",
        "[]",
        "null",
        '[1,"",[["r1","t",{"a":["x",1,true,false,""]}]],"","",{},{},[]]',
        "[1,2,3,4,5,6,7,8]",
        "[" * 100_000,
        '[1e999,"",[],"","",{},{},[]]',
        '[1,"",[["r1","t",1,{"a":[0,99999999999999999999,true,false,""]}]],"","",{},{},[]]',
        '[1,"",[["r1","t",1,{}]],"","",{"a":{"X":[9,true]}},{},[]]',
        '[1,"",[["r1","t",1,{}]],"","",{},{},[7,"x"]]',
    ):
        run(url, f"UPDATE mlsecops_state SET state = '{state}'")
        number = 10 + len(state)
        entry = ledger.append(said(Outcome.UNKNOWN, number=number))
        assert ledger.entry(entry.record.id) == entry


def test_a_line_whose_record_does_not_verify_has_none(url: str, ledger: Ledger) -> None:
    ledger.append(said(Outcome.FAIL, number=1))
    run(url, "UPDATE mlsecops_record SET outcome = 'pass'")
    assert only(ledger).entry is None


def test_a_line_that_says_better_than_its_record_has_none(url: str, ledger: Ledger) -> None:
    ledger.append(said(Outcome.FAIL, number=1))
    run(url, "UPDATE mlsecops_standing SET mark = 3")
    assert only(ledger).entry is None


def test_hostile_names_are_stored_everywhere(ledger: Ledger) -> None:
    for number, column in enumerate(["\0", "<img src=x>", "\u202e", "x" * 10_000, "😀"]):
        sighting = Sighting(column=column, entity="EMAIL_ADDRESS", rows=1, how=How.VALIDATED)
        ledger.append(said(number=number, dataset=f"s3://ml/{number}", sightings=(sighting,)))
    assert look(ledger, text="<IMG").found == 1
    assert ledger.verify().ok


def test_a_role_that_may_only_add_keeps_the_index_or_leaves_it(
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
            ledger.append(said(number=1))
            assert look(ledger).current
        with psycopg.connect(plain(emptied_database), autocommit=True) as connection:
            connection.execute(
                "REVOKE ALL ON mlsecops_standing, mlsecops_state, mlsecops_day, mlsecops_indexed FROM adder"
            )
        with open_ledger(theirs, signer=signer, keyring=keyring) as ledger:
            entry = ledger.append(said(number=2))
            assert ledger.entry(entry.record.id) == entry
            assert ledger.bring_index_on() == 0
    with open_ledger(emptied_database, signer=None, keyring=keyring) as ledger:
        assert not look(ledger).current
        assert ledger.bring_index_on() == 1
        assert look(ledger).current


def test_a_ledger_without_index_says_so(emptied_database: str, signer: PrivateKeySigner, keyring: Keyring) -> None:
    import psycopg
    from sqlalchemy.engine import make_url

    from tests._postgres import plain
    from tests.ledger.test_grants import as_role

    open_ledger(emptied_database, signer=signer, keyring=keyring).close()
    theirs = make_url(emptied_database).set(username="adder").render_as_string(hide_password=False)
    with as_role(emptied_database, "adder"):
        with psycopg.connect(plain(emptied_database), autocommit=True) as connection:
            connection.execute(OLD)
        with open_ledger(theirs, signer=signer, keyring=keyring) as ledger:
            ledger.append(said(number=1))
            with pytest.raises(LedgerError) as caught:
                look(ledger)
    assert caught.value.code == "INDEX_ABSENT"

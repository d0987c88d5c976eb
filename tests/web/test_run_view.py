"""What the page says, by what the ledger holds: no server, no template."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_mlsecops.core.answer import Answer, Reply
from airflow_mlsecops.core.classification import Skipped
from airflow_mlsecops.core.finding import Finding, Novelty, Severity, Status
from airflow_mlsecops.core.treatment import Treated
from airflow_mlsecops.core.verdict import Gate, Outcome, Verdict
from airflow_mlsecops.web import sentences
from airflow_mlsecops.web.card import Card
from airflow_mlsecops.web.line import plain
from airflow_mlsecops.web.looked import rows
from airflow_mlsecops.web.run_view import RunView, run_view
from tests.web import scene

FAILED = scene.CLASSIFY_FEATURES
UNKNOWN = scene.MAY_TRAIN
PASSED = scene.CLEAN
SEAL_OPEN = scene.PASSED[-1][1]
SEAL_SHUT = scene.RETRAIN


def observed(verdict: Verdict) -> Verdict:
    return verdict.model_copy(update={"enforced": False})


def view(*tasks: tuple[str, Verdict], **more: Any) -> RunView:
    entries = [scene.entry(number, task, said, **more) for number, (task, said) in enumerate(tasks, start=1)]
    return run_view(scene.DAG, scene.RUN, reversed(entries), titles=scene.TITLES)


def only(verdict: Verdict, **more: Any) -> Card:
    (card,) = view(("task", verdict), **more).cards
    return card


LEADS = (
    ([FAILED], "fail", "Stopped. 1 gate failed."),
    ([FAILED, FAILED], "fail", "Stopped. 2 gates failed."),
    ([UNKNOWN], "unknown", "Stopped. 1 gate could not tell."),
    ([UNKNOWN, UNKNOWN], "unknown", "Stopped. 2 gates could not tell."),
    ([PASSED, FAILED, UNKNOWN], "fail", "Stopped. 1 gate failed and 1 could not tell."),
    ([PASSED, FAILED, SEAL_SHUT], "fail", "Stopped. 1 gate failed, so t3 did not run."),
    ([UNKNOWN, SEAL_SHUT, SEAL_SHUT], "unknown", "Stopped. 1 gate could not tell, so t2 and t3 did not run."),
    ([PASSED, SEAL_SHUT], "fail", "Stopped. t2 did not run: the ledger does not prove its data."),
    ([SEAL_SHUT], "fail", "Stopped. t1 did not run: the ledger does not prove its data."),
    ([PASSED], "pass", "The gate that has spoken passed."),
    ([PASSED, PASSED], "pass", "All 2 gates that have spoken passed."),
    ([PASSED, SEAL_OPEN], "pass", "The gate passed, so t2 could run."),
    ([PASSED, PASSED, SEAL_OPEN], "pass", "All 2 gates passed, so t3 could run."),
    ([SEAL_OPEN], "pass", "t1 could run: the ledger proves its data."),
    ([observed(PASSED)], "pass", "The gate that has spoken passed."),
    (
        [observed(FAILED), observed(PASSED)],
        "observed",
        "Observe mode: nothing was stopped. 1 gate failed; in enforce mode this run would have stopped.",
    ),
    (
        [observed(PASSED), observed(SEAL_SHUT)],
        "observed",
        "Observe mode: nothing was stopped. In enforce mode this run would have stopped.",
    ),
    ([observed(FAILED), UNKNOWN], "unknown", "Stopped. 1 gate could not tell."),
)


@pytest.mark.parametrize(("verdicts", "kind", "head"), LEADS, ids=[head for _, _, head in LEADS])
def test_the_note_that_leads_the_page(verdicts: list[Verdict], kind: str, head: str) -> None:
    lead = view(*((f"t{number}", verdict) for number, verdict in enumerate(verdicts, start=1))).lead
    assert lead is not None
    assert (lead.kind, plain(lead.head)) == (kind, head)


def test_no_record_no_lead() -> None:
    assert view().lead is None


def test_a_failure_is_fixed_before_an_unknown_that_spoke_earlier() -> None:
    lead = view(("first", UNKNOWN), ("second", FAILED)).lead
    assert lead is not None
    assert plain(lead.then) == "First fix second: column contact_hint holds e-mail addresses."


def test_the_newest_attempt_of_each_task_and_map_index() -> None:
    entries = [
        scene.entry(1, "gate", FAILED, map_index=0),
        scene.entry(2, "gate", FAILED, map_index=1),
        scene.entry(3, "other", UNKNOWN),
        scene.entry(4, "gate", PASSED, map_index=0, try_number=2),
        scene.entry(5, "gate", PASSED, map_index=0, try_number=3),
    ]
    shown = run_view(scene.DAG, scene.RUN, entries, titles={})
    assert [(card.task, card.mark, card.attempts) for card in shown.cards] == [
        ("gate [0]", "pass", "2 earlier attempts"),
        ("gate [1]", "fail", ""),
        ("other", "unknown", ""),
    ]


def test_a_newer_failure_is_never_hidden_by_an_older_pass() -> None:
    assert view(("gate", PASSED), ("gate", FAILED)).cards[0].mark == "fail"


def test_a_seal_and_a_gate_of_the_same_task_are_both_shown() -> None:
    assert [card.sealed for card in view(("gate", SEAL_SHUT), ("gate", PASSED)).cards] == [False, True]


MARKS = (
    (FAILED, "fail", "Fail"),
    (UNKNOWN, "unknown", "Unknown"),
    (PASSED, "pass", "Pass"),
    (SEAL_SHUT, "none", "Did not run"),
    (SEAL_OPEN, "pass", "Pass"),
    (observed(SEAL_SHUT), "fail", "Fail"),
    (scene.verdict(Gate.SEAL, scene.BUCKET), "none", "Did not run"),
    (scene.verdict(Gate.CLASSIFY, scene.PHONE, **scene.read()), "pass", "Pass (1 waived)"),
    (scene.verdict(Gate.ISOLATION), "unknown", "Unknown"),
)


@pytest.mark.parametrize(("verdict", "mark", "word"), MARKS, ids=range(len(MARKS)))
def test_marks(verdict: Verdict, mark: str, word: str) -> None:
    card = only(verdict)
    assert (card.mark, card.word) == (mark, word)


NOT_LOOKED_AT: tuple[tuple[Verdict, str], ...] = (
    (PASSED, "Nothing left out. All 1,048,576 rows and all columns were read."),
    (PASSED.model_copy(update={"rows_present": None}), "Nothing left out. All 1,048,576 rows and all columns were read."),
    (PASSED.model_copy(update={"rows_scanned": 1, "rows_present": 1}), "Nothing left out. The only row and all columns were read."),
    (PASSED.model_copy(update={"rows_scanned": 5}), "5 of 1,048,576 rows were read."),
    (PASSED.model_copy(update={"rows_scanned": 0, "rows_present": 0}), "Nothing was read."),
    (PASSED.model_copy(update={"columns": 0}), "Nothing was read."),
    (scene.verdict(Gate.ACCESS, scene.ALLOWED), "Nothing left out. Every question was answered."),
    (scene.verdict(Gate.ISOLATION), "Nothing was asked."),
    (scene.verdict(Gate.ISOLATION, scene.check("A-1", Status.NOT_APPLICABLE)), "Nothing was asked."),
    (scene.ISOLATION, "VPC endpoint: egress was not observed"),
)  # fmt: skip


@pytest.mark.parametrize(("verdict", "said"), NOT_LOOKED_AT, ids=range(len(NOT_LOOKED_AT)))
def test_what_was_not_looked_at(verdict: Verdict, said: str) -> None:
    blind = only(verdict).blind
    assert [*map(plain, blind.lines), *([blind.complete] if blind.complete else [])] == [said]


def test_one_thing_skipped_and_nothing_is_called_complete() -> None:
    skipped = tuple(Skipped(code="UNREADABLE_CELLS", detail=f"cell {number}") for number in range(30))
    blind = only(PASSED.model_copy(update={"not_looked_at": skipped})).blind
    assert blind.complete == ""
    assert len(blind.lines) == 21
    assert plain(blind.lines[-1]) == "and 10 more; the JSON has all of them"


SAID: tuple[tuple[Finding, str], ...] = (
    (scene.EMAIL, "Column contact_hint holds e-mail addresses. This dataset may not hold them."),
    (
        scene.EMAIL.model_copy(update={"code": "ENTITY_NEW"}),
        "Column contact_hint holds e-mail addresses. No passing run had them in this column before.",
    ),
    (scene.EMAIL.model_copy(update={"entity": "NO_TITLE_KNOWN"}), "Column contact_hint holds NO_TITLE_KNOWN. This dataset may not hold them."),
    (scene.check("A-1", Status.FAIL, reason="the job reaches the internet"), "The job reaches the internet."),
    (scene.check("A-1", Status.UNKNOWN, reason="no permission."), "Could not tell: no permission."),
)  # fmt: skip


@pytest.mark.parametrize(("finding", "said"), SAID, ids=range(len(SAID)))
def test_the_sentence(finding: Finding, said: str) -> None:
    assert plain(sentences.say(finding, scene.TITLES)) == said


PLURALS = (
    ("e-mail address", "e-mail addresses"),
    ("phone number", "phone numbers"),
    ("date of birth", "dates of birth"),
    ("private key", "private keys"),
    ("nationality", "nationalities"),
    ("tax", "taxes"),
    ("IBAN", "IBANs"),
    ("US_SSN", "US_SSN"),
)


@pytest.mark.parametrize(("one", "many"), PLURALS)
def test_more_than_one(one: str, many: str) -> None:
    assert sentences.plural(one) == many


def test_the_reason_of_a_parent_is_told_once() -> None:
    pairs = {pair.label: plain(pair.line) for pair in only(FAILED).told.pairs}
    assert "97 %" in pairs["Comes from"]
    assert pairs["Rule"] == "Not allowed in stage features: policy.yaml:14."


@pytest.mark.parametrize(
    ("novelty", "start"), [(Novelty.NEW, "Yes."), (Novelty.FIRST_SEEN, "First seen."), (Novelty.KNOWN, "No.")]
)
def test_news(novelty: Novelty, start: str) -> None:
    pairs = sentences.pairs(scene.EMAIL.model_copy(update={"novelty": novelty}), {})
    assert plain(next(pair.line for pair in pairs if pair.label == "New")).startswith(start)


def test_the_command_names_the_record() -> None:
    accept = scene.EMAIL.model_copy(update={"remedy": "run `airflow-mlsecops accept RECORD`"})
    card = only(scene.verdict(Gate.CLASSIFY, accept, **scene.read()))
    assert plain(card.told.todo[0]) == f"Run airflow-mlsecops accept {card.proof.id}."


def test_of_many_strangers_the_finding_that_counts_them_speaks_and_its_commands_can_be_run() -> None:
    said = scene.verdict(Gate.ACCESS, *scene.strangers(15, "GRANT a", "REVOKE b"), dataset=scene.CRM)
    shown = view(("may_train", said))
    (card,) = shown.cards
    counted = "18 principals can read it, or may; the policy does not list 15 of them."
    assert (plain(shown.lead.then), plain(card.told.say)) == (f"First fix may_train: {counted}", counted.capitalize())
    assert len(card.rows) == 15
    assert {row.kind for row in card.rows} == {"READER_NOT_ALLOWED"}
    todo = card.told.todo
    assert [span.text for step in todo for span in step if span.kind == "commands"] == ["GRANT a;\nREVOKE b;"]
    assert [plain(step).split()[0] for step in todo] == ["airflow-mlsecops", "Or", "Then"]


def test_what_a_rule_denies_goes_before_strangers() -> None:
    denied = scene.check(
        "PURPOSE_NOT_DECLARED", Status.FAIL, reason="no", remedy="declare it", severity=Severity.CRITICAL
    )
    card = only(scene.verdict(Gate.ACCESS, denied, *scene.strangers(2, "rm a")))
    assert plain(card.told.say) == "No."
    assert plain(card.told.todo[0]) == "Declare it."


def test_commands_of_a_shell_end_by_themselves() -> None:
    card = only(scene.verdict(Gate.ACCESS, *scene.strangers(2, "chmod o-r -- a"), dataset="file:///lake/a"))
    assert [span.text for step in card.told.todo for span in step if span.kind == "commands"] == ["chmod o-r -- a"]


@pytest.mark.parametrize("bad", ["x" * 2_001, "REVOKE \u202e", "REVOKE a\nGRANT b"])
def test_a_command_that_cannot_be_shown_ends_those_that_are(bad: str) -> None:
    card = only(scene.verdict(Gate.ACCESS, *scene.strangers(2, "one", bad, "three"), dataset=scene.CRM))
    assert [span.text for span in card.told.todo[0] if span.kind == "commands"] == ["one;"]
    assert plain(card.told.todo[0]).endswith(" 2 more cannot be shown here; the JSON has all of them.")


def test_no_more_commands_than_one_reads() -> None:
    card = only(scene.verdict(Gate.ACCESS, *scene.strangers(2, *map(str, range(60))), dataset=scene.CRM))
    assert " 10 more cannot be shown here" in plain(card.told.todo[0])


def test_a_mapped_task_is_cleared_by_its_own_page() -> None:
    links = [span.href for step in only(UNKNOWN, map_index=3).told.todo for span in step if span.kind == "airflow"]
    assert links == ["dags/churn/runs/scheduled__2026-11-23T06%3A00%3A00%2B00%3A00/tasks/task/mapped/3"]


@pytest.mark.parametrize(("share", "bar"), [(1.0, 160), (0.0002, 61), (0.000001, 1), (0.0, 0)])
def test_one_row_in_a_million_still_shows(share: float, bar: int) -> None:
    finding = scene.POSTCODE.model_copy(update={"rows": round(share * 10_000_000), "of": 10_000_000})
    (row,) = rows(scene.verdict(Gate.CLASSIFY, finding, outcome=Outcome.PASS), {})
    assert row.bar == bar


def test_a_table_is_cut_and_says_so() -> None:
    many = [scene.EMAIL.model_copy(update={"subject": f"c{number:03}"}) for number in range(80)]
    card = only(scene.verdict(Gate.CLASSIFY, *many, **scene.read()))
    assert (len(card.rows), card.more_rows) == (50, 29)


def test_a_local_key_is_called_one() -> None:
    assert only(PASSED, key_id="local-3f").proof.local
    assert not only(PASSED, key_id="ml-prod-1").proof.local


def residue() -> Verdict:
    left = scene.PHONE.model_copy(
        update={"code": "RESIDUE", "waiver": None, "reason": "0.40 % of the rows still hold it"}
    )
    return FAILED.model_copy(update={"gate": Gate.SANITIZE, "asked": "from s3://crm/raw", "findings": (left,)})


def test_what_is_left_after_sanitizing_is_told_and_the_sanitizer_runs_again() -> None:
    card = only(residue())
    assert plain(card.told.say).endswith("They were to be removed.")
    assert plain(card.about) == f"Made harmless: {scene.FEATURES}, partition 2026-11-23/, from s3://crm/raw"
    assert [span.text for step in card.told.todo for span in step if span.kind == "airflow"] == [card.task]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ((), "There was nothing to remove. All that was written was scanned once more."),
        (("mail",), "1 column made harmless. All that was written was scanned once more."),
        (("mail", "mail", "ssn"), "2 columns made harmless. All that was written was scanned once more."),
    ],
)
def test_what_was_sanitized_in_a_sentence(columns: tuple[str, ...], said: str) -> None:
    treated = tuple(Treated(column=column, entities=("X",), transformation="drop") for column in columns)
    done = PASSED.model_copy(update={"gate": Gate.SANITIZE, "findings": (), "treated": treated})
    assert plain(only(done).told.say) == said


def test_a_validation_says_what_it_asked() -> None:
    card = only(PASSED.model_copy(update={"gate": Gate.VALIDATE}))
    assert plain(card.about) == f"Does {scene.FEATURES} meet what is expected of it"


HELD = scene.verdict(Gate.SEAL, scene.check("SEAL_HELD", subject=scene.FEATURES))
CHANGED = scene.verdict(
    Gate.SEAL,
    scene.check(
        "CHANGED_DURING_TRAINING", Status.FAIL, subject=scene.FEATURES, remedy="let the data rest",
        reason="the data changed while the task used it: nobody knows which of it was used",
    ),
)  # fmt: skip


def test_a_task_that_ran_is_told_once_and_as_having_run() -> None:
    before, after = SEAL_OPEN, HELD
    (card,) = view(("train", before), ("train", after)).cards
    assert (card.mark, card.attempts) == ("pass", "")
    assert plain(card.told.say) == "It ran, and its data is still what had passed when it began."


def test_a_task_whose_data_changed_is_no_task_that_did_not_run() -> None:
    page = view(("train", SEAL_OPEN), ("train", CHANGED))
    assert page.lead is not None
    assert plain(page.lead.head) == "Failed. train ran on data that nobody can vouch for: do not use what it made."
    (card,) = page.cards
    assert (card.mark, card.word) == ("fail", "Fail")
    assert plain(card.told.say).startswith("The data changed while the task used it")


def test_a_seal_that_its_own_worker_holds_waits_for_no_gate() -> None:
    host = scene.check("RUNTIME_HOST", Status.FAIL, subject="host", reason="the worker's host is not one of them")
    (card,) = view(("train", scene.verdict(Gate.SEAL, host))).cards
    assert (card.word, plain(card.told.say)) == ("Did not run", "The worker's host is not one of them.")


def test_a_seal_whose_job_reads_something_else_says_so() -> None:
    other = scene.check(
        "SEAL_OTHER_INPUT", Status.FAIL, subject="s3://ml-prod/raw/", reason="the job reads what is not sealed"
    )
    (card,) = view(("train", scene.verdict(Gate.SEAL, other))).cards
    assert plain(card.told.say) == "The job reads what is not sealed."


def asked(reply: Reply, **more: Any) -> Verdict:
    answer = Answer(reply=reply, stopped="0" * 32, approvers=("bob", "<img src=x>"), requested_by=("alice",), **more)
    return FAILED.model_copy(update={"gate": Gate.APPROVAL, "outcome": Outcome.FAIL, "answer": answer})


def test_what_people_were_asked_and_answered_stands_in_the_gates_card() -> None:
    granted = asked(Reply.GRANTED, answered_by="bob", reason="a pilot", until=scene.START.date())
    seen = view(
        ("classify", FAILED), ("classify", asked(Reply.ASKED, deadline=scene.START)),
        ("classify", asked(Reply.REFUSED, answered_by="mallory", reason="mallory may not answer")), ("classify", granted),
    )  # fmt: skip
    (card,) = seen.cards
    assert (card.mark, card.attempts) == ("fail", "")
    assert seen.lead is not None
    assert seen.lead.kind == "fail"
    told = [plain(one).partition(": ")[2] for one in card.answers]
    assert told == [
        "Asked bob, <img src=x> to approve it by 2026-11-23 06:02 UTC.",
        "Refused an answer by mallory, because: mallory may not answer",
        "Approved by bob until 2026-11-23, because: a pilot",
    ]


def test_a_waiver_that_ended_is_said_as_expired() -> None:
    ended = scene.PHONE.waiver
    expired = scene.PHONE.model_copy(update={"waiver": None, "ended": ended})
    worst = only(scene.verdict(Gate.CLASSIFY, expired))
    assert worst.told.pairs[0].label == "Expired"
    assert "crm-security" in plain(worst.told.pairs[0].line)
    beside = [
        row for row in rows(scene.verdict(Gate.CLASSIFY, scene.EMAIL, expired), scene.TITLES) if row.word == "Expired"
    ]
    assert len(beside) == 1

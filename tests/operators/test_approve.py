"""A gate that asks people: who may answer, what an answer is good for, and that nothing else opens a seal."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from airflow_mlsecops.core.answer import Reply
from airflow_mlsecops.core.approval import Bounds, approver_of
from airflow_mlsecops.core.baseline import baseline
from airflow_mlsecops.core.finding import Status
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.verdict import Outcome
from airflow_mlsecops.dag import sealed
from airflow_mlsecops.operators import (
    AccessGateOperator,
    ClassifyDatasetOperator,
    IsolationCheckOperator,
    SanitizeDatasetOperator,
    ValidateDatasetOperator,
    hitl,
)
from airflow_mlsecops.operators.errors import GateFailed, GateUnknown
from tests.operators.fakes import FakeDagRun
from tests.operators.lake import CLEAN, MAILS, Lake, Train
from tests.operators.people import Parked, RequiredActions, actions, around, park, resume, says, told

__all__ = ["actions"]
KEYS = pl.Series("key", ["AKIA" + "QYLPMN5HHHFPZAM2"] * 100)
DIRTY = CLEAN.with_columns(pl.Series("hint", [*MAILS[:3], *["none"] * 97]))
WORSE = CLEAN.with_columns(pl.Series("hint", MAILS))
OTHER = DIRTY.with_columns(pl.Series("backup", MAILS))
ASKED = [("classify", "fail", ""), ("approval", "fail", "asked")]


@pytest.fixture
def asking(lake: Lake) -> Lake:
    """A lake whose features hold e-mail addresses that an approver could accept for a while."""
    lake.edit("approvers: []", "approvers: [bob, carol, alice]")
    lake.edit('\n    never: ["role:direct identifier", "role:special category", "role:health", "role:secret"]',
              '\n    never: ["role:secret"]')  # fmt: skip
    lake.write("features", DIRTY)
    return lake


def gate(lake: Lake) -> Any:
    return lake.gates(on_violation="approve")["classify"]


def train(lake: Lake, *requires: Any) -> Any:
    return sealed(Train(task_id="train", trace=lake.trace), dataset=lake.features, requires=requires)


def test_it_asks_waits_and_goes_on_when_somebody_approves(asking: Lake, actions: RequiredActions) -> None:
    task = gate(asking)
    park(task)
    assert told(asking) == ASKED
    around = resume(task, says("bob"))
    assert told(asking) == [*ASKED, ("approval", "fail", "granted"), ("classify", "pass", "")]
    passed, granted, *_ = asking.records()
    (finding,) = passed.verdict.waived
    assert finding.status is Status.FAIL
    assert finding.waiver is not None
    assert finding.waiver.id == f"{granted.id[:12]}-1"
    assert around["ti"].pushed["verdict"]["outcome"] == "pass"
    asking.run(train(asking, task))
    assert asking.trace.read_text() == "trained"


def test_what_was_granted_is_kept_with_who_why_and_until_when(asking: Lake, actions: RequiredActions) -> None:
    task = gate(asking)
    park(task)
    resume(task, says("carol", until="2"))
    answer = asking.records(gate=Gate.APPROVAL)[0].verdict.answer
    assert answer is not None
    assert (answer.reply, answer.answered_by, answer.requested_by) == (Reply.GRANTED, "carol", ("alice",))
    assert answer.until == datetime.now(UTC).date() + timedelta(days=2)
    assert answer.reason == "a pilot, ticket SEC-4711"
    assert answer.stopped == asking.records(gate=Gate.CLASSIFY)[-1].id
    (waiver,) = answer.waivers
    assert (waiver.code, waiver.subject, waiver.entity) == ("ENTITY_NOT_ALLOWED", "hint", "EMAIL_ADDRESS")
    assert (waiver.approved_by, waiver.requested_by, waiver.max_share) == ("carol", "alice", 0.06)


def test_the_next_run_passes_without_asking_until_the_share_doubles(asking: Lake, actions: RequiredActions) -> None:
    task = gate(asking)
    park(task)
    resume(task, says("bob"))
    asking.run(task, run_id="r2")
    assert told(asking, run_id="r2") == [("classify", "pass", "")]
    asking.write("features", WORSE)
    made = around(task, "r3")
    with pytest.raises(Parked):
        task.execute(made)
    assert made["ti"].pushed["verdict"]["blocking"] == ["ENTITY_NOT_ALLOWED hint EMAIL_ADDRESS EXPIRED"]
    (finding,) = [one for one in asking.records(gate=Gate.CLASSIFY)[0].verdict.findings if one.blocks]
    assert finding.ended is not None
    assert "EXPIRED" in actions.shown[made["ti"].id].body


def test_an_expired_approval_fails_as_expired(
    asking: Lake, actions: RequiredActions, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = gate(asking)
    park(task)
    resume(task, says("bob", until="0"))
    later = datetime.now(UTC) + timedelta(days=40)

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return later

    monkeypatch.setattr("airflow_mlsecops.operators.attempt.datetime", Later)
    with pytest.raises(GateFailed, match="EXPIRED") as caught:
        asking.run(asking.gates()["classify"], run_id="r2")
    assert "(1 EXPIRED)" in str(caught.value)
    assert "a pilot" not in str(caught.value)


REFUSED = [
    ("a stranger", says("mallory"), "mallory may not answer"),
    ("who asked, although an approver", says("alice"), "alice may not answer"),
    ("who asked, written otherwise", says("ALICE"), "may not answer"),
    ("a denial by a stranger", says("mallory", "Deny"), "may not answer"),
    ("no reason", says("bob", justification="  "), "justification is empty"),
    ("a reason of another kind", says("bob", justification={"a": 1}), "justification is empty"),
    ("a reason with a value in it", says("bob", justification="ask ada.lovelace@example.com"), "e-mail address"),
    ("a reason of several lines", says("bob", justification="a\nb"), "no line of at most"),
    ("no day", says("bob", until="soon"), "until is neither"),
    ("a day in the past", says("bob", until="2020-01-01"), "in the past"),
    ("a day too far", says("bob", until="2999-01-01"), "later than the policy allows"),
    ("days too many", says("bob", until="31"), "later than the policy allows"),
    ("another option", says("bob", "Skip"), "neither Approve nor Deny"),
    ("fields that Airflow found wrong", {"error": "canary-4711", "error_type": "validation"}, "fields are not filled"),
]


@pytest.mark.parametrize(("event", "why"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_an_answer_outside_the_bounds_is_refused_and_asked_again(
    asking: Lake, actions: RequiredActions, event: dict[str, Any], why: str
) -> None:
    task = gate(asking)
    park(task)
    with pytest.raises(Parked):
        resume(task, event)
    assert told(asking) == [*ASKED, ("approval", "fail", "refused"), ("approval", "fail", "asked")]
    refused = asking.records(gate=Gate.APPROVAL)[1].verdict.answer
    assert refused is not None
    assert why in refused.reason
    assert "ada.lovelace" not in refused.model_dump_json()
    assert "canary" not in refused.model_dump_json()
    resume(task, says("bob"))
    assert told(asking)[-1] == ("classify", "pass", "")


def test_denied_is_final_in_this_run_and_names_who_and_why(asking: Lake, actions: RequiredActions) -> None:
    task = gate(asking)
    park(task)
    with pytest.raises(GateFailed, match="denied by bob: not before the audit"):
        resume(task, says("bob", "Deny", justification="not before the audit", until=""))
    assert told(asking) == [*ASKED, ("approval", "fail", "denied")]
    with pytest.raises(GateFailed, match="bob denied it in this run"):
        task.execute(around(task, "r1", try_number=2))


@pytest.mark.parametrize("event", [says(None, "Deny"), says(None), {"error": "x", "error_type": "timeout"}])
def test_time_is_up_counts_as_denied(asking: Lake, actions: RequiredActions, event: dict[str, Any]) -> None:
    task = gate(asking)
    park(task)
    with pytest.raises(GateFailed, match="timed out"):
        resume(task, event)
    assert told(asking)[-1] == ("approval", "fail", "timed out")


def test_an_answer_after_the_deadline_does_not_count(asking: Lake, actions: RequiredActions) -> None:
    task = gate(asking)
    park(task)
    with pytest.raises(GateFailed, match="timed out"):
        resume(task, says("bob", at=datetime.now(UTC) + timedelta(hours=25)))


def test_an_answer_is_not_given_twice(asking: Lake, actions: RequiredActions) -> None:
    task = gate(asking)
    park(task)
    resume(task, says("bob"))
    with pytest.raises(GateUnknown, match="NOT_ASKED"):
        resume(task, says("bob", until="30"))
    with pytest.raises(GateUnknown, match="NOT_ASKED"):
        resume(task, says("bob"), run_id="never asked")


def test_data_that_changed_while_people_thought_is_judged_as_it_is(asking: Lake, actions: RequiredActions) -> None:
    task = gate(asking)
    park(task)
    asking.write("features", OTHER)
    with pytest.raises(GateFailed, match="was about less; trigger a new run"):
        resume(task, says("bob"))
    assert told(asking)[-1] == ("classify", "fail", "")
    park(task, "r2")  # asks for what is new alone
    assert [one.subject for one in asking.records(run_id="r2")[0].verdict.findings] == ["backup"]


def test_more_of_it_than_was_shown_is_not_what_was_approved(asking: Lake, actions: RequiredActions) -> None:
    task = gate(asking)
    park(task)
    asking.write("features", WORSE)
    # Airflow still shows three rows: whoever approves that does not approve a hundred.
    with pytest.raises(GateFailed, match="was about less; trigger a new run"):
        resume(task, says("bob"))
    assert told(asking)[-1] == ("classify", "fail", "")


def test_an_answer_from_before_the_question_is_none(asking: Lake, actions: RequiredActions) -> None:
    task = gate(asking)
    park(task)
    with pytest.raises(Parked):
        resume(task, says("bob", at=datetime.now(UTC) - timedelta(minutes=10)))
    assert told(asking) == [*ASKED, ("approval", "fail", "refused"), ("approval", "fail", "asked")]


def test_a_question_that_is_not_ours_is_no_question(asking: Lake, actions: RequiredActions) -> None:
    task = gate(asking)
    park(task, "other")
    made = around(task, "r1")
    actions.shown[made["ti"].id] = actions.shown[task.task_id, "other", -1].model_copy(update={"body": "Lunch?"})
    with pytest.raises(GateFailed, match="shows another question"):
        task.execute(made)


def undeclared(lake: Lake) -> None:
    lake.edit('"**/lake/features/**"', '"**/elsewhere/**"')
    lake.edit('"**/features/**"', '"**/nowhere/**"')


NOT_ASKED = [
    ("what the stage never holds", lambda lake: lake.write("features", DIRTY.with_columns(KEYS)), "nobody approve"),
    ("a dataset that nobody declared", undeclared,
     "nobody approve"),
    ("no approvers", lambda lake: lake.edit("[bob, carol, alice]", "[]"), "names no approvers"),
    ("who asked alone", lambda lake: lake.edit("[bob, carol, alice]", "[alice]"), "one of those who ask"),
    ("nothing to look at", lambda lake: lake.write("features", CLEAN.clear()), "only what failed"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "why"), [row[1:] for row in NOT_ASKED], ids=[row[0] for row in NOT_ASKED])
def test_nobody_is_asked_where_nobody_could_approve(
    asking: Lake, actions: RequiredActions, change: Any, why: str
) -> None:
    change(asking)
    with pytest.raises((GateFailed, GateUnknown), match=f"Nobody was asked to approve this: .*{why}"):
        gate(asking).execute(around(gate(asking), "r1"))
    assert not asking.records(gate=Gate.APPROVAL)
    assert not actions.assigned


def test_a_scheduled_run_is_asked_for_by_the_authors_of_the_dataset(
    asking: Lake, actions: RequiredActions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeDagRun, "triggering_user_name", None)
    monkeypatch.setattr(FakeDagRun, "run_type", "scheduled")
    task = gate(asking)
    with pytest.raises(GateFailed, match="names no authors"):
        task.execute(around(task, "r1"))
    asking.edit(
        "    applications: [churn]\n", "    applications: [churn]\n    authors: [bob]\n    approvers: [dora, bob]\n"
    )
    park(task, "r2")
    with pytest.raises(Parked):
        resume(task, says("bob"), "r2")
    with pytest.raises(Parked):  # the dataset's approvers are instead of the policy's
        resume(task, says("carol"), "r2")
    resume(task, says("dora"), "r2")
    assert actions.assigned[-1] == ("dora",)


@pytest.mark.parametrize("kind", ["manual", "backfill", "asset_materialization", "", "of a later Airflow"])
def test_a_run_that_somebody_triggered_whom_airflow_does_not_name_asks_nobody(
    asking: Lake, actions: RequiredActions, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(FakeDagRun, "triggering_user_name", " ")
    monkeypatch.setattr(FakeDagRun, "run_type", kind)
    asking.edit("    applications: [churn]\n", "    applications: [churn]\n    authors: [dora]\n")
    task = gate(asking)
    with pytest.raises(GateFailed, match="somebody triggered this run, and Airflow does not say who"):
        task.execute(around(task, "r1"))
    assert told(asking) == [("classify", "fail", "")]


def test_an_approval_holds_only_as_long_as_the_policy_would_allow_it(asking: Lake, actions: RequiredActions) -> None:
    task = gate(asking)
    park(task)
    resume(task, says("bob"))
    plain = asking.gates()["classify"]
    asking.run(plain, run_id="r2")
    asking.edit("[bob, carol, alice]", "[carol, alice]")
    with pytest.raises(GateFailed, match="ENTITY_NOT_ALLOWED"):
        asking.run(plain, run_id="r3")
    asking.edit("[carol, alice]", "[bob]")
    asking.run(plain, run_id="r4")
    asking.edit('internal\n    never: ["role:secret"]', "internal\n    never: [EMAIL_ADDRESS]")
    with pytest.raises(GateFailed, match="ENTITY_NOT_ALLOWED"):
        asking.run(plain, run_id="r5")


def test_whom_nobody_asked_may_approve_nothing_meanwhile(asking: Lake, actions: RequiredActions) -> None:
    task = gate(asking)
    park(task)
    asking.edit("[bob, carol, alice]", "[carol, alice]")
    with pytest.raises(Parked):
        resume(task, says("bob"))
    asking.edit("[carol, alice]", "[alice]")
    with pytest.raises(GateFailed, match="nobody who may answered"):
        resume(task, says("alice"))


def test_nothing_but_the_gates_own_pass_opens_the_seal(asking: Lake, actions: RequiredActions) -> None:
    task = gate(asking)
    park(task)

    def shut() -> None:
        with pytest.raises(GateFailed, match="SEAL_GATE_NOT_PASSED"):
            asking.run(train(asking, task))

    shut()  # parked, and marked as success
    with pytest.raises(Parked):
        resume(task, says("mallory"))
    shut()
    asking.write("features", OTHER)
    with pytest.raises(GateFailed, match="was about less"):
        resume(task, says("bob"))  # granted, but the data is another
    shut()
    assert not asking.trace.exists()


def test_the_access_gate_takes_no_question_for_a_scan(asking: Lake, actions: RequiredActions) -> None:
    tasks = asking.gates(on_violation="approve")
    park(tasks["classify"])
    asking.run(tasks["isolate"])
    with pytest.raises(GateUnknown, match="EVIDENCE_MISSING"):
        asking.run(tasks["may_train"])


def test_a_waived_class_does_not_become_known(asking: Lake, actions: RequiredActions) -> None:
    task = gate(asking)
    park(task)
    resume(task, says("bob"))
    newest = asking.records(gate=Gate.CLASSIFY)[0]
    assert newest.verdict.outcome is Outcome.PASS
    known = baseline(
        asking.records(), {}, dataset=newest.verdict.dataset, environment="local", now=datetime.now(UTC), days=90
    )
    assert (known.records, known.pairs) == (1, frozenset())


def test_observe_mode_asks_nobody(asking: Lake, actions: RequiredActions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "AIRFLOW_CONN_MLSECOPS_DEFAULT",
        '{"conn_type": "mlsecops", "extra": {"environment": "local", "mode": "observe"}}',
    )
    asking.edit("version: 1", "version: 1\nobserve_until: 2099-01-01")
    asking.run(gate(asking))
    assert told(asking) == [("classify", "fail", "")]


def test_each_kind_of_gate_can_ask(asking: Lake) -> None:
    scan = gate(asking)
    said = {"dataset": asking.features, "on_violation": "approve"}
    made = [
        scan,
        IsolationCheckOperator(task_id="a", environment="local", **said),
        ValidateDatasetOperator(task_id="b", **said),
        SanitizeDatasetOperator(task_id="c", target="file:///lake/features/other.parquet", **said),
        AccessGateOperator(task_id="d", action="train", purpose="churn", requires=[scan], **said),
    ]
    assert {one.on_violation for one in made} == {"approve"}
    with pytest.raises(ValueError, match="expected 'fail' or 'approve'"):
        IsolationCheckOperator(task_id="e", environment="local", dataset=asking.features, on_violation="quarantine")


def test_airflow_3_2_polls_for_the_answer(monkeypatch: pytest.MonkeyPatch, asking: Lake) -> None:
    import airflow.sdk.exceptions as names
    from airflow.providers.standard.triggers.hitl import HITLTrigger
    from airflow.sdk.exceptions import TaskDeferred

    from airflow_mlsecops.core.question import Question

    monkeypatch.delattr(names, "TaskAwaitingInput", raising=False)
    asked = Question(subject="s", body="b")
    with pytest.raises(TaskDeferred) as caught:
        hitl.wait(gate(asking), "0" * 32, asked, timedelta(hours=1))
    assert caught.value.method_name == hitl.RESUMES
    path, given = caught.value.trigger.serialize()
    assert path == "airflow.providers.standard.triggers.hitl.HITLTrigger"
    again = HITLTrigger(**{**given, "ti_id": given["ti_id"]})
    assert (again.defaults, again.options) == (["Deny"], ["Approve", "Deny"])
    assert again.params.dump() == {"justification": "", "until": ""}  # what it writes when time is up


@pytest.mark.parametrize(
    ("user", "approver"),
    [
        ({"id": "7", "name": "eve"}, "id:7"), ({"id": "42", "name": "7"}, None), ({"id": "42", "name": "id:7"}, None),
        ({"id": "", "name": "id:7"}, None), ({"id": "id:7", "name": "x"}, None), ({"id": "7", "name": "alice"}, None),
        ({"id": "9", "name": "bob"}, "bob"),
    ],
)  # fmt: skip
def test_no_name_that_somebody_chose_counts_as_an_id(user: dict[str, str], approver: str | None) -> None:
    said = hitl.said({**says("x"), "responded_by_user": user})
    now = datetime.now(UTC)
    bounds = Bounds(approvers=("id:7", "bob"), requesters=("alice",), until=now.date(), deadline=now)
    assert said is not None
    assert approver_of(said, bounds) == approver


def test_names_of_airflow_are_where_they_were() -> None:
    from airflow.sdk.execution_time import task_runner
    from airflow.sdk.execution_time.comms import CreateHITLDetailPayload

    assert not issubclass(Parked, Exception)  # no gate's outer edge takes it for a failure
    assert "SUPERVISOR_COMMS" in task_runner.__annotations__ or hasattr(task_runner, "SUPERVISOR_COMMS")
    wanted = {"ti_id", "options", "subject", "body", "defaults", "multiple", "params", "assigned_users"}
    assert wanted <= set(CreateHITLDetailPayload.model_fields)


def test_an_environment_can_be_approved_and_the_seal_hears_of_it(asking: Lake, actions: RequiredActions) -> None:
    asking.write("features", CLEAN)
    with tempfile.TemporaryDirectory(prefix="lake-") as place:  # pytest's own folders let nobody in
        file = Path(place) / "lake" / "features" / "churn.parquet"
        file.parent.mkdir(parents=True)
        shutil.copy(asking.features.removeprefix("file://"), file)
        for one in (Path(place), file.parent.parent, file.parent, file):
            one.chmod(0o755 if one.is_dir() else 0o644)
        dataset = f"file://{file}"
        scan = ClassifyDatasetOperator(task_id="classify", dataset=dataset)
        isolate = IsolationCheckOperator(
            task_id="isolate", dataset=dataset, environment="local", on_violation="approve"
        )
        asking.run(scan)
        park(isolate)
        (asked,) = asking.records(gate=Gate.APPROVAL)
        assert {one.code for one in asked.verdict.findings} == {"DATASET_WORLD_READABLE"}
        resume(isolate, says("bob"))
        asking.features = dataset
        asking.run(train(asking, scan, isolate))
    assert asking.trace.exists()


def test_an_answer_of_the_access_rules_can_be_approved(asking: Lake, actions: RequiredActions) -> None:
    asking.write("features", CLEAN)
    tasks = asking.gates()
    asking.run(tasks["classify"])
    asking.run(tasks["isolate"])
    ask = AccessGateOperator(
        task_id="may_train", dataset=asking.features, action="train", purpose="marketing", on_violation="approve",
        requires=[tasks["classify"], tasks["isolate"]],
    )  # fmt: skip
    park(ask)
    resume(ask, says("bob"))
    assert told(asking)[-1] == ("access", "pass", "")
    asking.run(train(asking, tasks["classify"], tasks["isolate"], ask))
    assert asking.trace.exists()


def test_leave_for_one_purpose_is_no_leave_for_another(asking: Lake, actions: RequiredActions) -> None:
    asking.write("features", CLEAN)
    tasks = asking.gates()
    gates = [tasks["classify"], tasks["isolate"]]

    def may_train(action: str, purpose: str, on_violation: str = "fail") -> Any:
        return AccessGateOperator(
            task_id="may_train", dataset=asking.features, action=action, purpose=purpose, on_violation=on_violation,
            requires=gates,
        )  # fmt: skip

    asking.run(gates[0])
    asking.run(gates[1])
    ask = may_train("read", "marketing", "approve")
    park(ask)
    resume(ask, says("bob"))
    asking.run(may_train("read", "marketing"))
    for action, purpose in (("train", "marketing"), ("read", "spying")):
        with pytest.raises(GateFailed):
            asking.run(may_train(action, purpose))


def test_what_a_sanitizer_has_no_rule_for_is_asked_about_before_anything_is_written(
    asking: Lake, actions: RequiredActions
) -> None:
    asking.write("raw", CLEAN.with_columns(pl.Series("annual_income", [18_000 + n * 731 for n in range(100)])))
    asking.edit('      "role:financial": drop\n', "")
    target = asking.home / "lake" / "features" / "safe.parquet"
    wash = SanitizeDatasetOperator(
        task_id="wash", dataset=f"file://{asking.home}/lake/raw/churn.parquet", target=f"file://{target}",
        on_violation="approve",
    )  # fmt: skip
    park(wash)
    assert not target.exists()
    with pytest.raises(GateFailed, match="ENTITY_NOT_ALLOWED"):  # what was written is another question
        resume(wash, says("bob"))
    assert not target.exists()
    park(wash, "r2")
    resume(wash, says("bob"), "r2")
    assert target.exists()
    assert told(asking)[-1] == ("sanitize", "pass", "")


def broken(lake: Lake) -> None:
    lake.edit("version: 1", "version: one")


def gone(lake: Lake) -> None:
    """Then the shipped policy counts, which names no approvers."""
    shutil.rmtree(lake.folder)


@pytest.mark.parametrize("lose", [broken, gone])
def test_a_policy_that_is_broken_or_gone_asks_nobody(asking: Lake, actions: RequiredActions, lose: Any) -> None:
    lose(asking)
    with pytest.raises((GateFailed, GateUnknown), match="Nobody was asked to approve this"):
        gate(asking).execute(around(gate(asking), "r1"))
    assert actions.shown == {}
    assert [kind for kind, *_ in told(asking)] == ["classify"]


@pytest.mark.parametrize("lose", [broken, gone])
def test_a_policy_that_is_broken_or_gone_while_somebody_answers_grants_nothing(
    asking: Lake, actions: RequiredActions, lose: Any
) -> None:
    task = gate(asking)
    park(task)
    lose(asking)
    with pytest.raises((GateFailed, GateUnknown)):
        resume(task, says("bob"))
    replies = [reply for *_, reply in told(asking)]
    assert "granted" not in replies
    assert "pass" not in [outcome for _, outcome, _ in told(asking)]


@pytest.mark.parametrize("lose", [broken, gone])
def test_what_was_granted_holds_under_no_policy_that_is_broken_or_gone(
    asking: Lake, actions: RequiredActions, lose: Any
) -> None:
    task = gate(asking)
    park(task)
    resume(task, says("bob"))
    lose(asking)
    with pytest.raises((GateFailed, GateUnknown)):
        asking.run(asking.gates()["classify"], run_id="r2")
    assert [outcome for _, outcome, _ in told(asking, run_id="r2")] != ["pass"]
    with pytest.raises((GateFailed, GateUnknown)):
        asking.run(train(asking, task), run_id="r2")
    assert not asking.trace.exists()

"""Gates on real files, with embedded defaults and no metadata database."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.verdict import Outcome
from airflow_mlsecops.dag import sealed
from airflow_mlsecops.operators import ClassifyDatasetOperator, verified
from airflow_mlsecops.operators.errors import GateFailed, GateUnknown
from airflow_mlsecops.operators.surroundings import job_digest
from tests.operators.fakes import context
from tests.operators.lake import CLEAN, MAILS, Lake, Train


def test_a_clean_run_passes_every_gate_and_trains(lake: Lake) -> None:
    for task in lake.gates().values():
        lake.run(task)
    assert lake.trace.read_text() == "trained"
    newest_first = [(record.verdict.gate, record.verdict.outcome) for record in lake.records()]
    assert {record.verdict.asked for record in lake.records()} == {"", "local", "train for churn"}
    gates = (Gate.SEAL, Gate.SEAL, Gate.ACCESS, Gate.ISOLATION, Gate.CLASSIFY)  # before the training, and after it
    assert newest_first == [(gate, Outcome.PASS) for gate in gates]


def test_a_failure_is_recorded_and_pushed_before_it_is_raised(lake: Lake) -> None:
    lake.write("features", CLEAN.with_columns(pl.Series("hint", MAILS)))
    task = lake.gates()["classify"]
    around = context(task)
    with pytest.raises(GateFailed, match="ENTITY_NOT_ALLOWED") as caught:
        task.execute(around)
    (record,) = lake.records()
    assert record.verdict.outcome is Outcome.FAIL
    pushed = around["ti"].pushed["verdict"]
    assert pushed["record"] == record.id
    assert pushed["blocking"] == ["ENTITY_NOT_ALLOWED hint EMAIL_ADDRESS"]
    assert around["outlet_events"] == {}
    assert caught.value.__cause__ is None
    assert "ada1@" not in str(caught.value)


def test_a_parent_is_named_with_its_column(lake: Lake) -> None:
    crm = lake.write("raw", pl.DataFrame({"id": range(100), "email": MAILS, "city": ["Rome"] * 100}))
    lake.write("features", CLEAN.with_columns(pl.Series("hint", [*MAILS[:97], "a@x.org", "b@x.org", "c@x.org"])))
    with pytest.raises(GateFailed, match="ENTITY_FROM_PARENT"):
        lake.run(lake.gates(parents=[crm])["classify"])
    (finding,) = [finding for finding in lake.records()[0].verdict.findings if finding.blocks]
    assert finding.origin is not None
    assert (finding.origin.parent, finding.origin.column, finding.origin.share) == (crm, "email", 0.97)


@pytest.mark.parametrize(("parents", "where"), [(1, "the parent"), (2, "any of the 2 parents")])
def test_what_is_in_no_parent_is_said_to_come_from_somewhere_else(lake: Lake, parents: int, where: str) -> None:
    theirs = pl.DataFrame({"email": [f"z{number}@z.org" for number in range(100)]})
    read = [lake.write(f"raw_{number}", theirs) for number in range(parents)]
    lake.write("features", CLEAN.with_columns(pl.Series("hint", MAILS)))
    with pytest.raises(GateFailed, match="ENTITY_NOT_ALLOWED"):
        lake.run(lake.gates(parents=read)["classify"])
    (finding,) = [finding for finding in lake.records()[0].verdict.findings if finding.blocks]
    assert finding.reason.endswith(f"; none of it is in {where} (different values compared: 100)")
    assert finding.origin is None


def test_a_parents_partition_is_all_that_is_compared(lake: Lake) -> None:
    lake.write("raw", pl.DataFrame({"email": MAILS}))
    raw = f"file://{lake.home}/lake/raw"
    lake.write("features", CLEAN.with_columns(pl.Series("hint", MAILS)))
    gate = lake.gates(parents={raw: "{{ run_id }}.parquet"})["classify"]
    gate.render_template_fields({"run_id": "churn"})
    with pytest.raises(GateFailed, match="ENTITY_FROM_PARENT"):
        lake.run(gate)
    gate.parents = {raw: "other.parquet"}
    with pytest.raises(GateFailed, match="ENTITY_NOT_ALLOWED"):
        lake.run(gate, run_id="r2")


def test_an_unreadable_parent_is_said(lake: Lake) -> None:
    lake.write("features", CLEAN.with_columns(pl.Series("hint", MAILS)))
    with pytest.raises(GateFailed):
        lake.run(lake.gates(parents=["file:///nowhere/crm.parquet"])["classify"])
    assert [skipped.code for skipped in lake.records()[0].verdict.not_looked_at] == ["PARENT_UNREADABLE"]


def test_pass_tells_the_verified_asset_only_when_enforced(lake: Lake) -> None:
    around = lake.run(lake.gates()["classify"])
    (event,) = around["outlet_events"].values()
    assert event.told[0][0] == verified(lake.features).uri


def test_observe_mode_keeps_the_true_verdict_and_stops_nothing(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"conn_type": "mlsecops", "extra": {"environment": "local", "mode": "observe"}}
    monkeypatch.setenv("AIRFLOW_CONN_MLSECOPS_DEFAULT", json.dumps(said))
    lake.write("features", CLEAN.with_columns(pl.Series("hint", MAILS)))
    gates = lake.gates()
    with pytest.raises(GateFailed):  # without observe_until the mode is not honoured
        lake.run(gates["classify"])
    lake.edit("version: 1", "version: 1\nobserve_until: 2099-01-01")
    around = lake.run(gates["classify"], run_id="r2")
    (record,) = lake.records(run_id="r2")
    assert (record.verdict.outcome, record.verdict.enforced) == (Outcome.FAIL, False)
    assert around["outlet_events"] == {}


def test_observe_mode_ends_on_its_day(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"conn_type": "mlsecops", "extra": {"environment": "local", "mode": "observe"}}
    monkeypatch.setenv("AIRFLOW_CONN_MLSECOPS_DEFAULT", json.dumps(said))
    lake.edit("version: 1", "version: 1\nobserve_until: 2026-01-01")
    lake.write("features", CLEAN.with_columns(pl.Series("hint", MAILS)))
    with pytest.raises(GateFailed):
        lake.run(lake.gates()["classify"])


def test_a_class_new_on_a_column_blocks_until_the_policy_knows_it(lake: Lake) -> None:
    raw = lake.write("raw", pl.DataFrame({"id": range(100), "email": MAILS}))
    gate = ClassifyDatasetOperator(task_id="classify_raw", dataset=raw)
    lake.run(gate)
    lake.write("raw", pl.DataFrame({"id": range(100), "email": MAILS, "backup": MAILS}))
    for attempt in (1, 2):  # failing does not teach
        with pytest.raises(GateFailed, match="ENTITY_NEW"):
            lake.run(gate, run_id="r2", try_number=attempt)
    lake.edit('"**/lake/raw/**"\n', '"**/lake/raw/**"\n    known: {backup: [EMAIL_ADDRESS]}\n')
    lake.run(gate, run_id="r3")


@pytest.mark.parametrize("data", ["missing", "no rows", "garbage"])
def test_what_cannot_be_read_is_unknown_and_recorded_each_try(lake: Lake, data: str) -> None:
    file = Path(lake.features.removeprefix("file://"))
    {"missing": file.unlink, "no rows": lambda: CLEAN.clear().write_parquet(file),
     "garbage": lambda: file.write_bytes(os.urandom(4096))}[data]()  # fmt: skip
    for attempt in (1, 2):
        with pytest.raises(GateUnknown):
            lake.run(lake.gates()["classify"], try_number=attempt)
    assert [record.verdict.outcome for record in lake.records()] == [Outcome.UNKNOWN] * 2


def test_a_crash_while_looking_is_unknown_and_tells_no_text(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("canary-4711@example.com")

    monkeypatch.setattr("airflow_mlsecops.operators.look.look", crash)
    with pytest.raises(GateUnknown, match="ZeroDivisionError") as caught:
        lake.run(lake.gates()["classify"])
    assert "canary" not in str(caught.value)
    assert caught.value.__suppress_context__
    assert lake.records()[0].verdict.findings[0].code == "UNEXPECTED"


def test_a_broken_policy_is_unknown_and_recorded(lake: Lake) -> None:
    lake.edit("version: 1", "version: 1\nwhatever: true")
    with pytest.raises(GateUnknown, match="POLICY_INVALID") as caught:
        lake.run(lake.gates()["isolate"])
    assert "; policy.yaml:" in str(caught.value)
    shutil.rmtree(lake.folder)
    assert lake.records()[0].verdict.outcome is Outcome.UNKNOWN


def test_without_an_acknowledged_record_nothing_passes(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = lake.home / "not_a_folder"
    broken.write_text("")
    said = {"conn_type": "mlsecops", "extra": {"environment": "local", "ledger": f"sqlite:///{broken}/ledger.db"}}
    monkeypatch.setenv("AIRFLOW_CONN_MLSECOPS_DEFAULT", json.dumps(said))
    with pytest.raises(GateUnknown, match="could not be recorded"):
        lake.run(lake.gates()["classify"])


def test_sqlite_is_no_ledger_for_several_hosts(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", "CeleryExecutor")
    with pytest.raises(GateUnknown, match="LEDGER_NOT_SHARED"):
        lake.run(lake.gates()["classify"])


def test_a_configured_connection_that_is_missing_is_no_embedded_default(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__MLSECOPS__CONN_ID", "mlsecops_prod")
    with pytest.raises(GateUnknown, match="SETTINGS_INVALID"):
        lake.run(lake.gates()["classify"])


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_another_environment_is_refused(lake: Lake, environment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"conn_type": "mlsecops", "extra": {"environment": environment}}
    monkeypatch.setenv("AIRFLOW_CONN_MLSECOPS_DEFAULT", json.dumps(said))
    with pytest.raises(GateFailed, match="ENV_MISMATCH"):
        lake.run(lake.gates()["isolate"])


def test_a_world_readable_dataset_is_refused(lake: Lake) -> None:
    with (
        tempfile.TemporaryDirectory() as folder
    ):  # pytest's own folders are closed to others, and so is what is in them
        home = Path(folder)
        home.chmod(0o755)
        lake.home, closed = home, lake.home
        lake.features = lake.write("features", CLEAN)
        for place in (home / "lake").rglob("*"):
            place.chmod(0o755 if place.is_dir() else 0o644)
        (home / "lake").chmod(0o755)
        with pytest.raises(GateFailed, match="DATASET_WORLD_READABLE"):
            lake.run(lake.gates()["isolate"])
        (home / "lake").chmod(0o700)
        lake.run(lake.gates()["isolate"], run_id="r2")
        lake.home = closed


def test_access_needs_this_runs_records(lake: Lake) -> None:
    gates = lake.gates()
    with pytest.raises(GateUnknown, match="EVIDENCE_MISSING"):
        lake.run(gates["may_train"])
    lake.run(gates["classify"], run_id="another")
    lake.run(gates["isolate"], run_id="another")
    with pytest.raises(GateUnknown, match="EVIDENCE_MISSING"):
        lake.run(gates["may_train"])


def test_access_is_denied_by_name(lake: Lake) -> None:
    gates = lake.gates()
    lake.run(gates["classify"])
    lake.run(gates["isolate"])
    gates["may_train"].purpose = "advertising"
    with pytest.raises(GateFailed, match="PURPOSE") as caught:
        lake.run(gates["may_train"])
    assert "asked: train for advertising; declared: purposes churn" in str(caught.value)
    gates["may_train"].purpose = "churn"
    gates["may_train"].principal = "billing"
    with pytest.raises(GateFailed, match="PRINCIPAL_MISMATCH"):
        lake.run(gates["may_train"])


RULE = '@id("{0}") @reason("r") forbid (principal, action, resource is MLSecOps::Dataset) {1} {{ {2} }};\n'


def test_rules_are_told_of_the_owner_and_the_role(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    access = lake.folder / "access.cedar"
    rules = RULE.format("not-theirs", "unless", 'principal.owner == "growth"')
    rules += RULE.format("not-this-role", "unless", 'principal.role == "ml_train"')
    access.write_text(access.read_text() + rules)
    monkeypatch.setattr("airflow_mlsecops.checks._identity.identity", lambda facts: "ml_train" if facts.dataset else "")
    gates = lake.gates()
    lake.run(gates["classify"])
    lake.run(gates["isolate"])
    assert lake.records()[0].verdict.identity == "ml_train"
    with pytest.raises(GateFailed, match="NOT_THEIRS") as caught:
        lake.run(gates["may_train"])
    assert "NOT_THIS_ROLE" not in str(caught.value)
    gates["may_train"].owner = "growth"
    lake.run(gates["may_train"])


def test_rules_are_told_of_the_waivers_in_force(lake: Lake) -> None:
    lake.edit("\napprovers: []\n", "\napprovers: [privacy-officer]\n")
    access = lake.folder / "access.cedar"
    lifted = 'context.approvals.contains("privacy-officer") && context.waivers.contains("W-1")'
    access.write_text(access.read_text() + RULE.format("not-approved", "unless", lifted))
    gates = lake.gates()
    lake.run(gates["classify"])
    lake.run(gates["isolate"])
    with pytest.raises(GateFailed, match="NOT_APPROVED"):
        lake.run(gates["may_train"])
    waiver = (
        "\nwaivers:\n  - {id: W-1, dataset: '**', code: X_1, subject: s, requested_by: a, approved_by: privacy-officer, "
        "reason: r, until: 2999-01-01}\n"
    )
    lake.edit("\nwaivers: []\n", waiver)
    lake.run(gates["classify"])
    lake.run(gates["isolate"])
    lake.run(gates["may_train"])


def test_a_denial_without_a_rule_says_what_the_permits_need(lake: Lake) -> None:
    access = lake.folder / "access.cedar"
    access.write_text(
        '@id("churn-only") @reason("r") permit (principal, action, resource is MLSecOps::Dataset)\n'
        'when { context.purpose == "churn" && principal.dag_id == "another" };\n'
    )
    gates = lake.gates()
    lake.run(gates["classify"])
    lake.run(gates["isolate"])
    with pytest.raises(GateFailed, match="NO_PERMIT_MATCHED") as caught:
        lake.run(gates["may_train"])
    assert 'permit churn-only (access.cedar:1) needs principal.dag_id == "another"' in str(caught.value)


def test_a_failed_scan_denies_access(lake: Lake) -> None:
    lake.write("features", CLEAN.with_columns(pl.Series("hint", MAILS)))
    gates = lake.gates()
    with pytest.raises(GateFailed):
        lake.run(gates["classify"])
    lake.run(gates["isolate"])
    with pytest.raises(GateFailed, match="SCAN_NOT_PASSED"):
        lake.run(gates["may_train"])


def test_the_seal_refuses_data_that_changed_after_it_passed(lake: Lake) -> None:
    gates = lake.gates()
    for name in ("classify", "isolate", "may_train"):
        lake.run(gates[name])
    lake.write("features", CLEAN.with_columns(pl.lit("x").alias("extra")))
    with pytest.raises(GateFailed, match="SEAL_DATA_CHANGED"):
        lake.run(gates["train"])
    assert not lake.trace.exists()


def test_the_seal_refuses_without_a_record(lake: Lake) -> None:
    gates = lake.gates()
    lake.run(gates["isolate"])
    with pytest.raises(GateFailed, match="SEAL_NO_RECORD"):
        lake.run(gates["train"])
    assert not lake.trace.exists()


def test_the_newest_record_counts(lake: Lake) -> None:
    gates = lake.gates()
    for name in ("classify", "isolate", "may_train"):
        lake.run(gates[name])
    good = Path(lake.features.removeprefix("file://")).read_bytes()
    lake.write("features", CLEAN.with_columns(pl.Series("hint", MAILS)))
    with pytest.raises(GateFailed):
        lake.run(gates["classify"], try_number=2)
    Path(lake.features.removeprefix("file://")).write_bytes(good)
    with pytest.raises(GateFailed, match="SEAL_GATE_NOT_PASSED"):
        lake.run(gates["train"])


def test_a_newer_record_cannot_be_hidden_by_an_edited_column(lake: Lake) -> None:
    gates = lake.gates()
    for name in ("classify", "isolate", "may_train"):
        lake.run(gates[name])
    good = Path(lake.features.removeprefix("file://")).read_bytes()
    lake.write("features", CLEAN.with_columns(pl.Series("hint", MAILS)))
    with pytest.raises(GateFailed):
        lake.run(gates["classify"], try_number=2)
    Path(lake.features.removeprefix("file://")).write_bytes(good)
    with sqlite3.connect(lake.home / "mlsecops" / "ledger.db") as ledger:
        triggers = [name for (name,) in ledger.execute("SELECT name FROM sqlite_master WHERE type='trigger'")]
        for name in triggers:
            ledger.execute(f"DROP TRIGGER {name}")
        ledger.execute("UPDATE mlsecops_record SET task_id='elsewhere' WHERE sequence=4")
    with pytest.raises(GateUnknown, match="LEDGER_TAMPERED"):
        lake.run(gates["train"])
    assert not lake.trace.exists()


def test_requires_must_name_gates(lake: Lake) -> None:
    task = Train(task_id="t", trace=lake.trace)
    with pytest.raises(ValueError, match="is empty"):
        sealed(task, dataset=lake.features, requires=[])
    with pytest.raises(ValueError, match="expected gates"):
        sealed(task, dataset=lake.features, requires=[Train(task_id="u", trace=lake.trace)])


def test_a_templated_dataset_is_an_error_at_parse() -> None:
    with pytest.raises(ValueError, match="Jinja"):
        ClassifyDatasetOperator(task_id="c", dataset="file:///lake/{{ ds }}/x.parquet")


def test_the_partition_is_templated_and_the_dataset_is_not() -> None:
    gate = ClassifyDatasetOperator(task_id="c", dataset="file:///lake/x", partition="{{ run_id }}/")
    gate.render_template_fields({"run_id": "r7"})  # type: ignore[typeddict-item]
    assert gate.partition == "r7/"
    assert "dataset" not in gate.template_fields


def test_xcom_stays_small(lake: Lake) -> None:
    wide = pl.DataFrame({f"{'c' * 150}{n}": MAILS for n in range(200)})
    lake.write("features", wide)
    task = lake.gates()["classify"]
    around = context(task)
    with pytest.raises(GateFailed):
        task.execute(around)
    pushed = around["ti"].pushed["verdict"]
    assert len(json.dumps(pushed)) <= 4096
    assert pushed["findings"] == 200


def test_frames_are_named_and_pulled(lake: Lake) -> None:
    lake.edit('"**/lake/features/**"', '"xcom://churn/**"')
    gate = ClassifyDatasetOperator(task_id="classify", dataset="xcom://build")
    lake.run(gate, pulled={"build": CLEAN.to_pandas()})
    with pytest.raises(GateFailed):
        lake.run(gate, run_id="r2", pulled={"build": CLEAN.with_columns(pl.Series("hint", MAILS)).to_pandas()})
    with pytest.raises(GateUnknown, match="NOT_FOUND"):
        lake.run(gate, run_id="r3")


STRICTER = """
  - match: "**/lake/raw/vip/**"
    stage: features"""


@pytest.mark.parametrize("way", ["folder above", "partition", "link"])
def test_a_folder_or_a_link_chooses_no_laxer_rule(lake: Lake, way: str) -> None:
    lake.edit("\ndatasets:\n", f"\ndatasets:{STRICTER}\n")
    vip = Path(lake.write("raw/vip", pl.DataFrame({"email": MAILS})).removeprefix("file://")).parent
    dataset, partition = vip.parent, "vip" if way == "partition" else ""
    if way == "link":
        dataset = vip.parents[1] / "raw" / "mine"
        dataset.mkdir()
        (dataset / "link").symlink_to(vip)
    gate = ClassifyDatasetOperator(task_id="scan", dataset=str(dataset), partition=partition)
    with pytest.raises(GateUnknown, match="OTHER_RULE"):
        lake.run(gate)


def test_a_link_to_a_place_without_a_rule_is_followed(lake: Lake) -> None:
    store = lake.home / "store"
    store.mkdir()
    CLEAN.write_parquet(store / "a.parquet")
    folder = lake.home / "lake/features/linked"
    folder.mkdir(parents=True)
    (folder / "a.parquet").symlink_to(store / "a.parquet")
    lake.run(ClassifyDatasetOperator(task_id="scan", dataset=str(folder)))


def test_in_a_mapped_group_each_instance_needs_gates_of_its_own(lake: Lake) -> None:
    gates = lake.gates()
    lake.run(gates["classify"])
    lake.run(gates["isolate"])
    gates["may_train"].purpose = "marketing"
    with pytest.raises(GateFailed):
        lake.run(gates["may_train"], map_index=0)
    gates["may_train"].purpose = "churn"
    lake.run(gates["may_train"], map_index=1)
    for map_index in (0, -1):
        with pytest.raises(GateFailed, match="SEAL_"):
            lake.run(gates["train"], map_index=map_index)
    lake.run(gates["train"], map_index=1)


def test_a_task_that_starts_in_the_triggerer_cannot_be_sealed(lake: Lake) -> None:
    train, gate = Train(task_id="train", trace=lake.trace), lake.gates()["classify"]
    train.start_from_trigger = True
    with pytest.raises(ValueError, match="start_from_trigger"):
        sealed(train, dataset=lake.features, requires=[gate])


def test_the_task_itself_is_sealed_whatever_it_calls_its_operator(lake: Lake) -> None:
    train, gate = Train(task_id="train", trace=lake.trace), lake.gates()["classify"]
    train.operator = Train(task_id="inner", trace=lake.trace)  # type: ignore[attr-defined]
    assert sealed(train, dataset=lake.features, requires=[gate])._pre_execute_hook is not None


@pytest.mark.parametrize("partition", [None, 20261123, ["x"]])
def test_a_partition_rendered_as_no_text_is_unknown_and_recorded(lake: Lake, partition: object) -> None:
    gate = lake.gates()["classify"]
    gate.partition = partition
    with pytest.raises(GateUnknown, match="PARTITION_MISSING"):
        lake.run(gate)
    assert lake.records()[0].verdict.partition == str(partition)


def test_a_panic_while_looking_is_unknown_and_recorded(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    def panic(*_: Any, **__: Any) -> None:
        raise pl.exceptions.PanicException("canary-4711@example.com")

    monkeypatch.setattr("airflow_mlsecops.operators.look.look", panic)
    with pytest.raises(GateUnknown, match="PanicException") as caught:
        lake.run(lake.gates()["classify"])
    assert "canary" not in str(caught.value)
    assert lake.records()[0].verdict.findings[0].code == "UNEXPECTED"


def test_a_library_that_ends_the_process_is_unknown_and_recorded(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    def end(*_: Any, **__: Any) -> None:
        raise SystemExit(0)

    monkeypatch.setattr("airflow_mlsecops.operators.look.look", end)
    with pytest.raises(GateUnknown, match="UNEXPECTED"):
        lake.run(lake.gates()["classify"])
    assert lake.records()[0].verdict.outcome is Outcome.UNKNOWN


def test_a_timeout_is_not_taken_for_a_verdict(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("airflow_mlsecops.operators.look.look", stop)
    with pytest.raises(KeyboardInterrupt):
        lake.run(lake.gates()["classify"])


@pytest.mark.parametrize("extra", ["{not JSON", "[1]", '"text"'])
def test_a_connection_whose_extra_cannot_be_read_is_no_embedded_default(
    lake: Lake, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_MLSECOPS_DEFAULT", json.dumps({"conn_type": "mlsecops", "extra": extra}))
    with pytest.raises(GateUnknown, match="SETTINGS_INVALID"):
        lake.run(lake.gates()["classify"])


@pytest.mark.parametrize("field", ["policy", "ledger_anchor"])
def test_a_place_that_cannot_be_opened_is_unknown_without_its_text(
    lake: Lake, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"conn_type": "mlsecops", "extra": {field: "nothing-4711://bucket/x"}}
    monkeypatch.setenv("AIRFLOW_CONN_MLSECOPS_DEFAULT", json.dumps(said))
    with pytest.raises(GateUnknown) as caught:
        lake.run(lake.gates()["classify"])
    assert "4711" not in str(caught.value)


def test_a_hidden_record_makes_nothing_first_seen(lake: Lake) -> None:
    raw = lake.write("raw", pl.DataFrame({"id": range(100)}))
    gate = ClassifyDatasetOperator(task_id="classify_raw", dataset=raw)
    lake.run(gate)
    lake.write("raw", pl.DataFrame({"id": range(100), "email": MAILS}))
    with closing(sqlite3.connect(lake.home / "mlsecops" / "ledger.db")) as ledger:
        ledger.executescript("DROP TRIGGER mlsecops_record_update; UPDATE mlsecops_record SET dataset = 'other'")
    with pytest.raises(GateUnknown, match="TAMPERED"):
        lake.run(gate, run_id="r2")


def test_a_jobs_digest_is_keyed() -> None:
    job = {"Environment": {"PASSWORD": "short"}}
    assert job_digest(job, b"one") == job_digest(dict(job), b"one") != job_digest(job, b"two")
    assert job_digest({}, b"one") == job_digest(None, b"one") == ""


@pytest.mark.parametrize("said", ["applications: [payroll]", "purposes: [payroll]"])
def test_a_folder_above_gives_no_leave_that_the_one_below_does_not(lake: Lake, said: str) -> None:
    rule = f'\n  - match: "**/lake/raw/vip/**"\n    stage: raw\n    tier: standard\n    {said}'
    lake.edit("\ndatasets:\n", f"\ndatasets:{rule}\n")
    vip = Path(lake.write("raw/vip", CLEAN).removeprefix("file://")).parent
    with pytest.raises(GateUnknown, match="OTHER_RULE"):
        lake.run(ClassifyDatasetOperator(task_id="scan", dataset=str(vip.parent)))

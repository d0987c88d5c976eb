"""A sealed task is asked where it runs and what its job reads before it begins, and about its data when it has ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from airflow.providers.amazon.aws.operators.sagemaker import SageMakerTrainingOperator
from airflow.sdk import DAG, BaseOperator

from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.verdict import Outcome
from airflow_mlsecops.dag import sealed
from airflow_mlsecops.operators import ClassifyDatasetOperator, IsolationCheckOperator, attempt
from airflow_mlsecops.operators.errors import GateFailed, GateUnknown
from tests.operators.fakes import context
from tests.operators.lake import CLEAN, Lake, Train


class Rewrite(BaseOperator):
    """A task during which somebody else writes the data anew."""

    def __init__(self, *, lake: Lake, frame: pl.DataFrame, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._lake, self._frame = lake, frame

    def execute(self, context: Any) -> None:
        self._lake.write("features", self._frame)


def codes(lake: Lake) -> set[str]:
    """Codes of what blocks, in the newest record of a seal."""
    newest = lake.records(gate=Gate.SEAL)[0]
    return {finding.code for finding in newest.verdict.findings if finding.blocks}


def begin(task: Any, **given: Any) -> None:
    """Run what Airflow runs before the task, on a worker that may be another."""
    task._pre_execute_hook(context(task, run_id="r1", **given))


def passed(lake: Lake, *names: str) -> list[Any]:
    gates = lake.gates()
    for name in names:
        lake.run(gates[name])
    return [gates[name] for name in names]


def test_data_that_changes_while_the_task_uses_it_is_told(lake: Lake) -> None:
    gates = passed(lake, "classify")
    train = sealed(Rewrite(task_id="train", lake=lake, frame=CLEAN.head(99)), dataset=lake.features, requires=gates)
    with pytest.raises(GateFailed, match="CHANGED_DURING_TRAINING"):
        lake.run(train)
    after, before = lake.records(gate=Gate.SEAL)
    assert (before.verdict.outcome, after.verdict.outcome) == (Outcome.PASS, Outcome.FAIL)


def test_the_authors_own_hook_runs_after_the_data_was_looked_at(lake: Lake) -> None:
    gates, said = passed(lake, "classify"), []
    train = BaseOperator(task_id="train", post_execute=lambda _context, result: said.append(result))
    sealed(train, dataset=lake.features, requires=gates)
    begin(train)
    assert train._post_execute_hook
    train._post_execute_hook(context(train, run_id="r1"), "the result")
    assert said == ["the result"]


def test_without_a_record_of_its_start_nothing_is_proven(lake: Lake) -> None:
    gates = passed(lake, "classify")
    train: Any = sealed(BaseOperator(task_id="train"), dataset=lake.features, requires=gates)
    with pytest.raises(GateUnknown, match="left no fingerprint"):
        train._post_execute_hook(context(train, run_id="r1"), None)


def test_a_record_of_another_try_is_no_start(lake: Lake) -> None:
    gates = passed(lake, "classify")
    train: Any = sealed(BaseOperator(task_id="train"), dataset=lake.features, requires=gates)
    begin(train)
    with pytest.raises(GateUnknown, match="left no fingerprint"):
        train._post_execute_hook(context(train, run_id="r1", try_number=2), None)


def test_a_seal_that_stopped_is_no_start(lake: Lake) -> None:
    gates = passed(lake, "classify")
    train: Any = sealed(BaseOperator(task_id="train"), dataset=lake.features, requires=gates)
    lake.write("features", CLEAN.head(99))
    with pytest.raises(GateFailed, match="SEAL_DATA_CHANGED"):
        begin(train)
    with pytest.raises(GateUnknown, match="left no fingerprint"):
        train._post_execute_hook(context(train, run_id="r1"), None)


def days(lake: Lake) -> tuple[str, dict[str, ClassifyDatasetOperator]]:
    """A dataset of two partitions, each with the gate that it passed."""
    for number, day in enumerate(("a", "b")):
        lake.write(f"features/{day}", CLEAN.head(90 + number))
    folder = f"file://{lake.home}/lake/features"
    gates = {day: ClassifyDatasetOperator(task_id=day, dataset=folder, partition=f"{day}/") for day in ("a", "b")}
    for gate in gates.values():
        lake.run(gate)
    return folder, gates


def test_a_task_is_sealed_on_each_dataset_and_partition_by_itself(lake: Lake) -> None:
    whole = passed(lake, "classify")
    folder, gates = days(lake)
    other = lake.write("raw", CLEAN.head(50))
    lake.run(scan := ClassifyDatasetOperator(task_id="raw", dataset=other))
    train: Any = sealed(Train(task_id="train", trace=lake.trace), dataset=other, requires=[scan])
    sealed(train, dataset=lake.features, requires=whole)
    for day, gate in gates.items():
        sealed(train, dataset=folder, partition=f"{day}/", requires=[gate])
    lake.run(train)
    lake.write("features/a", CLEAN.head(7))
    with pytest.raises(GateFailed, match="CHANGED_DURING_TRAINING"):
        train._post_execute_hook(context(train, run_id="r1"), None)


def test_a_job_may_read_the_sealed_partition_and_no_other(lake: Lake) -> None:
    folder, gates = days(lake)
    for inputs, stops in (("a/",), False), (("a/", "b/"), True), (("",), True):
        train = trains(training(lake, *(f"{folder}/{day}" for day in inputs)))
        sealed(train, dataset=folder, partition="a/", requires=[gates["a"]])
        if stops:
            with pytest.raises(GateFailed, match="SEAL_OTHER_INPUT"):
                begin(train)
        else:
            begin(train)


def test_a_proof_need_not_stay_young_while_its_task_waits(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """A task that is deferred for days resumes under the proof that it began with; one that begins late does not."""
    gates = passed(lake, "classify")
    train = sealed(BaseOperator(task_id="train"), dataset=lake.features, requires=gates)
    begin(train)

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(UTC) + timedelta(days=400)

    monkeypatch.setattr(attempt, "datetime", Later)
    begin(train)
    with pytest.raises(GateFailed, match="SEAL_TOO_OLD"):
        begin(train, try_number=2)


def test_the_tasks_own_worker_is_asked_what_the_gates_worker_was(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    lake.edit("      - ENV_MISMATCH\n", "      - ENV_MISMATCH\n      - PERSON_AT_KEYBOARD\n")
    for hint in ("TERM_PROGRAM", "SUDO_USER", "VSCODE_IPC_HOOK_CLI"):
        monkeypatch.delenv(hint, raising=False)
    gates = passed(lake, "classify", "isolate")
    train = sealed(BaseOperator(task_id="train"), dataset=lake.features, requires=gates)
    begin(train)
    monkeypatch.setenv("JPY_PARENT_PID", "7")
    with pytest.raises(GateFailed, match="PERSON_AT_KEYBOARD"):
        begin(train)
    assert codes(lake) == {"PERSON_AT_KEYBOARD"}


def test_a_gate_that_looked_at_another_dataset_proves_nothing_of_this_one(lake: Lake) -> None:
    other = lake.write("raw", CLEAN)
    elsewhere = IsolationCheckOperator(task_id="isolate", dataset=other, environment="local")
    lake.run(elsewhere)
    train = sealed(
        BaseOperator(task_id="train"), dataset=lake.features, requires=[*passed(lake, "classify"), elsewhere]
    )
    with pytest.raises(GateFailed, match="SEAL_OTHER_DATASET"):
        begin(train)


def training(lake: Lake, *inputs: str) -> dict[str, Any]:
    channel = [
        {"ChannelName": f"c{n}", "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}}
        for n, uri in enumerate(inputs)
    ]
    return {
        "TrainingJobName": "churn",
        "AlgorithmSpecification": {"TrainingImage": "r/train@sha256:" + "a" * 64, "TrainingInputMode": "File"},
        "RoleArn": "arn:aws:iam::222222222222:role/ml-train-prod",
        "InputDataConfig": channel,
        "OutputDataConfig": {"S3OutputPath": "s3://ml-prod/models/"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    }


def trains(config: dict[str, Any]) -> Any:
    with DAG("churn"):
        return SageMakerTrainingOperator(task_id="train", config=config)


def submits(lake: Lake, config: dict[str, Any], gates: list[Any]) -> Any:
    return sealed(trains(config), dataset=lake.features, requires=gates)


def test_a_job_that_reads_what_nobody_sealed_is_not_submitted(lake: Lake) -> None:
    train = submits(lake, training(lake, lake.features, "s3://ml-prod/raw/"), passed(lake, "classify"))
    with pytest.raises(GateFailed, match="SEAL_OTHER_INPUT"):
        begin(train)
    assert codes(lake) == {"SEAL_OTHER_INPUT"}


def test_a_job_may_read_each_dataset_that_it_is_sealed_on(lake: Lake) -> None:
    other = lake.write("features/other", CLEAN)
    config = training(lake, lake.features, other)
    scans = passed(lake, "classify")
    train = submits(lake, config, scans)
    with pytest.raises(GateFailed, match="SEAL_OTHER_INPUT"):
        begin(train)
    scan = type(scans[0])(task_id="classify_other", dataset=other)
    lake.run(scan)
    begin(sealed(train, dataset=other, requires=[scan]))


def test_an_operator_that_submits_another_job_than_was_judged_is_stopped(lake: Lake) -> None:
    (scan,) = passed(lake, "classify")
    judged = training(lake, lake.features)
    lake.edit("    remote: false\n", "    remote: true\n")
    isolate = IsolationCheckOperator(task_id="isolate", dataset=lake.features, environment="local", job=judged)
    lake.run(scan)
    lake.run(isolate)
    begin(submits(lake, judged, [scan, isolate]))
    other = {**judged, "EnableNetworkIsolation": False}
    with pytest.raises(GateFailed, match="SEAL_JOB_CHANGED"):
        begin(submits(lake, other, [scan, isolate]))


def test_what_cannot_be_read_of_a_job_is_not_taken_for_harmless(lake: Lake, tmp_path: Path) -> None:
    train = submits(lake, {"SomethingElse": str(tmp_path)}, passed(lake, "classify"))
    with pytest.raises(GateUnknown, match="SEAL_INPUT_UNKNOWN"):
        begin(train)

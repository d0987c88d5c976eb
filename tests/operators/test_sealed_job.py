"""The job of a sealed task is the one that its gate judged: whoever names it, wherever and whenever it is changed."""

from __future__ import annotations

from typing import Any

import pytest
from airflow.providers.amazon.aws.operators.sagemaker import (
    SageMakerCreateExperimentOperator,
    SageMakerStopPipelineOperator,
    SageMakerTrainingOperator,
)
from airflow.sdk import DAG, BaseOperator

from airflow_mlsecops.dag import sealed
from airflow_mlsecops.observe import runtime
from airflow_mlsecops.operators import IsolationCheckOperator
from airflow_mlsecops.operators.errors import GateFailed, GateUnknown
from tests.operators.fakes import context
from tests.operators.lake import Lake
from tests.operators.test_sealed_task import begin, passed, training


class Calm(SageMakerTrainingOperator):
    """Submits what its config is, as its base does."""


class Late(SageMakerTrainingOperator):
    """Makes up its job only when it executes."""

    def execute(self, context: Any) -> None:
        self.config = {}


class Sly(SageMakerTrainingOperator):
    """Makes another job of what was judged, when nobody looks any more."""

    def pre_execute(self, context: Any) -> None:
        self.config["EnableNetworkIsolation"] = False


def judged(lake: Lake, job: Any = None, **given: Any) -> list[Any]:
    """Gates that passed, the second on a job."""
    lake.edit("    remote: false\n", "    remote: true\n")
    (scan,) = passed(lake, "classify")
    isolate = IsolationCheckOperator(
        task_id="isolate", dataset=lake.features, environment="local", job=job, **{"aws_conn_id": "aws_here", **given}
    )
    lake.run(scan)
    lake.run(isolate)
    return [scan, isolate]


@pytest.fixture
def regions(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, region in (("here", "eu-west-1"), ("there", "us-east-1")):
        monkeypatch.setenv(
            f"AIRFLOW_CONN_AWS_{name}".upper(), f"aws://?region_name={region}&mlsecops_environment=local"
        )


def trains(config: Any, kind: Any = SageMakerTrainingOperator, **given: Any) -> Any:
    with DAG("churn"):
        return kind(task_id="train", config=config, **{"aws_conn_id": "aws_here", **given})


@pytest.mark.usefixtures("regions")
def test_the_task_itself_is_believed_before_what_is_said_of_it(lake: Lake) -> None:
    good = training(lake, lake.features)
    gates = judged(lake, good)
    bad = {**good, "EnableNetworkIsolation": False}
    begin(sealed(trains(good), dataset=lake.features, requires=gates))
    for said in (good, {}):
        with pytest.raises(GateFailed, match="SEAL_JOB_CHANGED"):
            begin(sealed(trains(bad), dataset=lake.features, requires=gates, job=said))


@pytest.mark.usefixtures("regions")
def test_a_job_that_only_one_of_them_knows(lake: Lake) -> None:
    good = training(lake, lake.features)
    gates = judged(lake, None)
    with pytest.raises(GateFailed, match="SEAL_JOB_CHANGED"):
        begin(sealed(trains(good), dataset=lake.features, requires=gates))
    plain = BaseOperator(task_id="train")
    begin(sealed(plain, dataset=lake.features, requires=gates))
    lake.run(isolate := IsolationCheckOperator(
        task_id="isolate", dataset=lake.features, environment="local", job=good, aws_conn_id="aws_here",
    ))  # fmt: skip
    with pytest.raises(GateFailed, match="SEAL_JOB_CHANGED"):
        begin(sealed(BaseOperator(task_id="train"), dataset=lake.features, requires=[gates[0], isolate]))


@pytest.mark.usefixtures("regions")
@pytest.mark.parametrize(
    "way", [{"aws_conn_id": "aws_there"}, {"region_name": "us-east-1"}, {"aws_conn_id": "", "region_name": "us-east-1"}]
)
def test_the_same_job_in_another_region_is_another(lake: Lake, way: dict[str, str]) -> None:
    good = training(lake, lake.features)
    gates = judged(lake, good)
    begin(sealed(trains(good, region_name="eu-west-1"), dataset=lake.features, requires=gates))
    with pytest.raises(GateFailed, match="SEAL_JOB_CHANGED"):
        begin(sealed(trains(good, **way), dataset=lake.features, requires=gates))


@pytest.mark.usefixtures("regions")
def test_a_task_without_a_connection_is_nobody_that_was_asked_about(lake: Lake) -> None:
    lake.edit("    remote: false\n", "    aws: {accounts: ['222222222222']}\n    remote: false\n")
    good = training(lake, lake.features)
    gates = judged(lake, good)
    begin(sealed(trains(good), dataset=lake.features, requires=gates))
    with pytest.raises(GateFailed, match="SEAL_NO_CONNECTION"):
        begin(sealed(trains(good, aws_conn_id=None, region_name="eu-west-1"), dataset=lake.features, requires=gates))


@pytest.mark.usefixtures("regions")
def test_a_job_that_the_authors_own_hook_changes_is_looked_at_again(lake: Lake) -> None:
    good = training(lake, lake.features)
    gates = judged(lake, good)

    def open_up(context: Any) -> None:
        context["ti"].task.config["EnableNetworkIsolation"] = False

    train = sealed(trains({**good}, pre_execute=open_up), dataset=lake.features, requires=gates)
    with pytest.raises(GateFailed, match="SEAL_JOB_CHANGED"):
        begin(train)

    def move(context: Any) -> None:
        context["ti"].task.region_name = "us-east-1"

    with pytest.raises(GateFailed, match="SEAL_JOB_CHANGED"):
        begin(sealed(trains({**good}, pre_execute=move), dataset=lake.features, requires=gates))


def test_an_operator_that_changes_itself_after_the_seal_cannot_be_sealed(lake: Lake) -> None:
    gates = passed(lake, "classify")
    sealed(trains(training(lake, lake.features), Calm), dataset=lake.features, requires=gates)
    with pytest.raises(ValueError, match="pre_execute"):
        sealed(trains(training(lake, lake.features), Sly), dataset=lake.features, requires=gates)


@pytest.mark.parametrize("config", [{}, "{}", None])
def test_a_job_that_is_not_there_before_the_task_executes_was_looked_at_by_nobody(lake: Lake, config: Any) -> None:
    gates = passed(lake, "classify")
    with pytest.raises(GateUnknown, match=r"SEAL_INPUT_UNKNOWN(.|\n)*before it executes"):
        begin(sealed(trains(config, Late), dataset=lake.features, requires=gates))
    begin(sealed(trains(config, Late), dataset=lake.features, requires=gates, job=training(lake, lake.features)))


@pytest.mark.parametrize(
    "task",
    [
        SageMakerStopPipelineOperator(task_id="t", pipeline_exec_arn="arn:aws:sagemaker:eu-west-1:2:pipeline/p/x"),
        SageMakerCreateExperimentOperator(task_id="t", name="x"),
    ],
)
def test_a_task_of_sagemaker_that_submits_nothing_has_no_job_to_look_at(lake: Lake, task: Any) -> None:
    begin(sealed(task, dataset=lake.features, requires=passed(lake, "classify")))


def test_what_the_author_requires_of_the_gate_is_required_of_the_task(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hint in runtime.HINTS:
        monkeypatch.delenv(hint, raising=False)
    (scan,) = passed(lake, "classify")
    isolate = IsolationCheckOperator(
        task_id="isolate", dataset=lake.features, environment="local", checks=["PERSON_AT_KEYBOARD"]
    )
    lake.run(isolate)
    train = sealed(BaseOperator(task_id="train"), dataset=lake.features, requires=[scan, isolate])
    begin(train)
    monkeypatch.setenv("JPY_PARENT_PID", "7")
    with pytest.raises(GateFailed, match="PERSON_AT_KEYBOARD"):
        begin(train)


@pytest.mark.usefixtures("regions")
def test_templates_of_a_job_are_rendered_for_the_gate_and_stored_nowhere(lake: Lake) -> None:
    templated = {**training(lake, lake.features), "TrainingJobName": "churn-{{ run_id }}"}
    lake.edit("    remote: false\n", "    remote: true\n")
    (scan,) = passed(lake, "classify")
    isolate = IsolationCheckOperator(
        task_id="isolate", dataset=lake.features, environment="local", job=templated, aws_conn_id="aws_here"
    )
    isolate.execute({**context(isolate), "run_id": "r1"})  # type: ignore[arg-type]
    assert "job" not in isolate.template_fields
    begin(sealed(
        trains({**templated, "TrainingJobName": "churn-r1"}), dataset=lake.features, requires=[scan, isolate]
    ))  # fmt: skip
    with pytest.raises(GateFailed, match="SEAL_JOB_CHANGED"):
        begin(sealed(
            trains({**templated, "TrainingJobName": "churn-r2"}), dataset=lake.features, requires=[scan, isolate]
        ))  # fmt: skip


def test_a_job_that_a_template_makes_text_of_is_not_taken_for_none(lake: Lake) -> None:
    lake.edit("    remote: false\n", "    remote: true\n")
    isolate = IsolationCheckOperator(
        task_id="isolate",
        dataset=lake.features,
        environment="local",
        job="{{ 1 }}",
        checks=["JOB_SECRETS"],  # type: ignore[arg-type]
    )
    with pytest.raises(GateUnknown, match="pass job=job_of"):
        lake.run(isolate)
    empty = IsolationCheckOperator(
        task_id="isolate", dataset=lake.features, environment="local", job={}, checks=["JOB_SECRETS"]
    )
    with pytest.raises(GateUnknown, match="JOB_SECRETS"):
        lake.run(empty)


def test_a_job_that_another_task_returns_puts_that_task_before_the_gate() -> None:
    with DAG("d"):
        make = BaseOperator(task_id="make")
        gate = IsolationCheckOperator(
            task_id="isolate", dataset="file:///x", environment="local", job={"TrainingJobName": make.output}
        )
    assert gate.upstream_task_ids == {"make"}

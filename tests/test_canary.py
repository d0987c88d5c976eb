"""The canary search would find what it is to find; and a scan, whatever is asked of it, shows nothing of what it read."""

from __future__ import annotations

import base64
import io
import json
import pickle
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl
import psycopg
import pytest
from airflow.providers.amazon.aws.operators.sagemaker import SageMakerTrainingOperator
from airflow.sdk import DAG
from airflow.sdk.execution_time.task_runner import _serialize_rendered_fields
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.parsers import ResponseParserError

from airflow_mlsecops import detectors, scan
from airflow_mlsecops.checks import all_checks
from airflow_mlsecops.checks._jobs import DESCRIBE_JOB_DEFINITIONS, DESCRIBE_TASK_DEFINITION
from airflow_mlsecops.checks._sagemaker import DESCRIBE_MODEL, DESCRIBE_PROCESSING_JOB, DESCRIBE_TRAINING_JOB
from airflow_mlsecops.core import jobs
from airflow_mlsecops.core.aws import Operation
from airflow_mlsecops.core.classification import Classification, Column, Sighting
from airflow_mlsecops.core.clean import clean_columns
from airflow_mlsecops.core.clue import Fit
from airflow_mlsecops.core.entity import Role
from airflow_mlsecops.core.job import JobFacts
from airflow_mlsecops.core.judge_sanitize import plan
from airflow_mlsecops.core.policy import DatasetRule, Policy, StageRule
from airflow_mlsecops.core.treatment import Rule
from airflow_mlsecops.core.unseen import NotObserved
from airflow_mlsecops.dag import sealed
from airflow_mlsecops.observe import aws, database
from airflow_mlsecops.operators import IsolationCheckOperator
from airflow_mlsecops.operators.errors import GateFailed
from airflow_mlsecops.sanitize import PseudonymKey, Sanitizer
from airflow_mlsecops.scan import clues, conclude, sample, search, tally, view
from airflow_mlsecops.scan.buffer import Buffer
from airflow_mlsecops.scan.naming import names_of
from airflow_mlsecops.scan.nested import leaves
from tests.canary import columns, forms, leaks, planted, values
from tests.detectors.tables import tables
from tests.operators.fakes import context
from tests.operators.lake import Lake
from tests.operators.people import Parked, RequiredActions, actions, park, resume, says

__all__ = ["actions"]
ALL = detectors.all_detectors()


@cache
def frame() -> pl.DataFrame:
    cells = columns()
    height = max(map(len, cells.values()))
    return pl.DataFrame({name: held + [None] * (height - len(held)) for name, held in cells.items()})


@cache
def examined() -> tuple[Classification, tuple[conclude.Weighed, ...], scan.Hits]:
    hits = scan.Hits()
    return *scan.examine([frame()], ALL, hits=hits), hits


def test_every_detector_has_something_planted_that_the_scan_finds() -> None:
    assert tables() == sorted(detector.name for detector in ALL)
    assert len(values()) > 120
    entity = {detector.name: detector.entity.name for detector in ALL}
    found = examined()[0].sightings
    missed = [
        example.table
        for column, example in planted().items()
        if not any(one.column.startswith(column) and one.entity == entity[example.table] for one in found)
    ]
    assert missed == []


def test_a_leak_is_found_in_each_form() -> None:
    value = values()[0]
    for form in (value.encode(), value.encode().hex().encode(), base64.b64encode(value.encode()), *forms(value)):
        for before in (b"", b"x", b"before "):
            assert leaks([("log", before + form + b" after")])
            assert leaks([("log", before + form)])
    assert not leaks([("log", b"nothing here"), ("empty", b""), ("short", b"abc")])


def objects() -> Iterator[object]:
    """Everything that a scan makes on its way from cells to an answer."""
    classification, weighed, hits = examined()
    yield from (classification, weighed, hits, hits.known())
    yield scan.trace(hits, [frame()[:, ::12]], ALL)
    yield scan.occurrences([cell for cells in columns().values() for cell in cells], ALL)
    counted, names = tally.Tally(), names_of(ALL)
    yield counted
    for position, column in list(enumerate(frame().iter_columns()))[::4]:
        yield list(leaves(column))
        drawn = sample.Sample()
        drawn.add(column)
        prepared = clues.values_of(drawn.values())
        yield drawn, prepared, Buffer(column.drop_nulls())
        yield [clues.look(detector, prepared, Fit.SAYS) for detector in ALL[position % 16 :: 16]]
        for looked in view.views_of(position, column):
            yield looked, list(search.proven(looked, ALL, names, gather=True))
            leaf = counted.leaf(column.name, looked.path, loose=looked.loose, size=1_024)
            leaf.see(looked)
            yield leaf, counted.leaves()


def test_no_object_of_a_scan_shows_what_it_holds() -> None:
    said = [(type(one).__name__, f"{one!r} {one}".encode()) for one in objects()]
    assert len(said) > 150
    assert leaks(said) == []


def test_an_answer_holds_no_value_in_any_form() -> None:
    classification, _, _ = examined()
    assert leaks([("classification", classification.model_dump_json().encode())]) == []
    assert leaks([("sighting", one.model_dump_json().encode()) for one in classification.sightings]) == []
    assert leaks([("merged", classification.merge(classification).model_dump_json().encode())]) == []


def test_a_header_that_is_data_is_in_no_answer() -> None:
    cells = [cell for held in columns().values() for cell in held]
    named = pl.DataFrame({cell: ["x"] for cell in cells})
    parsed = pl.read_csv(io.StringIO("\n".join(["a", "b"])))
    classification = scan.classify([named], ALL)
    assert leaks([("header", classification.model_dump_json().encode())]) == []
    assert {one.code for one in classification.skipped} == {"HEADER_HOLDS_DATA"}
    assert not scan.classify([parsed], ALL).skipped


def test_the_names_of_clean_columns_hold_no_value() -> None:
    cells = [cell for held in columns().values() for cell in held]
    header, nested = (
        pl.DataFrame({cell: ["x"] for cell in cells}),
        pl.DataFrame({"n": [json.dumps({cell: "x"}) for cell in cells]}),
    )
    for one in (header, nested, frame()):
        names = clean_columns(scan.classify([one], ALL))
        assert leaks([(str(number), name.encode()) for number, name in enumerate(names)]) == []


@pytest.mark.parametrize("split", [0, 40])
def test_a_json_key_that_is_data_is_in_no_answer(split: int) -> None:
    cells = [json.dumps({cell: number}) for number, cell in enumerate(values())]
    whole = pl.DataFrame({"scores": cells, "nested": [json.dumps({"of": {cell: {"is": 1}}}) for cell in values()]})
    known = [whole[:split], whole[split:]] if split else [whole[:60]]
    hits = scan.Hits()
    classification, weighed = scan.examine(known, ALL, hits=hits)
    traced = (scan.trace(examined()[2], [whole], ALL), scan.trace(hits, [frame()], ALL), list(hits.known()))
    said = [repr((one.column, one.weights)).encode() for one in weighed]
    assert leaks([("keys", classification.model_dump_json().encode()), ("traced", repr(traced).encode())]) == []
    assert leaks([("weighed", one) for one in said]) == []


def refused() -> Iterator[Exception]:
    """What a scan refuses, in its own words."""
    value = values()[0]
    classification, _, hits = examined()
    drawn = sample.Sample()
    drawn.add(pl.Series(values()))
    for doing in (
        lambda: pickle.dumps(hits),
        lambda: pickle.dumps(drawn),
        lambda: Column(name="x", type="String", rows=value),  # type: ignore[arg-type]
        lambda: Sighting(column="x", entity="Y", rows=value, how=value),  # type: ignore[arg-type]
        lambda: classification.merge(Classification(ruleset="other")),
    ):
        with pytest.raises((TypeError, ValueError)) as caught:
            doing()
        yield caught.value


def test_no_error_tells_a_value() -> None:
    assert leaks([(type(error).__name__, f"{error!r} {error}".encode()) for error in refused()]) == []


def test_a_scan_says_nothing_by_itself(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    scan.classify([frame()], ALL)
    said = capfd.readouterr()
    assert (said.out, said.err, caplog.text) == ("", "", "")


def sanitized(rule: object) -> pl.DataFrame:
    """All that is planted, by one rule for whatever is found."""
    rules = {f"role:{role.value}": Rule.model_validate(rule) for role in Role}
    policy = Policy(
        stages={"open": StageRule(sanitize=rules)}, datasets=(DatasetRule(match="**", stage="open"),), environments={}
    )
    planned = plan(examined()[0], identity="file:///x", policy=policy, entities=detectors.entities(), added={})
    assert planned.findings == ()
    sanitizer = Sanitizer(planned.treatments, key=PseudonymKey(b"k" * 32), detectors=ALL)
    made = sanitizer.apply(frame())
    told = f"{sanitizer!r} {sanitizer.treated} {dict(sanitizer.shapes)} {planned!r}"
    assert leaks([("sanitizer", told.encode())]) == []
    assert made.height == frame().height
    return made


@pytest.mark.parametrize(
    "rule",
    ["pseudonymise", "mask", {"with": "mask", "keep_last": 4}, "redact", "null", {"with": "synthetic", "kind": "name"}],
    ids=str,
)
def test_nothing_that_was_found_is_in_what_was_sanitized(rule: object) -> None:
    made = sanitized(rule)
    cells = [(column.name, "\n".join(column.drop_nulls().cast(pl.String)).encode()) for column in made.iter_columns()]
    assert len(cells) == frame().width
    assert leaks(cells) == []


def carrying() -> dict[str, Any]:
    """A job that carries every planted value in clear, wherever a job may carry one."""
    by_name = {f"V{number}": value for number, value in enumerate(values())}
    return {
        "TrainingJobName": "churn",
        "AlgorithmSpecification": {
            "TrainingImage": "r/train@sha256:" + "a" * 64,
            "ContainerEntrypoint": values(),
            "ContainerArguments": [f"--v={value}" for value in values()],
        },
        "HyperParameters": by_name,
        "Environment": by_name,
        "RoleArn": "arn:aws:iam::222222222222:role/ml-train-prod",
        "InputDataConfig": [
            {"DataSource": {"S3DataSource": {"S3Uri": f"https://app:{quote(value, safe='')}@h/x?signature={value}"}}}
            for value in values()
        ],
        "OutputDataConfig": {"S3OutputPath": "s3://ml-prod/models/"},
        "DebugRuleConfigurations": [{"RuleEvaluatorImage": "r/rule", "RuleParameters": by_name}],
        "VpcConfig": {"Subnets": ["subnet-1"]},
    }


def described() -> Iterator[tuple[Operation[Any], dict[str, Any]]]:
    """The same as AWS describes it, of each kind."""
    named = [{"name": f"V{number}", "value": value} for number, value in enumerate(values())]
    inside = {"name": "c", "image": "r/x", "environment": named, "command": values(), "entryPoint": values()}
    mounted = {"name": "v", "dockerVolumeConfiguration": {"driverOpts": {f"o{n}": v for n, v in enumerate(values())}}}
    given = {one["name"]: one["value"] for one in named}
    yield DESCRIBE_TRAINING_JOB, carrying()
    yield DESCRIBE_MODEL, {"ModelName": "m", "Containers": [{"Image": "r/x", "Environment": given}]}
    defined = {"family": "f", "containerDefinitions": [inside], "volumes": [mounted]}
    yield DESCRIBE_TASK_DEFINITION, {"taskDefinition": defined}
    batch = {"jobDefinitionName": "d", "parameters": given, "containerProperties": inside}
    yield DESCRIBE_JOB_DEFINITIONS, {"jobDefinitions": [batch]}
    application = {"ImageUri": "r/x", "ContainerArguments": values()}
    yield DESCRIBE_PROCESSING_JOB, {
        "ProcessingJobName": "p", "RoleArn": "r", "Environment": given, "AppSpecification": application,
    }  # fmt: skip
    yield DESCRIBE_PROCESSING_JOB, {"ProcessingJobName": given, "RoleArn": values()}  # of another form


def test_what_is_kept_of_a_job_holds_no_value_that_it_carries() -> None:
    for operation, answer in described():
        assert operation.keep is not None
        kept = json.dumps(operation.keep(answer))
        assert leaks([(operation.name, kept.encode())]) == []
    read = jobs.read(carrying())
    assert isinstance(read, JobFacts)
    assert len(read.inputs) == len(values())
    assert leaks([("facts", read.model_dump_json().encode()), ("repr", repr(read).encode())]) == []
    odd = [jobs.read({**carrying(), field: values()}) for field in ("Environment", "RoleArn", "VpcConfig")]
    assert leaks([("odd", repr(odd).encode()), ("text", repr(jobs.read(values()[0])).encode())]) == []


def test_a_gate_on_a_job_tells_no_value_that_it_carries(
    deployment: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    lake = Lake(deployment)
    asked = [check for check in all_checks() if check.startswith("JOB_")]
    with DAG("churn"):
        gate = IsolationCheckOperator(
            task_id="isolate", dataset=lake.features, environment="local", job=carrying(), checks=asked
        )
        train = SageMakerTrainingOperator(task_id="train", config=carrying())
    sealed(train, dataset=lake.features, requires=[gate])
    around = context(gate)
    told = []
    with pytest.raises(GateFailed) as stopped:
        gate.execute(around)  # type: ignore[arg-type]
    told.append(("gate", f"{stopped.value!r} {stopped.value} {stopped.getrepr()}".encode()))
    with pytest.raises(GateFailed) as stopped:
        train._pre_execute_hook(context(train))  # type: ignore[misc, arg-type]
    told.append(("seal", f"{stopped.value!r} {stopped.value}".encode()))
    assert {"JOB_SECRETS", "JOB_DATA_PLACE"} <= {one.code for one in lake.records()[-1].verdict.findings}
    shown = capfd.readouterr()
    told += [("out", shown.out.encode()), ("err", shown.err.encode()), ("log", caplog.text.encode())]
    told += [
        ("xcom", repr(around["ti"].pushed).encode()),
        ("rendered", repr(_serialize_rendered_fields(gate)).encode()),
    ]
    told += [
        (file.name, file.read_bytes()) for file in deployment.rglob("*") if file.is_file() and "lake" not in file.parts
    ]
    assert any(b"JOB_SECRETS" in held for name, held in told if name not in ("gate", "out", "err", "log"))
    assert leaks(told) == []


class Refusing:
    """AWS, which refuses in words that hold what was asked about, behind a door."""

    region = "eu-west-1"
    credentials = NotObserved()

    def __init__(self, text: str) -> None:
        self._text = text

    def client(self, service: str, *, as_task: bool, region: str) -> Any:
        return self

    def can_paginate(self, operation: str) -> bool:
        return False

    def describe_model(self, **_: Any) -> Any:
        raise ClientError({"Error": {"Code": "ValidationException", "Message": self._text}}, "DescribeModel")

    def describe_training_job(self, **_: Any) -> Any:
        raise EndpointConnectionError(endpoint_url=self._text)

    def describe_task_definition(self, **_: Any) -> Any:
        raise ResponseParserError(self._text)


def test_what_aws_and_databases_refuse_is_told_without_their_words() -> None:
    text = "\n".join(values())
    calls = (
        DESCRIBE_MODEL.call(ModelName="m"),
        DESCRIBE_TRAINING_JOB.call(TrainingJobName="t"),
        DESCRIBE_TASK_DEFINITION.call(taskDefinition="d"),
    )
    seen = aws.observe(Refusing(text), lambda known: () if known.answers else calls)
    assert all(isinstance(answer, NotObserved) for answer in seen.answers.values())
    assert leaks([("aws", seen.model_dump_json().encode()), ("repr", repr(seen).encode())]) == []

    class Closed:
        dialect, place, local = "postgres", "db:5432/crm", False

        def connect(self) -> Any:
            raise psycopg.OperationalError(text)

    found = database.observe(Closed())
    assert isinstance(found, NotObserved)
    assert leaks([("database", repr(found).encode())]) == []
    hosts = tuple(f"server:https://app:{value}@h/x?token={value}" for value in values() if "@" not in value)
    assert leaks([("bridges", repr(database._bridges(hosts)).encode())]) == []


def test_a_question_to_people_and_its_answers_hold_no_value(
    deployment: Path, actions: RequiredActions, capfd: pytest.CaptureFixture[str]
) -> None:
    lake = Lake(deployment)
    lake.edit("approvers: []", "approvers: [bob]")
    lake.edit('\n    never: ["role:direct identifier", "role:special category", "role:health", "role:secret"]', "")
    lake.write("features", frame()[:, :40])
    task = lake.gates(on_violation="approve")["classify"]
    park(task)
    value = next(cell for cell in columns()["email"] if "@" in cell)
    with pytest.raises(Parked):
        resume(task, says("bob", justification=f"write to {value} first"))
    made = resume(task, says("bob"))
    (shown,) = actions.shown.values()
    assert shown.body.count("|") > 200
    records = [record.model_dump_json().encode() for record in lake.records()]
    told = capfd.readouterr()
    said = [("body", shown.model_dump_json().encode()), ("pushed", json.dumps(made["ti"].pushed).encode())]
    said += [("records", b"".join(records)), ("log", (told.out + told.err).encode())]
    assert len(records) == 6
    assert leaks(said) == []

"""A job reads nothing but what its task is sealed on."""

from __future__ import annotations

import pytest

from airflow_mlsecops.core.job import JobFacts
from airflow_mlsecops.core.judge_inputs import judge_inputs, within
from airflow_mlsecops.core.unseen import NotObserved
from airflow_mlsecops.core.verdict import Outcome, outcome_of

PLACE = "s3://ml-prod/features/churn/2026-11-23/"
WITHIN = [
    ("s3://ml-prod/features/churn/2026-11-23/", PLACE, True),
    ("s3://ml-prod/features/churn/2026-11-23/part-0.parquet", PLACE, True),
    ("s3a://ml-prod/features/churn/2026-11-23/", PLACE, True),
    ("s3://ml-prod/features/churn/2026-11-23", PLACE, False),  # S3 takes it for a prefix of 2026-11-23-raw/ too
    ("s3://ml-prod/features/churn/2026-11-22/", PLACE, False),
    ("s3://ml-prod/features/churn/", PLACE, False),
    ("s3://ml-dev/features/churn/2026-11-23/", PLACE, False),
    ("s3://ml-prod/features/churn/x.parquet", "s3://ml-prod/features/churn/x.parquet", True),
    ("s3://ml-prod/features/churn/x.parquet.bak", "s3://ml-prod/features/churn/x.parquet", False),
    ("s3://ml-prod/features/churn", "s3://ml-prod/features/churn", False),
    ("s3://ml-prod/features/2026.11.2", "s3://ml-prod/features/2026.11.2", False),  # nor for one of 2026.11.20
    ("s3://ml-prod/features/churn.v1", "s3://ml-prod/features/churn.v1", False),
    ("s3://ml-prod/features/churn.v1/", "s3://ml-prod/features/churn.v1", True),
    ("s3://ml-prod/features/x.csv.gz", "s3://ml-prod/features/x.csv.gz", True),
    ("s3://ml-prod/features/churn/", "s3://ml-prod/features/churn", True),
]


@pytest.mark.parametrize(("uri", "place", "inside"), WITHIN)
def test_what_lies_within(uri: str, place: str, inside: bool) -> None:
    assert within(uri, place) is inside


def job(*inputs: str, kind: str = "sagemaker training") -> JobFacts:
    return JobFacts(kind=kind, inputs=inputs)


def test_a_job_that_reads_what_is_sealed_is_fine() -> None:
    assert judge_inputs(job(PLACE), [PLACE]) == ()
    assert judge_inputs(None, [PLACE]) == ()


def test_each_input_that_is_not_sealed_is_named() -> None:
    other = "s3://ml-prod/raw/"
    (finding,) = judge_inputs(job(PLACE, other), [PLACE])
    assert (finding.code, finding.subject) == ("SEAL_OTHER_INPUT", other)
    assert finding.blocks
    assert judge_inputs(job(PLACE, other), [PLACE, other]) == ()


@pytest.mark.parametrize("unread", [NotObserved(), job(), job(PLACE).model_copy(update={"unread": ("inputs",)})])
def test_a_job_that_tells_nothing_lets_nothing_through(unread: JobFacts | NotObserved) -> None:
    (finding,) = judge_inputs(unread, [PLACE])
    assert (finding.code, outcome_of((finding,))) == ("SEAL_INPUT_UNKNOWN", Outcome.UNKNOWN)
    assert finding.blocks


@pytest.mark.parametrize("kind", ["training", "tuning", "processing", "transform"])
def test_jobs_of_sagemaker_name_all_that_they_read(kind: str) -> None:
    (finding,) = judge_inputs(job("s3://ml-prod/raw/", kind=f"sagemaker {kind}"), [PLACE])
    assert finding.code == "SEAL_OTHER_INPUT"


def test_a_job_that_is_merely_described_may_be_of_any_kind() -> None:
    (finding,) = judge_inputs(NotObserved(), [PLACE], required=False)
    assert not finding.blocks


def test_a_container_reads_what_it_likes() -> None:
    assert judge_inputs(job(kind="ecs task"), [PLACE]) == ()

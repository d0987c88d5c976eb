"""Judgement of what a job reads: nothing but the datasets that its task is sealed on."""

from __future__ import annotations

import re
from collections.abc import Collection

from airflow_mlsecops.core.finding import Finding, Severity, Status
from airflow_mlsecops.core.job import JobFacts
from airflow_mlsecops.core.unseen import NotObserved

_FILE = re.compile(
    r"[^/]\.(?:csv|tsv|txt|jsonl?|ndjson|parquet|arrow|feather|avro|orc)(?:\.(?:gz|bz2|xz|zst|snappy))?$", re.IGNORECASE
)
# Kinds of which the job itself names all that it reads; code in a container of another kind reads what it likes.
_NAMES_ALL = ("sagemaker training", "sagemaker tuning", "sagemaker processing", "sagemaker transform")


def judge_inputs(
    job: JobFacts | NotObserved | None, sealed: Collection[str], *, required: bool = True
) -> tuple[Finding, ...]:
    """Compare what the job to come reads with what was sealed; nothing where the task submits no job.

    :param sealed: places of the sealed datasets, their partition included (``s3://ml-prod/features/2026-11-23/``)
    :param required: whether a job that could not be read blocks; not one that somebody merely describes
    """
    if job is None:
        return ()
    if isinstance(job, NotObserved):
        return (_unread(f"the job was not observed: {job.why}", required=required),)
    if job.kind not in _NAMES_ALL:
        return ()
    if "inputs" in job.unread:
        return (_unread("the job says only in part what it reads"),)
    if not job.inputs:
        return (_unread("the job names nothing that it reads"),)
    return tuple(_strange(uri, sealed) for uri in job.inputs if not any(within(uri, place) for place in sealed))


def within(uri: str, place: str) -> bool:
    """True if all that a prefix stands for lies in a place.

    S3 takes what a job reads for a prefix of names: ``s3://b/churn`` stands for ``s3://b/churn-raw/`` too, hence the
    slash at the end matters. The name of a file of data (``churn.parquet``) may stand as it is, a folder's
    (``2026.11.2``) may not.
    """
    uri, place = _plain(uri), _plain(place)
    return uri.startswith(place.rstrip("/") + "/") or (uri == place and _FILE.search(place) is not None)


def _plain(uri: str) -> str:
    scheme, separator, rest = uri.partition("://")
    return f"s3://{rest}" if separator and scheme in ("s3a", "s3n") else uri


def _strange(uri: str, sealed: Collection[str]) -> Finding:
    return Finding(
        status=Status.FAIL,
        code="SEAL_OTHER_INPUT",
        subject=uri,
        severity=Severity.CRITICAL,
        reason="the job reads what its task is not sealed on",
        expected="within " + ", ".join(sorted(place.rstrip("/") + "/" for place in sealed)),
        got=uri,
        remedy="let the job read the sealed dataset (a folder ends in a slash), or seal the task on this one too",
    )


def _unread(reason: str, *, required: bool = True) -> Finding:
    return Finding(
        status=Status.UNKNOWN,
        code="SEAL_INPUT_UNKNOWN",
        subject="job",
        severity=Severity.CRITICAL,
        reason=reason,
        required=required,
        remedy="write out what the job reads, so that it can be compared with what was sealed",
    )

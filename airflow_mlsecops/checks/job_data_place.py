"""Every job reads and writes in buckets of this environment, and nowhere else.

Checkpoints, reports of the debugger, captured requests and what Airflow's operators upload beforehand count too. File
systems, queries and feature stores cannot be placed by their names, and code in a container of ECS, Batch or Kubernetes
reads what it likes: nobody can say where, so that the answer is UNKNOWN.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import listed, profile
from airflow_mlsecops.checks._jobs import JOB_READS, called, of_each_job, seen
from airflow_mlsecops.checks._places import foreign_buckets, not_in_s3
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.job import JobFacts
from airflow_mlsecops.core.unseen import NotObserved, Unseen


def _ask(job: JobFacts, facts: Facts, demand: Demand) -> Answer:
    name = called(job)
    expected = "buckets " + ", ".join(sorted(listed(profile(demand).buckets, "buckets")))
    strangers = foreign_buckets((*job.inputs, *job.weights, *job.outputs), demand)
    if strangers:
        reason = f"{len(strangers):,} places lie in no bucket of this environment"
        return failed(name, reason, expected=expected, got=", ".join(strangers))
    places = (*seen(job, "inputs"), *seen(job, "weights"), *seen(job, "outputs"))
    _require_told(places)
    return passed(name, f"{len(places):,} places lie in buckets of this environment", expected=expected)


def _require_told(places: tuple[str, ...]) -> None:
    """Refuse to say anything of a job that names nothing, or of places whose names do not say whose they are."""
    if not places:
        raise Unseen("where the job reads and writes", NotObserved(why="it names no place"))
    if elsewhere := not_in_s3(places):
        raise Unseen("whose " + ", ".join(elsewhere) + " is", NotObserved(why="it is no place in S3"))


CHECK = Check(
    id="JOB_DATA_PLACE",
    question="Does every job read and write in buckets of this environment only?",
    why="an output in another environment's bucket is a copy for its people; an input from there may be anything",
    remedy="let S3Uri, S3OutputPath and the like name buckets of this environment",
    severity=Severity.CRITICAL,
    standards=("NIST 800-53 AC-4", "ISO 27001 A.8.31", "ISO 42001 A.7.2", "SOC 2 CC6.6", "MITRE ATLAS AML.T0025"),
    ask=of_each_job(_ask),
    reads=JOB_READS,
)

"""What a gate sees of where it runs: the facts that isolation and access are judged by."""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from airflow.configuration import conf

from airflow_mlsecops.clients import connection_facts
from airflow_mlsecops.core import jobs
from airflow_mlsecops.core.facts import (
    ConnectionFacts,
    DatabaseFacts,
    EgressFacts,
    Facts,
    FileFacts,
    NotObserved,
    RuntimeFacts,
    SpillFacts,
)
from airflow_mlsecops.observe import connections, database, files, runtime
from airflow_mlsecops.operators import worker
from airflow_mlsecops.operators.attempt import Attempt
from airflow_mlsecops.operators.demanded import Demanded
from airflow_mlsecops.sources.sql import place_of


def surroundings(attempt: Attempt, demanded: Demanded) -> Facts:
    """Everything but AWS that can be observed of this run's environment and its dataset's place."""
    if demanded.of_the_task:
        return Facts(
            claimed=attempt.hook.settings.environment,
            runtime=observe_runtime(attempt.context),
            dataset=attempt.identity,
        )
    there = _database(attempt)
    reached, left = _probed(attempt, demanded)
    return Facts(
        claimed=attempt.hook.settings.environment,
        runtime=observe_runtime(attempt.context),
        connections=_connections(attempt, demanded),
        remote=_remote(attempt, there),
        files=_files(attempt, there),
        database=there,
        job=None if demanded.job is None else jobs.read(demanded.job),
        dataset=attempt.identity,
        airflow=worker.observe_airflow(),
        egress=reached,
        spill=left,
    )


def _connections(attempt: Attempt, demanded: Demanded) -> tuple[ConnectionFacts, ...] | NotObserved:
    """Those that the tasks of the DAG name; where no DAG runs, those that the question itself names."""
    if "ti" in attempt.context:
        return connections.observe(connections.used(attempt.context["ti"].task.dag.tasks), connection_facts)
    named = filter(None, (attempt.dataset.connection, demanded.aws_conn_id))
    return connections.observe(dict.fromkeys(named, ("this command",)), connection_facts)


def _probed(
    attempt: Attempt, demanded: Demanded
) -> tuple[EgressFacts | NotObserved | None, SpillFacts | NotObserved | None]:
    profile = attempt.policy.environments.get(demanded.environment)
    return worker.probed(profile, demanded.also, attempt.context) if profile else (None, None)


def _remote(attempt: Attempt, there: DatabaseFacts | NotObserved | None) -> bool | NotObserved:
    if there is None:
        return attempt.dataset.remote
    return there if isinstance(there, NotObserved) else not there.local


def observe_runtime(context: Mapping[str, Any]) -> RuntimeFacts:
    """What can be seen of where this task runs."""
    run = context.get("dag_run")
    return runtime.observe(
        os.environ,
        executor=conf.get("core", "executor", fallback=None),
        queue=getattr(getattr(context.get("ti"), "task", None), "queue", None),
        dag_test=None if run is None else getattr(run, "triggering_user_name", None) == "dag_test",
    )


def job_digest(job: object, key: bytes, *, region: str = "") -> str:
    """Digest of a job as it will be submitted, so that the seal notices another one; empty for none.

    :param key: keys it, as it keys fingerprints: a plain hash would let a short password in a job be guessed
    :param region: where it is submitted: what it names (a queue, a definition, a model) is another thing elsewhere
    """
    if not job:
        return ""
    told = {"region": region, "job": job} if region else job
    return hmac.digest(key, json.dumps(told, sort_keys=True, default=str).encode(), "sha256").hex()


def _files(attempt: Attempt, there: DatabaseFacts | NotObserved | None) -> FileFacts | NotObserved | None:
    if attempt.dataset.scheme == "file":
        return files.observe(Path(attempt.dataset.path) / attempt.partition)
    if isinstance(there, DatabaseFacts) and there.local and isinstance(there.place, str):
        return files.observe(Path(there.place))  # a SQLite database is a file that others may read too
    return None


def _database(attempt: Attempt) -> DatabaseFacts | NotObserved | None:
    if attempt.dataset.scheme != "sql":
        return None
    place = place_of(attempt.dataset, "", attempt.hook.clients(attempt.context))
    return database.observe(place.database, place.names)

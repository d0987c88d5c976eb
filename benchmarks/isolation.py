"""What it costs to look at an environment of 20 buckets and 50 jobs: calls, rounds and seconds, beside the bare calls.

    python benchmarks/isolation.py

AWS is an emulator in a process of its own on this machine, so seconds tell of the emulator; the ratios tell of the
gate: its time beside the very same calls, made one after the other and made eight at once, by boto3 alone.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from measure import Table, options, show

from airflow_mlsecops.checks import all_checks
from airflow_mlsecops.core import jobs
from airflow_mlsecops.core.aws import AwsFacts, Call, Credentials
from airflow_mlsecops.core.environment import Environment
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.judge_isolation import wanted
from airflow_mlsecops.core.policy import Policy
from airflow_mlsecops.observe.aws import AT_ONCE, observe
from airflow_mlsecops.policy import load
from dags_examples.estate import emulator, storage
from dags_examples.estate.build import build
from dags_examples.estate.names import AUDITOR, ENVIRONMENT, REGION, TRAINER, Clients, Estate, role_arn
from tests.isolation.world import training_job

BUCKETS, JOBS = 20, 50
_NOTE = (
    "The example's environment, with these buckets named in its policy and its latest jobs looked at. AWS is an "
    "emulator in a process of its own: the seconds are mostly its own, the ratios are the gate's."
)


class Door:
    """The way to the emulator."""

    region = REGION
    credentials = Credentials(method="sts-assume-role", long_lived=False)

    def __init__(self, task: Clients, auditor: Clients) -> None:
        self._task, self._auditor = task, auditor

    def client(self, service: str, *, as_task: bool, region: str) -> Any:
        """A client that is made once."""
        return (self._task if as_task else self._auditor)(service)


def main() -> None:
    """Build, look, and make the same calls without looking."""
    given = options(__doc__ or "").parse_args()
    with _served() as url:
        estate = _built(emulator.clients(url))
        door = Door(emulator.clients(url, role_arn(TRAINER)), emulator.clients(url, role_arn(AUDITOR)))
        rounds: list[tuple[Call, ...]] = []
        lacking = _lacking(estate, rounds)
        observe(door, lacking)  # clients are made, connections opened
        rounds.clear()
        facts, looked = _seconds(lambda: observe(door, lacking))
        calls = [call for made in rounds for call in made]
        _, at_once = _seconds(lambda: _at_once(door, calls))
        _, in_turn = _seconds(lambda: [_bare(door, call) for call in calls])
    show([_table(facts, rounds, looked, at_once, in_turn)], given)


def _table(facts: AwsFacts, rounds: list[tuple[Call, ...]], looked: float, at_once: float, in_turn: float) -> Table:
    buckets = sum("Bucket=" in key for key in facts.answers)
    described = sum("JobName=" in key for key in facts.answers)
    rows: list[tuple[Any, ...]] = [
        ("calls to AWS, each made once", len(facts.answers)),
        ("of them about buckets, for each bucket", round(buckets / (BUCKETS + 2), 1)),
        ("of them that describe a job, for each job", round(described / JOBS, 1)),
        ("of them about everything else", len(facts.answers) - buckets - described),
        ("rounds", sum(1 for made in rounds if made)),
        ("the look, s", round(looked, 2)),
        (f"the same calls {AT_ONCE} at once, s", round(at_once, 2)),
        ("the same calls one after the other, s", round(in_turn, 2)),
        (f"the look / the same calls {AT_ONCE} at once", round(looked / at_once, 2)),
        ("the look / the same calls one after the other", round(looked / in_turn, 2)),
        *((f"most asked: {name}", times) for name, times in _most_asked(facts)),
    ]
    return Table(f"One look at {BUCKETS} buckets and {JOBS} jobs", ("what", "number"), rows, _NOTE)


def _most_asked(facts: AwsFacts) -> list[tuple[str, int]]:
    return Counter(key.partition(" ")[0] for key in facts.answers).most_common(3)


def _lacking(estate: Estate, rounds: list[tuple[Call, ...]]) -> Callable[[AwsFacts], tuple[Call, ...]]:
    job = {**training_job(estate), "TrainingJobName": "to-come"}
    around = Facts(dataset="s3://ml-prod-data/churn/features", remote=True, job=jobs.read(job))
    policy = _policy(estate)

    def lacking(seen: AwsFacts) -> tuple[Call, ...]:
        facts = around.model_copy(update={"aws": seen})
        calls = wanted(facts, environment=ENVIRONMENT, policy=policy, checks=all_checks())
        rounds.append(calls)
        return calls

    return lacking


def _policy(estate: Estate) -> Policy:
    """The examples' policy, with every bucket named in full and the latest jobs looked at."""
    read = load(emulator.POLICY).policy
    ours = Environment.model_validate_json(emulator.with_ids(read.environments[ENVIRONMENT].model_dump_json(), estate))
    assert ours.aws is not None
    aws = ours.aws.model_copy(update={"buckets": ("ml-prod-*", *_names()), "recent_jobs": JOBS})
    return read.model_copy(update={"environments": {ENVIRONMENT: ours.model_copy(update={"aws": aws})}})


def _names() -> tuple[str, ...]:
    return tuple(f"ml-prod-{number:02}" for number in range(BUCKETS))


def _built(clients: Clients) -> Estate:
    estate = build(clients)
    for name in _names():
        storage.data_bucket(clients, name, estate.key, estate.endpoint)
    for number in range(JOBS):
        clients("sagemaker").create_training_job(**{**training_job(estate), "TrainingJobName": f"churn-{number:02}"})
    return estate


def _at_once(door: Door, calls: list[Call]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda call: _bare(door, call), calls))


def _bare(door: Door, call: Call) -> None:
    client = door.client(call.service, as_task=call.as_task, region=call.region)
    try:
        getattr(client, call.operation)(**call.params)
    except (client.exceptions.ClientError, NotImplementedError):
        return  # what is not configured is told as an error


def _seconds(act: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    result = act()
    return result, time.perf_counter() - began


@contextmanager
def _served() -> Iterator[str]:
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    server.start()
    try:
        yield ours.recv()
    finally:
        server.kill()


def _serve(to: Connection) -> None:
    with emulator.emulator() as url:
        to.send(url)
        to.recv()


if __name__ == "__main__":
    main()

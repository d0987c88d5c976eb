"""An estate behind HTTP that is built anew for every question, and the judgement of it without Airflow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from airflow_mlsecops.checks import all_checks
from airflow_mlsecops.core import jobs
from airflow_mlsecops.core.aws import AwsFacts, Credentials
from airflow_mlsecops.core.environment import Environment
from airflow_mlsecops.core.facts import ConnectionFacts, Facts
from airflow_mlsecops.core.finding import Finding, Status
from airflow_mlsecops.core.judge_isolation import judge_isolation, wanted
from airflow_mlsecops.core.policy import Policy
from airflow_mlsecops.observe.aws import observe
from airflow_mlsecops.policy import load
from dags_examples.estate import audit, compute, databases, emulator, identity, lake, storage, studio
from dags_examples.estate.build import build
from dags_examples.estate.names import (
    ACCOUNT,
    AUDITOR,
    DATA,
    ENVIRONMENT,
    MODELS,
    REGION,
    TRAINER,
    Clients,
    Estate,
    role_arn,
)

POLICY = Path(emulator.POLICY)
TODAY = date(2026, 11, 24)
Job = dict[str, Any]


class Door:
    """The way to AWS with clients that are made once: those of the task, and those of whoever looks."""

    region = REGION

    def __init__(self, task: Clients, auditor: Clients) -> None:
        self._task, self._auditor = task, auditor
        self.credentials = Credentials(method="sts-assume-role", long_lived=False)

    def client(self, service: str, *, as_task: bool, region: str) -> Any:
        assert region in ("", REGION)
        return (self._task if as_task else self._auditor)(service)


class World:
    """What tests change, and judge.

    :param url: of the emulator
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._clients = emulator.clients(url)
        self.touched: set[str] = set()
        self.door = Door(*(emulator.clients(url, role_arn(name)) for name in (TRAINER, AUDITOR)))
        self.estate = build(self._clients)
        self._policy = load(POLICY).policy

    @cached_property
    def compliant(self) -> tuple[Finding, ...]:
        """What is found where nothing is wrong."""
        return self.judged()

    def clients(self, service: str) -> Any:
        """A client to change the estate by."""
        self.touched.add(service)
        return self._clients(service)

    def rebuild(self) -> None:
        """Another estate in the place of this one, or what was touched of it, if nothing else is named after that."""
        if self.touched <= AGAIN.keys():
            for service in sorted(self.touched):
                _empty(service)
                AGAIN[service](self._clients, self.estate)
        else:
            for service in BUILT:
                _empty(service)
            self.estate = build(self._clients)
        self.touched.clear()

    def assumed(self, role: str, session: str) -> Clients:
        """Clients that work as somebody else."""
        return emulator.clients(self._url, role, session)

    @property
    def policy(self) -> Policy:
        """The examples' policy, of this estate."""
        prod = self._policy.environments[ENVIRONMENT].model_dump_json()
        ours = Environment.model_validate_json(emulator.with_ids(prod, self.estate))
        return self._policy.model_copy(update={"environments": {ENVIRONMENT: ours}})

    def observed(
        self,
        change: Callable[[Job], object] = lambda job: None,
        *,
        through: Callable[[Door], Any] = lambda door: door,
        **facts: Any,
    ) -> Facts:
        """What a gate observes.

        :param change: what is another in the job that is submitted next
        :param through: what stands before the door
        :param facts: what was observed of anything but AWS, where it is another
        """
        job = training_job(self.estate)
        change(job)
        without = around(job).model_copy(update=facts)

        def given(seen: AwsFacts) -> Facts:
            return without.model_copy(update={"aws": seen})

        return given(observe(through(self.door), lambda seen: wanted(given(seen), **self._demanded)))

    def judged(self, *change: Callable[[Job], object], **how: Any) -> tuple[Finding, ...]:
        """What a gate finds; see :meth:`observed`."""
        return judge_isolation(self.observed(*change, **how), **self._demanded, today=TODAY)

    @property
    def _demanded(self) -> dict[str, Any]:
        return {"environment": ENVIRONMENT, "policy": self.policy, "checks": all_checks()}


def _empty(service: str) -> None:
    """Forget all that a service of the account keeps; roles that were assumed stay so."""
    from moto.backends import get_backend
    from moto.iam.models import iam_backends

    sessions = dict(iam_backends[ACCOUNT]["aws"].access_keys)
    if service == "organizations":
        get_backend(service)[ACCOUNT]["aws"].delete_organization()  # type: ignore[call-overload]
    else:
        get_backend(service)[ACCOUNT].reset()  # type: ignore[call-overload]
    iam_backends[ACCOUNT]["aws"].access_keys.update(sessions)


def _buckets(clients: Clients, estate: Estate) -> None:
    storage.log_bucket(clients, estate.key)
    for name in (DATA, MODELS):
        storage.data_bucket(clients, name, estate.key, estate.endpoint)


def _roles(clients: Clients, estate: Estate) -> None:
    identity.trainer(clients, identity.boundary(clients), estate.key)
    identity.auditor(clients)


# How what a service keeps is built again, where the rest of the estate does not depend on ids that it gives.
AGAIN: Mapping[str, Callable[[Clients, Estate], object]] = {
    "s3": _buckets,
    "s3control": lambda clients, estate: storage.account_block(clients),
    "iam": _roles,
    "ecr": lambda clients, estate: compute.image(clients, estate.key),
    "cloudtrail": lambda clients, estate: audit.trail(clients, estate.key),
    "sagemaker": lambda clients, estate: studio.domain(clients, estate.vpc, estate.subnet, estate.key),
    "rds": lambda clients, estate: databases.database(clients, estate.subnet, estate.key),
    "glue": lambda clients, estate: lake.catalogue(clients, estate.key),
    "lakeformation": lambda clients, estate: lake.readers(clients),
    "athena": lambda clients, estate: lake.workgroup(clients, estate.key),
    "organizations": lambda clients, estate: identity.account(clients),
}
BUILT = ("kms", "ec2", *AGAIN)


def around(job: Job) -> Facts:
    """What a worker of this environment sees of itself."""
    connection = ConnectionFacts(id="aws_default", type="aws", environment=ENVIRONMENT)
    return Facts(
        claimed=ENVIRONMENT,
        connections=(connection,),
        remote=True,
        dataset="s3://ml-prod-data/churn/features",
        job=jobs.read(job),
    )


def training_job(estate: Estate) -> Job:
    """The job of the example, as its task submits it."""
    from dags_examples.isolated_training import TRAINING_JOB

    rendered: Job = _rendered(TRAINING_JOB, {**estate.variables, "run": "20261124T000000"})
    return rendered


def _rendered(value: Any, variables: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _rendered(one, variables) for name, one in value.items()}
    if isinstance(value, list):
        return [_rendered(one, variables) for one in value]
    if not isinstance(value, str):
        return value
    value = re.sub(r"{{ var\.value\.(\w+) }}", lambda found: variables[found[1]], value)
    return re.sub(r"{{ dag_run[^}]*}}", variables["run"], value)


def troubles(found: tuple[Finding, ...]) -> Iterator[Finding]:
    """What required checks found wrong, or could not see."""
    return (one for one in found if one.required and one.status in (Status.FAIL, Status.UNKNOWN))

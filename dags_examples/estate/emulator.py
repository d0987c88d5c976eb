"""AWS on this machine, for examples and tests: moto behind HTTP, and connections of Airflow that lead there."""

from __future__ import annotations

import json
import logging
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from dags_examples.estate.names import AUDITOR, ENVIRONMENT, REGION, TRAINER, Clients, Estate, role_arn

POLICY = Path(__file__).parents[1] / "policy"
BUILDER = role_arn("builder")
_ACCOUNT_PREFIX = re.compile(r"//\d{12}\.")


@contextmanager
def emulator(port: int = 0) -> Iterator[str]:
    """Serve AWS at an address of this machine until the block ends; what was built is gone then.

    :param port: 0: any that is free
    """
    from moto.core.base_backend import BackendDict
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it writes a line for each request
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    with _policies_not_enforced():
        server.start()
        host, port = server.get_host_and_port()
        try:
            yield f"http://{host}:{port}"
        finally:
            server.stop()
            BackendDict.reset()


@contextmanager
def _policies_not_enforced() -> Iterator[None]:
    """Let bucket policies be read and written, but enforce none of them.

    moto evaluates no condition: a policy that denies whoever comes without TLS would deny everybody, the trainer too.
    """
    from unittest.mock import patch

    from moto.iam.access_control import PermissionResult
    from moto.s3.models import FakeBucket

    with patch.object(FakeBucket, "get_permission", lambda *_: PermissionResult.NEUTRAL):
        yield


def clients(url: str, role: str = BUILDER, session: str = "estate") -> Clients:
    """Clients that work as a role, given by its ARN; moto lets everybody assume every role."""
    import boto3

    place = {"endpoint_url": url, "region_name": REGION}
    sts = boto3.client("sts", aws_access_key_id="anybody", aws_secret_access_key="any-secret", **place)
    keys = sts.assume_role(RoleArn=role, RoleSessionName=session)["Credentials"]
    opened = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], REGION)

    @cache
    def client(service: str) -> Any:
        made = opened.client(service, endpoint_url=url)
        # S3 Control puts the account before the host, where an address of this machine has no name for it.
        made.meta.events.register("before-call.s3-control", _without_account)
        return made

    return client


def _without_account(params: dict[str, Any], **_: Any) -> None:
    params["url"] = _ACCOUNT_PREFIX.sub("//", params["url"])


def settings(url: str, estate: Estate, policy: Path) -> dict[str, str]:
    """Environment variables of an Airflow that works in this estate, as the environment that owns it.

    :param policy: where :func:`adopt_policy` wrote the policy
    """
    variables = {f"AIRFLOW_VAR_{name.upper()}": value for name, value in estate.variables.items()}
    deployment = {"environment": ENVIRONMENT, "policy": str(policy)}
    return {
        "AIRFLOW_CONN_AWS_DEFAULT": _connection(url, TRAINER),
        "AIRFLOW_CONN_AWS_AUDIT": _connection(url, AUDITOR),
        "AIRFLOW_CONN_MLSECOPS_DEFAULT": json.dumps({"conn_type": "mlsecops", "extra": deployment}),
        **variables,
    }


def _connection(url: str, role: str) -> str:
    """A connection that works as a role; ``sts`` is named once more, for Airflow assumes roles only there."""
    extra = {
        "endpoint_url": url,
        "region_name": REGION,
        "role_arn": role_arn(role),
        "service_config": {"sts": {"endpoint_url": url}},
        "config_kwargs": {"s3": {"addressing_style": "path"}, "retries": {"max_attempts": 2}},
        "mlsecops_environment": ENVIRONMENT,
    }
    return json.dumps({"conn_type": "aws", "login": "anybody", "password": "any-secret", "extra": extra})


def adopt_policy(estate: Estate, folder: Path) -> Path:
    """Copy the examples' policy, with the ids that AWS gave in the place of those that stand there."""
    shutil.copytree(POLICY, folder)
    file = folder / "policy.yaml"
    file.write_text(with_ids(file.read_text(), estate))
    return folder


def with_ids(text: str, estate: Estate) -> str:
    """A policy that speaks of this estate."""
    key = r"arn:aws:kms:[a-z0-9-]+:\d{12}:key/[0-9a-f-]{36}"
    text = re.sub(r"\bvpc-[0-9a-f]{17}\b", estate.vpc, text)
    text = re.sub(r"\bvpce-[0-9a-f]{17}\b", estate.endpoint, text)
    return re.sub(key, estate.key, text)

"""An S3 server that really enforces bucket policies, on this machine."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

_PATIENCE_S = 60
_PORTS = ("master.port", "volume.port", "filer.port", "s3.port")
_ADMIN = {"admin": ["Admin", "Read", "Write", "List"]}
_TRAIN = {"train": ["Read", "List"]}


@contextmanager
def seaweed(folder: Path, users: Mapping[str, list[str]] = _TRAIN) -> Iterator[str]:
    """Run the server; its address while it is up.

    :param users: what each may do by itself, beside who may do everything
    """
    identities = [
        {"name": name, "credentials": [{"accessKey": name, "secretKey": f"{name}-secret"}], "actions": actions}
        for name, actions in {**_ADMIN, **users}.items()
    ]
    (folder / "s3.json").write_text(json.dumps({"identities": identities}))
    ports = {name: _free_port() for plain in _PORTS for name in (plain, f"{plain}.grpc")}
    command = [
        *(
            str(Path(sys.executable).with_name("weed")),
            "server",
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
            f"-dir={folder}",
        ),
        *("-s3", f"-s3.config={folder / 's3.json'}", "-volume.max=300", "-master.volumeSizeLimitMB=64"),
        *(f"-{name}={port}" for name, port in ports.items()),
    ]
    with (folder / "log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
        try:
            endpoint = f"http://127.0.0.1:{ports['s3.port']}"
            _wait(endpoint)
            yield endpoint
        finally:
            server.kill()  # told to end, it waits for its own parts first, for minutes


def client(endpoint: str, who: str) -> Any:
    """S3 as one of its identities sees it."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=who,
        aws_secret_access_key=f"{who}-secret",
        region_name="eu-central-1",
        config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
    )


def _wait(endpoint: str) -> None:
    admin, end = client(endpoint, "admin"), time.monotonic() + _PATIENCE_S
    while True:
        try:
            admin.create_bucket(Bucket="first")
            admin.put_object(Bucket="first", Key="k", Body=b"")
        except (BotoCoreError, ClientError):
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""Gates on an object store over HTTP, through an Airflow connection."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from airflow_mlsecops.cli import main
from airflow_mlsecops.core.verdict import Outcome
from airflow_mlsecops.dag import sealed
from airflow_mlsecops.hook import MlsecopsHook
from airflow_mlsecops.operators import ClassifyDatasetOperator, IsolationCheckOperator, SanitizeDatasetOperator
from airflow_mlsecops.operators.errors import GateFailed, GateUnknown
from airflow_mlsecops.policy import default_folder
from tests.operators.fakes import context
from tests.operators.lake import Train

pytest.importorskip("aiobotocore", reason="the extra aws is not installed")


def connection(port: int) -> str:
    config = {
        "s3": {"addressing_style": "path"},
        "retries": {"max_attempts": 1},
        "connect_timeout": 2,
        "read_timeout": 5,
    }
    extra = {"endpoint_url": f"http://127.0.0.1:{port}", "region_name": "us-east-1", "config_kwargs": config}
    return json.dumps({"conn_type": "aws", "login": "testing", "password": "testing-secret", "extra": extra})


def nobody(monkeypatch: pytest.MonkeyPatch) -> str:
    """A bucket at an address where nobody listens."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    monkeypatch.setenv(f"AIRFLOW_CONN_SILENT_{port}", connection(port))
    return f"s3://silent_{port}@other/raw"


@pytest.fixture
def bucket(deployment: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket ``lake`` of a real HTTP endpoint, and a policy for environment ``prod`` that may look at it."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    # Airflow keeps one file system per connection id and process: each test has an id of its own.
    monkeypatch.setenv(f"AIRFLOW_CONN_LAKE_{port}", connection(port))
    extra = {"environment": "prod"}
    monkeypatch.setenv("AIRFLOW_CONN_MLSECOPS_DEFAULT", json.dumps({"conn_type": "mlsecops", "extra": extra}))
    folder = deployment / "mlsecops" / "policy"
    folder.mkdir(parents=True, mode=0o700)
    for file in default_folder().iterdir():
        text = file.read_text()
        if file.name == "policy.yaml":
            text = text.replace("\nenvironments:\n", "\nenvironments:\n  prod: {requires: [ENV_MISMATCH]}\n", 1)
        (folder / file.name).write_text(text)
    client = boto3.client(
        "s3", endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1",
        aws_access_key_id="testing", aws_secret_access_key="testing-secret",
    )  # fmt: skip
    client.create_bucket(Bucket="lake")
    frame = pl.DataFrame({"id": range(50), "email": [f"ada{n}@example.com" for n in range(50)]})
    for day in ("2026-11-22", "2026-11-23"):
        path = deployment / f"{day}.parquet"
        frame.write_parquet(path)
        client.upload_file(str(path), "lake", f"raw/{day}/part.parquet")
    yield f"s3://lake_{port}@lake/raw"
    server.stop()


def test_objects_are_classified_by_partition(bucket: str) -> None:
    gate = ClassifyDatasetOperator(task_id="classify", dataset=bucket, partition="2026-11-23/")
    gate.execute(context(gate))
    ledger = MlsecopsHook().ledger()
    verdict = ledger.history()[0].record.verdict
    ledger.close()
    assert (verdict.outcome, verdict.rows_scanned, verdict.parts) == (Outcome.PASS, 50, 1)
    assert verdict.dataset == "s3://lake/raw"  # no connection in it


def test_a_remote_dataset_is_not_for_the_local_environment(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIRFLOW_CONN_MLSECOPS_DEFAULT")
    gate = IsolationCheckOperator(task_id="isolate", dataset=bucket, environment="local")
    with pytest.raises(GateFailed, match="ENV_NOT_DECLARED"):
        gate.execute(context(gate))


def test_a_bucket_that_does_not_answer_is_unknown(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = nobody(monkeypatch)
    gate = ClassifyDatasetOperator(task_id="classify", dataset=silent)
    with pytest.raises(GateUnknown, match="UNREACHABLE"):
        gate.execute(context(gate))


def test_the_command_line_scans_objects(
    bucket: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["scan", bucket, "--partition", "2026-11-22/"]) == 0
    assert "e-mail address" in capsys.readouterr().out
    silent = nobody(monkeypatch)
    assert main(["scan", silent]) == 2
    said = capsys.readouterr()
    assert "UNREACHABLE" in said.out + said.err
    assert "Traceback" not in said.err


def read(uri: str, name: str) -> pl.DataFrame:
    """An object, through the connection that the URI names."""
    from airflow.sdk import ObjectStoragePath

    return pl.read_parquet((ObjectStoragePath(uri) / name).read_bytes())


def names(uri: str) -> list[str]:
    from airflow.sdk import ObjectStoragePath

    root = ObjectStoragePath(uri)
    root.fs.invalidate_cache()
    return sorted(str(name).removeprefix(f"{root.path.rstrip('/')}/") for name in root.fs.find(root.path))


def test_objects_are_sanitized_and_sealed(bucket: str, deployment: Path) -> None:
    target = bucket.replace("/raw", "/features/safe")
    gate = SanitizeDatasetOperator(task_id="sanitise", dataset=bucket, target=target, partition="2026-11-23/")
    gate.execute(context(gate))
    (name,) = names(target)
    written = read(target, name)
    assert written["email"].str.contains("^[0-9a-f]{32}$").all()
    ledger = MlsecopsHook().ledger()
    verdict = ledger.history()[0].record.verdict
    ledger.close()
    assert (verdict.dataset, verdict.partition, verdict.parts) == ("s3://lake/features/safe", "2026-11-23/", 1)
    trace = deployment / "trained"
    train = sealed(Train(task_id="train", trace=trace), dataset=target, partition="2026-11-23/", requires=[gate])
    around = context(train)
    train._pre_execute_hook(around)  # type: ignore[misc]
    train.execute(around)
    assert trace.exists()


def test_objects_that_offend_are_moved_aside(bucket: str, deployment: Path) -> None:
    features = bucket.replace("/raw", "/features/days")
    from airflow.sdk import ObjectStoragePath

    clean = deployment / "clean.parquet"
    pl.DataFrame({"usage": range(50)}).write_parquet(clean)
    (ObjectStoragePath(features) / "clean.parquet").write_bytes(clean.read_bytes())
    dirty = (ObjectStoragePath(bucket) / "2026-11-22" / "part.parquet").read_bytes()
    (ObjectStoragePath(features) / "dirty.parquet").write_bytes(dirty)
    gate = ClassifyDatasetOperator(task_id="classify", dataset=features, on_violation="quarantine")
    gate.execute(context(gate))
    assert names(features) == ["clean.parquet"]
    assert [name.rpartition("/")[2] for name in names(f"{features.rpartition('/')[0]}/.days.quarantine")] == [
        "dirty.parquet"
    ]

"""Targets opened with Airflow's own connections."""

from __future__ import annotations

import json
from pathlib import Path

import boto3
import pytest

from airflow_mlsecops.clients import AirflowClients
from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources import open_source, open_target, refuse_overlap, set_aside, typed
from tests._postgres import as_connection
from tests.sources.targets._frames import FRAME, OTHER, replaced, whole
from tests.sources.targets.test_target_files import texts
from tests.sources.targets.test_target_objects import endpoint  # noqa: F401


def assert_replaced(uri: str, partition: str = "", same: str = "") -> None:
    """What is at a place is replaced, set aside, and never its own source."""
    dataset, clients = parse(uri), AirflowClients()
    for run, frame, notes in (("r1", FRAME, ["ann", "bob", None]), ("r2", OTHER, ["eve"])):
        replaced(open_target(dataset, partition, clients, run=run), frame)
        assert texts(open_source(dataset, partition, clients)) == notes
    with open_target(dataset, partition, clients, run="r3").staging() as staging:
        staging.write(FRAME)
        staging.finish()
        kept = staging.set_aside()
    assert texts(open_source(parse(kept), "", clients)) == ["ann", "bob", None]
    with pytest.raises(SourceError) as caught:
        refuse_overlap(parse(same or uri), "", dataset, partition, clients)
    assert caught.value.code == "TARGET_IS_SOURCE"


def test_s3(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    pytest.importorskip("aiobotocore", reason="the extra aws is not installed")
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket="lake-by-airflow")
    # Airflow keeps one file system per connection id and process.
    name = f"targets_{endpoint.rpartition(':')[2]}"
    extra = {
        "endpoint_url": endpoint,
        "region_name": "us-east-1",
        "config_kwargs": {"s3": {"addressing_style": "path"}},
    }
    said = {"conn_type": "aws", "login": "testing", "password": "testing-secret", "extra": extra}
    monkeypatch.setenv(f"AIRFLOW_CONN_{name.upper()}", json.dumps(said))
    uri = f"s3://{name}@lake-by-airflow/features/churn"
    assert_replaced(uri, "day=1", "s3://lake-by-airflow/features")
    assert_replaced(f"s3://{name}@lake-by-airflow/x.csv")
    place = set_aside(parse(uri), ["day=1/part-00000-r2.parquet"], AirflowClients(), run="r4")
    assert place == f"s3://{name}@lake-by-airflow/features/.churn.quarantine/r4"
    assert texts(open_source(parse(place), "", AirflowClients())) == ["eve"]
    with pytest.raises(SourceError) as caught:
        open_target(parse("unheard://bucket/x.csv"), "", AirflowClients(), run="r1")
    assert caught.value.code == "TARGET_NOT_SUPPORTED"


def test_postgres(postgres_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SHOP", "SHOP_AGAIN"):
        monkeypatch.setenv(f"AIRFLOW_CONN_{name}", as_connection(postgres_database))
    assert_replaced("sql://shop/public.churn", same="sql://shop_again/churn")
    assert whole(typed(open_source(parse("sql://shop/churn"), "", AirflowClients()))).equals(OTHER)


def test_sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_LITE", json.dumps({"conn_type": "sqlite", "host": str(tmp_path / "a.db")}))
    assert_replaced("sql://lite/churn")
    assert whole(typed(open_source(parse("sql://lite/churn"), "", AirflowClients()))).equals(OTHER)


def test_files(tmp_path: Path) -> None:
    assert_replaced(f"file://{tmp_path}/churn", "day=1")
    assert_replaced(str(tmp_path / "x.parquet"))

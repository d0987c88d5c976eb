"""Objects and prefixes: replaced so that no reader finds half an object."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import boto3
import fsspec
import polars as pl
import pytest
from upath import UPath

from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources import Source, Staging, Target, open_source, open_target
from airflow_mlsecops.sources.targets import parts
from tests.sources._clients import Clients
from tests.sources.targets._frames import CANARY, FRAME, OTHER, assert_value_free, error_of, replaced, whole
from tests.sources.targets.test_target_files import MISUSES, broken_off, texts

KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "eu-central-1"}


class Store:
    """A bucket ``bucket``, whatever stands behind it."""

    scheme = "memory"

    def path(self, uri: str) -> Any:
        return UPath(uri.replace("conn@", ""))

    def keys(self) -> set[str]:
        return {key.removeprefix("/bucket/") for key in fsspec.filesystem("memory").store}

    def put(self, key: str, body: bytes) -> None:
        fsspec.filesystem("memory").pipe(f"/bucket/{key}", body)

    def get(self, key: str) -> bytes:
        return bytes(fsspec.filesystem("memory").cat(f"/bucket/{key}"))

    # ---

    def uri(self, key: str) -> str:
        return f"{self.scheme}://conn@bucket/{key}"

    def clients(self, uri: str) -> Clients:
        return Clients(paths={uri: self.path(uri)})

    def target(self, key: str, partition: str = "", **options: Any) -> Target:
        uri = self.uri(key)
        return open_target(parse(uri), partition, self.clients(uri), **{"run": "r1", **options})

    def source(self, key: str, partition: str = "") -> Source:
        return open_source(parse(self.uri(key)), partition, self.clients(self.uri(key)))


class S3(Store):
    scheme = "s3"

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.client = boto3.client("s3", endpoint_url=endpoint)
        self.bucket = f"bucket-{time.monotonic_ns()}"
        self.client.create_bucket(Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})

    def path(self, uri: str) -> Any:
        pytest.importorskip("s3fs")
        plain = uri.replace("conn@", "").replace("//bucket", f"//{self.bucket}")
        return UPath(plain, client_kwargs={"endpoint_url": self.endpoint}, key="testing", secret="testing")

    def keys(self) -> set[str]:
        return {item["Key"] for item in self.client.list_objects_v2(Bucket=self.bucket).get("Contents", [])}

    def put(self, key: str, body: bytes) -> None:
        self.client.put_object(Bucket=self.bucket, Key=key, Body=body)

    def get(self, key: str) -> bytes:
        return bytes(self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read())


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server_module = pytest.importorskip("moto.server")
    server = server_module.ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in KEYS.items():
            patch.setenv(name, value)
        yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(endpoint: str) -> S3:
    return S3(endpoint)


@pytest.fixture
def memory() -> Iterator[Store]:
    fs = fsspec.filesystem("memory")
    fs.store.clear()
    fs.pseudo_dirs[:] = [""]
    yield Store()
    fs.store.clear()


@pytest.fixture(params=["memory", "s3"])
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("key", ["deep/x.parquet", "deep/x.csv.gz", "deep/x.jsonl"])
def test_an_object_is_replaced(key: str, store: Store) -> None:
    for frame, notes in ((FRAME, ["ann", "bob", None]), (OTHER, ["eve"])):
        replaced(store.target(key), frame)
        assert texts(store.source(key)) == notes
        assert store.keys() == {key}


def test_a_prefix_is_replaced(store: Store) -> None:
    store.put("database/x.csv", b"id,note\n1,x\n")
    if isinstance(store, S3):
        store.put("data/", b"")
    for run, frame, notes in (
        ("r1", FRAME, ["ann", "bob", None]),
        ("r2", OTHER, ["eve"]),
        ("r2", FRAME, ["ann", "bob", None]),
    ):
        target = store.target("data", run=run)
        replaced(target, frame)
        assert texts(store.source("data")) == notes
        assert store.keys() - {"data/"} == {f"data/part-00000-{run}.parquet", "database/x.csv"}
        assert target.identity == store.source("data").identity == f"{store.scheme}://bucket/data"


def test_a_partition_alone_is_replaced(store: Store) -> None:
    for run, frame in (("r1", FRAME), ("r2", OTHER)):
        for partition in ("day=1", "day=2/x.csv"):
            replaced(store.target("data", partition, run=run), frame)
    replaced(store.target("data", "day=1", run="r3"), FRAME)
    assert store.keys() == {"data/day=1/part-00000-r3.parquet", "data/day=2/x.csv"}
    assert texts(store.source("data", "day=2/x.csv")) == ["eve"]
    replaced(store.target("data", run="r4"), OTHER)
    assert store.keys() == {"data/part-00000-r4.parquet"}


def test_what_is_staged_is_seen_as_it_will_be(store: Store) -> None:
    with store.target("data", "mail=ada%40example.com").staging() as staging:
        staging.write(OTHER)
        staging.finish()
        source = staging.source()
        assert whole(source)["mail"].to_list() == ["ada@example.com"]
        assert source.identity == f"{store.scheme}://bucket/data"
        assert store.keys() == {".data.staging-r1/mail=ada%40example.com/part-00000-r1.parquet"}
        places = source.places()  # type: ignore[attr-defined]
        staging.publish()
    assert store.source("data").places() == places  # type: ignore[attr-defined]


def test_nothing_is_left_if_the_block_raises(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("x.csv", "data"):
        replaced(store.target(key), FRAME)
    before = store.keys()
    monkeypatch.setattr(parts, "_PART_BYTES", 1)
    for key in ("x.csv", "data"):
        with pytest.raises(ZeroDivisionError):
            broken_off(store.target(key, run="r2"), [lambda staging: staging.write(OTHER)] * 2)
        assert store.keys() == before


def test_a_prefix_of_that_name_stays_a_prefix(store: Store) -> None:
    store.put("data.csv/a.csv", b"id,note\n1,x\n")
    replaced(store.target("data.csv"), OTHER)
    assert store.keys() == {"data.csv/part-00000-r1.parquet"}


def test_what_lies_below_an_object_goes_with_it(s3: S3) -> None:
    for key in ("data.csv", "data.csv/more.csv"):
        s3.put(key, b"id,note\n1,x\n")
    replaced(s3.target("data.csv"), OTHER)
    assert s3.keys() == {"data.csv"}


def test_keys_are_no_patterns(store: Store) -> None:
    for key in ("data/[ab]*/x.csv", "data/a/x.csv", "data/b/x.csv"):
        store.put(key, b"id,note\n1,x\n")
    replaced(store.target("data", "[ab]*"), OTHER)
    assert store.keys() == {"data/[ab]*/part-00000-r1.parquet", "data/a/x.csv", "data/b/x.csv"}


@pytest.mark.parametrize("key", ["x.csv", "data"])
def test_what_is_set_aside_is_out_of_reach_and_never_overwritten(key: str, store: Store) -> None:
    replaced(store.target(key), FRAME)
    before = store.keys()
    for kept in ("r1", "r1-2"):
        with store.target(key).staging() as staging:
            staging.write(OTHER)
            staging.finish()
            place = staging.set_aside()
        assert place == f"{store.scheme}://conn@bucket/.{key}.quarantine/{kept}"
        assert texts(open_source(parse(place), "", store.clients(place))) == ["eve"]
    # not even those who read every key that begins with the name
    there = store.keys()
    assert all(name in before or name.startswith(f".{key}.quarantine/") for name in there)
    assert texts(store.source(key)) == ["ann", "bob", None]


@pytest.mark.parametrize("misuse", MISUSES)
def test_what_is_not_finished_is_never_published(misuse: Any, memory: Store) -> None:
    with memory.target("x.csv").staging() as staging:
        staging.write(FRAME)
        with pytest.raises(RuntimeError):
            misuse(staging)


@pytest.mark.parametrize("key", ["data/notes.txt", "data", "data/day/model.pkl"])
def test_a_prefix_with_other_things_in_it_is_not_replaced(key: str, store: Store) -> None:
    store.put(key, CANARY.encode())
    error = error_of(store.target("data"), OTHER)
    assert error.code == "TARGET_NOT_A_DATASET"
    assert store.keys() == {key}


def test_a_whole_bucket_is_refused(store: Store) -> None:
    for key, partition in (("", ""), ("", "day=1"), ("data", "x?versionId=1")):
        with pytest.raises(SourceError) as caught:
            store.target(key, partition)
        assert caught.value.code == "TARGET_NOT_SUPPORTED"


def test_what_nothing_opens_is_refused() -> None:
    class Without(Clients):
        def path(self, uri: str) -> Any:
            raise ImportError(CANARY)

    with pytest.raises(SourceError) as caught:
        open_target(parse("gs://bucket/data"), "", Without(), run="r1")
    assert caught.value.code == "TARGET_NOT_SUPPORTED"
    assert_value_free(caught.value)
    with pytest.raises(SourceError) as caught:
        open_target(parse("xcom://task"), "", Clients(), run="r1")
    assert caught.value.code == "TARGET_NOT_SUPPORTED"


# --- what goes wrong


def refuse(monkeypatch: pytest.MonkeyPatch, fs: Any, name: str, when: str) -> None:
    """Let one of the store's functions refuse some keys."""
    real = getattr(type(fs), name)

    def act(self: Any, *keys: Any, **options: Any) -> Any:
        if when in str(keys[-1]):
            raise PermissionError(CANARY)
        return real(self, *keys, **options)

    monkeypatch.setattr(type(fs), name, act)


def test_a_copy_that_fails_leaves_the_old_alone(memory: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    replaced(memory.target("data", run="r0"), FRAME)
    before = memory.keys()
    monkeypatch.setattr(parts, "_PART_BYTES", 1)
    refuse(monkeypatch, fsspec.filesystem("memory"), "cp_file", "data/part-00001")
    error = error_of(memory.target("data", format="csv"), OTHER, OTHER)
    assert error.code == "TARGET_UNWRITABLE"
    assert_value_free(error)
    assert memory.keys() == before


def test_old_objects_that_cannot_be_deleted_are_told(memory: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    replaced(memory.target("data", run="r0"), FRAME)
    with monkeypatch.context() as patch:
        refuse(patch, fsspec.filesystem("memory"), "rm_file", "-r0.parquet")
        error = error_of(memory.target("data"), OTHER)
    assert error.code == "TARGET_PARTLY_REPLACED"
    assert_value_free(error)
    replaced(memory.target("data"), OTHER)
    assert memory.keys() == {"data/part-00000-r1.parquet"}


def test_a_store_that_may_not_be_written_to_is_told_before_any_work(
    memory: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, fsspec.filesystem("memory"), "open", "wb")
    with pytest.raises(SourceError) as caught, memory.target("data").staging():
        raise AssertionError
    assert caught.value.code == "TARGET_UNWRITABLE"
    assert_value_free(caught.value)


def test_s3_a_bucket_that_is_not_there_is_told_before_any_work(s3: S3) -> None:
    s3.bucket = "no-such-bucket-anywhere"
    with pytest.raises(SourceError) as caught, s3.target("data").staging():
        raise AssertionError
    assert caught.value.code == "TARGET_UNWRITABLE"


def test_s3_an_upload_that_is_broken_off_leaves_nothing(s3: S3) -> None:
    rows = pl.DataFrame({"a": [os.urandom(1_000).hex() for _ in range(30_000)]})
    under_way: list[object] = []

    def look(staging: Staging) -> None:
        under_way.extend(s3.client.list_multipart_uploads(Bucket=s3.bucket)["Uploads"])

    with pytest.raises(ZeroDivisionError):
        broken_off(s3.target("x.csv"), [lambda staging: staging.write(rows), look])
    assert len(under_way) == 1
    assert s3.keys() == set()
    assert "Uploads" not in s3.client.list_multipart_uploads(Bucket=s3.bucket)

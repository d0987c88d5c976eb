from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import boto3
import fsspec
import polars as pl
import pytest
from fsspec.spec import AbstractBufferedFile, AbstractFileSystem
from upath import UPath

from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources import Source, identity_of, objects
from airflow_mlsecops.sources.formats import parquet
from tests.sources._clients import Clients, cells, opened
from tests.sources.test_files import BROKEN, CSV, PARQUET, assert_value_free, error_of

KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "eu-central-1"}


@pytest.fixture
def memory() -> Iterator[Any]:
    fs = fsspec.filesystem("memory")
    fs.store.clear()
    fs.pseudo_dirs[:] = [""]
    yield fs
    fs.store.clear()


def source_of(uri: str, partition: str = "", path: Any = None) -> Source:
    bare = uri.replace("conn@", "")
    return opened(uri, partition, Clients(paths={uri: path if path is not None else UPath(bare)}))


def test_objects_below_a_prefix_are_read(memory: Any) -> None:
    memory.pipe("/bucket/data/2026-11-23/a.csv", CSV)
    memory.pipe("/bucket/data/2026-11-24/b.parquet", PARQUET)
    memory.pipe("/bucket/data-of-others/c.csv", CSV)
    memory.pipe("/bucket/data/_SUCCESS", b"")
    source, day = source_of("memory://conn@bucket/data"), source_of("memory://conn@bucket/data", "2026-11-24/")
    assert (len(cells(source)), len(cells(day))) == (6, 3)
    assert source.identity == day.identity == "memory://bucket/data"
    assert day.fingerprint(b"key").parts < source.fingerprint(b"key").parts
    assert source.bytes_present() == len(CSV) + len(PARQUET)
    assert day.rows_present() == 3


def test_one_object_is_read(memory: Any) -> None:
    memory.pipe("/bucket/data/a.csv", CSV)
    assert len(cells(source_of("memory://bucket/data/a.csv"))) == 3


@pytest.mark.parametrize(("name", "content", "code"), [row[:3] for row in BROKEN], ids=range(len(BROKEN)))
def test_a_broken_object_is_an_error(name: str, content: bytes, code: str, memory: Any) -> None:
    memory.pipe(f"/bucket/data/{name}", content)
    error = error_of(source_of("memory://bucket/data"))
    assert error.code == code
    assert_value_free(error)


PLACES = [
    ("memory://bucket/nowhere", "", "NOT_FOUND"),
    ("memory://bucket/dat", "", "NOT_FOUND"),
    ("memory://bucket/data", "2026-11-24", "PARTITION_MISSING"),
    ("memory://bucket/data", "2026-11", "PARTITION_MISSING"),
    ("memory://bucket/data", "../other", "PARTITION_INVALID"),
    ("memory://bucket/data", "/other", "PARTITION_INVALID"),
    ("memory://bucket/empty", "", "NO_FILES"),
]


@pytest.mark.parametrize(("uri", "partition", "code"), PLACES)
def test_what_is_not_there_is_an_error(uri: str, partition: str, code: str, memory: Any) -> None:
    memory.pipe("/bucket/data/2026-11-23/a.csv", CSV)
    memory.pipe("/bucket/other/a.csv", CSV)
    memory.pipe("/bucket/empty/_SUCCESS", b"")
    with pytest.raises(SourceError) as caught:
        list(source_of(uri, partition).batches())
    assert caught.value.code == code


def test_an_identity_names_no_connection() -> None:
    for uri in ("s3://conn@bucket/key/", "s3://bucket/key", "s3://other@bucket/key"):
        assert identity_of(parse(uri), Clients()) == "s3://bucket/key"


@pytest.mark.parametrize(("alias", "plain"), [("s3a", "s3"), ("s3n", "s3"), ("gcs", "gs"), ("abfss", "abfs")])
def test_another_name_of_a_store_is_the_same_dataset(alias: str, plain: str) -> None:
    assert identity_of(parse(f"{alias}://conn@bucket/key"), Clients()) == f"{plain}://bucket/key"


VERSIONS = [
    ({"ETag": '"a"'}, {"ETag": '"b"'}, True),
    ({"ETag": '"a"', "LastModified": 1}, {"ETag": '"a"', "LastModified": 1}, False),
    ({"generation": "1", "etag": "x"}, {"generation": "2", "etag": "x"}, True),
    ({"etag": "0x1"}, {"etag": "0x2"}, True),
]


@pytest.mark.parametrize(("one", "two", "differ"), VERSIONS)
def test_a_version_is_what_the_store_changes(one: dict[str, Any], two: dict[str, Any], differ: bool) -> None:
    assert (objects._version(None, "", one) != objects._version(None, "", two)) is differ


def test_without_a_version_the_content_tells(memory: Any) -> None:
    memory.pipe("/bucket/a.csv", CSV)
    source = source_of("memory://bucket/a.csv")
    before = source.fingerprint(b"key")
    assert source.fingerprint(b"key") == before
    memory.pipe("/bucket/a.csv", CSV.replace(b"ann", b"eve"))
    assert source.fingerprint(b"key") != before


def test_a_store_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = threading.Event()

    class Silent:
        path = "bucket/key"
        fs = property(lambda self: self)

        def invalidate_cache(self) -> None: ...

        def info(self, path: str) -> dict[str, str]:
            answers.wait(60)
            return {"type": "file"}

    monkeypatch.setattr(objects, "_FIRST_ANSWER", 0.2)
    try:
        assert error_of(source_of("s3://bucket/key", path=Silent())).code == "UNREACHABLE"
    finally:
        answers.set()


def test_a_prefix_that_may_not_be_listed_is_never_left_out(memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.pipe("/bucket/data/a.csv", CSV)
    memory.pipe("/bucket/data/secret/b.csv", CSV)
    list_all = type(memory).ls

    def ls(self: Any, path: str, **options: Any) -> Any:
        if "secret" in path:
            raise PermissionError(path)
        return list_all(self, path, **options)

    monkeypatch.setattr(type(memory), "ls", ls)
    assert error_of(source_of("memory://bucket/data")).code == "NO_PERMISSION"


# --- S3 over HTTP


@pytest.fixture(scope="module")
def s3() -> Iterator[tuple[Any, str]]:
    server_module = pytest.importorskip("moto.server")
    server = server_module.ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in KEYS.items():
            patch.setenv(name, value)
        endpoint = f"http://{host}:{port}"
        yield boto3.client("s3", endpoint_url=endpoint), endpoint
    server.stop()


def s3_path(uri: str, endpoint: str, **options: Any) -> UPath:
    pytest.importorskip("s3fs")
    return UPath(uri, client_kwargs={"endpoint_url": endpoint}, key="testing", secret="testing", **options)


@pytest.fixture
def bucket(s3: tuple[Any, str]) -> str:
    name = f"bucket-{time.monotonic_ns()}"
    s3[0].create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    return name


def test_s3_objects_are_read(s3: tuple[Any, str], bucket: str) -> None:
    client, endpoint = s3
    for key, body in {
        "data/day/a.csv": CSV,
        "data/day/b.parquet": PARQUET,
        "data/": b"",
        "database/c.csv": CSV,
    }.items():
        client.put_object(Bucket=bucket, Key=key, Body=body)
    uri = f"s3://{bucket}/data"
    source = source_of(uri, path=s3_path(uri, endpoint))
    assert len(cells(source)) == 6
    before = source.fingerprint(b"key")
    assert before.count == 2
    assert source_of(uri, "day/a.csv", s3_path(uri, endpoint)).fingerprint(b"key").parts < before.parts
    client.put_object(Bucket=bucket, Key="data/day/a.csv", Body=CSV.replace(b"ann", b"eve"))
    assert len(source.fingerprint(b"key").parts & before.parts) == 1
    client.put_object(Bucket=bucket, Key="data/day/c.txt", Body=CSV)
    assert error_of(source).code == "UNKNOWN_FORMAT"


def test_s3_an_object_and_the_prefix_of_others_are_both_read(s3: tuple[Any, str], bucket: str) -> None:
    client, endpoint = s3
    for key in ("data.csv", "data.csv/more.csv"):
        client.put_object(Bucket=bucket, Key=key, Body=CSV)
    uri = f"s3://{bucket}/data.csv"
    assert len(cells(source_of(uri, path=s3_path(uri, endpoint)))) == 6


@pytest.mark.parametrize("key", ["data//b.csv", "data/day//b.csv", "data//", "data/a.csv?versionId=1.csv"])
def test_s3_a_key_that_cannot_be_listed_or_opened_is_never_left_out(s3: tuple[Any, str], bucket: str, key: str) -> None:
    for name in ("data/a.csv", "data/", key):
        s3[0].put_object(Bucket=bucket, Key=name, Body=b"" if name == "data/" else CSV)
    uri = f"s3://{bucket}/data"
    assert error_of(source_of(uri, path=s3_path(uri, s3[1]))).code == "UNREADABLE"


@pytest.mark.parametrize(
    ("key", "partition", "code"), [("nowhere", "", "NOT_FOUND"), ("data", "x", "PARTITION_MISSING")]
)
def test_s3_what_is_not_there_is_an_error(
    s3: tuple[Any, str], bucket: str, key: str, partition: str, code: str
) -> None:
    s3[0].put_object(Bucket=bucket, Key="data/a.csv", Body=CSV)
    uri = f"s3://{bucket}/{key}"
    with pytest.raises(SourceError) as caught:
        list(source_of(uri, partition, s3_path(uri, s3[1])).batches())
    assert caught.value.code == code


def test_s3_a_bucket_that_does_not_exist_is_an_error(s3: tuple[Any, str]) -> None:
    uri = "s3://no-such-bucket-anywhere/data"
    assert error_of(source_of(uri, path=s3_path(uri, s3[1]))).code == "NOT_FOUND"


@pytest.mark.slow
def test_s3_that_refuses_connections_is_an_error_in_bounded_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    uri = "s3://bucket/data"
    assert error_of(source_of(uri, path=s3_path(uri, f"http://127.0.0.1:{port}"))).code == "UNREACHABLE"


class Fetching(AbstractBufferedFile):  # type: ignore[misc]
    """An object of which pieces are fetched."""

    def _fetch_range(self, start: int, end: int) -> bytes:
        self.fs.fetched += end - start
        return bytes(self.fs.content[start:end])


class Store(AbstractFileSystem):  # type: ignore[misc]
    """A store of one object that counts what is fetched."""

    cachable = False
    content = b""
    fetched = 0

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        return {"name": path, "size": len(self.content), "type": "file", "ETag": "1"}

    def _open(self, path: str, mode: str = "rb", **ways: Any) -> Fetching:
        return Fetching(self, path, mode, **{name: way for name, way in ways.items() if name != "autocommit"})


def test_of_a_parquet_object_hardly_more_is_fetched_than_there_is() -> None:
    numbers = pl.DataFrame({str(place): pl.Series(range(1_000_000)).shuffle(place) for place in range(8)})
    numbers.write_parquet(file := BytesIO(), compression="uncompressed", row_group_size=500_000)
    store = Store()
    store.content = file.getvalue()
    member = objects._member(store, "bucket/a.parquet", store.info("bucket/a.parquet"), "bucket", "s3://bucket")
    assert pl.concat(parquet.batches(member, Counter())).equals(numbers)
    assert len(store.content) < store.fetched < 1.2 * len(store.content)

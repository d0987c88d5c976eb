"""Where a dataset lives, as its author wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

# Several names of one store: a rule for s3://lake/hr/** must not be walked around by writing s3a://lake/hr.
ALIASES = {"s3a": "s3", "s3n": "s3", "gcs": "gs", "abfss": "abfs", "adl": "abfs", "az": "abfs"}
_SCHEME = re.compile(r"^[a-z][a-z0-9+.\-]*$")
_TEMPLATE = ("{{", "{%", "{#")


@dataclass(frozen=True, slots=True, kw_only=True)  # no pydantic: every parsed DAG file imports this module
class Dataset:
    """A stable URI, never templated; history, policy, Airflow Assets and the page speak of it.

    :param uri: as written: ``file:///data/x.parquet``, ``s3://aws_default@bucket/prefix``,
        ``sql://CONN_ID/schema.table``, ``xcom://task_id``
    :param scheme: lower case
    :param connection: the Airflow connection id it names, or empty
    :param path: what follows: an absolute path, ``bucket/key``, ``schema.table``, a task id
    """

    uri: str
    scheme: str
    connection: str
    path: str

    @property
    def store(self) -> str:
        """The scheme by its one name: ``s3`` where ``s3a`` was written."""
        return ALIASES.get(self.scheme, self.scheme)

    @property
    def remote(self) -> bool:
        """True unless it is a local file or a frame; SQL is remote until its connection shows otherwise."""
        return self.scheme not in ("file", "xcom")


def parse(uri: str) -> Dataset:
    """Read a dataset string.

    A plain path is taken as a file.

    :raises ValueError: if it is templated, relative, spelt in a roundabout way, has no scheme or names nothing
    """
    if any(mark in uri for mark in _TEMPLATE):
        raise ValueError(
            f"dataset {uri!r} holds a Jinja template: history and policy speak of stable names; put what changes "
            "from run to run into partition="
        )
    if uri.startswith("/"):
        uri = f"file://{uri}"
    scheme, separator, rest = uri.partition("://")
    if not separator or not _SCHEME.match(scheme):
        raise ValueError(
            f"dataset {uri!r} is not a URI: expected file:///…, s3://CONN_ID@bucket/…, sql://CONN_ID/schema.table or "
            "xcom://task_id"
        )
    return _READERS.get(scheme, _object)(uri, scheme, rest)


def _file(uri: str, scheme: str, rest: str) -> Dataset:
    if not rest.startswith("/"):
        raise ValueError(f"dataset {uri!r} is not absolute: write file:///{rest}")
    return Dataset(uri=uri, scheme=scheme, connection="", path=rest)


def _sql(uri: str, scheme: str, rest: str) -> Dataset:
    connection, _, table = rest.partition("/")
    if not connection or not table:
        raise ValueError(f"dataset {uri!r} is incomplete: write sql://CONN_ID/schema.table")
    return Dataset(uri=uri, scheme=scheme, connection=connection, path=table)


def _xcom(uri: str, scheme: str, rest: str) -> Dataset:
    if not rest or "/" in rest:
        raise ValueError(f"dataset {uri!r} names no task: write xcom://task_id")
    return Dataset(uri=uri, scheme=scheme, connection="", path=rest)


def _object(uri: str, scheme: str, rest: str) -> Dataset:
    parts = urlsplit(uri)
    # A password in a dataset string would reach the ledger, the page and every log line.
    if parts.password is not None:
        raise ValueError("a dataset string must not hold a password: name an Airflow connection, s3://CONN_ID@bucket/…")
    connection, _, place = rest.rpartition("@") if "@" in rest.split("/", 1)[0] else ("", "", rest)
    if not place or place.startswith("/"):
        raise ValueError(f"dataset {uri!r} names no bucket: write {scheme}://CONN_ID@bucket/prefix")
    _require_plain(uri, place)
    return Dataset(uri=uri, scheme=scheme, connection=connection, path=place)


def _require_plain(uri: str, place: str) -> None:
    """Refuse a second spelling of a place: the policy's globs would see another dataset than the store opens."""
    steps = place.removesuffix("/").split("/")
    if any(step in ("", ".", "..") for step in steps) or place != place.strip():
        raise ValueError(f"dataset {uri!r} holds an empty step, '.', '..' or a space at its end: write it out")
    if "?versionid=" in place.lower():
        raise ValueError(f"dataset {uri!r} names a version: history and policy speak of stable names")


_READERS = {"file": _file, "sql": _sql, "xcom": _xcom}

"""Clients that open what a test has made."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.sources import Source, open_source


@dataclass(frozen=True)
class SqliteDatabase:
    place: str
    dialect: str = "sqlite"
    local: bool = True
    paramstyle: str = "qmark"

    def connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.place)


@dataclass
class Clients:
    databases: Mapping[str, Any] = field(default_factory=dict)
    frames: dict[str, object] = field(default_factory=dict)
    paths: Mapping[str, Any] = field(default_factory=dict)

    def path(self, uri: str) -> Any:
        return self.paths[uri] if uri in self.paths else Path(uri.removeprefix("file://"))

    def database(self, connection: str) -> Any:
        return self.databases[connection]

    def frame(self, task_id: str) -> object:
        return self.frames.get(task_id)

    def frame_identity(self, task_id: str) -> str:
        return f"xcom://dag/{task_id}"


def opened(uri: str | Path, partition: str = "", clients: Clients | None = None) -> Source:
    return open_source(parse(str(uri)), partition, clients or Clients())


def cells(source: Source) -> list[dict[str, object]]:
    return [row for batch in source.batches() for row in batch.iter_rows(named=True)]

"""SQLite, through Python's own module."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.sources.interface import Database
from airflow_mlsecops.sources.targets import disk
from airflow_mlsecops.sources.targets.kinds import sqlite_type
from airflow_mlsecops.sources.targets.layout import beside
from airflow_mlsecops.sources.targets.session import Session
from airflow_mlsecops.sources.targets.text import as_text

if TYPE_CHECKING:
    import polars as pl

_SCHEMA = "mlsecops_staging"


class SqliteSession(Session):
    """What is staged lies in a file of its own beside the database's.

    Inside it, writing would wait for whoever reads the source in the same file, and others for the writer.
    """

    @property
    def staged(self) -> str:
        """``<table>__staging_<run>`` in a database that is attached."""
        return self.quoted(_SCHEMA, self.beside("staging"))

    def begin_staging(self) -> None:
        """Make the file, for its owner alone."""
        disk.remove(self._file)
        disk.create_private(self._file).close()
        self._attach()
        # Nobody needs the file after a crash.
        self.execute(f"PRAGMA {_SCHEMA}.journal_mode = OFF")
        self.execute(f"PRAGMA {_SCHEMA}.synchronous = OFF")

    def begin_publishing(self) -> None:
        """Begin at once as a writer: a transaction that reads first may not be let to write later."""
        self._attach()
        self.execute("BEGIN IMMEDIATE")

    def reading(self) -> tuple[Database, str]:
        """The file by itself."""
        return _File(str(self._file)), self.quoted("main", self.beside("staging"))

    def drop_staged(self) -> None:
        """The file goes."""
        disk.remove(self._file)

    def keep_staged(self, name: str) -> None:
        """Copied into the database."""
        table = self.quoted(*self.names[:-1], name)
        self.execute(f"CREATE TABLE {table} AS SELECT * FROM {self.staged}")  # noqa: S608

    def type_of(self, kind: Any) -> str:
        """SQLite's type."""
        return sqlite_type(kind)

    def kind(self, names: Sequence[str]) -> str:
        """By the schema's own table, in which the case of A to Z does not count."""
        *schema, name = names
        master = self.quoted(*schema, "sqlite_master")
        return str(self.value(f"SELECT type FROM {master} WHERE name = ? COLLATE NOCASE", (name,)) or "")  # noqa: S608

    def dependents(self) -> int:
        """Foreign keys that do more than refuse, where the connection obeys any."""
        if not self.value("PRAGMA foreign_keys"):
            return 0
        *schema, name = self.names
        select = (
            f"SELECT count(*) FROM {self.quoted(*schema, 'sqlite_master')} AS m, pragma_foreign_key_list(m.name) AS f "  # noqa: S608
            "WHERE f.\"table\" = ? COLLATE NOCASE AND f.on_delete NOT IN ('NO ACTION', 'RESTRICT')"
        )
        return int(self.value(select, (name,)))

    def insert(self, frame: pl.DataFrame) -> None:
        """All rows by one statement that is prepared once; ``NaN`` becomes null, SQLite has none."""
        names, places = ", ".join(map(self.quoted, frame.columns)), ", ".join("?" * frame.width)
        rows = zip(*(_bound(cells) for cells in frame.get_columns()), strict=True)
        self.execute("BEGIN")  # which locks what is written alone
        cursor = self._connection.cursor()
        cursor.executemany(f"INSERT INTO {self.staged} ({names}) VALUES ({places})", rows)  # noqa: S608
        self.commit()

    @property
    def _file(self) -> Path:
        place = Path(self.database.place)
        return place.with_name(beside(place.name, "staging", self.run))

    def _attach(self) -> None:
        self._connection.isolation_level = None  # or the module would begin and commit by itself
        self.execute(f"ATTACH ? AS {_SCHEMA}", (str(self._file),))


@dataclass(frozen=True)
class _File:
    """The staged file as a database."""

    place: str
    dialect: str = "sqlite"
    local: bool = True
    paramstyle: str = "qmark"

    def connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.place)


def _bound(cells: pl.Series) -> list[Any]:
    import polars as pl

    kind = cells.dtype
    fits = kind.is_integer() and kind not in (pl.UInt64, pl.Int128, getattr(pl, "UInt128", pl.Int128))
    if fits or kind.is_float() or kind in (pl.Boolean, pl.String, pl.Binary):
        return cells.to_list()
    return as_text(cells).to_list()

"""PostgreSQL, through psycopg or psycopg2."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.dialects import parameter
from airflow_mlsecops.sources.interface import Database
from airflow_mlsecops.sources.targets.kinds import postgres_type
from airflow_mlsecops.sources.targets.session import Session
from airflow_mlsecops.sources.targets.text import as_text
from airflow_mlsecops.sources.targets.writers.csv import refuse_nul

if TYPE_CHECKING:
    import polars as pl

_BYTEA = 17


class PostgresSession(Session):
    """What is staged is a table beside the target, in a transaction that ends before it is looked at."""

    longest = 63

    @property
    def staged(self) -> str:
        """``<table>__staging_<run>`` in the target's schema."""
        return self.quoted(*self.names[:-1], self.beside("staging"))

    def begin_staging(self) -> None:
        """Begin; drop what is left."""
        self._begin()
        self.execute(f"DROP TABLE IF EXISTS {self.staged}")

    def begin_publishing(self) -> None:
        """Begin with row-level security refused, which would leave rows of others in place."""
        self._begin()
        self.execute("SET LOCAL row_security = off")
        self.execute("SET LOCAL lock_timeout = '60s'")

    def reading(self) -> tuple[Database, str]:
        """The same database."""
        return self.database, self.staged

    def drop_staged(self) -> None:
        """In a transaction of its own."""
        self.execute(f"DROP TABLE IF EXISTS {self.staged}")
        self.commit()

    def keep_staged(self, name: str) -> None:
        """Renamed; it has been its owner's alone."""
        self.execute(f"ALTER TABLE {self.staged} RENAME TO {self.quoted(name)}")

    def type_of(self, kind: Any) -> str:
        """PostgreSQL's type."""
        return postgres_type(kind)

    def kind(self, names: Sequence[str]) -> str:
        """By the catalogue: ordinary and partitioned tables alone are tables."""
        select = "SELECT relkind::text FROM pg_catalog.pg_class WHERE oid = to_regclass(%(value)s)"
        found = self.value(select, _named(self.quoted(*names)))
        return {None: "", "r": "table", "p": "table"}.get(found, "view or foreign table")

    def protect(self) -> None:
        """Take away what default privileges have given to others."""
        cursor = self.execute(
            "SELECT DISTINCT CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS name "
            "FROM pg_catalog.pg_class, pg_catalog.aclexplode(relacl) WHERE oid = to_regclass(%(value)s) "
            "AND grantee <> relowner",
            _named(self.staged),
        )
        for row in cursor.fetchall():
            (role,) = row.values() if isinstance(row, Mapping) else row
            self.execute(f"REVOKE ALL ON {self.staged} FROM {role}")

    def lock(self) -> None:
        """Readers may go on."""
        self.execute(f"LOCK TABLE {self.target} IN SHARE ROW EXCLUSIVE MODE")

    def dependents(self) -> int:
        """Foreign keys that cascade, or set null or a default."""
        select = (
            "SELECT count(*) FROM pg_catalog.pg_constraint WHERE confrelid = to_regclass(%(value)s) "
            "AND conrelid <> confrelid AND confdeltype IN ('c', 'n', 'd')"
        )
        return int(self.value(select, _named(self.target)))

    def insert(self, frame: pl.DataFrame) -> None:
        """``COPY`` of CSV, where what is quoted is text and what is empty without quotes is null."""
        types = {str(column[0]): column[1] for column in self.described(self.staged)}
        rows = frame.with_columns(
            _hexadecimal(cells) if types.get(cells.name) == _BYTEA else as_text(cells) for cells in frame.get_columns()
        )
        refuse_nul(rows, "PostgreSQL's text", "Parquet or JSON Lines")
        data = io.BytesIO()
        rows.write_csv(data, include_header=False, quote_style="non_numeric")
        names = ", ".join(map(self.quoted, rows.columns))
        self._copy(f"COPY {self.staged} ({names}) FROM STDIN WITH (FORMAT csv, ENCODING 'UTF8')", data, rows.height)

    def _begin(self) -> None:
        # PEP 249's connections are in a transaction by themselves, unless somebody said otherwise.
        if getattr(self._connection, "autocommit", False):
            self._connection.autocommit = False

    def _copy(self, statement: str, data: io.BytesIO, rows: int) -> None:
        cursor = self._connection.cursor()
        if hasattr(cursor, "copy"):
            with cursor.copy(statement) as copy:
                copy.write(data.getbuffer())
        else:
            data.seek(0)
            cursor.copy_expert(statement, data)
        if cursor.rowcount != rows:
            raise SourceError(
                f"the database took {cursor.rowcount:,} rows, expected {rows:,}: run again", code="TARGET_UNWRITABLE"
            )


def _named(table: str) -> Any:
    return parameter("pyformat", table)[1]


def _hexadecimal(cells: pl.Series) -> pl.Series:
    import polars as pl

    raw = cells if cells.dtype == pl.Binary else as_text(cells).cast(pl.Binary)
    return ("\\x" + raw.bin.encode("hex")).alias(cells.name)

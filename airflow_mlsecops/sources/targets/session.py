"""What databases do differently where a table is written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.sources.dialects import dialect_of, parameter
from airflow_mlsecops.sources.failure import driver_errors
from airflow_mlsecops.sources.interface import Database

if TYPE_CHECKING:
    import polars as pl


class Session(ABC):
    """One connection that writes a table, or what is staged for it.

    :param names: steps of the target's name, plain
    :param run: short id of this attempt
    :cvar longest: bytes of a name; a longer one would be cut in silence, and may then be another's
    """

    longest = 1 << 16

    def __init__(self, database: Database, connection: Any, names: tuple[str, ...], run: str) -> None:
        self.database = database
        self.names = names
        self.run = run
        self.errors = driver_errors(connection)
        self.target = self.quoted(*names)
        self._connection = connection

    # --- what each database answers for itself

    @property
    @abstractmethod
    def staged(self) -> str:
        """The table for what is staged, quoted."""

    @abstractmethod
    def begin_staging(self) -> None:
        """Get ready to stage; what an attempt of the same run has left goes."""

    @abstractmethod
    def begin_publishing(self) -> None:
        """Begin the transaction that puts what is staged in its place, and keep other writers out."""

    @abstractmethod
    def reading(self) -> tuple[Database, str]:
        """Where what is staged can be read: a database, and the table's name in it."""

    @abstractmethod
    def drop_staged(self) -> None:
        """Remove what is staged, if it is there."""

    @abstractmethod
    def keep_staged(self, name: str) -> None:
        """Let what is staged be a table of that name beside the target, for its owner alone."""

    @abstractmethod
    def type_of(self, kind: Any) -> str:
        """Type of a column that holds this kind of cells."""

    @abstractmethod
    def kind(self, names: Sequence[str]) -> str:
        """``table``, another word for something else of that name, or empty for nothing."""

    def protect(self) -> None:
        """Let nobody but its owner read what is staged."""
        return

    def lock(self) -> None:
        """Keep other writers out of the target until the transaction ends."""
        return

    def dependents(self) -> int:
        """How many foreign keys of other tables change rows with those of the target."""
        return 0

    @abstractmethod
    def insert(self, frame: pl.DataFrame) -> None:
        """Add rows to what is staged, by the names of its columns."""

    # --- what all have in common

    def execute(self, statement: str, *parameters: Any) -> Any:
        """Run a statement; identifiers in it are quoted, values are parameters.

        :return: the cursor
        """
        cursor = self._connection.cursor()
        cursor.execute(statement, *parameters)
        return cursor

    def value(self, statement: str, *parameters: Any) -> Any:
        """First cell of the first row; ``None`` if there is no row."""
        row = self.execute(statement, *parameters).fetchone()
        return None if row is None else next(iter(row.values() if isinstance(row, Mapping) else row))

    def described(self, table: str) -> Sequence[Sequence[Any]]:
        """A table's columns as PEP 249 describes them, the name first."""
        description: Sequence[Sequence[Any]] = self.execute(f"SELECT * FROM {table} LIMIT 0").description  # noqa: S608
        return description

    def where(self, statement: str, column: str, value: str) -> tuple[str, Any]:
        """The statement with the condition that a column has a value; and the parameters."""
        placeholder, parameters = parameter(self.database.paramstyle, value)
        condition = f"{statement} WHERE {self.quoted(column)}"
        # Drivers that fill in by format read a per cent sign in a name as a place to fill.
        formats = self.database.paramstyle.endswith("format")
        return f"{condition.replace('%', '%%') if formats else condition} = {placeholder}", parameters

    def quoted(self, *names: str) -> str:
        """A name, its steps quoted."""
        return ".".join(map(dialect_of(self.database.dialect).quoted, names))

    def beside(self, purpose: str, number: str = "") -> str:
        """Name of a table beside the target: ``churn__staging_4f2a``."""
        end = f"__{purpose}_{self.run}{number}"
        return self.names[-1].encode()[: self.longest - len(end)].decode(errors="ignore") + end

    def commit(self) -> None:
        """End the transaction."""
        self._connection.commit()

    def close(self) -> None:
        """Close the connection; what is not committed is undone."""
        self._connection.close()

"""How databases differ where a table is read."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase
from typing import Any


@dataclass(frozen=True)
class Dialect:
    """One database's ways.

    :param quote: put around identifiers, doubled inside them
    :param schema: where a table without a schema is looked for; empty: wherever the database looks
    :param scheme: OpenLineage's name of it
    :param begin: opens a transaction that sees one state and writes nothing
    :param upper: true if plain names are kept in capitals
    :param caseless: true if names that differ in the case of A to Z alone are one
    """

    quote: str = '"'
    schema: str = ""
    scheme: str = ""
    begin: tuple[str, ...] = ()
    upper: bool = False
    caseless: bool = False

    def quoted(self, name: str) -> str:
        """The identifier, so that nothing in it is read as SQL."""
        return f"{self.quote}{self._kept(name).replace(self.quote, self.quote * 2)}{self.quote}"

    def canonical(self, name: str) -> str:
        """The one spelling of a name, so that another does not walk around the policy's rule for it."""
        return self._kept(name).translate(_LOWER) if self.caseless else self._kept(name)

    def _kept(self, name: str) -> str:
        return name.upper() if self.upper and name.islower() and name.isidentifier() else name


_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


_DIALECTS = {
    "postgresql": Dialect(
        schema="public",
        scheme="postgres",
        # Row-level security would leave rows out in silence; switched off, it refuses the query instead.
        begin=(
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
            "SET LOCAL row_security = off",
            "SET LOCAL lock_timeout = '60s'",  # a gate behind somebody's lock must end, UNKNOWN
        ),
    ),
    # SQLite reads "name" as a piece of text where no such column exists, `name` never.
    "sqlite": Dialect(
        quote="`", schema="main", scheme="sqlite", caseless=True, begin=("PRAGMA query_only = ON", "BEGIN")
    ),
    "mysql": Dialect(quote="`", begin=("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",)),
    "snowflake": Dialect(upper=True),
    "oracle": Dialect(upper=True, begin=("SET TRANSACTION READ ONLY",)),
}
_ALIASES = {"postgres": "postgresql", "mariadb": "mysql"}


def dialect_of(name: str) -> Dialect:
    """Ways of a database, by the name that SQLAlchemy gives it; ANSI's where none are known."""
    base = name.partition("+")[0].lower()
    return _DIALECTS.get(_ALIASES.get(base, base), Dialect())


def streaming_cursor(connection: Any, dialect: str) -> Any:
    """A cursor that leaves the rows with the server until they are fetched."""
    if dialect_of(dialect) is _DIALECTS["postgresql"]:
        return connection.cursor(name="airflow_mlsecops")
    if dialect_of(dialect) is _DIALECTS["mysql"]:
        package = type(connection).__module__.partition(".")[0]
        unbuffered = getattr(sys.modules.get(f"{package}.cursors"), "SSCursor", None)
        return connection.cursor(unbuffered) if unbuffered else connection.cursor()
    return connection.cursor()


def parameter(paramstyle: str, value: str) -> tuple[str, Any]:
    """Placeholder of PEP 249's style and what is passed with it."""
    return {
        "qmark": ("?", (value,)),
        "numeric": (":1", (value,)),
        "named": (":value", {"value": value}),
        "format": ("%s", (value,)),
        "pyformat": ("%(value)s", {"value": value}),
    }[paramstyle]

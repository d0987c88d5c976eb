"""One session with PostgreSQL, in which each failure is told without its values."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from airflow_mlsecops.core.database import Database
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.core.unseen import NotObserved

DIALECTS = ("postgres", "postgresql")
"""What connections call a PostgreSQL."""
_PATIENCE_MS = 10_000
# In front of every question: nothing is written, nothing waits for ever, and no table, function or operator on this
# role's search path answers in the catalogue's place. Temporary tables would otherwise be searched first.
_FRAME = (
    "SET TRANSACTION READ ONLY",
    f"SET LOCAL statement_timeout = {_PATIENCE_MS}",
    "SET LOCAL search_path = pg_catalog, pg_temp",
)


def opened(database: Database) -> Any | NotObserved:
    """A session, which the caller closes."""
    try:
        return database.connect()
    except SourceError as error:
        return NotObserved(why=f"the database could not be opened ({error.code})")
    except _driver_errors() as error:
        return NotObserved(why=_explained(error))


def rows(connection: Any, question: str, *values: str) -> list[tuple[Any, ...]] | NotObserved:
    """An answer, from a transaction of its own: a refusal must not spoil the next question."""
    try:
        with closing(connection.cursor()) as cursor:
            for statement in _FRAME:
                cursor.execute(statement)
            cursor.execute(question, *((values,) if values else ()))
            found = cursor.fetchall()
        connection.rollback()
    except _driver_errors(connection) as error:
        failure = NotObserved(why=_explained(error))
    else:
        return _tuples(found)
    _undo(connection)
    return failure


def snapshot(
    connection: Any, questions: Mapping[str, tuple[str, ...]]
) -> dict[str, list[tuple[Any, ...]] | NotObserved]:
    """Answers that all speak of one moment: a table made anew between two questions would seem to be nobody's.

    :param questions: by name, each with its values
    """
    answers: dict[str, list[tuple[Any, ...]] | NotObserved] = {}
    try:
        with closing(connection.cursor()) as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            for statement in _FRAME:
                cursor.execute(statement)
            for name, (question, *values) in questions.items():
                answers[name] = _within(connection, cursor, question, *values)
        connection.rollback()
    except _driver_errors(connection) as error:
        failure = NotObserved(why=_explained(error))
        _undo(connection)
        return dict.fromkeys(questions, failure)
    return answers


def _within(connection: Any, cursor: Any, question: str, *values: str) -> list[tuple[Any, ...]] | NotObserved:
    """One answer in a transaction that a refusal does not end."""
    cursor.execute("SAVEPOINT question")
    try:
        cursor.execute(question, *((values,) if values else ()))
        found = _tuples(cursor.fetchall())
    except _driver_errors(connection) as error:
        failure = NotObserved(why=_explained(error))
    else:
        return found
    cursor.execute("ROLLBACK TO SAVEPOINT question")
    return failure


def row(connection: Any, question: str, columns: int) -> tuple[Any, ...] | NotObserved:
    """The only row of an answer."""
    found = rows(connection, question)
    if isinstance(found, NotObserved):
        return found
    if len(found) != 1 or len(found[0]) != columns:
        return NotObserved(why=f"the database gave {len(found)} rows where one was expected")
    return found[0]


def _tuples(found: list[Any]) -> list[tuple[Any, ...]]:
    return [tuple(one.values()) if isinstance(one, Mapping) else tuple(one) for one in found]


def _undo(connection: Any) -> None:
    try:
        connection.rollback()
    except _driver_errors(connection):
        return  # the session is gone; every further question will say so itself


def text(cell: Any) -> str:
    """A cell of text, however the driver hands it over."""
    # psycopg leaves text as bytes where the database's encoding is SQL_ASCII.
    return cell.decode("utf-8", "backslashreplace") if isinstance(cell, bytes) else str(cell)


def _driver_errors(connection: object = None) -> tuple[type[BaseException], ...]:
    """What drivers raise: every module loaded so far that PEP 249 describes says so itself."""
    modules = [vars(module) for module in list(sys.modules.values()) if hasattr(module, "__dict__")]
    errors = [module.get("Error") for module in modules if module.get("apilevel") == "2.0"]
    errors.append(getattr(connection, "Error", None))
    return (OSError, *{kind for kind in errors if isinstance(kind, type) and issubclass(kind, BaseException)})


def _explained(error: BaseException) -> str:
    """Class and SQLSTATE; a driver's text repeats what it was given, passwords and rows included."""
    state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
    detail = f", SQLSTATE {state}" if isinstance(state, str) and len(state) == 5 and state.isalnum() else ""
    return f"the database did not answer ({type(error).__name__}{detail})"

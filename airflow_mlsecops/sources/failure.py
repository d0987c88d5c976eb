"""Foreign exceptions become errors that hold no data."""

from __future__ import annotations

import csv
import lzma
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from airflow_mlsecops.core.errors import SourceError

T = TypeVar("T")

# Base classes of what the standard library raises on hostile input. RuntimeError includes RecursionError.
_STANDARD: tuple[type[BaseException], ...] = (
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    EOFError,
    MemoryError,
    BufferError,
    csv.Error,
    zlib.error,
    lzma.LZMAError,
)
# Bases of libraries that do not derive theirs from the above, caught only once somebody loaded the library.
_FOREIGN = (
    ("pyarrow", "ArrowException"),
    ("polars.exceptions", "PolarsError"),
    # a panic in Rust derives from BaseException: without this line a broken cell would end the worker
    ("polars.exceptions", "PanicException"),
    ("botocore.exceptions", "BotoCoreError"),
    ("botocore.exceptions", "ClientError"),
    ("aiohttp", "ClientError"),
    ("google.auth.exceptions", "GoogleAuthError"),
    ("azure.core.exceptions", "AzureError"),
    ("gcsfs.retry", "HttpError"),
)
_DRIVERS = (
    "sqlite3",
    "psycopg",
    "psycopg2",
    "pymysql",
    "MySQLdb",
    "mysql.connector",
    "pyodbc",
    "oracledb",
    "snowflake.connector",
    "redshift_connector",
    "google.cloud.bigquery.dbapi",
    "trino.exceptions",
    "duckdb",
    "sqlalchemy.exc",
)
# By name, along the class's ancestors: the libraries need not be installed.
_CODES = {
    "FileNotFoundError": "NOT_FOUND",
    "NotADirectoryError": "NOT_FOUND",
    "NoSuchBucket": "NOT_FOUND",
    "PermissionError": "NO_PERMISSION",
    "NoCredentialsError": "NO_PERMISSION",
    "PartialCredentialsError": "NO_PERMISSION",
    "RefreshError": "NO_PERMISSION",
    "ClientAuthenticationError": "NO_PERMISSION",
    "ConnectionError": "UNREACHABLE",
    "TimeoutError": "UNREACHABLE",
    "gaierror": "UNREACHABLE",
    "ConnectTimeoutError": "UNREACHABLE",
    "ReadTimeoutError": "UNREACHABLE",
    "EndpointConnectionError": "UNREACHABLE",
    "ConnectionClosedError": "UNREACHABLE",
    "HTTPClientError": "UNREACHABLE",
    "ClientConnectionError": "UNREACHABLE",
    "ServiceRequestError": "UNREACHABLE",
    "EOFError": "TRUNCATED",
    "UnicodeError": "NOT_TEXT",
    "MemoryError": "TOO_LARGE",
    "ImportError": "NO_FILESYSTEM",
}
_REMEDIES = {
    "NOT_FOUND": "check the dataset string, or put the task that writes it upstream",
    "NO_PERMISSION": "give the worker's identity read access to it",
    "UNREACHABLE": "check the connection's host and the network between the worker and it",
    "TRUNCATED": "write it again",
    "NOT_TEXT": "write it as UTF-8",
    "TOO_LARGE": "write it in smaller parts",
    "NO_FILESYSTEM": "install what reads such a store (airflow-mlsecops[aws] for s3://), or mend the dataset string",
    "UNREADABLE": "open it by hand where its contents may be seen, or write it again",
}


def attempt(act: Callable[[], T], place: str, *also: type[BaseException]) -> T:
    """Run something foreign; whatever it raises becomes a :class:`SourceError` that names the place.

    Exceptions of parsers and drivers hold cells in their text, their arguments and their context. ``from None`` hides
    the context but keeps it, so the new error is raised only after the old one is no longer being handled.

    :param place: what was being read, for people: a file, a table
    :param also: further exceptions to expect, such as a driver's own
    """
    try:
        return act()
    except SourceError as error:
        failure = SourceError(str(error), code=error.code)
    except expected(*also) as error:
        failure = explain(error, place)
    raise failure


def guarded(items: Iterable[T], place: Callable[[], str], *also: type[BaseException]) -> Iterator[T]:
    """The same items; what iterating raises becomes a :class:`SourceError`.

    :param place: asked only when something failed, so that it can say how far reading came
    """
    iterator = iter(items)
    while True:
        try:
            item = next(iterator)
        except StopIteration:
            return
        except SourceError as error:
            failure = SourceError(str(error), code=error.code)
            break
        except expected(*also) as error:
            failure = explain(error, place())
            break
        yield item
    raise failure


def expected(*also: type[BaseException]) -> tuple[type[BaseException], ...]:
    """Exceptions that reading may raise: the standard library's and those of the libraries loaded so far."""
    loaded = (getattr(sys.modules.get(module), name, None) for module, name in _FOREIGN)
    return (*_STANDARD, *also, *(kind for kind in loaded if isinstance(kind, type)))


def driver_errors(connection: object = None) -> tuple[type[BaseException], ...]:
    """Bases of what database drivers raise: the connection's own, and those of every driver loaded so far."""
    bases = [getattr(connection, "Error", None), *(getattr(sys.modules.get(name), "Error", None) for name in _DRIVERS)]
    return tuple(base for base in bases if isinstance(base, type) and issubclass(base, BaseException))


def explain(error: BaseException, place: str) -> SourceError:
    """The error without anything of its text: its class, where, and what to do."""
    code = _code(error)
    state = sqlstate(error)
    detail = f"{type(error).__name__}, SQLSTATE {state}" if state else type(error).__name__
    return SourceError(f"{place} could not be read ({detail}): {_REMEDIES[code]}", code=code)


def sqlstate(error: BaseException) -> str:
    """SQLSTATE of a driver's exception, or empty: five characters from a fixed list, so free of values."""
    state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
    return state if isinstance(state, str) and len(state) == 5 and state.isalnum() else ""


def _code(error: BaseException) -> str:
    if state := sqlstate(error):
        return _SQLSTATES.get(state) or _SQLSTATES.get(state[:2]) or "UNREADABLE"
    if status := _status(error):
        return status
    # SQLite has no SQLSTATE, and one number for every mistake in a statement.
    if type(error).__module__ == "sqlite3" and str(error).startswith(("no such table", "no such column")):
        return "NOT_FOUND"
    names = (kind.__name__ for kind in type(error).__mro__)
    return next((_CODES[name] for name in names if name in _CODES), "UNREADABLE")


# SQL:2023 part 2, table 38, and PostgreSQL's appendix A.
_SQLSTATES = {
    "42501": "NO_PERMISSION",
    "42000": "NO_PERMISSION",
    "28": "NO_PERMISSION",
    "08": "UNREACHABLE",
    "57": "UNREACHABLE",
    "42P01": "NOT_FOUND",
    "42S02": "NOT_FOUND",
    "3F000": "NOT_FOUND",
    "42703": "NOT_FOUND",
}


def _status(error: BaseException) -> str | None:
    """Code by the HTTP status that botocore, gcsfs or azure answer with, if any."""
    answer = getattr(error, "response", None)
    metadata = answer.get("ResponseMetadata") if isinstance(answer, dict) else None
    status = metadata.get("HTTPStatusCode") if isinstance(metadata, dict) else None
    status = status or getattr(error, "status_code", None) or getattr(error, "code", None)
    return (
        {401: "NO_PERMISSION", 403: "NO_PERMISSION", 404: "NOT_FOUND"}.get(status) if isinstance(status, int) else None
    )

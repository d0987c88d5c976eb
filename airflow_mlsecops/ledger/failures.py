"""What a database's failure means, said without the database's words."""

from __future__ import annotations

from airflow_mlsecops.core.errors import LedgerError

# By SQLite's error name or PostgreSQL's SQLSTATE, longest prefix first: code, and what to do.
_MEANINGS: dict[str, tuple[str, str]] = {
    "SQLITE_BUSY": ("LEDGER_LOCKED", "another writer held it for {timeout:g} s: see which process does"),
    "SQLITE_LOCKED": ("LEDGER_LOCKED", "another writer held it for {timeout:g} s: see which process does"),
    "SQLITE_FULL": ("LEDGER_FULL", "its disk is full: make room"),
    "SQLITE_READONLY": (
        "LEDGER_READ_ONLY",
        "it is read-only here: let the user that runs Airflow write it",
    ),
    "SQLITE_PERM": ("LEDGER_DENIED", "permission was refused: give the user that runs Airflow its file and folder"),
    "SQLITE_AUTH": ("LEDGER_DENIED", "permission was refused: give the user that runs Airflow its file and folder"),
    "SQLITE_CANTOPEN": ("LEDGER_UNAVAILABLE", "its file could not be opened: look at its folder and permissions"),
    "SQLITE_IOERR": ("LEDGER_UNAVAILABLE", "its disk reported an error: look at the host's log"),
    "SQLITE_NOTADB": ("LEDGER_DAMAGED", "its file is no SQLite database: restore it from a backup"),
    "SQLITE_CORRUPT": ("LEDGER_DAMAGED", "its file is damaged: restore it from a backup"),
    "SQLITE_CONSTRAINT_UNIQUE": ("LEDGER_DUPLICATE", "it already holds a record of this id: a record is appended once"),
    "SQLITE_CONSTRAINT_TRIGGER": ("LEDGER_APPEND_ONLY", "it refuses to change what stands in it"),
    "23505": ("LEDGER_DUPLICATE", "it already holds a record of this id: a record is appended once"),
    "25006": ("LEDGER_READ_ONLY", "it is read-only: is this a replica, or a server in recovery?"),
    "28": ("LEDGER_DENIED", "it refused the user or password: mend the ledger's URL or connection"),
    "3D": ("LEDGER_UNAVAILABLE", "there is no such database: create it, or mend the ledger's URL"),
    "3F": ("LEDGER_DENIED", "this user sees no schema to keep it in: grant USAGE on it, or set the user's search_path"),
    "42501": ("LEDGER_DENIED", "permission was refused: see `airflow-mlsecops ledger grants`"),
    "42P01": ("LEDGER_DENIED", "its tables are not there or not visible to this user: open it once as their owner"),
    "53100": ("LEDGER_FULL", "its disk is full: make room"),
    "53300": ("LEDGER_UNAVAILABLE", "it has no connection left: raise max_connections, or put a pooler before it"),
    "55P03": ("LEDGER_LOCKED", "another writer held it for {timeout:g} s: see pg_stat_activity"),
    "57014": ("LEDGER_TIMEOUT", "it did not finish within {timeout:g} s: see how loaded it is"),
}
_UNKNOWN = ("LEDGER_UNAVAILABLE", "see whether it is up, and reachable from here")


def translated(error: BaseException, place: str, timeout: float) -> LedgerError:
    """Say what a failure means, by its class and code alone: a driver's text may carry values or a password.

    :param place: the ledger's, without user or password
    """
    cause = getattr(error, "orig", None) or error
    name = _name(cause)
    code, advice = _meaning(name)
    said = f"{type(cause).__name__} {name}".strip()
    return LedgerError(f"the ledger at {place} failed ({said}): {advice.format(timeout=timeout)}", code=code)


def _name(cause: BaseException) -> str:
    for attribute in ("sqlite_errorname", "sqlstate", "pgcode"):
        name = getattr(cause, attribute, None)
        if isinstance(name, str):
            return name
    return ""


def _meaning(name: str) -> tuple[str, str]:
    fitting = [known for known in _MEANINGS if name.startswith(known)]
    return _MEANINGS[max(fitting, key=len)] if fitting else _UNKNOWN

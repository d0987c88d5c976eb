"""The Airflow deployment beside this process, asked only by commands that need it."""

from __future__ import annotations

import configparser
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

from airflow_mlsecops.core.errors import PolicyError

if TYPE_CHECKING:
    from airflow_mlsecops.hook import MlsecopsHook
    from airflow_mlsecops.policy import PolicyFolder


@contextmanager
def deployment() -> Iterator[MlsecopsHook]:
    """Open the deployment's hook, with the connections that Airflow's database holds.

    Airflow looks into its database only in processes that call themselves ``server``, as its own command
    ``airflow connections`` does. Without a database there is nothing to look into, and asking would create one.
    """
    # Airflow's log goes to stdout, which may be read as JSON; what it has to say of itself is not what was asked.
    with redirect_stdout(sys.stderr), _environment(AIRFLOW__LOGGING__LOGGING_LEVEL="ERROR"):
        from airflow_mlsecops.hook import MlsecopsHook

        context = {"_AIRFLOW_PROCESS_CONTEXT": "server"} if _has_database() else {}
        with _environment(**context):
            yield MlsecopsHook()


def policy_folder(place: str | None) -> PolicyFolder:
    """The policy folder at a place, or the one that the gates of this deployment use.

    :raises PolicyError: if it cannot be read, or is wrong
    :raises SettingsError: if the deployment's connection is wrong, or could not be looked up
    """
    if place is not None:
        return _load(place)
    with deployment() as hook:
        return hook.policy


def offline_policy_folder(place: str | None) -> PolicyFolder:
    """The same without Airflow, unless a connection is declared where it shows without Airflow.

    :raises PolicyError: if it cannot be read, or is wrong
    """
    if place is not None or connection_declared():
        return policy_folder(place)
    from airflow_mlsecops.policy import default_folder, load

    own = home() / "policy"
    return load(own if own.exists() else default_folder())


def allow_key() -> bytes | None:
    """The secret that allowed values are keyed with, where there is one: none is made.

    :raises SettingsError: if it cannot be read
    """
    from airflow_mlsecops.ledger.keys import fingerprint_secret

    if connection_declared():
        with deployment() as hook:
            if hook.settings.fingerprint_secret:
                return hook.fingerprint_key
    return fingerprint_secret(home()) if (home() / "fingerprint.key").exists() else None


def connection_declared() -> bool:
    """True if an environment variable or ``airflow.cfg`` names an MLSecOps connection.

    One that stands in Airflow's database alone does not show here.
    """
    named = os.environ.get("AIRFLOW__MLSECOPS__CONN_ID") or _conn_id_of(_config_file())
    return bool(named) or "AIRFLOW_CONN_MLSECOPS_DEFAULT" in os.environ


def home() -> Path:
    """Where the embedded defaults live, without asking Airflow."""
    return _airflow_home() / "mlsecops"


def _load(place: str) -> PolicyFolder:
    from airflow_mlsecops.policy import load

    if "://" not in place or place.startswith("file://"):
        return load(Path(place.removeprefix("file://")).expanduser())
    with deployment() as hook:
        try:
            return load(hook.clients().path(place))
        except ImportError as error:
            kind = type(error).__name__
    raise PolicyError(
        f"policy folder {place} cannot be opened ({kind}): install what reads such a store (airflow-mlsecops[aws] for "
        "s3://), or mend its place",
        code="POLICY_UNREADABLE",
    )


def _airflow_home() -> Path:
    return Path(os.path.expandvars(os.environ.get("AIRFLOW_HOME") or "~/airflow")).expanduser()


def _config_file() -> Path:
    named = os.environ.get("AIRFLOW_CONFIG")
    return Path(os.path.expandvars(named)).expanduser() if named else _airflow_home() / "airflow.cfg"


def _conn_id_of(file: Path) -> str:
    # Raw: Airflow's own file holds per cent signs that are no interpolation.
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read(file, encoding="utf-8")
    except (configparser.Error, OSError, UnicodeDecodeError):
        # Airflow will say what is wrong with it; until then nobody knows that no connection is named.
        return "unreadable"
    return parser.get("mlsecops", "conn_id", fallback="")


def _has_database() -> bool:
    """True unless Airflow's database is a SQLite file that is not there."""
    from airflow.configuration import conf

    url = conf.get("database", "sql_alchemy_conn", fallback="") or ""
    if not url.startswith("sqlite"):
        return bool(url)
    file = Path(url.partition(":///")[2])
    return file.is_file() and file.stat().st_size > 0


@contextmanager
def _environment(**changes: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value

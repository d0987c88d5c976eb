"""The MLSecOps connection, and what it opens: policy, ledger, keys and the clients that read datasets."""

from __future__ import annotations

import json
import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseHook
from airflow.sdk.exceptions import AirflowNotFoundException

from airflow_mlsecops.clients import AirflowClients
from airflow_mlsecops.core.errors import MlsecopsError, PolicyError, SettingsError
from airflow_mlsecops.lookup import require_absent
from airflow_mlsecops.settings import EMBEDDED, Settings, settings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from airflow_mlsecops.ledger import Ledger
    from airflow_mlsecops.ledger.anchor import Anchor
    from airflow_mlsecops.ledger.keys import Keyring, Signer
    from airflow_mlsecops.policy import PolicyFolder
    from airflow_mlsecops.sanitize import PseudonymKey

DEFAULT_CONN_ID = "mlsecops_default"
_said_embedded = False


class MlsecopsHook(BaseHook):
    """Open what the deployment's one MLSecOps connection names.

    The connection's id is set in ``airflow.cfg`` (``[mlsecops] conn_id``), not per operator, so that no DAG picks a
    laxer policy. Where that option is set, an absent connection is an error; where it is not, embedded defaults serve.
    """

    conn_name_attr = "mlsecops_conn_id"
    default_conn_name = DEFAULT_CONN_ID
    conn_type = "mlsecops"
    hook_name = "MLSecOps"

    def __init__(self, mlsecops_conn_id: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.mlsecops_conn_id = mlsecops_conn_id or configured_conn_id() or DEFAULT_CONN_ID
        self._must_exist = bool(mlsecops_conn_id or configured_conn_id())

    @cached_property
    def settings(self) -> Settings:
        """What the connection says.

        :raises SettingsError: if it is wrong, absent although ``[mlsecops] conn_id`` names it, or if nobody could say
            whether it is there
        """
        try:
            connection = self.get_connection(self.mlsecops_conn_id)
        except AirflowNotFoundException:
            return self._absent()
        if connection.conn_type != self.conn_type:
            raise SettingsError(
                f"connection {self.mlsecops_conn_id} is of type {connection.conn_type}, expected {self.conn_type}"
            )
        return settings_of(_extra(connection, self.mlsecops_conn_id), connection.password)

    @cached_property
    def policy(self) -> PolicyFolder:
        """The policy folder, loaded and validated.

        :raises PolicyError: with every mistake and its line
        """
        from airflow_mlsecops.policy import default_folder, load

        if self.settings.policy:
            return _unless_foreign(lambda: load(AirflowClients.path(_as_uri(self.settings.policy))))
        own = home() / "policy"
        return load(own if own.exists() else default_folder())

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """What people call each entity; where the policy is broken, those of this version."""
        from airflow_mlsecops.detectors import entities

        # A record of what a broken or later policy no longer names must still be shown.
        try:
            known = self.policy.entities
        except PolicyError:
            known = entities()
        return {name: entity.title for name, entity in known.items()}

    @cached_property
    def signer(self) -> Signer:
        """The key that signs records: the connection's, or one of this host's own."""
        from airflow_mlsecops.ledger.keys import PrivateKeySigner, local_signer

        if not self.settings.signing_key:
            return local_signer(home())
        return PrivateKeySigner.from_pem(self.settings.signing_key.encode(), self._declared_name())

    @cached_property
    def keyring(self) -> Keyring:
        """The public keys that are trusted: those of the policy folder, and this host's own where it signs."""
        from airflow_mlsecops.ledger.keys import Keyring

        keyring = Keyring.of(self._policy_keys)
        return keyring if self.settings.signing_key else keyring.with_signer(self.signer)

    @cached_property
    def fingerprint_key(self) -> bytes:
        """The secret that keys fingerprints."""
        from airflow_mlsecops.ledger.keys import fingerprint_secret

        secret = self.settings.fingerprint_secret
        return secret.encode() if secret else fingerprint_secret(home())

    @cached_property
    def pseudonym_key(self) -> PseudonymKey:
        """The key that pseudonyms are made with: the connection's, or one of this host's own.

        :raises SettingsError: ``PSEUDONYM_KEY_NOT_SHARED`` for the latter where tasks run on several hosts
        """
        from airflow_mlsecops.ledger.keys import pseudonym_secret
        from airflow_mlsecops.sanitize import PseudonymKey

        secret = self.settings.pseudonym_secret
        if not secret and not one_host():
            raise SettingsError(
                "tasks of this deployment run on several hosts, each of which would make pseudonyms of its own: "
                f"no tables could be joined; set the field pseudonym_secret of connection {self.mlsecops_conn_id}",
                code="PSEUDONYM_KEY_NOT_SHARED",
            )
        return PseudonymKey(secret.encode() if secret else pseudonym_secret(home()))

    @property
    def previous_pseudonym_key(self) -> PseudonymKey | None:
        """The key before, where the connection still names it."""
        from airflow_mlsecops.sanitize import PseudonymKey

        secret = self.settings.pseudonym_secret_previous
        return PseudonymKey(secret.encode()) if secret else None

    @property
    def ledger_url(self) -> str:
        """SQLAlchemy URL of the ledger.

        :raises SettingsError: ``LEDGER_NOT_SHARED`` for SQLite where tasks run on several hosts
        """
        place = self.settings.ledger or f"sqlite:///{home() / 'ledger.db'}"
        url = place if "://" in place else self._url_of_connection(place)
        if url.startswith("sqlite") and not one_host():
            raise SettingsError(
                "tasks of this deployment run on several hosts, and the ledger is a SQLite file that they do not "
                f"share: set the field ledger of connection {self.mlsecops_conn_id} to a PostgreSQL URL or the id of "
                "an Airflow connection to one",
                code="LEDGER_NOT_SHARED",
            )
        return url

    def ledger(self) -> Ledger:
        """Open the ledger for appending and reading."""
        from airflow_mlsecops.ledger import open_ledger

        return open_ledger(self.ledger_url, signer=self.signer, keyring=self.keyring, anchor=self.anchor)

    @property
    def anchor(self) -> Anchor | None:
        """Where heads are written once more, if the connection names a place."""
        from airflow_mlsecops.ledger.anchor import Anchor

        place = self.settings.ledger_anchor
        return Anchor(AirflowClients.path(_as_uri(place))) if place else None

    def clients(self, context: Mapping[str, Any] | None = None) -> AirflowClients:
        """What sources read through: Airflow's connections, and this task's XCom."""
        return AirflowClients(context)

    def get_conn(self) -> Settings:
        """The settings, as Airflow's interface asks for a connection."""
        return self.settings

    def test_connection(self) -> tuple[bool, str]:
        """Say what the connection's Test button found: environment, mode, policy, ledger and key."""
        try:
            found = self._describe()
        except MlsecopsError as error:
            return False, f"{error.code}: {error}"
        return True, found

    def _describe(self) -> str:
        folder, settings = self.policy, self.settings
        if settings.environment not in folder.policy.environments:
            known = ", ".join(sorted(folder.policy.environments))
            raise SettingsError(
                f"the policy describes no environment {settings.environment}, it describes {known}",
                code="ENV_NOT_IN_POLICY",
            )
        ledger = self.ledger()
        try:
            head = ledger.head()
        finally:
            ledger.close()
        self.keyring.require(self.signer.key_id)
        return (
            f"environment {settings.environment}, mode {settings.mode}, policy {folder.policy.digest[:6]} at "
            f"{folder.location} ({len(folder.policy.datasets)} dataset rules), ledger reachable with {head.sequence:,} "
            f"records, records signed by {self.signer.key_id}"
        )

    def _absent(self) -> Settings:
        if self._must_exist:
            raise SettingsError(
                f"connection {self.mlsecops_conn_id} is configured but is not there: create it under Admin > "
                "Connections with type MLSecOps, or unset [mlsecops] conn_id to run on embedded defaults"
            )
        require_absent(self.mlsecops_conn_id)
        global _said_embedded  # noqa: PLW0603 - once per process, not once per hook
        if not _said_embedded:
            _said_embedded = True
            self.log.info(
                "No connection %s: using embedded defaults under %s (environment local, SQLite ledger, a key of this "
                "host's own)",
                self.mlsecops_conn_id,
                home(),
            )
        return EMBEDDED

    def _declared_name(self) -> str | None:
        """Name under which the policy folder trusts the connection's key, if it does."""
        from airflow_mlsecops.ledger.keys import Keyring

        return Keyring.of(self._policy_keys).name_of(self.settings.signing_key.encode())

    @property
    def _policy_keys(self) -> Mapping[str, bytes]:
        # A broken policy trusts no key, yet the UNKNOWN that it causes must still reach the ledger.
        try:
            return self.policy.keys
        except PolicyError:
            return {}

    def _url_of_connection(self, conn_id: str) -> str:
        try:
            hook = self.get_connection(conn_id).get_hook()  # type: ignore[no-untyped-call]
        except AirflowNotFoundException:
            raise SettingsError(f"field ledger names connection {conn_id}, which is not there") from None
        url = getattr(hook, "sqlalchemy_url", None)
        if url is None:
            raise SettingsError(f"field ledger names connection {conn_id}, which is no SQL connection")
        return str(url.render_as_string(hide_password=False))


def _extra(connection: Any, conn_id: str) -> Mapping[str, object]:
    """A connection's extra; Airflow takes one that it cannot read for an empty one, which would be the defaults."""
    try:
        extra = json.loads(connection.extra or "{}")
    except ValueError:
        extra = None
    if not isinstance(extra, dict):
        raise SettingsError(f"the extra of connection {conn_id} is no JSON object: mend it under Admin > Connections")
    return connection.extra_dejson  # type: ignore[no-any-return]


def _unless_foreign(load: Callable[[], PolicyFolder]) -> PolicyFolder:
    """What is loaded; what a store raises is told by its class: its text may hold a token."""
    try:
        return load()
    except MlsecopsError:
        raise
    except Exception as error:  # noqa: BLE001 - a store may raise anything
        kind = type(error).__name__
    raise PolicyError(
        f"the policy folder that the connection names could not be opened ({kind}): see its place, and the connection "
        "that opens it",
        code="POLICY_UNREADABLE",
    )


def configured_conn_id() -> str | None:
    """The id that ``[mlsecops] conn_id`` in ``airflow.cfg`` names, if it names one."""
    from airflow.configuration import conf

    return conf.get("mlsecops", "conn_id", fallback=None) or None


def home() -> Path:
    """Where the embedded defaults live: ``$AIRFLOW_HOME/mlsecops``."""
    from airflow.configuration import AIRFLOW_HOME

    return Path(os.environ.get("AIRFLOW_HOME") or AIRFLOW_HOME).expanduser() / "mlsecops"


def one_host() -> bool:
    """True where every task runs on this host: LocalExecutor, or ``dag.test()``."""
    from airflow.configuration import conf

    executors = conf.get("core", "executor", fallback="LocalExecutor")
    return all(
        name.strip().rpartition(":")[2] in ("LocalExecutor", "SequentialExecutor") for name in executors.split(",")
    )


def _as_uri(place: str) -> str:
    return f"file://{place}" if place.startswith("/") else place

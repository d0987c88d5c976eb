"""What the MLSecOps connection says, or the embedded defaults where there is none."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import Field, ValidationError, field_validator

from airflow_mlsecops.core.errors import SettingsError
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.policy import Mode

LOCAL = "local"
_LINK = re.compile(r"https?://[!#-;=?-~]+")


class Settings(Frozen):
    """One deployment, one connection, one policy.

    :param environment: the environment this deployment claims to be
    :param mode: ``enforce``, or ``observe`` until the policy's ``observe_until``
    :param policy: where the policy folder is: a path, or a URI of an object store with its connection
        (``s3://CONN_ID@bucket/policy``); empty: ``$AIRFLOW_HOME/mlsecops/policy`` if it is there, else the shipped one
    :param policy_link: where people read that folder, such as the page of a repository, with ``{file}`` and ``{line}``;
        pages link to it
    :param ledger: SQLAlchemy URL, or the id of an Airflow SQL connection; empty: SQLite under
        ``$AIRFLOW_HOME/mlsecops``
    :param aws_conn_id: connection that AWS facts are collected through
    :param ledger_anchor: where heads of the ledger are written once more, so that a cut tail is noticed
    :param fingerprint_secret: keys the fingerprints; at least 16 characters
    :param pseudonym_secret: keys pseudonyms, so that the same value has the same pseudonym in every table; at least 16
        characters
    :param pseudonym_secret_previous: the one before, while some tables still hold its pseudonyms
    :param signing_key: PEM of the private Ed25519 key: the connection's password
    """

    environment: str = Field(default=LOCAL, pattern=r"^[a-z0-9][a-z0-9_.-]{0,62}$")
    mode: Mode = Mode.ENFORCE
    policy: str = ""
    policy_link: str = ""
    ledger: str = ""
    aws_conn_id: str = ""
    ledger_anchor: str = ""
    fingerprint_secret: str = Field(default="", repr=False)
    pseudonym_secret: str = Field(default="", repr=False)
    pseudonym_secret_previous: str = Field(default="", repr=False)
    signing_key: str = Field(default="", repr=False)

    @field_validator("fingerprint_secret", "pseudonym_secret", "pseudonym_secret_previous")
    @classmethod
    def _long_enough(cls, secret: str) -> str:
        if secret and len(secret) < 16:
            raise ValueError("at least 16 characters")
        return secret

    @field_validator("policy_link")
    @classmethod
    def _of_the_web(cls, link: str) -> str:
        # A link of another scheme would run as a script in the browser of whoever clicks on it.
        if link and not (_LINK.fullmatch(link) and "{file}" in link):
            raise ValueError("expected https://… with {file}, and {line} where a page can show one")
        return link

    @property
    def embedded(self) -> bool:
        """True if nothing was declared: the embedded defaults serve."""
        return self == EMBEDDED


EMBEDDED = Settings()
FIELDS = tuple(name for name in Settings.model_fields if name != "signing_key")


def settings_of(extra: Mapping[str, object], password: str | None) -> Settings:
    """Read a connection's extra and password.

    :raises SettingsError: naming the field, never its value
    """
    unknown = sorted(set(extra) - set(FIELDS))
    if unknown:
        raise SettingsError(
            f"the MLSecOps connection has unknown fields {', '.join(unknown)}; known are {', '.join(FIELDS)}"
        )
    given = {name: value for name, value in extra.items() if value not in (None, "")}
    try:
        return Settings.model_validate({**given, "signing_key": password or ""})
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False))
    raise SettingsError(f"the MLSecOps connection is wrong: {wrong}; mend it under Admin > Connections")

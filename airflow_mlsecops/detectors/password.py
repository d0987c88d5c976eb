"""Passwords, or their hashes, in columns named so.

A column called ``password`` may as well count password resets: small numbers, truth values and dates are none.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level

_NOT_ONE = re.compile(
    r"[0-9]{1,5}|[0-9]*\.[0-9]+|true|false|yes|no|none|null|nan|n/?a|unknown|[*•x.\-]+|\[?redacted\]?|\[?masked\]?"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].*)?|weak|medium|strong|expired|active|reset|changed|hidden|required|optional",
    re.IGNORECASE,
)


def _is_password(cell: str) -> bool:
    return _NOT_ONE.fullmatch(cell) is None and len(set(cell)) > 2


DETECTOR = Detector(
    entity=Entity(
        name="PASSWORD", title="password", role=Role.SECRET, level=Level.RESTRICTED, tags=("GDPR", "PCI-DSS")
    ),
    named_pattern=r"^\S{4,256}$",
    validate=_is_password,
    names=(
        *(
            "password",
            "passwd",
            "pwd",
            "passphrase",
            "passcode",
            "password_hash",
            "passwordhash",
            "pw",
            "user_password",
        ),
        *("api_key", "apikey", "api_token", "secret_key", "secretkey", "client_secret", "access_token", "auth_token"),
        *("refresh_token", "private_key", "access_key", "kennwort", "passwort", "contrasena", "mot_de_passe", "senha"),
    ),
    not_names=(
        *("count", "counts", "changed", "expires", "expiry", "reset", "resets", "last", "policy", "strength", "length"),
        *(
            "id",
            "updated",
            "at",
            "date",
            "attempts",
            "failed",
            "type",
            "flag",
            "status",
            "age",
            "days",
            "enabled",
            "name",
        ),
    ),
)

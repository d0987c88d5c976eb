"""Keys of Google: API keys (``AIza``), OAuth secrets (``GOCSPX-``), tokens (``ya29.``, ``1//0``), server keys of FCM.

https://cloud.google.com/docs/authentication/api-keys; https://developers.google.com/identity/protocols/oauth2
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._secrets import tokens

_KEY = re.compile(
    r"(?=(AIza[0-9A-Za-z_-]{35}|GOCSPX-[0-9A-Za-z_-]{28}|ya29\.[0-9A-Za-z_-]{30,1024}|1//0[0-9A-Za-z_-]{40,512}"
    r"|AAAA[0-9A-Za-z_-]{7}:APA91b[0-9A-Za-z_-]{134})(?![0-9A-Za-z_-]))"
)


def _keys(run: str) -> Iterator[Span]:
    return tokens(_KEY, run)


DETECTOR = Detector(
    entity=Entity(name="GOOGLE_API_KEY", title="Google API key", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=r"(?:AIza[0-9A-Za-z_\-]{3}|GOCSPX-|ya29\.|\b1//0[0-9A-Za-z_\-]{6}|AAAA[0-9A-Za-z_\-]{7}:APA91b)"
    r"[0-9A-Za-z_\-]{20}[0-9A-Za-z_\-]*",
    find=_keys,
)

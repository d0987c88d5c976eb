"""API keys of Google Cloud (``AIza`` and 35 characters) or secrets of its OAuth clients (``GOCSPX-``).

https://cloud.google.com/docs/authentication/api-keys
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._runs import holds, varied

_KEY = re.compile(r"(?=(AIza([0-9A-Za-z_-]{35}))(?![0-9A-Za-z_-])|(GOCSPX-([0-9A-Za-z_-]{28}))(?![0-9A-Za-z_-]))")


def _keys(run: str) -> Iterator[str]:
    return (match[1] or match[3] for match in _KEY.finditer(run) if varied(match[2] or match[4], 12))


DETECTOR = Detector(
    entity=Entity(name="GOOGLE_API_KEY", title="Google API key", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=r"(?:AIza[0-9A-Za-z_\-]{3}|GOCSPX-)[0-9A-Za-z_\-]{28,}",
    validate=holds(_keys),
    values=_keys,
)

"""A user's password inside an address: ``scheme://user:password@host`` (RFC 3986, section 3.2.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._runs import holds

_USERINFO = re.compile(r"""://([^\s/?#"'<>:]*):([^\s/?#"'<>]+)@[^\s/?#"'<>@]""")
# ***, xxxx, ${PASSWORD}, {password}, <password>, [redacted], %s, %(password)s: what stands where a password would.
_PLACEHOLDER = re.compile(r"[*xX.•]+|\$?\{.*\}|\$\w+|\[.*\]|\(.*\)|%\w|%\(.*\)s|redacted|%2[aA].*", re.IGNORECASE)


def _credentials(run: str) -> Iterator[str]:
    for match in _USERINFO.finditer(run):
        if not _PLACEHOLDER.fullmatch(match[2]):
            yield f"{match[1]}:{match[2]}"


DETECTOR = Detector(
    entity=Entity(name="URL_CREDENTIALS", title="password in an address", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=r"""[A-Za-z][0-9A-Za-z+.\-]*://[^\s/?#"'<>:]*:[^\s/?#"'<>]+@[^\s/?#"'<>@]+""",
    validate=holds(_credentials),
    values=_credentials,
)

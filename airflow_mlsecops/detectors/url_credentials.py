"""A user's password inside an address: ``scheme://user:password@host`` (RFC 3986, 3.2.1), or in its query."""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level

_USERINFO = re.compile(r"""://([^\s/?#"'<>:]*:[^\s/?#"'<>]+)@[^\s/?#"'<>@]""")
_QUERY = re.compile(r"[?&](?:user_?)?(?:password|passwd|pwd)=([^\s&#;\"'<>]{4,})", re.IGNORECASE)
# ***, xxxx, ${PASSWORD}, {password}, <password>, [redacted], %s, %(password)s: what stands where a password would.
_PLACEHOLDER = re.compile(
    r"[*xX.•]+|\$?\{.*\}|\$\w+|\[.*\]|\(.*\)|%\w|%\(.*\)s|redacted|%2[aA].*|%5[bB].*|%7[bB].*|your.*|true|false|null"
    r"|required|hidden|masked|forgot.*|reset.*|change.*",
    re.IGNORECASE,
)


def _credentials(run: str) -> Iterator[Span]:
    for match in (*_USERINFO.finditer(run), *_QUERY.finditer(run)):
        if not _PLACEHOLDER.fullmatch(match[1].rpartition(":")[2]):
            yield *match.span(1), match[1]


DETECTOR = Detector(
    entity=Entity(name="URL_CREDENTIALS", title="password in an address", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=r"""[A-Za-z][0-9A-Za-z+.\-]*://[^\s/?#"'<>:]*:[^\s/?#"'<>]+@[^\s/?#"'<>@]+"""
    r"""|[?&](?i:(?:user_?)?(?:password|passwd|pwd))=[^\s&#;"'<>]{4,}""",
    find=_credentials,
)

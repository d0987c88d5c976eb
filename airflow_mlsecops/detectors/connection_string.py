"""Passwords in connection strings of ADO.NET, ODBC, JDBC and libpq: ``Server=…;Password=…``, ``host=… password=…``.

https://learn.microsoft.com/dotnet/framework/data/adonet/connection-string-syntax,
https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING

The password must stand beside another part of the string, else ``password=`` is code or prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._secrets import stand_in

_PARTS = (
    r"(?:server|data source|host|hostname|addr|address|user id|userid|uid|user|username|driver|database|initial catalog"
    r"|dbname|dsn|endpoint|port|provider)"
)
_PASSWORD = re.compile(
    r"(?:\b|_)(?:password|passwd|pwd)\s?=\s?(?:\{([^}\s]+)\}|'([^'\s]+)'|([^;&\s\"'<>]+))", re.IGNORECASE
)
_NONE = re.compile(r"[*xX.•?]+|true|false|null|none|yes|no|\$.*|%.*|@.*|<.*|\[.*|[{(].*|password|pwd", re.IGNORECASE)


def _passwords(run: str) -> Iterator[Span]:
    for match in _PASSWORD.finditer(run):
        group = match.lastindex or 0
        if not _NONE.fullmatch(match[group]) and not stand_in(match[group]):
            yield *match.span(group), match[group]


DETECTOR = Detector(
    entity=Entity(
        name="CONNECTION_STRING",
        title="password in a connection string",
        role=Role.SECRET,
        level=Level.RESTRICTED,
    ),
    pattern=rf"(?i:\b{_PARTS}\s?=[^;\n]*;(?:[^;=\n]*=[^;\n]*;)*\s*(?:password|pwd)\s?=[^;\n]+"
    rf"|\b(?:password|pwd)\s?=[^;\n]+;\s*(?:[^;=\n]*=[^;\n]*;\s*)*{_PARTS}\s?="
    rf"|\b(?:host|dbname|user|port)=\S+(?:\s+[a-z_]+=\S+)*\s+password=\S+"
    r"|jdbc:[a-z]+:[^\s\"']*[?;&:](?:password|pwd)=[^\s;&\"']+)",
    find=_passwords,
)

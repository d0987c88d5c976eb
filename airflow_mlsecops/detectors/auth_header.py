"""Credentials in HTTP headers and commands that send them: ``Authorization: Basic …``, ``Bearer …``, ``curl -u a:b``.

RFC 7617, RFC 6750. ``Basic`` and ``Bearer`` are words too: what follows must decode to ``user:password``, or be random.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._secrets import random, stand_in, uuid_like

_BASIC = re.compile(r"\bbasic\s+([0-9A-Za-z+/_-]{8,}={0,2})", re.IGNORECASE)
_TOKEN = re.compile(r"(?:bearer|token|apikey|key|authorization\W{1,6})\s+([0-9A-Za-z_.=+/~-]{20,})", re.IGNORECASE)
_CURL = re.compile(r"(?:-u|--user)[ =][\"']?([^\s:\"'$<{]+:[^\s\"'$<{]+)")


def _credentials(run: str) -> Iterator[Span]:
    for match in _BASIC.finditer(run):
        if _is_pair(match[1]):
            yield *match.span(1), match[1]
    for match in _TOKEN.finditer(run):
        if random(match[1], 9) and any(c.isdigit() for c in match[1]) and not uuid_like(match[1]):
            yield *match.span(1), match[1]
    for match in _CURL.finditer(run):
        if not stand_in(match[1]):
            yield *match.span(1), match[1]


def _is_pair(part: str) -> bool:
    try:
        pair = base64.urlsafe_b64decode(part.rstrip("=") + "=" * (-len(part.rstrip("=")) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return False
    return pair.isprintable() and ":" in pair[:-1] and not stand_in(pair)


DETECTOR = Detector(
    entity=Entity(name="AUTH_HEADER", title="credentials in a header", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=r"(?i:\bbasic\s{1,3}[0-9a-z+/_\-]{8,}={0,2}|\bbearer\s{1,3}[0-9a-z_.=+/~\-]{8}[0-9a-z_.=+/~\-]*"
    r"|\bauthorization[\\\"']{0,3}\s?[:=]\s?[\\\"']{0,3}(?:(?:token|apikey|key)\s{1,3})[0-9a-z_.=+/~\-]{8}[0-9a-z_.=+/~\-]*"
    r"|\bcurl\s[^\n|;]*(?:-u|--user)[ =][\"']?[^\s:\"'$<{]+:[^\s\"'$<{]+)",
    find=_credentials,
    checked=True,
)

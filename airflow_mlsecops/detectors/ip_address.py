"""Addresses of Internet Protocol, version 4 (RFC 791) or 6 (RFC 4291), of hosts.

A dynamic address is personal data where the means to identify its user exist (CJEU C-582/14, Breyer). Loopback,
unspecified addresses and netmasks name nobody; four small numbers in a column of versions are a version.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._runs import holds

# Neither v1.2.3.4 nor the middle of 1.3.6.1.4.1 (an object identifier).
_FOUR = re.compile(r"(?<![0-9vV])(?<![0-9]\.)(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9])(?!\.[0-9])")
# Bounded by the longest address there is, lest a cell of colons cost its length squared.
_SIX = re.compile(r"(?<![0-9A-Za-z:])[0-9A-Fa-f:]{6,39}(?![0-9A-Za-z:])")
_PAIRS = re.compile(r"(?:[0-9A-Fa-f]{1,2}:)+[0-9A-Fa-f]{1,2}")


def _addresses(run: str) -> Iterator[str]:
    for match in _FOUR.finditer(run):
        yield from _four(match[0])
    if ":" in run:
        for match in _SIX.finditer(run):
            yield from _six(match[0])


def _four(text: str) -> Iterator[str]:
    octets = [int(part) for part in text.split(".")]
    netmask = octets[0] == 255 or octets[0] == 0
    padded = any(len(part) > 1 and part[0] == "0" for part in text.split("."))
    if max(octets) <= 255 and octets[0] != 127 and not netmask and not padded:
        yield text


def _six(text: str) -> Iterator[str]:
    # Groups of at most two digits are hardware addresses and times; letters alone are names in code (Abc::Def).
    if _PAIRS.fullmatch(text) or not any(c.isdigit() for c in text):
        return
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        return
    if not address.is_unspecified and not address.is_loopback:
        yield address.compressed


DETECTOR = Detector(
    entity=Entity(
        name="IP_ADDRESS",
        title="IP address",
        role=Role.QUASI,
        level=Level.INTERNAL,
        tags=("GDPR", "HIPAA", "CCPA"),
    ),
    pattern=r"[0-9A-Za-z.]*[0-9]{1,3}(?:\.[0-9]{1,3}){3}[0-9.]*"
    r"|[0-9A-Za-z:]*[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]*[0-9A-Fa-f][0-9A-Za-z:]*",
    validate=holds(_addresses),
    values=_addresses,
    not_names=("version", "versions", "firmware", "release", "build", "oid", "user_agent", "useragent"),
)

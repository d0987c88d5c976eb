"""Addresses of Internet Protocol, version 4 (RFC 791) or 6 (RFC 4291), of hosts.

A dynamic address is personal data where the means to identify its user exist (CJEU C-582/14, Breyer). Loopback,
unspecified addresses, netmasks and networks name nobody; ``Chrome/120.0.6099.109`` and object identifiers are none.
Four small numbers are a version or a section, four pairs an old telephone number, unless a name says otherwise.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words

# Neither v1.2.3.4, Chrome/1.2.3.4, the middle of 1.3.6.1.4.1 (an object identifier) nor the server of a link.
_FOUR = re.compile(
    r"(?<![0-9vV])(?<!//)(?<![0-9]\.)(?<![0-9A-Za-z]/)(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9])(?!\.[0-9])(?![.-]?(?:alpha|beta|rc|b[0-9]))"
)
# Bounded by the longest address there is, lest a cell of colons cost its length squared.
_SIX = re.compile(r"(?<![0-9A-Za-z:.])[0-9A-Fa-f:]{4,39}(?:(?:[0-9]{1,3}\.){3}[0-9]{1,3})?(?![0-9A-Za-z:])")
_PAIRS = re.compile(r"(?:[0-9A-Fa-f]{1,2}:)+[0-9A-Fa-f]{1,2}")
# Global unicast, unique local, link local: what begins otherwise and is short may be anything (a1::b2).
_ROUTED = re.compile(r"(?:[23][0-9a-f]{3}|f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]|64:ff9b|::ffff):", re.IGNORECASE)

_OCTET = "(?:[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-5])"


def addresses(run: str) -> Iterator[Span]:
    """Every address in a run that no version, section or time could be."""
    if "." in run:
        for match in _FOUR.finditer(run):
            if _is_host(match[0]):
                yield *match.span(), match[0]
    if ":" in run:
        for match in _SIX.finditer(run):
            address = version_six(match[0])
            if address and _is_proof(match[0]):
                yield *match.span(), address


def octets_of(text: str) -> list[int]:
    """The four numbers of an address that may be a host's; nothing otherwise."""
    parts = text.split(".")
    octets = [int(part) for part in parts if part.isdecimal()]
    alone = octets[:1] in ([0], [127]) or octets[:1] > [239]
    padded = any(len(part) > 1 and part[0] == "0" for part in parts)
    return octets if len(parts) == len(octets) == 4 and max(octets) <= 255 and not padded and not alone else []


def _is_host(text: str) -> bool:
    octets = octets_of(text)
    # Versions are made of small numbers and end in noughts; of addresses one in four thousand is.
    pairs = all(10 <= octet <= 99 for octet in octets)
    return bool(octets) and not pairs and max(octets) >= 32 and octets[2:] != [0, 0] and octets[1:3] != [0, 0]


def version_six(text: str) -> str:
    """The address of a host in its shortest spelling, or nothing."""
    # Groups of at most two digits are hardware addresses and times; letters alone are names in code (Abc::Def).
    if _PAIRS.fullmatch(text) or not any(c.isdigit() for c in text):
        return ""
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        return ""
    return "" if address.is_unspecified or address.is_loopback else address.compressed


def _is_proof(text: str) -> bool:
    return _ROUTED.match(text) is not None or len([group for group in text.split(":") if group]) >= 5


DETECTOR = Detector(
    entity=Entity(
        name="IP_ADDRESS",
        title="IP address",
        role=Role.QUASI,
        level=Level.INTERNAL,
        tags=("GDPR", "HIPAA", "CCPA"),
    ),
    pattern=r"[0-9A-Za-z./]*[0-9]\.[0-9]+\.[0-9]+\.[0-9][0-9A-Za-z.\-]*"
    r"|[0-9A-Za-z:]*(?:::|:[0-9A-Fa-f]+:[0-9A-Fa-f]+:[0-9A-Fa-f]+:[0-9A-Fa-f]+:[0-9A-Fa-f]+:)[0-9A-Za-z:.]*",
    find=addresses,
    sure=rf"^(?:12[89]|1[3-9][0-9]|2[01][0-9]|22[0-3])\.{_OCTET}\.{_OCTET}\.{_OCTET}$",
    not_names=words("""
        version firmware release build oid user_agent useragent browser agent ver software section clause chapter
        protocol country city geo phone fax tel telephone mobile date
    """),
)

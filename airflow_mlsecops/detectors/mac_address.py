"""Hardware addresses of network cards (EUI-48): ``00:1A:2B:3C:4D:5E``, ``00-1A-…``, ``001a.2b3c.4d5e``.

They name a device, hence its owner (recital 30 GDPR).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._runs import holds

_ADDRESS = re.compile(
    r"(?<![0-9A-Fa-f])(?<![0-9A-Fa-f][:.\-])(?:"
    r"[0-9A-Fa-f]{2}([:\-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}"
    r"|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})"
    r"(?![0-9A-Fa-f]|[:.\-][0-9A-Fa-f])"
)


def _addresses(run: str) -> Iterator[str]:
    for match in _ADDRESS.finditer(run):
        digits = re.sub("[^0-9a-f]", "", match[0].lower())
        # Six decimal pairs with hyphens, and three groups of four decimals, are dates, draws and serial numbers.
        decimal = digits.isdigit() and match[1] != ":"
        if len(set(digits)) > 2 and not decimal:
            yield digits


DETECTOR = Detector(
    entity=Entity(
        name="MAC_ADDRESS",
        title="hardware address",
        role=Role.QUASI,
        level=Level.INTERNAL,
        tags=("GDPR", "HIPAA"),
    ),
    pattern=r"[0-9A-Fa-f:.\-]*(?:[0-9A-Fa-f]{2}[:\-]){5}[0-9A-Fa-f]{2}[0-9A-Fa-f:.\-]*"
    r"|[0-9A-Fa-f:.\-]*[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}[0-9A-Fa-f:.\-]*",
    validate=holds(_addresses),
    values=_addresses,
)

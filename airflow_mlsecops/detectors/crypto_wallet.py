"""Bitcoin addresses: base58 with a checksum (P2PKH, P2SH) or Bech32 (BIP 173, BIP 350)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._runs import holds

_ADDRESS = re.compile(
    r"(?<![0-9A-Za-z])(?:[13][1-9A-HJ-NP-Za-km-z]{25,34}|(?:bc1|BC1)[0-9A-Za-z]{11,71})(?![0-9A-Za-z])"
)


def _addresses(run: str) -> Iterator[str]:
    from stdnum import bitcoin

    return (match[0] for match in _ADDRESS.finditer(run) if bitcoin.is_valid(match[0]))


DETECTOR = Detector(
    entity=Entity(
        name="CRYPTO",
        title="bitcoin address",
        role=Role.FINANCIAL,
        level=Level.CONFIDENTIAL,
        tags=("GDPR",),
    ),
    # The character before is taken along, the one after is not: it may be the one before the next address.
    pattern=r"(?:^|[^0-9A-Za-z])(?:[13][1-9A-HJ-NP-Za-km-z]{25}|bc1[0-9a-z]{11}|BC1[0-9A-Z]{11})[0-9A-Za-z]*",
    validate=holds(_addresses),
    values=_addresses,
    checked=True,
)

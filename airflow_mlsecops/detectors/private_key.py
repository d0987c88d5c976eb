"""Private keys as PEM (RFC 7468), OpenSSH or PGP blocks: their first line is proof enough."""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level

DETECTOR = Detector(
    entity=Entity(name="PRIVATE_KEY", title="private key", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----[0-9A-Za-z+/=\s]{0,200}",
)

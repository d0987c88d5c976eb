"""Private keys as PEM (RFC 7468), OpenSSH, PGP, PuTTY or age files: their first line is proof enough.

https://age-encryption.org/v1; https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html
"""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

DETECTOR = Detector(
    entity=Entity(name="PRIVATE_KEY", title="private key", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----[0-9A-Za-z+/=\s]*"
    r"|PuTTY-User-Key-File-[23]: [0-9a-z\-]{3}[0-9a-z\-]*"
    r"|AGE-SECRET-KEY-(?:PQ-)?1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{8}[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]*",
    # Keys without their armour, in columns named so: base 64 or hexadecimal digits, and many.
    cell_pattern=r"^(?:[0-9A-Za-z+/=_\s]{43}[0-9A-Za-z+/=_\s]*"
    r"|-----BEGIN [^-]{3,60}-----[^-]*(?:-----END [^-]*-----)?)$",
    names=words(
        "private_key privatekey priv_key ssh_key ssh_private_key pgp_private_key rsa_private_key host_key key_pem"
    ),
    not_names=FLAGS + words("public pub id fingerprint path file name"),
)

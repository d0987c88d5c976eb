"""Street addresses: a number with a street in columns named so, or with a word for street in any text."""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level

_ELSEWHERE = re.compile(r"@|://|(?:[0-9]{1,3}\.){3}[0-9]|^0x|^[0-9a-fA-F:.\-]+$")
_WORD = re.compile(r"[^\W\d_]{3,}")


def _is_address(cell: str) -> bool:
    """A number, a word, and neither a network address nor an e-mail nor a wallet."""
    return len(cell) <= 400 and _WORD.search(cell) is not None and _ELSEWHERE.search(cell) is None


DETECTOR = Detector(
    entity=Entity(
        name="STREET_ADDRESS",
        title="street address",
        role=Role.DIRECT,
        level=Level.CONFIDENTIAL,
        tags=("GDPR", "HIPAA", "CCPA"),
    ),
    # Not Drive, Court, Place, Way or Square: those are disks, sports and figures of speech as often as streets.
    pattern=r"\b[0-9]{1,6}[A-Za-z]? (?:[NSEW]\.? )?(?:[A-Z][a-z'.\-]{1,20} ){1,4}"
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Parkway|Pkwy|Highway|Hwy)\b",
    named_pattern=r"^.*[0-9].*[ ,\n].*$|^.*[ ,\n].*[0-9].*$",
    validate=_is_address,
    sure=r"^[0-9]{1,6} (?:[A-Z][a-z]{2,20}[, ]{1,2}){1,8}(?:[A-Z]{2}[ ,]{0,2})?(?:[0-9]{5}(?:-[0-9]{4})?)?$",
    names=(
        *(
            "address",
            "addresses",
            "street",
            "street_address",
            "streetaddress",
            "address1",
            "address2",
            "addr",
            "address_line",
        ),
        *("home_address", "homeaddress", "mailing_address", "billing_address", "shipping_address", "postal_address"),
        *("residence", "adresse", "anschrift", "strasse", "direccion", "domicilio", "indirizzo", "endereco", "adres"),
    ),
    not_names=(
        *(
            "email",
            "e_mail",
            "mail",
            "ip",
            "mac",
            "web",
            "url",
            "memory",
            "wallet",
            "bitcoin",
            "contract",
            "token",
            "id",
        ),
        *(
            "type",
            "verified",
            "count",
            "hash",
            "status",
            "flag",
            "hardware",
            "network",
            "host",
            "server",
            "code",
            "number",
        ),
    ),
)

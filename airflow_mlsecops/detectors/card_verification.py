"""Card verification codes: the three or four digits beside a card number (CVV2, CVC2, CID), in columns named so.

PCI DSS 3.3.1 forbids to keep them after authorisation, even encrypted. Three digits alone say nothing, so the words
have to stand by; numbers lose leading zeros.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words

_WORDED = re.compile(r"[:=#] ?([0-9]{3,4})(?![0-9])")


def _codes(run: str) -> Iterator[Span]:
    for match in _WORDED.finditer(run):
        yield *match.span(1), match[1]


def _code(cell: str) -> str:
    return cell.removesuffix(".0").zfill(3)


DETECTOR = Detector(
    entity=Entity(
        name="CARD_VERIFICATION",
        title="card verification code",
        role=Role.FINANCIAL,
        level=Level.RESTRICTED,
        tags=("PCI-DSS", "GDPR"),
    ),
    pattern=r"\b(?i:cvv2?|cvc2?|card verification (?:code|value)|card security code) ?[:=#] ?[0-9]{3,}",
    find=_codes,
    cell_pattern=r"^[0-9]{1,4}(?:\.0)?$",
    cell=_code,
    names=words("""
        cvv cvc cvn cvv_code cvc_code cvvc cc_cvv cc_cvc cc_csc card_csc card_cvv card_cvc cvv_number cvvnumber
        card_verification card_verification_code card_verification_value card_verification_number card_security_code
        verification_value pruefziffer_karte kartenpruefnummer cryptogramme_visuel codigo_seguridad_tarjeta
        codigo_seguranca_cartao
    """),
    not_names=words("result check match verified response present status hash flag valid required"),
    near=("CREDIT_CARD", "CARD_EXPIRY"),
)

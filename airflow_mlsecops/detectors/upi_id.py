"""Payment addresses of India's Unified Payments Interface: a name or number at the handle of a bank (NPCI).

They look like e-mail addresses whose domain has no dot, as mentions in chats do: only handles that were issued prove
one, and what goes on with a dot is an e-mail address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

# NPCI's list of live members, third-party apps; those that are also common words are left out.
_HANDLES = (
    "upi|ybl|ibl|axl|ok(?:axis|hdfcbank|icici|sbi)|paytm|pt(?:axis|hdfc|sbi|yes)|apl|rapl|yapl|waaxis|wahdfcbank"
    "|waicici|wasbi|icici|hdfcbank|sbi|axisbank|axisb|kotak|yesbank|yesbankltd|idfcbank|idfcfirst|fbl"
    "|barodampay|pnb|cnrb|unionbank|uboi|mahb|indianbank|rbl|jupiteraxis|freecharge|postbank"
    "|naviaxis|superyes|tapicici|timecosmos|goaxb|shriramhdfcbank|kbl|kvb|sib|tjsb|dlb|equitas|aubank|bandhan"
)
_LOCAL = r"[0-9A-Za-z][0-9A-Za-z.\-]{1,63}"
_ADDRESS = re.compile(rf"(?<![0-9A-Za-z.\-@])({_LOCAL}@(?:{_HANDLES}))(?![0-9A-Za-z@\-]|\.[0-9A-Za-z])", re.IGNORECASE)
_ANY = re.compile(rf"{_LOCAL}@[A-Za-z]{{2,20}}")


def _addresses(run: str) -> Iterator[Span]:
    for match in _ADDRESS.finditer(run):
        yield *match.span(1), match[1].casefold()


DETECTOR = Detector(
    entity=Entity(
        name="UPI_ID", title="payment address (UPI)", role=Role.FINANCIAL, level=Level.CONFIDENTIAL, tags=("DPDP",)
    ),
    pattern=rf"[0-9A-Za-z.\-@]*@(?i:{_HANDLES})(?:$|[^0-9A-Za-z@\-])[0-9A-Za-z]?",
    find=_addresses,
    cell_pattern=r"^[^@\s]{2,64}@[A-Za-z]{2,20}$",
    cell=lambda cell: cell.casefold() if _ANY.fullmatch(cell) else "",
    known=lambda cell: _ADDRESS.fullmatch(cell) is not None,
    common=0.0005,
    names=words("""
        upi upi_id upiid upi_address upi_handle upi_vpa vpa vpa_id payer_vpa payee_vpa payer_upi payee_upi
        virtual_payment_address customer_upi sender_upi receiver_upi
    """),
    not_names=FLAGS + words("pin txn transaction ref reference app mode limit amount"),
    near=("BANK_ACCOUNT", "PHONE_NUMBER", "PERSON", "TRANSACTION_AMOUNT"),
)

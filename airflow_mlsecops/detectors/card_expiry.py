"""Expiry dates of payment cards, ``MM/YY``, in columns named so.

Other things expire too (offers, food, tokens): ``expiry`` alone is a hint that needs months and a card near by.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words

_MONTH_YEAR = re.compile(r"(?:0?[1-9]|1[0-2]) ?[/\-] ?(?:20)?[0-9]{2}")

DETECTOR = Detector(
    entity=Entity(
        name="CARD_EXPIRY",
        title="expiry date of a payment card",
        role=Role.FINANCIAL,
        level=Level.INTERNAL,
        tags=("PCI-DSS",),
    ),
    cell_pattern=r"^[0-9]{1,4}(?:[ /.\-][0-9]{1,4}){0,2}(?:[ T][0-9:.]{5,15})?$|^[A-Z][a-z]{2}[ \-/'][0-9]{2,4}$",
    known=lambda cell: _MONTH_YEAR.fullmatch(cell) is not None,
    common=0.05,
    names=words("""
        cc_exp cc_expire cc_expires cc_expiry cc_expiration cc_expiredate cc_expirydate cc_exp_date ccexp card_exp
        card_expire card_expires card_expiry card_expiration card_expiredate card_expirydate card_exp_date
        card_exp_month card_exp_year card_valid_thru card_valid_until credit_card_exp credit_card_expiry
        credit_card_expiration credit_card_expire creditcard_expiry valid_thru gueltig_bis_karte kartenablauf
        ablaufdatum_karte vencimiento_tarjeta caducidad_tarjeta validade_cartao date_expiration_carte scadenza_carta
    """),
    hints=words(
        "exp expire expires expiry expiration exp_date expiry_date expiration_date exp_month exp_year valid_to"
    ),
    not_names=words("token session product offer coupon licence license passport password certificate visa contract"),
    near=("CREDIT_CARD", "CARD_VERIFICATION"),
)

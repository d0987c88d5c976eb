"""Personal identification numbers (ISO 9564-1): four to six digits, usually four.

India's ``pincode`` is a postcode of six digits, electronics have pins 0 to 40, and years have four digits too.
"""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

DETECTOR = Detector(
    entity=Entity(
        name="PIN", title="personal identification number", role=Role.SECRET, level=Level.RESTRICTED, tags=("PCI-DSS",)
    ),
    # Three digits: a number that lost its leading zero.
    cell_pattern=r"^[0-9]{3,4}$",
    names=words("""
        pin pin_number atm_pin card_pin user_pin debit_pin account_pin login_pin pin_no pin_code pincode mpin tpin
        upi_pin geheimzahl codigo_pin code_pin security_pin
    """),
    not_names=FLAGS + words("city state district region postal area india gpio bowling led board color map zip year"),
)

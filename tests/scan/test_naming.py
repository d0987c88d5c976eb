"""Which column names fit which hints."""

from __future__ import annotations

import pytest

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.scan.naming import denies, fits, words_of

ENTITY = Entity(name="FAKE", title="fake", role=Role.DIRECT, level=Level.INTERNAL)
HINTED = Detector(
    entity=ENTITY, named_pattern="x", names=("phone", "e_mail", "birth_date"), not_names=("verified", "sign_up")
)
UNHINTED = Detector(entity=ENTITY, pattern="x", not_names=("version",))

NAMES = [
    ("phone", True),
    ("Phone", True),
    ("PHONE", True),
    ("customerPhone", True),
    ("customer_phone_2", True),
    ("phone2", True),
    ("home-phone", True),
    ("Phone Number (home)", True),
    ("phoné", True),
    ("pho\u200bne", True),
    ("contactEMail", True),
    ("E-Mail", True),
    ("e.mail", True),
    ("birthDate", True),
    ("BIRTH_DATE", True),
    ("ｐｈｏｎｅ", True),
    ("microphone", False),
    ("phones", False),
    ("mailbox", False),
    ("email", False),
    ("date_birth", False),
    ("birth", False),
    ("phone_verified", False),
    ("signUpPhone", False),
    ("", False),
    ("___", False),
    ("电话", False),
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_hints_fit_whole_consecutive_words(name: str, expected: bool) -> None:
    assert fits(HINTED, name) is expected


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("IBANCode", "_iban_code_"),
        ("customerID2", "_customer_id_2_"),
        ("ssn4Last", "_ssn_4_last_"),
        ("Straße", "_straße_"),
        ("", "_"),
    ],
)
def test_names_are_parted_into_words(name: str, words: str) -> None:
    assert words_of(name) == words


def test_only_a_detector_without_hints_is_kept_from_a_column_altogether() -> None:
    assert denies(UNHINTED, "appVersion")
    assert not denies(UNHINTED, "conversion")
    # Were it otherwise, a column could be hidden by calling it phone_verified.
    assert not denies(HINTED, "phone_verified")

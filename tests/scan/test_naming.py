"""What column names tell."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_mlsecops import detectors
from airflow_mlsecops.core.clue import Fit
from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.scan.naming import Names, names_of

ENTITY = Entity(name="FAKE", title="fake", role=Role.DIRECT, level=Level.INTERNAL)
FAKE = Detector(
    entity=ENTITY,
    name="fake",
    cell_pattern="x",
    names=("phone", "e_mail", "birth_date", "电话", "last_name", "naissance"),
    hints=("number", "contact"),
    not_names=("verified", "sign_up"),
)
NAMES = Names((FAKE,))

FITS = [
    ("phone", Fit.SAYS),
    ("Phone", Fit.SAYS),
    ("PHONE", Fit.SAYS),
    ("phones", Fit.SAYS),
    ("customerPhone", Fit.SAYS),
    ("customer_phone_2", Fit.SAYS),
    ("phone2", Fit.SAYS),
    ("home-phone", Fit.SAYS),
    ("Phone Number (home)", Fit.SAYS),
    ("phoné", Fit.SAYS),
    ("łaśt_nąmę", Fit.SAYS),
    ("nøissance", Fit.OTHER),
    ("bırth_đate", Fit.SAYS),
    ("pho\u200bne", Fit.SAYS),
    ("contactEMail", Fit.SAYS),
    ("E-Mail", Fit.SAYS),
    ("e.mail", Fit.SAYS),
    ("birthDate", Fit.SAYS),
    ("BIRTH_DATE", Fit.SAYS),
    ("birthdate", Fit.SAYS),
    ("custlastname", Fit.SAYS),
    ("homephone", Fit.SAYS),
    ("date_naiss", Fit.SAYS),
    ("ｐｈｏｎｅ", Fit.SAYS),
    ("电话", Fit.SAYS),
    ("客户电话号码", Fit.SAYS),
    ("contact.phone", Fit.SAYS),
    ("tags[].phone", Fit.SAYS),
    ("number", Fit.HINTS),
    ("contact_id", Fit.HINTS),
    ("microphone", Fit.OTHER),
    ("mailbox", Fit.OTHER),
    ("date_birth", Fit.OTHER),
    ("birth", Fit.OTHER),
    ("name_last", Fit.OTHER),
    ("phone_verified", Fit.DENIES),
    ("verified_phone_number", Fit.DENIES),
    ("signUpPhone", Fit.DENIES),
    ("", Fit.MUTE),
    ("___", Fit.MUTE),
    ("column_3", Fit.MUTE),
    ("c17", Fit.MUTE),
    ("Unnamed: 0", Fit.MUTE),
    ("q", Fit.MUTE),
    ("价格", Fit.OTHER),
]


@pytest.mark.parametrize(("name", "expected"), FITS)
def test_what_a_name_tells(name: str, expected: Fit) -> None:
    assert NAMES.fit(FAKE, name) is expected


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("IBANCode", "_iban_code_"),
        ("customerID2", "_customer_id_2_"),
        ("ssn4Last", "_ssn_4_last_"),
        ("Straße", "_straße_"),
        ("दूरभाष", "_दूरभाष_"),
        ("Name of the Student", "_name_of_the_student_student_name_student_"),
        ("Nom de l'élève", "_nom_de_l_eleve_eleve_nom_eleve_"),
        ("Number of names", "_number_of_name_"),
        ("", "_"),
    ],
)
def test_names_are_parted_into_words(name: str, words: str) -> None:
    assert NAMES.words(name) == words


# A file without header: its first row was taken for one.
@pytest.mark.parametrize(
    ("detector", "name", "expected"),
    [
        ("person", "Fatima", Fit.MUTE),
        ("full_name", "Kovács Zoltán", Fit.MUTE),
        ("city", "Lublin", Fit.MUTE),
        ("phone_digits", "13500135000", Fit.MUTE),
        ("person", "Remarks", Fit.OTHER),
        ("person", "Last name", Fit.SAYS),
        ("person", "Paris_id", Fit.DENIES),
        ("age", "42", Fit.MUTE),
    ],
)
def test_a_name_that_is_a_value_itself_says_nothing(detector: str, name: str, expected: Fit) -> None:
    every = detectors.all_detectors()
    assert names_of(every).fit(next(one for one in every if one.name == detector), name) is expected


def test_a_country_is_not_parted_into_shorter_words() -> None:
    assert names_of(detectors.all_detectors()).words("Bolivia") == "_bolivia_"


# Each holds, or begins, a word by which some detector knows its columns.
_ORDINARY = "export trivia north behind clear depot phoneme philips london alternative reckon payload trait suits latin"


@pytest.mark.parametrize("word", _ORDINARY.split())
def test_a_word_of_a_dictionary_is_made_of_no_others(word: str) -> None:
    every = detectors.all_detectors()
    told = {one.name: names_of(every).fit(one, f"our_{word}") for one in every}
    assert {name: fit for name, fit in told.items() if fit in (Fit.SAYS, Fit.HINTS)} == {}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("schuldenstand", "_schulden_stand_"),
        ("Alters", "_alter_"),
        ("triglyceride", "_triglycerides_"),
        ("telef", "_telef_"),
    ],
)
def test_a_word_of_a_dictionary_may_be_made_of_long_ones_or_be_a_form_of_one(name: str, words: str) -> None:
    assert names_of(detectors.all_detectors()).words(name) == words


def test_detectors_without_a_name_are_told_apart() -> None:
    """A detector of one's own may have no name: what another was told is not for it."""
    one = Detector(entity=ENTITY, cell_pattern="x", names=("alpha",))
    two = Detector(entity=ENTITY, cell_pattern="x", names=("beta",))
    names = Names((one, two))
    assert [names.fit(one, "alpha"), names.fit(two, "alpha")] == [Fit.SAYS, Fit.OTHER]


def test_names_are_made_once_for_the_same_detectors() -> None:
    assert names_of((FAKE,)) is names_of((FAKE,))


@given(name=st.text(max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_name_is_answered_and_answered_again(name: str) -> None:
    every = detectors.all_detectors()
    names = names_of(every)
    assert [names.fit(detector, name) for detector in every] == [names.fit(detector, name) for detector in every]
    assert names.words(name).startswith("_")
    assert names.words(name) == names.words(name).lower() or not name.isascii()


@pytest.mark.parametrize("detector", detectors.all_detectors(), ids=lambda detector: detector.name)
def test_every_name_that_a_detector_lists_says_so(detector: Detector) -> None:
    """In each usual way of writing it; of a name with a word that denies it, nobody would hear."""
    names = names_of(detectors.all_detectors())
    ways = (str, str.upper, lambda name: name.replace("_", "-"), lambda name: f"q_{name}_q")
    unheard = {name for name in detector.names for way in ways if names.fit(detector, way(name)) is not Fit.SAYS}
    assert unheard == set()

"""Promises that every detector keeps, whatever it recognises."""

from __future__ import annotations

import re

import phonenumbers
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_mlsecops import detectors, scan
from airflow_mlsecops.core.detector import Detector, anything
from airflow_mlsecops.detectors import credit_card, iban, phone_number
from airflow_mlsecops.scan.pattern import ascii_pattern
from airflow_mlsecops.scan.sieve import sieve_of
from tests.detectors.tables import examples
from tests.detectors.test_tables import BY_MODULE, MODULES

JUNK = [
    "",
    " ",
    "😴",
    "3²",
    "\0",
    "١٢٣",
    "שלום עולם",
    "\u202e4111",
    "\ud800",
    "a\nb",
    "-" * 50,
    "1" * 10_000,
    "1 " * 5_000,
    "a1" * 5_000,
    "eyJ" * 3_333,
    "e[" * 5_000,
    "@" * 10_000,
    ":" * 10_000,
    "://a:b@" * 1_000,
    "DE89" * 2_500,
    "+1" * 5_000,
    "1-" * 5_000,
    "born 1" * 1_600,
]
SETTINGS = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
BARE = {
    "credit_card": ("4111111111111111", "5555 5555 5555 4444", "3782-822463-10005"),
    "us_ssn": ("123-45-6789",),
    "iban": ("DE89370400440532013000", "GB29 NWBK 6016 1331 9268 19"),
    "jwt": ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJmYWtlIn0.ZmFrZQ",),
}
# Any text without digits, and without what could join the value to a longer one of its own kind.
SURROUNDING = st.text(st.characters(exclude_categories=["Nd", "Nl", "No", "Cs"], max_codepoint=0x2FF), max_size=30)


def patterns(detector: Detector) -> list[str]:
    return [pattern for pattern in (detector.pattern, detector.named_pattern) if pattern is not None]


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("index", range(len(JUNK)))
@pytest.mark.timeout(10)
def test_junk_never_raises(module: str, index: int) -> None:
    detector = BY_MODULE[module]
    assert isinstance(detector.validate(JUNK[index]), bool)
    assert all(isinstance(value, str) for value in detector.values(JUNK[index]))


@pytest.mark.parametrize("module", MODULES)
@given(text=st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_text_is_answered(module: str, text: str) -> None:
    assert isinstance(BY_MODULE[module].validate(text), bool)


@pytest.mark.parametrize("module", [module for module in MODULES if BY_MODULE[module].pattern is not None])
@given(data=st.data())
@SETTINGS
def test_nothing_that_matches_escapes_the_sieve(module: str, data: st.DataObject) -> None:
    detector = BY_MODULE[module]
    assert detector.pattern is not None
    text = data.draw(st.from_regex(re.compile(detector.pattern, re.ASCII), alphabet=st.characters(max_codepoint=0x2FF)))
    cells = pl.DataFrame({"row": [0], "text": [text]}, schema={"row": pl.UInt32, "text": pl.String})
    if not cells["text"].str.contains(ascii_pattern(detector.pattern)).item():
        return
    sieve = sieve_of(detectors.all_detectors())
    assert sieve is not None
    assert cells["text"].str.contains(sieve.pattern).item()
    assert detector in [passed for passed, _ in sieve.sift(cells)]


@pytest.mark.parametrize("module", [module for module in MODULES if BY_MODULE[module].sure is not None])
@given(data=st.data())
@SETTINGS
def test_what_is_sure_is_never_refused(module: str, data: st.DataObject) -> None:
    detector = BY_MODULE[module]
    assert detector.sure is not None
    text = data.draw(st.from_regex(re.compile(detector.sure, re.ASCII)))
    cell = pl.Series([text])
    if not cell.str.contains(ascii_pattern(detector.sure)).item():
        return
    for pattern in patterns(detector):
        candidates = cell.str.extract_all(ascii_pattern(pattern)).explode().drop_nulls().to_list()
        assert not candidates or any(map(detector.validate, candidates))


@pytest.mark.parametrize("module", BARE)
@given(before=SURROUNDING, after=SURROUNDING, data=st.data())
@SETTINGS
def test_a_value_is_found_in_any_text_without_digits(module: str, before: str, after: str, data: st.DataObject) -> None:
    value = data.draw(st.sampled_from(BARE[module]))
    if module == "jwt":
        after = f" {after}"
    frame = pl.DataFrame({"text": [f"{before}{value}{after}"]})
    assert scan.classify([frame], [BY_MODULE[module]]).sightings


@pytest.mark.parametrize("module", MODULES)
def test_every_hit_has_a_value_to_compare(module: str) -> None:
    detector = BY_MODULE[module]
    hits = scan.Hits()
    for example in examples(module):
        if example.expected:
            before = repr(hits)
            scan.classify([pl.DataFrame({example.column + str(example.line): [example.cell]})], [detector], hits=hits)
            if detector.pattern is not None and detector.named_pattern is None:
                assert repr(hits) != before


@given(number=st.integers(10**8, 10**12), code=st.sampled_from(["1", "44", "49", "33", "39", "61", "81", "91", "55"]))
@settings(max_examples=400, deadline=None)
def test_telephone_plans_agree_with_the_library(number: int, code: str) -> None:
    parsed = phonenumbers.parse(f"+{code}{number}")
    text = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if text[len(code) + 1 :].startswith("0") and code != "39":
        return  # a written trunk zero: accepted here, and no number to the library
    assert phone_number.DETECTOR.validate(text) == phonenumbers.is_valid_number(parsed)


def test_every_country_of_the_registry_may_begin_an_iban() -> None:
    import stdnum

    registry = __import__("pathlib").Path(stdnum.__file__).with_name("iban.dat").read_text()
    countries = re.findall(r"(?m)^([A-Z]{2}) .*bban=", registry)
    assert len(countries) > 70
    assert [country for country in countries if not re.fullmatch(iban._COUNTRIES, country)] == []


@given(digits=st.text("0123456789", min_size=14, max_size=19))
@settings(max_examples=300, deadline=None)
def test_the_check_digit_is_luhns(digits: str) -> None:
    from stdnum import luhn

    assert credit_card._luhn(digits) == (luhn.is_valid(digits) and len(set(digits)) > 1)


@pytest.mark.parametrize("module", MODULES)
def test_the_ruleset_digests_the_module_that_validates(module: str) -> None:
    validate = BY_MODULE[module].validate
    assert validate is anything or validate.__module__ == f"airflow_mlsecops.detectors.{module}"


def test_the_ruleset_names_everything_that_decides() -> None:
    every = detectors.all_detectors()
    whole = detectors.ruleset(every)
    assert whole == detectors.ruleset(reversed(every))
    assert whole != detectors.ruleset(every[1:])
    from dataclasses import replace

    for change in ({"pattern": "x"}, {"sure": "x"}, {"not_names": ("x",)}, {"checked": not every[0].checked}):
        assert detectors.ruleset([replace(every[0], **change)]) != detectors.ruleset([every[0]])

"""Promises that every detector keeps, whatever it recognises."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import phonenumbers
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_mlsecops import detectors, scan
from airflow_mlsecops.core.detector import Detector, spelling, whole
from airflow_mlsecops.detectors import credit_card, iban, phone_number
from airflow_mlsecops.scan.pattern import ascii_pattern, linear, quick
from tests.detectors.tables import examples
from tests.detectors.test_tables import MODULES, detector_of
from tests.many import many

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
SETTINGS = settings(max_examples=many(15), deadline=None, suppress_health_check=list(HealthCheck))
BARE = {
    "credit_card": ("4111111111111111", "5555 5555 5555 4444", "3782-822463-10005"),
    "us_ssn": ("123-45-6789",),
    "iban": ("DE89370400440532013000", "GB29 NWBK 6016 1331 9268 19"),
    "jwt": ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJmYWtlIn0.ZmFrZQ",),
    "email_address": ("ann.lee@example.com",),
}
# Any text without digits, and without what could join the value to a longer one of its own kind.
SURROUNDING = st.text(st.characters(exclude_categories=["Nd", "Nl", "No", "Cs"], max_codepoint=0x2FF), max_size=30)
# What parts a value from its neighbours, whatever these are.
APART = {"jwt": ("", " "), "email_address": (" ", " ")}


def having(field: str) -> list[str]:
    """The modules whose detector has something."""
    return [module for module in MODULES if getattr(detector_of(module), field) is not None]


def answers(detector: Detector, text: str) -> Iterator[bool]:
    """Whether each answer to a text is one: ``find`` and ``prose`` take any, ``cell`` and ``known`` what looks right."""
    for start, end, value in detector.find(text):
        yield 0 <= start <= end <= len(text) and isinstance(value, str)
    if detector.cell_pattern is not None and quick(detector.cell_pattern).search(text):
        yield isinstance(detector.cell(text), str)
        if detector.cell(text) and detector.known is not None:
            yield isinstance(detector.known(text), bool)
    for start, end, value in detector.prose(text) if detector.prose is not None else ():
        yield 0 <= start < end <= len(text) and isinstance(value, str)


def drawn(pattern: str) -> st.SearchStrategy[str]:
    """Texts in which a pattern matches; a class of a million letters, which takes seconds to draw from, is cut short."""
    return st.from_regex(re.compile(pattern.replace("\U0010ffff", "\xff"), re.ASCII))


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.timeout(60)
def test_junk_never_raises(module: str) -> None:
    texts = [text.encode(errors="replace").decode() for text in JUNK]
    assert all(answer for text in texts for answer in answers(detector_of(module), text))


@pytest.mark.parametrize("module", MODULES)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
@SETTINGS
def test_any_text_is_answered(module: str, text: str) -> None:
    assert all(answers(detector_of(module), text))


@pytest.mark.parametrize("module", MODULES)
@given(data=st.data())
@settings(max_examples=many(8), deadline=None, suppress_health_check=list(HealthCheck))
def test_what_matches_is_answered(module: str, data: st.DataObject) -> None:
    detector = detector_of(module)
    for pattern in (detector.pattern, detector.cell_pattern):
        if pattern is not None:
            text = data.draw(drawn(pattern))
            # No column holds lone surrogates.
            assert all(answers(detector, text.encode(errors="replace").decode()))


@pytest.mark.parametrize("module", having("sure"))
@given(data=st.data())
@settings(SETTINGS, max_examples=many(80))
def test_what_is_sure_is_never_refused(module: str, data: st.DataObject) -> None:
    detector = detector_of(module)
    text = data.draw(drawn(detector.sure or ""))
    if pl.Series([text]).str.contains(ascii_pattern(detector.sure or "")).item():
        candidates = [match[0] for match in linear(detector.pattern or "").finditer(text)]
        assert any(True for run in candidates for _ in detector.find(run))


def vowels(texts: pl.Series) -> pl.Series:
    """What a detector's ``bulk`` may look like: it decides what it can, and leaves the rest open."""
    return pl.select(pl.when(texts.str.len_bytes() > 3).then(texts.str.contains("[aeiou]"))).to_series()


BULKY = Detector(
    entity=detectors.entities()["EMAIL_ADDRESS"],
    pattern="[a-z]+",
    find=lambda run: whole(run) if re.search("[aeiou]", run) else (),
    bulk=vowels,
)


@pytest.mark.parametrize("module", [*having("bulk"), "a fake"])
@given(data=st.data())
@SETTINGS
def test_deciding_many_at_once_agrees_with_asking_each(module: str, data: st.DataObject) -> None:
    """Whole cells, of which some are nothing but a candidate."""
    detector = BULKY if module == "a fake" else detector_of(module)
    tabled = [cell for one in examples(module) for cell in one.cells] if module != "a fake" else []
    search = linear(detector.pattern or "").finditer
    matching = [*data.draw(st.lists(drawn(detector.pattern or ""), max_size=20)), *tabled]
    around = st.sampled_from(["", " ", "1", "x", "+", "-", "\n", "card "])
    mixed = [f"{data.draw(around)}{text}{data.draw(around)}" for text in matching[:30]]
    texts = [*(match[0] for text in matching for match in search(text)), *matching, *mixed]
    assert detector.bulk is not None
    decided = detector.bulk(pl.Series(texts, dtype=pl.String))
    assert decided.dtype == pl.Boolean
    for text, answer in zip(texts, decided.to_list(), strict=True):
        assert answer is None or answer is any(True for match in search(text) for _ in detector.find(match[0]))


@pytest.mark.parametrize("module", BARE)
@given(before=SURROUNDING, after=SURROUNDING, data=st.data())
@settings(SETTINGS, max_examples=many(40))
def test_a_value_is_found_in_any_text_without_digits(module: str, before: str, after: str, data: st.DataObject) -> None:
    value = data.draw(st.sampled_from(BARE[module]))
    left, right = APART.get(module, ("", ""))
    frame = pl.DataFrame({"text": [f"{before}{left}{value}{right}{after}"]})
    assert scan.classify([frame], [detector_of(module)]).sightings


@pytest.mark.parametrize("module", MODULES)
def test_every_hit_has_a_value_to_compare(module: str) -> None:
    detector = detector_of(module)
    for example in examples(module):
        if example.expected:
            hits = scan.Hits()
            frame = pl.DataFrame({example.column: example.cells})
            proof = [one for one in scan.classify([frame], [detector], hits=hits).sightings if one.score >= 0.9]
            # What is merely told in sentences has no value; nor has a column that goes by its name alone.
            assert not proof or hits.known() or not _any_value(detector, example.cells), example.id


def _any_value(detector: Detector, cells: list[str]) -> bool:
    return (
        any(quick(detector.cell_pattern).search(cell) and detector.cell(cell) for cell in cells)
        if (detector.cell_pattern)
        else True
    )


@pytest.mark.parametrize("module", MODULES)
def test_what_is_known_looks_like_it(module: str) -> None:
    """``known`` is asked of cells that look right only: whoever knows more than that would never be heard."""
    detector = detector_of(module)
    if detector.cell_pattern is None or detector.known is None:
        return
    matches = quick(detector.cell_pattern).search
    cells = {cell.strip() for example in examples(module) for cell in example.cells}
    assert any(matches(cell) and detector.cell(cell) and detector.known(cell) for cell in cells)


@given(number=st.integers(10**8, 10**12), code=st.sampled_from(["1", "44", "49", "33", "39", "61", "81", "91", "55"]))
@settings(max_examples=many(150), deadline=None)
def test_telephone_plans_agree_with_the_library(number: int, code: str) -> None:
    parsed = phonenumbers.parse(f"+{code}{number}")
    text = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if text[len(code) + 1 :].startswith("0") and code != "39":
        return  # a written trunk zero: accepted here, and no number to the library
    found = any(True for _ in phone_number.DETECTOR.find(text))
    assert found or not phonenumbers.is_valid_number(parsed)
    assert not found or phonenumbers.is_possible_number(parsed)


def test_every_country_of_the_registry_may_begin_an_iban() -> None:
    import stdnum

    registry = __import__("pathlib").Path(stdnum.__file__).with_name("iban.dat").read_text()
    countries = re.findall(r"(?m)^([A-Z]{2}) .*bban=", registry)
    assert len(countries) > 70
    assert [country for country in countries if not re.fullmatch(iban._COUNTRIES, country)] == []


@given(digits=st.text("0123456789", min_size=14, max_size=19))
@settings(max_examples=many(150), deadline=None)
def test_the_check_digit_is_luhns(digits: str) -> None:
    from stdnum import luhn

    assert credit_card._luhn(digits) == (luhn.is_valid(digits) and len(set(digits)) > 1)


def functions(detector: Detector) -> Iterator[Callable[..., object]]:
    """What a detector's module decides by code."""
    yield from (one for one in (detector.find, detector.cell, detector.known, detector.prose, detector.bulk) if one)


@pytest.mark.parametrize("module", MODULES)
def test_the_ruleset_digests_what_decides(module: str) -> None:
    """By its source, so that what is made elsewhere than in this package would escape the digest."""
    for function in functions(detector_of(module)):
        assert function in (whole, spelling) or function.__module__.startswith("airflow_mlsecops.detectors."), function


def test_the_ruleset_names_everything_that_decides() -> None:
    every = detectors.all_detectors()
    whole_set = detectors.ruleset(every)
    assert whole_set == detectors.ruleset(reversed(every))
    assert whole_set != detectors.ruleset(every[1:])
    first = every[0]
    changes: dict[str, object] = {
        "pattern": "x", "sure": "x", "bulk": vowels, "checked": not first.checked, "cell_pattern": "x", "common": 0.123,
        "names": ("x",), "hints": ("x",), "not_names": ("x",), "near": ("X",), "everything": not first.everything,
        "find": answers, "cell": answers, "known": answers, "prose": answers, "name": "x",
    }  # fmt: skip
    for field, value in changes.items():
        assert detectors.ruleset([replace(first, **{field: value})]) != detectors.ruleset([first]), field

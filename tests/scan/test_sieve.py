"""The sieve gives every detector all cells in which its pattern matches, however many cells there are."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import polars as pl
import pytest
import re2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_mlsecops import detectors, scan
from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.scan.automaton import any_of, which_of
from airflow_mlsecops.scan.clause import digits_in_a_row, token_of
from airflow_mlsecops.scan.need import alternatives, need
from airflow_mlsecops.scan.pattern import linear
from airflow_mlsecops.scan.runs import LONGEST_GAP
from airflow_mlsecops.scan.sieve import FEW, Sieve, containing, sieve_of
from airflow_mlsecops.scan.syntax import OTHER, PLAIN, TOKEN
from tests.detectors.tables import examples, tables
from tests.many import many
from tests.scan.drawing import frame_of, matched, matching

ALL = detectors.all_detectors()
SEARCHING = {detector.name: detector for detector in ALL if detector.pattern is not None}
# Detectors that are drawn for at once: a pass over all of them is what takes the time.
PARTS = 10
SETTINGS = settings(max_examples=many(3), deadline=None, suppress_health_check=list(HealthCheck))


@cache
def sieve() -> Sieve:
    made = sieve_of(ALL)
    assert made is not None
    return made


@cache
def filler() -> tuple[str, ...]:
    """More cells than are asked one by one, with something of everything, so that every gate runs."""
    cells = [cell for table in tables() for one in examples(table)[:2] for cell in one.cells[:1]]
    return (*cells, *(f"row {number} of the filler" for number in range(FEW)))


def given_to(cells: pl.DataFrame, usual: Iterable[str] = ()) -> dict[str, set[int]]:
    """Places of the cells that the sieve leaves each detector."""
    return {detector.name: set(passed["place"].to_list()) for detector, passed in sieve().sift(cells, set(usual))}


@pytest.mark.parametrize("part", range(PARTS))
@given(data=st.data())
@SETTINGS
def test_nothing_that_matches_escapes_the_sieve(part: int, data: st.DataObject) -> None:
    some = list(SEARCHING)[part::PARTS]
    drawn = {name: data.draw(texts_of(name), name) for name in some}
    for name, texts in drawn.items():
        assert_bounds(SEARCHING[name].pattern or "", texts)
    texts = [text for held in drawn.values() for text in held]
    # Few are given as they are; of many each gate is one vectorised pass; of many that match, the pattern itself too.
    few, many = frame_of(texts), frame_of([*filler(), *texts * (2 * FEW)][: 6 * FEW])
    rare = frame_of([*(f"nothing in row {number}" for number in range(3 * FEW)), *texts])
    for cells, usual in ((few, ()), (many, ()), (many, some), (rare, ())):
        passed = given_to(cells, usual)
        for name in some:
            assert matched(cells, SEARCHING[name].pattern or "") <= passed.get(name, set()), name


def texts_of(name: str) -> st.SearchStrategy[list[str]]:
    """Texts in which its pattern matches, or one alternative of it, so that rare ones are drawn too."""
    pattern = SEARCHING[name].pattern or ""
    return st.lists(st.sampled_from([pattern, *alternatives(pattern)]).flatmap(matching), min_size=1, max_size=3)


def assert_bounds(pattern: str, texts: list[str]) -> None:
    """Each alternative's needs are met by each text in which it matches, and one alternative matches if all do."""
    frame = frame_of(texts)
    parts = {part: matched(frame, part) for part in alternatives(pattern)}
    assert set().union(*parts.values()) == matched(frame, pattern)
    for part, places in parts.items():
        wants, some = need(part), frame.filter(pl.col("place").is_in(list(places)))["text"]
        whole, which = any_of((part,)), which_of((part,))
        assert wants.digits == 0 or some.str.contains(digits_in_a_row(wants.digits)).all(), part
        assert wants.token == 0 or some.str.contains(token_of(wants.token)).all(), part
        for text in some.to_list():
            assert whole.search(text.encode()) is not None, part
            assert list(which(text)) == [0], part
            assert not wants.words or any(word in lower(text) for word in wants.words), part
            assert not wants.marked or set(text) - PLAIN, part
            there = {character if character < OTHER else OTHER for character in text}
            assert all(there & wanted for wanted in wants.sets), part


def _contains(text: str, pattern: str) -> bool:
    return bool(pl.Series([text]).str.contains(pattern).item())


def lower(text: str) -> str:
    return str(pl.Series([text]).str.to_lowercase().item())


def test_what_tables_hold_never_escapes_the_sieve() -> None:
    texts = [cell for table in tables() for one in examples(table) for cell in one.cells]
    everything = frame_of(texts)
    passed = given_to(everything)
    for name, detector in SEARCHING.items():
        assert matched(everything, detector.pattern or "") <= passed.get(name, set()), name
        assert_bounds(detector.pattern or "", [cell for one in examples(name) for cell in one.cells])
    for start in range(0, len(texts), FEW):
        few = frame_of(texts[start : start + FEW])
        passed = given_to(few)
        for name, detector in SEARCHING.items():
            assert matched(few, detector.pattern or "") <= passed.get(name, set()), name


FAKES = (
    "ab|c",
    "(?i:straße)x",
    "(?i:σας) [0-9]",
    "[0-9]{7}",
    "[a-z0-9]{20}",
    "(?i:каша)",
    "é{2}",
    "x",
    "(?i:ab) ?[0-9]{6}",
)


@pytest.mark.parametrize("copies", [1, FEW + 1])
def test_words_are_found_in_any_case_of_any_script(copies: int) -> None:
    texts = [
        "ab",
        "STRASSEx",
        "Straßex",
        "STRAßEx",
        "ΣΑΣ 1",
        "σας 1",
        "КАША",
        "кАша",
        "x" * 20,
        "1" * 20,
        "éé",
        "AB123456",
    ]
    cells = frame_of([text for text in texts for _ in range(copies)])
    fakes = [Detector(entity=ALL[0].entity, pattern=pattern, name=pattern) for pattern in FAKES]
    made = sieve_of(tuple(fakes))
    assert made is not None
    passed = {detector.name: set(frame["place"].to_list()) for detector, frame in made.sift(cells, set())}
    for pattern in FAKES:
        assert matched(cells, pattern) <= passed.get(pattern, set())


def test_of_many_cells_only_those_that_match_are_given() -> None:
    fake = Detector(entity=ALL[0].entity, pattern="(?i:token)[0-9]{3}", name="fake")
    made = sieve_of((fake,))
    assert made is not None
    many = frame_of(["Token12x"] * (FEW + 1) + ["TOKEN123"])
    ((_, passed),) = made.sift(many, set())
    assert passed["text"].to_list() == ["TOKEN123"]


PATTERNS = ("(?i:token)[0-9]{3}", "[a-z]{20}", "x$")


def test_one_look_tells_which_patterns_a_text_may_hold() -> None:
    which = which_of(PATTERNS)
    assert sorted(which("TOKEN123 of X and x")) == [0, 2]
    assert list(which("")) == []


@pytest.mark.parametrize("room", ["none to build it", "none to run it"])
def test_without_room_for_an_automaton_a_text_may_hold_everything(room: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if room == "none to build it":
        monkeypatch.setattr("airflow_mlsecops.scan.automaton._STATES", 1)
    else:
        # What it says then, beside a line in the log of the library.
        monkeypatch.setattr(re2.Set, "Match", lambda _self, _text: None)
    assert list(which_of(PATTERNS)("TOKEN123")) == [0, 1, 2]


def test_no_pattern_needs_no_sieve() -> None:
    assert sieve_of(()) is None
    assert sieve_of((Detector(entity=ALL[0].entity, cell_pattern="^x$", names=("x",)),)) is None


def test_gates_of_runs_mean_what_they_say() -> None:
    assert _contains(f"x1{'-' * LONGEST_GAP}2{' ' * LONGEST_GAP}3", digits_in_a_row(3))
    assert not _contains(f"x1{'-' * (LONGEST_GAP + 1)}23", digits_in_a_row(3))
    assert _contains("…ab_-9…", token_of(5))
    assert not _contains("ab 9", token_of(3))
    assert set("aZ_-09") <= TOKEN


def test_a_pattern_of_nothing_matches_nowhere() -> None:
    assert len(containing(frame_of(["a"]), "")) == 0


HEX = st.sampled_from(["0123456789abcdef", "0123456789ABCDEF", "0123456789", "01"]).flatmap(
    lambda digits: st.text(digits, min_size=32, max_size=32)
)


@given(drawn=st.lists(HEX, min_size=40, max_size=60))
@settings(max_examples=many(10), deadline=None)
def test_nobody_finds_anything_in_a_uuid(drawn: list[str]) -> None:
    """Columns full of them are not searched for what is built in: there must be nothing to find."""
    cells = [f"{one[:8]}-{one[8:12]}-{one[12:16]}-{one[16:20]}-{one[20:]}" for one in drawn]
    for name, detector in SEARCHING.items():
        runs = [match[0] for cell in cells for match in linear(detector.pattern or "").finditer(cell)]
        assert not any(True for run in runs for _ in detector.find(run)), name


HIDDEN = [
    (r"\AKX[0-9]{4}", [f"KX{number:04} and some text" for number in range(30)], 30),
    (r"(?:[0-9]{3} ){3} {0,3}[0-9]{3}", ["123 123 123    123", "lorem"], 1),
    (r"N[{9}]X", ["foo", "N9X"], 1),
    (r"item\[7]*", ["item[7", "x"], 1),
    (r"X(?:[0-9]{5}-----[0-9]{5}|[0-9]{10})", ["X12345-----67890", "y"], 1),
]


@pytest.mark.parametrize(("pattern", "texts", "expected"), HIDDEN)
@pytest.mark.parametrize("others", [0, 600])
def test_no_syntax_hides_a_match(pattern: str, texts: list[str], expected: int, others: int) -> None:
    """Anchors to the whole text, gaps after a repeated group, counts that are characters in brackets."""
    detector = Detector(entity=detectors.entities()["EMAIL_ADDRESS"], pattern=pattern, name="own")
    found = scan.classify([pl.DataFrame({"c": ["other"] * others + texts})], [detector]).sightings
    assert [one.rows for one in found] == [expected]


class Forgetful(dict[object, object]):
    """Empty as soon as it was asked or told anything, as when another thread always comes between."""

    def __contains__(self, key: object) -> bool:
        return bool(self._then_empty(super().__contains__(key)))

    def get(self, key: object, default: object = None) -> object:
        return self._then_empty(super().get(key, default))

    def __setitem__(self, key: object, value: object) -> None:
        super().__setitem__(key, value)
        self.clear()

    def _then_empty(self, answer: Any) -> Any:
        self.clear()
        return answer


def test_what_a_sieve_remembers_may_be_thrown_away_by_another_thread_at_any_time() -> None:
    kept, forgetful = Sieve(sieve().clauses), Sieve(sieve().clauses)
    vars(forgetful)["_known"] = Forgetful()
    for there in map(frozenset, ("1", "a", "1", "@a-1")):
        assert forgetful._written(40, there) == kept._written(40, there)

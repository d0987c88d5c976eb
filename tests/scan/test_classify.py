"""What a scan answers, and that nothing but the data decides it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_mlsecops import detectors, scan
from airflow_mlsecops.core.classification import Classification, How, Sighting
from airflow_mlsecops.core.detector import Detector, whole
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level

ALL = detectors.all_detectors()
CARD = "4111111111111111"


def classify(frame: pl.DataFrame, **options: object) -> Classification:
    return scan.classify([frame], ALL, **options)  # type: ignore[arg-type]


def entities(frame: pl.DataFrame) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for sighting in classify(frame).sightings:
        found.setdefault(sighting.column, []).append(sighting.entity)
    return found


FRAME = pl.DataFrame(
    {
        "email": ["ann@example.com", None, "4111111111111111@x.com", "-", "ann@example.com", "x"],
        "phone": ["2127365000", "(212) 736-5000", None, "unknown", "+1 212 736 5000", "7"],
        "note": ["ssn 123456789", "card 4111 1111 1111 1111", "", "١٢٣-٤٥-٦٧٨٩", None, "10.1.2.3"],
        "raw": [b"ann@example.com", b"\xff", None, b"\xfe", b"", b"123-45-6789"],
        "born": [1980, None, 3, 1990, 0, 1],
        "tags": [["a", "b@c.org"], [], None, [None], ["x"], ["203.0.113.7"]],
        "123-45-6789": ["a", "b", "c", "d", "e", "f"],
        "": ["x", "y", None, "z", "ann@example.com", ""],
    }
)


@given(seed=st.integers(0, 2**32), cuts=st.lists(st.integers(0, 6), max_size=5))
@settings(max_examples=20, deadline=None)
def test_neither_order_nor_split_nor_order_of_detectors_changes_the_answer(seed: int, cuts: list[int]) -> None:
    rows = list(range(FRAME.height))
    random.Random(seed).shuffle(rows)
    shuffled = FRAME[rows]
    bounds = [0, *sorted(cuts), FRAME.height]
    parts = [shuffled[start:end] for start, end in pairwise(bounds)]
    whole = classify(FRAME)
    assert scan.classify(parts, ALL) == whole
    assert scan.classify([shuffled], tuple(reversed(ALL))) == whole


@pytest.mark.parametrize("cuts", [(), (3,), (1, 2, 5)])
def test_what_is_proven_in_parts_is_proven_of_the_whole(cuts: tuple[int, ...]) -> None:
    """Proof needs no column around it: partitions may be scanned apart, and their counts add up."""
    proving = [detector for detector in ALL if detector.cell_pattern is None and detector.prose is None]
    merged = Classification(rows_present=None)
    for start, end in pairwise([0, *cuts, FRAME.height]):
        merged = merged.merge(scan.classify([FRAME[start:end]], proving))
    assert merged.sightings == scan.classify([FRAME], proving).sightings


def test_one_hit_in_many_rows_is_a_sighting() -> None:
    frame = pl.DataFrame({"n": [str(number) for number in range(50_000)]}).vstack(pl.DataFrame({"n": [CARD]}))
    (sighting,) = classify(frame).sightings
    assert sighting == Sighting(
        column="n", entity="CREDIT_CARD", rows=1, how=How.VALIDATED, estimated=False, score=sighting.score
    )
    assert sighting.score >= 0.9


def test_a_row_counts_once_however_many_values_it_holds() -> None:
    frame = pl.DataFrame({"n": [f"{CARD} and {CARD}; 5555555555554444", "-"]})
    assert [sighting.rows for sighting in classify(frame).sightings] == [1]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (f"{CARD}@example.com", ["CREDIT_CARD", "EMAIL_ADDRESS"]),
        (f"https://ann:s3cret@x.example/{CARD}", ["CREDIT_CARD", "URL_CREDENTIALS"]),
        (f"id 12345 {CARD[:4]} 1111 1111 1111", ["CREDIT_CARD"]),
        (f"4111111111111112 {CARD}", ["CREDIT_CARD"]),
        (f"4111-1111-1111-1112-{CARD}", ["CREDIT_CARD"]),
        ("DE88370400440532013000 DE89370400440532013000", ["IBAN_CODE"]),
    ],
)
def test_a_value_inside_another_is_found(cell: str, expected: list[str]) -> None:
    assert entities(pl.DataFrame({"x": [cell]})) == {"x": expected}


@pytest.mark.parametrize("value", [int(CARD), float(CARD)])
def test_numbers_are_read(value: float) -> None:
    assert entities(pl.DataFrame({"x": [value, None]})) == {"x": ["CREDIT_CARD"]}


def test_named_columns_of_any_type_are_read() -> None:
    from datetime import date

    frame = pl.DataFrame({"dob": [date(1980, 3, 12)], "ssn": [457555462], "phone": [2127365000.0]})
    assert entities(frame) == {"dob": ["DATE_OF_BIRTH"], "ssn": ["US_SSN"], "phone": ["PHONE_NUMBER"]}


def test_how_it_is_known() -> None:
    frame = pl.DataFrame({"phone": ["2127365000"], "contact": ["+1 212 736 5000"], "mail": ["ann@example.com"]})
    how = {sighting.column: sighting.how for sighting in classify(frame).sightings}
    assert how == {"phone": How.NAME, "contact": How.VALIDATED, "mail": How.PATTERN}


def test_a_column_rests_on_its_weakest_row_and_a_row_on_its_strongest_proof() -> None:
    strong = pl.DataFrame({"phone": ["(212) 736-5000"]})
    both = strong.vstack(pl.DataFrame({"phone": ["2127365000"]}))
    assert [sighting.how for sighting in classify(strong).sightings] == [How.VALIDATED]
    assert [sighting.how for sighting in classify(both).sightings] == [How.NAME]


def test_what_could_not_be_read_is_said() -> None:
    frame = pl.DataFrame(
        {"raw": [b"\xff", b"ok", None], "thing": pl.Series([object(), None, object()], dtype=pl.Object)}
    )
    classification = classify(frame)
    assert [(one.code, one.column, one.rows) for one in classification.skipped] == [
        ("UNREADABLE_CELLS", "raw", 1),
        ("UNREADABLE_COLUMN", "thing", 2),
    ]
    assert not classification.complete


def test_a_name_that_holds_data_is_never_shown() -> None:
    frame = pl.DataFrame(
        {"Ann": ["1"], "ann@example.com": ["bob@example.com"], "４１１１１１１１１１１１１１１１": ["y"]}
    )
    classification = classify(frame)
    # Neighbours of a value in a header are cells of the same row, whether a detector knows them or not.
    assert [column.name for column in classification.columns] == ["column[1]", "column[2]", "column[3]"]
    assert [one.column for one in classification.skipped] == ["column[2]", "column[3]"]
    assert {one.code for one in classification.skipped} == {"HEADER_HOLDS_DATA"}
    assert [(one.column, one.entity) for one in classification.sightings] == [("column[2]", "EMAIL_ADDRESS")]
    assert "example" not in classification.model_dump_json()
    assert "Ann" not in classification.model_dump_json()
    assert not classification.complete


def test_a_long_number_is_no_header() -> None:
    frame = pl.DataFrame({"Ada Lovelace": ["x"], "123456789": ["y"], "2024": ["z"]})
    classification = scan.classify([frame], detectors.all_detectors())
    assert {one.code for one in classification.skipped} == {"HEADER_HOLDS_DATA"}
    assert not scan.classify([frame.drop("123456789")], detectors.all_detectors()).skipped


def test_ordinary_names_are_shown() -> None:
    names = ["first_name", "phone", "ssn", "password", "address", "dob", "email_1", "2024-01-01", "q3 10.5%", ""]
    classification = classify(pl.DataFrame({name: ["-"] for name in names}))
    assert classification.skipped == ()
    assert [column.name for column in classification.columns] == sorted(names)


def test_types_are_named_without_their_values() -> None:
    frame = pl.DataFrame({"e": pl.Series(["ann"], dtype=pl.Enum(["ann"])), "s": [{"secret": 1}]})
    assert [column.type for column in classify(frame).columns] == ["Enum", "Struct: Int64"]


def test_rows_and_nulls_are_counted() -> None:
    done: list[int] = []
    classification = scan.classify([FRAME, FRAME], ALL, rows_present=13, progress=done.append)
    column = classification.column("column[1]")
    assert column is not None
    assert (column.rows, column.nulls) == (12, 2)
    assert done == [6, 12]
    assert (classification.rows_scanned, classification.rows_present, classification.complete) == (12, 13, False)


@pytest.mark.parametrize("batches", [[], [pl.DataFrame()], [pl.DataFrame({"a": []})]])
def test_nothing_read_is_never_complete(batches: list[pl.DataFrame]) -> None:
    classification = scan.classify(batches, ALL)
    assert classification.sightings == ()
    assert not classification.complete


def test_without_detectors_nothing_is_found() -> None:
    assert scan.classify([FRAME], []).sightings == ()


ENTITY = Entity(name="CUSTOM", title="custom", role=Role.DIRECT, level=Level.INTERNAL)


@pytest.mark.parametrize(
    "detector",
    [
        Detector(entity=ENTITY, pattern=r"\bEMP-\d{4}\b"),
        Detector(entity=ENTITY, pattern=r"EMP-\d+", find=lambda run: whole(run) if len(run) == 8 else ()),
        Detector(entity=ENTITY, pattern=r"(?i)emp-\d{4}|nothing"),
        Detector(entity=ENTITY, pattern=r"nothing|(?i:emp)-\d{4}"),
        Detector(entity=ENTITY, cell_pattern=r"^EMP-\d{4}$", names=("badge",)),
        Detector(entity=ENTITY, cell_pattern=r"^EMP-\d{4}$", common=0.0001),
    ],
)
@pytest.mark.parametrize("others", [(), ALL])
def test_detectors_of_ones_own(detector: Detector, others: tuple[Detector, ...]) -> None:
    numbers = [f"EMP-{number}" for number in range(1_000, 1_020)]
    cells = ["EMP-1234", "EMP-12", None, "EMP-", *(numbers if detector.cell_pattern else ())]
    expected = 1 + (len(numbers) if detector.cell_pattern else 0)
    sightings = scan.classify([pl.DataFrame({"badge": cells})], [detector, *others]).sightings
    assert [(one.entity, one.rows) for one in sightings if one.entity == "CUSTOM"] == [("CUSTOM", expected)]


def test_two_detectors_of_one_entity_count_a_row_once() -> None:
    first = Detector(entity=ENTITY, pattern="ab")
    frame = pl.DataFrame({"x": ["ab", "bc", "abc", "-"]})
    sightings = scan.classify([frame], [first, replace(first, pattern="bc", checked=True)]).sightings
    assert [(one.rows, one.how) for one in sightings] == [(3, How.PATTERN)]


def _luhn(digits: str) -> str:
    doubled = [sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(reversed(digits), start=1)]
    return digits + str(-sum(doubled) % 10)


@pytest.mark.parametrize("gather", [False, True])
def test_of_many_cells_those_that_fail_their_check_are_not_counted(gather: bool) -> None:
    """Whether they are decided at once or one by one."""
    numbers = [_luhn(f"4{number:014}") for number in range(123_456_789, 123_456_789 + 3_000)]
    good, bad = numbers[:1_000], [f"{number[:-1]}{(int(number[-1]) + 1) % 10}" for number in numbers[1_000:]]
    frame = pl.DataFrame({"x": good + bad})
    classification = scan.classify([frame], ALL, hits=scan.Hits() if gather else None)
    assert [one.rows for one in classification.sightings if one.entity == "CREDIT_CARD"] == [1_000]


def test_with_threads_too_progress_tells_of_what_was_looked_at() -> None:
    """While one batch is looked at the next is read: which one is told last says how far a stopped scan came."""
    told: list[int] = []
    read: list[tuple[int, ...]] = []

    def batches() -> Iterator[pl.DataFrame]:
        for _ in range(3):
            read.append(tuple(told))
            yield FRAME.head(6)

    scan.classify(batches(), ALL, progress=told.append, threads=2)
    assert told == [6, 12, 18]
    assert read == [(), (), (6,)]

"""Batches, order of rows, chunks and threads never change an answer."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import date, datetime
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from airflow_mlsecops import detectors, scan
from airflow_mlsecops.core.classification import Classification
from airflow_mlsecops.scan.sample import SIZE
from tests.many import many

ALL = detectors.all_detectors()
SETTINGS = settings(
    max_examples=many(2),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
GIVEN = [
    "Ann",
    "Bob",
    "Carla",
    "Dmitri",
    "Élodie",
    "Fatima",
    "Giorgos",
    "Hana",
    "Ivan",
    "Jürgen",
    "Łukasz",
    "María",
    "Nguyen",
    "Priya",
    "Søren",
    "Wei",
]
FAMILY = [
    "Smith",
    "García",
    "Müller",
    "Nowak",
    "Østergaard",
    "Rossi",
    "Иванов",
    "Patel",
    "Okafor",
    "Yılmaz",
    "Cohen",
    "Tanaka",
]
WORDS = [
    "the",
    "order",
    "was",
    "shipped",
    "late",
    "and",
    "nobody",
    "could",
    "say",
    "why",
    "it",
    "went",
    "to",
    "the",
    "other",
    "warehouse",
    "first",
]

Maker = Callable[[random.Random], object]


def luhn(body: str) -> str:
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(reversed(body), start=1))
    return body + str(-total % 10)


def card(chance: random.Random) -> str:
    return luhn(f"4{chance.randrange(10**14):014}")


def mail(chance: random.Random) -> str:
    return f"{chance.choice(GIVEN).lower()}{chance.randrange(10**6)}@example.org"


def person(chance: random.Random) -> str:
    return f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"


def sentence(chance: random.Random) -> str:
    words = chance.choices(WORDS, k=8)
    extra = chance.choice(["", "", person(chance), card(chance), mail(chance), "call +1 212 736 5000"])
    return " ".join([*words, extra, *chance.choices(WORDS, k=3)])


def opened(chance: random.Random) -> str:
    user = {"name": person(chance), "email": mail(chance)}
    return json.dumps(
        chance.choice([{"user": user}, [user, user], {"id": chance.randrange(99), "tags": [mail(chance)]}])
    )


KINDS: dict[str, tuple[Maker, pl.DataType | None]] = {
    "email": (mail, None),
    "contact": (lambda c: c.choice([mail(c), f"+1 212 736 {c.randrange(10**4):04}", "n/a", ""]), None),
    "full_name": (person, None),
    "c3": (person, None),
    "note": (sentence, None),
    "pan": (lambda c: int(card(c)), pl.Int64()),
    "x7": (card, None),
    "amount": (lambda c: round(c.random() * 10**4, 2), pl.Float64()),
    "phone": (lambda c: float(2_127_000_000 + c.randrange(10**6)), pl.Float64()),
    "ssn": (lambda c: 100_000_000 + c.randrange(10**8), pl.Int64()),
    "dob": (lambda c: date(1940 + c.randrange(60), 1 + c.randrange(12), 1 + c.randrange(28)), pl.Date()),
    "seen": (lambda c: datetime(2020, 1, 1 + c.randrange(28), c.randrange(24)), pl.Datetime("us")),
    "gender": (lambda c: c.choice("MF"), None),
    "raw": (lambda c: c.choice([b"\xff\xfe", mail(c).encode(), b""]), pl.Binary()),
    "flag": (lambda c: c.random() < 0.5, pl.Boolean()),
    "tags": (lambda c: [mail(c) for _ in range(c.randrange(3))], pl.List(pl.String)),
    "person": (lambda c: {"name": person(c), "tel": c.choice([None, "2127365000"])}, None),
    "payload": (lambda c: c.choice([opened(c), mail(c), "{not json", "[]"]), None),
    "ip": (lambda c: f"203.0.{c.randrange(256)}.{c.randrange(256)}", None),
    "plan": (lambda c: c.choice(["free", "pro", mail(c)]), pl.Categorical()),
    "token": (lambda c: f"{c.getrandbits(128):032x}", None),
}


def frame_of(seed: int, rows: int, distinct: int, nulls: float) -> pl.DataFrame:
    """Every kind of column.

    :param distinct: values that a column is drawn from
    """
    columns = {}
    for name, (make, dtype) in KINDS.items():
        chance = random.Random(f"{seed} {name}")
        values = [make(chance) for _ in range(distinct)]
        cells = [None if chance.random() < nulls else chance.choice(values) for _ in range(rows)]
        columns[name] = pl.Series(name, cells, dtype=dtype) if dtype is not None else pl.Series(name, cells)
    return pl.DataFrame(columns)


# Rows and distinct values: few candidates and many, all of the values in the sample or some, cells told one by one or
# value by value.
SHAPES = [(40, 40), (700, 700), (2_600, 2_600), (2_600, 40), (5_000, 1_060)]


@pytest.mark.parametrize(("rows", "distinct"), SHAPES)
@pytest.mark.parametrize("threads", [1, 2])
@given(data=st.data())
@SETTINGS
def test_neither_batches_nor_order_nor_threads_change_the_answer(
    rows: int, distinct: int, threads: int, data: st.DataObject
) -> None:
    seed = data.draw(st.integers(0, 10**6))
    frame = frame_of(seed, rows, distinct, data.draw(st.sampled_from([0.0, 0.1, 0.6])))
    some = data.draw(st.lists(st.sampled_from(frame.columns), min_size=4, max_size=7, unique=True))
    frame = frame.select(some)
    cuts = data.draw(st.lists(st.integers(0, rows), max_size=4))
    shuffled = frame.sample(fraction=1.0, shuffle=True, seed=seed) if data.draw(st.booleans()) else frame
    parts = [shuffled[start:end] for start, end in pairwise([0, *sorted(cuts), rows])]
    whole = scan.classify([frame], ALL)
    assert scan.classify(parts, ALL, threads=threads) == whole
    assert scan.classify([pl.concat(parts, rechunk=False)], ALL, threads=threads) == whole
    # A list's cells stand under a path that begins with its name.
    assert all(any(one.name.startswith(name) for one in whole.columns) for name in some)


def told(classification: Classification) -> list[tuple[object, ...]]:
    return [(one.column, one.entity, one.rows, one.how, one.estimated, one.score) for one in classification.sightings]


@pytest.mark.parametrize("rows", [30, 400, 1_000, 2_500])
@given(seed=st.integers(0, 10**6))
@settings(SETTINGS, max_examples=many(1))
def test_numbers_say_what_their_digits_say(rows: int, seed: int) -> None:
    """Small numbers are not even read as text: nothing may be lost by that."""
    chance = random.Random(seed)
    makers: dict[str, Callable[[], int]] = {
        "pan": lambda: int(card(chance)),
        "c0": lambda: int(card(chance)),
        "mixed": lambda: chance.choice([int(card(chance)), chance.randrange(10**6), chance.randrange(10**12)]),
        "ssn": lambda: 100_000_000 + chance.randrange(10**8),
        "phone": lambda: 2_127_000_000 + chance.randrange(10**6),
        "age": lambda: chance.randrange(100),
        "c5": lambda: chance.randrange(10**9),
        "id": lambda: chance.randrange(10**15),
        "dob": lambda: (
            (1940 + chance.randrange(60)) * 10_000 + (1 + chance.randrange(12)) * 100 + 1 + chance.randrange(28)
        ),
        "zip": lambda: 10_000 + chance.randrange(80_000),
    }
    cells = {name: [make() if chance.random() < 0.9 else None for _ in range(rows)] for name, make in makers.items()}
    integers = pl.DataFrame(cells, schema=dict.fromkeys(makers, pl.Int64))
    texts = integers.select(pl.all().cast(pl.String))
    whole_floats = integers.select(pl.all().cast(pl.Float64))
    expected = scan.classify([texts], ALL)
    # A sample is drawn by the hashes of the cells themselves, so it is another one where it cannot be complete.
    if rows <= SIZE:
        assert told(scan.classify([integers], ALL)) == told(expected)
        assert told(scan.classify([whole_floats], ALL)) == told(expected)
    pairs = {(one.column, one.entity) for one in expected.sightings if one.how in ("validated", "pattern")}
    for frame in (integers, whole_floats):
        assert pairs <= {(one.column, one.entity) for one in scan.classify([frame], ALL).sightings}


@pytest.mark.parametrize("wide", [1, 70])
def test_many_paths_in_json_are_one_whatever_the_order(wide: int) -> None:
    """Keys that are values themselves share a path: from the first batch on or from the last."""
    chance = random.Random(7)
    people = [f"{one} {two}" for one in GIVEN for two in FAMILY]
    one_key = [json.dumps({"name": people[number % len(people)]}) for number in range(3_000)]
    own_keys = [json.dumps({f"k{number}x": mail(chance)}) for number in range(205)]
    others = [f"other_{number}" for number in range(wide - 1)]
    one, two = (
        pl.DataFrame({"payload": cells}).with_columns(pl.lit("x").alias(name) for name in others)
        for cells in (one_key, own_keys)
    )
    mails = [detector for detector in ALL if detector.name in ("email_address", "person")]
    whole = scan.classify([pl.concat([one, two])], mails)
    assert any(column.name == "payload.{}" for column in whole.columns)
    assert scan.classify([one, two], mails) == whole
    assert scan.classify([two, one], mails) == whole


def test_a_key_that_is_data_takes_no_other_path_with_it() -> None:
    """Such keys share a path: those of later batches keep their own all the same."""
    one = pl.DataFrame({"payload": ['{"4111 1111 1111 1111": {"name": "x"}}'] * 3})
    two = pl.DataFrame({"payload": ['{"email": "ann@example.com", "phone": "+1 212 736 5000"}'] * 3})
    whole = scan.classify([pl.concat([one, two])], ALL)
    assert {one.name for one in whole.columns} >= {"payload.{}", "payload.{}.name", "payload.email"}
    assert scan.classify([one, two], ALL) == whole
    assert scan.classify([two, one], ALL) == whole


def test_columns_of_one_path_are_not_mixed_up() -> None:
    """A column may be called as a field of another is: each holds what it holds."""
    people = [f"{one} {two}" for one in GIVEN for two in FAMILY][:60]
    words = [f"thing {number}" for number in range(60)]
    fields = [{"full_name": word} for word in words]
    entities = []
    for columns in ({"a": fields, "a.full_name": people}, {"a.full_name": people, "a": fields}):
        sightings = scan.classify([pl.DataFrame(columns)], ALL).sightings
        entities.append([(one.column, one.entity) for one in sightings])
    assert entities[0] == entities[1]
    assert ("a.full_name", "PERSON") in entities[0]


@pytest.mark.parametrize("number", range(3))
def test_one_unreadable_moment_makes_the_same_of_every_split(number: int) -> None:
    cells = pl.Series([0, 1, 2**62, 3], dtype=pl.Int64).cast(pl.Datetime("ms"))
    frame = pl.DataFrame({"moment": cells})
    whole = scan.classify([frame], ALL)
    parts = scan.classify([frame[: number + 1], frame[number + 1 :]], ALL)
    assert parts == whole
    assert [(one.code, one.rows) for one in whole.skipped] == [("UNREADABLE_CELLS", 1)]


@pytest.mark.parametrize("column", ["phone", "first_name", "payload"])
def test_many_keys_under_a_name_that_tells_are_the_same_in_every_split(column: str) -> None:
    people = [f"{one}" for one in GIVEN]
    keys = [f"k{chr(97 + number % 26)}{chr(97 + number // 26)}" for number in range(400)]
    cells = [
        json.dumps({key: f"0301234{number:03}", "name": people[number % len(people)]})
        for number, key in enumerate(keys)
    ]
    frame = pl.DataFrame({column: cells})
    whole = scan.classify([frame], ALL)
    assert scan.classify([frame[start : start + 50] for start in range(0, 400, 50)], ALL) == whole
    assert scan.classify([frame.reverse()[start : start + 130] for start in range(0, 400, 130)], ALL) == whole
    assert all(one.rows <= 400 for one in whole.sightings)


def test_numbers_of_several_countries_are_told_apart_in_every_split() -> None:
    """Twelve digits after NO are in the length of Belgium, and no account of Norway."""
    right = [f"{country}{98 - int(f'{digits}{code}00') % 97:02}{digits}" for country, code, digits in _accounts(700)]
    frame = pl.DataFrame({"x": right})
    whole = scan.classify([frame], ALL)
    assert [one.rows for one in whole.sightings if one.entity == "IBAN_CODE"] == [700]
    assert scan.classify([frame[:700], frame[700:]], ALL) == whole


def _accounts(many: int) -> list[tuple[str, str, str]]:
    belgian = [("BE", "1114", f"{number:012}") for number in range(310_000_000_000, 310_000_000_000 + many)]
    return belgian + [("NO", "2324", f"{number:012}") for number in range(12_671_819_568, 12_671_819_668)]


def test_american_numbers_without_an_exchange_are_none_in_every_split() -> None:
    frame = pl.DataFrame({"x": [f"(809) 1{number % 100:02}-{number * 7 % 10_000:04}" for number in range(800)]})
    whole = scan.classify([frame], ALL)
    assert not whole.sightings
    assert scan.classify([frame[:100], frame[100:]], ALL) == whole

"""What is inside lists, structs and JSON stands under a path of its own, and nothing of it is lost."""

from __future__ import annotations

import json

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_mlsecops import detectors, scan
from airflow_mlsecops.scan.nested import ANY_KEY, KEYS, leaves

MAIL = "ann@example.com"


def paths(column: pl.Series) -> dict[str, list[object]]:
    """Every leaf but keys, which have a test of their own."""
    return {leaf.path: leaf.cells.to_list() for leaf in leaves(column) if not leaf.path.endswith(KEYS)}


OPENED = [
    ("flat", pl.Series("a", ["x", None]), {"a": ["x", None]}),
    ("number", pl.Series("a", [1]), {"a": [1]}),
    ("list", pl.Series("a", [["x", "y"], None, [], [None]]), {"a[]": ["x", "y"]}),
    ("list of lists", pl.Series("a", [[["x"], ["y"]]]), {"a[][]": ["x", "y"]}),
    ("array", pl.Series("a", [[1, 2]], dtype=pl.Array(pl.Int64, 2)), {"a[]": [1, 2]}),
    ("struct", pl.Series("a", [{"x": "1", "y": 2}]), {"a.x": ["1"], "a.y": [2]}),
    ("struct in list", pl.Series("a", [[{"x": "1"}, {"x": "2"}]]), {"a[].x": ["1", "2"]}),
    ("list in struct", pl.Series("a", [{"x": ["1", "2"]}]), {"a.x[]": ["1", "2"]}),
    ("category", pl.Series("a", ["x"], dtype=pl.Categorical), {"a": ["x"]}),
    ("JSON", pl.Series("a", ['{"x": 1.50, "y": {"z": true}}']), {"a": [None], "a.x": ["1.50"], "a.y.z": ["true"]}),
    ("JSON array", pl.Series("a", ['["x", [null, 12345678901234567890]]']),
     {"a": [None], "a[]": ["x"], "a[][]": [None, "12345678901234567890"]}),
    ("a key given twice", pl.Series("a", ['{"x": "1", "x": "2"}']), {"a": [None], "a.x": ["1", "2"]}),
    ("a key that is data", pl.Series("a", ['{"ann@example.com": "x"}']),
     {"a": [None], f"a.{ANY_KEY}": ["ann@example.com", "x"]}),
    ("a key that is a long number", pl.Series("a", ['{"k12345": 1}']), {"a": [None], f"a.{ANY_KEY}": ["k12345", "1"]}),
    ("no JSON", pl.Series("a", ["{x", "[1", "{}", "x"]), {"a": ["{x", "[1", None, "x"]}),
    ("JSON in struct", pl.Series("a", [{"x": '{"y": "z"}'}]), {"a.x": [None], "a.x.y": ["z"]}),
    ("JSON in list", pl.Series("a", [['{"y": "z"}', "w"]]), {"a[]": [None, "w"], "a[].y": ["z"]}),
    ("a lone surrogate", pl.Series("a", [r'{"x": "\ud800b"}']), {"a": [None], "a.x": ["\ufffdb"]}),
]  # fmt: skip


@pytest.mark.parametrize(("column", "expected"), [row[1:] for row in OPENED], ids=[row[0] for row in OPENED])
def test_every_leaf_has_its_path(column: pl.Series, expected: dict[str, list[object]]) -> None:
    assert paths(column) == expected
    assert all(leaf.cells.is_empty() for leaf in leaves(column.head(0)))


def test_keys_are_looked_at_as_data_too() -> None:
    frame = pl.Series("a", ['{"x": 1, "y": {"z": 2}}', '{"w": 3}'])
    keys = {leaf.path: leaf.cells.to_list() for leaf in leaves(frame) if leaf.path.endswith(KEYS)}
    assert keys == {"a.{key}": ["x", "y", "w"], "a.y.{key}": ["z"]}


PEOPLE = [
    "Ann Lee",
    "Robert Miller",
    "Maria Garcia",
    "David Smith",
    "Laura Jones",
    "Peter Brown",
    "Susan Clark",
    "Thomas Moore",
]


def test_a_key_that_few_objects_have_is_shown_nowhere() -> None:
    """``{"Ann Lee": 3}``: who is counted there is data, and no name of a field."""
    cells = [json.dumps({"rank": place, "by": {person: place}}) for place, person in enumerate(PEOPLE * 3)]
    classification, weighed = scan.examine([pl.DataFrame({"scores": cells})], detectors.all_detectors())
    shown = classification.model_dump_json() + "".join(one.column for one in weighed)
    assert not [person for person in PEOPLE if person in shown]
    assert {one.name for one in classification.columns} >= {"scores", "scores.rank", "scores.by.{}"}
    assert ("scores.by.{key}", "PERSON") in {(one.column, one.entity) for one in classification.sightings}


def test_a_field_that_few_objects_have_is_judged_by_its_name() -> None:
    cells = [json.dumps({"id": place} | ({"ssn": 536_228_145 + place} if place < 3 else {})) for place in range(30)]
    (sighting,) = scan.classify([pl.DataFrame({"p": cells})], detectors.all_detectors()).sightings
    assert (sighting.column, sighting.entity, sighting.rows) == ("p.{}", "US_SSN", 3)


def test_leaves_know_their_rows() -> None:
    (leaf,) = leaves(pl.Series("a", [["x"], None, ["y", "z"]]))
    assert leaf.row is not None
    assert leaf.row.to_list() == [0, 2, 2]
    _, inner, _ = leaves(pl.Series("a", [["x"], ['{"k": "y"}', '{"k": "z"}']]))
    assert inner.row is not None
    assert (inner.path, inner.row.to_list(), inner.loose) == ("a[].k", [1, 1], True)


@pytest.mark.parametrize("depth", [5, 19, 25, 500, 50_000])
def test_however_deep_it_is_found(depth: int) -> None:
    cell = "[" * depth + json.dumps(MAIL) + "]" * depth
    sightings = scan.classify([pl.DataFrame({"a": [cell]})], detectors.all_detectors()).sightings
    assert "EMAIL_ADDRESS" in {one.entity for one in sightings}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(
    value=st.lists(VALUES, max_size=3) | st.dictionaries(st.text(max_size=4), VALUES, max_size=3),
    place=st.integers(0, 9),
)
@settings(max_examples=80, deadline=None)
def test_what_is_planted_anywhere_in_json_is_found(value: object, place: int) -> None:
    planted = _planted(value, place)
    mails = [detector for detector in detectors.all_detectors() if detector.name == "email_address"]
    classification = scan.classify([pl.DataFrame({"a": [json.dumps(planted)]})], mails)
    assert [one.entity for one in classification.sightings] == ["EMAIL_ADDRESS"]
    assert MAIL not in classification.model_dump_json()


def _planted(value: object, place: int) -> object:
    """The value with an address as an item, a value or a key somewhere in it."""
    if isinstance(value, list):
        inner = [one for one in value if isinstance(one, list | dict)]
        return [*value, MAIL if not inner else _planted(inner[0], place)]
    assert isinstance(value, dict)
    return {**value, MAIL: 1} if place % 2 else {**value, "k": MAIL}


def test_no_key_is_shown_that_is_data() -> None:
    frame = pl.DataFrame(
        {"a": ['{"4111 1111 1111 1111": {"b": "ann@example.com"}, "ann at home": "bob@example.com"}'] * 2}
    )
    classification = scan.classify([frame], detectors.all_detectors())
    shown = classification.model_dump_json()
    assert "4111" not in shown
    assert {one.name for one in classification.columns} >= {"a.{}", "a.{}.b"}


def test_a_leaf_shows_nothing_of_what_it_holds() -> None:
    assert MAIL not in "".join(map(repr, leaves(pl.Series("a", [f'{{"x": "{MAIL}"}}']))))


def test_a_key_that_names_somebody_is_shown_nowhere() -> None:
    """Also where so few objects stand there that a third of them have it."""
    cells = [json.dumps({"Ann Lee": {"first name": 1}, "Total Price": 2})] * 3
    names = {column.name for column in scan.classify([pl.DataFrame({"x": cells})], detectors.all_detectors()).columns}
    assert names == {"x", "x.{}.first name", "x.Total Price"}


def test_where_the_keys_together_are_data_each_of_them_is() -> None:
    people = [
        f"{one.lower()}.{two.lower()}" for one in ("Ann", "Robert", "Linda") for two in ("Smith", "Garcia", "Lee")
    ]
    cells = [json.dumps(dict.fromkeys((one.replace(".", " ") for one in people), number)) for number in range(12)]
    classification = scan.classify([pl.DataFrame({"scores": cells})], detectors.all_detectors())
    assert {column.name for column in classification.columns} == {"scores", "scores.{key}", "scores.{}"}
    assert [(one.column, one.entity) for one in classification.sightings] == [("scores.{key}", "PERSON")]


def test_a_row_counts_once_for_all_keys_that_share_a_path() -> None:
    cells = [json.dumps({f"{letter}{number:03}": f"u{number}@x.com" for letter in "abcde"}) for number in range(40)]
    classification = scan.classify([pl.DataFrame({"mail": cells})], detectors.all_detectors())
    assert max(one.rows for one in (*classification.sightings, *classification.columns)) <= 40


ESCAPED = r"ann\u0040example.com"


@pytest.mark.parametrize(
    ("what", "cell"),
    [
        ("JSON", f'{{"to": "{ESCAPED}"}}'),
        ("space before it", f' \n{{"to": "{ESCAPED}"}}'),
        ("a byte order mark before it", f'\ufeff{{"to": "{ESCAPED}"}}'),
        ("JSON in JSON", json.dumps({"payload": f'{{"to": "{ESCAPED}"}}'})),
        ("a JSON string of JSON", json.dumps(f'{{"to": "{ESCAPED}"}}')),
        ("two documents", f'{{"a": 1}}\n{{"to": "{ESCAPED}"}}'),
        ("cut short", f'{{"to": "{ESCAPED}", "mo'),
        ("no JSON at all", f"to: {ESCAPED}"),
    ],
)
def test_escapes_of_json_hide_nothing(what: str, cell: str) -> None:
    for column in (pl.Series("note", [cell]), pl.Series("note", [cell.encode()])):
        found = scan.classify([column.to_frame()], detectors.all_detectors())
        assert [one.entity for one in found.sightings] == ["EMAIL_ADDRESS"], what


@pytest.mark.parametrize("name", [MAIL, "4111111111111111", "+49 170 1234567", "81.2.69.142"])
def test_a_field_whose_name_is_data_is_told_of_and_not_shown(name: str) -> None:
    """A column of dicts that are keyed by person becomes a struct with a field for each of them."""
    for cells in ([{name: 1, "k": 2}], [[{"k": {name: 1}}]], [{"k": '{"x": 1}', name: '{"x": 1}'}]):
        found = scan.classify([pl.DataFrame({"contacts": cells})], detectors.all_detectors())
        assert "HEADER_HOLDS_DATA" in {one.code for one in found.skipped}
        assert name not in found.model_dump_json()
        assert name.partition(".")[0] not in "".join(column.name for column in found.columns)


@pytest.mark.parametrize("name", ["^a$", "^.*$", "*", "^a", "a|b"])
def test_a_name_that_is_a_pattern_of_names_is_read_by_itself(name: str) -> None:
    """polars takes them for patterns, and would read ``a`` in its place."""
    cell = {"a": "x", name: MAIL}
    for frame in (
        pl.DataFrame({"m": [cell] * 3}),
        pl.DataFrame({"m": [[cell]] * 3}),
        pl.DataFrame({"a": ["x"], name: [MAIL]}),
    ):
        found = scan.classify([frame], detectors.all_detectors())
        assert [(one.column.endswith(name), one.entity) for one in found.sightings] == [(True, "EMAIL_ADDRESS")]


def test_keys_and_values_of_maps_are_read() -> None:
    import pyarrow as pa

    column = pa.array([[(MAIL, "x"), ("k", "4111111111111111")], None], pa.map_(pa.string(), pa.string()))
    found = scan.classify([pl.DataFrame({"m": pl.from_arrow(column)})], detectors.all_detectors())
    assert {(one.column, one.entity) for one in found.sightings} == {
        ("m[].key", "EMAIL_ADDRESS"),
        ("m[].value", "CREDIT_CARD"),
    }
    assert not found.skipped


@pytest.mark.parametrize("control", ["\x00", "\x01", "\x08", "\x1f", "\x7f"])
def test_control_characters_part_no_number(control: str) -> None:
    cell = f"4539{control}1488{control}0343{control}6467"
    for cells in ([cell], [cell] * 3_000, [f"{number} {cell}" for number in range(3_000)]):
        found = scan.classify([pl.DataFrame({"x": cells})], detectors.all_detectors())
        assert [one.entity for one in found.sightings] == ["CREDIT_CARD"]


@pytest.mark.parametrize(
    ("line", "entity"),
    [
        ("GET /user?email=ann%40example.com&page=1 HTTP/1.1", "EMAIL_ADDRESS"),
        ("GET /call?tel=%2B491701234567&page=1", "PHONE_NUMBER"),
        ("GET /pay?card=4539%201488%200343%206467", "CREDIT_CARD"),
        ("write to ann&#64;example.com", "EMAIL_ADDRESS"),
        ("write to ann&#x40;example.com", "EMAIL_ADDRESS"),
        ("call +49&nbsp;170&nbsp;1234567", "PHONE_NUMBER"),
        ('{"url": "https://example.org/?email=ann%40example.com"}', "EMAIL_ADDRESS"),
    ],
)
def test_encodings_of_addresses_and_html_hide_nothing(line: str, entity: str) -> None:
    """As access logs and scraped pages have them, alone or among many."""
    for lines in ([line], [f"{number} {line}" for number in range(3_000)] if line[0] != "{" else [line] * 3_000):
        found = scan.classify([pl.DataFrame({"line": lines})], detectors.all_detectors())
        assert [one.entity for one in found.sightings] == [entity]
        assert found.sightings[0].rows == len(lines)


@pytest.mark.parametrize(
    ("cell", "entity"),
    [
        ("postgres://joe:s3cr%40tPass@db.example.com/x", "URL_CREDENTIALS"),
        # Decoded it has a digit more.
        ("?card=4539148803436467%35", "CREDIT_CARD"),
    ],
)
def test_what_is_encoded_is_also_read_as_it_stands(cell: str, entity: str) -> None:
    found = scan.classify([pl.DataFrame({"line": [cell]})], detectors.all_detectors())
    assert entity in {one.entity for one in found.sightings}

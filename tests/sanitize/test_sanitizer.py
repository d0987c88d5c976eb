"""Treatments done to batches: where they are done, in which order, and what is told of it."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_mlsecops import detectors
from airflow_mlsecops.core.treatment import Treatment
from airflow_mlsecops.sanitize import SanitizeError, Sanitizer, residue
from airflow_mlsecops.scan.nested import leaves
from tests.sanitize.cells import KEY, PREVIOUS, made, treatment
from tests.sanitize.cells import MEANS as ALL_MEANS

EMAIL = "ann@example.com"
BATCH = pl.DataFrame(
    {
        "email": [EMAIL, None, "bob@example.com"],
        "age": [3, 95, None],
        "contact": [{"email": EMAIL, "n": 1}, None, {"email": None, "n": 2}],
        "tags": [["x", None], [], None],
        "payload": ['{"user": {"id": 1}}', "text", None],
        "note": [f"mail {EMAIL} now", "hi", None],
        "a.b": ["p", "q", None],
    }
)


def sanitizer(*treatments: Treatment) -> Sanitizer:
    return Sanitizer(treatments, key=KEY, previous=PREVIOUS, detectors=detectors.all_detectors())


def pseudonym(value: str) -> str:
    return str(made("pseudonymise").apply(pl.Series([value]), ALL_MEANS).item())


def column(name: str, *treatments: Treatment, batch: pl.DataFrame = BATCH) -> list[Any]:
    return sanitizer(*treatments).apply(batch)[name].to_list()


def test_rows_stay_in_their_order_and_other_columns_as_they_are() -> None:
    one = sanitizer(treatment("email", "pseudonymise", "EMAIL_ADDRESS"), treatment("a.b", "drop"))
    after = one.apply(BATCH)
    assert after["email"].to_list() == [pseudonym(EMAIL), None, pseudonym("bob@example.com")]
    assert after.drop("email").equals(BATCH.drop("email", "a.b"))
    assert one.dropped == {"a.b"}


def test_what_was_done_is_counted_over_all_batches() -> None:
    one = sanitizer(
        treatment("age", "age_band", "AGE"),
        treatment("email", "pseudonymise", "EMAIL_ADDRESS"),
        treatment("email", {"with": "mask", "keep_last": 1}, "USERNAME"),
        treatment("tags[]", "drop"),
        treatment("a.b", {"with": "date_period", "to": "year"}),
    )
    one.apply(BATCH)
    one.apply(BATCH.head(1))
    told = {of.column: (of.entities, of.transformation, of.cells, of.changed, of.emptied, of.key) for of in one.treated}
    assert told == {
        "a.b": ((), "date_period(to=year)", 3, 3, 3, ""),
        "age": (("AGE",), "age_band", 3, 3, 0, ""),
        "email": (("EMAIL_ADDRESS", "USERNAME"), "pseudonymise", 3, 3, 0, KEY.id),
        "tags[]": ((), "drop", 2, 2, 0, ""),
    }
    assert list(told) == sorted(told)


def test_a_cell_that_is_already_what_it_should_be_is_not_changed() -> None:
    one = sanitizer(treatment("x", {"with": "constant", "value": "gone"}))
    one.apply(pl.DataFrame({"x": ["gone", "here", None]}))
    assert [(of.cells, of.changed) for of in one.treated] == [(2, 1)]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("weaker", "stronger", "cell"),
    [
        ({"with": "mask"}, "pseudonymise", pseudonym("p")),
        ("pseudonymise", {"with": "constant", "value": "x"}, "x"),
        ({"with": "constant", "value": "x"}, "null", None),
        ("redact", {"with": "mask"}, "****"),
    ],
)
def test_of_two_treatments_of_whole_cells_the_stronger_is_done(
    weaker: Any, stronger: Any, cell: str | None, turned: bool
) -> None:
    both = [treatment("a.b", weaker), treatment("a.b", stronger)]
    assert column("a.b", *(reversed(both) if turned else both))[0] == cell


@pytest.mark.parametrize("turned", [False, True])
def test_inside_texts_all_are_done_one_after_the_other(turned: bool) -> None:
    batch = pl.DataFrame({"note": [f"{EMAIL} and 4111 1111 1111 1111 and code 77"]})
    all_of_them = [
        treatment("note", "pseudonymise", "EMAIL_ADDRESS", within=True),
        treatment("note", "redact", "CREDIT_CARD", within=True),
        treatment("note", {"with": "mask", "pattern": "code [0-9]+"}),
    ]
    made_of = column("note", *(reversed(all_of_them) if turned else all_of_them), batch=batch)
    assert made_of == [f"{pseudonym(EMAIL)} and <CREDIT_CARD> and ****"]


@pytest.mark.parametrize("rule", ["drop", "null", {"with": "constant", "value": "x"}])
def test_what_leaves_nothing_is_done_to_the_whole_cell(rule: Any) -> None:
    after = sanitizer(treatment("note", rule, "EMAIL_ADDRESS", within=True)).apply(BATCH)
    assert "note" not in after.columns or set(after["note"].drop_nulls()) <= {"x"}


def test_places_inside_cells_are_found_by_their_paths() -> None:
    one = sanitizer(
        treatment("contact.email", "pseudonymise"),
        treatment("tags[]", {"with": "mask"}),
        treatment("payload.user.id", "pseudonymise"),
        treatment("a.b", {"with": "mask"}),
    )
    after = one.apply(BATCH)
    assert after["contact"].to_list() == [{"email": pseudonym(EMAIL), "n": 1}, None, {"email": None, "n": 2}]
    assert after["tags"].to_list() == [["****", None], [], None]
    assert after["payload"].to_list() == [f'{{"user": {{"id": "{pseudonym("1")}"}}}}', "text", None]
    assert after["a.b"].to_list() == ["****", "****", None]
    assert dict(one.shapes) == {"a.b": r"^\*{4}$"}


def test_what_is_dropped_inside_cells_goes_without_a_trace() -> None:
    batch = BATCH.with_columns(only=BATCH["contact"].struct.field("email").to_frame().to_struct())
    paths = ("contact.email", "tags[]", "payload.user", "payload.user.id", "only.email")
    after = sanitizer(*(treatment(path, "drop") for path in paths)).apply(batch)
    assert after["contact"].to_list() == [{"n": 1}, None, {"n": 2}]
    assert after["tags"].to_list() == [[], [], None]
    assert after["payload"].to_list() == ['{"user": {}}', "text", None]
    assert "only" not in after.columns


@pytest.mark.parametrize("path", ["payload.{}", "payload.{key}", "payload.{}.id", "payload[].{}", "column[5]"])
def test_a_place_that_cannot_be_told_is_done_to_its_whole_column(path: str) -> None:
    after = column("payload", treatment(path, "pseudonymise"))
    assert after == [pseudonym('{"user": {"id": 1}}'), pseudonym("text"), None]


@pytest.mark.parametrize("path", ["contact.{}", "contact", "column[3]"])
def test_nested_cells_are_treated_as_the_json_that_they_say(path: str) -> None:
    after = column("contact", treatment(path, "pseudonymise"))
    assert after == [pseudonym(f'{{"email":"{EMAIL}","n":"1"}}'), None, pseudonym('{"email":null,"n":"2"}')]
    assert column("contact", treatment(path, "redact", "EMAIL_ADDRESS"))[0] == '{"email":"<EMAIL_ADDRESS>","n":"1"}'


def test_a_column_and_its_keys_that_are_data_are_treated_once_by_the_stronger() -> None:
    both = [treatment("payload", {"with": "mask"}), treatment("payload.{}", "pseudonymise")]
    assert column("payload", *both)[1] == pseudonym("text")


def test_who_names_no_entity_means_all_of_them() -> None:
    batch = pl.DataFrame({"note": [f"{EMAIL} and 4111 1111 1111 1111"]})
    both = [treatment("note", "redact"), treatment("note", "redact", "EMAIL_ADDRESS")]
    assert column("note", *both, batch=batch) == ["<EMAIL_ADDRESS> and <CREDIT_CARD>"]


def test_nested_cells_that_are_emptied_keep_their_type() -> None:
    after = sanitizer(treatment("contact", "null"), treatment("tags", "drop")).apply(BATCH)
    assert after.schema["contact"] == BATCH.schema["contact"]
    assert after["contact"].null_count() == BATCH.height
    assert "tags" not in after.columns


def test_a_path_that_leads_to_two_columns_is_treated_in_both() -> None:
    batch = pl.DataFrame({"a.b": ["x"], "a": [{"b": "x", "c": "x"}], "a.b.c": ["x"]})
    after = sanitizer(treatment("a.b", {"with": "mask"})).apply(batch)
    assert after.to_dicts() == [{"a.b": "****", "a": {"b": "****", "c": "x"}, "a.b.c": "x"}]


@pytest.mark.parametrize("name", ["^a$", "*", "", "a b", "x[]", "😀", "{}"])
def test_columns_of_any_name_are_found(name: str) -> None:
    batch = pl.DataFrame({name: ["x"], "other": [{name: "x", "kept": ["y"]}]})
    one = sanitizer(treatment(name, "pseudonymise"), treatment(f"other.{name}", {"with": "mask"}))
    after = one.apply(batch)
    assert after[name].to_list() == [pseudonym("x")]
    assert after["other"].to_list() == [{name: "****", "kept": ["y"]}]
    assert not residue(after, one.shapes)


def test_maps_are_treated_as_lists_of_their_entries() -> None:
    entries = pa.array([[("ann", 1)], None, []], type=pa.map_(pa.string(), pa.int64()))
    batch = pl.DataFrame(pl.from_arrow(pa.table({"m": entries})))
    after = column("m", treatment("m[].key", {"with": "mask"}), batch=batch)
    assert after == [[{"key": "****", "value": 1}], None, []]
    assert column("m", treatment("m", "pseudonymise"), batch=batch)[0] == pseudonym('[{"key":"ann","value":"1"}]')


@pytest.mark.parametrize(
    ("treatments", "code"),
    [
        ([treatment("nobody", "drop")], "COLUMN_NOT_FOUND"),
        ([treatment("contact.fax", "drop")], "COLUMN_NOT_FOUND"),
        ([treatment("age.years", "drop")], "COLUMN_NOT_FOUND"),
        ([treatment("tag", "drop")], "COLUMN_NOT_FOUND"),
        ([treatment("column[8]", "drop")], "COLUMN_NOT_FOUND"),
        ([treatment(name, "drop") for name in BATCH.columns], "NOTHING_LEFT"),
    ],
)
def test_what_names_nothing_is_an_error(treatments: list[Treatment], code: str) -> None:
    made = sanitizer(*treatments)

    def through() -> None:
        made.apply(BATCH)
        made.require_met()

    with pytest.raises(SanitizeError) as error:
        through()
    assert error.value.code == code


def test_a_batch_may_lack_what_another_has() -> None:
    made = sanitizer(treatment("tag", "drop"))
    made.apply(BATCH)
    made.apply(BATCH.rename({BATCH.columns[0]: "tag"}))
    made.require_met()


@pytest.mark.parametrize(
    "wrong",
    [
        treatment("a", {"with": "pseudonymise", "key": "previous"}),
        treatment("a", {"with": "pseudonymise", "key": "previous"}, "EMAIL_ADDRESS", within=True),
        treatment("a", {"with": "mask", "keep_last": 9}),
        treatment("a", "hash"),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_told_before_any_data_is_read(wrong: Treatment) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Sanitizer([wrong], key=KEY, detectors=detectors.all_detectors())


def test_no_error_and_no_repr_tells_a_value() -> None:
    one = sanitizer(treatment("email", "pseudonymise"), treatment("note", "redact", "EMAIL_ADDRESS"))
    one.apply(BATCH)
    told = f"{one!r} {one.treated!r} {one.shapes!r}"
    other = sanitizer(treatment("email", "pseudonymise"))
    other.apply(BATCH.rename({"email": EMAIL}))
    with pytest.raises(SanitizeError) as error:
        other.require_met()
    assert not any(value in f"{told} {error.value!r}" for value in (EMAIL, KEY.secret.decode(), "hi"))


def test_residue_is_told_by_column_and_rows() -> None:
    one = sanitizer(treatment("email", "pseudonymise"), treatment("age", "age_band"), treatment("a.b", "null"))
    after = one.apply(BATCH)
    assert set(one.shapes) == {"email", "age", "a.b"}
    assert residue(after, one.shapes) == Counter()
    leaking = after.with_columns(email=BATCH["email"], age=pl.Series([b"\xff", b"0-9", b"x"]), **{"a.b": BATCH["a.b"]})
    assert residue(leaking, one.shapes) == Counter({"email": 2, "age": 2, "a.b": 2})
    with pytest.raises(SanitizeError, match="not in what was written"):
        residue(after.drop("email"), one.shapes)


def test_no_rows_no_cells() -> None:
    one = sanitizer(treatment("contact.email", "pseudonymise"), treatment("tags[]", "drop"), treatment("a.b", "drop"))
    after = one.apply(BATCH.clear())
    assert after.height == 0
    assert after.schema == one.apply(BATCH).schema
    assert {of.cells for of in sanitizer(treatment("age", "null")).treated} == {0}


@given(cuts=st.lists(st.integers(0, 3), max_size=3))
@settings(max_examples=10, deadline=None)
def test_the_split_into_batches_changes_nothing(cuts: list[int]) -> None:
    treatments = (
        treatment("email", "pseudonymise"),
        treatment("contact.email", {"with": "synthetic", "kind": "email"}),
        treatment("tags[]", "drop"),
        treatment("payload.user.id", {"with": "mask"}),
        treatment("note", "redact", "EMAIL_ADDRESS"),
        treatment("a.b", "drop"),
    )
    whole, parts = sanitizer(*treatments), sanitizer(*treatments)
    edges = [0, *sorted(cuts), 3]
    pieces = [parts.apply(BATCH[begin:end]) for begin, end in pairwise(edges)]
    assert pl.concat(pieces).equals(whole.apply(BATCH))
    assert parts.treated == whole.treated
    assert dict(parts.shapes) == dict(whole.shapes)


@st.composite
def nested(draw: st.DrawFn, depth: int = 4) -> tuple[pl.DataType | type[pl.DataType], st.SearchStrategy[Any]]:
    """A type, and cells of it: numbers and texts in structs, lists and arrays."""
    kind = draw(st.sampled_from(["text", "number", "struct", "list", "array"] if depth else ["text", "number"]))
    if kind == "text":
        return pl.String, st.none() | st.text('abc{}["]', max_size=4)
    if kind == "number":
        return pl.Int64, st.none() | st.integers(-9, 9)
    if kind == "struct":
        fields = {
            name: draw(nested(depth - 1)) for name in draw(st.lists(st.sampled_from("pqr"), min_size=1, unique=True))
        }
        cells = st.none() | st.fixed_dictionaries({name: of for name, (_, of) in fields.items()})
        return pl.Struct({name: type_ for name, (type_, _) in fields.items()}), cells
    inner, of = draw(nested(depth - 1))
    if kind == "list":
        return pl.List(inner), st.none() | st.lists(of, max_size=3)
    return pl.Array(inner, 2), st.none() | st.lists(of, min_size=2, max_size=2)


def by_path(cells: pl.Series) -> dict[str, list[Any]]:
    return {leaf.path: leaf.cells.drop_nulls().to_list() for leaf in leaves(cells) if not leaf.loose}


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_of_nested_cells_only_what_is_named_changes_and_nothing_of_it_stays(data: st.DataObject) -> None:
    type_, of = data.draw(nested())
    cells = pl.Series("c", data.draw(st.lists(of, min_size=1, max_size=5)), dtype=type_)
    before = by_path(cells)
    path = data.draw(st.sampled_from(sorted(before)))
    after = by_path(sanitizer(treatment(path, "pseudonymise")).apply(cells.to_frame())["c"])
    assert after.keys() == before.keys()
    assert {name: said for name, said in after.items() if name != path} == {
        name: said for name, said in before.items() if name != path
    }
    # Texts that are JSON are leaves of other paths to the scan, and here whole cells.
    assert all(len(said) == 32 for said in after[path])
    assert len(after[path]) >= len(before[path])


@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_nested_cells_become_json_as_a_whole(data: st.DataObject) -> None:
    type_, of = data.draw(nested())
    values = data.draw(st.lists(of, min_size=2, max_size=5))
    cells = pl.Series("c", values, dtype=type_)
    after = column("c", treatment("c", "pseudonymise"), batch=cells.to_frame())
    assert [cell is None for cell in after] == [value is None for value in cells.to_list()]
    assert len(set(after)) == len({repr(value) for value in cells.to_list()})

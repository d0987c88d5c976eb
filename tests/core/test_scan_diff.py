"""Two scans compared: what came, what went, and what nobody knows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.scan_diff import Held, Kind, Scan, diff


def scan(*held: tuple[str, str, int], names: str = "", **more: object) -> Scan:
    told = tuple(Held(column=column, entity=entity, rows=rows, of=100) for column, entity, rows in held)
    known = frozenset(names.split()) | {one.column for one in told}
    return Scan.model_validate({"held": told, "names": known, "whole": True, "named": True, **more})


def test_what_came_moved_and_went_in_that_order() -> None:
    before = scan(("a", "PHONE", 44), ("b", "POSTCODE", 10), ("c", "IP", 5), level=Level.INTERNAL)
    now = scan(("d", "EMAIL", 3), ("b", "POSTCODE", 12), ("c", "IP", 5), level=Level.RESTRICTED)
    said = [(one.kind, one.column, one.before, one.now) for one in diff(before, now)]
    assert said == [
        (Kind.LEVEL, "", None, None),
        (Kind.APPEARED, "d", 0, 3),
        (Kind.MOVED, "b", 10, 12),
        (Kind.GONE, "a", 44, 0),
    ]


def test_what_a_scan_that_left_something_out_did_not_see_is_not_gone() -> None:
    (change,) = diff(scan(("a", "PHONE", 44)), scan(whole=False))
    assert (change.kind, change.now) == (Kind.NOT_SEEN, None)


def test_columns_come_and_go() -> None:
    changes = diff(scan(names="a b"), scan(names="b c"))
    assert [(one.kind, one.column) for one in changes] == [(Kind.COLUMN_NEW, "c"), (Kind.COLUMN_GONE, "a")]


def test_a_name_that_one_scan_does_not_keep_is_no_new_column() -> None:
    assert diff(scan(names="a", named=False), scan(names="a b")) == ()
    assert diff(scan(names="a"), scan(names="a b", named=False)) == ()


def test_a_new_column_that_holds_something_is_told_once() -> None:
    assert [one.kind for one in diff(scan(), scan(("a", "EMAIL", 1)))] == [Kind.APPEARED]


def test_two_classes_of_a_column_are_told_apart() -> None:
    changes = diff(scan(("a", "EMAIL", 1)), scan(("a", "EMAIL", 1), ("a", "PHONE", 1)))
    assert [(one.kind, one.entity) for one in changes] == [(Kind.APPEARED, "PHONE")]


names = st.sampled_from(["a", "b", "c", "d"])
helds = st.dictionaries(st.tuples(names, st.sampled_from(["X", "Y"])), st.integers(0, 3))


@given(helds, helds, st.booleans(), st.sampled_from(list(Level)))
def test_it_tells_exactly_what_differs(then: dict, here: dict, whole: bool, level: Level) -> None:  # type: ignore[type-arg]
    before, now = (
        scan(*((column, entity, rows) for (column, entity), rows in one.items()), whole=whole, level=level)
        for one in (then, here)
    )
    told = {(one.column, one.entity) for one in diff(before, now)}
    assert told == {key for key in then.keys() | here.keys() if then.get(key) != here.get(key)}
    assert diff(now, now) == ()

"""JSON in texts: what is named changes, and nothing else does."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_mlsecops.sanitize._json import rewritten, steps_of
from airflow_mlsecops.scan.nested import leaves

MARK = "###"


def marked(texts: pl.Series) -> pl.Series:
    return texts.set(texts.is_not_null(), MARK)


def gone(texts: pl.Series) -> None:
    return None


def said(texts: pl.Series) -> pl.Series:
    return "=" + texts


def change(cell: str | None, *paths: str, by: Any = marked) -> Any:
    steps = [steps_of(path) for path in paths]
    assert None not in steps
    return rewritten(pl.Series([cell], dtype=pl.String), [(one, by) for one in steps if one]).item()


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        (".user.id", (".user", ".id")),
        ("[].a b[][]", ("[]", ".a b", "[]", "[]")),
        ("", None),
        (".user.{}", None),
        (".{key}", None),
        ("[3]", None),
        ("user", None),
        (".", None),
    ],
)
def test_a_path_is_told_step_by_step_or_not_at_all(path: str, steps: tuple[str, ...] | None) -> None:
    assert steps_of(path) == steps


@pytest.mark.parametrize(
    ("cell", "path", "after"),
    [
        ('{"a": 1, "b": 2}', ".a", '{"a": "=1", "b": 2}'),
        ('{"b": 1.50, "a": true, "b": 1e2}', ".b", '{"b": "=1.5", "a": true, "b": "=100"}'),
        ('{"n": 12345678901234567890.120, "a": "x"}', ".a", '{"n": 12345678901234567890.120, "a": "=x"}'),
        ('{"n": [NaN, -Infinity, -0, 1E5], "a": "x"}', ".a", '{"n": [NaN, -Infinity, -0, 1E5], "a": "=x"}'),
        ('{"a": -0.0}', ".a", '{"a": "=0"}'),
        ('{"a": 1e999999999999999999999}', ".a", '{"a": "=1e999999999999999999999"}'),
        ('{"a": null}', ".a", '{"a": null}'),
        ('{"a": {"b": 1}}', ".a", None),
        ('{"a": [1, {"b": 2}, [3]]}', ".a[]", '{"a": ["=1", {"b": 2}, [3]]}'),
        ('{"a": [1, {"b": 2}, [3]]}', ".a[][]", '{"a": [1, {"b": 2}, ["=3"]]}'),
        ('[{"a": "x"}, {"a": "y"}]', "[].a", '[{"a": "=x"}, {"a": "=y"}]'),
        ('\ufeff \n{"a":"é\\u00e9\\ud83d\\ude00"}', ".a", '{"a": "=éé😀"}'),
        ('{"k\\ud800": 1, "a": "x"}', ".a", '{"k\\ud800": 1, "a": "=x"}'),
        ('{"a": "\\ud800"}', ".a", '{"a": "=�"}'),
        ('{"a": "{\\"b\\": 1}"}', ".a.b", '{"a": "{\\"b\\": \\"=1\\"}"}'),
        ('{"a": "{\\"b\\": 1}"}', ".a", '{"a": "={\\"b\\": 1}"}'),
        ('{"a": "{\\"b\\": 1}", "c": 1}', ".c", '{"a": "{\\"b\\": 1}", "c": "=1"}'),
        ('{"a": "{b: 1"}', ".a.b", '{"a": "={b: 1"}'),
        ('{"a": "b: 1"}', ".a.b", None),
        ('{"a": 1', ".a", '={"a": 1'),
        ("[a] note", ".a", "=[a] note"),
        ('{"a":1}{"a":2}', ".a", '={"a":1}{"a":2}'),
        ("text", ".a", None),
        ('"a"', ".a", None),
        ("", ".a", None),
        ('{"A": 1}', ".a", None),
        ('{"a":1}', ".a[]", None),
        ('{ "a" :1 }', ".b", None),
    ],
)
def test_what_is_named_changes_and_the_rest_stays(cell: str, path: str, after: str | None) -> None:
    assert change(cell, path, by=said) == (cell if after is None else after)


@pytest.mark.parametrize(
    ("cell", "paths", "after"),
    [
        ('{"a": 1, "b": 2, "a": 3}', (".a",), '{"b": 2}'),
        ('{"a": [1, [2], {"c": 3}]}', (".a[]",), '{"a": [[2], {"c": 3}]}'),
        ('{"a": [1, [2], {"c": 3}]}', (".a[]", ".a[].c"), '{"a": [[2], {}]}'),
        ('{"a": 1', (".a", ".b"), None),
        ('{"x": "{\\"a\\": 1}"}', (".x.a",), '{"x": "{}"}'),
    ],
)
def test_what_is_dropped_is_not_there(cell: str, paths: tuple[str, ...], after: str | None) -> None:
    assert change(cell, *paths, by=gone) == after


def test_null_stays_null_and_the_column_of_the_caller_as_it_is() -> None:
    cells = pl.Series(['{"a": 1}', None])
    assert rewritten(cells, [((".a",), marked)]).to_list() == ['{"a": "###"}', None]
    assert cells.to_list() == ['{"a": 1}', None]


@pytest.mark.parametrize("opened", ["[", '{"a":'])
def test_what_is_too_deep_to_be_read_changes_as_a_whole(opened: str) -> None:
    assert change(opened * 100_000, ".a") == MARK


@pytest.mark.parametrize("depth", [10, 300, 700, 2_000])
def test_what_can_be_read_and_not_be_written_is_not_let_through(depth: int) -> None:
    cell = change(f'{{"a": "secret", "b": {"[" * depth}{"]" * depth}}}', ".a")
    assert cell is None or "secret" not in cell
    assert depth > 10 or cell == f'{{"a": "{MARK}", "b": {"[" * depth}{"]" * depth}}}'


KEYS = st.sampled_from(["user", "id", "a b", "É", "4111111111111111", "{}"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(KEYS, inner, max_size=3)
        | st.dictionaries(KEYS, inner, max_size=2).map(json.dumps)
    ),
    max_leaves=12,
)


def loose(cell: str) -> dict[str, list[str | None]]:
    """What the scan sees in a cell, by path."""
    found: dict[str, list[str | None]] = {}
    for leaf in leaves(pl.Series("", [cell])):
        if leaf.loose and not leaf.path.endswith("{key}"):
            found.setdefault(leaf.path, []).extend(leaf.cells.to_list())
    return found


@given(st.dictionaries(KEYS, DOCUMENTS, min_size=1, max_size=3), st.data())
@settings(max_examples=100, deadline=None)
def test_the_scan_sees_what_was_changed_and_nothing_else(document: dict[str, Any], data: st.DataObject) -> None:
    cell = json.dumps(document)
    before = loose(cell)
    named = sorted(path for path in before if steps_of(path))
    path = data.draw(st.sampled_from(named or [".none"]))
    after = loose(str(change(cell, path)))
    others = {name for name in before if not name.startswith(path)}
    assert {name: after.get(name) for name in others} == {name: before[name] for name in others}
    left = [text for text in after.get(path, ()) if text is not None]
    assert set(left) <= {MARK}
    # A text at that place that is JSON itself changes as a whole, too.
    assert len(left) >= len([text for text in before.get(path, ()) if text is not None])

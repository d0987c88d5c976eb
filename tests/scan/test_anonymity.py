"""Groups are counted as a plain count of tuples counts them, whatever the batches look like."""

from __future__ import annotations

import copy
import pickle
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations

import polars as pl
import pytest

from airflow_mlsecops.core.anonymity import Anonymity
from airflow_mlsecops.core.errors import MlsecopsError, SourceError
from airflow_mlsecops.scan import anonymity
from airflow_mlsecops.scan.anonymity import Groups

Row = tuple[str | None, ...]
# Texts as cells read; some of them are also numbers, and are given as such.
CELLS = [None, "", "0", "7", "-3", "07", "2.5", "NaN", "inf", "null", "true", "Ann", "Ann ", "É", "É", "Жо", "日本", "👩‍👩‍👧", "K", "K",
         "\0", "a\nb", "9007199254740993"]  # fmt: skip
WHOLE, NUMBERS = {"0", "7", "-3"}, {"0", "7", "-3", "2.5", "NaN", "inf"}
TEXTS = (pl.String, pl.Categorical, pl.Binary)


def brute_force(rows: Sequence[Row], width: int, k: int, least: int | None) -> dict[str, object]:
    """Groups of tuples; a row is its quasi-identifiers and then its sensitive value."""
    sizes = Counter(row[:width] for row in rows)
    values = defaultdict(set)
    for row in rows:
        values[row[:width]].add(row[width])
    below = [size for size in sizes.values() if size < k]
    undiverse = [group for group in sizes if len(values[group]) < (least or 0)]
    return {
        "rows": len(rows),
        "groups": len(sizes),
        "smallest": min(sizes.values(), default=0),
        "rows_below": sum(below),
        "groups_below": len(below),
        "smallest_combinations": enough(rows, width, k),
        "least_diverse": min(map(len, values.values()), default=0),
        "rows_undiverse": sum(sizes[group] for group in undiverse),
        "groups_undiverse": len(undiverse),
    }


def enough(rows: Sequence[Row], width: int, k: int) -> tuple[tuple[str, ...], ...]:
    for size in range(1, width + 1):
        chosen = [
            places
            for places in combinations(range(width), size)
            if min(Counter(tuple(row[place] for place in places) for row in rows).values(), default=k) < k
        ]
        if chosen:
            return tuple(tuple(f"c{place}" for place in places) for places in chosen)
    return ()


def dressed(cells: Sequence[str | None], chance: random.Random) -> pl.Series:
    """A column of some type that can hold these cells."""
    held = {cell for cell in cells if cell is not None}
    kinds = [*TEXTS, pl.Enum(sorted(held))]
    kinds += [pl.Float64, pl.Float32] if held <= NUMBERS else []
    kinds += [pl.Int8, pl.Int64, pl.Int128, pl.Decimal(20, 3)] if held <= WHOLE else []
    kinds += [] if held else [pl.Null, pl.Boolean, pl.Date, pl.List(pl.String), pl.Struct({"a": pl.Int8})]
    kind = chance.choice(kinds)
    if kind in (pl.Float64, pl.Float32):
        zero = chance.choice([0.0, -0.0])
        return pl.Series([None if cell is None else float(cell) or zero for cell in cells], dtype=kind)
    if kind == pl.Binary:
        return pl.Series([None if cell is None else cell.encode() for cell in cells], dtype=kind)
    return pl.Series(cells, dtype=pl.String).cast(kind)


def batches(rows: Sequence[Row], chance: random.Random) -> list[pl.DataFrame]:
    """The rows in some order, split somewhere, with batches of no row among them."""
    rows = chance.sample(rows, len(rows))
    cuts = sorted(chance.choices(range(len(rows) + 1), k=chance.randint(0, 3)))
    parts = [rows[start:end] for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True)]
    width = len(rows[0]) if rows else 4
    return [
        pl.DataFrame([dressed([row[place] for row in part], chance).alias(f"c{place}") for place in range(width)])
        for part in parts
    ]


def counted(frames: Sequence[pl.DataFrame], width: int, k: int, least: int | None) -> Anonymity:
    groups = Groups([f"c{place}" for place in range(width)], sensitive=f"c{width}")
    for frame in frames:
        groups.see(frame)
    return groups.result(k, least)


def drawn(chance: random.Random, width: int) -> list[Row]:
    few = [chance.sample(CELLS, chance.randint(1, 4)) for _ in range(width + 1)]
    return [tuple(map(chance.choice, few)) for _ in range(chance.randint(0, 30))]


@pytest.mark.parametrize("hundred", range(10))
def test_a_thousand_small_tables_equal_brute_force(hundred: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(hundred)
    for _ in range(100):
        # So small that groups are added up in the middle, and batches are cut.
        monkeypatch.setattr(anonymity, "_PENDING", chance.choice([0, 20, 1 << 20, 1 << 20]))
        monkeypatch.setattr(anonymity, "_CROWD", chance.choice([4, *[1 << 20] * 9]))
        monkeypatch.setattr(anonymity, "_PARTS", 3)
        monkeypatch.setattr(anonymity, "_SLICE", chance.choice([3, 1 << 18, 1 << 18]))
        width, k, least = chance.randint(1, 3), chance.randint(1, 6), chance.choice([None, 1, 2, 3])
        rows = drawn(chance, width)
        expected = brute_force(rows, width, k, least)
        found = counted(batches(rows, chance), width, k, least)
        assert {name: getattr(found, name) for name in expected} == expected


def test_a_larger_table_equals_brute_force() -> None:
    chance = random.Random(4)
    rows = [(str(chance.randrange(300)), chance.choice("mf"), str(chance.randrange(1000)), None) for _ in range(50_000)]
    frame = pl.DataFrame(rows, schema=["c0", "c1", "c2", "c3"], orient="row", infer_schema_length=None)
    found = counted([frame.cast({"c0": pl.Int16, "c2": pl.Int64})], 3, 2, None)
    expected = brute_force(rows, 3, 2, None)
    assert {name: getattr(found, name) for name in expected} == expected


def test_a_result_can_be_asked_for_at_any_time() -> None:
    groups = Groups(["a"])
    assert groups.result(2).rows == 0
    groups.see(pl.DataFrame({"a": [1, 1, 2]}))
    assert (groups.result(2).smallest, groups.result(1).rows_below) == (1, 0)
    groups.see(pl.DataFrame({"a": [2]}))
    assert groups.result(2) == Anonymity(
        columns=("a",), rows=4, groups=2, smallest=2, k=2, rows_below=0, groups_below=0
    )


def test_rows_that_come_one_by_one_are_not_kept_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anonymity, "_FRAMES", 10)
    groups = Groups(["a"])
    for place in range(35):
        groups.see(pl.DataFrame({"a": [place % 7]}))
        assert len(groups._pending) <= 10
    found = groups.result(5)
    assert (found.rows, found.groups, found.smallest) == (35, 7, 5)


def test_no_row_leaves_nothing_to_hide_among() -> None:
    groups = Groups(["a"], sensitive="b")
    groups.see(pl.DataFrame({"a": [], "b": []}))
    found = groups.result(5, 2)
    assert (found.rows, found.groups, found.smallest, found.rows_below, found.least_diverse) == (0, 0, 0, 0, 0)


def test_the_columns_that_are_enough_are_told_in_every_choice_of_so_many() -> None:
    frame = pl.DataFrame({"zip": [1, 1, 2, 2], "year": [1, 2, 1, 2], "sex": ["f"] * 4, "note": [1, 2, 2, 1]})
    groups = Groups(["zip", "year", "sex", "note"])
    groups.see(frame)
    assert groups.result(2).smallest_combinations == (("zip", "year"), ("zip", "note"), ("year", "note"))
    assert groups.result(1).smallest_combinations == ()


def test_the_columns_that_are_enough_are_not_sought_among_very_many() -> None:
    groups = Groups([f"c{place}" for place in range(9)])
    groups.see(pl.DataFrame({f"c{place}": [1, 2] for place in range(9)}))
    assert (groups.result(2).rows_below, groups.result(2).smallest_combinations) == (2, ())


def test_the_columns_that_are_enough_are_not_sought_where_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    groups = Groups(["a", "b"])
    groups.see(pl.DataFrame({"a": [1, 2], "b": [1, 1]}))
    assert groups.result(2).smallest_combinations == (("a",),)
    monkeypatch.setattr(anonymity, "_LOOKS", 7)
    assert groups.result(2).smallest_combinations == ()


def test_names_that_are_patterns_elsewhere_are_names() -> None:
    frame = pl.DataFrame({"^.*$": [1, 1], "*": [1, 2], "rows": [3, 3], "value": ["x", "y"], "0": [1, 2]})
    groups = Groups(["^.*$", "rows"], sensitive="value")
    groups.see(frame)
    assert (groups.result(2).smallest, groups.result(2).least_diverse) == (2, 2)
    groups = Groups(["*"], sensitive="0")
    groups.see(frame)
    assert groups.result(2).smallest == 1


def test_a_missing_column_is_no_empty_column() -> None:
    groups = Groups(["a", "b"], sensitive="c")
    with pytest.raises(SourceError, match=r"2 of 3 columns .* not in this batch: b, c") as caught:
        groups.see(pl.DataFrame({"a": [1], "secret": ["4111"]}))
    assert caught.value.code == "NO_SUCH_COLUMN"
    assert "secret" not in str(caught.value)
    with pytest.raises(SourceError):
        groups.see(pl.DataFrame())


def test_cells_that_have_no_text_are_told_and_not_counted() -> None:
    groups = Groups(["a", "b"])
    frame = pl.DataFrame({"a": [1, 2], "b": pl.Series([object(), "4111"], dtype=pl.Object)})
    with pytest.raises(SourceError, match="column b: cells of type Object") as caught:
        groups.see(frame)
    assert caught.value.code == "UNREADABLE"
    assert "4111" not in str(caught.value)
    assert groups.result(2).rows == 0


@pytest.mark.parametrize(("columns", "sensitive"), [([], None), ("zip", None), (["a", "a"], None), (["a", "b"], "b")])
def test_what_cannot_be_grouped_by_is_refused(columns: Sequence[str], sensitive: str | None) -> None:
    with pytest.raises(MlsecopsError) as caught:
        Groups(columns, sensitive=sensitive)
    assert caught.value.code == "COLUMNS_INVALID"


def test_diversity_of_nothing_is_refused() -> None:
    with pytest.raises(MlsecopsError, match="sensitive"):
        Groups(["a"]).result(5, 2)


@pytest.mark.parametrize(("k", "least"), [(0, None), (-1, None), (2, 0)])
def test_a_demand_that_everything_meets_is_refused(k: int, least: int | None) -> None:
    with pytest.raises(MlsecopsError, match="numbers from 1"):
        Groups(["a"], sensitive="b").result(k, least)


def test_neither_values_nor_what_could_be_searched_for_leave_it() -> None:
    frame = pl.DataFrame({"a": ["4111111111111111", "x"]})
    one, two = Groups(["a"]), Groups(["a"])
    for groups in (one, two):
        groups.see(frame)
    assert repr(one) == "Groups(1 columns)"
    for leave in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="stay in the memory"):
            leave(one)
    kept = [{cell for part in groups._pending for row in part.rows() for cell in row[:-1]} for groups in (one, two)]
    assert len(kept[0] | kept[1]) == 4


def test_numbers_in_a_row_are_told_apart() -> None:
    groups = Groups(["a", "b"])
    number = pl.int_range(300_000, eager=True)
    groups.see(pl.DataFrame({"a": number // 1000, "b": number % 1000}))
    assert groups.result(2).groups == 300_000

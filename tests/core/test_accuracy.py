"""Precision, recall and F1, by hand."""

from __future__ import annotations

import pytest

from airflow_mlsecops.core.accuracy import Accuracy, Claim, Place, Scores

ONE, TWO, THREE = (Place("t", name) for name in ("one", "two", "three"))


def accuracy(labelled: list[Claim], found: list[Claim], quiet: list[Place]) -> Accuracy:
    return Accuracy(labelled=frozenset(labelled), found=frozenset(found), quiet=frozenset(quiet))


MIXED = accuracy(
    [Claim(ONE, "A"), Claim(ONE, "B"), Claim(TWO, "A")],
    [Claim(ONE, "A"), Claim(TWO, "C"), Claim(THREE, "A"), Claim(THREE, "C")],
    [THREE],
)


def test_counts_and_shares() -> None:
    assert MIXED.of("A") == Scores(tp=1, fp=1, fn=1)
    assert MIXED.of("B") == Scores(tp=0, fp=0, fn=1)
    assert MIXED.micro == Scores(tp=1, fp=3, fn=2)
    assert (MIXED.micro.precision, MIXED.micro.recall) == (0.25, pytest.approx(1 / 3))
    assert MIXED.micro.f1 == pytest.approx(2 / 7)


def test_macro_is_the_mean_of_what_the_labels_name() -> None:
    assert MIXED.named == ("A", "B")
    assert MIXED.macro == pytest.approx((0.5 + 0.0) / 2)
    assert MIXED.entities == ("A", "B", "C")


def test_a_column_that_holds_nothing_counts_once_however_much_is_found_in_it() -> None:
    assert MIXED.false_positives == 1
    assert MIXED.alarms == (Claim(THREE, "A"), Claim(THREE, "C"))
    assert MIXED.mistaken == (Claim(TWO, "C"),)
    assert MIXED.missed == (Claim(ONE, "B"), Claim(TWO, "A"))


def test_nothing_divided_by_nothing_is_no_score() -> None:
    empty = accuracy([], [], [ONE])
    assert (empty.micro.precision, empty.micro.recall, empty.micro.f1, empty.macro) == (None,) * 4
    missed = accuracy([Claim(ONE, "A")], [], [])
    assert (missed.micro.precision, missed.micro.recall, missed.micro.f1, missed.macro) == (None, 0.0, 0.0, 0.0)


def test_all_right() -> None:
    right = accuracy([Claim(ONE, "A")], [Claim(ONE, "A")], [TWO])
    assert (right.micro.f1, right.macro, right.false_positives) == (1.0, 1.0, 0)

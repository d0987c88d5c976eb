"""What is said to change an answer does change it, and nothing less would."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_mlsecops.core.clue import Clue, Fit
from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.whatif import changes, holds, tells

ENTITY = Entity(name="BADGE", title="badge number", role=Role.DIRECT, level=Level.CONFIDENTIAL)
NAMED = Detector(
    entity=ENTITY,
    name="badge",
    cell_pattern="^[0-9]+$",
    names=("badge", "badge_no"),
    hints=("number",),
    near=("PERSON", "AGE"),
)
KNOWN = Detector(
    entity=ENTITY,
    name="badge",
    cell_pattern="^[0-9]+$",
    known=lambda cell: cell.endswith("7"),
    common=0.0001,
    names=("badge",),
    hints=("number",),
    near=("PERSON",),
)
CHECKED = Detector(
    entity=ENTITY,
    name="badge",
    pattern="[0-9]{8}",
    checked=True,
    cell_pattern="^[0-9]+$",
    known=lambda cell: cell.endswith("7"),
    common=0.0001,
)
SPOKEN = Detector(
    entity=ENTITY, name="badge", cell_pattern="^[0-9]+$", names=("badge",), prose=lambda text: [(0, 1, text)]
)
DETECTORS = (NAMED, KNOWN, CHECKED, SPOKEN)


def clue(fit: Fit, cells: int = 10, looks: int = 10, known: int = 10, **more: int) -> Clue:
    return Clue(detector="badge", entity="BADGE", fit=fit, cells=cells, looks=looks, known=known, **more)


# detector, evidence, neighbours, what would change the answer
TABLE = (
    (NAMED, clue(Fit.OTHER), (), ["a column name such as `badge`"]),
    (NAMED, clue(Fit.DENIES), (), ["a column name such as `badge`"]),
    (NAMED, clue(Fit.SAYS), (), ["a column name that says something else", "fewer than 5 of its 10 distinct cells looking like it"]),
    (NAMED, clue(Fit.SAYS, looks=4), (), ["2 more distinct cells that look like it", "PERSON in another column of the table"]),
    (NAMED, clue(Fit.SAYS, looks=4), ("AGE",), ["a table without AGE", "fewer than 2 of its 10 distinct cells looking like it"]),
    (NAMED, clue(Fit.SAYS, 1, 0, 0), (), ["1 more distinct cell that looks like it"]),
    (NAMED, clue(Fit.HINTS), (), ["a column name such as `badge`"]),
    (KNOWN, clue(Fit.MUTE, 3, 3, 0), (), ["3 more distinct cells that are known to be one", "a column name such as `badge`"]),
    (KNOWN, clue(Fit.DENIES), (), ["a column name that does not deny it", "a word such as `number` in the column's name"]),
    (KNOWN, clue(Fit.OTHER), (), ["fewer than 7 of its 10 distinct cells known to be one"]),
    (CHECKED, clue(Fit.MUTE, 3, 3, 1), (), ["1 more distinct cell whose check passes"]),
    (CHECKED, clue(Fit.MUTE, proven=1), (), []),
    (SPOKEN, clue(Fit.OTHER, 5, 0, 0, texts=50, told=1), (), ["4 more sentences of 50 that name it"]),
)  # fmt: skip


@pytest.mark.parametrize(("detector", "seen", "near", "expected"), TABLE, ids=range(len(TABLE)))
def test_what_would_change_the_answer(
    detector: Detector, seen: Clue, near: tuple[str, ...], expected: list[str]
) -> None:
    told = [change.what for change in changes(seen, detector, frozenset(near))]
    assert [what for what in expected if what not in told] == [], told


FITS = st.sampled_from(list(Fit))


@st.composite
def clues(draw: st.DrawFn) -> Clue:
    cells = draw(st.integers(0, 60))
    looks = draw(st.integers(0, cells))
    texts = draw(st.integers(0, 60))
    return clue(draw(FITS), cells, looks, draw(st.integers(0, looks)), texts=texts, told=draw(st.integers(0, texts)))


@given(clues(), st.sampled_from(DETECTORS), st.sets(st.sampled_from(["PERSON", "AGE"])))
def test_every_change_turns_the_answer(seen: Clue, detector: Detector, near: set[str]) -> None:
    before = holds(seen, detector, near)
    told = changes(seen, detector, frozenset(near))
    assert [change.what for change in told if holds(change.clue, detector, change.near) is before] == []
    assert len({change.steps for change in told}) <= 1


@given(clues(), st.sampled_from(DETECTORS))
def test_no_smaller_number_would_do(seen: Clue, detector: Detector) -> None:
    for change in changes(seen, detector, frozenset()):
        number = re.match(r"([0-9,]+) more distinct", change.what)
        if number and change.clue.fit is seen.fit and not change.near:
            known = 1 if change.clue.known > seen.known else 0
            one_less = change.clue.model_copy(
                update={
                    "cells": change.clue.cells - 1,
                    "looks": change.clue.looks - 1,
                    "known": change.clue.known - known,
                }
            )
            assert not holds(one_less, detector, frozenset())


def test_what_a_gazetteer_of_everything_knows_tells_nothing() -> None:
    assert tells(KNOWN)
    assert not tells(NAMED)

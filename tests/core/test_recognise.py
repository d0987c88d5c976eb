"""Evidence is weighed in bits, each of which a person can check."""

from __future__ import annotations

from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_mlsecops.core.clue import Clue, Fit
from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.recognise import PRIOR, possible, score, told, weigh

ENTITY = Entity(name="FAKE", title="fake", role=Role.DIRECT, level=Level.INTERNAL)
NEAR = ("PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "POSTCODE")


def detector(*, common: float = 0.001, near: tuple[str, ...] = NEAR, role: Role = Role.DIRECT) -> Detector:
    entity = ENTITY.model_copy(update={"role": role})
    return Detector(entity=entity, cell_pattern="^x$", known=bool, common=common, names=("fake",), near=near)


def clue(fit: Fit, *, cells: int = 100, looks: int = 100, known: int = 100, texts: int = 0, named: int = 0) -> Clue:
    return Clue(detector="fake", entity="FAKE", fit=fit, cells=cells, looks=looks, known=known, texts=texts, told=named)


def likely(
    fit: Fit, *, neighbours: tuple[str, ...] = (), common: float = 0.001, looks: int = 100, known: int = 100,
    cells: int = 100,
) -> bool:  # fmt: skip
    found = clue(fit, cells=cells, looks=looks, known=known)
    return score(weigh(found, detector(common=common), neighbours)) >= 0.5


CASES = [
    ("a name that says so needs no known value", likely(Fit.SAYS, known=0), True),
    ("half of the cells that look like it are enough", likely(Fit.SAYS, looks=50, known=0), True),
    ("where few do, the name is wrong", likely(Fit.SAYS, looks=40, known=0), False),
    ("where none does, more so", likely(Fit.SAYS, looks=0, known=0, neighbours=NEAR), False),
    ("known values save a column of odd ones", likely(Fit.SAYS, looks=45, known=45), True),
    ("a hint is nothing without known values", likely(Fit.HINTS, known=0, neighbours=NEAR), False),
    ("a hint and known values", likely(Fit.HINTS), True),
    ("a hint and some known values", likely(Fit.HINTS, known=50), True),
    ("a hint and few known values", likely(Fit.HINTS, known=20), False),
    ("values alone", likely(Fit.MUTE), True),
    ("values alone that are common", likely(Fit.MUTE, common=0.02), False),
    ("common values among their like", likely(Fit.MUTE, common=0.02, neighbours=NEAR[:1]), True),
    ("values alone, of which many are not known", likely(Fit.MUTE, known=60), True),
    ("values alone, of which most are not known", likely(Fit.MUTE, known=40), False),
    ("values against another name", likely(Fit.OTHER), True),
    ("common values against another name", likely(Fit.OTHER, common=0.01), False),
    ("values against a name that denies", likely(Fit.DENIES), False),
    ("even the rarest beside all its like", likely(Fit.DENIES, common=0.0005, neighbours=NEAR), True),
    ("one known cell tells little", likely(Fit.MUTE, cells=1, looks=1, known=1), False),
    ("one known cell under its name", likely(Fit.SAYS, cells=1, looks=1, known=1), True),
    ("ten known cells tell enough", likely(Fit.MUTE, cells=10, looks=10, known=10), True),
]


@pytest.mark.parametrize(("outcome", "expected"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_what_is_likely(outcome: bool, expected: bool) -> None:
    assert outcome is expected


def test_every_weight_is_told() -> None:
    weights = weigh(clue(Fit.SAYS, cells=2_000, looks=2_000, known=1_000), detector(), ("PERSON", "IBAN_CODE"))
    assert [weight.evidence for weight in weights] == [
        "before looking",
        "the column's name says so",
        "100% of 2,000 distinct cells look like it",
        "50% of 2,000 distinct cells are known to be it",
        "PERSON in the same table",
    ]
    assert weights[0].bits == PRIOR
    assert isclose(score(weights), 1 / (1 + 2 ** -sum(weight.bits for weight in weights)))


def test_without_cells_or_a_pattern_for_them_there_is_no_evidence() -> None:
    searching = Detector(entity=ENTITY, pattern="x")
    assert weigh(clue(Fit.SAYS), searching, NEAR) == ()
    assert weigh(clue(Fit.SAYS, cells=0, looks=0, known=0), detector(), NEAR) == ()
    assert score(()) == 0.0


def test_what_nothing_knows_is_said_to_look_like_little_else() -> None:
    loose = Detector(entity=ENTITY, cell_pattern="^x$", common=0.01, names=("fake",))
    (known,) = [weight for weight in weigh(clue(Fit.MUTE), loose, ()) if "cells" in weight.evidence]
    assert known.evidence == "100% of 100 distinct cells look like it and like little else"


FITS = st.sampled_from(list(Fit))
COUNTS = st.tuples(st.integers(1, 1_024), st.integers(0, 1_024), st.integers(0, 1_024)).map(
    lambda three: (three[0], min(three[:2]), min(three))
)
COMMON = st.sampled_from([0.0001, 0.0005, 0.004, 0.02, 0.1, 0.5, 1.0])
AROUND = st.lists(st.sampled_from([*NEAR, "IBAN_CODE"]), unique=True).map(tuple)


def scored(fit: Fit, counts: tuple[int, int, int], common: float, neighbours: tuple[str, ...]) -> float:
    cells, looks, known = counts
    return score(weigh(clue(fit, cells=cells, looks=looks, known=known), detector(common=common), neighbours))


@given(fit=FITS, counts=COUNTS, more=st.integers(0, 1_024), common=COMMON, neighbours=AROUND)
@settings(max_examples=300, deadline=None)
def test_more_known_cells_never_make_it_less_likely(
    fit: Fit, counts: tuple[int, int, int], more: int, common: float, neighbours: tuple[str, ...]
) -> None:
    cells, looks, known = counts
    better = (cells, max(looks, min(cells, known + more)), min(cells, known + more))
    assert scored(fit, better, common, neighbours) >= scored(fit, counts, common, neighbours)
    assert scored(fit, (cells, min(cells, looks + more), known), common, neighbours) >= scored(
        fit, counts, common, neighbours
    )


@given(counts=COUNTS, common=COMMON, neighbours=AROUND)
@settings(max_examples=300, deadline=None)
def test_what_a_name_tells_is_ordered(counts: tuple[int, int, int], common: float, neighbours: tuple[str, ...]) -> None:
    """Apart from saying so, which asks more of the cells: a table of numbers called ``email`` holds none."""
    hints, mute, other, denies = (
        scored(fit, counts, common, neighbours) for fit in (Fit.HINTS, Fit.MUTE, Fit.OTHER, Fit.DENIES)
    )
    assert hints >= mute >= other >= denies
    if counts[1] * 2 >= counts[0]:
        assert scored(Fit.SAYS, counts, common, neighbours) >= hints


@given(fit=FITS, counts=COUNTS, common=COMMON, neighbours=AROUND, another=st.sampled_from(NEAR))
@settings(max_examples=300, deadline=None)
def test_neighbours_never_make_it_less_likely(
    fit: Fit, counts: tuple[int, int, int], common: float, neighbours: tuple[str, ...], another: str
) -> None:
    together = tuple({*neighbours, another})
    assert scored(fit, counts, common, together) >= scored(fit, counts, common, neighbours)
    assert scored(fit, counts, common, (*neighbours, "IBAN_CODE")) == scored(fit, counts, common, neighbours)


@given(fit=FITS, counts=COUNTS, common=COMMON)
@settings(max_examples=300, deadline=None)
def test_the_rarer_the_likelier(fit: Fit, counts: tuple[int, int, int], common: float) -> None:
    if counts[2] * 5 >= counts[0]:
        assert scored(fit, counts, common / 2, ()) >= scored(fit, counts, common, ())


@given(fit=FITS, counts=COUNTS, common=COMMON, near=st.integers(0, 4), neighbours=AROUND)
@settings(max_examples=400, deadline=None)
def test_what_is_not_possible_is_never_likely(
    fit: Fit, counts: tuple[int, int, int], common: float, near: int, neighbours: tuple[str, ...]
) -> None:
    """Cells are not even looked at where it is not possible."""
    some = detector(common=common, near=NEAR[:near])
    cells, looks, known = counts
    weights = weigh(clue(fit, cells=cells, looks=looks, known=known), some, neighbours)
    assert possible(some, fit) or score(weights) < 0.5


@given(
    fit=st.sampled_from([Fit.HINTS, Fit.MUTE, Fit.OTHER, Fit.DENIES]),
    cells=st.integers(1, 1_024),
    common=COMMON.filter(lambda common: common < 1),
)
@settings(max_examples=100, deadline=None)
def test_without_a_known_cell_only_a_name_that_says_so_is_enough(fit: Fit, cells: int, common: float) -> None:
    assert scored(fit, (cells, cells, 0), common, NEAR) < 0.5


@pytest.mark.parametrize(
    ("fit", "texts", "named", "role", "expected"),
    [
        (Fit.OTHER, 200, 200, Role.DIRECT, True),
        (Fit.OTHER, 200, 20, Role.DIRECT, True),
        (Fit.OTHER, 200, 2, Role.DIRECT, False),
        (Fit.OTHER, 5, 1, Role.DIRECT, False),
        (Fit.OTHER, 5, 2, Role.DIRECT, True),
        (Fit.OTHER, 0, 0, Role.DIRECT, False),
        (Fit.SAYS, 200, 200, Role.HEALTH, True),
        (Fit.DENIES, 200, 200, Role.DIRECT, False),
        (Fit.OTHER, 200, 200, Role.QUASI, False),
    ],
)
def test_sentences_tell_it_where_enough_of_them_name_it(
    fit: Fit, texts: int, named: int, role: Role, expected: bool
) -> None:
    assert told(clue(fit, texts=texts, named=named), detector(role=role)) is expected


@pytest.mark.parametrize("fit", [Fit.HINTS, Fit.MUTE, Fit.OTHER])
def test_where_values_say_nothing_neighbours_make_no_finding(fit: Fit) -> None:
    assert not likely(fit, neighbours=NEAR, common=1.0, known=0)
    assert not possible(detector(common=1.0), fit)


@pytest.mark.parametrize(
    ("fit", "role", "common", "expected"),
    [
        (Fit.MUTE, Role.DIRECT, 0.002, False),
        (Fit.OTHER, Role.DIRECT, 0.002, False),
        (Fit.HINTS, Role.DIRECT, 0.002, True),
        (Fit.MUTE, Role.DIRECT, 0.0002, True),
        (Fit.MUTE, Role.QUASI, 0.002, True),
    ],
    ids=["no name", "another name", "a name that hints", "rare elsewhere", "a country"],
)
def test_one_cell_is_no_person_where_many_columns_look_so(fit: Fit, role: Role, common: float, expected: bool) -> None:
    """A county that all rows stand in is called ``Howard``."""
    weights = weigh(clue(fit, cells=1, looks=1, known=1), detector(common=common, role=role), NEAR)
    assert (score(weights) >= 0.5) is expected

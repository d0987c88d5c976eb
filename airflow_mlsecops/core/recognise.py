"""How likely it is that a column holds a kind of sensitive data, weighed in bits that can be read one by one.

Each piece of evidence shifts the odds: a weight of 3 bits makes them eight times as high (I. J. Good, "Probability and
the Weighing of Evidence", 1950). A column holds the entity where the odds are at least even. What a pattern *proved* in
single cells is a finding whatever the column's odds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from math import log2
from typing import NamedTuple

from airflow_mlsecops.core.clue import Clue, Fit
from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Role

PRIOR = -6.0
"""One column of some sixty holds any one entity."""

_NAME = {Fit.SAYS: 9.0, Fit.HINTS: 4.0, Fit.MUTE: 0.0, Fit.OTHER: -2.0, Fit.DENIES: -8.0}
# By how many entities that usually stand beside it do: a customer table is told by more than one column.
_NEAR = (0.0, 1.5, 2.5, 3.5)
# By the share of cells that are known, what part of the full weight they have.
_KNOWN = ((0.85, 1.0), (0.7, 0.9), (0.5, 0.7), (0.35, 0.4), (0.2, 0.15))
# By the share of cells that at least look right, where the name says so.
_LOOKS = ((0.5, 0.0), (0.2, -4.0), (0.05, -8.0))
_FOREIGN = -12.0
_UNKNOWN_CELLS = -3.0
# Of direct identifiers that so many other columns seem to be, one cell tells nothing.
_WEAK = 0.001
# Most cells repeat a part of what another column holds: no accident, whatever they look like.
_REPEATED, _REPEATED_SHARE = 12.0, 0.5
# Sentences in which it must be named, so that one odd word of many thousand does not decide.
_TOLD_SHARE, _TOLD_LEAST = 0.1, 2


class Weight(NamedTuple):
    """One piece of evidence: what it is, for people, and how many bits it adds to the odds."""

    evidence: str
    bits: float


def weigh(clue: Clue, detector: Detector, neighbours: Collection[str]) -> tuple[Weight, ...]:
    """Every piece of evidence that a whole column of this entity stands here.

    :param neighbours: entities found in the other columns of the table
    """
    if detector.cell_pattern is None or clue.cells == 0:
        return ()
    return tuple(_weights(clue, detector, neighbours))


def possible(detector: Detector, fit: Fit) -> bool:
    """True if cells and neighbours together could ever outweigh what the column's name says."""
    near = _NEAR[min(len(_near(detector, fit)), 3)]
    return fit is Fit.SAYS or PRIOR + _NAME[fit] + near + log2(1 / detector.common) >= 0


def score(weights: Collection[Weight]) -> float:
    """Probability, 0 to 1; 0 without any evidence."""
    if not weights:
        return 0.0
    bits = sum(weight.bits for weight in weights)
    return float(1 / (1 + 2 ** max(-60.0, min(60.0, -bits))))


def told(clue: Clue, detector: Detector) -> bool:
    """True if enough of a column's sentences name it; towns and ages are named in sentences about anything."""
    enough = clue.told >= max(_TOLD_LEAST, _TOLD_SHARE * clue.texts)
    return enough and clue.fit is not Fit.DENIES and detector.entity.role is not Role.QUASI


def _weights(clue: Clue, detector: Detector, neighbours: Collection[str]) -> Iterator[Weight]:
    yield Weight("before looking", PRIOR)
    yield Weight(f"the column's name {clue.fit}", _NAME[clue.fit])
    if clue.fit is Fit.SAYS:
        share = clue.looks / clue.cells
        yield Weight(f"{share:.0%} of {clue.cells:,} distinct cells look like it", _step(share, _LOOKS, _FOREIGN))
    yield from _known(clue, detector)
    if clue.repeated >= _REPEATED_SHARE * clue.cells:
        share = clue.repeated / clue.cells
        yield Weight(f"{share:.0%} of {clue.cells:,} distinct cells repeat a part of another column's", _REPEATED)
    near = sorted(set(_near(detector, clue.fit)) & set(neighbours))
    if near:
        yield Weight(f"{', '.join(near)} in the same table", _NEAR[min(len(near), 3)])


def _near(detector: Detector, fit: Fit) -> tuple[str, ...]:
    # Where values say nothing, neighbours and a hint would make anything a finding.
    return detector.near if fit is Fit.SAYS or detector.common < 1 else ()


def _known(clue: Clue, detector: Detector) -> Iterator[Weight]:
    most = log2(1 / detector.common)
    share = clue.known / clue.cells
    looks = clue.looks / clue.cells
    # One word alone that is a name is another word as often: ``HoR``, ``Pagi``.
    weak = detector.least > 0 or (_is_of_persons(detector) and clue.fit is not Fit.HINTS)
    single = weak and clue.cells == 1
    if (looks < detector.least or single) and clue.fit is not Fit.SAYS:
        yield Weight(f"only {looks:.0%} of {clue.cells:,} distinct cells could be it", _UNKNOWN_CELLS)
        return
    part = _step(share, _KNOWN, 0.0)
    # Few cells agree by chance more easily than many.
    bits = most * part * clue.known / (clue.known + 1) if part else _UNKNOWN_CELLS
    # Where the name says so, cells that merely look right are expected: malformed numbers, unheard-of names.
    if most > 0 and (part or clue.fit is not Fit.SAYS):
        what = "are known to be it" if detector.known else "look like it and like little else"
        yield Weight(f"{share:.0%} of {clue.cells:,} distinct cells {what}", bits)


def _is_of_persons(detector: Detector) -> bool:
    """True for names and the like, which the one word of a constant column is by chance: ``Howard``, ``Harrison``."""
    return detector.entity.role is Role.DIRECT and detector.common >= _WEAK


def _step(share: float, steps: tuple[tuple[float, float], ...], otherwise: float) -> float:
    return next((value for least, value in steps if share >= least), otherwise)

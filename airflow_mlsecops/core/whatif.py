"""What would turn an answer into its opposite: other evidence, weighed by the very function that weighs the real one.

Only what a person can change or wait for is considered: the column's name, its neighbours, and how many cells agree.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from airflow_mlsecops.core.clue import Clue, Fit
from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.recognise import score, told, weigh

Near = frozenset[str]
# Nobody waits for more cells than the sample of a column holds.
_MOST = 1024
_RARE = 0.1
# More of them weigh no more.
_NEIGHBOURS = 3


def tells(detector: Detector) -> bool:
    """True if hardly any other column is full of cells that this detector knows: to be known means something."""
    return detector.known is not None and detector.common < _RARE


class Change(NamedTuple):
    """Evidence under which the answer would be the opposite.

    :param what: how it differs from what is there, for people
    :param steps: how many things would have to differ
    """

    what: str
    clue: Clue
    near: Near
    steps: int


def holds(clue: Clue, detector: Detector, near: Collection[str]) -> bool:
    """True if this evidence makes a finding."""
    return clue.proven > 0 or told(clue, detector) or score(weigh(clue, detector, near)) >= 0.5


def changes(clue: Clue, detector: Detector, near: Near) -> tuple[Change, ...]:
    """The smallest changes of the evidence that would change the answer; none where no such change would.

    What a pattern proved in a cell stays proven whatever stands around it.
    """
    if clue.proven:
        return ()
    every = tuple(_losses(clue, detector, near) if holds(clue, detector, near) else _gains(clue, detector, near))
    fewest = min((change.steps for change in every), default=0)
    return tuple(change for change in every if change.steps == fewest)


def _gains(clue: Clue, detector: Detector, near: Near) -> Iterator[Change]:
    """Every change that would make it a finding."""
    for (name, fit), (beside, around) in product(_other_names(clue, detector), _other_tables(detector, near)):
        named, words = clue.model_copy(update={"fit": fit}), (*name, *beside)
        if words and holds(named, detector, around):
            yield Change(_and(words), named, around, len(words))
        elif number := _more(named, detector, around):
            more = f"{number:,} more distinct {_cells(detector, fit, number)}"
            yield Change(_and((*words, more)), _with(named, number), around, len(words) + 1)
    number = _first(clue.texts - clue.told + 1, lambda more: told(_told(clue, more), detector))
    if clue.told + number <= clue.texts:
        noun = "sentence" if number == 1 else "sentences"
        yield Change(f"{number:,} more {noun} of {clue.texts:,} that name it", _told(clue, number), near, 1)


def _other_names(clue: Clue, detector: Detector) -> Iterator[tuple[tuple[str, ...], Fit]]:
    yield (), clue.fit
    if clue.fit is Fit.DENIES:
        yield ("a column name that does not deny it",), Fit.MUTE
    if detector.names and clue.fit is not Fit.SAYS:
        yield (f"a column name such as `{detector.names[0]}`",), Fit.SAYS
    if detector.hints and clue.fit not in (Fit.SAYS, Fit.HINTS):
        yield (f"a word such as `{detector.hints[0]}` in the column's name",), Fit.HINTS


def _other_tables(detector: Detector, near: Near) -> Iterator[tuple[tuple[str, ...], Near]]:
    missing = [entity for entity in detector.near if entity not in near]
    for number in range(len(missing[:_NEIGHBOURS]) + 1):
        more = missing[:number]
        yield tuple(f"{entity} in another column of the table" for entity in more), near | set(more)


def _more(clue: Clue, detector: Detector, near: Near) -> int:
    """How many more cells that agree would do; 0 if no number would."""
    if detector.cell_pattern is None:
        return 0
    number = _first(_MOST + 1, lambda more: holds(_with(clue, more), detector, near))
    return number if number <= _MOST else 0


def _with(clue: Clue, more: int) -> Clue:
    known = 0 if clue.fit is Fit.SAYS else more
    seen = {"cells": clue.cells + more, "looks": clue.looks + more, "known": clue.known + known}
    return clue.model_copy(update=seen)


def _cells(detector: Detector, fit: Fit, number: int) -> str:
    one = number == 1
    noun, look, are = ("cell", "looks", "is") if one else ("cells", "look", "are")
    if fit is Fit.SAYS or detector.known is None:
        return f"{noun} that {look} like it"
    return f"{noun} whose check passes" if detector.checked else f"{noun} that {are} known to be one"


def _told(clue: Clue, more: int) -> Clue:
    return clue.model_copy(update={"told": clue.told + more})


def _losses(clue: Clue, detector: Detector, near: Near) -> Iterator[Change]:
    """Every change that would unmake it."""
    other = clue.model_copy(update={"fit": Fit.OTHER})
    beside = sorted(set(detector.near) & near)
    alone = near - set(beside)
    if not holds(clue, detector, alone):
        yield Change(f"a table without {' and '.join(beside)}", clue, alone, 1)
    if clue.fit in (Fit.SAYS, Fit.HINTS) and not holds(other, detector, near):
        yield Change("a column name that says something else", other, near, 1)
    elif clue.fit in (Fit.SAYS, Fit.HINTS) and beside and not holds(other, detector, alone):
        what = f"a column name that says something else, and a table without {' and '.join(beside)}"
        yield Change(what, other, alone, 2)
    yield from _fewer(clue, detector, near)


def _fewer(clue: Clue, detector: Detector, near: Near) -> Iterator[Change]:
    least = _first(clue.looks + 1, lambda looks: holds(_only(clue, looks), detector, near))
    if 0 < least <= clue.looks:
        said = "looking like it" if clue.fit is Fit.SAYS or detector.known is None else "known to be one"
        few = "none" if least == 1 else f"fewer than {least:,}"
        yield Change(f"{few} of its {clue.cells:,} distinct cells {said}", _only(clue, least - 1), near, 1)


def _only(clue: Clue, looks: int) -> Clue:
    return clue.model_copy(update={"looks": looks, "known": min(clue.known, looks)})


def _and(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _first(end: int, true: Callable[[int], bool]) -> int:
    """The first number below ``end`` for which something holds that holds for every larger one too."""
    return bisect_left(range(end), True, key=true)

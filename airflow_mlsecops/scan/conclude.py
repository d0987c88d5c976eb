"""From counts to what a dataset holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from airflow_mlsecops.core.classification import Classification, Column, How, Sighting, together
from airflow_mlsecops.core.clue import Clue, Fit
from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.recognise import Weight, score, told, weigh
from airflow_mlsecops.scan.chance import by_chance
from airflow_mlsecops.scan.clues import Counts, Looked, Values, look, read, values_of
from airflow_mlsecops.scan.echoes import Echoes
from airflow_mlsecops.scan.headless import is_headless
from airflow_mlsecops.scan.naming import Names
from airflow_mlsecops.scan.nested import KEYS
from airflow_mlsecops.scan.paths import name_of, shown_paths
from airflow_mlsecops.scan.tally import Counted, LeafTally, Tally

Counting = TypeVar("Counting", Column, Sighting)

LIKELY = 0.4
"""How likely a neighbour has to be by itself: of two columns that are nearly sure, each makes the other so."""
_STRENGTH = {how: rank for rank, how in enumerate(How)}


@dataclass(frozen=True, slots=True, repr=False)
class Weighed:
    """All that is known of one detector in one column.

    :param found: values that whole cells of the sample hold; kept for tracing, never shown
    """

    column: str
    detector: Detector
    clue: Clue
    weights: tuple[Weight, ...]
    score: float
    sighting: Sighting | None
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """One detector in one column, before its neighbours are known."""

    leaf: LeafTally
    detector: Detector
    clue: Clue
    looked: Looked
    texts: tuple[Counts, Counts]
    values: Values


@dataclass(frozen=True, slots=True, repr=False)
class Conclusion:
    """What a scan says at its end; it has no repr, since paths may hold data.

    :param weighed: the evidence for and against it
    :param shown: what the path of each leaf is called, keys that are data left out
    """

    classification: Classification
    weighed: tuple[Weighed, ...]
    shown: dict[str, str]


def conclude(
    tally: Tally, detectors: Sequence[Detector], names: Names, ruleset: str, rows_present: int | None
) -> Conclusion:
    """What was found, and the evidence for and against it."""
    leaves = tally.leaves()
    # A column may be called as a field of another is: each is looked at by itself.
    values = {id(leaf): values_of(leaf.sample.values(), leaf.sample.distinct) for leaf in leaves}
    otherwise = Fit.MUTE if is_headless(leaves, values, detectors, names) else Fit.OTHER
    echoes = Echoes(leaves, values, detectors)
    cases = [case for leaf in leaves for case in _cases(leaf, values[id(leaf)], detectors, names, otherwise, echoes)]
    near = _neighbours(cases)
    shown = shown_paths(leaves, frozenset(_of_data(cases, near)))
    weighed = tuple(_weighed(case, near[case.leaf.path], shown[id(case.leaf)]) for case in cases)
    found = {one.column for one in weighed if one.sighting}
    columns = together(_column(leaf, values[id(leaf)], shown[id(leaf)]) for leaf in leaves)
    sightings = _sightings(one.sighting for one in _special(weighed) if one.sighting)
    classification = Classification(
        # Keys are told of only where they hold something: they are fields nearly everywhere.
        columns=tuple(
            _at_most(one, tally.rows) for one in columns if not one.name.endswith(f".{KEYS}") or one.name in found
        ),
        sightings=tuple(_at_most(one, tally.rows) for one in sightings),
        rows_scanned=tally.rows,
        rows_present=rows_present,
        skipped=tally.skipped(),
        ruleset=ruleset,
    )
    # Columns of one path: that of the one of which less may be told.
    told = sorted(((leaf.path, shown[id(leaf)]) for leaf in leaves), key=lambda pair: pair[0] != pair[1])
    return Conclusion(classification, weighed, tally.moved | dict(told))


def _of_data(cases: Iterable[_Case], near: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, str]]:
    """Columns and paths of objects whose keys, taken together, are something sensitive: none of them is a field."""
    for case in cases:
        if case.leaf.path.endswith(f".{KEYS}") and score(weigh(case.clue, case.detector, near[case.leaf.path])) >= 0.5:
            yield case.leaf.column, case.leaf.path.removesuffix(f".{KEYS}")


def _at_most(one: Counting, rows: int) -> Counting:
    # A row counts once for each of the keys that share a path.
    return one if one.rows <= rows else one.model_copy(update={"rows": rows})


def _cases(
    leaf: LeafTally, values: Values, detectors: Sequence[Detector], names: Names, otherwise: Fit, echoes: Echoes
) -> Iterator[_Case]:
    for detector in detectors:
        fit = names.fit(detector, name_of(leaf.path))
        fit = otherwise if fit is Fit.OTHER else fit
        counted = leaf.counted.get(detector) or Counted()
        lucky = counted.proven if fit not in (Fit.SAYS, Fit.HINTS) and by_chance(detector, counted, leaf, values) else 0
        counted = Counted() if lucky else counted
        repeated = echoes.repeated(detector, values) if detector.repeats else 0
        # What is repeated is looked at as closely as what a name hints at.
        looked = look(detector, values, Fit.HINTS if repeated and fit is not Fit.SAYS else fit)
        texts = read(detector, values)
        if not (fit is Fit.SAYS or counted.proven or lucky or looked.looks.cells or texts[1].cells):
            continue
        clue = Clue(
            detector=detector.name,
            entity=detector.entity.name,
            fit=fit,
            validated=counted.validated,
            proven=counted.proven,
            lucky=lucky,
            alike=counted.alike,
            cells=looked.cells,
            looks=looked.looks.cells,
            known=looked.known.cells,
            repeated=min(repeated, looked.looks.cells),
            texts=texts[0].cells,
            told=texts[1].cells,
        )
        yield _Case(leaf, detector, clue, looked, texts, values)


def _neighbours(cases: Iterable[_Case]) -> dict[str, frozenset[str]]:
    """For every column the entities that stand in the others, as far as each is sure by itself."""
    columns: dict[str, set[str]] = defaultdict(set)
    entities: dict[str, set[str]] = {}
    for case in cases:
        entities.setdefault(case.leaf.path, set())
        if case.clue.proven or score(weigh(case.clue, case.detector, ())) >= LIKELY:
            columns[case.clue.entity].add(case.leaf.path)
    return {path: frozenset(entity for entity, places in columns.items() if places - {path}) for path in entities}


def _special(weighed: Iterable[Weighed]) -> Iterator[Weighed]:
    """All but what another detector says more exactly of the same column."""
    every = list(weighed)
    exact = {
        (one.column, one.detector.entity.role)
        for one in every
        if one.sighting and not one.detector.general and one.clue.fit in (Fit.SAYS, Fit.HINTS)
    }
    for one in every:
        if not (one.detector.general and not one.clue.proven and (one.column, one.detector.entity.role) in exact):
            yield one


def _weighed(case: _Case, neighbours: frozenset[str], shown: str) -> Weighed:
    weights = weigh(case.clue, case.detector, neighbours)
    likely = score(weights)
    sighting = _sighting(case, likely, shown)
    found = case.looked.found if likely >= 0.5 else ()
    return Weighed(shown, case.detector, case.clue, weights, likely, sighting, found)


def _sighting(case: _Case, likely: float, shown: str) -> Sighting | None:
    clue, whole = case.clue, likely >= 0.5
    rows, estimated = _rows(case, whole=whole)
    if not rows:
        return None
    if clue.validated >= rows:
        how = How.VALIDATED
    elif clue.proven >= rows:
        how = How.PATTERN
    else:
        how = How.NAME if whole and clue.fit in (Fit.SAYS, Fit.HINTS) else How.VALUES
    sure = max(likely if whole else 0.0, _SURE_PROOF if clue.proven else 0.0, _SURE_TOLD)
    return Sighting(column=shown, entity=clue.entity, rows=rows, how=how, estimated=estimated, score=round(sure, 4))


_SURE_PROOF, _SURE_TOLD = 0.99, 0.6


def _rows(case: _Case, *, whole: bool) -> tuple[int, bool]:
    """Rows that hold the entity, and whether that is an estimate."""
    clue, looked = case.clue, case.looked
    if whole and clue.fit is Fit.SAYS:
        # Every row was counted whose cell has the shape; of the sampled ones, so many really look like it.
        shaped = clue.alike - clue.proven
        part = looked.looks.cells / looked.shaped.cells if looked.shaped.cells else 0.0
        return max(clue.proven + round(shaped * part), 1), part < 1.0 and not case.leaf.sample.complete
    if whole:
        shown = looked.looks if clue.fit is Fit.HINTS or clue.repeated else looked.known
        return max(clue.proven, _scaled(shown.rows, case)), not case.leaf.sample.complete
    if told(clue, case.detector):
        read_rows, told_rows = case.texts[0].rows, case.texts[1].rows
        share = told_rows / read_rows if read_rows else 0.0
        prose = _scaled(sum(rows for _, rows in case.values.texts), case)
        return max(clue.proven, round(share * prose), 1), True
    return clue.proven, False


def _scaled(rows: int, case: _Case) -> int:
    """Rows in the whole column, from those that sampled values stand for."""
    filled = case.leaf.rows - case.leaf.nulls
    of = case.values.of
    return rows if of == filled or not of else max(1, round(rows * filled / of))


def _column(leaf: LeafTally, values: Values, shown: str) -> Column:
    return Column(
        name=shown,
        type=" or ".join(sorted(leaf.types)),
        rows=leaf.rows,
        nulls=leaf.nulls,
        distinct=leaf.sample.distinct,
        prose=values.prose,
    )


def _sightings(found: Iterable[Sighting]) -> tuple[Sighting, ...]:
    """One for each column and entity: detectors of one entity count each row once, so that their rows add up."""
    together: dict[tuple[str, str], Sighting] = {}
    for one in found:
        known = together.get((one.column, one.entity))
        together[one.column, one.entity] = one if known is None else _both(known, one)
    return tuple(together[key] for key in sorted(together))


def _both(one: Sighting, two: Sighting) -> Sighting:
    counted = not (one.estimated or two.estimated) and one.how in _PROOFS and two.how in _PROOFS
    return one.model_copy(
        update={
            "rows": one.rows + two.rows if counted else max(one.rows, two.rows),
            "how": max(one.how, two.how, key=_STRENGTH.__getitem__),
            "estimated": one.estimated or two.estimated,
            "score": max(one.score, two.score),
        }
    )


_PROOFS = (How.VALIDATED, How.PATTERN)

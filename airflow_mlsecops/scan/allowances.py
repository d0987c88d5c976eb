"""Allow rules while data is scanned: what they allow is found apart, counted row by row, and is no sighting.

A detector whose values may be allowed becomes two for each rule: one that no longer finds what is allowed, and one that
finds that alone. Both are of the same entity, so that the scan counts each row once. Whether a *column* is one of the
entity is weighed over all its cells, allowed or not: a list of test persons must not make a real one look unlikely.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from airflow_mlsecops.core.allow import ANY, EVERYWHERE, Allow, value_id
from airflow_mlsecops.core.classification import Allowed, Classification, How, Sighting
from airflow_mlsecops.core.clue import Fit
from airflow_mlsecops.core.detector import Detector, Span, spelling
from airflow_mlsecops.core.glob import matches
from airflow_mlsecops.core.policy import Policy
from airflow_mlsecops.scan.conclude import Weighed
from airflow_mlsecops.scan.pattern import linear

_MARK = "\0"
_PROOFS = (How.VALIDATED, How.PATTERN)
_STRENGTH = {how: rank for rank, how in enumerate(How)}
# The sample of a column holds at least 64 distinct values: of fewer it holds all.
_ALL_SEEN = 60

_Find = Callable[[str], Iterable[Span]]


@dataclass(frozen=True)
class Rule:
    """One allow rule that is in force; its repr tells what it allows, and never the key."""

    index: int
    said: Allow
    key: bytes | None = field(repr=False)
    _values: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_values", frozenset(self.said.values))

    def about(self, entity: str) -> bool:
        """True if it speaks of an entity."""
        return self.said.entity in (entity, ANY)

    def covers(self, column: str) -> bool:
        """True if it speaks of a column."""
        return matches(self.said.column, column)

    def allows(self, entity: str, text: str, value: str) -> bool:
        """True if it allows a value, as it stands there and in one spelling."""
        if self.said.pattern and linear(self.said.pattern).fullmatch(text):
            return True
        return self.key is not None and bool(self._values) and value_id(self.key, entity, value) in self._values


@dataclass(frozen=True, repr=False)
class _Found:
    """What a detector finds, as far as the first rule that allows it is the one wanted.

    :param wanted: its index; ``None``: what no rule allows
    """

    find: _Find
    entity: str
    rules: tuple[Rule, ...]
    wanted: int | None

    def __repr__(self) -> str:
        return f"{_name(self.find)} {self.entity} {self.rules} {self.wanted}"

    def __call__(self, run: str) -> Iterator[Span]:
        for start, end, value in self.find(run):
            rule = _first(self.rules, self.entity, run[start:end], value)
            if (rule.index if rule else None) == self.wanted:
                yield start, end, value


@dataclass(frozen=True, repr=False)
class _Marked:
    """What a cell holds, marked with the rule that allows it."""

    cell: Callable[[str], str]
    entity: str
    rules: tuple[Rule, ...]

    def __repr__(self) -> str:
        return f"{_name(self.cell)} {self.entity} {self.rules}"

    def __call__(self, cell: str) -> str:
        value = self.cell(cell)
        rule = _first(self.rules, self.entity, cell, value) if value else None
        return f"{_MARK}{rule.index}{_MARK}{value}" if rule else value


class Allowances:
    """The allow rules that speak of one dataset and are in force."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        # What is allowed anywhere comes first, so that no rule for one column takes a value from it.
        self._rules = tuple(sorted(rules, key=lambda rule: (rule.said.column != EVERYWHERE, rule.index)))
        self._by_value = tuple(rule for rule in self._rules if not rule.said.whole)
        self._companions: dict[str, Rule] = {}

    def detectors(self, detectors: Iterable[Detector]) -> tuple[Detector, ...]:
        """The detectors that find what is not allowed, and beside them those that find what is."""
        return tuple(one for detector in detectors for one in self._apart(detector))

    def apply(self, found: Classification, weighed: Sequence[Weighed]) -> Classification:
        """What was found, without what is allowed."""
        if not self._rules:
            return found
        sightings, rows = self._kept(found, weighed)
        allowed = tuple(
            Allowed(column=column, entity=entity, rows=count, rule=rule)
            for (column, entity, rule), count in sorted(rows.items())
        )
        return found.model_copy(update={"sightings": sightings, "allowed": allowed})

    def _apart(self, detector: Detector) -> Iterator[Detector]:
        entity = detector.entity.name
        rules = tuple(rule for rule in self._by_value if rule.about(entity))
        if not rules:
            yield detector
            return
        found = _Found(detector.find, entity, rules, None)
        yield replace(detector, find=found, sure=None, bulk=None, cell=_Marked(detector.cell, entity, rules))
        for rule in rules if detector.pattern is not None else ():
            # Named behind its own detector, so that a row with both counts for what is not allowed.
            name = f"{detector.name} allowed by {rule.index}"
            self._companions[name] = rule
            yield _companion(detector, name, replace(found, wanted=rule.index))

    def _kept(
        self, found: Classification, weighed: Sequence[Weighed]
    ) -> tuple[tuple[Sighting, ...], dict[tuple[str, str, int], int]]:
        distinct = {column.name: column.distinct for column in found.columns}
        evidence: dict[tuple[str, str], list[Weighed]] = defaultdict(list)
        for one in weighed:
            if one.sighting:
                evidence[one.column, one.detector.entity.name].append(one)
        kept: list[Sighting] = []
        rows: dict[tuple[str, str, int], int] = defaultdict(int)
        for sighting in found.sightings:
            pair = (sighting.column, sighting.entity)
            rest, gone = self._parted(sighting, evidence[pair], distinct.get(sighting.column))
            for rule, count in gone:
                rows[*pair, rule] += count
            whole = next((rule for rule in self._rules if self._whole(rule, pair)), None)
            if rest and whole:
                rows[*pair, whole.index] += rest.rows
            elif rest:
                kept.append(rest)
        return tuple(kept), rows

    @staticmethod
    def _whole(rule: Rule, pair: tuple[str, str]) -> bool:
        return rule.said.whole and rule.about(pair[1]) and rule.covers(pair[0])

    def _parted(
        self, sighting: Sighting, ones: Sequence[Weighed], distinct: int | None
    ) -> tuple[Sighting | None, list[tuple[int, int]]]:
        """What stays of a sighting, and each rule that allows the rest with its rows."""
        if not any(one.detector.name in self._companions or self._all_of(one, distinct) for one in ones):
            return sighting, []
        return self._rest(ones, distinct), [pair for pair in self._gone(ones, distinct) if pair[1]]

    def _gone(self, ones: Sequence[Weighed], distinct: int | None) -> Iterator[tuple[int, int]]:
        """Each rule that allows values in a column, with the rows that hold them and nothing else of the entity."""
        counted = 0
        for one in ones:
            rule = self._companions.get(one.detector.name)
            if rule and rule.covers(one.column) and one.sighting:
                counted += one.sighting.rows
                yield rule.index, one.sighting.rows
        # Detectors of one entity that judge whole cells look at the same ones.
        cells: dict[int, int] = defaultdict(int)
        for one in ones:
            rule = self._all_of(one, distinct)
            if rule and one.sighting:
                # What the name says was counted over rows that no companion had; estimates hold them all.
                disjoint = one.clue.fit is Fit.SAYS
                rows = one.clue.alike if disjoint else max(0, one.sighting.rows - counted)
                cells[rule.index] = max(cells[rule.index], rows)
        yield from cells.items()

    def _rest(self, ones: Sequence[Weighed], distinct: int | None) -> Sighting | None:
        """What stays found: without the values that are allowed in this column, with those allowed elsewhere."""
        rest: list[Weighed] = []
        for one in ones:
            rule = self._companions.get(one.detector.name)
            if not (rule.covers(one.column) if rule else self._all_of(one, distinct)):
                rest.append(one)
        return _together(rest)

    def _all_of(self, one: Weighed, distinct: int | None) -> Rule | None:
        """The rule that allows all that whole cells of a column hold, as far as every single one was looked at."""
        if one.detector.name in self._companions or one.clue.proven:
            return None
        rules = tuple(rule for rule in self._by_value if rule.about(one.detector.entity.name))
        if one.clue.fit is Fit.SAYS and one.detector.pattern is not None and one.clue.alike == 0:
            # Each row that looks like it was counted by a companion.
            return next((rule for rule in rules if rule.covers(one.column)), None)
        exact = one.clue.fit is not Fit.SAYS and one.sighting is not None and not one.sighting.estimated
        if not one.found or not (exact or (distinct is not None and distinct < _ALL_SEEN)):
            return None
        marks = {value.split(_MARK)[1] if value.startswith(_MARK) else "" for value in one.found}
        allowing = [rule for rule in rules if str(rule.index) in marks and rule.covers(one.column)]
        return allowing[0] if len(allowing) == len(marks) else None


NO_ALLOWANCES = Allowances()


def allowances(policy: Policy, identity: str, today: date, key: bytes | None) -> Allowances:
    """The allow rules of a policy for one dataset.

    :param key: the secret that values are keyed with; ``None``: no value is allowed
    """
    said = ((index, rule) for index, rule in enumerate(policy.allow))
    return Allowances(
        Rule(index, rule, key) for index, rule in said if rule.speaks_of(identity) and not rule.ended(today)
    )


def _first(rules: tuple[Rule, ...], entity: str, text: str, value: str) -> Rule | None:
    return next((rule for rule in rules if rule.allows(entity, text, value)), None)


def _companion(detector: Detector, name: str, find: _Found) -> Detector:
    return replace(
        detector,
        name=name,
        find=find,
        sure=None,
        bulk=None,
        cell_pattern=None,
        cell=spelling,
        known=None,
        prose=None,
        near=(),
    )


def _together(rest: Sequence[Weighed]) -> Sighting | None:
    """One sighting of several detectors of an entity, each of which counted other rows unless it estimated."""
    sightings = [one.sighting for one in rest if one.sighting]
    if not sightings:
        return None
    counted = all(one.how in _PROOFS and not one.estimated for one in sightings)
    said = any(one.clue.fit is Fit.SAYS and one.clue.alike > one.clue.proven for one in rest)
    rows = [one.rows for one in sightings]
    return sightings[0].model_copy(
        update={
            "rows": sum(rows) if counted or said else max(rows),
            "how": max((one.how for one in sightings), key=_STRENGTH.__getitem__),
            "estimated": any(one.estimated for one in sightings),
            "score": max(one.score for one in sightings),
        }
    )


def _name(function: object) -> str:
    """What tells a function from another in every process; a callable object has a repr of its own."""
    name = getattr(function, "__qualname__", None)
    return f"{getattr(function, '__module__', '')}.{name}" if name else repr(function)

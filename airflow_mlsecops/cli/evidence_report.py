"""What detectors made of a column, as people read it or as part of a JSON document; value-free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.core.clue import Fit
from airflow_mlsecops.core.recognise import score
from airflow_mlsecops.core.whatif import tells

if TYPE_CHECKING:
    from airflow_mlsecops.cli.screen import Screen
    from airflow_mlsecops.core.detector import Detector
    from airflow_mlsecops.core.policy import Policy
    from airflow_mlsecops.scan.cells import Mark
    from airflow_mlsecops.scan.evidence import Evidence

Places = Mapping["Mark", Sequence[int]]
"""By what a detector says of a cell: the positions of such cells."""
_NEAREST = 5
_NAMES = 6
_PLACES = 12
_ANY_TEXT = "any text"
_INDENT = "      "


def document(one: Evidence, places: Places, policy: Policy) -> dict[str, Any]:
    """One detector's part of a JSON document.

    :param places: positions of the cells, where single cells were asked about
    :param policy: says how sensitive it is
    """
    entity, clue, seen = one.detector.entity, one.clue, one.sighting
    return {
        "column": one.column,
        "detector": one.detector.name,
        "entity": entity.name,
        "title": entity.title,
        "role": entity.role.value,
        "level": policy.level_of(entity).value,
        "found": seen is not None,
        "how": seen.how.value if seen else None,
        "rows": seen.rows if seen else 0,
        "rows_estimated": seen.estimated if seen else False,
        "score": round(_score(one), 4),
        "bits": None if one.bits is None else round(one.bits, 1),
        "weights": [{"evidence": weight.evidence, "bits": round(weight.bits, 1)} for weight in one.weights],
        "name": clue.fit.value,
        "check": one.detector.checked,
        "counts": clue.model_dump(mode="json", exclude={"detector", "entity", "fit"}),
        "cells": {said.name.lower(): list(positions) for said, positions in places.items()},
        "would_change": wishes(one),
    }


def wishes(one: Evidence) -> list[str]:
    """What would change the answer, each by itself."""
    told = [change.what for change in one.changes]
    if one.sighting is None and one.detector.pattern is not None:
        check = " and its check passes" if one.detector.checked else ""
        told.append(f"one cell in which its pattern stands{check}")
    return told


def telling(every: Iterable[Evidence], failed: frozenset[Detector] = frozenset()) -> list[Evidence]:
    """What was found, then what came near, nearest first.

    :param failed: detectors whose pattern stood in a cell, but whose check failed
    """
    found, near = [], []
    for one in every:
        if one.sighting is not None:
            found.append(one)
        elif one.detector in failed or _came_near(one):
            near.append(one)
    order = sorted(near, key=lambda one: (one.detector not in failed, -(one.bits or -99.0), one.detector.name))
    return [*found, *order[:_NEAREST]]


def by_name_alone(every: Iterable[Evidence]) -> Iterator[tuple[str, str]]:
    """Titles of what the column would be taken for under another name, with such a name.

    Whatever takes any text at all is left out: that says nothing of these cells.
    """
    for one in every:
        clue, says = one.clue, one.detector.names
        plausible = one.sighting is None and says and 2 * clue.looks >= clue.cells > 0
        if plausible and not _takes_anything(one) and _named_it_would_be(one):
            yield one.detector.entity.title, says[0]


def _named_it_would_be(one: Evidence) -> bool:
    return any(change.clue.fit is Fit.SAYS and change.steps == 1 for change in one.changes)


def tell(screen: Screen, one: Evidence, places: Places, rows: int, policy: Policy) -> None:
    """Print what one detector made of a column.

    :param rows: of the column
    :param policy: says how sensitive it is
    """
    from airflow_mlsecops.core.words import share

    entity, seen = one.detector.entity, one.sighting
    word, style = ("FOUND", "bold red") if seen else ("not found", "bold")
    level = policy.level_of(entity).value
    kind = f"{entity.name}, {entity.role.value}, {level}; detector {one.detector.name}"
    screen.line()
    screen.line(f"{word}  {entity.title}  ({kind})", style=style)
    if seen is not None:
        about = "about " if seen.estimated else ""
        screen.line(f"  in {about}{seen.rows:,} of {rows:,} rows ({share(seen.rows / max(1, rows))}), {seen.how.value}")
    for said, positions in places.items():
        screen.line(f"  {_positions(positions)}: {said.value}")
    if one.clue.lucky:
        screen.line(f"  the check passes in {one.clue.lucky:,} rows of numbers, no more than it does by chance")
    if one.clue.texts:
        screen.line(f"  named in {one.clue.told:,} of {one.clue.texts:,} sentences")
    _tell_weights(screen, one)
    before, told = _verdict(one)
    if len(told) < 2:
        screen.line(f"  {before} {''.join(told)}".rstrip())
        return
    screen.line(f"  {before} any of:")
    for wish in told:
        screen.line(f"{_INDENT}{wish}")


def tell_names(screen: Screen, every: Iterable[Evidence]) -> None:
    """Print what the column would be taken for if its name said so."""
    names = list(dict.fromkeys(by_name_alone(every)))
    if names:
        more = f" and {len(names) - _NAMES:,} more" if len(names) > _NAMES else ""
        listed = ", ".join(f"{title} (`{name}`)" for title, name in names[:_NAMES])
        screen.line()
        screen.line(f"Only its name keeps it from being taken for: {listed}{more}", style="dim")


def _tell_weights(screen: Screen, one: Evidence) -> None:
    # What single cells proved is not explained by a column that as a whole would be none.
    if one.bits is None or (one.clue.proven and one.bits < 0):
        return
    screen.line(f"  as a whole column: score {score(one.weights):.2f}, {one.bits:+.1f} bits (a finding from 0 on)")
    for weight in one.weights:
        screen.line(f"{_INDENT}{weight.bits:+5.1f}  {weight.evidence}", style="dim")


def _verdict(one: Evidence) -> tuple[str, list[str]]:
    told = wishes(one)
    if one.clue.proven:
        return "no name or neighbour would change it: what a pattern proves in a cell stays proven", []
    if not told:
        return "no other name, neighbour or cell would change it", []
    return f"would {'not be' if one.sighting else 'be'} found with", told


def _score(one: Evidence) -> float:
    return one.sighting.score if one.sighting else score(one.weights)


def _came_near(one: Evidence) -> bool:
    clue = one.clue
    named = clue.fit is Fit.SAYS and clue.cells > 0
    hinted = clue.fit is Fit.HINTS and clue.looks > 0
    return named or hinted or clue.told > 0 or (tells(one.detector) and clue.known > 0)


def _takes_anything(one: Evidence) -> bool:
    from airflow_mlsecops.scan.cells import Mark, mark

    return mark(one.detector, _ANY_TEXT) is not Mark.NOTHING


def _positions(numbers: Sequence[int]) -> str:
    """``values 1-3, 7 and 12 more``."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    listed = ", ".join(f"{first:,}" if first == last else f"{first:,}-{last:,}" for first, last in ranges[:_PLACES])
    more = sum(last - first + 1 for first, last in ranges[_PLACES:])
    return f"{'value' if len(numbers) == 1 else 'values'} {listed}" + (f" and {more:,} more" if more else "")

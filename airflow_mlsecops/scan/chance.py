"""Columns of running numbers, of which as many pass a check as pass by chance: one in ten, with Luhn's digit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import comb

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.scan.clues import Values
from airflow_mlsecops.scan.pattern import quick
from airflow_mlsecops.scan.tally import Counted, LeafTally

_NUMBER = re.compile("[0-9]{8,24}")
# A column of numbers, but for a cell in fifty, and so many of them.
_NUMBERS, _FEWEST = 0.98, 50
# Fewer candidates tell nothing; where most numbers are candidates, somebody meant them to be.
_LEAST, _MEANT = 10, 0.6
# Numbers that are counted up leave no more room between them than this.
_STEP = 100
# In all rows there may be twice as many as the sample lets expect, and these.
_SPARE = 5
# More would pass by chance in one such column of forty.
_RARE = 0.025


def by_chance(detector: Detector, counted: Counted, leaf: LeafTally, values: Values) -> bool:
    """True if what a detector found in a column of numbers is no more than chance makes of them.

    Numbers in text, cards among other numbers, one card in many rows: all of these are more than that.
    """
    if not detector.tried or not counted.proven:
        return False
    cells = [text.removesuffix(".0") for text, _ in values.cells]
    numbers = list(filter(_NUMBER.fullmatch, cells))
    if counted.in_text or len(numbers) < max(_FEWEST, _NUMBERS * len(cells)):
        return False
    tried = [number for number in numbers if quick(detector.tried).fullmatch(number)]
    passed = [number for number in tried if any(True for _ in detector.find(number))]
    expected = (leaf.rows - leaf.nulls) * detector.chance * len(tried) / len(numbers)
    lucky = _at_least(len(passed), len(tried), detector.chance) >= _RARE and counted.proven <= 2 * expected + _SPARE
    meant = len(tried) > _MEANT * len(numbers) and not _are_running(tried, leaf.sample.distinct)
    return lucky and len(tried) >= _LEAST and not meant


def _are_running(numbers: Sequence[str], distinct: int) -> bool:
    """True if they are counted up, as serial numbers are; cards of one bank begin alike too, and lie far apart.

    Or nine decoys for each card, with other last digits, would hide them all.

    :param distinct: numbers in the whole column, of which these are a sample
    """
    counted = [int(number) for number in numbers]
    return bool(counted) and max(counted) - min(counted) <= _STEP * distinct


def _at_least(passed: int, tried: int, chance: float) -> float:
    """How likely it is that so many or more of those tried pass by chance."""
    fewer = sum(comb(tried, k) * chance**k * (1 - chance) ** (tried - k) for k in range(passed))
    return max(0.0, 1.0 - fewer)

"""Tables whose first row was taken for a header: names that are values say nothing of what their columns hold."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from airflow_mlsecops.core.clue import Fit
from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.scan.clues import Values
from airflow_mlsecops.scan.naming import Names
from airflow_mlsecops.scan.paths import name_of
from airflow_mlsecops.scan.tally import LeafTally

_TELLING = (Fit.SAYS, Fit.HINTS, Fit.DENIES)
# What rows hold and people hardly ever call a column: a decimal, a date, a time, an address of mail, a long number.
_VALUE = re.compile(
    r"[-+]?[0-9]+[.,][0-9]+(?:[Ee][-+]?[0-9]+)?|(?:[0-9]{4}([-/.])[0-9]{1,2}\1[0-9]{1,2}|[0-9]{1,2}([-/.])[0-9]{1,2}\2[0-9]{2,4})"
    r"(?:[T ][0-9]{2}:.*)?|[^\s@]+@[^\s@]+\.[a-z]+|\+?[0-9][0-9 ()-]{6,}|[0-9]{5,6}"
)


def is_headless(
    leaves: Collection[LeafTally], values: Mapping[int, Values], detectors: Sequence[Detector], names: Names
) -> bool:
    """True if names are those of no columns: one is a value of its own column, or they look like a row of values.

    Files that were joined repeat their header further down, where names that tell something are found as well.
    """
    repeated = {name_of(leaf.path) for leaf in leaves if _is_own_value(name_of(leaf.path), values[id(leaf)])}
    if repeated:
        return not _telling(repeated, detectors, names)
    return _is_row({name_of(leaf.path).strip() for leaf in leaves}, detectors, names)


def _is_row(every: Collection[str], detectors: Sequence[Detector], names: Names) -> bool:
    """True if some names are values and hardly any tells something; where most are, they may count days or sizes."""
    written = [name for name in every if _VALUE.fullmatch(name)]
    return 0 < len(written) * 2 <= len(every) and len(_telling(every, detectors, names)) * 6 <= len(every)


def _telling(every: Collection[str], detectors: Sequence[Detector], names: Names) -> list[str]:
    """The names that tell a detector something."""
    return [name for name in every if any(names.fit(one, name) in _TELLING for one in detectors)]


def _is_own_value(name: str, values: Values) -> bool:
    # Names that are numbers count columns; in answers to several choices a name is the only value.
    return (
        len(name) > 1 and not name.isdigit() and len(values.cells) > 2 and any(name == text for text, _ in values.cells)
    )

"""Every kind of sensitive data that is recognised, and how: for the command line and for the reference page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from airflow_mlsecops.core.frozen import Frozen

if TYPE_CHECKING:
    from airflow_mlsecops.core.detector import Detector
    from airflow_mlsecops.core.entity import Entity
    from airflow_mlsecops.core.level import Level

# Neighbours and a full sample together weigh so much that values alone decide.
_RARE = 0.05
_NAMES = 3
_HEAD = """\
# What is recognised

{number} entities. Generated from `airflow_mlsecops/detectors/`, one file each; `airflow-mlsecops detectors` prints the
same, and `airflow-mlsecops try` shows one at work.

**Any cell**: a pattern, with a check digit or the like where it says so, proves it wherever it stands: one cell of a
million is a finding. **A column**: its name says so and its cells do not contradict, or its values alone tell.
**Sentences**: it is named in enough of them."""


class Recognised(Frozen):
    """One entity, and the ways in which it is recognised.

    :param pattern: found by a pattern in any cell of any column
    :param check: and proven by more than the pattern's shape: a check digit, an issued range
    :param names: some names of columns that say so
    :param values: found in columns whose values alone tell
    :param prose: found in sentences
    """

    name: str
    title: str
    role: str
    level: str
    tags: tuple[str, ...]
    detectors: tuple[str, ...]
    pattern: bool
    check: bool
    names: tuple[str, ...]
    values: bool
    prose: bool

    @property
    def anywhere(self) -> str:
        """How it is recognised in any cell of any column."""
        return ("pattern, check" if self.check else "pattern") if self.pattern else ""

    @property
    def in_a_column(self) -> str:
        """How a column full of it is recognised."""
        return ", ".join((*(("name",) if self.names else ()), *(("values",) if self.values else ())))


def catalogue(detectors: Iterable[Detector], levels: Mapping[str, Level] | None = None) -> tuple[Recognised, ...]:
    """Every entity that these detectors recognise, by role, then by name.

    :param levels: levels that a policy gives to entities
    """
    groups: dict[Entity, list[Detector]] = defaultdict(list)
    for detector in detectors:
        groups[detector.entity].append(detector)
    every = (_recognised(entity, of, (levels or {}).get(entity.name, entity.level)) for entity, of in groups.items())
    return tuple(sorted(every, key=lambda one: (_rank(one.role), one.name)))


def markdown(detectors: Iterable[Detector]) -> str:
    """The reference page."""
    every = catalogue(detectors)
    lines = [_HEAD.format(number=len(every))]
    for role in dict.fromkeys(one.role for one in every):
        lines += ["", f"## {role[0].upper()}{role[1:]}", ""]
        lines += [
            "| entity | is | level | any cell | a column | names, such as | sentences | regulations | detectors |"
        ]
        lines += ["|" + "---|" * 9, *(_line(one) for one in every if one.role == role)]
    return "\n".join((*lines, ""))


def _recognised(entity: Entity, detectors: Sequence[Detector], level: Level) -> Recognised:
    return Recognised(
        name=entity.name,
        title=entity.title,
        role=entity.role.value,
        level=level.value,
        tags=entity.tags,
        detectors=tuple(one.name for one in detectors),
        pattern=any(one.pattern is not None for one in detectors),
        check=any(one.pattern is not None and one.checked for one in detectors),
        names=tuple(dict.fromkeys(name for one in detectors if one.cell_pattern is not None for name in one.names)),
        values=any(one.cell_pattern is not None and one.common <= _RARE for one in detectors),
        prose=any(one.prose is not None for one in detectors),
    )


def _rank(role: str) -> int:
    from airflow_mlsecops.core.entity import Role

    return [one.value for one in Role].index(role)


def _line(one: Recognised) -> str:
    names = ", ".join(f"`{name}`" for name in one.names[:_NAMES])
    cells = (f"`{one.name}`", one.title, one.level, one.anywhere, one.in_a_column, names, "yes" if one.prose else "")
    return f"| {' | '.join((*cells, ', '.join(one.tags), ', '.join(one.detectors)))} |"

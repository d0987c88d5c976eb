"""What expectations look for: every detector of this package, unless a policy says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.policy import selects
from airflow_mlsecops.detectors import all_detectors
from airflow_mlsecops.scan.allowances import NO_ALLOWANCES, Allowances


@dataclass(frozen=True)
class Looking:
    """What is looked for.

    :param detectors: what recognises it
    :param allowances: what does not count although it is found
    :param levels: of entities, where they differ from the detector's own
    """

    detectors: tuple[Detector, ...]
    allowances: Allowances = NO_ALLOWANCES
    levels: Mapping[str, Level] = field(default_factory=dict)

    @property
    def entities(self) -> Mapping[str, Entity]:
        """What can be found, by name."""
        own = {detector.entity.name: detector.entity for detector in self.detectors}
        return {name: _levelled(entity, self.levels.get(name)) for name, entity in own.items()}


_LOOKING: ContextVar[Looking | None] = ContextVar("looking", default=None)


def looking() -> Looking:
    """What is looked for now."""
    return _LOOKING.get() or Looking(all_detectors())


@contextmanager
def looking_for(
    detectors: Sequence[Detector],
    *,
    allowances: Allowances = NO_ALLOWANCES,
    levels: Mapping[str, Level] | None = None,
) -> Iterator[None]:
    """Let expectations look for what a policy looks for: build suites and run them inside this context.

    :param detectors: all of them, those of a policy folder included
    :param allowances: what that policy lets through
    :param levels: of entities, where that policy gives them others than the detectors do
    """
    token = _LOOKING.set(Looking(tuple(detectors), allowances, levels or {}))
    try:
        yield
    finally:
        _LOOKING.reset(token)


def selected(selectors: Iterable[str] | None) -> frozenset[str]:
    """Names of the entities that selectors mean: names, ``role:secret``, ``tag:PCI-DSS``; every one for ``None``.

    :raises ValueError: for a selector that means none: nothing would ever be found
    """
    entities = looking().entities
    if selectors is None:
        return frozenset(entities)
    meant: set[str] = set()
    for selector in selectors:
        names = {entity.name for entity in entities.values() if selects(selector, entity)}
        if not names:
            raise ValueError(f"{selector!r} means no kind of sensitive data: see the reference of entities")
        meant |= names
    if not meant:
        raise ValueError("no kind of sensitive data is named: leave entities out to look for all of them")
    return frozenset(meant)


def _levelled(entity: Entity, level: Level | None) -> Entity:
    return entity if level is None else entity.model_copy(update={"level": level})

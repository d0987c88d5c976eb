"""Expectations of how sensitive a table is, and of what is new in it."""

from __future__ import annotations

from typing import ClassVar

from great_expectations.compatibility import pydantic  # noqa: TID253 - whoever imports this uses it

from airflow_mlsecops.core.level import Level
from airflow_mlsecops.expectations._answer import Answer, at_most, known
from airflow_mlsecops.expectations._base import Kwargs, Parameter
from airflow_mlsecops.expectations._looking import looking
from airflow_mlsecops.expectations._scan import Scan
from airflow_mlsecops.expectations._scanning import ScanningExpectation
from airflow_mlsecops.expectations._told import Demand, demand, known_of


def _level(level: str | Parameter) -> str | Parameter:
    if isinstance(level, str) and level not in {one.value for one in Level}:
        raise ValueError(f"a level is one of {', '.join(Level)}")
    return level.value if isinstance(level, Level) else level


class ExpectTableSensitivityToBeAtMost(ScanningExpectation):
    """Expect nothing in a batch to be more sensitive than a level.

    :param level: ``public``, ``internal``, ``confidential`` or ``restricted``; each kind of data has one of its own
    """

    level: str | Parameter

    success_keys: ClassVar[tuple[str, ...]] = ("level",)
    args_keys: ClassVar[tuple[str, ...]] = ("level",)

    _is_a_level = pydantic.validator("level", allow_reuse=True)(_level)

    def _judged(self, scan: Scan) -> Answer:
        return at_most(scan, Level(str(self.level)), looking().entities)

    @classmethod
    def _demand(cls, kwargs: Kwargs, *, column: bool) -> Demand:
        return demand("The table may hold nothing more sensitive than $level.", level=kwargs.get("level"))


class ExpectNoNewSensitiveColumns(ScanningExpectation):
    """Expect every kind of sensitive data to stand in columns alone that are known to hold it.

    :param baseline: for each column, as results name it (``email``, ``contact.email``), the entities known of it
    :param from_level: of what is less sensitive than this level, nothing is new
    """

    baseline: dict[str, list[str]]
    from_level: str = Level.PUBLIC.value

    success_keys: ClassVar[tuple[str, ...]] = ("baseline", "from_level")
    args_keys: ClassVar[tuple[str, ...]] = ("baseline", "from_level")

    _is_a_level = pydantic.validator("from_level", allow_reuse=True)(_level)

    def _judged(self, scan: Scan) -> Answer:
        return known(scan, self.baseline, Level(self.from_level), looking().entities)

    @classmethod
    def _demand(cls, kwargs: Kwargs, *, column: bool) -> Demand:
        level = kwargs.get("from_level", Level.PUBLIC.value)
        from_level = "" if level == Level.PUBLIC else ", from $level on,"
        template = f"No column may hold sensitive data{from_level} that is new in it. Known: $known."
        return demand(template, level=level, known=known_of(kwargs.get("baseline")))

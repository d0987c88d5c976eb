"""Expectations that a column, or a whole table, is free of sensitive data."""

from __future__ import annotations

from typing import Any, ClassVar

from great_expectations.compatibility import pydantic  # noqa: TID253 - whoever imports this uses it
from great_expectations.expectations.model_field_types import MostlyField  # noqa: TID253

from airflow_mlsecops.expectations._answer import Answer, free
from airflow_mlsecops.expectations._base import Kwargs
from airflow_mlsecops.expectations._looking import looking, selected
from airflow_mlsecops.expectations._scan import Scan
from airflow_mlsecops.expectations._scanning import ScanningExpectation, checked
from airflow_mlsecops.expectations._told import Demand, about, asked, demand, free_of, mostly


class ExpectColumnValuesToBeFreeOfSensitiveData(ScanningExpectation):
    """Expect a column to hold no sensitive data, inside its cells either (JSON, structs, lists).

    The whole batch is scanned, since names and neighbours are evidence; in one suite that happens once.

    :param column: its name
    :param entities: what may not be there: names of entities, ``role:secret``, ``tag:PCI-DSS``; everything if not given
    :param mostly: the share of rows, 0 to 1, that has to be free of it
    """

    column: str = pydantic.Field(min_length=1)
    entities: list[str] | None = None
    mostly: MostlyField = 1.0

    domain_keys: ClassVar[tuple[str, ...]] = ("batch_id", "column")
    success_keys: ClassVar[tuple[str, ...]] = ("entities", "mostly")
    args_keys: ClassVar[tuple[str, ...]] = ("column", "entities", "mostly")

    _checked = pydantic.validator("entities", allow_reuse=True)(checked)

    def _judged(self, scan: Scan) -> Answer:
        wanted = selected(self.entities)
        return free(scan, wanted, looking().entities, mostly=_share(self.mostly), column=self.column)

    @classmethod
    def _demand(cls, kwargs: Kwargs, *, column: bool) -> Demand:
        template = about(column, f"must be free of $kinds{mostly(kwargs)}")
        kinds = free_of(kwargs.get("entities"))
        return demand(template, column=kwargs.get("column"), kinds=kinds, mostly=asked(kwargs))


class ExpectTableToBeFreeOfSensitiveData(ScanningExpectation):
    """Expect no column of a batch to hold sensitive data.

    :param entities: what may not be there: names of entities, ``role:secret``, ``tag:PCI-DSS``; everything if not given
    :param mostly: the share of rows, 0 to 1, that has to be free of it; of several finds in a batch the rows are added
    """

    entities: list[str] | None = None
    mostly: MostlyField = 1.0

    success_keys: ClassVar[tuple[str, ...]] = ("entities", "mostly")
    args_keys: ClassVar[tuple[str, ...]] = ("entities", "mostly")

    _checked = pydantic.validator("entities", allow_reuse=True)(checked)

    def _judged(self, scan: Scan) -> Answer:
        return free(scan, selected(self.entities), looking().entities, mostly=_share(self.mostly))

    @classmethod
    def _demand(cls, kwargs: Kwargs, *, column: bool) -> Demand:
        template = f"The table must be free of $kinds{mostly(kwargs)}."
        return demand(template, kinds=free_of(kwargs.get("entities")), mostly=asked(kwargs))


def _share(mostly: Any) -> float:
    # By now what stood for a share is one.
    return float(mostly)

"""The expectation that people hide among the rows of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from great_expectations.compatibility import pydantic  # noqa: TID253 - whoever imports this uses it
from great_expectations.validator.metric_configuration import MetricConfiguration  # noqa: TID253

from airflow_mlsecops.expectations._answer import Answer, anonymous
from airflow_mlsecops.expectations._base import Kwargs, Parameter, ValueFreeExpectation
from airflow_mlsecops.expectations._metrics import ANONYMITY, metric
from airflow_mlsecops.expectations._told import Demand, demand, listed


class ExpectKAnonymityToBeAtLeast(ValueFreeExpectation):
    """Expect each combination of values that occurs in some columns to occur in at least ``k`` rows.

    Null is a value of its own. k-anonymity: Samarati and Sweeney 1998; distinct l-diversity: Machanavajjhala et al.
    2007.

    :param columns: what may identify a person together, such as age, postcode and gender
    :param k: rows, from 2
    :param sensitive: a column whose values a combination should not give away
    :param l: distinct values of ``sensitive`` that each combination must at least have, from 2
    """

    columns: list[str] = pydantic.Field(min_items=1)
    k: int | Parameter
    sensitive: str | None = None
    l: int | Parameter | None = None  # noqa: E741 - its name in the literature

    success_keys: ClassVar[tuple[str, ...]] = ("columns", "k", "sensitive", "l")
    args_keys: ClassVar[tuple[str, ...]] = ("columns", "k", "sensitive", "l")

    @pydantic.validator("k", "l")
    def _hides(cls, asked: Any) -> Any:
        if isinstance(asked, int) and asked < 2:
            raise ValueError("at least 2: one row alone hides nobody")
        return asked

    @pydantic.root_validator(skip_on_failure=True)
    def _fits(cls, values: dict[str, Any]) -> dict[str, Any]:
        columns, sensitive = values["columns"], values["sensitive"]
        if len(set(columns)) < len(columns) or sensitive in columns:
            raise ValueError("each column is named once, and the sensitive one is none of the columns to group by")
        if (sensitive is None) != (values["l"] is None):
            raise ValueError("l-diversity needs both: the sensitive column, and how many values of it to ask")
        return values

    def _asked(self, *, complete: bool) -> Sequence[MetricConfiguration]:
        asked = {"columns": self.columns, "k": self.k, "sensitive": self.sensitive, "l": self.l}
        return [metric(ANONYMITY, self.batch_id, **asked)]

    def _judge(self, metrics: Mapping[str, Any]) -> Answer:
        return anonymous(metrics[ANONYMITY])

    @classmethod
    def _demand(cls, kwargs: Kwargs, *, column: bool) -> Demand:
        template = "Each combination of $columns must be shared by at least $k rows"
        if kwargs.get("sensitive"):
            template += ", with at least $l different values of $sensitive among them"
        words = {name: kwargs.get(name) for name in ("k", "l", "sensitive")}
        return demand(f"{template}.", columns=listed(kwargs.get("columns")), **words)

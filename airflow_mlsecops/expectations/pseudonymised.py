"""The expectation that a column holds pseudonyms, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from great_expectations.compatibility import pydantic  # noqa: TID253 - whoever imports this uses it
from great_expectations.validator.metric_configuration import MetricConfiguration  # noqa: TID253

from airflow_mlsecops.expectations._answer import Answer, pseudonymous
from airflow_mlsecops.expectations._base import Kwargs, ValueFreeExpectation
from airflow_mlsecops.expectations._metrics import PSEUDONYMS, metric
from airflow_mlsecops.expectations._told import Demand, about, demand


class ExpectColumnValuesToBePseudonymised(ValueFreeExpectation):
    """Expect each cell of a column to look like what pseudonymising writes: 32 lower-case hex digits.

    A column without any cell proves nothing, and fails. That it looks so does not prove that a key was used: an MD5
    digest of an e-mail address has the same shape.

    :param column: its name
    """

    column: str = pydantic.Field(min_length=1)

    domain_keys: ClassVar[tuple[str, ...]] = ("batch_id", "column")
    args_keys: ClassVar[tuple[str, ...]] = ("column",)

    def _asked(self, *, complete: bool) -> Sequence[MetricConfiguration]:
        return [metric(PSEUDONYMS, self.batch_id, column=self.column)]

    def _judge(self, metrics: Mapping[str, Any]) -> Answer:
        return pseudonymous(metrics[PSEUDONYMS])

    @classmethod
    def _demand(cls, kwargs: Kwargs, *, column: bool) -> Demand:
        template = about(column, "must hold pseudonyms: 32 lower-case hex digits in each cell")
        return demand(template, column=kwargs.get("column"))

"""What the expectations share that ask what a scan finds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from great_expectations.validator.metric_configuration import MetricConfiguration  # noqa: TID253 - GX is what it is for

from airflow_mlsecops.expectations._answer import Answer
from airflow_mlsecops.expectations._base import ValueFreeExpectation
from airflow_mlsecops.expectations._looking import selected
from airflow_mlsecops.expectations._metrics import POSITIONS, SCAN, metric
from airflow_mlsecops.expectations._scan import Scan


class ScanningExpectation(ValueFreeExpectation, ABC):
    """An expectation of what a scan of the whole batch finds: one scan for all of them that are in a suite."""

    @abstractmethod
    def _judged(self, scan: Scan) -> Answer:
        """What the scan comes to."""

    def _asked(self, *, complete: bool) -> Sequence[MetricConfiguration]:
        return [metric(name, self.batch_id) for name in ([SCAN, POSITIONS] if complete else [SCAN])]

    def _judge(self, metrics: Mapping[str, Any]) -> Answer:
        return self._judged(metrics[SCAN])


def checked(entities: list[str] | None) -> list[str] | None:
    """Selectors as they are, if each of them means something.

    :raises ValueError: for one that means nothing
    """
    selected(entities)
    return entities

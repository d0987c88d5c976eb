"""What all gates share: a dataset, a partition, a link to the Security tab, and a verdict."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import Asset, BaseOperator, BaseOperatorLink

from airflow_mlsecops.core.dataset import Dataset, parse
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.operators.links import SecurityLink

if TYPE_CHECKING:
    from airflow.sdk import Context

    from airflow_mlsecops.core.record import Entry
    from airflow_mlsecops.core.verdict import Verdict
    from airflow_mlsecops.operators.approve import Approval
    from airflow_mlsecops.operators.attempt import Attempt


class GateOperator(BaseOperator):
    """Ask one security question of a dataset; succeed only on a recorded PASS.

    :param dataset: a stable URI or an Asset, never templated
    :param partition: what this run looks at within it (templated)
    :param on_violation: ``fail``, or ``approve``: the task waits, without a worker, until one of the policy's approvers
        has answered in Airflow's Required Actions whether what failed may pass for a while
    """

    gate: ClassVar[Gate]
    violations: ClassVar[tuple[str, ...]] = ("fail", "approve")
    template_fields: Sequence[str] = ("partition",)
    operator_extra_links: Collection[BaseOperatorLink] = (SecurityLink(),)
    ui_color = "#e8f0fb"

    def __init__(self, *, dataset: str | Asset, partition: str = "", on_violation: str = "fail", **kwargs: Any) -> None:
        # An inlet, never an outlet: an outlet would trigger the dataset's consumers once more.
        kwargs["inlets"] = [*(kwargs.get("inlets") or []), *asset_of(dataset)]
        super().__init__(**kwargs)
        self.dataset = uri_of(dataset)
        self.partition = partition
        self.on_violation = on_violation
        parse(self.dataset)  # a mistake is an import error of the DAG, not a surprise at night
        if on_violation not in self.violations:
            raise ValueError(f"on_violation={on_violation!r}: expected {' or '.join(map(repr, self.violations))}")

    def execute(self, context: Context) -> None:
        """Judge, record, push; raise unless the verdict lets the run go on."""
        self._speak(context)

    def execute_complete(self, context: Context, event: Mapping[str, Any]) -> None:
        """Weigh what a person answered; where they approve, judge once more: data changes while people think."""
        self._approval(self._attempt(context)).answered(event)
        self._speak(context)

    def _speak(self, context: Context) -> None:
        attempt = self._attempt(context)
        ask = self._approval(attempt).ask if self.on_violation == "approve" else None
        self.passed(attempt.conclude(lambda: self.judge(attempt), ask), context)

    def _attempt(self, context: Context) -> Attempt:
        from airflow_mlsecops.operators.attempt import Attempt  # parsing a DAG file must not pay for it

        return Attempt(context, gate=self.gate, dataset=self.about, partition=self.about_partition, log=self.log)

    def _approval(self, attempt: Attempt) -> Approval:
        from airflow_mlsecops.operators.approve import Approval

        return Approval(attempt, self)

    @property
    def about(self) -> Dataset:
        """The dataset that the verdict is about."""
        return parse(self.dataset)

    @property
    def about_partition(self) -> str:
        """What of it the verdict is about, rendered."""
        return self.partition

    @abstractmethod
    def judge(self, attempt: Attempt) -> Verdict:
        """Look, and come to a verdict."""

    def passed(self, entry: Entry, context: Context) -> None:
        """Do what follows a verdict that does not stop the run."""


def uri_of(dataset: str | Asset) -> str:
    """The dataset string of a dataset or an Asset."""
    return dataset if isinstance(dataset, str) else str(dataset.uri)


def asset_of(dataset: str | Asset) -> list[Asset]:
    """The Asset of a dataset; a frame in XCom has none."""
    if isinstance(dataset, Asset):
        return [dataset]
    uri = parse(dataset).uri
    return [] if uri.startswith("xcom://") else [Asset(uri=uri)]

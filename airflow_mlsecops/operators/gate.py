"""What all gates share: a dataset, a partition, a link to the Security tab, and a verdict."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import Asset, BaseOperator, BaseOperatorLink

from airflow_mlsecops.core.dataset import Dataset, parse
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.operators.links import SecurityLink

if TYPE_CHECKING:
    from airflow.sdk import Context

    from airflow_mlsecops.core.record import Entry
    from airflow_mlsecops.core.verdict import Verdict
    from airflow_mlsecops.operators.attempt import Attempt


class GateOperator(BaseOperator):
    """Ask one security question of a dataset; succeed only on a recorded PASS.

    :param dataset: a stable URI or an Asset, never templated
    :param partition: what this run looks at within it (templated)
    """

    gate: ClassVar[Gate]
    template_fields: Sequence[str] = ("partition",)
    operator_extra_links: Collection[BaseOperatorLink] = (SecurityLink(),)
    ui_color = "#e8f0fb"

    def __init__(self, *, dataset: str | Asset, partition: str = "", **kwargs: Any) -> None:
        # An inlet, never an outlet: an outlet would trigger the dataset's consumers once more.
        kwargs["inlets"] = [*(kwargs.get("inlets") or []), *asset_of(dataset)]
        super().__init__(**kwargs)
        self.dataset = uri_of(dataset)
        self.partition = partition
        parse(self.dataset)  # a mistake is an import error of the DAG, not a surprise at night

    def execute(self, context: Context) -> None:
        """Judge, record, push; raise unless the verdict lets the run go on."""
        from airflow_mlsecops.operators.attempt import Attempt  # parsing a DAG file must not pay for it

        attempt = Attempt(context, gate=self.gate, dataset=self.about, partition=self.about_partition, log=self.log)
        self.passed(attempt.conclude(lambda: self.judge(attempt)), context)

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

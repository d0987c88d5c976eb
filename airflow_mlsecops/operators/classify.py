"""The gate that asks what a dataset holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import Asset, AssetAlias

from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.operators.gate import GateOperator, uri_of

if TYPE_CHECKING:
    from airflow.sdk import Context

    from airflow_mlsecops.core.record import Entry
    from airflow_mlsecops.core.verdict import Verdict
    from airflow_mlsecops.operators.attempt import Attempt


class ClassifyDatasetOperator(GateOperator):
    """Ask what a dataset holds, whether that is new, and which parent brought it.

    PASS emits an event of ``verified(dataset)``, so that a DAG can be scheduled on proven data only.

    :param dataset: a stable URI or an Asset, never templated
    :param partition: what this run looks at within it (templated)
    :param parents: datasets that this one was joined from, or a mapping of each to its partition (templated); a class
        that may not be here is traced to them
    :param on_violation: ``fail``; ``quarantine``: files that may not be there are moved aside, to
        ``.<name>.quarantine/`` beside the dataset, and the verdict is about what stays; or ``approve``: the task waits,
        without a worker, until one of the policy's approvers has answered in Airflow's Required Actions
    """

    gate: ClassVar[Gate] = Gate.CLASSIFY
    violations: ClassVar[tuple[str, ...]] = ("fail", "quarantine", "approve")
    template_fields: Sequence[str] = ("partition", "parents")

    def __init__(
        self,
        *,
        dataset: str | Asset,
        partition: str = "",
        parents: Sequence[str | Asset] | Mapping[str | Asset, str] = (),
        on_violation: str = "fail",
        **kwargs: Any,
    ) -> None:
        # An alias, resolved on PASS only: a static outlet would also speak for a run that was merely observed.
        kwargs["outlets"] = [*(kwargs.get("outlets") or []), AssetAlias(name=verified(dataset).name)]
        super().__init__(dataset=dataset, partition=partition, on_violation=on_violation, **kwargs)
        _require_files(on_violation, parse(self.dataset).scheme)
        partitions = parents if isinstance(parents, Mapping) else dict.fromkeys(parents, "")
        self.parents = {uri_of(parent): at for parent, at in partitions.items()}
        for parent in self.parents:
            parse(parent)

    def judge(self, attempt: Attempt) -> Verdict:
        """Scan the dataset, compare with what is known, trace what may not be here."""
        from airflow_mlsecops.operators.look import Look  # parsing a DAG file must not pay for it

        return Look(attempt, self.parents, quarantine=self.on_violation == "quarantine").verdict()

    def passed(self, entry: Entry, context: Context) -> None:
        """Tell Airflow that the dataset is proven, unless the verdict was merely observed."""
        from airflow_mlsecops.core.verdict import Outcome

        verdict = entry.record.verdict
        if verdict.outcome is Outcome.PASS and verdict.enforced:
            asset = verified(self.dataset)
            context["outlet_events"][AssetAlias(name=asset.name)].add(asset, extra={"record": entry.record.id})


def _require_files(on_violation: str, scheme: str) -> None:
    if on_violation == "quarantine" and scheme in ("sql", "xcom"):
        raise ValueError(f"on_violation='quarantine' moves files aside, and {scheme}:// has none: leave it at 'fail'")


def verified(dataset: str | Asset) -> Asset:
    """The Asset that has an event for each enforced PASS of a dataset: schedule a DAG on proven data only."""
    uri = uri_of(dataset)
    return Asset(name=f"verified {uri}", uri=f"x-mlsecops:{uri}")

"""The gate that asks who may use a dataset, and for what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.operators.gate import GateOperator
from airflow_mlsecops.operators.requires import required

if TYPE_CHECKING:
    from airflow.sdk import Asset, BaseOperator

    from airflow_mlsecops.core.verdict import Verdict
    from airflow_mlsecops.operators.attempt import Attempt

ACTIONS = ("read", "join", "train", "export", "serve")


class AccessGateOperator(GateOperator):
    """Ask whether this application may use a dataset for this purpose, and who else can read it.

    Two questions, and PASS needs both answers. The rule: does the policy let this application, given what this run has
    proven of the data and the place? The reality: of all who can read the dataset by the grants that exist, does the
    policy list each? The second is asked of data from the level on that the dataset's tier sets (``readers_from``).

    Who asks is derived from Airflow, and what is known of the data comes from this run's records: nothing is declared.

    :param dataset: a stable URI or an Asset, never templated
    :param partition: what this run looks at within it (templated)
    :param action: ``read``, ``join``, ``train``, ``export`` or ``serve``
    :param purpose: what it is used for, one of the purposes that the policy gives the dataset (templated)
    :param requires: the gates upstream whose records of this run count: one that classifies the dataset, one that
        checks isolation
    :param principal: whom you expect to ask, as ``dag_id`` or ``dag_id.task_id`` (templated); another one is FAIL
    """

    gate: ClassVar[Gate] = Gate.ACCESS
    template_fields: Sequence[str] = ("partition", "purpose", "principal")

    def __init__(
        self,
        *,
        dataset: str | Asset,
        action: str,
        purpose: str,
        requires: Sequence[BaseOperator],
        principal: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(dataset=dataset, **kwargs)
        if action not in ACTIONS:
            raise ValueError(f"action {action!r} of {self.task_id} is none of {', '.join(ACTIONS)}")
        self.action = action
        self.purpose = purpose
        self.principal = principal
        self.requires = required(requires, self.task_id)

    def judge(self, attempt: Attempt) -> Verdict:
        """Gather this run's evidence, then ask the policy."""
        from airflow_mlsecops.operators.ask import Ask  # parsing a DAG file must not pay for it

        return Ask(attempt, self.requires).verdict(self.action, self.purpose, self.principal)

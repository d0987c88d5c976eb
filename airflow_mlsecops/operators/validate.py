"""The gate that asks what people expect of a dataset, in Great Expectations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.operators.gate import GateOperator
from airflow_mlsecops.operators.links import DataDocsLink, SecurityLink

if TYPE_CHECKING:
    from airflow.sdk import Asset

    from airflow_mlsecops.core.verdict import Verdict
    from airflow_mlsecops.operators.attempt import Attempt


class ValidateDatasetOperator(GateOperator):
    """Run a suite or checkpoint of Great Expectations, and what the policy expects of the dataset's stage.

    Results hold no value, whatever the suite's result format: counts alone are kept of expectations that could tell
    more, unless the policy names them under ``show_values_of``.

    :param dataset: a stable URI or an Asset, never templated
    :param partition: what of it is validated (templated)
    :param suite: the name of a suite in ``context``, or a function that returns an ``ExpectationSuite``: it is called
        in the task, since to import Great Expectations takes seconds that parsing a DAG must not
    :param checkpoint: the name of a checkpoint in ``context``, or a function of a context that returns one; a
        checkpoint reads data of its own, which nobody compares with the dataset
    :param context: ``ephemeral``, ``cloud``, or the folder of a file context
    :param policy_suite: also expect what follows from the policy
    :param quasi_identifiers: columns that identify somebody together, where the stage asks for k-anonymity, besides
        those that the newest scan of this data recognised
    :param sensitive: the column that must stay diverse among people who cannot be told apart
    :param result_format: how much the suite's expectations tell: ``BOOLEAN_ONLY``, ``BASIC``, ``SUMMARY``, ``COMPLETE``
        or a mapping, as Great Expectations takes it
    :param data_docs: the folder that Data Docs are written to; ``$AIRFLOW_HOME/mlsecops/data_docs/DAG/RUN`` if empty
    :param data_docs_url: where that folder is served, for the link of the task (templated)
    """

    gate: ClassVar[Gate] = Gate.VALIDATE
    template_fields: Sequence[str] = ("partition", "data_docs", "data_docs_url")
    operator_extra_links = (SecurityLink(), DataDocsLink())
    ui_color = "#f3ecfb"

    def __init__(
        self,
        *,
        dataset: str | Asset,
        partition: str = "",
        suite: str | Callable[[], Any] | None = None,
        checkpoint: str | Callable[[Any], Any] | None = None,
        context: str = "ephemeral",
        policy_suite: bool = True,
        quasi_identifiers: Sequence[str] = (),
        sensitive: str = "",
        result_format: str | Mapping[str, Any] = "SUMMARY",
        data_docs: str = "",
        data_docs_url: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(dataset=dataset, partition=partition, **kwargs)
        _require_something(suite, checkpoint, policy_suite=policy_suite)
        _require_context(suite, checkpoint, context)
        self.suite = suite
        self.checkpoint = checkpoint
        self.context = context
        self.policy_suite = policy_suite
        self.quasi_identifiers = tuple(quasi_identifiers)
        self.sensitive = sensitive
        self.result_format = result_format
        self.data_docs = data_docs
        self.data_docs_url = data_docs_url

    def judge(self, attempt: Attempt) -> Verdict:
        """Run what is expected, and judge what came of it."""
        from airflow_mlsecops.operators.expect import Expect  # parsing a DAG file must not pay for it

        return Expect(attempt, self).verdict()


def _require_something(suite: object, checkpoint: object, *, policy_suite: bool) -> None:
    if suite is None and checkpoint is None and not policy_suite:
        raise ValueError("nothing is expected: give suite= or checkpoint=, or leave policy_suite on")


def _require_context(suite: object, checkpoint: object, context: str) -> None:
    for field, given in (("suite", suite), ("checkpoint", checkpoint)):
        if isinstance(given, str) and context == "ephemeral":
            raise ValueError(
                f"{field}={given!r} is a name, and an ephemeral context knows none: name the folder of a file context "
                "or 'cloud' as context=, or give a function"
            )
        if given is not None and not isinstance(given, str) and not callable(given):
            raise ValueError(
                f"{field}= takes a name or a function that is called in the task, got {type(given).__name__}"
            )

"""What all our expectations share: they look through metrics of their own, and say counts and names alone."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from great_expectations.core import ExpectationValidationResult  # noqa: TID253 - whoever imports this uses it
from great_expectations.expectations.expectation import BatchExpectation, render_suite_parameter_string  # noqa: TID253
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration  # noqa: TID253
from great_expectations.render.components import (  # noqa: TID253
    LegacyDiagnosticRendererType,
    LegacyRendererType,
    RenderedStringTemplateContent,
    RenderedTableContent,
)
from great_expectations.render.renderer.renderer import renderer  # noqa: TID253
from great_expectations.render.renderer_configuration import RendererConfiguration, RendererValueType  # noqa: TID253
from great_expectations.validator.metric_configuration import MetricConfiguration  # noqa: TID253
from great_expectations.validator.validator import ValidationDependencies  # noqa: TID253

from airflow_mlsecops.expectations._answer import Answer, nothing_known, result
from airflow_mlsecops.expectations._looking import looking
from airflow_mlsecops.expectations._metrics import POSITIONS
from airflow_mlsecops.expectations._rows import Trouble, told
from airflow_mlsecops.expectations._told import Demand, plain, table

Kwargs = Mapping[str, Any]
Parameter = dict[str, Any]
"""What stands for a value that is told when a suite runs: ``{"$PARAMETER": "name"}``."""


class ValueFreeExpectation(BatchExpectation, ABC):
    """An expectation whose result, in whatever format, holds counts, names and positions of rows, never a value.

    What cannot be looked at fails, with a reason; nothing is raised, since Great Expectations writes the text and the
    trace of exceptions into results, logs and Data Docs.
    """

    @abstractmethod
    def _asked(self, *, complete: bool) -> Sequence[MetricConfiguration]:
        """The metrics that it needs.

        :param complete: true if positions of rows are wanted
        """

    @abstractmethod
    def _judge(self, metrics: Mapping[str, Any]) -> Answer:
        """What the metrics come to; none of them is a :class:`Trouble`."""

    @classmethod
    @abstractmethod
    def _demand(cls, kwargs: Kwargs, *, column: bool) -> Demand:
        """The sentence that Data Docs show.

        :param column: whether it names the column, where it is about one
        """

    def get_validation_dependencies(
        self,
        execution_engine: Any = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> ValidationDependencies:
        """Metrics, by the format of the result."""
        needed = super().get_validation_dependencies(execution_engine, runtime_configuration)
        for one in self._asked(complete=needed.result_format["result_format"] == "COMPLETE"):
            needed.set_metric_configuration(one.metric_name, one)
        return needed

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        places = metrics.get(POSITIONS)
        needed = {name: value for name, value in metrics.items() if name != POSITIONS}
        trouble = next((value for value in needed.values() if isinstance(value, Trouble)), None)
        judged: Answer | Trouble = told(lambda: self._judge(needed)) if trouble is None else trouble
        answer = nothing_known(judged) if isinstance(judged, Trouble) else judged
        broken = {(one.column, one.entity) for one in answer.found}
        # Where rows could not be found again, what was found stands without them.
        told_of = {} if isinstance(places, Trouble) or not places else places
        rows = {pair: held for pair, held in told_of.items() if pair in broken}
        return {"success": answer.success, "result": result(answer, rows, looking().entities)}

    @classmethod
    def _prescriptive_template(cls, renderer_configuration: RendererConfiguration[Any]) -> RendererConfiguration[Any]:
        demand = cls._demand(renderer_configuration.kwargs, column=renderer_configuration.include_column_name)
        for name, value in demand.words.items():
            renderer_configuration.add_param(name=name, param_type=RendererValueType.STRING, value=value)
        renderer_configuration.template_str = demand.template
        return renderer_configuration

    @classmethod
    @renderer(renderer_type=LegacyRendererType.PRESCRIPTIVE)
    @render_suite_parameter_string
    def _prescriptive_renderer(
        cls,
        configuration: ExpectationConfiguration | None = None,
        result: ExpectationValidationResult | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> list[RenderedStringTemplateContent]:
        said = configuration or (result.expectation_config if result else None)
        runtime = runtime_configuration or {}
        demand = cls._demand(said.kwargs if said else {}, column=runtime.get("include_column_name") is not False)
        # The column wears a badge, as everywhere in Data Docs; the rest is set as what it is, a part of the sentence.
        words = {name: {"tag": "strong"} for name in demand.words if name != "column"}
        styling = {**(runtime.get("styling") or {}), "params": words}
        shown = {"template": demand.template, "params": dict(demand.words), "styling": styling}
        return [RenderedStringTemplateContent(content_block_type="string_template", string_template=shown)]

    @classmethod
    @renderer(renderer_type=LegacyDiagnosticRendererType.OBSERVED_VALUE)
    def _diagnostic_observed_value_renderer(
        cls,
        configuration: ExpectationConfiguration | None = None,
        result: ExpectationValidationResult | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> str:
        """What came of it."""
        return plain(str((result.result or {}).get("observed_value", "--") if result else "--"), most=1_000)

    @classmethod
    @renderer(renderer_type=LegacyDiagnosticRendererType.UNEXPECTED_STATEMENT)
    def _diagnostic_unexpected_statement_renderer(
        cls,
        configuration: ExpectationConfiguration | None = None,
        result: ExpectationValidationResult | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> list[Any]:
        """Nothing: the observed value says it."""
        return []

    @classmethod
    @renderer(renderer_type=LegacyDiagnosticRendererType.UNEXPECTED_TABLE)
    def _diagnostic_unexpected_table_renderer(
        cls,
        configuration: ExpectationConfiguration | None = None,
        result: ExpectationValidationResult | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> list[Any] | None:
        """What was found, where there is any."""
        header, rows = table((result.result or {}).get("details", {}) if result else {})
        if not rows:
            return None
        styling = {"body": {"classes": ["table-bordered", "table-sm", "mt-3"]}}
        return [RenderedTableContent(table=rows, header_row=header, styling=styling)]

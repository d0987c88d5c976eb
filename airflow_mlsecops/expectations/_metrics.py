"""What Great Expectations computes for our expectations: counts, names and positions, never a value.

None of these raises: what is raised in a metric is written, with its text and its trace, into results and Data Docs.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine  # noqa: TID253
from great_expectations.execution_engine.sparkdf_execution_engine import SparkDFExecutionEngine  # noqa: TID253
from great_expectations.execution_engine.sqlalchemy_execution_engine import SqlAlchemyExecutionEngine  # noqa: TID253
from great_expectations.expectations.metrics.metric_provider import metric_value  # noqa: TID253
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider  # noqa: TID253
from great_expectations.validator.metric_configuration import MetricConfiguration  # noqa: TID253

from airflow_mlsecops.core.anonymity import Anonymity
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.expectations._pandas import PandasRows
from airflow_mlsecops.expectations._rows import Rows, Shaped, Trouble, told
from airflow_mlsecops.expectations._scan import Pair, Scan, positions, scan
from airflow_mlsecops.expectations._spark import SparkRows
from airflow_mlsecops.expectations._sql import SqlRows, from_clause

SCAN, POSITIONS = "mlsecops.scan", "mlsecops.positions"
PSEUDONYMS, ANONYMITY = "mlsecops.pseudonyms", "mlsecops.anonymity"


def metric(name: str, batch_id: str | None, **asked: Any) -> MetricConfiguration:
    """One of these metrics for one batch; asked for twice in a suite, it is computed once."""
    return MetricConfiguration(name, {"batch_id": batch_id} if batch_id else {}, asked)


class _Metric(TableMetricProvider):
    """A question that every engine is asked alike."""

    @classmethod
    @abstractmethod
    def ask(cls, rows: Rows, asked: dict[str, Any], metrics: dict[str, Any]) -> Any:
        """The answer.

        :param asked: parameters
        :param metrics: what it depends on, by name
        """

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(cls: Any, execution_engine: PandasExecutionEngine, **asked: Any) -> Any:
        return _answer(cls, lambda domain: PandasRows(execution_engine.get_domain_records(domain)), asked)

    @metric_value(engine=SqlAlchemyExecutionEngine)
    def _sql(cls: Any, execution_engine: SqlAlchemyExecutionEngine, **asked: Any) -> Any:
        def rows(domain: dict[str, Any]) -> Rows:
            return SqlRows(execution_engine, from_clause(execution_engine.get_domain_records(domain)))

        return _answer(cls, rows, asked)

    @metric_value(engine=SparkDFExecutionEngine)
    def _spark(cls: Any, execution_engine: SparkDFExecutionEngine, **asked: Any) -> Any:
        return _answer(cls, lambda domain: SparkRows(execution_engine.get_domain_records(domain)), asked)


class _ScanMetric(_Metric):
    """What the batch holds."""

    metric_name = SCAN

    @classmethod
    def ask(cls, rows: Rows, asked: dict[str, Any], metrics: dict[str, Any]) -> Scan:
        """Classify it."""
        return scan(rows)


class _PositionsMetric(_Metric):
    """The rows that hold what the scan found."""

    metric_name = POSITIONS

    @classmethod
    def ask(cls, rows: Rows, asked: dict[str, Any], metrics: dict[str, Any]) -> dict[Pair, tuple[int, ...]] | Trouble:
        """Look for them; a scan that failed has none."""
        found = metrics[SCAN]
        return found if isinstance(found, Trouble) else positions(rows, found.classification.sightings)

    @classmethod
    def _get_evaluation_dependencies(
        cls,
        metric: MetricConfiguration,
        configuration: Any = None,
        execution_engine: Any = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> dict[str, MetricConfiguration]:
        return {SCAN: MetricConfiguration(SCAN, metric.metric_domain_kwargs)}


class _PseudonymsMetric(_Metric):
    """How many cells of a column are pseudonyms."""

    metric_name = PSEUDONYMS
    value_keys = ("column",)

    @classmethod
    def ask(cls, rows: Rows, asked: dict[str, Any], metrics: dict[str, Any]) -> Shaped:
        """Count them."""
        _check(rows, [asked["column"]])
        return rows.pseudonyms(asked["column"])


class _AnonymityMetric(_Metric):
    """How well rows hide among each other."""

    metric_name = ANONYMITY
    value_keys = ("columns", "k", "sensitive", "l")

    @classmethod
    def ask(cls, rows: Rows, asked: dict[str, Any], metrics: dict[str, Any]) -> Anonymity:
        """Count them."""
        columns, sensitive = list(asked["columns"]), asked["sensitive"]
        _check(rows, [*columns, *([sensitive] if sensitive is not None else [])])
        return rows.groups(columns, asked["k"], sensitive, asked["l"])


def _answer(cls: type[_Metric], rows: Callable[[dict[str, Any]], Rows], asked: dict[str, Any]) -> Any:
    domain = {key: value for key, value in asked["metric_domain_kwargs"].items() if key == "batch_id"}
    return told(lambda: cls.ask(rows(domain), dict(asked["metric_value_kwargs"]), asked["metrics"]))


def _check(rows: Rows, columns: Sequence[str]) -> None:
    """A column that is not there, or there twice, must not be answered for by another."""
    names = rows.names
    for column in columns:
        if (count := names.count(column)) != 1:
            code, what = ("NO_SUCH_COLUMN", "there is no column") if not count else ("COLUMN_AMBIGUOUS", "two columns")
            raise SourceError(f"{what} of the name {column}: spell it as the batch does, and name each once", code=code)

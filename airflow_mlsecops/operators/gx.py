"""What a validation asks of Great Expectations; imported by nothing that a DAG file loads."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import great_expectations as gx  # noqa: TID253 - only a task that validates imports this
from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: TID253
from great_expectations.expectations.expectation import Expectation  # noqa: TID253

from airflow_mlsecops.core.errors import MlsecopsError, SourceError
from airflow_mlsecops.expectations import Outcome, counts_only, value_free
from airflow_mlsecops.sources import typed
from airflow_mlsecops.sources.sql import Table

if TYPE_CHECKING:
    from airflow_mlsecops.clients import AirflowClients
    from airflow_mlsecops.operators.attempt import Attempt
    from airflow_mlsecops.sources import Source

EPHEMERAL, CLOUD = "ephemeral", "cloud"


@dataclass(frozen=True)
class Batch:
    """The data that suites are run on: a table where the database can be asked, a frame otherwise.

    It has no repr of its content, since it holds the data.

    :param url: of the database; ``table`` and ``schema`` in it
    :param frame: a pandas frame
    """

    url: str = ""
    table: str = ""
    schema: str | None = None
    frame: Any = None

    def __repr__(self) -> str:
        return "Batch(a table)" if self.url else "Batch(a frame)"

    @classmethod
    def of(cls, source: Source, attempt: Attempt, clients: AirflowClients) -> Batch:
        """The whole table of a database, or all rows of anything else in memory."""
        url = clients.sqlalchemy_url(attempt.dataset.connection) if _whole_table(source, attempt.partition) else None
        if url is None:
            return cls(frame=_frame(source))
        schema, _, table = attempt.dataset.path.rpartition(".")
        return cls(url=url, table=table.strip('"'), schema=schema.strip('"') or None)

    def definition(self, context: Any) -> Any:
        """As a batch definition of a context."""
        if not self.url:
            frames = context.data_sources.add_pandas("dataset").add_dataframe_asset("rows")
            return frames.add_batch_definition_whole_dataframe("all")
        tables = context.data_sources.add_sql("dataset", connection_string=self.url)
        return tables.add_table_asset(
            "rows", table_name=self.table, schema_name=self.schema
        ).add_batch_definition_whole_table("all")

    @property
    def parameters(self) -> dict[str, Any]:
        """What a run is given besides."""
        return {} if self.url else {"batch_parameters": {"dataframe": self.frame}}


def run_suites(
    suites: Iterable[Any],
    batch: Batch,
    *,
    result_format: str | Mapping[str, Any],
    show_values_of: Collection[str],
    data_docs: Path,
) -> list[Outcome]:
    """Run suites on one batch, in a context that is gone afterwards, and write their Data Docs.

    :param data_docs: folder, created with what is missing above it, for its owner alone
    """
    with _told_by_class("the suites could not be run"):
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
        _write_docs_to(context, data_docs)
        definition = batch.definition(context)
        outcomes: list[Outcome] = []
        how: Any = result_format if isinstance(result_format, str) else dict(result_format)
        for number, suite in enumerate(suites):
            validation = gx.ValidationDefinition(
                name=f"validation {number}", data=definition, suite=context.suites.add(_copied(suite, number))
            )
            known = context.validation_definitions.add(validation)
            result = counts_only(known, except_for=show_values_of).run(result_format=how, **batch.parameters)
            outcomes += value_free(result)
        context.build_data_docs()
        return outcomes


def run_checkpoint(
    where: str, checkpoint: str | Callable[[Any], Any], *, show_values_of: Collection[str]
) -> list[Outcome]:
    """Run a checkpoint of a user's own context, on data of its own; its actions get no values either."""
    context = _context(where)
    with _told_by_class("the checkpoint could not be run"):
        made = context.checkpoints.get(checkpoint) if isinstance(checkpoint, str) else checkpoint(context)
        return value_free(counts_only(made, except_for=show_values_of).run())


def named_suite(where: str, name: str) -> Any:
    """A suite of a user's own context."""
    context = _context(where)
    with _told_by_class(f"the context has no suite {name}, or it cannot be loaded"):
        return context.suites.get(name)


def _context(where: str) -> Any:
    with _told_by_class(f"the context {where} cannot be opened"):
        if where == CLOUD:
            return gx.get_context(mode="cloud")
        if where == EPHEMERAL:
            return gx.get_context(mode="ephemeral")
        root = Path(where.removeprefix("file://"))
        if not (root / "gx").is_dir():
            # Great Expectations would make a new project there, and find it empty.
            raise MlsecopsError(f"there is no project of Great Expectations in {root}", code="SUITE_UNAVAILABLE")
        return gx.get_context(mode="file", project_root_dir=root)


def _copied(suite: Any, number: int) -> Any:
    """A suite of its own: the user's context must not be written to."""
    if isinstance(suite, Expectation):
        suite = gx.ExpectationSuite(name=suite.expectation_type, expectations=[suite])
    if not isinstance(suite, gx.ExpectationSuite):
        raise MlsecopsError(
            f"suite= came to a {type(suite).__name__}, expected an ExpectationSuite or an expectation",
            code="SUITE_UNAVAILABLE",
        )
    own = [expectation.copy(update={"id": None}) for expectation in suite.expectations]
    return gx.ExpectationSuite(name=suite.name or f"suite {number}", expectations=own)


def _write_docs_to(context: Any, folder: Path) -> None:
    """One site in one folder; the one that every context brings along is written to a folder that nobody removes."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, site in dict(context.variables.data_docs_sites or {}).items():
        context.delete_data_docs_site(name)
        shutil.rmtree(site["store_backend"]["base_directory"], ignore_errors=True)
    context.add_data_docs_site(
        "mlsecops",
        {
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": os.fspath(folder)},
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        },
    )


def _whole_table(source: Source, partition: str) -> bool:
    return isinstance(source, Table) and not partition


def _frame(source: Source) -> Any:
    """All rows as a pandas frame, as most expectations want them.

    :raises SourceError: ``UNREADABLE_CELLS`` if something of it could not be read
    """
    import polars as pl

    rows = typed(source)
    whole = pl.concat(list(rows.batches()), how="diagonal_relaxed")
    if rows.skipped:
        raise SourceError(
            "some cells could not be read: what was not read cannot be validated", code="UNREADABLE_CELLS"
        )
    return whole.to_pandas()


@contextmanager
def _told_by_class(what: str) -> Iterator[None]:
    """Whatever Great Expectations raises is told by its class: its text holds cells and connection strings."""
    try:
        yield
        return
    except MlsecopsError:
        raise
    except Exception as error:  # noqa: BLE001 - the outer edge of a library whose exceptions hold cells
        kind = type(error).__name__
    raise MlsecopsError(f"{what} ({kind}): try it by hand where its data may be seen", code="VALIDATION_FAILED")

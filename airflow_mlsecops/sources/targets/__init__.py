"""Where data is written to, one file per kind of place."""

from __future__ import annotations

from collections.abc import Callable

from airflow_mlsecops.core.dataset import Dataset
from airflow_mlsecops.sources.interface import Clients, Target
from airflow_mlsecops.sources.targets import files, objects, tables
from airflow_mlsecops.sources.targets.layout import require_run, unsupported
from airflow_mlsecops.sources.targets.overlap import refuse_overlap

__all__ = ["open_target", "refuse_overlap"]

_Opener = Callable[[Dataset, str, Clients, str, str | None], Target]
_OPENERS: dict[str, _Opener] = {"file": files.open_files, "sql": tables.open_table}


def open_target(dataset: Dataset, partition: str, clients: Clients, *, run: str, format: str | None = None) -> Target:
    """Open a dataset, or one partition of it, for writing; nothing is written yet.

    A file or object is written in the format that its name promises, a folder or prefix in Parquet unless ``format``
    says otherwise, a table in the types of its columns.

    :param partition: a relative path below files and objects, ``column=value`` for a table, empty for everything
    :param run: short id of this attempt, 1 to 32 of a-z and 0-9; no two attempts that may run at once share one
    :param format: ``parquet``, ``csv``, ``jsonl``, ``csv.gz`` or ``jsonl.gz``
    :raises SourceError: ``TARGET_NOT_SUPPORTED``, ``TARGET_FORMAT``, ``PARTITION_INVALID`` or a code of the store's
    :raises ValueError: if the run is not such an id
    """
    require_run(run)
    if dataset.scheme == "xcom":
        raise unsupported(dataset, "a frame belongs to the task that returned it; name a file, a prefix or a table")
    return _OPENERS.get(dataset.scheme, objects.open_objects)(dataset, partition, clients, run, format)

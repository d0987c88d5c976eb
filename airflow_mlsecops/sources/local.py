"""Clients of the command line: local files, no connections."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from airflow_mlsecops.core.errors import SourceError


class LocalClients:
    """Opens ``file://`` datasets; everything else needs Airflow's connections."""

    def path(self, uri: str) -> Path:
        """Local path of a ``file://`` URI."""
        if not uri.startswith("file://"):
            raise _beyond(f"{urlsplit(uri).scheme}:// dataset")
        return Path(uri.removeprefix("file://"))

    def database(self, connection: str) -> NoReturn:
        """Refused: a connection is Airflow's to open."""
        raise _beyond("sql:// dataset")

    def frame(self, task_id: str) -> NoReturn:
        """Refused: XCom belongs to a run."""
        raise _beyond("xcom:// dataset")

    def frame_identity(self, task_id: str) -> NoReturn:
        """Refused: XCom belongs to a run."""
        raise _beyond("xcom:// dataset")


def _beyond(what: str) -> SourceError:
    return SourceError(
        f"a {what} cannot be opened here, only local files: classify it in a DAG, which has connections",
        code="UNREADABLE",
    )

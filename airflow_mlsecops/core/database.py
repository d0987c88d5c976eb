"""A database that a connection names, for whoever reads from it and whoever asks it what it is."""

from __future__ import annotations

from typing import Any, Protocol


class Database(Protocol):
    """A database behind a connection.

    :param dialect: ``postgresql``, ``mysql``, ``sqlite``…: as SQLAlchemy calls it
    :param place: ``host:port/database``, or the path of a SQLite file
    :param local: true if it runs in this process
    """

    @property
    def dialect(self) -> str: ...  # noqa: D102
    @property
    def place(self) -> str: ...  # noqa: D102
    @property
    def local(self) -> bool: ...  # noqa: D102

    def connect(self) -> Any:
        """Open a new PEP 249 connection, which the caller closes."""
        ...

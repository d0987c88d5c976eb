"""What a ledger answers of where data went, by the trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.core.waiver import WaiverUse
from airflow_mlsecops.ledger.database import Database
from airflow_mlsecops.ledger.indexes import TRACE, come_to
from airflow_mlsecops.ledger.keys import Keyring
from airflow_mlsecops.ledger.tail import head_of
from airflow_mlsecops.ledger.trace_look import Wanted, When, answers, consumed, places, sighted, waiver_uses
from airflow_mlsecops.ledger.traces import Consumed, Places, Sighted

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Followed:
    """The part of a ledger that follows data; what it says stands in records that verify."""

    _database: Database
    _keyring: Keyring

    def sighted(
        self,
        dags: frozenset[str] | None,
        *,
        dataset: str | None = None,
        environment: str | None = None,
        entity: str | None = None,
        column: str | None = None,
        parent: str | None = None,
        since: When | None = None,
        until: When | None = None,
        limit: int = 1000,
    ) -> tuple[Sighted, ...]:
        """Classes that scans saw in columns, the newest first, within the Dags that may be seen.

        :param dags: nothing of any other Dag is found; ``None`` for all
        :param parent: in datasets that have it from there, as a gate found
        :param since: seen then or later, and ``until`` then or earlier; of a day (in UTC) all of it counts
        :raises LedgerTampered: if what is found does not agree with the records that it points to
        :raises LedgerError: ``INDEX_ABSENT`` if the ledger has no trace, and this user may not create one
        """
        wanted = Wanted(
            dags=dags, dataset=dataset, environment=environment, entity=entity, column=column, parent=parent,
            since=since, until=until, limit=limit,
        )  # fmt: skip
        return self._database.read(lambda connection: sighted(connection, wanted, self._keyring))

    def consumed(
        self,
        dags: frozenset[str] | None,
        *,
        dataset: str | None = None,
        environment: str | None = None,
        since: When | None = None,
        until: When | None = None,
        limit: int = 1000,
    ) -> tuple[Consumed, ...]:
        """Sealed tasks on datasets, the newest first; asked and raising as :meth:`sighted`."""
        wanted = Wanted(
            dags=dags, dataset=dataset, environment=environment, since=since, until=until, limit=limit
        )  # fmt: skip
        return self._database.read(lambda connection: consumed(connection, wanted, self._keyring))

    def waiver_uses(
        self, dags: frozenset[str] | None, *, dataset: str | None = None, limit: int = 1000
    ) -> tuple[WaiverUse, ...]:
        """Waivers as gates applied them, the newest first; asked and raising as :meth:`sighted`."""
        wanted = Wanted(dags=dags, dataset=dataset, limit=limit)
        return self._database.read(lambda connection: waiver_uses(connection, wanted, self._keyring))

    def answers(
        self,
        dags: frozenset[str] | None,
        *,
        dataset: str | None = None,
        since: When | None = None,
        limit: int = 1000,
    ) -> tuple[Entry, ...]:
        """What people were asked and answered, the newest first; asked and raising as :meth:`sighted`.

        :param since: at that moment or later, by the record's own time
        """
        wanted = Wanted(dags=dags, dataset=dataset, since=since, limit=limit)
        return self._database.read(lambda connection: answers(connection, wanted, self._keyring))

    def places(self, dags: frozenset[str]) -> Places:
        """Datasets and classes that can be asked for, within the Dags that may be seen.

        :raises LedgerError: ``INDEX_ABSENT`` if the ledger has no index, and this user may not create one
        """
        return self._database.read(lambda connection: places(connection, dags))

    def traces_current(self) -> bool:
        """True if the trace has come to the newest record: else newer ones are not found in it."""

        def work(connection: Connection) -> bool:
            return come_to(connection, TRACE) == head_of(connection).sequence

        return self._database.read(work)

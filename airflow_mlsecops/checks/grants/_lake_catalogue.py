"""Which tables and databases of the Glue catalogue lie where a dataset does.

Partitions may lie elsewhere than their table: https://docs.aws.amazon.com/glue/latest/webapi/API_GetPartitions.html.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from airflow_mlsecops.checks._glue import GET_DATABASES, GET_PARTITIONS, GET_TABLES, Database, Table
from airflow_mlsecops.checks._people import role_in
from airflow_mlsecops.checks.grants._inquiry import Inquiry
from airflow_mlsecops.checks.grants._lake_places import Registered, meet, place_in_s3, uri_of
from airflow_mlsecops.core.unseen import NotObserved

MOST_PARTITIONED = 100


@dataclass(frozen=True, slots=True)
class Held:
    """A table of which data lies in the dataset, or a database whose tables may.

    :param name: of the table; empty for a database
    :param sure: false where data only may lie there, or Lake Formation may not hand it out
    :param steps: how it leads to the data
    """

    database: str
    name: str
    by: Registered
    sure: bool
    steps: tuple[str, ...]

    @property
    def told(self) -> str:
        """What chains call it."""
        return f"table {self.database}.{self.name}" if self.name else f"database {self.database}"


class Catalogue:
    """The databases and tables over one place, as one region's catalogue lists them."""

    def __init__(self, place: str, by: tuple[Registered, ...], inquiry: Inquiry, region: str) -> None:
        self._place = place
        self._by = by
        self._inquiry = inquiry
        self._region = region

    def databases(self) -> tuple[Held, ...]:
        """Databases that lie at, above or below the place."""
        found = ((one, self._over((one.location_uri,))) for one in self._databases())
        return tuple(
            Held(one.name, "", by, False, (f"database {one.name} at {uri_of(at)}",))
            for one, over in found
            for at, by, _ in over[:1]
        )

    def tables(self) -> tuple[Held, ...]:
        """Tables of which data lies there, and views over them."""
        every = [(database.name, table) for database in self._databases() for table in self._tables(database.name)]
        held = [*self._straight(every), *self._partitioned(every)]
        return (*held, *_views(every, held))

    def _databases(self) -> tuple[Database, ...]:
        """All but links, whose target is asked."""
        found = self._inquiry.of(lambda: self._inquiry.aws.need(GET_DATABASES, self._region).databases, ())
        return tuple(one for one in found if one.target_database is None)

    def _tables(self, database: str) -> tuple[Table, ...]:
        return self._inquiry.of(
            lambda: self._inquiry.aws.need(GET_TABLES, self._region, DatabaseName=database).tables, ()
        )

    def _straight(self, every: list[tuple[str, Table]]) -> Iterator[Held]:
        for database, table in every:
            for at, by, sure in self._over(_locations(table))[:1]:
                yield Held(database, table.name, by, sure, (f"table {database}.{table.name} at {uri_of(at)}",))

    def _partitioned(self, every: list[tuple[str, Table]]) -> Iterator[Held]:
        """Tables that lie elsewhere, with a partition that may lie here."""
        others = [(base, one) for base, one in every if one.partition_keys and not self._over(_locations(one))]
        if len(others) > MOST_PARTITIONED:
            why = f"there are {len(others)} partitioned tables elsewhere, and no more than {MOST_PARTITIONED} are asked"
            self._inquiry.hide("Whether partitions of other tables lie here", NotObserved(why=why))
            return
        for database, table in others:
            own = set(map(place_in_s3, _locations(table)))
            apart = [one for one in self._partitions(database, table.name) if place_in_s3(one) not in own]
            for at, by, sure in self._over(apart)[:1]:
                step = f"a partition of table {database}.{table.name} at {uri_of(at)}"
                yield Held(database, table.name, by, sure and at.startswith(self._place), (step,))

    def _partitions(self, database: str, table: str) -> tuple[str, ...]:
        params = {"DatabaseName": database, "TableName": table, "ExcludeColumnSchema": True}
        return self._inquiry.of(lambda: self._inquiry.aws.need(GET_PARTITIONS, self._region, **params).places, ())

    def _over(self, uris: Iterable[str]) -> list[tuple[str, Registered, bool]]:
        """Those of several locations that meet the place and are registered, the surest first."""
        places = [at for at in map(place_in_s3, uris) if meet(at, self._place)]
        found = [(at, by, at.startswith(by.place)) for at in places for by in self._by if meet(at, by.place)]
        return sorted(found, key=lambda one: (not one[2], -len(one[1].place)))


def _locations(table: Table) -> tuple[str, ...]:
    stored = table.storage_descriptor
    return (stored.location, *stored.additional_locations) if stored else ()


def _views(every: list[tuple[str, Table]], held: list[Held]) -> Iterator[Held]:
    """Views that read held tables as whoever defined them, and views over those."""
    found = {(one.database, one.name): one for one in held}
    todo = list(held)
    for under in todo:
        for database, view in every:
            reads = view.view_definition.sub_objects if view.view_definition else ()
            if (database, view.name) in found or not any(_names(arn, under) for arn in reads):
                continue
            definer = role_in(view.view_definition.definer if view.view_definition else "") or "whoever defined it"
            step = f"view {database}.{view.name} over {under.told}, as {definer}"
            held_view = Held(database, view.name, under.by, under.sure, (step, *under.steps))
            found[database, view.name] = held_view
            todo.append(held_view)
            yield held_view


def _names(arn: str, table: Held) -> bool:
    return arn.endswith(f":table/{table.database}/{table.name}")

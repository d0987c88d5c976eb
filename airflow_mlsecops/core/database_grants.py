"""What a PostgreSQL catalogue says about who may read one table; names of what is granted stand as SQL writes them."""

from __future__ import annotations

from enum import StrEnum

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.unseen import NotObserved

PUBLIC = ""
"""The grantee that is everybody; no role can be called so."""


class Role(Frozen):
    """One role with its attributes, none of which is inherited.

    :param bootstrap: whether the cluster was made by it, so that it can never cease to be a superuser
    """

    name: str
    login: bool = False
    superuser: bool = False
    createrole: bool = False
    replication: bool = False
    bypassrls: bool = False
    bootstrap: bool = False

    @property
    def special(self) -> bool:
        """Whether it may more than what was granted to it and what it owns."""
        return self.superuser or self.createrole or self.replication or self.bypassrls


class Membership(Frozen):
    """One role in another; before PostgreSQL 16 whether it inherits is the member's attribute, and all may SET ROLE.

    :param revocable: false for the owner of the database, which is a member of ``pg_database_owner`` as long as it is
    """

    role: str
    member: str
    grantor: str = ""
    inherit: bool = True
    set: bool = True
    admin: bool = False
    revocable: bool = True


class Privilege(Frozen):
    """One entry of an access list, or of the one that holds where none was ever written.

    :param on: ``TABLE ml.customers``, ``ROUTINE ml.peek(integer)``, ``SCHEMA ml``, ``DATABASE crm``, each name quoted;
        of default privileges what ALTER DEFAULT PRIVILEGES calls them: ``FOR ROLE owner IN SCHEMA ml``
    :param column: quoted; empty for the whole
    :param grantee: a role, or ``PUBLIC``
    """

    on: str
    name: str
    grantee: str
    grantor: str
    column: str = ""
    grantable: bool = False


class RelationKind(StrEnum):
    """What holds rows of the table, or hands them on."""

    TABLE = "table"
    VIEW = "view"
    COPY = "materialized view"
    STATISTICS = "statistics"
    LONG_VALUES = "long values"  # a TOAST table, which has an access list of its own


class Relation(Frozen):
    """The table, a partition or a parent of it, or a view over one of them.

    :param id: as :attr:`Privilege.on` calls it
    :param schema_name: ``SCHEMA ml``
    :param over: ids of what a view reads
    :param invoker: whether a view asks for its reader's own privileges below, not for its owner's
    :param row_security: whether policies choose the rows; ``forced``: for the owner too
    :param server: the foreign server that has the rows, as PostgreSQL calls it; empty where they are in this database
    """

    id: str
    kind: RelationKind
    schema_name: str
    owner: str
    over: tuple[str, ...] = ()
    invoker: bool = False
    row_security: bool = False
    forced: bool = False
    server: str = ""


class RoutineKind(StrEnum):
    """How somebody makes use of a function that acts as its owner."""

    FUNCTION = "function"
    TRIGGER = "trigger"  # whoever may execute it puts it on a table of their own
    AGGREGATE = "aggregate"  # not itself, but what it is made of acts as its owner, and is called as the aggregate's


class Routine(Frozen):
    """A SECURITY DEFINER function or procedure, or one of PostgreSQL's own that reads files of the server.

    Whoever calls it acts as its owner.

    :param mentions: whether its text names the table, or a view over it
    :param parsed: whether names in it were looked up when it was written (BEGIN ATOMIC), not when it runs
    :param used: whether something else calls it (a view, an operator), which needs no way into its schema
    """

    id: str
    schema_name: str
    owner: str
    mentions: bool = False
    parsed: bool = False
    used: bool = False
    kind: RoutineKind = RoutineKind.FUNCTION


class Handed(Frozen):
    """A function that is called with values of the table, as those of triggers are, and is not its owner's.

    :param on: what calls it: the table, a partition, a view
    """

    routine: str
    owner: str
    on: str


class RowPolicy(Frozen):
    """A permissive policy that lets somebody see some rows of a table; ``roles`` may hold ``PUBLIC``."""

    on: str
    roles: tuple[str, ...]


class Publication(Frozen):
    """Changes of the table, or of what is above and below it, are sent to whoever subscribes to this.

    :param carries: what it was told to send: ``TABLE ml.customers``, ``SCHEMA ml``; empty for every table there is
    """

    name: str
    carries: str = ""


class DatabaseGrants(Frozen):
    """Everything that decides who reads one table.

    :param table: id of the table in question, the first of ``relations``
    :param version: as ``server_version_num`` has it (``180004``)
    :param schema_owner: who may drop the table, whoever owns it, and put another in its place
    :param defaults: privileges that future tables of this schema will be born with
    :param rules: tables and views on which a rule reads it when somebody writes there (CREATE RULE … DO ALSO SELECT)
    :param bodies: functions that act as whoever calls them, and name it without looking it up (BEGIN ATOMIC)
    :param triggers: other tables, a trigger on which reads it for whoever writes there (SECURITY DEFINER)
    :param foreign: foreign tables that are said to be of its name, on a server that may be this one
    """

    version: int
    database: str
    table: str
    roles: tuple[Role, ...]
    memberships: tuple[Membership, ...] = ()
    relations: tuple[Relation, ...]
    routines: tuple[Routine, ...] = ()
    privileges: tuple[Privilege, ...] = ()
    policies: tuple[RowPolicy, ...] = ()
    schema_owner: str = ""
    rules: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    handed: tuple[Handed, ...] = ()
    defaults: tuple[Privilege, ...] | NotObserved = ()
    publications: tuple[Publication, ...] | NotObserved = ()

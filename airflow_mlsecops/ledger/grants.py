"""SQL for a role that may add to the ledger, but not change it."""

from __future__ import annotations

from airflow_mlsecops.core.errors import LedgerError


def grants(dialect: str, role: str) -> str:
    """SQL that lets a role append and read; run it as the owner of the tables.

    :param dialect: ``postgresql`` or ``sqlite``
    :param role: an existing role, which must not own the tables
    :raises LedgerError: ``ROLE_INVALID`` or ``DIALECT_UNKNOWN``
    """
    if dialect == "sqlite":
        return _SQLITE
    if dialect not in ("postgresql", "postgres"):
        raise LedgerError(f"no grants for {dialect}: expected postgresql or sqlite", code="DIALECT_UNKNOWN")
    return _POSTGRES.format(role=_quoted(role))


def _quoted(role: str) -> str:
    # PostgreSQL cuts longer names short, which names another role; it reads even a quoted "public" as everybody.
    if not role.isprintable() or not 0 < len(role.encode()) <= 63 or role.lower() in ("public", "none"):
        raise LedgerError(
            "the role's name must be 1 to 63 bytes of printable text, and neither public nor none", code="ROLE_INVALID"
        )
    return '"' + role.replace('"', '""') + '"'


_POSTGRES = """\
-- Where the tables are not in schema public, the role needs USAGE on their schema, and that schema in its search_path.
-- Start from nothing, whatever was granted before.
REVOKE ALL ON mlsecops_record, mlsecops_head, mlsecops_current FROM PUBLIC, {role};
-- Records are added and read; there is no right to change or remove one.
GRANT SELECT, INSERT ON mlsecops_record TO {role};
-- One row says where the chain ends: writers lock it and move it one entry on (a trigger refuses any other change).
GRANT SELECT, UPDATE (sequence, hash) ON mlsecops_head TO {role};
-- One row per dataset, environment and gate says which entry is the newest; a trigger lets it move forward only.
GRANT SELECT, INSERT, UPDATE (sequence) ON mlsecops_current TO {role};
-- What the overview counts is made of records, and can be made again; no gate reads it.
REVOKE ALL ON mlsecops_standing, mlsecops_state, mlsecops_day, mlsecops_indexed FROM PUBLIC, {role};
GRANT SELECT, INSERT, UPDATE ON mlsecops_standing, mlsecops_state, mlsecops_day TO {role};
GRANT SELECT, UPDATE (sequence) ON mlsecops_indexed TO {role};
-- So is what shows where data went.
REVOKE ALL ON mlsecops_trail, mlsecops_answer, mlsecops_traced FROM PUBLIC, {role};
GRANT SELECT, INSERT, UPDATE ON mlsecops_trail, mlsecops_answer TO {role};
GRANT SELECT, UPDATE (sequence) ON mlsecops_traced TO {role};
"""
_SQLITE = """\
-- SQLite has no roles: whoever may write the file may change all of it, triggers included.
-- File permissions are all there is: one user owns the file (0600) in a folder of its own (0700).
-- A change still shows: `airflow-mlsecops ledger verify` checks every signature.
-- Where more than one user or host writes, use PostgreSQL.
"""

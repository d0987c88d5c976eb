"""What PostgreSQL is asked about a session, in its own catalogue; any role that may connect may ask all of it."""

from __future__ import annotations

WHO = "SELECT current_user::text, current_database()::text"

# The server's own view of this session, which cannot be configured to say otherwise.
TLS = "SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_backend_pid()"

# Whoever may SET ROLE to a superuser, or write files and start programs on the server, may do anything.
SUPERUSER = """
SELECT EXISTS (
    SELECT FROM pg_catalog.pg_roles AS mighty
    WHERE (mighty.rolsuper OR mighty.rolname IN ('pg_execute_server_program', 'pg_write_server_files'))
      AND pg_has_role(session_user, mighty.oid, 'MEMBER')
)
"""

# Made once, when the cluster is; a copy of the files has it too, a copy of the data has not.
CLUSTER = "SELECT system_identifier::text FROM pg_catalog.pg_control_system()"

# What the user is, and what it may become by SET ROLE. pg_database_owner is every owner of a database, and grants
# nothing by itself; the other predefined roles reach beyond what was granted, as do those of clouds for administrators.
# https://www.postgresql.org/docs/current/predefined-roles.html
POWERS = """
WITH mine AS (SELECT * FROM pg_catalog.pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER'))
SELECT 'CREATEROLE' FROM mine WHERE rolcreaterole
UNION SELECT 'CREATEDB' FROM mine WHERE rolcreatedb
UNION SELECT 'BYPASSRLS' FROM mine WHERE rolbypassrls
UNION SELECT 'REPLICATION' FROM mine WHERE rolreplication
UNION SELECT 'member of ' || rolname::text FROM mine
WHERE (starts_with(rolname::text, 'pg_') AND rolname <> 'pg_database_owner')
   OR rolname IN ('rds_superuser', 'rds_replication', 'cloudsqlsuperuser', 'alloydbsuperuser', 'azure_pg_admin')
"""

# A server of postgres_fdw may name several hosts, of which any will do; its name can be kept while its host is changed.
# Connection strings of subscriptions hold passwords and are closed to ordinary roles, so subscriptions go by name.
BRIDGES = """
WITH host AS (
    SELECT server.oid AS server, btrim(one) AS name
    FROM pg_catalog.pg_foreign_server AS server, pg_options_to_table(server.srvoptions) AS option,
         unnest(string_to_array(option.option_value, ',')) AS one
    WHERE option.option_name IN ('host', 'hostaddr')
)
SELECT 'server:' || name FROM host
UNION SELECT 'server:' || srvname::text FROM pg_catalog.pg_foreign_server WHERE oid NOT IN (SELECT server FROM host)
UNION SELECT 'publication:' || pubname::text FROM pg_catalog.pg_publication
UNION SELECT 'subscription:' || subname::text FROM pg_catalog.pg_subscription
WHERE subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
UNION SELECT 'slot:' || slot_name::text FROM pg_catalog.pg_replication_slots WHERE database = current_database()
UNION SELECT 'extension:' || extname::text FROM pg_catalog.pg_extension
WHERE extname IN ('dblink', 'aws_s3', 'aws_lambda', 'azure_storage', 'http', 'pg_net', 'pglogical', 'plproxy',
                  'plperlu', 'plpython3u', 'pltclu') OR right(extname::text, 4) = '_fdw'
"""

# The table, what is below and above it by inheritance; the head of a question that goes on with ``), more AS (``.
LINEAGE = """\
WITH RECURSIVE own AS (
    SELECT class.oid FROM pg_catalog.pg_class AS class
    JOIN pg_catalog.pg_namespace AS schema ON schema.oid = class.relnamespace
    WHERE schema.nspname::text = %s AND class.relname::text = %s
), below AS (
    SELECT oid FROM own UNION SELECT inhrelid FROM pg_catalog.pg_inherits JOIN below ON inhparent = below.oid
), above AS (
    SELECT oid FROM own UNION SELECT inhparent FROM pg_catalog.pg_inherits JOIN above ON inhrelid = above.oid
"""

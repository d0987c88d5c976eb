"""What PostgreSQL is asked about who may read a table; any role that may connect may ask all of it.

Each column has a name of its own: some drivers give rows by name, in which a second one of the same name is lost.
"""

from __future__ import annotations

from airflow_mlsecops.observe.questions import LINEAGE

SERVER = """
SELECT current_setting('server_version_num')::int AS version, 'DATABASE ' || quote_ident(current_database()) AS id,
       current_database()::text AS name
"""

ROLES = """
SELECT rolname::text, rolcanlogin, rolsuper, rolcreaterole, rolreplication, rolbypassrls, oid = 10
FROM pg_catalog.pg_roles ORDER BY oid
"""

# Options of a membership came with PostgreSQL 16: a row as JSON has them or not. Nobody can see that the owner of the
# database is a member of pg_database_owner, yet it is.
MEMBERSHIPS = """
SELECT role.rolname::text AS role, member.rolname::text AS member, coalesce(grantor.rolname::text, '') AS grantor,
       coalesce((to_jsonb(given) ->> 'inherit_option')::bool, member.rolinherit) AS inherits,
       coalesce((to_jsonb(given) ->> 'set_option')::bool, true) AS sets, given.admin_option, true AS revocable
FROM pg_catalog.pg_auth_members AS given
JOIN pg_catalog.pg_roles AS role ON role.oid = given.roleid
JOIN pg_catalog.pg_roles AS member ON member.oid = given.member
LEFT JOIN pg_catalog.pg_roles AS grantor ON grantor.oid = given.grantor
UNION ALL
SELECT role.rolname::text, owner.rolname::text, '', true, true, false, false
FROM pg_catalog.pg_database AS this
JOIN pg_catalog.pg_roles AS owner ON owner.oid = this.datdba
JOIN pg_catalog.pg_roles AS role ON role.rolname = 'pg_database_owner'
WHERE this.datname = current_database()
ORDER BY 1, 2, 3
"""

# The table, what is below and above it by inheritance, and every view over one of these, however many stand between.
# Text of functions is made once: to look for the names of many partitions in thousands of them takes long enough.
# Statistics hold values of every table, and TOAST tables those that are too long for a row; both are closed. A file of
# the server may be the table's own. Each counts only where somebody was let at it.
_ABOVE_LINEAGE = """), reads AS (
    SELECT DISTINCT rule.ev_class AS view, link.refobjid AS oid
    FROM pg_catalog.pg_rewrite AS rule
    JOIN pg_catalog.pg_depend AS link ON link.classid = 'pg_rewrite'::regclass AND link.objid = rule.oid
    JOIN pg_catalog.pg_class AS class ON class.oid = rule.ev_class AND class.relkind IN ('v', 'm')
    WHERE link.refclassid = 'pg_class'::regclass AND link.refobjid <> rule.ev_class
), family AS (
    SELECT oid FROM below UNION SELECT oid FROM above UNION SELECT view FROM reads JOIN family USING (oid)
), statistics AS (
    SELECT oid FROM pg_catalog.pg_class WHERE oid IN ('pg_statistic'::regclass, to_regclass('pg_statistic_ext_data'))
), sampled AS (
    SELECT class.oid FROM pg_catalog.pg_class AS class
    WHERE class.oid IN (SELECT oid FROM statistics UNION SELECT reltoastrelid FROM pg_catalog.pg_class AS base
                        JOIN (SELECT oid FROM family UNION SELECT oid FROM statistics) AS one ON one.oid = base.oid)
      AND (EXISTS (SELECT FROM aclexplode(relacl) WHERE grantee <> relowner)
           OR EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = class.oid AND attacl IS NOT NULL))
), known AS (
    SELECT class.*, 'SCHEMA ' || quote_ident(schema.nspname) AS within, class.oid IN (SELECT oid FROM own) AS asked,
           'TABLE ' || quote_ident(schema.nspname) || '.' || quote_ident(class.relname) AS called
    FROM pg_catalog.pg_class AS class JOIN (SELECT oid FROM family UNION SELECT oid FROM sampled) AS one USING (oid)
    JOIN pg_catalog.pg_namespace AS schema ON schema.oid = class.relnamespace
), routine AS MATERIALIZED (
    SELECT proc.*, 'SCHEMA ' || quote_ident(schema.nspname) AS within,
           'ROUTINE ' || quote_ident(schema.nspname) || '.' || quote_ident(proc.proname)
           || '(' || pg_get_function_identity_arguments(proc.oid) || ')' AS called,
           CASE WHEN proc.prokind = 'a' THEN 'aggregate' WHEN proc.prorettype = 'trigger'::regtype THEN 'trigger'
                WHEN proc.prosecdef THEN 'function' ELSE 'builtin' END AS sort,
           CASE WHEN proc.prosecdef AND proc.prokind <> 'a' THEN lower(pg_get_functiondef(proc.oid)) ELSE '' END AS text
    FROM pg_catalog.pg_proc AS proc JOIN pg_catalog.pg_namespace AS schema ON schema.oid = proc.pronamespace
    WHERE (proc.prosecdef AND proc.prorettype <> 'event_trigger'::regtype)
       OR (proc.pronamespace = 'pg_catalog'::regnamespace AND proc.prolang = 12
           AND proc.proname IN ('pg_read_file', 'pg_read_binary_file', 'lo_import', 'lo_export')
           AND (proc.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proc.proacl) WHERE grantee <> proc.proowner)))
       OR (proc.prokind = 'a' AND EXISTS (
           SELECT FROM pg_catalog.pg_depend AS link JOIN pg_catalog.pg_proc AS part ON part.oid = link.refobjid
           WHERE link.classid = 'pg_proc'::regclass AND link.objid = proc.oid
             AND link.refclassid = 'pg_proc'::regclass AND part.prosecdef))
), definer AS (
    SELECT * FROM routine
    WHERE sort <> 'trigger' OR EXISTS (SELECT FROM known WHERE position(lower(relname::text) IN text) > 0)
)
"""
_FAMILY = LINEAGE + _ABOVE_LINEAGE

_RELATIONS = """
SELECT called, CASE WHEN relkind = 't' THEN 'long values'
                    WHEN oid IN (SELECT oid FROM sampled) THEN 'statistics' WHEN relkind = 'v' THEN 'view'
                    WHEN relkind = 'm' THEN 'materialized view' ELSE 'table' END, within,
       pg_get_userbyid(relowner)::text,
       ARRAY(SELECT base.called FROM reads JOIN known AS base USING (oid) WHERE reads.view = known.oid ORDER BY 1),
       EXISTS (SELECT FROM pg_options_to_table(reloptions) WHERE option_name = 'security_invoker'
               AND lower(option_value) IN ('true', 'on', 'yes', '1')),
       relrowsecurity, relforcerowsecurity,
       coalesce((SELECT srvname::text FROM pg_catalog.pg_foreign_table AS far
                 JOIN pg_catalog.pg_foreign_server AS server ON server.oid = far.ftserver
                 WHERE far.ftrelid = known.oid), '')
FROM known ORDER BY NOT asked, called
"""
RELATIONS = _FAMILY + _RELATIONS

# pg_get_functiondef has the text of those that are parsed when they are written, too; PostgreSQL 14 brought them.
_ROUTINES = """
SELECT called, within, pg_get_userbyid(proowner)::text,
       sort = 'builtin' OR EXISTS (SELECT FROM known WHERE position(lower(relname::text) IN text) > 0) AS mentions,
       to_jsonb(definer) ->> 'prosqlbody' IS NOT NULL AS parsed,
       sort <> 'trigger' AND EXISTS (
           SELECT FROM pg_catalog.pg_depend WHERE refclassid = 'pg_proc'::regclass AND refobjid = definer.oid) AS used,
       CASE sort WHEN 'builtin' THEN 'function' ELSE sort END AS sort
FROM definer ORDER BY called
"""
ROUTINES = _FAMILY + _ROUTINES

# What reads the table by names that were looked up when it was written, so that its schema need not be open to anybody;
# triggers elsewhere that read it for whoever writes there; foreign tables by which this database may show it to itself.
_BEHIND = """
SELECT 'rule', known.called FROM pg_catalog.pg_rewrite AS rule
JOIN pg_catalog.pg_depend AS link ON link.classid = 'pg_rewrite'::regclass AND link.objid = rule.oid
JOIN family ON link.refclassid = 'pg_class'::regclass AND link.refobjid = family.oid
JOIN (SELECT class.oid, 'TABLE ' || quote_ident(schema.nspname) || '.' || quote_ident(class.relname) AS called
      FROM pg_catalog.pg_class AS class JOIN pg_catalog.pg_namespace AS schema ON schema.oid = class.relnamespace
     ) AS known ON known.oid = rule.ev_class
WHERE rule.ev_type <> '1' AND link.refobjid <> rule.ev_class
UNION SELECT 'body', 'ROUTINE ' || quote_ident(schema.nspname) || '.' || quote_ident(proc.proname)
FROM pg_catalog.pg_proc AS proc JOIN pg_catalog.pg_namespace AS schema ON schema.oid = proc.pronamespace
JOIN pg_catalog.pg_depend AS link ON link.classid = 'pg_proc'::regclass AND link.objid = proc.oid
JOIN family ON link.refclassid = 'pg_class'::regclass AND link.refobjid = family.oid
WHERE NOT proc.prosecdef AND to_jsonb(proc) ->> 'prosqlbody' IS NOT NULL
UNION SELECT 'trigger', 'TABLE ' || quote_ident(schema.nspname) || '.' || quote_ident(class.relname)
FROM pg_catalog.pg_trigger JOIN definer ON definer.oid = tgfoid
JOIN pg_catalog.pg_class AS class ON class.oid = tgrelid
JOIN pg_catalog.pg_namespace AS schema ON schema.oid = class.relnamespace
WHERE tgrelid NOT IN (SELECT oid FROM family)
UNION SELECT 'foreign', 'TABLE ' || quote_ident(schema.nspname) || '.' || quote_ident(class.relname)
FROM pg_catalog.pg_foreign_table AS far
JOIN pg_catalog.pg_foreign_server AS server ON server.oid = far.ftserver
JOIN pg_catalog.pg_class AS class ON class.oid = far.ftrelid
JOIN pg_catalog.pg_namespace AS schema ON schema.oid = class.relnamespace,
     LATERAL (SELECT max(option_value) FILTER (WHERE option_name = 'schema_name') AS within,
                     max(option_value) FILTER (WHERE option_name = 'table_name') AS called
              FROM pg_options_to_table(far.ftoptions)) AS said,
     LATERAL (SELECT max(option_value) FILTER (WHERE option_name = 'dbname') AS base
              FROM pg_options_to_table(server.srvoptions)) AS there
WHERE far.ftrelid NOT IN (SELECT oid FROM family) AND coalesce(there.base, current_database()) = current_database()
  AND EXISTS (SELECT FROM known JOIN pg_catalog.pg_namespace AS home ON home.oid = known.relnamespace
              WHERE home.nspname::text = coalesce(said.within, schema.nspname::text)
                AND known.relname::text = coalesce(said.called, class.relname::text))
UNION SELECT 'owner', pg_get_userbyid(schema.nspowner)::text
FROM pg_catalog.pg_namespace AS schema JOIN pg_catalog.pg_class AS class ON class.relnamespace = schema.oid
JOIN own ON own.oid = class.oid
ORDER BY 1, 2
"""
BEHIND = _FAMILY + _BEHIND

# Whose functions are called with values of the table: by its triggers, constraints, policies, indexes, or by its views.
_HANDED = """
, piece AS (
    SELECT 'pg_trigger'::regclass AS class, oid, tgrelid AS of FROM pg_catalog.pg_trigger
    UNION ALL SELECT 'pg_constraint'::regclass, oid, conrelid FROM pg_catalog.pg_constraint
    UNION ALL SELECT 'pg_policy'::regclass, oid, polrelid FROM pg_catalog.pg_policy
    UNION ALL SELECT 'pg_rewrite'::regclass, oid, ev_class FROM pg_catalog.pg_rewrite
    UNION ALL SELECT 'pg_statistic_ext'::regclass, oid, stxrelid FROM pg_catalog.pg_statistic_ext
    UNION ALL SELECT 'pg_class'::regclass, indexrelid, indrelid FROM pg_catalog.pg_index
    UNION ALL SELECT 'pg_attrdef'::regclass, made.oid, adrelid FROM pg_catalog.pg_attrdef AS made
    JOIN pg_catalog.pg_attribute ON attrelid = adrelid AND attnum = adnum WHERE attgenerated <> ''
)
SELECT DISTINCT 'ROUTINE ' || quote_ident(schema.nspname) || '.' || quote_ident(proc.proname)
       || '(' || pg_get_function_identity_arguments(proc.oid) || ')' AS routine, pg_get_userbyid(proc.proowner)::text,
       known.called
FROM known JOIN piece ON piece.of = known.oid
JOIN pg_catalog.pg_depend AS link ON link.classid = piece.class AND link.objid = piece.oid
LEFT JOIN pg_catalog.pg_operator AS sign ON link.refclassid = 'pg_operator'::regclass AND sign.oid = link.refobjid
JOIN pg_catalog.pg_proc AS proc
  ON proc.oid = CASE WHEN link.refclassid = 'pg_proc'::regclass THEN link.refobjid ELSE sign.oprcode::oid END
JOIN pg_catalog.pg_namespace AS schema ON schema.oid = proc.pronamespace
WHERE proc.proowner <> known.relowner
ORDER BY 1, 3
"""
HANDED = _FAMILY + _HANDED

# Owners let themselves into what is theirs, whatever its list says.
_PRIVILEGES = """
, list AS (
    SELECT called AS on, '' AS part, coalesce(relacl, acldefault('r', relowner)) AS acl FROM known
    UNION ALL SELECT known.called, quote_ident(attname), attacl FROM known
    JOIN pg_catalog.pg_attribute ON attrelid = known.oid WHERE attacl IS NOT NULL AND NOT attisdropped
    UNION ALL SELECT called, '', coalesce(proacl, acldefault('f', proowner)) FROM definer
    UNION ALL SELECT 'SCHEMA ' || quote_ident(nspname), '', coalesce(nspacl, acldefault('n', nspowner))
    FROM pg_catalog.pg_namespace
    WHERE 'SCHEMA ' || quote_ident(nspname) IN (SELECT within FROM known UNION SELECT within FROM definer)
    UNION ALL SELECT 'DATABASE ' || quote_ident(datname), '', coalesce(datacl, acldefault('d', datdba))
    FROM pg_catalog.pg_database WHERE datname = current_database()
)
SELECT list.on, one.privilege_type,
       CASE WHEN one.grantee = 0 THEN '' ELSE pg_get_userbyid(one.grantee)::text END AS grantee,
       pg_get_userbyid(one.grantor)::text AS grantor, list.part, one.is_grantable
FROM list, aclexplode(list.acl) AS one
WHERE one.privilege_type IN ('SELECT', 'USAGE', 'EXECUTE', 'CONNECT', 'TRIGGER', 'UPDATE', 'DELETE')
UNION SELECT 'SCHEMA ' || quote_ident(nspname), 'USAGE', pg_get_userbyid(nspowner)::text,
             pg_get_userbyid(nspowner)::text, '', false
FROM pg_catalog.pg_namespace
WHERE 'SCHEMA ' || quote_ident(nspname) IN (SELECT within FROM known UNION SELECT within FROM definer)
UNION SELECT 'DATABASE ' || quote_ident(datname), 'CONNECT', pg_get_userbyid(datdba)::text,
             pg_get_userbyid(datdba)::text, '', false
FROM pg_catalog.pg_database WHERE datname = current_database()
ORDER BY 1, 5, 3, 4, 2
"""
PRIVILEGES = _FAMILY + _PRIVILEGES

_POLICIES = """
SELECT called, ARRAY(SELECT CASE WHEN one = 0 THEN '' ELSE pg_get_userbyid(one)::text END FROM unnest(polroles) AS one)
FROM known JOIN pg_catalog.pg_policy ON polrelid = known.oid WHERE polpermissive AND polcmd IN ('r', '*')
"""
POLICIES = _FAMILY + _POLICIES

# As ALTER DEFAULT PRIVILEGES names whose tables they are, and where.
DEFAULTS = """
SELECT 'FOR ROLE ' || quote_ident(pg_get_userbyid(defaclrole))
       || coalesce(' IN SCHEMA ' || quote_ident(schema.nspname), '') AS on, one.privilege_type,
       CASE WHEN one.grantee = 0 THEN '' ELSE pg_get_userbyid(one.grantee)::text END AS grantee,
       pg_get_userbyid(one.grantor)::text AS grantor, '' AS part, one.is_grantable
FROM pg_catalog.pg_default_acl LEFT JOIN pg_catalog.pg_namespace AS schema ON schema.oid = defaclnamespace,
     aclexplode(defaclacl) AS one
WHERE defaclobjtype = 'r' AND one.privilege_type = 'SELECT' AND (defaclnamespace = 0 OR schema.nspname::text = %s)
ORDER BY 1, 3
"""

# A partition's rows are sent along with those of what it is a part of; what inherits otherwise is listed by itself.
_LISTED = """), family AS (
    SELECT oid FROM below UNION SELECT oid FROM above
)
SELECT pubname::text, '' FROM pg_catalog.pg_publication WHERE puballtables AND EXISTS (SELECT FROM own)
UNION SELECT pubname::text, 'TABLE ' || quote_ident(schema.nspname) || '.' || quote_ident(class.relname)
FROM pg_catalog.pg_publication_rel AS listed JOIN family ON family.oid = listed.prrelid
JOIN pg_catalog.pg_publication AS publication ON publication.oid = listed.prpubid
JOIN pg_catalog.pg_class AS class ON class.oid = family.oid
JOIN pg_catalog.pg_namespace AS schema ON schema.oid = class.relnamespace
"""
_OF_SCHEMAS = """\
UNION SELECT pubname::text, 'SCHEMA ' || quote_ident(schema.nspname)
FROM pg_catalog.pg_publication_namespace AS listed
JOIN pg_catalog.pg_publication AS publication ON publication.oid = listed.pnpubid
JOIN pg_catalog.pg_namespace AS schema ON schema.oid = listed.pnnspid
JOIN pg_catalog.pg_class AS class ON class.relnamespace = schema.oid JOIN family ON family.oid = class.oid
"""
_OF_SCHEMAS_BEGINS = 150_000


def publications(version: int) -> str:
    """The question after publications, which carry whole schemas since PostgreSQL 15."""
    of_schemas = "" if version < _OF_SCHEMAS_BEGINS else _OF_SCHEMAS
    return f"{LINEAGE}{_LISTED}{of_schemas} ORDER BY 1, 2"

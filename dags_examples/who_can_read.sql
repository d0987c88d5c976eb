-- A table of customers, and everybody who came to read it over the years: one way in for each line of PostgreSQL's manual.
-- Run it once, as a superuser of PostgreSQL 16 or later, in a database of its own: psql crm -f who_can_read.sql

CREATE ROLE churn_owner LOGIN;
CREATE SCHEMA churn AUTHORIZATION churn_owner;
CREATE SCHEMA reports AUTHORIZATION churn_owner;
CREATE SCHEMA portal AUTHORIZATION churn_owner;

-- Who shall read: the training, and the scoring that once was let in as a colleague of an analyst.
CREATE ROLE churn_training LOGIN;
CREATE ROLE churn_scoring LOGIN;

-- Whatever the owner makes, its newcomers read, without another word.
CREATE ROLE churn_newcomer LOGIN;
ALTER DEFAULT PRIVILEGES FOR ROLE churn_owner IN SCHEMA churn GRANT SELECT ON TABLES TO churn_newcomer;

SET ROLE churn_owner;
CREATE TABLE churn.customers (id int, joined int, last_ip inet, stayed boolean) PARTITION BY RANGE (joined);
CREATE TABLE churn.customers_old PARTITION OF churn.customers FOR VALUES FROM (2000) TO (2025);
CREATE TABLE churn.customers_new PARTITION OF churn.customers FOR VALUES FROM (2025) TO (2100);
INSERT INTO churn.customers
SELECT n, 2015 + n % 12, ('198.51.100.' || n % 250)::inet, n % 7 > 0 FROM generate_series(1, 600) AS n;
RESET ROLE;

-- Directly: the whole table, or one column of it. An analyst may pass it on.
CREATE ROLE churn_analyst LOGIN;
CREATE ROLE churn_marketing LOGIN;
GRANT SELECT ON churn.customers TO churn_training;
GRANT SELECT ON churn.customers TO churn_analyst WITH GRANT OPTION;
GRANT SELECT (last_ip) ON churn.customers TO churn_marketing;
GRANT churn_analyst TO churn_scoring;

-- By membership: inherited, by SET ROLE alone, or by making oneself a member.
CREATE ROLE churn_team;
CREATE ROLE churn_intern LOGIN;
CREATE ROLE churn_contractor LOGIN;
CREATE ROLE churn_lead LOGIN;
GRANT SELECT ON churn.customers TO churn_team;
GRANT churn_team TO churn_intern;
GRANT churn_team TO churn_contractor WITH INHERIT FALSE, SET TRUE;
GRANT churn_team TO churn_lead WITH INHERIT FALSE, SET FALSE, ADMIN TRUE;

-- By what reads for somebody else: a view of the analyst's, one that is open to whoever gets into its schema, a function.
CREATE ROLE churn_viewer LOGIN;
CREATE ROLE churn_guest LOGIN;
CREATE ROLE churn_caller LOGIN;
CREATE VIEW reports.of_the_analyst AS SELECT id, last_ip FROM churn.customers;
ALTER VIEW reports.of_the_analyst OWNER TO churn_analyst;
GRANT SELECT ON reports.of_the_analyst TO churn_viewer;
CREATE VIEW portal.everybodys AS SELECT id, stayed FROM churn.customers;
ALTER VIEW portal.everybodys OWNER TO churn_owner;
GRANT SELECT ON portal.everybodys TO PUBLIC;
CREATE FUNCTION reports.one_customer(int) RETURNS SETOF churn.customers
SECURITY DEFINER LANGUAGE sql AS 'SELECT * FROM churn.customers WHERE id = $1';
ALTER FUNCTION reports.one_customer OWNER TO churn_owner;
REVOKE EXECUTE ON FUNCTION reports.one_customer FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reports.one_customer TO churn_caller;

-- By what a role is: superuser, a reader of every table, one that row security does not hold, one that copies the cluster.
CREATE ROLE churn_admin LOGIN SUPERUSER;
CREATE ROLE churn_auditor LOGIN;
CREATE ROLE churn_support LOGIN BYPASSRLS;
CREATE ROLE churn_replica LOGIN REPLICATION;
CREATE ROLE churn_backup LOGIN;
GRANT pg_read_all_data TO churn_auditor;
GRANT pg_read_server_files TO churn_backup;
ALTER TABLE churn.customers_new ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON churn.customers_new TO churn_support;

-- By what carries rows away: whoever subscribes.
CREATE PUBLICATION churn_feed FOR TABLE churn.customers;

-- Who does not read, whatever it looks like: not into the schema, no log-in, revoked, held by row security.
CREATE ROLE churn_outsider LOGIN;
CREATE ROLE churn_batch;
CREATE ROLE churn_former LOGIN;
CREATE ROLE churn_blocked LOGIN;
GRANT SELECT ON churn.customers TO churn_outsider, churn_batch, churn_former;
REVOKE SELECT ON churn.customers FROM churn_former;
GRANT SELECT ON churn.customers_new TO churn_blocked;

GRANT USAGE ON SCHEMA churn TO churn_training, churn_newcomer, churn_analyst, churn_marketing, churn_team, churn_support;
GRANT USAGE ON SCHEMA churn TO churn_former, churn_blocked;
GRANT USAGE ON SCHEMA reports TO churn_viewer, churn_caller, churn_former, churn_blocked;
GRANT USAGE ON SCHEMA portal TO churn_guest;

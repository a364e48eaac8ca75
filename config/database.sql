-- What a new database needs before `manage.py migrate`. A superuser runs it once, in that database:
--     psql --dbname=gwallet --file=config/database.sql
-- and then gives both roles a password. It may be run again at any time.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gwallet_owner') THEN
        CREATE ROLE gwallet_owner LOGIN;    -- owns the schema; migrations run as this role, nothing else does
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gwallet_service') THEN
        CREATE ROLE gwallet_service LOGIN;  -- what the web and the workers are: reads and writes rows, owns no table
    END IF;
    EXECUTE format('GRANT CREATE ON DATABASE %I TO gwallet_owner', current_database());  -- migrations may make schemas
END
$$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO gwallet_owner;
GRANT USAGE ON SCHEMA public TO gwallet_service;

-- Every table that a migration makes is the service's to use; migrations take back UPDATE and DELETE where rows are
-- only ever added.
ALTER DEFAULT PRIVILEGES FOR ROLE gwallet_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO gwallet_service;
ALTER DEFAULT PRIVILEGES FOR ROLE gwallet_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO gwallet_service;

-- The service makes one sequence per scheme from which scarce places are drawn, so it may create here and only here.
CREATE SCHEMA IF NOT EXISTS tickets AUTHORIZATION gwallet_owner;
GRANT USAGE, CREATE ON SCHEMA tickets TO gwallet_service;

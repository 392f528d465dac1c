/** What a migration has to know before it changes anything. Reads only the catalog, which every role may read. */
import type { QueryConfig } from 'pg';

/** Where the role of PG_DSN stands. */
export interface Standing {
  readonly role: string;
  readonly database: string;
  readonly encoding: string;
  readonly hasSchema: boolean;
  readonly mayCreateSchema: boolean;
  readonly mayUse: boolean;
  readonly mayCreate: boolean;
}

/** One row: a Standing. */
export function standing(): QueryConfig {
  return {
    text: `
      select quote_ident(current_user) as role, quote_ident(current_database()) as database,
        current_setting('server_encoding') as encoding,
        gold.oid is not null as "hasSchema",
        has_database_privilege(current_database(), 'CREATE') as "mayCreateSchema",
        coalesce(has_schema_privilege(gold.oid, 'USAGE'), false) as "mayUse",
        coalesce(has_schema_privilege(gold.oid, 'CREATE'), false) as "mayCreate"
      from (select) as one left join pg_namespace gold on gold.nspname = 'gold'`,
  };
}

/** A table of schema gold, and what the role of PG_DSN may do with it. */
export interface GoldTable {
  readonly name: string;
  readonly owner: string;
  /** Whether the role may change the table itself. */
  readonly isOurs: boolean;
  readonly columns: readonly string[];
  /** Privileges that the role lacks, of `select`, `insert`, `update` and `delete`. */
  readonly lacks: readonly string[];
}

/** A row for each table. */
export function goldTables(): QueryConfig {
  return {
    text: `
      select relname::text as name, quote_ident(pg_get_userbyid(relowner)) as owner,
        pg_has_role(relowner, 'USAGE') as "isOurs",
        array(select attname::text from pg_attribute where attrelid = gold.oid and attnum > 0 and not attisdropped)
          as columns,
        array(select wanted from unnest(array['select', 'insert', 'update', 'delete']) as wanted
          where not has_table_privilege(gold.oid, wanted)) as lacks
      from pg_class gold
      where relnamespace = (select oid from pg_namespace where nspname = 'gold') and relkind in ('r', 'p')
      order by relname`,
  };
}

/** A row for each migration that was applied, in its order. */
export function appliedMigrations(): QueryConfig {
  return { text: 'select name from gold.schema_migrations order by run_on, id' };
}

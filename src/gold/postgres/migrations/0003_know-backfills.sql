-- Up Migration
-- Ranges that backfills have filled: a gap within one is closed.
create table gold.coverage (
  id text primary key,
  -- stream, api or dump. The bot flag of a dump is the account's, not the edit's.
  source text not null,
  -- Null: all wikis that the installation keeps.
  wikis text[],
  from_at timestamptz not null,
  to_at timestamptz not null,
  recorded_at timestamptz not null default now()
);
create index coverage_by_time on gold.coverage (to_at, from_at);

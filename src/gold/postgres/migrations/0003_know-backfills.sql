-- Up Migration
-- What backfills have brought: a gap that lies in it is closed.
create table gold.coverage (
  id text primary key,
  -- stream, api or dump; of a dump the bot flag is the account's.
  source text not null,
  -- Null: all that the installation keeps.
  wikis text[],
  from_at timestamptz not null,
  to_at timestamptz not null,
  recorded_at timestamptz not null default now()
);
create index coverage_by_time on gold.coverage (to_at, from_at);

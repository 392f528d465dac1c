-- Up Migration
-- What the commit log says of how far the stream was read, so that a minute without edits can be told from one that nobody
-- read, also when the log has expired.
create table gold.records (
  attempt text not null,
  sequence bigint not null,
  -- What was sent (meta.dt) in this range was read.
  read_from timestamptz not null,
  read_to timestamptz not null,
  -- Null: every wiki.
  wikis text[],
  -- Its parts. The range is known once all of them are in gold.processed_keys.
  keys text[] not null,
  recorded_at timestamptz not null default now(),
  primary key (attempt, sequence)
);
create index records_by_time on gold.records (read_to, read_from);

-- Up Migration
-- When wikis had many more edits than usual. The worker adds to them while they last.
create table gold.anomalies (
  id text primary key,
  wiki text not null,
  -- human or bot: whose edits.
  account text not null,
  from_at timestamptz not null,
  -- Null while it lasts.
  to_at timestamptz,
  looked_at timestamptz not null,
  -- All of it: edits, expected edits, the window furthest from its expectation, and the reason in a sentence.
  anomaly jsonb not null
);
create index anomalies_by_time on gold.anomalies (from_at, wiki);

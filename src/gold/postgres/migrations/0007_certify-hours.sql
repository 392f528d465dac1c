-- Up Migration
-- What the last rebuild counted: its parts with a digest of their lines, the offsets of their events, and a digest of
-- the rows. Null for hours that earlier versions have rebuilt.
alter table gold.hours add column evidence jsonb;

-- What rebuilds have corrected, the latest ones of each hour.
create table gold.corrections (
  hour timestamptz not null,
  -- Counts the corrections of the hour from 1.
  nth integer not null,
  at timestamptz not null,
  -- rebuilt, or filled: the hour could not be rebuilt, and only rows of a backfill were written.
  kind text not null,
  changed_rows integer not null,
  -- Parts that were counted for the first time, without those of the stream.
  parts integer not null,
  -- backfill, replay, older_project, repeated_revisions, rows_differed
  reasons text[] not null,
  primary key (hour, nth)
);

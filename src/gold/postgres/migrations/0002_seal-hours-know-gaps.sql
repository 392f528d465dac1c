-- Up Migration
-- What the last rebuild of an hour found.
create table gold.hours (
  hour timestamptz primary key,
  -- True once the watermark has passed the hour; false for a manual rebuild of an hour that still grows.
  sealed boolean not null,
  parts integer not null,
  events bigint not null,
  -- Events of a counted type: all of them, and each revision once, which is what the rows add up to.
  edits bigint not null,
  distinct_edits bigint not null,
  duplicates bigint not null,
  -- Events sent after the watermark had passed the hour.
  late bigint not null,
  unusable bigint not null,
  -- Rows that the rebuild added, changed or removed.
  changed_rows integer not null,
  -- The part of the hour in which the stream was read; null if only a backfill has the hour.
  covered_from timestamptz,
  covered_to timestamptz,
  -- Gaps of the stream that overlap the hour.
  gaps integer not null,
  rebuilt_at timestamptz not null default now()
);

-- Finds the parts of an hour by their prefix. The primary key can do so only in databases that sort by bytes.
create index processed_keys_by_prefix on gold.processed_keys (s3_key collate "C");

-- What is missing from the stream.
create table gold.gaps (
  id text primary key,
  cause text not null,
  -- Null if the topic is unknown.
  topic text,
  from_at timestamptz not null,
  to_at timestamptz not null,
  -- Number of messages, by their offsets; null if only the time is known.
  missing bigint,
  found_at timestamptz not null default now()
);
create index gaps_by_time on gold.gaps (to_at, from_at);

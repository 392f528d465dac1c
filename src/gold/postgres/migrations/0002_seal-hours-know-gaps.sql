-- Up Migration
-- What the last rebuild of an hour found.
create table gold.hours (
  hour timestamptz primary key,
  -- The watermark had passed the hour; false for a rebuild by hand of an hour that still grows.
  sealed boolean not null,
  parts integer not null,
  events bigint not null,
  -- Events of a counted type, with repetitions of a revision; and without them, which is what the rows add up to.
  edits bigint not null,
  distinct_edits bigint not null,
  duplicates bigint not null,
  -- Events that were sent after the watermark had passed the hour.
  late bigint not null,
  unusable bigint not null,
  -- Rows that the rebuild changed, added or removed.
  changed_rows integer not null,
  -- The stretch of the hour in which the stream was read; null where only a backfill knows the hour.
  covered_from timestamptz,
  covered_to timestamptz,
  -- Gaps of the stream that reach into the hour.
  gaps integer not null,
  rebuilt_at timestamptz not null default now()
);

-- The parts of an hour share a prefix; the primary key finds them only in databases that sort by bytes.
create index processed_keys_by_prefix on gold.processed_keys (s3_key collate "C");

-- What the source could not give.
create table gold.gaps (
  id text primary key,
  cause text not null,
  -- Null where it is not known which topic it was.
  topic text,
  from_at timestamptz not null,
  to_at timestamptz not null,
  -- Messages by their offsets; null where only the time is known.
  missing bigint,
  found_at timestamptz not null default now()
);
create index gaps_by_time on gold.gaps (to_at, from_at);

-- Up Migration
-- Sums of the minutes of an hour, for charts by the hour and the day: months of them are read in a moment. Written when an
-- hour is rebuilt or filled, never when a part is added.
create table gold.rolled_wikis (
  hour timestamptz not null,
  wiki text not null,
  human bigint not null,
  bot bigint not null,
  bytes_change bigint not null,
  -- Edits in the quietest and in the busiest minute with a row.
  fewest bigint not null,
  most bigint not null,
  -- Which minutes have a row: bit n for minute n.
  minutes bigint not null,
  primary key (hour, wiki)
);
-- Charts read a range of one wiki.
create index rolled_wikis_by_wiki on gold.rolled_wikis (wiki, hour);

-- The same of all wikis together, and with it the hours that are rolled up: a wiki without a row there had no edits.
create table gold.rolled_hours (
  hour timestamptz primary key,
  human bigint not null,
  bot bigint not null,
  bytes_change bigint not null,
  fewest bigint not null,
  most bigint not null,
  minutes bigint not null,
  -- gold.hours.rebuilt_at at that time; null for an hour that was never rebuilt. With another one, the sums are of
  -- other rows.
  rebuilt_at timestamptz,
  rolled_at timestamptz not null default now()
);

-- Hours that a part was added to since they were rolled up, or before they ever were: their sums are not of all rows.
create table gold.unrolled_hours (
  hour timestamptz primary key
);

-- Up Migration
-- Rows of an older project before this instant were kept by the last rebuild of the hour; null if there are none.
alter table gold.hours add column kept_before timestamptz;

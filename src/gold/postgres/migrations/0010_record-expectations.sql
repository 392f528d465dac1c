-- Up Migration
-- How the hours compare with what is usual, said once they are sealed: a producer can stop while no message is missing.
create table gold.expectations (
  -- When the hour begins.
  hour timestamptz primary key,
  judged_at timestamptz not null,
  -- All of it: people's edits, how many were expected, and the wikis that had far fewer.
  expectation jsonb not null
);

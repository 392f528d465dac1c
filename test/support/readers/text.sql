-- How the tests write a minute, and a row: `2026-11-20T10:05:00Z enwiki false 3 -12`.

create macro minute_text(ts_minute) as strftime(ts_minute at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ');

create macro row_text(ts_minute, wiki, is_bot, edits, bytes_change) as
concat_ws(' ', minute_text(ts_minute), wiki, is_bot, edits, bytes_change);

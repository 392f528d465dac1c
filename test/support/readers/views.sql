create view hours as
from read_parquet('gold/edits_per_min/yyyy=*/mm=*/dd=*/hh=*/*.parquet',
                  hive_partitioning = true, hive_types = {yyyy: int, mm: int, dd: int, hh: int});

create view days as
from read_parquet('gold/edits_per_min_daily/yyyy=*/mm=*/dd=*/*.parquet',
                  hive_partitioning = true, hive_types = {yyyy: int, mm: int, dd: int});

create view bronze as
from read_json('bronze/yyyy=*/mm=*/dd=*/hh=*/*.ndjson.gz', format = 'newline_delimited',
               hive_partitioning = true, hive_types = {yyyy: int, mm: int, dd: int, hh: int},
               columns = {type: 'varchar', wiki: 'varchar', bot: 'boolean', timestamp: 'bigint',
                          revision: 'struct("old" bigint, "new" bigint)',
                          length: 'struct("old" bigint, "new" bigint)'});

create view counted_from_bronze as
select to_timestamp(timestamp - timestamp % 60) as ts_minute, wiki, coalesce(bot, false) as is_bot,
       count(*) as edits, sum(coalesce(length.new, 0) - coalesce(length.old, 0)) as bytes_change
from (select distinct on (wiki, revision.new) * from bronze where type = 'edit')
group by all;

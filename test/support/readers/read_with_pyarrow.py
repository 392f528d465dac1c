"""Bronze and both datasets of gold as pyarrow has them, straight from S3; prints one JSON object."""

import json
import os
import sys

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from pyarrow.fs import S3FileSystem
from pyarrow.json import ParseOptions, read_json
from rows import is_misplaced, text_of

BUCKET = os.environ["BUCKET"]
scheme, address = os.environ["AWS_ENDPOINT_URL"].split("://")
s3 = S3FileSystem(scheme=scheme, endpoint_override=address, region=os.environ["AWS_REGION"])

COLUMNS = ["wiki", "is_bot", "edits", "bytes_change"]
SIZES = pa.struct([("old", pa.int64()), ("new", pa.int64())])
EVENT = pa.schema(
    [
        ("type", pa.string()),
        ("wiki", pa.string()),
        ("bot", pa.bool_()),
        ("timestamp", pa.int64()),
        ("revision", SIZES),
        ("length", SIZES),
    ]
)


def gold(folder):
    dataset = ds.dataset(f"{BUCKET}/{folder}", filesystem=s3, format="parquet", partitioning="hive")
    table = dataset.to_table()
    partitions = [name for name in ["yyyy", "mm", "dd", "hh"] if name in table.column_names]
    seconds = table["ts_minute"].cast(pa.timestamp("s", "UTC")).cast(pa.int64()).to_pylist()
    rows = zip(seconds, *(table[name].to_pylist() for name in COLUMNS))
    found = zip(seconds, zip(*(table[name].to_pylist() for name in partitions)))
    return {
        "columns": {name: str(table.schema.field(name).type) for name in ["ts_minute", *COLUMNS]},
        "rows": [text_of(*row) for row in rows],
        "misplaced": sum(is_misplaced(second, partition) for second, partition in found),
    }


def bronze():
    # The dataset tells which objects there are; its own reader of JSON wants one type for each field, also for those
    # that nobody asked for, and `log_params` has many.
    objects = ds.dataset(f"{BUCKET}/bronze", filesystem=s3, format="json", schema=EVENT, partitioning="hive").files
    options = ParseOptions(explicit_schema=EVENT, unexpected_field_behavior="ignore")
    events = pa.concat_tables(read_json(s3.open_input_stream(name), parse_options=options) for name in objects)
    edits = events.filter(pc.equal(events["type"], "edit")).flatten()
    once = edits.group_by(["wiki", "revision.new"], use_threads=False).aggregate(
        [(name, "first") for name in ["bot", "timestamp", "length.old", "length.new"]]
    )
    minute = pc.multiply(pc.divide(once["timestamp_first"], 60), 60)
    bytes_change = pc.subtract(
        pc.fill_null(once["length.new_first"], 0), pc.fill_null(once["length.old_first"], 0)
    )
    bot = pc.fill_null(once["bot_first"], False)
    table = pa.table({"minute": minute, "wiki": once["wiki"], "bot": bot, "bytes": bytes_change})
    counts = table.group_by(["minute", "wiki", "bot"]).aggregate([([], "count_all"), ("bytes", "sum")])
    named = ["minute", "wiki", "bot", "count_all", "bytes_sum"]
    return [text_of(*row) for row in zip(*(counts[name].to_pylist() for name in named))]


reading = {"hours": gold("gold/edits_per_min"), "days": gold("gold/edits_per_min_daily"), "bronze": bronze()}
json.dump(reading, sys.stdout)

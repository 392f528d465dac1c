"""Bronze and both datasets of gold as polars has them, straight from S3; prints one JSON object."""

import json
import os
import sys

import polars as pl
from rows import is_misplaced, text_of

BUCKET = os.environ["BUCKET"]
S3 = {
    "aws_endpoint_url": os.environ["AWS_ENDPOINT_URL"],
    "aws_allow_http": "true",
    "aws_region": os.environ["AWS_REGION"],
    "aws_access_key_id": os.environ["AWS_ACCESS_KEY_ID"],
    "aws_secret_access_key": os.environ["AWS_SECRET_ACCESS_KEY"],
}

COLUMNS = ["wiki", "is_bot", "edits", "bytes_change"]
SIZES = pl.Struct({"old": pl.Int64, "new": pl.Int64})
EVENT = {
    "type": pl.String,
    "wiki": pl.String,
    "bot": pl.Boolean,
    "timestamp": pl.Int64,
    "revision": SIZES,
    "length": SIZES,
}


def gold(folder):
    frame = pl.scan_parquet(
        f"s3://{BUCKET}/{folder}/**/*.parquet", hive_partitioning=True, storage_options=S3
    ).collect()
    partitions = [name for name in ["yyyy", "mm", "dd", "hh"] if name in frame.columns]
    seconds = pl.col("ts_minute").dt.epoch("s")
    found = frame.select(seconds, *partitions).iter_rows()
    return {
        "columns": {name: str(frame.schema[name]) for name in ["ts_minute", *COLUMNS]},
        "rows": [text_of(*row) for row in frame.select(seconds, *COLUMNS).iter_rows()],
        "misplaced": sum(is_misplaced(second, tuple(partition)) for second, *partition in found),
    }


def bronze():
    events = pl.scan_ndjson(
        f"s3://{BUCKET}/bronze/yyyy=*/mm=*/dd=*/hh=*/*.ndjson.gz", schema=EVENT, storage_options=S3
    )
    revision, length = pl.col("revision").struct, pl.col("length").struct
    counts = (
        events.filter(pl.col("type") == "edit")
        .with_columns(revision=revision.field("new"))
        .unique(["wiki", "revision"])
        .with_columns(
            pl.col("bot").fill_null(False),
            minute=pl.col("timestamp") // 60 * 60,
            bytes=length.field("new").fill_null(0) - length.field("old").fill_null(0),
        )
        .group_by("minute", "wiki", "bot")
        .agg(pl.len().alias("edits"), pl.col("bytes").sum())
        .collect()
    )
    return [text_of(*row) for row in counts.iter_rows()]


reading = {"hours": gold("gold/edits_per_min"), "days": gold("gold/edits_per_min_daily"), "bronze": bronze()}
json.dump(reading, sys.stdout)

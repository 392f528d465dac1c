"""One question in SQL to DuckDB, over the views of a copy of the bucket (the working folder); prints rows as JSON."""

import json
import pathlib
import sys

import duckdb

connection = duckdb.connect()
for script in ["views.sql", "text.sql"]:
    connection.execute(pathlib.Path(__file__).with_name(script).read_text())
answer = connection.execute(sys.argv[1])
names = [column[0] for column in answer.description]
json.dump([dict(zip(names, row)) for row in answer.fetchall()], sys.stdout)

"""Readings for the roll-up benchmark, put into a store's own tables by SQL as the store itself would write them.

A twentieth of the readings is corrected a month later: the old rows leave the current table and the new ones
stand at its end, as after a change. What the store keeps beside the readings is worked out by the store.
"""

# ruff: noqa: E501 - SQL is easier to read whole

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import polars as pl

from partnership.goals import Measure
from partnership.partners import Agency
from partnership.store import Actor, DuckStore, Limits, open_store
from partnership.store import _statements as statements
from partnership.store import _sums as sums
from partnership.store import _sums_statements as marks
from partnership.tables import frame, schema_of

AGENCIES, MEASURES, MONTHS, FIRST = 12, 40, 120, 2016
FIRST_INDEX = FIRST * 12
ACTOR = Actor("Benchmark", "system")
OPENED, LATER = dt.datetime(2026, 1, 10, 9, tzinfo=dt.UTC), dt.datetime(2026, 2, 10, 9, tzinfo=dt.UTC)
BEFORE_LATER = dt.date(2026, 1, 31)


def generate(path: Path, rows: int, seed: int) -> DuckStore:
    """Make a store with so many readings, a twentieth of which were corrected a month later."""
    clock = iter([OPENED, LATER])
    store = open_store(path, mode="create", clock=lambda: next(clock, LATER))
    people = [n == 0 for n in range(MEASURES)]
    measures = [
        Measure(
            id=f"M{n:02d}", name=f"Measure {n}", unit="families", frequency="month", counts_people=people[n]
        )
        for n in range(MEASURES)
    ]
    agencies = [
        Agency(id=f"A{n:02d}", code=f"A{n:02d}", name=f"Agency {n}", sector="council")
        for n in range(AGENCIES)
    ]
    given = {"measures": frame(measures, "measures"), "agencies": frame(agencies, "agencies")}
    store.accept(given, actor=ACTOR, reason="Opening")
    store.accept(
        {"agencies": given["agencies"].with_columns(name=pl.col("name") + "*")}, actor=ACTOR, reason="Later"
    )
    store.close()
    with duckdb.connect(str(path)) as file:
        _fill(file, rows, seed)
        file.execute("CHECKPOINT")
    return open_store(path, mode="read", limits=Limits(read_seconds=120))  # for one by one, on a busy machine


def _fill(file: duckdb.DuckDBPyConnection, rows: int, seed: int) -> None:
    made = {
        "measure_id": "format('M{:02d}', m)", "item_id": "format('W{:05d}', i)", "agency_id": "format('A{:02d}', a)",
        "period": f"make_date({FIRST} + t // 12, t % 12 + 1, 1)", "period_index": f"{FIRST_INDEX} + t",
        "value": "v", "missing": "CASE WHEN v IS NULL THEN 'withheld' END", "state": "'approved'",
    }  # fmt: skip
    columns = ", ".join(f"CAST({made.get(n, 'NULL')} AS {kind}) AS {n}" for n, kind in schema_of("readings"))
    source = f"""
        SELECT *, CASE WHEN hash(n * 29 + {seed}) % 20 = 0 THEN NULL
            ELSE CAST(1000 + CAST(hash(n * 31 + {seed}) % 12000000 AS BIGINT) AS DECIMAL(18,4)) / 100 END AS v
        FROM (SELECT r AS n, CAST(r % {AGENCIES} AS INTEGER) AS a, CAST((r // {AGENCIES}) % {MEASURES} AS INTEGER) AS m,
                     CAST((r // {AGENCIES * MEASURES}) % {MONTHS} AS INTEGER) AS t,
                     r // {AGENCIES * MEASURES * MONTHS} AS i FROM range({rows}) AS q(r))"""
    keys = "format('M{:02d}||W{:05d}|A{:02d}|{}', m, i, a, make_date(2016 + t // 12, t % 12 + 1, 1))"
    body = f"SELECT {keys} AS row_key, n, {columns} FROM ({source})"
    cells = ", ".join(n for n, _ in schema_of("readings"))
    file.execute(
        f"INSERT INTO h_readings (row_key, row_version, seq, op, {cells}) SELECT row_key, 1, 1, 'put', {cells} FROM ({body})"
    )
    put = f"INSERT INTO c_readings (row_key, row_version, change_seq, {cells}, is_small) SELECT row_key, row_version, seq, {cells}, {marks.is_small()} FROM h_readings WHERE seq = "
    new = cells.replace("value", "value + 1 AS value", 1)
    corrected = f"SELECT row_key, 2, 2, 'put', {new} FROM ({body}) WHERE hash(n * 37 + {seed}) % 20 = 0"
    file.execute(f"INSERT INTO h_readings (row_key, row_version, seq, op, {cells}) {corrected}")
    file.execute("CREATE TEMP TABLE later AS SELECT row_key FROM h_readings WHERE seq = 2")
    file.execute(put + "1 AND NOT EXISTS (SELECT 1 FROM later WHERE later.row_key = h_readings.row_key)")
    file.execute(put + "2")
    file.execute("DROP TABLE later")
    sums.work_out_again(file)


def question(sql: str, *tables: str) -> str:
    """Return the whole statement that the store runs for a question."""
    return statements.question(sql, tables)

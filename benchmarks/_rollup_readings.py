"""Readings for the roll-up benchmark, put into a store's own tables by SQL as the store itself would write them.

A twentieth of the readings is corrected a month later: the old rows leave the current table and the new ones
stand at its end, as after a change. What the store keeps beside the readings is worked out by the store.
"""

# ruff: noqa: E501 - SQL is easier to read whole

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
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
SLICE = 10_000_000
"""Readings that are put in at once."""

Tell = Callable[[str], None]


def generate(path: Path, rows: int, seed: int, tell: Tell = lambda _: None) -> None:
    """Make a closed store with so many readings, a twentieth of which were corrected a month later.

    It stands under its name only once it is whole, so that one that was stopped is never taken for one.
    """
    made = path.with_suffix(".part")
    for left in (made, made.with_suffix(".part.wal")):
        left.unlink(missing_ok=True)
    clock = iter([OPENED, LATER])
    store = open_store(made, mode="create", clock=lambda: next(clock, LATER))
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
    with duckdb.connect(str(made), config={"memory_limit": "10GB", "threads": Limits().threads}) as file:
        _fill(file, rows, seed, tell)
        file.execute("CHECKPOINT")
    made.rename(path)


def open_made(path: Path) -> DuckStore:
    """Open a store that was made, perhaps by an earlier run and an earlier schema."""
    open_store(path).close()
    return open_store(path, mode="read", limits=Limits(read_seconds=120))  # for one by one, on a busy machine


def _fill(file: duckdb.DuckDBPyConnection, rows: int, seed: int, tell: Tell) -> None:
    """Put the readings in: what names a place is written out once, and joined; slices tell how far it is."""
    period = AGENCIES * MEASURES * MONTHS
    file.execute(f"""CREATE TEMP TABLE places AS SELECT *, m || '||' AS before, '|' || a || '|' || CAST(p AS VARCHAR) AS after FROM (
        SELECT CAST(r AS INTEGER) AS place, format('M{{:02d}}', (r // {AGENCIES}) % {MEASURES}) AS m, format('A{{:02d}}', r % {AGENCIES}) AS a,
               make_date({FIRST} + t // 12, t % 12 + 1, 1) AS p, {FIRST_INDEX} + t AS t
        FROM (SELECT r, CAST(r // {AGENCIES * MEASURES} AS INTEGER) AS t FROM range({period}) AS q(r)))""")
    file.execute(
        f"CREATE TEMP TABLE items AS SELECT CAST(i AS INTEGER) AS nth, format('W{{:05d}}', i) AS i FROM range({rows // period + 1}) AS q(i)"
    )
    made = {
        "measure_id": "m", "item_id": "items.i", "agency_id": "a", "period": "p", "period_index": "t",
        "value": "v", "missing": "CASE WHEN v IS NULL THEN 'withheld' END", "state": "'approved'",
    }  # fmt: skip
    columns = ", ".join(f"CAST({made.get(n, 'NULL')} AS {kind}) AS {n}" for n, kind in schema_of("readings"))
    cells = ", ".join(n for n, _ in schema_of("readings"))
    new = cells.replace("value", "value + 1 AS value", 1)
    corrected = f"hash(n * 37 + {seed}) % 20 = 0"
    numbered = f"""
        SELECT n, CAST(n % {period} AS INTEGER) AS place, CAST(n // {period} AS INTEGER) AS nth, CASE WHEN hash(n * 29 + {seed}) % 20 = 0 THEN NULL
            ELSE CAST(1000 + CAST(hash(n * 31 + {seed}) % 12000000 AS BIGINT) AS DECIMAL(18,4)) / 100 END AS v
        FROM range({{0}}, {{1}}) AS q(n) WHERE {{2}}"""
    body = (
        f"(SELECT places.before || items.i || places.after AS row_key, {columns} FROM ({numbered}) AS q "
        "JOIN places ON places.place = q.place JOIN items ON items.nth = q.nth) AS made"
    )
    history = f"INSERT INTO h_readings (row_key, row_version, seq, op, {cells}) SELECT row_key, {{0}}, {{0}}, 'put', {{1}} FROM {{2}}"
    current = f"INSERT INTO c_readings (row_key, row_version, change_seq, {cells}, is_small) SELECT row_key, {{0}}, {{0}}, {cells}, {marks.is_small()} FROM {{1}}"
    for what, picked in (
        ("as they came", "TRUE"),
        ("corrected", corrected),
        ("that stand as they came", f"NOT ({corrected})"),
        ("that stand corrected", corrected),
    ):
        version, is_new = (2, new) if picked == corrected else (1, cells)
        for start in range(0, rows, SLICE):
            some = body.format(start, min(rows, start + SLICE), picked)
            if what.startswith("that stand"):
                rest = some if version == 1 else f"(SELECT row_key, {new} FROM {some})"
                file.execute(current.format(version, rest))
            else:
                file.execute(history.format(version, is_new, some))
            tell(f"readings {what}: {min(rows, start + SLICE):,} of {rows:,}")
    tell("what the store keeps beside them")
    sums.work_out_again(file)


def question(sql: str, *tables: str) -> str:
    """Return the whole statement that the store runs for a question."""
    return statements.question(sql, tables)

"""The roll-up asked in every way: through the store, by hand, in plain SQL, by peers, and by a floor by hand."""

# ruff: noqa: E501 - SQL is easier to read whole

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numba
import numpy as np
import pandas as pd
import polars as pl
from _rollup_readings import AGENCIES, BEFORE_LATER, FIRST, FIRST_INDEX, MEASURES, question

from partnership.store import DuckStore

MEMORY = {"memory_limit": "8GB"}
SUMS = ("reading_months", "reading_series")
KEPT = """
WITH pairs AS (
    SELECT series, agency_id, measure_id, MIN(series) OVER (PARTITION BY agency_id, measure_id) AS pair FROM reading_series
),
g AS (
    SELECT p.pair, CAST((m.period_index - m.period_index % 3) / 3 AS INTEGER) AS quarter_index,
           CAST(SUM(m.readings) AS BIGINT) AS readings, CAST(SUM(m.value_cells) AS BIGINT) AS seen, SUM(m.value_total) AS total
    FROM reading_months AS m JOIN pairs AS p ON p.series = m.series GROUP BY 1, 2
),
running AS (
    SELECT pair, quarter_index, readings, seen, total, SUM(total) OVER (PARTITION BY pair ORDER BY quarter_index ASC NULLS LAST
                               ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running FROM g
)
SELECT p.agency_id, p.measure_id, r.quarter_index, r.readings, r.seen, r.total, r.running
FROM running AS r JOIN pairs AS p ON p.series = r.pair
ORDER BY p.agency_id ASC NULLS LAST, p.measure_id ASC NULLS LAST, r.quarter_index ASC NULLS LAST
"""
BY_QUARTER = """
WITH g AS (
    SELECT agency_id, measure_id, CAST((period_index - period_index % 3) / 3 AS INTEGER) AS quarter_index,
           COUNT(*) AS readings, COUNT(value) AS seen, SUM(value) AS total
    FROM readings GROUP BY 1, 2, 3
)
SELECT agency_id, measure_id, quarter_index, readings, seen, total,
       SUM(total) OVER (PARTITION BY agency_id, measure_id ORDER BY quarter_index ASC NULLS LAST
                        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running
FROM g ORDER BY agency_id ASC NULLS LAST, measure_id ASC NULLS LAST, quarter_index ASC NULLS LAST
"""
PLAIN = BY_QUARTER.replace(
    "CAST((period_index - period_index % 3) / 3 AS INTEGER)", "YEAR(period) * 4 + QUARTER(period) - 1"
).replace("FROM readings", "FROM obs")
LITE = """
WITH g AS (SELECT k, COUNT(*) AS readings, COUNT(v) AS seen, SUM(v) AS total FROM obs GROUP BY k)
SELECT k, readings, seen, total, SUM(total) OVER (PARTITION BY k / 40 ORDER BY k) AS running FROM g ORDER BY k
"""
TOTAL = "SELECT agency_id, COUNT(*) AS n, SUM(value) AS total FROM {} GROUP BY agency_id ORDER BY agency_id"
TOTAL_KEPT = """
SELECT s.agency_id, CAST(SUM(m.readings) AS BIGINT) AS n, SUM(m.value_total) AS total
FROM reading_months AS m JOIN reading_series AS s ON s.series = m.series GROUP BY s.agency_id ORDER BY s.agency_id
"""


def numbers(table: Any) -> np.ndarray:
    """A result as whole numbers in its own order: keys, counts, ten-thousandths."""
    if not isinstance(table, pl.DataFrame):
        table = pl.from_arrow(table)
    out = []
    for n, kind in table.schema.items():
        column = table[n]
        if kind == pl.String:
            column = column.str.slice(1).cast(pl.Int64)
        elif isinstance(kind, pl.Decimal):
            column = (column.cast(pl.Decimal(38, 4)) * 10_000).cast(pl.Decimal(38, 0)).cast(pl.Int64)
        out.append(column.cast(pl.Int64).fill_null(-1).to_numpy())
    return np.stack(out)


def dense(result: Any) -> np.ndarray:
    """A result with three keys, brought to one."""
    n = numbers(result)
    joined = (n[0] * MEASURES + n[1]) * 40 + n[2] - FIRST * 4
    return np.vstack([joined, n[3:]])


def digest(cells: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(cells.astype(np.int64)).tobytes()).hexdigest()[:12]


@numba.njit(cache=False)
def _floor(k: np.ndarray, v: np.ndarray, n: int) -> np.ndarray:  # pragma: no cover - compiled
    out = np.zeros((3, n), np.int64)
    for i in range(len(k)):
        g, x = k[i], v[i]
        out[0, g] += 1
        if x >= 0:
            out[1, g] += 1
            out[2, g] += x
    return out


def floor_way(k: np.ndarray, v: np.ndarray) -> np.ndarray:
    groups = AGENCIES * MEASURES * 40
    cells = _floor(k, v, groups)
    running = cells[2].reshape(-1, 40).cumsum(axis=1).ravel()
    there = cells[0] > 0
    return np.vstack([np.arange(groups), cells, running])[:, there]


def polars_way(lazy: pl.LazyFrame) -> pl.DataFrame:
    quarter = pl.col("period").dt.year().cast(pl.Int64) * 4 + pl.col("period").dt.quarter().cast(pl.Int64) - 1
    value = pl.col("value")
    return (
        lazy.group_by("agency_id", "measure_id", quarter.alias("quarter_index"))
        .agg(readings=pl.len(), seen=value.count(), total=value.sum())
        .sort("agency_id", "measure_id", "quarter_index")
        .with_columns(running=pl.col("total").cum_sum().over("agency_id", "measure_id"))
        .collect(engine="streaming")
    )


def pandas_way(table: pd.DataFrame) -> pd.DataFrame:
    quarter = table.period.dt.year * 4 + table.period.dt.quarter - 1
    grouped = table.assign(quarter_index=quarter).groupby(
        ["agency_id", "measure_id", "quarter_index"], observed=True
    )
    out = grouped["value"].agg(readings="size", seen="count", total="sum")
    out["running"] = out.groupby(level=[0, 1], observed=True)["total"].cumsum()
    return out.reset_index()


def of_pandas(table: pd.DataFrame) -> np.ndarray:
    whole = [table.agency_id.astype(str).str[1:], table.measure_id.astype(str).str[1:], table.quarter_index]
    sums = [(table[c] * 10_000).round() for c in ("total", "running")]
    cells = np.stack([c.astype("int64").to_numpy() for c in (*whole, table.readings, table.seen, *sums)])
    return np.vstack([(cells[0] * MEASURES + cells[1]) * 40 + cells[2] - FIRST * 4, cells[3:]])


def by_hand(folder: Path, name: str, threads: int) -> duckdb.DuckDBPyConnection:
    """One of the names of the store's file, opened with nothing of the toolkit."""
    return duckdb.connect(
        str(folder / f"{name}.duckdb"), read_only=True, config={"threads": threads, **MEMORY}
    )


def ways(folder: Path, store: DuckStore, *, peers: bool) -> dict[str, tuple[Callable[[], Any], Any]]:
    """Every way to the same answer: what is timed, and what brings its result to whole numbers."""
    threads = store._engine.limits.threads
    hand = by_hand(folder, "by_hand", threads)
    kept, rows = question(KEPT, *SUMS), question(BY_QUARTER, "readings")
    made: dict[str, tuple[Callable[[], Any], Any]] = {
        "library call": (lambda: store.roll_up(running=True), dense),
        "library call with SQL": (lambda: store.query_plain(KEPT, SUMS), dense),
        "the same SQL by hand": (lambda: hand.sql(kept).to_arrow_table(), dense),
        "library call, reading by reading": (lambda: store.query_plain(BY_QUARTER, ("readings",)), dense),
        "the same SQL by hand, reading by reading": (lambda: hand.sql(rows).to_arrow_table(), dense),
    }
    side = duckdb.connect(str(folder / "side.duckdb"), config={"threads": threads, **MEMORY})
    side.execute(f"ATTACH '{folder / 'copy.duckdb'}' AS s (READ_ONLY)")
    side.execute("CREATE TABLE obs AS SELECT agency_id, measure_id, period, value, missing FROM s.c_readings")
    made["plain SQL on plain columns"] = (lambda: side.sql(PLAIN).to_arrow_table(), dense)
    code = f"((CAST(substr(agency_id, 2) AS INTEGER) * {MEASURES} + CAST(substr(measure_id, 2) AS INTEGER)) * 40 + t // 3)"
    coded = (
        f"SELECT CAST({code} AS INTEGER) AS k, CAST(value * 10000 AS BIGINT) AS v "
        f"FROM (SELECT *, period_index - {FIRST_INDEX} AS t FROM s.c_readings) ORDER BY k"
    )
    columns = side.sql(f"SELECT k, COALESCE(v, -1) AS v FROM ({coded})").fetchnumpy()
    k, v = (np.ascontiguousarray(np.asarray(columns[c])) for c in ("k", "v"))
    made["dense floor by hand (numba)"] = (lambda: floor_way(k, v), lambda cells: cells)
    if not peers:
        return made
    parquet = folder / "obs.parquet"
    side.execute(f"COPY obs TO '{parquet}' (FORMAT parquet, COMPRESSION zstd)")
    made["polars, streaming, Parquet"] = (lambda: polars_way(pl.scan_parquet(parquet)), dense)
    memory = side.sql("SELECT agency_id, measure_id, period, CAST(value AS DOUBLE) AS value FROM obs").df()
    memory = memory.astype({"agency_id": "category", "measure_id": "category"})
    memory["period"] = pd.to_datetime(memory["period"])
    made["pandas, in memory, float"] = (lambda: pandas_way(memory), of_pandas)
    made["SQLite, coded columns"] = _sqlite(folder, side, coded)
    return made


def _sqlite(folder: Path, side: duckdb.DuckDBPyConnection, coded: str) -> tuple[Callable[[], Any], Any]:
    lite = sqlite3.connect(folder / "obs.sqlite")
    lite.execute("CREATE TABLE obs (k INTEGER, v INTEGER)")
    rows = side.cursor().execute(coded)
    while batch := rows.fetchmany(100_000):
        lite.executemany("INSERT INTO obs VALUES (?, ?)", batch)
    lite.commit()
    return lambda: np.array(lite.execute(LITE).fetchall(), dtype=np.int64).T, lambda cells: cells


def states(folder: Path, store: DuckStore) -> dict[str, Callable[[], Any]]:
    """The latest state and a past one, against a bare scan of the history they come from."""
    hand = by_hand(folder, "scan", store._engine.limits.threads)
    rows = TOTAL.format("readings")
    asked: dict[str, Any] = {"by": ("agency_id",), "period": None, "of": ("readings", "value_total")}
    return {
        "bare scan of the history": lambda: hand.sql(TOTAL.format("h_readings")).to_arrow_table(),
        "latest state": lambda: store.roll_up(**asked),
        "as known on a day": lambda: store.roll_up(**asked, as_of=BEFORE_LATER),
        "latest state with SQL": lambda: store.query_plain(TOTAL_KEPT, SUMS),
        "as known on a day with SQL": lambda: store.query_plain(TOTAL_KEPT, SUMS, as_of=BEFORE_LATER),
        "latest state, reading by reading": lambda: store.query_plain(rows, ("readings",)),
        "as known on a day, reading by reading": lambda: store.query_plain(
            rows, ("readings",), as_of=BEFORE_LATER
        ),
    }


def states_differ(run: dict[str, Callable[[], Any]]) -> list[str]:
    """Say which of the roads to a state give different answers, and whether the two states are the same."""
    latest, then = run["latest state"]().rows(), run["as known on a day"]().rows()
    wrong = [
        n + road
        for n, rows in (("latest state", latest), ("as known on a day", then))
        for road in (" with SQL", ", reading by reading")
        if run[n + road]().rows() != rows
    ]
    return wrong + (["nothing was corrected between the two states"] if latest == then else [])

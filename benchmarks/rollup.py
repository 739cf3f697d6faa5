"""Rolling up readings: by agency, measure and quarter, against plain SQL, peers and a floor by hand.

Everything runs in one process, in turns, on the same generated readings; each figure is the median of the
ratios of the turns, with the lowest and the highest. Every way must give the same digest of exact whole
numbers, or the run ends with 1. The readings are put into a store's own tables by SQL: reading is what is
measured here, ``benchmarks/intake.py`` measures loading.

Run ``make bench``, or ``python benchmarks/rollup.py [--rows 10000000] [--large] [--repeats N] [--seed N]``.
"""

# ruff: noqa: E501 - SQL and printed tables are easier to read whole

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numba
import numpy as np
import pandas as pd
import polars as pl

from partnership.goals import Measure
from partnership.partners import Agency
from partnership.store import Actor, DuckStore, open_store
from partnership.store import _statements as statements
from partnership.tables import frame, schema_of

AGENCIES, MEASURES, MONTHS, FIRST = 12, 40, 120, 2016
FIRST_INDEX = FIRST * 12
ACTOR = Actor("Benchmark", "system")
OPENED, LATER = dt.datetime(2026, 1, 10, 9, tzinfo=dt.UTC), dt.datetime(2026, 2, 10, 9, tzinfo=dt.UTC)
BEFORE_LATER = dt.date(2026, 1, 31)

BY_QUARTER = """
WITH g AS (
    SELECT agency_id, measure_id, CAST((period_index - period_index % 3) / 3 AS INTEGER) AS quarter_index,
           COUNT(*) AS readings, COUNT(value) AS seen, SUM(value) AS total, MAX(value) AS highest
    FROM readings GROUP BY 1, 2, 3
)
SELECT agency_id, measure_id, quarter_index, readings, seen, total, highest,
       SUM(total) OVER (PARTITION BY agency_id, measure_id ORDER BY quarter_index ASC NULLS LAST
                        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running
FROM g ORDER BY agency_id ASC NULLS LAST, measure_id ASC NULLS LAST, quarter_index ASC NULLS LAST
"""
PLAIN = BY_QUARTER.replace(
    "CAST((period_index - period_index % 3) / 3 AS INTEGER)", "YEAR(period) * 4 + QUARTER(period) - 1"
)
TUNED = """
WITH g AS (
    SELECT k, COUNT(*) AS readings, COUNT(v) AS seen, CAST(SUM(v) AS BIGINT) AS total, MAX(v) AS highest
    FROM readings GROUP BY k
)
SELECT k, readings, seen, total, highest, CAST(SUM(total) OVER (PARTITION BY k // 40 ORDER BY k) AS BIGINT) AS running
FROM g ORDER BY k
"""
MONTHLY = TUNED.replace("COUNT(*)", "CAST(SUM(n) AS BIGINT)").replace("COUNT(v)", "CAST(SUM(c) AS BIGINT)")
MONTHLY = MONTHLY.replace("SUM(v)", "SUM(s)").replace("MAX(v)", "MAX(h)")


def key(agency: str, measure: str, quarter: str) -> str:
    """One whole number for a group: dense, 40 quarters a measure, 40 measures an agency."""
    return f"({agency} * {MEASURES} + {measure}) * 40 + {quarter}"


# ---------------------------------------------------------------------------------------------- generator


def generate(path: Path, rows: int, seed: int) -> DuckStore:
    """Make a store with so many readings, a twentieth of which were corrected a month later."""
    clock = iter([OPENED, OPENED, LATER, LATER])
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
    return open_store(path, mode="read")


def _fill(file: duckdb.DuckDBPyConnection, rows: int, seed: int) -> None:
    own = [n for n, _ in schema_of("readings")]
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
    cells = ", ".join(own)
    file.execute(
        f"INSERT INTO h_readings (row_key, row_version, seq, op, {cells}) SELECT row_key, 1, 1, 'put', {cells} FROM ({body})"
    )
    new = cells.replace("value", "value + 1 AS value", 1)
    corrected = f"SELECT row_key, 2, 2, 'put', {new} FROM ({body}) WHERE hash(n * 37 + {seed}) % 20 = 0"
    file.execute(f"INSERT INTO h_readings (row_key, row_version, seq, op, {cells}) {corrected}")
    ahead = cells.replace(
        "value", f"CASE WHEN hash(n * 37 + {seed}) % 20 = 0 THEN value + 1 ELSE value END AS value", 1
    )
    version = f"CASE WHEN hash(n * 37 + {seed}) % 20 = 0 THEN 2 ELSE 1 END"
    file.execute(
        f"INSERT INTO c_readings (row_key, row_version, change_seq, {cells}) "
        f"SELECT row_key, {version}, {version}, {ahead} FROM ({body})"
    )
    file.execute("CHECKPOINT")


# ---------------------------------------------------------------------------------------------- the ways


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
    out = np.zeros((4, n), np.int64)
    out[3] = -1
    for i in range(len(k)):
        g, x = k[i], v[i]
        out[0, g] += 1
        if x >= 0:
            out[1, g] += 1
            out[2, g] += x
            if x > out[3, g]:  # noqa: PLR1730 - compiled
                out[3, g] = x
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
        .agg(readings=pl.len(), seen=value.count(), total=value.sum(), highest=value.max())
        .sort("agency_id", "measure_id", "quarter_index")
        .with_columns(running=pl.col("total").cum_sum().over("agency_id", "measure_id"))
        .collect(engine="streaming")
    )


def pandas_way(table: pd.DataFrame) -> pd.DataFrame:
    quarter = table.period.dt.year * 4 + table.period.dt.quarter - 1
    grouped = table.assign(quarter_index=quarter).groupby(
        ["agency_id", "measure_id", "quarter_index"], observed=True
    )
    out = grouped["value"].agg(readings="size", seen="count", total="sum", highest="max")
    out["running"] = out.groupby(level=[0, 1], observed=True)["total"].cumsum()
    return out.reset_index()


def of_pandas(table: pd.DataFrame) -> np.ndarray:
    whole = [table.agency_id.astype(str).str[1:], table.measure_id.astype(str).str[1:], table.quarter_index]
    sums = [(table[c] * 10_000).round() for c in ("total", "highest", "running")]
    cells = np.stack([c.astype("int64").to_numpy() for c in (*whole, table.readings, table.seen, *sums)])
    return np.vstack([(cells[0] * MEASURES + cells[1]) * 40 + cells[2] - FIRST * 4, cells[3:]])


def ways(
    folder: Path, store: DuckStore, rows: int, *, peers: bool
) -> dict[str, tuple[Callable[[], Any], Any]]:
    """Every way to the same answer: what is timed, and what brings its result to whole numbers."""
    by_hand = duckdb.connect(str(folder / "by_hand.duckdb"), read_only=True, config=_config(store))
    whole = statements.question(BY_QUARTER, ("readings",))
    made: dict[str, tuple[Callable[[], Any], Any]] = {
        "library call": (lambda: store.query_plain(BY_QUARTER, ("readings",)), dense),
        "the same SQL by hand": (lambda: by_hand.sql(whole).to_arrow_table(), dense),
    }
    side = duckdb.connect(str(folder / "side.duckdb"), config={"threads": store._engine.limits.threads})
    side.execute(f"ATTACH '{folder / 'copy.duckdb'}' AS s (READ_ONLY)")
    side.execute("CREATE TABLE obs AS SELECT agency_id, measure_id, period, value, missing FROM s.c_readings")
    code = key("CAST(substr(agency_id, 2) AS INTEGER)", "CAST(substr(measure_id, 2) AS INTEGER)", "t // 3")
    side.execute(
        f"CREATE TABLE tuned AS SELECT CAST({code} AS INTEGER) AS k, CAST(value * 10000 AS BIGINT) AS v "
        f"FROM (SELECT *, period_index - {FIRST_INDEX} AS t FROM s.c_readings) ORDER BY k"
    )
    side.execute(
        "CREATE TABLE months AS SELECT k, t, COUNT(*) AS n, COUNT(v) AS c, SUM(v)::BIGINT AS s, MAX(v) AS h FROM "
        f"(SELECT CAST({code} AS INTEGER) AS k, t, CAST(value * 10000 AS BIGINT) AS v "
        f"FROM (SELECT *, period_index - {FIRST_INDEX} AS t FROM s.c_readings)) GROUP BY k, t ORDER BY k, t"
    )
    plain = PLAIN.replace("FROM readings", "FROM obs")
    made["plain SQL on plain columns"] = (lambda: side.sql(plain).to_arrow_table(), dense)
    made["coded, sorted columns"] = (
        lambda: side.sql(TUNED.replace("readings G", "tuned G")).to_arrow_table(),
        numbers,
    )
    made["kept by month"] = (
        lambda: side.sql(MONTHLY.replace("readings G", "months G")).to_arrow_table(),
        numbers,
    )
    if not peers:
        return made
    columns = side.sql("SELECT k, COALESCE(v, -1) AS v FROM tuned").fetchnumpy()
    k, v = (np.ascontiguousarray(np.asarray(columns[c])) for c in ("k", "v"))
    made["dense floor by hand (numba)"] = (lambda: floor_way(k, v), lambda cells: cells)
    parquet = folder / "obs.parquet"
    side.execute(f"COPY obs TO '{parquet}' (FORMAT parquet, COMPRESSION zstd)")
    made["polars, streaming, Parquet"] = (lambda: polars_way(pl.scan_parquet(parquet)), dense)
    memory = side.sql("SELECT agency_id, measure_id, period, CAST(value AS DOUBLE) AS value FROM obs").df()
    memory = memory.astype({"agency_id": "category", "measure_id": "category"})
    memory["period"] = pd.to_datetime(memory["period"])
    made["pandas, in memory, float"] = (lambda: pandas_way(memory), of_pandas)
    if rows <= 1_000_000:
        made["SQLite"] = _sqlite(folder, side)
    return made


def _config(store: DuckStore) -> dict[str, Any]:
    return {"threads": store._engine.limits.threads}


def _sqlite(folder: Path, side: duckdb.DuckDBPyConnection) -> tuple[Callable[[], Any], Any]:
    lite = sqlite3.connect(folder / "obs.sqlite")
    lite.execute("CREATE TABLE obs (k INTEGER, v INTEGER)")
    lite.executemany("INSERT INTO obs VALUES (?, ?)", side.sql("SELECT k, v FROM tuned").fetchall())
    lite.commit()
    sql = TUNED.replace("readings G", "obs G").replace("k // 40", "k / 40")
    return lambda: np.array(lite.execute(sql).fetchall(), dtype=np.int64).T, lambda cells: cells


def states(folder: Path, store: DuckStore) -> dict[str, Callable[[], Any]]:
    """The latest state and a past one, against a bare scan of the history they come from."""
    total = (
        "SELECT agency_id, COUNT(*) AS n, SUM(value) AS total FROM {} GROUP BY agency_id ORDER BY agency_id"
    )
    hand = duckdb.connect(str(folder / "scan.duckdb"), read_only=True, config=_config(store))
    ask = total.format("readings")
    return {
        "bare scan of the history": lambda: hand.sql(total.format("h_readings")).to_arrow_table(),
        "latest state": lambda: store.query_plain(ask, ("readings",)),
        "latest state, nothing withheld": lambda: store.query_plain(ask, ("readings",), raw=True),
        "as known on a day": lambda: store.query_plain(ask, ("readings",), as_of=BEFORE_LATER),
        "as known on a day, nothing withheld": lambda: store.query_plain(
            ask, ("readings",), as_of=BEFORE_LATER, raw=True
        ),
    }


# ---------------------------------------------------------------------------------------------- measuring


def in_turns(run: dict[str, Callable[[], Any]], repeats: int) -> dict[str, list[tuple[float, float]]]:
    """Wall and CPU seconds of each way, all ways in each turn, so that other work weighs on all alike."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in run}
    for _ in range(repeats):
        for name, work in run.items():
            wall, cpu = time.perf_counter(), time.process_time()
            work()
            found[name].append((time.perf_counter() - wall, time.process_time() - cpu))
    return found


def ratio(
    found: dict[str, list[tuple[float, float]]], name: str, base: str, part: int
) -> tuple[float, float, float]:
    each = [a[part] / b[part] for a, b in zip(found[name], found[base], strict=True)]
    return statistics.median(each), min(each), max(each)


def show(found: dict[str, list[tuple[float, float]]], base: str) -> None:
    print(f"{'':38} {'wall s':>8} {'CPU s':>8}   CPU against '{base}': median (lowest to highest)")
    for name, each in found.items():
        wall, cpu = (statistics.median(e[p] for e in each) for p in (0, 1))
        middle, low, high = ratio(found, name, base, 1)
        print(f"{name:38} {wall:8.3f} {cpu:8.3f}   {middle:6.2f}x  ({low:.2f} to {high:.2f})")


def promise(
    found: dict[str, Any], words: str, name: str, base: str, *, most: float = 0, least: float = 0
) -> None:
    """Print a goal and what was measured; ``least`` goals are base over name."""
    if name not in found or base not in found:
        print(f"{words:52} not run at this size")
        return
    middle, low, high = ratio(found, *((name, base) if most else (base, name)), 1)
    kept = middle <= most if most else middle >= least
    goal = f"at most {most:g}x" if most else f"at least {least:g}x"
    print(f"{words:52} {goal:15} {middle:6.2f}x ({low:.2f} to {high:.2f})  {'met' if kept else 'NOT MET'}")


def measure(rows: int, repeats: int, seed: int, *, peers: bool) -> bool:
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        folder = Path(name)
        started = time.perf_counter()
        store = generate(folder / "store.duckdb", rows, seed)
        for other in ("copy", "by_hand", "scan"):  # one file under names that DuckDB opens apart
            os.link(folder / "store.duckdb", folder / f"{other}.duckdb")
        size = (folder / "store.duckdb").stat().st_size / 2**20
        print(
            f"\n{rows:,} readings, {size:,.0f} MB, made in {time.perf_counter() - started:.0f} s, seed {seed}"
        )
        made = ways(folder, store, rows, peers=peers)
        digests = {n: digest(bring(work())) for n, (work, bring) in made.items()}
        if len(set(digests.values())) != 1:
            print("The ways differ:", digests)
            return False
        print(f"Every way gives the digest {next(iter(digests.values()))}")
        found = in_turns({n: work for n, (work, _) in made.items()}, repeats)
        show(found, "plain SQL on plain columns")
        best, plain = "kept by month", "plain SQL on plain columns"
        promise(
            found,
            "library call against the same SQL by hand",
            "library call",
            "the same SQL by hand",
            most=1.1,
        )
        promise(found, "coded, sorted columns against plain SQL", "coded, sorted columns", plain, most=0.5)
        promise(found, "months kept beforehand against plain SQL", best, plain, most=0.5)
        for words, base, least in (
            ("polars", "polars, streaming, Parquet", 3), ("pandas", "pandas, in memory, float", 6), ("SQLite", "SQLite", 20),
        ):  # fmt: skip
            promise(
                found,
                f"coded, sorted columns faster than {words}",
                "coded, sorted columns",
                base,
                least=least,
            )
            promise(found, f"library call faster than {words}", "library call", base, least=least)
        promise(
            found,
            "coded, sorted columns against the floor",
            "coded, sorted columns",
            "dense floor by hand (numba)",
            most=3,
        )
        found = in_turns(states(folder, store), repeats)
        show(found, "bare scan of the history")
        for state in list(found)[1:]:
            promise(found, f"{state} against a bare scan", state, "bare scan of the history", most=1)
        store.close()
    return True


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, nargs="+", default=[1_000_000])
    options.add_argument(
        "--large", action="store_true", help="100 million readings too, ours and plain SQL only"
    )
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--seed", type=int, default=20261123)
    given = options.parse_args()
    print(
        f"Load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; DuckDB {duckdb.__version__}"
    )
    good = [measure(n, given.repeats, given.seed, peers=True) for n in given.rows]
    if given.large:
        good.append(measure(100_000_000, min(3, given.repeats), given.seed, peers=False))
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())

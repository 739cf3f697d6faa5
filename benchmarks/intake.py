"""A workbook of 100,000 readings, loaded with every check, against fastexcel's bare read of the same sheet.

Both run in this process, in turns, and are measured in CPU seconds (all threads, user and system), so that
other work on the machine weighs on both alike. Promised: within 10 times the bare read. Run ``make bench``,
or ``python benchmarks/intake.py [--rows N] [--repeats N] [--profile]``.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import fastexcel
import polars as pl

from partnership.errors import has_errors
from partnership.intake.sheets import open_workbook
from partnership.intake.workbook import read_workbook, write_workbook
from partnership.periods import add_months
from partnership.store import Actor, open_store
from partnership.tables import frame, record_type, schema_of
from partnership.workflows import accept_file, check_file

PROMISE = 10.0
MONTHS = 25
AGENCIES = 40
FIRST = dt.date(2024, 4, 1)
TODAY = dt.date(2026, 11, 23)
ACTOR = Actor("Benchmark", "system")


def plan_of(rows: int) -> dict[str, pl.DataFrame]:
    """A plan with so many readings: 40 agencies, 25 months, enough measures, every column in use."""
    measures = -(-rows // (AGENCIES * MONTHS))
    agencies = [f"A{n:02d}" for n in range(AGENCIES)]
    items = [f"{n:03d}" for n in range(measures)]
    county = {"id": "P", "name": "Benchmark", "bhag": "Every child at home", "plan_starts_on": FIRST}
    made: dict[str, list[dict[str, object]]] = {
        "partnership": [county | {"plan_ends_on": dt.date(2029, 3, 31)}],
        "agencies": [{"id": a, "code": a, "name": f"Agency {a}", "sector": "council"} for a in agencies],
        "role_holders": [
            {"id": f"R{a}", "agency_id": a, "role": "Analyst", "started_on": FIRST} for a in agencies
        ],
        "work_items": [{"id": f"W{n}", "title": f"Item {n}"} for n in items],
        "measures": [
            {"id": f"M{n}", "name": f"Measure {n}", "unit": "families", "frequency": "month"} for n in items
        ],
    }
    frames = {name: _frame(name, entries) for name, entries in made.items()}
    frames["readings"] = _readings(rows, agencies)
    return frames


def _frame(table: str, entries: list[dict[str, object]]) -> pl.DataFrame:
    return frame([record_type(table).record.model_validate(e) for e in entries], table)


def _readings(rows: int, agencies: list[str]) -> pl.DataFrame:
    n = pl.int_range(rows, eager=True)
    index = n // (AGENCIES * MONTHS)
    months = [add_months(FIRST, m) for m in range(MONTHS)]
    month = (n % MONTHS).to_list()
    agency = [agencies[a] for a in ((n // MONTHS) % AGENCIES).to_list()]
    is_missing = (n % 50 == 0).to_list()
    value = [None if gone else Decimal((i * 7919) % 1_000_003) / 100 for i, gone in enumerate(is_missing)]
    columns: dict[str, object] = {
        "measure_id": [f"M{i:03d}" for i in index.to_list()],
        "benefit_id": None,
        "item_id": [f"W{i:03d}" for i in index.to_list()],
        "agency_id": agency,
        "period": [months[m] for m in month],
        "period_index": [months[m].year * 12 + months[m].month - 1 for m in month],
        "value": value,
        "numerator": [None if v is None else v * 3 for v in value],
        "denominator": [None if v is None else Decimal(3) for v in value],
        "label": [None if v is None else f"Band {i % 9}" for i, v in enumerate(value)],
        "missing": ["withheld" if gone else None for gone in is_missing],
        "missing_note": [
            f"Asked for in letter {i % 500}" if gone else None for i, gone in enumerate(is_missing)
        ],
        "state": ["provisional" if m > MONTHS - 3 else "approved" for m in month],
        "approved_by_role_id": [f"R{a}" for a in agency],
        "source": [f"Monthly return of {a}" for a in agency],
        "read_on": [add_months(months[m], 1) + dt.timedelta(days=i % 27) for i, m in enumerate(month)],
    }
    types = {"VARCHAR": pl.String, "DATE": pl.Date, "INTEGER": pl.Int32, "DECIMAL(18,4)": pl.Decimal(18, 4)}
    return pl.DataFrame(
        [
            pl.Series(
                name,
                columns[name] if columns[name] is not None else [None] * rows,
                dtype=types[sql],
                strict=False,
            )
            for name, sql in schema_of("readings")
        ]
    )


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of this process, all threads, for one run."""
    started = time.process_time()
    work()
    return time.process_time() - started


def bare_read(data: bytes) -> None:
    fastexcel.read_excel(data).load_sheet("Readings").to_polars()


def full_load(data: bytes, folder: Path, stages: dict[str, list[float]]) -> None:
    """Check and store, into a new file, noting the CPU of each stage."""
    clock = time.process_time()
    current = ""

    def stage(name: str) -> None:
        nonlocal clock, current
        now = time.process_time()
        if current:
            stages.setdefault(current, []).append(now - clock)
        clock, current = now, name

    path = folder / f"bench-{time.monotonic_ns()}.duckdb"
    stage("Making the store")
    store = open_store(path, mode="create")
    checked = check_file(data, "bench.xlsx", store=store, today=TODAY, progress=stage)
    if has_errors(checked.findings):
        sys.exit("\n".join(map(str, checked.findings[:5])))
    stage("Storing it")
    accept_file(store, checked, ACTOR, "benchmark")
    stage("Closing the store")
    held = store.table("readings", raw=True).height
    store.close()
    stage("")
    if checked.batch is None or held != checked.batch.frames["readings"].height:
        sys.exit(f"{held} readings stored, another number read")


def reading_stages(data: bytes) -> dict[str, float]:
    """What reading the file costs, cut in two: the cells of every sheet, and what they mean."""

    def scan() -> None:
        book, _ = open_workbook(data, "bench.xlsx")
        for name in book.sheet_names if book else ():
            book.read(name)  # type: ignore[union-attr]

    return {
        "  of it: unpacking and scanning every sheet": cpu(scan),
        "  of it: reading as a whole": cpu(lambda: read_workbook(data, "bench.xlsx")),
    }


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--profile", action="store_true", help="where the time of one load goes")
    given = options.parse_args()
    logging.getLogger("fastexcel").setLevel(logging.ERROR)
    buffer = io.BytesIO()
    write_workbook(plan_of(given.rows), buffer=buffer, versions=None)
    data = buffer.getvalue()
    print(f"Workbook: {given.rows:,} readings, {len(data) / 1e6:.1f} MB")
    stages: dict[str, list[float]] = {}
    bare, full = [], []
    with tempfile.TemporaryDirectory() as folder:
        if given.profile:
            import cProfile
            import pstats

            profile = cProfile.Profile()
            profile.runcall(full_load, data, Path(folder), {})
            pstats.Stats(profile).sort_stats("cumulative").print_stats(45)
            return 0
        bare_read(data)
        full_load(data, Path(folder), {})  # the first run of each pays for imports
        for _ in range(given.repeats):
            bare.append(cpu(lambda: bare_read(data)))
            full.append(cpu(lambda: full_load(data, Path(folder), stages)))
    base = statistics.median(bare)
    print(f"CPU seconds, median of {given.repeats}; times the bare read")
    for name, seconds in stages.items():
        print(f"{name:46} {statistics.median(seconds):6.2f}  {statistics.median(seconds) / base:5.1f}x")
        if name == "Reading the file":
            for part, part_seconds in reading_stages(data).items():
                print(f"{part:46} {part_seconds:6.2f}  {part_seconds / base:5.1f}x")
    ratio = statistics.median(f / b for f, b in zip(full, bare, strict=True))
    print(f"{'fastexcel, bare read of the sheet':46} {base:6.2f}")
    print(f"{'check and load, every check on':46} {statistics.median(full):6.2f}  {ratio:5.1f}x")
    print(f"promised: at most {PROMISE:.0f}x")
    return 0 if ratio <= PROMISE else 1


if __name__ == "__main__":
    sys.exit(main())

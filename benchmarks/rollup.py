"""Rolling up readings: by agency, measure and quarter, against plain SQL, peers and a floor by hand.

Everything runs in one process, in turns, on the same generated readings; each figure is the median of the
ratios of the turns, with the lowest and the highest. Every way must give the same digest of exact whole
numbers, or the run ends with 1. The readings are put into a store's own tables by SQL: reading is what is
measured here, ``benchmarks/intake.py`` measures loading. The library call is ``store.roll_up``, over the sums
that the store keeps in step with each change; each call reads them anew. The same question in SQL over those
sums, and asked of the readings one by one, stands beside it.

Run ``make bench``, or ``python benchmarks/rollup.py [--rows 10000000] [--large] [--repeats N] [--seed N]``.
With ``--keep DIR`` the readings stay in a folder, and a second run takes those it finds there.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from _rollup_readings import SLICE, generate, open_made
from _rollup_ways import digest, states, states_differ, ways

PLAIN, SCAN = "plain SQL on plain columns", "bare scan of the history"
PROMISES = (
    ("library call against the same SQL by hand", "library call", "the same SQL by hand", 1.1, 0),
    ("library call with SQL, by hand", "library call with SQL", "the same SQL by hand", 1.1, 0),
    ("library call against plain SQL", "library call", PLAIN, 0.5, 0),
    ("library call faster than polars", "library call", "polars, streaming, Parquet", 0, 3),
    ("library call faster than pandas", "library call", "pandas, in memory, float", 0, 6),
    ("library call faster than SQLite", "library call", "SQLite, coded columns", 0, 20),
    ("library call against the floor", "library call", "dense floor by hand (numba)", 3, 0),
    ("latest state against a bare scan", "latest state", SCAN, 1, 0),
    ("as known on a day against a bare scan", "as known on a day", SCAN, 1, 0),
    ("latest state with SQL", "latest state with SQL", SCAN, 1, 0),
    ("as known on a day with SQL", "as known on a day with SQL", SCAN, 1, 0),
    ("latest state, reading by reading", "latest state, reading by reading", SCAN, 1, 0),
    ("as known on a day, reading by reading", "as known on a day, reading by reading", SCAN, 1, 0),
)

Times = dict[str, list[tuple[float, float]]]


def in_turns(run: dict[str, Callable[[], Any]], repeats: int) -> Times:
    """Wall and CPU seconds of each way, all ways in each turn, so that other work weighs on all alike."""
    found: Times = {name: [] for name in run}
    for _ in range(repeats):
        for name, work in run.items():
            wall, cpu = time.perf_counter(), time.process_time()
            work()
            found[name].append((time.perf_counter() - wall, time.process_time() - cpu))
    return found


def ratio(found: Times, name: str, base: str, part: int) -> tuple[float, float, float]:
    each = [a[part] / b[part] for a, b in zip(found[name], found[base], strict=True)]
    return statistics.median(each), min(each), max(each)


def show(found: Times, base: str) -> None:
    print(f"{'':42} {'wall s':>8} {'CPU s':>8}   CPU against '{base}': median (lowest to highest)")
    for name, each in found.items():
        wall, cpu = (statistics.median(e[p] for e in each) for p in (0, 1))
        middle, low, high = ratio(found, name, base, 1)
        print(f"{name:42} {wall:8.3f} {cpu:8.3f}   {middle:6.2f}x  ({low:.2f} to {high:.2f})")


def promise(found: Times, words: str, name: str, base: str, most: float, least: float) -> None:
    """Print a goal and what was measured, CPU and wall; ``least`` goals are base over name."""
    if name not in found or base not in found:
        return
    pair = (name, base) if most else (base, name)
    middle, low, high = ratio(found, *pair, 1)
    kept = middle <= most if most else middle >= least
    goal = f"at most {most:g}x" if most else f"at least {least:g}x"
    wall = ratio(found, *pair, 0)[0]
    print(
        f"{words:42} {goal:14} CPU {middle:7.2f}x ({low:.2f} to {high:.2f}), wall {wall:.2f}x  "
        f"{'met' if kept else 'NOT MET'}"
    )


def made(rows: int, seed: int, folder: Path) -> Path:
    """Return a store with so many readings: one that the folder has, or a new one, with how far it is."""
    path = folder / f"readings_{rows}_{seed}.duckdb"
    if path.exists():
        print(f"{path} was made before")
        return path
    started = time.perf_counter()

    def tell(what: str) -> None:
        print(
            f"  {time.perf_counter() - started:6.0f} s {time.process_time():6.0f} s of CPU  {what}",
            flush=True,
        )

    generate(path, rows, seed, tell if rows > SLICE else lambda _: None)
    took = time.perf_counter() - started
    print(f"made in {took:.0f} s, {time.process_time():.0f} s of CPU with what came before", flush=True)
    return path


def measure(rows: int, repeats: int, seed: int, keep: Path | None, *, peers: bool) -> bool:
    with tempfile.TemporaryDirectory(dir=keep or os.environ.get("BENCH_DIR")) as name:
        folder = Path(name)
        print(f"\n{rows:,} readings, seed {seed}", flush=True)
        path = made(rows, seed, keep or folder)
        store = open_made(path)
        for other in ("copy", "by_hand", "scan"):  # one file under names that DuckDB opens apart
            os.link(path, folder / f"{other}.duckdb")
        print(f"{path.stat().st_size / 2**20:,.0f} MB", flush=True)
        made_ways = ways(folder, store, peers=peers)
        digests = {n: digest(bring(work())) for n, (work, bring) in made_ways.items()}
        run = states(folder, store)
        wrong = states_differ(run)
        if len(set(digests.values())) != 1 or wrong:
            print("The ways differ:", digests, wrong)
            return False
        print(f"Every way gives the digest {next(iter(digests.values()))}; both roads to each state agree")
        found = in_turns({n: work for n, (work, _) in made_ways.items()}, repeats)
        show(found, PLAIN)
        of_states = in_turns(run, repeats)
        show(of_states, SCAN)
        for goal in PROMISES:
            promise(found | of_states, *goal)
        store.close()
    return True


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, nargs="*", default=[1_000_000])
    options.add_argument(
        "--large", action="store_true", help="100 million readings too: ours, plain SQL and the floor"
    )
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--seed", type=int, default=20261123)
    options.add_argument(
        "--keep", type=Path, metavar="DIR", help="keep the readings in this folder, and use those that it has"
    )
    given = options.parse_args()
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
    load = os.getloadavg()[0]
    print(f"Load of the machine: {load:.1f} on {os.cpu_count()} cores; DuckDB {duckdb.__version__}")
    good = [measure(n, given.repeats, given.seed, given.keep, peers=True) for n in given.rows]
    if given.large:
        good.append(measure(100_000_000, min(3, given.repeats), given.seed, given.keep, peers=False))
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())

"""kill -9 at a random moment: no acknowledged change is lost, none is torn, and the store always opens.

It exercises the death of the process, not the loss of power: what the system had taken survives here. So no claim about
power is made.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from store_worker import ROWS

from partnership.errors import PartnershipError
from partnership.store import open_store

WORKER = Path(__file__).with_name("store_worker.py")


def kill_after(path: Path, acknowledgements: Path, changes: int, seconds: float) -> None:
    """Start the worker, wait until it has done some changes, and kill it some time later."""
    process = subprocess.Popen(
        [sys.executable, str(WORKER), str(path), str(acknowledgements)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    limit = time.monotonic() + 240
    while process.poll() is None and time.monotonic() < limit:
        if acknowledgements.exists() and acknowledgements.read_bytes().count(b"\n") > changes:
            break
        time.sleep(0.002)
    time.sleep(seconds)
    assert process.poll() is None, process.communicate()[1]
    process.kill()
    process.communicate()


def kill_while_opening(path: Path, seconds: float) -> None:
    """Kill a process that opens the store, and so goes through its log."""
    code = "import sys; from partnership.store import open_store; print('go', flush=True); open_store(sys.argv[1])"
    process = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "go\n"
    time.sleep(seconds)
    process.kill()
    process.communicate()


def count_faults(path: Path, acknowledged: int) -> Counter[str]:
    """Open the store after a kill, and hold it against what was acknowledged."""
    faults: Counter[str] = Counter()
    try:
        with open_store(path) as store:
            last = store.last_seq
            faults["lost"] = max(0, acknowledged - last)
            faults["ahead"] = max(0, last - acknowledged)
            faults["verify findings"] = len(store.verify())
            history = store.history("readings")
            written = history.group_by("change_seq").agg(pl.len().alias("rows"), pl.col("source").n_unique())
            faults["torn"] = written.filter((pl.col("rows") != ROWS) | (pl.col("source") != 1)).height
            refusals = store.changes().filter(pl.col("what") == "refusal").height
            faults["torn"] += abs(written.height + refusals - last)
            snapshot = path.with_name(path.name + ".snapshot.duckdb")
            faults["last"] = last
        if snapshot.exists():
            with open_store(snapshot, mode="read") as copy:
                faults["snapshot findings"] = len(copy.verify())
    except PartnershipError as fault:
        faults["unopenable"] += 1
        sys.stderr.write(f"{fault}\n")
    return faults


def run_trials(tmp_path: Path, trials: int, seed: int) -> Counter[str]:
    rnd, total = random.Random(seed), Counter[str]()
    path, last = tmp_path, 0
    for trial in range(trials):
        if trial % 10 == 0:
            path, last = tmp_path / f"plan{trial}.duckdb", 0
            open_store(path, mode="create").close()
        noted = tmp_path / f"acknowledged{trial}"
        kill_after(path, noted, rnd.randint(0, 12), rnd.uniform(0.0, 0.1))
        if trial % 4 == 3:
            kill_while_opening(path, rnd.uniform(0.0, 0.15))
            total["kills while opening"] += 1
        lines = noted.read_text().split("\n")[:-1]
        acknowledged = max([last, *(int(x) for x in lines if x.isdigit())])
        faults = count_faults(path, acknowledged)
        ahead = faults.pop("ahead", 0)
        total["most ahead"] = max(total["most ahead"], ahead)
        total["changes"] += faults["last"] - last
        last = faults.pop("last", 0)
        total += faults
        total["kills"] += 1
    return total


def check(total: Counter[str], trials: int, capsys: pytest.CaptureFixture[str]) -> None:
    bad = ("lost", "torn", "verify findings", "snapshot findings", "unopenable")
    with capsys.disabled():
        sys.stdout.write(
            f"\nkill -9: {total['kills']} kills ({total['kills while opening']} more while opening), {total['changes']} changes; "
            + ", ".join(f"{total[b]} {b}" for b in bad)
            + f"; at most {total['most ahead']} kept that was not acknowledged\n"
        )
    assert total["kills"] == trials
    assert total["changes"] > trials
    assert {b: total[b] for b in bad} == dict.fromkeys(bad, 0)
    assert total["most ahead"] <= 1


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_store_killed_ten_times_loses_nothing_acknowledged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    check(run_trials(tmp_path, 10, seed=2026), 10, capsys)


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_store_killed_hundreds_of_times_loses_nothing_acknowledged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trials = int(os.environ.get("PARTNERSHIP_KILLS", "300"))
    check(run_trials(tmp_path, trials, seed=trials), trials, capsys)

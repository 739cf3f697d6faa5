"""Fifty people at the pages: how long a click takes, what it costs the server, and what the browser fetches.

The server is the product's own (Dash under waitress, one process, eight threads) in a process of its own,
over the sample county with as many readings beside its own as are asked for. Every person clicks a page and
filters drawn at random, two seconds apart on average. The server makes pages of one filter beforehand; so some
clicks are on two filters at once, which it does not. The person's side shares this machine's cores, so that
the times are higher than they would be over a wire; the server's CPU a click is the steadier figure. Run ``make bench``, or
``python benchmarks/dashboard.py [--readings 10000000] [--users 50] [--seconds 30] [--seed N]``.
"""

# ruff: noqa: E501 - SQL and printed tables are easier to read whole

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROMISE_MS, PROMISE_BYTES = 500, 2_000_000
NEW_SHARE = 0.06  # of clicks: two filters at once, at first an address that the server has not shown
PATHS = ("/board-overview", "/expectation-gaps", "/benefits", "/promises")
WORKBOOK = Path(__file__).parent.parent / "sample_data" / "wendleshire" / "wendleshire_plan.xlsx"


def fill(path: Path, readings: int) -> tuple[list[str], list[str]]:
    """Make the county's store, with more readings of a measure of its own, and return what may be picked."""
    import duckdb

    from partnership.store import Actor, open_store
    from partnership.store import _sums as sums
    from partnership.tables import schema_of
    from partnership.workflows import accept_file, check_file

    with open_store(path, mode="create") as store:
        checked = check_file(WORKBOOK.read_bytes(), WORKBOOK.name, store=store, today=dt.date(2026, 11, 23))
        accept_file(store, checked, Actor("Benchmark", "system"), "Benchmark")
        agencies, goals = store.table("agencies"), store.table("goals")
        measure = store.table("measures").filter(~store.table("measures")["counts_people"])["id"][0]
        codes = agencies.filter(agencies["duty"] != "outside")["code"].to_list()
    made = {
        "measure_id": f"'{measure}'", "item_id": "format('LOAD{:07d}', i // 24)", "agency_id": f"'{agencies['id'][0]}'",
        "period": "make_date(CAST(2024 + (i % 24) // 12 AS INTEGER), CAST(i % 12 + 1 AS INTEGER), 1)",
        "period_index": "2024 * 12 + i % 24", "value": "i % 9973 + 10", "state": "'approved'",
    }  # fmt: skip
    own = ", ".join(f"CAST({made.get(n, 'NULL')} AS {kind}) AS {n}" for n, kind in schema_of("readings"))
    names = ", ".join(n for n, _ in schema_of("readings"))
    with duckdb.connect(str(path)) as file:
        for table, version, more, given in (
            ("c_readings", "change_seq", ", is_small", ", FALSE"), ("h_readings", "seq", ", op", ", 'put'"),
        ):  # fmt: skip
            file.execute(
                f"INSERT INTO {table} (row_key, row_version, {version}{more}, {names}) "
                f"SELECT 'load' || i, 1, 1{given}, {own} FROM range({readings}) AS t(i)"
            )
        sums.work_out_again(file)  # no value is small: the measure counts no people
        file.execute("CHECKPOINT")
    return codes, goals["id"].to_list()


def serving(path: Path) -> tuple[subprocess.Popen[str], str]:
    """Start the product's server over a store and return it with its address."""
    code = (
        "import sys, datetime as dt; from dashboards.app import serve; from partnership.store import open_store; "
        "serve(open_store(sys.argv[1]), as_of=dt.date(2026, 11, 23), announce=lambda url: print(url, flush=True))"
    )
    server = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    while line := server.stdout.readline():
        if line.startswith("http"):
            return server, line.strip()
    sys.exit("The server did not start.")


def cpu_seconds(process: int) -> float:
    """CPU of a process so far, all its threads; Linux only."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / float(os.sysconf("SC_CLK_TCK"))


def made_beforehand(process: int, most: float) -> tuple[float, float, bool]:
    """Wait until the server has made what it makes by itself: seconds of it and of its CPU, and whether it was done."""
    started, before = time.perf_counter(), cpu_seconds(process)
    spent, still = before, 0
    while still < 4 and time.perf_counter() - started < most:
        time.sleep(1)
        now = cpu_seconds(process)
        still = still + 1 if now - spent < 0.05 else 0
        spent = now
    return time.perf_counter() - started - still, spent - before, still >= 4


def click_of(url: str) -> Callable[[str, dict[str, str]], int]:
    """Return what makes the request of a click: a page and the filters of its address."""
    found = json.loads(urllib.request.urlopen(f"{url}_dash-dependencies").read())
    wanted = next(d for d in found if "page.children" in d["output"])
    outputs = [
        dict(zip(("id", "property"), o.rsplit(".", 1), strict=True))
        for o in wanted["output"].strip(".").split("...")
    ]
    standing = {"url.pathname": "/", "url.search": "", "changed.data": 0}

    def click(path: str, filters: dict[str, str]) -> int:
        query = "&".join(f"{k}={v}" for k, v in filters.items())
        values = {**standing, "url.pathname": path, "url.search": f"?{query}" if query else ""}
        inputs = [{**i, "value": values.get(f"{i['id']}.{i['property']}")} for i in wanted["inputs"]]
        body = {"output": wanted["output"], "outputs": outputs, "inputs": inputs, "state": [],
                "changedPropIds": ["url.search"]}  # fmt: skip
        headers = {"Content-Type": "application/json", "Origin": url.rstrip("/"), "Accept-Encoding": "gzip"}
        asked = urllib.request.Request(f"{url}_dash-update-component", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(asked, timeout=120) as answer:
            text = answer.read()
            if answer.status != 200 or len(text) < 1000:
                sys.exit(f"{path} answered {answer.status} with {len(text)} bytes")
            return len(text)

    return click


def crowd(
    click: Callable[[str, dict[str, str]], int],
    users: int,
    seconds: float,
    picks: list[Any],
    doubles: list[Any],
    seed: int,
) -> list[tuple[float, bool]]:
    """Milliseconds of every click, and whether it was the first of an address that is not made beforehand."""
    times: list[tuple[float, bool]] = []
    seen: set[str] = set()
    lock = threading.Lock()
    end = time.perf_counter() + seconds

    def person(number: int) -> None:
        chance = random.Random(seed + number)
        time.sleep(chance.random() * 2)
        while time.perf_counter() < end:
            path = chance.choice(PATHS)
            two = chance.random() < NEW_SHARE
            filters = chance.choice(doubles if two else picks)
            with lock:
                first = (address := f"{path} {filters}") not in seen and two
                seen.add(address)
            started = time.perf_counter()
            try:
                click(path, filters)
            except TimeoutError:
                sys.stderr.write(f"{path} did not answer within two minutes; counted as that\n")
            with lock:
                times.append(((time.perf_counter() - started) * 1000, first))
            time.sleep(chance.uniform(1, 3))

    threads = [threading.Thread(target=person, args=(n,)) for n in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def share(values: list[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else float("nan")


def browse(url: str, codes: list[str]) -> None:
    """First paint, pick to number and bytes of scripts, in Chromium; medians of five new browsers."""
    try:
        from playwright.sync_api import expect, sync_playwright
    except ImportError:
        print("No browser here: first paint and bytes were not measured.")
        return
    paints, drawn, picks, sizes = [], [], [], []
    with sync_playwright() as driver:
        path = next((p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(p).exists()), None)
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for n in range(5):
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            started = time.perf_counter()
            page.goto(f"{url}board-overview")
            page.locator("#q-benefit .js-plotly-plot").first.wait_for(timeout=120_000)
            drawn.append((time.perf_counter() - started) * 1000)
            paints.append(
                page.evaluate("() => performance.getEntriesByName('first-contentful-paint')[0].startTime")
            )
            loaded = page.evaluate(
                "() => performance.getEntriesByType('resource').filter(r => r.initiatorType === 'script')"
                ".reduce((sum, r) => sum + r.encodedBodySize, 0)"
            )
            sizes.append(loaded)
            before = page.locator("#live").text_content()
            started = time.perf_counter()
            page.evaluate(
                f"() => dash_clientside.set_props('f-agency', {{value: {json.dumps(codes[n % len(codes)])}}})"
            )
            expect(page.locator("#live")).not_to_have_text(before or "", timeout=120_000)
            picks.append((time.perf_counter() - started) * 1000)
            page.context.close()
        browser.close()
    print(
        f"First paint {statistics.median(paints):.0f} ms; page drawn {statistics.median(drawn):.0f} ms (medians of 5)"
    )
    print(f"Pick of an agency to its words {statistics.median(picks):.0f} ms (median of 5)")
    met = "met" if statistics.median(sizes) < PROMISE_BYTES else "NOT MET"
    print(f"Scripts on the wire, first page: {statistics.median(sizes) / 1e6:.2f} MB; below 2 MB: {met}")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--readings", type=int, default=1_000_000)
    options.add_argument("--users", type=int, default=50)  # the goal's own number: fewer say less
    options.add_argument("--seconds", type=float, default=30)
    options.add_argument("--beforehand", type=float, default=300, help="seconds given to make pages")
    options.add_argument("--picks", type=int, default=20, help="how many filters are drawn from")
    options.add_argument("--seed", type=int, default=20261123)
    given = options.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        codes, goals = fill(Path(folder) / "store.duckdb", given.readings)
        server, url = serving(Path(folder) / "store.duckdb")
        try:
            click = click_of(url)
            picks = [{}, *({"agency": c} for c in codes), *({"goal": g} for g in goals)]
            picks = picks[: given.picks]
            doubles = [{"agency": c, "goal": g} for c in codes for g in goals]
            started = time.perf_counter()
            click("/", {})
            print(
                f"{given.readings:,} readings; load of the machine before: {load:.1f} on {os.cpu_count()} cores"
            )
            print(f"First page of all after the start: {(time.perf_counter() - started) * 1000:.0f} ms")
            took, spent, done = made_beforehand(server.pid, given.beforehand)
            print(
                f"Pages made beforehand: {took:.0f} s, {spent:.1f} s of CPU; {'all of them' if done else 'not all yet'}"
            )
            single, started = [], cpu_seconds(server.pid)
            new = doubles[: given.picks]
            for filters in new:
                at = time.perf_counter()
                click("/board-overview", filters)
                single.append((time.perf_counter() - at) * 1000)
            cold = (cpu_seconds(server.pid) - started) / len(new) * 1000
            print(f"Board page, two filters at once, not made beforehand, alone: median {statistics.median(single):.0f} ms "
                  f"(lowest {min(single):.0f}, highest {max(single):.0f}); {cold:.0f} ms of CPU a click")  # fmt: skip
            before, own = cpu_seconds(server.pid), time.process_time()
            times = crowd(click, given.users, given.seconds, picks, doubles, given.seed)
            spent = (cpu_seconds(server.pid) - before) / max(1, len(times)) * 1000
            own = (time.process_time() - own) / max(1, len(times)) * 1000
            print(
                f"Load of the machine after: {os.getloadavg()[0]:.1f}; CPU of the people's side: {own:.1f} ms a click"
            )
            every, first = [t for t, _ in times], [t for t, cold in times if cold]
            known = [t for t, cold in times if not cold]
            p95 = share(every, 0.95)
            print(f"{given.users} people, {len(every)} clicks in {given.seconds:.0f} s, {len(first)} of an address new "
                  f"to the server: these p50 {share(first, 0.5):.0f} ms, p95 {share(first, 0.95):.0f} ms; "
                  f"all others p50 {share(known, 0.5):.0f} ms, p95 {share(known, 0.95):.0f} ms")  # fmt: skip
            print(f"A click: p50 {share(every, 0.5):.0f} ms, p95 {p95:.0f} ms, p99 {share(every, 0.99):.0f} ms; "
                  f"at most {PROMISE_MS} ms at p95: {'met' if p95 <= PROMISE_MS else 'NOT MET'}")  # fmt: skip
            print(f"Server CPU a click: {spent:.0f} ms")
            browse(url, codes)
        finally:
            server.terminate()
            server.wait(60)
    return 0


if __name__ == "__main__":
    sys.exit(main())

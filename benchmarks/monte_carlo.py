# ruff: noqa: E501, E741, N806, PLR0915 - formulas stay on their lines
"""Draws against peers and physical limits, in one run, as ratios.

Model: a line is five triangular numbers, a lag of 0 to 3 years, a yearly loss of 0 to 30%; one discount rate a draw;
200 lines, 30 years, 8 agencies. The library is timed through ``partnership.roi.draw``, which ``appraise --draws``
calls. Times are processor time of one thread per million cells (draw x line), best of several runs that take turns,
so that a busy machine slows all alike. ``--quick`` leaves LibreOffice and the pennies to a small run.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from partnership.roi import Distribution, DrawLine, DrawModel, Factor, Number, Shape, draw, exact_moments

HERE = Path(__file__).parent
LINES, AGENCIES, YEARS = 200, 8, 30


def parameters(seed=7):
    g = np.random.default_rng(seed)
    low = g.uniform(0.5, 1, (LINES, 5))
    high = low + g.uniform(0.5, 1.5, (LINES, 5))
    mode = low + (high - low) * g.uniform(0.1, 0.9, (LINES, 5))
    return low, mode, high, g.dirichlet(np.ones(AGENCIES), LINES)


def model(*, second=False):
    """The model of the first row; or with PERT, lognormal and normal, shared and correlated numbers."""
    low, mode, high, share = parameters()
    kinds = ("triangular", "PERT", "lognormal", "normal", "triangular") if second else ("triangular",) * 5
    spreads = {"rate": Distribution("uniform", 0.025, 0.035, 0.045)}
    used = []
    for l in range(LINES):
        keys = [f"{l:03d}|{k}" for k in range(5)]
        if second:
            keys[0] = f"shared {l % 10}"
        for k, key in enumerate(keys):
            spreads.setdefault(key, Distribution(kinds[k], low[l, k], mode[l, k], high[l, k], 0.0))
        spreads[f"{l:03d}|lag"] = Distribution("whole years", 0, 0, 3)
        spreads[f"{l:03d}|loss"] = Distribution("uniform", 0, 0.15, 0.3)
        used.append(keys)
    order = sorted(spreads)
    at = {key: i for i, key in enumerate(order)}
    lines = tuple(
        DrawLine(
            f"{l:03d}", 1.0, tuple(Factor(at[key]) for key in keys),
            Shape(keep=Factor(at[f"{l:03d}|loss"], 1.0, -1.0), lag=at[f"{l:03d}|lag"], years=YEARS),
            {a: share[l, a] for a in range(AGENCIES)},
        )
        for l, keys in enumerate(used)
    )  # fmt: skip
    tied = tuple(at[f"shared {i}"] for i in range(3)) if second else ()
    mixing = np.linalg.cholesky(np.full((3, 3), 0.5) + 0.5 * np.eye(3)) if second else ()
    numbers = tuple(Number(key, key, spreads[key], spreads[key].value) for key in order)
    names = tuple(f"agency {a}" for a in range(AGENCIES))
    return DrawModel(numbers, lines, names, (0.0,) * AGENCIES, at["rate"], tied, tuple(map(tuple, mixing)))


def triangular(u, low, mode, high):
    w = high - low
    return np.where(
        u < (mode - low) / w, low + np.sqrt(u * w * (mode - low)), high - np.sqrt((1 - u) * w * (high - mode))
    )


def numpy_closed(g, draws):
    low, mode, high, share = parameters()
    x = np.ones((draws, LINES))
    for k in range(5):
        x *= triangular(g.random((draws, LINES)), low[:, k], mode[:, k], high[:, k])
    v = (1 / (1.025 + 0.02 * g.random(draws)))[:, None]
    lag = np.floor(4 * g.random((draws, LINES)))
    q = (1 - 0.3 * g.random((draws, LINES))) * v
    return (x * v**lag * (1 - q ** (YEARS - lag)) / (1 - q)) @ share


def numpy_chunks(g, draws):
    step = 16_384 // LINES
    return np.concatenate([numpy_closed(g, step) for _ in range(draws // step)])


def numbers_alone(g, draws):
    room = np.empty(16_384 * 7)
    for _ in range(0, draws * LINES, 16_384):
        g.random(out=room)


def pandas_closed(g, draws):
    import pandas as pd

    low, mode, high, share = parameters()
    table = pd.DataFrame(
        {"draw": np.repeat(np.arange(draws), LINES), "line": np.tile(np.arange(LINES), draws)}
    )
    for k in range(7):
        table[f"u{k}"] = g.random(len(table))
    table["rate"] = np.repeat(0.025 + 0.02 * g.random(draws), LINES)
    known = pd.DataFrame(
        {"line": np.arange(LINES)}
        | {f"{n}{k}": a[:, k] for n, a in (("a", low), ("c", mode), ("b", high)) for k in range(5)}
    )
    table = table.merge(known, on="line")
    x = 1.0
    for k in range(5):
        u, a, c, b = (table[f"{n}{k}"] for n in "uacb")
        x = x * (a + np.sqrt(u * (b - a) * (c - a))).where(
            u < (c - a) / (b - a), b - np.sqrt((1 - u) * (b - a) * (b - c))
        )
    v, lag = 1 / (1 + table["rate"]), np.floor(table["u5"] * 4)
    q = (1 - 0.3 * table["u6"]) * v
    worth = x * v**lag * (1 - q ** (YEARS - lag)) / (1 - q)
    parts = pd.DataFrame(worth.to_numpy()[:, None] * share[table["line"].to_numpy()])
    return parts.groupby(table["draw"].to_numpy()).sum().to_numpy()


def naive(g, draws):
    low, mode, high, share = (x.tolist() for x in parameters())
    out = []
    for _ in range(draws):
        rate, sums = 0.025 + 0.02 * g.random(), [0.0] * AGENCIES
        for l in range(LINES):
            x = 1.0
            for a, c, b in zip(low[l], mode[l], high[l], strict=True):
                u = g.random()
                x *= (
                    a + math.sqrt(u * (b - a) * (c - a))
                    if u < (c - a) / (b - a)
                    else b - math.sqrt((1 - u) * (b - a) * (b - c))
                )
            lag, keep, worth, left = int(g.random() * 4), 1 - 0.3 * g.random(), 0.0, 1.0
            for y in range(lag, YEARS):
                worth += left / (1 + rate) ** y
                left *= keep
            for a in range(AGENCIES):
                sums[a] += x * worth * share[l][a]
        out.append(sums)
    return out


def scipy_second(g, draws):
    """The second row as one would write it with scipy: every number by its own inverse."""
    second = model(second=True)
    return second.outcomes(second.spread_out(g.random((len(second.numbers), draws))))


def cost(work, draws, repeats):
    """Best processor time per million cells."""
    best = math.inf
    for _ in range(repeats):
        start = time.process_time()
        work(draws)
        best = min(best, time.process_time() - start)
    return best * 1e3 / (draws * LINES / 1e6)


def ceiling(folder):
    program = Path(folder) / "ceiling"
    subprocess.run(
        [
            "gcc",
            "-O3",
            "-march=native",
            "-ffast-math",
            str(HERE / "monte_carlo_ceiling.c"),
            "-o",
            str(program),
            "-lm",
        ],
        check=True,
    )
    return lambda: float(
        subprocess.run(
            [str(program), "10240", "5"], check=True, capture_output=True, text=True
        ).stdout.split()[0]
    )


_MACRO = r"""
import sys, time, random, uno
from com.sun.star.beans import PropertyValue
port, lines, draws, years = map(int, sys.argv[1:5])
finder = uno.getComponentContext().ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
for _ in range(240):
    try:
        context = finder.resolve("uno:socket,host=127.0.0.1,port=%d;urp;StarOffice.ComponentContext" % port); break
    except Exception: time.sleep(0.5)
desk = context.ServiceManager.createInstance("com.sun.star.frame.Desktop")
hidden = PropertyValue(); hidden.Name = "Hidden"; hidden.Value = True
book = desk.loadComponentFromURL("private:factory/scalc", "_blank", 0, (hidden,)); book.enableAutomaticCalculation(False)
sheet, rows = book.Sheets.getByIndex(0), []
for i in range(1, lines * draws + 1):
    tri = ["=IF({0}{1}<(J{1}-I{1})/(K{1}-I{1});I{1}+SQRT({0}{1}*(K{1}-I{1})*(J{1}-I{1}));K{1}-SQRT((1-{0}{1})*(K{1}-I{1})*(K{1}-J{1})))".format(c, i) for c in "ABCDE"]
    rows.append(tuple([random.random() for _ in range(8)] + [0.75, 1.1, 1.8] + tri + [
        "=L{0}*M{0}*N{0}*O{0}*P{0}".format(i), "=INT(F{0}*4)".format(i), "=1-0.3*G{0}".format(i), "=1/(1.025+0.02*H{0})".format(i),
        "=Q{0}*T{0}^R{0}*(1-(S{0}*T{0})^({1}-R{0}))/(1-S{0}*T{0})".format(i, years)]))
sheet.getCellRangeByPosition(0, 0, len(rows[0]) - 1, len(rows) - 1).setFormulaArray(tuple(rows))
best = 1e9
for _ in range(4):
    start = time.perf_counter(); book.calculateAll(); best = min(best, time.perf_counter() - start)
print(best * 1e3 / (lines * draws / 1e6)); book.close(True)
try: desk.terminate()
except Exception: pass
"""


def libreoffice(folder, draws=20):
    script = Path(folder) / "sheet.py"
    script.write_text(_MACRO)
    port = 12000 + os.getpid() % 20000
    office = subprocess.Popen(
        ["soffice", "--headless", "--norestore", "--nologo", f"-env:UserInstallation=file://{folder}/profile", f"--accept=socket,host=127.0.0.1,port={port};urp;"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        done = subprocess.run(
            ["/usr/bin/python3", str(script), str(port), str(LINES), str(draws), str(YEARS)],
            capture_output=True,
            text=True,
            timeout=400,
            check=True,
        )
        return float(done.stdout.split()[-1])
    finally:
        office.terminate()


def memory():
    """Memory of 100,000 draws beyond their result, over a warm import, in a process of its own."""
    code = (
        "import resource, sys; sys.path.insert(0, 'benchmarks'); import monte_carlo as m; from partnership.roi import draw\n"
        "one = m.model(); draw(one, 512)\nbefore = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "found = draw(one, 100_000)\nprint((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 - found.values.nbytes / 2**20)"
    )  # fmt: skip
    return float(
        subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=HERE.parent
        ).stdout
    )


def pennies(count):
    """Pennies lost by the library's apportionment in many splits; and by rounding each part."""
    from partnership.money import split_many

    g = np.random.default_rng(1)
    lost = naive_lost = done = 0
    while done < count:
        now = min(200_000, count - done)
        row = g.integers(1, 10_000, 8)
        pence = g.integers(1, 10**9, now)
        lost += int(
            (split_many(pence, dict(zip("ABCDEFGH", map(int, row), strict=True))).sum(axis=1) != pence).sum()
        )
        if not done:
            few = pence[:20_000, None]
            naive_lost = int(
                ((np.round(few / 100 * row / row.sum(), 2) * 100).round().sum(axis=1) != few[:, 0]).sum()
            )
        done += now
    return lost, naive_lost


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--quick", action="store_true")
    ask.add_argument("--apportionments", type=int, default=10_000_000)
    ask.add_argument("--json", type=Path)
    given = ask.parse_args()
    g = np.random.Generator(np.random.SFC64(3))
    one, two = model(), model(second=True)
    draw(one, 512), draw(two, 512), exact_moments(model())
    with tempfile.TemporaryDirectory() as folder:
        ceil = ceiling(folder)
        rounds = 3 if given.quick else 9
        ours, bare, top, exact = [], [], [], []
        for _ in range(rounds):  # in turns: a busy machine slows all alike
            ours.append(cost(lambda n: draw(one, n, threads=1), 10_240, 3))
            top.append(ceil())
            bare.append(cost(lambda n: numbers_alone(g, n), 10_240, 3))
            fresh = model()
            start = time.process_time()
            exact_moments(fresh)
            exact.append(time.process_time() - start)
        mine = min(ours)
        rows = [
            ("C kernel, one thread", min(top), "ours <= 2x", mine / min(top) <= 2),
            ("numpy drawing the numbers alone", min(bare), "ours <= 1.1x", mine / min(bare) <= 1.1),
        ]
        for name, work, n, least in (
            ("numpy closed form", numpy_chunks, 3240, 10),
            ("pandas closed form", pandas_closed, 5000, 25),
            ("naive Python loops", naive, 40, 250),
        ):
            ms = cost(lambda k, f=work: f(g, k), n, 3)
            rows.append((name, ms, f">= {least}x", ms / mine >= least))
        if not given.quick:
            ms = libreoffice(folder)
            rows.append(("LibreOffice, closed form (wall)", ms, ">= 1000x", ms / mine >= 1000))
        second = cost(lambda n: draw(two, n, threads=1), 4096, 5)
        plain = cost(lambda n: scipy_second(g, n), 256, 2)
    full = []
    for _ in range(3):
        start = time.process_time()
        draw(one, 100_000)
        full.append(time.process_time() - start)
    print(f"library: {mine:.2f} ms of processor time per million cells")
    print(
        "| against | ms per million cells | ratio to ours | asked | holds |\n| --- | --- | --- | --- | --- |"
    )
    for name, ms, asked, holds in rows:
        print(f"| {name} | {ms:,.1f} | {ms / mine:,.2f} | {asked} | {'yes' if holds else 'NO'} |")
    print(f"| second row, ours | {second:.1f} | {second / mine:.2f} | | |")
    print(f"| second row, scipy inverses | {plain:,.1f} | {plain / second:,.1f} of the second row | | |")
    mega = memory()
    print(
        f"| memory beyond the result, 200 lines x 100,000 draws | {mega:.1f} MB | | <= 64 MB | {'yes' if mega <= 64 else 'NO'} |"
    )
    faster = min(full) / min(exact)
    print(
        f"| exact preview | {min(exact) * 1e3:.1f} ms | {faster:.0f}x faster than 100,000 draws | >= 25x | {'yes' if faster >= 25 else 'NO'} |"
    )
    count = 20_000 if given.quick else given.apportionments
    lost, wrong = pennies(count)
    print(
        f"| pennies lost, {count:,} amounts apportioned to 8 | {lost} | rounding each part: {wrong:,} of 20,000 sums wrong | 0 | {'yes' if lost == 0 else 'NO'} |"
    )
    if given.json:
        given.json.write_text(
            json.dumps(
                {
                    "ours": mine,
                    "rows": rows,
                    "second": second,
                    "memory": mega,
                    "exact": faster,
                    "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
                },
                default=str,
            )
        )


if __name__ == "__main__":
    main()

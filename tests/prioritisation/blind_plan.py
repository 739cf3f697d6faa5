"""A small plan with a round of scoring, and two agencies that score in it."""

from __future__ import annotations

import datetime as dt
import functools
import tempfile
from decimal import Decimal
from pathlib import Path

from partnership._workflows.scoring import GivenScore
from partnership.prioritisation import Criterion
from partnership.store import Actor, open_store
from partnership.tables import frame
from tests.plans.small_plan import small_frames

FRS, PU = "fire-and-rescue", "parish/union"


JO = Actor("Jo Field")


DAY = [dt.date(2026, 1, 5), dt.date(2026, 2, 2), dt.date(2026, 3, 2), dt.date(2026, 4, 6)]


RULE = "Two rounds, and a third where a kind of disagreement changes."


class Clock:
    def __init__(self) -> None:
        self.day = DAY[0]

    def __call__(self) -> dt.datetime:
        return dt.datetime.combine(self.day, dt.time(12), tzinfo=dt.UTC)


def criteria():
    return [
        Criterion(id="I", axis="impact", name="People reached", weight=Decimal(1), anchor_0="Nobody"),
        Criterion(id="E", axis="effort", name="Days of work", weight=Decimal(1), anchor_10="A year"),
    ]


@functools.cache
def _opening():
    """The file of a closed store with the small plan, made once: to be copied."""
    frames = {t: f for t, f in small_frames().items() if f.height}
    frames["criteria"] = frame(criteria(), "criteria")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.duckdb"
        with open_store(path, mode="create", clock=Clock()) as store:
            store.accept(frames, actor=JO, reason="Opening")
        return path.read_bytes()


def small_store(path, clock):
    path.write_bytes(_opening())
    return open_store(path, clock=clock)


def scored(values):
    return [GivenScore(i, c, Decimal(v), note=n) for i, c, v, n in values]

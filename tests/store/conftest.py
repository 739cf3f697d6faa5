"""Stores in real DuckDB files, and a clock that the test holds."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from partnership.store import DuckStore, open_store


class Clock:
    """Says what it was told, a second later each time it is asked."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(seconds=1)
        return self.now

    def set(self, *parts: int) -> None:
        self.now = dt.datetime(*parts, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store without a change in it, to be copied."""
    path = tmp_path_factory.mktemp("template") / "empty.duckdb"
    open_store(path, mode="create").close()
    return path


@pytest.fixture
def store(tmp_path: Path, empty_store: Path, clock: Clock) -> Iterator[DuckStore]:
    path = tmp_path / "plan.duckdb"
    shutil.copy(empty_store, path)
    with open_store(path, clock=clock) as opened:
        yield opened

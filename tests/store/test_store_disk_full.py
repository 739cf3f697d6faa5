"""A full disk: refused in words, nothing lost, and the store goes on when there is room again."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest
from store_helpers import JO, agencies, reading

from partnership.errors import StoreError
from partnership.store import open_store
from partnership.tables import frame


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MB."""
    place = tmp_path / "small"
    place.mkdir()
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("needs root and Linux to make a small disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip(f"a small disk cannot be made here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def many(turn: int) -> pl.DataFrame:
    rows = frame([reading()])
    return (
        pl.concat([rows] * 20_000)
        .with_row_index("n")
        .with_columns(
            pl.format("M{}-{}", pl.lit(turn), pl.col("n")).alias("measure_id"),
            pl.col("n").hash(seed=turn).cast(pl.String).alias("source"),
        )
        .drop("n")
    )


def test_full_disk_refuses_in_words_and_loses_nothing_that_was_acknowledged(small_disk: Path) -> None:
    path = small_disk / "plan.duckdb"
    acknowledged = 0
    with open_store(path, mode="create") as store:
        refused = ""
        while not refused and acknowledged < 200:
            try:
                acknowledged = store.accept({"readings": many(acknowledged)}, actor=JO, reason="Turn").seq
            except StoreError as fault:
                refused = str(fault)
        assert (
            refused
            == f"The disk of {path} is full: nothing was stored by this change. Make room and try again."
        )
        assert acknowledged > 0
        assert store.last_seq == acknowledged
        assert store.table("readings").height == acknowledged * 20_000
        filler = small_disk / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while file.write(bytes(65536)):
                pass
        with pytest.raises(StoreError):
            store.backup(small_disk / "backup.duckdb")
        assert not (small_disk / "backup.duckdb").exists()
        filler.unlink()
    subprocess.run(["mount", "-o", "remount,size=200m", str(small_disk)], check=True)
    with open_store(path) as store:
        assert store.last_seq == acknowledged
        assert store.verify() == []
        assert (
            store.accept({"agencies": agencies("A")}, actor=JO, reason="Room again").seq == acknowledged + 1
        )

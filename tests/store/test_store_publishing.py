"""The snapshot in the background: nobody waits for it, it follows every change, and no older one comes later."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from store_helpers import JO, agencies

from partnership.errors import StoreError
from partnership.store import DuckStore, open_store
from partnership.store import _publishing as publishing
from partnership.store._publishing import Publisher

KILLED = """
import sys
sys.path[:0] = sys.argv[2:]
from store_helpers import JO, agencies
from partnership.store import _publishing, open_store
_publishing._TOGETHER_SECONDS = 3600.0
store = open_store(sys.argv[1])
with store.keep_published():
    print(store.accept({"agencies": agencies("A", "B")}, actor=JO, reason="In").seq, flush=True)
    sys.stdin.read()
"""


def snapshot_of(store: DuckStore) -> Path:
    return store.path.with_name(store.path.name + ".snapshot.duckdb")


def seen(store: DuckStore) -> list[str]:
    """The agencies that a reading command finds in the snapshot."""
    with open_store(snapshot_of(store), mode="read") as snapshot:
        assert snapshot.snapshot_at is None
        return list(snapshot.table("agencies")["id"])


class Gate:
    """A publisher's work that waits until it is let through, and keeps what it saw."""

    def __init__(self) -> None:
        self.at_the_gate, self.open = threading.Event(), threading.Event()
        self.state, self.published, self.busy = 0, [], 0
        self.broken = False

    def __call__(self) -> None:
        self.busy += 1
        assert self.busy == 1, "one at a time"
        saw = self.state
        self.at_the_gate.set()
        assert self.open.wait(60)
        self.busy -= 1
        if self.broken:
            self.broken = False
            msg = "The disk is full."
            raise StoreError(msg)
        self.published.append(saw)


@pytest.fixture
def gate() -> Gate:
    return Gate()


def test_changes_that_come_while_one_is_written_are_published_together_and_in_order(gate: Gate) -> None:
    publisher = Publisher(gate, 0.0)
    publisher.start()
    for gate.state in range(1, 6):
        publisher.changed()
        assert gate.at_the_gate.wait(60)
    gate.open.set()
    publisher.stop()
    assert gate.published[0] == 1
    assert gate.published == sorted(gate.published)
    assert gate.published[-1] == 5
    assert len(gate.published) == 2, "four changes while the first was written are one snapshot"


def test_snapshot_that_fails_is_tried_again_and_the_end_publishes_what_is_left(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(
        publishing.logger, "exception", said.append
    )  # whoever else turned logging off meanwhile
    monkeypatch.setattr(publishing, "_FIRST_PAUSE", 0.0)
    gate.open.set()
    gate.state, gate.broken = 1, True
    publisher = Publisher(gate, 0.0)
    publisher.changed()
    assert not publisher.flush()
    assert ["could not be written" in words for words in said] == [True]
    publisher.start()
    publisher.stop()
    assert gate.published == [1]
    gate.state = 2
    publisher.changed()
    assert publisher.flush()
    assert publisher.flush()
    assert gate.published == [1, 2], "nothing new is not published again"


def test_change_is_in_the_store_at_once_and_the_snapshot_follows(
    store: DuckStore, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = threading.Event()
    write = store._write_snapshot

    def slowly() -> Path:
        if threading.current_thread() is not threading.main_thread():
            gate()
        path = write()
        written.set()
        return path

    monkeypatch.setattr(store, "_write_snapshot", slowly)
    with store.keep_published():
        assert seen(store) == [], "a first snapshot is there before anybody asks"
        written.clear()
        store.accept({"agencies": agencies("A")}, actor=JO, reason="In")
        assert gate.at_the_gate.wait(60)
        assert list(store.table("agencies")["id"]) == ["A"], "stored, while the snapshot waits"
        assert seen(store) == []
        gate.open.set()
        assert written.wait(60)
        assert seen(store) == ["A"]
        store.accept({"agencies": agencies("B")}, actor=JO, reason="More")
        store.backup(store.path.with_name("backup.duckdb"))
        assert seen(store) == ["A", "B"], "a backup leaves no snapshot behind it"
        store.accept({"agencies": agencies("C")}, actor=JO, reason="More")
    assert seen(store) == ["A", "B", "C"], "the end publishes what is left"
    store.accept({"agencies": agencies("D")}, actor=JO, reason="Nobody serves any more")
    assert seen(store) == ["A", "B", "C"]


def test_store_that_is_closed_publishes_what_is_left(store: DuckStore) -> None:
    with store.keep_published():
        store.accept({"agencies": agencies("A")}, actor=JO, reason="In")
        store.close()
    assert seen(store) == ["A"]


def test_kill_between_change_and_snapshot_loses_nothing_and_the_next_start_publishes(
    empty_store: Path, tmp_path: Path
) -> None:
    path = tmp_path / "plan.duckdb"
    path.write_bytes(empty_store.read_bytes())
    run = [sys.executable, "-c", KILLED, str(path), str(Path(__file__).parent)]
    process = subprocess.Popen(run, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "1\n"
    process.kill()
    process.communicate()
    with open_store(path) as store:
        assert list(store.table("agencies")["id"]) == ["A", "B"]
        assert store.verify() == []
        assert seen(store) == [], "it died before it was published"
        with store.keep_published():
            assert seen(store) == ["A", "B"]


def test_store_that_is_open_to_be_read_publishes_nothing(empty_store: Path) -> None:
    with open_store(empty_store, mode="read") as store, pytest.raises(StoreError, match="reading only"):
        store.publish_snapshot()

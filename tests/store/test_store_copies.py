"""Backups and the way back: equal to the store, never over anything, and checked before they are used."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from decimal import Decimal
from pathlib import Path

import pytest
from store_helpers import JO, SAM, agencies, reading, state_of, tamper
from test_store_open import held

from partnership.errors import StoreError
from partnership.store import DuckStore, Locked, open_store, restore_store
from partnership.tables import RECORD_TYPES, frame


@pytest.fixture
def filled(store: DuckStore) -> DuckStore:
    rows = frame([reading(value=Decimal(7)), reading("M2", missing="withheld")])
    store.accept({"agencies": agencies("A", "B"), "readings": rows}, actor=JO, reason="Opening")
    store.accept(
        {"agencies": agencies("A", name="New")}, removed={"agencies": ["B"]}, actor=SAM, reason="Edit"
    )
    store.refuse(actor=JO, reason="Faults", counts={"error": 3})
    return store


def backup(store: DuckStore, to: Path) -> Path:
    store.backup(to)
    return to


def tables_of(store: DuckStore) -> dict[str, list[tuple[object, ...]]]:
    return {t.table: store.history(t.table).rows() for t in RECORD_TYPES} | {"log": store.changes().rows()}


def test_backup_holds_every_version_and_its_manifest_counts_them(filled: DuckStore, tmp_path: Path) -> None:
    to = tmp_path / "monday.duckdb"
    manifest = filled.backup(to)
    assert manifest == json.loads((tmp_path / "monday.duckdb.manifest.json").read_text())
    assert manifest["last_seq"] == 3
    assert manifest["rows"]["h_agencies"] == 4
    assert manifest["rows"]["c_readings"] == 2
    assert manifest["schema"] >= 1
    assert len(manifest["sha256"]) == 64
    with open_store(to, mode="read") as copy:
        assert tables_of(copy) == tables_of(filled)
        assert copy.verify() == []
        assert copy.snapshot_at is None


def test_backup_taken_under_writes_is_one_whole_moment(filled: DuckStore, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            filled.accept({"agencies": agencies("X", "Y", name=f"Turn {turn}")}, actor=JO, reason="Turn")

    writer = threading.Thread(target=write)
    writer.start()
    copies = [backup(filled, tmp_path / f"hot{i}.duckdb") for i in range(3)]
    stop.set()
    writer.join()
    for copy in copies:
        with open_store(copy, mode="read") as store:
            assert store.verify() == []
            assert len(set(store.table("agencies").filter(store.table("agencies")["id"] != "A")["name"])) <= 1


def test_backup_never_writes_over_a_file(filled: DuckStore, tmp_path: Path) -> None:
    other = tmp_path / "other.duckdb"
    other.write_bytes(b"precious")
    for to in (other, filled.path, Path(str(filled.path.parent) + "/./" + filled.path.name)):
        with pytest.raises(StoreError, match="it was left as it is"):
            filled.backup(to)
    with pytest.raises(StoreError, match="There is no folder"):
        filled.backup(tmp_path / "nowhere" / "b.duckdb")
    filled.publish_snapshot()
    with pytest.raises(StoreError, match="it was left as it is"):
        filled.backup(tmp_path / "plan.duckdb.snapshot.duckdb")
    assert other.read_bytes() == b"precious"
    assert filled.verify() == []
    assert not [p for p in tmp_path.iterdir() if p.name.endswith(".new")]


def test_backup_restored_to_a_new_place_is_the_store_again(filled: DuckStore, tmp_path: Path, clock) -> None:
    to = backup(filled, tmp_path / "monday.duckdb")
    before = tables_of(filled)
    report = restore_store(to, tmp_path / "restored.duckdb")
    assert (report["kept_aside"], report["last_seq"]) == (None, 3)
    with open_store(tmp_path / "restored.duckdb", clock=clock) as store:
        assert tables_of(store) == before
        store.accept({"agencies": agencies("C")}, actor=JO, reason="Goes on")
        assert store.last_seq == 4
        assert store.verify() == []


def test_restore_over_a_store_needs_to_be_asked_for_and_keeps_the_old_one(
    filled: DuckStore, tmp_path: Path
) -> None:
    to = backup(filled, tmp_path / "monday.duckdb")
    filled.accept({"agencies": agencies("L")}, actor=JO, reason="After the backup")
    path, after = filled.path, state_of(filled)
    filled.close()
    with pytest.raises(StoreError, match="There is a store at .* already"):
        restore_store(to, path)
    aside = Path(restore_store(to, path, force=True)["kept_aside"])
    assert aside.name.startswith("plan.replaced-")
    with open_store(path) as store:
        assert store.last_seq == 3
    with open_store(aside) as old:
        assert state_of(old) == after


def test_restore_over_a_store_that_is_in_use_is_refused(filled: DuckStore, tmp_path: Path) -> None:
    to = backup(filled, tmp_path / "monday.duckdb")
    path = filled.path
    with pytest.raises(StoreError, match="open in this very process"):
        restore_store(to, path, force=True)
    filled.close()
    content = path.read_bytes()
    with held(path), pytest.raises(Locked, match="already running"):
        restore_store(to, path, force=True)
    assert path.read_bytes() == content
    assert not [p for p in tmp_path.iterdir() if ".replaced-" in p.name or p.name.endswith(".new")]


def test_restore_over_a_damaged_store_keeps_it_aside(filled: DuckStore, tmp_path: Path) -> None:
    to = backup(filled, tmp_path / "monday.duckdb")
    path = filled.path
    filled.close()
    path.write_bytes(b"\0" * 5000)
    aside = Path(restore_store(to, path, force=True)["kept_aside"])
    assert aside.read_bytes() == b"\0" * 5000
    with open_store(path) as store:
        assert store.verify() == []


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda b: b.write_bytes(b.read_bytes()[:-4096]), "its bytes have changed"),
        (lambda b: tamper(b, "UPDATE c_agencies SET name = 'Other'"), "its bytes have changed"),
        (lambda b: b.with_name(b.name + ".manifest.json").unlink(), "has no readable manifest"),
        (lambda b: b.with_name(b.name + ".manifest.json").write_text("{}"), "has no readable manifest"),
        (lambda b: b.unlink(), "There is no backup at"),
    ],
)
def test_backup_that_is_not_what_its_manifest_says_is_refused(
    filled: DuckStore, tmp_path: Path, harm, words: str
) -> None:
    to = backup(filled, tmp_path / "monday.duckdb")
    harm(to)
    with pytest.raises(StoreError, match=words):
        restore_store(to, tmp_path / "restored.duckdb")
    assert not (tmp_path / "restored.duckdb").exists()


def test_backup_of_a_newer_toolkit_is_refused_naming_both(filled: DuckStore, tmp_path: Path) -> None:
    to = backup(filled, tmp_path / "monday.duckdb")
    beside = tmp_path / "monday.duckdb.manifest.json"
    beside.write_text(json.dumps(json.loads(beside.read_text()) | {"schema": 99, "toolkit": "9.9.9"}))
    with pytest.raises(StoreError, match=r"made by partnership 9.9.9 \(schema 99\); this is partnership"):
        restore_store(to, tmp_path / "restored.duckdb")


def test_backup_is_not_restored_over_itself(filled: DuckStore, tmp_path: Path) -> None:
    to = backup(filled, tmp_path / "monday.duckdb")
    with pytest.raises(StoreError, match="is the store itself"):
        restore_store(to, to, force=True)


def test_snapshot_takes_the_place_of_the_one_before(filled: DuckStore) -> None:
    first = filled.publish_snapshot()
    with open_store(first, mode="read") as reader:
        filled.accept({"agencies": agencies("C")}, actor=JO, reason="More")
        assert filled.publish_snapshot() == first
        assert reader.last_seq == 3
    with open_store(first, mode="read") as reader:
        assert reader.last_seq == 4
        assert reader.table("agencies")["id"].to_list() == ["A", "C"]


def test_snapshot_killed_half_way_leaves_the_one_before(filled: DuckStore) -> None:
    path = filled.path
    filled.publish_snapshot()
    filled.close()
    code = (
        "import sys, os, time, threading\nfrom partnership.store import open_store\n"
        "s = open_store(sys.argv[1])\nprint('ready', flush=True)\n"
        "while True: s.publish_snapshot()"
    )
    for wait in (0.05, 0.2, 0.5, 0.9):
        process = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        threading.Event().wait(wait)
        process.kill()
        process.communicate()
        with open_store(path.with_name(path.name + ".snapshot.duckdb"), mode="read") as snapshot:
            assert snapshot.verify() == []
            assert snapshot.last_seq == 3


@pytest.mark.skipif(sys.platform == "win32", reason="hard links are how a name is taken only once elsewhere")
def test_new_name_is_taken_only_once(tmp_path: Path) -> None:
    from partnership.store._copies import move_new

    (tmp_path / "there").write_text("first")
    (tmp_path / "made").write_text("second")
    with pytest.raises(StoreError, match="it was left as it is"):
        move_new(tmp_path / "made", tmp_path / "there")
    assert (tmp_path / "there").read_text() == "first"
    shutil.rmtree(tmp_path)

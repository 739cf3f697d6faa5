"""Opening: one process holds the file, and everybody else is told so in words."""

from __future__ import annotations

import gc
import os
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from store_helpers import JO, agencies, in_other_process, tamper

from partnership.errors import InvalidInput, StoreError
from partnership.store import DuckStore, Locked, open_store
from partnership.store._open import on_network_share

HOLD = """
import sys
from partnership.store import open_store
store = open_store(sys.argv[1], mode=sys.argv[2])
if "snapshot" in sys.argv:
    store.publish_snapshot()
print("held", flush=True)
sys.stdin.read()
store.close()
"""
RAW_OPEN = (
    "import duckdb, sys; duckdb.connect(sys.argv[1]).execute('CREATE TABLE intruder(a INT)'); print('opened')"
)


@contextmanager
def held(path: Path, mode: str = "write", *more: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the store."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path), mode, *more],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "held\n"
    try:
        yield process
    finally:
        process.stdin.close()
        process.wait(timeout=60)
        process.stdout.close()


@pytest.fixture(scope="module")
def filled_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "plan.duckdb"
    with open_store(path, mode="create") as store:
        store.accept({"agencies": agencies("A", "B")}, actor=JO, reason="Opening")
    return path


@pytest.fixture
def filled(tmp_path: Path, filled_once: Path) -> Path:
    """A closed store with two agencies, this test's own."""
    return Path(shutil.copy(filled_once, tmp_path / "plan.duckdb"))


def test_store_held_by_another_process_refuses_writers_in_words(filled: Path) -> None:
    with held(filled) as holder, pytest.raises(Locked) as caught:
        open_store(filled)
    assert caught.value.process == holder.pid
    assert str(caught.value) == (
        f"The toolkit is already running (process {holder.pid}) and holds {filled}: "
        "use the web page's Data page, or stop it."
    )
    with open_store(filled) as store:
        assert store.table("agencies").height == 2


def test_store_held_by_another_process_without_snapshot_tells_readers(filled: Path) -> None:
    with held(filled), pytest.raises(Locked, match="it has published no snapshot to read from yet"):
        open_store(filled, mode="read")


def test_store_held_by_another_process_answers_readers_from_its_snapshot(filled: Path) -> None:
    with held(filled, "write", "snapshot"):
        with open_store(filled, mode="read") as store:
            assert store.snapshot_at is not None
            assert store.snapshot_at.tzinfo is not None
            assert store.path == filled
            assert store.table("agencies")["id"].to_list() == ["A", "B"]
            assert store.verify() == []
            with pytest.raises(StoreError, match="open for reading only"):
                store.accept({"agencies": agencies("C")}, actor=JO, reason="In")
        backup = filled.with_name("while-serving.duckdb")
        with open_store(filled, mode="read") as store:
            store.backup(backup)
    with open_store(filled, mode="read") as store:
        assert store.snapshot_at is None
    with open_store(backup, mode="read") as store:
        assert store.table("agencies").height == 2


def test_two_processes_may_read_at_once(filled: Path) -> None:
    with held(filled, "read"), open_store(filled, mode="read") as store:
        assert store.snapshot_at is None
        assert store.table("agencies").height == 2


def test_copies_and_checks_never_give_the_lock_away(filled: Path) -> None:
    """On Linux and macOS any second handle that this process closes would free the file for other writers."""
    with open_store(filled) as store:
        store.publish_snapshot()
        store.backup(filled.with_name("copy.duckdb"))
        assert store.verify() == []
        store.fetch("changes") if "changes" in _views() else store.changes()
        intruder = in_other_process(RAW_OPEN, filled)
        assert "opened" not in intruder.stdout
        assert "Could not set lock" in intruder.stderr


def _views() -> tuple[str, ...]:
    from partnership.views import VIEWS

    return tuple(VIEWS)


def test_file_is_free_again_once_closed_though_threads_have_read(filled: Path) -> None:
    store = open_store(filled)
    threads = [threading.Thread(target=lambda: store.table("agencies")) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.table("agencies")
    store.close()
    store.close()
    assert in_other_process(RAW_OPEN, filled).stdout == "opened\n"


def test_dictionaries_are_not_carried_across_chunks_where_the_engine_loses_them(filled: Path) -> None:
    """DuckDB 2.0.0 ends a join over 10,000,000 readings with an internal error, and the database with it."""
    with open_store(filled) as store:
        found = store._engine.connection.execute("SELECT current_setting('enable_caching_operators')")
        assert found.fetchone() == (False,)


def test_cursors_of_ended_threads_do_not_pile_up(filled: Path) -> None:
    with open_store(filled) as store:
        for _ in range(20):
            thread = threading.Thread(target=lambda: store.table("agencies"))
            thread.start()
            thread.join()
        gc.collect()
        assert len(store._engine._cursors) <= 2


def test_store_left_open_by_a_program_is_written_through_at_its_end(filled: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[2]); from store_helpers import *; from partnership.store import open_store\n"
        "s = open_store(sys.argv[1]); s.accept({'agencies': agencies('Z')}, actor=JO, reason='Forgot to close')"
    )
    done = in_other_process(code, filled, Path(__file__).parent)
    assert (done.returncode, done.stderr) == (0, "")
    assert not filled.with_name("plan.duckdb.wal").exists()
    with open_store(filled, mode="read") as store:
        assert "Z" in store.table("agencies")["id"].to_list()


def test_same_process_shares_one_file_between_two_stores(filled: Path) -> None:
    with open_store(filled) as first, open_store(filled) as second, open_store(filled, mode="read") as reader:
        first.accept({"agencies": agencies("C")}, actor=JO, reason="One")
        second.accept({"agencies": agencies("D")}, actor=JO, reason="Two")
        assert reader.table("agencies")["id"].to_list() == ["A", "B", "C", "D"]
        assert reader.snapshot_at is None
    assert in_other_process(RAW_OPEN, filled).stdout == "opened\n"


def test_same_process_that_reads_is_told_to_close_before_it_writes(filled: Path) -> None:
    with open_store(filled, mode="read"), pytest.raises(StoreError, match="Close that store before"):
        open_store(filled)


def test_reading_store_shared_with_a_writer_still_refuses_to_write(filled: Path) -> None:
    with open_store(filled), open_store(filled, mode="read") as reader:
        with pytest.raises(StoreError, match="open for reading only"):
            reader.accept({"agencies": agencies("C")}, actor=JO, reason="In")
        with pytest.raises(StoreError, match="open for reading only"):
            reader.refuse(actor=JO, reason="No")


def test_store_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    for mode in ("write", "read"):
        with pytest.raises(
            StoreError, match="There is no store at .*missing.duckdb. Load a workbook into a new one"
        ):
            open_store(tmp_path / "missing.duckdb", mode=mode)
    assert list(tmp_path.iterdir()) == []


def test_new_store_never_takes_the_place_of_a_file(filled: Path, tmp_path: Path) -> None:
    before = filled.read_bytes()
    with pytest.raises(StoreError, match="There is a file at .* already, and it was left as it is"):
        open_store(filled, mode="create")
    assert filled.read_bytes() == before
    with pytest.raises(StoreError, match="There is no folder"):
        open_store(tmp_path / "nowhere" / "plan.duckdb", mode="create")


def test_new_store_beside_the_log_of_a_lost_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plan.duckdb.wal").write_bytes(b"left over")
    with pytest.raises(StoreError, match="is the log of a store whose file is gone"):
        open_store(tmp_path / "plan.duckdb", mode="create")
    assert [p.name for p in tmp_path.iterdir()] == ["plan.duckdb.wal"]


def test_mode_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="'append' is none of them"):
        open_store(tmp_path / "plan.duckdb", mode="append")  # type: ignore[arg-type]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_new_store_snapshot_and_backup_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    with open_store(tmp_path / "plan.duckdb", mode="create") as store:
        store.backup(tmp_path / "b.duckdb")
        files = [store.path, store.publish_snapshot(), tmp_path / "b.duckdb"]
    assert [stat.S_IMODE(f.stat().st_mode) for f in files] == [0o600] * 3


def test_new_store_is_written_so_that_the_older_engine_can_read_it(tmp_path: Path) -> None:
    with open_store(tmp_path / "plan.duckdb", mode="create") as store:
        tags = store._engine.connection.execute(
            "SELECT tags FROM duckdb_databases() WHERE database_name = 'plan'"
        ).fetchall()
    assert tags[0][0]["storage_version"].startswith("v1.5.0")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"name,agency\nA,B\n" * 2000, "is not a store of this toolkit"),
        (b"", "is not a store of this toolkit"),
    ],
)
def test_file_that_is_no_store_is_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "other.duckdb"
    path.write_bytes(content)
    for mode in ("write", "read"):
        with pytest.raises(StoreError):
            open_store(path, mode=mode)
    with pytest.raises(StoreError, match=words):
        open_store(path)


def test_duckdb_file_of_somebody_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "theirs.duckdb"
    tamper(path, "CREATE TABLE ours(a INT)")
    for mode in ("write", "read"):
        with pytest.raises(StoreError, match="is a DuckDB file, but no store of this toolkit"):
            open_store(path, mode=mode)
    with duckdb.connect(str(path)) as connection:
        assert connection.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("ours",)]


def test_damaged_file_is_refused_with_the_way_back(filled: Path) -> None:
    content = bytearray(filled.read_bytes())
    for place in range(3 * 4096, len(content) - 64, 4096):  # behind the headers, wherever the rows may lie
        content[place + 40] ^= 0xFF
    filled.write_bytes(content)
    with pytest.raises(StoreError, match="restore") as caught, open_store(filled) as store:
        store.verify()
    assert "damaged" in str(caught.value)


@pytest.mark.parametrize(
    "name", ["agencies.duckdb", "temp.duckdb", "Our plan's “file”.duckdb", "select.db", "readings"]
)
def test_store_of_any_name_works(tmp_path: Path, name: str) -> None:
    with open_store(tmp_path / name, mode="create") as store:
        store.accept({"agencies": agencies("A")}, actor=JO, reason="In")
        assert store.table("agencies").height == 1
        store.backup(tmp_path / f"b-{name}")
        store.publish_snapshot()
    with open_store(tmp_path / name) as store:
        assert store.verify() == []


def test_network_share_is_found_by_its_longest_mount() -> None:
    mounts = (
        "/dev/sda1 / ext4 rw 0 0\n//fs01/plans /mnt/My\\040plans cifs rw 0 0\n/dev/sdb1 /mnt ext4 rw 0 0\n"
    )
    assert on_network_share(Path("/mnt/My plans/plan.duckdb"), mounts)
    assert not on_network_share(Path("/mnt/plan.duckdb"), mounts)
    assert not on_network_share(Path("/mnt/My plansX/plan.duckdb"), mounts)


def test_store_on_a_network_share_is_refused_for_writing(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partnership.store._open.on_network_share", lambda _: True)
    for path, mode in ((filled, "write"), (tmp_path / "new.duckdb", "create")):
        with pytest.raises(StoreError, match="is on a network share, where two machines can write at once"):
            open_store(path, mode=mode)
    with open_store(filled, mode="read") as store:
        assert store.table("agencies").height == 2


def test_store_closed_by_one_of_two_users_stays_open_for_the_other(filled: Path) -> None:
    first, second = open_store(filled), open_store(filled)
    first.close()
    assert isinstance(second, DuckStore)
    assert second.table("agencies").height == 2
    second.close()


def test_store_used_after_it_was_closed_says_so(filled: Path) -> None:
    store = open_store(filled)
    store.close()
    for use in (store.plan, store.changes, lambda: store.accept({}, actor=JO, reason="Late"), store.verify):
        with pytest.raises(StoreError, match="This store was closed"):
            use()
    assert in_other_process(RAW_OPEN, filled).stdout == "opened\n"

"""Whole copies of a store: snapshots for readers, backups with a manifest, and the way back.

A copy is made through the engine, in one read transaction: it holds one moment of the store while writers go
on, on every operating system, and the live file is never opened a second time (see
:mod:`partnership.store._open` for why that matters).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb

from partnership.errors import StoreError
from partnership.store import _migrations as migrations
from partnership.store import _statements as statements
from partnership.store._engine import is_open
from partnership.store._open import STORAGE_VERSION, new_file, one, words
from partnership.store.protocol import Locked

__all__ = [
    "backup",
    "manifest_path",
    "move_new",
    "publish",
    "refuse_stray_log",
    "remove",
    "restore_store",
    "snapshot_path",
    "taken_at",
]

_BATCH = 100_000


def snapshot_path(store: Path) -> Path:
    """Return where a store's snapshot lies.

    Examples
    --------
    >>> snapshot_path(Path("partnership.duckdb")).name
    'partnership.duckdb.snapshot.duckdb'
    """
    return store.with_name(store.name + ".snapshot.duckdb")


def manifest_path(copy: Path) -> Path:
    """Return where a backup's manifest lies.

    Examples
    --------
    >>> manifest_path(Path("monday.duckdb")).name
    'monday.duckdb.manifest.json'
    """
    return copy.with_name(copy.name + ".manifest.json")


def taken_at(connection: duckdb.DuckDBPyConnection) -> dt.datetime | None:
    """Return when a copy was taken (UTC); None for a store that is no copy."""
    found = one(connection, 'SELECT MAX("taken_at") FROM "copied"')
    return found[0].replace(tzinfo=dt.UTC) if found and found[0] is not None else None


def copy(cursor: duckdb.DuckDBPyConnection, to: Path, now: dt.datetime, purpose: str) -> dict[str, int]:
    """Write every table that a cursor sees into a new file, and return the row counts."""
    tables = cursor.execute(statements.OWN_TABLES).fetchall()
    last = one(cursor, statements.LAST_ENTRY)
    counts = dict(cursor.execute(statements.row_counts(n for n, _ in tables)).fetchall())
    remove(to)
    new_file(to)
    try:
        with duckdb.connect(str(to)) as target:
            target.execute("BEGIN")
            for name, ddl in tables:
                target.execute(ddl)
                if counts[name] == 0:
                    continue
                target.register("arriving", cursor.sql(statements.everything(name)).to_arrow_reader(_BATCH))
                done = one(target, statements.take_in(name))
                target.unregister("arriving")
                _must_be_all(done, counts[name], name, to)
            target.execute('DELETE FROM "copied"')
            target.execute(
                'INSERT INTO "copied" VALUES ($at, $seq, $purpose)',
                {
                    "at": now.astimezone(dt.UTC).replace(tzinfo=None),
                    "seq": last[0] if last else 0,
                    "purpose": purpose,
                },
            )
            target.execute("COMMIT")
            target.execute("CHECKPOINT")
    except duckdb.Error as fault:
        remove(to)
        raise words(fault, to) from fault
    except StoreError:
        remove(to)
        raise
    counts["copied"] = 1
    return counts


def _must_be_all(done: tuple[Any, ...] | None, rows: int, name: str, to: Path) -> None:
    if not done or done[0] != rows:
        msg = f"The copy {to} has not all {rows} rows of {name}. Try again, or on another disk."
        raise StoreError(msg)


def publish(cursor: duckdb.DuckDBPyConnection, store: Path, now: dt.datetime) -> Path:
    """Write the snapshot beside the store and put it in the place of the one before in one step."""
    to = snapshot_path(store)
    made = to.with_name(f".{to.name}.{os.getpid()}.new")
    copy(cursor, made, now, "snapshot")
    try:
        made.replace(to)
    except OSError as fault:
        remove(made)
        msg = f"The snapshot {to} could not be replaced: {fault.strerror}. Readers go on with the one before."
        raise StoreError(msg) from fault
    _sync_folder(to.parent)
    return to


def backup(cursor: duckdb.DuckDBPyConnection, store: Path, to: Path, now: dt.datetime) -> dict[str, Any]:
    """Write a backup and its manifest, and return that; no store and no older backup is ever written over."""
    if to.exists() or to.resolve() in {store.resolve(), snapshot_path(store).resolve()}:
        msg = f"There is a file at {to} already, and it was left as it is. Give the backup another name."
        raise StoreError(msg)
    if not to.parent.is_dir():
        msg = f"There is no folder {to.parent}. Make it, or put the backup elsewhere."
        raise StoreError(msg)
    made = to.with_name(f".{to.name}.{os.getpid()}.new")
    counts = copy(cursor, made, now, "backup")
    with duckdb.connect(str(made), read_only=True) as check:
        done = migrations.applied(check)
        last = one(check, statements.LAST_ENTRY)
        verify_counts(check, counts, made)
    manifest: dict[str, Any] = {
        "what": "backup of a partnership store",
        "taken_at": now.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "store": store.name,
        "sha256": _sha256(made),
        "bytes": made.stat().st_size,
        "schema": done[-1][0] if done else 0,
        "storage_version": STORAGE_VERSION,
        "duckdb": duckdb.__version__,
        "toolkit": migrations.toolkit_version(),
        "last_seq": last[0] if last else 0,
        "last_entry_hash": last[2] if last else None,
        "rows": counts,
    }
    _write(manifest_path(to), json.dumps(manifest, indent=1, sort_keys=True))
    move_new(made, to)
    return manifest


def restore_store(backup_file: Path | str, path: Path | str, *, force: bool = False) -> dict[str, Any]:
    """Put a backup in a store's place, once its manifest has been checked.

    Parameters
    ----------
    backup_file : Path or str
        The backup; its manifest lies beside it.
    path : Path or str
        Where the store is to be.
    force : bool
        True puts an existing store aside (never deletes it) and takes its place; False refuses when there is
        one.

    Returns
    -------
    dict
        ``restored``, ``taken_at``, ``last_seq``, ``rows`` of the backup, and ``kept_aside``: where the store
        that was there lies now, or None.

    Raises
    ------
    StoreError
        If the backup or its manifest is missing or does not fit, a store is there, or a process holds it.
    """
    backup_file, path = Path(backup_file), Path(path)
    manifest = _read_manifest(backup_file)
    if path.exists() and not force:
        msg = (
            f"There is a store at {path} already, and it was left as it is. Restore to another name, or "
            "replace it with --force."
        )
        raise StoreError(msg)
    if path.exists() and path.samefile(backup_file):
        msg = f"{backup_file} is the store itself. Give the backup first and the store's place second."
        raise StoreError(msg)
    refuse_stray_log(path)
    made = path.with_name(f".{path.name}.{os.getpid()}.new")
    remove(made)
    try:
        _copy_file(backup_file, made)
        if _sha256(made) != manifest["sha256"]:
            msg = (
                f"The copy of {backup_file} is not what its manifest says. The disk may be failing: try "
                "again, or another backup."
            )
            raise StoreError(msg)
        with duckdb.connect(str(made), read_only=True) as check:
            verify_counts(check, manifest["rows"], backup_file)
        aside = _put_aside(path) if path.exists() else None
        move_new(made, path)
    except duckdb.Error as fault:
        raise words(fault, backup_file) from fault
    finally:
        remove(made)
    return {
        "restored": str(path),
        "taken_at": manifest.get("taken_at"),
        "last_seq": manifest.get("last_seq"),
        "rows": manifest["rows"],
        "kept_aside": str(aside) if aside else None,
    }


def verify_counts(connection: duckdb.DuckDBPyConnection, rows: Mapping[str, int], file: Path) -> None:
    """Refuse a copy whose tables do not have the rows they should."""
    for name, count in rows.items():
        found = one(connection, statements.count(name))
        if not found or found[0] != count:
            msg = (
                f"{file} has {found[0] if found else 0} rows in {name}, and {count} should be there. "
                "Use another backup."
            )
            raise StoreError(msg)


def _read_manifest(backup_file: Path) -> dict[str, Any]:
    if not backup_file.is_file():
        msg = f"There is no backup at {backup_file}. Give another file."
        raise StoreError(msg)
    beside = manifest_path(backup_file)
    try:
        manifest: dict[str, Any] = json.loads(beside.read_text(encoding="utf-8"))
        known, rows = str(manifest["sha256"]), dict(manifest["rows"])
    except (OSError, ValueError, KeyError, TypeError) as fault:
        msg = (
            f"{backup_file} has no readable manifest {beside.name} beside it, so it cannot be checked. "
            "Use another backup."
        )
        raise StoreError(msg) from fault
    if _sha256(backup_file) != known or not rows:
        msg = (
            f"{backup_file} is not the file that its manifest describes: its bytes have changed. Use "
            "another backup."
        )
        raise StoreError(msg)
    if manifest.get("schema", 0) > len(migrations.shipped()):
        msg = (
            f"{backup_file} was made by partnership {manifest.get('toolkit')} (schema "
            f"{manifest['schema']}); this is partnership "
            f"{migrations.toolkit_version()}, which knows schemas up to {len(migrations.shipped())}. "
            "Install the newer one."
        )
        raise StoreError(msg)
    return manifest


def _put_aside(path: Path) -> Path:
    """Rename a store that nobody holds, and what belongs to it, so that nothing is lost."""
    if is_open(path):
        msg = f"{path} is open in this very process. Close it first."
        raise StoreError(msg)
    try:
        with duckdb.connect(str(path)):  # refused when another process holds it; writes its log into the file
            pass
    except duckdb.Error as fault:
        told = words(fault, path)
        if isinstance(told, Locked):
            raise told from fault
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S%f")
    aside = path.with_name(f"{path.stem}.replaced-{stamp}{path.suffix}")
    path.rename(aside)
    log = path.with_name(path.name + ".wal")
    if log.exists():
        log.rename(aside.with_name(aside.name + ".wal"))
    return aside


def move_new(made: Path, to: Path) -> None:
    """Give a finished file its name, never over another one, and make the name last."""
    try:
        if os.name == "nt":  # pragma: no cover - a rename on Windows refuses by itself when the name is taken
            made.rename(to)
        else:
            os.link(made, to)
            made.unlink()
    except FileExistsError as fault:
        msg = f"There is a file at {to} already, and it was left as it is. Choose another name."
        raise StoreError(msg) from fault
    _sync_folder(to.parent)


def remove(path: Path) -> None:
    """Remove a half-made file and its log, where they are there."""
    for file in (path, path.with_name(path.name + ".wal")):
        with suppress(FileNotFoundError):
            file.unlink()


def refuse_stray_log(path: Path) -> None:
    """Refuse to put a store where the log of another, whose file is gone, still lies: it would not open."""
    log = path.with_name(path.name + ".wal")
    if log.exists() and not path.exists():
        msg = (
            f"{log} is the log of a store whose file is gone. It may hold the last changes of that store: "
            f"move it to a safe place together with the last copy of {path.name}, then try again."
        )
        raise StoreError(msg)


def _copy_file(source: Path, to: Path) -> None:
    with source.open("rb") as read, to.open("xb") as write:
        to.chmod(0o600)
        while block := read.read(1 << 20):
            write.write(block)
        write.flush()
        os.fsync(write.fileno())


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.write(text + "\n")
        out.flush()
        os.fsync(out.fileno())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder last over a loss of power, where the system can."""
    if os.name == "nt":  # pragma: no cover - Windows cannot open a folder
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

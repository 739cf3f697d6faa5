"""Opening the file: locked down, by one process, with words for everything that can go wrong.

The live file is never opened by this process except through DuckDB. On Linux and macOS DuckDB's lock belongs
to the process, and closing *any* other handle on the file (a copy, a hash) silently gives the lock away, so
that a second process could then write too. Copies are therefore made through the engine, in
:mod:`partnership.store._copies`.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb

from partnership.errors import StoreError, shown
from partnership.store._watching import stopped_after
from partnership.store.protocol import Limits, Locked, TooSlow

__all__ = ["STORAGE_VERSION", "connect", "new_file", "on_network_share", "one", "watched", "words"]

STORAGE_VERSION = "v1.5.0"
"""Files are written so that DuckDB 1.5 can still read them: a way back, should 2.0 disappoint."""

_NETWORK = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "afs",
    "ncpfs",
    "glusterfs",
    "ceph",
    "lustre",
    "davfs",
    "webdav",
}
_DAMAGED = (
    "{path} cannot be read or written: the file or its disk may be damaged. Copy the file away as it is, "
    "then restore "
    "the last backup with `partnership restore`."
)
_SIGNS = (
    (
        "No space left",
        "The disk of {path} is full: nothing was stored by this change. Make room and try again.",
    ),
    (
        "max_temp_directory_size",
        "The question needs more disk than this store may use. Ask for less at once.",
    ),
    (
        "not a valid DuckDB database file",
        "{path} is not a store of this toolkit, or its first bytes are damaged. Give another file with "
        "--store.",
    ),
    ("Corrupt", _DAMAGED),
    ("checksum", _DAMAGED),
    (
        "version number",
        "{path} was written by another version of DuckDB than this toolkit uses. Install the newer toolkit.",
    ),
)
_DAMAGE = (duckdb.IOException, duckdb.SerializationException, duckdb.FatalException, duckdb.InternalException)
_HOLDER = re.compile(r"\(PID (\d+)\)")


def connect(path: Path, *, read_only: bool, limits: Limits) -> duckdb.DuckDBPyConnection:
    """Open a file locked down: no other file, network, extension or Python variable, and no way back."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        "allow_unsigned_extensions": "false",
        "python_enable_replacements": "false",
        "memory_limit": limits.memory,
        "threads": str(limits.threads),
        "max_temp_directory_size": limits.temporary,
        # 2.0.0 gives up on joins of long tables while it carries dictionaries across chunks (#23360)
        "enable_caching_operators": "false",
        "wal_autocheckpoint": "1TB",  # we do it ourselves, after a commit and where there is room: see Engine
    }
    try:
        connection = duckdb.connect(str(path), read_only=read_only, config=config)
        connection.execute("SET lock_configuration = true")
    except duckdb.Error as fault:
        raise words(fault, path) from fault
    return connection


def new_file(path: Path) -> None:
    """Make an empty DuckDB file of our storage version; only its owner may read it."""
    place = str(path).replace("'", "''")
    try:
        with duckdb.connect(":memory:") as admin:
            admin.execute(f"ATTACH '{place}' AS made (STORAGE_VERSION '{STORAGE_VERSION}')")
            admin.execute("DETACH made")
    except duckdb.Error as fault:
        raise words(fault, path) from fault
    with suppress(OSError):
        path.chmod(0o600)


def words(fault: duckdb.Error, path: Path) -> StoreError:
    """Return DuckDB's error as one of ours, in words that say what to do."""
    text = str(fault)
    if isinstance(fault, duckdb.InterruptException):
        return TooSlow(
            "The question ran longer than this store's limit and was stopped. Ask for less at once."
        )
    if "Could not set lock" in text or "being used by another process" in text:
        found = _HOLDER.search(text)
        process = int(found.group(1)) if found else None
        number = f" (process {process})" if process else ""
        return Locked(
            f"The toolkit is already running{number} and holds {path}: use the web page's Data page, or "
            "stop it.",
            process,
        )
    told = next((sentence for sign, sentence in _SIGNS if sign in text), None)
    if told is None and isinstance(fault, duckdb.OutOfMemoryException):
        told = "The question needs more memory than this store may use. Ask for less at once."
    if told is None:
        told = _DAMAGED if isinstance(fault, _DAMAGE) else "{path} could not answer."
        return StoreError(f"{told.format(path=path)} DuckDB {duckdb.__version__} says: {shown(text, 300)}")
    return StoreError(told.format(path=path))


@contextmanager
def watched(cursor: duckdb.DuckDBPyConnection, seconds: float, path: Path) -> Iterator[None]:
    """Stop whatever runs on a cursor after some seconds, and put DuckDB's errors into words."""
    try:
        with stopped_after(seconds, cursor):
            yield
    except duckdb.Error as fault:
        raise words(fault, path) from fault


def one(
    cursor: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any] | None = None
) -> tuple[Any, ...] | None:
    """Return the first row of an answer; all are fetched, since a cursor with rows left does nothing else."""
    rows = cursor.execute(sql, dict(parameters) if parameters else None).fetchall()
    return tuple(rows[0]) if rows else None


def on_network_share(path: Path, mounts: str | None = None) -> bool:
    """Tell whether a path lies on a network share, where file locks cannot be trusted.

    Parameters
    ----------
    path : Path
        Where the store is, or is to be.
    mounts : str, optional
        Text of ``/proc/mounts``; read from the system when left out.

    Examples
    --------
    >>> on_network_share(Path("/srv/share/plan.duckdb"), "server:/x /srv/share nfs4 rw 0 0")
    True
    >>> on_network_share(Path("/srv/plan.duckdb"), "/dev/sda1 / ext4 rw 0 0")
    False
    """
    if sys.platform == "win32" and mounts is None:
        return _on_windows_share(path)
    if mounts is None:
        table = Path("/proc/mounts")
        mounts = table.read_text(encoding="utf-8", errors="replace") if table.exists() else ""
    place = path.absolute()
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        if len(point) >= len(best) and place.is_relative_to(point):
            best, kind = point, fields[2]
    return kind in _NETWORK or kind.startswith(("fuse.sshfs", "fuse.rclone", "fuse.gvfs"))


def _on_windows_share(path: Path) -> bool:  # pragma: no cover - needs Windows
    drive = os.path.splitdrive(path.absolute())[0]
    if drive.startswith("\\\\"):
        return True
    import ctypes

    remote = 4
    return bool(ctypes.windll.kernel32.GetDriveTypeW(drive + "\\") == remote)  # type: ignore[attr-defined]

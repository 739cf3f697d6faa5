"""One open file of this process: who may write, which cursors are out, and when the log goes into the file.

DuckDB would write its log into the file inside a commit. On a full disk that fails after the change itself
is safe, and the whole database then refuses to work, so that nobody knows what was stored. Here the log is
written into the file after the commit, only where there is room, and a database that has given up is opened
again.
"""

from __future__ import annotations

import atexit
import shutil
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from partnership.errors import StoreError
from partnership.store._kept import Kept
from partnership.store._open import connect
from partnership.store._recalling import Recalled
from partnership.store.protocol import Limits

__all__ = ["Engine", "is_open", "let_go", "release", "share"]

_LOG_BYTES = 16 * 1024 * 1024
"""A log of this size is written into the file."""

_SPARE_BYTES = 8 * 1024 * 1024


class Engine:
    """The connection of one file, shared by every store that this process opens on it."""

    def __init__(self, path: Path, *, read_only: bool, limits: Limits) -> None:
        self.path, self.read_only, self.limits = path, read_only, limits
        self.connection = connect(path, read_only=read_only, limits=limits)
        self.users = 1
        self.kept, self.recalled = Kept(), Recalled()
        self.generation = 0
        self.publishing = threading.Lock()
        self._listeners: tuple[Callable[[], None], ...] = ()
        self._write_lock = threading.Lock()
        self._writer: int | None = None
        self._lending = threading.Lock()
        self._cursors: list[tuple[weakref.ref[threading.Thread], duckdb.DuckDBPyConnection]] = []

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a new cursor for the calling thread; it is closed with the file, or after its thread."""
        with self._lending:
            alive = []
            for thread, cursor in self._cursors:
                held = thread()
                if held is None or not held.is_alive():
                    cursor.close()
                else:
                    alive.append((thread, cursor))
            made = self.connection.cursor()
            self._cursors = [*alive, (weakref.ref(threading.current_thread()), made)]
            return made

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the one writer of the file.

        Raises
        ------
        StoreError
            If this thread writes already, as a guard does that calls the store it belongs to.
        """
        if self._writer == threading.get_ident():
            msg = "This thread is writing to the store already: a guard looks at what it is given, no more."
            raise StoreError(msg)
        with self._write_lock:
            self._writer = threading.get_ident()
            try:
                yield
            finally:
                self._writer = None

    @contextmanager
    def telling(self, listener: Callable[[], None]) -> Iterator[None]:
        """Tell a listener of every change, once it is committed, until the end of the ``with``."""
        self._listeners = (*self._listeners, listener)
        try:
            yield
        finally:
            self._listeners = tuple(known for known in self._listeners if known != listener)

    def tell(self) -> None:
        """Say that a change was committed."""
        for listener in self._listeners:
            listener()

    def save_log(self) -> None:
        """Write a long log into the file, where there is room; the caller is the writer.

        The log itself is safe on the disk already: a fault here loses nothing, and the file is opened again.
        """
        log = self.path.with_name(self.path.name + ".wal")
        size = log.stat().st_size if log.exists() else 0
        if size < _LOG_BYTES or shutil.disk_usage(self.path.parent).free < 2 * size + _SPARE_BYTES:
            return
        try:
            self.connection.execute("CHECKPOINT").fetchall()
        except duckdb.Error:
            self.reopen()

    def revive(self, generation: int) -> None:
        """Open a file again whose database has given up, unless somebody has since ``generation``."""
        if self._writer == threading.get_ident():
            return
        with self.writing():
            if self.generation == generation:
                self.reopen()

    def reopen(self) -> None:
        """Close the file with everything in it, and open it; the caller is the writer."""
        self._close()
        self.connection = connect(self.path, read_only=self.read_only, limits=self.limits)

    def close(self) -> None:
        """Close the file: it stays open, and locked, as long as any cursor is."""
        with self.writing():
            self._close()

    def _close(self) -> None:
        with self._lending:
            self.generation += 1
            for _, cursor in self._cursors:
                cursor.close()
            self._cursors.clear()
            self.kept.forget()
            self.recalled.forget()
            with suppress(duckdb.Error):  # what is not in the file yet is in its log
                self.connection.close()


_open: dict[Path, Engine] = {}
_opening = threading.Lock()


def share(path: Path, *, read_only: bool, limits: Limits) -> Engine:
    """Return the engine of a file, opened once in this process however often it is asked for.

    Raises
    ------
    Locked
        If another process holds the file.
    StoreError
        If the file is damaged or is no DuckDB file, or if this process has it open for reading only.
    """
    key = path.resolve()
    with _opening:
        engine = _open.get(key)
        if engine is None:
            engine = _open[key] = Engine(path, read_only=read_only, limits=limits)
            return engine
        if engine.read_only and not read_only:
            msg = (
                f"{path} is open for reading in this very process. "
                "Close that store before you open it for writing."
            )
            raise StoreError(msg)
        engine.users += 1
        return engine


def is_open(path: Path) -> bool:
    """Tell whether this process has a file open."""
    return path.resolve() in _open


def release(engine: Engine) -> None:
    """Let a shared engine go; the file is closed with the last one."""
    with _opening:
        engine.users -= 1
        if engine.users == 0:
            _open.pop(engine.path.resolve(), None)
            engine.close()


@atexit.register
def _close_all() -> None:
    """Close what a program forgot to close, so that what was written reaches the file itself."""
    for engine in list(_open.values()):
        engine.close()
    _open.clear()


@contextmanager
def let_go(engine: Engine) -> Iterator[None]:
    """Close an engine's file for a while, so that it may be copied as a file, and open it again after."""
    with engine.writing():
        engine._close()  # noqa: SLF001 - its own module
        try:
            yield
        finally:
            engine.reopen()

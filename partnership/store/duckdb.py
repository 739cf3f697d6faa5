"""The daily engine: one DuckDB file, one process, one writer at a time, and the whole history in it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import duckdb

from partnership.errors import Finding, InvalidInput, StoreError
from partnership.store import _copies as copies
from partnership.store import _engine as engines
from partnership.store import _migrations as migrations
from partnership.store import _open as opening
from partnership.store import _verify as verifying
from partnership.store._publishing import Publishing
from partnership.store._reading import Reading
from partnership.store._writing import Change, Writer
from partnership.store.guards import standing_guards
from partnership.store.protocol import Actor, Guard, Limits, Locked, Mode, Receipt, Source
from partnership.tables import record_type

if TYPE_CHECKING:
    import polars as pl

__all__ = ["DuckStore", "open_store"]

_NOTHING: Mapping[Any, Any] = MappingProxyType({})
_MODES = ("create", "write", "read")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def open_store(
    path: Path | str,
    *,
    mode: Mode = "write",
    limits: Limits | None = None,
    clock: Callable[[], dt.datetime] = _now,
) -> DuckStore:
    """Open a store, or make one.

    Parameters
    ----------
    path : Path or str
        The store's file.
    mode : {"create", "write", "read"}
        "create" makes a new file and never touches one that is there; "write" opens one and brings its
        schema up to date; "read" changes nothing and, where another process holds the file, answers from the
        snapshot that it published (``store.snapshot_at`` then has its time).
    limits : Limits, optional
        What the store may use of the machine.
    clock : callable, optional
        Says what time it is, with a time zone.

    Returns
    -------
    DuckStore
        Also a context manager: it closes itself at the end of a ``with``.

    Raises
    ------
    Locked
        If another process holds the file, and there is no snapshot to read.
    NewerStore
        If a newer version of the toolkit made the file.
    StoreError
        If there is no file, there is one already, it is damaged, or it lies on a network share.
    """
    if mode not in _MODES:
        msg = f"A store is opened to {', '.join(_MODES)}; {mode!r} is none of them."
        raise InvalidInput(msg)
    path, limits = Path(path), limits or Limits()
    if mode == "create":
        _create(path, limits)
    if not path.is_file():
        msg = (
            f"There is no store at {path}. Load a workbook into a new one with: partnership load "
            f"plan.xlsx --store {path}"
        )
        raise StoreError(msg)
    if mode == "read":
        return _open_to_read(path, limits, clock)
    _refuse_network(path)
    engine = engines.share(path, read_only=False, limits=limits)
    try:
        engine = _brought_up_to_date(engine, path, limits)
    except BaseException:
        engines.release(engine)
        raise
    return DuckStore(engine, path, "write" if mode == "create" else mode, clock)


def _refuse_network(path: Path) -> None:
    if opening.on_network_share(path):
        msg = (
            f"{path} is on a network share, where two machines can write at once and destroy the file. Keep "
            "the store on a disk of the machine that runs the toolkit, and put the backups on the share."
        )
        raise StoreError(msg)


def _create(path: Path, limits: Limits) -> None:
    """Make a new store beside its place and move it there whole, so that half a store is never seen."""
    if path.exists():
        msg = f"There is a file at {path} already, and it was left as it is. Open it, or choose another name."
        raise StoreError(msg)
    if not path.parent.is_dir():
        msg = f"There is no folder {path.parent}. Make it, or choose another place for the store."
        raise StoreError(msg)
    _refuse_network(path)
    copies.refuse_stray_log(path)
    made = path.with_name(f".{path.name}.{os.getpid()}.new")
    copies.remove(made)
    try:
        opening.new_file(made)
        connection = opening.connect(made, read_only=False, limits=limits)
        try:
            migrations.apply(connection, migrations.shipped())
        finally:
            connection.close()
        copies.move_new(made, path)
    except duckdb.Error as fault:
        raise opening.words(fault, path) from fault
    finally:
        copies.remove(made)


def _open_to_read(path: Path, limits: Limits, clock: Callable[[], dt.datetime]) -> DuckStore:
    snapshot_at = None
    file = path
    try:
        engine = engines.share(path, read_only=True, limits=limits)
    except Locked as held:
        file = copies.snapshot_path(path)
        if not file.is_file():
            number = f" (process {held.process})" if held.process else ""
            msg = (
                f"The toolkit is already running{number} and holds {path}, and it has published no snapshot "
                "to read from yet. Use its web pages, or try again in a moment."
            )
            raise Locked(msg, held.process) from held
        engine = engines.share(file, read_only=True, limits=limits)
        snapshot_at = copies.taken_at(engine.connection)
    try:
        _must_be_current(engine.connection, path)
    except BaseException:
        engines.release(engine)
        raise
    return DuckStore(engine, path, "read", clock, snapshot_at=snapshot_at)


def _must_be_current(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    _must_be_ours(connection, path)
    needed = migrations.pending(connection, path, migrations.shipped())
    if needed:
        msg = (
            f"{path} was made by an older version of the toolkit and needs {len(needed)} migrations before "
            "it can be read. Start `partnership serve` once: it brings it up to date and keeps a copy of it."
        )
        raise StoreError(msg)


def _must_be_ours(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    if not migrations.is_store(connection):
        msg = f"{path} is a DuckDB file, but no store of this toolkit. Give another file with --store."
        raise StoreError(msg)


def _brought_up_to_date(engine: engines.Engine, path: Path, limits: Limits) -> engines.Engine:
    """Run the migrations that a store still needs, after copying it as it was."""
    _must_be_ours(engine.connection, path)
    needed = migrations.pending(engine.connection, path, migrations.shipped())
    if not needed:
        return engine
    if engine.users > 1:
        msg = f"{path} needs a migration and is open elsewhere in this process. Close it first."
        raise StoreError(msg)
    with engines.let_go(engine):
        migrations.copy_before(path, needed[0])
    try:
        migrations.apply(engine.connection, migrations.pending(engine.connection, path, migrations.shipped()))
    except duckdb.Error as fault:
        raise opening.words(fault, path) from fault
    return engine


class DuckStore(Reading, Publishing):
    """A store in one DuckDB file."""

    def __init__(
        self,
        engine: engines.Engine,
        path: Path,
        mode: Mode,
        clock: Callable[[], dt.datetime],
        *,
        snapshot_at: dt.datetime | None = None,
    ) -> None:
        super().__init__(engine)
        self._path, self._mode, self._clock, self._snapshot_at = path, mode, clock, snapshot_at
        self._writer = Writer(engine, clock)

    @property
    def path(self) -> Path:
        """The store's file, as it was asked for."""
        return self._path

    @property
    def mode(self) -> Mode:
        """How it was opened."""
        return self._mode

    @property
    def snapshot_at(self) -> dt.datetime | None:
        """UTC time of the snapshot that answers while another process holds the file; else None."""
        return self._snapshot_at

    # ------------------------------------------------------------------ writing

    def accept(
        self,
        changes: Mapping[str, pl.DataFrame],
        *,
        removed: Mapping[str, Sequence[str]] = _NOTHING,
        actor: Actor,
        reason: str,
        source: Source | None = None,
        expected: Mapping[tuple[str, str], int] = _NOTHING,
        guard: Guard | None = None,
        idempotency_key: str | None = None,
    ) -> Receipt:
        """Store rows, all or nothing, with who and why.

        Rows equal to what stands are not written. Removed rows stay in the history and leave the current
        state; a key that is not there is passed over.

        Parameters
        ----------
        changes : Mapping[str, polars.DataFrame]
            Table to rows: the columns of ``tables.schema_of``; ``row_key`` and columns that start with ``_``
            may be there.
        removed : Mapping[str, Sequence[str]]
            Table to the keys of rows that go.
        actor, reason : Actor, str
            Who, and why: part of the log for ever.
        source : Source, optional
            The file that the rows came from; the entry is then a "load", otherwise an "edit".
        expected : Mapping[tuple[str, str], int]
            (table, row key) to the ``row_version`` that the change was made from; 0: there was no such row.
        guard : callable, optional
            Is given the store as it would stand (to read only) and returns findings, beside the store's own.
        idempotency_key : str, optional
            The same key with the same rows has one effect; the first receipt comes back.

        Returns
        -------
        Receipt
            Number and time of the change, and what it did to each table.

        Raises
        ------
        StaleWrite
            If somebody else changed one of the expected rows first; it has both values.
        Refused
            If a guard found what rejects the change.
        InvalidInput
            If rows do not fit their table.
        StoreError
            If the store is open for reading, or the disk is full.
        """
        self._must_be_for_writing()
        for table in (*changes, *removed):
            record_type(table)
        _must_say(actor, reason)
        change = Change(
            what="load" if source else "edit",
            actor=actor,
            reason=reason,
            rows=changes,
            removed=removed,
            source=source,
            expected=expected,
            idempotency_key=idempotency_key,
        )

        held = standing_guards(change.tables, guard)
        return self._writer.write(change, lambda c: list(held(_WouldBe(self, c, change))) if held else [])

    def refuse(
        self, *, actor: Actor, reason: str, source: Source | None = None, counts: Mapping[str, int] = _NOTHING
    ) -> None:
        """Record that something was refused: who, when, which file, how many findings; never the data."""
        self._must_be_for_writing()
        _must_say(actor, reason)
        self._writer.write(
            Change(what="refusal", actor=actor, reason=reason, source=source, refused=dict(counts))
        )

    def _must_be_for_writing(self) -> None:
        self._must_be_open()
        if self._mode == "read":
            msg = f"{self._path} is open for reading only. Open it for writing to change it."
            raise StoreError(msg)

    # ------------------------------------------------------------------ keeping

    def backup(self, to: Path) -> dict[str, Any]:
        """Write a whole copy with its manifest beside it, and return that; writers may go on meanwhile.

        Raises
        ------
        StoreError
            If there is a file at ``to`` already, or the disk is full.
        """
        self._flush_snapshot()
        with self._moment_in_time(self._engine.limits.copy_seconds) as cursor:
            return copies.backup(cursor, self._path, Path(to), self._clock())

    def _write_snapshot(self) -> Path:
        self._must_be_for_writing()
        with self._moment_in_time(self._engine.limits.copy_seconds) as cursor:
            return copies.publish(cursor, self._path, self._clock())

    def verify(self) -> list[Finding]:
        """Check the store against itself: schema, log, chain, history and current state; worst first."""
        with self._moment_in_time(self._engine.limits.copy_seconds) as cursor:
            return verifying.findings(cursor, self._path)

    def close(self) -> None:
        """Let the file go. A second time does nothing."""
        if not self._closed:
            self._stop_publishing()
            self._closed = True
            engines.release(self._engine)

    def __enter__(self) -> DuckStore:
        """Give the store itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


class _WouldBe(DuckStore):
    """The store as a change would leave it, inside that change's transaction: it can only be read."""

    _keeps = False

    def __init__(self, store: DuckStore, cursor: duckdb.DuckDBPyConnection, change: Change) -> None:
        super().__init__(store._engine, store.path, "read", store._clock)  # noqa: SLF001 - its own class
        self._local.cursor, self._local.inside = cursor, True
        self._changing = frozenset(change.tables)
        self._sees_sealed = True  # the plan must hold together with what nobody may read yet
        self._removing = {table: tuple(keys) for table, keys in change.removed.items()}

    @property
    def removing(self) -> Mapping[str, tuple[str, ...]]:
        """Table to the keys of the rows that the change removes."""
        return self._removing

    def accept(self, *_: Any, **__: Any) -> Receipt:
        """Refuse: a guard looks and does not write."""
        raise _looks_only()

    def refuse(self, **_: Any) -> None:
        """Refuse: a guard looks and does not write."""
        raise _looks_only()

    def backup(self, to: Path) -> dict[str, Any]:
        """Refuse: this state may never come to be."""
        raise _looks_only()

    def publish_snapshot(self) -> Path:
        """Refuse: this state may never come to be."""
        raise _looks_only()

    def close(self) -> None:
        """Do nothing: the store that lent this view closes itself."""


def _looks_only() -> StoreError:
    return StoreError(
        "A guard looks at the would-be state and does not write. Return findings from it instead."
    )


def _must_say(actor: Actor, reason: str) -> None:
    if not actor.name.strip() or not reason.strip():
        msg = "A change needs the name of who makes it and a reason. Give both."
        raise InvalidInput(msg)

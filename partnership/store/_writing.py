"""The one function through which every write passes, under the one writer lock, in one transaction."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from partnership.errors import Finding, InvalidInput, StoreError, has_errors, shown
from partnership.periods import local_day
from partnership.store import _chain as chain
from partnership.store import _statements as statements
from partnership.store import _sums as sums
from partnership.store._conflicts import conflicts_of
from partnership.store._engine import Engine
from partnership.store._frames import prepared, request_digest
from partnership.store._open import one, watched
from partnership.store.protocol import Actor, Conflict, Counts, Receipt, Refused, Source, StaleWrite
from partnership.tables import record_type

if TYPE_CHECKING:
    from partnership.plan import FormulaCell

__all__ = ["FORMULAS", "Change", "Writer"]

FORMULAS = "formula"
"""Name under which an entry holds the digest of the formulas that its file carried."""

_CONFLICTS_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One request to write: rows to put, keys to remove, who, why, and what it was made from."""

    what: str
    actor: Actor
    reason: str
    rows: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    removed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    source: Source | None = None
    expected: Mapping[tuple[str, str], int] = field(default_factory=dict)
    idempotency_key: str | None = None
    refused: Mapping[str, int] = field(default_factory=dict)

    @property
    def tables(self) -> list[str]:
        """Tables that it touches, in a fixed order."""
        return sorted({*self.rows, *self.removed})


@dataclass(frozen=True, slots=True)
class _Last:
    """The end of the log before a change."""

    seq: int
    recorded_at: dt.datetime | None
    entry_hash: str


@dataclass(frozen=True, slots=True)
class _Now:
    """The number of a change and its time, UTC without a zone."""

    seq: int
    moment: dt.datetime

    @property
    def day(self) -> dt.date:
        """The day in London."""
        return local_day(self.moment.replace(tzinfo=dt.UTC))


Look = Callable[[duckdb.DuckDBPyConnection], list[Finding]]
"""Looks at the would-be state through the writing cursor."""


class Writer:
    """Writes to one engine, one writer at a time: the lock is the engine's."""

    def __init__(self, engine: Engine, clock: Callable[[], dt.datetime]) -> None:
        self._engine, self._clock = engine, clock

    def write(self, change: Change, look: Look | None = None) -> Receipt:
        """Do a change, all or nothing.

        Raises
        ------
        StaleWrite
            If a row is not of the version that the change was made from.
        Refused
            If ``look`` finds anything that rejects the would-be state.
        InvalidInput
            If rows do not fit their table, or an idempotency key was used for something else.
        StoreError
            If the disk is full.
        """
        rows = {t: prepared(t, change.rows[t]) for t in change.rows}
        digest = request_digest(rows, change.removed) if change.idempotency_key is not None else None
        with self._engine.writing():
            receipt = self._in_one_transaction(lambda cursor: self._do(cursor, change, rows, digest, look))
            self._engine.save_log()
        if not receipt.repeated:
            self._engine.tell()
        return receipt

    def _in_one_transaction(self, work: Callable[[duckdb.DuckDBPyConnection], Receipt]) -> Receipt:
        engine, receipt, cursor = self._engine, None, self._engine.connection.cursor()
        try:
            with watched(cursor, engine.limits.write_seconds, engine.path):
                cursor.execute("BEGIN")
                try:
                    receipt = work(cursor)
                    cursor.execute("COMMIT")
                except BaseException:
                    with suppress(duckdb.Error):  # a failed commit has rolled back by itself
                        cursor.execute("ROLLBACK")
                    raise
        except StoreError as fault:
            if isinstance(fault.__cause__, duckdb.FatalException):
                engine.reopen()
                if receipt is not None and self._was_stored(receipt):
                    return receipt
            raise
        finally:
            with suppress(duckdb.Error):
                cursor.close()
        return receipt

    def _was_stored(self, receipt: Receipt) -> bool:
        """Look in the file, opened again, whether a commit that failed at its very end is there after all."""
        at = receipt.recorded_at.replace(tzinfo=None)
        found = self._engine.connection.execute(
            'SELECT 1 FROM "change" WHERE "seq" = $seq AND "recorded_at" = $at',
            {"seq": receipt.seq, "at": at},
        )
        return bool(found.fetchall())

    def _do(
        self,
        cursor: duckdb.DuckDBPyConnection,
        change: Change,
        rows: Mapping[str, pl.DataFrame],
        digest: str | None,
        look: Look | None,
    ) -> Receipt:
        if digest is not None:
            repeated = self._already_done(cursor, str(change.idempotency_key), digest)
            if repeated is not None:
                return repeated
        last = self._last(cursor)
        self._refuse_stale(cursor, change, rows)
        at = _Now(last.seq + 1, self._clock().astimezone(dt.UTC).replace(tzinfo=None))
        counts = {t: self._put(cursor, t, rows.get(t), change.removed.get(t, ()), at) for t in change.tables}
        findings = look(cursor) if look is not None else []
        if has_errors(findings):
            raise Refused(findings)
        return self._record(cursor, change, counts, digest, last, at)

    # ------------------------------------------------------------------ the steps of a change

    def _already_done(self, cursor: duckdb.DuckDBPyConnection, key: str, digest: str) -> Receipt | None:
        found = one(
            cursor,
            'SELECT "seq", "recorded_at", "counts", "request_sha256", "clock_went_back" FROM "change" '
            'WHERE "idempotency_key" = $key',
            {"key": key},
        )
        if found is None:
            return None
        seq, recorded_at, counts, before, went_back = found
        if before != digest:
            msg = (
                f"The key {shown(key)!r} was used by change {seq} for other rows. Nothing was stored: "
                "make a new key for a new "
                "change, and use a key again only to repeat the same one."
            )
            raise InvalidInput(msg)
        kept = {t: Counts(**c) for t, c in json.loads(counts).items()}
        return Receipt(
            seq, recorded_at.replace(tzinfo=dt.UTC), kept, repeated=True, clock_went_back=went_back
        )

    def _last(self, cursor: duckdb.DuckDBPyConnection) -> _Last:
        found = one(cursor, statements.LAST_ENTRY)
        return _Last(*found) if found else _Last(0, None, chain.FIRST)

    def _refuse_stale(
        self, cursor: duckdb.DuckDBPyConnection, change: Change, rows: Mapping[str, pl.DataFrame]
    ) -> None:
        by_table: dict[str, dict[str, int]] = {}
        for (table, key), version in change.expected.items():
            by_table.setdefault(record_type(table).table, {})[key] = version
        conflicts: list[Conflict] = []
        for table, awaited in sorted(by_table.items()):
            frame = pl.DataFrame(
                {"row_key": list(awaited), "expected": list(awaited.values())},
                schema={"row_key": pl.String, "expected": pl.Int64},
            )
            cursor.register("awaited", frame.to_arrow())
            found = cursor.execute(statements.conflicts(table)).fetchall()
            cursor.unregister("awaited")
            if found:
                conflicts += conflicts_of(cursor, table, found, rows.get(table), local_day(self._clock()))
        if conflicts:
            raise StaleWrite(conflicts[:_CONFLICTS_SHOWN], len(conflicts))

    def _put(
        self,
        cursor: duckdb.DuckDBPyConnection,
        table: str,
        rows: pl.DataFrame | None,
        removed: Sequence[str],
        at: _Now,
    ) -> Counts:
        new = changed = gone = 0
        seq, rolls_up = at.seq, table == sums.TABLE
        if rows is not None and rows.height:
            cursor.register("incoming", rows.to_arrow())
            cursor.execute(statements.pick_todo(table))
            cursor.unregister("incoming")
            new, changed = _counted(
                cursor, 'SELECT COUNT(*) FILTER ("is_new"), COUNT(*) FILTER (NOT "is_new") FROM todo'
            )
            if rolls_up and (new or changed):
                sums.put(cursor, seq, at.day, replaces=changed > 0)
            if new or changed:
                cursor.execute(statements.put_history(table), {"seq": seq})
            if changed:
                cursor.execute(statements.drop_changed(table))
            if new or changed:
                cursor.execute(statements.put_current(table), {"seq": seq})
            cursor.execute("DROP TABLE todo")
        if removed:
            put_again = set(removed) & set(rows["row_key"]) if rows is not None else set()
            if put_again:
                msg = (
                    f"{table} {shown(min(put_again))!r} is both put and removed by one change. Do one "
                    "of the two."
                )
                raise InvalidInput(msg)
            keys = pl.DataFrame({"row_key": sorted(set(removed))}, schema={"row_key": pl.String})
            cursor.register("leaving", keys.to_arrow())
            if rolls_up:
                sums.remove(cursor, seq, at.day)
            gone = _counted(cursor, statements.remove_history(table), {"seq": seq})[0]
            if gone:
                cursor.execute(statements.drop_removed(table))
            cursor.unregister("leaving")
        return Counts(new, changed, gone)

    def _record(
        self,
        cursor: duckdb.DuckDBPyConnection,
        change: Change,
        counts: Mapping[str, Counts],
        request: str | None,
        last: _Last,
        at: _Now,
    ) -> Receipt:
        seq, now = at.seq, at.moment
        went_back = last.recorded_at is not None and now < last.recorded_at
        source = change.source
        digests = {}
        for table, count in counts.items():
            if count.total:
                found = one(cursor, statements.digest(table, one_change=True), {"seq": seq})
                digests[table] = found[2] if found else ""
        if change.what == "load" and source is not None and source.formulas:
            digests[FORMULAS] = _keep_formulas(cursor, source.formulas, seq)
        kept: dict[str, Any] = {
            t: {"new": c.new, "changed": c.changed, "removed": c.removed} for t, c in counts.items()
        }
        total = Receipt(seq, now.replace(tzinfo=dt.UTC), counts, clock_went_back=went_back)
        row: dict[str, Any] = {
            "seq": seq,
            "recorded_at": now,
            "actor_id": _actor_id(cursor, change.actor),
            "what": change.what,
            "reason": change.reason,
            "source_name": source.name if source else None,
            "source_sha256": source.sha256 if source else None,
            "source_kind": source.kind if source else None,
            "rows_read": source.rows_read if source else None,
            "rows_kept": source.rows_kept if source else None,
            "new_rows": total.total.new,
            "changed_rows": total.total.changed,
            "removed_rows": total.total.removed,
            "counts": chain.canonical(kept if change.what != "refusal" else change.refused),
            "idempotency_key": change.idempotency_key,
            "request_sha256": request,
            "clock_went_back": went_back,
        }
        row["entry"] = chain.canonical(entry_of(row, digests, last.entry_hash))
        row["entry_hash"] = chain.hash_of(row["entry"])
        cursor.execute(statements.enter(tuple(row)), row)
        if change.what != "refusal":
            sums.keep_order_of_days(cursor, at.day)
        return total


def _keep_formulas(cursor: duckdb.DuckDBPyConnection, formulas: Sequence[FormulaCell], seq: int) -> str:
    """Write the formulas of a file beside its change, and return their digest for the chain."""
    fields = ("table_name", "row_key", "field", "place", "formula")
    worked_out = pl.DataFrame(list(formulas), schema=dict.fromkeys(fields, pl.String), orient="row")
    cursor.register("worked_out", worked_out.to_arrow())
    cursor.execute(statements.keep_formulas(), {"seq": seq})
    cursor.unregister("worked_out")
    found = one(cursor, statements.digest_of_formulas(one_change=True), {"seq": seq})
    return str(found[2]) if found else ""


def entry_of(row: Mapping[str, Any], digests: Mapping[str, str], previous_hash: str) -> dict[str, Any]:
    """Return what the chain holds of an entry: its columns, digests of what it wrote, the hash before it."""
    own = {n: v for n, v in row.items() if n not in ("entry", "entry_hash", "recorded_at", "counts")}
    return {
        **own,
        "recorded_at": chain.utc_text(row["recorded_at"]),
        "counts": json.loads(row["counts"]),
        "rows": dict(digests),
        "previous_hash": previous_hash,
    }


def _counted(
    cursor: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any] | None = None
) -> tuple[int, ...]:
    found = one(cursor, sql, dict(parameters) if parameters else None)
    return tuple(int(n) for n in found) if found else (0,)


def _actor_id(cursor: duckdb.DuckDBPyConnection, actor: Actor) -> int:
    known = one(
        cursor,
        'SELECT "actor_id" FROM "actor" WHERE "name" = $name AND "kind" = $kind',
        {"name": actor.name, "kind": actor.kind},
    )
    if known:
        return int(known[0])
    (number,) = _counted(cursor, 'SELECT COALESCE(MAX("actor_id"), 0) + 1 FROM "actor"')
    cursor.execute(
        'INSERT INTO "actor" VALUES ($id, $name, $kind)',
        {"id": number, "name": actor.name, "kind": actor.kind},
    )
    return number

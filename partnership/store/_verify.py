"""Checking a store against itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from partnership.errors import Finding, StoreError, shown
from partnership.store import _chain as chain
from partnership.store import _migrations as migrations
from partnership.store import _schema as schema
from partnership.store import _statements as statements
from partnership.store import _sums as sums
from partnership.store._writing import FORMULAS, entry_of
from partnership.tables import RECORD_TYPES

__all__ = ["findings"]

_RESTORE = "Keep this file as it is for whoever looks into it, and restore the last good backup."

_LOGGED = (
    "seq", "recorded_at", "actor_id", "what", "reason", "source_name", "source_sha256", "source_kind",
    "rows_read", "rows_kept", "new_rows", "changed_rows", "removed_rows", "counts",
    "idempotency_key", "request_sha256",
    "clock_went_back",
)  # fmt: skip


def findings(cursor: duckdb.DuckDBPyConnection, path: Path) -> list[Finding]:
    """Return everything in which a store contradicts itself: schema, log, chain, history, current state.

    The first bad entry of the log is named; entries after it are then bad as well and not listed.
    """
    out = list(_schema(cursor, path))
    if out:
        return out
    filled = _filled(cursor)
    out += _log(cursor, _written(cursor, filled))
    for table in filled:
        out += _state(cursor, table)
    if not any(f.severity == "error" for f in out):  # what is kept is held against readings that are sound
        out += _sums(cursor)
    out += _clock(cursor)
    return sorted(out, key=lambda f: f.severity != "error")


def _schema(cursor: duckdb.DuckDBPyConnection, path: Path) -> Iterator[Finding]:
    try:
        needed = migrations.pending(cursor, path, migrations.shipped())
    except StoreError as fault:
        yield _bad("store-schema", "schema_migration", str(fault), "")
        return
    if needed:
        found = f"The store still needs {len(needed)} migrations."
        yield _bad("store-schema", "schema_migration", found, "Open it for writing once.")
        return
    columns: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in cursor.execute(statements.OWN_COLUMNS).fetchall():
        columns.setdefault(table, []).append((column, kind))
    known: list[Mapping[str, tuple[tuple[str, str], ...]]] = [{FORMULAS: schema.FORMULA_COLUMNS}]
    known += [schema.expected_columns(t.table) for t in RECORD_TYPES]
    known += [schema.SUM_TABLES]
    for tables in known:
        for full, expected in tables.items():
            if columns.get(full) != list(expected):
                yield _bad(
                    "store-schema",
                    full,
                    f"The table {full} has not the columns that this version knows.",
                    _RESTORE,
                )


def _filled(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the record types that have any row, now or in the past."""
    own = {t.table: tuple(schema.expected_columns(t.table)) for t in RECORD_TYPES}
    names = [name for pair in own.values() for name in pair]
    counts = dict(cursor.execute(statements.row_counts(names)).fetchall())
    return [table for table, pair in own.items() if any(counts[name] for name in pair)]


def _written(
    cursor: duckdb.DuckDBPyConnection, tables: Iterable[str]
) -> dict[int, dict[str, tuple[int, str]]]:
    """Return, for each change, the rows it wrote to each table (formulas kept too) and their digest."""
    out: dict[int, dict[str, tuple[int, str]]] = {}
    for table in tables:
        for seq, count, digest in cursor.execute(statements.digest(table, one_change=False)).fetchall():
            out.setdefault(seq, {})[table] = (count, digest)
    for seq, count, digest in cursor.execute(statements.digest_of_formulas(one_change=False)).fetchall():
        out.setdefault(seq, {})[FORMULAS] = (count, digest)
    return out


def _log(
    cursor: duckdb.DuckDBPyConnection, written: dict[int, dict[str, tuple[int, str]]]
) -> Iterator[Finding]:
    actors = {r[0] for r in cursor.execute('SELECT "actor_id" FROM "actor"').fetchall()}
    previous, awaited = chain.FIRST, 1
    rows = cursor.execute(statements.log((*_LOGGED, "entry", "entry_hash"))).fetchall()
    for values in rows:
        row = dict(zip((*_LOGGED, "entry", "entry_hash"), values, strict=True))
        fault = _entry_fault(row, previous, awaited, written.get(row["seq"], {}), actors)
        if fault:
            yield _bad(fault[0], f"change {row['seq']}", fault[1], _RESTORE)
            return
        previous, awaited = row["entry_hash"], awaited + 1
    unknown = sorted(set(written) - set(range(1, awaited)))
    if unknown:
        found = f"The history has rows of change {unknown[0]}, which is not in the log."
        yield _bad("store-log-rows", f"change {unknown[0]}", found, _RESTORE)


def _entry_fault(
    row: Mapping[str, Any],
    previous: str,
    awaited: int,
    written: Mapping[str, tuple[int, str]],
    actors: set[int],
) -> tuple[str, str] | None:
    """Return the code and the words of the first thing that is wrong with an entry; None: it is good."""
    if row["seq"] != awaited:
        return (
            "store-log-gap",
            f"Change {awaited} is missing, or one is there twice: {row['seq']} stands in its place.",
        )
    if chain.hash_of(row["entry"]) != row["entry_hash"]:
        return "store-log-chain", "The entry is not the one that its hash was made of."
    entry = json.loads(row["entry"])
    if entry.get("previous_hash") != previous:
        return "store-log-chain", "The entry does not follow the one before it."
    if chain.canonical(entry_of(row, entry.get("rows", {}), previous)) != row["entry"]:
        return "store-log-entry", "The columns of the entry differ from the entry as it was hashed."
    return _rows_fault(row, entry, written) or _actor_fault(row, actors)


def _rows_fault(
    row: Mapping[str, Any], entry: Mapping[str, Any], written: Mapping[str, tuple[int, str]]
) -> tuple[str, str] | None:
    noted: dict[str, str] = entry["rows"]
    found = {table: digest for table, (_, digest) in written.items()}
    wrong = sorted(t for t in {*found, *noted} if found.get(t) != noted.get(t))
    if wrong and wrong[0] == FORMULAS:
        return "store-log-rows", "The formulas kept with it are not those that its file carried."
    if wrong:
        return "store-log-rows", f"The rows that it wrote to {wrong[0]} are not those in the history."
    counted = {} if row["what"] == "refusal" else entry["counts"]
    for table, counts in counted.items():
        said, there = sum(counts.values()), written.get(table, (0, ""))[0]
        if said != there:
            return "store-log-counts", f"It says {said} rows for {table}, and the history has {there}."
    return None


def _actor_fault(row: Mapping[str, Any], actors: set[int]) -> tuple[str, str] | None:
    return None if row["actor_id"] in actors else ("store-log-actor", "Who made it is not known any more.")


def _state(cursor: duckdb.DuckDBPyConnection, table: str) -> Iterator[Finding]:
    differing = cursor.execute(statements.current_against_history(table)).fetchall()
    if differing:
        key, total, how = differing[0]
        words = {
            "missing": "is in the history and not in the current state",
            "extra": "is in the current state and not in the history",
            "different": "is not what the history says last",
        }[how]
        found = f"{table} {shown(key)!r} {words}; {total} rows in all."
        yield _bad("store-current-differs", table, found, _RESTORE)
    twice = cursor.execute(statements.doubled_rows(table)).fetchall()
    if twice:
        key, count = twice[0]
        found = f"{table} {shown(key)!r} is in the current state {count} times."
        yield _bad("store-current-differs", table, found, _RESTORE)
    doubled = cursor.execute(statements.doubled_versions(table)).fetchall()
    if doubled:
        key, count, last = doubled[0]
        found = f"{table} {shown(key)!r} has {count} versions, the last of which is number {last}."
        yield _bad("store-versions", table, found, _RESTORE)


def _sums(cursor: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    wrong = sums.wrong(cursor)
    for what, count in wrong.items():
        found = f"{what} differ in {count} rows from what the readings say. No reading is lost by that."
        yield _bad(sums.CODE, "readings", found, "Have them worked out: partnership verify-store --mend.")


def _clock(cursor: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    found = cursor.execute('SELECT "seq" FROM "change" WHERE "clock_went_back" ORDER BY "seq"').fetchall()
    for (seq,) in found:
        yield Finding(
            code="D9-clock-went-back",
            severity="warning",
            place=f"change {seq}",
            found="The clock showed an earlier time than at the change before. The order is right.",
            do="Let the machine set its clock by the network.",
        )


def _bad(code: str, place: str, found: str, do: str) -> Finding:
    return Finding(code=code, severity="error", place=place, found=found, do=do)

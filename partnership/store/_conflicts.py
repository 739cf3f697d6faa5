"""What somebody else changed first, with both values side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import polars as pl

from partnership.store import _schema as schema
from partnership.store import _statements as statements
from partnership.store._open import one
from partnership.store._sealed_statements import HIDDEN
from partnership.store.protocol import Conflict

__all__ = ["conflicts_of"]


def conflicts_of(
    cursor: duckdb.DuckDBPyConnection,
    table: str,
    found: Sequence[tuple[str, int, int, int | None]],
    rows: pl.DataFrame | None,
    day: dt.date,
) -> list[Conflict]:
    """Set both values side by side.

    Equal values are a conflict too: two people who each add one to the same ten have both written eleven.
    """
    columns = schema.columns(table)
    asked = [f[0] for f in found]
    theirs = _rows_by_key(cursor, table, asked)
    wanted = rows.filter(pl.col("row_key").is_in(asked)) if rows is not None else None
    yours = (
        {r["row_key"]: {c: r[c] for c in columns} for r in wanted.iter_rows(named=True)}
        if wanted is not None
        else {}
    )
    hidden = _sealed_keys(cursor, theirs, yours, day) if table == "scores" else frozenset()
    out = []
    for key, expected, now, seq in found:
        mine, stands = yours.get(key), theirs.get(key)
        if key in hidden:
            mine, stands = _without_values(mine), _without_values(stands)
        by, at = _author(cursor, seq)
        out.append(Conflict(table, key, expected, now, stands, mine, by, at, sealed=key in hidden))
    return out


def _sealed_keys(
    cursor: duckdb.DuckDBPyConnection,
    theirs: Mapping[str, Mapping[str, Any]],
    yours: Mapping[str, Mapping[str, Any]],
    day: dt.date,
) -> frozenset[str]:
    """Return the keys of other agencies' scores in rounds that are not revealed."""
    revealed = {r[0] for r in cursor.execute(statements.revealed_rounds(), {"sealed_day": day}).fetchall()}
    return frozenset(
        key
        for key, row in theirs.items()
        if row["round_id"] not in revealed and yours.get(key, {}).get("agency_id") != row["agency_id"]
    )


def _without_values(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if row is None else {n: v for n, v in row.items() if n not in HIDDEN}


def _rows_by_key(
    cursor: duckdb.DuckDBPyConnection, table: str, keys: Sequence[str]
) -> dict[str, dict[str, Any]]:
    cursor.register("asked", pl.DataFrame({"row_key": list(keys)}, schema={"row_key": pl.String}).to_arrow())
    columns = schema.columns(table)
    found = cursor.execute(statements.rows_asked(table)).fetchall()
    cursor.unregister("asked")
    return {row[0]: dict(zip(columns, row[1:], strict=True)) for row in found}


def _author(cursor: duckdb.DuckDBPyConnection, seq: int | None) -> tuple[str | None, dt.datetime | None]:
    if seq is None:
        return None, None
    found = one(cursor, statements.ONE_CHANGE, {"seq": seq})
    return (found[2], found[1].replace(tzinfo=dt.UTC)) if found else (None, None)

"""Rows on their way in: a frame is brought to its table's columns and types, or refused in words."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from functools import cache

import polars as pl

from partnership.errors import InvalidInput, shown
from partnership.tables import columns_of, frame, record_type

__all__ = ["prepared", "request_digest"]

_ALLOWED_EXTRA = {"row_key", "row_version", "change_seq"}


@cache
def schema(table: str) -> Mapping[str, pl.DataType]:
    """Return a table's columns as polars types them."""
    return dict(frame([], table).schema)


def prepared(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows ready to be stored: the table's columns in its types, and ``row_key``.

    The key is worked out from the key columns, and the index of a month from the month, so that neither can
    disagree.

    Parameters
    ----------
    table : str
        The record type's table.
    rows : polars.DataFrame
        All columns of the table; ``row_key`` and columns that start with ``_`` may be there too.

    Raises
    ------
    InvalidInput
        If a column is missing, unknown, of another type or empty where it must not be; or a key is there
        twice.
    """
    wanted = schema(table)
    _check_columns(table, rows, wanted)
    out = rows.select(_typed(table, rows, name, kind) for name, kind in wanted.items())
    months = [c.name for c in columns_of(table) if c.kind == "month"]
    index = [
        (pl.col(m).dt.year().cast(pl.Int32) * 12 + pl.col(m).dt.month().cast(pl.Int32) - 1).alias(
            f"{m}_index"
        )
        for m in months
    ]
    out = out.with_columns(*index, _key(table))
    _check_required(table, out)
    _check_keys(table, rows, out)
    return out


def _check_columns(table: str, rows: pl.DataFrame, wanted: Mapping[str, pl.DataType]) -> None:
    missing = [n for n in wanted if n not in rows.columns]
    if missing:
        msg = (
            f"{table}: the columns {', '.join(missing)} are missing. Give all columns of "
            f"tables.schema_of({table!r})."
        )
        raise InvalidInput(msg)
    extra = [n for n in rows.columns if n not in wanted and n not in _ALLOWED_EXTRA and not n.startswith("_")]
    if extra:
        msg = f"{table}: the columns {', '.join(map(shown, extra))} are none of this table's. Leave them out."
        raise InvalidInput(msg)


def _typed(table: str, rows: pl.DataFrame, name: str, kind: pl.DataType) -> pl.Series:
    given = rows[name]
    if given.dtype == kind:
        return given
    if not _may_become(given.dtype, kind):
        msg = (
            f"{table}.{name} holds {given.dtype}, and the store keeps {kind}. Convert it before you store it."
        )
        raise InvalidInput(msg)
    try:
        cast = given.cast(kind, strict=True)
    except pl.exceptions.PolarsError as fault:
        msg = f"{table}.{name} holds a value that does not fit {kind}. Correct it before you store it."
        raise InvalidInput(msg) from fault
    if (
        isinstance(kind, pl.Decimal)
        and isinstance(given.dtype, pl.Decimal)
        and given.dtype.scale > kind.scale
    ):
        lost = given.filter(cast.cast(given.dtype) != given)
        if lost.len():
            msg = (
                f"{table}.{name} holds {lost[0]}, which has more than {kind.scale} decimal places. "
                "Round it before you store it."
            )
            raise InvalidInput(msg)
    return cast


def _may_become(given: pl.DataType, kind: pl.DataType) -> bool:
    """No float becomes money, no text a number: what needs a judgement is done before the store."""
    if given == pl.Null:
        return True
    if isinstance(kind, pl.Decimal):
        return isinstance(given, pl.Decimal) or given.is_integer()
    if kind.is_integer():
        return given.is_integer()
    return isinstance(given, pl.Categorical | pl.Enum) and kind == pl.String


def _key(table: str) -> pl.Expr:
    parts = [pl.col(k).cast(pl.String).fill_null("") for k in record_type(table).key]
    return pl.concat_str(parts, separator="|").alias("row_key")


def _check_required(table: str, rows: pl.DataFrame) -> None:
    for column in columns_of(table):
        if column.required:
            for name, _ in column.sql:
                empty = rows[name].null_count()
                if empty:
                    first = rows.filter(pl.col(name).is_null())["row_key"][0]
                    msg = (
                        f"{table}.{name} is empty in {empty} rows, first in {shown(first)!r}. Every row "
                        "needs it."
                    )
                    raise InvalidInput(msg)


def _check_keys(table: str, given: pl.DataFrame, rows: pl.DataFrame) -> None:
    twice = rows.filter(pl.col("row_key").is_duplicated())["row_key"]
    if twice.len():
        keys = ", ".join(record_type(table).key)
        msg = (
            f"{table}: {shown(twice[0])!r} is there {(twice == twice[0]).sum()} times; {keys} must be "
            "unique. Keep one row."
        )
        raise InvalidInput(msg)
    if "row_key" in given.columns:
        other = given["row_key"].cast(pl.String).ne_missing(rows["row_key"])
        if other.any():
            wrong = given["row_key"].filter(other)[0]
            msg = (
                f"{table}: row_key {shown(wrong)!r} is not the key of its row, "
                f"{shown(rows['row_key'].filter(other)[0])!r}."
            )
            raise InvalidInput(msg)


def request_digest(rows: Mapping[str, pl.DataFrame], removed: Mapping[str, Sequence[str]]) -> str:
    """Return a SHA-256 over what a request asks for: the same key twice must ask for the same."""
    total = hashlib.sha256()
    for table in sorted(rows):
        out = io.BytesIO()
        rows[table].write_ipc(out, compression="uncompressed")
        total.update(table.encode() + b"\0" + out.getvalue())
    for table in sorted(removed):
        total.update(("\0".join([table, *sorted(removed[table])]) + "\1").encode())
    return total.hexdigest()

"""Record type to table and frame: the only mapping there is.

Each record type is one table of the store and one sheet of the workbook. What a field's column is called, its
header, unit, kind, choices, reference and SQL type are read from the record itself. Nobody else looks inside
a record class.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from partnership._tables.registry import (
    BY_RECORD,
    RECORD_TYPES,
    Column,
    RecordType,
    columns_of,
    record_type,
    schema_of,
)
from partnership.records import Record

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "RECORD_TYPES",
    "Column",
    "RecordType",
    "columns_of",
    "frame",
    "keys_of",
    "plain",
    "record_from_row",
    "record_type",
    "row_key",
    "row_of",
    "schema_of",
]


def row_of(record: Record) -> tuple[Any, ...]:
    """Return a record as one row of its table, in the order of :func:`schema_of`."""
    table = BY_RECORD[type(record)].table
    out: list[Any] = []
    for column in columns_of(table):
        out.extend(_cells(column, getattr(record, column.name)))
    return tuple(out)


def record_from_row(table: str, row: Mapping[str, Any]) -> Record:
    """Return the record that a row of the store holds. The opposite of :func:`row_of`."""
    fields: dict[str, Any] = {}
    for column in columns_of(table):
        if column.kind == "share":
            numerator, denominator = row[f"{column.name}_numerator"], row[f"{column.name}_denominator"]
            fields[column.name] = None if numerator is None else Fraction(numerator, denominator)
        else:
            fields[column.name] = row[column.name]
    return record_type(table).record.model_validate(fields)


def _cells(column: Column, value: Any) -> tuple[Any, ...]:
    if column.kind == "share":
        return (None, None) if value is None else (value.numerator, value.denominator)
    if column.kind == "month":
        return (value, None if value is None else value.year * 12 + value.month - 1)
    if column.kind == "ids":
        return ("; ".join(value) or None,)
    return (value,)


def frame(records: Iterable[Any], table: str | None = None) -> pl.DataFrame:
    """Return records or results as one polars frame.

    Parameters
    ----------
    records : Iterable
        Records of one type, or result objects (dataclasses) of one type.
    table : str, optional
        The record type, needed only when there are no records.

    Returns
    -------
    polars.DataFrame
        One row each; money DECIMAL(18,2), missing values null.
    """
    import polars as pl

    rows = list(records)
    if rows and not isinstance(rows[0], Record):
        return pl.DataFrame([_result_row(r) for r in rows], infer_schema_length=None)
    name = table or (BY_RECORD[type(rows[0])].table if rows else None)
    if name is None:
        return pl.DataFrame()
    schema = {n: _POLARS[t.split("(")[0]](t) for n, t in schema_of(name)}
    return pl.DataFrame([row_of(r) for r in rows], schema=schema, orient="row")


def _result_row(result: Any) -> dict[str, Any]:
    from dataclasses import fields, is_dataclass

    if is_dataclass(result):
        return {f.name: getattr(result, f.name) for f in fields(result)}
    return dict(result)


def _decimal(sql: str) -> Any:
    import polars as pl

    precision, scale = sql[8:-1].split(",")
    return pl.Decimal(int(precision), int(scale))


def _polars(name: str) -> Any:
    def make(_: str) -> Any:
        import polars as pl

        return getattr(pl, name)

    return make


_POLARS: dict[str, Any] = {
    "VARCHAR": _polars("String"),
    "BIGINT": _polars("Int64"),
    "INTEGER": _polars("Int32"),
    "BOOLEAN": _polars("Boolean"),
    "DATE": _polars("Date"),
    "DECIMAL": _decimal,
}


def keys_of(record: Record) -> tuple[Any, ...]:
    """Return what makes a record unique in its table."""
    return tuple(getattr(record, k) for k in BY_RECORD[type(record)].key)


def row_key(record: Record) -> str:
    """Return a record's key as one text, its parts joined by ``|``; a missing part is empty.

    Examples
    --------
    >>> from partnership.benefits import BenefitShare
    >>> row_key(BenefitShare(benefit_id="B1", agency_id="COU", share="1/3"))
    'B1|COU'
    """
    return "|".join("" if v is None else str(v) for v in keys_of(record))


def plain(records: Sequence[Record]) -> list[dict[str, Any]]:
    """Return records as plain dictionaries, for JSON."""
    return [r.model_dump(mode="json") for r in records]

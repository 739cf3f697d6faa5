"""What the store's tables are called and made of: names, columns and the statements that make them.

Names come from ``tables.py`` and are always quoted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from partnership.tables import record_type, schema_of

__all__ = [
    "FORMULA_COLUMNS",
    "META",
    "columns",
    "current",
    "current_ddl",
    "expected_columns",
    "history",
    "history_ddl",
    "name",
    "names",
]

FORMULA_COLUMNS = (
    ("seq", "BIGINT"), ("table_name", "VARCHAR"), ("row_key", "VARCHAR"), ("field", "VARCHAR"),
    ("place", "VARCHAR"), ("formula", "VARCHAR"),
)  # fmt: skip
"""Columns of the table that keeps the formulas of accepted files, change by change."""

META = ("row_key", "row_version", "change_seq")
"""Columns that every plain table has beside the record's own."""


def name(text: str) -> str:
    """Return a name as a quoted identifier.

    Examples
    --------
    >>> name("per")
    '"per"'
    """
    return '"' + text.replace('"', '""') + '"'


def names(texts: Iterable[str], prefix: str = "") -> str:
    """Return names as a list of quoted identifiers, each with a table's alias in front where one is given.

    Examples
    --------
    >>> names(["id", "per"], "c.")
    'c."id", c."per"'
    """
    return ", ".join(prefix + name(t) for t in texts)


def columns(table: str) -> tuple[str, ...]:
    """Return the record's own columns in the store."""
    return tuple(n for n, _ in schema_of(table))


def history(table: str) -> str:
    """Return the name of the append-only history of a table.

    Examples
    --------
    >>> history("goals"), current("goals")
    ('"h_goals"', '"c_goals"')
    """
    return name("h_" + record_type(table).table)


def current(table: str) -> str:
    """Return the name of the maintained current table."""
    return name("c_" + record_type(table).table)


def history_ddl(table: str) -> str:
    """Return the statement that makes a table's history; the migrations write it out, and a test compares."""
    meta = [
        '"row_key" VARCHAR NOT NULL',
        '"row_version" BIGINT NOT NULL',
        '"seq" BIGINT NOT NULL',
        '"op" VARCHAR NOT NULL',
        '"valid_from" DATE',
    ]
    return _ddl("h_" + table, meta, table, tail=["CHECK (\"op\" IN ('put', 'remove'))"])


def current_ddl(table: str) -> str:
    """Return the statement that makes a table's current state."""
    meta = ['"row_key" VARCHAR NOT NULL', '"row_version" BIGINT NOT NULL', '"change_seq" BIGINT NOT NULL']
    return _ddl("c_" + table, meta, table)


def expected_columns(table: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the columns that a table's history and current state must have, with their types."""
    own = schema_of(table)
    version = (("row_key", "VARCHAR"), ("row_version", "BIGINT"))
    return {
        "h_" + table: (*version, ("seq", "BIGINT"), ("op", "VARCHAR"), ("valid_from", "DATE"), *own),
        "c_" + table: (*version, ("change_seq", "BIGINT"), *own),
    }


def _ddl(full: str, meta: Sequence[str], table: str, tail: Sequence[str] = ()) -> str:
    own = [f"{name(n)} {kind}" for n, kind in schema_of(table)]
    return f"CREATE TABLE {name(full)} (\n    " + ",\n    ".join([*meta, *own, *tail]) + "\n);"

"""What the store's tables are called and made of: names, columns and the statements that make them.

Names come from ``tables.py`` and are always quoted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from partnership.tables import record_type, schema_of

__all__ = [
    "CELLS",
    "FORMULA_COLUMNS",
    "META",
    "SUMMED",
    "SUM_TABLES",
    "columns",
    "current",
    "current_ddl",
    "expected_columns",
    "history",
    "history_ddl",
    "name",
    "names",
    "sum_ddl",
    "worked_out",
]

FORMULA_COLUMNS = (
    ("seq", "BIGINT"), ("table_name", "VARCHAR"), ("row_key", "VARCHAR"), ("field", "VARCHAR"),
    ("place", "VARCHAR"), ("formula", "VARCHAR"),
)  # fmt: skip
"""Columns of the table that keeps the formulas of accepted files, change by change."""

META = ("row_key", "row_version", "change_seq")
"""Columns that every plain table has beside the record's own."""

CELLS = (
    "readings", "read_cells", "number_cells", "value_cells", "pair_cells", "label_cells",
    "withheld_cells", "not_provided_cells", "too_early_cells", "suppressed_cells", "blank_cells",
)  # fmt: skip
"""What is counted of the readings of a month."""

SUMMED = ("value_total", "numerator_total", "denominator_total")
"""What is added up of the readings of a month."""

_WORKED_OUT = {"readings": (("is_small", "BOOLEAN"),)}
_VERSION = (("row_key", "VARCHAR"), ("row_version", "BIGINT"))

SUM_TABLES = {
    "p_readings": (
        *_VERSION, ("change_seq", "BIGINT"), *schema_of("readings"), *_WORKED_OUT["readings"],
        ("next_seq", "BIGINT"), ("until", "DATE"),
    ),
    "m_reading_series": (
        ("series", "INTEGER"), ("measure_id", "VARCHAR"), ("benefit_id", "VARCHAR"), ("agency_id", "VARCHAR"),
        ("is_of_item", "BOOLEAN"),
    ),
    "m_reading_months": (
        ("series", "INTEGER"), ("period", "DATE"), ("period_index", "INTEGER"), ("state", "VARCHAR"),
        ("is_small", "BOOLEAN"), *((c, "INTEGER") for c in CELLS), *((c, "DECIMAL(38,4)") for c in SUMMED),
    ),
    "m_reading_days": (
        ("seq", "BIGINT"), ("day", "DATE"),
        ("series", "INTEGER"), ("period", "DATE"), ("period_index", "INTEGER"), ("state", "VARCHAR"),
        ("is_small", "BOOLEAN"), *((c, "INTEGER") for c in CELLS), *((c, "DECIMAL(38,4)") for c in SUMMED),
    ),
    "m_reading_quarters": (
        ("series", "INTEGER"), ("quarter_index", "INTEGER"),
        ("is_small", "BOOLEAN"), *((c, "INTEGER") for c in CELLS), *((c, "DECIMAL(38,4)") for c in SUMMED),
    ),
    "m_reading_quarter_days": (
        ("seq", "BIGINT"), ("day", "DATE"), ("series", "INTEGER"), ("quarter_index", "INTEGER"),
        ("is_small", "BOOLEAN"), *((c, "INTEGER") for c in CELLS), *((c, "DECIMAL(38,4)") for c in SUMMED),
    ),
}  # fmt: skip
"""Tables that are worked out from the readings and kept: see :mod:`partnership.store._sums_statements`."""


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


def worked_out(table: str) -> tuple[str, ...]:
    """Return the columns of the current table that are worked out of each row."""
    return tuple(n for n, _ in _WORKED_OUT.get(table, ()))


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
    tail = [f"{name(n)} {kind} NOT NULL" for n, kind in _WORKED_OUT.get(table, ())]
    return _ddl("c_" + table, meta, table, tail=tail)


def sum_ddl(full: str) -> str:
    """Return the statement that makes a table that is worked out from others."""
    own = ",\n    ".join(f"{name(n)} {kind}" for n, kind in SUM_TABLES[full])
    return f"CREATE TABLE {name(full)} (\n    {own}\n);"


def expected_columns(table: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the columns that a table's history and current state must have, with their types."""
    own = schema_of(table)
    return {
        "h_" + table: (*_VERSION, ("seq", "BIGINT"), ("op", "VARCHAR"), ("valid_from", "DATE"), *own),
        "c_" + table: (*_VERSION, ("change_seq", "BIGINT"), *own, *_WORKED_OUT.get(table, ())),
    }


def _ddl(full: str, meta: Sequence[str], table: str, tail: Sequence[str] = ()) -> str:
    own = [f"{name(n)} {kind}" for n, kind in schema_of(table)]
    return f"CREATE TABLE {name(full)} (\n    " + ",\n    ".join([*meta, *own, *tail]) + "\n);"

"""A small plan in an in-memory DuckDB, and the views run over it as the store runs them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import duckdb
import pytest

from partnership.records import Record
from partnership.tables import RECORD_TYPES, record_type, row_of, schema_of
from partnership.views import CHANGES_TABLE, view

TODAY = dt.date(2026, 11, 23)

CHANGES_SCHEMA = (
    ("seq", "BIGINT"),
    ("recorded_at", "TIMESTAMP"),
    ("actor", "VARCHAR"),
    ("actor_kind", "VARCHAR"),
    ("what", "VARCHAR"),
    ("reason", "VARCHAR"),
    ("source_name", "VARCHAR"),
    ("new_rows", "BIGINT"),
    ("changed_rows", "BIGINT"),
    ("removed_rows", "BIGINT"),
)

Row = dict[str, Any]


class Bench:
    """Plain tables in DuckDB, and a way to ask a view of them."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        for t in RECORD_TYPES:
            self._create(t.table, schema_of(t.table))
        self._create(CHANGES_TABLE, CHANGES_SCHEMA)

    def _create(self, table: str, schema: Iterable[tuple[str, str]]) -> None:
        columns = ", ".join(f"{name} {sql_type}" for name, sql_type in schema)
        self.connection.execute(f"CREATE TABLE {table} ({columns})")

    def put(self, *records: Record) -> None:
        """Add records to their tables."""
        for record in records:
            self.put_row(record_type(type(record)).table, row_of(record))

    def put_row(self, table: str, values: tuple[Any, ...]) -> None:
        """Add one row to a table."""
        marks = ", ".join("?" * len(values))
        self.connection.execute(f"INSERT INTO {table} VALUES ({marks})", list(values))

    def ask(self, name: str, sql: str | None = None, **params: Any) -> list[Row]:
        """Return the rows of a view as dictionaries; parameters that are not given are null, today is 23 November 2026."""
        chosen = view(name)
        bound = {p: params.get(p) for p in chosen.params}
        if "today" in bound:
            bound["today"] = params.get("today", TODAY)
        unknown = set(params) - set(bound) - {"today"}
        assert not unknown, f"{name} takes no {unknown}"
        cursor = self.connection.execute(sql or chosen.sql, bound)
        names = [d[0] for d in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def one(self, name: str, **params: Any) -> Row:
        """Return the only row of a view."""
        rows = self.ask(name, **params)
        assert len(rows) == 1, rows
        return rows[0]

    def close(self) -> None:
        """Let the database go."""
        self.connection.close()


@pytest.fixture
def bench() -> Iterator[Bench]:
    """Plain tables with nothing in them."""
    made = Bench()
    yield made
    made.close()


@pytest.fixture
def filled(bench: Bench) -> Callable[..., Bench]:
    """Plain tables with the records that are given."""

    def fill(*records: Record) -> Bench:
        bench.put(*records)
        return bench

    return fill

"""A small plan in an in-memory DuckDB, and the views run over it as the store runs them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from partnership.benefits import Benefit, BenefitShare, ProfileMonth, Reading
from partnership.commitments import Commitment, Delivery
from partnership.expectations import Expectation
from partnership.goals import Goal, Measure
from partnership.partners import Agency, Partnership
from partnership.periods import add_months
from partnership.records import Record
from partnership.store._sums_statements import plain_months, plain_series
from partnership.tables import RECORD_TYPES, record_type, row_of, schema_of
from partnership.views import CHANGES_TABLE, FORMULAS_TABLE, SUMS_TABLES, view

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
    ("formula_cells", "BIGINT"),
    ("refused_findings", "BIGINT"),
)

FORMULAS_SCHEMA = (
    ("seq", "BIGINT"),
    ("recorded_at", "TIMESTAMP"),
    ("actor", "VARCHAR"),
    ("source_name", "VARCHAR"),
    ("place", "VARCHAR"),
    ("table_name", "VARCHAR"),
    ("row_key", "VARCHAR"),
    ("field", "VARCHAR"),
    ("formula", "VARCHAR"),
)

Row = dict[str, Any]


class Bench:
    """Plain tables in DuckDB, and a way to ask a view of them."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self._said = 0
        for t in RECORD_TYPES:
            self._create(t.table, schema_of(t.table))
        self._create(CHANGES_TABLE, CHANGES_SCHEMA)
        self._create(FORMULAS_TABLE, FORMULAS_SCHEMA)
        months, series = SUMS_TABLES
        self.connection.execute(f"CREATE VIEW {series} AS {plain_series()}")
        self.connection.execute(f"CREATE VIEW {months} AS {plain_months()}")

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

    # ------------------------------------------------------------------ short ways to write a plan down

    def partnership(self, **fields: Any) -> None:
        given = {"id": "P", "name": "Test county", "bhag": "Nobody tells their story twice"}
        days = {"plan_starts_on": dt.date(2025, 4, 1), "plan_ends_on": dt.date(2030, 3, 31)}
        self.put(Partnership.model_validate(given | days | fields))

    def agency(self, code: str, **fields: Any) -> None:
        self.put(
            Agency.model_validate(
                {
                    "id": code,
                    "code": f"{code}Z"[: max(2, len(code))],
                    "name": f"Agency {code}",
                    "sector": "council",
                }
                | fields
            )
        )

    def measure(self, measure_id: str, **fields: Any) -> None:
        self.put(
            Measure.model_validate(
                {"id": measure_id, "name": f"Measure {measure_id}", "unit": "cases"} | fields
            )
        )

    def money_measure(self, **fields: Any) -> None:
        self.measure("GBP", **({"unit": "£", "kind": "amount"} | fields))

    def goal(self, goal_id: str, **fields: Any) -> None:
        self.put(Goal.model_validate({"id": goal_id, "title": f"Goal {goal_id}"} | fields))

    def benefit(self, benefit_id: str, **fields: Any) -> None:
        given = {"id": benefit_id, "title": f"Benefit {benefit_id}", "benefit_class": "cash-releasing"}
        self.put(Benefit.model_validate(given | fields))

    def shares(self, benefit_id: str, **shares: Any) -> None:
        self.put(*(BenefitShare(benefit_id=benefit_id, agency_id=a, share=s) for a, s in shares.items()))

    def planned(
        self, benefit_id: str, agency: str | None, first: dt.date, *amounts: Any, version: int = 1
    ) -> None:
        for n, amount in enumerate(amounts):
            period = add_months(first, n)
            self.put(
                ProfileMonth(
                    benefit_id=benefit_id,
                    agency_id=agency,
                    version=version,
                    period=period,
                    planned_gbp=Decimal(str(amount)),
                )
            )

    def read(
        self, benefit_id: str | None, agency: str | None, first: dt.date, *values: Any, **fields: Any
    ) -> None:
        """Readings from a month on: a number, or a word for the kind of missing; None hands nothing in."""
        step = fields.pop("step", 1)
        for n, value in enumerate(values):
            if value is None:
                continue
            what = {"missing": value} if isinstance(value, str) else {"value": Decimal(str(value))}
            given = {
                "measure_id": "GBP",
                "benefit_id": benefit_id,
                "agency_id": agency,
                "period": add_months(first, n * step),
            }
            self.put(Reading.model_validate(given | what | fields))

    def says(self, agency: str, quantity: Any, **fields: Any) -> None:
        """A statement towards the partnership on measure M of goal G; None is no answer."""
        self._said += 1
        given: Row = {
            "id": f"E{self._said:03}",
            "goal_id": "G",
            "measure_id": "M",
            "agency_id": agency,
            "direction": "gives",
            "stated_on": dt.date(2026, 10, 1),
            "answer": "no answer" if quantity is None else "answered",
            "quantity": None if quantity is None else Decimal(str(quantity)),
        }
        self.put(Expectation.model_validate(given | fields))

    def promise(self, promise_id: str, agency: str, due_on: dt.date, **fields: Any) -> None:
        delivered = fields.pop("delivered_on", None)
        given = {"id": promise_id, "title": f"Promise {promise_id}", "agency_id": agency, "due_on": due_on}
        self.put(Commitment.model_validate(given | {"made_on": dt.date(2026, 1, 5)} | fields))
        if delivered:
            self.put(Delivery(commitment_id=promise_id, delivered_on=delivered, evidence="Minutes"))

    # ------------------------------------------------------------------ asking

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


@pytest.fixture(scope="session")
def bench_class() -> type[Bench]:
    """For a test file that fills one plan for all its tests."""
    return Bench


@pytest.fixture(scope="session")
def empty_bench() -> Iterator[Bench]:
    """One database for all tests: each takes back what it put in."""
    made = Bench()
    yield made
    made.close()


@pytest.fixture
def bench(empty_bench: Bench) -> Iterator[Bench]:
    """Plain tables with nothing in them."""
    empty_bench.connection.execute("BEGIN")
    yield empty_bench
    empty_bench.connection.execute("ROLLBACK")

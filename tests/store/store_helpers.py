"""Rows for every record type, and ways to look at a store from outside."""

from __future__ import annotations

import datetime as dt
import hashlib
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from partnership.benefits import BenefitShare, Reading
from partnership.goals import Measure
from partnership.partners import Agency
from partnership.prioritisation import ScoringRound
from partnership.records import Record
from partnership.store import Actor, DuckStore, Source
from partnership.tables import columns_of, frame, record_type

JO = Actor("Jo Field, finance officer")
SAM = Actor("Sam Reed, board secretary")
WORKBOOK = Source("plan.xlsx", "ab" * 32, "workbook", 3, 3)

_BY_NAME: dict[str, Any] = {
    "code": "COU",
    "mark": "blue full square",
    "price_year": "2025/26",
    "version": 2,
    "confidence_grade": 3,
    "gap_discuss_ratio": Decimal("2.5"),
    "gap_redefine_ratio": Decimal("12.5"),
    "works_on": "Mon Tue Sat",
    "works_from": "09:00",
    "works_until": "17:30",
    "bank_holidays": "GB-ENG",
    "rank_correlation": Decimal("-0.2500"),
}
_BY_KIND: dict[str, Any] = {
    "id": "ID.1",
    "ids": ("A1", "B 2"),
    "title": "Fewer repeat referrals – Ærø's “plan”",
    "notes": "Two lines\nand a | bar; =1+1",
    "text": "text",
    "money": Decimal("1234.56"),
    "quantity": Decimal("2.5000"),
    "percent": Decimal("33.3333"),
    "share": Fraction(1, 3),
    "whole": 4,
    "year": 2026,
    "flag": True,
    "day": dt.date(2026, 3, 31),
    "month": dt.date(2026, 4, 1),
}


def full_record(table: str) -> Record:
    """A record with every field filled."""
    kind = record_type(table)
    values = {
        c.name: c.choices[-1] if c.choices else _BY_NAME.get(c.name, _BY_KIND[c.kind])
        for c in columns_of(table)
    }
    return kind.record.model_validate(values)


def bare_record(table: str) -> Record:
    """A record with nothing but what it must have, and another key than the full one."""
    kind = record_type(table)
    values: dict[str, Any] = {}
    for column in columns_of(table):
        if column.required:
            values[column.name] = (
                column.choices[0] if column.choices else _BY_NAME.get(column.name, _BY_KIND[column.kind])
            )
            if column.kind == "id":
                values[column.name] = "ID/2"
    return kind.record.model_validate(values)


def agencies(*ids: str, **fields: Any) -> pl.DataFrame:
    return frame(
        [
            Agency(**({"id": i, "code": f"{i}X", "name": f"Agency {i}", "sector": "council"} | fields))
            for i in ids
        ],
        "agencies",
    )


def measures(*rows: tuple[str, bool]) -> pl.DataFrame:
    return frame(
        [Measure(id=i, name=f"Measure {i}", unit="people", counts_people=p) for i, p in rows], "measures"
    )


def reading(measure: str = "M1", period: dt.date = dt.date(2026, 4, 1), **fields: Any) -> Reading:
    return Reading(measure_id=measure, period=period, **fields)


def shares(*rows: tuple[str, str, str]) -> pl.DataFrame:
    return frame([BenefitShare(benefit_id=b, agency_id=a, share=s) for b, a, s in rows], "benefit_shares")


def rows_of(store: DuckStore, table: str) -> dict[str, dict[str, Any]]:
    return {r["row_key"]: r for r in store.table(table, raw=True).iter_rows(named=True)}


def state_of(store: DuckStore) -> str:
    """One hash over every row of every table of the file, whatever it is called."""
    total = hashlib.sha256()
    cursor = store._engine.connection.cursor()
    tables = cursor.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY 1").fetchall()
    for (name,) in tables:
        rows = cursor.execute(f'SELECT CAST(t AS VARCHAR) FROM "{name}" AS t ORDER BY 1').fetchall()
        total.update(f"{name}{rows}".encode())
    cursor.close()
    assert len(tables) > 50
    return total.hexdigest()


def tamper(path: Path, *statements: str) -> None:
    """Change a closed store's file behind the toolkit's back."""
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)


def in_other_process(code: str, *arguments: object, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def reveal(store: DuckStore, records: list[Any]) -> None:
    """Reveal the rounds of scores, which no table returns before."""
    rounds = {r.round_id for r in records}
    then = dt.date(2000, 1, 1)
    rows = [ScoringRound(id=r, opened_on=then, revealed_on=then) for r in sorted(rounds)]
    store.accept({"scoring_rounds": frame(rows, "scoring_rounds")}, actor=JO, reason="Revealed")

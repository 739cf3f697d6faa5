"""Every record type goes in and comes out the same; what does not fit is refused in words."""

from __future__ import annotations

import datetime as dt
import sys
import time
from decimal import Decimal

import polars as pl
import pytest
from store_helpers import JO, agencies, bare_record, full_record, reading, reveal

from partnership.errors import InvalidInput, UnknownName
from partnership.store import DuckStore
from partnership.tables import RECORD_TYPES, frame, record_from_row, row_key, schema_of


@pytest.mark.parametrize("table", [t.table for t in RECORD_TYPES])
def test_record_type_stored_comes_back_equal(store: DuckStore, table: str) -> None:
    records = [full_record(table), bare_record(table)]
    given = frame(records, table)
    if table == "scores":
        reveal(store, records)
    receipt = store.accept({table: given}, actor=JO, reason="Opening")
    assert tuple(receipt.counts[table]) == (2, 0, 0)

    rows = store.table(table, raw=True)
    assert rows.columns == [*(n for n, _ in schema_of(table)), "row_key", "row_version", "change_seq"]
    assert dict(rows.schema) | dict(given.schema) == dict(rows.schema)
    back = {r["row_key"]: record_from_row(table, r) for r in rows.iter_rows(named=True)}
    assert back == {row_key(r): r for r in records}
    assert rows["row_version"].to_list() == [1, 1]


@pytest.mark.parametrize("table", [t.table for t in RECORD_TYPES])
def test_record_type_stored_twice_writes_nothing_the_second_time(store: DuckStore, table: str) -> None:
    records = [full_record(table), bare_record(table)]
    given = frame(records, table)
    if table == "scores":
        reveal(store, records)
    store.accept({table: given}, actor=JO, reason="Opening")
    again = store.accept({table: store.table(table, raw=True)}, actor=JO, reason="The same again")
    assert tuple(again.counts[table]) == (0, 0, 0)
    assert store.history(table).height == 2
    assert store.changes()["new_rows"].to_list()[-2:] == [2, 0]


def test_large_load_of_readings_keeps_every_row_and_stays_under_two_seconds(
    store: DuckStore, capsys: pytest.CaptureFixture[str]
) -> None:
    many = 100_000
    months = [dt.date(2018 + i // 12, 1 + i % 12, 1) for i in range(100)]
    rows = pl.DataFrame(
        {
            "measure_id": [f"M{i // 1000}" for i in range(many)],
            "item_id": [f"W{(i // 100) % 10}" for i in range(many)],
            "period": [months[i % 100] for i in range(many)],
            "value": pl.Series([i * 7 for i in range(many)], dtype=pl.Int64),
            "state": ["approved"] * many,
            "source": ["Monthly return"] * many,
            "read_on": [months[i % 100] for i in range(many)],
        }
    )
    rows = rows.with_columns(pl.lit(None).alias(n) for n, _ in schema_of("readings") if n not in rows.columns)
    store.accept({"readings": rows.head(10)}, actor=JO, reason="Warm up")
    started = time.process_time()
    receipt = store.accept({"readings": rows}, actor=JO, reason="Two years of readings")
    took = time.process_time() - started
    assert tuple(receipt.counts["readings"]) == (many - 10, 0, 0)
    stored = store.table("readings", raw=True)
    assert stored.height == many
    assert stored["value"].sum() == sum(i * 7 for i in range(many))
    with capsys.disabled():
        sys.stdout.write(f"\n100,000 readings accepted in {took:.2f} s of CPU\n")
    assert took < 2.0


def test_month_index_given_wrong_is_worked_out_from_the_month(store: DuckStore) -> None:
    rows = frame([reading(value=Decimal(7))]).with_columns(pl.lit(1, dtype=pl.Int32).alias("period_index"))
    store.accept({"readings": rows}, actor=JO, reason="Readings")
    assert store.table("readings")["period_index"].to_list() == [2026 * 12 + 3]


def test_workbook_columns_beside_the_record_are_ignored(store: DuckStore) -> None:
    rows = agencies("A").with_columns(
        pl.lit("A").alias("row_key"), pl.lit(2).alias("_row"), pl.lit(None, dtype=pl.Int64).alias("_revision")
    )
    assert tuple(store.accept({"agencies": rows}, actor=JO, reason="Load").counts["agencies"]) == (1, 0, 0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f.drop("name"), "columns name are missing"),
        (lambda f: f.with_columns(pl.lit(1).alias("nickname")), "columns nickname are none of this table's"),
        (lambda f: pl.concat([f, f]), "'A' is there 2 times"),
        (
            lambda f: f.with_columns(pl.lit(None, dtype=pl.String).alias("name")),
            "agencies.name is empty in 1 rows",
        ),
        (
            lambda f: f.with_columns(pl.lit("B").alias("row_key")),
            "row_key 'B' is not the key of its row, 'A'",
        ),
        (
            lambda f: f.with_columns(pl.lit("2026-01-01").alias("joined_on")),
            "agencies.joined_on holds String",
        ),
    ],
)
def test_rows_that_do_not_fit_are_refused_in_words(store: DuckStore, change, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        store.accept({"agencies": change(agencies("A"))}, actor=JO, reason="Load")
    assert store.table("agencies").is_empty()
    assert store.changes().is_empty()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (pl.lit(0.1), "holds Float64"),
        (pl.lit("12"), "holds String"),
        (pl.lit(Decimal("0.00001"), dtype=pl.Decimal(18, 5)), "more than 4 decimal places"),
        (pl.lit(10**15), "does not fit"),
    ],
)
def test_quantities_that_would_lose_something_are_refused(
    store: DuckStore, value: pl.Expr, words: str
) -> None:
    rows = frame([reading()]).with_columns(value.alias("value"))
    with pytest.raises(InvalidInput, match=words):
        store.accept({"readings": rows}, actor=JO, reason="Load")


def test_table_that_does_not_exist_names_the_nearest(store: DuckStore) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'agencies'"):
        store.accept({"agencys": agencies("A")}, actor=JO, reason="Load")
    with pytest.raises(UnknownName, match="Did you mean 'readings'"):
        store.table("reading")


def test_change_without_a_reason_or_a_name_is_refused(store: DuckStore) -> None:
    from partnership.store import Actor

    for actor, reason in ((JO, "  "), (Actor(""), "Load")):
        with pytest.raises(InvalidInput, match="name of who makes it and a reason"):
            store.accept({"agencies": agencies("A")}, actor=actor, reason=reason)

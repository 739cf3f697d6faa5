"""Asking: one SELECT over plain tables, bounded, typed, in order, and with small counts withheld."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest
from store_helpers import JO, agencies, measures, reading

from partnership import disclosure
from partnership.errors import InvalidInput, StoreError, UnknownName
from partnership.store import DuckStore, TooSlow, open_store
from partnership.store.protocol import Limits
from partnership.tables import frame
from partnership.views import VIEWS, view


def test_question_keeps_the_order_and_casts_to_the_types_asked_for(store: DuckStore) -> None:
    store.accept({"agencies": agencies("A", "B", "C")}, actor=JO, reason="Opening")
    rows = store.query_plain(
        "WITH a AS (SELECT id, 2 AS n FROM agencies WHERE id <> $not) SELECT id, n / 4 AS part FROM a ORDER BY id DESC",
        ("agencies",),
        {"not": "B", "unused": 1},
        result=(("id", "VARCHAR"), ("part", "DECIMAL(18,2)")),
    )
    assert rows.rows() == [("C", Decimal("0.50")), ("A", Decimal("0.50"))]
    assert rows.schema == {"id": pl.String, "part": pl.Decimal(18, 2)}


def test_question_over_many_rows_keeps_their_order(store: DuckStore) -> None:
    sql = "SELECT i FROM (SELECT UNNEST(range(200000)) AS i) AS t ORDER BY (i * 7919) % 200003"
    rows = store.query_plain(sql, (), result=(("i", "BIGINT"),))["i"].to_list()
    assert rows == sorted(range(200_000), key=lambda i: (i * 7919) % 200_003)


def test_question_sees_the_log_as_of_a_day(store: DuckStore, clock) -> None:
    clock.set(2026, 1, 10, 9)
    store.accept({"agencies": agencies("A")}, actor=JO, reason="Opening")
    clock.set(2026, 2, 10, 9)
    store.accept({"agencies": agencies("B")}, actor=JO, reason="Later")
    sql = "SELECT seq, reason FROM changes ORDER BY seq"
    assert store.query_plain(sql, ("changes",)).rows() == [(1, "Opening"), (2, "Later")]
    assert store.query_plain(sql, ("changes",), as_of=dt.date(2026, 1, 31)).rows() == [(1, "Opening")]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1) AS x; DROP TABLE c_agencies; SELECT * FROM (SELECT 1",
        "SELECT 1; SELECT 2",
        "INSERT INTO c_agencies SELECT * FROM c_agencies RETURNING 1",
        "DELETE FROM c_agencies",
        "COPY agencies TO '/tmp/x.csv'",
        "SELECT * FROM agencies) AS a; CHECKPOINT; --",
    ],
)
def test_question_that_is_not_one_select_is_refused(store: DuckStore, sql: str) -> None:
    store.accept({"agencies": agencies("A")}, actor=JO, reason="Opening")
    with pytest.raises((InvalidInput, StoreError)):
        store.query_plain(sql, ("agencies",))
    assert store.table("agencies").height == 1


def test_question_inside_a_read_cannot_write(store: DuckStore) -> None:
    with store._moment_in_time() as cursor, pytest.raises(Exception, match="read-only mode"):
        cursor.execute("INSERT INTO actor VALUES (9, 'Intruder', 'system')")


def test_question_without_a_value_it_needs_says_which(store: DuckStore) -> None:
    with pytest.raises(InvalidInput, match=r"needs a value for \$goal_id, \$of"):
        store.query_plain("SELECT 1 AS n WHERE $of = $goal_id", ())


def test_question_over_an_unknown_table_is_refused(store: DuckStore) -> None:
    with pytest.raises(UnknownName, match="record type"):
        store.query_plain("SELECT 1 AS n", ("actor",))


def test_question_that_runs_too_long_is_stopped_and_the_store_goes_on(tmp_path) -> None:
    with open_store(tmp_path / "s.duckdb", mode="create", limits=Limits(read_seconds=0.5)) as store:
        store.accept({"agencies": agencies("A")}, actor=JO, reason="In")
        for _ in range(2):
            with pytest.raises(TooSlow, match="was stopped. Ask for less at once"):
                store.query_plain("SELECT COUNT(*) AS n FROM range(1000000000) a, range(1000000000) b", ())
            assert store.table("agencies").height == 1


def test_question_that_needs_too_much_memory_is_refused_and_the_store_goes_on(tmp_path) -> None:
    limits = Limits(memory="64MB", temporary="16MB", read_seconds=60)
    with open_store(tmp_path / "s.duckdb", mode="create", limits=limits) as store:
        store.accept({"agencies": agencies("A")}, actor=JO, reason="In")
        with pytest.raises(StoreError, match="than this store may use. Ask for less at once"):
            store.query_plain("SELECT LEN(LIST(i)) AS n FROM range(50000000) t(i)", ())
        assert store.table("agencies").height == 1


# ------------------------------------------------------------------------------------------ views


@pytest.mark.long  # tests/views/test_views_in_store.py asks the same of the county in every run
@pytest.mark.parametrize("name", sorted(VIEWS))
@pytest.mark.parametrize("as_of", [None, dt.date(2026, 11, 23)])
def test_view_on_a_small_store_has_its_declared_columns(
    store: DuckStore, name: str, as_of: dt.date | None
) -> None:
    store.accept(
        {"agencies": agencies("A", "B"), "measures": measures(("M1", True))}, actor=JO, reason="Opening"
    )
    rows = store.fetch(name, as_of=as_of, today=dt.date(2026, 11, 23))
    assert rows.columns == [c.name for c in view(name).columns]


def test_view_or_parameter_that_does_not_exist_names_the_nearest(store: DuckStore) -> None:
    known = sorted(VIEWS)[0]
    with pytest.raises(UnknownName, match=f"Did you mean .*{known}"):
        store.fetch(known + "x")
    with pytest.raises(UnknownName, match="There is no parameter 'agency'. Did you mean 'agency_id'"):
        store.fetch(known, agency="A")


# ------------------------------------------------------------------------------------------ small counts


def readings_of_every_kind() -> pl.DataFrame:
    months = iter(dt.date(2020 + i // 12, 1 + i % 12, 1) for i in range(10_000))
    numbers = [None, "0", "0.5", "1", "5", "5.0001", "6", "-3", "-6", "4000"]
    rows = []
    for measure in ("people", "pounds", "unknown"):
        for number in numbers:
            value = None if number is None else Decimal(number)
            rows.append(reading(measure, next(months), value=value, missing=None if number else "withheld"))
            for below in (None, "2", "5", "100"):
                lower = None if below is None else Decimal(below)
                share = {"numerator": value, "denominator": lower, "value": value}
                rows.append(reading(measure, next(months), **share))
    return frame(rows, "readings")


def test_small_counts_are_withheld_in_the_store_as_in_frames(store: DuckStore) -> None:
    given = readings_of_every_kind()
    store.accept(
        {"measures": measures(("people", True), ("pounds", False)), "readings": given},
        actor=JO,
        reason="Opening",
    )
    raw = store.table("readings", raw=True)
    people = raw.with_columns((pl.col("measure_id") == "people").alias("counts_people"))
    expected = disclosure.withhold_readings(people).drop("counts_people")
    for as_of in (None, dt.date(2026, 11, 24)):
        shown = store.table("readings", as_of=as_of)
        assert shown.equals(expected)
    hidden = expected.filter(pl.col("missing") == "suppressed")
    assert 0 < hidden.height < raw.height
    assert set(hidden["measure_id"]) == {"people"}


def test_small_counts_cannot_be_had_by_asking_in_a_question(store: DuckStore) -> None:
    rows = frame([reading("people", value=Decimal(3))])
    store.accept({"measures": measures(("people", True)), "readings": rows}, actor=JO, reason="Opening")
    asked = store.query_plain("SELECT MAX(value) AS v, MAX(missing) AS why FROM readings", ("readings",))
    assert asked.rows() == [(None, "suppressed")]
    assert store.query_plain(
        "SELECT MAX(value) AS v FROM readings", ("readings",), raw=True
    ).item() == Decimal(3)


def test_small_counts_stay_withheld_when_only_a_later_change_marks_the_measure(
    store: DuckStore, clock
) -> None:
    """A page of last quarter must not show what this quarter's definition withholds."""
    clock.set(2026, 1, 10, 9)
    rows = frame([reading("people", value=Decimal(3))])
    store.accept({"measures": measures(("people", False)), "readings": rows}, actor=JO, reason="Opening")
    clock.set(2026, 2, 10, 9)
    store.accept({"measures": measures(("people", True))}, actor=JO, reason="These are people")
    assert store.table("readings", as_of=dt.date(2026, 1, 31))["value"].to_list() == [None]

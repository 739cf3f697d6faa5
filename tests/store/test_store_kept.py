"""Rows that are kept give the very answers of the whole text, whatever is asked, and never an old one."""

from __future__ import annotations

import datetime as dt
import io
import random
import shutil
import sys
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from store_helpers import JO

from partnership.store import DuckStore, Refused, open_store
from partnership.store._kept import Kept
from partnership.store._sums_statements import plain_months, plain_series
from partnership.views import SUMS_TABLES, VIEWS, _put_in_front, view
from partnership.workflows import accept_file, check_file

sys.path.insert(0, str(Path(__file__).parent.parent / "plans"))
from small_plan import TODAY as SMALL_TODAY  # noqa: E402
from small_plan import small_frames, write_plan  # noqa: E402

RESTING = sorted(v.name for v in VIEWS.values() if v.uses)
COUNTY_DAYS = (None, dt.date(2026, 6, 1), dt.date(2026, 9, 3), dt.date(2026, 11, 23))
SMALL_DAYS = (None, dt.date(2027, 6, 1), dt.date(2027, 11, 9))


def whole(
    store: DuckStore, name: str, as_of: dt.date | None, today: dt.date, **filters: str | None
) -> pl.DataFrame:
    """The view's whole text, with nothing taken from anywhere."""
    v = view(name)
    values = dict.fromkeys(v.params) | {k: f for k, f in filters.items() if k in v.params} | {"today": today}
    result = [(c.name, c.type) for c in v.columns]
    return store.query_plain(v.sql, v.tables, values, as_of=as_of, result=result)


@pytest.fixture(scope="module")
def plans(county_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, DuckStore]]:
    folder = tmp_path_factory.mktemp("kept")
    shutil.copy(county_file, folder / "county.duckdb")
    buffer = io.BytesIO()
    write_plan(buffer, small_frames())
    small = open_store(folder / "small.duckdb", mode="create")
    accept_file(
        small, check_file(buffer.getvalue(), "plan.xlsx", store=small, today=SMALL_TODAY), JO, "first load"
    )
    opened = {"county": open_store(folder / "county.duckdb", mode="read"), "small": small}
    yield opened
    for store in opened.values():
        store.close()


def choices(store: DuckStore, chance: random.Random) -> dict[str, str | None]:
    """A filter: none, one or several of an agency, a goal and a class that the plan has."""
    agencies, goals = store.table("agencies")["id"].to_list(), store.table("goals")["id"].to_list()
    classes = sorted({c for c in store.table("benefits")["benefit_class"].to_list() if c})
    given = {"agency_id": agencies, "goal_id": goals, "benefit_class": classes}
    return {
        k: chance.choice(found) if found and chance.random() < 0.5 else None for k, found in given.items()
    }


def compare(store: DuckStore, plan: str, name: str, tries: int) -> None:
    chance = random.Random(f"{plan} {name}")
    days, now = (COUNTY_DAYS, dt.date(2026, 11, 23)) if plan == "county" else (SMALL_DAYS, SMALL_TODAY)
    for _ in range(tries):
        filters, as_of = choices(store, chance), chance.choice(days)
        today = as_of or now
        asked = {k: f for k, f in filters.items() if k in view(name).params}
        got = store.fetch(name, as_of=as_of, today=today, **asked)
        assert got.equals(whole(store, name, as_of, today, **filters)), (name, as_of, filters)


@pytest.mark.parametrize("plan", ["county", pytest.param("small", marks=pytest.mark.long)])
@pytest.mark.parametrize("name", RESTING)
def test_view_on_kept_rows_equals_its_whole_text(plans: dict[str, DuckStore], plan: str, name: str) -> None:
    compare(plans[plan], plan, name, tries=1)


@pytest.mark.long
@pytest.mark.parametrize("plan", ["county", "small"])
@pytest.mark.parametrize("name", RESTING)
def test_view_on_kept_rows_equals_its_whole_text_whatever_is_asked(
    plans: dict[str, DuckStore], plan: str, name: str
) -> None:
    compare(plans[plan], plan, name, tries=40)


@pytest.mark.parametrize("plan", ["county", "small"])
@pytest.mark.parametrize("name", [v.name for v in VIEWS.values() if set(v.tables) & set(SUMS_TABLES)])
def test_view_over_kept_sums_equals_itself_over_the_readings(
    plans: dict[str, DuckStore], plan: str, name: str
) -> None:
    v, store = view(name), plans[plan]
    months, series = SUMS_TABLES
    sql = _put_in_front(v.sql, {series: plain_series(), months: plain_months()})
    days, now = (COUNTY_DAYS, dt.date(2026, 11, 23)) if plan == "county" else (SMALL_DAYS, SMALL_TODAY)
    tables = sorted({*v.tables, "readings"} - {*SUMS_TABLES})
    for as_of in days:
        for agency in (None, *store.table("agencies")["id"].to_list()[:2]):
            given = {"agency_id": agency} if "agency_id" in v.params else {}
            values = dict.fromkeys(v.params) | given | {"today": as_of or now}
            result = [(c.name, c.type) for c in v.columns]
            plain = store.query_plain(sql, tables, values, as_of=as_of, result=result)
            assert agency or not plain.is_empty()
            got = store.fetch(name, as_of=as_of, today=as_of or now, **given)
            assert got.equals(plain), (name, as_of, agency)


@pytest.mark.parametrize("name", sorted(v.name for v in VIEWS.values() if v.narrowed))
def test_rows_picked_for_a_filter_are_those_of_the_filtered_text(
    plans: dict[str, DuckStore], name: str
) -> None:
    store, today = plans["county"], dt.date(2026, 11, 23)
    assert set(view(name).narrowed) <= set(view(name).params)
    asked = {"agency_id": "POL", "goal_id": "G1", "benefit_class": "cash-releasing"}
    ways = [{p: asked[p]} for p in view(name).narrowed] + [{p: asked[p] for p in view(name).narrowed}]
    for filters in [*ways, {"agency_id": "nobody"}]:
        got = store.fetch(name, today=today, **filters)
        assert got.equals(whole(store, name, None, today, **filters)), filters
        assert got.height or len(filters) > 1 or "nobody" in filters.values()


def _doubled(store: DuckStore) -> pl.DataFrame:
    measures = store.table("measures")
    pounds = measures.filter(pl.col("unit") == "£")["id"].to_list()
    is_money = pl.col("benefit_id").is_not_null() & pl.col("measure_id").is_in(pounds) & (pl.col("value") > 0)
    first = store.table("readings", raw=True).filter(is_money).head(1)
    return first.with_columns((pl.col("value") * 2).cast(pl.Decimal(18, 4))).drop("row_version", "change_seq")


def test_answer_after_a_write_is_new_and_a_reader_of_before_keeps_its_own(county: DuckStore) -> None:
    today = dt.date(2026, 11, 23)
    with county._moment_in_time():
        before = county.fetch("benefit_totals", today=today)
        writer = threading.Thread(
            target=lambda: county.accept({"readings": _doubled(county)}, actor=JO, reason="Twice")
        )
        writer.start()
        writer.join()
        assert county.fetch("benefit_totals", today=today).equals(before)
        assert county.fetch("benefit_by_agency", today=today).equals(
            whole(county, "benefit_by_agency", None, today)
        )
    after = county.fetch("benefit_totals", today=today)
    assert after["realised_gbp"][0] != before["realised_gbp"][0]
    assert after.equals(whole(county, "benefit_totals", None, today))


def test_change_that_is_looked_at_and_refused_leaves_nothing_behind(county: DuckStore) -> None:
    today = dt.date(2026, 11, 23)
    before = county.fetch("benefit_totals", today=today)
    seen: list[Decimal] = []

    def guard(would_be: DuckStore) -> list[object]:
        from partnership.errors import Finding

        seen.append(would_be.fetch("benefit_totals", today=today)["realised_gbp"][0])
        would_be.fetch("benefit_by_goal", today=today)
        return [Finding(code="T1", severity="error", place="readings", found="No.", do="Nothing.")]

    with pytest.raises(Refused):
        county.accept({"readings": _doubled(county)}, actor=JO, reason="Twice", guard=guard)  # type: ignore[arg-type]
    assert seen
    assert seen[0] != before["realised_gbp"][0]
    for name in ("benefit_totals", "benefit_by_goal"):
        assert county.fetch(name, today=today).equals(whole(county, name, None, today))
    assert county.fetch("benefit_totals", today=today).equals(before)


def test_rows_too_large_to_keep_are_worked_out_in_place(county: DuckStore) -> None:
    today = dt.date(2026, 11, 23)
    county._engine.kept = Kept(largest=0)
    for name in ("talks", "benefit_register"):
        assert county.fetch(name, today=today).equals(whole(county, name, None, today))


def test_tampering_is_found_while_rows_are_kept(county: DuckStore) -> None:
    county.fetch("benefit_totals")
    assert county.verify() == []
    county._engine.connection.execute("UPDATE c_readings SET value = 1 WHERE value IS NOT NULL")
    assert {f.code for f in county.verify()} == {"store-current-differs"}


def test_kept_rows_are_made_once_and_thrown_away_when_there_are_too_many() -> None:
    rows = pa.table({"n": pa.array([1, 2], pa.int64())})
    kept, made, gate = Kept(most_bytes=40, largest=20), [], threading.Event()

    def make() -> pa.Table:
        made.append(1)
        gate.wait(60)
        return rows

    threads = [threading.Thread(target=kept.rows, args=("one", make)) for _ in range(4)]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    for key in ("two", "three", "one"):
        kept.rows(key, make)
    assert len(made) == 4, "the third answer pushed out the first, and the first was made again"
    assert kept.rows("long", lambda: pa.table({"n": list(range(9))})) is None


def test_kept_rows_that_fail_are_tried_again() -> None:
    kept = Kept()
    with pytest.raises(ZeroDivisionError):
        kept.rows("one", lambda: 1 // 0)
    assert kept.rows("one", lambda: pa.table({"n": [1]})) is not None

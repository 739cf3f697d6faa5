"""The store hands out what the views say, with small counts of people withheld."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest

from partnership.store import open_store
from partnership.views import VIEWS, view

DAYS = [dt.date(2026, 9, 3), dt.date(2026, 11, 23)]


@pytest.fixture(scope="module")
def store(county_file, tmp_path_factory):
    copy = tmp_path_factory.mktemp("views") / "county.duckdb"
    shutil.copy(county_file, copy)
    opened = open_store(copy, mode="read")
    yield opened
    opened.close()


@pytest.mark.parametrize("as_of", DAYS)
@pytest.mark.parametrize("name", sorted(VIEWS))
def test_store_hands_out_every_view_with_its_declared_columns(store, name, as_of):
    frame = store.fetch(name, as_of=as_of)
    assert frame.columns == [c.name for c in view(name).columns]
    # The county reads nothing by work item and has no formula in it; by the last board no pair had been asked and no month was provisional.
    may_be_empty = {(empty, day) for day in DAYS for empty in ("item_totals", "worked_out")}
    may_be_empty |= {("expectation_pairs", DAYS[0]), ("provisional_months", DAYS[0])}
    assert frame.height > 0 or (name, as_of) in may_be_empty


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_store_keeps_the_views_own_order(store, name):
    assert store.fetch(name, as_of=DAYS[1]).equals(store.fetch(name, as_of=DAYS[1]))
    if name == "promises":
        overdue = store.fetch(name, as_of=DAYS[1])["state"].to_list()
        assert overdue == sorted(
            overdue, key=["overdue", "not yet due", "kept late", "kept on time", "withdrawn"].index
        )


def test_store_hands_out_no_small_count_of_people(store):
    frame = store.fetch("measure_readings")
    people = frame.filter(frame["counts_people"])
    assert (people["missing"] == "suppressed").sum() > 50
    for column in ("value", "numerator", "denominator"):
        counts = people if column != "value" else people.filter(people["denominator"].is_null())
        small = counts.filter(counts[column].abs().is_between(0, 5, closed="right"))
        assert small.height == 0, column


def test_store_shows_the_plan_as_it_was_known_at_the_last_board(store):
    then = store.fetch("promise_totals", as_of=DAYS[0]).row(0, named=True)
    now = store.fetch("promise_totals", as_of=DAYS[1]).row(0, named=True)
    assert (then["overdue"], now["overdue"]) == (4, 6)

"""Addresses: readable, round-tripping, and never able to break a page."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.urls import Known, State, address, download_address, parsed, query_of, rows_address

TODAY = dt.date(2026, 11, 23)
KNOWN = Known(
    {"POL": "Police", "a/1": "First"},
    {"G1": "Share cases"},
    {"cash-releasing": "cash-releasing"},
    {"PO": "POL"},
    today=TODAY,
)


def test_address_is_read_as_it_is_written():
    state = parsed(
        "/expectation-gaps", "?agency=POL&goal=G1&class=cash-releasing&as_of=2026-09-03&measure=M1", KNOWN
    )
    assert state == State(
        "/expectation-gaps", "POL", "G1", "cash-releasing", dt.date(2026, 9, 3), {"measure": "M1"}
    )
    assert address(state) == (
        "/expectation-gaps?agency=POL&goal=G1&class=cash-releasing&as_of=2026-09-03&measure=M1"
    )


@pytest.mark.parametrize("written", ["pol", "POL", "po", "PO"])
def test_agency_is_found_by_id_or_code_whatever_the_case(written):
    assert parsed("/", f"agency={written}", KNOWN).agency_id == "POL"


@pytest.mark.parametrize(
    ("search", "words"),
    [
        ("agency=nobody", "asks for agency 'nobody', which is not in the plan. All agencies are shown."),
        ("goal=<script>", "asks for goal '<script>'"),
        ("class=x", "asks for class of benefit 'x'"),
        ("as_of=yesterday", "Write it as 2026-11-23"),
        ("as_of=2030-01-01", "1 January 2030, which has not come yet"),
        ("as_of=0001-01-01", "before anything was known"),
    ],
)
def test_what_is_not_there_is_left_out_and_said(search, words):
    state = parsed("/", search, KNOWN)
    assert (state.agency_id, state.goal_id, state.benefit_class, state.as_of) == (None,) * 4
    assert words in state.notes[0]


@pytest.mark.parametrize("search", [None, 7, "", "?", "&&&", "a" * 10_000, "=".join("x" * 300), [], {"a": 1}])
def test_nonsense_for_a_search_is_everything_shown(search):
    state = parsed("/", search, KNOWN)
    assert state.filters == {"agency_id": None, "goal_id": None, "benefit_class": None}


@given(st.text(max_size=200), st.text(max_size=300))
def test_no_address_can_break_the_reading_of_it(path, search):
    state = parsed(path, search, KNOWN)
    again = parsed(state.path, query_of(state), KNOWN)
    assert (again.agency_id, again.goal_id, again.as_of) == (state.agency_id, state.goal_id, state.as_of)
    assert dict(again.extra) == dict(state.extra)


def test_address_of_another_page_keeps_filters_and_leaves_the_rest():
    state = State("/expectation-gaps", agency_id="a/1", extra={"measure": "M1"})
    assert address(state, "/benefits") == "/benefits?agency=a%2F1"
    assert address(state, agency_id=None) == "/expectation-gaps?measure=M1"
    assert address(state, measure=None) == "/expectation-gaps?agency=a%2F1"


def test_rows_and_downloads_take_filters_with_any_name():
    state = State("/", goal_id="G1")
    assert rows_address(state, "promises", state="overdue") == "/rows?goal=G1&view=promises&state=overdue"
    assert (
        download_address(state, "promises", "xlsx", kind="money")
        == "/download/promises.xlsx?goal=G1&kind=money"
    )

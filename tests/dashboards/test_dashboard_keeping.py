"""What is kept of a page, and what never is: a failure, somebody's own fields, yesterday's numbers."""

import datetime as dt
import threading
from dataclasses import dataclass, replace

import dash_mantine_components as dmc
import pytest
from dash import html

from dashboards import parts
from dashboards.keeping import GivenUp, Keeping, can_be_written_in
from dashboards.urls import State

TODAY = dt.date(2026, 11, 23)


@dataclass
class Log:
    last_seq: int = 1


class Door(Keeping):
    def __init__(self):
        super().__init__()
        self._store, self.day = Log(), TODAY

    def today(self):
        return self.day


@pytest.fixture
def door():
    return Door()


@pytest.fixture
def layout():
    made = []

    def page(_, state):
        made.append(state)
        return html.Div(f"{state.agency_id} {len(made)}")

    page.made = made
    return page


def always(_):
    return True


def test_page_is_made_once_for_each_address(door, layout):
    state = State(path="/promises", agency_id="POL")
    first = door.keep_page(state, layout, always)
    assert door.keep_page(replace(state), layout, always) is first
    others = [
        replace(state, agency_id="COU"), replace(state, goal_id="G1"), replace(state, benefit_class="cash"),
        replace(state, as_of=TODAY), replace(state, extra={"open": "1"}), replace(state, notes=("No such agency.",)),
        replace(state, path="/benefits"),
    ]  # fmt: skip
    assert len({id(door.keep_page(s, layout, always)) for s in others} | {id(first)}) == 8
    assert len(layout.made) == 8


@pytest.mark.parametrize("change", ["seq", "day"])
def test_page_is_made_again_after_a_change_and_on_another_day(door, layout, change):
    first = door.keep_page(State(), layout, always)
    if change == "seq":
        door._store.last_seq = 2
    else:
        door.day = TODAY + dt.timedelta(days=1)
    assert door.keep_page(State(), layout, always) is not first


def test_page_that_may_not_be_kept_is_made_each_time(door, layout):
    for _ in range(2):
        door.keep_page(State(), layout, lambda _: False)
    assert len(layout.made) == 2


def test_page_with_a_field_is_told_from_one_without():
    assert can_be_written_in(html.Div(html.Section([dmc.TextInput(label="Why")])))
    assert can_be_written_in(html.Div([html.P("Words"), dmc.Textarea(label="Note")]))
    assert not can_be_written_in(html.Div([html.Button("Print"), dmc.Select(data=["a"], label="Measure")]))


def test_part_that_fails_is_counted():
    before = parts.failures()
    parts.guarded(lambda: 1 // 0, "broken")
    assert parts.failures() == before + 1
    parts.guarded(lambda: html.P("Well"), "fine")
    assert parts.failures() == before + 1


def test_what_is_made_for_nobody_is_given_up_at_the_next_thing_it_asks(door):
    stop = threading.Event()
    with door.wanted_until(stop):
        assert door._keep(("one",), lambda: 1) == 1
        stop.set()
        assert door._keep(("one",), lambda: 2) == 1
        with pytest.raises(GivenUp):
            parts.guarded(lambda: door._keep(("two",), lambda: html.P("Never")), "page")
    assert door._keep(("two",), lambda: 2) == 2


def test_log_is_looked_at_once_for_all_that_is_asked_inside(door):
    with door.at_one_moment():
        door._store.last_seq = 5
        assert door._last_seq() == 1
        with door.at_one_moment():
            assert door._last_seq() == 1
    assert door._last_seq() == 5

"""Coverage, load, clarity, dependencies, joining up and habits, on small work and on random work."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnership.blueprint import (
    Capacity,
    ItemAgency,
    WorkItem,
    asked_too_often,
    beyond_capacity,
    coverage,
    coverage_by,
    dependencies_of,
    habits_of,
    join_up,
    load_by_agency,
    unclear,
)
from partnership.errors import InvalidInput, UnknownName

TODAY = dt.date(2026, 11, 23)


def has_part(item, agency, now=None, after=None, part="responsible", **more):
    return ItemAgency(
        item_id=item, agency_id=agency, part=part, hours_a_week_now=now, hours_a_week_after=after, **more
    )


def work(key, **fields):
    return WorkItem(id=key, title=f"Work {key}", **fields)


def test_coverage_without_hours_is_no_figure_and_says_whose_hours_are_missing():
    made = coverage([work("W1", shared_now=True)], [])
    assert (made.share_now, made.share_after, made.is_partial, made.without_hours) == (
        None,
        None,
        True,
        ("W1",),
    )


def test_coverage_by_hours_and_by_volume_are_two_answers():
    items = [
        work("W1", shared_now=True, shared_future=True, volume_a_year=10),
        work("W2", shared_future=True, volume_a_year=90),
    ]
    made = coverage(items, [has_part("W1", "A", 30, 30), has_part("W2", "A", 10, 0)])
    assert (made.share_now, made.volume_share_now) == (Fraction(3, 4), Fraction(1, 10))
    assert (made.share_after, made.volume_share_after) == (1, 1)
    assert not made.is_partial


hours = st.integers(0, 40)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(hours, hours, st.booleans(), st.sampled_from(["Triage", "Review", None])), max_size=8)
)
def test_parts_of_the_coverage_add_up_to_the_whole_in_any_order(rows):
    items = [
        work(f"W{n}", shared_now=shared, shared_future=not shared, function=f)
        for n, (_, _, shared, f) in enumerate(rows)
    ]
    parts = [has_part(f"W{n}", "A", now, after) for n, (now, after, _, _) in enumerate(rows)]
    whole = coverage(items, parts)
    split = coverage_by(items, parts, lambda i: i.function)
    for field in ("hours_now", "shared_hours_now", "hours_after", "shared_hours_after", "items"):
        assert sum(getattr(c, field) for c in split) == getattr(whole, field)
    assert coverage(items[::-1], parts[::-1]).share_now == whole.share_now
    freed = sum((one.freed for one in load_by_agency(items, parts)), Decimal(0))
    assert freed == whole.hours_now - whole.hours_after


def test_hours_of_which_only_one_is_known_free_nothing():
    load = load_by_agency([work("W1")], [has_part("W1", "A", 8)])[0]
    assert (load.freed, load.hours_now, load.hours_only_now, load.without_hours) == (0, 0, 8, ("W1",))


def test_lead_that_is_not_the_accountable_agency_is_told():
    items = [work("W1", lead_agency_id="A"), work("W2", lead_agency_id="A")]
    parts = [has_part("W1", "B", part="accountable"), has_part("W2", "B", part="consulted")]
    assert [(u.kind, u.item_id) for u in unclear(items, parts)] == [
        ("lead is not accountable", "W1"),
        ("nobody accountable", "W2"),
    ]


def test_consulted_by_many_is_told_beyond_the_limit_only():
    item = work("W1", lead_agency_id="A")
    parts = [has_part("W1", "A", part="accountable"), *(has_part("W1", a, part="consulted") for a in "BCDE")]
    assert unclear([item], parts) == ()
    assert unclear([item], parts, most_consulted=3)[0].agencies == ("B", "C", "D", "E")
    assert asked_too_often([item], parts) == ()


def test_days_are_spread_over_months_and_held_against_the_offer():
    item = work("W1", lead_agency_id="B", starts_on=dt.date(2027, 1, 4), due_on=dt.date(2027, 6, 30))
    part = has_part("W1", "A", effort_days=12)
    offers = [
        Capacity(agency_id="A", quarter_starts_on=dt.date(2027, m, 1), days=days)
        for m, days in ((1, 6), (4, 5), (7, 0))
    ]
    beyond = beyond_capacity([item], [part], offers)
    assert [(b.quarter_starts_on.month, b.asked_days, b.led_days, b.over_days) for b in beyond] == [
        (4, 6, 0, 1)
    ]
    unsaid = Capacity(agency_id="A", quarter_starts_on=dt.date(2027, 1, 1))
    assert beyond_capacity([item], [part], [unsaid]) == ()


def test_ring_is_printed_and_no_longest_chain_is_claimed():
    made = dependencies_of(
        [work("W1", depends_on="W3"), work("W2", depends_on="W1"), work("W3", depends_on="W2"), work("W4")]
    )
    assert made.rings == (("W1", "W2", "W3"),)
    assert made.critical_path == ()
    assert made.unserving == ("W1", "W2", "W3", "W4")


def test_what_is_done_holds_nobody_up_and_what_is_unknown_is_named():
    items = [work("W1", done_on=dt.date(2026, 1, 1)), work("W2", depends_on="W1; W9", goal_id="G1")]
    made = dependencies_of(items, {"G1", "G2"}, TODAY)
    assert (made.edges, made.unknown, made.unserved) == ((), (("W2", "W9"),), ("G2",))


def test_start_before_what_it_waits_for_is_expected_to_end_is_found():
    first = work(
        "W1", starts_on=dt.date(2027, 1, 1), due_on=dt.date(2027, 3, 31), expected_on=dt.date(2027, 4, 10)
    )
    then = work("W2", depends_on="W1", starts_on=dt.date(2027, 4, 1), due_on=dt.date(2027, 5, 1))
    made = dependencies_of([then, first])
    assert made.starts_too_early == (("W2", "W1"),)
    assert (made.critical_path, made.critical_days) == (("W1", "W2"), 90 + 31)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 50), st.sets(st.integers(0, 6), max_size=3)), min_size=1, max_size=7)
)
def test_longest_chain_is_the_longest_of_all_chains(rows):
    """Against every chain there is, walked one by one."""
    start = dt.date(2027, 1, 1)
    first = {n: sorted(m for m in before if m < n) for n, (_, before) in enumerate(rows)}
    items = [
        work(
            f"W{n}",
            depends_on="; ".join(f"W{m}" for m in first[n]) or None,
            starts_on=start,
            due_on=start + dt.timedelta(days=days - 1),
        )
        for n, (days, _) in enumerate(rows)
    ]

    def best(n):
        return rows[n][0] + max((best(m) for m in first[n]), default=0)

    longest = max((best(n) for n in first if first[n]), default=0)
    assert dependencies_of(items).critical_days == longest


def test_joining_sits_once_what_sits_twice_and_says_what_stays_apart():
    items = [
        work("W1", function="Triage", population="Adults", shared_future=True),
        work("W2", function="Triage", population="Children", shared_future=True),
        work("W3", function="Triage", population="Adults", habit="stop"),
        work("W4", function="Review", population="Adults", shared_now=True),
        work("W5", function="Triage", population="Others", shared_future=True),
    ]
    parts = [
        has_part("W1", "A", 6, meetings_a_month_now=4),
        has_part("W2", "A", 10, meetings_a_month_now=2),
        has_part("W2", "B", 3),
    ]
    made = join_up(items, parts, ["Adults", "Children"], overlap=Decimal("0.38"))
    assert [(a.agency_id, a.hours_freed) for a in made.agencies] == [("A", Decimal("2.3")), ("B", Decimal(0))]
    assert made.agencies[0].meetings_after == Decimal("5.2")
    assert {a.item_id: a.why for a in made.apart} == {
        "W3": "it ends",
        "W4": "only Adults has Review: nothing is done twice",
    }


def test_joining_never_frees_more_than_all_and_nothing_without_overlap():
    items = [work(f"W{n}", function="Triage", population=p, shared_future=True) for n, p in enumerate("ABC")]
    parts = [has_part(f"W{n}", "X", h) for n, h in enumerate((5, 7, 9))]
    freed = [join_up(items, parts, list("ABC"), overlap=Decimal(q) / 4).hours_freed for q in range(5)]
    assert freed == [0, 3, 6, 9, 12]


def test_joining_names_what_is_wrong():
    items = [work("W1", population="Adults"), work("W2", population="Children")]
    with pytest.raises(UnknownName, match="Adult"):
        join_up(items, [], ["Adult", "Children"])
    with pytest.raises(InvalidInput, match="two or more"):
        join_up(items, [], ["Adults"])
    with pytest.raises(InvalidInput, match="from 0 to 1"):
        join_up(items, [], ["Adults", "Children"], overlap=Decimal(38))


def test_items_that_exclude_each_other_cannot_be_joined():
    items = [
        work("W1", function="Triage", population="A", shared_future=True, excludes="W2"),
        work("W2", function="Triage", population="B", shared_future=True),
    ]
    made = join_up(items, [has_part("W1", "X", 4), has_part("W2", "X", 4)], ["A", "B"])
    assert made.functions == ()
    assert {a.why for a in made.apart} == {"it cannot be done beside W2", "it cannot be done beside W1"}


def test_habit_has_changed_only_when_its_end_lies_behind():
    items = [
        work("W1", habit="stop", due_on=dt.date(2026, 10, 1), done_on=dt.date(2026, 10, 11)),
        work("W2", habit="start", due_on=dt.date(2026, 11, 1), done_on=dt.date(2027, 1, 1)),
        work("W3", habit="keep"),
        work("W4", habit="change", starts_on=dt.date(2026, 11, 1)),
        work("W5", habit="change"),
    ]
    states = {h.item_id: (h.state, h.days_late) for h in habits_of(items, TODAY)}
    assert states == {
        "W1": ("done late", 10),
        "W2": ("overdue", 22),
        "W3": ("runs", 0),
        "W4": ("under way", 0),
        "W5": ("no date", 0),
    }

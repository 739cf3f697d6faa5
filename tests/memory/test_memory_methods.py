"""Methods of promises and memory: a published curve, clocks by hand, gaps, single points, search."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnership import commitments as rooms
from partnership._workflows.clock_standing import standings
from partnership.errors import InvalidInput, UnknownName

DAY = dt.date
LONDON = ZoneInfo("Europe/London")

# Remission under 6-mercaptopurine: weeks, and whether it ended (Freireich and others, 1963, Blood 21,
# as printed by Kalbfleisch and Prentice and by Collett with its estimate of survival).
REMISSION = [
    (6, 1),
    (6, 1),
    (6, 1),
    (6, 0),
    (7, 1),
    (9, 0),
    (10, 1),
    (10, 0),
    (11, 0),
    (13, 1),
    (16, 1),
    (17, 0),
]
REMISSION += [(19, 0), (20, 0), (22, 1), (23, 1), (25, 0), (32, 0), (32, 0), (34, 0), (35, 0)]
PRINTED = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}


def test_curve_is_that_of_a_published_worked_example():
    found = rooms.time_to_done(rooms.Spell(d, bool(e)) for d, e in REMISSION)
    done = {s.day: s for s in found.steps if s.done}
    assert {d: round(s.open_share, 3) for d, s in done.items()} == PRINTED
    assert (found.half_done_in, found.done, found.still_open, found.watched_to) == (23, 9, 12, 35)
    assert [done[d].at_risk for d in PRINTED] == [21, 17, 15, 12, 11, 7, 6]
    assert done[6].low == pytest.approx(0.620, abs=1e-3)
    assert done[6].high == pytest.approx(0.952, abs=1e-3)
    assert found.open_after(36) is None


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=30))
def test_curve_is_the_product_over_days_and_the_order_does_not_matter(spells):
    found = rooms.time_to_done(rooms.Spell(d, e) for d, e in spells)
    share = 1.0
    for step in found.steps:
        at_risk = sum(d >= step.day for d, _ in spells)
        share *= 1 - sum(e for d, e in spells if d == step.day) / at_risk
        assert step.open_share == pytest.approx(share, abs=1e-9)
    assert rooms.time_to_done(rooms.Spell(d, e) for d, e in reversed(spells)).steps == found.steps
    assert found.done + found.still_open == len(spells)


def test_curve_refuses_and_says_when_there_is_nothing():
    assert rooms.time_to_done([]).steps == ()
    assert rooms.time_to_done([rooms.Spell(9, is_done=False)]).half_done_in is None
    with pytest.raises(InvalidInput, match="3 days before it was made"):
        rooms.time_to_done([rooms.Spell(-3, is_done=True)])


def test_share_kept_has_the_interval_of_wilson():
    states = ["kept on time"] * 8 + ["kept late", "overdue", "not yet due"]
    found = rooms.kept(rooms.Outcome(s, 7 if s in ("kept late", "overdue") else None) for s in states)
    assert (found.made, found.due, found.on_time, found.median_late) == (11, 10, 8, 7)
    # 8 of 10: 0.490 to 0.943 (Newcombe 1998, Statistics in Medicine 17, method 3, worked by hand)
    assert (round(found.low, 3), round(found.high, 3)) == (0.490, 0.943)
    with pytest.raises(InvalidInput, match="'lost'"):
        rooms.kept([rooms.Outcome("lost")])


def test_what_follows_must_come_after():
    given_on, today = DAY(2026, 8, 4), DAY(2026, 11, 23)
    assert rooms.followed(given_on, (given_on, None), today).state == "followed"
    older = rooms.followed(given_on, (DAY(2026, 8, 3), None), today)
    assert (older.state, older.points_back, older.days) == ("nothing followed", True, 111)
    assert rooms.followed(given_on, (DAY(2026, 12, 1), None), today).state == "nothing followed"
    assert rooms.followed(today, (None, None), today).state == "too early"
    assert rooms.followed(given_on, (DAY(2026, 9, 4), None), today, 30).state == "followed late"


@pytest.mark.parametrize(
    ("amount", "counts", "start", "end"),
    [
        # Thursday 24 December 2026; Friday 25 and Monday 28 (for Saturday the 26th) are bank holidays
        (2, "hours", "2026-12-24T23:30", "2026-12-25T01:30"),
        (2, "working hours", "2026-12-24T16:00", "2026-12-29T10:00"),
        (8, "working hours", "2026-12-26T12:00", "2026-12-29T17:00"),
        (24, "working hours", "2026-11-23T09:00", "2026-11-25T17:00"),
        (1, "working days", "2026-12-24T12:00", "2026-12-29T17:00"),
        (15, "working days", "2026-11-23T12:00", "2026-12-14T17:00"),
        (30, "days", "2026-08-04T12:00", "2026-09-03T23:59:59"),
    ],
)
def test_clock_runs_out_as_counted_by_hand(amount, counts, start, end):
    begun = dt.datetime.fromisoformat(start).replace(tzinfo=LONDON)
    found = rooms.runs_out(rooms.Allowed(amount, counts), begun, rooms.clocks().week)
    assert found == dt.datetime.fromisoformat(end).replace(tzinfo=LONDON)


def test_hours_of_the_night_the_clocks_change_are_counted_as_they_are():
    begun = dt.datetime(2026, 10, 24, 23, 0, tzinfo=LONDON)
    found = rooms.runs_out(rooms.Allowed(6, "hours"), begun, rooms.clocks().week)
    assert (found.hour, found.date()) == (4, DAY(2026, 10, 25))


def test_every_clock_has_its_label_and_an_unsourced_one_cannot_be_in_force():
    for clock in rooms.clocks().by_id.values():
        in_force = bool(clock.source) and clock.effective_from is not None and clock.status == "in force"
        assert in_force or clock.status == "check locally"
    entry = '[[clock]]\nid = "own"\nname = "Own"\ncounts = "days"\nallows = { "" = 9 }\nsource = "%s"\n'
    sourced = entry % "Procedure 4" + 'effective_from = "2026-04-01"\nstatus = "in force"\n'
    assert rooms.read_clocks(sourced).clock("own").status == "in force"
    with pytest.raises(InvalidInput, match="without a source"):
        rooms.read_clocks(entry % "" + 'effective_from = ""\nstatus = "in force"\n')
    with pytest.raises(InvalidInput, match="lacks 'allows'"):
        rooms.read_clocks('[[clock]]\nid = "own"\n')
    with pytest.raises(UnknownName):
        rooms.clocks().clock("own")
    ahead = rooms.read_clocks(sourced).clock("own")
    assert [ahead.stands(DAY(2026, 4, n)) for n in (1,)] == ["in force"]
    assert ahead.stands(DAY(2026, 3, 31)) == "not yet in effect"
    for one in rooms.clocks().by_id.values():
        assert rooms.read_clocks(rooms.clock_text(one)).clock(one.id) == one
    for wrong, said in (
        (sourced.replace("9", '"two"'), "wrong kind"),
        (sourced.replace("= 9", "= 9000000"), "Give 0 to"),
        (sourced + 'measured_by = { red = "M" }\n', "the colour 'red'"),
        (sourced.replace('"own"', '"shared-followed"').replace('""', '"red"', 1), "has no colours"),
        ("clock = 4", "wrong kind"),
    ):
        with pytest.raises(InvalidInput, match=said):
            rooms.read_clocks(wrong)


def test_clock_is_counted_by_its_measure_and_never_guessed():
    """Sums by hand: 12 of 14 months count; of a measure where less is better, what stands above the line was late."""
    own = rooms.read_clocks(
        '[[clock]]\nid = "hub"\nname = "Hub"\ncounts = "hours"\nallows = { red = 2, amber = 6, green = 24, blue = 48 }\n'
        'measured_by = { red = "A", amber = "B", green = "C" }\nsource = ""\neffective_from = ""\n'
        'status = "check locally"\n'
    )
    measures = {
        "A": {"name": "In time", "kind": "share", "polarity": "higher"},
        "B": {"name": "Late ones", "kind": "share", "polarity": "lower"},
        "C": {"name": "Referrals", "kind": "count", "polarity": "higher"},
    }
    months = [
        {"measure_id": m, "period": DAY(2025 + n // 12, n % 12 + 1, 1), "period_index": n, "numerator": Decimal(3),
         "denominator": Decimal(10), "is_partial": n == 13, "is_provisional": n > 11}
        for m in "AB"
        for n in range(14)
    ]  # fmt: skip
    found = {s.colour: s for s in standings(own, [], months, measures) if s.clock.id == "hub"}
    assert (found["red"].kept, found["red"].late, found["red"].partial) == (36, 84, 1)
    assert (found["amber"].kept, found["amber"].late, found["amber"].provisional) == (84, 36, 2)
    assert (found["red"].first, found["red"].last) == (DAY(2025, 3, 1), DAY(2026, 2, 1))
    assert found["amber"].share == Fraction(84, 120)
    assert found["green"].kept is None
    assert "not a share" in found["green"].why_not
    assert found["blue"].why_not == "nothing in the plan counts it"
    (gone,) = (s for s in standings(own, [], months, {}) if s.colour == "red" and s.clock.id == "hub")
    assert gone.why_not == "the plan has no measure A"


def test_roles_gaps_and_tenure():
    def held(key, who, start, end=None):
        return rooms.Holding(key, "COU", " Hub  Manager" if key == "2" else "hub manager", who, start, end)

    today = DAY(2026, 11, 23)
    one, two = held("1", "Tom", DAY(2025, 4, 1), DAY(2025, 12, 19)), held("2", "Priya", DAY(2026, 2, 2))
    (role,) = rooms.role_histories([two, one], today)
    assert [(g.kind, g.days, g.until) for g in role.gaps] == [("vacant", 44, DAY(2026, 2, 2))]
    assert (role.standing, role.months, role.changes, role.open_gap) == ("held", 9, 1, None)
    (left,) = rooms.role_histories([one], today)
    assert (left.standing, left.open_gap.days) == ("vacant", 338)
    (unnamed,) = rooms.role_histories([held("3", None, DAY(2026, 11, 1))], today)
    assert (unnamed.standing, unnamed.open_gap.kind, unnamed.open_gap.days) == (
        "nobody named",
        "nobody named",
        22,
    )
    (ahead,) = rooms.role_histories([held("4", "Ada", DAY(2027, 1, 1))], today)
    assert (ahead.standing, ahead.gaps) == ("not begun", ())
    overlapping = [held("1", "Tom", DAY(2025, 4, 1), DAY(2026, 3, 1)), two]
    assert rooms.role_histories(overlapping, today)[0].gaps == ()


def test_person_with_two_roles_is_one_person():
    thing = rooms.Carried("benefit", "B1", "Fewer", frozenset({"owner", "scorer"}), Decimal(900))
    found = rooms.carriers([thing], {"owner": "Ada", "scorer": "Ada"})
    assert [(c.person, c.planned_gbp, c.roles) for c in found] == [("Ada", 900, ("owner", "scorer"))]
    assert rooms.carriers([thing], {"owner": "Ada", "scorer": "Ben"}) == ()


def test_search_needs_every_word_and_ranks_titles_first():
    notes = [
        rooms.Entry(
            "decision", "D1", "Share the feed", DAY(2026, 2, 5), {"why": "By chance", "dissent": "Café hours"}
        ),
        rooms.Entry("promise", "P1", "Rota", DAY(2026, 3, 1), {"note": "The feed is not signed"}),
        rooms.Entry("promise", "P2", "Rota", DAY(2026, 4, 1), {"note": "The feed is not signed"}),
    ]
    assert [m.entry.id for m in rooms.find("FEED", notes)] == ["D1", "P2", "P1"]
    assert [m.entry.id for m in rooms.find('"not signed" feed', notes)] == ["P2", "P1"]
    assert [m.around for m in rooms.find("cafe", notes)] == ["Café hours"]
    assert rooms.find("feed absent", notes) == ()
    with pytest.raises(InvalidInput, match="no word"):
        rooms.find(" ?! ", notes)

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


@settings(max_examples=10, deadline=None)
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
    back = [rooms.Outcome("withdrawn", fell_due=True), rooms.Outcome("withdrawn")]
    assert (rooms.kept(back).due, rooms.kept(back).share) == (1, 0)
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
    found = rooms.runs_out(rooms.Allowed(amount, counts), begun, rooms.clocks().week(begun.date()))
    assert found == dt.datetime.fromisoformat(end).replace(tzinfo=LONDON)


def test_hours_of_the_night_the_clocks_change_are_counted_as_they_are():
    begun = dt.datetime(2026, 10, 24, 23, 0, tzinfo=LONDON)
    found = rooms.runs_out(rooms.Allowed(6, "hours"), begun, rooms.clocks().week(begun.date()))
    assert (found.hour, found.date()) == (4, DAY(2026, 10, 25))


ENTRY = '[[clock]]\nid = "own"\nname = "Own"\ncounts = "days"\nallows = { "" = 9 }\nsource = "%s"\n'
SOURCED = ENTRY % "Procedure 4" + 'effective_from = "2026-04-01"\nstatus = "in force"\n'


def test_every_clock_has_its_label_and_an_unsourced_one_cannot_be_in_force():
    today = DAY(2026, 11, 23)
    for rule in rooms.clocks().rules:
        in_force = bool(rule.source) and rule.effective_from is not None and rule.standing == "in force"
        assert rooms.standing_of(rule, today) == ("in force" if in_force else "check locally")
    (own,) = rooms.read_clock_rules(SOURCED)
    assert [rooms.standing_of(own, DAY(2026, m, 1)) for m in (3, 4)] == ["not yet in effect", "in force"]
    bare = own.model_copy(update={"source": None})
    assert rooms.standing_of(bare, today) == "check locally", "whatever a row calls itself"
    assert rooms.standing_of(own.model_copy(update={"effective_to": DAY(2026, 5, 1)}), today) == "ended"
    with pytest.raises(UnknownName):
        rooms.clocks().of("own")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (ENTRY % "" + 'effective_from = ""\nstatus = "in force"\n', "without a source"),
        ('[[clock]]\nid = "own"\n', "lacks 'allows'"),
        (SOURCED.replace("9", '"two"'), "wrong kind"),
        (SOURCED.replace("= 9", "= 9000000"), "less than or equal to 100000"),
        (SOURCED + 'measured_by = { red = "M" }\n', "the colour 'red'"),
        (SOURCED.replace('"own"', '"shared-followed"').replace('""', '"red"', 1), "has no colours"),
        (SOURCED.replace('"days"', '"moons"'), "counts"),
        (SOURCED + SOURCED, "takes effect on the same day"),
        ("clock = 4", "wrong kind"),
        ('[[working_week]]\nvintage = "w"\ndays = [8]\n', "from 1 .Monday. to 7"),
    ],
)
def test_file_of_clocks_that_is_wrong_is_refused_in_words(wrong, said):
    with pytest.raises(InvalidInput, match=said):
        rooms.read_clock_rules(wrong)


def rule(key, **fields):
    return rooms.ClockRule(**{"id": key, "clock_id": "c", "name": "C", "allows": 5, **fields})


def test_what_began_before_a_clock_changed_keeps_the_time_it_had():
    """By hand: 30 days as shipped until 30 September; 21 from October; 10 from 15 November, which ends the year."""
    own = [
        rule("A", clock_id="shared-followed", times="information shared", allows=21, counts="days", effective_from=DAY(2026, 10, 1)),
        rule("B", clock_id="shared-followed", times="information shared", allows=10, counts="days", effective_from=DAY(2026, 11, 15), effective_to=DAY(2026, 12, 31)),
    ]  # fmt: skip
    timing = rooms.clocks_of_rules(own)
    begun = [DAY(2026, 9, 30), DAY(2026, 10, 1), DAY(2026, 11, 14), DAY(2026, 11, 15), DAY(2027, 1, 1)]
    held = [timing.timing("information shared", d) for d in begun]
    assert [r.allows for r in held] == [30, 21, 21, 10, 21], "when the last ends, the one before holds again"
    assert timing.due(held[0], begun[0]) == DAY(2026, 10, 30)
    assert timing.due(held[1], begun[1]) == DAY(2026, 10, 22)
    over = own[0].model_copy(update={"effective_to": DAY(2026, 10, 31)})
    assert rooms.clocks_of_rules([over]).timing("information shared", DAY(2026, 11, 1)) is None
    untimed = rooms.followed(DAY(2026, 11, 1), (None, None), DAY(2027, 6, 1), None)
    assert untimed.state == "not timed"
    colours = rooms.clocks_of_rules(
        [rule("R", clock_id="hub-information", colour="red", effective_from=DAY(2026, 2, 1))]
    )
    shown = [
        [(r.colour, r.allows) for r in colours.in_force(DAY(2026, 2, d)) if r.clock_id == "hub-information"]
        for d in (1,)
    ]
    assert shown == [[("red", 5)]], "colours that ship end with the day of effect of one's own"


def test_clock_keeps_its_own_hours_and_the_office_week_for_the_rest():
    office = rule(
        "W",
        clock_id="w",
        times="office week",
        allows=None,
        works_on="Mon Tue Wed",
        works_from="10:00",
        works_until="14:00",
        bank_holidays="GB-SCT",
    )
    hub = rule("H", counts="working hours", works_until="20:00")
    timing = rooms.clocks_of_rules([office, hub])
    week = timing.week(DAY(2026, 11, 23), hub)
    assert (week.begins.hour, week.ends.hour, sorted(week.days), week.bank_holidays) == (
        10,
        20,
        [1, 2, 3],
        "GB-SCT",
    )
    assert timing.week(DAY(2026, 11, 23)).ends.hour == 14
    assert not week.works_on(DAY(2026, 11, 30)), "St Andrew's Day"
    assert timing.due(hub, DAY(2026, 11, 24)) == DAY(2026, 11, 24)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([{"standing": "in force", "source": "x"}], "clock-unsourced"),
        ([{"times": "office week"}], "clock-length"),
        ([{"times": "promised money", "allows": None}], "clock-length"),
        ([{"times": "promised money", "colour": "red"}], "clock-colours"),
        ([{}, {"times": "promised money", "effective_from": DAY(2026, 1, 1)}], "clock-one-thing"),
        ([{"times": "promised money"}, {"times": "promised money", "clock_id": "d"}], "clock-one-thing"),
        ([{"clock_id": "shared-followed"}], "clock-one-thing"),
        ([{}, {}], "clock-twice"),
        ([{"works_from": "17:00"}], "clock-week"),
        ([{"bank_holidays": "GB-XYZ"}], "clock-week"),
    ],
)
def test_clock_that_cannot_hold_is_named(rows, code):
    made = [rule(f"C{n}", **r) for n, r in enumerate(rows)]
    assert [w.code for w in rooms.wrong_rules(made)] == [code]
    from partnership.plan import Plan, check

    found = [f for f in check(Plan({"clocks": made})) if f.table == "clocks"]
    assert [(f.code, f.severity) for f in found] == [(f"plan-{code}", "error")]


def test_clock_is_counted_by_its_measure_and_never_guessed():
    """Sums by hand: 12 of 14 months count; of a measure where less is better, what stands above the line was late."""
    own = rooms.clocks_of_rules(rooms.read_clock_rules(
        '[[clock]]\nid = "hub"\nname = "Hub"\ncounts = "hours"\nallows = { red = 2, amber = 6, green = 24, blue = 48 }\n'
        'measured_by = { red = "A", amber = "B", green = "C" }\nsource = ""\neffective_from = ""\n'
        'status = "check locally"\n'
    ))  # fmt: skip
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

    def counted(timing, known):
        found = standings(timing, DAY(2026, 3, 1), series=months, measures=known)
        return {s.clock.colour: s for s in found if s.clock.clock_id == "hub"}

    found = counted(own, measures)
    assert (found["red"].kept, found["red"].late, found["red"].partial) == (36, 84, 1)
    assert (found["amber"].kept, found["amber"].late, found["amber"].provisional) == (84, 36, 2)
    assert (found["red"].first, found["red"].last) == (DAY(2025, 3, 1), DAY(2026, 2, 1))
    assert found["amber"].share == Fraction(84, 120)
    assert found["green"].kept is None
    assert "not a share" in found["green"].why_not
    assert found["blue"].why_not == "nothing in the plan counts it"
    assert counted(own, {})["red"].why_not == "the plan has no measure A"
    changed = [
        r.model_copy(update={"effective_from": DAY(2026, 1, 1)}) for r in own.rules if r.colour == "red"
    ]
    newer = counted(rooms.clocks_of_rules(changed), measures)["red"]
    assert (newer.kept, newer.first) == (6, DAY(2026, 1, 1)), "months of before it held were timed by another"


def test_promise_is_held_against_the_clock_of_its_kind_on_the_day_it_was_made():
    own = rooms.clocks_of_rules([
        rule("A", times="promised money", counts="days", allows=10),
        rule("B", times="promised money", counts="days", allows=5, effective_from=DAY(2026, 6, 1)),
    ])  # fmt: skip
    made = [
        (DAY(2026, 5, 31), DAY(2026, 6, 10), "kept late"),
        (DAY(2026, 5, 31), DAY(2026, 6, 11), "kept on time"),
        (DAY(2026, 6, 1), DAY(2026, 6, 7), "kept on time"),
        (DAY(2026, 6, 1), None, "overdue"),
        (DAY(2026, 6, 1), None, "withdrawn"),
        (DAY(2026, 6, 8), None, "not yet due"),
    ]
    rows = [{"kind": "money", "made_on": m, "delivered_on": d, "state": s} for m, d, s in made]
    rows.append({**rows[0], "kind": "staff"})
    found = {s.clock.id: (s.kept, s.late, s.running) for s in standings(own, DAY(2026, 6, 12), promises=rows)}
    assert (found["A"], found["B"]) == ((1, 1, 0), (0, 2, 1)), "the due date agreed plays no part here"


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

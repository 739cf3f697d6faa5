"""A move on the board becomes scores of the criteria behind it: the place asked for, kept within the anchors."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnership._workflows.board_moves import OwnScore, moved_scores, place_on
from partnership.errors import InvalidInput


def criteria(*shares, axis="impact"):
    return [SimpleNamespace(id=f"C{i}", axis=axis, share_of_axis=s) for i, s in enumerate(shares)]


def test_one_criterion_takes_the_place_and_keeps_its_confidence_note_and_version():
    own = {"C0": OwnScore(Decimal("3.4"), confidence=4, note="as agreed", version=7)}
    (one,) = moved_scores("W1", {"impact": Decimal("2.9")}, criteria(1.0), own)
    assert (one.score, one.confidence, one.note, one.version) == (Decimal("2.90"), 4, "as agreed", 7)
    assert moved_scores("W1", {"impact": Decimal("3.4")}, criteria(1.0), own) == []


def test_first_place_scores_every_criterion_of_the_axis():
    made = moved_scores("W1", {"impact": Decimal(6)}, criteria(0.5, 0.3, 0.2), {})
    assert [(g.criterion_id, g.score, g.version) for g in made] == [
        (f"C{i}", Decimal("6.00"), 0) for i in range(3)
    ]


def test_criterion_that_reaches_the_end_of_the_scale_leaves_the_rest_of_the_way_to_the_others():
    own = {"C0": OwnScore(Decimal(9), version=1), "C1": OwnScore(Decimal(3), version=1)}
    made = moved_scores("W1", {"impact": Decimal("8.5")}, criteria(0.5, 0.5), own)
    assert [g.score for g in made] == [Decimal("10.00"), Decimal("7.00")]


tenths = st.integers(0, 100).map(lambda n: Decimal(n) / 10)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(tenths, st.integers(1, 9)), min_size=1, max_size=5), tenths)
def test_place_asked_for_is_the_place_that_comes_out_and_the_order_of_criteria_stays(pairs, asked):
    total = sum(w for _, w in pairs)
    on = criteria(*(w / total for _, w in pairs))
    own = {c.id: OwnScore(s, version=1) for c, (s, _) in zip(on, pairs, strict=True)}
    made = {g.criterion_id: g for g in moved_scores("W1", {"impact": asked}, on, own)}
    now = {c: OwnScore(made[c].score if c in made else o.score) for c, o in own.items()}
    assert abs(place_on("impact", on, now) - asked) < Decimal("0.06")
    assert all(0 <= o.score <= 10 for o in now.values())
    before, after = ([o.score for o in scores.values()] for scores in (own, now))
    places = range(len(before))
    assert all(after[a] <= after[b] for a in places for b in places if before[a] < before[b])


@pytest.mark.parametrize("place", ["-0.1", "10.1", "NaN", "Infinity"])
def test_place_outside_the_anchors_is_refused_in_words(place):
    with pytest.raises(InvalidInput, match="from 0 to 10"):
        moved_scores("W1", {"impact": Decimal(place)}, criteria(1.0), {})


def test_axis_without_a_criterion_is_refused_and_a_place_without_all_scores_is_none():
    with pytest.raises(InvalidInput, match="No criterion"):
        moved_scores("W1", {"effort": Decimal(5)}, criteria(1.0), {})
    assert place_on("impact", criteria(0.5, 0.5), {"C0": OwnScore(Decimal(4))}) is None

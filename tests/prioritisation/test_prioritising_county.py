"""The county's second round: what the page, the commands and a notebook say of it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from partnership._workflows.prioritising import prioritise, prioritised
from partnership.cli import app
from partnership.errors import InvalidInput, UnknownName
from partnership.plan import Plan
from partnership.store import open_store


@pytest.fixture(scope="module")
def plan(county_file):
    with open_store(county_file, mode="read") as store:
        return store.plan()


@pytest.fixture(scope="module")
def done(plan):
    return prioritised(plan)


def test_first_place_and_close_calls_are_said(done):
    first = done.ranked[0]
    assert first.title in done.headline
    assert done.headline.endswith("Places 2 to 5 are a close call.")
    assert (first.rank, first.places, first.close_call) == (1, (1, 1), False)
    assert first.share_of_places(1, 1) > 0.98
    assert first.score == pytest.approx(0.75 * first.impact + 0.25 * (10 - first.effort))
    assert [i.rank for i in done.ranked] == sorted(i.rank for i in done.ranked)
    assert all(i.places == (2, 5) for i in done.ranked[1:5])


def test_kinds_of_disagreement_are_those_that_were_put_in(done):
    kinds = {i.item_id: i.disagreement.kind for i in done.ranked if i.disagreement.kind != "agree"}
    assert kinds == {
        "W01": "spread",
        "W05": "two camps",
        "W07": "one dissenter",
        "W10": "different understanding",
    }
    assert [t.item for t in done.talks] == ["W05", "W07", "W01", "W10"]
    camps = done.item("W05").disagreement.sides
    assert {frozenset(side) for side in camps} == {
        frozenset({"POL", "PRO", "DAC"}),
        frozenset({"COU", "ICB", "MHT", "SCH", "YTH"}),
    }
    assert "Probation" in done.talk_words(done.talks[0])
    assert done.item("W05").axes["impact"].agreement < 0.5 < done.item("W03").axes["impact"].agreement


def test_quadrants_come_with_their_chance_and_dominated_quick_wins_are_marked(done):
    boxes = [i.quadrant for i in done.ranked]
    assert [boxes.count(q) for q in ("quick win", "big bet", "fill-in", "think again")] == [5, 4, 3, 2]
    for item in done.ranked:
        assert sum(item.quadrant_chances.values()) == pytest.approx(1)
        assert item.quadrant_chance == item.quadrant_chances[item.quadrant]
    assert 0.8 < done.item("W05").quadrant_chance < 0.97
    assert {i.item_id for i in done.ranked if i.dominated_quick_win} == {"W04", "W06", "W08", "W09"}


def test_acceptabilities_add_up_and_items_never_first_are_named(done):
    shares = [i.acceptability for i in done.ranked]
    for row in [*shares, *zip(*shares, strict=True)]:
        assert sum(row) == pytest.approx(1)
    assert {i.item_id for i in done.ranked if i.first_for_some_weights} == {"W03", "W13"}
    assert [i.item_id for i in done.ranked if i.first_in_order] == ["W03"]
    assert done.item("W03").flip_words == "no other, while weights keep their order"
    assert done.item("W07").flip_words == "W01, if impact weighs 75.9%, not 75%"
    assert all(i.flip_words for i in done.ranked)


def test_items_that_all_abstained_from_stand_apart_and_ask_for_no_talk(done):
    apart = [i for i in done.items if i.rank is None]
    assert [i.item_id for i in apart] == ["W15", "W16"]
    assert {i.abstentions for i in apart} == {8}
    assert "8 abstained" in apart[0].disagreement.because


def test_agreement_other_orders_and_stability_stand_beside(done):
    assert done.agreement.concordance.raters == 8
    assert 0.7 < done.agreement.concordance.w < 0.8
    assert done.agreement.dissenting == "PRO"
    assert done.orders.borda[0] == done.orders.kemeny.order[0] == done.ranked[0].item_id
    assert done.orders.kemeny.proved
    assert done.stability.pairs == 224
    assert done.stability.kinds == ()
    assert done.equal_agencies
    assert done.weights_words.endswith("Equal weight per agency.")


def test_what_if_weights_and_agency_weights_show(plan, done):
    other = prioritised(plan, weights={"impact": 0, "effort": 1}, draws=500)
    assert other.ranked[0].item_id == "W13"
    heavy = prioritised(plan, agency_weights={"PRO": 5}, draws=500)
    assert not heavy.equal_agencies
    assert "do not weigh the same" in heavy.weights_words
    assert heavy.item("W05").impact < done.item("W05").impact
    first = prioritised(plan, "R1", draws=500)
    assert first.stability is None
    with pytest.raises(UnknownName):
        prioritised(plan, "R7")
    with pytest.raises(UnknownName):
        prioritised(plan, agency_weights={"XXX": 1})


def test_plan_without_rounds_criteria_or_scores_says_what_to_do(plan):
    tables = {name: plan[name] for name in plan}
    for without, words in (
        (("scoring_rounds", "scores"), "stopping rule"),
        (("criteria", "scores"), "No criteria"),
        (("work_items", "scores"), "stopping rule"),
    ):
        bare = Plan({n: (() if n in without else rows) for n, rows in tables.items()})
        found = prioritised(bare)
        assert words in found.headline
        assert found.ranked == ()
    one = Plan(tables | {"scores": tuple(s for s in tables["scores"] if s.agency_id == "POL")})
    alone = prioritised(one, draws=300)
    assert len(alone.ranked) == 14
    assert {i.disagreement.kind for i in alone.ranked} == {"not enough scores"}
    assert "nothing is said of agreement" in alone.agreement.sentence


def test_round_that_is_not_revealed_is_refused_by_its_state(plan):
    tables = {name: plan[name] for name in plan}
    last = tables["scoring_rounds"][-1].model_copy(update={"revealed_on": None})
    sealed = Plan(tables | {"scoring_rounds": (*tables["scoring_rounds"][:-1], last)})
    assert prioritised(sealed, draws=200).round.id == "R1"
    with pytest.raises(InvalidInput, match="sealed"):
        prioritised(sealed, "R2")


def test_commands_print_what_the_workflow_says(county_file, done):
    runner = CliRunner()
    printed = runner.invoke(app, ["prioritise", "--json", "--store", str(county_file)])
    told = json.loads(printed.output)
    assert told["headline"] == done.headline
    assert [i["item_id"] for i in told["items"]] == [i.item_id for i in done.items]
    assert told["items"][0]["acceptability"] == pytest.approx(list(done.items[0].acceptability))
    words = runner.invoke(app, ["agree", "--store", str(county_file)]).output
    assert done.agreement.sentence in words
    assert words.index("One MARAC") < words.index("Crisis contact feed")
    wrong = runner.invoke(app, ["prioritise", "--weights", "impact", "--store", str(county_file)])
    assert wrong.exit_code == 2


def test_workflow_over_a_store_as_known_before_the_reveal_gives_the_round_before(county_file):
    import datetime as dt

    with open_store(county_file, mode="read") as store:
        assert prioritise(store, as_of=dt.date(2026, 11, 17), draws=200).round.id == "R1"
        assert prioritise(store, as_of=dt.date(2026, 10, 13), draws=200).round is None


def test_a_result_cannot_be_changed(done):
    with pytest.raises(AttributeError):
        done.headline = "other"
    assert replace(done, headline="other") is not done

"""What a browser sends to the board is looked up and read, never trusted; what the board shows is one role's own."""

import datetime as dt
from decimal import Decimal

import pytest

from dashboards.data import Data
from dashboards.pages import _prioritisation_answers as answers
from dashboards.pages import prioritisation
from dashboards.pages._prioritisation_given import given_of_form, given_of_grid
from dashboards.pages._prioritisation_words import asked, bands
from partnership._workflows.board_moves import OwnScore
from partnership._workflows.scoring import GivenScore, save_scores
from partnership._workflows.scoring_rounds import open_round
from partnership.errors import InvalidInput
from partnership.store import Actor

TODAY = dt.date(2026, 11, 23)
POLICE = "?scorer=R-POL-SCORE&item=W08&open=grid"


def words(part):
    """All text of a part of a page."""
    if isinstance(part, list | tuple):
        return " ".join(words(p) for p in part)
    return part if isinstance(part, str) else words(getattr(part, "children", None) or "")


@pytest.fixture
def opened(county):
    open_round(county, "R3", Actor("Hub manager", "declared"), "Next", today=TODAY)
    secret = [GivenScore("W08", c, Decimal("8.8"), note="Said to nobody") for c in ("IMPACT", "EFFORT")]
    save_scores(county, "COU", "R3", secret, Actor("Scorer"), "Blind", role_id="R-COU-SCORE", today=TODAY)
    return Data(county, lambda: TODAY)


def move(**changed):
    return {
        "item": "W08", "effort": 2.5, "impact": 6, "versions": {}, "round": "R3", "scorer": "R-POL-SCORE",
        "key": "board-1", **changed,
    }  # fmt: skip


def test_moves_are_stored_once_and_what_is_not_whole_stores_nothing(opened, county):
    state = opened.state("/prioritisation", POLICE)
    for bad, refused in (
        (5, "did not come through"), (move(impact="6"), "did not come through"), (move(impact=True), "did not come"),
        (move(versions=3), "did not come through"), (move(item="W99"), "did not come through"),
        (move(impact=10.5), "from 0 to 10"), (move(effort=float("nan")), "from 0 to 10"),
        (move(round="R2"), "has changed since"), (move(scorer="R-COU-SCORE"), "has changed since"),
    ):  # fmt: skip
        said, known, _, kept = answers._moved(opened, state, bad, "why")
        assert refused in words(said), bad
        assert known["items"]["W08"]["impact"] is None
        assert kept is None
    assert "Say first why" in words(answers._moved(opened, state, move(), " ")[0])
    before = county.last_seq
    first = answers._moved(opened, state, move(), "why")
    again = answers._moved(opened, state, move(versions=first[1]["items"]["W08"]["versions"]), "why")
    assert county.last_seq == before + 1
    assert (first[1]["items"]["W08"]["impact"], again[1]["items"]["W08"]["effort"]) == (6.0, 2.5)
    stale = answers._moved(
        opened, state, move(effort=4, key="board-2", versions={"IMPACT": 0, "EFFORT": 0}), "why"
    )
    assert "saved first" in words(stale[0])
    assert stale[1]["items"]["W08"]["effort"] == 2.5
    assert [k["version"] for k in stale[3]] == [1]
    later = opened.state("/prioritisation", "?as_of=2026-11-22&scorer=R-POL-SCORE")
    assert "the past is not changed" in words(answers._moved(opened, later, move(), "why")[0])


def test_open_round_shows_own_scores_alone_and_the_group_as_last_revealed(opened):
    text = words(prioritisation.layout(opened, opened.state("/prioritisation", POLICE)))
    assert "Police scores round 3: 0 of 16 items placed" in text
    assert "Council 2 of 32" in text
    group = words(
        prioritisation.layout(
            opened, opened.state("/prioritisation", "?item=W08&weights=impact:50,effort:50")
        )
    )
    assert "What if: impact 50% and effort 50%" in group
    assert "Against the agreed weights: W" in group
    assert "Round 3 is open and blind" in group
    for shown in (text, group):
        assert "Said to nobody" not in shown
        assert "could not be made" not in shown


def test_form_and_grid_are_read_field_by_field():
    own = {("W1", "I"): OwnScore(Decimal(4), confidence=3, version=2)}
    fields = [{"criterion": "I", "field": f} for f in ("score", "abstained", "confidence", "note")]
    (one,) = given_of_form({"item": "W1", "versions": {"I": 2}}, fields, ["4,5", "", "3", " why "], own)
    assert (one.score, one.abstained, one.confidence, one.note, one.version) == (
        Decimal("4.5"),
        False,
        3,
        "why",
        2,
    )
    assert given_of_form({"item": "W1", "versions": {"I": 2}}, fields, ["4.0", "", "3", ""], own) == []
    cell = {"rowId": "W1|I", "colId": "abstained", "value": "abstain", "data": {"_version": 2}}
    (one,) = given_of_grid([cell], own)
    assert (one.score, one.abstained, one.confidence) == (None, True, 3)
    with pytest.raises(InvalidInput, match="is no number"):
        given_of_grid([cell | {"colId": "score", "value": "high"}], own)
    for bad in (cell | {"colId": "agency_id"}, cell | {"data": {"_version": "2"}}):
        with pytest.raises(InvalidInput, match="did not come through"):
            given_of_grid([bad], own)
    with pytest.raises(InvalidInput, match="did not come through"):
        given_of_form(None, fields, ["1"] * 4, own)


def test_address_that_cannot_be_used_is_said_and_the_agreed_weights_stay(opened):
    done = opened.scoring.prioritised(None)
    for weights in ("impact", "impact:x", "wishes:5", "impact:-1", "impact:0,effort:0", "impact:nan"):
        state = opened.state("/prioritisation", f"?weights={weights}&kept=luck&round=R3&scorer=NOBODY")
        wanted = asked(state, done.rounds, done.criteria, {})
        assert (wanted.weights, wanted.kept, wanted.round_id, wanted.scorer) == ({}, "order", None, None)
        assert len(wanted.notes) == 4
    assert [b[0] for b in bands(5)] == ["1st to 3rd", "4th to 6th"]

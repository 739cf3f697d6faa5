"""What a browser sends to the board is looked up and read, never trusted; what the board shows is one role's own."""

import datetime as dt
from decimal import Decimal

import pytest

from dashboards.app import create_app
from dashboards.data import Data
from dashboards.pages import _prioritisation_answers as answers
from dashboards.pages import prioritisation
from dashboards.pages._prioritisation_given import given_of_form, given_of_grid
from dashboards.pages._prioritisation_words import asked
from partnership._workflows.board_moves import OwnScore
from partnership._workflows.place_words import bands
from partnership._workflows.scoring import GivenScore, save_scores
from partnership._workflows.scoring_rounds import open_round, reveal_round
from partnership.errors import InvalidInput
from partnership.store import Actor, Source

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


def test_round_is_opened_closed_and_revealed_by_its_buttons_and_stays_blind_till_then(county):
    data = Data(county, lambda: TODAY)
    state = data.state("/prioritisation", "")
    secret = "Said to nobody yet"

    def step(what, round_id="R3", role="R-HUB", why="As agreed", rules=()):
        which = {"type": "round-step", "step": what, "round": round_id}
        said, changed = answers._stepped(data, state, which, role, why, rules)
        return words(said), isinstance(changed, int)

    def shown(query=""):
        return words(prioritisation.layout(data, data.state("/prioritisation", query)))

    assert "Open round 3, blind" in shown()
    before = county.last_seq
    for given, refused in (
        ({"role": None}, "Say first who"), ({"role": "R-NOBODY"}, "Say first who"), ({"why": " "}, "Say first why"),
        ({"what": "burn"}, "did not come through"), ({"round_id": 3}, "did not come through"),
        ({"rules": ["Until we agree"]}, "The stopping rule was declared before the first round"),
        ({"what": "close", "round_id": "R9"}, "R9"), ({"what": "reveal", "round_id": "R2"}, "cannot be revealed"),
    ):  # fmt: skip
        told, changed = step(**{"what": "open", **given})
        assert refused in told, given
        assert not changed
    past = data.state("/prioritisation", "?as_of=2026-11-22")
    which = {"type": "round-step", "step": "open", "round": "R3"}
    assert "the past is not changed" in words(answers._stepped(data, past, which, "R-HUB", "Why", ())[0])
    assert county.last_seq == before

    told, changed = step("open")
    assert changed
    assert "Done as change" in told
    change = county.changes().row(-1, named=True)
    assert (change["actor"], change["reason"]) == ("Hub manager", "As agreed")
    assert "Round 3 is open and blind" in shown()
    given = [GivenScore("W08", c, Decimal("8.8"), note=secret) for c in ("IMPACT", "EFFORT")]
    save_scores(county, "COU", "R3", given, Actor("Scorer"), "Blind", role_id="R-COU-SCORE", today=TODAY)
    for query in ("", POLICE, "?item=W08"):
        assert secret not in shown(query)
    assert "Reveal it before" in step("open", "R4")[0]

    assert step("close")[1]
    text = shown(POLICE)
    assert "not yet revealed" in text
    assert secret not in text
    assert "so it cannot be closed" in step("close")[0]
    assert step("reveal")[1]
    assert secret in shown("?item=W08")
    assert "Open round 4, blind" in shown()
    assert "cannot be revealed" in step("reveal")[0]


def test_other_pages_hear_of_a_change_but_not_of_what_others_score_blind(opened, county):
    """No news for one's own agency of a sealed round alone tells that, or when, another agency scored."""
    from dashboards.news import HEADER, news

    app = create_app(county, today=lambda: TODAY)
    client = app.server.test_client()
    police, since = "R-POL-SCORE", opened.version()

    def asked(query):
        answer = client.get(f"/news?{query}")
        return answer.status_code, answer.get_json(silent=True)

    assert asked(f"since={since}") == (204, None)
    council = [GivenScore("W03", "IMPACT", Decimal("1.5"))]
    save_scores(county, "COU", "R3", council, Actor("Scorer"), "Blind", role_id="R-COU-SCORE", today=TODAY)
    for role in (None, police, "R-NOBODY"):
        assert news(opened, since, role) == []
    assert asked(f"since={since}&scorer=R-COU-SCORE") == (200, [since + 1])

    own = [GivenScore("W03", "IMPACT", Decimal(4))]
    save_scores(county, "POL", "R3", own, Actor("Scorer, police"), "Mine", role_id=police, today=TODAY)
    assert asked(f"since={since}&scorer={police}") == (200, [since + 2])
    assert news(opened, since) == []
    county.refuse(actor=Actor("Jo"), reason="A file with faults", source=Source("f.xlsx", "0" * 64, "workbook", 1, 0), counts={"findings": 1})  # fmt: skip
    assert news(opened, since) == []
    reveal_round(county, "R3", Actor("Hub manager"), "All have scored", today=TODAY)
    assert news(opened, since)[-1] == county.last_seq
    assert asked(f"since={county.last_seq}") == (204, None)
    for bad in ("", "since=", "since=-1", "since=1e3", "since=" + "9" * 13, "since=²"):
        assert asked(bad)[0] == 400

    with app.server.test_request_context():
        from flask import g

        state = opened.state("/prioritisation", "")
        which = {"step": "open", "round": "R4"}
        answers._stepped(opened, state, which, "R-HUB", "Next", ())
        assert g.own_changes == [county.last_seq]
        answer = app.server.process_response(app.server.make_response("ok"))
        assert answer.headers[HEADER] == str(county.last_seq)

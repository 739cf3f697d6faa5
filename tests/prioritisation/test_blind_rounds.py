"""While a round is open nobody reads another agency's scores, whichever road they take."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from blind_plan import DAY, FRS, JO, PU, RULE, Clock, criteria, scored, small_store
from typer.testing import CliRunner

from partnership._workflows.editing import NotSaved, save_rows, undo_rows
from partnership._workflows.prioritising import prioritise
from partnership._workflows.scoring import GivenScore, own_scores, save_scores, scorer_role
from partnership._workflows.scoring_rounds import close_round, open_round, progress, reveal_round, round_of
from partnership._workflows.scoring_sheets import scoring_sheet
from partnership.cli import app
from partnership.errors import InvalidInput, PartnershipError, UnknownName
from partnership.prioritisation import Score, ScoringRound
from partnership.store import StaleWrite, open_store
from partnership.tables import RECORD_TYPES, frame
from partnership.views import VIEWS
from partnership.workflows import check_file, export_workbook
from tests.plans.small_plan import small_frames, write_plan

ROLE = {FRS: "watch", PU: "clerk"}


SECRET, SECRET_NOTE = "7.3719", "Kelpie under the slipway"


def score(agency, item, criterion, value, round_id="R1", **more):
    return Score(
        item_id=item, criterion_id=criterion, round_id=round_id, agency_id=agency, scorer_role_id=ROLE[agency],
        score=None if value is None else Decimal(value), scored_on=DAY[0], **more,
    )  # fmt: skip


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    """R1 revealed; R2 open, in which the fire service's scores are the secret and the parishes' are their own."""
    clock = Clock()
    store = small_store(tmp_path_factory.mktemp("sealed") / "plan.duckdb", clock)
    open_round(store, "R1", JO, "First", stopping_rule=RULE, today=clock.day)
    for agency in ROLE:
        save_scores(
            store,
            agency,
            "R1",
            scored([("clear", "I", "4", None), ("clear", "E", "2", None)]),
            JO,
            "R1",
            today=clock.day,
        )
    clock.day = DAY[1]
    reveal_round(store, "R1", JO, "Shown", today=clock.day)
    open_round(store, "R2", JO, "Second", today=clock.day)
    secret = [
        ("clear", "I", "1.0", "Before"),
        ("clear", "E", SECRET, SECRET_NOTE),
        ("boats", "I", SECRET, None),
    ]
    save_scores(store, FRS, "R2", scored(secret), JO, "R2", today=clock.day)
    save_scores(store, FRS, "R2", scored([("clear", "I", SECRET, SECRET_NOTE)]), JO, "Again", today=clock.day)
    save_scores(store, PU, "R2", scored([("clear", "I", "3.3", "Ours")]), JO, "R2", today=clock.day)
    clock.day = DAY[2]
    yield store
    store.close()


def assert_tells_nothing(told: object) -> None:
    text = told if isinstance(told, str) else str(told)
    assert SECRET not in text
    assert SECRET_NOTE not in text


def of_frame(rows) -> str:
    return rows.write_json() if rows.width else ""


WHEN = [None, DAY[1], dt.date(2030, 1, 1)]


@pytest.mark.parametrize("as_of", WHEN, ids=str)
def test_no_table_view_or_plan_returns_a_sealed_score(sealed, as_of):
    for kind in RECORD_TYPES:
        for raw in (False, True):
            assert_tells_nothing(of_frame(sealed.table(kind.table, as_of=as_of, raw=raw)))
    for name in VIEWS if as_of in (None, DAY[1]) else ():
        assert_tells_nothing(of_frame(sealed.fetch(name, as_of=as_of, today=DAY[2])))
    plan = sealed.plan(as_of=as_of)
    assert_tells_nothing(plan["scores"])
    assert {s.round_id for s in plan["scores"]} <= {"R1"}


def test_no_history_log_formula_or_question_returns_a_sealed_score(sealed):
    for kind in RECORD_TYPES:
        assert_tells_nothing(of_frame(sealed.history(kind.table)))
    assert sealed.history("scores", "clear|I|R2|watch").height == 0
    assert_tells_nothing(of_frame(sealed.changes()))
    assert_tells_nothing(sealed.mentions("work_items", "clear"))
    for raw in (False, True):
        asked = "SELECT * FROM scores UNION ALL SELECT * FROM scores WHERE round_id = $r"
        found = sealed.query_plain(
            asked, ("scores",), {"r": "R2", "sealed_day": dt.date(2999, 1, 1)}, raw=raw
        )
        assert set(found["round_id"]) == {"R1"}
    assert_tells_nothing(of_frame(sealed.query_plain("SELECT * FROM formula_cells", ("formula_cells",))))


@pytest.mark.parametrize(
    "sql",
    ["SELECT * FROM c_scores", 'SELECT MAX(score) AS m FROM main."h_scores" WHERE agency_id = $a', "SELECT * FROM query_table('c_scores')",
     "SELECT * FROM query('FROM c_scores')", "WITH c AS (SELECT * FROM h_scores) SELECT * FROM c"],
)  # fmt: skip
def test_question_cannot_go_round_the_plain_tables(sealed, sql):
    with pytest.raises(InvalidInput):
        sealed.query_plain(sql, (), {"a": FRS}, raw=True)


def test_exports_sheets_copies_and_snapshots_tell_nothing(sealed, tmp_path):
    book = export_workbook(sealed)
    assert_tells_nothing(
        b"".join(
            zipfile.ZipFile(io.BytesIO(book)).read(n) for n in zipfile.ZipFile(io.BytesIO(book)).namelist()
        ).decode("utf-8", "replace")
    )
    sheet = scoring_sheet(sealed, PU, "R2", today=DAY[2])
    inside = zipfile.ZipFile(io.BytesIO(sheet))
    text = b"".join(inside.read(n) for n in inside.namelist()).decode("utf-8", "replace")
    assert_tells_nothing(text)
    assert "3.3" in text
    sealed.backup(tmp_path / "copy.duckdb")
    for copied in (
        sealed.publish_snapshot(),
        tmp_path / "copy.duckdb",
    ):  # the file holds all; the toolkit reads it sealed
        with open_store(copied, mode="read", clock=sealed._clock) as other:
            assert set(other.table("scores", raw=True)["round_id"]) == {"R1"}
            assert_tells_nothing(of_frame(other.history("scores")))
            assert other.sealed_rounds() == ("R2",)


def test_pages_and_downloads_tell_nothing(sealed):
    from plotly.utils import PlotlyJSONEncoder

    from dashboards.app import create_app
    from dashboards.data import Data
    from dashboards.pages import PAGES
    from dashboards.urls import State

    data = Data(sealed, today=lambda: DAY[2])
    for page in PAGES.values():
        assert_tells_nothing(json.dumps(page.layout(data, State()), cls=PlotlyJSONEncoder))
    client = create_app(sealed, today=lambda: DAY[2]).server.test_client()
    for path in PAGES:
        for address in (f"/download{path}.xlsx", f"/download{path}.xlsx?as_of={DAY[1]}"):
            answer = client.get(address)
            data = answer.get_data()
            if data[:2] == b"PK":
                packed = zipfile.ZipFile(io.BytesIO(data))
                data = b"".join(packed.read(n) for n in packed.namelist())
            assert_tells_nothing(data.decode("utf-8", "replace"))
    for name in ("changes", "plan_summary"):  # the same views as above, by the road of files
        assert_tells_nothing(client.get(f"/download/{name}.csv").get_data().decode("utf-8", "replace"))


@pytest.mark.long
def test_commands_tell_nothing(sealed, tmp_path):
    copy = tmp_path / "copy.duckdb"
    sealed.backup(copy)
    runner, out = CliRunner(), tmp_path / "out.xlsx"
    asked = [
        ["prioritise", "--json"], ["prioritise", "--round", "R2"], ["agree", "--json"], ["agree", "--round", "R2", "--as-of", "2030-01-01"],
        ["export", str(out)], ["verify-store"], ["scoring-sheet", "--agency", PU, "--round", "R2", "--out", str(tmp_path / "s.xlsx")],
        ["explain", "plan_summary/1/name"], ["view", "changes", "--json"],
    ]  # fmt: skip
    for arguments in asked:
        done = runner.invoke(app, [*arguments, "--store", str(copy)])
        assert done.exception is None or isinstance(done.exception, SystemExit), (arguments, done.exception)
        assert_tells_nothing(done.output)
    assert openpyxl.load_workbook(out)["Scores"].max_row > 0
    refused = runner.invoke(app, ["prioritise", "--round", "R2", "--json", "--store", str(copy)])
    assert refused.exit_code == 1
    assert "sealed" in json.loads(refused.output)["error"]


def test_a_whole_plans_workbook_cannot_ask_by_guessing(sealed):
    """A right guess and a wrong one are answered alike."""

    def told(guess: str) -> tuple:
        frames = small_frames()
        frames["scoring_rounds"] = sealed.table("scoring_rounds").select(frames["scoring_rounds"].columns)
        frames["criteria"] = frame(criteria(), "criteria")
        frames["scores"] = frame([score(FRS, "clear", "I", guess, "R2")], "scores")
        buffer = io.BytesIO()
        write_plan(buffer, frames)
        done = check_file(buffer.getvalue(), "guess.xlsx", store=sealed, today=DAY[2])
        assert not done.acceptable
        sheets = [(s.table, s.same, s.new, s.changed, s.stale) for s in done.preview.sheets]
        return sheets, done.preview.stale, [(f.code, f.place, f.found, f.do) for f in done.findings]

    right, wrong = told(SECRET), told("2.5")
    assert right == wrong
    assert "S9-sealed-round" in {f[0] for f in right[2]}


def test_a_stale_write_shows_ones_own_values_and_nobody_elses(sealed):
    mine = score(FRS, "clear", "I", "5", "R2")
    taken = mine.model_copy(update={"agency_id": PU})
    for row, seen in ((taken, False), (mine, True)):
        with pytest.raises(StaleWrite) as caught:
            sealed.accept(
                {"scores": frame([row], "scores")},
                actor=JO,
                reason="Guess",
                expected={("scores", "clear|I|R2|watch"): 0},
            )
        text = f"{caught.value} {caught.value.theirs} {caught.value.conflicts}"
        assert (SECRET in text) is seen


def test_editing_by_hand_and_undoing_reach_no_sealed_row(sealed):
    from partnership._workflows.editing import Edit

    before = sealed.last_seq
    for attempt in (
        lambda: save_rows(sealed, "scores", [Edit({"note": "x"}, "clear|I|R2|watch", 1)], JO, "Guess"),
        lambda: undo_rows(sealed, "scores", {"clear|I|R2|watch": 2}, JO, "Guess"),
    ):
        with pytest.raises(PartnershipError) as caught:
            attempt()
        assert_tells_nothing(
            f"{caught.value} {getattr(caught.value, 'conflicts', '')} {getattr(caught.value, 'findings', '')}"
        )
    assert sealed.last_seq == before


def test_own_scores_are_ones_own_and_progress_counts_only(sealed):
    assert set(own_scores(sealed, PU)["agency_id"]) == {PU}
    assert own_scores(sealed, "PU27", "R2")["score"].to_list() == [Decimal("3.3000")]
    assert SECRET in of_frame(own_scores(sealed, FRS))
    assert set(sealed.own_score_history(PU)["agency_id"]) == {PU}
    assert sealed.answered().columns == ["round_id", "agency_id", "answered"]
    assert {p.agency_id: (p.answered, p.asked) for p in progress(sealed, "R2")}[FRS] == (3, 4)
    with pytest.raises(UnknownName):
        own_scores(sealed, "nobody")


def test_removing_the_round_does_not_open_its_scores(sealed, tmp_path):
    sealed.backup(tmp_path / "copy.duckdb")
    with open_store(tmp_path / "copy.duckdb", mode="write", clock=sealed._clock) as other:
        other.accept({}, removed={"scoring_rounds": ["R2"]}, actor=JO, reason="Gone")
        assert_tells_nothing(of_frame(other.table("scores", raw=True)))
        assert_tells_nothing(of_frame(other.history("scores")))


def test_a_reveal_planned_for_later_opens_nothing_before_its_day(sealed, tmp_path):
    sealed.backup(tmp_path / "copy.duckdb")
    clock = Clock()
    clock.day = DAY[2]
    with open_store(tmp_path / "copy.duckdb", mode="write", clock=clock) as other:
        planned = ScoringRound(id="R2", opened_on=DAY[1], revealed_on=DAY[3])
        other.accept({"scoring_rounds": frame([planned], "scoring_rounds")}, actor=JO, reason="Planned")
        assert other.sealed_rounds() == ("R2",)
        assert_tells_nothing(of_frame(other.table("scores")))
        clock.day = DAY[3]
        assert other.sealed_rounds() == ()
        assert SECRET in of_frame(other.table("scores"))


def test_revealed_scores_are_seen_but_not_as_known_on_a_day_before(tmp_path):
    clock = Clock()
    with small_store(tmp_path / "plan.duckdb", clock) as store:
        open_round(store, "R1", JO, "First", stopping_rule=RULE, today=clock.day)
        save_scores(
            store, FRS, "R1", scored([("clear", "I", SECRET, SECRET_NOTE)]), JO, "Scored", today=clock.day
        )
        clock.day = DAY[1]
        close_round(store, "R1", JO, "Closed", today=clock.day)
        assert store.table("scores").is_empty()
        clock.day = DAY[2]
        reveal_round(store, "R1", JO, "Shown", today=clock.day)
        assert store.table("scores")["score"].to_list() == [Decimal(SECRET)]
        assert store.table("scores", as_of=DAY[1]).is_empty()
        assert store.table("scores", as_of=DAY[2]).height == 1
        assert store.history("scores")["actor"].to_list() == ["Jo Field"]
        assert [round_of(store, "R1", today=d).state for d in DAY[1:3]] == ["closed", "revealed"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (GivenScore("clear", "I", Decimal("10.1")), "S5-anchors"), (GivenScore("clear", "I", Decimal("-0.1")), "S5-anchors"),
        (GivenScore("clear", "I", Decimal("NaN")), "S5-anchors"), (GivenScore("claer", "I", Decimal(3)), "S3-unknown"),
        (GivenScore("clear", "X", Decimal(3)), "S3-unknown"), (GivenScore("clear", "I", Decimal(3), abstained=True), "S6-both"),
        (GivenScore("clear", "I", Decimal(3), confidence=6), "S7-confidence"),
    ],
)  # fmt: skip
def test_bad_score_is_refused_in_words_and_nothing_is_stored(sealed, given, code):
    before = sealed.last_seq
    with pytest.raises(NotSaved) as caught:
        save_scores(sealed, PU, "R2", [given, GivenScore("boats", "E", Decimal(2))], JO, "Bad", today=DAY[2])
    assert [f.code for f in caught.value.findings] == [code]
    assert sealed.last_seq == before


def test_scorer_is_the_only_role_or_has_to_be_named(sealed):
    assert scorer_role(sealed, PU) == "clerk"
    with pytest.raises(UnknownName):
        scorer_role(sealed, PU, "watch")
    with pytest.raises(InvalidInput, match="no role"):
        scorer_role(sealed, "ferry.co")


def test_prioritisation_of_a_plan_whose_only_round_is_open_says_so(own):
    store, clock = own
    save_scores(store, PU, "R1", scored([("boats", "I", SECRET, SECRET_NOTE)]), JO, "Own", today=clock.day)
    done = prioritise(store)
    assert "no agency sees another" in done.headline
    assert done.ranked == ()
    assert_tells_nothing(done)

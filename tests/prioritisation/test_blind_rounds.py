"""While a round is open nobody reads another agency's scores, whichever road they take."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from typer.testing import CliRunner

from partnership._workflows.checking import plan_guard
from partnership._workflows.editing import NotSaved, save_rows, undo_rows
from partnership._workflows.prioritising import prioritise
from partnership._workflows.scoring import GivenScore, own_scores, save_scores, scorer_role
from partnership._workflows.scoring_rounds import close_round, open_round, progress, reveal_round, round_of
from partnership._workflows.scoring_sheets import load_scores, scoring_sheet
from partnership.cli import app
from partnership.errors import InvalidInput, PartnershipError, UnknownName
from partnership.prioritisation import Criterion, Score, ScoringRound
from partnership.store import Actor, StaleWrite, open_store
from partnership.store.protocol import Refused
from partnership.tables import RECORD_TYPES, frame
from partnership.views import VIEWS
from partnership.workflows import check_file, export_workbook
from tests.plans.small_plan import small_frames, write_plan

FRS, PU = "fire-and-rescue", "parish/union"
ROLE = {FRS: "watch", PU: "clerk"}
JO = Actor("Jo Field")
DAY = [dt.date(2026, 1, 5), dt.date(2026, 2, 2), dt.date(2026, 3, 2), dt.date(2026, 4, 6)]
SECRET, SECRET_NOTE = "7.3719", "Kelpie under the slipway"
RULE = "Two rounds, and a third where a kind of disagreement changes."


class Clock:
    def __init__(self) -> None:
        self.day = DAY[0]

    def __call__(self) -> dt.datetime:
        return dt.datetime.combine(self.day, dt.time(12), tzinfo=dt.UTC)


def criteria():
    return [
        Criterion(id="I", axis="impact", name="People reached", weight=Decimal(1), anchor_0="Nobody"),
        Criterion(id="E", axis="effort", name="Days of work", weight=Decimal(1), anchor_10="A year"),
    ]


def score(agency, item, criterion, value, round_id="R1", **more):
    return Score(
        item_id=item, criterion_id=criterion, round_id=round_id, agency_id=agency, scorer_role_id=ROLE[agency],
        score=None if value is None else Decimal(value), scored_on=DAY[0], **more,
    )  # fmt: skip


def small_store(path, clock):
    frames = {t: f for t, f in small_frames().items() if f.height}
    frames["criteria"] = frame(criteria(), "criteria")
    store = open_store(path, mode="create", clock=clock)
    store.accept(frames, actor=JO, reason="Opening")
    return store


def scored(values):
    return [GivenScore(i, c, Decimal(v), note=n) for i, c, v, n in values]


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


# ------------------------------------------------------------------------------------------ the states of a round


def test_rounds_open_close_and_reveal_in_order_and_say_so_when_not(tmp_path):
    clock = Clock()
    with small_store(tmp_path / "plan.duckdb", clock) as store:
        with pytest.raises(InvalidInput, match="stopping rule"):
            open_round(store, "R1", JO, "First", today=clock.day)
        open_round(store, "R1", JO, "First", stopping_rule=RULE, today=clock.day)
        with pytest.raises(InvalidInput, match="Reveal it before"):
            open_round(store, "R2", JO, "Second", today=clock.day)
        with pytest.raises(UnknownName):
            save_scores(store, FRS, "R9", [], JO, "No round", today=clock.day)
        close_round(store, "R1", JO, "Closed", today=clock.day)
        with pytest.raises(NotSaved, match="takes no scores"):
            save_scores(store, FRS, "R1", scored([("clear", "I", "4", None)]), JO, "Late", today=clock.day)
        with pytest.raises(InvalidInput, match="cannot be closed"):
            close_round(store, "R1", JO, "Again", today=clock.day)
        reveal_round(store, "R1", JO, "Shown", today=clock.day)
        with pytest.raises(InvalidInput, match="cannot be revealed"):
            reveal_round(store, "R1", JO, "Again", today=clock.day)
        with pytest.raises(InvalidInput, match="stays as it is"):
            open_round(store, "R2", JO, "Second", stopping_rule="Another rule", today=clock.day)
        open_round(store, "R2", JO, "Second", today=clock.day)
        assert round_of(store, "R2", today=clock.day).stopping_rule == RULE
        assert [r["reason"] for r in store.changes().iter_rows(named=True)][-4:] == [
            "First",
            "Closed",
            "Shown",
            "Second",
        ]
        assert store.history("scoring_rounds", "R1").height == 3


def test_round_closed_a_moment_before_the_save_is_refused_inside_the_lock(tmp_path, monkeypatch):
    from partnership._workflows import scoring

    clock = Clock()
    with small_store(tmp_path / "plan.duckdb", clock) as store:
        open_round(store, "R1", JO, "First", stopping_rule=RULE, today=clock.day)
        monkeypatch.setattr(
            scoring, "_faults", lambda *_: close_round(store, "R1", JO, "Just now", today=clock.day) and []
        )
        with pytest.raises(Refused, match="takes no scores"):
            save_scores(store, FRS, "R1", scored([("clear", "I", "4", None)]), JO, "Late", today=clock.day)
        assert store.own_scores(FRS).is_empty()


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


# ------------------------------------------------------------------------------------------ by workbook


@pytest.fixture
def own(tmp_path):
    clock = Clock()
    with small_store(tmp_path / "plan.duckdb", clock) as store:
        open_round(store, "R1", JO, "First", stopping_rule=RULE, today=clock.day)
        yield store, clock


def filled(data, changes):
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["Scoring"]
    for cell, value in changes.items():
        sheet[cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_sheet_sent_out_filled_and_loaded_back_stores_own_scores(own):
    store, clock = own
    sheet = scoring_sheet(store, "PU27", "R1", today=clock.day)
    shown = openpyxl.load_workbook(io.BytesIO(sheet))["Scoring"]
    assert [c.value for c in shown[5]][:8] == [
        "Item id",
        "Item",
        "Criterion id",
        "Criterion",
        "0 means",
        "5 means",
        "10 means",
        "Score, 0 to 10",
    ]
    assert [shown[f"A{r}"].value + shown[f"C{r}"].value for r in range(6, 10)] == [
        "boatsI",
        "boatsE",
        "clearI",
        "clearE",
    ]
    data = filled(sheet, {"H6": 6.5, "J6": 4, "K6": "Saw it work", "I7": "yes", "H8": 0})
    back, receipt = load_scores(store, data, "parishes.xlsx", JO, "Sheet", today=clock.day)
    assert (back.agency_id, receipt.total.new) == (PU, 3)
    rows = {
        (r["item_id"], r["criterion_id"]): (r["score"], r["abstained"], r["confidence"], r["note"])
        for r in own_scores(store, PU).iter_rows(named=True)
    }
    assert rows == {
        ("boats", "I"): (Decimal("6.5"), False, 4, "Saw it work"), ("boats", "E"): (None, True, None, None), ("clear", "I"): (Decimal(0), False, None, None),
    }  # fmt: skip
    assert store.changes().row(-1, named=True)["source_kind"] == "scores"
    again, receipt = load_scores(
        store, scoring_sheet(store, PU, "R1", today=clock.day), "again.xlsx", JO, "Same", today=clock.day
    )
    assert receipt.total.total == 0


def test_sheet_with_a_score_changed_since_is_stale_with_both_values(own):
    store, clock = own
    save_scores(store, PU, "R1", scored([("boats", "I", "3", None)]), JO, "By hand", today=clock.day)
    old = scoring_sheet(store, PU, "R1", today=clock.day)
    save_scores(store, PU, "R1", scored([("boats", "I", "8", None)]), JO, "Later", today=clock.day)
    with pytest.raises(StaleWrite) as caught:
        load_scores(store, filled(old, {"H6": 4.5}), "old.xlsx", JO, "Old", today=clock.day)
    assert caught.value.conflicts[0].differences["score"] == (Decimal(8), Decimal("4.5"))


@pytest.mark.parametrize(
    ("changes", "where"),
    [({"H6": 11}, "H6"), ({"H6": 3, "K6": "NHS number 943 476 5919"}, "K6"),
     *(pytest.param(*bad, marks=pytest.mark.long) for bad in (
         ({"H6": "many"}, "H6"), ({"A6": "baots", "H6": 3}, "H6"), ({"J6": 9, "H6": 3}, "H6"), ({"H6": 3, "I6": "yes"}, "H6")))],
)  # fmt: skip
def test_bad_sheet_is_refused_by_cell_and_nothing_is_stored(own, changes, where):
    store, clock = own
    data = filled(scoring_sheet(store, PU, "R1", today=clock.day), changes)
    with pytest.raises(NotSaved) as caught:
        load_scores(store, data, "bad.xlsx", JO, "Bad", today=clock.day)
    assert any(f.place.endswith(f"!{where}") for f in caught.value.findings if f.rejects), (
        caught.value.findings
    )
    assert own_scores(store, PU).is_empty()


def test_sheet_for_a_closed_round_of_another_agency_or_no_sheet_is_refused(own, tmp_path):
    store, clock = own
    sheet = filled(scoring_sheet(store, PU, "R1", today=clock.day), {"H6": 3})
    with pytest.raises(NotSaved, match="sheet of"):
        load_scores(store, sheet, "s.xlsx", JO, "Other", agency_id=FRS, today=clock.day)
    for data in (b"", b"PK", export_workbook(store)):
        with pytest.raises(NotSaved):
            load_scores(store, data, "no.xlsx", JO, "No sheet", today=clock.day)
    close_round(store, "R1", JO, "Closed", today=clock.day)
    with pytest.raises(NotSaved, match="takes no scores"):
        load_scores(store, sheet, "s.xlsx", JO, "Late", today=clock.day)
    with pytest.raises(InvalidInput, match="no sheet to send"):
        scoring_sheet(store, PU, "R1", today=clock.day)


def test_scoring_sheet_given_as_a_plan_is_told_where_it_belongs(own):
    store, clock = own
    sheet = scoring_sheet(store, "PU27", "R1", today=clock.day)
    done = check_file(sheet, "parishes.xlsx", store=store, today=clock.day)
    assert not done.acceptable
    told = next(f for f in done.findings if f.code == "B7-scoring-sheet")
    assert "partnership scores" in told.do
    assert "B4-no-sheets" not in {f.code for f in done.findings}


def test_workbook_that_changes_the_stopping_rule_is_refused(own):
    store, clock = own
    frames = small_frames()
    frames["criteria"] = frame(criteria(), "criteria")
    frames["scoring_rounds"] = frame(
        [ScoringRound(id="R1", opened_on=DAY[0], stopping_rule="Until we agree")], "scoring_rounds"
    )
    buffer = io.BytesIO()
    write_plan(buffer, frames)
    done = check_file(buffer.getvalue(), "rule.xlsx", store=store, today=clock.day)
    assert "S10-stopping-rule" in {f.code for f in done.findings}
    assert not done.acceptable


def test_stopping_rule_stays_as_declared_by_every_road(own, tmp_path):
    """By hand on a page, undone, by workbook past its own check, taken out, with no guard at all, by command."""
    from partnership._workflows.editing import Edit
    from partnership.store.stopping_rules import CODE

    store, clock = own
    version = int(store.table("scoring_rounds")["row_version"][0])
    before = store.last_seq

    def refused(do):
        with pytest.raises(Refused) as caught:
            do()
        assert [f.code for f in caught.value.findings] == [CODE]
        assert "stays" in caught.value.findings[0].do

    for changed in ("Until we agree", None):
        edit = Edit({"stopping_rule": changed or ""}, "R1", version)
        refused(lambda edit=edit: save_rows(store, "scoring_rounds", [edit], JO, "Another rule"))
    second = Edit({"id": "R2", "opened_on": str(DAY[3]), "stopping_rule": "Until we agree"})
    refused(lambda: save_rows(store, "scoring_rounds", [second], JO, "A rule of its own"))
    refused(lambda: undo_rows(store, "scoring_rounds", {"R1": version}, JO, "Never opened"))
    row = store.table("scoring_rounds").row(0, named=True)
    record = ScoringRound(**{f: row[f] for f in ScoringRound.model_fields})
    other = {
        "scoring_rounds": frame(
            [record.model_copy(update={"stopping_rule": "Until we agree"})], "scoring_rounds"
        )
    }
    refused(lambda: store.accept(other, actor=JO, reason="Past the check", guard=plan_guard(other)))
    refused(
        lambda: store.accept(
            {}, removed={"scoring_rounds": ["R1"]}, actor=JO, reason="Gone", guard=plan_guard({})
        )
    )
    refused(lambda: store.accept(other, actor=JO, reason="By one who brings no guard"))
    refused(lambda: store.accept({}, removed={"scoring_rounds": ["R1"]}, actor=JO, reason="Nor here"))
    own_rule = ScoringRound(id="R2", opened_on=DAY[3], stopping_rule="Until we agree")
    second_round = {"scoring_rounds": frame([own_rule], "scoring_rounds")}
    refused(lambda: store.accept(second_round, actor=JO, reason="Nor with a second round"))
    assert store.last_seq == before
    assert store.table("scoring_rounds").row(0, named=True)["stopping_rule"] == record.stopping_rule
    close_round(store, "R1", JO, "Closed", today=clock.day)
    reveal_round(store, "R1", JO, "Shown", today=clock.day)
    store.backup(tmp_path / "copy.duckdb")
    words = [
        "round",
        "open",
        "R2",
        "--stopping-rule",
        "Until we agree",
        "--store",
        str(tmp_path / "copy.duckdb"),
    ]
    done = CliRunner().invoke(app, words)
    assert done.exit_code != 0
    assert "stays as it is" in " ".join(done.output.split())


def test_prioritisation_of_a_plan_whose_only_round_is_open_says_so(own):
    store, clock = own
    save_scores(store, PU, "R1", scored([("boats", "I", SECRET, SECRET_NOTE)]), JO, "Own", today=clock.day)
    done = prioritise(store)
    assert "no agency sees another" in done.headline
    assert done.ranked == ()
    assert_tells_nothing(done)

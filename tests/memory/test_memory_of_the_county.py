"""Promises and memory of the county by the views, the workflows, the pages' door and the commands: one truth."""

import datetime as dt
import io
import json
import shutil
from pathlib import Path
from statistics import median

import polars as pl
import pytest
from typer.testing import CliRunner

from partnership._workflows.handing_over import hand_over, pack_json
from partnership._workflows.handover_files import pack_html, pack_xlsx
from partnership._workflows.promising import kept_on, promised
from partnership._workflows.remembering import remembered, search_memory
from partnership.cli import app
from partnership.errors import InvalidInput, UnknownName
from partnership.store import Actor, open_store

TODAY = dt.date(2026, 11, 23)
COUNTY_CLOCKS = Path(__file__).parents[2] / "sample_data" / "wendleshire" / "wendleshire_plan.clocks.toml"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def path(tmp_path_factory, county_file):
    path = tmp_path_factory.mktemp("memory") / "county.duckdb"
    shutil.copy(county_file, path)
    return path


@pytest.fixture(scope="module")
def store(path):
    with open_store(path, mode="write") as opened:
        yield opened


@pytest.fixture(scope="module")
def found(store):
    return promised(store, today=TODAY)


def test_counts_by_agency_and_kind_are_those_of_the_views(store, found):
    totals = store.fetch("promise_totals", today=TODAY).row(0, named=True)
    assert (found.whole.made, found.whole.due, found.whole.on_time, found.whole.overdue) == (
        totals["made"], totals["due"], totals["kept_on_time"], totals["overdue"]
    )  # fmt: skip
    for row in store.fetch("promises_by_agency", today=TODAY).iter_rows(named=True):
        if row["made"]:
            one = found.by_agency[row["agency_id"]]
            assert (one.made, one.on_time, one.late) == (row["made"], row["kept_on_time"], row["kept_late"])
    for name in ("made", "due", "on_time", "overdue"):
        whole = getattr(found.whole, name)
        assert sum(getattr(k, name) for k in found.by_kind.values()) == whole
        assert sum(getattr(k, name) for k in found.by_both.values()) == whole
    assert sum(w.held_up_gbp for w in found.waits) == totals["held_up_gbp"]
    assert kept_on(store, dt.date(2026, 9, 3)).made < found.whole.made


def test_open_promises_are_in_the_curve_and_never_done(store, found):
    rows = store.fetch("promises", today=TODAY)
    still = rows.filter(pl.col("state").is_in(["overdue", "not yet due"]))
    assert (found.time.promises, found.time.still_open) == (rows.height, still.height)
    assert sum(b.count for b in found.ages) == still.height
    done = rows.filter(pl.col("delivered_on").is_not_null())
    naive = median((d - m).days for d, m in done.select("delivered_on", "made_on").iter_rows())
    assert found.time.half_done_in > naive, "leaving open ones out makes promises look faster than they are"


def test_nothing_followed_is_what_names_no_decision_and_no_promise(store, found):
    rows = store.table("shared_information")
    bare = rows.filter(pl.col("decision_id").is_null() & pl.col("commitment_id").is_null())
    assert [s.id for s in found.nothing_followed] == bare.sort("given_on")["id"].to_list()
    early = promised(store, today=bare["given_on"].min() + dt.timedelta(days=5))
    assert bare.sort("given_on")["id"][0] in [s.id for s in early.shared if s.came.state == "too early"]


def test_roles_are_everybody_written_down_and_people_alone_are_named_once(store):
    memory = remembered(store, today=TODAY)
    held = store.table("role_holders")
    assert sum(len(r.holdings) for r in memory.roles) == held.height
    unnamed = held.filter(pl.col("holder").is_null() & pl.col("ended_on").is_null()).height
    assert sum(r.standing == "nobody named" for r in memory.roles) == unnamed
    things = [(t.kind, t.id) for c in memory.carriers for t in c.alone_on]
    assert len(things) == len(set(things)) > 0
    for one in memory.carriers:
        for thing in one.alone_on:
            assert {memory.people[r] for r in thing.roles} - {None} == ({one.person} - {None})


def test_search_finds_dissent_refuses_personal_data_and_knows_no_later_day(store):
    row = store.table("decisions").filter(pl.col("dissent").str.len_chars() > 20).row(0, named=True)
    word = max(row["dissent"].replace(".", " ").split(), key=len)
    assert row["id"] in [m.entry.id for m in search_memory(store, word, today=TODAY)]
    before = row["decided_on"] - dt.timedelta(days=1)
    assert row["id"] not in [m.entry.id for m in search_memory(store, word, today=before)]
    with pytest.raises(InvalidInput, match="personal data"):
        search_memory(store, "someone@example.org", today=TODAY)


def test_pack_is_whole_the_same_twice_and_safe(store):
    pack = hand_over(store, "R-HUB", today=TODAY)
    assert hand_over(store, "hub manager", today=TODAY) == pack
    told = pack_json(pack)
    decisions = store.table("decisions")
    assert sum("Why" in r for s in told["sections"] for r in s["rows"]) == decisions.height
    text = pack_html(pack)
    assert text == pack_html(pack)
    assert text.count("<section") == len(pack.sections) == text.count("<h2")
    book = pl.read_excel(io.BytesIO(pack_xlsx(pack)), sheet_id=0)
    assert len(book) == len(pack.sections) + 1
    last = store.changes().filter(pl.col("what") != "refusal").sort("seq").row(-1, named=True)
    closing = f"partnership verify-store --seal {last['seq']}:{last['entry_hash'][:16]}"
    paper = text.split('<p class="sub seal">')
    assert len(paper) == 2, "one closing line"
    assert paper[1].split("</p>")[0].endswith(closing)
    assert last["entry_hash"] in paper[1]
    assert paper[1].split("</p>")[1].strip().startswith("</main>"), "nothing stands after it"
    assert told["seal"].endswith(closing)
    written = pl.read_excel(io.BytesIO(pack_xlsx(pack)), sheet_name="Handover", has_header=False)
    assert str(written.row(-1)[0]) == told["seal"]
    with pytest.raises(UnknownName, match="Hub manager"):
        hand_over(store, "Hub manger", today=TODAY)


def test_commands_say_what_the_workflows_say(path, store, tmp_path):
    store.close()

    def ran(*words):
        result = CliRunner().invoke(app, [*words, "--store", str(path), "--as-of", str(TODAY)])
        assert result.exit_code == 0, result.output
        return result.output

    told = json.loads(ran("promises", "--agency", "MHT", "--kind", "information", "--json"))
    assert {r["kind"] for r in told["promises"]} == {"information"}
    assert all(
        "MHT" in (r["agency_id"], r["to_agency_id"]) or not r["to_agency_id"] for r in told["promises"]
    )
    assert "check locally" in ran("promises")
    assert "D04" in ran("memory", "travel talk")
    out = tmp_path / "pack.html"
    assert "Written" in ran("handover", "R-HUB", "--out", str(out))
    assert "Handover: Hub manager" in out.read_text(encoding="utf-8")
    wrong = CliRunner().invoke(app, ["handover", "R-HUB", "--out", "pack.doc", "--store", str(path)])
    assert wrong.exit_code == 1
    assert ".html or .xlsx" in wrong.output


def test_other_plans_have_a_memory_too(tmp_path):
    from partnership._workflows.handover_files import pack_html as page
    from tests.plans import small_plan

    with open_store(tmp_path / "small.duckdb", mode="create") as opened:
        assert promised(opened, today=small_plan.TODAY).time.steps == ()
        assert remembered(opened, today=small_plan.TODAY).decisions == ()
        opened.accept(small_plan.small_frames(), actor=Actor("Test", "declared"), reason="Small")
        pack = hand_over(opened, "clerk", today=small_plan.TODAY)
        assert "Una Quayle" in pack.opening
        assert "<script" not in page(pack)


def test_date_moved_on_the_page_keeps_the_first_and_late_still_counts_from_it(path, tmp_path):
    from dashboards.data import Data
    from dashboards.pages import _promise_ticking as ticking
    from dashboards.pages import promises as page

    own = tmp_path / "moved.duckdb"
    shutil.copy(path, own)
    with open_store(own, mode="write") as opened:
        data = Data(opened, lambda: TODAY)
        state = data.state("/promises", "?open=tick")
        late = next(r for r in data.memory.promised(state).rows if r["state"] == "overdue")
        key = late["commitment_id"]
        who = next(h["id"] for h in opened.table("role_holders").to_dicts() if h["ended_on"] is None)
        signed = (who, "Told at the board", "once", ticking._seen(data, [late]), "/promises", "?open=tick")
        wrong = str(ticking._moved(data, key, "soon", "Server came late", *signed)[0])
        assert "must be written as" in wrong
        said = str(ticking._moved(data, key, "2026-12-18", "Server came late", *signed)[0])
        assert "Saved as change 2: 1 row new." in said
        again = str(ticking._moved(data, key, "2027-01-08", "Once more", *signed)[0])
        assert "Somebody changed this promise" in again, "what was seen has moved"
        found = data.memory.promised(state)
        row = next(r for r in found.rows if r["commitment_id"] == key)
        assert (row["due_on"], row["current_due_on"]) == (late["due_on"], dt.date(2026, 12, 18))
        assert (row["state"], row["days_late"]) == ("overdue", late["days_late"])
        before = late["current_due_on"] or late["due_on"]
        assert found.moves[key][-1].from_due_on == before
        shown = str(page.layout(data, data.state("/promises", "")))
        assert "Server came late" in shown
        assert "late still counts from the first" in shown
        gone = found.nothing_followed
        assert gone, "the county has information that nothing followed"
        assert f"Shared, but nothing followed: {len(gone)} of {len(found.shared)}" in shown
        assert all(s.title in shown for s in gone[:8])
        assert "Set your own in a file moved.clocks.toml beside the store" in shown
        assert "Seven clocks: none in force and seven to check locally" in shown
        kept = len(found.shared) - len(gone)
        assert f"{kept} of {len(found.shared)} within 30 days" in shown
        assert "not counted: nothing in the plan counts it" in shown
        assert "as it ships: add it to moved.clocks.toml" in shown
        assert 'id = \\"assessment\\"' in shown or 'id = "assessment"' in shown


def test_clocks_beside_the_store_hold_everywhere_and_a_broken_file_is_said(path, found, tmp_path):
    shutil.copy(path, tmp_path / "county.duckdb")
    own = tmp_path / "county.clocks.toml"
    own.write_text(
        '[[clock]]\nid = "shared-followed"\nname = "Shared and followed"\ncounts = "days"\n'
        'allows = {"" = 100000}\nsource = ""\neffective_from = ""\nstatus = "check locally"\n'
        + COUNTY_CLOCKS.read_text(encoding="utf-8")
    )
    with open_store(tmp_path / "county.duckdb", mode="read") as opened:
        mine = promised(opened, today=TODAY)
        assert found.nothing_followed
        assert mine.nothing_followed == ()
        assert mine.clocks_from == "Your own clocks are those of county.clocks.toml."
        assert (mine.clocks_file, mine.clocks_lines) == (
            own.name, {"shared-followed": 2, "referral-decision": 12}
        )  # fmt: skip
        counted = {s.clock.id: s for s in mine.standings if s.kept is not None}
        assert set(counted) == {"shared-followed", "referral-decision"}
        readings = opened.table("readings").filter(pl.col("measure_id") == "M-ONEDAY").sort("period").tail(12)
        one = counted["referral-decision"]
        assert (one.kept, one.kept + one.late) == (readings["numerator"].sum(), readings["denominator"].sum())
        assert one.provisional == (readings["state"] == "provisional").sum() > 0
        assert (one.first, one.last) == (readings["period"].min(), readings["period"].max())
        own.write_text("[[clock]]\nid = 1 = 2")
        broken = promised(opened, today=TODAY)
        assert broken.nothing_followed == found.nothing_followed
        assert broken.clocks_from.startswith("county.clocks.toml cannot be used.")

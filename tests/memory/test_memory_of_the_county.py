"""Promises and memory of the county by the views, the workflows, the pages' door and the commands: one truth."""

import datetime as dt
import io
import json
import shutil
from statistics import median

import polars as pl
import pytest
from typer.testing import CliRunner

from dashboards.forms_sent import save_form
from partnership._workflows.handing_over import hand_over, pack_json
from partnership._workflows.handover_files import pack_html, pack_xlsx
from partnership._workflows.promising import kept_on, promised
from partnership._workflows.remembering import remembered, search_memory
from partnership.cli import app
from partnership.errors import InvalidInput, UnknownName
from partnership.store import Actor, open_store

TODAY = dt.date(2026, 11, 23)
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
        found = promised(opened, today=small_plan.TODAY)
        kept = {
            s.clock.id: (s.kept, s.late, s.running) for s in found.standings if s.clock.clock_id == "tide"
        }
        assert kept == {"tide/1": (0, 2, 0), "tide/2": (0, 0, 0)}, "both were promised before the bylaw"
        assert found.clocks.week(small_plan.TODAY).bank_holidays == "IM"
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
        assert "Stored now: overdue, moved to 18 December 2026." in again
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
        assert "They are rows of the plan, with their history." in shown
        assert "Eight clocks: three in force and five to check locally" in shown
        late = [s for s in gone if s.clock.id == "shared-followed"]
        early = [s for s in found.shared if s.clock.id == "shared-followed"]
        assert f"{len(early) - len(late)} of {len(early)} within 30 days" in shown
        assert "not counted: nothing in the plan counts it" in shown
        assert "Set our own" in shown
        assert "Set our own" not in str(page.layout(data, data.state("/promises", "?as_of=2026-11-01")))


def test_clocks_are_rows_of_the_plan_and_those_decided_later_are_not_known_before(path, found):
    with open_store(path, mode="read") as opened:
        _clocks_as_known(opened, found)


def _clocks_as_known(store, found):
    rows = store.table("clocks")
    assert rows["id"].to_list() == sorted(rows["id"].to_list())
    unsourced = rows.filter(pl.col("source").is_null() | pl.col("effective_from").is_null())
    assert unsourced.height == 1
    assert set(unsourced["standing"]) == {"check locally"}
    counted = {s.clock.id: s for s in found.standings if s.kept is not None}
    readings = store.table("readings").filter(pl.col("measure_id") == "M-ONEDAY").sort("period").tail(12)
    one = counted["CK2"]
    assert (one.kept, one.kept + one.late) == (readings["numerator"].sum(), readings["denominator"].sum())
    assert one.provisional == (readings["state"] == "provisional").sum() > 0
    assert (one.first, one.last) == (readings["period"].min(), readings["period"].max())
    changed = dt.date(2026, 10, 1)
    for piece in found.shared:
        assert piece.clock.allows == (21 if piece.given_on >= changed else 30), piece.id
    before = promised(store, as_of=dt.date(2026, 9, 2))
    after = promised(store, as_of=dt.date(2026, 9, 3))
    assert ("CK8" in before.clocks.own, "CK8" in after.clocks.own) == (False, True)
    assert [r.allows for r in after.clocks.in_force(after.on) if r.clock_id == "shared-followed"] == [30]


def test_clock_changed_on_the_page_counts_anew_and_keeps_what_was_known(path, tmp_path):
    from dashboards.data import Data
    from dashboards.pages import _promise_clock_editing as editing
    from dashboards.pages import _promise_panels as panels
    from dashboards.pages import promises as page

    own = tmp_path / "county.duckdb"
    shutil.copy(path, own)
    with open_store(own, mode="write") as opened:
        data = Data(opened, lambda: TODAY)
        asked = "?open=clocks&clock=CK8"
        state = data.state("/promises", asked)
        before = data.memory.promised(state)
        shown = str(page.layout(data, state))
        assert "changes from a day on" in shown
        who = next(h["id"] for h in opened.table("role_holders").to_dicts() if h["ended_on"] is None)
        mend, new = editing.CLOCKS.forms[1], editing.CLOCKS.forms[0]

        def saved(form, row, **typed):
            said = save_form(data, "clock", form, row, typed, who, "Agreed by the board", "/promises", asked)
            return str(said[0])

        kept = {"row_key": "CK8", "version": 1, "fixed": {}, "once": "a"}
        assert "Nothing was stored" in saved(mend, kept, source="", effective_from="")
        assert "information governance" in saved(mend, kept, note="Ring jo@example.org")
        assert "1 row changed" in saved(mend, kept, allows="90")
        assert "saved first" in saved(mend, {**kept, "once": "b"}, allows="7"), (
            "its version was seen by nobody since"
        )
        fresh = {"row_key": None, "version": 0, "fixed": {}, "once": "c"}
        typed = {
            "clock_id": "shared-followed",
            "name": "Shared",
            "times": "information shared",
            "allows": "5",
        }
        assert "same day" in saved(new, fresh, **typed, counts="days", effective_from="2026-10-01")
        assert "1 row new" in saved(new, fresh, **typed, counts="days", effective_from="2026-10-07")
        after = data.memory.promised(data.state("/promises", asked))
        assert [(s.id, s.clock.allows) for s in after.shared][-2:] != [
            (s.id, s.clock.allows) for s in before.shared
        ][-2:]
        assert {s.clock.allows for s in after.shared if s.given_on < dt.date(2026, 10, 1)} == {30}
        assert {s.clock.allows for s in after.shared if s.given_on >= dt.date(2026, 10, 1)} == {90, 5}
        told = opened.history("clocks", "CK8")
        assert told["allows"].to_list() == [21, 90]
        assert opened.verify() == []
        assert "30 days: This toolkit's own choice; check locally. 90 days: Minutes" in str(
            panels.shared_panel(data, state, after)
        )


@pytest.mark.long
def test_file_of_clocks_counts_until_the_plan_has_its_own_and_can_be_brought_in(tmp_path):
    from tests.plans import small_plan

    frames = {n: f for n, f in small_plan.small_frames().items() if n != "clocks" and f.height}
    path, own = tmp_path / "isle.duckdb", tmp_path / "isle.clocks.toml"
    own.write_text(
        '[[working_week]]\nvintage = "own"\ndays = [1, 2]\nbegins = "08:00"\nends = "12:00"\nbank_holidays = "IM"\n'
        'source = ""\neffective_from = ""\nstatus = "check locally"\n'
        '[[clock]]\nid = "hub"\nname = "Hub"\ncounts = "working hours"\nallows = { red = 2, amber = 6 }\n'
        'source = "Deed"\neffective_from = "2027-01-01"\nstatus = "in force"\n',
        encoding="utf-8",
    )

    def known():
        with open_store(path, mode="read") as opened:
            found = promised(opened, today=small_plan.TODAY)
            hub = [(r.colour, r.allows) for r in found.clocks.rules if r.clock_id == "hub"]
            return found.clocks_from, hub, found.clocks.week(small_plan.TODAY).begins.hour

    with open_store(path, mode="create") as opened:
        opened.accept(frames, actor=Actor("Test", "declared"), reason="Small")
    said, hub, begins = known()
    assert said.startswith("Your own clocks are those of isle.clocks.toml, as it reads today")
    assert (hub, begins) == ([("red", 2), ("amber", 6)], 8)
    text = own.read_text(encoding="utf-8")
    own.write_text(text.replace('"Hub"', '"Hub, ring jo@example.org"'), encoding="utf-8")
    runner = CliRunner()
    load = ["load", "--as", "clocks", str(own), "--yes", "--actor", "Clerk", "--store", str(path)]
    refused = runner.invoke(app, load)
    assert refused.exit_code == 1
    assert "jo@example.org" not in refused.output
    own.write_text("[[clock]]\nid = 1 = 2", encoding="utf-8")
    assert runner.invoke(app, load).exit_code == 1
    broken, hub, begins = known()
    assert broken.startswith("isle.clocks.toml cannot be used.")
    assert (hub, begins) == ([], 9), "those that ship hold"
    own.write_text(text, encoding="utf-8")
    done = runner.invoke(app, load)
    assert done.exit_code == 0, done.output
    said, hub, begins = known()
    assert said.endswith("The file isle.clocks.toml is not read any more: these took its place.")
    assert (hub, begins) == ([("red", 2), ("amber", 6)], 8)
    with open_store(path, mode="read") as opened:
        assert opened.table("clocks")["id"].to_list() == ["hub/amber", "hub/red", "office-week"]
        assert opened.verify() == []

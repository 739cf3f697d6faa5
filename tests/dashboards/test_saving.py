"""The door for changes: who and why, the version seen, both values, findings at their fields, and the way back."""

import datetime as dt
import shutil
from decimal import Decimal

import pytest

from dashboards.data import Data
from dashboards.editing import outcome
from dashboards.saving import Edit, edits_of
from dashboards.urls import State
from partnership.errors import InvalidInput
from partnership.store import Actor, open_store

TODAY = dt.date(2026, 11, 23)
NOW = State()
WHO = Actor("Finance officer, council", "declared")


@pytest.fixture(scope="module")
def data(tmp_path_factory, county_file):
    """The county's store behind the door; each test leaves the rows it touches as it found them or says so."""
    path = tmp_path_factory.mktemp("saving") / "county.duckdb"
    shutil.copy(county_file, path)
    with open_store(path, mode="write") as store:
        yield Data(store, lambda: TODAY)


def row_of(data, key):
    rows = data.table("expectations", NOW)
    return rows.filter(rows["row_key"] == key).row(0, named=True)


def save(data, values, key=None, version=0, **more):
    given = {"actor": WHO, "reason": "Heard at the board", **more}
    return data.save(given.pop("state", NOW), "expectations", [Edit(values, key, version)], **given)


def test_door_change_is_stored_with_who_why_and_can_be_undone(data):
    before = row_of(data, "E010")
    saved = save(data, {"quantity": "1,300.5"}, "E010", before["row_version"])
    assert saved.done
    assert saved.words == f"Saved as change {saved.receipt.seq}: 1 row changed."
    assert row_of(data, "E010")["quantity"] == Decimal("1300.5")
    last = data.history("expectations", "E010").row(-1, named=True)
    assert (last["actor"], last["actor_kind"], last["change_reason"]) == (
        WHO.name,
        "declared",
        "Heard at the board",
    )
    undone = data.undo(NOW, "expectations", {"E010": last["row_version"]}, actor=WHO)
    assert undone.done
    assert row_of(data, "E010")["quantity"] == before["quantity"]
    assert data.history("expectations", "E010").height == before["row_version"] + 2


def test_door_stale_save_shows_both_values_and_stores_neither_of_them_over_the_other(data):
    seen = row_of(data, "E003")["row_version"]
    assert save(data, {"quantity": "60"}, "E003", seen).done
    late = save(data, {"quantity": "45", "per": "month"}, "E003", seen)
    assert not late.done
    assert [(c.field, c.theirs, c.yours) for c in late.conflicts] == [("Quantity", "60", "45")]
    assert late.words.startswith(f"{WHO.name} saved first")
    assert row_of(data, "E003")["quantity"] == 60
    knowingly = save(data, {"quantity": "45"}, "E003", late.conflicts[0].version)
    assert knowingly.done
    assert row_of(data, "E003")["quantity"] == 45


@pytest.mark.parametrize("note", ["Ask jane@example.org", "NHS 943 476 5919", "lives at SW1A 1AA"])
def test_door_text_that_points_at_a_person_is_refused_and_never_repeated(data, note):
    saved = save(data, {"definition_note": note}, "E004", row_of(data, "E004")["row_version"])
    assert not saved.done
    assert [(f.severity, f.place) for f in saved.findings] == [("quarantine", "Definition note")]
    assert not any(note[-6:] in str(f) for f in saved.findings)
    assert note not in saved.words


def test_door_faults_are_told_field_by_field_in_one_pass(data):
    saved = save(data, {"quantity": "plenty", "expected_by": "31/02/2027", "direction": "takes"})
    assert {"Quantity", "Expected by", "Direction", "Goal id", "Agency id"} <= {
        f.place for f in saved.findings
    }
    assert not saved.done


def test_door_row_that_breaks_the_plan_is_refused_inside_the_writer(data):
    values = {
        "goal_id": "G99",
        "measure_id": "M-CASES",
        "agency_id": "POL",
        "direction": "gives",
        "stated_on": TODAY,
    }
    saved = save(data, {**values, "quantity": 5})
    assert [f.code for f in saved.findings] == ["plan-reference"]
    none = save(data, {**values, "goal_id": "G1", "answer": "no answer", "quantity": 5})
    assert [f.code for f in none.findings] == ["plan-expectation-answer"]


def test_door_what_is_stored_and_looks_wrong_is_said_at_once(data):
    before = row_of(data, "E012")
    saved = save(data, {"unit": "hours"}, "E012", before["row_version"])
    assert saved.done
    assert [(f.code, f.severity) for f in saved.findings] == [("plan-expectation-unit", "warning")]
    shown = str(outcome(saved, "expectation"))
    assert "Look again at" in shown
    assert saved.findings[0].found in shown
    back = save(data, {"unit": before["unit"]}, "E012", before["row_version"] + 1)
    assert (back.done, back.findings) == (True, ())


def test_door_new_row_takes_the_next_id_once_and_its_undoing_removes_it(data):
    values = {"goal_id": "G1", "measure_id": "M-CASES", "agency_id": "SCH", "direction": "gives", "quantity": 12,
              "per": "month", "stated_on": TODAY}  # fmt: skip
    known = set(data.table("expectations", NOW)["id"])
    first = save(data, values, once="form-1")
    again = save(data, values, once="form-1")
    assert again is first
    (new,) = set(data.table("expectations", NOW)["id"]) - known
    assert int(new[1:]) == max(int(k[1:]) for k in known) + 1
    assert data.undo(NOW, "expectations", {new: 1}, actor=WHO).receipt.total.removed == 1
    assert set(data.table("expectations", NOW)["id"]) == known
    back = data.undo(NOW, "expectations", {new: 2}, actor=WHO)
    assert back.receipt.total.new == 1
    assert data.undo(NOW, "expectations", {new: 3}, actor=WHO).done


@pytest.mark.parametrize(("more", "words"), [
    ({"actor": None}, "Say first who"),
    ({"reason": "  "}, "Say first why"),
    ({"state": State(as_of=dt.date(2026, 9, 3))}, "the past is not changed"),
])  # fmt: skip
def test_door_refuses_in_words(data, more, words):
    seq = data.version()
    saved = save(data, {"quantity": "1"}, "E003", 1, **more)
    assert words in saved.words
    assert not saved.done
    assert data.version() == seq


def test_door_key_of_a_row_cannot_be_changed(data):
    saved = save(data, {"id": "E999"}, "E010", row_of(data, "E010")["row_version"])
    assert "says which row this is" in saved.words


def test_door_store_for_reading_refuses_in_words(data, tmp_path):
    path = tmp_path / "copy.duckdb"
    data.store.backup(path)
    with open_store(path, mode="read") as store:
        saved = save(Data(store, lambda: TODAY), {"quantity": "1"}, "E003", 1)
    assert saved.words.startswith("This store is open to be read only")


@pytest.mark.parametrize("sent", [
    None, {}, "x", [7], [{"row_key": "E1", "version": "1", "values": {}}], [{"version": True, "values": {}}],
    [{"row_key": 7, "version": 1, "values": {}}], [{"version": 0, "values": {"stated_on": "x"}}],
    [{"version": 0, "values": {"quantity": ["1"]}}], [{"version": 0, "values": {"quantity": {"a": 1}}}],
    [{"version": 0, "values": {}}] * 501,
])  # fmt: skip
def test_door_what_a_browser_sends_is_only_looked_up(sent):
    with pytest.raises(InvalidInput, match="Nothing was stored"):
        edits_of(sent, {"quantity"})


def test_door_history_of_readings_is_not_shown(data):
    with pytest.raises(InvalidInput):
        data.history("readings")

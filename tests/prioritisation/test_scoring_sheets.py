"""Scoring by workbook: a sheet for each agency, sent out and loaded back blind."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest
from blind_plan import FRS, JO, PU, scored

from partnership._workflows.editing import NotSaved
from partnership._workflows.scoring import own_scores, save_scores
from partnership._workflows.scoring_rounds import close_round
from partnership._workflows.scoring_sheets import load_scores, scoring_sheet
from partnership.errors import InvalidInput
from partnership.store import StaleWrite
from partnership.workflows import check_file, export_workbook


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

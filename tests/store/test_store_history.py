"""As known on a day: what was recorded by then, and what the rows themselves say of when they were known."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from store_helpers import JO, SAM, WORKBOOK, agencies, reading, rows_of

from partnership.errors import UnknownName
from partnership.plan import FormulaCell
from partnership.store import DuckStore
from partnership.tables import frame


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def names(store: DuckStore, as_of: str | None = None) -> dict[str, str]:
    rows = store.table("agencies", as_of=day(as_of) if as_of else None)
    return dict(rows.select("id", "name").iter_rows())


def test_as_of_day_between_changes_shows_what_was_recorded_by_then(store: DuckStore, clock) -> None:
    clock.set(2026, 1, 10, 9)
    store.accept({"agencies": agencies("A", name="First")}, actor=JO, reason="Opening", source=WORKBOOK)
    clock.set(2026, 2, 10, 9)
    store.accept({"agencies": agencies("A", name="Second")}, actor=JO, reason="Renamed")
    clock.set(2026, 3, 10, 9)
    store.accept(
        {"agencies": agencies("B", name="Other")}, removed={"agencies": ["A"]}, actor=SAM, reason="Left"
    )
    assert names(store) == {"B": "Other"}
    assert names(store, "2026-01-10") == {"A": "First"}
    assert names(store, "2026-02-09") == {"A": "First"}
    assert names(store, "2026-02-10") == {"A": "Second"}
    assert names(store, "2026-03-09") == {"A": "Second"}
    assert names(store, "2026-03-10") == {"B": "Other"}
    assert store.as_of_note(day("2026-01-10")) is None


def test_as_of_day_ends_at_midnight_in_london_not_in_utc(store: DuckStore, clock) -> None:
    clock.set(2026, 7, 1, 9)
    store.accept({"agencies": agencies("A", name="First")}, actor=JO, reason="Opening")
    clock.set(2026, 7, 9, 22, 59, 0)
    store.accept({"agencies": agencies("A", name="Before midnight")}, actor=JO, reason="Late")
    clock.set(2026, 7, 9, 23, 0, 0)
    store.accept({"agencies": agencies("A", name="After midnight")}, actor=JO, reason="Later")
    assert names(store, "2026-07-09") == {"A": "Before midnight"}
    assert names(store, "2026-07-10") == {"A": "After midnight"}


def test_as_of_day_before_the_opening_load_takes_its_rows_and_says_so(store: DuckStore, clock) -> None:
    clock.set(2026, 11, 23, 9)
    first = frame([reading(value=Decimal(7), read_on=day("2026-05-05")), reading("M2", value=Decimal(9))])
    store.accept({"readings": first}, actor=JO, reason="Opening load", source=WORKBOOK)
    clock.set(2026, 11, 24, 9)
    store.accept({"readings": frame([reading("M3", value=Decimal(1))])}, actor=JO, reason="More")
    assert set(store.table("readings", as_of=day("2026-06-01"))["measure_id"]) == {"M1", "M2"}
    assert set(store.table("readings", as_of=day("2026-05-04"))["measure_id"]) == {"M2"}
    assert store.as_of_note(day("2026-06-01")) == (
        "Rebuilt: this store was opened on 23 November 2026. What was known on 1 June 2026 is worked out from the dates "
        "that its first load carries, not from what was recorded on that day."
    )
    assert store.as_of_note(day("2026-11-23")) is None


def test_refused_file_before_the_opening_load_does_not_count_as_opening(store: DuckStore, clock) -> None:
    clock.set(2026, 11, 1, 9)
    store.refuse(actor=JO, reason="40 findings", source=WORKBOOK, counts={"error": 40})
    clock.set(2026, 11, 23, 9)
    store.accept({"agencies": agencies("A")}, actor=JO, reason="Opening load", source=WORKBOOK)
    assert names(store, "2026-11-05") == {"A": "Agency A"}
    assert "opened on 23 November" in str(store.as_of_note(day("2026-11-05")))


def test_store_without_any_change_answers_for_every_day(store: DuckStore) -> None:
    assert names(store, "2020-01-01") == {}
    assert store.as_of_note(day("2020-01-01")) is None


def test_row_known_from_a_later_day_shows_its_earlier_version_until_then(store: DuckStore, clock) -> None:
    clock.set(2026, 6, 1, 9)
    store.accept(
        {"readings": frame([reading(value=Decimal(10), read_on=day("2026-05-01"))])},
        actor=JO,
        reason="Opening",
    )
    store.accept(
        {"readings": frame([reading(value=Decimal(20), read_on=day("2026-08-01"))])},
        actor=JO,
        reason="Corrected",
    )
    seen = {
        d: store.table("readings", as_of=day(d))["value"].to_list()
        for d in ("2026-06-01", "2026-07-31", "2026-08-01")
    }
    assert seen == {"2026-06-01": [Decimal(10)], "2026-07-31": [Decimal(10)], "2026-08-01": [Decimal(20)]}
    assert store.table("readings")["value"].to_list() == [Decimal(20)]


def test_removed_row_put_again_goes_on_with_its_versions(store: DuckStore) -> None:
    store.accept({"agencies": agencies("A")}, actor=JO, reason="In")
    gone = store.accept({}, removed={"agencies": ["A", "never there"]}, actor=SAM, reason="Out")
    assert tuple(gone.counts["agencies"]) == (0, 0, 1)
    back = store.accept({"agencies": agencies("A", name="Again")}, actor=JO, reason="Back")
    assert tuple(back.counts["agencies"]) == (1, 0, 0)
    assert rows_of(store, "agencies")["A"]["row_version"] == 3
    history = store.history("agencies", "A")
    assert history["op"].to_list() == ["put", "remove", "put"]
    assert history["actor"].to_list() == [JO.name, SAM.name, JO.name]
    assert history["change_reason"].to_list() == ["In", "Out", "Back"]


def test_plan_as_of_a_day_holds_the_records_of_that_day(store: DuckStore, clock) -> None:
    clock.set(2026, 1, 10, 9)
    store.accept({"agencies": agencies("A", "B")}, actor=JO, reason="Opening")
    clock.set(2026, 2, 10, 9)
    store.accept({"agencies": agencies("C")}, removed={"agencies": ["A"]}, actor=JO, reason="Later")
    assert [a.id for a in store.plan()["agencies"]] == ["B", "C"]
    assert [a.id for a in store.plan(as_of=day("2026-01-31"))["agencies"]] == ["A", "B"]


def test_loads_of_a_file_tell_who_loaded_it_and_when(store: DuckStore, clock) -> None:
    clock.set(2026, 1, 10, 9)
    store.accept({"agencies": agencies("A")}, actor=JO, reason="Opening", source=WORKBOOK)
    store.refuse(actor=SAM, reason="Faults", source=WORKBOOK, counts={"error": 3})
    (load,) = store.loads_of(WORKBOOK.sha256)
    assert (load["actor"], load["seq"], load["recorded_at"].date()) == (JO.name, 1, day("2026-01-10"))
    assert store.loads_of("cd" * 32) == ()


def test_formulas_of_a_load_stand_in_the_log_and_beside_the_version_they_made(store: DuckStore) -> None:
    cells = (
        FormulaCell("agencies", "A", "name", "Agencies!C5", "=B5&B6"),
        FormulaCell("agencies", "B", "name", "Agencies!C6", "=B6"),
    )
    store.accept(
        {"agencies": agencies("A", "B")}, actor=JO, reason="Opening", source=replace(WORKBOOK, formulas=cells)
    )
    store.accept({"agencies": agencies("A", name="Typed")}, actor=SAM, reason="Edit")
    store.refuse(actor=JO, reason="Faults", source=replace(WORKBOOK, formulas=cells), counts={"findings": 3})
    assert store.history("agencies", "A")["formulas"].to_list() == ["name: =B5&B6", None]
    log = store.changes()
    assert log.select("formula_cells", "refused_findings").rows() == [(2, None), (0, None), (0, 3)]
    worked_out = store.fetch("worked_out")
    assert worked_out.select("seq", "cell", "record_key", "formula").rows() == [
        (1, "Agencies!C5", "A", "=B5&B6"),
        (1, "Agencies!C6", "B", "=B6"),
    ]
    assert store.verify() == []


def test_log_shows_loads_edits_and_refusals_with_their_counts(store: DuckStore) -> None:
    store.accept({"agencies": agencies("A", "B")}, actor=JO, reason="Opening", source=WORKBOOK)
    store.accept(
        {"agencies": agencies("A", name="New")}, removed={"agencies": ["B"]}, actor=SAM, reason="Edit"
    )
    store.refuse(actor=JO, reason="Faults", source=WORKBOOK, counts={"error": 3})
    log = store.changes()
    assert log["what"].to_list() == ["load", "edit", "refusal"]
    assert log["actor_kind"].to_list() == ["declared"] * 3
    assert log.select("new_rows", "changed_rows", "removed_rows").rows() == [(2, 0, 0), (0, 1, 1), (0, 0, 0)]
    assert log["rows_read"].to_list() == [3, None, 3]
    assert log["seq"].to_list() == [1, 2, 3] == list(range(1, store.last_seq + 1))


def test_clock_set_back_by_a_day_keeps_the_order_and_is_noted(store: DuckStore, clock) -> None:
    clock.set(2026, 3, 10, 9)
    store.accept({"agencies": agencies("A", name="First")}, actor=JO, reason="Opening")
    clock.set(2026, 3, 9, 9)
    late = store.accept({"agencies": agencies("A", name="Second")}, actor=JO, reason="Clock went back")
    clock.set(2026, 3, 11, 9)
    after = store.accept({"agencies": agencies("A", name="Third")}, actor=JO, reason="Clock is right")
    assert (late.seq, late.clock_went_back, after.seq, after.clock_went_back) == (2, True, 3, False)
    assert store.changes()["clock_went_back"].to_list() == [False, True, False]
    assert names(store, "2026-03-10") == {"A": "Second"}
    assert [(f.code, f.severity, f.place) for f in store.verify()] == [
        ("D9-clock-went-back", "warning", "change 2")
    ]


def test_mentions_count_the_history_that_names_a_row(store: DuckStore) -> None:
    store.accept({"agencies": agencies("A", "B")}, actor=JO, reason="Opening")
    store.accept({"readings": frame([reading(agency_id="A", value=Decimal(7))])}, actor=JO, reason="Reading")
    store.accept({}, removed={"readings": ["M1|||A|2026-04-01"]}, actor=JO, reason="Taken back")
    assert store.mentions("agencies", "A") == {"readings": 2}
    assert store.mentions("agencies", "B") == {}
    with pytest.raises(UnknownName):
        store.mentions("agents", "A")

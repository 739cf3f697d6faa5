"""Records that are kept are the records that stand: after any change, in a guard, for older readers, sealed or not."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal

import pytest
from store_helpers import JO, agencies, full_record

from partnership.errors import Finding
from partnership.plan import LARGE_TABLES, Plan
from partnership.prioritisation import Score, ScoringRound
from partnership.store import DuckStore, Refused
from partnership.tables import RECORD_TYPES, frame

SMALL = [t.table for t in RECORD_TYPES if t.table not in LARGE_TABLES]


def read_anew(store: DuckStore, as_of: dt.date | None = None) -> Plan:
    return Plan.from_frames({t: store.table(t, as_of=as_of, raw=True) for t in SMALL})


def same(store: DuckStore, as_of: dt.date | None = None) -> bool:
    return dict(store.plan(as_of=as_of)) == dict(read_anew(store, as_of))


def score(value: int) -> Score:
    return Score(
        item_id="W1",
        criterion_id="C1",
        round_id="R1",
        agency_id="A",
        scorer_role_id="X",
        scored_on=dt.date(2026, 11, 1),
        score=Decimal(value),
    )


def test_plan_is_what_stands_after_every_kind_of_change_and_only_what_changed_is_read(
    store: DuckStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [full_record(t) for t in SMALL if t != "agencies"]
    everything = {t: frame([r]) for t, r in zip([t for t in SMALL if t != "agencies"], records, strict=True)}
    store.accept({**everything, "agencies": agencies("A", "B")}, actor=JO, reason="In")
    assert same(store)
    read: list[str] = []
    table = store.table

    def told(name: str, **more: object) -> object:
        read.append(name)
        return table(name, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "table", told)
    first = store.plan()
    store.refuse(actor=JO, reason="A file with faults", counts={"findings": 3})
    assert store.plan()["goals"] is first["goals"]
    assert read == []
    store.accept({"agencies": agencies("C")}, removed={"agencies": ["B"]}, actor=JO, reason="More")
    assert [a.id for a in store.plan()["agencies"]] == ["A", "C"]
    assert read == ["agencies"]
    assert same(store)
    assert [a.id for a in first["agencies"]] == ["A", "B"]


def test_guard_sees_the_change_and_a_refused_one_leaves_nothing_behind(store: DuckStore) -> None:
    store.accept({"agencies": agencies("A", "B")}, actor=JO, reason="In")
    store.plan()
    seen: list[list[str]] = []

    def guard(would_be: DuckStore) -> list[Finding]:
        seen.append([a.id for a in would_be.plan()["agencies"]])
        assert same(would_be)
        return [Finding(code="T1", severity="error", place="Agencies", found="No.", do="Nothing.")]

    with pytest.raises(Refused):
        store.accept(
            {"agencies": agencies("C")}, removed={"agencies": ["A"]}, actor=JO, reason="In", guard=guard
        )  # type: ignore[arg-type]
    assert seen == [["B", "C"]]
    assert [a.id for a in store.plan()["agencies"]] == ["A", "B"]


def test_reader_of_before_keeps_its_own_records_and_the_past_stays(store: DuckStore, clock) -> None:
    store.accept({"agencies": agencies("A")}, actor=JO, reason="In")
    first_day = clock.now.date()
    clock.set(2026, 12, 1, 9)
    with store._moment_in_time():
        assert store.last_seq == 1
        writer = threading.Thread(
            target=lambda: [store.accept({"agencies": agencies("B")}, actor=JO, reason="More"), store.plan()]
        )
        writer.start()
        writer.join()
        assert [a.id for a in store.plan()["agencies"]] == ["A"]
    assert [a.id for a in store.plan()["agencies"]] == ["A", "B"]
    assert [a.id for a in store.plan(as_of=first_day)["agencies"]] == ["A"]
    assert same(store, first_day)


def test_scores_appear_with_the_reveal_though_no_score_is_touched(store: DuckStore) -> None:
    opened = ScoringRound(id="R1", opened_on=dt.date(2026, 11, 1), stopping_rule="Three rounds")
    store.accept({"scoring_rounds": frame([opened]), "scores": frame([score(4)])}, actor=JO, reason="In")
    assert store.plan()["scores"] == ()

    def guard(would_be: DuckStore) -> list[Finding]:
        assert len(would_be.plan()["scores"]) == 1, "the plan must hold together with what is sealed"
        return []

    store.accept({"agencies": agencies("A")}, actor=JO, reason="More", guard=guard)  # type: ignore[arg-type]
    assert store.plan()["scores"] == ()
    revealed = opened.model_copy(
        update={"closed_on": dt.date(2026, 11, 2), "revealed_on": dt.date(2026, 11, 3)}
    )
    store.accept({"scoring_rounds": frame([revealed])}, actor=JO, reason="Revealed")
    assert [s.score for s in store.plan()["scores"]] == [4]
    assert same(store)

"""Several people at once: nobody's change is lost, and nothing half done is ever seen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from store_helpers import JO, SAM, WORKBOOK, agencies, reading, rows_of, shares, state_of

from partnership.errors import Finding, InvalidInput, StoreError
from partnership.plan import check, findings_of
from partnership.store import DuckStore, Receipt, Refused, StaleWrite, Store, TooSlow, open_store
from partnership.store.guards import agencies_are_end_dated, all_of
from partnership.store.protocol import Limits
from partnership.tables import frame


def in_threads(jobs: list[Callable[[], object]]) -> list[object]:
    """Run jobs at the same time; each answer is what it returned or raised."""
    answers: list[object] = [None] * len(jobs)
    start = threading.Barrier(len(jobs))

    def run(number: int) -> None:
        start.wait()
        try:
            answers[number] = jobs[number]()
        except Exception as fault:  # noqa: BLE001 - the test looks at it
            answers[number] = fault

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


# ------------------------------------------------------------------------------------------ F6: stale saves


def test_two_edits_of_one_version_refuse_the_second_with_both_values(store: DuckStore, clock) -> None:
    store.accept({"agencies": agencies("A", name="First")}, actor=JO, reason="Opening")
    clock.set(2026, 11, 23, 10, 15)
    store.accept(
        {"agencies": agencies("A", name="Sam's")}, actor=SAM, reason="S", expected={("agencies", "A"): 1}
    )
    before = state_of(store)
    with pytest.raises(StaleWrite) as caught:
        store.accept(
            {"agencies": agencies("A", name="Jo's")}, actor=JO, reason="J", expected={("agencies", "A"): 1}
        )
    stale = caught.value
    assert (stale.table, stale.row_key, stale.by) == ("agencies", "A", SAM.name)
    assert (stale.theirs["name"], stale.yours["name"]) == ("Sam's", "Jo's")
    assert stale.at is not None
    assert stale.at.isoformat() == "2026-11-23T10:15:01+00:00"
    assert (stale.conflicts[0].expected, stale.conflicts[0].found) == (1, 2)
    assert stale.conflicts[0].differences == {"name": ("Sam's", "Jo's")}
    assert str(stale) == (
        "agencies 'A' was changed by Sam Reed, board secretary on 23 November 2026 at 10:15 UTC. "
        'name: theirs "Sam\'s", yours "Jo\'s". Nothing was stored. Look at both and save again.'
    )
    assert state_of(store) == before


def test_edit_of_a_row_that_was_removed_meanwhile_is_refused(store: DuckStore) -> None:
    store.accept({"agencies": agencies("A")}, actor=JO, reason="Opening")
    store.accept({}, removed={"agencies": ["A"]}, actor=SAM, reason="Out")
    with pytest.raises(StaleWrite, match="was removed by Sam Reed") as caught:
        store.accept(
            {"agencies": agencies("A", name="X")}, actor=JO, reason="J", expected={("agencies", "A"): 1}
        )
    assert caught.value.theirs is None


def test_new_row_that_somebody_added_meanwhile_is_refused(store: DuckStore) -> None:
    store.accept({"agencies": agencies("A", name="Theirs")}, actor=SAM, reason="In")
    with pytest.raises(StaleWrite, match="theirs 'Theirs', yours 'Mine'"):
        store.accept(
            {"agencies": agencies("A", name="Mine")}, actor=JO, reason="J", expected={("agencies", "A"): 0}
        )


def test_removal_of_a_row_that_was_changed_meanwhile_is_refused(store: DuckStore) -> None:
    store.accept({"agencies": agencies("A", name="First")}, actor=JO, reason="Opening")
    store.accept({"agencies": agencies("A", name="Second")}, actor=SAM, reason="Edit")
    with pytest.raises(StaleWrite, match="after you last saw it"):
        store.accept({}, removed={"agencies": ["A"]}, actor=JO, reason="Out", expected={("agencies", "A"): 1})
    assert rows_of(store, "agencies")["A"]["name"] == "Second"


def test_row_that_a_change_only_relied_on_is_watched_too(store: DuckStore) -> None:
    store.accept({"agencies": agencies("A", "B")}, actor=JO, reason="Opening")
    store.accept({"agencies": agencies("A", name="Changed")}, actor=SAM, reason="Edit")
    with pytest.raises(StaleWrite, match="agencies 'A' was changed by Sam"):
        store.accept(
            {"agencies": agencies("B", name="New")}, actor=JO, reason="J", expected={("agencies", "A"): 1}
        )


def test_same_edit_by_two_people_tells_the_second(store: DuckStore) -> None:
    store.accept({"agencies": agencies("A", name="First")}, actor=JO, reason="Opening")
    both = agencies("A", name="Both")
    store.accept({"agencies": both}, actor=SAM, reason="E", expected={("agencies", "A"): 1})
    with pytest.raises(StaleWrite, match="to the same values as yours"):
        store.accept({"agencies": both}, actor=JO, reason="E", expected={("agencies", "A"): 1})
    assert rows_of(store, "agencies")["A"]["row_version"] == 2


def test_stale_workbook_of_many_rows_names_the_first_and_counts_the_rest(store: DuckStore) -> None:
    ids = [f"A{i:03}" for i in range(150)]
    store.accept({"agencies": agencies(*ids)}, actor=JO, reason="Opening")
    store.accept({"agencies": agencies(*ids, name="Theirs")}, actor=SAM, reason="Edit")
    expected = {("agencies", i): 1 for i in ids}
    with pytest.raises(StaleWrite, match="149 more rows likewise") as caught:
        store.accept({"agencies": agencies(*ids, name="Mine")}, actor=JO, reason="J", expected=expected)
    assert (len(caught.value.conflicts), caught.value.total) == (100, 150)


# ------------------------------------------------------------------------------------------ guards


def shares_sum_to_at_most_one(store: Store) -> list[Finding]:
    total = sum(
        (
            Fraction(r["share_numerator"], r["share_denominator"])
            for r in store.table("benefit_shares").iter_rows(named=True)
        ),
        Fraction(0),
    )
    if total <= 1:
        return []
    found = f"The shares make {total}."
    return [
        Finding(
            code="plan-shares-sum",
            severity="error",
            place="Benefit shares",
            found=found,
            do="Make them 100%.",
        )
    ]


def test_two_threads_that_each_add_the_last_tenth_let_one_through(store: DuckStore) -> None:
    store.accept({"benefit_shares": shares(("B1", "A", "0.9"))}, actor=JO, reason="Opening")

    def add(agency: str) -> Callable[[], Receipt]:
        return lambda: store.accept(
            {"benefit_shares": shares(("B1", agency, "0.1"))},
            actor=JO,
            reason="Ten",
            guard=shares_sum_to_at_most_one,
        )

    for number in range(5):
        answers = in_threads([add(f"L{number}"), add(f"R{number}")])
        assert sorted(type(a).__name__ for a in answers) == ["Receipt", "Refused"]
        winner = next(a for a in answers if isinstance(a, Receipt))
        assert shares_sum_to_at_most_one(store) == []
        assert store.last_seq == winner.seq
        taken = [k for k in rows_of(store, "benefit_shares") if k != "B1|A"]
        store.accept({}, removed={"benefit_shares": taken}, actor=JO, reason="Again")


def test_guard_that_rejects_leaves_every_table_as_it_was(store: DuckStore) -> None:
    store.accept(
        {"agencies": agencies("A"), "benefit_shares": shares(("B1", "A", "1"))}, actor=JO, reason="Opening"
    )
    before = state_of(store)
    seen: list[int] = []

    def guard(would_be: Store) -> list[Finding]:
        seen.append(would_be.table("benefit_shares").height)
        assert would_be.removing == {"agencies": ("A",)}
        assert would_be.plan()["agencies"] == ()
        return [*shares_sum_to_at_most_one(would_be), *findings_of(check(would_be.plan()))]

    with pytest.raises(Refused, match="Nothing was stored. Benefit shares: The shares make 3/2") as caught:
        store.accept(
            {"benefit_shares": shares(("B1", "B", "1/2"))},
            removed={"agencies": ["A"]},
            actor=SAM,
            reason="Too much",
            guard=guard,
        )
    assert seen == [2]
    assert "plan-shares-sum" in {f.code for f in caught.value.findings}
    assert state_of(store) == before
    assert store.removing == {}


def test_guard_that_only_warns_lets_the_change_through(store: DuckStore) -> None:
    def guard(_: Store) -> list[Finding]:
        return [Finding(code="w", severity="warning", place="Agencies", found="Look.", do="Think.")]

    assert store.accept({"agencies": agencies("A")}, actor=JO, reason="In", guard=guard).seq == 1


def test_guard_that_tries_to_write_is_stopped_and_undone(store: DuckStore, tmp_path) -> None:
    tries: list[Callable[[Store], object]] = [
        lambda s: s.accept({"agencies": agencies("B")}, actor=JO, reason="From a guard"),
        lambda s: s.refuse(actor=JO, reason="From a guard"),
        lambda s: s.backup(tmp_path / "b.duckdb"),
        lambda s: s.publish_snapshot(),
    ]
    before = state_of(store)
    for attempt in tries:

        def guard(would_be: Store, attempt: Callable[[Store], object] = attempt) -> list[Finding]:
            attempt(would_be)
            return []

        with pytest.raises(StoreError, match="A guard looks at the would-be state"):
            store.accept({"agencies": agencies("A")}, actor=JO, reason="In", guard=guard)
    assert state_of(store) == before


def test_fault_inside_a_guard_undoes_the_change_and_frees_the_lock(store: DuckStore) -> None:
    before = state_of(store)

    def guard(_: Store) -> list[Finding]:
        msg = "a bug in a check"
        raise ZeroDivisionError(msg)

    with pytest.raises(ZeroDivisionError):
        store.accept({"agencies": agencies("A")}, actor=JO, reason="In", guard=guard)
    assert state_of(store) == before
    assert store.accept({"agencies": agencies("A")}, actor=JO, reason="In").seq == 1


# ------------------------------------------------------------------------------------------ F5: agencies stay


def test_agency_with_history_cannot_be_removed_but_one_without_can(store: DuckStore) -> None:
    rows = frame([reading(agency_id="A", value=Decimal(7))])
    store.accept({"agencies": agencies("A", "B"), "readings": rows}, actor=JO, reason="Opening")
    store.accept({}, removed={"readings": ["M1|||A|2026-04-01"]}, actor=JO, reason="Taken back")
    before = state_of(store)
    guard = all_of(agencies_are_end_dated, shares_sum_to_at_most_one)
    with pytest.raises(Refused, match=r"the history names it \(2 in Readings\)") as caught:
        store.accept({}, removed={"agencies": ["A"]}, actor=JO, reason="Left", guard=guard)
    assert caught.value.findings[0].do == "Keep its row and fill in the day it left, and who succeeds it."
    assert state_of(store) == before
    done = store.accept({}, removed={"agencies": ["B"]}, actor=JO, reason="Entered by mistake", guard=guard)
    assert done.counts["agencies"].removed == 1


# ------------------------------------------------------------------------------------------ F8: many at once


def test_sixteen_people_saving_at_once_all_succeed_and_are_all_logged(
    store: DuckStore, capsys: pytest.CaptureFixture[str]
) -> None:
    import sys
    import time

    people, saves = 16, 6
    times: list[float] = []

    def person(number: int) -> Callable[[], int]:
        def work() -> int:
            for turn in range(saves):
                started = time.perf_counter()
                store.accept(
                    {"agencies": agencies(f"A{number}", name=f"Turn {turn}")},
                    actor=JO,
                    reason="Save",
                    expected={("agencies", f"A{number}"): turn},
                )
                times.append(time.perf_counter() - started)
            return saves

        return work

    started = time.process_time()
    answers = in_threads([person(n) for n in range(people)])
    processor = time.process_time() - started
    assert answers == [saves] * people
    log = store.changes()
    assert log.height == people * saves
    assert log["seq"].to_list() == list(range(1, people * saves + 1))
    assert {r["row_version"] for r in rows_of(store, "agencies").values()} == {saves}
    assert store.verify() == []
    p95 = sorted(times)[int(len(times) * 0.95)]
    waits = (
        processor / len(times) * people
    )  # the last of sixteen in the queue, on a machine that does nothing else
    with capsys.disabled():
        sys.stdout.write(
            f"\n16 people, {len(times)} saves, {log.height} entries; 95th percentile {p95:.2f} s, "
            f"of which the processor needs {waits:.2f} s\n"
        )
    assert waits < 1.0


def test_increments_of_one_row_by_many_threads_lose_nothing(store: DuckStore) -> None:
    store.accept({"readings": frame([reading(value=Decimal(0))])}, actor=JO, reason="Zero")
    key = "M1||||2026-04-01"

    def add() -> int:
        conflicts = 0
        while True:
            row = rows_of(store, "readings")[key]
            try:
                store.accept(
                    {"readings": frame([reading(value=row["value"] + 1)])},
                    actor=SAM,
                    reason="One more",
                    expected={("readings", key): row["row_version"]},
                )
            except StaleWrite:
                conflicts += 1
            else:
                return conflicts

    answers = in_threads([add] * 8)
    assert all(isinstance(a, int) for a in answers), answers
    assert rows_of(store, "readings")[key]["value"] == Decimal(8)


def test_reading_while_another_writes_sees_whole_changes_only(store: DuckStore) -> None:
    store.accept({"agencies": agencies("A", "B", name="0")}, actor=JO, reason="Opening")
    stop = threading.Event()
    seen: list[set[str]] = []

    def read() -> int:
        while not stop.is_set():
            seen.append(set(store.table("agencies")["name"]))
        return len(seen)

    def write() -> None:
        for turn in range(1, 30):
            store.accept({"agencies": agencies("A", "B", name=str(turn))}, actor=JO, reason="Turn")
        stop.set()

    answers = in_threads([read, read, write])
    assert not [a for a in answers if isinstance(a, Exception)]
    assert len(seen) > 5
    assert all(len(names) == 1 for names in seen), "a reader saw half a change"


# ------------------------------------------------------------------------------------------ F9: twice the same


def test_form_posted_twice_has_one_effect_and_the_same_receipt(store: DuckStore) -> None:
    def post() -> Receipt:
        return store.accept(
            {"agencies": agencies("A")},
            actor=JO,
            reason="Approve",
            source=WORKBOOK,
            idempotency_key="form-17",
        )

    first, state = post(), state_of(store)
    second = post()
    assert (second.seq, second.recorded_at, second.counts) == (first.seq, first.recorded_at, first.counts)
    assert (first.repeated, second.repeated) == (False, True)
    assert state_of(store) == state


def test_double_click_in_two_threads_has_one_effect(store: DuckStore) -> None:
    def post() -> Receipt:
        return store.accept(
            {"agencies": agencies("A")}, actor=JO, reason="Approve", idempotency_key="form-18"
        )

    answers = in_threads([post, post, post])
    assert sorted(a.repeated for a in answers if isinstance(a, Receipt)) == [False, True, True]
    assert store.changes().height == 1


def test_key_used_again_for_other_rows_is_refused(store: DuckStore) -> None:
    store.accept({"agencies": agencies("A")}, actor=JO, reason="One", idempotency_key="k")
    before = state_of(store)
    for changes, removed in (({"agencies": agencies("B")}, {}), ({}, {"agencies": ["A"]})):
        with pytest.raises(InvalidInput, match="was used by change 1 for other rows"):
            store.accept(changes, removed=removed, actor=JO, reason="Two", idempotency_key="k")
    assert state_of(store) == before


# ------------------------------------------------------------------------------------------ all or nothing


def test_change_of_several_tables_with_one_bad_one_stores_none(store: DuckStore) -> None:
    before = state_of(store)
    with pytest.raises(InvalidInput):
        store.accept(
            {"agencies": agencies("A"), "readings": frame([reading()]).drop("value")}, actor=JO, reason="Load"
        )
    assert state_of(store) == before


def test_row_put_and_removed_by_one_change_is_refused(store: DuckStore) -> None:
    store.accept({"agencies": agencies("A")}, actor=JO, reason="In")
    before = state_of(store)
    with pytest.raises(InvalidInput, match="'A' is both put and removed"):
        store.accept(
            {"agencies": agencies("A", name="New")}, removed={"agencies": ["A"]}, actor=JO, reason="Both"
        )
    assert state_of(store) == before


def test_write_that_runs_too_long_is_stopped_and_undone(tmp_path) -> None:
    with open_store(tmp_path / "s.duckdb", mode="create", limits=Limits(write_seconds=0.3)) as store:

        def slow(would_be: Store) -> list[Finding]:
            assert isinstance(would_be, DuckStore)
            would_be.query_plain("SELECT COUNT(*) AS n FROM range(1000000000) a, range(1000000000) b", ())
            return []

        with pytest.raises(TooSlow, match="ran longer than this store's limit"):
            store.accept({"agencies": agencies("A")}, actor=JO, reason="In", guard=slow)
        assert store.changes().is_empty()
        assert store.accept({"agencies": agencies("A")}, actor=JO, reason="In").seq == 1


def test_guard_that_calls_the_store_it_belongs_to_is_stopped_not_stuck(store: DuckStore) -> None:
    def guard(_: Store) -> list[Finding]:
        store.accept({"agencies": agencies("B")}, actor=JO, reason="From a guard")
        return []

    with pytest.raises(StoreError, match="This thread is writing to the store already"):
        store.accept({"agencies": agencies("A")}, actor=JO, reason="In", guard=guard)
    assert store.changes().is_empty()

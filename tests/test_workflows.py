import datetime as dt
import shutil
import threading
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest

from partnership._workflows.comparing import preview_of
from partnership.benefits import Benefit, BenefitShare, Reading
from partnership.errors import InvalidInput
from partnership.goals import Measure
from partnership.partners import Agency, Partnership
from partnership.plan import Batch
from partnership.store import Actor, Refused, StaleWrite, open_store
from partnership.tables import frame, record_type, row_key
from partnership.workflows import CheckResult, accept_file, check_plan, export_workbook, plan_guard

ACTOR = Actor("Hub manager", "declared")
US = Partnership(
    id="P",
    name="Us",
    bhag="Nobody waits",
    plan_starts_on=dt.date(2025, 4, 1),
    plan_ends_on=dt.date(2030, 3, 31),
)
AGENCIES = [
    Agency(
        id=f"A{i}", code=f"A{i}", name=f"Agency {i}", sector="other", mark=f"orange full shape{chr(97 + i)}"
    )
    for i in range(3)
]
PEOPLE = Measure(id="M1", name="Children seen", unit="children", counts_people=True)
MONTH = dt.date(2026, 10, 1)


def frames_of(*records, revision=None):
    by_table = {}
    for record in records:
        by_table.setdefault(record_type(type(record)).table, []).append(record)
    return {
        table: frame(rows, table).with_columns(
            pl.Series("row_key", [row_key(r) for r in rows]),
            pl.Series("_row", range(3, len(rows) + 3), dtype=pl.Int64),
            pl.lit(revision, dtype=pl.Int64).alias("_revision"),
        )
        for table, rows in by_table.items()
    }


def batch_of(*records, revision=None, gone=None, kind="workbook"):
    return Batch(
        frames=frames_of(*records, revision=revision),
        rows_read=len(records),
        rows_kept=len(records),
        gone=gone or {},
        kind=kind,
    )


def stored_frames(store, *tables):
    return {t: store.table(t, raw=True) for t in tables}


def reading(value=None, **more):
    return Reading(measure_id="M1", agency_id="A0", period=MONTH, value=value, **more)


@pytest.fixture(scope="module")
def store_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "plan.duckdb"
    with open_store(path, mode="create") as opened:
        put(opened, US, *AGENCIES, PEOPLE)
    return path


@pytest.fixture
def store(tmp_path, store_file):
    path = tmp_path / "plan.duckdb"
    shutil.copy(store_file, path)
    with open_store(path) as opened:
        yield opened


def put(store, *records):
    changes = {t: f.drop("_row", "_revision") for t, f in frames_of(*records).items()}
    return store.accept(changes, actor=ACTOR, reason="test")


def state_of(store, record, **kwargs):
    table = record_type(type(record)).table
    preview, _ = preview_of(batch_of(record, **kwargs), stored_frames(store, table, "measures"))
    sheet = next(s for s in preview.sheets if s.table == table)
    return next(n for n in ("same", "new", "changed", "stale") if getattr(sheet, n))


def test_preview_tells_same_new_and_changed_apart(store):
    renamed = AGENCIES[0].model_copy(update={"name": "Renamed"})
    another = AGENCIES[0].model_copy(update={"id": "A9", "code": "A9"})
    assert [state_of(store, a) for a in (AGENCIES[0], renamed, another)] == ["same", "changed", "new"]


def test_preview_row_changed_since_the_workbook_was_made_is_stale_with_both_values(store):
    put(store, AGENCIES[0].model_copy(update={"name": "Theirs"}))
    mine = AGENCIES[0].model_copy(update={"name": "Mine"})
    preview, _ = preview_of(batch_of(mine, revision=1), stored_frames(store, "agencies"))
    (stale,) = preview.stale
    assert (stale.stored["name"], stale.given["name"]) == ("Theirs", "Mine")
    assert preview.changes == {}


def test_preview_row_made_from_the_present_version_is_a_change(store):
    assert state_of(store, AGENCIES[0].model_copy(update={"name": "Mine"}), revision=1) == "changed"


def test_preview_small_count_that_an_export_withheld_is_the_same(store):
    put(store, reading(Decimal(3)))
    assert state_of(store, reading(missing="suppressed")) == "same"
    assert state_of(store, reading(Decimal(4))) == "changed"


def test_preview_large_count_marked_suppressed_is_a_change(store):
    put(store, reading(Decimal(30)))
    assert state_of(store, reading(missing="suppressed")) == "changed"


def checked_of(batch, store):
    preview, _ = preview_of(batch, {t: store.table(t, raw=True) for t in batch.frames})
    return CheckResult("plan.xlsx", "workbook", "0" * 64, (), batch, preview, store.last_seq)


def test_accepting_is_one_change_with_who_and_why(store):
    receipt = accept_file(store, checked_of(batch_of(reading(Decimal(30))), store), ACTOR, "October")
    last = store.changes().row(-1, named=True)
    assert (last["seq"], last["actor"], last["actor_kind"], last["reason"]) == (
        receipt.seq,
        "Hub manager",
        "declared",
        "October",
    )
    assert store.table("readings").height == 1


def test_accepting_without_a_reason_is_refused(store):
    with pytest.raises(InvalidInput, match="reason"):
        accept_file(store, checked_of(batch_of(reading(Decimal(30))), store), ACTOR, "  ")
    assert store.table("readings").height == 0


def test_accepting_with_findings_stores_nothing_and_records_the_refusal(store):
    from partnership.errors import Finding

    bad = Finding(code="x", severity="error", place="Readings!F3", found="Bad.", do="Mend it.")
    checked = replace(checked_of(batch_of(reading(Decimal(30))), store), findings=(bad,))
    with pytest.raises(InvalidInput, match="Nothing has changed"):
        accept_file(store, checked, ACTOR, "October")
    assert store.table("readings").height == 0
    assert store.changes().height == 2


def test_accepting_what_somebody_changed_meanwhile_is_refused_with_both_values(store):
    mine = checked_of(batch_of(AGENCIES[0].model_copy(update={"name": "Mine"})), store)
    put(store, AGENCIES[0].model_copy(update={"name": "Theirs"}))
    with pytest.raises(StaleWrite) as caught:
        accept_file(store, mine, ACTOR, "rename")
    assert caught.value.theirs["name"] == "Theirs"
    assert caught.value.yours["name"] == "Mine"


def test_accepting_twice_with_one_key_has_one_effect(store):
    checked = checked_of(batch_of(reading(Decimal(30))), store)
    first = accept_file(store, checked, ACTOR, "October", idempotency_key="k1")
    again = accept_file(store, checked, ACTOR, "October", idempotency_key="k1")
    assert (again.seq, again.repeated) == (first.seq, True)


def test_guard_two_agencies_adding_the_last_tenth_one_is_refused(store):
    benefit = Benefit(id="B1", title="x", benefit_class="cash-releasing", owner_role_id=None)
    put(store, benefit, BenefitShare(benefit_id="B1", agency_id="A0", share=Fraction(9, 10)))
    outcomes = []

    def add(agency):
        changes = {
            t: f.drop("_row", "_revision")
            for t, f in frames_of(
                BenefitShare(benefit_id="B1", agency_id=agency, share=Fraction(1, 10))
            ).items()
        }
        try:
            store.accept(changes, actor=ACTOR, reason="my share", guard=plan_guard(changes))
            outcomes.append("stored")
        except Refused as error:
            outcomes.append(error.findings[0].code)

    threads = [threading.Thread(target=add, args=(a,)) for a in ("A1", "A2")]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(outcomes) == ["plan-shares-sum", "stored"]
    total = sum(
        Fraction(n, d)
        for n, d in store.table("benefit_shares").select("share_numerator", "share_denominator").iter_rows()
    )
    assert total == 1


def test_guard_removing_an_agency_is_refused_in_words(store):
    with pytest.raises(Refused, match="the day on which it left"):
        store.accept({}, removed={"agencies": ["A2"]}, actor=ACTOR, reason="gone", guard=plan_guard({}))
    assert store.table("agencies").height == 3


def test_checking_a_sound_stored_plan_finds_nothing(store):
    assert check_plan(store, today=MONTH) == []


def test_export_says_by_which_change_it_was_made(store):
    from partnership.intake._meta import read_meta
    from partnership.intake.sheets import open_workbook

    store.accept({"measures": frame([PEOPLE])}, actor=ACTOR, reason="A measure")
    last = store.last_seq
    store.refuse(actor=ACTOR, reason="Not now", counts={"findings": 1})
    book, _ = open_workbook(export_workbook(store), "plan.xlsx")
    meta, findings = read_meta(book)
    assert findings == []
    assert meta.facts["change_seq"] == str(last)
    sheet, _ = book.read("Partnership")
    headers = {text for row in range(1, 5) for text in sheet.row(row).values()}
    assert {"BHAG", "BHAG measure id"} <= headers

"""What is written comes back equal: every table, every kind of value, every hostile text."""

import datetime as dt
import io
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
import workbook_plan as plans
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnership import benefits, blueprint, partners, roi
from partnership.errors import has_errors
from partnership.intake.workbook import read_workbook, write_template, write_workbook
from partnership.tables import RECORD_TYPES, frame, record_type, schema_of


def round_trip(rows: dict[str, pl.DataFrame], **options) -> dict[str, pl.DataFrame]:
    buffer = io.BytesIO()
    write_workbook(rows, buffer=buffer, **{"versions": {}, **options})
    batch, findings = read_workbook(buffer.getvalue(), "plan.xlsx")
    assert not has_errors(findings), [str(f) for f in findings]
    return dict(batch.frames)


@pytest.fixture(scope="module")
def batch():
    found, findings = read_workbook(plans.workbook(), "plan.xlsx")
    assert [str(f) for f in findings] == []
    return found


@pytest.mark.parametrize("table", [t.table for t in RECORD_TYPES])
def test_round_trip_every_table_comes_back_equal(batch, table):
    given = plans.frames()[table]
    assert batch.frames[table].select(given.columns).equals(given)
    assert {n: batch.frames[table].schema[n] for n in given.columns} == dict(given.schema)


def test_round_trip_counts_add_up_and_nothing_is_gone(batch):
    total = sum(f.height for f in plans.frames().values())
    assert (batch.rows_read, batch.rows_kept, batch.rows_blank, batch.skipped, dict(batch.gone)) == (
        total,
        total,
        0,
        (),
        {},
    )


def test_round_trip_frames_have_schema_key_row_and_revision_in_order(batch):
    for table, rows in batch.frames.items():
        assert rows.columns == [*(n for n, _ in schema_of(table)), "row_key", "_row", "_revision"]
        assert (rows.schema["_row"], rows.schema["_revision"]) == (pl.Int64, pl.Int64)
        assert rows["_row"].to_list() == list(range(5, 5 + rows.height))
        assert dict(rows.select("row_key", "_revision").iter_rows()) == plans.versions()[table]


def test_round_trip_batch_knows_its_file_and_its_columns(batch):
    assert (batch.source_name, batch.kind, len(batch.sha256)) == ("plan.xlsx", "workbook", 64)
    assert batch.cells["agencies"]["id"] == "A"
    assert batch.cells["contributions"]["amount_gbp"] == "H"


@pytest.fixture(scope="module")
def hostile():
    """Every hostile text as a title and as a note, there and back."""
    records = [blueprint.WorkItem(id=f"H{i}", title=t, description=t) for i, t in enumerate(plans.HOSTILE)]
    return round_trip({"work_items": frame(records)})["work_items"]


@pytest.mark.parametrize("text", plans.HOSTILE)
def test_e4_e7_hostile_text_comes_back_byte_for_byte(hostile, text):
    row = hostile.row(plans.HOSTILE.index(text), named=True)
    assert (row["title"], row["description"]) == (text, text)


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.text(
            st.one_of(
                st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp", "M"]),
                st.sampled_from("_xX0005FDdx& <>'\"=\n\t"),
            ),
            min_size=1, max_size=40,
        ),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_round_trip_any_visible_text_comes_back_as_its_composed_self(texts):
    import unicodedata

    from partnership.personal_data import scan_text

    texts = [unicodedata.normalize("NFC", t).strip(" ") for t in texts]
    texts = [t for t in texts if t.strip() and not scan_text(t)]
    rows = {
        "work_items": frame(
            [blueprint.WorkItem(id=f"H{i}", title=t) for i, t in enumerate(texts)], "work_items"
        )
    }
    buffer = io.BytesIO()
    write_workbook(rows, buffer=buffer, versions={})
    batch, _ = read_workbook(buffer.getvalue(), "plan.xlsx")
    assert batch.frames["work_items"]["title"].to_list() == texts


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.decimals(-(10**13), 10**13, places=2, allow_nan=False), min_size=1, max_size=12),
    st.lists(st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31)), min_size=12, max_size=12),
)
def test_round_trip_money_to_the_penny_and_days_to_the_day(amounts, days):
    records = [
        roi.Contribution(
            id=f"C{i}", agency_id="A", financial_year=1990 + i, stage="planned", entry="correction", amount_gbp=a, form="cash",
            funding_ends_on=d,
        )
        for i, (a, d) in enumerate(zip(amounts, days, strict=False))
    ]  # fmt: skip
    rows = frame(records, "contributions")
    back = round_trip({"contributions": rows})["contributions"].select(rows.columns)
    assert back.equals(rows)


def test_round_trip_largest_money_that_a_double_cannot_hold_is_kept_to_the_penny():
    amount = Decimal("9999999999999999.99")
    rows = {
        "benefit_profile": frame(
            [benefits.ProfileMonth(benefit_id="B", period=dt.date(2026, 4, 1), planned_gbp=amount)]
        )
    }
    assert round_trip(rows)["benefit_profile"]["planned_gbp"].to_list() == [amount]


@pytest.mark.slow
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.fractions(0, 1, max_denominator=997), min_size=1, max_size=10))
def test_round_trip_any_fraction_is_kept_exactly(shares):
    records = [
        benefits.BenefitShare(benefit_id="B", agency_id=f"A{i}", share=s) for i, s in enumerate(shares)
    ]
    back = round_trip({"benefit_shares": frame(records, "benefit_shares")})["benefit_shares"]
    read = [Fraction(n, d) for n, d in back.select("share_numerator", "share_denominator").iter_rows()]
    assert read == shares


def test_round_trip_blank_values_stay_blank_and_defaults_stay_what_they_are():
    rows = {"agencies": frame([partners.Agency(id="A", code="AA", name="A", sector="other")])}
    back = round_trip(rows)["agencies"].row(0, named=True)
    assert (back["short_name"], back["joined_on"], back["mark"], back["duty"]) == (
        None,
        None,
        None,
        "relevant",
    )


@pytest.mark.slow
def test_round_trip_through_another_program_keeps_every_row():
    saved = plans.mutated(lambda book: None)
    batch, findings = read_workbook(saved, "plan.xlsx")
    assert not has_errors(findings), [str(f) for f in findings]
    for table, given_rows in plans.frames().items():
        same = (
            given_rows.filter(~pl.col("row_key").str.starts_with("H"))
            if table == "work_items"
            else given_rows
        )
        back = batch.frames[table].select(given_rows.columns)
        back = back.filter(~pl.col("row_key").str.starts_with("H")) if table == "work_items" else back
        assert back.equals(same), table


def test_round_trip_template_is_a_workbook_without_rows():
    buffer = io.BytesIO()
    write_template(buffer)
    batch, findings = read_workbook(buffer.getvalue(), "template.xlsx")
    assert not has_errors(findings)
    assert [f.code for f in findings] == ["B4-no-rows"]
    assert (batch.rows_read, batch.rows_kept, set(batch.frames)) == (0, 0, {t.table for t in RECORD_TYPES})
    assert all(rows.is_empty() for rows in batch.frames.values())


def test_round_trip_withheld_reading_says_suppressed_and_holds_no_number(batch):
    row = batch.frames["readings"].filter(pl.col("missing") == "suppressed").row(0, named=True)
    assert (row["value"], row["numerator"], row["denominator"]) == (None, None, None)
    assert row["_revision"] == plans.versions()["readings"][row["row_key"]]


@pytest.mark.office
def test_round_trip_through_libreoffice_keeps_every_value(libreoffice, tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(plans.workbook())
    batch, findings = read_workbook(libreoffice(path, "xlsx").read_bytes(), "plan.xlsx")
    assert not has_errors(findings), [str(f) for f in findings]
    for table, rows in plans.frames().items():
        known = (
            rows.filter(~pl.col("row_key").is_in(["H08", "H09", "H10"])) if table == "work_items" else rows
        )
        back = batch.frames[table].select(rows.columns)
        back = back.filter(~pl.col("row_key").is_in(["H08", "H09", "H10"])) if table == "work_items" else back
        assert back.equals(known), table
    assert set(batch.frames) == {record_type(t.table).table for t in RECORD_TYPES}


def test_round_trip_every_row_of_a_large_sheet_keeps_its_version():
    months = pl.date_range(dt.date(1950, 1, 1), dt.date(2049, 12, 1), "1mo", eager=True)
    given_rows = pl.DataFrame(
        {
            "benefit_id": ["B-1"] * 1200,
            "version": [1] * 1200,
            "period": months,
            "planned_gbp": [Decimal(1)] * 1200,
        }
    )
    rows = pl.concat([frame([], "benefit_profile"), given_rows], how="diagonal_relaxed").with_columns(
        (pl.col("period").dt.year().cast(pl.Int32) * 12 + pl.col("period").dt.month() - 1).alias(
            "period_index"
        )
    )
    keys = [f"{b}||1|{p}" for b, p in rows.select("benefit_id", "period").iter_rows()]
    known = {key: number for number, key in enumerate(keys)}
    back = round_trip({"benefit_profile": rows}, versions={"benefit_profile": known})["benefit_profile"]
    assert dict(back.select("row_key", "_revision").iter_rows()) == known


def test_round_trip_key_that_holds_marks_and_line_ends_keeps_its_version():
    name = 'She said "_x000D_"\nand \\ [left], 50'
    rows = {"assumptions": frame([benefits.Assumption(benefit_id="B", step="other", name=name, value=1)])}
    back = round_trip(rows, versions={"assumptions": {f"B|other|{name}": 7}})["assumptions"]
    assert back.select("row_key", "_revision").rows() == [(f"B|other|{name}", 7)]

import datetime as dt
import io
import json
import re
from decimal import Decimal
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from partnership.plan import Plan, check
from partnership.tables import row_key
from sample_data.make_wendleshire import WORKBOOK, frames, records, write
from sample_data.totals_ledger import read_sheets
from sample_data.work_out_totals import DAYS, TOTALS, work_out
from tests.plans.small_plan import TODAY, empty_frames, small_frames, write_plan

NOW, BOARD_BEFORE = (day.isoformat() for day in DAYS)


@pytest.fixture(scope="module")
def expected():
    return json.loads(TOTALS.read_text(encoding="utf-8"))


def cells_of(source):
    book = openpyxl.load_workbook(source)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def test_workbook_made_again_has_the_cells_that_are_committed():
    again = io.BytesIO()
    write(again)
    committed, made = cells_of(WORKBOOK), cells_of(again)
    differ = sorted(k for k in committed.keys() | made.keys() if committed.get(k) != made.get(k))
    assert not differ, (
        f"Run python -m sample_data.make_wendleshire: {len(differ)} cells differ, first {differ[:3]}"
    )


def test_totals_worked_out_again_are_those_that_are_committed(expected):
    assert work_out() == expected


@pytest.mark.parametrize("part", [work_out, read_sheets])
def test_totals_scripts_import_nothing_of_the_product(part):
    text = Path(part.__code__.co_filename).read_text(encoding="utf-8")
    assert not re.findall(r"^\s*(?:from|import)\s+partnership\b", text, flags=re.MULTILINE)


def test_records_have_no_key_twice():
    for table, rows in records().items():
        keys = [row_key(r) for r in rows]
        assert len(set(keys)) == len(keys), table


@pytest.mark.parametrize(
    ("path", "figure"),
    [
        (("benefits", "totals", "realised_gbp"), "710000.00"),
        (("benefits", "totals", "compared_gbp"), "930000.00"),
        (("benefits", "totals", "planned_gbp"), "1020000.00"),
        (("benefits", "totals", "not_read_gbp"), {"withheld": "90000.00"}),
        (("benefits", "totals", "provisional_months"), ["2026-09", "2026-10"]),
        (("benefits", "by_month", "2027-03", "cum_planned_gbp"), "1640000.00"),
        (("benefits", "by_month", "2027-03", "cum_original_gbp"), "1950000.00"),
        (("benefits", "by_agency", "SCH", "realised_gbp"), "14000.00"),
        (("benefits", "by_agency", "MHT", "realised_gbp"), None),
        (("benefits", "by_benefit", "B07", "realised_gbp"), "-31000.00"),
        (("benefits", "by_goal", "G1", "planned_gbp"), "460000.00"),
        (("expectations", "gaps", "M-CASES", "ratio", "quotient"), 1000.0),
        (("expectations", "bands"), {"stop and re-define": 2, "discuss": 3, "aligned": 2}),
        (("expectations", "pairs", "M-CASES PRO>COU", "ratio", "quotient"), 240.0),
        (("promises", "held_up_gbp"), "210000.00"),
        (("promises", "by_agency", "all", "kept on time"), 27),
        (("payers_and_gainers", "paid_total_gbp"), "1720000.00"),
        (("payers_and_gainers", "by_year", "2028/29", "not yet"), "215000.00"),
        (("other", "hours_a_week_now"), "1239"),
        (("board", "latest", "quotient"), 47.0),
    ],
)
def test_county_has_the_figures_that_the_board_pages_were_drawn_with(expected, path, figure):
    found = expected[NOW]
    for part in path:
        found = found[part]
    assert found == figure


def test_county_at_the_board_before_stood_at_78_per_cent_with_four_promises_overdue(expected):
    then = expected[BOARD_BEFORE]
    assert then["benefits"]["totals"]["realised_gbp"] == "494000.00"
    assert round(then["benefits"]["totals"]["realised_share"]["quotient"], 2) == 0.78
    assert then["promises"]["on_time_share"]["quotient"] == 0.7
    assert then["promises"]["by_agency"]["all"]["overdue"] == 4
    assert then["board"]["latest"]["quotient"] == 50.0


def test_money_of_every_month_adds_up_to_the_whole_partnership(expected):
    by_benefit = expected[NOW]["benefits"]["by_benefit"]
    by_agency = expected[NOW]["benefits"]["by_agency"]
    for key in ("planned_gbp", "realised_gbp"):
        whole = Decimal(expected[NOW]["benefits"]["totals"][key])
        assert sum(Decimal(b[key] or 0) for b in by_benefit.values()) == whole
        assert sum(Decimal(a[key] or 0) for a in by_agency.values()) == whole


def faults_of(plan_frames, today):
    keyed = {
        name: plan_frames[name].with_row_index("row_key").cast({"row_key": pl.String})
        for name in ("readings", "benefit_profile")
    }
    return check(Plan.from_frames(plan_frames), keyed, today=today)


def test_county_has_the_faults_of_its_story_and_no_error():
    faults = faults_of(frames(), DAYS[0])
    assert not [f for f in faults if f.severity == "error"]
    codes = {f.code for f in faults}
    assert codes == {"plan-item-lead", "plan-grant-ends", "plan-promise-overdue", "plan-reading-missing"}
    assert sum(f.code == "plan-promise-overdue" for f in faults) == 6


def test_county_shows_every_kind_of_missing_and_small_counts_of_people(expected):
    readings = frames()["readings"]
    kinds = set(readings["missing"].drop_nulls())
    assert kinds == {"withheld", "not provided", "too early", "suppressed", "blank"}
    assert expected[NOW]["other"]["small_counts_of_people"]["M-MARAC-REPEAT"] > 20


def test_county_holds_no_data_about_a_person_served():
    text = " ".join(str(v) for v in cells_of(WORKBOOK).values())
    assert not re.search(r"\b\d{3} ?\d{3} ?\d{4}\b", text), "looks like an NHS number"
    assert not re.search(r"\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b", text), (
        "looks like a National Insurance number"
    )
    assert not re.search(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", text), "looks like a postcode"


def test_small_plan_has_another_shape_and_no_error():
    small, county = small_frames(), frames()
    assert not [f for f in faults_of(small, TODAY) if f.severity == "error"]
    assert small["expectations"].is_empty()
    assert small["agencies"].height == 3
    assert not set(small["agencies"]["id"]) & set(county["agencies"]["id"])
    assert small["benefit_profile"]["agency_id"].drop_nulls().is_empty()


def test_empty_plan_has_its_first_row_and_nothing_else():
    empty = empty_frames()
    assert {name for name, rows in empty.items() if rows.height} == {"partnership"}
    assert faults_of(empty, dt.date(2027, 4, 1)) == []


@pytest.mark.parametrize("made", [small_frames, empty_frames])
def test_other_plans_can_be_written_as_workbooks(made):
    target = io.BytesIO()
    write_plan(target, made())
    ids = [v for (sheet, _), v in cells_of(target).items() if sheet == "Partnership"]
    assert "isle" in ids

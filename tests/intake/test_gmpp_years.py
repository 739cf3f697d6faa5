"""The same projects written as other years write them: headings, scales, sheets, tables."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from collections.abc import Iterable
from typing import Any

import openpyxl
import polars as pl
import pytest
from gmpp_read import (
    DIALECTS,
    FIVE_POINT,
    MILLION,
    OLD,
    PROJECTS,
    by_title,
    codes,
    expected_money,
    read,
    written,
)
from returns_made import (
    FIELDS,
    IPA_2018,
    IPA_2021,
    IPA_2022,
    MPA_2014,
    NISTA_2025,
    Dialect,
    as_text,
    as_workbook,
    grid,
)

from partnership.intake._return_values import missing_kind, read_day
from partnership.intake.returns import read_gmpp


def quick_and_long(names: Iterable[str]) -> list[Any]:
    """Every second year's style in every run, all of them in the long one."""
    return [pytest.param(n, marks=[pytest.mark.long] if i % 2 else []) for i, n in enumerate(names)]


@pytest.mark.parametrize("name", quick_and_long(DIALECTS))
def test_other_year_gives_the_same_projects_and_figures(name: str) -> None:
    dialect, projects, (year, month) = DIALECTS[name]
    batch = read(as_text(projects, dialect))
    assert batch.frames["work_items"].height == batch.rows_kept == 244
    assert batch.rows_read == batch.rows_kept + len(batch.skipped)
    for column, measure in (
        ("baseline", "GMPP-year-baseline"),
        ("forecast", "GMPP-year-forecast"),
        ("whole_life", "GMPP-whole-life-cost"),
        ("benefits", "GMPP-whole-life-benefits"),
    ):
        if column in dialect.headings:
            assert {t: v for t, (v, _, _) in by_title(batch, measure).items()} == expected_money(column)
    periods = set(batch.frames["readings"]["period"])
    assert periods == {dt.date(year, month, 1)}
    dates = dict(batch.frames["work_items"].select("title", "starts_on").iter_rows())
    assert dates == {p["name"]: read_day(p["start"])[0] for p in PROJECTS}


@pytest.mark.parametrize("name", quick_and_long(n for n, (_, p, _) in DIALECTS.items() if p is OLD))
def test_five_point_scale_keeps_labels_and_places(name: str) -> None:
    dialect, projects, _ = DIALECTS[name]
    rated = by_title(read(as_text(projects, dialect)), "GMPP-central-rating-five-point")
    for project in projects:
        value, missing, label = rated[project["name"]]
        if project["central"] in FIVE_POINT:
            assert (label, value, missing) == (
                project["central"],
                5 - FIVE_POINT.index(project["central"]),
                None,
            )
        else:
            assert (value, missing) == (None, missing_kind(project["central"]).kind)


def test_real_prices_in_the_heading_make_other_measures_and_a_price_base() -> None:
    batch = read(as_text(PROJECTS, Dialect(NISTA_2025)))
    assert {m for m in batch.frames["measures"]["id"] if "whole-life" in m} == {
        "GMPP-whole-life-cost-real-2024-25",
        "GMPP-whole-life-benefits-real-2024-25",
    }
    assert set(batch.frames["benefits"].select("price_base", "price_year").rows()) == {("real", "2024/25")}


def test_named_owner_is_kept_as_role_holder_and_owns_the_benefit() -> None:
    dialect = Dialect(
        NISTA_2025,
        extra={"sro": lambda p: "Exempt under Section 40" if p["department"] == "MOD" else "A Person"},
    )
    batch = read(as_text(PROJECTS, dialect))
    holders = dict(batch.frames["role_holders"].select("id", "holder").iter_rows())
    owners = batch.frames["benefits"]["owner_role_id"].to_list()
    assert len(owners) == 244
    assert set(owners) <= set(holders)
    assert Counter(holders.values()) == {"A Person": 192, None: 52}


def test_workbook_with_typed_cells_reads_as_text_does() -> None:
    batch = read(as_workbook(PROJECTS, Dialect(IPA_2022)))
    assert {t: v for t, (v, _, _) in by_title(batch, "GMPP-whole-life-benefits").items()} == expected_money(
        "benefits"
    )


def test_workbook_with_a_sheet_a_department_and_a_hidden_copy_reads_each_project_once() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Contents"])
    for department in sorted({p["department"] for p in PROJECTS}):
        sheet = book.create_sheet(department)
        for row in grid([p for p in OLD if p["department"] == department], Dialect(IPA_2018, flipped=True)):
            sheet.append(row)
    book["MOD"].cell(1_048_576, 16_384).value = " "  # a used range far past the data
    book["MOJ"].cell(90_000, 3_000).value = "x"
    hidden = book.create_sheet("SourceTable")
    hidden.sheet_state = "hidden"
    for row in grid(OLD, Dialect(IPA_2018)):
        hidden.append(row)
    out = io.BytesIO()
    book.save(out)
    batch, findings = read_gmpp(out.getvalue(), "all.xlsx")
    assert batch is not None
    assert batch.rows_kept == 244
    assert [s.place for s in batch.skipped] == ["MOJ, column DKJ"]
    hidden_found = [f for f in findings if f.code == "gmpp-hidden-sheet"]
    assert "244 projects" in hidden_found[0].found
    assert sum(f.code == "gmpp-no-benefits" for f in findings) == 1, "said once for all sheets"


def test_two_lines_of_headings_are_read_together() -> None:
    top = ["", "", "", "Financial year 2014/15", "", "", "Whole life", "", "Dates", ""]
    sub = [
        "Project name",
        "Department",
        "MPA RAG rating",
        "Baseline (£m)",
        "Forecast (£m)",
        "Variance (%)",
        "Cost (£m)",
        "Benefits (£m)",
    ]
    names = (
        "name",
        "department",
        "central",
        "baseline",
        "forecast",
        "none",
        "whole_life",
        "benefits",
        "start",
        "end",
    )
    rows = [[p.get(n, "") for n in names] for p in PROJECTS]
    for lines in (
        [top, [*sub, "Start", "End"]],
        [
            [*sub[:3], *top[3:6], "Whole life cost (£m)", "Benefits (£m)", "Start date", "End date"],
            ["", "", "", *sub[3:6]],
        ],
    ):
        batch = read(written([["GMPP"], *lines, *rows]))
        assert {t: v for t, (v, _, _) in by_title(batch, "GMPP-whole-life-cost").items()} == expected_money(
            "whole_life"
        )
        assert {t: v for t, (v, _, _) in by_title(batch, "GMPP-year-forecast").items()} == expected_money(
            "forecast"
        )
        assert set(batch.frames["readings"]["period"]) == {dt.date(2015, 3, 1)}


def test_tables_under_each_other_are_both_read() -> None:
    flipped = Dialect(MPA_2014, flipped=True)
    batch = read(written([*grid(OLD[:100], flipped), [], *grid(OLD[100:150], flipped)]))
    assert batch.rows_kept == 150
    other_order = Dialect(dict(reversed(IPA_2022.items())))
    batch = read(written([*grid(PROJECTS[:100], Dialect(IPA_2022)), [], *grid(PROJECTS[100:], other_order)]))
    assert batch.rows_kept == 244
    assert [s.reason for s in batch.skipped] == ["The headings again, not a project."]
    assert {t: v for t, (v, _, _) in by_title(batch, "GMPP-whole-life-benefits").items()} == expected_money(
        "benefits"
    )


def test_department_may_stand_in_a_row_of_its_own() -> None:
    headings = {k: v for k, v in MPA_2014.items() if k != "department"}
    rows = grid(OLD[:11], Dialect(headings))
    batch = read(
        written([rows[0], ["Cabinet Office"], *rows[1:5], ["Department for Transport (DfT)"], *rows[5:]])
    )
    assert batch.frames["agencies"].select("code", "name").rows() == [
        ("CO", "Cabinet Office"),
        ("DFT", "Department for Transport"),
    ]
    assert Counter(batch.frames["work_items"]["lead_agency_id"]) == {"GOV-CO": 4, "GOV-DFT": 7}


def bare(project: dict[str, Any]) -> dict[str, Any]:
    return {**project, **{n: "" for n in FIELDS if n.endswith("_note")}}


def test_return_that_does_not_say_its_year_asks_for_it() -> None:
    headings = {k: v for k, v in IPA_2022.items() if k not in ("id", "variance_note")}
    data = as_text([bare(p) for p in PROJECTS], Dialect(headings))
    batch, findings = read_gmpp(data, "gmpp_2022.csv")
    assert batch is not None
    assert (batch.rows_read, batch.rows_kept, len(batch.skipped)) == (244, 0, 244)
    refused = [f for f in findings if f.rejects]
    assert [f.code for f in refused] == ["gmpp-no-year"]
    assert "--year" in refused[0].do
    assert set(read(data, year=2022).frames["readings"]["period"]) == {dt.date(2022, 3, 1)}


def test_left_over_heading_of_a_narrative_does_not_outweigh_newer_projects() -> None:
    headings = {**IPA_2021, "variance_note": "Departmental narrative on budget/forecast variance for 2018/19"}
    batch, findings = read_gmpp(as_text([bare(p) for p in OLD], Dialect(headings)), "x")
    assert batch is not None
    assert set(batch.frames["readings"]["period"]) == {dt.date(2023, 3, 1)}
    assert "gmpp-year-inferred" in codes(findings)


def test_years_in_a_column_are_kept_apart_and_benefits_are_the_newest() -> None:
    headings = {**IPA_2022, "year": "AR Year"}
    years = [{**p, "year": f"AR {y}", "benefits": str(y)} for y in (2023, 2021, 2022) for p in PROJECTS[:5]]
    batch = read(as_text(years, Dialect(headings)))
    assert batch.rows_kept == 15
    assert batch.frames["work_items"].height == 5
    assert set(batch.frames["benefits"]["whole_life_gbp"]) == {2023 * MILLION}
    assert Counter(
        batch.frames["readings"].filter(pl.col("measure_id") == "GMPP-whole-life-benefits")["period"]
    ) == {dt.date(y, 3, 1): 5 for y in (2021, 2022, 2023)}

"""The major projects return: the real one of 2023, and the same projects written as other years write them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from returns_made import (
    FIELDS,
    IPA_2018,
    IPA_2021,
    IPA_2022,
    MPA_2014,
    NISTA_2025,
    REAL,
    Dialect,
    accounting,
    as_text,
    as_workbook,
    grid,
    is_money,
    pounds_bare,
    pounds_m,
    real_projects,
)

from partnership.errors import Finding, has_errors
from partnership.intake._return_values import missing_kind, read_day, read_number, read_rating
from partnership.intake.returns import read_gmpp, reconcile_gmpp, summarise_gmpp
from partnership.plan import Batch, Plan, check
from partnership.tables import schema_of

PROJECTS = real_projects()
MILLION = Decimal(1_000_000)


@pytest.fixture(scope="module")
def real() -> tuple[Batch, list[Finding]]:
    batch, findings = read_gmpp(REAL.read_bytes(), "gmpp_2023.csv", with_partnership=True)
    assert batch is not None
    return batch, findings


def read(data: bytes, **more: Any) -> Batch:
    batch, findings = read_gmpp(data, "a return.csv", **more)
    assert batch is not None, findings
    assert not has_errors(findings), [str(f) for f in findings]
    return batch


def codes(findings: list[Finding]) -> set[str]:
    return {f.code for f in findings}


def by_title(batch: Batch, measure: str) -> dict[str, tuple[Any, Any, Any]]:
    """Project's title -> value, missing, label of one measure."""
    titles = dict(batch.frames["work_items"].select("id", "title").iter_rows())
    rows = batch.frames["readings"].filter(pl.col("measure_id").str.starts_with(measure))
    return {
        titles[i]: (v, m, lab)
        for i, v, m, lab in rows.select("item_id", "value", "missing", "label").iter_rows()
    }


def expected_money(name: str) -> dict[str, Decimal | None]:
    return {p["name"]: Decimal(p[name]) * MILLION if is_money(p[name]) else None for p in PROJECTS}


# --- the real file


def test_real_return_gives_its_projects_and_adds_up(real: tuple[Batch, list[Finding]]) -> None:
    batch, findings = real
    assert (batch.rows_read, batch.rows_kept, batch.skipped) == (244, 244, ())
    assert batch.frames["work_items"].height == batch.frames["benefits"].height == 244
    assert batch.frames["agencies"].height == 21
    assert batch.kind == "gmpp"
    assert not has_errors(findings)
    assert not codes(findings) & {
        "gmpp-unknown-words",
        "gmpp-not-a-figure",
        "gmpp-unread-field",
        "gmpp-day-assumed",
    }


def test_real_return_totals_are_the_published_ones_and_partial(real: tuple[Batch, list[Finding]]) -> None:
    benefits, cost = summarise_gmpp(real[0])
    assert benefits["numeric"] == 110
    assert benefits["visible_gbp"] == Decimal("729446.31") * MILLION
    assert benefits["missing"] == {
        "withheld": 11,
        "not provided": 0,
        "too early": 1,
        "suppressed": 0,
        "blank": 122,
    }
    assert benefits["negative"] == 1
    assert benefits["partial"] is cost["partial"] is True
    assert benefits["position"] == dt.date(2023, 3, 31)
    assert cost["visible_gbp"] == sum(v for v in expected_money("whole_life").values() if v is not None)
    assert cost["numeric"] + sum(cost["missing"].values()) == cost["rows"] == 244


def test_real_return_negative_benefit_is_a_disbenefit(real: tuple[Batch, list[Finding]]) -> None:
    harms = real[0].frames["benefits"].filter(pl.col("is_disbenefit"))
    assert harms.select("whole_life_gbp", "benefit_class").rows() == [(Decimal("-30690000.00"), "quantified")]


def test_real_return_every_cell_without_a_figure_is_classified_and_none_is_zero(
    real: tuple[Batch, list[Finding]],
) -> None:
    zeros = {
        p["name"] for p in PROJECTS for n in ("baseline", "forecast") if is_money(p[n]) and float(p[n]) == 0
    }
    for name, measure in (
        ("baseline", "GMPP-year-baseline"),
        ("forecast", "GMPP-year-forecast"),
        ("whole_life", "GMPP-whole-life-cost"),
        ("benefits", "GMPP-whole-life-benefits"),
    ):
        read_back = by_title(real[0], measure)
        for project in PROJECTS:
            value, missing, _ = read_back[project["name"]]
            assert (value is None) == (not is_money(project[name])), project["name"]
            assert (missing is None) == is_money(project[name])
            if value == 0:
                assert project["name"] in zeros


def test_real_return_missing_spellings_are_each_known_to_a_rule() -> None:
    columns = ("central", "owner", "start", "end", "baseline", "forecast", "whole_life", "benefits")
    spelt = Counter(p[c] for p in PROJECTS for c in columns)
    spelt = Counter({t: n for t, n in spelt.items() if not (is_money(t) or read_rating(t) or read_day(t)[0])})
    kinds = {text: missing_kind(text) for text in spelt}
    assert all(k.known for k in kinds.values())
    assert {k.kind for k in kinds.values()} == {"blank", "withheld", "too early"}
    assert all(k.kind == "withheld" for t, k in kinds.items() if "Exempt" in t)
    assert all(k.note for t, k in kinds.items() if t)


def test_real_return_rows_are_valid_records_of_a_plan(real: tuple[Batch, list[Finding]]) -> None:
    frames = dict(real[0].frames)
    for table, frame in frames.items():
        assert frame.columns == [*(n for n, _ in schema_of(table)), "row_key", "_row"]
        assert frame["row_key"].n_unique() == frame.height
    faults = check(Plan.from_frames(frames), {"readings": frames["readings"]}, today=dt.date(2026, 11, 23))
    assert [f for f in faults if f.severity == "error"] == []


def test_real_return_ratings_say_who_rated(real: tuple[Batch, list[Finding]]) -> None:
    central = by_title(real[0], "GMPP-central-rating")
    owner = by_title(real[0], "GMPP-owner-rating")
    for project in PROJECTS:
        for column, rated in (("central", central), ("owner", owner)):
            if project[column] in ("Red", "Amber", "Green"):
                value, missing, label = rated[project["name"]]
                assert (value, label, missing) == (
                    ["Red", "Amber", "Green"].index(label) + 1,
                    project[column],
                    None,
                )
    assert Counter(label for _, m, label in central.values() if m is None) == {
        "Amber": 88,
        "Red": 18,
        "Green": 5,
    }
    assert Counter(label for _, m, label in owner.values() if m is None) == {
        "Amber": 95,
        "Red": 5,
        "Green": 21,
    }


def test_real_return_end_before_start_is_kept_as_words(real: tuple[Batch, list[Finding]]) -> None:
    items = real[0].frames["work_items"]
    assert items.filter(pl.col("due_on") < pl.col("starts_on")).is_empty()
    assert items["status"].str.contains("before the start").sum() == 1
    assert items["starts_on"].null_count() == sum(read_day(p["start"])[0] is None for p in PROJECTS)


# --- other years

FIVE_POINT = ("Green", "Amber/Green", "Amber", "Amber/Red", "Red")


def five_point(i: int, project: dict[str, Any]) -> dict[str, Any]:
    if project["central"] and read_rating(project["central"]) is None:
        return project
    return {**project, "central": FIVE_POINT[i % 5]}


OLD = [five_point(i, p) for i, p in enumerate(PROJECTS)]
TITLE = [["Government Major Projects Portfolio data, September 2017"], []]
NOTES = [[], ["* Figures include non-government costs."], ["Source: departments"]]

DIALECTS = {
    "mpa-2014-transposed": (
        Dialect(MPA_2014, flipped=True, encoding="cp1252", money=pounds_m),
        OLD,
        (2014, 3),
    ),
    "mpa-2014-bare-pounds": (
        Dialect(MPA_2014, flipped=True, money=pounds_bare, date="%d.%m.%y"),
        OLD,
        (2014, 3),
    ),
    "mpa-2014-across": (
        Dialect(MPA_2014, separator=";", encoding="cp1252", money=accounting),
        OLD,
        (2014, 3),
    ),
    "ipa-2018-titled": (
        Dialect(IPA_2018, flipped=True, encoding="utf-16", above=TITLE, below=NOTES),
        OLD,
        (2017, 9),
    ),
    "ipa-2018-iso-dates": (Dialect(IPA_2018, flipped=True, separator="\t", date="%Y-%m-%d"), OLD, (2018, 3)),
    "ipa-2021": (Dialect(IPA_2021, encoding="utf-8-sig", date="%d %B %Y", below=NOTES[1:]), OLD, (2023, 3)),
    "ipa-2022-transposed": (Dialect(IPA_2022, flipped=True, encoding="utf-16-le"), PROJECTS, (2023, 3)),
    "nista-2025": (Dialect(NISTA_2025, separator="\t", date="%d-%b-%Y"), PROJECTS, (2023, 3)),
}


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


def written(rows: list[list[str]], separator: str = ",") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode()


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


# --- values


@pytest.mark.parametrize(
    ("cell", "pounds"),
    [
        ("£1.90m", "1900000"), ("-£120.11m", "-120110000"), ("£12,131.50", "12131500000"), ("1,234.5", "1234500000"),
        ("£1.2bn", "1200000000"), ("(30.69)", "-30690000"), ("\N{MINUS SIGN}5", "-5000000"), ("0", "0"), ("£0.00m", "0"),
        ("Â£3.5m", "3500000"), (" 12 ", "12000000"), ("£7 million", "7000000"), ("4.5*", "4500000"), ("1e3", "1000000000"),
    ],
)  # fmt: skip
def test_money_cell_becomes_exact_pounds(cell: str, pounds: str) -> None:
    batch = read(as_text([{**PROJECTS[0], "whole_life": cell}], Dialect(IPA_2022)))
    assert by_title(batch, "GMPP-whole-life-cost")[PROJECTS[0]["name"]][:2] == (Decimal(pounds), None)


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("", "blank"), ("-", "blank"), ("\N{NO-BREAK SPACE}", "blank"), ("…", "blank"),
        ("Exempt", "withheld"), ("Exempt under section 43 of the FOIA", "withheld"), ("S.24 exemption", "withheld"),
        ("Data withheld", "withheld"), ("Commercially sensitive", "withheld"), ("Commercial in confidence", "withheld"),
        ("[redacted]", "withheld"), ("Section 22: intended for future publication", "withheld"), ("FOI exempt s35", "withheld"),
        ("OFFICIAL-SENSITIVE", "withheld"), ("Not disclosed", "withheld"), ("exemption applied - national security", "withheld"),
        ("TBC", "too early"), ("tbd", "too early"), ("Not yet baselined", "too early"), ("Too early to say", "too early"),
        ("Early planning GMPP project", "too early"), ("Pre-SOC", "too early"), ("Under development", "too early"),
        ("To be confirmed at OBC", "too early"), ("Business case not yet approved", "too early"),
        ("N/A", "not provided"), ("n/a - programme", "not provided"), ("NA", "not provided"), ("Not provided", "not provided"),
        ("No data", "not provided"), ("Not available", "not provided"), ("Not applicable", "not provided"), ("None", "not provided"),
        ("Unknown", "not provided"), ("The project did not provide data", "not provided"), ("Not monetised", "not provided"),
        ("suppressed", "suppressed"), ("[c]", "suppressed"), ("Low numbers", "suppressed"),
    ],
)  # fmt: skip
def test_missing_spelling_is_kept_with_its_kind_and_words(cell: str, kind: str) -> None:
    batch, findings = read_gmpp(as_text([{**PROJECTS[0], "benefits": cell}], Dialect(IPA_2022)), "x")
    assert batch is not None
    row = batch.frames["readings"].filter(pl.col("measure_id") == "GMPP-whole-life-benefits")
    note = cell.strip("\N{NO-BREAK SPACE}") or None
    assert row.select("value", "missing", "missing_note", "label").rows() == [(None, kind, note, None)]
    assert batch.frames["benefits"]["whole_life_missing"].to_list() == [kind]
    assert "gmpp-unknown-words" not in codes(findings)


@pytest.mark.parametrize(
    "cell", [">1000%", "1.234,5", "12-15", "c. £120m", "£120m (2012 prices)", "12 345 678"]
)
def test_nearly_a_figure_keeps_its_words_and_is_said(cell: str) -> None:
    batch, findings = read_gmpp(as_text([{**PROJECTS[0], "whole_life": cell}], Dialect(IPA_2022)), "x")
    assert batch is not None
    value, missing, label = by_title(batch, "GMPP-whole-life-cost")[PROJECTS[0]["name"]]
    assert (value, missing, label) == (None, "not provided", cell)
    said = [f for f in findings if f.code == "gmpp-not-a-figure"]
    assert said
    assert said[0].place == "line 2"
    assert summarise_gmpp(batch)[-1]["partial"] is True


def test_percentage_as_sentence_or_beyond_a_bound_is_a_label() -> None:
    dialect = Dialect(IPA_2022, extra={"variance": lambda p: p["variance"]})
    cells = [
        ">1000%",
        "-47%",
        "12.5",
        "The variance exceeds 5% because of delays",
        "Exempt under Section 43",
        "0%",
    ]
    batch, _ = read_gmpp(
        as_text([{**p, "variance": c} for p, c in zip(PROJECTS, cells, strict=False)], dialect), "x"
    )
    assert batch is not None
    read_back = list(by_title(batch, "GMPP-year-variance").values())
    assert [v for v, _, _ in read_back] == [None, Decimal(-47), Decimal("12.5"), None, None, Decimal(0)]
    assert [m for _, m, _ in read_back] == ["not provided", None, None, "not provided", "withheld", None]
    assert [lab for _, _, lab in read_back][0:4:3] == [cells[0], cells[3]]


@pytest.mark.parametrize(("factor", "is_said"), [(1, True), (100, False)])
def test_variance_written_as_part_of_one_is_told_by_baseline_and_forecast(factor: int, is_said: bool) -> None:
    def variance(p: dict[str, Any]) -> str:
        if not (is_money(p["baseline"]) and is_money(p["forecast"]) and float(p["baseline"])):
            return ""
        return f"{(float(p['forecast']) / float(p['baseline']) - 1) * factor:.4f}"

    batch, findings = read_gmpp(as_text(PROJECTS, Dialect(IPA_2022, extra={"variance": variance})), "x")
    assert batch is not None
    value = by_title(batch, "GMPP-year-variance")[PROJECTS[0]["name"]][0]
    assert abs(value - Decimal("-46.8354")) < Decimal("0.01")
    assert ("gmpp-variance-parts" in codes(findings)) is is_said


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("31/05/2010", "2010-05-31"), ("01.04.16", "2016-04-01"), ("2021-04-01", "2021-04-01"), ("20.05.2020", "2020-05-20"),
        ("44286", "2021-03-31"), ("2021-04-01 00:00:00", "2021-04-01"), ("1st April 2016", "2016-04-01"), ("Apr-16", "2016-04-01"),
        ("31 March 2098", "2098-03-31"), ("01/03/98", "1998-03-01"), ("05/31/2010", "2010-05-31"),
    ],
)  # fmt: skip
def test_start_date_is_read_in_every_usual_spelling(cell: str, day: str) -> None:
    batch = read(as_text([{**PROJECTS[0], "start": cell, "end": ""}], Dialect(IPA_2022)))
    assert batch.frames["work_items"]["starts_on"].to_list() == [dt.date.fromisoformat(day)]


def test_end_of_two_digits_lies_in_this_century() -> None:
    batch = read(as_text([{**PROJECTS[0], "end": "31.12.78"}], Dialect(IPA_2022)))
    assert batch.frames["work_items"]["due_on"].to_list() == [dt.date(2078, 12, 31)]


@pytest.mark.parametrize(
    ("heading", "pounds"),
    [("£m", 34_000_000), ("£million", 34_000_000), ("£bn", 34_000_000_000), ("£000s", 34_000), ("£", 34)],
)
def test_unit_comes_from_the_heading(heading: str, pounds: int) -> None:
    headings = {
        **IPA_2022,
        "whole_life": f"TOTAL Baseline Whole Life Costs ({heading}) (including Non-Government Costs)",
    }
    batch, _ = read_gmpp(as_text(PROJECTS[:1], Dialect(headings)), "x")
    assert batch is not None
    assert by_title(batch, "GMPP-whole-life-cost")[PROJECTS[0]["name"]][0] == pounds


def test_pounds_under_a_heading_of_millions_are_refused() -> None:
    batch, findings = read_gmpp(as_text([{**PROJECTS[0], "whole_life": "34000000"}], Dialect(IPA_2022)), "x")
    assert batch is not None
    assert any(f.code == "gmpp-too-large" and f.rejects for f in findings)
    assert by_title(batch, "GMPP-whole-life-cost")[PROJECTS[0]["name"]][0] is None


@pytest.mark.parametrize(
    ("label", "kept", "place"),
    [
        ("Reset", "Reset", None),
        ("AMBER", "Amber", 2),
        ("G", "Green", 3),
        ("Amber (SRO)", "Amber", 2),
        ("N/A", "N/A", None),
        ("Exempt", "Exempt", None),
    ],
)
def test_rating_keeps_its_label_and_scale(label: str, kept: str, place: int | None) -> None:
    batch = read(
        as_text([{**PROJECTS[0], "central": label, "owner": ""}, *PROJECTS[1:30]], Dialect(IPA_2022))
    )
    value, missing, shown = by_title(batch, "GMPP-central-rating-three-point")[PROJECTS[0]["name"]]
    assert (value, shown) == (place, kept)
    assert missing == {"N/A": "not provided", "Exempt": "withheld"}.get(label)


# --- years


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


# --- several returns in one store


def as_stored(batch: Batch) -> dict[str, pl.DataFrame]:
    return {t: f.drop("_row") for t, f in batch.frames.items()}


def test_older_return_loaded_later_leaves_the_newer_values_and_adds_readings(
    real: tuple[Batch, list[Finding]],
) -> None:
    older = read(as_text([{**p, "name": p["name"].upper()} for p in OLD], DIALECTS["mpa-2014-transposed"][0]))
    fitted = reconcile_gmpp(older, as_stored(real[0]))
    assert set(fitted.frames["readings"]["item_id"]) == set(real[0].frames["work_items"]["id"])
    assert fitted.frames["readings"]["row_key"].n_unique() == older.frames["readings"].height
    assert "work_items" not in fitted.frames
    assert "agencies" not in fitted.frames


def test_newer_return_loaded_later_takes_over_and_keeps_the_ids(real: tuple[Batch, list[Finding]]) -> None:
    older = read(as_text(OLD, DIALECTS["mpa-2014-transposed"][0]))
    assert all(i.startswith("P-") for i in older.frames["work_items"]["id"])
    fitted = reconcile_gmpp(real[0], as_stored(older))
    assert set(fitted.frames["work_items"]["id"]) == set(older.frames["work_items"]["id"])
    assert fitted.frames["benefits"].height == 244
    items = set(fitted.frames["work_items"]["id"])
    assert {i for ids in fitted.frames["benefits"]["item_ids"] for i in ids.split("; ")} == items
    assert set(fitted.frames["benefits"]["owner_role_id"]) == set(fitted.frames["role_holders"]["id"])


def test_department_whose_code_another_agency_has_takes_another(real: tuple[Batch, list[Finding]]) -> None:
    stored = {"agencies": pl.DataFrame({"id": ["HOUSING"], "code": ["HO"]})}
    fitted = reconcile_gmpp(real[0], stored)
    assert dict(fitted.frames["agencies"].select("id", "code").iter_rows())["GOV-HO"] == "HO2"


# --- what must be loud


def test_open_quotation_mark_is_refused_with_its_line() -> None:
    text = as_text(PROJECTS, Dialect(IPA_2022)).decode()
    at = text.index("CO_0133")
    _, findings = read_gmpp(f'{text[:at]}"{text[at:]}'.encode(), "x")
    assert any(
        f.rejects and f.code in ("gmpp-ragged", "file-open-quote") and "line" in f.found for f in findings
    )


def test_quotation_mark_that_swallows_the_rest_is_refused() -> None:
    text = written(
        [list(FIELDS), *[[p[n].replace('"', "").replace("\n", " ") for n in FIELDS] for p in PROJECTS]]
    ).decode()
    plain = "\n".join(line.replace('"', "") for line in text.splitlines())
    headed = plain.replace("id,name,department", "GMPP ID,Project Name,Department", 1)
    at = headed.index("CO_0027")
    _, findings = read_gmpp(f'{headed[:at]}"{headed[at:]}'.encode(), "x")
    assert any(f.code == "file-open-quote" and f.rejects for f in findings)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b"%PDF-1.7 ...", "file-kind"),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "file-kind"),
        (b"a,b,c\n1,2,3\n", "gmpp-no-headings"),
        (b"Project Name,Department,MPA RAG rating\n", "gmpp-no-projects"),
        (b"PK\x03\x04 broken", "file-broken"),
        (b"Project Name,Department,MPA RAG\0 rating\nA,B,Red\n", "file-nul"),
    ],
)
def test_file_that_is_no_return_is_refused_in_words(data: bytes, code: str) -> None:
    _, findings = read_gmpp(data, "x", year=2020)
    refused = [f for f in findings if f.rejects]
    assert [f.code for f in refused] == [code]
    assert refused[0].found.endswith((".", ")"))
    assert refused[0].do


def test_bytes_of_no_alphabet_are_kept_as_marks_and_said() -> None:
    data = as_text(PROJECTS, Dialect(IPA_2022, encoding="cp1252")).replace(b"Falcon IT", b"F\x81lcon\x9d IT")
    batch, findings = read_gmpp(data, "x")
    assert batch is not None
    assert batch.rows_kept == 244
    assert "file-stray-bytes" in codes(findings)


def test_pound_sign_survives_every_encoding() -> None:
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-be", "utf-16-le"):
        batch = read(as_text(PROJECTS[:3], Dialect(IPA_2022, encoding=encoding, money=pounds_m)))
        assert by_title(batch, "GMPP-whole-life-cost")[PROJECTS[0]["name"]][0] == 34 * MILLION


def test_lines_may_end_with_a_lone_carriage_return() -> None:
    flat = [{k: v.replace("\n", " ") for k, v in p.items()} for p in PROJECTS]
    assert read(as_text(flat, Dialect(IPA_2022, newline="\r"))).rows_kept == 244


def test_repeated_and_clashing_lines_are_each_accounted_for() -> None:
    first, other = PROJECTS[0], PROJECTS[1]
    rows = [first, first, {**first, "whole_life": "99"}, {**other, "id": first["id"]}]
    batch, findings = read_gmpp(as_text(rows, Dialect(IPA_2022)), "x")
    assert batch is not None
    assert (batch.rows_read, batch.rows_kept) == (4, 2)
    assert ["says the same" in s.reason for s in batch.skipped] == [True, False]
    assert set(batch.frames["work_items"]["id"]) == {first["id"], f"{first['id']}-2"}
    assert {"gmpp-project-twice", "gmpp-number-twice"} <= codes(findings)


def test_working_notes_and_totals_are_skipped_with_reasons() -> None:
    dialect = Dialect(IPA_2018, flipped=True)
    table = [
        [*row, extra]
        for row, extra in zip(
            grid(OLD[:6], dialect), ["", "Cells to be exempted", "", "D10-D16", *[""] * 11], strict=True
        )
    ]
    batch = read(written(table))
    assert batch.rows_kept == 6
    assert [s.reason.split(",")[0] for s in batch.skipped] == ["Notes of those who made the file"]
    total = ["", "Total", *[""] * 8, "1", "2", "", "", "3", "", "", "", ""]
    batch = read(written([*grid(PROJECTS[:6], Dialect(IPA_2022)), total]))
    assert [s.reason.split(",")[0] for s in batch.skipped] == ["A total of other lines"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    keep=st.lists(st.integers(0, 243), min_size=1, max_size=12, unique=True),
    junk=st.lists(st.sampled_from(["", "Note: a remark", "Total", "Ministry of Magic", "*"]), max_size=6),
    flipped=st.booleans(),
    separator=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_rows_read_are_kept_or_skipped_whatever_stands_between(
    keep: list[int], junk: list[str], flipped: bool, separator: str, encoding: str
) -> None:
    dialect = Dialect(
        IPA_2022, flipped=flipped, separator=separator, encoding=encoding, below=[[j] for j in junk]
    )
    batch, findings = read_gmpp(as_text([PROJECTS[i] for i in keep], dialect), "x", year=2023)
    assert batch is not None, findings
    assert batch.rows_kept == len(keep) == batch.frames["work_items"].height
    assert batch.rows_read == batch.rows_kept + len(batch.skipped)
    assert all(s.place and s.reason for s in batch.skipped)
    if not flipped:
        assert len(batch.skipped) == sum(bool(j) for j in junk)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
def test_words_never_become_zero(text: str) -> None:
    number = read_number(text)
    assert number is None or any(c.isdigit() for c in text)
    if number is None:
        assert missing_kind(text).kind in ("withheld", "too early", "suppressed", "not provided", "blank")


def test_cells_under_no_heading_and_lines_without_a_name_are_said() -> None:
    rows = grid(PROJECTS[:4], Dialect(IPA_2022))
    rows = [[*r, "" if i == 0 else "1"] for i, r in enumerate(rows)]
    rows[2][0] = rows[2][1] = ""
    batch, findings = read_gmpp(written(rows), "x")
    assert batch is not None
    assert (batch.rows_kept, len(batch.skipped)) == (3, 1)
    assert "3 cells" in next(f.found for f in findings if f.code == "gmpp-no-heading")
    assert "1 lines have figures" in next(f.found for f in findings if f.code == "gmpp-nameless")


def test_projects_of_one_name_in_two_departments_are_two() -> None:
    headings = {k: v for k, v in IPA_2022.items() if k != "id"}
    rows = [{**p, "name": "Shared Services"} for p in (PROJECTS[0], PROJECTS[11])]
    batch, findings = read_gmpp(as_text(rows, Dialect(headings)), "x")
    assert batch is not None
    assert batch.frames["work_items"]["id"].to_list() == ["P-SHARED-SERVICES", "P-SHARED-SERVICES-2"]
    assert "gmpp-number-twice" in codes(findings)


def test_decimal_commas_are_read_where_the_whole_return_has_them() -> None:
    def comma(text: str) -> str:
        return f"{float(text):,.2f}".translate(str.maketrans(",.", ".,"))

    batch, findings = read_gmpp(as_text(PROJECTS, Dialect(IPA_2022, separator=";", money=comma)), "x")
    assert batch is not None
    assert {t: v for t, (v, _, _) in by_title(batch, "GMPP-whole-life-benefits").items()} == expected_money(
        "benefits"
    )
    assert "gmpp-decimal-comma" in codes(findings)


def test_pound_sign_lost_on_the_way_does_not_lose_the_figure() -> None:
    rows = [{**PROJECTS[0], "baseline": "?1.90m", "forecast": "-?120.11m", "whole_life": "\ufffd12,131.50"}]
    batch = read(as_text(rows, Dialect({**IPA_2022, "whole_life": "TOTAL Baseline Whole Life Costs (?m)"})))
    values = [
        by_title(batch, f"GMPP-{m}")[rows[0]["name"]][0]
        for m in ("year-baseline", "year-forecast", "whole-life-cost")
    ]
    assert values == [Decimal("1900000"), Decimal("-120110000"), Decimal("12131500000")]


@pytest.mark.parametrize(
    ("old", "new"),
    [("Department", "Departmant"), ("Project Name", "Project  name:"), ("Department", "DEPARTMENT\n1")],
)
def test_heading_with_a_slip_is_still_known(old: str, new: str) -> None:
    headings = {k: new if v == old else v for k, v in MPA_2014.items()}
    assert read(as_text(OLD[:5], Dialect(headings, flipped=True))).rows_kept == 5


def test_projects_whose_names_are_withheld_are_each_kept() -> None:
    headings = {k: v for k, v in IPA_2022.items() if k != "id"}
    rows = [{**p, "name": "Exempt under Section 24"} for p in PROJECTS[:3]]
    batch, _ = read_gmpp(as_text(rows, Dialect(headings)), "x")
    assert batch is not None
    assert batch.rows_kept == batch.frames["work_items"].height == 3


def test_one_project_in_two_columns_and_a_hint_for_excel_are_read() -> None:
    batch = read(as_text(OLD[:1], Dialect(MPA_2014, flipped=True)))
    assert batch.frames["work_items"]["title"].to_list() == [PROJECTS[0]["name"]]
    batch = read(b"sep=;\r\n" + as_text(PROJECTS[:9], Dialect(IPA_2022, separator=";")))
    assert batch.rows_kept == 9


def test_blank_columns_before_and_sections_beside_the_field_names_do_no_harm() -> None:
    table = grid(OLD[:20], Dialect(MPA_2014, flipped=True))
    rows = [["", "Money" if "£" in r[0] else "", *r] for r in table]
    batch = read(written([["", "", "GMPP return"], *rows]))
    assert batch.rows_kept == 20
    assert batch.skipped == ()

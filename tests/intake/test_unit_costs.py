"""The unit cost library: the real open extract, and the publisher's workbook made from it with every known trap."""

from __future__ import annotations

import csv
import io
from collections import Counter
from decimal import Decimal
from typing import Any

import openpyxl
import polars as pl
import pytest
from costs_made import EXTRACT, LISTS, Edition, extract, workbook

from partnership.errors import Finding, InvalidInput, UnknownName, has_errors
from partnership.intake._cost_headers import read_cost_heading
from partnership.intake.unit_costs import read_unit_costs, reconcile_unit_costs
from partnership.money import round_pounds
from partnership.plan import Batch, Plan, check
from partnership.roi import UnitCost, refuse_double_count, safe_total
from partnership.tables import schema_of

ROWS = extract()
MOVED = (
    "confidence", "code", "fiscal", "agency", "agency_detail", "social", "category", "detail", "unit", "cost", "economic", "comment",
    "source",
)  # fmt: skip

EDITIONS = {
    "v1.4": Edition(),
    "v1.4 without merging": Edition(merged=False),
    "v2.3.1 with columns moved": Edition(version="v2.3.1", order=MOVED, top=3, far=False),
    "v3.0 with a new sheet and no marker": Edition(
        version="v3.0",
        order=MOVED,
        subs=("Estimated cost/saving", "Year of cost data", "Updated cost/saving (2025/26 prices)"),
        marker=None,
        merged=False,
        top=2,
        extra_sheet="Energy",
        year_as_day=True,
    ),
    "marker in capitals": Edition(marker="DO NOT DELETE ROWS\nBELOW"),
}


def read(data: bytes, name: str = "costs.xlsx") -> tuple[Batch, list[Finding]]:
    batch, findings = read_unit_costs(data, name)
    assert batch is not None, findings
    assert not has_errors(findings), [str(f) for f in findings]
    return batch, findings


def library(batch: Batch) -> dict[str, UnitCost]:
    return {c.id: c for c in Plan.from_frames(batch.frames)["unit_costs"]}


def expected() -> dict[str, dict[str, Any]]:
    out = {}
    for row in ROWS:
        values: dict[str, Any] = {}
        for kind in ("fiscal", "economic", "social"):
            amount = row[f"{kind}_gbp"]
            values[f"{kind}_gbp"] = round_pounds(amount) if amount else None
            values[f"{kind}_price_year"] = row[f"{kind}_price_year"] or None
        out[row["code"].replace("&", "-")] = values
    return out


def values_of(cost: UnitCost) -> dict[str, Any]:
    return {n: getattr(cost, n) for n in next(iter(expected().values()))}


@pytest.fixture(scope="module")
def tidy() -> tuple[Batch, list[Finding]]:
    return read(EXTRACT.read_bytes(), EXTRACT.name)


# --- the real extract


def test_extract_keeps_every_row_with_exact_money_and_its_own_price_year(
    tidy: tuple[Batch, list[Finding]],
) -> None:
    batch, findings = tidy
    assert (batch.rows_read, batch.rows_kept, batch.skipped) == (80, 80, ())
    assert {i: values_of(c) for i, c in library(batch).items()} == expected()
    assert batch.frames["unit_costs"].columns == [*(n for n, _ in schema_of("unit_costs")), "row_key", "_row"]
    rounded = next(f for f in findings if f.code == "costs-rounded")
    assert rounded.found.startswith("4 amounts")


def test_extract_keeps_the_publishers_uprating_apart(tidy: tuple[Batch, list[Finding]]) -> None:
    costs = library(tidy[0])
    assert costs["CR2.0"].fiscal_gbp == Decimal("2470.00")
    assert costs["CR2.0"].fiscal_uprated_gbp == Decimal("2836.48")
    assert costs["CR2.0"].edition == "Unit costs v1.4, uprated to 2015/16"


def test_extract_headlines_split_exactly_over_their_constituents(tidy: tuple[Batch, list[Finding]]) -> None:
    costs = library(tidy[0])
    for headline, parts in (("CR2.0", 5), ("SS4.1", 4)):
        ids = [f"{headline}.{n}" for n in range(1, parts + 1)]
        assert {costs[i].parent_id for i in ids} == {headline}
        total, year = safe_total(costs.values(), ids)
        assert (total, year) == (costs[headline].fiscal_gbp, costs[headline].fiscal_price_year)
        with pytest.raises(InvalidInput, match="same money"):
            safe_total(costs.values(), [headline, ids[0]])


def test_extract_levels_and_links_follow_the_codes(tidy: tuple[Batch, list[Finding]]) -> None:
    costs = library(tidy[0])
    assert {c.level for c in costs.values() if c.id.count(".") == 1} == {"headline"}
    assert {c.level for c in costs.values() if c.id.count(".") == 2} == {"constituent"}
    for cost in costs.values():
        assert cost.parent_id == (cost.id.rsplit(".", 1)[0] if cost.level == "constituent" else None)
    faults = check(Plan.from_frames(tidy[0].frames))
    assert {f.code for f in faults if f.severity == "error"} <= {"plan-one-partnership"}


def test_extract_agencies_are_spelt_one_way(tidy: tuple[Batch, list[Finding]]) -> None:
    names = [c.agency_bearing for c in library(tidy[0]).values()]
    assert "Local Authority" in names
    assert "Local authority" not in names
    assert len({n.casefold() for n in names if n}) == len({n for n in names if n})


# --- the publisher's workbook


@pytest.mark.parametrize("name", EDITIONS)
def test_workbook_gives_the_extracts_costs_whatever_the_edition(name: str) -> None:
    edition = EDITIONS[name]
    batch, findings = read(workbook(ROWS, edition))
    costs = library(batch)
    extra = {"EN1.0"} if edition.extra_sheet else set()
    assert set(costs) == set(expected()) | extra
    for key, values in expected().items():
        assert values_of(costs[key]) == values, key
    assert batch.rows_read == batch.rows_kept + len(batch.skipped)
    assert batch.rows_kept == 80 + len(extra)
    assert all(s.reason and "row" in s.place for s in batch.skipped)
    assert str(costs["CR2.0"].edition).startswith(f"GMCA Unit Cost Database {edition.version}")
    assert "costs-edition" not in {f.code for f in findings}


@pytest.mark.parametrize("name", EDITIONS)
def test_workbook_drop_down_lists_are_never_costs(name: str) -> None:
    batch, findings = read(workbook(ROWS, EDITIONS[name]))
    sheets = 5 + (EDITIONS[name].extra_sheet is not None)
    marker = EDITIONS[name].marker is not None
    assert len(batch.skipped) == sheets * (len(LISTS) + marker)
    assert "CR9.9" not in library(batch)
    assert any(f.code == "costs-below-lists" for f in findings) is marker


def test_workbook_texts_are_whole_and_on_one_line() -> None:
    cost = library(read(workbook(ROWS))[0])["CR2.0.1"]
    assert cost.cost == "Domestic violence - fiscal cost per incident: health"
    assert (cost.theme, cost.outcome) == ("Crime", "DOMESTIC VIOLENCE")
    assert (cost.agency_bearing, cost.agency_bearing_detail) == ("NHS", "Acute Trust / Hospital")
    assert (cost.unit, cost.confidence, cost.parent_id, cost.level) == (
        "Per incident",
        "amber",
        "CR2.0",
        "constituent",
    )
    assert str(cost.source).endswith("Publisher's comment: See the guidance before use")


def test_workbook_outline_tells_headlines_from_subsidiaries_and_hidden_rows_are_read() -> None:
    batch, findings = read(workbook(ROWS))
    levels = Counter(c.level for c in library(batch).values())
    assert levels == {"headline": 20, "subsidiary": 7, "constituent": 53}
    assert sum(int(f.found.split()[0]) for f in findings if f.code == "costs-hidden-rows") == 60


def test_workbook_formulas_give_their_saved_results() -> None:
    costs = library(read(workbook(ROWS))[0])
    assert {i: c.fiscal_uprated_gbp for i, c in costs.items()} == {
        r["code"].replace("&", "-"): round_pounds(r["fiscal_gbp_2015_16"]) for r in ROWS
    }


def test_workbook_formulas_without_results_are_said_and_not_zero() -> None:
    batch, findings = read(workbook(ROWS, Edition(has_cache=False)))
    assert batch.frames["unit_costs"]["fiscal_uprated_gbp"].null_count() == 80
    assert any(f.code == "costs-formula-uprated" and f.found.startswith("93 ") for f in findings)


def test_value_that_is_a_formula_without_result_is_refused() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(ROWS)))
    book["Crime"]["H4"] = "=1000+1470"
    out = io.BytesIO()
    book.save(out)
    _, findings = read_unit_costs(out.getvalue(), "x.xlsx")
    refused = [f for f in findings if f.rejects]
    assert [(f.code, f.place) for f in refused] == [("costs-formula", "Crime!H4")]


def test_saved_single_sheet_as_text_is_read_too() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(ROWS)), data_only=True)
    out = io.StringIO(newline="")
    csv.writer(out).writerows(
        ["" if c is None else c for c in row[:20]]
        for row in book["Crime"].iter_rows(values_only=True, max_row=40)
    )
    batch, _ = read(out.getvalue().encode("cp1252", "replace"), "crime.csv")
    assert set(library(batch)) == {k for k in expected() if k.startswith("CR")}


# --- what must be said, or refused


def tidy_with(*rows: dict[str, str]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(ROWS[0]))
    writer.writeheader()
    writer.writerows([{**dict.fromkeys(ROWS[0], ""), **r} for r in rows])
    return out.getvalue().encode()


def test_code_twice_is_kept_twice_and_a_repeat_once() -> None:
    first = ROWS[0]
    batch, findings = read(tidy_with(first, first, {**first, "fiscal_gbp": "7"}))
    assert set(library(batch)) == {"CR1.0", "CR1.0-2"}
    assert [s.reason for s in batch.skipped] == ["It says the same as line 2: CR1.0."]
    assert any(f.code == "costs-code-twice" for f in findings)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"fiscal_gbp": "see comments"}, "costs-not-a-figure"),
        ({"fiscal_price_year": "various"}, "costs-year-odd"),
        ({"fiscal_price_year": ""}, "costs-no-price-year"),
        ({"confidence_rag": "purple"}, "costs-grade"),
        ({"fiscal_gbp": "", "economic_gbp": "", "social_gbp": ""}, "costs-no-value"),
        ({"code": "CR7.0.1"}, "costs-no-headline"),
        ({"code": "none"}, "costs-no-code"),
        ({"code": ""}, "costs-no-code"),
    ],
)
def test_doubtful_cell_is_said_with_its_line(change: dict[str, str], code: str) -> None:
    batch, findings = read(tidy_with(ROWS[1], {**ROWS[0], **change}))
    said = next(f for f in findings if f.code == code)
    assert "line 3" in said.found
    assert batch.rows_read == 2 == batch.rows_kept + len(batch.skipped)


def test_amount_as_text_is_read_and_missing_is_not_zero() -> None:
    batch, _ = read(tidy_with({**ROWS[0], "fiscal_gbp": " £1,648 "}, {**ROWS[1], "economic_gbp": ""}))
    costs = library(batch)
    assert costs["CR1.0"].fiscal_gbp == Decimal("1648.00")
    assert costs["CR2.0"].economic_gbp is None


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b"code,date,change\nCR1.0,2015,new\n", "costs-no-headings"),
        (b"code,cost_detail,fiscal_gbp\n", "costs-none"),
        (b"<html><body>404</body></html>", "file-kind"),
    ],
)
def test_file_that_is_no_library_is_refused_in_words(data: bytes, code: str) -> None:
    _, findings = read_unit_costs(data, "x.csv")
    assert [f.code for f in findings if f.rejects] == [code]


@pytest.mark.parametrize(
    ("group", "text", "field"),
    [
        ("Fiscal", "Estimated cost/saving", "fiscal_value"), ("Fiscal Cost", "Year", "fiscal_year"), ("Economic value", "Updated cost/saving", "economic_uprated"),
        ("Social", "Cost / saving in 2023/24 prices", "social_uprated"), ("Agency bearing the cost/making the fiscal saving", "Level 2", "agency_detail"),
        ("Fiscal", "Comments", "comment"), ("", "Cost code", "code"), ("", "Cost/Saving\ndetail", "cost"), ("", "RAG", "confidence"),
        ("Fiscal value", "Price base", "fiscal_year"),
    ],
)  # fmt: skip
def test_heading_is_read_with_its_group(group: str, text: str, field: str) -> None:
    heading = read_cost_heading(group, text)
    assert heading is not None
    assert heading.field == field


# --- two editions, and totals


def test_second_edition_does_not_overwrite_the_first(tidy: tuple[Batch, list[Finding]]) -> None:
    newer, _ = read(workbook(ROWS, EDITIONS["v2.3.1 with columns moved"]))
    stored = {"unit_costs": tidy[0].frames["unit_costs"].drop("_row")}
    fitted = reconcile_unit_costs(newer, stored)
    ids = fitted.frames["unit_costs"]["id"].to_list()
    assert all(i.startswith("v2.3.1/") for i in ids)
    assert set(fitted.frames["unit_costs"]["parent_id"].drop_nulls()) <= set(ids)
    assert not set(ids) & set(tidy[0].frames["unit_costs"]["id"])
    assert fitted.frames["unit_costs"]["row_key"].to_list() == ids
    both = pl.concat([stored["unit_costs"], fitted.frames["unit_costs"].drop("_row")])
    again = reconcile_unit_costs(newer, {"unit_costs": both})
    assert again.frames["unit_costs"]["id"].to_list() == ids
    assert reconcile_unit_costs(tidy[0], stored) is tidy[0]


def test_total_refuses_a_headline_with_a_part_at_any_depth_and_one_cost_twice() -> None:
    costs = [
        UnitCost(id="A1.0"),
        UnitCost(id="A1.0.1", parent_id="A1.0"),
        UnitCost(id="A1.0.1.1", parent_id="A1.0.1"),
        UnitCost(id="B1.0"),
    ]
    refuse_double_count(costs, ["A1.0", "B1.0"])
    for ids in (["A1.0", "A1.0.1.1"], ["A1.0.1.1", "A1.0.1"], ["B1.0", "B1.0"]):
        with pytest.raises(InvalidInput, match="same money"):
            refuse_double_count(costs, ids)
    with pytest.raises(UnknownName, match=r"A1\.0"):
        refuse_double_count(costs, ["A1.O"])


def test_total_refuses_mixed_price_years_and_missing_values(tidy: tuple[Batch, list[Finding]]) -> None:
    costs = library(tidy[0]).values()
    with pytest.raises(InvalidInput, match="different years"):
        safe_total(costs, ["CR1.0", "CR2.0"])
    with pytest.raises(InvalidInput, match="no economic value"):
        safe_total(costs, ["CR2.0.1"], "economic")
    with pytest.raises(InvalidInput, match="at least one"):
        safe_total(costs, [])


def test_column_of_codes_is_known_by_its_cells_where_its_heading_is_strange() -> None:
    names = {**Edition().names, "code": "Ref. in the 2015 model"}
    batch, _ = read(workbook(ROWS, Edition(names=names)))
    assert set(library(batch)) == set(expected())


def test_marker_above_the_table_does_not_hide_the_costs() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(ROWS, Edition(far=False))))
    book["Crime"]["Z3"] = "Do not delete rows"
    out = io.BytesIO()
    book.save(out)
    batch, _ = read_unit_costs(out.getvalue(), "x.xlsx")
    assert batch is not None
    assert set(library(batch)) == set(expected())

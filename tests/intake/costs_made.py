"""The publisher's own workbook, made from the open extract with every trap that is known of it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter

EXTRACT = Path(__file__).parents[2] / "sample_data" / "open" / "unit_costs_gmca_v1_4_extract.csv"

SHEETS = {
    "CRIME": "Crime",
    "EDUCATION & SKILLS": "Education & Skills ",
    "HEALTH": "Health",
    "HOUSING": " Housing",
    "SOCIAL SERVICES": "Social Services",
}
GROUPS = {
    "CRIME": "Fiscal",
    "EDUCATION & SKILLS": "Fiscal Cost",
    "HEALTH": "Fiscal value",
    "HOUSING": "Fiscal cost/saving",
    "SOCIAL SERVICES": "Fiscal",
}
FIRST = ("category", "detail", "code", "cost", "unit")
LISTS = (
    "Police",
    "Local Authority",
    "Local authority",
    "NHS",
    "Per incident",
    "Per person per year",
    "CR9.9",
)


def extract() -> list[dict[str, str]]:
    with EXTRACT.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Edition:
    """How one edition is laid out."""

    version: str = "v1.4"
    order: Sequence[str] = (
        *FIRST,
        "agency",
        "agency_detail",
        "fiscal",
        "economic",
        "social",
        "confidence",
        "source",
        "comment",
    )
    names: Mapping[str, str] = field(
        default_factory=lambda: {
            "category": "Outcome Category", "detail": "Outcome Detail", "code": "Code", "cost": "Cost / saving\ndetail", "unit": "Unit",
            "confidence": "Confidence (RAG)", "source": "Original source", "comment": "Comments",
        }
    )  # fmt: skip
    subs: Sequence[str] = ("Estimated cost/saving", "Year", "Updated cost/saving")
    marker: str | None = "Do not delete rows"
    merged: bool = True
    has_cache: bool = True
    year_as_day: bool = False
    top: int = 0
    extra_sheet: str | None = None
    far: bool = True


def workbook(rows: Sequence[Mapping[str, str]], edition: Edition | None = None) -> bytes:
    """Write the workbook: a sheet a theme beside Introduction, Guidance, Lookups and an update log."""
    layout = edition or Edition()
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    _introduction(book, layout)
    for theme in dict.fromkeys(r["outcome_category"] for r in rows):
        name = SHEETS.get(theme, theme.title())
        _theme(
            book,
            book.add_worksheet(name),
            [r for r in rows if r["outcome_category"] == theme],
            layout,
            GROUPS.get(theme, "Fiscal"),
        )
    if layout.extra_sheet:
        sample = {
            **rows[0],
            "code": "EN1.0",
            "outcome_category": "ENERGY",
            "outcome_detail": "FUEL POVERTY",
            "cost_detail": "Cold home",
        }
        _theme(book, book.add_worksheet(layout.extra_sheet), [sample], layout, "Fiscal")
    _lookups(book)
    book.close()
    return out.getvalue()


def _introduction(book: xlsxwriter.Workbook, layout: Edition) -> None:
    page = book.add_worksheet("Introduction")
    page.write("B2", f"Unit Cost Database {layout.version}")
    page.write("B4", "This work is licensed under the Creative Commons Attribution 4.0 International License")
    guidance = book.add_worksheet("Guidance ")
    guidance.write_column("A1", ["Column", "Code", "Unit", "Fiscal", "Economic", "Social"])
    guidance.write_column(
        "B1",
        [
            "Meaning",
            "The code of the entry",
            "Per what",
            "Cost to the purse",
            "Cost to the economy",
            "Value to society",
        ],
    )
    log = book.add_worksheet("Update log")
    log.write_row("A1", ["Date", "Version", "Code", "Change"])
    log.write_row("A2", ["March 2015", "v1.4", "CR2.0", "Updated cost added"])
    log.write_row("A3", ["March 2014", "v1.3", "HE4.0", "Source replaced"])


def _lookups(book: xlsxwriter.Workbook) -> None:
    page = book.add_worksheet("Lookups")
    page.write_row("A1", ["Year", "Deflator"])
    for i, year in enumerate(
        ("2002/03", "2004/05", "2005/06", "2006/07", "2008/09", "2009/10", "2010/11", "2011/12", "2013/14"), 2
    ):
        page.write_row(f"A{i}", [year, 1.0 + i / 100])


def _theme(
    book: xlsxwriter.Workbook, page: Any, rows: Sequence[Mapping[str, str]], layout: Edition, group: str
) -> None:
    place: dict[str, int] = {}
    column = 0
    top, sub = layout.top, layout.top + 1
    if layout.top:
        page.write(0, 0, f"Unit Cost Database {layout.version}: costs by theme")
    for name in layout.order:
        if name in ("fiscal", "economic", "social"):
            title = group if name == "fiscal" else group.replace("Fiscal", name.title())
            _group(page, layout, top, column, title, layout.subs)
            for i, part in enumerate(("value", "year", "uprated")):
                place[f"{name}_{part}"] = column + i
            column += 3
        elif name == "agency":
            _group(
                page,
                layout,
                top,
                column,
                "Agency bearing the cost / making the fiscal saving",
                ("Level 1", "Level 2"),
            )
            place |= {"agency": column, "agency_detail": column + 1}
            column += 2
        elif name != "agency_detail":
            if layout.merged:
                page.merge_range(top, column, sub, column, layout.names[name])
            else:
                page.write(top, column, layout.names[name])
            place[name] = column
            column += 1
    last = _rows(book, page, rows, layout, place, sub + 1)
    _lists(page, layout, place, last + 3)
    if layout.far:
        page.write_blank(4000, 60, None, book.add_format({"bg_color": "#ff0000"}))
        page.write(9000, 250, " ")


def _group(page: Any, layout: Edition, top: int, column: int, title: str, subs: Sequence[str]) -> None:
    if layout.merged:
        page.merge_range(top, column, top, column + len(subs) - 1, title)
    else:
        page.write(top, column, title)
    page.write_row(top + 1, column, subs)


def _rows(
    book: Any,
    page: Any,
    rows: Sequence[Mapping[str, str]],
    layout: Edition,
    place: Mapping[str, int],
    first: int,
) -> int:
    category = detail = ""
    day = book.add_format({"num_format": "yyyy/mm"})
    for r, row in enumerate(rows, first):
        plain = {
            "category": row["outcome_category"] if row["outcome_category"] != category else "",
            "detail": row["outcome_detail"] if row["outcome_detail"] != detail else "",
            "code": f"{row['code']} ", "cost": row["cost_detail"].replace(" - ", "\n- "), "unit": row["unit"], "agency": row["agency"],
            "agency_detail": row["agency_detail"], "confidence": row["confidence_rag"], "source": row["original_source"],
            "comment": "See the guidance\nbefore use",
        }  # fmt: skip
        category, detail = row["outcome_category"], row["outcome_detail"]
        for name, text in plain.items():
            if text:
                page.write(r, place[name], text)
        for kind in ("fiscal", "economic", "social"):
            value, year = row[f"{kind}_gbp"], row[f"{kind}_price_year"]
            if not value:
                continue
            page.write_number(r, place[f"{kind}_value"], float(value))
            if layout.year_as_day and int(year[5:]) <= 12:
                page.write_datetime(
                    r, place[f"{kind}_year"], dt.datetime(int(year[:4]), int(year[5:]), 1), day
                )
            else:
                page.write(r, place[f"{kind}_year"], year)
            cached = float(row["fiscal_gbp_2015_16"]) if kind == "fiscal" else float(value) * 1.1
            formula = "=VLOOKUP(A1,Lookups!$A$2:$B$10,2,0)"
            page.write_formula(r, place[f"{kind}_uprated"], formula, None, cached if layout.has_cache else "")
        if row["code"].count(".") > 1:
            page.set_row(r, None, None, {"level": 2, "hidden": True})
        elif not row["code"].endswith(".0"):
            page.set_row(r, None, None, {"level": 1, "hidden": True})
    return first + len(rows) - 1


def _lists(page: Any, layout: Edition, place: Mapping[str, int], row: int) -> None:
    if layout.marker:
        page.merge_range(row, 0, row, 4, layout.marker)
    for i, text in enumerate(LISTS, row + 1):
        page.write(i, place["agency"], text)
        page.write(i, place["unit"], "Per incident")
        page.write(i, place["fiscal_year"], "2008/09")
        page.write(i, place["confidence"], "RAG"[i % 3])
        if layout.marker and text == LISTS[-1]:
            page.write(i, place["code"], text)
            page.write(i, place["cost"], "Example")
            page.write(i, place["fiscal_value"], 1)


def numbers(row: Mapping[str, str]) -> dict[str, str]:
    return {k: v for k, v in row.items() if k.endswith(("_gbp", "_price_year"))}

"""Returns of other years, made by rules from the real one: other headings, other ways round, other spellings of the same values."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

REAL = Path(__file__).parents[2] / "sample_data" / "open" / "gmpp_2023.csv"

FIELDS = {
    "id": 1, "name": 2, "department": 3, "category": 4, "description": 5, "central": 6, "owner": 7, "rating_note": 8, "start": 9,
    "end": 10, "schedule_note": 11, "baseline": 12, "forecast": 13, "variance_note": 14, "whole_life": 15, "cost_note": 16,
    "benefits": 17, "benefits_note": 18,
}  # fmt: skip

FIVE = "(A Delivery Confidence Assessment of the project at a fixed point in time, using a five-point scale, Red – Amber/Red – Amber – Amber/Green – Green; definitions in the Annual Report)"


def real_projects() -> list[dict[str, Any]]:
    """Read the real return without the reader that is tested: positions of columns, not headings."""
    with REAL.open(encoding="cp1252", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    projects = [{name: row[i] for name, i in FIELDS.items()} for row in rows[1:]]
    return [{**p, "name": " ".join(p["name"].split())} for p in projects]


@dataclass(frozen=True)
class Dialect:
    """How one year's return is written."""

    headings: Mapping[str, str]
    flipped: bool = False
    separator: str = ","
    encoding: str = "utf-8"
    money: Callable[[str], str] = str
    date: str = "%d/%m/%Y"
    above: Sequence[Sequence[str]] = ()
    below: Sequence[Sequence[str]] = ()
    newline: str = "\r\n"
    extra: Mapping[str, Callable[[dict[str, Any]], str]] = field(default_factory=dict)


def is_money(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def pounds_m(text: str) -> str:
    """12131.5 -> £12,131.50m, the minus before the pound sign."""
    number = float(text)
    return f"{'-' if number < 0 else ''}£{abs(number):,.2f}m"


def pounds_bare(text: str) -> str:
    number = float(text)
    return f"{'-' if number < 0 else ''}£{abs(number):,.2f}"


def accounting(text: str) -> str:
    number = float(text)
    return f"({abs(number):,})" if number < 0 else f"{number:,}"


def cells(project: Mapping[str, Any], dialect: Dialect) -> dict[str, str]:
    out: dict[str, str] = {}
    for name, heading in dialect.headings.items():
        text = dialect.extra[name](dict(project)) if name in dialect.extra else str(project.get(name, ""))
        if name in ("baseline", "forecast", "whole_life", "benefits") and is_money(text):
            text = dialect.money(text)
        if name in ("start", "end") and re.fullmatch(r"\d\d\.\d\d\.\d{4}", text):
            text = dt.datetime.strptime(text, "%d.%m.%Y").strftime(dialect.date)
        out[heading] = text
    return out


def grid(projects: Sequence[Mapping[str, Any]], dialect: Dialect) -> list[list[str]]:
    rows = [cells(p, dialect) for p in projects]
    headings = list(dialect.headings.values())
    table = [headings, *([r[h] for h in headings] for r in rows)]
    if dialect.flipped:
        table = [list(column) for column in zip(*table, strict=True)]
    return [*map(list, dialect.above), *table, *map(list, dialect.below)]


def as_text(projects: Sequence[Mapping[str, Any]], dialect: Dialect) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=dialect.separator, lineterminator=dialect.newline).writerows(
        grid(projects, dialect)
    )
    return out.getvalue().encode(dialect.encoding)


def as_workbook(
    projects: Sequence[Mapping[str, Any]], dialect: Dialect, *, sheet: str = "GMPP ", typed: bool = True
) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in grid(projects, dialect):
        page.append([_typed(c) if typed else c for c in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _typed(text: str) -> Any:
    if is_money(text):
        return float(text)
    try:
        return dt.datetime.strptime(text, "%d/%m/%Y")
    except ValueError:
        return text or None


MPA_2014 = {
    "name": "Project Name",
    "department": "Department",
    "central": f"MPA RAG rating {FIVE}",
    "rating_note": "Departmental commentary on actions planned or taken on the MPA RAG rating.",
    "description": "Description / Aims (From GMPP data)",
    "start": "Project - Start Date (Latest approved start date)",
    "end": "Project - End Date (Latest approved end date)",
    "schedule_note": "Departmental narrative on schedule, including any deviation from planned schedule (if necessary)",
    "baseline": "2013/2014 Budget (£million)",
    "forecast": "2013/2014 Forecast (£million)",
    "variance": "2013/2014 Variance %age",
    "variance_note": "Departmental narrative on budget/forecast variance for 2013/14 (if variance is more than 5%)",
    "whole_life": "Total budgeted whole life costs (£million) (including non-government costs)",
    "cost_note": "Departmental narrative on budgeted whole life costs",
}

IPA_2018 = {
    "id": "GMPP ID Number",
    "name": "Project name",
    "department": "Department",
    "description": "Detailed Description / Aims",
    "central": f"IPA Delivery Confidence Assessment {FIVE}",
    "rating_note": "Departmental commentary on actions planned or taken on the IPA RAG rating. The IPA Delivery Confidence Assessment (DCA) rating is …",
    "start": "Project - Start Date (Latest approved start date)",
    "end": "Project - End Date (Latest Approved End Date)",
    "schedule_note": "Departmental narrative on schedule, including any deviation from planned schedule (if necessary)",
    "baseline": "2017/18 TOTAL Baseline £m (including Non-Government costs)",
    "forecast": "2017/18 TOTAL Forecast £m (including Non-Government costs)",
    "variance": "2017/2018 Variance %age",
    "variance_note": "Departmental narrative on budget/forecast variance for 2017/18 (if variance is more than 5%)",
    "whole_life": "Whole Life Cost TOTAL Baseline £m (including Non-Government costs)",
    "cost_note": "Departmental narrative on budgeted whole life costs",
}

IPA_2021 = {
    "id": "GMPP ID Number",
    "name": "Project Name",
    "department": "Department",
    "category": "Annual Report Category",
    "description": "Description / Aims",
    "central": f"IPA Delivery Confidence Assessment {FIVE}",
    "rating_note": "Departmental commentary on actions planned or taken on the IPA RAG rating.",
    "start": "Project - Start Date (Latest Approved Start Date)",
    "end": "Project - End Date (Latest Approved End Date)",
    "schedule_note": "Departmental narrative on schedule, including any deviation from planned schedule (if necessary)",
    "baseline": "Financial Year Baseline (£m) (including Non-Government Costs)",
    "forecast": "Financial Year Forecast (£m) (including Non-Government Costs)",
    "variance": "Financial Year Variance (%)",
    "variance_note": "Departmental narrative on budget/forecast variance for 2020/21 (if variance is more than 5%)",
    "whole_life": "TOTAL Baseline Whole Life Costs (£m) (including Non-Government Costs)",
    "cost_note": "Departmental Narrative on Budgeted Whole Life Costs",
}

IPA_2022 = {
    **IPA_2021,
    "central": "IPA Delivery Confidence Assessment (using a three-point scale, Red – Amber – Green)",
    "owner": "SRO Delivery Confidence Assessment (using a three-point scale, Red – Amber – Green)",
    "benefits": "TOTAL Baseline Benefits (£m)",
    "benefits_note": "Departmental Narrative on Budgeted Benefits",
}

NISTA_2025 = {
    "id": "GMPP ID",
    "name": "Project Name",
    "department": "Department",
    "category": "Project Category",
    "sro": "Senior Responsible Owner (SRO) Name",
    "description": "Project Description",
    "central": "NISTA Delivery Confidence Assessment",
    "owner": "SRO Delivery Confidence Assessment",
    "start": "Start Date",
    "end": "End Date",
    "schedule_note": "Schedule Narrative",
    "baseline": "Financial Year Baseline (£m)",
    "forecast": "Financial Year Forecast (£m)",
    "variance_note": "In Year Variance Narrative",
    "whole_life": "Whole Life Cost (£m, Presented in 2024/25 Real Prices)",
    "cost_note": "Costs Narrative",
    "benefits": "Benefits (£m, Presented in 2024/25 Real Prices)",
    "benefits_note": "Benefits Narrative",
    "evaluation": "Does the project have an evaluation plan? (self reported)",
}

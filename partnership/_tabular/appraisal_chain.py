"""The appraisal workbook's way from people to pounds: each benefit's chain, its timing, and its yearly flows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from partnership._roi.chain import links
from partnership._roi.counting import class_of
from partnership._roi.ledger import CLASSES, flows_of
from partnership._tabular.appraisal_choices import Discounting
from partnership._tabular.appraisal_inputs import Assumptions
from partnership._tabular.live_book import LiveBook, LiveSheet, a1, absolute
from partnership.periods import financial_year_starts, month_index, name_financial_year

if TYPE_CHECKING:
    from partnership._roi.appraisal import Appraisal
    from partnership._roi.model import Line

__all__ = ["Flows", "FlowRow", "Levels", "Timing", "add_chain", "add_flows", "add_timing"]

CHAIN, TIMING, FLOWS = "Chain", "Timing", "Yearly flows"
CASH, CAPACITY = "cash-releasing", "capacity released"


@dataclass
class Levels:
    """Where each line's pounds of a full year stand, and the first row of its block."""

    cell: dict[str, str] = field(default_factory=dict)
    block: dict[str, str] = field(default_factory=dict)


def add_chain(book: LiveBook, appraisal: Appraisal, assumptions: Assumptions) -> Levels:
    """Add the chain of every benefit, a step a row: what is multiplied, and what stands after it."""
    sheet = book.sheet(
        CHAIN, "From people to pounds, a step a row: factor = offset + scale x value; so far = so far x factor. A click leads to the assumption.",
        (17, 48, 15, 22, 14, 9, 14, 20, 46, 7), header_row=3,
    )  # fmt: skip
    sheet.head(
        ("Step", "What is assumed", "Value", "Unit", "Scale", "Offset", "Factor", "So far", "Source", "Grade")
    )
    found, row = Levels(), 4
    aside = {s.line_id: s.reason for s in appraisal.set_aside}
    for line in sorted(appraisal.model.lines, key=lambda x: x.id):
        sheet.section(row, f"{line.id}  {line.title}", 10)
        found.block[line.id] = sheet.ref(row, 0)
        kind = "dis-benefit, " if line.is_disbenefit else ""
        words = line.missing and f"No value: {line.missing}"
        said = (
            words
            or aside.get(line.id)
            or f"{kind}counts as {class_of(line)}. Address: appraisal_lines/{line.id}/level_gbp"
        )
        sheet.text(row + 1, 0, said, font_color="#3b4650")
        row += 2
        if not line.missing:
            row = _steps(sheet, row, line, assumptions)
            found.cell[line.id] = sheet.ref(row - 1, 7)
        row += 1
    if row == 4:
        sheet.text(row, 0, "The register holds no benefit yet.")
    return found


def _steps(sheet: LiveSheet, row: int, line: Line, assumptions: Assumptions) -> int:
    stated = [a for a in line.chain if a.step != "optimism bias"]
    late = [a for a in line.chain if a.step == "optimism bias"]
    used = [] if line.unit_value is None else [*stated, line.unit_value, *late]
    for at, link in enumerate(links(line)):
        sheet.text(row, 0, link.step)
        sheet.text(row, 1, link.name, text_wrap=True)
        sheet.text(row, 3, link.unit, text_wrap=True)
        value, scale, offset, cell = link.value, Decimal(1), Decimal(0), ""
        if at < len(used):
            assumed = used[at]
            scale, offset, cell = assumed.scale, assumed.offset, assumptions.cell(line, assumed)
        elif link.step == "full-year value":
            cell = assumptions.full_year[line.id]
        elif link.step == "optimism bias":
            cell = assumptions.correction.get(line.id, "")
            value = line.optimism_bias
            scale, offset = (Decimal(1) if line.is_disbenefit else Decimal(-1)), Decimal(1)
        if cell:
            sheet.work_out(
                row,
                2,
                cell,
                value,
                "share" if link.step == "optimism bias" and at >= len(used) else "number",
                link=cell,
            )
        else:
            sheet.number(row, 2, value, "number")
        sheet.number(row, 4, scale, "number")
        sheet.number(row, 5, offset, "number")
        sheet.work_out(row, 6, f"{a1(row, 5)}+{a1(row, 4)}*{a1(row, 2)}", link.factor, "number")
        before = f"{a1(row - 1, 7)}*" if at else ""
        sheet.work_out(
            row, 7, f"{before}{a1(row, 6)}", link.running, "running", bold=at == len(links(line)) - 1
        )
        sheet.text(row, 8, link.source, text_wrap=True)
        if link.grade is not None:
            sheet.number(row, 9, link.grade, "whole")
        sheet.sheet.set_row(
            row,
            14 * max(1, -(-len(link.name) // 46), -(-len(link.source) // 44), -(-len(link.unit) // 20)) + 2,
        )
        row += 1
    return row


@dataclass
class Timing:
    """Where each line's full years' worth by year of the appraisal stand."""

    weight: dict[str, list[str]] = field(default_factory=dict)
    row: dict[str, str] = field(default_factory=dict)


def add_timing(book: LiveBook, appraisal: Appraisal, assumptions: Assumptions) -> Timing:
    """Add when each benefit comes: first month, duration, ramp-up, drop-off, and the full years that fall in a year.

    A year of the appraisal meets at most two years of benefit: the one that runs on 1 April, and the next.
    """
    model = appraisal.model
    settings = model.settings
    years = list(settings.years)
    lines = sorted(model.counted_lines, key=lambda x: x.id)
    ramps = max((len(line.ramp_up) for line in lines), default=0)
    sheet = book.sheet(
        TIMING, "When each benefit comes. Full years' worth in a year = months of each year of benefit in it x ramp-up x what is kept / 12.",
        (10, 40, 13, 11, 11, 11, *[11] * ramps, *[11] * (2 * len(years))), header_row=3, frozen=2,
    )  # fmt: skip
    names = [name_financial_year(y) for y in years]
    sheet.head(
        (
            "Benefit", "Title", "First month", "Lasts, months", "Month number", "Kept each year", *(f"Ramp-up, year {k + 1}" for k in range(ramps)),
            *(f"Months gone by on 1 April, {n}" for n in names), *(f"Full years' worth, {n}" for n in names),
        ),
        text_columns=2,
    )  # fmt: skip
    found = Timing()
    for row, line in enumerate(lines, 4):
        sheet.text(row, 0, line.id)
        sheet.text(row, 1, line.title, text_wrap=True)
        sheet.give(row, 2, line.starts_on.replace(day=1), "month")
        sheet.give(row, 3, line.duration_months, "whole")
        sheet.bounded(row, 3, 0, 1200, "Whole months, from 0 to 1,200.")
        start = month_index(line.starts_on)
        sheet.work_out(row, 4, f"YEAR({a1(row, 2)})*12+MONTH({a1(row, 2)})-1", start, "whole")
        if line.drop_off is None:
            sheet.number(row, 5, 1, "number")
        else:
            cell = assumptions.cell(line, line.drop_off)
            kept = f"{float(line.drop_off.offset):g}+{float(line.drop_off.scale)!r}*{cell}"
            sheet.work_out(row, 5, kept.replace("+-", "-"), line.drop_off.factor, "number", link=cell)
        for k in range(ramps):
            if k < len(line.ramp_up):
                cell = assumptions.cell(line, line.ramp_up[k])
                scale, offset = float(line.ramp_up[k].scale), float(line.ramp_up[k].offset)
                sheet.work_out(
                    row, 6 + k, f"{offset:g}+{scale!r}*{cell}", line.ramp_up[k].factor, "number", link=cell
                )
            else:
                sheet.number(row, 6 + k, 1, "number")
        weights = line.year_weights(settings.first_year, settings.horizon_years)
        base = 6 + ramps
        found.row[line.id] = sheet.ref(row, 2)
        for k, year in enumerate(years):
            opens = month_index(financial_year_starts(year))
            sheet.work_out(row, base + k, f"{opens}-{absolute(row, 4)}", opens - start, "whole")
            at = base + len(years) + k
            sheet.work_out(row, at, _weight(row, base + k, ramps), weights[k], "number")
            found.weight.setdefault(line.id, []).append(sheet.ref(row, at))
    if not lines:
        sheet.text(4, 0, "No benefit has a value yet.")
    return found


def _weight(row: int, gone: int, ramps: int) -> str:
    """Return the formula of a year's weight: the year of benefit under way on 1 April, and the one after it."""
    a, lasts, kept = a1(row, gone), absolute(row, 3), absolute(row, 5)

    def strength(j: str) -> str:
        ramp = (
            f"*IF({j}<{ramps},INDEX({absolute(row, 6)}:{absolute(row, 5 + ramps)},1,{j}+1),1)"
            if ramps
            else ""
        )
        return f"IF({j}=0,1,{kept}^({j})){ramp}"

    now, then = f"INT({a}/12)", f"INT({a}/12)+1"
    one = f"IF({a}>=0,MAX(0,MIN(12*({then}),{lasts})-{a})*{strength(now)},0)"
    two = f"IF({a}>=-12,MAX(0,MIN({a}+12,{lasts})-12*({then}))*{strength(f'({then})')},0)"
    return f"({one}+{two})/12"


@dataclass(frozen=True)
class FlowRow:
    """A row of yearly flows: a line in one class."""

    line_id: str
    appraisal_class: str
    is_disbenefit: bool
    moved_from: str | None
    row: int
    years: tuple[str, ...]
    pv: str
    amounts: tuple[Decimal, ...]
    pv_gbp: Decimal


@dataclass
class Flows:
    """The rows that count, and the ranges over all rows: class, whether it counts, present value."""

    rows: list[FlowRow] = field(default_factory=list)
    classes: str = ""
    counts: str = ""
    pvs: str = ""


def add_flows(
    book: LiveBook, appraisal: Appraisal, levels: Levels, timing: Timing, discounting: Discounting
) -> Flows:
    """Add what each benefit brings in each year, by class, and its present value to the penny."""
    model = appraisal.model
    settings = model.settings
    aside = {s.line_id: s.rule for s in appraisal.set_aside}
    years = [name_financial_year(y) for y in settings.years]
    sheet = book.sheet(
        FLOWS, f"Level x full years' worth, real pounds of {settings.prices}, unrounded; present value = the sum of amount x discount factor, rounded to the penny once.",
        (10, 40, 19, 12, 22, 16, 14, *[15] * len(years), 17), header_row=3, frozen=2,
    )  # fmt: skip
    sheet.head(
        ("Benefit", "Title", "Class", "Kind", "Counts", "Full year", "Step of cash", *years, "Present value"),
        text_columns=5,
    )
    found, row = Flows(), 4
    for line in sorted(model.counted_lines, key=lambda x: x.id):
        if class_of(line) not in CLASSES:
            continue
        known: Mapping[str, tuple[tuple[Decimal, ...], Decimal]] = {
            f.appraisal_class: (f.amounts, f.present_value(settings)) for f in flows_of(line, settings)
        }
        kinds = [class_of(line)]
        if kinds == [CASH] and line.step_gbp and not line.is_disbenefit:
            kinds.append(CAPACITY)
        for kind in kinds:
            amounts, pv = known.get(kind, ((Decimal(0),) * len(years), Decimal(0)))
            sheet.text(row, 0, line.id, link=levels.block[line.id])
            sheet.text(row, 1, line.title, text_wrap=True)
            sheet.text(row, 2, kind)
            sheet.text(row, 3, "dis-benefit" if line.is_disbenefit else "benefit")
            sheet.text(row, 4, f"no: {aside[line.id]}" if line.id in aside else "yes")
            sheet.work_out(row, 5, levels.cell[line.id], line.level, "pounds", link=levels.block[line.id])
            if len(kinds) == 2 and kind == CASH:
                sheet.give(row, 6, line.step_gbp or Decimal(0), "pounds")
            for k in range(len(years)):
                formula = f"{absolute(row, 5)}*{timing.weight[line.id][k]}"
                if len(kinds) == 2 and kind == CASH:
                    step = absolute(row, 6)
                    formula = f"IF({step}>0,TRUNC(ROUND({formula}/{step},9))*{step},{formula})"
                elif len(kinds) == 2:
                    formula = f"{formula}-{a1(row - 1, 7 + k)}"
                sheet.work_out(row, 7 + k, formula, amounts[k], "pounds", link=timing.row[line.id])
            at = 7 + len(years)
            total = f"ROUND(SUMPRODUCT({a1(row, 7)}:{a1(row, at - 1)},{discounting.benefit}),2)"
            sheet.work_out(
                row,
                at,
                total,
                pv,
                "pounds",
                bold=True,
                link="'Discounting'!A13",
                tip=f"appraisal_lines/{line.id}/pv_gbp",
            )
            if line.id not in aside:
                moved = line.driver_agency_id if line.is_disbenefit else None
                found.rows.append(
                    FlowRow(
                        line.id, kind, line.is_disbenefit, moved, row, tuple(sheet.ref(row, 7 + k) for k in range(len(years))),
                        sheet.ref(row, at), amounts, pv,
                    )
                )  # fmt: skip
            row += 1
    if row == 4:
        sheet.text(row, 0, "No benefit has a value yet.")
        row += 1
    found.classes, found.counts, found.pvs = (
        sheet.span((4, at), (row - 1, at)) for at in (2, 4, 7 + len(years))
    )
    return found

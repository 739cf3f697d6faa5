"""The appraisal workbook's inputs: assumptions, corrections for optimism, shares and contributions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from math import lcm
from typing import TYPE_CHECKING

from partnership._roi.ledger import counted_costs, lifted_cost, pv_of_cost
from partnership._roi.switching import assumption_key
from partnership._tabular.appraisal_choices import RULES, Choices, Discounting, uplifts
from partnership._tabular.live_book import LiveBook, LiveSheet, a1, absolute
from partnership.money import round_pounds
from partnership.periods import name_financial_year

if TYPE_CHECKING:
    from partnership._roi.appraisal import Appraisal
    from partnership._roi.model import Assumed, Cost, Line

__all__ = ["Assumptions", "Contributions", "Shares", "add_assumptions", "add_contributions", "add_shares"]

ASSUMPTIONS, SHARES, CONTRIBUTIONS = "Assumptions", "Shares", "Contributions"
FULL_YEAR = "full-year value"


@dataclass
class Assumptions:
    """Where each input stands: by key and value, and the correction for optimism by line."""

    cells: dict[tuple[str, Decimal], str] = field(default_factory=dict)
    full_year: dict[str, str] = field(default_factory=dict)
    correction: dict[str, str] = field(default_factory=dict)
    stated: dict[str, float] = field(default_factory=dict)
    """By cell of a low end, a value or a high end, what it says."""

    def cell(self, line: Line, assumed: Assumed) -> str:
        """Return the cell of an assumption that a line uses."""
        return self.cells[assumption_key(line, assumed), assumed.value]


def add_assumptions(book: LiveBook, appraisal: Appraisal, choices: Choices) -> Assumptions:
    """Add the sheet of assumptions: each once, also where several benefits share it."""
    lines = sorted(appraisal.model.counted_lines, key=lambda x: x.id)
    sheet = book.sheet(
        ASSUMPTIONS, "What is assumed, each once. Change a tinted value and everything that rests on it follows.",
        (34, 17, 44, 15, 20, 12, 12, 12, 7, 46), header_row=3, frozen=3,
    )  # fmt: skip
    sheet.head(
        ("Used by", "Step", "What is assumed", "Value", "Unit", "Low", "High", "Spread", "Grade", "Source")
    )
    found = Assumptions()
    users: dict[tuple[str, Decimal], list[str]] = {}
    first: dict[tuple[str, Decimal], Assumed] = {}
    for line in lines:
        for assumed in line.assumptions:
            key = (assumption_key(line, assumed), assumed.value)
            names = users.setdefault(key, [])
            names.extend([line.title] if line.title not in names else [])
            first.setdefault(key, assumed)
    row = 4
    for key, assumed in first.items():
        words = (", ".join(users[key]), assumed.step, assumed.name)
        for column, text in enumerate(words):
            sheet.text(row, column, text, text_wrap=True, valign="top")
        sheet.give(row, 3, assumed.value, "number")
        sheet.text(row, 4, assumed.unit or "not stated", text_wrap=True, valign="top")
        sheet.number(row, 5, assumed.low, "number")
        sheet.number(row, 6, assumed.high, "number")
        sheet.text(row, 7, assumed.distribution)
        if assumed.confidence_grade is not None:
            sheet.number(row, 8, assumed.confidence_grade, "whole")
        source = (f"Shared: {assumed.shared_name}. " if assumed.shared_name else "") + (
            assumed.source or "not stated"
        )
        sheet.text(row, 9, source, text_wrap=True, valign="top")
        sheet.sheet.set_row(
            row, 14 * max(1, -(-len(words[0]) // 32), -(-len(words[2]) // 42), -(-len(source) // 44)) + 2
        )
        found.cells[key] = sheet.ref(row, 3)
        for column, stated in ((3, assumed.value), (5, assumed.low), (6, assumed.high)):
            found.stated[sheet.ref(row, column)] = float(stated)
        row += 1
    for line in lines:
        if line.unit_value is None:
            for column, text in enumerate(
                (line.title, FULL_YEAR, "Value in a full year, as the register states it")
            ):
                sheet.text(row, column, text, text_wrap=True, valign="top")
            sheet.give(row, 3, line.full_year_gbp or Decimal(0), "number")
            sheet.text(
                row, 4, f"£ a year, {appraisal.model.settings.prices} prices", text_wrap=True, valign="top"
            )
            sheet.text(
                row,
                9,
                "Register of benefits: no chain of assumptions, so nothing says what would have happened anyway.",
                text_wrap=True,
                valign="top",
            )
            sheet.sheet.set_row(row, 44)
            found.full_year[line.id] = sheet.ref(row, 3)
            row += 1
    if row == 4:
        sheet.text(row, 0, "No benefit has a value yet, so nothing is assumed.")
        row += 1
    _corrections(sheet, row + 1, lines, choices, found, appraisal.model.settings.optimism_rule)
    return found


def _corrections(
    sheet: LiveSheet, row: int, lines: list[Line], choices: Choices, found: Assumptions, rule: str
) -> None:
    """Write what each rule for combining grades would take off each benefit, and the one that is chosen."""
    graded = [line for line in lines if line.optimism_options]
    sheet.section(row, "Correction for optimism, by each rule for combining grades", 10)
    sheet.head(("Benefit", "", "", *RULES, "Used", "Where from"), row=row + 1, text_columns=3)
    heads = f"{absolute(row + 1, 3)}:{absolute(row + 1, 5)}"
    row += 2
    for line in graded:
        sheet.text(row, 0, line.title, text_wrap=True)
        for column, name in enumerate(RULES, 3):
            sheet.give(row, column, line.optimism_options[name], "share")
            sheet.bounded(row, column, 0, 1, "A share from 0% to 100%.")
        sheet.work_out(
            row, 6, f"INDEX({a1(row, 3)}:{a1(row, 5)},1,MATCH({choices.rule},{heads},0))", line.optimism_options[rule], "share",
        )  # fmt: skip
        sheet.text(row, 7, "Choices", link="'Choices'!B6")
        found.correction[line.id] = sheet.ref(row, 6)
        row += 1
    if not graded:
        sheet.text(row, 0, "None: no benefit has a grade of evidence to correct by.")


@dataclass
class Shares:
    """Where each line's parts stand: a range over the agencies, and their sum."""

    row: dict[str, int] = field(default_factory=dict)
    agencies: tuple[str, ...] = ()
    sheet_name: str = SHARES

    def part(self, line_id: str, at: int) -> str:
        """Return the cell of an agency's parts in a line."""
        return f"'{self.sheet_name}'!{absolute(self.row[line_id], 2 + at)}"

    def whole(self, line_id: str) -> str:
        """Return the cell of all parts of a line."""
        return f"'{self.sheet_name}'!{absolute(self.row[line_id], 2 + len(self.agencies))}"


def parts_of(line: Line, agencies: tuple[str, ...]) -> list[int]:
    """Return whole parts by agency that stand in the line's proportions: halves and thirds are 3 and 2 of 6."""
    below = lcm(*(s.denominator for s in line.shares.values())) if line.shares else 1
    return [int(line.shares[a] * below) if a in line.shares else 0 for a in agencies]


def add_shares(book: LiveBook, appraisal: Appraisal) -> Shares:
    """Add the sheet of shares: whole parts, so that thirds stay thirds."""
    agencies = appraisal.model.agencies
    names = [a.name for a in agencies]
    sheet = book.sheet(
        SHARES, "To whom each benefit falls, in whole parts: 1 of 3 is a third. Change the parts, and the shares follow.",
        (10, 44, *[14] * len(names), 12), header_row=3, frozen=2,
    )  # fmt: skip
    sheet.head(("Benefit", "Title", *names, "All parts"), text_columns=2)
    found = Shares(agencies=tuple(a.id for a in agencies))
    row = 4
    for line in sorted(appraisal.model.counted_lines, key=lambda x: x.id):
        sheet.text(row, 0, line.id)
        sheet.text(row, 1, line.title, text_wrap=True)
        parts = parts_of(line, found.agencies)
        for at, part in enumerate(parts):
            sheet.give(row, 2 + at, part, "whole")
            sheet.bounded(row, 2 + at, 0, 999_999, "Whole parts of 0 or more.")
        sheet.work_out(
            row, 2 + len(parts), f"SUM({a1(row, 2)}:{a1(row, 1 + len(parts))})", sum(parts), "whole"
        )
        found.row[line.id] = row
        row += 1
    if row == 4:
        sheet.text(row, 0, "No benefit has a value yet.")
    return found


@dataclass(frozen=True)
class Contributions:
    """Where the contributions stand: ranges by column, a row for each; the numbers of work items and goals."""

    ranges: Mapping[str, str]
    items: Mapping[str, int] = field(default_factory=dict)
    goals: Mapping[str, int] = field(default_factory=dict)


_HEADS = (
    "Id", "Agency", "Agency's number", "Work item", "Year", "Stage", "Form", "Nature", "Funding", "Agreed", "As entered", "Prices of", "Price step",
    "Put on for optimism", "Counts as cost", "Real pounds", "Paid, real", "Discount factor", "Present value", "Work item's number",
    "Goal's number",
)  # fmt: skip
_FIELDS = ("id", "agency", "number", "item", "year", "stage", "form", "nature", "funding", "agreed", "entered", "prices", "step", "uplift", "counts", "real", "actual", "factor", "pv", "item number", "goal number")  # fmt: skip


def add_contributions(
    book: LiveBook, appraisal: Appraisal, choices: Choices, discounting: Discounting
) -> Contributions:
    """Add the sheet of contributions: as entered, at one year's prices, raised, discounted."""
    model = appraisal.model
    prices = model.settings.prices
    sheet = book.sheet(
        CONTRIBUTIONS, f"What each agency puts in. Real pounds of {prices}: as entered x price step x (1 + what is put on for optimism).",
        (12, 22, 10, 11, 10, 9, 9, 10, 14, 10, 15, 10, 13, 12, 26, 16, 16, 13, 16, 10, 10), header_row=3, frozen=2,
    )  # fmt: skip
    sheet.head(_HEADS, text_columns=10)
    counts = {c.id for c in counted_costs(model)}
    items, goals = (
        {name: n for n, name in enumerate(sorted({x for x in found if x}), 1)}
        for found in ([c.item_id for c in model.costs], [c.goal_id for c in model.costs])
    )
    row = 4
    for cost in model.costs:
        _contribution(sheet, row, cost, counts, appraisal, choices, discounting)
        sheet.number(row, 19, items.get(cost.item_id or "", 0), "year")
        sheet.number(row, 20, goals.get(cost.goal_id or "", 0), "year")
        row += 1
    if row == 4:
        sheet.text(row, 0, "Nobody has stated a contribution yet.")
        row += 1
    ranges = {name: sheet.span((4, at), (row - 1, at)) for at, name in enumerate(_FIELDS)}
    return Contributions(ranges, items, goals)


def _contribution(
    sheet: LiveSheet,
    row: int,
    cost: Cost,
    counts: set[str],
    appraisal: Appraisal,
    choices: Choices,
    discounting: Discounting,
) -> None:
    model = appraisal.model
    settings = model.settings
    name = model.agency_names.get(cost.agency_id, cost.agency_id)
    words = (
        cost.id,
        name,
        "",
        cost.item_id or "",
        "",
        cost.stage,
        cost.form,
        cost.nature,
        cost.funding,
        cost.agreed,
    )
    for column, text in enumerate(words):
        if column not in (2, 4):
            sheet.text(row, column, text)
    number = {a.id: n for n, a in enumerate(model.agencies, 1)}.get(cost.agency_id, 0)
    sheet.number(row, 2, number, "whole")
    sheet.number(row, 4, cost.financial_year, "year")
    sheet.give(row, 10, cost.amount_gbp, "pounds")
    sheet.text(row, 11, cost.price_year or "", align="right")
    is_counted = cost.id in counts
    in_years = cost.financial_year in settings.years
    if cost.real_gbp is None or not in_years:
        why = cost.missing or f"no: {name_financial_year(cost.financial_year)} is not appraised"
        sheet.text(row, 14, f"no: {why}" if cost.missing else why)
        return
    step = cost.real_gbp / cost.amount_gbp if cost.amount_gbp else Decimal(1)
    sheet.number(row, 12, step, "factor")
    uplift = choices.capital_uplift if cost.nature == "capital" else choices.revenue_uplift
    sheet.work_out(row, 13, uplift, uplifts(settings)[cost.nature == "capital"], "share", link="'Choices'!B7")
    real = f"{a1(row, 10)}*{a1(row, 12)}"
    if cost.stage == "actual":
        sheet.work_out(row, 16, f"ROUND({real},2)", round_pounds(cost.real_gbp), "pounds")
    if not is_counted:
        sheet.text(
            row,
            14,
            "no: what was paid stands in its place"
            if cost.stage == "planned"
            else "no: cost is what is planned",
        )
        return
    sheet.text(row, 14, "yes")
    lifted = f"{real}*(1+{a1(row, 13)})"
    sheet.work_out(row, 15, f"ROUND({lifted},2)", round_pounds(lifted_cost(cost, settings)), "pounds")
    k = cost.financial_year - settings.first_year
    sheet.work_out(
        row, 17, f"INDEX({discounting.cost},1,{a1(row, 4)}-{settings.first_year}+1)", settings.cost_factors[k], "factor",
        link="'Discounting'!A12",
    )  # fmt: skip
    sheet.work_out(
        row,
        18,
        f"ROUND({lifted}*{a1(row, 17)},2)",
        pv_of_cost(cost, settings),
        "pounds",
        tip=f"contributions_valued/{cost.id}/pv_gbp",
    )

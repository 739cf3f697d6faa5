"""The appraisal workbook's choices: the switches that may be turned, the rates, and every vintage that was used."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from partnership._roi.chain import correction_of, upper_bound
from partnership._tabular.live_book import LiveBook, LiveSheet, a1, absolute
from partnership.parameters import (
    class_map,
    deflator,
    discount_schedule,
    optimism_grades,
    upper_bounds,
    value_bands,
)
from partnership.periods import name_financial_year

if TYPE_CHECKING:
    from partnership._roi.appraisal import Appraisal
    from partnership._roi.settings import Settings

__all__ = ["Choices", "Discounting", "add_choices", "add_discounting"]

CONVENTIONS = ("green-book", "end-of-year", "sroi")
RULES = ("worst grade", "own grade", "mean of grades")
CHOICES, DISCOUNTING = "Choices", "Discounting"


class Choices:
    """Where the switches stand.

    Parameters
    ----------
    convention, rule, revenue_uplift, capital_uplift, tax_uplift : str
        Cells of the year-0 convention, the rule for grades, and the three uplifts on cost.
    band_starts, band_rates : str
        Ranges: first year of each band of discount rates, and its rate.
    """

    convention = rule = revenue_uplift = capital_uplift = tax_uplift = band_starts = band_rates = ""


def reach(settings: Settings) -> int:
    """Return the last year from today whose factor the schedule knows, up to one beyond the horizon."""
    last = discount_schedule(settings.schedule, settings.vintage).bands[-1][0]
    return min(settings.horizon_years, last)


def uplifts(settings: Settings) -> tuple[Decimal, Decimal]:
    """Return what the settings put on revenue cost and on capital cost, as fractions."""
    general = Decimal(0) if settings.cost_grade is None else correction_of(settings.cost_grade)
    if settings.capital_kind is None:
        return general, general
    return general, upper_bound(settings.capital_kind) * (1 - settings.mitigation)


def add_choices(book: LiveBook, appraisal: Appraisal) -> Choices:
    """Add the sheet of choices: switches, rates, vintages, and the sentence that goes with each."""
    settings = appraisal.model.settings
    sheet = book.sheet(
        CHOICES, "How this appraisal was made. Tinted cells may be changed; the whole workbook follows.",
        (34, 22, 30, 72, 30), header_row=3,
    )  # fmt: skip
    sheet.head(("Choice", "As chosen", "May be", "What it means"))
    found = Choices()
    row = 4
    options = CONVENTIONS if reach(settings) >= settings.horizon_years else CONVENTIONS[:1]
    revenue, capital = uplifts(settings)
    said = appraisal.sentences
    switches = (
        ("convention", "Year 0", settings.convention, options, said["year 0"]),
        ("rule", "Several grades of evidence make one correction by", settings.optimism_rule, RULES, said["optimism"]),
        ("revenue_uplift", "Put on revenue cost for optimism", revenue, (), said["cost"]),
        ("capital_uplift", "Put on capital cost for optimism", capital, (), "Upper bound x (1 - what is mitigated), or as revenue."),
        ("tax_uplift", "Put on cost in public value for raising taxes", settings.tax_cost_uplift, (), said["tax-cost uplift"]),
    )  # fmt: skip
    for name, title, value, choices, words in switches:
        sheet.text(row, 0, title, text_wrap=True, valign="top")
        sheet.give(row, 1, value, "share")
        if choices:
            sheet.choose(row, 1, choices)
        else:
            sheet.bounded(row, 1, 0, 10, "A share of 0 (off) or more: 20% for a fifth.")
        sheet.text(
            row, 2, ", ".join(choices) if choices else "0% (off) or more", text_wrap=True, valign="top"
        )
        sheet.text(row, 3, words, text_wrap=True, valign="top")
        sheet.sheet.set_row(row, 15 * max(2, -(-len(words) // 68)))
        setattr(found, name, sheet.ref(row, 1))
        row += 1
    sheet.section(row + 1, "Discount rates, real, a year", 5)
    sheet.head(("From year (from today)", "Rate"), row=row + 2, text_columns=0)
    row += 3
    bands = discount_schedule(settings.schedule, settings.vintage).bands
    first = row
    start = 1
    for last, rate in bands:
        sheet.number(row, 0, start, "whole")
        sheet.give(row, 1, rate, "share")
        sheet.bounded(row, 1, -0.5, 1, "A real rate a year, such as 3.5%.")
        start = last + 1
        row += 1
    found.band_starts = sheet.span((first, 0), (row - 1, 0))
    found.band_rates = sheet.span((first, 1), (row - 1, 1))
    row = _vintages(sheet, row + 1, settings)
    sheet.section(row + 1, "Every choice, in a sentence", 5)
    row += 2
    for title, sentence in said.items():
        sheet.text(row, 0, title.capitalize(), bold=True, valign="top")
        sheet.sheet.merge_range(row, 1, row, 4, "", book.formats(text_wrap=True, valign="top"))
        sheet.text(row, 1, sentence, text_wrap=True, valign="top")
        sheet.sheet.set_row(row, 14 * -(-len(sentence) // 140) + 2)
        row += 1
    return found


def _vintages(sheet: LiveSheet, row: int, settings: Settings) -> int:
    """Print every dated parameter that may have been used, with its vintage, unit and source."""
    schedule, index = (
        discount_schedule(settings.schedule, settings.vintage),
        deflator(settings.deflator_vintage),
    )
    rows = [
        (
            f"Discount rates, {settings.schedule}",
            schedule.vintage,
            schedule.status,
            schedule.source,
            "fraction a year, real",
        ),
        (index.name, index.vintage, index.mapping, index.source, index.unit),
    ]
    for title, table in (
        ("Corrections for optimism by grade", optimism_grades()), ("Upper bounds for capital", upper_bounds()),
        ("Classes of the register", class_map()), ("Value-for-money words", value_bands()),
    ):  # fmt: skip
        rows.append((title, table.vintage, "", table.source, table.unit))
    sheet.section(row, "Vintages of the parameters", 5)
    sheet.head(("Parameter", "Vintage", "Status or mapping", "Source", "Unit"), row=row + 1)
    row += 2
    for cells in rows:
        for column, words in enumerate(cells):
            sheet.text(row, column, words, text_wrap=True, valign="top")
        sheet.sheet.set_row(
            row, 14 * max(-(-len(cells[3]) // 68), -(-len(cells[2]) // 28), -(-len(cells[4]) // 28), 1) + 2
        )
        row += 1
    return row


class Discounting:
    """Where the factors stand: one row of cells for cost and one for benefit, a column a year.

    Parameters
    ----------
    cost, benefit : str
        Ranges over the years of the appraisal.
    """

    def __init__(self, cost: str, benefit: str) -> None:
        self.cost, self.benefit = cost, benefit


FIRST_YEAR_COLUMN = 2


def add_discounting(book: LiveBook, appraisal: Appraisal, choices: Choices) -> Discounting:
    """Add the sheet of discount factors: a product of yearly rates, never one rate applied back to year 0."""
    settings = appraisal.model.settings
    years, last = settings.horizon_years, reach(settings)
    sheet = book.sheet(
        DISCOUNTING, "What a real pound of each year is worth today. factor = factor of the year before / (1 + rate of the year).",
        (40, 26, *[12] * (max(years, last + 1))), header_row=3, frozen=2,
    )  # fmt: skip
    sheet.head(("Years from today", "Where from", *(str(t) for t in range(last + 1))), text_columns=2)
    first = FIRST_YEAR_COLUMN
    for row, title, source in (
        (4, "Years from today", "counted"), (5, "Rate of the year", "Choices"), (6, "Discount factor", "product of the yearly rates"),
        (9, "Moved by the convention, cost", "Choices"), (10, "Moved by the convention, benefit", "Choices"),
        (11, "Discount factor of cost", "the year, moved"), (12, "Discount factor of benefit", "the year, moved"),
    ):  # fmt: skip
        sheet.text(row, 0, title)
        sheet.text(
            row, 1, source, font_color="#56616b", link=f"'{CHOICES}'!B5" if source == "Choices" else ""
        )
    factor = Decimal(1)
    bands = discount_schedule(settings.schedule, settings.vintage).bands
    for t in range(last + 1):
        column = first + t
        sheet.number(4, column, t, "whole")
        if not t:
            sheet.text(5, column, "today", align="right")
            sheet.number(6, column, 1, "factor")
            continue
        rate = next(r for until, r in bands if t <= until)
        factor /= 1 + rate
        sheet.work_out(
            5, column, f"LOOKUP({a1(4, column)},{choices.band_starts},{choices.band_rates})", rate, "share"
        )
        sheet.work_out(6, column, f"{a1(6, column - 1)}/(1+{a1(5, column)})", factor, "factor")
    sheet.head(
        ("By year of the appraisal", "", *(name_financial_year(y) for y in settings.years)),
        row=8,
        text_columns=2,
    )
    by_cost, by_benefit = int(settings.convention == "end-of-year"), int(settings.convention != "green-book")
    sheet.work_out(9, first, f'IF({choices.convention}="end-of-year",1,0)', by_cost, "whole")
    sheet.work_out(10, first, f'IF({choices.convention}="green-book",0,1)', by_benefit, "whole")
    factors = f"{absolute(6, first)}:{absolute(6, first + last)}"
    for k in range(years):
        column = first + k
        for row, moved, values in ((11, 9, settings.cost_factors), (12, 10, settings.benefit_factors)):
            sheet.work_out(
                row, column, f"INDEX({factors},1,{k + 1}+{absolute(moved, first)})", values[k], "factor"
            )
    sheet.sheet.write_comment(6, first, "Year 0 is not discounted.", {"x_scale": 1.2})
    return Discounting(
        sheet.span((11, first), (11, first + years - 1)), sheet.span((12, first), (12, first + years - 1))
    )

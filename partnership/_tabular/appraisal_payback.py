"""The appraisal workbook's payback: net by year, summed, and where the sum first stops being negative."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING

from partnership._roi.appraisal import WHOLE
from partnership._roi.returns import payback
from partnership._tabular.appraisal_choices import Discounting
from partnership._tabular.appraisal_split import Ledger
from partnership._tabular.live_book import LiveBook, LiveSheet, a1, absolute
from partnership.periods import name_financial_year

if TYPE_CHECKING:
    from partnership._roi.appraisal import Appraisal

__all__ = ["PAYBACK", "Payback", "add_payback", "payback_said"]

PAYBACK = "Payback"
NEVER = "not within the years"
NOTHING_TO_PAY_BACK = "nothing to pay back"


@dataclass
class Payback:
    """Where payback stands, by scope: interpolated, in whole years, discounted, whether it reverses, and the rate."""

    cells: dict[str, list[str]] = field(default_factory=dict)


def add_payback(book: LiveBook, appraisal: Appraisal, ledger: Ledger, discounting: Discounting) -> Payback:
    """Add the payback of every scope: net by year, summed, and where the sum first stops being negative."""
    years = appraisal.model.settings.years
    count = len(years)
    sheet = book.sheet(
        PAYBACK, "When the money is back: the first year in which the summed net is not below nil, interpolated within the year.",
        (26, 30, *[15] * count, 20), header_row=3, frozen=2,
    )  # fmt: skip
    sheet.head(("Agency", "Row", *(name_financial_year(y) for y in years), "Answer"), text_columns=2)
    found, row = Payback(), 4
    settings = appraisal.model.settings
    for scope, result in appraisal.scopes.items():
        rows = [r for r in appraisal.ledger if scope in (WHOLE, r.agency_id)]
        fiscal = [sum((r.fiscal_gbp for r in rows if r.financial_year == y), Decimal(0)) for y in years]
        paid = [sum((r.paid_gbp for r in rows if r.financial_year == y), Decimal(0)) for y in years]
        net = [f - p for f, p in zip(fiscal, paid, strict=True)]
        present = [
            f * b - p * c
            for f, p, b, c in zip(fiscal, paid, settings.benefit_factors, settings.cost_factors, strict=True)
        ]
        sheet.section(row, result.name, count + 3)
        plain = _sums(sheet, row + 1, ledger.net[scope], net, "Net, not discounted")
        discounted_cells = [
            f"{ledger.fiscal[scope][k]}*INDEX({discounting.benefit},1,{k + 1})-{ledger.paid[scope][k]}*INDEX({discounting.cost},1,{k + 1})"
            for k in range(count)
        ]
        later = _sums(sheet, row + 5, discounted_cells, present, "Net, discounted")
        pays = f'COUNTIF({a1(row + 1, 2)}:{a1(row + 1, count + 1)},"<0")=0'
        returns = result.returns
        is_paying = any(f < 0 for f in net)
        whole = payback(net)
        answers = (
            (
                "Payback, interpolated, years",
                f'IF({pays},"{NOTHING_TO_PAY_BACK}",{plain[0]})',
                payback_said(returns.payback_years, is_paying),
            ),
            (
                "Payback in whole years",
                f'IF({pays},"{NOTHING_TO_PAY_BACK}",{plain[1]})',
                payback_said(returns.payback_whole_years, is_paying),
            ),
            (
                "Payback, discounted, years",
                f'IF({pays},"{NOTHING_TO_PAY_BACK}",{later[0]})',
                payback_said(returns.discounted_payback_years, is_paying),
            ),
            (
                "Falls below nil again later",
                plain[2],
                "yes: the first crossing misleads" if whole.reverses else "no",
            ),
        )
        cells = []
        for at, (title, formula, value) in enumerate(answers):
            sheet.text(row + 9 + at, 1, title)
            sheet.work_out(row + 9 + at, count + 2, formula, value, "ratio")
            cells.append(sheet.ref(row + 9 + at, count + 2))
        cells.append(_rate(sheet, row + 13, row + 1, result.returns.rate_words, net))
        found.cells[scope] = cells
        row += 15
    return found


def _rate(sheet: LiveSheet, row: int, flows_row: int, words: str, net: list[Decimal]) -> str:
    """Write the rate of return as the library found it; once a flow has changed it says so and shows none.

    A spreadsheet's own IRR gives one root of several without a word.
    """
    count = len(net)
    sheet.text(row, 1, "Internal rate of return")
    sheet.text(row, 2, words)
    flows = f"{a1(flows_row, 2)}:{a1(flows_row, count + 1)}"
    made = ",".join(f"{f:.2f}" for f in net)
    changed = "changed: ask partnership appraise for it"
    formula = f'IF(SUMPRODUCT(ABS({flows}-{{{made}}}))<0.005,{a1(row, 2)},"{changed}")'
    sheet.work_out(row, count + 2, formula, words, "text")
    return sheet.ref(row, count + 2)


def payback_said(value: Decimal | int | None, is_paying: bool) -> Decimal | int | str:  # noqa: FBT001
    """Return a payback as it is shown: a figure, or the words where there is none."""
    return NOTHING_TO_PAY_BACK if not is_paying else NEVER if value is None else value


def _sums(
    sheet: LiveSheet, row: int, cells: list[str], flows: list[Decimal], title: str
) -> tuple[str, str, str]:
    """Write flows, their running sum, whether it is back, and below-nil-again; return three formulas of the answer."""
    count = len(flows)
    sums = list(accumulate(flows))
    crossing = next((t for t, total in enumerate(sums) if total >= 0), None)
    for at, words in enumerate((title, "Summed", "Back: 1", "Below nil after it: 1")):
        sheet.text(row + at, 1, words)
    for k in range(count):
        column = 2 + k
        sheet.work_out(row, column, cells[k], flows[k], "pounds")
        before = f"{a1(row + 1, column - 1)}+" if k else ""
        sheet.work_out(row + 1, column, f"{before}{a1(row, column)}", sums[k], "pounds")
        sheet.work_out(
            row + 2,
            column,
            f"IF(ROUND({a1(row + 1, column)},4)>=0,1,0)",
            int(round(sums[k], 4) >= 0),
            "whole",
        )
        earlier = f"SUM({absolute(row + 2, 2)}:{a1(row + 2, column)})>0"
        fell = crossing is not None and k >= crossing and sums[k] < 0
        sheet.work_out(row + 3, column, f"IF(AND({earlier},{a1(row + 2, column)}=0),1,0)", int(fell), "whole")

    def span(at: int) -> str:
        return f"{absolute(row + at, 2)}:{absolute(row + at, 1 + count)}"

    never = f"SUM({span(2)})=0"
    first = f"MATCH(1,{span(2)},0)"
    interpolated = f'IF({never},"{NEVER}",IF({first}=1,0,{first}-2-INDEX({span(1)},1,MAX(1,{first}-1))/INDEX({span(0)},1,{first})))'
    whole = f'IF({never},"{NEVER}",{first}-1)'
    return interpolated, whole, f'IF(SUM({span(3)})>0,"yes: the first crossing misleads","no")'

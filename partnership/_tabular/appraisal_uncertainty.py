"""The appraisal workbook's uncertainty: every assumption's range, and how sure the whole and each agency are.

Draws cannot be formulas: a percentile is counted over thousands of futures. They stand as values, with what
they were drawn from, and a live cell beside each position says whether the workbook still is what was drawn.
Mean and standard deviation of each assumption are live where a closed form gives them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from partnership._roi.appraisal import WHOLE
from partnership._tabular.appraisal_inputs import Assumptions
from partnership._tabular.appraisal_results import Totals
from partnership._tabular.live_book import LiveBook, LiveSheet, a1

if TYPE_CHECKING:
    from partnership._roi.appraisal import Appraisal
    from partnership._roi.draw_model import Number
    from partnership._roi.uncertainty import Spread
    from partnership._workflows.uncertainty import UncertainAppraisal

__all__ = ["HOW_SURE", "NOT_DRAWN", "add_uncertainty"]

HOW_SURE = "How sure"
NOT_DRAWN = "No futures were drawn for this workbook. Ask partnership appraise --workbook FILE.xlsx --draws 10000, or take the workbook from the page."
WHY_NOT_LIVE = (
    "Percentiles, chances, and means of positions are values, not formulas: they are counted over all futures that were drawn, or worked out by quadrature "
    "where several benefits share an assumption, and no formula of a sheet does either. A sheet's own random numbers would give another answer each time it is opened. "
    "Where a tinted cell was changed since, the last column says so: draw again with partnership appraise --draws."
)
_HEADS = (
    "Position", "Of", "As used, live", "As used when drawn", "Mean", "Standard deviation", "P10", "P50", "P90", "Worse off in", "Give or take", "Mean of the worst tenth",
    "Mean and deviation are", "Still what was drawn?",
)  # fmt: skip
_LIVE = {
    "triangular": (
        "({low}+{value}+{high})/3",
        "SQRT(({low}^2+{value}^2+{high}^2-{low}*{value}-{low}*{high}-{value}*{high})/18)",
    ),
    "PERT": (
        "({low}+4*{value}+{high})/6",
        "SQRT(({mean}-{low})*({high}-{mean})/7)",
    ),
    "uniform": ("({low}+{high})/2", "({high}-{low})/SQRT(12)"),
}
"""Mean and standard deviation by kind. A PERT's variance: (mean - low) (high - mean) / 7."""


def add_uncertainty(
    book: LiveBook, appraisal: Appraisal, found: UncertainAppraisal | None, totals: Totals, assumptions: Assumptions, why: str = ""
) -> None:  # fmt: skip
    """Add how sure the appraisal is; in words where nothing was drawn."""
    settings = appraisal.model.settings
    sheet = book.sheet(
        HOW_SURE, f"How likely each agency is worse off, and on what ranges that rests. Present value, real pounds of {settings.prices}; worse off means below nil.",
        (40, 30, *[17] * 10, 20, 44), header_row=3, frozen=2,
    )  # fmt: skip
    sheet.head(_HEADS, text_columns=2)
    if found is None:
        sheet.text(4, 0, why or NOT_DRAWN, bold=True)
        return
    row = _positions(sheet, 4, found, totals)
    row = _words(sheet, row + 1, found)
    row = _ranges(sheet, row + 1, found, assumptions)
    row = _ties(sheet, row + 1, found)
    _drivers(sheet, row + 1, found)


def _positions(sheet: LiveSheet, row: int, found: UncertainAppraisal, totals: Totals) -> int:
    for measure, scopes in found.spreads.items():
        sheet.section(row, measure.capitalize(), len(_HEADS))
        row += 1
        for scope, s in scopes.items():
            sheet.text(row, 0, measure.capitalize())
            sheet.text(row, 1, "All agencies" if scope == WHOLE else s.name, bold=scope == WHOLE)
            if scope in found.withheld:
                sheet.text(row, 2, f"withheld. {found.withheld[scope]}")
            else:
                _position(sheet, row, s, totals)
            row += 1
    return row


def _position(sheet: LiveSheet, row: int, s: Spread, totals: Totals) -> None:
    formula = {
        "net fiscal": "{pv_fiscal_gbp}-{pv_cost_gbp}",
        "net cash": "{pv_cash_releasing_gbp}-{pv_cost_cash_gbp}",
        "net public value": "{net_public_value_gbp}",
    }[s.measure]
    names = [n for n, scope in totals.cells if scope == s.scope]
    used = Decimal(repr(s.used_gbp))
    sheet.work_out(
        row, 2, formula.format(**{n: totals.cells[n, s.scope] for n in names}), used, "pounds",
        link=totals.cells["net_fiscal_gbp", s.scope], bold=s.scope == WHOLE,
    )  # fmt: skip
    sheet.number(row, 3, used, "pounds")
    amounts = (s.mean_gbp, s.sd_gbp, s.p10_gbp, s.p50_gbp, s.p90_gbp)
    for column, amount in enumerate(amounts, 4):
        sheet.number(row, column, round(amount, 2), "pounds")
    sheet.number(row, 9, s.chance_worse_off, "share", bold=True)
    sheet.number(row, 10, 1.96 * s.chance_error, "share")
    sheet.number(row, 11, round(s.shortfall_gbp, 2), "pounds")
    sheet.text(row, 12, "exact, by quadrature" if s.is_exact else "of the draws", align="right")
    now = f"ROUND({a1(row, 2)}-{a1(row, 3)},2)"
    sheet.work_out(
        row, 13, f'IF({now}=0,"OK: as drawn","changed since: the figures to the left are of before; draw again")', "OK: as drawn", "text",
    )  # fmt: skip


def _words(sheet: LiveSheet, row: int, found: UncertainAppraisal) -> int:
    sheet.section(row, "How it was drawn", len(_HEADS))
    vintage = found.appraisal.vintage
    said = [
        ("Drawn", f"{found.draws:,} draws from seed {found.seed}, discount rates {vintage}. The same three give the same figures, on any machine."),
        ("Why not live", WHY_NOT_LIVE),
        *((k.capitalize(), words) for k, words in found.sentences.items() if k != "draws"),
        *((f.place, f"{f.found} {f.do}") for f in found.findings),
    ]  # fmt: skip
    for title, words in said:
        row += 1
        sheet.text(row, 0, title, bold=True, text_wrap=True)
        sheet.across(row, 1, len(_HEADS) - 1, words, 225)
    return row + 1


def _ranges(sheet: LiveSheet, row: int, found: UncertainAppraisal, assumptions: Assumptions) -> int:
    sheet.section(row, "What each assumption may be", len(_HEADS))
    sheet.head(
        ("What is assumed", "Step and unit", "Low", "Used, or most likely", "High", "Mean", "Standard deviation", "Distribution", "Mean less what is used", "", "", "", "Mean and deviation are"),
        row=row + 1, text_columns=2,
    )  # fmt: skip
    row += 2
    for number in found.numbers:
        _range(sheet, row, number, assumptions)
        row += 1
    if not found.numbers:
        sheet.text(row, 0, "No assumption has a range, so nothing varies: every chance is none or all.")
        row += 1
    sheet.text(row, 0, f"Taken as certain, for want of a range: {len(found.fixed)}", bold=True)
    sheet.across(row, 1, len(_HEADS) - 1, ", ".join(found.fixed) or "none", 225)
    return row + 1


def _ties(sheet: LiveSheet, row: int, found: UncertainAppraisal) -> int:
    """Write which assumptions move together, and on whose word."""
    sheet.section(row, "What moves together", len(_HEADS))
    sheet.head(
        ("One assumption", "The other", "Rank correlation", "Correlation", "Where it comes from"),
        row=row + 1,
        text_columns=2,
    )
    row += 2
    names = {n.key: n.name for n in found.numbers}
    for tie in found.ties:
        for column, words in enumerate((names.get(tie.first, tie.first), names.get(tie.second, tie.second))):
            sheet.text(row, column, words, text_wrap=True)
        sheet.number(row, 2, tie.rank_correlation, "number")
        sheet.text(row, 3, tie.id or "as given", align="right")
        sheet.across(row, 4, len(_HEADS) - 1, tie.source or "not stated", 225)
        row += 1
    if not found.ties:
        sheet.text(row, 0, found.sentences["correlations"])
        row += 1
    return row


def _range(sheet: LiveSheet, row: int, number: Number, assumptions: Assumptions) -> None:
    """Write one range; live where it is as the assumptions' sheet has it, with mean and deviation where a form is closed."""
    spread = number.spread
    sheet.text(row, 0, number.name)
    sheet.text(row, 1, ", ".join(x for x in (number.step, number.unit) if x))
    known = [cell for (key, _), cell in assumptions.cells.items() if key == number.key]
    cell = known[0] if len(known) == 1 else ""
    low, high = (cell.replace("$D$", f"${c}$") for c in "FG") if cell else ("", "")
    for column, (source, value) in enumerate(
        ((low, spread.low), (cell, number.used), (high, spread.high)), 2
    ):
        if source and value == assumptions.stated[source]:
            sheet.work_out(row, column, source, value, "number", link=source)
        else:
            sheet.number(row, column, value, "number")
    sheet.text(row, 7, spread.kind, align="right")
    mean, sd = spread.mean, spread.variance**0.5
    if spread.kind in _LIVE:
        names = {"low": a1(row, 2), "value": a1(row, 3), "high": a1(row, 4), "mean": a1(row, 5)}
        for column, formula, value in zip((5, 6), _LIVE[spread.kind], (mean, sd), strict=True):
            sheet.work_out(row, column, formula.format(**names), value, "number")
    else:
        sheet.number(row, 5, mean, "number")
        sheet.number(row, 6, sd, "number")
    sheet.work_out(row, 8, f"{a1(row, 5)}-{a1(row, 3)}", mean - number.used, "number")
    words = (
        "live, closed form"
        if spread.kind in _LIVE
        else "as when drawn: the curve is cut where values are impossible"
    )
    sheet.text(row, 12, words)


def _drivers(sheet: LiveSheet, row: int, found: UncertainAppraisal) -> None:
    """Write what moves the position, and what it is worth to find out: as when drawn."""
    if found.scope in found.withheld:
        return
    name = found.spreads["net fiscal"][found.scope].name
    sheet.section(
        row,
        f"Which number to go and measure first: net fiscal position of {name}, as when drawn",
        len(_HEADS),
    )
    sheet.head(
        ("What is assumed", "Unit", "Its P10", "Its P90", "Position at P10", "Position at P90", "Moves the position by", "Alone turns gain to loss"), row=row + 1, text_columns=2,
    )  # fmt: skip
    row += 2
    for bar in found.tornado:
        sheet.text(row, 0, bar.name)
        sheet.text(row, 1, bar.unit)
        sheet.number(row, 2, bar.low, "number")
        sheet.number(row, 3, bar.high, "number")
        for column, amount in enumerate((bar.at_low_gbp, bar.at_high_gbp, bar.swing_gbp), 4):
            sheet.number(row, column, round(amount, 2), "pounds")
        sheet.text(row, 7, "yes" if bar.tips else "no", align="right")
        row += 1
    row += 1
    sheet.head(("To find out", "How", "Worth, before deciding", "Share of variance that goes", "Chance it turns the choice"), row=row, text_columns=2)  # fmt: skip
    for worth in found.worth:
        row += 1
        sheet.text(row, 0, " and ".join(worth.names))
        sheet.text(row, 1, "exact" if worth.is_exact else "a curve through the draws")
        sheet.number(row, 2, round(worth.worth_gbp, 2), "pounds")
        sheet.number(row, 3, worth.variance_share, "share")
        sheet.number(row, 4, worth.chance_of_other_choice, "share")

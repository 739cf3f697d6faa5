"""The appraisal workbook's results by agency and for the whole, withheld as the claim gate has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from partnership._roi.appraisal import WHOLE, Result
from partnership._roi.counting import FISCAL_CLASSES
from partnership._roi.ledger import CLASSES
from partnership._roi.returns import payback
from partnership._tabular.appraisal_choices import Choices
from partnership._tabular.appraisal_inputs import Contributions
from partnership._tabular.appraisal_payback import Payback, payback_said
from partnership._tabular.appraisal_split import PRESENT_VALUE, Split
from partnership._tabular.live_book import LiveBook, LiveSheet, a1

if TYPE_CHECKING:
    from partnership._roi.appraisal import Appraisal

__all__ = ["Totals", "add_totals"]

TOTALS = "Totals"
WITHHELD = "withheld"
NOTHING_PAID = "undefined: nothing is paid"
LESS_THAN_NOTHING = "undefined: the cost is less than nothing, so the work saves money before any benefit"


@dataclass
class Totals:
    """Where each figure of each scope stands, with what the library found."""

    cells: dict[tuple[str, str], str] = field(default_factory=dict)
    values: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)


class _Page:
    """The sheet of totals while it is written: a row a figure, a column a scope."""

    def __init__(self, sheet: LiveSheet, appraisal: Appraisal) -> None:
        self.sheet, self.appraisal = sheet, appraisal
        self.found = Totals()
        self.row = 5
        for at, scope in enumerate(appraisal.scopes, 1):
            self.found.columns[scope] = at

    def cell(self, name: str, scope: str) -> str:
        return a1(self.found.rows[name], self.found.columns[scope])

    def put(
        self, name: str, title: str, formula: Callable[[str], str], value: Callable[[Result], Decimal | int | str | None], kind: str = "pounds",
        *, gated: bool = False, link: str = "", address: str = "", bold: bool = False,
    ) -> None:  # fmt: skip
        """Write one figure for every scope; a gated one says ``withheld`` while the scope's gate is closed."""
        row = self.row
        self.found.rows[name] = row
        self.sheet.text(row, 0, title, bold=bold, text_wrap=True)
        for scope, result in self.appraisal.scopes.items():
            column = self.found.columns[scope]
            worked, shown = formula(scope), value(result)
            if gated:
                gate = a1(4, column, fix_row=True)
                worked = f'IF({gate}<>"open","{WITHHELD}",{worked})'
                shown = shown if result.gate.is_open else WITHHELD
            tip = f"appraisal/{scope}/{address or name}"
            shape = {"text_wrap": True, "align": "right", "valign": "top"} if kind == "text" else {}
            self.sheet.work_out(row, column, worked, shown, kind, link=link, tip=tip, bold=bold, **shape)
            self.found.cells[name, scope] = self.sheet.ref(row, column)
            if isinstance(shown, Decimal) and kind == "pounds":
                self.found.values[name, scope] = shown
        if kind == "text":
            self.sheet.sheet.set_row(row, 72 if name == "internal_rate" else 30)
        self.row += 1

    def section(self, title: str) -> None:
        self.sheet.section(self.row, title, len(self.found.columns) + 1)
        self.row += 1


def add_totals(
    book: LiveBook, appraisal: Appraisal, split_to: Split, contributions: Contributions, payback_of: Payback, choices: Choices,
) -> Totals:  # fmt: skip
    """Add the totals of every agency and of the whole; where the claim gate is closed net and ratios say withheld."""
    sheet = book.sheet(
        TOTALS, f"Present value, real pounds of {appraisal.model.settings.prices}. A click on a figure leads to where it comes from.",
        (46, *[17] * len(appraisal.scopes)), header_row=3, frozen=1,
    )  # fmt: skip
    sheet.head(("", *(r.name for r in appraisal.scopes.values())), text_columns=1)
    page = _Page(sheet, appraisal)
    ranges = contributions.ranges
    number = {a.id: n for n, a in enumerate(appraisal.model.agencies, 1)}
    _gates(page)

    def cost(scope: str, condition: str = "") -> str:
        own = "" if scope == WHOLE else f",{ranges['number']},{number[scope]}"
        return f'SUMIFS({ranges["pv"]},{ranges["counts"]},"yes"{own}{condition})'

    def benefit(scope: str, **more: str | bool | int) -> str:
        return split_to.total(None if scope == WHOLE else scope, PRESENT_VALUE, **more)  # type: ignore[arg-type]

    def moved(scope: str) -> str:
        wanted = [scope] if scope != WHOLE else [a.id for a in appraisal.model.agencies]
        parts = [
            split_to.total(a, PRESENT_VALUE, kind=k, harm=True, moved=number[a])
            for a in wanted
            for k in FISCAL_CLASSES
        ]
        return "+".join(parts) or "0"

    page.section("Pays")
    page.put("pv_cost_gbp", "Cost", cost, lambda r: r.pv_cost_gbp, link="'Contributions'!A4", bold=True)
    page.put(
        "pv_cost_cash_gbp",
        "Of it in cash",
        lambda s: cost(s, f',{ranges["form"]},"cash"'),
        lambda r: r.pv_cost_cash_gbp,
        link="'Contributions'!A4",
    )
    page.put(
        "pv_not_agreed_gbp",
        "Of it not agreed",
        lambda s: cost(s, f',{ranges["agreed"]},"<>agreed"'),
        lambda r: r.pv_not_agreed_gbp,
        link="'Contributions'!A4",
    )
    page.section("Gains, by class, dis-benefits netted")
    for kind in CLASSES:
        name = f"pv_{kind.replace(' ', '_').replace('-', '_')}_gbp"
        page.put(
            name,
            kind.capitalize(),
            partial(benefit, kind=kind),
            partial(_of_class, kind),
            link="'Split'!A4",
        )
    first = page.found.rows["pv_cash_releasing_gbp"]
    fiscal_rows = f"{{0}}{first + 1}:{{0}}{first + len(FISCAL_CLASSES)}"
    page.put(
        "pv_fiscal_gbp",
        "Fiscal benefit, the three fiscal classes",
        lambda s: f"SUM({fiscal_rows.format(_letters(page, s))})",
        lambda r: r.pv_fiscal_gbp,
        link=f"'Totals'!A{first + 1}",
        bold=True,
    )
    page.put(
        "pv_disbenefit_gbp",
        "Dis-benefits in these figures",
        lambda s: benefit(s, harm=True),
        lambda r: r.pv_disbenefit_gbp,
        link="'Split'!A4",
    )
    page.put(
        "pv_moved_gbp",
        "Of them costs that another agency's work moves here",
        moved,
        lambda r: r.pv_moved_gbp,
        link="'Split'!A4",
    )
    _headlines(page, choices, payback_of)
    return page.found


def _of_class(kind: str, result: Result) -> Decimal:
    return result.pv_by_class[kind]


def _payback_cell(payback_of: Payback, at: int, scope: str) -> str:
    return payback_of.cells[scope][at]


def _payback_value(name: str, result: Result) -> Decimal | int | str:
    return payback_said(getattr(result.returns, name), any(f < 0 for f in result.returns.flows))


def _letters(page: _Page, scope: str) -> str:
    return a1(0, page.found.columns[scope]).rstrip("1234567890")


def _gates(page: _Page) -> None:
    """Write whether a headline may be made: what was missing when this was made, and a cost above nil now."""
    page.sheet.text(4, 0, "Claim gate: may net and ratios be said aloud?", bold=True)
    for scope, result in page.appraisal.scopes.items():
        column = page.found.columns[scope]
        others = [m for m in result.gate.missing if not m.startswith("Denominator")]
        word = "open" if result.gate.is_open else "closed"
        # the first figure below is the cost: written one row after the section's title
        cost = a1(page.row + 1, column)
        formula = '"closed"' if others else f'IF({cost}>0,"open","closed")'
        page.sheet.work_out(
            4, column, formula, word, "text", align="right", link="'Withheld'!A4", tip="What is missing"
        )


def _headlines(page: _Page, choices: Choices, payback_of: Payback) -> None:
    def of(name: str) -> Callable[[str], str]:
        return lambda scope: page.cell(name, scope)

    cost, fiscal = of("pv_cost_gbp"), of("pv_fiscal_gbp")

    def public(scope: str) -> str:
        return f"({fiscal(scope)}+{page.cell('pv_economic_gbp', scope)}+{page.cell('pv_social_gbp', scope)})"

    def ratio(above: str, below: str) -> str:
        return f'IF({below}>0,{above}/{below},IF({below}=0,"{NOTHING_PAID}","{LESS_THAN_NOTHING}"))'

    def value(of_result: Callable[[Result], object]) -> Callable[[Result], Decimal | str]:
        def found(r: Result) -> Decimal | str:
            one = of_result(r)
            return one.words if one.value is None else one.value  # type: ignore[attr-defined,no-any-return]

        return found

    def lifted(scope: str) -> str:
        return f"({cost(scope)}*(1+{choices.tax_uplift}))"

    page.section("What it comes to")
    page.put(
        "net_fiscal_gbp",
        "Net fiscal position: fiscal benefit - cost",
        lambda s: f"{fiscal(s)}-{cost(s)}",
        lambda r: r.net_fiscal_gbp,
        gated=True,
        bold=True,
    )
    page.put(
        "net_present_budget_impact_gbp",
        "Net present budget impact: cost - fiscal benefit; negative is a saving",
        lambda s: f"{cost(s)}-{fiscal(s)}",
        lambda r: r.net_present_budget_impact_gbp,
        gated=True,
    )
    page.put(
        "net_public_value_gbp",
        "Net present public value: fiscal + economic + social - cost",
        lambda s: f"{public(s)}-{lifted(s)}",
        lambda r: r.net_public_value_gbp,
        gated=True,
    )
    page.put(
        "fiscal_return",
        "Fiscal return for each £1 of cost",
        lambda s: ratio(fiscal(s), cost(s)),
        value(lambda r: r.fiscal_return),
        "ratio",
        gated=True,
        bold=True,
    )
    page.put(
        "cash_return",
        "Cash-releasing benefit for each £1 of cost",
        lambda s: ratio(page.cell("pv_cash_releasing_gbp", s), cost(s)),
        value(lambda r: r.cash_return),
        "ratio",
        gated=True,
    )
    page.put(
        "public_value_bcr",
        "Public-value benefit-cost ratio",
        lambda s: ratio(public(s), lifted(s)),
        value(lambda r: r.public_value_bcr),
        "ratio",
        gated=True,
    )
    page.put(
        "sroi_gross",
        "Social return on investment, gross",
        lambda s: ratio(public(s), cost(s)),
        value(lambda r: r.social_return.gross),
        "ratio",
        gated=True,
    )
    page.put(
        "sroi_net",
        "Social return on investment, net",
        lambda s: ratio(f"({public(s)}-{cost(s)})", cost(s)),
        value(lambda r: r.social_return.net),
        "ratio",
        gated=True,
    )
    page.put(
        "switching_benefits", "All fiscal benefit may fall by, before the net is nil",
        lambda s: f'IF({fiscal(s)}>0,1-{cost(s)}/{fiscal(s)},"no benefit above nil")',
        lambda r: "no benefit above nil" if r.switching_benefits is None else r.switching_benefits, "share", gated=True,
    )  # fmt: skip
    titles = ("Payback, interpolated, years", "Payback in whole years", "Payback, discounted, years")
    names = ("payback_years", "payback_whole_years", "discounted_payback_years")
    for at, (name, title) in enumerate(zip(names, titles, strict=True)):
        page.put(
            name, title, partial(_payback_cell, payback_of, at), partial(_payback_value, name), "ratio", gated=True, link="'Payback'!A4",
        )  # fmt: skip
    page.put(
        "reverses", "Falls below nil again after payback", lambda s: payback_of.cells[s][3],
        lambda r: "yes: the first crossing misleads" if payback(r.returns.flows).reverses else "no", "text", gated=True, link="'Payback'!A4",
    )  # fmt: skip
    page.put(
        "internal_rate", "Internal rate of return, all roots", lambda s: payback_of.cells[s][4],
        lambda r: r.returns.rate_words, "text", gated=True, link="'Payback'!A4",
    )  # fmt: skip

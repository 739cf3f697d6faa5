"""The appraisal workbook: an appraisal as live formulas, every figure with the value that the library found.

Pennies are made in six places, each time half up (half away from nil below it), as ``money.round_pounds``
does: a contribution's real pounds, its present value, a benefit's present value, a benefit's amount in a
year, the split of each to agencies and of an agency's part to those who pay, both by largest remainder.
Everything else is carried unrounded.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from partnership._roi.appraisal import WHOLE
from partnership._roi.counting import FISCAL_CLASSES
from partnership._tabular.appraisal_chain import CHAIN, FLOWS, TIMING, Flows, add_chain, add_flows, add_timing
from partnership._tabular.appraisal_choices import CHOICES, DISCOUNTING, add_choices, add_discounting
from partnership._tabular.appraisal_inputs import (
    ASSUMPTIONS,
    CONTRIBUTIONS,
    SHARES,
    add_assumptions,
    add_contributions,
    add_shares,
)
from partnership._tabular.appraisal_payback import PAYBACK, add_payback
from partnership._tabular.appraisal_payers import (
    MATRIX,
    SPLIT_TO_PAYERS,
    WHO_PAYS,
    Matrix,
    add_matrix,
    add_payers,
)
from partnership._tabular.appraisal_results import TOTALS, Totals, add_totals
from partnership._tabular.appraisal_split import (
    LEDGER,
    PRESENT_VALUE,
    SPLIT,
    Ledger,
    Split,
    add_ledger,
    add_split,
)
from partnership._tabular.appraisal_uncertainty import HOW_SURE, add_uncertainty
from partnership._tabular.live_book import TINT, LiveBook, LiveSheet, a1
from partnership.disclosure import NOTICE
from partnership.periods import name_day

if TYPE_CHECKING:
    import xlsxwriter

    from partnership._roi.appraisal import Appraisal
    from partnership._workflows.uncertainty import UncertainAppraisal
    from partnership.errors import Finding

__all__ = ["appraisal_workbook"]

FRONT, WITHHELD, CONTROL = "Read me first", "Withheld", "Control totals"

_SHEETS = (
    (TOTALS, "What each agency and the whole pay and gain, and what it comes to"),
    (MATRIX, "Whose money buys whose benefit, and whose work drives the demand"),
    (HOW_SURE, "How likely each agency is worse off, on which ranges, and which number to measure first"),
    (WITHHELD, "What a headline still needs, what is not counted, and what could not be used"),
    (CONTROL, "Whether everything adds up, and whether it is what the library found"),
    (CHOICES, "Year 0, rates, uplifts, and the vintage of every parameter"),
    (ASSUMPTIONS, "What is assumed, each once, with range, grade and source"),
    (CHAIN, "From people to pounds, benefit by benefit"),
    (TIMING, "When each benefit comes"),
    (FLOWS, "What each benefit brings in each year, by class"),
    (DISCOUNTING, "Discount factors"),
    (SHARES, "To whom each benefit falls"),
    (SPLIT, "The split to agencies, to the penny"),
    (CONTRIBUTIONS, "What each agency puts in"),
    (WHO_PAYS, "Who pays for which benefit: the weights of its payers"),
    (SPLIT_TO_PAYERS, "Each agency's part of each benefit, to those whose money buys it"),
    (LEDGER, "Each agency, year by year"),
    (PAYBACK, "When the money is back"),
)
_ROUNDING = (
    "Pennies are made in six places, half up: a contribution's real pounds, its present value, a benefit's present value, "
    "a benefit's amount in a year, the split of each to agencies, and of a part to those who pay (largest remainder, ties by id). Nothing else is rounded. "
    "Excel's ROUND rounds half away from nil, as the library does."
)

_GOOD = "OK: everything adds up and is what the library found"
_CHANGED = "adds up, and differs from what the library found: something was changed since"


def appraisal_workbook(
    appraisal: Appraisal,
    *,
    name: str = "",
    findings: Sequence[Finding] = (),
    made_at: dt.datetime | None = None,
    uncertain: UncertainAppraisal | None = None,
    not_drawn: str = "",
) -> bytes:
    """Return an appraisal as a workbook whose numbers are formulas.

    Change a tinted cell (an assumption, a share, a rate, a contribution, the year-0 convention) and everything
    follows, to the penny as the library would have it.

    Parameters
    ----------
    appraisal : Appraisal
        What to write.
    name : str
        Name of the partnership.
    findings : Sequence[Finding]
        What the appraisal could not use, to be printed with it.
    made_at : datetime.datetime, optional
        When; now if not given.
    uncertain : UncertainAppraisal, optional
        How sure the same appraisal is; its sheet says that nothing was drawn when left out.
    not_drawn : str
        Why nothing was drawn, in words, where that has a reason.
    """
    from xlsxwriter import Workbook

    made = made_at or dt.datetime.now(dt.UTC)
    out = io.BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "max_url_length": 2079,
    }  # fmt: skip
    with Workbook(out, options) as raw:
        raw.set_properties({"title": f"Appraisal: {name}", "created": made.replace(tzinfo=None)})
        raw.set_size(2400, 1500)
        raw.set_calc_mode("auto")
        book = LiveBook(raw)
        front = _Front(book, name)
        choices = add_choices(book, appraisal)
        assumptions = add_assumptions(book, appraisal, choices)
        levels = add_chain(book, appraisal, assumptions)
        timing = add_timing(book, appraisal, assumptions)
        discounting = add_discounting(book, appraisal, choices)
        flows = add_flows(book, appraisal, levels, timing, discounting)
        shares = add_shares(book, appraisal)
        split_to = add_split(book, appraisal, flows, shares)
        contributions = add_contributions(book, appraisal, choices, discounting)
        ledger = add_ledger(book, appraisal, split_to, contributions)
        payback = add_payback(book, appraisal, ledger, discounting)
        totals = add_totals(book, appraisal, split_to, contributions, payback, choices)
        payers = add_payers(book, appraisal, flows, split_to, contributions)
        matrix = add_matrix(book, appraisal, payers)
        add_uncertainty(book, appraisal, uncertain, totals, assumptions, not_drawn)
        _withheld(book, appraisal, findings)
        verdict = _control(book, appraisal, totals, ledger, split_to, flows, matrix)
        front.write(appraisal, totals, verdict, made)
        _in_order(raw)
    return out.getvalue()


def _in_order(raw: xlsxwriter.Workbook) -> None:
    """Put the sheets in the order in which they are read."""
    wanted = [FRONT, *(name for name, _ in _SHEETS)]
    raw.worksheets_objs.sort(key=lambda s: wanted.index(s.get_name()))


class _Front:
    """The first sheet: what this says, whether it may be said, how it is used."""

    def __init__(self, book: LiveBook, name: str) -> None:
        title = f"{name}: appraisal" if name else "Appraisal"
        self.sheet = LiveSheet(book, FRONT, "", (24, 110), header_row=0)
        self.sheet.text(0, 0, title, bold=True, font_size=20)
        self.sheet.sheet.set_portrait()
        self.sheet.sheet.activate()
        self.sheet.sheet.set_first_sheet()

    def write(self, appraisal: Appraisal, totals: Totals, verdict: str, made: dt.datetime) -> None:
        """Write the sheet, once it is known where everything stands."""
        sheet, whole = self.sheet, appraisal.whole
        wrapped: dict[str, Any] = {"text_wrap": True, "valign": "top"}
        sheet.text(
            1,
            0,
            f"Made on {name_day(made.date())}. Discount rates {appraisal.vintage}. Real pounds of {appraisal.model.settings.prices}.",
            font_color="#3b4650",
        )
        said = whole.headline or whole.gate.words
        gate = totals.cells["net_fiscal_gbp", WHOLE]
        sheet.text(3, 0, "When this was made", bold=True, valign="top")
        sheet.text(3, 1, said, bold=True, font_size=12, **wrapped)
        sheet.sheet.set_row(3, 18 * -(-len(said) // 95))
        sheet.text(4, 0, "Net fiscal position now", bold=True)
        net = whole.net_fiscal_gbp if whole.gate.is_open else "withheld"
        sheet.work_out(4, 1, gate, net, "pounds", link=gate)
        sheet.sheet.write_formula(
            4,
            1,
            f"={gate}",
            sheet.book.formats(num_format="£#,##0.00;−£#,##0.00", align="left", bold=True),
            float(net) if isinstance(net, Decimal) else net,
        )
        sheet.text(5, 0, "Control totals", bold=True)
        sheet.work_out(
            5,
            1,
            verdict,
            _GOOD,
            "text",
            link=f"'{CONTROL}'!A4",
        )
        row = 7
        sheet.section(row, "How to use it", 2)
        for text, words in (
            ("Tinted cells", "Yours to change: assumptions, shares, contributions, rates, switches. Everything follows."),
            ("Grey cells", "Formulas. A click leads to where the figure comes from: total, split, yearly flow, chain, assumption, source."),
            ("Withheld", "While the claim gate is closed, net, ratios and payback say so in words. What is missing stands on its own sheet."),
            ("Rounding", _ROUNDING),
            ("Three fiscal classes", "Only cash-releasing benefit can be spent. Capacity released, and benefit without release, stand apart and pay no bill."),
            ("Not live", "Draws over the ranges stand as values, with seed and vintage; their sheet says when they are out of date. Which of two claims on one outcome is counted was settled when this was made."),
            ("Small counts", NOTICE),
        ):  # fmt: skip
            row += 1
            style: dict[str, Any] = {"bg_color": TINT} if text == "Tinted cells" else {}
            sheet.text(row, 0, text, bold=True, valign="top", **style)
            sheet.text(row, 1, words, **wrapped)
            sheet.sheet.set_row(row, 14 * -(-len(words) // 105) + 3)
        sheet.section(row + 2, "Sheets", 2)
        for at, (title, words) in enumerate(_SHEETS, row + 3):
            sheet.text(at, 0, title, link=f"'{title}'!A1")
            sheet.text(at, 1, words)


def _withheld(book: LiveBook, appraisal: Appraisal, findings: Sequence[Finding]) -> None:
    sheet = book.sheet(
        WITHHELD, "What a headline still needs, what no total counts, and what could not be used. All of it as it was when this was made.",
        (34, 120), header_row=3,
    )  # fmt: skip
    sheet.head(("Of whom or what", "In words"))
    row = 4

    def lines(title: str, pairs: Sequence[tuple[str, str]], none: str) -> None:
        nonlocal row
        sheet.section(row, title, 2)
        for who, words in pairs or [("", none)]:
            row += 1
            sheet.text(row, 0, who, text_wrap=True, valign="top")
            sheet.text(row, 1, words, text_wrap=True, valign="top")
            sheet.sheet.set_row(row, 14 * max(1, -(-len(words) // 115)) + 3)
        row += 2

    lines(
        "Claim gate", [(r.name, r.headline or r.gate.words) for r in appraisal.scopes.values()], "There is no agency.",
    )  # fmt: skip
    lines(
        "Not counted, so that no money stands twice",
        [(s.title, s.reason) for s in appraisal.set_aside],
        "Nothing is set aside.",
    )
    lines(
        "Without a value", [(line.title, line.missing) for line in appraisal.model.lines if line.missing], "Every benefit has a value.",
    )  # fmt: skip
    lines(
        "What could not be used",
        [(f.place, f"{f.found} {f.do}") for f in findings],
        "Everything could be used.",
    )


def _control(
    book: LiveBook,
    appraisal: Appraisal,
    totals: Totals,
    ledger: Ledger,
    split_to: Split,
    flows: Flows,
    matrix: Matrix,
) -> str:
    """Add the control totals; return the formula of the verdict."""
    sheet = book.sheet(
        CONTROL, "First: whether this workbook adds up by itself. Then: whether it is what the library found; it differs where you changed something.",
        (64, 21, 21, 18, 34), header_row=3,
    )  # fmt: skip
    sheet.head(("What", "One way", "The other way", "Difference", "Verdict"), text_columns=1)
    row = 4
    scopes = [a.id for a in appraisal.model.agencies]

    def check(title: str, one: str, other: str, value: Decimal, made: Decimal | None = None) -> None:
        nonlocal row
        sheet.text(row, 0, title, text_wrap=True)
        sheet.work_out(row, 1, one, value, "pounds")
        if made is None:
            sheet.work_out(row, 2, other, value, "pounds")
        else:
            sheet.number(row, 2, made, "pounds")
        sheet.work_out(row, 3, f"ROUND({a1(row, 1)}-{a1(row, 2)},2)", Decimal(0), "pounds")
        sheet.work_out(
            row, 4, f'IF({a1(row, 3)}=0,"OK","differs by £"&TEXT(ABS({a1(row, 3)}),"#,##0.00"))', "OK", "text"
        )
        row += 1

    sheet.section(row, "Adds up by itself", 5)
    row += 1
    inner = row
    for name, title in (("pv_cost_gbp", "Cost: agencies make the whole"), ("pv_fiscal_gbp", "Fiscal benefit: agencies make the whole"), ("pv_social_gbp", "Social value: agencies make the whole"), ("pv_economic_gbp", "Economic value: agencies make the whole")):  # fmt: skip
        parts = "+".join(totals.cells[name, s] for s in scopes) or "0"
        check(title, parts, totals.cells[name, WHOLE], totals.values[name, WHOLE])
    counts = f'{flows.counts},"yes"'
    fiscal = "+".join(f'SUMIFS({flows.pvs},{flows.classes},"{kind}",{counts})' for kind in FISCAL_CLASSES)
    check(
        "Fiscal benefit: yearly flows make the total",
        fiscal,
        totals.cells["pv_fiscal_gbp", WHOLE],
        totals.values["pv_fiscal_gbp", WHOLE],
    )
    amounts = split_to.total(None, PRESENT_VALUE)
    whole_pv = sum((f.pv_gbp for f in flows.rows), Decimal(0))
    everything = "+".join(split_to.total(s, PRESENT_VALUE) for s in scopes) or "0"
    check("Split: parts make what was split", everything, amounts, whole_pv)
    net = sum((r.net_gbp for r in appraisal.ledger), Decimal(0))
    by_agency = f"SUM({_over(ledger.net[scopes[0]][0], ledger.net[scopes[-1]][-1])})" if scopes else "0"
    check(
        "Ledger: agencies and years make the whole",
        by_agency,
        f"SUM({_over(*_ends(ledger.net[WHOLE]))})",
        net,
    )
    _matrix_adds_up(check, appraisal, totals, matrix)
    last_inner = row - 1
    row += 1
    sheet.section(row, "Is what the library found when this was made", 5)
    row += 1
    outer = row
    for (name, scope), value in totals.values.items():
        if name.startswith("net_"):
            continue
        label = appraisal.scopes[scope].name
        check(
            f"Present value: {name.removeprefix('pv_').removesuffix('_gbp').replace('_', ' ')}, {label}",
            totals.cells[name, scope],
            "",
            value,
            value,
        )
    for scope, cells in ledger.net.items():
        rows = [r.net_gbp for r in appraisal.ledger if scope in (WHOLE, r.agency_id)]
        total = sum(rows, Decimal(0))
        check(
            f"net of all years, not discounted, {appraisal.scopes[scope].name}",
            f"SUM({_over(*_ends(cells))})",
            "",
            total,
            total,
        )
    for payer, (cell, value) in matrix.bought.items():
        who = appraisal.scopes[payer].name if payer else "nobody"
        check(f"Payers and gainers: fiscal benefit that the money of {who} buys", cell, "", value, value)
    sheet.good_or_not(inner, row - 1, 4)
    first, last = sheet.span((inner, 4), (last_inner, 4)), sheet.span((outer, 4), (row - 1, 4))
    adds, same = f'COUNTIF({first},"OK")={last_inner - inner + 1}', f'COUNTIF({last},"OK")={row - outer}'
    return f'IF({adds},IF({same},"{_GOOD}","{_CHANGED}"),"does not add up: look at the control totals")'


def _matrix_adds_up(
    check: Callable[[str, str, str, Decimal], None], appraisal: Appraisal, totals: Totals, matrix: Matrix
) -> None:
    """Write whether payers, gainers and drivers make the totals."""
    for kind, (cell, value) in matrix.classes.items():
        name = f"pv_{kind.replace(' ', '_').replace('-', '_')}_gbp"
        check(f"Payers and gainers: {kind}, payers make the whole", cell, totals.cells[name, WHOLE], value)
    for agency, (cell, value) in matrix.gained.items():
        gains, who = totals.cells["pv_fiscal_gbp", agency], appraisal.scopes[agency].name
        check(f"Payers and gainers: fiscal benefit that falls to {who}", cell, gains, value)
    driven, value = matrix.driven
    check("Payers and gainers: drivers make the whole", driven, totals.cells["pv_fiscal_gbp", WHOLE], value)


def _ends(cells: Sequence[str]) -> tuple[str, str]:
    return cells[0], cells[-1]


def _over(first: str, last: str) -> str:
    """Return the range from one cell of a sheet to another of the same sheet."""
    return f"{first}:{last.rpartition('!')[2]}"

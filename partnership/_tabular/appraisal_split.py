"""The appraisal workbook's split to agencies, to the penny by largest remainder, and the ledger it makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from partnership._roi.counting import FISCAL_CLASSES
from partnership._roi.ledger import CLASSES
from partnership._tabular.appraisal_chain import FlowRow, Flows
from partnership._tabular.appraisal_inputs import Contributions, Shares, parts_of
from partnership._tabular.live_book import LiveBook, LiveSheet, a1, absolute
from partnership.money import round_pounds, split, to_pence
from partnership.periods import name_financial_year

if TYPE_CHECKING:
    from partnership._roi.appraisal import Appraisal
    from partnership._roi.ledger import LedgerRow

__all__ = ["Ledger", "Split", "add_ledger", "add_split"]

SPLIT, LEDGER = "Split", "Ledger"
PRESENT_VALUE = 0
"""The period of a present value; any other is the year in which a financial year begins."""


@dataclass
class Split:
    """Where the parts stand: ranges of what is split, and of each agency's pounds."""

    classes: str = ""
    periods: str = ""
    kinds: str = ""
    drivers: str = ""
    amounts: str = ""
    parts: dict[str, str] = field(default_factory=dict)
    cells: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """By line, class and agency, the cell of the agency's part of the present value."""

    def total(
        self, agency: str | None, period: int, *, kind: str = "", harm: bool = False, moved: int = 0
    ) -> str:
        """Return the formula of an agency's pounds (None: the whole) in a period, of a class, of harms only."""
        picked = self.amounts if agency is None else self.parts[agency]
        conditions = [f"{self.periods},{period}"]
        if kind:
            conditions.append(f'{self.classes},"{kind}"')
        if harm:
            conditions.append(f'{self.kinds},"dis-benefit"')
        if moved:
            conditions += [f'{self.drivers},"<>{moved}"', f'{self.drivers},">0"']
        return f"SUMIFS({picked},{','.join(conditions)})"


def add_split(book: LiveBook, appraisal: Appraisal, flows: Flows, shares: Shares) -> Split:
    """Add the split: whole pence below each exact share first, then the pence left over to the largest remainders."""
    model = appraisal.model
    agencies = [a.id for a in model.agencies]
    names = [a.name for a in model.agencies]
    count = len(agencies)
    sheet = book.sheet(
        SPLIT, "To agencies, to the penny: whole pence below each exact share, then pence left over to the largest remainders, ties by id.",
        (10, 19, 12, 22, 14, 16, 14, 11, *[15] * count, *[13] * (2 * count)), header_row=3, frozen=5,
    )  # fmt: skip
    sheet.head(
        (
            "Benefit", "Class", "Kind", "Driven by agency number", "Year begins; 0: present value", "Amount", "Pence", "Left over", *names, *(f"Whole pence, {n}" for n in names),
            *(f"Remainder, {n}" for n in names),
        ),
        text_columns=5,
    )  # fmt: skip
    years = model.settings.years
    numbers_of = {a: n for n, a in enumerate(agencies, 1)}
    lines = {line.id: line for line in model.lines}
    parts: dict[tuple[str, str, str], str] = {}
    row = 4
    for flow in flows.rows:
        numbers = parts_of(lines[flow.line_id], tuple(agencies))
        driver = numbers_of.get(flow.moved_from, count + 1) if flow.moved_from else 0
        cells = zip(
            (PRESENT_VALUE, *years),
            (flow.pv, *flow.years),
            (flow.pv_gbp, *map(round_pounds, flow.amounts)),
            strict=True,
        )
        for period, cell, amount in cells:
            _split_row(
                sheet,
                row,
                flow,
                (driver, period),
                cell,
                amount,
                numbers,
                shares,
                lines[flow.line_id].shares,
                agencies,
            )
            if period == PRESENT_VALUE:
                for at, agency in enumerate(agencies):
                    parts[flow.line_id, flow.appraisal_class, agency] = sheet.ref(row, 8 + at)
            row += 1
    if row == 4:
        sheet.text(row, 0, "There is nothing to split yet.")
        row += 1
    span: Callable[[int], str] = lambda at: sheet.span((4, at), (row - 1, at))  # noqa: E731
    return Split(
        span(1), span(4), span(2), span(3), span(5), {a: span(8 + at) for at, a in enumerate(agencies)}, parts
    )


def _split_row(
    sheet: LiveSheet, row: int, flow: FlowRow, marks: tuple[int, int], cell: str, amount: Decimal, numbers: list[int], shares: Shares,
    exact: Mapping[str, object], agencies: list[str],
) -> None:  # fmt: skip
    count = len(agencies)
    for column, text in enumerate(
        (flow.line_id, flow.appraisal_class, "dis-benefit" if flow.is_disbenefit else "benefit")
    ):
        sheet.text(row, column, text)
    for column, mark in enumerate(marks, 3):
        sheet.number(row, column, mark, "year")
    sheet.work_out(row, 5, f"ROUND({cell},2)", amount, "pounds", link=cell)
    pence, whole = abs(to_pence(amount)), sum(numbers)
    sheet.work_out(row, 6, f"ROUND(ABS({a1(row, 5)})*100,0)", pence, "whole")
    floors = [pence * n // whole if whole else 0 for n in numbers]
    rests = [pence * n - f * whole for n, f in zip(numbers, floors, strict=True)]
    low, rest = 8 + count, 8 + 2 * count
    total = shares.whole(flow.line_id)
    sheet.work_out(
        row,
        7,
        f"IF({total}=0,0,{a1(row, 6)}-SUM({a1(row, low)}:{a1(row, low + count - 1)}))",
        pence - sum(floors) if whole else 0,
        "whole",
    )
    given = split(amount, exact) if whole else {}  # type: ignore[arg-type]
    rests_range = f"{absolute(row, rest)}:{absolute(row, rest + count - 1)}"
    for at, agency in enumerate(agencies):
        product = f"{absolute(row, 6)}*{shares.part(flow.line_id, at)}"
        sheet.work_out(row, low + at, f"IF({total}=0,0,INT({product}/{total}))", floors[at], "whole")
        sheet.work_out(row, rest + at, f"{product}-{a1(row, low + at)}*{total}", rests[at], "whole")
        mine = a1(row, rest + at)
        before = f"+COUNTIF({absolute(row, rest)}:{a1(row, rest + at - 1)},{mine})" if at else ""
        rank = f'COUNTIF({rests_range},">"&{mine}){before}'
        sheet.work_out(
            row, 8 + at, f"SIGN({absolute(row, 5)})*({a1(row, low + at)}+IF({rank}<{absolute(row, 7)},1,0))/100", given.get(agency, Decimal(0)), "pounds",
            link=f"'{shares.sheet_name}'!A{shares.row[flow.line_id] + 1}",
        )  # fmt: skip


@dataclass
class Ledger:
    """Where the ledger stands: for each scope and year the cells of what is paid, gained and left."""

    paid: dict[str, list[str]] = field(default_factory=dict)
    fiscal: dict[str, list[str]] = field(default_factory=dict)
    net: dict[str, list[str]] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)


_PAID: tuple[tuple[str, str], ...] = (
    ("of it in cash", '{form},"cash"'), ("of it capital", '{nature},"capital"'), ("of it from core money", '{funding},"core"'),
    ("of it not agreed", '{agreed},"<>agreed"'),
)  # fmt: skip


def add_ledger(book: LiveBook, appraisal: Appraisal, split_to: Split, contributions: Contributions) -> Ledger:
    """Add the ledger: what each agency pays and receives in each year, undiscounted, and the whole below it."""
    model = appraisal.model
    heads = (
        "Agency", "Financial year", "Begins", "Pays", *(title for title, _ in _PAID), "Paid, actual", *(c.capitalize() for c in CLASSES), "Dis-benefits in it", "Fiscal benefit",
        "Net", "Net cash", "Net so far",
    )  # fmt: skip
    sheet = book.sheet(
        LEDGER, f"What each agency pays and receives in each year, real pounds of {model.settings.prices}, not discounted. Only cash-releasing benefit can be spent.",
        (26, 10, 8, *[15] * (len(heads) - 3)), header_row=3, frozen=2,
    )  # fmt: skip
    sheet.head(heads, text_columns=2)
    found, row = Ledger(), 4
    rows = {(r.agency_id, r.financial_year): r for r in appraisal.ledger}
    scopes = [(a.id, a.name) for a in model.agencies]
    agency_rows = (4, 4 + max(1, len(scopes) * model.settings.horizon_years) - 1)
    for number, (key, name) in enumerate((*scopes, ("whole", "All agencies")), 1):
        found.first[key] = sheet.ref(row, 0)
        so_far = Decimal(0)
        for k, year in enumerate(model.settings.years):
            mine = (
                [rows[key, year]]
                if key != "whole"
                else [r for r in appraisal.ledger if r.financial_year == year]
            )
            sheet.text(row, 0, name, bold=key == "whole")
            sheet.text(row, 1, name_financial_year(year))
            sheet.number(row, 2, year, "year")
            so_far += sum((r.net_gbp for r in mine), Decimal(0))
            _ledger_cells(
                sheet,
                row,
                key,
                number,
                year,
                mine,
                split_to,
                contributions,
                agency_rows,
                has_agencies=bool(scopes),
            )
            before = f"{a1(row - 1, 18)}+" if k else ""
            sheet.work_out(row, 18, f"{before}{a1(row, 16)}", so_far, "pounds")
            for target, column in ((found.paid, 3), (found.fiscal, 15), (found.net, 16)):
                target.setdefault(key, []).append(sheet.ref(row, column))
            row += 1
    return found


def _ledger_cells(
    sheet: LiveSheet, row: int, key: str, number: int, year: int, mine: list[LedgerRow], split_to: Split, contributions: Contributions,
    agency_rows: tuple[int, int], *, has_agencies: bool,
) -> None:  # fmt: skip
    ranges = contributions.ranges

    def total(of: Callable[[LedgerRow], Decimal]) -> Decimal:
        return sum((of(r) for r in mine), Decimal(0))

    def write(column: int, formula: str, value: Decimal, link: str = "") -> None:
        if key == "whole":
            column_range = f"{absolute(agency_rows[0], column)}:{absolute(agency_rows[1], column)}"
            years = f"{absolute(agency_rows[0], 2)}:{absolute(agency_rows[1], 2)}"
            formula = f"SUMIFS({column_range},{years},{a1(row, 2, fix_column=True)})" if has_agencies else "0"
        sheet.work_out(row, column, formula, value, "pounds", link=link, bold=key == "whole")

    mine_only = f"{ranges['number']},{number},{ranges['year']},{a1(row, 2, fix_column=True)}"
    where = "'Contributions'!A4"
    write(3, f"SUMIFS({ranges['real']},{mine_only})", total(lambda r: r.paid_gbp), where)
    values = (
        total(lambda r: r.paid["cash"]), total(lambda r: r.paid["capital"]), total(lambda r: r.paid["core"]),
        total(lambda r: r.not_agreed_gbp),
    )  # fmt: skip
    for at, ((_, condition), value) in enumerate(zip(_PAID, values, strict=True), 4):
        write(at, f"SUMIFS({ranges['real']},{mine_only},{condition.format(**ranges)})", value, where)
    write(8, f"SUMIFS({ranges['actual']},{mine_only})", total(lambda r: r.paid_actual_gbp), where)
    agency = None if key == "whole" else key
    for at, kind in enumerate(CLASSES, 9):
        received = sum((r.received[kind] for r in mine), Decimal(0))
        write(at, split_to.total(agency, year, kind=kind), received, "'Split'!A4")
    write(
        14,
        split_to.total(agency, year, harm=True),
        total(lambda r: sum(r.disbenefit.values(), Decimal(0))),
        "'Split'!A4",
    )
    fiscal = len(FISCAL_CLASSES)
    sheet.work_out(
        row, 15, f"SUM({a1(row, 9)}:{a1(row, 8 + fiscal)})", total(lambda r: r.fiscal_gbp), "pounds"
    )
    sheet.work_out(
        row,
        16,
        f"{a1(row, 15)}-{a1(row, 3)}",
        total(lambda r: r.net_gbp),
        "pounds",
        bold=True,
        tip=f"agency_ledger/{key}|{year}/net_gbp",
        link="'Totals'!A4",
    )
    sheet.work_out(row, 17, f"{a1(row, 9)}-{a1(row, 4)}", total(lambda r: r.net_cash_gbp), "pounds")

"""The appraisal workbook's payers: who pays for which benefit, whose money buys whose benefit, and the driver beside it.

Each part of a benefit that falls to an agency is split to payers, to the penny by largest remainder, in
proportion to the present value of what they pay for the benefit's work items; where nobody pays for them the
money of its goal stands in, then all the money there is. Parts and weights in pence are too large for their
product to be exact in a cell, so remainders are worked out in millions and rest, which is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from partnership._roi.counting import FISCAL_CLASSES
from partnership._roi.ledger import CLASSES, counted_costs, payers_of, pv_of_cost
from partnership._tabular.appraisal_chain import Flows
from partnership._tabular.appraisal_inputs import Contributions
from partnership._tabular.appraisal_split import Split
from partnership._tabular.live_book import LiveBook, LiveSheet, a1, absolute
from partnership.money import split, to_pence

if TYPE_CHECKING:
    from partnership._roi.appraisal import Appraisal
    from partnership._roi.ledger import MatrixCell
    from partnership._roi.model import Line

__all__ = ["MATRIX", "SPLIT_TO_PAYERS", "WHO_PAYS", "Matrix", "add_matrix", "add_payers"]

WHO_PAYS, SPLIT_TO_PAYERS, MATRIX = "Who pays for what", "Split to payers", "Payers and gainers"
NOBODY = ""
"""Payer of what nobody pays for, as the library has it."""
MILLION = 1_000_000


@dataclass
class Payers:
    """Where the parts by payer stand: ranges over the rows, and a column of pounds for each payer."""

    scopes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    ranges: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    drivers: set[int] = field(default_factory=set)

    def total(self, payer: str, gainer: int, *, kind: str = "", driver: int | None = None) -> str:
        """Return the formula of what a payer buys for a gainer: of a class, or of the three fiscal ones."""
        picked = f'{self.ranges["class"]},"{kind}"' if kind else f"{self.ranges['fiscal']},1"
        driven = "" if driver is None else f",{self.ranges['driver']},{driver}"
        return f"SUMIFS({self.parts[payer]},{picked},{self.ranges['gainer']},{gainer}{driven})"


@dataclass
class _Weights:
    """The weights of one line: cells of pence, of their millions and rest by payer, and of all of them."""

    pence: list[int]
    cells: list[str]
    millions: list[str]
    rest: list[str]
    whole: tuple[str, str, str]


def add_payers(
    book: LiveBook, appraisal: Appraisal, flows: Flows, split_to: Split, contributions: Contributions
) -> Payers:
    """Add who pays for which benefit, and the split of each agency's part of it to those who pay."""
    agencies = appraisal.model.agencies
    found = Payers(tuple(a.id for a in agencies) + (NOBODY,), tuple(a.name for a in agencies) + ("Nobody",))
    weights = _add_weights(book, appraisal, flows, contributions, found)
    count = len(found.scopes)
    sheet = book.sheet(
        SPLIT_TO_PAYERS, "Each agency's part of each benefit, to those whose money buys it: whole pence below each exact part, then pence left over to the largest remainders.",
        (10, 19, 9, 12, 12, 16, 14, 12, 12, 10, *[15] * count, *[13] * (2 * count)), header_row=3, frozen=5,
    )  # fmt: skip
    sheet.head(
        (
            "Benefit", "Class", "Fiscal: 1", "Driven by agency number", "Falls to agency number", "Amount", "Pence", "Of it millions", "Of it rest", "Left over",
            *found.names, *(f"Whole pence, {n}" for n in found.names), *(f"Remainder, {n}" for n in found.names),
        ),
        text_columns=2,
    )  # fmt: skip
    row = 4
    lines = {line.id: line for line in appraisal.model.lines}
    numbers = {a.id: n for n, a in enumerate(agencies, 1)}
    for flow in flows.rows:
        line = lines[flow.line_id]
        driver = numbers.get(line.driver_agency_id, len(agencies) + 1) if line.driver_agency_id else 0
        found.drivers.add(driver)
        given = split(flow.pv_gbp, line.shares) if line.shares else {}
        for number, agency in enumerate(agencies, 1):
            sheet.text(row, 0, flow.line_id)
            sheet.text(row, 1, flow.appraisal_class)
            for column, mark in enumerate((int(flow.appraisal_class in FISCAL_CLASSES), driver, number), 2):
                sheet.number(row, column, mark, "year")
            cell = split_to.cells[flow.line_id, flow.appraisal_class, agency.id]
            _part(sheet, row, cell, given.get(agency.id, Decimal(0)), weights[flow.line_id])
            row += 1
    if row == 4:
        sheet.text(row, 0, "There is nothing to split yet.")
        row += 1
    span: Callable[[int], str] = lambda at: sheet.span((4, at), (row - 1, at))  # noqa: E731
    found.ranges = {"class": span(1), "fiscal": span(2), "driver": span(3), "gainer": span(4)}
    found.parts = {p: span(10 + at) for at, p in enumerate(found.scopes)}
    return found


def _part(sheet: LiveSheet, row: int, cell: str, amount: Decimal, weights: _Weights) -> None:
    """Write one agency's part of one benefit, split to payers."""
    count, whole = len(weights.pence), sum(weights.pence)
    pence = abs(to_pence(amount))
    sheet.work_out(row, 5, cell, amount, "pounds", link=cell)
    sheet.work_out(row, 6, f"ROUND(ABS({a1(row, 5)})*100,0)", pence, "whole")
    sheet.work_out(row, 7, f"INT({a1(row, 6)}/{MILLION})", pence // MILLION, "whole")
    sheet.work_out(row, 8, f"{a1(row, 6)}-{a1(row, 7)}*{MILLION}", pence % MILLION, "whole")
    low, rest = 10 + count, 10 + 2 * count
    floors = [pence * w // whole for w in weights.pence]
    rests = [pence * w - f * whole for w, f in zip(weights.pence, floors, strict=True)]
    left = pence - sum(floors)
    sheet.work_out(row, 9, f"{a1(row, 6)}-SUM({a1(row, low)}:{a1(row, low + count - 1)})", left, "whole")
    lucky = set(sorted(range(count), key=lambda at: (-rests[at], at))[:left])
    remainders = f"{absolute(row, rest)}:{absolute(row, rest + count - 1)}"
    high, low_part = absolute(row, 7), absolute(row, 8)
    total, total_high, total_low = weights.whole
    for at in range(count):
        floor = a1(row, low + at)
        sheet.work_out(row, low + at, f"INT({absolute(row, 6)}*{weights.cells[at]}/{total})", floors[at], "whole")  # fmt: skip
        many, few = f"INT({floor}/{MILLION})", f"MOD({floor},{MILLION})"
        one, two = weights.millions[at], weights.rest[at]
        sheet.work_out(
            row, rest + at,
            f"(({high}*{one}-{many}*{total_high})*{MILLION}+{high}*{two}+{low_part}*{one}-{many}*{total_low}-{few}*{total_high})*{MILLION}"
            f"+{low_part}*{two}-{few}*{total_low}",
            rests[at], "whole",
        )  # fmt: skip
        mine = a1(row, rest + at)
        before = f"+COUNTIF({absolute(row, rest)}:{a1(row, rest + at - 1)},{mine})" if at else ""
        rank = f'COUNTIF({remainders},">"&{mine}){before}'
        sign = -1 if amount < 0 else 1
        sheet.work_out(
            row, 10 + at, f"SIGN({absolute(row, 5)})*({floor}+IF({rank}<{absolute(row, 9)},1,0))/100",
            Decimal(sign * (floors[at] + (at in lucky))) / 100, "pounds", link=weights.cells[at],
        )  # fmt: skip


def _add_weights(
    book: LiveBook, appraisal: Appraisal, flows: Flows, contributions: Contributions, payers: Payers
) -> dict[str, _Weights]:
    """Add what each agency pays for each benefit's work items, its goal, or at all: the weights of its payers."""
    model = appraisal.model
    agencies = model.agencies
    count = len(agencies)
    lines = {line.id: line for line in model.lines}
    wanted = list(dict.fromkeys(flow.line_id for flow in flows.rows))
    most = max((len(lines[i].item_ids) for i in wanted), default=0)
    sheet = book.sheet(
        WHO_PAYS, "Present value of what each agency pays for a benefit's work items; where nobody does, for its goal; else all money. In pence it is the payers' weight.",
        (10, 40, *[15] * (2 * count), *[16] * (count + 1), 17, *[11] * (2 * count + 4), 9, *[9] * most), header_row=3, frozen=2,
    )  # fmt: skip
    names = [a.name for a in agencies]
    sheet.head(
        (
            "Benefit", "Title", *(f"For its items, {n}" for n in names), *(f"For its goal, {n}" for n in names), *(f"Weight in pence, {n}" for n in payers.names), "All weights",
            *(f"{what}, {n}" for what in ("Millions", "Rest") for n in (*payers.names, "all")), "Goal's number", *(f"Item's number {k + 1}" for k in range(most)),
        ),
        text_columns=2,
    )  # fmt: skip
    paid = [(c, pv_of_cost(c, model.settings)) for c in counted_costs(model)]

    def money(at: int, more: str) -> str:
        ranges = contributions.ranges
        return f'ROUND(SUMPRODUCT(SUMIFS({ranges["pv"]},{ranges["counts"]},"yes",{ranges["number"]},{at + 1}{more})),2)'

    def spent(agency: str, items: Sequence[str] | None = None, goal: str | None = None) -> Decimal:
        return sum((v for c, v in paid if c.agency_id == agency and (items is None or c.item_id in items) and (goal is None or c.goal_id == goal)), Decimal(0))  # fmt: skip

    sheet.text(4, 1, "All money, whatever it is for", bold=True)
    for at, agency in enumerate(agencies):
        sheet.work_out(4, 2 + at, money(at, ""), spent(agency.id), "pounds", link="'Contributions'!A4")
    out: dict[str, _Weights] = {}
    for row, key in enumerate(wanted, 5):
        line = lines[key]
        sheet.text(row, 0, line.id)
        sheet.text(row, 1, line.title, text_wrap=True)
        goal_column = 2 + 3 * count + 2 + 2 * (count + 2)
        numbers = [contributions.items[i] for i in line.item_ids if i in contributions.items]
        sheet.number(row, goal_column, contributions.goals.get(line.goal_id or "", 0), "year")
        for k, number in enumerate(numbers):
            sheet.number(row, goal_column + 1 + k, number, "year")
        ranges = contributions.ranges
        items = f"{absolute(row, goal_column + 1)}:{absolute(row, goal_column + max(1, len(numbers)))}"
        for at, agency in enumerate(agencies):
            own = money(at, f",{ranges['item number']},{items}") if numbers else "0"
            sheet.work_out(row, 2 + at, own, spent(agency.id, items=line.item_ids), "pounds")
            goal = f',{ranges["goal number"]},{absolute(row, goal_column)},{ranges["goal number"]},">0"'
            value = spent(agency.id, goal=line.goal_id) if line.goal_id else Decimal(0)
            sheet.work_out(row, 2 + count + at, money(at, goal), value, "pounds")
        out[key] = _weigh(sheet, row, line, count, _pence(line, paid, payers.scopes))
    return out


def _pence(line: Line, paid: Sequence[tuple[object, Decimal]], scopes: Sequence[str]) -> list[int]:
    weights = payers_of(line, paid)  # type: ignore[arg-type]
    return [int(weights.get(p, 0) * (1 if p == NOBODY else 100)) for p in scopes]


def _weigh(sheet: LiveSheet, row: int, line: Line, count: int, pence: list[int]) -> _Weights:
    """Write a line's weights: of its items if anybody pays for them, else of its goal, else of all money."""
    first = 2 + 2 * count
    items = f"{absolute(row, 2)}:{absolute(row, 1 + count)}"
    goal = f"{absolute(row, 2 + count)}:{absolute(row, 1 + 2 * count)}"
    for at in range(count):
        chosen = f'IF(SUMIF({items},">0")>0,{a1(row, 2 + at)},IF(SUMIF({goal},">0")>0,{a1(row, 2 + count + at)},{a1(4, 2 + at, fix_row=True)}))'
        sheet.work_out(row, first + at, f"ROUND(MAX(0,{chosen})*100,0)", pence[at], "whole")
    nobody, whole = first + count, first + count + 1
    own = f"SUM({a1(row, first)}:{a1(row, nobody - 1)})" if count else "0"
    sheet.work_out(row, nobody, f"IF({own}=0,1,0)", pence[-1], "whole")
    sheet.work_out(row, whole, f"SUM({a1(row, first)}:{a1(row, nobody)})", sum(pence), "whole", bold=True)
    many, few = whole + 1, whole + 3 + count
    for at, amount in enumerate([*pence, sum(pence)]):
        cell = a1(row, first + at)
        sheet.work_out(row, many + at, f"INT({cell}/{MILLION})", amount // MILLION, "whole")
        sheet.work_out(row, few + at, f"{cell}-{a1(row, many + at)}*{MILLION}", amount % MILLION, "whole")
    cells = [[sheet.ref(row, start + at) for at in range(count + 2)] for start in (first, many, few)]
    return _Weights(
        pence, cells[0][:-1], cells[1][:-1], cells[2][:-1], (cells[0][-1], cells[1][-1], cells[2][-1])
    )


@dataclass
class Matrix:
    """What the control totals compare: cells of sums with what the library found.

    Parameters
    ----------
    gained : dict[str, tuple[list[str], Decimal]]
        By agency id, the cells of fiscal benefit that every payer buys for it, and their sum.
    bought : dict[str, tuple[str, Decimal]]
        By payer, the cell of the fiscal benefit that its money buys for everybody.
    classes : dict[str, tuple[str, Decimal]]
        By class, the cell of everything.
    driven : tuple[str, Decimal]
        The formula of the same over every driver.
    """

    gained: dict[str, tuple[str, Decimal]] = field(default_factory=dict)
    bought: dict[str, tuple[str, Decimal]] = field(default_factory=dict)
    classes: dict[str, tuple[str, Decimal]] = field(default_factory=dict)
    driven: tuple[str, Decimal] = ("0", Decimal(0))


_Formula = Callable[[str, int], str]


def add_matrix(book: LiveBook, appraisal: Appraisal, payers: Payers) -> Matrix:
    """Add whose money buys whose benefit: fiscal benefit first, each class, then fiscal benefit by who drives the demand."""
    agencies = appraisal.model.agencies
    count = len(agencies)
    sheet = book.sheet(
        MATRIX, f"Whose money buys whose benefit: present value, real pounds of {appraisal.model.settings.prices}, dis-benefits netted. A row pays, a column gains.",
        (30, 30, *[16] * (count + 1)), header_row=3, frozen=2,
    )  # fmt: skip
    sheet.head(("Whose work drives the demand", "Pays", *(a.name for a in agencies), "All"), text_columns=2)
    found = Matrix()
    cells = appraisal.matrix
    row, made = _block(
        sheet, 4, "Fiscal benefit, the three fiscal classes", "all drivers", payers, agencies_of(appraisal),
        payers.total, [c for c in cells if c.appraisal_class in FISCAL_CLASSES],
    )  # fmt: skip
    for number, agency in enumerate(agencies):
        found.gained[agency.id] = made.columns[number]
    found.bought = made.rows
    everything = made.columns[-1]
    for kind in CLASSES:
        title = (
            f"{kind.capitalize()}, of the fiscal benefit"
            if kind in FISCAL_CLASSES
            else f"{kind.capitalize()} value"
        )
        row, made = _block(
            sheet, row, title, "all drivers", payers, agencies_of(appraisal), _of_class(payers, kind), [c for c in cells if c.appraisal_class == kind],
        )  # fmt: skip
        found.classes[kind] = made.columns[-1]
    sheet.section(
        row, "Fiscal benefit by whose work drives the demand: who should be helped upstream", count + 3
    )
    row += 1
    driven = []
    known = {a.id: n for n, a in enumerate(agencies, 1)}
    names = ["not stated", *(a.name for a in agencies), "another body"]
    for driver in sorted(payers.drivers or {0}):
        mine = [
            c for c in cells
            if c.appraisal_class in FISCAL_CLASSES and (known.get(c.driver_id, count + 1) if c.driver_id else 0) == driver
        ]  # fmt: skip
        row, made = _block(sheet, row, f"Driver: {names[driver]}", names[driver], payers, agencies_of(appraisal), _of_driver(payers, driver), mine)  # fmt: skip
        driven.append(made.columns[-1][0])
    found.driven = ("+".join(driven), everything[1])
    return found


def agencies_of(appraisal: Appraisal) -> list[str]:
    """Return the ids of the agencies in the order of the columns."""
    return [a.id for a in appraisal.model.agencies]


def _of_class(payers: Payers, kind: str) -> _Formula:
    return lambda payer, gainer: payers.total(payer, gainer, kind=kind)


def _of_driver(payers: Payers, driver: int) -> _Formula:
    return lambda payer, gainer: payers.total(payer, gainer, driver=driver)


@dataclass
class _Sums:
    """The sums of a block: of each gainer and of all, and of each payer."""

    columns: list[tuple[str, Decimal]] = field(default_factory=list)
    rows: dict[str, tuple[str, Decimal]] = field(default_factory=dict)


def _block(
    sheet: LiveSheet, row: int, title: str, driver: str, payers: Payers, agencies: list[str], formula: _Formula, cells: Sequence[MatrixCell]
) -> tuple[int, _Sums]:  # fmt: skip
    """Write one matrix, payers down and gainers across, with its sums; return the next free row and the sums."""
    sheet.section(row, title, len(agencies) + 3)
    first, sums, last = row + 1, _Sums(), len(agencies) + 2
    for at, payer in enumerate(payers.scopes):
        row = first + at
        sheet.text(row, 0, driver)
        sheet.text(row, 1, payers.names[at] if payer != NOBODY else "Nobody's money")
        own = Decimal(0)
        for number, gainer in enumerate(agencies, 1):
            value = sum((c.pv_gbp for c in cells if (c.payer_id or NOBODY) == payer and c.gainer_id == gainer), Decimal(0))  # fmt: skip
            own += value
            sheet.work_out(
                row, 1 + number, formula(payer, number), value, "pounds", link=f"'{SPLIT_TO_PAYERS}'!A4",
                tip=f"payers_gainers/{payer or 'nobody'}|{gainer}/pv_gbp",
            )  # fmt: skip
        total = f"SUM({a1(row, 2)}:{a1(row, last - 1)})" if agencies else "0"
        sheet.work_out(row, last, total, own, "pounds", bold=True)
        sums.rows[payer] = (sheet.ref(row, last), own)
    row = first + len(payers.scopes)
    sheet.text(row, 0, driver)
    sheet.text(row, 1, "All", bold=True)
    values = [sum((c.pv_gbp for c in cells if c.gainer_id == g), Decimal(0)) for g in agencies]
    for at, value in enumerate([*values, sum(values, Decimal(0))]):
        column = 2 + at
        sheet.work_out(
            row, column, f"SUM({a1(first, column)}:{a1(row - 1, column)})", value, "pounds", bold=True
        )
        sums.columns.append((sheet.ref(row, column), value))
    return row + 2, sums

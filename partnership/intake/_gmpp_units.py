"""What one unit of a column is, and how its percentages are written, told from the whole return."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from partnership.intake._gmpp_headers import MONEY_FIELDS
from partnership.intake._gmpp_layout import Column, Project, Table
from partnership.intake._return_values import read_number, read_rating, words

__all__ = ["Units", "scale_of", "units_of"]

_MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Units:
    """Pounds in one unit of each column, and what a variance is to be multiplied by to be per cent.

    Parameters
    ----------
    common : Decimal
        Pounds in one unit of a column whose heading does not say.
    is_assumed : bool
        Whether no heading and no cell says the unit, so that millions were assumed.
    unsaid : tuple[str, ...]
        Headings of money columns that do not say their unit.
    variance_factor : Decimal
        100 when variances are written as parts of one.
    has_commas : bool
        Whether figures have a decimal comma, as a continental Excel saves them.
    """

    common: Decimal = _MILLION
    is_assumed: bool = False
    unsaid: tuple[str, ...] = ()
    variance_factor: Decimal = Decimal(1)
    has_commas: bool = False

    def of(self, column: Column) -> Decimal:
        """Return the pounds in one unit of a column."""
        return column.heading.unit if column.heading.unit is not None else self.common

    def pointed(self, cell: Any) -> Any:
        """Return a cell with a decimal point where the return has decimal commas."""
        if not self.has_commas or not isinstance(cell, str):
            return cell
        return cell.replace(".", "").replace(",", ".")


_COMMA = re.compile(r"^[^\d,.]*(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,2}\D*$")
_POINT = re.compile(r"^[^\d,.]*(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)\D*$")


def _has_commas(table: Table, money: list[Column]) -> bool:
    """Tell whether figures have decimal commas: several can mean nothing else, none has a point."""
    cells = [words(p.cells.get(c.heading.field)) for p in table.projects for c in money]
    return sum(bool(_COMMA.match(c)) for c in cells) >= 2 and not any(_POINT.match(c) for c in cells)


def units_of(table: Table) -> Units:
    """Return the units of a return: as headings say, else as the other headings say, else millions."""
    money = [c for c in table.columns if c.heading.field in (*MONEY_FIELDS, "variance_gbp")]
    said = Counter(c.heading.unit for c in money if c.heading.unit is not None)
    unsaid = tuple(c.raw for c in money if c.heading.unit is None)
    common = said.most_common(1)[0][0] if said else None
    if common is None and unsaid and _cells_say(table, money):
        common = Decimal(1)
    units = Units(common or _MILLION, common is None and bool(unsaid), unsaid)
    factor = _variance_factor(table.projects, units)
    return Units(units.common, units.is_assumed, unsaid, factor, _has_commas(table, money))


def _cells_say(table: Table, money: list[Column]) -> bool:
    """Tell whether nearly every figure brings its own unit ("£1.90m"): a bare one is then in pounds."""
    numbers = [n for p in table.projects for c in money if (n := read_number(p.cells.get(c.heading.field)))]
    return bool(numbers) and sum(n.scale is not None for n in numbers) * 10 >= 9 * len(numbers)


def _variance_factor(projects: list[Project], units: Units) -> Decimal:
    """Return 100 when the variances agree with baseline and forecast only as parts of one."""
    as_percent = as_part = 0
    for project in projects:
        base, forecast, stated = (
            read_number(project.cells.get(n)) for n in ("year_baseline", "year_forecast", "variance")
        )
        if base is None or forecast is None or stated is None or stated.is_percent or not base.value:
            continue
        low = base.value * (base.scale or units.of(project.columns["year_baseline"]))
        high = forecast.value * (forecast.scale or units.of(project.columns["year_forecast"]))
        expected = abs((high - low) / low) * 100
        if expected < 2:
            continue
        slack = max(Decimal(1), expected / 20)
        as_percent += abs(abs(stated.value) - expected) <= slack
        as_part += abs(abs(stated.value) * 100 - expected) <= slack
    return Decimal(100) if as_part >= 2 and as_part > 2 * as_percent else Decimal(1)


def scale_of(columns: Iterable[Column], projects: Iterable[Project]) -> tuple[str, bool]:
    """Return the scale of some projects' ratings, and whether anything says so.

    A rating such as Amber/Red says so, because only the five-point scale has it; else a heading does. Without
    either, the three-point scale is taken, and believed from twenty ratings on.
    """
    raters = ("central_rating", "owner_rating")
    labels = Counter(label for p in projects for n in raters if (label := read_rating(p.cells.get(n))))
    if any("/" in label for label in labels):
        return "five-point", True
    said = next((c.heading.scale for c in columns if c.heading.field in raters and c.heading.scale), None)
    return said or "three-point", said is not None or sum(labels.values()) >= 20

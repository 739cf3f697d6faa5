"""Running totals and partial totals: counts are added, shares are not; nothing missing is counted as zero."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from partnership.records import MISSING_KINDS, MissingKind

__all__ = ["Cell", "PartialTotal", "Running", "partial_total", "running_totals"]

MeasureKind = Literal["count", "amount", "share", "rating"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One reading: a value, or a numerator and denominator, or the kind of missing."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    missing: MissingKind | None = None
    is_provisional: bool = False

    @property
    def is_read(self) -> bool:
        """True where a number was handed in."""
        return self.value is not None or (self.numerator is not None and self.denominator is not None)


@dataclass(frozen=True, slots=True)
class Running:
    """A running total up to one period.

    ``value`` is None where there is nothing to add or where adding has no meaning (a rating, or shares
    known without their numerators). ``read`` of ``periods`` were handed in; ``missing`` counts the others
    by kind; ``is_partial`` says that some are missing, ``is_provisional`` that something in it may still
    change.
    """

    value: Fraction | None
    numerator: Fraction | None
    denominator: Fraction | None
    read: int
    periods: int
    missing: Mapping[str, int]
    is_provisional: bool

    @property
    def is_partial(self) -> bool:
        """True when a period up to here has no number."""
        return self.read < self.periods

    @property
    def visible_share(self) -> Fraction | None:
        """Share of the periods that can be seen."""
        return Fraction(self.read, self.periods) if self.periods else None


def running_totals(cells: Sequence[Cell], kind: MeasureKind, *, scale: int = 1) -> list[Running]:
    """Add up readings period by period, rightly for their kind.

    Counts and amounts: the sum of values. Shares: the sum of numerators over the sum of denominators, never
    a mean of shares; a share handed in without its two parts cannot be added to others and makes the total
    None from there on. Ratings are never added.

    Parameters
    ----------
    cells : Sequence of Cell
        One for each period, in order; a period without a row is ``Cell(missing="blank")``.
    kind : str
        Kind of the measure.
    scale : int
        100 where shares are shown as per cent.

    Examples
    --------
    >>> two = [Cell(None, Decimal(1), Decimal(2)), Cell(None, Decimal(1), Decimal(8))]
    >>> running_totals(two, "share", scale=100)[-1].value
    Fraction(20, 1)
    >>> running_totals([Cell(Decimal(3)), Cell(missing="withheld"), Cell(Decimal(4))], "count")[-1].is_partial
    True
    """
    out: list[Running] = []
    total, above, below = Fraction(0), Fraction(0), Fraction(0)
    read, soft, addable = 0, False, kind != "rating"
    missing: Counter[str] = Counter()
    for number, cell in enumerate(cells, 1):
        if not cell.is_read:
            missing[cell.missing or "blank"] += 1
        else:
            read += 1
            soft = soft or cell.is_provisional
            if kind == "share" and (cell.numerator is None or cell.denominator is None):
                addable = False
            elif kind == "share":
                above += Fraction(cell.numerator or 0)
                below += Fraction(cell.denominator or 0)
            else:
                total += Fraction(_value(cell))
        value = None
        if addable and read:
            value = (scale * above / below if below else None) if kind == "share" else total
        has_parts = kind == "share" and addable and bool(read)
        top, bottom = (above, below) if has_parts else (None, None)
        out.append(Running(value, top, bottom, read, number, dict(missing), soft))
    return out


def _value(cell: Cell) -> Decimal | Fraction:
    if cell.value is not None:
        return cell.value
    return Fraction(cell.numerator or 0) / Fraction(cell.denominator) if cell.denominator else Fraction(0)


@dataclass(frozen=True, slots=True)
class PartialTotal:
    """A total of pounds with what of the plan it can see.

    ``visible_share`` is the plan that has a reading over the whole plan, both without sign, so that a
    benefit and a dis-benefit do not hide each other; None where nothing is planned.
    """

    planned_gbp: Decimal
    compared_gbp: Decimal
    realised_gbp: Decimal | None
    not_read_gbp: Decimal
    hidden_gbp: Mapping[str, Decimal]
    provisional_gbp: Decimal
    visible_share: Fraction | None

    @property
    def is_partial(self) -> bool:
        """True when some of the plan to date has no reading."""
        return bool(self.hidden_gbp)

    @property
    def realisation_rate(self) -> Fraction | None:
        """Realised over the plan where read."""
        if self.realised_gbp is None or not self.compared_gbp:
            return None
        return Fraction(self.realised_gbp) / Fraction(self.compared_gbp)


def partial_total(rows: Iterable[Mapping[str, Any]]) -> PartialTotal:
    """Return the total of rows of benefit by agency and month, whatever they were grouped by.

    Parameters
    ----------
    rows : Iterable of mappings
        ``planned_gbp``, ``compared_gbp``, ``realised_gbp``, ``not_read_gbp``, ``missing`` (a kind or None),
        ``state``.

    Examples
    --------
    >>> row = dict.fromkeys(("compared_gbp", "realised_gbp", "state"))
    >>> row |= {"planned_gbp": Decimal(10), "not_read_gbp": Decimal(10), "missing": "withheld"}
    >>> found = partial_total([row])
    >>> found.realised_gbp, found.is_partial, found.visible_share
    (None, True, Fraction(0, 1))
    """
    planned = compared = realised = unread = soft = Decimal(0)
    seen = whole = Decimal(0)
    any_read = False
    hidden: dict[str, Decimal] = {}
    for row in rows:
        planned += row["planned_gbp"] or 0
        compared += row["compared_gbp"] or 0
        unread += row["not_read_gbp"] or 0
        seen += abs(row["compared_gbp"] or 0)
        whole += abs(row["planned_gbp"] or 0)
        if row["realised_gbp"] is not None:
            any_read = True
            realised += row["realised_gbp"]
            soft += row["realised_gbp"] if row["state"] == "provisional" else 0
        if row["missing"] is not None and row["not_read_gbp"] is not None:
            hidden[row["missing"]] = hidden.get(row["missing"], Decimal(0)) + row["not_read_gbp"]
    ordered: dict[str, Decimal] = {k: hidden[k] for k in MISSING_KINDS if k in hidden}
    share = Fraction(seen) / Fraction(whole) if whole else None
    return PartialTotal(planned, compared, realised if any_read else None, unread, ordered, soft, share)

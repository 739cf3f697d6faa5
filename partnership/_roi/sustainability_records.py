"""What the question of sustainability is answered with: streams that end, years of run-on, and the answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["NOBODY", "WHOLE", "Ending", "RunOnYear", "Sustainability"]

WHOLE = "whole"
NOBODY = "nobody yet"
"""Who carries a gap left by an outside body's money, until the partners say who does."""


@dataclass(frozen=True, slots=True)
class Ending:
    """One stream of funding that ends.

    Parameters
    ----------
    agency_id, item_id, funding : str
        Whose money, for what, of which source: pump-priming, grant or reserve.
    last_year : int
        Last financial year with money of it.
    ends_on : datetime.date
        Last day, as stated or the end of that year.
    run_rate_gbp : Decimal
        A full year of it at the end.
    is_recurring : bool
        False where the work ends with it.
    taken_over_gbp : Decimal
        Of a full year, what more core money is planned for the same item in the first full year after.
    gap_gbp : Decimal
        Of a full year, what nobody has planned to pay.
    sentence : str
        All this in words.
    """

    agency_id: str
    item_id: str | None
    funding: str
    last_year: int
    ends_on: dt.date
    run_rate_gbp: Decimal
    is_recurring: bool
    taken_over_gbp: Decimal
    gap_gbp: Decimal
    sentence: str


@dataclass(frozen=True, slots=True)
class RunOnYear:
    """An agency, or the whole, in one year.

    Parameters
    ----------
    core_gbp : Decimal
        Recurring cost that core money pays.
    funded_gbp : Decimal
        Recurring cost that funding which ends still pays.
    gap_gbp : Decimal
        Recurring cost that nobody has planned to pay.
    cashable_gbp : Decimal
        Cash-releasing benefit, net of cash dis-benefits.
    is_planned : bool
        False after the last year anybody planned: core cost is carried on at that year's level.
    asked_gbp : Decimal
        Money asked for that no finance officer has agreed: it pays for nothing yet.
    """

    scope: str
    financial_year: int
    core_gbp: Decimal
    funded_gbp: Decimal
    gap_gbp: Decimal
    cashable_gbp: Decimal
    is_planned: bool
    asked_gbp: Decimal = Decimal(0)

    @property
    def recurring_gbp(self) -> Decimal:
        """All recurring cost, paid for or not."""
        return self.core_gbp + self.funded_gbp + self.gap_gbp

    @property
    def balance_gbp(self) -> Decimal:
        """Cash-releasing benefit less recurring cost."""
        return self.cashable_gbp - self.recurring_gbp

    @property
    def carries(self) -> bool:
        """True when recurring cash carries recurring cost."""
        return self.balance_gbp >= 0


@dataclass(frozen=True)
class Sustainability:
    """What ends when, what is then missing, and from when on the work carries itself.

    Parameters
    ----------
    endings : tuple[Ending, ...]
        The first to end first.
    rows : Mapping[str, tuple[RunOnYear, ...]]
        By scope: ``whole``, each agency, and ``nobody yet`` where a gap has no carrier.
    carrying_year : Mapping[str, int or None]
        By scope: first year from which on, to the last year shown, recurring cash carries recurring cost.
    sentences : Mapping[str, str]
        By scope, the answer in words.
    notes : tuple[str, ...]
        The rules that were used.
    """

    endings: tuple[Ending, ...]
    rows: Mapping[str, tuple[RunOnYear, ...]]
    carrying_year: Mapping[str, int | None]
    sentences: Mapping[str, str]
    notes: tuple[str, ...]

    def gap(self, year: int) -> dict[str, Decimal]:
        """Return the run-on gap of a year by who carries it; the whole is left out."""
        return {
            s: r.gap_gbp for s, rows in self.rows.items() if s != WHOLE for r in rows if r.financial_year == year and r.gap_gbp
        }  # fmt: skip

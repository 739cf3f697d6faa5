"""Gross and net of double counting: what the lines that were set aside would have added."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from partnership._roi.appraisal import WHOLE, Appraisal
from partnership._roi.counting import FISCAL_CLASSES
from partnership._roi.ledger import flows_of
from partnership.money import split

__all__ = ["DoubleCounting", "double_counting"]

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class DoubleCounting:
    """One scope's benefit, gross and net of double counting: real pounds at present value, to the penny.

    Parameters
    ----------
    scope, name : str
        Agency id, or ``whole``.
    fiscal_net_gbp, public_net_gbp : Decimal
        Fiscal benefit, and fiscal, economic and social value together, as every figure counts them.
    fiscal_twice_gbp, public_twice_gbp : Decimal
        What the lines that were set aside would have added to each.
    """

    scope: str
    name: str
    fiscal_net_gbp: Decimal
    fiscal_twice_gbp: Decimal
    public_net_gbp: Decimal
    public_twice_gbp: Decimal

    @property
    def fiscal_gross_gbp(self) -> Decimal:
        """Fiscal benefit with every claim in it."""
        return self.fiscal_net_gbp + self.fiscal_twice_gbp

    @property
    def public_gross_gbp(self) -> Decimal:
        """Fiscal, economic and social value with every claim in it."""
        return self.public_net_gbp + self.public_twice_gbp


def double_counting(appraisal: Appraisal) -> tuple[DoubleCounting, ...]:
    """Return each scope whose totals are smaller because lines were set aside, the whole first.

    gross = net + present value of the lines set aside, each rounded to the penny once and split to agencies
    by largest remainder, as the lines that count are.

    Parameters
    ----------
    appraisal : Appraisal
        An appraisal; ``set_aside`` says which lines no total counts, and why.

    Returns
    -------
    tuple[DoubleCounting, ...]
        Empty when nothing was set aside.
    """
    aside = {s.line_id for s in appraisal.set_aside}
    fiscal: dict[str, Decimal] = defaultdict(Decimal)
    public: dict[str, Decimal] = defaultdict(Decimal)
    for line in appraisal.model.lines:
        if line.id not in aside:
            continue
        for flow in flows_of(line, appraisal.model.settings):
            value = flow.present_value(appraisal.model.settings)
            for scope, part in {WHOLE: value, **split(value, line.shares)}.items():
                public[scope] += part
                fiscal[scope] += part if flow.appraisal_class in FISCAL_CLASSES else _ZERO
    return tuple(
        DoubleCounting(
            scope, result.name, result.pv_fiscal_gbp, fiscal[scope],
            sum(result.pv_by_class.values(), _ZERO), public[scope],
        )
        for scope, result in appraisal.scopes.items() if public[scope]
    )  # fmt: skip

"""What changes between two appraisals: two vintages, two conventions, two horizons."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from partnership._roi.appraisal import Appraisal
from partnership.errors import InvalidInput

__all__ = ["Change", "difference"]


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in two appraisals.

    Parameters
    ----------
    scope, measure : str
        Whose, and which figure.
    before, after : Decimal
        Pounds, with the first and the second appraisal's settings.
    """

    scope: str
    measure: str
    before: Decimal
    after: Decimal

    @property
    def change_gbp(self) -> Decimal:
        """After less before."""
        return self.after - self.before


_COMPARED = ("pv_cost_gbp", "pv_fiscal_gbp", "pv_cashable_gbp", "net_fiscal_gbp", "net_public_value_gbp")


def difference(before: Appraisal, after: Appraisal) -> tuple[Change, ...]:
    """Return each figure in pounds under two settings, such as two vintages, by scope.

    Raises
    ------
    InvalidInput
        If the two are at the prices of different years: real pounds of two years are no difference.
    """
    if before.model.settings.prices != after.model.settings.prices:
        msg = (
            f"One appraisal is at {before.model.settings.prices} prices, the other at "
            f"{after.model.settings.prices}. Bring both to one year first."
        )
        raise InvalidInput(msg)
    return tuple(
        Change(scope, measure, getattr(result, measure), getattr(after.scopes[scope], measure))
        for scope, result in before.scopes.items()
        if scope in after.scopes
        for measure in _COMPARED
    )

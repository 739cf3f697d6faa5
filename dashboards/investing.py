"""What the investment page asks of the store: appraised, drawn, shared, settled; each kept by content.

A choice of the reader (edition of rates, horizon, prices, method, floor, draws) is part of the question, so
two readers who ask the same share one answer and a changed store is another question.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dashboards.keeping import Keeping
from dashboards.urls import State

if TYPE_CHECKING:
    from dashboards.doubt_work import DoubtWork
    from partnership._roi.doubt_shares import Sobol
    from partnership._roi.explanation import Explanation
    from partnership._roi.ledger import MatrixCell
    from partnership._roi.settled import Settled
    from partnership._roi.sustainability import Sustainability
    from partnership._roi.vintages import Change
    from partnership._workflows.appraising import Appraised
    from partnership._workflows.running_on import Compared
    from partnership._workflows.uncertainty import UncertainAppraisal

__all__ = ["Choices", "Investing"]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a reader chose; None is the plan's own or the one in force.

    Parameters
    ----------
    vintage, price_year : str or None
        Edition of the discount rates; financial year of the prices.
    horizon_years : int or None
        Years appraised.
    inflation : Decimal or None
        Yearly inflation where the deflator ends, as a fraction.
    method : str
        Way of sharing that is settled.
    floor : bool
        Nobody worse off than alone.
    cash_only : bool
        Only cash-releasing benefit informs the shares; all fiscal benefit otherwise.
    draws, seed : int
        Draws over the assumptions' ranges, and where they start.
    """

    vintage: str | None = None
    price_year: str | None = None
    horizon_years: int | None = None
    inflation: Decimal | None = None
    method: str = "scrb"
    floor: bool = False
    cash_only: bool = False
    draws: int = 10_000
    seed: int = 2026

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of the appraisal that were chosen, by the library's names."""
        named = {
            "vintage": self.vintage, "price_year": self.price_year, "horizon_years": self.horizon_years,
            "inflation": self.inflation,
        }  # fmt: skip
        return {k: v for k, v in named.items() if v is not None}

    def appraised_only(self) -> Choices:
        """Return the choices that an appraisal depends on, the others as they are by default."""
        return replace(Choices(), **self.settings)


class Investing(Keeping):
    """The part of the pages' door that answers questions of investment and return."""

    doubting: DoubtWork

    def appraised(self, state: State, choices: Choices) -> Appraised:
        """Return the appraisal, as known on the state's day."""
        from partnership._workflows.appraising import appraise

        return self._keep(
            ("appraised", state.as_of, choices.appraised_only()),
            lambda: appraise(self._store, as_of=state.as_of, **choices.settings),
        )

    def uncertain(self, state: State, choices: Choices) -> UncertainAppraisal:
        """Return how sure the appraisal is; what drives it is that of the agency picked, or of all."""
        from partnership._workflows.uncertainty import uncertain_appraisal

        return self._keep(
            (
                "uncertain",
                state.as_of,
                state.agency_id,
                choices.appraised_only(),
                choices.draws,
                choices.seed,
            ),
            lambda: uncertain_appraisal(
                self.appraised(state, choices).appraisal,
                draws=choices.draws,
                seed=choices.seed,
                agency=state.agency_id,
            ),
        )

    def doubt(self, state: State, choices: Choices, samples: int, ask: str = "") -> Sobol:
        """Return the Sobol indices of the net of the agency picked, or of all; ``ask`` names who waits."""
        return self.doubting.shares(
            (state.as_of, choices.appraised_only()),
            lambda: self.appraised(state, choices).appraisal,
            samples,
            ask,
            agency=state.agency_id,
            seed=choices.seed,
        )

    def compared(self, state: State, choices: Choices, year: int, forecast: dt.date | None) -> Compared:
        """Return forecast, actual and re-forecast of every benefit; the forecast as known on a day."""
        from partnership._workflows.running_on import compare_plan

        return self._keep(
            ("compared", state.as_of, choices.appraised_only(), year, forecast),
            lambda: compare_plan(
                self._store, year, forecast_as_of=forecast, as_of=state.as_of, **choices.settings
            ),
        )

    def bought(self, state: State, choices: Choices) -> tuple[MatrixCell, ...]:
        """Return whose money buys whose benefit before dis-benefits; the appraisal nets them."""
        from partnership._roi.counting import counted
        from partnership._roi.ledger import payer_gainer

        def make() -> tuple[MatrixCell, ...]:
            model = self.appraised(state, choices).appraisal.model
            return payer_gainer(model, [x for x in counted(model.lines)[0] if not x.is_disbenefit])

        return self._keep(("bought", state.as_of, choices.appraised_only()), make)

    def under(self, state: State, choices: Choices, vintage: str) -> tuple[Change, ...]:
        """Return each figure as chosen and under another edition of discount rates."""
        from partnership._roi.vintages import difference

        other = self.appraised(state, replace(choices, vintage=vintage))
        return difference(self.appraised(state, choices).appraisal, other.appraisal)

    def settled(self, state: State, choices: Choices) -> Settled:
        """Return every way of sharing with its core test, and the schedule of the chosen one."""
        from partnership._roi.settled import Terms
        from partnership._roi.settlement_records import PAYABLE
        from partnership._workflows.settling import settle

        terms = Terms(method=choices.method, floor=choices.floor)
        if choices.cash_only:
            terms = replace(terms, classes=(PAYABLE,))
        return self._keep(
            ("settled", state.as_of, choices.appraised_only(), terms),
            lambda: settle(self._store, terms, as_of=state.as_of, **choices.settings),
        )

    def carried_on(self, state: State, choices: Choices) -> Sustainability:
        """Return what ends when, the run-on gap, and when cash carries cost."""
        from partnership._workflows.running_on import sustain

        return self._keep(
            ("carried on", state.as_of, choices.appraised_only()),
            lambda: sustain(self._store, as_of=state.as_of, **choices.settings),
        )

    def explained(self, state: State, choices: Choices, address: str) -> Explanation:
        """Return the chain behind a figure: of this appraisal, its draws, its settlement, or a view's row."""
        from partnership._roi.explaining import VIEWS
        from partnership._roi.explaining import explain as of_appraisal
        from partnership._roi.explaining_settlement import SETTLEMENT_VIEWS, explain_settlement, method_of
        from partnership._workflows.appraising import explain

        name = address.strip().strip("/").partition("/")[0]
        if name in VIEWS:
            return of_appraisal(self.appraised(state, choices).appraisal, address)
        if name in SETTLEMENT_VIEWS:
            by = replace(choices, method=method_of(address))
            return explain_settlement(self.settled(state, by), address)
        parts = address.strip().strip("/").split("/")
        if name == "uncertainty" and len(parts) == 3 and "|" in parts[1]:
            scope, _, measure = parts[1].partition("|")
            return self.uncertain(state, choices).explain(scope, measure, parts[2])
        return explain(self._store, address, as_of=state.as_of)

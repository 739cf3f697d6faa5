"""The claim gate: what must be there before a headline may be said aloud."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from partnership._roi.counting import NOT_VALUED, class_of
from partnership._roi.ledger import counted_costs
from partnership._roi.model import AppraisalModel, Line
from partnership.parameters import discount_schedule
from partnership.wording import listing

__all__ = ["Gate", "gate"]


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether a headline may be made, and what is missing.

    Parameters
    ----------
    missing : tuple[str, ...]
        A sentence for each thing that is not there; none when the headline may be made.
    """

    missing: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """True when nothing is missing."""
        return not self.missing

    @property
    def words(self) -> str:
        """One sentence."""
        if self.is_open:
            return "Nothing that a headline needs is missing."
        return f"No headline: {' '.join(self.missing)}"


def gate(model: AppraisalModel, lines: Sequence[Line], agency_id: str | None, pv_cost: Decimal) -> Gate:
    """Return what is missing for a headline, of one agency or of the whole.

    Needed are a counterfactual under every benefit, own cost, coverage (every benefit of the register has a
    value or is told in words by design), one price base, a vintage in force, and a denominator above nil.

    Parameters
    ----------
    model : AppraisalModel
        All lines and costs, also those without a value.
    lines : Sequence[Line]
        The lines that count.
    agency_id : str or None
        The agency; None for the whole.
    pv_cost : Decimal
        Present value of the cost below the line.

    Source
    ------
    The six things that published critiques of partnership appraisals found missing.
    """
    concerned = [line for line in lines if agency_id is None or line.shares.get(agency_id)]
    out = [
        *_counterfactual(concerned), *_own_cost(model, agency_id), *_coverage(model, agency_id),
        *_price_base(model, agency_id), *_vintage(model),
    ]  # fmt: skip
    if pv_cost <= 0:
        out.append("Denominator: there is no cost above nil to divide by.")
    return Gate(tuple(out))


def _named(titles: list[str]) -> str:
    return listing([f"“{t}”" for t in titles], most=4)


def _counterfactual(lines: list[Line]) -> list[str]:
    if not lines:
        return ["Benefit: no benefit has a value."]
    without = [line.title for line in lines if not line.is_disbenefit and not line.has_counterfactual]
    if not without:
        return []
    return [f"Counterfactual: nothing says what would have happened anyway for {_named(without)}."]


def _own_cost(model: AppraisalModel, agency_id: str | None) -> list[str]:
    paying = {c.agency_id for c in counted_costs(model)}
    wanted = [
        a for a in model.agencies if (a.id == agency_id if agency_id else a.is_partner) and a.id not in paying
    ]
    return [f"Own cost: {_plain([a.name for a in wanted])} has stated no cost."] if wanted else []


def _plain(names: list[str]) -> str:
    return listing(names, most=4)


def _coverage(model: AppraisalModel, agency_id: str | None) -> list[str]:
    left_out = [
        line.title
        for line in model.lines
        if line.missing and class_of(line) != NOT_VALUED and (agency_id is None or line.shares.get(agency_id))
    ]
    if not left_out:
        return []
    return [f"Coverage: {len(left_out)} of {len(model.lines)} benefits have no value: {_named(left_out)}."]


def _price_base(model: AppraisalModel, agency_id: str | None) -> list[str]:
    lost = [c for c in model.costs if c.missing and (agency_id is None or c.agency_id == agency_id)]
    if not lost:
        return []
    return [
        f"Price base: {len(lost)} contributions could not be brought to {model.settings.prices} prices: "
        f"{listing([c.id for c in lost], most=4)}."
    ]


def _vintage(model: AppraisalModel) -> list[str]:
    schedule = discount_schedule(model.settings.schedule, model.settings.vintage)
    if schedule.in_force:
        return []
    return [f"Vintage: {schedule.vintage} is {schedule.status}."]

"""From a plan to what its fair shares need: which agencies each item cannot do without, and their names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from partnership._roi.coalitions import derive
from partnership._roi.counting import FISCAL_CLASSES
from partnership._roi.fair_shares import SideBySide, share
from partnership._roi.games import Game
from partnership._roi.model import AppraisalModel
from partnership._workflows.model_costs import Records

__all__ = ["needs_of", "share_plan"]

_STATED = "What groups would gain alone is stated."
_NEEDS = (
    "An item needs those accountable or responsible for it, those who pay, and all that earlier items need."
)
_DOES = ("accountable", "responsible")


def needs_of(plan: Records, model: AppraisalModel) -> dict[str, tuple[str, ...]]:
    """Return the partners that each item needs: those accountable or responsible for it, and those who pay.

    An item for which the plan names neither is left out; the derivation then takes it to need everybody.
    """
    partners = {a.id for a in model.agencies if a.is_partner}
    needed: dict[str, set[str]] = defaultdict(set)
    for part in plan["item_agencies"]:
        if part.part in _DOES and part.agency_id in partners:
            needed[part.item_id].add(part.agency_id)
    for item in plan["work_items"]:
        if item.lead_agency_id in partners:
            needed[item.id].add(item.lead_agency_id)
    for cost in model.costs:
        if cost.item_id and cost.agency_id in partners and cost.funding != "grant":
            needed[cost.item_id].add(cost.agency_id)
    return {item: tuple(sorted(agencies)) for item, agencies in sorted(needed.items())}


def share_plan(
    plan: Records,
    model: AppraisalModel,
    *,
    game: Game | None = None,
    classes: tuple[str, ...] = FISCAL_CLASSES,
    floor_gbp: Mapping[str, Decimal] | bool = False,
    picks: bool = False,
) -> SideBySide:
    """Share a plan's net gain by every method, coalition values stated (``game``) or derived from its items.

    Raises
    ------
    InvalidInput
        If nobody takes part, a stated worth of everybody is not the net gain, or the floors exceed the gain.
    """
    after = {i.id: i.depends_on for i in plan["work_items"] if i.depends_on}
    found = derive(model, needs_of(plan, model), after=after, classes=classes, picks=picks)
    notes = (
        *found.notes[:1],
        _NEEDS,
        *found.notes[2:],
    )
    return share(
        found.paid_gbp,
        found.gained_gbp,
        game=game,
        worth=found.worth,
        floor_gbp=floor_gbp,
        names=model.agency_names,
        notes=notes if game is None else (_STATED, *found.notes[2:]),
    )

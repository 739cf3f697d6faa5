"""What a group of agencies could do without the others, derived from which agencies each item needs.

A group can do an item when all the agencies it needs are in the group. It bears the item's whole cost, and
gains only what falls to its own members; a benefit comes only when all its items are done. It does its part of
the plan, or nothing at all where that would lose; or, if so chosen, only the items that serve it best.
Everybody together do the plan as it is.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from partnership._roi.counting import FISCAL_CLASSES, counted
from partnership._roi.games import Coalition
from partnership._roi.ledger import counted_costs, flows_of, pv_of_cost
from partnership._roi.model import AppraisalModel, Line
from partnership.errors import UnknownName
from partnership.money import split, to_pence
from partnership.wording import count_of, listing

__all__ = ["Derived", "derive", "most_gain"]

_GRANT = "grant"


@dataclass(frozen=True)
class Derived:
    """What coalitions are worth, derived from a plan; pounds at present value.

    Parameters
    ----------
    paid_gbp, gained_gbp : Mapping[str, Decimal]
        By partner: cost without ring-fenced grant; benefit of the classes that inform the shares.
    needs : Mapping[str, frozenset[str]]
        Item to the agencies without which it does not happen, those of earlier items included.
    notes : tuple[str, ...]
        What was taken as given, and what was left out.
    """

    paid_gbp: Mapping[str, Decimal]
    gained_gbp: Mapping[str, Decimal]
    needs: Mapping[str, frozenset[str]]
    notes: tuple[str, ...]
    _costs: Mapping[str, int] = field(repr=False)
    _gains: Mapping[frozenset[str], Mapping[str, int]] = field(repr=False)
    _picks: bool = field(default=False, repr=False)
    _known: dict[Coalition, Fraction] = field(default_factory=dict, repr=False, compare=False)

    @property
    def agencies(self) -> frozenset[str]:
        """The partners."""
        return frozenset(self.paid_gbp)

    def worth(self, group: Coalition) -> Fraction:
        """Return what a group would gain without the others, at least nothing; everybody: the plan as it is."""
        if group == self.agencies:
            net = sum(self.gained_gbp.values(), Decimal(0)) - sum(self.paid_gbp.values(), Decimal(0))
            return Fraction(net)
        if group not in self._known:
            can = {i for i, needed in self.needs.items() if needed <= group}
            gains = {
                items: sum(pence for a, pence in by_agency.items() if a in group)
                for items, by_agency in self._gains.items()
                if items and items <= can
            }
            costs = {i: self._costs.get(i, 0) for i in can}
            pence = (
                most_gain(gains, costs) if self._picks else max(0, sum(gains.values()) - sum(costs.values()))
            )
            self._known[group] = Fraction(pence, 100)
        return self._known[group]


def derive(
    model: AppraisalModel,
    needs: Mapping[str, Sequence[str]] | None = None,
    *,
    after: Mapping[str, Sequence[str]] | None = None,
    classes: Sequence[str] = FISCAL_CLASSES,
    picks: bool = False,
) -> Derived:
    """Return what coalitions of partners are worth, from a model.

    Parameters
    ----------
    model : AppraisalModel
        Its counted lines and costs, at the settings' prices and discount rates.
    needs : Mapping[str, Sequence[str]], optional
        Item to the agencies it needs, where stated; an item that is not named needs those who pay for it.
    after : Mapping[str, Sequence[str]], optional
        Item to the items that must be done first: it needs all of them, and all that they need.
    classes : Sequence[str]
        Classes of benefit that inform the shares.
    picks : bool
        False: a group does its part of the plan, or nothing where that loses. True: it leaves out each item
        that does not pay for it. The second also asks whether the plan itself is the best; where it holds an
        item that costs more than it brings partners, every group objects to it, whatever the shares.

    Raises
    ------
    UnknownName
        If an item is said to need an agency that is no partner.

    Source
    ------
    Our own rule, stated on every output: a plan gives no coalition values, and few partnerships can.
    """
    partners = {a.id for a in model.agencies if a.is_partner}
    paid: dict[str, Decimal] = {a: Decimal(0) for a in sorted(partners)}
    gained = dict(paid)
    item_costs: dict[str, int] = defaultdict(int)
    payers: dict[str, set[str]] = defaultdict(set)
    set_aside = {_GRANT: Decimal(0), "outside": Decimal(0)}
    general = Decimal(0)
    for cost in counted_costs(model):
        value = pv_of_cost(cost, model.settings)
        if cost.funding == _GRANT or cost.agency_id not in partners:
            set_aside[_GRANT if cost.funding == _GRANT else "outside"] += value
            continue
        paid[cost.agency_id] += value
        if cost.item_id is None:
            general += value
        else:
            item_costs[cost.item_id] += to_pence(value)
            payers[cost.item_id].add(cost.agency_id)
    lines, _ = counted(model.lines)
    by_items, nowhere = _gains(model, lines, partners, set(classes), gained)
    gains: dict[frozenset[str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for group, by_agency in by_items.items():
        for agency, pence in by_agency.items():
            gains[_with_earlier(group, after or {})][agency] += pence
    items = sorted({*_with_earlier(item_costs, after or {}), *(i for group in gains for i in group)})
    own = _needed(items, needs or {}, payers, partners)
    needed = {i: frozenset().union(*(own[j] for j in _with_earlier([i], after or {}))) for i in items}
    unpaid = [i for i in items if i not in payers and i not in (needs or {})]
    notes = _notes(needs or {}, unpaid, general, nowhere, set_aside, picks)
    return Derived(paid, gained, needed, notes, item_costs, gains, picks)


def _with_earlier(items: Iterable[str], after: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Return items with all that must be done before them."""
    found: set[str] = set()
    open_ = list(items)
    while open_:
        item = open_.pop()
        if item not in found:
            found.add(item)
            open_.extend(after.get(item, ()))
    return frozenset(found)


def _gains(
    model: AppraisalModel,
    lines: Sequence[Line],
    partners: set[str],
    classes: set[str],
    gained: dict[str, Decimal],
) -> tuple[dict[frozenset[str], dict[str, int]], list[str]]:
    """Add up what falls to each partner, and return it in pence by the set of items it needs."""
    out: dict[frozenset[str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    nowhere: list[str] = []
    for line in sorted(lines, key=lambda x: x.id):
        kept = [f for f in flows_of(line, model.settings) if f.appraisal_class in classes]
        if kept and not line.item_ids:
            nowhere.append(line.title)
        for flow in kept:
            for agency, part in split(flow.present_value(model.settings), line.shares).items():
                if agency in partners:
                    gained[agency] += part
                    out[frozenset(line.item_ids)][agency] += to_pence(part)
    return out, nowhere


def _needed(
    items: Sequence[str],
    stated: Mapping[str, Sequence[str]],
    payers: Mapping[str, set[str]],
    partners: set[str],
) -> dict[str, frozenset[str]]:
    for agencies in stated.values():
        for agency in agencies:
            if agency not in partners:
                kind = "partner"
                raise UnknownName(kind, agency, partners)
    return {i: frozenset(stated.get(i) or payers.get(i) or partners) for i in items}


def _notes(
    stated: Mapping[str, Sequence[str]],
    unpaid: Sequence[str],
    general: Decimal,
    nowhere: Sequence[str],
    set_aside: Mapping[str, Decimal],
    picks: bool,
) -> tuple[str, ...]:
    rest = "leaves undone what does not pay for it" if picks else "does nothing where that would lose"
    said = (
        "What groups would gain alone is derived, not stated: a group does the items whose needed agencies are all in it, "
        f"bears their whole cost, gains what falls to its own members, and {rest}."
    )
    out = [said, "An item needs those who pay for it" + (", unless stated otherwise." if stated else ".")]
    if unpaid:
        out.append(f"Nobody pays for {listing(unpaid, most=6)}: taken to need everybody.")
    if nowhere:
        out.append(
            f"{count_of(len(nowhere), 'benefit')} without an item, {listing([f'“{t}”' for t in nowhere], most=3)}, only the whole partnership brings about."
        )
    if general:
        out.append(f"£{general:,.2f} of cost without an item is borne by the whole partnership only.")
    if set_aside[_GRANT]:
        out.append(f"£{set_aside[_GRANT]:,.2f} paid from ring-fenced grant is left out of what is shared.")
    if set_aside["outside"]:
        out.append(f"£{set_aside['outside']:,.2f} paid by outside bodies is left out: they are no partners.")
    return tuple(out)


def most_gain(gains: Mapping[frozenset[str], int], costs: Mapping[str, int]) -> int:
    """Return the most that can be gained by choosing items: each gain needs all its items, each item its cost.

    The maximum closure of a graph, by maximum flow: most gain = all gains - least cut. A negative gain (a
    harm) is a cost of its items in equal parts; a negative cost is a gain of doing the item.

    Parameters
    ----------
    gains : Mapping[frozenset[str], int]
        Pence, by the set of items needed.
    costs : Mapping[str, int]
        Pence, by item; every item of ``gains`` is among them.

    Source
    ------
    Picard, "Maximal closure of a graph and applications to combinatorial problems", *Management Science* 22
    (1976).

    Examples
    --------
    >>> most_gain({frozenset("a"): 5, frozenset("ab"): 4}, {"a": 6, "b": 2})
    1
    >>> most_gain({frozenset("a"): 5}, {"a": 6})
    0
    """
    left = dict(costs)
    for items, gain in gains.items():
        if gain < 0:
            each, odd = divmod(-gain, len(items))
            for k, item in enumerate(sorted(items)):
                left[item] += each + (k < odd)
    won = sum(-c for c in left.values() if c < 0)
    left = {i: max(c, 0) for i, c in left.items()}
    flow: dict[frozenset[str], dict[str, int]] = {}
    for source, gain in gains.items():
        if gain > 0:
            flow[source] = dict.fromkeys(sorted(source), 0)
            won += gain - _push(source, gain, flow, left)
    return won


def _push(
    source: frozenset[str], supply: int, flow: dict[frozenset[str], dict[str, int]], left: dict[str, int]
) -> int:
    """Push as much of a gain as its items, and those freed for them, still cost; return how much."""
    pushed = 0
    while pushed < supply:
        came: dict[str, tuple[frozenset[str], str | None]] = dict.fromkeys(flow[source], (source, None))
        queue = deque(came)
        end = None
        while queue and end is None:
            item = queue.popleft()
            if left[item] > 0:
                end = item
                break
            for other, parts in flow.items():
                if parts.get(item, 0) > 0:
                    for beside in parts:
                        if beside not in came:
                            came[beside] = (other, item)
                            queue.append(beside)
        if end is None:
            return pushed
        path: list[tuple[frozenset[str], str, str | None]] = []
        at: str | None = end
        while at is not None:
            group, before = came[at]
            path.append((group, at, before))
            at = before
        amount = min([supply - pushed, left[end], *(flow[g][b] for g, _, b in path if b is not None)])
        for group, to, before in path:
            flow[group][to] += amount
            if before is not None:
                flow[group][before] -= amount
        left[end] -= amount
        pushed += amount
    return pushed

"""What a phased plan says: each item with its quarters and its reason, the load of each agency, who pays and gains."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from partnership._prioritisation.selecting.conflicts import Conflict
from partnership._prioritisation.selecting.plans import finishes, from_the_top, load_of, value_of, violations
from partnership._prioritisation.selecting.search import Outcome
from partnership._workflows.phasing_model import Aside, Asked
from partnership._workflows.phasing_reasons import days_words, why_not
from partnership.errors import Finding
from partnership.periods import add_months
from partnership.wording import count_of, pounds

__all__ = ["AgencyShare", "LoadCell", "Phased", "PhasedItem", "days_words", "told"]

Records = Mapping[str, tuple[Any, ...]]


@dataclass(frozen=True)
class PhasedItem:
    """One candidate: whether and when it is done, why, and what it brings.

    Parameters
    ----------
    item_id, title, lead_agency_id, habit
        As in the plan.
    chosen : bool
        Whether it is in the plan.
    first, last : int or None
        Its first and last quarter, counted from 0.
    starts_on, ends_on : date or None
        First day of the first and last day of the last of them.
    quarters : int
        How long it runs.
    score : float or None
        Its impact, 0 to 10; None: nobody scored it.
    benefit_gbp : Decimal or None
        Present value of its part of the fiscal benefit when finished then; None: none in money.
    is_small_win : bool
        Whether it is finished within the window of the small-wins rule.
    felt_by : tuple[str, ...]
        Agencies that it gives hours back.
    waits_for : tuple[str, ...]
        Items of the plan that are finished before it starts.
    planned_starts_on, planned_ends_on : date or None
        Its dates in the blueprint.
    why_not : str
        Why it is left out, in words; empty for a chosen one.
    assumed : str
        What was assumed of it, in words.
    """

    item_id: str
    title: str
    lead_agency_id: str | None
    habit: str
    chosen: bool
    first: int | None
    last: int | None
    starts_on: dt.date | None
    ends_on: dt.date | None
    quarters: int
    score: float | None
    benefit_gbp: Decimal | None
    is_small_win: bool
    felt_by: tuple[str, ...]
    waits_for: tuple[str, ...]
    planned_starts_on: dt.date | None
    planned_ends_on: dt.date | None
    why_not: str = ""
    assumed: str = ""


@dataclass(frozen=True, slots=True)
class LoadCell:
    """What one agency is asked for in one quarter, and what it offered; None: it has not said."""

    agency_id: str
    kind: str
    quarter: dt.date
    asked: Fraction
    offered: Fraction | None

    @property
    def is_full(self) -> bool:
        """True when nothing of an offer is left."""
        return self.offered is not None and self.offered > 0 and self.asked == self.offered


@dataclass(frozen=True, slots=True)
class AgencyShare:
    """What the chosen plan takes from an agency and gives it.

    Parameters
    ----------
    agency_id, name : str
        The agency.
    days_asked, days_offered : Fraction
        Over the whole plan.
    hours_back_a_week : Decimal
        Hours a week now less hours after, over the chosen items.
    benefit_gbp : Decimal
        Its part of the chosen items' fiscal benefit, present value; negative for a cost moved to it.
    small_wins : int
        Small wins that it feels.
    """

    agency_id: str
    name: str
    days_asked: Fraction
    days_offered: Fraction
    hours_back_a_week: Decimal
    benefit_gbp: Decimal
    small_wins: int


@dataclass(frozen=True)
class Phased:
    """A phased plan with everything that stands beside it.

    Parameters
    ----------
    asked : Asked
        The problem, its quarters and what it was made of.
    outcome : Outcome
        What the search gave: status, value, bound.
    items : tuple[PhasedItem, ...]
        Candidates: chosen ones by start, then finish, then id; then those left out.
    load : tuple[LoadCell, ...]
        By agency, kind and quarter.
    shares : tuple[AgencyShare, ...]
        Who pays and who gains.
    conflict : Conflict or None
        When no plan keeps every rule: which of them cannot be kept together.
    ranked_value : float
        Worth of the plan of one who takes the ranked list from the top.
    ranked_starts : Mapping[str, int]
        That plan. It knows nothing of must-dos and small wins.
    names : Mapping[str, str]
        Agency id to its name where space is short.
    """

    asked: Asked
    outcome: Outcome
    items: tuple[PhasedItem, ...]
    load: tuple[LoadCell, ...]
    shares: tuple[AgencyShare, ...]
    conflict: Conflict | None
    ranked_value: float
    ranked_starts: Mapping[str, int]
    ranked_breaks: int
    names: Mapping[str, str]

    @property
    def chosen(self) -> tuple[PhasedItem, ...]:
        """The items of the plan, in the order of their start."""
        return tuple(i for i in self.items if i.chosen)

    @property
    def left_out(self) -> tuple[PhasedItem, ...]:
        """Candidates that are not in the plan."""
        return tuple(i for i in self.items if not i.chosen)

    @property
    def quarters(self) -> tuple[dt.date, ...]:
        """First day of each quarter."""
        return self.asked.quarters

    @property
    def aside(self) -> tuple[Aside, ...]:
        """Items that were no candidates, and why."""
        return self.asked.aside

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is missing or was assumed."""
        return self.asked.findings

    @property
    def small_wins(self) -> tuple[PhasedItem, ...]:
        """Chosen items that are finished within the window."""
        return tuple(i for i in self.items if i.is_small_win)

    @property
    def has_plan(self) -> bool:
        """True when there is a plan to show."""
        return self.outcome.value is not None

    def value_words(self, value: float) -> str:
        """Return a worth in the unit of the plan."""
        if self.asked.worth.unit == "£":
            return pounds(round(Decimal(value)))
        return f"{value:.1f}"

    @property
    def proof_words(self) -> str:
        """How sure it is that no plan does better; "best found" is never called optimal."""
        found = self.outcome
        if found.value is None:
            return ""
        value = self.value_words(found.value)
        if found.status == "optimal":
            return f"Value {value}. Proved: no plan that keeps these rules is worth more."
        how = "when it was stopped" if found.stopped == "called off" else f"in {_seconds(found.seconds)}"
        if found.bound is None or found.gap is None:
            return f"Best found {how}: value {value}. How much better a plan could be is not known."
        return (
            f"Best found {how}: value {value}. No plan can beat {self.value_words(found.bound)}, "
            f"so at most {_share(found.gap)} is left on the table. It is not proved to be the best."
        )

    @property
    def ranked_words(self) -> str:
        """How the plan stands against the ranked list taken from the top."""
        if self.outcome.value is None or self.ranked_value <= 0:
            return ""
        listed = f"Taking the ranked list from the top would give {self.value_words(self.ranked_value)} with {count_of(len(self.ranked_starts), 'item', words=True)}"
        breaks = (
            f" and would break {count_of(self.ranked_breaks, 'rule', words=True)}"
            if self.ranked_breaks
            else ""
        )
        return f"{listed}{breaks}."


def told(plan: Records, asked: Asked, outcome: Outcome, conflict: Conflict | None) -> Phased:
    problem = asked.problem
    order = sorted(problem.candidates, key=lambda c: (-max(c.values), c.id))
    listed = from_the_top(problem, [c.id for c in order])
    items = _items(plan, asked, outcome)
    names = {a.id: a.short_name or a.name for a in plan["agencies"]}
    return Phased(
        asked, outcome, items, _load(asked, outcome), _shares(plan, asked, items, outcome, names), conflict,
        value_of(problem, listed), listed, len(violations(problem, listed)), names,
    )  # fmt: skip


def _items(plan: Records, asked: Asked, outcome: Outcome) -> tuple[PhasedItem, ...]:
    records = {i.id: i for i in plan["work_items"]}
    ends = finishes(asked.problem, outcome.starts)
    felt = asked.problem.small_wins.felt if asked.problem.small_wins else _felt(plan)
    window = asked.settings.small_wins_quarters
    worth = asked.worth
    out: list[PhasedItem] = []
    for c in asked.problem.candidates:
        record, first, last = records[c.id], outcome.starts.get(c.id), ends.get(c.id)
        in_plan = first is not None and last is not None
        benefit = worth.benefits.get(c.id)
        out.append(
            PhasedItem(
                c.id,
                record.title,
                record.lead_agency_id,
                record.habit,
                in_plan,
                first,
                last,
                asked.quarters[first] if first is not None else None,
                add_months(asked.quarters[last], 3) - dt.timedelta(days=1) if last is not None else None,
                c.quarters,
                worth.scores.get(c.id),
                benefit[last or 0] if benefit else None,
                bool(asked.settings.small_wins) and last is not None and last < window,
                tuple(sorted(felt.get(c.id, ()))),
                tuple(b for a, b in asked.problem.requires if a == c.id and b in ends),
                record.starts_on,
                record.due_on,
                "" if in_plan or outcome.value is None else why_not(asked, outcome, c.id),
                asked.assumed.get(c.id, ""),
            )  # fmt: skip
        )
    out.sort(
        key=lambda i: (
            (not i.chosen, i.first or 0, i.last or 0, i.item_id) if i.chosen else (True, 0, 0, i.item_id)
        )
    )
    return tuple(out)


def _felt(plan: Records) -> dict[str, frozenset[str]]:
    by: dict[str, set[str]] = {}
    for row in plan["item_agencies"]:
        now, after = row.hours_a_week_now, row.hours_a_week_after
        if now is not None and after is not None and after < now:
            by.setdefault(row.item_id, set()).add(row.agency_id)
    return {i: frozenset(a) for i, a in by.items()}


def _load(asked: Asked, outcome: Outcome) -> tuple[LoadCell, ...]:
    load = load_of(asked.problem, outcome.starts)
    return tuple(
        LoadCell(
            agency, kind, quarter, load[agency, kind][q],
            None if kind == "days" and (agency, q) in asked.unsaid else offered[q],
        )
        for (agency, kind), offered in asked.problem.offers.items()
        for q, quarter in enumerate(asked.quarters)
    )  # fmt: skip


def _shares(
    plan: Records, asked: Asked, items: Sequence[PhasedItem], outcome: Outcome, names: Mapping[str, str]
) -> tuple[AgencyShare, ...]:
    chosen = {i.item_id: i for i in items if i.chosen}
    load = load_of(asked.problem, outcome.starts)
    back: dict[str, Decimal] = {}
    for row in plan["item_agencies"]:
        if row.item_id in chosen and row.hours_a_week_now is not None and row.hours_a_week_after is not None:
            back[row.agency_id] = (
                back.get(row.agency_id, Decimal(0)) + row.hours_a_week_now - row.hours_a_week_after
            )
    gains: dict[str, Decimal] = {}
    for item in chosen.values():
        shares = asked.worth.benefit_shares.get(item.item_id)
        if shares:
            for agency, amount in shares[item.last or 0].items():
                gains[agency] = gains.get(agency, Decimal(0)) + amount
    asking = {a for a, kind in asked.problem.offers if kind == "days"}
    out = []
    for agency in sorted(asking | back.keys() | gains.keys()):
        days = load.get((agency, "days"), ())
        offered = asked.problem.offers.get((agency, "days"), ())
        out.append(
            AgencyShare(
                agency,
                names.get(agency, agency),
                sum(days, Fraction(0)),
                sum((x for x in offered if x is not None), Fraction(0)),
                back.get(agency, Decimal(0)),
                gains.get(agency, Decimal(0)),
                sum(i.is_small_win and agency in i.felt_by for i in chosen.values()),
            )  # fmt: skip
        )
    return tuple(out)


def _seconds(seconds: float) -> str:
    return "a second" if seconds < 1.5 else f"{seconds:.0f} seconds"


def _share(gap: float) -> str:
    return f"{gap * 100:.1f}%" if gap < 0.1 else f"{gap * 100:.0f}%"

"""A phased plan in words and as plain data."""

from __future__ import annotations

import datetime as dt
from typing import Any

from partnership._prioritisation.selecting.conflicts import Rule
from partnership._workflows.phasing_reasons import too_much_for
from partnership._workflows.phasing_results import Phased, PhasedItem
from partnership.periods import add_months, name_month
from partnership.wording import capital, count_of, in_words, listing

__all__ = ["as_json", "conflict_words", "headline", "small_wins_words"]


def conflict_words(done: Phased) -> str:
    """Return which rules cannot be kept together, and what to do; empty when they can."""
    found = done.conflict
    if found is None:
        return ""
    demands = listing(_rule_words(r, done) for r in found.demands)
    limits = listing(_rule_words(r, done) for r in found.limits)
    against = f" because of {limits}" if limits else ""
    sure = (
        ""
        if found.is_smallest
        else " Time ran out before every rule was tried: some of these may not matter."
    )
    together = "cannot be kept" if len(found.demands) == 1 else "cannot be kept together"
    single = len(found.demands) == 1
    do = "Leave it out, or find what it lacks." if single else "Leave out one of these."
    # the smallest set names one obstacle where several would each be enough: who mends one should know of the others
    must = sorted(i for i in done.asked.settings.must_do if i in done.asked.problem.by_id)
    alone = [(item, too_much_for(done.asked, item, done.names)) for item in must]
    more = "".join(f" {item} alone: {'; '.join(short)}." for item, short in alone if short)
    return f"{capital(demands)} {together}{against}.{more} {do}{sure}"


def _rule_words(rule: Rule, done: Phased) -> str:
    names = done.names
    first = rule.about[0]
    name = names.get(first, first)
    window = count_of(done.asked.settings.small_wins_quarters * 3, "month")
    words = {
        "must do": f"that {first} must be done",
        "small wins": f"that {first} items are finished in the first {window}",
        "felt by": f"that {name} feels one of them",
        "offer": f"what {name} offers in {rule.about[-1]}",
        "prerequisite": f"that {first} waits for {rule.about[-1]}",
        "not both": f"that {first} and {rule.about[-1]} cannot be done together",
        "latest finish": f"the day by which {first} must be finished",
    }
    return words[rule.kind]


def headline(done: Phased) -> str:
    """Return the sentence a page opens with."""
    if not done.has_plan:
        return (
            "No plan keeps every rule."
            if done.outcome.status == "infeasible"
            else "No plan was found in time."
        )
    count, of = len(done.chosen), len(done.items)
    fits = (
        f"{'fits' if count == 1 else 'fit'} what the agencies have offered."
        if done.outcome.status == "optimal"
        else f"{'is' if count == 1 else 'are'} in the best plan found."
    )
    fit = f"{count} of {count_of(of, 'item')} {fits}"
    return f"{fit} {small_wins_words(done)}".strip()


def small_wins_words(done: Phased) -> str:
    """Return how the small-wins rule is met."""
    wins = len(done.small_wins)
    if not done.asked.settings.small_wins:
        return ""
    end = add_months(done.quarters[min(done.asked.settings.small_wins_quarters, len(done.quarters)) - 1], 2)
    rule = done.asked.problem.small_wins
    felt = " and every agency feels at least one" if rule and rule.agencies else ""
    verb = "finishes" if wins == 1 else "finish"
    return (
        f"{capital(in_words(wins))} small {'win' if wins == 1 else 'wins'} {verb} by {name_month(end)}{felt}."
    )


def as_json(done: Phased) -> dict[str, Any]:
    """Return a phased plan as plain data; days and money as text, exactly."""
    found = done.outcome
    return {
        "headline": headline(done), "status": found.status, "value": found.value, "bound": found.bound,
        "gap": found.gap, "seconds": round(found.seconds, 3), "stopped": found.stopped, "proof": done.proof_words,
        "unit": done.asked.worth.unit, "gbp_per_point": done.asked.worth.gbp_per_point,
        "quarters": [q.isoformat() for q in done.quarters],
        "settings": done.asked.settings.as_text(),
        "items": [_item_json(i) for i in done.items],
        "load": [
            {
                "agency_id": c.agency_id, "kind": c.kind, "quarter": c.quarter.isoformat(), "asked": str(c.asked),
                "offered": None if c.offered is None else str(c.offered), "full": c.is_full,
            }
            for c in done.load
        ],
        "agencies": [
            {
                "agency_id": s.agency_id, "name": s.name, "days_asked": str(s.days_asked), "days_offered": str(s.days_offered),
                "hours_back_a_week": str(s.hours_back_a_week), "benefit_gbp": str(round(s.benefit_gbp, 2)), "small_wins": s.small_wins,
            }
            for s in done.shares
        ],
        "ranked_list": {"value": done.ranked_value, "items": sorted(done.ranked_starts), "breaks": done.ranked_breaks},
        "conflict": None if done.conflict is None else {
            "words": conflict_words(done), "is_smallest": done.conflict.is_smallest,
            "demands": [{"kind": r.kind, "about": list(r.about)} for r in done.conflict.demands],
            "limits": [{"kind": r.kind, "about": list(r.about)} for r in done.conflict.limits],
        },
        "aside": [{"item_id": a.item_id, "why": a.why} for a in done.aside],
        "findings": [{"code": f.code, "place": f.place, "found": f.found, "do": f.do} for f in done.findings],
    }  # fmt: skip


def _item_json(item: PhasedItem) -> dict[str, Any]:
    return {
        "item_id": item.item_id, "title": item.title, "lead_agency_id": item.lead_agency_id, "habit": item.habit,
        "chosen": item.chosen, "starts_on": _iso(item.starts_on), "ends_on": _iso(item.ends_on), "quarters": item.quarters,
        "score": item.score, "benefit_gbp": None if item.benefit_gbp is None else str(round(item.benefit_gbp, 2)),
        "small_win": item.is_small_win, "felt_by": list(item.felt_by), "waits_for": list(item.waits_for),
        "why_not": item.why_not, "assumed": item.assumed,
    }  # fmt: skip


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()

"""A plan's records as a problem of choosing and phasing: what is asked, what is offered, and what is missing."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from statistics import median_low
from typing import Any

from partnership._prioritisation.selecting.model import (
    Candidate,
    Problem,
    Resource,
    SmallWins,
    Synergy,
    ring_in,
)
from partnership._workflows.phasing_settings import PhasingSettings
from partnership._workflows.phasing_values import Worth, worth_of
from partnership.errors import Finding, InvalidInput, UnknownName
from partnership.periods import add_months, month_index, name_quarter, quarter_starts
from partnership.wording import count_of, listing

__all__ = ["Asked", "Aside", "asked_of"]

Records = Mapping[str, tuple[Any, ...]]
_DAYS, _MONEY = "days", "money"


@dataclass(frozen=True, slots=True)
class Aside:
    """An item that is not a candidate, and why."""

    item_id: str
    why: str
    runs: bool = False


@dataclass(frozen=True)
class Asked:
    """A problem, and what it was made of.

    Parameters
    ----------
    problem : Problem
        What is to be chosen.
    quarters : tuple[date, ...]
        First day of each quarter.
    worth : Worth
        What items are worth.
    aside : tuple[Aside, ...]
        Items that are not candidates: done, running, or not known well enough.
    unsaid : frozenset[tuple[str, int]]
        Agency and quarter for which nobody said what is offered; the plan counts on nothing there.
    assumed : Mapping[str, str]
        Item to what was assumed of it, in words.
    money_counts : bool
        Whether any agency says what money it offers.
    """

    problem: Problem
    quarters: tuple[dt.date, ...]
    worth: Worth
    settings: PhasingSettings
    aside: tuple[Aside, ...] = ()
    unsaid: frozenset[tuple[str, int]] = frozenset()
    assumed: Mapping[str, str] = field(default_factory=dict)
    money_counts: bool = False
    findings: tuple[Finding, ...] = ()


def asked_of(plan: Records, settings: PhasingSettings, today: dt.date) -> Asked:
    """Return the problem that a plan and its settings make.

    Parameters
    ----------
    plan : Plan
        The whole plan, as ``store.plan()`` gives it.
    settings : PhasingSettings
        Every choice.
    today : date
        The day it is seen from.

    Raises
    ------
    InvalidInput
        If nobody says what it offers, or prerequisites form a ring.
    UnknownName
        If a setting names an item that is not in the plan.
    """
    return _Making(plan, settings, today).make()


class _Making:
    def __init__(self, plan: Records, settings: PhasingSettings, today: dt.date) -> None:
        self.plan, self.settings, self.today = plan, settings, today
        self.items = {i.id: i for i in plan["work_items"]}
        self.findings: list[Finding] = []
        self.assumed: dict[str, str] = {}
        self.aside: dict[str, Aside] = {}
        named = {
            *settings.must_do,
            *settings.left_out,
            *settings.latest,
            *settings.runs,
            *(i for s, _ in settings.together for i in s),
        }
        for item in sorted(named):
            if item not in self.items:
                kind = "item"
                raise UnknownName(kind, item, self.items)
        self.quarters = self._quarters()

    def warn(self, code: str, place: str, found: str, do: str) -> None:
        self.findings.append(Finding(code=code, severity="warning", place=place, found=found, do=do))

    # ---- time ----
    def _quarters(self) -> tuple[dt.date, ...]:
        offered = sorted(
            {
                quarter_starts(c.quarter_starts_on)
                for c in self.plan["capacity"]
                if c.days is not None or c.money_gbp is not None
            }
        )
        if not offered:
            msg = "No agency has said what it offers. Write on the sheet Capacity the days of each agency in each quarter."
            raise InvalidInput(msg)
        now = quarter_starts(self.today)
        to_come = [q for q in offered if q > now] or [q for q in offered if q == now] or offered
        first = quarter_starts(self.settings.starts_on) if self.settings.starts_on else to_come[0]
        count = self.settings.quarters or max(1, (month_index(offered[-1]) - month_index(first)) // 3 + 1)
        return tuple(add_months(first, 3 * n) for n in range(count))

    def _at(self, day: dt.date) -> int:
        """Return the number of a day's quarter, counted from the plan's first; may be negative."""
        return (month_index(quarter_starts(day)) - month_index(self.quarters[0])) // 3

    # ---- what is asked ----
    def make(self) -> Asked:
        efforts = self._efforts()
        ids = [i for i in sorted(self.items) if self._is_candidate(i, efforts)]
        ids = self._without_blocked(ids)
        offers, unsaid, money = self._offers(ids, efforts)
        worth = worth_of(self.plan, ids, self.quarters, self.settings, self.today)
        lengths = self._lengths(ids)
        spent = self._money(ids) if money else {}
        candidates = tuple(
            self._candidate(i, efforts[i], spent.get(i, {}), lengths[i], worth, money) for i in ids
        )
        under_way = frozenset(
            c.id for c in candidates if c.earliest == 0 and c.latest == c.quarters - 1 and self._started(c.id)
        )
        chosen = set(ids)
        missing = sorted(self.settings.must_do - chosen)
        if missing:
            why = "; ".join(f"{i}: {self.aside[i].why}" for i in missing)
            msg = f"{listing(missing)} must be done and cannot be planned. {why}"
            raise InvalidInput(msg)
        problem = Problem(
            candidates, len(self.quarters), offers, self._requires(chosen), self._excludes(chosen),
            self._synergies(chosen), self.settings.must_do | under_way, self._small_wins(ids),
        )  # fmt: skip
        return Asked(
            problem, self.quarters, worth, self.settings, tuple(self.aside[i] for i in sorted(self.aside)),
            unsaid, self.assumed, bool(money), (*self.findings, *worth.findings),
        )  # fmt: skip

    def _efforts(self) -> dict[str, dict[str, Fraction | None]]:
        found: dict[str, dict[str, Fraction | None]] = defaultdict(dict)
        for row in self.plan["item_agencies"]:
            found[row.item_id][row.agency_id] = None if row.effort_days is None else Fraction(row.effort_days)
        return found

    def _is_candidate(self, item: str, efforts: Mapping[str, Mapping[str, Fraction | None]]) -> bool:
        record, days = self.items[item], efforts.get(item, {})
        known = {a: d for a, d in days.items() if d is not None}
        why, runs = "", False
        if record.done_on is not None and record.done_on <= self.today:
            why, runs = "done", True
        elif item in self.settings.left_out:
            why = "left out by choice"
        elif not known:
            why = "nobody has said what days it asks"
        elif not any(known.values()) and record.habit == "keep":
            why, runs = "runs already and asks nobody for days", True
        if why:
            self.aside[item] = Aside(item, why, runs)
            return False
        unknown = sorted(a for a, d in days.items() if d is None)
        if unknown:
            self.warn(
                "phasing-days-unknown",
                item,
                f"Nobody has said what days {item} asks of {listing(unknown)}.",
                "They count as nought here, so the plan may ask for more than it shows.",
            )
        return True

    def _without_blocked(self, ids: list[str]) -> list[str]:
        """Leave out items that wait for what cannot be planned, or cannot stand beside what runs."""
        pairs = [(i, b) for i in ids for b in self.items[i].depends_on]
        ring = ring_in(pairs)
        if ring:
            msg = f"{' needs '.join((*ring, ring[0]))}: a ring, so none of them can start. Take one of these prerequisites away."
            raise InvalidInput(msg)
        while True:
            barred = {i: why for i in ids if i not in self.aside and (why := self._blocked(i))}
            if not barred:
                return [i for i in ids if i not in self.aside]
            self.aside |= {i: Aside(i, why) for i, why in barred.items()}

    def _blocked(self, item: str) -> str:
        record = self.items[item]
        for b in record.depends_on:
            if b not in self.items:
                return f"waits for {b}, which is not in the plan"
            if b in self.aside and not self.aside[b].runs:
                return f"waits for {b}: {self.aside[b].why}"
        for other in self._barred(item):
            if other in self.aside and self.aside[other].runs and self.items[other].done_on is None:
                return f"cannot be done beside {other}, which runs"
        return ""

    def _barred(self, item: str) -> set[str]:
        return {*self.items[item].excludes, *(i for i, r in self.items.items() if item in r.excludes)}

    def _requires(self, chosen: set[str]) -> tuple[tuple[str, str], ...]:
        return tuple((i, b) for i in sorted(chosen) for b in self.items[i].depends_on if b in chosen)

    def _excludes(self, chosen: set[str]) -> tuple[tuple[str, str], ...]:
        pairs = {
            tuple(sorted((i, o))) for i in chosen for o in self.items[i].excludes if o in chosen and o != i
        }
        return tuple(sorted((a, b) for a, b in pairs))

    def _synergies(self, chosen: set[str]) -> tuple[Synergy, ...]:
        return tuple(
            Synergy(
                frozenset(items),
                tuple(bonus * (1 - self.settings.waiting * t) for t in range(len(self.quarters))),
            )
            for items, bonus in self.settings.together
            if set(items) <= chosen
        )

    # ---- how long ----
    def _dated(self, item: str) -> int | None:
        record = self.items[item]
        if record.starts_on is None or record.due_on is None or record.due_on < record.starts_on:
            return None
        return self._at(record.due_on) - self._at(record.starts_on) + 1

    def _started(self, item: str) -> bool:
        start = self.items[item].starts_on
        return start is not None and start <= self.today and self._at(start) < 0

    def _lengths(self, ids: list[str]) -> dict[str, int]:
        dated = {i: n for i in ids if (n := self._dated(i)) is not None}
        usual = median_low(dated.values()) if dated else 1
        out = {}
        for i in ids:
            given = self.settings.runs.get(i)
            if given is not None and given < 1:
                msg = f"{i} cannot run {given} quarters. Give at least one."
                raise InvalidInput(msg)
            out[i] = given or dated.get(i) or usual
            if given is None and i not in dated:
                self.assumed[i] = (
                    f"no dates: taken to run {count_of(usual, 'quarter', words=True)}, as the middle one of those with dates"
                )
        return out

    def _candidate(
        self, item: str, days: Mapping[str, Fraction | None], money: Mapping[str, Fraction], length: int, worth: Worth, money_of: frozenset[str],
    ) -> Candidate:  # fmt: skip
        share, earliest, latest = Fraction(1), 0, None
        if self._started(item):
            due = self.items[item].due_on
            left = max(1, min(length, self._at(due) + 1)) if due is not None else length
            share, length, latest = Fraction(left, length), left, left - 1
            self.assumed[item] = (
                f"under way: {count_of(left, 'quarter', words=True)} and {count_of(round(share * 100), 'hundredth')} of its days are taken to be left"
            )
        if item in self.settings.latest:
            end = self._at(self.settings.latest[item] + dt.timedelta(days=1)) - 1
            latest = end if latest is None else min(latest, end)
        needs: dict[Resource, tuple[Fraction, ...]] = {
            (a, _DAYS): (d * share / length,) * length for a, d in sorted(days.items()) if d
        }
        needs |= {
            (a, _MONEY): (m * share / length,) * length
            for a, m in sorted(money.items())
            if m and a in money_of
        }
        return Candidate(item, length, worth.values[item], needs, earliest, latest)

    # ---- what is offered ----
    def _offers(
        self, ids: list[str], efforts: Mapping[str, Mapping[str, Fraction | None]]
    ) -> tuple[dict[Resource, tuple[Fraction | None, ...]], frozenset[tuple[str, int]], frozenset[str]]:
        days: dict[str, dict[int, Fraction]] = defaultdict(dict)
        money: dict[str, dict[int, Fraction]] = defaultdict(dict)
        for row in self.plan["capacity"]:
            for into, amount in ((days, row.days), (money, row.money_gbp)):
                if amount is not None:
                    at = self._at(row.quarter_starts_on)
                    into[row.agency_id][at] = into[row.agency_id].get(at, Fraction(0)) + Fraction(amount)
        asked = {a for i in ids for a, d in efforts[i].items() if d}
        offers: dict[Resource, tuple[Fraction | None, ...]] = {}
        unsaid: set[tuple[str, int]] = set()
        span = range(len(self.quarters))
        for agency in sorted(asked | days.keys()):
            offers[agency, _DAYS] = tuple(days[agency].get(q, Fraction(0)) for q in span)
            unsaid |= {(agency, q) for q in span if q not in days[agency]}
        for agency in sorted(money):
            offers[agency, _MONEY] = tuple(money[agency].get(q, Fraction(0)) for q in span)
        for agency in sorted(asked):
            silent = [q for q in span if (agency, q) in unsaid]
            if silent:
                words = (
                    "in any quarter"
                    if len(silent) == len(span)
                    else f"in {listing((name_quarter(self.quarters[q]) for q in silent), most=3)}"
                )
                self.warn(
                    "phasing-offer-unknown",
                    f"Capacity, {agency}",
                    f"{agency} has not said what days it offers {words}.",
                    "The plan asks it for nothing there. Write its days on the sheet Capacity.",
                )
        return offers, frozenset(unsaid), frozenset(money)

    def _money(self, ids: list[str]) -> dict[str, dict[str, Fraction]]:
        """Return the cash that agencies plan to pay for each item."""
        out: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
        for c in self.plan["contributions"]:
            if c.stage == "planned" and c.form == "cash" and c.item_id in set(ids):
                out[c.item_id][c.agency_id] += Fraction(c.amount_gbp)
        return {i: {a: m for a, m in by.items() if m > 0} for i, by in out.items()}

    # ---- small wins ----
    def _small_wins(self, ids: list[str]) -> SmallWins | None:
        if not self.settings.small_wins:
            return None
        felt = dict(self._felt(set(ids)))
        feeling = {a for agencies in felt.values() for a in agencies}
        members = [
            a.id for a in self.plan["agencies"]
            if a.duty != "outside" and (a.left_on is None or a.left_on > self.today)
        ]  # fmt: skip
        cannot = sorted(set(members) - feeling)
        if cannot and self.settings.felt_by_all:
            self.warn(
                "phasing-feels-nothing",
                "Small wins",
                f"No item gives {listing(cannot)} any hours back, so it can feel no small win.",
                "Write its hours now and after on the sheet of the items' agencies, or find an item for it.",
            )
        agencies = tuple(a for a in members if a in feeling) if self.settings.felt_by_all else ()
        return SmallWins(
            self.settings.small_wins,
            min(self.settings.small_wins_quarters, len(self.quarters)),
            felt,
            agencies,
        )

    def _felt(self, ids: set[str]) -> Iterator[tuple[str, frozenset[str]]]:
        """Give each item the agencies that feel it: those to whom it gives hours back each week."""
        by: dict[str, set[str]] = defaultdict(set)
        for row in self.plan["item_agencies"]:
            now, after = row.hours_a_week_now, row.hours_a_week_after
            if row.item_id in ids and now is not None and after is not None and after < now:
                by[row.item_id].add(row.agency_id)
        yield from ((i, frozenset(a)) for i, a in by.items())

"""What the SMART rules look at: plain values of one goal, gathered by whoever has the plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from partnership.goals import Goal, Measure

__all__ = ["LETTERS", "CapacityFact", "GoalFacts", "Letter", "LetterScore", "Outcome", "Rule", "Verdict"]

Letter = Literal["S", "M", "A", "R", "T"]
Outcome = Literal["met", "not met", "cannot tell", "does not apply"]

LETTERS: Mapping[Letter, str] = MappingProxyType(
    {"S": "Specific", "M": "Measurable", "A": "Achievable", "R": "Relevant", "T": "Time-bound"}
)
"""Letter to its word."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its id, the letter that it speaks for, and what it looks at."""

    id: str
    letter: Letter
    looks_at: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says of one goal.

    Parameters
    ----------
    rule : Rule
        The rule.
    outcome : {"met", "not met", "cannot tell", "does not apply"}
        "Cannot tell" is not "met": something is missing that would tell.
    found : str
        One sentence: what was found.
    do : str
        One sentence that helps to mend it; empty where nothing is to be done.
    """

    rule: Rule
    outcome: Outcome
    found: str
    do: str = ""


@dataclass(frozen=True, slots=True)
class LetterScore:
    """How many of a letter's rules are met, of those that apply; a letter never hides in a total."""

    letter: Letter
    met: int
    asked: int
    cannot_tell: int

    @property
    def word(self) -> str:
        """The word that the letter stands for."""
        return LETTERS[self.letter]

    @property
    def full(self) -> bool:
        """True when every rule that applies is met."""
        return self.met == self.asked


@dataclass(frozen=True, slots=True)
class CapacityFact:
    """Days that the goal's open items ask of one agency, and what it can set against them.

    Parameters
    ----------
    agency : str
        Name of the agency.
    own_days : Decimal
        Days that the open items of this goal ask of it.
    asked_days : Decimal
        Days that the open items of all goals due by then ask of it: capacity is shared.
    offered_days : Decimal or None
        Days that it offers from now until then; None: it has not said.
    """

    agency: str
    own_days: Decimal
    asked_days: Decimal
    offered_days: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalFacts:
    """Everything that the rules look at for one goal.

    Parameters
    ----------
    goal, measure, leading : records
        The goal, its measure and its leading measure, where they are in the plan.
    today : date
        The day it is judged on.
    owner : str or None
        Role that answers for it, in words; None when no such role is in the plan.
    owner_agency_id : str or None
        Agency of that role.
    owner_left_on : date or None
        Last day of whoever held it, when that day is past.
    plan_starts_on, plan_ends_on, reviewed_since : date or None
        First and last day of the plan, and the day since which a review counts (the last board).
    partners : Mapping[str, str]
        Id to name of every partner.
    parts : Mapping[str, tuple]
        Agency id to what it gives and what it gets.
    definitions : Mapping[str, str or None]
        Name of each agency that answered on the goal's measure, to the definition that it uses.
    early_dates : tuple[date, ...]
        Dates of milestones, and dates by which the leading measure is expected to have moved.
    items, items_without_days : int
        Open items, and those of them of which nobody said what days they ask.
    capacity : tuple[CapacityFact, ...]
        Days asked and offered, agency by agency.
    capacity_until : date or None
        Until when.
    readings : tuple[Decimal or None, ...]
        The measure for the partnership as a whole, one a period; None for a period that is not whole.
    partial_readings : int
        How many of them lack an agency: allowed for a share, which stays a share of those who were read.
    reading_target, reading_baseline : Decimal or None
        The target and the baseline brought to the period of the readings.
    path : tuple[str, ...]
        Titles of the goals from this one up to the big goal; empty when it does not reach it.
    path_fault : str
        Why it does not reach it.
    """

    goal: Goal
    today: dt.date
    measure: Measure | None = None
    leading: Measure | None = None
    owner: str | None = None
    owner_agency_id: str | None = None
    owner_left_on: dt.date | None = None
    plan_starts_on: dt.date | None = None
    plan_ends_on: dt.date | None = None
    reviewed_since: dt.date | None = None
    partners: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    definitions: Mapping[str, str | None] = field(default_factory=dict)
    early_dates: tuple[dt.date, ...] = ()
    items: int = 0
    items_without_days: int = 0
    capacity: tuple[CapacityFact, ...] = ()
    capacity_until: dt.date | None = None
    readings: tuple[Decimal | None, ...] = ()
    partial_readings: int = 0
    reading_target: Decimal | None = None
    reading_baseline: Decimal | None = None
    path: tuple[str, ...] = ()
    path_fault: str = ""

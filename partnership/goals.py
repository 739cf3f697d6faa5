"""Measures, and SMART goals under the one big goal.

A goal says what will be different, by how much, by when and who answers for it; a measure says how anybody
would know. SMART is a set of rules, each with an id and a sentence that helps to mend (:func:`judge`); the
lineage follows every piece of work up to the big goal (:func:`lineage`).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from partnership._goals.facts import LETTERS, CapacityFact, GoalFacts, LetterScore, Rule, Verdict
from partnership._goals.lineage import Lineage, LineageItem, Link, lineage, path_of
from partnership._goals.smart import RULES, Judged, judge
from partnership.records import Day, Flag, Id, Notes, Per, Quantity, Record, Ref, Title, Whole

__all__ = [
    "LETTERS",
    "RULES",
    "CapacityFact",
    "ChartRules",
    "Frequency",
    "Goal",
    "GoalFacts",
    "GoalMilestone",
    "GoalPartner",
    "Judged",
    "LetterScore",
    "Lineage",
    "LineageItem",
    "Link",
    "Measure",
    "Polarity",
    "Rule",
    "Verdict",
    "judge",
    "lineage",
    "path_of",
]

Polarity = Literal["higher", "lower", "neither"]
Frequency = Literal["month", "quarter", "year"]


class Measure(Record):
    """How anybody would know: one definition, one unit, one source."""

    id: Id = Field(description="Id of the measure")
    name: Title = Field(description="Name of the measure")
    unit: Title = Field(description="What is counted: cases, %, hours a week, £")
    polarity: Polarity = Field(
        "neither",
        description="Which way is better: higher, lower, or neither (more referrals may be better detection; neither is never coloured good or bad)",
    )
    kind: Literal["count", "amount", "share", "rating"] = Field(
        "count", description="A count, an amount, a share (numerator over denominator) or a rating on a scale"
    )
    numerator: Title | None = Field(None, description="What is counted above the line, for a share")
    denominator: Title | None = Field(None, description="What is counted below the line, for a share")
    per: Per = Field(
        "year",
        description="Period on which expectations of it are compared; 'in all' for a stock or a total by a date",
    )
    frequency: Frequency = Field("month", description="How often it is read")
    source: Title | None = Field(None, description="System or return it comes from")
    definition_id: Id | None = Field(
        None, description="Id of the definition that all partners agreed; two ids mean two definitions"
    )
    definition: Notes | None = Field(None, description="What is counted and what is not")
    counts_people: Flag = Field(
        False, description="Yes when a reading counts people: 1 to 5 are then withheld on every road"
    )
    owner_role_id: Annotated[Id | None, Ref("role_holders")] = Field(
        None, description="Role that answers for the readings"
    )


class ChartRules(Record):
    """How signal is told from noise in one measure. Published tools disagree, so each choice stands here."""

    measure_id: Annotated[Id, Ref("measures")] = Field(description="The measure")
    shift_points: Whole = Field(
        7, ge=3, description="Readings running on one side of the mean that make a shift"
    )
    trend_points: Whole = Field(7, ge=3, description="Readings running strictly one way that make a trend")
    two_in_three: Flag = Field(True, description="Whether two of three readings near a limit are a signal")
    limit_factor: Quantity = Field(
        Decimal("2.66"), gt=0, description="Limits are the mean, and this many average moving ranges"
    )
    screens_ranges: Flag = Field(
        True, description="Whether very large moving ranges are left out once before limits are drawn"
    )
    screen_factor: Quantity = Field(
        Decimal("3.267"), gt=1, description="Moving ranges at or above this many averages are very large"
    )
    least_readings: Whole = Field(12, ge=2, description="Fewer readings than this have no limits")
    baseline_readings: Whole | None = Field(
        None, ge=2, description="Limits come from the first so many readings; blank: from all"
    )
    least_average_count: Quantity = Field(
        Decimal(5), ge=0, description="Counts that average less a period are too few for limits"
    )
    reason: Title | None = Field(None, description="Why these settings, and who agreed them")


class Goal(Record):
    """A SMART goal."""

    id: Id = Field(description="Id of the goal")
    title: Title = Field(description="Verb and object: what will be different")
    description: Notes | None = Field(None, description="What it means, in a few sentences")
    parent_goal_id: Annotated[Id | None, Ref("goals")] = Field(
        None, description="Goal it serves; blank: it serves the big goal directly"
    )
    measure_id: Annotated[Id | None, Ref("measures")] = Field(
        None, description="Measure that tells whether it is reached"
    )
    leading_measure_id: Annotated[Id | None, Ref("measures")] = Field(
        None, description="Measure that moves first"
    )
    baseline_value: Quantity | None = Field(None, description="Where the measure stood, in its unit")
    baseline_on: Day | None = Field(None, description="Day of the baseline")
    baseline_source: Title | None = Field(None, description="Where the baseline comes from")
    target_value: Quantity | None = Field(None, description="Where it shall stand, in its unit")
    target_on: Day | None = Field(None, description="By when")
    starts_on: Day | None = Field(None, description="First day of work on it")
    owner_agency_id: Annotated[Id | None, Ref("agencies")] = Field(
        None, description="Agency that answers for it"
    )
    owner_role_id: Annotated[Id | None, Ref("role_holders")] = Field(
        None, description="Role that answers for it"
    )
    last_reviewed_on: Day | None = Field(None, description="When the partners last looked at it together")
    closed_on: Day | None = Field(None, description="When it was closed")


class GoalMilestone(Record):
    """A step on the way to a goal."""

    goal_id: Annotated[Id, Ref("goals")] = Field(description="The goal")
    due_on: Day = Field(description="By when")
    title: Title = Field(description="What is then true")
    target_value: Quantity | None = Field(None, description="Where the measure then stands, in its unit")


class GoalPartner(Record):
    """What one partner gives to a goal and gets from it, and when it needs to see something."""

    goal_id: Annotated[Id, Ref("goals")] = Field(description="The goal")
    agency_id: Annotated[Id, Ref("agencies")] = Field(description="The partner")
    gives: Title | None = Field(None, description="What it gives")
    gets: Title | None = Field(None, description="What it gets")
    first_results_by: Day | None = Field(None, description="Day by which it needs to see first results")

"""Rules of S and M: who answers, what is done, and how anybody would know."""

from __future__ import annotations

from partnership._goals.facts import GoalFacts, Rule, Verdict
from partnership._goals.verbs import begins_with_a_verb
from partnership.wording import count_of, day, listing, number

__all__ = ["RULES"]

OWNER = Rule(
    "smart-owner", "S", "One named role answers for it, in the agency that owns it, and somebody holds it."
)
VERB = Rule("smart-verb", "S", "Its title begins with a verb and names what is acted upon.")
MEASURE = Rule("smart-measure", "M", "It has a measure with a unit.")
POLARITY = Rule("smart-polarity", "M", "Its measure says which way is better.")
SOURCE = Rule("smart-source", "M", "Its measure says which system or return it comes from.")
BASELINE = Rule("smart-baseline", "M", "Its baseline has a value and a day.")
TARGET = Rule("smart-target", "M", "Its target differs from its baseline, in the direction that is better.")
DEFINITION = Rule("smart-definition", "M", "All partners use one definition of its measure.")


def owner(facts: GoalFacts) -> Verdict:
    """Look for one named role that answers for the goal."""
    goal = facts.goal
    if not goal.owner_role_id:
        return Verdict(OWNER, "not met", "No role answers for it.", "Name the one role, as in “Hub manager”.")
    if facts.owner is None:
        found = f"Its owner, {goal.owner_role_id}, is no role in the plan."
        return Verdict(OWNER, "not met", found, "Choose a role from the sheet Role holders.")
    if facts.owner_left_on is not None:
        found = f"Nobody has been {facts.owner} since {day(facts.owner_left_on)}."
        return Verdict(OWNER, "not met", found, "Name who answers for it now.")
    if goal.owner_agency_id and facts.owner_agency_id != goal.owner_agency_id:
        theirs = facts.partners.get(facts.owner_agency_id or "", facts.owner_agency_id or "no agency")
        ours = facts.partners.get(goal.owner_agency_id, goal.owner_agency_id)
        found = f"{facts.owner} belongs to {theirs}, the goal to {ours}."
        return Verdict(OWNER, "not met", found, "Choose a role of the agency that owns the goal.")
    return Verdict(OWNER, "met", f"{facts.owner} answers for it.")


def verb(facts: GoalFacts) -> Verdict:
    """Look for a verb and an object in the title."""
    title = facts.goal.title
    known = begins_with_a_verb(title)
    if known:
        return Verdict(VERB, "met", "The title says what is done, and to what.")
    if known is None:
        first = title.split(maxsplit=1)[0]
        found = f"Whether “{first}” is something to do, a list of verbs cannot tell."
        return Verdict(VERB, "cannot tell", found, "Begin with what will be done: halve, open, stop.")
    do = "Write a verb and what it acts upon, as in “Halve the referrals that come back”."
    return Verdict(VERB, "not met", f"“{title}” does not say what is done to what.", do)


def measure(facts: GoalFacts) -> Verdict:
    """Look for a measure with a unit."""
    if facts.measure is None:
        return Verdict(
            MEASURE, "not met", "It has no measure.", "Choose one, or add one to the sheet Measures."
        )
    return Verdict(MEASURE, "met", f"It is read as “{facts.measure.name}”, in {facts.measure.unit}.")


def polarity(facts: GoalFacts) -> Verdict:
    """Look for which way is better."""
    if facts.measure is None:
        return _no_measure(POLARITY)
    if facts.measure.polarity == "neither":
        found = (
            f"“{facts.measure.name}” is better neither higher nor lower, "
            "so no reading can say that it nears the goal."
        )
        return Verdict(POLARITY, "not met", found, "Say which way is better, or add a measure that can.")
    return Verdict(POLARITY, "met", f"Better is {facts.measure.polarity}.")


def source(facts: GoalFacts) -> Verdict:
    """Look for where the measure comes from."""
    if facts.measure is None:
        return _no_measure(SOURCE)
    if not facts.measure.source:
        return Verdict(
            SOURCE, "not met", "Nobody said where its readings come from.", "Name the system or return."
        )
    return Verdict(SOURCE, "met", f"Source: {facts.measure.source}.")


def baseline(facts: GoalFacts) -> Verdict:
    """Look for where the measure stood, and when."""
    goal = facts.goal
    lacking = [
        word for word, value in (("value", goal.baseline_value), ("day", goal.baseline_on)) if value is None
    ]
    if lacking or goal.baseline_value is None or goal.baseline_on is None:
        found = f"Its baseline has no {listing(lacking)}."
        return Verdict(BASELINE, "not met", found, "Write where the measure stood before, and on which day.")
    return Verdict(BASELINE, "met", f"{number(goal.baseline_value)} on {day(goal.baseline_on)}.")


def target(facts: GoalFacts) -> Verdict:
    """Look for a target that differs from the baseline the better way."""
    goal = facts.goal
    if goal.target_value is None:
        return Verdict(TARGET, "not met", "It has no target.", "Write where the measure shall stand.")
    if goal.baseline_value is None:
        found = f"The target is {number(goal.target_value)}; without a baseline nobody knows from where."
        return Verdict(TARGET, "cannot tell", found, "Write where the measure stood before.")
    if goal.target_value == goal.baseline_value:
        found = f"The target is the baseline, {number(goal.target_value)}."
        return Verdict(TARGET, "not met", found, "Write a target that differs, or say that it is to be kept.")
    better = facts.measure.polarity if facts.measure else "neither"
    rises = goal.target_value > goal.baseline_value
    if (better == "higher" and not rises) or (better == "lower" and rises):
        way = f"from {number(goal.baseline_value)} to {number(goal.target_value)}"
        found = f"Better is {better}, and the target goes {way}."
        return Verdict(TARGET, "not met", found, "Mend the target, or which way is better.")
    return Verdict(TARGET, "met", f"From {number(goal.baseline_value)} to {number(goal.target_value)}.")


def definition(facts: GoalFacts) -> Verdict:
    """Look for one definition that all partners use."""
    if facts.measure is None:
        return _no_measure(DEFINITION)
    used = sorted({d for d in facts.definitions.values() if d})
    if len(used) > 1:
        found = f"Partners use {count_of(len(used), 'definition', words=True)} of “{facts.measure.name}”."
        return Verdict(DEFINITION, "not met", found, "Agree one, give it an id, and ask every partner again.")
    if not facts.measure.definition_id:
        found = f"“{facts.measure.name}” has no agreed definition."
        return Verdict(DEFINITION, "not met", found, "Agree one and give it an id.")
    other = sorted(name for name, d in facts.definitions.items() if d and d != facts.measure.definition_id)
    if other:
        found = (
            f"{listing(other)} {'uses' if len(other) == 1 else 'use'} another definition than the one agreed."
        )
        return Verdict(DEFINITION, "not met", found, "Ask again by the agreed definition.")
    return Verdict(DEFINITION, "met", f"One definition, {facts.measure.definition_id}.")


def _no_measure(rule: Rule) -> Verdict:
    return Verdict(rule, "cannot tell", "There is no measure to look at.", "Choose a measure first.")


RULES = (owner, verb, measure, polarity, source, baseline, target, definition)
"""The rules of S and M, in the order in which they are shown."""

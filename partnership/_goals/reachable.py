"""Rules of A, R and T: can it be done, does it serve the big goal, and when is it looked at."""

from __future__ import annotations

from decimal import Decimal

from partnership import spc
from partnership._goals.facts import CapacityFact, GoalFacts, Rule, Verdict
from partnership.wording import capital, count_of, day, listing, number

__all__ = ["RULES", "process_limits"]

LIMITS = Rule(
    "smart-limits", "A", "Its target lies outside what the present process does anyway (XmR limits)."
)
CAPACITY = Rule(
    "smart-capacity", "A", "Every agency offers the days that its items ask, beside its other items."
)
GIVES_GETS = Rule(
    "smart-gives-gets", "A", "Every partner has something to give to it and something to get from it."
)
PATH = Rule("smart-path", "R", "It reaches the big goal, directly or through the goals above it.")
WORK = Rule("smart-work", "R", "At least one open item of work serves it.")
DATES = Rule("smart-dates", "T", "Its target date follows its start and lies within the plan.")
LEADING = Rule("smart-leading", "T", "A leading measure shows something earlier than the target date.")
REVIEWED = Rule("smart-reviewed", "T", "The partners looked at it since the last board.")


def process_limits(readings: tuple[Decimal | None, ...], *, is_count: bool) -> spc.Segment | None:
    """Return the limits of the process as it runs now; None where readings do not make any.

    The latest segment of an XmR chart with the default settings (mean ± 2.66 × average moving range, at least
    12 readings).

    Source
    ------
    NHS England, Making Data Count; see :mod:`partnership.spc`.
    """
    chart = spc.xmr(readings, is_count=is_count)
    last = chart.segments[-1] if chart.segments else None
    return last if last is not None and last.standing == "limits" else None


def limits(facts: GoalFacts) -> Verdict:
    """Look whether the target asks for more than the present process does by chance."""
    goal, measure = facts.goal, facts.measure
    wanted, before = facts.reading_target, facts.reading_baseline
    if measure is None or wanted is None:
        return Verdict(
            LIMITS, "cannot tell", "There is no target on a measure to look at.", "Write both first."
        )
    if goal.target_value == goal.baseline_value or before == wanted:
        return Verdict(LIMITS, "does not apply", "No improvement is claimed.")
    found = process_limits(facts.readings, is_count=measure.kind == "count")
    got = sum(v is not None for v in facts.readings)
    if found is None or found.lower is None or found.upper is None:
        whole = f"only {count_of(got, 'whole reading', words=True)}" if got else "no whole reading"
        said = f"“{measure.name}” has {whole}, too few to know what the present process gives."
        return Verdict(
            LIMITS, "cannot tell", said, "Read it for twelve periods before its limits are trusted."
        )
    low, high = Decimal(str(found.lower)), Decimal(str(found.upper))
    floor = max(low, Decimal(0)) if measure.kind in ("count", "share") else low
    span = f"{number(round(floor, 1))} to {number(round(high, 1))} a {measure.frequency}"
    stands = (
        f"The target is {number(round(wanted, 1))} a {measure.frequency}"
        if wanted != goal.target_value
        else f"The target is {number(wanted)}"
    )
    if low <= wanted <= high:
        said = f"{stands}; the present process gives {span} by itself.{_partly(facts)}"
        return Verdict(
            LIMITS, "not met", said, "Ask for more than chance gives, or say that it is to be kept."
        )
    return Verdict(LIMITS, "met", f"{stands}, outside the {span} of the present process.{_partly(facts)}")


def _partly(facts: GoalFacts) -> str:
    if not facts.partial_readings:
        return ""
    many = facts.partial_readings
    return f" Partial: {count_of(many, 'reading', words=True)} {'lacks' if many == 1 else 'lack'} an agency."


def capacity(facts: GoalFacts) -> Verdict:
    """Look whether every agency offers the days that the goal's items ask of it."""
    if not facts.items:
        return Verdict(CAPACITY, "does not apply", "No open item asks for days.")
    if facts.capacity_until is None:
        do = "Give its items an end date."
        return Verdict(CAPACITY, "cannot tell", "None of its open items says until when.", do)
    silent = sorted(c.agency for c in facts.capacity if c.offered_days is None and c.own_days)
    short = sorted((c for c in facts.capacity if _lacks(c)), key=lambda c: (-_gap(c), c.agency))
    until = day(facts.capacity_until)
    if short:
        worst = short[0]
        beside = (
            f" ({number(worst.own_days)} of them for this goal)" if worst.own_days != worst.asked_days else ""
        )
        more = f" {capital(listing(c.agency for c in short[1:]))} likewise." if len(short) > 1 else ""
        asked = f"{worst.agency} is asked for {number(worst.asked_days)} days by {until}{beside}"
        found = f"{asked} and offers {number(worst.offered_days)}.{more}"
        return Verdict(CAPACITY, "not met", found, "Move items, free days, or ask another agency.")
    if silent:
        verb = "has" if len(silent) == 1 else "have"
        offers = "it offers" if len(silent) == 1 else "they offer"
        found = f"{listing(silent)} {verb} not said what days {offers}."
        return Verdict(CAPACITY, "cannot tell", found, "Ask, and write it on the sheet Capacity.")
    if facts.items_without_days:
        many = facts.items_without_days
        asks = "it asks" if many == 1 else "they ask"
        found = f"{capital(count_of(many, 'open item', words=True))} without the days that {asks}."
        return Verdict(CAPACITY, "cannot tell", found, "Estimate the days, agency by agency.")
    return Verdict(CAPACITY, "met", f"The days asked by {until} are offered, agency by agency.")


def _lacks(one: CapacityFact) -> bool:
    return one.own_days > 0 and one.offered_days is not None and one.asked_days > one.offered_days


def _gap(one: CapacityFact) -> Decimal:
    return one.asked_days - (one.offered_days or Decimal(0))


def gives_gets(facts: GoalFacts) -> Verdict:
    """Look whether every partner gives something and gets something."""
    if not facts.partners:
        return Verdict(
            GIVES_GETS, "cannot tell", "The plan has no partners.", "Add them to the sheet Agencies."
        )
    lacks = {"gives nothing to it": 0, "gets nothing from it": 1}
    said, names = [], set()
    for words, place in lacks.items():
        without = sorted(n for i, n in facts.partners.items() if not facts.parts.get(i, (None, None))[place])
        names |= set(without)
        if without:
            many = words if len(without) == 1 else words.replace("gives", "give").replace("gets", "get")
            said.append(f"{listing(without)} {many}")
    if said:
        both = _same_partners(facts)
        found = (
            f"{listing(both)} {_s(both, 'give')} nothing and {_s(both, 'get')} nothing."
            if both and len(both) == len(names)
            else f"{'; '.join(said)}."
        )
        return Verdict(
            GIVES_GETS, "not met", found, "Ask each for one line: what it gives, and what is in it for it."
        )
    return Verdict(GIVES_GETS, "met", f"All {len(facts.partners)} partners give something and get something.")


def _s(names: list[str], verb: str) -> str:
    return f"{verb}s" if len(names) == 1 else verb


def _same_partners(facts: GoalFacts) -> list[str]:
    return sorted(n for i, n in facts.partners.items() if not any(facts.parts.get(i, (None, None))))


def path(facts: GoalFacts) -> Verdict:
    """Look whether the goal reaches the big goal."""
    if facts.path_fault:
        return Verdict(
            PATH, "not met", facts.path_fault, "Point it at a goal that reaches the big goal, or at none."
        )
    above = facts.path[1:]
    return Verdict(
        PATH,
        "met",
        f"It serves the big goal through “{above[0]}”." if above else "It serves the big goal directly.",
    )


def work(facts: GoalFacts) -> Verdict:
    """Look whether anybody works on it."""
    if facts.goal.closed_on is not None and facts.goal.closed_on <= facts.today:
        return Verdict(WORK, "does not apply", f"It was closed on {day(facts.goal.closed_on)}.")
    if not facts.items:
        return Verdict(
            WORK, "not met", "No open item of work serves it.", "Point an item at it, or close the goal."
        )
    return Verdict(
        WORK,
        "met",
        f"{capital(count_of(facts.items, 'open item', words=True))} of work "
        f"{'serves' if facts.items == 1 else 'serve'} it.",
    )


def dates(facts: GoalFacts) -> Verdict:
    """Look whether the target date follows the start and lies within the plan."""
    goal = facts.goal
    if goal.target_on is None:
        return Verdict(DATES, "not met", "It has no date.", "Write by when.")
    if goal.starts_on is None:
        return Verdict(
            DATES, "cannot tell", "It does not say when work on it starts.", "Write the first day."
        )
    if goal.target_on <= goal.starts_on:
        found = f"It ends on {day(goal.target_on)}, before it starts on {day(goal.starts_on)}."
        return Verdict(DATES, "not met", found, "Correct one of the two days.")
    first, last = facts.plan_starts_on, facts.plan_ends_on
    if (first and goal.starts_on < first) or (last and goal.target_on > last):
        found = f"{day(goal.starts_on)} to {day(goal.target_on)} goes beyond the plan."
        return Verdict(DATES, "not met", found, "Bring it inside the plan, or move the plan’s own days.")
    return Verdict(DATES, "met", f"{day(goal.starts_on)} to {day(goal.target_on)}, within the plan.")


def leading(facts: GoalFacts) -> Verdict:
    """Look for a leading measure that shows something earlier."""
    if facts.leading is None:
        do = "Choose a measure that moves first, so that nobody waits for the end to know."
        return Verdict(LEADING, "not met", "It has no leading measure.", do)
    if facts.measure is not None and facts.leading.id == facts.measure.id:
        return Verdict(
            LEADING, "not met", "Its leading measure is its measure.", "Choose one that moves earlier."
        )
    early = min(facts.early_dates, default=None)
    if early is None or facts.goal.target_on is None or early >= facts.goal.target_on:
        found = f"Nothing says by when “{facts.leading.name}” shall have moved before the end."
        return Verdict(LEADING, "not met", found, "Add a milestone before the target date.")
    return Verdict(LEADING, "met", f"“{facts.leading.name}”, first looked at by {day(early)}.")


def reviewed(facts: GoalFacts) -> Verdict:
    """Look whether the partners looked at it in the last period."""
    last, since = facts.goal.last_reviewed_on, facts.reviewed_since
    if last is None:
        return Verdict(
            REVIEWED, "not met", "The partners never looked at it together.", "Put it on the next agenda."
        )
    if since is None:
        return Verdict(
            REVIEWED,
            "cannot tell",
            f"Last looked at on {day(last)}; the plan names no last board.",
            "Write the day of the last board.",
        )
    if last < since:
        return Verdict(
            REVIEWED,
            "not met",
            f"Last looked at on {day(last)}, before the board of {day(since)}.",
            "Put it on the next agenda.",
        )
    return Verdict(REVIEWED, "met", f"Looked at on {day(last)}.")


RULES = (limits, capacity, gives_gets, path, work, dates, leading, reviewed)
"""The rules of A, R and T, in the order in which they are shown."""

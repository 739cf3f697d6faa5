"""What must hold of clocks: a source for what is in force, one limit at a time, weeks that can be worked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from partnership._commitments.clock_rule import ClockRule
from partnership._commitments.clocks import CHECK_LOCALLY, FOLLOWED, OFFICE, SHARED, STEP, clocks_of_rules
from partnership._commitments.working_time import knows_bank_holidays

__all__ = ["WrongRule", "wrong_rules"]

_HOURS = ("works_on", "works_from", "works_until", "bank_holidays")


@dataclass(frozen=True, slots=True)
class WrongRule:
    """What is wrong with a limit: the check, the field, what was found and what to do."""

    code: str
    rule: ClockRule
    field: str
    found: str
    do: str


def wrong_rules(rules: Iterable[ClockRule]) -> Iterator[WrongRule]:
    """Yield what is wrong with a partnership's own limits, row by row.

    Examples
    --------
    >>> from partnership.commitments import ClockRule
    >>> row = ClockRule(id="C1", clock_id="hub", name="Hub", allows=2, standing="in force")
    >>> [(w.code, w.field) for w in wrong_rules([row])]
    [('clock-unsourced', 'source')]
    """
    rows = list(rules)
    for rule in rows:
        yield from _one(rule)
    yield from _together(rows)
    yield from _weeks(rows)


def _one(rule: ClockRule) -> Iterator[WrongRule]:
    if rule.standing != CHECK_LOCALLY and not (rule.source and rule.effective_from):
        yield WrongRule(
            "clock-unsourced",
            rule,
            "effective_from" if rule.source else "source",
            "It is called in force without a source and a day of effect.",
            f"Give both, or say “{CHECK_LOCALLY}”.",
        )
    if rule.times == OFFICE and rule.allows is not None:
        yield WrongRule(
            "clock-length",
            rule,
            "allows",
            "The office week says when work is done and allows no time itself.",
            "Clear what it allows, or say what it times.",
        )
    if rule.times not in (STEP, OFFICE) and rule.allows is None:
        yield WrongRule(
            "clock-length",
            rule,
            "allows",
            f"It times {rule.times} and allows no time.",
            "Say how much time there is.",
        )
    if rule.times != STEP and (rule.colour or rule.measure_id):
        yield WrongRule(
            "clock-colours",
            rule,
            "colour" if rule.colour else "measure_id",
            f"It times {rule.times}, which has no colours and is counted from the plan itself.",
            "Clear the colour and the measure.",
        )


def _together(rows: list[ClockRule]) -> Iterator[WrongRule]:
    of_clock: dict[str, ClockRule] = {}
    followed = next((r for r in rows if r.clock_id == FOLLOWED), None)
    of_thing: dict[str, ClockRule] = {SHARED: followed} if followed is not None else {}
    at_once: dict[tuple[object, ...], ClockRule] = {}
    for rule in rows:
        first = of_clock.setdefault(rule.clock_id, rule)
        if first.times != rule.times:
            yield WrongRule(
                "clock-one-thing",
                rule,
                "times",
                f"{first.id} says that the clock {rule.clock_id} times {first.times}.",
                "Let all rows of one clock time the same, or give this one a clock id of its own.",
            )
        if rule.times != STEP:
            other = of_thing.setdefault(rule.times, rule)
            if other.clock_id != rule.clock_id:
                yield WrongRule(
                    "clock-one-thing",
                    rule,
                    "clock_id",
                    f"{rule.times.capitalize()} is timed by the clock {other.clock_id} already.",
                    "Give both rows the same clock id: one of them holds at a time.",
                )
        if rule.clock_id == FOLLOWED and rule.times != SHARED:
            yield WrongRule(
                "clock-one-thing",
                rule,
                "times",
                f"The clock {FOLLOWED} times {SHARED} and nothing else.",
                "Give this clock another clock id.",
            )
        key = (rule.clock_id, rule.colour, rule.effective_from)
        same = at_once.setdefault(key, rule)
        if same is not rule:
            yield WrongRule(
                "clock-twice",
                rule,
                "effective_from",
                f"{same.id} is of the same clock and colour and takes effect on the same day.",
                "Keep one of the two, or give this one its own day of effect.",
            )


def _weeks(rows: list[ClockRule]) -> Iterator[WrongRule]:
    timing = clocks_of_rules(rows)
    for rule in rows:
        if rule.bank_holidays and not knows_bank_holidays(rule.bank_holidays):
            yield WrongRule(
                "clock-week",
                rule,
                "bank_holidays",
                f"No bank holidays are known for {rule.bank_holidays}.",
                "Write country and part as GB-ENG, GB-WLS, GB-SCT or GB-NIR.",
            )
        if any(getattr(rule, n) for n in _HOURS):
            week = timing.week(rule.effective_from or dt.date.max, rule)
            if week.ends <= week.begins:
                yield WrongRule(
                    "clock-week",
                    rule,
                    "works_until",
                    f"Work would end at {week.ends:%H:%M}, not after it begins at {week.begins:%H:%M}.",
                    "Let it end later in the day than it begins.",
                )

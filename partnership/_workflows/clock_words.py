"""Clocks in words, alike on pages and in commands: how much time, from when to when, by whose word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from partnership._commitments.clocks import CHECK_LOCALLY, NOT_YET, standing_of
from partnership.wording import count_of, day, listing, short_day

if TYPE_CHECKING:
    from partnership.commitments import ClockRule

__all__ = ["effect", "held_as", "limit", "whose", "within"]


def limit(rule: ClockRule) -> str:
    """Return how much time a limit gives.

    Examples
    --------
    >>> from partnership.commitments import clocks
    >>> [limit(r) for r in clocks().of("hub-information")]
    ['2 hours', '6 working hours', '24 working hours']
    """
    if rule.allows is None:
        return "no limit"
    return count_of(rule.allows, rule.counts.removesuffix("s"))


def effect(rule: ClockRule, *, short: bool = False) -> str:
    """Return from when to when a limit holds; months cut short where it stands in a cell.

    Examples
    --------
    >>> from partnership.commitments import clocks
    >>> effect(clocks().of("assessment")[0]), effect(clocks().of("shared-followed")[0])
    ('from 15 December 2023', 'not known since when')
    """
    write = short_day if short else day
    first = f"from {write(rule.effective_from)}" if rule.effective_from else "not known since when"
    last = f"until {write(rule.effective_to)}" if rule.effective_to else ""
    if rule.effective_from is None and last:
        return last
    return f"{first} {last}".strip()


def within(rules: Sequence[ClockRule]) -> str:
    """Return how much time there was, where a clock may have changed meanwhile.

    Examples
    --------
    >>> from partnership.commitments import clocks
    >>> within(clocks().of("shared-followed"))
    '30 days'
    """
    if len(rules) < 2:
        return limit(rules[0]) if rules else "no time that a clock sets"
    return listing((f"{limit(r)} ({effect(r)})" for r in rules), "or")


def whose(rules: Sequence[ClockRule], on: dt.date) -> str:
    """Return by whose word limits hold, each with how it stands.

    Examples
    --------
    >>> from partnership.commitments import clocks
    >>> whose(clocks().of("shared-followed"), dt.date(2026, 11, 23))
    "This toolkit's own choice; check locally"
    """
    return ". ".join(
        f"{f'{limit(r)}: ' if len(rules) > 1 else ''}{r.source or 'No source is given'}; {held_as(r, on)}"
        for r in rules
    )


def held_as(rule: ClockRule, on: dt.date) -> str:
    """Return how a limit stands, or stood while it held: one without a source says so for ever.

    Examples
    --------
    >>> from partnership.commitments import clocks
    >>> held_as(clocks().of("assessment")[0], dt.date(2026, 11, 23))
    'check locally'
    """
    stands = standing_of(rule, on)
    if stands == NOT_YET:
        return stands
    while_held = standing_of(rule, min(on, rule.effective_to or on))
    return while_held if while_held in (stands, CHECK_LOCALLY) else stands

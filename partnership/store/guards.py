"""Guards: rules that a change must keep which only the store can see, because they look at the history.

A guard is given the store as it would stand and returns findings; see ``Store.accept``.
"""

from __future__ import annotations

from collections.abc import Collection

from partnership.errors import Finding, shown
from partnership.store.protocol import Guard, Store
from partnership.store.stopping_rules import rule_guard
from partnership.tables import record_type

__all__ = ["agencies_are_end_dated", "all_of", "standing_guards"]


def agencies_are_end_dated(store: Store) -> list[Finding]:
    """Find agencies that a change removes although something, now or in the past, belongs to them.

    An agency that leaves is end-dated: its promises, benefits and readings stay, and past totals do not
    change. Only one that was entered by mistake, and that nothing ever named, can be removed.

    Parameters
    ----------
    store : Store
        The store as it would stand.

    Returns
    -------
    list[Finding]
        One for each such agency.
    """
    found = []
    for agency in store.removing.get("agencies", ()):
        named = store.mentions("agencies", agency)
        if not named:
            continue
        where = ", ".join(f"{count} in {record_type(table).sheet}" for table, count in sorted(named.items()))
        found.append(
            Finding(
                code="F5-agency-has-history",
                severity="error",
                place=f"{record_type('agencies').sheet}, {agency}",
                found=f"The agency {shown(agency)!r} would be removed, and the history names it ({where}).",
                do="Keep its row and fill in the day it left, and who succeeds it.",
            )
        )
    return found


def all_of(*guards: Guard) -> Guard:
    """Return one guard that returns the findings of several, in their order."""

    def guard(store: Store) -> list[Finding]:
        return [finding for one in guards for finding in one(store)]

    return guard


def standing_guards(tables: Collection[str], guard: Guard | None) -> Guard | None:
    """Return what holds for a change of these tables: the store's own rules first, then the caller's guard.

    Parameters
    ----------
    tables : Collection[str]
        The tables that the change writes or takes rows from.
    guard : callable, optional
        The caller's.

    Returns
    -------
    callable or None
        None where there is nothing to look at.

    Examples
    --------
    >>> standing_guards(["readings"], None) is None
    True
    >>> standing_guards(["scoring_rounds"], None).__name__
    'rule_guard'
    """
    own = [rule_guard] if "scoring_rounds" in tables else []
    held = [*own, *([guard] if guard else [])]
    return all_of(*held) if len(held) > 1 else held[0] if held else None

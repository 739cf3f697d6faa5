"""From a piece of work up to the big goal: who serves what, what serves nothing, what nobody pays for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partnership.goals import Goal

__all__ = ["Lineage", "LineageItem", "Link", "lineage", "path_of"]


@dataclass(frozen=True, slots=True)
class LineageItem:
    """A piece of work as the lineage sees it.

    Parameters
    ----------
    id, title : str
        Its id and name.
    goal_id : str or None
        The goal it serves.
    planned_gbp : Decimal or None
        What is planned to be paid for it, in cash and in kind; None: nothing is.
    is_done : bool
        True when it is finished.
    """

    id: str
    title: str
    goal_id: str | None
    planned_gbp: Decimal | None = None
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """One item with its way up.

    Parameters
    ----------
    item : LineageItem
        The work.
    path : tuple[str, ...]
        Ids of the goals from the one it serves up to the one that serves the big goal; empty for an orphan.
    fault : str
        Why it does not reach the big goal.
    """

    item: LineageItem
    path: tuple[str, ...]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Lineage:
    """Every item with its way up, and what is missing.

    Parameters
    ----------
    links : tuple[Link, ...]
        Every item, those that reach the big goal first, in the order of the goals.
    orphans : tuple[Link, ...]
        Items that reach no big goal.
    unserved : tuple[Goal, ...]
        Open goals that no open item serves, directly or through a goal below them.
    unfunded : tuple[Goal, ...]
        Open goals with open work for which no payment is planned, in cash or in kind, for any of it.
    planned_gbp : Mapping[str, Decimal]
        Goal id to what is planned for its own items and for itself.
    """

    links: tuple[Link, ...]
    orphans: tuple[Link, ...]
    unserved: tuple[Goal, ...]
    unfunded: tuple[Goal, ...]
    planned_gbp: Mapping[str, Decimal]


def path_of(goal_id: str, goals: Mapping[str, Goal]) -> tuple[tuple[str, ...], str]:
    """Return the goals from one up to the big goal, or why there is no such way.

    Parameters
    ----------
    goal_id : str
        Where to begin.
    goals : Mapping[str, Goal]
        Every goal by id.

    Returns
    -------
    tuple
        Ids from the first to the one that serves the big goal directly, and an empty text; or no ids, and
        the reason.

    Examples
    --------
    >>> from partnership.goals import Goal
    >>> train = Goal(id="G2", title="Train", parent_goal_id="G1")
    >>> known = {"G1": Goal(id="G1", title="Share cases"), "G2": train}
    >>> path_of("G2", known)
    (('G2', 'G1'), '')
    >>> path_of("G9", known)[1]
    'Goal G9 is not in the plan.'
    """
    path: list[str] = []
    at: str | None = goal_id
    while at is not None:
        if at not in goals:
            return (), f"Goal {at} is not in the plan."
        if at in path:
            return (), f"Goals {', '.join([*path[path.index(at) :], at])} wait for each other in a ring."
        path.append(at)
        at = goals[at].parent_goal_id
    return tuple(path), ""


def lineage(
    items: Sequence[LineageItem],
    goals: Sequence[Goal],
    paid_to_goals: Mapping[str, Decimal] | None = None,
    *,
    closed: frozenset[str] = frozenset(),
) -> Lineage:
    """Follow every piece of work up to the big goal.

    Parameters
    ----------
    items : Sequence[LineageItem]
        All work.
    goals : Sequence[Goal]
        All goals.
    paid_to_goals : Mapping[str, Decimal], optional
        Goal id to what is planned for the goal as a whole and not for one of its items.
    closed : frozenset[str]
        Ids of goals that are closed: they need neither work nor money.
    """
    known = {g.id: g for g in goals}
    order = {g.id: n for n, g in enumerate(goals)}
    links = [_link(item, known) for item in items]
    links.sort(key=lambda link: (bool(link.fault), order.get(link.path[0], 0) if link.path else 0))
    open_links = [link for link in links if link.path and not link.item.is_done]
    served = {goal for link in open_links for goal in link.path}
    money: dict[str, Decimal] = dict(paid_to_goals or {})
    for link in links:
        if link.path and link.item.planned_gbp is not None:
            money[link.path[0]] = money.get(link.path[0], Decimal(0)) + link.item.planned_gbp
    funded = {up for goal in money if goal in known for up in path_of(goal, known)[0]}
    living = [g for g in goals if g.id not in closed]
    return Lineage(
        links=tuple(links),
        orphans=tuple(link for link in links if link.fault),
        unserved=tuple(g for g in living if g.id not in served),
        unfunded=tuple(g for g in living if g.id in served and g.id not in funded),
        planned_gbp=money,
    )


def _link(item: LineageItem, goals: Mapping[str, Goal]) -> Link:
    if item.goal_id is None:
        return Link(item, (), "It names no goal.")
    path, fault = path_of(item.goal_id, goals)
    return Link(item, path, fault)

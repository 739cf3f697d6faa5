"""One order out of several agencies' orders: Borda, Copeland, Kemeny, beside the score, never instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

from partnership.errors import InvalidInput, UnknownName

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = [
    "MOST_EXACT",
    "Kemeny",
    "Ordering",
    "borda",
    "copeland",
    "kemeny",
    "orders_in_words",
    "preferences",
    "preferences_of_ballots",
    "preferences_of_scores",
]

MOST_EXACT = 14
"""Items of one ring of majorities that Kemeny's order is proved best for; larger rings are searched."""


@dataclass(frozen=True)
class Ordering:
    """How much of the voting weight puts one item before another: ``before[i, j]``; a tie gives each half."""

    items: tuple[str, ...]
    before: Floats


@dataclass(frozen=True)
class Kemeny:
    """Kemeny's order.

    Parameters
    ----------
    order : tuple[str, ...]
        Best first.
    distance : float
        Weight of the pairwise preferences that the order goes against.
    bound : float
        No order has a smaller distance than this; equal to ``distance`` where the order is proved best.
    proved : bool
        True when no order is better.
    ways : int or None
        How many orders are equally good; None where that is not known.
    """

    order: tuple[str, ...]
    distance: float
    bound: float
    proved: bool
    ways: int | None

    @property
    def sentence(self) -> str:
        """Say how sure the order is."""
        if not self.proved:
            return (
                f"Best order found, not proved: it goes against {self.distance:g} preferences, "
                f"and no order goes against fewer than {self.bound:g}."
            )
        if self.ways is not None and self.ways > 1:
            return f"Proved best, together with {self.ways - 1:,} other orders that are as good."
        return "Proved best; no other order is as good."


def preferences_of_scores(
    items: Sequence[str], scores: Floats, weights: Sequence[float] | None = None
) -> Ordering:
    """Return the pairwise preferences of raters' scores: a row a rater, NaN for not scored.

    A pair that a rater did not score both of is left out for that rater.
    """
    rows = np.asarray(scores, dtype=float)
    weight = np.ones(rows.shape[0]) if weights is None else np.asarray(weights, dtype=float)
    n = rows.shape[1]
    before = np.zeros((n, n))
    for row, w in zip(np.round(rows, 9), weight, strict=True):
        first, second = row[:, None], row[None, :]
        before += w * np.where(first > second, 1.0, np.where(first == second, 0.5, 0.0))
    np.fill_diagonal(before, 0.0)
    return Ordering(tuple(items), before)


def preferences_of_ballots(ballots: Sequence[Mapping[str, object]]) -> Ordering:
    """Return the pairwise preferences of ballots: each a count and an order, best first.

    Raises
    ------
    InvalidInput
        If a ballot ranks an item twice, or ballots rank different items.
    """
    items: list[str] = []
    for ballot in ballots:
        items += [str(i) for i in _order_of(ballot) if str(i) not in items]
    listed = sorted(items)
    at = {name: i for i, name in enumerate(listed)}
    before = np.zeros((len(listed), len(listed)))
    for ballot in ballots:
        order = [at[str(i)] for i in _order_of(ballot)]
        if len(set(order)) != len(order) or len(order) != len(listed):
            msg = f"A ballot ranks {len(order)} of {len(listed)} items, or one twice. Rank every item once."
            raise InvalidInput(msg)
        count = float(str(ballot.get("count", 1)))
        for place, first in enumerate(order):
            before[first, order[place + 1 :]] += count
    return Ordering(tuple(listed), before)


def _order_of(ballot: Mapping[str, object]) -> Sequence[object]:
    order = ballot.get("order")
    if not isinstance(order, Sequence):
        msg = "A ballot has an order: a list of items, best first."
        raise InvalidInput(msg)
    return order


preferences = preferences_of_scores


def borda(ordering: Ordering) -> dict[str, float]:
    """Return Borda points: n - 1 for a first place down to 0, ties sharing; summed over raters.

    Cloned items move it, so it stands beside other orders and never alone.

    Source
    ------
    Borda, 1781; Black, The Theory of Committees and Elections, 1958.

    Examples
    --------
    >>> borda(preferences_of_ballots([{"count": 2, "order": ["b", "a"]}]))
    {'a': 0.0, 'b': 2.0}
    """
    return dict(zip(ordering.items, ordering.before.sum(axis=1).tolist(), strict=True))


def copeland(ordering: Ordering) -> dict[str, int]:
    """Return Copeland's count: items beaten by a majority less items that beat it; a tie counts nought.

    Source
    ------
    Copeland, A reasonable social welfare function, 1951.

    Examples
    --------
    >>> copeland(preferences_of_ballots([{"count": 2, "order": ["b", "a"]}]))
    {'a': -1, 'b': 1}
    """
    wins = np.sign(np.round(ordering.before - ordering.before.T, 9)).sum(axis=1)
    return {name: int(v) for name, v in zip(ordering.items, wins, strict=True)}


def condorcet_winner(ordering: Ordering) -> str | None:
    """Return the item that beats every other by a majority; None where there is none."""
    found = [name for name, v in copeland(ordering).items() if v == len(ordering.items) - 1]
    return found[0] if found else None


def distance(ordering: Ordering, order: Sequence[str]) -> float:
    """Return the weight of pairwise preferences that an order goes against.

    Raises
    ------
    UnknownName
        If the order names an item that is not there.
    """
    at = {name: i for i, name in enumerate(ordering.items)}
    for name in order:
        if name not in at:
            raise UnknownName("item", name, ordering.items)
    places = [at[name] for name in order]
    return float(
        sum(
            ordering.before[places[j], places[i]]
            for i in range(len(places))
            for j in range(i + 1, len(places))
        )
    )


def kemeny(ordering: Ordering, *, most_exact: int = MOST_EXACT) -> Kemeny:
    """Return the order that goes against the fewest pairwise preferences.

    Items fall into rings of majorities (a beats b beats c beats a); the rings follow each other in every best
    order, so each is solved by itself: exactly up to ``most_exact`` items by going through all its subsets,
    above that by search from Borda's order, with the bound that each pair costs at least its smaller side.

    Source
    ------
    Kemeny, Mathematics without numbers, 1959; rings by the extended Condorcet criterion, Truchon, 1998.

    Examples
    --------
    >>> kemeny(preferences_of_ballots([{"count": 2, "order": ["b", "a"]}])).order
    ('b', 'a')
    """
    cost = ordering.before.T  # cost[i, j]: what placing i before j goes against
    n = len(ordering.items)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(n))
    margin = np.round(ordering.before - ordering.before.T, 9)
    graph.add_edges_from((i, j) for i in range(n) for j in range(n) if i != j and margin[i, j] >= 0)
    rings = nx.condensation(graph)
    order: list[int] = []
    total = bound = 0.0
    proved, ways = True, 1
    for node in nx.topological_sort(rings):
        members = sorted(rings.nodes[node]["members"])
        inner = cost[np.ix_(members, members)]
        if len(members) <= most_exact:
            best, value, count = _exact(inner)
            least = value
            ways *= count
        else:
            best, value = _searched(inner)
            least = float(np.minimum(inner, inner.T)[np.triu_indices(len(members), 1)].sum())
            proved = proved and value <= least + 1e-9
        for place in order:
            between = float(cost[place, members].sum())
            total, bound = total + between, bound + between
        order += [members[i] for i in best]
        total, bound = total + value, bound + least
    exact = all(len(rings.nodes[r]["members"]) <= most_exact for r in rings)
    return Kemeny(
        tuple(ordering.items[i] for i in order),
        round(total, 9),
        round(bound, 9),
        proved,
        ways if exact else None,
    )


def _exact(cost: Floats) -> tuple[list[int], float, int]:
    """Return the best order of a few items by going through subsets, and how many orders are as good."""
    n = len(cost)
    if n == 1:
        return [0], 0.0, 1
    full = 1 << n
    best, ways, last = np.full(full, np.inf), [0] * full, np.zeros(full, dtype=np.int64)
    best[0], ways[0] = 0.0, 1
    # into[s, i]: what placing all of subset s before i goes against
    into = np.zeros((full, n))
    for bit in range(n):
        into[1 << bit : 2 << bit] = into[: 1 << bit] + cost[bit]
    for subset in range(1, full):
        least, count, at = np.inf, 0, 0
        rest = subset
        while rest:
            bit = rest & -rest
            i = bit.bit_length() - 1
            value = float(best[subset ^ bit] + into[subset ^ bit, i])
            if value < least - 1e-9:
                least, count, at = value, ways[subset ^ bit], i
            elif value <= least + 1e-9:  # as good: the item that was given later stays later
                count, at = count + ways[subset ^ bit], i
            rest ^= bit
        best[subset], ways[subset], last[subset] = least, count, at
    order, subset = [], full - 1
    while subset:
        order.append(int(last[subset]))
        subset ^= 1 << order[-1]
    return order[::-1], float(best[full - 1]), ways[full - 1]


def _searched(cost: Floats) -> tuple[list[int], float]:
    """Return a good order: Borda's, then every item moved to where it costs least until nothing moves."""
    order = sorted(range(len(cost)), key=lambda i: (float(cost[i].sum()), i))
    moved = True
    while moved:
        moved = False
        for item in list(order):
            place = order.index(item)
            rest = [i for i in order if i != item]
            after, before = cost[item, rest], cost[rest, item]
            # cost of standing at place k: everything before k is before the item, everything else after it
            costs = np.concatenate([[0.0], np.cumsum(before)]) + (
                after.sum() - np.concatenate([[0.0], np.cumsum(after)])
            )
            at = int(costs.argmin())
            if costs[at] < costs[place] - 1e-9:
                rest.insert(at, item)
                order, moved = rest, True
    value = sum(float(cost[order[i], order[i + 1 :]].sum()) for i in range(len(order)))
    return order, value


def orders_in_words(by_score: Sequence[str], **others: Sequence[str]) -> str:
    """Return one sentence: whether other ways to count give the same first item and the same order.

    Parameters
    ----------
    by_score : Sequence[str]
        Order by the score, best first.
    **others : Sequence[str]
        Orders by name: ``Borda=...``.

    Examples
    --------
    >>> orders_in_words(["a", "b"], Borda=["a", "b"], Kemeny=["b", "a"])
    'Borda gives the same order. Kemeny puts b first, not a.'
    """
    if not by_score:
        return "Nothing has been scored, so there is no order to compare."
    said: dict[str, list[str]] = {}
    for name, order in others.items():
        if list(order) == list(by_score):
            words = "the same order"
        elif order[:1] == tuple(by_score[:1]) or list(order[:1]) == list(by_score[:1]):
            moved = sum(1 for a, b in zip(by_score, order, strict=False) if a != b)
            words = f"the same first item and other places for {moved}"
        else:
            words = f"puts {order[0]} first, not {by_score[0]}"
        said.setdefault(words, []).append(name)
    out = []
    for words, names in said.items():
        who = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
        verb = "" if words.startswith("puts") else ("give " if len(names) > 1 else "gives ")
        told = words.replace("puts", "put", 1) if words.startswith("puts") and len(names) > 1 else words
        out.append(f"{who} {verb}{told}.")
    return " ".join(out)

"""Sharing a joint gain or cost: SCRB, Shapley, nucleolus; and the core test that says who would leave.

A game gives each coalition of agencies a value: what they would gain on their own. Coalitions are frozen sets
of names; the value of nobody is 0. A cost game is turned into its savings game first: value(S) = sum of
stand-alone costs - cost(S).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from math import factorial

import numpy as np
from scipy.optimize import linprog

from partnership.errors import InvalidInput

__all__ = [
    "Game",
    "core_objections",
    "equal_return_transfers",
    "game_from_list",
    "nucleolus",
    "savings_game",
    "scrb",
    "shapley",
]

Game = Mapping[frozenset[str], Fraction]
"""Coalition to what it is worth on its own; every coalition but the empty one must be there."""

_MOST_AGENCIES = 10


def game_from_list(
    agencies: Sequence[str], values: Sequence[Fraction | int | str]
) -> dict[frozenset[str], Fraction]:
    """Return the game of values listed singletons first, then pairs, … in lexicographic order.

    Raises
    ------
    InvalidInput
        If there are not 2**n - 1 values.

    Examples
    --------
    >>> game_from_list("ab", [1, 2, 5])[frozenset("ab")]
    Fraction(5, 1)
    """
    coalitions = [frozenset(c) for size in range(1, len(agencies) + 1) for c in combinations(agencies, size)]
    if len(values) != len(coalitions):
        msg = f"{len(agencies)} agencies make {len(coalitions)} coalitions; {len(values)} values were given."
        raise InvalidInput(msg)
    return {c: Fraction(v) for c, v in zip(coalitions, values, strict=True)}


def savings_game(costs: Game) -> dict[frozenset[str], Fraction]:
    """Return what each coalition saves by working together: its members' own costs less its joint cost.

    Examples
    --------
    >>> savings_game(game_from_list("ab", [3, 4, 5]))[frozenset("ab")]
    Fraction(2, 1)
    """
    alone = {next(iter(c)): v for c, v in costs.items() if len(c) == 1}
    return {c: sum((alone[a] for a in c), Fraction(0)) - v for c, v in costs.items()}


def _agencies(game: Game) -> list[str]:
    everyone = max(game, key=len)
    agencies = sorted(everyone)
    if len(agencies) > _MOST_AGENCIES:
        msg = (
            f"{len(agencies)} agencies were given; exact shares are worked out for at most {_MOST_AGENCIES}."
        )
        raise InvalidInput(msg)
    wanted = 2 ** len(agencies) - 1
    if len([c for c in game if c]) != wanted:
        msg = (
            f"{len(agencies)} agencies make {wanted} coalitions and {len(game)} have a value. State them all."
        )
        raise InvalidInput(msg)
    return agencies


def shapley(game: Game) -> dict[str, Fraction]:
    """Return each agency's average contribution over all orders of joining: exact.

    phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! (v(S + i) - v(S)). Efficient (shares make the
    whole) and symmetric. Known trap: it may lie outside the core, so that a group would do better alone.

    Parameters
    ----------
    game : Game
        At most 10 agencies, every coalition valued.

    Source
    ------
    Shapley, "A value for n-person games", *Contributions to the Theory of Games II* (1953).

    Examples
    --------
    >>> shapley(game_from_list(["L1", "L2", "R"], [0, 0, 0, 0, 1, 1, 1]))["R"]
    Fraction(2, 3)
    """
    agencies = _agencies(game)
    n = len(agencies)
    out: dict[str, Fraction] = {}
    for agency in agencies:
        others = [a for a in agencies if a != agency]
        total = Fraction(0)
        for size in range(n):
            weight = Fraction(factorial(size) * factorial(n - size - 1), factorial(n))
            for group in combinations(others, size):
                before = frozenset(group)
                total += weight * (game[before | {agency}] - (game[before] if before else 0))
        out[agency] = total
    return out


def scrb(costs: Game) -> dict[str, Fraction]:
    """Share a joint cost by separable costs, remaining benefits.

    Each agency first bears its separable cost, cost(all) - cost(all without it); what remains is shared in
    proportion to the remaining benefit, stand-alone cost less separable cost.

    Source
    ------
    Inter-Agency Committee on Water Resources, *Proposed Practices for Economic Analysis of River Basin
    Projects* (1958); Straffin and Heaney (1981) for its place among game methods.

    Examples
    --------
    >>> tva = game_from_list("nfp", [163520, 140826, 250096, 301607, 378821, 367370, 412584])
    >>> {k: round(v) for k, v in scrb(tva).items()}
    {'f': 99157, 'n': 117476, 'p': 195951}
    """
    agencies = _agencies(costs)
    everyone = frozenset(agencies)
    separable = {
        a: costs[everyone] - costs[everyone - {a}] if len(agencies) > 1 else costs[everyone] for a in agencies
    }
    remaining = {a: max(costs[frozenset({a})] - separable[a], Fraction(0)) for a in agencies}
    joint = costs[everyone] - sum(separable.values())
    total = sum(remaining.values())
    if joint and not total:
        msg = "No agency has a remaining benefit to share the joint cost by. Use another method."
        raise InvalidInput(msg)
    return {a: separable[a] + (joint * remaining[a] / total if joint else 0) for a in agencies}


def core_objections(game: Game, shares: Mapping[str, Fraction]) -> list[tuple[tuple[str, ...], Fraction]]:
    """Return each group that would do better alone, and by how much; none means the shares are in the core.

    Examples
    --------
    >>> core_objections(game_from_list("ab", [1, 2, 5]), {"a": Fraction(0), "b": Fraction(5)})
    [(('a',), Fraction(1, 1))]
    """
    _agencies(game)
    better = [
        (tuple(sorted(c)), v - sum(shares[a] for a in c))
        for c, v in game.items()
        if v > sum(shares[a] for a in c)
    ]
    return sorted(better, key=lambda x: (-x[1], x[0]))


def nucleolus(game: Game, *, per_capita: bool = False) -> dict[str, float]:
    """Return the shares whose largest complaint is as small as can be, then the next largest, and so on.

    Complaint of a group: what it would get alone less what its members get (divided by its size for the
    per-capita nucleolus). Every agency gets at least what it would have alone. A sequence of linear
    programmes: each finds the least largest complaint, and fixes the groups that must have it in every
    solution.

    Parameters
    ----------
    game : Game
        At most 10 agencies, every coalition valued.
    per_capita : bool
        Complaints per head.

    Returns
    -------
    dict[str, float]
        Shares that make the whole.

    Raises
    ------
    InvalidInput
        If the whole is worth less than its members alone: no share can leave everybody at least as well off.

    Source
    ------
    Schmeidler, "The nucleolus of a characteristic function game" (1969); per-capita: Grotte (1970), Young
    (1985).

    Examples
    --------
    >>> worth = ["46125", "17437.5", "5812.5", "69187.5", "53812.5", "30750", "90000"]
    >>> v = game_from_list("abc", worth)
    >>> [round(x, 2) for x in nucleolus(v).values()]
    [52687.5, 24468.75, 12843.75]
    """
    agencies = _agencies(game)
    n, everyone = len(agencies), frozenset(agencies)
    whole = float(game[everyone])
    scale = max(1.0, *(abs(float(v)) for v in game.values()))
    alone = [float(game[frozenset({a})]) / scale for a in agencies]
    if sum(alone) > whole / scale + 1e-12:
        msg = "Together the agencies are worth less than alone: no share leaves everybody as well off."
        raise InvalidInput(msg)
    groups = [c for c in game if 0 < len(c) < n]
    rows = np.array([[1.0 if a in c else 0.0 for a in agencies] for c in groups]).reshape(len(groups), n)
    worth = np.array([float(game[c]) / scale for c in groups])
    heads = np.array([len(c) if per_capita else 1 for c in groups], dtype=float)
    equal, equal_to, open_rows = [np.ones(n)], [whole / scale], np.ones(len(groups), dtype=bool)
    shares = np.full(n, whole / scale / n)
    while open_rows.any() and np.linalg.matrix_rank(np.array(equal)) < n:
        complaint, shares, fixed = _least_complaint(rows, worth, heads, open_rows, equal, equal_to, alone)
        for i in fixed:
            equal.append(rows[i])
            equal_to.append(worth[i] - complaint * heads[i])
            open_rows[i] = False
    if n > 1:
        shares = np.linalg.lstsq(np.array(equal), np.array(equal_to), rcond=None)[0]
    return {a: float(x * scale) for a, x in zip(agencies, shares, strict=True)}


def _least_complaint(
    rows: np.ndarray,
    worth: np.ndarray,
    heads: np.ndarray,
    open_rows: np.ndarray,
    equal: list[np.ndarray],
    equal_to: list[float],
    alone: list[float],
) -> tuple[float, np.ndarray, list[int]]:
    """Solve one step: the least largest complaint, shares that reach it, and the groups bound to it."""
    n = rows.shape[1]
    index = np.flatnonzero(open_rows)
    a_ub = np.hstack([-rows[index], -heads[index, None]])
    a_eq = np.hstack([np.array(equal), np.zeros((len(equal), 1))])
    bounds = [*((low, None) for low in alone), (None, None)]
    found = linprog([0.0] * n + [1.0], A_ub=a_ub, b_ub=-worth[index], A_eq=a_eq, b_eq=equal_to, bounds=bounds)
    if found.status != 0:
        msg = f"The shares could not be worked out: {found.message}"
        raise InvalidInput(msg)
    level = float(found.x[-1])
    bound = [i for i, dual in zip(index, found.ineqlin.marginals, strict=True) if dual < -1e-9]
    if not bound:
        bound = [int(index[int(np.argmax(worth[index] - rows[index] @ found.x[:n] - level * heads[index]))])]
    return level, found.x[:n], [int(i) for i in bound]


def equal_return_transfers(
    paid: Mapping[str, Fraction], gained: Mapping[str, Fraction]
) -> dict[str, Fraction]:
    """Return what each agency receives (positive) or gives so that all have one return on what they paid.

    transfer_i = paid_i x total gain / total paid - gain_i; the transfers sum to zero.

    Examples
    --------
    >>> paid = {"LA": Fraction(600), "ICB": Fraction(300)}
    >>> gained = {"LA": Fraction(400), "ICB": Fraction(800)}
    >>> t = equal_return_transfers(paid, gained)
    >>> t["LA"], sum(t.values())
    (Fraction(400, 1), Fraction(0, 1))
    """
    total_paid = sum(paid.values(), Fraction(0))
    if total_paid <= 0:
        msg = "Nobody has paid anything: there is no return to make equal."
        raise InvalidInput(msg)
    total = sum(gained.values(), Fraction(0))
    names = [*paid, *(g for g in gained if g not in paid)]
    return {a: paid.get(a, Fraction(0)) * total / total_paid - gained.get(a, Fraction(0)) for a in names}

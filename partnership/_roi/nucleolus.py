"""Nucleolus and per-capita nucleolus: a sequence of linear programmes, solved to exact fractions.

Each programme finds the least largest complaint. Its dual solution names groups whose complaint is the same
in every solution; the complaint itself is then recomputed from those groups in exact fractions, so that no
rounding is carried from one programme to the next. Groups whose shares follow from those already fixed take
no further part: this is what makes degenerate games (many groups with the same complaint) safe.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import numpy as np
from scipy.optimize import linprog

from partnership._roi.games import Coalition, Game, players
from partnership.errors import InvalidInput

__all__ = ["core_is_empty", "nucleolus"]

_ZERO, _ONE = Fraction(0), Fraction(1)
_TIGHT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
_BINDS = 1e-7


class _Equations:
    """Linear equations in exact fractions, kept in reduced row echelon form."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.rows: dict[int, list[Fraction]] = {}

    def reduced(self, row: Sequence[Fraction]) -> list[Fraction]:
        """Return what is left of a row (coefficients, then right-hand side) after the known ones."""
        left = list(row)
        for pivot, known in self.rows.items():
            if factor := left[pivot]:
                left = [a - factor * b for a, b in zip(left, known, strict=True)]
        return left

    def add(self, row: Sequence[Fraction]) -> bool:
        """Add an equation; False when it follows from those known already."""
        left = self.reduced(row)
        pivot = next((i for i in range(self.width) if left[i]), None)
        if pivot is None:
            return False
        new = [a / left[pivot] for a in left]
        for at, known in self.rows.items():
            if factor := known[pivot]:
                self.rows[at] = [a - factor * b for a, b in zip(known, new, strict=True)]
        self.rows[pivot] = new
        return True

    def settles(self, rows: np.ndarray) -> np.ndarray:
        """Tell of each row of 0s and 1s whether its sum follows; small fractions, so that floats do."""
        pivots = list(self.rows)
        known = np.array([[float(x) for x in self.rows[p][: self.width]] for p in pivots])
        left: np.ndarray = np.abs(rows - rows[:, pivots] @ known).max(axis=1) < _BINDS
        return left


def nucleolus(game: Game, *, per_capita: bool = False) -> dict[str, Fraction]:
    """Return the shares whose largest complaint is as small as can be, then the next largest, and so on.

    Complaint of a group: what it would get alone less what its members get (divided by its size for the
    per-capita nucleolus). Every agency gets at least what it would have alone. Lies in the core wherever the
    core is not empty. Known trap: it can give the scarce partner everything.

    Parameters
    ----------
    game : Game
        At most 10 agencies, every coalition valued. Gains, not costs: see ``savings_game``.
    per_capita : bool
        Complaints per head.

    Returns
    -------
    dict[str, Fraction]
        Shares that make the whole exactly.

    Raises
    ------
    InvalidInput
        If the whole is worth less than its members alone: no share can leave everybody at least as well off.

    Source
    ------
    Schmeidler, "The nucleolus of a characteristic function game", *SIAM Journal on Applied Mathematics* 17
    (1969); per capita: Young, "Cost allocation" (1985). Sequence of programmes: Maschler, Peleg and Shapley
    (1979).

    Examples
    --------
    >>> from partnership._roi.games import game_from_list
    >>> worth = ["46125", "17437.5", "5812.5", "69187.5", "53812.5", "30750", "90000"]
    >>> [float(x) for x in nucleolus(game_from_list("abc", worth)).values()]
    [52687.5, 24468.75, 12843.75]
    """
    agencies = players(game)
    everyone = frozenset(agencies)
    alone = {a: game[frozenset({a})] for a in agencies}
    surplus = game[everyone] - sum(alone.values(), _ZERO)
    if surplus < 0:
        msg = (
            "Together the agencies are worth less than alone: no share leaves everybody at least as well off."
        )
        raise InvalidInput(msg)
    if not surplus:
        return alone
    extra = {c: (v - sum((alone[a] for a in c), _ZERO)) / surplus for c, v in game.items() if c}
    parts = _sequence(agencies, {c: v for c, v in extra.items() if c != everyone}, per_capita)
    return {a: alone[a] + surplus * x for a, x in zip(agencies, parts, strict=True)}


def _sequence(
    agencies: Sequence[str], extra: Mapping[Coalition, Fraction], per_capita: bool
) -> list[Fraction]:
    """Share one unit that nobody is worth alone: programmes until the equations settle every share."""
    n = len(agencies)
    known = _Equations(n)
    known.add([_ONE] * (n + 1))
    groups = list(extra)
    members = np.array([[float(a in g) for a in agencies] for g in groups])
    worth = np.array([float(extra[g]) for g in groups])
    heads = members.sum(axis=1) if per_capita else np.ones(len(groups))
    while len(known.rows) < n:
        loose = np.flatnonzero(~known.settles(members))
        binding, at_zero = _bound(members[loose], worth[loose], heads[loose], known)
        rows = [
            [*_ones(a in groups[i] for a in agencies), Fraction(int(heads[i])), extra[groups[i]]]
            for i in loose[binding]
        ]
        nothing = [[*_ones(j == i for j in range(n)), _ZERO, _ZERO] for i in at_zero]
        with_level = _Equations(n + 1)
        for row in (*([*r[:n], _ZERO, r[n]] for r in known.rows.values()), *nothing, *rows):
            with_level.add(row)
        level = with_level.reduced([_ZERO] * n + [_ONE, _ZERO])
        if any(level[: n + 1]):
            msg = "The shares could not be settled: the largest complaint has no single least value."
            raise InvalidInput(msg)
        for row in (*nothing, *rows):
            known.add([*row[:n], row[n + 1] + level[n + 1] * row[n]])
    return [known.rows[i][n] for i in range(n)]


def _ones(flags: Iterable[bool]) -> list[Fraction]:
    return [_ONE if flag else _ZERO for flag in flags]


def _bound(
    members: np.ndarray, worth: np.ndarray, heads: np.ndarray, known: _Equations
) -> tuple[np.ndarray, np.ndarray]:
    """Return the groups, and the shares of nothing, that hold the largest complaint where it is."""
    n = known.width
    equal = np.array([[float(x) for x in row] for row in known.rows.values()])
    found = linprog(
        [0.0] * n + [1.0],
        A_ub=np.hstack([-members, -heads[:, None]]),
        b_ub=-worth,
        A_eq=np.hstack([equal[:, :n], np.zeros((len(equal), 1))]),
        b_eq=equal[:, n],
        bounds=[*((0.0, None) for _ in range(n)), (None, None)],
        method="highs-ds",
        options=_TIGHT,
    )
    if found.status != 0:
        msg = f"The shares could not be worked out: {found.message}"
        raise InvalidInput(msg)
    return np.flatnonzero(found.ineqlin.marginals < -_BINDS), np.flatnonzero(
        found.lower.marginals[:n] > _BINDS
    )


def core_is_empty(game: Game) -> bool:
    """Tell whether every possible share leaves some group better off alone.

    The core is empty if and only if the largest complaint at the nucleolus is above zero, or no share leaves
    every single agency as well off as alone.

    Examples
    --------
    >>> from partnership._roi.games import game_from_list
    >>> core_is_empty(game_from_list("abc", [0, 0, 0, 1, 1, 1, 1]))
    True
    """
    everyone = max(game, key=len)
    if game[everyone] < sum((game[frozenset({a})] for a in everyone), _ZERO):
        return True
    shares = nucleolus(game)
    return any(v > sum((shares[a] for a in c), _ZERO) for c, v in game.items() if c)

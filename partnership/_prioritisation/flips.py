"""What would change an order: the least change of a weight or of one score; items that are never first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from partnership._prioritisation.quadrants import dominators
from partnership._prioritisation.scoring import MOST, Scored, utilities

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = [
    "ScoreFlip",
    "WeightFlip",
    "close_calls",
    "first_for_some_weights",
    "score_flip",
    "switch_point",
    "weight_flip",
]

_STEP = 1e-9


@dataclass(frozen=True, slots=True)
class WeightFlip:
    """The smallest change of weights that makes two items equal.

    Parameters
    ----------
    other : str
        Item that it changes places with.
    moved : float
        Weight that must move between criteria, of 1 in all.
    towards : str
        Criterion that gains most of it.
    away : tuple[str, ...]
        Criteria that give it.
    keeps_order : bool
        True while the axes that mattered more still do; False when the change would turn their order round.
    """

    other: str
    moved: float
    towards: str
    away: tuple[str, ...]
    keeps_order: bool


@dataclass(frozen=True, slots=True)
class ScoreFlip:
    """The smallest change of one agency's one score that makes two items equal.

    Parameters
    ----------
    other : str
        Item that it changes places with.
    agency, criterion : str
        Whose score, on what.
    score, becomes : float
        The score as given, and the one at which the two are equal.
    """

    other: str
    agency: str
    criterion: str
    score: float
    becomes: float

    @property
    def change(self) -> float:
        """Signed change of the score."""
        return self.becomes - self.score


def moved_weight(
    apart: Sequence[float] | Floats, weights: Sequence[float] | Floats
) -> tuple[float, int, list[int]] | None:
    """Return the least weight that must move for a difference to vanish, where to, and from where.

    Parameters
    ----------
    apart : array
        How far the better item is above the other on each criterion; weighted, it is above nought.
    weights : array
        Weights now.

    Returns
    -------
    tuple or None
        None where no weights make the two equal: the better one is nowhere worse.

    Examples
    --------
    >>> moved_weight([5, -1], [0.5, 0.5])
    (0.3333333333333333, 1, [0])
    """
    d, w = np.asarray(apart, dtype=float), np.asarray(weights, dtype=float)
    gap = float(d @ w)
    to = int(d.argmin())
    moved, left, from_where = 0.0, gap, []
    for place in sorted(range(len(d)), key=lambda i: -d[i]):
        gain = float(d[place] - d[to])
        if left <= _STEP or gain <= 0:
            break
        take = min(float(w[place]), left / gain)
        if take > 0:
            moved, left = moved + take, left - take * gain
            from_where.append(place)
    return (moved, to, from_where) if left <= _STEP else None


def weight_flip(result: Scored, item: int) -> WeightFlip | None:
    """Return the smallest change of weights that makes an item change places with another; None: none."""
    merit = utilities(result.weighting.criteria, result.by_criterion)
    best: WeightFlip | None = None
    for other in result.ranked:
        gap = float(result.score[item] - result.score[other])
        if other == item or not np.isfinite(gap):
            continue
        apart = (merit[:, item] - merit[:, other]) * (1 if gap >= 0 else -1)
        found = moved_weight(apart, result.weighting.weights)
        if found and abs(gap) > _STEP and (best is None or found[0] < best.moved):
            names = [c.id for c in result.weighting.criteria]
            away = tuple(names[i] for i in found[2])
            kept = _keeps_order(result, found[1], found[2], found[0])
            best = WeightFlip(result.table.items[other], found[0], names[found[1]], away, kept)
    return best


def _keeps_order(result: Scored, to: int, away: Sequence[int], moved: float) -> bool:
    """Tell whether the axis that matters more still does when weight has moved."""
    weighting, left = result.weighting, moved
    after = list(weighting.weights)
    after[to] += moved
    for place in away:
        taken = min(weighting.weights[place], left)
        after[place], left = after[place] - taken, left - taken
    before = weighting.axis_weights
    now = {a: sum(after[i] for i in weighting.on_axis(a)) for a in weighting.axes}
    return all(now[a] >= now[b] - _STEP for a in now for b in now if before[a] > before[b])


def score_flip(result: Scored, item: int) -> ScoreFlip | None:
    """Return the smallest change of one agency's score of an item that makes it change places with any other.

    The score stays within the anchors; None where no single score does it.
    """
    table, weighting = result.table, result.weighting
    best: ScoreFlip | None = None
    gaps = [(abs(float(result.score[o] - result.score[item])), o) for o in result.ranked if o != item]
    gaps = [g for g in gaps if g[0] > _STEP]
    for c, criterion in enumerate(weighting.criteria):
        place = next(i for i, x in enumerate(table.criteria) if x.id == criterion.id)
        column = table.values[:, place, item]
        there = np.isfinite(column)
        share = np.where(there, result.agency_weights, 0.0)
        if not share.sum() > 0:
            continue
        pull = weighting.weights[c] * share / share.sum() * (-1 if criterion.axis == "effort" else 1)
        for gap, other in gaps:
            wanted = gap if result.score[other] > result.score[item] else -gap
            for a in np.flatnonzero(there & (np.abs(pull) > 0)):
                score = float(column[a])
                becomes = score + wanted / float(pull[a])
                if -_STEP <= becomes <= MOST + _STEP and (
                    best is None or abs(becomes - score) < abs(best.change) - _STEP
                ):
                    becomes = round(min(MOST, max(0.0, becomes)), 9)
                    best = ScoreFlip(table.items[other], table.agencies[a], criterion.id, score, becomes)
    return best


def switch_point(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Return the weight of the first of two criteria at which two items are equal; None where there is none.

    Examples
    --------
    >>> switch_point([8, 3], [5, 6])
    0.5
    """
    a, b = first[0] - second[0], first[1] - second[1]
    if a == b:
        return None
    at = b / (b - a)
    return at if 0 <= at <= 1 else None


def winners_along(scores: Sequence[Sequence[float]]) -> list[tuple[float, float, int]]:
    """Return, for two criteria, which item is first from one weight of the first criterion to another.

    Examples
    --------
    >>> winners_along([[8, 3], [5, 6], [4, 9]])
    [(0.0, 0.6, 2), (0.6, 1.0, 0)]
    """
    cuts = {0.0, 1.0}
    for i, one in enumerate(scores):
        for two in scores[i + 1 :]:
            at = switch_point(one, two)
            if at is not None:
                cuts.add(at)
    out: list[tuple[float, float, int]] = []
    edges = sorted(cuts)
    for low, high in zip(edges, edges[1:], strict=False):
        middle = (low + high) / 2
        best = max(
            range(len(scores)), key=lambda i: (middle * scores[i][0] + (1 - middle) * scores[i][1], -i)
        )
        if out and out[-1][2] == best:
            out[-1] = (out[-1][0], high, best)
        else:
            out.append((low, high, best))
    return out


def first_for_some_weights(
    values: Sequence[Sequence[float]] | Floats,
    *,
    order: Sequence[int] | None = None,
    known: Sequence[int] = (),
) -> list[bool]:
    """Tell, for each row, whether some weights put it first (or first with others); more is better.

    A row can be dominated by no other and still never be first: a compromise that lies under a straight line
    between two others. Found by linear programming: the largest t such that some weights put the row t above
    every other.

    Parameters
    ----------
    values : array
        Item by criterion.
    order : Sequence[int], optional
        Rank of each weight that the weights must keep, 0 the largest; all weights when left out.
    known : Sequence[int]
        Rows known to be first for some weights, which are not tried again.

    Source
    ------
    Bridges and others as "potentially optimal" alternatives: Hazen, Operations Research 34(2), 1986.

    Examples
    --------
    >>> first_for_some_weights([[8, 3], [5, 6], [4, 9]])
    [True, False, True]
    """
    rows = np.asarray(values, dtype=float)
    n, k = rows.shape
    beaten = dominators(rows)
    strictly = [any((rows[j] > rows[i] + _STEP).all() for j in beaten[i]) for i in range(n)]
    rivals = [i for i in range(n) if not beaten[i]]
    keep = _kept_order(order, k)
    return [
        i in known or (not strictly[i] and _can_be_first(rows, i, [j for j in rivals if j != i], keep))
        for i in range(n)
    ]


def _kept_order(order: Sequence[int] | None, k: int) -> Floats:
    """Return rows r such that r . w <= 0 keeps the order of the weights."""
    rows = []
    for i in range(k if order else 0):
        for j in range(k):
            if order and order[i] + 1 == order[j]:
                row = np.zeros(k + 1)
                row[i], row[j] = -1.0, 1.0
                rows.append(row)
    return np.array(rows).reshape(len(rows), k + 1)


def _can_be_first(rows: Floats, item: int, rivals: Sequence[int], keep: Floats) -> bool:
    from scipy.optimize import linprog

    k = rows.shape[1]
    if not rivals:
        return True
    below = np.hstack([rows[list(rivals)] - rows[item], np.ones((len(rivals), 1))])
    bound = np.vstack([below, keep])
    total = np.append(np.ones(k), 0.0).reshape(1, -1)
    found = linprog(
        np.append(np.zeros(k), -1.0),
        A_ub=bound,
        b_ub=np.zeros(len(bound)),
        A_eq=total,
        b_eq=[1.0],
        bounds=[(0, 1)] * k + [(None, None)],
        method="highs",
    )
    return bool(found.status == 0 and -found.fun >= -1e-9)


def close_calls(order: Sequence[int], pairwise: Floats, *, sure: float = 2 / 3) -> list[tuple[int, int]]:
    """Return the runs of places too close to call: from and to, 1 the first.

    Two neighbours are a close call while the upper one is ahead in fewer than ``sure`` of the draws.

    Examples
    --------
    >>> close_calls([0, 1, 2], np.array([[0, 0.9, 1], [0.1, 0, 0.55], [0, 0.45, 0]]))
    [(2, 3)]
    """
    out: list[tuple[int, int]] = []
    for place, (upper, lower) in enumerate(zip(order, order[1:], strict=False), start=1):
        if pairwise[upper, lower] < sure:
            if out and out[-1][1] == place:
                out[-1] = (out[-1][0], place + 1)
            else:
                out.append((place, place + 1))
    return out

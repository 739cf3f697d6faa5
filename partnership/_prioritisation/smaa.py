"""How sure a rank is: every item's chance of every place when weights, and scorers, could have been others.

Stochastic multicriteria acceptability analysis (SMAA). Weights are drawn uniformly from all that the
partnership leaves open. Where agencies differ, their scores are weighed anew in every draw (the Bayesian
bootstrap), so that an item on which agencies disagree has an uncertain place. Draws are seeded: the same
scores give the same shares.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from partnership.errors import InvalidInput

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["DRAWS", "SEED", "Acceptability", "acceptability", "choice_entropy", "from_draws", "of_matrix"]

DRAWS = 20_000
"""Draws of a page: a share is right to within about 0.7 percentage points, nineteen times in twenty."""

SEED = 20_261_123

_BLOCK = 16_384
_WORTH_COMPILING = 150_000_000
_MOST_AT_ONCE = 256
_TIED = 1e-9

Draw = Callable[[int, np.random.Generator], tuple["Floats", "Floats"]]
"""Gives, for a number of draws, the values (draw by item) and the weights (draw by criterion)."""


@dataclass(frozen=True)
class Acceptability:
    """Shares of draws.

    Parameters
    ----------
    ranks : numpy.ndarray
        Item by place: share of draws in which the item takes the place. Rows and columns add to 1; items
        that are always tied share their places.
    central_weights : numpy.ndarray
        Item by criterion: mean of the weights under which the item is first; NaN where it never is.
    pairwise : numpy.ndarray
        Item by item: share of draws in which the first has the larger value; a tie counts half. The diagonal
        is 0.
    draws : int
        How many; 0 for shares worked out exactly.
    """

    ranks: Floats
    central_weights: Floats
    pairwise: Floats
    draws: int

    @property
    def first(self) -> Floats:
        """Share of draws in which each item is first."""
        return np.asarray(self.ranks[:, 0])

    @property
    def expected_rank(self) -> Floats:
        """Mean place of each item."""
        return np.asarray(self.ranks @ np.arange(1, self.ranks.shape[1] + 1))


def acceptability(
    draw: Draw, items: int, criteria: int, *, draws: int = DRAWS, seed: int = SEED
) -> Acceptability:
    """Return the shares of draws in which each item takes each place.

    Parameters
    ----------
    draw : callable
        Gives values and weights for a number of draws.
    items, criteria : int
        How many of each.
    draws : int
        How many draws.
    seed : int
        Where chance starts; the same seed gives the same shares.

    Raises
    ------
    InvalidInput
        If there is no draw to make.

    Source
    ------
    Lahdelma and Salminen, SMAA-2, Operations Research 49(3), 2001; pairwise winning, Leskinen et al., 2006.
    """
    if draws < 1:
        msg = f"{draws} draws say nothing. Ask for at least one; a page uses {DRAWS:,}."
        raise InvalidInput(msg)
    rng = np.random.default_rng(seed)
    counter = _Counter(items, criteria, compiled=draws * items * items > _WORTH_COMPILING)
    done = 0
    while done < draws:
        size = min(_BLOCK, draws - done)
        values, weights = draw(size, rng)
        counter.add(np.ascontiguousarray(values.T), weights)
        done += size
    return counter.result()


def of_matrix(
    values: Sequence[Sequence[float]] | Floats,
    weights: Callable[[int, np.random.Generator], Floats] | None = None,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Acceptability:
    """Return the acceptabilities of a fixed matrix, item by criterion, more being better.

    Parameters
    ----------
    values : array
        On one scale for all criteria.
    weights : callable, optional
        Draws weights; uniform over all when left out.
    """
    from partnership._prioritisation.weighting import draw_simplex

    matrix = np.asarray(values, dtype=float)
    if matrix.ndim != 2 or not np.isfinite(matrix).all():
        msg = "Acceptability needs a value of every item on every criterion. Leave out items that have none."
        raise InvalidInput(msg)
    n, k = matrix.shape
    if weights is None and draws * n * n > _WORTH_COMPILING and n <= _MOST_AT_ONCE and k:
        return _in_one_pass(matrix, draws, seed)
    free = [0] * k
    narrow = matrix.astype(np.float32) if draws * n * n > _WORTH_COMPILING else None  # as compared there

    def draw(count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        w = weights(count, rng) if weights else draw_simplex(free, count, rng)
        values: Any = (narrow @ w.T.astype(np.float32)) if narrow is not None else (matrix @ w.T)
        return values.T, w

    return acceptability(draw, n, k, draws=draws, seed=seed)


def _in_one_pass(matrix: Floats, draws: int, seed: int) -> Acceptability:
    """Count with free weights in one compiled pass; the same seed gives the same shares on any machine."""
    from partnership._prioritisation import smaa_pass

    n, k = matrix.shape
    counter = _Counter(n, k, compiled=True)
    counter.ranks, below, counter.weights = smaa_pass.counted(matrix, draws, seed)
    counter.pairs = below + np.tril(draws - below.T, -1)
    counter.first = counter.ranks[:, 0].copy()
    counter.always_tied = np.logical_and.reduce([np.abs(c[:, None] - c) < _TIED for c in matrix.T])
    counter.draws = draws
    return counter.result()


def from_draws(values: Sequence[Sequence[float]] | Floats) -> Acceptability:
    """Return the acceptabilities of values given draw by draw: a row a draw, a column an item."""
    rows = np.asarray(values, dtype=float)
    counter = _Counter(rows.shape[1], 1, compiled=False)
    counter.add(np.ascontiguousarray(rows.T), np.ones((rows.shape[0], 1)))
    return counter.result()


def choice_entropy(first: Sequence[float]) -> float:
    """Return the entropy of the first place in bits: 0 certain, log2 of the number of items: no information.

    Source
    ------
    Tervonen et al., as ``smaa.entropy.choice`` in the R package smaa.

    Examples
    --------
    >>> choice_entropy([0.5, 0.5])
    1.0
    """
    return float(-sum(p * np.log2(p) for p in first if p > 0)) or 0.0


class _Counter:
    """Counts places over blocks of draws."""

    def __init__(self, items: int, criteria: int, *, compiled: bool) -> None:
        self.ranks = np.zeros((items, items))
        self.pairs = np.zeros((items, items))
        self.first = np.zeros(items)
        self.weights = np.zeros((items, criteria))
        self.draws = 0
        self.compiled = compiled
        self.always_tied: npt.NDArray[np.bool_] | None = None

    def add(self, values: Floats, weights: Floats) -> None:
        """Count a block: values item by draw, weights draw by criterion."""
        tied = np.abs(values[:, None, :64] - values[None, :, :64]).max(axis=2) < _TIED
        self.always_tied = tied if self.always_tied is None else self.always_tied & tied
        if self.compiled:
            from partnership._prioritisation.smaa_kernel import count_places

            count_places(values, weights, self.ranks, self.pairs, self.first, self.weights)
        else:
            self._count(values, weights)
        self.draws += values.shape[1]

    def _count(self, values: Floats, weights: Floats) -> None:
        """Count with numpy: ties within a draw share their places."""
        n, size = values.shape
        better = np.zeros((n, size))
        level = np.zeros((n, size))
        for i in range(n):
            more = values > values[i] + _TIED
            same = np.abs(values - values[i]) <= _TIED
            better[i] = more.sum(axis=0)
            level[i] = same.sum(axis=0)
            self.pairs[i] += ((~more & ~same).sum(axis=1)) + 0.5 * same.sum(axis=1)
        np.fill_diagonal(self.pairs, 0.0)
        for i in range(n):
            if (level[i] == 1).all():
                self.ranks[i] += np.bincount(better[i].astype(int), minlength=n)
            else:
                for start, width in zip(*np.unique(np.stack([better[i], level[i]]), axis=1), strict=True):
                    times = ((better[i] == start) & (level[i] == width)).sum()
                    self.ranks[i, int(start) : int(start + width)] += times / width
        shared = np.where(better == 0, 1 / level, 0.0)
        self.first += shared.sum(axis=1)
        self.weights += shared @ weights

    def result(self) -> Acceptability:
        """Return shares; items tied in every draw share their places and their wins."""
        ranks, pairs, first, weights = (
            self.ranks / self.draws,
            self.pairs / self.draws,
            self.first,
            self.weights,
        )
        if self.compiled and self.always_tied is not None:
            for group in _groups(self.always_tied):
                ranks[group] = ranks[group].mean(axis=0)
                first[group], weights[group] = first[group].mean(), weights[group].mean(axis=0)
                pairs[np.ix_(group, group)] = 0.5
                pairs[group] = np.where(
                    np.isin(np.arange(len(pairs)), group), pairs[group], pairs[group].mean(axis=0)
                )
            np.fill_diagonal(pairs, 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            central = np.where(first[:, None] > 0, weights / first[:, None], np.nan)
        return Acceptability(ranks, central, pairs, self.draws)


def _groups(tied: npt.NDArray[np.bool_]) -> list[list[int]]:
    seen: set[int] = set()
    out = []
    for i in np.flatnonzero(tied.sum(axis=1) > 1).tolist():
        if i not in seen:
            group = np.flatnonzero(tied[i]).tolist()
            seen.update(group)
            out.append(group)
    return out

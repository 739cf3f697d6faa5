"""Weights of criteria: direct, or by rank order; and draws of all the weights that respect an order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from partnership.errors import InvalidInput, UnknownName, shown

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = [
    "AXES",
    "IMPACT_FIRST",
    "CriterionWeight",
    "Weighting",
    "direct",
    "draw_simplex",
    "rank_order_centroid",
    "weighting_of",
]

AXES = ("impact", "effort")
"""The two axes of the matrix. More impact is better, less effort is better."""

IMPACT_FIRST: Mapping[str, float] = {"impact": 0.75, "effort": 0.25}
"""Weights of the axes while nobody says otherwise: the mean of all that give impact at least half."""


@dataclass(frozen=True, slots=True)
class CriterionWeight:
    """One criterion as the methods see it: its axis, its name, and its weight on that axis (any scale)."""

    id: str
    axis: str
    name: str = ""
    weight: float = 1.0


@dataclass(frozen=True)
class Weighting:
    """Weights of all criteria, adding to one, and what is left open about them.

    Parameters
    ----------
    criteria : tuple[CriterionWeight, ...]
        The criteria, in the order of ``weights``.
    weights : tuple[float, ...]
        Axis weight times the criterion's weight on its axis; they add to 1.
    axis_weights : Mapping[str, float]
        Weights of the axes that have criteria; they add to 1.
    open : {"order", "free", "none"}
        What draws of weights keep: their order, nothing, or the weights themselves.
    """

    criteria: tuple[CriterionWeight, ...]
    weights: tuple[float, ...]
    axis_weights: Mapping[str, float]
    open: str = "order"

    @property
    def axes(self) -> tuple[str, ...]:
        """Axes that have criteria."""
        return tuple(a for a in AXES if a in self.axis_weights)

    def on_axis(self, axis: str) -> tuple[int, ...]:
        """Return the places of the criteria of an axis."""
        return tuple(i for i, c in enumerate(self.criteria) if c.axis == axis)

    def within(self, axis: str) -> tuple[float, ...]:
        """Return the weights of an axis's criteria on that axis; they add to 1."""
        return direct([self.criteria[i].weight for i in self.on_axis(axis)])

    @property
    def sentence(self) -> str:
        """The weights in words, as a page prints them beside a rank."""
        said = " and ".join(f"{a} {100 * w:.3g}%" for a, w in self.axis_weights.items())
        kept = {
            "order": "; draws keep their order",
            "free": "; draws are free",
            "none": ", kept in every draw",
        }
        return f"Weights: {said}{kept[self.open]}."

    def draws(self, count: int, rng: np.random.Generator) -> Floats:
        """Return draws of the weights, one a row, uniform over all that ``open`` allows."""
        if self.open == "none":
            return np.tile(np.array(self.weights), (count, 1))
        out = np.zeros((count, len(self.criteria)))
        axis_point = [self.axis_weights[a] for a in self.axes]
        of_axes = draw_simplex(_order(axis_point, self.open), count, rng)
        for place, axis in enumerate(self.axes):
            own = draw_simplex(_order(self.within(axis), self.open), count, rng)
            out[:, list(self.on_axis(axis))] = own * of_axes[:, place : place + 1]
        return out


def _order(weights: Sequence[float], kept: str) -> list[int]:
    """Return the rank of each weight, 0 the largest; equal weights, and free ones, share a rank."""
    if kept == "free":
        return [0] * len(weights)
    levels = sorted(set(weights), reverse=True)
    return [levels.index(w) for w in weights]


def direct(weights: Sequence[float]) -> tuple[float, ...]:
    """Return weights brought to a sum of one.

    Raises
    ------
    InvalidInput
        If one is negative or not finite, or all are nought.

    Examples
    --------
    >>> direct([3, 1])
    (0.75, 0.25)
    """
    given = [float(w) for w in weights]
    if not given or any(w < 0 or not np.isfinite(w) for w in given) or not sum(given) > 0:
        msg = (
            f"Weights {shown(list(weights))} cannot be brought to one. "
            "Give numbers of nought or more, not all nought."
        )
        raise InvalidInput(msg)
    total = sum(given)
    return tuple(w / total for w in given)


def rank_order_centroid(ranks: Sequence[int]) -> tuple[float, ...]:
    """Return the mean of all weights that keep an order.

    w(k) = (1/n) * sum of 1/j for j from k to n; criteria of one rank share their places' weights equally.

    Parameters
    ----------
    ranks : Sequence[int]
        Rank of each criterion, 1 the most important; equal ranks are ties.

    Returns
    -------
    tuple[float, ...]
        In the order given; they add to 1.

    Source
    ------
    Barron and Barrett, Decision quality using ranked attribute weights, Management Science 42(11), 1996.

    Examples
    --------
    >>> rank_order_centroid([1, 2])
    (0.75, 0.25)
    >>> rank_order_centroid([1, 1])
    (0.5, 0.5)
    """
    n = len(ranks)
    if not n:
        msg = "There is no criterion to rank. Give at least one rank."
        raise InvalidInput(msg)
    by_place = [sum(1 / j for j in range(k, n + 1)) / n for k in range(1, n + 1)]
    order = sorted(range(n), key=lambda i: ranks[i])
    out = [0.0] * n
    start = 0
    while start < n:
        end = start
        while end < n and ranks[order[end]] == ranks[order[start]]:
            end += 1
        mean = sum(by_place[start:end]) / (end - start)
        for i in order[start:end]:
            out[i] = mean
        start = end
    return tuple(out)


def draw_simplex(order: Sequence[int], count: int, rng: np.random.Generator) -> Floats:
    """Return weight vectors drawn uniformly from all that add to one and keep an order.

    Parameters
    ----------
    order : Sequence[int]
        Rank of each weight; a smaller rank never gets less than a larger one, equal ranks are free.
    count : int
        Number of draws.
    rng : numpy.random.Generator
        Where chance comes from; seed it to repeat a result.

    Returns
    -------
    numpy.ndarray
        ``count`` rows of ``len(order)`` weights.

    Source
    ------
    Tervonen and Lahdelma, Implementing stochastic multicriteria acceptability analysis, EJOR 178, 2007.
    """
    n = len(order)
    drawn: Floats = rng.standard_exponential((count, n))
    drawn /= drawn.sum(axis=1, keepdims=True)
    levels = sorted(set(order))
    if len(levels) == 1:
        return drawn
    ranked = -np.sort(-drawn, axis=1)
    out = np.empty_like(ranked)
    start = 0
    for level in levels:
        places = [i for i, rank in enumerate(order) if rank == level]
        block = ranked[:, start : start + len(places)]
        out[:, places] = block if len(places) == 1 else rng.permuted(block, axis=1)
        start += len(places)
    return out


def weighting_of(
    criteria: Iterable[CriterionWeight],
    weights: Mapping[str, float] | None = None,
    *,
    kept: str = "order",
) -> Weighting:
    """Return the weighting of criteria, with some weights replaced.

    Parameters
    ----------
    criteria : Iterable[CriterionWeight]
        The criteria; those that weigh nought are left out.
    weights : Mapping[str, float], optional
        In place of the plan's own: by axis ("impact", "effort"; brought to one together) or by criterion id.
    kept : {"order", "free", "none"}
        What draws of weights keep.

    Raises
    ------
    InvalidInput
        If no criterion has a weight, or weights cannot be brought to one.
    UnknownName
        If a weight is for no axis and no criterion.
    """
    listed, given = list(criteria), dict(weights or {})
    if kept not in ("order", "free", "none"):
        raise UnknownName("way to draw weights", kept, ("order", "free", "none"))
    known = {*AXES, *(c.id for c in listed)}
    for name in given:
        if name not in known:
            raise UnknownName("axis or criterion", name, sorted(known))
    chosen = [CriterionWeight(c.id, c.axis, c.name, float(given.get(c.id, c.weight))) for c in listed]
    used = tuple(c for c in chosen if c.weight != 0)
    if not used:
        msg = "No criterion has a weight, so nothing can be scored. Write criteria with weights first."
        raise InvalidInput(msg)
    axes = [a for a in AXES if any(c.axis == a for c in used)]
    of_axes = dict(zip(axes, direct([float(given.get(a, IMPACT_FIRST[a])) for a in axes]), strict=True))
    flat = [0.0] * len(used)
    for axis in axes:
        own = [i for i, c in enumerate(used) if c.axis == axis]
        for i, share in zip(own, direct([used[i].weight for i in own]), strict=True):
            flat[i] = share * of_axes[axis]
    return Weighting(used, tuple(flat), of_axes, kept)

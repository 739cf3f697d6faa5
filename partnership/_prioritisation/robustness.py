"""What the draws say of a set of scored items: places, quadrants, and how sure a first place is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from partnership._prioritisation.quadrants import QUADRANTS, Quadrant
from partnership._prioritisation.scoring import MOST, Scored
from partnership._prioritisation.smaa import DRAWS, SEED, Acceptability, acceptability

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["Robust", "robust"]

_MIDDLE = 5.0


@dataclass(frozen=True)
class Robust:
    """Draws of weights and of agencies, for the items that have a score.

    Parameters
    ----------
    places : tuple[int, ...]
        Places in ``Scored.table.items`` of the items, in the order of the arrays here: best score first.
    shares : Acceptability
        Rank acceptability, central weights, pairwise winning.
    quadrants : Mapping[Quadrant, numpy.ndarray]
        Share of draws in which each item falls into each quadrant; empty where an axis is not scored.
    confidence : numpy.ndarray
        Share of draws of the agencies in which an item is first under its own central weights; NaN for an
        item that is never first.
    """

    places: tuple[int, ...]
    shares: Acceptability
    quadrants: Mapping[Quadrant, Floats]
    confidence: Floats


class _Draws:
    """Draws agencies and weights for a set of scored items."""

    def __init__(self, result: Scored, places: tuple[int, ...]) -> None:
        table, weighting = result.table, result.weighting
        at = {c.id: i for i, c in enumerate(table.criteria)}
        self.result = result
        weight = np.array(result.agency_weights)
        self.heard = weight > 0
        criteria = np.array([at[c.id] for c in weighting.criteria], dtype=np.intp)
        values = table.values[np.ix_(np.flatnonzero(self.heard), criteria, np.array(places, dtype=np.intp))]
        self.there = np.isfinite(values).astype(float)
        self.values = np.where(np.isfinite(values), values, 0.0)
        # Rubin's bootstrap: as many agencies as there are, each in proportion to its weight.
        self.alpha = weight[self.heard] * int(self.heard.sum())
        self.turned = [c.axis == "effort" for c in weighting.criteria]

    def means(self, count: int, rng: np.random.Generator) -> list[Floats]:
        """Return a draw-by-item mean for each criterion, the agencies weighed anew in every draw."""
        agencies = rng.standard_gamma(self.alpha, (count, len(self.alpha))) + 1e-300
        return [
            (agencies @ self.values[:, c]) / (agencies @ self.there[:, c])
            for c in range(self.values.shape[1])
        ]

    def value(self, means: list[Floats], weights: Floats) -> Floats:
        """Return the score, draw by item."""
        out = np.zeros_like(means[0])
        for c, mean in enumerate(means):
            out += weights[:, c : c + 1] * (MOST - mean if self.turned[c] else mean)
        return out


def robust(result: Scored, *, draws: int = DRAWS, seed: int = SEED) -> Robust | None:
    """Draw weights and agencies, and count places and quadrants.

    Every draw takes weights that keep what the weighting leaves open, and weighs the agencies anew, so that
    an item about which agencies differ moves and one about which they agree stays. With one agency only the
    weights vary.

    Parameters
    ----------
    result : Scored
        The scored items; those without a score are left out.
    draws, seed : int
        How many draws, and where chance starts.

    Returns
    -------
    Robust or None
        None where no item has a score.

    Source
    ------
    SMAA-2, Lahdelma and Salminen, 2001; scores by the Bayesian bootstrap, Rubin, 1981.
    """
    places = result.ranked
    if not places:
        return None
    source, weighting = _Draws(result, places), result.weighting
    both = len(weighting.axes) == 2
    counted = {q: np.zeros(len(places)) for q in QUADRANTS} if both else {}
    inside = {a: (weighting.on_axis(a), np.array(weighting.within(a))) for a in weighting.axes}

    def draw(count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        weights = weighting.draws(count, rng)
        means = source.means(count, rng)
        if both:
            high, much = (_on_axis(means, weights, inside[a][0]) > _MIDDLE for a in ("impact", "effort"))
            found = (high & ~much, high & much, ~high & ~much, ~high & much)
            for name, where in zip(QUADRANTS, found, strict=True):
                counted[name] += where.sum(axis=0)
        return source.value(means, weights), weights

    shares = acceptability(draw, len(places), len(weighting.criteria), draws=draws, seed=seed)
    return Robust(
        places, shares, {q: n / draws for q, n in counted.items()}, _confidence(source, shares, draws, seed)
    )


def _on_axis(means: list[Floats], weights: Floats, criteria: tuple[int, ...]) -> Floats:
    """Return an axis's value, draw by item, under that draw's weights on the axis."""
    own = weights[:, list(criteria)]
    total = own.sum(axis=1)
    share = np.where(total[:, None] > 0, own / np.where(total > 0, total, 1.0)[:, None], 1 / len(criteria))
    out = np.zeros_like(means[0])
    for place, c in enumerate(criteria):
        out += share[:, place : place + 1] * means[c]
    return out


def _confidence(source: _Draws, shares: Acceptability, draws: int, seed: int) -> Floats:
    """Return how often each item is first under the weights that favour it."""
    out = np.full(len(shares.ranks), np.nan)
    count = min(draws, 4_000)
    means = source.means(count, np.random.default_rng([seed, 1]))
    for i in np.flatnonzero(shares.first > 0):
        value = source.value(means, np.tile(shares.central_weights[i], (count, 1)))
        best = value.max(axis=1)
        out[i] = float((value[:, i] >= best - 1e-9).mean())
    return out

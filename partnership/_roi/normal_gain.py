# ruff: noqa: E501 - a sentence stays on one line
"""Two known answers that simulation is tested on: the chance of a gain of normals, and the trap of mean ratios."""

from __future__ import annotations

import math

from partnership._roi.guards import finite
from partnership.errors import InvalidInput

__all__ = ["chance_of_gain", "mean_of_ratios"]


def chance_of_gain(
    benefit: tuple[float, float], cost: tuple[float, float], correlation: float = 0.0
) -> float:
    """Return the chance that a normal benefit exceeds a normal cost.

    Phi((mean of benefit - mean of cost) / sqrt(sb**2 + sc**2 - 2 r sb sc)).

    Parameters
    ----------
    benefit, cost : tuple[float, float]
        Mean and standard deviation, pounds.
    correlation : float
        Of the two, -1 to 1.

    Raises
    ------
    InvalidInput
        If a spread is negative or the correlation is none.

    Examples
    --------
    >>> round(chance_of_gain((1200, 400), (1000, 150)), 4), round(chance_of_gain((1200, 400), (1000, 150), 0.5), 4)
    (0.6802, 0.7161)
    """
    finite("benefit or cost", (*benefit, *cost, correlation))
    if benefit[1] < 0 or cost[1] < 0 or not -1 <= correlation <= 1:
        msg = "A standard deviation below nil, or a correlation beyond -1 to 1, cannot be used."
        raise InvalidInput(msg)
    gain = benefit[0] - cost[0]
    variance = benefit[1] ** 2 + cost[1] ** 2 - 2 * correlation * benefit[1] * cost[1]
    if variance <= 0:
        return float(gain > 0)
    return 0.5 * math.erfc(-gain / math.sqrt(2 * variance))


def mean_of_ratios(benefit: float, cost_mean: float, cost_variation: float) -> tuple[float, float]:
    """Return the ratio of means, and the mean of ratios for a lognormal cost, which is not a return.

    E[B / C] = E[B] (1 + variation**2) / E[C]: with a variation of one half it is a quarter too high.

    Examples
    --------
    >>> mean_of_ratios(1200, 1000, 0.5)
    (1.2, 1.5)
    """
    finite("benefit or cost", (benefit, cost_mean, cost_variation))
    if cost_mean <= 0:
        msg = f"A cost of {cost_mean} makes no ratio. Give pounds above nil."
        raise InvalidInput(msg)
    right = benefit / cost_mean
    return right, right * (1 + cost_variation**2)

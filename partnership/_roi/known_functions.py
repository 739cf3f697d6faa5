# ruff: noqa: E501 - a sentence stays on one line
"""Functions whose Sobol indices are known in closed form: what the sampled indices are tested on."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from partnership._roi.draw_model import Array

__all__ = ["g_function", "g_indices", "ishigami", "ishigami_indices"]


def ishigami(rows: Array, a: float = 7.0, b: float = 0.1) -> Array:
    """Return sin x1 + a sin(x2)**2 + b x3**4 sin x1, for x from -pi to pi.

    Source
    ------
    Ishigami and Homma (1990).
    """
    x, y, z = np.asarray(rows).T
    return np.asarray(np.sin(x) + a * np.sin(y) ** 2 + b * z**4 * np.sin(x))


def ishigami_indices(a: float = 7.0, b: float = 0.1) -> dict[str, float | list[float]]:
    """Return first-order and total indices, the pair's, and the variance, in closed form.

    Examples
    --------
    >>> known = ishigami_indices()
    >>> [round(x, 4) for x in known["S1"]], round(known["variance"], 4)
    ([0.3139, 0.4424, 0.0], 13.8446)
    """
    one = 0.5 * (1 + b * math.pi**4 / 5) ** 2
    two = a**2 / 8
    pair = b**2 * math.pi**8 * (1 / 18 - 1 / 50)
    whole = one + two + pair
    return {
        "S1": [one / whole, two / whole, 0.0], "ST": [(one + pair) / whole, two / whole, pair / whole], "S12": 0.0,
        "S13": pair / whole, "S23": 0.0, "variance": whole, "mean": a / 2,
    }  # fmt: skip


def g_function(rows: Array, weights: Sequence[float]) -> Array:
    """Return the product of (|4 x - 2| + a) / (1 + a), for x from 0 to 1.

    Source
    ------
    Saltelli and Sobol (1995).
    """
    a = np.asarray(weights)
    return np.asarray(np.prod((np.abs(4 * np.asarray(rows) - 2) + a) / (1 + a), axis=1))


def g_indices(weights: Sequence[float]) -> tuple[list[float], list[float], float]:
    """Return first-order indices, total indices and the variance, in closed form.

    V_i = 1 / (3 (1 + a_i)**2); V = product of (1 + V_i) - 1; S_i = V_i / V; T_i = V_i product of the others'
    (1 + V_j) / V.

    Examples
    --------
    >>> [round(x, 5) for x in g_indices([0, 1, 4.5, 9, 99, 99, 99, 99])[0][:3]]
    [0.71619, 0.17905, 0.02368]
    """
    parts = [1 / (3 * (1 + a) ** 2) for a in weights]
    product = math.prod(1 + p for p in parts)
    whole = product - 1
    return [p / whole for p in parts], [p * product / (1 + p) / whole for p in parts], whole

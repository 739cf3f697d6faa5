"""Other ways to score, for comparison in a notebook only: they scale by the set, so items move each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from partnership._prioritisation.weighting import direct
from partnership.errors import InvalidInput, UnknownName

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["relative_sum", "scaled_sum", "topsis", "weighted_product"]


def _matrix(values: Sequence[Sequence[float]], senses: Sequence[int] | None) -> tuple[Floats, Floats]:
    matrix = np.asarray(values, dtype=float)
    if matrix.ndim != 2 or not np.isfinite(matrix).all():
        msg = "Give a row for each item and a number on every criterion."
        raise InvalidInput(msg)
    sense = np.ones(matrix.shape[1]) if senses is None else np.asarray(senses, dtype=float)
    if sense.shape != (matrix.shape[1],) or not np.isin(sense, (1, -1)).all():
        msg = "Give 1 (more is better) or -1 (less is better) for every criterion."
        raise InvalidInput(msg)
    return matrix, sense


def _over(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.zeros_like(above), where=below != 0)


def topsis(
    values: Sequence[Sequence[float]],
    weights: Sequence[float],
    senses: Sequence[int] | None = None,
    *,
    scaling: str = "vector",
) -> list[float]:
    """Return closeness to the ideal, 0 to 1 (TOPSIS). The scaling is part of the method.

    Parameters
    ----------
    values, weights, senses
        Item by criterion; weights; 1 or -1 for each criterion.
    scaling : {"vector", "minmax"}
        Divide by the column's length and swap ideal and anti-ideal for costs, or bring each column to 0 to 1.

    Source
    ------
    Hwang and Yoon, Multiple Attribute Decision Making, 1981.

    Examples
    --------
    >>> topsis([[1], [0]], [1])
    [1.0, 0.0]
    """
    matrix, sense = _matrix(values, senses)
    if scaling == "vector":
        scaled = _over(matrix, np.broadcast_to(np.sqrt((matrix**2).sum(axis=0)), matrix.shape)) * sense
    elif scaling == "minmax":
        low, wide = matrix.min(axis=0), np.ptp(matrix, axis=0)
        scaled = _over(matrix - low, np.broadcast_to(wide, matrix.shape))
        scaled = np.where(sense < 0, 1 - scaled, scaled)
    else:
        raise UnknownName("scaling", scaling, ("vector", "minmax"))
    weighted = scaled * np.array(direct(weights))
    to_best = np.sqrt(((weighted - weighted.max(axis=0)) ** 2).sum(axis=1))
    to_worst = np.sqrt(((weighted - weighted.min(axis=0)) ** 2).sum(axis=1))
    return [float(v) for v in _over(to_worst, to_best + to_worst)]


def relative_sum(
    values: Sequence[Sequence[float]],
    weights: Sequence[float],
    senses: Sequence[int] | None = None,
    *,
    scaling: str = "sum",
) -> list[float]:
    """Return the weighted sum of columns scaled by the set: by their sum (costs as 1/x) or from 0 to 1.

    Raises
    ------
    InvalidInput
        If a cost of nought would have to be turned round.
    """
    matrix, sense = _matrix(values, senses)
    if scaling == "sum":
        if (matrix[:, sense < 0] == 0).any():
            msg = "A cost of nought has no reciprocal. Score on fixed anchors instead."
            raise InvalidInput(msg)
        turned = np.where(sense < 0, 1 / np.where(matrix == 0, 1.0, matrix), matrix)
        scaled = _over(turned, np.broadcast_to(turned.sum(axis=0), turned.shape))
    elif scaling == "minmax":
        low, wide = matrix.min(axis=0), np.ptp(matrix, axis=0)
        scaled = _over(matrix - low, np.broadcast_to(wide, matrix.shape))
        scaled = np.where(sense < 0, 1 - scaled, scaled)
    else:
        raise UnknownName("scaling", scaling, ("sum", "minmax"))
    return [float(v) for v in scaled @ np.array(direct(weights))]


def scaled_sum(
    values: Sequence[Sequence[float]],
    weights: Sequence[float],
    scale: Sequence[float],
    senses: Sequence[int] | None = None,
) -> list[float]:
    """Return the weighted sum on a fixed scale, brought to 0 to 1: no item moves another.

    Examples
    --------
    >>> scaled_sum([[1, 4], [7, 4]], [1, 1], [1, 10])
    [0.16666666666666666, 0.5]
    """
    matrix, sense = _matrix(values, senses)
    low, high = (float(v) for v in scale)
    part = (matrix - low) / (high - low)
    return [float(v) for v in np.where(sense < 0, 1 - part, part) @ np.array(direct(weights))]


def weighted_product(
    values: Sequence[Sequence[float]], weights: Sequence[float], senses: Sequence[int] | None = None
) -> list[float]:
    """Return the weighted product: each value to the power of its weight, costs to the negative power."""
    matrix, sense = _matrix(values, senses)
    if (matrix <= 0).any():
        msg = "A product needs values above nought."
        raise InvalidInput(msg)
    return [float(v) for v in np.exp(np.log(matrix) @ (np.array(direct(weights)) * sense))]

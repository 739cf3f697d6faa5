"""The four quadrants of the matrix, and which items nothing else beats on both axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from partnership._prioritisation.weighting import AXES

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["QUADRANTS", "Quadrant", "dominators", "pareto", "quadrant"]

Quadrant = Literal["quick win", "big bet", "fill-in", "think again"]
QUADRANTS: tuple[Quadrant, ...] = ("quick win", "big bet", "fill-in", "think again")

_MIDDLE = 5.0


def quadrant(impact: float, effort: float, cut: Mapping[str, float] | None = None) -> Quadrant:
    """Return the quadrant of an item.

    The cut is the middle of the fixed scale, never a median: a median always fills four boxes, and moves when
    an item is added. A value on the cut counts as low.

    Parameters
    ----------
    impact, effort : float
        0 to 10 by the anchors.
    cut : Mapping[str, float], optional
        Where high begins on each axis; 5 when left out.

    Examples
    --------
    >>> quadrant(8, 3), quadrant(9, 8), quadrant(5, 5), quadrant(4, 9)
    ('quick win', 'big bet', 'fill-in', 'think again')
    """
    at = cut or {}
    high, much = impact > at.get(AXES[0], _MIDDLE), effort > at.get(AXES[1], _MIDDLE)
    if high:
        return "big bet" if much else "quick win"
    return "think again" if much else "fill-in"


def dominators(values: Sequence[Sequence[float]] | Floats) -> list[list[int]]:
    """Return, for each row, the rows that are nowhere worse and somewhere better; more is better.

    Rows with a missing value dominate nothing and are not dominated.

    Examples
    --------
    >>> dominators([[8, -3], [7, -5]])
    [[], [0]]
    """
    rows = np.asarray(values, dtype=float)
    if not len(rows):
        return []
    with np.errstate(invalid="ignore"):
        not_worse = (rows[:, None, :] >= rows[None, :, :]).all(axis=2)
        better = (rows[:, None, :] > rows[None, :, :]).any(axis=2)
    there = np.isfinite(rows).all(axis=1)
    beats = not_worse & better & there[:, None] & there[None, :]
    return [np.flatnonzero(beats[:, i]).tolist() for i in range(len(rows))]


def pareto(values: Sequence[Sequence[float]] | Floats) -> list[int]:
    """Return the rows that no other row dominates; more is better.

    Examples
    --------
    >>> pareto([[8, -3], [7, -5], [3, -2]])
    [0, 2]
    """
    rows = np.asarray(values, dtype=float)
    found = dominators(rows)
    return [i for i in range(len(rows)) if not found[i] and np.isfinite(rows[i]).all()]

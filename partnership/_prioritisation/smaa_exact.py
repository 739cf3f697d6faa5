"""Acceptabilities worked out exactly for two or three criteria: what the draws are held against."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from partnership._prioritisation.smaa import Acceptability
from partnership.errors import InvalidInput

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["MOST_ITEMS", "exact_acceptability"]

MOST_ITEMS = 12
"""Items for which the pieces of the weights' triangle are still few."""

_NOTHING = 1e-12
Point = tuple[float, float]


def exact_acceptability(
    values: Sequence[Sequence[float]] | Floats, *, in_order: bool = False
) -> Acceptability:
    """Return rank acceptabilities of fixed values for weights uniform over the simplex, exactly.

    The line (two criteria) or triangle (three) of all weights is cut where two items are equal; on each piece
    the order stays, so a share is a length or an area.

    Parameters
    ----------
    values : array
        Item by criterion, more being better.
    in_order : bool
        True keeps weights that fall from the first criterion to the last.

    Raises
    ------
    InvalidInput
        With other than two or three criteria, or more than twelve items.

    Examples
    --------
    >>> exact_acceptability([[1, 0], [0, 1]]).ranks.tolist()
    [[0.5, 0.5], [0.5, 0.5]]
    """
    rows = np.asarray(values, dtype=float)
    if rows.ndim != 2 or rows.shape[1] not in (2, 3) or len(rows) > MOST_ITEMS or not np.isfinite(rows).all():
        msg = f"Exact shares are for two or three criteria and up to {MOST_ITEMS} items. Draw instead."
        raise InvalidInput(msg)
    pieces = _intervals(rows, in_order) if rows.shape[1] == 2 else _cells(rows, in_order)
    n, k = rows.shape
    ranks, pairs, first, central = np.zeros((n, n)), np.zeros((n, n)), np.zeros(n), np.zeros((n, k))
    for share, weights in pieces:
        value = rows @ weights
        more = value[:, None] > value[None, :] + _NOTHING
        same = np.abs(value[:, None] - value[None, :]) <= _NOTHING
        pairs += share * (more + 0.5 * same)
        for i in range(n):
            start, width = int(more[:, i].sum()), int(same[i].sum())
            ranks[i, start : start + width] += share / width
            if start == 0:
                first[i] += share / width
                central[i] += share / width * weights
    np.fill_diagonal(pairs, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(first[:, None] > 0, central / first[:, None], np.nan)
    return Acceptability(ranks, mean, pairs, 0)


def _intervals(rows: Floats, in_order: bool) -> list[tuple[float, Floats]]:  # noqa: FBT001
    low = 0.5 if in_order else 0.0
    cuts = {low, 1.0}
    for i, one in enumerate(rows):
        for two in rows[i + 1 :]:
            a, b = one - two
            if a != b and low < b / (b - a) < 1:
                cuts.add(float(b / (b - a)))
    edges = sorted(cuts)
    middles = [((x + y) / 2, (y - x) / (1 - low)) for x, y in zip(edges, edges[1:], strict=False)]
    return [(share, np.array([w, 1 - w])) for w, share in middles if share > 0]


def _cells(rows: Floats, in_order: bool) -> list[tuple[float, Floats]]:  # noqa: FBT001
    """Cut the triangle of (w1, w2) along every line on which two items are equal."""
    corners: list[Point] = (
        [(1.0, 0.0), (0.5, 0.5), (1 / 3, 1 / 3)] if in_order else [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)]
    )
    cells = [corners]
    for i, one in enumerate(rows):
        for two in rows[i + 1 :]:
            d = one - two
            line = (float(d[0] - d[2]), float(d[1] - d[2]), float(d[2]))
            if max(abs(line[0]), abs(line[1])) <= _NOTHING:
                continue
            cells = [part for cell in cells for part in _split(cell, line)]
    areas = [(_area(c), c) for c in cells]
    whole = sum(a for a, _ in areas)
    out = []
    for area, cell in areas:
        if area > _NOTHING * whole:
            x, y = _centre(cell, area)
            out.append((area / whole, np.array([x, y, 1 - x - y])))
    return out


def _split(cell: list[Point], line: tuple[float, float, float]) -> list[list[Point]]:
    sides = [line[0] * x + line[1] * y + line[2] for x, y in cell]
    if all(s >= -_NOTHING for s in sides) or all(s <= _NOTHING for s in sides):
        return [cell]
    above: list[Point] = []
    below: list[Point] = []
    for number, (point, side) in enumerate(zip(cell, sides, strict=True)):
        following, other = cell[(number + 1) % len(cell)], sides[(number + 1) % len(cell)]
        if side >= 0:
            above.append(point)
        if side <= 0:
            below.append(point)
        if (side > 0 > other) or (side < 0 < other):
            t = side / (side - other)
            cross = (point[0] + t * (following[0] - point[0]), point[1] + t * (following[1] - point[1]))
            above.append(cross)
            below.append(cross)
    return [above, below]


def _area(cell: list[Point]) -> float:
    return abs(sum(_cross(cell, i) for i in range(len(cell)))) / 2


def _cross(cell: list[Point], i: int) -> float:
    (x, y), (u, v) = cell[i], cell[(i + 1) % len(cell)]
    return x * v - u * y


def _centre(cell: list[Point], area: float) -> Point:
    turn = sum(_cross(cell, i) for i in range(len(cell)))
    sign = 1 if turn > 0 else -1
    x = sum((cell[i][0] + cell[(i + 1) % len(cell)][0]) * _cross(cell, i) for i in range(len(cell)))
    y = sum((cell[i][1] + cell[(i + 1) % len(cell)][1]) * _cross(cell, i) for i in range(len(cell)))
    return sign * x / (6 * area), sign * y / (6 * area)

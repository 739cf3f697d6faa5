# ruff: noqa: E501 - a sentence stays on one line
"""Which number to go and measure first: tornado, Sobol indices, and the value of finding out each assumption."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from partnership._roi.doubt_shares import Share, Sobol, members_of, sobol, sobol_indices
from partnership._roi.draw_model import Array, DrawModel
from partnership._roi.explanation import Explanation
from partnership._roi.moments import conditional_means
from partnership.errors import InvalidInput

__all__ = ["Bar", "Share", "Sobol", "Worth", "sobol", "sobol_indices", "tornado", "worth_of_knowing"]


@dataclass(frozen=True, slots=True)
class Bar:
    """One assumption moved from its 10th to its 90th percentile, all others at the value used.

    Parameters
    ----------
    key, name, unit : str
        The assumption.
    low, used, high : float
        Its 10th percentile, the value used, and its 90th percentile, in its unit.
    at_low_gbp, at_high_gbp : float
        The net position at either.
    line_ids : tuple[str, ...]
        Lines that use it.
    """

    key: str
    name: str
    unit: str
    low: float
    used: float
    high: float
    at_low_gbp: float
    at_high_gbp: float
    line_ids: tuple[str, ...]
    source: str | None
    grade: int | None

    @property
    def swing_gbp(self) -> float:
        """How far it moves the position."""
        return abs(self.at_high_gbp - self.at_low_gbp)

    @property
    def tips(self) -> bool:
        """True when it alone turns a gain into a loss."""
        return (self.at_low_gbp < 0) != (self.at_high_gbp < 0)


@dataclass(frozen=True, slots=True)
class Worth:
    """What it is worth to find out an assumption before deciding to go ahead (EVPPI).

    Parameters
    ----------
    keys, names : tuple[str, ...]
        The assumption, or the group that correlations tie.
    worth_gbp : float
        Mean gain of deciding with it known over deciding now; never negative.
    variance_share : float
        Share of the variance of the position that goes when it is known.
    chance_of_other_choice : float
        How likely what is found would turn the decision.
    is_exact : bool
        By quadrature; otherwise a smooth curve through the draws.
    """

    keys: tuple[str, ...]
    names: tuple[str, ...]
    worth_gbp: float
    variance_share: float
    chance_of_other_choice: float
    is_exact: bool

    def explain(self) -> Explanation:
        """Return how it came about."""
        return Explanation(
            "", f"Worth of finding out {' and '.join(self.names)}", round(self.worth_gbp),
            method="mean of max(mean position given what is found, 0) - max(mean position, 0)",
            source="quadrature" if self.is_exact else "regression on the draws",
        )  # fmt: skip


def _net(model: DrawModel, columns: Sequence[int]) -> Callable[[Array], Array]:
    rows = list(columns)
    return lambda numbers: np.asarray(model.outcomes(numbers)[rows].sum(axis=0))


def tornado(model: DrawModel, columns: Sequence[int]) -> tuple[Bar, ...]:
    """Return the tornado: each assumption at its P10 and P90, all others at the value used; widest first.

    Parameters
    ----------
    model : DrawModel
        Numbers and lines.
    columns : Sequence[int]
        Columns that are summed to the position.

    Source
    ------
    HM Treasury, *The Green Book*, on sensitivity analysis.
    """
    count = len(model.numbers)
    if not count:
        return ()
    at = np.repeat(model.at_used(), 2 * count, axis=1)
    ends = np.array([n.spread.inverse([0.1, 0.9]) for n in model.numbers])
    for i in range(count):
        at[i, 2 * i : 2 * i + 2] = ends[i]
    net = _net(model, columns)(at)
    bars = [
        Bar(
            n.key, n.name, n.unit, float(ends[i, 0]), n.used, float(ends[i, 1]), float(net[2 * i]),
            float(net[2 * i + 1]), n.line_ids, n.source, n.grade,
        )
        for i, n in enumerate(model.numbers)
    ]  # fmt: skip
    scale = max((abs(x) for x in net), default=0.0)
    return tuple(
        sorted((b for b in bars if b.swing_gbp > 1e-12 * scale), key=lambda b: (-b.swing_gbp, b.key))
    )


def worth_of_knowing(
    model: DrawModel, columns: Sequence[int], values: Array, numbers: Array | None, mean: float
) -> tuple[Worth, ...]:
    """Return the value of finding out each assumption before deciding whether to go ahead.

    EVPPI = E over x of max(E[net | x], 0) - max(E[net], 0). Without correlations E[net | x] is exact, all
    others averaged out; with them it is a quadratic curve through the draws, and numbers that are tied
    stand together.

    Parameters
    ----------
    model : DrawModel
        Numbers and lines.
    columns : Sequence[int]
        Columns that are summed to the position.
    values : numpy.ndarray
        The position in each draw.
    numbers : numpy.ndarray or None
        Every number in each of the same draws; needed where correlations tie some.
    mean : float
        Mean of the position.

    Source
    ------
    Strong, Oakley and Brennan, *Estimating multiparameter partial expected value of perfect information*
    (2014).
    """
    variance = float(values.var())
    exact = conditional_means(model) if not model.tied else {}
    at = {n.key: i for i, n in enumerate(model.numbers)}
    out = []
    for members in members_of(model).values():
        places = [at[n.key] for n in members]
        if not model.tied:
            if places[0] not in exact:
                continue
            means, odds = exact[places[0]]
            given = means[:, list(columns)].sum(axis=1)
        else:
            if numbers is None:
                msg = "Where correlations tie assumptions, the numbers of the draws are needed. Give them."
                raise InvalidInput(msg)
            given, odds = _fitted(values, [numbers[i] for i in places])
        given = given - float(odds @ given) + mean
        known = float(odds @ (given - mean) ** 2) / variance if variance > 0 else 0.0
        if known < 1e-12:
            continue
        out.append(
            Worth(
                tuple(n.key for n in members), tuple(n.name for n in members),
                _nil_if_tiny(float(odds @ np.maximum(given, 0)) - max(mean, 0.0), mean), min(1.0, known),
                float(odds @ ((given > 0) != (mean > 0))), not model.tied,
            )
        )  # fmt: skip
    return tuple(sorted(out, key=lambda w: (-w.worth_gbp, -w.variance_share, w.keys)))


def _nil_if_tiny(worth: float, mean: float) -> float:
    """Return a worth without the dust of floating point."""
    return worth if worth > 1e-9 * abs(mean) else 0.0


def _fitted(values: Array, tied: Sequence[Array]) -> tuple[Array, Array]:
    """Return a quadratic of some numbers through the draws."""
    scaled = [(x - x.mean()) / (x.std() or 1.0) for x in tied]
    terms = [np.ones_like(values), *scaled]
    terms += [a * b for k, a in enumerate(scaled) for b in scaled[k:]]
    basis = np.stack(terms, axis=1)
    fitted = basis @ np.linalg.lstsq(basis, values, rcond=None)[0]
    return fitted, np.full(len(values), 1 / len(values))

# ruff: noqa: E501 - a sentence stays on one line
"""How much of a position's doubt each assumption carries: Sobol indices, in steps that can be told of and stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from partnership._roi.draw_model import Array, DrawModel, Number
from partnership.errors import InvalidInput

__all__ = ["Share", "Sobol", "groups_of", "members_of", "sobol", "sobol_indices"]

_CELLS = 400_000
_FEWEST = 16


@dataclass(frozen=True, slots=True)
class Share:
    """Sobol indices of one assumption, or of a group that correlations tie.

    Parameters
    ----------
    keys, names : tuple[str, ...]
        The assumption, or the assumptions of the group.
    first, first_error : float
        Share of variance that goes when it alone is known, with half the 95% interval; as estimated: a small
        negative one is noise.
    total, total_error : float
        Share of variance that stays while it alone is unknown.
    """

    keys: tuple[str, ...]
    names: tuple[str, ...]
    first: float
    first_error: float
    total: float
    total_error: float

    @property
    def shown(self) -> float:
        """The first-order index as a chart shows it: not below nil."""
        return max(0.0, self.first)


@dataclass(frozen=True)
class Sobol:
    """Sobol indices of all assumptions, the largest first; None of them where nothing varies.

    Parameters
    ----------
    samples, evaluations : int
        Base samples behind them, and positions worked out.
    asked : int
        Base samples asked for; more than ``samples`` where it was stopped.
    """

    shares: tuple[Share, ...]
    samples: int
    evaluations: int
    asked: int = 0

    @property
    def is_stopped(self) -> bool:
        """True where they rest on fewer base samples than were asked for."""
        return self.asked > self.samples

    @property
    def method(self) -> str:
        """How they were estimated."""
        stopped = f" of {self.asked:,} asked for, stopped there" if self.is_stopped else ""
        return f"Saltelli's sampling, {self.samples:,} base samples{stopped}, {self.evaluations:,} evaluations; 95% intervals by bootstrap."


def sobol_indices(
    names: Sequence[str],
    groups: Sequence[str],
    evaluate: Callable[[Array], Array],
    *,
    samples: int = 1024,
    seed: int = 1,
) -> dict[str, tuple[float, float, float, float]]:
    """Return group to first-order index, its 95% half-interval, total index, its half-interval.

    Parameters
    ----------
    names, groups : Sequence[str]
        Inputs, each uniform from 0 to 1, and the group of each; an input alone is its own group.
    evaluate : callable
        Result of rows of inputs (samples x inputs).
    samples : int
        Base samples, a power of two.
    seed : int
        Of the sampling and of the bootstrap.

    Raises
    ------
    InvalidInput
        If the samples are no power of two.

    Source
    ------
    Saltelli et al., *Variance based sensitivity analysis of model output* (2010); SALib (Iwanaga, Usher and
    Herman, 2022).
    """
    _check(samples)
    order = list(dict.fromkeys(groups))
    if len(order) == 1:
        return {order[0]: (1.0, 0.0, 1.0, 0.0)}
    from SALib.sample import sobol as sampling

    rows = sampling.sample(_problem(names, groups), samples, calc_second_order=False, seed=seed)
    return _indices(names, groups, evaluate(np.asarray(rows)), seed)


def _problem(names: Sequence[str], groups: Sequence[str]) -> dict[str, Any]:
    return {
        "num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names), "groups": list(groups),
    }  # fmt: skip


def _indices(
    names: Sequence[str], groups: Sequence[str], results: Array, seed: int
) -> dict[str, tuple[float, float, float, float]]:
    from SALib.analyze import sobol as analysing

    if np.ptp(results) == 0:
        return {}
    found = analysing.analyze(
        _problem(names, groups), results, calc_second_order=False, num_resamples=100, seed=seed
    )
    return {
        g: tuple(float(found[k][i]) for k in ("S1", "S1_conf", "ST", "ST_conf"))  # type: ignore[misc]
        for i, g in enumerate(dict.fromkeys(groups))
    }


def groups_of(model: DrawModel) -> list[str]:
    """Return the group of each number: those that correlations tie, directly or by others, share one.

    Indices assume inputs that move apart; groups do, whatever holds inside one.
    """
    group = {i: n.key for i, n in enumerate(model.numbers)}
    if model.tied:
        scores = np.array(model.mixing) @ np.array(model.mixing).T
        for a, row in zip(model.tied, scores, strict=True):
            for b, score in zip(model.tied, row, strict=True):
                if abs(score) > 1e-9 and group[a] != group[b]:
                    one, other = sorted((group[a], group[b]))
                    group = {i: one if g == other else g for i, g in group.items()}
    return [group[i] for i in range(len(model.numbers))]


def members_of(model: DrawModel) -> dict[str, list[Number]]:
    """Return the numbers of each group, in the order of the numbers."""
    out: dict[str, list[Number]] = {}
    for group, number in zip(groups_of(model), model.numbers, strict=True):
        out.setdefault(group, []).append(number)
    return out


def sobol(
    model: DrawModel,
    columns: Sequence[int],
    *,
    samples: int = 1024,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Sobol:
    """Return Sobol indices of a position; assumptions that correlations tie stand in one group.

    The rows are SALib's. Numbers are spread out for the two base matrices only: a crossed row takes each of its
    numbers from one of them, since groups move apart.

    Parameters
    ----------
    model : DrawModel
        Numbers and lines.
    columns : Sequence[int]
        Columns that are summed to the position.
    samples, seed : int
        Base samples, a power of two; of the sampling and of the bootstrap.
    progress : callable, optional
        Called with base samples done, and how many there are.
    cancelled : callable, optional
        Asked after each step; when it says True, what is done so far is the answer: the greatest power of two.

    Raises
    ------
    InvalidInput
        If the samples are no power of two.
    Cancelled
        If it is stopped before there is enough for any answer.
    """
    _check(samples)
    if not model.numbers:
        return Sobol((), samples, 0, samples)
    groups, members = groups_of(model), members_of(model)
    names = [n.key for n in model.numbers]
    wide = len(members) + 2
    if len(members) == 1:
        found, done = {groups[0]: (1.0, 0.0, 1.0, 0.0)}, samples
    else:
        results = _evaluated(model, columns, groups, samples, seed, progress, cancelled)
        done = len(results) // wide
        found = _indices(names, groups, results, seed)
    shares = [
        Share(tuple(n.key for n in members[g]), tuple(n.name for n in members[g]), *values)
        for g, values in found.items()
    ]
    return Sobol(tuple(sorted(shares, key=lambda s: (-s.total, s.keys))), done, done * wide, samples)


def _check(samples: int) -> None:
    if samples < 2 or samples & (samples - 1):
        msg = f"{samples} base samples are no power of two. Give 256, 1024 or 2048."
        raise InvalidInput(msg)


def _evaluated(
    model: DrawModel,
    columns: Sequence[int],
    groups: Sequence[str],
    samples: int,
    seed: int,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> Array:
    """Return the position in each row, for as many base samples as there was time for."""
    from scipy.stats import qmc

    count, rows = len(groups), list(columns)
    places = [[i for i, g in enumerate(groups) if g == group] for group in dict.fromkeys(groups)]
    base = np.clip(qmc.Sobol(d=2 * count, scramble=True, seed=seed).random(samples), 2**-53, 1 - 2**-53)
    step = 1 << max(3, (_CELLS // (count * (len(places) + 2))).bit_length() - 1)
    out: list[Array] = []
    done = 0
    while done < samples:
        part = base[done : done + step].T
        first, second = model.spread_out(part[:count]), model.spread_out(part[count:])
        crossed = np.repeat(first[:, :, None], len(places) + 2, axis=2)
        for k, place in enumerate(places):
            crossed[place, :, k + 1] = second[place]
        crossed[:, :, -1] = second
        net = model.outcomes(crossed.reshape(count, -1))[rows].sum(axis=0)
        out.append(np.asarray(net))
        done += part.shape[1]
        if progress is not None:
            progress(done, samples)
        if done < samples and cancelled is not None and cancelled():
            whole = 1 << (done.bit_length() - 1)
            if whole < _FEWEST:
                from partnership._roi.draws import Cancelled

                msg = f"Called off after {done} of {samples:,} base samples: too few to say anything."
                raise Cancelled(msg)
            return np.concatenate(out)[: whole * (len(places) + 2)]
    return np.concatenate(out)

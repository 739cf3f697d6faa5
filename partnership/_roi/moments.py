# ruff: noqa: E501 - a sentence stays on one line
"""Exact mean and standard deviation of every column, without a draw: the instant preview, and the draws' oracle.

Given the discount rate and the numbers that lines share, lines are independent products of independent
factors. So
means and products of two lines are products of averages, number by number, each by quadrature; an uncertain
rate is
averaged over last. Numbers tied by correlations are no product: then nothing is said, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from partnership._roi.draw_model import Array, DrawLine, DrawModel, Factor, Shape, factors_of

__all__ = ["Moments", "Withheld", "conditional_means", "exact_moments"]

_RATE_NODES, _NODES = 12, 16


@dataclass(frozen=True)
class Withheld:
    """Why there are no exact moments; the draws' own are used."""

    reason: str


@dataclass(frozen=True)
class Moments:
    """Exact means and covariances of a model's columns.

    Parameters
    ----------
    columns : tuple[str, ...]
        Names of the columns.
    means : numpy.ndarray
        By column.
    covariance : numpy.ndarray
        Columns x columns.
    """

    columns: tuple[str, ...]
    means: Array
    covariance: Array

    def of(self, weights: Mapping[str, float]) -> tuple[float, float]:
        """Return mean and standard deviation of a weighted sum of columns."""
        w = np.array([weights.get(c, 0.0) for c in self.columns])
        return float(w @ self.means), float(np.sqrt(max(0.0, w @ self.covariance @ w)))


def exact_moments(model: DrawModel) -> Moments | Withheld:
    """Return exact mean and covariance of every column, or the reason why there is none.

    E[line] = constant x product of E[factors] x E[shape]; Cov(line, line') = E[line line'] - E[line]
    E[line'] is nil
    given the rate unless the two share a number. Averages are Gauss quadrature of the number's own
    distribution.

    Parameters
    ----------
    model : DrawModel
        Numbers, lines and columns.

    Returns
    -------
    Moments or Withheld
        Pounds; withheld where correlations tie assumptions.

    Source
    ------
    Goodman, *On the exact variance of products* (1960); Gauss quadrature.
    """
    if model.tied:
        names = ", ".join(model.numbers[i].name for i in model.tied)
        return Withheld(f"Correlations tie {names}: mean and spread are the draws' own.")
    rates, odds = (
        (np.zeros(1), np.ones(1)) if model.rate < 0 else model.numbers[model.rate].spread.nodes(_RATE_NODES)
    )
    averaging = _Averaging(model, rates)
    means, squares = averaging.own()
    pairs = averaging.rest(means, squares)
    falls = np.zeros((len(model.lines), len(model.columns)))
    for i, line in enumerate(model.lines):
        for column, share in line.falls.items():
            falls[i, column] = share
    by_rate = np.array(model.base) + means.T @ falls
    overall = odds @ by_rate
    spread = (squares - means**2) @ odds
    covariance = falls.T @ (np.maximum(spread, 0)[:, None] * falls)
    for (i, j), product in pairs.items():
        tie = float((product - means[i] * means[j]) @ odds)
        both = np.outer(falls[i], falls[j]) * tie
        covariance += both + both.T
    apart = by_rate - overall
    return Moments(model.columns, overall, covariance + apart.T @ (odds[:, None] * apart))


def conditional_means(model: DrawModel) -> dict[int, tuple[Array, Array]]:
    """Return, by number, the mean of every column at points of the number, and the points' weights.

    Everything but the number is averaged out. Only for a model without correlations.
    """
    rates, odds = (
        (np.zeros(1), np.ones(1)) if model.rate < 0 else model.numbers[model.rate].spread.nodes(_RATE_NODES)
    )
    averaging = _Averaging(model, rates)
    overall = np.array(model.base)
    moved: dict[int, Array] = {}
    by_rate = np.zeros((len(rates), len(model.columns)))
    for line in model.lines:
        falls = np.zeros(len(model.columns))
        for column, share in line.falls.items():
            falls[column] = share
        terms = averaging.terms(line)
        mean = sum((averaging.mean(t) for t in terms), np.zeros(len(rates)))
        overall = overall + falls * float(odds @ mean)
        by_rate += mean[:, None] * falls
        for number in {n for t in terms for n in t.numbers}:
            given = sum((averaging.mean(t, left_open=number) for t in terms), np.zeros((1, 1)))
            change = odds @ given - float(odds @ mean)
            moved[number] = moved.get(number, 0.0) + change[:, None] * falls
    out = {n: (overall + change, averaging.grid(n)[1]) for n, change in moved.items()}
    if model.rate >= 0:
        out[model.rate] = (by_rate + np.array(model.base), odds)
    return out


class _Averaging:
    def __init__(self, model: DrawModel, rates: Array) -> None:
        self.model, self.rates = model, rates
        self.v = 1 / (1 + rates)
        shared = {i for i, count in model.uses.items() if count > 1 and i != model.rate}
        self.shared = frozenset(shared)
        self.first, self.second = _raw_moments(model)
        self.seen: dict[tuple[object, ...], tuple[Array, Array]] = {}
        self.grids: dict[int, tuple[Array, Array]] = {}

    def is_simple(self, line: DrawLine) -> bool:
        """Tell whether all numbers are the line's own, each in one factor, and its shape a constant or closed."""
        shape = line.shape
        flat = shape.is_closed or shape.is_constant(rate_varies=self.model.rate >= 0)
        if not flat or self.model.rate in (f.number for f in line.factors):
            return False
        return not any(f.number in self.shared for f in factors_of(line)) and shape.lag not in self.shared

    def own(self) -> tuple[Array, Array]:
        """Return mean and mean square by line and rate, for lines that share nothing; the rest is nil."""
        lines = self.model.lines
        means, squares = np.zeros((2, len(lines), len(self.rates)))
        self.simple = [i for i, line in enumerate(lines) if self.is_simple(line)]
        if not self.simple:
            return means, squares
        entries = [
            (k, f.number, f.offset, f.scale) for k, i in enumerate(self.simple) for f in lines[i].factors
        ]
        one = np.array([lines[i].constant for i in self.simple])
        two = one**2
        if entries:
            rows, numbers, offset, scale = (np.array(x) for x in zip(*entries, strict=True))
            first, second = self.first[numbers], self.second[numbers]
            np.multiply.at(one, rows, offset + scale * first)
            np.multiply.at(two, rows, offset**2 + 2 * offset * scale * first + scale**2 * second)
        for k, i in enumerate(self.simple):
            worth, square = self._worth(lines[i].shape)
            means[i], squares[i] = one[k] * worth, two[k] * square
        return means, squares

    def _worth(self, shape: Shape) -> tuple[Array, Array]:
        """Return mean and mean square of a closed or constant shape, by rate; alike shapes are averaged once."""
        if not shape.is_closed:
            total = sum(shape.weights)
            return np.full(len(self.rates), total), np.full(len(self.rates), total**2)
        lag = None if shape.lag < 0 else self.model.numbers[shape.lag].spread
        keep = shape.keep
        loss = None if keep is None or keep.number < 0 else self.model.numbers[keep.number].spread
        key = (lag, loss, keep and (keep.offset, keep.scale), shape.years, shape.start)
        if key not in self.seen:
            lags, lag_odds = (np.zeros(1), np.ones(1)) if lag is None else lag.nodes()
            losses, loss_odds = (np.zeros(1), np.ones(1)) if loss is None else loss.nodes(_NODES)
            kept = np.ones(1) if keep is None else keep.offset + keep.scale * losses
            value = _closed(self.v[:, None, None], kept[None, :, None], lags, shape)
            odds = loss_odds[:, None] * lag_odds
            self.seen[key] = (value * odds).sum((1, 2)), (value**2 * odds).sum((1, 2))
        return self.seen[key]

    def rest(self, means: Array, squares: Array) -> dict[tuple[int, int], Array]:
        """Fill in the lines that share numbers; return the mean products of the pairs that do."""
        reduced: dict[int, list[_Term]] = {}
        users: dict[int, set[int]] = {}
        simple = set(self.simple)
        for i, line in enumerate(self.model.lines):
            if i in simple:
                continue
            terms = self.terms(line)
            reduced[i] = self._reduced(terms)
            means[i] = sum((self.mean(t) for t in reduced[i]), np.zeros(len(self.rates)))
            squares[i] = sum((self._product(a, b) for a in terms for b in terms), np.zeros(len(self.rates)))
            for number in {n for t in terms for n in t.numbers if n in self.shared}:
                users.setdefault(number, set()).add(i)
        pairs = sorted({pair for them in users.values() for pair in combinations(sorted(them), 2)})
        return {
            (i, j): sum(
                (self._product(a, b) for a in reduced[i] for b in reduced[j]), np.zeros(len(self.rates))
            )
            for i, j in pairs
        }

    def grid(self, number: int) -> tuple[Array, Array]:
        """Return points and weights of a number."""
        if number not in self.grids:
            self.grids[number] = self.model.numbers[number].spread.nodes(_NODES)
        return self.grids[number]

    def _at(self, factor: Factor) -> tuple[int, Array]:
        return factor.number, factor.offset + factor.scale * self.grid(factor.number)[0][None, :]

    def terms(self, line: DrawLine) -> list[_Term]:
        """Return a line as a sum of products of functions of one number each."""
        level = _Term(np.full(len(self.rates), line.constant), {})
        for factor in line.factors:
            level = level.times(*self._at(factor))
        shape = line.shape
        if shape.is_closed:
            return self._closed_terms(level, shape)
        keep = None if shape.keep is None else self._at(shape.keep)
        late = shape.late or (0.0,) * len(shape.weights)
        terms, plain = [], np.zeros((len(self.rates), 1))
        varies = self.model.rate >= 0
        for j, (now, then) in enumerate(zip(shape.weights, late, strict=True)):
            worth = (
                self.v ** (shape.start + j) * (now + then * self.v) if varies else np.full(1, now + then)
            )[:, None]
            kept = worth if keep is None else worth * keep[1] ** j
            if j not in shape.ramps:
                plain = plain + kept
                continue
            term = level.times(*self._at(shape.ramps[j]))
            terms.append(term.scaled(kept[:, 0]) if keep is None else term.times(keep[0], kept))
        return [*terms, level.scaled(plain[:, 0]) if keep is None else level.times(keep[0], plain)]

    def _closed_terms(self, level: _Term, shape: Shape) -> list[_Term]:
        keep = None if shape.keep is None or shape.keep.number < 0 else self._at(shape.keep)
        flat = 1.0 if shape.keep is None else shape.keep.offset
        kept = np.full((1, 1), flat) if keep is None else keep[1]
        lags = np.zeros(1) if shape.lag < 0 else self.grid(shape.lag)[0]
        out = []
        for k, lag in enumerate(lags):
            worth = _closed(self.v[:, None], kept, np.array(lag), shape)
            term = level.scaled(worth[:, 0]) if keep is None else level.times(keep[0], worth)
            if shape.lag >= 0:
                chosen = np.zeros((1, len(lags)))
                chosen[0, k] = 1
                term = term.times(shape.lag, chosen)
            out.append(term)
        return out

    def _reduced(self, terms: list[_Term]) -> list[_Term]:
        """Average what is a line's own out of its terms, and add up those that have nothing else."""
        out: list[_Term] = []
        alone = np.zeros(len(self.rates))
        for term in terms:
            weight, left = term.weight, {}
            for number, values in term.numbers.items():
                if number in self.shared:
                    left[number] = values
                else:
                    weight = weight * (values @ self.grid(number)[1])
            if left:
                out.append(_Term(weight, left))
            else:
                alone = alone + weight
        merged: list[_Term] = []
        for term in out:
            same = next((t for t in merged if t.alike(term)), None)
            if same is None:
                merged.append(term)
            else:
                merged[merged.index(same)] = _Term(same.weight + term.weight, same.numbers)
        return [*merged, _Term(alone, {})] if alone.any() else merged

    def mean(self, term: _Term, left_open: int = -1) -> Array:
        """Return the mean of a term by rate; by rate and point of the one number that is left open."""
        out = term.weight
        for number, values in term.numbers.items():
            if number != left_open:
                out = out * (values @ self.grid(number)[1])
        return out if left_open < 0 else out[:, None] * term.numbers.get(left_open, np.ones((1, 1)))

    def _product(self, a: _Term, b: _Term) -> Array:
        out = a.weight * b.weight
        for number in sorted(set(a.numbers) | set(b.numbers)):
            values = a.numbers.get(number, 1.0) * b.numbers.get(number, 1.0)
            out = out * (values @ self.grid(number)[1])
        return np.asarray(out)


@dataclass(frozen=True, eq=False)
class _Term:
    """A weight by rate, and by number its function at the number's points (rates x points, or 1 x points)."""

    weight: Array
    numbers: dict[int, Array]

    def times(self, number: int, values: Array) -> _Term:
        known = self.numbers.get(number)
        return _Term(self.weight, {**self.numbers, number: values if known is None else known * values})

    def scaled(self, weight: Array) -> _Term:
        return _Term(self.weight * weight, self.numbers)

    def alike(self, other: _Term) -> bool:
        if self.numbers.keys() != other.numbers.keys():
            return False
        return all(np.array_equal(v, other.numbers[n]) for n, v in self.numbers.items())


def _closed(v: Array, kept: Array, lag: Array, shape: Shape) -> Array:
    """v**lag x (1 - q**(years - lag)) / (1 - q), q = kept x v; a plain count where q is one."""
    q = kept * v
    flat = np.abs(1 - q) < 1e-9
    count = shape.years - lag
    summed = np.where(flat, count, (1 - q**count) / np.where(flat, 1.0, 1 - q))
    return np.asarray(v ** (lag + shape.start) * summed)


def _raw_moments(model: DrawModel) -> tuple[Array, Array]:
    """Return mean and mean square of every number; triangular and uniform ones all at once."""
    spreads = [n.spread for n in model.numbers]
    first, second = np.zeros((2, len(spreads)))
    kinds = np.array(["fixed" if s.is_fixed else s.kind for s in spreads])
    low, mode, high = np.array([(s.low, s.value, s.high) for s in spreads]).reshape(-1, 3).T
    tri, flat = kinds == "triangular", kinds == "uniform"
    first[:] = np.where(tri, (low + mode + high) / 3, (low + high) / 2)
    squares = low * low + high * high + low * high
    second[:] = np.where(tri, (squares + mode * mode + mode * (low + high)) / 6, squares / 3)
    for i in np.flatnonzero(~(tri | flat)):
        first[i], second[i] = spreads[i].moments
    return first, second

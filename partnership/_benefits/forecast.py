"""Forecast at completion: exponential smoothing with a damped trend, and how good it would have been."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from partnership.errors import InvalidInput

__all__ = ["LEAST_READINGS", "METHOD", "Backtest", "Forecast", "Origin", "damped_trend", "forecast", "holt"]

METHOD = "exponential smoothing with a damped additive trend (statsmodels ETS), 2,000 futures"
LEAST_READINGS = 10
"""Fewer months than this are not forecast: level, trend, damping and spread could not all be learnt."""

_AHEAD = 3
_LOOK_BACK = 12
_LEAST_ORIGINS = 4
_RANGE = 0.8
_FUTURES = 2000
_SEED = 20261123


@dataclass(frozen=True, slots=True)
class Origin:
    """One forecast of the past: of the sum of the ``ahead`` months after the first ``months``."""

    months: int
    ahead: int
    low: float
    middle: float
    high: float
    naive: float
    real: float

    @property
    def is_inside(self) -> bool:
        """True when the real sum lay in the 80% range."""
        return self.low <= self.real <= self.high


@dataclass(frozen=True, slots=True)
class Backtest:
    """How good the forecasts of the last year would have been.

    ``mean_error`` is the mean of |forecast - real| over the sum of |real|: 0.09 is "missed by 9%".
    ``naive_error`` is the same for "every month as the last". ``inside`` of ``origins`` lay in the 80%
    range. ``origins`` is empty where history is too short to say.
    """

    origins: tuple[Origin, ...]
    mean_error: float | None
    naive_error: float | None
    inside: int

    @property
    def beats_naive(self) -> bool | None:
        """Whether the method did better than saying that nothing changes; None where history is too short."""
        if self.mean_error is None or self.naive_error is None:
            return None
        return self.mean_error < self.naive_error


@dataclass(frozen=True, slots=True)
class Forecast:
    """Value at completion: what is real, and what the months to come would add.

    ``widened`` is how many times the model's own range was widened, because too few of the back-tested
    months lay inside it; 1 where enough did or history is too short to tell. ``path`` has the running total
    at P10, P50 and P90 for each month to come; the last is the completion. All None where ``why_not`` says
    why nothing is forecast.
    """

    readings: int
    ahead: int
    real_to_date: float
    low: float | None
    middle: float | None
    high: float | None
    path: tuple[tuple[float, float, float], ...]
    widened: float
    backtest: Backtest
    method: str
    why_not: str | None


def forecast(values: Sequence[float], ahead: int, *, futures: int = _FUTURES, seed: int = _SEED) -> Forecast:
    """Forecast the running total of monthly values to completion, with its range.

    A damped trend is fitted to the months' own values by maximum likelihood; futures are drawn with its
    errors and added up, so that the range of the total takes in that good and bad months follow each other.
    P10, P50 and P90 are quantiles of the futures. The same is done from each of the last twelve months that
    have ``3`` months after them, to see how good it was.

    Parameters
    ----------
    values : Sequence of float
        What was read month by month, in pounds; no gaps.
    ahead : int
        Months to completion.
    futures, seed : int
        How many futures are drawn, and from which seed: the same data gives the same answer.

    Raises
    ------
    InvalidInput
        If a value is not finite or ``ahead`` is negative.

    Source
    ------
    Gardner and McKenzie (1985), Forecasting trends in time series, Management Science 31(10); Hyndman and
    Athanasopoulos, Forecasting: principles and practice, chapter on exponential smoothing; rolling origin
    after Tashman (2000).
    """
    series = np.asarray(values, dtype=float)
    if ahead < 0 or not np.all(np.isfinite(series)):
        given = f"{len(values)} months and {ahead} ahead"
        msg = f"{given} cannot be forecast. Give finite values, and 0 or more months ahead."
        raise InvalidInput(msg)
    nothing = Backtest((), None, None, 0)
    total = float(series.sum())
    if ahead == 0:
        return Forecast(len(values), 0, total, total, total, total, (), 1.0, nothing, METHOD, None)
    if len(values) < LEAST_READINGS:
        why = f"{len(values)} months were read; a forecast needs {LEAST_READINGS}."
        return Forecast(len(values), ahead, total, None, None, None, (), 1.0, nothing, METHOD, why)
    tested = _backtest(series, futures, seed)
    widened = _widening(tested)
    running = total + damped_trend(series, ahead, futures, seed).cumsum(axis=0)
    path = tuple(_widened(_range_of(row), widened) for row in running)
    low, middle, high = path[-1]
    return Forecast(len(values), ahead, total, low, middle, high, path, widened, tested, METHOD, None)


def _widening(tested: Backtest) -> float:
    """Return how many times wider a range must be to have held four in five of the back-tested months.

    The factor is the order statistic that a split conformal interval would take (Lei and others, 2018);
    never below 1.
    """
    if not tested.origins:
        return 1.0
    misses = sorted(
        abs(o.real - o.middle) / (half if (half := (o.high - o.low) / 2) else abs(o.real) or 1.0)
        for o in tested.origins
    )
    place = min(math.ceil((len(misses) + 1) * _RANGE) - 1, len(misses) - 1)
    return max(float(misses[place]), 1.0)


def _widened(span: tuple[float, float, float], times: float) -> tuple[float, float, float]:
    low, middle, high = span
    return middle - (middle - low) * times, middle, middle + (high - middle) * times


def _range_of(row: Any) -> tuple[float, float, float]:
    low, middle, high = np.quantile(row, (0.1, 0.5, 0.9))
    return float(low), float(middle), float(high)


def _backtest(series: Any, futures: int, seed: int) -> Backtest:
    last = len(series) - _AHEAD
    origins = []
    for months in range(max(LEAST_READINGS, len(series) - _LOOK_BACK), last + 1):
        known = series[:months]
        sums = damped_trend(known, _AHEAD, futures, seed).sum(axis=0)
        low, middle, high = _range_of(sums)
        real = float(series[months : months + _AHEAD].sum())
        origins.append(Origin(months, _AHEAD, low, middle, high, float(known[-1]) * _AHEAD, real))
    whole = sum(abs(o.real) for o in origins)
    if len(origins) < _LEAST_ORIGINS or not whole:
        return Backtest((), None, None, 0)
    return Backtest(
        tuple(origins),
        sum(abs(o.middle - o.real) for o in origins) / whole,
        sum(abs(o.naive - o.real) for o in origins) / whole,
        sum(o.is_inside for o in origins),
    )


def damped_trend(series: Any, ahead: int, futures: int, seed: int) -> Any:
    """Return futures of a series as an array of months by futures, in the series' unit.

    A series that never changes has one future: itself.
    """
    if np.ptp(series) == 0:
        return np.full((ahead, futures), float(series[-1]))
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    scale = float(np.max(np.abs(series)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = ETSModel(series / scale, error="add", trend="add", damped_trend=True)
        fitted = model.fit(disp=False)
        spread = math.sqrt(float(fitted.mse))
        errors = np.random.default_rng(seed).normal(0.0, spread, (ahead, futures))
        drawn = fitted.simulate(ahead, anchor="end", repetitions=futures, random_errors=errors)
    return np.asarray(drawn, dtype=float).reshape(ahead, futures) * scale


def holt(
    values: Sequence[float], level: float, trend: float, ahead: int, damping: float = 1.0
) -> list[float]:
    """Return point forecasts of Holt's linear method with given smoothing, damped where damping is below 1.

    level(t) = a y(t) + (1 - a)(level + damping × trend); trend(t) = b (level(t) - level(t-1)) + (1 - b)
    damping × trend; the first level is the first value, the first trend the first difference. It is what a
    published table can be checked against by hand.

    Source
    ------
    Hyndman and Athanasopoulos, Forecasting: principles and practice (2013), table of Holt's method: air
    passengers of Australia.

    Examples
    --------
    >>> [round(x, 2) for x in holt([10, 12, 14], 0.8, 0.2, 2)]
    [15.65, 17.37]
    """
    if len(values) < 2:
        msg = f"{len(values)} values have no trend. Give at least two."
        raise InvalidInput(msg)
    here, slope = float(values[0]), float(values[1] - values[0])
    for value in values:
        before, run = here, damping * slope
        here = level * value + (1 - level) * (here + run)
        slope = trend * (here - before) + (1 - trend) * run
    steps = np.cumsum([damping**k for k in range(1, ahead + 1)])
    return [here + slope * float(s) for s in steps]

"""Adapters of distributions, correlations, chances of gain, ratios of means and Sobol indices."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from partnership._roi.correlation import rank_of_score, score_of_rank
from partnership._roi.distributions import Distribution, lognormal_of, pert_shape
from partnership._roi.known_functions import g_function, g_indices, ishigami, ishigami_indices
from partnership._roi.normal_gain import chance_of_gain, mean_of_ratios
from partnership._roi.sensitivity import sobol_indices
from partnership._verify.base import (
    Adapter,
    Answer,
    asked_of,
    decimal_of,
    first_of,
    is_number,
    not_covered,
    numbers_of,
)

__all__ = ["ADAPTERS"]

_PERCENTS = (1, 5, 10, 25, 50, 75, 90, 95, 99)


def _float(value: Any) -> float:
    return float(decimal_of(value))


def _distribution(inputs: Mapping[str, Any]) -> Any:
    asked = asked_of(inputs)
    kind = str(first_of(inputs, "distribution", "kind", "type", default="")).casefold()
    low, high = first_of(inputs, "low", "min", "a"), first_of(inputs, "high", "max", "b")
    mode = first_of(inputs, "mode", "most_likely", "m", "c")
    mean, variation = first_of(inputs, "mean"), first_of(inputs, "cv", "variation")
    if is_number(mean) and is_number(variation):
        return _lognormal(_float(mean), _float(variation))
    sd = first_of(inputs, "sd", "sigma", "std")
    if is_number(mean) and is_number(sd):
        return (
            _lognormal(_float(mean), _float(sd) / _float(mean))
            if "log" in kind + asked.words
            else _normal(_float(mean), _float(sd))
        )
    if not is_number(low) or not is_number(high):
        raise not_covered("distribution", inputs)
    if not is_number(mode):
        return _of(Distribution("uniform", _float(low), _float(low), _float(high)))
    spread = (_float(low), _float(mode), _float(high))
    is_pert = "pert" in kind or (not kind and (asked.mentions("pert") or "alpha" in asked.keys))
    if is_pert:
        alpha, beta = pert_shape(*spread)
        return _of(Distribution("PERT", *spread), alpha=alpha, beta=beta)
    return _of(Distribution("triangular", *spread))


def _of(spread: Distribution, **more: float) -> Answer:
    quantiles = {f"p{p}": spread.quantile(p / 100) for p in _PERCENTS}
    return Answer(
        spread.mean, mean=spread.mean, var=spread.variance, variance=spread.variance, sd=math.sqrt(spread.variance),
        median=quantiles["p50"], **quantiles, **more,
    )  # fmt: skip


def _normal(mean: float, sd: float) -> Answer:
    from scipy.special import ndtri

    return Answer(
        mean,
        mean=mean,
        sd=sd,
        var=sd**2,
        variance=sd**2,
        median=mean,
        **{f"p{p}": mean + sd * float(ndtri(p / 100)) for p in _PERCENTS},
    )


def _lognormal(mean: float, variation: float) -> Answer:
    from scipy.special import ndtri

    mu, sigma = lognormal_of(mean, variation)
    quantiles = {f"p{p}": math.exp(mu + sigma * float(ndtri(p / 100))) for p in _PERCENTS}
    variance = (mean * variation) ** 2
    return Answer(
        mean, mu=mu, sigma=sigma, mean=mean, median=math.exp(mu), mode=math.exp(mu - sigma**2), var=variance,
        variance=variance, sd=mean * variation, **quantiles,
    )  # fmt: skip


def _each(value: Any, method: Any) -> Any:
    return (
        [method(float(x)) for x in numbers_of(value)]
        if isinstance(value, Sequence)
        else method(_float(value))
    )


def _correlation(inputs: Mapping[str, Any]) -> Any:
    rank = first_of(inputs, "rho_spearman", "spearman", "rank_correlation", "rho_s")
    if rank is not None:
        found = _each(rank, score_of_rank)
        return Answer(found, pearson=found, rho_pearson=found, r=found, rho=found)
    score = first_of(inputs, "rho_pearson", "pearson", "rho", "r")
    if score is None:
        raise not_covered("correlation", inputs)
    found = _each(score, rank_of_score)
    return Answer(found, spearman=found, rho_spearman=found)


def _monte_carlo(inputs: Mapping[str, Any]) -> Any:
    if {"muB", "sB", "muC", "sC"} <= set(inputs):
        benefit, cost = (
            (_float(inputs["muB"]), _float(inputs["sB"])),
            (_float(inputs["muC"]), _float(inputs["sC"])),
        )
        found = _each(first_of(inputs, "rho", default=0), lambda rho: chance_of_gain(benefit, cost, rho))
        return Answer(found, probability=found, chance=found, p=found)
    benefit_mean, cost_mean = (
        first_of(inputs, "B", "B_mean", "mean_B"),
        first_of(inputs, "C_mean", "mean_C", "C"),
    )
    variation = first_of(inputs, "C_cv", "cv_C", "cv")
    if not is_number(benefit_mean) or not is_number(cost_mean) or not is_number(variation):
        raise not_covered("monte-carlo", inputs)
    right, trap = mean_of_ratios(_float(benefit_mean), _float(cost_mean), _float(variation))
    return Answer(right, ratio_of_means=right, mean_of_ratios=trap)


def _sobol(inputs: Mapping[str, Any]) -> Any:
    asked = asked_of(inputs)
    given = inputs.get("a")
    samples = first_of(inputs, "N", "n", "samples")
    if isinstance(given, Sequence) and not isinstance(given, str):
        weights = [float(x) for x in numbers_of(given)]
        if samples is not None:
            first, total = _sampled(lambda rows: g_function(rows, weights), len(weights), inputs)
            variance = float("nan")
        else:
            first, total, variance = g_indices(weights)
        wants_total = asked.mentions("total") or "test_test_functions" in asked.words
        out = Answer(
            total if wants_total and not asked.mentions("first") else first,
            S1=first,
            ST=total,
            first=first,
            total=total,
        )
        return out if math.isnan(variance) else Answer(out.main, **out, variance=variance)
    a, b = _float(first_of(inputs, "a", default=7)), _float(first_of(inputs, "b", default=0.1))
    if samples is None and "a" not in inputs:
        raise not_covered("sobol", inputs)
    if samples is not None:

        def scaled(rows: Any) -> Any:
            return ishigami((2 * np.asarray(rows) - 1) * math.pi, a, b)

        first, total = _sampled(scaled, 3, inputs)
        return Answer([first, total], S1=first, ST=total)
    known = ishigami_indices(a, b)
    return Answer([known["S1"], known["ST"]], **known)


def _sampled(evaluate: Any, count: int, inputs: Mapping[str, Any]) -> tuple[list[float], list[float]]:
    names = [f"x{i + 1}" for i in range(count)]
    seed = int(_float(first_of(inputs, "seed", default=1)))
    found = sobol_indices(
        names, names, evaluate, samples=int(_float(first_of(inputs, "N", "n", "samples"))), seed=seed
    )
    return [found[n][0] for n in names], [found[n][2] for n in names]


ADAPTERS: dict[str, Adapter] = {
    "distribution": _distribution, "correlation": _correlation, "monte_carlo": _monte_carlo, "sobol": _sobol,
}  # fmt: skip
"""Category of a case to the call that answers it."""

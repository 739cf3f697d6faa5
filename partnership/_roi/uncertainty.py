# ruff: noqa: E501 - a sentence stays on one line
"""How sure we are: the spread of each agency's and the whole's position, and how likely each is worse off.

Ratios are never averaged over draws: the mean of ratios is not the ratio of means, and only the latter is a
return.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from partnership._roi.appraisal import WHOLE, Appraisal
from partnership._roi.draw_model import Array, DrawModel
from partnership._roi.draws import draw
from partnership._roi.explanation import Explanation
from partnership._roi.moments import Moments, Withheld
from partnership._roi.uncertain_model import FISCAL, MEASURES, Uncertain
from partnership.errors import UnknownName
from partnership.wording import is_plural, percent, pounds, the

__all__ = ["TAIL", "FanYear", "Positions", "Spread", "Spreads", "draw_positions", "fan", "spreads_of"]

TAIL = 0.1
"""Part of the draws that is the bad end: its mean is the expected shortfall."""

_FAN_NUMBERS = 4_000_000


@dataclass(frozen=True)
class Spread:
    """The position of one agency, or of the whole, over all draws. Real pounds at present value.

    Parameters
    ----------
    scope, name : str
        Agency id, or ``whole``.
    measure : str
        ``net fiscal``, ``net cash`` or ``net public value``.
    used_gbp : float
        The position with every assumption at the value used, as the appraisal has it.
    mean_gbp, sd_gbp : float
        Exact where ``is_exact``; else of the draws.
    p10_gbp, p50_gbp, p90_gbp : float
        One draw in ten lies below the first, half below the second, nine in ten below the third.
    chance_gain, chance_worse_off : float
        Share of draws above nil, and below it.
    shortfall_gbp : float
        Mean of the worst tenth of draws.
    loss_if_worse_off_gbp : float or None
        Mean of the draws below nil; None: there is none.
    draws : int
        Draws behind it.
    is_exact : bool
        True when mean and standard deviation come by quadrature, without draws.
    why_not_exact : str
        Why not, in words.
    """

    scope: str
    name: str
    measure: str
    used_gbp: float
    mean_gbp: float
    sd_gbp: float
    p10_gbp: float
    p50_gbp: float
    p90_gbp: float
    chance_gain: float
    chance_worse_off: float
    shortfall_gbp: float
    loss_if_worse_off_gbp: float | None
    draws: int
    is_exact: bool
    why_not_exact: str = ""

    @property
    def chance_error(self) -> float:
        """Standard error of the chances: sqrt(p (1 - p) / draws)."""
        return float(np.sqrt(self.chance_worse_off * (1 - self.chance_worse_off) / self.draws))

    @property
    def sentence(self) -> str:
        """How likely it is worse off, and the middle of what to expect."""
        be = "are" if self.scope != WHOLE and is_plural(self.name) else "is"
        who = "The partnership" if self.scope == WHOLE else the(self.name, start=True)
        return (
            f"{who} {be} worse off in {_chance(self.chance_worse_off)} of draws; {self.measure} between "
            f"{pounds(round(self.p10_gbp), _unit(self.p10_gbp, self.p90_gbp))} and "
            f"{pounds(round(self.p90_gbp), _unit(self.p10_gbp, self.p90_gbp))} in eight of ten."
        )

    @property
    def address(self) -> str:
        """Where its figures are explained."""
        return f"uncertainty/{self.scope}|{self.measure}"

    def explain(self, column: str = "chance_worse_off") -> Explanation:
        """Return how one of its figures came about.

        Raises
        ------
        UnknownName
            If there is no such column.
        """
        methods = {
            "used_gbp": "the appraisal, every assumption at the value used",
            "mean_gbp": "exact, by quadrature over every assumption" if self.is_exact else f"mean of the draws. {self.why_not_exact}",
            "sd_gbp": "exact, by quadrature over every assumption" if self.is_exact else f"of the draws. {self.why_not_exact}",
            "p10_gbp": "one draw in ten lies below", "p50_gbp": "half the draws lie below", "p90_gbp": "nine draws in ten lie below",
            "chance_gain": "draws above nil / draws", "chance_worse_off": "draws below nil / draws",
            "shortfall_gbp": "mean of the worst tenth of draws", "loss_if_worse_off_gbp": "mean of the draws below nil",
        }  # fmt: skip
        if column not in methods:
            kind = "column"
            raise UnknownName(kind, column, methods)
        unit = "share" if column.startswith("chance") else "£"
        found = getattr(self, column)
        value = (
            None if found is None else (Decimal(repr(found)) if unit == "share" else Decimal(round(found)))
        )
        around = (
            ("used_gbp", "mean_gbp", "sd_gbp", "p10_gbp", "p50_gbp", "p90_gbp")
            if column.startswith("chance")
            else ()
        )
        return Explanation(
            f"{self.address}/{column}", f"{self.name}, {self.measure}: {column.removesuffix('_gbp').replace('_', ' ')}",
            value, unit, methods[column], f"{self.draws:,} draws", tuple(self.explain(c) for c in around),
        )  # fmt: skip


def _chance(share: float) -> str:
    return (
        "less than 1%"
        if 0 < share < 0.01
        else "more than 99%"
        if 0.99 < share < 1
        else percent(Decimal(repr(share)))
    )


def _unit(*amounts: float) -> str:
    return "m" if max(map(abs, amounts)) >= 1_000_000 else ""


@dataclass(frozen=True, slots=True)
class FanYear:
    """Net fiscal position of one scope in one financial year, and up to its end; real pounds, not discounted.

    Parameters
    ----------
    p10_gbp, p25_gbp, p50_gbp, p75_gbp, p90_gbp, mean_gbp : float
        Of the year alone.
    sum_p10_gbp, sum_p50_gbp, sum_p90_gbp : float
        Of all years up to its end: from the same draws, since percentiles of years cannot be added.
    """

    scope: str
    financial_year: int
    p10_gbp: float
    p25_gbp: float
    p50_gbp: float
    p75_gbp: float
    p90_gbp: float
    mean_gbp: float
    sum_p10_gbp: float
    sum_p50_gbp: float
    sum_p90_gbp: float


@dataclass(frozen=True)
class Positions:
    """Positions by measure and scope in every draw, with their exact moments where there are any.

    Parameters
    ----------
    by_measure : Mapping[str, Mapping[str, numpy.ndarray]]
        Measure to scope to pounds by draw; the whole is the sum of the agencies.
    moments : Moments or Withheld
        Exact means and covariances of the model's columns.
    """

    uncertain: Uncertain
    seed: int
    by_measure: Mapping[str, Mapping[str, Array]]
    moments: Moments | Withheld


Spreads = Mapping[str, Mapping[str, Spread]]
"""Measure to scope to its spread."""


def draw_positions(
    uncertain: Uncertain,
    moments: Moments | Withheld,
    draws: int,
    seed: int,
    *,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Positions:
    """Draw the position of each agency and of the whole by each measure."""
    found = draw(uncertain.draws, draws, seed=seed, threads=threads, progress=progress, cancelled=cancelled)
    rows = {name: found.values[i] for i, name in enumerate(uncertain.draws.columns)}
    _add_steps(uncertain, rows, draws, seed, threads)
    agencies = sorted(a.id for a in uncertain.source.agencies)
    out: dict[str, dict[str, Array]] = {}
    for measure in MEASURES:
        each = {a: rows[f"{measure}|{a}"] for a in agencies}
        whole = np.sum(list(each.values()), axis=0) if each else np.zeros(draws)
        out[measure] = {WHOLE: whole, **each}
    return Positions(uncertain, seed, out, moments)


def _add_steps(
    uncertain: Uncertain, rows: dict[str, Array], draws: int, seed: int, threads: int | None
) -> None:
    """Add the whole steps of cash-releasing lines with a step to net cash, some thousand draws at a time."""
    if uncertain.steps is None:
        return
    settings = uncertain.source.settings
    factors = [float(f) for f in settings.benefit_factors]
    lines = {x.id: x for x in uncertain.source.lines}
    per_chunk = max(512, 1_000_000 // len(uncertain.steps.columns) // 512 * 512)
    for first in range(0, draws, per_chunk):
        count = min(per_chunk, draws - first)
        found = draw(uncertain.steps, count, seed=seed, first=first, threads=threads)
        cash = {key: np.zeros(count) for key in {c.partition("|")[0] for c in uncertain.steps.columns}}
        for amounts, column in zip(found.values, uncertain.steps.columns, strict=True):
            key, _, year = column.rpartition("|")
            step = float(lines[key].step_gbp or 1)
            cash[key] += np.floor(amounts / step + 1e-9) * step * factors[int(year) - settings.first_year]
        for key, amounts in sorted(cash.items()):
            for agency, share in lines[key].shares.items():
                rows[f"net cash|{agency}"][first : first + count] += float(share) * amounts


def spreads_of(positions: Positions, appraisal: Appraisal) -> dict[str, dict[str, Spread]]:
    """Return the spread of every measure and scope."""
    names = {WHOLE: "All agencies", **appraisal.model.agency_names}
    out: dict[str, dict[str, Spread]] = {}
    for measure, scopes in positions.by_measure.items():
        out[measure] = {
            scope: _spread(positions, appraisal, measure, scope, names[scope], values)
            for scope, values in scopes.items()
        }
    return out


def _spread(
    positions: Positions, appraisal: Appraisal, measure: str, scope: str, name: str, values: Array
) -> Spread:
    result = appraisal.result(scope)
    used = {
        FISCAL: result.net_fiscal_gbp, "net cash": result.pv_cashable_gbp - result.pv_cost_cash_gbp,
        "net public value": result.net_public_value_gbp,
    }[measure]  # fmt: skip
    moments = positions.moments
    stepped = measure == "net cash" and positions.uncertain.steps is not None
    why = moments.reason if isinstance(moments, Withheld) else ""
    if stepped:
        why = why or "Cash is released in whole steps: no product, so mean and spread are the draws' own."
    mean, sd = float(values.mean()), float(values.std())
    if isinstance(moments, Moments) and not stepped:
        mean, sd = moments.of(
            {
                c: 1.0
                for c in moments.columns
                if c.startswith(f"{measure}|") and scope in (WHOLE, c.split("|", 1)[1])
            }
        )
    worst = np.partition(values, count := max(1, int(TAIL * len(values))) - 1)[: count + 1]
    p10, p50, p90 = np.quantile(values, (0.1, 0.5, 0.9))
    below = values[values < 0]
    return Spread(
        scope, name, measure, float(used), mean, sd, float(p10), float(p50), float(p90), float((values > 0).mean()),
        float((values < 0).mean()), float(worst.mean()), float(below.mean()) if len(below) else None, len(values),
        not why, why,
    )  # fmt: skip


def fan(
    uncertain: Uncertain, draws: int, seed: int, *, threads: int | None = None
) -> tuple[tuple[FanYear, ...], int]:
    """Return the fan of net fiscal position by scope and financial year, and the draws behind it.

    It takes the first draws only where agencies x years are many, so that memory stays small; the number of
    draws
    used is returned and printed.
    """
    model: DrawModel = uncertain.yearly
    if not model.columns:
        return (), 0
    used = max(min(draws, _FAN_NUMBERS // len(model.columns)), min(draws, 512))
    found = draw(model, used, seed=seed, threads=threads)
    years = list(uncertain.source.settings.years)
    agencies = sorted(a.id for a in uncertain.source.agencies)
    out: list[FanYear] = []
    whole = np.zeros((len(years), used))
    for i, agency in enumerate(agencies):
        part = found.values[i * len(years) : (i + 1) * len(years)]
        whole += part
        out += _fan_of(agency, years, part)
    return (*_fan_of(WHOLE, years, whole), *out), used


def _fan_of(scope: str, years: list[int], values: Array) -> list[FanYear]:
    out, running = [], np.zeros(values.shape[1])
    for year, amounts in zip(years, values, strict=True):
        running = running + amounts
        low, lower, middle, upper, high = (
            float(x) for x in np.quantile(amounts, (0.1, 0.25, 0.5, 0.75, 0.9))
        )
        sums = (float(x) for x in np.quantile(running, (0.1, 0.5, 0.9)))
        out.append(FanYear(scope, year, low, lower, middle, upper, high, float(amounts.mean()), *sums))
    return out

# ruff: noqa: E501 - a sentence stays on one line
"""One call for everything a partnership wants to know of how sure its appraisal is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from partnership._roi.appraisal import WHOLE, Appraisal
from partnership._roi.appraisal import appraise as appraise_model
from partnership._roi.distributions import Distribution
from partnership._roi.draw_model import Number
from partnership._roi.draws import Cancelled, chances_of
from partnership._roi.explanation import Explanation
from partnership._roi.ledger import counted_costs
from partnership._roi.model import AppraisalModel, Settings, Tie
from partnership._roi.moments import Withheld, exact_moments
from partnership._roi.sensitivity import Bar, Share, Sobol, Worth, sobol, tornado, worth_of_knowing
from partnership._roi.uncertain_model import FISCAL, MEASURES, Ranges, Uncertain, uncertain_model
from partnership._roi.uncertainty import FanYear, Positions, Spread, draw_positions, fan, spreads_of
from partnership._workflows.model_costs import Records, settings_of
from partnership._workflows.modelling import model_of
from partnership.errors import Finding, InvalidInput, UnknownName
from partnership.wording import count_of, listing, number

__all__ = [
    "Bar", "Cancelled", "Distribution", "FanYear", "Preview", "Ranges", "Share", "Sobol", "Spread",
    "UncertainAppraisal", "Worth", "explained", "preview", "shares_of_doubt", "uncertain_appraisal",
]  # fmt: skip

_FITTED_DRAWS = 20_000


@dataclass(frozen=True)
class UncertainAppraisal:
    """How sure an appraisal is: the spread of every position, what drives it, and what to find out first.

    Parameters
    ----------
    appraisal : Appraisal
        The appraisal with every assumption at the value used.
    scope : str
        Agency id or ``whole``: whose position tornado, sobol and worth are about.
    draws, seed : int
        How many draws, from which seed: the same two give the same figures.
    spreads : Mapping[str, Mapping[str, Spread]]
        Measure (``net fiscal``, ``net cash``, ``net public value``) to scope (``whole``, agency ids) to its
        spread.
    fan : tuple[FanYear, ...]
        Net fiscal position by scope and financial year, the whole first.
    fan_draws : int
        Draws behind the fan; fewer than ``draws`` where agencies x years are many.
    tornado : tuple[Bar, ...]
        Widest first.
    sobol : Sobol or None
        None where it was not asked for.
    worth : tuple[Worth, ...]
        Value of finding out each assumption, the most valuable first.
    ranged, fixed : tuple[str, ...]
        Assumptions with a range; those without.
    numbers : tuple[Number, ...]
        The assumptions with a range, each with how it is spread.
    sentences : Mapping[str, str]
        What must stand beside the figures, by subject: draws, fixed, exact, costs, rate, correlations,
        order, ratios.
    findings : tuple[Finding, ...]
        What could not be used as stated.
    ties : tuple[Tie, ...]
        Correlations that are in force: of the plan, or those given in their place.
    """

    appraisal: Appraisal
    scope: str
    draws: int
    seed: int
    spreads: Mapping[str, Mapping[str, Spread]]
    fan: tuple[FanYear, ...]
    fan_draws: int
    tornado: tuple[Bar, ...]
    sobol: Sobol | None
    worth: tuple[Worth, ...]
    ranged: tuple[str, ...]
    fixed: tuple[str, ...]
    sentences: Mapping[str, str]
    findings: tuple[Finding, ...] = field(default=())
    numbers: tuple[Number, ...] = field(default=(), repr=False)
    ties: tuple[Tie, ...] = ()

    @property
    def whole(self) -> Spread:
        """Net fiscal position of all agencies together."""
        return self.spreads[FISCAL][WHOLE]

    @property
    def agencies(self) -> dict[str, Spread]:
        """Net fiscal position of each agency, by id."""
        return {k: v for k, v in self.spreads[FISCAL].items() if k != WHOLE}

    @property
    def withheld(self) -> dict[str, str]:
        """Scopes whose net position may not be shown yet, and what is missing: the appraisal's own gate."""
        return {scope: r.gate.words for scope, r in self.appraisal.scopes.items() if not r.gate.is_open}

    def fan_of(self, scope: str) -> tuple[FanYear, ...]:
        """Return the fan of one scope."""
        return tuple(f for f in self.fan if f.scope == scope)

    def explain(
        self, scope: str = WHOLE, measure: str = FISCAL, column: str = "chance_worse_off"
    ) -> Explanation:
        """Return how a figure came about.

        Raises
        ------
        UnknownName
            If there is no such measure, scope or column.
        """
        if measure not in self.spreads:
            kind = "measure"
            raise UnknownName(kind, measure, self.spreads)
        if scope not in self.spreads[measure]:
            kind = "agency"
            raise UnknownName(kind, scope, self.spreads[measure])
        return self.spreads[measure][scope].explain(column)


@dataclass(frozen=True)
class Preview:
    """Exact mean and standard deviation of net fiscal position by scope, without a draw; or why there is none."""

    by_scope: Mapping[str, tuple[float, float]]
    withheld: str = ""


def uncertain_appraisal(
    plan: Records | AppraisalModel | Appraisal,
    settings: Settings | None = None,
    *,
    draws: int = 10_000,
    seed: int = 2026,
    agency: str | None = None,
    ranges: Ranges | None = None,
    sobol_samples: int = 0,
    threads: int | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> UncertainAppraisal:
    """Appraise a plan with its ranges: chances, percentiles, fan, tornado and what to find out first.

    Parameters
    ----------
    plan : Plan, AppraisalModel or Appraisal
        The whole plan in records, or what was made of it already.
    settings : Settings, optional
        Every choice; the plan's own years and prices when left out. Only for a plan in records.
    draws, seed : int
        How many draws, from which seed.
    agency : str, optional
        Id or code of the agency whose position is explained by tornado, Sobol indices and worth; all together
        when left out. Spreads and fan are always for every agency.
    ranges : Ranges, optional
        Correlations and uncertain costs in place of the plan's, an uncertain rate.
    sobol_samples : int
        Base samples of the Sobol indices, a power of two; 0: not estimated.
    threads : int, optional
        Threads of the draws; figures do not depend on it.
    progress : callable, optional
        Called with what is being done, how much of it is done, and how much there is.
    cancelled : callable, optional
        Asked now and then; when it says True, ``Cancelled`` is raised.

    Raises
    ------
    InvalidInput, UnknownName
        As ``draw``, ``Ranges`` and ``Appraisal.result`` say.
    Cancelled
        If ``cancelled`` said so.
    """
    findings: list[Finding] = []
    if isinstance(plan, Appraisal):
        appraisal = plan
    elif isinstance(plan, AppraisalModel):
        appraisal = appraise_model(plan)
    else:
        model, findings = model_of(plan, settings or settings_of(plan))
        appraisal = appraise_model(model)
    scope = WHOLE if agency is None else appraisal.result(agency).scope
    uncertain = uncertain_model(appraisal.model, ranges)

    def tell(what: str) -> Callable[[int, int], None] | None:
        return None if progress is None else lambda done, all_of: progress(what, done, all_of)

    def stage(what: str) -> None:
        if progress is not None:
            progress(what, 0, 1)
        if cancelled is not None and cancelled():
            msg = f"Called off before {what}. Nothing is kept."
            raise Cancelled(msg)

    stage("exact moments")
    moments = exact_moments(uncertain.draws)
    positions = draw_positions(
        uncertain, moments, draws, seed, threads=threads, progress=tell("draws"), cancelled=cancelled
    )
    stage("fan by year")
    years, fan_draws = fan(uncertain, draws, seed, threads=threads)
    stage("what drives it")
    columns = _columns(uncertain, scope)
    bars = tornado(uncertain.draws, columns)
    spreads = spreads_of(positions, appraisal)
    worth = _worth(uncertain, positions, columns, scope, spreads[FISCAL][scope].mean_gbp)
    indices = None
    if sobol_samples:
        stage("Sobol indices")
        indices = sobol(
            uncertain.draws, columns, samples=sobol_samples, seed=seed, progress=tell("Sobol indices"), cancelled=cancelled
        )  # fmt: skip
    return UncertainAppraisal(
        appraisal, scope, draws, seed, spreads, years, fan_draws, bars, indices, worth,
        tuple(n.key for n in uncertain.draws.numbers), uncertain.fixed, _sentences(uncertain, moments, draws, seed),
        (*findings, *uncertain.findings), uncertain.draws.numbers, uncertain.ties,
    )  # fmt: skip


def shares_of_doubt(
    appraisal: Appraisal,
    *,
    agency: str | None = None,
    samples: int = 1024,
    seed: int = 2026,
    ranges: Ranges | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Sobol:
    """Return the Sobol indices of the net fiscal position of all agencies, or of one, without the rest.

    Parameters
    ----------
    appraisal : Appraisal
        The appraisal whose doubt is shared out.
    agency : str, optional
        Id or code; all together when left out.
    samples : int
        Base samples, a power of two.
    seed : int
        Of the sampling.
    ranges : Ranges, optional
        Correlations and uncertain costs in place of the plan's, an uncertain rate.
    progress, cancelled : callable, optional
        Told of base samples done; asked whether what is done so far is to be the answer.
    """
    scope = WHOLE if agency is None else appraisal.result(agency).scope
    uncertain = uncertain_model(appraisal.model, ranges)
    return sobol(
        uncertain.draws, _columns(uncertain, scope), samples=samples, seed=seed, progress=progress, cancelled=cancelled
    )  # fmt: skip


def _columns(uncertain: Uncertain, scope: str) -> list[int]:
    """Return which columns of the draws make the net fiscal position of a scope."""
    return [
        i for i, c in enumerate(uncertain.draws.columns)
        if c.startswith(f"{FISCAL}|") and scope in (WHOLE, c.partition("|")[2])
    ]  # fmt: skip


def preview(
    plan: Records | AppraisalModel | Appraisal, ranges: Ranges | None = None, **chosen: Any
) -> Preview:
    """Return exact mean and standard deviation of each agency's net fiscal position, at once and without draws."""
    if isinstance(plan, Appraisal):
        model = plan.model
    elif isinstance(plan, AppraisalModel):
        model = plan
    else:
        model, _ = model_of(plan, settings_of(plan, **chosen))
    moments = exact_moments(uncertain_model(model, ranges).draws)
    if isinstance(moments, Withheld):
        return Preview({}, moments.reason)
    scopes = {a.id: {f"{FISCAL}|{a.id}": 1.0} for a in model.agencies}
    whole = {c: 1.0 for c in moments.columns if c.startswith(f"{FISCAL}|")}
    return Preview({WHOLE: moments.of(whole), **{k: moments.of(w) for k, w in scopes.items()}})


def explained(appraisal: Appraisal, address: str) -> Explanation:
    """Return the chain behind a figure of an uncertain appraisal with the usual draws and seed.

    Parameters
    ----------
    appraisal : Appraisal
        The appraisal whose uncertainty it is.
    address : str
        ``uncertainty/SCOPE|MEASURE/COLUMN``: uncertainty/COU|net fiscal/chance_worse_off.

    Raises
    ------
    InvalidInput, UnknownName
        If it is no such address, or there is no such scope, measure or column.
    """
    parts = address.strip().strip("/").split("/")
    scope, bar, measure = parts[1].partition("|") if len(parts) == 3 else ("", "", "")
    if not bar:
        msg = f"{address!r} is no address. Write uncertainty/SCOPE|MEASURE/COLUMN, such as uncertainty/whole|net fiscal/p10_gbp."
        raise InvalidInput(msg)
    found = uncertain_appraisal(appraisal)
    return found.explain(appraisal.result(scope).scope, measure, parts[2])


def _worth(
    uncertain: Uncertain, positions: Positions, columns: list[int], scope: str, mean: float
) -> tuple[Worth, ...]:
    values, numbers = positions.by_measure[FISCAL][scope], None
    if uncertain.draws.tied:
        values = values[:_FITTED_DRAWS]
        numbers = uncertain.draws.spread_out(chances_of(uncertain.draws, len(values), seed=positions.seed))
    return worth_of_knowing(uncertain.draws, columns, values, numbers, mean)


def _sentences(uncertain: Uncertain, moments: Any, draws: int, seed: int) -> dict[str, str]:
    """Return what must stand beside the figures."""
    ranged, fixed = len(uncertain.draws.numbers), len(uncertain.fixed)
    ranges = uncertain.ranges
    out = {
        "draws": f"{draws:,} draws from seed {seed}; the same two give the same figures.",
        "ranges": f"{ranged} assumptions have a range; one with a shared name is drawn once for all lines and agencies.",
        "exact": moments.reason if isinstance(moments, Withheld)
        else "Mean and standard deviation are exact, without draws; percentiles and chances are the draws'.",
        "ratios": "A ratio is the ratio of means; the mean of ratios is not a return and is not shown.",
        "measures": f"Positions are {', '.join(MEASURES)}, at present value in real pounds; worse off means below nil.",
        "order": "Lines that claim one outcome are set aside by the values used, in every draw alike.",
    }  # fmt: skip
    if fixed:
        out["fixed"] = (
            f"{fixed} assumptions have no range and are taken as certain: this understates uncertainty."
        )
    out["costs"] = _cost_words(uncertain)
    if ranges.rate is not None:
        r = ranges.rate
        out["rate"] = (
            f"What-if: one {r.kind} discount rate a draw, {r.low:.2%} to {r.high:.2%}, in place of the schedule."
        )
    out["correlations"] = _tie_words(uncertain)
    return out


def _cost_words(uncertain: Uncertain) -> str:
    """Say whether costs are uncertain, and on whose word."""
    given = uncertain.ranges.costs
    own = {key for c in counted_costs(uncertain.source) if (key := c.range_key)}
    unused = f" It stands in for {count_of(len(own), 'range')} of the plan." if own else ""
    if given is not None and given.is_fixed:
        return f"Costs are taken as certain, as asked.{unused}"
    if given is not None:
        return f"Costs are multiplied by a {given.kind} factor from {given.low:g} to {given.high:g} (as used {given.value:g}), {uncertain.ranges.costs_move}.{unused}"
    if not own:
        return "Costs are taken as certain: contributions state no range."
    certain = any(c.range_key is None for c in counted_costs(uncertain.source))
    rest = " Contributions without one are taken as certain." if certain else ""
    return f"{count_of(len(own), 'range')} of costs, as the plan states {'it' if len(own) == 1 else 'them'}: {listing(_names(uncertain, own))}.{rest}"


def _tie_words(uncertain: Uncertain) -> str:
    """Say which correlations are in force, and on whose word."""
    own, ties = len(uncertain.source.ties), uncertain.ties
    given = uncertain.ranges.correlations
    unused = (
        f" They stand in for {count_of(own, 'correlation')} of the plan." if given is not None and own else ""
    )
    if not ties:
        return (
            f"No correlation is in force, as asked: {count_of(own, 'correlation')} of the plan {'is' if own == 1 else 'are'} left out."
            if unused
            else "No correlation is in force: assumptions move apart, save those of one name."
        )
    whose = "of the plan" if given is None else "as given"
    said = listing(
        [
            f"{_named(uncertain, t.first)} with {_named(uncertain, t.second)} {number(t.rank_correlation)}"
            for t in ties
        ]
    )
    return f"{count_of(len(ties), 'rank correlation')} {whose} {'is' if len(ties) == 1 else 'are'} in force, by a Gaussian copula: {said}.{unused}"


def _named(uncertain: Uncertain, key: str) -> str:
    return next((f"“{n.name}”" for n in uncertain.draws.numbers if n.key == key), key)


def _names(uncertain: Uncertain, keys: Collection[str]) -> list[str]:
    return [
        f"“{n.name}” {n.spread.low:g}% to {n.spread.high:g}%, {n.spread.kind}"
        for n in uncertain.draws.numbers
        if n.key in keys
    ]

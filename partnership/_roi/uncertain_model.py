# ruff: noqa: E501 - a sentence stays on one line
"""From an appraisal to draws: which assumptions are uncertain, how, and where each line falls.

The chain, weights, shares and discount factors are those of the appraisal, so that with every number at the
value
used the columns are the appraisal's own figures, but for the rounding of each line to the penny.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from partnership._roi.correlation import mixing_of
from partnership._roi.counting import class_of, counted
from partnership._roi.distributions import Distribution
from partnership._roi.draw_model import DrawLine, DrawModel, Factor, Number, Shape
from partnership._roi.ledger import CLASSES
from partnership._roi.model import DEDUCTIONS, SHARES, AppraisalModel, Assumed, Line, Tie
from partnership._roi.switching import assumption_key
from partnership._roi.uncertain_costs import CostFlow, cost_flows, cost_numbers, without_range
from partnership.errors import Finding, InvalidInput

__all__ = ["FISCAL", "MEASURES", "Ranges", "Uncertain", "uncertain_model"]

FISCAL = "net fiscal"
MEASURES = (FISCAL, "net cash", "net public value")
"""Fiscal benefit less cost; cash-releasing benefit less cash paid; all value less cost."""

_FISCAL_CLASSES = CLASSES[:3]


@dataclass(frozen=True)
class Ranges:
    """What is uncertain beside the plan's own assumptions.

    Parameters
    ----------
    correlations : Mapping[tuple[str, str], float] or None
        Rank correlation of two assumptions, each by its shared name or ``line id|step|name``. They stand in
        for those of the plan; None: the plan's own; empty: none at all.
    costs : Distribution or None
        What each agency's cost is multiplied by: ``Distribution("triangular", 0.95, 1, 1.2)``. It stands in
        for the ranges of the plan; None: the plan's own; fixed: costs as stated.
    costs_move : {"by agency", "together"}
        Whether each agency's factor is its own, or one for all.
    rate : Distribution or None
        Yearly discount rate, one a draw, in place of the schedule; a what-if. None: the schedule.
    """

    correlations: Mapping[tuple[str, str], float] | None = None
    costs: Distribution | None = None
    costs_move: str = "by agency"
    rate: Distribution | None = None


@dataclass(frozen=True)
class Uncertain:
    """A model for draws with what was made of it.

    Parameters
    ----------
    draws : DrawModel
        Present values; a column for each measure and agency, named ``measure|agency id``.
    steps : DrawModel or None
        Yearly amounts of cash-releasing lines with a step; columns ``line id|year``.
    yearly : DrawModel
        Net fiscal position by agency and year, not discounted; columns ``agency id|year``.
    fixed : tuple[str, ...]
        Assumptions without a range.
    ties : tuple[Tie, ...]
        Correlations that are in force.
    findings : tuple[Finding, ...]
        What could not be taken as stated.
    """

    source: AppraisalModel
    ranges: Ranges
    draws: DrawModel
    steps: DrawModel | None
    yearly: DrawModel
    fixed: tuple[str, ...]
    findings: tuple[Finding, ...]
    ties: tuple[Tie, ...] = ()


def uncertain_model(model: AppraisalModel, ranges: Ranges | None = None) -> Uncertain:
    """Return what draws need of an appraisal.

    Parameters
    ----------
    model : AppraisalModel
        Lines, costs, agencies and settings.
    ranges : Ranges, optional
        Correlations, uncertain costs, an uncertain rate; none when left out.

    Raises
    ------
    InvalidInput
        If a correlation that is given names an assumption that is not there, or one without a range; one of
        the plan is left out with a finding.
    """
    return _Builder(model, ranges or Ranges()).build()


class _Builder:
    def __init__(self, model: AppraisalModel, ranges: Ranges) -> None:
        self.model, self.ranges, self.settings = model, ranges, model.settings
        self.findings: list[Finding] = []
        kept, _ = counted(model.lines)
        self.lines = sorted(kept, key=lambda x: x.id)
        self.agencies = sorted(a.id for a in model.agencies)
        self.found: dict[str, tuple[Assumed, list[str]]] = {}
        self.fixed: list[str] = []
        self.ties: tuple[Tie, ...] = ()
        for line in self.lines:
            for a in line.assumptions:
                key = assumption_key(line, a)
                if a.is_uncertain:
                    users = self.found.setdefault(key, (a, []))[1]
                    users += [line.id] if line.id not in users else []
                else:
                    self.fixed.append(key)
            if line.unit_value is None:
                self.fixed.append(f"{line.id}|full-year value")
        self.numbers = self._numbers()
        self.at = {n.key: i for i, n in enumerate(self.numbers)}
        self.rate = self.at.get("discount rate", -1)

    def build(self) -> Uncertain:
        tied, mixing = self._tied()
        columns = {f"{m}|{a}": 0.0 for m in MEASURES for a in self.agencies}
        lines = [self._line(line, self._falls(line, list(columns)), self._shape(line)) for line in self.lines]
        lines += self._costs(columns)

        def made(lines: Iterable[DrawLine], columns: Mapping[str, float], *, rate: int = -1) -> DrawModel:
            ordered = tuple(sorted(lines, key=lambda x: x.id))
            return DrawModel(
                self.numbers, ordered, tuple(columns), tuple(columns.values()), rate, tied, mixing
            )

        draws = made((x for x in lines if any(x.falls.values())), columns, rate=self.rate)
        stepped = [x for x in self.lines if self._is_stepped(x)]
        by_line = {f"{x.id}|{y}": 0.0 for x in stepped for y in self.settings.years}
        step_lines = [
            self._line(x, {list(by_line).index(f"{x.id}|{y}"): 1.0}, self._shape(x, t), f"|{y}")
            for x in stepped for t, y in enumerate(self.settings.years)
        ]  # fmt: skip
        steps = made(step_lines, by_line) if stepped else None
        yearly = made(*self._yearly())
        return Uncertain(
            self.model,
            self.ranges,
            draws,
            steps,
            yearly,
            tuple(sorted(set(self.fixed))),
            tuple(self.findings),
            self.ties,
        )

    def _is_stepped(self, line: Line) -> bool:
        return class_of(line) == "cash-releasing" and bool(line.step_gbp) and not line.is_disbenefit

    def _numbers(self) -> tuple[Number, ...]:
        out = {}
        for key, (a, users) in self.found.items():
            out[key] = Number(
                key, a.name, self._spread(key, a), float(a.value), a.step, a.unit or "", tuple(users), a.source,
                a.confidence_grade,
            )  # fmt: skip
        given, rate = self.ranges.costs, self.ranges.rate
        out |= cost_numbers(self.model, given, self.ranges.costs_move, self._tell)
        self.fixed += [f"cost|{a}" for a in without_range(self.model, given)]
        if rate is not None and not rate.is_fixed:
            out["discount rate"] = Number(
                "discount rate", "Discount rate", rate, rate.value, "rate", "a year"
            )
        return tuple(out[key] for key in sorted(out))

    def _spread(self, key: str, a: Assumed) -> Distribution:
        is_share = a.step in (*SHARES, *DEDUCTIONS, "optimism bias", "drop-off")
        most = (
            float(1 / abs(a.scale))
            if is_share or (a.step == "impact" and a.unit and "%" in a.unit)
            else float("inf")
        )
        low, value, high, kind = float(a.low), float(a.value), float(a.high), a.distribution
        if kind == "lognormal" and low <= 0:
            self._tell(
                "roi-lognormal",
                key,
                f"its low end is {low:g}: no lognormal begins there.",
                "taken as triangular",
            )
            kind = "triangular"
        if kind in ("triangular", "PERT", "uniform") and (low < 0 or high > most):
            self._tell(
                "roi-range-beyond",
                key,
                f"its range of {low:g} to {high:g} holds impossible values.",
                "cut there",
            )
            low, high = max(low, 0.0), min(high, most)
        if kind == "uniform" and abs(value - (low + high) / 2) > 0.01 * (high - low):
            self._tell(
                "roi-uniform", key, f"the value used, {value:g}, is not the middle of {low:g} to {high:g}.",
                "draws are spread evenly over the range",
            )  # fmt: skip
        spread = Distribution(kind, low, value, high, 0.0, most)
        lost = 1 - spread.cut[1]
        if lost > 0.001:
            self._tell(
                "roi-cut",
                key,
                f"{lost:.1%} of its {kind} lies at impossible values.",
                "cut off, the rest spread over",
            )
        return spread

    def _tell(self, code: str, key: str, found: str, done: str) -> None:
        self.findings.append(
            Finding(
                code=code, severity="warning", place=f"Assumptions, {key}", found=f"“{key}”: {found} It is {done}.",
                do="Correct the range or the distribution, or accept this reading.",
            )
        )  # fmt: skip

    def _factor(self, line: Line, a: Assumed) -> Factor:
        return Factor(self.at[assumption_key(line, a)], float(a.offset), float(a.scale))

    def _line(self, line: Line, falls: Mapping[int, float], shape: Shape, more: str = "") -> DrawLine:
        constant = float(
            line.sign * (1 + line.optimism_bias if line.is_disbenefit else 1 - line.optimism_bias)
        )
        if line.unit_value is None:
            full = float(line.full_year_gbp or 0)
            return DrawLine(line.id + more, full * abs(constant), (), shape, falls)
        factors = []
        for a in (*line.chain, line.unit_value):
            if a.is_uncertain:
                factors.append(self._factor(line, a))
            else:
                constant *= float(a.factor)
        return DrawLine(line.id + more, constant, tuple(factors), shape, falls)

    def _falls(self, line: Line, columns: Sequence[str]) -> dict[int, float]:
        kind, out = class_of(line), {}
        for agency, share in line.shares.items():
            for measure in MEASURES:
                counts = {
                    FISCAL: kind in _FISCAL_CLASSES, "net public value": kind in CLASSES,
                    "net cash": kind == "cash-releasing" and not self._is_stepped(line),
                }[measure]  # fmt: skip
                if counts:
                    out[columns.index(f"{measure}|{agency}")] = float(share)
        return out

    def _shape(self, line: Line, only_year: int | None = None) -> Shape:
        """Return a line's years; of one year of the appraisal alone, not discounted, where that is asked for."""
        settings = self.settings
        rows = line.months(settings.first_year, settings.horizon_years)
        keep = self._factor(line, line.drop_off) if line.drop_off and line.drop_off.is_uncertain else None
        held = 1.0 if keep or line.drop_off is None else float(line.drop_off.factor)
        varies = self.rate >= 0 and only_year is None
        ramps = {
            j: self._factor(line, line.ramp_up[j])
            for j in range(min(len(line.ramp_up), len(rows))) if line.ramp_up[j].is_uncertain
        }  # fmt: skip
        now, then = [], []
        opens = None
        for j, row in enumerate(rows):
            strength = held**j
            if j < len(line.ramp_up) and j not in ramps:
                strength *= float(line.ramp_up[j].factor)
            years = [t for t, months in enumerate(row) if months and only_year in (None, t)]
            if varies:
                first = line.first_year - settings.first_year + j
                opens = first if opens is None else opens
                now.append(strength * (row[first] if 0 <= first < len(row) else 0) / 12)
                then.append(strength * (row[first + 1] if 0 <= first + 1 < len(row) else 0) / 12)
            else:
                factor = (
                    [float(f) for f in settings.benefit_factors] if only_year is None else [1.0] * len(row)
                )
                now.append(strength * sum(row[t] * factor[t] for t in years) / 12)
        start = (opens or 0) + (0 if settings.convention == "green-book" else 1)
        if not now:
            return Shape((0.0,))
        return Shape(tuple(now), tuple(then), ramps, keep, start if varies else 0)

    def _cost_flows(self, agency: str, *, cash_only: bool) -> list[CostFlow]:
        given = self.ranges.costs is not None
        return cost_flows(self.model, agency, self.at, given=given, cash_only=cash_only)

    def _costs(self, columns: dict[str, float]) -> list[DrawLine]:
        """Return costs as lines where they or the rate are uncertain; put certain ones into the columns' base."""
        out, names = [], list(columns)
        first = 1 if self.settings.convention == "end-of-year" else 0
        uplift = 1 + float(self.settings.tax_cost_uplift)
        known = [float(f) for f in self.settings.cost_factors]
        for agency in self.agencies:
            for label, cash_only, falls in (
                ("all", False, {FISCAL: -1.0, "net public value": -uplift}), ("cash", True, {"net cash": -1.0}),
            ):  # fmt: skip
                for part in self._cost_flows(agency, cash_only=cash_only):
                    pv = sum(map(float.__mul__, part.flows, known))
                    if part.factor is None and self.rate < 0:
                        for measure, sign in falls.items():
                            columns[f"{measure}|{agency}"] += sign * pv
                        continue
                    shape = Shape((pv,)) if self.rate < 0 else Shape(part.flows, start=first)
                    where = {names.index(f"{measure}|{agency}"): sign for measure, sign in falls.items()}
                    factors = () if part.factor is None else (part.factor,)
                    which = "" if part.factor is None else f"|{self.numbers[part.factor.number].key}"
                    out.append(DrawLine(f"cost|{label}|{agency}{which}", 1.0, factors, shape, where))
        return out

    def _yearly(self) -> tuple[list[DrawLine], dict[str, float]]:
        """Return net fiscal positions by agency and year, not discounted."""
        years = self.settings.years
        columns = {f"{a}|{y}": 0.0 for a in self.agencies for y in years}
        names = {name: i for i, name in enumerate(columns)}
        lines = []
        for line in self.lines:
            if class_of(line) in _FISCAL_CLASSES:
                for t, y in enumerate(years):
                    falls = {names[f"{a}|{y}"]: float(s) for a, s in line.shares.items()}
                    shape = self._shape(line, t)
                    if any(shape.weights):
                        lines.append(self._line(line, falls, shape, f"|{y}"))
        for agency in self.agencies:
            for part in self._cost_flows(agency, cash_only=False):
                for y, flow in zip(years, part.flows, strict=True):
                    if part.factor is None:
                        columns[f"{agency}|{y}"] -= flow
                    elif flow:
                        key = f"cost|{agency}|{self.numbers[part.factor.number].key}|{y}"
                        where = {names[f"{agency}|{y}"]: 1.0}
                        lines.append(DrawLine(key, -flow, (part.factor,), Shape(), where))
        return lines, columns

    def _tied(self) -> tuple[tuple[int, ...], tuple[tuple[float, ...], ...]]:
        given = self.ranges.correlations
        if given is None:
            self.ties = tuple(self._usable(self.model.ties))
        else:
            unknown = sorted({k for pair in given for k in pair} - set(self.at))
            if unknown:
                msg = f"No assumption with a range is called {unknown[0]!r}. Those with one are: {', '.join(self.at) or 'none'}."
                raise InvalidInput(msg)
            self.ties = tuple(Tie("", a, b, Decimal(repr(float(r)))) for (a, b), r in given.items())
        wanted = {(t.first, t.second): float(t.rank_correlation) for t in self.ties}
        tied, mixing, findings = mixing_of({(self.at[a], self.at[b]): r for (a, b), r in wanted.items()})
        self.findings += findings
        return tied, mixing

    def _usable(self, ties: Iterable[Tie]) -> Iterator[Tie]:
        """Yield the plan's correlations that can be drawn; the others are findings."""
        seen: set[frozenset[str]] = set()
        for tie in ties:
            pair = frozenset((tie.first, tie.second))
            lost = [name for name in (tie.first, tie.second) if name not in self.at]
            why = (
                f"“{lost[0]}” is not drawn: it has no range here, or its benefit is not counted."
                if lost
                else "it ties an assumption to itself." if len(pair) < 2
                else "the same two are tied already." if pair in seen else ""
            )  # fmt: skip
            if why:
                self.findings.append(
                    Finding(
                        code="roi-correlation-unused", severity="warning", place=f"Correlations, {tie.id}",
                        found=f"Correlation {tie.id} is not used: {why}", do="Correct the names, or give both a range.",
                    )
                )  # fmt: skip
                continue
            seen.add(pair)
            yield tie

"""From a plan to what an appraisal needs: benefits, shares, assumptions, unit costs and contributions meet here."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from partnership._roi.chain import combined_grade
from partnership._roi.model import (
    DEDUCTIONS,
    QUANTITIES,
    SHARES,
    STEPS,
    AgencyRef,
    AppraisalModel,
    Assumed,
    Cost,
    Line,
    Settings,
    Tie,
    affine,
)  # fmt: skip
from partnership._roi.settings import OptimismRule
from partnership._workflows.model_costs import Records, costs_of, price_ratio, settings_of, warn
from partnership.errors import Finding, InvalidInput
from partnership.periods import (
    add_months,
    financial_year,
    months_between,
    name_financial_year,
)

__all__ = ["model_of", "price_ratio", "settings_of"]

_RULES: tuple[OptimismRule, ...] = ("worst grade", "own grade", "mean of grades")
_PRICE_YEAR = re.compile(r"\d{4}/\d{2}")
_PERIOD = re.compile(r"\b(?:a|per|each) (?:year|quarter|month|week|day)\b", re.IGNORECASE)


def model_of(plan: Records, settings: Settings | None = None) -> tuple[AppraisalModel, list[Finding]]:
    """Return what an appraisal needs of a plan, and everything that could not be used, with the reason.

    Parameters
    ----------
    plan : Plan
        The whole plan, as ``store.plan()`` gives it.
    settings : Settings, optional
        The plan's own years and prices when none are given.

    Returns
    -------
    tuple[AppraisalModel, list[Finding]]
        A line that has no value stays in the model with its reason: missing is not zero.
    """
    chosen = settings or settings_of(plan)
    findings: list[Finding] = []
    agencies = tuple(
        AgencyRef(a.id, a.code, a.name, a.duty) for a in sorted(plan["agencies"], key=lambda a: a.id)
    )
    costs = costs_of(plan, chosen, findings)
    lines = _Lines(plan, chosen, costs, findings).all()
    ties = tuple(
        Tie(t.id, t.assumption_a, t.assumption_b, t.rank_correlation, t.source)
        for t in sorted(plan["correlations"], key=lambda t: t.id)
    )
    return AppraisalModel(lines, costs, agencies, chosen, ties), findings


class _Lines:
    """Turns the register into lines: shares, chain, prices, time, grades."""

    def __init__(
        self, plan: Records, settings: Settings, costs: tuple[Cost, ...], findings: list[Finding]
    ) -> None:
        self.plan, self.settings, self.costs, self.findings = plan, settings, costs, findings
        self.shares: dict[str, dict[str, Fraction]] = defaultdict(dict)
        for share in plan["benefit_shares"]:
            self.shares[share.benefit_id][share.agency_id] = share.share
        self.assumed: dict[str, list[Any]] = defaultdict(list)
        for assumption in plan["assumptions"]:
            self.assumed[assumption.benefit_id].append(assumption)
        self.library = {u.id: u for u in plan["unit_costs"]}
        self.clashing = self._clashing()

    def all(self) -> tuple[Line, ...]:
        return tuple(self._line(b) for b in sorted(self.plan["benefits"], key=lambda b: b.id))

    def _clashing(self) -> set[str]:
        """Return shared names that stand for two values: one name is one assumption."""
        by_name: dict[str, set[tuple[Any, ...]]] = defaultdict(set)
        for a in self.plan["assumptions"]:
            if a.shared_name:
                by_name[a.shared_name].add((a.value, a.low, a.high, a.distribution, a.unit))
        clashing = {name for name, stated in by_name.items() if len(stated) > 1}
        for name in sorted(clashing):
            warn(
                self.findings, "roi-shared-differs", "Assumptions", f"The shared assumption {name} is stated in {len(by_name[name])} different ways.",
                "State it alike everywhere; until then each benefit's own is drawn apart.",
            )  # fmt: skip
        return clashing

    def _line(self, benefit: Any) -> Line:
        reasons: list[str] = []
        shares = self._shares(benefit, reasons)
        chain, unit_value, ramp, counterfactual = self._chain(benefit, reasons)
        starts_on = self._starts(benefit)
        horizon_ends = dt.date(self.settings.first_year + self.settings.horizon_years, 4, 1)
        duration = benefit.duration_months
        if duration is None:
            duration = max(0, months_between(starts_on, horizon_ends))
        full_year = self._full_year(benefit, starts_on, reasons) if unit_value is None else None
        grades = {a.step: a.confidence_grade for a in chain if a.confidence_grade is not None}
        options = {r: combined_grade(grades, benefit.confidence_grade, r) for r in _RULES}
        bias, grade = options[self.settings.optimism_rule]
        if any(a.step == "optimism bias" for a in chain):
            options, bias, grade = {}, Decimal(0), None
        if benefit.benefit_class == "qualitative":
            reasons[:] = ["It is told in words, not in pounds."]
        line = Line(
            id=benefit.id, title=benefit.title, category=benefit.category, benefit_class=benefit.benefit_class, shares=shares,
            starts_on=starts_on, duration_months=duration, is_disbenefit=benefit.is_disbenefit, additive=benefit.additive,
            outcome_key=benefit.outcome_key, goal_id=benefit.goal_id, item_ids=tuple(benefit.item_ids),
            driver_agency_id=benefit.driver_agency_id, chain=chain if unit_value else (), unit_value=unit_value, full_year_gbp=full_year,
            price_year=self.settings.prices, ramp_up=ramp, drop_off=_drop_off(benefit), optimism_bias=bias, optimism_grade=grade,
            confidence_grade=benefit.confidence_grade, step_gbp=benefit.step_gbp, unit_cost_ids=self._unit_costs(benefit),
            optimism_options={rule: correction for rule, (correction, _) in options.items()},
            has_counterfactual=counterfactual, missing=" ".join(reasons) or None,
        )  # fmt: skip
        if line.missing and benefit.benefit_class != "qualitative":
            warn(
                self.findings, "roi-benefit-left-out", f"Benefits, {benefit.id}", f"“{benefit.title}” has no value here. {line.missing}",
                "Correct it, or accept that the benefit is partial.",
            )  # fmt: skip
        return line

    def _shares(self, benefit: Any, reasons: list[str]) -> dict[str, Fraction]:
        shares = {a: s for a, s in sorted(self.shares.get(benefit.id, {}).items()) if s}
        known = [a.id for a in self.plan["agencies"]]
        if not shares and len(known) == 1:
            return {known[0]: Fraction(1)}
        if not shares:
            reasons.append("No share says to whom it falls.")
        elif sum(shares.values()) != 1:
            reasons.append(f"Its shares add up to {float(sum(shares.values())):.4%}, not 100%.")
        elif lost := [a for a in shares if a not in known]:
            reasons.append(f"It falls to {', '.join(lost)}, which is no agency of the plan.")
        return shares

    def _starts(self, benefit: Any) -> dt.date:
        if benefit.starts_on:
            start: dt.date = benefit.starts_on
            return start.replace(day=1)
        items = set(benefit.item_ids)
        years = [c.financial_year for c in self.costs if c.item_id in items and c.stage == "planned"]
        first = dt.date(min(years, default=self.settings.first_year), 4, 1)
        return add_months(first, benefit.lag_months or 0)

    def _prices(self, benefit: Any, starts_on: dt.date) -> str:
        """Return the year of a benefit's prices; pounds of the day are those of its first year."""
        if benefit.price_base == "nominal":
            return name_financial_year(financial_year(starts_on))
        return benefit.price_year or self.settings.prices

    def _full_year(self, benefit: Any, starts_on: dt.date, reasons: list[str]) -> Decimal | None:
        if benefit.full_year_gbp is None:
            reasons.append("It has neither a chain of assumptions that ends in pounds nor a full-year value.")
            return None
        try:
            value: Decimal = benefit.full_year_gbp * price_ratio(
                self._prices(benefit, starts_on), self.settings
            )
        except InvalidInput as error:
            reasons.append(str(error))
            return None
        return value

    def _chain(
        self, benefit: Any, reasons: list[str]
    ) -> tuple[tuple[Assumed, ...], Assumed | None, tuple[Assumed, ...], bool]:
        made = [self._assumed(a, benefit, reasons) for a in self.assumed.get(benefit.id, [])]
        ramp = tuple(a for a in made if a.step == "ramp-up")
        chain = tuple(
            sorted(
                (a for a in made if a.step not in ("ramp-up", "unit value")),
                key=lambda a: (STEPS.index(a.step), a.name),
            )
        )
        counterfactual = any(a.step == "deadweight" for a in chain)
        counts = [a for a in chain if a.step in QUANTITIES and "%" not in (a.unit or "")]
        if not counts:
            return (), None, ramp, False
        timed = [a for a in counts if _PERIOD.search(a.unit or "")]
        if len(timed) > 1:
            reasons.append(
                f"Two links of its chain are counts in time ({' and '.join(a.name for a in timed)}): one of them is a share of the other."
            )
        unit_value = self._unit_value(benefit, [a for a in made if a.step == "unit value"], reasons)
        return chain, unit_value, ramp, counterfactual and unit_value is not None

    def _assumed(self, a: Any, benefit: Any, reasons: list[str]) -> Assumed:
        scale, offset = affine(a.step, a.unit)
        if a.step == "optimism bias" and benefit.is_disbenefit:
            scale = -scale
        if (
            a.step in ("take-up", "retention", *DEDUCTIONS, "optimism bias", "ramp-up")
            and scale in (1, -1)
            and a.value > 1
        ):
            reasons.append(f"“{a.name}” is {a.value} and its unit does not say per cent.")
        share = abs(scale) * a.value
        if a.step in (*SHARES, *DEDUCTIONS, "optimism bias") and not 0 <= share <= 1:
            reasons.append(f"“{a.name}” is {a.value} {a.unit or ''}, which is no share from 0 to 100%.")
        elif a.value < 0:
            reasons.append(f"“{a.name}” is negative.")
        low, high = (a.value if a.low is None else a.low), (a.value if a.high is None else a.high)
        distribution = a.distribution
        if not low <= a.value <= high:
            warn(
                self.findings, "roi-range", f"Assumptions, {benefit.id}", f"“{a.name}” is {a.value} and lies outside its range of {low} to {high}.",
                "Correct the range; until then it is taken as fixed.",
            )  # fmt: skip
            low = high = a.value
        if low == high:
            distribution = "fixed"
        return Assumed(
            name=a.name, step=a.step, value=a.value, low=low, high=high, distribution=distribution,
            shared_name=None if a.shared_name in self.clashing else a.shared_name, source=a.source, unit=a.unit,
            confidence_grade=a.confidence_grade, scale=scale, offset=offset,
        )  # fmt: skip

    def _unit_value(self, benefit: Any, stated: list[Assumed], reasons: list[str]) -> Assumed | None:
        prices = self._prices(benefit, self._starts(benefit))
        if len(stated) > 1:
            reasons.append(
                "Its chain has more than one unit value: a headline and its constituents are never both used."
            )
        if stated:
            value = stated[0]
            if found := _PRICE_YEAR.search(value.unit or ""):
                prices = found.group()
        elif benefit.unit_cost_gbp is not None:
            value = _fixed(
                "Unit cost, as the register states it",
                benefit.unit_cost_gbp,
                "register of benefits",
                benefit.confidence_grade,
            )
        elif benefit.unit_cost_id in self.library:
            entry = self.library[benefit.unit_cost_id]
            amount, year = (
                getattr(entry, f"{benefit.category}_gbp"),
                getattr(entry, f"{benefit.category}_price_year"),
            )
            if amount is None:
                reasons.append(f"The library's {entry.id} has no {benefit.category} value.")
                return None
            value = _fixed(
                entry.cost or entry.id,
                amount,
                entry.source or entry.edition or entry.id,
                benefit.confidence_grade,
            )
            found = _PRICE_YEAR.search(year or "")
            if not found:
                reasons.append(f"The library's {entry.id} does not say of which year its prices are.")
                return None
            prices = found.group()
        else:
            return None
        try:
            return replace(value, scale=value.scale * price_ratio(prices, self.settings))
        except InvalidInput as error:
            reasons.append(str(error))
            return value

    def _unit_costs(self, benefit: Any) -> tuple[str, ...]:
        out: list[str] = []
        key = benefit.unit_cost_id
        while key and key not in out:
            out.append(key)
            key = self.library[key].parent_id if key in self.library else None
        return tuple(out)


def _fixed(name: str, value: Decimal, source: str, grade: int | None) -> Assumed:
    return Assumed(name, "unit value", value, value, value, source=source, unit="£", confidence_grade=grade)


def _drop_off(benefit: Any) -> Assumed | None:
    if not benefit.drop_off:
        return None
    scale, offset = affine("drop-off", "%")
    value = benefit.drop_off
    return Assumed(
        "What is lost each year", "drop-off", value, value, value, source="register of benefits", unit="% a year",
        scale=scale, offset=offset,
    )  # fmt: skip

"""Settings of a plan, prices of a year, and contributions as costs at one price year."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from partnership._roi.model import Cost, Settings
from partnership.errors import Finding, InvalidInput
from partnership.parameters import deflator
from partnership.periods import financial_year, name_financial_year, parse_financial_year

__all__ = ["Records", "costs_of", "price_ratio", "settings_of", "warn"]

Records = Mapping[str, tuple[Any, ...]]

_HUNDRED = Decimal(100)


def settings_of(plan: Records, **chosen: Any) -> Settings:
    """Return the settings of a plan's own years and prices, with what was chosen instead.

    Raises
    ------
    InvalidInput
        If the plan has neither a partnership nor a contribution or benefit to take the first year from.
    """
    given = {k: v for k, v in chosen.items() if v is not None}
    own: dict[str, Any] = {}
    for partnership in plan["partnership"]:
        first = financial_year(partnership.plan_starts_on)
        own = {
            "first_year": first,
            "horizon_years": max(1, financial_year(partnership.plan_ends_on) - first + 1),
        }
        if partnership.price_year:
            own["price_year"] = partnership.price_year
    if "first_year" not in own | given:
        years = [c.financial_year for c in plan["contributions"]]
        years += [financial_year(b.starts_on) for b in plan["benefits"] if b.starts_on]
        if not years:
            msg = "The plan has no dates, no contributions and no benefits: there is nothing to appraise. Load a plan first."
            raise InvalidInput(msg)
        own["first_year"] = min(years)
    return Settings(**(own | given))


def price_ratio(from_year: str, settings: Settings) -> Decimal:
    """Return by what an amount at the prices of one financial year becomes one at the settings' prices.

    The GDP deflator by its own mapping of financial to calendar years; where it does not know a year, the
    settings' inflation, and where that is not stated either the amount is refused.

    Raises
    ------
    InvalidInput
        If neither knows the year.
    """
    start, end = parse_financial_year(from_year), parse_financial_year(settings.prices)
    if start == end:
        return Decimal(1)
    index = deflator(settings.deflator_vintage)
    if start in index.values and end in index.values:
        return index.ratio(start, end)
    if settings.inflation is None:
        msg = f"{name_financial_year(start)} prices cannot be brought to {settings.prices}: the deflator {index.vintage} lacks a year. State an inflation rate, or give the amount at {settings.prices} prices."
        raise InvalidInput(msg)
    return (1 + settings.inflation) ** (end - start)


def warn(findings: list[Finding], code: str, place: str, found: str, do: str) -> None:
    """Add a finding that something is left out; it never rejects the plan."""
    findings.append(Finding(code=code, severity="warning", place=place, found=found, do=do))


def costs_of(plan: Records, settings: Settings, findings: list[Finding]) -> tuple[Cost, ...]:
    """Return the contributions at the settings' prices; one whose year has no deflator keeps its reason."""
    goal_of = {i.id: i.goal_id for i in plan["work_items"]}
    ranges = _ranges(plan, findings)
    known = {a.id for a in plan["agencies"]}
    out: list[Cost] = []
    for paid in sorted(plan["contributions"], key=lambda c: c.id):
        prices = name_financial_year(paid.financial_year)
        if paid.price_base == "real":
            prices = paid.price_year or settings.prices
        real: Decimal | None = None
        missing: str | None = None
        try:
            real = paid.amount_gbp * price_ratio(prices, settings)
        except InvalidInput as error:
            missing = str(error)
        if paid.agency_id not in known:
            real, missing = None, f"There is no agency {paid.agency_id}."
        if missing:
            warn(
                findings, "roi-cost-left-out", f"Contributions, {paid.id}", f"£{paid.amount_gbp:,} is left out. {missing}",
                "Correct it, or accept that the cost is partial.",
            )  # fmt: skip
        out.append(
            Cost(
                id=paid.id,
                agency_id=paid.agency_id,
                item_id=paid.item_id,
                goal_id=paid.goal_id or goal_of.get(paid.item_id),
                financial_year=paid.financial_year,
                amount_gbp=paid.amount_gbp,
                form=paid.form,
                nature=paid.nature,
                funding=paid.funding,
                stage=paid.stage,
                agreed=paid.agreed,
                price_base=paid.price_base,
                price_year=prices,
                entry=paid.entry,
                funding_ends_on=paid.funding_ends_on,
                real_gbp=real,
                missing=missing,
                **ranges.get(paid.id, {}),
            )  # fmt: skip
        )
    return tuple(out)


def _ranges(plan: Records, findings: list[Finding]) -> dict[str, dict[str, Any]]:
    """Return the range of each contribution that has one which can be drawn; what cannot be is a finding."""
    stated: dict[str, dict[str, Any]] = {}
    for paid in plan["contributions"]:
        low, high = (_HUNDRED if end is None else end for end in (paid.range_low, paid.range_high))
        if low == high == _HUNDRED or paid.distribution == "fixed":
            continue
        where = f"Contributions, {paid.id}"
        if paid.stage == "actual" or paid.entry == "correction":
            warn(findings, "roi-cost-range", where, "What was paid, or corrected, has a range. It is taken as certain.", "Clear the range.")  # fmt: skip
        elif not low <= _HUNDRED <= high:
            warn(
                findings, "roi-cost-range", where, f"The range of {low.normalize():f}% to {high.normalize():f}% does not hold the amount stated. It is taken as certain.",
                "Give the least as 100 or less and the most as 100 or more.",
            )  # fmt: skip
        else:
            stated[paid.id] = {
                "range_low": low, "range_high": high, "distribution": paid.distribution or "triangular",
                "shared_name": paid.shared_name, "range_source": paid.range_source,
            }  # fmt: skip
    for name in sorted(_apart(plan, stated)):
        warn(
            findings, "roi-shared-differs", "Contributions", f"The shared name {name} is stated in different ways, or is an assumption's too.",
            "State it alike everywhere, and under a name of its own; until then each cost is drawn apart.",
        )  # fmt: skip
        stated |= {k: v | {"shared_name": None} for k, v in stated.items() if v["shared_name"] == name}
    return stated


def _apart(plan: Records, stated: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Return shared names that stand for two ranges, or for a cost and an assumption."""
    named: dict[str, set[tuple[Any, ...]]] = {}
    for one in stated.values():
        if one["shared_name"]:
            kind = one["range_low"], one["range_high"], one["distribution"]
            named.setdefault(one["shared_name"], set()).add(kind)
    taken = {a.shared_name for a in plan["assumptions"]}
    return {name for name, kinds in named.items() if len(kinds) > 1 or name in taken}

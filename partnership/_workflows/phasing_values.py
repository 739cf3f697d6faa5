"""What each item is worth in each quarter in which it may be finished: by score, by benefit, or both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from partnership._workflows.phasing_settings import PhasingSettings
from partnership.errors import Finding, InvalidInput
from partnership.periods import add_months
from partnership.wording import listing, pounds

if TYPE_CHECKING:
    from partnership._roi.model import AppraisalModel, Line

__all__ = ["Worth", "worth_of"]

Records = Mapping[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Worth:
    """What items are worth, and how it was found.

    Parameters
    ----------
    values : Mapping[str, tuple[float, ...]]
        Item to its worth when it is finished at the end of each quarter.
    scores : Mapping[str, float]
        Item to its impact, 0 to 10, of the latest round revealed; items that nobody scored are absent.
    benefits : Mapping[str, tuple[Decimal, ...]]
        Item to the present value of its part of the fiscal benefit, by quarter of finishing.
    benefit_shares : Mapping[str, Mapping[str, Decimal]]
        Item to the share of that benefit which falls to each agency, in pounds, when finished first.
    unit : str
        "points", "£" or "points and £".
    gbp_per_point : float or None
        With "both": the exchange that was used.
    findings : tuple[Finding, ...]
        What is missing.
    """

    values: Mapping[str, tuple[float, ...]]
    scores: Mapping[str, float]
    benefits: Mapping[str, tuple[Decimal, ...]]
    benefit_shares: Mapping[str, tuple[Mapping[str, Decimal], ...]]
    unit: str
    gbp_per_point: float | None = None
    round_id: str | None = None
    findings: tuple[Finding, ...] = field(default=())


def worth_of(
    plan: Records,
    items: Sequence[str],
    quarters: Sequence[dt.date],
    settings: PhasingSettings,
    today: dt.date,
) -> Worth:
    """Return the worth of items for every quarter of finishing.

    Parameters
    ----------
    plan : Plan
        The whole plan.
    items : Sequence[str]
        Items that may be chosen.
    quarters : Sequence[date]
        First days of the plan's quarters.
    settings : PhasingSettings
        The basis of value, and the cost of waiting.
    today : date
        Scores of a round that is not revealed on this day are not used.
    """
    findings: list[Finding] = []
    scores, round_id = _scores(plan, today)
    benefits, shares = _benefits(plan, items, quarters, findings, needed=settings.value != "score")
    _say_missing(items, scores, benefits, settings, findings)
    points = {
        i: tuple(scores.get(i, 0.0) * max(0.0, 1.0 - settings.waiting * t) for t in range(len(quarters)))
        for i in items
    }
    money = {i: tuple(float(x) for x in benefits[i]) for i in items if i in benefits}
    nothing = (0.0,) * len(quarters)
    exchange: float | None = None
    if settings.value == "score":
        values, unit = points, "points"
    elif settings.value == "benefit":
        values, unit = {i: money.get(i, nothing) for i in items}, "£"
    else:
        exchange = settings.gbp_per_point or _exchange(points, money)
        unit = "points and £"
        values = {
            i: tuple(p + m / exchange for p, m in zip(points[i], money.get(i, nothing), strict=True))
            for i in items
        }
        findings.append(
            Finding(
                code="phasing-exchange",
                severity="warning",
                place="Value of the plan",
                found=f"One point of score counts as much as {pounds(round(Decimal(exchange)))} of benefit.",
                do=""
                if settings.gbp_per_point
                else "This makes all scores and all benefits weigh the same; give your own pounds a point.",
            )  # fmt: skip
        )
    return Worth(values, scores, benefits, shares, unit, exchange, round_id, tuple(findings))


def _exchange(points: Mapping[str, tuple[float, ...]], money: Mapping[str, tuple[float, ...]]) -> float:
    all_points = sum(max(p) for p in points.values())
    all_money = sum(max(*m, 0.0) for m in money.values())
    if all_points <= 0 or all_money <= 0:
        msg = "Scores and benefits cannot be brought together: one of the two is missing for every item. Choose score, or benefit."
        raise InvalidInput(msg)
    return all_money / all_points


def _scores(plan: Records, today: dt.date) -> tuple[dict[str, float], str | None]:
    """Return each item's impact: the weighted mean of agencies on the anchors, of the latest revealed round."""
    from partnership._prioritisation.rounds import states_of
    from partnership._prioritisation.scoring import criteria_of, scored, table_of
    from partnership._prioritisation.weighting import weighting_of

    with_scores = {s.round_id for s in plan["scores"]}
    usable = [
        r for r in states_of(plan["scoring_rounds"], today) if r.state == "revealed" and r.id in with_scores
    ]
    criteria = criteria_of(plan["criteria"])
    if not usable or not any(c.weight for c in criteria):
        return {}, None
    latest = max(usable, key=lambda r: r.number)
    rows = [s for s in plan["scores"] if s.round_id == latest.id]
    table = table_of(
        criteria, rows, items=[i.id for i in plan["work_items"]], agencies={s.agency_id for s in rows}
    )
    result = scored(table, weighting_of(criteria))
    impact = result.axes.get("impact")
    found = [] if impact is None else zip(table.items, impact, strict=True)
    return {i: float(v) for i, v in found if v == v}, latest.id  # noqa: PLR0124 - NaN alone differs from itself


def _benefits(
    plan: Records, items: Sequence[str], quarters: Sequence[dt.date], findings: list[Finding], *, needed: bool
) -> tuple[dict[str, tuple[Decimal, ...]], dict[str, tuple[Mapping[str, Decimal], ...]]]:
    from partnership._roi.counting import counted
    from partnership._workflows.model_costs import settings_of
    from partnership._workflows.modelling import model_of

    try:
        model, _ = model_of(plan, settings_of(plan))
    except InvalidInput as error:
        if needed:
            findings.append(
                Finding(
                    code="phasing-no-benefit",
                    severity="warning",
                    place="Benefits",
                    found=f"No benefit counts: {error}",
                    do="Plan by score until the benefits can be appraised.",
                )  # fmt: skip
            )
        return {}, {}
    lines, _ = counted([line for line in model.lines if not line.missing])
    lags = {b.id: b.lag_months or 0 for b in plan["benefits"]}
    amounts: dict[str, list[Decimal]] = {}
    shares: dict[str, list[dict[str, Decimal]]] = {}
    wanted = set(items)
    for line in lines:
        if not wanted & set(line.item_ids):
            continue
        for t, quarter in enumerate(quarters):
            whole = _value_from(line, model, add_months(quarter, 3 + lags.get(line.id, 0)))
            part = whole / len(line.item_ids)
            for item in wanted & set(line.item_ids):
                amounts.setdefault(item, [Decimal(0)] * len(quarters))[t] += part
                by = shares.setdefault(item, [{} for _ in quarters])[t]
                for agency, share in line.shares.items():
                    by[agency] = by.get(agency, Decimal(0)) + part * share.numerator / Decimal(
                        share.denominator
                    )
    return {i: tuple(x) for i, x in amounts.items()}, {i: tuple(x) for i, x in shares.items()}


def _value_from(line: Line, model: AppraisalModel, first_month: dt.date) -> Decimal:
    """Return the fiscal present value of a benefit that starts in a month, never before the register's own."""
    from partnership._roi.counting import FISCAL_CLASSES
    from partnership._roi.ledger import flows_of

    moved = replace(line, starts_on=max(line.starts_on, first_month))
    factors = model.settings.benefit_factors
    return sum(
        (
            a * f
            for flow in flows_of(moved, model.settings)
            if flow.appraisal_class in FISCAL_CLASSES
            for a, f in zip(flow.amounts, factors, strict=True)
        ),
        Decimal(0),
    )


def _say_missing(
    items: Sequence[str],
    scores: Mapping[str, float],
    benefits: Mapping[str, tuple[Decimal, ...]],
    settings: PhasingSettings,
    findings: list[Finding],
) -> None:
    for what, known, used, do in (
        ("score", scores, settings.value != "benefit", "Score them: an item without a score is worth nothing to this plan, and that is not known."),
        ("benefit in money", benefits, settings.value != "score", "It counts for nothing here, which is not to say that it brings nothing."),
    ):  # fmt: skip
        absent = [i for i in items if i not in known]
        if used and absent:
            verb = "has" if len(absent) == 1 else "have"
            findings.append(
                Finding(
                    code=f"phasing-no-{what.split()[0]}",
                    severity="warning",
                    place="Value of the plan",
                    found=f"{listing(absent, most=8)} {verb} no {what}.",
                    do=do,
                )  # fmt: skip
            )

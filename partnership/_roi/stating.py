"""The sentences that stand on every output of an appraisal: one for each choice that was made."""

from __future__ import annotations

from partnership._roi.settings import Settings
from partnership.parameters import (
    class_map,
    deflator,
    discount_schedule,
    optimism_grades,
    upper_bounds,
    value_bands,
)
from partnership.periods import name_financial_year
from partnership.wording import count_of, percent

__all__ = ["sentences"]

_CONVENTIONS = {
    "green-book": "Green Book: the first year is year 0 and not discounted.",
    "end-of-year": "WSIPP and Excel's NPV: the first year lies a year away and is discounted once.",
    "sroi": "SROI Guide: inputs of the first year are not discounted, its benefits once.",
}
_RULES = {
    "worst grade": "the worst grade of the evidence on population and impact",
    "own grade": "the grade that the register gives the benefit",
    "mean of grades": "the mean of the corrections of the evidence on population and impact",
}


def sentences(settings: Settings) -> dict[str, str]:
    """Return a sentence for every choice, in the order in which an output prints them.

    Examples
    --------
    >>> sentences(Settings(2025))["prices"]
    'Real pounds of 2025/26; real rates on real flows only.'
    """
    schedule = discount_schedule(settings.schedule, settings.vintage)
    index = deflator(settings.deflator_vintage)
    grades = optimism_grades()
    last = name_financial_year(settings.years[-1])
    first_rate = percent(schedule.bands[0][1])
    return {
        "method": "Follows the published method; no publication is claimed to be reproduced beyond the golden cases.",
        "vintage": f"Discount rates: {schedule.vintage}, {settings.schedule}, from {first_rate} a year ({schedule.status}). {schedule.source}.",
        "horizon": f"{count_of(settings.horizon_years, 'year').capitalize()}, {name_financial_year(settings.first_year)} to {last}.",
        "prices": f"Real pounds of {settings.prices}; real rates on real flows only.",
        "deflator": f"{index.name}, {index.vintage}. {index.mapping} {index.caveat}"
        + (
            ""
            if settings.inflation is None
            else f" Years it lacks: {percent(settings.inflation)} a year, stated here."
        ),
        "year 0": _CONVENTIONS[settings.convention],
        "optimism": f"Benefits are corrected by {_RULES[settings.optimism_rule]} ({grades.vintage}), unless the chain states its own correction; dis-benefits are raised by it.",
        "cost": _cost(settings),
        "classes": f"Classes of the register count by the table {class_map().vintage}; cost avoidance is never cash-releasing. The three fiscal classes stand apart.",
        "denominator": "Ratios divide by the cost of those who hold the budgets; dis-benefits are taken off above the line.",
        "tax-cost uplift": "Off: the Green Book of 2026 leaves out the cost of raising public funds."
        if not settings.tax_cost_uplift
        else f"On: cost of public funds of {percent(settings.tax_cost_uplift)} is added to the cost in public value.",
        "value words": "Off."
        if not settings.value_bands
        else f"The Department for Transport's, made for transport schemes ({value_bands().vintage}).",
    }


def _cost(settings: Settings) -> str:
    stage = (
        "planned contributions"
        if settings.cost_stage == "planned"
        else "what was paid in years that have it, else what is planned"
    )
    if settings.capital_kind:
        bound = upper_bounds()
        return f"Cost is {stage}; capital is raised by the upper bound for {settings.capital_kind} ({bound.vintage}), {percent(settings.mitigation)} of it mitigated."
    if settings.cost_grade is not None:
        return f"Cost is {stage}, raised by the correction for grade {settings.cost_grade}."
    return f"Cost is {stage}, as the finance officers state it: no uplift."

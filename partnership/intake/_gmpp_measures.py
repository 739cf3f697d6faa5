"""The measures that a major projects return is read on: one for each figure, price base and rating scale."""

from __future__ import annotations

from functools import cache

from partnership.goals import Measure

__all__ = ["BENEFITS", "WHOLE_LIFE_COST", "measure"]

WHOLE_LIFE_COST, BENEFITS = "GMPP-whole-life-cost", "GMPP-whole-life-benefits"

_SOURCE = "Government Major Projects Portfolio return"
_MONEY = {
    "year_baseline": (
        "GMPP-year-baseline",
        "Baseline for the financial year",
        "Spending planned for the year, non-government costs included.",
    ),
    "year_forecast": (
        "GMPP-year-forecast",
        "Forecast for the financial year",
        "Spending expected in the year, non-government costs included.",
    ),
    "variance_gbp": (
        "GMPP-year-variance-gbp",
        "Variance of the financial year in pounds",
        "As published; not worked out here.",
    ),
    "whole_life_cost": (
        WHOLE_LIFE_COST,
        "Whole-life cost, baseline",
        "Total baseline over the whole life, non-government costs included.",
    ),
    "benefits": (
        BENEFITS,
        "Whole-life benefits, baseline",
        "Total baseline of monetised benefits over the whole life. The return does "
        "not say to whom they fall or whether cash is released.",
    ),
}
_LADDERS = {
    "five-point": "1 Red to 5 Green, on the five-point scale",
    "three-point": "1 Red to 3 Green, on the three-point scale",
}
_RATERS = {
    "central": "Delivery confidence, rated by the central body",
    "owner": "Delivery confidence, rated by the project's owner",
}


@cache
def measure(name: str, price_year: str | None = None) -> Measure:
    """Return the measure of a figure.

    Money at other prices is another measure, and so is a rating on another scale: neither can be added to, or
    drawn in one line with, the first.

    Parameters
    ----------
    name : str
        A money field, ``variance``, or rater and scale: ``owner-three-point``.
    price_year : str, optional
        Year of real prices, empty when they are real and the year is not said; None for pounds as published.

    Examples
    --------
    >>> measure("benefits").id, measure("whole_life_cost", "2024/25").unit
    ('GMPP-whole-life-benefits', '£ in 2024/25 prices')
    >>> measure("central-five-point").unit
    '1 Red to 5 Green, on the five-point scale'
    """
    if name == "variance":
        return Measure(
            id="GMPP-year-variance",
            name="Variance of the financial year",
            unit="%",
            kind="amount",
            per="year",
            frequency="year",
            source=_SOURCE,
            definition="Forecast against baseline, as published; its sign is the publisher's.",
        )
    if name in _MONEY:
        key, title, definition = _MONEY[name]
        real = "" if price_year is None else f"-real-{price_year.replace('/', '-')}".rstrip("-")
        unit = (
            "£" if price_year is None else f"£ in {price_year} prices" if price_year else "£ in real prices"
        )
        return Measure(
            id=f"{key}{real}",
            name=title,
            unit=unit,
            kind="amount",
            polarity="higher" if name == "benefits" else "neither",
            per="year" if name.startswith(("year", "variance")) else "in all",
            frequency="year",
            source=_SOURCE,
            definition=definition,
        )
    rater, _, scale = name.partition("-")
    return Measure(
        id=f"GMPP-{rater}-rating-{scale}",
        name=_RATERS[rater],
        unit=_LADDERS[scale],
        kind="rating",
        polarity="higher",
        per="in all",
        frequency="year",
        source=_SOURCE,
        definition_id=f"GMPP-{scale}",
        definition="A place on the five-point scale is none on the three-point one, which has no Amber/Green "
        "and no Amber/Red.",
    )

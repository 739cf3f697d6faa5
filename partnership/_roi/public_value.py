"""Ratios whose denominator is stated, the social return, value-for-money words and weights by income."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from partnership._roi.chain import additionality
from partnership._roi.guards import finite
from partnership.errors import InvalidInput
from partnership.parameters import income_elasticity, value_bands

__all__ = [
    "Ratio", "SocialReturn", "distributional_weight", "ratio", "social_impact", "social_impact_by_year",
    "social_return", "switching_share", "value_band",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio with both its sides, divided last.

    Parameters
    ----------
    name, rule : str
        What it is called, and what stands above and below the line.
    numerator, denominator : Decimal
        Pounds.
    value : Decimal or None
        Unrounded; None where it is undefined.
    words : str
        The value to two decimals, or in words why there is none.
    """

    name: str
    rule: str
    numerator: Decimal
    denominator: Decimal
    value: Decimal | None
    words: str


def ratio(numerator: Decimal, denominator: Decimal, *, name: str = "ratio", rule: str = "") -> Ratio:
    """Return numerator / denominator, undefined in words where nothing or less than nothing is paid.

    Examples
    --------
    >>> ratio(Decimal(150), Decimal(100)).value
    Decimal('1.5')
    >>> ratio(Decimal(150), Decimal(0)).words
    'undefined: nothing is paid'
    >>> ratio(Decimal(150), Decimal(-20)).words
    'undefined: the cost is less than nothing, so the work saves money before any benefit'
    """
    finite("number", (numerator, denominator))
    if denominator > 0:
        value = numerator / denominator
        return Ratio(name, rule, numerator, denominator, value, f"{value:.2f}")
    why = (
        "nothing is paid"
        if denominator == 0
        else "the cost is less than nothing, so the work saves money before any benefit"
    )
    return Ratio(name, rule, numerator, denominator, None, f"undefined: {why}")


def switching_share(pv_benefits: Decimal, pv_costs: Decimal) -> Decimal | None:
    """Return by what share all benefits may fall before the net is zero: 1 - costs / benefits.

    Negative when the net is below zero already: benefits would have to rise. None without a benefit above 0.

    Source
    ------
    HM Treasury, *The Green Book*, on switching values.

    Examples
    --------
    >>> round(switching_share(Decimal("634439.64"), Decimal(400000)), 5)
    Decimal('0.36952')
    """
    finite("present value", (pv_benefits, pv_costs))
    return 1 - pv_costs / pv_benefits if pv_benefits > 0 else None


@dataclass(frozen=True, slots=True)
class SocialReturn:
    """Social return on investment, gross and net, which are never called by the other's name.

    Parameters
    ----------
    gross : Ratio
        Present value of benefits / present value of inputs: "£1.93 for each £1".
    net : Ratio
        Net present value / present value of inputs: 0.93.
    net_present_value : Decimal
        Benefits less inputs.
    """

    gross: Ratio
    net: Ratio
    net_present_value: Decimal


def social_return(pv_benefits: Decimal, pv_inputs: Decimal) -> SocialReturn:
    """Return the social return, gross and net.

    Source
    ------
    Cabinet Office, *A guide to social return on investment* (2009, revised 2012).

    Examples
    --------
    >>> result = social_return(Decimal("81741.93"), Decimal(42375))
    >>> result.gross.words, result.net.words, result.net_present_value
    ('1.93', '0.93', Decimal('39366.93'))
    """
    net = pv_benefits - pv_inputs
    return SocialReturn(
        ratio(pv_benefits, pv_inputs, name="SROI, gross", rule="present value of benefits / inputs"),
        ratio(net, pv_inputs, name="SROI, net", rule="(present value of benefits - inputs) / inputs"),
        net,
    )


def social_impact(
    quantity: Decimal,
    proxy_gbp: Decimal,
    *,
    deadweight: Decimal = Decimal(0),
    displacement: Decimal = Decimal(0),
    attribution: Decimal = Decimal(0),
) -> Decimal:
    """Return quantity x proxy x (1 - deadweight)(1 - displacement)(1 - attribution to others), in pounds.

    Source
    ------
    Cabinet Office, *A guide to social return on investment*.

    Examples
    --------
    >>> social_impact(Decimal(90), Decimal(19), deadweight=Decimal("0.1"), attribution=Decimal("0.1"))
    Decimal('1385.10')
    """
    finite("number", (quantity, proxy_gbp))
    left = additionality(deadweight=deadweight, displacement=displacement, attribution=attribution)
    return quantity * proxy_gbp * left


def social_impact_by_year(first: Decimal, drop_off: Decimal, years: int) -> tuple[Decimal, ...]:
    """Return the impact of each year: first x (1 - drop-off)**(t - 1).

    Examples
    --------
    >>> [str(x) for x in social_impact_by_year(Decimal(100), Decimal("0.3"), 3)]
    ['100', '70.0', '49.00']
    """
    if not drop_off.is_finite() or not 0 <= drop_off <= 1:
        msg = f"A drop-off of {drop_off} is no share. Give a fraction from 0 to 1: 0.3 for 30% a year."
        raise InvalidInput(msg)
    if years < 0:
        msg = f"{years} years cannot be listed. Give 0 or more."
        raise InvalidInput(msg)
    return tuple(first * (1 - drop_off) ** t if t else first for t in range(years))


def value_band(benefit_cost_ratio: Decimal) -> str:
    """Return the Department for Transport's word for a ratio; a ratio on a boundary takes the higher word.

    The words were made for transport schemes and are off by default.

    Source
    ------
    Department for Transport, *Value for Money Framework*.

    Examples
    --------
    >>> [value_band(Decimal(x)) for x in ("-0.1", "0.99", "1", "1.5", "2", "4")]
    ['very poor', 'poor', 'low', 'medium', 'high', 'very high']
    """
    finite("ratio", [benefit_cost_ratio])
    bands = value_bands().rows
    return str(next(word for word, least in bands.items() if least is None or benefit_cost_ratio >= least))


def distributional_weight(income: Decimal, median: Decimal, elasticity: Decimal | None = None) -> Decimal:
    """Return how much a pound counts for somebody of an income: (median / income)**elasticity.

    Parameters
    ----------
    income, median : Decimal
        Yearly equivalised household income, pounds, above 0.
    elasticity : Decimal, optional
        Elasticity of marginal utility of income; the Green Book's 1.3 by default.

    Source
    ------
    HM Treasury, *The Green Book*, distributional appraisal.

    Examples
    --------
    >>> round(distributional_weight(Decimal(15000), Decimal(35000)), 2)
    Decimal('3.01')
    """
    for name, value in (("income", income), ("median", median)):
        if not value.is_finite() or value <= 0:
            msg = f"A yearly {name} of {value} cannot be used. Give pounds above 0."
            raise InvalidInput(msg)
    power: Decimal = (median / income) ** (income_elasticity() if elasticity is None else elasticity)
    return power

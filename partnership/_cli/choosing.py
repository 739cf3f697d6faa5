"""Options by which a command chooses how an appraisal is made: each setting of the library, by name."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer

__all__ = [
    "CapitalKind", "CostGrade", "CostStage", "Deflator", "FirstYear", "Horizon", "Inflation", "Mitigation",
    "Optimism", "PriceYear", "Schedule", "TaxUplift", "Vintage", "YearZero", "chosen", "fraction",
]  # fmt: skip


def fraction(text: str) -> Decimal:
    """Read a fraction or a percentage exactly.

    Examples
    --------
    >>> fraction("2%"), fraction("0.02")
    (Decimal('0.02'), Decimal('0.02'))
    """
    given = text.strip()
    try:
        value = Decimal(given.removesuffix("%"))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        msg = f"{text!r} is no fraction. Write 0.02 or 2%."
        raise typer.BadParameter(msg)
    return value / 100 if given.endswith("%") else value


def _years(text: str) -> str:
    from partnership.errors import InvalidInput
    from partnership.periods import name_financial_year, parse_financial_year

    try:
        return name_financial_year(parse_financial_year(text))
    except InvalidInput as error:
        raise typer.BadParameter(str(error)) from None


Vintage = Annotated[
    str | None, typer.Option(help="Edition of the discount rates; the one in force when left out.")
]
Schedule = Annotated[str | None, typer.Option(help="Schedule of the edition: standard, health or reduced.")]
Horizon = Annotated[int | None, typer.Option(help="Years appraised; the plan's own when left out.")]
FirstYear = Annotated[
    str | None,
    typer.Option("--first-year", help="First financial year, 2025/26.", parser=_years, metavar="YEAR"),
]
PriceYear = Annotated[
    str | None,
    typer.Option(
        "--price-year", help="Prices of which financial year, 2025/26.", parser=_years, metavar="YEAR"
    ),
]
YearZero = Annotated[
    str | None, typer.Option("--year0", help="green-book, end-of-year (WSIPP, Excel) or sroi.")
]
Optimism = Annotated[
    str | None,
    typer.Option("--optimism", help="How grades combine: worst grade, own grade or mean of grades."),
]
CostGrade = Annotated[
    int | None, typer.Option("--cost-grade", help="Raise costs by the correction of this grade, 1 to 6.")
]
CapitalKind = Annotated[
    str | None,
    typer.Option(
        "--capital-kind", help="Raise capital by the upper bound of this kind: standard buildings …"
    ),
]
Mitigation = Annotated[
    Decimal | None,
    typer.Option(
        help="Share of the upper bound that is mitigated: 0.5 or 50%.", parser=fraction, metavar="SHARE"
    ),
]
Deflator = Annotated[str | None, typer.Option(help="Release of the GDP deflator; the newest when left out.")]
Inflation = Annotated[
    Decimal | None,
    typer.Option(
        help="Yearly inflation where the deflator ends: 0.02 or 2%.", parser=fraction, metavar="RATE"
    ),
]
CostStage = Annotated[str | None, typer.Option("--cost-stage", help="planned, or actual then planned.")]
TaxUplift = Annotated[
    Decimal | None,
    typer.Option(
        "--tax-uplift", help="Cost of raising taxes, put on cost; off.", parser=fraction, metavar="SHARE"
    ),
]  # fmt: skip


def chosen(**options: Any) -> dict[str, Any]:
    """Return what was chosen, in the names of the library's settings; what was left out is left out.

    Raises
    ------
    InvalidInput
        If a choice is none of those there are.
    """
    from partnership.errors import InvalidInput
    from partnership.parameters import upper_bounds
    from partnership.periods import parse_financial_year

    kept = {k: v for k, v in options.items() if v is not None}
    if "first_year" in kept:
        kept["first_year"] = parse_financial_year(kept["first_year"])
    known = {
        "optimism_rule": ("worst grade", "own grade", "mean of grades"),
        "cost_stage": ("planned", "actual then planned"),
        "cost_grade": tuple(range(1, 7)),
        "capital_kind": tuple(upper_bounds().rows),
    }
    for name, options_there in known.items():
        if name in kept and kept[name] not in options_there:
            listed = ", ".join(str(o) for o in options_there)
            msg = f"{kept[name]!r} is no {name.replace('_', ' ')}. Choose {listed}."
            raise InvalidInput(msg)
    return kept

"""What partners call a unit: £ thousand and £ are one thing said twice; hours and cases are two things."""

from __future__ import annotations

from fractions import Fraction

__all__ = ["MANY", "UNITS", "conversion"]

UNITS: dict[str, tuple[str, Fraction]] = {
    **dict.fromkeys(("£", "gbp", "pounds"), ("money", Fraction(1))),
    **dict.fromkeys(("£k", "£000", "£000s", "£ thousand"), ("money", Fraction(1000))),
    **dict.fromkeys(("£m", "£ million"), ("money", Fraction(1_000_000))),
    "pence": ("money", Fraction(1, 100)),
    "hours": ("time", Fraction(60)),
    "minutes": ("time", Fraction(1)),
    "days": ("days", Fraction(1)),
    **dict.fromkeys(("%", "per cent", "percent"), ("share", Fraction(1))),
}
"""Units of which it is known what they measure and how large they are, as the views count them. A day of work
has no fixed number of hours, so days stand alone."""

MANY: dict[str, int] = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
"""What may stand before a measure's unit: thousand cases."""


def conversion(said: str | None, unit: str) -> Fraction | None:
    """Return how many of the measure's unit one of what was said is; None where it cannot become it.

    Words that are not known (cases, referrals, people) count things: they are compared one for one, and that
    they differ is said as another definition. A known unit becomes another of its kind only.

    Parameters
    ----------
    said : str or None
        Unit in the partner's own words; None is the measure's own.
    unit : str
        The measure's unit.

    Examples
    --------
    >>> conversion("£ thousand", "£"), conversion("minutes", "hours"), conversion("Thousand cases", "cases")
    (Fraction(1000, 1), Fraction(1, 60), Fraction(1000, 1))
    >>> conversion("hours", "cases") is None, conversion("people", "cases")
    (True, Fraction(1, 1))
    """
    own, measure = (said or unit).strip().lower(), unit.strip().lower()
    if own == measure:
        return Fraction(1)
    for word, size in MANY.items():
        if own == f"{word} {measure}":
            return Fraction(size)
    kind, size_said = UNITS.get(own, ("", Fraction(1)))
    measured, size_of_unit = UNITS.get(measure, ("", Fraction(1)))
    return size_said / size_of_unit if kind == measured else None

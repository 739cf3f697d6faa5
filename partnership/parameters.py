"""Dated assumptions, each with vintage, unit and source. The figures are in ``parameters.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from partnership.errors import InvalidInput, UnknownName

__all__ = [
    "ConfidenceGrade",
    "Deflator",
    "DiscountSchedule",
    "Table",
    "class_map",
    "clock_parameters",
    "deflator",
    "discount_schedule",
    "discount_vintages",
    "income_elasticity",
    "optimism_grades",
    "upper_bounds",
    "value_bands",
]


@dataclass(frozen=True, slots=True)
class Deflator:
    """A price index by calendar year.

    Parameters
    ----------
    vintage, name, unit, source : str
        Which publication, and what its numbers mean.
    mapping : str
        How a financial year finds its calendar year.
    values : Mapping[int, Decimal]
        Index by calendar year.
    """

    vintage: str
    name: str
    unit: str
    source: str
    mapping: str
    caveat: str
    values: Mapping[int, Decimal]

    def ratio(self, from_year: int, to_year: int) -> Decimal:
        """Return by what a price of one year is multiplied to become a price of another.

        Raises
        ------
        InvalidInput
            If the index has no value for one of the years: an index is never guessed between years.
        """
        for year in (from_year, to_year):
            if year not in self.values:
                known = ", ".join(map(str, sorted(self.values)))
                msg = (
                    f"The deflator {self.vintage} has no value for {year}; it has {known}. "
                    "Choose one of these years, or add the year to parameters.toml from the same release."
                )
                raise InvalidInput(msg)
        return self.values[to_year] / self.values[from_year]


@cache
def deflator(vintage: str | None = None) -> Deflator:
    """Return a price index by its vintage; the newest when none is named.

    Raises
    ------
    UnknownName
        If there is no such vintage.

    Examples
    --------
    >>> deflator().unit
    'index, 2024 = 100'
    """
    known = {entry["vintage"]: entry for entry in _parameters()["deflator"]}
    chosen = vintage or max(known)
    if chosen not in known:
        raise UnknownName("deflator vintage", chosen, known)
    entry = dict(known[chosen])
    values = {int(year): Decimal(index) for year, index in entry.pop("values").items()}
    return Deflator(values=values, **entry)


@dataclass(frozen=True, slots=True)
class DiscountSchedule:
    """Real discount rates that fall in steps.

    Parameters
    ----------
    vintage, status, source : str
        Which edition, whether it is in force, and where it is published.
    bands : tuple[tuple[int, Decimal], ...]
        Last year of each band and its yearly rate as a fraction.
    """

    vintage: str
    status: str
    source: str
    bands: tuple[tuple[int, Decimal], ...]

    @property
    def in_force(self) -> bool:
        """True when a headline may rest on it."""
        return self.status == "in force"


@cache
def discount_schedule(name: str = "standard", vintage: str | None = None) -> DiscountSchedule:
    """Return a schedule of discount rates by name and vintage; the vintage in force when none is named.

    Raises
    ------
    UnknownName
        If there is no such vintage, or it has no such schedule.

    Examples
    --------
    >>> discount_schedule().bands[0]
    (30, Decimal('0.035'))
    >>> discount_schedule(vintage="review-2026-what-if").in_force
    False
    """
    known = {entry["vintage"]: entry for entry in _parameters()["discount"]}
    chosen = vintage or next(v for v, entry in known.items() if entry["status"] == "in force")
    if chosen not in known:
        raise UnknownName("discount vintage", chosen, known)
    entry = known[chosen]
    if name not in entry["schedules"]:
        raise UnknownName("discount schedule", name, entry["schedules"])
    bands = tuple((int(last), Decimal(rate)) for last, rate in entry["schedules"][name])
    return DiscountSchedule(chosen, entry["status"], entry["source"], bands)


def discount_vintages() -> dict[str, str]:
    """Return every edition of discount rates with its status.

    Examples
    --------
    >>> next(iter(discount_vintages().items()))
    ('gb-2003-2026', 'in force')
    """
    return {entry["vintage"]: entry["status"] for entry in _parameters()["discount"]}


@dataclass(frozen=True, slots=True)
class ConfidenceGrade:
    """A grade of evidence, and what is taken off a benefit or put on a cost for it.

    Parameters
    ----------
    grade : int
        1 (best evidence) to 6.
    correction : Decimal
        Fraction.
    population, impact, age : str
        What evidence of the population, of the impact, and of which age has this grade.
    """

    grade: int
    correction: Decimal
    population: str
    impact: str
    age: str


@dataclass(frozen=True, slots=True)
class Table:
    """A small table of one vintage, with its unit and source."""

    vintage: str
    unit: str
    source: str
    rows: Mapping[Any, Any]


def _newest(name: str, vintage: str | None) -> dict[str, Any]:
    known = {entry["vintage"]: entry for entry in _parameters()[name]}
    chosen = vintage or max(known)
    if chosen not in known:
        msg = f"{name.replace('_', ' ')} vintage"
        raise UnknownName(msg, chosen, known)
    entry: dict[str, Any] = known[chosen]
    return entry


@cache
def optimism_grades(vintage: str | None = None) -> Table:
    """Return the corrections by grade of evidence.

    Examples
    --------
    >>> [str(g.correction) for g in optimism_grades().rows.values()]
    ['0', '0.05', '0.10', '0.15', '0.25', '0.40']
    """
    entry = _newest("optimism", vintage)
    rows = {
        g["grade"]: ConfidenceGrade(**{**g, "correction": Decimal(g["correction"])}) for g in entry["grades"]
    }
    return Table(entry["vintage"], entry["unit"], entry["source"], rows)


@cache
def upper_bounds(vintage: str | None = None) -> Table:
    """Return HM Treasury's upper bounds for capital projects: kind to (cost, duration), as fractions.

    Examples
    --------
    >>> upper_bounds().rows["outsourcing"]
    (Decimal('0.41'), Decimal('0.15'))
    """
    entry = _newest("upper_bound", vintage)
    rows = {kind: (Decimal(cost), Decimal(time)) for kind, (cost, time) in entry["kinds"].items()}
    return Table(entry["vintage"], entry["unit"], entry["source"], rows)


@cache
def class_map(vintage: str | None = None) -> Table:
    """Return what each class of the register counts as, by category of value; ``*`` stands for the rest.

    Examples
    --------
    >>> class_map().rows["fiscal"]["cost avoidance"]
    'no release'
    """
    entry = _newest("class_map", vintage)
    rows = {category: entry[category] for category in ("fiscal", "economic", "social")}
    return Table(entry["vintage"], entry["unit"], entry["source"], rows)


@cache
def value_bands(vintage: str | None = None) -> Table:
    """Return the Department for Transport's words for a ratio: word to its lower bound, best first.

    Examples
    --------
    >>> list(value_bands().rows)[-1]
    'very poor'
    """
    entry = _newest("value_bands", vintage)
    rows: dict[str, Decimal | None] = {word: Decimal(least) for word, least in entry["bands"]}
    return Table(entry["vintage"], entry["unit"], entry["source"], rows | {entry["lowest"]: None})


def income_elasticity(vintage: str | None = None) -> Decimal:
    """Return the elasticity by which money counts for more to those who have less.

    Examples
    --------
    >>> income_elasticity()
    Decimal('1.3')
    """
    return Decimal(_newest("distributional", vintage)["elasticity"])


def clock_parameters() -> dict[str, list[dict[str, Any]]]:
    """Return the working week and the clocks as they stand in ``parameters.toml``.

    Examples
    --------
    >>> sorted(clock_parameters())
    ['clock', 'working_week']
    """
    return {name: _parameters()[name] for name in ("working_week", "clock")}


@cache
def _parameters() -> dict[str, Any]:
    return tomllib.loads(files("partnership").joinpath("parameters.toml").read_text(encoding="utf-8"))

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

__all__ = ["Deflator", "deflator"]


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


@cache
def _parameters() -> dict[str, Any]:
    return tomllib.loads(files("partnership").joinpath("parameters.toml").read_text(encoding="utf-8"))

"""What every record is made of: the frozen base class, the scalar types, and what a field says about itself.

A record is flat: one row of one sheet. What belongs to a record many times (the shares of a benefit, the
agencies of a work item) is a record type of its own that points back by id. A record knows nothing of tables,
sheets or frames.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

__all__ = [
    "MISSING_KINDS",
    "Day",
    "FinancialYear",
    "Flag",
    "Id",
    "Ids",
    "Kind",
    "MissingKind",
    "Month",
    "Notes",
    "Per",
    "Percent",
    "Pounds",
    "Quantity",
    "Record",
    "Ref",
    "Share",
    "Since",
    "Title",
    "Unit",
    "Whole",
]

MissingKind = Literal["withheld", "not provided", "too early", "suppressed", "blank"]
"""Why a value is not there. None of them is zero."""

Per = Literal["in all", "day", "week", "month", "quarter", "year"]
"""The period that a quantity is for; "in all" is a stock, or a total by a date."""

MISSING_KINDS: tuple[MissingKind, ...] = ("withheld", "not provided", "too early", "suppressed", "blank")


class Record(BaseModel):
    """A frozen row of the plan: unknown fields are refused, nothing changes after it is made."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


@dataclass(frozen=True, slots=True)
class Kind:
    """How a field is typed, read and written: ``money``, ``month``, ``choice``."""

    name: str


@dataclass(frozen=True, slots=True)
class Ref:
    """The field holds the id of a record of this table (``agencies``)."""

    table: str


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit printed in the field's header: ``£``, ``%``, ``days``."""

    text: str


@dataclass(frozen=True, slots=True)
class Since:
    """The field says from which day the record was known: what "as known on" filters by."""


def _to_fraction(value: Any) -> Any:
    return (
        Fraction(value) if isinstance(value, str | int | Decimal) and not isinstance(value, bool) else value
    )


def _to_ids(value: Any) -> Any:
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(part.strip() for part in value.replace(",", ";").split(";") if part.strip())
    return value


_ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9 ._/()-]*$"

Id = Annotated[str, Kind("id"), StringConstraints(min_length=1, max_length=60, pattern=_ID_PATTERN)]
"""Letters, digits and . _ - / only, so that no two ids look the same and differ."""

Ids = Annotated[
    tuple[Id, ...], Kind("ids"), BeforeValidator(_to_ids), PlainSerializer("; ".join, return_type=str)
]
"""Several ids in one cell, parted by semicolons."""

Title = Annotated[str, Kind("title"), StringConstraints(min_length=1, max_length=300)]
Notes = Annotated[str, Kind("notes"), StringConstraints(max_length=5000)]
Pounds = Annotated[
    Decimal, Kind("money"), Unit("£"), Field(max_digits=18, decimal_places=2, allow_inf_nan=False)
]
Quantity = Annotated[Decimal, Kind("quantity"), Field(max_digits=18, decimal_places=4, allow_inf_nan=False)]
Percent = Annotated[
    Decimal,
    Kind("percent"),
    Unit("%"),
    Field(ge=0, le=100, max_digits=7, decimal_places=4, allow_inf_nan=False),
]
Share = Annotated[
    Fraction,
    Kind("share"),
    Unit("%"),
    BeforeValidator(_to_fraction),
    Field(ge=0, le=1),
    PlainSerializer(str, return_type=str),
]
"""An exact share of a whole: a third is a third, not 33.33%."""

Whole = Annotated[int, Kind("whole"), Field(strict=True)]
Flag = Annotated[bool, Kind("flag"), Field(strict=True)]
Day = Annotated[dt.date, Kind("day"), Field(ge=dt.date(1900, 1, 1), le=dt.date(2200, 12, 31))]
Month = Annotated[dt.date, Kind("month"), Field(ge=dt.date(1900, 1, 1), le=dt.date(2200, 12, 31))]
"""A period, held as its first day; the measure's frequency says how long it is."""

FinancialYear = Annotated[int, Kind("year"), Field(strict=True, ge=1990, le=2150)]
"""The calendar year in which a UK financial year starts: 2026 for 2026/27 (1 April 2026 to 31 March 2027)."""

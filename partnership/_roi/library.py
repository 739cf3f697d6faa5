"""Using a library of unit costs without counting the same money twice.

A headline and its constituents are the same money, and amounts at the prices of different years are no sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal, Protocol

from partnership.errors import InvalidInput, UnknownName

__all__ = ["refuse_double_count", "safe_total"]


class _Cost(Protocol):
    """What is needed of a unit cost: its id, what it is a part of, and its values with their price years."""

    @property
    def id(self) -> str: ...
    @property
    def parent_id(self) -> str | None: ...


def refuse_double_count(costs: Iterable[_Cost], ids: Sequence[str]) -> None:
    """Refuse a choice of unit costs that holds the same money twice.

    It does when an entry stands twice, or beside a headline that it is a part of, at whatever depth.

    Parameters
    ----------
    costs : Iterable of UnitCost
        The library: all entries of the edition, so that every headline can be followed.
    ids : Sequence[str]
        Ids of the entries that are to be added up.

    Raises
    ------
    InvalidInput
        If two of them are the same money; the message names both.
    UnknownName
        If the library has no such entry.

    Source
    ------
    GMCA, *Unit Cost Database*, Guidance: constituent costs are parts of the headline cost above them.

    Examples
    --------
    >>> from partnership.roi import UnitCost
    >>> library = [UnitCost(id="CR2.0"), UnitCost(id="CR2.0.1", parent_id="CR2.0"), UnitCost(id="CR3.0")]
    >>> refuse_double_count(library, ["CR2.0.1", "CR3.0"])
    >>> refuse_double_count(library, ["CR2.0.1", "CR2.0"])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    partnership.errors.InvalidInput: CR2.0.1 is a part of CR2.0: the same money. Choose ...
    """
    parents = {c.id: c.parent_id for c in costs}
    chosen: set[str] = set()
    for key in ids:
        if key not in parents:
            raise UnknownName("unit cost", key, parents)
        if key in chosen:
            msg = f"{key} stands twice among the costs to be added: the same money. Choose it once."
            raise InvalidInput(msg)
        chosen.add(key)
    for key in ids:
        for above in _above(key, parents):
            if above in chosen:
                msg = f"{key} is a part of {above}: the same money. Choose the headline or its parts."
                raise InvalidInput(msg)


def _above(key: str, parents: Mapping[str, str | None]) -> list[str]:
    found: list[str] = []
    while (parent := parents.get(key)) is not None and parent not in found:
        found.append(parent)
        key = parent
    return found


def safe_total(
    costs: Iterable[_Cost], ids: Sequence[str], value: Literal["fiscal", "economic", "social"] = "fiscal"
) -> tuple[Decimal, str]:
    """Add up unit costs that may be added: no money twice, all at the prices of one year, none missing.

    Parameters
    ----------
    costs : Iterable of UnitCost
        The library.
    ids : Sequence[str]
        Ids of the entries to add, at least one.
    value : {"fiscal", "economic", "social"}
        Which of the three values; they are never added to each other.

    Returns
    -------
    tuple[Decimal, str]
        Pounds, and the price year of all of them.

    Raises
    ------
    InvalidInput
        If the same money is there twice, the price years differ, or an entry has no such value.

    Examples
    --------
    >>> from partnership.roi import UnitCost
    >>> parts = (("CR2.0.1", 1171), ("CR2.0.3", 415))
    >>> library = [UnitCost(id=i, fiscal_gbp=Decimal(p), fiscal_price_year="2008/09") for i, p in parts]
    >>> safe_total(library, ["CR2.0.1", "CR2.0.3"])
    (Decimal('1586'), '2008/09')
    """
    library = {c.id: c for c in costs}
    if not ids:
        msg = "There is no unit cost to add up. Choose at least one."
        raise InvalidInput(msg)
    refuse_double_count(library.values(), ids)
    amounts: list[Decimal] = []
    years: dict[str | None, str] = {}
    for key in ids:
        amount = getattr(library[key], f"{value}_gbp")
        if amount is None:
            msg = f"{key} has no {value} value. Leave it out, knowing that the total is partial."
            raise InvalidInput(msg)
        amounts.append(amount)
        years.setdefault(getattr(library[key], f"{value}_price_year"), key)
    if len(years) > 1 or None in years:
        listed = " and ".join(f"{k} ({y or 'no price year'})" for y, k in years.items())
        msg = f"The prices are of different years: {listed}. Bring them to one year first."
        raise InvalidInput(msg)
    return sum(amounts, Decimal(0)), str(next(iter(years)))

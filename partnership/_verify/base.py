"""What every adapter needs, and the adapters of money and prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from partnership import money, roi
from partnership.errors import InvalidInput, PartnershipError, shown

__all__ = [
    "Answer",
    "ADAPTERS",
    "Adapter",
    "Asked",
    "Inputs",
    "NotCovered",
    "asked_of",
    "decimal_of",
    "first_of",
    "is_number",
    "not_covered",
    "numbers_of",
]

Adapter = Callable[[Mapping[str, Any]], Any]


class Answer(dict[str, Any]):
    """Several named results of one call, and the one that is meant when a case expects a single value."""

    def __init__(self, main: Any, **named: Any) -> None:
        super().__init__(**named)
        self.main = main


@dataclass(frozen=True)
class Asked:
    """What a case says of its question outside its inputs: its id and source, and the names it expects.

    Published cases of one category may have the same inputs and ask for different figures of them; then only
    the case's own words tell which. What it expects the figures to be is never looked at.
    """

    words: str = ""
    keys: frozenset[str] = frozenset()

    def mentions(self, *words: str) -> bool:
        """Tell whether one of the words stands in the id or the source."""
        return any(w in self.words for w in words)


class Inputs(dict[str, Any]):
    """The inputs of a case, with what it asks."""

    def __init__(self, given: Mapping[str, Any], asked: Asked) -> None:
        super().__init__(given)
        self.asked = asked


def asked_of(inputs: Mapping[str, Any]) -> Asked:
    """Return what a case asks; nothing where only inputs are known."""
    return inputs.asked if isinstance(inputs, Inputs) else Asked()


class NotCovered(PartnershipError):
    """No adapter knows this category, or this shape of inputs."""


def not_covered(method: str, inputs: Mapping[str, Any]) -> NotCovered:
    """Return the refusal of a shape of inputs that a method does not take."""
    return NotCovered(f"No {method} method takes {shown(', '.join(map(str, inputs)) or 'nothing')}.")


def is_number(value: Any) -> bool:
    """Tell a finite number from a flag, a word or a list."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | Fraction):
        return False
    return value == value and abs(value) != float("inf")  # noqa: PLR0124 - NaN alone differs from itself


def decimal_of(value: Any) -> Decimal:
    """Return a number of a case by its digits.

    Raises
    ------
    InvalidInput
        If it is not a finite number.
    """
    if not is_number(value) and not isinstance(value, str):
        msg = f"{shown(value)} is not a number. Give digits."
        raise InvalidInput(msg)
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        msg = f"{shown(value)} is not a number. Give digits."
        raise InvalidInput(msg) from error
    if not number.is_finite():
        msg = f"{shown(value)} is not a finite number. Give digits."
        raise InvalidInput(msg)
    return number


def numbers_of(values: Any) -> list[Decimal]:
    """Return a list of numbers by their digits.

    Raises
    ------
    InvalidInput
        If it is no list, or one of them is not a finite number.
    """
    if not isinstance(values, Sequence) or isinstance(values, str):
        msg = f"{shown(values)} is not a list of numbers."
        raise InvalidInput(msg)
    return [decimal_of(v) for v in values]


def first_of(inputs: Mapping[str, Any], *names: str, default: Any = None) -> Any:
    """Return the first input that is there under one of its names."""
    return next((inputs[n] for n in names if inputs.get(n) is not None), default)


def _apportionment(inputs: Mapping[str, Any]) -> Any:
    weights = inputs.get("components", inputs.get("weights", inputs.get("shares")))
    if not isinstance(weights, Mapping):
        msg = "An apportionment needs its components by name."
        raise NotCovered(msg)
    parts = {name: Fraction(str(value)) for name, value in weights.items()}
    shares = money.shares_of(parts)
    out: dict[str, Any] = {
        "total": float(sum(parts.values())),
        "shares": {k: float(v) for k, v in shares.items()},
    }
    amount = inputs.get("amount", inputs.get("total"))
    if amount is not None:
        split = money.split(str(amount), parts)
        out |= {"parts": split, "split": split, "amounts": split}
    return out


def _price_base(inputs: Mapping[str, Any]) -> Any:
    given = {
        k: Decimal(str(v))
        for k, v in inputs.items()
        if isinstance(v, int | float) and not isinstance(v, bool)
    }
    if {"value", "from", "to"} <= set(given):
        try:
            return roi.at_prices_of(
                given["value"], int(given["from"]), int(given["to"]), vintage=inputs.get("vintage")
            )
        except InvalidInput as error:
            raise NotCovered(str(error)) from error
    if {"real", "inflation"} <= set(given):
        return roi.nominal_rate(given["real"], given["inflation"])
    if {"nominal", "inflation"} <= set(given):
        return roi.real_rate(given["nominal"], given["inflation"])
    if {"nominal", "real"} <= set(given):
        return roi.inflation_rate(given["nominal"], given["real"])
    msg = f"No price-base method takes {', '.join(inputs)}."
    raise NotCovered(msg)


ADAPTERS: dict[str, Adapter] = {"apportionment": _apportionment, "price_base": _price_base}
"""Category of a case to the call that answers it."""

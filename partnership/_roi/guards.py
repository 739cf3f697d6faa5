"""Numbers that are no numbers are refused at every door of these rooms."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from partnership.errors import InvalidInput

__all__ = ["finite"]


def finite(name: str, values: Iterable[Decimal | float | Fraction | None]) -> None:
    """Refuse not-a-number and infinity; None passes.

    Raises
    ------
    InvalidInput
        If a value is not finite.

    Examples
    --------
    >>> finite("flow", [Decimal(1), 2.5, None])
    >>> finite("flow", [Decimal("NaN")])
    Traceback (most recent call last):
    partnership.errors.InvalidInput: A flow of NaN cannot be used. Give a finite number.
    """
    for value in values:
        known = value is None or isinstance(value, Fraction)
        if not known and not (
            value.is_finite() if isinstance(value, Decimal) else math.isfinite(float(value or 0))
        ):
            msg = f"A {name} of {value} cannot be used. Give a finite number."
            raise InvalidInput(msg)

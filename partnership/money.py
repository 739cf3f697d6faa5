"""Money: Decimal pounds, whole pence, one rounding rule, and splitting that loses no penny.

Rounding is half up on the decimal value (half away from zero for negatives), everywhere: screen, workbook,
file and print. Splitting is by largest remainder on whole pence: every part first gets the whole pence below
its exact share, then the pence left over go one each to the parts with the largest remainders; equal
remainders in order of the names.

Source: the largest remainder (Hamilton) method, as in Balinski and Young, *Fair Representation* (1982).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING

from partnership.errors import InvalidInput

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["LARGEST", "from_pence", "round_pounds", "shares_of", "split", "split_many", "to_pence"]

LARGEST = Decimal("9999999999999999.99")
"""The largest amount that DECIMAL(18,2) holds."""

_PENNY = Decimal("0.01")


def round_pounds(amount: Decimal | int | str, places: int = 2) -> Decimal:
    """Round an amount half up to pence (or to other decimal places).

    Parameters
    ----------
    amount : Decimal or int or str
        Pounds; a float is refused because its digits are not what was typed.
    places : int
        Decimal places to keep.

    Returns
    -------
    Decimal
        Pounds.

    Raises
    ------
    InvalidInput
        If the amount is a float, not a number, or too large for the store.

    Examples
    --------
    >>> [str(round_pounds(x)) for x in ("0.005", "0.015", "0.025", "1.005", "2.675", "-0.005")]
    ['0.01', '0.02', '0.03', '1.01', '2.68', '-0.01']
    """
    if isinstance(amount, bool | float):
        msg = f"An amount of money came as {type(amount).__name__} ({amount!r}). Give a Decimal or text."
        raise InvalidInput(msg)
    try:
        value = Decimal(amount)
    except InvalidOperation as error:
        msg = f"{amount!r} is not an amount of money. Give digits with at most one decimal point."
        raise InvalidInput(msg) from error
    if not value.is_finite() or abs(value) > LARGEST:
        msg = (
            f"{amount} is not an amount that can be kept: it must be a number of at most {LARGEST:,} pounds."
        )
        raise InvalidInput(msg)
    return value.quantize(_PENNY if places == 2 else Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def to_pence(amount: Decimal | int | str) -> int:
    """Return an amount as whole pence, rounded half up.

    Examples
    --------
    >>> to_pence("12.345")
    1235
    """
    return int(round_pounds(amount).scaleb(2))


def from_pence(pence: int) -> Decimal:
    """Return whole pence as pounds.

    Examples
    --------
    >>> from_pence(1235)
    Decimal('12.35')
    """
    return Decimal(pence).scaleb(-2)


def split(amount: Decimal | int | str, shares: Mapping[str, Fraction | Decimal | int]) -> dict[str, Decimal]:
    """Split an amount by shares so that the parts make the whole to the penny.

    Part i first gets floor(amount x share_i / sum of shares) in pence; the pence left over go one each to the
    largest remainders, ties in order of the names. A negative amount is split as its positive and negated.

    Parameters
    ----------
    amount : Decimal or int or str
        Pounds to split.
    shares : Mapping[str, Fraction or Decimal or int]
        Weight of each part, not negative, in any unit: only their proportions count.

    Returns
    -------
    dict[str, Decimal]
        Pounds for each name, in the order of ``shares``; they sum to ``amount`` exactly.

    Raises
    ------
    InvalidInput
        If there is no share, a share is negative, or all are zero.

    Source
    ------
    Balinski and Young, *Fair Representation* (1982), Hamilton's method.

    Examples
    --------
    >>> third = Fraction(1, 3)
    >>> {k: str(v) for k, v in split("100.00", {"A": third, "B": third, "C": third}).items()}
    {'A': '33.34', 'B': '33.33', 'C': '33.33'}
    >>> {k: str(v) for k, v in split("0.01", {"A": 1, "B": 1, "C": 1}).items()}
    {'A': '0.01', 'B': '0.00', 'C': '0.00'}
    """
    exact = shares_of(shares)
    pence = to_pence(amount)
    sign, whole = (-1, -pence) if pence < 0 else (1, pence)
    floors = {name: whole * share.numerator // share.denominator for name, share in exact.items()}
    remainders = {name: whole * share - floors[name] for name, share in exact.items()}
    left = whole - sum(floors.values())
    lucky = sorted(exact, key=lambda name: (-remainders[name], name))[:left]
    return {name: from_pence(sign * (floors[name] + (name in lucky))) for name in exact}


def split_many(pence: NDArray[np.int64], shares: Mapping[str, Fraction | Decimal | int]) -> NDArray[np.int64]:
    """Split many amounts by the same shares, each so that its parts make the whole to the penny.

    The rule of :func:`split` in whole pence and whole weights, a column a name: the same pennies.

    Parameters
    ----------
    pence : numpy.ndarray of int64, shape (n,)
        Amounts in pence.
    shares : Mapping[str, Fraction or Decimal or int]
        As for :func:`split`.

    Returns
    -------
    numpy.ndarray of int64, shape (n, names)
        Pence for each name, in the order of ``shares``; each row sums to its amount.

    Raises
    ------
    InvalidInput
        As :func:`split` does, or if an amount times a weight is too large for whole numbers of 64 bits.

    Examples
    --------
    >>> import numpy as np
    >>> split_many(np.array([10_000, 1, -1]), {"A": 1, "B": 1, "C": 1}).tolist()
    [[3334, 3333, 3333], [1, 0, 0], [-1, 0, 0]]
    """
    import numpy as np

    exact = shares_of(shares)
    common = math.lcm(*(s.denominator for s in exact.values()))
    weights = [int(s * common) for s in exact.values()]
    sign, whole = np.sign(pence), np.abs(np.asarray(pence, dtype=np.int64))
    if whole.size and int(whole.max()) * max(weights) >= 2**63:
        most = int(whole.max())
        msg = f"{most:,} pence in parts of {common:,} is too large to split many at once. Use split."
        raise InvalidInput(msg)
    by_name = np.argsort(np.array(list(exact)), kind="stable")
    held = whole[:, None] * np.array(weights, dtype=np.int64)[by_name]
    parts = held // common
    left = whole - parts.sum(axis=1)
    order = np.argsort(-(held - parts * common), axis=1, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(len(weights))[None, :], axis=1)
    out = np.empty_like(parts)
    out[:, by_name] = parts + (place < left[:, None])
    result: NDArray[np.int64] = sign[:, None] * out
    return result


def shares_of(weights: Mapping[str, Fraction | Decimal | int]) -> dict[str, Fraction]:
    """Return weights as exact shares that sum to one.

    Examples
    --------
    >>> shares_of({"health": 1171, "police": 415})["police"]
    Fraction(415, 1586)
    """
    if any(isinstance(w, float) for w in weights.values()):
        msg = "A share came as a float. Give a Fraction, a Decimal or a whole number."
        raise InvalidInput(msg)
    exact = {name: Fraction(w) for name, w in weights.items()}
    negative = [name for name, w in exact.items() if w < 0]
    if negative:
        msg = f"The share of {negative[0]!r} is negative ({weights[negative[0]]}). Shares are 0 or more."
        raise InvalidInput(msg)
    total = sum(exact.values(), Fraction(0))
    if not total:
        msg = (
            f"There is nothing to split by: {len(exact)} shares sum to zero. Give at least one share above 0."
        )
        raise InvalidInput(msg)
    return {name: w / total for name, w in exact.items()}

"""Methods of sharing a joint gain: when each fits, its trap, and the arithmetic of those that need no game.

What is shared is the net gain of the partners: all they gain less all they pay, present value. Shapley, the
nucleolus and SCRB need to know what groups could do alone: see ``games`` and ``nucleolus``. All of them side
by side, with their core tests: ``fair_shares``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from partnership.errors import InvalidInput
from partnership.money import from_pence

__all__ = ["METHODS", "Method", "equal_return_transfers", "no_worse_off", "proportional", "to_the_penny"]

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Method:
    """A method of sharing: when it fits, and the trap it is known for."""

    key: str
    name: str
    fit: str
    trap: str


METHODS: dict[str, Method] = {
    m.key: m
    for m in (
        Method("investment", "In proportion to investment", "Partners carry like risk and were free to choose what they put in.",
               "Rewards spending, not effect: whoever pays more gets more, whether or not it brought the gain about."),
        Method("benefit", "In proportion to benefit", "Each should pay for what it gets, and what it gets can be measured.",
               "An agency with no benefit of its own pays nothing and gains nothing, though nothing may happen without it."),
        Method("equal return", "Equal return", "Partners want one rate of return on what each put in.",
               "Of the whole gain it gives the shares of investment; a partner in kind whose time is priced low gets little."),
        Method("scrb", "Separable costs, remaining benefits", "Few coalitions can be valued: only one, all but one, and all are asked for.",
               "Looks at single agencies only, so a group of two or three may still do better alone."),
        Method("shapley", "Shapley", "Every coalition can be valued, and a share should follow what an agency adds.",
               "May lie outside the core: a group can do better alone."),
        Method("nucleolus", "Nucleolus", "Holding the partnership together matters most: the largest complaint is made least.",
               "Can give the scarce partner everything, and shares may fall for some when the gain grows."),
        Method("per-capita nucleolus", "Per-capita nucleolus", "As the nucleolus, where a complaint should count for each agency that has it.",
               "A large group's complaint weighs less; it can still give the scarce partner nearly everything."),
    )
}  # fmt: skip
"""Every method in the order in which it is shown."""


def proportional(total: Fraction, weights: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Share a total, gain or loss, in proportion to weights; a weight below 0 counts as 0.

    Raises
    ------
    InvalidInput
        If no weight is above 0.

    Examples
    --------
    >>> proportional(Fraction(250), {"LA": Fraction(600), "ICB": Fraction(400)})["LA"]
    Fraction(150, 1)
    """
    kept = {a: max(w, _ZERO) for a, w in weights.items()}
    whole = sum(kept.values(), _ZERO)
    if not whole:
        msg = "Nobody has anything to share in proportion to. Choose another method."
        raise InvalidInput(msg)
    return {a: total * w / whole for a, w in kept.items()}


def equal_return_transfers(
    paid: Mapping[str, Fraction], gained: Mapping[str, Fraction]
) -> dict[str, Fraction]:
    """Return what each agency receives (positive) or gives so that all have one return on what they paid.

    transfer_i = paid_i x total gain / total paid - gain_i; the transfers sum to zero.

    Raises
    ------
    InvalidInput
        If nobody has paid anything.

    Examples
    --------
    >>> paid = {"LA": Fraction(600), "ICB": Fraction(300)}
    >>> gained = {"LA": Fraction(400), "ICB": Fraction(800)}
    >>> t = equal_return_transfers(paid, gained)
    >>> t["LA"], sum(t.values())
    (Fraction(400, 1), Fraction(0, 1))
    """
    total_paid = sum(paid.values(), _ZERO)
    if total_paid <= 0:
        msg = "Nobody has paid anything: there is no return to make equal."
        raise InvalidInput(msg)
    total = sum(gained.values(), _ZERO)
    names = [*paid, *(g for g in gained if g not in paid)]
    return {a: paid.get(a, _ZERO) * total / total_paid - gained.get(a, _ZERO) for a in names}


def no_worse_off(shares: Mapping[str, Fraction], least: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Lift every agency to its floor, at the cost of the others in proportion to what they have above theirs.

    share'_i = floor_i + max(0, share_i - floor_i) x (total - all floors) / sum of max(0, share_j - floor_j).
    Nobody falls below a floor, and the total stays.

    Raises
    ------
    InvalidInput
        If the total does not reach the floors.

    Examples
    --------
    >>> shares = {"a": Fraction(-10), "b": Fraction(30), "c": Fraction(60)}
    >>> {k: round(float(v), 2) for k, v in no_worse_off(shares, dict.fromkeys("abc", Fraction(0))).items()}
    {'a': 0.0, 'b': 26.67, 'c': 53.33}
    """
    over = {a: max(_ZERO, s - least.get(a, _ZERO)) for a, s in shares.items()}
    left = sum(shares.values(), _ZERO) - sum((least.get(a, _ZERO) for a in shares), _ZERO)
    if left < 0:
        msg = "The gain is less than what all would need to be no worse off: the floor cannot be kept for everybody. Share without it, or find the missing gain first."
        raise InvalidInput(msg)
    whole = sum(over.values(), _ZERO)
    return {a: least.get(a, _ZERO) + (x * left / whole if whole else _ZERO) for a, x in over.items()}


def to_the_penny(shares: Mapping[str, Fraction]) -> dict[str, Decimal]:
    """Round shares in pounds, gains and losses mixed, to pence that make their rounded total.

    Each gets the whole pence below its share; pence left over go to the largest remainders, ties by name.

    Examples
    --------
    >>> third = Fraction(100, 3)
    >>> {a: str(x) for a, x in to_the_penny({"a": third, "b": third, "c": third}).items()}
    {'a': '33.34', 'b': '33.33', 'c': '33.33'}
    """
    exact_pence = {a: s * 100 for a, s in shares.items()}
    floors = {a: floor(p) for a, p in exact_pence.items()}
    whole = sum(exact_pence.values(), _ZERO)
    left = (floor(abs(whole) + Fraction(1, 2)) * (1 if whole >= 0 else -1)) - sum(floors.values())
    order = sorted(floors, key=lambda a: (floors[a] - exact_pence[a], a))
    lucky = set(order[: max(left, 0)])
    return {a: from_pence(f + (a in lucky)) for a, f in floors.items()}

"""Whether all that is given adds up to what the goal asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

__all__ = ["AddsUp", "adds_up"]

Standing = Literal[
    "adds up",
    "falls short",
    "more than asked",
    "cannot be added",
    "no target",
    "nothing offered",
    "not to be added",
]


@dataclass(frozen=True, slots=True)
class AddsUp:
    """All that partners would give, against a goal's target.

    Parameters
    ----------
    standing : str
        "Cannot be added": they count different things, and a sum of different things is no number.
    given : Fraction or None
        The sum on the common rate; None where it cannot be made.
    target : Fraction or None
        The goal's target, on the same rate.
    givers, silent : int
        Partners that offer a number, and partners asked that have not answered: the sum is then partial.
    by_definition : Mapping[str, Fraction]
        What is given, definition by definition.
    """

    standing: Standing
    given: Fraction | None
    target: Fraction | None
    givers: int
    silent: int
    by_definition: Mapping[str, Fraction]

    @property
    def share(self) -> Fraction | None:
        """What is given as a share of the target; None where there is none."""
        return self.given / self.target if self.given is not None and self.target else None


def adds_up(
    offers: Mapping[str, tuple[Fraction | None, str | None]],
    target: Fraction | None,
    *,
    discuss_from: Fraction = Fraction(2),
    additive: bool = True,
) -> AddsUp:
    """Add up what partners would give and hold it against the target.

    "More than asked" begins at ``discuss_from`` times the target: that much more is a sign that the same
    cases are counted twice, not of generosity. Below the target it falls short, by however little.

    Parameters
    ----------
    offers : Mapping[str, tuple]
        Giver to its offer on the common rate (None: it has not answered) and the definition it uses.
    target : Fraction or None
        The goal's target on the same rate.
    discuss_from : Fraction
        The partnership's own band for talking.
    additive : bool
        False for a share or a rating, which cannot be added.

    Examples
    --------
    >>> both = {"police": (Fraction(600), "D1"), "trust": (Fraction(150), "D1")}
    >>> adds_up(both, Fraction(900)).standing, adds_up(both, Fraction(700)).standing
    ('falls short', 'adds up')
    >>> adds_up({**both, "probation": (Fraction(5), "D2")}, Fraction(700)).given is None
    True
    """
    given = {who: (rate, d or "") for who, (rate, d) in offers.items() if rate is not None}
    silent = len(offers) - len(given)
    by_definition: dict[str, Fraction] = {}
    for rate, used in given.values():
        by_definition[used] = by_definition.get(used, Fraction(0)) + rate
    total = sum((rate for rate, _ in given.values()), Fraction(0))
    standing: Standing
    if not additive:
        return AddsUp("not to be added", None, target, len(given), silent, by_definition)
    if not given:
        standing = "nothing offered"
    elif len(by_definition) > 1:
        return AddsUp("cannot be added", None, target, len(given), silent, by_definition)
    elif not target:
        standing = "no target"
    elif total < target:
        standing = "falls short"
    elif total >= target * discuss_from:
        standing = "more than asked"
    else:
        standing = "adds up"
    return AddsUp(standing, total if given else None, target, len(given), silent, by_definition)

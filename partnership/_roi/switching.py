"""What would have to be true: the value of each assumption at which a net position is nil."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from partnership._roi.ledger import pv_of_line
from partnership._roi.model import DEDUCTIONS, SHARES, Assumed, Line, Settings

__all__ = ["Switching", "assumption_key", "switching_values", "with_assumption"]

_STEPS_OF_BISECTION = 80
_SAME = Decimal("1e-9")


@dataclass(frozen=True, slots=True)
class Switching:
    """One assumption, as used and where it would tip the balance.

    Parameters
    ----------
    key : str
        The shared name, or ``line id|step|name``.
    name, step, unit : str
        What is assumed.
    used : Decimal
        The value used.
    at : Decimal or None
        The value at which the net is nil, everything else as used; None: no possible value does it.
    low, high : Decimal
        The stated range.
    is_in_range : bool
        True when the switching value lies within the stated range: the answer is not safe.
    line_ids : tuple[str, ...]
        Lines that use it.
    """

    key: str
    name: str
    step: str
    unit: str
    used: Decimal
    at: Decimal | None
    low: Decimal
    high: Decimal
    is_in_range: bool
    line_ids: tuple[str, ...]
    source: str | None
    grade: int | None

    @property
    def change(self) -> Decimal | None:
        """How far the value may move, as a fraction of what is used; None where nothing tips it."""
        return None if self.at is None or not self.used else (self.at - self.used) / self.used

    @property
    def reach(self) -> Decimal | None:
        """How many widths of its range it may move; None where nothing tips it or there is no range."""
        width = self.high - self.low
        return None if self.at is None or not width else abs(self.at - self.used) / width


def assumption_key(line: Line, assumed: Assumed) -> str:
    """Return the name by which an assumption is one: its shared name, or line, step and own name."""
    return assumed.shared_name or f"{line.id}|{assumed.step}|{assumed.name}"


def with_assumption(line: Line, key: str, value: Decimal) -> Line:
    """Return the line with one assumption at another value; the line itself if it does not use it."""

    def moved(a: Assumed) -> Assumed:
        return a.with_value(value) if assumption_key(line, a) == key else a

    return replace(
        line,
        chain=tuple(map(moved, line.chain)),
        unit_value=None if line.unit_value is None else moved(line.unit_value),
        ramp_up=tuple(map(moved, line.ramp_up)),
        drop_off=None if line.drop_off is None else moved(line.drop_off),
    )


def switching_values(
    lines: Sequence[Line], settings: Settings, net_gbp: Decimal, weights: Mapping[str, Decimal]
) -> tuple[Switching, ...]:
    """Return the switching value of every assumption, the one that needs to move least of its range first.

    The net is affine in every assumption but drop-off (and one that a line uses twice): for those the value
    follows from two points; for the others by bisection over the possible values. A share stays within 0 to
    100%, anything else at 0 or more.

    Parameters
    ----------
    lines : Sequence[Line]
        Lines that count.
    settings : Settings
        Years and discount factors.
    net_gbp : Decimal
        Net position with the values used.
    weights : Mapping[str, Decimal]
        Line id to the part of the line's present value that is in the net (an agency's share; 1 for the
        whole; 0 for a line that is not).

    Source
    ------
    HM Treasury, *The Green Book*, on switching values.
    """
    users: dict[str, list[tuple[Line, Assumed]]] = {}
    for line in sorted(lines, key=lambda x: x.id):
        for assumed in line.assumptions:
            found = users.setdefault(assumption_key(line, assumed), [])
            if weights.get(line.id) and all(user is not line for user, _ in found):
                found.append((line, assumed))
    out = [_switching(key, found, settings, net_gbp, weights) for key, found in users.items() if found]
    return tuple(sorted(out, key=lambda s: (s.at is None, s.reach is None, s.reach or 0, s.key)))


def _switching(
    key: str,
    users: list[tuple[Line, Assumed]],
    settings: Settings,
    net_gbp: Decimal,
    weights: Mapping[str, Decimal],
) -> Switching:
    first = users[0][1]
    base = sum((weights[line.id] * pv_of_line(line, settings) for line, _ in users), Decimal(0))

    def net(value: Decimal) -> Decimal:
        moved = sum(
            (weights[line.id] * pv_of_line(with_assumption(line, key, value), settings) for line, _ in users),
            Decimal(0),
        )
        return net_gbp - base + moved

    at = _root(net, first)
    return Switching(
        key, first.name, first.step, first.unit or "", first.value, at, first.low, first.high,
        at is not None and first.low <= at <= first.high, tuple(line.id for line, _ in users), first.source,
        first.confidence_grade,
    )  # fmt: skip


def _most(assumed: Assumed) -> Decimal | None:
    """Return the largest possible value: 100% of a share; None where there is none."""
    is_share = assumed.step in (*SHARES, *DEDUCTIONS, "optimism bias", "drop-off")
    is_percent = abs(assumed.scale) == Decimal("0.01")
    return (1 / abs(assumed.scale)) if is_share or (is_percent and assumed.step == "impact") else None


def _root(net: Callable[[Decimal], Decimal], assumed: Assumed) -> Decimal | None:
    used, most = assumed.value, _most(assumed)
    step = abs(used) / 10 or Decimal(1)
    low, middle, high = net(used), net(used + step), net(used + 2 * step)
    slope = (middle - low) / step
    if abs(high - middle - (middle - low)) <= _SAME * (abs(low) + abs(high) + 1):
        if abs(slope) <= _SAME:
            return None
        at = used - low / slope
        return at if at >= 0 and (most is None or at <= most) else None
    return _bisected(net, Decimal(0), most or max(used * 100, Decimal(100)))


def _bisected(net: Callable[[Decimal], Decimal], low: Decimal, high: Decimal) -> Decimal | None:
    at_low, at_high = net(low), net(high)
    if (at_low > 0) == (at_high > 0):
        return None
    for _ in range(_STEPS_OF_BISECTION):
        middle = (low + high) / 2
        if (net(middle) > 0) == (at_low > 0):
            low = middle
        else:
            high = middle
    return (low + high) / 2

"""As few transfers as possible that settle balances to the penny."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from partnership.errors import InvalidInput

__all__ = ["MOST_EXACT", "fewest_transfers"]

MOST_EXACT = 12
"""Up to so many agencies with a balance the number of transfers is the least there is."""


def fewest_transfers(balances: Mapping[str, int]) -> tuple[tuple[str, str, int], ...]:
    """Return who pays whom how much so that every balance is settled with as few transfers as possible.

    n agencies that fall into k groups, each of which sums to zero by itself, need n - k transfers and no
    fewer. Up to 12 agencies the greatest k is found over all groups; beyond, payers and receivers of one
    amount are paired first and the rest is one group. In a group the largest payer pays the largest receiver
    until one of them is done.

    Parameters
    ----------
    balances : Mapping[str, int]
        Pence; positive receives, negative pays. They sum to zero.

    Returns
    -------
    tuple[tuple[str, str, int], ...]
        Payer, receiver, pence (above 0); the largest first.

    Raises
    ------
    InvalidInput
        If the balances do not sum to zero.

    Source
    ------
    Verhoeff, "Settling multiple debts efficiently", *ACM SIGACT News* 35 (2004): the problem is NP-complete.

    Examples
    --------
    >>> fewest_transfers({"a": -500, "b": -300, "c": 500, "d": 300})
    (('a', 'c', 500), ('b', 'd', 300))
    """
    if sum(balances.values()):
        total = sum(balances.values())
        msg = f"The balances sum to {total} pence, not to zero. What one receives another must pay."
        raise InvalidInput(msg)
    open_ = {a: b for a, b in sorted(balances.items()) if b}
    groups = _most_groups(open_) if len(open_) <= MOST_EXACT else _pairs_first(open_)
    found = [t for group in groups for t in _settle(group)]
    return tuple(sorted(found, key=lambda t: (-t[2], t[0], t[1])))


def _settle(balances: Mapping[str, int]) -> list[tuple[str, str, int]]:
    left = dict(balances)
    out: list[tuple[str, str, int]] = []
    while any(left.values()):
        payer = min(left, key=lambda a: (left[a], a))
        receiver = min(left, key=lambda a: (-left[a], a))
        amount = min(-left[payer], left[receiver])
        out.append((payer, receiver, amount))
        left[payer] += amount
        left[receiver] -= amount
    return out


def _most_groups(balances: Mapping[str, int]) -> list[dict[str, int]]:
    """Part the balances into as many groups that sum to zero as there can be, over all subsets."""
    names = list(balances)
    size = 1 << len(names)
    total, most, last = [0] * size, [0] * size, [0] * size
    for mask in range(1, size):
        low = (mask & -mask).bit_length() - 1
        total[mask] = total[mask & (mask - 1)] + balances[names[low]]
        bits = [i for i in range(len(names)) if mask >> i & 1]
        last[mask] = max(bits, key=lambda i: (most[mask ^ 1 << i], -i))
        most[mask] = most[mask ^ 1 << last[mask]] + (total[mask] == 0)
    groups: list[dict[str, int]] = []
    mask, group = size - 1, dict[str, int]()
    while mask:
        if total[mask] == 0 and group:
            groups.append(group)
            group = {}
        name = names[last[mask]]
        group[name] = balances[name]
        mask ^= 1 << last[mask]
    return [*groups, group] if group else groups


def _pairs_first(balances: Mapping[str, int]) -> list[dict[str, int]]:
    left = dict(balances)
    groups: list[dict[str, int]] = []
    for payer, receiver in product(list(balances), repeat=2):
        if left.get(payer, 0) < 0 and left.get(receiver, 0) == -left[payer]:
            groups.append({payer: left.pop(payer), receiver: left.pop(receiver)})
    return [*groups, left]

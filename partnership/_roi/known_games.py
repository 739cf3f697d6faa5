"""Games that have a name and a closed formula: airport, bankruptcy and gloves; exact, for any number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from math import comb, factorial

from partnership._roi.games import Coalition, coalitions_of
from partnership.errors import InvalidInput

__all__ = [
    "airport_game", "airport_nucleolus", "airport_shapley", "bankruptcy_game", "contested_garment", "glove_game",
    "glove_nucleolus", "glove_shapley", "random_arrival",
]  # fmt: skip

_ZERO = Fraction(0)


def airport_game(costs: Mapping[str, Fraction]) -> dict[Coalition, Fraction]:
    """Return the cost game in which a group pays for its most demanding member.

    Examples
    --------
    >>> airport_game({"a": Fraction(8), "b": Fraction(11)})[frozenset("ab")]
    Fraction(11, 1)
    """
    _not_negative(costs)
    return {c: max(costs[a] for a in c) for c in coalitions_of(sorted(costs))}


def airport_shapley(costs: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Return Shapley's cost shares of an airport game: each stretch is paid equally by all who use it.

    Share of the k-th cheapest = sum over j <= k of (c_j - c_(j-1)) / (n - j + 1).

    Source
    ------
    Littlechild and Owen, "A simple expression for the Shapley value in a special case", *Management Science*
    20 (1973).

    Examples
    --------
    >>> costs = {"a": Fraction(8), "b": Fraction(11), "c": Fraction(13), "d": Fraction(18)}
    >>> [int(x) for x in airport_shapley(costs).values()]
    [2, 3, 4, 9]
    """
    _not_negative(costs)
    shares: dict[str, Fraction] = {}
    paid = built = _ZERO
    for done, agency in enumerate(sorted(costs, key=lambda a: (costs[a], a))):
        paid += (costs[agency] - built) / (len(costs) - done)
        built = costs[agency]
        shares[agency] = paid
    return {a: shares[a] for a in costs}


def airport_nucleolus(costs: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Return the nucleolus' cost shares of an airport game.

    With agencies in order of cost, of which k are settled and owe s of the stretch c_k: the next share is the
    least of (c_j - c_k + s) / (j - k + 1) for j short of the last, and of (c_n - c_k + s) / (n - k); all up
    to the j that gives it pay it.

    Source
    ------
    Littlechild, "A simple expression for the nucleolus in a special case", *International Journal of Game
    Theory* 3 (1974).

    Examples
    --------
    >>> costs = {"a": Fraction(8), "b": Fraction(11), "c": Fraction(13), "d": Fraction(18)}
    >>> [float(x) for x in airport_nucleolus(costs).values()]
    [3.25, 3.25, 3.25, 8.25]
    """
    _not_negative(costs)
    order = sorted(costs, key=lambda a: (costs[a], a))
    c, n = [_ZERO, *(costs[a] for a in order)], len(order)
    shares: dict[str, Fraction] = {}
    k, owed = 0, _ZERO
    while k < n:
        options = [((c[j] - c[k] + owed) / (j - k + 1), -j) for j in range(k + 1, n)]
        owed, last = min([*options, ((c[n] - c[k] + owed) / (n - k), -n)])
        shares |= dict.fromkeys(order[k:-last], owed)
        k = -last
    return {a: shares[a] for a in costs}


def bankruptcy_game(estate: Fraction, claims: Mapping[str, Fraction]) -> dict[Coalition, Fraction]:
    """Return what each group is sure of when an estate cannot meet all claims: what the others leave.

    v(S) = max(0, estate - claims of all others).

    Source
    ------
    O'Neill, "A problem of rights arbitration from the Talmud", *Mathematical Social Sciences* 2 (1982).

    Examples
    --------
    >>> v = bankruptcy_game(Fraction(200), {"a": Fraction(100), "b": Fraction(200), "c": Fraction(300)})
    >>> v[frozenset("bc")], v[frozenset("c")]
    (Fraction(100, 1), Fraction(0, 1))
    """
    owed = _claims(estate, claims)
    return {
        c: max(_ZERO, estate - owed + sum((claims[a] for a in c), _ZERO))
        for c in coalitions_of(sorted(claims))
    }


def contested_garment(estate: Fraction, claims: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Return the Talmud's division, which is the nucleolus of the bankruptcy game.

    Up to half of all claims: equal gains up to half of each claim. Beyond: equal losses from half of each
    claim on.

    Source
    ------
    Aumann and Maschler, "Game theoretic analysis of a bankruptcy problem from the Talmud", *Journal of
    Economic Theory* 36 (1985).

    Examples
    --------
    >>> claims = {"a": Fraction(100), "b": Fraction(200), "c": Fraction(300)}
    >>> [int(x) for x in contested_garment(Fraction(200), claims).values()]
    [50, 75, 75]
    """
    owed = _claims(estate, claims)
    halves = {a: c / 2 for a, c in claims.items()}
    if 2 * estate <= owed:
        return _equal_up_to(estate, halves)
    losses = _equal_up_to(owed - estate, halves)
    return {a: c - losses[a] for a, c in claims.items()}


def _equal_up_to(amount: Fraction, most: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Share an amount equally, but to none more than its most."""
    shares: dict[str, Fraction] = {}
    left = amount
    for done, name in enumerate(sorted(most, key=lambda a: (most[a], a))):
        shares[name] = min(most[name], left / (len(most) - done))
        left -= shares[name]
    return {a: shares[a] for a in most}


def random_arrival(estate: Fraction, claims: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Return Shapley's shares of the bankruptcy game: first come, first served, over all orders of arrival.

    Counted over the sums that those before can have claimed, so that many claimants are no burden.

    Source
    ------
    O'Neill (1982), as :func:`bankruptcy_game`.

    Examples
    --------
    >>> claims = {"a": Fraction(100), "b": Fraction(200), "c": Fraction(300)}
    >>> [round(float(x), 2) for x in random_arrival(Fraction(200), claims).values()]
    [33.33, 83.33, 83.33]
    """
    _claims(estate, claims)
    n = len(claims)
    shares: dict[str, Fraction] = {}
    for name, claim in claims.items():
        ways: dict[tuple[int, Fraction], int] = {(0, _ZERO): 1}
        for other in (c for a, c in claims.items() if a != name):
            more: dict[tuple[int, Fraction], int] = defaultdict(int, ways)
            for (size, taken), count in ways.items():
                if taken + other < estate:
                    more[size + 1, taken + other] += count
            ways = more
        total = _ZERO
        for (size, taken), count in ways.items():
            weight = Fraction(factorial(size) * factorial(n - size - 1), factorial(n))
            total += weight * count * min(claim, estate - taken)
        shares[name] = total
    return shares


def glove_game(left: int, right: int) -> dict[Coalition, Fraction]:
    """Return the game in which only pairs of a left and a right glove are worth anything.

    Examples
    --------
    >>> glove_game(2, 1)[frozenset({"L1", "R1"})]
    Fraction(1, 1)
    """
    names = [*(f"L{i + 1}" for i in range(left)), *(f"R{i + 1}" for i in range(right))]
    return {
        c: Fraction(min(sum(a[0] == "L" for a in c), sum(a[0] == "R" for a in c)))
        for c in coalitions_of(names)
    }


def glove_shapley(left: int, right: int) -> tuple[Fraction, Fraction]:
    """Return Shapley's share of each holder of a left, and of a right glove.

    Source
    ------
    Shapley and Shubik, "Pure competition, coalitional power, and fair division" (1969).

    Examples
    --------
    >>> glove_shapley(2, 1)
    (Fraction(1, 6), Fraction(2, 3))
    """

    def share(own: int, other: int) -> Fraction:
        n, total = own + other, _ZERO
        for mine in range(own):
            for theirs in range(mine + 1, other + 1):
                before = mine + theirs
                orders = comb(own - 1, mine) * comb(other, theirs)
                total += Fraction(orders * factorial(before) * factorial(n - before - 1), factorial(n))
        return total

    _gloves(left, right)
    return (share(left, right) if left else _ZERO, share(right, left) if right else _ZERO)


def glove_nucleolus(left: int, right: int) -> tuple[Fraction, Fraction]:
    """Return the nucleolus' share of each holder: the scarce side takes all, equal sides take halves.

    Examples
    --------
    >>> glove_nucleolus(2, 1)
    (Fraction(0, 1), Fraction(1, 1))
    """
    _gloves(left, right)
    if not left or not right:
        return _ZERO, _ZERO
    if left == right:
        return Fraction(1, 2), Fraction(1, 2)
    return (_ZERO, Fraction(1)) if left > right else (Fraction(1), _ZERO)


def _not_negative(costs: Mapping[str, Fraction]) -> None:
    if not costs or min(costs.values()) < 0:
        msg = "An airport game needs at least one cost, and none below 0. Give what each would pay alone."
        raise InvalidInput(msg)


def _claims(estate: Fraction, claims: Mapping[str, Fraction]) -> Fraction:
    owed = sum(claims.values(), _ZERO)
    if not claims or min(claims.values()) < 0 or not 0 <= estate <= owed:
        msg = f"An estate of {float(estate):,g} is not divided by claims of {float(owed):,g}. Claims are 0 or more, and reach the estate."
        raise InvalidInput(msg)
    return owed


def _gloves(left: int, right: int) -> None:
    if min(left, right) < 0 or not left + right:
        msg = f"{left} left and {right} right gloves make no game. Give whole numbers of 0 or more."
        raise InvalidInput(msg)

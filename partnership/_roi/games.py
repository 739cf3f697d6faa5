"""Games of gain and cost: what each group could do alone, Shapley's shares, SCRB and the core test.

A game gives each coalition of agencies a value: what they would gain on their own. Coalitions are frozen sets
of names; the value of nobody is 0. A cost game gives what each coalition would pay; it becomes its savings
game, value(S) = sum of stand-alone costs - cost(S). Everything here is exact arithmetic on fractions; only
the sampled shares, for more than ten agencies, are estimates, and they carry their error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import factorial

import numpy as np

from partnership.errors import InvalidInput, shown

__all__ = [
    "MOST_AGENCIES", "Coalition", "Game", "Number", "SampledShares", "coalitions_of", "core_objections", "exact",
    "game_from_list", "players", "savings_game", "scrb", "separable_shares", "shapley", "shapley_sampled",
]  # fmt: skip

Coalition = frozenset[str]

Game = Mapping[Coalition, Fraction]
"""Coalition to what it is worth on its own; every coalition but the empty one must be there."""

Number = Fraction | Decimal | int | str | float

MOST_AGENCIES = 10
"""Beyond this many agencies, shares over all coalitions are sampled or withheld."""

_ZERO = Fraction(0)


def exact(value: Number) -> Fraction:
    """Return a number as a fraction, a float by its printed digits.

    Raises
    ------
    InvalidInput
        If it is not a finite number.

    Examples
    --------
    >>> exact("0.1") == exact(0.1) == Fraction(1, 10)
    True
    """
    try:
        return Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    except (ValueError, OverflowError, TypeError, ZeroDivisionError) as error:
        msg = f"{shown(value)} is not a finite number. Give digits."
        raise InvalidInput(msg) from error


def coalitions_of(agencies: Sequence[str]) -> Iterator[Coalition]:
    """Yield every coalition but the empty one: singletons, pairs, …, each size in the order given.

    Examples
    --------
    >>> ["".join(sorted(c)) for c in coalitions_of("abc")]
    ['a', 'b', 'c', 'ab', 'ac', 'bc', 'abc']
    """
    for size in range(1, len(agencies) + 1):
        yield from (frozenset(c) for c in combinations(agencies, size))


def game_from_list(agencies: Sequence[str], values: Sequence[Number]) -> dict[Coalition, Fraction]:
    """Return the game of values listed singletons first, then pairs, … in lexicographic order.

    Raises
    ------
    InvalidInput
        If there are not 2**n - 1 values, or one is not a finite number.

    Examples
    --------
    >>> game_from_list("ab", [1, 2, 5])[frozenset("ab")]
    Fraction(5, 1)
    """
    wanted = 2 ** len(agencies) - 1
    if len(values) != wanted:
        msg = f"{len(agencies)} agencies make {wanted} coalitions; {len(values)} values were given. Give one for each."
        raise InvalidInput(msg)
    return {c: exact(v) for c, v in zip(coalitions_of(agencies), values, strict=True)}


def savings_game(costs: Game) -> dict[Coalition, Fraction]:
    """Return what each coalition saves by working together: its members' own costs less its joint cost.

    Examples
    --------
    >>> savings_game(game_from_list("ab", [3, 4, 5]))[frozenset("ab")]
    Fraction(2, 1)
    """
    players(costs)
    return {c: sum((costs[frozenset({a})] for a in c), _ZERO) - v for c, v in costs.items()}


def players(game: Game) -> list[str]:
    """Return the agencies of a game in order of their names, once every coalition is there.

    Raises
    ------
    InvalidInput
        If there is none, there are more than ten, or a coalition has no value.
    """
    everyone = max(game, key=len, default=frozenset[str]())
    agencies = sorted(everyone)
    if not agencies:
        msg = "A game needs at least one agency. State what each coalition would gain alone."
        raise InvalidInput(msg)
    if len(agencies) > MOST_AGENCIES:
        msg = f"{len(agencies)} agencies were given; exact shares are worked out for at most {MOST_AGENCIES}. Sample them."
        raise InvalidInput(msg)
    missing = next((c for c in coalitions_of(agencies) if c not in game), None)
    strangers = next((c for c in game if not c <= everyone), None)
    if missing is not None or strangers is not None:
        named = " + ".join(sorted(missing or strangers or ()))
        msg = (
            f"{len(agencies)} agencies make {2 ** len(agencies) - 1} coalitions; {named} has no value."
            if missing is not None
            else f"{named} is valued, but the coalition of everybody, {' + '.join(agencies)}, does not hold all of them."
        )
        raise InvalidInput(msg + " State them all, or use separable costs, remaining benefits.")
    return agencies


def shapley(game: Game) -> dict[str, Fraction]:
    """Return each agency's average contribution over all orders of joining: exact.

    phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! (v(S + i) - v(S)). Efficient (shares make the
    whole) and symmetric. Known trap: it may lie outside the core, so that a group would do better alone.

    Parameters
    ----------
    game : Game
        At most 10 agencies, every coalition valued; a cost game gives cost shares.

    Returns
    -------
    dict[str, Fraction]
        In the game's unit.

    Raises
    ------
    InvalidInput
        If a coalition has no value, or there are more than ten agencies.

    Source
    ------
    Shapley, "A value for n-person games", *Contributions to the Theory of Games II* (1953).

    Examples
    --------
    >>> shapley(game_from_list(["L1", "L2", "R"], [0, 0, 0, 0, 1, 1, 1]))["R"]
    Fraction(2, 3)
    """
    agencies = players(game)
    n = len(agencies)
    worth = _by_mask(game, agencies)
    weight = [Fraction(factorial(s) * factorial(n - s - 1), factorial(n)) for s in range(n)]
    out: dict[str, Fraction] = {}
    for i, agency in enumerate(agencies):
        by_size = [_ZERO] * n
        for mask in range(2**n):
            if not mask >> i & 1:
                by_size[mask.bit_count()] += worth[mask | 1 << i] - worth[mask]
        out[agency] = sum((w * s for w, s in zip(weight, by_size, strict=True)), _ZERO)
    return out


def _by_mask(game: Game, agencies: Sequence[str]) -> list[Fraction]:
    bit = {a: 1 << i for i, a in enumerate(agencies)}
    worth = [_ZERO] * 2 ** len(agencies)
    for coalition, value in game.items():
        worth[sum(bit[a] for a in coalition)] = value if coalition else _ZERO
    return worth


@dataclass(frozen=True, slots=True)
class SampledShares:
    """Shapley's shares from a sample of orders.

    Parameters
    ----------
    shares : Mapping[str, Fraction]
        They make the whole exactly, in the game's unit.
    standard_error : Mapping[str, float]
        Of each share, in the same unit.
    orders : int
        How many orders of joining were drawn, each walked forwards and backwards.
    """

    shares: Mapping[str, Fraction]
    standard_error: Mapping[str, float]
    orders: int


def shapley_sampled(
    agencies: Sequence[str], worth: Callable[[Coalition], Fraction], *, orders: int = 500, seed: int = 1
) -> SampledShares:
    """Return Shapley's shares from a sample of orders of joining, with their standard error.

    Each random order is walked forwards and backwards (antithetic), and the mean of the two walks is one
    observation; the shares of every walk make the whole, so their mean does too.

    Parameters
    ----------
    agencies : Sequence[str]
        Any number; the result does not depend on the order in which they are given.
    worth : Callable
        What a coalition is worth alone; each is asked for once.
    orders : int
        At least 2.
    seed : int
        The same seed gives the same shares.

    Raises
    ------
    InvalidInput
        If there is no agency, or fewer than two orders.

    Source
    ------
    Castro, Gómez and Tejada, "Polynomial calculation of the Shapley value based on sampling", *Computers &
    Operations Research* 36 (2009).

    Examples
    --------
    >>> glove = game_from_list(["L1", "L2", "R"], [0, 0, 0, 0, 1, 1, 1])
    >>> found = shapley_sampled(["L1", "L2", "R"], glove.__getitem__)
    >>> sum(found.shares.values()), abs(float(found.shares["R"]) - 2 / 3) < 4 * found.standard_error["R"]
    (Fraction(1, 1), True)
    """
    names = sorted(agencies)
    if not names or orders < 2:
        msg = f"{len(names)} agencies and {orders} orders give no sample. Give at least one agency and two orders."
        raise InvalidInput(msg)
    known: dict[Coalition, Fraction] = {frozenset(): _ZERO}
    draw = np.random.Generator(np.random.Philox(seed))
    total, seen = dict.fromkeys(names, _ZERO), np.zeros((orders, len(names)))
    for walk in range(orders):
        order = draw.permutation(len(names))
        for way in (order, order[::-1]):
            group, before = frozenset[str](), _ZERO
            for i in way:
                group = group | {names[i]}
                if group not in known:
                    known[group] = exact(worth(group))
                gain = known[group] - before
                before = known[group]
                total[names[i]] += gain
                seen[walk, i] += float(gain) / 2
    error = seen.std(axis=0, ddof=1) / np.sqrt(orders)
    return SampledShares(
        {a: t / (2 * orders) for a, t in total.items()},
        {a: float(e) for a, e in zip(names, error, strict=True)},
        orders,
    )


def _needed(game: Game, everyone: Coalition) -> None:
    wanted = [everyone, *(frozenset({a}) for a in everyone), *(everyone - {a} for a in everyone)]
    for coalition in wanted:
        if coalition and coalition not in game:
            msg = f"{' + '.join(sorted(coalition))} has no value. State it: only one, all but one, and all are needed."
            raise InvalidInput(msg)


def scrb(costs: Game) -> dict[str, Fraction]:
    """Share a joint cost by separable costs, remaining benefits.

    Each agency first bears its separable cost, cost(all) - cost(all without it); what remains is shared in
    proportion to the remaining benefit, stand-alone cost less separable cost (0 where that is less).

    Parameters
    ----------
    costs : Game
        Only single agencies, all but one, and all are needed, so any number of agencies will do.

    Raises
    ------
    InvalidInput
        If one of these has no cost, or nobody has a remaining benefit though a joint cost remains.

    Source
    ------
    Inter-Agency Committee on Water Resources, *Proposed Practices for Economic Analysis of River Basin
    Projects* (1958); Straffin and Heaney (1981) for its place among game methods.

    Examples
    --------
    >>> tva = game_from_list("nfp", [163520, 140826, 250096, 301607, 378821, 367370, 412584])
    >>> {k: round(v) for k, v in scrb(tva).items()}
    {'f': 99157, 'n': 117476, 'p': 195951}
    """
    everyone = max(costs, key=len, default=frozenset[str]())
    _needed(costs, everyone)
    agencies, whole = sorted(everyone), costs.get(everyone, _ZERO)
    separable = {a: whole - costs.get(everyone - {a}, _ZERO) for a in agencies}
    remaining = {a: max(costs[frozenset({a})] - separable[a], _ZERO) for a in agencies}
    joint, total = whole - sum(separable.values()), sum(remaining.values())
    if joint and not total:
        msg = "No agency has a remaining benefit to share the joint cost by. Use another method."
        raise InvalidInput(msg)
    return {a: separable[a] + (joint * remaining[a] / total if joint else 0) for a in agencies}


def separable_shares(game: Game) -> dict[str, Fraction]:
    """Share a joint gain by separable costs, remaining benefits: SCRB of the same game told as gains.

    Each agency first gets what it is worth alone; the rest is shared in proportion to what it adds to the
    whole beyond that, v(all) - v(all without it) - v(it), 0 where that is less. On the savings of a cost game
    it gives each agency its stand-alone cost less its SCRB cost.

    Raises
    ------
    InvalidInput
        If one, all but one, or all has no value; or nobody adds anything though something is left to share.

    Source
    ------
    As :func:`scrb`; the identity is the "alternate cost avoided" form in Straffin and Heaney (1981).

    Examples
    --------
    >>> costs = game_from_list("nfp", [163520, 140826, 250096, 301607, 378821, 367370, 412584])
    >>> {a: round(costs[frozenset(a)] - x) for a, x in separable_shares(savings_game(costs)).items()}
    {'f': 99157, 'n': 117476, 'p': 195951}
    """
    everyone = max(game, key=len, default=frozenset[str]())
    _needed(game, everyone)
    alone = {a: game[frozenset({a})] for a in sorted(everyone)}
    adds = {
        a: max(game[everyone] - (game[everyone - {a}] if len(everyone) > 1 else 0) - v, _ZERO)
        for a, v in alone.items()
    }
    rest, total = game.get(everyone, _ZERO) - sum(alone.values()), sum(adds.values())
    if rest and not total:
        msg = "No agency adds anything beyond what it is worth alone, and something is left to share. Use another method."
        raise InvalidInput(msg)
    return {a: v + (rest * adds[a] / total if rest else 0) for a, v in alone.items()}


def core_objections(game: Game, shares: Mapping[str, Fraction]) -> list[tuple[tuple[str, ...], Fraction]]:
    """Return each group that would do better alone, and by how much; none means the shares are in the core.

    Of the coalitions that have a value; the largest objection first.

    Source
    ------
    Gillies, "Solutions to general non-zero-sum games", *Contributions to the Theory of Games IV* (1959).

    Examples
    --------
    >>> core_objections(game_from_list("ab", [1, 2, 5]), {"a": Fraction(0), "b": Fraction(5)})
    [(('a',), Fraction(1, 1))]
    """
    better = [(tuple(sorted(c)), v - sum((shares[a] for a in c), _ZERO)) for c, v in game.items() if c]
    return sorted((x for x in better if x[1] > 0), key=lambda x: (-x[1], len(x[0]), x[0]))

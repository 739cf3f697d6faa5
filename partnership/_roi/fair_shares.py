"""Fair shares side by side: what every method gives each agency, to the penny, and which group would leave.

A method gives each agency a net share of the whole gain; an agency then pays what it gains less its share,
and the transfer is what that adds to or takes from what it has now. No method is right for everybody; the
test is whether a group would do better alone. Shares are exact until they are shown; the core is tested
before rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import combinations

from partnership._roi.games import (
    MOST_AGENCIES,
    Coalition,
    Game,
    SampledShares,
    coalitions_of,
    core_objections,
    exact,
    separable_shares,
    shapley,
    shapley_sampled,
)
from partnership._roi.nucleolus import core_is_empty, nucleolus
from partnership._roi.sharing import (
    METHODS,
    Method,
    equal_return_transfers,
    no_worse_off,
    proportional,
    to_the_penny,
)
from partnership.errors import InvalidInput
from partnership.money import to_pence
from partnership.wording import capital, listing, pounds, the

__all__ = ["MethodResult", "Objection", "SideBySide", "share"]

_ZERO = Fraction(0)
_NOW = Method("now", "As it stands today", "", "")
_EMPTY = "No share at all satisfies every group: what groups could gain without the others adds up to more than all gain together."
_GROUP = 3  # beyond ten agencies, groups of up to three, and all but up to three, are tested


@dataclass(frozen=True, slots=True)
class Objection:
    """A group that would do better alone than with its shares, and by how much, in pounds."""

    agencies: tuple[str, ...]
    alone_gbp: Decimal
    together_gbp: Decimal
    better_by_gbp: Decimal
    sentence: str


@dataclass(frozen=True)
class MethodResult:
    """What one method gives each agency, to the penny.

    Parameters
    ----------
    method : Method
        Its name, fit and trap.
    net_gbp : Mapping[str, Decimal]
        Net share of each agency; together they make the whole. Empty when withheld.
    pays_gbp : Mapping[str, Decimal]
        What each would pay of the cost: what it gains less its net share; negative: it is paid.
    transfer_gbp : Mapping[str, Decimal]
        What each receives (positive) or gives, against today; they sum to zero.
    standard_error_gbp : Mapping[str, Decimal]
        Of sampled shares; empty where they are exact.
    objections : tuple[Objection, ...]
        Groups that would do better alone, the largest objection first.
    in_core : bool or None
        None where it cannot be known: no coalition values, or too many agencies to test all groups.
    core_sentence : str
        The core test in words.
    raised : tuple[str, ...]
        Agencies that the floor lifted.
    withheld : str or None
        Why there are no shares.
    """

    method: Method
    net_gbp: Mapping[str, Decimal] = field(default_factory=dict)
    pays_gbp: Mapping[str, Decimal] = field(default_factory=dict)
    transfer_gbp: Mapping[str, Decimal] = field(default_factory=dict)
    standard_error_gbp: Mapping[str, Decimal] = field(default_factory=dict)
    objections: tuple[Objection, ...] = ()
    in_core: bool | None = None
    core_sentence: str = ""
    raised: tuple[str, ...] = ()
    withheld: str | None = None


@dataclass(frozen=True)
class SideBySide:
    """All methods on one gain.

    Parameters
    ----------
    agencies : tuple[str, ...]
        Partners, in order of their ids.
    paid_gbp, gained_gbp : Mapping[str, Decimal]
        Present value of what each pays and gains today.
    total_gbp : Decimal
        Net gain that is shared.
    now : MethodResult
        What each has today, with its core test.
    results : Mapping[str, MethodResult]
        By the method's key.
    floor_gbp : Mapping[str, Decimal]
        Least net share of each; empty without a floor.
    core_is_empty : bool or None
        True when no share at all satisfies every group; None when that is not known.
    notes : tuple[str, ...]
        What a reader must know: where coalition values come from, and what they leave out.
    """

    agencies: tuple[str, ...]
    paid_gbp: Mapping[str, Decimal]
    gained_gbp: Mapping[str, Decimal]
    total_gbp: Decimal
    now: MethodResult
    results: Mapping[str, MethodResult]
    floor_gbp: Mapping[str, Decimal]
    core_is_empty: bool | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Table:
    """What is shared between whom, and what groups could do alone."""

    pays: Mapping[str, Fraction]
    gains: Mapping[str, Fraction]
    names: Mapping[str, str]
    stated: Game | None = None
    worth: Callable[[Coalition], Fraction] | None = None

    @property
    def agencies(self) -> tuple[str, ...]:
        return tuple(self.pays)

    @property
    def total(self) -> Fraction:
        return sum(self.gains.values(), _ZERO) - sum(self.pays.values(), _ZERO)

    @property
    def is_large(self) -> bool:
        return len(self.agencies) > MOST_AGENCIES

    @property
    def is_complete(self) -> bool:
        return len(self.values) + 1 == 1 << len(self.agencies)

    @property
    def groups(self) -> list[Coalition]:
        """The coalitions that are valued from the plan: all of them, or the small and the nearly whole."""
        if not self.is_large:
            return list(coalitions_of(self.agencies))
        everyone = frozenset(self.agencies)
        small = [frozenset(c) for size in range(1, _GROUP + 1) for c in combinations(self.agencies, size)]
        return [*dict.fromkeys([*small, *(everyone - s for s in small), everyone])]

    @cached_property
    def values(self) -> dict[Coalition, Fraction]:
        """What coalitions would gain alone; that of everybody is what is shared."""
        everyone = frozenset(self.agencies)
        if self.stated is not None:
            known = {c: exact(v) for c, v in self.stated.items() if c}
            stranger = next((c for c in known if not c <= everyone), None)
            if stranger is not None:
                msg = f"A worth is stated for {' + '.join(sorted(stranger))}, but only {', '.join(self.agencies)} share. Leave it out."
                raise InvalidInput(msg)
            if abs(known.get(everyone, self.total) - self.total) >= Fraction(1, 200):
                msg = f"Everybody together is stated to gain {_pounds(known[everyone])}, but the net gain is {_pounds(self.total)}. Correct the one or the other."
                raise InvalidInput(msg)
            return known | {everyone: self.total}
        if self.worth is None:
            return {}
        return {c: exact(self.worth(c)) for c in self.groups if c != everyone} | {everyone: self.total}

    def game(self) -> dict[Coalition, Fraction]:
        """Return all coalitions' values for a method that needs them.

        Raises
        ------
        InvalidInput
            If they are not known: the reason why the method is withheld.
        """
        if not self.values:
            msg = "Needs what each group of agencies would gain alone: state it, or say which agencies each item needs."
            raise InvalidInput(msg)
        if self.is_large:
            msg = f"Is worked out for at most {MOST_AGENCIES} agencies; here are {len(self.agencies)}."
            raise InvalidInput(msg)
        missing = [c for c in coalitions_of(self.agencies) if c not in self.values]
        if missing:
            first = self.called(tuple(sorted(missing[0])))
            more = "" if len(missing) == 1 else f", and {len(missing) - 1} more groups,"
            msg = f"Needs what {first}{more} would gain alone. State it, or use separable costs, remaining benefits."
            raise InvalidInput(msg)
        return self.values

    def called(self, agencies: Sequence[str]) -> str:
        return listing([the(self.names[a]) if a in self.names else a for a in agencies])

    def result(
        self,
        method: Method,
        way: Callable[[], Mapping[str, Fraction]],
        least: Mapping[str, Fraction],
        errors: Mapping[str, float] | None = None,
    ) -> MethodResult:
        """Return a method's shares with floor, pennies and core test, or the reason why there are none."""
        try:
            shares = dict(way())
        except InvalidInput as error:
            return MethodResult(method, withheld=str(error))
        raised = tuple(a for a in self.agencies if a in least and shares[a] < least[a])
        if least and raised:
            shares = no_worse_off(shares, least)
        net = to_the_penny({a: shares[a] for a in self.agencies})
        gained, paid = to_the_penny(self.gains), to_the_penny(self.pays)
        pays = {a: gained[a] - net[a] for a in self.agencies}
        objections = tuple(self._objection(c, by, shares) for c, by in core_objections(self.values, shares))
        in_core = False if objections else True if self.is_complete else None
        return MethodResult(
            method, net, pays, {a: paid[a] - pays[a] for a in self.agencies},
            {a: Decimal(str(round(e, 2))) for a, e in (errors or {}).items()},
            objections, in_core, self._core_sentence(objections, in_core), raised,
        )  # fmt: skip

    def _objection(self, group: tuple[str, ...], by: Fraction, shares: Mapping[str, Fraction]) -> Objection:
        alone = self.values[frozenset(group)]
        sums = to_the_penny({"alone": alone}) | to_the_penny({"by": by})
        with_share = sum((shares[a] for a in group), _ZERO)
        better = f"{self.called(group)} would do better alone by {_pounds(by, by)}"
        return Objection(
            group, sums["alone"], to_the_penny({"": with_share})[""], sums["by"],
            f"{capital(better)}: {_pounds(alone, by)} alone, {_pounds(with_share, by)} with this share.",
        )  # fmt: skip

    def _core_sentence(self, objections: Sequence[Objection], in_core: bool | None) -> str:
        if objections:
            return objections[0].sentence
        if in_core:
            return "No agency and no group would do better alone."
        if not self.values:
            return "Not tested: nobody has stated what groups would gain alone."
        possible = 2 ** len(self.agencies) - 1
        return f"None of the {len(self.values):,} groups whose worth is known would do better alone; {possible - len(self.values):,} were not tested."


def _pounds(amount: Fraction, by: Fraction = _ZERO) -> str:
    """Write an amount in whole pounds where at least one is at stake, as all money is told; else to the penny."""
    return pounds(to_the_penny({"": amount})[""], "", pence=abs(by) < 1)


def share(
    paid: Mapping[str, Decimal],
    gained: Mapping[str, Decimal],
    *,
    game: Game | None = None,
    worth: Callable[[Coalition], Fraction] | None = None,
    floor_gbp: Mapping[str, Decimal] | bool = False,
    names: Mapping[str, str] | None = None,
    orders: int = 500,
    seed: int = 1,
    notes: Sequence[str] = (),
) -> SideBySide:
    """Share one net gain by every method.

    Parameters
    ----------
    paid, gained : Mapping[str, Decimal]
        Present value in pounds by agency; both of the same prices. Who is in neither takes no part.
    game : Game, optional
        What coalitions would gain alone, as stated; some may be left out, and then only methods that can do
        without them answer. Everybody's is the net gain.
    worth : Callable, optional
        What a coalition would gain alone, as derived from the plan; used where ``game`` is not given.
    floor_gbp : Mapping[str, Decimal] or bool
        Least net share of each agency; True: what it would have alone, and at least nothing.
    names : Mapping[str, str], optional
        Agency id to name, for the sentences.
    orders, seed : int
        For sampled shares, of more than ten agencies.
    notes : Sequence[str]
        What a reader must know about the coalition values.

    Raises
    ------
    InvalidInput
        If there is nobody, a stated worth of everybody is not the net gain, or the floors exceed the gain.

    Source
    ------
    See each method; the core test is Gillies (1959), the floor a clause of English pooled budgets.

    Examples
    --------
    >>> from partnership._roi.games import game_from_list
    >>> paid = {"COU": Decimal(60), "ICB": Decimal(40)}
    >>> gained = {"COU": Decimal(50), "ICB": Decimal(150)}
    >>> found = share(paid, gained, game=game_from_list(["COU", "ICB"], [0, 20, 100]))
    >>> found.now.core_sentence
    'COU would do better alone by £10: £0 alone, −£10 with this share.'
    >>> {a: str(x) for a, x in found.results["shapley"].net_gbp.items()}, found.results["shapley"].in_core
    ({'COU': '40.00', 'ICB': '60.00'}, True)
    """
    agencies = tuple(sorted(set(paid) | set(gained)))
    if not agencies:
        msg = "There is no agency to share between. Give what each pays and gains."
        raise InvalidInput(msg)
    pays, gains = (
        {a: Fraction(to_pence(amounts.get(a, Decimal(0))), 100) for a in agencies}
        for amounts in (paid, gained)
    )
    table = _Table(pays, gains, names or {}, game, worth)
    least = _floors(table, floor_gbp)
    ways: dict[str, Callable[[], Mapping[str, Fraction]]] = {
        "investment": lambda: proportional(table.total, pays),
        "benefit": lambda: proportional(table.total, gains),
        "equal return": lambda: _after(table, equal_return_transfers(pays, gains)),
        "scrb": lambda: separable_shares(_valued(table)),
        "shapley": lambda: shapley(table.game()),
        "nucleolus": lambda: nucleolus(table.game()),
        "per-capita nucleolus": lambda: nucleolus(table.game(), per_capita=True),
    }
    results = {key: table.result(METHODS[key], way, least) for key, way in ways.items()}
    if table.is_large and worth is not None and game is None:
        drawn = _sampled(table, worth, orders, seed)
        results["shapley"] = table.result(
            METHODS["shapley"], lambda: drawn.shares, least, drawn.standard_error
        )
    empty = core_is_empty(table.values) if table.is_complete and not table.is_large else None
    return SideBySide(
        agencies, to_the_penny(pays), to_the_penny(gains), to_the_penny({"": table.total})[""],
        table.result(_NOW, lambda: {a: gains[a] - pays[a] for a in agencies}, {}), results, to_the_penny(least), empty,
        (*notes, *((_EMPTY,) if empty else ())),
    )  # fmt: skip


def _sampled(table: _Table, worth: Callable[[Coalition], Fraction], orders: int, seed: int) -> SampledShares:
    everyone = frozenset(table.agencies)
    return shapley_sampled(
        table.agencies, lambda c: table.total if c == everyone else worth(c), orders=orders, seed=seed
    )


def _valued(table: _Table) -> dict[Coalition, Fraction]:
    if not table.values:
        table.game()
    return table.values


def _floors(table: _Table, floor_gbp: Mapping[str, Decimal] | bool) -> dict[str, Fraction]:
    """Return the least net share of each agency; empty for no floor."""
    if floor_gbp is False:
        return {}
    if floor_gbp is True:
        least = {a: max(_ZERO, table.values.get(frozenset({a}), _ZERO)) for a in table.agencies}
    else:
        least = {a: exact(floor_gbp.get(a, Decimal(0))) for a in table.agencies}
    if sum(least.values(), _ZERO) > table.total:
        msg = (
            f"The net gain of {_pounds(table.total)} is less than the {_pounds(sum(least.values(), _ZERO))} that all need to be "
            "no worse off: the floor cannot be kept for everybody. Share without it, or find the missing gain first."
        )
        raise InvalidInput(msg)
    return least


def _after(table: _Table, transfers: Mapping[str, Fraction]) -> dict[str, Fraction]:
    return {a: table.gains[a] - table.pays[a] + t for a, t in transfers.items()}

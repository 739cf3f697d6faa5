"""Adapters of games: Shapley, nucleolus, SCRB, the core test, savings of a cost game, and gain-share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from partnership._roi.games import (
    MOST_AGENCIES,
    Game,
    coalitions_of,
    core_objections,
    exact,
    game_from_list,
    savings_game,
    scrb,
    separable_shares,
    shapley,
)
from partnership._roi.known_games import (
    airport_game,
    airport_nucleolus,
    airport_shapley,
    bankruptcy_game,
    contested_garment,
    glove_game,
    glove_nucleolus,
    glove_shapley,
    random_arrival,
)
from partnership._roi.nucleolus import core_is_empty, nucleolus
from partnership._roi.sharing import equal_return_transfers, proportional
from partnership._verify.base import Adapter, Answer, first_of, not_covered, numbers_of
from partnership.errors import InvalidInput

__all__ = ["ADAPTERS"]

Shares = Mapping[str, Fraction]


@dataclass(frozen=True)
class _Case:
    """A game of a case: gains or costs of coalitions, or the numbers of one of the named games."""

    names: tuple[str, ...]
    kind: str
    named: bool
    numbers: Shares
    estate: Fraction = Fraction(0)
    stated: Game | None = None

    @property
    def is_cost(self) -> bool:
        return self.kind in ("costs", "airport")

    @property
    def is_small(self) -> bool:
        return len(self.names) <= MOST_AGENCIES

    @property
    def game(self) -> Game:
        """Every coalition's gain or cost; only for so many agencies as coalitions can be listed for."""
        if self.stated is not None:
            return self.stated
        if not self.is_small:
            method = f"{len(self.names)}-agency coalition"
            raise not_covered(method, {self.kind: 1})
        if self.kind == "airport":
            return airport_game(self.numbers)
        if self.kind == "bankruptcy":
            return bankruptcy_game(self.estate, self.numbers)
        left = sum(n.startswith("L") for n in self.names)
        return glove_game(left, len(self.names) - left)

    @property
    def gains(self) -> Game:
        return savings_game(self.game) if self.is_cost else self.game

    def listed(self, shares: Shares) -> list[Fraction]:
        """Return shares in the order in which the case gives its agencies."""
        return [shares[n] for n in self.names]

    def answer(self, shares: Shares, savings: Shares | None = None, *, main: str = "shares") -> Answer:
        """Return shares as a list, by name, and in costs and savings where it is a cost game."""
        rows: dict[str, Any] = {"shares": self.listed(shares)}
        if savings is not None:
            rows |= {"cost_shares": self.listed(shares), "costs": self.listed(shares), "savings": self.listed(savings)}  # fmt: skip
        out = Answer(rows[main])
        named = savings if main == "savings" and savings is not None else shares
        out.update({**rows, **dict(named), "total": sum(named.values(), Fraction(0))})
        return out


_WORDS = ("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l")


def _case(inputs: Mapping[str, Any], method: str) -> _Case:
    order = first_of(inputs, "order", "players", "agencies", "names")
    for key, kind in (("v_lex", "gains"), ("costs_lex", "costs")):
        if key in inputs:
            values = numbers_of(inputs[key])
            count = (len(values) + 1).bit_length() - 1
            names = _names(order, count)
            return _Case(names, kind, order is not None, {}, stated=game_from_list(names, values))
    if {"L", "R"} <= set(inputs):
        left, right = int(numbers_of([inputs["L"]])[0]), int(numbers_of([inputs["R"]])[0])
        names = (*(f"L{i + 1}" for i in range(left)), *(f"R{i + 1}" for i in range(right)))
        return _Case(names, "glove", False, {})
    if "estate" in inputs and "claims" in inputs:
        names, claims = _by_name(inputs["claims"], order)
        return _Case(names, "bankruptcy", False, claims, exact(numbers_of([inputs["estate"]])[0]))
    if "costs" in inputs:
        names, costs = _by_name(inputs["costs"], order)
        return _Case(names, "airport", order is not None, costs)
    raise not_covered(method, inputs)


def _names(order: Any, count: int) -> tuple[str, ...]:
    if order is None:
        return tuple(_WORDS[i] if i < len(_WORDS) else f"player {i + 1}" for i in range(count))
    if not isinstance(order, Sequence) or len(set(order)) != count or len(order) != count:
        msg = f"The case names {order!r}; its values are for {count} different agencies."
        raise InvalidInput(msg)
    return tuple(str(o) for o in order)


def _by_name(given: Any, order: Any) -> tuple[tuple[str, ...], Shares]:
    if isinstance(given, Mapping):
        return tuple(map(str, given)), {
            str(k): exact(v) for k, v in zip(given, numbers_of(list(given.values())), strict=True)
        }
    values = numbers_of(given)
    names = tuple(f"{i:03}" for i in range(len(values))) if order is None else _names(order, len(values))
    return names, {n: exact(v) for n, v in zip(names, values, strict=True)}


def _gloves(case: _Case, each: tuple[Fraction, Fraction]) -> Shares:
    return {n: each[0] if n.startswith("L") else each[1] for n in case.names}


def _sides(case: _Case) -> tuple[int, int]:
    left = sum(n.startswith("L") for n in case.names)
    return left, len(case.names) - left


def _saved(case: _Case, costs: Shares) -> Shares:
    """Return what each saves against paying alone."""
    alone = (
        case.numbers
        if case.kind == "airport"
        else {n: v for c, v in case.game.items() if len(c) == 1 for n in c}
    )
    return {n: alone[n] - costs[n] for n in case.names}


def _shapley(inputs: Mapping[str, Any]) -> Any:
    case = _case(inputs, "Shapley")
    if case.kind == "airport":
        shares = airport_shapley(case.numbers)
    elif case.kind == "bankruptcy":
        shares = random_arrival(case.estate, case.numbers)
    elif case.kind == "glove":
        return case.answer(_gloves(case, glove_shapley(*_sides(case))))
    else:
        shares = shapley(case.game)
    return case.answer(shares, _saved(case, shares) if case.is_cost else None)


def _nucleolus(inputs: Mapping[str, Any]) -> Any:
    """Nucleolus; of a cost game that of its savings, told as what each then pays."""
    case = _case(inputs, "nucleolus")
    if not case.is_small and case.kind == "bankruptcy":
        return case.answer(contested_garment(case.estate, case.numbers))
    if not case.is_small and case.kind == "glove":
        return case.answer(_gloves(case, glove_nucleolus(*_sides(case))))
    if not case.is_small and case.kind == "airport":
        paid = airport_nucleolus(case.numbers)
        return case.answer(paid, _saved(case, paid))
    return _of_gains(case, nucleolus(case.gains), main="shares")


def _per_capita(inputs: Mapping[str, Any]) -> Any:
    """Per-capita nucleolus; of a cost game without names the savings, as Young prints them, else what each pays."""
    case = _case(inputs, "per-capita nucleolus")
    savings = case.kind == "costs" and not case.named
    return _of_gains(case, nucleolus(case.gains, per_capita=True), main="savings" if savings else "shares")


def _of_gains(case: _Case, gains: Shares, *, main: str) -> Answer:
    if not case.is_cost:
        return case.answer(gains)
    paid = {n: case.game[frozenset({n})] - gains[n] for n in case.names}
    return case.answer(paid, gains, main=main)


def _scrb(inputs: Mapping[str, Any]) -> Any:
    case = _case(inputs, "separable-cost")
    if not case.is_cost:
        return case.answer(separable_shares(case.game))
    costs = case.game if case.is_small else _airport_ends(case.numbers)
    shares = scrb(costs)
    everyone = max(costs, key=len)
    separable = {n: costs[everyone] - costs.get(everyone - {n}, Fraction(0)) for n in case.names}
    out = case.answer(shares, {n: costs[frozenset({n})] - shares[n] for n in case.names})
    joint = costs[everyone] - sum(separable.values())
    remaining = {n: max(costs[frozenset({n})] - separable[n], Fraction(0)) for n in case.names}
    return _put(out, separable=case.listed(separable), separable_costs=case.listed(separable), joint=joint, non_separable=joint, nonseparable=joint, remaining=case.listed(remaining))  # fmt: skip


def _airport_ends(costs: Shares) -> Game:
    """Return an airport's costs of one, all but one, and all: all that SCRB asks for."""
    everyone = frozenset(costs)
    groups = [everyone, *(frozenset({a}) for a in costs), *(everyone - {a} for a in costs)]
    return {g: max(costs[a] for a in g) for g in groups}


def _put(out: Answer, **more: Any) -> Answer:
    out.update(more)
    return out


def _core(inputs: Mapping[str, Any]) -> Any:
    case = _case(inputs, "core")
    gains, everyone = case.gains, frozenset(case.names)
    alone = {n: gains[frozenset({n})] for n in case.names}
    adds = {n: gains[everyone] - gains.get(everyone - {n}, Fraction(0)) for n in case.names}
    least, most = alone, adds
    if case.is_cost:
        least = {n: case.game[everyone] - case.game.get(everyone - {n}, Fraction(0)) for n in case.names}
        most = {n: case.game[frozenset({n})] for n in case.names}
    empty = core_is_empty(gains)
    out = Answer(not empty)
    out.update(
        min_each=case.listed(least), max_each=case.listed(most), empty=empty, core_empty=empty, is_empty=empty,
        nonempty=not empty, core_nonempty=not empty,
    )  # fmt: skip
    methods: dict[str, Callable[[Game], Shares]] = {
        "scrb": separable_shares, "shapley": shapley, "nucleolus": nucleolus,
        "nucleolus_per_capita": lambda g: nucleolus(g, per_capita=True),
    }  # fmt: skip
    for name, method in methods.items():
        try:
            out[f"{name}_in_core"] = not core_objections(gains, method(gains))
        except InvalidInput:
            out[f"{name}_in_core"] = False
    given = first_of(inputs, "allocation", "shares", "payoff", "x", "cost_shares")
    if given is not None:
        names, shares = _by_name(given, None if isinstance(given, Mapping) else list(case.names))
        if set(names) != set(case.names):
            raise not_covered("core", inputs)
        won = {n: case.game[frozenset({n})] - shares[n] for n in names} if case.is_cost else shares
        found = core_objections(gains, won)
        whole = sum(won.values(), Fraction(0)) == gains[everyone]
        out.main = whole and not found
        _put(out, in_core=out.main, allocation_in_core=out.main, objections=[list(c) for c, _ in found], most_better_off=found[0][1] if found else 0)  # fmt: skip
    return out


def _cost_sharing(inputs: Mapping[str, Any]) -> Any:
    case = _case(inputs, "cost-sharing")
    if not case.is_cost:
        raise not_covered("cost-sharing", inputs)
    savings = savings_game(case.game)
    listed = [savings[c] for c in coalitions_of(case.names)]
    return _put(
        Answer(listed), savings=listed, savings_lex=listed, total=listed[-1], total_savings=listed[-1]
    )


def _gain_share(inputs: Mapping[str, Any]) -> Any:
    investment = first_of(inputs, "investment", "investments", "paid")
    benefit = first_of(inputs, "benefit", "benefits", "gained")
    gain = first_of(inputs, "net_gain", "gain", "total_gain", "return")
    weights = investment if isinstance(investment, Mapping) else benefit
    if not isinstance(weights, Mapping):
        raise not_covered("gain-share", inputs)
    if gain is not None:
        by = first_of(inputs, "by", "basis", "proportional_to", default="investment")
        chosen = benefit if str(by).startswith("benefit") and isinstance(benefit, Mapping) else weights
        shares = proportional(exact(numbers_of([gain])[0]), _by_name(chosen, None)[1])
        return _put(
            Answer(shares), **{"shares": shares, "total": sum(shares.values(), Fraction(0)), **shares}
        )
    if not isinstance(investment, Mapping) or not isinstance(benefit, Mapping):
        raise not_covered("gain-share", inputs)
    paid, gained = _by_name(investment, None)[1], _by_name(benefit, None)[1]
    transfer = equal_return_transfers(paid, gained)
    total, spent = sum(gained.values(), Fraction(0)), sum(paid.values(), Fraction(0))
    net = {a: gained.get(a, Fraction(0)) - paid.get(a, Fraction(0)) for a in transfer}
    after = {a: net[a] + t for a, t in transfer.items()}
    return _put(
        Answer(transfer), net=net, overall_roi=total / spent, roi=total / spent, net_total=total - spent,
        roi_by_agency={a: gained.get(a, Fraction(0)) / p if p else None for a, p in paid.items()},
        transfer_to_equalise=transfer, transfers=transfer, net_after=after, net_after_transfer=after,
    )  # fmt: skip


ADAPTERS: dict[str, Adapter] = {
    "shapley": _shapley, "nucleolus": _nucleolus, "nucleolus_per_capita": _per_capita, "scrb": _scrb, "core": _core,
    "cost_sharing": _cost_sharing, "gain_share": _gain_share,
}  # fmt: skip

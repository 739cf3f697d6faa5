"""A problem as a mixed-integer programme over "finished by" steps.

For each item i and quarter t a step y[i, t] is 1 when the item is finished by the end of t. Steps never fall:
y[i, t-1] <= y[i, t]. From them:

* the item is finished at t exactly when y[i, t] - y[i, t-1] = 1, and then runs in the quarters before it;
* "a only after b" is y[a, t] <= y[b, t - length of a], one row for each t. Each such row has one step on
  either side, so the relaxation already keeps it whole, where the textbook's row (a start now against the sum
  of earlier finishes) lets half a prerequisite carry half an item;
* "not both" is one row over the last steps; a synergy is one more step that no item's step may lag behind;
* beside each agency's quarters stand sums over the first quarters: what is finished by t has asked for all its
  days by then. They follow from the quarters, and give the solver knapsacks to cut with.

Rows of days and money are brought to whole numbers by their common denominator, so that the solver's tolerance
can never let half a day too many pass.

Source: step variables for precedence, Lambert, Brickey, Newman & Eurek, "Open-pit block-sequencing
formulations: a tutorial", Interfaces 44 (2014), section 3.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from partnership._prioritisation.selecting.model import Candidate, Problem, Resource

__all__ = ["Programme", "by_finish", "programme"]

Expression = dict[int, float]

_WHOLE_UP_TO = 1_000_000


@dataclass(frozen=True, slots=True)
class Programme:
    """Maximise ``worth @ x`` with ``low <= rows @ x <= high`` and x of noughts and ones.

    Parameters
    ----------
    worth : array
        What each variable adds.
    data, columns, starts : arrays
        The rows, compressed.
    low, high : arrays
        Ends of each row.
    index : Mapping[tuple[str, int], int]
        Item and quarter to its step.
    first : Mapping[str, int]
        The first quarter at whose end an item can be finished; items that cannot be are absent.
    lengths : Mapping[str, int]
        How many quarters each item runs.
    """

    worth: NDArray[np.float64]
    data: NDArray[np.float64]
    columns: NDArray[np.int64]
    starts: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    index: Mapping[tuple[str, int], int]
    first: Mapping[str, int]
    lengths: Mapping[str, int]
    synergies: tuple[tuple[tuple[str, ...], tuple[int, ...]], ...] = ()

    @property
    def size(self) -> int:
        """How many variables there are."""
        return int(self.worth.size)

    def plan_of(self, ones: frozenset[int] | set[int]) -> dict[str, int]:
        """Return the plan that a solution says: item to start."""
        done: dict[str, int] = {}
        for (item, t), k in self.index.items():
            if k in ones and t < done.get(item, t + 1):
                done[item] = t
        return {i: f - self.lengths[i] + 1 for i, f in done.items()}

    def steps_of(self, starts: Mapping[str, int]) -> set[int]:
        """Return the variables that are 1 in a plan."""
        ends = {i: s + self.lengths[i] - 1 for i, s in starts.items()}
        ones = {k for (i, t), k in self.index.items() if i in ends and t >= ends[i]}
        for items, together in self.synergies:
            if set(items) <= ends.keys():
                last = max(ends[i] for i in items)
                ones |= {k for t, k in enumerate(together) if t >= last}
        return ones

    def as_request(self) -> dict[str, Any]:
        """Return the programme as plain data, to send to the solver's process."""
        return {
            "worth": self.worth.tolist(), "data": self.data.tolist(), "columns": self.columns.tolist(),
            "starts": self.starts.tolist(), "low": self.low.tolist(), "high": self.high.tolist(),
        }  # fmt: skip


class _Rows:
    """Collects rows."""

    def __init__(self) -> None:
        self.data: list[float] = []
        self.columns: list[int] = []
        self.starts: list[int] = [0]
        self.low: list[float] = []
        self.high: list[float] = []

    def add(self, row: Expression, low: float, high: float) -> None:
        kept = {k: v for k, v in row.items() if v}
        self.columns += kept.keys()
        self.data += kept.values()
        self.starts.append(len(self.columns))
        self.low.append(low)
        self.high.append(high)


class _Making:
    """Makes the programme of a problem."""

    def __init__(self, problem: Problem, *, totals_only: bool = False) -> None:
        self.problem, self.items, self.totals_only = problem, problem.by_id, totals_only
        self.rows = _Rows()
        self.index: dict[tuple[str, int], int] = {}
        self.first: dict[str, int] = {}
        self.last: dict[str, int] = {}
        for c in problem.candidates:
            first, last = c.earliest + c.quarters - 1, self._last(c)
            if first <= last:
                self.first[c.id], self.last[c.id] = first, last
                for t in range(first, last + 1):
                    self.index[c.id, t] = len(self.index)
        self.worth = [0.0] * len(self.index)

    def _last(self, c: Candidate) -> int:
        end = self.problem.quarters - 1
        return end if c.latest is None else min(c.latest, end)

    def by(self, item: str, t: int, factor: float = 1.0) -> Expression:
        """Return factor times "the item is finished by the end of t"."""
        if item not in self.first or t < self.first[item]:
            return {}
        return {self.index[item, min(t, self.last[item])]: factor}

    def make(self) -> Programme:
        self._steps()
        for resource, offered in self.problem.offers.items():
            self._offer(resource, offered)
        self._order()
        together = tuple(self._synergy(s.items, s.bonus) for s in self.problem.synergies)
        self._demands()
        rows = self.rows
        return Programme(
            np.array(self.worth, dtype=np.float64), np.array(rows.data, dtype=np.float64),
            np.array(rows.columns, dtype=np.int64), np.array(rows.starts, dtype=np.int64),
            np.array(rows.low, dtype=np.float64), np.array(rows.high, dtype=np.float64),
            self.index, self.first, {c.id: c.quarters for c in self.problem.candidates}, together,
        )  # fmt: skip

    def _steps(self) -> None:
        for item, first in self.first.items():
            values, last = self.items[item].values, self.last[item]
            for t in range(first, last + 1):
                later = values[t + 1] if t < last else 0.0
                self.worth[self.index[item, t]] += values[t] - later
                if t > first:
                    self.rows.add(_sum(self.by(item, t - 1), self.by(item, t, -1.0)), -math.inf, 0.0)

    def _offer(self, resource: Resource, offered: tuple[Fraction | None, ...]) -> None:
        asking = [c for c in self.problem.candidates if c.id in self.first and any(c.needs.get(resource, ()))]
        whole = _denominator(
            [
                *(x for c in asking for x in c.needs[resource]),
                *(x for x in offered if x is not None),
            ]
        )
        for q, offer in enumerate(offered):
            row: Expression = {}
            for c in asking:
                for k, amount in enumerate(c.needs[resource]):
                    if amount:
                        end, factor = q - k + c.quarters - 1, float(amount * whole)
                        row = _sum(row, self.by(c.id, end, factor), self.by(c.id, end - 1, -factor))
            if offer is not None:
                self.rows.add(row, -math.inf, float(offer * whole))
        if len(offered) > 1 and asking:
            self._sums(resource, offered, asking, whole)

    def _sums(
        self, resource: Resource, offered: tuple[Fraction | None, ...], asking: list[Candidate], whole: int
    ) -> None:
        total = Fraction(0)
        for t, offer in enumerate(offered):
            if offer is None:
                return
            total += offer
            if self.totals_only and t + 1 < len(offered):
                continue
            row = _sum(*(self.by(c.id, t, float(sum(c.needs[resource]) * whole)) for c in asking))
            self.rows.add(row, -math.inf, float(total * whole))

    def _order(self) -> None:
        last = self.problem.quarters - 1
        for a, b in self.problem.requires:
            if not self.problem.in_order:
                self.rows.add(_sum(self.by(a, last), self.by(b, last, -1.0)), -math.inf, 0.0)
            elif a in self.first:
                for t in range(self.first[a], self.last[a] + 1):
                    before = self.by(b, t - self.items[a].quarters, -1.0)
                    self.rows.add(_sum(self.by(a, t), before), -math.inf, 0.0)
        for a, b in self.problem.excludes:
            self.rows.add(_sum(self.by(a, last), self.by(b, last)), -math.inf, 1.0)

    def _synergy(
        self, items: frozenset[str], bonus: tuple[float, ...]
    ) -> tuple[tuple[str, ...], tuple[int, ...]]:
        steps = tuple(range(len(self.worth), len(self.worth) + self.problem.quarters))
        for t, k in enumerate(steps):
            later = bonus[t + 1] if t + 1 < len(bonus) else 0.0
            self.worth.append(bonus[t] - later)
            for item in sorted(items):
                self.rows.add(_sum({k: 1.0}, self.by(item, t, -1.0)), -math.inf, 0.0)
            every = _sum(*(self.by(i, t) for i in sorted(items)))
            self.rows.add(_sum(every, {k: -1.0}), -math.inf, len(items) - 1.0)
        return tuple(sorted(items)), steps

    def _demands(self) -> None:
        last = self.problem.quarters - 1
        for item in sorted(self.problem.must_do):
            self.rows.add(self.by(item, last), 1.0, math.inf)
        rule = self.problem.small_wins
        if rule is None:
            return
        end = min(rule.quarters, self.problem.quarters) - 1
        self.rows.add(_sum(*(self.by(i, end) for i in self.first)), float(rule.count), math.inf)
        for agency in rule.agencies:
            felt = (self.by(i, end) for i in self.first if agency in rule.felt.get(i, ()))
            self.rows.add(_sum(*felt), 1.0, math.inf)


def _sum(*parts: Expression) -> Expression:
    out: Expression = {}
    for part in parts:
        for k, v in part.items():
            out[k] = out.get(k, 0.0) + v
    return out


def _denominator(amounts: list[Fraction]) -> int:
    """Return the number that makes whole numbers of all amounts, or 1 where it would be too large to help."""
    whole = math.lcm(*(a.denominator for a in amounts)) if amounts else 1
    return whole if whole <= _WHOLE_UP_TO else 1


def programme(problem: Problem, *, totals_only: bool = False) -> Programme:
    """Return the programme of a problem.

    Parameters
    ----------
    problem : Problem
        A checked problem.
    totals_only : bool
        Of the sums over the first quarters, keep only the one over all quarters.

    Examples
    --------
    >>> p = Problem((Candidate("a", 2, (0.0, 5.0, 4.0)),), quarters=3)
    >>> made = programme(p)
    >>> made.size, made.worth.tolist(), made.plan_of({0, 1}), made.plan_of({1})
    (2, [1.0, 4.0], {'a': 0}, {'a': 1})
    """
    return _Making(problem, totals_only=totals_only).make()


def by_finish(made: Programme) -> Programme:
    """Return the same programme over "finished exactly at" variables, with one more for "chosen at all".

    A step is the sum of the finishes up to it; the sum of all, which is whether the item is chosen, is a
    variable of its own wherever a row asks for it. The relaxation is the same. But the solver sees that an item finishes once at most, from
    which it cuts deeper, and can branch on whether an item is chosen, which halves a problem where one finish
    among eight does not.

    Examples
    --------
    >>> p = Problem((Candidate("a", 1, (5.0, 4.0)),), quarters=2)
    >>> again = by_finish(programme(p))
    >>> again.worth.tolist(), again.plan_of({1, 2}), again.plan_of(set())
    ([5.0, 4.0, 0.0], {'a': 1}, {})
    """
    from scipy.sparse import coo_array, csr_array, vstack

    steps: dict[str, list[int]] = {}
    for (item, _), k in made.index.items():
        steps.setdefault(item, []).append(k)
    if all(len(found) == 1 for found in steps.values()):
        return made
    size = made.size + len(steps)
    rows = sorted(set(range(made.size)) - set(made.index.values()))
    columns = list(rows)
    for found in steps.values():
        for n, k in enumerate(found):
            rows += [k] * (n + 1)
            columns += found[: n + 1]
    sums = csr_array(coo_array((np.ones(len(rows)), (rows, columns)), shape=(made.size, size)))
    given = csr_array((made.data, made.columns, made.starts), shape=(made.low.size, made.size))
    item_of = {k: item for (item, _), k in made.index.items()}
    kept = [r for r in range(made.low.size) if not _is_step(made, r, item_of)]
    body = (given[kept] @ sums).tolil()
    chosen = range(made.size, size)
    for found, whole in zip(steps.values(), chosen, strict=True):
        every = body[:, found].toarray()
        same = np.flatnonzero((every[:, 0] != 0) & (every == every[:, :1]).all(axis=1))
        for r in same:
            body[r, found] = 0.0
            body[r, whole] = every[r, 0]
    ties = [(n, k, 1.0) for n, found in enumerate(steps.values()) for k in found]
    ties += [(n, k, -1.0) for n, k in enumerate(chosen)]
    tie = coo_array(
        ([v for *_, v in ties], ([r for r, *_ in ties], [c for _, c, _ in ties])), shape=(len(steps), size)
    )
    all_rows = csr_array(vstack([body.tocsr(), tie]))
    all_rows.eliminate_zeros()
    worth = np.zeros(size)
    worth[: made.size] = made.worth
    for found in steps.values():
        worth[found] = np.cumsum(made.worth[found][::-1])[::-1]
    none = np.zeros(len(steps))
    return Programme(
        worth, all_rows.data.astype(np.float64), all_rows.indices.astype(np.int64), all_rows.indptr.astype(np.int64),
        np.concatenate([made.low[kept], none]), np.concatenate([made.high[kept], none]),
        made.index, made.first, made.lengths, made.synergies,
    )  # fmt: skip


def _is_step(made: Programme, row: int, item_of: Mapping[int, str]) -> bool:
    """Tell whether a row says only that an item's step does not fall."""
    begin, end = int(made.starts[row]), int(made.starts[row + 1])
    if end - begin != 2 or made.high[row] != 0.0:
        return False
    signs = {int(k): float(v) for k, v in zip(made.columns[begin:end], made.data[begin:end], strict=True)}
    earlier, later = sorted(signs)
    same = item_of.get(earlier, "") == item_of.get(later)
    return same and (signs[earlier], signs[later]) == (1.0, -1.0)

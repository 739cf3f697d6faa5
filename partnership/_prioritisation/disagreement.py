"""What kind of disagreement an item has, by rules that can be read and argued with.

Five kinds, each asking for another meeting: too few scores (ask them), different understanding (define it),
two camps (bring the camps together), one dissenter (hear them), spread (talk it through).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from partnership._prioritisation.agreement import van_der_eijk_a
from partnership._prioritisation.scoring import MOST, Scored

__all__ = ["KINDS", "AxisScores", "Disagreement", "Kind", "disagreement_of"]

Kind = Literal[
    "agree", "spread", "two camps", "one dissenter", "different understanding", "not enough scores"
]
KINDS: tuple[Kind, ...] = (
    "different understanding",
    "two camps",
    "one dissenter",
    "spread",
    "not enough scores",
    "agree",
)

FEWEST = 3
"""Agencies below which nothing is said about agreement."""

WIDE = 1.0
"""Standard deviation, in points of the scale, from which agencies are said to disagree."""

APART = 2.0
"""Points of the scale between two camps, or between a dissenter and the rest."""

UNSURE = 2
"""Confidence, 1 a guess to 5 certain, up to which a scorer is called unsure."""

ALIKE = 0.9
"""Rank correlation of both axes from which agencies seem to have scored different things."""

OTHERWISE = re.compile(
    r"\b(?:read|understood|understand|taken|took|take|treated|seen|interpreted|meant|assum\w+)\b"
    r"[^.]{0,30}\b(?:as|to mean|that)\b"
    r"|\b(?:unclear|not clear|unsure|not sure|definition)\b"
    r"|\bwhat (?:is|does|do|are)\b|\bif (?:it|this) means\b",
    re.IGNORECASE,
)
"""A note that says how the item was read, or that it was not understood."""


@dataclass(frozen=True, slots=True)
class AxisScores:
    """Agencies' scores of one item on one axis.

    Parameters
    ----------
    axis : str
        "impact" or "effort".
    scores : Mapping[str, float]
        By agency; only those that scored every criterion of the axis.
    mean, low, high, deviation : float or None
        Of those scores, each agency counted once; the deviation is the standard deviation.
    agreement : float or None
        van der Eijk's A on the eleven anchors: 1 unanimous, 0 spread evenly, -1 two camps at the ends.
    """

    axis: str
    scores: Mapping[str, float]
    mean: float | None
    low: float | None
    high: float | None
    deviation: float | None
    agreement: float | None


@dataclass(frozen=True)
class Disagreement:
    """What kind of disagreement an item has, on which axis it shows most, and why that is said.

    Parameters
    ----------
    kind : str
        One of :data:`KINDS`.
    axis : str or None
        Axis on which it shows most; None where agencies agree or too few scored.
    sides : tuple[tuple[str, ...], ...]
        Agencies that should talk: two camps, the dissenter and the rest, the highest and the lowest.
    because : str
        The evidence in one sentence.
    notes : tuple[tuple[str, str, str], ...]
        Agency, criterion and note of those who wrote one.
    """

    kind: Kind
    axis: str | None
    sides: tuple[tuple[str, ...], ...]
    because: str
    notes: tuple[tuple[str, str, str], ...] = ()

    @property
    def disagrees(self) -> bool:
        """True when agencies have scored and differ."""
        return self.kind not in ("agree", "not enough scores")


def axis_scores(result: Scored, item: int) -> dict[str, AxisScores]:
    """Return each axis's scores of an item by agency."""
    out = {}
    for axis in result.weighting.axes:
        column = result.agency_axes[axis][:, item]
        scores = {a: float(v) for a, v in zip(result.table.agencies, column, strict=True) if np.isfinite(v)}
        values = list(scores.values())
        bins = np.bincount(
            [int(min(MOST, max(0, np.floor(v + 0.5)))) for v in values], minlength=int(MOST) + 1
        )
        out[axis] = AxisScores(
            axis,
            scores,
            float(np.mean(values)) if values else None,
            min(values, default=None),
            max(values, default=None),
            float(np.std(values)) if values else None,
            van_der_eijk_a(bins.tolist()) if values else None,
        )
    return out


def camps(scores: Mapping[str, float]) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return two camps, the lower first; None where there are none.

    Two camps: at least two agencies each, :data:`APART` points or more between them, and no camp as wide
    within as the gap between.

    Examples
    --------
    >>> camps({"a": 1, "b": 1.5, "c": 8, "d": 8.5})
    (('a', 'b'), ('c', 'd'))
    """
    order = sorted(scores, key=lambda a: (scores[a], a))
    best: tuple[float, int] | None = None
    for cut in range(2, len(order) - 1):
        low, high = order[:cut], order[cut:]
        gap = scores[high[0]] - scores[low[-1]]
        widest = max(scores[low[-1]] - scores[low[0]], scores[high[-1]] - scores[high[0]])
        if gap >= APART and gap > widest and (best is None or gap > best[0]):
            best = (gap, cut)
    return (tuple(order[: best[1]]), tuple(order[best[1] :])) if best else None


def dissenter(scores: Mapping[str, float]) -> str | None:
    """Return the one agency apart from the rest; None where there is none.

    It is :data:`APART` points or more from the nearest, and further from it than the rest are wide.

    Examples
    --------
    >>> dissenter({"a": 8, "b": 8.2, "c": 4.6})
    'c'
    """
    if len(scores) < FEWEST:
        return None
    order = sorted(scores, key=lambda a: (scores[a], a))
    low = (scores[order[1]] - scores[order[0]], scores[order[-1]] - scores[order[1]], order[0])
    high = (scores[order[-1]] - scores[order[-2]], scores[order[-2]] - scores[order[0]], order[-1])
    found = [(gap, who) for gap, rest, who in (low, high) if gap >= APART and gap > rest]
    return max(found)[1] if found else None


def disagreement_of(result: Scored, item: int) -> Disagreement:
    """Return what kind of disagreement an item has.

    The rules, in this order: fewer than three agencies scored it: not enough scores. No axis with a standard
    deviation of one point or more, no camps, no dissenter: agree. A scorer's note says how they read it:
    different understanding. Two camps on either axis. One dissenter on either axis. The scorers furthest out
    are the least sure, or agencies order themselves alike on both axes as if they had scored different
    things: different understanding. Otherwise: spread.
    """
    case = _Case.of(result, item)
    rules = (_too_few, _agree, _read_otherwise, _two_camps, _one_dissenter, _guessing, _other_things)
    for rule in rules:
        found = rule(case)
        if found is not None:
            return found
    return _spread(case)


@dataclass(frozen=True)
class _Case:
    """An item before it is judged."""

    result: Scored
    item: int
    by_axis: Mapping[str, AxisScores]
    notes: tuple[tuple[str, str, str], ...]
    wide: frozenset[str]
    split: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    alone: Mapping[str, str]

    @classmethod
    def of(cls, result: Scored, item: int) -> _Case:
        """Look for spread, camps and dissenters on each axis."""
        by_axis, name = axis_scores(result, item), result.table.items[item]
        return cls(
            result,
            item,
            by_axis,
            tuple(sorted((a, c, n) for (a, c, i), n in result.table.notes.items() if i == name)),
            frozenset(axis for axis, s in by_axis.items() if (s.deviation or 0) >= WIDE),
            {axis: found for axis, s in by_axis.items() if (found := camps(s.scores))},
            {axis: who for axis, s in by_axis.items() if (who := dissenter(s.scores))},
        )

    def widest(self, axes: Iterable[str]) -> str:
        """Return the axis with the largest deviation."""
        return max(axes, key=lambda a: (self.by_axis[a].deviation or 0, a))

    @property
    def axis(self) -> str:
        """The axis on which agencies differ most."""
        return self.widest({*self.wide, *self.split, *self.alone} or set(self.by_axis))

    @property
    def scores(self) -> Mapping[str, float]:
        """Scores on that axis."""
        return self.by_axis[self.axis].scores

    def says(
        self, kind: Kind, because: str, sides: Iterable[tuple[str, ...]] = (), axis: str | None = None
    ) -> Disagreement:
        """Return the judgement; sides that nobody is on are left out."""
        return Disagreement(kind, axis, tuple(s for s in sides if s), because, self.notes)


def _too_few(case: _Case) -> Disagreement | None:
    table, by_axis = case.result.table, case.by_axis
    fewest = min((len(s.scores) for s in by_axis.values()), default=0)
    if fewest >= FEWEST:
        return None
    away = table.abstentions(table.items[case.item])
    said = f"{fewest} of {len(table.agencies)} agencies scored it on every criterion"
    lacking = tuple(
        a for a in table.agencies if a not in away and any(a not in s.scores for s in by_axis.values())
    )
    return case.says("not enough scores", said + (f"; {len(away)} abstained." if away else "."), (lacking,))


def _agree(case: _Case) -> Disagreement | None:
    if case.wide or case.split or case.alone:
        return None
    widest = case.by_axis[case.axis]
    said = f"All are within {(widest.high or 0) - (widest.low or 0):.1f} points on {widest.axis}."
    return case.says("agree", said)


def _read_otherwise(case: _Case) -> Disagreement | None:
    told = [(a, n) for a, _, n in case.notes if OTHERWISE.search(n)]
    if not told or not case.wide:
        return None
    who = tuple(sorted({a for a, _ in told}))
    rest = tuple(a for a in case.scores if a not in who)
    said = f"A note says how it was read: “{told[0][1]}”."
    return case.says("different understanding", said, (who, rest), case.axis)


def _two_camps(case: _Case) -> Disagreement | None:
    if not case.split:
        return None
    axis = case.widest(case.split)
    (low, high), s = case.split[axis], case.by_axis[axis].scores
    said = (
        f"{len(high)} agencies score {axis} {min(s[a] for a in high):.1f} or more, "
        f"{len(low)} score it {max(s[a] for a in low):.1f} or less, and nobody between."
    )
    return case.says("two camps", said, (high, low), axis)


def _one_dissenter(case: _Case) -> Disagreement | None:
    if not case.alone:
        return None
    axis = case.widest(case.alone)
    who, s = case.alone[axis], case.by_axis[axis].scores
    others = tuple(a for a in s if a != who)
    said = (
        f"{axis.capitalize()} is {s[who]:.1f} for one agency and "
        f"{min(s[a] for a in others):.1f} to {max(s[a] for a in others):.1f} for the other {len(others)}."
    )
    return case.says("one dissenter", said, ((who,), others), axis)


def _guessing(case: _Case) -> Disagreement | None:
    """Tell whether the scorers furthest out are those least sure."""
    low, high = _ends(case.scores)
    sure = {}
    table = case.result.table
    for agency, row in zip(table.agencies, table.confidence[:, :, case.item], strict=True):
        if np.isfinite(row).any():
            sure[agency] = float(np.nanmean(row))
    out = [sure.get(a, np.inf) for a in (*low, *high)]
    rest = [v for a, v in sure.items() if a not in low and a not in high]
    if not rest or not max(out) <= UNSURE < min(rest):
        return None
    said = "Those furthest apart say that they were guessing, and the others do not."
    return case.says("different understanding", said, (high, low), case.axis)


def _other_things(case: _Case) -> Disagreement | None:
    """Tell whether agencies stand in one order on both axes, as if they had scored different things."""
    if len(case.wide) < 2:
        return None
    first, second = (case.by_axis[a].scores for a in sorted(case.wide))
    both = sorted(set(first) & set(second))
    if len(both) < FEWEST + 2:
        return None
    from scipy.stats import spearmanr

    found = float(spearmanr([first[a] for a in both], [second[a] for a in both]).statistic)
    if abs(found) < ALIKE:
        return None
    said = (
        f"Agencies stand in the same order on impact and on effort (rank correlation {found:.2f}), "
        "as if they had scored different things."
    )
    low, high = _ends(case.scores)
    return case.says("different understanding", said, (high, low), case.axis)


def _spread(case: _Case) -> Disagreement:
    low, high = _ends(case.scores)
    least, most = min(case.scores.values()), max(case.scores.values())
    said = f"{case.axis.capitalize()} runs from {least:.1f} to {most:.1f} without camps."
    return case.says("spread", said, (high, low), case.axis)


def _ends(scores: Mapping[str, float]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    low, high = min(scores.values()), max(scores.values())
    near = (high - low) / 8
    return (
        tuple(sorted(a for a, v in scores.items() if v <= low + near)),
        tuple(sorted(a for a, v in scores.items() if v >= high - near)),
    )

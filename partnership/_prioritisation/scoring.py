"""Scores on fixed anchors: from who scored what to impact, effort and one score an item.

The formula is locked: impact and effort are weighted means of scores from 0 to 10 by the anchors, and the
score is (impact weight * impact) + (effort weight * (10 - effort)). Nothing is scaled to the best in the set,
so adding, removing or reordering items never changes another item's score.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from partnership._prioritisation.weighting import CriterionWeight, Weighting, direct
from partnership.errors import InvalidInput, UnknownName, shown

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["MOST", "Scored", "ScoreTable", "competition_ranks", "criteria_of", "scored", "table_of"]

MOST = 10.0
"""The top anchor; the bottom one is 0."""


class _Criterion(Protocol):
    id: Any
    axis: Any
    name: Any
    weight: Any


class _Score(Protocol):
    item_id: Any
    criterion_id: Any
    agency_id: Any
    score: Any
    abstained: Any
    confidence: Any
    note: Any


def criteria_of(records: Iterable[_Criterion]) -> tuple[CriterionWeight, ...]:
    """Return the criteria of a plan as the methods take them, by id."""
    found = [CriterionWeight(c.id, c.axis, c.name, float(c.weight)) for c in records]
    return tuple(sorted(found, key=lambda c: c.id))


@dataclass(frozen=True)
class ScoreTable:
    """Who scored what: one array, agency by criterion by item; NaN where there is no score.

    Items, agencies and criteria stand in the order of their ids, so that the order in which scores arrive
    never shows in a result. Several scorers of one agency are averaged first: an agency weighs as one.
    """

    items: tuple[str, ...]
    agencies: tuple[str, ...]
    criteria: tuple[CriterionWeight, ...]
    values: Floats
    confidence: Floats
    notes: Mapping[tuple[str, str, str], str]
    abstained: frozenset[tuple[str, str, str]]

    def without(self, agency: str) -> ScoreTable:
        """Return the table with one agency left out."""
        kept = [i for i, a in enumerate(self.agencies) if a != agency]
        return ScoreTable(
            self.items,
            tuple(self.agencies[i] for i in kept),
            self.criteria,
            self.values[kept],
            self.confidence[kept],
            {k: n for k, n in self.notes.items() if k[0] != agency},
            frozenset(k for k in self.abstained if k[0] != agency),
        )

    def abstentions(self, item: str) -> tuple[str, ...]:
        """Return the agencies that would not score an item on some criterion."""
        return tuple(sorted({a for a, _, i in self.abstained if i == item}))

    def with_score(self, agency: int, criterion: int, item: int, value: float) -> ScoreTable:
        """Return the table with one score replaced."""
        values = self.values.copy()
        values[agency, criterion, item] = value
        return ScoreTable(
            self.items, self.agencies, self.criteria, values, self.confidence, self.notes, self.abstained
        )


def table_of(
    criteria: Sequence[CriterionWeight],
    scores: Iterable[_Score],
    *,
    items: Iterable[str] | None = None,
    agencies: Iterable[str] | None = None,
) -> ScoreTable:
    """Put scores into one table.

    Parameters
    ----------
    criteria : Sequence[CriterionWeight]
        What is scored.
    scores : Iterable[Score]
        Scores of one round. A score of a criterion that is not in ``criteria`` is left out only when its
        weight is nought; an unknown one is refused.
    items, agencies : Iterable[str], optional
        All that could have been scored, and all that could score; those in ``scores`` when left out.

    Raises
    ------
    UnknownName
        If a score is of an item, an agency or a criterion that is not there.
    InvalidInput
        If a score is outside the anchors, or neither scored nor abstained twice over.
    """
    rows = list(scores)
    chosen = tuple(sorted(criteria, key=lambda c: c.id))
    all_items = tuple(sorted({r.item_id for r in rows} if items is None else set(items)))
    all_agencies = tuple(sorted({r.agency_id for r in rows} if agencies is None else set(agencies)))
    at_item = {name: i for i, name in enumerate(all_items)}
    at_agency = {name: i for i, name in enumerate(all_agencies)}
    at_criterion = {c.id: i for i, c in enumerate(chosen)}
    shape = (len(all_agencies), len(chosen), len(all_items))
    total, count, sure, said = np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape)
    notes: dict[tuple[str, str, str], str] = {}
    abstained: set[tuple[str, str, str]] = set()
    for row in rows:
        for kind, name, known in (
            ("item", row.item_id, at_item),
            ("agency", row.agency_id, at_agency),
            ("criterion", row.criterion_id, at_criterion),
        ):
            if name not in known:
                raise UnknownName(kind, name, known)
        place = (at_agency[row.agency_id], at_criterion[row.criterion_id], at_item[row.item_id])
        if row.note:
            notes[row.agency_id, row.criterion_id, row.item_id] = str(row.note)
        if row.abstained or row.score is None:
            abstained.add((row.agency_id, row.criterion_id, row.item_id))
            continue
        value = float(row.score)
        if not 0 <= value <= MOST:
            who, what = shown(row.agency_id), shown(row.item_id)
            msg = f"{who} scored {what} {shown(row.score)}. Scores run from 0 to 10 by the anchors."
            raise InvalidInput(msg)
        total[place] += value
        count[place] += 1
        if row.confidence is not None:
            sure[place] += float(row.confidence)
            said[place] += 1
    with np.errstate(invalid="ignore"):
        values, confidence = total / count, sure / said
    return ScoreTable(all_items, all_agencies, chosen, values, confidence, notes, frozenset(abstained))


@dataclass(frozen=True)
class Scored:
    """Impact, effort and score of every item, for all agencies together and for each.

    Arrays are in the order of ``table.items``; those by agency have a row an agency. NaN: not scored. An item
    has a value on an axis only where every criterion of that axis has at least one score.
    """

    table: ScoreTable
    weighting: Weighting
    agency_weights: tuple[float, ...]
    by_criterion: Floats
    axes: Mapping[str, Floats]
    score: Floats
    agency_axes: Mapping[str, Floats]
    agency_score: Floats
    scorers: npt.NDArray[np.int64]

    @property
    def ranked(self) -> tuple[int, ...]:
        """Places of the items that have a score, best first; ties in the order of their ids."""
        there = [i for i in range(len(self.table.items)) if np.isfinite(self.score[i])]
        return tuple(sorted(there, key=lambda i: (-_rounded(float(self.score[i])), i)))

    @property
    def ranks(self) -> dict[str, int]:
        """Rank of each scored item: 1, 2, 2, 4."""
        there = self.ranked
        return dict(
            zip(
                (self.table.items[i] for i in there),
                competition_ranks([float(self.score[i]) for i in there]),
                strict=True,
            )
        )


def _rounded(value: float) -> float:
    """Return a score without its last bits: equal scores are equal in whatever order they were added."""
    return round(float(value), 9)


def competition_ranks(scores: Sequence[float]) -> list[int]:
    """Return ranks, 1 for the largest; equal scores share the better rank.

    Examples
    --------
    >>> competition_ranks([3.0, 5.0, 3.0, 1.0])
    [2, 1, 2, 4]
    """
    rounded = [_rounded(s) for s in scores]
    return [1 + sum(other > own for other in rounded) for own in rounded]


def utilities(criteria: Sequence[CriterionWeight], values: Floats) -> Floats:
    """Return scores turned so that more is better: effort is counted from the top anchor down."""
    turned = np.array([c.axis == "effort" for c in criteria])
    out: Floats = np.where(
        turned[:, None] if values.ndim == 2 else turned[None, :, None], MOST - values, values
    )
    return out


def weighted_means(values: Floats, weights: Floats) -> Floats:
    """Return the mean over agencies of the scores that are there, criterion by item."""
    there = np.isfinite(values)
    weight = np.where(there, weights[:, None, None], 0.0)
    with np.errstate(invalid="ignore"):
        out: Floats = (np.where(there, values, 0.0) * weight).sum(axis=0) / weight.sum(axis=0)
    return out


def scored(
    table: ScoreTable, weighting: Weighting, agency_weights: Mapping[str, float] | None = None
) -> Scored:
    """Score every item: the weighted sum on the anchors.

    Parameters
    ----------
    table : ScoreTable
        Who scored what.
    weighting : Weighting
        Weights of the criteria.
    agency_weights : Mapping[str, float], optional
        Weight of each agency; equal when left out. An agency that is not named weighs 1.

    Raises
    ------
    UnknownName
        If a weight is for an agency that does not score.
    """
    given = dict(agency_weights or {})
    for name in given:
        if name not in table.agencies:
            raise UnknownName("agency", name, table.agencies)
    shares = direct([float(given.get(a, 1.0)) for a in table.agencies]) if table.agencies else ()
    places = [i for w in weighting.criteria for i, c in enumerate(table.criteria) if c.id == w.id]
    if len(places) != len(weighting.criteria):
        lacking = next(w.id for w in weighting.criteria if w.id not in {c.id for c in table.criteria})
        raise UnknownName("criterion", lacking, [c.id for c in table.criteria])
    values = table.values[:, places, :]
    means = weighted_means(values, np.array(shares)) if table.agencies else np.full(values.shape[1:], np.nan)
    axes, agency_axes = {}, {}
    for axis in weighting.axes:
        own, inside = list(weighting.on_axis(axis)), np.array(weighting.within(axis))
        axes[axis] = inside @ means[own]
        agency_axes[axis] = np.einsum("c,aci->ai", inside, values[:, own, :])
    flat = np.array(weighting.weights)
    score = flat @ utilities(weighting.criteria, means)
    agency_score = np.einsum("c,aci->ai", flat, utilities(weighting.criteria, values))
    scorers = np.isfinite(values).any(axis=1).sum(axis=0)
    return Scored(table, weighting, shares, means, axes, score, agency_axes, agency_score, scorers)

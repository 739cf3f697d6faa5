"""Who should talk to whom about what, the talk that moves most first; and what moved between two rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from partnership._prioritisation.disagreement import Disagreement, Kind, disagreement_of
from partnership._prioritisation.quadrants import quadrant
from partnership._prioritisation.scoring import Scored, competition_ranks

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["Stability", "Talk", "stability", "talks"]


@dataclass(frozen=True)
class Talk:
    """One talk to hold before anybody scores again.

    Parameters
    ----------
    item : str
        About which item.
    kind : str
        Kind of disagreement.
    axis : str or None
        About impact or about effort.
    sides : tuple[tuple[str, ...], ...]
        Agencies, a side each; one side only for agencies that still have to score.
    pair : tuple[str, ...]
        One agency of each side to begin: the lead agency where it is on a side, else the furthest out.
    places : tuple[int, int] or None
        Rank of the item were only one side right, and were only the other: what the talk can move.
    quadrants : tuple[str, str] or None
        Its quadrant by one side and by the other.
    because : str
        The evidence.
    """

    item: str
    kind: Kind
    axis: str | None
    sides: tuple[tuple[str, ...], ...]
    pair: tuple[str, ...]
    places: tuple[int, int] | None
    quadrants: tuple[str, str] | None
    because: str

    @property
    def moves(self) -> int:
        """Places that the item moves between the two sides' scores."""
        return abs(self.places[0] - self.places[1]) if self.places else 0


def talks(
    result: Scored, found: Mapping[str, Disagreement], leads: Mapping[str, str] | None = None
) -> tuple[Talk, ...]:
    """Return the talks that the disagreements ask for, most useful first.

    A talk is the more useful the more places its item moves between one side's scores and the other's, then
    when it changes its quadrant, then the further apart the sides are. Items with too few scores come last.

    Parameters
    ----------
    result : Scored
        The scored items.
    found : Mapping[str, Disagreement]
        Kind of disagreement of each item.
    leads : Mapping[str, str], optional
        Lead agency of an item.
    """
    out = []
    for place, item in enumerate(result.table.items):
        said = found[item]
        if said.kind == "agree" or not said.sides:
            continue
        lead = (leads or {}).get(item)
        pair = tuple(_speaker(result, place, said, side, lead) for side in said.sides)
        both = [_by_side(result, place, side) for side in said.sides] if said.disagrees else []
        by_side = [b for b in both if b is not None]
        places = (by_side[0][0], by_side[1][0]) if len(by_side) == 2 else None
        quadrants = (by_side[0][1], by_side[1][1]) if len(by_side) == 2 else None
        known = quadrants if quadrants and all(quadrants) else None
        out.append(Talk(item, said.kind, said.axis, said.sides, pair, places, known, said.because))
    return tuple(sorted(out, key=lambda t: _usefulness(result, t)))


def _usefulness(result: Scored, talk: Talk) -> tuple[bool, int, bool, float, str]:
    place = result.table.items.index(talk.item)
    wide = 0.0
    if talk.axis is not None:
        with np.errstate(invalid="ignore"):
            wide = float(np.nanstd(result.agency_axes[talk.axis][:, place]))
    changes = talk.quadrants is not None and talk.quadrants[0] != talk.quadrants[1]
    return (talk.kind == "not enough scores", -talk.moves, not changes, -wide, talk.item)


def _speaker(result: Scored, item: int, said: Disagreement, side: Sequence[str], lead: str | None) -> str:
    """Return the agency that begins for a side: the lead, who wrote a note, or the one furthest out."""
    if lead in side:
        return str(lead)
    noted = {a for a, _, _ in said.notes}
    axis = said.axis or result.weighting.axes[0]
    column = dict(zip(result.table.agencies, result.agency_axes[axis][:, item], strict=True))
    middle = result.axes[axis][item]

    def far(agency: str) -> tuple[bool, float, str]:
        value = column.get(agency, np.nan)
        away = abs(float(value) - float(middle)) if np.isfinite(value) and np.isfinite(middle) else -1.0
        return (agency not in noted, -away, agency)

    return min(side, key=far)


def _by_side(result: Scored, item: int, side: Sequence[str]) -> tuple[int, str] | None:
    """Return an item's rank and quadrant were only one side's scores of it counted, all else as it is."""
    rows = [i for i, a in enumerate(result.table.agencies) if a in side]
    weights = np.array(result.agency_weights)[rows]
    score = _mean(result.agency_score[rows, item], weights)
    if score is None:
        return None
    others = [float(result.score[i]) for i in result.ranked if i != item]
    rank = competition_ranks([score, *others])[0]
    values = {a: _mean(result.agency_axes[a][rows, item], weights) for a in result.weighting.axes}
    impact, effort = values.get("impact"), values.get("effort")
    return rank, quadrant(impact, effort) if impact is not None and effort is not None else ""


def _mean(values: Floats, weights: Floats) -> float | None:
    there = np.isfinite(values) & (weights > 0)
    return float(np.average(values[there], weights=weights[there])) if there.any() else None


@dataclass(frozen=True)
class Stability:
    """What moved between two rounds; nothing here says whether agencies agree.

    Parameters
    ----------
    pairs : int
        Scores given by the same agency to the same item and criterion in both rounds.
    within_one : float or None
        Share of them that moved by one point or less.
    mean_change : float or None
        Mean size of a change, in points.
    rank_correlation : float or None
        Spearman correlation of the items' scores in the two rounds.
    kinds : tuple[tuple[str, str, str], ...]
        Items whose kind of disagreement changed: item, before, now.
    nearer, further : int
        Items whose scores came closer together, and went further apart, by a tenth of a point or more.
    """

    pairs: int
    within_one: float | None
    mean_change: float | None
    rank_correlation: float | None
    kinds: tuple[tuple[str, str, str], ...]
    nearer: int
    further: int

    @property
    def sentence(self) -> str:
        """Say what moved, in one sentence."""
        if self.within_one is None or self.mean_change is None:
            return "The two rounds have no score in common, so nothing can be said of change."
        kinds = "no item" if not self.kinds else f"{len(self.kinds)} item{'s' if len(self.kinds) > 1 else ''}"
        return (
            f"{100 * self.within_one:.0f}% of {self.pairs:,} scores moved by one point or less "
            f"(mean {self.mean_change:.1f}); the kind of disagreement changed for {kinds}."
        )


def stability(before: Scored, now: Scored) -> Stability:
    """Return what moved between two rounds, over what both scored.

    Source
    ------
    Stability apart from consensus: Holey et al., BMC Medical Research Methodology 7:52, 2007.
    """
    first, second = before.table, now.table
    agencies = [a for a in first.agencies if a in second.agencies]
    items = [i for i in first.items if i in second.items]
    criteria = [c.id for c in first.criteria if c.id in {d.id for d in second.criteria}]

    def values(result: Scored) -> Floats:
        t = result.table
        of_criterion = [next(i for i, c in enumerate(t.criteria) if c.id == x) for x in criteria]
        return t.values[
            np.ix_([t.agencies.index(a) for a in agencies], of_criterion, [t.items.index(i) for i in items])
        ]

    one, two = values(before), values(now)
    both = np.isfinite(one) & np.isfinite(two)
    change = np.abs(two - one)[both]
    kinds, nearer, further = [], 0, 0
    for name in items:
        a, b = first.items.index(name), second.items.index(name)
        was, is_now = disagreement_of(before, a).kind, disagreement_of(now, b).kind
        if was != is_now:
            kinds.append((name, was, is_now))
        wide = [_deviation(before, a), _deviation(now, b)]
        nearer += wide[1] <= wide[0] - 0.1
        further += wide[1] >= wide[0] + 0.1
    return Stability(
        int(both.sum()),
        float((change <= 1 + 1e-9).mean()) if change.size else None,
        float(change.mean()) if change.size else None,
        _correlation(before, now, items),
        tuple(kinds),
        nearer,
        further,
    )


def _deviation(result: Scored, item: int) -> float:
    found = [v[:, item][np.isfinite(v[:, item])] for v in result.agency_axes.values()]
    return max((float(np.std(v)) for v in found if v.size), default=0.0)


def _correlation(before: Scored, now: Scored, items: Sequence[str]) -> float | None:
    one = np.array([before.score[before.table.items.index(i)] for i in items])
    two = np.array([now.score[now.table.items.index(i)] for i in items])
    there = np.isfinite(one) & np.isfinite(two)
    if there.sum() < 3 or np.ptp(one[there]) == 0 or np.ptp(two[there]) == 0:
        return None
    from scipy.stats import spearmanr

    return float(spearmanr(one[there], two[there]).statistic)

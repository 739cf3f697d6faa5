"""A move on the impact and effort board, as scores of the criteria behind each axis.

Where an axis has one criterion, the new place is its score. Where it has several, they all move by the same
step, held within 0 and 10, so that their weighted mean is the new place: what an agency said of one criterion
against another stays as far as the scale allows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from partnership._workflows.scoring import GivenScore
from partnership.errors import InvalidInput, shown

__all__ = ["OwnScore", "moved_scores", "place_on"]

LEAST, MOST = Decimal(0), Decimal(10)
_STEP = Decimal("0.01")
_HALVINGS = 40


class _Criterion(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def axis(self) -> str: ...
    @property
    def share_of_axis(self) -> float: ...


@dataclass(frozen=True, slots=True)
class OwnScore:
    """One score as it stands, with the version that a person saw.

    Parameters
    ----------
    score : Decimal or None
        0 to 10; None: not scored, or abstained from.
    abstained : bool
        True when the agency will not score it.
    confidence : int or None
        1 a guess to 5 certain.
    note : str or None
        Why, in one line.
    version : int
        Version of the row; 0 where there is none yet.
    """

    score: Decimal | None = None
    abstained: bool = False
    confidence: int | None = None
    note: str | None = None
    version: int = 0


_NONE = OwnScore()


def place_on(axis: str, criteria: Sequence[_Criterion], own: Mapping[str, OwnScore]) -> Decimal | None:
    """Return where an item stands on an axis by one scorer's own scores; None unless all are given.

    place = Σ share of the criterion × score

    Parameters
    ----------
    axis : str
        "impact" or "effort".
    criteria : Sequence
        The criteria of the plan, each with its share of its axis.
    own : Mapping[str, OwnScore]
        By criterion.

    Returns
    -------
    Decimal or None
        0 to 10.

    Examples
    --------
    >>> from types import SimpleNamespace as C
    >>> both = [C(id="A", axis="impact", share_of_axis=0.5), C(id="B", axis="impact", share_of_axis=0.5)]
    >>> place_on("impact", both, {"A": OwnScore(Decimal(4)), "B": OwnScore(Decimal(8))})
    Decimal('6.00')
    """
    on = [c for c in criteria if c.axis == axis and c.share_of_axis > 0]
    scores = [own.get(c.id, _NONE).score for c in on]
    if not on or any(s is None for s in scores):
        return None
    shares = [Decimal(str(c.share_of_axis)) for c in on]
    total = sum((w * s for w, s in zip(shares, scores, strict=True) if s is not None), Decimal(0))
    return (total / sum(shares, Decimal(0))).quantize(_STEP, ROUND_HALF_UP)


def moved_scores(
    item_id: str,
    asked: Mapping[str, Decimal],
    criteria: Sequence[_Criterion],
    own: Mapping[str, OwnScore],
) -> list[GivenScore]:
    """Return the scores that put an item where it was moved to.

    Parameters
    ----------
    item_id : str
        The item.
    asked : Mapping[str, Decimal]
        New place by axis, 0 to 10. An axis on which it stands there already, to a tenth, stays as it is.
    criteria : Sequence
        The criteria of the plan.
    own : Mapping[str, OwnScore]
        The scorer's own scores of the item, by criterion, with the versions that were seen.

    Returns
    -------
    list[GivenScore]
        One for each criterion that changes; empty when nothing does. Confidence and notes stay.

    Raises
    ------
    InvalidInput
        If a place is outside 0 to 10, or an axis has no criterion.

    Examples
    --------
    >>> from types import SimpleNamespace as C
    >>> both = [C(id="A", axis="impact", share_of_axis=0.5), C(id="B", axis="impact", share_of_axis=0.5)]
    >>> own = {"A": OwnScore(Decimal(4), version=1), "B": OwnScore(Decimal(8), version=1)}
    >>> [(g.criterion_id, str(g.score)) for g in moved_scores("W1", {"impact": Decimal(7)}, both, own)]
    [('A', '5.00'), ('B', '9.00')]
    """
    out: list[GivenScore] = []
    for axis, place in asked.items():
        if not place.is_finite() or not LEAST <= place <= MOST:
            msg = f"The {axis} {shown(place)} is outside the anchors. Give a place from 0 to 10."
            raise InvalidInput(msg)
        on = [c for c in criteria if c.axis == axis and c.share_of_axis > 0]
        if not on:
            msg = f"No criterion with a weight is on the axis {shown(axis)}. Write one on the sheet Criteria."
            raise InvalidInput(msg)
        stands = place_on(axis, criteria, own)
        if stands is not None and abs(stands - place) < Decimal("0.05"):
            continue
        shares = [Decimal(str(c.share_of_axis)) for c in on]
        were = [own.get(c.id, _NONE) for c in on]
        now = _shifted([place if w.score is None else w.score for w in were], shares, place)
        for criterion, was, score in zip(on, were, now, strict=True):
            if was.score != score:
                out.append(
                    GivenScore(
                        item_id,
                        criterion.id,
                        score=score,
                        confidence=was.confidence,
                        note=was.note,
                        version=was.version,
                    )
                )
    return out


def _shifted(scores: Sequence[Decimal], shares: Sequence[Decimal], place: Decimal) -> list[Decimal]:
    """Return all scores moved by the one step that brings their weighted mean to a place."""

    def at(step: Decimal) -> list[Decimal]:
        return [min(MOST, max(LEAST, s + step)) for s in scores]

    def mean(values: Sequence[Decimal]) -> Decimal:
        return sum((w * v for w, v in zip(shares, values, strict=True)), Decimal(0)) / sum(shares, Decimal(0))

    low, high = -MOST, MOST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if mean(at(middle)) < place else (low, middle)
    return [s.quantize(_STEP, ROUND_HALF_UP) for s in at((low + high) / 2)]

"""How wide words are, and where labels go so that none covers another.

Widths are those of Arial and its metric twins, the one set of metrics of every page and print, in thousandths
of the type's size; a label is never tilted, it moves down a tier instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Label", "Placed", "cut", "place", "width_of"]

_WIDTHS = {
    222: "ijl'|‘’",
    278: " ftI.,:;/!\\[]",
    333: "r()-`“”",
    500: "cksvxyzJ",
    556: "abdeghnopqu0123456789L?_£$",
    584: "+=<>~−",
    611: "FTZ",
    667: "ABEKPSVXY&",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "—…",
}
_WIDTH = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_USUAL = 556
_BOLD = 1.07


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a text in pixels.

    Examples
    --------
    >>> round(width_of("Probation", 15)), round(width_of("Probation", 15, bold=True))
    (64, 69)
    """
    return sum(_WIDTH.get(letter, _USUAL) for letter in text) / 1000 * size * (_BOLD if bold else 1.0)


def cut(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Return a text shortened to a width, with an ellipsis where something is left away.

    Examples
    --------
    >>> cut("Practitioners using the shared system", 120, 15)
    'Practitioners us…'
    >>> cut("Police", 120, 15)
    'Police'
    """
    if width_of(text, size, bold=bold) <= width:
        return text
    kept = text
    while kept and width_of(kept.rstrip() + "…", size, bold=bold) > width:
        kept = kept[:-1]
    return kept.rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Label:
    """A label that wants to stand under a point.

    Parameters
    ----------
    at : float
        Where its point is, in pixels from the left edge.
    width : float
        Its width in pixels.
    """

    at: float
    width: float


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a label went: its tier (0 is the first under the points), and its left edge in pixels."""

    tier: int
    left: float


def place(labels: Sequence[Label], left: float, right: float, gap: float = 14) -> list[Placed]:
    """Give each label a tier and a left edge so that none covers another or leaves the picture.

    Each label, from left to right, takes the first tier with room: centred under its point if it can be,
    pushed right by at most half its width if it must be.

    Parameters
    ----------
    labels : Sequence[Label]
        From left to right.
    left, right : float
        The edges they must stay within, in pixels.
    gap : float
        Least room between two labels of a tier.

    Returns
    -------
    list[Placed]
        In the order given.

    Examples
    --------
    >>> place([Label(50, 60), Label(80, 60), Label(300, 60)], 0, 400)
    [Placed(tier=0, left=20.0), Placed(tier=1, left=50.0), Placed(tier=0, left=270.0)]
    """
    ends: list[float] = []
    placed: list[Placed] = []
    for label in labels:
        centred = min(max(label.at - label.width / 2, left), max(right - label.width, left))
        reach = max(min(label.at - label.width * 0.1, right - label.width), centred)
        for tier in range(len(ends) + 1):
            free = ends[tier] + gap if tier < len(ends) else left
            start = max(centred, free)
            if start <= reach or tier == len(ends):
                break
        if tier == len(ends):
            ends.append(left)
            start = centred
        ends[tier] = start + label.width
        placed.append(Placed(tier, start))
    return placed

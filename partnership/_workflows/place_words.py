"""Places in words: runs that a picture tells apart, an item's own place, the share of draws in each run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partnership._workflows.prioritised_values import PrioritisedItem
    from partnership.charts.prioritisation import Placed

__all__ = ["BANDS", "bands", "place_of", "taken"]

BANDS: tuple[tuple[str, int, int], ...] = (
    ("1st to 3rd", 1, 3), ("4th to 6th", 4, 6), ("7th to 9th", 7, 9), ("10th or lower", 10, 10_000),
)  # fmt: skip
"""Name of each run of places, its first and its last place."""


def bands(count: int) -> tuple[tuple[str, int, int], ...]:
    """Return the bands of places that so many items can take.

    Examples
    --------
    >>> [name for name, _, _ in bands(5)]
    ['1st to 3rd', '4th to 6th']
    """
    return tuple(b for b in BANDS if b[1] <= max(count, 1))


def place_of(item: PrioritisedItem) -> str:
    """Return an item's place, or the run of places that is too close to call."""
    if item.rank is None:
        return "–"
    if item.close_call and item.places is not None:
        return f"{item.places[0]} to {item.places[1]}"
    return str(item.rank)


def taken(items: Sequence[PrioritisedItem], count: int) -> tuple[list[Placed], list[str]]:
    """Return the rows and the bands of the picture of places.

    Parameters
    ----------
    items : Sequence[PrioritisedItem]
        In the order to be drawn; those without a place, or without draws, are left out.
    count : int
        How many items have a place in all.
    """
    from partnership.charts.prioritisation import Placed

    every = bands(count)
    rows = [
        Placed(
            f"{i.item_id} {i.title}",
            place_of(i),
            i.close_call,
            [i.share_of_places(low, high) for _, low, high in every],
        )
        for i in items
        if i.rank is not None and i.acceptability
    ]
    return rows, [name for name, _, _ in every]

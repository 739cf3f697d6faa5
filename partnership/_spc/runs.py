"""The rules on runs of readings, and whether a process can be relied on to meet a target."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from partnership._spc.limits import exact
from partnership._spc.settings import Assurance, Polarity

__all__ = ["all_one_way", "assurance", "shift_ends", "trend_ends", "two_in_three", "way"]


def trend_ends(values: Sequence[Any], points: int) -> list[int]:
    """Flag the last reading of each run of ``points`` that go strictly one way: 1 up, -1 down, 0 none.

    Examples
    --------
    >>> trend_ends([2, 1, 2, 3, 4, 5, 6, 7, 3], 7)
    [0, 0, 0, 0, 0, 0, 0, 1, 0]
    """
    numbers = [exact(v) for v in values]
    moves = [0, *(way(a, b) for a, b in zip(numbers, numbers[1:], strict=False))]
    return [all_one_way(moves[i - points + 2 : i + 1]) if i >= points - 1 else 0 for i in range(len(numbers))]


def shift_ends(signs: Sequence[int], points: int) -> list[int]:
    """Flag with 1 the last of each run of ``points`` readings on one side of the mean.

    A reading on the mean (0) breaks the run.

    Examples
    --------
    >>> shift_ends([1, 1, 1, 1, 1, 1, 1, 1, -1], 7), shift_ends([0] * 7, 7)
    ([0, 0, 0, 0, 0, 0, 1, 1, 0], [0, 0, 0, 0, 0, 0, 0])
    """
    return [
        abs(all_one_way(signs[i - points + 1 : i + 1])) if i >= points - 1 else 0 for i in range(len(signs))
    ]


def two_in_three(close: Sequence[int], signs: Sequence[int]) -> tuple[list[int], list[int]]:
    """Flag the readings inside a window of three with two near a limit and all three on one side of the mean.

    Parameters
    ----------
    close : Sequence of int
        1 where a reading lies beyond two thirds of the way to a limit and not beyond the limit itself.
    signs : Sequence of int
        Side of the mean: 1, -1 or 0.

    Returns
    -------
    tuple
        Readings inside such a window; those of them that are near the limit and so are coloured.

    Examples
    --------
    >>> two_in_three([0, 0, 1, 1, 0, 0, 0], [1] * 7)
    ([0, 1, 1, 1, 1, 0, 0], [0, 0, 1, 1, 0, 0, 0])
    """
    inside = [0] * len(close)
    for i in range(len(close) - 2):
        if sum(close[i : i + 3]) >= 2 and all_one_way(signs[i : i + 3]):
            inside[i : i + 3] = [1, 1, 1]
    return inside, [int(bool(a and b)) for a, b in zip(inside, close, strict=True)]


def assurance(lower: Any, upper: Any, target: Any, polarity: Polarity) -> Assurance | None:
    """Say whether a process within these limits meets a target; polarity "neither" says nothing.

    Examples
    --------
    >>> assurance(1, 3, 4, "higher"), assurance(1, 3, 4, "lower"), assurance(1, 5, 4, "higher")
    ('consistently fails', 'consistently passes', 'may pass or fail')
    """
    if polarity == "neither" or target is None or lower is None or upper is None:
        return None
    if lower <= target <= upper:
        return "may pass or fail"
    return "consistently passes" if (target < lower) == (polarity == "higher") else "consistently fails"


def way(a: Fraction | None, b: Fraction | None) -> int:
    """Return 1 where b is above a, -1 where below, 0 where equal or one is missing."""
    return 0 if a is None or b is None else int(b > a) - int(b < a)


def all_one_way(signs: Sequence[int]) -> int:
    """Return the sign that all signs share, 0 where they do not."""
    return signs[0] if signs and signs[0] and all(s == signs[0] for s in signs) else 0

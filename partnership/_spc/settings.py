"""The settings of an XmR chart, and its words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from partnership.errors import InvalidInput

__all__ = ["Assurance", "Polarity", "RuleName", "Rules", "Standing", "Verdict"]

Polarity = Literal["higher", "lower", "neither"]
RuleName = Literal["outside limits", "trend", "two in three", "shift"]
Verdict = Literal["no special cause", "improvement", "concern", "rise", "fall"]
Standing = Literal["limits", "too few readings", "too few for XmR", "no readings"]
Assurance = Literal["consistently passes", "consistently fails", "may pass or fail"]


@dataclass(frozen=True, slots=True)
class Rules:
    """Every setting of a chart; the defaults are those of NHSRplotthedots.

    Parameters
    ----------
    shift_points : int
        Readings running on one side of the mean that make a shift: 7 here, 8 in other tools. A reading on
        the mean breaks it.
    trend_points : int
        Readings running strictly one way that make a trend: 7 (six moves); 5 and 6 exist. An equal pair
        breaks it.
    two_in_three : bool
        Whether two of three readings beyond two thirds of the way to a limit, all three on one side, are a
        signal.
    limit_factor : Decimal
        Limits are mean ± this × average moving range.
    screen_factor : Decimal or None
        Moving ranges at or above this × their average are left out once, and the average is taken again;
        None: no screening.
    least_readings : int
        Fewer readings than this have no limits and no verdict.
    baseline_readings : int or None
        Limits come from the first so many readings of a segment; None: from all of them.
    least_average_count : Decimal
        Counts that average less a period are too few for an XmR chart.
    """

    shift_points: int = 7
    trend_points: int = 7
    two_in_three: bool = True
    limit_factor: Decimal = Decimal("2.66")
    screen_factor: Decimal | None = Decimal("3.267")
    least_readings: int = 12
    baseline_readings: int | None = None
    least_average_count: Decimal = Decimal(5)

    def __post_init__(self) -> None:
        """Refuse settings that no chart can be made with."""
        least = {"shift_points": 3, "trend_points": 3, "least_readings": 2}
        wrong = [
            f"{n} is {getattr(self, n)}, least {low}" for n, low in least.items() if getattr(self, n) < low
        ]
        if self.baseline_readings is not None and self.baseline_readings < 2:
            wrong.append(f"baseline_readings is {self.baseline_readings}, least 2")
        if self.limit_factor <= 0 or (self.screen_factor is not None and self.screen_factor <= 1):
            wrong.append("limit_factor must be above 0 and screen_factor above 1")
        if wrong:
            msg = f"Rules cannot be used: {'; '.join(wrong)}."
            raise InvalidInput(msg)

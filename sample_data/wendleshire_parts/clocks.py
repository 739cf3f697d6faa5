"""The county's own clocks: office week, front door, hub by colour, what was shared, information promised.

Two changed on 1 October 2026, the day of effect that the board set on 3 September: what began before keeps the time it had. The
time for information promised has no source yet, so it says "check locally".
"""

from __future__ import annotations

from datetime import date
from typing import Any

from partnership.commitments import ClockRule

_HUB = "Hub agreement of 28 January 2026, schedule 2 (an invented county)"
_BOARD = "Minutes of the board of 3 September 2026, item 7 (an invented county)"
_OPEN, _CHANGED = date(2026, 2, 2), date(2026, 10, 1)


def _hub(key: str, colour: str, allows: int | None, counts: str = "working hours", **more: Any) -> ClockRule:
    said = {
        "source": _HUB,
        "effective_from": _OPEN,
        "decided_on": date(2026, 1, 28),
        "standing": "in force",
        **more,
    }
    return ClockRule(
        id=key, clock_id="hub-information", name="Hub: information from partners, by colour", colour=colour, allows=allows,
        counts=counts, **said,
    )  # fmt: skip


CLOCKS = (
    ClockRule(
        id="CK1", clock_id="office-week", name="Office week of the partnership", times="office week", works_on="Mon Tue Wed Thu Fri",
        works_from="08:30", works_until="17:00", bank_holidays="GB-ENG",
        source="Wendleshire, opening hours of the front door, section 1 (an invented county)", effective_from=date(2024, 4, 1), standing="in force",
    ),
    ClockRule(
        id="CK2", clock_id="referral-decision", name="Children: decision on a referral", allows=1, measure_id="M-ONEDAY",
        source="Wendleshire, procedure of the front door, section 4 (an invented county)", effective_from=date(2024, 4, 1), standing="in force",
    ),
    _hub("CK3", "red", 2, "hours"),
    _hub("CK4", "amber", 6, effective_to=date(2026, 9, 30)),
    _hub("CK5", "amber", 4, source=_BOARD, effective_from=_CHANGED, decided_on=date(2026, 9, 3)),
    _hub("CK6", "green", 24),
    _hub("CK7", "blue", None, note="Nothing is asked for"),
    ClockRule(
        id="CK8", clock_id="shared-followed", name="Information shared: a decision or a promise follows", times="information shared",
        allows=21, counts="days", source=_BOARD, effective_from=_CHANGED, decided_on=date(2026, 9, 3), standing="in force",
    ),
    ClockRule(
        id="CK9", clock_id="information-promised", name="Information that was promised is given", times="promised information",
        allows=60, counts="days", note="A habit of the programme group; nobody has found where it was agreed",
    ),
)  # fmt: skip

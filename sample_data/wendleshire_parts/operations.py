"""Two years and more of monthly readings of the measures themselves, by agency where that is natural.

The share decided within one working day and the share who repeat their story are given month by month. The others follow a
level, a slope since the hub opened, the season of the school year and a small spread from a fixed seed. Kinds of missing
are as they would be: the mental health trust withholds from June 2026, schools' attendance stops in July, and so on.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from partnership.benefits import Reading
from sample_data.wendleshire_parts.benefit_months import handed_in

_SEED = 20261123
_FIRST = date(2024, 11, 1)
_LAST = date(2026, 10, 1)
_HUB_OPENS = date(2026, 2, 1)

# April 2024 to October 2026: % decided within one working day. Mean 58 for 18 months; a shift from February 2026.
_ONE_DAY_FROM = date(2024, 4, 1)
_ONE_DAY = (57, 60, 55, 59, 61, 56, 58, 54, 60, 57, 62, 58, 56, 59, 55, 60, 58, 61, 59, 60, 57, 61, 64, 66, 68, 67, 69, 72, 70, 71, 71)  # fmt: skip
_RECEIVED = (980, 1004, 1011, 1035, 806, 1043, 1078, 1019, 868, 1032, 995, 1047, 961, 1040, 1022, 1051, 829, 1063, 1090, 1031, 880, 1046, 1010, 1068, 992, 1057, 1049, 1071, 845, 1086, 1112)  # fmt: skip

# March 2025 to September 2026: of so many asked, so many had told it before. 61%, ... 50% in July 2026, 47% in September.
_STORY_FROM = date(2025, 3, 1)
_STORY = (
    (122, 200), (124, 203), (121, 200), (119, 198), (120, 201), (116, 197), (118, 202), (117, 204), (114, 199), (109, 194), (113, 203),
    (109, 200), (107, 199), (106, 201), (103, 200), (103, 202), (100, 200), (96, 197), (94, 200),
)  # fmt: skip

# measure: agency: (level a month, slope a month since the hub opened, spread, swing of the school year)
_COUNTS: dict[str, dict[str, tuple[float, float, float, float]]] = {
    "M-CASES": {"COU": (44, 9, 4, 3), "ICB": (18, 5, 2, 1), "POL": (20, 3, 3, 0), "PRO": (0.5, 0, 0.6, 0), "DAC": (7, 0.4, 1.5, 0), "YTH": (3, 0.1, 1, 0.5)},
    "M-USERS": {"COU": (160, 55, 3, 0), "ICB": (40, 22, 2, 0), "POL": (60, 17, 2, 0), "MHT": (20, 6, 1, 0), "PRO": (12, 4, 1, 0), "SCH": (9, 6, 1, 0), "DAC": (2, 1, 0, 0), "YTH": (2, 2, 0, 0)},
    "M-HOURS": {"COU": (4, 6.5, 1, 0), "ICB": (2, 3.5, 1, 0), "POL": (3, 4.5, 1, 0), "PRO": (0, 0.5, 0.3, 0), "SCH": (0, 1.2, 0.5, 0), "DAC": (0, 0.6, 0.3, 0), "YTH": (0, 0.2, 0.2, 0)},
    "M-FAMILIES": {"COU": (26, 1.2, 4, 3), "ICB": (9, 0.3, 2, 1), "POL": (3, 0.1, 1.3, 0), "SCH": (7, 0.3, 2, 4), "YTH": (8, 0.2, 2, 1)},
    "M-SCREENED": {"COU": (240, 2, 14, 20), "ICB": (118, 1, 9, 4), "POL": (390, -2, 22, 0), "MHT": (62, 0, 6, 0), "PRO": (17, 0, 3, 0), "SCH": (150, 3, 10, 80), "DAC": (28, 0.5, 4, 0), "YTH": (13, 0.5, 3, 2)},
    "M-MARAC-REPEAT": {"COU": (3, 0, 1.3, 0), "ICB": (2.5, -0.1, 1.2, 0), "POL": (19, -0.5, 2.5, 0), "MHT": (1.2, 0, 0.9, 0), "PRO": (1.4, 0, 0.9, 0), "DAC": (4, -0.1, 1.5, 0)},
    "M-CRISIS": {"MHT": (31, 1, 5, 0)},
    "M-PLACEMENTS": {"COU": (9, -0.15, 2, 0)},
}  # fmt: skip
_SHARES: dict[str, dict[str, tuple[float, float, int]]] = {
    # agency: (% before, points a month since the hub opened, referrals or pupils a month)
    "M-REPEAT": {"COU": (23, -0.4, 240), "ICB": (21, -0.3, 120), "POL": (28, -0.5, 390), "MHT": (24, 0, 62), "SCH": (18, -0.3, 150), "DAC": (26, -0.2, 28), "YTH": (20, 0, 13)},
    "M-ATTEND": {"SCH": (38, -0.3, 1850)},
}  # fmt: skip
_SOURCE = {
    "M-CASES": "Shared system", "M-USERS": "Shared system", "M-HOURS": "Diary sheets", "M-FAMILIES": "Early help system", "M-SCREENED": "Front door system",
    "M-MARAC-REPEAT": "MARAC administrator", "M-CRISIS": "Trust data office", "M-PLACEMENTS": "Children's social care system",
    "M-REPEAT": "Front door system", "M-ATTEND": "Attendance extract",
}  # fmt: skip

# measure, agency, first and last month, kind, the reason as given
_MISSING = (
    (None, "MHT", date(2026, 6, 1), date(2026, 10, 1), "withheld", "Withheld until the agreement on sharing is signed"),
    ("M-CASES", "SCH", date(2026, 2, 1), date(2026, 10, 1), "not provided", "Schools have not said what they count as a case"),
    ("M-CASES", "MHT", date(2026, 2, 1), date(2026, 5, 1), "not provided", "Trust staff had no accounts"),
    ("M-HOURS", "YTH", date(2025, 8, 1), date(2025, 9, 1), "not provided", "No diaries in the summer"),
    ("M-FAMILIES", "SCH", date(2025, 8, 1), date(2025, 8, 1), "blank", None),
    ("M-FAMILIES", "SCH", date(2026, 8, 1), date(2026, 8, 1), "blank", None),
    ("M-MARAC-REPEAT", "MHT", date(2025, 3, 1), date(2025, 3, 1), "suppressed", "Withheld by the administrator: 1 to 5"),
    ("M-MARAC-REPEAT", "ICB", date(2025, 12, 1), date(2025, 12, 1), "suppressed", "Withheld by the administrator: 1 to 5"),
    ("M-REPEAT", "YTH", date(2024, 11, 1), date(2025, 3, 1), "too early", "Fewer than twelve months of referrals"),
    ("M-HOURS", "DAC", date(2024, 11, 1), date(2025, 3, 1), "too early", "Diaries began in April 2025"),
    ("M-USERS", "DAC", date(2026, 2, 1), date(2026, 4, 1), "too early", "Licences bought in April 2026"),
)  # fmt: skip
_ENDS = {"M-ATTEND": date(2026, 7, 1)}
"""Last month read, where a measure is not read to October 2026: the schools' extract is three months old."""
_PROVISIONAL_FROM = {"ICB": date(2026, 9, 1)}
_BEGINS = {"M-CASES": date(2025, 4, 1), "M-USERS": date(2025, 4, 1), "M-CRISIS": date(2025, 10, 1)}


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _months(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first = _next(first)


def _since_hub(month: date) -> int:
    return max(0, (month.year - _HUB_OPENS.year) * 12 + month.month - _HUB_OPENS.month + 1)


def _season(month: date) -> float:
    return {8: -1.0, 12: -0.5, 7: -0.2, 3: 0.3, 6: 0.3, 9: 0.2, 10: 0.6, 11: 0.4}.get(month.month, 0.0)


def _missing(measure: str, agency: str, month: date) -> tuple[str, str | None] | None:
    for which, whose, first, last, kind, note in _MISSING:
        if which in (None, measure) and whose == agency and first <= month <= last:
            return kind, note
    return None


def _reading(measure: str, agency: str | None, month: date, **values: Any) -> Reading:
    gone = _missing(measure, agency, month) if agency else None
    provisional = agency in _PROVISIONAL_FROM and month >= _PROVISIONAL_FROM[agency]
    values = {"missing": gone[0], "missing_note": gone[1]} if gone else values
    return Reading(
        measure_id=measure, agency_id=agency, period=month, source=_SOURCE.get(measure),
        state="provisional" if provisional and not gone else "approved", read_on=handed_in(month), **values,
    )  # fmt: skip


def _whole_partnership() -> Iterator[Reading]:
    month = _ONE_DAY_FROM
    for percent, received in zip(_ONE_DAY, _RECEIVED, strict=True):
        decided = Decimal(int(received * percent / 100 + 0.5))
        yield Reading(
            measure_id="M-ONEDAY", period=month, numerator=decided, denominator=Decimal(received), source="Front door system",
            state="provisional" if month >= date(2026, 9, 1) else "approved", read_on=handed_in(month),
        )  # fmt: skip
        month = _next(month)
    month = _STORY_FROM
    for again, asked in _STORY:
        yield Reading(
            measure_id="M-STORY", period=month, numerator=Decimal(again), denominator=Decimal(asked), source="Telephone survey", read_on=handed_in(month),
        )  # fmt: skip
        month = _next(month)
    for month, feeds in zip(_months(date(2026, 2, 1), _LAST), (0, 0, 0, 0, 0, 1, 1, 1, 1), strict=True):
        yield Reading(
            measure_id="M-FEEDS",
            period=month,
            value=Decimal(feeds),
            source="Programme register",
            read_on=handed_in(month),
        )
    for month, fewer in zip(
        _months(date(2025, 5, 1), _LAST), (0, 1, 0, 2, 1, 1, 2, 2, 1, 3, 2, 3, 4, 3, 4, 4, 5, 5), strict=True
    ):
        yield Reading(
            measure_id="M-MARAC-AVOIDED",
            period=month,
            value=Decimal(fewer),
            source="MARAC administrator",
            read_on=handed_in(month),
        )


def _by_agency(spread: random.Random) -> Iterator[Reading]:
    for measure, agencies in _COUNTS.items():
        for agency, (level, slope, noise, swing) in agencies.items():
            for month in _months(_BEGINS.get(measure, _FIRST), _LAST):
                value = level + slope * _since_hub(month) + swing * _season(month) + spread.gauss(0, noise)
                places = "0.5" if measure == "M-HOURS" else "1"
                count = (Decimal(str(max(0.0, value))) / Decimal(places)).quantize(Decimal(1)) * Decimal(
                    places
                )
                yield _reading(measure, agency, month, value=count)
    for agency in ("MHT", "SCH"):
        for month in _months(_HUB_OPENS, _LAST):
            yield _reading("M-CASES", agency, month)
    for measure, with_shares in _SHARES.items():
        for agency, (percent, slope, size) in with_shares.items():
            for month in _months(_FIRST, _ENDS.get(measure, _LAST)):
                whole = max(6, round(size * (1 + 0.06 * _season(month)) + spread.gauss(0, size**0.5)))
                share = max(0.0, percent + slope * _since_hub(month) + spread.gauss(0, 1.2)) / 100
                yield _reading(
                    measure,
                    agency,
                    month,
                    numerator=Decimal(round(whole * share)),
                    denominator=Decimal(whole),
                )


def readings() -> Iterator[Reading]:
    """Yield the readings of all measures but money, the same each time."""
    yield from _whole_partnership()
    yield from _by_agency(random.Random(_SEED))


READINGS = tuple(readings())

"""Money of each benefit by month: first plan, current plan and what was read.

The three totals of the whole partnership are given month by month, and each benefit's running total at ten or so months.
Between two of those months a benefit grows as the total does, so that the benefits add up to the total in every month; what
rounding leaves goes to "Fewer repeat MARAC cases". All in £ thousand until the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from partnership.benefits import ProfileMonth, Reading

MONTHS = tuple(date(2025 + (3 + n) // 12, (3 + n) % 12 + 1, 1) for n in range(24))
"""April 2025 to March 2027."""

READ = 19
"""Months read so far: April 2025 to October 2026."""

ORIGINAL = (4, 12, 26, 48, 80, 120, 170, 228, 294, 368, 450, 540, 640, 746, 858, 974, 1092, 1200, 1310, 1430, 1554, 1682, 1814, 1950)  # fmt: skip
CURRENT = (2, 5, 10, 18, 30, 46, 68, 98, 136, 184, 238, 300, 384, 474, 570, 672, 780, 896, 1020, 1140, 1262, 1386, 1512, 1640)  # fmt: skip
REAL = (1, 3, 7, 13, 22, 34, 50, 72, 100, 136, 180, 232, 292, 356, 424, 494, 566, 640, 710)

# Apr 25, Oct 25, Jan 26, Apr 26, Jul 26, Aug 26, Sep 26, Oct 26, Nov 26, Mar 27
_AT = (0, 6, 9, 12, 15, 16, 17, 18, 19, 23)
_PLANNED = {
    "B01": (0, 0, 0, 15, 45, 59, 86, 118, 133, 225),
    "B02": (0, 0, 0, 25, 58, 67, 81, 96, 109, 146),
    "B03": (0, 0, 0, 6, 38, 53, 71, 90, 112, 223),
    "B04": (0, 16, 54, 108, 172, 195, 217, 238, 255, 338),
    "B05": (1, 20, 46, 90, 134, 151, 166, 180, 193, 255),
    "B06": (1, 26, 62, 106, 158, 176, 194, 210, 224, 295),
    "B07": (0, -1, -4, -10, -20, -24, -27, -31, -35, -50),
    "B08": (0, -4, -14, -34, -62, -72, -97, -127, -179, -277),
    "B09": (0, 6, 18, 32, 52, 58, 65, 70, 75, 100),
    "B10": (0, 0, 2, 6, 17, 21, 27, 37, 59, 97),
    "B11": (0, 0, 2, 5, 16, 21, 28, 40, 62, 100),
    "B12": (0, 0, 1, 3, 9, 11, 14, 21, 36, 56),
    "B13": (0, 2, 7, 12, 21, 24, 27, 30, 43, 58),
    "B14": (0, 3, 10, 20, 34, 40, 44, 48, 53, 74),
}
# The same months up to October 2026. The crisis benefit (B03) has no reading at all: the trust withholds it.
_REALISED = {
    "B01": (0, 0, 0, 12, 37, 41, 44, 47),
    "B02": (0, 0, 0, 21, 48, 52, 61, 71),
    "B04": (0, 12, 38, 86, 135, 155, 175, 196),
    "B05": ("0.5", 16, 35, 72, 107, 122, 136, 150),
    "B06": ("0.5", 20, 50, 86, 132, 149, 166, 184),
    "B07": (0, -1, -4, -10, -21, -25, -28, -31),
    "B08": (0, -4, -14, -33, -62, -68, -77, -94),
    "B09": (0, 4, 13, 23, 38, 44, 50, 57),
    "B10": (0, 0, 2, 5, 15, 17, "17.5", 18),
    "B11": (0, 0, 2, 4, 13, 17, 24, 31),
    "B12": (0, 0, 1, 3, 8, 10, 12, 14),
    "B13": (0, 1, 5, 9, 16, 19, 22, 25),
    "B14": (0, 2, 8, 14, 28, 33, "37.5", 42),
}
_ABSORBS = "B04"
_REBASELINED = ("B01", "B02")
"""The two benefits that start a quarter later since 12 January 2026."""
_B01_OF_BOTH = Fraction(720, 1132)
"""Share of Placements avoided in the first plan of the two, by their full-year values."""

_STEP = {"B14": 30}
"""Smallest step in £; 10 where nothing is said. B14 falls to three agencies in thirds."""

# To whom a benefit's money falls, as it is planned and as it was read; by weight. B14 is split by its shares.
_PLANNED_TO: dict[str, dict[str, int]] = {
    "B01": {"COU": 1}, "B02": {"COU": 1}, "B03": {"MHT": 1}, "B04": {"ICB": 1}, "B05": {"POL": 1},
    "B06": {"COU": 78, "POL": 50, "ICB": 37, "PRO": 6, "SCH": 13, "DAC": 6, "YTH": 3},
    "B07": {"ICB": 1}, "B08": {"COU": 60, "POL": 50}, "B09": {"NAT": 1}, "B10": {"SCH": 17, "COU": 12, "NAT": 8},
    "B11": {"PRO": 24, "NAT": 16}, "B12": {"YTH": 17, "DAC": 4}, "B13": {"ICB": 1},
}  # fmt: skip
_REALISED_TO: dict[str, dict[str, int]] = {
    **_PLANNED_TO,
    "B06": {"COU": 90, "POL": 44, "ICB": 32, "PRO": 4, "SCH": 8, "DAC": 4, "YTH": 2},
    "B08": {"COU": 50, "POL": 44}, "B10": {"COU": 8, "SCH": 6, "NAT": 4}, "B11": {"PRO": 22, "NAT": 9}, "B12": {"YTH": 12, "DAC": 2},
}  # fmt: skip
_TRUST = (3000, 3000, 3000, 4000, 4000, 3000, 3000, 3000, 4000, 4000)
"""The mental health trust's part of B06 (and, as a harm, of B08) from June 2026, £ a month."""
_TRUST_FROM = 14

_APPROVED_BY = {
    "COU": "R-COU-FIN", "ICB": "R-ICB-FIN", "POL": "R-POL-FIN", "PRO": "R-PRO-FIN", "SCH": "R-SCH-FIN",
    "DAC": "R-DAC-CEO", "YTH": "R-YTH-CEO", "NAT": "R-NAT-FIN",
}  # fmt: skip


def _to_step(value: Fraction, step: int) -> int:
    """Round to a multiple of ``step``, halves away from zero."""
    sign = -1 if value < 0 else 1
    return sign * int(abs(value) / step + Fraction(1, 2)) * step


def _between(marks: tuple[int | str, ...], total: tuple[int, ...], step: int) -> list[int]:
    """Return a running total in £ for every month: as given at the marked months, in step with the total between them."""
    out: list[int] = []
    for month in range(_AT[len(marks) - 1] + 1):
        after = next(i for i, at in enumerate(_AT) if at >= month)
        last, before = Fraction(marks[after]), Fraction(marks[max(after - 1, 0)])
        start, end = total[_AT[max(after - 1, 0)]], total[_AT[after]]
        part = Fraction(total[month] - start, end - start) if end != start else Fraction(1)
        out.append(_to_step((before + (last - before) * part) * 1000, step))
    return out


def _all_benefits(marks: Mapping[str, tuple[int | str, ...]], total: tuple[int, ...]) -> dict[str, list[int]]:
    running = {b: _between(m, total, _STEP.get(b, 10)) for b, m in marks.items() if b != _ABSORBS}
    months = len(next(iter(running.values())))
    running[_ABSORBS] = [total[m] * 1000 - sum(r[m] for r in running.values()) for m in range(months)]
    return dict(sorted(running.items()))


def _first_plan(current: Mapping[str, list[int]]) -> dict[str, list[int]]:
    """Return the first plan of the two re-baselined benefits: what the first total leaves after all the others."""
    others = [sum(r[m] for b, r in current.items() if b not in _REBASELINED) for m in range(24)]
    both = [ORIGINAL[m] * 1000 - others[m] for m in range(24)]
    first = [_to_step(both[m] * _B01_OF_BOTH, 10) for m in range(24)]
    return {"B01": first, "B02": [both[m] - first[m] for m in range(24)]}


def _split(running: list[int], weights: Mapping[str, int]) -> dict[str, list[int]]:
    whole = sum(weights.values())
    names = list(weights)
    parts = {a: [_to_step(Fraction(v * weights[a], whole), 10) for v in running] for a in names[1:]}
    return {names[0]: [v - sum(p[m] for p in parts.values()) for m, v in enumerate(running)], **parts}


def _monthly(running: list[int]) -> list[int]:
    return [now - before for now, before in zip(running, [0, *running[:-1]], strict=True)]


def _trust(benefit: str) -> list[int]:
    """Return the trust's part of the plan, by month: nil before June 2026."""
    sign = {"B06": 1, "B08": -1}.get(benefit, 0)
    return [sign * _TRUST[m - _TRUST_FROM] if m >= _TRUST_FROM else 0 for m in range(24)]


def planned() -> Iterator[tuple[str, str | None, int, date, int]]:
    """Yield benefit, agency (None: by its shares), version, month, £ planned."""
    current = _all_benefits(_PLANNED, CURRENT)
    first = _first_plan(current)
    for benefit, running in current.items():
        if benefit == "B14":
            yield from _named(benefit, None, 1, _monthly(running))
            continue
        trust = _trust(benefit)
        held = [sum(trust[: m + 1]) for m in range(24)]
        for agency, part in _split(
            [v - h for v, h in zip(running, held, strict=True)], _PLANNED_TO[benefit]
        ).items():
            if benefit in _REBASELINED:
                yield from _named(benefit, agency, 1, _monthly(first[benefit]))
                yield from ((benefit, agency, 2, MONTHS[m], v) for m, v in enumerate(_monthly(part)))
            else:
                yield from _named(benefit, agency, 1, _monthly(part))
        if any(trust):
            yield from _named(benefit, "MHT", 1, trust)


def _named(
    benefit: str, agency: str | None, version: int, monthly: list[int]
) -> Iterator[tuple[str, str | None, int, date, int]]:
    """Yield a plan from its first month with money."""
    begun = False
    for month, pounds in zip(MONTHS, monthly, strict=True):
        begun = begun or pounds != 0
        if begun:
            yield benefit, agency, version, month, pounds


def read() -> Iterator[tuple[str, str | None, int, int]]:
    """Yield benefit, agency (None: as a whole), number of the month, £ read, for every month with a plan."""
    starts: dict[tuple[str, str | None], int] = {}
    for benefit, agency, version, month, _ in planned():
        if (benefit in _REBASELINED) == (version == 2):
            starts.setdefault((benefit, agency), MONTHS.index(month))
    for benefit, running in _all_benefits(_REALISED, REAL).items():
        parts = {None: running} if benefit == "B14" else _split(running, _REALISED_TO[benefit])
        for agency, part in parts.items():
            carried = 0
            for number, pounds in enumerate(_monthly(part)):
                if number < starts[benefit, agency]:
                    carried += pounds
                    continue
                yield benefit, agency, number, pounds + carried
                carried = 0


def handed_in(month: date) -> date:
    """Return the day on which the readings of a month are handed in: the 18th of the next, or the working day before."""
    day = date(month.year + month.month // 12, month.month % 12 + 1, 18)
    return day.replace(day=18 - max(0, day.weekday() - 4))


def _money_readings() -> Iterator[Reading]:
    for benefit, agency, number, pounds in read():
        month = MONTHS[number]
        provisional = benefit == "B04" and number >= 17
        yield Reading(
            measure_id="M-MONEY", benefit_id=benefit, agency_id=agency, period=month,
            value=Decimal(pounds), state="provisional" if provisional else "approved",
            approved_by_role_id=None if provisional else _APPROVED_BY[agency or "COU"],
            source=f"Benefit return, {agency}" if agency else "Benefit return, hub", read_on=handed_in(month),
        )  # fmt: skip
    for benefit, agency, version, month, _ in planned():
        if agency == "MHT" and version == 1 and month <= MONTHS[READ - 1]:
            yield Reading(
                measure_id="M-MONEY", benefit_id=benefit, agency_id="MHT", period=month, missing="withheld",
                missing_note="Withheld until the agreement on sharing is signed", source="Trust data office", read_on=handed_in(month),
            )  # fmt: skip


BENEFIT_PROFILE = tuple(
    ProfileMonth(benefit_id=b, agency_id=a, version=v, period=m, planned_gbp=Decimal(pounds))
    for b, a, v, m, pounds in planned()
)
MONEY_READINGS = tuple(
    sorted(_money_readings(), key=lambda r: (str(r.benefit_id), str(r.agency_id), r.period))
)

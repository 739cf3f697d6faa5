"""An XmR chart as worked out: segments, points, verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from partnership._spc.limits import Limits, exact, exact_limits
from partnership._spc.runs import assurance, shift_ends, trend_ends, two_in_three, way
from partnership._spc.settings import Assurance, Polarity, RuleName, Rules, Standing, Verdict
from partnership.errors import InvalidInput

__all__ = ["Point", "Segment", "Signal", "Xmr", "xmr"]


@dataclass(frozen=True, slots=True)
class Signal:
    """One rule that a reading meets, and the way it points."""

    rule: RuleName
    direction: Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Point:
    """One reading: its segment, the rules it meets (first the one that names it) and what that means."""

    index: int
    value: float | None
    segment: int
    signals: tuple[Signal, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Segment:
    """Readings between two restarts of the limits; limits are None where there are too few readings for any.

    ``first`` and ``last`` are places in the series, both inside it; ``readings`` counts those with a value.
    """

    first: int
    last: int
    readings: int
    standing: Standing
    mean: float | None
    lower: float | None
    upper: float | None
    average_range: float | None
    screened: int


@dataclass(frozen=True, slots=True)
class Xmr:
    """A chart as worked out: its segments, its points, and the two icons of the latest segment.

    ``variation`` is the verdict on the latest reading; ``assurance`` says whether the process as it is can
    be relied on to meet the target. Both are None where nothing can be said: too few readings, no target,
    or polarity "neither" (which is never called good or bad: its verdicts are "rise" and "fall").
    """

    rules: Rules
    polarity: Polarity
    target: float | None
    segments: tuple[Segment, ...]
    points: tuple[Point, ...]
    variation: Verdict | None
    assurance: Assurance | None

    @property
    def standing(self) -> Standing:
        """What can be said about the latest segment."""
        return self.segments[-1].standing if self.segments else "no readings"

    @property
    def latest(self) -> Segment | None:
        """The latest segment, if there is any."""
        return self.segments[-1] if self.segments else None

    def is_outside_limits(self, value: Any) -> bool | None:
        """Tell whether a target lies outside the present limits; None where there are none."""
        found = self.latest
        if found is None or found.lower is None or found.upper is None:
            return None
        return not found.lower <= float(value) <= found.upper


def xmr(
    values: Sequence[Any],
    rules: Rules | None = None,
    *,
    restarts: Sequence[int] = (),
    polarity: Polarity = "neither",
    target: Any = None,
    is_count: bool = False,
) -> Xmr:
    """Work out an XmR chart: limits, signals and what they mean.

    A reading is named by the first rule that it meets, in this order: outside the limits, trend, two in
    three, shift. Runs do not cross a restart of the limits nor a missing reading: nobody knows what stood
    in the hole.

    Parameters
    ----------
    values : Sequence of numbers or None
        Readings in order of time, one a period; None is a period without a value, whatever the kind of
        missing.
    rules : Rules, optional
        The measure's own settings.
    restarts : Sequence of int
        Places at which the process changed and limits start afresh.
    polarity : str
        Which way is better; "neither" is never called good or bad.
    target : number, optional
        Where the measure shall stand.
    is_count : bool
        Whether readings are counts: those that average below ``rules.least_average_count`` have no XmR chart.

    Raises
    ------
    InvalidInput
        If a reading is not a finite number or a restart lies outside the series.

    Examples
    --------
    >>> chart = xmr([5, 7, 6, 5, 7, 6, 5, 7, 6, 5, 7, 6, 14], polarity="lower", target=15)
    >>> chart.points[-1].signals[0].rule, chart.variation, chart.assurance
    ('outside limits', 'concern', 'consistently passes')
    >>> xmr([5, 7, 6]).standing, xmr([0, 1, 2, 0] * 5, is_count=True).standing
    ('too few readings', 'too few for XmR')
    """
    used = rules or Rules()
    numbers = [exact(v) for v in values]
    starts = sorted({0, *restarts}) if numbers else []
    if starts and (starts[0] < 0 or starts[-1] >= len(numbers)):
        outside = starts[0] if starts[0] < 0 else starts[-1]
        msg = f"Limits restart at {outside} of {len(numbers)} readings. Give a place in the series, from 0."
        raise InvalidInput(msg)
    segments: list[Segment] = []
    points: list[Point] = []
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(numbers)], strict=False)):
        segment, signals = _segment(numbers[start:end], used, start, is_count=is_count)
        segments.append(segment)
        for place, found in enumerate(signals):
            value = numbers[start + place]
            shown_value = None if value is None else float(value)
            points.append(Point(start + place, shown_value, number, found, _verdict(found, polarity)))
    last = segments[-1] if segments else None
    judged = [p for p in points if p.value is not None and p.segment == len(segments) - 1]
    goal = None if target is None else float(exact(target) or 0)
    return Xmr(
        rules=used,
        polarity=polarity,
        target=goal,
        segments=tuple(segments),
        points=tuple(points),
        variation=judged[-1].verdict if judged and last and last.standing == "limits" else None,
        assurance=None if last is None else assurance(last.lower, last.upper, goal, polarity),
    )


def _segment(
    values: Sequence[Fraction | None], rules: Rules, start: int, *, is_count: bool
) -> tuple[Segment, list[tuple[Signal, ...]]]:
    known = [v for v in values if v is not None]
    nothing: list[tuple[Signal, ...]] = [()] * len(values)
    mean = Fraction(sum(known), len(known)) if known else None
    standing: Standing = "limits"
    if not known:
        standing = "no readings"
    elif mean is not None and is_count and mean < rules.least_average_count:
        standing = "too few for XmR"
    elif len(known) < rules.least_readings or not _has_range(_baseline(values, rules)):
        standing = "too few readings"
    if standing != "limits":
        middle = None if mean is None else float(mean)
        end = start + len(values) - 1
        return Segment(start, end, len(known), standing, middle, None, None, None, 0), nothing
    found = exact_limits(_baseline(values, rules), exact(rules.limit_factor), exact(rules.screen_factor))
    segment = Segment(
        start, start + len(values) - 1, len(known), standing,
        float(found.mean), float(found.lower), float(found.upper), float(found.average_range), found.screened,
    )  # fmt: skip
    return segment, _signals(values, found, rules)


def _baseline(values: Sequence[Fraction | None], rules: Rules) -> Sequence[Fraction | None]:
    """Return the part of a segment that its limits come from."""
    if rules.baseline_readings is None:
        return values
    places = [i for i, v in enumerate(values) if v is not None][: rules.baseline_readings]
    return values[: places[-1] + 1] if places else values


def _has_range(values: Sequence[Fraction | None]) -> bool:
    return any(a is not None and b is not None for a, b in zip(values, values[1:], strict=False))


def _signals(values: Sequence[Fraction | None], found: Limits, rules: Rules) -> list[tuple[Signal, ...]]:
    third = (found.upper - found.mean) * Fraction(2, 3)
    signs = [0 if v is None else way(found.mean, v) for v in values]
    outside = [v is not None and not found.lower <= v <= found.upper for v in values]
    close = [
        int(v is not None and not out and abs(v - found.mean) > third)
        for v, out in zip(values, outside, strict=True)
    ]
    trend = _spread(trend_ends(values, rules.trend_points), rules.trend_points)
    near = two_in_three(close, signs)[1] if rules.two_in_three else [0] * len(values)
    shift = _spread(shift_ends(signs, rules.shift_points), rules.shift_points)
    out: list[tuple[Signal, ...]] = []
    for i, sign in enumerate(signs):
        met: list[tuple[RuleName, int]] = []
        met += [("outside limits", sign)] if outside[i] else []
        met += [("trend", trend[i])] if trend[i] else []
        met += [("two in three", sign)] if near[i] else []
        met += [("shift", sign)] if shift[i] else []
        out.append(tuple(Signal(rule, "up" if way > 0 else "down") for rule, way in met))
    return out


def _spread(ends: Sequence[int], points: int) -> list[int]:
    """Give the flag of a run's last reading to every reading of the run."""
    out = [0] * len(ends)
    for i, flag in enumerate(ends):
        if flag:
            out[i - points + 1 : i + 1] = [flag] * points
    return out


def _verdict(signals: Sequence[Signal], polarity: Polarity) -> Verdict:
    if not signals:
        return "no special cause"
    up = signals[0].direction == "up"
    if polarity == "neither":
        return "rise" if up else "fall"
    return "improvement" if up == (polarity == "higher") else "concern"

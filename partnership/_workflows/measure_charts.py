"""The XmR chart of a stored measure: its readings, its own rules, its notes, its target."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from partnership.periods import from_index, month_index
from partnership.spc import Rules, Xmr, xmr

__all__ = ["MeasureChart", "measure_chart", "rules_of"]

_STEPS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class MeasureChart:
    """A measure as charted: one cell a period, in order, without a hole.

    Parameters
    ----------
    cells : tuple of mappings
        ``period``, ``value``, ``missing`` (the kind, "blank" where nobody handed anything in) and ``state``.
    chart : Xmr
        Limits, signals and icons; its points stand at the places of ``cells``.
    rules : Rules
        The settings used; ``is_own`` says whether they are stored for this measure.
    restarts : tuple of date
        Months from which the limits start afresh.
    notes : tuple of (date, str)
        What happened in which month.
    """

    cells: tuple[Mapping[str, Any], ...]
    chart: Xmr
    rules: Rules
    is_own: bool
    restarts: tuple[dt.date, ...]
    notes: tuple[tuple[dt.date, str], ...]


def rules_of(record: Mapping[str, Any] | None) -> Rules:
    """Return the settings that a row of ``chart_rules`` stores; the defaults where there is none.

    Examples
    --------
    >>> rules_of(None).shift_points
    7
    """
    if record is None:
        return Rules()
    return Rules(
        shift_points=record["shift_points"],
        trend_points=record["trend_points"],
        two_in_three=record["two_in_three"],
        limit_factor=record["limit_factor"],
        screen_factor=record["screen_factor"] if record["screens_ranges"] else None,
        least_readings=record["least_readings"],
        baseline_readings=record["baseline_readings"],
        least_average_count=record["least_average_count"],
    )


def measure_chart(
    rows: Iterable[Mapping[str, Any]],
    measure: Mapping[str, Any],
    *,
    rules: Mapping[str, Any] | None = None,
    annotations: Iterable[Mapping[str, Any]] = (),
    target: Any = None,
) -> MeasureChart:
    """Chart one series of readings of a measure.

    Parameters
    ----------
    rows : Iterable of mappings
        Rows of the view ``measure_readings`` of one agency, or of the partnership as a whole.
    measure, rules, annotations : mappings
        Rows of the tables ``measures``, ``chart_rules`` (of this measure, if any) and ``annotations``.
    target : number, optional
        Where the measure shall stand.
    """
    step = _STEPS[measure["frequency"]]
    by_period = {r["period"].replace(day=1): r for r in rows}
    cells = tuple(_cells(by_period, step))
    places = {c["period"]: n for n, c in enumerate(cells)}
    own = sorted((a for a in annotations if a["measure_id"] == measure["id"]), key=lambda a: a["period"])
    restarts = tuple(
        a["period"].replace(day=1)
        for a in own
        if a["restarts_limits"] and a["period"].replace(day=1) in places
    )
    used = rules_of(rules)
    chart = xmr(
        [_number(c["value"]) for c in cells],
        used,
        restarts=[places[p] for p in restarts],
        polarity=measure["polarity"],
        target=_number(target),
        is_count=measure["kind"] == "count",
    )
    notes = tuple((a["period"].replace(day=1), str(a["text"])) for a in own)
    return MeasureChart(cells, chart, used, rules is not None, restarts, notes)


def _number(value: Any) -> Any:
    return None if value is None else value if isinstance(value, Decimal | int) else float(value)


def _cells(by_period: Mapping[dt.date, Mapping[str, Any]], step: int) -> Iterable[Mapping[str, Any]]:
    if not by_period:
        return
    first, last = month_index(min(by_period)), month_index(max(by_period))
    steps = {first + n for n in range(0, last - first + 1, step)} | {month_index(p) for p in by_period}
    for index in sorted(steps):
        period = from_index(index)
        row = by_period.get(period)
        if row is None:
            yield {"period": period, "value": None, "missing": "blank", "state": None}
        else:
            gone = row["missing"] if row["value"] is None else None
            yield {
                "period": period,
                "value": row["value"],
                "missing": (gone or "blank") if row["value"] is None else None,
                "state": row["state"],
            }

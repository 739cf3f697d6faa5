"""Signal or noise: the XmR chart of a measure, its settings, and what may be written to it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
from dash import dcc, html

from dashboards import parts
from dashboards.pages._benefit_charted import charted, signal_title
from dashboards.pages._benefit_editing import editing_panels
from dashboards.pages._benefit_measure import by_agency, choice, picker, series_of
from partnership._reports import benefit_words as words
from partnership.benefits import Cell, running_totals
from partnership.charts.xmr import VERDICT_WORDS, xmr_chart
from partnership.wording import count_of, listing, month, number, percent

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State
    from partnership._workflows.measure_charts import MeasureChart
    from partnership.spc import Rules, Xmr

__all__ = ["signal_panels"]

Row = Mapping[str, Any]


def signal_panels(data: Data, state: State) -> list[Any]:
    """Return the panels of this part."""
    measures = {m["id"]: m for m in data.table("measures", state).iter_rows(named=True) if m["unit"] != "£"}
    if not measures:
        return [
            parts.empty("No measure is followed yet", "Fill the sheets Measures and Readings.", key="signal")
        ]
    chosen, rows = choice(data, state, measures)
    measure = measures[chosen]
    series, others = series_of(rows, state.agency_id)
    tools = html.Div(
        [picker(measures, chosen), dcc.Store(id="benefits-measure-shown", data=chosen)],
        className="panel-tools",
    )
    if series is None or not series.height:
        below = by_agency(others, state, measure) if others else html.P("No readings yet.", className="empty")
        return [parts.panel(f"{measure['name']}: each agency apart", tools, below, key="signal")]
    found = charted(data, state, measure, series)
    figure = xmr_chart(found.cells, found.chart, measure["unit"], found.notes[-3:])
    return [
        parts.panel(
            signal_title(measure, found.chart),
            tools,
            parts.picture(figure, key="benefits-xmr", wide=560),
            _icons(found, measure, series),
            parts.twin(
                _table(found, measure),
                files=parts.download_links(state, "measure_readings", "the readings", measure_id=chosen),
            ),
            key="signal",
            sub=_sub(found, measure, series),
            source=_settings(found.rules, found),
        ),
        *editing_panels(data, state, measure),
    ]


def _sub(found: MeasureChart, measure: Row, series: pl.DataFrame) -> str:
    who = series["agency_name"][0] or "The partnership as a whole"
    better = {"higher": "Higher is better.", "lower": "Lower is better."}.get(
        measure["polarity"], "Neither way is better by itself: never coloured."
    )
    restarts = (
        f" Limits start afresh in {listing([month(p) for p in found.restarts], last='and')}."
        if found.restarts
        else ""
    )
    return f"{who}. {better} Provisional hollow, target dashed.{restarts}"


def _settings(rules: Rules, found: MeasureChart) -> str:
    base = (
        f"the first {rules.baseline_readings} readings"
        if rules.baseline_readings
        else "all readings of the segment"
    )
    screened = (
        f"moving ranges from {number(rules.screen_factor, places=3)} times the average left out once"
        if rules.screen_factor is not None
        else "no moving range left out"
    )
    own = "Settings of this measure" if found.is_own else "Settings: the defaults, as none are stored"
    near = ", two of three near a limit" if rules.two_in_three else ""
    return (
        f"{own}: limits from {base}, mean ± {number(rules.limit_factor)} × average moving range, {screened}; "
        f"signal: outside the limits, {rules.trend_points} readings one way, {rules.shift_points} on one side"
        f"{near}; no limits below {rules.least_readings} readings, nor for counts that average below "
        f"{number(rules.least_average_count)}."
    )


def _icons(found: MeasureChart, measure: Row, series: pl.DataFrame) -> html.Dl:
    chart, latest = found.chart, found.chart.latest
    variation = VERDICT_WORDS[chart.variation] if chart.variation else chart.standing.capitalize()
    if chart.standing == "too few for XmR":
        variation = "Too few for XmR: read the days between events, or count by the quarter"
    pairs = [("Variation, latest reading", variation)]
    pairs.append(
        ("Assurance", chart.assurance.capitalize() if chart.assurance else _no_assurance(chart, measure))
    )
    if latest is not None and latest.lower is not None:
        unit = measure["unit"]
        span = [words.quantity(round(v or 0, 1), unit) for v in (latest.lower, latest.upper)]
        pairs.append(("Limits now", f"{span[0]} to {span[1]}"))
    pairs.append(("Running total", _running(found, measure, series)))
    return html.Dl([html.Div([html.Dt(k), html.Dd(v)]) for k, v in pairs], className="icons")


def _no_assurance(chart: Xmr, measure: Row) -> str:
    if measure["polarity"] == "neither":
        return "None: neither way is better"
    return "None: no target" if chart.target is None else f"None: {chart.standing}"


def _running(found: MeasureChart, measure: Row, series: pl.DataFrame) -> str:
    by_period = {r["period"].replace(day=1): r for r in series.iter_rows(named=True)}
    cells = [
        Cell(
            c["value"],
            by_period.get(c["period"], {}).get("numerator"),
            by_period.get(c["period"], {}).get("denominator"),
            c["missing"],
            c["state"] not in ("approved", None),
        )
        for c in found.cells
    ]
    last = running_totals(cells, measure["kind"], scale=100 if measure["unit"] == "%" else 1)[-1]
    if measure["per"] == "in all":
        return "not added up: it is a stock"
    if last.value is None:
        return "not added up: ratings and shares without their parts cannot be"
    said = words.quantity(Decimal(last.value.numerator) / Decimal(last.value.denominator), measure["unit"])
    if measure["kind"] == "share":
        said += f" ({_whole(last.numerator)} of {_whole(last.denominator)})"
    if last.is_partial:
        kinds = listing([f"{n} {k}" for k, n in last.missing.items()], last="and")
        seen = f"{percent(float(last.visible_share or 0))} of {count_of(last.periods, 'period')} seen"
        said += f", partial: {seen}; {kinds}"
    return f"{said}, may still change" if last.is_provisional else said


def _whole(value: Any) -> str:
    return number(Decimal(str(float(value or 0))))


def _shown(cell: Row, unit: str) -> Any:
    return parts.state_word(cell["missing"]) if cell["value"] is None else words.quantity(cell["value"], unit)


def _table(found: MeasureChart, measure: Row) -> html.Div:
    judged = {n for n, s in enumerate(found.chart.segments) if s.lower is not None}
    rows = [
        {
            "period": c["period"],
            "value": _shown(c, measure["unit"]),
            "signal": ", ".join(s.rule for s in p.signals) or "none" if p.segment in judged else "no limits",
            "verdict": p.verdict if p.segment in judged and p.value is not None else "",
            "state": c["state"] or "",
        }
        for c, p in zip(found.cells, found.chart.points, strict=True)
    ]
    return parts.table(
        list(reversed(rows)),
        [
            parts.Col("period", "Month", month),
            parts.Col("value", "Value", lambda v: v, numeric=True),
            parts.Col("signal", "Signal"),
            parts.Col("verdict", "Which is"),
            parts.Col("state", "State"),
        ],
        caption=f"{measure['name']}, {measure['unit']}, latest first",
    )

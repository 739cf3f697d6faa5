"""The panel of the benefits page that follows one measure over time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
import polars as pl
from dash import dcc, html

from dashboards import parts
from dashboards.pages._benefit_charted import charted, signal_title, target_of
from dashboards.urls import address
from partnership._reports import benefit_words as words
from partnership.charts.xmr import xmr_chart
from partnership.wording import month

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State

__all__ = ["by_agency", "choice", "measure_panel", "picker", "series_of"]

_TRIED = 8


def measure_panel(data: Data, state: State) -> Any:
    """Return the panel: the measure in the address, else the first of the goals' measures that was read."""
    measures = {m["id"]: m for m in data.table("measures", state).iter_rows(named=True) if m["unit"] != "£"}
    if not measures:
        return parts.empty(
            "No measure is followed yet", "Fill the sheets Measures and Readings.", key="measure", span="c6"
        )
    chosen, rows = choice(data, state, measures)
    measure = measures[chosen]
    series, others = series_of(rows, state.agency_id)
    target = target_of(data, state, chosen)
    tools = html.Div(
        [picker(measures, chosen), dcc.Store(id="benefits-measure-shown", data=chosen)],
        className="panel-tools",
    )
    known = series.filter(pl.col("value").is_not_null()) if series is not None else None
    last = known.sort("period").row(-1, named=True) if known is not None and known.height else None
    source = _source(measure)
    if series is None or not series.height:
        return parts.panel(
            f"{measure['name']}: read by each agency apart"
            if others
            else words.measure_title(measure["name"], measure["unit"], None, None),
            tools,
            by_agency(others, state, measure)
            if others
            else html.P("No readings yet. They come with the sheet Readings.", className="empty"),
            parts.download_links(state, "measure_readings", "the readings", measure_id=chosen),
            key="measure",
            source=source,
            span="c6",
        )
    found = charted(data, state, measure, series)
    figure = xmr_chart(found.cells, found.chart, measure["unit"], found.notes[-3:], height=330)
    return parts.panel(
        signal_title(measure, found.chart)
        if found.chart.variation
        else words.measure_title(measure["name"], measure["unit"], last, target),
        tools,
        parts.picture(figure, key="benefits-measure-chart", wide=440),
        parts.twin(
            _table(series, measure),
            files=parts.download_links(state, "measure_readings", "the readings", measure_id=chosen),
        ),
        key="measure",
        sub=_sub(measure, series),
        source=source,
        span="c6",
    )


def choice(data: Data, state: State, measures: Mapping[str, Any]) -> tuple[str, pl.DataFrame]:
    """Return the measure asked for with its readings, or the first of the goals' measures that has any."""
    asked = state.extra.get("measure")
    order = [asked] if asked is not None and asked in measures else _in_order(data, state, measures)
    found: list[tuple[str, pl.DataFrame]] = []
    for measure in order[:_TRIED]:
        own = {"measure_id": measure, "own": "yes"}
        plain = data.view("measure_readings", state, agency_id=None, goal_id=None, benefit_class=None, **own)
        series, _ = series_of(plain, state.agency_id)
        if series is not None and series.height > 2:
            return measure, plain
        found.append((measure, plain))
    return max(found, key=lambda pair: pair[1].height) if found else (order[0], pl.DataFrame())


def _in_order(data: Data, state: State, measures: Mapping[str, Any]) -> list[str]:
    """Return the measures: those that move first, then those that tell; the chosen goal's before all."""
    goals = data.table("goals", state).to_dicts()
    goals.sort(key=lambda g: g["id"] != state.goal_id)
    wanted = [g[c] for c in ("leading_measure_id", "measure_id") for g in goals]
    return list(dict.fromkeys([m for m in [*wanted, *measures] if m in measures]))


def series_of(rows: pl.DataFrame, agency_id: str | None) -> tuple[pl.DataFrame | None, list[pl.DataFrame]]:
    """Return the series to draw: the chosen agency's, the partnership's or the only one; else all apart."""
    if not rows.height:
        return None, []
    by_agency = {
        key[0]: part
        for key, part in rows.partition_by("agency_id", as_dict=True, maintain_order=True).items()
    }
    for wanted in (agency_id, None):
        if wanted in by_agency:
            return by_agency[wanted], []
    return (next(iter(by_agency.values())), []) if len(by_agency) == 1 else (None, list(by_agency.values()))


def picker(measures: Mapping[str, Any], chosen: str) -> dmc.Select:
    """Return the list of measures."""
    return dmc.Select(
        id="benefits-measure",
        label="Measure",
        value=chosen,
        allowDeselect=False,
        searchable=False,
        withCheckIcon=False,
        maxDropdownHeight=420,
        data=[
            {"value": i, "label": m["name"]} for i, m in sorted(measures.items(), key=lambda p: p[1]["name"])
        ],
        comboboxProps={"shadow": None, "transitionProps": {"duration": 0}},
    )


def _sub(measure: Mapping[str, Any], series: pl.DataFrame) -> str:
    who = series["agency_name"][0]
    better = {
        "higher": "Higher is better.",
        "lower": "Lower is better.",
        "neither": "Neither higher nor lower is better by itself.",
    }[measure["polarity"]]
    read = f"{who or 'The partnership as a whole'}, read every {measure['frequency']}."
    return f"{read} {better} Provisional hollow, target dashed."


def _source(measure: Mapping[str, Any]) -> str:
    said = [f"Source: {measure['source'].rstrip('.')}." if measure["source"] else "Source: not named."]
    if measure["definition"]:
        said.append(f"Counted: {measure['definition'].rstrip('.')}.")
    elif measure["numerator"] and measure["denominator"]:
        said.append(f"Counted: {measure['numerator']} of {measure['denominator']}.")
    if measure["counts_people"]:
        said.append("Counts of 1 to 5 people are withheld; primary suppression only.")
    return " ".join(said)


def _value(measure: Mapping[str, Any]) -> Callable[[dict[str, Any]], Any]:
    """Return what shows a reading of this measure: its value, or in a word why there is none."""
    return lambda row: (
        parts.state_word(row["missing"] or "no reading")
        if row["value"] is None
        else words.quantity(row["value"], measure["unit"])
    )


def _table(series: pl.DataFrame, measure: Mapping[str, Any]) -> html.Div:
    return parts.table(
        series.sort("period", descending=True),
        [
            parts.Col("period", "Month", month),
            parts.Col("value", "Value", numeric=True, row=_value(measure)),
            parts.Col("state", "State"),
        ],
        caption=f"{measure['name']}, {measure['unit']}, latest first",
    )


def by_agency(others: Sequence[pl.DataFrame], state: State, measure: Mapping[str, Any]) -> html.Div:
    """Return the latest of each agency, each a way to its own chart."""
    latest = [part.sort("period").row(-1, named=True) for part in others]

    def who(row: dict[str, Any]) -> Any:
        return dcc.Link(
            row["agency_name"], href=address(state, agency_id=row["agency_id"]), className="row-link"
        )

    return parts.table(
        latest,
        [
            parts.Col("agency_id", "Agency", row=who),
            parts.Col("period", "Latest month", month),
            parts.Col("value", "Value", numeric=True, row=_value(measure)),
        ],
        caption="Choose an agency to see its readings over time",
    )

"""The chart of a measure by its own stored rules, and its finding in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from partnership._workflows.measure_charts import MeasureChart, measure_chart

if TYPE_CHECKING:
    import polars as pl

    from dashboards.data import Data
    from dashboards.urls import State
    from partnership.spc import Xmr

__all__ = ["charted", "signal_title", "target_of"]

Row = Mapping[str, Any]

_ASSURED = {
    "consistently passes": "the process as it is will meet the target",
    "consistently fails": "the process as it is will not meet the target",
    "may pass or fail": "the process as it is may meet the target or not, by chance",
}


def charted(data: Data, state: State, measure: Row, series: pl.DataFrame) -> MeasureChart:
    """Return the chart of one series of a measure, by its own stored rules."""
    rules = [r for r in data.table("chart_rules", state).to_dicts() if r["measure_id"] == measure["id"]]
    return measure_chart(
        series.to_dicts(),
        measure,
        rules=rules[0] if rules else None,
        annotations=data.table("annotations", state).to_dicts(),
        target=target_of(data, state, measure["id"]),
    )


def signal_title(measure: Row, chart: Xmr) -> str:
    """Return the finding of a chart in a sentence.

    Examples
    --------
    >>> from partnership.spc import xmr
    >>> signal_title({"name": "Repeats", "unit": "%"}, xmr([1, 2]))
    'Repeats: too few readings to tell signal from noise'
    """
    name = measure["name"]
    if chart.variation is None:
        told = {
            "too few for XmR": "too few a period to tell signal from noise by the month",
            "no readings": "nothing has been read yet",
        }.get(chart.standing, "too few readings to tell signal from noise")
        return f"{name}: {told}"
    now = {
        "no special cause": "no signal, only noise",
        "improvement": "better, and it is no chance",
        "concern": "worse, and it is no chance",
        "rise": "it rose, and it is no chance",
        "fall": "it fell, and it is no chance",
    }[chart.variation]
    return f"{name}: {now}{'; ' + _ASSURED[chart.assurance] if chart.assurance else ''}"


def target_of(data: Data, state: State, measure: str) -> Any:
    goals = [
        g
        for g in data.table("goals", state).iter_rows(named=True)
        if g["measure_id"] == measure and g["target_value"] is not None
    ]
    goals.sort(key=lambda g: g["id"] != state.goal_id)
    return goals[0]["target_value"] if goals else None

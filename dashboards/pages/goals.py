"""Goals: the big goal and its way, the goals under it rule by rule, the work that serves them, who gives and gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboards import parts
from dashboards.pages._goal_panels import letters_panel, lineage_panel, loose_panel, parts_panel, rules_panel
from dashboards.parts import Col
from dashboards.urls import address
from partnership import wording
from partnership._reports import goal_words as words
from partnership.charts import goals as charts

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State

TITLE = LABEL = "Goals"
SHOWS_STORE_ONLY = True
FILTERS = ("agency", "goal", "as_of")
VIEWS = ("plan_summary", "measure_series")

Row = Mapping[str, Any]


def layout(data: Data, state: State) -> Any:
    """Return the page."""
    summary = data.summary(state)
    judged = data.goals_judged(state)
    if not summary.get("name"):
        link = dcc.Link("Get or load a workbook", href=address(state, "/data"), className="btn")
        return html.Div(
            [
                parts.say("No plan yet.", then="Load a workbook: its first sheet names the big goal."),
                html.P(link),
            ]
        )
    shown = [one for one in judged.goals if state.goal_id in (None, one.goal.id)]
    return html.Div(
        [
            parts.say(
                html.Strong(summary["bhag"]),
                " ",
                words.stands(summary),
                then=words.then(judged.goals, judged.lineage),
            ),
            parts.guarded(lambda: _path(data, state, summary), "way"),
            parts.guarded(lambda: letters_panel(data, state, shown), "smart"),
            parts.guarded(lambda: lineage_panel(data, state, judged, shown), "lineage"),
            parts.guarded(lambda: _milestones(data, state, shown), "milestones"),
            parts.guarded(lambda: parts_panel(data, state, shown), "gives-gets"),
            parts.cols(
                parts.guarded(lambda: loose_panel(judged.lineage), "loose", span="c5"),
                parts.guarded(rules_panel, "rules", span="c7"),
            ),
        ]
    )


def _path(data: Data, state: State, summary: Row) -> Any:
    measure = summary.get("bhag_measure_id")
    if not measure:
        sentence = (
            "The big goal has no measure: choose one on the sheet Partnership, so that anybody can tell."
        )
        return parts.empty("The way to the shared goal cannot be drawn", sentence, key="way")
    series = data.view("measure_series", state, goal_id=None)
    rows = series.filter(series["measure_id"] == measure)
    unit = summary["bhag_unit"] or ""
    if not rows.height and summary["target_on"] is None:
        return parts.empty(
            "The way to the shared goal cannot be drawn", "It has no reading and no target yet.", key="way"
        )
    columns = [
        Col("period", "Month", show=wording.month),
        Col("value", "Value", show=lambda v: words.in_unit(v, unit), numeric=True),
        Col("numerator", "Above the line", numeric=True),
        Col("denominator", "Below the line", numeric=True),
        Col("is_partial", "Whole?", show=lambda v: parts.state_word("partial") if v else "whole"),
    ]
    return parts.panel(
        words.path_title(summary),
        parts.picture(charts.path(rows, summary, unit), key="way-picture", wide=700),
        parts.twin(
            parts.table(
                rows.sort("period", descending=True), columns, caption=str(summary["bhag_measure_name"])
            ),
            files=parts.download_links(state, "measure_series", measure_id=measure),
        ),
        key="way",
        sub=f"{summary['bhag_measure_name']}. Planned dashed, read solid, partial hollow; better is {summary['bhag_polarity']}.",
        source="Source: readings of the whole partnership. Planned is the straight line from the baseline to the target: "
        "a convention, nobody promised it.",
    )


def _milestones(data: Data, state: State, shown: Sequence[Any]) -> Any:
    table = data.table("goal_milestones", state)
    wanted = {one.goal.id for one in shown}
    steps = [s for s in table.iter_rows(named=True) if s["goal_id"] in wanted]
    today = state.as_of or data.today()
    if not steps:
        sentence = "Write a step or two on the sheet Milestones: what is then true, and by when."
        return parts.empty("No goal has a milestone yet", sentence, key="milestones")
    rows = [one.goal.model_dump() for one in shown]
    titles = {g["id"]: g["title"] for g in rows}
    columns = [
        Col("due_on", "By", show=wording.day),
        Col("goal_id", "Goal", show=lambda v: titles.get(v, v)),
        Col("title", "What is then true"),
        Col("target_value", "The measure then stands at", numeric=True),
        Col("due_on", "Day", show=lambda v: "past" if v <= today else "to come"),
    ]
    return parts.panel(
        words.milestones_title(steps, today),
        parts.picture(charts.milestones(rows, steps, today), key="milestones-picture", wide=760),
        parts.twin(
            parts.table(sorted(steps, key=lambda s: s["due_on"]), columns, caption="Milestones by day")
        ),
        key="milestones",
        sub="A line from the start of work to the target date; a mark for each step, filled where its day is past.",
        source="Source: milestones of each goal. A day that is past does not say that the step was reached.",
    )

"""The figures of the board overview as one table: now, at the last board, plan, and what each means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dashboards import parts
from dashboards.parts import Col
from partnership import wording
from partnership._reports.board_words import in_unit

if TYPE_CHECKING:
    from dash import html

    from dashboards.data import Data
    from dashboards.urls import State

__all__ = ["numbers_table"]

Show = Callable[[Any], str]


def numbers_table(data: Data, state: State, board: dt.date | None) -> html.Div:
    """Return the table that stands under the board overview.

    Parameters
    ----------
    data : Data
        The door to the store.
    state : State
        What the page shows.
    board : date or None
        The last board before the day shown.
    """
    rows = [
        *_goal(data, state),
        *_gaps(data, state, board),
        *_benefit(data, state, board),
        *_promises(data, state, board),
    ]
    then = f"Last board, {wording.short_day(board)}" if board else "Last board"
    columns = [
        Col("name", "Measure"),
        Col("now", "Now", numeric=True, show=str),
        Col("then", then, numeric=True, show=str),
        Col("plan", "Plan or target", numeric=True, show=str),
        Col("means", "Definition"),
    ]
    return parts.table(rows, columns, caption="The figures on this page")


def _row(name: str, now: str, then: str, plan: str, means: str) -> dict[str, Any]:
    return {"name": name, "now": now, "then": then, "plan": plan, "means": means}


def _goal(data: Data, state: State) -> list[dict[str, Any]]:
    goal = data.summary(state)
    if not goal["bhag_measure_id"]:
        return []
    unit = goal["bhag_unit"]
    target = (
        f"{in_unit(goal['target_value'], unit)} by {wording.month(goal['target_on'])}"
        if goal["target_on"]
        else "no target"
    )
    plan = target
    if goal["planned_value"] is not None:
        by = wording.month(goal["latest_period"])
        plan = f"{in_unit(goal['planned_value'], unit)} by {by}, {target}"
    measures = data.table("measures", state)
    means = measures.filter(measures["id"] == goal["bhag_measure_id"])["definition"].to_list()
    now, then = in_unit(goal["latest_value"], unit), in_unit(goal["last_board_value"], unit)
    return [
        _row(
            goal["bhag_measure_name"],
            now,
            then,
            plan,
            (means and means[0]) or "No definition is written down yet",
        )
    ]


def _compared(name: str, now: Any, then: Any, key: str, show: Show, plan: str, means: str) -> dict[str, Any]:
    """Return a figure that has the same name in the row of now and in that of the last board."""
    value = then.get(key) if then else None
    return _row(name, show(now[key]), "not known" if value is None else show(value), plan, means)


def _gaps(data: Data, state: State, board: dt.date | None) -> list[dict[str, Any]]:
    now = data.row("gap_totals", state)
    then = data.row("gap_totals", state, as_of=board) if board else {}
    if not now or not now["gaps"]:
        return []
    bound = f"under {wording.number(data.table('partnership', state)['gap_discuss_ratio'][0])} times"
    means = "Largest over smallest expectation on a common rate, of the measure that is furthest apart"
    stop = "Measures whose ratio reaches the partnership's own bound for stopping and re-defining"
    return [
        _compared("Widest expectation gap", now, then, "widest_ratio", wording.times, bound, means),
        _compared("Measures to re-define", now, then, "redefine", wording.number, "0", stop),
    ]


def _benefit(data: Data, state: State, board: dt.date | None) -> list[dict[str, Any]]:
    now = data.row("benefit_totals", state)
    then = data.row("benefit_totals", state, as_of=board) if board else {}
    if not now or now["latest_period"] is None:
        return []
    read, whole = (_whole_pounds(now[k]) for k in ("compared_gbp", "planned_gbp"))
    real = "Readings in £ to the latest month read, dis-benefits netted"
    share = "Real over the plan of the same months and agencies; what is not read is left out of both"
    plan = f"{read} where read; {whole} in all"
    again = "Real to date less what benefits say that claim the same avoided outcome as a larger one"
    twice = []
    if now["twice_planned_gbp"]:
        seen, all_of_it = (_whole_pounds(now[k]) for k in ("net_compared_gbp", "net_planned_gbp"))
        net = f"{seen} where read; {all_of_it} in all"
        name = "The same, net of double counting"
        twice = [_compared(name, now, then, "net_realised_gbp", _whole_pounds, net, again)]
    gross = ", gross of double counting" if twice else ""
    return [
        _compared(f"Benefit realised to date{gross}", now, then, "realised_gbp", _whole_pounds, plan, real),
        *twice,
        _compared("Share of plan realised", now, then, "realised_share", wording.percent, "100%", share),
    ]


def _whole_pounds(value: Any) -> str:
    return wording.pounds(value, "")


def _promises(data: Data, state: State, board: dt.date | None) -> list[dict[str, Any]]:
    now = data.row("promise_totals", state)
    then = data.row("promise_totals", state, as_of=board) if board else {}
    if not now or not now["made"]:
        return []
    late = "Past the first due date agreed, not delivered"
    held = "Current plan of the benefits that wait for overdue promises, each counted once"
    kept = "Delivered on or before the first due date, over those fallen due"
    return [
        _compared("Promises overdue", now, then, "overdue", wording.number, "0", late),
        _compared("Benefit held up", now, then, "held_up_gbp", wording.pounds, "£0", held),
        _compared("Kept on time of those due", now, then, "on_time_share", wording.percent, "100%", kept),
    ]

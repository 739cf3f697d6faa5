"""The panels of the benefits page that part the money: by agency, by class, by goal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboards import parts
from dashboards.urls import address
from partnership._reports import benefit_words as words
from partnership.charts import benefits as charts
from partnership.wording import month, percent, pounds, unit_of

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State as PageState

__all__ = ["by_agency", "by_class", "by_goal"]

_OUT_OF_PLAN = 0.9


def by_agency(
    data: Data, state: PageState, totals: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
) -> Any:
    """Return who gains, how much of it is real, and what is not read."""
    if not rows:
        return parts.empty(
            "Nothing is planned by agency yet",
            "Say on the sheet Benefit shares to whom each falls.",
            key="by-agency",
            span="c6",
        )
    partners = data.partners(state)
    share = _off_plan_share(data, state)
    figure = charts.realised_by(rows, {i: p.mark for i, p in partners.items()})
    return parts.panel(
        words.agencies_title(rows, share),
        parts.picture(figure, key="benefits-by-agency", wide=480),
        parts.twin(
            _by_table(rows, state, "agency_id", "agency_name", "Agency", totals),
            files=parts.download_links(state, "benefit_by_agency", "the agencies"),
        ),
        key="by-agency",
        sub="Realised to date by the agency that gains. Black tick: planned. Choose a bar to see it alone.",
        source=_adds_up(totals),
        span="c6",
    )


def _off_plan_share(data: Data, state: PageState) -> float:
    partnership = data.table("partnership", state)
    return float(partnership["off_plan_share"][0]) / 100 if partnership.height else _OUT_OF_PLAN


def _adds_up(totals: Mapping[str, Any]) -> str:
    if totals.get("realised_gbp") is None:
        return f"Rows add up to {pounds(totals.get('planned_gbp') or 0, '')} planned to date."
    real, compared = pounds(totals["realised_gbp"], ""), pounds(totals["compared_gbp"], "")
    said = f"Rows add up to {real} of {compared} planned with readings"
    return (
        f"{said}, {pounds(totals['planned_gbp'], '')} in all."
        if totals.get("planned_gbp") is not None
        else f"{said}."
    )


def _by_table(
    rows: Sequence[Mapping[str, Any]],
    state: PageState,
    key: str,
    name: str,
    heading: str,
    totals: Mapping[str, Any],
) -> html.Div:
    def linked(row: dict[str, Any]) -> Any:
        if row[key] is None:
            return "No one named" if key == "agency_id" else "No goal"
        return dcc.Link(row[name], href=address(state, **{key: row[key]}), className="row-link")

    def real(row: dict[str, Any]) -> Any:
        if row["realised_gbp"] is None:
            return row["missing"] or "no reading"
        return parts.rows_link(pounds(row["realised_gbp"], ""), state, "benefit_months", **{key: row[key]})

    def unread(row: dict[str, Any]) -> str:
        return (
            f"{pounds(row['not_read_gbp'], '')} {row['missing'] or 'no reading'}"
            if row["not_read_gbp"]
            else ""
        )

    share = totals.get("realised_share")
    return parts.table(
        [dict(r) for r in rows],
        [
            parts.Col(key, heading, row=linked),
            parts.Col("planned_gbp", "Planned", lambda v: "" if v is None else pounds(v, ""), numeric=True),
            parts.Col("realised_gbp", "Realised", numeric=True, row=real),
            parts.Col("realised_share", "Share", lambda v: "" if v is None else percent(v), numeric=True),
            parts.Col("not_read_gbp", "Not read", numeric=True, row=unread),
        ],
        caption=f"By {heading.casefold()}, to {month(totals['latest_period'])}"
        if totals.get("latest_period")
        else f"By {heading.casefold()}",
        foot=[
            "Total with readings",
            pounds(totals.get("compared_gbp") or 0, ""),
            pounds(totals.get("realised_gbp") or 0, ""),
            percent(share) if share is not None else "",
            pounds(totals.get("not_read_gbp") or 0, ""),
        ],
    )


def by_class(data: Data, state: PageState) -> Any:
    """Return the classes side by side, never added up."""
    rows = data.view("benefit_by_class", state).to_dicts()
    if not rows:
        return parts.empty(
            "No class has a plan to date",
            "The plan of every benefit starts later than its first reading.",
            key="by-class",
            span="c6",
        )
    unit = unit_of(*(r[c] for r in rows for c in ("realised_gbp", "compared_gbp", "planned_gbp")))
    blocks = [_class_block(row, state, unit) for row in rows]
    return parts.panel(
        "Cash, capacity and no release are three different things",
        html.Dl(blocks, className="numbers"),
        parts.twin(_class_table(rows), files=parts.download_links(state, "benefit_by_class", "the classes")),
        key="by-class",
        sub="Real to date of what was planned where read. They are never added into one headline.",
        source="Only cash-releasing benefit can leave a budget; capacity released is time and beds that are "
        "used for something else.",
        span="c6",
    )


def _class_block(row: Mapping[str, Any], state: PageState, unit: str) -> html.Div:
    chosen = state.benefit_class == row["benefit_class"]
    href = address(state, benefit_class=None if chosen else row["benefit_class"])
    if row["realised_gbp"] is None:
        figure: Any = parts.state_word(row["missing"] or "no reading")
    else:
        figure = parts.rows_link(
            pounds(row["realised_gbp"], unit), state, "benefit_months", benefit_class=row["benefit_class"]
        )
    share = f": {percent(row['realised_share'])}" if row["realised_share"] is not None else ""
    unread = f"{pounds(row['not_read_gbp'], unit)} of plan not read" if row["not_read_gbp"] else None
    return html.Div(
        [
            html.Dt(
                dcc.Link(
                    f"{words.class_label(row['benefit_class'])}{', shown alone' if chosen else ''}",
                    href=href,
                    className="row-link",
                )
            ),
            html.Dd(figure, className="figure"),
            html.Dd(f"of {pounds(row['compared_gbp'] or 0, unit)} planned{share}"),
            html.Dd(unread) if unread else None,
        ]
    )


def _class_table(rows: Sequence[Mapping[str, Any]]) -> html.Div:
    def money(value: Any) -> str:
        return "" if value is None else pounds(value, "")

    return parts.table(
        [dict(r) for r in rows],
        [
            parts.Col("benefit_class", "Class", words.class_label),
            parts.Col("planned_gbp", "Planned", money, numeric=True),
            parts.Col("compared_gbp", "Planned where read", money, numeric=True),
            parts.Col(
                "realised_gbp",
                "Real",
                numeric=True,
                row=lambda r: (
                    r["missing"] or "no reading" if r["realised_gbp"] is None else money(r["realised_gbp"])
                ),
            ),
            parts.Col("realised_share", "Share", lambda v: "" if v is None else percent(v), numeric=True),
        ],
        caption="By class, to date; no total on purpose",
    )


def by_goal(data: Data, state: PageState) -> Any:
    """Return how much is real for each goal."""
    rows = data.view("benefit_by_goal", state).to_dicts()
    totals = data.row("benefit_totals", state)
    if not rows:
        return parts.empty(
            "No goal has a benefit with a plan to date",
            "Name the goal of each benefit on the sheet Benefits.",
            key="by-goal",
            span="c6",
        )
    named = [{**r, "goal_title": r["goal_title"] or "No goal"} for r in rows]
    return parts.panel(
        words.goals_title(rows),
        parts.picture(
            charts.realised_by(named, key="goal_id", name="goal_title"), key="benefits-by-goal", wide=480
        ),
        parts.twin(
            _by_table(rows, state, "goal_id", "goal_title", "Goal", totals),
            files=parts.download_links(state, "benefit_by_goal", "the goals"),
        ),
        key="by-goal",
        sub="Realised to date by goal. Choose a bar to see that goal alone.",
        source=_adds_up(totals),
        span="c6",
    )

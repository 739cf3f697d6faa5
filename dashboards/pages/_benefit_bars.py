"""The panels of the benefits page that part the money: by agency, by class, by goal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboards import parts
from dashboards.urls import address
from partnership import wording
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
        sub=f"Realised to date by the agency that gains{_gross(rows)}. Black tick: planned. Choose a bar to "
        "see it alone.",
        source=_adds_up(totals),
        span="c6",
    )


def _off_plan_share(data: Data, state: PageState) -> float:
    partnership = data.table("partnership", state)
    return float(partnership["off_plan_share"][0]) / 100 if partnership.height else _OUT_OF_PLAN


def _is_twice(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether anything here is claimed twice: the figures are then said to be gross, with net beside."""
    return any(r[f"twice_{c}_gbp"] for r in rows for c in ("planned", "compared", "realised"))


def _gross(rows: Sequence[Mapping[str, Any]]) -> str:
    return ", gross of double counting" if _is_twice(rows) else ""


def _net_columns(rows: Sequence[Mapping[str, Any]]) -> list[parts.Col]:
    """Return the columns of what is counted twice and of what is left, where anything is."""

    def money(value: Any) -> str:
        return "" if value is None else pounds(value, "")

    shown = {
        "twice_planned_gbp": "Planned, counted twice",
        "net_planned_gbp": "Planned, net",
        "twice_realised_gbp": "Real, counted twice",
        "net_realised_gbp": "Real, net",
    }
    return [parts.Col(c, label, money, numeric=True) for c, label in shown.items()] if _is_twice(rows) else []


def _adds_up(totals: Mapping[str, Any]) -> str:
    said = _adds_up_gross(totals)
    if not totals.get("twice_realised_gbp") and not totals.get("twice_planned_gbp"):
        return said
    net = {c: pounds(totals.get(f"net_{c}_gbp") or 0, "") for c in ("planned", "realised")}
    return (
        f"{said} These are gross. Net of double counting: {net['realised']} real, {net['planned']} planned."
    )


def _adds_up_gross(totals: Mapping[str, Any]) -> str:
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
            return wording.unread(row["missing"])
        return parts.rows_link(pounds(row["realised_gbp"], ""), state, "benefit_months", **{key: row[key]})

    def unread(row: dict[str, Any]) -> str:
        return (
            f"{pounds(row['not_read_gbp'], '')} {wording.unread(row['missing'])}"
            if row["not_read_gbp"]
            else ""
        )

    share, said = totals.get("realised_share"), ", gross" if _is_twice(rows) else ""
    net = _net_columns(rows)
    return parts.table(
        [dict(r) for r in rows],
        [
            parts.Col(key, heading, row=linked),
            parts.Col(
                "planned_gbp", f"Planned{said}", lambda v: "" if v is None else pounds(v, ""), numeric=True
            ),
            parts.Col("realised_gbp", f"Realised{said}", numeric=True, row=real),
            parts.Col("realised_share", "Share", lambda v: "" if v is None else percent(v), numeric=True),
            parts.Col("not_read_gbp", "Not read", numeric=True, row=unread),
            *net,
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
            *(pounds(totals.get(c.name.replace("planned", "compared")) or 0, "") for c in net),
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
        sub=f"Real to date of what was planned where read{_gross(rows)}. They are never added into one "
        "headline.",
        source="Only cash-releasing benefit can leave a budget; capacity released is time and beds that are "
        "used for something else.",
        span="c6",
    )


def _class_block(row: Mapping[str, Any], state: PageState, unit: str) -> html.Div:
    chosen = state.benefit_class == row["benefit_class"]
    href = address(state, benefit_class=None if chosen else row["benefit_class"])
    if row["realised_gbp"] is None:
        figure: Any = parts.state_word(wording.unread(row["missing"]))
    else:
        figure = parts.rows_link(
            pounds(row["realised_gbp"], unit), state, "benefit_months", benefit_class=row["benefit_class"]
        )
    share = f": {percent(row['realised_share'])}" if row["realised_share"] is not None else ""
    unread = f"{pounds(row['not_read_gbp'], unit)} of plan not read" if row["not_read_gbp"] else None
    net = f"{pounds(row['net_realised_gbp'] or 0, unit)} net of double counting" if _is_twice([row]) else None
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
            html.Dd(net) if net else None,
            html.Dd(unread) if unread else None,
        ]
    )


def _class_table(rows: Sequence[Mapping[str, Any]]) -> html.Div:
    def money(value: Any) -> str:
        return "" if value is None else pounds(value, "")

    said = ", gross" if _is_twice(rows) else ""
    return parts.table(
        [dict(r) for r in rows],
        [
            parts.Col("benefit_class", "Class", words.class_label),
            parts.Col("planned_gbp", f"Planned{said}", money, numeric=True),
            parts.Col("compared_gbp", f"Planned where read{said}", money, numeric=True),
            parts.Col(
                "realised_gbp",
                f"Real{said}",
                numeric=True,
                row=lambda r: (
                    wording.unread(r["missing"]) if r["realised_gbp"] is None else money(r["realised_gbp"])
                ),
            ),
            parts.Col("realised_share", "Share", lambda v: "" if v is None else percent(v), numeric=True),
            *_net_columns(rows),
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
        sub=f"Realised to date by goal{_gross(rows)}. Choose a bar to see that goal alone.",
        source=_adds_up(totals),
        span="c6",
    )

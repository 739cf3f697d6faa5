"""Pictures of benefits: what is real against what was planned, over time, by agency, and the run of one measure.

Planned is dashed, real is solid, provisional is hollow, missing is hatched and named. Amounts come from the views as they
are: a picture places them and writes them, and works out none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from partnership.charts._axes import amounts, clear, money_words, months_axis, spread, wrapped
from partnership.charts._realised_by import realised_by
from partnership.charts._run_chart import run_chart
from partnership.charts.theme import TOKENS, blank_figure, checked, safe, text
from partnership.wording import day, month, pounds, unit_of

if TYPE_CHECKING:
    import polars as pl

__all__ = ["realisation", "realised_by", "run_chart"]

_HEIGHT = 380
_MARGIN = (64, 208, 16, 50)


def realisation(
    months: pl.DataFrame,
    totals: Mapping[str, Any],
    rebaselines: Iterable[tuple[dt.date, str]] = (),
    *,
    height: int = _HEIGHT,
) -> go.Figure:
    """Draw planned and real benefit, added up month by month.

    The original plan is grey dots, the current plan dashed, the real one solid; months that may still change are hollow on
    a wash band, months without any reading are hatched. At the latest month the shortfall is parted into what is behind
    the plan that can be compared and what has no reading.

    Parameters
    ----------
    months : polars.DataFrame
        The view ``benefit_realisation``: one row a month, pounds.
    totals : Mapping[str, Any]
        The row of the view ``benefit_totals``.
    rebaselines : Iterable of (date, str)
        Days on which the plan was changed, and why.
    height : int
        Pixels.

    Returns
    -------
    plotly.graph_objects.Figure
        Its traces are named "Original plan", "Current plan", "Real" and "Provisional"; y is pounds.

    Raises
    ------
    InvalidInput
        If the frame is not the view it is made for.
    """
    frame = checked(
        months,
        "period",
        "cum_original_gbp",
        "cum_planned_gbp",
        "cum_realised_gbp",
        "cum_compared_gbp",
        "is_provisional",
        "has_reading",
    ).sort("period")
    rows = frame.to_dicts()
    changes = sorted(rebaselines)
    latest = totals.get("latest_period")
    figure = blank_figure(_realisation_alt(rows, totals, changes), height=height, margin=_MARGIN)
    if not rows:
        return figure
    read = [r for r in rows if latest is not None and r["period"] <= latest]
    figure.update_layout(xaxis=months_axis([r["period"] for r in rows]), yaxis=_money_axis(rows, read))
    firm, soft = _firm_and_soft(read)
    _bands(figure, read)
    original_differs = any(r["cum_original_gbp"] != r["cum_planned_gbp"] for r in rows)
    if original_differs:
        _line(
            figure,
            "Original plan",
            rows,
            "cum_original_gbp",
            {"color": TOKENS["grey"], "width": 2, "dash": "2px 5px"},
        )
    _line(
        figure,
        "Current plan",
        rows,
        "cum_planned_gbp",
        {"color": TOKENS["blue"], "width": 2.5, "dash": "8px 6px"},
    )
    _line(figure, "Real", firm, "cum_realised_gbp", {"color": TOKENS["blue"], "width": 4}, last_mark=True)
    _line(
        figure,
        "Provisional",
        soft,
        "cum_realised_gbp",
        {"color": TOKENS["blue"], "width": 2},
        hollow_from=1 if firm else 0,
    )
    _ends(figure, rows, height, changes, original_differs)
    _notes(figure, rows, changes, height)
    if read:
        _shortfall(figure, rows, read[-1], totals)
    return figure


def _firm_and_soft(
    read: Sequence[Mapping[str, Any]],
) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """Part the months at the first provisional one: a running total over it may still change, so all after it is soft."""
    known = [r for r in read if r["has_reading"]]
    first = next((i for i, r in enumerate(known) if r["is_provisional"]), len(known))
    return known[:first], known[max(first - 1, 0) :] if first < len(known) else []


def _line(
    figure: go.Figure,
    name: str,
    rows: Sequence[Mapping[str, Any]],
    column: str,
    line: dict[str, Any],
    *,
    last_mark: bool = False,
    hollow_from: int | None = None,
) -> None:
    marker: dict[str, Any] | None = None
    count = len(rows)
    if last_mark:
        marker = {
            "size": [0] * (count - 1) + [10] * bool(count),
            "color": TOKENS["blue"],
            "opacity": 1,
            "line": {"width": 0},
        }
    if hollow_from is not None:
        sizes = [0] * min(hollow_from, count) + [12] * max(count - hollow_from, 0)
        marker = {
            "size": sizes,
            "color": TOKENS["paper"],
            "opacity": 1,
            "line": {"color": TOKENS["blue"], "width": [2.5 if s else 0 for s in sizes]},
        }
    figure.add_scatter(
        x=[r["period"] for r in rows],
        y=[r[column] for r in rows],
        name=name,
        mode="lines+markers" if marker else "lines",
        line=line,
        marker=marker,
        hovertext=[f"{name}, {month(r['period'])}: {pounds(r[column])}" for r in rows],
        hoverinfo="text",
    )


def _money_axis(rows: Sequence[Mapping[str, Any]], read: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    planned = [r[c] for r in rows for c in ("cum_original_gbp", "cum_planned_gbp")]
    values = [float(v) for v in [*planned, *(r["cum_realised_gbp"] for r in read)] if v is not None]
    ticks = amounts(values)
    return {
        "range": [min(ticks[0], *values), max(ticks[-1], *values)],
        "showgrid": True,
        "zeroline": True,
        "tickvals": ticks,
        "ticktext": money_words(ticks),
        "tickfont": {"size": 15, "color": TOKENS["ink-2"]},
        "ticklabelstandoff": 8,
    }


def _bands(figure: go.Figure, read: Sequence[Mapping[str, Any]]) -> None:
    """Shade the months that may still change; hatch those with no reading at all after the first."""
    half = dt.timedelta(days=15)
    soft = [r["period"] for r in read if r["is_provisional"]]
    if soft:
        figure.add_shape(
            type="rect",
            layer="below",
            yref="paper",
            y0=0,
            y1=1,
            x0=soft[0] - half,
            x1=soft[-1] + half,
            fillcolor=TOKENS["wash"],
            line={"width": 0},
        )
        figure.add_annotation(
            **text("provisional", size=14, colour="ink-2"),
            x=soft[0] + (soft[-1] - soft[0]) / 2,
            y=1,
            yref="paper",
            yanchor="top",
            yshift=-4,
        )
    begun = False
    gaps = []
    for row in read:
        begun = begun or bool(row["has_reading"])
        if begun and not row["has_reading"]:
            gaps.append(row["period"])
    for gap in gaps:
        figure.add_shape(
            type="rect",
            layer="below",
            yref="paper",
            y0=0,
            y1=1,
            x0=gap - half,
            x1=gap + half,
            fillcolor=TOKENS["grey-tint"],
            line={"width": 0},
        )
        figure.add_annotation(
            **text("no reading", size=13, colour="ink-2"),
            x=gap,
            y=0,
            yref="paper",
            yanchor="bottom",
            textangle=-90,
        )


def _ends(
    figure: go.Figure,
    rows: Sequence[Mapping[str, Any]],
    height: int,
    changes: Sequence[tuple[dt.date, str]],
    original_differs: bool,
) -> None:
    last = rows[-1]
    unit = unit_of(last["cum_original_gbp"], last["cum_planned_gbp"])
    since = f"Plan since {month(changes[-1][0]).split()[0]}" if changes and original_differs else "Plan"
    labels = [
        (float(last["cum_planned_gbp"] or 0), f"{since} {pounds(last['cum_planned_gbp'], unit)}", "ink")
    ]
    if original_differs:
        labels.append(
            (
                float(last["cum_original_gbp"] or 0),
                f"Original plan {pounds(last['cum_original_gbp'], unit)}",
                "ink-2",
            )
        )
    low, high = figure.layout.yaxis.range
    per_pixel = (high - low) / (height - _MARGIN[2] - _MARGIN[3])
    for place, (_, words, colour) in zip(
        spread([v for v, _, _ in labels], 20 * per_pixel), labels, strict=True
    ):
        figure.add_annotation(
            **text(words, colour=colour), x=1, xref="paper", xanchor="left", xshift=14, y=place
        )


def _notes(
    figure: go.Figure, rows: Sequence[Mapping[str, Any]], changes: Sequence[tuple[dt.date, str]], height: int
) -> None:
    low, high = figure.layout.yaxis.range
    per_pixel = (high - low) / (height - _MARGIN[2] - _MARGIN[3])
    by_period = {r["period"]: r for r in rows}
    for changed_on, why in changes:
        row = by_period.get(changed_on.replace(day=1))
        if row is None:
            continue
        plan = float(row["cum_planned_gbp"] or 0)
        top = max(float(row["cum_original_gbp"] or 0), plan)
        foot, head = plan + 6 * per_pixel, top + 62 * per_pixel
        figure.add_shape(
            type="line",
            x0=row["period"],
            x1=row["period"],
            y0=foot,
            y1=head,
            line={"color": TOKENS["edge"], "width": 1},
        )
        words = f"Re-baselined {day(changed_on)}<br><span style='font-size:14px;color:{TOKENS['ink-2']}'>{wrapped(safe(why), 44)}</span>"
        share = rows.index(row) / max(len(rows) - 1, 1)
        figure.add_annotation(
            text=words,
            font={"size": 15, "color": TOKENS["ink"]},
            bgcolor=clear(0.85),
            x=row["period"],
            y=head,
            yanchor="bottom",
            xanchor="left" if share < 0.12 else "right" if share > 0.9 else "center",
            yshift=2,
        )


def _shortfall(
    figure: go.Figure, rows: Sequence[Mapping[str, Any]], latest: Mapping[str, Any], totals: Mapping[str, Any]
) -> None:
    """Draw the gap at the latest month in its two parts, and say them."""
    at, real, compared, planned = (
        latest[c] for c in ("period", "cum_realised_gbp", "cum_compared_gbp", "cum_planned_gbp")
    )
    parts = (("Behind", real, compared, "solid"), ("Not read", compared, planned, "2px 3px"))
    for name, foot, head, dash in parts:
        if foot is not None and head is not None and foot != head:
            figure.add_scatter(
                x=[at, at],
                y=[foot, head],
                mode="lines",
                name=name,
                line={"color": TOKENS["ink"], "width": 1.8, "dash": dash},
                hoverinfo="skip",
            )
    figure.add_scatter(
        x=[at],
        y=[planned],
        mode="markers",
        name="Planned to date",
        marker={"size": 7, "color": TOKENS["ink"], "opacity": 1},
        hoverinfo="skip",
    )
    unit = unit_of(real, compared, planned)
    behind, unread = totals.get("behind_gbp"), totals.get("not_read_gbp")
    lines = [f"<b style='font-size:18px'>{pounds(real, unit)} real</b>"]
    if behind:
        where = f"{pounds(abs(behind), unit)} {'behind' if behind > 0 else 'ahead of'} comparable plan"
        lines.append(where + ("," if unread else ""))
    if unread:
        lines.append(
            f"<span style='color:{TOKENS['ink-2']}'>{pounds(unread, unit)} of plan has no reading</span>"
        )
    right = (rows.index(latest) / max(len(rows) - 1, 1)) < 0.97
    figure.add_annotation(
        text="<br>".join(lines),
        align="left" if right else "right",
        font={"size": 15, "color": TOKENS["ink"]},
        bgcolor=clear(0.75),
        x=at,
        y=real,
        xanchor="left" if right else "right",
        yanchor="top",
        xshift=24 if right else -10,
        yshift=-14,
    )


def _realisation_alt(
    rows: Sequence[Mapping[str, Any]], totals: Mapping[str, Any], changes: Sequence[tuple[dt.date, str]]
) -> str:
    if not rows:
        return "No benefit has a plan by month yet."
    latest = totals.get("latest_period")
    last = rows[-1]
    unit = unit_of(last["cum_original_gbp"], last["cum_planned_gbp"])
    end = f"By {month(last['period'])} the plan is {pounds(last['cum_planned_gbp'], unit)}, originally {pounds(last['cum_original_gbp'], unit)}."
    if latest is None:
        return f"Planned benefit, added up. {end} Nothing has been read yet."
    now = next((r for r in rows if r["period"] == latest), last)
    soft = [month(r["period"]) for r in rows if r["is_provisional"] and r["period"] <= latest]
    said = [
        f"Benefit added up month by month. By {month(latest)}: original plan {pounds(now['cum_original_gbp'], unit)}, "
        f"current plan {pounds(now['cum_planned_gbp'], unit)}, real {pounds(now['cum_realised_gbp'], unit)}",
        f", of which {' and '.join(soft)} {'is' if len(soft) == 1 else 'are'} provisional. "
        if soft
        else ". ",
        end,
        "".join(f" Re-baselined {day(on)}: {why}." for on, why in changes),
    ]
    return "".join(said)

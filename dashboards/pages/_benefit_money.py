"""Writing to one benefit: its readings in pounds, and what happened in a month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl
from dash import dcc, html

from dashboards import forms
from dashboards.forms import Desk, Field, Form, Grid
from dashboards.pages._benefit_editing import approves, mending, reading_fields, reading_rows
from dashboards.urls import address
from partnership.wording import listing

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.data import Data
    from dashboards.urls import State as PageState

__all__ = ["MONEY", "OPEN", "money_desk", "register"]

OPEN = ("value", "missing", "missing_note", "state", "source")
"""Fields of a reading in pounds that may be mended."""

NOTE = Form("money-note", "annotations", ("period", "text"), ("benefit_id",))
READING = Form(
    "money-new", "readings", ("period", "agency_id", *OPEN), ("measure_id", "benefit_id"), approves
)


def _rows(data: Data, state: PageState) -> list[dict[str, Any]]:
    return reading_rows(data, state, benefit_id=state.extra.get("benefit", ""))


MONEY = Desk("money", (NOTE, READING), Grid("money-grid", "readings", OPEN, _rows, approves))


def register(app: Dash, data: Data) -> None:
    """Add the callbacks of this desk."""
    forms.register(app, data, MONEY)


def money_desk(data: Data, state: PageState, benefit: Mapping[str, Any]) -> list[Any]:
    """Return the way to write to a benefit, once it is asked for; or why nothing can be written."""
    stop = forms.refused(data, state)
    if stop:
        return [stop]
    if state.extra.get("open") != "money":
        href = f"{address(state, open='money')}#money-editing"
        link = dcc.Link("Write or mend readings in £, or note what happened", href=href, className="btn")
        return [html.P(link, className="files")]
    measure = _measure(data, state, benefit["id"])
    note = forms.form_of(
        NOTE,
        [
            Field("period", "Month, as in 2026-02"),
            Field("text", "What happened, in one line, without names of people", wide=True),
        ],
        title="Note what happened in a month",
        button="Save the note",
        fixed={"benefit_id": benefit["id"]},
    )
    rows = _rows(data, state)
    grid = (
        mending(rows, OPEN, key="money-grid", label="Readings in pounds of this benefit")
        if rows
        else html.P("Nothing was read for it yet: write the first reading above.", className="empty")
    )
    return [
        html.Div(
            [
                html.H3("Write to this benefit"),
                html.P([_stored(data, state, benefit), forms.DECLARED], className="sub"),
                forms.desk(
                    data,
                    "money",
                    "As handed in",
                    note,
                    _new(data, state, benefit, measure),
                    grid,
                ),
            ],
            id="money-editing",
        )
    ]


def _measure(data: Data, state: PageState, benefit: str) -> str | None:
    """Return the measure in £ that this benefit's money is read by: its own, or the plan's first."""
    readings = data.table("readings", state)
    if readings.height:
        own = readings.filter(pl.col("benefit_id") == benefit)["measure_id"].mode().sort()
        if own.len():
            return str(own[0])
    measures = data.table("measures", state)
    pounds = measures.filter(pl.col("unit") == "£")["id"].sort() if measures.height else None
    return str(pounds[0]) if pounds is not None and pounds.len() else None


def _new(data: Data, state: PageState, benefit: Mapping[str, Any], measure: str | None) -> Any:
    if measure is None:
        return html.P(
            "The plan has no measure in £ to read a benefit’s money by: write one on the sheet Measures.",
            className="empty",
        )
    return forms.form_of(
        READING,
        reading_fields(data, state, OPEN),
        title="Write a new reading in £",
        button="Save the reading",
        sub="A month that is there already shows both values first. A blank is never nought: say "
        "what kind of missing it is.",
        fixed={"measure_id": measure, "benefit_id": benefit["id"]},
    )


def _stored(data: Data, state: PageState, benefit: Mapping[str, Any]) -> str:
    """Return what is stored, and what is worked out from it and therefore cannot be written here."""
    shares = data.table("benefit_shares", state)
    held = (
        shares.filter(pl.col("benefit_id") == benefit["id"])["agency_id"].to_list() if shares.height else []
    )
    partners = data.partners(state)
    who = listing([partners[a].short for a in held if a in partners], last="and")
    split = (
        f" A reading that names no agency is split by the agreed shares ({who}): the parts are worked out, "
        "and only the reading is written."
        if len(held) > 1
        else ""
    )
    return f"Readings are stored as handed in, in £; totals, shares and forecasts follow from them.{split} "

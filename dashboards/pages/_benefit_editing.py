"""Writing to a chart: notes on a month, which may restart the limits, readings, and the chart's settings."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
from dash import dcc, html

from dashboards import editing, forms, parts
from dashboards.editing import EditCol
from dashboards.forms import Desk, Field, Form, Grid
from dashboards.urls import address
from partnership import wording
from partnership.spc import Rules
from partnership.tables import columns_of

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.data import Data
    from dashboards.urls import State as PageState

__all__ = [
    "NOTE",
    "OPEN",
    "READING",
    "RULES",
    "SIGNAL",
    "approves",
    "editing_panels",
    "mending",
    "reading_rows",
    "register",
]

OPEN = ("value", "numerator", "denominator", "missing", "missing_note", "state", "source")
"""Fields of a reading that may be mended; what was read by whom for which month is locked."""

_MOST = 240
_LABELS = {
    "value": "Value",
    "numerator": "Above the line",
    "denominator": "Below the line",
    "missing": "Kind of missing",
    "missing_note": "Reason as given",
    "state": "State",
    "source": "Source",
}
_SETTINGS = {
    "shift_points": "Readings on one side that make a shift",
    "trend_points": "Readings one way that make a trend",
    "two_in_three": "Two of three near a limit are a signal",
    "limit_factor": "Average moving ranges from mean to limit",
    "screens_ranges": "Very large moving ranges left out once",
    "screen_factor": "Very large: so many averages",
    "least_readings": "No limits below so many readings",
    "baseline_readings": "Limits from the first so many readings; blank: all",
    "least_average_count": "No limits for counts that average below",
    "reason": "Why these, and who agreed them",
}
_FLAGS = ("two_in_three", "screens_ranges")
_YES_NO = {"yes": "yes", "no": "no"}


def approves(values: Mapping[str, Any]) -> str | None:
    """Return the field for the role that approves a reading, where its new state is "approved".

    Examples
    --------
    >>> approves({"state": "approved"}), approves({"value": "5"})
    ('approved_by_role_id', None)
    """
    return "approved_by_role_id" if values.get("state") == "approved" else None


NOTE = Form("signal-note", "annotations", ("period", "text", "restarts_limits"), ("measure_id",))
READING = Form("signal-new", "readings", ("period", "agency_id", *OPEN), ("measure_id",), approves)
RULES = Form("signal-rules", "chart_rules", tuple(_SETTINGS), ("measure_id",))


def _rows(data: Data, state: PageState) -> list[dict[str, Any]]:
    return reading_rows(data, state, measure_id=state.extra.get("measure", ""))


SIGNAL = Desk(
    "signal",
    (NOTE, READING, RULES),
    Grid("signal-grid", "readings", OPEN, _rows, approves),
)


def register(app: Dash, data: Data) -> None:
    """Add the callbacks: a note, a reading, settings, a cell mended, mine over theirs."""
    forms.register(app, data, SIGNAL)


def editing_panels(data: Data, state: PageState, measure: Mapping[str, Any]) -> list[Any]:
    """Return the panel in which notes, readings and settings are written, or why they cannot be."""
    shut = editing.closed(data, state, "signal-editing")
    if shut is not None:
        return [shut]
    fixed = {"measure_id": measure["id"]}
    return [
        parts.panel(
            "Note what happened, write or mend a reading, or set this chart’s rules",
            forms.desk(
                data,
                "signal",
                "As handed in",
                forms.form_of(
                    NOTE,
                    _note_fields(),
                    title="Note what happened in a month",
                    button="Save the note",
                    fixed=fixed,
                ),
                forms.form_of(
                    READING,
                    reading_fields(data, state, OPEN),
                    title="Write a new reading",
                    button="Save the reading",
                    sub="A month that is there already shows both values first. A blank is never nought: "
                    "say what kind of missing it is.",
                    fixed=fixed,
                ),
                _rules_form(data, state, measure),
                _mending(data, state, measure),
            ),
            key="signal-editing",
            sub=forms.DECLARED,
        )
    ]


def _note_fields() -> list[Field]:
    limits = {"no": "go on", "yes": "start afresh: the process changed for good"}
    return [
        Field("period", "Month, as in 2026-02"),
        Field("text", "What happened, in one line", wide=True),
        Field("restarts_limits", "Limits", limits, "no"),
    ]


def reading_fields(data: Data, state: PageState, names: tuple[str, ...]) -> list[Field]:
    """Return the fields of a reading: month, agency, then those named; not yet approved at first."""
    members = {p.id: p.name for p in data.partners(state).values() if p.is_member}
    lists = {n: forms.choices_of("readings", n) for n in ("missing", "state")}
    lists["missing"] = {"": "nothing is missing", **lists["missing"]}
    first = {"state": "not yet approved", "missing": ""}
    return [
        Field("period", "Month, as in 2026-02"),
        Field("agency_id", "Agency", {"": "the partnership as a whole", **members}, state.agency_id or ""),
        *(
            Field(n, _LABELS[n], lists.get(n), first.get(n, ""), wide=n in ("missing_note", "source"))
            for n in names
        ),
    ]


def _rules_form(data: Data, state: PageState, measure: Mapping[str, Any]) -> html.Details:
    from partnership._workflows.measure_charts import rules_of

    table = data.table("chart_rules", state)
    own = table.filter(pl.col("measure_id") == measure["id"]).to_dicts() if table.height else []
    used: Rules = rules_of(own[0] if own else None)
    screens = used.screen_factor is not None
    values = {
        **{n: getattr(used, n) for n in _SETTINGS if hasattr(used, n)},
        "screens_ranges": screens,
        "screen_factor": used.screen_factor if screens else Rules().screen_factor,
        "reason": own[0]["reason"] if own else None,
    }
    return forms.form_of(
        RULES,
        [
            Field(
                n,
                label,
                _YES_NO if n in _FLAGS else None,
                ("yes" if values[n] else "no") if n in _FLAGS else _text(values[n]),
                wide=n == "reason",
            )
            for n, label in _SETTINGS.items()
        ],
        title="Set the rules of this chart",
        button="Save the rules",
        sub="They hold for this measure alone. "
        + (
            "These are its own." if own else "None are stored: these are the defaults of “Making Data Count”."
        ),
        fixed={"measure_id": measure["id"]},
        row=(own[0]["row_key"], own[0]["row_version"]) if own else None,
    )


def _mending(data: Data, state: PageState, measure: Mapping[str, Any]) -> Any:
    if state.extra.get("open") != "readings" or state.extra.get("measure") != measure["id"]:
        href = f"{address(state, open='readings', measure=measure['id'])}#signal-editing"
        return html.P(dcc.Link("Mend readings", href=href, className="btn"), className="files")
    rows = reading_rows(data, state, measure_id=measure["id"])
    return mending(rows, OPEN, key="signal-grid", label="Readings of this measure", small=True)


def mending(
    rows: list[dict[str, Any]], names: tuple[str, ...], *, key: str, label: str, small: bool = False
) -> html.Div:
    """Return the grid in which readings are mended: what was read by whom for which month is locked."""
    choices = {c.name: c.choices for c in columns_of("readings")}
    columns = [
        EditCol("month", "Month", least=140),
        EditCol("who", "Agency", least=150),
        *(
            EditCol(
                n,
                _LABELS[n],
                editable=True,
                choices=choices[n],
                numeric=n in OPEN[:3],
                least=190 if "note" in n else 120,
            )
            for n in names
        ),
    ]
    withheld = " A withheld count of 1 to 5 stays withheld." if small else ""
    return html.Div(
        [
            html.H3("Mend readings"),
            html.P(
                f"Enter or two clicks opens a cell, Enter saves it, Escape leaves it.{withheld} "
                f"Latest first, {_MOST} at most.",
                className="sub",
            ),
            editing.edit_grid(rows, columns, key=key, label=label),
        ],
        className="mending",
    )


def reading_rows(
    data: Data, state: PageState, *, measure_id: str | None = None, benefit_id: str | None = None
) -> list[dict[str, Any]]:
    """Return readings as text, latest first, each with its key and version.

    Parameters
    ----------
    data, state : Data, State
        What is shown.
    measure_id : str, optional
        Readings of this measure that belong to no benefit.
    benefit_id : str, optional
        Readings in pounds of this benefit.
    """
    table = data.table("readings", state)
    if not table.height:
        return []
    wanted = (
        table.filter(pl.col("benefit_id") == benefit_id)
        if benefit_id is not None
        else table.filter((pl.col("measure_id") == measure_id) & pl.col("benefit_id").is_null())
    )
    if state.agency_id:
        wanted = wanted.filter(pl.col("agency_id") == state.agency_id)
    partners = data.partners(state)
    return [
        {
            "_id": row["row_key"],
            "_version": row["row_version"],
            "month": wording.month(row["period"]),
            "who": partners[row["agency_id"]].short if row["agency_id"] in partners else "the partnership",
            **{n: _text(row[n]) for n in OPEN},
        }
        for row in wanted.sort("period", "row_key", descending=[True, False])
        .head(_MOST)
        .iter_rows(named=True)
    ]


def _text(value: Any) -> str:
    return (
        "" if value is None else wording.number(value, places=4) if isinstance(value, Decimal) else str(value)
    )

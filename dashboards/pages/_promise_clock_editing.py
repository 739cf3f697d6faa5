"""Writing clocks: a limit that is new or changes from a day on, and one that was written down wrongly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboards import forms
from dashboards.forms import Desk, Field, Form
from dashboards.urls import address

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.data import Data
    from dashboards.urls import State
    from partnership._workflows.promising import Promised
    from partnership.commitments import ClockRule

__all__ = ["CLOCKS", "change_address", "clock_forms", "may_change", "register"]

_FIELDS = (
    "clock_id", "name", "times", "colour", "allows", "counts", "effective_from", "effective_to", "standing",
    "source", "decided_on", "measure_id", "works_on", "works_from", "works_until", "bank_holidays", "note",
)  # fmt: skip
_LABELS = {
    "clock_id": "Which clock: an id of your own",
    "name": "What it is called",
    "times": "What it times",
    "colour": "Colour, as red; blank: none",
    "allows": "How much time; blank: no limit",
    "counts": "Counted in",
    "effective_from": "In effect from, as in 2026-10-01",
    "effective_to": "Last day; blank: until another begins",
    "standing": "Standing",
    "source": "Source: where it is written",
    "decided_on": "Decided on, as in 2026-09-03",
    "measure_id": "Measure that counts what was in time",
    "works_on": "Days worked; blank: the office week’s",
    "works_from": "Work begins, as 09:00",
    "works_until": "Work ends, as 17:00",
    "bank_holidays": "Bank holidays, as GB-ENG",
    "note": "Note",
}
_WIDE = ("name", "source", "note")
_ANEW = ("effective_from", "effective_to", "source", "decided_on", "standing", "note")
"""What a change from a day on does not take over: it has its own day and source."""

_NEW = Form("clock-new", "clocks", _FIELDS)
_MEND = Form("clock-mend", "clocks", _FIELDS)
CLOCKS = Desk("clock", (_NEW, _MEND))


def register(app: Dash, data: Data) -> None:
    """Add the callbacks of both forms."""
    forms.register(app, data, CLOCKS)


def may_change(data: Data, state: State) -> bool:
    """Tell whether clocks can be changed where the page shows them."""
    return not data.why_not(state)


def change_address(state: State, rule: ClockRule) -> str:
    """Return where a limit is changed."""
    return f"{address(state, open='clocks', clock=rule.id)}#clock-forms"


def clock_forms(data: Data, found: Promised, state: State) -> list[Any]:
    """Return the forms once they are asked for, the way to them before, or why nothing can be changed."""
    stop = forms.refused(data, state)
    if stop:
        return [stop]
    if state.extra.get("open") != "clocks":
        href = f"{address(state, open='clocks', clock=None)}#clock-forms"
        return [
            html.P(
                dcc.Link("Write down a clock of ours", href=href, className="btn"),
                className="files",
                id="clock-forms",
            )
        ]
    chosen = next((r for r in found.clocks.rules if r.id == state.extra.get("clock")), None)
    declared = html.P(forms.DECLARED, className="sub")
    made = forms.desk(
        data, CLOCKS.key, "As agreed by the board", declared, *_forms(data, state, found, chosen)
    )
    return [html.Div(made, id="clock-forms")]


def _forms(data: Data, state: State, found: Promised, chosen: ClockRule | None) -> list[Any]:
    own = chosen is not None and chosen.id in found.clocks.own
    said = {} if chosen is None else {n: _text(getattr(chosen, n)) for n in _FIELDS}
    changed = {n: v for n, v in said.items() if n not in _ANEW}
    title = "A clock of ours" if chosen is None else f"{chosen.name} changes from a day on"
    new = forms.form_of(
        _NEW,
        _fields(data, state, changed),
        title=title,
        button="Save the clock",
        sub="What began before its first day of effect keeps the time it had. Without a source and a day of "
        "effect it says “check locally”.",
        is_open=not own,
    )
    if chosen is None or not own:
        return [new]
    rows = data.table("clocks", state)
    at = rows.filter(rows["id"] == chosen.id).row(0, named=True)
    mend = forms.form_of(
        _MEND,
        _fields(data, state, said),
        title=f"Mend what was written down wrongly: {chosen.name}",
        button="Save what is mended",
        sub="This changes the limit for all that it timed, also before today. Where the clock itself "
        "changes, write a new row below.",
        row=(at["row_key"], at["row_version"]),
        is_open=True,
    )
    return [mend, new]


def _fields(data: Data, state: State, said: Mapping[str, str]) -> list[Field]:
    lists: dict[str, Mapping[str, str]] = {
        n: forms.choices_of("clocks", n) for n in ("times", "counts", "standing")
    }
    lists["measure_id"] = {"": "nobody counts it", **_shares(data, state)}
    first = {"times": "a step of the work", "counts": "working days", "standing": "check locally"}
    return [
        Field(n, _LABELS[n], lists.get(n), said.get(n, first.get(n, "")), wide=n in _WIDE) for n in _FIELDS
    ]


def _shares(data: Data, state: State) -> dict[str, str]:
    """Return the measures that can count a clock: shares of which more, or less, is better."""
    rows = data.table("measures", state)
    return {
        r["id"]: r["name"]
        for r in rows.iter_rows(named=True)
        if r["kind"] == "share" and r["polarity"] in ("higher", "lower")
    }


def _text(value: Any) -> str:
    return "" if value is None else str(value)

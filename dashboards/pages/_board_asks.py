"""What the board overview asks for, and its alerts, each with the way to what proves it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboards import parts
from dashboards.parts import Col
from dashboards.urls import address, rows_address
from partnership import wording
from partnership._reports.asks import Ask
from partnership._reports.asks import asks as asked_of
from partnership._workflows.alerts import KINDS, Alert, alerts_of, in_all

if TYPE_CHECKING:
    import polars as pl

    from dashboards.data import Data
    from dashboards.urls import State

__all__ = ["ALERT_VIEWS", "alert_panel", "asks", "href_of"]

ALERT_VIEWS = ("off_plan", "promises", "expectation_history", "talks")
"""The views that alerts are worked out from."""

_PAGES = {"off_plan": "/benefits", "promises": "/promises", "expectation_history": "/expectation-gaps"}


class _Door:
    """A page's view of the store, as the library asks it."""

    def __init__(self, data: Data, state: State) -> None:
        self._data, self._state = data, state
        self._partners = data.partners(state)

    @property
    def agency_id(self) -> str | None:
        return self._state.agency_id

    @property
    def members(self) -> Sequence[str]:
        return [p.id for p in self._partners.values() if p.is_member]

    def view(self, name: str, **params: Any) -> pl.DataFrame:
        return self._data.view(name, self._state, **params)

    def name(self, key: str | None) -> str:
        return self._partners[key].short if key in self._partners else ""


def asks(data: Data, state: State, most: int = 3) -> list[Ask]:
    """Return what is asked of the board: the measure to re-define first, then by the money at stake."""
    return asked_of(_Door(data, state), most)


def href_of(ask: Ask, state: State) -> str:
    """Return the address that an ask leads to."""
    if ask.page is None:
        return rows_address(state, ask.view or "", **ask.narrowed)
    return address(state, ask.page, **ask.narrowed)


def alert_panel(data: Data, state: State) -> html.Section:
    """Return the alerts: all in one sentence, and each with its figures and rows when opened."""
    found = alerts_of(_Door(data, state).view)
    sentence = html.P([html.Strong("Alerts. "), in_all(found)], id="alerts-title")
    said: list[Any] = [sentence]
    if found:
        said.append(parts.twin(_alert_table(found, state), summary="Show every alert"))
    return html.Section(said, className="alerts", id="alerts", **parts.aria(labelledby="alerts-title"))


def _money(value: Any) -> str:
    return "not known" if value is None else wording.pounds(value)


def _alert_table(found: Sequence[Alert], state: State) -> Any:
    def what(row: dict[str, Any]) -> Any:
        one: Alert = row["one"]
        return dcc.Link(
            one.what,
            href=rows_address(state, one.view, **one.narrowed),
            className="open",
            title="Open the rows behind this",
        )

    def page(row: dict[str, Any]) -> Any:
        path = _PAGES[row["one"].view]
        return dcc.Link(wording.capital(path.strip("/").replace("-", " ")), href=address(state, path))

    columns = [
        Col("what", "What has gone on for too long", row=what),
        Col("why", "Its figures"),
        Col(
            "pounds",
            "In pounds",
            show=lambda v: "not known" if v is None else wording.pounds(v),
            numeric=True,
        ),
        Col("kind", "Raised when", show=lambda k: KINDS[k]),
        Col("page", "Where it is mended", row=page),
    ]
    rows = [
        {"one": a, "what": a.what, "why": a.why, "pounds": a.pounds, "kind": a.kind, "page": ""}
        for a in found
    ]
    return parts.table(rows, columns, caption="Alerts, most money first")

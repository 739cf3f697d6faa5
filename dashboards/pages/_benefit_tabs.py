"""The parts of the benefits page, one address each: realisation, register, signal or noise, map, forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html

from dashboards import parts
from dashboards.urls import address

if TYPE_CHECKING:
    from dashboards.urls import State

__all__ = ["TABS", "chosen_tab", "tabs"]

TABS = {
    "realisation": "Realisation",
    "register": "Register",
    "signal": "Signal or noise",
    "map": "Map",
    "forecast": "Forecast",
}
"""What stands in the address under ``tab``, and its name; the first is what an address without it shows."""


def chosen_tab(state: State) -> str:
    """Return the part that an address asks for; one that is not there is the first."""
    asked = state.extra.get("tab", "")
    return asked if asked in TABS else next(iter(TABS))


def tabs(state: State) -> html.Nav:
    """Return the way between the parts."""
    here, first = chosen_tab(state), next(iter(TABS))
    links = [
        html.Li(
            dcc.Link(
                name,
                href=address(state, tab=None if key == first else key, benefit=None, open=None),
                className="tab on" if key == here else "tab",
            ),
            **parts.aria(current="true" if key == here else None),
        )
        for key, name in TABS.items()
    ]
    return html.Nav(html.Ul(links), className="tabs", **parts.aria(label="Parts of this page"))

# ruff: noqa: E501 - a sentence stays on one line
"""Explain on a click: a figure is a link to its chain, and the chain's own figures are links in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboards import parts
from dashboards.urls import address
from partnership.errors import InvalidInput, UnknownName

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.investing import Choices
    from dashboards.urls import State
    from partnership._roi.explanation import Explanation

__all__ = ["explained", "why"]

_DEPTH = 3


def why(children: Any, state: State, where: str) -> dcc.Link:
    """Return a figure as a link to how it came about; ``where`` is VIEW/ROW/COLUMN."""
    return dcc.Link(
        children,
        href=address(state, explain=where),
        className="open",
        title="Show how this number came about",
    )


def explained(data: Data, state: State, choices: Choices) -> html.Section | html.Div | None:
    """Return the panel with the chain that the address asks for; nothing where it asks for none."""
    asked = state.extra.get("explain")
    if not asked:
        return None
    close = dcc.Link("Close", href=address(state, explain=None), className="btn")
    try:
        found = data.explained(state, choices, asked)
    except (InvalidInput, UnknownName) as error:
        return parts.panel(
            "This number cannot be explained", html.P(str(error), className="empty"), close, key="explain"
        )
    return parts.panel(
        [f"{found.title}: ", html.Strong(found.shown)],
        html.Ul([_item(state, p, 1) for p in found.parts], className="chain") if found.parts else None,
        close,
        key="explain",
        sub=_sub(found),
        source=f'Address of this number: {found.address or asked}. In a terminal: partnership explain "{found.address or asked}".',
    )


def _sub(found: Explanation) -> str | None:
    said = [found.method[:1].upper() + found.method[1:] if found.method else ""]
    said.append(f"Source: {found.source}" if found.source else "")
    kept = [s if s.endswith((".", "!", "?")) else f"{s}." for s in said if s]
    return " ".join(kept) or None


def _item(state: State, found: Explanation, depth: int) -> html.Li:
    title = why(found.title, state, found.address) if found.address else found.title
    detail = _sub(found)
    inner = (
        [html.Ul([_item(state, p, depth + 1) for p in found.parts])] if found.parts and depth < _DEPTH else []
    )
    return html.Li(
        [
            html.Span([title, html.B(found.shown)], className="step"),
            *([html.Small(detail)] if detail else []),
            *inner,
        ]
    )

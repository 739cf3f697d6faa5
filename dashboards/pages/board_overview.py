"""Board overview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboards import parts

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State

TITLE = LABEL = "Board overview"
FILTERS = ("agency", "goal", "as_of")
VIEWS: tuple[str, ...] = ()


def layout(data: Data, state: State) -> Any:
    """Return the page."""
    return parts.say("Board overview")

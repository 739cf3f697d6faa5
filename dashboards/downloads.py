"""Files of what is shown: ``/download/<view or page>.<csv|xlsx>?<filters>``, written on the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.data import Data

__all__ = ["register"]


def register(app: Dash, data: Data) -> None:
    """Add the routes for files to an app."""

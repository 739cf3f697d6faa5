"""The pages' drawing script: asked for under the name that Dash gives it, answered with the small build.

Dash sends the whole of plotly.js (1.4 MB as sent) when a page holds its first picture. Our pictures are bars
and scatters, for which a third of that is enough; the same text stands in a printed pack.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from typing import TYPE_CHECKING

from flask import Response, request

from partnership.charts.script import script

if TYPE_CHECKING:
    from dash import Dash

__all__ = ["register"]

_ASKED = "/_dash-component-suites/plotly/package_data/plotly.min.js"
_FRESH = 3600


def register(app: Dash) -> None:
    """Answer for the drawing script, after whatever refuses a request.

    Parameters
    ----------
    app : Dash
        With its guards already on it.
    """
    app.server.before_request(_answer)


def _answer() -> Response | None:
    if request.path != _ASKED or request.method not in ("GET", "HEAD"):
        return None
    plain, packed, name = _bodies()
    small = request.accept_encodings.best_match(["gzip", "identity"]) == "gzip"
    response = Response(packed if small else plain, content_type="text/javascript; charset=utf-8")
    if small:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = f"private, max-age={_FRESH}"
    response.set_etag(f"{name}-{'gzip' if small else 'plain'}")
    response.make_conditional(request)
    return response


@cache
def _bodies() -> tuple[bytes, bytes, str]:
    """Return the script, the same packed, and a name that changes with its text."""
    plain = script().encode()
    return plain, gzip.compress(plain, 9, mtime=0), hashlib.sha256(plain).hexdigest()[:16]

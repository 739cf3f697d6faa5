"""What changed since a page was shown: asked now and then by every open page that somebody looks at.

``/news?since=12&scorer=R-POL-SCORE`` answers with the numbers of later changes that the page could show, or
with nothing at all. Scores of a sealed round are news to the role's own agency alone: that others score, and
when, is not told. A change that a browser made itself is named in the answer that made it, so that nobody is
told of their own work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, g, has_request_context, jsonify, request

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.data import Data

__all__ = ["HEADER", "news", "note_own", "register"]

HEADER = "X-Own-Change"
"""Names the change that the request made."""
_MOST_DIGITS = 12


def register(app: Dash, data: Data) -> None:
    """Add the question and the header to an app."""

    def asked() -> Response:
        since = request.args.get("since", "")
        if not (since.isascii() and since.isdigit() and len(since) <= _MOST_DIGITS):
            return Response(status=400)
        found = news(data, int(since), request.args.get("scorer"))
        return jsonify(found) if found else Response(status=204)

    app.server.add_url_rule("/news", view_func=asked)
    app.server.after_request(_named)


def news(data: Data, since: int, role_id: str | None = None) -> list[int]:
    """Return the numbers of the changes after one that a page could show, oldest first.

    Parameters
    ----------
    data : Data
        The pages' door to the store.
    since : int
        Last change that the page knows of.
    role_id : str, optional
        The role that scores on the page, as its address declares.
    """
    if data.version() <= since:
        return []
    agency = data.scoring.agency_of_role(role_id) if role_id else None
    hidden = data.scoring.sealed_changes()
    return [n for n in data.accepted_after(since) if hidden.get(n, agency) == agency]


def note_own(seq: int) -> None:
    """Remember that the present request made a change; outside a request nothing is remembered."""
    if has_request_context():
        g.own_changes = [*getattr(g, "own_changes", ()), seq]


def _named(response: Response) -> Response:
    own: list[Any] = getattr(g, "own_changes", [])
    if own:
        response.headers[HEADER] = " ".join(map(str, own))
    return response

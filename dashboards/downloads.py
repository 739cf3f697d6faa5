"""Files of what is shown: ``/download/<view or page>.<csv|xlsx>?<filters>``, written on the server.

``/download/board-pack.<html|xlsx>`` is the board pack.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from flask import Response, request

from dashboards.packs import Packs
from dashboards.pages import PAGES
from dashboards.security import words
from partnership.errors import InvalidInput
from partnership.tabular import Extract, to_csv, to_xlsx
from partnership.views import VIEWS

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.data import Data

__all__ = ["register"]

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


_PACK = "board-pack"
_PACK_TYPES = {"html": "text/html; charset=utf-8", "xlsx": _TYPES["xlsx"]}


def register(app: Dash, data: Data) -> None:
    """Add the route for files to an app.

    A page's name gives a workbook of the views it shows; a view's name gives that view alone. The filters
    are those of an address, read as a page reads them.
    """
    packs = Packs()

    def download(name: str, kind: str) -> Response:
        return _pack(data, packs, kind) if name == _PACK else file_of(data, name, kind)

    app.server.add_url_rule("/download/<name>.<kind>", view_func=download)


def file_of(data: Data, name: str, kind: str) -> Response:
    """Return the file that the present request asks for; in words what is wrong, when something is."""
    page = PAGES.get(f"/{name}")
    names = page.VIEWS if page is not None and kind == "xlsx" else (name,)
    if kind not in _TYPES or any(n not in VIEWS for n in names):
        return words(404)
    state = data.state(f"/{name}", request.query_string.decode("utf-8", "replace"))
    extracts = [data.extract(n, state) for n in names]
    body = to_csv(extracts[0]) if kind == "csv" else to_xlsx(extracts)
    answer = Response(body, content_type=_TYPES[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{_file_name(extracts[0], name, kind)}"'
    return answer


def _pack(data: Data, packs: Packs, kind: str) -> Response:
    """Return the board pack for the filters of the present request: the page to print, or its rows."""
    if kind not in _PACK_TYPES:
        return words(404)
    state = data.state("/board-overview", request.query_string.decode("utf-8", "replace"))
    try:
        body, known_on = packs.file(data, state, kind)
    except InvalidInput:
        return words(404)
    answer = Response(body, content_type=_PACK_TYPES[kind])
    file = f"{_PACK}_{known_on.isoformat()}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return answer


def _file_name(extract: Extract, name: str, kind: str) -> str:
    day: dt.date = extract.known_on
    return f"{re.sub(r'[^a-z0-9_-]', '', name)}_{day.isoformat()}.{kind}"

"""The appraisal and the settlement as workbooks, as the investment page's address asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request

from dashboards.pages._investment_choices import asked
from dashboards.security import words
from partnership.errors import InvalidInput
from partnership.tabular import appraisal_workbook, settlement_workbook

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.data import Data

__all__ = ["BOOKS", "register"]

BOOKS = ("appraisal-workbook", "settlement-workbook")
"""Names of the files, after ``/download/``."""

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def register(app: Dash, data: Data) -> None:
    """Add a route for each workbook to an app."""

    def book(name: str) -> Response:
        return _book(data, name)

    for name in BOOKS:
        app.server.add_url_rule(f"/download/{name}.xlsx", name, book, defaults={"name": name})


def _book(data: Data, name: str) -> Response:
    state = data.state(f"/{name}", request.query_string.decode("utf-8", "replace"))
    choices, _ = asked(state.extra)
    who = str(data.summary(state).get("name") or "")
    try:
        if name == BOOKS[0]:
            done = data.appraised(state, choices)
            body = appraisal_workbook(done.appraisal, name=who, findings=done.findings)
        else:
            body = settlement_workbook(data.settled(state, choices), name=who)
    except InvalidInput:
        return words(404)
    answer = Response(body, content_type=_XLSX)
    day = (state.as_of or data.today()).isoformat()
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}_{day}.xlsx"'
    return answer

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
    from dashboards.investing import Choices
    from dashboards.urls import State
    from partnership._workflows.uncertainty import UncertainAppraisal

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
            uncertain, why = _drawn(data, state, choices)
            body = appraisal_workbook(
                done.appraisal, name=who, findings=done.findings, uncertain=uncertain, not_drawn=why
            )
        else:
            body = settlement_workbook(data.settled(state, choices), name=who)
    except InvalidInput:
        return words(404)
    answer = Response(body, content_type=_XLSX)
    day = (state.as_of or data.today()).isoformat()
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}_{day}.xlsx"'
    return answer


def _drawn(data: Data, state: State, choices: Choices) -> tuple[UncertainAppraisal | None, str]:
    """Return how sure the appraisal is, as the page has it; or nothing, and why."""
    try:
        return data.uncertain(state, choices), ""
    except InvalidInput as error:
        return None, str(error)

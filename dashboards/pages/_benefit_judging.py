"""Writing what people judge: how sure owner and reviewer are, and what earlier benefits brought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboards import forms
from dashboards.forms import Desk, Field, Form
from dashboards.urls import address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash import Dash

    from dashboards.data import Data
    from dashboards.urls import State as PageState

__all__ = ["FINISHED", "SURE", "finished_desk", "register", "sure_desk"]

SURE = Desk(
    "sure",
    (
        Form(
            "sure-word",
            "delivery_confidence",
            ("benefit_id", "rated_by", "confidence", "stated_on", "reason"),
            ("role_id",),
            lambda _: "role_id",
        ),
    ),
)
FINISHED = Desk(
    "finished",
    (
        Form(
            "finished-one",
            "finished_benefits",
            (
                "title",
                "programme",
                "benefit_class",
                "finished_on",
                "planned_gbp",
                "realised_gbp",
                "source",
            ),
        ),
    ),
)
_WORDS = {
    "green": "green: highly likely",
    "amber/green": "amber/green: probable",
    "amber": "amber: feasible",
    "amber/red": "amber/red: in doubt",
    "red": "red: unachievable",
}


def register(app: Dash, data: Data) -> None:
    """Add the callbacks of both desks."""
    for at in (SURE, FINISHED):
        forms.register(app, data, at)


def sure_desk(data: Data, state: PageState) -> list[Any]:
    """Return the form in which an owner or a reviewer says how sure they are, once it is asked for."""
    titles = dict(data.table("benefits", state).select("id", "title").iter_rows())
    allowed = forms.choices_of("delivery_confidence", "confidence")
    fields = [
        Field("benefit_id", "Benefit", titles, wide=True),
        Field("rated_by", "I speak as", {"owner": "its owner", "reviewer": "a reviewer"}, "owner"),
        Field("confidence", "It will come as planned", {w: _WORDS.get(w, w) for w in allowed}),
        Field("stated_on", "Said on, as in 2026-11-23", value=data.today().isoformat()),
        Field("reason", "Why, without names of people", wide=True),
    ]
    return _asked_for(
        data, state, SURE, fields, link="Say how sure you are", button="Save what I say", to="confidence"
    )


def finished_desk(data: Data, state: PageState) -> list[Any]:
    """Return the form in which a finished benefit is written down, once it is asked for."""
    classes = forms.choices_of("finished_benefits", "benefit_class")
    fields = [
        Field("title", "What it was", wide=True),
        Field("programme", "Programme or project"),
        Field("benefit_class", "What it released", classes),
        Field("finished_on", "Last day of its life, as in 2025-03-31"),
        Field("planned_gbp", "Planned over its life, £"),
        Field("realised_gbp", "Real over its life, £"),
        Field("source", "Review or report that says so", wide=True),
    ]
    return _asked_for(
        data, state, FINISHED, fields, link="Write down a finished benefit", button="Save it", to="history"
    )


def _asked_for(
    data: Data, state: PageState, at: Desk, fields: Sequence[Field], *, link: str, button: str, to: str
) -> list[Any]:
    stop = forms.refused(data, state)
    if stop:
        return [stop]
    if state.extra.get("open") != at.key:
        href = f"{address(state, open=at.key)}#{to}"
        return [html.P(dcc.Link(link, href=href, className="btn"), className="files")]
    return [
        html.P(forms.DECLARED, className="sub"),
        forms.desk(
            data,
            at.key,
            "Looked at for the board",
            forms.form_of(at.forms[0], fields, title=link, button=button, is_open=True),
        ),
    ]

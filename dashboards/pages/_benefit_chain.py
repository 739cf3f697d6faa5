"""The chain behind one benefit: assumptions, who answers for it, to whom it falls, readings, changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl
from dash import dcc, html

from dashboards import parts
from dashboards.pages._benefit_money import money_desk
from dashboards.urls import address
from partnership._reports import benefit_words as words
from partnership.wording import capital, day, number, percent, pounds, short_month

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State

__all__ = ["chain"]


def chain(data: Data, state: State, register: pl.DataFrame, benefit_id: str) -> Any:
    """Return the panel of one benefit; a benefit that is not there is said in words."""
    records = data.table("benefits", state).filter(pl.col("id") == benefit_id)
    back = dcc.Link("Close", href=address(state, benefit=None, open=None), className="btn")
    if not records.height:
        return parts.empty(
            "That benefit is not in the plan",
            "The address names a benefit that is not in the register on this day.",
            key="chain",
            link=back,
        )
    benefit = records.row(0, named=True)
    shown = register.filter(pl.col("benefit_id") == benefit_id)
    standing = shown.row(0, named=True) if shown.height else None
    months = data.view("benefit_months", state, agency_id=None, goal_id=None, benefit_class=None).filter(
        pl.col("benefit_id") == benefit_id
    )
    return html.Div(
        parts.panel(
            benefit["title"],
            _facts(data, state, benefit, standing),
            *_assumptions(data, state, benefit_id),
            *_shares(data, state, benefit_id),
            *_readings(months),
            *_history(data, state, benefit),
            *money_desk(data, state, benefit),
            parts.download_links(state, "benefit_months", "its months", benefit_id=benefit_id),
            html.P(back, className="panel-tools"),
            key="chain",
            sub=benefit["description"],
        ),
        className="chain",
    )


def _facts(
    data: Data, state: State, benefit: Mapping[str, Any], standing: Mapping[str, Any] | None
) -> html.Dl:
    roles = {r["id"]: r for r in data.table("role_holders", state).iter_rows(named=True)}
    partners = data.partners(state)
    goals = data.known(state.as_of).goals
    driver = partners.get(benefit["driver_agency_id"] or "")
    pairs: list[tuple[str, Any]] = [
        ("Class", benefit["benefit_class"] + (", dis-benefit" if benefit["is_disbenefit"] else "")),
        ("State", parts.state_word(standing["state"]) if standing else "not shown under these filters"),
        ("Goal", goals.get(benefit["goal_id"] or "", "none named")),
        ("Benefit owner", _role(roles, benefit["owner_role_id"])),
        ("Validator", _role(roles, benefit["validator_role_id"])),
        ("Whose work drives it", driver.name if driver else "not named"),
        (
            "Value in a full year",
            f"{pounds(benefit['full_year_gbp'])}, {_prices(benefit)}"
            if benefit["full_year_gbp"] is not None
            else _whole_life(benefit),
        ),
        ("Baseline", _point(benefit["baseline_value"], benefit["baseline_on"], benefit["baseline_source"])),
        ("Target", _point(benefit["target_value"], benefit["target_on"], None)),
        (
            "Evidence",
            f"grade {benefit['confidence_grade']} of 6 (1 is best)"
            if benefit["confidence_grade"]
            else "not graded",
        ),
        ("Risk", benefit["risk"] or "none written down"),
        ("Last looked at", words.reviewed(benefit["last_reviewed_on"])),
    ]
    return html.Dl(
        [part for label, value in pairs for part in (html.Dt(label), html.Dd(value))], className="facts"
    )


def _prices(benefit: Mapping[str, Any]) -> str:
    return (
        f"{benefit['price_year']} prices"
        if benefit["price_year"]
        else {"real": "real, price year not given", "nominal": "pounds of the day"}[benefit["price_base"]]
    )


def _whole_life(benefit: Mapping[str, Any]) -> str:
    if benefit["whole_life_gbp"] is not None:
        return f"only the whole life is known: {pounds(benefit['whole_life_gbp'])}"
    return f"not known: {benefit['whole_life_missing']}" if benefit["whole_life_missing"] else "not known"


def _role(roles: Mapping[str, Mapping[str, Any]], role_id: str | None) -> str:
    if role_id is None:
        return "no one"
    found = roles.get(role_id)
    if found is None:
        return f"{role_id}, who is not in the register of roles"
    left = f", until {day(found['ended_on'])}" if found["ended_on"] else ""
    return f"{found['role']}{left}"


def _point(value: Any, on: Any, source: str | None) -> str:
    if value is None:
        return "not given"
    when = f" on {day(on)}" if on else ""
    return f"{number(value)}{when}{f' ({source})' if source else ''}"


def _assumptions(data: Data, state: State, benefit_id: str) -> list[Any]:
    rows = data.table("assumptions", state).filter(pl.col("benefit_id") == benefit_id)
    if not rows.height:
        return [
            html.H3("Chain of assumptions"),
            html.P("No assumptions are written down for it.", className="empty"),
        ]

    def span(row: dict[str, Any]) -> str:
        return (
            "no range"
            if row["low"] is None or row["high"] is None
            else f"{number(row['low'])} to {number(row['high'])}"
        )

    return [
        html.H3("Chain of assumptions"),
        parts.table(
            rows,
            [
                parts.Col("step", "Step", capital),
                parts.Col("name", "What is assumed"),
                parts.Col(
                    "value", "Value", numeric=True, row=lambda r: f"{number(r['value'])}{_unit(r['unit'])}"
                ),
                parts.Col("low", "Range", numeric=True, row=span),
                parts.Col("source", "Source", lambda v: v or "not named"),
                parts.Col("confidence_grade", "Grade", lambda v: "" if v is None else str(v), numeric=True),
            ],
            label="Chain of assumptions",
        ),
    ]


def _unit(unit: str | None) -> str:
    return "" if not unit else "%" if unit == "%" else f" {unit}"


def _shares(data: Data, state: State, benefit_id: str) -> list[Any]:
    rows = data.table("benefit_shares", state).filter(pl.col("benefit_id") == benefit_id)
    if not rows.height:
        return [html.H3("To whom it falls"), html.P("No shares are agreed for it.", className="empty")]
    partners = data.partners(state)

    def who(row: dict[str, Any]) -> Any:
        partner = partners.get(row["agency_id"])
        return html.Span([parts.badge(partner), f" {partner.name}"]) if partner else row["agency_id"]

    ordered = rows.with_columns(
        (pl.col("share_numerator") / pl.col("share_denominator")).alias("share")
    ).sort("share", descending=True)
    return [
        html.H3("To whom it falls"),
        parts.table(
            ordered,
            [parts.Col("agency_id", "Agency", row=who), parts.Col("share", "Share", percent, numeric=True)],
            label="To whom it falls",
        ),
    ]


def _readings(months: pl.DataFrame) -> list[Any]:
    known = months.filter(pl.col("realised_gbp").is_not_null() | pl.col("missing").is_not_null()).sort(
        "period", "agency_name", descending=[True, False]
    )
    if not known.height:
        return [html.H3("Readings"), html.P("Nothing has been read for it yet.", className="empty")]

    def real(row: dict[str, Any]) -> Any:
        return (
            parts.state_word(row["missing"] or "no reading")
            if row["realised_gbp"] is None
            else pounds(row["realised_gbp"])
        )

    return [
        html.H3("Readings"),
        parts.table(
            known.head(24),
            [
                parts.Col("period", "Month", short_month),
                parts.Col("agency_name", "Agency", lambda v: v or "all together"),
                parts.Col(
                    "original_gbp", "Original plan", lambda v: "" if v is None else pounds(v), numeric=True
                ),
                parts.Col(
                    "planned_gbp", "Current plan", lambda v: "" if v is None else pounds(v), numeric=True
                ),
                parts.Col("realised_gbp", "Real", numeric=True, row=real),
                parts.Col("state", "State", lambda v: v or ""),
            ],
            caption="Latest first, £" + (f"; 24 of {known.height} rows" if known.height > 24 else ""),
        ),
    ]


def _history(data: Data, state: State, benefit: Mapping[str, Any]) -> list[Any]:
    changes = data.table("rebaselines", state).filter(pl.col("benefit_id") == benefit["id"]).sort("version")
    notes = data.table("annotations", state).filter(pl.col("benefit_id") == benefit["id"]).sort("period")
    said = [
        f"{day(r['agreed_on'])}: plan {r['version']} agreed. {r['reason']}."
        for r in changes.iter_rows(named=True)
    ]
    said += [f"{short_month(r['period'])}: {r['text']}." for r in notes.iter_rows(named=True)]
    if not said:
        said = ["The plan is the original one."]
    return [html.H3("History"), html.Ul([html.Li(s.replace("..", ".")) for s in said])]

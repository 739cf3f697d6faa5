# ruff: noqa: E501 - a sentence stays on one line
"""Panels on who should pay: ways of sharing side by side, what can be settled, what happens when funding ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboards import parts
from dashboards.pages import _investment_words as words
from dashboards.pages._investment_choices import (
    book_link,
    offered_floor,
    offered_inflation,
    offered_informing,
    offered_methods,
)
from dashboards.pages._investment_explained import why
from dashboards.pages._investment_flows import names_of, scope_of
from dashboards.urls import address
from partnership._roi.settled import AGREED
from partnership.charts.investment_shares import RunOn, Shared, run_on, sharing
from partnership.errors import InvalidInput
from partnership.periods import name_financial_year
from partnership.wording import in_words, listing, pounds

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.investing import Choices
    from dashboards.urls import State
    from partnership._roi.appraisal import Appraisal
    from partnership._roi.fair_shares import MethodResult
    from partnership._roi.settled import Settled

__all__ = ["running_on", "shared"]

_NOT_INVOICE = "Indicative, not an invoice."


def shared(data: Data, state: State, choices: Choices, appraisal: Appraisal) -> list[Any]:
    """Return the ways of sharing and the settlement of the chosen one, or in words why there is none."""
    try:
        done = data.settled(state, choices)
    except InvalidInput as error:
        return [
            parts.panel(
                "Nothing can be shared as asked", html.P(str(error), className="empty"), offered_methods(state, choices),
                offered_informing(state, choices), offered_floor(state, choices), key="sharing",
            )
        ]  # fmt: skip
    names = names_of(data, state, appraisal)
    return [
        parts.guarded(lambda: _sharing(state, choices, done, names), "sharing"),
        parts.guarded(lambda: _settlement(state, choices, done, names), "settlement"),
    ]


def _sharing(state: State, choices: Choices, done: Settled, names: dict[str, str]) -> Any:
    shares = done.shares
    given = {r.method.name: r for r in shares.results.values() if r.pays_gbp}
    order = sorted(shares.agencies, key=lambda a: (-shares.paid_gbp[a], a))
    rows = [
        Shared(
            names[a],
            float(shares.paid_gbp[a]),
            {m: float(r.pays_gbp[a]) for m, r in given.items()},
            a == state.agency_id,
        )
        for a in order
    ]
    total = sum(shares.paid_gbp.values())
    drawn = given and rows
    floor = (
        f" With a floor: nobody gets less than alone. Lifted: {listing([names[a] for a in done.chosen.raised]) or 'nobody'}."
        if shares.floor_gbp
        else ""
    )
    return parts.panel(
        words.sharing_title(done),
        offered_methods(state, choices),
        offered_informing(state, choices),
        offered_floor(state, choices),
        parts.picture(sharing(rows, done.chosen.method.name), key="sharing-picture", wide=720) if drawn else None,
        _key(done.chosen.method.name) if drawn else None,
        _core(state, done, choices),
        parts.twin(_paid_table(state, done, order, names)),
        key="sharing",
        sub=f"Partners' cost of {pounds(total)} (present value, {done.prices} prices), shared {in_words(len(given))} ways: ink tick for what is paid now, one mark a way.{floor}",
        source=" ".join([*shares.notes, _NOT_INVOICE]),
    )  # fmt: skip


def _key(chosen: str) -> html.Ul:
    marks = (
        ("tick", "pays now"),
        ("dot", chosen),
        ("small", "each other way; its name under the pointer and in the numbers"),
    )
    return html.Ul([html.Li([html.I(className=f"mk {kind}"), said]) for kind, said in marks], className="key")


def _core(state: State, done: Settled, choices: Choices) -> html.Div:
    every: list[tuple[str, MethodResult]] = [("now", done.shares.now), *done.shares.results.items()]

    def name(row: dict[str, Any]) -> Any:
        if row["key"] == "now":
            return row["r"].method.name
        if row["key"] == choices.method:
            return html.Strong(f"{row['r'].method.name}, settled below")
        return dcc.Link(row["r"].method.name, href=address(state, sharing=row["key"]), className="open")

    def core(row: dict[str, Any]) -> Any:
        r: MethodResult = row["r"]
        if r.withheld:
            return [parts.state_word("withheld"), html.Br(), r.withheld]
        word = {
            True: ("Passes", "good"),
            False: ("Does not pass", "bad"),
            None: ("Not fully tested", "none"),
        }[r.in_core]
        return [parts.state_word(*word), html.Br(), r.core_sentence]

    return parts.table(
        [{"key": k, "r": r} for k, r in every],
        [
            parts.Col("key", "Way of sharing", row=name), parts.Col("r", "Core test: would any group do better alone?", row=core),
            parts.Col("r", "Fit when", lambda r: r.method.fit), parts.Col("r", "Known trap", lambda r: r.method.trap),
        ],
        label="Core test of each way of sharing",
        class_name="core",
    )  # fmt: skip


def _paid_table(state: State, done: Settled, order: list[str], names: dict[str, str]) -> html.Div:
    shares = done.shares
    kept = [r for r in shares.results.values() if r.pays_gbp]

    def by(result: MethodResult) -> parts.Col:
        def said(row: dict[str, Any]) -> Any:
            at = f"settlement_shares/{result.method.key}|{row['a']}/pays_gbp"
            return why(pounds(result.pays_gbp[row["a"]], pence=True), state, at)

        return parts.Col("a", result.method.name, row=said, numeric=True)

    return parts.table(
        [{"a": a, "name": names[a]} for a in order],
        [
            parts.Col("name", "Agency"),
            parts.Col("a", "Pays now", lambda a: pounds(shares.paid_gbp[a], pence=True), numeric=True),
            *(by(r) for r in kept),
        ],
        caption="What each would pay of the cost, £ at present value; less than nothing: it is paid",
        foot=[
            "All",
            pounds(sum(shares.paid_gbp.values()), pence=True),
            *(pounds(sum(r.pays_gbp.values()), pence=True) for r in kept),
        ],
    )


# ---- settlement ----
def _settlement(state: State, choices: Choices, done: Settled, names: dict[str, str]) -> Any:
    found = done.settlement
    if found is None:
        return parts.panel(
            "No settlement can be shown yet", html.P(done.withheld, className="empty"), offered_inflation(state, choices, "day-inflation"),
            parts.twin(_agreement(done, names), summary="Show the fields of the agreement"), key="settlement",
            sub=f"By {done.chosen.method.name.lower()}. {_NOT_INVOICE}",
        )  # fmt: skip
    rows = [
        {
            "t": t,
            "year": name_financial_year(t.financial_year),
            "from": names[t.payer_id],
            "to": names[t.receiver_id],
        }
        for t in found.transfers
        if state.agency_id in (None, t.payer_id, t.receiver_id)
    ]
    steps = parts.table(
        [{"y": y, "year": name_financial_year(y.financial_year)} for y in found.years],
        [
            parts.Col("year", "Year"),
            parts.Col(
                "y",
                "From present value to pounds of the day"
                if found.is_payable
                else "From present value to real pounds",
                lambda y: y.sentence,
            ),
        ],
        caption="The steps from present value over real pounds to pounds of the day"
        if found.is_payable
        else "The step from present value to real pounds; pounds of the day wait for an inflation rate",
    )
    return parts.panel(
        done.headline,
        *([parts.note(found.sentences[1], partial=True), offered_inflation(state, choices, "day-inflation")] if found.transfers and not found.is_payable else []),
        _schedule(state, done, rows) if rows else html.P("No transfer." if not found.transfers else "No transfer of this agency.", className="empty"),
        html.Ul([html.Li(s) for s in done.why], className="plain"),
        book_link(state, "settlement-workbook", "Download the settlement as a workbook"),
        _written(done, state),
        parts.twin(steps, _agreement(done, names), summary="Show the price steps and the fields of the agreement"),
        key="settlement",
        sub=f"By {done.chosen.method.name.lower()}. {_NOT_INVOICE} Only cash that is realised or contracted is paid; capacity, economic and social value inform the shares.",
        source=" ".join([*found.sentences, *done.notes]),
    )  # fmt: skip


def _written(done: Settled, state: State) -> Any:
    """Return by what route money may pass, and what is under contract: each agreement, and how it was taken."""
    rows = [
        dict(zip(("id", "from", "to", "route", "term", "contract", "used"), said, strict=True))
        for said, w in zip(done.agreements, done.written, strict=True)
        if state.agency_id in (None, w.payer_id, w.receiver_id)
    ]
    if not rows:
        whose = "" if state.agency_id is None else " of this agency"
        return html.P(
            f"No agreement{whose} is written down on the sheet Agreements, so no transfer{whose} has a route.",
            className="sub",
        )
    return parts.table(
        rows,
        [parts.Col(key, head) for key, head in zip(("id", "from", "to", "route", "term", "contract", "used"), AGREED, strict=True)],
        caption="By what route money may pass, and what is under contract",
    )  # fmt: skip


def _schedule(state: State, done: Settled, rows: list[dict[str, Any]]) -> html.Div:
    payable = done.settlement is not None and done.settlement.is_payable

    def money(column: str) -> Callable[[dict[str, Any]], Any]:
        def said(row: dict[str, Any]) -> Any:
            t = row["t"]
            if column == "amount_gbp" and not payable:
                return parts.state_word("not payable yet", "none")
            at = f"settlement/{done.terms.method}|{t.financial_year}|{t.nature}|{t.payer_id}|{t.receiver_id}/{column}"
            return why(pounds(getattr(t, column), pence=True), state, at)

        return said

    def route(row: dict[str, Any]) -> Any:
        t = row["t"]
        return (
            f"{t.route}{f', {t.reference}' if t.reference else ''}"
            if t.has_route
            else parts.state_word(t.route, "none")
        )

    return parts.table(
        rows,
        [
            parts.Col("year", "Year"), parts.Col("t", "Nature", lambda t: t.nature), parts.Col("from", "Who pays"),
            parts.Col("to", "Who receives"), parts.Col("t", "Pounds of the day", row=money("amount_gbp"), numeric=True),
            parts.Col("t", f"Real pounds of {done.prices}", row=money("real_gbp"), numeric=True), parts.Col("t", "Route", row=route),
        ],
        label="Settlement schedule",
        foot=["All", "", "", "", pounds(sum(r["t"].amount_gbp for r in rows), pence=True) if payable else "", pounds(sum(r["t"].real_gbp for r in rows), pence=True), ""],
    )  # fmt: skip


def _agreement(done: Settled, names: dict[str, str]) -> html.Div:
    a = done.agreement
    rows = [
        {"field": "Parties", "said": listing([names.get(p, p) for p in a.parties])},
        *(
            {"field": f"Stream: {s.nature}, {s.funding}, {s.form}", "said": f"{pounds(s.total_gbp, pence=True)} from {listing([names.get(k, k) for k in s.by_agency_gbp])}"}
            for s in a.streams
        ),
        {"field": "Cash for each £1, as appraised", "said": a.appraised_return.words},
        {"field": "Cash for each £1, so far", "said": a.current_return.words},
        {"field": "Way of sharing", "said": f"{a.method}{', with a floor' if a.floor else ''}"},
        {"field": "Reinvestment", "said": a.reinvestment or "not filled in"},
        {"field": "Still to be filled in", "said": listing(a.missing) or "nothing"},
    ]  # fmt: skip
    return parts.table(
        rows,
        [parts.Col("field", "Field"), parts.Col("said", "As it stands")],
        caption=f"Fields of an investment agreement. {_NOT_INVOICE}",
    )


# ---- when funding ends ----
def running_on(data: Data, state: State, choices: Choices, appraisal: Appraisal) -> Any:
    """Return recurring cost by year and who pays it, and what nobody has planned to pay."""
    found = data.carried_on(state, choices)
    scope = scope_of(state, appraisal)
    rows = found.rows.get(scope, ())
    title = words.run_on_title(found, scope)
    said = found.sentences.get(scope, "")
    if not any(r.recurring_gbp or r.cashable_gbp for r in rows):
        return parts.empty(
            "Nothing recurring is paid in cash",
            said or "No contribution in cash recurs.",
            key="run-on",
            span="c6",
        )
    years = [
        RunOn(
            name_financial_year(r.financial_year), float(r.core_gbp), float(r.funded_gbp), float(r.gap_gbp),
            float(r.cashable_gbp), r.is_planned,
        )
        for r in rows
    ]  # fmt: skip
    mine = [e for e in found.endings if scope in ("whole", e.agency_id)]
    last = max((e.last_year for e in mine if e.is_recurring), default=None)
    return parts.panel(
        title,
        parts.picture(run_on(years, name_financial_year(last) if last is not None else None), key="run-on-picture", wide=520),
        html.Ul(
            [html.Li([html.I(className=f"mk {k}"), s]) for k, s in (("core", "agreed"), ("grant", "funding that ends"), ("gap", "no funder"), ("line", "cash-releasing benefit"))],
            className="key",
        ),
        html.Ul([html.Li(e.sentence) for e in mine], className="plain") if mine else None,
        parts.twin(
            parts.table(
                [{"r": r, "year": name_financial_year(r.financial_year) + ("" if r.is_planned else ", carried on")} for r in rows],
                [
                    parts.Col("year", "Year"),
                    *(
                        parts.Col("r", label, lambda r, c=column: pounds(getattr(r, c), ""), numeric=True)  # type: ignore[misc]
                        for label, column in (
                            ("Agreed", "core_gbp"), ("Funding that ends", "funded_gbp"), ("No funder", "gap_gbp"),
                            ("Asked, not agreed", "asked_gbp"), ("Cash-releasing", "cashable_gbp"), ("Balance", "balance_gbp"),
                        )
                    ),
                ],
                caption=f"Recurring cost and cash by year, real pounds of {appraisal.model.settings.prices}",
            )
        ),
        key="run-on",
        span="c6",
        sub=said,
        source=" ".join(found.notes) + (" * carried on: nobody has planned that year." if any(not y.is_planned for y in years) else ""),
    )  # fmt: skip

# ruff: noqa: E501 - a sentence stays on one line
"""Panels of the investment page that need draws: who is worse off how often, the fan by year, what to measure first."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dash import html

from dashboards import parts
from dashboards.pages import _investment_words as words
from dashboards.pages._investment_choices import offered_draws
from dashboards.pages._investment_explained import why
from dashboards.pages._investment_flows import names_of, scope_of
from partnership.charts.investment_sure import (
    FanPoint,
    Moved,
    Position,
    fan,
    fans,
    of_draws,
    tornado,
    worse_off,
)
from partnership.charts.theme import mark_of
from partnership.periods import name_financial_year
from partnership.wording import (
    count_of,
    in_words,
    is_plural,
    listing,
    number,
    percent,
    pounds,
    the,
    unit_of,
)

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.investing import Choices
    from dashboards.urls import State
    from partnership._workflows.uncertainty import FanYear, Spread, UncertainAppraisal

__all__ = ["chance", "drivers_of_doubt", "sure"]

_FISCAL = "net fiscal"
_BARS, _ROWS = 8, 10


def chance(state: State, found: UncertainAppraisal) -> Any:
    """Return the line under the headline: how likely a gain is, or why it is not said."""
    scope = scope_of(state, found.appraisal)
    if not found.appraisal.result(scope).gate.is_open:
        return None
    if not found.ranged:
        return html.P("No assumption has a range, so how sure this is cannot be said.", className="then")
    at = f"uncertainty/{scope}|{_FISCAL}/chance_gain"
    said = words.chance_words(found, scope)
    cut = said.index(" in 100") + len(" in 100")
    return html.P([html.Strong(why(said[:cut], state, at)), said[cut:]], className="then")


def sure(data: Data, state: State, choices: Choices, found: UncertainAppraisal) -> list[Any]:
    """Return the panels on how sure the positions are."""
    appraisal = found.appraisal
    scope = scope_of(state, appraisal)
    gate = appraisal.result(scope).gate
    if not gate.is_open:
        missing = " ".join(gate.missing)
        return [parts.empty("Withheld: how likely each agency is worse off", f"A position is shown once its basis is there. {missing}", key="worse-off")]  # fmt: skip
    if not found.ranged:
        return [
            parts.empty(
                "How sure this is cannot be said yet",
                "No assumption has a range. State for each the least, the likeliest and the most it may be.",
                key="worse-off",
            )
        ]
    return [
        parts.guarded(lambda: _worse(data, state, choices, found), "worse-off"),
        parts.cols(
            parts.guarded(lambda: _fan(data, state, found), "fan", span="c6"),
            parts.guarded(lambda: _fans(data, state, found), "fans", span="c6"),
        ),
    ]


def _source(found: UncertainAppraisal) -> str:
    kept = ("draws", "ranges", "fixed", "costs", "exact", "rate", "correlations", "ratios")
    return " ".join(found.sentences[k] for k in kept if k in found.sentences)


def _shown(data: Data, state: State, found: UncertainAppraisal) -> list[Spread]:
    """Return the spreads of agencies whose basis is there, the most likely worse off first."""
    del data, state
    kept = [s for a, s in found.agencies.items() if found.appraisal.agencies[a].gate.is_open]
    moving = [s for s in kept if s.p10_gbp or s.p90_gbp]
    return sorted(moving, key=lambda s: (-s.chance_worse_off, s.p50_gbp, s.scope))


def _worse(data: Data, state: State, choices: Choices, found: UncertainAppraisal) -> Any:
    names, partners = names_of(data, state, found.appraisal), data.partners(state)
    spreads = _shown(data, state, found)
    if not spreads:
        return parts.empty("Withheld: how likely each agency is worse off", "No agency's basis is complete: the ledger says what is missing.", key="worse-off")  # fmt: skip
    rows = [
        Position(
            names[s.scope], partners[s.scope].mark if s.scope in partners else mark_of(None), s.p10_gbp, s.p50_gbp, s.p90_gbp,
            s.chance_worse_off, s.scope == state.agency_id or (not state.agency_id and s.chance_worse_off > 0.5),
        )
        for s in spreads
    ]  # fmt: skip
    members = [i for i, p in partners.items() if p.is_member]
    left_out = [names[a] for a, r in found.appraisal.agencies.items() if not r.gate.is_open]
    held = f" Withheld, their basis is not complete: {listing(left_out)}." if left_out else ""
    years = found.appraisal.model.settings.horizon_years
    return parts.panel(
        words.worse_title(found, [s.scope for s in spreads if s.scope in members]),
        parts.picture(worse_off(rows), key="worse-off-picture", wide=900),
        parts.twin(_spread_table(state, found, names)),
        _together(found),
        offered_draws(state, choices),
        key="worse-off",
        sub=f"Net position of each agency over {count_of(years, 'year', words=True)}: mark at the middle, bar from the 10th to the 90th percentile. One square is 5 futures in 100.{held}",
        source=_source(found),
    )  # fmt: skip


def _together(found: UncertainAppraisal) -> Any:
    """Return which assumptions move together, and on whose word; nothing where none do."""
    if not found.ties:
        return None
    names = {n.key: n.name for n in found.numbers}
    table = parts.table(
        [{"t": t, "a": names.get(t.first, t.first), "b": names.get(t.second, t.second)} for t in found.ties],
        [
            parts.Col("t", "Id", lambda t: t.id or "as given"), parts.Col("a", "Assumption"), parts.Col("b", "Moves with"),
            parts.Col("t", "Rank correlation", lambda t: number(t.rank_correlation), numeric=True),
            parts.Col("t", "Where it comes from", lambda t: t.source or "not stated"),
        ],
        caption="Assumptions that move together",
    )  # fmt: skip
    return parts.twin(table, summary="Show what moves together")


def _spread_table(state: State, found: UncertainAppraisal, names: dict[str, str]) -> html.Div:
    shown = [s for s in found.spreads[_FISCAL].values() if found.appraisal.result(s.scope).gate.is_open]

    def money(column: str, label: str) -> parts.Col:
        def said(row: dict[str, Any]) -> Any:
            amount = getattr(row["s"], column)
            if amount is None:
                return "none"
            return why(pounds(round(amount), ""), state, f"{row['s'].address}/{column}")

        return parts.Col("s", label, row=said, numeric=True)

    def likely(row: dict[str, Any]) -> Any:
        return why(of_draws(row["s"].chance_worse_off), state, f"{row['s'].address}/chance_worse_off")

    return parts.table(
        [{"s": s, "name": names.get(s.scope, "All agencies")} for s in shown],
        [
            parts.Col("name", "Agency"), money("used_gbp", "As used"), money("mean_gbp", "Mean"), money("p10_gbp", "P10"),
            money("p50_gbp", "P50"), money("p90_gbp", "P90"), money("shortfall_gbp", "Mean of the worst tenth"),
            money("loss_if_worse_off_gbp", "Mean loss if worse off"), parts.Col("s", "Worse off", row=likely, numeric=True),
        ],
        caption=f"Net fiscal position, £ at present value; {found.draws:,} draws, seed {found.seed}",
    )  # fmt: skip


# ---- the fan ----
def _points(years: Sequence[FanYear]) -> list[FanPoint]:
    return [
        FanPoint(name_financial_year(y.financial_year), y.p10_gbp, y.p25_gbp, y.p50_gbp, y.p75_gbp, y.p90_gbp)
        for y in years
    ]


def _fan(data: Data, state: State, found: UncertainAppraisal) -> Any:
    scope = scope_of(state, found.appraisal)
    years = found.fan_of(scope)
    names = names_of(data, state, found.appraisal)
    who = "the whole" if scope == "whole" else the(names[scope])
    first = next((y for y in years if y.p50_gbp > 0), None)
    turn = (
        f"{who[:1].upper()}{who[1:]} {'gain' if is_plural(who) else 'gains'} from {name_financial_year(first.financial_year)} on"
        if first and all(y.p50_gbp > 0 for y in years if y.financial_year >= first.financial_year)
        else f"The net of {who}, year by year"
        if first
        else f"In no year {'do' if is_plural(who) else 'does'} {who} gain"
    )
    return parts.panel(
        turn,
        parts.picture(fan(_points(years), who), key="fan-picture", wide=460),
        parts.twin(_fan_table(found, names, scope)),
        key="fan",
        span="c6",
        sub="Net fiscal position of each year: the middle, half and eight of ten futures.",
        source=f"Real pounds of {found.appraisal.model.settings.prices}, not discounted; {found.fan_draws:,} draws, seed {found.seed}.",
    )  # fmt: skip


def _fans(data: Data, state: State, found: UncertainAppraisal) -> Any:
    names, partners = names_of(data, state, found.appraisal), data.partners(state)
    scopes = [s.scope for s in _shown(data, state, found)]
    panels = [
        (names[a], partners[a].mark if a in partners else mark_of(None), _points(found.fan_of(a)))
        for a in scopes
    ]
    if not panels:
        return None
    last = found.appraisal.model.settings.years[-1]
    ends = {a: found.fan_of(a)[-1].p50_gbp for a in scopes}
    good = sum(v > 0 for v in ends.values())
    return parts.panel(
        f"By {name_financial_year(last)}, {in_words(good)} of {in_words(len(ends))} agencies gain more in the year than they pay",
        parts.picture(fans(panels), key="fans-picture", wide=460),
        parts.twin(_fan_table(found, names, *scopes)),
        key="fans",
        span="c6",
        sub="The same for each agency, on one scale of pounds.",
        source="Line: the middle. Bands: half, and eight of ten futures.",
    )


def _fan_table(found: UncertainAppraisal, names: dict[str, str], *scopes: str) -> html.Div:
    rows = [
        {"name": names.get(f.scope, "All agencies"), "year": name_financial_year(f.financial_year), "f": f}
        for f in found.fan
        if f.scope in scopes
    ]

    def money(column: str, label: str) -> parts.Col:
        return parts.Col("f", label, lambda f: pounds(round(getattr(f, column)), ""), numeric=True)

    return parts.table(
        rows,
        [
            parts.Col("name", "Whose"), parts.Col("year", "Year"), money("p10_gbp", "P10"), money("p50_gbp", "P50"),
            money("p90_gbp", "P90"), money("sum_p10_gbp", "P10 up to its end"), money("sum_p50_gbp", "P50 up to its end"),
            money("sum_p90_gbp", "P90 up to its end"),
        ],
        caption="Net fiscal position by year, £; sums come from the same draws, since percentiles cannot be added",
    )  # fmt: skip


# ---- what moves it, what to measure ----
def drivers_of_doubt(data: Data, state: State, found: UncertainAppraisal) -> list[Any]:
    """Return the tornado, and what would have to be true with what it is worth to find out."""
    scope = scope_of(state, found.appraisal)
    if not found.appraisal.result(scope).gate.is_open or not found.tornado:
        return []
    return [
        parts.guarded(lambda: _tornado(data, state, found, scope), "tornado"),
        parts.guarded(lambda: _true(found, scope), "switching"),
    ]


def _in_unit(value: float | Decimal, unit: str) -> str:
    said = number(value, places=1 if abs(float(value)) >= 1 else 3)
    return f"£{said}" if unit == "£" else f"{said}%" if unit == "%" else f"{said} {unit}".strip()


def _tornado(data: Data, state: State, found: UncertainAppraisal, scope: str) -> Any:
    names = names_of(data, state, found.appraisal)
    whose = "the whole" if scope == "whole" else the(names[scope])
    moving = [b for b in found.tornado if b.swing_gbp > 0]
    bars = [
        Moved(b.name, _in_unit(b.low, b.unit), _in_unit(b.high, b.unit), b.at_low_gbp, b.at_high_gbp)
        for b in moving[:_BARS]
    ]
    if not bars:
        return None
    used = found.spreads[_FISCAL][scope].used_gbp
    unit = unit_of(used, *(v for b in bars for v in (b.at_low, b.at_high)))
    tips = [f"“{b.name}”" for b in moving if b.tips]
    said = (
        f"Alone, {listing(tips, most=3)} would turn it."
        if tips
        else "No single assumption turns it within its range."
    )
    best = bars[0]
    low, high = sorted((best.at_low, best.at_high))
    more = len(moving) - len(bars)
    return parts.panel(
        f"“{best.name}” alone moves the net of {whose} from {pounds(round(low), unit)} to {pounds(round(high), unit)}",
        parts.picture(tornado(bars, used, unit=unit), key="tornado-picture", wide=860),
        parts.twin(_tornado_table(found)),
        key="tornado",
        sub=f"Each assumption from its 10th to its 90th percentile, all others as used; light at its low end, dark at its high end. {said}",
        source=f"The {count_of(len(bars), 'widest bar', words=True)} of {len(moving)}; the rest {'is' if more == 1 else 'are'} in the numbers."
        if more > 0
        else "All assumptions with a range.",
    )  # fmt: skip


def _tornado_table(found: UncertainAppraisal) -> html.Div:
    return parts.table(
        [{"b": b, "name": b.name} for b in found.tornado if b.swing_gbp > 0],
        [
            parts.Col("name", "Assumption"),
            parts.Col("b", "P10", lambda b: _in_unit(b.low, b.unit), numeric=True),
            parts.Col("b", "Used", lambda b: _in_unit(b.used, b.unit), numeric=True),
            parts.Col("b", "P90", lambda b: _in_unit(b.high, b.unit), numeric=True),
            parts.Col("b", "Net at P10", lambda b: pounds(round(b.at_low_gbp), ""), numeric=True),
            parts.Col("b", "Net at P90", lambda b: pounds(round(b.at_high_gbp), ""), numeric=True),
            parts.Col("b", "Moves it by", lambda b: pounds(round(b.swing_gbp), ""), numeric=True),
            parts.Col("b", "In benefits", lambda b: listing(b.line_ids, most=6)),
        ],
        caption="Every assumption with a range, the widest first",
    )


def _true(found: UncertainAppraisal, scope: str) -> Any:
    result = found.appraisal.result(scope)
    worth = {key: w for w in found.worth for key in w.keys}  # noqa: SIM118 - a field, not a mapping
    order = {key: i for i, w in enumerate(found.worth) for key in w.keys}  # noqa: SIM118
    rows = sorted(result.switching, key=lambda s: (order.get(s.key, len(order)), s.key))[:_ROWS]
    if not rows:
        return None

    def known(row: dict[str, Any]) -> str:
        w = worth.get(row["s"].key)
        if w is None:
            return "no range"
        return pounds(round(w.worth_gbp), "") if w.worth_gbp > 0 else "£0: it would not turn the decision"

    def share(row: dict[str, Any]) -> str:
        w = worth.get(row["s"].key)
        return "" if w is None else percent(Decimal(repr(w.variance_share)))

    def basis(row: dict[str, Any]) -> str:
        s = row["s"]
        return f"{s.source or 'no source'}{f', grade {s.grade}' if s.grade else ''}"

    rest = len(result.switching) - len(rows)
    return parts.panel(
        words.measure_title(found),
        parts.table(
            [{"s": s, "name": s.name} for s in rows],
            [
                parts.Col("name", "Assumption"),
                parts.Col("s", "Used", lambda s: _in_unit(s.used, s.unit), numeric=True),
                parts.Col("s", "Would have to be", row=_switch, numeric=True),
                parts.Col("s", "How sure it is", row=basis),
                parts.Col("s", "Share of the doubt", row=share, numeric=True),
                parts.Col("s", "Worth finding out", row=known, numeric=True),
            ],
            label="What would have to be true",
        ),
        key="switching",
        sub="What would have to be true for the net to be nil, everything else as used; and what it is worth to find each number out before deciding whether to go ahead.",
        source=(f"{count_of(rest, 'more assumption')} with less to say. " if rest else "")
        + "Worth: mean gain of deciding with the number known over deciding now (Strong, Oakley and Brennan 2014).",
    )  # fmt: skip


def _switch(row: dict[str, Any]) -> str:
    s = row["s"]
    if s.at is None:
        return "no value does it"
    return f"{_in_unit(s.at, s.unit)}{', within its range' if s.is_in_range else ''}"

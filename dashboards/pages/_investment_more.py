# ruff: noqa: E501 - a sentence stays on one line
"""What the investment page works out only when asked: shares of the doubt, and forecast against actual.

Both stand in the address (``sobol=256``, ``compare=2025/26``, ``forecast=2026-04-01``), so that a link leads
to what was seen; both are kept once made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboards import parts
from dashboards.pages._investment_choices import Option, group
from dashboards.pages._investment_flows import names_of, scope_of
from dashboards.urls import address
from partnership._roi.draws import Cancelled
from partnership._roi.variance import DRIVERS, UNEXPLAINED
from partnership.charts.investment_doubt import Doubt, doubt
from partnership.errors import InvalidInput, shown
from partnership.periods import financial_year, name_financial_year, parse_financial_year
from partnership.wording import count_of, day, listing, percent, pounds, the

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.investing import Choices
    from dashboards.urls import State
    from partnership._roi.appraisal import Appraisal
    from partnership._roi.doubt_shares import Share
    from partnership._roi.variance import Comparison, Variance
    from partnership._workflows.running_on import Compared

__all__ = ["More", "asked_more", "doubted", "more", "offered", "reached", "stopped", "until_then", "working"]

_SAMPLES = (256, 1024, 4096)
_USUAL = 256
_BARS, _DAYS = 10, 6


@dataclass(frozen=True, slots=True)
class More:
    """What was asked for: base samples of the shares of doubt; a year to compare, and the day of its forecast."""

    samples: int = 0
    year: int | None = None
    forecast: dt.date | None = None


def asked_more(state: State, today: dt.date) -> tuple[More, list[str]]:
    """Return what an address asks for, and in words what of it could not be followed."""
    notes: list[str] = []
    samples, year, forecast = 0, None, None
    if text := state.extra.get("sobol"):
        samples = int(text) if text in {str(n) for n in _SAMPLES} else _USUAL
        if str(samples) != text:
            notes.append(
                f"The address asks for {shown(text)!r} base samples. Choose {listing([str(n) for n in _SAMPLES], 'or')}. {_USUAL:,} are used."
            )
    if text := state.extra.get("compare"):
        try:
            year = parse_financial_year(text)
        except InvalidInput:
            notes.append(f"The address compares the year {shown(text)!r}. Write it as 2025/26.")
    if (text := state.extra.get("forecast")) and year is not None:
        try:
            forecast = dt.date.fromisoformat(text)
        except ValueError:
            notes.append(f"The address asks for the forecast of {shown(text)!r}. Write it as 2026-04-01.")
        if forecast is not None and forecast > today:
            notes.append(
                f"The forecast of {day(forecast)} is not there yet. The plan of now is the forecast."
            )
            forecast = None
    return More(samples, year, forecast), notes


def offered(state: State, wanted: More, appraisal: Appraisal, today: dt.date) -> Any:
    """Return what can be asked for beside the page: each a link that puts it into the address, or takes it out."""
    begun = [y for y in appraisal.model.settings.years if y <= financial_year(today)]
    whole = [y for y in begun if y < financial_year(today)]
    year = name_financial_year((whole or begun or [appraisal.model.settings.years[0]])[-1])
    rows = (
        ("How much of the doubt each assumption carries, alone and with others (Sobol indices)", "sobol", str(_USUAL), bool(wanted.samples), f"from {_USUAL:,} base samples, each with its 95% interval; more when asked"),
        ("Forecast, actual and re-forecast of each benefit, by volume, price, timing and attribution", "compare", year, wanted.year is not None, ""),
    )  # fmt: skip
    items = []
    for words, key, value, is_open, takes in rows:
        change: dict[str, str | None] = {key: None if is_open else value}
        if is_open and key == "compare":
            change["forecast"] = None
        link = dcc.Link(
            f"{'Close' if is_open else 'Show'}: {words}", href=address(state, **change), className="open"
        )
        items.append(html.Li([link, f" ({takes})" if takes and not is_open else ""]))
    return parts.panel("What this page works out when asked", html.Ul(items, className="plain"), key="more")


def working(wanted: More) -> html.Div:
    """Return what stands there while shares of the doubt are worked out: how far it is, and the way to stop it."""
    return html.Div(
        [
            html.Span(f"Working out the shares of the doubt, {wanted.samples:,} base samples: ", id="doubt-reached"),
            html.Button("Stop: show what was found so far", id="doubt-stop", type="button", className="btn small"),
            html.Span(id="doubt-stopped", role="status"),
        ],
        id="doubt-working", className="working", hidden=True,
    )  # fmt: skip


def reached(data: Data, ask: str, wanted: More) -> str:
    """Say how far the shares of the doubt are."""
    found = data.doubting.reached(ask)
    said = f"Working out the shares of the doubt, {wanted.samples:,} base samples: "
    if found is None:
        return f"{said}begun, or waiting for a page that asked the same. "
    return f"{said}{percent(Decimal(found[0]) / found[1])}. "


def stopped(data: Data, ask: str) -> str:
    """End what runs for a page, and say what comes of it."""
    if ask and data.doubting.stop(ask):
        return " Stopped. What was found so far is shown as that."
    return " Nothing runs for this page alone: an answer that others wait for goes on to its end."


def until_then(wanted: More, part: str) -> Any:
    """Return the line that stands until what was asked for is there."""
    said = []
    if wanted.samples and part == "doubt":
        said.append(
            f"Working out the shares of the doubt from {wanted.samples:,} base samples. What is found is kept."
        )
    if wanted.year is not None and part == "compared":
        said.append(f"Comparing {name_financial_year(wanted.year)}.")
    return parts.source_line(" ".join(said)) if said else None


def doubted(data: Data, state: State, choices: Choices, wanted: More, ask: str = "") -> Any:
    """Return the shares of the doubt, where they were asked for."""
    if not wanted.samples:
        return None
    return parts.guarded(lambda: _doubt(data, state, choices, wanted.samples, ask), "sobol")


def more(data: Data, state: State, choices: Choices, wanted: More) -> Any:
    """Return forecast against actual, where it was asked for."""
    if wanted.year is None:
        return None
    year = wanted.year
    return parts.guarded(lambda: _compared(data, state, choices, year, wanted.forecast), "compared")


# ---- shares of the doubt ----
def _doubt(data: Data, state: State, choices: Choices, samples: int, ask: str) -> Any:
    appraisal = data.appraised(state, choices).appraisal
    scope = scope_of(state, appraisal)
    gate = appraisal.result(scope).gate
    title = "How much of the doubt each assumption carries"
    if not gate.is_open:
        return parts.empty(
            f"Withheld: {title[:1].lower()}{title[1:]}",
            f"A position is shown once its basis is there. {' '.join(gate.missing)}",
            key="sobol",
        )
    try:
        found = data.doubt(state, choices, samples, ask)
    except Cancelled as stop:
        return parts.empty(title, f"{stop} Load the page again to work it out.", key="sobol")
    if not found.shares:
        why = (
            "No assumption has a range, so there is no doubt to share out. State for each the least, the likeliest and the most it may be."
            if not found.evaluations
            else "The net does not move, whatever the assumptions are: there is no doubt to share out."
        )
        return parts.empty(title, why, key="sobol")
    names = names_of(data, state, appraisal)
    whose = "the whole" if scope == "whole" else the(names[scope])
    worth = {w.keys: w for w in data.uncertain(state, choices).worth}
    shares = found.shares
    sums = sum(s.shown for s in shares)
    options: list[Option] = [(f"{n:,}", str(n), n == samples) for n in _SAMPLES]
    alone = max(shares, key=lambda s: (s.first, s.keys))
    return parts.panel(
        f"“{listing(alone.names, most=2)}” alone carries {percent(Decimal(repr(round(alone.shown, 4))))} of the doubt about the net of {whose}",
        parts.picture(
            doubt([Doubt(" and ".join(s.names), s.first, s.first_error, s.total, s.total_error) for s in shares[:_BARS]]),
            key="sobol-picture", wide=720,
        ),
        parts.twin(_doubt_table(shares, worth)),
        group(state, "Base samples", "sobol", options),
        key="sobol",
        sub=f"Mark: what would go if the assumption alone were known. Bar: what would stay while it alone is unknown. Lines: 95% intervals. All marks together carry {percent(Decimal(repr(round(min(sums, 1.0), 4))))}; the rest is assumptions working together, and noise. {_how_sure(shares, found.samples)}",
        source=f"{found.method} Of the variance of the net fiscal position at present value. Below nil is noise and drawn at nil; assumptions tied by correlations stand in one group. "
        + (f"The {_BARS} largest of {count_of(len(shares), 'assumption')}; the rest are in the numbers." if len(shares) > _BARS else ""),
    )  # fmt: skip


def _how_sure(shares: Sequence[Share], samples: int) -> str:
    """Say how wide the intervals are, and what would make them narrower."""
    widest = max(max(s.first_error, s.total_error) for s in shares)
    more = next((n for n in _SAMPLES if n > samples), None)
    better = (
        f" {more:,} base samples would make them about {'half' if more == 4 * samples else 'less'} as wide."
        if more
        else ""
    )
    return f"The widest interval is ± {_points(widest)}.{better}"


def _doubt_table(shares: Sequence[Share], worth: Any) -> html.Div:
    def known(row: dict[str, Any], say: Callable[[Any], str]) -> str:
        w = worth.get(row["s"].keys)
        return "no figure" if w is None else say(w)

    return parts.table(
        [{"s": s, "name": " and ".join(s.names)} for s in shares],
        [
            parts.Col("name", "Assumption"),
            parts.Col("s", "Alone, as estimated", lambda s: _interval(s.first, s.first_error), numeric=True),
            parts.Col("s", "In all, as estimated", lambda s: _interval(s.total, s.total_error), numeric=True),
            parts.Col("s", "Goes when it is found out", row=lambda r: known(r, lambda w: percent(Decimal(repr(w.variance_share)))), numeric=True),
            parts.Col("s", "Worth finding out", row=lambda r: known(r, lambda w: pounds(round(w.worth_gbp), "")), numeric=True),
            parts.Col("s", "Would turn the choice", row=lambda r: known(r, lambda w: percent(Decimal(repr(w.chance_of_other_choice)))), numeric=True),
        ],
        caption="Sobol indices with 95% intervals, and the value of finding each assumption out before deciding (EVPPI)",
    )  # fmt: skip


def _interval(value: float, error: float) -> str:
    low, high = value - error, value + error
    return f"{_points(value)} ({_points(low)} to {_points(high)})"


def _points(share: float) -> str:
    return f"{share * 100:.1f}%".replace("-", "−")


# ---- forecast, actual, re-forecast ----
def _compared(data: Data, state: State, choices: Choices, year: int, forecast: dt.date | None) -> Any:
    years = data.appraised(state, choices).appraisal.model.settings.years
    begun = [y for y in years if y <= financial_year(data.today())] or [years[0]]
    asks = group(state, "Year", "compare", [(name_financial_year(y), name_financial_year(y), y == year) for y in begun])  # fmt: skip
    days = _days(data, state, forecast)
    when: list[Option] = [("the plan of now", None, forecast is None)]
    when += [(f"the plan of {day(d)}", d.isoformat(), d == forecast) for d in days]
    earlier = (
        group(state, "Forecast", "forecast", when) if len(when) > 1
        else html.P("The store knows the plan of no earlier day, so there is no re-forecast.", className="sub")
    )  # fmt: skip
    name = name_financial_year(year)
    try:
        found = data.compared(state, choices, year, forecast)
    except InvalidInput as error:
        return parts.panel(f"{name} cannot be compared as asked", html.P(str(error), className="empty"), asks, earlier, key="compared")  # fmt: skip
    if not found.lines:
        return parts.empty(f"There is nothing to compare in {name}", "No benefit with a value is counted.", key="compared")  # fmt: skip
    again = any(c.reforecast_variance for c in found.lines)
    return parts.panel(
        _compared_title(found),
        asks,
        earlier,
        _sides(found),
        _split("What was read less what was forecast", found, lambda c: c.actual_variance, (*DRIVERS, UNEXPLAINED)),
        _split("What is expected now less what was forecast", found, lambda c: c.reforecast_variance, DRIVERS) if again
        else html.P("There is no re-forecast: choose the plan of an earlier day as the forecast, and the plan of now is set against it.", className="sub") if len(when) > 1
        else None,
        key="compared",
        sub=f"Every benefit over the whole of {name}, real pounds of {choices.price_year or data.appraised(state, choices).appraisal.model.settings.prices}; all agencies together.",
        source=" ".join([*found.notes, "Each driver has the mean, over all orders of change, of what its change made (Shorrocks 2013); parts make the difference to the penny."]),
    )  # fmt: skip


def _days(data: Data, state: State, forecast: dt.date | None) -> list[dt.date]:
    """Return the latest days on which the plan changed before the one shown, and the one that was asked for."""
    last = state.as_of or data.today()
    known = [d for d in data.changed_days() if d < last][:_DAYS]
    return sorted({*known, *([forecast] if forecast else [])}, reverse=True)


def _compared_title(found: Compared) -> str:
    name = name_financial_year(found.financial_year)
    read = [c for c in found.lines if c.actual_gbp is not None]
    if not read:
        return f"No benefit was read over the whole of {name} yet"
    forecast = sum((c.forecast_gbp for c in read), Decimal(0))
    actual = sum((c.actual_gbp or Decimal(0) for c in read), Decimal(0))
    apart = abs(actual - forecast)
    less = "less than" if actual < forecast else "more than"
    told = f"{pounds(apart)} {less} forecast" if apart else "what was forecast"
    return f"{name}: {len(read)} of {count_of(len(found.lines), 'benefit')} read in full; they brought {pounds(actual)}, {told}"


def _sides(found: Compared) -> html.Div:
    def actual(c: Comparison) -> Any:
        return parts.state_word(c.missing or "not read", "none") if c.actual_gbp is None else pounds(c.actual_gbp, pence=True)  # fmt: skip

    def again(c: Comparison) -> str:
        return "none" if c.reforecast_gbp is None else pounds(c.reforecast_gbp, pence=True)

    return parts.table(
        [{"c": c, "name": c.title} for c in found.lines],
        [
            parts.Col("name", "Benefit"), parts.Col("c", "Forecast", lambda c: pounds(c.forecast_gbp, pence=True), numeric=True),
            parts.Col("c", "Actual", actual, numeric=True), parts.Col("c", "Re-forecast", again, numeric=True),
        ],
        label="Forecast, actual and re-forecast",
    )  # fmt: skip


def _split(
    title: str, found: Compared, of: Callable[[Comparison], Variance | None], drivers: Sequence[str]
) -> Any:
    rows = [{"v": v, "name": c.title} for c in found.lines if (v := of(c)) is not None]
    if not rows:
        return html.P(f"{title}: no benefit can be compared yet.", className="sub")

    def part(driver: str) -> parts.Col:
        return parts.Col(
            "v",
            driver.capitalize(),
            lambda v: (
                parts.state_word("not read", "none")
                if driver in v.not_read
                else pounds(v.parts_gbp.get(driver, Decimal(0)), pence=True, plus=True)
            ),
            numeric=True,
        )

    variances: list[Any] = [r["v"] for r in rows]

    def summed(driver: str) -> Any:
        read = [v.parts_gbp.get(driver, Decimal(0)) for v in variances if driver not in v.not_read]
        if not read:
            return parts.state_word("not read", "none")
        return f"{pounds(sum(read, Decimal(0)), pence=True, plus=True)}{'' if len(read) == len(variances) else ', partial'}"

    partial = len(rows) < len(found.lines)
    return parts.table(
        rows,
        [
            parts.Col("name", "Benefit"), parts.Col("v", "Difference", lambda v: pounds(v.total_gbp, pence=True, plus=True), numeric=True),
            *(part(d) for d in drivers),
        ],
        caption=title,
        foot=[f"All {len(rows)} compared, partial: {len(found.lines)} are counted" if partial else "All", pounds(sum(v.total_gbp for v in variances), pence=True, plus=True), *(summed(d) for d in drivers)],
    )  # fmt: skip

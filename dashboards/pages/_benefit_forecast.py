"""The forecast at completion on its page, how good it would have been, and what our own history says."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from dash import html

from dashboards import parts
from dashboards.pages._benefit_judging import finished_desk
from partnership._reports.forecast_words import completion_words, how_good, how_good_shortly
from partnership.charts.forecast import forecast_chart
from partnership.periods import add_months
from partnership.wording import capital, count_of, month, percent, pounds, unit_of

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State
    from partnership._workflows.realising import Completion
    from partnership.benefits import Backtest

__all__ = ["forecast_panels", "forecast_sentence"]


def forecast_panels(data: Data, state: State) -> list[Any]:
    """Return the forecast, its back-test and the reference class."""
    return [
        parts.guarded(lambda: _forecast(data, state), "forecast"),
        parts.guarded(lambda: _history(data, state), "history"),
    ]


def forecast_sentence(data: Data, state: State) -> Any:
    """Return the sentence on the forecast that stands under the realised figure on every part."""
    done = data.completion(state)
    fact, rest = completion_words(done)
    shown = done.forecast.middle is not None and done.forecast.ahead
    good = f" {how_good_shortly(done.forecast.backtest)}" if shown else ""
    return html.P([html.Strong(fact), f"{rest}{good}"], className="then", id="forecast-sentence")


def _forecast(data: Data, state: State) -> Any:
    done = data.completion(state)
    found = done.forecast
    if found.middle is None:
        return parts.empty(
            "No forecast is made",
            f"{capital(found.why_not or 'Nothing is planned or read')} "
            f"{'The last month is ' + month(done.last) + '.' if done.last else ''}",
            key="forecast",
        )
    months = data.view("benefit_realisation", state).to_dicts()
    ahead = [add_months(done.periods[-1], n + 1) for n in range(found.ahead)]
    return parts.panel(
        _title(done),
        parts.picture(forecast_chart(months, found, ahead), key="benefits-forecast", wide=760),
        html.P(how_good(found.backtest, found.widened), className="sub"),
        *_hidden(done),
        parts.twin(_path_table(done, ahead), _origin_table(done, found.backtest)),
        key="forecast",
        sub="Running total of what is read, and what the months to come would add. Dotted: the middle of all "
        "futures; shaded: eight in ten of them.",
        source=f"Method: {found.method}. Back-test: each of the last twelve months that can be held against "
        "the three that followed. Ten months at least.",
    )


def _title(done: Completion) -> str:
    found = done.forecast
    when = f"by {month(done.last)}" if done.last else ""
    if found.middle is None or not done.planned_gbp or found.low is None or found.high is None:
        return f"About {pounds(found.middle)} {when}"
    unit = unit_of(found.middle, done.comparable_gbp)
    short = float(done.comparable_gbp) - found.middle
    word = f"{pounds(short, unit)} short of" if short > 0 else f"{pounds(-short, unit)} above"
    seen = f"the {pounds(done.comparable_gbp, unit)} of plan that can be seen" if done.hidden_gbp else "plan"
    return f"About {pounds(found.middle, unit)} {when}: {word} {seen}"


def _hidden(done: Completion) -> list[Any]:
    if not done.hidden_gbp and not done.provisional_months:
        return []
    said = []
    if done.hidden_gbp:
        hidden = pounds(done.hidden_gbp)
        said.append(
            f"{hidden} of the plan has no reading, or is of what was never read, or not without a gap: "
            "it is in no forecast. "
        )
    if done.provisional_months:
        said.append(f"{count_of(done.provisional_months, 'month')} may still change. ")
    return [parts.note(html.Strong("Partial. "), *said, partial=bool(done.hidden_gbp))]


def _path_table(done: Completion, ahead: list[dt.date]) -> html.Div:
    rows = [
        {"period": p, "low": low, "middle": middle, "high": high}
        for p, (low, middle, high) in zip(ahead, done.forecast.path, strict=True)
    ]
    return parts.table(
        rows,
        [
            parts.Col("period", "Month", month),
            parts.Col("low", "One in ten below (P10)", pounds, numeric=True),
            parts.Col("middle", "Middle (P50)", pounds, numeric=True),
            parts.Col("high", "One in ten above (P90)", pounds, numeric=True),
        ],
        caption="Running total, £, forecast",
    )


def _origin_table(done: Completion, tested: Backtest) -> Any:
    if not tested.origins:
        return None
    rows = [
        {
            "made": done.periods[o.months - 1],
            "range": f"{pounds(o.low)} to {pounds(o.high)}",
            "middle": o.middle,
            "naive": o.naive,
            "real": o.real,
            "inside": "inside" if o.is_inside else "outside",
        }
        for o in tested.origins
    ]
    return parts.table(
        rows,
        [
            parts.Col("made", "Made after", month),
            parts.Col("middle", "Forecast of 3 months", pounds, numeric=True),
            parts.Col("range", "The method’s own range", str, numeric=True),
            parts.Col("naive", "As the last month", pounds, numeric=True),
            parts.Col("real", "Real", pounds, numeric=True),
            parts.Col("inside", "Real lay"),
        ],
        caption="Back-test: what the same method would have said",
    )


def _history(data: Data, state: State) -> Any:
    found = data.realised(state)
    whole = found.reference[""]
    rows = [
        {"class": "All classes" if not name else capital(name), "reference": ref}
        for name, ref in sorted(found.reference.items())
    ]
    if whole.bias is None:
        return parts.panel(
            "Our own history is too short to propose anything",
            html.P(
                f"{capital(count_of(whole.size, 'finished benefit'))} of {whole.least} that are needed. "
                "Write what earlier benefits planned and realised here, or on the sheet Finished benefits.",
                className="empty",
            ),
            *finished_desk(data, state),
            key="history",
        )
    return parts.panel(
        f"Our own history: half of {whole.size} finished benefits realised "
        f"{percent(whole.middle or 0)} of plan or less",
        parts.table(
            rows,
            [
                parts.Col("class", "New benefit of class"),
                parts.Col(
                    "used", "Held against", row=lambda r: f"{r['reference'].name}, {r['reference'].size}"
                ),
                parts.Col(
                    "middle", "Middle", row=lambda r: percent(r["reference"].middle or 0), numeric=True
                ),
                parts.Col(
                    "spread",
                    "One in ten below, above",
                    row=lambda r: f"{percent(r['reference'].low or 0)}, {percent(r['reference'].high or 0)}",
                    numeric=True,
                ),
                parts.Col(
                    "bias",
                    "Take off (1 in 2 short)",
                    row=lambda r: percent(r["reference"].bias or 0),
                    numeric=True,
                ),
                parts.Col(
                    "prudent",
                    "Take off (1 in 5 short)",
                    row=lambda r: percent(r["reference"].prudent_bias or 0),
                    numeric=True,
                ),
            ],
            caption="Optimism bias that history proposes; nothing is changed by itself",
        ),
        *finished_desk(data, state),
        key="history",
        sub=f"Realised over planned, whole lives. {whole.came_short} of {whole.size} came short; in pounds, "
        f"{percent(whole.pooled or 0)} of all that was planned. The true middle lies between "
        f"{percent(whole.middle_low or 0)} and {percent(whole.middle_high or 0)} (9 in 10).",
        source="Source: finished benefits, and benefits of this plan whose life is over and wholly read. "
        f"A class with fewer than {whole.least} is held against all; with fewer in all, nothing is said.",
    )

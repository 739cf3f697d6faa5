"""By when each partner needs to see something, and whether the gaps close from review to review."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboards import parts
from dashboards.pages._expectation_common import (
    Row,
    apart,
    key_of,
    names_of,
    with_short_names,
)
from dashboards.parts import Col
from partnership import wording
from partnership._reports import gap_words as words
from partnership.charts import expectations as charts

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State


def results_panel(data: Data, state: State) -> Any:
    frame = data.view("first_results", state)
    dated = frame.filter(frame["first_results_by"].is_not_null())
    silent = frame.filter(frame["first_results_by"].is_null())
    if not dated.height:
        return parts.empty(
            "When is something to be seen?",
            "No partner has said by when it needs to see first results.",
            key="results",
            span="c6",
        )
    name = names_of(data, state)
    today = state.as_of or data.today()
    rows = list(dated.sort("first_results_by", "agency_name").iter_rows(named=True))
    title, sub = words.results_title(rows, today, name)
    marks = {key: p.mark for key, p in data.partners(state).items()}
    missing = f" No answer: {wording.listing(name(i) for i in silent['agency_id'])}." if silent.height else ""
    columns = [
        Col("agency_name", "Partner"),
        Col("first_results_by", "Date", show=lambda v: wording.day(v) if v else "no answer"),
    ]
    return parts.panel(
        title,
        parts.picture(
            charts.first_results(with_short_names(dated, name), today, marks), key="results-picture", wide=440
        ),
        parts.twin(
            parts.table(frame, columns, caption="First results needed by"),
            files=parts.download_links(state, "first_results", measure=None),
        ),
        key="results",
        sub=sub,
        source=f"Source: gives and gets of each partner.{missing}",
        span="c6",
    )


# ---- history ----
def reviews_of(data: Data, state: State) -> tuple[list[dt.date], dict[tuple[str, str], float | None]]:
    """Return the reviews to show (two up to the last board, and now), and the ratios before now."""
    history = data.view("expectation_history", state)
    days: list[dt.date] = sorted(set(history["review_on"].to_list()))
    if not days:
        return [], {}
    board, _ = data.boards(state)
    before = [d for d in days[:-1] if board is None or d <= board][-2:]
    if not before:
        return days[-1:], {}
    at = history.filter(history["review_on"] == before[-1])
    return [*before, days[-1]], {
        (r["goal_id"], r["measure_id"]): r["ratio"] for r in at.iter_rows(named=True)
    }


def history_panel(data: Data, state: State, gaps: pl.DataFrame) -> Any:
    days, last = reviews_of(data, state)
    if len(days) < 2:
        return parts.empty(
            "The gaps have been measured once",
            "After the next review this shows which are closing.",
            key="history",
            span="c6",
        )
    history = data.view("expectation_history", state)
    ratios = {
        (r["goal_id"], r["measure_id"], r["review_on"]): r["ratio"] for r in history.iter_rows(named=True)
    }
    rows = list(gaps.iter_rows(named=True))
    directions = {key_of(r): words.direction(last.get(key_of(r)), r["ratio"], r["band"]) for r in rows}

    def ratio(row: Row, day: dt.date) -> str:
        return apart(ratios.get((*key_of(row), day))) or "no return"

    def heading(day: dt.date) -> str:
        return "Now" if day == days[-1] else wording.short_day(day, year=day.year != days[-1].year)

    columns = [
        Col("measure_name", "Measure"),
        *(Col(str(d), heading(d), row=partial(ratio, day=d), numeric=True) for d in days),
        Col("direction", "Direction", row=lambda r: parts.state_word(directions[key_of(r)])),
    ]
    return parts.panel(
        words.history_title(list(directions.values())),
        parts.table(rows, columns, label="Ratio of largest to smallest at each review"),
        parts.download_links(state, "expectation_history", "all reviews", measure=None),
        key="history",
        sub="Ratio of largest to smallest at each review. Direction: now against the review before.",
        span="c6",
    )

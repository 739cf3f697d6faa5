"""Everything about expectation gaps at once, for the command line and notebooks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from partnership.expectations import Stated, TypedGap, kind_words, typed_gap
from partnership.periods import local_day

if TYPE_CHECKING:
    import polars as pl

    from partnership.store import Store

__all__ = ["GapReport", "MeasureGap", "as_json", "gap_report"]

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MeasureGap:
    """The gap on one measure of one goal: the view's row, and the measures that analysts ask for."""

    row: Row
    typed: TypedGap
    change: str | None


@dataclass(frozen=True, slots=True)
class GapReport:
    """All gaps, widest first, with what belongs to them.

    Parameters
    ----------
    discuss_from, redefine_from : float
        The partnership's own bands, in times: our design, and settable on the sheet Partnership.
    gaps : tuple[MeasureGap, ...]
        Widest first.
    pairs, offers, dates, talks, first_results : polars.DataFrame
        Rows of the views ``expectation_pairs``, ``goal_offers``, ``date_gaps``, ``talks``, ``first_results``.
    """

    discuss_from: float
    redefine_from: float
    gaps: tuple[MeasureGap, ...]
    pairs: pl.DataFrame
    offers: pl.DataFrame
    dates: pl.DataFrame
    talks: pl.DataFrame
    first_results: pl.DataFrame


def gap_report(
    store: Store, *, goal_id: str | None = None, as_of: dt.date | None = None, today: dt.date | None = None
) -> GapReport:
    """Gather every gap of a stored plan.

    Parameters
    ----------
    store : Store
        Where the plan is.
    goal_id : str, optional
        One goal; all when left out.
    as_of, today : date, optional
        As known on that day; seen from that day.
    """
    on = today or as_of or local_day(dt.datetime.now(dt.UTC))

    def ask(view: str) -> pl.DataFrame:
        return store.fetch(view, as_of=as_of, today=on, goal_id=goal_id)

    own = store.table("partnership", as_of=as_of)
    bands = own.select("gap_discuss_ratio", "gap_redefine_ratio").row(0) if own.height else (2, 10)
    discuss, redefine = float(bands[0]), float(bands[1])
    rates, history = ask("expectation_rates"), ask("expectation_history")
    short = _without_days(store, as_of, on)
    gaps = tuple(
        MeasureGap(row, _typed(row, rates, discuss, redefine, short), _change(row, history))
        for row in ask("expectation_gaps").iter_rows(named=True)
    )
    return GapReport(
        discuss,
        redefine,
        gaps,
        *(ask(v) for v in ("expectation_pairs", "goal_offers", "date_gaps", "talks", "first_results")),
    )


def _typed(row: Row, rates: pl.DataFrame, discuss: float, redefine: float, short: frozenset[str]) -> TypedGap:
    mine = (rates["goal_id"] == row["goal_id"]) & (rates["measure_id"] == row["measure_id"])
    rows = rates.filter(mine & rates["counterpart_id"].is_null())
    return typed_gap(
        [_stated(r) for r in rows.iter_rows(named=True)],
        discuss_from=discuss,
        redefine_from=redefine,
        without_days=short,
    )


def _stated(row: Row) -> Stated:
    rate = 0.0 if row["answer"] == "expects none" else row["common_rate"]
    return Stated(
        row["agency_id"],
        rate,
        unit=row["compared_unit"],
        definition=row["definition_id"],
        scope=row["scope"],
        by=row["expected_by"],
        direction=row["direction"] or "gets",
        comparable=row["answer"] != "answered" or row["common_rate"] is not None,
    )


def _without_days(store: Store, as_of: dt.date | None, today: dt.date) -> frozenset[str]:
    """Return agencies whose open, dated work asks for more days than they offer from this quarter on."""
    plan = store.plan(as_of=as_of)
    dated = {i.id for i in plan["work_items"] if i.due_on and not (i.done_on and i.done_on <= today)}
    asked: dict[str, Any] = {}
    for part in plan["item_agencies"]:
        if part.item_id in dated and part.effort_days is not None:
            asked[part.agency_id] = asked.get(part.agency_id, 0) + part.effort_days
    now = today.year * 12 + today.month - 1
    offered: dict[str, Any] = {}
    for row in plan["capacity"]:
        last_month = row.quarter_starts_on.year * 12 + row.quarter_starts_on.month - 1 + 2
        if row.days is not None and last_month >= now:
            offered[row.agency_id] = offered.get(row.agency_id, 0) + row.days
    return frozenset(a for a, days in asked.items() if a in offered and days > offered[a])


def _change(row: Row, history: pl.DataFrame) -> str | None:
    """Return how the gap moved since the review before, as the view words it."""
    mine = (history["goal_id"] == row["goal_id"]) & (history["measure_id"] == row["measure_id"])
    rows = history.filter(mine).sort("review_on")
    return rows["change"][-1] if rows.height else None


def as_json(report: GapReport) -> dict[str, Any]:
    """Return the report as plain data."""
    return {
        "bands": {
            "discuss_from": report.discuss_from,
            "redefine_from": report.redefine_from,
            "source": "our own design; each partnership sets its own",
        },
        "gaps": [_gap_json(g) for g in report.gaps],
        "pairs": report.pairs.to_dicts(),
        "offers": report.offers.to_dicts(),
        "dates": report.dates.to_dicts(),
        "talks": report.talks.to_dicts(),
        "first_results": report.first_results.to_dicts(),
    }


def _gap_json(one: MeasureGap) -> dict[str, Any]:
    found = one.typed.gap
    return {
        **{
            k: one.row[k]
            for k in ("goal_id", "goal_title", "measure_id", "measure_name", "measure_unit", "measure_per")
        },
        "least": found.least,
        "most": found.most,
        "ratio": found.ratio,
        "log10_ratio": found.log10_ratio,
        "geometric_mean": found.geometric_mean,
        "band": one.row["band"],
        "kind": one.typed.kind,
        "why": kind_words(one.typed.kind) if one.typed.kind else None,
        "expecting_none": list(found.expecting_none),
        "unanswered": list(found.unanswered),
        "not_comparable": list(one.typed.not_comparable),
        "months_apart": one.typed.months_apart,
        "change": one.change,
    }

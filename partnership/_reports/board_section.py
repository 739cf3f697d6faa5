"""The five questions of the board: each answered in a sentence, with what limits it and what changed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from partnership import wording
from partnership._reports import board_words as words
from partnership._reports.asks import asks
from partnership._reports.benefit_words import is_partial
from partnership._reports.blocks import Block, Items, Question, Say, Section
from partnership._reports.door import Door
from partnership._reports.gap_words import ends
from partnership.charts import board as charts

__all__ = ["drawn_payers", "goal_said", "largest_payer", "questions", "realised_said"]

Row = Mapping[str, Any]
_DRAWN = 3
_NO_CHANGE = words.Change("", "")


def questions(door: Door) -> Section:
    """Return the five questions."""
    asked: list[Block] = [_goal(door), _gaps(door), _benefit(door), _payers(door), _promises(door)]
    wanted = [(a.what, a.why) for a in asks(door)]
    asked += [Items("Asked of this board", wanted, across=True)] if wanted else []
    title = "The five questions of the board"
    views = ("plan_summary", "gap_totals", "benefit_totals", "payers_and_gainers", "promise_totals")
    return Section("questions", "Board overview", title, asked, views, quiet=True)


def _quiet(label: str, sentence: str) -> Question:
    return Question(label, Say(sentence), "", None, _NO_CHANGE)


# ---- the shared goal ----
def goal_said(goal: Row) -> dict[str, str]:
    """Return how the ends of the shared goal's line are written."""
    unit = goal["bhag_unit"] or ""
    latest = words.in_unit(goal["latest_value"], unit)
    if goal["latest_period"]:
        latest = f"{latest}, {wording.short_month(goal['latest_period'])}"
    return {
        "baseline": words.in_unit(goal["baseline_value"], unit),
        "latest": latest,
        "target": words.in_unit(goal["target_value"], unit),
        "unit": unit,
    }


def _goal(door: Door) -> Question:
    goal = door.summary
    readings = door.view(
        "measure_readings", measure_id=goal["bhag_measure_id"] or "", own="yes", agency_id=None, goal_id=None
    )
    whole = readings.filter(readings["agency_id"].is_null())
    drawable = whole.height or (goal["baseline_on"] and goal["target_on"])
    figure = charts.goal_line(whole, goal, goal_said(goal)) if drawable else None
    return Question(
        "Does the goal we share come nearer?",
        Say(str(goal["bhag"])),
        words.goal_caveat(goal),
        figure,
        words.goal_change(goal, door.board),
        is_goal=True,
    )


def _gaps(door: Door) -> Question:
    label = "Do we expect the same thing?"
    gaps, now = door.view("expectation_gaps"), door.row("gap_totals")
    if not gaps.height:
        return _quiet(label, "No expectations yet.")
    row = gaps.row(0, named=True)
    caveat, change = words.gap_caveat(now), words.gap_change(now, door.then("gap_totals"), door.board)
    if row["ratio"] is None:
        return Question(
            label, Say("No two partners have answered on the same measure."), caveat, None, change
        )
    rates = door.view("expectation_rates")
    of_row = rates.filter(
        (rates["measure_id"] == row["measure_id"])
        & (rates["goal_id"] == row["goal_id"])
        & rates["counterpart_id"].is_null()
    )
    unit = wording.unit_per(row["measure_unit"], row["measure_per"])
    figure = charts.gap_line(door.with_short_names(of_row), row, door.marks, unit)
    return Question(label, Say(ends(row, door.called)), caveat, figure, change)


# ---- benefit ----
def realised_said(now: Row) -> dict[str, str]:
    """Return how the ends of the line of benefit are written."""
    unit = wording.unit_of(now["realised_gbp"], now["compared_gbp"], now["plan_total_gbp"])
    real, plan = (wording.pounds(now[k], unit) for k in ("realised_gbp", "plan_total_gbp"))
    return {
        "planned": f"{plan} by {wording.month(now['plan_end_period'])}",
        "real": f"{real} at {wording.month(now['latest_period'])}",
        "label": f"real, {real}",
    }


def _benefit(door: Door) -> Question:
    label, now = "Is the benefit real?", door.row("benefit_totals")
    if not now or now["latest_period"] is None or not now["planned_gbp"]:
        planned = now and now.get("plan_total_gbp")
        return _quiet(label, "No benefit has been read yet." if planned else "No benefit is planned yet.")
    bold, rest = words.benefit_answer(now)
    caveat = words.benefit_caveat(now)
    off_plan = door.view("off_plan").filter(pl.col("months_off_plan") >= 3).height
    change = words.benefit_change(now, door.then("benefit_totals"), door.board, off_plan)
    figure = charts.realised_line(door.view("benefit_realisation"), realised_said(now))
    shown = f"Partial: {caveat}" if is_partial(now) else caveat
    return Question(label, Say(bold, rest), shown, figure, change)


# ---- who pays, who gains ----
def largest_payer(rows: pl.DataFrame, agency_id: str | None, members: list[str]) -> Row:
    """Return the agency chosen, or the partner that pays most over what falls to it."""
    mine = rows.filter(pl.col("agency_id") == agency_id) if agency_id else rows.clear()
    partners = rows.filter(pl.col("agency_id").is_in(members))
    ordered = (partners if partners.height else rows).sort("net_gbp")
    return (mine if mine.height else ordered).row(0, named=True)


def drawn_payers(rows: pl.DataFrame, first: str) -> pl.DataFrame:
    """Return the largest movers, the agency of the sentence first, and the others in one row."""
    kept = ["agency_id", "agency_name", "paid_gbp", "gained_gbp", "net_gbp"]
    ordered = rows.with_columns(
        (pl.col("agency_id") == first).alias("first"), pl.col("net_gbp").abs().alias("size")
    ).sort("first", "size", descending=True)
    if ordered.height <= _DRAWN + 1:
        return ordered.select(kept)
    others = ordered.slice(_DRAWN)
    rest = others.select(
        pl.lit(None, pl.String).alias("agency_id"),
        pl.lit(f"Other {wording.in_words(others.height)}").alias("agency_name"),
        *(pl.col(c).sum() for c in kept[2:]),
    )
    money = [pl.col(c).cast(pl.Decimal(38, 2)) for c in kept[2:]]
    return pl.concat([ordered.slice(0, _DRAWN).select(kept).with_columns(money), rest.with_columns(money)])


def _payers(door: Door) -> Question:
    label, rows = "Who pays, and who gains?", door.view("payers_and_gainers", agency_id=None)
    if not rows.height or not (rows["paid_gbp"].sum() or rows["gained_gbp"].sum()):
        return _quiet(label, "No contributions and no benefits are planned yet.")
    most = largest_payer(rows, door.agency_id, list(door.members))
    then = None
    if door.board:
        before = door.view("payers_and_gainers", agency_id=None, as_of=door.board)
        same = before.filter(before["agency_id"] == most["agency_id"])
        then = next(iter(same.iter_rows(named=True)), None)
    paid, gained, twice = (Decimal(rows[k].sum()) for k in ("paid_gbp", "gained_gbp", "twice_gained_gbp"))
    unit = wording.unit_of(paid, gained)
    shown = drawn_payers(door.with_short_names(rows), most["agency_id"])
    years = rows.row(0, named=True)
    return Question(
        label,
        Say(words.payers_answer(most, door.called(most["agency_id"]))),
        words.payers_caveat(paid, gained, (years["first_year"], years["last_year"]), door.headline, twice),
        charts.pays_and_gains(shown, door.marks, unit),
        words.payers_change(most, then, door.board, unit),
    )


# ---- promises ----
def _promises(door: Door) -> Question:
    label, now = "Do we keep our promises?", door.row("promise_totals")
    if not now or not now["made"]:
        return _quiet(label, "No promises yet.")
    bold, rest = words.promises_answer(now)
    counts = {s: int(now[s.replace(" ", "_")] or 0) for s in charts.BOARD_STATES}
    change = words.promises_change(now, door.then("promise_totals"), door.board)
    return Question(
        label, Say(bold, rest), words.promises_caveat(now), charts.promise_squares(counts), change
    )

"""Benefits of a pack: real against plan, by agency, the register, and the forecast with its range."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from partnership import wording
from partnership._reports import benefit_words as words
from partnership._reports.blocks import FULL, HALF, Beside, Block, Note, Picture, Say, Section, Source, Table
from partnership._reports.door import Door
from partnership._reports.forecast_words import completion_words, how_good
from partnership._workflows.realising import Completion, completion
from partnership.charts import benefits as charts
from partnership.charts.benefits import realised_by
from partnership.charts.forecast import forecast_chart
from partnership.periods import add_months
from partnership.views import view

__all__ = ["benefits", "register"]

_MONEY = frozenset({3, 4, 5, 6})
_CLOSER = 0.88
"""Rows stand closer on paper than on a page."""


def benefits(door: Door) -> Section:
    """Return what is real of what was planned, and what is missing from the answer."""
    totals, months = door.row("benefit_totals"), door.view("benefit_realisation")
    name = "Benefits"
    if not months.height:
        said = Say(rest="Nothing says yet what each benefit is planned to bring, month by month.")
        return Section("benefits", name, "No benefit has a plan by month yet", [said])
    agencies = door.view("benefit_by_agency").to_dicts()
    strong, rest, whole = words.opening(totals)
    blocks: list[Block] = [Say(strong, f"{rest} {whole}")]
    provisional = [p for p, soft in months.select("period", "is_provisional").iter_rows() if soft]
    partial = words.partial_words(totals, agencies, provisional)
    if partial:
        blocks.append(Note(f"Partial. {partial}" if words.is_partial(totals) else partial))
    if twice := words.double_counting(totals):
        blocks.append(Note(twice, partial=False))
    blocks.append(Picture(charts.realisation(months, totals, _rebaselines(door), height=284)))
    definition = ". ".join(" ".join(view("benefit_totals").definition.split()).split(". ")[:2])
    source = Source(f"{_prices(door)}Dis-benefits netted. {definition}.")
    by_agency = [r for r in agencies if r["planned_gbp"] or r["realised_gbp"]]
    if by_agency:
        drawn = realised_by(by_agency, door.marks)
        chart = Picture(drawn, HALF, round(drawn.layout.height * _CLOSER))
        blocks.append(Beside([chart], [_notes(door), source]))
    else:
        blocks.append(source)
    views = ("benefit_totals", "benefit_realisation", "benefit_by_agency")
    return Section("benefits", name, words.curve_title(totals), blocks, views)


def _prices(door: Door) -> str:
    said = words.prices_of(door.table("benefits"), door.summary.get("price_year"))
    return f"Money as entered, {said}, not discounted. " if said else "No price year is stated. "


def _rebaselines(door: Door) -> list[tuple[dt.date, str]]:
    """Return the days on which plans were changed, with why."""
    changed = door.table("rebaselines")
    shown = set(door.view("benefit_register")["benefit_id"].to_list())
    by_day: dict[dt.date, list[str]] = {}
    for row in changed.sort("agreed_on", "benefit_id").iter_rows(named=True):
        reasons = by_day.setdefault(row["agreed_on"], [])
        if row["benefit_id"] in shown and row["reason"] not in reasons:
            reasons.append(row["reason"])
    return [(on, "; ".join(r)) for on, r in by_day.items() if r]


def _notes(door: Door) -> Table:
    """Return what people wrote on months, latest first."""
    measures = dict(door.table("measures").select("id", "name").iter_rows())
    titles = dict(door.view("benefit_register").select("benefit_id", "title").iter_rows())
    notes = door.table("annotations").sort("period", "id", descending=[True, False])
    rows = [
        (
            wording.short_month(n["period"]),
            titles.get(n["benefit_id"]) or measures.get(n["measure_id"]) or "The whole",
            n["text"],
        )
        for n in notes.iter_rows(named=True)
        if n["benefit_id"] is None or n["benefit_id"] in titles
    ]
    return Table(
        "Notes on months",
        ("Month", "About", "Note"),
        rows or [("", "", "No note on any month.")],
        tight=frozenset({0}),
    )


# ---- register and forecast ----
def register(door: Door) -> Section:
    """Return the register of benefits, furthest from plan first, and the forecast at completion."""
    rows = door.view("benefit_register").to_dicts()
    name = "Benefits register and forecast"
    if not rows:
        return Section("register", name, "No benefits yet", [Say(rest="The register is empty.")])
    table = Table(
        "Benefits to date, furthest from plan first",
        ("Benefit", "Falls to", "State", "Planned", "Planned where read", "Real", "Share", "Owner"),
        [
            (
                r["title"], r["falls_to"] or "", wording.capital(r["state"]), wording.pounds(r["planned_gbp"], ""),
                wording.pounds(r["compared_gbp"], ""), _real(r), wording.percent(r["realised_share"]) if r["realised_share"] is not None else "",
                r["owner_role"] or "nobody named",
            )
            for r in rows
        ],
        _MONEY,
    )  # fmt: skip
    done = completion(
        door.store, as_of=door.as_of, today=door.today, agency_id=door.agency_id, goal_id=door.goal_id
    )
    blocks = [table, *_forecast(door, done)]
    views = ("benefit_register", "off_plan")
    return Section("register", name, words.register_title(rows), blocks, views)


def _real(row: dict[str, object]) -> str:
    value = row["realised_gbp"]
    return wording.pounds(value, "") if value is not None else str(row["missing"] or "no reading")  # type: ignore[arg-type]


def _forecast(door: Door, done: Completion) -> Sequence[Block]:
    found = done.forecast
    fact, rest = completion_words(done)
    if found.middle is None:
        return [Say(fact, rest)]
    said = Say(fact, rest)
    ahead = [add_months(done.periods[-1], n + 1) for n in range(found.ahead)]
    chart = forecast_chart(door.view("benefit_realisation").to_dicts(), found, ahead, height=172)
    hidden = (
        [
            Note(
                f"Partial: {wording.pounds(done.hidden_gbp)} of the plan was not read, or not without a gap, and is in no forecast."
            )
        ]
        if done.hidden_gbp
        else []
    )
    good = Source(f"Method: {found.method}. {how_good(found.backtest, found.widened)}")
    return [said, Picture(chart, FULL), *hidden, good]

"""What is asked of the board: decisions and repairs that the data call for, biggest consequence first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboards.urls import address, rows_address
from partnership import wording
from partnership._reports.gap_words import question

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State

__all__ = ["Ask", "asks"]

Row = Mapping[str, Any]
_UNFAIR = 0.1
"""A payer is named when its share of what is paid exceeds its share of what is gained by this much."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked: what, why, how much hangs on it, and where to read more."""

    what: str
    why: str
    pounds: Decimal
    href: str


def asks(data: Data, state: State, most: int = 3) -> list[Ask]:
    """Return what is asked of the board: the measure to re-define first, then by the money that hangs on it.

    Parameters
    ----------
    data : Data
        The door to the store.
    state : State
        What the page shows.
    most : int
        How many to return.
    """
    first = _define(data, state)
    others = [*_unblock(data, state), *_share(data, state), *_see(data, state), *_answer(data, state)]
    return [*first, *sorted(others, key=lambda a: -a.pounds)][:most]


def _name(data: Data, state: State, key: str | None) -> str:
    partners = data.partners(state)
    return wording.the(partners[key].short) if key in partners else "somebody"


def _first(frame: pl.DataFrame) -> Sequence[Row]:
    return [frame.row(0, named=True)] if frame.height else []


def _define(data: Data, state: State) -> list[Ask]:
    talks = data.view("talks", state)
    gaps = data.view("expectation_gaps", state)
    kinds = {(r["goal_id"], r["measure_id"]): r["kind_of_gap"] for r in gaps.iter_rows(named=True)}
    stop = gaps.filter(pl.col("band") == "stop and re-define")
    made = []
    for gap in _first(stop):
        mine = (talks["measure_id"] == gap["measure_id"]) & (talks["goal_id"] == gap["goal_id"])
        at_stake = next(iter(talks.filter(mine)["at_stake_gbp"]), None) or Decimal(0)
        asked = question(kinds.get((gap["goal_id"], gap["measure_id"])), gap["measure_unit"]).rstrip("?")
        asked = asked.replace("what is ", "what ") + " is" if asked.startswith("what is ") else asked
        ends = [_name(data, state, gap[k]) for k in ("least_agency_id", "most_agency_id")]
        money = f" and {wording.pounds(at_stake)} of benefit planned by now" if at_stake else ""
        apart = f"{wording.capital(ends[0])} and {ends[1]} are {wording.times(gap['ratio'])} apart"
        why = f"{apart}. It decides a goal{money}."
        href = address(state, "/expectation-gaps", measure=gap["measure_id"])
        made.append(Ask(f"Agree {asked}.", why, at_stake, href))
    return made


def _unblock(data: Data, state: State) -> list[Ask]:
    overdue = data.view("promises", state).filter(pl.col("state") == "overdue")
    worst = overdue.sort("held_up_gbp", "days_late", descending=True, nulls_last=True)
    made = []
    for row in _first(worst):
        held = row["held_up_gbp"] or Decimal(0)
        to = f" to {_name(data, state, row['to_agency_id'])}" if row["to_agency_id"] else ""
        who = wording.capital(_name(data, state, row["agency_id"]))
        holds = f" and holds up {wording.pounds(held)}" if held else ""
        why = f"{who} promised it{to}; it is {wording.days_late(row['days_late'])}{holds}."
        title = str(row["title"]).rstrip(".")
        href = rows_address(state, "promises", state="overdue")
        made.append(
            Ask(
                f"Unblock: {title[:1].lower() + title[1:] if not title[:2].isupper() else title}.",
                why,
                held,
                href,
            )
        )
    return made


def _share(data: Data, state: State) -> list[Ask]:
    rows = data.view("payers_and_gainers", state, agency_id=None)
    if state.agency_id or not rows.height:
        return []
    unfair = rows.with_columns(
        (pl.col("paid_share").fill_null(0) - pl.col("gained_share").fill_null(0)).alias("excess")
    ).sort("excess", descending=True)
    members = unfair.filter(
        pl.col("agency_id").is_in([p.id for p in data.partners(state).values() if p.is_member])
    )
    made = []
    for row in _first(members):
        if row["excess"] < _UNFAIR:
            continue
        who = _name(data, state, row["agency_id"])
        pays = wording.does(who, "pay")
        verb = "gain" if wording.is_plural(who) else "gains"
        why = (
            f"{wording.capital(pays)} {wording.percent(row['paid_share'])} of what is planned and "
            f"{verb} {wording.percent(row['gained_share'])}; no agreement to share is recorded here."
        )
        short = row["paid_gbp"] - row["gained_gbp"]
        made.append(
            Ask(
                f"Settle {wording.possessive(who)} share.",
                why.replace("; no agreement to share is recorded here", ""),
                short,
                rows_address(state, "payers_and_gainers"),
            )
        )
    return made


def _see(data: Data, state: State) -> list[Ask]:
    by_agency = data.view("benefit_by_agency", state)
    unread = by_agency.filter(pl.col("not_read_gbp") > 0).sort("not_read_gbp", descending=True)
    made = []
    for row in _first(unread):
        who = _name(data, state, row["agency_id"])
        missing = row["missing"] or "no reading"
        amount = wording.pounds(row["not_read_gbp"])
        why = f"{amount} of its plan to date cannot be seen: {missing}."
        made.append(
            Ask(f"Ask {who} for its readings.", why, row["not_read_gbp"], address(state, "/benefits"))
        )
    return made


def _answer(data: Data, state: State) -> list[Ask]:
    silent = data.view("talks", state).filter(pl.col("subject") == "no answer")
    made = []
    for row in _first(silent):
        who = _name(data, state, row["agency_id"])
        why = f"{row['missing_answers']} of {wording.count_of(row['asked'], 'expectation')} missing."
        made.append(Ask(f"Ask {who} to answer.", why, Decimal(0), address(state, "/expectation-gaps")))
    return made

"""What is asked of the board: decisions and repairs that the data call for, biggest consequence first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

import polars as pl

from partnership import wording
from partnership._reports.benefit_words import unread_words
from partnership._reports.gap_words import question

__all__ = ["Ask", "Asked", "asks"]

Row = Mapping[str, Any]
_UNFAIR = 0.1
"""A payer is named when its share of what is paid exceeds its share of what is gained by this much."""


class Asked(Protocol):
    """What asks are worked out from: views, narrowed and as known on a day, and how agencies are named."""

    @property
    def agency_id(self) -> str | None:
        """The agency that is asked about; None is all."""
        ...

    @property
    def members(self) -> Sequence[str]:
        """Ids of the agencies that are partners."""
        ...

    def view(self, name: str, **params: Any) -> pl.DataFrame:
        """Return a view's rows."""
        ...

    def name(self, key: str | None) -> str:
        """Return an agency's short name; empty where there is no such agency."""
        ...


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked: what, why, how much hangs on it, and where to read more.

    ``page`` is the path of a page, or None for the rows of ``view``; ``narrowed`` goes into its address.
    """

    what: str
    why: str
    pounds: Decimal
    page: str | None = None
    view: str | None = None
    narrowed: Mapping[str, str] = field(default_factory=dict)


def asks(door: Asked, most: int = 3) -> list[Ask]:
    """Return what is asked of the board: the measure to re-define first, then by the money that hangs on it.

    Parameters
    ----------
    door : Asked
        Where views are asked.
    most : int
        How many to return.
    """
    first = _define(door)
    others = [*_unblock(door), *_share(door), *_see(door), *_answer(door)]
    return [*first, *sorted(others, key=lambda a: -a.pounds)][:most]


def _name(door: Asked, key: str | None) -> str:
    said = door.name(key)
    return wording.the(said) if said else "somebody"


def _first(frame: pl.DataFrame) -> Sequence[Row]:
    return [frame.row(0, named=True)] if frame.height else []


def _define(door: Asked) -> list[Ask]:
    talks = door.view("talks")
    gaps = door.view("expectation_gaps")
    made = []
    for gap in _first(gaps.filter(pl.col("band") == "stop and re-define")):
        mine = (talks["measure_id"] == gap["measure_id"]) & (talks["goal_id"] == gap["goal_id"])
        at_stake = next(iter(talks.filter(mine)["at_stake_gbp"]), None) or Decimal(0)
        asked = question(gap["kind_of_gap"], gap["measure_unit"]).rstrip("?")
        asked = asked.replace("what is ", "what ") + " is" if asked.startswith("what is ") else asked
        ends = [_name(door, gap[k]) for k in ("least_agency_id", "most_agency_id")]
        money = f" and {wording.pounds(at_stake)} of benefit planned by now" if at_stake else ""
        apart = f"{wording.capital(ends[0])} and {ends[1]} are {wording.times(gap['ratio'])} apart"
        why = f"{apart}. It decides a goal{money}."
        narrowed = {"measure": gap["measure_id"]}
        if gaps.filter(pl.col("measure_id") == gap["measure_id"]).height > 1:
            narrowed["under"] = gap["goal_id"]
        made.append(Ask(f"Agree {asked}.", why, at_stake, page="/expectation-gaps", narrowed=narrowed))
    return made


def _unblock(door: Asked) -> list[Ask]:
    overdue = door.view("promises").filter(pl.col("state") == "overdue")
    worst = overdue.sort("held_up_gbp", "days_late", descending=True, nulls_last=True)
    made = []
    for row in _first(worst):
        held = row["held_up_gbp"] or Decimal(0)
        to = f" to {_name(door, row['to_agency_id'])}" if row["to_agency_id"] else ""
        who = wording.capital(_name(door, row["agency_id"]))
        holds = f" and holds up {wording.pounds(held)}" if held else ""
        both = row["to_agency_id"] == row["agency_id"]
        said = f"{who} holds both sides of it by succession" if both else f"{who} promised it{to}"
        why = f"{said}; it is {wording.days_late(row['days_late'])}{holds}."
        title = str(row["title"]).rstrip(".")
        small = title if title[:2].isupper() else title[:1].lower() + title[1:]
        made.append(Ask(f"Unblock: {small}.", why, held, view="promises", narrowed={"state": "overdue"}))
    return made


def _share(door: Asked) -> list[Ask]:
    rows = door.view("payers_and_gainers", agency_id=None)
    if door.agency_id or not rows.height:
        return []
    unfair = rows.with_columns(
        (pl.col("paid_share").fill_null(0) - pl.col("gained_share").fill_null(0)).alias("excess")
    ).sort("excess", descending=True)
    made = []
    for row in _first(unfair.filter(pl.col("agency_id").is_in(list(door.members)))):
        if row["excess"] < _UNFAIR:
            continue
        who = _name(door, row["agency_id"])
        verb = "gain" if wording.is_plural(who) else "gains"
        why = (
            f"{wording.capital(wording.does(who, 'pay'))} {wording.percent(row['paid_share'])} of what is "
            f"planned and {verb} {wording.percent(row['gained_share'])}."
        )
        short = row["paid_gbp"] - row["gained_gbp"]
        made.append(Ask(f"Settle {wording.possessive(who)} share.", why, short, view="payers_and_gainers"))
    return made


def _see(door: Asked) -> list[Ask]:
    unread = door.view("benefit_by_agency").filter(pl.col("hidden_gbp") > 0)
    made = []
    for row in _first(unread.sort("hidden_gbp", descending=True)):
        who = _name(door, row["agency_id"])
        amount = unread_words(row)
        why = f"{amount} of its plan to date cannot be seen: {wording.unread(row['missing'])}."
        made.append(
            Ask(
                f"Ask {who} for its readings.",
                why,
                max(row["not_read_gbp"], Decimal(0)) or row["hidden_gbp"],
                page="/benefits",
            )
        )
    return made


def _answer(door: Asked) -> list[Ask]:
    made = []
    for row in _first(door.view("talks").filter(pl.col("subject") == "no answer")):
        who = _name(door, row["agency_id"])
        why = f"{row['missing_answers']} of {wording.count_of(row['asked'], 'expectation')} missing."
        made.append(Ask(f"Ask {who} to answer.", why, Decimal(0), page="/expectation-gaps"))
    return made

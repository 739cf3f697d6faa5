"""What a pack asks of its board: decisions, alerts, decisions taken, and what every figure means."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from partnership import wording
from partnership._reports.asks import asks
from partnership._reports.blocks import Block, Items, Note, Say, Section, Source, Table
from partnership._reports.door import Door
from partnership._workflows.alerts import KINDS, alerts_of, in_all
from partnership.disclosure import NOTICE
from partnership.views import view

__all__ = ["asked", "decisions", "definitions"]

_DECIDED = 8


def asked(door: Door) -> Section:
    """Return the decisions asked, biggest consequence first, and every alert."""
    wanted = asks(door, most=8)
    found = alerts_of(door.view)
    items: list[Block] = []
    if wanted:
        items.append(Items("Decisions asked", [(a.what, a.why) for a in wanted], ordered=True))
    if found:
        rows = [
            (a.what, a.why, wording.pounds(a.pounds) if a.pounds is not None else "not known") for a in found
        ]
        items.append(
            Table(
                "Alerts",
                ("What has gone on for too long", "Its figures", "In pounds"),
                rows,
                frozenset({2}),
                tight=frozenset({0}),
            )
        )
    items.append(Source(" ".join(f"{wording.capital(k)}: {v}" for k, v in KINDS.items())))
    many = wording.capital(wording.count_of(len(wanted), "decision", words=True))
    title = f"{many} asked of this board" if wanted else "Nothing is asked of this board"
    blocks: list[Block] = [Say(rest=in_all(found)), *items]
    views = ("talks", "off_plan", "promises", "expectation_history")
    return Section("asked", "Asked of this board", title, blocks, views)


def decisions(door: Door) -> Section:
    """Return what was decided since the last board, and before, with its reason and who disagreed."""
    rows = door.table("decisions").filter(pl.col("decided_on") <= door.today)
    if door.goal_id:
        rows = rows.filter(pl.col("goal_id").is_null() | (pl.col("goal_id") == door.goal_id))
    listed = rows.sort("decided_on", "id", descending=[True, False]).to_dicts()
    label = "Decisions on record"
    if not listed:
        said = Say(rest="Write on the sheet Decisions what was decided, why, and who disagreed.")
        return Section("decisions", label, "No decision is on record", [said])
    since = [r for r in listed if door.board and r["decided_on"] >= door.board]
    shown = listed[: max(_DECIDED, len(since))]
    table = Table(
        "Latest first",
        ("Decided", "What", "By", "Why", "Who disagreed, and why"),
        [
            (wording.day(r["decided_on"]), r["title"], r["decided_by"] or r["meeting"] or "not said",
             r["why"] or "no reason is written down", r["dissent"] or "nothing is written down")
            for r in shown
        ],
    )  # fmt: skip
    blocks: list[Block] = [table]
    if len(listed) > len(shown):
        blocks.append(
            Say(
                rest=f"{wording.count_of(len(listed) - len(shown), 'earlier decision')} are on the sheet Decisions of the plan's workbook.",
                small=True,
            )
        )
    if door.board:
        many = wording.capital(wording.count_of(len(since), "decision", words=True))
        title = f"{many} on or since the last board, {wording.day(door.board)}"
    else:
        title = f"{wording.capital(wording.count_of(len(listed), 'decision', words=True))} on record"
    return Section("decisions", label, title, blocks)


# ---- freshness and definitions ----
def definitions(door: Door, used: Sequence[str]) -> Section:
    """Return how fresh the readings are, and what each figure of the pack means."""
    fresh = door.view("freshness", agency_id=None, goal_id=None).to_dicts()
    late = [r for r in fresh if r["state"] not in ("on time", "provisional")]
    rows = [
        (
            r["agency_name"], wording.month(r["latest_period"]) if r["latest_period"] else "no reading",
            wording.day(r["latest_read_on"]) if r["latest_read_on"] else "",
            wording.capital(r["state"]) + (f" since {wording.month(r['since_period'])}" if r["since_period"] else ""),
        )
        for r in fresh
    ]  # fmt: skip
    blocks: list[Block] = []
    if rows:
        blocks.append(
            Table("How fresh the readings are", ("Agency", "Latest month", "Handed in", "State"), rows)
        )
    blocks.append(
        Note(f"{NOTICE} A total over something missing says Partial, and how much of it can be seen.")
    )
    said = [(f"{view(n).title}.", " ".join(view(n).definition.split())) for n in used]
    blocks.append(Items("What each figure means", said, small=True))
    if late:
        names = wording.listing(wording.the(r["agency_name"]) for r in late)
        title = f"Readings of {names} are late or withheld; what each figure means"
    else:
        title = (
            "Every agency's readings are on time or provisional; what each figure means"
            if fresh
            else "What each figure means"
        )
    return Section("definitions", "Freshness and definitions", title, blocks, ("freshness",))

"""Promises of a pack: which are overdue, what each holds up, who keeps them, and what falls due next."""

from __future__ import annotations

import polars as pl

from partnership import wording
from partnership._reports import board_words
from partnership._reports.blocks import HALF, Beside, Block, Picture, Say, Section, Source, Table
from partnership._reports.door import Door
from partnership.charts import promises as charts

__all__ = ["promises"]

_CLOSER = 0.84
"""Rows stand closer on paper than on a page, so that a usual number of promises and agencies share a sheet."""


def promises(door: Door) -> Section:
    """Return what was promised and is late, and what waits for it."""
    totals, label = door.row("promise_totals"), "Promises"
    if not totals.get("made"):
        said = Say(rest="Write on the sheet Commitments who promised what to whom by when.")
        return Section("promises", label, "Nothing has been promised yet", [said])
    rows = door.view("promises")
    overdue = rows.filter(pl.col("state") == "overdue").sort("days_late", "title", descending=[True, False])
    late = overdue.to_dicts()
    blocks: list[Block] = [Say(rest=board_words.promises_caveat(totals))]
    if late:
        bars = charts.days_overdue(late, door.marks)
        blocks.append(Picture(bars, high=round(bars.layout.height * 0.9)))
        blocks.append(
            Source(
                "Late counts from the first due date agreed; a later date moves no lateness. Holds up: benefit "
                "planned between the due date and the day shown that waits for the promise, each benefit "
                "counted once; plan, not loss, and some of it may have come."
            )
        )
    by = [r for r in door.view("promises_by_agency").to_dicts() if r["made"]]
    by.sort(key=lambda r: (-r["made"], r["agency_name"]))
    squares = charts.unit_squares(by)
    left: list[Block] = [Picture(squares, HALF, round(squares.layout.height * _CLOSER))] if by else []
    blocks.append(Beside(left, [_coming(door, rows)]))
    bold, rest = board_words.promises_answer(totals)
    title = f"{bold}{rest}".rstrip(".")
    return Section("promises", label, title, blocks, ("promises", "promise_totals", "promises_by_agency"))


def _coming(door: Door, rows: pl.DataFrame) -> Table:
    board = door.summary.get("next_board_on")
    due = pl.coalesce("current_due_on", "due_on")
    soon = rows.filter(pl.col("state") == "not yet due").sort(due, "title")
    title = "Not yet due"
    if board is not None and board >= door.today:
        soon, title = soon.filter(due <= board), f"Due before the board on {wording.day(board)}"
    said = [
        (
            r["title"], r["agency_name"], wording.day(r["current_due_on"] or r["due_on"]),
            "moved already" if r["times_moved"] else "in hand",
        )
        for r in soon.iter_rows(named=True)
    ]  # fmt: skip
    return Table(
        title, ("Promise", "By", "Due", "State"), said or [("None falls due before then.", "", "", "")]
    )

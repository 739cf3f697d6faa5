"""The sentences of the board overview: an answer, what limits it, and what changed since the last board.

Each is made of rows of views; nothing here asks for anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from partnership import wording
from partnership._reports.benefit_words import is_partial, unread_words
from partnership.periods import name_financial_year

__all__ = [
    "NO_EARLIER",
    "Change",
    "benefit_answer",
    "benefit_caveat",
    "benefit_change",
    "gap_caveat",
    "gap_change",
    "goal_caveat",
    "goal_change",
    "in_unit",
    "payers_answer",
    "payers_caveat",
    "payers_out",
    "payers_change",
    "promises_answer",
    "promises_caveat",
    "promises_change",
]

Row = Mapping[str, Any]


class Change(NamedTuple):
    """What changed since the last board: a few words, and what it was then."""

    head: str
    text: str


_NO_RETURN = "No return is shown until the appraisal has its basis."
NO_EARLIER = Change("No earlier board", "There is no board before this day to compare with.")


def in_unit(value: Any, unit: str | None) -> str:
    """Write a value of a measure with its unit.

    Examples
    --------
    >>> in_unit(47, "%"), in_unit(Decimal("1250"), "cases"), in_unit(210000, "£"), in_unit(None, "%")
    ('47%', '1,250 cases', '£210,000', 'no reading')
    """
    if value is None:
        return "no reading"
    if unit == "%":
        return f"{wording.number(value, places=0 if abs(value) >= 10 else 1)}%"
    if unit == "£":
        return wording.pounds(value)
    return f"{wording.number(value)} {unit}" if unit else wording.number(value)


def _on(board: dt.date) -> str:
    return wording.day(board).rsplit(" ", 1)[0]


# ---- the shared goal ----
def goal_caveat(goal: Row) -> str:
    """Return where the shared goal's measure stands, against its start and its plan."""
    unit, name = goal["bhag_unit"], goal["bhag_measure_name"]
    if name is None:
        return "No measure tells yet whether it comes nearer."
    start = (
        ""
        if goal["baseline_value"] is None
        else f", against {in_unit(goal['baseline_value'], unit)} at the start"
    )
    if goal["latest_missing"]:
        return f"{name}: the latest reading is {goal['latest_missing']}{start}."
    if goal["latest_value"] is None:
        return f"{name}: no reading yet{start}."
    planned = goal["planned_value"]
    plan = "" if planned is None else f" and {in_unit(planned, unit)} planned by then"
    provisional = " (provisional)" if goal["latest_state"] == "provisional" else ""
    when = f" in {wording.month(goal['latest_period'])}"
    return f"{name}: {in_unit(goal['latest_value'], unit)}{provisional}{when}{start}{plan}."


def goal_change(goal: Row, board: dt.date | None) -> Change:
    """Return how the shared goal's measure moved since the last board, by its polarity."""
    then, now = goal["last_board_value"], goal["latest_value"]
    if board is None or now is None or then is None:
        return (
            NO_EARLIER
            if board is None
            else Change("No reading to compare", f"None was known on {_on(board)}.")
        )
    was = f"since the last board ({in_unit(then, goal['bhag_unit'])})."
    moved = Decimal(str(now)) - Decimal(str(then))
    if not moved:
        return Change("Unchanged", was)
    better = {"higher": moved > 0, "lower": moved < 0}.get(goal["bhag_polarity"])
    word = ("higher" if moved > 0 else "lower") if better is None else "better" if better else "worse"
    if goal["bhag_unit"] == "%":
        points = wording.number(abs(moved), places=1)
        return Change(f"{points} {'point' if points == '1' else 'points'} {word}", was)
    return Change(f"{wording.capital(word)} by {in_unit(abs(moved), goal['bhag_unit'])}", was)


# ---- expectations ----
def gap_caveat(totals: Row) -> str:
    """Return how many measures must be re-defined, need a talk, or are aligned."""
    stop, talk, aligned = totals["redefine"], totals["discuss"], totals["aligned"]
    first = f"{stop} of {wording.count_of(totals['gaps'], 'shared measure')} must be re-defined"
    needs, are = "needs" if talk == 1 else "need", "is" if aligned == 1 else "are"
    rest = f"{talk} {needs} a talk, {aligned} {are} aligned"
    other = totals["expecting_none"] + totals["not_enough"]
    return f"{first}, {rest}{f', {other} cannot be compared' if other else ''}."


def gap_change(now: Row, then: Row, board: dt.date | None) -> Change:
    """Return whether the widest gap closes."""
    if board is None:
        return NO_EARLIER
    before, after = then.get("widest_ratio"), now["widest_ratio"]
    if before is None or after is None:
        return Change("No gap to compare", f"None was known on {_on(board)}.")
    if wording.times(before) == wording.times(after):
        return Change("Not closing", f"The same {wording.times(before)} on {_on(board)}.")
    return Change("Closing" if after < before else "Widening", f"{wording.times(before)} on {_on(board)}.")


# ---- benefit ----
def benefit_answer(totals: Row) -> tuple[str, str]:
    """Return how much of the planned benefit is real, the part to set in bold first."""
    unit = wording.unit_of(totals["realised_gbp"], totals["compared_gbp"], totals["plan_total_gbp"])
    real, plan = (wording.pounds(totals[k], unit) for k in ("realised_gbp", "compared_gbp"))
    by = wording.month(totals["latest_period"]).split()[0]
    return f"{real} is real of {plan} planned", f" by {by}: {wording.percent(totals['realised_share'])}."


def benefit_caveat(totals: Row) -> str:
    """Return what of the plan cannot be seen yet, and what may still change; nothing when all of it can."""
    unit = wording.unit_of(totals["realised_gbp"], totals["compared_gbp"], totals["plan_total_gbp"])
    said = []
    if is_partial(totals):
        more = " more" if (totals["not_read_gbp"] or 0) > 0 else ""
        said.append(f"{unread_words(totals, unit)}{more} was planned but not read.")
    months = totals["provisional_months"]
    if months:
        words = wording.count_of(months, "month", words=True)
        said.append(f"{wording.capital(words)} {'is' if months == 1 else 'are'} provisional.")
    if totals.get("twice_planned_gbp") or totals.get("twice_realised_gbp"):
        real, plan = (wording.pounds(totals[k], unit) for k in ("net_realised_gbp", "net_compared_gbp"))
        said.append(f"Gross: net of double counting, {real} is real of {plan}.")
    return " ".join(said)


def benefit_change(now: Row, then: Row, board: dt.date | None, off_plan: int) -> Change:
    """Return how the realised share moved since the last board."""
    long = ""
    if off_plan:
        many = wording.capital(wording.count_of(off_plan, "benefit", words=True))
        long = f" {many} {'is' if off_plan == 1 else 'are'} off plan three months running."
    if board is None:
        return Change(NO_EARLIER.head, NO_EARLIER.text + long)
    before, after = then.get("realised_share"), now["realised_share"]
    if before is None or after is None:
        return Change("No share to compare", f"None was known on {_on(board)}.{long}")
    points = _points(after) - _points(before)
    was = f"{wording.percent(before)} on {_on(board)}.{long}"
    return Change(_moved(points), was)


def _points(share: float) -> int:
    return int(Decimal(wording.percent(share).rstrip("%").replace(wording.MINUS, "-")).to_integral_value())


def _moved(points: int) -> str:
    if not points:
        return "Unchanged"
    return f"{wording.count_of(abs(points), 'point')} {'higher' if points > 0 else 'lower'}"


# ---- who pays, who gains ----
def payers_answer(row: Row, name: str) -> str:
    """Return who pays more than falls to it, and by what shares."""
    who = wording.capital(wording.the(name))
    pays, gains = wording.does(who, "pay"), wording.does("x" if not wording.is_plural(name) else "xs", "gain")
    verb = gains.split()[-1]
    return f"{pays} {wording.percent(row['paid_share'])} and {verb} {wording.percent(row['gained_share'])}."


def payers_caveat(
    paid: Decimal,
    gained: Decimal,
    years: tuple[int | None, int | None],
    headline: str | None = None,
    twice: Decimal = Decimal(0),
) -> str:
    """Return the whole: what is put in and what comes out, and the appraisal's headline or why there is none.

    ``twice`` is the part of what comes out that is claimed by a larger benefit too.
    """
    unit = wording.unit_of(paid, gained)
    out = payers_out(gained, twice, unit)
    both = f"{wording.pounds(paid, unit)} in, {out}{_over(*years)}"
    shown = f"Appraised at present value: {headline}" if headline else _NO_RETURN
    return f"{both}: planned, not discounted. {shown}"


def payers_out(gained: Decimal, twice: Decimal, unit: str) -> str:
    """Return what comes out; gross and net where some of it is counted twice.

    Examples
    --------
    >>> payers_out(Decimal(900), Decimal(0), ""), payers_out(Decimal(900), Decimal(200), "")
    ('£900 out', '£900 out gross, £700 net of double counting')
    """
    whole = f"{wording.pounds(gained, unit)} out"
    return f"{whole} gross, {wording.pounds(gained - twice, unit)} net of double counting" if twice else whole


def _over(first: int | None, last: int | None) -> str:
    if first is None or last is None:
        return ""
    if first == last:
        return f" in {name_financial_year(first)}"
    return f" from {name_financial_year(first)} to {name_financial_year(last)}"


def payers_change(now: Row, then: Row | None, board: dt.date | None, unit: str) -> Change:
    """Return how the net of the largest payer moved since the last board."""
    if board is None:
        return NO_EARLIER
    if then is None:
        return Change("New", f"It neither paid nor gained on {_on(board)}.")
    moved = now["net_gbp"] - then["net_gbp"]
    was = f"Its net was {wording.pounds(then['net_gbp'], unit, plus=True)} on {_on(board)}."
    return (
        Change("Unchanged", was)
        if not moved
        else Change(f"Net {wording.pounds(moved, unit, plus=True)}", was)
    )


# ---- promises ----
def promises_answer(totals: Row) -> tuple[str, str]:
    """Return how many promises are overdue and what they hold up, the part to set in bold first."""
    count, held = totals["overdue"], totals["held_up_gbp"]
    if not count:
        return "No promise is overdue.", ""
    are = f"{wording.count_of(count, 'promise')} {'is' if count == 1 else 'are'} overdue"
    if not held:
        return f"{are}.", ""
    return f"{are} and {'holds' if count == 1 else 'hold'} up {wording.pounds(held)}", " of benefit."


def promises_caveat(totals: Row) -> str:
    """Return how many were kept on time, and the oldest that is not."""
    if not totals["due"]:
        return f"None of {wording.count_of(totals['made'], 'promise')} has fallen due yet."
    kept, due = totals["kept_on_time"], totals["due"]
    share = wording.percent(totals["on_time_share"])
    first = f"{kept} of {due} due {'was' if kept == 1 else 'were'} kept on time ({share})."
    if not totals["overdue"]:
        return first
    title = str(totals["oldest_title"]).rstrip(".")
    small = title if title[:2].isupper() else title[:1].lower() + title[1:]
    return f"{first} The oldest, {small}, is {wording.days_late(totals['oldest_days_late'])}."


def promises_change(now: Row, then: Row, board: dt.date | None) -> Change:
    """Return how many more or fewer are overdue than at the last board."""
    if board is None:
        return NO_EARLIER
    moved = now["overdue"] - then.get("overdue", 0)
    share = then.get("on_time_share")
    on_time = f" On time then: {wording.percent(share)}." if share is not None else ""
    was = f"{then.get('overdue', 0)} on {_on(board)}.{on_time}"
    if not moved:
        return Change("As many overdue", was)
    return Change(f"{abs(moved)} {'more' if moved > 0 else 'fewer'} overdue", was)

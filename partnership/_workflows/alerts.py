"""Alerts: what has gone on for too long, each worked out from views and with the rows that raise it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from partnership import wording
from partnership.periods import local_day

if TYPE_CHECKING:
    import polars as pl

    from partnership.store import Store

__all__ = ["KINDS", "MONTHS_RUNNING", "Alert", "alerts", "alerts_of", "as_json", "in_all"]

Row = Mapping[str, Any]
Ask = Callable[[str], "pl.DataFrame"]

MONTHS_RUNNING = 3
"""Months in a row below the plan that raise an alert; our own choice."""

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "off plan": "Below the partnership's own off plan share of its plan, three months or more.",
        "promise": "Past the first due date agreed, not delivered, and a benefit in money waits for it.",
        "gap reopened": "Narrower at an earlier review, and wider at the latest review at which it moved.",
        "gap widening": "Wider at each of the last two reviews at which it moved.",
    }
)
"""Every kind of alert, and what raises it."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert: what, about whom or what, what hangs on it, and the rows that raise it.

    Parameters
    ----------
    kind : str
        A key of :data:`KINDS`.
    subject : str
        Id of the benefit, promise or measure.
    what, why : str
        The alert in a few words; its figures in a sentence.
    pounds : Decimal or None
        What hangs on it, in pounds; None where nothing in money is known to.
    view : str
        The view that it is worked out from.
    narrowed : Mapping[str, str]
        Column and value that narrow that view to the rows that raise it.
    rows : tuple[Mapping, ...]
        Those rows.
    """

    kind: str
    subject: str
    what: str
    why: str
    pounds: Decimal | None
    view: str
    narrowed: Mapping[str, str]
    rows: tuple[Row, ...] = field(repr=False)


def alerts(
    store: Store,
    *,
    as_of: dt.date | None = None,
    today: dt.date | None = None,
    agency_id: str | None = None,
    goal_id: str | None = None,
) -> tuple[Alert, ...]:
    """Return the alerts of a stored plan, the most money first, then gaps with none.

    Parameters
    ----------
    store : Store
        Where the plan is.
    as_of, today : date, optional
        As known on that day; seen from that day.
    agency_id, goal_id : str, optional
        Only what concerns them, as the views narrow.
    """
    on = today or as_of or local_day(dt.datetime.now(dt.UTC))

    def ask(view: str) -> pl.DataFrame:
        return store.fetch(view, as_of=as_of, today=on, agency_id=agency_id, goal_id=goal_id)

    return alerts_of(ask)


def alerts_of(ask: Ask) -> tuple[Alert, ...]:
    """Return the alerts of the views that ``ask`` gives by name: ``off_plan``, ``promises``, and of gaps.

    Parameters
    ----------
    ask : Callable
        From the name of a view to its rows, already narrowed and as known on a day.
    """
    found = [*_off_plan(ask("off_plan")), *_promises(ask("promises"))]
    found += _gaps(ask("expectation_history"), ask("talks"))
    return tuple(sorted(found, key=lambda a: (a.pounds is None, -(a.pounds or 0), a.kind, a.subject)))


def _off_plan(rows: pl.DataFrame) -> Iterable[Alert]:
    for row in rows.iter_rows(named=True):
        months = row["months_off_plan"] or 0
        if months < MONTHS_RUNNING:
            continue
        unit = wording.unit_of(row["realised_gbp"], row["compared_gbp"])
        real, plan = (wording.pounds(row[k], unit) for k in ("realised_gbp", "compared_gbp"))
        behind = row["behind_gbp"]
        owner = f" Owner: {row['owner_role']}." if row["owner_role"] else " No owner is named."
        yield Alert(
            "off plan",
            row["benefit_id"],
            f"{row['title']}: off plan {wording.count_of(months, 'month', words=True)} running",
            f"{real} is real of {plan} planned where read, {wording.pounds(behind)} behind.{owner}",
            None if behind is None else Decimal(behind),
            "off_plan",
            {"benefit_id": row["benefit_id"]},
            (row,),
        )


def _promises(rows: pl.DataFrame) -> Iterable[Alert]:
    for row in rows.iter_rows(named=True):
        if row["state"] != "overdue" or not row["held_up_gbp"]:
            continue
        to = row["to_agency_name"]
        who = wording.capital(wording.the(row["agency_name"]))
        promised = (
            f"{who} holds both sides of it by succession"
            if row["to_agency_id"] == row["agency_id"]
            else f"{who} promised it to {wording.the(to) if to else 'all partners'}"
        )
        months = row["held_up_months"]
        over = f" over {wording.count_of(months, 'month', words=True)}" if months else ""
        held = wording.pounds(row["held_up_gbp"])
        moved = row["times_moved"] or 0
        dates = (
            f" Its date was moved {'once' if moved == 1 else f'{wording.in_words(moved)} times'}."
            if moved
            else ""
        )
        yield Alert(
            "promise",
            row["commitment_id"],
            f"{row['title']}: overdue and holding up {held}",
            f"{promised}; it is {wording.days_late(row['days_late'])}, and {row['benefit_title']} waits for "
            f"it{over}.{dates}",
            Decimal(row["held_up_gbp"]),
            "promises",
            {"commitment_id": row["commitment_id"]},
            (row,),
        )  # fmt: skip


# ---- gaps over their reviews ----
def _gaps(history: pl.DataFrame, talks: pl.DataFrame) -> Iterable[Alert]:
    stake = {
        (t["goal_id"], t["measure_id"]): t["at_stake_gbp"]
        for t in talks.iter_rows(named=True)
        if t["subject"] == "gap"
    }
    by: dict[tuple[str, str], list[Row]] = {}
    for row in history.sort("review_on").iter_rows(named=True):
        by.setdefault((row["goal_id"], row["measure_id"]), []).append(row)
    for key, reviews in sorted(by.items()):
        kind = gap_kind([r["ratio"] for r in reviews])
        if kind is None:
            continue
        said = [r for r in reviews if r["ratio"] is not None]
        waits = stake.get(key)
        verb = "reopened" if kind == "gap reopened" else "wider at two reviews running"
        rests = f" {wording.pounds(waits)} of benefit planned by now rests on it." if waits else ""
        yield Alert(
            kind,
            key[1],
            f"{said[-1]['measure_name']}: the gap {verb if kind == 'gap reopened' else f'is {verb}'}",
            f"{_path(said)}.{rests}",
            Decimal(waits) if waits else None,
            "expectation_history",
            {"goal_id": key[0], "measure_id": key[1]},
            tuple(said),
        )


def _path(reviews: Sequence[Row]) -> str:
    """Return how many times apart the ends were, review by review; one like the one before is left out."""
    kept = [*reviews[:1]] + [
        b for a, b in pairwise(reviews) if wording.times(a["ratio"]) != wording.times(b["ratio"])
    ]
    said = [f"{wording.times(r['ratio'])} apart on {wording.day(r['review_on'])}" for r in kept]
    return wording.capital(", then ".join(said))


def gap_kind(ratios: Sequence[float | None]) -> str | None:
    """Return the alert that a gap's ratios raise, review by review, oldest first; None for none.

    Two reviews are compared as their ratios are printed; one without a ratio, or like the one before, is no
    move.

    Examples
    --------
    >>> gap_kind([40.0, 31.1, 35.2]), gap_kind([6.4, 6.5, 8.0]), gap_kind([6.4, 8.0]), gap_kind([8.0, 6.4])
    ('gap reopened', 'gap widening', None, None)
    >>> gap_kind([1.8, None, 1.8, 12.0, 12.0]), gap_kind([40, 20, 30, None, 30])
    (None, 'gap reopened')
    """
    read = [r for r in ratios if r is not None]
    moves = [
        "wider" if b > a else "narrower" for a, b in pairwise(read) if wording.times(a) != wording.times(b)
    ]
    if not moves or moves[-1] == "narrower":
        return None
    if "narrower" in moves:
        return "gap reopened"
    return "gap widening" if moves[-2:] == ["wider", "wider"] else None


# ---- in words, and as data ----
def in_all(found: Sequence[Alert]) -> str:
    """Return all alerts in one sentence.

    Examples
    --------
    >>> in_all([])
    'No alert: no benefit is off plan three months running, no gap reopened, no promise holds up money.'
    """
    if not found:
        quiet = "no benefit is off plan three months running, no gap reopened, no promise holds up money"
        return f"No alert: {quiet}."
    said = []
    off, late = ([a for a in found if a.kind == k] for k in ("off plan", "promise"))
    if off:
        many = wording.count_of(len(off), "benefit", words=True)
        said.append(f"{many} {'is' if len(off) == 1 else 'are'} off plan three months running")
    if late:
        many = wording.count_of(len(late), "promise", words=True)
        held = wording.pounds(sum((a.pounds or Decimal(0) for a in late), Decimal(0)))
        said.append(f"{many} overdue {'holds' if len(late) == 1 else 'hold'} up {held}")
    for kind, verb in (("gap reopened", "reopened"), ("gap widening", "widening two reviews running")):
        gaps = sum(a.kind == kind for a in found)
        if gaps:
            has = "has" if gaps == 1 else "have"
            is_ = "is" if gaps == 1 else "are"
            said.append(
                f"{wording.count_of(gaps, 'gap', words=True)} {has if kind == 'gap reopened' else is_} {verb}"
            )
    return f"{wording.capital(wording.listing(said))}."


def as_json(found: Sequence[Alert]) -> dict[str, Any]:
    """Return alerts as plain data, each with its rows."""
    return {
        "sentence": in_all(found),
        "kinds": dict(KINDS),
        "alerts": [
            {
                "kind": a.kind, "subject": a.subject, "what": a.what, "why": a.why,
                "pounds": None if a.pounds is None else str(a.pounds), "view": a.view,
                "narrowed": dict(a.narrowed), "rows": [dict(r) for r in a.rows],
            }
            for a in found
        ],
    }  # fmt: skip

"""Panels of promises: how long they take, by kind, what waits, shared in vain, moved dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from dashboards import parts
from dashboards.parts import Col
from partnership._workflows.clock_words import whose, within
from partnership.charts import memory as charts
from partnership.wording import capital, count_of, day, in_words, number, percent, pounds, short_day

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State
    from partnership._workflows.promising import Promised, Shared

__all__ = [
    "ages_panel",
    "kinds_panel",
    "moves_panel",
    "shared_panel",
    "time_panel",
    "waits_panel",
]

_MOST = 8


def time_panel(found: Promised) -> Any:
    """Return the curve of promises still open, with its interval and its twin."""
    time = found.time
    if not time.steps:
        return parts.empty("How long promises take", "No promise was made yet.", key="time", span="c6")
    title = (
        f"Too few promises to say how long they take: {in_words(time.promises)}"
        if time.is_too_few
        else f"Half of all promises are done within {count_of(time.half_done_in, 'day')}"
        if time.half_done_in is not None
        else "Fewer than half of all promises are done"
    )
    sure = percent(time.level)
    ends = (
        f" The middle lies between {time.half_low} and {time.half_high} days, {sure} sure."
        if time.half_low is not None and time.half_high is not None
        else ""
    )
    early = (
        f" {capital(in_words(found.too_early))} delivered before the promise was made count as 0 days."
        if found.too_early
        else ""
    )
    rows = [
        {
            "day": s.day,
            "at_risk": s.at_risk,
            "done": s.done,
            "left": s.left,
            "share": percent(s.open_share),
            "range": f"{percent(s.low)} to {percent(s.high)}"
            if s.low is not None and s.high is not None
            else "none",
        }
        for s in time.steps
    ]
    columns = [
        Col("day", "Days", str, numeric=True),
        Col("at_risk", "Open before", str, numeric=True),
        Col("done", "Done", str, numeric=True),
        Col("left", "Last seen open", str, numeric=True),
        Col("share", "Still open", str, numeric=True),
        Col("range", f"{sure} interval", str, numeric=True),
    ]
    return parts.panel(
        title,
        parts.picture(charts.still_open(time), key="promises-time", wide=430),
        parts.twin(parts.table(rows, columns, caption="Promises still open by days since they were made")),
        key="time",
        sub=f"Share of promises still open, with its {sure} interval. Those still open are counted as open.",
        source=(
            f"Method: Kaplan-Meier on {count_of(time.promises, 'promise')}, "
            f"{time.still_open} of them still open."
            f"{ends}{early}"
        ),
        span="c6",
    )


def kinds_panel(found: Promised, names: Mapping[str, str], state: State) -> Any:
    """Return how promises of each kind are kept, and each agency's of that kind."""
    if not found.by_kind:
        return None
    kinds = sorted(found.by_kind, key=lambda k: (-found.by_kind[k].due, k))
    due = [k for k in kinds if found.by_kind[k].due]
    worst = min(due, key=lambda k: (float(found.by_kind[k].share or 0), -found.by_kind[k].due), default=None)
    one = found.by_kind[worst] if worst else None
    title = (
        f"Least kept of what was promised: {_kind(worst)}, {one.on_time} of {one.due} on time"
        if one and worst and one.on_time < one.due
        else "Every kind of promise that fell due was kept on time"
        if due
        else "No promise of any kind has fallen due"
    )

    def kind(row: dict[str, Any]) -> Any:
        return parts.rows_link(_kind(row["kind"]), state, "promises", kind=row["kind"])

    rows = []
    for name in kinds:
        k = found.by_kind[name]
        rows.append(
            {
                "kind": name,
                "kept": f"{k.on_time} of {k.due}" if k.due else "none due",
                "range": f"{percent(k.low)} to {percent(k.high)}"
                if k.low is not None and k.high is not None
                else "",
                "late": number(k.median_late) if k.median_late is not None else "",
                "most": number(k.most_late) if k.most_late is not None else "",
            }
        )
    each = [
        {
            "agency": names.get(a, a),
            "kind": _kind(k),
            "kept": f"{v.on_time} of {v.due}" if v.due else "none due",
        }
        for (a, k), v in sorted(found.by_both.items(), key=lambda p: (names.get(p[0][0], ""), p[0][1]))
    ]
    return parts.panel(
        title,
        parts.table(
            rows,
            [
                Col("kind", "Kind", row=kind),
                Col("kept", "Kept on time", str, numeric=True),
                Col("range", "95% interval", str, numeric=True),
                Col("late", "Days late, middle", str, numeric=True),
                Col("most", "Most", str, numeric=True),
            ],
            label="By kind of promise",
        ),
        parts.twin(
            parts.table(
                each,
                [
                    Col("agency", "Agency"),
                    Col("kind", "Kind"),
                    Col("kept", "Kept on time", str, numeric=True),
                ],
                caption="By agency and kind",
            ),
            summary="Show each agency by kind",
        ),
        key="by-kind",
        sub="Kept on time of those due. The interval says how little so few promises prove.",
        source="Days late are over promises kept late and overdue. Interval: Wilson.",
    )


def _kind(kind: str) -> str:
    return f"{kind}s" if kind in ("action", "decision") else kind


def waits_panel(found: Promised) -> Any:
    """Return the benefits that wait for late promises, in pounds and months, each counted once."""
    if not found.waits:
        return parts.empty(
            "No benefit waits for a late promise",
            ("No overdue promise names a benefit with money planned by now."),
            key="waits",
            span="c6",
        )
    first = found.waits[0]
    titles = {r["commitment_id"]: r["title"] for r in found.rows}
    rows = [
        {
            "benefit": w.title,
            "for": "; ".join(titles.get(p, p) for p in w.promises),
            "by": ", ".join(w.agencies),
            "money": pounds(w.held_up_gbp),
            "months": number(w.months),
        }
        for w in found.waits
    ]
    total = sum((w.held_up_gbp for w in found.waits[1:]), first.held_up_gbp)
    many = capital(count_of(len(found.waits), "benefit", words=True))
    verb = "waits" if len(found.waits) == 1 else "wait"
    return parts.panel(
        f"{many} {verb} for late promises: {pounds(total)}",
        parts.table(
            rows,
            [
                Col("benefit", "Benefit"),
                Col("for", "Waits for"),
                Col("by", "By"),
                Col("money", "Held up", str, numeric=True),
                Col("months", "Months", str, numeric=True),
            ],
            foot=["All", "", "", pounds(total), ""],
            label="Benefits that wait for late promises",
        ),
        key="waits",
        sub="Largest first. Planned by now and waiting for the promise; plan, not loss: some may have come.",
        source="Months with money planned, from the one in which the promise fell due to this one. "
        "A benefit that waits for two promises is counted once, with the one due first.",
        span="c6",
    )


def ages_panel(found: Promised) -> Any:
    """Return open promises by age."""
    count = sum(b.count for b in found.ages)
    if not count:
        return None
    old = [b for b in found.ages if b.from_days >= found.ages[-1].from_days]
    rows = [
        {
            "age": f"{b.from_days} to {b.below_days - 1} days"
            if b.below_days
            else f"{b.from_days} days and more",
            "count": b.count,
        }
        for b in found.ages
    ]
    older = sum(b.count for b in old)
    title = f"{capital(count_of(count, 'promise', words=True))} {'is' if count == 1 else 'are'} open, " + (
        f"{in_words(older)} for {old[0].from_days} days or more"
        if older
        else f"none for {old[0].from_days} days or more"
    )
    return parts.panel(
        title,
        parts.table(
            rows, [Col("age", "Since it was made"), Col("count", "Open", str, numeric=True)], label=title
        ),
        key="ages",
        sub="Overdue and not yet due, by days since the promise was made.",
    )


def shared_panel(data: Data, state: State, found: Promised) -> Any:
    """Return what was shared without anything following."""
    if not found.shared:
        return parts.empty(
            "Shared, but nothing followed",
            ("No information shared is written down: it stands on the sheet Information shared."),
            key="shared",
            span="c6",
        )
    gone = found.nothing_followed
    partners = data.partners(state)

    def who(row: dict[str, Any]) -> Any:
        partner = partners.get(row["agency_id"])
        return parts.badge(partner) if partner else row["agency_id"]

    title = f"Shared, but nothing followed: {len(gone)} of {len(found.shared)}"
    body: Any = html.P(
        "A decision or a promise followed everything that was shared long enough ago.", className="empty"
    )
    if gone:
        body = parts.table(
            [_shared(s) for s in gone[:_MOST]],
            [
                Col("title", "Given"),
                Col("agency_id", "By", row=who),
                Col("on", "On"),
                Col("days", "Nothing since", str, numeric=True),
            ],
            label=title,
        )
    every = [{**_shared(s), "came": s.came.state, "led": s.led_to or ""} for s in found.shared]
    return parts.panel(
        title,
        body,
        parts.twin(
            parts.table(
                every,
                [
                    Col("title", "Given"),
                    Col("agency_id", "By", row=who),
                    Col("on", "On"),
                    Col("came", "What came", row=lambda r: parts.state_word(r["came"], _CAME[r["came"]])),
                    Col("led", "Followed by"),
                ],
                caption="Everything that was shared",
            ),
            summary="Show everything that was shared",
        ),
        key="shared",
        sub=f"Information that was given and led to no decision or action in {within(found.shared_clocks)}.",
        source=f"The clock: {whose(found.shared_clocks, found.on)}."
        + (" Information shared names no goal: this panel is not narrowed to one." if state.goal_id else ""),
        span="c6",
    )


_CAME = {
    "followed": "good",
    "followed late": "flat",
    "nothing followed": "bad",
    "too early": "none",
    "not timed": "none",
}


def _shared(one: Shared) -> dict[str, Any]:
    return {
        "title": one.title,
        "agency_id": one.agency_id,
        "on": day(one.given_on),
        "days": count_of(one.came.days, "day"),
    }


def moves_panel(found: Promised) -> Any:
    """Return every due date that was moved, with its reason: the first date is kept."""
    titles = {r["commitment_id"]: r for r in found.rows}
    rows: Sequence[dict[str, Any]] = [
        {
            "title": titles[key]["title"],
            "by": titles[key]["agency_name"],
            "was": short_day(move.from_due_on),
            "now": day(move.new_due_on),
            "on": day(move.changed_on),
            "why": move.reason,
        }
        for key, moves in found.moves.items()
        for move in moves
    ]
    if not rows:
        return None
    last_minute = sum((m.from_due_on - m.changed_on).days <= 7 for ms in found.moves.values() for m in ms)  # noqa: PLR2004 - a week
    title = (
        f"{capital(count_of(len(rows), 'due date', words=True))} {'was' if len(rows) == 1 else 'were'} moved"
        + (f", {in_words(last_minute)} in the last week before" if last_minute else "")
    )
    return parts.panel(
        title,
        parts.table(
            rows,
            [
                Col("title", "Promise"),
                Col("by", "By"),
                Col("was", "Was due"),
                Col("now", "Moved to"),
                Col("on", "On"),
                Col("why", "Why"),
            ],
            label="Due dates that were moved",
        ),
        key="moves",
        sub="Every earlier date is kept, and late still counts from the first.",
    )

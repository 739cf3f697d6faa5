"""Panels of memory: what was found, decisions, who held which role, gaps, single points of knowledge."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from dashboards import parts
from dashboards.parts import Col
from partnership.charts import memory as charts
from partnership.wording import capital, count_of, day, in_words, listing, number, pounds, short_day

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State
    from partnership._workflows.remembering import Decided, Remembered
    from partnership.commitments import Carrier, Match

__all__ = ["decisions_panel", "gaps_panel", "search_panel", "single_panel", "tenure_panel"]

_MOST_FOUND, _YEARS = 40, 3


def search_panel(form: Any, asked: str, matches: Sequence[Match]) -> Any:
    """Return what was found, best first."""
    title = (
        f"{capital(count_of(len(matches), 'text', words=True))} found with “{asked}”"
        if matches
        else f"Nothing found with “{asked}”"
    )
    if not matches:
        body: Any = html.P(
            "Nothing written has all these words. Try fewer, or the beginning of one.", className="empty"
        )
    else:
        body = html.Ul([html.Li(_found(m)) for m in matches[:_MOST_FOUND]], className="found")
    more = f"The first {_MOST_FOUND} of {len(matches)}: add a word. " if len(matches) > _MOST_FOUND else ""
    return parts.panel(
        title,
        form,
        body,
        key="search",
        source=(
            f"{more}Looked in decisions, promises, why dates moved, "
            "evidence, information shared, goals, work, notes and reviews."
        ),
    )


def _found(one: Match) -> list[Any]:
    when = f", {day(one.entry.on)}" if one.entry.on else ""
    said: list[Any] = [
        html.Span(f"{capital(one.entry.kind)}{when}: ", className="kind"),
        html.B(one.entry.title),
    ]
    if one.field != "title":
        said += [html.Br(), f"{capital(one.field)}: {one.around}"]
    return said


def decisions_panel(found: Remembered) -> Any:
    """Return every decision with what, why, options, who and dissent, and what became of it."""
    if not found.decisions:
        return parts.empty(
            "No decision is written down",
            ("Write on the sheet Decisions what was decided, why, and who disagreed."),
            key="decisions",
        )
    against = [
        d for d in found.decisions if d.dissent and not re.match(r"(?i)\s*(none|no|nobody)\b\W*$", d.dissent)
    ]
    title = (
        f"{capital(count_of(len(found.decisions), 'decision', words=True))}; "
        f"somebody disagreed with {in_words(len(against)) if against else 'none'}"
    )
    return parts.panel(
        title,
        html.Ol(
            [html.Li(_decision(d), id=f"decision-{n}") for n, d in enumerate(found.decisions)],
            className="decisions",
        ),
        key="decisions",
        sub=(
            "Latest first, with the reason, what else was possible "
            "and who disagreed: nobody has to decide it twice."
        ),
    )


def _decision(one: Decided) -> list[Any]:
    where = listing(dict.fromkeys(w for w in (one.decided_by, one.meeting) if w))
    about = listing(a for a in (one.goal_title, one.item_title) if a)
    said = [f"Decided by {where}." if where else "Who decided is not written down."]
    said += [f"About {about}."] if about else []
    said += [f"Rested on {listing(one.rests_on)}."] if one.rests_on else []
    pairs = (("Why", one.why), ("What else was possible", one.options), ("Who disagreed", one.dissent))
    missing = parts.state_word("not written down", "none")
    terms = [html.Div([html.Dt(name), html.Dd(text or missing)]) for name, text in pairs]
    terms.append(html.Div([html.Dt("What followed"), html.Dd(_followed(one))]))
    head = html.H3([html.Span(day(one.decided_on), className="when"), one.title])
    return [head, html.P(" ".join(said), className="where"), html.Dl(terms)]


def _followed(one: Decided) -> Any:
    if not one.promises:
        return "No promise names it."
    counts = Counter(state for _, _, state in one.promises)
    many = count_of(len(one.promises), "promise")
    each = [parts.state_word(f"{n} {word}", _STATES.get(word, "flat")) for word, n in counts.items()]
    return [f"{many}: ", *(html.Span(e, className="came") for e in each)]


_STATES = {
    "kept on time": "good",
    "kept late": "flat",
    "overdue": "bad",
    "not yet due": "flat",
    "withdrawn": "none",
}


def tenure_panel(data: Data, state: State, found: Remembered) -> Any:
    """Return who held each role from when to when."""
    if not found.begun:
        return parts.empty("No role is written down", "People come with the sheet RoleHolders.", key="tenure")
    partners = data.partners(state)
    changed = [r for r in found.begun if r.changes]
    held = sorted(r.months for r in found.begun if r.months is not None)
    title = (
        (
            f"{capital(count_of(len(changed), 'role', words=True))} "
            f"of {len(found.begun)} changed hands within a year"
        )
        if changed
        else "No role changed hands within a year"
    )
    first = _first_day(found)
    rows = [
        {
            "role": r.role,
            "who": (h.holder or "nobody named"),
            "from": day(h.started_on) if h.started_on else "not known",
            "to": day(h.ended_on) if h.ended_on else "today",
        }
        for r in found.begun
        for h in r.holdings
    ]
    middle = (
        (f" Half have held theirs for {count_of(held[(len(held) - 1) // 2], 'month')} or less.")
        if held
        else ""
    )
    marks, codes = {i: p.mark for i, p in partners.items()}, {i: p.code for i, p in partners.items()}
    return parts.panel(
        title,
        parts.picture(
            charts.tenures(found.begun, first, found.on, marks, codes), key="tenure-picture", wide=860
        ),
        parts.twin(
            parts.table(
                rows,
                [Col("role", "Role"), Col("who", "Who"), Col("from", "From"), Col("to", "To")],
                caption="Who held which role",
            )
        ),
        key="tenure",
        sub=f"In the colour of the agency. Empty box: nobody held it. Hatched: nobody is named.{middle}",
        source=(
            f"From {day(first)}; what began before runs in from the "
            "left. Names are of staff, as the partnership wrote them."
        ),
    )


def _first_day(found: Remembered) -> dt.date:
    begun = [h.started_on for r in found.begun for h in r.holdings if h.started_on]
    least = found.on.replace(year=found.on.year - _YEARS, day=1)
    return max(min(begun, default=least), least)


def gaps_panel(data: Data, state: State, found: Remembered) -> Any:
    """Return the roles that nobody is named in, and those that stood empty."""
    partners = data.partners(state)
    rows = [
        {
            "role": r.role,
            "agency_id": r.agency_id,
            "kind": g.kind,
            "since": short_day(g.from_on) if g.from_on else "not known",
            "until": short_day(g.until) if g.until else "still",
            "days": number(g.days) if g.days is not None else "not known",
            "open": g.until is None,
            "long": g.days or 0,
        }
        for r in found.begun
        for g in r.gaps
    ]
    rows.sort(key=lambda r: (not r["open"], -int(str(r["long"]))))
    now = sum(bool(r["open"]) for r in rows)
    past = [r for r in rows if not r["open"]]
    if not rows:
        return parts.empty(
            "Every role was always held",
            "No day without a named holder is written down.",
            key="owner-gaps",
            span="c6",
        )

    def who(row: dict[str, Any]) -> Any:
        partner = partners.get(row["agency_id"])
        return parts.badge(partner) if partner else row["agency_id"]

    title = (
        f"{capital(count_of(now, 'role', words=True))} {'has' if now == 1 else 'have'} nobody named today"
        if now
        else "Somebody is named in every role today"
    )
    return parts.panel(
        title,
        parts.table(
            rows,
            [
                Col("role", "Role"),
                Col("agency_id", "At", row=who),
                Col("kind", "Gap", row=lambda r: parts.state_word(r["kind"], "bad" if r["open"] else "none")),
                Col("since", "From"),
                Col("until", "Until"),
                Col("days", "Days", str, numeric=True),
            ],
            label=title,
        ),
        key="owner-gaps",
        sub=(
            f"{capital(count_of(len(past), 'earlier gap', words=True))} "
            f"{'is' if len(past) == 1 else 'are'} listed below those of today."
        )
        if past
        else "Longest first.",
        source=(
            "Vacant: no holder between two days. Nobody named: a holder "
            "is written down without a name, so nobody can be asked."
        ),
        span="c6",
    )


def single_panel(found: Remembered) -> Any:
    """Return what only one person is named on."""
    alone = [c for c in found.carriers if c.person is not None]
    nobody = next((c for c in found.carriers if c.person is None), None)
    if not found.carriers:
        return parts.empty(
            "Nothing hangs on one person",
            "Everything that runs has two people named on it, or more.",
            key="single",
            span="c6",
        )
    title = "Nobody is named on some of the work"
    if alone:
        title = (
            f"If {alone[0].person} left, {count_of(len(alone[0].alone_on), 'thing', words=True)} "
            f"would lose {'its' if len(alone[0].alone_on) == 1 else 'their'} only name"
        )
    rows = [_carrier(c) for c in (*alone, *([nobody] if nobody else []))]
    every = [
        {
            "who": c.person or "nobody",
            "kind": t.kind,
            "title": t.title,
            "money": pounds(t.planned_gbp) if t.planned_gbp else "",
        }
        for c in found.carriers
        for t in c.alone_on
    ]
    return parts.panel(
        title,
        parts.table(
            rows,
            [
                Col("who", "Who", row=lambda r: r["who"]),
                Col("count", "Alone on", str, numeric=True),
                Col("what", "Of these"),
                Col("money", "Benefit planned", str, numeric=True),
            ],
            label="What only one person is named on",
        ),
        parts.twin(
            parts.table(
                every,
                [
                    Col("who", "Who", row=lambda r: r["who"]),
                    Col("kind", "What"),
                    Col("title", "Title"),
                    Col("money", "Benefit planned", str, numeric=True),
                ],
                caption="Each thing that only one person, or nobody, is named on",
            ),
            summary="Show each thing",
        ),
        key="single",
        sub=(
            "Goals, benefits, measures and open promises with "
            "one person named on them. A second name is a cure."
        ),
        source=(
            "A person counts once, however many roles. Whoever else knows of it, unnamed, is not seen here."
        ),
        span="c6",
    )


def _carrier(one: Carrier) -> dict[str, Any]:
    kinds: dict[str, int] = {}
    for thing in one.alone_on:
        kinds[thing.kind] = kinds.get(thing.kind, 0) + 1
    return {
        "who": one.person or parts.state_word("nobody named", "bad"),
        "count": len(one.alone_on),
        "what": listing(count_of(n, k) for k, n in sorted(kinds.items())),
        "money": pounds(one.planned_gbp) if one.planned_gbp else "",
    }

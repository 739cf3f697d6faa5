"""Panels of the phasing page that come after the plan: more days, firmness, habits, what moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from dashboards import parts
from dashboards.pages._phasing_words import days, firm_title, more_title, reading
from partnership.wording import capital, count_of, day, listing

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State
    from partnership._workflows.phasing import Choices, Gain, Phased, PhasingSettings

__all__ = ["beyond", "since"]


def beyond(data: Data, state: State, done: Phased, settings: PhasingSettings, ask: str = "") -> list[Any]:
    """Return what is asked once there is a plan: good plans, more days, habits."""

    def firm() -> Choices:
        return data.phasing.firmness(state.as_of, settings, ask)

    return [
        parts.cols(
            parts.guarded(
                lambda: _more(data.phasing.more(state.as_of, settings, ask), done), "more-days", span="c6"
            ),
            parts.guarded(lambda: _firm(firm(), done), "good-plans", span="c6"),
        ),
        parts.guarded(lambda: _habits(firm(), done), "habits"),
    ]


def _more(gains: Sequence[Gain], done: Phased) -> Any:
    by: dict[str, list[Gain]] = {}
    for gain in gains:
        by.setdefault(gain.resource[0], []).append(gain)
    steps = sorted({g.units for g in gains})
    asked = sum(kind == "days" for _, kind in done.asked.problem.offers)
    is_whole = len(by) == asked and all(len(found) == len(steps) for found in by.values())
    buying = {a: g for a, g in by.items() if any(x.gain for x in g)}
    order = sorted(buying, key=lambda a: (-max(x.gain for x in buying[a]), a))

    def row_of(agency: str) -> dict[str, Any]:
        tried = {g.units: f"+{done.value_words(g.gain)}" if g.gain else "0" for g in buying[agency]}
        cells = {f"u{u}": tried.get(u, "not tried") for u in steps}
        best = max(buying[agency], key=lambda g: (g.gain, -g.units))
        return {"agency": done.names.get(agency, agency), **cells, "lets": _lets_in(best)}

    rows = [row_of(a) for a in order]
    others = sum(len(found) == len(steps) for a, found in by.items() if a not in buying)
    untried = asked - len(buying) - others
    if others:
        name = (
            "All agencies"
            if not buying and not untried
            else "The other agency"
            if others == 1 and not untried
            else f"All {others} other agencies"
            if not untried
            else f"{capital(count_of(others, 'other agency', words=True))} that {'was' if others == 1 else 'were'} tried"
        )
        rows.append({"agency": name, **{f"u{u}": "0" for u in steps}, "lets": "no change"})
    if untried:
        who = count_of(untried, "agency") if not (buying or others) else count_of(untried, "further agency")
        unknown = dict.fromkeys((f"u{u}" for u in steps), "not tried")
        rows.append({"agency": capital(who), **unknown, "lets": "not known: it was stopped"})
    return parts.panel(
        more_title(gains, done.names, is_whole=is_whole),
        parts.table(
            rows,
            [
                parts.Col("agency", "More days a quarter from"),
                *(parts.Col(f"u{u}", f"{days(u)} more", str, numeric=True) for u in steps),
                parts.Col("lets", "What it lets in"),
            ],
            label="What more days would buy",
        ),
        *_short(done),
        key="more-days",
        sub="What the plan gains when one agency gives so many more days in every quarter, solved again each time.",
        source=_more_source(gains),
        span="c6",
    )


def _short(done: Phased) -> list[Any]:
    """Return what each item that is left out would need."""
    needs = [i for i in done.left_out if i.why_not]
    if not needs:
        return []
    return [
        html.P("What the items left out would need:", className="lead-in"),
        html.Ul(
            [html.Li([html.B(f"{i.item_id} {i.title}: "), f"{i.why_not}."]) for i in needs], className="plain"
        ),
    ]


def _more_source(gains: Sequence[Gain]) -> str:
    if not gains or all(g.is_exact for g in gains):
        return "Each of these plans is proved best. With whole items a price of one more day says nothing true, so none is shown."
    return (
        "Some of these plans are the best found in their time, not proved: a gain may be larger than shown."
    )


def _lets_in(gain: Gain) -> str:
    said = []
    if gain.enters:
        said.append(f"{listing(gain.enters)} {'comes' if len(gain.enters) == 1 else 'come'} in")
    if gain.leaves:
        said.append(f"{listing(gain.leaves)} {'goes' if len(gain.leaves) == 1 else 'go'} out")
    if not said and gain.sooner:
        item, quarters = max(gain.sooner.items(), key=lambda x: (x[1], x[0]))
        said.append(f"{item} {count_of(quarters, 'quarter', words=True)} sooner")
    return ", ".join(said) or "another order"


def _firm(choice: Choices, done: Phased) -> Any:
    plans = len(choice.alternatives)
    groups: dict[tuple[str, int], list[str]] = {}
    titles = {i.item_id: i.title for i in done.items}
    for s in choice.standings:
        groups.setdefault((s.firmness, choice.count_in(s.item)), []).append(s.item)
    order = ["in every good plan", "in some good plans", "not settled", "in no good plan"]
    rows = [
        {
            "items": f"{ids[0]} {titles[ids[0]]}" if len(ids) == 1 else ", ".join(ids),
            "count": f"{count} of {plans}", "reading": reading(firmness, count, plans),
        }
        for (firmness, count), ids in sorted(groups.items(), key=lambda g: (order.index(g[0][0]), -g[0][1]))
    ]  # fmt: skip
    within = (1 - choice.threshold / done.outcome.value) * 100 if done.outcome.value else 0.0
    found = (
        "One choice of items" if plans == 1 else f"{capital(count_of(plans, 'choice', words=True))} of items"
    )
    return parts.panel(
        firm_title(choice, done),
        parts.table(
            rows,
            [
                parts.Col("items", "Items"),
                parts.Col("count", "In plans", str, numeric=True),
                parts.Col("reading", "Reading"),
            ],
            label="Items in good plans",
        ),
        parts.twin(_firm_table(choice, done)),
        key="good-plans",
        sub=f"{found} within {within:.0f}% of the plan's value{'' if choice.is_complete else ', and there may be more'}.",
        source="Every item was tried the other way round: taken out where it is in, put in where it is out. In every, or in none, is proved by the bound of that trial.",
        span="c6",
    )


def _firm_table(choice: Choices, done: Phased) -> html.Div:
    def other(row: dict[str, Any]) -> str:
        if row["other"] is None:
            return "no plan keeps the rules"
        return done.value_words(row["other"])

    titles = {i.item_id: i.title for i in done.items}
    rows = [
        {
            "item": f"{s.item} {titles[s.item]}",
            "in": "in" if s.chosen else "out",
            "other": s.other,
            "firm": s.firmness,
        }
        for s in choice.standings
    ]
    return parts.table(
        rows,
        [
            parts.Col("item", "Item"), parts.Col("in", "In the plan"),
            parts.Col("other", "Best value the other way round", row=other, numeric=True), parts.Col("firm", "Standing"),
        ],
        caption=f"Each item the other way round; the plan is worth {done.value_words(done.outcome.value or 0.0)}",
    )  # fmt: skip


def _habits(choice: Choices, done: Phased) -> Any:
    """Return what to keep, stop and start, each with its evidence."""
    firm = {s.item: s.firmness for s in choice.standings}
    items = {i.item_id: i for i in done.items}
    running = [a.item_id for a in done.aside if a.runs]
    groups = (
        ("Start", [i for i in items.values() if i.chosen and i.habit in ("start", "change") and firm.get(i.item_id) == "in every good plan"], "new or changed, and in every good plan"),
        ("Keep", [i for i in items.values() if i.chosen and i.habit == "keep"], "kept by the blueprint, and in the plan"),
        ("Stop", [i for i in items.values() if i.chosen and i.habit == "stop"], "the blueprint ends it, and the plan has the days to end it"),
        ("Stop, or find days", [i for i in items.values() if firm.get(i.item_id) == "in no good plan"], "in no good plan"),
        ("A choice", [i for i in items.values() if i.habit != "stop" and firm.get(i.item_id) == "in some good plans"], "in some good plans"),
        ("Not settled", [i for i in items.values() if i.habit != "stop" and firm.get(i.item_id) == "not settled"], "the search ended before it was known"),
    )  # fmt: skip
    rows = [
        {"habit": word, "items": "; ".join(f"{i.item_id} {i.title}" for i in found), "why": why}
        for word, found, why in groups
        if found
    ]
    if running:
        rows.append(
            {
                "habit": "Keep as it is",
                "items": ", ".join(running),
                "why": "runs already and asks nobody for days",
            }
        )
    starting = len(groups[0][1])
    stopping = len(groups[2][1]) + len(groups[3][1])
    return parts.panel(
        f"{capital(count_of(starting, 'item', words=True))} to start whatever else is decided; {count_of(stopping, 'item', words=True)} to stop or to find days for",
        parts.table(
            rows,
            [parts.Col("habit", "Habit"), parts.Col("items", "Items"), parts.Col("why", "Evidence")],
            label="Habits: keep, stop, start",
        ),
        key="habits",
        sub="Habits with the evidence that the plan gives for them. What to stop is for the partners to say: a plan only shows where there are no days.",
    )


# ---- what moved ----
def since(data: Data, state: State, settings: PhasingSettings, ask: str = "") -> Any:
    """Return what moved since the plan that was decided last, and why."""
    saved = data.phasing.decided(state.as_of)
    if not saved:
        return parts.empty(
            "No plan has been decided yet",
            "A plan that is kept as a decision can be made again later, and shows what moved since and why: keep it above, or by partnership phase --save.",
            key="since",
        )
    last = saved[0]
    compared = data.phasing.compared(state.as_of, settings, last.decision_id, ask)
    moves = compared.change.moves
    on = day(last.decided_on)
    title = (
        f"{capital(count_of(len(moves), 'item', words=True))} moved since the plan decided on {on}"
        if moves
        else f"Nothing moved since the plan decided on {on}"
    )
    same = (
        "The records as known then make exactly the problem that was decided on." if compared.is_same_input
        else "The records as known then make another problem: they were changed on that day after the plan was made."
    )  # fmt: skip
    rows = [
        {
            "item": m.item, "how": m.how if not m.quarters else f"{count_of(m.quarters, 'quarter')} {m.how}",
            "why": "; ".join(m.why),
        }
        for m in moves
    ]  # fmt: skip
    table = parts.table(
        rows,
        [parts.Col("item", "Item"), parts.Col("how", "Moved"), parts.Col("why", "Why")],
        label="What moved",
    )
    broken = compared.change.broken
    return parts.panel(
        title,
        table if rows else html.P("The plan of today is the plan that was decided.", className="empty"),
        *(
            [parts.note(html.P("The decided plan cannot be carried any more."), html.P(" ".join(broken)))]
            if broken
            else []
        ),
        key="since",
        sub=f"{last.title}, decision {last.decision_id}. {same}",
    )

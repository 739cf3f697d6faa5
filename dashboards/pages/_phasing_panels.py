"""Panels of the phasing page that need nothing but the plan: timeline, load, who pays and who gains."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dash import html

from dashboards import parts
from dashboards.pages._phasing_words import (
    days,
    load_title,
    rows_of,
    timeline_title,
)
from dashboards.parts import aria
from partnership._workflows.phasing import conflict_words, headline, small_wins_words
from partnership.charts.phasing import timeline
from partnership.periods import name_quarter
from partnership.wording import count_of, listing, number, pounds, short_month, the

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State
    from partnership._workflows.phasing import Phased, PhasedItem

__all__ = ["opening", "plan"]


def opening(done: Phased) -> html.Div:
    """Return the sentence that the page opens with, and how sure it is."""
    if not done.has_plan:
        return parts.say(
            html.Strong(headline(done)),
            then=conflict_words(done) or "Give the search more time, or ask for less.",
        )
    wins = small_wins_words(done)
    fact = headline(done).removesuffix(wins).strip()
    return parts.say(html.Strong(fact), f" {wins}" if wins else "", then=_proof(done))


def _proof(done: Phased) -> str:
    if (
        done.outcome.value
        and abs(done.ranked_value - done.outcome.value) <= 1e-6 * done.outcome.value
        and not done.ranked_breaks
    ):
        return f"{done.proof_words} Taking the ranked list from the top gives a plan worth as much."
    return f"{done.proof_words} {done.ranked_words}".strip()


def plan(data: Data, state: State, done: Phased) -> list[Any]:
    """Return the panels that need nothing but the plan."""
    if not done.has_plan:
        return _missing(done)
    if not done.chosen:
        return [
            parts.empty(
                "Nothing fits",
                "No item fits what the agencies have offered, or none is worth anything here.",
                key="timeline",
            ),
            *_missing(done),
        ]
    return [
        parts.guarded(lambda: _timeline(data, state, done), "timeline"),
        *_missing(done),
        parts.guarded(lambda: _load(data, state, done), "load"),
        parts.guarded(lambda: _shares(data, state, done), "pays-and-gains"),
    ]


def _missing(done: Phased) -> list[Any]:
    """Return what is missing from the plan, as a note; nothing where nothing is."""
    if not done.findings:
        return []
    return [parts.note(*(html.P(f"{f.found} {f.do}".strip()) for f in done.findings), partial=True)]


# ---- the timeline ----
def _timeline(data: Data, state: State, done: Phased) -> Any:
    partners = data.partners(state)
    marks, codes = {i: p.mark for i, p in partners.items()}, {i: p.code for i, p in partners.items()}
    shown = _shown(data, state, done)
    rows = [r for r in rows_of(done) if r["item_id"] in shown]
    window = (
        min(done.asked.settings.small_wins_quarters, len(done.quarters))
        if done.asked.settings.small_wins
        else 0
    )
    return parts.panel(
        timeline_title(done),
        parts.picture(timeline(rows, done.quarters, marks, codes, window), key="phasing-timeline", wide=960),
        parts.twin(_plan_table(data, state, done)),
        key="timeline",
        sub=_timeline_sub(done, window, narrowed=len(rows) < len(done.chosen)),
        source=_source(done),
    )


def _shown(data: Data, state: State, done: Phased) -> set[str]:
    """Return the items that the filters leave: those that ask days of the agency, those that serve the goal."""
    kept = {i.item_id for i in done.items}
    if state.agency_id:
        needs = done.asked.problem.by_id
        kept = {i for i in kept if (state.agency_id, "days") in needs[i].needs}
    if state.goal_id:
        items = data.table("work_items", state)
        serving = {i for i, g in zip(items["id"], items["goal_id"], strict=True) if g == state.goal_id}
        kept &= serving
    return kept


def _timeline_sub(done: Phased, window: int, *, narrowed: bool) -> str:
    said = "Coloured by the agency that leads; hatched where nobody does."
    if narrowed:
        said = f"Only items that ask days of the agency, or serve the goal, that was picked; the plan is of all. {said}"
    if window:
        wanted = count_of(done.asked.settings.small_wins, "item", words=True)
        said += f" Shaded: the first {count_of(window * 3, 'month', words=True)}, in which the small-wins rule asks for {wanted} to finish. Felt by: gets hours back each week."
    return said


def _source(done: Phased) -> str:
    chosen = {i.item_id for i in done.chosen}
    order = [f"{b} before {a}" for a, b in done.asked.problem.requires if a in chosen and b in chosen]
    said = [f"Order held by prerequisites: {'; '.join(order)}."] if order else []
    left = [f"{i.item_id} {i.title}" for i in done.left_out]
    said += [f"Left out: {listing(left)}; why is said below."] if left else []
    by: dict[str, list[str]] = {}
    for item in done.items:
        if item.assumed:
            by.setdefault(item.assumed, []).append(item.item_id)
    said += [f"Assumed of {listing(ids)}: {words}." for words, ids in by.items()]
    aside: dict[str, list[str]] = {}
    for one in done.aside:
        aside.setdefault(one.why, []).append(one.item_id)
    said += [f"Not planned: {listing(ids)}, {words}." for words, ids in aside.items()]
    return " ".join([*said, _value_source(done)])


def _value_source(done: Phased) -> str:
    worth, waiting = done.asked.worth, done.asked.settings.waiting
    score = f"impact from 0 to 10, mean of agencies on the anchors, round {worth.round_id}, less {waiting * 100:g}% for each quarter of waiting"
    benefit = "present value of the fiscal benefit that starts when the item is finished, parted equally among the items that bring it about"
    if worth.unit == "points":
        return f"Value: {score}."
    if worth.unit == "£":
        return f"Value: {benefit}."
    return f"Value: {score}; and {benefit}, {pounds(round(worth.gbp_per_point or 0))} counting as one point."


def _plan_table(data: Data, state: State, done: Phased) -> html.Div:
    def lead(row: dict[str, Any]) -> Any:
        return (
            data.partners(state)[row["lead"]].name if row["lead"] in data.partners(state) else "nobody leads"
        )

    shown = _shown(data, state, done)
    rows = [
        {
            "title": f"{i.item_id} {i.title}", "lead": i.lead_agency_id, "starts": i.starts_on, "ends": i.ends_on,
            "planned": _planned(i), "score": i.score, "benefit": i.benefit_gbp,
            "why": "; ".join(x for x in (f"after {listing(i.waits_for)}" if i.waits_for else "", "small win" if i.is_small_win else "", i.why_not) if x),
        }
        for i in done.items
        if i.item_id in shown
    ]  # fmt: skip
    return parts.table(
        rows,
        [
            parts.Col("title", "Item"),
            parts.Col("lead", "Lead", row=lead),
            parts.Col("starts", "Starts", lambda v: short_month(v) if v else "left out"),
            parts.Col("ends", "Ends", lambda v: short_month(v) if v else ""),
            parts.Col("planned", "In the blueprint"),
            parts.Col("score", "Impact", lambda v: "not scored" if v is None else f"{v:.1f}", numeric=True),
            parts.Col(
                "benefit",
                "Benefit",
                lambda v: "none in money" if v is None else pounds(round(v)),
                numeric=True,
            ),
            parts.Col("why", "Why then"),
        ],
        caption="The plan, item by item. Benefit is fiscal, at present value, when finished then.",
    )


def _planned(item: PhasedItem) -> str:
    if item.planned_starts_on is None or item.planned_ends_on is None:
        return "no dates"
    return f"{short_month(item.planned_starts_on)} to {short_month(item.planned_ends_on)}"


# ---- load ----
def _load(data: Data, state: State, done: Phased) -> Any:
    partners = data.partners(state)
    cells = {(c.agency_id, c.quarter): c for c in done.load if c.kind == "days"}
    chosen = {a for a, _ in cells if state.agency_id in (None, a)}
    agencies = sorted(chosen, key=lambda a: list(partners).index(a) if a in partners else 99)
    title = load_title(done)
    head = html.Thead(
        html.Tr(
            [
                html.Th("Agency, days asked of days offered", scope="col"),
                *(
                    html.Th([name_quarter(q)[:-5], html.Small(str(q.year))], scope="col")
                    for q in done.quarters
                ),
            ]
        )
    )
    body = [
        html.Tr([html.Th(_who(partners, a, done), scope="row"), *(_cell(cells[a, q]) for q in done.quarters)])
        for a in agencies
    ]
    caption = html.Caption("Days asked of each agency by quarter, against days offered", className="sr")
    table = html.Table([caption, head, html.Tbody(body)], className="load")
    money = (
        "Money is planned against what agencies offer in money too." if done.asked.money_counts
        else "Money is not part of this plan: no agency has said what it offers."
    )  # fmt: skip
    return parts.panel(
        title,
        html.Div(
            table, className="scroll", tabIndex="0", role="group", **aria(label="Load against capacity")
        ),
        key="load",
        sub="Days each agency is asked for, against what it offered. A bar is full where nothing is left.",
        source=f"An item's days are spread evenly over the quarters in which it runs. {money}",
    )


def _who(partners: Any, agency: str, done: Phased) -> list[Any]:
    if agency not in partners:
        return [done.names.get(agency, agency)]
    return [parts.badge(partners[agency]), " ", partners[agency].short]


def _cell(cell: Any) -> html.Td:
    if cell.offered is None:
        return html.Td(["0 of ", html.Span("not said", className="state none")])
    share = float(cell.asked / cell.offered) if cell.offered else 0.0
    said: list[Any] = [html.B("full "), ""] if cell.is_full else [""]
    words = f"{days(cell.asked)} of {days(cell.offered)}"
    bar = html.Span(
        html.I(style={"width": f"{min(share, 1) * 100:.0f}%"}),
        className="bar full" if cell.is_full else "bar",
        **aria(hidden="true"),
    )
    return html.Td([*said, words, bar])


# ---- who pays and who gains ----
def _shares(data: Data, state: State, done: Phased) -> Any:
    partners = data.partners(state)
    shares = [s for s in done.shares if s.days_asked or s.hours_back_a_week or s.benefit_gbp]
    shares.sort(key=lambda s: (-s.days_asked, s.name))

    def who(row: dict[str, Any]) -> Any:
        return html.Span(_who(partners, row["agency_id"], done))

    rows = [
        {
            "agency_id": s.agency_id, "asked": s.days_asked, "offered": s.days_offered, "back": s.hours_back_a_week,
            "benefit": s.benefit_gbp, "wins": s.small_wins,
        }
        for s in shares
    ]  # fmt: skip
    return parts.panel(
        _shares_title(shares),
        parts.table(
            rows,
            [
                parts.Col("agency_id", "Agency", row=who),
                parts.Col("asked", "Days asked", days, numeric=True),
                parts.Col("offered", "Days offered", days, numeric=True),
                parts.Col("back", "Hours back a week", number, numeric=True),
                parts.Col(
                    "benefit", "Fiscal benefit, present value", lambda v: pounds(_thousands(v)), numeric=True
                ),
                parts.Col("wins", "Small wins felt", number, numeric=True),
            ],
            label="Who pays and who gains",
        ),
        key="pays-and-gains",
        sub="What the chosen items ask of each agency over the whole plan, and give it when they are finished.",
        source="Hours: a week now less a week after, of the chosen items. Benefit, to the nearest thousand: the agency's share of each chosen item's part, cashable or not; what is not counted in money is not in it.",
    )


def _thousands(amount: Decimal) -> Decimal:
    return round(amount, -3) + Decimal(0)


def _shares_title(shares: Sequence[Any]) -> str:
    giving = max(shares, key=lambda s: s.days_asked)
    gaining = max(shares, key=lambda s: s.benefit_gbp)
    gives, gets = the(giving.name, start=True), the(gaining.name)
    from partnership.wording import is_plural

    verb = "give" if is_plural(giving.name) else "gives"
    if gaining.benefit_gbp <= 0:
        return f"{gives} {verb} most, {days(giving.days_asked)} days"
    if giving.agency_id == gaining.agency_id:
        return f"{gives} {verb} most, {days(giving.days_asked)} days, and {'gain' if is_plural(giving.name) else 'gains'} most, {pounds(_thousands(gaining.benefit_gbp))}"
    return f"{gives} {verb} most, {days(giving.days_asked)} days; {gets} {'gain' if is_plural(gaining.name) else 'gains'} most, {pounds(_thousands(gaining.benefit_gbp))}"

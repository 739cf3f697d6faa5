"""The tables of the goals page: SMART letter by letter, lineage, gives and gets, loose ends, the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboards import parts
from dashboards.parts import Col
from dashboards.urls import address
from partnership import wording
from partnership._reports import goal_words as words
from partnership.goals import LETTERS, RULES

if TYPE_CHECKING:
    from dashboards.data import Data, Partner
    from dashboards.urls import State
    from partnership._workflows.goal_checks import GoalsJudged
    from partnership.goals import Judged, LetterScore, Lineage, Verdict

__all__ = ["letters_panel", "lineage_panel", "loose_panel", "parts_panel", "rules_panel"]

Row = Mapping[str, Any]


# ---- SMART ----
def letters_panel(data: Data, state: State, shown: Sequence[Judged]) -> Any:
    """Return the goals rule by rule: a score for each letter and the sentences that help to mend."""
    if not shown:
        sentence = "Write goals on the sheet Goals: a verb, a measure, from where to where, by when, by whom."
        return parts.empty("There is no open goal", sentence, key="smart")
    measures = {m["id"]: m for m in data.table("measures", state).iter_rows(named=True)}
    columns = [
        Col("title", "Goal", row=partial(_goal, state=state, measures=measures)),
        *(Col(k, html.Abbr(k, title=w), row=partial(_letter, letter=k)) for k, w in LETTERS.items()),
        Col("mend", "What would mend it", row=_mend),
    ]
    rows = [{"one": one, "title": one.goal.title} for one in shown]
    return parts.panel(
        words.letters_title(shown),
        parts.table(rows, columns, label="Goals against the SMART rules", class_name="smart"),
        parts.twin(_every_verdict(shown), summary="Show every rule and what was found"),
        key="smart",
        sub="Rules met of those that apply, letter by letter: never one number. Cannot tell is not met.",
        source="Method: the toolkit’s own rules, listed below; process limits by XmR "
        "(mean ± 2.66 × average moving range).",
    )


def _goal(row: Row, state: State, measures: Mapping[str, Row]) -> list[Any]:
    goal = row["one"].goal
    link = dcc.Link(goal.title, href=address(state, goal_id=goal.id))
    said = html.Small(words.what(goal, measures.get(goal.measure_id or "")))
    return [link, said, html.Div(_mend(row), className="on-phone")]


def _letter(row: Row, letter: str) -> html.Span:
    score: LetterScore = next(s for s in row["one"].letters if s.letter == letter)
    kind = "good" if score.full else "none" if score.met + score.cannot_tell == score.asked else "bad"
    unsure = f", {score.cannot_tell} cannot tell" if score.cannot_tell else ""
    said = f"{score.met} of {score.asked}"
    title = f"{score.word}: {said} rules met{unsure}"
    hidden = html.Span(f" {score.word.lower()} rules met{unsure}", className="sr")
    return html.Span([said, hidden], className=f"state {kind}", title=title)


def _mend(row: Row) -> Any:
    asks: Sequence[Verdict] = row["one"].to_mend
    if not asks:
        return "Nothing: every rule is met."
    return html.Ul(
        [html.Li([html.B(v.rule.letter), " ", v.found, " ", html.Span(v.do, className="do")]) for v in asks],
        className="mend",
    )


def _every_verdict(shown: Sequence[Judged]) -> html.Div:
    rows = [
        {
            "goal": one.goal.title,
            "letter": v.rule.letter,
            "rule": v.rule.id,
            "outcome": v.outcome,
            "found": v.found,
            "do": v.do,
        }
        for one in shown
        for v in one.verdicts
    ]
    columns = [
        Col("rule", "Rule"),
        Col("goal", "Goal"),
        Col("letter", "Letter"),
        Col("outcome", "Outcome", show=_outcome),
        Col("found", "What was found"),
        Col("do", "What to do"),
    ]
    return parts.table(rows, columns, caption="Every rule against every goal")


def _outcome(word: str) -> html.Span:
    kind = {"met": "good", "not met": "bad", "cannot tell": "none"}.get(word, "flat")
    return parts.state_word(word, kind)


# ---- lineage ----
def lineage_panel(data: Data, state: State, judged: GoalsJudged, shown: Sequence[Judged]) -> Any:
    """Return the way from work to the big goal: a tree that also reads aloud."""
    found = judged.lineage
    partners = data.partners(state)
    leads = (
        dict(data.table("work_items", state).select("id", "lead_agency_id").iter_rows())
        if found.links
        else {}
    )
    wanted = {one.goal.id for one in shown}
    parents = {one.goal.id: one.goal.parent_goal_id for one in judged.goals}
    roots = [g for g in wanted if parents.get(g) not in wanted]
    ordered = [one for one in shown if one.goal.id in roots]

    def branch(one: Judged) -> html.Li:
        goal = one.goal
        own = [k for k in found.links if k.path and k.path[0] == goal.id]
        below = [o for o in shown if o.goal.parent_goal_id == goal.id]
        paid = found.planned_gbp.get(goal.id)
        money = f"{wording.pounds(paid)} planned" if paid else "no money planned"
        head = html.Div(
            [html.B(goal.title), html.Small(f"{wording.count_of(len(own), 'piece')} of work, {money}")],
            className="goal",
        )
        leaves = [_leaf(k, leads, partners) for k in own] or [
            html.Li(html.Span("No work serves it", className="state none"))
        ]
        return html.Li([head, html.Ul([*(branch(b) for b in below), *leaves])])

    own = data.summary(state)
    tree = html.Ul(
        [
            html.Li(
                [html.Div(html.B(own["bhag"]), className="big"), html.Ul([branch(one) for one in ordered])]
            )
        ],
        className="tree",
    )
    return parts.panel(
        words.lineage_title(found, len(judged.goals)),
        html.Div(
            tree,
            className="scroll",
            tabIndex="0",
            role="group",
            **parts.aria(label="From work to the big goal"),
        ),
        parts.twin(_lineage_rows(found, judged)),
        key="lineage",
        sub="From the big goal to the goals under it, and to the work that serves each; with who leads.",
        source="Source: goals, work items and planned contributions, cash and in kind, over all years.",
    )


def _leaf(link: Any, leads: Mapping[str, str | None], partners: Mapping[str, Partner]) -> html.Li:
    lead = partners.get(leads.get(link.item.id) or "")
    who = parts.badge(lead) if lead else html.Span("nobody leads", className="state none")
    done = html.Small(" done") if link.item.is_done else None
    return html.Li([f"{link.item.id} {link.item.title} ", who, done])


def _lineage_rows(found: Lineage, judged: GoalsJudged) -> html.Div:
    titles = {one.goal.id: one.goal.title for one in judged.goals}
    rows = [
        {
            "item": f"{k.item.id} {k.item.title}",
            "path": " → ".join(titles.get(g, g) for g in k.path) + " → the big goal" if k.path else k.fault,
            "money": wording.pounds(k.item.planned_gbp) if k.item.planned_gbp is not None else "none planned",
        }
        for k in found.links
    ]
    columns = [
        Col("item", "Work"),
        Col("path", "Way to the big goal"),
        Col("money", "Planned, cash and in kind", numeric=True, show=str),
    ]
    return parts.table(rows, columns, caption="Every piece of work and its way")


# ---- gives and gets ----
def parts_panel(data: Data, state: State, shown: Sequence[Judged]) -> Any:
    """Return what each partner gives to each goal and gets from it; nothing is hatched and said."""
    table = data.table("goal_partners", state)
    said = {(r["goal_id"], r["agency_id"]): r for r in table.iter_rows(named=True)}
    partners = [p for p in data.partners(state).values() if p.is_member and state.agency_id in (None, p.id)]
    if not shown or not partners:
        return parts.empty("Nobody gives or gets yet", "Goals and partners come first.", key="gives-gets")
    places = [(one.goal.id, p.id) for one in shown for p in partners]
    empty = sum(not _whole(said.get(place)) for place in places)
    columns = [
        Col("partner", "Partner", row=lambda r: [parts.badge(r["partner"]), " ", r["partner"].short]),
        *(Col(one.goal.id, one.goal.title, row=partial(_part, goal=one.goal.id, said=said)) for one in shown),
    ]
    return parts.panel(
        words.parts_title(empty, len(places)),
        parts.table(
            [{"partner": p} for p in partners],
            columns,
            label="Gives and gets by partner and goal",
            class_name="gives",
        ),
        key="gives-gets",
        sub="What each partner gives to each goal, and what is in it for it. Who gains nothing may leave.",
        source="Source: gives and gets, in each partner’s own words. Hatched: nothing is written.",
    )


def _whole(row: Row | None) -> bool:
    return bool(row and row["gives"] and row["gets"])


def _part(row: Row, goal: str, said: Mapping[tuple[str, str], Row]) -> Any:
    found = said.get((goal, row["partner"].id))
    lines = []
    for word in ("gives", "gets"):
        value = found[word] if found else None
        lines.append(
            html.P(
                [html.B(f"{word.capitalize()} "), value]
                if value
                else html.Span(f"{word} nothing yet", className="state none")
            )
        )
    return lines


# ---- what hangs loose ----
def loose_panel(found: Lineage) -> Any:
    """Return work that reaches no goal, goals without work, goals without money."""
    items: list[Any] = []
    for link in found.orphans:
        items.append(
            html.Li(
                html.Div(
                    [
                        html.P(
                            [
                                html.Strong(f"{link.item.id} {link.item.title}"),
                                f" serves no goal. {link.fault}",
                            ]
                        ),
                        html.P("Point it at a goal, or stop it."),
                    ]
                )
            )
        )
    for goal in found.unserved:
        items.append(
            html.Li(
                html.Div(
                    [
                        html.P([html.Strong(goal.title), " has no open work."]),
                        html.P("Point an item of work at it, or close it."),
                    ]
                )
            )
        )
    for goal in found.unfunded:
        items.append(
            html.Li(
                html.Div(
                    [
                        html.P([html.Strong(goal.title), " has work, and nobody pays for any of it."]),
                        html.P("Say who pays, in money or in people’s time, or take the work out."),
                    ]
                )
            )
        )
    if not items:
        return parts.empty(
            "Nothing hangs loose",
            "Every piece of work serves a goal, and every goal has work and money.",
            key="loose",
            span="c5",
        )
    title = f"{wording.capital(wording.count_of(len(items), 'loose end', words=True))}"
    return parts.panel(
        title,
        html.Ol(items, className="talk"),
        key="loose",
        sub="Work without a goal, goals without work, goals without money.",
        span="c5",
    )


def rules_panel() -> Any:
    """Return the rules themselves: id, letter, what each looks at."""
    columns = [
        Col("id", "Rule"),
        Col("letter", "Letter", show=lambda v: LETTERS[v]),
        Col("looks_at", "What it looks at"),
    ]
    rows = [{"id": r.id, "letter": r.letter, "looks_at": r.looks_at} for r in RULES]
    return parts.panel(
        f"{wording.capital(wording.in_words(len(RULES)))} rules, none of them an opinion",
        parts.twin(parts.table(rows, columns, caption="The SMART rules"), summary="Show the rules"),
        key="rules",
        sub="Each looks at one thing that is written down. Our own design, since SMART itself names no test.",
        span="c7",
    )

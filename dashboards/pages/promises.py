"""Promises: which are overdue, how late, and what each holds up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl
from dash import dcc, html

from dashboards import parts
from dashboards.pages import _promise_clock_editing as clock_editing
from dashboards.pages import _promise_clocks as timing
from dashboards.pages import _promise_panels as panels
from dashboards.pages import _promise_ticking as ticking
from dashboards.urls import address
from partnership.charts import promises as charts
from partnership.views import view
from partnership.wording import capital, count_of, day, in_words, number, percent, pounds, the

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.data import Data
    from dashboards.urls import State

TITLE = LABEL = "Promises"
LIBRARIES = ("lifelines", "holidays")
SHOWS_STORE_ONLY = True
FILTERS = ("agency", "goal", "as_of")
_HELD_UP = (
    "Holds up: benefit planned between the due date and today that waits for the promise, each benefit "
    "counted once; plan, not loss, and some of it may have come."
)
VIEWS = ("promise_totals", "promises", "promises_by_agency")


def tally(data: Data, state: State) -> tuple[int, str]:
    """Return how many promises are overdue."""
    return int(data.row("promise_totals", state.on("/promises")).get("overdue") or 0), "overdue"


def layout(data: Data, state: State) -> Any:
    """Return the page."""
    totals = data.row("promise_totals", state)
    if not totals.get("made"):
        return html.Div(
            [
                parts.say("No promises yet."),
                parts.empty(
                    "Nothing has been promised",
                    "Write on the sheet Commitments who promised what to whom by when.",
                    key="overdue",
                    link=dcc.Link("Go to Data", href=address(state, "/data"), className="btn"),
                ),
            ]
        )
    rows = data.view("promises", state)
    overdue = rows.filter(pl.col("state") == "overdue").sort("days_late", "title", descending=[True, False])
    names = {i: p.name for i, p in data.partners(state).items()}
    guarded = parts.guarded
    return html.Div(
        [
            _opening(data, state, totals),
            guarded(lambda: _overdue(data, state, overdue, totals), "overdue"),
            parts.cols(
                guarded(lambda: _by_agency(data, state), "by-agency", span="c6"),
                guarded(lambda: panels.time_panel(data.memory.promised(state)), "time", span="c6"),
            ),
            parts.cols(
                guarded(
                    lambda: panels.shared_panel(data, state, data.memory.promised(state)), "shared", span="c6"
                ),
                guarded(lambda: _before_board(data, state, rows), "before-board", span="c6"),
            ),
            parts.cols(
                guarded(lambda: panels.waits_panel(data.memory.promised(state)), "waits", span="c6"),
                html.Div(
                    [
                        guarded(
                            lambda: panels.kinds_panel(data.memory.promised(state), names, state), "by-kind"
                        ),
                        guarded(lambda: panels.ages_panel(data.memory.promised(state)), "ages"),
                    ],
                    className="c6",
                ),
            ),
            guarded(lambda: panels.moves_panel(data.memory.promised(state)), "moves"),
            guarded(lambda: ticking.panel(data, state), "ticking"),
            guarded(lambda: timing.clocks_panel(data, data.memory.promised(state), state), "clocks"),
        ]
    )


def register(app: Dash, data: Data) -> None:
    """Add the callbacks of ticking, and of clocks."""
    ticking.register(app, data)
    clock_editing.register(app, data)


def _opening(data: Data, state: State, totals: Mapping[str, Any]) -> html.Div:
    overdue, due, kept = (int(totals.get(c) or 0) for c in ("overdue", "due", "kept_on_time"))
    if overdue:
        held = (
            f" and {'holds' if overdue == 1 else 'hold'} up {pounds(totals['held_up_gbp'])} of benefit"
            if totals.get("held_up_gbp")
            else ""
        )
        verb = "is" if overdue == 1 else "are"
        fact: Any = parts.rows_link(
            html.Strong(f"{count_of(overdue, 'promise')} {verb} overdue{held}."),
            state,
            "promises",
            state="overdue",
        )
    else:
        fact = html.Strong("No promise is overdue.")
    if not due:
        return parts.say(
            fact,
            f" None of the {count_of(int(totals['made']), 'promise', words=True)} made has fallen due yet.",
        )
    was = "was" if kept == 1 else "were"
    since = _since_board(data, state, kept / due)
    return parts.say(
        fact, f" {number(kept)} of {number(due)} due {was} kept on time: {percent(kept / due)}{since}."
    )


def _since_board(data: Data, state: State, share: float) -> str:
    """Return how the share moved since the last board, judged on that day with what is known now."""
    board, _ = data.boards(state)
    if board is None or board >= (state.as_of or data.today()):
        return ""
    then = _share_on(data, state, board)
    if then is None:
        return ""
    if percent(then) == percent(share):
        return ", as at the last board"
    return f", {'up' if share > then else 'down'} from {percent(then)} at the last board"


def _share_on(data: Data, state: State, day_then: dt.date) -> float | None:
    share = data.memory.promised_on(state, day_then).share
    return None if share is None else float(share)


def _overdue(data: Data, state: State, rows: pl.DataFrame, totals: Mapping[str, Any]) -> Any:
    if not rows.height:
        return parts.empty(
            "Nothing is overdue", "Every promise that fell due was kept, or is not due yet.", key="overdue"
        )
    shown = rows.to_dicts()
    marks = {i: p.mark for i, p in data.partners(state).items()}
    moved = sum((r["times_moved"] or 0) > 0 for r in shown)
    on = day(state.as_of or data.today())
    working = data.memory.promised(state).working_late
    return parts.panel(
        _overdue_title(shown, totals),
        parts.picture(charts.days_overdue(shown, marks), key="promises-overdue", wide=900),
        parts.twin(
            _overdue_table([{**r, "working": working[r["commitment_id"]]} for r in shown]),
            files=parts.download_links(state, "promises", "the overdue promises", state="overdue"),
        ),
        key="overdue",
        sub=f"Overdue on {on}, longest first. The mark is the agency that promised.",
        source=f"Late counts from the first due date agreed; {_moved_words(moved, len(shown))} {_HELD_UP}",
    )


def _moved_words(moved: int, count: int) -> str:
    if not moved:
        return "none of these was moved."
    if count == 1:
        return "it was moved, and the move is kept."
    verb = "was" if moved == 1 else "were"
    return f"{in_words(moved)} of the {in_words(count)} {verb} moved, and the move is kept."


def _overdue_title(rows: Sequence[Mapping[str, Any]], totals: Mapping[str, Any]) -> str:
    first = rows[0]
    total, own = totals.get("held_up_gbp"), first["held_up_gbp"]
    late = f"{count_of(first['days_late'], 'day')} late"
    if len(rows) == 1:
        return f"One promise is {late}"
    if total and own and own * 3 >= total:
        return f"One promise, {late}, holds up {percent(own / total)} of what waits"
    return f"The longest is {late}"


def _overdue_table(rows: Sequence[Mapping[str, Any]]) -> html.Div:
    return parts.table(
        [dict(r) for r in rows],
        [
            parts.Col("title", "Promise"),
            parts.Col("agency_name", "By"),
            parts.Col("to_agency_name", "To", lambda v: v or "All partners"),
            parts.Col("due_on", "First due", day),
            parts.Col("current_due_on", "Due now", lambda v: day(v) if v else ""),
            parts.Col("days_late", "Days late", number, numeric=True),
            parts.Col(
                "held_up_gbp", "Holds up", lambda v: pounds(v) if v else "nothing in money", numeric=True
            ),
            parts.Col("working", "Working days late", number, numeric=True),
            parts.Col("benefit_title", "What waits", lambda v: v or ""),
        ],
        caption="Overdue promises, longest first",
    )


def _by_agency(data: Data, state: State) -> Any:
    rows = [r for r in data.view("promises_by_agency", state).to_dicts() if r["made"]]
    rows.sort(key=lambda r: (-r["made"], r["agency_name"]))
    if not rows:
        return parts.empty(
            "No agency has promised anything",
            "Promises come with the sheet Commitments.",
            key="by-agency",
            span="c6",
        )
    return parts.panel(
        _by_agency_title(rows),
        parts.picture(charts.unit_squares(rows), key="promises-by-agency", wide=460),
        parts.twin(
            _by_agency_table(rows, state),
            files=parts.download_links(state, "promises_by_agency", "the agencies"),
        ),
        key="by-agency",
        sub="One square a promise. Right: kept on time of those due.",
        source=f"{count_of(sum(r['made'] for r in rows), 'promise')} made. Few: read shares with care. "
        + _sentence(view("promises").definition),
        span="c6",
    )


def _sentence(definition: str) -> str:
    flat = " ".join(definition.split())
    return f"{flat.split('. ')[0].rstrip('.')}." if flat else ""


def _by_agency_title(rows: Sequence[Mapping[str, Any]]) -> str:
    due = [r for r in rows if r["due"]]
    kept = [r for r in due if r["kept_on_time"] == r["due"]]
    if not due:
        return "No promise has fallen due yet"
    if len(kept) == len(due):
        return "Every agency kept every promise that fell due"
    if not kept:
        return "No agency kept every promise that fell due"
    if len(kept) == 1:
        return f"{the(kept[0]['agency_name'], start=True)} kept every promise that fell due"
    names = capital(in_words(len(kept)))
    return f"{names} of {in_words(len(due))} agencies kept every promise that fell due"


def _by_agency_table(rows: Sequence[Mapping[str, Any]], state: State) -> html.Div:
    def who(row: dict[str, Any]) -> Any:
        return dcc.Link(
            row["agency_name"], href=address(state, agency_id=row["agency_id"]), className="row-link"
        )

    counted = (
        ("kept_on_time", "On time"),
        ("kept_late", "Late"),
        ("overdue", "Overdue"),
        ("not_yet_due", "Not yet due"),
        ("withdrawn", "Taken back"),
    )
    return parts.table(
        [dict(r) for r in rows],
        [
            parts.Col("agency_id", "Agency", row=who),
            *(parts.Col(n, label, number, numeric=True) for n, label in counted),
        ],
        caption="By agency",
        foot=["All", *(number(sum(r[n] for r in rows)) for n, _ in counted)],
    )


def _before_board(data: Data, state: State, rows: pl.DataFrame) -> Any:
    _, board = data.boards(state)
    on = state.as_of or data.today()
    if board is None or board < on:
        return parts.empty(
            "Due before the next board",
            "The day of the next board is not written down yet: it stands on the sheet Partnership.",
            key="before-board",
            span="c6",
        )
    due = rows.filter(
        (pl.col("state") == "not yet due") & (pl.coalesce("current_due_on", "due_on") <= board)
    ).sort(pl.coalesce("current_due_on", "due_on"), "title")
    title = f"Due before the board on {day(board)}"
    if not due.height:
        return parts.panel(
            title,
            html.P("No promise falls due before then.", className="empty"),
            key="before-board",
            sub="So that no one is surprised in public.",
            span="c6",
        )
    partners = data.partners(state)

    def who(row: dict[str, Any]) -> Any:
        partner = partners.get(row["agency_id"])
        return parts.badge(partner) if partner else row["agency_name"]

    return parts.panel(
        title,
        parts.table(
            due.to_dicts(),
            [
                parts.Col("title", "Promise"),
                parts.Col("agency_id", "By", row=who),
                parts.Col("current_due_on", "Due", row=lambda r: day(r["current_due_on"] or r["due_on"])),
                parts.Col(
                    "times_moved",
                    "State",
                    row=lambda r: parts.state_word("moved already" if r["times_moved"] else "in hand"),
                ),
            ],
            label=title,
        ),
        parts.download_links(state, "promises", "promises not yet due", state="not yet due"),
        key="before-board",
        sub="So that no one is surprised in public.",
        span="c6",
    )

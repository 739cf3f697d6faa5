"""The register part: tests, confidence of owner and reviewer, starts that slip, horizons, harms, roll-ups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import html

from dashboards import parts
from dashboards.pages._benefit_judging import sure_desk
from dashboards.pages._benefit_map import findings_table
from partnership.periods import name_financial_year
from partnership.wording import capital, count_of, day, month, percent, pounds, short_day

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State

__all__ = ["register_panels"]

Row = Mapping[str, Any]
_CODES = ("benefit-", "reading-")


def register_panels(data: Data, state: State) -> list[Any]:
    """Return the panels below the register."""
    return [
        parts.cols(
            parts.guarded(lambda: _confidence(data, state), "confidence", span="c6"),
            parts.guarded(lambda: _slips(data, state), "slips", span="c6"),
        ),
        parts.cols(
            parts.guarded(lambda: _horizons(data, state), "horizons", span="c6"),
            parts.guarded(lambda: _harms(data, state), "harms", span="c6"),
        ),
        parts.cols(
            parts.guarded(lambda: _rolled(data, state, "function"), "by-function", span="c6"),
            parts.guarded(lambda: _rolled(data, state, "financial_year"), "by-year", span="c6"),
        ),
        parts.guarded(lambda: _tests(data, state), "tests"),
    ]


def _titles(data: Data, state: State) -> dict[str, str]:
    return dict(data.table("benefits", state).select("id", "title").iter_rows())


def _confidence(data: Data, state: State) -> Any:
    titles = _titles(data, state)
    rows = sorted(
        (c for c in data.realised(state).confidence if c.benefit_id in titles),
        key=lambda c: (-(c.steps_apart or 0), c.benefit_id),
    )
    if not rows:
        return parts.panel(
            "Nobody has said how sure they are",
            html.P(
                "Say it here or on the sheet Delivery confidence: the owner’s word and a reviewer’s, each "
                "with its day.",
                className="empty",
            ),
            *sure_desk(data, state),
            key="confidence",
            span="c6",
        )
    apart = [c for c in rows if (c.steps_apart or 0) > 0]
    title = (
        f"Reviewers are less sure than owners of {count_of(len(apart), 'benefit', words=True)}"
        if apart
        else "Owners and reviewers are equally sure"
    )
    return parts.panel(
        title,
        parts.table(
            [
                {
                    "title": titles[c.benefit_id],
                    "owner": c.owner,
                    "reviewer": c.reviewer,
                    "reason": c.reason,
                    "on": c.reviewer_on,
                }
                for c in rows
            ],
            [
                parts.Col("title", "Benefit"),
                parts.Col("owner", "Owner", lambda v: v or "not said"),
                parts.Col("reviewer", "Reviewer", lambda v: v or "not said"),
                parts.Col("reason", "Reviewer’s reason", lambda v: v or ""),
                parts.Col("on", "Said on", lambda v: short_day(v) if v else ""),
            ],
            label="Delivery confidence",
        ),
        *sure_desk(data, state),
        key="confidence",
        sub="Green highly likely, amber feasible, red unachievable. Two words, never averaged.",
        span="c6",
    )


def _slips(data: Data, state: State) -> Any:
    titles = _titles(data, state)
    items = dict(data.table("work_items", state).select("id", "title").iter_rows())
    moved = [s for s in data.realised(state).slips if s.item_months or s.months]
    moved.sort(key=lambda s: (-max(s.months, s.item_months), s.benefit_id))
    if not moved:
        return parts.panel(
            "No benefit’s start has moved",
            parts.note("Every item it rests on is in time."),
            key="slips",
            span="c6",
        )
    waiting = [s for s in moved if not s.has_begun and s.months]
    title = (
        f"{capital(count_of(len(waiting), 'benefit', words=True))} "
        f"{'starts' if len(waiting) == 1 else 'start'} later than planned"
        if waiting
        else "Every benefit has begun; what is still to come slips"
    )
    return parts.panel(
        title,
        parts.table(
            [
                {
                    "title": titles.get(s.benefit_id, s.benefit_id),
                    "planned": s.planned_start,
                    "now": s.expected_start,
                    "why": f"“{items.get(s.item_id, s.item_id)}”, {count_of(s.item_months, 'month')}"
                    if s.item_id
                    else "",
                    "state": "begun" if s.has_begun else "still to start",
                }
                for s in moved
            ],
            [
                parts.Col("title", "Benefit"),
                parts.Col("planned", "Planned start", lambda v: month(v) if v else ""),
                parts.Col("now", "Began or now starts", lambda v: month(v) if v else ""),
                parts.Col("state", "State"),
                parts.Col("why", "Item that is late"),
            ],
            label="Benefits whose work slips",
        ),
        key="slips",
        sub="A start moves with the latest of the items that the benefit rests on.",
        span="c6",
    )


def _horizons(data: Data, state: State) -> Any:
    partners = data.partners(state)
    rows = [h for h in data.realised(state).horizons if state.agency_id in (None, h.agency_id)]
    late = [h for h in rows if h.state in ("late", "too late", "planned too late")]
    title = (
        f"{capital(count_of(len(late), 'partner', words=True))} cannot see results when needed"
        if late
        else "No partner is still waiting past its own day for first results"
    )
    return parts.panel(
        title,
        parts.table(
            [
                {
                    "who": partners[h.agency_id].name if h.agency_id in partners else h.agency_id,
                    "by": h.needed_by,
                    "real": h.first_real,
                    "state": h.state,
                }
                for h in rows
            ],
            [
                parts.Col("who", "Partner"),
                parts.Col("by", "Needs results by", lambda v: day(v) if v else "no answer"),
                parts.Col("real", "First real", lambda v: month(v) if v else "nothing yet"),
                parts.Col("state", "So it is", parts.state_word),
            ],
            label="First results against each partner’s own horizon",
        ),
        key="horizons",
        sub="First benefit read above £0 that falls to the partner, against the day that it gave itself.",
        span="c6",
    )


def _harms(data: Data, state: State) -> Any:
    rows = data.view("benefits_and_harms", state).to_dicts()
    totals = data.row("benefit_totals", state)
    real = {r["is_disbenefit"]: r["realised_gbp"] for r in rows}
    if not rows:
        return parts.empty(
            "Nothing is planned to date", "Fill the sheet Benefit profile.", key="harms", span="c6"
        )
    harm = real.get(True)
    title = (
        f"{pounds(-harm)} of harm or moved cost is netted from {pounds(real.get(False))}"
        if harm
        else "No dis-benefit has been read"
    )
    return parts.panel(
        title,
        parts.table(
            rows,
            [
                parts.Col("is_disbenefit", "What", lambda v: "Dis-benefits" if v else "Benefits"),
                parts.Col("benefits", "Number", numeric=True),
                parts.Col(
                    "planned_gbp", "Planned", lambda v: "" if v is None else pounds(v, ""), numeric=True
                ),
                *_COMPARED,
            ],
            label="Benefits and dis-benefits",
            foot=[
                "Net",
                "",
                *(pounds(totals.get(c), "") for c in ("planned_gbp", "compared_gbp", "realised_gbp")),
            ],
        ),
        key="harms",
        source="To date. The two rows add up to the totals of this page to the penny.",
        span="c6",
    )


_COMPARED = (
    parts.Col(
        "compared_gbp", "Planned where read", lambda v: "" if v is None else pounds(v, ""), numeric=True
    ),
    parts.Col("realised_gbp", "Real", lambda v: "no reading" if v is None else pounds(v, ""), numeric=True),
)


def _rolled(data: Data, state: State, key: str) -> Any:
    view = "benefit_by_function" if key == "function" else "benefit_by_year"
    rows, totals = data.view(view, state).to_dicts(), data.row("benefit_totals", state)
    heading = "Function" if key == "function" else "Financial year"
    read = [r for r in rows if r["realised_share"] is not None and r[key] is not None]

    def name(value: Any) -> str:
        if value is None:
            return "none named"
        return str(value) if key == "function" else name_financial_year(value)

    if not rows:
        return parts.empty(f"Nothing by {heading.casefold()} yet", "No plan to date.", key=view, span="c6")
    furthest = min(read, key=lambda r: r["realised_share"]) if read else None
    title = (
        f"Furthest from plan: {name(furthest[key])}, {percent(furthest['realised_share'])}"
        if furthest
        else f"Nothing has been read by {heading.casefold()} yet"
    )
    return parts.panel(
        title,
        parts.table(
            rows,
            [
                parts.Col(key, heading, name),
                *_COMPARED,
                parts.Col("realised_share", "Share", lambda v: "" if v is None else percent(v), numeric=True),
                parts.Col("not_read_gbp", "Not read", lambda v: "" if not v else pounds(v, ""), numeric=True),
            ],
            label=f"By {heading.casefold()}",
            foot=[
                "Total",
                pounds(totals.get("compared_gbp"), ""),
                pounds(totals.get("realised_gbp"), ""),
                percent(totals["realised_share"]) if totals.get("realised_share") is not None else "",
                pounds(totals.get("not_read_gbp") or 0, ""),
            ],
        ),
        parts.download_links(state, view, "these rows"),
        key=view,
        span="c6",
    )


def _tests(data: Data, state: State) -> Any:
    found = [f for f in data.realised(state).findings if f.code.startswith(_CODES)]
    tests = data.realised(state).tests
    passed = {t.benefit_id for t in tests} - {t.benefit_id for t in tests if not t.passed}
    every = len({t.benefit_id for t in tests})
    title = f"{len(passed)} of {every} benefits are described, observable, attributable and measurable"
    return findings_table(found, title, "tests")

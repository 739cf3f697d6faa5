"""Whether all that is given adds up to the target, and how far apart the dates in mind are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dashboards import parts
from dashboards.pages._expectation_common import all_rows, names_of
from dashboards.parts import Col
from partnership import wording

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State

__all__ = ["dates_panel", "offers_panel"]

Row = Mapping[str, Any]

_SAYS = {
    "adds up": "All that is given reaches the target.",
    "falls short": "All that is given does not reach the target: ask for more, or lower it.",
    "more than asked": "Much more than the goal asks: are the same ones counted twice?",
    "cannot be added": "Givers count different things, and a sum of different things is no number.",
    "no target": "The goal has no target to hold it against.",
    "nothing offered": "Nobody has said what it would give.",
    "not to be added": "A share cannot be added up over partners.",
}
_KIND = {
    "adds up": "good",
    "falls short": "bad",
    "more than asked": "bad",
    "cannot be added": "bad",
    "nothing offered": "none",
}


def offers_panel(data: Data, state: State) -> Any:
    """Return what partners would give to each goal, against its target."""
    rows = list(data.view("goal_offers", state, agency_id=None).iter_rows(named=True))
    if not rows:
        return parts.empty("Does it add up?", "No goal has a measure yet.", key="offers", span="c7")
    order = list(_SAYS)
    rows.sort(
        key=lambda r: (order.index(r["standing"]) in (0, 6), -float(r["given_share"] or 0), r["goal_title"])
    )
    columns = [
        Col("goal_title", "Goal"),
        Col("given_rate", "Given", row=_given, numeric=True),
        Col("target_value", "Asked", row=_asked, numeric=True),
        Col("standing", "Does it add up?", row=_standing),
    ]
    return parts.panel(
        offers_title(rows),
        parts.table(rows, columns, label="All that is given, against the target"),
        parts.download_links(state, "goal_offers", measure=None),
        key="offers",
        sub="What partners would give to the whole partnership, on the goal’s measure and one common rate.",
        source="Pairs are left out: they say again who gives it to whom. A sum without everybody is partial.",
        span="c7",
    )


def offers_title(rows: Sequence[Row]) -> str:
    """Return the title: for how many goals what is given adds up.

    Examples
    --------
    >>> offers_title([{"standing": "adds up"}, {"standing": "cannot be added"}])
    'What is given adds up for one goal of two'
    """
    fine = sum(r["standing"] == "adds up" for r in rows)
    count = wording.count_of(fine, "goal", words=True) if fine else "no goal"
    return f"What is given adds up for {count} of {wording.in_words(len(rows))}"


def _given(row: Row) -> Any:
    if row["given_rate"] is None:
        return ""
    return wording.rate(row["given_rate"], row["measure_per"], row["measure_unit"])


def _asked(row: Row) -> Any:
    if row["target_value"] is None:
        return "no target"
    per = "in all" if row["measure_unit"] == "%" else row["measure_per"]
    return wording.rate(row["target_value"], per, row["measure_unit"])


def _standing(row: Row) -> Any:
    from dash import html

    standing = row["standing"]
    silent = row["partners_unanswered"]
    partial = (
        f" Partial: {wording.count_of(silent, 'partner', words=True)} {_have(silent)} not answered."
        if silent and row["given_rate"] is not None
        else ""
    )
    times = f" {wording.times(row['given_share'])} the target." if standing == "more than asked" else ""
    word = parts.state_word(standing, _KIND.get(standing, "flat"))
    return [word, html.Small(f"{_SAYS[standing]}{wording.capital(times)}{partial}")]


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


def dates_panel(data: Data, state: State) -> Any:
    """Return by when partners expect each measure, and how many months apart."""
    rows = list(data.view("date_gaps", state).iter_rows(named=True))
    if not rows:
        return parts.empty(
            "By when?", "No partner has said by when it expects anything.", key="dates", span="c5"
        )
    name = names_of(data, state)
    columns = [
        Col("measure_name", "Measure"),
        Col("earliest_on", "First", row=lambda r: _end(r, "earliest", name)),
        Col("latest_on", "Last", row=lambda r: _end(r, "latest", name)),
        Col("months_apart", "Months apart", numeric=True),
    ]
    return parts.panel(
        dates_title(rows, name),
        parts.table(rows, columns, label="By when partners expect it"),
        all_rows(state, "date_gaps"),
        key="dates",
        sub="The first and the last day that partners gave for the same measure.",
        span="c5",
    )


def _end(row: Row, which: str, name: Any) -> str:
    day = wording.month(row[f"{which}_on"])
    return day if row["months_apart"] == 0 else f"{name(row[f'{which}_agency_id'])}, {day}"


def dates_title(rows: Sequence[Row], name: Any) -> str:
    """Return the title: the widest distance between two dates, or that there is none."""
    widest = rows[0]
    if not widest["months_apart"]:
        return "All who answered have the same month in mind"
    early, late = (
        wording.the(name(widest["earliest_agency_id"])),
        wording.the(name(widest["latest_agency_id"])),
    )
    months = wording.count_of(widest["months_apart"], "month")
    return f"{wording.capital(early)} expects “{widest['measure_name']}” {months} before {late}"

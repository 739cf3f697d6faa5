"""The sentences of the benefits page, made from the views' numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from partnership.wording import (
    capital,
    count_of,
    day,
    in_words,
    listing,
    month,
    number,
    percent,
    pounds,
    the,
    unit_of,
)

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "agencies_title",
    "class_label",
    "curve_title",
    "double_counting",
    "goals_title",
    "measure_title",
    "missing_words",
    "opening",
    "partial_words",
    "quantity",
    "register_title",
]

Row = Mapping[str, Any]

_CLASSES = {
    "capacity released": "Capacity released",
    "cash-releasing": "Cash-releasing",
    "no release": "No release",
}
_VERBS = {
    "withheld": "withholds {}",
    "not provided": "has not provided {}",
    "too early": "finds it too early to read {}",
    "suppressed": "has {} suppressed",
    "blank": "has no reading for {}",
}
_PLURAL_VERBS = {
    "withheld": "withhold {}",
    "not provided": "have not provided {}",
    "too early": "find it too early to read {}",
    "suppressed": "have {} suppressed",
    "blank": "have no reading for {}",
}


def prices(benefits: Iterable[tuple[str, str | None]], year: str | None) -> str:
    """Return in which pounds benefits stand that are added as they were entered; empty where none is stated.

    Parameters
    ----------
    benefits : Iterable of tuple
        Price base and price year of each benefit; a real one without a year is in the partnership's own.
    year : str or None
        The partnership's own price year.

    Examples
    --------
    >>> prices([("real", None), ("real", "2025/26")], "2025/26"), prices([("nominal", None)], "2025/26")
    ('2025/26 prices', 'pounds of the day')
    >>> prices([("nominal", None), ("real", "2010/11")], "2025/26")
    'pounds of different years, added as they were entered'
    """
    found = {None if base == "nominal" else own or year or "" for base, own in benefits} or {year or ""}
    if len(found) > 1:
        return "pounds of different years, added as they were entered"
    one = found.pop()
    return "pounds of the day" if one is None else f"{one} prices" if one else ""


def prices_of(benefits: pl.DataFrame, year: str | None) -> str:
    """Return :func:`prices` of the benefits of a plan that have money."""
    import polars as pl

    if not benefits.height:
        return prices([], year)
    money = benefits.filter(pl.col("full_year_gbp").is_not_null() | pl.col("whole_life_gbp").is_not_null())
    return prices(money.select("price_base", "price_year").unique().iter_rows(), year)


def is_partial(row: Row) -> bool:
    """Return whether some of the plan behind a total has no reading, also where harms and benefits cancel out.

    Examples
    --------
    >>> is_partial({"not_read_gbp": 0, "hidden_gbp": 600}), is_partial({"not_read_gbp": None})
    (True, False)
    """
    return bool(row.get("hidden_gbp") or row.get("not_read_gbp"))


def unread_words(row: Row, unit: str | None = None) -> str:
    """Return how much of the plan has no reading, net; without sign where harms outweigh benefits or cancel them.

    Examples
    --------
    >>> unread_words({"not_read_gbp": 90000, "hidden_gbp": 124000})
    '£90,000'
    >>> unread_words({"not_read_gbp": 0, "hidden_gbp": 600})
    '£600 of benefit and harm together'
    """
    net = row["not_read_gbp"] or 0
    if net > 0:
        return pounds(net, unit)
    return f"{pounds(row.get('hidden_gbp') or -net, unit)} of benefit and harm together"


def opening(totals: Row) -> tuple[str, str, str]:
    """Return the page's sentence: the fact, the rest of it, and what the plan comes to.

    Examples
    --------
    >>> from decimal import Decimal
    >>> totals = {"latest_period": dt.date(2026, 10, 1), "realised_gbp": Decimal(710000),
    ...           "compared_gbp": Decimal(930000), "not_read_gbp": Decimal(90000),
    ...           "planned_gbp": Decimal(1020000), "realised_share": 0.763,
    ...           "plan_total_gbp": Decimal(1640000), "plan_end_period": dt.date(2027, 3, 1)}
    >>> opening(totals)[0]
    '£0.71m is real of £0.93m planned'
    >>> opening(totals)[1]
    ' by October 2026 where we have readings: 76%.'
    """
    plan, end = totals.get("plan_total_gbp"), totals.get("plan_end_period")
    whole = f"The whole plan comes to {pounds(plan)} by {month(end)}." if plan is not None and end else ""
    if totals.get("latest_period") is None or totals.get("realised_gbp") is None:
        return "Nothing of it has been read yet.", "", whole
    real, planned = totals["realised_gbp"], totals["compared_gbp"] or 0
    unit = unit_of(real, planned, totals.get("planned_gbp"), plan)
    where = " where we have readings" if is_partial(totals) else ""
    share = totals.get("realised_share")
    tail = f": {percent(share)}." if share is not None else "."
    return (
        f"{pounds(real, unit)} is real of {pounds(planned, unit)} planned",
        f" by {month(totals['latest_period'])}{where}{tail}",
        whole,
    )


def double_counting(totals: Row) -> str:
    """Return what is counted twice, and the totals gross and net of it; empty when nothing is.

    Examples
    --------
    >>> from decimal import Decimal
    >>> said = {"twice_planned_gbp": Decimal(200), "twice_realised_gbp": Decimal(90)}
    >>> gross = {"planned_gbp": Decimal(1000), "realised_gbp": Decimal(590)}
    >>> net = {"net_planned_gbp": Decimal(800), "net_realised_gbp": Decimal(500)}
    >>> for sentence in double_counting({**said, **gross, **net}).split(". "):
    ...     sentence
    'Some benefits claim the same avoided outcome as a larger one'
    'Real to date: £590 gross, £500 net of double counting'
    'Planned to date: £1,000 gross, £800 net of double counting'
    'All figures below are gross.'
    >>> double_counting({"twice_planned_gbp": None})
    ''
    """
    if not (
        totals.get("twice_planned_gbp")
        or totals.get("twice_realised_gbp")
        or totals.get("twice_plan_total_gbp")
    ):
        return ""
    pairs = (
        ("Real to date", "realised_gbp"),
        ("Planned to date", "planned_gbp"),
        ("The whole plan", "plan_total_gbp"),
    )
    said = [
        f"{name}: {pounds(totals[key], '')} gross, {pounds(totals[f'net_{key}'], '')} net of double counting."
        for name, key in pairs
        if totals.get(key) is not None
    ]
    return " ".join(
        [
            "Some benefits claim the same avoided outcome as a larger one.",
            *said,
            "All figures below are gross.",
        ]
    )


def partial_words(totals: Row, agencies: Sequence[Row], provisional: Sequence[dt.date]) -> str:
    """Return what is missing from the total and what may still change; empty when it is whole and firm."""
    said: list[str] = []
    if is_partial(totals):
        said.append(f"Readings cover {percent(totals['coverage_share'])} of the plan by value.")
    clauses = [missing_words(r) for r in agencies if is_partial(r)]
    if provisional:
        verb = "is" if len(provisional) == 1 else "are"
        clauses.append(f"{_months(provisional)} {verb} provisional")
    if clauses:
        said.append(
            capital(
                "; ".join(
                    [*clauses[:4], *([f"{count_of(len(clauses) - 4, 'more')}"] if len(clauses) > 4 else [])]
                )
            )
            + "."
        )
    if is_partial(totals):
        said.append("Nothing missing is counted as zero.")
    return " ".join(said)


def missing_words(row: Row) -> str:
    """Return what one agency's readings lack, as a clause.

    Examples
    --------
    >>> missing_words({"agency_name": "Mental health trust", "missing": "withheld", "not_read_gbp": 90000})
    'the mental health trust withholds £90,000'
    >>> missing_words({"agency_name": "Police", "missing": "blank", "not_read_gbp": 4000})
    'the police have no reading for £4,000'
    """
    name = the(row["agency_name"]) if row["agency_name"] else "benefit that no agency is named for"
    verbs = (
        _PLURAL_VERBS
        if name.split()[-1] in ("police", "schools", "colleges", "services", "charities")
        else _VERBS
    )
    return f"{name} {verbs.get(row['missing'] or 'blank', verbs['blank']).format(unread_words(row))}"


def _months(periods: Sequence[dt.date]) -> str:
    names = [month(p) if p.year != periods[-1].year else month(p).split()[0] for p in periods]
    return listing(names) if len(names) < 5 else f"{month(periods[0])} to {month(periods[-1])}"


def curve_title(totals: Row) -> str:
    """Return the finding of the curve."""
    if totals.get("latest_period") is None or totals.get("realised_gbp") is None:
        return "Benefit is planned, and nothing has been read yet"
    behind = totals["behind_gbp"]
    unit = unit_of(
        totals["realised_gbp"],
        totals["compared_gbp"],
        totals.get("planned_gbp"),
        totals.get("plan_total_gbp"),
    )
    if behind is None or round(behind) == 0:
        return "Benefit is real and on the plan that it can be compared with"
    if behind < 0:
        return f"Benefit is real and {pounds(-behind, unit)} ahead of the plan it can be compared with"
    return f"Benefit is real but {pounds(behind, unit)} behind the plan it can be compared with"


def agencies_title(rows: Sequence[Row], share: float) -> str:
    """Return who is furthest from plan."""
    read = sorted(
        (r for r in rows if r["realised_share"] is not None and r["agency_name"]),
        key=lambda r: r["realised_share"],
    )
    below = [r for r in read if r["realised_share"] < share]
    if not read:
        return "Nothing has been read by agency yet"
    if not below:
        return f"Every agency that was read is within {percent(share)} of its plan or above it"
    names = listing(
        [f"{the(r['agency_name'])}, {percent(r['realised_share'])}" for r in below[:2]], last="and"
    )
    return f"Furthest from plan: {names}"


def goals_title(rows: Sequence[Row]) -> str:
    """Return which goal is furthest from its plan."""
    read = sorted(
        (r for r in rows if r["realised_share"] is not None and r["goal_title"]),
        key=lambda r: r["realised_share"],
    )
    if not read:
        return "Nothing has been read by goal yet"
    if len(read) == 1:
        return f"{read[0]['goal_title']}: {percent(read[0]['realised_share'])} of plan"
    return f"Furthest from plan: “{read[0]['goal_title']}”, {percent(read[0]['realised_share'])}"


def register_title(rows: Sequence[Row]) -> str:
    """Return how many benefits are off plan, and for how long."""
    off = [r for r in rows if (r["months_off_plan"] or 0) > 0]
    long = [r for r in off if r["months_off_plan"] >= 3]
    if not rows:
        return "No benefits yet"
    if long:
        verb = "is" if len(long) == 1 else "are"
        return f"{capital(count_of(len(long), 'benefit', words=True))} {verb} off plan three months running"
    if off:
        verb = "is" if len(off) == 1 else "are"
        return f"{capital(count_of(len(off), 'benefit', words=True))} {verb} off plan"
    return (
        f"None of the {count_of(len(rows), 'benefit', words=True)} is off plan"
        if len(rows) > 1
        else "The one benefit is not off plan"
    )


def measure_title(name: str, unit: str, last: Row | None, target: Any) -> str:
    """Return the latest reading of a measure beside its target."""
    if last is None:
        return f"{name}: nothing has been read yet"
    goal = f", target {quantity(target, unit)}" if target is not None else ""
    return f"{name}: {quantity(last['value'], unit)} in {month(last['period'])}{goal}"


def quantity(value: Any, unit: str) -> str:
    """Write a value with its unit.

    Examples
    --------
    >>> quantity(71.25, "%"), quantity(1200, "£"), quantity(3, "cases")
    ('71.3%', '£1,200', '3 cases')
    """
    if value is None:
        return "no reading"
    if unit == "£":
        return pounds(value)
    return f"{number(value, places=1)}%" if unit == "%" else f"{number(value)} {unit}".strip()


def class_label(name: str | None) -> str:
    """Return the heading of a class."""
    return _CLASSES.get(name or "", capital(name or "No class"))


def states_in_words(rows: Sequence[Row]) -> str:
    """Return how many benefits there are in each state, for those who do not see the shapes."""
    count: dict[str, int] = {}
    for row in rows:
        count[row["state"]] = count.get(row["state"], 0) + 1
    return listing([f"{in_words(n)} {state}" for state, n in count.items()])


def reviewed(value: dt.date | None) -> str:
    """Return when a benefit was last looked at."""
    return day(value) if value else "never"

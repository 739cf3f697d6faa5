"""Realisation of a stored plan: register tests, map, confidence, slips, horizons, history, forecast."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from partnership._benefits.benefits_map import BenefitsMap, benefits_map
from partnership._benefits.forecast import Forecast, forecast
from partnership._benefits.reference_class import Finished, ReferenceClass, reference_class
from partnership._benefits.register_tests import RegisterTest, findings_of_tests, register_tests
from partnership._benefits.slips import Horizon, Slip, horizons, slips
from partnership.errors import Finding, InvalidInput
from partnership.periods import local_day, months_between

if TYPE_CHECKING:
    import polars as pl

    from partnership.plan import Plan
    from partnership.store import Store

__all__ = ["CONFIDENCE", "Completion", "Confidence", "Realised", "as_json", "completion", "realise"]

CONFIDENCE = ("green", "amber/green", "amber", "amber/red", "red")
"""Delivery confidence from highly likely to unachievable."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure owner and reviewer are of one benefit, each at their latest word; neither is averaged."""

    benefit_id: str
    owner: str | None
    owner_on: dt.date | None
    reviewer: str | None
    reviewer_on: dt.date | None
    reason: str | None

    @property
    def steps_apart(self) -> int | None:
        """Steps by which the reviewer is less sure than the owner; None without both."""
        if self.owner is None or self.reviewer is None:
            return None
        return CONFIDENCE.index(self.reviewer) - CONFIDENCE.index(self.owner)


@dataclass(frozen=True, slots=True)
class Completion:
    """The forecast at completion of what is read, beside the plan it can be compared with.

    ``planned_gbp`` is the whole current plan, ``original_gbp`` the whole first one. ``comparable_gbp`` is
    the plan that the forecast can be held against: plan to date where read, and the plan to come of
    benefits and agencies that were read without a gap. ``hidden_gbp`` is all the rest of the plan: it is
    in no forecast. ``periods`` are the months forecast from, ``last`` is the month of completion.
    """

    periods: tuple[dt.date, ...]
    last: dt.date | None
    planned_gbp: Decimal | None
    original_gbp: Decimal | None
    comparable_gbp: Decimal
    hidden_gbp: Decimal
    provisional_months: int
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class Realised:
    """What a page, a command or a notebook says about realisation, beside the views' own numbers."""

    tests: tuple[RegisterTest, ...]
    map: BenefitsMap
    findings: tuple[Finding, ...]
    confidence: tuple[Confidence, ...]
    slips: tuple[Slip, ...]
    horizons: tuple[Horizon, ...]
    finished: tuple[Finished, ...]
    reference: Mapping[str, ReferenceClass]


def realise(store: Store, *, as_of: dt.date | None = None, today: dt.date | None = None) -> Realised:
    """Work out what stands beside the numbers of realisation.

    Parameters
    ----------
    store : Store
        Where the plan is.
    as_of : date, optional
        As known on that day.
    today : date, optional
        The day it is judged on; ``as_of`` or the present day when left out.
    """
    on = today or as_of or local_day(dt.datetime.now(dt.UTC))

    def rows(view: str) -> list[dict[str, Any]]:
        return store.fetch(view, as_of=as_of, today=on).to_dicts()

    plan, lives = store.plan(as_of=as_of), rows("benefit_lives")
    tests = _tests(plan, lives)
    drawn = benefits_map(plan)
    finished = _finished(plan, lives, on)
    classes = sorted({b.benefit_class for b in plan["benefits"] if not b.is_disbenefit})
    first = rows("first_benefits")
    return Realised(
        tests=tuple(tests),
        map=drawn,
        findings=(*findings_of_tests(tests), *drawn.findings, *_approval_findings(rows("reading_approvals"))),
        confidence=tuple(_confidence(plan)),
        slips=tuple(_slips(plan, lives, on)),
        horizons=tuple(_horizons(rows("first_results"), first, on)),
        finished=tuple(finished),
        reference={c: reference_class(finished, c) for c in classes} | {"": reference_class(finished)},
    )


def _tests(plan: Plan, lives: Sequence[Mapping[str, Any]]) -> list[RegisterTest]:
    assumed: dict[str, set[str]] = {}
    for link in plan["assumptions"]:
        assumed.setdefault(link.benefit_id, set()).add(link.step)
    return register_tests(
        plan["benefits"],
        measures={m.id: m for m in plan["measures"]},
        assumed={b: frozenset(s) for b, s in assumed.items()},
        planned=frozenset(r["benefit_id"] for r in lives if r["plan_total_gbp"] is not None),
    )


def _slips(plan: Plan, lives: Iterable[Mapping[str, Any]], today: dt.date) -> list[Slip]:
    begun = {r["benefit_id"]: r["first_real_period"] for r in lives if r["first_real_period"]}
    try:
        return slips(plan["benefits"], plan["work_items"], today, begun)
    except InvalidInput:
        return []  # a ring of items is a finding of the map already


def _finished(plan: Plan, lives: Iterable[Mapping[str, Any]], today: dt.date) -> list[Finished]:
    """Return benefits of earlier work, and those of this plan whose life is over and wholly read."""
    out = [Finished(f.id, f.benefit_class, f.planned_gbp, f.realised_gbp) for f in plan["finished_benefits"]]
    ends = {b.id: _end(b) for b in plan["benefits"]}
    for life in lives:
        end, total = ends.get(life["benefit_id"]), life["original_total_gbp"]
        over = end is not None and end <= today and life["plan_end_period"] < today.replace(day=1)
        if over and not life["is_disbenefit"] and not life["unread_months"] and total and total > 0:
            out.append(Finished(life["benefit_id"], life["benefit_class"], total, life["realised_gbp"]))
    return out


def _end(benefit: Any) -> dt.date | None:
    if benefit.starts_on is None or benefit.duration_months is None:
        return None
    first = benefit.starts_on.month - 1 + benefit.duration_months
    return dt.date(benefit.starts_on.year + first // 12, first % 12 + 1, 1)


def _confidence(plan: Plan) -> list[Confidence]:
    latest: dict[tuple[str, str], Any] = {}
    for said in sorted(plan["delivery_confidence"], key=lambda c: c.stated_on):
        latest[said.benefit_id, said.rated_by] = said
    out = []
    for benefit in sorted({b for b, _ in latest}):
        owner, reviewer = (latest.get((benefit, who)) for who in ("owner", "reviewer"))
        out.append(
            Confidence(
                benefit,
                owner.confidence if owner else None,
                owner.stated_on if owner else None,
                reviewer.confidence if reviewer else None,
                reviewer.stated_on if reviewer else None,
                reviewer.reason if reviewer else None,
            )
        )
    return out


def _horizons(
    needed: Iterable[Mapping[str, Any]], first: Iterable[Mapping[str, Any]], today: dt.date
) -> list[Horizon]:
    by = {r["agency_id"]: r for r in first}
    real = {a: r["first_real_period"] for a, r in by.items() if r["first_real_period"]}
    planned = {a: r["first_planned_period"] for a, r in by.items() if r["first_planned_period"]}
    return horizons({r["agency_id"]: r["first_results_by"] for r in needed}, real, planned, today)


def _approval_findings(rows: Iterable[Mapping[str, Any]]) -> list[Finding]:
    out = []
    for row in rows:
        place = f"Readings, {row['benefit_id']}"
        if row["owner_approved_cells"]:
            found = f"{row['owner_approved_cells']} readings of “{row['title']}” were approved by its owner."
            out.append(_warning("reading-own-approval", place, found, "Let its validator approve them."))
        if row["unnamed_cells"]:
            found = f"{row['unnamed_cells']} approved readings of “{row['title']}” do not say by whom."
            out.append(_warning("reading-no-approver", place, found, "Name the role that approved them."))
    return out


def _warning(code: str, place: str, found: str, do: str) -> Finding:
    return Finding(code=code, severity="warning", place=place, found=found, do=do)


def completion(
    store: Store,
    *,
    as_of: dt.date | None = None,
    today: dt.date | None = None,
    agency_id: str | None = None,
    goal_id: str | None = None,
    benefit_class: str | None = None,
    benefit_id: str | None = None,
) -> Completion:
    """Forecast the value at completion of all that is read, or of one agency, goal, class or benefit.

    The history is that of benefits and agencies read without a gap, from their first month to the last that
    all of them were read. What has a gap counts with what is real of it, and nothing is forecast for it.
    """
    on = today or as_of or local_day(dt.datetime.now(dt.UTC))
    asked = {"agency_id": agency_id, "goal_id": goal_id, "benefit_class": benefit_class}
    months = store.fetch("benefit_months", as_of=as_of, today=on, **asked)
    return _completion(months, benefit_id)


def _completion(rows: pl.DataFrame, benefit_id: str | None) -> Completion:
    import polars as pl

    wanted = rows.filter(pl.col("is_counted") if benefit_id is None else pl.col("benefit_id") == benefit_id)
    sums = ("original_gbp", "planned_gbp", "realised_gbp", "not_read_gbp")
    by_month = (
        wanted.group_by("period", maintain_order=True)
        .agg(
            *(pl.col(c).sum() for c in sums),
            pl.col("realised_gbp").is_not_null().any().alias("read"),
            (pl.col("state") == "provisional").any().fill_null(value=False).alias("soft"),
        )
        .sort("period")
        .to_dicts()
    )
    read = [r for r in by_month if r["read"]]
    last = max([r["period"] for r in by_month if r["planned_gbp"]], default=None)
    planned, original = _plans(by_month)
    if not read:
        last = by_month[-1]["period"] if by_month else None
        whole = planned or Decimal(0)
        return Completion((), last, planned, original, Decimal(0), whole, 0, forecast([], 1))
    latest = read[-1]["period"]
    steady, through = _steady(wanted, latest)
    known = steady.filter(pl.col("realised_gbp").is_not_null() & (pl.col("period") <= through))
    values = dict(known.group_by("period").agg(pl.col("realised_gbp").sum()).iter_rows())
    first = min(values, default=through)
    periods = tuple(_add(first, n) for n in range(months_between(first, through) + 1)) if values else ()
    last = last or latest
    ahead = max(months_between(through, last), 0)
    soft = sum(bool(r["soft"]) for r in read)
    seen = _comparable(wanted, steady, through)
    found = forecast([float(values.get(p, 0)) for p in periods], ahead)
    others = wanted.join(steady, on=_CELL, how="anti", nulls_equal=True)["realised_gbp"].sum() or 0
    hidden = (planned or Decimal(0)) - seen
    return Completion(periods, last, planned, original, seen, hidden, soft, _with(found, float(others)))


_CELL = ["benefit_id", "agency_id"]
_LATE = 2
"""Months that a benefit's readings may lie behind the latest of all before they count as having stopped."""


def _steady(rows: pl.DataFrame, latest: dt.date) -> tuple[pl.DataFrame, dt.date]:
    """Return the rows of benefits and agencies read without a gap, and the last month read by all of them.

    A month that was planned and not read is no month of nothing: whoever has one between its readings, or
    stopped handing in more than two months ago, is not forecast.
    """
    import polars as pl

    due = rows.filter(pl.col("period") <= latest).with_columns(
        pl.when(pl.col("compared_gbp").is_not_null() | pl.col("realised_gbp").is_not_null())
        .then(pl.col("period"))
        .alias("answered"),
        pl.when(pl.col("not_read_gbp") != 0).then(pl.col("period")).alias("unread"),
    )
    cells = due.group_by(_CELL).agg(
        pl.col("period").filter(pl.col("realised_gbp").is_not_null()).min().alias("first"),
        pl.col("answered").max().alias("to"),
        pl.col("unread"),
    )
    cells = cells.filter(pl.col("first").is_not_null()).explode("unread")
    cells = cells.group_by(*_CELL, "first", "to").agg(
        ((pl.col("unread") > pl.col("first")) & (pl.col("unread") < pl.col("to"))).any().alias("gap"),
        (pl.col("unread") > pl.col("to")).any().alias("behind"),
    )
    late = _add(latest, -_LATE)
    whole = cells.filter(~pl.col("gap") & ~(pl.col("behind") & (pl.col("to") < late)))
    through = whole.filter(pl.col("behind"))["to"].min() or latest
    return rows.join(whole.select(_CELL), on=_CELL, how="semi", nulls_equal=True), through  # type: ignore[return-value]


def _with(found: Forecast, more: float) -> Forecast:
    """Return a forecast with what is real of what is not forecast: it is real, and nothing is added to it."""
    from dataclasses import replace

    if not found.readings:
        why = "whatever was read has months that were not, so there is no unbroken history to go by."
        return replace(found, real_to_date=more, why_not=why)
    if not more:
        return found
    low, middle, high = (v if v is None else v + more for v in (found.low, found.middle, found.high))
    path = tuple((a + more, b + more, c + more) for a, b, c in found.path)
    return replace(
        found, real_to_date=found.real_to_date + more, low=low, middle=middle, high=high, path=path
    )


def _comparable(rows: pl.DataFrame, steady: pl.DataFrame, through: dt.date) -> Decimal:
    """Return the plan that has a reading, and the plan to come of what is read without a gap."""
    import polars as pl

    others = rows.join(steady, on=_CELL, how="anti", nulls_equal=True)
    to_come = steady.filter(pl.col("period") > through)["planned_gbp"].sum() or 0
    to_date = steady.filter(pl.col("period") <= through)["compared_gbp"].sum() or 0
    return Decimal(to_come) + Decimal(to_date) + Decimal(others["compared_gbp"].sum() or 0)


def _plans(by_month: Sequence[Mapping[str, Any]]) -> tuple[Decimal | None, Decimal | None]:
    if not by_month:
        return None, None
    planned = sum((r["planned_gbp"] or Decimal(0) for r in by_month), Decimal(0))
    return planned, sum((r["original_gbp"] or Decimal(0) for r in by_month), Decimal(0))


def _add(day: dt.date, months: int) -> dt.date:
    index = day.year * 12 + day.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, 1)


def as_json(value: Any) -> Any:
    """Return results as plain data: dates as text, exact numbers as numbers, records as objects."""
    if isinstance(value, Mapping):
        return {str(k): as_json(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_json(v) for v in value]
    if hasattr(value, "__dataclass_fields__"):
        return as_json(asdict(value))
    if isinstance(value, dt.date):
        return value.isoformat()
    return (
        str(value) if isinstance(value, Decimal) else float(value) if isinstance(value, Fraction) else value
    )

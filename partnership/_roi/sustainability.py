"""What happens when pump-priming ends: the run-on gap by agency, and when the work pays its own way.

Funding other than core ends. Where the work goes on, its cost does not: what nobody has yet planned to pay is
the run-on gap. Set against it stands the cash-releasing benefit that recurs. All in real pounds of the
settings' prices; cash and revenue only, since time given in kind and one-off capital do not have to be found
again each year.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from partnership._roi.counting import counted
from partnership._roi.ledger import counted_costs, flows_of, lifted_cost
from partnership._roi.model import AppraisalModel
from partnership._roi.sustainability_records import NOBODY, WHOLE, Ending, RunOnYear, Sustainability
from partnership.errors import InvalidInput
from partnership.money import round_pounds, split
from partnership.periods import financial_year, month_index, name_financial_year
from partnership.wording import listing, pounds, the

__all__ = ["NOBODY", "WHOLE", "Ending", "RunOnYear", "Sustainability", "sustainability"]

_ZERO = Decimal(0)


@dataclass(frozen=True)
class _Stream:
    agency_id: str
    item_id: str | None
    funding: str
    amounts: Mapping[int, Decimal]
    ends_on: dt.date | None

    @property
    def last_year(self) -> int:
        return max(self.amounts)

    @property
    def end(self) -> dt.date:
        """Last day: as stated where that is not before the last money, else the end of the last year."""
        last = dt.date(self.last_year + 1, 3, 31)
        if self.ends_on is None or financial_year(self.ends_on) < self.last_year:
            return last
        return self.ends_on

    def covered(self, year: int) -> Fraction:
        """Return the part of a year for which the funding lasts."""
        months = month_index(self.end) + 1 - (year * 12 + 3)
        return Fraction(min(max(months, 0), 12), 12)

    @property
    def run_rate(self) -> Decimal:
        """A full year at the end: the last year's money over the part of that year it covers."""
        part = self.covered(self.last_year)
        return round_pounds(self.amounts[self.last_year] * part.denominator / part.numerator)

    def paid(self, year: int) -> Decimal:
        """Return what it pays in a year: as planned, and at the run rate while it lasts beyond the plan."""
        if year <= self.last_year:
            return self.amounts.get(year, _ZERO)
        part = self.covered(year)
        return round_pounds(self.run_rate * part.numerator / part.denominator)

    def missing(self, year: int) -> Decimal:
        """Return what it no longer pays in a year of the work that goes on."""
        return _ZERO if year < self.last_year else max(_ZERO, self.run_rate - self.paid(year))


def sustainability(
    model: AppraisalModel,
    *,
    years_after: int = 3,
    recurring: Mapping[str, bool] | None = None,
    carried_by: Mapping[str, Mapping[str, Fraction]] | None = None,
) -> Sustainability:
    """Return what ends when, the run-on gap by agency, and the year in which cash carries cost.

    Gap of a year = sum over streams that ended of max(0, run rate - what still pays), less the core money for
    the same item above its level in the stream's last year.

    Parameters
    ----------
    model : AppraisalModel
        Its counted costs and lines.
    years_after : int
        Years shown beyond the horizon of the appraisal, 0 to 40.
    recurring : Mapping[str, bool], optional
        By item, whether its work goes on when its funding ends. Where not stated: yes if the same money was
        there in two years or more, no if in one only.
    carried_by : Mapping[str, Mapping[str, Fraction]], optional
        By item, who is to carry its gap, in what shares. Where not stated: the agency whose money it was, and
        ``nobody yet`` for an outside body's.

    Raises
    ------
    InvalidInput
        If ``years_after`` is out of range.

    Source
    ------
    Our own rule; the question is HM Treasury's in *Supporting public service transformation* (2014): who funds
    the new delivery model when the pump-priming has gone.

    Examples
    --------
    >>> from partnership._roi.model import AgencyRef, Cost, Settings
    >>> costs = tuple(
    ...     Cost(f"C{y}", "COU", "W1", None, y, Decimal(100), funding="pump-priming", real_gbp=Decimal(100))
    ...     for y in (2025, 2026)
    ... )
    >>> found = sustainability(
    ...     AppraisalModel((), costs, (AgencyRef("COU", "COU", "Council"),), Settings(2025, 2)), years_after=1
    ... )
    >>> found.endings[0].sentence, found.gap(2027)
    ('£100 a year of pump-priming from the council for W1 ends on 31 March 2027; £100 a year is then unpaid.', {'COU': Decimal('100.00')})
    """
    if not 0 <= years_after <= 40:
        msg = f"{years_after} years after the horizon cannot be shown. Give 0 to 40."
        raise InvalidInput(msg)
    settings = model.settings
    longer = replace(settings, horizon_years=min(settings.horizon_years + years_after, 100))
    model = model.with_settings(longer)
    streams = _streams(model)
    planned_to = max((s.last_year for s in streams), default=settings.first_year)
    core = [s for s in streams if s.funding == "core" and _goes_on(s, recurring or {})]
    ending = [s for s in streams if s.funding != "core" and max(s.amounts.values()) > 0]
    lasting = [s for s in ending if _goes_on(s, recurring or {})]
    partners = {a.id for a in model.agencies if a.is_partner}
    core_paid: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    still: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    gaps: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    left: dict[tuple[int, int], Decimal] = {}
    for year in longer.years:
        for s in core:
            core_paid[s.agency_id, year] += _core(s, year, planned_to)
        for s in lasting:
            still[s.agency_id, year] += s.paid(year)
        for index, gap in _gaps(lasting, core, year, planned_to).items():
            left[index, year] = gap
            for carrier, part in split(gap, _carriers(lasting[index], carried_by or {}, partners)).items():
                gaps[carrier, year] += part
    cash, asked = _cash(model), _asked(model)
    asked_of: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for (agency, _, year), amount in asked.items():
        asked_of[agency, year] += amount
    scopes = [*(a.id for a in model.agencies), *([NOBODY] if any(a == NOBODY for a, _ in gaps) else [])]
    rows = {
        scope: tuple(
            RunOnYear(
                scope,
                y,
                core_paid[scope, y],
                still[scope, y],
                gaps[scope, y],
                cash[scope, y],
                y <= planned_to,
                asked_of[scope, y],
            )
            for y in longer.years
        )
        for scope in scopes
    }
    rows = {WHOLE: _whole(rows.values(), longer.years, planned_to), **rows}
    judged_to = max((r.financial_year for r in rows[WHOLE] if r.cashable_gbp), default=longer.years[-1])
    judged = {scope: [r for r in one if r.financial_year <= judged_to] for scope, one in rows.items()}
    carrying = {scope: _carrying(r) for scope, r in judged.items()}
    names = model.agency_names
    return Sustainability(
        _endings(ending, lasting, left, longer.years, names, asked), rows, carrying,
        {scope: _answer(scope, r, carrying[scope], names) for scope, r in judged.items()},
        _notes(planned_to, judged_to, longer.years),
    )  # fmt: skip


def _streams(model: AppraisalModel) -> list[_Stream]:
    """Return the cash revenue of each agency, item and source of funding by year, and when it ends."""
    amounts: dict[tuple[str, str, str], dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    ends: dict[tuple[str, str, str], dt.date] = {}
    for cost in counted_costs(model):
        if cost.form == "cash" and cost.nature == "revenue" and cost.agreed == "agreed":
            key = (cost.agency_id, cost.item_id or "", cost.funding)
            amounts[key][cost.financial_year] += round_pounds(lifted_cost(cost, model.settings))
            if cost.funding_ends_on is not None:
                ends[key] = max(cost.funding_ends_on, ends.get(key, cost.funding_ends_on))
    kept = {k: {y: a for y, a in by_year.items() if a} for k, by_year in amounts.items()}
    return [_Stream(a, i or None, f, by, ends.get((a, i, f))) for (a, i, f), by in sorted(kept.items()) if by]


def _asked(model: AppraisalModel) -> dict[tuple[str, str | None, int], Decimal]:
    """Return the cash revenue that was asked for and that no finance officer has agreed, by agency, item and year."""
    out: dict[tuple[str, str | None, int], Decimal] = defaultdict(Decimal)
    for cost in counted_costs(model):
        if cost.form == "cash" and cost.nature == "revenue" and cost.agreed != "agreed":
            out[cost.agency_id, cost.item_id, cost.financial_year] += round_pounds(
                lifted_cost(cost, model.settings)
            )
    return out


def _goes_on(stream: _Stream, recurring: Mapping[str, bool]) -> bool:
    stated = recurring.get(stream.item_id or "")
    if stated is not None:
        return stated
    return len(stream.amounts) > 1


def _core(stream: _Stream, year: int, planned_to: int) -> Decimal:
    """Return core money of a year; after the last planned year, that year's level."""
    return stream.amounts.get(min(year, planned_to), _ZERO)


def _gaps(
    lasting: Sequence[_Stream], core: Collection[_Stream], year: int, planned_to: int
) -> dict[int, Decimal]:
    """Return by stream what nobody pays in a year, once core money for the same item is taken off."""
    missing = {i: s.missing(year) for i, s in enumerate(lasting)}
    out: dict[int, Decimal] = {}
    for item in {lasting[i].item_id for i, gap in missing.items() if gap}:
        of_item = {i: gap for i, gap in missing.items() if gap and lasting[i].item_id == item}
        last = min(lasting[i].last_year for i in of_item)
        more = sum(
            (_core(s, year, planned_to) - _core(s, last, planned_to) for s in core if s.item_id == item),
            _ZERO,
        )
        whole = sum(of_item.values(), _ZERO)
        rest = max(_ZERO, whole - max(_ZERO, more))
        parts = split(rest, {str(i): gap for i, gap in of_item.items()})
        out |= {int(i): part for i, part in parts.items() if part}
    return out


def _carriers(
    stream: _Stream, carried_by: Mapping[str, Mapping[str, Fraction]], partners: Collection[str]
) -> dict[str, Fraction]:
    stated = carried_by.get(stream.item_id or "")
    return (
        dict(stated)
        if stated
        else {stream.agency_id if stream.agency_id in partners else NOBODY: Fraction(1)}
    )


def _cash(model: AppraisalModel) -> dict[tuple[str, int], Decimal]:
    out: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for line in counted(model.lines)[0]:
        for flow in flows_of(line, model.settings):
            if flow.appraisal_class == "cash-releasing":
                for year, amount in zip(model.settings.years, flow.amounts, strict=True):
                    for agency, part in split(round_pounds(amount), line.shares).items():
                        out[agency, year] += part
    return out


def _whole(
    rows: Iterable[Sequence[RunOnYear]], years: Sequence[int], planned_to: int
) -> tuple[RunOnYear, ...]:
    every = list(rows)

    def total(field: str, at: int) -> Decimal:
        return sum((getattr(r[at], field) for r in every), _ZERO)

    return tuple(
        RunOnYear(
            WHOLE, year, total("core_gbp", k), total("funded_gbp", k), total("gap_gbp", k), total("cashable_gbp", k),
            year <= planned_to, total("asked_gbp", k),
        )
        for k, year in enumerate(years)
    )  # fmt: skip


def _carrying(rows: Sequence[RunOnYear]) -> int | None:
    """Return the first year from which on cash carries cost to the last; None: there it does not, or costs nothing."""
    found: int | None = None
    for row in reversed(rows) if rows[-1].recurring_gbp else ():
        if not row.carries:
            break
        found = row.financial_year if row.recurring_gbp else found
    return found


def _answer(scope: str, rows: Sequence[RunOnYear], year: int | None, names: Mapping[str, str]) -> str:
    who = "The partnership" if scope == WHOLE else the(names.get(scope, scope), start=True)
    last = rows[-1]
    by = name_financial_year(last.financial_year)
    if scope == NOBODY:
        return f"Nobody has yet said who carries {pounds(last.gap_gbp)} a year by {by}."
    costly = [r.financial_year for r in rows if r.recurring_gbp]
    if not costly:
        return f"{who}: no recurring cost in cash."
    if not last.recurring_gbp:
        return f"{who}: no recurring cost in cash after {name_financial_year(costly[-1])}."
    if year is not None:
        return f"{who}: recurring cash carries recurring cost from {name_financial_year(year)} on."
    some = [name_financial_year(r.financial_year) for r in rows if r.carries and r.recurring_gbp]
    before = f" It does in {listing(some)} only." if some else ""
    return f"{who}: recurring cash does not carry recurring cost in {by}: {pounds(last.cashable_gbp)} of {pounds(last.recurring_gbp)} a year.{before}"


def _endings(
    ending: Sequence[_Stream], lasting: Sequence[_Stream], left: Mapping[tuple[int, int], Decimal], years: Sequence[int],
    names: Mapping[str, str], asked: Mapping[tuple[str, str | None, int], Decimal],
) -> tuple[Ending, ...]:  # fmt: skip
    out: list[Ending] = []
    for stream in ending:
        goes_on = stream in lasting
        after = financial_year(stream.end) + 1
        gap = left.get((lasting.index(stream), min(after, years[-1])), _ZERO) if goes_on else _ZERO
        rate = stream.run_rate
        what = f"{pounds(rate)} a year of {stream.funding} from {the(names.get(stream.agency_id, stream.agency_id))}{f' for {stream.item_id}' if stream.item_id else ''}"
        wanted = sum((x for (_, i, y), x in asked.items() if i == stream.item_id and y == after), _ZERO)
        also = f", and {pounds(wanted)} asked for is not agreed" if wanted else ""
        then = (
            f"{pounds(gap)} a year is then unpaid{also}"
            if gap
            else "core money takes it over"
            if goes_on
            else "its work ends with it"
        )
        out.append(
            Ending(
                stream.agency_id, stream.item_id, stream.funding, stream.last_year, stream.end, rate, goes_on,
                rate - gap if goes_on else _ZERO, gap, f"{what} ends on {stream.end.day} {stream.end:%B %Y}; {then}.",
            )
        )  # fmt: skip
    return tuple(sorted(out, key=lambda e: (e.ends_on, e.agency_id, e.item_id or "", e.funding)))


def _notes(planned_to: int, judged_to: int, years: Sequence[int]) -> tuple[str, ...]:
    out = [
        "Cash and revenue only, real pounds: time given in kind and capital are not in it.",
        "Only money that its finance officer has agreed takes anything over; what is asked for stands beside it.",
        "Work goes on when its funding ends if the same money was there in two years or more, unless stated otherwise.",
    ]
    if years[-1] > planned_to:
        out.append(
            f"Nobody has planned beyond {name_financial_year(planned_to)}: core cost is carried on at that year's level."
        )
    if years[-1] > judged_to:
        out.append(
            f"No benefit in cash is stated to last beyond {name_financial_year(judged_to)}: later years show what has to be paid, and are not judged."
        )
    return tuple(out)

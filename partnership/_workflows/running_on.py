"""What happens when pump-priming ends, and how a forecast, what was read and a later forecast differ."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from partnership._roi.counting import counted
from partnership._roi.model import AppraisalModel, Settings
from partnership._roi.sustainability import Sustainability, sustainability
from partnership._roi.variance import DRIVERS, Actual, Comparison, Variance, compare_line
from partnership._workflows.model_costs import price_ratio, settings_of
from partnership._workflows.modelling import model_of
from partnership._workflows.settling import Readings, months_of, readings_of
from partnership.errors import InvalidInput, UnknownName
from partnership.periods import name_financial_year, parse_financial_year
from partnership.wording import pounds

if TYPE_CHECKING:
    from partnership.store import Store

__all__ = ["Compared", "compare_plan", "compared_as_json", "read_drivers", "sustain", "sustained_as_json"]

Read = Mapping[tuple[str, int], Mapping[str, Decimal]]
"""By benefit and financial year: what was read of the drivers of its amount."""


def sustain(
    store: Store, *, years_after: int = 3, as_of: dt.date | None = None, **chosen: Any
) -> Sustainability:
    """Return what ends when, the run-on gap by agency, and the year in which cash carries cost, of the stored plan."""
    plan: Any = store.plan(as_of=as_of)
    model, _ = model_of(plan, settings_of(plan, **chosen))
    return sustainability(model, years_after=years_after)


def sustained_as_json(found: Sustainability) -> dict[str, Any]:
    """Return it as plain data; money as text to the penny."""
    return {
        "endings": [
            {
                "agency_id": e.agency_id, "item_id": e.item_id, "funding": e.funding, "ends_on": e.ends_on, "run_rate_gbp": str(e.run_rate_gbp),
                "is_recurring": e.is_recurring, "taken_over_gbp": str(e.taken_over_gbp), "gap_gbp": str(e.gap_gbp), "sentence": e.sentence,
            }
            for e in found.endings
        ],
        "years": [
            {
                "scope": scope, "financial_year": r.financial_year, "core_gbp": str(r.core_gbp), "funded_gbp": str(r.funded_gbp), "gap_gbp": str(r.gap_gbp),
                "asked_gbp": str(r.asked_gbp), "cashable_gbp": str(r.cashable_gbp), "balance_gbp": str(r.balance_gbp), "is_planned": r.is_planned,
            }
            for scope, rows in found.rows.items() for r in rows
        ],
        "carrying_year": dict(found.carrying_year), "sentences": dict(found.sentences), "notes": list(found.notes),
    }  # fmt: skip


@dataclass(frozen=True)
class Compared:
    """Forecast, actual and re-forecast of every benefit in one year, with what could not be compared."""

    financial_year: int
    lines: tuple[Comparison, ...]
    notes: tuple[str, ...]


def compare_plan(
    store: Store, year: int, *, forecast_as_of: dt.date | None = None, as_of: dt.date | None = None, drivers: Read | None = None, **chosen: Any
) -> Compared:  # fmt: skip
    """Set what each benefit was forecast to bring in a year beside what was read and what is expected now.

    Parameters
    ----------
    store : Store
        Where the plan, its history and the readings are.
    year : int
        Financial year.
    forecast_as_of : datetime.date, optional
        The forecast is the plan as known on this day, and the plan as known now the re-forecast. Left out:
        the forecast is the plan as known now, and there is no re-forecast.
    drivers : Read, optional
        What was read of volume, price, timing and attribution.

    Raises
    ------
    InvalidInput
        If the year is not appraised, or the two plans are not at the prices of one year.
    """
    now: Any = store.plan(as_of=as_of)
    settings = settings_of(now, **chosen)
    if year not in settings.years:
        msg = f"{name_financial_year(year)} is not appraised. Choose {name_financial_year(settings.years[0])} to {name_financial_year(settings.years[-1])}."
        raise InvalidInput(msg)
    model, _ = model_of(now, settings)
    notes = [
        "Compared is what each benefit brings in a whole year; a year that is read in part is not compared."
    ]
    before = model
    if forecast_as_of is not None:
        earlier: Any = store.plan(as_of=forecast_as_of)
        if not earlier["benefits"]:
            msg = f"On {forecast_as_of:%d %B %Y} the store held no benefit. Choose a later day, or leave it out."
            raise InvalidInput(msg)
        before, _ = model_of(earlier, settings)
    actuals = _actuals(now, model, year, readings_of(store, as_of=as_of), drivers or {})
    again = {line.id: line for line in counted(model.lines)[0]}
    lines = []
    for line in sorted(counted(before.lines)[0], key=lambda x: x.id):
        later = again.get(line.id) if before is not model else None
        if before is not model and later is None:
            notes.append(f"“{line.title}” is no longer counted in the plan as known now.")
        lines.append(compare_line(line, settings, year, actual=actuals.get(line.id), reforecast=later))
    if not drivers:
        notes.append(
            "No driver was read, so what was read differs for reasons not explained: give volume, price, timing or attribution with --drivers."
        )
    return Compared(year, tuple(lines), tuple(notes))


def _actuals(
    plan: Any, model: AppraisalModel, year: int, readings: Readings, drivers: Read
) -> dict[str, Actual]:
    bases = {b.id: b for b in plan["benefits"]}
    wanted = months_of(model)
    months: dict[str, int] = {}
    amounts: dict[str, Decimal] = {}
    for (benefit, _, at), (amount, count) in readings.items():
        if at == year:
            amounts[benefit] = amounts.get(benefit, Decimal(0)) + amount
            months[benefit] = max(months.get(benefit, 0), count)
    out: dict[str, Actual] = {}
    for line in model.lines:
        read, needed = drivers.get((line.id, year), {}), wanted.get((line.id, year), 0)
        if line.id not in amounts:
            out[line.id] = Actual(None, missing="not read")
        elif months[line.id] < needed:
            so_far = pounds(amounts[line.id], pence=True)
            out[line.id] = Actual(None, missing=f"{months[line.id]} of {needed} months read: {so_far} so far")
        else:
            volume, price, timing, credit = (read.get(driver) for driver in DRIVERS)
            amount = amounts[line.id] * _ratio(bases[line.id], year, model.settings)
            out[line.id] = Actual(amount, volume, price, timing, credit)
    return out


def _ratio(benefit: Any, year: int, settings: Settings) -> Decimal:
    base = (
        name_financial_year(year)
        if benefit.price_base == "nominal"
        else benefit.price_year or settings.prices
    )
    return price_ratio(base, settings)


def read_drivers(text: str, name: str = "drivers") -> Read:
    """Read what was read of the drivers: TOML, ``[[read]]`` with benefit, year and any of the four drivers.

    Examples
    --------
    >>> found = read_drivers('''[[read]]
    ... benefit = "B01"
    ... year = "2025/26"
    ... volume = 4.5
    ... ''')
    >>> found["B01", 2025]
    {'volume': Decimal('4.5')}
    """
    try:
        given = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        msg = f"{name} cannot be read: {error}. Write TOML tables that begin with [[read]]."
        raise InvalidInput(msg) from error
    out: dict[tuple[str, int], dict[str, Decimal]] = {}
    for key in given:
        if key != "read":
            kind = "part of the drivers"
            raise UnknownName(kind, key, ["read"])
    for row in given.get("read", []):
        for key in row:
            if key not in ("benefit", "year", *DRIVERS):
                kind = "driver"
                raise UnknownName(kind, key, ["benefit", "year", *DRIVERS])
        if not {"benefit", "year"} <= set(row):
            msg = "A reading of drivers lacks its benefit or its year. Give both."
            raise InvalidInput(msg)
        place = (str(row["benefit"]), parse_financial_year(str(row["year"])))
        out[place] = {d: _number(d, row[d]) for d in DRIVERS if d in row}
    return out


def _number(key: str, value: Any) -> Decimal:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or isinstance(value, bool):
        msg = f"{key} is {value!r}. Give a number."
        raise InvalidInput(msg)
    return found


def compared_as_json(found: Compared) -> dict[str, Any]:
    """Return the comparison as plain data; money as text to the penny."""

    def parts(v: Variance | None) -> dict[str, Any] | None:
        if v is None:
            return None
        return {
            "total_gbp": str(v.total_gbp),
            "parts_gbp": {k: str(x) for k, x in v.parts_gbp.items()},
            "note": v.note,
            "not_read": list(v.not_read),
        }

    def text(x: Decimal | None) -> str | None:
        return None if x is None else str(x)

    def rows(lines: Iterable[Comparison]) -> list[dict[str, Any]]:
        return [
            {
                "line_id": c.line_id, "title": c.title, "forecast_gbp": str(c.forecast_gbp), "actual_gbp": text(c.actual_gbp),
                "reforecast_gbp": text(c.reforecast_gbp), "missing": c.missing, "actual_variance": parts(c.actual_variance),
                "reforecast_variance": parts(c.reforecast_variance),
            }
            for c in lines
        ]  # fmt: skip

    return {"financial_year": found.financial_year, "lines": rows(found.lines), "notes": list(found.notes)}

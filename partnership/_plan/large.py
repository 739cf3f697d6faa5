"""Checks of readings and profiles, on columns: there may be millions of rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from partnership._plan.fault import Fault, fault
from partnership.errors import nearest, shown
from partnership.periods import month_index, name_month
from partnership.tables import columns_of, record_type

if TYPE_CHECKING:
    import polars as pl

Records = Mapping[str, tuple[Any, ...]]

_MONEY_UNITS = ("£", "gbp", "pounds")
_ROUNDED = 0.51
"""Points by which a per cent that was rounded to whole ones may differ from its two parts."""


def faults(plan: Records, frames: Mapping[str, pl.DataFrame], today: dt.date | None) -> Iterator[Fault]:
    """Yield the faults of readings and profiles."""
    for table, frame in frames.items():
        if frame.height:
            yield from _references(plan, table, frame)
    readings = frames.get("readings")
    if readings is not None and readings.height:
        yield from _values(plan, readings)
        yield from _money_measures(plan, readings)
        yield from _missing(plan, readings)
        if today is not None:
            yield from _future(readings, today)
    profile = frames.get("benefit_profile")
    if profile is not None and profile.height:
        yield from _profile(plan, profile)


def _references(plan: Records, table: str, frame: pl.DataFrame) -> Iterator[Fault]:
    import polars as pl

    for column in columns_of(table):
        if not column.refers_to:
            continue
        known = {r.id for r in plan[column.refers_to]}
        used = frame.select(column.name, "row_key").drop_nulls(column.name)
        strange = used.filter(~pl.col(column.name).is_in(list(known)))
        sheet = record_type(column.refers_to).sheet
        for name, key in strange.iter_rows():
            close = nearest(name, known)
            hint = (
                f"Did you mean {', '.join(close)}?"
                if close
                else f"Add it to the sheet {sheet}, or clear the cell."
            )
            found = f"“{shown(name)}” is on no row of the sheet {sheet}."
            yield fault("plan-reference", table, column.name, found, hint, key)


def _values(plan: Records, readings: pl.DataFrame) -> Iterator[Fault]:
    import polars as pl

    has_value, top, bottom = (pl.col(c).is_not_null() for c in ("value", "numerator", "denominator"))
    missing, label = pl.col("missing").is_not_null(), pl.col("label").is_not_null()
    nothing = readings.filter(~(has_value | top | bottom | missing | label))
    for key in nothing["row_key"]:
        yield fault(
            "plan-reading-value", "readings", "value", "There is no value, and no word that says why.",
            "Write the value, or choose withheld, not provided, too early, suppressed or blank.", key,
        )  # fmt: skip
    both = readings.filter(missing & (has_value | top))
    for key, word in both.select("row_key", "missing").iter_rows():
        yield fault(
            "plan-reading-value", "readings", "missing", f"There is a value, and it is marked “{word}”.",
            "Clear one of the two.", key,
        )  # fmt: skip
    half = readings.filter(top != bottom)
    for key in half["row_key"]:
        yield fault(
            "plan-reading-fraction", "readings", "numerator", "A fraction needs a numerator and a denominator.",
            "Write both, or write the value alone.", key,
        )  # fmt: skip
    yield from _fractions(plan, readings)


def _fractions(plan: Records, readings: pl.DataFrame) -> Iterator[Fault]:
    """Yield fractions that say something else than the value beside them, and shares above the whole."""
    import polars as pl

    top, bottom = (pl.col(c).cast(pl.Float64) for c in ("numerator", "denominator"))
    shares = {m.id: m for m in plan["measures"] if m.kind == "share"}
    per_cent = pl.col("measure_id").is_in([m.id for m in shares.values() if m.unit == "%"])
    parts = readings.filter(pl.col("numerator").is_not_null() & (pl.col("denominator") > 0))
    worked = parts.filter(per_cent).with_columns((100 * top / bottom).alias("worked"))
    other = worked.filter((pl.col("worked") - pl.col("value").cast(pl.Float64)).abs() > _ROUNDED)
    for key, value, made in other.select("row_key", "value", "worked").iter_rows():
        yield fault(
            "plan-reading-fraction", "readings", "value", f"The value is {value:f}, and its two parts make {made:.1f}.",
            "Correct one of them, or clear the value: it is worked out from its parts.", key,
        )  # fmt: skip
    over = parts.filter(
        (pl.col("numerator") > pl.col("denominator")) & pl.col("measure_id").is_in(list(shares))
    )
    for key, above, below in over.select("row_key", "numerator", "denominator").iter_rows():
        yield fault(
            "plan-reading-share", "readings", "numerator", f"{above.normalize():f} of {below.normalize():f} is more than the whole.",
            "Check that the two are not the wrong way round; as it stands, the share is above 100%.", key,
        )  # fmt: skip


def _money_measures(plan: Records, readings: pl.DataFrame) -> Iterator[Fault]:
    import polars as pl

    units = {m.id: m.unit for m in plan["measures"]}
    not_money = [m for m, unit in units.items() if unit.strip().lower() not in _MONEY_UNITS]
    wrong = readings.filter(pl.col("benefit_id").is_not_null() & pl.col("measure_id").is_in(not_money))
    for key, measure in wrong.select("row_key", "measure_id").iter_rows():
        yield fault(
            "plan-money-measure", "readings", "measure_id", f"{measure} is read in {units[measure]}, but the row belongs to a benefit's money.",
            "Choose the measure in £, or clear the benefit.", key,
        )  # fmt: skip


def _missing(plan: Records, readings: pl.DataFrame) -> Iterator[Fault]:
    import polars as pl

    names = {a.id: a.short_name or a.name for a in plan["agencies"]}
    gone = readings.filter(pl.col("missing").is_not_null() & (pl.col("missing") != "blank"))
    groups = (
        gone.group_by("agency_id", "missing")
        .agg(pl.len().alias("n"), pl.col("row_key").first())
        .sort("agency_id", "missing")
    )
    for agency, word, count, key in groups.iter_rows():
        whose = f" from {names.get(agency, agency)}" if agency else ""
        values = "value is" if count == 1 else "values are"
        yield fault(
            "plan-reading-missing", "readings", "missing", f"{count:,} {values} marked {word}{whose}.",
            "Nothing to do. Totals over them will be labelled partial.", key,
        )  # fmt: skip


def _future(readings: pl.DataFrame, today: dt.date) -> Iterator[Fault]:
    import polars as pl

    early = readings.filter((pl.col("period_index") > month_index(today)) & pl.col("missing").is_null())
    for key, period in early.select("row_key", "period").iter_rows():
        yield fault(
            "plan-reading-future", "readings", "period", f"{name_month(period)} has not begun.",
            "Check the period: a plan belongs on the sheet Benefit profile.", key,
        )  # fmt: skip


def _profile(plan: Records, profile: pl.DataFrame) -> Iterator[Fault]:
    import polars as pl

    harm = {b.id: b.is_disbenefit for b in plan["benefits"]}
    for wrong, word, right in (
        (profile.filter((pl.col("planned_gbp") > 0) & pl.col("benefit_id").is_in([b for b, h in harm.items() if h])), "dis-benefit", "negative"),
        (profile.filter((pl.col("planned_gbp") < 0) & pl.col("benefit_id").is_in([b for b, h in harm.items() if not h])), "benefit", "0 or more"),
    ):  # fmt: skip
        for key, benefit, amount in wrong.select("row_key", "benefit_id", "planned_gbp").iter_rows():
            yield fault(
                "plan-disbenefit-sign", "benefit_profile", "planned_gbp", f"{benefit} is a {word} and is planned at £{amount:,}.",
                f"Make the amount {right}, or change whether it is a dis-benefit.", key,
            )  # fmt: skip
    recorded = {(r.benefit_id, r.version) for r in plan["rebaselines"]}
    versions = (
        profile.filter(pl.col("version") > 1)
        .group_by("benefit_id", "version")
        .agg(pl.col("row_key").first())
        .sort("benefit_id", "version")
    )
    for benefit, version, key in versions.iter_rows():
        if (benefit, version) not in recorded:
            yield fault(
                "plan-profile-version", "benefit_profile", "version", f"Version {version} of {benefit} has no re-baselining behind it.",
                "Say on the sheet Re-baselines when it was agreed, by whom and why; until then the version before it is shown as the plan.", key,
            )  # fmt: skip

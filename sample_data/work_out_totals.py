"""Work out what Wendleshire's workbook comes to, apart from the product: plain dicts and fractions over its cells.

Run ``python -m sample_data.work_out_totals``. It reads the workbook with openpyxl, imports nothing of ``partnership``, and writes
``sample_data/wendleshire/expected_totals.json``: what pages, views and packs must show as known on two days. Money is text in
pounds and pence; a share or ratio is its two parts as text and the quotient, rounded to nine places.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from sample_data.totals_ledger import Ledger, Row, known_on, money, month_of, pence_of, ratio, read_sheets

HERE = Path(__file__).parent / "wendleshire"
WORKBOOK, TOTALS = HERE / "wendleshire_plan.xlsx", HERE / "expected_totals.json"
DAYS = (date(2026, 11, 23), date(2026, 9, 3))

_TIMES_A_YEAR = {"day": 365, "week": 52, "month": 12, "quarter": 4, "year": 1}


def benefits(ledger: Ledger) -> Row:
    """Return all that pages say about benefits."""

    def cumulative(amounts: dict[tuple[str, str, str], int], month: str) -> str | None:
        return money(sum(v for k, v in amounts.items() if k[2] <= month))

    agencies = sorted({a for _, a, _ in ledger.plan})
    rows = ledger.benefits
    every = ledger.totals(lambda *_: True)
    to_date = {
        k: abs(v) for k, v in ledger.plan.items() if k[2] <= ledger.latest
    }  # harms as large as benefits
    seen, whole = sum(v for k, v in to_date.items() if k in ledger.read), sum(to_date.values())
    every["coverage_share"] = ratio(Fraction(seen, 100), Fraction(whole, 100))
    every["hidden_gbp"] = money(whole - seen)
    every["provisional_months"] = sorted({m for _, m in ledger.provisional})
    every["plan_total_gbp"], every["original_total_gbp"] = (
        money(sum(a.values())) for a in (ledger.plan, ledger.first)
    )
    return {
        "latest_month": ledger.latest,
        "totals": every,
        "by_agency": {a: ledger.totals(lambda _, who, __, a=a: who == a) for a in agencies},
        "by_goal": {
            g: ledger.totals(lambda b, _, __, g=g: rows[b]["Goal id"] == g)
            for g in sorted({r["Goal id"] for r in rows.values()})
        },
        "by_class": {
            c: ledger.totals(lambda b, _, __, c=c: rows[b]["Benefit class"] == c)
            for c in sorted({r["Benefit class"] for r in rows.values()})
        },
        "by_benefit": {b: ledger.totals(lambda which, _, __, b=b: which == b) for b in sorted(rows)},
        "by_month": {
            m: {
                "cum_original_gbp": cumulative(ledger.first, m),
                "cum_planned_gbp": cumulative(ledger.plan, m),
                "cum_realised_gbp": cumulative(ledger.read, m) if m <= ledger.latest else None,
                "cum_compared_gbp": cumulative({k: v for k, v in ledger.plan.items() if k in ledger.read}, m)
                if m <= ledger.latest
                else None,
            }
            for m in ledger.months
        },
    }


def _rate(row: Row, per: str) -> Fraction | None:
    if row["Answer"] != "answered":
        return None
    said = Fraction(str(row["Quantity"]))
    if "in all" in (row["Per"], per):
        return said if row["Per"] == per else None
    return said * _TIMES_A_YEAR[row["Per"]] / _TIMES_A_YEAR[per]


def _latest(rows: Iterable[Row]) -> dict[tuple[Any, ...], Row]:
    latest: dict[tuple[Any, ...], Row] = {}
    for r in sorted(rows, key=lambda r: r["Stated on"]):
        latest[r["Measure id"], r["Agency id"], r["Direction"], r["Counterpart id"]] = r
    return latest


def expectations(rows: dict[str, list[Row]]) -> Row:
    """Return the gap of each measure, each pair, and the gap at each review."""
    measures = {r["Id"]: r for r in rows["Measures"]}
    limits = rows["Partnership"][0]
    partners = [r["Id"] for r in rows["Agencies"] if r["Duty"] != "outside"]
    towards_all = [r for r in rows["Expectations"] if not r["Counterpart id"]]

    def gaps(upto: date) -> dict[str, Row]:
        out: dict[str, Row] = {}
        latest = _latest(r for r in towards_all if r["Stated on"] <= upto)
        for measure in sorted({k[0] for k in latest}):
            said = {
                r["Agency id"]: r for k, r in latest.items() if k[0] == measure and r["Answer"] == "answered"
            }
            rates = sorted((_rate(r, measures[measure]["Per"]), a) for a, r in said.items())
            (least, who_least), most = rates[0], rates[-1][0]
            who_most = min(a for value, a in rates if value == most)
            apart = Fraction(most) / Fraction(least)
            band = (
                "aligned"
                if apart < limits["Gap discuss ratio (times)"]
                else "discuss"
                if apart < limits["Gap redefine ratio (times)"]
                else "stop and re-define"
            )
            differ = next(
                (
                    kind
                    for kind, column in (
                        ("definition", "Definition id"),
                        ("scope", "Scope"),
                        ("horizon", "Expected by"),
                    )
                    if len({r[column] for r in said.values()}) > 1
                ),
                "ambition",
            )
            out[measure] = {
                "least_rate": str(least), "least_agency": who_least, "most_rate": str(most), "most_agency": who_most,
                "ratio": ratio(most, least), "band": band, "kind_of_gap": "near agreement" if band == "aligned" else differ,
                "answered": len(said), "unanswered": len(partners) - len(said),
            }  # fmt: skip
        return out

    days = sorted({r["Stated on"] for r in towards_all})
    pairs: dict[str, Row] = {}
    between = _latest(r for r in rows["Expectations"] if r["Counterpart id"])
    for (measure, agency, direction, other), row in between.items():
        giver, getter = (agency, other) if direction == "gives" else (other, agency)
        side = "offered_rate" if direction == "gives" else "expected_rate"
        rate = _rate(row, measures[measure]["Per"])
        pairs.setdefault(f"{measure} {giver}>{getter}", {"offered_rate": None, "expected_rate": None})[
            side
        ] = None if rate is None else str(rate)
    for pair in pairs.values():
        offered, expected = (
            None if pair[k] is None else Fraction(pair[k]) for k in ("offered_rate", "expected_rate")
        )
        both = offered is not None and expected is not None
        pair["ratio"] = ratio(max(offered, expected), min(offered, expected)) if both else None
        agree = both and max(offered, expected) < limits["Gap discuss ratio (times)"] * min(offered, expected)
        pair["short"] = (
            "no answer"
            if not both
            else "agrees"
            if agree
            else "offers less"
            if offered < expected
            else "offers more"
        )
    now = gaps(max(days))
    return {
        "gaps": now,
        "bands": {
            band: sum(g["band"] == band for g in now.values())
            for band in ("stop and re-define", "discuss", "aligned")
        },
        "pairs": dict(sorted(pairs.items())),
        "pairs_by_kind": {
            kind: sum(p["short"] == kind for p in pairs.values())
            for kind in ("agrees", "offers less", "offers more", "no answer")
        },
        "history": {d.isoformat(): {m: g["ratio"]["quotient"] for m, g in gaps(d).items()} for d in days},
    }


def promises(rows: dict[str, list[Row]], ledger: Ledger, day: date) -> Row:
    """Return promises by state, those overdue, and what they hold up."""
    done = {r["Commitment id"]: r["Delivered on"] for r in rows["Deliveries"]}
    moved = {r["Commitment id"] for r in rows["Due date changes"]}
    kinds = ("kept on time", "kept late", "overdue", "not yet due", "withdrawn")
    counts: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(kinds, 0))
    overdue: list[Row] = []
    for r in sorted(rows["Commitments"], key=lambda r: (r["Due on"], r["Id"])):
        delivered, taken_back = done.get(r["Id"]), r["Withdrawn on"]
        if delivered:
            state = "kept on time" if delivered <= r["Due on"] else "kept late"
        elif taken_back and taken_back <= day:
            state = "withdrawn"
        else:
            state = "overdue" if r["Due on"] < day else "not yet due"
        counts[r["Agency id"]][state] += 1
        counts["all"][state] += 1
        if state == "overdue":
            overdue.append(r)
    held: dict[str, int] = {}
    claimed: set[tuple[str, str]] = set()
    for r in overdue:
        cells = {
            (b, m)
            for b, _, m in ledger.plan
            if b == r["Benefit id"] and month_of(r["Due on"]) <= m <= month_of(day)
        } - claimed
        claimed |= cells
        held[r["Id"]] = sum(v for (b, _, m), v in ledger.plan.items() if (b, m) in cells)
    due = sum(counts["all"][k] for k in kinds[:3])
    return {
        "made": sum(counts["all"].values()),
        "due": due,
        "by_agency": {a: counts[a] for a in sorted(counts)},
        "on_time_share": ratio(counts["all"]["kept on time"], due),
        "held_up_gbp": money(sum(held.values())),
        "overdue": [
            {
                "id": r["Id"], "title": r["Title"], "by": r["Agency id"], "to": r["To agency id"], "due_on": r["Due on"].isoformat(),
                "days_late": (day - r["Due on"]).days, "moved": r["Id"] in moved, "benefit": r["Benefit id"], "held_up_gbp": money(held[r["Id"]]),
            }
            for r in overdue
        ],
    }  # fmt: skip


def payers(rows: dict[str, list[Row]], ledger: Ledger) -> Row:
    """Return what each agency is planned to pay and to gain in the years for which the current plan has months."""
    paid: dict[str, int] = defaultdict(int)
    by_year: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    starts = {int(m[:4]) - (int(m[5:7]) < 4) for _, _, m in ledger.plan}
    years = sorted(f"{y}/{(y + 1) % 100:02d}" for y in starts)
    for r in rows["Contributions"]:
        if r["Stage"] == "planned":
            if years[0] <= r["Financial year"] <= years[-1]:
                paid[r["Agency id"]] += pence_of(r["Amount (£)"])
            kind = "grant" if r["Funding"] == "pump-priming" else r["Agreed"]
            by_year[r["Financial year"]][kind] += pence_of(r["Amount (£)"])
    gained: dict[str, int] = defaultdict(int)
    for (_, agency, _), pence in ledger.plan.items():
        gained[agency] += pence
    return {
        "paid_total_gbp": money(sum(paid.values())),
        "gained_total_gbp": money(sum(gained.values())),
        "by_agency": {
            a: {
                "paid_gbp": money(paid[a]), "gained_gbp": money(gained[a]), "net_gbp": money(gained[a] - paid[a]),
                "paid_share": ratio(paid[a], sum(paid.values())), "gained_share": ratio(gained[a], sum(gained.values())),
            }
            for a in sorted({*paid, *gained})
        },
        "by_year": {y: {kind: money(v) for kind, v in sorted(kinds.items())} for y, kinds in sorted(by_year.items())},
    }  # fmt: skip


def board(rows: dict[str, list[Row]]) -> Row:
    """Return where the headline measure stands, and where a straight line from baseline to target puts it."""
    us = rows["Partnership"][0]
    readings = sorted(
        (
            (r["Period"], r["Numerator"], r["Denominator"])
            for r in rows["Readings"]
            if r["Measure id"] == us["BHAG measure id"] and not r["Missing"]
        ),
    )
    period, above, below = readings[-1]
    start, end = (us[c].year * 12 + us[c].month for c in ("BHAG baseline on", "BHAG target on"))
    part = Fraction(period.year * 12 + period.month - start, end - start)
    line = us["BHAG baseline value"] + (us["BHAG target value"] - us["BHAG baseline value"]) * part
    return {
        "sentence": us["BHAG"], "latest_month": month_of(period), "latest": ratio(100 * above, below), "planned": round(float(line), 9),
        "baseline": us["BHAG baseline value"], "target": us["BHAG target value"],
        "partners": sum(r["Duty"] != "outside" for r in rows["Agencies"]), "goals": len(rows["Goals"]), "benefits": len(rows["Benefits"]),
    }  # fmt: skip


def other(rows: dict[str, list[Row]], day: date) -> Row:
    """Return hours in the blueprint, information from which nothing followed, and small counts to be withheld."""
    people = {r["Id"] for r in rows["Measures"] if r["Counts people"] == "yes"}
    small = defaultdict(int)
    for r in rows["Readings"]:
        if r["Measure id"] in people and any(
            1 <= (r[c] or 0) <= 5
            for c in (("Value",) if r["Denominator"] is None else ("Numerator", "Denominator"))
        ):
            small[r["Measure id"]] += 1
    begun = [c for c in rows["Clocks"] if c["Times"] == "information shared"]

    def allowed(given: date) -> int:
        """Days by the county's own clock then in force; the toolkit's thirty before it had one."""
        return max(
            ((c["Effective from"], c["Allows"]) for c in begun if c["Effective from"] <= given),
            default=(None, 30),
        )[1]

    nothing = [
        r
        for r in rows["Information shared"]
        if not r["Decision id"]
        and not r["Commitment id"]
        and (day - r["Given on"]).days > allowed(r["Given on"])
    ]
    return {
        "hours_a_week_now": str(
            sum(Fraction(str(r["Hours a week now (hours)"] or 0)) for r in rows["Item agencies"])
        ),
        "hours_a_week_after": str(
            sum(Fraction(str(r["Hours a week after (hours)"] or 0)) for r in rows["Item agencies"])
        ),
        "information_shared": len(rows["Information shared"]),
        "nothing_followed": {r["Title"]: (day - r["Given on"]).days for r in nothing},
        "small_counts_of_people": dict(sorted(small.items())),
    }


def work_out(path: Path | Any = WORKBOOK) -> Row:
    """Return every total, by the day on which it was known."""
    sheets = read_sheets(path)
    out: Row = {}
    for day in DAYS:
        rows = known_on(sheets, day)
        ledger = Ledger(rows, day)
        out[day.isoformat()] = {
            "board": board(rows), "benefits": benefits(ledger), "expectations": expectations(rows), "promises": promises(rows, ledger, day),
            "payers_and_gainers": payers(rows, ledger), "other": other(rows, day),
        }  # fmt: skip
    return out


def main() -> None:
    """Write the totals beside the workbook."""
    TOTALS.write_text(json.dumps(work_out(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(TOTALS.name)


if __name__ == "__main__":
    main()

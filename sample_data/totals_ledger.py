"""Rows of a workbook as plain dicts, whole pence, exact shares, and the money of benefits by agency and month.

Part of the second opinion on the sample county: nothing of the product is used.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl

Row = dict[str, Any]

# The column of a sheet that says since when a row was known.
_SINCE = {
    "Expectations": "Stated on", "Re-baselines": "Agreed on", "Readings": "Read on", "Decisions": "Decided on", "Commitments": "Made on",
    "Due date changes": "Changed on", "Deliveries": "Delivered on", "Information shared": "Given on", "Scores": "Scored on",
    "Delivery confidence": "Stated on", "Finished benefits": "Reviewed on", "Clocks": "Decided on",
}  # fmt: skip


def _cell(value: Any) -> Any:
    return value.date() if isinstance(value, datetime) else value


def read_sheets(path: Path | Any) -> dict[str, list[Row]]:
    """Return the rows of every record sheet under their headers; the headers are the fourth row."""
    book = openpyxl.load_workbook(path, data_only=True)
    sheets: dict[str, list[Row]] = {}
    for sheet in book.worksheets:
        if sheet.title in {"Guide", "Control totals", "_meta"}:
            continue
        cells = [[_cell(c) for c in row] for row in sheet.iter_rows(min_row=4, values_only=True)]
        if cells:
            headers = cells[0]
            sheets[sheet.title] = [
                dict(zip(headers, row, strict=True)) for row in cells[1:] if any(c is not None for c in row)
            ]
    return sheets


def known_on(sheets: dict[str, list[Row]], day: date) -> dict[str, list[Row]]:
    """Return the rows that were known on a day."""
    return {
        name: [r for r in rows if name not in _SINCE or r[_SINCE[name]] is None or r[_SINCE[name]] <= day]
        for name, rows in sheets.items()
    }


def money(pence: int | None) -> str | None:
    """Return whole pence as pounds and pence."""
    return None if pence is None else f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02}"


def ratio(above: Any, below: Any) -> Row | None:
    """Return both parts and the quotient."""
    if above is None or not below:
        return None
    return {
        "above": str(above),
        "below": str(below),
        "quotient": round(float(Fraction(above) / Fraction(below)), 9),
    }


def pence_of(value: Any) -> int:
    return int(Fraction(str(value)) * 100)


def month_of(day: date) -> str:
    return day.strftime("%Y-%m")


def _share(text: Any) -> Fraction:
    """Return a share as a part of one: ``40`` is 40%, ``1/3`` is a third."""
    return Fraction(str(text)) if "/" in str(text) else Fraction(str(text)) / 100


def split(pence: int, shares: dict[str, Fraction]) -> dict[str, int]:
    """Split whole pence by shares: floors first, then a penny each to the largest remainders, ties by id."""
    sign = -1 if pence < 0 else 1
    exact = {a: abs(pence) * s for a, s in shares.items()}
    parts = {a: int(q) for a, q in exact.items()}
    left = abs(pence) - sum(parts.values())
    for agency in sorted(exact, key=lambda a: (-(exact[a] - parts[a]), a))[:left]:
        parts[agency] += 1
    return {a: sign * p for a, p in parts.items()}


class Ledger:
    """Money of every benefit by agency and month, as known on a day: first plan, current plan, read."""

    def __init__(self, rows: dict[str, list[Row]], day: date) -> None:
        self.benefits = {r["Id"]: r for r in rows["Benefits"]}
        shares: dict[str, dict[str, Fraction]] = defaultdict(dict)
        for r in rows["Benefit shares"]:
            shares[r["Benefit id"]][r["Agency id"]] = _share(r["Share (%)"])
        agreed = {(r["Benefit id"], r["Version"]) for r in rows["Re-baselines"]}
        version: dict[str, int] = {}
        for r in rows["Benefit profile"]:
            if r["Version"] == 1 or (r["Benefit id"], r["Version"]) in agreed:
                version[r["Benefit id"]] = max(r["Version"], version.get(r["Benefit id"], 1))
        self.first: dict[tuple[str, str, str], int] = defaultdict(int)
        self.plan: dict[tuple[str, str, str], int] = defaultdict(int)
        self.read: dict[tuple[str, str, str], int] = {}
        self.missing: dict[tuple[str, str, str], str] = {}
        self.provisional: set[tuple[str, str]] = set()
        self._add_profile(rows["Benefit profile"], version, shares)
        self._add_readings([r for r in rows["Readings"] if r["Benefit id"] and r["Period"] <= day], shares)
        self.latest = max(m for _, _, m in self.read)
        self.months = sorted({m for _, _, m in (*self.first, *self.plan)})

    def _add_profile(
        self, rows: list[Row], version: dict[str, int], shares: dict[str, dict[str, Fraction]]
    ) -> None:
        for r in rows:
            for agency, part in self._parts(
                r["Benefit id"], r["Agency id"], pence_of(r["Planned (£)"]), shares
            ):
                key = (r["Benefit id"], agency, month_of(r["Period"]))
                if r["Version"] == 1:
                    self.first[key] += part
                if r["Version"] == version[r["Benefit id"]]:
                    self.plan[key] += part

    def _add_readings(self, rows: list[Row], shares: dict[str, dict[str, Fraction]]) -> None:
        for r in rows:
            if r["State"] == "provisional":
                self.provisional.add((r["Benefit id"], month_of(r["Period"])))
            for agency, part in self._parts(
                r["Benefit id"], r["Agency id"], pence_of(r["Value"] or 0), shares
            ):
                key = (r["Benefit id"], agency, month_of(r["Period"]))
                if r["Value"] is None:
                    self.missing[key] = r["Missing"]
                else:
                    self.read[key] = self.read.get(key, 0) + part

    @staticmethod
    def _parts(
        benefit: str, agency: str | None, pence: int, shares: dict[str, dict[str, Fraction]]
    ) -> Iterable[tuple[str, int]]:
        return [(agency, pence)] if agency else split(pence, shares[benefit]).items()

    def totals(self, chosen: Callable[[str, str, str], bool]) -> Row:
        """Return plan, plan with a reading, real and not read of the chosen benefits, agencies and months."""
        plan = {k: v for k, v in self.plan.items() if k[2] <= self.latest and chosen(*k)}
        compared = [v for k, v in plan.items() if k in self.read]
        real = [v for k, v in self.read.items() if chosen(*k)]
        not_read: dict[str, int] = defaultdict(int)
        for k, v in plan.items():
            if k not in self.read:
                not_read[self.missing.get(k, "blank")] += v
        real_pence = sum(real) if real else None
        return {
            "planned_gbp": money(sum(plan.values())),
            "compared_gbp": money(sum(compared)) if compared else None,
            "realised_gbp": money(real_pence),
            "not_read_gbp": {kind: money(v) for kind, v in sorted(not_read.items())},
            "realised_share": ratio(real_pence, sum(compared)) if compared else None,
        }

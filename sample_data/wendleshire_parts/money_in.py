"""What each agency puts in, by financial year: planned to 2029/30, and what was paid in 2025/26.

Planned pounds are of 2025/26 prices. At 3.5% a year their present value by agency is that of the mock-up of the page "Investment
and return": council £1.84m, police £0.71m, care board £0.62m, and so on; £4.33m in all with the grant, of which £0.40m is not agreed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from partnership.roi import Contribution

YEARS = (2025, 2026, 2027, 2028, 2029)

# £ hundred by year: what each finance officer has agreed
_AGREED = {
    "COU": (3688, 3428, 4005, 3749, 2659), "POL": (700, 1323, 1546, 1447, 1857), "ICB": (610, 1155, 1350, 1263, 1620),
    "SCH": (158, 298, 348, 326, 418), "MHT": (138, 261, 305, 285, 366), "PRO": (109, 205, 239, 224, 288),
    "DAC": (89, 168, 196, 183, 235), "YTH": (58, 112, 131, 123, 157),
}  # fmt: skip
# £ hundred: what no finance officer has agreed since the grant ends, shared out as the rest is
_NOT_YET = {
    "COU": (1060, 1159), "POL": (409, 447), "ICB": (357, 391), "SCH": (92, 101), "MHT": (81, 88), "PRO": (64, 69),
    "DAC": (52, 57), "YTH": (35, 38),
}  # fmt: skip
_GRANT = (2350, 2350, 1480)

# £ hundred of cash in each year; the rest is staff, rooms and systems in kind
_CASH = {"COU": 1750, "ICB": 400, "POL": 173, "MHT": 80, "PRO": 25, "SCH": 50, "DAC": 0, "YTH": 0}

# agency: the item that its cash pays for, then items and weights that its people work in
_PAYS_FOR: dict[str, tuple[str, tuple[tuple[str, int], ...]]] = {
    "COU": ("W01", (("W02", 2), ("W10", 1))), "ICB": ("W01", (("W09", 1), ("W15", 1))), "POL": ("W01", (("W03", 1), ("W04", 2))),
    "MHT": ("W01", (("W07", 1),)), "PRO": ("W01", (("W11", 1),)), "SCH": ("W01", (("W06", 1),)),
    "DAC": ("W01", (("W08", 1),)), "YTH": ("W01", (("W12", 1),)),
}  # fmt: skip

# Cash for the hub from 2026/27 on is pay: one range for all who pay, since they pay for the same people
_HUB_STAFF: dict[str, Any] = {
    "range_low": Decimal(96), "range_high": Decimal(112), "distribution": "PERT", "shared_name": "hub-staff",
    "range_source": "Council finance: pay award and vacancies, budget report of February 2026",
}  # fmt: skip

_RESERVE = 98_575
"""Pounds that the council brought forward from the old board in 2025/26."""
_CAPITAL = 60_000
"""Pounds that the council paid in 2025/26 to fit out the hub."""


def _lines() -> Iterator[dict[str, Any]]:
    for agency, agreed in _AGREED.items():
        for year, hundreds in zip(YEARS, agreed, strict=True):
            yield from _one_year(agency, year, hundreds * 100, "agreed")
        for year, hundreds in zip(YEARS[3:], _NOT_YET[agency], strict=True):
            yield _line(
                agency,
                year,
                hundreds * 100,
                "cash",
                item_id="W01",
                agreed="not yet",
                note="Asked for since the grant ends in March 2028",
            )
    for year, hundreds in zip(YEARS[:3], _GRANT, strict=True):
        yield _line(
            "NAT", year, hundreds * 100, "cash", item_id="W01", funding="pump-priming", funding_ends_on=date(2028, 3, 31),
            note="Pump-priming grant from national budgets",
        )  # fmt: skip


def _one_year(agency: str, year: int, pounds: int, agreed: str) -> Iterator[dict[str, Any]]:
    cash_item, kind_items = _PAYS_FOR[agency]
    cash = min(_CASH[agency] * 100, pounds)
    in_kind = pounds - cash
    if agency == "COU" and year == 2025:
        yield _line(
            agency,
            year,
            _RESERVE,
            "cash",
            item_id=cash_item,
            funding="reserve",
            funding_ends_on=date(2026, 3, 31),
            note="Brought forward from the old board",
        )
        yield _line(
            agency, year, _CAPITAL, "cash", item_id=cash_item, nature="capital", note="Rooms of the hub"
        )
        cash -= _RESERVE + _CAPITAL
    if cash:
        yield _line(agency, year, cash, "cash", item_id=cash_item, agreed=agreed)
    whole = sum(weight for _, weight in kind_items)
    given = 0
    for number, (item, weight) in enumerate(kind_items):
        part = in_kind - given if number == len(kind_items) - 1 else in_kind * weight // whole // 100 * 100
        given += part
        if part:
            yield _line(agency, year, part, "in kind", item_id=item, agreed=agreed)


def _line(agency: str, year: int, pounds: int, form: str, **more: Any) -> dict[str, Any]:
    if year > YEARS[0] and form == "cash" and more.get("item_id") == "W01" and "funding" not in more:
        more |= _HUB_STAFF
    return {
        "agency_id": agency, "financial_year": year, "amount_gbp": Decimal(pounds), "form": form, "stage": "planned",
        "price_base": "real", "price_year": "2025/26", **more,
    }  # fmt: skip


# agency, £ paid in 2025/26, form, item, funding, nature, note
_PAID = (
    ("COU", 16_425, "cash", "W01", "core", "revenue", None), ("COU", 98_575, "cash", "W01", "reserve", "revenue", "Brought forward from the old board"),
    ("COU", 63_180, "cash", "W01", "core", "capital", "Rooms of the hub"), ("COU", 189_400, "in kind", "W02", "core", "revenue", None),
    ("ICB", 40_000, "cash", "W01", "core", "revenue", None), ("ICB", 18_350, "in kind", "W09", "core", "revenue", None),
    ("POL", 17_300, "cash", "W01", "core", "revenue", None), ("POL", 56_100, "in kind", "W04", "core", "revenue", None),
    ("MHT", 8_000, "cash", "W01", "core", "revenue", None), ("MHT", 2_950, "in kind", "W07", "core", "revenue", "Feed not begun"),
    ("PRO", 2_500, "cash", "W01", "core", "revenue", None), ("PRO", 8_100, "in kind", "W11", "core", "revenue", None),
    ("SCH", 5_000, "cash", "W01", "core", "revenue", None), ("SCH", 9_600, "in kind", "W06", "core", "revenue", None),
    ("DAC", 8_700, "in kind", "W08", "core", "revenue", None), ("YTH", 5_600, "in kind", "W12", "core", "revenue", "Estimated"),
    ("NAT", 235_000, "cash", "W01", "pump-priming", "revenue", "Pump-priming grant, first year"),
)  # fmt: skip


def _contributions() -> Iterator[dict[str, Any]]:
    yield from _lines()
    for agency, pounds, form, item, funding, nature, note in _PAID:
        yield {
            "agency_id": agency, "item_id": item, "financial_year": 2025, "stage": "actual", "amount_gbp": Decimal(pounds), "form": form,
            "funding": funding, "nature": nature, "note": note,
        }  # fmt: skip
    yield {
        "agency_id": "POL", "item_id": "W04", "financial_year": 2025, "stage": "actual", "entry": "correction", "amount_gbp": Decimal(-3_250),
        "form": "in kind", "note": "Overtime of March 2026 was counted twice",
    }  # fmt: skip


CONTRIBUTIONS = tuple(
    Contribution.model_validate({"id": f"C{n:03}", **row}) for n, row in enumerate(_contributions(), start=1)
)

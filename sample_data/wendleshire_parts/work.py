"""The blueprint: sixteen work items, who does what in each, the hours it takes, and the days that agencies offer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from partnership.blueprint import Capacity, ItemAgency, WorkItem

AGENCIES = ("COU", "ICB", "POL", "MHT", "PRO", "SCH", "DAC", "YTH")

_FUNCTIONS = ("First contact", "Triage", "Assess and plan", "Act together", "Review and learn")
_POPULATIONS = ("All populations", "Children and families", "Adults at risk", "Domestic abuse, MARAC")

_EXPECTED = {"W03": date(2027, 4, 10), "W07": date(2028, 9, 29)}
"""When an item is now expected, where that is later than its planned end."""

# id, title, function, population, goal, lead, habit, shared now, to be shared, waits for, starts, ends, volume a year, why, status
_ITEMS = (
    ("W01", "Front door for adults and children", 1, 0, "G2", "COU", "change", False, True, "W03", date(2027, 4, 1), date(2028, 3, 31), 12100, "Two front doors ask the same questions", "Waits for one definition of a case"),
    ("W02", "Shared chronology", 2, 0, "G1", "COU", "start", False, True, "W01; W08", date(2028, 4, 1), date(2028, 12, 31), 2400, "Eight records of one life", "Waits for W01 and W08"),
    ("W03", "One definition of a case", 0, 0, "G1", "POL", "start", False, True, "", date(2027, 1, 4), date(2027, 3, 31), None, "5 against 5,000 cases a year", "Police draft, ten days late"),
    ("W04", "Video strategy discussions", 2, 1, "G1", "POL", "change", True, True, "", date(2027, 1, 4), date(2027, 6, 30), 600, "Three hours of travel for one hour of talk", "Two of five districts"),
    ("W05", "One MARAC and adults meeting", 3, 3, "G3", "POL", "change", False, True, "W03", None, None, 1175, "The two meetings share 38% of cases", "Two camps; not in the plan"),
    ("W06", "School attendance feed", 0, 1, "G4", "SCH", "start", False, True, "", date(2027, 1, 4), date(2027, 6, 30), 1850, "Absence is seen a term late", "Four schools of eleven"),
    ("W07", "Crisis contact feed", 0, 2, "G5", "MHT", "start", False, True, "", date(2027, 7, 1), date(2028, 3, 31), 1900, "The hub hears of a crisis by chance", "Agreement on sharing not signed"),
    ("W08", "Charity access", 1, 3, "G3", "COU", "start", False, True, "", date(2027, 1, 4), date(2027, 6, 30), 240, "Workers drive to the hub to read", "Licences bought"),
    ("W09", "One consent form", 0, 0, "G1", "ICB", "start", False, True, "", date(2027, 7, 1), date(2027, 12, 31), None, "Eleven forms in use", "Draft in two agencies"),
    ("W10", "Family group meetings first", 3, 1, "G4", "COU", "keep", True, True, "", None, None, 180, "Families find their own answer in six of ten", "Offered in three districts"),
    ("W11", "Pathway for people who harm", 3, 3, "G3", "PRO", "start", False, True, "", None, None, 140, "Nobody works with them until court", "Police and probation have no days for it"),
    ("W12", "Reply to every referrer", 1, 1, "G2", "YTH", "start", False, True, "", date(2027, 4, 1), date(2027, 9, 30), 12100, "Four of ten referrers never hear back", "Wording agreed"),
    ("W13", "Stop the weekly paper list", 1, 0, "G1", "COU", "stop", False, False, "W01", date(2028, 4, 1), date(2028, 6, 30), 2600, "Typed again by five agencies", "Ends when the front door opens"),
    ("W14", "Review after closing", 4, 0, "G2", None, "start", False, True, "", date(2028, 7, 3), date(2028, 12, 29), 1200, "One in four comes back and nobody asks why", "Nobody leads"),
    ("W15", "Monthly case audit", 4, 1, "G1", "ICB", "keep", True, True, "", None, None, 96, "Finds what the figures do not", "Runs"),
    ("W16", "Adult enquiry planning", 2, 2, "G5", "COU", "keep", False, False, "", None, None, 1650, "Works well as it is", "Runs"),
)  # fmt: skip

WORK_ITEMS = tuple(
    WorkItem.model_validate({
        "id": key, "title": title, "function": _FUNCTIONS[function], "population": _POPULATIONS[population], "goal_id": goal,
        "theme": "Safeguarding hub" if function < 2 else "Working together", "lead_agency_id": lead, "habit": habit, "habit_evidence": why,
        "shared_now": now, "shared_future": future, "depends_on": waits or None, "starts_on": starts, "due_on": ends,
        "expected_on": _EXPECTED.get(key),
        "volume_a_year": None if volume is None else Decimal(volume), "status": status,
    })
    for key, title, function, population, goal, lead, habit, now, future, waits, starts, ends, volume, why, status in _ITEMS
)  # fmt: skip

# Hours a week now and after the change, by agency in the order of AGENCIES; a dash: no hours in this item.
_HOURS = {
    #        COU     ICB     POL     MHT     PRO    SCH    DAC    YTH
    "W01": ("70/62", "24/18", "36/30", "14/14", "6/6", "12/10", "4/4", "6/6"),
    "W02": ("24/20", "12/10", "12/10", "10/8", "6/5", "4/4", "5/4", "3/3"),
    "W03": ("8/8", "6/4", "8/6", "4/4", "3/3", "2/2", "2/2", "1/1"),
    "W04": ("40/28", "20/14", "60/34", "14/10", "8/7", "12/8", "5/4", "2/2"),
    "W05": ("22/16", "12/8", "30/24", "8/5", "12/10", "-", "20/17", "2/0"),
    "W06": ("8/2", "4/2", "-", "-", "-", "14/12", "-", "-"),
    "W07": ("6/2", "6/2", "8/6", "12/11", "-", "-", "-", "-"),
    "W08": ("8/6", "-", "2/2", "-", "-", "-", "10/9", "6/5"),
    "W09": ("10/6", "8/4", "4/4", "4/4", "4/4", "4/4", "2/2", "2/2"),
    "W10": ("50/44", "16/13", "20/18", "12/10", "5/5", "14/13", "2/2", "8/8"),
    "W11": ("4/4", "-", "10/10", "4/4", "14/14", "-", "4/4", "-"),
    "W12": ("20/16", "6/4", "10/8", "4/3", "2/2", "6/5", "1/1", "5/5"),
    "W13": ("28/0", "12/0", "24/0", "4/0", "4/0", "8/0", "2/0", "1/0"),
    "W14": ("10/4", "6/2", "4/4", "4/3", "2/2", "4/4", "2/1", "2/2"),
    "W15": ("30/28", "30/28", "16/16", "10/8", "4/4", "4/4", "1/1", "1/1"),
    "W16": ("72/52", "22/22", "18/18", "16/12", "4/4", "4/4", "1/1", "1/1"),
}  # fmt: skip

# Days of effort in each quarter in which the item runs, by agency, and the number of those quarters.
_EFFORT = {
    "W01": ((20, 9, 12, 6, 2, 0, 0, 0), 4), "W02": ((22, 8, 6, 4, 2, 3, 0, 0), 3), "W03": ((4, 3, 8, 2, 3, 0, 0, 0), 1),
    "W04": ((8, 2, 12, 3, 1, 0, 1, 0), 2), "W05": ((14, 6, 24, 5, 9, 0, 8, 2), 3), "W06": ((6, 2, 0, 0, 0, 11, 0, 0), 2),
    "W07": ((2, 5, 7, 12, 1, 0, 0, 0), 3), "W08": ((14, 1, 2, 1, 0, 1, 4, 3), 2), "W09": ((0, 8, 0, 5, 0, 0, 2, 0), 2),
    "W10": ((9, 2, 2, 1, 0, 2, 0, 1), 2), "W11": ((3, 0, 14, 2, 11, 0, 3, 0), 4), "W12": ((4, 0, 0, 0, 0, 2, 0, 5), 2),
    "W13": ((4, 2, 4, 2, 1, 1, 0, 0), 1), "W14": ((3, 8, 2, 2, 3, 1, 0, 2), 2), "W15": ((0, 0, 0, 0, 0, 0, 0, 0), 1),
    "W16": ((0, 0, 0, 0, 0, 0, 0, 0), 1),
}  # fmt: skip


def _item_agencies() -> Iterator[ItemAgency]:
    leads = {item.id: item.lead_agency_id for item in WORK_ITEMS}
    for item, hours in _HOURS.items():
        effort, quarters = _EFFORT[item]
        for agency, cell, days in zip(AGENCIES, hours, effort, strict=True):
            if cell == "-" and not days:
                continue
            now, after = (Decimal(n) for n in cell.split("/")) if cell != "-" else (None, None)
            part = (
                "accountable"
                if leads[item] == agency
                else "responsible"
                if days >= 4
                else "consulted"
                if days
                else "informed"
            )
            yield ItemAgency(
                item_id=item, agency_id=agency, part=part, effort_days=Decimal(days * quarters), hours_a_week_now=now,
                hours_a_week_after=after, meetings_a_month_now=None if now is None else Decimal(int(now) // 4),
                travel_hours_a_month=None if now is None else Decimal(int(now) // 2),
                keyed_again=int(now) // 10 if now and item in {"W01", "W02", "W13"} else None,
            )  # fmt: skip


ITEM_AGENCIES = tuple(_item_agencies())

_QUARTERS = (
    date(2027, 1, 1),
    date(2027, 4, 1),
    date(2027, 7, 1),
    date(2027, 10, 1),
    date(2028, 1, 1),
    date(2028, 4, 1),
    date(2028, 7, 1),
    date(2028, 10, 1),
)
_DAYS = {
    "COU": (34, 54, 40, 40, 44, 44, 44, 44), "ICB": (10, 16, 24, 24, 22, 22, 18, 18), "POL": (22, 26, 22, 22, 24, 20, 20, 20),
    "MHT": (8, 10, 24, 24, 24, 10, 10, 10), "PRO": (4, 4, 4, 4, 6, 6, 6, 6), "SCH": (12, 14, 8, 8, 8, 8, 8, 8),
    "DAC": (6, 6, 4, 4, 4, 4, 4, 4), "YTH": (4, 8, 6, 4, 4, 4, 4, 4),
}  # fmt: skip
CAPACITY = tuple(
    Capacity(agency_id=agency, quarter_starts_on=quarter, days=Decimal(days))
    for agency, offered in _DAYS.items()
    for quarter, days in zip(_QUARTERS, offered, strict=True)
)

"""What each partner expects: towards all, on seven measures at three reviews, and between pairs of agencies.

A partner that said something new has a new row with a new day. "As said" is kept: 1,250 a quarter, 50 a month, 5 a year.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from partnership.expectations import Expectation

MARCH, SEPTEMBER, OCTOBER = date(2026, 3, 5), date(2026, 9, 3), date(2026, 10, 14)
BY = date(2027, 3, 31)

# measure: goal, expected by
_ABOUT = {
    "M-CASES": "G1", "M-USERS": "G1", "M-HOURS": "G1", "M-FAMILIES": "G4", "M-SCREENED": "G2",
    "M-MARAC-AVOIDED": "G3", "M-FEEDS": "G5",
}  # fmt: skip

# measure, agency, stated on, direction, quantity (None: no answer), per, definition id, scope, what it counts in its own words
_TO_ALL = (
    ("M-CASES", "COU", MARCH, "gets", 1250, "quarter", "D-CASE-COU", None, "Every referral screened"),
    ("M-CASES", "ICB", MARCH, "gets", 200, "month", "D-CASE-ICB", None, "Every person with a health flag"),
    ("M-CASES", "POL", MARCH, "gives", 50, "month", "D-CASE-POL", None, "Every strategy discussion"),
    ("M-CASES", "MHT", MARCH, "gives", 150, "year", "D-CASE-MHT", None, "People under a joint plan"),
    ("M-CASES", "DAC", MARCH, "gives", 10, "month", "D-CASE-DAC", None, "Cases heard at MARAC"),
    ("M-CASES", "YTH", MARCH, "gives", 10, "quarter", "D-CASE-YTH", None, "Young people with two workers"),
    ("M-CASES", "PRO", MARCH, "gives", 5, "year", "D-CASE-PRO", None, "People managed jointly by law"),
    ("M-CASES", "SCH", MARCH, "gives", None, "year", None, None, None),
    ("M-USERS", "COU", MARCH, "gets", 1400, "in all", "D-USERS-1", "All staff who meet families, adults or carers", None),
    ("M-USERS", "ICB", MARCH, "gives", 700, "in all", "D-USERS-1", "Named safeguarding staff and community teams", None),
    ("M-USERS", "POL", MARCH, "gives", 310, "in all", "D-USERS-1", "Public protection officers", None),
    ("M-USERS", "MHT", MARCH, "gives", 240, "in all", "D-USERS-1", "Community teams", None),
    ("M-USERS", "PRO", MARCH, "gives", 90, "in all", "D-USERS-1", "Offender managers", None),
    ("M-USERS", "SCH", MARCH, "gives", 120, "in all", "D-USERS-1", "Safeguarding leads of secondary schools", None),
    ("M-USERS", "DAC", MARCH, "gives", None, "in all", None, None, None),
    ("M-USERS", "YTH", MARCH, "gives", 35, "in all", "D-USERS-1", "Youth workers in two places", None),
    ("M-USERS", "YTH", SEPTEMBER, "gives", 45, "in all", "D-USERS-1", "Youth workers in five places", None),
    ("M-USERS", "YTH", OCTOBER, "gives", 60, "in all", "D-USERS-1", "Youth workers in eight places", None),
    ("M-HOURS", "COU", MARCH, "gets", 128, "week", "D-HOURS-TRAVEL", None, "Meeting hours, travel and papers"),
    ("M-HOURS", "COU", SEPTEMBER, "gets", 130, "week", "D-HOURS-TRAVEL", None, "Meeting hours, travel and papers"),
    ("M-HOURS", "COU", OCTOBER, "gets", 160, "week", "D-HOURS-TRAVEL", None, "Meeting hours, travel and papers"),
    ("M-HOURS", "ICB", MARCH, "gets", 110, "week", "D-HOURS-TRAVEL", None, "Meeting hours and travel"),
    ("M-HOURS", "POL", MARCH, "gets", 1820, "year", "D-HOURS-SEAT", None, "Hours in the room"),
    ("M-HOURS", "MHT", MARCH, "gets", 60, "week", "D-HOURS-SEAT", None, "Hours in the room"),
    ("M-HOURS", "PRO", MARCH, "gets", 260, "quarter", "D-HOURS-SEAT", None, "Hours in the room, MAPPA left out"),
    ("M-HOURS", "SCH", MARCH, "gets", 40, "week", "D-HOURS-SEAT", None, "Hours in the room, term time"),
    ("M-HOURS", "DAC", MARCH, "gets", None, "week", None, None, None),
    ("M-HOURS", "YTH", MARCH, "gets", None, "week", None, None, None),
    ("M-FAMILIES", "COU", MARCH, "gives", 75, "month", "D-FAMILIES-1", "Whole county", None),
    ("M-FAMILIES", "ICB", MARCH, "gives", 160, "quarter", "D-FAMILIES-1", "Whole county", None),
    ("M-FAMILIES", "POL", MARCH, "gives", 25, "month", "D-FAMILIES-1", "Whole county", None),
    ("M-FAMILIES", "MHT", MARCH, "gives", 220, "year", "D-FAMILIES-1", "Whole county", None),
    ("M-FAMILIES", "PRO", MARCH, "gives", None, "year", None, None, None),
    ("M-FAMILIES", "SCH", MARCH, "gives", 40, "month", "D-FAMILIES-1", "Whole county", None),
    ("M-FAMILIES", "DAC", MARCH, "gives", None, "year", None, None, None),
    ("M-FAMILIES", "YTH", MARCH, "gives", 130, "quarter", "D-FAMILIES-1", "Whole county", None),
    ("M-SCREENED", "COU", MARCH, "gets", 1100, "month", "D-SCREENED-1", "Children and adults", None),
    ("M-SCREENED", "ICB", MARCH, "gets", 8400, "year", "D-SCREENED-1", "Children, and adults with care needs", None),
    ("M-SCREENED", "POL", MARCH, "gives", 620, "month", "D-SCREENED-1", "Incidents graded medium and high", None),
    ("M-SCREENED", "MHT", MARCH, "gives", 2280, "quarter", "D-SCREENED-1", "Adults, and children of patients", None),
    ("M-SCREENED", "PRO", MARCH, "gives", None, "month", None, None, None),
    ("M-SCREENED", "SCH", MARCH, "gives", 290, "month", "D-SCREENED-1", "Children in secondary schools", None),
    ("M-SCREENED", "SCH", SEPTEMBER, "gives", 365, "month", "D-SCREENED-1", "Children in all schools", None),
    ("M-SCREENED", "SCH", OCTOBER, "gives", 380, "month", "D-SCREENED-1", "Children in all schools and colleges", None),
    ("M-SCREENED", "DAC", MARCH, "gives", None, "month", None, None, None),
    ("M-SCREENED", "YTH", MARCH, "gives", None, "month", None, None, None),
    ("M-MARAC-AVOIDED", "COU", MARCH, "gets", 13, "quarter", "D-MARAC-1", "Whole county", None),
    ("M-MARAC-AVOIDED", "ICB", MARCH, "gets", 5, "month", "D-MARAC-1", "Whole county", None),
    ("M-MARAC-AVOIDED", "POL", MARCH, "gives", 10, "quarter", "D-MARAC-1", "Whole county", None),
    ("M-MARAC-AVOIDED", "MHT", MARCH, "gives", None, "year", None, None, None),
    ("M-MARAC-AVOIDED", "PRO", MARCH, "gives", 45, "year", "D-MARAC-1", "Whole county", None),
    ("M-MARAC-AVOIDED", "SCH", MARCH, "gives", None, "year", None, None, None),
    ("M-MARAC-AVOIDED", "DAC", MARCH, "gives", 70, "year", "D-MARAC-1", "Whole county", None),
    ("M-MARAC-AVOIDED", "YTH", MARCH, "gives", None, "year", None, None, None),
    ("M-FEEDS", "COU", SEPTEMBER, "gets", 4, "in all", "D-FEEDS-1", None, None),
    ("M-FEEDS", "ICB", SEPTEMBER, "gets", 4, "in all", "D-FEEDS-1", None, None),
    ("M-FEEDS", "POL", SEPTEMBER, "gets", 3, "in all", "D-FEEDS-1", None, None),
    ("M-FEEDS", "MHT", SEPTEMBER, "gives", 4, "in all", "D-FEEDS-1", None, None),
    ("M-FEEDS", "PRO", SEPTEMBER, "gets", None, "in all", None, None, None),
    ("M-FEEDS", "SCH", SEPTEMBER, "gives", 4, "in all", "D-FEEDS-1", None, None),
    ("M-FEEDS", "DAC", SEPTEMBER, "gets", None, "in all", None, None, None),
    ("M-FEEDS", "YTH", SEPTEMBER, "gets", None, "in all", None, None, None),
)  # fmt: skip

# Cases between two agencies: who gives, who gets, (offered, per), (expected, per), what the giver counts, what the getter counts.
_PAIRS = (
    ("COU", "ICB", (500, "quarter"), (200, "month"), "Referrals screened", "People with a health flag"),
    ("COU", "POL", (125, "month"), (400, "quarter"), "Strategy discussions called", "Strategy discussions called"),
    ("COU", "SCH", (600, "year"), None, "Answers to schools' referrals", None),
    ("COU", "YTH", (300, "year"), (85, "quarter"), "Young people in early help", "Young people in early help"),
    ("ICB", "COU", (200, "month"), (350, "quarter"), "People with a health flag", "Children with a health flag"),
    ("ICB", "POL", (500, "year"), (35, "month"), "Injuries reported", "Injuries reported"),
    ("POL", "COU", (50, "month"), (1900, "year"), "Strategy discussions", "Incidents with a child in the home"),
    ("POL", "ICB", (65, "quarter"), (25, "month"), "Injuries reported", "Injuries reported"),
    ("POL", "PRO", (70, "year"), (20, "quarter"), "People managed jointly by law", "People managed jointly by law"),
    ("POL", "DAC", (15, "month"), (75, "month"), "High-risk cases", "High-risk and standard-risk cases"),
    ("MHT", "COU", (150, "year"), (100, "quarter"), "People under a joint plan", "Everybody in crisis who has children"),
    ("MHT", "ICB", (30, "quarter"), (150, "year"), "People under a joint plan", "People under a joint plan"),
    ("MHT", "POL", (5, "month"), (40, "month"), "People", "Contacts, every one"),
    ("PRO", "COU", (5, "year"), (100, "month"), "People managed jointly by law", "Everybody on licence who lives with a child"),
    ("PRO", "POL", (5, "year"), (15, "quarter"), "People managed jointly by law", "Everybody managed at levels 2 and 3"),
    ("SCH", "COU", None, (450, "year"), None, "Pupils with a plan"),
    ("DAC", "COU", (10, "month"), (90, "year"), "Cases heard at MARAC", "Cases with children"),
    ("YTH", "COU", (10, "quarter"), (5, "month"), "Young people with two workers", "Young people with two workers"),
)  # fmt: skip


def _rows() -> Iterator[dict[str, object]]:
    for measure, agency, stated, direction, quantity, per, definition, scope, note in _TO_ALL:
        yield {
            "goal_id": _ABOUT[measure], "measure_id": measure, "agency_id": agency, "direction": direction,
            "answer": "no answer" if quantity is None else "answered", "quantity": None if quantity is None else Decimal(quantity),
            "per": per, "expected_by": None if quantity is None else BY, "definition_id": definition, "scope": scope,
            "definition_note": note, "stated_on": stated,
        }  # fmt: skip
    for giver, getter, offered, expected, giver_counts, getter_counts in _PAIRS:
        for direction, agency, other, said, note in (
            ("gives", giver, getter, offered, giver_counts), ("gets", getter, giver, expected, getter_counts),
        ):  # fmt: skip
            yield {
                "goal_id": "G1", "measure_id": "M-CASES", "agency_id": agency, "direction": direction, "counterpart_id": other,
                "answer": "answered" if said else "no answer", "quantity": Decimal(said[0]) if said else None,
                "per": said[1] if said else "year", "expected_by": BY if said else None, "definition_note": note, "stated_on": OCTOBER,
            }  # fmt: skip


EXPECTATIONS = tuple(
    Expectation.model_validate({"id": f"E{n:03}", **row}) for n, row in enumerate(_rows(), start=1)
)

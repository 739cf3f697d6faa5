"""The register of fourteen benefits, to whom each falls, the assumptions behind it, and the re-baselining of January 2026."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from partnership.benefits import Assumption, Benefit, BenefitShare, Rebaseline

_START = date(2025, 3, 31)
_END = date(2028, 3, 31)


def _benefit(
    key: str, title: str, goal: str, kind: str, full_year: int, owner: str, validator: str, **more: Any
) -> Benefit:
    return Benefit(
        id=key, title=title, goal_id=goal, benefit_class=kind, full_year_gbp=Decimal(full_year), owner_role_id=owner,
        validator_role_id=validator, is_disbenefit=full_year < 0, price_base="real", price_year="2025/26",
        baseline_on=_START, target_on=_END, **{"last_reviewed_on": date(2026, 9, 3), **more},
    )  # fmt: skip


BENEFITS = (
    _benefit(
        "B01", "Placements avoided", "G4", "cash-releasing", 720_000, "R-COU-FIN", "R-COU-FIN",
        description="Fewer children come into care because families are helped in time. The saving falls to the council; the work that brings it about is largely schools' and health visitors'.",
        item_ids=("W01", "W10"), measure_id="M-PLACEMENTS", outcome_key="O-PLACEMENT", driver_agency_id="SCH",
        baseline_value=Decimal(9), baseline_source="Children's social care system, average a month in 2024/25", target_value=Decimal(7),
        unit_cost_gbp=Decimal(51080), confidence_grade=4, starts_on=date(2026, 2, 1), lag_months=10, duration_months=48, drop_off=Decimal(10),
        step_gbp=Decimal(60_000), risk="A large family group needing care at once", evidence="Panel minutes and placement ledger",
        status="Off plan: two placements avoided so far, five planned",
    ),
    _benefit(
        "B02", "Fewer repeat referrals", "G2", "cash-releasing", 412_000, "R-COU-FIN", "R-COU-FIN",
        description="Fewer referrals about somebody referred in the last twelve months, so fewer assessments by agency staff.",
        item_ids=("W01", "W12", "W14"), measure_id="M-REPEAT", outcome_key="O-REPEAT", driver_agency_id="COU",
        baseline_value=Decimal(24), baseline_source="Front door system, year to March 2025", target_value=Decimal(12),
        unit_cost_gbp=Decimal(362), confidence_grade=3, starts_on=date(2026, 2, 1), lag_months=6, duration_months=48, drop_off=Decimal(5),
        risk="Referrals rise as people trust the front door", evidence="Agency staff invoices", status="Off plan: the look back after closing has no lead",
    ),
    _benefit(
        "B03", "Crisis contacts avoided", "G5", "capacity released", 610_000, "R-MHT-DATA", "R-MHT-FIN",
        description="Fewer contacts of the crisis team with people whom the hub reached first.",
        item_ids=("W07",), measure_id="M-CRISIS", outcome_key="O-CRISIS", driver_agency_id="POL",
        baseline_value=Decimal(480), baseline_source="Police log of calls about mental distress", target_value=Decimal(240),
        unit_cost_gbp=Decimal(640), confidence_grade=5, starts_on=date(2026, 4, 1), lag_months=3, duration_months=48, drop_off=Decimal(10),
        risk="The feed does not come", evidence="None until the trust hands in its readings", status="Withheld by the trust",
    ),
    _benefit(
        "B04", "Fewer repeat MARAC cases", "G3", "capacity released", 690_000, "R-ICB-NURSE", "R-ICB-FIN",
        description="Fewer injuries treated and fewer health assessments after a second incident.",
        item_ids=("W05", "W08", "W11"), measure_id="M-MARAC-REPEAT", outcome_key="O-MARAC", driver_agency_id="POL",
        baseline_value=Decimal(30), baseline_source="MARAC administrator, average a month in 2024/25", target_value=Decimal(25),
        unit_cost_gbp=Decimal(2470), confidence_grade=3, starts_on=date(2025, 5, 1), lag_months=1, duration_months=59, drop_off=Decimal(5),
        risk="Better detection looks like more repeats", evidence="MARAC returns, quarter by quarter", status="September and October not yet approved",
    ),
    _benefit(
        "B05", "Police hours released", "G1", "capacity released", 540_000, "R-POL-DSU", "R-POL-FIN",
        description="Fewer hours at strategy discussions and on calls to the same address.",
        item_ids=("W04",), outcome_key="O-POLICE-HOURS", driver_agency_id="COU",
        baseline_source="Duty sheets, March 2025", unit_cost_gbp=Decimal("46.50"), confidence_grade=3, starts_on=date(2025, 4, 1), lag_months=0,
        duration_months=60, drop_off=Decimal(0), risk="Hours go to other duties and are not seen", evidence="Duty sheets, two weeks a quarter", status="On plan",
    ),
    _benefit(
        "B06", "Meeting hours freed", "G1", "capacity released", 388_000, "R-HUB", "R-COU-FIN",
        description="300 hours a week that eight agencies spend in meetings now and will not spend after the change. Counted here once.",
        item_ids=("W03", "W04", "W05", "W13"), measure_id="M-HOURS", outcome_key="O-MEETING-HOURS", driver_agency_id="COU",
        baseline_value=Decimal(0), baseline_source="Diaries, two weeks in March 2025", target_value=Decimal(300),
        unit_cost_gbp=Decimal("31.20"), confidence_grade=3, starts_on=date(2025, 4, 1), lag_months=0, duration_months=60, drop_off=Decimal(10),
        risk="Meetings grow back", evidence="Diary sheets; the youth charity's are estimated", status="On plan",
    ),
    _benefit(
        "B07", "More triage calls to GPs", "G2", "capacity released", -140_000, "R-ICB-NURSE", "R-ICB-FIN",
        description="The hub rings GPs more often than eight agencies did: a cost moved to general practice.",
        item_ids=("W01",), driver_agency_id="COU", unit_cost_gbp=Decimal(39), confidence_grade=3, starts_on=date(2025, 5, 1), lag_months=1,
        duration_months=59, drop_off=Decimal(0), risk="More calls than planned", evidence="Sample of twelve practices", status="As expected",
    ),
    _benefit(
        "B08", "More assessments and joint visits", "G3", "capacity released", -300_000, "R-COU-DCS", "R-COU-FIN",
        description="Earlier finding of abuse at home brings more assessments and joint visits by the council, the police and the trust.",
        item_ids=("W05", "W08"), driver_agency_id="POL", unit_cost_gbp=Decimal(660), confidence_grade=4, starts_on=date(2025, 5, 1), lag_months=1,
        duration_months=59, drop_off=Decimal(10), risk="Autumn brings more than planned", evidence="Front door system", status="As expected",
    ),
    _benefit(
        "B09", "Fewer adjourned hearings", "G1", "no release", 210_000, "R-NAT-FIN", "R-NAT-FIN",
        description="Courts, prosecutors and Cafcass lose fewer hours to hearings put off because papers were missing. Falls to national budgets, which pay nothing for it.",
        item_ids=("W02", "W03"), outcome_key="O-HEARINGS", driver_agency_id="COU", unit_cost_gbp=Decimal(1400), confidence_grade=5,
        starts_on=date(2025, 5, 1), lag_months=1, duration_months=59, drop_off=Decimal(25), risk="Courts cut sitting days for other reasons",
        evidence="Listing office, half-yearly", status="On plan",
    ),
    _benefit(
        "B10", "Fewer school days missed", "G4", "quantified", 190_000, "R-SCH-LEAD", "R-SCH-FIN",
        description="Pupils with a plan miss fewer days once the hub sees attendance each week.",
        item_ids=("W06",), leads_to=("B01",), measure_id="M-ATTEND", outcome_key="O-TRUANCY", driver_agency_id="SCH",
        baseline_value=Decimal(38), baseline_source="Attendance extract, spring term 2025", target_value=Decimal(30),
        unit_cost_gbp=Decimal(1509), confidence_grade=4, starts_on=date(2025, 11, 1), lag_months=7, duration_months=53, drop_off=Decimal(40),
        risk="The feed covers four schools of eleven", evidence="Schools' returns, term by term", status="Waits for the attendance feed",
    ),
    _benefit(
        "B11", "Fewer breaches and recalls", "G3", "quantified", 200_000, "R-PRO-HEAD", "R-PRO-FIN",
        description="People on licence who harm at home are seen before a breach; fewer recalls to prison.",
        item_ids=("W11",), outcome_key="O-RECALL", driver_agency_id="POL", unit_cost_gbp=Decimal(2500), confidence_grade=5,
        starts_on=date(2025, 11, 1), lag_months=7, duration_months=53, drop_off=Decimal(30), risk="No officer at triage",
        evidence="Probation case system", status="Waits for the officer at triage",
    ),
    _benefit(
        "B12", "Charity casework time released", "G3", "capacity released", 110_000, "R-DAC-CEO", "R-YTH-CEO",
        description="Workers of both charities read and write in the shared system instead of driving to the hub.",
        item_ids=("W08",), outcome_key="O-CASEWORK", driver_agency_id="COU", unit_cost_gbp=Decimal("24.80"), confidence_grade=4,
        starts_on=date(2025, 11, 1), lag_months=7, duration_months=29, drop_off=Decimal(0), risk="Licences run out in March 2028",
        evidence="Time sheets of both charities", status="Waits for remote access",
    ),
    _benefit(
        "B13", "Fewer emergency attendances by children", "G2", "no release", 120_000, "R-ICB-NURSE", "R-ICB-FIN",
        description="Children known to the hub are seen by their own nurse or doctor instead of in accident and emergency.",
        item_ids=("W01", "W09"), outcome_key="O-ATTENDANCE-ED", driver_agency_id="ICB", unit_cost_gbp=Decimal(178), confidence_grade=4,
        starts_on=date(2025, 5, 1), lag_months=1, duration_months=59, drop_off=Decimal(10), risk="Winter", evidence="Hospital activity data",
        status="On plan; the next step waits for the nurse rota",
    ),
    _benefit(
        "B14", "Fewer care proceedings", "G4", "cost avoidance", 150_000, "R-COU-DCS", "R-COU-FIN",
        description="Fewer applications for care orders. Costs that nobody pays, in equal thirds: council, care board, national budgets.",
        item_ids=("W10", "W04"), outcome_key="O-PROCEEDINGS", driver_agency_id="COU", unit_cost_gbp=Decimal(25000), confidence_grade=4,
        starts_on=date(2025, 5, 1), lag_months=1, duration_months=59, drop_off=Decimal(10), risk="One large sibling group",
        evidence="Legal services", status="On plan", last_reviewed_on=date(2026, 3, 5),
    ),
)  # fmt: skip

_SHARES: dict[str, dict[str, str]] = {
    "B01": {"COU": "1"}, "B02": {"COU": "1"}, "B03": {"MHT": "1"}, "B04": {"ICB": "1"}, "B05": {"POL": "1"},
    "B06": {"COU": "37/100", "POL": "24/100", "ICB": "18/100", "MHT": "8/100", "PRO": "3/100", "SCH": "6/100", "DAC": "3/100", "YTH": "1/100"},
    "B07": {"ICB": "1"}, "B08": {"COU": "47/100", "POL": "40/100", "MHT": "13/100"}, "B09": {"NAT": "1"},
    "B10": {"SCH": "1/2", "COU": "1/3", "NAT": "1/6"}, "B11": {"PRO": "3/5", "NAT": "2/5"}, "B12": {"YTH": "4/5", "DAC": "1/5"},
    "B13": {"ICB": "1"}, "B14": {"COU": "1/3", "ICB": "1/3", "NAT": "1/3"},
}  # fmt: skip
BENEFIT_SHARES = tuple(
    BenefitShare(benefit_id=b, agency_id=a, share=Fraction(s))
    for b, parts in _SHARES.items()
    for a, s in parts.items()
)

_TAKE_UP = ("take-up", "Take-up by families", 62, "%", 45, 75, "PERT", "take-up-families", "One local pilot, 2024", 5)  # fmt: skip
_DEADWEIGHT = ("deadweight", "Would have happened anyway", 20, "%", 10, 35, "triangular", "deadweight", "Published range", 4)  # fmt: skip
_HOURS_ANYWAY = ("deadweight", "Hours that would have been freed anyway", 10, "%", 0, 20, "triangular", "hours-anyway", "Two agencies' logs before the hub", 3)  # fmt: skip


def _ramp(first: int, second: int) -> tuple[tuple[Any, ...], ...]:
    """Return the share of a full year that is reached in the first and in the second year, as the monthly plan builds up."""
    return tuple(
        ("ramp-up", f"Share reached in the {word} year", value, "%", max(value - 15, 0), min(value + 15, 100), "triangular", None, "Monthly plan to March 2027", 6)
        for word, value in (("first", first), ("second", second))
    )  # fmt: skip


# benefit: step, name, value, unit, low, high, distribution, shared name, source, grade
_ASSUMED: dict[str, tuple[tuple[Any, ...], ...]] = {
    "B01": (
        ("target population", "Families on the edge of care", 240, "families a year", 200, 280, "triangular", None, "Panel list, 2025/26", 2),
        _TAKE_UP, _DEADWEIGHT,
        ("impact", "Families in which a placement is avoided", 6, "%", 3, 9, "PERT", None, "Family group meetings, published trial", 3),
        ("unit value", "A year of a child in care", 51080, "£", 44000, 58000, "triangular", None, "Unit Cost Database v1.4, 2013/14 prices, uprated once", 2),
        *_ramp(40, 95),
        ("optimism bias", "Taken off for optimism", 15, "%", 5, 25, "uniform", None, "Green Book supplementary guidance", 3),
    ),
    "B02": (
        ("target population", "Referrals received", 12100, "referrals a year", 11400, 13000, "normal", None, "Front door system", 1),
        _TAKE_UP,
        ("impact", "Repeat referrals avoided where the family takes part", 11, "%", 4, 16, "PERT", None, "First six months of the hub", 3),
        ("unit value", "An initial assessment", 362, "£", 330, 420, "triangular", None, "Unit Cost Database v1.4, 2009/10 prices, uprated once", 2),
        _DEADWEIGHT, *_ramp(65, 65),
    ),
    "B03": (
        ("affected", "Crisis contacts with people known to the hub", 1800, "contacts a year", 1200, 2500, "triangular", None, "Police log", 5),
        ("impact", "Contacts avoided", 50, "%", 25, 60, "PERT", None, "Two trusts' evaluations", 4),
        ("unit value", "A crisis contact", 640, "£", 420, 800, "triangular", None, "Trust's reference cost, as last published", 4),
        ("attribution", "Due to the new crisis line and not to the hub", 40, "%", 20, 60, "uniform", None, "Judgement of both operations directors", 6),
        _DEADWEIGHT,
    ),
    "B04": (
        ("affected", "Repeat MARAC cases", 364, "cases a year", 340, 390, "normal", None, "MARAC administrator", 1),
        _TAKE_UP,
        ("impact", "Repeat cases avoided where the family takes part", 37, "%", 25, 45, "PERT", None, "Partners' expectations, not yet aligned", 4),
        ("other", "Incidents in a repeat case", 5, "incidents", "3.5", "6.5", "PERT", None, "Sample of sixty case files", 4),
        ("unit value", "Unit cost of a repeat MARAC case", 2470, "£", 1600, 3100, "triangular", "unit-cost-marac", "Published for an incident, 2008/09, uprated once", 3),
        _DEADWEIGHT,
        ("displacement", "Moves to another county", 5, "%", 0, 10, "uniform", None, "Judgement", 6),
        *_ramp(15, 50),
    ),
    "B05": (
        ("affected", "Strategy discussions and calls to the same address", 1000, "a year", 860, 1100, "normal", None, "Police log", 1),
        ("impact", "Hours freed for each held by video", "3.2", "hours", "2.1", 4, "triangular", "hours-freed", "Two agencies' logs", 3),
        ("other", "Officers at each", "2.8", "officers", "2.4", "3.2", "triangular", None, "Duty sheets", 2),
        ("unit value", "An hour of a detective sergeant", "46.50", "£", 43, 50, "triangular", None, "Police finance, 2025/26", 1),
        _HOURS_ANYWAY, *_ramp(20, 50),
    ),
    "B06": (
        ("affected", "Meetings ended or shortened", 94, "a week", 70, 110, "triangular", None, "Blueprint of 14 October 2026", 3),
        ("impact", "Hours freed per meeting ended", "3.2", "hours", "2.1", 4, "triangular", "hours-freed", "Two agencies' logs", 3),
        ("unit value", "An hour of staff, mean of eight agencies", "31.20", "£", 28, 35, "triangular", None, "Pay scales, 2025/26", 2),
        ("leakage", "Freed hours that go to other meetings", 35, "%", 15, 50, "PERT", None, "Judgement", 6),
        _HOURS_ANYWAY, *_ramp(35, 90),
    ),
    "B07": (
        ("affected", "Calls to practices", 3600, "a year", 3000, 4400, "triangular", None, "Hub's call log", 2),
        ("unit value", "A call answered by a doctor", 39, "£", 33, 45, "triangular", None, "Published unit costs of health and care", 2),
        *_ramp(5, 35),
    ),
    "B08": (
        ("affected", "More assessments and visits", 455, "a year", 300, 620, "triangular", None, "Front door system", 3),
        ("unit value", "A core assessment", 660, "£", 600, 740, "triangular", None, "Unit Cost Database v1.4, 2009/10 prices, uprated once", 2),
        *_ramp(5, 85),
    ),
    "B09": (
        ("affected", "Hearings not put off", 150, "a year", 60, 200, "PERT", None, "Listing office", 5),
        ("attribution", "Due to the courts' own changes", 35, "%", 20, 50, "uniform", None, "Judgement", 6),
        _DEADWEIGHT, *_ramp(40, 100),
    ),
    "B10": (
        ("target population", "Pupils with a plan", 1850, "pupils", 1700, 2000, "normal", None, "Schools' census", 1),
        _TAKE_UP,
        ("impact", "Pupils who are no longer persistently absent", 8, "%", 3, 13, "PERT", None, "Four schools, one year", 4),
        ("unit value", "A pupil's year of persistent absence", 1509, "£", 1200, 1800, "triangular", None, "Unit Cost Database v1.4, 2005/06 prices, uprated once", 3),
        _DEADWEIGHT, *_ramp(90, 100),
    ),
    "B11": (("affected", "Recalls avoided", 80, "a year", 30, 110, "PERT", None, "Probation case system", 5), _DEADWEIGHT, *_ramp(55, 100)),
    "B12": (
        ("affected", "Journeys not made", 61, "a week", 40, 75, "triangular", None, "Time sheets", 3),
        ("other", "Hours saved by each, after time for typing", "0.6", "hours", "0.4", "0.8", "triangular", None, "Time sheets", 3),
        _HOURS_ANYWAY,
    ),
    "B13": (("affected", "Attendances avoided", 670, "a year", 350, 900, "PERT", None, "Hospital activity data", 4), _DEADWEIGHT, *_ramp(10, 60)),
    "B14": (
        ("affected", "Applications avoided", 6, "a year", 2, 9, "PERT", None, "Legal services", 4),
        ("attribution", "Due to the courts' own changes", 20, "%", 10, 30, "uniform", None, "Judgement", 6),
        _DEADWEIGHT, *_ramp(25, 85),
    ),
}  # fmt: skip


def _number(value: Any) -> Decimal:
    return Decimal(str(value))


ASSUMPTIONS = tuple(
    Assumption(
        benefit_id=benefit, step=step, name=name, value=_number(value), unit=unit, low=_number(low), high=_number(high),
        distribution=spread, shared_name=shared, source=source, confidence_grade=grade,
    )
    for benefit, rows in _ASSUMED.items()
    for step, name, value, unit, low, high, spread, shared, source, grade in rows
)  # fmt: skip

REBASELINES = tuple(
    Rebaseline(
        benefit_id=benefit, version=2, agreed_on=date(2026, 1, 12), agreed_by_role_id="R-PROG",
        reason="Hub opened in February, not November: starts a quarter later and builds up more slowly",
    )
    for benefit in ("B01", "B02")
)  # fmt: skip

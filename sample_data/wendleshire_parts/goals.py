"""Measures, the five SMART goals, their milestones, and what each partner gives and gets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from partnership.goals import ChartRules, Goal, GoalMilestone, GoalPartner, Measure

MEASURES = (
    Measure(
        id="M-STORY", name="People who repeat their story", unit="%", polarity="lower", kind="share", per="month", frequency="month",
        numerator="People who told a second agency what they had told the first", denominator="People asked",
        source="Telephone survey of people whose contact was closed, about 200 a month", definition_id="D-STORY-1", counts_people=True,
        definition="Share of people asked who told a second agency what they had told the first. Asked four to six weeks after closing.",
        owner_role_id="R-PROG",
    ),
    Measure(
        id="M-CASES", name="Cases worked together in the shared system", unit="cases", polarity="neither", per="year", frequency="month",
        source="Shared system, monthly extract", counts_people=True, owner_role_id="R-HUB",
        definition="Not yet agreed: the partners use seven definitions. Until the police's draft is agreed, each reads its own.",
    ),
    Measure(
        id="M-USERS", name="Practitioners using the shared system by March 2027", unit="people", polarity="higher", per="in all", frequency="month",
        source="Shared system, active accounts on the last working day", definition_id="D-USERS-1", owner_role_id="R-HUB",
        definition="Members of staff with an account who signed in at least once in the month. Staff, not people served.",
    ),
    Measure(
        id="M-HOURS", name="Meeting hours freed", unit="hours a week", polarity="higher", kind="amount", per="week", frequency="month",
        source="Diary sheets, two weeks a quarter", owner_role_id="R-HUB",
        definition="Hours a week in multi-agency meetings before the change less hours now. Not yet agreed whether travel counts.",
    ),
    Measure(
        id="M-FAMILIES", name="Families helped early", unit="families", polarity="higher", per="year", frequency="month",
        source="Early help system", definition_id="D-FAMILIES-1", counts_people=True, owner_role_id="R-COU-DCS",
        definition="Families with a lead practitioner and a plan, begun in the month, who are not open to a social worker.",
    ),
    Measure(
        id="M-SCREENED", name="Referrals screened at the front door", unit="referrals", polarity="neither", per="month", frequency="month",
        source="Front door system", definition_id="D-SCREENED-1", owner_role_id="R-HUB",
        definition="Contacts that reach the front door and get a decision, by the agency that sent them. More may be better detection.",
    ),
    Measure(
        id="M-MARAC-AVOIDED", name="Repeat MARAC cases avoided", unit="cases", polarity="higher", per="year", frequency="month",
        source="MARAC administrator", definition_id="D-MARAC-1", counts_people=True, owner_role_id="R-POL-DSU",
        definition="Repeat cases in the 12 months before the change less repeat cases now, cases heard again inside 12 months.",
    ),
    Measure(
        id="M-FEEDS", name="Data feeds delivered by March 2027", unit="feeds", polarity="higher", per="in all", frequency="month",
        source="Programme register", definition_id="D-FEEDS-1", owner_role_id="R-PROG",
        definition="Feeds that run every week without a hand, out of four: crisis contacts, attendance, custody, health flags.",
    ),
    Measure(
        id="M-ONEDAY", name="Referrals decided within one working day", unit="%", polarity="higher", kind="share", per="month", frequency="month",
        numerator="Referrals with a decision within one working day", denominator="Referrals received", source="Front door system",
        definition_id="D-ONEDAY-1", owner_role_id="R-HUB", definition="The clock runs in working hours from the moment of receipt.",
    ),
    Measure(
        id="M-REPEAT", name="Repeat referrals", unit="%", polarity="lower", kind="share", per="month", frequency="month",
        numerator="Referrals about somebody referred in the 12 months before", denominator="Referrals received", source="Front door system",
        definition_id="D-REPEAT-1", counts_people=True, owner_role_id="R-HUB",
        definition="By the agency that referred. England stood at 22% in the year to March 2024.",
    ),
    Measure(
        id="M-MARAC-REPEAT", name="Repeat MARAC cases", unit="cases", polarity="lower", per="month", frequency="month",
        source="MARAC administrator", definition_id="D-MARAC-1", counts_people=True, owner_role_id="R-POL-DSU",
        definition="Cases heard again inside 12 months, by the agency that referred them.",
    ),
    Measure(
        id="M-CRISIS", name="Crisis contacts shared with the hub", unit="contacts", polarity="neither", per="month", frequency="month",
        source="Trust data office", definition_id="D-CRISIS-1", counts_people=True, owner_role_id="R-MHT-DATA",
        definition="Contacts of the crisis team with somebody known to the hub. The police count contacts, the trust counts people.",
    ),
    Measure(
        id="M-ATTEND", name="Pupils in plans who miss one day in ten or more", unit="%", polarity="lower", kind="share", per="month", frequency="month",
        numerator="Pupils with a plan who missed 10% of sessions or more", denominator="Pupils with a plan", source="Schools' attendance extract",
        definition_id="D-ATTEND-1", counts_people=True, owner_role_id="R-SCH-LEAD", definition="Sessions since the start of the school year.",
    ),
    Measure(
        id="M-PLACEMENTS", name="Children who came into care in the month", unit="children", polarity="neither", per="month", frequency="month",
        source="Children's social care system", definition_id="D-PLACEMENTS-1", counts_people=True, owner_role_id="R-COU-DCS",
        definition="Children who started to be looked after. Fewer is better only where they are safe: never coloured.",
    ),
    Measure(
        id="M-MONEY", name="Benefit in money", unit="£", polarity="higher", kind="amount", per="year", frequency="month",
        source="Benefit returns approved by each agency's validator", definition_id="D-MONEY-1", owner_role_id="R-COU-FIN",
        definition="Fiscal value in 2025/26 prices of what was read in the month, by the assumptions of the benefit.",
    ),
)  # fmt: skip

CHART_RULES = (
    ChartRules(measure_id="M-ONEDAY", baseline_readings=18, reason="Limits from the eighteen months before plans for the hub were known; agreed by the board in June 2026"),
    ChartRules(measure_id="M-STORY", shift_points=8, reason="The survey's own analysts use eight; kept so that both charts say the same"),
)  # fmt: skip

GOALS = (
    Goal(
        id="G1", title="Work every shared case in one system", measure_id="M-CASES", leading_measure_id="M-USERS",
        description="One place where partners see and work a case together, instead of eight records and the meetings that join them.",
        baseline_value=Decimal(310), baseline_on=date(2025, 3, 31), baseline_source="Programme's first count, March 2025",
        target_value=Decimal(5000), target_on=date(2028, 3, 31), starts_on=date(2025, 4, 1),
        owner_agency_id="COU", owner_role_id="R-HUB", last_reviewed_on=date(2026, 9, 3),
    ),
    Goal(
        id="G2", title="Halve the referrals that come back", measure_id="M-REPEAT", leading_measure_id="M-ONEDAY",
        description="A decision within one working day, an answer to whoever referred, and a look back after closing.",
        baseline_value=Decimal(24), baseline_on=date(2025, 3, 31), baseline_source="Front door system, year to March 2025",
        target_value=Decimal(12), target_on=date(2029, 3, 31), starts_on=date(2025, 4, 1),
        owner_agency_id="COU", owner_role_id="R-COU-DCS", last_reviewed_on=date(2026, 9, 3),
    ),
    Goal(
        id="G3", title="Keep victims of domestic abuse safe the first time", measure_id="M-MARAC-AVOIDED", leading_measure_id="M-MARAC-REPEAT",
        description="Fewer cases that MARAC must hear again inside twelve months; work with those who harm, not only with those harmed.",
        baseline_value=Decimal(0), baseline_on=date(2025, 3, 31), baseline_source="MARAC administrator, 364 repeat cases in the year to March 2025",
        target_value=Decimal(60), target_on=date(2028, 3, 31), starts_on=date(2025, 4, 1),
        owner_agency_id="POL", owner_role_id="R-POL-DSU", last_reviewed_on=date(2026, 9, 3),
    ),
    Goal(
        id="G4", title="Help families before they need a social worker", measure_id="M-FAMILIES", leading_measure_id="M-ATTEND",
        description="Early help with a lead practitioner, so that fewer children need to come into care.",
        baseline_value=Decimal(410), baseline_on=date(2025, 3, 31), baseline_source="Early help system, year to March 2025",
        target_value=Decimal(900), target_on=date(2029, 3, 31), starts_on=date(2025, 4, 1),
        owner_agency_id="COU", owner_role_id="R-COU-DCS", last_reviewed_on=date(2026, 3, 5),
    ),
    Goal(
        id="G5", title="Know of a crisis before the next one", measure_id="M-CRISIS", leading_measure_id="M-FEEDS",
        description="The hub hears of a crisis contact the next morning, for adults at risk and for the children who live with them.",
        baseline_value=Decimal(0), baseline_on=date(2025, 3, 31), baseline_source="No feed existed",
        target_value=Decimal(250), target_on=date(2028, 3, 31), starts_on=date(2025, 10, 1),
        owner_agency_id="MHT", owner_role_id="R-MHT-OPS", last_reviewed_on=date(2026, 9, 3),
    ),
)  # fmt: skip

_MILESTONES = (
    ("G1", date(2026, 2, 2), "Hub open, first three agencies in the shared system", 600),
    ("G1", date(2026, 11, 30), "One definition of a case agreed", None),
    ("G1", date(2027, 3, 31), "1,400 practitioners use the shared system", 2400),
    ("G1", date(2028, 3, 31), "Every shared case is worked in it", 5000),
    ("G2", date(2026, 6, 30), "Every referrer gets an answer", 21),
    ("G2", date(2027, 9, 30), "Two of three decisions within one working day in every month", 18),
    ("G2", date(2029, 3, 31), "Repeat referrals halved", 12),
    ("G3", date(2026, 9, 30), "MARAC papers in the shared system", 20),
    ("G3", date(2027, 7, 1), "One MARAC and adults meeting decided, for or against", 35),
    ("G4", date(2027, 6, 30), "Attendance feed from all secondary schools", 620),
    ("G4", date(2028, 6, 30), "Family group meetings offered first, everywhere", 780),
    ("G5", date(2026, 6, 30), "Feed of crisis contacts runs", 120),
    ("G5", date(2028, 3, 31), "Feed covers adults and older children", 250),
)
GOAL_MILESTONES = tuple(
    GoalMilestone(
        goal_id=goal, due_on=due, title=title, target_value=None if value is None else Decimal(value)
    )
    for goal, due, title, value in _MILESTONES
)

# By when each partner needs to see first results. Schools and colleges have not answered.
_FIRST_RESULTS = {
    "DAC": date(2026, 6, 30), "YTH": date(2026, 9, 30), "COU": date(2027, 3, 31), "POL": date(2027, 3, 31),
    "PRO": date(2027, 9, 30), "MHT": date(2028, 3, 31), "ICB": date(2029, 3, 31), "SCH": None,
}  # fmt: skip

# goal, agency, gives, gets
_PARTNERS = (
    ("G1", "COU", "Front door staff and the hub's rooms", "One record instead of three systems"),
    ("G1", "ICB", "Health flags, checked daily", "Fewer requests for the same history"),
    ("G1", "POL", "Strategy discussions written in the system", "Time back from meetings"),
    ("G1", "MHT", "People under a joint plan", "To know who else is involved"),
    ("G1", "PRO", "People managed jointly by law", "Warning before a breach"),
    ("G1", "SCH", "Names of safeguarding leads, kept up to date", "To hear what happened after a referral"),
    ("G1", "DAC", "Cases heard at MARAC", "Access without driving to the hub"),
    ("G1", "YTH", "Young people with two workers", "To be asked before a plan is made"),
    ("G2", "COU", "Triage seven days a week", "Fewer assessments of the same family"),
    ("G2", "ICB", "A safeguarding nurse at triage", "Fewer calls to GPs about nothing"),
    ("G2", "POL", "An officer at triage", "Fewer calls to the same address"),
    ("G2", "MHT", "Answers within a day on people it knows", "Referrals that fit"),
    ("G2", "SCH", "Referrals with the facts that are needed", "An answer to every referral"),
    ("G2", "YTH", "A reply to every young person's referrer", "Fewer young people passed around"),
    ("G3", "POL", "High-risk incidents the next morning", "Fewer repeat call-outs"),
    ("G3", "DAC", "Idva time at every meeting", "Partners who act between meetings"),
    ("G3", "COU", "Housing and children's workers at every meeting", "Fewer families moved twice"),
    ("G3", "ICB", "Flags on health records", "Fewer injuries treated"),
    ("G3", "PRO", "What is known about those who harm", "A pathway to send them to"),
    ("G4", "COU", "Early help workers", "Fewer children in care"),
    ("G4", "SCH", "Attendance every week", "A family worker who comes to school"),
    ("G4", "YTH", "Youth workers in eight places", "Longer grants"),
    ("G4", "ICB", "Health visitors' time", "Fewer emergency attendances by children"),
    ("G4", "POL", "Missing episodes the same day", "Fewer missing episodes"),
    ("G4", "MHT", "Family work beside treatment", "Referrals before a crisis"),
    ("G5", "MHT", "Feed of crisis contacts", "A place to send people who are not ill but not safe"),
    ("G5", "POL", "Calls about mental distress", "Fewer hours waiting with people"),
    ("G5", "COU", "Approved professionals at the hub", "Fewer emergency assessments"),
    ("G5", "ICB", "Payment for the crisis line", "Fewer emergency attendances"),
)
GOAL_PARTNERS = tuple(
    GoalPartner(
        goal_id=goal, agency_id=agency, gives=gives, gets=gets, first_results_by=_FIRST_RESULTS[agency]
    )
    for goal, agency, gives, gets in _PARTNERS
)

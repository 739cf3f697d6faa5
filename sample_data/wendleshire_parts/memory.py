"""Decisions, forty-six promises with what became of them, and nineteen pieces of shared information."""

from __future__ import annotations

from datetime import date, timedelta

from partnership.commitments import Commitment, Decision, Delivery, DueChange, SharedInformation

_BOARD, _GROUP = "Partnership board", "Programme group"

DECISIONS = (
    Decision(
        id="D01", title="Work as one partnership towards one goal", decided_on=date(2025, 4, 3), meeting=_BOARD, decided_by="Eight partners",
        why="Two inspections found the same families telling the same story to four agencies.",
        options="Go on as eight; merge the two boards only; one partnership with one goal.", dissent="None.",
    ),
    Decision(
        id="D02", title="Open one hub, in the council's building", decided_on=date(2025, 6, 5), meeting=_BOARD, decided_by="Eight partners", goal_id="G2", item_id="W01",
        why="The cheapest rooms that all eight can reach.", options="Virtual hub; two hubs; one hub.",
        dissent="Domestic abuse charity: women will not walk past the housing desk. A second door was agreed.",
    ),
    Decision(
        id="D03", title="Spend the pump-priming grant on the hub's first three years", decided_on=date(2025, 6, 5), meeting=_BOARD, decided_by="Finance officers", item_id="W01",
        why="The grant must be spent by March 2028.", options="Spread over five years; spend on systems; spend on people.",
        dissent="Council: nobody has said who pays from April 2028.",
    ),
    Decision(
        id="D04", title="Hold strategy discussions by video", decided_on=date(2025, 9, 11), meeting=_GROUP, decided_by="Police and council", goal_id="G1", item_id="W04",
        why="Three hours of travel for one hour of talk.", options="As now; by telephone; by video.", dissent="None.",
    ),
    Decision(
        id="D05", title="Count each benefit once, with one validator", decided_on=date(2025, 10, 2), meeting=_BOARD, decided_by="Finance officers",
        why="Meeting hours were claimed by three agencies.", options="Each agency counts its own; one register.", dissent="None.",
    ),
    Decision(
        id="D06", title="Start two benefits a quarter later", decided_on=date(2026, 1, 12), meeting=_GROUP, decided_by="Programme lead", goal_id="G4",
        why="The hub opens in February, not November.", options="Keep the plan and report the shortfall; re-baseline and show both.",
        dissent="Police: the first plan should stay the one we are judged by. Both are shown.",
    ),
    Decision(
        id="D07", title="Ask each partner what it expects, in its own words", decided_on=date(2026, 2, 5), meeting=_BOARD, decided_by="Eight partners", goal_id="G1",
        why="Agreement on the words hid disagreement on the numbers.", options="A shared target; a survey; each partner's own numbers.", dissent="None.",
    ),
    Decision(
        id="D08", title="Share the feed of crisis contacts", decided_on=date(2026, 2, 5), meeting=_BOARD, decided_by="Eight partners", goal_id="G5", item_id="W07",
        why="The hub hears of a crisis by chance.", options="Weekly list; daily feed; on request.",
        dissent="Mental health trust: only once its own data office has signed.",
    ),
    Decision(
        id="D09", title="Write one definition of a case before anything else", decided_on=date(2026, 9, 3), meeting=_BOARD, decided_by="Eight partners", goal_id="G1", item_id="W03",
        why="5 against 5,000 cases a year: every plan rests on it.", options="Let each count its own; take the council's; write one together.",
        dissent="Probation: the law already says whom we manage jointly.",
    ),
    Decision(
        id="D10", title="Blueprint of sixteen pieces of work", decided_on=date(2026, 10, 14), meeting=_GROUP, decided_by="Programme group",
        why="One picture of all the work.", options="Eight pictures; one.", dissent="Nobody took W14.",
    ),
    Decision(
        id="D11", title="Score again with the scores of round 1 on the table", decided_on=date(2026, 10, 14), meeting=_GROUP, decided_by="Programme group", item_id="W05",
        why="W05 splits the room in two.", options="Average; vote; talk and score again.", dissent="None.",
    ),
)  # fmt: skip

# Kept: agency, to (None: all partners), what, kind, days it took, delivered, due, goal, item, decision, evidence
_KEPT = (
    ("COU", None, "Rooms for the hub, fitted and signed off", "money", 63, date(2026, 1, 30), date(2026, 1, 30), "G2", "W01", "D02", "Completion certificate"),
    ("COU", "POL", "Two triage workers seconded", "staff", 30, date(2025, 6, 27), date(2025, 6, 30), "G2", "W01", "D01", "Letters of secondment"),
    ("COU", None, "Terms of reference of the programme group", "action", 21, date(2025, 5, 16), date(2025, 5, 16), None, None, "D01", "Minutes of 22 May 2025"),
    ("COU", "DAC", "Budget line for licences", "money", 28, date(2025, 10, 24), date(2025, 10, 31), "G3", "W08", None, "Budget book"),
    ("COU", "ICB", "List of cases for the first audit", "information", 12, date(2025, 9, 15), date(2025, 9, 15), "G1", "W15", None, "Audit file"),
    ("COU", "YTH", "Family group meetings offered in three districts", "action", 30, date(2026, 3, 27), date(2026, 3, 31), "G4", "W10", None, "Offer letters"),
    ("COU", "POL", "Front door figures by referrer", "information", 28, date(2026, 10, 9), date(2026, 10, 9), "G2", "W12", "D09", "Table of 9 October"),
    ("COU", None, "Draft of the front door's opening hours", "action", 30, date(2026, 11, 6), date(2026, 11, 13), "G2", "W01", None, "Draft of 6 November"),
    ("ICB", "COU", "Health flags checked daily", "information", 41, date(2025, 11, 27), date(2025, 11, 28), "G1", None, "D02", "Log of checks"),
    ("ICB", "COU", "Nurse at triage, two days a week", "staff", 30, date(2026, 2, 27), date(2026, 3, 2), "G2", "W01", "D02", "Rota"),
    ("ICB", None, "Consent form, first draft", "action", 21, date(2026, 4, 24), date(2026, 4, 30), "G1", "W09", None, "Draft of 24 April"),
    ("ICB", "COU", "Audit of ten cases, June", "action", 28, date(2026, 6, 26), date(2026, 6, 30), "G1", "W15", None, "Audit report"),
    ("ICB", "COU", "Audit of ten cases, September", "action", 28, date(2026, 9, 30), date(2026, 9, 30), "G1", "W15", None, "Audit report"),
    ("POL", "DAC", "Officer for the MARAC papers", "staff", 30, date(2025, 8, 29), date(2025, 8, 29), "G3", "W05", None, "Posting order"),
    ("POL", "DAC", "High-risk incidents the next morning", "information", 12, date(2025, 10, 13), date(2025, 10, 13), "G3", None, None, "First week's list"),
    ("POL", "COU", "Video rooms in two districts", "money", 55, date(2026, 5, 18), date(2026, 5, 18), "G1", "W04", "D04", "Test call of 14 May"),
    ("POL", "COU", "Duty sheets for two weeks, spring", "information", 28, date(2026, 4, 10), date(2026, 4, 10), "G1", "W04", "D05", "Duty sheets"),
    ("POL", "COU", "Duty sheets for two weeks, autumn", "information", 30, date(2026, 10, 16), date(2026, 10, 16), "G1", "W04", "D05", "Duty sheets"),
    ("MHT", "COU", "Named contact for each community team", "information", 21, date(2025, 7, 25), date(2025, 7, 31), "G5", None, "D02", "List of names of staff"),
    ("MHT", "COU", "Family workers' hours at the hub", "staff", 30, date(2025, 12, 12), date(2025, 12, 15), "G4", None, "D02", "Rota"),
    ("SCH", "COU", "List of safeguarding leads", "information", 12, date(2025, 9, 17), date(2025, 9, 19), "G4", "W06", None, "List"),
    ("SCH", "COU", "List of safeguarding leads, new school year", "information", 28, date(2026, 10, 2), date(2026, 10, 5), "G4", "W06", None, "List"),
    ("PRO", "POL", "What is known about those who harm, for MARAC", "information", 41, date(2026, 1, 19), date(2026, 1, 19), "G3", "W11", None, "First return"),
    ("DAC", "POL", "Idva time at every meeting", "staff", 30, date(2025, 7, 4), date(2025, 7, 7), "G3", "W05", None, "Attendance sheet"),
    ("DAC", None, "Views of twelve women on the two meetings", "information", 41, date(2026, 11, 10), date(2026, 11, 13), "G3", "W05", None, "Summary without names"),
    ("YTH", None, "Words for the reply to every referrer", "action", 21, date(2026, 6, 12), date(2026, 6, 15), "G2", "W12", None, "Text of 12 June"),
    ("YTH", "COU", "Youth workers' places and hours", "information", 55, date(2026, 8, 17), date(2026, 8, 28), "G4", None, None, "Time table"),
    ("COU", "DAC", "Licences for both charities bought", "money", 96, date(2026, 4, 21), date(2026, 3, 31), "G3", "W08", "D05", "Invoice"),
    ("COU", None, "Privacy notice in plain words", "action", 80, date(2026, 9, 25), date(2026, 7, 31), "G1", "W09", None, "Notice on the site"),
    ("ICB", "COU", "Practices told about the hub", "information", 63, date(2026, 1, 23), date(2025, 12, 31), "G2", "W01", "D02", "Bulletin"),
    ("POL", "MHT", "Custody extract, first run", "information", 55, date(2026, 7, 20), date(2026, 6, 30), "G5", "W07", "D08", "Extract of 20 July"),
    ("MHT", "COU", "Signatory for the sharing agreement named", "decision", 120, date(2026, 2, 6), date(2025, 11, 28), "G5", "W07", None, "Letter"),
    ("MHT", "COU", "Crisis contacts counted by hand, to May", "information", 96, date(2026, 9, 29), date(2026, 8, 14), "G5", "W07", "D08", "Count"),
    ("SCH", "COU", "First attendance extract, four schools", "information", 63, date(2026, 5, 8), date(2026, 3, 20), "G4", "W06", None, "Extract"),
    ("PRO", "POL", "Answer on the pathway for people who harm", "decision", 80, date(2026, 10, 23), date(2026, 9, 18), "G3", "W11", None, "Letter: not before 2028"),
)  # fmt: skip

# Open: agency, to, what, kind, made, due, goal, item, benefit that waits, decision, note
_OPEN = (
    ("MHT", "COU", "Feed of crisis contacts", "information", date(2026, 1, 12), date(2026, 6, 30), "G5", "W07", "B03", None, "The trust's data office waits for a signed agreement"),
    ("PRO", "POL", "Named officer at triage, three days a week", "staff", date(2026, 6, 9), date(2026, 9, 1), "G3", "W11", "B11", None, "Post advertised twice"),
    ("SCH", "COU", "Attendance feed, all secondary schools", "information", date(2026, 7, 8), date(2026, 9, 30), "G4", "W06", "B10", None, "Four of eleven schools send it"),
    ("COU", "DAC", "Remote access for both charities", "action", date(2026, 7, 16), date(2026, 10, 16), "G3", "W08", "B12", None, "Security test outstanding"),
    ("ICB", "COU", "Safeguarding nurse rota, published", "staff", date(2026, 8, 3), date(2026, 11, 2), "G2", "W01", "B13", "D02", None),
    ("POL", None, "Draft of one definition of a case", "action", date(2026, 10, 12), date(2026, 11, 13), "G1", "W03", None, "D09", "The talk on 5 against 5,000 waits for it"),
    ("ICB", None, "Named lead for W14", "decision", date(2026, 9, 24), date(2026, 11, 27), "G2", "W14", None, None, "In hand"),
    ("POL", "COU", "Parking budget moved to video kit", "money", date(2026, 9, 17), date(2026, 11, 30), "G1", "W04", None, "D04", "In hand"),
    ("SCH", "COU", "Second attendance extract", "information", date(2026, 9, 28), date(2026, 12, 1), "G4", "W06", None, None, "Waits for the first"),
    ("COU", None, "Staffing of the front door from April", "staff", date(2026, 9, 10), date(2027, 1, 15), "G2", "W01", None, "D09", None),
    ("DAC", "POL", "Note on what high-risk cases need", "information", date(2026, 10, 5), date(2026, 12, 18), "G3", "W05", None, None, None),
)  # fmt: skip

_ROLE = {
    "COU": "R-HUB", "ICB": "R-ICB-NURSE", "POL": "R-POL-DSU", "MHT": "R-MHT-OPS", "PRO": "R-PRO-HEAD", "SCH": "R-SCH-LEAD",
    "DAC": "R-DAC-CEO", "YTH": "R-YTH-CEO",
}  # fmt: skip


def _promises() -> tuple[tuple[Commitment, Delivery | None], ...]:
    rows: list[tuple[Commitment, Delivery | None]] = []
    every = [
        (delivered - timedelta(days=took), agency, to, title, kind, due, goal, item, None, decision, None, delivered, evidence)
        for agency, to, title, kind, took, delivered, due, goal, item, decision, evidence in _KEPT
    ] + [
        (made, agency, to, title, kind, due, goal, item, benefit, decision, note, None, None)
        for agency, to, title, kind, made, due, goal, item, benefit, decision, note in _OPEN
    ]  # fmt: skip
    for number, row in enumerate(sorted(every, key=lambda r: (r[0], r[1], r[3])), start=1):
        made, agency, to, title, kind, due, goal, item, benefit, decision, note, delivered, evidence = row
        promise = Commitment.model_validate({
            "id": f"P{number:02}", "title": title, "agency_id": agency, "to_agency_id": to, "role_id": _ROLE[agency], "kind": kind,
            "made_on": made, "due_on": due, "decision_id": decision, "goal_id": goal, "item_id": item, "benefit_id": benefit, "note": note,
        })  # fmt: skip
        done = Delivery(
            commitment_id=promise.id, delivered_on=delivered, evidence=evidence, accepted_by_role_id=_ROLE[to or "COU"],
        ) if delivered else None  # fmt: skip
        rows.append((promise, done))
    return tuple(rows)


_ROWS = _promises()
COMMITMENTS = tuple(promise for promise, _ in _ROWS)
DELIVERIES = tuple(sorted((d for _, d in _ROWS if d), key=lambda d: (d.delivered_on, d.commitment_id)))
_BY_TITLE = {p.title: p.id for p in COMMITMENTS}

DUE_CHANGES = tuple(
    DueChange(commitment_id=_BY_TITLE[title], changed_on=changed, new_due_on=new, reason=reason)
    for title, changed, new, reason in (
        ("Feed of crisis contacts", date(2026, 6, 22), date(2026, 9, 30), "Agreement on sharing not signed"),
        ("Named officer at triage, three days a week", date(2026, 8, 27), date(2026, 10, 15), "Nobody applied"),
        ("Remote access for both charities", date(2026, 10, 12), date(2026, 11, 20), "Security test failed once"),
        ("Signatory for the sharing agreement named", date(2025, 11, 24), date(2026, 1, 30), "Director on leave"),
        ("Privacy notice in plain words", date(2026, 7, 29), date(2026, 9, 30), "Readers' group met later"),
    )
)  # fmt: skip

# what, by, to, on, decision that followed, promise that followed
_SHARED = (
    ("Inspection letters of both boards", "COU", None, date(2025, 4, 3), "D01", None),
    ("Plans of three buildings", "COU", None, date(2025, 5, 29), "D02", None),
    ("Terms of the grant", "COU", None, date(2025, 5, 30), "D03", None),
    ("Names of community team leads", "MHT", "COU", date(2025, 10, 30), None, "Family workers' hours at the hub"),
    ("Travel to strategy discussions, eight weeks", "POL", "COU", date(2025, 8, 28), "D04", None),
    ("Hours in meetings, first diaries", "COU", None, date(2025, 9, 18), "D05", None),
    ("Result of the first audit", "ICB", "COU", date(2025, 10, 17), None, "Health flags checked daily"),
    ("Builder's report on the hub", "COU", None, date(2025, 12, 18), "D06", None),
    ("Repeat incidents at the same address", "POL", "DAC", date(2025, 12, 2), None, "What is known about those who harm, for MARAC"),
    ("Two meanings of a case in the minutes", "COU", None, date(2026, 1, 22), "D07", None),
    ("Contacts of the crisis team, by week", "MHT", "COU", date(2026, 1, 15), "D08", None),
    ("Complaints about forms", "ICB", None, date(2026, 3, 27), None, "Consent form, first draft"),
    ("Referrers who never heard back", "YTH", "COU", date(2026, 5, 20), None, "Words for the reply to every referrer"),
    ("Risk flags from accident and emergency", "ICB", "COU", date(2026, 8, 4), None, None),
    ("Expectation returns of March and September", "COU", None, date(2026, 9, 3), "D09", None),
    ("List of pupils missing from school", "SCH", "COU", date(2026, 9, 8), None, None),
    ("Diaries of eight agencies, September", "COU", None, date(2026, 9, 30), "D10", None),
    ("Review of repeat callers", "POL", "COU", date(2026, 10, 6), None, None),
    ("Cases heard by both meetings", "POL", "DAC", date(2026, 10, 8), "D11", None),
)  # fmt: skip
SHARED_INFORMATION = tuple(
    SharedInformation(
        id=f"S{n:02}", title=title, agency_id=by, to_agency_id=to, given_on=on, decision_id=decision,
        commitment_id=_BY_TITLE[promise] if promise else None,
    )
    for n, (title, by, to, on, decision, promise) in enumerate(sorted(_SHARED, key=lambda r: r[3]), start=1)
)  # fmt: skip

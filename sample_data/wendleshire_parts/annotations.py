"""What happened in a month, in one line."""

from __future__ import annotations

from datetime import date

from partnership.partners import Annotation

ANNOTATIONS = (
    Annotation(id="A1", period=date(2026, 2, 1), measure_id="M-ONEDAY", text="Hub opens, Feb 2026", detail="First three agencies in one room on 2 February 2026."),
    Annotation(id="A2", period=date(2026, 1, 1), benefit_id="B01", text="Re-baselined 12 January 2026", detail="Two benefits start a quarter later. The first plan is kept and both are shown."),
    Annotation(id="A3", period=date(2026, 1, 1), benefit_id="B02", text="Re-baselined 12 January 2026", detail="Two benefits start a quarter later. The first plan is kept and both are shown."),
    Annotation(id="A4", period=date(2026, 6, 1), measure_id="M-CRISIS", text="The trust withholds from June 2026", detail="Its data office waits for a signed agreement on sharing."),
    Annotation(id="A5", period=date(2025, 8, 1), measure_id="M-SCREENED", text="School holidays", detail="Referrals from schools fall every August."),
    Annotation(id="A6", period=date(2026, 7, 1), measure_id="M-ATTEND", text="Last attendance extract", detail="Four of eleven secondary schools; none since July 2026."),
    Annotation(id="A7", period=date(2026, 9, 1), measure_id="M-STORY", text="47%: outside the survey's usual range"),
)  # fmt: skip

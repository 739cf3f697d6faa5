"""How sure owners and reviewers are, and what earlier benefits of the county came to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from partnership.benefits import DeliveryConfidence, FinishedBenefit

# benefit, owner's word, reviewer's word, the reviewer's reason; said at the board of 3 September 2026
_CONFIDENCE = (
    ("B01", "R-COU-FIN", "amber", "red", "Two placements avoided of five, and the family group meetings reach three districts"),
    ("B02", "R-COU-FIN", "amber/green", "amber/red", "Nobody leads the look back after closing"),
    ("B03", "R-MHT-DATA", "amber", "amber/red", "Nothing can be seen until the trust hands in its readings"),
    ("B04", "R-ICB-NURSE", "green", "amber/green", "Two months are not approved"),
    ("B05", "R-POL-DSU", "green", "green", "Duty sheets agree with the claim"),
    ("B06", "R-HUB", "green", "amber/green", "The youth charity's hours are estimated"),
    ("B10", "R-SCH-LEAD", "amber/green", "amber/red", "Four schools of eleven, and no extract since July"),
    ("B13", "R-ICB-NURSE", "amber/green", "amber", "The nurse rota ends in March"),
)  # fmt: skip
_EARLIER = (
    ("B01", "owner", "R-COU-FIN", "amber/green", date(2026, 3, 5)),
    ("B01", "reviewer", "R-CHAIR", "amber/red", date(2026, 3, 5)),
)

DELIVERY_CONFIDENCE = tuple(
    DeliveryConfidence.model_validate(
        {"benefit_id": benefit, "rated_by": who, "stated_on": on, "confidence": word, "role_id": role, "reason": why}
    )
    for benefit, who, role, word, on, why in (
        *((b, who, role, word, on, None) for b, who, role, word, on in _EARLIER),
        *((b, "owner", role, word, date(2026, 9, 3), None) for b, role, word, _, _ in _CONFIDENCE),
        *((b, "reviewer", "R-CHAIR", word, date(2026, 9, 3), why) for b, _, _, word, why in _CONFIDENCE),
    )
)  # fmt: skip

# title, programme, class, planned and real in £ thousand over the whole life, finished
_FINISHED = (
    ("Fewer agency social workers", "Workforce plan 2018", "cash-releasing", 620, 410, date(2021, 3, 31)),
    ("Shorter assessments", "Workforce plan 2018", "capacity released", 260, 238, date(2021, 3, 31)),
    ("Fewer out-of-county placements", "Edge of care 2018", "cash-releasing", 940, 517, date(2022, 3, 31)),
    ("Return home interviews in house", "Edge of care 2018", "cash-releasing", 180, 171, date(2021, 9, 30)),
    ("Fewer missing episodes", "Edge of care 2018", "capacity released", 210, 134, date(2022, 3, 31)),
    ("Police time at conferences", "Video meetings 2020", "capacity released", 150, 165, date(2023, 3, 31)),
    ("Health time at conferences", "Video meetings 2020", "capacity released", 120, 109, date(2023, 3, 31)),
    ("Travel not paid", "Video meetings 2020", "cash-releasing", 45, 61, date(2023, 3, 31)),
    ("Fewer repeat call-outs", "Domestic abuse court 2019", "capacity released", 480, 322, date(2023, 9, 30)),
    ("Fewer adjournments", "Domestic abuse court 2019", "no release", 160, 88, date(2023, 9, 30)),
    ("Fewer emergency attendances", "Early help 2019", "no release", 300, 201, date(2024, 3, 31)),
    ("Fewer child in need plans", "Early help 2019", "cash-releasing", 510, 367, date(2024, 3, 31)),
    ("Family workers' time", "Early help 2019", "capacity released", 190, 176, date(2024, 3, 31)),
    ("One referral form", "Front door 2021", "capacity released", 95, 99, date(2025, 3, 31)),
)  # fmt: skip

FINISHED_BENEFITS = tuple(
    FinishedBenefit.model_validate({
        "id": f"F{number:02}", "title": title, "programme": programme, "benefit_class": kind, "planned_gbp": Decimal(planned * 1000),
        "realised_gbp": Decimal(real * 1000), "finished_on": on, "reviewed_on": date(on.year, 12, 1) if on.month == 3 else date(on.year + 1, 6, 1),
        "source": f"Review of {programme}",
    })
    for number, (title, programme, kind, planned, real, on) in enumerate(_FINISHED, 1)
)  # fmt: skip

"""The partnership, its agencies and the people who hold roles in them. All names are invented."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from partnership.partners import Agency, Partnership, RoleHolder

PARTNERSHIP = (
    Partnership(
        id="WSP",
        name="Wendleshire Safeguarding Partnership",
        bhag="By March 2030, no one in Wendleshire has to tell their story twice before they are safe.",
        bhag_measure_id="M-STORY",
        bhag_baseline_value=Decimal(61),
        bhag_baseline_on=date(2025, 3, 14),
        bhag_target_value=Decimal(10),
        bhag_target_on=date(2030, 3, 31),
        plan_starts_on=date(2025, 4, 1),
        plan_ends_on=date(2030, 3, 31),
        last_board_on=date(2026, 9, 3),
        next_board_on=date(2026, 12, 3),
        price_year="2025/26",
        gap_discuss_ratio=Decimal(2),
        gap_redefine_ratio=Decimal(10),
        off_plan_share=Decimal(80),
    ),
)

# id, name, short name, sector, duty, joined, mark (hue, fill, shape)
_AGENCIES = (
    ("COU", "Council", None, "council", "statutory", date(2019, 9, 29), "blue full square"),
    ("ICB", "Integrated care board", "Care board", "health", "statutory", date(2022, 7, 1), "turquoise full circle"),
    ("POL", "Police", None, "police", "statutory", date(2019, 9, 29), "pink full triangle-up"),
    ("MHT", "Mental health trust", None, "health", "relevant", date(2023, 4, 1), "turquoise tint pentagon"),
    ("PRO", "Probation", None, "justice", "relevant", date(2021, 6, 26), "pink tint triangle-down"),
    ("SCH", "Schools and colleges", "Schools", "education", "relevant", date(2024, 1, 8), "blue tint diamond"),
    ("DAC", "Domestic abuse charity", None, "voluntary", "relevant", date(2021, 10, 1), "orange full hexagon"),
    ("YTH", "Youth charity", None, "voluntary", "relevant", date(2024, 4, 1), "orange tint star"),
    ("NAT", "National budgets", None, "national", "outside", None, "grey full x"),
)  # fmt: skip

AGENCIES = tuple(
    Agency(
        id=code, code=code, name=name, short_name=short, sector=sector, duty=duty, joined_on=joined, mark=mark
    )
    for code, name, short, sector, duty, joined, mark in _AGENCIES
)

# id, agency, role, holder, from, to. A blank holder: the role is empty, or its holder is not named here.
_ROLES = (
    ("R-CHAIR", "COU", "Independent chair", "Ada Merrow", date(2024, 6, 3), None),
    ("R-PROG", "COU", "Programme lead", "Ines Okonjo-Hart", date(2025, 2, 17), None),
    ("R-HUB-1", "COU", "Hub manager", "Tom Welland", date(2025, 4, 1), date(2025, 12, 19)),
    ("R-HUB", "COU", "Hub manager", "Priya Sandgate", date(2026, 2, 2), None),
    ("R-COU-FIN-1", "COU", "Finance officer, council", "Gwen Halloran", date(2023, 1, 9), date(2026, 3, 31)),
    ("R-COU-FIN", "COU", "Finance officer, council", "Martin Oxley", date(2026, 4, 13), None),
    ("R-COU-DCS", "COU", "Director of children's services", "Helen Averill", date(2022, 9, 1), None),
    ("R-COU-DASS", "COU", "Director of adult social services", None, date(2026, 8, 1), None),
    ("R-COU-SCORE", "COU", "Scorer, council", "Helen Averill", date(2026, 9, 1), None),
    ("R-ICB-NURSE", "ICB", "Designated nurse", "Comfort Addai", date(2023, 5, 15), None),
    ("R-ICB-FIN", "ICB", "Finance officer, care board", "Lewis Tarrant", date(2024, 11, 4), None),
    ("R-ICB-CEX-1", "ICB", "Chief executive, care board", "Roland Pike", date(2022, 7, 1), date(2026, 1, 31)),
    ("R-ICB-CEX", "ICB", "Chief executive, care board", None, date(2026, 2, 1), None),
    ("R-ICB-SCORE", "ICB", "Scorer, care board", "Comfort Addai", date(2026, 9, 1), None),
    ("R-POL-DSU-1", "POL", "Detective superintendent", "Karl Emmett", date(2023, 3, 6), date(2025, 10, 31)),
    ("R-POL-DSU", "POL", "Detective superintendent", "Sian Prothero", date(2025, 12, 1), None),
    ("R-POL-FIN", "POL", "Finance officer, police", "Dev Rahman", date(2024, 2, 12), None),
    ("R-POL-SCORE", "POL", "Scorer, police", "Sian Prothero", date(2026, 9, 1), None),
    ("R-MHT-DATA", "MHT", "Trust data office", None, date(2025, 4, 1), None),
    ("R-MHT-OPS-1", "MHT", "Director of operations, trust", "Bella Crane", date(2023, 4, 1), date(2026, 5, 29)),
    ("R-MHT-OPS", "MHT", "Director of operations, trust", "Oluwaseun Bright", date(2026, 9, 7), None),
    ("R-MHT-FIN", "MHT", "Finance officer, trust", "Nadia Kemp", date(2024, 6, 1), None),
    ("R-MHT-SCORE", "MHT", "Scorer, trust", "Oluwaseun Bright", date(2026, 9, 7), None),
    ("R-PRO-HEAD", "PRO", "Head of probation delivery unit", "Jasper Lowe", date(2024, 10, 1), None),
    ("R-PRO-FIN", "PRO", "Finance officer, probation", None, date(2025, 4, 1), None),
    ("R-PRO-SCORE", "PRO", "Scorer, probation", "Jasper Lowe", date(2026, 9, 1), None),
    ("R-SCH-LEAD", "SCH", "Schools' safeguarding lead", "Miriam Dale", date(2024, 1, 8), None),
    ("R-SCH-FIN", "SCH", "Finance officer, schools forum", "Peter Ainsty", date(2024, 9, 1), None),
    ("R-SCH-SCORE", "SCH", "Scorer, schools", "Miriam Dale", date(2026, 9, 1), None),
    ("R-DAC-CEO", "DAC", "Chief officer, domestic abuse charity", "Zainab Moor", date(2021, 10, 1), None),
    ("R-DAC-SCORE", "DAC", "Scorer, domestic abuse charity", "Zainab Moor", date(2026, 9, 1), None),
    ("R-YTH-CEO-1", "YTH", "Chief officer, youth charity", "Callum Reeve", date(2024, 4, 1), date(2026, 6, 30)),
    ("R-YTH-CEO", "YTH", "Chief officer, youth charity", "Ffion Strand", date(2026, 7, 13), None),
    ("R-YTH-SCORE", "YTH", "Scorer, youth charity", "Ffion Strand", date(2026, 9, 1), None),
    ("R-NAT-FIN", "NAT", "Finance officer, national programme", None, date(2025, 4, 1), None),
)  # fmt: skip

ROLE_HOLDERS = tuple(
    RoleHolder(id=key, agency_id=agency, role=role, holder=holder, started_on=start, ended_on=end)
    for key, agency, role, holder, start, end in _ROLES
)

"""What the partners have written down of how sure they are and of how money may pass: ties between assumptions, and agreements.

Few on purpose. The council has put half of one saving under contract until March 2028; four pairs of agencies have a route; most pairs
have none, and the settlement says so.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from partnership.roi import Correlation, FundingAgreement

CORRELATIONS = (
    Correlation(
        id="K1", assumption_a="take-up-families", assumption_b="B02|impact|Repeat referrals avoided where the family takes part",
        rank_correlation=Decimal("-0.3"), source="Judgement of the data group, 9 September 2026",
        note="The first families to take part are those easiest to help",
    ),
    Correlation(
        id="K2", assumption_a="take-up-families", assumption_b="hub-staff", rank_correlation=Decimal("0.4"),
        source="Judgement of the data group, 9 September 2026", note="More families taking part need more hours of the hub",
    ),
)  # fmt: skip

AGREEMENTS = (
    FundingAgreement(
        id="A1", payer_agency_id="COU", receiver_agency_id="POL", route="transfer agreement", nature="revenue",
        reference="Hub agreement of 28 January 2026, schedule 3", benefit_id="B02", contracted_share=Fraction(1, 2),
        starts_on=date(2026, 4, 1), review_on=date(2027, 10, 1), ends_on=date(2028, 3, 31),
        reinvestment="Half of the cash released goes back into family help", reinvested_share=Fraction(1, 2),
        source="Cabinet report of 20 January 2026, annex B",
    ),
    FundingAgreement(
        id="A2", payer_agency_id="COU", receiver_agency_id="SCH", route="recharge", nature="revenue",
        reference="Schools forum of 14 October 2026, minute 6", starts_on=date(2026, 4, 1), ends_on=date(2028, 3, 31),
        source="Minutes of the schools forum",
    ),
    FundingAgreement(
        id="A3", payer_agency_id="ICB", receiver_agency_id="COU", route="pooled fund", reference="Section 75 agreement, schedule 4",
        starts_on=date(2025, 4, 1), review_on=date(2027, 10, 1), ends_on=date(2030, 3, 31), source="Section 75 agreement",
    ),
    FundingAgreement(
        id="A4", payer_agency_id="COU", receiver_agency_id="ICB", route="pooled fund", reference="Section 75 agreement, schedule 4",
        starts_on=date(2025, 4, 1), review_on=date(2027, 10, 1), ends_on=date(2030, 3, 31), source="Section 75 agreement",
    ),
)  # fmt: skip

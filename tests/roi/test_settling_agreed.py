"""What the plan itself says of routes and contracts: settled as written, overruled by terms, told in words."""

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from roi_building import benefit, make_plan, paid, share

from partnership._roi.explaining_settlement import explain_settlement, settlement_addresses
from partnership._roi.settled import Terms
from partnership._workflows.settling import settle_plan, settled_as_json
from partnership.roi import FundingAgreement, Route
from partnership.tabular import settlement_page, settlement_workbook

INFLATION = Decimal("0.02")
BY = Terms(method="equal return")
APRIL, MARCH = dt.date(2025, 4, 1), dt.date(2026, 3, 31)


def agreed(key="G1", payer="B", receiver="A", route="pooled fund", **more):
    return FundingAgreement(id=key, payer_agency_id=payer, receiver_agency_id=receiver, route=route, **more)


def plan_of(*agreements, **more):
    """A pays £800 and gains £500 of capacity; B pays £100 and gains £1,000 of cash a year for two years."""
    return make_plan(
        items=("W1",),
        benefits=[
            benefit("B1", benefit_class="cash-releasing", item_ids=("W1",), full_year_gbp=Decimal(1000), duration_months=24),
            benefit("B2", item_ids=("W1",), full_year_gbp=Decimal(500), duration_months=12),
        ],
        shares=[share("B1", "B"), share("B2", "A")],
        contributions=[paid("C1", "A", 2025, 800, item_id="W1"), paid("C2", "B", 2025, 100, item_id="W1")],
        agreements=agreements, **more,
    )  # fmt: skip


def settled(*agreements, terms=BY, inflation="0.02", **more):
    return settle_plan(plan_of(*agreements), terms, inflation=Decimal(inflation), **more)


def lines(done):
    return [(t.financial_year, str(t.amount_gbp), t.route, t.agreement_id) for t in done.settlement.transfers]


@pytest.mark.parametrize(
    ("said", "transfers"),
    [
        ({}, []),  # a route alone is no contract: the saving is a forecast
        ({"benefit_id": "B1", "contracted_share": "1/2", "ends_on": MARCH}, [(2025, "500.00")]),
        ({"benefit_id": "B1", "contracted_share": "1/2", "ends_on": dt.date(2025, 9, 30)}, [(2025, "250.00")]),  # six months of twelve
        ({"benefit_id": "B1", "contracted_share": "1/3", "starts_on": dt.date(2025, 4, 2), "ends_on": MARCH}, [(2025, "305.56")]),  # 11 whole months
        ({"benefit_id": "B1", "contracted_gbp": Decimal(300), "financial_year": 2026}, [(2026, "300.00")]),  # pounds of the day
        ({"benefit_id": "B1", "contracted_gbp": Decimal(9000), "financial_year": 2026}, [(2026, "1020.00")]),  # no more than is forecast
        ({"benefit_id": "B1", "contracted_share": "1/4"}, [(2025, "250.00"), (2026, "255.00")]),  # 1000 / 4, then 2% more
        ({"benefit_id": "B1", "ring_fenced": True}, []),
        ({"benefit_id": "B2"}, []),
        ({"benefit_id": "B1", "starts_on": dt.date(2029, 4, 1)}, []),
    ],
)  # fmt: skip
def test_contract_of_the_plan_pays_its_part_in_its_years_and_no_other(said, transfers):
    done = settled(agreed(**said))
    due = done.chosen.transfer_gbp["A"]
    assert due > 1000
    assert [(y, a) for y, a, _, _ in lines(done)] == transfers
    assert {r for _, _, r, _ in lines(done)} <= {"pooled fund"}
    for year in (2025, 2026):
        assert sum(b.amount_gbp for b in done.settlement.balances if b.financial_year == year) == 0


def test_each_agreement_is_told_with_its_term_its_contract_and_how_it_was_taken():
    done = settled(
        agreed(benefit_id="B1", contracted_share="1/3", starts_on=APRIL, ends_on=MARCH, reference="Schedule 3", source="Cabinet"),
        agreed("G2", benefit_id="B2"),
        agreed("G3", payer="A", receiver="B", benefit_id="B1"),
        agreed("G4", benefit_id="B1", contracted_gbp=Decimal(5), financial_year=2060, starts_on=APRIL),
        agreed("G5", receiver="B", ends_on=MARCH),
        agreed("G6", benefit_id="B1", ring_fenced=True),
        terms=BY,
    )  # fmt: skip
    said = {w.id: (w.contract, w.used, w.term) for w in done.written}
    assert said["G1"] == ("33.33% of what falls to Agency B of “Benefit B1”, in its term.", "Used.", "1 April 2025 to 31 March 2026")  # fmt: skip
    assert "is no cash-releasing benefit: nothing of it is under contract" in said["G2"][0]
    assert said["G3"][0] == "Nothing of “Benefit B1” falls to the payer: nothing is under contract."
    assert "the year is not appraised, so it is left out" in said["G4"][0]
    assert said["G4"][2] == "from 1 April 2025, no end agreed"
    assert said["G5"][1:] == ("Not used: one agency stands on both sides.", "until 31 March 2026")
    assert said["G6"][0] == "“Benefit B1” is tied to one purpose: it never crosses."
    assert done.settlement.transfers == ()
    unpriced = settle_plan(
        plan_of(agreed(benefit_id="B1", contracted_gbp=Decimal(5), financial_year=2026)), BY
    )
    assert "neither a deflator nor an inflation rate says what that is" in unpriced.written[0].contract
    assert unpriced.settlement.total_gbp == 0


def test_terms_stand_in_for_the_plans_routes_and_contracts_and_say_so():
    plans = agreed(benefit_id="B1", contracted_share="1/2", ends_on=MARCH)
    own = settled(plans)
    assert "Routes are those of the plan: 1 agreement." in own.notes
    assert "Under contract is what the plan's agreements have; the rest is a forecast." in own.notes
    over = settled(plans, terms=Terms(method="equal return", contracted=("B1",), routes=(Route("B", "A", "grant"),)))  # fmt: skip
    assert {(r, key) for _, _, r, key in lines(over)} == {("grant", "")}
    assert len(lines(over)) == 2
    assert "Routes are those of the terms: 1 route. 1 agreement of the plan lends none." in over.notes
    assert "Under contract are those that the terms name: B1, wholly. What the plan has under contract is not used." in over.notes  # fmt: skip
    assert [w.used for w in over.written] == ["Its route and contract not used: the terms say otherwise.", "A route of the terms."]  # fmt: skip
    none = settled(plans, terms=Terms(method="equal return", contracted=()))
    assert lines(none) == []
    assert "The plan has no agreement, so no transfer has a route." in settled().notes


def test_route_serves_the_years_and_the_money_of_its_agreement():
    contract = agreed("G0", benefit_id="B1", receiver="A", route="grant", ends_on=MARCH, nature="capital")
    later = agreed(
        "G2", route="recharge", starts_on=dt.date(2026, 7, 1), benefit_id="B1", contracted_share="1/2"
    )
    done = settled(contract, later)
    assert [(y, r) for y, _, r, _ in lines(done)] == [(2025, "no route"), (2026, "recharge")]
    assert lines(done)[1][3] == "G2"
    both = settled(agreed("G9", route="grant"), agreed("G3", benefit_id="B1", contracted_share="1/2"))
    assert {(r, key) for _, _, r, key in lines(both)} == {
        ("pooled fund", "G3")
    }  # the first by id that serves


def test_reading_of_part_of_a_year_gives_way_to_a_contract_for_more_and_to_no_other():
    plans = agreed(benefit_id="B1", contracted_share="1/2", ends_on=MARCH)
    less, more = ({("B1", "B", 2025): (Decimal(x), 3)} for x in ("123.40", "600.00"))
    held = settled(plans, readings=less)
    assert [a for _, a, _, _ in lines(held)] == ["500.00"]
    assert (
        "In 2025/26 less was read so far than is under contract: the contract stands in its place."
        in held.notes
    )
    assert [a for _, a, _, _ in lines(settled(plans, readings=more))] == ["600.00"]
    whole = {("B1", "B", 2025): (Decimal("123.40"), 12)}
    assert [a for _, a, _, _ in lines(settled(plans, readings=whole))] == ["123.40"]


def test_fields_of_the_investment_agreement_are_the_plans_where_terms_leave_them_out():
    rows = (
        agreed(starts_on=APRIL, review_on=dt.date(2026, 1, 1), ends_on=MARCH, reinvestment="Half goes back.", reinvested_share="1/2"),
        agreed("G2", starts_on=dt.date(2025, 6, 1), ends_on=dt.date(2027, 3, 31), reinvested_share="1/2", reinvestment="Half goes back."),
    )  # fmt: skip
    found = settled(*rows).agreement
    assert (found.starts_on, found.review_on, found.ends_on) == (
        APRIL,
        dt.date(2026, 1, 1),
        dt.date(2027, 3, 31),
    )
    assert (found.reinvestment, found.reinvested_share, found.missing) == (
        "Half goes back.",
        Decimal("0.5"),
        (),
    )
    own = settled(*rows, terms=Terms(method="equal return", reinvestment="All is kept.", reinvested_share=Decimal(0))).agreement  # fmt: skip
    assert (own.reinvestment, own.reinvested_share, own.starts_on) == ("All is kept.", 0, APRIL)


def test_route_and_contract_stand_in_every_form_and_explain_themselves():
    done = settled(agreed(benefit_id="B1", contracted_share="1/2", ends_on=MARCH, reference="Schedule 3", source="Cabinet, 20 January"))  # fmt: skip
    data = settled_as_json(done)
    assert data["transfers"][0]["agreement"] == data["agreements"][0]["id"] == "G1"
    assert data["agreements"][0]["contract"].startswith("50% of what falls to Agency B")
    page = settlement_page(done)
    book = openpyxl.load_workbook(io.BytesIO(settlement_workbook(done)))["Agreement"]
    cells = " ".join(str(c.value) for row in book.iter_rows() for c in row if c.value is not None)
    for form in (page, cells):
        assert "pooled fund, Schedule 3" in form
        assert "50% of what falls to Agency B of “Benefit B1”, in its term." in form
        assert "until 31 March 2026" in form
    assert "None is written down, so no transfer has a route." in settlement_page(settled())
    at = next(a for a in settlement_addresses(done) if a.endswith("B|A/amount_gbp"))
    route = next(p for p in explain_settlement(done, at).parts if p.title == "Route")
    assert (route.value, route.method, route.source) == ("pooled fund, Schedule 3", "agreement G1 of the plan", "Cabinet, 20 January")  # fmt: skip
    assert [p.value for p in route.parts] == ["until 31 March 2026", "50% of what falls to Agency B of “Benefit B1”, in its term.", "Used."]  # fmt: skip
    bare = settled(agreed(receiver="A", nature="capital", benefit_id="B1"))
    at = next(a for a in settlement_addresses(bare) if a.endswith("B|A/amount_gbp"))
    route = next(p for p in explain_settlement(bare, at).parts if p.title == "Route")
    assert (route.value, route.method) == ("no route", "no agreement of the two parties serves this nature of money in this year")  # fmt: skip


def test_county_pays_half_of_one_saving_by_the_routes_that_its_partners_have_written_down(county):
    terms = Terms(method="equal return", classes=("cash-releasing",))
    done = settle_plan(county, terms, inflation=INFLATION)
    half = {2026: Decimal("57766.85"), 2027: Decimal("59596.57")}  # half of £115,533.69 and of £119,193.13
    paid_real = {y: sum(t.real_gbp for t in done.settlement.transfers if t.financial_year == y) for y in (2025, 2026, 2027, 2028)}  # fmt: skip
    assert paid_real[2025] == paid_real[2028] == 0
    for year, amount in half.items():
        assert abs(paid_real[year] - amount) < Decimal("0.02")
    routes = {t.receiver_id: t.route for t in done.settlement.transfers}
    assert routes == {
        "POL": "transfer agreement", "SCH": "recharge", "ICB": "pooled fund",
        "MHT": "no route", "PRO": "no route", "DAC": "no route", "YTH": "no route",
    }  # fmt: skip
    assert sum(b.amount_gbp for b in done.settlement.balances) == 0

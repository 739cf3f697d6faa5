"""Settling a whole plan: what can pass, what stands in the way, and what is written down."""

import datetime as dt
import io
from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser

import openpyxl
import pytest
from roi_building import assumed, benefit, make_plan, paid, share

from partnership._roi.settled import Terms
from partnership._workflows.settling import settle_plan, settled_as_json
from partnership._workflows.settling_terms import read_terms
from partnership.errors import InvalidInput, UnknownName
from partnership.plan import Plan
from partnership.roi import Route
from partnership.tabular import settlement_page, settlement_workbook


def wrong_pockets(agencies=("A", "B")):
    """A pays for the work, B gains the cash: the plainest case of wrong pockets."""
    return make_plan(
        agencies=agencies,
        items=("W1",),
        benefits=[
            benefit("B1", benefit_class="cash-releasing", item_ids=("W1",), full_year_gbp=Decimal(1000), duration_months=24),
            benefit("B2", benefit_class="capacity released", item_ids=("W1",), full_year_gbp=Decimal(500), duration_months=12, title="=SUM(1)<b>"),
        ],
        shares=[share("B1", "B"), share("B2", "A")],
        contributions=[paid("C1", "A", 2025, 800, item_id="W1"), paid("C2", "B", 2025, 100, item_id="W1")],
    )  # fmt: skip


TERMS = Terms(
    method="equal return",
    contracted=("B1",),
    routes=(Route("B", "A", "pooled fund", "Section 75, schedule 3"),),
)


def test_contracted_cash_passes_by_its_route_year_by_year_and_sums_to_what_is_due():
    done = settle_plan(wrong_pockets(), TERMS, inflation=Decimal("0.02"))
    found = done.settlement
    due = done.chosen.transfer_gbp
    assert due["A"] == -due["B"] > 0
    assert {(t.payer_id, t.receiver_id, t.route, t.reference) for t in found.transfers} == {
        ("B", "A", "pooled fund", "Section 75, schedule 3")
    }
    back = sum(
        Fraction(t.amount_gbp)
        / Fraction(t.price_step)
        / Fraction(Decimal("1.035")) ** (t.financial_year - 2025)
        for t in found.transfers
    )
    assert abs(back - Fraction(due["A"])) < Fraction(1, 50)
    for year in {b.financial_year for b in found.balances}:
        assert sum(b.amount_gbp for b in found.balances if b.financial_year == year) == 0
    assert done.why == (
        f"Agency B should give £{-due['B']:,.2f}. All of it can pass.",
        f"Agency A should receive £{due['A']:,.2f}. All of it is funded.",
    )
    assert done.headline.startswith("£")
    assert "one transfer" in done.headline or "transfers" in done.headline


def test_the_same_cash_as_a_forecast_does_not_pass_and_says_what_to_do():
    done = settle_plan(wrong_pockets(), Terms(method="equal return"), inflation=Decimal("0.02"))
    assert not done.settlement.transfers
    assert "none of it can be paid" in done.headline
    assert "cash that is only forecast. Realise it or put it under contract." in done.why[0]
    assert {n.reason for n in done.settlement.not_paid} == {
        "forecast: neither realised nor contracted",
        "capacity released: informs the shares and is never paid",
    }


def test_readings_of_a_whole_year_pay_and_a_contract_stands_in_for_a_year_read_in_part():
    plan = wrong_pockets()
    terms = Terms(method="equal return")
    whole = settle_plan(
        plan, terms, inflation=Decimal(0), readings={("B1", "B", 2025): (Decimal("123.45"), 12)}
    )
    assert [(t.financial_year, t.amount_gbp) for t in whole.settlement.transfers] == [
        (2025, Decimal("123.45"))
    ]
    part = {("B1", "B", 2025): (Decimal("23.45"), 3)}
    assert settle_plan(plan, terms, inflation=Decimal(0), readings=part).settlement.total_gbp == Decimal(
        "23.45"
    )
    assert "Read in part: 2025/26" in settle_plan(plan, terms, inflation=Decimal(0), readings=part).notes[1]
    assert settle_plan(plan, TERMS, inflation=Decimal(0), readings=part).settlement.total_gbp > Decimal(
        "23.45"
    )


def test_without_an_inflation_shares_are_shown_and_the_settlement_is_withheld_in_words():
    done = settle_plan(wrong_pockets(), TERMS)
    assert done.settlement is None
    assert done.shares.results["equal return"].net_gbp
    assert "State an inflation rate" in done.headline


def test_ring_fenced_cash_and_capital_do_not_cross():
    ring = settle_plan(
        wrong_pockets(),
        Terms(method="equal return", contracted=("B1",), ring_fenced=("B1",)),
        inflation=Decimal(0),
    )
    assert not ring.settlement.transfers
    capital = settle_plan(
        wrong_pockets(),
        Terms(method="equal return", contracted=("B1",), capital=("B1",)),
        inflation=Decimal(0),
    )
    assert not capital.settlement.transfers
    assert "ring-fenced" in ring.why[0]


def test_floor_that_cannot_be_kept_is_refused_and_an_empty_plan_says_so():
    with pytest.raises(InvalidInput, match="no worse off"):
        settle_plan(make_plan(contributions=[paid("C1", "A", 2025, 800)]), Terms(floor=True))
    with pytest.raises(InvalidInput, match="nobody to share between"):
        settle_plan(make_plan(agencies=()), Terms())
    nothing = settle_plan(make_plan(), Terms(method="shapley"), inflation=Decimal(0))
    assert nothing.headline == "Nobody owes anybody anything: each already has its share."


@pytest.mark.parametrize(
    ("terms", "what"),
    [
        (lambda: Terms(method="fair"), "way of sharing"), (lambda: Terms(classes=("cash",)), "class of benefit"),
        (lambda: settle_plan(wrong_pockets(), Terms(contracted=("B9",))), "benefit"),
        (lambda: settle_plan(wrong_pockets(), Terms(routes=(Route("A", "Z", "grant"),))), "agency"),
    ],
)  # fmt: skip
def test_stranger_in_the_terms_is_refused_by_name(terms, what):
    with pytest.raises(UnknownName, match=what):
        terms()


def test_terms_file_is_read_whole_and_each_fault_is_named():
    terms = read_terms(
        """
method = "shapley"
floor = true
classes = ["cash-releasing"]
passed_on = "50%"
contracted = ["B1"]
reinvestment = "Half goes back."
reinvested_share = "0.5"
starts_on = 2026-04-01
[[route]]
payer = "B"
receiver = "A"
name = "grant"
nature = "revenue"
[[alone]]
agencies = ["A", "B"]
gain_gbp = "1,000.50"
"""
    )
    assert terms.floor
    assert (terms.passed_on, terms.reinvested_share, terms.starts_on) == (
        Decimal("0.5"),
        Decimal("0.5"),
        dt.date(2026, 4, 1),
    )
    assert terms.routes == (Route("B", "A", "grant", "", "revenue"),)
    assert terms.alone == {frozenset("AB"): Fraction(2001, 2)}
    for text, words in (
        ("methd = 'x'", "method"), ("floor = 'yes'", "true or false"), ("passed_on = '150%'", "share from 0 to 1"), ("contracted = 'B1'", "list of texts"),
        ("starts_on = '1 April'", "date"), ("[[route]]\npayer = 'A'", "lacks its receiver"), ("[[route]]\npayer='A'\nreceiver='B'\nname='cheque'", "no route"),
        ("[[alone]]\nagencies = ['A']", "lacks its agencies or its gain"), ("route = 3", r"\[\[route\]\]"), ("= 3", "cannot be read"),
        ("[[route]]\npayer='A'\nreceiver='B'\nname='grant'\nnature='both'", "revenue or capital"), ("passed_on = 'nan'", "number in quotes"),
    ):  # fmt: skip
        with pytest.raises((InvalidInput, UnknownName), match=words):
            read_terms(text)


def test_stated_gains_of_groups_take_the_place_of_derived_ones():
    plan = wrong_pockets()
    free = settle_plan(plan, Terms(method="shapley"), inflation=Decimal(0))
    stated = {frozenset("A"): Fraction(500), frozenset("B"): Fraction(0)}
    found = settle_plan(plan, Terms(method="shapley", alone=stated), inflation=Decimal(0))
    assert found.shares.results["shapley"].net_gbp != free.shares.results["shapley"].net_gbp
    assert found.shares.notes[0] == "What groups would gain alone is stated."


def test_eleven_agencies_are_sampled_with_their_error_and_still_settle():
    many = tuple("CDEFGHIJK")
    done = settle_plan(
        wrong_pockets(("A", "B", *many)), Terms(method="shapley", contracted=("B1",)), inflation=Decimal(0)
    )
    assert done.chosen.standard_error_gbp
    assert done.shares.results["nucleolus"].withheld
    assert sum(done.chosen.transfer_gbp.values()) == 0
    assert done.settlement is not None


class _Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.words = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.words.append(data)


def test_settlement_is_written_as_workbook_and_page_with_every_transfer_and_nothing_that_runs():
    done = settle_plan(wrong_pockets(), TERMS, inflation=Decimal("0.02"))
    book = openpyxl.load_workbook(io.BytesIO(settlement_workbook(done, name="=A&B")))
    kept = openpyxl.load_workbook(io.BytesIO(settlement_workbook(done, name="=A&B")), data_only=True)
    rows = [[c.value for c in r] for r in kept["Settlement"].iter_rows(min_row=8)]
    shown = [r for r in rows if r[7] == "pooled fund"]
    assert [(r[0], r[2], r[3], Decimal(repr(r[4])), Decimal(repr(r[5]))) for r in shown] == [
        (
            "2025/26" if t.financial_year == 2025 else "2026/27",
            "Agency B",
            "Agency A",
            t.amount_gbp,
            t.real_gbp,
        )
        for t in done.settlement.transfers
    ]
    assert next(r[4] for r in rows if r[3] == "All transfers") == float(done.settlement.total_gbp)
    assert {c.value for c in kept["Balances"]["F"][4:] if c.value} == {"OK"}
    assert [
        c
        for sheet in book
        for row in sheet.iter_rows()
        for c in row
        if isinstance(c.value, str) and "SUM(1)" in c.value and c.data_type == "f"
    ] == []
    assert {"Settlement", "Ways of sharing", "Core test", "Balances", "Not paid", "Agreement"} == set(
        book.sheetnames
    )
    page = _Text()
    page.feed(settlement_page(done, name="<script>alert(1)</script>"))
    said = "".join(page.words)
    assert "script" not in page.tags
    assert "b" not in page.tags
    for text in (
        "Indicative, not an invoice.",
        "pooled fund (Section 75, schedule 3)",
        *done.why,
        "<script>alert(1)</script>",
    ):
        assert text in said
    assert not any(x in settlement_page(done) for x in ("http:", "https:", "src=", "@import"))


def test_plain_data_holds_the_transfers_and_every_way_of_sharing():
    done = settle_plan(wrong_pockets(), TERMS, inflation=Decimal("0.02"))
    data = settled_as_json(done)
    assert [Decimal(t["amount_gbp"]) for t in data["transfers"]] == [
        t.amount_gbp for t in done.settlement.transfers
    ]
    assert set(data["methods"]) == {
        "now",
        "investment",
        "benefit",
        "equal return",
        "scrb",
        "shapley",
        "nucleolus",
        "per-capita nucleolus",
    }
    assert data["agreement"]["missing"]
    assert data["years"][1]["sentence"].startswith("2026/27: £1 at present value")


def test_county_says_why_nothing_can_pass(county):
    done = settle_plan(county, Terms(), inflation=Decimal("0.02"))
    assert not done.settlement.transfers
    assert "none of it can be paid: nobody who should give has released cash" in done.headline
    giving = [s for s in done.why if "should give" in s]
    assert giving
    assert all("None of it can pass" in s and "capacity released" in s for s in giving)
    cash_only = settle_plan(
        county,
        Terms(method="equal return", classes=("cash-releasing",), contracted=("B01",)),
        inflation=Decimal("0.02"),
    )
    assert cash_only.settlement.total_gbp > 0
    assert {t.payer_id for t in cash_only.settlement.transfers} == {"COU"}
    assert sum(cash_only.settlement.unfunded_pv_gbp.values()) == 0


def test_benefit_with_a_chain_settles_as_one_without():
    plan = make_plan(
        items=("W1",), benefits=[benefit("B1", benefit_class="cash-releasing", item_ids=("W1",), duration_months=12)], shares=[share("B1", "B")],
        assumptions=[assumed("target population", 10), assumed("unit value", 100)], contributions=[paid("C1", "A", 2025, 800, item_id="W1")],
    )  # fmt: skip
    done = settle_plan(plan, Terms(method="equal return", contracted=("B1",)), inflation=Decimal(0))
    assert done.settlement.total_gbp == Decimal("1000.00")


def test_a_plan_of_another_shape_settles_in_words_and_an_empty_one_says_what_is_missing():
    from plans.small_plan import _PARTNERSHIP, _RECORDS

    small = settle_plan(Plan(_RECORDS), Terms(method="shapley"), inflation=Decimal("0.02"))
    assert small.settlement is not None
    assert sum(small.chosen.transfer_gbp.values()) == 0
    assert settlement_workbook(small, name="Isle")[:2] == b"PK"
    assert "Indicative, not an invoice." in settlement_page(small)
    with pytest.raises(InvalidInput, match="Enter the agencies first"):
        settle_plan(Plan({"partnership": (_PARTNERSHIP,)}), Terms())
    withheld = settle_plan(Plan(_RECORDS), Terms(method="shapley"), price_year="2024/25")
    assert settlement_workbook(withheld)[:2] == b"PK"
    assert withheld.headline in settlement_page(withheld)

"""Settling a whole plan: what can pass, what stands in the way, and what is written down."""

import datetime as dt
import io
from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser
from urllib.parse import unquote

import openpyxl
import pytest
from roi_building import assumed, benefit, make_plan, paid, share

from partnership._roi.explaining_settlement import explain_settlement, settlement_addresses
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


def test_without_an_inflation_the_schedule_is_in_real_pounds_and_says_that_it_is_not_payable():
    done = settle_plan(wrong_pockets(), TERMS)
    found = done.settlement
    assert done.shares.results["equal return"].net_gbp
    assert found.unpriced_years == (2026, 2027, 2028, 2029)[: len(found.years) - 1]
    assert not found.is_payable
    assert "in real pounds of 2025/26 could pass in" in done.headline
    assert "not payable until turned into cash" in done.headline
    assert found.sentences[1].startswith(
        "Not payable until turned into cash: no deflator is published for 2026/27"
    )
    assert not [
        s for s in (*found.sentences, *(y.sentence for y in found.years)) if "in pounds of the day (" in s
    ]
    # what passes is the same in real pounds as without inflation at all: real pounds are no cash
    flat = settle_plan(wrong_pockets(), TERMS, inflation=Decimal(0)).settlement
    assert [t.real_gbp for t in found.transfers] == [t.real_gbp for t in flat.transfers]
    assert flat.is_payable
    data = settled_as_json(done)
    assert (data["is_payable"], data["unpriced_years"]) == (False, list(found.unpriced_years))
    assert {t["amount_gbp"] for t in data["transfers"]} == {None}
    assert [Decimal(t["real_gbp"]) for t in data["transfers"]] == [t.real_gbp for t in found.transfers]
    assert not [b for b in data["balances"] if "amount_gbp" in b]
    book = openpyxl.load_workbook(io.BytesIO(settlement_workbook(done)))["Settlement"]
    assert book["A5"].value == "Not payable until turned into cash. Amounts are real pounds of 2025/26."
    assert [book.cell(8, c).value for c in (5, 6, 7)] == [
        "not payable yet",
        float(found.transfers[0].real_gbp),
        "not known",
    ]
    printed = settlement_page(done)
    assert "Not payable until turned into cash: real pounds of 2025/26." in printed
    assert printed.count("not payable yet") == len(found.transfers)


def test_readings_of_the_day_without_a_deflator_are_left_out_of_real_pounds_and_named():
    plan = wrong_pockets()
    nominal = make_plan(
        agencies=("A", "B"), items=("W1",),
        benefits=[benefit("B1", benefit_class="cash-releasing", item_ids=("W1",), full_year_gbp=Decimal(1000), duration_months=24, price_base="nominal", price_year=None)],
        shares=[share("B1", "B")], contributions=[paid("C1", "A", 2025, 800, item_id="W1")],
    )  # fmt: skip
    read = {("B1", "B", 2025): (Decimal("123.45"), 12), ("B1", "B", 2026): (Decimal("200.00"), 12)}
    found = settle_plan(plan, Terms(method="equal return"), readings=read)
    assert [(t.financial_year, t.real_gbp) for t in found.settlement.transfers] == [
        (2025, Decimal("123.45")),
        (2026, Decimal("200.00")),
    ]
    found = settle_plan(nominal, Terms(method="equal return"), readings=read)
    assert [t.financial_year for t in found.settlement.transfers] == [2025]
    assert "Readings in pounds of the day of 2026/27 are left out" in " ".join(found.notes)


def test_line_of_the_schedule_a_balance_and_a_share_explain_themselves_down_to_what_pays():
    done = settle_plan(wrong_pockets(), TERMS, inflation=Decimal("0.02"))
    line = next(t for t in done.settlement.transfers if t.financial_year == 2026)
    address = "settlement/equal return|2026|revenue|B|A/amount_gbp"
    assert address in [t["address"] for t in settled_as_json(done)["transfers"]]
    found = explain_settlement(done, address)
    assert (found.value, found.address) == (line.amount_gbp, address)
    said = {p.title: p for p in found.parts}
    assert said["Real pounds"].value == line.real_gbp
    assert said["Prices of the day for a real pound"].value == Decimal("1.02")
    assert said["Route"].value == "pooled fund, Section 75, schedule 3"
    pays = said["Agency B pays in 2026/27"]
    could = pays.parts[0]
    assert sum(p.value for p in could.parts) == could.value
    assert [p.method for p in could.parts] == ["contracted"]
    assert pays.parts[1].value == done.chosen.transfer_gbp["B"]
    net = explain_settlement(done, "settlement_shares/equal return|A/net_gbp")
    assert net.value == done.chosen.net_gbp["A"]
    addresses = settlement_addresses(done)
    assert len(addresses) > 10
    for one in addresses:
        assert explain_settlement(done, one).address == one
        assert list(explain_settlement(done, one).lines())
    real = explain_settlement(settle_plan(wrong_pockets(), TERMS), address)
    assert real.shown == "not known: no inflation is stated"
    for wrong, error, words in (
        ("settlement/equal return|2026|revenue|A|B/amount_gbp", UnknownName, "line of the schedule"),
        ("settlement/shapley|2026|revenue|B|A/amount_gbp", InvalidInput, "Settle by shapley"),
        ("settlement/luck|2026|revenue|B|A/amount_gbp", UnknownName, "way of sharing"),
        ("settlement/equal return|2026/amount_gbp", InvalidInput, "METHOD|YEAR|NATURE"),
        ("settlement_shares/equal return|Z/net_gbp", UnknownName, "agency"),
        ("settlement_shares/equal return|A/route", UnknownName, "column"),
    ):
        with pytest.raises(error) as caught:
            explain_settlement(done, wrong)
        assert words in str(caught.value)


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


@pytest.mark.parametrize("inflation", [Decimal("0.02"), None])
def test_page_leads_from_every_line_of_the_schedule_to_its_chain_and_calls_no_real_pound_cash(inflation):
    from dashboards.investing import Choices
    from dashboards.pages import _investment_shares as page
    from dashboards.urls import State

    chosen = {} if inflation is None else {"inflation": inflation}
    done = settle_plan(wrong_pockets(), TERMS, **chosen)
    state = State("/investment-and-return")
    made = page._settlement(state, Choices(method="equal return", **chosen), done, done.names)
    links = [unquote(p.href) for p in made._traverse() if getattr(p, "href", None)]
    columns = ["real_gbp"] if inflation is None else ["amount_gbp", "real_gbp"]
    for t in done.settlement.transfers:
        for column in columns:
            at = (
                f"settlement/equal return|{t.financial_year}|{t.nature}|{t.payer_id}|{t.receiver_id}/{column}"
            )
            assert any(link.endswith(f"explain={at}") for link in links)
            assert explain_settlement(done, at).address == at
    said = str(made)
    assert ("Not payable until turned into cash" in said) == (inflation is None)
    assert ("not payable yet" in said) == (inflation is None)
    assert any("inflation=2" in link for link in links) == (inflation is None)
    shares = [unquote(p.href) for p in page._paid_table(state, done, ["A", "B"], done.names)._traverse() if getattr(p, "href", None)]  # fmt: skip
    assert "/investment-and-return?explain=settlement_shares/shapley|A/pays_gbp" in shares

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnership._roi.agreement import agreement_of, cash_of, price_steps, spent_by_nature
from partnership._roi.model import AgencyRef, AppraisalModel, Cost, Line, Settings
from partnership._roi.settlement import INDICATIVE, NO_ROUTE, Cash, Route, settle
from partnership._roi.transfers import fewest_transfers
from partnership.errors import InvalidInput

F = Fraction

YEARS = (2025, 2026, 2027)
FACTORS = {2025: Decimal(1), 2026: 1 / Decimal("1.035"), 2027: 1 / Decimal("1.035") ** 2}
STEPS = {2025: Decimal(1), 2026: Decimal("1.02"), 2027: Decimal("1.0404")}
AGENCIES = "ABCDE"


def schedule(transfers, cash, **more):
    return settle(
        {a: Decimal(x) for a, x in transfers.items()},
        cash,
        **{"years": YEARS, "discount_factors": FACTORS, "price_steps": STEPS} | more,
    )


@st.composite
def claims(draw):
    pence = draw(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=4))
    return {a: Decimal(p) / 100 for a, p in zip(AGENCIES, [*pence, -sum(pence)], strict=False)}


cash_lists = st.lists(
    st.builds(
        Cash,
        st.sampled_from(AGENCIES),
        st.sampled_from([2024, *YEARS]),
        st.integers(-(10**6), 10**9).map(lambda p: Decimal(p) / 100),
        st.sampled_from(["cash-releasing", "cash-releasing", "capacity released", "economic"]),
        st.sampled_from(["realised", "contracted", "forecast"]),
        st.sampled_from(["revenue", "capital"]),
        st.booleans(),
        st.booleans(),
    ),
    max_size=15,
)


@settings(max_examples=120, deadline=None)
@given(claims(), cash_lists, st.sampled_from(["1", "0.5", "0.333"]))
def test_settlement_sums_to_zero_and_nobody_pays_more_than_its_own_released_cash(due, cash, passed_on):
    natures = {a: {"revenue": Decimal(2), "capital": Decimal(1)} for a in AGENCIES}
    found = schedule(due, cash, claim_natures=natures, passed_on=Decimal(passed_on))
    balance, paid = {}, {}
    for b in found.balances:
        balance.setdefault((b.financial_year, b.nature), []).append(b.amount_gbp)
        if b.amount_gbp < 0:
            assert -b.amount_gbp <= b.available_gbp
            paid[b.agency_id, b.financial_year, b.nature] = -b.amount_gbp
    assert all(sum(amounts) == 0 for amounts in balance.values())
    assert sum(found.unfunded_pv_gbp.values()) == 0
    for (agency, year, nature), amount in paid.items():
        free = [
            c.amount_gbp * (STEPS[year] if c.is_real else 1)
            for c in cash
            if (c.agency_id, c.financial_year, c.nature) == (agency, year, nature)
            and c.benefit_class == "cash-releasing"
            and not c.ring_fenced
            and (c.state != "forecast" or c.amount_gbp < 0)
        ]
        assert amount <= sum(free) * Decimal(passed_on) + Decimal("0.15")
    for b in found.balances:
        moved = [t for t in found.transfers if (t.financial_year, t.nature) == (b.financial_year, b.nature)]
        net = sum(t.amount_gbp for t in moved if t.receiver_id == b.agency_id) - sum(
            t.amount_gbp for t in moved if t.payer_id == b.agency_id
        )
        assert net == b.amount_gbp
    assert all(t.amount_gbp > 0 for t in found.transfers)
    assert all(due[t.payer_id] < 0 < due[t.receiver_id] for t in found.transfers)


@settings(max_examples=60, deadline=None)
@given(claims())
def test_settlement_with_plenty_of_cash_pays_everything_at_once_to_the_penny(due):
    cash = [Cash(a, 2025, Decimal(10**9), state="realised") for a in AGENCIES]
    found = schedule(due, cash)
    assert found.total_gbp == sum(x for x in due.values() if x > 0)
    assert not any(found.unfunded_pv_gbp.values())
    assert {t.financial_year for t in found.transfers} <= {2025}


def test_later_payment_is_more_pounds_of_the_day_of_the_same_present_value():
    found = schedule({"A": 100, "B": -100}, [Cash("B", 2027, Decimal(1000), state="contracted")])
    only = found.transfers[0]
    assert only.amount_gbp == Decimal(
        "111.46"
    )  # 100 x 1.035**2 x 1.02**2 = 111.4485…, and never a penny short
    assert only.real_gbp == Decimal("107.13")
    assert only.price_step == Decimal("1.0404")
    assert "× 1.0404" in found.years[2].sentence
    assert not any(found.unfunded_pv_gbp.values())


def test_revenue_never_pays_a_capital_claim_nor_capital_a_revenue_claim():
    cash = [
        Cash("B", 2025, Decimal(100), state="realised"),
        Cash("B", 2026, Decimal(100), state="realised", nature="capital"),
    ]
    found = schedule(
        {"A": 80, "B": -80}, cash, claim_natures={"A": {"revenue": Decimal(30), "capital": Decimal(50)}}
    )
    assert [(t.nature, t.amount_gbp) for t in found.transfers][0] == ("revenue", Decimal("30.00"))
    assert {t.nature for t in found.transfers if t.financial_year == 2026} == {"capital"}
    only = schedule({"A": 80, "B": -80}, cash[:1], claim_natures={"A": {"capital": Decimal(1)}})
    assert only.transfers == ()
    assert only.unfunded_pv_gbp == {"A": Decimal(80), "B": Decimal(-80)}


@pytest.mark.parametrize(
    ("cash", "reason"),
    [
        (Cash("B", 2025, Decimal(9), "capacity released", "realised"), "never paid"),
        (Cash("B", 2025, Decimal(9), "social", "contracted"), "never paid"),
        (Cash("B", 2025, Decimal(9), state="forecast"), "neither realised nor contracted"),
        (Cash("B", 2025, Decimal(9), state="realised", ring_fenced=True), "ring-fenced"),
        (Cash("B", 2031, Decimal(9), state="realised"), "outside the years"),
    ],
)
def test_benefit_that_may_not_be_paid_is_set_aside_with_its_reason(cash, reason):
    found = schedule({"A": 5, "B": -5}, [cash])
    assert found.transfers == ()
    assert reason in found.not_paid[0].reason
    assert any("nobody who should give has released cash" in s for s in found.sentences)


def test_forecast_harm_still_lowers_what_can_be_paid():
    cash = [Cash("B", 2025, Decimal(50), state="realised"), Cash("B", 2025, Decimal(-20))]
    assert schedule({"A": 90, "B": -90}, cash).total_gbp == 30


def test_each_transfer_names_its_route_or_has_none():
    cash = [Cash("B", 2025, Decimal(10), state="realised"), Cash("C", 2025, Decimal(10), state="realised")]
    found = schedule(
        {"A": 20, "B": -10, "C": -10}, cash, routes=[Route("B", "A", "pooled fund", "Deed of 1 May 2025")]
    )
    assert {(t.payer_id, t.route, t.reference) for t in found.transfers} == {("B", "pooled fund", "Deed of 1 May 2025"), ("C", NO_ROUTE, "")}  # fmt: skip
    assert [t.payer_id for t in found.without_route] == ["C"]
    assert "£10.00 has no route yet: no arrangement lets it pass." in found.sentences
    assert found.sentences[0] == INDICATIVE


def test_route_that_is_none_of_the_four_is_refused():
    with pytest.raises(InvalidInput, match="is no route"):
        Route("A", "B", "brown envelope")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"transfers": {"A": 5, "B": -4}}, "sums to £1.00"),
        ({"price_steps": {2025: Decimal(1)}}, "2026/27 has no price step"),
        ({"discount_factors": {y: Decimal("NaN") for y in YEARS}}, "no discount factor"),
        ({"passed_on": Decimal(0)}, "is no share"),
    ],
)
def test_settlement_of_what_cannot_be_settled_is_refused_in_words(change, words):
    with pytest.raises(InvalidInput, match=words):
        schedule(change.pop("transfers", {"A": 5, "B": -5}), [], **change)


def least_number(balances):
    """Fewest transfers by trying every way to part the balances into groups that sum to zero."""
    names = [a for a, b in balances.items() if b]
    best = 0
    for marks in product(range(len(names)), repeat=len(names)):
        sums = {}
        for a, m in zip(names, marks, strict=True):
            sums[m] = sums.get(m, 0) + balances[a]
        if not any(sums.values()):
            best = max(best, len(sums))
    return len(names) - best


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-6, 6), min_size=1, max_size=5))
def test_transfers_are_the_fewest_there_are(pence):
    balances = dict(zip("abcdef", [*pence, -sum(pence)], strict=False))
    found = fewest_transfers(balances)
    assert len(found) == least_number(balances)
    left = dict(balances)
    for payer, receiver, amount in found:
        assert amount > 0
        left[payer] += amount
        left[receiver] -= amount
    assert not any(left.values())


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-(10**12), 10**12), min_size=13, max_size=30))
def test_transfers_of_many_agencies_settle_and_are_fewer_than_the_agencies(pence):
    balances = {f"a{i}": p for i, p in enumerate([*pence, -sum(pence)])}
    found = fewest_transfers(balances)
    assert len(found) < len(balances)
    for name, balance in balances.items():
        assert balance == sum(p for _, r, p in found if r == name) - sum(p for q, _, p in found if q == name)


def test_transfers_of_many_agencies_pair_equal_amounts_first():
    balances = {f"p{i}": -(i + 1) for i in range(10)} | {f"r{i}": i + 1 for i in range(10)}
    assert len(fewest_transfers(balances)) == 10


def test_balances_that_do_not_sum_to_zero_are_refused():
    with pytest.raises(InvalidInput, match="sum to 1 pence"):
        fewest_transfers({"a": 1})


def model():
    day = dt.date(2025, 4, 1)
    lines = (
        Line("B1", "Placements", "fiscal", "cash-releasing", {"COU": F(3, 4), "ICB": F(1, 4)}, day, 24, full_year_gbp=Decimal(1000)),
        Line("B2", "Hours", "fiscal", "capacity released", {"COU": F(1)}, day, 24, full_year_gbp=Decimal(500)),
        Line("B3", "Beds", "fiscal", "cash-releasing", {"ICB": F(1)}, day, 12, full_year_gbp=Decimal(250), step_gbp=Decimal(100)),
    )  # fmt: skip
    costs = (
        Cost("C1", "COU", None, None, 2025, Decimal(100), real_gbp=Decimal(100)),
        Cost("C2", "COU", None, None, 2025, Decimal(50), real_gbp=Decimal(50), nature="capital"),
        Cost("C3", "COU", None, None, 2025, Decimal(30), real_gbp=Decimal(30), funding="grant"),
        Cost("C4", "ICB", None, None, 2025, Decimal(70), real_gbp=Decimal(70), form="in kind"),
    )
    agencies = (AgencyRef("COU", "COU", "Council"), AgencyRef("ICB", "ICB", "Care board"))
    return AppraisalModel(lines, costs, agencies, Settings(2025, 2, inflation=Decimal("0.02")))


def test_cash_of_a_model_keeps_class_and_state_apart_and_readings_stand_in_for_forecasts():
    found = cash_of(model(), realised={("B1", "COU", 2025): Decimal(600), ("B3", "ICB", 2025): Decimal(180)}, contracted={"B1"})  # fmt: skip
    told = {
        (c.source, c.agency_id, c.financial_year, c.benefit_class): (c.amount_gbp, c.state, c.is_real)
        for c in found
    }
    assert told["Placements", "COU", 2025, "cash-releasing"] == (Decimal(600), "realised", False)
    assert told["Placements", "ICB", 2025, "cash-releasing"] == (Decimal("250.00"), "contracted", True)
    assert told["Beds", "ICB", 2025, "cash-releasing"][0] == 100  # whole steps only; what is left is capacity
    assert told["Beds", "ICB", 2025, "capacity released"][:2] == (Decimal(80), "realised")
    assert told["Hours", "COU", 2026, "capacity released"][1] == "forecast"


def test_claims_are_parted_by_own_money_without_ring_fenced_grant():
    assert spent_by_nature(model())["COU"] == {"revenue": Decimal(100), "capital": Decimal(50)}


def test_price_steps_need_an_inflation_where_the_deflator_ends():
    with pytest.raises(InvalidInput, match="State an inflation rate"):
        price_steps(Settings(2090, 2))
    assert price_steps(Settings(2019, 2))[2020] > 1


def test_investment_agreement_has_parties_streams_returns_and_names_what_is_missing():
    found = agreement_of(model(), method="Shapley", realised_gbp=Decimal(60), paid_gbp=Decimal(120), reinvestment="Half is reinvested", reinvested_share=Decimal("0.5"))  # fmt: skip
    assert found.parties == ("COU", "ICB")
    assert {(s.nature, s.funding, s.form): s.total_gbp for s in found.streams} == {
        ("revenue", "core", "cash"): 100, ("capital", "core", "cash"): 50, ("revenue", "grant", "cash"): 30, ("revenue", "core", "in kind"): 70,
    }  # fmt: skip
    assert found.appraised_return.numerator == 2000 + 200
    assert found.current_return.words == "0.50"
    assert found.missing == ("first day", "day of review", "last day")
    assert found.note == INDICATIVE
    with pytest.raises(InvalidInput, match="is no share"):
        agreement_of(model(), method="Shapley", reinvested_share=Decimal(2))

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from partnership.benefits import Assumption, Benefit, BenefitShare
from partnership.blueprint import WorkItem
from partnership.partners import Agency, Partnership
from partnership.plan import Plan
from partnership.roi import AgencyRef, AppraisalModel, Contribution, Cost, Line, Settings


def make_line(key="B1", **more):
    base = {
        "id": key, "title": f"Benefit {key}", "category": "fiscal", "benefit_class": "capacity released",
        "shares": {"A": Fraction(1)}, "starts_on": dt.date(2025, 4, 1), "duration_months": 60, "full_year_gbp": Decimal(1000),
        "has_counterfactual": True,
    }  # fmt: skip
    return Line(**(base | more))


def make_cost(key="C1", agency="A", year=2025, amount=1000, **more):
    return Cost(
        id=key, agency_id=agency, item_id=more.pop("item_id", None), goal_id=more.pop("goal_id", None), financial_year=year,
        amount_gbp=Decimal(amount), real_gbp=Decimal(amount), price_year="2025/26", **more,
    )  # fmt: skip


def make_model(lines=(), costs=(), agencies="AB", **settings):
    refs = tuple(AgencyRef(a, a * 3, f"Agency {a}") for a in agencies)
    return AppraisalModel(tuple(lines), tuple(costs), refs, Settings(**({"first_year": 2025} | settings)))


def make_plan(
    benefits=(),
    assumptions=(),
    shares=(),
    contributions=(),
    agencies=("A", "B"),
    items=(),
    partnership=True,
    **more,
):
    records = {
        "agencies": [Agency(id=a, code=a * 3, name=f"Agency {a}", sector="council") for a in agencies],
        "benefits": list(benefits), "assumptions": list(assumptions), "benefit_shares": list(shares), "contributions": list(contributions),
        "work_items": [WorkItem(id=i, title=i, goal_id=None) for i in items], **more,
    }  # fmt: skip
    if partnership:
        records["partnership"] = [
            Partnership(
                id="P", name="P", bhag="Together.", plan_starts_on=dt.date(2025, 4, 1), plan_ends_on=dt.date(2030, 3, 31), price_year="2025/26"
            )
        ]  # fmt: skip
    return Plan(records)


def benefit(key="B1", **more):
    base = {"id": key, "title": f"Benefit {key}", "benefit_class": "capacity released", "price_year": "2025/26", "starts_on": dt.date(2025, 4, 1)}  # fmt: skip
    return Benefit(**(base | more))


def share(key="B1", agency="A", part="1"):
    return BenefitShare(benefit_id=key, agency_id=agency, share=part)


def assumed(step, value, key="B1", **more):
    return Assumption(
        **({"benefit_id": key, "step": step, "name": f"{step} of {key}", "value": Decimal(str(value))} | more)
    )


def paid(key="C1", agency="A", year=2025, amount=1000, **more):
    base = {"id": key, "agency_id": agency, "financial_year": year, "stage": "planned", "amount_gbp": amount, "form": "cash", "price_base": "real", "price_year": "2025/26"}  # fmt: skip
    return Contribution(**(base | more))


@pytest.fixture(scope="session")
def county():
    from sample_data import make_wendleshire

    return Plan(make_wendleshire.records())


@pytest.fixture(scope="session")
def county_appraisal(county):
    from partnership._workflows.appraising import appraise_plan

    return appraise_plan(county).appraisal

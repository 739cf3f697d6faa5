"""The four tests of a register, and the rules of the benefits map."""

import datetime as dt
from decimal import Decimal

import pytest

from partnership.benefits import Benefit, BenefitShare, benefits_map, findings_of_tests, register_tests
from partnership.blueprint import ItemAgency, WorkItem
from partnership.errors import InvalidInput
from partnership.goals import Goal, Measure
from partnership.partners import RoleHolder
from partnership.plan import Plan

MEASURE = Measure(id="M", name="Repeat referrals", unit="%", source="Front door system")


def benefit(key="B", **more):
    given = {
        "title": "Fewer repeat referrals",
        "description": "Families are helped sooner",
        "goal_id": "G",
        "item_ids": ("W",),
        "measure_id": "M",
        "benefit_class": "cash-releasing",
        "owner_role_id": "O",
        "validator_role_id": "V",
        "baseline_value": Decimal(24),
        "baseline_on": dt.date(2025, 3, 31),
        "target_value": Decimal(12),
        "target_on": dt.date(2028, 3, 31),
        "full_year_gbp": Decimal(100),
    }
    return Benefit(id=key, **{**given, **more})


def tried(one, *, steps=("deadweight",), planned=("B",)):
    found = register_tests(
        [one], measures={"M": MEASURE}, assumed={"B": frozenset(steps)}, planned=frozenset(planned)
    )
    return {t.test: [field for field, _, _ in t.lacking] for t in found}


def test_whole_benefit_passes_all_four_tests():
    assert tried(benefit()) == {"described": [], "observable": [], "attributable": [], "measurable": []}


@pytest.mark.parametrize(
    ("change", "test", "field"),
    [
        ({"title": "Referrals"}, "described", "title"),
        ({"description": None}, "described", "description"),
        ({"measure_id": None}, "observable", "measure_id"),
        ({"target_value": None}, "observable", "target_value"),
        ({"target_value": Decimal(24)}, "observable", "target_value"),
        ({"item_ids": ()}, "attributable", "item_ids"),
        ({"baseline_on": None}, "measurable", "baseline_on"),
        ({"target_on": None}, "measurable", "target_on"),
        ({"owner_role_id": None}, "measurable", "owner_role_id"),
        ({"validator_role_id": None}, "measurable", "validator_role_id"),
        ({"validator_role_id": "O"}, "measurable", "validator_role_id"),
    ],
)
def test_one_thing_lacking_fails_one_test_at_its_field(change, test, field):
    found = tried(benefit(**change))
    assert found.pop(test) == [field]
    assert not any(found.values())


def test_chain_without_deadweight_and_value_without_plan_are_found():
    assert tried(benefit(), steps=("impact",))["attributable"] == ["id"]
    assert tried(benefit(), planned=())["measurable"] == ["full_year_gbp"]


def test_qualitative_benefit_needs_no_number():
    assert (
        tried(benefit(benefit_class="qualitative", baseline_value=None, target_value=None))["observable"]
        == []
    )


def test_findings_say_what_where_and_what_to_do():
    tests = register_tests(
        [benefit(title="Referrals")],
        measures={"M": MEASURE},
        assumed={"B": frozenset({"deadweight"})},
        planned=frozenset({"B"}),
    )
    (finding,) = findings_of_tests(tests)
    assert (finding.code, finding.place) == ("benefit-described", "Benefits, B, Title")
    assert "Referrals" in finding.found
    assert finding.do


ROLES = (
    RoleHolder(id="O", agency_id="COU", role="Finance officer"),
    RoleHolder(id="X", agency_id="POL", role="Inspector"),
)


def plan(*more, shares=(("B", "COU"),)):
    records = [
        Goal(id="G", title="Halve repeats"),
        WorkItem(id="E", title="Shared system", habit="start", lead_agency_id="COU"),
        WorkItem(
            id="W", title="Look back after closing", habit="start", depends_on=("E",), lead_agency_id="COU"
        ),
        WorkItem(id="K", title="Audit", habit="keep"),
        *ROLES,
        *[BenefitShare(benefit_id=b, agency_id=a, share=1) for b, a in shares],
        *more,
    ]
    return Plan.of(records)


def codes(found):
    return sorted(f.code for f in found.findings)


def test_whole_map_has_its_layers_arrows_and_no_finding():
    found = benefits_map(plan(benefit()))
    assert {n.key: n.kind for n in found.nodes} == {
        "item:E": "enabler",
        "item:W": "change",
        "benefit:B": "end benefit",
        "goal:G": "objective",
    }
    assert found.arrows == (("benefit:B", "goal:G"), ("item:E", "item:W"), ("item:W", "benefit:B"))
    assert found.findings == ()
    assert all(0 < n.place < 1 for n in found.nodes)


def test_money_stands_once_on_a_path():
    on_the_way = benefit("A", leads_to=("B",), full_year_gbp=Decimal(40))
    both = plan(benefit(), on_the_way, shares=(("A", "COU"), ("B", "COU")))
    found = benefits_map(both)
    assert codes(found) == ["map-money-twice"]
    assert "£40" in found.findings[0].found
    assert {n.key: n.kind for n in found.nodes}["benefit:A"] == "intermediate benefit"
    no_money = plan(
        benefit(), benefit("A", leads_to=("B",), full_year_gbp=None), shares=(("A", "COU"), ("B", "COU"))
    )
    assert codes(benefits_map(no_money)) == []
    social = plan(
        benefit(), benefit("A", leads_to=("B",), category="social"), shares=(("A", "COU"), ("B", "COU"))
    )
    assert codes(benefits_map(social)) == []


@pytest.mark.parametrize(
    ("records", "code"),
    [
        ([benefit(goal_id=None)], "map-no-objective"),
        ([benefit(item_ids=())], "map-no-change"),
        ([benefit(owner_role_id=None)], "map-no-owner"),
        ([benefit(owner_role_id="X")], "map-owner-elsewhere"),
        ([benefit(), WorkItem(id="Z", title="Nothing for nobody", habit="start")], "map-orphan"),
    ],
)
def test_broken_rule_is_found(records, code):
    assert code in codes(benefits_map(plan(*records)))


def test_change_that_no_receiver_makes_is_found_until_one_is_responsible():
    elsewhere = plan(benefit(owner_role_id="X"), shares=(("B", "POL"),))
    assert codes(benefits_map(elsewhere)) == ["map-change-elsewhere"]
    hand = ItemAgency(item_id="W", agency_id="POL", part="responsible")
    assert codes(benefits_map(plan(benefit(owner_role_id="X"), hand, shares=(("B", "POL"),)))) == []


def test_ring_is_found_and_still_drawn():
    ring = plan(
        benefit("A", leads_to=("B",), full_year_gbp=None),
        benefit(leads_to=("A",), full_year_gbp=None),
        shares=(),
    )
    found = benefits_map(ring)
    assert "map-ring" in codes(found)
    assert len(found.nodes) == 5


def test_dis_benefit_is_its_own_kind_and_never_money_twice():
    harm = benefit("H", title="More calls", is_disbenefit=True, full_year_gbp=Decimal(-5), leads_to=("B",))
    found = benefits_map(plan(benefit(), harm, shares=(("B", "COU"), ("H", "POL"))))
    assert {n.kind for n in found.nodes if n.id == "H"} == {"dis-benefit"}
    assert codes(found) == []


def test_empty_plan_has_an_empty_map():
    found = benefits_map(Plan({}))
    assert (found.nodes, found.arrows, found.findings) == ((), (), ())


def test_slips_refuse_a_ring():
    from partnership.benefits import expected_ends

    a, b = WorkItem(id="a", title="a", depends_on=("b",)), WorkItem(id="b", title="b", depends_on=("a",))
    with pytest.raises(InvalidInput, match="in a ring"):
        expected_ends([a, b], dt.date(2026, 1, 1))

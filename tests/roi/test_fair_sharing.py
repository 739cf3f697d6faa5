from types import SimpleNamespace

from partnership._workflows.fair_sharing import needs_of, share_plan
from partnership._workflows.model_costs import settings_of
from partnership._workflows.modelling import model_of
from sample_data.make_wendleshire import records


def county():
    plan = {name: tuple(rows) for name, rows in records().items()}
    plan = {**dict.fromkeys(("unit_costs",), ()), **plan}
    model, _ = model_of(plan, settings_of(plan, inflation=None))
    return plan, model


def test_item_needs_who_is_accountable_or_responsible_leads_or_pays_and_no_outside_body():
    plan, model = county()
    outside = {a.id for a in model.agencies if not a.is_partner}
    needs = needs_of(plan, model)
    assert needs
    for item, agencies in needs.items():
        assert not outside & set(agencies)
        doing = {
            p.agency_id
            for p in plan["item_agencies"]
            if p.item_id == item and p.part in ("accountable", "responsible")
        }
        paying = {c.agency_id for c in model.costs if c.item_id == item and c.funding != "grant"}
        leading = {i.lead_agency_id for i in plan["work_items"] if i.id == item}
        assert set(agencies) == (doing | paying | leading) - outside - {None}


def test_informed_or_consulted_agency_is_not_needed():
    plan, model = county()
    told = SimpleNamespace(item_id="W-NEW", agency_id="COU", part="informed")
    assert "W-NEW" not in needs_of({**plan, "item_agencies": (*plan["item_agencies"], told)}, model)


def test_countys_gain_is_shared_whole_by_every_method_and_says_what_it_rests_on():
    plan, model = county()
    found = share_plan(plan, model)
    answered = [r for r in found.results.values() if not r.withheld]
    assert len(answered) >= 4
    for result in (found.now, *answered):
        assert sum(result.net_gbp.values()) == found.total_gbp
        assert sum(result.transfer_gbp.values()) == 0
        assert result.core_sentence
    assert found.notes[0].startswith("What groups would gain alone is derived")
    assert "earlier items" in found.notes[1]

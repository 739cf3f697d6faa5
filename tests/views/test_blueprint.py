"""The work and who does what in it: hours that are known on both sides, and what is not said."""

from decimal import Decimal

from partnership.blueprint import ItemAgency, WorkItem


def has_part(item, agency, now=None, after=None, part="responsible", **more):
    return ItemAgency(
        item_id=item, agency_id=agency, part=part, hours_a_week_now=now, hours_a_week_after=after, **more
    )


def filled(bench):
    bench.partnership()
    for code in ("COU", "POL"):
        bench.agency(code)
    bench.goal("G", title="Share cases")
    bench.put(
        WorkItem(id="W1", title="Triage", lead_agency_id="COU", goal_id="G", shared_future=True),
        WorkItem(id="W2", title="Review"),
    )
    bench.put(
        has_part("W1", "COU", "10", "4", "accountable"),
        has_part("W1", "POL", "6", None, meetings_a_month_now="2"),
        has_part("W2", "POL"),
    )
    return bench


def test_hours_of_an_item_are_those_known_on_both_sides_and_the_others_are_counted(bench):
    first, second = filled(bench).ask("blueprint_items")
    assert (first["hours_now"], first["hours_after"], first["hours_freed"]) == (10, 4, 6)
    assert first["parts_without_hours"] == 1
    assert (first["agency_code"], first["goal_title"]) == ("COU", "Share cases")
    assert (second["agency_id"], second["hours_now"], second["parts_without_hours"]) == (None, None, 1)


def test_an_agency_sees_the_items_that_it_leads_or_has_a_part_in(bench):
    bench = filled(bench)
    assert [r["item_id"] for r in bench.ask("blueprint_items", agency_id="COU")] == ["W1"]
    assert [r["item_id"] for r in bench.ask("blueprint_items", agency_id="POL")] == ["W1", "W2"]
    assert [r["item_id"] for r in bench.ask("blueprint_items", goal_id="G")] == ["W1"]


def test_parts_show_a_blank_as_not_said(bench):
    rows = {(r["agency_id"], r["item_id"]): r for r in filled(bench).ask("blueprint_parts", agency_id="POL")}
    assert set(rows) == {("POL", "W1"), ("POL", "W2")}
    assert rows["POL", "W1"]["hours_freed"] is None
    assert rows["POL", "W1"]["meetings_a_month"] == Decimal(2)
    assert rows["POL", "W2"]["meetings_a_month"] is None

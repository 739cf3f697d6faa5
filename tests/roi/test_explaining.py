import json
from decimal import Decimal

import pytest
from roi_building import make_cost, make_line, make_model

from partnership._roi.explaining import VIEWS, addresses
from partnership.cli import app
from partnership.errors import InvalidInput, UnknownName
from partnership.roi import appraise, explain


@pytest.fixture(scope="module")
def store_path(tmp_path_factory):
    from partnership.store import Actor, open_store
    from sample_data import make_wendleshire

    path = tmp_path_factory.mktemp("explain") / "county.duckdb"
    with_key = {}
    from partnership.tables import row_key

    made = make_wendleshire.records()
    for table, frame in make_wendleshire.frames().items():
        import polars as pl

        with_key[table] = frame.with_columns(
            pl.Series("row_key", [row_key(r) for r in made.get(table, ())], dtype=pl.String)
        )
    store = open_store(path, mode="create")
    store.accept(with_key, actor=Actor("test", "system"), reason="county")
    store.close()
    return path


def test_every_figure_of_the_county_explains_itself(county_appraisal):
    every = addresses(county_appraisal)
    assert len(every) > 500
    for address in every:
        found = explain(county_appraisal, address)
        assert found.address == address
        assert found.title
        assert found.method or found.source
        json.dumps(found.as_json())
        assert next(iter(found.lines())).startswith(found.title)


def test_parts_of_a_sum_add_up_to_it(county_appraisal):
    for scope in county_appraisal.scopes:
        for column in (
            "pv_cost_gbp",
            "pv_fiscal_gbp",
            "pv_cashable_gbp",
            "pv_disbenefit_gbp",
            "pv_moved_gbp",
            "pv_no_release_gbp",
        ):
            found = explain(county_appraisal, f"appraisal/{scope}/{column}")
            assert sum((p.value for p in found.parts), Decimal(0)) == found.value, found.address


def test_net_is_its_gain_less_its_cost(county_appraisal):
    found = explain(county_appraisal, "appraisal/COU/net_fiscal_gbp")
    gain, cost = found.parts
    assert found.value == gain.value - cost.value
    assert found.value == county_appraisal.result("COU").net_fiscal_gbp


def leaves(found):
    return [found] if not found.parts else [leaf for p in found.parts for leaf in leaves(p)]


def test_every_chain_ends_at_a_named_source(county_appraisal):
    found = explain(county_appraisal, "appraisal_lines/B01/level_gbp")
    assert [leaf.unit for leaf in leaves(found)][:2] == ["families a year", "%"]
    assert all(leaf.source for leaf in leaves(found))
    assert "One local pilot, 2024; grade 5" in [leaf.source for leaf in leaves(found)]
    assert found.value == county_appraisal.model.lines[0].level


def test_cost_explains_its_price_base_its_uplift_and_its_factor():
    appraisal = appraise(make_model([], [make_cost(year=2026, amount=100)], cost_grade=2))
    found = explain(appraisal, "contributions_valued/C1/pv_gbp")
    assert [p.title for p in found.parts] == [
        "As entered",
        "Raised for optimism",
        "Discount factor of 2026/27",
    ]
    assert found.value == Decimal("101.45")


def test_matrix_cell_is_the_sum_of_its_benefits_within_a_penny_each(county_appraisal):
    for address in [a for a in addresses(county_appraisal) if a.startswith("payers_gainers")]:
        found = explain(county_appraisal, address)
        assert abs(sum(p.value for p in found.parts) - found.value) <= Decimal("0.01") * (
            len(found.parts) + 1
        ), address


def test_undefined_ratio_explains_itself_in_words():
    appraisal = appraise(make_model([make_line()]))
    assert explain(appraisal, "appraisal/whole/fiscal_return").shown == "undefined: nothing is paid"


def test_line_set_aside_says_so():
    lines = [make_line("B1", outcome_key="O"), make_line("B2", outcome_key="O", full_year_gbp=Decimal(9))]
    appraisal = appraise(make_model(lines, [make_cost()]))
    assert "Set aside" in explain(appraisal, "appraisal_lines/B2/pv_gbp").method


def test_line_without_value_says_why():
    appraisal = appraise(make_model([make_line(missing="No share says to whom it falls.")]))
    found = explain(appraisal, "appraisal_lines/B1/pv_gbp")
    assert found.shown == "no figure"
    assert found.method == "No share says to whom it falls."


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("appraisal", InvalidInput), ("nothing/whole/x", UnknownName), ("appraisal/whole/no_such", UnknownName), ("appraisal/XXX/pv_cost_gbp", UnknownName),
        ("appraisal_lines/B99/pv_gbp", UnknownName), ("agency_ledger/COU|1900/net_gbp", UnknownName), ("payers_gainers/COU/pv_gbp", UnknownName), ("", InvalidInput),
    ],
)  # fmt: skip
def test_address_of_nothing_is_refused_in_words(county_appraisal, address, error):
    with pytest.raises(error):
        explain(county_appraisal, address)


def test_views_of_an_appraisal_share_no_name_with_views_of_the_store():
    from partnership.views import VIEWS as STORED

    assert not set(VIEWS) & set(STORED)


def run(*arguments):
    from typer.testing import CliRunner

    return CliRunner().invoke(app, list(arguments))


def test_appraise_prints_the_headline_and_every_choice(store_path):
    result = run("appraise", "--store", str(store_path))
    assert result.exit_code == 0, result.output
    assert "£4.33m buys £5.37m of benefit to public services." in result.output
    for words in (
        "gb-2003-2026",
        "year 0:",
        "cost avoidance is never cash-releasing",
        "Fiscal benefit by own grade",
    ):
        assert words in result.output


def test_appraise_in_json_gives_addresses_that_explain_answers(store_path):
    data = json.loads(run("appraise", "--agency", "COU", "--json", "--store", str(store_path)).output)
    (result,) = data["results"]
    assert data["vintage"] == "gb-2003-2026"
    for address in (
        *result["addresses"][::6],
        data["lines"][0]["address"],
        data["ledger"][0]["address"],
        data["payers_gainers"][0]["address"],
    ):
        answer = run("explain", address, "--json", "--store", str(store_path))
        assert answer.exit_code == 0, answer.output
        assert json.loads(answer.output)["address"] == address


def test_appraise_against_another_vintage_prints_the_difference(store_path):
    data = json.loads(
        run("appraise", "--against", "review-2026-what-if", "--json", "--store", str(store_path)).output
    )
    whole = next(d for d in data["difference"] if d["scope"] == "whole" and d["figure"] == "pv_fiscal_gbp")
    assert Decimal(whole["change_gbp"]) > 0


@pytest.mark.parametrize(
    "arguments",
    [("appraise", "--agency", "NOBODY"), ("appraise", "--vintage", "x"), ("appraise", "--horizon", "0"), ("appraise", "--year0", "x"), ("explain", "appraisal/whole/x"), ("explain", "benefit_totals/7/realised_gbp")],
)  # fmt: skip
def test_wrong_question_is_answered_in_words(store_path, arguments):
    result = run(*arguments, "--store", str(store_path))
    assert result.exit_code in (1, 2)
    assert "Traceback" not in result.output


def test_number_of_any_view_explains_itself(store_path):
    answer = json.loads(
        run("explain", "benefit_totals/1/realised_gbp", "--json", "--store", str(store_path)).output
    )
    assert answer["shown"] == "£710,000.00"
    assert answer["source"]
    named = json.loads(
        run("explain", "benefit_register/B07/planned_gbp", "--json", "--store", str(store_path)).output
    )
    assert named["value"] == "-31000.00"

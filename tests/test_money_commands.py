"""Commands of investment and return: every setting by an option, workbook, settlement, run-on, variance."""

import json
import shutil
from decimal import Decimal

import openpyxl
import pytest
from typer.testing import CliRunner

from partnership.cli import app


@pytest.fixture(scope="module")
def store(tmp_path_factory, county_file):
    path = tmp_path_factory.mktemp("money") / "county.duckdb"
    shutil.copy(county_file, path)
    return path


def run(store, *words, status=0):
    result = CliRunner().invoke(app, [*map(str, words), "--store", str(store)])
    assert result.exit_code == status, result.output
    return result.stdout


def data(store, *words, status=0):
    return json.loads(run(store, *words, "--json", status=status))


def test_every_setting_of_an_appraisal_is_reached_by_an_option(store):
    plain = data(store, "appraise")
    chosen = data(
        store, "appraise", "--optimism", "mean of grades", "--cost-grade", 3, "--capital-kind", "standard buildings", "--mitigation", "50%",
        "--tax-uplift", "20%", "--cost-stage", "actual then planned", "--year0", "sroi", "--horizon", 4, "--schedule", "reduced", "--inflation", "2%",
        "--value-words",
    )  # fmt: skip
    said = chosen["sentences"]
    assert "mean of the corrections" in said["optimism"]
    assert "50% of it mitigated" in said["cost"]
    assert "what was paid in years that have it" in said["cost"]
    assert said["tax-cost uplift"].startswith("On: cost of public funds of 20%")
    assert said["year 0"].startswith("SROI")
    assert said["horizon"].startswith("4 years")
    assert "reduced" in said["vintage"]
    assert "2" in said["deflator"].partition("Years it lacks:")[2]
    assert said["value words"] != "Off."
    assert chosen["results"][0]["pv_fiscal_gbp"] != plain["results"][0]["pv_fiscal_gbp"]
    later = data(
        store, "appraise", "--first-year", "2026/27", "--inflation", "0.02", "--price-year", "2026/27"
    )
    assert (later["years"][0], later["prices"]) == (2026, "2026/27")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("appraise", "--optimism", "best"), 1), (("appraise", "--cost-grade", "9"), 1), (("appraise", "--capital-kind", "castle"), 1),
        (("appraise", "--inflation", "much"), 2), (("appraise", "--first-year", "soon"), 2), (("settle", "--method", "fair"), 2),
        (("settle", "--contracted", "B99"), 2), (("settle", "--out", "x.pdf"), 2), (("variance", "--year", "1999/00"), 1),
        (("sustainability", "--agency", "XXX"), 2), (("settle", "--floor", "--classes", "cash-releasing"), 1),
    ],
)  # fmt: skip
def test_choice_that_is_none_is_refused_in_words(store, words, status):
    result = CliRunner().invoke(app, [*words, "--store", str(store)])
    assert result.exit_code == status
    assert "Traceback" not in result.output


def test_workbook_is_written_beside_the_appraisal(store, tmp_path):
    path = tmp_path / "appraisal.xlsx"
    assert data(store, "appraise", "--workbook", path)["workbook"] == str(path)
    book = openpyxl.load_workbook(path, read_only=True)
    assert book.sheetnames[:4] == ["Read me first", "Totals", "Payers and gainers", "How sure"]


def test_settle_prints_ways_of_sharing_with_reasons_and_writes_workbook_and_page(store, tmp_path):
    text = run(store, "settle", "--inflation", "2%", "--out", tmp_path / "s.html")
    assert "would do better alone by £" in text
    assert "should give" in text
    assert "Indicative, not an invoice." in text
    assert (tmp_path / "s.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    terms = tmp_path / "terms.toml"
    terms.write_text(
        'method = "equal return"\nclasses = ["cash-releasing"]\ncontracted = ["B01"]\n[[route]]\npayer = "COU"\nreceiver = "SCH"\nname = "recharge"\n'
    )
    found = data(store, "settle", "--terms", terms, "--inflation", "0.02", "--out", tmp_path / "s.xlsx")
    assert found["transfers"]
    assert {t["route"] for t in found["transfers"] if t["receiver"] == "SCH"} == {"recharge"}
    assert {t["route"] for t in found["transfers"] if t["receiver"] != "SCH"} == {"no route"}
    assert "Ways of sharing" in openpyxl.load_workbook(tmp_path / "s.xlsx", read_only=True).sheetnames
    line = found["transfers"][0]
    told = run(store, "explain", line["address"], "--terms", terms, "--inflation", "2%")
    assert f"£{Decimal(line['amount_gbp']):,.2f}" in told.splitlines()[0]
    assert "Cash that" in told
    real = run(store, "settle", "--terms", terms)
    assert "Not payable until turned into cash: no deflator is published for 2026/27 to 2029/30" in real
    assert " of the day (" not in real


def test_run_on_gap_by_agency_and_year_in_which_cash_carries_cost(store):
    found = data(store, "sustainability")
    gaps = {r["financial_year"]: r["gap_gbp"] for r in found["years"] if r["scope"] == "nobody yet"}
    assert gaps[2027] == "0"
    assert gaps[2028] == "148000.00"
    assert found["carrying_year"]["COU"] == 2025
    assert found["carrying_year"]["whole"] is None
    text = run(store, "sustainability", "--agency", "POL")
    assert "The police: recurring cash does not carry recurring cost" in text
    assert "council" not in text


def test_variance_compares_whole_years_only_and_splits_what_was_read(store, tmp_path):
    found = data(store, "variance", "--year", "2025/26")
    lines = {c["line_id"]: c for c in found["lines"]}
    assert lines["B03"]["missing"] == "not read"
    assert lines["B03"]["actual_gbp"] is None
    assert lines["B10"]["actual_gbp"] == "3850.00"
    drivers = tmp_path / "drivers.toml"
    drivers.write_text(
        '[[read]]\nbenefit = "B02"\nyear = "2025/26"\nvolume = 700\nprice = 362\ntiming = 0.1\n'
    )
    split = {
        c["line_id"]: c for c in data(store, "variance", "--year", "2025/26", "--drivers", drivers)["lines"]
    }["B02"]["actual_variance"]
    assert set(split["parts_gbp"]) == {"volume", "price", "timing", "attribution", "not explained"}
    assert split["parts_gbp"]["not explained"] == "0.00"
    assert "read so far" not in run(store, "variance", "--year", "2026/27")
    assert "months read" in run(store, "variance", "--year", "2026/27")
    again = data(store, "variance", "--year", "2026/27", "--forecast-as-of", "2026-11-20")
    assert all(c["reforecast_gbp"] is not None for c in again["lines"])

"""Gross and net of double counting, in an appraisal and where people meet the totals (F4)."""

import json
import shutil
from decimal import Decimal

import pytest
from typer.testing import CliRunner

from dashboards.data import Data
from dashboards.pages import _board_numbers
from dashboards.urls import State
from partnership._reports import benefit_words as _benefit_words
from partnership._reports import board_words as _board_words
from partnership._roi.twice import double_counting
from partnership._workflows.appraising import appraise
from partnership.cli import app
from partnership.store import Actor, open_store


@pytest.fixture(scope="module")
def claimed_twice(tmp_path_factory, county_file):
    """The county in which one benefit claims the outcome of another."""
    path = tmp_path_factory.mktemp("twice") / "county.duckdb"
    shutil.copy(county_file, path)
    with open_store(path, mode="write") as store:
        rows = store.table("benefits", raw=True).drop("row_version", "change_seq")
        fiscal = rows.filter(
            (rows["category"] == "fiscal") & ~rows["is_disbenefit"] & rows["full_year_gbp"].is_not_null()
        ).sort("full_year_gbp")
        small, large = fiscal.row(0, named=True)["id"], fiscal.row(-1, named=True)["id"]
        before = appraise(store)
        totals = store.fetch("benefit_totals").row(0, named=True)
        key = fiscal.filter(fiscal["id"] == large)["outcome_key"][0] or "O-SAME"
        again = fiscal.filter(fiscal["id"].is_in([small, large])).with_columns(outcome_key=pl_lit(key))
        store.accept({"benefits": again}, actor=Actor("Test"), reason="Claimed twice")
        yield store, small, before, totals


def pl_lit(value):
    import polars as pl

    return pl.lit(value)


def test_appraisal_f4_gross_is_what_it_was_before_and_net_is_what_it_says_now(claimed_twice):
    store, small, before, _ = claimed_twice
    done = appraise(store)
    found = {d.scope: d for d in double_counting(done.appraisal)}
    assert [s.line_id for s in done.appraisal.set_aside] == [small]
    assert double_counting(before.appraisal) == ()
    for scope, result in done.appraisal.scopes.items():
        was = before.appraisal.scopes[scope].pv_fiscal_gbp
        if scope in found:
            assert found[scope].fiscal_gross_gbp == was
            assert found[scope].fiscal_net_gbp == result.pv_fiscal_gbp < was
        else:
            assert result.pv_fiscal_gbp == was
    parts = [d.fiscal_twice_gbp for scope, d in found.items() if scope != "whole"]
    assert sum(parts) == found["whole"].fiscal_twice_gbp > 0


def test_appraise_f4_prints_gross_and_net_in_words_and_in_json(claimed_twice):
    store = claimed_twice[0]
    words = CliRunner().invoke(app, ["appraise", "--store", str(store.path)]).stdout
    assert "All agencies: fiscal benefit £" in words
    assert "net of double counting, as every figure above" in words
    said = json.loads(CliRunner().invoke(app, ["appraise", "--json", "--store", str(store.path)]).stdout)
    (whole,) = [d for d in said["double_counting"] if d["scope"] == "whole"]
    gross, twice, net = (Decimal(whole[f"pv_fiscal_{k}_gbp"]) for k in ("gross", "twice", "net"))
    assert gross == twice + net
    (result,) = [r for r in said["results"] if r["scope"] == "whole"]
    assert Decimal(result["pv_fiscal_gbp"]) == net


def test_pages_f4_show_benefit_totals_gross_and_net(claimed_twice):
    store, small, _, before = claimed_twice
    now = store.fetch("benefit_totals").row(0, named=True)
    months = store.fetch("benefit_months")
    mine = months.filter(months["benefit_id"] == small)
    assert now["planned_gbp"] == before["planned_gbp"]
    assert (
        now["net_planned_gbp"] == before["planned_gbp"] - mine.filter(mine["is_to_date"])["planned_gbp"].sum()
    )
    assert now["net_plan_total_gbp"] == before["plan_total_gbp"] - mine["planned_gbp"].sum()
    assert "net of double counting" in _benefit_words.double_counting(now)
    assert _benefit_words.double_counting(before) == ""
    assert "net of double counting" in _board_words.benefit_caveat(now)
    assert "net of double counting" not in _board_words.benefit_caveat(before)
    table = str(_board_numbers.numbers_table(Data(store), State(), None))
    assert "The same, net of double counting" in table
    assert "Benefit realised to date, gross of double counting" in table

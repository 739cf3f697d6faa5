"""The parts of the benefits page without a browser: numbers, refusals, notes and readings through the one
door."""

import datetime as dt
import json
import shutil
from decimal import Decimal

import pytest
from typer.testing import CliRunner

from dashboards.data import Data
from dashboards.pages import _benefit_editing as writing
from dashboards.pages import benefits as page
from dashboards.pages._benefit_tabs import TABS
from partnership.cli import app
from partnership.store import Actor, open_store
from partnership.wording import percent, pounds
from tests.plans import small_plan

TODAY = dt.date(2026, 11, 23)


@pytest.fixture(scope="module")
def county(tmp_path_factory, county_file):
    path = tmp_path_factory.mktemp("parts") / "county.duckdb"
    shutil.copy(county_file, path)
    with open_store(path, mode="write") as store:
        yield Data(store, lambda: TODAY)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    with open_store(tmp_path_factory.mktemp("parts") / "small.duckdb", mode="create") as store:
        made = {t: f for t, f in small_plan.small_frames().items() if f.height}
        store.accept(made, actor=Actor("Test"), reason="Another shape")
        yield Data(store, lambda: small_plan.TODAY)


def plain(component):
    return json.dumps(
        component.to_plotly_json(),
        ensure_ascii=False,
        default=lambda o: o.to_plotly_json() if hasattr(o, "to_plotly_json") else str(o),
    )


def part(data, tab, **more):
    asked = "&".join(f"{k}={v}" for k, v in {"tab": tab, **more}.items())
    made = plain(page.layout(data, data.state("/benefits", f"?{asked}")))
    assert "could not be made" not in made
    return made


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("plan", ["county", "small"])
def test_part_is_made_on_both_plans(request, plan, tab):
    assert TABS[tab] in part(request.getfixturevalue(plan), tab)


def test_empty_store_says_so_on_every_part(tmp_path):
    with open_store(tmp_path / "empty.duckdb", mode="create") as store:
        data = Data(store, lambda: TODAY)
        for tab in TABS:
            assert "The register is empty" in part(data, tab)


def test_forecast_part_prints_range_back_test_and_history(county):
    made, done = part(county, "forecast"), county.completion(county.state("/benefits", ""))
    found = done.forecast
    for amount in (found.middle, found.low, found.high):
        assert pounds(amount, "m") in made
    assert f"missed by {percent(found.backtest.mean_error)} on average" in made
    assert f"{found.backtest.inside} of {len(found.backtest.origins)} lay inside" in made
    assert done.comparable_gbp + done.hidden_gbp == done.planned_gbp
    assert pounds(done.hidden_gbp) in made
    assert "of plan that can be seen" in made
    # What the trust never read, to date and to come, is in no forecast and in no shortfall.
    months = county.view("benefit_months", county.state("/benefits", ""))
    trust = months.filter((months["benefit_id"] == "B03") & months["planned_gbp"].is_not_null())
    assert done.hidden_gbp == trust["planned_gbp"].sum()
    reference = county.realised(county.state("/benefits", "")).reference[""]
    assert f"half of {reference.size} finished benefits" in made
    assert percent(reference.bias) in made


def test_small_plan_has_no_forecast_and_no_history_and_says_so(small):
    made = part(small, "forecast")
    assert "No forecast is made" in made
    assert "0 finished benefits of 10 that are needed" in made


def test_signal_part_prints_the_stored_settings_and_the_running_share(county):
    made = part(county, "signal", measure="M-ONEDAY")
    assert "better, and it is no chance" in made
    assert "Settings of this measure: limits from the first 18 readings" in made
    assert "61.4% (19,170 of 31,221)" in made
    assert "Settings: the defaults" in part(county, "signal", measure="M-ATTEND")
    assert "7 readings one way, 8 on one side" in part(county, "signal", measure="M-STORY")


def test_register_part_has_both_words_slips_horizons_and_harms(county):
    made = part(county, "register")
    for words in (
        "Reviewers are less sure than owners",
        "starts later than planned",
        "Crisis contact feed",
        "no answer",
        "£125,000 of harm",
    ):
        assert words in made, words


def test_note_on_a_month_is_stored_through_the_door_and_restarts_the_limits(county):
    who = next(
        r["id"]
        for r in county.table("role_holders", county.state("/benefits", "")).to_dicts()
        if r["role"] == "Hub manager" and r["ended_on"] is None
    )
    said = writing._noted(
        county,
        "2026-02",
        "Hub opens for good",
        "yes",
        "M-ONEDAY",
        "once-1",
        who,
        "Asked at the board",
        "/benefits",
        "",
    )
    assert "Saved as change" in plain(said[0][0])
    rows = county.table("annotations", county.state("/benefits", ""))
    new = rows.filter(rows["text"] == "Hub opens for good").row(0, named=True)
    assert (new["period"], new["measure_id"], new["restarts_limits"]) == (
        dt.date(2026, 2, 1),
        "M-ONEDAY",
        True,
    )
    assert "Limits start afresh in February 2026" in part(county, "signal", measure="M-ONEDAY")
    wrong = writing._noted(county, "February", "x", "no", "M-ONEDAY", "once-2", who, "y", "/benefits", "")
    assert "nothing was stored" in plain(wrong[0][0])


def test_reading_is_mended_in_an_open_field_and_a_locked_one_is_refused(county):
    state = county.state("/benefits", "")
    who = next(r["id"] for r in county.table("role_holders", state).to_dicts() if r["ended_on"] is None)
    row = writing.reading_rows(county, state, "M-ONEDAY")[0]
    sent = [{"row_key": row["_id"], "version": row["_version"], "values": {"numerator": "800"}}]
    assert "Saved as change" in plain(writing._mended(county, state, sent, who, "Counted again")[0][0])
    table = county.table("readings", state)
    assert table.filter(table["row_key"] == row["_id"])["numerator"][0] == Decimal(800)
    stale = writing._mended(county, state, sent, who, "Counted again")
    assert stale[2] is not None or "Saved" not in plain(stale[0][0])
    locked = [{"row_key": row["_id"], "version": row["_version"], "values": {"period": "2020-01"}}]
    assert "cannot be changed here" in plain(writing._mended(county, state, locked, who, "x")[0][0])


def test_the_past_is_not_written(county):
    past = county.state("/benefits", "?as_of=2026-09-03")
    assert "the past is not changed" in plain(writing.editing_panels(county, past, {"id": "M-ONEDAY"})[0])


def test_realise_prints_what_is_real_and_what_is_lacking(tmp_path, county_file):
    path = tmp_path / "county.duckdb"
    shutil.copy(county_file, path)
    runner = CliRunner()
    asked = ["realise", "--store", str(path), "--as-of", "2026-11-23", "--no-forecast"]
    shown = runner.invoke(app, asked)
    assert shown.exit_code == 0, shown.output
    assert "£710,000 is real of £930,000 planned where read: 76%. Partial: readings cover 91%" in shown.output
    assert "map-money-twice" not in shown.output
    assert "counts £190,000 on the way" in shown.output
    one = json.loads(runner.invoke(app, [*asked, "--benefit", "B01", "--json"]).output)
    assert [r["benefit_id"] for r in one["register"]] == ["B01"]
    assert one["confidence"][0]["reviewer"] == "red"
    assert one["forecast"] is None
    police = json.loads(runner.invoke(app, [*asked, "--agency", "POL", "--json"]).output)
    assert Decimal(police["totals"]["realised_gbp"]) == 150_000
    assert runner.invoke(app, [*asked, "--benefit", "nothing"]).exit_code == 2
    assert runner.invoke(app, [*asked, "--agency", "XXX"]).exit_code == 2

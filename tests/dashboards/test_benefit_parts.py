"""The parts of the benefits page without a browser: numbers, refusals, notes and readings through the one
door."""

import datetime as dt
import json
import shutil
from decimal import Decimal

import pytest
from dash import html
from typer.testing import CliRunner

from dashboards import forms
from dashboards.data import Data
from dashboards.pages import _benefit_editing as writing
from dashboards.pages import _benefit_judging as judging
from dashboards.pages import _benefit_money as money
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
    low, middle, high = (pounds(v, "m") for v in (found.low, found.middle, found.high))
    assert f"About {middle} is forecast by March 2027" in made
    assert f", {low} to {high} in 8 of 10 futures" in made
    assert "(P50, P10 to P90), by exponential smoothing with a damped additive trend." in made
    assert "Last year’s forecasts held poorly: 3 of 7 lay inside their range" in made
    first = part(county, "realisation")
    assert first.index(f"About {middle}") < first.index("Parts of this page"), "it stands in the opening"
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
    assert "No forecast is made." in part(small, "realisation")
    assert "a forecast needs 10" in made
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


NOW = "/benefits"


def a_role(data, wanted=None):
    rows = data.table("role_holders", data.state(NOW, "")).to_dicts()
    return next(r["id"] for r in rows if r["ended_on"] is None and wanted in (None, r["role"]))


def fill(data, desk, key, fixed, typed, who=None, row=(None, 0), once="once"):
    """Send a form as a browser does; return what is said, as text, and the rest."""
    form = next(f for f in desk.forms if f.key == key)
    kept = {"row_key": row[0], "version": row[1], "fixed": fixed, "once": f"{key}-{once}"}
    signed = (who or a_role(data), "Asked at the board", NOW, "")
    said, *rest = forms.save_form(data, desk.key, form, kept, typed, *signed)
    return plain(html.Div(said)), rest


def test_note_on_a_month_is_stored_through_the_door_and_restarts_the_limits(county):
    typed = {"period": "2026-02", "text": "Hub opens for good", "restarts_limits": "yes"}
    fixed = {"measure_id": "M-ONEDAY"}
    said, _ = fill(county, writing.SIGNAL, "signal-note", fixed, typed)
    assert "Saved as change" in said
    rows = county.table("annotations", county.state("/benefits", ""))
    new = rows.filter(rows["text"] == "Hub opens for good").row(0, named=True)
    assert (new["period"], new["measure_id"], new["restarts_limits"]) == (
        dt.date(2026, 2, 1),
        "M-ONEDAY",
        True,
    )
    assert "Limits start afresh in February 2026" in part(county, "signal", measure="M-ONEDAY")
    again, _ = fill(county, writing.SIGNAL, "signal-note", fixed, typed)
    assert again == said, "the same form sent twice has one effect"
    typed = {"period": "February", "text": "x", "restarts_limits": "no"}
    wrong, _ = fill(county, writing.SIGNAL, "signal-note", fixed, typed, once="2")
    assert "Nothing was stored" in wrong
    typed = {"period": "2026-03", "text": "Ask jane@example.org", "restarts_limits": "no"}
    person, _ = fill(county, writing.SIGNAL, "signal-note", fixed, typed, once="3")
    assert "e-mail address" in person
    assert "jane@" not in person


def test_reading_is_mended_in_an_open_field_and_a_locked_one_is_refused(county):
    state, grid = county.state("/benefits", ""), writing.SIGNAL.grid
    who = a_role(county)
    row = writing.reading_rows(county, state, measure_id="M-ONEDAY")[0]
    sent = [{"row_key": row["_id"], "version": row["_version"], "values": {"numerator": "800"}}]

    def mend(changed):
        said, _, kept = forms.save_grid(county, "signal", grid, changed, who, "Counted again", NOW, "")
        return plain(html.Div(said)), kept

    assert "Saved as change" in mend(sent)[0]
    table = county.table("readings", state)
    assert table.filter(table["row_key"] == row["_id"])["numerator"][0] == Decimal(800)
    said, kept = mend([{**sent[0], "values": {"numerator": "700"}}])
    assert "saved first" in said
    assert "800" in said
    assert kept["rows"][0]["version"] == row["_version"] + 1
    locked = [{"row_key": row["_id"], "version": row["_version"], "values": {"period": "2020-01"}}]
    assert "cannot be changed here" in mend(locked)[0]


def test_reading_in_pounds_is_new_once_and_then_shows_both_values(county):
    before = county.row("benefit_totals", county.state(NOW, ""))["realised_gbp"]
    rows = county.table("readings", county.state(NOW, ""))
    old = rows.filter(rows["benefit_id"].is_not_null() & rows["value"].is_not_null()).row(0, named=True)
    fixed = {n: old[n] for n in ("measure_id", "benefit_id")}
    typed = {"period": old["period"].strftime("%Y-%m"), "agency_id": old["agency_id"] or "", "value": "1"}
    typed |= {"missing": "", "missing_note": "", "state": "approved", "source": ""}
    said, (_, kept, _) = fill(county, money.MONEY, "money-new", fixed, typed)
    assert "saved first" in said, "a month that is there is never written over unseen"
    assert county.row("benefit_totals", county.state(NOW, ""))["realised_gbp"] == before
    assert [set(kept["rows"][0]["values"]), kept["rows"][0]["row_key"]] == [
        {*money.OPEN},
        old["row_key"],
    ]
    who = a_role(county)
    sent = [{"row_key": old["row_key"], "version": old["row_version"]}]
    sent[0]["values"] = {"value": str(old["value"] + 500), "state": "approved"}
    forms.save_grid(county, "money", money.MONEY.grid, sent, who, "Counted again", NOW, "")
    assert county.row("benefit_totals", county.state(NOW, ""))["realised_gbp"] == before + 500
    rows = county.table("readings", county.state(NOW, ""))
    mended = rows.filter(rows["row_key"] == old["row_key"]).row(0, named=True)
    assert mended["approved_by_role_id"] == who, "who approves is named with the approval"


def test_rules_of_a_chart_are_set_for_one_measure_and_hold_at_once(county):
    used = {"shift_points": "8", "trend_points": "6", "two_in_three": "no", "limit_factor": "2.66"}
    used |= {"screens_ranges": "no", "screen_factor": "3.267", "least_readings": "10"}
    used |= {"baseline_readings": "", "least_average_count": "5", "reason": "Agreed by the analysts"}
    fixed = {"measure_id": "M-ATTEND"}
    said, (_, _, row) = fill(county, writing.SIGNAL, "signal-rules", fixed, used)
    assert "Saved as change" in said
    made = part(county, "signal", measure="M-ATTEND")
    assert "Settings of this measure: limits from all readings" in made
    assert "6 readings one way, 8 on one side" in made
    assert "no moving range left out" in made
    wrong, _ = fill(county, writing.SIGNAL, "signal-rules", fixed, used | {"shift_points": "1"}, once="2")
    assert "Nothing was stored" in wrong
    seen, _ = fill(county, writing.SIGNAL, "signal-rules", fixed, used | {"shift_points": "9"}, once="3")
    assert "saved first" in seen, "a form that saw no rules does not write over those that are there"
    assert row["once"] != "signal-rules-once"


def test_owner_and_reviewer_say_how_sure_they_are_and_neither_is_averaged(county):
    who = a_role(county, "Hub manager")
    for rated_by, word in (("owner", "green"), ("reviewer", "amber/red")):
        typed = {"benefit_id": "B04", "rated_by": rated_by, "confidence": word, "reason": "Staff are in post"}
        typed["stated_on"] = TODAY.isoformat()
        said, _ = fill(county, judging.SURE, "sure-word", {}, typed, who, once=rated_by)
        assert "Saved as change" in said
    found = next(c for c in county.realised(county.state(NOW, "")).confidence if c.benefit_id == "B04")
    assert (found.owner, found.reviewer, found.steps_apart) == ("green", "amber/red", 3)
    rows = county.table("delivery_confidence", county.state(NOW, ""))
    assert rows.filter((rows["benefit_id"] == "B04") & (rows["stated_on"] == TODAY))["role_id"].to_list() == [
        who,
        who,
    ]
    assert "Save what I say" in part(county, "register", open="sure")


def test_finished_benefit_is_written_down_and_joins_the_reference_class(county):
    size = county.realised(county.state(NOW, "")).reference[""].size
    typed = {"title": "Fewer bank shifts", "programme": "", "benefit_class": "cash-releasing"}
    typed |= {"finished_on": "2025-03-31", "planned_gbp": "40,000", "realised_gbp": "£25,000", "source": ""}
    said, _ = fill(county, judging.FINISHED, "finished-one", {}, typed)
    assert "Saved as change" in said
    assert county.realised(county.state(NOW, "")).reference[""].size == size + 1
    assert "Write down a finished benefit" in part(county, "forecast")


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


def test_tables_by_part_say_gross_and_give_what_is_counted_twice_and_net_where_anything_is():
    from dashboards.pages import _benefit_bars as bars
    from dashboards.urls import State

    def row(planned, twice, name="COU"):
        money = {
            "planned_gbp": planned,
            "compared_gbp": planned,
            "realised_gbp": planned - 1,
            "not_read_gbp": 0,
        }
        again = {f"twice_{c}_gbp": twice for c in ("planned", "compared", "realised")}
        net = {f"net_{c}": money[c] - (twice or 0) for c in ("planned_gbp", "compared_gbp", "realised_gbp")}
        own = {"agency_id": name, "agency_name": name, "benefit_class": "cash-releasing", "missing": None}
        return {**own, **money, **again, **net, "realised_share": 0.5, "latest_period": dt.date(2026, 10, 1)}

    def shown(*rows):
        table = bars._by_table(rows, State(), "agency_id", "agency_name", "Agency", rows[0])
        said = [
            bars._class_table(rows),
            bars._class_block(rows[0], State(), ""),
            html.P(bars._adds_up(rows[0])),
        ]
        return plain(html.Div([table, *said]))

    whole = shown(row(1000, None))
    assert "net" not in whole
    assert "gross" not in whole
    twice = shown(row(1000, 300))
    for words in (
        "Planned, gross", "Realised, gross", "Planned where read, gross", "Planned, counted twice", "Planned, net",
        "Real, counted twice", "Real, net", "£300", "£699 net of double counting",
        "These are gross. Net of double counting: £699 real, £700 planned.",
    ):  # fmt: skip
        assert words in twice, words

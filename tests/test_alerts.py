"""Alerts: each worked out from views, with its rows; and none where there is no reason."""

import datetime as dt
import json

import polars as pl
import pytest

from partnership import wording
from partnership._workflows.alerts import KINDS, alerts, alerts_of, as_json, gap_kind, in_all

TODAY = dt.date(2026, 11, 23)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def store(tmp_path_factory, county_file):
    import shutil

    from partnership.store import open_store

    path = tmp_path_factory.mktemp("alerts") / "county.duckdb"
    shutil.copy(county_file, path)
    opened = open_store(path, mode="read")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def found(store):
    return alerts(store, today=TODAY)


def of_kind(found, kind):
    return {a.subject: a for a in found if a.kind == kind}


def test_benefits_off_plan_three_months_are_the_registers(store, found):
    register = store.fetch("benefit_register", today=TODAY)
    long = register.filter(pl.col("state").str.starts_with("off plan") & (pl.col("months_off_plan") >= 3))
    mine = of_kind(found, "off plan")
    assert set(mine) == set(long["benefit_id"].to_list()) != set()
    for row in long.iter_rows(named=True):
        alert = mine[row["benefit_id"]]
        assert alert.pounds == row["compared_gbp"] - row["realised_gbp"]
        assert wording.pounds(row["realised_gbp"]) in alert.why
        assert wording.pounds(row["compared_gbp"]) in alert.why


def test_promises_that_hold_up_money_add_up_to_the_boards_figure(store, found):
    totals = store.fetch("promise_totals", today=TODAY).row(0, named=True)
    mine = of_kind(found, "promise")
    assert sum(a.pounds for a in mine.values()) == totals["held_up_gbp"]
    assert len(mine) < totals["overdue"], "an overdue promise that holds up nothing in money is no alert"
    assert wording.pounds(totals["held_up_gbp"]) in in_all(found)


def test_gap_wider_at_two_reviews_running_says_every_review(found):
    widening = of_kind(found, "gap widening")
    assert set(widening) == {"M-HOURS"}
    said = widening["M-HOURS"].why
    assert said.index("6.4 times") < said.index("6.5 times") < said.index("8.0 times")
    assert of_kind(found, "gap reopened") == {}


def test_gap_that_was_closing_and_widens_again_has_reopened(store):
    history = store.fetch("expectation_history", today=TODAY)
    latest = history["review_on"].max()
    wider = history.with_columns(
        pl.when((pl.col("measure_id") == "M-USERS") & (pl.col("review_on") == latest))
        .then(35.0)
        .otherwise(pl.col("ratio"))
        .alias("ratio")
    )

    def ask(name):
        return wider if name == "expectation_history" else store.fetch(name, today=TODAY)

    reopened = of_kind(alerts_of(ask), "gap reopened")
    assert set(reopened) == {"M-USERS"}
    assert "40 times apart on 5 March 2026" in reopened["M-USERS"].why
    assert reopened["M-USERS"].what.endswith("the gap reopened")


def test_most_money_stands_first_and_unknown_last(found):
    amounts = [a.pounds for a in found]
    known = [p for p in amounts if p is not None]
    assert known == sorted(known, reverse=True)
    assert amounts[: len(known)] == known


def test_every_alert_is_its_views_rows(store, found):
    for alert in found:
        rows = store.fetch(alert.view, today=TODAY)
        for column, value in alert.narrowed.items():
            rows = rows.filter(pl.col(column) == value)
        assert [dict(r) for r in alert.rows] == rows.filter(
            pl.col("ratio").is_not_null() if alert.view == "expectation_history" else True
        ).sort("review_on" if alert.view == "expectation_history" else rows.columns[0]).to_dicts()
        assert alert.kind in KINDS


def test_alerts_of_an_agency_are_about_it(store, found):
    mine = alerts(store, today=TODAY, agency_id="PRO")
    promises = of_kind(mine, "promise")
    assert promises
    for alert in promises.values():
        assert "PRO" in {alert.rows[0]["agency_id"], alert.rows[0]["to_agency_id"]}
    assert len(mine) < len(found)


def test_alerts_before_anything_was_late_are_none(store):
    found = alerts(store, as_of=dt.date(2025, 4, 10))
    assert found == ()
    assert in_all(found).startswith("No alert")


def test_alerts_command_prints_them_and_as_json_with_rows(store, found, tmp_path, county_file):
    from typer.testing import CliRunner

    from partnership.cli import app

    told = CliRunner().invoke(app, ["alerts", "--store", str(county_file), "--as-of", "2026-11-23", "--json"])
    assert told.exit_code == 0, told.output
    data = json.loads(told.stdout)
    assert data["alerts"]
    assert {a["kind"] for a in data["alerts"]} <= set(data["kinds"])
    assert data == json.loads(json.dumps(as_json(alerts(store, as_of=TODAY)), default=str))


@pytest.mark.parametrize(
    ("ratios", "kind"),
    [
        ([], None),
        ([5.0], None),
        ([5.0, 5.04], None),
        ([12.0, 8.0, 12.0], "gap reopened"),
        ([12.0, 8.0, 12.0, 9.0], None),
        ([2.0, 3.0, 4.0], "gap widening"),
        ([None, 2.0, None, 3.0, 4.0, None], "gap widening"),
    ],
)
def test_kind_of_a_gaps_alert(ratios, kind):
    assert gap_kind(ratios) == kind

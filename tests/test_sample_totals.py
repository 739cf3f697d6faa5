"""What the product shows of the sample county is what was worked out apart from it, on both days."""

import json
from decimal import Decimal

import pytest

from partnership.store import Actor, open_store
from sample_data.make_wendleshire import frames
from sample_data.work_out_totals import DAYS, TOTALS


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with open_store(tmp_path_factory.mktemp("county") / "county.duckdb", mode="create") as opened:
        opened.accept(
            {name: rows for name, rows in frames().items() if rows.height},
            actor=Actor("Hub manager"),
            reason="Opening load",
        )
        yield opened


@pytest.fixture(scope="module", params=DAYS, ids=str)
def day(request):
    return request.param


@pytest.fixture(scope="module")
def expected(day):
    return json.loads(TOTALS.read_text(encoding="utf-8"))[day.isoformat()]


def one(store, view, day):
    return store.fetch(view, as_of=day).row(0, named=True)


def pounds(text):
    return None if text is None else Decimal(text)


def test_benefit_totals_are_those_worked_out_apart(store, day, expected):
    found, wanted = one(store, "benefit_totals", day), expected["benefits"]["totals"]
    for key in ("planned_gbp", "compared_gbp", "realised_gbp", "plan_total_gbp", "original_total_gbp"):
        assert found[key] == pounds(wanted[key]), key
    assert found["not_read_gbp"] == sum(Decimal(v) for v in wanted["not_read_gbp"].values())
    assert found["withheld_gbp"] == Decimal(wanted["not_read_gbp"]["withheld"])
    assert found["realised_share"] == pytest.approx(wanted["realised_share"]["quotient"])
    assert found["coverage_share"] == pytest.approx(wanted["coverage_share"]["quotient"])
    assert found["provisional_months"] == len(wanted["provisional_months"])


@pytest.mark.parametrize(
    ("view", "part", "key"),
    [
        ("benefit_by_agency", "by_agency", "agency_id"),
        ("benefit_by_goal", "by_goal", "goal_id"),
        ("benefit_by_class", "by_class", "benefit_class"),
        ("benefit_register", "by_benefit", "benefit_id"),
    ],
)
def test_benefits_by_each_key_are_those_worked_out_apart(store, day, expected, view, part, key):
    found = {r[key]: r for r in store.fetch(view, as_of=day).iter_rows(named=True)}
    wanted = expected["benefits"][part]
    assert set(found) == set(wanted)
    for name, row in wanted.items():
        for column in ("planned_gbp", "compared_gbp", "realised_gbp"):
            assert found[name][column] == pounds(row[column]), (name, column)


def test_running_totals_of_each_month_are_those_worked_out_apart(store, day, expected):
    found = {
        r["period"].strftime("%Y-%m"): r
        for r in store.fetch("benefit_realisation", as_of=day).iter_rows(named=True)
    }
    wanted = expected["benefits"]["by_month"]
    assert list(found) == list(wanted)
    for month, row in wanted.items():
        for column, value in row.items():
            assert found[month][column] == pounds(value), (month, column)


def test_gaps_are_those_worked_out_apart(store, day, expected):
    found = {r["measure_id"]: r for r in store.fetch("expectation_gaps", as_of=day).iter_rows(named=True)}
    wanted = expected["expectations"]["gaps"]
    assert set(found) == set(wanted)
    for measure, row in wanted.items():
        seen = found[measure]
        assert seen["least_rate"] == pytest.approx(float(row["least_rate"]))
        assert seen["most_rate"] == pytest.approx(float(row["most_rate"]))
        assert seen["ratio"] == pytest.approx(row["ratio"]["quotient"])
        assert (seen["least_agency_id"], seen["band"], seen["kind_of_gap"]) == (
            row["least_agency"],
            row["band"],
            row["kind_of_gap"],
        )
        assert (seen["partners_answered"], seen["partners_unanswered"]) == (
            row["answered"],
            row["unanswered"],
        )


def test_pairs_are_those_worked_out_apart(store, day, expected):
    found = {
        f"{r['measure_id']} {r['giver_id']}>{r['getter_id']}": r
        for r in store.fetch("expectation_pairs", as_of=day).iter_rows(named=True)
    }
    wanted = expected["expectations"]["pairs"]
    assert set(found) == set(wanted)
    for pair, row in wanted.items():
        assert found[pair]["short"] == row["short"], pair
        if row["ratio"]:
            assert found[pair]["ratio"] == pytest.approx(row["ratio"]["quotient"]), pair


def test_gaps_at_each_review_are_those_worked_out_apart(store, day, expected):
    found = {}
    for r in store.fetch("expectation_history", as_of=day).iter_rows(named=True):
        found.setdefault(r["review_on"].isoformat(), {})[r["measure_id"]] = r["ratio"]
    worked_out = expected["expectations"]["history"]
    assert len(found) == len(worked_out)
    for shown, review in zip(
        sorted(found), sorted(worked_out), strict=True
    ):  # the latest is shown on the day itself
        assert found[shown] == pytest.approx(worked_out[review]), review


def test_promises_are_those_worked_out_apart(store, day, expected):
    found, wanted = one(store, "promise_totals", day), expected["promises"]
    states = {s: s.replace(" ", "_") for s in wanted["by_agency"]["all"]}
    assert {s: found[c] for s, c in states.items()} == wanted["by_agency"]["all"]
    assert (found["made"], found["due"]) == (wanted["made"], wanted["due"])
    assert found["held_up_gbp"] == Decimal(wanted["held_up_gbp"])
    by_agency = {
        r["agency_id"]: r for r in store.fetch("promises_by_agency", as_of=day).iter_rows(named=True)
    }
    for agency, counts in wanted["by_agency"].items():
        if agency != "all":
            assert {s: by_agency[agency][c] for s, c in states.items()} == counts, agency


def test_overdue_promises_hold_up_what_was_worked_out_apart(store, day, expected):
    found = {
        r["commitment_id"]: (r["days_late"], r["held_up_gbp"] or Decimal(0), r["times_moved"] > 0)
        for r in store.fetch("promises", as_of=day).iter_rows(named=True)
        if r["state"] == "overdue"
    }
    wanted = expected["promises"]["overdue"]
    assert found == {r["id"]: (r["days_late"], Decimal(r["held_up_gbp"]), r["moved"]) for r in wanted}


def test_payers_and_gainers_are_those_worked_out_apart(store, day, expected):
    found = {r["agency_id"]: r for r in store.fetch("payers_and_gainers", as_of=day).iter_rows(named=True)}
    wanted = expected["payers_and_gainers"]["by_agency"]
    assert set(found) == set(wanted)
    for agency, row in wanted.items():
        assert found[agency]["paid_gbp"] == Decimal(row["paid_gbp"]), agency
        assert found[agency]["gained_gbp"] == Decimal(row["gained_gbp"]), agency
        assert found[agency]["paid_share"] == pytest.approx(row["paid_share"]["quotient"]), agency


def test_headline_is_the_one_worked_out_apart(store, day, expected):
    found, wanted = one(store, "plan_summary", day), expected["board"]
    assert float(found["latest_value"]) == wanted["latest"]["quotient"]
    assert found["latest_period"].strftime("%Y-%m") == wanted["latest_month"]
    assert found["planned_value"] == pytest.approx(wanted["planned"])
    assert (found["agencies"], found["goals"], found["benefits"]) == (
        wanted["partners"],
        wanted["goals"],
        wanted["benefits"],
    )


def test_small_counts_of_people_never_leave_the_store(store, day, expected):
    shown = store.fetch("measure_readings", as_of=day, measure_id=None)
    for measure, count in expected["other"]["small_counts_of_people"].items():
        rows = shown.filter(shown["measure_id"] == measure)
        for column in ("value", "numerator", "denominator"):
            seen = rows[column].drop_nulls().cast(float).abs()
            small = seen.is_between(0, 5, closed="right")
            # A percentage worked out from two counts is no count of people.
            assert not (small.any() and (column != "value" or rows["denominator"].is_null().all())), (
                measure,
                column,
            )
        assert rows.filter(rows["missing"] == "suppressed").height >= count

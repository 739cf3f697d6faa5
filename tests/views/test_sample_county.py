"""The views over the sample county say what was worked out apart from them, on both days."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from partnership.tables import RECORD_TYPES, record_type
from sample_data.make_wendleshire import frames

EXPECTED = json.loads(
    (Path(__file__).parents[2] / "sample_data" / "wendleshire" / "expected_totals.json").read_text("utf-8")
)
DAYS = sorted(EXPECTED)


class Seen:
    """The county as known on one day, and what it comes to by the other road."""

    def __init__(self, bench, day: str) -> None:
        self.bench, self.day, self.expected = bench, dt.date.fromisoformat(day), EXPECTED[day]

    def ask(self, name: str, **params):
        return self.bench.ask(name, today=self.day, **params)

    def one(self, name: str, **params):
        return self.bench.one(name, today=self.day, **params)


@pytest.fixture(scope="module", params=DAYS)
def seen(request, bench_class):
    bench, day = bench_class(), dt.date.fromisoformat(request.param)
    made = frames()
    for table in (t.table for t in RECORD_TYPES):
        rows, since = made[table], record_type(table).since
        if since:  # as the store does for "as known on"
            rows = rows.filter(pl.col(since).is_null() | (pl.col(since) <= day))
        bench.connection.register("arriving", rows.to_arrow())
        bench.connection.execute(f"INSERT INTO {table} SELECT * FROM arriving")
        bench.connection.unregister("arriving")
    yield Seen(bench, request.param)
    bench.close()


def money(text):
    return None if text is None else Decimal(text)


def share(fraction):
    return None if fraction is None else pytest.approx(int(fraction["above"]) / int(fraction["below"]))


def month(text):
    return dt.date.fromisoformat(f"{text}-01")


def kinds(row):
    """Kinds of missing with their money, without those that hide nothing."""
    names = {
        "withheld": "withheld",
        "not provided": "not_provided",
        "too early": "too_early",
        "suppressed": "suppressed",
        "blank": "blank",
    }
    return {k: row[f"{n}_gbp"] for k, n in names.items() if row[f"{n}_gbp"]}


def test_shared_goal_stands_where_it_was_worked_out_to_stand(seen):
    want, row = seen.expected["board"], seen.one("plan_summary")
    assert row["bhag"] == want["sentence"]
    assert row["latest_period"] == month(want["latest_month"])
    assert float(row["latest_value"]) == pytest.approx(want["latest"]["quotient"])
    assert row["planned_value"] == pytest.approx(want["planned"])
    assert (row["baseline_value"], row["target_value"]) == (want["baseline"], want["target"])
    assert (row["agencies"], row["goals"], row["benefits"]) == (
        want["partners"],
        want["goals"],
        want["benefits"],
    )


def test_benefit_totals(seen):
    want, row = seen.expected["benefits"]["totals"], seen.one("benefit_totals")
    assert row["latest_period"] == month(seen.expected["benefits"]["latest_month"])
    for column in ("planned_gbp", "compared_gbp", "realised_gbp", "plan_total_gbp", "original_total_gbp"):
        assert row[column] == money(want[column]), column
    assert kinds(row) == {k: money(v) for k, v in want["not_read_gbp"].items()}
    assert row["realised_share"] == share(want["realised_share"])
    assert row["coverage_share"] == share(want["coverage_share"])
    assert [r["period"] for r in seen.ask("provisional_months")] == [
        month(m) for m in want["provisional_months"]
    ]
    assert row["provisional_months"] == len(want["provisional_months"])


@pytest.mark.parametrize(
    ("part", "name", "key"),
    [("by_agency", "benefit_by_agency", "agency_id"), ("by_goal", "benefit_by_goal", "goal_id"), ("by_class", "benefit_by_class", "benefit_class")],
)  # fmt: skip
def test_benefit_by_part(seen, part, name, key):
    want = seen.expected["benefits"][part]
    rows = {r[key]: r for r in seen.ask(name)}
    assert set(rows) == set(want)
    for part_id, row in rows.items():
        for column in ("planned_gbp", "compared_gbp", "realised_gbp"):
            assert row[column] == money(want[part_id][column]), (part_id, column)
        assert (row["not_read_gbp"] or 0) == sum(map(Decimal, want[part_id]["not_read_gbp"].values()))
        assert row["realised_share"] == share(want[part_id]["realised_share"])


def test_benefit_totals_of_one_agency_are_its_row(seen):
    for agency, want in seen.expected["benefits"]["by_agency"].items():
        row = seen.one("benefit_totals", agency_id=agency)
        assert (row["planned_gbp"], row["realised_gbp"]) == (
            money(want["planned_gbp"]),
            money(want["realised_gbp"]),
        ), agency


def test_benefit_register(seen):
    want = seen.expected["benefits"]["by_benefit"]
    rows = {r["benefit_id"]: r for r in seen.ask("benefit_register")}
    assert set(rows) == set(want)
    for benefit, row in rows.items():
        for column in ("planned_gbp", "compared_gbp", "realised_gbp"):
            assert row[column] == money(want[benefit][column]), (benefit, column)
    assert rows["B03"]["state"] == "withheld"


def test_benefit_realisation_by_month(seen):
    want = seen.expected["benefits"]["by_month"]
    rows = seen.ask("benefit_realisation")
    assert [r["period"] for r in rows] == [month(m) for m in want]
    for row, numbers in zip(rows, want.values(), strict=True):
        assert {k: row[k] for k in numbers} == {k: money(v) for k, v in numbers.items()}, row["period"]


def test_expectation_gaps(seen):
    want = seen.expected["expectations"]["gaps"]
    rows = {r["measure_id"]: r for r in seen.ask("expectation_gaps")}
    assert set(rows) == set(want)
    for measure, row in rows.items():
        w = want[measure]
        assert (row["least_rate"], row["most_rate"]) == (
            pytest.approx(float(w["least_rate"])),
            pytest.approx(float(w["most_rate"])),
        )
        assert (row["least_agency_id"], row["most_agency_id"]) == (w["least_agency"], w["most_agency"]), (
            measure
        )
        assert row["ratio"] == pytest.approx(int(w["ratio"]["above"]) / int(w["ratio"]["below"]))
        assert (row["band"], row["kind_of_gap"]) == (w["band"], w["kind_of_gap"]), measure
        assert (row["partners_answered"], row["partners_unanswered"]) == (w["answered"], w["unanswered"]), (
            measure
        )


def test_expectation_bands(seen):
    row = seen.one("gap_totals")
    want = seen.expected["expectations"]["bands"]
    assert {
        "stop and re-define": row["redefine"],
        "discuss": row["discuss"],
        "aligned": row["aligned"],
    } == want


def test_expectation_pairs(seen):
    want = seen.expected["expectations"]["pairs"]
    rows = {f"{r['measure_id']} {r['giver_id']}>{r['getter_id']}": r for r in seen.ask("expectation_pairs")}
    assert set(rows) == set(want)
    for pair, row in rows.items():
        w = want[pair]
        assert row["offered_rate"] == (
            None if w["offered_rate"] is None else pytest.approx(float(w["offered_rate"]))
        )
        assert row["expected_rate"] == (
            None if w["expected_rate"] is None else pytest.approx(float(w["expected_rate"]))
        )
        assert (row["ratio"], row["short"]) == (share(w["ratio"]), w["short"]), pair


def test_expectation_history_at_the_days_on_which_partners_spoke(seen):
    ratios = {(r["review_on"], r["measure_id"]): r["ratio"] for r in seen.ask("expectation_history")}
    spoken = seen.expected["expectations"]["history"]
    for day, by_measure in spoken.items():
        # The day shown stands for the last day on which they spoke.
        review = seen.day if day == max(spoken) else dt.date.fromisoformat(day)
        for measure, ratio in by_measure.items():
            assert ratios[review, measure] == pytest.approx(ratio), (day, measure)


def test_promises(seen):
    want, total = seen.expected["promises"], seen.one("promise_totals")
    assert (total["made"], total["due"], total["held_up_gbp"]) == (
        want["made"],
        want["due"],
        money(want["held_up_gbp"]),
    )
    assert total["on_time_share"] == share(want["on_time_share"])
    counts = {
        "kept on time": "kept_on_time",
        "kept late": "kept_late",
        "overdue": "overdue",
        "not yet due": "not_yet_due",
        "withdrawn": "withdrawn",
    }
    rows = {r["agency_id"]: r for r in seen.ask("promises_by_agency")} | {"all": total}
    assert {a: {k: r[c] for k, c in counts.items()} for a, r in rows.items()} == want["by_agency"]


def test_overdue_promises(seen):
    overdue = [r for r in seen.ask("promises") if r["state"] == "overdue"]
    got = [
        {
            "id": r["commitment_id"], "title": r["title"], "by": r["agency_id"], "to": r["to_agency_id"], "due_on": r["due_on"].isoformat(),
            "days_late": r["days_late"], "moved": r["times_moved"] > 0, "benefit": r["benefit_id"], "held_up_gbp": r["held_up_gbp"] or Decimal(0),
        }
        for r in overdue
    ]  # fmt: skip
    assert got == [
        w | {"held_up_gbp": Decimal(w["held_up_gbp"])} for w in seen.expected["promises"]["overdue"]
    ]


def test_payers_and_gainers(seen):
    want = seen.expected["payers_and_gainers"]
    rows = {r["agency_id"]: r for r in seen.ask("payers_and_gainers")}
    assert set(rows) == set(want["by_agency"])
    assert sum(r["paid_gbp"] for r in rows.values()) == money(want["paid_total_gbp"])
    assert sum(r["gained_gbp"] for r in rows.values()) == money(want["gained_total_gbp"])
    for agency, row in rows.items():
        w = want["by_agency"][agency]
        assert [row[c] for c in ("paid_gbp", "gained_gbp", "net_gbp")] == [
            money(w[c]) for c in ("paid_gbp", "gained_gbp", "net_gbp")
        ]
        assert (row["paid_share"], row["gained_share"]) == (share(w["paid_share"]), share(w["gained_share"]))

"""The major projects return of 2023 as published, and several returns in one store."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal

import polars as pl
import pytest
from gmpp_read import (
    DIALECTS,
    MILLION,
    OLD,
    PROJECTS,
    by_title,
    codes,
    expected_money,
    read,
)
from returns_made import (
    REAL,
    as_text,
    is_money,
)

from partnership.errors import Finding, has_errors
from partnership.intake._return_values import missing_kind, read_day, read_rating
from partnership.intake.returns import read_gmpp, reconcile_gmpp, summarise_gmpp
from partnership.plan import Batch, Plan, check
from partnership.tables import schema_of


@pytest.fixture(scope="module")
def real() -> tuple[Batch, list[Finding]]:
    batch, findings = read_gmpp(REAL.read_bytes(), "gmpp_2023.csv", with_partnership=True)
    assert batch is not None
    return batch, findings


def test_real_return_gives_its_projects_and_adds_up(real: tuple[Batch, list[Finding]]) -> None:
    batch, findings = real
    assert (batch.rows_read, batch.rows_kept, batch.skipped) == (244, 244, ())
    assert batch.frames["work_items"].height == batch.frames["benefits"].height == 244
    assert batch.frames["agencies"].height == 21
    assert batch.kind == "gmpp"
    assert not has_errors(findings)
    assert not codes(findings) & {
        "gmpp-unknown-words",
        "gmpp-not-a-figure",
        "gmpp-unread-field",
        "gmpp-day-assumed",
    }


def test_real_return_totals_are_the_published_ones_and_partial(real: tuple[Batch, list[Finding]]) -> None:
    benefits, cost = summarise_gmpp(real[0])
    assert benefits["numeric"] == 110
    assert benefits["visible_gbp"] == Decimal("729446.31") * MILLION
    assert benefits["missing"] == {
        "withheld": 11,
        "not provided": 0,
        "too early": 1,
        "suppressed": 0,
        "blank": 122,
    }
    assert benefits["negative"] == 1
    assert benefits["partial"] is cost["partial"] is True
    assert benefits["position"] == dt.date(2023, 3, 31)
    assert cost["visible_gbp"] == sum(v for v in expected_money("whole_life").values() if v is not None)
    assert cost["numeric"] + sum(cost["missing"].values()) == cost["rows"] == 244


def test_real_return_negative_benefit_is_a_disbenefit(real: tuple[Batch, list[Finding]]) -> None:
    harms = real[0].frames["benefits"].filter(pl.col("is_disbenefit"))
    assert harms.select("whole_life_gbp", "benefit_class").rows() == [(Decimal("-30690000.00"), "quantified")]


def test_real_return_every_cell_without_a_figure_is_classified_and_none_is_zero(
    real: tuple[Batch, list[Finding]],
) -> None:
    zeros = {
        p["name"] for p in PROJECTS for n in ("baseline", "forecast") if is_money(p[n]) and float(p[n]) == 0
    }
    for name, measure in (
        ("baseline", "GMPP-year-baseline"),
        ("forecast", "GMPP-year-forecast"),
        ("whole_life", "GMPP-whole-life-cost"),
        ("benefits", "GMPP-whole-life-benefits"),
    ):
        read_back = by_title(real[0], measure)
        for project in PROJECTS:
            value, missing, _ = read_back[project["name"]]
            assert (value is None) == (not is_money(project[name])), project["name"]
            assert (missing is None) == is_money(project[name])
            if value == 0:
                assert project["name"] in zeros


def test_real_return_missing_spellings_are_each_known_to_a_rule() -> None:
    columns = ("central", "owner", "start", "end", "baseline", "forecast", "whole_life", "benefits")
    spelt = Counter(p[c] for p in PROJECTS for c in columns)
    spelt = Counter({t: n for t, n in spelt.items() if not (is_money(t) or read_rating(t) or read_day(t)[0])})
    kinds = {text: missing_kind(text) for text in spelt}
    assert all(k.known for k in kinds.values())
    assert {k.kind for k in kinds.values()} == {"blank", "withheld", "too early"}
    assert all(k.kind == "withheld" for t, k in kinds.items() if "Exempt" in t)
    assert all(k.note for t, k in kinds.items() if t)


def test_real_return_rows_are_valid_records_of_a_plan(real: tuple[Batch, list[Finding]]) -> None:
    frames = dict(real[0].frames)
    for table, frame in frames.items():
        assert frame.columns == [*(n for n, _ in schema_of(table)), "row_key", "_row"]
        assert frame["row_key"].n_unique() == frame.height
    faults = check(Plan.from_frames(frames), {"readings": frames["readings"]}, today=dt.date(2026, 11, 23))
    assert [f for f in faults if f.severity == "error"] == []


def test_real_return_ratings_say_who_rated(real: tuple[Batch, list[Finding]]) -> None:
    central = by_title(real[0], "GMPP-central-rating")
    owner = by_title(real[0], "GMPP-owner-rating")
    for project in PROJECTS:
        for column, rated in (("central", central), ("owner", owner)):
            if project[column] in ("Red", "Amber", "Green"):
                value, missing, label = rated[project["name"]]
                assert (value, label, missing) == (
                    ["Red", "Amber", "Green"].index(label) + 1,
                    project[column],
                    None,
                )
    assert Counter(label for _, m, label in central.values() if m is None) == {
        "Amber": 88,
        "Red": 18,
        "Green": 5,
    }
    assert Counter(label for _, m, label in owner.values() if m is None) == {
        "Amber": 95,
        "Red": 5,
        "Green": 21,
    }


def test_real_return_end_before_start_is_kept_as_words(real: tuple[Batch, list[Finding]]) -> None:
    items = real[0].frames["work_items"]
    assert items.filter(pl.col("due_on") < pl.col("starts_on")).is_empty()
    assert items["status"].str.contains("before the start").sum() == 1
    assert items["starts_on"].null_count() == sum(read_day(p["start"])[0] is None for p in PROJECTS)


def as_stored(batch: Batch) -> dict[str, pl.DataFrame]:
    return {t: f.drop("_row") for t, f in batch.frames.items()}


def test_older_return_loaded_later_leaves_the_newer_values_and_adds_readings(
    real: tuple[Batch, list[Finding]],
) -> None:
    older = read(as_text([{**p, "name": p["name"].upper()} for p in OLD], DIALECTS["mpa-2014-transposed"][0]))
    fitted = reconcile_gmpp(older, as_stored(real[0]))
    assert set(fitted.frames["readings"]["item_id"]) == set(real[0].frames["work_items"]["id"])
    assert fitted.frames["readings"]["row_key"].n_unique() == older.frames["readings"].height
    assert "work_items" not in fitted.frames
    assert "agencies" not in fitted.frames


def test_newer_return_loaded_later_takes_over_and_keeps_the_ids(real: tuple[Batch, list[Finding]]) -> None:
    older = read(as_text(OLD, DIALECTS["mpa-2014-transposed"][0]))
    assert all(i.startswith("P-") for i in older.frames["work_items"]["id"])
    fitted = reconcile_gmpp(real[0], as_stored(older))
    assert set(fitted.frames["work_items"]["id"]) == set(older.frames["work_items"]["id"])
    assert fitted.frames["benefits"].height == 244
    items = set(fitted.frames["work_items"]["id"])
    assert {i for ids in fitted.frames["benefits"]["item_ids"] for i in ids.split("; ")} == items
    assert set(fitted.frames["benefits"]["owner_role_id"]) == set(fitted.frames["role_holders"]["id"])


def test_department_whose_code_another_agency_has_takes_another(real: tuple[Batch, list[Finding]]) -> None:
    stored = {"agencies": pl.DataFrame({"id": ["HOUSING"], "code": ["HO"]})}
    fitted = reconcile_gmpp(real[0], stored)
    assert dict(fitted.frames["agencies"].select("id", "code").iter_rows())["GOV-HO"] == "HO2"

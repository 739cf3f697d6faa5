"""Counts of 1 to 5 people are withheld on every road that leads out of the store."""

import datetime as dt
import io
import json

import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner

from partnership.cli import app
from partnership.disclosure import is_small, withhold_readings
from partnership.store import Actor
from partnership.tables import frame, row_key


@pytest.mark.parametrize(
    ("count", "small"), [(0, False), (1, True), (5, True), (6, False), (-2, True), (None, False)]
)
def test_small_counts_are_one_to_five(count, small):
    assert is_small(count) is small


def readings(**columns):
    size = len(next(iter(columns.values())))
    base = {
        "counts_people": [True] * size,
        "value": [None] * size,
        "numerator": [None] * size,
        "denominator": [None] * size,
        "missing": [None] * size,
    }
    return pl.DataFrame(
        base | columns,
        schema_overrides=dict.fromkeys(("value", "numerator", "denominator"), pl.Float64)
        | {"missing": pl.String},
    )


def test_small_values_become_suppressed_and_zero_is_shown():
    out = withhold_readings(readings(value=[0.0, 1, 5, 6]))
    assert out["value"].to_list() == [0, None, None, 6]
    assert out["missing"].to_list() == [None, "suppressed", "suppressed", None]


def test_share_of_a_small_base_is_withheld_whole():
    out = withhold_readings(
        readings(numerator=[10.0, 2.0, 3.0], denominator=[40.0, 40.0, 4.0], value=[25.0, 5.0, 75.0])
    )
    assert out["value"].to_list() == [25, None, None]
    assert out["denominator"].to_list() == [40, None, None]


def test_counts_that_are_not_of_people_are_shown():
    frame_ = readings(value=[3.0]).with_columns(pl.lit(value=False).alias("counts_people"))
    assert withhold_readings(frame_)["value"].to_list() == [3]


@pytest.fixture
def small_count(county):
    """Put one reading of three people, with a number nothing else has, into the county."""
    from decimal import Decimal

    from partnership.benefits import Reading
    from partnership.goals import Measure

    measure = Measure(id="M-SMALL", name="Children in one unit", unit="children", counts_people=True)
    reading = Reading(measure_id="M-SMALL", period=dt.date(2026, 9, 1), value=Decimal("3"))
    changes = {
        t: frame([r], t).with_columns(pl.Series("row_key", [row_key(r)]))
        for t, r in (("measures", measure), ("readings", reading))
    }
    county.accept(changes, actor=Actor("Test", "declared"), reason="small")
    return county


def test_view_withholds_a_small_count(small_count):
    row = small_count.fetch("measure_readings", measure_id="M-SMALL").row(0, named=True)
    assert (row["value"], row["missing"]) == (None, "suppressed")


def test_table_and_export_withhold_a_small_count_and_loading_back_changes_nothing(small_count):
    from partnership.workflows import check_file, export_workbook

    row = small_count.table("readings").filter(pl.col("measure_id") == "M-SMALL").row(0, named=True)
    assert (row["value"], row["missing"]) == (None, "suppressed")
    data = export_workbook(small_count)
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Readings"]
    cells = next(list(r) for r in sheet.iter_rows(values_only=True) if r[0] == "M-SMALL")
    assert 3 not in cells
    assert "suppressed" in cells
    checked = check_file(data, "out.xlsx", store=small_count)
    assert checked.preview.total.changes == 0


def test_command_line_withholds_a_small_count_in_every_form(small_count, tmp_path):
    path = small_count.path
    small_count.close()
    for form in ("table", "csv", "json"):
        out = CliRunner().invoke(app, ["view", "measure_readings", "--format", form, "--store", str(path)])
        assert out.exit_code == 0
        assert "primary suppression only" in out.stdout
        lines = [line for line in out.stdout.splitlines() if "Children in one unit" in line]
        if form == "csv":
            assert lines
            assert all("suppressed" in line for line in lines)
        if form == "json":
            rows = [r for r in json.loads(out.stdout)["rows"] if r["measure_id"] == "M-SMALL"]
            assert [(r["value"], r["missing"]) for r in rows] == [(None, "suppressed")]

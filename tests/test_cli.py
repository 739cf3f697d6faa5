import csv
import io
import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

import partnership
from partnership.cli import app
from partnership.store import open_store

ROOT = Path(__file__).parent.parent
WORKBOOK = ROOT / "sample_data" / "wendleshire" / "wendleshire_plan.xlsx"
DAY = "2026-11-23"


def run(*words, status=0):
    result = CliRunner().invoke(app, [str(w) for w in words])
    assert result.exit_code == status, result.output + result.stderr
    return result


def as_json(*words, status=0):
    return json.loads(run(*words, "--json", status=status).stdout)


@pytest.fixture
def loaded(tmp_path, county_file):
    path = tmp_path / "plan.duckdb"
    shutil.copy(county_file, path)
    return path


def test_version_is_said():
    assert run("--version").stdout.startswith(f"partnership {partnership.__version__},")


def test_template_is_written_and_found_empty(tmp_path):
    path = tmp_path / "plan.xlsx"
    run("template", path, "--criteria")
    result = run("check", path, "--store", tmp_path / "none.duckdb", status=1)
    assert "There are 0 partnership rows" in result.stdout
    rows = list(openpyxl.load_workbook(path, read_only=True)["Criteria"].values)
    written = [row for row in rows if row[1] in ("impact", "effort")]
    assert len(written) == 8
    assert all(row[4] and row[5] and row[6] for row in written)


def test_check_of_a_sound_workbook_ends_well_and_stores_nothing(tmp_path):
    report = as_json("check", WORKBOOK, "--store", tmp_path / "none.duckdb")
    assert report["acceptable"]
    assert report["rows_read"] == report["rows_kept"] > 3000
    assert {f["severity"] for f in report["findings"]} == {"warning"}
    assert not (tmp_path / "none.duckdb").exists()


def test_check_of_a_faulty_workbook_names_cells_and_ends_with_one(tmp_path):
    book = openpyxl.load_workbook(WORKBOOK)
    headers = {c.value: c.column_letter for c in book["Expectations"][4]}
    book["Expectations"][f"{headers['Quantity']}7"] = "5 or 5,000?"
    path = tmp_path / "bad.xlsx"
    book.save(path)
    report = as_json("check", path, "--store", tmp_path / "none.duckdb", status=1)
    errors = [f for f in report["findings"] if f["severity"] == "error"]
    assert [f["place"] for f in errors] == [f"Expectations!{headers['Quantity']}7"]
    assert "5 or 5,000?" in errors[0]["found"]


def test_load_export_load_changes_nothing(tmp_path):
    store = tmp_path / "plan.duckdb"
    first = as_json("load", WORKBOOK, "--yes", "--actor", "Hub manager", "--store", store)
    assert first["stored"]
    out = tmp_path / "out.xlsx"
    run("export", out, "--store", store)
    again = as_json("load", out, "--yes", "--store", store)
    assert again["stored"]
    assert again["seq"] == first["seq"]
    assert {(c["new"], c["changed"], c["stale"], c["gone"]) for c in again["changes"]} == {(0, 0, 0, 0)}


def test_load_asks_and_stores_nothing_on_no(tmp_path):
    store = tmp_path / "plan.duckdb"
    result = CliRunner().invoke(app, ["load", str(WORKBOOK), "--store", str(store)], input="n\n")
    assert result.exit_code == 0
    assert "Nothing was stored" in result.stdout
    opened = open_store(store, mode="read")
    assert opened.last_seq == 0
    opened.close()


def test_load_of_a_faulty_workbook_stores_nothing_and_records_the_refusal(tmp_path, loaded):
    book = openpyxl.load_workbook(WORKBOOK)
    sheet = book["Agencies"]
    letters = {c.value: c.column_letter for c in sheet[4]}
    sheet[f"{letters['Name']}5"] = "Renamed"
    sheet[f"{letters['Sector']}6"] = "circus"
    path = tmp_path / "bad.xlsx"
    book.save(path)
    report = as_json("load", path, "--yes", "--store", loaded, status=1)
    assert not report["stored"]
    opened = open_store(loaded, mode="read")
    assert "Renamed" not in opened.table("agencies")["name"].to_list()
    assert opened.changes().row(-1, named=True)["source_name"] == "bad.xlsx"
    opened.close()


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_view_prints_the_same_numbers_in_every_form(loaded, form):
    text = run("view", "benefit_totals", "--as-of", DAY, "--format", form, "--store", loaded).stdout
    assert "710000.00" in text or "710,000.00" in text or "710000.0" in text


@pytest.mark.parametrize("form", ["xlsx", "parquet", "csv", "json"])
def test_view_writes_files_that_other_programs_read(tmp_path, loaded, form):
    out = tmp_path / f"gaps.{form}"
    run("view", "expectation_gaps", "--as-of", DAY, "--format", form, "--out", out, "--store", loaded)
    if form == "xlsx":
        cells = [
            c for row in openpyxl.load_workbook(out).worksheets[0].iter_rows(values_only=True) for c in row
        ]
        assert 5000 in cells
    elif form == "parquet":
        import polars as pl

        assert pl.read_parquet(out)["ratio"].max() == 1000
    elif form == "csv":
        rows = list(csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
        assert any("1000.0" in row for row in rows)
    else:
        assert max(r["ratio"] for r in json.loads(out.read_text())["rows"]) == 1000


def test_view_without_a_file_for_a_workbook_is_wrong_usage(loaded):
    run("view", "promises", "--format", "xlsx", "--store", loaded, status=2)


def test_view_that_does_not_exist_names_the_nearest(loaded):
    result = run("view", "promisses", "--store", loaded, status=2)
    assert "promises" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("check", "nowhere.xlsx"),
        ("load", "x.xlsx", "--as", "poem"),
        ("view", "promises", "--as-of", "yesterday"),
        ("sing",),
    ],
)
def test_wrong_usage_ends_with_two(tmp_path, words):
    run(*words, *(() if words == ("sing",) else ("--store", tmp_path / "s.duckdb")), status=2)


def test_store_that_is_not_there_is_said_in_words(tmp_path):
    result = run("view", "promises", "--store", tmp_path / "none.duckdb", status=1)
    assert "none.duckdb" in result.stderr
    assert "Traceback" not in result.stderr


def test_backup_and_restore_give_the_same_store(tmp_path, loaded):
    run("backup", tmp_path / "copy.duckdb", "--store", loaded)
    restored = tmp_path / "restored.duckdb"
    run("restore", tmp_path / "copy.duckdb", "--store", restored)
    a, b = (
        as_json("view", "promise_totals", "--as-of", DAY, "--store", s)["rows"] for s in (loaded, restored)
    )
    assert a == b
    assert as_json("verify-store", "--store", restored)["ok"]


def test_restore_over_a_store_needs_force(tmp_path, loaded):
    run("backup", tmp_path / "copy.duckdb", "--store", loaded)
    run("restore", tmp_path / "copy.duckdb", "--store", loaded, status=1)


def test_verify_prints_totals_and_fails_on_a_failed_case(tmp_path):
    report = as_json("verify")
    assert (report["failed"], report["passed"] >= 8) == (0, True)
    path = tmp_path / "cases.json"
    path.write_text(
        json.dumps(
            {
                "cases": [
                    {
                        "id": "x",
                        "area": "gap",
                        "inputs": {"expected": {"a": 1, "b": 2}},
                        "expected": {"ratio": 3.0},
                    }
                ]
            }
        )
    )
    assert as_json("verify", "--cases", path, status=1)["failed"] == 1


def test_gmpp_rows_add_up_and_totals_are_partial(tmp_path):
    report = as_json(
        "load",
        "--as",
        "gmpp",
        ROOT / "sample_data/open/gmpp_2023.csv",
        "--yes",
        "--store",
        tmp_path / "p.duckdb",
    )
    assert report["rows_read"] == report["rows_kept"] + len(report["skipped"]) == 244
    assert any(t["partial"] for t in report["totals"])


def test_unit_costs_are_loaded_beside_the_plan(loaded):
    report = as_json(
        "load",
        "--as",
        "unit-costs",
        ROOT / "sample_data/open/unit_costs_gmca_v1_4_extract.csv",
        "--yes",
        "--store",
        loaded,
    )
    assert report["stored"]
    assert report["rows_read"] == report["rows_kept"] + len(report["skipped"]) > 50


def test_appraisal_without_a_counterfactual_withholds_net_and_ratios(tmp_path):
    book = openpyxl.load_workbook(WORKBOOK)
    sheet = book["Assumptions"]
    step = next(c.column for c in sheet[4] if c.value == "Step")
    for row in range(5, sheet.max_row + 1):
        if sheet.cell(row, step).value == "deadweight":
            sheet.cell(row, step).value = "other"
    path, store = tmp_path / "plan.xlsx", tmp_path / "plan.duckdb"
    book.save(path)
    run("load", path, "--yes", "--store", store)
    text = run("appraise", "--store", store).stdout
    whole = next(line for line in text.splitlines() if line.startswith("All agencies  "))
    assert text.startswith("No headline: ")
    assert whole.count("withheld") == 2


def test_appraisal_of_the_county_says_its_headline_and_its_basis(loaded):
    text = run("appraise", "--store", loaded).stdout
    assert text.startswith("£4.33m buys £5.37m")
    assert "gb-2003-2026" in text


@pytest.fixture
def served(tmp_path, small_file):
    """A server's store and what it said, on a port that nobody else here was given; it may take its time."""
    path = tmp_path / "plan.duckdb"
    shutil.copy(small_file, path)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    with subprocess.Popen(
        [sys.executable, "-m", "partnership.cli", "serve", "--port", port, "--store", str(path), "--json"],
        stdout=subprocess.PIPE, text=True, cwd=ROOT,
    ) as process:  # fmt: skip
        try:
            yield path, next((line for line in process.stdout if "url" in line), "")
            process.terminate()
            process.wait(200)  # it ends the page that it is making
        finally:
            process.kill()


def test_while_the_pages_are_served_reading_uses_the_snapshot_and_writing_refuses(served):
    store, line = served
    assert "127.0.0.1" in line
    result = run("view", "promise_totals", "--as-of", DAY, "--store", store)
    assert "snapshot of" in result.stderr
    refused = run("load", WORKBOOK, "--yes", "--store", store, status=1)
    assert "already running" in refused.stderr
    assert "Traceback" not in refused.stderr

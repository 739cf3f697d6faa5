"""Every bad input on every road where it can occur: check, load and the web upload."""

import datetime as dt
import json
import logging
import re
import subprocess
import sys

import pytest
from bad_rows import CASES, ELSEWHERE, Case
from roads import (
    FINANCE,
    ROOT,
    contents,
    fingerprint,
    logged,
    nothing_leaks,
    nothing_stored,
    run,
    sizes,
    stored_value,
    texts,
    verdict,
)  # fmt: skip

from dashboards.pages import _data_file as panels
from dashboards.uploads import Uploads, finding_rows
from partnership._cli.printing import print_check
from partnership.periods import local_day
from partnership.store import open_store

EVERY_ROW = [
    *(f"A{n}" for n in range(1, 19)), *(f"B{n}" for n in range(1, 7)), *(f"C{n}" for n in range(1, 16)),
    *(f"D{n}" for n in range(1, 11)), *(f"E{n}" for n in range(1, 10)), *(f"F{n}" for n in range(1, 11)),
    *(f"H{n}" for n in range(1, 7)),
]  # fmt: skip

FIRST_OF_ROW = {c.row: c for c in reversed(CASES)}
"""One case for each row in every run; its other spellings in the long one."""


def marks_of(case: Case) -> list[pytest.MarkDecorator]:
    return [pytest.mark.slow] * case.slow + [pytest.mark.long] * (FIRST_OF_ROW[case.row] is not case)


cases = pytest.mark.parametrize("case", [pytest.param(c, id=c.id, marks=marks_of(c)) for c in CASES])


def test_every_row_has_a_case_or_names_the_tests_that_hold_it():
    covered = {c.row for c in CASES} | set(ELSEWHERE)
    assert [row for row in EVERY_ROW if row not in covered] == []
    assert covered <= set(EVERY_ROW)


@pytest.mark.parametrize("row", ELSEWHERE)
def test_named_test_exists(row):
    reason, named = ELSEWHERE[row]
    assert reason
    assert named
    for test in named:
        path, name = test.split("::")
        assert re.search(rf"^ *def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE), test


@pytest.fixture
def file(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()

    def write(case: Case):
        path = folder / case.name
        path.write_bytes(case.make())
        return path

    return write


@cases
def test_every_road(case, file, refusing, served, fresh, remembered, caplog, capsys):
    """Check it, load it and upload it: the same verdict, the same words, and nothing stored that must not be."""
    caplog.set_level(logging.DEBUG)
    asked, worked_out = remembered.asked, remembered.worked_out
    given, held = file(case), sizes(refusing)
    _check(case, given, refusing)
    _load(case, given, refusing if case.rejects else fresh)
    _upload(case, served, capsys)
    assert sizes(refusing) == held
    assert (remembered.asked, remembered.worked_out) == (asked + 3, worked_out + 1), (
        "each road asked for itself"
    )
    nothing_leaks(case, logged(caplog))


def _check(case, given, path):
    result = run("check", given, "--as", case.kind, "--store", path, "--json")
    report = json.loads(result.stdout)
    verdict(case, report["findings"])
    assert result.exit_code == (1 if case.rejects else 0)
    assert report["acceptable"] is not case.rejects
    assert report["rows_read"] == report["rows_kept"] + len(report["skipped"])
    nothing_leaks(case, result.stdout, result.stderr)


def _load(case, given, path):
    words = ("--as", case.kind, "--yes", "--json", "--actor", FINANCE.name, "--store", path)
    result = run("load", given, *words)
    report = json.loads(result.stdout)
    verdict(case, report["findings"])
    assert result.exit_code == (1 if case.rejects else 0)
    assert report["stored"] is not case.rejects
    with open_store(path, mode="read") as store:
        if case.rejects:
            _refused(store.changes().row(-1, named=True), case, FINANCE.name, report["sha256"])
        for (table, key, name), value in case.stored.items():
            assert stored_value(store, table, key, name) == value
        for place, formula in case.formulas.items():
            assert (place, formula) in store.fetch("worked_out").select("cell", "formula").rows()
    nothing_leaks(case, result.stdout, result.stderr)
    nothing_stored(case, path)


def _shown_back(case, held, shown, capsys):
    """Dates given as text are shown back, on the page and in the command's table."""
    if not case.shown_back:
        return
    print_check(held.check, as_json=False, preview=False)
    printed = " ".join(capsys.readouterr().out.split())
    for place, read_as in case.shown_back.items():
        assert place in shown
        assert read_as in shown
        assert re.search(rf"{re.escape(place)} \S+ {re.escape(read_as)}", printed)


def _upload(case, store, capsys):
    seq, uploads = store.last_seq, Uploads()
    outcome = uploads.read(
        store, contents(case.make()), case.name, case.kind, local_day(dt.datetime.now(dt.UTC))
    )
    held = uploads.get(outcome.id)
    assert held is not None, outcome.words
    verdict(case, held.check.as_json()["findings"])
    shown = "".join(texts(panel) for panel in (panels.findings(held), panels.drop(held), panels.dates(held)))
    _shown_back(case, held, shown, capsys)
    if case.rejects:
        assert held.content == b""
        assert store.last_seq == seq + 1
        entry = store.changes().row(-1, named=True)
        _refused(entry, case, "The Data page, nobody logged in", held.check.sha256)
    else:
        assert store.last_seq == seq, "an upload is a preview"
    rows = json.dumps(finding_rows(held.check.findings), ensure_ascii=False)
    nothing_leaks(case, shown, rows)
    assert not [s for s in case.secrets if s in f"{held}{store.changes().rows()}"]


def _refused(entry, case, who, sha256):
    said = (entry["what"], entry["actor"], entry["source_name"], entry["source_sha256"])
    assert said == ("refusal", who, case.name, sha256)
    assert entry["refused_findings"] > 0


def test_store_that_refused_all_of_them_holds_what_it_held_to_the_letter(refusing, pristine_hash):
    assert fingerprint(refusing)[0] == pristine_hash


ONE_OF_EACH = {c.row[0]: c for c in CASES if not c.rejects and not c.slow}


@pytest.mark.parametrize("group", sorted(ONE_OF_EACH))
def test_upload_that_need_not_be_refused_is_accepted_whole(group, own, remembered):
    case, uploads = ONE_OF_EACH[group], Uploads()
    today = local_day(dt.datetime.now(dt.UTC))
    held = uploads.get(uploads.read(own, contents(case.make()), case.name, case.kind, today).id)
    assert not uploads.accept(own, held.id, held.fingerprint, FINANCE, "Autumn", today).words
    assert uploads.get(held.id).receipt is not None
    for (table, key, name), value in case.stored.items():
        assert stored_value(own, table, key, name) == value


@pytest.mark.parametrize("case", [pytest.param(c, id=c.id) for c in CASES if c.id == "H1"])
def test_command_in_a_process_of_its_own_says_the_same(case, file, fresh, pristine_hash):
    """Nothing here depends on what the roads of this process remember."""
    words = ["load", str(file(case)), "--yes", "--json", "--store", str(fresh)]
    done = subprocess.run(
        [sys.executable, "-m", "partnership.cli", *words],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    verdict(case, json.loads(done.stdout)["findings"])
    assert done.returncode == (1 if case.rejects else 0)
    assert (fingerprint(fresh)[0] == pristine_hash) is case.rejects
    nothing_leaks(case, done.stdout, done.stderr)

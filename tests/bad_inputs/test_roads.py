"""Every bad input on every road where it can occur: check, load and the web upload."""

import json
import logging
import re
import shutil

import pytest
from bad_rows import CASES, ELSEWHERE, Case
from roads import (
    FINANCE,
    ROOT,
    TODAY,
    contents,
    fingerprint,
    held_tables,
    logged,
    nothing_leaks,
    nothing_stored,
    run,
    stored_value,
    texts,
    verdict,
)  # fmt: skip

from dashboards.pages import _data_file as panels
from dashboards.uploads import Uploads, finding_rows
from partnership.store import open_store

EVERY_ROW = [
    *(f"A{n}" for n in range(1, 19)), *(f"B{n}" for n in range(1, 7)), *(f"C{n}" for n in range(1, 16)),
    *(f"D{n}" for n in range(1, 11)), *(f"E{n}" for n in range(1, 10)), *(f"F{n}" for n in range(1, 11)),
    *(f"H{n}" for n in range(1, 7)),
]  # fmt: skip

cases = pytest.mark.parametrize(
    "case", [pytest.param(c, id=c.id, marks=[pytest.mark.slow] if c.slow else []) for c in CASES]
)


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
def test_check(case, file, refusing, pristine_hash, caplog):
    caplog.set_level(logging.DEBUG)
    result = run("check", file(case), "--as", case.kind, "--store", refusing, "--json")
    report = json.loads(result.stdout)
    verdict(case, report["findings"])
    assert result.exit_code == (1 if case.rejects else 0)
    assert report["acceptable"] is not case.rejects
    assert report["rows_read"] == report["rows_kept"] + len(report["skipped"])
    nothing_leaks(case, result.stdout, result.stderr, logged(caplog))


@cases
def test_load(case, file, refusing, fresh, pristine_hash, caplog):
    caplog.set_level(logging.DEBUG)
    path = refusing if case.rejects else fresh
    log = fingerprint(path)[1]
    result = run(
        "load", file(case), "--as", case.kind, "--yes", "--json", "--actor", FINANCE.name, "--store", path
    )
    report = json.loads(result.stdout)
    verdict(case, report["findings"])
    after, entries = fingerprint(path)
    assert result.exit_code == (1 if case.rejects else 0)
    assert report["stored"] is not case.rejects
    if case.rejects:
        assert after == pristine_hash
        with open_store(path, mode="read") as store:
            entry = store.changes().row(-1, named=True)
        assert (entry["what"], entry["actor"], entry["source_name"]) == ("refusal", FINANCE.name, case.name)
        assert report["sha256"] in entries
        assert entries != log
    else:
        with open_store(path, mode="read") as store:
            for (table, key, name), value in case.stored.items():
                assert stored_value(store, table, key, name) == value
    nothing_leaks(case, result.stdout, result.stderr, logged(caplog))
    nothing_stored(case, path)


@pytest.fixture(scope="module")
def served(pristine):
    """The store as the pages hold it open, for files that must be refused."""
    path = pristine.with_name("served.duckdb")
    shutil.copy(pristine, path)
    with open_store(path, mode="write") as store:
        yield store


@cases
def test_upload(case, request, caplog):
    caplog.set_level(logging.DEBUG)
    store = request.getfixturevalue("served" if case.rejects else "own")
    before, seq = held_tables(store), store.last_seq
    uploads = Uploads()
    outcome = uploads.read(store, contents(case.make()), case.name, case.kind, TODAY)
    held = uploads.get(outcome.id)
    assert held is not None, outcome.words
    rows = finding_rows(held.check.findings)
    verdict(case, held.check.as_json()["findings"])
    assert held_tables(store) == before, "an upload is a preview"
    shown = "".join(texts(panel) for panel in (panels.findings(held), panels.drop(held)))
    again = uploads.accept(store, held.id, held.fingerprint, FINANCE, "Autumn", TODAY)
    if case.rejects:
        assert held.content == b""
        assert held_tables(store) == before
        entry = store.changes().row(-1, named=True)
        assert (entry["what"], entry["source_name"], entry["seq"]) == ("refusal", case.name, store.last_seq)
        assert store.last_seq > seq
        assert again.words
    else:
        assert not again.words
        assert uploads.get(held.id).receipt is not None
        for (table, key, name), value in case.stored.items():
            assert stored_value(store, table, key, name) == value
    nothing_leaks(case, shown, again.words, json.dumps(rows, ensure_ascii=False), logged(caplog))
    assert not [s for s in case.secrets if s in f"{uploads.get(held.id)}{store.changes().rows()}"]

"""Bad inputs that are more than one file: names, sizes, the same file twice, two people, half-way ends."""

import io
import json
import logging
import signal
import subprocess
import sys
import time
from decimal import Decimal

import pytest
from bad_files import Text, book, good, lean
from bad_rows import CASES, FORMULAS, LOG_LINE, MARKUP, SURVIVORS, TEMPLATES, titled
from roads import FINANCE, INSIDE, ROOT, TODAY, contents, fingerprint, held_tables, run, texts
from werkzeug.test import EnvironBuilder, run_wsgi_app

from dashboards.app import create_app
from dashboards.pages import _data_file as panels
from dashboards.security import LARGEST_BODY
from dashboards.uploads import Uploads
from partnership.store import open_store
from partnership.workflows import accept_file, check_file

NAMES = {
    "path": "../../../etc/cron.d/x.xlsx",
    "device": "CON.xlsx",
    "nul": "a\0b.xlsx",
    "long": "n" * 300 + ".xlsx",
    "markup": "<img src=x onerror=alert(1)>.xlsx",
    "direction": "\u202egpj.xlsx",
    "log-line": "a\n2026-01-01 INFO admin logged in.xlsx",
}
PLAYABLE = {k: v for k, v in NAMES.items() if k not in ("path", "nul", "long")}


@pytest.mark.parametrize("name", PLAYABLE.values(), ids=[f"A13-{k}" for k in PLAYABLE])
@pytest.mark.parametrize("command", ["check", "load"])
def test_name_on_the_command_line_is_only_text(command, name, tmp_path, fresh, caplog):
    caplog.set_level(logging.DEBUG)
    path = tmp_path / name
    path.write_bytes(b"no workbook")
    words = [command, path, "--store", fresh, *(["--yes"] if command == "load" else [])]
    for result in (run(*words), run(*words, "--json")):
        assert result.exit_code == 1
        for line in (result.stdout + result.stderr).splitlines():
            assert line.isprintable()
            assert not line.startswith("2026-01-01 INFO")
    assert all(r.getMessage().isprintable() for r in caplog.records)
    if command == "load":
        with open_store(fresh, mode="read") as store:
            assert store.changes().row(-1, named=True)["source_name"].isprintable()


@pytest.mark.parametrize("name", NAMES.values(), ids=[f"A13-{k}" for k in NAMES])
def test_name_of_an_upload_is_only_text(name, own, caplog):
    caplog.set_level(logging.DEBUG)
    uploads = Uploads()
    held = uploads.get(uploads.read(own, contents(lean("Contributions")), name, "workbook", TODAY).id)
    assert held.name.isprintable()
    assert len(held.name) <= 120
    assert held.id not in name
    assert all(t.isprintable() for t in texts(panels.drop(held)).splitlines())
    uploads.accept(own, held.id, held.fingerprint, FINANCE, "Autumn", TODAY)
    assert own.changes().row(-1, named=True)["source_name"] == held.name
    assert all(r.getMessage().isprintable() for r in caplog.records)


def test_a14_too_large_an_upload_is_refused_before_it_is_read(own):
    server = create_app(own, today=lambda: TODAY).server

    class Never(io.RawIOBase):
        def read(self, *_):
            pytest.fail("the body was read")

        readinto = readline = readall = read

    environ = EnvironBuilder(
        "/_dash-update-component", method="POST", content_type="application/json"
    ).get_environ()
    environ |= {"wsgi.input": Never(), "CONTENT_LENGTH": str(200 * 1024 * 1024)}
    words, status, _ = run_wsgi_app(server.wsgi_app, environ)
    assert LARGEST_BODY < 200 * 1024 * 1024
    assert status.startswith("413")
    assert not INSIDE.search(b"".join(words).decode())


def test_a15_same_file_twice_is_said_and_changes_nothing(fresh, tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(good())
    before = fingerprint(fresh)
    for command in (["check"], ["load", "--yes"]):
        report = json.loads(run(*command, path, "--store", fresh, "--json").stdout)
        (said,) = [f for f in report["findings"] if f["code"] == "A15-seen-before"]
        assert said["severity"] == "warning"
        assert "already imported" in said["found"]
        assert "by Test" in said["found"]
        assert {(c["new"], c["changed"], c["gone"]) for c in report["changes"]} == {(0, 0, 0)}
    assert fingerprint(fresh) == before
    with open_store(fresh, mode="write") as store:
        uploads = Uploads()
        held = uploads.get(uploads.read(store, contents(good()), "again.xlsx", "workbook", TODAY).id)
        assert any("already imported" in f.found for f in held.check.findings)
        assert held.check.preview.total.changes == 0


@pytest.mark.parametrize(
    "after", [pytest.param(0.0, marks=pytest.mark.long), 0.4, pytest.param(0.8, marks=pytest.mark.long)]
)
def test_a16_import_killed_half_way_is_stored_whole_or_not_and_can_be_done_again(
    after, fresh, tmp_path, pristine_hash
):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(book(Contributions={"H5": 777}))
    words = [
        sys.executable,
        "-m",
        "partnership.cli",
        "load",
        str(path),
        "--yes",
        "--json",
        "--store",
        str(fresh),
    ]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    lock = fresh.with_name(f"{fresh.name}.wal")
    deadline = time.monotonic() + 60
    while not lock.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()
    with open_store(fresh, mode="write") as store:
        amount = store.table("contributions").filter(store.table("contributions")["id"] == "2027-1")[
            "amount_gbp"
        ][0]
        assert amount in (777, Decimal("12500.50"))
        assert store.verify() == []
    assert run("load", path, "--yes", "--json", "--store", fresh).exit_code == 0
    with open_store(fresh, mode="read") as store:
        assert 777 in store.table("contributions")["amount_gbp"].to_list()


def test_a16_browser_closed_between_preview_and_accept_stores_nothing(own):
    before = held_tables(own)
    data = book(Contributions={"H5": 777})
    Uploads().read(own, contents(data), "plan.xlsx", "workbook", TODAY)
    assert held_tables(own) == before
    uploads = Uploads()
    held = uploads.get(uploads.read(own, contents(data), "plan.xlsx", "workbook", TODAY).id)
    assert uploads.accept(own, held.id, held.fingerprint, FINANCE, "Again", TODAY).words == ""


def test_b4_blank_rows_are_counted(refusing, tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(book(lambda b: b["Contributions"].insert_rows(6, 3), Contributions={}))
    assert json.loads(run("check", path, "--store", refusing, "--json").stdout)["rows_blank"] == 3


def test_b6_other_ids_are_shown_before_anything_is_stored(refusing, tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(book(Contributions={"A5": "2026-1", "A6": "2026-2"}))
    report = json.loads(run("check", path, "--store", refusing, "--json").stdout)
    (change,) = [c for c in report["changes"] if c["table"] == "contributions"]
    assert (change["new"], change["changed"], change["gone"]) == (2, 0, 2)


def test_findings_of_a_file_are_two_hundred_and_a_count(refusing, tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(book(Contributions={f"A{n}": "=bad" for n in range(7, 257)}))
    report = json.loads(run("check", path, "--store", refusing, "--json").stdout)
    assert len(report["findings"]) == 200
    assert report["findings_total"] > 250
    words = run("check", path, "--store", refusing).stdout
    assert f"and {report['findings_total'] - 200:,} more" in words


@pytest.mark.parametrize("hostile", ["'; DROP TABLE goal;--", "%", "_", "\\", "$1", "{}", "%s", "a\nb"])
@pytest.mark.parametrize("option", ["--agency", "--goal", "--class"])
def test_e5_hostile_filter_of_a_view_is_text(option, hostile, refusing, pristine_hash):
    result = run("view", "promises", option, hostile, "--store", refusing, "--json")
    assert result.exit_code in (0, 2)
    assert "Traceback" not in result.stdout + result.stderr
    if result.exit_code == 0:
        answer = json.loads(result.stdout)
        assert answer.pop("rows") == []
        assert not [c for c in answer.pop("columns") if not isinstance(c["name"], str)]
    assert fingerprint(refusing)[0] == pristine_hash


def test_e3_e4_e7_e8_e9_texts_come_back_byte_for_byte_from_the_export(fresh, tmp_path):
    path, out = tmp_path / "plan.xlsx", tmp_path / "out.xlsx"
    odd = [*MARKUP, *FORMULAS, *SURVIVORS, *(str(t) for t in TEMPLATES), LOG_LINE]
    path.write_bytes(book(Work_items=titled([Text(t) for t in odd])))
    assert run("load", path, "--yes", "--store", fresh).exit_code == 0
    with open_store(fresh, mode="read") as store:
        titles = dict(store.table("work_items").select("id", "title").iter_rows())
    assert [titles[f"new-{n}"] for n in range(7, 7 + len(odd))] == odd
    run("export", out, "--store", fresh)
    report = json.loads(run("load", out, "--yes", "--store", fresh, "--json").stdout)
    assert {(c["new"], c["changed"], c["stale"], c["gone"]) for c in report["changes"]} == {(0, 0, 0, 0)}


def test_f6_second_of_two_workbooks_is_stale_and_shows_both_values(fresh, tmp_path):
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    first.write_bytes(book(Contributions={"H5": 111}))
    second.write_bytes(book(Contributions={"H5": 222}))
    assert run("load", first, "--yes", "--store", fresh).exit_code == 0
    before = fingerprint(fresh)[0]
    result = run("load", second, "--yes", "--json", "--store", fresh)
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert not report["stored"]
    (stale,) = report["stale"]
    assert stale["place"] == "Contributions!A5"
    assert stale["values"]["amount_gbp"] == {"stored": "111.00", "given": "222.00"}
    assert fingerprint(fresh)[0] == before


def test_f7_two_files_that_each_add_the_last_tenth_one_is_refused(own):
    def add(agency):
        return book(
            Benefit_shares={
                "A9": "peace",
                "B9": "ferry.co",
                "C9": 90,
                "A10": "peace",
                "B10": agency,
                "C10": 10,
            },
            Benefits={},
        )

    checked = [
        check_file(add(a), "plan.xlsx", "workbook", own, today=TODAY)
        for a in ("parish/union", "fire-and-rescue")
    ]
    assert all(c.acceptable for c in checked)
    accept_file(own, checked[0], FINANCE, "First")
    with pytest.raises(Exception, match=r"100%|changed|somebody"):
        accept_file(own, checked[1], FINANCE, "Second")
    shares = own.table("benefit_shares", raw=True)
    assert shares.filter(shares["benefit_id"] == "peace").height == 2


def test_f9_accepting_twice_has_one_effect(own):
    uploads = Uploads()
    held = uploads.get(
        uploads.read(own, contents(book(Contributions={"H5": 777})), "plan.xlsx", "workbook", TODAY).id
    )
    seq = own.last_seq
    for _ in range(2):
        uploads.accept(own, held.id, held.fingerprint, FINANCE, "Autumn", TODAY)
    assert own.last_seq == seq + 1


def test_f10_accepting_is_bound_to_what_was_seen(own):
    uploads = Uploads()
    held = uploads.get(
        uploads.read(own, contents(book(Contributions={"H5": 777})), "plan.xlsx", "workbook", TODAY).id
    )
    other = check_file(book(Contributions={"H5": 888}), "other.xlsx", "workbook", own, today=TODAY)
    accept_file(own, other, FINANCE, "Meanwhile")
    seq = own.last_seq
    outcome = uploads.accept(own, held.id, held.fingerprint, FINANCE, "Autumn", TODAY)
    assert "changed by somebody else" in outcome.words
    assert "Look again" in uploads.accept(own, held.id, held.fingerprint, FINANCE, "Autumn", TODAY).words
    assert own.last_seq == seq + 1, "that it was refused stands in the log, once"
    entry = own.changes().row(-1, named=True)
    assert (entry["what"], entry["actor"], entry["source_name"]) == ("refusal", FINANCE.name, "plan.xlsx")
    assert uploads.get(held.id).check.preview.stale


@pytest.mark.parametrize(
    "sent", [None, 7, "", "no comma", "data:;base64,!!", ["x"], {"a": 1}, "data:x;base64,AAA"]
)
def test_upload_of_nonsense_is_refused_in_words(sent, own):
    outcome = Uploads().read(own, sent, "plan.xlsx", "workbook", TODAY)
    assert outcome.id is None
    assert "Choose the file again" in outcome.words


COSTS = (ROOT / "sample_data/open/unit_costs_gmca_v1_4_extract.csv").read_text(encoding="utf-8-sig")
ENCODED = {
    "utf-16": COSTS.encode("utf-16"),
    "utf-8-mark": COSTS.encode("utf-8-sig"),
    "cp1252": COSTS.encode("cp1252", "replace"),
    "crlf": COSTS.replace("\r\n", "\n").replace("\n", "\r\n").encode(),
    "cr": COSTS.replace("\r\n", "\n").replace("\n", "\r").encode(),
}


@pytest.fixture(scope="module")
def plainly_read():
    return check_file(COSTS.encode(), "costs.csv", "unit-costs")


@pytest.mark.parametrize("data", ENCODED.values(), ids=[f"A17-{k}" for k in ENCODED])
def test_a17_text_file_of_any_encoding_is_read_alike(data, plainly_read):
    result = check_file(data, "costs.csv", "unit-costs")
    assert result.batch.rows_read == plainly_read.batch.rows_read
    assert result.batch.rows_kept == plainly_read.batch.rows_kept
    columns = ["id", "cost", "fiscal_gbp", "source"]
    one, two = (r.batch.frames["unit_costs"].select(columns) for r in (result, plainly_read))
    assert one.equals(two)
    assert "Â" not in str(one.rows())


@pytest.mark.parametrize("kind", ["gmpp", "unit-costs"])
@pytest.mark.parametrize("command", ["check", "load"])
@pytest.mark.parametrize(
    "data", [b"", b"\0\0\0\0", b"\x89PNG\r\n\x1a\n" + bytes(40), b"a\0b,c\n1,2\n", b"x" * 100_000, b"id,name\n" + b'"' * 999],
    ids=["A1-empty", "A2-zeros", "A2-png", "A17-nul", "A2-one-line", "A17-open-quote"],
)  # fmt: skip
def test_other_peoples_tables_that_are_none_are_refused_in_words(
    kind, command, data, refusing, tmp_path, pristine_hash
):
    path = tmp_path / "table.csv"
    path.write_bytes(data)
    result = run(
        command, "--as", kind, path, "--json", "--store", refusing, *(["--yes"] if command == "load" else [])
    )
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert [f for f in report["findings"] if f["severity"] != "warning"]
    assert not INSIDE.search(result.stdout + result.stderr)
    assert fingerprint(refusing)[0] == pristine_hash


@pytest.mark.parametrize("kind", ["gmpp", "unit-costs"])
def test_h_personal_data_in_other_peoples_tables_is_quarantined(
    kind, refusing, tmp_path, pristine_hash, caplog
):
    caplog.set_level(logging.DEBUG)
    source = {"gmpp": "gmpp_2023.csv", "unit-costs": "unit_costs_gmca_v1_4_extract.csv"}[kind]
    encoding = {"gmpp": "cp1252", "unit-costs": "utf-8-sig"}[kind]
    text = (ROOT / "sample_data/open" / source).read_text(encoding=encoding)
    lines = text.splitlines(keepends=True)[:40]
    at = next(n for n in range(len(lines) - 1, 0, -1) if lines[n].count(",") >= 5)
    lines[at] = lines[at].replace(",", ",NHS 943 476 5919 ", 1)
    path = tmp_path / "table.csv"
    path.write_text("".join(lines), encoding=encoding)
    for command in (["check"], ["load", "--yes"]):
        result = run(*command, "--as", kind, path, "--json", "--store", refusing)
        report = json.loads(result.stdout)
        (found,) = [f for f in report["findings"] if f["severity"] == "quarantine"]
        assert (found["code"], "line" in found["place"]) == ("H1-nhs-number", True)
        assert result.exit_code == 1
        assert "943 476" not in result.stdout + result.stderr + "".join(
            r.getMessage() for r in caplog.records
        )
    assert fingerprint(refusing)[0] == pristine_hash


def test_refusal_of_everything_is_printed_in_words_too(refusing, tmp_path, remembered):
    for case in CASES:
        if case.id in ("H1", "C3-refused", "E9-value", "A8"):
            path = tmp_path / "plan.xlsx"
            path.write_bytes(case.make())
            for words in (["check"], ["load", "--yes"]):
                result = run(*words, path, "--store", refusing)
                assert result.exit_code == 1
                assert not INSIDE.search(result.stdout + result.stderr)
                assert not [s for s in case.secrets if s in result.stdout + result.stderr]
                assert all(line.isprintable() for line in (result.stdout + result.stderr).splitlines())

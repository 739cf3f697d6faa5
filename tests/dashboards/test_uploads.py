"""Files between preview and accept: bounded, forgotten in time, bound to what was seen, taken once."""

import base64
import contextlib
import datetime as dt
import hashlib
import io
import json
import shutil
import threading

import openpyxl
import pytest

from dashboards.data import Data
from dashboards.uploads import Uploads, given_name, refuse_too_large
from dashboards.urls import State
from partnership.errors import StoreError
from partnership.store import Actor, open_store
from partnership.workflows import export_workbook

TODAY = dt.date(2026, 11, 23)
WHO = Actor("Finance officer", "declared")


@pytest.fixture
def plan(tmp_path, small_file):
    """A store with the small plan, open as the pages hold it, this test's own."""
    path = tmp_path / "plan.duckdb"
    shutil.copy(small_file, path)
    with open_store(path, mode="write") as store:
        yield store


def sent(content):
    return "data:application/octet-stream;base64," + base64.b64encode(content).decode()


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.mark.parametrize("contents", [None, 7, [], {}, "", "no comma", "data:x;base64,%%%", ["data:,"], True])
def test_upload_g6_of_a_wrong_shape_is_refused_in_words(plan, contents):
    uploads = Uploads()
    outcome = uploads.read(plan, contents, "plan.xlsx", "workbook", TODAY)
    assert outcome.id is None
    assert outcome.words == "No file came through. Choose the file again."


@pytest.mark.parametrize(("name", "kind"), [(None, None), (["x"], {"a": 1}), ("", "drop table"), (7, 7)])
def test_upload_g6_odd_name_and_kind_are_only_text_and_our_workbook(plan, name, kind):
    uploads = Uploads()
    held = uploads.get(uploads.read(plan, sent(b"nothing"), name, kind, TODAY).id)
    assert held.kind == "workbook"
    assert held.name == "a file without a name"
    assert not held.check.acceptable


def test_upload_a13_name_is_escaped_and_short():
    assert given_name("a\x00\u202eb.xlsx") == "a\\x00\\u202eb.xlsx"
    assert len(given_name("n" * 300)) == 120


def test_upload_ids_cannot_be_guessed_and_differ(plan):
    uploads = Uploads()
    ids = {uploads.read(plan, sent(b"x"), "x", "workbook", TODAY).id for _ in range(3)}
    assert len(ids) == 3
    assert all(len(i) >= 20 for i in ids)


def test_upload_is_forgotten_in_time_and_the_oldest_when_there_are_many(plan):
    clock = Clock()
    uploads = Uploads(clock)
    first = uploads.read(plan, sent(b"1"), "1", "workbook", TODAY).id
    assert uploads.get(first) is not None
    clock.now = 46 * 60
    assert uploads.get(first) is None
    ids = [uploads.read(plan, sent(b"%d" % n), str(n), "workbook", TODAY).id for n in range(6)]
    assert [uploads.get(i) is not None for i in ids] == [False, False, True, True, True, True]


@pytest.fixture(scope="module")
def changed_workbook(tmp_path_factory, small_file):
    """The plan's own workbook with its name changed."""
    path = tmp_path_factory.mktemp("exported") / "plan.duckdb"
    shutil.copy(small_file, path)
    with open_store(path, mode="write") as store:
        book = openpyxl.load_workbook(io.BytesIO(export_workbook(store)))
    sheet = book["Partnership"]
    row = next(n for n in range(1, 12) if any(c.value == "Name" for c in sheet[n]))
    column = next(c.column for c in sheet[row] if c.value == "Name")
    sheet.cell(row + 1, column).value = "Another name"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_upload_accept_f9_twice_has_one_effect(plan, changed_workbook):
    uploads = Uploads()
    held = uploads.get(uploads.read(plan, sent(changed_workbook), "p.xlsx", "workbook", TODAY).id)
    before = plan.last_seq
    for _ in range(3):
        outcome = uploads.accept(plan, held.id, held.fingerprint, WHO, "Renamed", TODAY)
        assert outcome.words == ""
    assert plan.last_seq == before + 1
    assert plan.table("partnership")["name"][0] == "Another name"
    assert uploads.get(held.id).content == b"", "the file itself is let go"


@pytest.mark.parametrize(
    "fingerprint", ["0" * 64, *(pytest.param(f, marks=pytest.mark.long) for f in ("", None, 7))]
)
def test_upload_accept_f10_of_something_that_was_not_seen_is_refused(plan, changed_workbook, fingerprint):
    uploads = Uploads()
    held = uploads.get(uploads.read(plan, sent(changed_workbook), "p.xlsx", "workbook", TODAY).id)
    before = plan.last_seq
    outcome = uploads.accept(plan, held.id, fingerprint, WHO, "Renamed", TODAY)
    assert "What you saw is not what this file would change now" in outcome.words
    assert plan.last_seq == before


@pytest.mark.parametrize("key", [None, "nobody", 7, ["x"]])
def test_upload_accept_of_an_unknown_file_is_refused(plan, key):
    outcome = Uploads().accept(plan, key, "x", WHO, "Why", TODAY)
    assert outcome.id is None
    assert "no longer held here" in outcome.words


def test_upload_accept_of_a_plan_changed_meanwhile_is_shown_first(plan, changed_workbook):
    uploads = Uploads()
    held = uploads.get(uploads.read(plan, sent(changed_workbook), "p.xlsx", "workbook", TODAY).id)
    row = plan.table("partnership", raw=True)
    other = row.drop("row_version", "change_seq").with_columns(name=row["name"] + " too")
    plan.accept({"partnership": other}, actor=Actor("Somebody else"), reason="First")
    before = plan.last_seq
    outcome = uploads.accept(plan, held.id, held.fingerprint, WHO, "Renamed", TODAY)
    assert "changed by somebody else" in outcome.words
    assert plan.last_seq == before + 1, "the refusal stands in the log"
    entry = plan.changes().row(-1, named=True)
    assert (entry["what"], entry["actor"], entry["source_name"]) == ("refusal", WHO.name, "p.xlsx")
    assert plan.table("partnership")["name"][0].endswith(" too")
    assert uploads.get(held.id).fingerprint != held.fingerprint


@pytest.mark.parametrize("name", ["p.xlsx", "=1+1.xlsx"])
def test_upload_refused_stands_in_the_log_at_once_without_its_data(plan, name):
    before, data = plan.last_seq, Data(plan, lambda: TODAY)
    version, days = data.version(), data.changed_days()
    content = b"no workbook, and NHS 943 476 5919"
    held = data.uploads.get(data.uploads.read(plan, sent(content), name, "workbook", TODAY).id)
    assert held.words == ""
    entry = plan.changes().row(-1, named=True)
    assert plan.last_seq == before + 1
    assert (entry["what"], entry["actor_kind"], entry["source_name"]) == ("refusal", "system", name)
    assert entry["actor"] == "The Data page, nobody logged in"
    assert entry["source_sha256"] == hashlib.sha256(content).hexdigest()
    assert entry["refused_findings"] == sum(f.rejects for f in held.check.findings) == 1
    assert "943 476" not in str(plan.changes().rows())
    assert (data.version(), data.changed_days()) == (version, days), "a refusal is no change of the plan"
    assert data.view("changes", State())["what"][0] == "refusal"
    assert plan.verify() == []


def test_upload_whose_reading_crashes_leaves_an_entry_with_its_hash_and_size(plan, monkeypatch):
    def crash(*_, **__):
        msg = "NHS 943 476 5919 where a sheet should be"
        raise RuntimeError(msg)

    before, content = plan.last_seq, b"a workbook that no reader knew"
    monkeypatch.setattr("dashboards.uploads.check_file", crash)
    outcome = Uploads().read(plan, sent(content), "p.xlsx", "workbook", TODAY)
    assert outcome.id is None
    assert outcome.words.endswith("Why is in the server’s log.")
    entry = plan.changes().row(-1, named=True)
    assert plan.last_seq == before + 1
    assert (entry["what"], entry["source_name"], entry["refused_findings"]) == ("refusal", "p.xlsx", None)
    assert entry["source_sha256"] == hashlib.sha256(content).hexdigest()
    assert entry["reason"] == "Refused on the Data page: it could not be read"
    assert "943 476" not in str(plan.changes().rows())
    assert counts_of(plan) == {"bytes": len(content)}
    assert plan.verify() == []


def counts_of(store):
    """What the last entry of the log counts."""
    cursor = store._engine.cursor()
    return json.loads(cursor.execute('SELECT "counts" FROM "change" ORDER BY "seq" DESC').fetchall()[0][0])


def test_request_too_large_leaves_an_entry_with_its_size_before_and_after_the_pages_see_it(plan):
    """The server refuses the largest by itself, the pages what is a little too large: both are in the log."""
    import socket

    from waitress.server import create_server

    from dashboards.app import create_app
    from dashboards.security import LARGEST_BODY, TOO_LARGE
    from dashboards.too_large import telling

    app, before = create_app(plan, today=lambda: TODAY), plan.last_seq
    size = LARGEST_BODY + 1
    answer = app.server.test_client().post(
        "/_dash-update-component", data=b"x" * size, content_type="application/json"
    )
    assert (answer.status_code, answer.get_data(as_text=True)) == (413, TOO_LARGE)
    entry = plan.changes().row(-1, named=True)
    assert (entry["what"], entry["source_sha256"], entry["actor_kind"]) == ("refusal", None, "system")
    assert entry["reason"] == "Refused unread: more than 20 MB: 20,971,521 bytes were sent at once"
    assert counts_of(plan) == {"bytes": size}

    server = create_server(app.server, host="127.0.0.1", port=0, threads=1, max_request_body_size=1000)
    server.channel_class = telling(lambda sent: refuse_too_large(plan, sent), TOO_LARGE)

    def answer_until_closed():
        with contextlib.suppress(OSError, ValueError):
            server.run()

    running = threading.Thread(target=answer_until_closed, daemon=True)
    running.start()
    try:
        with socket.create_connection(("127.0.0.1", server.effective_port), timeout=60) as line:
            line.sendall(
                b"POST /_dash-update-component HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n"
            )
            told = b"".join(iter(lambda: line.recv(4096), b"")).decode()
    finally:
        server.close()
        server._map.clear()
        running.join(timeout=60)
    assert told.startswith("HTTP/1.1 413")
    assert TOO_LARGE in told
    assert counts_of(plan) == {"bytes": 5000}
    assert plan.last_seq == before + 2


def test_upload_that_can_be_accepted_writes_nothing_before_it_is(plan, changed_workbook):
    before = plan.last_seq
    Uploads().read(plan, sent(changed_workbook), "p.xlsx", "workbook", TODAY)
    assert plan.last_seq == before


def test_upload_refused_while_the_log_cannot_be_written_is_said_and_shown_all_the_same(plan, monkeypatch):
    def full(**_):
        raise StoreError("The disk is full.")

    monkeypatch.setattr(plan, "refuse", full)
    uploads = Uploads()
    held = uploads.get(uploads.read(plan, sent(b"no workbook"), "p.xlsx", "workbook", TODAY).id)
    assert "could not be written into the log: The disk is full." in held.words
    assert held.check.findings


def test_upload_is_in_the_store_at_once_and_in_the_snapshot_soon_after(plan, changed_workbook):
    uploads = Uploads()
    held = uploads.get(uploads.read(plan, sent(changed_workbook), "p.xlsx", "workbook", TODAY).id)
    with plan.keep_published():
        uploads.accept(plan, held.id, held.fingerprint, WHO, "Renamed", TODAY)
        assert plan.table("partnership")["name"][0] == "Another name"
    with open_store(f"{plan.path}.snapshot.duckdb", mode="read") as snapshot:
        assert snapshot.table("partnership")["name"][0] == "Another name"

"""Answers that are kept: whose bytes they are, when they are made anew, and what no other reader is given."""

import datetime as dt
import gzip
import json
import logging
import re
import shutil
import threading

import pytest

from dashboards import answers, libraries, shell, warming
from dashboards.app import create_app
from dashboards.pages import PAGES
from partnership.store import Actor, open_store

TODAY = dt.date(2026, 11, 23)
CALLBACK = "/_dash-update-component"
JO = Actor("Jo", "declared")


@pytest.fixture(scope="module")
def store(tmp_path_factory, county_file):
    path = tmp_path_factory.mktemp("answers") / "county.duckdb"
    shutil.copy(county_file, path)
    with open_store(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def app(store):
    return create_app(store, today=lambda: TODAY)


def sent(app, path, search="", headers=None, **picked):
    """What the browser is sent for an address, or for filters just picked on it."""
    output = next(o for o in app.callback_map if "page.children" in o)
    values = {"url.pathname": path, "url.search": search, "changed.data": 0, **picked}
    body = {
        "output": output,
        "outputs": [
            dict(zip(("id", "property"), o.rsplit(".", 1), strict=True))
            for o in output.strip(".").split("...")
        ],
        "inputs": [
            {**i, "value": values.get(f"{i['id']}.{i['property']}")}
            for i in app.callback_map[output]["inputs"]
        ],
        "state": [],
        "changedPropIds": [next(iter(picked), "url.search")],
    }
    return app.server.test_client().post(CALLBACK, json=body, headers=headers or {})


def made(monkeypatch):
    """Count the answers that are made and not found."""
    count, fill = [], shell.filled

    def counted(data, state):
        count.append(state)
        return fill(data, state)

    monkeypatch.setattr(shell, "filled", counted)
    return count


def test_second_reader_is_sent_the_first_ones_bytes_with_all_guards(app, monkeypatch):
    count = made(monkeypatch)
    first = sent(app, "/goals", "?agency=POL")
    again = sent(app, "/goals", "?agency=POL")
    assert again.data == first.data
    assert again.headers["Cache-Control"] == "no-store"
    assert "default-src 'self'" in again.headers["Content-Security-Policy"]
    packed = sent(app, "/goals", "?agency=pol", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == first.data
    assert sent(app, "/goals", "?agency=POL", headers={"Origin": "https://evil.example"}).status_code == 403
    assert len(count) == 1
    other = [sent(app, "/goals", s).data for s in ("", "?agency=POL&as_of=2026-09-03", "?agency=POL&x=1")]
    assert len({first.data, *other}) == 4
    assert len(count) == 4


def test_filter_just_picked_is_answered_as_its_address_and_moves_the_browser_there(app, monkeypatch):
    count = made(monkeypatch)
    picked = {"f-agency.value": "COU", "f-goal.value": "all", "f-as-of.value": "now"}
    first, again = (json.loads(sent(app, "/goals", "?open=1", **picked).data) for _ in range(2))
    assert again == first
    assert first["response"].pop("url") == {"search": "?agency=COU&open=1"}
    assert json.loads(sent(app, "/goals", "?agency=COU&open=1").data) == first
    assert len(count) == 1
    everything = json.loads(sent(app, "/goals", "?agency=COU", **(picked | {"f-agency.value": "all"})).data)
    assert everything["response"]["url"] == {"search": ""}


def test_what_makes_a_second_click_harmless_is_each_readers_own(app, monkeypatch):
    count = made(monkeypatch)
    bodies = [sent(app, "/expectation-gaps", "?goal=G2").get_data(as_text=True) for _ in range(3)]
    keys = [b.partition('"id":"expect-once","data":"')[2].partition('"')[0] for b in bodies]
    assert len(count) == 1
    assert len({*keys}) == 3
    assert all(len(k) == 32 for k in keys)
    assert len({b.replace(k, "") for b, k in zip(bodies, keys, strict=True)}) == 1


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(p, marks=() if p == "/goals" else pytest.mark.long)
        for p in PAGES
        if shell.shows_store_only(p)
    ],
)
def test_kept_answer_is_what_would_be_made_anew(app, store, path):
    kept = [sent(app, path) for _ in range(2)][1].get_data(as_text=True)
    anew = sent(create_app(store, today=lambda: TODAY), path).get_data(as_text=True)
    for body in (kept, anew):
        assert "could not be made" not in body
    own = re.compile(r"\b[0-9a-f]{32}\b")
    assert own.sub("", kept) == own.sub("", anew)
    assert len(own.findall(kept)) == (path == "/expectation-gaps")


def test_change_or_failure_or_page_that_shows_more_is_never_answered_from_before(app, store, monkeypatch):
    count = made(monkeypatch)
    before = sent(app, "/goals").data
    goals = store.table("goals", raw=True).head(1)
    row = goals.drop("row_version", "change_seq")
    store.accept(
        {"goals": row.with_columns(title=row["title"] + " indeed")}, actor=JO, reason="Another title"
    )
    assert b" indeed" in sent(app, "/goals").data
    assert b" indeed" not in before
    assert len(count) <= 2
    logging.disable(logging.CRITICAL)
    try:
        monkeypatch.setattr(PAGES["/goals"], "layout", lambda *_: 1 // 0)
        assert b"could not be made" in sent(app, "/goals", "?goal=G1").data
        monkeypatch.undo()
    finally:
        logging.disable(logging.NOTSET)
    assert b"could not be made" not in sent(app, "/goals", "?goal=G1").data
    count = made(monkeypatch)
    for path, search in (("/data", ""), ("/goals", "?upload=abc")) * 2:
        sent(app, path, search)
    assert len(count) == 4


def test_readers_of_one_address_wait_for_the_first_of_them_and_a_few_are_made_at_once():
    kept, body, started = answers.Answers(turns=1), b"all the same", threading.Event()
    first = kept.found_or_begun("one")
    found = []

    def wait():
        started.set()
        found.append(kept.found_or_begun("one"))

    other = threading.Thread(target=wait)
    other.start()
    started.wait(60)
    assert kept.turn()
    kept.keep("one", body, [])
    kept.end(answers._Asked("one", None, first, has_turn=True))
    other.join(60)
    assert gzip.decompress(found[0].packed) == body
    assert kept.turn(), "the turn was given back"


def test_answers_are_bounded_and_one_that_cannot_be_told_apart_is_not_kept():
    kept = answers.Answers(most_bytes=100)
    for key in "abc":
        kept.keep(key, b"x" * 40 + b"own" + b"y", [b"own"])
    kept.keep("d", b"own and own", [b"own"])
    assert list(kept._kept) == ["b", "c"]
    assert kept._bytes == 88
    for n in range(answers._LATELY + 5):
        kept.came("/", f"?open={n}")
        kept.went()
    assert len(kept.lately()) == answers._LATELY
    assert kept.lately()[0] == ("/", f"?open={answers._LATELY + 4}")


def test_pages_are_made_before_they_are_asked_for_and_never_while_somebody_waits(app, monkeypatch):
    data, kept = app.server.extensions["partnership"]
    wanted = warming.addresses(data, [("/promises", "?agency=POL")], at_start=True)
    assert wanted[:2] == [("/", ""), ("/board-overview", "")]
    assert {("/promises", "?agency=POL"), ("/benefits", "?goal=G1")} <= set(wanted)
    assert not [p for p, _ in wanted if p in ("/data", "/prioritisation", "/memory")]
    assert len(wanted) <= warming._AT_START
    later = warming.addresses(data, kept.lately(), at_start=False)
    assert len(later) <= warming._AFTER_A_CHANGE

    asked, stop = [], threading.Event()
    monkeypatch.setattr(libraries, "load", lambda _: None)
    monkeypatch.setattr(warming, "_LOOK", 0.01)
    monkeypatch.setattr(answers, "ask", lambda _, *address: asked.append(address))
    kept.came("/goals", "")
    thread = threading.Thread(target=warming._make, args=(app, data, kept, stop), kwargs={"at_start": False})
    thread.start()
    assert not kept.quiet(0.1)
    assert not asked
    kept.went()
    thread.join(60)
    assert asked[0] == ("/", "")
    monkeypatch.undo()
    count = made(monkeypatch)
    answers.ask(app, "/blueprint", "?goal=G1")
    sent(app, "/blueprint", "?goal=G1")
    assert len(count) == 1

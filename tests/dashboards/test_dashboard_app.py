"""The app's own guards: who may ask, how much, in what shape; what is answered, and what never is."""

import datetime as dt
import json
import re
import shutil
import socket
import subprocess
import sys

import pytest

from dashboards.app import create_app, free_port, read_state
from dashboards.data import Data
from dashboards.security import LARGEST_BODY
from partnership.errors import InvalidInput
from partnership.store import Actor, open_store

TODAY = dt.date(2026, 11, 23)
CALLBACK = "/_dash-update-component"


@pytest.fixture(scope="module")
def shown(tmp_path_factory, county_file):
    """The county's store, read by every test of this file and written by none."""
    path = tmp_path_factory.mktemp("app") / "county.duckdb"
    shutil.copy(county_file, path)
    with open_store(path, mode="write") as store:
        yield store


@pytest.fixture(scope="module")
def app(shown):
    return create_app(shown, today=lambda: TODAY)


@pytest.fixture(scope="module")
def client(app):
    return app.server.test_client()


def callback(app, path="/nowhere", search="", **changed):
    """A request as the browser makes it for the app's one callback of a page."""
    output = next(k for k in app.callback_map if "page.children" in k)
    wanted = app.callback_map[output]
    values = {"url.pathname": path, "url.search": search, "changed.data": 0, "f-agency.value": "all",
              "f-goal.value": "all", "f-as-of.value": "now", **changed}  # fmt: skip
    names = [o.split(".") for o in output.strip(".").split("...")]
    return {
        "output": output,
        "outputs": [{"id": i, "property": p} for i, p in names],
        "inputs": [
            {"id": i["id"], "property": i["property"], "value": values[f"{i['id']}.{i['property']}"]}
            for i in wanted["inputs"]
        ],
        "state": [],
        "changedPropIds": ["url.pathname"],
    }


def texts(answer):
    return " ".join(re.findall(r'"children":"([^"]+)"', answer.get_data(as_text=True)))


# ---- what the browser is told ----
def test_every_answer_has_the_headers(client):
    answer = client.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "connect-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert re.search(r"script-src 'self' 'sha256-", policy)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_inline_scripts_of_the_page_are_those_the_policy_names(client):
    import base64
    import hashlib

    answer = client.get("/")
    inline = re.findall(
        r"<script(?![^>]*src=)[^>]*>(.*?)</script>", answer.get_data(as_text=True), flags=re.DOTALL
    )
    running = [s for s in inline if s.strip() and not s.lstrip().startswith("{")]
    for script in running:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/_dash-layout", "/_dash-dependencies", "/download/promises.csv"])
def test_data_is_never_kept_by_the_browser(client, path):
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_page_is_in_british_english_with_one_main_and_names_no_other_host(client):
    page = client.get("/").get_data(as_text=True)
    assert '<html lang="en-GB">' in page
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page)


def test_answers_are_compressed(app, client):
    sent = client.post(CALLBACK, json=callback(app), headers={"Accept-Encoding": "gzip"})
    assert sent.headers["Content-Encoding"] == "gzip"


# ---- who may ask ----
@pytest.mark.parametrize("headers", [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
])  # fmt: skip
def test_post_from_elsewhere_is_refused_in_words(app, client, headers):
    answer = client.post(CALLBACK, json=callback(app), headers=headers)
    assert answer.status_code == 403
    assert answer.get_data(as_text=True).startswith("This did not come from this site's own pages")


def test_post_from_our_own_page_is_answered(app, client):
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post(CALLBACK, json=callback(app), headers=own).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "partnership.local:8050", "10.0.0.7", "127.0.0.1.evil.example"]
)
def test_other_names_for_this_computer_are_refused(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1:8050", "localhost:9", "[::1]:8050"])
def test_loopback_names_are_answered(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 200


# ---- how much, and in what shape ----
def test_too_large_a_request_is_refused_in_words(client):
    answer = client.post(CALLBACK, data=b"x" * (LARGEST_BODY + 1), content_type="application/json")
    assert answer.status_code == 413
    assert "more than 20 MB" in answer.get_data(as_text=True)


def test_text_for_a_callback_is_refused_in_words(client):
    answer = client.post(CALLBACK, data="output=x", content_type="text/plain")
    assert answer.status_code == 415
    assert "JSON" in answer.get_data(as_text=True)


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"null", b"7", b'"x"', b"{}", b'{"output": 7}', b'{"output": "nothing.children"}',
    b"[" * 100_000, b'{"a":' * 100_000, b"\xff\xfe",
])  # fmt: skip
def test_body_that_is_no_callback_is_refused_in_words(client, body):
    answer = client.post(CALLBACK, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert (
        answer.get_data(as_text=True)
        == "This request could not be understood, so nothing was done. Load the page again."
    )


@pytest.mark.parametrize("change", [
    {"inputs": None}, {"inputs": []}, {"inputs": "x"}, {"inputs": [1, 2, 3, 4, 5, 6]}, {"changedPropIds": "url"},
    {"changedPropIds": [7]}, {"outputs": None}, {"outputs": "x"}, {"state": [{"id": "url", "property": "x"}]},
])  # fmt: skip
def test_callback_of_another_shape_is_refused(app, client, change):
    answer = client.post(CALLBACK, json={**callback(app), **change})
    assert answer.status_code == 400
    assert "Traceback" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("value", [None, 7, True, [], {}, {"a": 1}, ["POL"], "x" * 5000, "\x00", 1e308])
@pytest.mark.parametrize(
    "name", ["url.pathname", "url.search", "f-agency.value", "f-goal.value", "f-as-of.value", "changed.data"]
)
def test_wrong_types_in_a_callback_never_break_it(app, client, name, value):
    body = callback(app, **{name: value})
    body["changedPropIds"] = [name]
    answer = client.post(CALLBACK, json=body)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:300]


def test_nothing_of_the_program_stands_in_an_error(app, client, monkeypatch):
    from dashboards import shell

    def broken(*_):
        msg = "select secret from readings"
        raise RuntimeError(msg)

    monkeypatch.setattr(shell, "_stamp", broken)
    answer = client.post(CALLBACK, json=callback(app))
    assert answer.status_code == 500
    assert (
        answer.get_data(as_text=True)
        == "Something went wrong here, and nothing was changed. What happened is in the server's log."
    )


@pytest.mark.parametrize(
    "path",
    [
        "/_dash-component-suites/../../etc/passwd",
        "/assets/../app.py",
        "/download/promises.exe",
        "/download/nothing.csv",
    ],
)
def test_address_of_nothing_is_said_in_words(client, path):
    answer = client.get(path)
    assert answer.status_code in (404, 500)
    assert "Traceback" not in answer.get_data(as_text=True)
    assert "root:" not in answer.get_data(as_text=True)


# ---- what is shown ----
def test_filters_picked_go_into_the_address(app, client):
    body = callback(app, search="?measure=M-HOURS", **{"f-agency.value": "COU"})
    body["changedPropIds"] = ["f-agency.value"]
    answer = client.post(CALLBACK, json=body).get_json()["response"]
    assert answer["url"]["search"] == "?agency=COU&measure=M-HOURS"
    assert answer["f-agency"]["value"] == "COU"


def test_address_wins_where_no_filter_was_picked(app, client):
    answer = client.post(CALLBACK, json=callback(app, search="?agency=POL")).get_json()["response"]
    assert answer["f-agency"]["value"] == "POL"
    assert "url" not in answer or "search" not in answer["url"]


def test_picked_filter_that_is_not_offered_is_left_out(county):
    data = Data(county, lambda: TODAY)
    state = read_state(data, "/board-overview", "", {"agency": "<script>", "goal": 7, "as_of": None})
    assert (state.agency_id, state.goal_id, state.as_of) == (None, None, None)


def test_page_that_fails_says_so_and_the_frame_lives(app, client, monkeypatch):
    from dashboards.pages import board_overview

    def broken(*_):
        msg = "943 476 5919"
        raise ValueError(msg)

    monkeypatch.setattr(board_overview, "layout", broken)
    answer = client.post(CALLBACK, json=callback(app, path="/board-overview"))
    assert answer.status_code == 200
    text = json.dumps(answer.get_json())
    assert "This page could not be made" in text
    assert "943" not in text
    assert answer.get_json()["response"]["title"]["children"] == "Board overview"


def test_change_of_the_store_is_seen_at_once(county):
    data = Data(county, lambda: TODAY)
    state = data.state("/", "")
    before = data.summary(state)["name"]
    frame = county.table("partnership")
    renamed = frame.drop("row_version", "change_seq").with_columns(name=frame["name"] + " and Rutland")
    county.accept({"partnership": renamed}, actor=Actor("Test"), reason="A longer name")
    assert data.summary(state)["name"] == f"{before} and Rutland"


def test_same_question_is_asked_of_the_store_once(county, monkeypatch):
    asked = []
    fetch = type(county).fetch

    def counted(self, view, **more):
        asked.append(view)
        return fetch(self, view, **more)

    monkeypatch.setattr(type(county), "fetch", counted)
    data = Data(county, lambda: TODAY)
    state = data.state("/", "")
    for _ in range(3):
        data.view("gap_totals", state)
    assert asked.count("gap_totals") == 1
    data.view("gap_totals", state, agency_id="POL")
    assert asked.count("gap_totals") == 2


# ---- starting it ----
def test_import_of_the_app_opens_nothing():
    code = (
        "import threading, socket, duckdb; "
        "duckdb.connect = None; socket.socket.bind = None; socket.socket.connect = None; "
        "import dashboards.app; assert threading.active_count() == 1"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_port_that_is_taken_gives_the_next_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < free_port(port) <= port + 100


def test_no_free_port_is_said_in_words():
    with pytest.raises(
        InvalidInput, match=r"No port from 70000 to 70004 is free here\. Give another --port\."
    ):
        free_port(70_000, tries=5)


def test_empty_store_is_answered_on_every_page(tmp_path):
    from dashboards.pages import PAGES

    with open_store(tmp_path / "empty.duckdb", mode="create") as store:
        app = create_app(store, today=lambda: TODAY)
        client = app.server.test_client()
        for path in PAGES:
            answer = client.post(CALLBACK, json=callback(app, path=path))
            assert answer.status_code == 200, path
            assert "could not be made" not in texts(answer), path

"""A real server on loopback over a real store, and a real Chromium that looks at it."""

import contextlib
import datetime as dt
import os
import shutil
import threading

import pytest
from browser_helpers import WIDE, Watched

from partnership.store import Actor, open_store

TODAY = dt.date(2026, 11, 23)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--no-opt --no-maglev",  # a page lives for seconds here: optimising its scripts costs more than it saves
)


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in item.nodeid.replace("\\", "/"):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """The machine's Chromium; without one the tests are skipped, and fail where CI=true.

    It keeps what it compiled of the pages' scripts, as a reader's browser does, in a folder that goes with the tests.
    """
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(
            "No Chromium on this machine: install it with: sudo apt-get install chromium"
        )
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        window = driver.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("reader"),
            executable_path=found,
            args=list(FLAGS),
            locale="en-GB",
            viewport=WIDE,
        )
        window.set_default_timeout(120_000)  # a shared machine may be ten times slower than this one
        yield window
        window.close()


@pytest.fixture(scope="session")
def serve():
    """Serve a store on a free port of loopback until the tests end; gives its address."""
    running = []

    def start(store, today=TODAY):
        from waitress.server import create_server

        from dashboards.app import create_app

        app = create_app(store, today=lambda: today)
        server = create_server(app.server, host="127.0.0.1", port=0, threads=8)
        thread = threading.Thread(target=_until_closed, args=(server,), daemon=True)
        thread.start()
        running.append((server, thread, store))
        return f"http://127.0.0.1:{server.effective_port}"

    yield start
    for server, thread, store in running:
        server.close()
        server._map.clear()  # a browser's kept connections would hold its loop for two minutes
        thread.join(timeout=10)
        store.close()


def _until_closed(server):
    """Answer until the server is closed, which takes its socket from under the loop."""
    with contextlib.suppress(OSError):
        server.run()


@pytest.fixture(scope="session")
def county_store(tmp_path_factory, county_file):
    """The sample county in a store that pages and tests read together; never written to."""
    path = tmp_path_factory.mktemp("shown") / "county.duckdb"
    shutil.copy(county_file, path)
    return open_store(path, mode="write")


@pytest.fixture(scope="session")
def county_url(serve, county_store):
    return serve(county_store)


@pytest.fixture(scope="module")
def own(tmp_path_factory, county_file, serve):
    """The sample county in a store of one file's own, which its tests write to, and its address."""
    path = tmp_path_factory.mktemp("own") / "county.duckdb"
    shutil.copy(county_file, path)
    store = open_store(path, mode="write")
    return store, serve(store)


@pytest.fixture(scope="session")
def small_store(tmp_path_factory):
    """A plan of another shape: three agencies, no expectations, no headline measure."""
    from tests.plans import small_plan

    return _filled(tmp_path_factory.mktemp("small") / "small.duckdb", small_plan.small_frames())


@pytest.fixture(scope="session")
def small_url(serve, small_store):
    from tests.plans import small_plan

    return serve(small_store, small_plan.TODAY)


@pytest.fixture(scope="session")
def bare_url(serve, tmp_path_factory):
    """A plan with nothing but its first row."""
    from tests.plans import small_plan

    frames = small_plan.empty_frames()
    return serve(_filled(tmp_path_factory.mktemp("bare") / "bare.duckdb", frames), small_plan.TODAY)


@pytest.fixture(scope="session")
def empty_url(serve, tmp_path_factory):
    """A store into which nothing was ever loaded."""
    path = tmp_path_factory.mktemp("empty") / "empty.duckdb"
    return serve(open_store(path, mode="create"))


def _filled(path, frames):
    import polars as pl

    from partnership.tables import record_from_row, row_key

    keyed = {
        table: frame.with_columns(
            pl.Series(
                "row_key",
                [row_key(record_from_row(table, r)) for r in frame.iter_rows(named=True)],
                dtype=pl.String,
            )
        )
        for table, frame in frames.items()
        if frame.height
    }
    store = open_store(path, mode="create")
    store.accept(keyed, actor=Actor("Test"), reason="Another shape")
    return store


@pytest.fixture
def browse(chromium):
    """Open watched pages; when the test ends, nothing may have been asked of another host or left behind."""
    made = []

    def start(base, viewport=WIDE):
        page = chromium.new_page()
        if viewport != WIDE:
            page.set_viewport_size(viewport)
        watched = Watched(page, base)
        made.append(watched)
        return watched

    yield start
    for watched in made:
        kept = watched.page.evaluate("() => [localStorage.length, document.cookie]")
        watched.page.close()  # what a page keeps for its session goes with it
        assert kept == [0, ""]
        assert watched.foreign() == []
        assert watched.errors == []

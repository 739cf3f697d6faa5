"""A plan of another shape, and one with nothing but its first row, through every command, view and page."""

import datetime as dt
import io
import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent / "plans"))

from small_plan import TODAY, empty_frames, small_frames, write_plan  # noqa: E402

from partnership.cli import app  # noqa: E402
from partnership.store import Actor, open_store  # noqa: E402
from partnership.tabular import render_view  # noqa: E402
from partnership.views import VIEWS  # noqa: E402
from partnership.workflows import accept_file, check_file  # noqa: E402

PLANS = {"small": small_frames, "empty": empty_frames}


@pytest.fixture(scope="module", params=PLANS, ids=str)
def plan(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    buffer = io.BytesIO()
    write_plan(buffer, PLANS[request.param]())
    (folder / "plan.xlsx").write_bytes(buffer.getvalue())
    store = open_store(folder / "plan.duckdb", mode="create")
    checked = check_file(buffer.getvalue(), "plan.xlsx", store=store, today=TODAY)
    assert checked.acceptable, [str(f) for f in checked.findings if f.rejects]
    accept_file(store, checked, Actor("Test", "declared"), "first load")
    store.close()
    return folder


def run(*words):
    result = CliRunner().invoke(app, [str(w) for w in words])
    assert result.exit_code == 0, result.output + result.stderr
    return result.stdout


def test_every_command_answers(plan, tmp_path):
    store = plan / "plan.duckdb"
    run("check", plan / "plan.xlsx", "--store", store)
    assert json.loads(run("load", plan / "plan.xlsx", "--yes", "--store", store, "--json"))["stored"]
    run("export", tmp_path / "out.xlsx", "--store", store)
    again = json.loads(run("load", tmp_path / "out.xlsx", "--yes", "--store", store, "--json"))
    assert {(c["new"], c["changed"], c["gone"]) for c in again["changes"]} == {(0, 0, 0)}
    run("backup", tmp_path / "copy.duckdb", "--store", store)
    run("verify-store", "--store", store)


@pytest.fixture(scope="module")
def opened(plan):
    store = open_store(plan / "plan.duckdb", mode="read")
    yield store
    store.close()


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_every_view_answers_in_words_and_numbers(opened, name):
    for day in (TODAY, dt.date(2020, 1, 1)):
        assert render_view(opened, name, as_of=day)


def words_of(component):
    """Everything a page says, as one text."""
    if component is None or isinstance(component, bool):
        return ""
    if isinstance(component, str | int | float):
        return str(component)
    if isinstance(component, list | tuple):
        return " ".join(map(words_of, component))
    return " ".join(words_of(getattr(component, n, None)) for n in ("children", "label", "alt"))


@pytest.mark.parametrize(
    "query",
    [
        "",
        pytest.param("?agency=parish%2Funion&goal=g%2F1", marks=pytest.mark.long),
        "?agency=nobody&goal=%27%3B--&as_of=2020-01-01",
    ],
)
def test_every_page_is_made_of_words_and_nothing_fails(opened, query):
    from dashboards.app import read_state
    from dashboards.data import Data
    from dashboards.pages import PAGES
    from dashboards.shell import filled

    data = Data(opened, today=lambda: TODAY)
    for path in PAGES:
        said = words_of(list(filled(data, read_state(data, path, query, None)).values()))
        assert said.strip(), path
        assert "could not be made" not in said, (path, said)


def test_a_day_before_anything_was_known_is_said_in_words(opened):
    assert opened.as_of_note(dt.date(2020, 1, 1))

"""What the roads share: a store that holds the small plan, pristine and for use."""

import functools
import shutil
import sys
from pathlib import Path

import pytest
import typer.testing

sys.path.insert(0, str(Path(__file__).parent))

from bad_files import good
from roads import Remembered, fingerprint

from partnership.store import Actor, open_store
from partnership.workflows import accept_file, check_file

KNOWN = Remembered()


@pytest.fixture(scope="session", autouse=True)
def _built_once():
    """Build the command line once: each time costs more than most of these files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.testing, "_get_command", functools.cache(typer.main.get_command))
        yield


@pytest.fixture(scope="session")
def pristine(tmp_path_factory):
    """A store with the small plan in it, closed; copied before anything writes to it."""
    path = tmp_path_factory.mktemp("bad") / "pristine.duckdb"
    store = open_store(path, mode="create")
    checked = check_file(good(), "plan.xlsx", store=store)
    accept_file(store, checked, Actor("Test", "declared"), "Small plan")
    store.close()
    return path


@pytest.fixture(scope="session")
def served(pristine):
    """A store for files that must be refused, held open as the pages hold it.

    What it holds never changes, so it serves all of them, and commands in this process share its file.
    """
    path = pristine.with_name("refusing.duckdb")
    shutil.copy(pristine, path)
    with open_store(path, mode="write") as store:
        yield store


@pytest.fixture(scope="session")
def refusing(served):
    """Its path, for the command line."""
    return served.path


@pytest.fixture
def remembered(monkeypatch):
    """Check each file once for all its roads, and read the plan that nothing changes once."""
    monkeypatch.setattr("partnership.workflows.check_file", KNOWN.check)
    monkeypatch.setattr("dashboards.uploads.check_file", KNOWN.check)
    monkeypatch.setattr("partnership.workflows.stored", KNOWN.stored)
    return KNOWN


@pytest.fixture
def fresh(pristine, tmp_path):
    """A store of this test's own."""
    path = tmp_path / "plan.duckdb"
    shutil.copy(pristine, path)
    return path


@pytest.fixture(scope="session")
def pristine_hash(pristine):
    return fingerprint(pristine)[0]


@pytest.fixture
def own(fresh):
    """The same, open as the pages hold it."""
    with open_store(fresh, mode="write") as store:
        yield store

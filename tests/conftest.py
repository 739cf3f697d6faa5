"""What many tests share: the sample county, as a workbook's bytes and as a store."""

import gc
import shutil

import pytest
from hypothesis import HealthCheck, settings

from partnership.store import Actor, open_store
from partnership.workflows import accept_file, check_file

settings.register_profile(
    "shared machine", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("shared machine")  # a busy machine draws slowly, which says nothing of the code

gc.disable()  # until all tests are found: looking through what stays for good takes seconds


def pytest_collection_finish():
    """From here on rubbish is looked for among what the tests make."""
    gc.freeze()
    gc.enable()


collect_ignore_glob = ["*conftest.py"]  # several rooms have one: none is a module with examples


def workbook_of(frames):
    import io

    from partnership.intake.workbook import write_workbook

    buffer = io.BytesIO()
    write_workbook(frames, buffer=buffer, versions={})
    return buffer.getvalue()


@pytest.fixture(scope="session")
def county_workbook():
    """The bytes of the county's workbook as they are committed."""
    from pathlib import Path

    return (
        Path(__file__).parent.parent / "sample_data" / "wendleshire" / "wendleshire_plan.xlsx"
    ).read_bytes()


@pytest.fixture(scope="session")
def county_file(tmp_path_factory, county_workbook):
    """A store with the county in it, closed; copy it before writing."""
    path = tmp_path_factory.mktemp("county") / "county.duckdb"
    store = open_store(path, mode="create")
    checked = check_file(county_workbook, "wendleshire_plan.xlsx", store=store)
    accept_file(store, checked, Actor("Test", "declared"), "Sample county")
    store.close()
    return path


@pytest.fixture(scope="session")
def small_file(tmp_path_factory):
    """A store with the small plan in it, closed; copy it before writing. It costs a third of the county."""
    from tests.plans import small_plan

    path = tmp_path_factory.mktemp("small") / "plan.duckdb"
    with open_store(path, mode="create") as store:
        checked = check_file(workbook_of(small_plan.small_frames()), "plan.xlsx", store=store)
        accept_file(store, checked, Actor("Test", "declared"), "Small plan")
    return path


@pytest.fixture
def county(tmp_path, county_file):
    """The county's store, open for writing, this test's own."""
    path = tmp_path / "county.duckdb"
    shutil.copy(county_file, path)
    store = open_store(path, mode="write")
    yield store
    store.close()


_LONGER = ("views", "store", "intake", "bad_inputs", "crash", "security", "roi", "browser")
_LONGER_FILES = (
    "test_other_plans.py",
    "test_cli.py",
    "test_sample_totals.py",
    "test_sample_data.py",
    "test_disclosure.py",
    "test_workflows.py",
    "test_appraisal_workbook.py",
    "test_benefit_parts.py",
    "test_blind_rounds.py",
    "test_dashboard_app.py",
    "test_dashboard_downloads.py",
    "test_goals_and_gaps_of_the_county.py",
    "test_money_commands.py",
    "test_phasing_keeping.py",
    "test_phasing_workflow.py",
    "test_picturing.py",
    "test_prioritisation_parts.py",
    "test_prioritising_county.py",
    "test_round_states.py",
    "test_scoring_sheets.py",
    "test_selecting.py",
    "test_uploads.py",
)


_FIRST = (
    "test_kill9.py",
    "test_notebooks.py",
    "test_appraisal_workbook.py",
    "test_once.py",
    "test_cli.py",
    "test_other_plans.py",
    "test_workbook_reading.py",
    "test_data.py",
    "test_uploads.py",
    "test_roads.py",
    "test_investment_page.py",
    "test_prioritisation_page.py",
    "test_benefits.py",
    "test_expectation_gaps.py",
    "test_board_overview.py",
    "test_memory_page.py",
    "test_phasing.py",
    "test_rows.py",
    "test_goals_page.py",
    "test_promises.py",
    "test_writing_benefits.py",
    "test_writing_expectations.py",
    "test_blueprint_page.py",
    "test_portable.py",
    "test_workbook_template.py",
    "test_pack.py",
    "test_store_kept.py",
    "test_store_copies.py",
    "test_store_open.py",
    "test_workbook_round_trip.py",
)
"""Files that take longest, as measured: begun first, none of them is waited for alone at the end."""


def pytest_collection_modifyitems(items):
    """Leave the rooms that open stores and workbooks out of `make check`; `make test` runs them all."""
    for item in items:
        if item.path.parent.name in _LONGER or item.path.name in _LONGER_FILES:
            item.add_marker(pytest.mark.slow)
    place = {name: at for at, name in enumerate(_FIRST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))

"""A round of scoring that is open, for the tests that write to it."""

from __future__ import annotations

import pytest
from blind_plan import JO, RULE, Clock, small_store

from partnership._workflows.scoring_rounds import open_round


@pytest.fixture
def own(tmp_path):
    clock = Clock()
    with small_store(tmp_path / "plan.duckdb", clock) as store:
        open_round(store, "R1", JO, "First", stopping_rule=RULE, today=clock.day)
        yield store, clock

"""Roles as known on a day: what begins later is not counted among them."""

import datetime as dt

from partnership._workflows.remembering import Remembered
from partnership.commitments import Holding, role_histories

JUNE = dt.date(2026, 6, 1)


def test_role_that_begins_later_is_none_of_the_day_shown():
    holdings = [
        Holding("H1", "COU", "Hub manager", "Priya", dt.date(2026, 2, 2), None),
        Holding("H2", "COU", "Scorer", "Helen", dt.date(2026, 9, 1), None),
    ]
    known = Remembered(JUNE, JUNE, (), role_histories(holdings, JUNE), (), (), {}, {})
    assert [r.role for r in known.begun] == ["Hub manager"]

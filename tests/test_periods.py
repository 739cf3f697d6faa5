import datetime as dt

import pytest

from partnership.errors import InvalidInput
from partnership.periods import (
    add_months,
    financial_year,
    from_index,
    local_day,
    month_index,
    parse_financial_year,
)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2025/26", 2025),
        ("2025-26", 2025),
        ("25/26", 2025),
        ("FY26", 2025),
        ("FY2025/26", 2025),
        ("1999/00", 1999),
        ("2025/2026", 2025),
    ],
)
def test_financial_year_accepted_forms_are_read(text, year):
    assert parse_financial_year(text) == year


@pytest.mark.parametrize("text", ["2025/27", "2025", "25/27", "", "Q1", "2025/24"], ids=lambda t: f"D7-{t}")
def test_financial_year_other_forms_are_refused(text):
    with pytest.raises(InvalidInput):
        parse_financial_year(text)


@pytest.mark.parametrize(
    ("moment", "year"),
    [
        ("2025-03-31T22:59:59+00:00", 2024),
        ("2025-03-31T23:00:00+00:00", 2025),
        ("2025-04-05T23:30:00+01:00", 2025),
        ("2025-04-01T00:00:00+01:00", 2025),
    ],
    ids=lambda v: f"D5-{v}",
)
def test_financial_year_starts_on_the_first_of_april_in_london(moment, year):
    assert financial_year(local_day(dt.datetime.fromisoformat(moment))) == year


def test_months_after_29_february_keep_to_the_last_day():
    leap = dt.date(2024, 2, 29)
    assert add_months(leap, 12) == dt.date(2025, 2, 28)
    assert add_months(leap, 3) == dt.date(2024, 5, 29)
    assert len({month_index(add_months(leap, i)) for i in range(12)}) == 12


def test_month_index_goes_there_and_back():
    for i in range(1900 * 12, 2200 * 12, 7):
        assert month_index(from_index(i)) == i

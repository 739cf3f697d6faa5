"""Statements of sums by quarter: what stands month by month, added up once more.

Whoever asks by quarter, by financial year or over all time needs no months, and reads a third of the rows:

``m_reading_quarters``
    The sums of ``m_reading_months`` by series and quarter, whatever the state of their readings.
``m_reading_quarter_days``
    The same of ``m_reading_days``: what each change moved, with the day from which it counts.

Both are made of the sums by month alone, in the transaction that changes those, and are held against them by
``verify-store``. Sums of no value are nought here: how many values there are stands beside them.
"""

from __future__ import annotations

from functools import cache

from partnership.store._schema import CELLS, SUMMED, name, names
from partnership.store._sums_statements import AT, DAYS, KNOWN_DAYS, MONTHS

__all__ = [
    "drop_quarters",
    "fill_quarter_days",
    "of_days",
    "of_months",
    "put_quarter_days",
    "put_quarters",
    "to_add",
    "wrong_quarter_days",
    "wrong_quarters",
]

QUARTERS = name("m_reading_quarters")
QUARTER_DAYS = name("m_reading_quarter_days")
_ADDED = ", ".join(
    [f"CAST(SUM({name(c)}) AS INTEGER) AS {name(c)}" for c in CELLS]
    + [f"CAST(COALESCE(SUM({name(c)}), 0) AS DECIMAL(38,4)) AS {name(c)}" for c in SUMMED]
)
_KEYS = ("series", "quarter_index", "is_small")


def _quarter(prefix: str = "") -> str:
    return f'CAST({prefix}"period_index" // 3 AS INTEGER)'


def of_months(where: str = "") -> str:
    """Add the sums of months up by quarter."""
    return (
        f'SELECT "series", {_quarter()} AS "quarter_index", "is_small", {_ADDED}\n'
        f'FROM {MONTHS} AS m {where} GROUP BY 1, 2, 3 ORDER BY "series", "quarter_index"'
    )


def of_days(rows: str) -> str:
    """Add what changes moved up by quarter."""
    return (
        f'SELECT {names(AT)}, "series", {_quarter()} AS "quarter_index", "is_small", {_ADDED}\n'
        f'FROM {rows} AS d GROUP BY 1, 2, 3, 4, 5 ORDER BY "series", "quarter_index"'
    )


@cache
def drop_quarters() -> str:
    """Take the quarters out of which something has moved, as ``coded`` tells."""
    moved = f'c."series" = q."series" AND {_quarter("c.")} = q."quarter_index"'
    return f"DELETE FROM {QUARTERS} AS q WHERE EXISTS (SELECT 1 FROM coded AS c WHERE {moved})"


@cache
def put_quarters() -> str:
    """Put the quarters in out of which something has moved, by their months as they now stand."""
    moved = f'c."series" = m."series" AND {_quarter("c.")} = {_quarter("m.")}'
    return f"INSERT INTO {QUARTERS} {of_months(f'WHERE EXISTS (SELECT 1 FROM coded AS c WHERE {moved})')}"


def put_quarter_days() -> str:
    """Keep what has moved, by quarter, with the day from which it counts."""
    return f"INSERT INTO {QUARTER_DAYS} {of_days('coded')}"


def fill_quarter_days() -> str:
    """Work what counts from which day out of the months again."""
    return f"INSERT INTO {QUARTER_DAYS} {of_days(DAYS)}"


@cache
def to_add(cols: tuple[str, ...], *, past: bool, period: str | None) -> str:
    """Return what is to be added up for these cells and sums, in no order; nought where there is no value.

    Parameters
    ----------
    cols : tuple[str, ...]
        Cells and sums.
    past : bool
        True: as known at ``$as_of_seq``.
    period : {"period_index", "quarter_index"} or None
        The column that tells the time; None where it does not matter.
    """
    own = ["series", *([period] if period else []), "is_small", *(c for c in cols if c in CELLS)]
    totals = [c for c in cols if c in SUMMED]
    if period == "period_index":
        rows = f"{DAYS} WHERE {KNOWN_DAYS}" if past else MONTHS
        asked = [names(own), *(f"COALESCE({name(c)}, 0) AS {name(c)}" for c in totals)]
        return f"SELECT {', '.join(asked)} FROM {rows}"
    rows = f"{QUARTER_DAYS} WHERE {KNOWN_DAYS}" if past else QUARTERS
    return f"SELECT {names((*own, *totals))} FROM {rows}"


# ----------------------------------------------------------------------------------------- checking


def wrong_quarters() -> str:
    """Count the sums by quarter that are not those of their months."""
    return _differences(f"SELECT * FROM {QUARTERS}", of_months())


@cache
def wrong_quarter_days() -> str:
    """Count what is said by quarter to count from a day and does not, or does and is not said to."""
    group, cells = names((*AT, *_KEYS)), (*CELLS, *SUMMED)
    summed = ", ".join(f"CAST(SUM({name(c)}) AS DECIMAL(38,4)) AS {name(c)}" for c in cells)
    some = " OR ".join(f"SUM({name(c)}) <> 0" for c in cells)
    told, true = (
        f"SELECT {group}, {summed} FROM (\n{rows}\n) AS d GROUP BY {group} HAVING {some}"
        for rows in (f"SELECT * FROM {QUARTER_DAYS}", of_days(DAYS))
    )
    return _differences(told, true)


def _differences(one: str, other: str) -> str:
    first, second = f"SELECT * FROM ({one}) AS a", f"SELECT * FROM ({other}) AS b"
    return (
        f"SELECT COUNT(*) FROM (({first} EXCEPT ALL {second}) UNION ALL ({second} EXCEPT ALL {first})) AS d"
    )

"""Keeping the sums and the past of readings in step with each change, and working them out again.

What is kept, and why it gives the very answers that the history gives, stands in
:mod:`partnership.store._sums_statements`. Everything here happens in the transaction of the change itself.
"""

from __future__ import annotations

import datetime as dt

import duckdb
import polars as pl

from partnership.periods import local_day
from partnership.store import _quarter_statements as quarters
from partnership.store import _summing_statements as statements
from partnership.store import _sums_statements as sums
from partnership.store._open import one

__all__ = ["CODE", "TABLE", "keep_order_of_days", "put", "remove", "work_out_again", "wrong"]

TABLE = "readings"
"""The table that is rolled up."""

CODE = "store-sums-differ"
"""Finding of a store whose sums are not those of its readings; they can be worked out again."""

_FROM_NOTHING = (
    "m_reading_days", "m_reading_months", "m_reading_series", "m_reading_quarters", "m_reading_quarter_days",
)  # fmt: skip


def put(cursor: duckdb.DuckDBPyConnection, seq: int, day: dt.date, *, replaces: bool) -> None:
    """Take the rows of ``todo`` in, before they become the current ones.

    Parameters
    ----------
    cursor : duckdb.DuckDBPyConnection
        The writing cursor, inside its transaction.
    seq : int
        Number of the change.
    day : datetime.date
        Its day in London.
    replaces : bool
        True when some of the rows take the place of others.
    """
    latest = one(cursor, statements.LATEST)
    opens = latest is None or latest[0] is None
    at = {"seq": seq, "day": day, "from_day": sums.FIRST_DAY if opens else day}
    cursor.execute(statements.changes_of_todo(replaces=replaces), at)
    cursor.execute(statements.end_past_of_todo(), {"day": day})
    if replaces:
        cursor.execute(statements.put_past_of_todo(), {"seq": seq, "day": day})
    _merge(cursor)


def remove(cursor: duckdb.DuckDBPyConnection, seq: int, day: dt.date) -> None:
    """Take the rows of ``leaving`` out, while they are still the current ones."""
    cursor.execute(statements.changes_of_leaving(), {"seq": seq, "day": day})
    cursor.execute(statements.end_past_of_leaving(), {"day": day})
    cursor.execute(statements.put_past_of_leaving(), {"seq": seq, "day": day})
    _merge(cursor)


def _merge(cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute(statements.add_series())
    cursor.execute(statements.code_moved())
    cursor.execute(statements.put_days())
    cursor.execute(quarters.put_quarter_days())
    cursor.execute(statements.merge_coded())
    cursor.execute(statements.drop_merged())
    cursor.execute(statements.put_merged())
    cursor.execute(quarters.drop_quarters())
    cursor.execute(quarters.put_quarters())
    for table in ("moved", "coded", "merged"):
        cursor.execute(statements.drop(table))


def keep_order_of_days(cursor: duckdb.DuckDBPyConnection, day: dt.date) -> None:
    """Work the past out again where the clock went back by a day: earlier changes now count from ``day``."""
    found = one(cursor, statements.LATEST)
    if found and found[0] is not None and local_day(found[0].replace(tzinfo=dt.UTC)) > day:
        _lend_days(cursor)
        _work_out_past(cursor)
        cursor.execute(statements.empty("m_reading_days"))
        cursor.execute(statements.fill_days())
        cursor.execute(statements.empty("m_reading_quarter_days"))
        cursor.execute(quarters.fill_quarter_days())
        cursor.unregister("known_days")


def _work_out_past(cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute(statements.empty("p_readings"))
    cursor.execute(statements.fill_past())


def _lend_days(cursor: duckdb.DuckDBPyConnection) -> None:
    """Lend the cursor the day from which each change counts as known.

    "As known on a day" takes the last change that was recorded by its end, and all before that one; so a
    change is known from its own day, or an earlier day of a later one where the clock went back. What the
    first change brought counts from ever (``from_day``), unless it has a day of its own.
    """
    days: list[tuple[int, dt.date, dt.date]] = []
    earliest = dt.date.max
    for seq, recorded_at in reversed(cursor.execute(statements.CHANGES).fetchall()):
        earliest = min(earliest, local_day(recorded_at.replace(tzinfo=dt.UTC)))
        days.append((seq, earliest, earliest))
    if days:
        days[-1] = (*days[-1][:2], sums.FIRST_DAY)
    schema = {"seq": pl.Int64, "day": pl.Date, "from_day": pl.Date}
    known = pl.DataFrame(days, schema=schema, orient="row")
    cursor.register("known_days", known.to_arrow())


def work_out_again(cursor: duckdb.DuckDBPyConnection) -> None:
    """Work everything that is kept beside the readings out of them again, inside a transaction."""
    cursor.execute(statements.mend_marks())
    _lend_days(cursor)
    _work_out_past(cursor)
    for full in _FROM_NOTHING:
        cursor.execute(statements.empty(full))
    cursor.execute(statements.changes_of_all())
    cursor.unregister("known_days")
    _merge(cursor)


def wrong(cursor: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return what is kept beside the readings and differs from what they say, with how many rows do."""
    _lend_days(cursor)
    asked = {
        "The marks of small counts": statements.wrong_marks(),
        "The earlier versions of readings": statements.wrong_past(),
        "The numbers of the series": statements.wrong_series(),
        "The sums of readings": statements.wrong_months(),
        "What counts from which day": statements.wrong_days(),
        "The sums by quarter": quarters.wrong_quarters(),
        "What counts by quarter from which day": quarters.wrong_quarter_days(),
    }
    out = {}
    for what, sql in asked.items():
        found = one(cursor, sql)
        if found and found[0]:
            out[what] = int(found[0])
    cursor.unregister("known_days")
    return out

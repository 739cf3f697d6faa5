"""Statements of what the store works out beside the readings; names come from ``tables.py`` and are quoted.

Beside the history of readings and their current state the store keeps six tables, written by the same
transaction as each change and worked out from the history again by ``_sums.work_out_again``:

``p_readings``
    Versions that a later one took the place of, each with the change that did and the day from which that
    counts. Readings "as known on a day" are then two scans and no search through the whole history.
``m_reading_series``
    A whole number for each measure, benefit, agency, and whether it is of a work item.
``m_reading_months``
    The readings of a series in a month and a state added up: how many, how many with a value, their sum. Only
    what can be added and taken away again, so that a correction costs what it changes.
``m_reading_days``
    What each change added to such sums and took away from them, and the day from which that counts. The sums
    "as known on a day" are those of all that counted by then: only this table is read.

The other two are these by quarter: :mod:`partnership.store._quarter_statements`.

Small counts are added up apart from the others (``is_small``): whether one is withheld depends on its
measure, which may change, and is decided when the sums are asked for. What keeps the tables in step
stands in ``_summing_statements``.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import NamedTuple

from partnership.disclosure import THRESHOLD
from partnership.store._schema import CELLS, META, SUMMED, columns, current, history, name, names
from partnership.tables import record_type

__all__ = [
    "AT",
    "DAYS",
    "FIRST_DAY",
    "GROUP",
    "KEYS",
    "KNOWN_DAYS",
    "MONTHS",
    "PAST",
    "SERIES",
    "SUMS",
    "Source",
    "coded",
    "counting_people",
    "counted_by",
    "is_small",
    "merged",
    "months",
    "named_of_months",
    "plain",
    "plain_months",
    "plain_series",
    "readings",
    "series_named",
    "shown_of_hidden",
    "signed",
]

SUMS = ("reading_months", "reading_series")
"""Plain tables that no record type has."""

_ALL_OF_IT = re.compile(
    r"(?:\bSELECT|\bDISTINCT|\bALL|,|\.)\s*\*|\b(?:COLUMNS|EXCLUDE|NATURAL|TABLE|PIVOT|UNPIVOT|SUMMARIZE|DESCRIBE)\b"
    r"|(?:\(|\bUNION|\bALL|\bEXCEPT|\bINTERSECT)\s*FROM\b|^\s*FROM\b|\bAS\s+STRUCT\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_ITEM = '"item_id" IS NOT NULL'
KEYS = ("measure_id", "benefit_id", "agency_id", "is_of_item")
GROUP = ("period", "period_index", "state", "is_small")
AT = ("seq", "day")
FIRST_DAY = dt.date.min
"""Readings of the opening load that carry no date count from ever: see ``docs/decisions/0003``."""
_READ = '("value" IS NOT NULL OR "numerator" IS NOT NULL OR "label" IS NOT NULL)'
_PAIR = '("numerator" IS NOT NULL AND "denominator" IS NOT NULL)'
_TEST = {
    "readings": "TRUE",
    "read_cells": _READ,
    "number_cells": '("value" IS NOT NULL OR "numerator" IS NOT NULL)',
    "value_cells": '"value" IS NOT NULL',
    "pair_cells": _PAIR,
    "label_cells": '"label" IS NOT NULL',
    "withheld_cells": f"NOT {_READ} AND missing = 'withheld'",
    "not_provided_cells": f"NOT {_READ} AND missing = 'not provided'",
    "too_early_cells": f"NOT {_READ} AND missing = 'too early'",
    "suppressed_cells": f"NOT {_READ} AND missing = 'suppressed'",
    "blank_cells": f"NOT {_READ} AND COALESCE(missing, 'blank') = 'blank'",
}
_SUM = {
    "value_total": ("value_cells", '"value"'),
    "numerator_total": ("pair_cells", f'CASE WHEN {_PAIR} THEN "numerator" END'),
    "denominator_total": ("pair_cells", f'CASE WHEN {_PAIR} THEN "denominator" END'),
}
_OF_HIDDEN: dict[str, tuple[tuple[int, str], ...]] = {
    "readings": ((1, "readings"),),
    "read_cells": ((1, "label_cells"),),
    "label_cells": ((1, "label_cells"),),
    "suppressed_cells": ((1, "readings"), (-1, "label_cells")),
}
KNOWN_DAYS = '"seq" <= $as_of_seq AND "day" <= $as_of_day'
_KNOWN = '"change_seq" <= $as_of_seq AND ({since} IS NULL OR {since} <= $as_of_day)'
PAST = name("p_readings")
SERIES = name("m_reading_series")
MONTHS = name("m_reading_months")
DAYS = name("m_reading_days")


def is_small(prefix: str = "") -> str:
    """Tell in SQL whether a reading would be withheld where people are counted: as ``disclosure.py`` does.

    What is stored was judged by the threshold of its day: another threshold needs a migration.
    """

    def small(column: str) -> str:
        return f'COALESCE(ABS({prefix}"{column}") > 0 AND ABS({prefix}"{column}") <= {THRESHOLD}, FALSE)'

    whole = f'({prefix}"denominator" IS NULL AND {small("value")})'
    return f"({small('numerator')} OR {small('denominator')} OR {whole})"


@cache
def _known() -> str:
    return _KNOWN.format(since=name(record_type("readings").since or "read_on"))


@cache
def _visible() -> str:
    """Keep, of the versions that were followed by others, those of which no follower was known yet."""
    return f'{_known()} AND ("next_seq" > $as_of_seq OR "until" > $as_of_day)'


# ---------------------------------------------------------------------------------------------------- reading


def _rows(*, past: bool) -> str:
    own = names((*columns("readings"), *META, "is_small"))
    if not past:
        return f"SELECT {own} FROM {current('readings')}"
    return (
        f"SELECT {own} FROM {current('readings')} WHERE {_known()}\n"
        f"UNION ALL SELECT {own} FROM {PAST} WHERE {_visible()}"
    )


@cache
def people(*, past: bool, then: str = "") -> str:
    """Return the SELECT of the measures that count people: today, or today or then."""
    now = f'SELECT "id" FROM {current("measures")} WHERE "counts_people"'
    return f'{now} UNION SELECT "id" FROM ({then}) AS q WHERE "counts_people"' if past else now


@cache
def readings(*, past: bool, disclosed: bool, measures_then: str = "") -> str:
    """Return the readings, current or as known at ``$as_of_seq``, small counts of people withheld or not.

    What counts people by today's definition is withheld in last year's pack as well. Readings that are not
    small are passed through as they are; only the small ones are held against the measures.
    """
    cols = (*columns("readings"), *META)
    if not disclosed:
        return f"SELECT {names(cols)} FROM (\n{_rows(past=past)}\n) AS r"
    shown = ", ".join(
        {
            "value": 'CASE WHEN m."id" IS NULL THEN r."value" END AS "value"',
            "numerator": 'CASE WHEN m."id" IS NULL THEN r."numerator" END AS "numerator"',
            "denominator": 'CASE WHEN m."id" IS NULL THEN r."denominator" END AS "denominator"',
            "missing": 'CASE WHEN m."id" IS NULL THEN r."missing" ELSE \'suppressed\' END AS "missing"',
        }.get(c, f"r.{name(c)}")
        for c in cols
    )
    return f"""
SELECT {names(cols)} FROM (
{_rows(past=past)}
) AS r WHERE NOT "is_small"
UNION ALL
SELECT {shown} FROM (
{_rows(past=past)}
) AS r LEFT JOIN ({people(past=past, then=measures_then)}) AS m ON m."id" = r."measure_id" WHERE r."is_small"
""".strip()


def plain(table: str, sql: str, *, past: bool, disclosed: bool, measures_then: str) -> str:
    """Return the SELECT that stands for readings, their sums, or the numbers of their series."""
    if table == "reading_series":
        return f"SELECT {names(('series', *KEYS))} FROM {SERIES}"
    if table == "readings":
        return readings(past=past, disclosed=disclosed, measures_then=measures_then)
    return months(named_of_months(sql), past=past, disclosed=disclosed, measures_then=measures_then)


def named_of_months(sql: str) -> tuple[str, ...]:
    """Return the columns of the sums that a question names: to plan for the others costs more than to ask.

    All of them where it may mean some that it does not name.

    Examples
    --------
    >>> named_of_months("SELECT series, SUM(value_total) FROM reading_months GROUP BY series")
    ('series', 'value_total')
    >>> len(named_of_months("SELECT * FROM reading_months"))
    18
    """
    every = ("series", "period", "period_index", "state", *CELLS, *SUMMED)
    if _ALL_OF_IT.search(sql):
        return every
    words = {w.lower() for w in _WORD.findall(sql)}
    return tuple(c for c in every if c in words) or every


@cache
def months(cols: tuple[str, ...], *, past: bool, disclosed: bool, measures_then: str = "") -> str:
    """Return the sums of readings by series, month and state; small and other counts in rows of their own.

    As known at ``$as_of_seq``: what all changes until then came to, of what counted by that day.
    """
    held = _held(cols)
    own = names(("series", *GROUP, *held))
    rows = f"SELECT {own} FROM {MONTHS}"
    if past:
        known = f"SELECT {own} FROM {DAYS} WHERE {KNOWN_DAYS}"
        rows = merged(known, held) + ' HAVING SUM("readings") <> 0'
    if not disclosed:
        return f"SELECT {names(cols)} FROM (\n{rows}\n) AS s"
    hidden = (
        f'SELECT k."series" FROM {SERIES} AS k JOIN ({people(past=past, then=measures_then)}) AS m '
        'ON m."id" = k."measure_id"'
    )
    return (
        f"SELECT {', '.join(_shown(c) for c in cols)} FROM (\n{rows}\n) AS s\n"
        f'LEFT JOIN ({hidden}) AS h ON h."series" = s."series" AND s."is_small"'
    )


@cache
def series_named(keys: tuple[str, ...]) -> str:
    """Return the numbers of the series with what they stand for."""
    return f"SELECT {names(('series', *keys))} FROM {SERIES}"


@cache
def counting_people(*, past: bool) -> str:
    """Return the measures that count people: today, or in their last version or the last known then."""
    if not past:
        return people(past=False)
    counts = 'ARG_MAX(COALESCE("op" = \'put\' AND "counts_people", FALSE), "row_version")'
    known = '"seq" <= $as_of_seq AND ("valid_from" IS NULL OR "valid_from" <= $as_of_day)'
    return (
        f'SELECT MAX("id") AS "id" FROM {history("measures")} GROUP BY "row_key" '
        f"HAVING {counts} OR {counts} FILTER (WHERE {known})"
    )


def counted_by(column: str) -> str:
    """Return the cell that says how many values a sum is of.

    Examples
    --------
    >>> counted_by("numerator_total")
    'pair_cells'
    """
    return _SUM[column][0]


def shown_of_hidden(column: str) -> tuple[tuple[int, str], ...]:
    """Return what a cell comes to where small counts are withheld: other cells, each with its sign.

    Examples
    --------
    >>> shown_of_hidden("suppressed_cells")
    ((1, 'readings'), (-1, 'label_cells'))
    >>> shown_of_hidden("value_cells")
    ()
    """
    return _OF_HIDDEN.get(column, ())


def _held(cols: tuple[str, ...]) -> tuple[str, ...]:
    """Return the cells and sums that are needed to give those that are asked for."""
    needed = {"readings", "label_cells", *cols} | {_SUM[c][0] for c in SUMMED if c in cols}
    return tuple(c for c in (*CELLS, *SUMMED) if c in needed)


def _shown(column: str) -> str:
    if column in ("series", *GROUP):
        return f"s.{name(column)}"
    if column in SUMMED:
        return f'CASE WHEN h."series" IS NULL THEN s.{name(column)} END AS {name(column)}'
    held = " ".join(f"{'+' if sign > 0 else '-'} s.{name(c)}" for sign, c in shown_of_hidden(column)) or "0"
    return f'CASE WHEN h."series" IS NULL THEN s.{name(column)} ELSE {held} END AS {name(column)}'


@cache
def plain_series() -> str:
    """Return the series over a plain table of readings: what the kept numbers are held against."""
    found = f'SELECT DISTINCT {names(KEYS[:3])}, {_ITEM} AS "is_of_item" FROM readings'
    order = ", ".join(f"{name(k)} ASC NULLS FIRST" for k in KEYS)
    numbers = f'CAST(ROW_NUMBER() OVER (ORDER BY {order}) AS INTEGER) AS "series"'
    return f"SELECT {numbers}, {names(KEYS)} FROM ({found}) AS s"


@cache
def plain_months() -> str:
    """Return the sums over plain tables of readings and series: what the kept sums are held against."""
    cells = ", ".join(
        [f"COUNT(CASE WHEN {_TEST[c]} THEN 1 END) AS {name(c)}" for c in CELLS]
        + [f"SUM({_SUM[c][1]}) AS {name(c)}" for c in SUMMED]
    )
    group = names(("series", "period", "period_index", "state"))
    rows = f'SELECT r.*, s."series" FROM readings AS r JOIN reading_series AS s ON {_same("r", "s")}'
    return f"SELECT {group}, {cells}\nFROM ({rows}) AS r GROUP BY {group}"


def _same(row: str, key: str) -> str:
    """Join readings to their series; in words that Spark has too."""
    ids = " AND ".join(f"COALESCE({row}.{name(k)}, '') = COALESCE({key}.{name(k)}, '')" for k in KEYS[:3])
    return f'{ids} AND ({row}."item_id" IS NOT NULL) = {key}."is_of_item"'


# ------------------------------------------------------------------------------------------------ adding up


class Source(NamedTuple):
    """Rows of readings that sums gain (1) or lose (-1), with SQL for their mark and for what counts when."""

    sql: str
    sign: int
    is_small: str = '"is_small"'
    seq: str = "NULL"
    day: str = "NULL"


def signed(*sources: Source, at: tuple[str, ...] = ()) -> str:
    """Add up rows of readings by what they are named, and by ``at`` (the change and its day) where asked."""
    own = names((*KEYS[:3], "item_id", *GROUP[:3], "value", "numerator", "denominator", "label", "missing"))
    rows = "\nUNION ALL ".join(
        f'SELECT {s.sign} AS "sign", {own}, {s.is_small} AS "is_small", CAST({s.seq} AS BIGINT) AS "seq", '
        f'CAST({s.day} AS DATE) AS "day" {s.sql}'
        for s in sources
    )
    cells = [f'SUM(CASE WHEN {_TEST[c]} THEN "sign" ELSE 0 END) AS {name(c)}' for c in CELLS]
    cells += [
        f'SUM(CASE WHEN "sign" > 0 THEN {v} ELSE -({v}) END) AS {name(c)}' for c, (_, v) in _SUM.items()
    ]
    group = names((*at, *KEYS[:3])), names(GROUP)
    return (
        f'SELECT {group[0]}, {_ITEM} AS "is_of_item", {group[1]}, {", ".join(cells)}\n'
        f"FROM (\n{rows}\n) AS r GROUP BY {group[0]}, {_ITEM}, {group[1]}"
    )


def coded(summed: str, at: tuple[str, ...] = ()) -> str:
    """Put the numbers of their series in the place of the names."""
    on = " AND ".join(f"k.{name(c)} IS NOT DISTINCT FROM d.{name(c)}" for c in KEYS)
    dated = "".join(f"d.{name(c)}, " for c in at)
    return (
        f'SELECT {dated}k."series", {names((*GROUP, *CELLS, *SUMMED), "d.")}\n'
        f"FROM (\n{summed}\n) AS d JOIN {SERIES} AS k ON {on}"
    )


def merged(rows: str, held: tuple[str, ...] = (*CELLS, *SUMMED)) -> str:
    """Add sums to sums; a sum of no value at all is none, not nought."""
    cells = [f"CAST(SUM({name(c)}) AS INTEGER) AS {name(c)}" for c in held if c in CELLS]
    cells += [
        f"CAST(CASE WHEN SUM({name(of)}) > 0 THEN SUM({name(c)}) END AS DECIMAL(38,4)) AS {name(c)}"
        for c, (of, _) in _SUM.items()
        if c in held
    ]
    group = names(("series", *GROUP))
    return f"SELECT {group}, {', '.join(cells)}\nFROM (\n{rows}\n) AS every GROUP BY {group}"

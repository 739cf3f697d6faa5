"""Statements that keep the sums and the past of readings in step, check them and work them out again.

The tables are those of :mod:`partnership.store._sums_statements`; names come from ``tables.py`` and are
quoted, values are bound. What a change moves is worked out once, in temporary tables: ``moved`` (by names),
``coded`` (by the numbers of the series) and ``merged`` (with what was there already).
"""

from __future__ import annotations

from functools import cache

from partnership.store import _sums_statements as sums
from partnership.store._schema import CELLS, META, SUMMED, columns, current, history, name, names
from partnership.store._sums_statements import AT, DAYS, GROUP, KEYS, MONTHS, PAST, SERIES, Source
from partnership.tables import record_type

__all__ = [
    "CHANGES",
    "LATEST",
    "add_series",
    "changes_of_all",
    "changes_of_leaving",
    "changes_of_todo",
    "code_moved",
    "drop",
    "drop_merged",
    "empty",
    "end_past_of_leaving",
    "end_past_of_todo",
    "fill_days",
    "fill_past",
    "mend_marks",
    "merge_coded",
    "put_days",
    "put_merged",
    "put_past_of_leaving",
    "put_past_of_todo",
    "wrong_days",
    "wrong_marks",
    "wrong_months",
    "wrong_past",
    "wrong_series",
]


CHANGES = 'SELECT "seq", "recorded_at" FROM "change" WHERE "what" <> \'refusal\' ORDER BY "seq"'
_SINCE = name(record_type("readings").since or "read_on")
LATEST = 'SELECT MAX("recorded_at") FROM "change" WHERE "what" <> \'refusal\''


@cache
def changes_of_todo(*, replaces: bool) -> str:
    """Work out what the rows of ``todo`` add to the sums, and what those that they replace take away."""
    new = f"GREATEST(CAST($from_day AS DATE), COALESCE({_SINCE}, CAST($from_day AS DATE)))"
    sources = [Source("FROM todo", 1, sums.is_small(), "$seq", new)]
    if replaces:
        cols = names((*columns("readings"), "is_small"), "c.")
        day = f"GREATEST({_from('t.')}, COALESCE(c.{_SINCE}, CAST($day AS DATE)))"
        gone = (
            f'FROM (SELECT {cols}, {day} AS "gone_on" FROM {current("readings")} AS c '
            'JOIN todo AS t ON t."row_key" = c."row_key" WHERE NOT t."is_new") AS g'
        )
        sources.append(Source(gone, -1, seq="$seq", day='"gone_on"'))
    sooner = f'JOIN todo AS t ON t."row_key" = p."row_key" WHERE {_later_than(_from("t."))}'
    return _moved(*sources, *_sooner(sooner, _from("t.")))


@cache
def changes_of_leaving() -> str:
    """Work out what the rows of ``leaving`` take away from the sums."""
    among = '"row_key" IN (SELECT "row_key" FROM leaving)'
    gone = f"FROM {current('readings')} WHERE {among}"
    day = f"GREATEST(CAST($day AS DATE), COALESCE({_SINCE}, CAST($day AS DATE)))"
    today = "CAST($day AS DATE)"
    sooner = _sooner(f"WHERE {_later_than(today)} AND p.{among}", today)
    return _moved(Source(gone, -1, seq="$seq", day=day), *sooner)


def _later_than(day: str) -> str:
    return f'p."until" > $day AND p."until" > {day}'


def _sooner(which: str, day: str) -> tuple[Source, Source]:
    """Move the end of older versions to an earlier day: they count again from the old one, not from it."""
    cols = names((*columns("readings"), "is_small", "next_seq"), "p.")
    ends = (
        f'GREATEST(p."until", COALESCE(p.{_SINCE}, p."until"))',
        f"GREATEST({day}, COALESCE(p.{_SINCE}, {day}))",
    )
    rows = f'FROM (SELECT {cols}, {ends[0]} AS "was", {ends[1]} AS "is" FROM {PAST} AS p {which}) AS s'
    return Source(rows, 1, seq='"next_seq"', day='"was"'), Source(rows, -1, seq='"next_seq"', day='"is"')


def _moved(*sources: Source) -> str:
    return "CREATE TEMP TABLE moved AS " + sums.signed(*sources, at=AT)


def _all() -> tuple[Source, ...]:
    """Return all that ever counted, by ``known_days``: readings, and earlier versions until their day."""
    since = f'GREATEST(k."from_day", COALESCE(r.{_SINCE}, k."from_day"))'
    cols = names((*columns("readings"), "change_seq"), "r.")
    mark, known = sums.is_small("r."), 'AS r JOIN known_days AS k ON k."seq" = r."change_seq") AS v'
    rows = current("readings")
    now = f'FROM (SELECT {cols}, {mark} AS "is_small", {since} AS "since_day" FROM {rows} {known}'
    past = (
        f'FROM (SELECT {cols}, r."is_small", r."next_seq", {since} AS "since_day", '
        f'GREATEST({since}, r."until") AS "gone_on" FROM {PAST} {known}'
    )
    began = {"seq": '"change_seq"', "day": '"since_day"'}
    return (
        Source(now, 1, **began),
        Source(past, 1, **began),
        Source(past, -1, seq='"next_seq"', day='"gone_on"'),
    )


@cache
def changes_of_all() -> str:
    """Work out the sums of the whole current state, and of all that ever counted, day by day."""
    return _moved(*_all())


@cache
def fill_days() -> str:
    """Work out again what counts from which day; the series are there."""
    return f"INSERT INTO {DAYS} {_in_days(sums.coded(sums.signed(*_all(), at=AT), AT))}"


def put_days() -> str:
    """Keep what has moved, with the day from which it counts."""
    return f"INSERT INTO {DAYS} {_in_days('SELECT * FROM coded')}"


def _in_days(rows: str) -> str:
    cells = ", ".join(f"CAST({name(c)} AS INTEGER) AS {name(c)}" for c in CELLS)
    totals = ", ".join(f"CAST(COALESCE({name(c)}, 0) AS DECIMAL(38,4)) AS {name(c)}" for c in SUMMED)
    own = names((*AT, "series", *GROUP))
    return f'SELECT {own}, {cells}, {totals} FROM (\n{rows}\n) AS m ORDER BY "series", "period_index"'


@cache
def add_series() -> str:
    """Give a number to each series of ``moved`` that has none yet."""
    on = " AND ".join(f"k.{name(c)} IS NOT DISTINCT FROM d.{name(c)}" for c in KEYS)
    order = ", ".join(f"d.{name(k)} ASC NULLS FIRST" for k in KEYS)
    return (
        f'INSERT INTO {SERIES} ("series", {names(KEYS)})\n'
        f'SELECT (SELECT COALESCE(MAX("series"), 0) FROM {SERIES}) + ROW_NUMBER() OVER (ORDER BY {order}), '
        f"{names(KEYS, 'd.')}\nFROM (SELECT DISTINCT {names(KEYS)} FROM moved) AS d\n"
        f"WHERE NOT EXISTS (SELECT 1 FROM {SERIES} AS k WHERE {on})"
    )


@cache
def code_moved() -> str:
    """Put numbers in the place of names in what has moved."""
    return f"CREATE TEMP TABLE coded AS {sums.coded('SELECT * FROM moved', AT)}"


_AT = " AND ".join(f"m.{name(c)} IS NOT DISTINCT FROM c.{name(c)}" for c in ("series", *GROUP))


@cache
def merge_coded() -> str:
    """Add what has moved to the sums of the same series and months, in their order."""
    own = ("series", *GROUP, *CELLS, *SUMMED)
    kept = f"SELECT {names(own, 'm.')} FROM {MONTHS} AS m WHERE EXISTS (SELECT 1 FROM coded AS c WHERE {_AT})"
    rows = f"SELECT {names(own)} FROM coded UNION ALL {kept}"
    return (
        f'CREATE TEMP TABLE merged AS {sums.merged(rows)} HAVING SUM("readings") <> 0 '
        f"ORDER BY {names(('series', 'period_index'))}"
    )


@cache
def drop_merged() -> str:
    """Take the sums that have moved out."""
    return f"DELETE FROM {MONTHS} AS m WHERE EXISTS (SELECT 1 FROM coded AS c WHERE {_AT})"


def put_merged() -> str:
    """Put the sums that have moved in."""
    return f"INSERT INTO {MONTHS} SELECT * FROM merged"


@cache
def put_past_of_todo() -> str:
    """Keep the versions that ``todo`` takes the place of, each until the day the new one counts from."""
    own = names((*META, *columns("readings"), "is_small"), "c.")
    return (
        f"INSERT INTO {PAST} SELECT {own}, $seq, {_from('t.')} FROM {current('readings')} AS c "
        f'JOIN todo AS t ON t."row_key" = c."row_key" WHERE NOT t."is_new"'
    )


@cache
def end_past_of_todo() -> str:
    """End older versions sooner where a new one counts from an earlier day than the one before."""
    return (
        f'UPDATE {PAST} AS p SET "until" = {_from("t.")} FROM todo AS t '
        f'WHERE p."until" > $day AND p."row_key" = t."row_key" AND p."until" > {_from("t.")}'
    )


@cache
def put_past_of_leaving() -> str:
    """Keep the versions that ``leaving`` takes away."""
    own = names((*META, *columns("readings"), "is_small"))
    return (
        f"INSERT INTO {PAST} SELECT {own}, $seq, CAST($day AS DATE) FROM {current('readings')} "
        f'WHERE "row_key" IN (SELECT "row_key" FROM leaving)'
    )


@cache
def end_past_of_leaving() -> str:
    """End older versions on the day of the removal."""
    return (
        f'UPDATE {PAST} SET "until" = CAST($day AS DATE) '
        f'WHERE "until" > $day AND "row_key" IN (SELECT "row_key" FROM leaving)'
    )


def _from(alias: str) -> str:
    """Return the day from which a new version counts: of its recording, or its own where that is later."""
    since = f"{alias}{_SINCE}"
    return f"GREATEST(CAST($day AS DATE), COALESCE({since}, CAST($day AS DATE)))"


# ----------------------------------------------------------------------------------------- checking, mending


@cache
def past_by_history() -> str:
    """Return what the past must be, by the history and ``known_days`` (change to the day it counts from)."""
    own = names(columns("readings"), "v.")
    full = history("readings")
    return f"""
SELECT v."row_key", v."row_version", v."seq" AS "change_seq", {own}, {sums.is_small("v.")} AS "is_small",
       n."next_seq", n."until"
FROM {full} AS v JOIN (
    SELECT v."row_key", v."row_version", MIN(w."seq") AS "next_seq",
           MIN(GREATEST(k."day", COALESCE(w."valid_from", k."day"))) AS "until"
    FROM {full} AS v
    JOIN {full} AS w ON w."row_key" = v."row_key" AND w."row_version" > v."row_version"
    JOIN known_days AS k ON k."seq" = w."seq"
    WHERE w."row_version" > 1 AND v."op" = 'put' GROUP BY v."row_key", v."row_version"
) AS n ON n."row_key" = v."row_key" AND n."row_version" = v."row_version" WHERE v."op" = 'put'
""".strip()


def _differences(one: str, other: str) -> str:
    first, second = f"SELECT * FROM ({one}) AS a", f"SELECT * FROM ({other}) AS b"
    return (
        f"SELECT COUNT(*) FROM (({first} EXCEPT ALL {second}) UNION ALL ({second} EXCEPT ALL {first})) AS d"
    )


@cache
def wrong_past() -> str:
    """Count the rows in which the past differs from the history."""
    return _differences(f"SELECT * FROM {PAST}", past_by_history())


@cache
def wrong_months() -> str:
    """Count the sums that differ from those of the current readings."""
    worked_out = sums.coded(sums.signed(Source(f"FROM {current('readings')}", 1, sums.is_small())))
    return _differences(f"SELECT * FROM {MONTHS}", sums.merged(worked_out))


@cache
def wrong_days() -> str:
    """Count what is said to count from a day and does not, or does and is not said to."""
    group, cells = names((*AT, "series", *GROUP)), (*CELLS, *SUMMED)
    summed = ", ".join(f"CAST(SUM({name(c)}) AS DECIMAL(38,4)) AS {name(c)}" for c in cells)
    some = " OR ".join(f"SUM({name(c)}) <> 0" for c in cells)
    told, true = (
        f"SELECT {group}, {summed} FROM (\n{rows}\n) AS d GROUP BY {group} HAVING {some}"
        for rows in (f"SELECT * FROM {DAYS}", _in_days(sums.coded(sums.signed(*_all(), at=AT), AT)))
    )
    return _differences(told, true)


@cache
def wrong_marks() -> str:
    """Count the current readings whose mark for a small count is wrong."""
    return f'SELECT COUNT(*) FROM {current("readings")} WHERE "is_small" IS DISTINCT FROM {sums.is_small()}'


@cache
def wrong_series() -> str:
    """Count the numbers that stand for two series, and the series that have two numbers."""
    kinds = f"SELECT COUNT(*) FROM (SELECT DISTINCT {names(KEYS)} FROM {SERIES}) AS s"
    return f'SELECT 2 * COUNT(*) - COUNT(DISTINCT "series") - ({kinds}) FROM {SERIES}'


@cache
def mend_marks() -> str:
    """Mark the small counts again."""
    return (
        f'UPDATE {current("readings")} SET "is_small" = {sums.is_small()} '
        f'WHERE "is_small" IS DISTINCT FROM {sums.is_small()}'
    )


def empty(full: str) -> str:
    """Take everything out of a table that is worked out again."""
    return f"DELETE FROM {name(full)}"


def fill_past() -> str:
    """Work the past out again."""
    return f"INSERT INTO {PAST} {past_by_history()}"


def drop(temporary: str) -> str:
    """Throw a temporary table away."""
    return f"DROP TABLE {name(temporary)}"

"""Every statement of the store that is composed: the only place where a name is put into SQL.

Names come from ``tables.py`` and are quoted; values are bound parameters and never part of a statement.
Statements that ask for history only ever add to it: a test reads this package for ``UPDATE`` and ``DELETE``
on a history table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from partnership.store import _sealed_statements as sealing
from partnership.store import _sums_statements as sums
from partnership.store._schema import META, columns, current, history, name, names, worked_out
from partnership.tables import columns_of, record_type

CHANGES = """
SELECT c.seq, c.recorded_at, a.name AS actor, a.kind AS actor_kind, c.what, c.reason,
       c.source_name, c.source_sha256, c.source_kind,
       c.rows_read, c.rows_kept, c.new_rows, c.changed_rows, c.removed_rows, c.clock_went_back, c.entry_hash,
       COALESCE(f.formula_cells, 0) AS formula_cells,
       CASE WHEN c.what = 'refusal' THEN
            CAST(NULLIF(regexp_extract(c.counts, '"findings":([0-9]+)', 1), '') AS BIGINT) END
       AS refused_findings
FROM change AS c JOIN actor AS a ON a.actor_id = c.actor_id
LEFT JOIN (SELECT seq, COUNT(*) AS formula_cells FROM formula GROUP BY seq) AS f ON f.seq = c.seq
""".strip()

FORMULA_CELLS = """
SELECT f.seq, c.recorded_at, a.name AS actor, c.source_name,
       f.place, f.table_name, f.row_key, f.field, f.formula
FROM formula AS f JOIN change AS c ON c.seq = f.seq JOIN actor AS a ON a.actor_id = c.actor_id
""".strip()

LOGS = {"changes": (CHANGES, "c"), "formula_cells": (FORMULA_CELLS, "f")}
"""Plain tables that no record type has, and that are the log's."""

OWN_PLAIN = frozenset((*LOGS, *sums.SUMS))
"""All plain tables that no record type has."""

OPENING = 'SELECT "seq", "recorded_at" FROM "change" WHERE "what" <> \'refusal\' ORDER BY "seq" LIMIT 1'
ALL_CHANGES = CHANGES + " ORDER BY c.seq"
ONE_CHANGE = CHANGES + " WHERE c.seq = $seq"
LOADS_OF = CHANGES + " WHERE c.source_sha256 = $sha256 AND c.what = 'load' ORDER BY c.seq"
LAST_ENTRY = 'SELECT "seq", "recorded_at", "entry_hash" FROM "change" ORDER BY "seq" DESC LIMIT 1'
OWN_TABLES = """
SELECT table_name, sql FROM duckdb_tables()
WHERE NOT internal AND NOT temporary AND database_name = current_database() ORDER BY table_name
""".strip()
OWN_COLUMNS = """
SELECT table_name, column_name, data_type FROM duckdb_columns()
WHERE NOT internal AND database_name = current_database() ORDER BY table_name, column_index
""".strip()


# ---------------------------------------------------------------------------------------------------- writing


@cache
def pick_todo(table: str) -> str:
    """Keep those of the incoming rows that are new or differ from the current ones."""
    cols = columns(table)
    differs = " OR ".join(f"i.{name(c)} IS DISTINCT FROM c.{name(c)}" for c in cols)
    return f"""
CREATE TEMP TABLE todo AS
SELECT i."row_key", COALESCE(c."row_version", h."row_version", 0) + 1 AS "row_version",
       c."row_key" IS NULL AS "is_new", {names(cols, "i.")}
FROM incoming AS i
LEFT JOIN {current(table)} AS c ON c."row_key" = i."row_key"
LEFT JOIN (
    SELECT "row_key", MAX("row_version") AS "row_version" FROM {history(table)}
    WHERE "row_key" IN (SELECT "row_key" FROM incoming) GROUP BY "row_key"
) AS h ON h."row_key" = i."row_key"
WHERE c."row_key" IS NULL OR {differs}
""".strip()


@cache
def put_history(table: str) -> str:
    """Append the rows of ``todo`` to the history."""
    cols = columns(table)
    since = record_type(table).since
    valid = name(since) if since else "CAST(NULL AS DATE)"
    return (
        f'INSERT INTO {history(table)} ("row_key", "row_version", "seq", "op", "valid_from", {names(cols)}) '
        f'SELECT "row_key", "row_version", $seq, \'put\', {valid}, {names(cols)} FROM todo'
    )


@cache
def drop_changed(table: str) -> str:
    """Take the old state of changed rows out of the current table."""
    return f'DELETE FROM {current(table)} WHERE "row_key" IN (SELECT "row_key" FROM todo WHERE NOT "is_new")'


@cache
def put_current(table: str) -> str:
    """Put the rows of ``todo`` into the current table, with what is worked out of each row."""
    cols, more = columns(table), worked_out(table)
    marks = "".join(f", {sums.is_small()}" for _ in more)
    return (
        f"INSERT INTO {current(table)} ({names((*META, *cols, *more))}) "
        f'SELECT "row_key", "row_version", $seq, {names(cols)}{marks} FROM todo'
    )


@cache
def remove_history(table: str) -> str:
    """Append a removal for each current row of ``leaving``; it keeps the last values."""
    cols = columns(table)
    return (
        f'INSERT INTO {history(table)} ("row_key", "row_version", "seq", "op", "valid_from", {names(cols)}) '
        f'SELECT "row_key", "row_version" + 1, $seq, \'remove\', CAST(NULL AS DATE), {names(cols)} '
        f'FROM {current(table)} WHERE "row_key" IN (SELECT "row_key" FROM leaving)'
    )


@cache
def drop_removed(table: str) -> str:
    """Take the rows of ``leaving`` out of the current table."""
    return f'DELETE FROM {current(table)} WHERE "row_key" IN (SELECT "row_key" FROM leaving)'


@cache
def conflicts(table: str) -> str:
    """Find the rows of ``awaited`` whose version is not the one expected, with the change that made it so."""
    return f"""
SELECT e."row_key", e."expected", COALESCE(c."row_version", 0) AS "found", h."seq"
FROM awaited AS e
LEFT JOIN {current(table)} AS c ON c."row_key" = e."row_key"
LEFT JOIN (
    SELECT "row_key", MAX("seq") AS "seq" FROM {history(table)}
    WHERE "row_key" IN (SELECT "row_key" FROM awaited) GROUP BY "row_key"
) AS h ON h."row_key" = e."row_key"
WHERE COALESCE(c."row_version", 0) <> e."expected"
ORDER BY e."row_key"
""".strip()


@cache
def rows_asked(table: str) -> str:
    """Return the current rows of the keys in ``asked``."""
    return (
        f'SELECT "row_key", {names(columns(table))} FROM {current(table)} '
        f'WHERE "row_key" IN (SELECT "row_key" FROM asked)'
    )


@cache
def digest(table: str, *, one_change: bool) -> str:
    """Return, a change, the SHA-256 over the rows it wrote to a table's history.

    Each row is written as ``name=length:text;`` for every column that has a value, so that a column added
    later leaves old digests as they are; the rows' hashes are joined in the order of their keys.
    """
    hashed = ("row_key", "row_version", "op", "valid_from", *columns(table))
    texts = ", ".join(f"CAST({name(c)} AS VARCHAR) AS {name(c)}" for c in hashed)
    pieces = ", ".join(f"{_literal(c + '=')} || LENGTH({name(c)}) || ':' || {name(c)} || ';'" for c in hashed)
    where = 'WHERE "seq" = $seq' if one_change else ""
    return (  # CONCAT passes over what is null, and a piece with a null in it is null
        'SELECT "seq", COUNT(*) AS "written", '
        f'SHA256(STRING_AGG(SHA256(CONCAT({pieces})), \'\' ORDER BY "row_key")) AS "digest" '
        f'FROM (SELECT "seq", {texts} FROM {history(table)} {where}) AS t GROUP BY "seq" ORDER BY "seq"'
    )


@cache
def digest_of_formulas(*, one_change: bool) -> str:
    """Return, a change, how many formulas it kept and the SHA-256 over them, written as the rows are."""
    hashed = ("table_name", "row_key", "field", "place", "formula")
    pieces = ", ".join(f"{_literal(c + '=')} || LENGTH({name(c)}) || ':' || {name(c)} || ';'" for c in hashed)
    where = 'WHERE "seq" = $seq' if one_change else ""
    return (
        'SELECT "seq", COUNT(*) AS "written", '
        f'SHA256(STRING_AGG(SHA256(CONCAT({pieces})), \'\' ORDER BY "place")) AS "digest" '
        f'FROM "formula" {where} GROUP BY "seq" ORDER BY "seq"'
    )


def keep_formulas() -> str:
    """Put the formulas of ``worked_out`` into the log."""
    own = names(("table_name", "row_key", "field", "place", "formula"))
    return f'INSERT INTO "formula" ("seq", {own}) SELECT $seq, {own} FROM worked_out'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def enter(columns_of_entry: Sequence[str]) -> str:
    """Add an entry to the log."""
    values = ", ".join("$" + c for c in columns_of_entry)
    return f'INSERT INTO "change" ({names(columns_of_entry)}) VALUES ({values})'


# ---------------------------------------------------------------------------------------------------- reading


def by_key(table: str) -> str:
    """Return all of a plain table, in the order of its keys."""
    return f'SELECT * FROM {name(table)} ORDER BY "row_key"'


@cache
def plain_table(
    table: str, *, past: bool, disclosed: bool, sealed: bool = True, sql: str = "SELECT *"
) -> str:
    """Return the SELECT that stands for a plain table: current, or as known at ``$as_of_seq``.

    Where it is disclosed, the readings of measures that count people have their small counts withheld, and
    where it is sealed, the scores of rounds that are not revealed are left out: no view can forget it.
    Of the sums of readings, the columns that the question ``sql`` names.
    """
    if table in LOGS:
        log, entry = LOGS[table]
        kept = [f"{entry}.seq <= $as_of_seq"] if past else []
        kept += [sealing.own_formulas(entry)] if table == "formula_cells" and sealed else []
        return log + (f" WHERE {' AND '.join(kept)}" if kept else "")
    if table in ("readings", *sums.SUMS):
        # what counts people by today's definition is withheld in last year's pack as well
        then = plain_table("measures", past=True, disclosed=False) if past and disclosed else ""
        return sums.plain(table, sql, past=past, disclosed=disclosed, measures_then=then)
    if table == "scores" and sealed:
        rows = plain_table("scores", past=past, disclosed=disclosed, sealed=False)
        then = plain_table("scoring_rounds", past=past, disclosed=disclosed)
        seen = f' AND "round_id" IN ({sealing.revealed_then(then)})' if past else ""
        return f'SELECT * FROM ({rows}) AS s WHERE "round_id" IN ({sealing.revealed_rounds()}){seen}'
    cols = names(columns(table))
    if not past:
        return f"SELECT {cols}, {names(META)} FROM {current(table)}"
    # Most rows never change: only those with a second version are looked up by key. A window over the whole
    # history would sort every key there is, and cost twenty times a scan.
    known = '"seq" <= $as_of_seq AND ("valid_from" IS NULL OR "valid_from" <= $as_of_day)'
    return f"""
SELECT {cols}, "row_key", "row_version", "seq" AS "change_seq"
FROM (SELECT * FROM {history(table)} WHERE {known} AND "op" = 'put') AS v
LEFT JOIN (
    SELECT "row_key" AS "changed_key", MAX("row_version") AS "latest_version"
    FROM {history(table)} WHERE {known} AND "row_version" > 1 GROUP BY "row_key"
) AS l ON l."changed_key" = v."row_key"
WHERE v."row_version" = COALESCE(l."latest_version", 1)
""".strip()


def question(
    sql: str,
    tables: Sequence[str],
    result: Sequence[tuple[str, str]] = (),
    *,
    past: bool = False,
    disclosed: bool = True,
    sealed: bool = True,
) -> str:
    """Return a view's SELECT with its plain tables in front and its columns cast to their types."""
    fronts = ",\n".join(
        f"{name(t)} AS (\n{_front(t, sql, past=past, disclosed=disclosed, sealed=sealed)}\n)" for t in tables
    )
    front = f"WITH {fronts}\n" if fronts else ""
    cast = ", ".join(f"CAST({name(n)} AS {kind}) AS {name(n)}" for n, kind in result) or "*"
    return f"{front}SELECT {cast} FROM (\n{sql.strip().rstrip(';')}\n) AS answer"


def _front(table: str, sql: str, *, past: bool, disclosed: bool, sealed: bool) -> str:
    if table == "reading_months":
        return plain_table(table, past=past, disclosed=disclosed, sealed=sealed, sql=sql)
    return plain_table(table, past=past, disclosed=disclosed, sealed=sealed)


@cache
def mentions(table: str, referred: str) -> str | None:
    """Count the rows of a table's history that refer to ``$id`` of another table; None: it never does."""
    tests = [
        f"CONTAINS('; ' || {name(c.name)} || ';', '; ' || $id || ';')"
        if c.kind == "ids"
        else f"{name(c.name)} = $id"
        for c in columns_of(table)
        if c.refers_to == referred
    ]
    return f"SELECT COUNT(*) FROM {history(table)} WHERE {' OR '.join(tests)}" if tests else None


def revealed_rounds() -> str:
    """Return the SELECT of the rounds of scoring whose scores everybody may see today."""
    return sealing.revealed_rounds()


@cache
def versions(table: str, *, one_row: bool, sealed: bool = True) -> str:
    """Return every version of a table's rows with who, when and why, and the formulas behind its values."""
    kept = ['h."row_key" = $row_key'] if one_row else []
    kept += [f'h."round_id" IN ({sealing.revealed_rounds()})'] if table == "scores" and sealed else []
    where = f"WHERE {' AND '.join(kept)}" if kept else ""
    return f"""
SELECT h."row_key", h."row_version", h."seq" AS "change_seq", h."op", h."valid_from",
       c."recorded_at", a."name" AS "actor", a."kind" AS "actor_kind", c."reason" AS "change_reason",
       f."formulas", {names(columns(table), "h.")}
FROM {history(table)} AS h
JOIN change AS c ON c."seq" = h."seq"
JOIN actor AS a ON a."actor_id" = c."actor_id"
LEFT JOIN (
    SELECT "seq", "row_key", STRING_AGG("field" || ': ' || "formula", '; ' ORDER BY "field") AS "formulas"
    FROM "formula" WHERE "table_name" = {_literal(record_type(table).table)} GROUP BY "seq", "row_key"
) AS f ON f."seq" = h."seq" AND f."row_key" = h."row_key"
{where}
ORDER BY h."row_key", h."row_version"
""".strip()


# ------------------------------------------------------------------------------------------ copying and
# checking


def everything(full: str) -> str:
    """Return all rows of a table of the file, whatever it is."""
    return f"SELECT * FROM {name(full)}"


def take_in(full: str) -> str:
    """Put the rows of ``arriving`` into a table of a copy."""
    return f"INSERT INTO {name(full)} SELECT * FROM arriving"


def count(full: str) -> str:
    """Count the rows of a table of the file."""
    return f"SELECT COUNT(*) FROM {name(full)}"


def row_counts(full_names: Iterable[str]) -> str:
    """Count the rows of several tables of the file in one go."""
    return " UNION ALL ".join(f"SELECT {_literal(n)}, COUNT(*) FROM {name(n)}" for n in full_names)


def log(columns_of_entry: Sequence[str]) -> str:
    """Return the whole log, in order."""
    return f'SELECT {names(columns_of_entry)} FROM "change" ORDER BY "seq"'


@cache
def current_against_history(table: str) -> str:
    """Find keys whose current row is not the latest of the history, at most ten, and how many there are."""
    cols = columns(table)
    differs = " OR ".join(f"l.{name(c)} IS DISTINCT FROM c.{name(c)}" for c in cols)
    return f"""
WITH latest AS (
    SELECT * FROM (
        SELECT *, ROW_NUMBER() OVER (PARTITION BY "row_key" ORDER BY "row_version" DESC) AS "nth" FROM
        {history(table)}
    ) AS v WHERE "nth" = 1 AND "op" = 'put'
)
SELECT COALESCE(l."row_key", c."row_key") AS "row_key", COUNT(*) OVER () AS "total",
       CASE WHEN c."row_key" IS NULL THEN 'missing' WHEN l."row_key" IS NULL THEN 'extra' ELSE 'different' END
       AS "how"
FROM latest AS l FULL OUTER JOIN {current(table)} AS c ON c."row_key" = l."row_key"
WHERE l."row_key" IS NULL OR c."row_key" IS NULL OR l."row_version" <> c."row_version" OR l."seq" <>
c."change_seq"
      OR {differs}
ORDER BY 1 LIMIT 10
""".strip()


@cache
def doubled_versions(table: str) -> str:
    """Find keys with the same version twice, or with a hole in their versions."""
    return (
        'SELECT "row_key", COUNT(*) AS "written", MAX("row_version") AS "last" '
        f'FROM {history(table)} GROUP BY "row_key" '
        'HAVING COUNT(*) <> MAX("row_version") OR COUNT(DISTINCT "row_version") <> COUNT(*) '
        "ORDER BY 1 LIMIT 10"
    )


@cache
def doubled_rows(table: str) -> str:
    """Find keys that the current state has more than once."""
    return (
        f'SELECT "row_key", COUNT(*) AS "rows" FROM {current(table)} GROUP BY "row_key" HAVING COUNT(*) > 1 '
        "ORDER BY 1 LIMIT 10"
    )

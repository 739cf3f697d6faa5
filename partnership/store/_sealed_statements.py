"""Statements about rounds of scoring that are not revealed; names come from ``tables.py`` and are quoted."""

from __future__ import annotations

from functools import cache

from partnership.store._schema import META, columns, current, history, names

HIDDEN = ("score", "abstained", "confidence", "note")
"""Fields of a score that say what somebody thinks."""


@cache
def revealed_rounds() -> str:
    """Return the SELECT of the rounds that everybody may see today.

    The day is the machine's, or the latest on which anything was scored where a machine's clock is behind.
    """
    day = "CAST($sealed_day AS DATE)"
    latest = f'(SELECT MAX("scored_on") FROM {current("scores")})'
    return (
        f'SELECT "id" FROM {current("scoring_rounds")} '
        f'WHERE "revealed_on" <= GREATEST({day}, COALESCE({latest}, {day}))'
    )


def revealed_then(rounds_then: str) -> str:
    """Return the SELECT of the rounds that had been revealed on the day that is asked for."""
    return f'SELECT "id" FROM ({rounds_then}) AS q WHERE "revealed_on" <= $as_of_day'


def sealed_rows() -> str:
    """Return the SELECT of the keys of scores that are sealed, of any version."""
    return f'SELECT "row_key" FROM {history("scores")} WHERE "round_id" NOT IN ({revealed_rounds()})'


def own_formulas(alias: str) -> str:
    """Return the condition that leaves out the formulas of sealed scores."""
    return f'({alias}."table_name" <> \'scores\' OR {alias}."row_key" NOT IN ({sealed_rows()}))'


@cache
def own_scores() -> str:
    """Return the SELECT of one agency's scores, sealed ones too."""
    cols = names((*columns("scores"), *META))
    return f'SELECT {cols} FROM {current("scores")} WHERE "agency_id" = $agency_id ORDER BY "row_key"'


@cache
def own_history() -> str:
    """Return the SELECT of every version of one agency's scores, with who, when and why."""
    return f"""
SELECT h."row_key", h."row_version", h."seq" AS "change_seq", h."op", c."recorded_at", a."name" AS "actor",
       a."kind" AS "actor_kind", c."reason" AS "change_reason", {names(columns("scores"), "h.")}
FROM {history("scores")} AS h
JOIN change AS c ON c."seq" = h."seq"
JOIN actor AS a ON a."actor_id" = c."actor_id"
WHERE h."agency_id" = $agency_id ORDER BY h."row_key", h."row_version"
""".strip()


@cache
def answered() -> str:
    """Return the SELECT that counts what each agency answered in each round."""
    return f"""
SELECT "round_id", "agency_id", COUNT(*) AS "answered" FROM {current("scores")}
WHERE "score" IS NOT NULL OR "abstained" GROUP BY "round_id", "agency_id" ORDER BY "round_id", "agency_id"
""".strip()


@cache
def sealed_rounds() -> str:
    """Return the SELECT of the rounds that are not revealed today."""
    return (
        f'SELECT "id" FROM {current("scoring_rounds")} WHERE "id" NOT IN ({revealed_rounds()}) ORDER BY "id"'
    )

"""Scores of a round that has not been revealed: no road returns them, save the scoring agency's own.

A round is sealed until the day on which it was revealed. While it is sealed its scores are left out of every
plain table, so that no view, export, plan, history, formula or "as known on" can forget it; the doors here
are the only ones: an agency's own scores, and how many rows each agency has answered. Asked as known on an
earlier day, what was sealed on that day stays out, though it is revealed now: a pack of that day stays as
it was. There is no login yet: whoever says that they are an agency is believed; and the file itself and its
backups hold every score.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

import duckdb
import polars as pl

from partnership.errors import InvalidInput
from partnership.periods import local_day
from partnership.store import _sealed_statements as statements

__all__ = ["Sealing", "refuse_own_tables"]

_OWN = re.compile(r"^(?:c_|h_|p_|m_)|^(?:change|actor|formula|copied)$")
_PARAMETER = re.compile(r"\$\w+")
_ROUND_ABOUT = re.compile(r"\b(?:query|query_table)\s*\(", re.IGNORECASE)
_TEXTS_KEPT = 1024
_looked_at: set[str] = set()
"""Texts that name none of them: what a text names does not change."""


def refuse_own_tables(cursor: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Refuse a question that names the tables of the file themselves, where nothing is withheld or sealed.

    Raises
    ------
    InvalidInput
        If it does, or reaches them by a function that takes their name.
    """
    if sql in _looked_at:
        return
    try:
        named = {n for n in cursor.get_table_names(_PARAMETER.sub("NULL", sql)) if _OWN.match(n)}
    except duckdb.Error:  # no SELECT that can be read: what asks it says so
        named, is_read = set(), False
    else:
        is_read = True
    if named or _ROUND_ABOUT.search(sql):
        what = f"the table {min(named)} of the file" if named else "a table by a function"
        msg = f"The question names {what}. Ask the plain tables, such as goals or scores."
        raise InvalidInput(msg)
    if is_read:
        if len(_looked_at) >= _TEXTS_KEPT:
            _looked_at.clear()
        _looked_at.add(sql)


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Sealing:
    """The part of a store that keeps open rounds sealed, and the two doors to them."""

    _clock: Callable[[], dt.datetime] = staticmethod(_utc_now)
    _sees_sealed = False

    def _ask(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pl.DataFrame:
        raise NotImplementedError

    @property
    def _sealed_day(self) -> dt.date:
        """The day against which a round's reveal is held."""
        return local_day(self._clock())

    def sealed_rounds(self) -> tuple[str, ...]:
        """Return the ids of the rounds whose scores are sealed today."""
        found = self._ask(statements.sealed_rounds(), {"sealed_day": self._sealed_day})
        return tuple(found["id"].to_list())

    def own_scores(self, agency_id: str) -> pl.DataFrame:
        """Return all of an agency's own scores, those of sealed rounds too, to whoever says they are it.

        Parameters
        ----------
        agency_id : str
            The agency that asks. There is no login yet, so its word is taken for it.
        """
        return self._ask(statements.own_scores(), {"agency_id": agency_id})

    def own_score_history(self, agency_id: str) -> pl.DataFrame:
        """Return every version of an agency's own scores, with who, when and why."""
        rows = self._ask(statements.own_history(), {"agency_id": agency_id})
        return rows.with_columns(pl.col("recorded_at").dt.replace_time_zone("UTC"))

    def answered(self) -> pl.DataFrame:
        """Return how many rows each agency has answered in each round: scored or abstained, never which."""
        return self._ask(statements.answered())

"""Asking the store: plain tables, views, the plan, the log. Nothing here can write."""

from __future__ import annotations

import datetime as dt
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import duckdb
import polars as pl

from partnership.errors import InvalidInput, StoreError, UnknownName
from partnership.periods import LONDON, local_day, name_day
from partnership.plan import LARGE_TABLES
from partnership.store import _statements as statements
from partnership.store._engine import Engine
from partnership.store._open import one, watched, words
from partnership.store._recalling import Recalling
from partnership.store._resting import Moment, Resting
from partnership.store._rolling import Rolling
from partnership.store._sealing import refuse_own_tables
from partnership.tables import RECORD_TYPES, record_type

__all__ = ["STANDARD_PARAMETERS", "Moment", "Reading"]

STANDARD_PARAMETERS = ("today", "agency_id", "goal_id", "benefit_class")
"""Parameters that every view may use: the day it is seen from, and the filters a page has."""

# it warns of the copy of an answer that is fetched as it was executed: made of few rows only, knowingly
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result", category=UserWarning)

_OWN_PARAMETERS = ("as_of_seq", "as_of_day")
_SELECTS_KEPT = 1024
_NO_ROWS: Mapping[str, tuple[str, ...]] = MappingProxyType({})


class Reading(Resting, Recalling, Rolling):
    """The reading half of a store: every thread has its own cursor, every question a limit."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._local = threading.local()
        self._closed = False

    # ------------------------------------------------------------------ cursors

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        local, engine = self._local, self._engine
        if getattr(local, "generation", None) != engine.generation:
            local.generation, local.cursor = engine.generation, engine.cursor()
        cursor: duckdb.DuckDBPyConnection = local.cursor
        return cursor

    @contextmanager
    def _moment_in_time(self, seconds: float | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        """Hold one state of the store for several questions of this thread; writes are refused."""
        if getattr(self._local, "inside", False):
            yield self._local.cursor
            return
        cursor = self._begin()
        with watched(cursor, seconds or self._engine.limits.read_seconds, self._engine.path):
            self._local.inside = True
            try:
                yield cursor
            finally:
                self._local.inside = False
                _end(cursor)

    def _must_be_open(self) -> None:
        if self._closed:
            msg = f"This store was closed, and {self._engine.path} with it. Open it again."
            raise StoreError(msg)

    def _begin(self) -> duckdb.DuckDBPyConnection:
        """Begin to read; a database that has given up (a full disk, say) is opened again first."""
        self._must_be_open()
        for last_try in (False, True):
            generation = self._engine.generation
            try:
                cursor = self._cursor()
                cursor.execute("BEGIN TRANSACTION READ ONLY")
            except duckdb.Error as fault:
                if last_try or not isinstance(fault, duckdb.FatalException | duckdb.ConnectionException):
                    raise words(fault, self._engine.path) from fault
                self._engine.revive(generation)
            else:
                return cursor
        raise AssertionError  # pragma: no cover - the second try returns or raises

    def _ask_arrow(
        self,
        sql: str | duckdb.Statement,
        parameters: Mapping[str, Any] | None = None,
        *,
        few_rows: bool = False,
    ) -> Any:
        """Return an answer as Arrow; of few rows, one that is planned once instead of twice, and copied."""
        with self._moment_in_time() as cursor:
            if few_rows:
                return cursor.execute(sql, dict(parameters or {})).to_arrow_table()
            relation = cursor.sql(sql, params=dict(parameters)) if parameters else cursor.sql(sql)
            return relation.to_arrow_table()

    def _ask(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pl.DataFrame:
        return self._frame(self._ask_arrow(sql, parameters))

    def _ask_rows(self, sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        with self._moment_in_time() as cursor:
            return cursor.execute(sql, dict(parameters)).fetchall()

    @staticmethod
    def _frame(table: Any) -> pl.DataFrame:
        answer = pl.from_arrow(table)
        if not isinstance(answer, pl.DataFrame):  # pragma: no cover - a table is always a frame
            msg = "DuckDB's answer was no table."
            raise TypeError(msg)
        return answer

    # ------------------------------------------------------------------ time

    def _moment(self, as_of: dt.date) -> Moment:
        ends = dt.datetime.combine(as_of + dt.timedelta(days=1), dt.time(), tzinfo=LONDON)
        limit = ends.astimezone(dt.UTC).replace(tzinfo=None)
        with self._moment_in_time() as cursor:
            found = one(
                cursor,
                'SELECT MAX("seq") FROM "change" WHERE "recorded_at" < $limit AND "what" <> \'refusal\'',
                {"limit": limit},
            )
            if found and found[0] is not None:
                return Moment(int(found[0]), as_of)
            opening = one(
                cursor,
                statements.OPENING,
            )
        if opening is None:
            return Moment(0, as_of)
        return Moment(int(opening[0]), as_of, local_day(opening[1].replace(tzinfo=dt.UTC)))

    def as_of_note(self, as_of: dt.date) -> str | None:
        """Say in words when "as known on" that day is rebuilt, because the store is younger; else None."""
        moment = self._moment(as_of)
        if not moment.reconstructed or moment.opened_on is None:
            return None
        return (
            f"Rebuilt: this store was opened on {name_day(moment.opened_on)}. What was known on "
            f"{name_day(as_of)} is worked "
            "out from the dates that its first load carries, not from what was recorded on that day."
        )

    # ------------------------------------------------------------------ questions

    def query_plain(
        self,
        sql: str,
        tables: Sequence[str],
        parameters: Mapping[str, Any] | None = None,
        *,
        as_of: dt.date | None = None,
        result: Sequence[tuple[str, str]] = (),
        raw: bool = False,
    ) -> pl.DataFrame:
        """Ask one SELECT over plain tables: the one road of views, pages, exports and packs.

        Parameters
        ----------
        sql : str
            One SELECT. Its plain tables stand in front of it as CTEs of the same names.
        tables : Sequence[str]
            The plain tables it names: record types' tables, ``changes``, ``formula_cells``,
            ``reading_months`` and ``reading_series``.
        parameters : Mapping[str, Any], optional
            Values of its named parameters. One that it does not use may be given.
        as_of : datetime.date, optional
            Ask what was known at the end of that day (Europe/London); None: the current state.
        result : Sequence[tuple[str, str]]
            Columns of the answer and the SQL types to cast them to; all columns as they come where empty.
        raw : bool
            True leaves small counts in; for checks only, never for display. Sealed scores stay out.

        Returns
        -------
        polars.DataFrame
            In the SELECT's own order.

        Raises
        ------
        UnknownName
            If a table is none of ours.
        InvalidInput
            If ``sql`` is anything but one SELECT, or a parameter has no value.
        """
        for table in tables:
            if table not in statements.OWN_PLAIN:
                record_type(table)
        sealed, past = not self._sees_sealed, as_of is not None
        statement = statements.question(sql, tables, result, past=past, disclosed=not raw, sealed=sealed)
        with self._moment_in_time() as cursor:
            if sealed:
                refuse_own_tables(cursor, sql)
            moment = self._moment(as_of) if as_of is not None else None
            few = set(LARGE_TABLES).isdisjoint(tables)
            return self._frame(self._answer(statement, dict(parameters or {}), moment, few_rows=few))

    def _answer(
        self, statement: str, values: dict[str, Any], moment: Moment | None, *, few_rows: bool = False
    ) -> Any:
        """Return the answer to one whole statement as Arrow, with the values it needs of those given."""
        values = values | {"sealed_day": self._sealed_day}
        with self._moment_in_time() as cursor:
            if moment is not None:
                values = values | {"as_of_seq": moment.seq, "as_of_day": moment.day}
            parsed = _one_select(cursor, statement)
            needed = parsed.named_parameters
            unknown = sorted(needed - set(values))
            if unknown:
                msg = (
                    f"The question needs a value for {', '.join('$' + n for n in unknown)}. Give each "
                    "one, or None for all."
                )
                raise InvalidInput(msg)
            return self._ask_arrow(parsed, {n: values[n] for n in needed}, few_rows=few_rows)

    def fetch(
        self, view: str, *, as_of: dt.date | None = None, today: dt.date | None = None, **params: Any
    ) -> pl.DataFrame:
        """Return a view's rows with its declared columns, small counts withheld: the one door for readers.

        Parameters
        ----------
        view : str
            Name of the view.
        as_of : datetime.date, optional
            As known at the end of that day; None: as it stands.
        today : datetime.date, optional
            The day it is seen from (what is overdue, what is stale); ``as_of`` or the present day when left
            out.
        **params
            ``agency_id``, ``goal_id``, ``benefit_class`` and the view's own parameters; None or left out: no
            filter.

        Returns
        -------
        polars.DataFrame
            The view's columns, in its order, cast to its types.

        Raises
        ------
        UnknownName
            If there is no such view, or no such parameter.
        """
        from partnership.views import view as view_of

        found = view_of(view)
        known = [*STANDARD_PARAMETERS, *found.params]
        for name in params:
            if name not in known:
                raise UnknownName("parameter", name, known)
        values = dict.fromkeys(known) | params
        values["today"] = today or as_of or local_day(dt.datetime.now(dt.UTC))
        with self._moment_in_time():
            moment = self._moment(as_of) if as_of is not None else None
            state = (self.last_seq, self._sealed_day, (moment.seq, moment.day) if moment else None)
            return self._frame(self._rows(found, values, moment, state))

    def table(self, table: str, *, as_of: dt.date | None = None, raw: bool = False) -> pl.DataFrame:
        """Return a record type's rows: its columns, ``row_key``, ``row_version``, ``change_seq``, by key.

        Parameters
        ----------
        table : str
            The record type's table.
        as_of : datetime.date, optional
            As known at the end of that day; None: as it stands.
        raw : bool
            True leaves small counts of people in; for checks and exact copies only, never for display.
        """
        record_type(table)
        return self.query_plain(statements.by_key(table), (table,), as_of=as_of, raw=raw)

    def history(self, table: str, row_key: str | None = None) -> pl.DataFrame:
        """Return every version of every row, or of one, with who, when and why.

        Small counts are in it; scores of rounds that are not revealed are not.
        """
        record_type(table)
        one = row_key is not None
        sealed = table == "scores" and not self._sees_sealed
        values: dict[str, Any] = {"row_key": row_key} if one else {}
        values |= {"sealed_day": self._sealed_day} if sealed else {}
        return _in_utc(self._ask(statements.versions(table, one_row=one, sealed=sealed), values))

    def mentions(self, table: str, row_key: str) -> Mapping[str, int]:
        """Return table to how many rows of its history refer to a row by its id; none: nothing ever did."""
        record_type(table)
        found = {}
        with self._moment_in_time() as cursor:
            for kind in RECORD_TYPES:
                sql = statements.mentions(kind.table, table)
                row = one(cursor, sql, {"id": row_key}) if sql else None
                if row and row[0]:
                    found[kind.table] = int(row[0])
        return found

    # ------------------------------------------------------------------ the log

    def changes(self) -> pl.DataFrame:
        """Return the log of changes and refusals, oldest first; times in UTC."""
        return _in_utc(self._ask(statements.ALL_CHANGES))

    def loads_of(self, sha256: str) -> tuple[Mapping[str, Any], ...]:
        """Return the log's entries that loaded a file with these bytes, oldest first; none: it is new."""
        return tuple(_in_utc(self._ask(statements.LOADS_OF, {"sha256": sha256})).iter_rows(named=True))

    @property
    def last_seq(self) -> int:
        """Number of the last change: what a cache of results is keyed by."""
        with self._moment_in_time() as cursor:
            found = one(cursor, 'SELECT MAX("seq") FROM "change"')
        return int(found[0]) if found and found[0] is not None else 0

    @property
    def removing(self) -> Mapping[str, tuple[str, ...]]:
        """Inside a guard: table to the keys of the rows that the change removes. Empty elsewhere."""
        return _NO_ROWS


_known_selects: dict[str, duckdb.Statement] = {}


def _one_select(cursor: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    """Return a statement as it is read, which must be one SELECT; a text is only read once."""
    known = _known_selects.get(sql)
    if known is not None:
        return known
    found = cursor.extract_statements(sql)
    if len(found) != 1 or found[0].type != duckdb.StatementType.SELECT:
        msg = "A question to the store is one SELECT; this is something else."
        raise InvalidInput(msg)
    if len(_known_selects) >= _SELECTS_KEPT:
        _known_selects.clear()
    _known_selects[sql] = found[0]
    return found[0]


def _end(cursor: duckdb.DuckDBPyConnection) -> None:
    try:
        cursor.execute("ROLLBACK")
    except duckdb.Error:  # the transaction ended with the fault that is on its way out
        return


def _in_utc(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(pl.col("recorded_at").dt.replace_time_zone("UTC"))

"""Records that were read before: a table that no change has touched is not read again.

A save asks for the plan several times: who may score, whether the round is open, whether the plan holds
together with the change. Each table's records are kept by the number of the last change that touched the
table, which the log says; so the plan after a change costs the table that was changed, and nothing that is
kept can be old. Records are frozen, so all readers share them.
"""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from partnership.store._sealing import Sealing
from partnership.tables import RECORD_TYPES, record_from_row

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from partnership.plan import Plan
    from partnership.records import Record
    from partnership.store._engine import Engine
    from partnership.store._resting import Moment

__all__ = ["Recalled", "Recalling"]

_STATES = 4
"""Of each table, the states used last are kept: as it stands, and days looked back to."""
_DEPENDS = {"scores": ("scores", "scoring_rounds")}
"""Whether a score may be seen depends on whether its round is revealed."""

Records = tuple["Record", ...]


class Recalled:
    """What one open file has read: records by table and state, and the last change of each table."""

    def __init__(self) -> None:
        self._records: dict[str, OrderedDict[Hashable, Records]] = {}
        self._touched: tuple[int, Mapping[str, int]] = (0, {})
        self._lock = threading.Lock()

    def records(self, table: str, state: Hashable, read: Callable[[], Records]) -> Records:
        """Return a table's records in a state, read now where they were not read before."""
        with self._lock:
            states = self._records.setdefault(table, OrderedDict())
            if state in states:
                states.move_to_end(state)
                return states[state]
        found = read()
        with self._lock:
            states[state] = found
            while len(states) > _STATES:
                states.popitem(last=False)
        return found

    def touched(self, cursor: duckdb.DuckDBPyConnection, seq: int) -> Mapping[str, int]:
        """Return each table's last change, as the log tells it up to a number."""
        known, tables = self._touched
        if known > seq:  # a reader whose transaction began before a write
            known, tables = 0, {}
        if known < seq:
            entries = cursor.execute(
                'SELECT "seq", "counts" FROM "change" WHERE "seq" > $known AND "seq" <= $seq '
                'AND "what" <> \'refusal\' ORDER BY "seq"',
                {"known": known, "seq": seq},
            ).fetchall()
            tables = {
                **tables,
                **{table: number for number, counts in entries for table in json.loads(counts)},
            }
            with self._lock:
                if seq > self._touched[0]:
                    self._touched = (seq, tables)
        return tables

    def forget(self) -> None:
        """Throw everything away: the file is being closed."""
        with self._lock:
            self._records.clear()
            self._touched = (0, {})


class Recalling(Sealing):
    """The part of a store that returns the plan's records."""

    _engine: Engine
    _changing: frozenset[str] = frozenset()  # tables whose rows here have no change's number yet

    @property
    def last_seq(self) -> int:
        """Number of the last change."""
        raise NotImplementedError

    def _moment_in_time(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        raise NotImplementedError

    def _moment(self, as_of: dt.date) -> Moment:
        raise NotImplementedError

    def table(self, table: str, *, as_of: dt.date | None = None, raw: bool = False) -> pl.DataFrame:
        """Return a record type's rows."""
        raise NotImplementedError

    def plan(self, *, as_of: dt.date | None = None) -> Plan:
        """Return the records of all tables but the large ones, all of one moment."""
        from partnership.plan import LARGE_TABLES, Plan

        with self._moment_in_time() as cursor:
            seq = self.last_seq
            touched = self._engine.recalled.touched(cursor, seq)
            then = (seq, self._moment(as_of)) if as_of is not None else None
            return Plan(
                {
                    kind.table: self._records_of(kind.table, touched, as_of, then)
                    for kind in RECORD_TYPES
                    if kind.table not in LARGE_TABLES
                }
            )

    def _records_of(
        self, table: str, touched: Mapping[str, int], as_of: dt.date | None, then: Hashable
    ) -> Records:
        def read() -> Records:
            rows: Any = self.table(table, as_of=as_of, raw=True).iter_rows(named=True)
            return tuple(record_from_row(table, row) for row in rows)

        rests_on = _DEPENDS.get(table, (table,))
        if not self._changing.isdisjoint(rests_on):
            return read()
        seal = (self._sees_sealed, self._sealed_day) if table == "scores" else None
        state = (*(touched.get(name, 0) for name in rests_on), seal, then)
        return self._engine.recalled.records(table, state, read)

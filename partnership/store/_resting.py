"""Views that rest on kept rows: what a state of the store has worked out once is not worked out again.

Which rows are kept, and why they can never be old ones, stands in :mod:`partnership.store._kept`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from partnership.plan import LARGE_TABLES
from partnership.store import _statements as statements
from partnership.store._engine import Engine

if TYPE_CHECKING:
    import duckdb

    from partnership.views import View

__all__ = ["Moment", "Resting"]


_FILTERS = frozenset({"agency_id", "goal_id", "benefit_class"})


@dataclass(frozen=True, slots=True)
class Moment:
    """What "as known on a day" means in this store: the last change of that day, or the opening load."""

    seq: int
    day: dt.date
    opened_on: dt.date | None = None

    @property
    def reconstructed(self) -> bool:
        """True when the store is younger than the day."""
        return self.opened_on is not None


class Resting:
    """The part of a store that answers a view from the views it builds on, each worked out once."""

    _engine: Engine
    _keeps = True  # False where rows are seen that no change has a number for yet
    _sees_sealed = False

    def _moment_in_time(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        raise NotImplementedError

    def _answer(
        self, statement: str, values: dict[str, Any], moment: Moment | None, *, few_rows: bool = False
    ) -> Any:
        raise NotImplementedError

    def _rows(self, found: View, values: dict[str, Any], moment: Moment | None, state: Hashable) -> Any:
        """Return a view's rows as Arrow; ``state`` is all that they depend on beside the values."""
        rows = self._shared(found, values, moment, state) if self._keeps and found.is_shared else None
        return rows if rows is not None else self._view(found, values, moment, state)

    def _shared(self, found: View, values: dict[str, Any], moment: Moment | None, state: Hashable) -> Any:
        """Return the rows of a view on which others rest, worked out once; None: too large to keep."""
        key = (state, found.name, tuple(values[p] for p in found.params))
        return self._engine.kept.rows(key, partial(self._picked, found, values, moment, state))

    def _picked(self, found: View, values: dict[str, Any], moment: Moment | None, state: Hashable) -> Any:
        """Return a view's rows picked from its unfiltered ones, where its filters only leave rows out."""
        asked = {p: values[p] for p in found.params if p in _FILTERS and values[p] is not None}
        if asked and asked.keys() <= found.narrowed.keys():
            whole = self._shared(found, values | dict.fromkeys(asked), moment, state)
            if whole is not None:
                return _pick(whole, [(found.narrowed[p], value) for p, value in asked.items()])
        return self._view(found, values, moment, state)

    def _view(self, found: View, values: dict[str, Any], moment: Moment | None, state: Hashable) -> Any:
        rest = self._beneath(found, values, moment, state) if self._keeps else {}
        sql, tables = found.resting_on({n: statements.everything(f"kept_{n}") for n in rest})
        lent = {f"kept_{n}": rows for n, rows in rest.items()}
        if self._keeps and moment is not None:
            lent |= self._as_then(tables, moment, state)
        plain = [t for t in tables if t not in lent]
        result = [(c.name, c.type) for c in found.columns]
        sealed, few = not self._sees_sealed, found.is_shared or "readings" not in tables
        statement = statements.question(sql, plain, result, past=moment is not None, sealed=sealed)
        with self._moment_in_time() as cursor:
            try:
                for name, rows in lent.items():
                    cursor.register(name, rows)
                return self._answer(statement, values, moment, few_rows=few)
            finally:
                for name in lent:
                    cursor.unregister(name)

    def _beneath(
        self, found: View, values: dict[str, Any], moment: Moment | None, state: Hashable
    ) -> dict[str, Any]:
        """Return the kept rows of the views that a view names; what is too large to keep is left out."""
        from partnership.views import view as view_of

        rest: dict[str, Any] = {}
        for used in map(view_of, found.names):
            rows = self._shared(used, values, moment, state)
            if rows is None:
                rest |= self._beneath(used, values, moment, state)
            else:
                rest[used.name] = rows
        return rest

    def _as_then(self, tables: Sequence[str], moment: Moment, state: Hashable) -> dict[str, Any]:
        """Return small plain tables as known at a moment: each is looked up in its history only once."""
        sealed, out = not self._sees_sealed, {}
        for table in tables:
            if table in LARGE_TABLES or table in statements.OWN_PLAIN:
                continue
            statement = statements.question(statements.everything(table), (table,), past=True, sealed=sealed)
            make = partial(self._answer, statement, {}, moment)
            rows = self._engine.kept.rows((state, "plain", table), make)
            if rows is not None:
                out[table] = rows
        return out


def _pick(rows: Any, asked: Sequence[tuple[Sequence[str], Any]]) -> Any:
    """Return the rows in which, of each group of columns, one says what is asked for."""
    import pyarrow.compute as pc

    for columns, value in asked:
        said = [pc.fill_null(pc.equal(rows[c], value), fill_value=False) for c in columns]
        rows = rows.filter(said[0] if len(said) == 1 else pc.or_(*said))
    return rows

"""Rolling readings up from the sums that the store keeps: one pass over them, added up in dense arrays.

The engine plans a question of this kind longer than it works on it: grouping, running totals and order of
some ten thousand sums are a few passes over whole numbers. So two flat questions bring the sums (of quarters,
unless months are asked for) and the names of their series, a third the measures that count people where there
is a small count, and the rest is done here, exactly: counts as integers, sums as ten-thousandths.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from partnership.errors import InvalidInput, UnknownName
from partnership.store import _quarter_statements as quarters
from partnership.store import _sums_statements as sums
from partnership.store._schema import CELLS, SUMMED

if TYPE_CHECKING:
    import duckdb
    import numpy.typing as npt
    import pyarrow as pa

    from partnership.store._engine import Engine
    from partnership.store._resting import Moment
    from partnership.store.protocol import Period

    Whole = npt.NDArray[Any]  # int64, or Python's own integers where 64 bits are too few

__all__ = ["PERIODS", "Rolling"]

PERIODS: Mapping[str, tuple[str, str, int, int]] = {
    "month": ("period_index", "period_index", 0, 1),
    "quarter": ("quarter_index", "quarter_index", 0, 1),
    "financial_year": ("financial_year", "quarter_index", 1, 4),
}
"""Period to its column, that of the sums it is made of, the one of these that it begins in, and how many."""

_USUAL = ("readings", "value_cells", "value_total")
_DENSE = 4_000_000
"""Most groups that are counted in one dense array; where there could be more, only those that are there."""
_SCALE = 4
_BITS = 62


@dataclass(frozen=True, slots=True)
class _Series:
    """The numbers of the series, and the groups that they are of."""

    measures: tuple[tuple[int, str], ...]
    names: Mapping[str, tuple[pl.Series, Whole]]
    """Column to its names, and to the place of each group's own among them; no name stands last."""

    groups: int
    of_series: Whole
    """The group of each series, by its number; groups are in the order of their names."""


class Rolling:
    """The part of a store that rolls readings up."""

    _engine: Engine
    _keeps = True  # False where rows are seen that no change has a number for yet

    @property
    def last_seq(self) -> int:
        """Number of the last change."""
        raise NotImplementedError

    def _moment_in_time(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        raise NotImplementedError

    def _moment(self, as_of: dt.date) -> Moment:
        raise NotImplementedError

    def _ask_arrow(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Any:
        raise NotImplementedError

    def _ask_rows(self, sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        raise NotImplementedError

    def roll_up(
        self,
        by: Sequence[str] = ("agency_id", "measure_id"),
        *,
        period: Period | None = "quarter",
        of: Sequence[str] = _USUAL,
        running: bool = False,
        as_of: dt.date | None = None,
        raw: bool = False,
    ) -> pl.DataFrame:
        """Return readings added up, small counts of people withheld: counts, and sums of values.

        Parameters
        ----------
        by : Sequence[str]
            Any of ``agency_id``, ``measure_id``, ``benefit_id`` and ``is_of_item``.
        period : {"month", "quarter", "financial_year"} or None
            Months are numbered year x 12 + month - 1, quarters year x 4 + quarter - 1, financial years by the
            year in which they begin. None: over all time.
        of : Sequence[str]
            What is counted and added up: any columns of the plain table ``reading_months``.
        running : bool
            True adds, beside each sum, its running total over the periods.
        as_of : datetime.date, optional
            As known at the end of that day; None: as it stands.
        raw : bool
            True leaves small counts in; for checks only, never for display.

        Returns
        -------
        polars.DataFrame
            A row for each group that has readings, in the order of ``by`` and of time: no name
            stands last. A sum of no value at all is null.

        Raises
        ------
        UnknownName
            If a name is none of these.
        """
        _must_be_known(by, period, of)
        held, past = _held(of), as_of is not None
        time = PERIODS[period][1] if period else None
        with self._moment_in_time():
            at: dict[str, Any] = {}
            if as_of is not None:
                moment = self._moment(as_of)
                at = {"as_of_seq": moment.seq, "as_of_day": moment.day}
            rows = self._ask_arrow(quarters.to_add(held, past=past, period=time), at)
            series = self._series(tuple(by))
            people: set[str] = set()
            if not raw and rows["is_small"].to_numpy().any():
                people = {measure for (measure,) in self._ask_rows(sums.counting_people(past=past), at)}
        return _rolled_up(series, rows, people, period, tuple(of), held, running=running)

    def _series(self, by: tuple[str, ...]) -> _Series:
        """Return the series in their groups: read again whenever the store has changed."""

        def read() -> tuple[_Series]:
            return (_grouped(self._ask_rows(sums.series_named(("measure_id", *by)), {}), by),)

        if not self._keeps:
            return read()[0]
        recalled: Any = self._engine.recalled
        found: _Series = recalled.records("reading_series", (self.last_seq, by), read)[0]
        return found


def _must_be_known(by: Sequence[str], period: str | None, of: Sequence[str]) -> None:
    for asked, known, what in ((by, sums.KEYS, "grouping"), (of, (*CELLS, *SUMMED), "sum of readings")):
        for name in asked:
            if name not in known:
                raise UnknownName(what, name, known)
        if len(set(asked)) != len(asked):
            msg = f"{', '.join(asked)}: each {what} is named once."
            raise InvalidInput(msg)
    if period is not None and period not in PERIODS:
        raise UnknownName("period", period, tuple(PERIODS))


def _held(of: Sequence[str]) -> tuple[str, ...]:
    """Return all cells and sums that are needed to give those that are asked for."""
    needed = {"readings", *of} | {sums.counted_by(c) for c in of if c in SUMMED}
    needed |= {c for name in of for _, c in sums.shown_of_hidden(name)}
    return tuple(c for c in (*CELLS, *SUMMED) if c in needed)


def _rolled_up(
    series: _Series,
    rows: pa.Table,
    people: Collection[str],
    period: str | None,
    of: tuple[str, ...],
    held: tuple[str, ...],
    *,
    running: bool,
) -> pl.DataFrame:
    code = rows["series"].to_numpy()
    times, first, spans = _times(rows, period)
    key = series.of_series[code] * spans + times
    size = max(1, series.groups) * spans
    there: Whole | None = None
    if size > max(_DENSE, 8 * len(key)):  # most would be empty: number those that are there
        there, key = np.unique(key, return_inverse=True)
        size = max(1, len(there))
    apart = _apart(series, code, rows, people) if people else None
    found = {c: _numbers(rows[c]) for c in held}
    added = {c: _added(_shown(found, c, apart), key, size) for c in held}
    kept = np.nonzero(added["readings"])[0]
    number = kept if there is None else there[kept]
    group, time = np.divmod(number, spans)
    out = {c: names[place[group]] for c, (names, place) in series.names.items()}
    if period is not None:
        name = PERIODS[period][0]
        out[name] = pl.Series(name, time + first, dtype=pl.Int32)
    starts = np.nonzero(np.diff(group, prepend=-1))[0]
    for c in of:
        if c not in SUMMED:
            out[c] = pl.Series(c, added[c][kept].astype(np.int64))
            continue
        cells, totals = added[sums.counted_by(c)][kept], added[c][kept]
        known = None if cells.all() else cells > 0  # none is unknown, and so no running total is
        out[c] = _decimals(c, totals, known)
        if running:
            name = f"running_{c}"
            known = None if known is None else _running(cells, starts) > 0
            out[name] = _decimals(name, _running(totals, starts), known)
    return pl.DataFrame(list(out.values()))


def _grouped(rows: Sequence[tuple[Any, ...]], by: tuple[str, ...]) -> _Series:
    """Put series into groups: rows are their numbers, their measures and what they are grouped by."""
    numbers = np.array([row[0] for row in rows], np.int64)
    code: Whole = np.zeros(len(rows), np.int64)
    named = []
    for at, c in enumerate(by, 2):
        values = [row[at] for row in rows]
        names = [*sorted(set(values) - {None}), None]
        place = {v: n for n, v in enumerate(names)}
        code = code * len(names) + np.array([place[v] for v in values], np.int64)
        named.append(pl.Series(c, names, pl.Boolean if c == "is_of_item" else pl.String))
    left, group = np.unique(code, return_inverse=True)
    of_series, groups, found = np.zeros(int(numbers.max(initial=0)) + 1, np.int64), len(left), {}
    of_series[numbers] = group
    for names_of_column in reversed(named):
        left, at_group = np.divmod(left, len(names_of_column))
        found[names_of_column.name] = (names_of_column, at_group)
    measures = tuple((int(row[0]), str(row[1])) for row in rows)
    return _Series(measures, {c: found[c] for c in by}, groups, of_series)


def _times(rows: pa.Table, period: str | None) -> tuple[Whole | int, int, int]:
    """Return the period of each row counted from the first one, the first one, and how many there may be."""
    if period is None or not rows.num_rows:
        return 0, 0, 1
    _, column, begins, length = PERIODS[period]
    index = rows[column].to_numpy()
    least, most = int(index.min()), int(index.max())
    first, last = (least - begins) // length, (most - begins) // length
    if length == 1:
        return index - least, first, last - first + 1
    of_index = (np.arange(least, most + 1) - begins) // length - first
    return of_index[index - least], first, last - first + 1


def _numbers(column: pa.ChunkedArray) -> Whole:
    """Return a column without gaps as whole numbers: integers as they are, sums in ten-thousandths."""
    import pyarrow as pa

    array = column.combine_chunks()
    if not pa.types.is_decimal(array.type):
        whole: Whole = np.asarray(array.to_numpy(zero_copy_only=False)).astype(np.int64, copy=False)
        return whole
    if not len(array):
        return np.zeros(0, np.int64)
    pairs = np.frombuffer(array.buffers()[1], np.int64).reshape(-1, 2)[
        array.offset : array.offset + len(array)
    ]
    low, high = np.asarray(pairs[:, 0]), np.asarray(pairs[:, 1])
    if bool((high == low >> 63).all()):
        return low
    large: Whole = high.astype(object) * 2**64 + low.view(np.uint64).astype(object)
    return large


def _apart(series: _Series, code: Whole, rows: pa.Table, people: Collection[str]) -> Whole:
    """Return the places of the small counts of measures that count people: they are withheld."""
    is_hidden = np.zeros(len(series.of_series), bool)
    is_hidden[[number for number, measure in series.measures if measure in people]] = True
    small = np.nonzero(rows["is_small"].to_numpy())[0]
    return np.asarray(small[is_hidden[code[small]]])


def _shown(found: Mapping[str, Whole], column: str, apart: Whole | None) -> Whole:
    """Return a column as it is shown: in the rows that are withheld, what may be said of them."""
    if apart is None or not len(apart):
        return found[column]
    shown = found[column].copy()
    shown[apart] = 0
    for sign, c in sums.shown_of_hidden(column):
        shown[apart] += sign * found[c][apart]
    return shown


def _added(values: Whole, key: Whole, size: int) -> Whole:
    """Add values up by group, exactly: with Python's integers where the sums could pass 62 bits."""
    if values.dtype != object and len(values):
        most = max(int(values.max()), -int(values.min()))
        if most * len(values) >> _BITS:
            values = values.astype(object)
    out = np.zeros(size, values.dtype)
    np.add.at(out, key, values)
    return out


def _running(values: Whole, starts: Whole) -> Whole:
    """Return running totals that begin anew at each start."""
    total = np.cumsum(values)
    before = np.repeat(total[starts] - values[starts], np.diff(starts, append=len(values)))
    return np.asarray(total - before)


def _decimals(name: str, values: Whole, known: Whole | None) -> pl.Series:
    """Return ten-thousandths as decimals, null where nothing is known; ``known`` None: all are."""
    import pyarrow as pa

    pairs = np.empty((len(values), 2), np.int64)
    if values.dtype == object:
        low = (values & (2**64 - 1)).astype(np.uint64)
        pairs[:, 0], pairs[:, 1] = low.view(np.int64), (values >> 64).astype(np.int64)
    else:
        pairs[:, 0], pairs[:, 1] = values, values >> 63
    bits = None
    if known is not None:
        bits = pa.py_buffer(np.packbits(known.astype(bool), bitorder="little").tobytes())
    kind = pa.decimal128(38, _SCALE)
    array = pa.Array.from_buffers(kind, len(values), [bits, pa.py_buffer(pairs)])
    return pl.Series(name, array)

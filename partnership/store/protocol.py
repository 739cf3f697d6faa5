"""What every store can do, and the small values that pass its door.

The toolkit knows a store only by this protocol. One engine exists today: :mod:`partnership.store.duckdb`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, Protocol

from partnership.errors import Finding, StoreError, shown
from partnership.periods import name_day

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import polars as pl

    from partnership.plan import FormulaCell, Plan

__all__ = [
    "Actor",
    "Conflict",
    "Counts",
    "Guard",
    "Limits",
    "Locked",
    "Mode",
    "NewerStore",
    "Period",
    "Receipt",
    "Refused",
    "Source",
    "StaleWrite",
    "Store",
    "TooSlow",
]

Mode = Literal["create", "write", "read"]
Period = Literal["month", "quarter", "financial_year"]
"""What readings are rolled up by."""

_NOTHING: Mapping[Any, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes a change.

    Parameters
    ----------
    name : str
        The name as declared: a role holder, or the part of the toolkit that acts by itself.
    kind : {"declared", "system"}
        "declared" until there is a login: the toolkit has somebody's word for it and shows it so.
    """

    name: str
    kind: Literal["declared", "system"] = "declared"


@dataclass(frozen=True, slots=True)
class Source:
    """The file that a load came from: its name, the SHA-256 of its bytes, what it was read as, its rows.

    ``formulas`` are the cells whose value a formula had worked out; they are kept with the change, and never
    with a refusal.
    """

    name: str
    sha256: str
    kind: str
    rows_read: int
    rows_kept: int
    formulas: tuple[FormulaCell, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of one table that a change made new, changed or removed; equal rows count nowhere.

    Examples
    --------
    >>> new, changed, removed = Counts(new=3, changed=1)
    >>> new, changed, removed
    (3, 1, 0)
    """

    new: int = 0
    changed: int = 0
    removed: int = 0

    def __iter__(self) -> Any:
        """Unpack as new, changed, removed."""
        return iter((self.new, self.changed, self.removed))

    @property
    def total(self) -> int:
        """Rows written to the history."""
        return self.new + self.changed + self.removed


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a change was given: its number in the log, its time, and what it did to each table.

    Parameters
    ----------
    seq : int
        Number of the change; always increases, whatever the clock does.
    recorded_at : datetime.datetime
        UTC, to the microsecond, by this machine's clock.
    counts : Mapping[str, Counts]
        Table to new, changed and removed rows.
    repeated : bool
        True when the same request had been accepted before: nothing was done again, and this is the first
        receipt.
    clock_went_back : bool
        True when the machine's clock showed an earlier time than at the change before.
    """

    seq: int
    recorded_at: dt.datetime
    counts: Mapping[str, Counts]
    repeated: bool = False
    clock_went_back: bool = False

    @property
    def total(self) -> Counts:
        """The counts of all tables together."""
        return Counts(
            new=sum(c.new for c in self.counts.values()),
            changed=sum(c.changed for c in self.counts.values()),
            removed=sum(c.removed for c in self.counts.values()),
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """What one open store may use of the machine.

    Parameters
    ----------
    memory : str
        Most memory of the engine, as DuckDB writes it.
    threads : int
        Threads of the engine.
    temporary : str
        Most disk for what does not fit into memory.
    read_seconds, write_seconds, copy_seconds : float
        A question, a change, or a copy or check of the whole store that runs longer is stopped.
    """

    memory: str = "1GB"
    threads: int = 2
    temporary: str = "4GB"
    read_seconds: float = 15.0
    write_seconds: float = 120.0
    copy_seconds: float = 1800.0


class Locked(StoreError):
    """Another process holds the store's file; ``process`` is its number where the system tells it."""

    def __init__(self, message: str, process: int | None = None) -> None:
        self.process = process
        super().__init__(message)


class NewerStore(StoreError):
    """The file was made by a newer version of the toolkit than this one."""


class TooSlow(StoreError):
    """A question ran longer than the limit and was stopped."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """One row that somebody else changed first.

    Parameters
    ----------
    table, row_key : str
        Which row.
    expected, found : int
        Version that the change was made from, and version that stands now; 0 is "no such row".
    theirs, yours : Mapping[str, Any] or None
        The row as it stands and as it was to become; None where there is none.
    by, at
        Who changed it, and when (UTC).
    sealed : bool
        True for another agency's score in a round that is not revealed: what it says is in neither row.
    """

    table: str
    row_key: str
    expected: int
    found: int
    theirs: Mapping[str, Any] | None
    yours: Mapping[str, Any] | None
    by: str | None
    at: dt.datetime | None
    sealed: bool = False

    @property
    def differences(self) -> dict[str, tuple[Any, Any]]:
        """Fields on which the two differ: name to (theirs, yours)."""
        theirs, yours = self.theirs or {}, self.yours or {}
        names = [*theirs, *(n for n in yours if n not in theirs)]
        return {n: (theirs.get(n), yours.get(n)) for n in names if theirs.get(n) != yours.get(n)}

    def __str__(self) -> str:
        """One sentence: whose change came first, and both values."""
        when = f" on {name_day(self.at.date())} at {self.at:%H:%M} UTC" if self.at else ""
        who = f"by {self.by}{when}" if self.by else "by somebody else"
        if self.theirs is None:
            return f"{self.table} {shown(self.row_key)!r} was removed {who}."
        if self.yours is None:
            return f"{self.table} {shown(self.row_key)!r} was changed {who}, after you last saw it."
        if self.sealed:
            return f"{self.table} {shown(self.row_key)!r} was changed {who}; sealed until it is revealed."
        if not self.differences:
            return f"{self.table} {shown(self.row_key)!r} was changed {who}, to the same values as yours."
        both = "; ".join(
            f"{name}: theirs {shown(a)!r}, yours {shown(b)!r}"
            for name, (a, b) in list(self.differences.items())[:3]
        )
        return f"{self.table} {shown(self.row_key)!r} was changed {who}. {both}."


class StaleWrite(StoreError):
    """Somebody else changed a row first: nothing was stored, and both values are here to choose from.

    The first conflict's fields are attributes of the error itself; ``conflicts`` has them all (at most 100).
    """

    def __init__(self, conflicts: Sequence[Conflict], total: int) -> None:
        self.conflicts, self.total = tuple(conflicts), total
        first = self.conflicts[0]
        self.table, self.row_key = first.table, first.row_key
        self.theirs, self.yours, self.by, self.at = first.theirs, first.yours, first.by, first.at
        more = f" {total - 1} more rows likewise." if total > 1 else ""
        super().__init__(f"{first}{more} Nothing was stored. Look at both and save again.")


class Refused(StoreError):
    """The would-be state has faults that reject it: nothing was stored; ``findings`` says which."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        rejecting = [f for f in self.findings if f.rejects]
        more = f" {len(rejecting) - 1} more findings reject it." if len(rejecting) > 1 else ""
        super().__init__(f"Nothing was stored. {rejecting[0]}{more}")


Guard = Callable[["Store"], list[Finding]]
"""Looks at the would-be state inside the transaction; any finding that rejects undoes the whole change."""


class Store(Protocol):
    """One partnership's records with their whole history.

    Every reading method may be called from any thread. Every write passes one lock and one function that
    takes the actor and the reason.
    """

    @property
    def path(self) -> Path:
        """The store's file, as it was asked for."""
        ...

    @property
    def mode(self) -> Mode:
        """How it was opened."""
        ...

    @property
    def snapshot_at(self) -> dt.datetime | None:
        """UTC time of the snapshot that answers while another process holds the file; else None."""
        ...

    @property
    def last_seq(self) -> int:
        """Number of the last change: what a cache of results is keyed by."""
        ...

    @property
    def removing(self) -> Mapping[str, tuple[str, ...]]:
        """Inside a guard: table to the keys of the rows that the change removes. Empty elsewhere."""
        ...

    def fetch(
        self, view: str, *, as_of: dt.date | None = None, today: dt.date | None = None, **params: Any
    ) -> pl.DataFrame:
        """Return a view's rows with its declared columns, small counts withheld: the one door for readers."""
        ...

    def table(self, table: str, *, as_of: dt.date | None = None, raw: bool = False) -> pl.DataFrame:
        """Return a record type's rows: its columns, ``row_key``, ``row_version``, ``change_seq``."""
        ...

    def roll_up(
        self,
        by: Sequence[str] = ("agency_id", "measure_id"),
        *,
        period: Period | None = "quarter",
        of: Sequence[str] = ("readings", "value_cells", "value_total"),
        running: bool = False,
        as_of: dt.date | None = None,
        raw: bool = False,
    ) -> pl.DataFrame:
        """Return readings added up by what is named and by time, small counts withheld."""
        ...

    def plan(self, *, as_of: dt.date | None = None) -> Plan:
        """Return the records of all tables but the large ones, all of one moment."""
        ...

    def as_of_note(self, as_of: dt.date) -> str | None:
        """Say in words when "as known on" that day is rebuilt, because the store is younger; else None."""
        ...

    def history(self, table: str, row_key: str | None = None) -> pl.DataFrame:
        """Return every version of every row, or of one row, with who, when and why."""
        ...

    def sealed_rounds(self) -> tuple[str, ...]:
        """Return the rounds of scoring that are not revealed: no other method returns their scores."""
        ...

    def own_scores(self, agency_id: str) -> pl.DataFrame:
        """Return an agency's own scores, those of sealed rounds too, to whoever says they are it."""
        ...

    def own_score_history(self, agency_id: str) -> pl.DataFrame:
        """Return every version of an agency's own scores, with who, when and why."""
        ...

    def answered(self) -> pl.DataFrame:
        """Return how many rows each agency has answered in each round, never which or how."""
        ...

    def mentions(self, table: str, row_key: str) -> Mapping[str, int]:
        """Return table to how many rows of its history refer to a row by its id; none: nothing ever did."""
        ...

    def changes(self) -> pl.DataFrame:
        """Return the log of changes and refusals, oldest first."""
        ...

    def loads_of(self, sha256: str) -> tuple[Mapping[str, Any], ...]:
        """Return the log's entries that loaded a file with these bytes, oldest first; none: it is new."""
        ...

    def accept(
        self,
        changes: Mapping[str, pl.DataFrame],
        *,
        removed: Mapping[str, Sequence[str]] = _NOTHING,
        actor: Actor,
        reason: str,
        source: Source | None = None,
        expected: Mapping[tuple[str, str], int] = _NOTHING,
        guard: Guard | None = None,
        idempotency_key: str | None = None,
    ) -> Receipt:
        """Store rows, all or nothing, with who and why."""
        ...

    def refuse(
        self, *, actor: Actor, reason: str, source: Source | None = None, counts: Mapping[str, int] = _NOTHING
    ) -> None:
        """Record that something was refused: who, when, which file, how many findings; never the data."""
        ...

    def backup(self, to: Path) -> Mapping[str, Any]:
        """Write a whole copy with its manifest beside it, and return the manifest."""
        ...

    def publish_snapshot(self) -> Path:
        """Write the copy that reading commands use while this process holds the file."""
        ...

    def keep_published(self) -> AbstractContextManager[None]:
        """Write that copy now and soon after every change, in the background, until the ``with`` ends."""
        ...

    def verify(self) -> list[Finding]:
        """Check the store against itself and return what is wrong, worst first."""
        ...

    def close(self) -> None:
        """Let the file go."""
        ...

"""Rows of views that other views build on, kept for as long as nothing changes.

Nineteen views of one page rest on the same ledger of benefits. Working it out for each of them costs more
than all the rest together; here it is worked out once for each state of the store, day shown and filter.

What is kept is known by content: the number of the last change, the moment "as known on", the view and the
values of its parameters. A write makes a new number, so nothing that is kept can be stale, and a reader whose
transaction began before the write still finds the rows of its own moment. A change that is not finished yet
has no number of its own: whoever looks at one keeps nothing (see ``Reading._keeps``).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Kept"]

_MOST_BYTES = 256 * 1024 * 1024
_LARGEST = 64 * 1024 * 1024
_MOST_ANSWERS = 4096


class Kept:
    """Rows by content, the longest unused thrown away first; any thread may ask.

    Parameters
    ----------
    most_bytes : int
        What all rows together may take.
    largest : int
        What one answer may take; a larger one is not kept, and whoever asks is told so.

    Examples
    --------
    >>> import pyarrow as pa
    >>> kept = Kept()
    >>> first = kept.rows("ledger of change 7", lambda: pa.table({"gbp": [1, 2]}))
    >>> kept.rows("ledger of change 7", lambda: pa.table({"gbp": [3]})) is first
    True
    """

    def __init__(self, most_bytes: int = _MOST_BYTES, largest: int = _LARGEST) -> None:
        self._most, self._largest, self._bytes = most_bytes, largest, 0
        self._rows: OrderedDict[Hashable, pa.Table | None] = OrderedDict()
        self._making: dict[Hashable, threading.Event] = {}
        self._lock = threading.Lock()

    def rows(self, key: Hashable, make: Callable[[], Any]) -> pa.Table | None:
        """Return what is kept under a key, made now where there is none; two threads never make the same.

        Parameters
        ----------
        key : Hashable
            Everything that the rows depend on.
        make : Callable
            Works them out.

        Returns
        -------
        pyarrow.Table or None
            None: they are too large to keep.
        """
        while True:
            with self._lock:
                if key in self._rows:
                    self._rows.move_to_end(key)
                    return self._rows[key]
                other = self._making.get(key)
                if other is None:
                    mine = self._making[key] = threading.Event()
                    break
            other.wait()  # it is bounded by the limit of the question that makes it
        try:
            made = make()
            self._put(key, made if made.nbytes <= self._largest else None)
        finally:
            with self._lock:
                self._making.pop(key, None)
            mine.set()
        with self._lock:
            return self._rows.get(key)

    def _put(self, key: Hashable, rows: pa.Table | None) -> None:
        with self._lock:
            self._rows[key] = rows
            self._bytes += rows.nbytes if rows is not None else 0
            while len(self._rows) > 1 and (self._bytes > self._most or len(self._rows) > _MOST_ANSWERS):
                _, gone = self._rows.popitem(last=False)
                self._bytes -= gone.nbytes if gone is not None else 0

    def forget(self) -> None:
        """Throw everything away: the file is being closed."""
        with self._lock:
            self._rows.clear()
            self._bytes = 0

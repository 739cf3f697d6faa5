"""What was answered, by content: the question, the day and the store's state.

A change of the store is a new state, so nothing ever has to be thrown away by time. A page that shows the
store and its address and nothing else is kept as it was made. A page that has a field to write in is not:
what stands in it, and the number that makes a second click harmless, are one reader's own.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from dashboards.urls import State
    from partnership.store import Store

__all__ = ["GivenUp", "Keeping", "can_be_written_in"]

T = TypeVar("T")
_KEPT = 512
_PAGES = 16  # as objects; as bytes many more are kept (answers.py)
_FIELDS = frozenset(
    [
        *(
            "Autocomplete",
            "Checkbox",
            "DateInput",
            "DatePickerInput",
            "FileInput",
            "Form",
            "Input",
            "JsonInput",
        ),
        *("MonthPickerInput", "MultiSelect", "NumberInput", "RadioGroup", "Switch", "TagsInput", "TextInput"),
        *("JsonInput", "Textarea", "Upload"),
    ]
)


class GivenUp(BaseException):
    """What was being made for nobody yet is not wanted any more: no panel says so in its place."""


def can_be_written_in(page: Any) -> bool:
    """Tell whether a page has a field to write in."""
    return any(type(part).__name__ in _FIELDS for part in page._traverse())  # noqa: SLF001 - Dash's own walk


class Keeping:
    """The part of the pages' door to the store that keeps answers; any thread may ask."""

    _store: Store

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._pages: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._lock = threading.Lock()
        self._thread = threading.local()

    def today(self) -> dt.date:
        """Return the day it is."""
        raise NotImplementedError

    def _last_seq(self) -> int:
        held: int | None = getattr(self._thread, "seq", None)
        return self._store.last_seq if held is None else held

    @contextlib.contextmanager
    def at_one_moment(self, seq: int | None = None) -> Iterator[None]:
        """Look once for the log's last number for all this thread asks inside: a page asks fifty times."""
        before = getattr(self._thread, "seq", None)
        self._thread.seq = self._last_seq() if seq is None else seq
        try:
            yield
        finally:
            self._thread.seq = before

    @contextlib.contextmanager
    def wanted_until(self, stop: threading.Event | None) -> Iterator[None]:
        """Give up what this thread makes, at the next thing it asks, once ``stop`` is set."""
        before = getattr(self._thread, "stop", None)
        self._thread.stop = stop
        try:
            yield
        finally:
            self._thread.stop = before

    def keep_page(
        self, state: State, layout: Callable[[Any, State], T], may_be_kept: Callable[[T], bool]
    ) -> T:
        """Return what a page shows, made once for each address where it may be kept.

        Parameters
        ----------
        state : State
            Of a page that shows the store and nothing else.
        layout : Callable
            Makes it of this door and the state.
        may_be_kept : Callable
            Says of what was made whether others may be shown it too.
        """
        extra = tuple(sorted(state.extra.items()))
        key = ("page", layout, state.path, *state.filters.values(), state.as_of, extra, state.notes)
        with self.at_one_moment():
            full = (*key, self.today(), self._last_seq())
            with self._lock:
                if full in self._pages:
                    return self._pages[full]  # type: ignore[no-any-return]
            made = layout(self, state)
            if may_be_kept(made):
                with self._lock:
                    self._pages[full] = made
                    while len(self._pages) > _PAGES:
                        self._pages.popitem(last=False)
            return made

    def _keep(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        full = (*key, self.today(), self._last_seq())
        with self._lock:
            if full in self._kept:
                self._kept.move_to_end(full)
                return self._kept[full]  # type: ignore[no-any-return]
        stop: threading.Event | None = getattr(self._thread, "stop", None)
        if stop is not None and stop.is_set():
            raise GivenUp
        made = make()
        with self._lock:
            self._kept[full] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made

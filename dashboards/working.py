"""What a page waits for: made once for all who ask the same, told of while it runs, stopped by who waits.

What was stopped is that page's answer and nobody else's.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from partnership.store import Store

__all__ = ["Working", "name_of_ask"]

T = TypeVar("T")
_KEPT = 64


def name_of_ask(ask: Any) -> str:
    """Return the name of the page that asks; an empty text for anything else.

    Examples
    --------
    >>> name_of_ask("0" * 32) == "0" * 32, name_of_ask({"a": 1}), name_of_ask("../x")
    (True, '', '')
    """
    return ask if isinstance(ask, str) and len(ask) == 32 and ask.isalnum() else ""


class Working:
    """Works out answers for pages, each once.

    Parameters
    ----------
    store : Store
        An open store.
    today : Callable
        Gives the day it is.
    """

    def __init__(self, store: Store, today: Callable[[], dt.date]) -> None:
        self._store, self._today = store, today
        self._kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._doors: dict[tuple[Any, ...], threading.Lock] = {}
        self._running: dict[str, list[threading.Event]] = {}
        self._reached: dict[str, tuple[int, int]] = {}
        self._lock = threading.Lock()

    def _found(self, key: tuple[Any, ...]) -> Any:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, key: tuple[Any, ...], made: Any) -> None:
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > _KEPT:
                old, _ = self._kept.popitem(last=False)
                self._doors.pop(old, None)

    def _once(self, key: tuple[Any, ...], ask: str, make: Callable[[threading.Event], T]) -> T:
        """Work a question out once; who asks the same meanwhile waits at its door.

        An answer that was stopped is kept for the page that stopped it, and for no other.
        """
        with self._lock:
            door = self._doors.setdefault(key, threading.Lock())
        with door:
            for kept in (key, (*key, ask)):
                found = self._found(kept)
                if found is not None:
                    return cast("T", found)
            stop = threading.Event()
            with self._lock:
                self._running.setdefault(ask, []).append(stop)
            try:
                made = make(stop)
            finally:
                with self._lock:
                    self._running[ask].remove(stop)
                    if not self._running[ask]:
                        del self._running[ask]
            self._keep((*key, ask) if stop.is_set() else key, made)
            return made

    def _as_stored(self, *key: Any) -> tuple[Any, ...]:
        return (*key, self._today(), self._store.last_seq)

    def stop(self, ask: str) -> bool:
        """End what a page's own question is working out; True when something was running for it."""
        with self._lock:
            running = list(self._running.get(ask, ()))
        for one in running:
            one.set()
        return bool(running)

    # ---- how far it is ----
    def _tell(self, ask: str) -> Callable[[int, int], None]:
        """Return what is told how much of an answer is done, for the page that asks."""

        def told(done: int, all_of: int) -> None:
            with self._lock:
                self._reached[ask] = (done, all_of)

        return told

    def _told(self, ask: str) -> None:
        """Forget how far a page's answer was."""
        with self._lock:
            self._reached.pop(ask, None)

    def reached(self, ask: str) -> tuple[int, int] | None:
        """Return how much of a page's own answer is done, and of how much; None: it waits for another's."""
        with self._lock:
            return self._reached.get(ask)

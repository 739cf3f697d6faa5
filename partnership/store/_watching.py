"""One thread that stops whatever runs too long: a timer of its own for each question cost more than asking.

The thread sleeps until the earliest end it knows of. A question that ends in time leaves it asleep, so it
wakes at most once in the time that questions are given, however many are asked.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

__all__ = ["stopped_after"]


class _Stoppable(Protocol):
    def interrupt(self) -> None: ...


class _Watch:
    """What is running, until when it may, and the thread that looks."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running: dict[int, tuple[float, _Stoppable]] = {}
        self._last = 0
        self._wakes_at = float("inf")
        self._thread: threading.Thread | None = None

    def add(self, what: _Stoppable, seconds: float) -> int:
        """Stop something after some seconds, unless it is taken out before."""
        ends = time.monotonic() + seconds
        with self._changed:
            self._last += 1
            self._running[self._last] = (ends, what)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._look, name="store-watch", daemon=True)
                self._thread.start()
            elif ends < self._wakes_at:
                self._changed.notify()
            return self._last

    def remove(self, number: int) -> None:
        """Let something be: it is not stopped once this has returned."""
        with self._changed:
            self._running.pop(number, None)

    def end(self) -> None:
        """Let the thread go, before the libraries whose objects it has seen go."""
        with self._changed:
            thread, self._thread = self._thread, None
            self._changed.notify()
        if thread is not None:
            thread.join(1)

    def _look(self) -> None:
        with self._changed:
            while self._thread is threading.current_thread():
                now = time.monotonic()
                self._stop_until(now)
                self._wakes_at = min((ends for ends, _ in self._running.values()), default=float("inf"))
                self._changed.wait(None if self._wakes_at == float("inf") else self._wakes_at - now)

    def _stop_until(self, now: float) -> None:
        for number in [n for n, (ends, _) in self._running.items() if ends <= now]:
            self._running.pop(number)[1].interrupt()


_watch = _Watch()


def _begin_anew() -> None:
    """Forget the thread and what it watched: a forked process has neither."""
    global _watch  # noqa: PLW0603 - the one watch of this process
    _watch = _Watch()


@atexit.register
def _end() -> None:
    _watch.end()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


@contextmanager
def stopped_after(seconds: float, what: _Stoppable) -> Iterator[None]:
    """Interrupt something that runs in this ``with`` for longer than some seconds; not after its end.

    Examples
    --------
    >>> from threading import Event
    >>> class Question(Event):
    ...     interrupt = Event.set
    >>> long, short = Question(), Question()
    >>> with stopped_after(600, short), stopped_after(0.001, long):
    ...     long.wait(60), short.is_set()
    (True, False)
    """
    watch = _watch
    number = watch.add(what, seconds)
    try:
        yield
    finally:
        watch.remove(number)

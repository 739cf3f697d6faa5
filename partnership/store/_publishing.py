"""The snapshot for reading commands, kept up to date behind the back of whoever writes.

A change is safe in the store when it is acknowledged; the snapshot is only a copy for other processes to read
while this one holds the file. So nobody waits for it: one thread writes it soon after the last change, many
changes at once, and never an older state over a newer one. What a process that dies had not published yet
is published by the next one that starts.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from partnership.store._engine import Engine

__all__ = ["Publisher", "Publishing"]

logger = logging.getLogger(__name__)

_TOGETHER_SECONDS = 0.2
"""Changes that come within this time are published together."""
_REST = 3.0
"""After a snapshot the thread rests this many times as long as it took: a quarter of a core at most."""
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a snapshot that failed is tried again: twice as long each time, up to a limit."""


class Publisher:
    """One thread that publishes what is new.

    Parameters
    ----------
    publish : Callable
        Writes the snapshot of what stands now. It is never called twice at a time.
    together : float
        Seconds to wait for more changes.
    """

    def __init__(self, publish: Callable[[], object], together: float) -> None:
        self._publish, self._together = publish, together
        self._told = self._published = 0
        self._stopping = False
        self._news = threading.Condition()
        self._at_work = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="snapshot publisher", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def changed(self) -> None:
        """Say that the store has changed; returns at once."""
        with self._news:
            self._told += 1
            self._news.notify_all()

    def flush(self) -> bool:
        """Publish now what is not published yet; False: it could not be, and the log says why."""
        with self._at_work:
            with self._news:
                told = self._told
                if told == self._published:
                    return True
            try:
                self._publish()  # begins after every change counted in `told` was committed
            except Exception:  # whatever it was: the thread lives to try again, and the store has the change
                logger.exception("The snapshot for reading commands could not be written")
                return False
            with self._news:
                self._published = told
            return True

    def stop(self) -> None:
        """Stop listening, and publish what is left; what cannot be written is a line in the log."""
        with self._news:
            self._stopping = True
            self._news.notify_all()
        self._thread.join()
        self.flush()

    def _run(self) -> None:
        rest, pause = 0.0, _FIRST_PAUSE
        while self._waits(rest):
            begun = time.monotonic()
            if self.flush():
                rest, pause = _REST * (time.monotonic() - begun), _FIRST_PAUSE
            else:
                rest, pause = pause, min(2 * pause, _LONGEST_PAUSE)

    def _waits(self, rest: float) -> bool:
        """Wait until there is something to publish and it is time to; False: it is over."""
        earliest = time.monotonic() + rest
        with self._news:
            self._news.wait_for(lambda: self._stopping or self._told > self._published)
            wait = max(self._together, earliest - time.monotonic())
            return not self._news.wait_for(lambda: self._stopping, timeout=wait)


class Publishing:
    """The part of a store that writes its snapshot: when asked, or in the background."""

    _engine: Engine
    _publisher: Publisher | None = None

    def _write_snapshot(self) -> Path:
        raise NotImplementedError

    def publish_snapshot(self) -> Path:
        """Write the copy that reading commands use while this process holds the file, and return its path."""
        with self._engine.publishing:
            return self._write_snapshot()

    @contextmanager
    def keep_published(self) -> Iterator[None]:
        """Write that copy now, then soon after every change, in the background, until the ``with`` ends.

        The last state is published at the end. A change that is acknowledged is safe in the store whether or
        not it is published yet.
        """
        publisher = Publisher(self.publish_snapshot, _TOGETHER_SECONDS)
        with self._engine.telling(publisher.changed):
            self.publish_snapshot()
            publisher.start()
            self._publisher = publisher
            try:
                yield
            finally:
                self._stop_publishing()

    def _stop_publishing(self) -> None:
        publisher, self._publisher = self._publisher, None
        if publisher is not None:
            publisher.stop()

    def _flush_snapshot(self) -> None:
        if self._publisher is not None:
            self._publisher.flush()

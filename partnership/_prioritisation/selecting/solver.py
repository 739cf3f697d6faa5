"""A handle on the solver's process: requests with a wall-clock limit that is kept, and that can be called off.

The process is started with this interpreter and a file of this package, never by forking and never by running the
caller's script again, so it works in a notebook, in a server's thread and on every system. Loading its
libraries takes longer than most answers, so a process that is done waits for the next request. It ends by
itself when its standard input closes, so none is left behind.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from partnership._prioritisation.selecting.formulation import Programme
from partnership.errors import InvalidInput

__all__ = ["Answer", "Cancelled", "Solver"]

_GRACE = 2.0
"""Seconds that the solver may run over before its process is ended."""
_LOOK_EVERY = 0.05
_STARTING = 60.0
"""Seconds that a new process may take to load its libraries; they do not count as solving."""


_MOST_WAITING = 2

_waiting: list[_Process] = []
_waiting_lock = threading.Lock()


class Cancelled(Exception):  # noqa: N818 - not an error: somebody asked to stop
    """The calculation was called off."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the solver said.

    Parameters
    ----------
    status : str
        "optimal" (of what was asked), "stopped" at the limit, "infeasible", "killed" (it did not keep its
        limit and was ended), or "failed".
    ones : frozenset[int] or None
        Variables that are 1 in the best solution found; None: none was found.
    value, bound : float or None
        Worth of that solution; what no solution can exceed.
    nodes : int
        Nodes of the search tree.
    seconds : float
        Wall-clock seconds.
    """

    status: Literal["optimal", "stopped", "infeasible", "killed", "failed"]
    ones: frozenset[int] | None = None
    value: float | None = None
    bound: float | None = None
    nodes: int = 0
    seconds: float = 0.0


class _Process:
    """A running child, and a thread that reads what it says."""

    def __init__(self) -> None:
        self.child = subprocess.Popen(  # noqa: S603 - this interpreter and a file of this package
            [sys.executable, "-P", str(Path(__file__).with_name("child.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        self.said: queue.Queue[str | None] = queue.Queue()
        self.is_new = True
        self.asked = 0
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def lives(self) -> bool:
        return self.child.poll() is None

    def _read(self) -> None:
        """Pass on each line, and None when it has ended."""
        if self.child.stdout is not None:
            with contextlib.suppress(ValueError, OSError):
                for line in self.child.stdout:
                    self.said.put(line)
        self.said.put(None)

    def send(self, request: Mapping[str, Any]) -> None:
        if self.child.stdin is not None:
            with contextlib.suppress(OSError, ValueError):
                self.child.stdin.write(json.dumps(request) + "\n")
                self.child.stdin.flush()

    def end(self) -> None:
        self.child.kill()
        self.child.wait()
        for channel in (self.child.stdin, self.child.stdout):
            if channel is not None:
                with contextlib.suppress(OSError, ValueError):
                    channel.close()


def _borrow() -> _Process:
    with _waiting_lock:
        while _waiting:
            process = _waiting.pop()
            if process.lives:
                return process
    return _Process()


def _give_back(process: _Process) -> None:
    with _waiting_lock:
        if process.lives and len(_waiting) < _MOST_WAITING:
            _waiting.append(process)
            return
    process.end()


@atexit.register
def end_waiting() -> None:
    """End the processes that wait for a request."""
    with _waiting_lock:
        ended, _waiting[:] = list(_waiting), []
    for process in ended:
        process.end()


class Solver:
    """One process of the solver, begun when it is first needed.

    Use as a context manager, or call :meth:`close`.

    Parameters
    ----------
    cancel : threading.Event, optional
        When set, what runs is ended and :class:`Cancelled` raised.
    """

    def __init__(self, cancel: threading.Event | None = None) -> None:
        self._cancel = cancel or threading.Event()
        self._process: _Process | None = None
        self._programme: dict[str, Any] | None = None

    def __enter__(self) -> Solver:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def load(self, programme: Programme) -> None:
        """Give the process the programme that the next requests are about."""
        self._programme = programme.as_request()
        if self._process is not None:
            self._process.send({"load": self._programme})
        else:
            self._ready()

    def _ready(self) -> _Process:
        if self._process is None or not self._process.lives:
            if self._process is not None:
                self._process.end()
            self._process = _borrow()
            if self._programme is not None:
                self._process.send({"load": self._programme})
        return self._process

    def solve(
        self,
        limit: float,
        *,
        ones: Sequence[int] = (),
        noughts: Sequence[int] = (),
        rows: Sequence[Mapping[str, Any]] = (),
        at_least: float | None = None,
        relaxed: bool = False,
        feasible_only: bool = False,
    ) -> Answer:
        """Ask for the best solution, and return what was found when the limit is over.

        Parameters
        ----------
        limit : float
            Wall-clock seconds.
        ones, noughts : Sequence[int]
            Variables that are fixed.
        rows : Sequence of Mapping
            More rows: columns, data, low, high.
        at_least : float, optional
            Worth below which a solution does not interest.
        relaxed : bool
            Let variables lie between 0 and 1: gives a bound only.
        feasible_only : bool
            Look for any solution, whatever it is worth.

        Raises
        ------
        Cancelled
            If the event was set.
        InvalidInput
            If the limit is not more than nought.
        """
        if not limit > 0:
            msg = f"The solver was given {limit} seconds. Give it more than nought."
            raise InvalidInput(msg)
        self._stop_if_cancelled()
        process = self._ready()
        process.asked += 1
        request = {
            "id": process.asked, "limit": limit, "ones": list(map(int, ones)), "noughts": list(map(int, noughts)),
            "rows": [dict(r) for r in rows], "at_least": at_least, "relaxed": relaxed, "feasible_only": feasible_only,
        }  # fmt: skip
        begun = time.perf_counter()
        process.send(request)
        said = self._wait(process, limit + _GRACE + (_STARTING if process.is_new else 0.0))
        seconds = time.perf_counter() - begun
        if said is None:
            self._end()
            return Answer("killed", seconds=seconds)
        process.is_new = False
        ones_found = frozenset(said["ones"]) if "ones" in said else None
        return Answer(
            said["status"], ones_found, said.get("value"), said.get("bound"), said.get("nodes", 0), seconds
        )

    def _wait(self, process: _Process, limit: float) -> dict[str, Any] | None:
        until = time.perf_counter() + limit
        while True:
            self._stop_if_cancelled()
            left = until - time.perf_counter()
            if left <= 0:
                return None
            try:
                line = process.said.get(timeout=min(_LOOK_EVERY, left))
            except queue.Empty:
                continue
            if line is None:
                return None
            said: dict[str, Any] = json.loads(line)
            if said.get("id") == process.asked:
                return said

    def _stop_if_cancelled(self) -> None:
        if self._cancel.is_set():
            self._end()
            raise Cancelled

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.end()

    def close(self) -> None:
        """Let the process go: it waits for another request, or ends."""
        process, self._process = self._process, None
        if process is not None:
            _give_back(process)

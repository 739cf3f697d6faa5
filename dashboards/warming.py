"""Making pages before somebody asks: after the start, and again after each change, while nobody waits.

First the pages as they open, then what readers asked for last; after the start, when nobody has asked yet,
each page for each partner and each goal. What is made is kept as the answers of readers are (``answers.py``),
under their limits. Between two addresses it waits until no reader waits, and a change begins anew.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from dashboards import answers, libraries
from dashboards.keeping import GivenUp
from dashboards.pages import HOME, PAGES
from dashboards.shell import shows_store_only
from dashboards.urls import State, query_of

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.answers import Answers
    from dashboards.data import Data

__all__ = ["addresses", "warming"]

logger = logging.getLogger(__name__)

_AT_START, _AFTER_A_CHANGE = 128, 40
_LOOK = 1.0
"""Seconds between two looks at the log."""
_SETTLED = 2.0
"""Seconds without a further change before pages are made again."""
_LAST = 30.0

Address = tuple[str, str]


def addresses(data: Data, lately: Sequence[Address], *, at_start: bool) -> list[Address]:
    """Return the addresses to make, the most wanted first.

    Parameters
    ----------
    data : Data
        The pages' door to the store.
    lately : Sequence
        Path and search of what readers asked for, the latest first.
    at_start : bool
        True: nobody has asked yet, so each partner and each goal.
    """
    paths = [HOME, *(p for p in PAGES if p != HOME and shows_store_only(p))]
    found: list[Address] = [("/", ""), *((p, "") for p in paths), *lately]
    if at_start:
        known = data.known()
        picked = [State(agency_id=i) for i in known.agencies if i not in known.outside]
        picked += [State(goal_id=i) for i in known.goals]
        found += [(p, f"?{query_of(s)}") for s in picked for p in paths if _narrows(p, s)]
    return list(dict.fromkeys(found))[: _AT_START if at_start else _AFTER_A_CHANGE]


def _narrows(path: str, state: State) -> bool:
    return ("agency" if state.agency_id else "goal") in PAGES[path].FILTERS


@contextmanager
def warming(app: Dash, data: Data, kept: Answers) -> Iterator[None]:
    """Make pages in the background until the end of the ``with``, which waits for the one being made."""
    stop = threading.Event()
    thread = threading.Thread(target=_warm, args=(app, data, kept, stop), name="warming", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_LAST)


def _warm(app: Dash, data: Data, kept: Answers, stop: threading.Event) -> None:
    made: tuple[object, ...] | None = None
    while not stop.is_set():
        try:
            now = _state(data)
            if now != made and (made is None or _has_settled(data, now, stop)):
                _make(app, data, kept, stop, at_start=made is None)
                made = now
        except Exception:
            logger.exception("Pages could not be made beforehand; each is made when it is asked for")
        stop.wait(_LOOK)


def _state(data: Data) -> tuple[object, ...]:
    return (data.store.last_seq, data.today())


def _has_settled(data: Data, now: tuple[object, ...], stop: threading.Event) -> bool:
    return not stop.wait(_SETTLED) and _state(data) == now


def _make(app: Dash, data: Data, kept: Answers, stop: threading.Event, *, at_start: bool) -> None:
    now = _state(data)
    for path, search in addresses(data, kept.lately(), at_start=at_start):
        while not kept.quiet(_LOOK):
            if stop.is_set():
                return
        if stop.is_set() or _state(data) != now:
            return
        with data.wanted_until(stop), suppress(GivenUp):
            answers.ask(app, path, search)
        if at_start:
            libraries.load(n for p in PAGES.values() for n in getattr(p, "LIBRARIES", ()))

"""Board packs that were made: a second click for the same state of the store gets the same file at once."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State

__all__ = ["Packs"]

_KEPT = 4
"""Packs kept at once: a page of figures is some megabytes."""


class Packs:
    """Makes packs for the pages, one at a time, and keeps the last ones by what they show.

    A change of the store, another day or another filter is another pack; nothing is kept by time.
    """

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[object, ...], tuple[bytes, dt.date]] = OrderedDict()
        self._lock = threading.Lock()

    def file(self, data: Data, state: State, kind: str) -> tuple[bytes, dt.date]:
        """Return a pack as a file, and the day that it is known on.

        Parameters
        ----------
        data : Data
            The pages' door.
        state : State
            What it is narrowed to.
        kind : str
            "html" or "xlsx".

        Raises
        ------
        InvalidInput
            If nothing is stored that a pack could be made of.
        """
        from partnership.reports import board_pack, pack_page, pack_workbook

        key = (kind, state.agency_id, state.goal_id, state.as_of, data.today(), data.version())
        with self._lock:  # a pack is seconds of work: who asks for the same one meanwhile waits for it
            if key not in self._made:
                pack = board_pack(
                    data.store,
                    as_of=state.as_of,
                    today=data.today(),
                    agency=state.agency_id,
                    goal=state.goal_id,
                )
                body = pack_workbook(pack) if kind == "xlsx" else pack_page(pack).encode("utf-8")
                self._made[key] = (body, pack.known_on)
                while len(self._made) > _KEPT:
                    self._made.popitem(last=False)
            self._made.move_to_end(key)
            return self._made[key]

"""Phased plans for the page: each question is worked out once; who asks the same waits for it.

The search runs in a process of its own, so a page that asks for a plan holds up no other page. What was
worked out is kept by the store's version, the day and the settings: a changed store is another question.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from partnership._workflows.phasing import Choices, Gain, Phased, PhasingSettings
    from partnership._workflows.phasing_decision import Compared, SavedPlan
    from partnership.store import Store

__all__ = ["SECONDS", "PhasingWork"]

T = TypeVar("T")
SECONDS = 5.0
"""Wall-clock seconds that a page gives the search."""
_KEPT = 64
_MORE_SECONDS, _FIRM_SECONDS = 20.0, 15.0


class PhasingWork:
    """Works out phased plans for pages, each once.

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
        self._lock = threading.Lock()

    def _once(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        full = (*key, self._today(), self._store.last_seq)
        with self._lock:
            door = self._doors.setdefault(full, threading.Lock())
        with door:
            with self._lock:
                if full in self._kept:
                    self._kept.move_to_end(full)
                    return cast("T", self._kept[full])
            made = make()
            with self._lock:
                self._kept[full] = made
                while len(self._kept) > _KEPT:
                    old, _ = self._kept.popitem(last=False)
                    self._doors.pop(old, None)
            return made

    def plan(self, as_of: dt.date | None, settings: PhasingSettings) -> Phased:
        """Return the phased plan as known on a day."""

        def make() -> Phased:
            from partnership._workflows.phasing import phased

            records: Any = self._store.plan(as_of=as_of)
            return phased(records, settings, today=as_of or self._today())

        return self._once(("plan", as_of, settings.as_text()), make)

    def firmness(self, as_of: dt.date | None, settings: PhasingSettings) -> Choices:
        """Return how firm each choice of that plan is."""

        def make() -> Choices:
            from partnership._workflows.phasing import firmness

            return firmness(self.plan(as_of, settings), limit=_FIRM_SECONDS)

        return self._once(("firm", as_of, settings.as_text()), make)

    def more(self, as_of: dt.date | None, settings: PhasingSettings) -> tuple[Gain, ...]:
        """Return what one, two, three more days a quarter from each agency would buy."""

        def make() -> tuple[Gain, ...]:
            from partnership._workflows.phasing import more_days

            return more_days(self.plan(as_of, settings), limit=_MORE_SECONDS)

        return self._once(("more", as_of, settings.as_text()), make)

    def decided(self, as_of: dt.date | None) -> tuple[SavedPlan, ...]:
        """Return the plans that were decided, latest first."""

        def make() -> tuple[SavedPlan, ...]:
            from partnership._workflows.phasing_decision import saved_plans

            records: Any = self._store.plan(as_of=as_of)
            return saved_plans(records)

        return self._once(("decided", as_of), make)

    def compared(self, as_of: dt.date | None, settings: PhasingSettings, decision_id: str) -> Compared:
        """Return what moved since a decided plan, and why."""

        def make() -> Compared:
            from partnership._workflows.phasing_decision import compare_with

            now = self.plan(as_of, settings)
            return compare_with(self._store, decision_id, now, today=as_of or self._today())

        return self._once(("compared", as_of, settings.as_text(), decision_id), make)

"""What pages know of promises and memory beside the views; :mod:`dashboards.data` keeps the answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dashboards.urls import State
    from partnership._workflows.handing_over import Pack
    from partnership._workflows.promising import Promised
    from partnership._workflows.remembering import Remembered
    from partnership.commitments import Kept, Match
    from partnership.store import Store

__all__ = ["Memory"]


class Memory:
    """Asks the workflows of promises and memory on behalf of pages.

    Parameters
    ----------
    store : Store
        An open store.
    today : Callable
        Gives the day it is.
    keep : Callable
        Keeps an answer by its question until the store changes.
    """

    def __init__(
        self,
        store: Store,
        today: Callable[[], dt.date],
        keep: Callable[[tuple[Any, ...], Callable[[], Any]], Any],
    ) -> None:
        self._store, self._today, self._keep = store, today, keep

    def promised(self, state: State) -> Promised:
        """Return how promises stand, how long they take, what they hold up, what was shared in vain."""
        from partnership._workflows.promising import promised

        asked: dict[str, Any] = {"agency_id": state.agency_id, "goal_id": state.goal_id}
        found: Promised = self._keep(
            ("promised", state.as_of, *asked.values()),
            lambda: promised(self._store, as_of=state.as_of, today=self._on(state), **asked),
        )
        return found

    def promised_on(self, state: State, on: dt.date) -> Kept:
        """Return how many promises were kept on an earlier day, by what is known now."""
        from partnership._workflows.promising import kept_on

        asked = {"agency_id": state.agency_id, "goal_id": state.goal_id}
        found: Kept = self._keep(
            ("promised_on", state.as_of, on, *asked.values()),
            lambda: kept_on(self._store, on, as_of=state.as_of, **asked),
        )
        return found

    def remembered(self, state: State) -> Remembered:
        """Return decisions, roles, what hangs on one person, and what changed lately."""
        from partnership._workflows.remembering import remembered

        asked = {"agency_id": state.agency_id, "goal_id": state.goal_id}
        found: Remembered = self._keep(
            ("remembered", state.as_of, *asked.values()),
            lambda: remembered(self._store, as_of=state.as_of, today=self._on(state), **asked),
        )
        return found

    def search(self, state: State, query: str) -> tuple[Match, ...]:
        """Return what was written with these words in it; refuses what looks like personal data."""
        from partnership._workflows.remembering import search_memory

        return search_memory(self._store, query, as_of=state.as_of, today=self._on(state))

    def handover(self, state: State, role: str) -> Pack:
        """Return the pack of a role."""
        from partnership._workflows.handing_over import hand_over

        found: Pack = self._keep(
            ("handover", state.as_of, role),
            lambda: hand_over(self._store, role, as_of=state.as_of, today=self._on(state)),
        )
        return found

    def _on(self, state: State) -> dt.date:
        return state.as_of or self._today()

"""Phased plans for the page: each question is worked out once; who asks the same waits for it, or stops it.

The search runs in a process of its own, so a page that asks for a plan holds up no other page. What was
solved is kept by the problem itself: a change of the store that asks nothing else is answered at once.
A search that a page stops ends its process; what it had found is that page's answer and nobody else's.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import threading
from typing import TYPE_CHECKING, Any

from dashboards.working import Working
from partnership.errors import InvalidInput

if TYPE_CHECKING:
    from partnership._workflows.phasing import Choices, Gain, Phased, PhasingSettings
    from partnership._workflows.phasing_decision import Compared, SavedPlan
    from partnership.commitments import Decision
    from partnership.store import Actor

__all__ = ["FIRM_SECONDS", "MORE_SECONDS", "SECONDS", "PhasingWork", "fingerprint"]

SECONDS = 5.0
"""Wall-clock seconds that a page gives the search."""
MORE_SECONDS, FIRM_SECONDS = 20.0, 15.0
"""What it gives the questions that come after the plan."""


def fingerprint(done: Phased) -> str:
    """Return a short name of a plan: the same items in the same quarters have the same."""
    starts = json.dumps(sorted(done.outcome.starts.items()))
    return hashlib.sha256(starts.encode()).hexdigest()[:16]


class PhasingWork(Working):
    """Works out phased plans for pages, each once."""

    # ---- the questions ----
    def plan(self, as_of: dt.date | None, settings: PhasingSettings, ask: str = "") -> Phased:
        """Return the phased plan as known on a day; ``ask`` names the page that waits for it."""
        return self.plan_at(as_of, settings, ask)[1]

    def plan_at(self, as_of: dt.date | None, settings: PhasingSettings, ask: str = "") -> tuple[int, Phased]:
        """Return the last change of the store that a plan was made from, and the plan."""
        from partnership._workflows.phasing import phased, solved
        from partnership._workflows.phasing_decision import digest_of

        seq = self._store.last_seq  # looked at first: a change after this makes the plan an old one
        key = ("plan", as_of, settings.as_text(), self._today(), seq)
        for kept in (key, (*key, ask)):
            if (done := self._found(kept)) is not None:
                return seq, done
        records: Any = self._store.plan(as_of=as_of)

        def solve(problem: Any) -> Any:
            content = ("solved", digest_of(problem), settings.limit)
            return self._once(content, ask, lambda stop: solved(problem, settings.limit, cancel=stop))

        done = phased(records, settings, today=as_of or self._today(), solve=solve)
        self._keep((*key, ask) if done.outcome.stopped == "called off" else key, done)
        return seq, done

    def firmness(self, as_of: dt.date | None, settings: PhasingSettings, ask: str = "") -> Choices:
        """Return how firm each choice of that plan is."""
        from partnership._workflows.phasing import firmness
        from partnership._workflows.phasing_decision import digest_of

        done = self.plan(as_of, settings, ask)
        key = ("firm", digest_of(done.asked.problem), fingerprint(done))
        return self._once(key, ask, lambda stop: firmness(done, limit=FIRM_SECONDS, cancel=stop))

    def more(self, as_of: dt.date | None, settings: PhasingSettings, ask: str = "") -> tuple[Gain, ...]:
        """Return what one, two, three more days a quarter from each agency would buy."""
        from partnership._workflows.phasing import more_days
        from partnership._workflows.phasing_decision import digest_of

        done = self.plan(as_of, settings, ask)
        key = ("more", digest_of(done.asked.problem), fingerprint(done))
        return self._once(key, ask, lambda stop: more_days(done, limit=MORE_SECONDS, cancel=stop))

    # ---- plans that were decided ----
    def decided(self, as_of: dt.date | None) -> tuple[SavedPlan, ...]:
        """Return the plans that were decided, latest first."""
        from partnership._workflows.phasing_decision import saved_plans

        def make(_: threading.Event) -> tuple[SavedPlan, ...]:
            records: Any = self._store.plan(as_of=as_of)
            return saved_plans(records)

        return self._once(self._as_stored("decided", as_of), "", make)

    def compared(
        self, as_of: dt.date | None, settings: PhasingSettings, decision_id: str, ask: str = ""
    ) -> Compared:
        """Return what moved since a decided plan, and why."""
        from partnership._workflows.phasing_decision import compare_with

        now = self.plan(as_of, settings, ask)
        key = self._as_stored("compared", as_of, settings.as_text(), decision_id, fingerprint(now))
        day = as_of or self._today()
        return self._once(key, ask, lambda _: compare_with(self._store, decision_id, now, today=day))

    def decision(self, settings: PhasingSettings, seen: Any, who: Actor, why: str, ask: str = "") -> Decision:
        """Return the decision that keeps the plan that a page showed.

        Parameters
        ----------
        settings : PhasingSettings
            What the plan was asked for.
        seen : Mapping
            ``{"seq": last change it was made from, "plan": its fingerprint}``, as the page kept them.
        who, why : Actor, str
            Who decides this, as declared, and why.
        ask : str
            The page.

        Raises
        ------
        InvalidInput
            If the records changed since, or the plan is not the one that was shown.
        """
        from partnership._workflows.phasing_decision import decision_of

        seq, shown = (seen.get("seq"), seen.get("plan")) if isinstance(seen, dict) else (None, None)
        if isinstance(seq, bool) or not isinstance(seq, int) or not isinstance(shown, str):
            msg = "Nothing was stored: the plan did not come through whole. Load the page again."
            raise InvalidInput(msg)
        now, done = self.plan_at(None, settings, ask)
        if now == seq and fingerprint(done) != shown:
            msg = (
                "Nothing was stored: the search now finds another plan than the one shown. "
                "Load the page again, look at it, then keep it."
            )
            raise InvalidInput(msg)
        return decision_of(self._store, done, who, why, known_on=self._today(), seq=seq)

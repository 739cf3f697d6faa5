"""What the prioritisation page asks and does: places and disagreement, one scorer's own scores, rounds.

Scores of a round that is not revealed are asked for by the role that gives them, and by nobody else. There is
no login yet: who says that they are that role is believed, and their word is kept with the change.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboards import saving
from dashboards.saving import Saved
from partnership._workflows.board_moves import OwnScore
from partnership._workflows.scoring import GivenScore, save_scores
from partnership._workflows.scoring_rounds import Progress, close_round, open_round, progress, reveal_round
from partnership.store import Actor

if TYPE_CHECKING:
    from partnership._workflows.prioritising import Prioritised
    from partnership.store import Store

__all__ = ["Scorer", "ScoringWork", "Step"]

_TABLES = ("scoring_rounds", "scores", "criteria", "work_items", "agencies")
_KEPT = 32

Own = Mapping[tuple[str, str], OwnScore]


@dataclass(frozen=True, slots=True)
class Scorer:
    """A role that scores for an agency, as somebody declares to be."""

    role_id: str
    role: str
    agency_id: str
    agency: str

    @property
    def actor(self) -> Actor:
        """Who a change is stored for."""
        return Actor(self.role, "declared")


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a scorer's own scores: its number, who, when, and each row before and after."""

    seq: int
    actor: str
    recorded_at: dt.datetime
    reason: str
    rows: tuple[tuple[str, str, OwnScore, OwnScore], ...]
    is_latest: bool


class ScoringWork:
    """The page's way to prioritisation, own scores and rounds.

    Parameters
    ----------
    store : Store
        An open store.
    today : Callable
        Gives the day it is.
    keep : Callable
        Keeps an answer by its question, until the store changes.
    """

    def __init__(
        self,
        store: Store,
        today: Callable[[], dt.date],
        keep: Callable[[tuple[Any, ...], Callable[[], Any]], Any],
    ) -> None:
        self._store, self._today, self._keep = store, today, keep
        self._done: OrderedDict[tuple[Any, ...], Prioritised] = OrderedDict()
        self._lock = threading.Lock()

    def prioritised(
        self,
        as_of: dt.date | None,
        *,
        round_id: str | None = None,
        weights: Mapping[str, float] | None = None,
        kept: str = "order",
    ) -> Prioritised:
        """Return the prioritisation of a revealed round, as known on a day.

        Kept by what it is made of: a score of a sealed round is not in it, so saving one works
        nothing out anew.
        """
        from partnership._workflows.prioritising import prioritised

        def read() -> tuple[Any, int]:
            records: Any = self._store.plan(as_of=as_of)
            return records, hash(tuple(records[t] for t in _TABLES))

        plan, content = self._keep(("scored plan", as_of), read)
        day = as_of or self._today()
        key = (content, day, round_id, tuple(sorted((weights or {}).items())), kept)
        with self._lock:
            if key in self._done:
                self._done.move_to_end(key)
                return self._done[key]
        made = prioritised(plan, round_id, weights=weights, kept=kept, today=day)
        with self._lock:
            self._done[key] = made
            while len(self._done) > _KEPT:
                self._done.popitem(last=False)
        return made

    def scorers(self, agencies: Mapping[str, str]) -> dict[str, Scorer]:
        """Return the roles held today in partner agencies: those that score first, then by agency."""

        def make() -> dict[str, Scorer]:
            plan: Any = self._store.plan()
            day = self._today()
            held = [
                Scorer(r.id, r.role, r.agency_id, agencies[r.agency_id])
                for r in plan["role_holders"]
                if r.agency_id in agencies and (r.ended_on is None or r.ended_on >= day)
            ]
            before = {s.scorer_role_id for s in plan["scores"]}
            held.sort(key=lambda s: (s.role_id not in before, s.agency, s.role))
            return {s.role_id: s for s in held}

        return self._keep(("scorers", tuple(agencies.items())), make)  # type: ignore[no-any-return]

    def progress(self, round_id: str) -> tuple[Progress, ...]:
        """Return how many rows each partner has answered; nothing of what they said."""
        return self._keep(("progress", round_id), lambda: progress(self._store, round_id))  # type: ignore[no-any-return]

    def agency_of_role(self, role_id: str) -> str | None:
        """Return the agency of a role; None where there is no such role."""

        def make() -> dict[str, str]:
            plan: Any = self._store.plan()
            return {r.id: r.agency_id for r in plan["role_holders"]}

        found: dict[str, str] = self._keep(("agencies of roles",), make)
        return found.get(role_id)

    def sealed_changes(self) -> Mapping[int, str]:
        """Return each change that holds scores of a sealed round, and the agency whose scores they are."""

        def make() -> dict[int, str]:
            sealed, found = set(self._store.sealed_rounds()), {}
            for agency in self._store.table("agencies")["id"].to_list() if sealed else ():
                rows = self._store.own_score_history(agency)
                kept = rows.filter(rows["round_id"].is_in(list(sealed)))
                found.update(dict.fromkeys(kept["change_seq"].to_list(), str(agency)))
            return found

        return self._keep(("sealed changes",), make)  # type: ignore[no-any-return]

    # ---- one scorer's own ----
    def own(self, scorer: Scorer, round_id: str) -> Own:
        """Return a scorer's own scores of a round, by item and criterion."""
        rows = self._store.own_scores(scorer.agency_id)
        return {
            (r["item_id"], r["criterion_id"]): _own(r)
            for r in rows.iter_rows(named=True)
            if r["round_id"] == round_id and r["scorer_role_id"] == scorer.role_id
        }

    def steps(self, scorer: Scorer, round_id: str) -> tuple[Step, ...]:
        """Return a scorer's changes in a round, latest first, each with what stood before."""
        rows = self._store.own_score_history(scorer.agency_id)
        before: dict[str, OwnScore] = {}
        latest: dict[str, int] = {}
        by_change: dict[int, list[Any]] = {}
        for row in rows.sort("change_seq", "row_key").iter_rows(named=True):
            if row["round_id"] != round_id or row["scorer_role_id"] != scorer.role_id:
                continue
            key, now = row["row_key"], _own(row)
            by_change.setdefault(row["change_seq"], []).append((row, before.get(key, OwnScore()), now))
            before[key], latest[key] = now, row["change_seq"]
        out = []
        for seq, found in sorted(by_change.items(), reverse=True):
            row = found[0][0]
            pairs = tuple((r["item_id"], r["criterion_id"], was, now) for r, was, now in found)
            still = all(latest[r["row_key"]] == seq for r, _, _ in found)
            out.append(Step(seq, row["actor"], row["recorded_at"], row["change_reason"], pairs, still))
        return tuple(out)

    def save(
        self, scorer: Scorer, round_id: str, given: Sequence[GivenScore], why: object, once: str | None = None
    ) -> Saved:
        """Store a scorer's own scores: all or none; both values of a stale save."""
        reason = saving.reason_of(why)
        if not reason:
            return Saved("Say first why: a few words, for those who look back.")
        if not given:
            return Saved("Nothing to store: every value stands there already.")
        return saving.told(
            self._store,
            "scores",
            lambda: save_scores(
                self._store,
                scorer.agency_id,
                round_id,
                given,
                scorer.actor,
                reason,
                role_id=scorer.role_id,
                idempotency_key=once,
                today=self._today(),
            ),
            "Saved",
        )

    def take_back(self, scorer: Scorer, round_id: str, seq: int) -> Saved:
        """Put the scores of one change back to what they were before it; the history keeps both."""
        found = next((s for s in self.steps(scorer, round_id) if s.seq == seq), None)
        if found is None:
            return Saved(f"There is no change {seq} of these scores to take back.")
        given = [
            GivenScore(
                item, criterion, was.score, abstained=was.abstained, confidence=was.confidence, note=was.note,
                version=now.version,
            )
            for item, criterion, was, now in found.rows
        ]  # fmt: skip
        return self.save(scorer, round_id, given, f"Takes back change {seq}")

    # ---- rounds ----
    def take_step(
        self, step: str, round_id: str, actor: Actor | None, why: object, rule: object = None
    ) -> Saved:
        """Open, close or reveal a round, with who and why."""
        reason = saving.reason_of(why)
        if actor is None:
            return Saved("Say first who does this.")
        if not reason:
            return Saved("Say first why: a few words, for those who look back.")
        day, store, who = self._today(), self._store, actor
        text = rule.strip() if isinstance(rule, str) and rule.strip() else None

        def do() -> Any:
            if step == "open":
                return open_round(store, round_id, who, reason, stopping_rule=text, today=day)
            turn = close_round if step == "close" else reveal_round
            return turn(store, round_id, who, reason, today=day)

        return saving.told(store, "scoring_rounds", do, "Done")


def _own(row: Mapping[str, Any]) -> OwnScore:
    return OwnScore(
        row["score"], bool(row["abstained"]), row["confidence"], row["note"], int(row["row_version"])
    )

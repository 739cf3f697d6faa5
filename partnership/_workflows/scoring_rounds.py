"""Rounds of scoring through the one writer: opened, closed, revealed; and what keeps them sealed.

The stopping rule is declared before the first round and stays. A round is sealed from the day it opens until
it is revealed, and cannot be sealed again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from partnership._prioritisation.rounds import RoundState, states_of
from partnership._workflows.checking import plan_guard
from partnership.errors import Finding, InvalidInput, UnknownName, shown
from partnership.periods import local_day
from partnership.plan import Batch
from partnership.prioritisation import ScoringRound
from partnership.store import Actor, Receipt, Store
from partnership.store.stopping_rules import broken_rules
from partnership.tables import frame, record_type

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "Progress",
    "agency_of",
    "blind_findings",
    "close_round",
    "day_of",
    "fault",
    "open_round",
    "progress",
    "reveal_round",
    "round_of",
]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an agency is in a round: rows scored or abstained from, of rows asked; never which."""

    agency_id: str
    name: str
    answered: int
    asked: int

    @property
    def done(self) -> bool:
        """True when every row is answered."""
        return self.answered >= self.asked > 0


def day_of(today: dt.date | None) -> dt.date:
    """Return the day that is meant: the present day where none is given."""
    return today or local_day(dt.datetime.now(dt.UTC))


def fault(code: str, place: str, found: str, do: str) -> Finding:
    """Return a finding that rejects."""
    return Finding(code=code, severity="error", place=place, found=found, do=do)


def agency_of(store: Store, asked: str) -> str:
    """Return the id of an agency that is named by id or code."""
    plan: Any = store.plan()
    for agency in plan["agencies"]:
        if asked in (agency.id, agency.code):
            return str(agency.id)
    kind = "agency"
    raise UnknownName(kind, asked, [a.id for a in plan["agencies"]])


def round_of(store: Store, round_id: str, *, today: dt.date | None = None) -> RoundState:
    """Return where a round stands.

    Raises
    ------
    UnknownName
        If there is no such round.
    """
    plan: Any = store.plan()
    states = states_of(plan["scoring_rounds"], day_of(today))
    for state in states:
        if state.id == round_id:
            return state
    kind = "round of scoring"
    raise UnknownName(kind, round_id, [s.id for s in states])


def open_round(
    store: Store,
    round_id: str,
    actor: Actor,
    reason: str,
    *,
    stopping_rule: str | None = None,
    today: dt.date | None = None,
) -> Receipt:
    """Open a round of scoring, blind.

    The first round declares the rule that ends the scoring; later rounds go by it and cannot change it.

    Raises
    ------
    InvalidInput
        If the first round has no stopping rule, a later one gives another, or a round is not revealed yet.
    """
    plan: Any = store.plan()
    day = day_of(today)
    states = states_of(plan["scoring_rounds"], day)
    if any(s.id == round_id for s in states):
        msg = f"There is a round {shown(round_id)} already. Give the new round another id."
        raise InvalidInput(msg)
    sealed = next((s for s in states if s.is_sealed), None)
    if sealed is not None:
        msg = f"{sealed.words}. Reveal it before the next round opens."
        raise InvalidInput(msg)
    rule = next((s.stopping_rule for s in states if s.stopping_rule), None)
    if not states and not (stopping_rule or "").strip():
        msg = "The first round declares the rule that ends the scoring. Give a stopping rule."
        raise InvalidInput(msg)
    if states and stopping_rule and stopping_rule.strip() != rule:
        msg = "The stopping rule was declared before the first round and stays as it is. Leave it out."
        raise InvalidInput(msg)
    if not plan["criteria"] or not plan["work_items"]:
        msg = "There is nothing to score yet. Write criteria with anchors, and work items, first."
        raise InvalidInput(msg)
    record = ScoringRound(id=round_id, opened_on=day, stopping_rule=stopping_rule if not states else None)
    return _put_round(store, record, actor, reason, version=0)


def close_round(
    store: Store, round_id: str, actor: Actor, reason: str, *, today: dt.date | None = None
) -> Receipt:
    """Close a round: nobody scores any more, and scores stay sealed until it is revealed.

    Raises
    ------
    InvalidInput
        If it is not open.
    """
    state = round_of(store, round_id, today=today)
    if not state.takes_scores:
        msg = f"{state.words}, so it cannot be closed."
        raise InvalidInput(msg)
    record, version = _stored_round(store, round_id)
    changed = record.model_copy(update={"closed_on": day_of(today)})
    return _put_round(store, changed, actor, reason, version=version)


def reveal_round(
    store: Store, round_id: str, actor: Actor, reason: str, *, today: dt.date | None = None
) -> Receipt:
    """Reveal a round to everybody, and close it where it was open. It cannot be sealed again.

    Raises
    ------
    InvalidInput
        If it is revealed already, or has not opened.
    """
    state, day = round_of(store, round_id, today=today), day_of(today)
    if state.state in ("revealed", "to come"):
        msg = f"{state.words}, so it cannot be revealed."
        raise InvalidInput(msg)
    record, version = _stored_round(store, round_id)
    closed = record.closed_on if record.closed_on is not None and record.closed_on <= day else day
    changed = record.model_copy(update={"closed_on": closed, "revealed_on": day})
    return _put_round(store, changed, actor, reason, version=version)


def _stored_round(store: Store, round_id: str) -> tuple[ScoringRound, int]:
    rows = store.table("scoring_rounds")
    row = next(r for r in rows.iter_rows(named=True) if r["id"] == round_id)
    return ScoringRound(**{f: row[f] for f in ScoringRound.model_fields}), int(row["row_version"])


def _put_round(store: Store, record: ScoringRound, actor: Actor, reason: str, *, version: int) -> Receipt:
    changes = {"scoring_rounds": frame([record], "scoring_rounds")}
    expected = {("scoring_rounds", record.id): version}
    return store.accept(changes, actor=actor, reason=reason, expected=expected, guard=plan_guard(changes))


def progress(store: Store, round_id: str) -> tuple[Progress, ...]:
    """Return how far each partner is in a round, by name; nothing of what they said.

    Raises
    ------
    UnknownName
        If there is no such round.
    """
    state = round_of(store, round_id)
    plan: Any = store.plan()
    asked = len(plan["work_items"]) * sum(1 for c in plan["criteria"] if c.weight > 0)
    rows = store.answered().iter_rows(named=True)
    answered = {r["agency_id"]: int(r["answered"]) for r in rows if r["round_id"] == round_id}
    members = [
        a
        for a in plan["agencies"]
        if a.duty != "outside" and (a.left_on is None or a.left_on >= state.opened_on)
    ]
    return tuple(
        Progress(a.id, a.short_name or a.name, min(answered.get(a.id, 0), asked), asked)
        for a in sorted(members, key=lambda a: a.name)
    )


def blind_findings(batch: Batch, store: Store | None) -> list[Finding]:
    """Return what stops a whole plan's workbook from touching a round that is not revealed.

    To say which of its scores are new, changed or the same would tell what others have scored, so scores of a
    sealed round come by the agency's own scoring sheet; and the stopping rule stays as it was declared.
    """
    if store is None:
        return []
    out: list[Finding] = []
    scores, rounds = batch.frames.get("scores"), batch.frames.get("scoring_rounds")
    if scores is not None and scores.height:
        out += _sealed_findings(scores, store.sealed_rounds())
    if rounds is not None and rounds.height:
        out += _rule_findings(rounds, store)
    return out


def _sealed_findings(scores: pl.DataFrame, sealed: Sequence[str]) -> list[Finding]:
    out = []
    for round_id in sealed:
        rows = scores.filter(scores["round_id"] == round_id)
        if rows.height:
            line = f"!A{rows['_row'][0]}" if "_row" in rows.columns else ""
            place = f"{record_type('scores').sheet}{line}"
            found = f"{rows.height} scores are of round {shown(round_id)}, which is not revealed."
            do = "Take them out, and load each agency's own sheet: partnership scores sheet.xlsx."
            out.append(fault("S9-sealed-round", place, found, do))
    return out


def _rule_findings(rounds: pl.DataFrame, store: Store) -> list[Finding]:
    versions = [r for r in store.history("scoring_rounds").iter_rows(named=True) if r["op"] != "remove"]
    given = list(rounds.iter_rows(named=True))
    sheet = record_type("scoring_rounds").sheet
    places = {str(r["id"]): f"{sheet}!A{r['_row']}" if r.get("_row") else sheet for r in given}
    return broken_rules(versions, given, places)

"""Scores of an open round, each agency its own: saved through the one writer, read by nobody else.

An agency declares who it is: there is no login yet, and its word is taken and kept with the change. What it
may see of a round that is not revealed is its own scores, by :func:`own_scores`, and who has answered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from partnership._prioritisation.rounds import states_of
from partnership._workflows.checking import plan_guard
from partnership._workflows.editing import NotSaved
from partnership._workflows.scoring_rounds import agency_of, day_of, fault, round_of
from partnership.errors import Finding, InvalidInput, UnknownName, nearest, shown
from partnership.prioritisation import Score
from partnership.store import Actor, Receipt, Source, Store
from partnership.tables import frame

if TYPE_CHECKING:
    import polars as pl

__all__ = ["GivenScore", "own_scores", "save_scores", "scorer_role"]


@dataclass(frozen=True, slots=True)
class GivenScore:
    """One score as an agency gives it.

    Parameters
    ----------
    item_id, criterion_id : str
        What is scored.
    score : Decimal or None
        0 to 10 by the anchors; None with no abstention takes a score back.
    abstained : bool
        True when the agency will not score it.
    confidence : int or None
        1 a guess to 5 certain.
    note : str or None
        Why, in one line.
    version : int or None
        Version of the row that the scorer saw, 0 for none; None takes what stands.
    place : str
        Where it stands in a file, for findings.
    """

    item_id: str
    criterion_id: str
    score: Decimal | None = None
    abstained: bool = False
    confidence: int | None = None
    note: str | None = None
    version: int | None = None
    place: str = ""


def _key(item: str, criterion: str, round_id: str, role: str) -> str:
    return "|".join((item, criterion, round_id, role))


def own_scores(store: Store, agency_id: str, round_id: str | None = None) -> pl.DataFrame:
    """Return an agency's own scores, of one round or of all, sealed ones too.

    Raises
    ------
    UnknownName
        If there is no such agency.
    """
    import polars as pl

    agency = agency_of(store, agency_id)
    rows = store.own_scores(agency)
    return rows if round_id is None else rows.filter(pl.col("round_id") == round_id)


def scorer_role(
    store: Store, agency_id: str, role_id: str | None = None, *, today: dt.date | None = None
) -> str:
    """Return the role that scores for an agency: the one named, the one that scored before, or its only one.

    Raises
    ------
    UnknownName
        If the agency has no such role.
    InvalidInput
        If the agency has none, or several and none is named.
    """
    plan: Any = store.plan()
    agency, day = agency_of(store, agency_id), day_of(today)
    held = [
        r.id
        for r in plan["role_holders"]
        if r.agency_id == agency and (r.ended_on is None or r.ended_on >= day)
    ]
    if role_id is not None:
        if role_id not in held:
            kind = "role"
            raise UnknownName(kind, role_id, held)
        return role_id
    before = [r for r in store.own_scores(agency)["scorer_role_id"].to_list() if r in held]
    if before:
        return str(before[-1])
    if len(held) == 1:
        return str(held[0])
    what = "no role" if not held else f"{len(held)} roles ({', '.join(held[:6])})"
    msg = f"{shown(agency_id)} has {what}, so who scores is not known. Name the role that scores."
    raise InvalidInput(msg)


def save_scores(
    store: Store,
    agency_id: str,
    round_id: str,
    given: Sequence[GivenScore],
    actor: Actor,
    reason: str,
    *,
    role_id: str | None = None,
    source: Source | None = None,
    idempotency_key: str | None = None,
    today: dt.date | None = None,
) -> Receipt:
    """Store an agency's own scores of a round: all of them, or none.

    Parameters
    ----------
    store : Store
        Where to.
    agency_id : str
        The agency that scores, by id or code; its word is taken for it.
    round_id : str
        The round, which must be open.
    given : Sequence[GivenScore]
        The scores.
    actor, reason : Actor, str
        Who does this, as declared, and why.
    role_id : str, optional
        The role that scores; see :func:`scorer_role`.
    source : Source, optional
        The file they came from.
    idempotency_key : str, optional
        The same key twice has one effect.
    today : datetime.date, optional
        The day of the scores; the present day when left out.

    Raises
    ------
    NotSaved
        If a score is outside the anchors, or of an item, a criterion or a round that does not take it.
    StaleWrite
        If the agency's own score was changed meanwhile; it has both values.
    """
    agency, day = agency_of(store, agency_id), day_of(today)
    role = scorer_role(store, agency, role_id, today=day)
    findings = _faults(store, round_id, given, day)
    if findings:
        raise NotSaved(findings)
    stands = {r["row_key"]: r for r in store.own_scores(agency).iter_rows(named=True)}
    records, expected = [], {}
    for one in given:
        key = _key(one.item_id, one.criterion_id, round_id, role)
        expected["scores", key] = (
            one.version
            if one.version is not None
            else int(stands[key]["row_version"])
            if key in stands
            else 0
        )
        was = stands.get(key)
        same = was is not None and all(
            getattr(one, f) == was[f] for f in ("score", "abstained", "confidence", "note")
        )
        records.append(
            Score(
                item_id=one.item_id,
                criterion_id=one.criterion_id,
                round_id=round_id,
                agency_id=agency,
                scorer_role_id=role,
                score=one.score,
                abstained=one.abstained,
                confidence=one.confidence,
                note=one.note,
                scored_on=was["scored_on"] if was is not None and same else day,
            )
        )
    changes = {"scores": frame(records, "scores")}
    return store.accept(
        changes,
        actor=actor,
        reason=reason,
        source=source,
        expected=expected,
        guard=_still_open(round_id, day, plan_guard(changes)),
        idempotency_key=idempotency_key,
    )


def _still_open(
    round_id: str, day: dt.date, guard: Callable[[Store], list[Finding]]
) -> Callable[[Store], list[Finding]]:
    """Return the check inside the writer's lock: the round may have been closed a moment ago."""

    def look(would_be: Store) -> list[Finding]:
        plan: Any = would_be.plan()
        states = {s.id: s for s in states_of(plan["scoring_rounds"], day)}
        found = states.get(round_id)
        if found is None or not found.takes_scores:
            return [_not_open(found.words if found else f"There is no round {shown(round_id)}", "Rounds")]
        return guard(would_be)

    return look


def _not_open(words: str, place: str) -> Finding:
    return Finding(
        code="S2-round-not-open",
        severity="error",
        place=place,
        found=f"{words}: it takes no scores.",
        do="Score in the round that is open; a revealed score is changed in the next round.",
    )


def _faults(store: Store, round_id: str, given: Sequence[GivenScore], day: dt.date) -> list[Finding]:
    state = round_of(store, round_id, today=day)
    if not state.takes_scores:
        return [_not_open(state.words, "Rounds")]
    plan: Any = store.plan()
    known = {"item": {i.id for i in plan["work_items"]}, "criterion": {c.id for c in plan["criteria"]}}
    out: list[Finding] = []
    seen: set[tuple[str, str]] = set()
    for one in given:
        place = one.place or f"{one.item_id}, {one.criterion_id}"
        for kind, name in (("item", one.item_id), ("criterion", one.criterion_id)):
            if name not in known[kind]:
                near = nearest(name, known[kind])
                do = f"Did you mean {' or '.join(near)}?" if near else "Score what is on the list."
                out.append(fault("S3-unknown", place, f"There is no {kind} {shown(name)!r}.", do))
        out += _value_faults(one, place)
        if (one.item_id, one.criterion_id) in seen:
            out.append(fault("S4-twice", place, "It is scored twice.", "Score each line once."))
        seen.add((one.item_id, one.criterion_id))
    return out


def _value_faults(one: GivenScore, place: str) -> list[Finding]:
    out = []
    score = one.score
    if score is not None and (not score.is_finite() or not 0 <= score <= 10):
        found = f"The score {shown(score)} is outside the anchors."
        out.append(fault("S5-anchors", place, found, "Give a number from 0 to 10, or abstain."))
    if score is not None and one.abstained:
        found = "It is scored and abstained from."
        out.append(fault("S6-both", place, found, "Give a score, or abstain: one of the two."))
    if one.confidence is not None and not 1 <= one.confidence <= 5:
        found = f"The confidence {shown(one.confidence)} is not from 1 to 5."
        out.append(fault("S7-confidence", place, found, "1 is a guess, 5 is certain; or leave it blank."))
    return out

"""Scoring by workbook: a sheet for each agency, sent out, filled in and loaded back, blind."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from partnership._prioritisation.rounds import states_of
from partnership._workflows.editing import NotSaved
from partnership._workflows.scoring import GivenScore, save_scores, scorer_role
from partnership._workflows.scoring_rounds import agency_of, day_of, fault, round_of
from partnership.errors import InvalidInput, has_errors, shown
from partnership.store import Actor, Receipt, Source, Store

if TYPE_CHECKING:
    from partnership.intake.scoring_sheet import FilledSheet

__all__ = ["load_scores", "scoring_sheet"]


def scoring_sheet(
    store: Store, agency_id: str, round_id: str, *, role_id: str | None = None, today: dt.date | None = None
) -> bytes:
    """Return an agency's scoring sheet for a round: its own scores are in it, nobody else's.

    Raises
    ------
    InvalidInput
        If the round does not take scores, or who scores for the agency is not known.
    UnknownName
        If there is no such agency, round or role.
    """
    from partnership.intake.scoring_sheet import SheetRow, SheetText, write_scoring_sheet

    plan: Any = store.plan()
    agency, day = agency_of(store, agency_id), day_of(today)
    state = round_of(store, round_id, today=day)
    if not state.takes_scores:
        msg = f"{state.words}: it takes no scores, so there is no sheet to send out."
        raise InvalidInput(msg)
    role = scorer_role(store, agency, role_id, today=day)
    own = {(r["round_id"], r["item_id"], r["criterion_id"]): r for r in _rows_of(store, agency, role)}
    states = states_of(plan["scoring_rounds"], day)
    before = next((s.id for s in reversed(states) if s.number < state.number), None)
    empty: Mapping[str, Any] = {}
    rows = []
    for item in sorted(plan["work_items"], key=lambda i: i.id):
        for criterion in sorted(plan["criteria"], key=lambda c: (c.axis != "impact", c.id)):
            now = own.get((round_id, item.id, criterion.id), empty)
            texts = ((0, criterion.anchor_0), (5, criterion.anchor_5), (10, criterion.anchor_10))
            rows.append(
                SheetRow(
                    item.id,
                    item.title,
                    criterion.id,
                    f"{criterion.axis.capitalize()}: {criterion.name}",
                    {n: t for n, t in texts if t},
                    now.get("score"),
                    bool(now.get("abstained")),
                    now.get("confidence"),
                    now.get("note"),
                    own.get((before, item.id, criterion.id), empty).get("score"),
                    int(now.get("row_version", 0)),
                )
            )
    names = {a.id: a.name for a in plan["agencies"]}
    roles = {r.id: r.role for r in plan["role_holders"]}
    title = plan["partnership"][0].name if plan["partnership"] else ""
    words = f"round {state.number}"
    return write_scoring_sheet(
        SheetText(title, agency, names[agency], round_id, words, role, roles[role]), rows
    )


def _rows_of(store: Store, agency: str, role: str) -> list[dict[str, Any]]:
    return [r for r in store.own_scores(agency).iter_rows(named=True) if r["scorer_role_id"] == role]


def load_scores(
    store: Store,
    data: bytes,
    name: str,
    actor: Actor,
    reason: str,
    *,
    agency_id: str | None = None,
    today: dt.date | None = None,
) -> tuple[FilledSheet, Receipt]:
    """Load a scoring sheet that came back, as its own agency's scores: all of it, or nothing.

    Lines left blank are not scores and change nothing, unless they take back what was there.

    Parameters
    ----------
    store : Store
        Where to.
    data, name : bytes, str
        The file and its name as given.
    actor, reason : Actor, str
        Who does this, as declared, and why.
    agency_id : str, optional
        Refuse the sheet unless it is this agency's.

    Raises
    ------
    NotSaved
        If the sheet or a line of it has faults; the findings say which cell.
    StaleWrite
        If the agency's own score was changed after the sheet was made.
    """
    from partnership.intake.scoring_sheet import read_scoring_sheet

    filled, findings = read_scoring_sheet(data, name)
    if filled is None or has_errors(findings):
        raise NotSaved(findings)
    if agency_id is not None and agency_of(store, agency_id) != filled.agency_id:
        found = f"It is the sheet of {shown(filled.agency_id)}, not of {shown(agency_id)}."
        raise NotSaved([fault("S8-other-agency", name, found, "Load each agency's own sheet.")])
    given = [
        GivenScore(r.item_id, r.criterion_id, r.score, r.abstained, r.confidence, r.note, r.version, r.place)
        for r in filled.rows
        if r.version or r.score is not None or r.abstained or r.confidence is not None or r.note
    ]
    source = Source(
        shown(name, 120), hashlib.sha256(data).hexdigest(), "scores", len(filled.rows), len(given)
    )
    receipt = save_scores(
        store,
        filled.agency_id,
        filled.round_id,
        given,
        actor,
        reason,
        role_id=filled.role_id,
        source=source,
        today=today,
    )
    return filled, receipt

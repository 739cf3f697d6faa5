"""A chosen plan kept as a decision, with what it was made from, so that it can be made again and compared.

The decision's options hold one line: the settings, the change of the store it was made from, a digest of the
problem, the plan, its worth and its bound. The store forgets nothing, so the plan's records as known then can
be asked for again; the digest says whether they make the same problem.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from partnership._prioritisation.selecting.model import Problem
from partnership._prioritisation.selecting.plans import violations
from partnership._prioritisation.selecting.replanning import Replanned, replanned
from partnership._workflows.editing import Edit, next_id, save_rows
from partnership._workflows.phasing import Phased, phased
from partnership._workflows.phasing_model import Asked, asked_of
from partnership._workflows.phasing_settings import PhasingSettings
from partnership.commitments import Decision
from partnership.errors import InvalidInput, UnknownName, shown
from partnership.periods import local_day, month_index, name_month
from partnership.wording import count_of

if TYPE_CHECKING:
    from partnership.store import Actor, Receipt, Store

__all__ = ["Compared", "SavedPlan", "compare_with", "digest_of", "save_plan", "saved_plans"]

_MARK = "partnership phase 1 "
_PACKED = "partnership phase 1 packed "
_LONGEST = 5000


@dataclass(frozen=True)
class SavedPlan:
    """A plan that was decided.

    Parameters
    ----------
    decision_id, title : str
        The decision.
    decided_on : date
        When.
    seq : int
        Last change of the store when it was made.
    known_on : date
        The day it was seen from.
    first_quarter : date
        First day of its first quarter.
    settings : PhasingSettings
        Every choice.
    starts : Mapping[str, int]
        Chosen item to its first quarter, counted from 0.
    value, bound : float
        Its worth then, and what no plan could exceed.
    status : str
        "optimal" or "best found".
    digest : str
        Of the problem it answered.
    """

    decision_id: str
    title: str
    decided_on: dt.date
    seq: int
    known_on: dt.date
    first_quarter: dt.date
    settings: PhasingSettings
    starts: Mapping[str, int]
    value: float
    bound: float | None
    status: str
    digest: str


@dataclass(frozen=True)
class Compared:
    """A saved plan beside today's.

    Parameters
    ----------
    saved : SavedPlan
        The decision.
    then, now : Asked, Phased
        What was asked then, made again from the records as known then; and the plan of now.
    is_same_input : bool
        Whether those records make exactly the problem that was answered.
    still_kept : bool
        Whether the saved plan keeps every rule of the problem made again.
    change : Replanned
        What moved, and why.
    """

    saved: SavedPlan
    then: Asked
    now: Phased
    is_same_input: bool
    still_kept: bool
    change: Replanned


def digest_of(problem: Problem) -> str:
    """Return a digest of everything that a problem asks; the same problem gives the same digest."""

    def plain(value: Any) -> Any:
        if isinstance(value, Fraction):
            return str(value)
        if isinstance(value, float):
            return round(value, 9)
        if isinstance(value, Mapping):
            return sorted([plain(k), plain(v)] for k, v in value.items())
        if isinstance(value, frozenset):
            return sorted(value)
        if isinstance(value, tuple):
            return [plain(v) for v in value]
        return value

    wins = problem.small_wins
    said = [
        [[c.id, c.quarters, plain(c.values), plain(c.needs), c.earliest, c.latest] for c in problem.candidates],
        problem.quarters, plain(problem.offers), plain(problem.requires), plain(problem.excludes),
        [[sorted(s.items), plain(s.bonus)] for s in problem.synergies], sorted(problem.must_do),
        None if wins is None else [wins.count, wins.quarters, plain(wins.felt), list(wins.agencies)],
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def save_plan(
    store: Store,
    done: Phased,
    actor: Actor,
    reason: str,
    *,
    known_on: dt.date | None = None,
    seq: int | None = None,
    title: str | None = None,
    meeting: str | None = None,
    dissent: str | None = None,
) -> tuple[Decision, Receipt]:
    """Keep a plan as a decision, through the store's one door.

    Parameters
    ----------
    store : Store
        Open for writing.
    done : Phased
        The plan.
    actor, reason : Actor, str
        Who decides this, as declared, and why.
    known_on : date, optional
        The day the plan was seen from; the present day when left out.
    seq : int, optional
        Last change of the store when the plan was made; the store's last one when left out.
    title, meeting, dissent : str, optional
        As in the record of a decision.

    Raises
    ------
    InvalidInput
        If there is no plan, no reason, or the records changed since the plan was made.
    """
    if not done.has_plan:
        msg = "There is no plan to save: none keeps every rule, or none was found."
        raise InvalidInput(msg)
    if not reason.strip():
        msg = "A decision needs a reason: say in a few words why. Nothing has changed."
        raise InvalidInput(msg)
    made_from = store.last_seq if seq is None else seq
    if made_from != store.last_seq:
        msg = f"The records changed since this plan was made (change {made_from}, now {store.last_seq}). Make the plan again, then save it."
        raise InvalidInput(msg)
    day = known_on or local_day(dt.datetime.now(dt.UTC))
    decision = Decision(
        id=next_id(store, "decisions"), title=title or _title(done), decided_on=day, meeting=meeting,
        decided_by=shown(actor.name, 200), why=f"{reason.strip()} {done.proof_words} {done.ranked_words}".strip()[:_LONGEST],
        options=_written(done, day, made_from), dissent=dissent,
    )  # fmt: skip
    values = {name: getattr(decision, name) for name in type(decision).model_fields}
    receipt = save_rows(
        store, "decisions", [Edit({n: v for n, v in values.items() if v is not None})], actor, reason
    )
    return decision, receipt


def _title(done: Phased) -> str:
    first = name_month(done.quarters[0])
    return f"Plan of {count_of(len(done.chosen), 'item')} over {count_of(len(done.quarters), 'quarter')} from {first}"


def _written(done: Phased, known_on: dt.date, seq: int) -> str:
    found = done.outcome
    said = {
        "seq": seq, "known_on": known_on.isoformat(), "first_quarter": done.quarters[0].isoformat(),
        "settings": done.asked.settings.as_text(), "starts": dict(sorted(found.starts.items())),
        "value": found.value, "bound": found.bound, "status": found.status, "digest": digest_of(done.asked.problem),
    }  # fmt: skip
    text = json.dumps(said, separators=(",", ":"))
    if len(_MARK) + len(text) <= _LONGEST:
        return _MARK + text
    packed = _PACKED + base64.b85encode(zlib.compress(text.encode(), 9)).decode("ascii")
    if len(packed) > _LONGEST:
        msg = f"A plan of {len(found.starts)} items does not fit the record of a decision. Save it by theme or goal."
        raise InvalidInput(msg)
    return packed


def _read(decision: Any) -> SavedPlan | None:
    text = decision.options or ""
    try:
        if text.startswith(_PACKED):
            text = zlib.decompress(base64.b85decode(text.removeprefix(_PACKED))).decode()
        elif text.startswith(_MARK):
            text = text.removeprefix(_MARK)
        else:
            return None
        said = json.loads(text)
        return SavedPlan(
            decision.id, decision.title, decision.decided_on, int(said["seq"]), dt.date.fromisoformat(said["known_on"]),
            dt.date.fromisoformat(said["first_quarter"]), PhasingSettings.from_text(said["settings"]),
            {str(i): int(s) for i, s in said["starts"].items()}, float(said["value"]), said["bound"], str(said["status"]), str(said["digest"]),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error) as error:
        msg = f"The plan kept in decision {decision.id} cannot be read: its options were changed by hand. Save a plan again."
        raise InvalidInput(msg) from error


def saved_plans(plan: Mapping[str, tuple[Any, ...]]) -> tuple[SavedPlan, ...]:
    """Return the plans that were decided, latest first; a decision changed by hand is left out.

    A decision whose line cannot be read is no plan any more; :func:`compare_with` says so when it is asked for.
    """
    out = []
    for decision in plan["decisions"]:
        try:
            found = _read(decision)
        except InvalidInput:
            continue
        if found is not None:
            out.append(found)
    return tuple(sorted(out, key=lambda s: (s.decided_on, s.seq, s.decision_id), reverse=True))


def compare_with(
    store: Store,
    decision_id: str,
    now: Phased | None = None,
    *,
    today: dt.date | None = None,
    settings: PhasingSettings | None = None,
) -> Compared:
    """Make a saved plan's problem again from the records as known then, and say what moved since and why.

    Parameters
    ----------
    store : Store
        Where the decision and the records are.
    decision_id : str
        The decision.
    now : Phased, optional
        The plan to compare with; made from the records of now, by the same settings, when left out.
    today : date, optional
        The day it is seen from.
    settings : PhasingSettings, optional
        Settings of the plan of now, when it is made here.

    Raises
    ------
    UnknownName, InvalidInput
        If there is no such decision, or it holds no plan.
    """
    plan: Any = store.plan()
    decisions = {d.id: d for d in plan["decisions"]}
    if decision_id not in decisions:
        kind = "decision"
        raise UnknownName(kind, decision_id, decisions)
    saved = _read(decisions[decision_id])
    if saved is None:
        msg = f"Decision {decision_id} holds no phased plan. `partnership phase --save` keeps one."
        raise InvalidInput(msg)
    old: Any = store.plan(as_of=saved.known_on)
    then = asked_of(old, saved.settings, saved.known_on)
    day = today or local_day(dt.datetime.now(dt.UTC))
    chosen = now or phased(plan, settings or saved.settings, today=day)
    shift = (month_index(chosen.quarters[0]) - month_index(saved.first_quarter)) // 3
    known = {i: s for i, s in saved.starts.items() if i in then.problem.by_id}
    return Compared(
        saved, then, chosen, digest_of(then.problem) == saved.digest,
        len(known) == len(saved.starts) and not violations(then.problem, known),
        replanned(then.problem, known, chosen.asked.problem, chosen.outcome.starts, shift=shift),
    )  # fmt: skip

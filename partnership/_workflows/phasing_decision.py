"""A chosen plan kept as a decision, with what it was made from, so that it can be made again and compared.

The decision's options hold one line: the settings, the change of the store it was made from, the problem and
its digest, the plan, its worth and its bound. The store forgets nothing, so the records as known on that day
can be asked for again too; the digest says whether they make the same problem. A problem too large for the
record is kept by its digest alone, and made again from those records.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from partnership._prioritisation.selecting.model import Problem
from partnership._prioritisation.selecting.plain import digest_of, problem_from_plain, problem_to_plain
from partnership._prioritisation.selecting.plans import violations
from partnership._prioritisation.selecting.replanning import Replanned, replanned
from partnership._workflows.editing import Edit, next_id, save_rows
from partnership._workflows.phasing import Phased, phased
from partnership._workflows.phasing_model import asked_of
from partnership._workflows.phasing_settings import PACKED, PhasingSettings
from partnership.commitments import Decision
from partnership.errors import InvalidInput, UnknownName, shown
from partnership.periods import local_day, month_index, name_month
from partnership.wording import count_of

if TYPE_CHECKING:
    from partnership.store import Actor, Receipt, Store

__all__ = [
    "Compared",
    "SavedPlan",
    "compare_with",
    "decision_of",
    "digest_of",
    "edit_of",
    "save_plan",
    "saved_plans",
]

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
    problem : Problem or None
        That problem; None where it was too large for the record.
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
    problem: Problem | None = None


@dataclass(frozen=True)
class Compared:
    """A saved plan beside today's.

    Parameters
    ----------
    saved : SavedPlan
        The decision.
    then : Problem
        What was asked then.
    now : Phased
        The plan of now.
    is_same_input : bool
        Whether the records as known on that day make exactly that problem again.
    still_kept : bool
        Whether the saved plan keeps every rule of what was asked then.
    change : Replanned
        What moved, and why.
    """

    saved: SavedPlan
    then: Problem
    now: Phased
    is_same_input: bool
    still_kept: bool
    change: Replanned


def decision_of(
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
) -> Decision:
    """Return the decision that keeps a plan, with all it was made from; nothing is stored yet.

    Parameters
    ----------
    store : Store
        Where it will be kept.
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
    return Decision(
        id=next_id(store, "decisions"), title=title or _title(done), decided_on=day, meeting=meeting,
        decided_by=shown(actor.name, 200), why=f"{reason.strip()} {done.proof_words} {done.ranked_words}".strip()[:_LONGEST],
        options=_written(done, day, made_from), dissent=dissent,
    )  # fmt: skip


def edit_of(decision: Decision) -> Edit:
    """Return the new row that a decision is, for the one door through which rows are written."""
    values = {name: getattr(decision, name) for name in type(decision).model_fields}
    return Edit({n: v for n, v in values.items() if v is not None})


def save_plan(store: Store, done: Phased, actor: Actor, reason: str, **more: Any) -> tuple[Decision, Receipt]:
    """Keep a plan as a decision, through the store's one door; ``more`` as in :func:`decision_of`."""
    decision = decision_of(store, done, actor, reason, **more)
    return decision, save_rows(store, "decisions", [edit_of(decision)], actor, reason)


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
    for kept in (said | {"problem": problem_to_plain(done.asked.problem)}, said):
        text = json.dumps(kept, separators=(",", ":"))
        packed = PACKED + letters_of(zlib.compress(text.encode(), 9))
        if len(packed) <= _LONGEST:
            return packed
    msg = f"A plan of {len(found.starts)} items does not fit the record of a decision. Save it by theme or goal."
    raise InvalidInput(msg)


def letters_of(data: bytes) -> str:
    """Return bytes as small letters alone: a text without digits looks like no number of any person.

    Examples
    --------
    >>> letters_of(b"hub"), bytes_of(letters_of(b"hub"))
    ('bzsbhi', b'hub')
    """
    number, out = int.from_bytes(b"\x01" + data, "big"), []
    while number:
        number, digit = divmod(number, 26)
        out.append(chr(97 + digit))
    return "".join(reversed(out))


def bytes_of(letters: str) -> bytes:
    """Return the bytes that :func:`letters_of` wrote."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 97
    return number.to_bytes((number.bit_length() + 7) // 8, "big")[1:]


def _read(decision: Any) -> SavedPlan | None:
    text = decision.options or ""
    try:
        if text.startswith(PACKED):
            text = zlib.decompress(bytes_of(text.removeprefix(PACKED))).decode()
        else:
            return None
        said = json.loads(text)
        return SavedPlan(
            decision.id, decision.title, decision.decided_on, int(said["seq"]), dt.date.fromisoformat(said["known_on"]),
            dt.date.fromisoformat(said["first_quarter"]), PhasingSettings.from_text(said["settings"]),
            {str(i): int(s) for i, s in said["starts"].items()}, float(said["value"]), said["bound"], str(said["status"]), str(said["digest"]),
            problem_from_plain(said["problem"]) if "problem" in said else None,
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
    again = asked_of(old, saved.settings, saved.known_on).problem
    then = saved.problem or again
    day = today or local_day(dt.datetime.now(dt.UTC))
    chosen = now or phased(plan, settings or saved.settings, today=day)
    shift = (month_index(chosen.quarters[0]) - month_index(saved.first_quarter)) // 3
    known = {i: s for i, s in saved.starts.items() if i in then.by_id}
    return Compared(
        saved, then, chosen, digest_of(again) == saved.digest,
        len(known) == len(saved.starts) and not violations(then, known),
        replanned(then, known, chosen.asked.problem, chosen.outcome.starts, shift=shift),
    )  # fmt: skip

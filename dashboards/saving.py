"""The one door through which pages change rows: who, why, the version seen, both values of a stale save.

A page never writes by itself. It asks :meth:`dashboards.data.Data.save`, which comes here, and shows the
:class:`Saved` that it gets back. What a browser sends is only ever looked up or read as text.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dashboards import news
from partnership import wording
from partnership._workflows.editing import MOST_ROWS, Edit, NotSaved, both_values, save_rows, undo_rows
from partnership.errors import Finding, InvalidInput, PartnershipError, shown
from partnership.store import Refused, StaleWrite

if TYPE_CHECKING:
    from partnership.store import Actor, Receipt, Store
    from partnership.store.protocol import Conflict

__all__ = [
    "BothValues",
    "Edit",
    "Once",
    "Saved",
    "edits_of",
    "reason_of",
    "save",
    "told",
    "undo",
    "why_not",
]

logger = logging.getLogger(__name__)
_LONGEST_REASON = 300
_MOST_KEYS = 200


@dataclass(frozen=True, slots=True)
class BothValues:
    """One field of a row that somebody else saved first: what they wrote, and what you were writing."""

    table: str
    row_key: str
    version: int
    field: str
    theirs: str
    yours: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of asking to save.

    Parameters
    ----------
    words : str
        What to tell the person: what was stored, or why nothing was.
    receipt : Receipt or None
        None when nothing was stored.
    findings : tuple[Finding, ...]
        Faults of what was typed, each at its field; when it is stored, what to look at in it.
    conflicts : tuple[BothValues, ...]
        Both values of what somebody else saved first; the version to save over, knowingly, is with them.
    """

    words: str
    receipt: Receipt | None = None
    findings: tuple[Finding, ...] = ()
    conflicts: tuple[BothValues, ...] = ()

    @property
    def done(self) -> bool:
        """True when it is stored."""
        return self.receipt is not None


def why_not(store: Store, as_of: Any) -> str:
    """Return, in words, why nothing can be changed here; an empty text when it can."""
    if store.snapshot_at is not None:
        at = wording.day(store.snapshot_at.date())
        return f"This is a copy made on {at} to be read only. Changes are made where the pages are served."
    if store.mode == "read":
        return "This store is open to be read only. Changes are made where the pages are served."
    if as_of is not None:
        return (
            f"This shows what was known on {wording.day(as_of)}, and the past is not changed. "
            "Choose today under “As known on” to change anything."
        )
    return ""


def edits_of(sent: object, allowed: Collection[str]) -> list[Edit]:
    """Return the edits that a browser sent, held against what may be changed there.

    Parameters
    ----------
    sent : object
        A list of ``{"row_key": text or None, "version": whole number, "values": {field: value}}``.
    allowed : Collection[str]
        The fields that this page lets people change.

    Raises
    ------
    InvalidInput
        If it is anything else, or names a field that is locked.

    Examples
    --------
    >>> edits_of([{"row_key": "E001", "version": 1, "values": {"quantity": "60"}}], {"quantity"})
    [Edit(values={'quantity': '60'}, row_key='E001', version=1)]
    """
    if not isinstance(sent, list) or len(sent) > MOST_ROWS:
        msg = f"Nothing was stored: a list of at most {MOST_ROWS} rows is expected. Load the page again."
        raise InvalidInput(msg)
    return [_edit(one, allowed) for one in sent]


def _edit(one: object, allowed: Collection[str]) -> Edit:
    values = one.get("values") if isinstance(one, dict) else None
    key = one.get("row_key") if isinstance(one, dict) else None
    version = one.get("version") if isinstance(one, dict) else None
    whole = isinstance(version, int) and not isinstance(version, bool)
    if not isinstance(values, dict) or not whole or not (key is None or isinstance(key, str)):
        msg = "Nothing was stored: a row did not come through whole. Load the page again."
        raise InvalidInput(msg)
    for name, value in values.items():
        if name not in allowed:
            msg = f"Nothing was stored: {shown(name)} cannot be changed here."
            raise InvalidInput(msg)
        if not (value is None or isinstance(value, str | int | float)):
            msg = f"Nothing was stored: {shown(name)} did not come through. Load the page again."
            raise InvalidInput(msg)
    assert isinstance(version, int)  # noqa: S101 - told to the type checker; looked at above
    return Edit(values, key, version)


def save(store: Store, table: str, edits: Sequence[Edit], actor: Actor | None, reason: object) -> Saved:
    """Store edits, and turn whatever comes of it into words and values to show."""
    who, why = actor, reason_of(reason)
    if who is None:
        return Saved("Say first who saves this.")
    if not why:
        return Saved("Say first why: a few words, for those who look back.")
    asked: list[Finding] = []
    saved = told(store, table, lambda: save_rows(store, table, edits, who, why, warnings=asked), "Saved")
    return replace(saved, findings=tuple(asked)) if saved.done else saved


def undo(store: Store, table: str, seen: Mapping[str, int], actor: Actor | None, reason: object) -> Saved:
    """Put rows back to what they were before, and say what came of it."""
    who = actor
    if who is None:
        return Saved("Say first who undoes this.")
    why = reason_of(reason) or "Undone"
    return told(store, table, lambda: undo_rows(store, table, seen, who, why), "Undone")


def reason_of(reason: object) -> str:
    """Return a reason as it is stored: one line, not too long; an empty text for anything else."""
    text = reason if isinstance(reason, str) else ""
    return "".join(c for c in text.strip() if c.isprintable())[:_LONGEST_REASON]


def told(store: Store, table: str, do: Callable[[], Receipt], done: str) -> Saved:
    """Do a change, and say what came of it: what was stored, faults at their fields, or both values."""
    try:
        receipt = do()
    except NotSaved as fault:
        return Saved(_mend(fault.findings), findings=fault.findings)
    except Refused as fault:
        return Saved("Nothing was stored: the plan would not hold together.", findings=fault.findings)
    except StaleWrite as fault:
        return Saved(_first(fault.conflicts), conflicts=tuple(_both(store, fault.conflicts)))
    except PartnershipError as fault:
        logger.warning("A change of %s was refused: %s", table, type(fault).__name__)
        return Saved(str(fault))
    news.note_own(receipt.seq)
    return Saved(_stored(receipt, done), receipt)


def _mend(findings: Sequence[Finding]) -> str:
    wrong = [f for f in findings if f.rejects]
    return f"Nothing was stored: {wording.count_of(len(wrong), 'field')} must be mended first."


def _stored(receipt: Receipt, done: str) -> str:
    total = receipt.total
    if not total.total:
        return "Nothing to store: every value stands there already."
    said = [(total.new, "new"), (total.changed, "changed"), (total.removed, "taken out")]
    rows = wording.listing(f"{wording.count_of(n, 'row')} {what}" for n, what in said if n)
    return f"{done} as change {receipt.seq}: {rows}."


def _first(conflicts: Sequence[Conflict]) -> str:
    who = next((c.by for c in conflicts if c.by), None) or "Somebody else"
    return f"{who} saved first, while you were writing. Nothing of yours was stored: choose between the two."


def _both(store: Store, conflicts: Sequence[Conflict]) -> list[BothValues]:
    people = _measures_of_people(store) if any(c.table == "readings" for c in conflicts) else frozenset()
    out = []
    for one in conflicts:
        row = one.theirs or one.yours or {}
        pairs = both_values(one, counts_people=one.table == "readings" and row.get("measure_id") in people)
        if one.theirs is None:
            pairs = [("The row", "was taken out", "is changed")]
        elif not pairs:
            pairs = [("The row", "the same values as yours", "the same")]
        out += [
            BothValues(one.table, one.row_key, one.found, name, _cell(theirs), _cell(yours))
            for name, theirs, yours in pairs
        ]
    return out


def _measures_of_people(store: Store) -> frozenset[str]:
    rows = store.table("measures")
    return frozenset(rows.filter(rows["counts_people"])["id"]) if rows.height else frozenset()


def _cell(value: Any) -> str:
    import datetime as dt
    from decimal import Decimal

    if value is None or value == "":
        return "blank"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return wording.day(value)
    if isinstance(value, Decimal | int | float):
        return wording.number(value)
    return str(value)


class Once:
    """Keys of changes that a browser may send twice: the second has the first one's answer.

    A double click, or a page that sends again after a broken line, must not write twice.
    """

    def __init__(self) -> None:
        self._answers: OrderedDict[str, Saved] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str | None) -> Saved | None:
        """Return the answer that was given before."""
        with self._lock:
            return self._answers.get(key or "")

    def keep(self, key: str | None, answer: Saved) -> None:
        """Keep the answer of a change that was stored."""
        if key and answer.done:
            with self._lock:
                self._answers[key] = answer
                while len(self._answers) > _MOST_KEYS:
                    self._answers.popitem(last=False)

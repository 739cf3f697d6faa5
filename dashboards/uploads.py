"""Files between preview and accept: kept on the server under our own id, few at a time, for a while.

A file is read once, when it comes. Accepting it names the id and the fingerprint of what was seen: what was
previewed is what is stored, or nothing. When the plan has changed since, the file is compared anew and shown
again first. A file that cannot be accepted as it is stands in the log at once, as refused: its name, its hash
and how much was found, never what.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import json
import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, get_args

from partnership.errors import Finding, PartnershipError, shown
from partnership.periods import LONDON
from partnership.store import Source
from partnership.workflows import Actor, CheckResult, FileKind, accept_file, check_file, record_refusal

if TYPE_CHECKING:
    from partnership.store import Receipt, Store

__all__ = ["Held", "Outcome", "Uploads", "given_name", "refuse_too_large"]

logger = logging.getLogger(__name__)

_KEPT_FOR = 45 * 60.0
_MOST_FILES = 4
_MOST_BYTES = 64 * 1024 * 1024
_LONGEST_NAME = 120
_NOBODY = Actor("The Data page, nobody logged in", "system")
_REFUSED = "Refused on the Data page: it cannot be stored as it is"
_UNREADABLE = "Refused on the Data page: it could not be read"
_TOO_LARGE = "Refused unread: more than 20 MB"


@dataclass(frozen=True, slots=True)
class Held:
    """One file that was read and not yet forgotten.

    Parameters
    ----------
    id : str
        Our own id; nobody can guess it.
    name : str
        The name as given, escaped: only ever shown as text.
    kind : str
        What it was read as.
    read_at : datetime
        When, in London.
    check : CheckResult
        What was found and what it would change.
    fingerprint : str
        Hash of the file and of what it would change: what was seen.
    receipt : Receipt or None
        What it was given when it was accepted.
    words : str
        What to tell whoever looks at it now, if anything.
    """

    id: str
    name: str
    kind: FileKind
    read_at: dt.datetime
    check: CheckResult
    fingerprint: str
    receipt: Receipt | None = None
    words: str = ""
    content: bytes = field(default=b"", repr=False)
    seen_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an upload or of an accept: the id to go on with, and words when it did not go through."""

    id: str | None
    words: str = ""


class Uploads:
    """The files that are held; every method may be called from any thread.

    Parameters
    ----------
    clock : Callable, optional
        Seconds that only go forward; for tests.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._lock = threading.Lock()
        self._accepting = threading.Lock()
        self._clock = clock

    def get(self, key: str | None) -> Held | None:
        """Return a file that is held, or None when it was never here or is forgotten."""
        with self._lock:
            self._forget()
            return self._held.get(key or "")

    def read(self, store: Store, contents: object, name: object, kind: object, today: dt.date) -> Outcome:
        """Read a file as a browser sends it and hold it.

        Parameters
        ----------
        store : Store
            What it is compared with.
        contents : object
            ``data:<type>;base64,<bytes>``; anything else is refused in words.
        name, kind : object
            The name as given, and what to read it as.
        today : date
            The day it is.
        """
        content = _decoded(contents)
        if content is None:
            return Outcome(None, "No file came through. Choose the file again.")
        chosen: FileKind = next((k for k in get_args(FileKind) if k == kind), "workbook")
        label = given_name(name)
        try:
            check = check_file(content, label, chosen, store, today=today)
        except PartnershipError as error:
            logger.warning("A file could not be checked: %s", type(error).__name__)
            return Outcome(
                None, f"{label} could not be checked: {error}{_unread(store, label, chosen, content)}"
            )
        except Exception:
            logger.exception("A file could not be checked")
            said = f"{label} could not be read, and nothing was kept of it. Why is in the server’s log."
            return Outcome(None, f"{said}{_unread(store, label, chosen, content)}")
        held = Held(
            id=secrets.token_urlsafe(16),
            name=label,
            kind=chosen,
            read_at=dt.datetime.now(LONDON),
            check=check,
            fingerprint=_fingerprint(check),
            content=content if check.acceptable else b"",
            words="" if check.acceptable else _refused(store, check),
            seen_at=self._clock(),
        )
        self._keep(held)
        return Outcome(held.id)

    def accept(
        self, store: Store, key: object, fingerprint: object, actor: Actor, reason: str, today: dt.date
    ) -> Outcome:
        """Store what was previewed, whole or not at all; the same file twice has one effect.

        Parameters
        ----------
        store : Store
            Where to.
        key, fingerprint : object
            Which file, and the hash of what was seen.
        actor, reason : Actor, str
            Who does this, as declared, and why.
        today : date
            The day it is.
        """
        with self._accepting:
            held = self.get(key if isinstance(key, str) else None)
            if held is None:
                return Outcome(
                    None, "This file is no longer held here. Choose it again; nothing has changed."
                )
            if held.receipt is not None:
                return Outcome(held.id)
            if fingerprint != held.fingerprint:
                return self._say(
                    held, "What you saw is not what this file would change now. Look again, then accept."
                )
            if held.check.acceptable and held.check.store_seq != store.last_seq:
                held = self._again(store, held, today)
                if fingerprint != held.fingerprint:
                    if not held.check.acceptable:
                        _refused(store, held.check, actor, reason)
                    return self._say(
                        held,
                        "The plan was changed by somebody else while you were reading. This is what the "
                        "file would change now. Look again, then accept.",
                    )
            return self._accepted(store, held, actor, reason)

    def _accepted(self, store: Store, held: Held, actor: Actor, reason: str) -> Outcome:
        try:
            receipt = accept_file(store, held.check, actor, reason, idempotency_key=f"upload-{held.id}")
        except PartnershipError as error:
            return self._say(held, str(error))
        self._keep(replace(held, receipt=receipt, words="", content=b""))
        return Outcome(held.id)

    def _again(self, store: Store, held: Held, today: dt.date) -> Held:
        check = check_file(held.content, held.name, held.kind, store, today=today)
        again = replace(held, check=check, fingerprint=_fingerprint(check))
        self._keep(again)
        return again

    def _say(self, held: Held, words: str) -> Outcome:
        self._keep(replace(held, words=words))
        return Outcome(held.id, words)

    def _keep(self, held: Held) -> None:
        with self._lock:
            self._held[held.id] = replace(held, seen_at=self._clock())
            self._held.move_to_end(held.id)
            self._forget()

    def _forget(self) -> None:
        """Let go of what is old, then of the oldest while there is too much."""
        now = self._clock()
        for key in [k for k, h in self._held.items() if now - h.seen_at > _KEPT_FOR]:
            del self._held[key]
        while len(self._held) > _MOST_FILES or sum(len(h.content) for h in self._held.values()) > _MOST_BYTES:
            self._held.popitem(last=False)


def refuse_too_large(store: Store, size: int | None) -> None:
    """Write into the log that something was refused for its size: never read, so without name or hash.

    Parameters
    ----------
    store : Store
        Whose log.
    size : int or None
        Bytes that the request said it has; None: it did not say.
    """
    said = f"{size:,} bytes were sent at once" if size is not None else "More than 20 MB were sent at once"
    counts = {} if size is None else {"bytes": size}
    _logged(lambda: store.refuse(actor=_NOBODY, reason=f"{_TOO_LARGE}: {said}", counts=counts))


def _unread(store: Store, label: str, kind: FileKind, content: bytes) -> str:
    """Write into the log that a file could not be read at all: its name, hash and size, no more."""
    source = Source(label, hashlib.sha256(content).hexdigest(), kind, 0, 0)
    counts = {"bytes": len(content)}
    failed = _logged(lambda: store.refuse(actor=_NOBODY, reason=_UNREADABLE, source=source, counts=counts))
    return f" {failed}" if failed else ""


def _logged(write: Callable[[], object]) -> str:
    try:
        write()
    except (PartnershipError, OSError) as error:
        logger.exception("A refusal could not be written into the log")
        return f"That this file was refused could not be written into the log: {error}"
    return ""


def _refused(store: Store, check: CheckResult, actor: Actor = _NOBODY, reason: str = _REFUSED) -> str:
    """Write into the log that a file was refused; return what to tell if that could not be done."""
    return _logged(lambda: record_refusal(store, check, actor, reason))


def given_name(name: object) -> str:
    r"""Return a file's name as it may be shown: text only, control and direction characters as escapes.

    Examples
    --------
    >>> given_name("../../../etc/cron.d/x"), given_name("a\0b.xlsx")
    ('../../../etc/cron.d/x', 'a\\x00b.xlsx')
    >>> given_name("\u202egpj.xlsx"), given_name(None)
    ('\\u202egpj.xlsx', 'a file without a name')
    >>> len(given_name("x" * 300))
    120
    """
    return shown(name, _LONGEST_NAME) if isinstance(name, str) and name.strip() else "a file without a name"


def _decoded(contents: object) -> bytes | None:
    if not isinstance(contents, str) or "," not in contents:
        return None
    try:
        return base64.b64decode(contents.split(",", 1)[1], validate=True)
    except (binascii.Error, ValueError):
        return None


def _fingerprint(check: CheckResult) -> str:
    preview = check.preview
    seen: list[Any] = [check.sha256, check.kind, [str(f) for f in check.findings]]
    if preview is not None:
        seen.append(
            [[s.sheet, s.same, s.new, s.changed, s.stale, s.rejected, s.gone] for s in preview.sheets]
        )
        seen.append(sorted([f"{t}|{k}", v] for (t, k), v in preview.expected.items()))
        seen.append([[s.table, s.row_key, str(dict(s.stored)), str(dict(s.given))] for s in preview.stale])
    return hashlib.sha256(json.dumps(seen, default=str).encode()).hexdigest()


def finding_rows(findings: tuple[Finding, ...]) -> list[dict[str, str]]:
    """Return findings as rows for a table or a file."""
    kinds = {"error": "Must fix", "warning": "Check", "quarantine": "Personal data"}
    return [
        {"kind": kinds[f.severity], "where": f.place, "found": f.found, "do": f.do, "code": f.code}
        for f in findings
    ]

"""Whole answers as they were sent: the same address of the same state of the store gives the same bytes.

The one callback that fills the frame depends on nothing but the store, the day and the address, as long as
its page says so (``SHOWS_STORE_ONLY``). Its answer is kept packed, by the number of the last change, the day
and the address, so that a change, a refusal or a new day asks for another one and none can be old. A filter
that was just picked is the address that it leads to. What must be each reader's own is the text that makes a
second click harmless: it is put in anew each time. An answer in which anything failed is not kept.

Ten readers of an address that nobody has asked yet wait for the first of them, and only a few addresses are
made at the same time, so that what is kept is sent meanwhile. All of it together takes 64 MB at most.
``warming.py`` asks for the pages that readers will want before they do.
"""

from __future__ import annotations

import gzip
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Response, g, request

from dashboards import own
from dashboards.urls import query_of

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.data import Data
    from dashboards.urls import State

__all__ = ["Answer", "Answers", "ask", "register", "split"]

_MOST_BYTES = 64 * 1024 * 1024
_LONGEST = 2000
_LATELY = 64
_PATIENCE = 10.0
"""Seconds that a reader waits for somebody else's answer, or for a turn; then it is made all the same."""
_CALLBACK = "/_dash-update-component"
_PICKS = ("f-agency.value", "f-goal.value", "f-as-of.value")
_UNASKED = "partnership.unasked"
_START = b'{"multi":true,"response":{'


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in pieces; between them stands, each time, a text that no other reader was given.

    Examples
    --------
    >>> answer = split(b'{"once":"7f3a","n":1}', [b"7f3a"])
    >>> answer.filled(lambda: "b2c4")
    b'{"once":"b2c4","n":1}'
    """

    pieces: tuple[bytes, ...]

    def filled(self, once: Callable[[], str]) -> bytes:
        """Return the bytes for one reader."""
        made = [self.pieces[0]]
        for piece in self.pieces[1:]:
            made += [once().encode(), piece]
        return b"".join(made)


def split(body: bytes, texts: list[bytes]) -> Answer | None:
    """Return an answer without the texts that are one reader's own; None where one is not there just once.

    Examples
    --------
    >>> split(b"7f3a and 7f3a", [b"7f3a"]) is None
    True
    """
    pieces = [body]
    for text in sorted(texts, key=body.find):
        *before, last = pieces
        parts = last.split(text)
        if len(parts) != 2:
            return None
        pieces = [*before, *parts]
    return Answer(tuple(pieces))


@dataclass(slots=True)
class _Kept:
    """One entry: packed where it is the same for all, else in its pieces."""

    packed: bytes
    answer: Answer | None
    size: int


@dataclass(slots=True)
class _Asked:
    """What a request asks: the address, and the search part that a pick leads to."""

    key: Hashable
    leads_to: str | None
    mine: threading.Event
    has_turn: bool = False


class Answers:
    """Keeps answers and lets each be made by one reader at a time; any thread may ask.

    Parameters
    ----------
    most_bytes : int
        What all answers together may take; the longest unused is thrown away first.
    turns : int
        How many are made at the same time.
    """

    def __init__(self, most_bytes: int = _MOST_BYTES, turns: int | None = None) -> None:
        self._most, self._bytes = most_bytes, 0
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._making: dict[Hashable, threading.Event] = {}
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(turns or (os.cpu_count() or 1) + 1)
        self._lately: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._readers = 0
        self._quiet = threading.Event()
        self._quiet.set()

    # ---- who asks ----
    def came(self, path: str, search: str) -> None:
        """Note that a reader asks for an address."""
        with self._lock:
            self._readers += 1
            self._quiet.clear()
            self._lately[path, search] = None
            self._lately.move_to_end((path, search))
            while len(self._lately) > _LATELY:
                self._lately.popitem(last=False)

    def went(self) -> None:
        """Note that a reader was answered."""
        with self._lock:
            self._readers -= 1
            if not self._readers:
                self._quiet.set()

    def quiet(self, seconds: float) -> bool:
        """Wait until no reader waits for an answer; False: somebody still does."""
        return self._quiet.wait(seconds)

    def lately(self) -> list[tuple[str, str]]:
        """Return path and search of what readers asked for last, the latest first."""
        with self._lock:
            return list(reversed(self._lately))

    # ---- what is kept ----

    def found_or_begun(self, key: Hashable) -> _Kept | threading.Event:
        """Return what is kept, waiting for whoever is making it; or begin to make it."""
        for last_try in (False, True):
            with self._lock:
                found, other = self._kept.get(key), self._making.get(key)
                if found is not None:
                    self._kept.move_to_end(key)
                    return found
                if other is None or last_try:
                    mine = threading.Event()
                    self._making.setdefault(key, mine)
                    return mine
            other.wait(_PATIENCE)
        raise AssertionError  # pragma: no cover - the last try returns

    def turn(self) -> bool:
        """Wait for a turn to make an answer; False: there was none, and it is made all the same."""
        return self._turns.acquire(timeout=_PATIENCE)

    def keep(self, key: Hashable, body: bytes, texts: list[bytes]) -> None:
        """Keep an answer, where it can be told what in it is one reader's own."""
        answer = split(body, texts)
        if answer is None:
            return
        packed = b"" if texts else gzip.compress(body, 6, mtime=0)
        size = len(body) if texts else len(packed)
        with self._lock:
            before = self._kept.pop(key, None)
            self._bytes += size - (before.size if before else 0)
            self._kept[key] = _Kept(packed, answer if texts else None, size)
            while self._bytes > self._most:
                _, gone = self._kept.popitem(last=False)
                self._bytes -= gone.size

    def end(self, asked: _Asked) -> None:
        """Let those who wait for an answer go on, whether it was kept or not."""
        with self._lock:
            if self._making.get(asked.key) is asked.mine:
                del self._making[asked.key]
        asked.mine.set()
        if asked.has_turn:
            self._turns.release()


def register(
    app: Dash, data: Data, shows_store_only: Callable[[str], bool], read: Callable[..., State]
) -> Answers:
    """Answer from what is kept, after whatever refuses a request, and keep what is made.

    Parameters
    ----------
    app : Dash
        With its callbacks, and its guards already on it.
    data : Data
        The pages' door to the store.
    shows_store_only : Callable
        Tells of a path whether its page shows nothing but the store.
    read : Callable
        Gives the state of an address and of the filters just picked.
    """
    answers = Answers()
    output = _output(app)

    def before() -> Response | None:
        if request.path != _CALLBACK or request.method != "POST":
            return None
        body = request.get_json(silent=True)
        said = _said(body) if isinstance(body, dict) and body.get("output") == output else None
        if said is None or not shows_store_only(said[0]):
            return None
        seq = data.store.last_seq
        with data.at_one_moment(seq):
            state = read(data, *said)
        if "upload" in state.extra:  # a file in hand, which the navigation counts the findings of
            return None
        search = f"?{query}" if (query := query_of(state)) else ""
        if not request.environ.get(_UNASKED):
            g.reader = True
            answers.came(state.path, search)
        filters, extra = tuple(state.filters.values()), tuple(state.extra.items())
        key = (state.path, filters, state.as_of, extra, state.notes, data.today(), seq)
        found, leads_to = answers.found_or_begun(key), search if said[2] else None
        if isinstance(found, _Kept):
            return _sent(found, leads_to)
        g.asked = _Asked(key, leads_to, found)
        g.asked.has_turn = answers.turn()
        own.begin()
        return None

    def after(response: Response) -> Response:
        asked: _Asked | None = g.get("asked")
        if asked is not None and response.status_code == 200:
            texts = own.taken()
            body = _of_address(response.get_data(), asked.leads_to) if texts is not None else None
            if body is not None and texts is not None:
                answers.keep(asked.key, body, texts)
        return response

    def ended(_: BaseException | None) -> None:
        asked: _Asked | None = g.pop("asked", None)
        if asked is not None:
            answers.end(asked)
        if g.pop("reader", False):
            answers.went()

    app.server.before_request(before)
    app.server.after_request(after)
    app.server.teardown_request(ended)
    return answers


def ask(app: Dash, path: str, search: str) -> None:
    """Ask for an address as a browser does that opens it, before any reader has asked."""
    output = _output(app)
    given = {"url.pathname": path, "url.search": search}
    body = {
        "output": output,
        "outputs": [
            dict(zip(("id", "property"), o.rsplit(".", 1), strict=True))
            for o in output.strip(".").split("...")
        ],
        "inputs": [
            {"id": i["id"], "property": i["property"], "value": given.get(f"{i['id']}.{i['property']}")}
            for i in app.callback_map[output]["inputs"]
        ],
        "changedPropIds": ["url.pathname"],
        "state": [],
    }
    with app.server.test_request_context(
        _CALLBACK, method="POST", json=body, base_url="http://localhost", environ_overrides={_UNASKED: True}
    ):
        app.server.full_dispatch_request()


def _output(app: Dash) -> str:
    return next(str(o) for o in app.callback_map if "page.children" in o)


def _said(body: dict[str, Any]) -> tuple[str, str, dict[str, Any] | None] | None:
    """Return path, search and what was picked, of a request that has the shape of the callback's."""
    given = {f"{i['id']}.{i['property']}": i.get("value") for i in body.get("inputs", [])}
    path, search = given.get("url.pathname"), given.get("url.search") or ""
    changed = body.get("changedPropIds") or [""]
    if not (isinstance(path, str) and isinstance(search, str)) or len(path) + len(search) > _LONGEST:
        return None
    names = (("agency", _PICKS[0]), ("goal", _PICKS[1]), ("as_of", _PICKS[2]))
    return path, search, {n: given.get(p) for n, p in names} if changed[0] in _PICKS else None


def _move(leads_to: str) -> bytes:
    return b'"url":{"search":' + json.dumps(leads_to).encode() + b"}"


def _of_address(body: bytes, leads_to: str | None) -> bytes | None:
    """Return an answer as it is for its address, without what moves the browser there."""
    if not body.startswith(_START):
        return None
    if leads_to is None:
        return body
    before, found, after = body.rpartition(b"," + _move(leads_to))
    return before + after if found and after.startswith(b"}}") else None


def _sent(kept: _Kept, leads_to: str | None) -> Response:
    zipped = request.accept_encodings.best_match(["gzip", "identity"]) == "gzip"
    if kept.answer is None and leads_to is None and zipped:
        return _response(kept.packed, zipped=True)
    body = kept.answer.filled(own.once) if kept.answer else gzip.decompress(kept.packed)
    if leads_to is not None:
        body = body.replace(_START, _START + _move(leads_to) + b",", 1)
    return _response(gzip.compress(body, 1, mtime=0) if zipped else body, zipped=zipped)


def _response(body: bytes, *, zipped: bool) -> Response:
    made = Response(body, content_type="application/json")
    if zipped:
        made.headers["Content-Encoding"] = "gzip"
    made.headers["Vary"] = "Accept-Encoding"
    return made

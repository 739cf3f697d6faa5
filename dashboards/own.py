"""What in an answer is one reader's own: noted while it is made, so that the rest may be kept for others."""

from __future__ import annotations

import secrets
import threading

__all__ = ["begin", "is_whole", "once", "taken"]

_thread = threading.local()


def begin() -> None:
    """Begin to note, for the answer that this thread makes."""
    _thread.own, _thread.whole = [], False


def once() -> str:
    """Return a text that no other form was given: the same one twice has one effect.

    Examples
    --------
    >>> once() == once()
    False
    """
    text = secrets.token_hex(16)
    own: list[bytes] | None = getattr(_thread, "own", None)
    if own is not None:
        own.append(text.encode())
    return text


def is_whole() -> None:
    """Note that nothing failed in the answer, and that it shows the store and its address only."""
    _thread.whole = True


def taken() -> list[bytes] | None:
    """Return what was noted, and stop noting; None: the answer may not be kept.

    Examples
    --------
    >>> begin()
    >>> text = once()
    >>> is_whole()
    >>> taken() == [text.encode()]
    True
    >>> taken() is None
    True
    """
    own: list[bytes] | None = getattr(_thread, "own", None)
    whole = getattr(_thread, "whole", False)
    _thread.own, _thread.whole = None, False
    return own if whole else None

"""Libraries that take seconds to load: loaded before a page that needs them is made, by one thread at a time.

A thread that finds a library half loaded by another may go on with the half. So whoever needs one passes this
door; the server passes it by itself while nobody waits, and the first reader of such a page does not.
"""

from __future__ import annotations

import threading
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["load"]

_lock = threading.RLock()
_loaded: set[str] = set()


def load(names: Iterable[str]) -> None:
    """Load modules that are not loaded yet, and wait for whoever is loading them.

    Parameters
    ----------
    names : Iterable of str
        Names as they are imported.

    Examples
    --------
    >>> load(["fractions"])
    >>> load([])
    """
    wanted = [n for n in names if n not in _loaded]
    if not wanted:
        return
    with _lock:
        for name in wanted:
            import_module(name)
            _loaded.add(name)

"""A partnership's own clocks: a file beside its store, so that pages, commands and packs agree."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from partnership.commitments import Clocks, clocks, read_clocks
from partnership.errors import InvalidInput

if TYPE_CHECKING:
    from partnership.store import Store

__all__ = ["clocks_file", "clocks_of", "lines_of_clocks"]

_LARGEST = 1_000_000
_ID = re.compile(r"""\s*id\s*=\s*(["'])(.*?)\1""")


def clocks_file(store: Store) -> Path:
    """Return where a store's own clocks stand, whether or not there are any.

    ``partnership.duckdb`` has its clocks in ``partnership.clocks.toml``.
    """
    return store.path.with_name(f"{store.path.stem}.clocks.toml")


def clocks_of(store: Store) -> tuple[Clocks, str]:
    """Return the clocks that hold for a store, and in words where they come from.

    A file that cannot be used changes nothing: the clocks that ship hold, and the words say why.
    """
    path = clocks_file(store)
    try:
        if path.stat().st_size > _LARGEST:
            return clocks(), f"{path.name} is too large to be a file of clocks: those that ship hold."
        return read_clocks(path.read_text(encoding="utf-8")), f"Your own clocks are those of {path.name}."
    except FileNotFoundError:
        how = "written like the clocks of parameters.toml; the same id replaces one that ships"
        return clocks(), f"Set your own in a file {path.name} beside the store, {how}."
    except (OSError, UnicodeDecodeError) as fault:
        why = f"{path.name} cannot be read ({type(fault).__name__})"
    except InvalidInput as fault:
        why = f"{path.name} cannot be used. {fault}"
    return clocks(), f"{why} The clocks that ship hold."


def lines_of_clocks(store: Store) -> tuple[str, dict[str, int]]:
    """Return the name of a store's file of clocks, and by clock the line on which its id stands there.

    Empty where there is no file, or none that can be read: every clock is then one that ships.
    """
    path = clocks_file(store)
    try:
        if path.stat().st_size > _LARGEST:
            return path.name, {}
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return path.name, {}
    found = ((_ID.match(line), number) for number, line in enumerate(lines, start=1))
    return path.name, {match[2]: number for match, number in found if match}

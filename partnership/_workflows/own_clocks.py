"""A partnership's own clocks: rows of its plan, or the file beside a store that has none yet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnership.commitments import Clocks, clocks, clocks_of_rules, read_clock_rules
from partnership.errors import InvalidInput

if TYPE_CHECKING:
    from partnership.store import Store

__all__ = ["clocks_file", "clocks_of"]

_LARGEST = 1_000_000


def clocks_file(store: Store) -> Path:
    """Return where the file of clocks of a store of before stands, whether or not there is one.

    ``partnership.duckdb`` has its clocks in ``partnership.clocks.toml``.
    """
    return store.path.with_name(f"{store.path.stem}.clocks.toml")


def clocks_of(store: Store, plan: Mapping[str, tuple[Any, ...]]) -> tuple[Clocks, str]:
    """Return the clocks of a plan as it was known, and in words where they come from.

    Parameters
    ----------
    store : Store
        Beside it may be a file of clocks, which counts until the plan has clocks of its own.
    plan : Mapping
        The plan as known on the day shown.

    Returns
    -------
    tuple of Clocks and str
        A file that cannot be used changes nothing: the clocks that ship hold, and the words say why.
    """
    path = clocks_file(store)
    if plan["clocks"]:
        unread = f" The file {path.name} is not read any more: these took its place." if path.exists() else ""
        return clocks_of_rules(plan["clocks"]), f"They are rows of the plan, with their history.{unread}"
    try:
        if path.stat().st_size > _LARGEST:
            return clocks(), f"{path.name} is too large to be a file of clocks: those that ship hold."
        words = (
            f"Your own clocks are those of {path.name}, as it reads today: a file keeps no history. "
            f"Bring them into the plan with partnership load --as clocks {path.name}."
        )
        return clocks_of_rules(read_clock_rules(path.read_text(encoding="utf-8"))), words
    except FileNotFoundError:
        return clocks(), "The plan has no clocks of its own: those that ship hold."
    except (OSError, UnicodeDecodeError) as fault:
        why = f"{path.name} cannot be read ({type(fault).__name__})."
    except InvalidInput as fault:
        why = f"{path.name} cannot be used. {fault}"
    return clocks(), f"{why} The clocks that ship hold."

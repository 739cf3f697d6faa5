"""Working out again what a store keeps beside its readings, where that was altered behind its back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from partnership.errors import StoreError
from partnership.store import _sums as sums
from partnership.store._open import watched
from partnership.store.duckdb import open_store

if TYPE_CHECKING:
    from partnership.errors import Finding
    from partnership.store.duckdb import DuckStore

__all__ = ["mend_store"]


def mend_store(path: Path | str) -> list[Finding]:
    """Work the sums and earlier versions of readings out of the history again, where they are wrong.

    The history, the current state and the log are not touched: a store that is damaged there is refused.

    Parameters
    ----------
    path : Path or str
        The store's file.

    Returns
    -------
    list[Finding]
        What is still to be found in the store.

    Raises
    ------
    StoreError
        If anything else in the store is wrong, or another process holds it.
    """
    with open_store(path) as store:
        damaged = [f for f in store.verify() if f.severity == "error" and f.code != sums.CODE]
        if damaged:
            msg = f"{path} is damaged, and nothing was worked out again. {damaged[0]}"
            raise StoreError(msg)
        _work_out_again(store)
        return store.verify()


def _work_out_again(store: DuckStore) -> None:
    engine = store._engine  # noqa: SLF001 - a part of the store, kept apart
    with engine.writing():
        cursor = engine.connection.cursor()
        try:
            with watched(cursor, engine.limits.copy_seconds, engine.path):
                cursor.execute("BEGIN")
                try:
                    sums.work_out_again(cursor)
                    cursor.execute("COMMIT")
                except BaseException:
                    cursor.execute("ROLLBACK")
                    raise
        finally:
            cursor.close()
        engine.kept.forget()
        engine.recalled.forget()
        engine.save_log()

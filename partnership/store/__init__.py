"""The store: one partnership's records with their whole history, behind one protocol."""

from partnership.store._copies import restore_store
from partnership.store._mending import mend_store
from partnership.store.duckdb import DuckStore, open_store
from partnership.store.protocol import (
    Actor,
    Conflict,
    Counts,
    Guard,
    Limits,
    Locked,
    Mode,
    NewerStore,
    Period,
    Receipt,
    Refused,
    Source,
    StaleWrite,
    Store,
    TooSlow,
)

__all__ = [
    "Actor",
    "Conflict",
    "Counts",
    "DuckStore",
    "Guard",
    "Limits",
    "Locked",
    "Mode",
    "NewerStore",
    "Period",
    "Receipt",
    "Refused",
    "Source",
    "StaleWrite",
    "Store",
    "TooSlow",
    "mend_store",
    "open_store",
    "restore_store",
]

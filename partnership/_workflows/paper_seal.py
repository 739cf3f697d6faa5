"""What a printed pack says of the store it was made of, and whether a store still holds it.

The log of a store is a chain of hashes: each entry holds the hash of the one before it, and a digest of the
rows that it wrote. Whoever keeps a paper with one of these hashes can tell later that everything up to that
change still stands as it was.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from partnership.errors import Finding, InvalidInput, shown
from partnership.periods import local_day

if TYPE_CHECKING:
    from partnership.store import Store

__all__ = ["LEAST_DIGITS", "Seal", "check_seal", "read_seal", "seal_of", "seal_words"]

LEAST_DIGITS = 16
"""Fewer digits of a hash than this could be met by chance or by trying."""

_WHOLE = 64
_WRITTEN = re.compile(r"([1-9][0-9]*):([0-9a-f]+)")


@dataclass(frozen=True, slots=True)
class Seal:
    """A change of the store and the hash of its entry in the log; of a typed one perhaps only its beginning.

    Examples
    --------
    >>> str(Seal(12, "3f9a" * 16))[:9]
    '12:3f9a3f'
    """

    seq: int
    entry_hash: str

    def __str__(self) -> str:
        """Return it as it is printed and typed."""
        return f"{self.seq}:{self.entry_hash}"


def seal_of(store: Store, as_of: dt.date | None = None) -> Seal | None:
    """Return the last accepted change known on a day, with its hash; None where nothing was stored.

    A day before the first change is worked out from what was loaded later: its seal is the latest.

    Parameters
    ----------
    store : Store
        What a pack is made of.
    as_of : date, optional
        The day as known on which it is made.
    """
    import polars as pl

    log = store.changes().filter(pl.col("what") != "refusal").sort("seq")
    if not log.height:
        return None
    entries = [Seal(r["seq"], r["entry_hash"]) for r in log.iter_rows(named=True)]
    if as_of is None:
        return entries[-1]
    days = [local_day(at.replace(tzinfo=dt.UTC)) for at in log["recorded_at"].to_list()]
    known = [e for e, on in zip(entries, days, strict=True) if on <= as_of]
    return known[-1] if known else entries[-1]


def seal_words(seal: Seal | None) -> str:
    """Return the closing line of a pack: what it was made of, and how that is checked.

    Examples
    --------
    >>> seal_words(Seal(2, "ab" * 32)).rpartition(": ")[2]
    'partnership verify-store --seal 2:abababababababab'
    """
    if seal is None:
        return ""
    return (
        f"Made of the store as change {seal.seq} left it; hash of its log up to there: {seal.entry_hash}. "
        "Whether a store still holds it, everything before it unchanged: "
        f"partnership verify-store --seal {seal.seq}:{seal.entry_hash[:LEAST_DIGITS]}"
    )


def read_seal(text: str) -> Seal:
    """Return a seal as typed from paper: blanks do not matter, nor capitals.

    Raises
    ------
    InvalidInput
        If it is none, or too short to prove anything.

    Examples
    --------
    >>> read_seal("2: ABAB abab abab abab").seq
    2
    """
    found = _WRITTEN.fullmatch("".join(text.split()).casefold())
    if found is None or not LEAST_DIGITS <= len(found[2]) <= _WHOLE:
        msg = (
            f"The seal {shown(text)!r} cannot be read. Write the change, a colon and at least the first "
            f"{LEAST_DIGITS} digits of its hash, as the paper has them: 12:3f9a0c1b77d04e51."
        )
        raise InvalidInput(msg)
    return Seal(int(found[1]), found[2])


def check_seal(store: Store, seal: Seal) -> list[Finding]:
    """Return what is wrong with a store held against a paper; nothing where it still holds what it held.

    That the entries and rows agree with their hashes is what :meth:`Store.verify` says: both must be good.
    """
    log = store.changes()
    found = log.filter(log["seq"] == seal.seq)
    if found.height and str(found["entry_hash"][0]).startswith(seal.entry_hash):
        return []
    said = (
        f"Its hash begins with {found['entry_hash'][0][:LEAST_DIGITS]}, and the paper says "
        f"{seal.entry_hash[:LEAST_DIGITS]}."
        if found.height
        else f"The paper was made of change {seal.seq}, and the log has only {log.height} entries."
    )
    return [
        Finding(
            code="store-other-than-paper",
            severity="error",
            place=f"change {seal.seq}",
            found=said,
            do="This store is not the one that the paper was made of, or its past was changed. Look for a "
            "mistyped digit first, then compare with a backup.",
        )
    ]

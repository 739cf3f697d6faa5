"""The entries of the log as a chain of hashes.

Each entry is written as canonical JSON (sorted keys, UTF-8, Unicode NFC, no blanks, UTC to the microsecond)
that holds the hash of the entry before it and a digest of the rows that the change wrote. The stored bytes
are what is hashed.

What it is good for: an entry or a row that is altered, taken out or put in afterwards is noticed, and the
first bad entry named, by anyone who knows a later hash that was noted elsewhere. What it is not: somebody who
can write the file can work out a whole new chain. Names of staff stay outside the chain (an entry holds the
actor's number), so that a name can be corrected or erased; a changed name is therefore not noticed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import unicodedata
from collections.abc import Mapping
from typing import Any

__all__ = ["FIRST", "canonical", "hash_of", "utc_text"]

FIRST = "0" * 64
"""Hash before the first entry."""


def canonical(entry: Mapping[str, Any]) -> str:
    """Return an entry as the text that is hashed.

    Examples
    --------
    >>> canonical({"seq": 1, "reason": "Opening load", "counts": {"b": 2, "a": 1}})
    '{"counts":{"a":1,"b":2},"reason":"Opening load","seq":1}'
    """
    return json.dumps(
        _normal(entry), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def _normal(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {unicodedata.normalize("NFC", k): _normal(v) for k, v in value.items()}
    return value


def hash_of(text: str) -> str:
    """Return the SHA-256 of an entry's text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def utc_text(moment: dt.datetime) -> str:
    """Return a UTC time to the microsecond.

    Examples
    --------
    >>> utc_text(dt.datetime(2026, 11, 23, 9, 5))
    '2026-11-23T09:05:00.000000Z'
    """
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

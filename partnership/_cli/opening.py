"""Opening the store for a command: to write, to read (a snapshot while it is served), or if it is there."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partnership.store import Store


@contextmanager
def writer(path: Path, *, create: bool) -> Iterator[Store]:
    from partnership.store import open_store

    opened = open_store(path, mode="create" if create and not path.exists() else "write")
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def reader(path: Path, as_json: bool) -> Iterator[Store]:  # noqa: FBT001
    from partnership.periods import name_moment
    from partnership.store import open_store

    opened = open_store(path, mode="read")
    if opened.snapshot_at:
        moment = name_moment(opened.snapshot_at, seconds=True)
        said = f"The pages are being served: reading the snapshot of {moment}."
        sys.stderr.write(f"{json.dumps({'notice': said}) if as_json else said}\n")
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def store_if_there(path: Path, as_json: bool) -> Iterator[Store | None]:  # noqa: FBT001
    if not path.exists():
        yield None
        return
    with reader(path, as_json) as opened:
        yield opened

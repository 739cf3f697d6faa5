"""A process that changes a store without pause, and says after each change, durably, that it was accepted."""

from __future__ import annotations

import datetime as dt
import os
import sys
from decimal import Decimal
from pathlib import Path

from partnership.benefits import Reading
from partnership.partners import Agency
from partnership.store import Actor, open_store
from partnership.tables import frame

ROWS = 25
ACTOR = Actor("Crash test", "system")


def readings(turn: int) -> list[Reading]:
    """The rows of one change: all of them, or none, must be there afterwards."""
    months = [dt.date(2020 + i // 12, 1 + i % 12, 1) for i in range(ROWS)]
    return [
        Reading(measure_id=f"M{turn % 4}", period=m, value=Decimal(turn), source=f"turn {turn}")
        for m in months
    ]


def main(path: str, acknowledgements: str) -> None:
    with Path(acknowledgements).open("ab", buffering=0) as out, open_store(path) as store:

        def acknowledge(text: str) -> None:
            out.write(text.encode() + b"\n")
            os.fsync(out.fileno())

        acknowledge("ready")
        while True:
            turn = store.last_seq + 1
            changes = {"readings": frame(readings(turn))}
            removed: dict[str, list[str]] = {}
            if turn % 3 == 0:
                changes["agencies"] = frame(
                    [Agency(id=f"A{turn % 5}", code="ABC", name=f"Turn {turn}", sector="health")]
                )
            if turn % 5 == 0:
                removed["agencies"] = [f"A{(turn + 2) % 5}"]
            if turn % 7 == 0:
                store.refuse(actor=ACTOR, reason="A file with faults", counts={"error": turn})
            else:
                receipt = store.accept(
                    changes, removed=removed, actor=ACTOR, reason=f"Turn {turn}", idempotency_key=str(turn)
                )
                if receipt.seq != turn:
                    sys.exit(f"turn {turn} became change {receipt.seq}")
            acknowledge(str(turn))
            if turn % 11 == 0:
                store.publish_snapshot()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Options that every command takes in the same words: the store, JSON, the day as known, who and why."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["STORE", "ActorOption", "AsOfOption", "JsonOption", "ReasonOption", "StoreOption"]

STORE = Path("partnership.duckdb")
"""The store when none is named: in the folder one stands in."""

StoreOption = Annotated[Path, typer.Option("--store", help="The store: one DuckDB file.", metavar="FILE")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
AsOfOption = Annotated[
    dt.datetime | None,
    typer.Option("--as-of", help="As known on this day, 2026-09-03.", formats=["%Y-%m-%d"], metavar="DATE"),
]
ActorOption = Annotated[
    str | None, typer.Option(help="Who does this; stored as declared, since there is no login yet.")
]
ReasonOption = Annotated[str | None, typer.Option(help="Why; kept with the change.")]

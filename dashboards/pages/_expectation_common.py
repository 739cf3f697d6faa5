"""What the parts of the expectation page share: names, bounds, keys and links to files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl
from dash import html

from dashboards import parts
from partnership import wording

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State
    from partnership._reports.gap_words import Name

Row = Mapping[str, Any]


def names_of(data: Data, state: State) -> Name:
    """Return how an agency is named in a sentence: by its short name."""
    partners = data.partners(state)
    return lambda key: partners[key].short if key in partners else "an agency that is not in the plan"


def with_short_names(frame: pl.DataFrame, name: Name) -> pl.DataFrame:
    """Write each agency by its short name."""
    names = pl.Series("agency_name", [name(i) for i in frame["agency_id"]], dtype=pl.String)
    return frame.with_columns(names)


def bounds_of(data: Data, state: State) -> tuple[float, float]:
    """Return the partnership's own two bands, in times: discuss, and stop and re-define."""
    own = data.table("partnership", state).row(0, named=True)
    return float(own["gap_discuss_ratio"]), float(own["gap_redefine_ratio"])


def files_of(state: State, view: str, row: Row) -> html.P:
    """Return links to the rows of one measure."""
    return parts.download_links(state, view, measure_id=row["measure_id"], measure=None)


def all_rows(state: State, view: str) -> html.P:
    """Return links to the rows of every measure."""
    return parts.download_links(state, view, measure=None)


def apart(ratio: float | None) -> str:
    """Return a ratio as it stands in a table; nothing where there is none."""
    return "" if ratio is None else wording.times(ratio, bare=True)


def key_of(row: Row) -> tuple[str, str]:
    """Return what names a gap: its goal and its measure."""
    return row["goal_id"], row["measure_id"]

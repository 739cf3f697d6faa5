"""A view's rows with what must be said above them, and a cell as text that no spreadsheet runs."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from partnership import wording
from partnership.disclosure import NOTICE
from partnership.periods import in_london
from partnership.views import View

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Extract", "csv_cell", "safe_text"]

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"^[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?$")


@dataclass(frozen=True, slots=True)
class Extract:
    """A view's rows and what must be said with them.

    Parameters
    ----------
    view : View
        What it is.
    frame : polars.DataFrame
        Its rows, small counts already withheld.
    shown : str
        What it is narrowed to, in words: "Police, all five goals".
    known_on : date
        The day as known on which it is shown.
    remark : str
        Anything else a reader must know: that the day was worked out from later loads.
    """

    view: View
    frame: pl.DataFrame
    shown: str
    known_on: dt.date
    remark: str = ""

    @property
    def head(self) -> list[tuple[str, str]]:
        """What stands above the rows."""
        lines = [
            ("Title", self.view.title),
            ("Question", self.view.question),
            ("Shown", self.shown),
            ("As known on", wording.day(self.known_on) + (f". {self.remark}" if self.remark else "")),
            ("Withheld", NOTICE),
            ("Unit", self.view.unit),
            ("Source", self.view.source),
        ]
        return lines + [("Definition", text) for text in self.view.definition.splitlines() if text]

    @property
    def headings(self) -> list[str]:
        """The columns' headings, with their units."""
        return [f"{c.label} ({c.unit})" if c.unit else c.label for c in self.view.columns]

    def rows(self) -> Iterable[tuple[Any, ...]]:
        """Return the rows, in the order of the view's columns."""
        return self.frame.select([c.name for c in self.view.columns]).iter_rows()


def safe_text(text: str) -> str:
    """Return a text as it may stand in CSV: what a spreadsheet would run is given an apostrophe.

    Examples
    --------
    >>> safe_text("=1+1"), safe_text("@SUM(A1)"), safe_text("-12.5"), safe_text("Police")
    ("'=1+1", "'@SUM(A1)", '-12.5', 'Police')
    """
    if text.startswith(_STARTS) or text.lstrip().startswith(_STARTS):
        return text if _NUMBER.match(text) else f"'{text}"
    return text


def csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return safe_text(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return f"{in_london(value):%Y-%m-%d %H:%M:%S %Z}"
    return str(value)

"""The script that draws figures in a browser: plotly.js with the kinds of trace that these charts use.

The whole of plotly.js is 4.8 MB, of which maps, three dimensions and finance are most; its publisher's
"basic" build (bars, pies and scatters) is 1.2 MB, and does the same with the same figure. It stands beside
this module with its licence, as published (npm's plotly.js-basic-dist-min). Its version is that of the plotly
library in use (a test says so), so the two change together.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

__all__ = ["DRAWN", "script"]

DRAWN = frozenset({"bar", "pie", "scatter"})
"""Kinds of trace that the script can draw."""


@cache
def script() -> str:
    """Return the text of the script.

    Returns
    -------
    str
        JavaScript that defines ``Plotly``.

    Examples
    --------
    >>> script().splitlines()[1].startswith("* plotly.js (basic - minified)")
    True
    """
    return files("partnership.charts").joinpath("plotly_basic", "plotly-basic.min.js").read_text("utf-8")

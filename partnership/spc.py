"""Signal or noise: XmR charts by the rules of NHS "Making Data Count".

An XmR chart shows single readings between limits that come from their moving ranges.

A reading is noise while it stays within what the same process would do anyway. Limits are mean ± 2.66 × the
average moving range; four rules tell a special cause: outside the limits, a trend, two of three near a
limit, a shift. Published tools disagree on the length of a shift (7 or 8), of a trend (5, 6 or 7), on
screening and on how many readings limits need, so every one of these is a setting of :class:`Rules`, none
is hidden in the code.

The arithmetic is exact: a reading that lies on the mean lies on it, whatever constant is added to all
readings.

Source: NHS England, Making Data Count (2019 and later); NHSRplotthedots 0.2.2, the NHS-R community's
reference implementation; Shewhart (1931), Wheeler (1993) for 2.66 = 3 / 1.128; Nelson (1994) for time
between rare events.
"""

from __future__ import annotations

from partnership._spc.chart import Point, Segment, Signal, Xmr, xmr
from partnership._spc.limits import Limits, limits, time_between_limits
from partnership._spc.runs import assurance, shift_ends, trend_ends, two_in_three
from partnership._spc.settings import Assurance, Rules, Standing, Verdict

__all__ = [
    "Assurance",
    "Limits",
    "Point",
    "Rules",
    "Segment",
    "Signal",
    "Standing",
    "Verdict",
    "Xmr",
    "assurance",
    "limits",
    "shift_ends",
    "time_between_limits",
    "trend_ends",
    "two_in_three",
    "xmr",
]

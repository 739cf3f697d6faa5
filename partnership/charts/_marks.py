"""Strokes that pictures of ratios share: the axis of decades, its lines, the ink bar, the agencies' marks."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from partnership import wording
from partnership.charts.theme import TOKENS, Mark, Sketch, mark_of, outlined, safe, scatter

__all__ = ["Decades", "Row", "furthest", "grid", "ink_bar", "mark_traces", "write"]

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Decades:
    """A logarithmic axis over whole decades, from 10 to the power ``low`` to 10 to the power ``high``."""

    low: int
    high: int

    @classmethod
    def around(cls, values: Sequence[float]) -> Decades:
        """Return the decades that hold all values: at least one.

        Examples
        --------
        >>> Decades.around([5, 5000]), Decades.around([4])
        (Decades(low=0, high=4), Decades(low=0, high=1))
        """
        if not values:
            return cls(0, 1)
        low = math.floor(math.log10(min(values)) + 1e-9)
        return cls(low, max(low + 1, math.ceil(math.log10(max(values)) - 1e-9)))

    def share(self, value: float) -> float:
        """Return where a value lies: 0 at the left end, 1 at the right."""
        return (math.log10(value) - self.low) / (self.high - self.low)

    @property
    def ticks(self) -> list[float]:
        """The decade lines."""
        return [10.0**i for i in range(self.low, self.high + 1)]

    def axis(self, *, pad: float = 0.0, **more: Any) -> dict[str, Any]:
        """Return the axis for a figure's layout; ``pad`` is room at both ends, in decades."""
        return {
            "type": "log",
            "range": [self.low - pad, self.high + pad],
            "tickvals": self.ticks,
            "ticktext": [wording.number(t, places=6) for t in self.ticks],
            "tickfont": {"size": 15, "color": TOKENS["ink-2"]},
            "tickangle": 0,
            **more,
        }


def ink_bar(least: float, most: float, at: float, width: float, colour: str = "ink") -> dict[str, Any]:
    """Return the bar from the smallest expectation to the largest."""
    return scatter(
        x=[least, most], y=[at, at], mode="lines", hoverinfo="skip", name="from least to most",
        line={"color": TOKENS[colour], "width": width},
    )  # fmt: skip


def grid(values: Sequence[float], low: float, high: float) -> dict[str, Any]:
    """Return the decade lines, from one height to another."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for value in values:
        xs += [value, value, None]
        ys += [low, high, None]
    return scatter(
        x=xs, y=ys, mode="lines", hoverinfo="skip", name="decades", line={"color": TOKENS["line"], "width": 1}
    )


def _ties(rows: Sequence[Row], step: float) -> list[float]:
    """Return how far each row's mark moves up or down, so that equal answers all show."""
    count = Counter(float(r["common_rate"]) for r in rows)
    seen: Counter[float] = Counter()
    moved = []
    for row in rows:
        value = float(row["common_rate"])
        moved.append((seen[value] - (count[value] - 1) / 2) * -step)
        seen[value] += 1
    return moved


def furthest(answered: Sequence[Row]) -> tuple[Row, Row]:
    """Return the two of different partners that lie furthest apart, the lesser first; of one, its ends."""
    pairs = [(a, b) for a in answered for b in answered if a["agency_id"] != b["agency_id"]]
    whole = (answered[0], answered[-1])
    return max(pairs, key=lambda p: float(p[1]["common_rate"]) / float(p[0]["common_rate"]), default=whole)


def mark_traces(
    rows: Sequence[Row], marks: Mapping[str, Mark], at: float, size: float, unit: str, *, tie: float = 12
) -> list[dict[str, Any]]:
    """Return a mark for each partner on its common rate, with a white edge to part it from its neighbours."""
    traces = []
    for row, moved in zip(rows, _ties(rows, tie), strict=True):
        mark = marks.get(row["agency_id"], mark_of(None))
        grown = size * (1.2 if row is rows[0] or row is rows[-1] else 1.0)
        place = {"x": [row["common_rate"]], "y": [at + moved], "mode": "markers", "cliponaxis": False}
        halo = Mark(TOKENS["paper"], TOKENS["paper"], TOKENS["ink"], mark.symbol, 4)
        said = f"{safe(row['agency_name'])}: {wording.number(row['common_rate'])} {safe(unit)}<extra></extra>"
        traces.append(scatter(**place, hoverinfo="skip", name="edge", marker=outlined(halo, grown + 2)))
        traces.append(
            scatter(**place, name=safe(row["agency_name"]), hovertemplate=said, marker=outlined(mark, grown))
        )
    return traces


def write(
    figure: Sketch, text: str, x: float, y: float, *, size: int = 15, colour: str = "ink",
    bold: bool = False, beside: int | None = None,
) -> None:  # fmt: skip
    """Write at a place of the axis, or so many pixels beside the plot: its right end (x is 1) or left (0)."""
    figure.add_annotation(
        text=safe(text), x=x, xref="x" if beside is None else "paper", xshift=beside or 0,
        xanchor="center" if beside is None else "left", y=y, yanchor="middle",
        font={"size": size, "color": TOKENS[colour], "weight": 700 if bold else 400},
    )  # fmt: skip

"""What an explanation is: a figure, how it came about, and the figures that it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from partnership.wording import number, percent, pounds

__all__ = ["Explanation"]


@dataclass(frozen=True)
class Explanation:
    """A figure, how it came about, and the figures that it came from.

    Parameters
    ----------
    address : str
        VIEW/ROW/COLUMN of the figure; empty for a step that has none of its own.
    title : str
        What it is.
    value : Decimal, float, str or None
        The figure, unrounded where it is not money.
    unit : str
        Its unit.
    method : str
        How it comes from its parts, in words or as a formula.
    source : str
        Where it comes from, for what is entered and not computed.
    parts : tuple[Explanation, ...]
        What it is made of.
    """

    address: str
    title: str
    value: Any
    unit: str = "£"
    method: str = ""
    source: str = ""
    parts: tuple[Explanation, ...] = ()

    @property
    def shown(self) -> str:
        """The figure as it is printed."""
        if self.value is None:
            return "no figure"
        if isinstance(self.value, str):
            return self.value
        if self.unit == "£":
            return pounds(self.value, pence=True)
        if self.unit == "share":
            return percent(self.value)
        return f"{number(self.value, places=4)} {self.unit}".strip()

    def as_json(self) -> dict[str, Any]:
        """Return the chain as plain data; money as text, so that no penny is lost."""
        value = str(self.value) if isinstance(self.value, Decimal) else self.value
        return {
            "address": self.address, "title": self.title, "value": value, "shown": self.shown, "unit": self.unit,
            "method": self.method, "source": self.source, "parts": [p.as_json() for p in self.parts],
        }  # fmt: skip

    def lines(self, depth: int = 0) -> Iterable[str]:
        """Yield the chain as indented lines of text."""
        detail = " ".join(x for x in (self.method, f"[{self.source}]" if self.source else "") if x)
        where = f"  ({self.address})" if self.address and depth else ""
        yield f"{'  ' * depth}{self.title}: {self.shown}{where}"
        if detail:
            yield f"{'  ' * depth}  {detail}"
        for part in self.parts:
            yield from part.lines(depth + 1)

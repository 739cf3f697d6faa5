"""What the reading of one cell ends in: a value, a value with a warning, or a refusal in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from partnership.errors import shown
from partnership.personal_data import scan_text

__all__ = ["Refusal", "Verdict", "quoted"]


class Refusal(Exception):  # noqa: N818 - not a programmer's mistake: cells.py makes a finding of it
    """One value cannot be read. It carries the code, what was found and what to do."""

    def __init__(self, code: str, found: str, do: str) -> None:
        self.code, self.found, self.do = code, found, do
        super().__init__(found)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A value that was read, and what its reader must see about it.

    Parameters
    ----------
    value : Any
        The typed value; None when the cell holds nothing after all.
    notes : tuple[tuple[str, str, str], ...]
        Warnings: code, what was found, what to do.
    """

    value: Any
    notes: tuple[tuple[str, str, str], ...] = ()


def quoted(text: str) -> str:
    r"""Return a value in quotes, shortened and escaped; not if it looks like personal data.

    Examples
    --------
    >>> quoted("a\tb"), quoted("943 476 5919")
    ("'a\\tb'", 'A value')
    """
    return "A value" if scan_text(text) else f"'{shown(text)}'"

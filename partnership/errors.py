"""The error family, and the finding that a user's data earns instead of an error.

An exception is for a programmer's mistake or a broken store; a :class:`Finding` is for what somebody typed.
Both are worded alike: what was found, where, and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

__all__ = [
    "Finding",
    "InvalidInput",
    "MissingExtra",
    "PartnershipError",
    "Severity",
    "StoreError",
    "UnknownName",
    "has_errors",
    "nearest",
    "shown",
]

Severity = Literal["error", "warning", "quarantine"]

_SHOWN_LENGTH = 60


class PartnershipError(Exception):
    """Anything this toolkit refuses to do; the message says what was found, where, and what to do."""


class InvalidInput(PartnershipError, ValueError):
    """A value that a function cannot take."""


class UnknownName(PartnershipError, LookupError):
    """A name that nothing answers to.

    Parameters
    ----------
    kind : str
        What was looked for: "view", "agency", "record type".
    name : str
        The name as given.
    known : Iterable[str]
        The names there are; the three nearest go into the message.

    Examples
    --------
    >>> str(UnknownName("view", "promisses", ["promises", "changes"]))
    "There is no view 'promisses'. Did you mean 'promises'?"
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, sorted(known)
        close = nearest(name, self.known)
        hint = (
            f"Did you mean {' or '.join(repr(c) for c in close)}?"
            if close
            else f"Known: {', '.join(self.known)}."
        )
        super().__init__(f"There is no {kind} {shown(name)!r}. {hint}")


class StoreError(PartnershipError, RuntimeError):
    """The store is locked, damaged, of another version, or somebody else changed the row first."""


class MissingExtra(PartnershipError, ImportError):
    """An optional library is not installed.

    Examples
    --------
    >>> str(MissingExtra("dash", "dashboards"))
    "'dash' is not installed. Install it with: pip install 'partnership[dashboards]'."
    """

    def __init__(self, library: str, extra: str) -> None:
        self.library, self.extra = library, extra
        super().__init__(
            f"{library!r} is not installed. Install it with: pip install 'partnership[{extra}]'."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found in a user's data.

    Parameters
    ----------
    code : str
        Id of the check, stable for ever: ``C3-not-a-number``, ``plan-shares-sum``.
    severity : {"error", "warning", "quarantine"}
        An error rejects the whole file; a warning is accepted but must be seen; a quarantine is personal
        data: the file is refused whole and the value itself is never kept, shown or logged.
    place : str
        ``sheet!cell`` (``Contributions!D7``), a line of a text file (``line 12``), or a form field.
    found : str
        One sentence: what was found.
    do : str
        One sentence: what to do about it.
    """

    code: str
    severity: Severity
    place: str
    found: str
    do: str

    @property
    def rejects(self) -> bool:
        """True when the file cannot be accepted while this stands."""
        return self.severity != "warning"

    def __str__(self) -> str:
        """One line: place, what was found, what to do."""
        return f"{self.place}: {self.found} {self.do}".strip()


def has_errors(findings: Iterable[Finding]) -> bool:
    """Tell whether any finding rejects the data.

    Examples
    --------
    >>> has_errors([Finding(code="A15", severity="warning", place="file", found="Seen before.", do="")])
    False
    """
    return any(f.rejects for f in findings)


def nearest(name: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """Return the known names nearest to a mistyped one, best first, ignoring case.

    Examples
    --------
    >>> nearest("g1", ["G1", "G12", "H9"])
    ['G1', 'G12']
    """
    folded = {k.casefold(): k for k in known}
    return [folded[m] for m in get_close_matches(name.casefold(), list(folded), n=limit, cutoff=0.5)]


def shown(value: object, length: int = _SHOWN_LENGTH) -> str:
    r"""Return a user's value as it may be printed: at most 60 characters, control characters as escapes.

    Examples
    --------
    >>> shown("a\nb")
    'a\\nb'
    >>> len(shown("x" * 500))
    60
    """
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in str(value))
    return text if len(text) <= length else text[: length - 1] + "…"

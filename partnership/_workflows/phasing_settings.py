"""Every choice behind a phased plan, checked, and written down in a form that can be read back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from partnership.errors import InvalidInput, shown

__all__ = ["PACKED", "PhasingSettings", "ValueBasis", "options_in_words"]

PACKED = "partnership phase 1 packed "
"""What the options of a decision begin with when a phased plan is kept in them."""


def options_in_words(decision_id: str, options: str | None) -> str | None:
    """Return a decision's options as people read them: a plan kept in them is named, not printed.

    Examples
    --------
    >>> options_in_words("D7", "Hub or virtual"), options_in_words("D7", None)
    ('Hub or virtual', None)
    >>> options_in_words("D7", PACKED + "bzs")
    'A phased plan is kept with this decision: partnership phase --against D7 makes it again.'
    """
    if not (options or "").startswith(PACKED):
        return options
    return (
        f"A phased plan is kept with this decision: partnership phase --against {decision_id} makes it again."
    )


ValueBasis = Literal["score", "benefit", "both"]
_BASES: tuple[ValueBasis, ...] = ("score", "benefit", "both")


@dataclass(frozen=True)
class PhasingSettings:
    """What the partnership asks of a plan.

    Parameters
    ----------
    quarters : int or None
        Length of the plan; None: to the last quarter in which somebody offers something.
    starts_on : date or None
        A day in the first quarter; None: the first quarter offered that has not begun yet.
    small_wins : int
        Items that must be finished in the first months; nought switches the rule off.
    small_wins_months : int
        Those first months, by whole quarters.
    felt_by_all : bool
        Whether each agency must feel one of the small wins.
    value : str
        What a plan is worth: "score" (impact, 0 to 10 by the anchors), "benefit" (pounds at present value) or
        "both".
    gbp_per_point : float or None
        With "both": the pounds that count as much as one point. None: so that all scores and all benefits
        of the items weigh the same; the number is then shown.
    waiting : float
        Share of an item's score that each quarter of waiting costs, so that of two orders the one that
        finishes more sooner is better. Benefit needs none: what starts later brings less within the horizon.
    must_do, left_out : frozenset[str]
        Items that must be in the plan, and items that may not.
    latest : Mapping[str, date]
        Item to the day by which it must be finished if it is done.
    runs : Mapping[str, int]
        Item to how many quarters it runs, in place of the blueprint's dates.
    together : tuple[tuple[tuple[str, ...], float], ...]
        Items that are worth so much more, in the unit of the value, when all of them are done.
    limit : float
        Wall-clock seconds for the search.
    """

    quarters: int | None = None
    starts_on: dt.date | None = None
    small_wins: int = 3
    small_wins_months: int = 6
    felt_by_all: bool = True
    value: ValueBasis = "score"
    gbp_per_point: float | None = None
    waiting: float = 0.02
    must_do: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    latest: Mapping[str, dt.date] = field(default_factory=dict)
    runs: Mapping[str, int] = field(default_factory=dict)
    together: tuple[tuple[tuple[str, ...], float], ...] = ()
    limit: float = 30.0

    def __post_init__(self) -> None:
        """Refuse what cannot be asked."""
        if self.value not in _BASES:
            msg = f"{shown(self.value)} is no basis of value. Choose score, benefit or both."
            raise InvalidInput(msg)
        for name, least, most, given in (
            ("quarters", 1, 80, self.quarters), ("small wins", 0, 1000, self.small_wins),
            ("months of the small wins", 1, 240, self.small_wins_months),
        ):  # fmt: skip
            if given is not None and not least <= given <= most:
                msg = f"{given} {name} cannot be planned. Give from {least} to {most}."
                raise InvalidInput(msg)
        if not 0 <= self.waiting <= 0.2:
            msg = f"A quarter of waiting cannot cost {self.waiting:g} of a score. Give a share from 0 to 0.2."
            raise InvalidInput(msg)
        if self.gbp_per_point is not None and not self.gbp_per_point > 0:
            msg = f"{self.gbp_per_point:g} pounds for a point cannot be used. Give more than nought."
            raise InvalidInput(msg)
        if not 0 < self.limit <= 3600:
            msg = (
                f"{self.limit:g} seconds cannot be given to the search. Give more than nought, at most 3,600."
            )
            raise InvalidInput(msg)
        both = sorted(self.must_do & self.left_out)
        if both:
            msg = f"{', '.join(both)} must be done and is left out. Take it from one of the two."
            raise InvalidInput(msg)

    @property
    def small_wins_quarters(self) -> int:
        """Whole quarters in the first months, at least one."""
        return max(1, self.small_wins_months // 3)

    def as_text(self) -> str:
        """Return the settings as one line of JSON that :meth:`from_text` reads back."""
        plain = asdict(self)
        plain["starts_on"] = self.starts_on.isoformat() if self.starts_on else None
        plain["must_do"], plain["left_out"] = sorted(self.must_do), sorted(self.left_out)
        plain["latest"] = {i: d.isoformat() for i, d in sorted(self.latest.items())}
        plain["runs"] = dict(sorted(self.runs.items()))
        usual = json.loads(_USUAL) if _USUAL else {}
        return json.dumps({k: v for k, v in plain.items() if k not in usual or usual[k] != v}, sort_keys=True)

    @classmethod
    def from_text(cls, text: str) -> PhasingSettings:
        """Read what :meth:`as_text` wrote.

        Raises
        ------
        InvalidInput
            If it is no such line.

        Examples
        --------
        >>> s = PhasingSettings(quarters=6, must_do=frozenset({"W1"}), latest={"W1": dt.date(2027, 3, 31)})
        >>> PhasingSettings.from_text(s.as_text()) == s
        True
        """
        try:
            given: dict[str, Any] = json.loads(text)
            if given.get("starts_on"):
                given["starts_on"] = dt.date.fromisoformat(given["starts_on"])
            for name in ("must_do", "left_out"):
                given[name] = frozenset(given.get(name, ()))
            given["latest"] = {i: dt.date.fromisoformat(d) for i, d in given.get("latest", {}).items()}
            given["together"] = tuple((tuple(items), float(b)) for items, b in given.get("together", ()))
            return cls(**given)
        except (TypeError, ValueError, AttributeError) as error:
            msg = f"{shown(text)} is no record of a plan's settings. Save the plan again."
            raise InvalidInput(msg) from error


_USUAL = ""
_USUAL = PhasingSettings().as_text()

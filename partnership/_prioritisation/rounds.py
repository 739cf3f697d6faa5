"""The state of a round of scoring: blind while it is open, sealed until it is revealed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from partnership.wording import day as day_in_words

__all__ = ["RoundState", "State", "states_of"]

State = Literal["to come", "open", "closed", "revealed"]


class _Round(Protocol):
    id: Any
    opened_on: Any
    revealed_on: Any
    closed_on: Any
    stopping_rule: Any


@dataclass(frozen=True, slots=True)
class RoundState:
    """Where a round stands on a day.

    Parameters
    ----------
    id, number : str, int
        The round, and its number by the day it opened.
    state : {"to come", "open", "closed", "revealed"}
        Open: agencies score, blind. Closed: nobody scores any more, and scores are still sealed. Revealed:
        all see all, and nobody scores any more; who wants to change a score does it in the next round.
    opened_on, closed_on, revealed_on : datetime.date or None
        When.
    stopping_rule : str or None
        The rule declared with the first round; a later round without a rule of its own goes by it.
    """

    id: str
    number: int
    state: State
    opened_on: dt.date
    closed_on: dt.date | None
    revealed_on: dt.date | None
    stopping_rule: str | None

    @property
    def is_sealed(self) -> bool:
        """True while no agency may see another's scores."""
        return self.state != "revealed"

    @property
    def takes_scores(self) -> bool:
        """True while agencies may score."""
        return self.state == "open"

    @property
    def words(self) -> str:
        """The state in words, with its day."""
        if self.state == "to come":
            return f"Round {self.number} opens on {day_in_words(self.opened_on)}"
        if self.state == "open":
            return f"Round {self.number} is open and blind since {day_in_words(self.opened_on)}"
        if self.state == "closed" and self.closed_on is not None:
            return f"Round {self.number} closed {day_in_words(self.closed_on)}, not yet revealed"
        if self.revealed_on is None:
            return f"Round {self.number} is closed, not yet revealed"
        return f"Round {self.number} revealed {day_in_words(self.revealed_on)}"


def states_of(rounds: Iterable[_Round], today: dt.date) -> tuple[RoundState, ...]:
    """Return where every round stands on a day, the first one first."""
    out: list[RoundState] = []
    rule: str | None = None
    for number, found in enumerate(sorted(rounds, key=lambda r: (r.opened_on, r.id)), start=1):
        rule = found.stopping_rule or rule
        if found.revealed_on is not None and found.revealed_on <= today:
            state: State = "revealed"
        elif found.closed_on is not None and found.closed_on <= today:
            state = "closed"
        else:
            state = "open" if found.opened_on <= today else "to come"
        out.append(
            RoundState(found.id, number, state, found.opened_on, found.closed_on, found.revealed_on, rule)
        )
    return tuple(out)

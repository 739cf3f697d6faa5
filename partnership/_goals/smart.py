"""SMART as rules: each rule looks at one thing and says what was found and how to mend it.

A score is given letter by letter and never added up: a goal that is measured to perfection and led by nobody
is not four fifths good.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from partnership._goals import reachable, specific
from partnership._goals.facts import LETTERS, GoalFacts, Letter, LetterScore, Rule, Verdict

if TYPE_CHECKING:
    from partnership.goals import Goal

__all__ = ["RULES", "Judged", "judge"]

_LOOK = (*specific.RULES, *reachable.RULES)

RULES: tuple[Rule, ...] = (
    specific.OWNER, specific.VERB, specific.MEASURE, specific.POLARITY, specific.SOURCE, specific.BASELINE,
    specific.TARGET, specific.DEFINITION, reachable.LIMITS, reachable.CAPACITY, reachable.GIVES_GETS,
    reachable.PATH, reachable.WORK, reachable.DATES, reachable.LEADING, reachable.REVIEWED,
)  # fmt: skip
"""Every rule, in the order of the letters."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One goal, held against every rule."""

    goal: Goal
    verdicts: tuple[Verdict, ...]

    @property
    def letters(self) -> tuple[LetterScore, ...]:
        """The score of each letter: rules met, rules that apply, rules that cannot tell."""
        return tuple(self._score(letter) for letter in LETTERS)

    def _score(self, letter: Letter) -> LetterScore:
        own = [v for v in self.verdicts if v.rule.letter == letter and v.outcome != "does not apply"]
        met = sum(v.outcome == "met" for v in own)
        return LetterScore(letter, met, len(own), sum(v.outcome == "cannot tell" for v in own))

    @property
    def to_mend(self) -> tuple[Verdict, ...]:
        """The verdicts that ask for something: what is not met first, then what cannot be told."""
        asks = [v for v in self.verdicts if v.outcome in ("not met", "cannot tell")]
        return tuple(sorted(asks, key=lambda v: v.outcome != "not met"))


def judge(facts: GoalFacts) -> Judged:
    """Hold one goal against every rule.

    Parameters
    ----------
    facts : GoalFacts
        What is known of it.

    Returns
    -------
    Judged
        A verdict for each rule, in the order of :data:`RULES`.

    Source
    ------
    Doran, "There's a S.M.A.R.T. way to write management's goals and objectives" (1981), for the letters; the
    rules are this toolkit's own design, declared as such.

    Examples
    --------
    >>> import datetime as dt
    >>> from partnership.goals import Goal
    >>> judged = judge(GoalFacts(goal=Goal(id="G1", title="Share"), today=dt.date(2026, 11, 23)))
    >>> [(s.letter, s.met, s.asked) for s in judged.letters]
    [('S', 0, 2), ('M', 0, 6), ('A', 0, 2), ('R', 1, 2), ('T', 0, 3)]
    """
    return Judged(facts.goal, tuple(look(facts) for look in _LOOK))

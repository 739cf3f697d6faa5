"""What a prioritisation is made of: plain values for a page, a command and a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from partnership._prioritisation import flips
from partnership._prioritisation.disagreement import AxisScores, Disagreement
from partnership._prioritisation.group import Agreement, GroupOrders
from partnership._prioritisation.quadrants import Quadrant
from partnership._prioritisation.rounds import RoundState
from partnership._prioritisation.talks import Stability, Talk
from partnership._prioritisation.weighting import Weighting
from partnership.errors import UnknownName
from partnership.wording import listing, percent

__all__ = ["CriterionShown", "PrioritisedItem", "Prioritised"]


@dataclass(frozen=True)
class CriterionShown:
    """A criterion as a page shows it: its share of its axis and of the whole, and its written anchors."""

    id: str
    axis: str
    name: str
    share_of_axis: float
    weight: float
    anchors: Mapping[int, str]


@dataclass(frozen=True)
class PrioritisedItem:
    """One item with its place and everything that stands beside it.

    Parameters
    ----------
    item_id, title, lead_agency_id, goal_id, habit
        As in the plan.
    impact, effort, score : float or None
        0 to 10 by the anchors; the score counts effort from 10 down. None: not scored.
    rank : int or None
        1 the best; equal scores share a rank.
    places : tuple[int, int] or None
        The run of places that is too close to call; the rank twice where it stands clear.
    quadrant, quadrant_chance, quadrant_chances
        Where it stands, the share of draws in which it stands there, and the share of each quadrant.
    dominated_by : tuple[str, ...]
        Items with no less impact for no more effort, and better on one of the two.
    acceptability : tuple[float, ...]
        Share of draws in which it takes each place, the first place first; empty when not scored.
    central_weights : Mapping[str, float] or None
        Mean weights under which it is first; None when it never was in any draw.
    confidence_factor : float or None
        How often it is first under those weights, the agencies drawn anew.
    first_for_some_weights, first_in_order : bool or None
        Whether any weights at all put its mean scores first, and whether any that keep the stated order do.
    axes : Mapping[str, AxisScores]
        Agencies' scores on each axis, with mean, range, deviation and van der Eijk's A.
    disagreement : Disagreement
        Its kind, the sides and the evidence.
    scorers : int
        Agencies that scored it on any criterion.
    weight_flip, score_flip
        The smallest change of weights, and of one score, that changes its order with another item.
    flip_words : str
        With what it changes places on the smaller of the two changes, in words.
    """

    item_id: str
    title: str
    lead_agency_id: str | None
    goal_id: str | None
    habit: str | None
    impact: float | None
    effort: float | None
    score: float | None
    rank: int | None
    places: tuple[int, int] | None
    quadrant: Quadrant | None
    quadrant_chance: float | None
    quadrant_chances: Mapping[Quadrant, float]
    dominated_by: tuple[str, ...]
    is_pareto: bool
    acceptability: tuple[float, ...]
    expected_rank: float | None
    central_weights: Mapping[str, float] | None
    confidence_factor: float | None
    first_for_some_weights: bool | None
    first_in_order: bool | None
    axes: Mapping[str, AxisScores]
    disagreement: Disagreement
    scorers: int
    abstentions: int
    weight_flip: flips.WeightFlip | None
    score_flip: flips.ScoreFlip | None
    flip_words: str

    @property
    def close_call(self) -> bool:
        """True when its place is too close to call."""
        return self.places is not None and self.places[0] != self.places[1]

    @property
    def dominated_quick_win(self) -> bool:
        """True for a quick win that another item beats on impact and effort."""
        return self.quadrant == "quick win" and bool(self.dominated_by)

    def share_of_places(self, first: int, last: int) -> float:
        """Return the share of draws in which it takes one of these places, 1 the first."""
        return float(sum(self.acceptability[first - 1 : last]))


@dataclass(frozen=True)
class Prioritised:
    """The whole prioritisation of one round.

    Parameters
    ----------
    round : RoundState or None
        The round whose scores these are; None when none has been revealed.
    rounds : tuple[RoundState, ...]
        All rounds, the first one first; an open one is among them, its scores are not.
    items : tuple[PrioritisedItem, ...]
        Best first; items without a score last.
    talks : tuple[Talk, ...]
        Most useful first.
    close_calls : tuple[tuple[int, int], ...]
        Runs of places too close to call.
    headline : str
        One sentence computed from the scores.
    entropy_bits : float or None
        Uncertainty of the first place; 0 is certain.
    """

    round: RoundState | None
    rounds: tuple[RoundState, ...]
    criteria: tuple[CriterionShown, ...]
    weighting: Weighting | None
    agency_weights: Mapping[str, float]
    agencies: Mapping[str, str]
    equal_agencies: bool
    items: tuple[PrioritisedItem, ...]
    talks: tuple[Talk, ...]
    agreement: Agreement | None
    orders: GroupOrders | None
    stability: Stability | None
    close_calls: tuple[tuple[int, int], ...]
    headline: str
    draws: int
    seed: int
    entropy_bits: float | None

    @property
    def open_round(self) -> RoundState | None:
        """The round that takes scores now, if one does."""
        return next((r for r in self.rounds if r.takes_scores), None)

    @property
    def ranked(self) -> tuple[PrioritisedItem, ...]:
        """Items that have a place."""
        return tuple(i for i in self.items if i.rank is not None)

    def item(self, item_id: str) -> PrioritisedItem:
        """Return one item.

        Raises
        ------
        UnknownName
            If there is no such item.
        """
        found = next((i for i in self.items if i.item_id == item_id), None)
        if found is None:
            raise UnknownName("work item", item_id, [i.item_id for i in self.items])
        return found

    @property
    def weights_words(self) -> str:
        """Weights of axes and agencies in words."""
        if self.weighting is None:
            return ""
        if self.equal_agencies:
            return f"{self.weighting.sentence} Equal weight per agency."
        said = listing(f"{self.agencies.get(a, a)} {percent(w)}" for a, w in self.agency_weights.items())
        return f"{self.weighting.sentence} Agencies do not weigh the same: {said}."

    def talk_words(self, talk: Talk) -> str:
        """Say who should talk to whom about what, with the agencies' names."""
        sides = [listing((self.agencies.get(a, a) for a in side), most=4) for side in talk.sides]
        title = self.item(talk.item).title
        if talk.kind == "not enough scores":
            return f"{sides[0]}: score {title}, or say that you abstain."
        about = {
            "different understanding": f"what {title} means, before anybody scores it again",
            "two camps": f"the {talk.axis} of {title}: nobody stands between the two sides",
            "one dissenter": f"the {talk.axis} of {title}: what one knows that the others do not",
        }.get(talk.kind, f"the {talk.axis} of {title}")
        if len(sides) == 1:
            return f"{sides[0]} should talk about {about}."
        return f"{sides[0]} should talk with {sides[1]} about {about}."

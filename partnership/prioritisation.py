"""Impact and effort, scored by several agencies on fixed anchors, with their disagreement kept.

The face over ``_prioritisation/``, a subject a file. The method, in one breath: every agency scores blind, from
0 to 10 by written anchors; impact and effort are weighted means, each agency counting once; the score is the
weighted sum on the anchors and never a share of the best in the set. Beside every rank stand how far agencies
agree, what kind of disagreement it is, every place the item takes when weights and agencies are drawn anew, and
the smallest change that would alter the order.

Records load with this module; a method's room loads when its name is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from partnership.records import Day, Flag, Id, Notes, Quantity, Record, Ref, Since, Title, Whole

if TYPE_CHECKING:
    from partnership._prioritisation.agreement import (
        Concordance,
        kendall_w,
        krippendorff_alpha,
        leave_one_out_w,
        rand_ucla_disagreement,
        tastle_wierman,
        van_der_eijk_a,
        within_group_agreement,
    )
    from partnership._prioritisation.comparison import topsis, weighted_product
    from partnership._prioritisation.critical_path import critical_path
    from partnership._prioritisation.disagreement import Disagreement, disagreement_of
    from partnership._prioritisation.flips import (
        close_calls,
        first_for_some_weights,
        score_flip,
        switch_point,
        weight_flip,
    )
    from partnership._prioritisation.group import Agreement, GroupOrders, agreement_of, orders_of
    from partnership._prioritisation.pairwise import (
        Pairwise,
        consensus_of_priorities,
        group_judgements,
        pairwise_weights,
    )
    from partnership._prioritisation.quadrants import dominators, pareto, quadrant
    from partnership._prioritisation.ranking import (
        Kemeny,
        Ordering,
        borda,
        copeland,
        kemeny,
        preferences_of_ballots,
        preferences_of_scores,
    )
    from partnership._prioritisation.robustness import Robust, robust
    from partnership._prioritisation.rounds import RoundState, states_of
    from partnership._prioritisation.scoring import Scored, ScoreTable, criteria_of, scored, table_of
    from partnership._prioritisation.smaa import Acceptability, acceptability, choice_entropy, of_matrix
    from partnership._prioritisation.smaa_exact import exact_acceptability
    from partnership._prioritisation.talks import Stability, Talk, stability, talks
    from partnership._prioritisation.weighting import (
        CriterionWeight,
        Weighting,
        direct,
        draw_simplex,
        rank_order_centroid,
        weighting_of,
    )

_ROOMS: dict[str, str] = {
    "CriterionWeight": "weighting", "Weighting": "weighting", "direct": "weighting", "draw_simplex": "weighting", "rank_order_centroid": "weighting", "weighting_of": "weighting",
    "Scored": "scoring", "ScoreTable": "scoring", "criteria_of": "scoring", "scored": "scoring", "table_of": "scoring",
    "Concordance": "agreement", "kendall_w": "agreement", "krippendorff_alpha": "agreement", "leave_one_out_w": "agreement", "rand_ucla_disagreement": "agreement", "tastle_wierman": "agreement", "van_der_eijk_a": "agreement", "within_group_agreement": "agreement",
    "Disagreement": "disagreement", "disagreement_of": "disagreement",
    "Kemeny": "ranking", "Ordering": "ranking", "borda": "ranking", "copeland": "ranking", "kemeny": "ranking", "preferences_of_ballots": "ranking", "preferences_of_scores": "ranking",
    "dominators": "quadrants", "pareto": "quadrants", "quadrant": "quadrants",
    "Acceptability": "smaa", "acceptability": "smaa", "choice_entropy": "smaa", "of_matrix": "smaa",
    "Robust": "robustness", "robust": "robustness",
    "close_calls": "flips", "first_for_some_weights": "flips", "score_flip": "flips", "switch_point": "flips", "weight_flip": "flips",
    "Stability": "talks", "Talk": "talks", "stability": "talks", "talks": "talks",
    "Pairwise": "pairwise", "consensus_of_priorities": "pairwise", "group_judgements": "pairwise", "pairwise_weights": "pairwise", "topsis": "comparison", "weighted_product": "comparison", "exact_acceptability": "smaa_exact", "critical_path": "critical_path", "Agreement": "group", "GroupOrders": "group", "agreement_of": "group", "orders_of": "group",
    "RoundState": "rounds", "states_of": "rounds",
}  # fmt: skip

__all__ = [
    "Acceptability", "Agreement", "Concordance", "Criterion", "CriterionWeight", "Disagreement", "GroupOrders", "Kemeny", "Ordering", "Pairwise", "Robust", "RoundState", "Score", "ScoreTable", "Scored", "ScoringRound", "Stability", "Talk", "Weighting", "acceptability", "agreement_of", "borda", "choice_entropy", "close_calls", "consensus_of_priorities", "copeland", "criteria_of", "critical_path", "direct", "disagreement_of", "dominators", "draw_simplex", "exact_acceptability", "first_for_some_weights", "group_judgements", "kemeny", "kendall_w", "krippendorff_alpha", "leave_one_out_w", "of_matrix", "orders_of", "pairwise_weights", "pareto", "preferences_of_ballots", "preferences_of_scores", "quadrant", "rand_ucla_disagreement", "rank_order_centroid", "robust", "score_flip", "scored", "stability", "standard_criteria", "states_of", "switch_point", "table_of", "talks", "tastle_wierman", "topsis", "van_der_eijk_a", "weight_flip", "weighted_product", "weighting_of", "within_group_agreement",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Fetch a method from its room on first use, so that records load without scipy."""
    if name in _ROOMS:
        return getattr(import_module(f"partnership._prioritisation.{_ROOMS[name]}"), name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


class Criterion(Record):
    """One thing that is scored, with written anchors so that a level means the same to everybody."""

    id: Id = Field(description="Id of the criterion")
    axis: Literal["impact", "effort"] = Field(description="Which axis of the matrix it belongs to")
    name: Title = Field(description="What is scored")
    weight: Quantity = Field(ge=0, description="Weight on its axis, before the weights are brought to 1")
    anchor_0: Title | None = Field(None, description="What 0 means")
    anchor_5: Title | None = Field(None, description="What 5 means")
    anchor_10: Title | None = Field(None, description="What 10 means")


def standard_criteria() -> tuple[Criterion, ...]:
    """Return eight criteria with written anchors, of equal weight on their axis.

    Impact: for people served, for demand, for partners, confidence in the evidence; more is better. Effort:
    cost, time, difficulty, dependency; less is better. The anchors are fixed and in words, so that a level
    means the same to everybody and no item's score depends on the others.

    Source
    ------
    Our own design. Change names, weights and anchors before the first round, never within one.

    Examples
    --------
    >>> from partnership.prioritisation import standard_criteria
    >>> [(c.axis, c.id) for c in standard_criteria()][3:5]
    [('impact', 'EVIDENCE'), ('effort', 'COST')]
    >>> sum(c.weight for c in standard_criteria() if c.axis == "effort")
    Decimal('100')
    """
    from partnership._prioritisation.standard import ROWS

    fields = ("id", "axis", "name", "anchor_0", "anchor_5", "anchor_10")
    return tuple(
        Criterion.model_validate({**dict(zip(fields, row, strict=True)), "weight": "25"}) for row in ROWS
    )


class ScoringRound(Record):
    """One round of scoring: blind while it is open."""

    id: Id = Field(description="Id of the round")
    opened_on: Day = Field(description="When scoring opened")
    revealed_on: Day | None = Field(None, description="When the scores were shown to all")
    closed_on: Day | None = Field(None, description="When it closed")
    stopping_rule: Notes | None = Field(
        None, description="The rule, declared before the first round, that ends the scoring"
    )


class Score(Record):
    """One scorer's view of one item on one criterion in one round."""

    item_id: Annotated[Id, Ref("work_items")] = Field(description="The item")
    criterion_id: Annotated[Id, Ref("criteria")] = Field(description="The criterion")
    round_id: Annotated[Id, Ref("scoring_rounds")] = Field(description="The round")
    agency_id: Annotated[Id, Ref("agencies")] = Field(description="The agency that scores")
    scorer_role_id: Annotated[Id, Ref("role_holders")] = Field(description="Role that scored for it")
    score: Quantity | None = Field(None, ge=0, le=10, description="0 to 10 by the anchors")
    abstained: Flag = Field(False, description="Yes when the scorer will not score this")
    confidence: Whole | None = Field(None, ge=1, le=5, description="1 guess to 5 certain")
    note: Title | None = Field(None, description="Why, in one line")
    scored_on: Annotated[Day, Since()] = Field(description="When")

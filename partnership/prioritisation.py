"""Impact and effort, scored by several agencies on fixed anchors, with their disagreement kept."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from partnership.records import Day, Flag, Id, Notes, Quantity, Record, Ref, Since, Title, Whole

__all__ = ["Criterion", "Score", "ScoringRound"]


class Criterion(Record):
    """One thing that is scored, with written anchors so that a level means the same to everybody."""

    id: Id = Field(description="Id of the criterion")
    axis: Literal["impact", "effort"] = Field(description="Which axis of the matrix it belongs to")
    name: Title = Field(description="What is scored")
    weight: Quantity = Field(ge=0, description="Weight on its axis, before the weights are brought to 1")
    anchor_0: Title | None = Field(None, description="What 0 means")
    anchor_5: Title | None = Field(None, description="What 5 means")
    anchor_10: Title | None = Field(None, description="What 10 means")


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

"""The prioritisation of a plan: every item's place with how sure it is, who differs, and who should talk.

One call, :func:`prioritised`, gives the page, the command line and a notebook the same numbers. It takes a
plan as the store gives it: scores of a round that is still sealed are not in it, whoever asks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from partnership._prioritisation import flips
from partnership._prioritisation.disagreement import Disagreement, axis_scores, disagreement_of
from partnership._prioritisation.group import agreement_of, orders_of
from partnership._prioritisation.quadrants import dominators, pareto, quadrant
from partnership._prioritisation.robustness import Robust, robust
from partnership._prioritisation.rounds import RoundState, states_of
from partnership._prioritisation.scoring import Scored, criteria_of, scored, table_of, utilities
from partnership._prioritisation.smaa import DRAWS, SEED, choice_entropy
from partnership._prioritisation.talks import stability
from partnership._prioritisation.talks import talks as talks_of
from partnership._prioritisation.weighting import Weighting, weighting_of
from partnership._workflows.prioritised_values import CriterionShown, Prioritised, PrioritisedItem
from partnership.errors import InvalidInput, UnknownName
from partnership.periods import local_day
from partnership.wording import in_words, listing

if TYPE_CHECKING:
    from partnership.store import Store

__all__ = ["Prioritised", "PrioritisedItem", "prioritise", "prioritised"]

Records = Mapping[str, tuple[Any, ...]]


def prioritise(
    store: Store, round_id: str | None = None, *, as_of: dt.date | None = None, **chosen: Any
) -> Prioritised:
    """Prioritise the stored plan, as known on a day; see :func:`prioritised`."""
    plan: Any = store.plan(as_of=as_of)
    return prioritised(plan, round_id, today=as_of, **chosen)


def prioritised(
    plan: Records,
    round_id: str | None = None,
    *,
    weights: Mapping[str, float] | None = None,
    agency_weights: Mapping[str, float] | None = None,
    kept: str = "order",
    draws: int = DRAWS,
    seed: int = SEED,
    today: dt.date | None = None,
) -> Prioritised:
    """Prioritise the work items of a plan by one round of scores.

    Parameters
    ----------
    plan : Plan
        As ``store.plan()`` gives it.
    round_id : str, optional
        The round; the latest that was revealed and has scores when left out.
    weights : Mapping[str, float], optional
        "What if": weights by axis or criterion id, in place of the plan's.
    agency_weights : Mapping[str, float], optional
        Weights of agencies; equal when left out.
    kept : {"order", "free", "none"}
        What draws keep of the weights.
    draws, seed : int
        Draws of the acceptabilities, and where chance starts.
    today : datetime.date, optional
        The day it is seen from; the present day when left out.

    Raises
    ------
    UnknownName
        If there is no such round, or a weight is for nothing that is there.
    InvalidInput
        If the round is still sealed, or weights cannot be brought to one.
    """
    day = today or local_day(dt.datetime.now(dt.UTC))
    rounds = states_of(plan["scoring_rounds"], day)
    agencies = {a.id: a.short_name or a.name for a in plan["agencies"]}
    chosen = _round(rounds, round_id, {s.round_id for s in plan["scores"]})
    if chosen is None or not plan["criteria"]:
        return _nothing(plan, rounds, agencies, draws, seed)
    weighting = weighting_of(criteria_of(plan["criteria"]), weights, kept=kept)
    result = _scored(plan, chosen.id, weighting, agency_weights)
    sure = robust(result, draws=draws, seed=seed)
    found = {name: disagreement_of(result, i) for i, name in enumerate(result.table.items)}
    close = tuple(flips.close_calls(range(len(sure.places)), sure.shares.pairwise)) if sure else ()
    items = _items(plan, result, sure, found, close)
    leads = {i.id: i.lead_agency_id for i in plan["work_items"] if i.lead_agency_id}
    before = next((r for r in reversed(rounds) if r.number < chosen.number and not r.is_sealed), None)
    moved = stability(_scored(plan, before.id, weighting, agency_weights), result) if before else None
    return Prioritised(
        round=chosen,
        rounds=rounds,
        criteria=_criteria(plan, weighting),
        weighting=weighting,
        agency_weights=dict(zip(result.table.agencies, result.agency_weights, strict=True)),
        agencies=agencies,
        equal_agencies=len({round(w, 12) for w in result.agency_weights}) < 2,
        items=items,
        talks=talks_of(result, found, leads),
        agreement=agreement_of(result, agencies),
        orders=orders_of(result),
        stability=moved,
        close_calls=close,
        headline=_headline(items, close),
        draws=draws,
        seed=seed,
        entropy_bits=choice_entropy(sure.shares.first.tolist()) if sure else None,
    )


def _round(rounds: Sequence[RoundState], asked: str | None, with_scores: set[str]) -> RoundState | None:
    if asked is None:
        return next((r for r in reversed(rounds) if not r.is_sealed and r.id in with_scores), None)
    found = next((r for r in rounds if r.id == asked), None)
    if found is None:
        raise UnknownName("round of scoring", asked, [r.id for r in rounds])
    if found.is_sealed:
        msg = f"{found.words}: its scores are sealed until it is revealed. Choose a round that has been."
        raise InvalidInput(msg)
    return found


def _scored(
    plan: Records, round_id: str, weighting: Weighting, agency_weights: Mapping[str, float] | None
) -> Scored:
    scores = [s for s in plan["scores"] if s.round_id == round_id]
    scorers = {s.agency_id for s in scores}
    named = {a: w for a, w in (agency_weights or {}).items() if a in scorers}
    for name in agency_weights or {}:
        if name not in {a.id for a in plan["agencies"]}:
            raise UnknownName("agency", name, [a.id for a in plan["agencies"]])
    table = table_of(
        criteria_of(plan["criteria"]), scores, items=[i.id for i in plan["work_items"]], agencies=scorers
    )
    return scored(table, weighting, named)


def _criteria(plan: Records, weighting: Weighting) -> tuple[CriterionShown, ...]:
    at = {c.id: i for i, c in enumerate(weighting.criteria)}
    out = []
    for c in sorted(plan["criteria"], key=lambda c: (c.axis != "impact", c.id)):
        if c.id in at:
            weight = weighting.weights[at[c.id]]
            on_axis = weighting.axis_weights[c.axis]
            inside = (
                weighting.within(c.axis)[weighting.on_axis(c.axis).index(at[c.id])]
                if on_axis == 0
                else weight / on_axis
            )
            anchors = {n: text for n, text in ((0, c.anchor_0), (5, c.anchor_5), (10, c.anchor_10)) if text}
            out.append(CriterionShown(c.id, c.axis, c.name, inside, weight, anchors))
    return tuple(out)


def _items(
    plan: Records,
    result: Scored,
    sure: Robust | None,
    found: Mapping[str, Disagreement],
    close: Sequence[tuple[int, int]],
) -> tuple[PrioritisedItem, ...]:
    about = {i.id: i for i in plan["work_items"]}
    ranks, order = result.ranks, sure.places if sure else ()
    merit = utilities(result.weighting.criteria, result.by_criterion)
    both = np.array([result.axes[a] * (1 if a == "impact" else -1) for a in result.weighting.axes]).T
    beaten, front = dominators(both), set(pareto(both))
    ever = _ever_first(result, sure, merit)
    run = {p: r for r in close for p in range(r[0], r[1] + 1)}
    out = []
    for place in (*order, *(i for i in range(len(result.table.items)) if i not in order)):
        name = result.table.items[place]
        at = order.index(place) if place in order else None
        impact, effort = (_number(result.axes.get(a), place) for a in ("impact", "effort"))
        box = quadrant(impact, effort) if impact is not None and effort is not None else None
        chances = {q: float(n[at]) for q, n in sure.quadrants.items()} if sure and at is not None else {}
        weight_flip = flips.weight_flip(result, place) if at is not None else None
        score_flip = flips.score_flip(result, place) if at is not None else None
        first = float(sure.shares.first[at]) if sure and at is not None else 0.0
        row = about[name]
        out.append(
            PrioritisedItem(
                item_id=name,
                title=row.title,
                lead_agency_id=row.lead_agency_id,
                goal_id=row.goal_id,
                habit=row.habit,
                impact=impact,
                effort=effort,
                score=_number(result.score, place),
                rank=ranks.get(name),
                places=run.get(at + 1, (ranks[name], ranks[name])) if at is not None else None,
                quadrant=box,
                quadrant_chance=chances.get(box) if box else None,
                quadrant_chances=chances,
                dominated_by=tuple(result.table.items[i] for i in beaten[place]),
                is_pareto=place in front,
                acceptability=tuple(sure.shares.ranks[at].tolist()) if sure and at is not None else (),
                expected_rank=float(sure.shares.expected_rank[at]) if sure and at is not None else None,
                central_weights=dict(
                    zip(
                        (c.id for c in result.weighting.criteria),
                        sure.shares.central_weights[at].tolist(),
                        strict=True,
                    )
                )
                if sure and first > 0
                else None,
                confidence_factor=float(sure.confidence[at]) if sure and first > 0 else None,
                first_for_some_weights=ever[0].get(place),
                first_in_order=ever[1].get(place),
                axes=axis_scores(result, place),
                disagreement=found[name],
                scorers=int(result.scorers[place]),
                abstentions=len(result.table.abstentions(name)),
                weight_flip=weight_flip,
                score_flip=score_flip,
                flip_words=_flip_words(weight_flip, score_flip, result),
            )
        )
    return tuple(out)


def _ever_first(result: Scored, sure: Robust | None, merit: Any) -> tuple[dict[int, bool], dict[int, bool]]:
    """Tell of each scored item whether any weights, and any in the axes' order, put its means first."""
    if sure is None:
        return {}, {}
    order = list(sure.places)
    values = merit[:, order].T
    by_axis = np.array(
        [result.axes[a] if a == "impact" else 10 - result.axes[a] for a in result.weighting.axes]
    ).T[order]
    axis_weights = [result.weighting.axis_weights[a] for a in result.weighting.axes]
    levels = sorted(set(axis_weights), reverse=True)
    free = flips.first_for_some_weights(values)
    kept = flips.first_for_some_weights(by_axis, order=[levels.index(w) for w in axis_weights])
    return dict(zip(order, free, strict=True)), dict(zip(order, kept, strict=True))


def _number(values: Any, place: int) -> float | None:
    if values is None or not np.isfinite(values[place]):
        return None
    return float(values[place])


def _flip_words(
    weight: flips.WeightFlip | None,
    score: flips.ScoreFlip | None,
    result: Scored,
) -> str:
    """Say with what it changes places and on what smallest change: of weights, or of one score.

    A weight is compared by its share of one, a score by its share of the scale.
    """
    named = {c.id: c for c in result.weighting.criteria}
    if score is not None and (
        weight is None or not weight.keeps_order or abs(score.change) / 10 <= weight.moved
    ):
        return f"{score.other}, if one agency scores its {named[score.criterion].axis} {_by(score.change)}"
    if weight is None:
        return "no other, whatever weighs most"
    if not weight.keeps_order:
        return "no other, while weights keep their order"
    towards = named[weight.towards]
    alone = len(result.weighting.on_axis(towards.axis)) == 1
    before = float(result.weighting.weights[list(named).index(towards.id)])
    what = towards.axis if alone else towards.name[:1].lower() + towards.name[1:]
    return f"{weight.other}, if {what} weighs {_up(100 * (before + weight.moved))}%, not {100 * before:.3g}%"


def _up(value: float) -> str:
    """Write a figure to a tenth, rounded up: at what is written, the change has happened."""
    return f"{float(np.ceil(round(10 * value, 6))) / 10:.1f}".removesuffix(".0")


def _by(change: float) -> str:
    return f"{_up(abs(change))} {'higher' if change > 0 else 'lower'}"


def _headline(items: Sequence[PrioritisedItem], close: Sequence[tuple[int, int]]) -> str:
    """Say what comes first and how sure that is, and the first run of places that is too close to call."""
    ranked = [i for i in items if i.rank is not None]
    if not ranked:
        return "No item has a score from any agency on every criterion, so nothing is ranked."
    first = ranked[0]
    share = first.acceptability[0]
    if close and close[0][0] == 1:
        count = in_words(close[0][1])
        return (
            f"The first {count} places are a close call: {listing(i.title for i in ranked[: close[0][1]])}."
        )
    sure = (
        "in every draw of weights and scorers"
        if share >= 1
        else f"in {_of_100(share)} draws of weights and scorers"
    )
    said = f"{first.title} comes first {sure}."
    if close:
        said += f" Places {close[0][0]} to {close[0][1]} are a close call."
    return said


def _of_100(share: float) -> str:
    if share > 0.99:
        return "more than 99 in 100"
    return "fewer than 1 in 100" if share < 0.01 else f"{100 * share:.0f} in 100"


def _nothing(
    plan: Records, rounds: tuple[RoundState, ...], agencies: Mapping[str, str], draws: int, seed: int
) -> Prioritised:
    sealed = next((r for r in reversed(rounds) if r.is_sealed and r.state != "to come"), None)
    if sealed is not None:
        said = f"{sealed.words}: no agency sees another’s scores until it is revealed."
    elif not plan["criteria"]:
        said = "No criteria yet. Write what impact and effort are scored by, with anchors, first."
    else:
        said = "No round has been scored yet. Declare the stopping rule and open the first round."
    empty = Disagreement("not enough scores", None, (), "No score can be seen.")
    items = tuple(
        PrioritisedItem(
            item_id=i.id,
            title=i.title,
            lead_agency_id=i.lead_agency_id,
            goal_id=i.goal_id,
            habit=i.habit,
            impact=None,
            effort=None,
            score=None,
            rank=None,
            places=None,
            quadrant=None,
            quadrant_chance=None,
            quadrant_chances={},
            dominated_by=(),
            is_pareto=False,
            acceptability=(),
            expected_rank=None,
            central_weights=None,
            confidence_factor=None,
            first_for_some_weights=None,
            first_in_order=None,
            axes={},
            disagreement=empty,
            scorers=0,
            abstentions=0,
            weight_flip=None,
            score_flip=None,
            flip_words="",
        )
        for i in sorted(plan["work_items"], key=lambda i: i.id)
    )
    weighting = (
        weighting_of(criteria_of(plan["criteria"])) if any(c.weight for c in plan["criteria"]) else None
    )
    return Prioritised(
        round=None,
        rounds=rounds,
        criteria=_criteria(plan, weighting) if weighting else (),
        weighting=weighting,
        agency_weights={},
        agencies=agencies,
        equal_agencies=True,
        items=items,
        talks=(),
        agreement=None,
        orders=None,
        stability=None,
        close_calls=(),
        headline=said,
        draws=draws,
        seed=seed,
        entropy_bits=None,
    )

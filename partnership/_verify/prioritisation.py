"""Adapters of scoring, weights, group orders, agreement, acceptability, quadrants and critical paths."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from typing import Any

import numpy as np

from partnership._prioritisation import agreement, comparison, flips, pairwise, quadrants, ranking, smaa
from partnership._prioritisation.critical_path import critical_path
from partnership._prioritisation.scoring import competition_ranks
from partnership._prioritisation.smaa_exact import MOST_ITEMS, exact_acceptability
from partnership._prioritisation.weighting import draw_simplex, rank_order_centroid
from partnership._verify.base import Adapter, Answer, NotCovered, first_of, not_covered

__all__ = ["ADAPTERS"]

_DRAWS = 400_000


class _Order(list[str]):
    """An order of items that also answers to its letters written together."""

    __hash__ = None

    def __eq__(self, other: object) -> bool:
        """Tell whether it is the same order, written as a list or, for single letters, as a word."""
        if isinstance(other, str):
            return "".join(self) == other or " > ".join(self) == other or ">".join(self) == other
        return list(self) == other


def _plain(values: Any) -> Any:
    """Return arrays as lists, what is undefined as None."""
    if isinstance(values, np.ndarray):
        values = values.tolist()
    if isinstance(values, list | tuple):
        return [_plain(v) for v in values]
    if isinstance(values, float) and not np.isfinite(values):
        return None
    return values


def _only(inputs: Mapping[str, Any], *known: str) -> None:
    """Refuse a case that says more than a method takes: to pass over it would answer another question."""
    if set(inputs) - set(known):
        raise not_covered("prioritisation", inputs)


# ---------------------------------------------------------------------------------------------------- scores


def _mcda(inputs: Mapping[str, Any]) -> Any:
    matrix, weights = inputs.get("matrix"), inputs.get("weights")
    if not isinstance(matrix, list):
        raise not_covered("scoring", inputs)
    weights = weights if isinstance(weights, list) else [1.0] * len(matrix[0])
    if "scale" in inputs:
        _only(inputs, "matrix", "weights", "scale", "added_alternative", "types")
        return _reversal(inputs, matrix, weights)
    _only(inputs, "matrix", "types", "weights", "normalisation", "method")
    words = f"{inputs.get('method', '')} {inputs.get('normalisation', '')}".lower()
    if "product" in words or "wpm" in words:
        scores = comparison.weighted_product(matrix, weights, inputs.get("types"))
        ratios = [a / b for a, b in itertools.combinations(scores, 2)]
        return Answer(scores, scores=scores, rank=competition_ranks(scores), ratios=ratios)
    if "sum" in words and "vector" not in words:
        scores = comparison.relative_sum(matrix, weights, inputs.get("types"), scaling="sum")
        return Answer(scores, scores=scores, rank=competition_ranks(scores))
    if "vector" in words or "min" in words:
        scaling = "vector" if "vector" in words else "minmax"
        near = comparison.topsis(matrix, weights, inputs.get("types"), scaling=scaling)
        named = {f"closeness{end}": near for end in ("", "_3dp", "_4dp")}
        return Answer(near, **named, scores=near, rank=competition_ranks(near))
    raise not_covered("scoring", inputs)


def _reversal(inputs: Mapping[str, Any], matrix: list[list[float]], weights: list[float]) -> Any:
    added, scale, senses = inputs.get("added_alternative"), inputs["scale"], inputs.get("types")
    out: dict[str, Any] = {}
    for when, rows in (("before", matrix), ("after", [*matrix, added] if added else matrix)):
        relative = comparison.relative_sum(rows, weights, senses, scaling="minmax")
        fixed = comparison.scaled_sum(rows, weights, scale, senses)
        out |= {f"score_{when}_minmax": relative, f"score_{when}_fixed_scale": fixed}
        out[f"winner_{when}_index0"] = int(np.argmax(relative))
        out[f"winner_{when}_fixed_scale_index0"] = int(np.argmax(fixed))
    count = len(matrix)
    out["winner_among_original_after_index0"] = int(np.argmax(out["score_after_minmax"][:count]))
    out["winner_among_original_after_fixed_scale_index0"] = int(
        np.argmax(out["score_after_fixed_scale"][:count])
    )
    return Answer(out["score_before_fixed_scale"], **out)


def _ahp(inputs: Mapping[str, Any]) -> Any:
    if "pairwise" not in inputs:
        return _group_ahp(inputs)
    _only(inputs, "pairwise", "random_index")
    found = pairwise.pairwise_weights(inputs["pairwise"], random=inputs.get("random_index"))
    eigen, geometric = list(found.eigen_weights), list(found.weights)
    return Answer(
        eigen, weights=eigen, weights_4dp=eigen, weights_3dp=eigen, weights_eigen=eigen, weights_geometric=geometric,
        weights_column_mean=list(pairwise.column_mean_weights(inputs["pairwise"])), lambda_max=found.lambda_max,
        ci=found.index, cr=found.ratio, consistent=found.consistent,
        look_at_index0=list(found.look_at) if found.look_at else None,
    )  # fmt: skip


def _group_ahp(inputs: Mapping[str, Any]) -> Any:
    if "pairwise_by_agency" in inputs:
        _only(inputs, "pairwise_by_agency", "random_index", "weights")
        matrices = inputs["pairwise_by_agency"]
        group = pairwise.group_judgements(matrices, inputs.get("weights"))
        found = pairwise.pairwise_weights(group, random=inputs.get("random_index"))
        own = [pairwise.pairwise_weights(m, random=inputs.get("random_index")) for m in matrices]
        each = np.exp(np.log([o.weights for o in own]).mean(axis=0))
        plain = np.mean(np.asarray(matrices, dtype=float), axis=0)
        return Answer(
            list(found.weights), group_matrix=_plain(group), weights_eigen=list(found.eigen_weights),
            weights_geometric=list(found.weights), lambda_max=found.lambda_max, ci=found.index, cr=found.ratio,
            aip_geometric=_plain(each / each.sum()), individual_cr=[o.ratio for o in own],
            arithmetic_mean_max_reciprocity_error=float(np.abs(plain * plain.T - 1).max()),
        )  # fmt: skip
    if "priorities_by_agency" in inputs:
        _only(inputs, "priorities_by_agency", "max_scale")
        rows, scale = inputs["priorities_by_agency"], float(inputs.get("max_scale", 9))
        found_all = pairwise.consensus_of_priorities(rows, scale=scale)
        n = len(rows[0])
        one = [scale / (n + scale - 1), *[1 / (n + scale - 1)] * (n - 1)]
        opposed = pairwise.consensus_of_priorities([one, [one[1], one[0], *one[2:]]], scale=scale)
        same = pairwise.consensus_of_priorities([one, one], scale=scale)
        return Answer(
            found_all["consensus"], H_alpha=found_all["alpha"], H_gamma=found_all["gamma"], beta_diversity=found_all["beta"],
            consensus=found_all["consensus"], opposed_two_agencies=round(opposed["consensus"], 12),
            identical=round(same["consensus"], 12),
        )  # fmt: skip
    raise not_covered("pairwise", inputs)


def _weights(inputs: Mapping[str, Any]) -> Any:
    if "ranks" in inputs:
        _only(inputs, "ranks", "method")
        found = list(rank_order_centroid(inputs["ranks"]))
        return Answer(found, weights=found)
    raise not_covered("weighting", inputs)


# ---------------------------------------------------------------------------------------------------- groups


def _group(inputs: Mapping[str, Any]) -> Any:
    known: tuple[tuple[str, Callable[[Mapping[str, Any]], Any]], ...] = (
        ("ballots", _ballots), ("scores_by_rater", _kendall), ("ranks_by_agency", _kendall), ("ranks_by_rater", _kendall),
        ("scores_by_agency", _kendall), ("frequency", _frequency), ("frequencies", _frequencies), ("panels", _panels),
        ("ratings", _ratings), ("pairwise_by_agency", _group_ahp), ("priorities_by_agency", _group_ahp),
        ("ratings_by_coder", _krippendorff),
    )  # fmt: skip
    for key, answer in known:
        if key in inputs:
            return answer(inputs)
    raise not_covered("group", inputs)


def _referred(case_id: str) -> Any:
    """Return the ballots of another shipped case, which a case names instead of repeating them."""
    for entry in files("partnership").joinpath("golden").iterdir():
        if entry.name.endswith(".json"):
            for case in json.loads(entry.read_text(encoding="utf-8"))["cases"]:
                if case["id"] == case_id:
                    return case["inputs"].get("ballots")
    return None


def _ballots(inputs: Mapping[str, Any]) -> Any:
    _only(inputs, "ballots")
    ballots = inputs["ballots"]
    if isinstance(ballots, str):
        named = re.search(r"[a-z][a-z0-9-]*-[a-z0-9-]+", ballots)
        ballots = _referred(named.group(0)) if named else None
    if not isinstance(ballots, list):
        msg = "The ballots are named and not given, and no shipped case has them."
        raise NotCovered(msg)
    votes = ranking.preferences_of_ballots(ballots)
    items = [str(i) for i in ballots[0]["order"]]
    places = [votes.items.index(i) for i in items]
    best = ranking.kemeny(votes)
    pairs = float(votes.before.sum())
    points, wins = ranking.borda(votes), ranking.copeland(votes)
    every = itertools.permutations(items) if len(items) <= 6 else ()
    joined = "" if all(len(i) == 1 for i in items) else ">"
    return Answer(
        _Order(best.order), kemeny_distance=best.distance, kemeny_agreement_score=pairs - best.distance,
        order=_Order(best.order), pairwise=_plain(votes.before[np.ix_(places, places)]), borda=points, copeland=wins,
        copeland_wins_minus_losses=wins, distances={joined.join(p): ranking.distance(votes, p) for p in every},
        condorcet_winner=ranking.condorcet_winner(votes),
    )  # fmt: skip


def _kendall(inputs: Mapping[str, Any]) -> Any:
    _only(
        inputs, "scores_by_rater", "ranks_by_agency", "ranks_by_rater", "scores_by_agency", "tie_correction"
    )
    rows = first_of(inputs, "scores_by_rater", "ranks_by_agency", "ranks_by_rater", "scores_by_agency")
    found = agreement.kendall_w(rows)
    w = found.w if inputs.get("tie_correction", True) else found.uncorrected
    out: dict[str, Any] = {
        "W_without_tie_correction": found.uncorrected,
        "df": found.degrees,
        "mean_spearman": found.mean_spearman,
    }
    for name, value in (("W", w), ("p", found.p), ("chi2", found.chi_square)):
        out |= {f"{name}{end}": value for end in ("", "_2dp", "_3dp", "_4dp")}
    if len(rows) > 2:
        without = agreement.leave_one_out_w(rows)
        out["W_leave_one_out"] = without
        out["most_dissenting_agency_index0"] = int(np.argmax([-1.0 if v is None else v for v in without]))
    return Answer(w, **out)


def _krippendorff(inputs: Mapping[str, Any]) -> Any:
    _only(inputs, "ratings_by_coder", "ratings_by_rater", "metric", "level")
    rows = first_of(inputs, "ratings_by_coder", "ratings_by_rater")
    named = {m: agreement.krippendorff_alpha(rows, m) for m in agreement.METRICS}
    asked = str(first_of(inputs, "metric", "level", default="ordinal"))
    return Answer(named.get(asked), **named, alpha=named.get(asked))


def _frequency(inputs: Mapping[str, Any]) -> Any:
    _only(inputs, "frequency")
    return Answer(
        agreement.van_der_eijk_a(inputs["frequency"]), A=agreement.van_der_eijk_a(inputs["frequency"]),
        polarised_5_0_5=agreement.van_der_eijk_a([5, 0, 5]), unanimous=agreement.van_der_eijk_a([0, 5, 0]),
        uniform=agreement.van_der_eijk_a([5, 5, 5]), consensus=agreement.tastle_wierman(inputs["frequency"]),
    )  # fmt: skip


def _frequencies(inputs: Mapping[str, Any]) -> Any:
    _only(inputs, "frequencies")
    found = [agreement.tastle_wierman(f) for f in inputs["frequencies"]]
    return Answer(found, consensus=found, A=[agreement.van_der_eijk_a(f) for f in inputs["frequencies"]])


def _panels(inputs: Mapping[str, Any]) -> Any:
    _only(inputs, "panels", "percentile_method")
    if inputs.get("percentile_method", "linear") != "linear":
        raise not_covered("panel", inputs)
    found = [agreement.rand_ucla_disagreement(p) for p in inputs["panels"]]
    rows = [[f["range"], f["adjusted"], f["index"]] for f in found]
    return Answer(rows, ipr_ipras_index=rows, disagreement=[f["disagreement"] for f in found])


def _ratings(inputs: Mapping[str, Any]) -> Any:
    _only(inputs, "ratings", "scale_points")
    found = agreement.within_group_agreement(inputs["ratings"], int(inputs["scale_points"]))
    return Answer(found, rwg=found)


# ---------------------------------------------------------------------------------------------------- robustness


def _smaa(inputs: Mapping[str, Any]) -> Any:
    if "first_rank_acceptability" in inputs:
        _only(inputs, "first_rank_acceptability")
        bits = smaa.choice_entropy(inputs["first_rank_acceptability"])
        return Answer(bits, entropy_bits=bits)
    if "values_by_draw" in inputs:
        _only(inputs, "values_by_draw", "items")
        return _acceptability(smaa.from_draws(inputs["values_by_draw"]), criteria=False)
    _only(inputs, "values", "items", "criteria", "weights", "draws", "seed")
    values, words = inputs.get("values"), str(inputs.get("weights", "uniform")).lower()
    if not isinstance(values, list):
        raise not_covered("acceptability", inputs)
    in_order = any(w in words for w in ("ordinal", "order", ">="))
    if not in_order and not any(w in words for w in ("uniform", "free", "simplex")):
        raise not_covered("acceptability", inputs)
    if len(values[0]) in (2, 3) and len(values) <= MOST_ITEMS:
        return _acceptability(exact_acceptability(values, in_order=in_order))
    order = list(range(len(values[0]))) if in_order else [0] * len(values[0])
    draws, seed = int(inputs.get("draws", _DRAWS)), int(inputs.get("seed", smaa.SEED))
    return _acceptability(
        smaa.of_matrix(values, lambda n, rng: draw_simplex(order, n, rng), draws=draws, seed=seed)
    )


def _acceptability(found: smaa.Acceptability, *, criteria: bool = True) -> Any:
    first = found.first.tolist()
    out = {
        "rank_acceptability": _plain(found.ranks), "pairwise_winning": _plain(found.pairwise), "first_rank_acceptability": first,
        "first_rank_total": float(sum(first)), "entropy_bits": smaa.choice_entropy(first), "expected_rank": _plain(found.expected_rank),
    }  # fmt: skip
    if criteria:
        rows = _plain(found.central_weights)
        out["central_weights"] = [None if any(v is None for v in r) else r for r in rows]
        out["central_weights"] = [[None] * len(rows[0]) if r is None else r for r in out["central_weights"]]
    return Answer(out["rank_acceptability"], **out)


def _robustness(inputs: Mapping[str, Any]) -> Any:
    if "scores" in inputs:
        _only(inputs, "scores")
        return _switches(inputs["scores"])
    if "items" in inputs:
        return _pareto(inputs)
    raise not_covered("robustness", inputs)


def _switches(scores: Sequence[Sequence[float]]) -> Any:
    if any(len(row) != 2 for row in scores):
        raise not_covered("switch point", {"scores": scores})
    found: dict[str, Any] = {
        f"switch_w1_item{i}_vs_item{j}": flips.switch_point(scores[i], scores[j])
        for i, j in itertools.combinations(range(len(scores)), 2)
    }
    runs = flips.winners_along(scores)
    found["winner_by_w1"] = [{"interval": [low, high], "winner": who} for low, high, who in runs]
    for i, ever in enumerate(flips.first_for_some_weights(scores)):
        found[f"item{i}_ever_first"] = ever
    return Answer(found["winner_by_w1"], **found)


def _pareto(inputs: Mapping[str, Any]) -> Any:
    _only(inputs, "items", "sense")
    items, sense = inputs["items"], inputs.get("sense", {"impact": "max", "effort": "min"})
    rows = [[float(i[k]) * (1 if str(s).startswith("max") else -1) for k, s in sense.items()] for i in items]
    names = [i["id"] for i in items]
    front = [names[p] for p in quadrants.pareto(rows)]
    beaten = {
        names[i]: [names[j] for j in found] for i, found in enumerate(quadrants.dominators(rows)) if found
    }
    return Answer(front, pareto=front, dominated=[n for n in names if n not in front], dominated_by=beaten)


def _product(inputs: Mapping[str, Any]) -> Any:
    if "cut" not in inputs or "items" not in inputs:
        raise not_covered("quadrant", inputs)
    _only(inputs, "items", "cut")
    found = {
        i["id"]: quadrants.quadrant(float(i["impact"]), float(i["effort"]), inputs["cut"])
        for i in inputs["items"]
    }
    named = {k: "money pit" if q == "think again" else str(q) for k, q in found.items()}
    return Answer(named, quadrant=named)


def _schedule(inputs: Mapping[str, Any]) -> Any:
    activities = inputs.get("activities")
    if not isinstance(activities, Mapping):
        raise not_covered("critical path", inputs)
    _only(inputs, "activities")
    durations = {n: a["duration"] for n, a in activities.items()}
    found = critical_path(durations, {n: a.get("predecessors", []) for n, a in activities.items()})
    table = {
        n: {
            "ES": a.earliest_start,
            "EF": a.earliest_finish,
            "LS": a.latest_start,
            "LF": a.latest_finish,
            "slack": a.slack,
            "free_float": a.free_float,
        }
        for n, a in found.activities.items()
    }
    return Answer(found.duration, duration=found.duration, critical=list(found.critical), table=table)


ADAPTERS: dict[str, Adapter] = {
    "mcda": _mcda,
    "ahp": _ahp,
    "weights": _weights,
    "group": _group,
    "interrater": _krippendorff,
    "smaa": _smaa,
    "robustness": _robustness,
    "product": _product,
    "schedule": _schedule,
}
"""Category of a case to the call that answers it."""

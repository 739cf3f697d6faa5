"""Agreement and other orders of the whole group, over all scored items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from partnership._prioritisation import agreement as agreeing
from partnership._prioritisation import ranking
from partnership._prioritisation.scoring import Scored
from partnership.wording import in_words

__all__ = ["Agreement", "GroupOrders", "agreement_of", "orders_of"]


@dataclass(frozen=True)
class Agreement:
    """How far agencies agree over all items.

    Parameters
    ----------
    concordance : Concordance or None
        Kendall's W over the items that ``agencies`` all scored; None with fewer than two of either.
    agencies, items : tuple[str, ...]
        Those it rests on.
    without : Mapping[str, float]
        W with each agency left out.
    dissenting : str or None
        The agency without which W rises most; None where W rises without nobody.
    alpha : Mapping[str, float or None]
        Krippendorff's alpha (ordinal, missing scores allowed) on each axis.
    sentence : str
        In words.
    """

    concordance: agreeing.Concordance | None
    agencies: tuple[str, ...]
    items: tuple[str, ...]
    without: Mapping[str, float]
    dissenting: str | None
    alpha: Mapping[str, float | None]
    sentence: str


@dataclass(frozen=True)
class GroupOrders:
    """Other ways to count the agencies' own orders, best first, beside the score."""

    borda: tuple[str, ...]
    borda_points: Mapping[str, float]
    copeland: tuple[str, ...]
    copeland_points: Mapping[str, int]
    kemeny: ranking.Kemeny
    sentence: str


def agreement_of(result: Scored, names: Mapping[str, str]) -> Agreement:
    """Return how far agencies agree over all items.

    Kendall's W needs every score: it rests on the agencies that scored at least half of the items that have a
    score, and on the items that all of those scored. Krippendorff's alpha takes scores as they are.
    """
    there = np.isfinite(result.agency_score)
    asked = there.any(axis=0)
    busy = [i for i in range(len(there)) if asked.any() and there[i][asked].mean() >= 0.5]
    common = [i for i in range(there.shape[1]) if busy and there[busy, i].all()]
    alpha = {a: agreeing.krippendorff_alpha(result.agency_axes[a], "ordinal") for a in result.weighting.axes}
    agencies = tuple(result.table.agencies[i] for i in busy)
    items = tuple(result.table.items[i] for i in common)
    if len(busy) < 2 or len(common) < 2:
        said = "Fewer than two agencies scored the same two items, so nothing is said of agreement."
        return Agreement(None, agencies, items, {}, None, alpha, said)
    rows = np.round(result.agency_score[np.ix_(busy, common)], 9)
    found = agreeing.kendall_w(rows)
    without: dict[str, float] = {}
    if len(busy) > 2:
        left = zip(agencies, agreeing.leave_one_out_w(rows), strict=True)
        without = {a: w for a, w in left if w is not None}
    most = max(without, key=lambda a: (without[a], a), default=None)
    lifted = most is not None and found.w is not None and without[most] > found.w
    if found.w is None or found.p is None:
        said = "No agency tells any two items apart, so there is no order to agree on."
    else:
        chance = "less than 0.001" if found.p < 0.001 else f"{found.p:.3f}"
        said = (
            f"Agreement of {in_words(found.raters)} agencies over {found.items} items: "
            f"Kendall’s W {found.w:.2f}, ties corrected (p {chance})."
        )
        if lifted and most is not None:
            said += f" Without {names.get(most, most)} it is {without[most]:.2f}."
    return Agreement(found, agencies, items, without, most if lifted else None, alpha, said)


def orders_of(result: Scored) -> GroupOrders | None:
    """Return Borda's, Copeland's and Kemeny's order of the scored items; None where there are none."""
    order = result.ranked
    if not order:
        return None
    names = [result.table.items[i] for i in order]
    votes = ranking.preferences_of_scores(names, result.agency_score[:, list(order)], result.agency_weights)
    votes = ranking.Ordering(votes.items, votes.before * len(result.agency_weights))
    points, wins, best = ranking.borda(votes), ranking.copeland(votes), ranking.kemeny(votes)
    by_points = tuple(sorted(names, key=lambda i: (-round(points[i], 9), names.index(i))))
    by_wins = tuple(sorted(names, key=lambda i: (-wins[i], names.index(i))))
    said = ranking.orders_in_words(names, Borda=by_points, Copeland=by_wins, Kemeny=best.order)
    return GroupOrders(by_points, points, by_wins, wins, best, said)

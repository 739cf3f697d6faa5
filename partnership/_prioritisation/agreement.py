"""How far scorers agree: Kendall's W, Krippendorff's alpha, van der Eijk's A and their kin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from partnership.errors import InvalidInput, UnknownName

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = [
    "Concordance",
    "kendall_w",
    "krippendorff_alpha",
    "leave_one_out_w",
    "rand_ucla_disagreement",
    "tastle_wierman",
    "van_der_eijk_a",
    "within_group_agreement",
]

METRICS = ("nominal", "ordinal", "interval", "ratio")


@dataclass(frozen=True, slots=True)
class Concordance:
    """Kendall's W with its test.

    Parameters
    ----------
    w : float or None
        0 no agreement, 1 the same order; None where no rater tells any two items apart.
    chi_square, degrees, p : float, int, float or None
        m(n - 1)W against the chi-square distribution: the chance of so much agreement among random orders. An
        approximation; with fewer than eight items or raters it is rough.
    uncorrected : float or None
        W without the correction for ties.
    mean_spearman : float or None
        Mean rank correlation of all pairs of raters, (mW - 1)/(m - 1).
    raters, items : int
        How many.
    """

    w: float | None
    chi_square: float | None
    degrees: int
    p: float | None
    uncorrected: float | None
    mean_spearman: float | None
    raters: int
    items: int


def _ranks(rows: Floats) -> Floats:
    from scipy.stats import rankdata

    out: Floats = np.asarray(rankdata(rows, axis=1), dtype=float)
    return out


def kendall_w(scores: Sequence[Sequence[float]] | Floats) -> Concordance:
    """Return Kendall's coefficient of concordance of raters' orders, corrected for ties.

    W = 12 S / (m^2 (n^3 - n) - m T), with S the squared deviations of the items' rank sums and T the sum of
    t^3 - t over each rater's groups of t tied items.

    Parameters
    ----------
    scores : array
        A row a rater, a column an item; scores or ranks, none missing.

    Raises
    ------
    InvalidInput
        With fewer than two raters or two items, or a score missing.

    Source
    ------
    Kendall and Babington Smith, The problem of m rankings, 1939; ties as in Siegel and Castellan, 1988.

    Examples
    --------
    >>> kendall_w([[1, 2, 3], [1, 2, 3]]).w
    1.0
    """
    rows = np.asarray(scores, dtype=float)
    if rows.ndim != 2 or rows.shape[0] < 2 or rows.shape[1] < 2:
        msg = "Concordance needs at least two raters and two items. Wait for more scores."
        raise InvalidInput(msg)
    if not np.isfinite(rows).all():
        msg = "Concordance needs every rater's score of every item. Leave out the items that lack one."
        raise InvalidInput(msg)
    from scipy.stats import chi2

    m, n = rows.shape
    ranks = _ranks(rows)
    sums = ranks.sum(axis=0)
    spread = float(((sums - sums.mean()) ** 2).sum())
    ties = 0.0
    for row in ranks:
        _, groups = np.unique(row, return_counts=True)
        ties += float((groups.astype(float) ** 3 - groups).sum())
    plain = 12 * spread / (m**2 * (n**3 - n))
    below = m**2 * (n**3 - n) - m * ties
    if below <= 0:
        return Concordance(None, None, n - 1, None, plain, None, m, n)
    w = 12 * spread / below
    statistic = m * (n - 1) * w
    return Concordance(
        w, statistic, n - 1, float(chi2.sf(statistic, n - 1)), plain, (m * w - 1) / (m - 1), m, n
    )


def leave_one_out_w(scores: Sequence[Sequence[float]] | Floats) -> list[float | None]:
    """Return W with each rater left out in turn; the one whose leaving lifts it most dissents most.

    Source
    ------
    Own; the usual jackknife applied to W.
    """
    rows = np.asarray(scores, dtype=float)
    if rows.ndim != 2 or rows.shape[0] < 3:
        msg = "Leaving one rater out needs at least three. Wait for more scores."
        raise InvalidInput(msg)
    return [kendall_w(np.delete(rows, i, axis=0)).w for i in range(rows.shape[0])]


def _distance(metric: str, levels: Floats, margins: Floats) -> Floats:
    if metric == "nominal":
        return 1.0 - np.eye(len(levels))
    if metric == "interval":
        return np.asarray((levels[:, None] - levels[None, :]) ** 2)
    if metric == "ratio":
        above, below = levels[:, None] - levels[None, :], levels[:, None] + levels[None, :]
        return np.divide(above, below, out=np.zeros_like(above), where=below != 0) ** 2
    upto = np.cumsum(margins)
    low, high = (
        np.minimum.outer(np.arange(len(levels)), np.arange(len(levels))),
        np.maximum.outer(np.arange(len(levels)), np.arange(len(levels))),
    )
    between = upto[high] - upto[low] + margins[low]
    out: Floats = (between - (margins[low] + margins[high]) / 2) ** 2
    np.fill_diagonal(out, 0.0)
    return out


def krippendorff_alpha(
    ratings: Sequence[Sequence[float | None]] | Floats, metric: str = "ordinal"
) -> float | None:
    """Return Krippendorff's alpha: agreement beyond chance, with ratings missing.

    alpha = 1 - observed disagreement / disagreement expected by chance.

    Parameters
    ----------
    ratings : array
        A row a rater, a column an item; None or NaN where there is none. An item with fewer than two ratings
        says nothing and is passed over.
    metric : {"nominal", "ordinal", "interval", "ratio"}
        How far apart two ratings are.

    Returns
    -------
    float or None
        1 full agreement, 0 chance, below 0 systematic disagreement; None where nothing can be compared or
        every rating is the same.

    Source
    ------
    Krippendorff, Computing Krippendorff's alpha-reliability, 2011.

    Examples
    --------
    >>> krippendorff_alpha([[1, 2, 3], [1, 2, 3]], "nominal")
    1.0
    """
    if metric not in METRICS:
        raise UnknownName("metric", metric, METRICS)
    rows = np.array([[np.nan if v is None else float(v) for v in row] for row in ratings], dtype=float)
    if rows.ndim != 2:
        msg = "Ratings are a row for each rater, all of one length. Give None where there is no rating."
        raise InvalidInput(msg)
    there = np.isfinite(rows)
    units = there.sum(axis=0) >= 2
    if not units.any():
        return None
    levels = np.unique(rows[:, units][there[:, units]])
    # How often each level is given to each item; pairs within an item, each counted 1/(ratings - 1).
    counts = np.array(
        [[(rows[:, u] == level).sum() for level in levels] for u in np.flatnonzero(units)], dtype=float
    )
    each = counts.sum(axis=1)
    coincidence = np.einsum("uc,uk,u->ck", counts, counts, 1 / (each - 1))
    coincidence -= np.diag((counts / (each - 1)[:, None]).sum(axis=0))
    margins = coincidence.sum(axis=1)
    apart = _distance(metric, levels, margins)
    expected = float(margins @ apart @ margins)
    if expected == 0:
        return None
    return float(1 - (margins.sum() - 1) * float((coincidence * apart).sum()) / expected)


def van_der_eijk_a(frequency: Sequence[float]) -> float | None:
    """Return van der Eijk's agreement A of answers on an ordered scale.

    The frequencies are cut into layers of equal height; each layer's pattern of used and unused levels has
    A = U (1 - (s - 1)/(k - 1)), with s levels used of k and U the share of triples that are unimodal; layers
    count by their size.

    Parameters
    ----------
    frequency : Sequence[float]
        How often each level of the scale was given, in order; unused levels too.

    Returns
    -------
    float or None
        1 all in one level, 0 evenly spread, -1 half at each end; None where nobody answered.

    Source
    ------
    van der Eijk, Measuring agreement in ordered rating scales, Quality and Quantity 35, 2001.

    Examples
    --------
    >>> van_der_eijk_a([5, 0, 0, 0, 5])
    -1.0
    """
    left = np.array([float(f) for f in frequency])
    if len(left) < 3 or (left < 0).any():
        msg = "Agreement A needs the frequencies of three levels or more, none below nought."
        raise InvalidInput(msg)
    total = left.sum()
    if total == 0:
        return None
    out = 0.0
    while left.max() > 0:
        used = left > 0
        height = float(left[used].min())
        out += height * int(used.sum()) / total * _layer_agreement(used)
        left = np.where(used, left - height, 0.0)
        left[left < 1e-12 * total] = 0.0
    return float(out)


def _layer_agreement(used: npt.NDArray[np.bool_]) -> float:
    k, s = len(used), int(used.sum())
    if s == k:
        return 0.0
    if s == 1:
        return 1.0
    towards = against = 0
    for i in range(k):
        for j in range(i + 1, k):
            for h in range(j + 1, k):
                pattern = (bool(used[i]), bool(used[j]), bool(used[h]))
                towards += pattern in ((True, True, False), (False, True, True))
                against += pattern == (True, False, True)
    unimodal = (
        ((k - 2) * towards - (k - 1) * against) / ((k - 2) * (towards + against))
        if towards + against
        else 1.0
    )
    return unimodal * (1 - (s - 1) / (k - 1))


def tastle_wierman(frequency: Sequence[float]) -> float | None:
    """Return the consensus of Tastle and Wierman: 1 unanimous, 0 half at each end; None: no answers.

    1 + sum of p * log2(1 - |level - mean| / width).

    Source
    ------
    Tastle and Wierman, Consensus and dissention, International Journal of Approximate Reasoning 45, 2007.

    Examples
    --------
    >>> tastle_wierman([5, 0, 0, 0, 5])
    0.0
    """
    given = np.array([float(f) for f in frequency])
    if len(given) < 2 or (given < 0).any():
        msg = "Consensus needs the frequencies of two levels or more, none below nought."
        raise InvalidInput(msg)
    if given.sum() == 0:
        return None
    share = given / given.sum()
    levels = np.arange(1, len(given) + 1)
    used = share > 0
    away = np.abs(levels - float(share @ levels)) / (len(given) - 1)
    return float(1 + (share[used] * np.log2(1 - away[used])).sum())


def within_group_agreement(ratings: Sequence[float], levels: int) -> float | None:
    """Return rwg: one minus the variance of ratings over that of answers at random on ``levels`` levels.

    Source
    ------
    James, Demaree and Wolf, Estimating within-group interrater reliability, 1984.

    Examples
    --------
    >>> within_group_agreement([4, 4, 5, 3, 4], 5)
    0.75
    """
    if levels < 2:
        msg = f"A scale of {levels} levels has no spread. Give two or more."
        raise InvalidInput(msg)
    return float(1 - np.var(ratings, ddof=1) / ((levels**2 - 1) / 12)) if len(ratings) > 1 else None


def rand_ucla_disagreement(ratings: Sequence[float]) -> dict[str, Any]:
    """Return the RAND/UCLA disagreement of a panel on the scale 1 to 9.

    The range between the 30th and 70th percentile, against 2.35 + 1.5 times its centre's distance from 5; an
    index above 1 is disagreement.

    Source
    ------
    Fitch et al., The RAND/UCLA Appropriateness Method User's Manual, 2001.

    Examples
    --------
    >>> rand_ucla_disagreement([7, 8, 8, 7, 9, 8, 6, 7, 8])["disagreement"]
    False
    """
    low, high = (float(v) for v in np.percentile(np.asarray(ratings, dtype=float), [30, 70]))
    adjusted = 2.35 + 1.5 * abs(5 - (low + high) / 2)
    index = (high - low) / adjusted
    return {"range": high - low, "adjusted": adjusted, "index": index, "disagreement": index > 1}

"""Assumptions that move together: rank correlations by a Gaussian copula, and the nearest valid matrix."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from partnership._roi.draw_model import Array
from partnership.errors import Finding, InvalidInput

__all__ = ["mixing_of", "nearest_correlation", "rank_of_score", "score_of_rank"]


def score_of_rank(rank_correlation: float) -> float:
    """Return the correlation of normal scores that gives a rank correlation: 2 sin(pi x rank / 6).

    Parameters
    ----------
    rank_correlation : float
        Spearman's, -1 to 1.

    Raises
    ------
    InvalidInput
        If it lies outside -1 to 1.

    Source
    ------
    Pearson (1907); Gaussian copula.

    Examples
    --------
    >>> round(score_of_rank(0.5), 6)
    0.517638
    """
    if not -1 <= rank_correlation <= 1:
        msg = f"A rank correlation of {rank_correlation} is none. Give -1 to 1."
        raise InvalidInput(msg)
    return 2 * math.sin(math.pi * rank_correlation / 6)


def rank_of_score(correlation: float) -> float:
    """Return the rank correlation that normal scores of a correlation give: 6 / pi x asin(r / 2).

    Examples
    --------
    >>> round(rank_of_score(0.5176380902), 6)
    0.5
    """
    if not -1 <= correlation <= 1:
        msg = f"A correlation of {correlation} is none. Give -1 to 1."
        raise InvalidInput(msg)
    return 6 / math.pi * math.asin(correlation / 2)


def nearest_correlation(matrix: Array, *, least: float = 1e-8, rounds: int = 500) -> Array:
    """Return the correlation matrix nearest to a symmetric one that may be none (alternating projections).

    Source
    ------
    Higham, *Computing the nearest correlation matrix* (2002).

    Examples
    --------
    >>> wrong = np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
    >>> right = nearest_correlation(wrong)
    >>> bool(np.linalg.eigvalsh(right).min() > 0), [round(float(x), 4) for x in np.diag(right)]
    (True, [1.0, 1.0, 1.0])
    """
    current, step = matrix.copy(), np.zeros_like(matrix)
    for _ in range(rounds):
        before = current - step
        values, vectors = np.linalg.eigh(before)
        projected = (vectors * np.maximum(values, least)) @ vectors.T
        step = projected - before
        last, current = current, projected.copy()
        np.fill_diagonal(current, 1.0)
        if np.abs(current - last).max() < 1e-12:
            break
    values, vectors = np.linalg.eigh(current)
    safe = (vectors * np.maximum(values, least)) @ vectors.T
    scale = 1 / np.sqrt(np.diag(safe))
    return np.asarray(safe * scale[:, None] * scale[None, :])


def mixing_of(
    wanted: Mapping[tuple[int, int], float],
) -> tuple[tuple[int, ...], tuple[tuple[float, ...], ...], tuple[Finding, ...]]:
    """Return the numbers tied, the lower triangle that ties their scores, and a finding where it had to bend.

    Parameters
    ----------
    wanted : Mapping[tuple[int, int], float]
        Two numbers to their rank correlation; a pair that is not named is not correlated.

    Raises
    ------
    InvalidInput
        If a number is tied to itself, a pair is given twice and differently, or a correlation is none.
    """
    if not wanted:
        return (), (), ()
    tied = tuple(sorted({i for pair in wanted for i in pair}))
    place = {number: k for k, number in enumerate(tied)}
    matrix = np.eye(len(tied))
    for (a, b), rank in sorted(wanted.items()):
        if a == b:
            msg = "An assumption is correlated with itself. Name two."
            raise InvalidInput(msg)
        score, i, j = score_of_rank(rank), place[a], place[b]
        if matrix[i, j] not in (0.0, score):
            msg = "A pair of assumptions is given two correlations. Give one."
            raise InvalidInput(msg)
        matrix[i, j] = matrix[j, i] = score
    findings: tuple[Finding, ...] = ()
    if np.linalg.eigvalsh(matrix).min() < 1e-9:
        nearest = nearest_correlation(matrix)
        moved = float(np.abs(nearest - matrix).max())
        findings = (
            Finding(
                code="roi-correlations-bent", severity="warning", place="Correlations",
                found=f"The correlations cannot all hold at once. The nearest valid ones are used: none differs by more than {moved:.3f}.",  # noqa: E501
                do="Look at the three or more that contradict each other.",
            ),
        )  # fmt: skip
        matrix = nearest
    lower = np.linalg.cholesky(matrix)
    return tied, tuple(tuple(float(x) for x in row) for row in lower), findings

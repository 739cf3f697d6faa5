"""Weights from pairwise comparisons (AHP): geometric mean, consistency, and which comparison to look at.

In the library and notebooks only: pairwise questions grow with the square of the criteria, and people tire.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from partnership.errors import InvalidInput

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = [
    "CONSISTENT",
    "Pairwise",
    "consensus_of_priorities",
    "group_judgements",
    "pairwise_weights",
    "random_index",
]

CONSISTENT = 0.10
"""Consistency ratio above which a matrix contradicts itself too much to be used."""

_RANDOM_INDEX = {1: 0.0, 2: 0.0, 3: 0.58, 4: 0.90, 5: 1.12, 6: 1.24, 7: 1.32, 8: 1.41, 9: 1.45, 10: 1.49}


@dataclass(frozen=True)
class Pairwise:
    """Weights of a matrix of pairwise comparisons, and how consistent it is.

    Parameters
    ----------
    weights : tuple[float, ...]
        Geometric means of the rows, brought to one.
    eigen_weights : tuple[float, ...]
        Principal eigenvector, brought to one: Saaty's own weights, for comparison.
    lambda_max, index : float
        Principal eigenvalue, and (lambda_max - n)/(n - 1).
    ratio : float or None
        Index over that of random matrices; 0 for two criteria, None above ten, where published random indices
        differ.
    look_at : tuple[int, int] or None
        Row and column of the comparison furthest from what the weights imply; None where all agree.
    implied : float or None
        What the weights imply for it.
    """

    weights: tuple[float, ...]
    eigen_weights: tuple[float, ...]
    lambda_max: float
    index: float
    ratio: float | None
    look_at: tuple[int, int] | None
    implied: float | None

    @property
    def consistent(self) -> bool:
        """True while the ratio is known and at most 0.10."""
        return self.ratio is not None and self.ratio <= CONSISTENT

    def sentence(self, names: Sequence[str], given: Sequence[Sequence[float]]) -> str:
        """Say how consistent the comparisons are, and which one to look at."""
        if self.consistent or self.look_at is None or self.implied is None:
            known = "not known for so many criteria" if self.ratio is None else f"{self.ratio:.2f}"
            return f"The consistency ratio is {known}."
        i, j = self.look_at
        ratio = "not known" if self.ratio is None else f"{self.ratio:.2f}, above {CONSISTENT:.2f}"
        return (
            f"The consistency ratio is {ratio}. Look at {names[i]} against {names[j]}: "
            f"{float(given[i][j]):.3g} was given, and the others imply {self.implied:.2g}."
        )


def random_index(count: int) -> float | None:
    """Return the mean consistency index of random matrices; None above ten.

    Source
    ------
    Saaty, The Analytic Hierarchy Process, 1980.

    Examples
    --------
    >>> random_index(6)
    1.24
    """
    return _RANDOM_INDEX.get(count)


def _matrix(given: Sequence[Sequence[float]] | Floats) -> Floats:
    matrix = np.asarray(given, dtype=float)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.shape[0]:
        msg = "Pairwise comparisons are a square: a row and a column for each criterion."
        raise InvalidInput(msg)
    if not np.isfinite(matrix).all() or (matrix <= 0).any():
        msg = (
            "A comparison is a number above nought: 3 for three times as important, 1/3 the other way round."
        )
        raise InvalidInput(msg)
    wrong = np.abs(matrix * matrix.T - 1)
    if wrong.max() > 0.01:
        i, j = (int(v) for v in np.unravel_index(int(wrong.argmax()), wrong.shape))
        msg = (
            f"Comparison {i + 1} against {j + 1} is {matrix[i, j]:.4g}, and {matrix[j, i]:.4g} the other way "
            "round. Each is to be one over the other."
        )
        raise InvalidInput(msg)
    return matrix


def pairwise_weights(given: Sequence[Sequence[float]] | Floats, *, random: float | None = None) -> Pairwise:
    """Return weights from pairwise comparisons by the geometric mean.

    w(i) is proportional to the nth root of the product of row i.

    Parameters
    ----------
    given : array
        ``given[i][j]``: how many times as important i is as j.
    random : float, optional
        Random index to hold the consistency index against; Saaty's when left out.

    Raises
    ------
    InvalidInput
        If it is no square of numbers above nought, or a pair does not mirror itself.

    Source
    ------
    Crawford and Williams, Journal of Mathematical Psychology 29, 1985; consistency, Saaty, 1980.

    Examples
    --------
    >>> [round(w, 3) for w in pairwise_weights([[1, 3], [1 / 3, 1]]).weights]
    [0.75, 0.25]
    """
    matrix = _matrix(given)
    n = len(matrix)
    geometric = np.exp(np.log(matrix).mean(axis=1))
    weights = geometric / geometric.sum()
    values, vectors = np.linalg.eig(matrix)
    largest = int(values.real.argmax())
    eigen = np.abs(vectors[:, largest].real)
    lambda_max = float(values[largest].real)
    index = (lambda_max - n) / (n - 1) if n > 1 else 0.0
    base = random_index(n) if random is None else random
    ratio = None if base is None else (index / base if base > 0 else 0.0)
    apart = np.triu(np.abs(np.log(matrix * (weights[None, :] / weights[:, None]))), 1)
    i, j = (int(v) for v in np.unravel_index(int(apart.argmax()), apart.shape))
    worst = (i, j) if apart[i, j] > 1e-9 else None
    implied = float(weights[i] / weights[j]) if worst else None
    own, theirs = tuple(weights.tolist()), tuple((eigen / eigen.sum()).tolist())
    return Pairwise(own, theirs, lambda_max, index, ratio, worst, implied)  # fmt: skip


def column_mean_weights(given: Sequence[Sequence[float]] | Floats) -> tuple[float, ...]:
    """Return row means of the columns brought to one: a common approximation, for comparison."""
    matrix = _matrix(given)
    return tuple((matrix / matrix.sum(axis=0)).mean(axis=1).tolist())


def group_judgements(
    matrices: Sequence[Sequence[Sequence[float]]], weights: Sequence[float] | None = None
) -> Floats:
    """Return a group's comparisons: the weighted geometric mean of its members', which stay reciprocal.

    Source
    ------
    Aczel and Saaty, Journal of Mathematical Psychology 27, 1983.
    """
    logs = np.array([np.log(_matrix(m)) for m in matrices])
    share = np.full(len(logs), 1 / len(logs)) if weights is None else np.asarray(weights) / np.sum(weights)
    out: Floats = np.exp(np.einsum("a,aij->ij", share, logs))
    return out


def consensus_of_priorities(priorities: Sequence[Sequence[float]], *, scale: float = 9) -> dict[str, float]:
    """Return how like each other agencies' weights are, from Shannon entropies: 1 the same, 0 opposed.

    Source
    ------
    Goepel, Implementing the AHP as a standard method for multi-criteria decision making, ISAHP 2013.

    Examples
    --------
    >>> round(consensus_of_priorities([[0.9, 0.1], [0.9, 0.1]])["consensus"], 9)
    1.0
    """
    rows = np.asarray(priorities, dtype=float)
    k, n = rows.shape

    def entropy(p: Floats) -> float:
        used = p[p > 0]
        return float(-(used * np.log(used)).sum())

    alpha = float(np.mean([entropy(r) for r in rows]))
    gamma = entropy(rows.mean(axis=0))
    least_part, most_part = 1 / (n + scale - 1), scale / (n + scale - 1)
    least_alpha = -most_part * np.log(most_part) - (n - 1) * least_part * np.log(least_part)
    mean_part = (k + scale - 1) / (n + scale - 1) / k
    most_gamma = -(n - k) * least_part * np.log(least_part) - k * mean_part * np.log(mean_part)
    floor = float(np.exp(least_alpha - most_gamma))
    beta = float(np.exp(gamma - alpha))
    return {"alpha": alpha, "gamma": gamma, "beta": beta, "consensus": (1 / beta - floor) / (1 - floor)}

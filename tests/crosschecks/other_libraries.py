"""Our sums, products and closeness against scikit-criteria and pymcdm, in an environment of their own.

Development only, and not part of ``make test``: these libraries bring matplotlib, seaborn and pulp with them, and
the toolkit never imports them. Run once after a change of a method::

    python -m venv /tmp/others && /tmp/others/bin/pip install -r tests/crosschecks/requirements.txt
    .venv/bin/python tests/crosschecks/other_libraries.py ours > /tmp/ours.json
    /tmp/others/bin/python tests/crosschecks/other_libraries.py theirs /tmp/ours.json

Run on 23 November 2026 with scikit-criteria 0.10 and pymcdm 1.4.0 over 200 random cases, the largest absolute
difference was 2.2e-16 (TOPSIS, vector and min-max), 1.1e-16 (weighted sum) and 5.3e-15 (weighted product).
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np

CASES = 200
TOLERANCE = 1e-9


def cases() -> list[dict[str, Any]]:
    """Return random matrices with weights and senses, the same for both sides."""
    rng = np.random.default_rng(20)
    out = []
    for _ in range(CASES):
        n, k = int(rng.integers(3, 12)), int(rng.integers(2, 7))
        out.append(
            {
                "matrix": np.round(rng.uniform(0.5, 10, (n, k)), 3).tolist(),
                "weights": rng.dirichlet(np.ones(k)).tolist(),
                "senses": rng.choice([1, -1], k).tolist(),
            }
        )
    return out


def ours() -> list[dict[str, Any]]:
    """Return what our library finds."""
    from partnership._prioritisation.comparison import relative_sum, topsis, weighted_product

    found = []
    for case in cases():
        m, w, s = case["matrix"], case["weights"], case["senses"]
        found.append(
            {
                "topsis vector": topsis(m, w, s, scaling="vector"),
                "topsis minmax": topsis(m, w, s, scaling="minmax"),
                "weighted sum": relative_sum(m, w, s, scaling="sum"),
                "weighted product": weighted_product(m, w, s),
            }
        )
    return found


def theirs(ours_file: Path) -> None:
    """Compare, and print the largest difference of each method."""
    warnings.simplefilter("ignore")  # random matrices have dominated rows, which one of them remarks on
    import skcriteria as skc
    from pymcdm import methods, normalizations
    from skcriteria.agg.similarity import TOPSIS
    from skcriteria.agg.simple import WeightedProductModel, WeightedSumModel
    from skcriteria.pipeline import mkpipe
    from skcriteria.preprocessing.invert_objectives import InvertMinimize
    from skcriteria.preprocessing.scalers import SumScaler, VectorScaler

    mine = json.loads(ours_file.read_text(encoding="utf-8"))
    worst: dict[str, float] = {}

    def hold(name: str, a: Any, b: Any) -> None:
        worst[name] = max(worst.get(name, 0.0), float(np.abs(np.asarray(a) - np.asarray(b)).max()))

    for case, own in zip(cases(), mine, strict=True):
        m, w, s = np.array(case["matrix"]), np.array(case["weights"]), np.array(case["senses"])
        turned = np.where(s < 0, 1 / m, m)
        data = skc.mkdm(m, [int(x) for x in s], weights=w)
        up = skc.mkdm(turned, [1] * len(s), weights=w)
        gains = skc.mkdm(m * 1.0, [1] * len(s), weights=w)
        if (s > 0).all():
            near = mkpipe(VectorScaler(target="matrix"), TOPSIS()).evaluate(gains).e_.similarity
            hold("topsis vector, scikit-criteria", near, own["topsis vector"])
        near = methods.TOPSIS(normalization_function=normalizations.minmax_normalization)(m, w, s)
        hold("topsis minmax, pymcdm", near, own["topsis minmax"])
        total = (
            mkpipe(InvertMinimize(), SumScaler(target="matrix"), WeightedSumModel()).evaluate(data).e_.score
        )
        hold("weighted sum, scikit-criteria", total, own["weighted sum"])
        log10 = WeightedProductModel().evaluate(up).e_.score
        product = 10.0 ** np.asarray(log10)
        hold("weighted product, scikit-criteria", product, own["weighted product"])
    for name, value in worst.items():
        sys.stdout.write(f"{name:<40}{value:.2e}{'' if value < TOLERANCE else '  DIFFERS'}\n")
    sys.stdout.write(f"{CASES} random cases; largest absolute difference of each\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["ours"]:
        sys.stdout.write(json.dumps(ours()))
    else:
        theirs(Path(sys.argv[2]))

"""Golden adapters of selection on cases that are not shipped: every answer worked out again by trying all subsets."""

import itertools
import random

import pytest

from partnership.verify import run


def subsets(items):
    return itertools.chain.from_iterable(itertools.combinations(items, n) for n in range(len(items) + 1))


def test_knapsack_p01_is_answered_as_published():
    case = {
        "id": "P01", "area": "portfolio", "tolerance": 0, "expected": {"optimum": 309},
        "inputs": {"capacity": 165, "weights": [23, 31, 29, 44, 53, 38, 63, 85, 89, 82], "values": [92, 57, 49, 68, 60, 43, 67, 84, 87, 72]},
    }  # fmt: skip
    assert run([case]).cases[0].outcome == "pass"


@pytest.mark.parametrize("seed", range(2))
def test_choice_under_several_limits_is_answered_as_by_trying_all(seed):
    chance = random.Random(seed)
    values = [chance.randint(1, 50) for _ in range(9)]
    rows = [[chance.randint(0, 20) for _ in values] for _ in range(3)]
    limits = [sum(r) // 2 for r in rows]
    best = max(
        sum(values[i] for i in s)
        for s in subsets(range(9))
        if all(sum(r[i] for i in s) <= c for r, c in zip(rows, limits, strict=True))
    )
    inputs = {"values": values, "constraints": rows, "capacities": limits}
    case = {
        "id": "x",
        "area": "portfolio",
        "inputs": inputs,
        "expected": {"optimum": best, "feasible": True},
        "tolerance": 1e-6,
    }
    assert run([case]).cases[0].why == ""


@pytest.mark.parametrize("seed", range(2))
def test_portfolio_of_agencies_is_answered_as_by_trying_all(seed):
    chance = random.Random(seed)
    ids = [f"i{n}" for n in range(6)]
    items = [
        {"id": i, "value": chance.randint(5, 40), "effort": {a: chance.randint(0, 6) for a in "PQR"}}
        for i in ids
    ]
    requires, excludes = [["i4", "i0"], ["i5", "i2"]], [["i1", "i3"]]
    synergy = [{"pair": ["i0", "i1"], "bonus": 7}]
    inputs = {
        "items": items,
        "capacity": dict.fromkeys("PQR", 9),
        "requires": requires,
        "excludes": excludes,
        "synergy": synergy,
    }

    def allowed(chosen, capacity):
        on = {i["id"]: i for i in items if i["id"] in chosen}
        fits = all(sum(i["effort"][a] for i in on.values()) <= c for a, c in capacity.items())
        return (
            fits
            and all(b in on for a, b in requires if a in on)
            and not any(a in on and b in on for a, b in excludes)
        )

    def worth(chosen):
        return sum(i["value"] for i in items if i["id"] in chosen) + (7 if {"i0", "i1"} <= set(chosen) else 0)

    kept = [s for s in subsets(ids) if allowed(s, inputs["capacity"])]
    best = max(map(worth, kept))
    expected = {
        "optimum": best,
        "selections": sorted(list(s) for s in kept if worth(s) == best),
        "feasible_portfolios": len(kept),
    }
    case = {"id": "x", "area": "portfolio", "inputs": inputs, "expected": expected, "tolerance": 0}
    assert run([case]).cases[0].why == ""

    gains = {
        a: [
            max(worth(s) for s in subsets(ids) if allowed(s, inputs["capacity"] | {a: 9 + n})) - best
            for n in (1, 2)
        ]
        for a in "PQR"
    }
    more = {
        "id": "y",
        "area": "portfolio",
        "inputs": {"base": inputs, "extra_capacity": [1, 2]},
        "expected": {"gain_by_agency": gains},
        "tolerance": 1e-6,
    }
    assert run([more]).cases[0].why == ""


def test_shape_that_no_adapter_knows_is_not_covered():
    case = {"id": "x", "area": "portfolio", "inputs": {"wish": 1}, "expected": 1}
    assert run([case]).cases[0].outcome == "not covered"

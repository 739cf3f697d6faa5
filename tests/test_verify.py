import json

import pytest

from partnership.verify import ADAPTERS, cases_of, run, shipped_cases


@pytest.mark.parametrize(
    "case",
    [c for c in shipped_cases() if (c.get("category") or c.get("area")) in ADAPTERS],
    ids=lambda c: c["id"],
)
def test_golden_case_passes(case):
    result = run([case]).cases[0]
    assert result.outcome == "pass", result.why


def test_golden_case_with_a_wrong_expectation_fails():
    case = next(c for c in shipped_cases() if c["id"] == "expectation-gap-5-vs-5000")
    wrong = case | {"expected": case["expected"] | {"ratio": 999.0}}
    result = run([wrong]).cases[0]
    assert result.outcome == "fail"
    assert "ratio" in result.why


def test_golden_case_asking_for_something_not_computed_fails():
    case = next(c for c in shipped_cases() if c["id"] == "ucd_dv_incident_split")
    assert run([case | {"expected": {"surprise": 1}}]).cases[0].outcome == "fail"


def test_unknown_category_is_not_covered_and_never_a_pass():
    assert (
        run([{"id": "x", "category": "astrology", "inputs": {}, "expected": 1}]).as_json()["not_covered"] == 1
    )


def test_year_without_deflator_is_not_covered():
    case = {
        "id": "x",
        "category": "price_base",
        "inputs": {"value": 1, "from": 1066, "to": 2024},
        "expected": 1,
        "tolerance": 1,
    }
    result = run([case]).cases[0]
    assert result.outcome == "not covered"
    assert "1066" in result.why


def test_same_categories_with_other_numbers_are_answered():
    cases = [
        {"id": "a", "category": "apportionment", "inputs": {"components": {"x": 1, "y": 3}}, "expected": {"total": 4, "shares": {"x": 0.25, "y": 0.75}}, "tolerance": 1e-9},
        {"id": "b", "category": "price_base", "inputs": {"value": 100, "from": 2019, "to": 2023}, "expected": 118.669, "tolerance": 0.001},
        {"id": "c", "area": "gap", "inputs": {"expected": {"a": 1, "b": 10, "c": 100}}, "expected": {"ratio": 100.0, "geometric_mean": 10.0, "median": 10.0}, "tolerance": 1e-9},
        {"id": "d", "category": "price_base", "inputs": {"nominal": 0.0557, "inflation": 0.02}, "expected": 0.035, "tolerance": 1e-9},
    ]  # fmt: skip
    assert run(cases).as_json()["passed"] == 4, run(cases)


def test_file_of_cases_is_read_in_both_forms(tmp_path):
    cases = shipped_cases()[:2]
    for content in (cases, {"cases": cases}):
        path = tmp_path / "cases.json"
        path.write_text(json.dumps(content))
        assert len(cases_of(path)) == 2

"""Eight criteria to begin with, four an axis, with their anchors: a partnership may change any of them."""

from __future__ import annotations

__all__ = ["ROWS"]

ROWS = (
    (
        "PEOPLE",
        "impact",
        "What changes for people served",
        "Nothing",
        "Some are safer, or sooner",
        "Most are safer, and say so",
    ),
    (
        "DEMAND",
        "impact",
        "What changes in demand",
        "As much comes in as before",
        "A tenth less of one kind",
        "Half of one kind never comes back",
    ),
    (
        "PARTNERS",
        "impact",
        "What changes for partners",
        "One agency only",
        "Several have hours back each week",
        "Every agency has hours back each week",
    ),
    (
        "EVIDENCE",
        "impact",
        "Confidence in the evidence",
        "An opinion",
        "It worked in one other place, or in our pilot",
        "Several evaluations, one of them independent",
    ),
    ("COST", "effort", "Cost", "Within budgets", "£50,000", "£500,000, or a cost that stays"),
    ("TIME", "effort", "Time until it runs", "Days", "A year", "Three years or more"),
    (
        "DIFFICULTY",
        "effort",
        "Difficulty",
        "Done before, by those who are here",
        "New to two agencies",
        "New to all, and opposed by some",
    ),
    (
        "DEPENDENCY",
        "effort",
        "Dependency on others",
        "Nobody else is needed",
        "Two agencies must go first",
        "Waits for law, a supplier or a national body",
    ),
)
"""Id, axis, name, and what 0, 5 and 10 mean: our own design."""

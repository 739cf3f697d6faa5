"""The four tests of a register: described, observable, attributable, measurable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from partnership.errors import Finding

__all__ = ["CHANGE_WORDS", "RegisterTest", "findings_of_tests", "register_tests"]

TestName = Literal["described", "observable", "attributable", "measurable"]

CHANGE_WORDS = (
    "fewer",
    "less",
    "lower",
    "reduced",
    "shorter",
    "cheaper",
    "more",
    "higher",
    "increased",
    "better",
    "improved",
    "faster",
    "quicker",
    "earlier",
    "safer",
    "avoided",
    "freed",
    "released",
    "saved",
    "ended",
    "longer",
    "wider",
    "stronger",
    "sooner",
    "no",
    "greater",
    "simpler",
    "smaller",
    "larger",
)
"""Words that say a change; a title carries one of them."""

_NEVER_TESTED = "qualitative"


@dataclass(frozen=True, slots=True)
class RegisterTest:
    """What came of one test of one benefit: nothing lacking is a pass."""

    benefit_id: str
    test: TestName
    lacking: tuple[tuple[str, str, str], ...]
    """Field, what was found, what to do."""

    @property
    def passed(self) -> bool:
        """True when nothing is lacking."""
        return not self.lacking


def register_tests(
    benefits: Iterable[Any],
    *,
    measures: Mapping[str, Any],
    assumed: Mapping[str, frozenset[str]],
    planned: frozenset[str],
) -> list[RegisterTest]:
    """Put the four tests to every benefit of a register.

    Described: the title says a change, and the description what gives rise to it. Observable: a measure,
    and a difference between where it stood and where it shall stand. Attributable: work that brings it
    about, and a chain that takes off what would have happened anyway or is due to others. Measurable: the
    measure has a source, the baseline and the target have a day, the money has a plan by month, and owner
    and validator are two roles.

    Parameters
    ----------
    benefits : Iterable of Benefit
        The register.
    measures : Mapping of id to Measure
        Measures of the plan.
    assumed : Mapping of id to steps
        The links of each benefit's chain of assumptions.
    planned : frozenset of id
        Benefits with a plan by month.

    Source
    ------
    Managing Successful Programmes (2011), benefit validation: description, observation, attribution,
    measurement.
    """
    rooms = (
        ("described", _described),
        ("observable", lambda b: _observable(b, measures)),
        ("attributable", lambda b: _attributable(b, assumed.get(b.id, frozenset()))),
        ("measurable", lambda b: _measurable(b, measures, is_planned=b.id in planned)),
    )
    return [RegisterTest(b.id, name, tuple(look(b))) for b in benefits for name, look in rooms]  # type: ignore[arg-type]


def findings_of_tests(tests: Iterable[RegisterTest]) -> list[Finding]:
    """Return what is lacking as findings, each at its cell of the register."""
    return [
        Finding(
            code=f"benefit-{t.test}",
            severity="warning",
            place=f"Benefits, {t.benefit_id}, {_header(field)}",
            found=found,
            do=do,
        )
        for t in tests
        for field, found, do in t.lacking
    ]


def _header(field: str) -> str:
    return field.removesuffix("_id").replace("_", " ").capitalize()


Lack = tuple[str, str, str]


def _described(benefit: Any) -> Iterator[Lack]:
    words = {w.strip(".,:;()").casefold() for w in benefit.title.split()}
    if not words & set(CHANGE_WORDS):
        yield (
            "title",
            f"“{benefit.title}” does not say what changes.",
            "Begin with a word of change and name the measure: fewer repeat referrals.",
        )
    if not benefit.description:
        yield (
            "description",
            f"“{benefit.title}” has no description.",
            "Write what changes for whom, and what gives rise to it.",
        )


def _observable(benefit: Any, measures: Mapping[str, Any]) -> Iterator[Lack]:
    if benefit.measure_id not in measures:
        yield (
            "measure_id",
            f"“{benefit.title}” names no measure: nobody could see it.",
            "Name the measure that would look different with and without it.",
        )
    elif benefit.benefit_class != _NEVER_TESTED:
        if benefit.baseline_value is None or benefit.target_value is None:
            yield (
                "target_value",
                f"“{benefit.title}” has no baseline and target of its measure.",
                "Write where the measure stood and where it shall stand.",
            )
        elif benefit.baseline_value == benefit.target_value:
            yield (
                "target_value",
                f"“{benefit.title}” shall stand where it stood, at {benefit.target_value:f}.",
                "Change the target, or take the benefit out.",
            )


def _attributable(benefit: Any, steps: frozenset[str]) -> Iterator[Lack]:
    if not benefit.item_ids:
        yield (
            "item_ids",
            f"No work brings “{benefit.title}” about.",
            "Name the work items without which it would not come.",
        )
    if not steps & {"deadweight", "attribution", "displacement", "substitution"}:
        yield (
            "id",
            f"The chain of “{benefit.title}” takes nothing off for what would have happened anyway.",
            "Add a deadweight or attribution link to its assumptions, even if it is 0 with a reason.",
        )


def _measurable(benefit: Any, measures: Mapping[str, Any], *, is_planned: bool) -> Iterator[Lack]:
    measure = measures.get(benefit.measure_id or "")
    if measure is not None and not measure.source:
        yield (
            "measure_id",
            f"The measure “{measure.name}” has no source.",
            "Name the system or return that it is read from.",
        )
    for field, word in (("baseline_on", "baseline"), ("target_on", "target")):
        if getattr(benefit, field) is None:
            yield field, f"The {word} of “{benefit.title}” has no day.", f"Write the day of the {word}."
    if not benefit.owner_role_id:
        yield "owner_role_id", f"Nobody answers for “{benefit.title}”.", "Name the benefit owner's role."
    if not benefit.validator_role_id:
        yield (
            "validator_role_id",
            f"Nobody validates “{benefit.title}”.",
            "Name a role in finance that approves its readings.",
        )
    elif benefit.validator_role_id == benefit.owner_role_id:
        yield (
            "validator_role_id",
            f"The owner of “{benefit.title}” validates it too.",
            "Name a validator who is not the owner: nobody approves a claim of their own.",
        )
    if benefit.full_year_gbp is not None and not is_planned:
        yield (
            "full_year_gbp",
            f"“{benefit.title}” has a value and no plan by month.",
            "Fill the sheet Benefit profile, so that readings can be held against it.",
        )

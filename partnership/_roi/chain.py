"""From people to pounds: the chain of a benefit, what is additional, and the correction for optimism."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from partnership._roi.model import DEDUCTIONS, Line
from partnership._roi.settings import OptimismRule
from partnership.errors import InvalidInput, UnknownName
from partnership.parameters import optimism_grades, upper_bounds

__all__ = [
    "Link", "additionality", "chain_of", "combined_grade", "corrected", "correction_of", "lifted", "links",
    "upper_bound",
]  # fmt: skip

EVIDENCE = ("target population", "affected", "take-up", "retention", "impact")
"""Steps whose grades of evidence count towards the correction for optimism."""


def additionality(
    *,
    deadweight: Decimal = Decimal(0),
    displacement: Decimal = Decimal(0),
    leakage: Decimal = Decimal(0),
    substitution: Decimal = Decimal(0),
    attribution: Decimal = Decimal(0),
    multiplier: Decimal = Decimal(1),
) -> Decimal:
    """Return the share of an outcome that is due to the work.

    (1 - deadweight)(1 - displacement)(1 - leakage)(1 - substitution)(1 - attribution) x multiplier. Each is
    taken from what the one before left, never added: three deductions of 40% leave 21.6%, not -20%.

    Parameters
    ----------
    deadweight, displacement, leakage, substitution : Decimal
        Fractions from 0 to 1: would have happened anyway; only moved; gained by others than those meant;
        one activity put in the place of another.
    attribution : Decimal
        Fraction from 0 to 1 that is due to others, as in the SROI Guide.
    multiplier : Decimal
        Further effects, 1 for none.

    Returns
    -------
    Decimal
        A fraction; 0 or more.

    Raises
    ------
    InvalidInput
        If a share lies outside 0 to 1, or the multiplier is negative.

    Source
    ------
    Homes and Communities Agency, *Additionality Guide*, 4th edition (2014).

    Examples
    --------
    >>> a = additionality(deadweight=Decimal("0.4"), displacement=Decimal("0.3"), attribution=Decimal("0.4"))
    >>> a.normalize()
    Decimal('0.252')
    """
    left = Decimal(1)
    for name, share in (
        ("deadweight", deadweight), ("displacement", displacement), ("leakage", leakage),
        ("substitution", substitution), ("attribution", attribution),
    ):  # fmt: skip
        left *= 1 - _share(name, share)
    if not multiplier.is_finite() or multiplier < 0:
        msg = f"A multiplier of {multiplier} cannot be used. Give 1 for none, or more."
        raise InvalidInput(msg)
    return left * multiplier


def _share(name: str, share: Decimal) -> Decimal:
    if not share.is_finite() or not 0 <= share <= 1:
        msg = f"{name.capitalize()} of {share} is no share. Give a fraction from 0 to 1: 0.2 for 20%."
        raise InvalidInput(msg)
    return share


@dataclass(frozen=True, slots=True)
class Link:
    """One step of a chain: what was multiplied, and what stood after it.

    Parameters
    ----------
    step, name : str
        Which step, and what is assumed.
    value : Decimal
        As stated.
    unit : str
        Its unit.
    factor : Decimal
        What it is multiplied by.
    running : Decimal
        The product so far.
    source : str
        Where the value comes from.
    grade : int or None
        Grade of its evidence.
    """

    step: str
    name: str
    value: Decimal
    unit: str
    factor: Decimal
    running: Decimal
    source: str
    grade: int | None


def links(line: Line) -> tuple[Link, ...]:
    """Return the chain of a line step by step, ending at the pounds of a full year.

    Examples
    --------
    >>> import datetime as dt
    >>> line = Line("B", "b", "fiscal", "no release", {}, dt.date(2026, 4, 1), 12, full_year_gbp=Decimal(100))
    >>> [(k.step, str(k.running)) for k in links(line)]
    [('full-year value', '100'), ('optimism bias', '100')]
    """
    out: list[Link] = []
    running = Decimal(1)

    def add(
        step: str, name: str, value: Decimal, unit: str, factor: Decimal, source: str, grade: int | None
    ) -> None:
        nonlocal running
        running *= factor
        out.append(Link(step, name, value, unit, factor, running, source, grade))

    if line.missing:
        return ()
    if line.unit_value is None:
        level = line.full_year_gbp or Decimal(0)
        add(
            "full-year value", "Value in a full year, as the register states it", level, "£ a year", level,
            "register of benefits", line.confidence_grade,
        )  # fmt: skip
    else:
        stated = [a for a in line.chain if a.step != "optimism bias"]
        late = [a for a in line.chain if a.step == "optimism bias"]
        for a in (*stated, line.unit_value, *late):
            add(a.step, a.name, a.value, a.unit or "", a.factor, a.source or "not stated", a.confidence_grade)
        if line.is_disbenefit:
            add(
                "sign", "A dis-benefit: its money is negative", Decimal(-1), "", Decimal(-1), "register", None
            )
        if late:
            return tuple(out)
    bias = 1 + line.optimism_bias if line.is_disbenefit else 1 - line.optimism_bias
    grade = (
        "no grade is stated: nothing taken off"
        if line.optimism_grade is None
        else f"correction for grade {line.optimism_grade}"
    )
    add(
        "optimism bias", f"Optimism bias: {grade}", line.optimism_bias * 100, "%", bias,
        optimism_grades().source, line.optimism_grade,
    )  # fmt: skip
    return tuple(out)


def chain_of(
    steps: Mapping[str, Decimal], *, unit_value: Decimal, optimism_bias: Decimal = Decimal(0)
) -> dict[str, Decimal]:
    """Return outcomes, gross value and corrected value of a chain of fractions.

    outcomes = product of the steps, each deduction as 1 - value; gross = outcomes x unit value; corrected =
    gross x (1 - optimism bias).

    Parameters
    ----------
    steps : Mapping[str, Decimal]
        Step to value; shares as fractions.
    unit_value : Decimal
        Pounds for each outcome.
    optimism_bias : Decimal
        Fraction taken off.

    Source
    ------
    HM Treasury and New Economy, *Supporting public service transformation: cost benefit analysis guidance for
    local partnerships* (2014), chain as understood.

    Examples
    --------
    >>> steps = {"target population": Decimal(500), "affected": Decimal("0.3"), "deadweight": Decimal("0.25")}
    >>> {k: str(v.normalize()) for k, v in chain_of(steps, unit_value=Decimal(2)).items()}
    {'outcomes': '112.5', 'gross': '225', 'corrected': '225'}
    """
    outcomes = Decimal(1)
    for step, value in steps.items():
        if not value.is_finite() or value < 0:
            msg = f"{step.capitalize()} of {value} cannot be used. Give 0 or more."
            raise InvalidInput(msg)
        outcomes *= 1 - _share(step, value) if step in DEDUCTIONS else value
    if not unit_value.is_finite():
        msg = f"A unit value of {unit_value} cannot be used. Give pounds for each outcome."
        raise InvalidInput(msg)
    gross = outcomes * unit_value
    return {
        "outcomes": outcomes,
        "gross": gross,
        "corrected": gross * (1 - _share("optimism bias", optimism_bias)),
    }


def correction_of(grade: int) -> Decimal:
    """Return the correction for optimism of a grade of evidence, as a fraction.

    Raises
    ------
    InvalidInput
        If there is no such grade.

    Source
    ------
    HM Treasury and New Economy (2014), grade table as understood; ``parameters.toml`` has it whole.

    Examples
    --------
    >>> correction_of(4)
    Decimal('0.15')
    """
    grades = optimism_grades().rows
    if isinstance(grade, bool) or grade not in grades:
        msg = f"There is no grade {grade} of evidence. Give 1 (best) to 6."
        raise InvalidInput(msg)
    correction: Decimal = grades[grade].correction
    return correction


def corrected(amount: Decimal, grade: int, *, is_cost: bool = False) -> Decimal:
    """Return an amount corrected for optimism: a benefit x (1 - correction), a cost x (1 + correction).

    Examples
    --------
    >>> corrected(Decimal(100000), 4), corrected(Decimal(100000), 2, is_cost=True)
    (Decimal('85000.00'), Decimal('105000.00'))
    """
    correction = correction_of(grade)
    return amount * (1 + correction if is_cost else 1 - correction)


def upper_bound(kind: str, *, duration: bool = False) -> Decimal:
    """Return HM Treasury's upper bound of optimism bias for a kind of capital project, as a fraction.

    Raises
    ------
    UnknownName
        If there is no such kind.

    Examples
    --------
    >>> upper_bound("standard buildings"), upper_bound("standard buildings", duration=True)
    (Decimal('0.24'), Decimal('0.04'))
    """
    kinds = upper_bounds().rows
    if kind not in kinds:
        msg = "kind of capital project"
        raise UnknownName(msg, kind, kinds)
    bound: Decimal = kinds[kind][duration]
    return bound


def lifted(cost: Decimal, bound: Decimal, mitigation: Decimal = Decimal(0)) -> Decimal:
    """Return a capital cost lifted for optimism: cost x (1 + upper bound x (1 - mitigation)).

    Parameters
    ----------
    cost : Decimal
        Pounds.
    bound : Decimal
        Upper bound as a fraction, 0 or more.
    mitigation : Decimal
        Share of the causes that has been dealt with, 0 to 1.

    Source
    ------
    HM Treasury, *Green Book supplementary guidance: optimism bias*; Mott MacDonald (2002).

    Examples
    --------
    >>> lifted(Decimal(100), Decimal("0.51"), Decimal("0.5"))
    Decimal('125.500')
    """
    if not bound.is_finite() or bound < 0:
        msg = f"An upper bound of {bound} cannot be used. Give a fraction of 0 or more: 0.24 for 24%."
        raise InvalidInput(msg)
    return cost * (1 + bound * (1 - _share("mitigation", mitigation)))


def combined_grade(
    grades: Mapping[str, int], own: int | None, rule: OptimismRule
) -> tuple[Decimal, int | None]:
    """Return one correction, and the grade behind it, from the grades of several pieces of evidence.

    ``worst grade``: the worst of population, affected, take-up, retention and impact (the default); ``own
    grade``: the one that the register gives the benefit; ``mean of grades``: the mean of their corrections.
    Where the evidence has no grade, the benefit's own counts; without that, nothing is taken off and the
    benefit is named as ungraded. How the guidance combines them could not be confirmed: the choice is a
    setting, and the appraisal shows what the others would give.

    Examples
    --------
    >>> evidence = {"take-up": 5, "impact": 3}
    >>> combined_grade(evidence, 4, "worst grade")
    (Decimal('0.25'), 5)
    >>> combined_grade(evidence, 4, "own grade"), combined_grade(evidence, 4, "mean of grades")
    ((Decimal('0.15'), 4), (Decimal('0.175'), None))
    """
    known = [grade for step, grade in grades.items() if step in EVIDENCE]
    if rule == "own grade" or not known:
        chosen = own if own is not None or not known else max(known)
        return (Decimal(0), None) if chosen is None else (correction_of(chosen), chosen)
    if rule == "worst grade":
        return correction_of(max(known)), max(known)
    return sum((correction_of(g) for g in known), Decimal(0)) / len(known), None

# ruff: noqa: E501, FBT001 - printed lines stay whole
"""How sure an appraisal is, for the command line: options, progress, print and JSON."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from partnership.errors import InvalidInput

if TYPE_CHECKING:
    from partnership._workflows.appraising import Appraised
    from partnership._workflows.uncertainty import Distribution, Ranges, Spread, UncertainAppraisal

__all__ = [
    "Correlate",
    "CostRange",
    "Draws",
    "RateRange",
    "Seed",
    "SobolSamples",
    "as_json",
    "print_spread",
    "uncertain",
]

Draws = Annotated[
    int, typer.Option(help="Draws over the assumptions' ranges; 0: none. 10000 is a good start.", min=0)
]
Seed = Annotated[int, typer.Option(help="Seed of the draws: the same draws and seed give the same figures.")]
Correlate = Annotated[
    list[str] | None,
    typer.Option(
        "--correlate",
        help="Rank correlation of two assumptions, A,B=0.5, in place of the plan's; by shared name or LINE|STEP|NAME.",
    ),
]
CostRange = Annotated[
    str | None,
    typer.Option(
        "--cost-range",
        help="Each agency's cost is multiplied by a triangular factor, in place of the plan's ranges: low,likeliest,high.",
    ),
]
RateRange = Annotated[
    str | None,
    typer.Option("--rate-range", help="What-if: one discount rate a draw, even between low,high: 0.02,0.05."),
]
SobolSamples = Annotated[
    int,
    typer.Option(
        "--sobol", help="Base samples of the Sobol indices, a power of two; 0: not estimated.", min=0
    ),
]


def uncertain(
    done: Appraised,
    agency: str | None,
    draws: int,
    seed: int,
    correlate: list[str] | None,
    cost_range: str | None,
    rate_range: str | None,
    sobol: int,
) -> UncertainAppraisal:
    """Draw, and tell a person at a terminal how far it is; Control-C calls it off."""
    from partnership._workflows.uncertainty import uncertain_appraisal

    def progress(what: str, reached: int, all_of: int) -> None:
        sys.stderr.write(f"\r{what}: {reached:,} of {all_of:,}    ")
        sys.stderr.flush()

    ranges = _ranges(correlate, cost_range, rate_range)
    told = progress if sys.stderr.isatty() else None
    try:
        return uncertain_appraisal(
            done.appraisal,
            draws=draws,
            seed=seed,
            agency=agency,
            ranges=ranges,
            sobol_samples=sobol,
            progress=told,
        )
    except KeyboardInterrupt:
        msg = "The draws were called off. Nothing of them is kept."
        raise InvalidInput(msg) from None
    finally:
        if told is not None:
            sys.stderr.write("\r\x1b[K")


def _ranges(correlate: list[str] | None, cost_range: str | None, rate_range: str | None) -> Ranges:
    from partnership._workflows.uncertainty import Ranges

    pairs: dict[tuple[str, str], float] = {}
    for text in correlate or ():
        names, _, value = text.rpartition("=")
        first, _, second = names.partition(",")
        if not first or not second:
            msg = f"{text!r} is no correlation. Write it as A,B=0.5, with the names of two assumptions."
            raise InvalidInput(msg)
        pairs[first.strip(), second.strip()] = _numbers(value, 1)[0]
    costs = _spread("triangular", cost_range, 3)
    return Ranges(pairs or None, costs=costs, rate=_spread("uniform", rate_range, 2))


def _spread(kind: str, text: str | None, count: int) -> Distribution | None:
    from partnership._workflows.uncertainty import Distribution

    if text is None:
        return None
    given = _numbers(text, count)
    middle = given[1] if count == 3 else sum(given) / 2
    return Distribution(kind, given[0], middle, given[-1])


def _numbers(text: str, count: int) -> list[float]:
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        found = []
    if len(found) != count:
        msg = f"{text!r} is not {count} number{'s' if count > 1 else ''}. Part them by commas: 0.95,1,1.2."
        raise InvalidInput(msg)
    return found


def print_spread(found: UncertainAppraisal, agency: str | None) -> None:
    """Print chances and percentiles of each agency, what drives the position, and what must stand beside them."""
    from partnership.wording import pounds

    write = sys.stdout.write
    scope = found.appraisal.result(agency).scope if agency else None
    for measure, scopes in found.spreads.items():
        write(
            f"\n{measure.capitalize():<28}{'as used':>14}{'mean':>14}{'P10':>14}{'P50':>14}{'P90':>14}{'worst tenth':>14}  worse off\n"
        )
        for key, s in scopes.items():
            if scope in (None, key) and key in found.withheld:
                write(f"{s.name:<28}  withheld. {found.withheld[key]}\n")
            elif scope in (None, key):
                row = (s.used_gbp, s.mean_gbp, s.p10_gbp, s.p50_gbp, s.p90_gbp, s.shortfall_gbp)
                write(
                    f"{s.name:<28}"
                    + "".join(f"{pounds(round(x), ''):>14}" for x in row)
                    + f"  {_chance(s)}\n"
                )
    if found.scope not in found.withheld:
        _print_drivers(found)
    write("\n")
    for title, sentence in found.sentences.items():
        write(f"{title}: {sentence}\n")
    for finding in found.findings:
        write(f"{finding}\n")


def _print_drivers(found: UncertainAppraisal) -> None:
    from partnership.wording import number, percent, pounds

    write = sys.stdout.write
    write(f"\nWhat moves {found.spreads['net fiscal'][found.scope].name} most, from P10 to P90 alone\n")
    for bar in found.tornado[:10]:
        write(
            f"  {bar.name}: {number(bar.low)} to {number(bar.high)} {bar.unit}, net {pounds(round(bar.at_low_gbp), '')} to {pounds(round(bar.at_high_gbp), '')}\n"
        )
    write("\nWorth finding out before deciding, and the share of variance that would go\n")
    for worth in found.worth[:10]:
        write(
            f"  {' and '.join(worth.names)}: {pounds(round(worth.worth_gbp), '')}, {percent(worth.variance_share)}\n"
        )
    for share in found.sobol.shares[:10] if found.sobol else ():
        write(
            f"  Sobol {' and '.join(share.names)}: first {share.shown:.3f} ± {share.first_error:.3f}, total {share.total:.3f} ± {share.total_error:.3f}\n"
        )


def _chance(s: Spread) -> str:
    return f"{s.chance_worse_off:.1%} ± {1.96 * s.chance_error:.1%}"


def as_json(found: UncertainAppraisal, agency: str | None) -> dict[str, Any]:
    """Return it as plain data, each figure with its address."""
    scope = found.appraisal.result(agency).scope if agency else None
    spreads = [
        s
        for scopes in found.spreads.values()
        for key, s in scopes.items()
        if scope in (None, key) and key not in found.withheld
    ]
    return {
        "draws": found.draws, "seed": found.seed, "scope": found.scope,
        "spreads": [asdict(s) | {"chance_error": s.chance_error, "sentence": s.sentence, "address": f"{s.address}/chance_worse_off"} for s in spreads],
        "withheld": {key: words for key, words in found.withheld.items() if scope in (None, key)},
        "fan": [asdict(f) for f in found.fan if scope in (None, f.scope) and f.scope not in found.withheld], "fan_draws": found.fan_draws,
        "tornado": [] if found.scope in found.withheld else [asdict(b) | {"swing_gbp": b.swing_gbp, "tips": b.tips} for b in found.tornado],
        "sobol": None if found.sobol is None else {"method": found.sobol.method, "shares": [asdict(s) for s in found.sobol.shares]},
        "worth": [] if found.scope in found.withheld else [asdict(w) for w in found.worth], "ranged": list(found.ranged), "fixed": list(found.fixed),
        "correlations": [{"first": t.first, "second": t.second, "rank_correlation": str(t.rank_correlation), "id": t.id or None, "source": t.source} for t in found.ties],
        "sentences": dict(found.sentences),
        "findings": [{"code": f.code, "place": f.place, "found": f.found, "do": f.do} for f in found.findings],
    }  # fmt: skip

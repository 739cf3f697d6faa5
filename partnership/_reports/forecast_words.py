"""The forecast at completion in words: how much, how sure, by which method, and how good it was last year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partnership.wording import capital, month, number, percent, pounds, unit_of

if TYPE_CHECKING:
    from partnership._workflows.realising import Completion
    from partnership.benefits import Backtest

__all__ = ["completion_words", "how_good", "how_good_shortly"]

_WELL = 0.8
"""Share of the back-tested forecasts that should lie inside their 80% range."""


def completion_words(done: Completion) -> tuple[str, str]:
    """Return the forecast in one sentence, its fact first; why there is none where history is too short.

    P50 is the middle of all futures, P10 and P90 what one in ten lies below and above.
    """
    found = done.forecast
    if found.middle is None or found.low is None or found.high is None:
        why = capital(found.why_not or "nothing is planned or read").rstrip(".")
        return "No forecast is made.", f" {why}."
    if not found.ahead:
        return "Nothing is left to forecast:", " every month of the plan has come."
    unit = unit_of(found.low, found.middle, found.high, done.comparable_gbp)
    low, middle, high = (pounds(v, unit) for v in (found.low, found.middle, found.high))
    when = f" by {month(done.last)}" if done.last else ""
    of = (
        f", of {pounds(done.comparable_gbp, unit)} {'of plan that can be seen' if done.hidden_gbp else 'planned'}"
        if done.comparable_gbp
        else ""
    )
    return (
        f"About {middle} is forecast{when}",
        f", {low} to {high} in 8 of 10 futures{of} (P50, P10 to P90), by {found.method.split(' (')[0]}.",
    )


def how_good_shortly(tested: Backtest) -> str:
    """Return in a few words how good such forecasts were over the last year.

    Examples
    --------
    >>> from partnership.benefits import Backtest
    >>> how_good_shortly(Backtest((), None, None, 0))
    'History is too short to say how good such forecasts are.'
    """
    if tested.mean_error is None:
        return "History is too short to say how good such forecasts are."
    inside, made = tested.inside, len(tested.origins)
    return (
        f"Last year’s forecasts held {_held(tested)}: {number(inside)} of {number(made)} lay inside their range, "
        f"{percent(tested.mean_error)} off on average."
    )


def _held(tested: Backtest) -> str:
    """Return "well" where enough lay inside their range and the method beat saying that nothing changes."""
    return "well" if tested.inside >= _WELL * len(tested.origins) and tested.beats_naive else "poorly"


def how_good(tested: Backtest, widened: float = 1.0) -> str:
    """Return how good such forecasts were over the last year, and what that does to the range shown.

    Examples
    --------
    >>> from partnership.benefits import Backtest
    >>> how_good(Backtest((), None, None, 0))
    'History is too short to say how good such forecasts are: treat the range as a guess.'
    """
    if tested.mean_error is None or tested.naive_error is None:
        return "History is too short to say how good such forecasts are: treat the range as a guess."
    inside, made = tested.inside, len(tested.origins)
    better = "better" if tested.beats_naive else "no better"
    wide = (
        f" The range shown is therefore {number(widened, places=1)} times as wide as the method’s own."
        if widened > 1
        else ""
    )
    return (
        f"The last year’s forecasts of three months held {_held(tested)}: {number(inside)} of {number(made)} lay inside "
        f"their range, and they missed by {percent(tested.mean_error)} on average, {better} than saying that "
        f"every month is as the last ({percent(tested.naive_error)}).{wide}"
    )

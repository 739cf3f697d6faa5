# ruff: noqa: E501 - a sentence stays on one line
"""What the investment page can be asked: each choice is a link, and all of them stand in the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboards.investing import Choices
from dashboards.parts import aria
from dashboards.urls import address
from partnership._roi.sharing import METHODS
from partnership.errors import InvalidInput, shown
from partnership.parameters import deflator, discount_schedule, discount_vintages
from partnership.periods import name_financial_year, parse_financial_year
from partnership.wording import listing, percent

if TYPE_CHECKING:
    from dashboards.urls import State
    from partnership._roi.settings import Settings

__all__ = [
    "Option",
    "book_link",
    "asked",
    "basis",
    "group",
    "offered_draws",
    "offered_floor",
    "offered_inflation",
    "offered_informing",
    "offered_methods",
]

_HORIZONS = (5, 10, 20)
_DRAWS = (10_000, 50_000, 100_000)
_FEWEST, _MOST = 200, 200_000
_INFLATION = ("2%", "2.5%", "3%")
Option = tuple[str, str | None, bool]
"""What an option says, its value in the address (None is left out), and whether it is the one in use."""


def asked(extra: Mapping[str, str]) -> tuple[Choices, list[str]]:
    """Return the choices of an address, and in words what of it could not be followed.

    Examples
    --------
    >>> chosen, notes = asked({"horizon": "10", "inflation": "2%", "sharing": "luck"})
    >>> chosen.horizon_years, chosen.inflation, chosen.method
    (10, Decimal('0.02'), 'scrb')
    >>> notes
    ["The address asks for the way of sharing 'luck'. Choose investment, benefit, equal return, scrb, shapley, nucleolus or per-capita nucleolus. The usual one is used."]
    """
    notes: list[str] = []
    found: dict[str, Any] = {}
    readers: tuple[tuple[str, str, str, Callable[[str], Any], str], ...] = (
        ("vintage", "vintage", "edition of discount rates", _among(discount_vintages()), f"Choose {listing(discount_vintages(), 'or')}."),
        ("horizon", "horizon_years", "horizon", _whole(1, 100), "Write 1 to 100 years."),
        ("prices", "price_year", "year of prices", lambda t: name_financial_year(parse_financial_year(t)), "Write it as 2025/26."),
        ("inflation", "inflation", "inflation", _rate, "Write it as 2% or 0.02."),
        ("sharing", "method", "way of sharing", _among(METHODS), f"Choose {listing(METHODS, 'or')}."),
        ("floor", "floor", "floor", lambda t: _among(("yes", "no"))(t) == "yes", "Write yes or no."),
        ("informs", "cash_only", "value that informs the shares", lambda t: _among(("fiscal", "cash"))(t) == "cash", "Write fiscal or cash."),
        ("draws", "draws", "number of draws", _whole(_FEWEST, _MOST), f"Write {_FEWEST:,} to {_MOST:,}."),
        ("seed", "seed", "seed", _whole(0, 2**31 - 1), "Write a whole number."),
    )  # fmt: skip
    for key, name, what, read, do in readers:
        if not extra.get(key):
            continue
        try:
            found[name] = read(extra[key])
        except (InvalidInput, ValueError, InvalidOperation):
            notes.append(
                f"The address asks for the {what} {shown(extra[key])!r}. {do} The usual one is used."
            )
    return replace(Choices(), **found), notes


def _among(known: Any) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in known:
            raise ValueError(text)
        return text

    return read


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        value = int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else -1
        if not least <= value <= most:
            raise ValueError(text)
        return value

    return read


def _rate(text: str) -> Decimal:
    value = Decimal(text.strip().removesuffix("%"))
    value = value / 100 if text.strip().endswith("%") else value
    if not value.is_finite() or not -1 < value < 1:
        raise ValueError(text)
    return value


# ---- what is offered ----
def basis(state: State, choices: Choices, settings: Settings, own: Settings) -> html.Div:
    """Return the choices that every figure of the page rests on.

    Parameters
    ----------
    state : State
        Where we are.
    choices : Choices
        What was chosen.
    settings, own : Settings
        The settings in use, and the plan's own.
    """
    in_force = discount_schedule().vintage
    vintages: list[Option] = [
        (
            f"{name}, {percent(discount_schedule(vintage=name).bands[0][1])}{'' if status == 'in force' else ', what-if'}",
            None if name == in_force else name,
            name == settings.vintage_name,
        )
        for name, status in discount_vintages().items()
    ]
    spans = sorted({own.horizon_years, settings.horizon_years, *_HORIZONS})
    horizons: list[Option] = [
        (
            f"{n} years" if n > 1 else "1 year",
            None if n == own.horizon_years else str(n),
            n == settings.horizon_years,
        )
        for n in spans
    ]
    years = sorted({own.prices, settings.prices, name_financial_year(max(deflator().values))})
    prices: list[Option] = [(y, None if y == own.prices else y, y == settings.prices) for y in years]
    groups = [
        ("Assumptions in force", "vintage", vintages),
        ("Horizon", "horizon", horizons),
        ("Prices of", "prices", prices),
    ]
    return html.Div(
        [*(group(state, *g) for g in groups), offered_inflation(state, choices)],
        className="asks",
        role="group",
        **aria(label="What every figure rests on"),
    )


def offered_inflation(state: State, choices: Choices, key: str = "inflation") -> html.Div:
    """Return the choice of inflation for the years that the deflator does not know."""
    now = choices.inflation
    known = {_rate(t): t for t in _INFLATION}
    options: list[Option] = [("not stated", None, now is None)]
    options += [(t, t, now == value) for value, t in known.items()]
    if now is not None and now not in known:
        options.append((percent(now), str(now), True))
    return group(state, "Inflation where the deflator ends", "inflation", options, key)


def offered_methods(state: State, choices: Choices) -> html.Div:
    """Return the ways of sharing, as links."""
    usual = Choices().method
    options: list[Option] = [
        (m.name, None if key == usual else key, key == choices.method) for key, m in METHODS.items()
    ]
    return group(state, "Settle by", "sharing", options)


def offered_floor(state: State, choices: Choices) -> html.Div:
    """Return the choice of a floor."""
    options: list[Option] = [
        ("no floor", None, not choices.floor),
        ("nobody worse off than alone", "yes", choices.floor),
    ]
    return group(state, "Floor", "floor", options)


def offered_informing(state: State, choices: Choices) -> html.Div:
    """Return the choice of the benefit that informs the shares."""
    options: list[Option] = [
        ("all fiscal benefit", None, not choices.cash_only),
        ("cash-releasing benefit alone", "cash", choices.cash_only),
    ]
    return group(state, "Shared", "informs", options)


def offered_draws(state: State, choices: Choices) -> html.Div:
    """Return the choice of how many draws."""
    usual = Choices().draws
    every = sorted({*_DRAWS, choices.draws})
    options: list[Option] = [(f"{n:,}", None if n == usual else str(n), n == choices.draws) for n in every]
    return group(state, "Draws", "draws", options)


def book_link(state: State, name: str, said: str) -> html.P:
    """Return the link to a workbook with the choices of this address."""
    kept = {k: v for k, v in state.extra.items() if k != "explain"}
    href = address(state, f"/download/{name}.xlsx", **kept)
    return html.P(html.A(said, href=href, download=""), className="files")


def group(state: State, label: str, name: str, options: Sequence[Option], key: str | None = None) -> html.Div:
    """Return one choice as links, the one in use marked."""
    return html.Div(
        [
            html.Span(label, id=f"ask-{key or name}"),
            html.Ul(
                [
                    html.Li(
                        dcc.Link(said, href=address(state, **{name: value})),
                        **(aria(current="true") if is_on else {}),
                    )
                    for said, value, is_on in options
                ],
                **aria(labelledby=f"ask-{key or name}"),
            ),
        ],
        className="ask",
    )

"""The terms of a settlement as a file that partners can read and sign off: TOML, every field checked by name.

Routes and contracts that the file names stand in for those of the plan's agreements; what it leaves out is the plan's.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Collection
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from partnership._roi.settled import Terms
from partnership._roi.settlement_records import NATURES, Route
from partnership.errors import InvalidInput, UnknownName

__all__ = ["read_terms"]

_FIELDS = (
    "method", "floor", "classes", "picks", "passed_on", "contracted", "capital", "ring_fenced", "route", "alone", "reinvestment",
    "reinvested_share", "starts_on", "review_on", "ends_on",
)  # fmt: skip
_ROUTE = ("payer", "receiver", "name", "reference", "nature")
_ALONE = ("agencies", "gain_gbp")


def read_terms(text: str, name: str = "terms") -> Terms:
    """Read the terms of a settlement.

    Parameters
    ----------
    text : str
        TOML. Texts, lists of ids, true or false, dates; shares as "50%" or "0.5"; ``[[route]]`` with payer,
        receiver, name, reference and nature; ``[[alone]]`` with agencies and gain_gbp.
    name : str
        The file's name, for the sentences.

    Raises
    ------
    InvalidInput
        If it is no TOML, or a field has the wrong kind of value.
    UnknownName
        If a field, a method or a class is none of those there are.

    Examples
    --------
    >>> terms = read_terms('''method = "shapley"
    ... contracted = ["B01"]
    ... passed_on = "50%"
    ... [[route]]
    ... payer = "COU"
    ... receiver = "SCH"
    ... name = "recharge"
    ... ''')
    >>> terms.method, terms.passed_on, terms.routes[0].name
    ('shapley', Decimal('0.5'), 'recharge')
    """
    try:
        given: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f'{name} cannot be read: {error}. Write TOML: method = "shapley".'
        raise InvalidInput(msg) from error
    _known(given, _FIELDS, "field of the terms")
    kinds: dict[str, Callable[[str, Any], Any]] = {
        "method": _text, "floor": _flag, "classes": _texts, "picks": _flag, "passed_on": _share, "contracted": _texts, "capital": _texts,
        "ring_fenced": _texts, "reinvestment": _text, "reinvested_share": _share, "starts_on": _day, "review_on": _day, "ends_on": _day,
    }  # fmt: skip
    fields = {key: kinds[key](key, value) for key, value in given.items() if key in kinds}
    if "route" in given:
        fields["routes"] = tuple(_route(r) for r in _tables("route", given["route"]))
    if "alone" in given:
        fields["alone"] = dict(_alone(r) for r in _tables("alone", given["alone"]))
    return Terms(**fields)


def _known(given: Collection[str], fields: Collection[str], kind: str) -> None:
    for key in given:
        if key not in fields:
            raise UnknownName(kind, key, fields)


def _wrong(key: str, value: Any, wanted: str) -> InvalidInput:
    return InvalidInput(f"{key} is {value!r}. Give {wanted}.")


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong(key, value, "a text in quotes")
    return value


def _flag(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(key, value, "true or false")
    return value


def _texts(key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise _wrong(key, value, 'a list of texts, ["B01", "B02"]')
    return tuple(value)


def _day(key: str, value: Any) -> dt.date:
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise _wrong(key, value, "a date, 2026-04-01 without quotes")
    return value


def _number(key: str, value: Any) -> Decimal:
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    try:
        found = Decimal(text.removesuffix("%").replace(",", ""))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise _wrong(key, value, 'a number in quotes, "0.5" or "50%"')
    return found / 100 if text.endswith("%") else found


def _share(key: str, value: Any) -> Decimal:
    found = _number(key, value)
    if not 0 <= found <= 1:
        raise _wrong(key, value, "a share from 0 to 1")
    return found


def _tables(key: str, value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
        raise _wrong(key, value, f"tables that each begin with [[{key}]]")
    return value


def _route(given: dict[str, Any]) -> Route:
    _known(given, _ROUTE, "field of a route")
    for key in ("payer", "receiver", "name"):
        if key not in given:
            msg = f"A route lacks its {key}. Give payer, receiver and name."
            raise InvalidInput(msg)
    nature = given.get("nature")
    if nature is not None and nature not in NATURES:
        raise _wrong("nature", nature, "revenue or capital, or leave it out for both")
    texts = {k: _text(k, v) for k, v in given.items() if k != "nature"}
    return Route(texts["payer"], texts["receiver"], texts["name"], texts.get("reference", ""), nature)


def _alone(given: dict[str, Any]) -> tuple[frozenset[str], Fraction]:
    _known(given, _ALONE, "field of a group")
    if set(given) != set(_ALONE):
        msg = "A group lacks its agencies or its gain. Give agencies and gain_gbp."
        raise InvalidInput(msg)
    return frozenset(_texts("agencies", given["agencies"])), Fraction(_number("gain_gbp", given["gain_gbp"]))
